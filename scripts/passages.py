"""Evidence against the texts: every passage exists, and what it vouches for stands in it.

A passage is a paragraph named by the digest of its text, so that the texts need not be shipped.
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import BaseModel

from .dates import MONTHS, OPEN, PART, SEASONS
from .faults import Fault, Faulty
from .package import Package

Typed = dict[str, list[BaseModel]]  # all rows of all tables


def paragraphs(text: str) -> dict[str, str]:
    """A text's paragraphs by digest: NFC, LF, split at blank lines, white space collapsed, empty pieces dropped;
    the digest is the first 12 hexadecimal digits of the SHA-256 of the paragraph in UTF-8."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    pieces = (re.sub(r"\s+", " ", piece).strip() for piece in re.split(r"\n\s*\n", text))
    return {hashlib.sha256(piece.encode()).hexdigest()[:12]: piece for piece in pieces if piece}


class Texts:
    """The consulted texts in a folder, found by the SHA-256 of their bytes."""

    def __init__(self, folder: Path, sources: list[BaseModel]):
        """Raises `Faulty` where the folder cannot be read or lacks the text of a source."""
        self.paragraphs: dict[str, dict[str, str]] = {}
        if not folder.is_dir():
            raise Faulty([Fault(str(folder), message="is no folder that can be read; set TEXTS to the texts' folder")])
        try:
            files = {path: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
        except OSError as error:
            raise Faulty([Fault(str(folder), message=f"cannot be read: {error.strerror}; set TEXTS right")]) from None
        by_digest = {hashlib.sha256(data).hexdigest(): data for data in files.values()}
        faults = []
        for source in sources:
            if source.sha256 in by_digest:
                self.paragraphs[source.id] = paragraphs(by_digest[source.sha256].decode("utf-8"))
            elif source.sha256:
                wrong = f"no file in it has the SHA-256 of {source.id}, {source.sha256[:12]}…; bring the text"
                faults.append(Fault(str(folder), message=wrong))
        if faults:
            raise Faulty(faults)

    def find(self, digest: str) -> Iterator[tuple[str, str]]:
        """The sources that have a passage, each with its text."""
        for source, passages in self.paragraphs.items():
            if digest in passages:
                yield source, passages[digest]

    def search(self, words: list[str]) -> Iterator[tuple[str, str, str]]:
        """Source, digest and text of each paragraph that has all the words, whatever their case and diacritics."""
        wanted = [_plain(word) for word in words]
        for source, passages in self.paragraphs.items():
            for digest, text in passages.items():
                if all(word in _plain(text) for word in wanted):
                    yield source, digest, text


@dataclass
class Report:
    """What verifying found: faults, exceptions (each with its note), and how much was looked at."""

    faults: list[Fault] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    passages: int = 0
    values: int = 0
    uncited: dict[str, list[str]] = field(default_factory=dict)
    share: dict[str, float] = field(default_factory=dict)


def verify(package: Package, typed: Typed, texts: Texts) -> Report:
    """Hold every piece of evidence, and every figure, date part and person of a record, against the texts."""
    return Verifier(package, typed, texts).report()


class Verifier:
    """Typed rows and texts, made ready to look things up in."""

    def __init__(self, package: Package, typed: Typed, texts: Texts):
        self.package, self.typed, self.texts = package, typed, texts
        self.evidence: dict[str, list[tuple[int, BaseModel]]] = defaultdict(list)
        for line, row in enumerate(typed["evidence"], 2):
            self.evidence[row.record_id].append((line, row))

    @cached_property
    def spellings(self) -> dict[str, list[re.Pattern]]:
        """Person → patterns of every spelling, plain and lower-case."""
        spellings = {row.id: {row.name, row.family_name} for row in self.typed["people"]}
        for row in self.typed["names"]:
            if row.record_id in spellings:
                spellings[row.record_id].add(row.name)
        return {
            person: [_regex(rf"(?<!\w){re.escape(_plain(name))}(?!\w)") for name in sorted(names)]
            for person, names in spellings.items()
        }

    def report(self) -> Report:
        """Verify everything."""
        report = Report()
        for name, number, row in self._rows("evidence", "readings"):
            if row.passage and row.source_id in self.texts.paragraphs:
                report.passages += 1
                if row.passage not in self.texts.paragraphs[row.source_id]:
                    wrong = f"is no paragraph of {row.source_id}; find it with “passages find”"
                    report.faults.append(Fault(f"tables/{name}.csv", number, "passage", row.passage, wrong))
        for name, number, row in self._rows(*self.package.tables):
            for column, value, missing in self._unfound(name, row):
                report.values += 1
                if not missing:
                    continue
                note = self._note(row, column, missing)
                what = ", ".join(missing)
                if note:
                    report.exceptions.append(f"{row.id}.{column}: {what} ({note})")
                else:
                    wrong = (
                        f"{what} stands in none of the passages cited for {row.id}; cite the passage that has it, "
                        "or quote in the evidence's note what it has instead"
                    )
                    report.faults.append(Fault(self.package.tables[name].path, number, column, value, wrong))
        self._references(report)
        self._coverage(report)
        return report

    def _references(self, report: Report) -> None:
        """Dates of sources, of which no passage tells, against their own references."""
        for name, number, source in self._rows("sources"):
            if source.date:
                report.values += 1
                if missing := missing_date_parts(source.date, _plain(source.citation)):
                    wrong = f"{', '.join(missing)} does not stand in the citation; mend the date, or give the reference in full"
                    report.faults.append(Fault(self.package.tables[name].path, number, "date", source.date, wrong))

    def _rows(self, *names: str) -> Iterator[tuple[str, int, BaseModel]]:
        for name in names:
            for line, row in enumerate(self.typed[name], 2):
                yield name, line, row

    def _pool(self, identifier: str) -> list[BaseModel]:
        """The supporting evidence of a record and of those on which it hangs."""
        pool = []
        while identifier:
            pool += [row for _, row in self.evidence.get(identifier, []) if row.stance == "supports"]
            identifier = identifier.rpartition(".")[0]
        return pool

    def _unfound(self, name: str, row: BaseModel) -> Iterator[tuple[str, str, list[str]]]:
        """Each cell to verify, with the parts of it that the record's passages do not have."""
        table = self.package.tables[name]
        if name in ("sources", "parties", "places", "terms", "readings", "disagreements"):
            return
        if name == "evidence":
            if row.claimant_id and (text := self._text([row])) is not None:
                yield "claimant_id", row.claimant_id, self._person(row.claimant_id, text)
            return
        text = self._text(self._pool(row.id))
        if text is None:
            return
        for column, spec in table.fields.items():
            value = getattr(row, column)
            if value is None:
                continue
            if spec.edtf:
                yield column, value, missing_date_parts(value, text)
            elif spec.type == "number":
                yield column, f"{value:g}", missing_number(value, text)
            elif table.foreign_keys.get(column) == "people" and name != "tenures":
                yield column, value, self._person(value, text)
        if name == "people":
            yield "name", row.name, self._person(row.id, text)
        if name == "names" and row.record_id in self.spellings:
            yield "name", row.name, [] if _plain(row.name) in text else [row.name]

    def _text(self, pool: list[BaseModel]) -> str | None:
        """The passages of the evidence, plain; None where none of it has a passage to look into."""
        found = [
            _plain(self.texts.paragraphs[row.source_id].get(row.passage, ""))
            for row in pool if row.passage and row.source_id in self.texts.paragraphs
        ]
        return "\n".join(found) if found else None

    def _person(self, person: str, text: str) -> list[str]:
        patterns = self.spellings.get(person, [])
        return [] if any(pattern.search(text) for pattern in patterns) else [person]

    def _note(self, row: BaseModel, column: str, missing: list[str]) -> str | None:
        """What accounts for a value that the passages do not have: a note that names it, or a work without passages
        that speaks to the very column (a web page, a gazetteer)."""
        if "record_id" in type(row).model_fields and "stance" in type(row).model_fields:
            return row.note
        pool = self._pool(row.id)
        for piece in pool:
            note = _plain(piece.note or "")
            if all(any(name in note for name in _names(part)) for part in missing):
                return piece.note
        for piece in pool:
            if not piece.passage and piece.record_id == row.id and piece.field == column:
                return f"{piece.source_id}, {piece.locator}"
        return None

    def _coverage(self, report: Report) -> None:
        """Which paragraphs neither evidence nor readings have, a fault where the source is complete."""
        seen = defaultdict(set)
        for _, _, row in self._rows("evidence", "readings"):
            seen[row.source_id].add(row.passage)
        for line, source in enumerate(self.typed["sources"], 2):
            if source.id not in self.texts.paragraphs:
                continue
            every = self.texts.paragraphs[source.id]
            left = [digest for digest in every if digest not in seen[source.id]]
            report.uncited[source.id] = left
            report.share[source.id] = 1 - len(left) / len(every)
            if left and source.curated == "complete":
                wrong = f"but {len(left)} paragraphs are neither cited nor listed as read, {left[0]} the first"
                report.faults.append(Fault("tables/sources.csv", line, "curated", source.curated, wrong))


_regex = lru_cache(maxsize=65536)(re.compile)  # the library's own cache is too small for all figures and spellings


def _names(part: str) -> list[str]:
    """How a note can name a part that is missing: a number or month as it is, a person by a word of the id."""
    bare = _plain(part.removeprefix("day "))
    return [bare, bare.rpartition("-")[2], bare.partition("-")[0]] if bare[:1].isalpha() else [bare]


@lru_cache(maxsize=65536)
def _plain(text: str) -> str:
    """Lower case, without diacritics, one kind of quote and dash, sub- and superscript marks gone."""
    text = re.sub(r"</?\w+>|\*", "", text)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[‐-―−]", "-", re.sub(r"[’‘`´]", "'", text)).casefold()


UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
).split()


def in_english(number: int) -> list[str]:
    """The ways in which English writes a whole number below a thousand in words."""
    if number < 20:
        return [UNITS[number]]
    if number < 100:
        ten, unit = TENS[number // 10 - 2], number % 10
        return [ten] if not unit else [f"{ten}-{UNITS[unit]}", f"{ten} {UNITS[unit]}"]
    head = [f"{UNITS[number // 100]} hundred", *(["a hundred"] if number // 100 == 1 else [])]
    rest = number % 100
    return head if not rest else [f"{h} {a}{r}" for h in head for a in ("and ", "") for r in in_english(rest)]


OTHER_WORDS = {
    0.25: "quarter", 0.5: "half", 2.0: "doubl|twice", 3.0: "tripl", 25.0: "quarter", 50.0: "half", 100.0: "all", 1000.0: "thousand",
}


FALL = re.compile(r"declin|decreas|\bfell\b|fall|drop|minus|deficit|reduc|shr[aiu]nk|negative|\bcut\b|below")


def missing_number(value: float, text: str) -> list[str]:
    """[] where the number stands in the plain text in digits or in words, else [number]; of a number below zero, a
    word of falling stands there, too."""
    if value < 0:
        return [f"{value:g}"] if missing_number(-value, text) or not FALL.search(text) else []
    whole = value == int(value)
    digits = f"{int(value):,}" if whole else f"{value:,.10f}".rstrip("0")
    pattern = re.escape(digits).replace(",", r"[, ]{0,2}").replace(r"\.", r"\s?[.,]\s?")
    tail = r"(?:\.0+)?" if whole else "0*"
    if _regex(rf"(?<![\d.])(?<!\d,){pattern}{tail}(?!\d)(?![.,]\d)").search(text):
        return []
    words = in_english(int(value)) if whole and 0 <= value < 1000 else []
    if whole and 1 <= value <= 20:
        words.append(ORDINALS[int(value) - 1])
    if whole and value % 10 == 0 and 0 < value <= 200:
        words += [f"{tens} decades" for tens in in_english(int(value) // 10)]
    if value % 1 == 0.5 and 1 < value < 100:
        words += [f"{number} and a half" for number in in_english(int(value))]
    words += OTHER_WORDS[value].split("|") if value in OTHER_WORDS else []
    if any(_regex(rf"\b{word}").search(text) for word in words):
        return []
    return [digits]


def missing_date_parts(value: str, text: str) -> list[str]:
    """The years, months, seasons and days of a date that do not stand in the plain text."""
    missing = []
    for part in value.split("/"):
        if part == OPEN:
            continue
        year, month, day, _ = PART.fullmatch(part).groups()
        if not _has_year(int(year), text):
            missing.append(year)
        if month and not _has_month(int(month), text):
            missing.append(SEASONS.get(int(month)) or MONTHS[int(month) - 1])
        if day and not _has_day(int(day), text):
            missing.append(f"day {int(day)}")
    return list(dict.fromkeys(missing))


def _has_year(year: int, text: str) -> bool:
    if _regex(rf"(?<!\d){year}(?!\d)").search(text):
        return True
    if year % 10 in (0, 9) and _regex(rf"{year // 10}0(?:'|-)?s\b").search(text):
        return True  # a decade begins and ends in it
    if year % 10 == 5 and re.search(rf"\bmid(?:dle of the )?[- ]?{year // 10}0(?:'|-)?s\b", text):
        return True
    century = (year - 1) // 100 + 1
    name = ORDINALS[century - 1] if 0 < century <= len(ORDINALS) else "twenty-first"
    if year % 100 in (0, 1) and re.search(rf"\b(?:{century}\s?(?:st|th)|{name}) century", text):
        return True  # a century begins and ends in it
    if _regex(rf"(?<!\d)'{year % 100:02}(?!\d)").search(text):
        return True
    starts = re.finditer(r"(?<!\d)(1[89]\d\d|20\d\d)\s?[-/]\s?(\d{1,2})(?!\d)", text)
    return any(int(m[1][: 4 - len(m[2])] + m[2]) == year for m in starts)


def _has_month(month: int, text: str) -> bool:
    if month in SEASONS:
        words = {"autumn": "autumn|fall"}.get(SEASONS[month], SEASONS[month])
        return _regex(rf"\b(?:{words})\b").search(text) is not None
    name = MONTHS[month - 1].casefold()
    short = {9: "sept?"}.get(month, name[:3])
    if _regex(rf"\b(?:{name}|{short})(?![a-z])").search(text):
        return True
    return _regex(rf"(?<!\d)\d{{1,2}}\.0?{month}\.\d{{2,4}}").search(text) is not None


def _has_day(day: int, text: str) -> bool:
    if _regex(rf"(?<![\d.,])0?{day}(?:\s?(?:st|nd|rd|th))?(?![\d]|[.,]\d\d\d)").search(text):
        return True
    ordinal = ORDINALS[day - 1] if day <= 20 else f"{TENS[day // 10 - 2]}-{ORDINALS[day % 10 - 1]}" if day % 10 else None
    return bool(ordinal and _regex(rf"\b{ordinal}\b").search(text))

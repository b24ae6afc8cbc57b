"""The corruption campaign: one small change at a time of a kind that happens to real files, and what validation says of it.

`python -m tests.code.corrupt --changes 10000 --seed 1` takes the real tables; with TEXTS set, the evidence is held
against the texts, too. `--frictionless 500` also holds our verdict against Frictionless's on so many of the changes.
Change number n of a seed is the same on every machine.
"""

import argparse
import copy
import csv
import io
import os
import re
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random

import frictionless

from scripts import build, checks, compile, passages, rules, tables
from scripts.dates import PART
from scripts.faults import Fault, Faulty
from scripts.package import RECORDS, Package, Table

ROOT = Path(__file__).parent.parent.parent
RIGHT, TIED, WRONG = "caught", "caught at a tied row", "caught elsewhere"
SAME, MISSED = "harmless", "not caught"
VERDICTS = (RIGHT, TIED, WRONG, SAME, MISSED)
LOOK_ALIKE = dict(zip("aceopxyABEKMHOPCTX", "асеорхуАВЕКМНОРСТХ"))
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Cells = list[list[str]]


class Sheet:
    """A table as a grid of cells, its header first."""

    def __init__(self, table: Table, data: bytes):
        self.table, self.data = table, data
        self.cells: Cells = list(csv.reader(io.StringIO(data.decode(), newline="")))

    def copy(self) -> Cells:
        """The cells, to change."""
        return [list(row) for row in self.cells]

    @cached_property
    def lines(self) -> list[bytes]:
        """The lines of the file."""
        return self.data.split(b"\n")


def written(cells: Cells) -> bytes:
    """The canonical text of a grid."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(cells)
    return out.getvalue().encode()


class Base:
    """A good package, everything read and typed once, so that a change costs no more than what it touches."""

    def __init__(self, root: Path, texts: Path | None):
        self.root, self.folder = root, texts
        self.package = Package(root)
        for path in ["datapackage.json", *(table.path for table in self.package.tables.values())]:
            self.package.read(path)
        self.package.digest()  # reads all else
        self.sheets = {name: Sheet(table, self.package.read(table.path)) for name, table in self.package.tables.items()}
        self.rows = {name: tables.read(self.package, table) for name, table in self.package.tables.items()}
        self.lines = {name: list(enumerate(rows, 2)) for name, rows in build.typed_rows(self.package).items()}
        self.texts = passages.Texts(texts, self.typed(self.lines)["sources"]) if texts else None
        self.content, faults = self.compiled(self.package, self.lines)
        if faults:
            raise Faulty(faults)

    def typed(self, lines: dict[str, list[rules.Line]]) -> passages.Typed:
        """The typed rows alone."""
        return {name: [row for _, row in rows] for name, rows in lines.items()}

    def compiled(self, package: Package, lines: dict[str, list[rules.Line]], left_out=(), faults=()) -> tuple[str, list[Fault]]:
        """The content digest of the rows of all tables, and what is wrong with them; `left_out` are rows that are not
        among them, each with its table and line, and `faults` what was found before."""
        with compile.drafting(package, ":memory:") as draft:
            faults = [*faults, *(fault for name, table in package.tables.items() for fault in draft.load(table, lines[name]))]
            faults += [*draft.list_records(), *checks.references(draft, left_out)]
            if faults:
                return "", faults
            content = draft.derive()
            faults, _ = checks.run(package, draft.connection)
        if self.texts:
            texts, typed = self.texts, self.typed(lines)
            if lines["sources"] is not self.lines["sources"]:
                texts = passages.Texts(self.folder, typed["sources"])
            faults += passages.verify(package, typed, texts).faults
        return content, faults

    @cached_property
    def named(self) -> set[str]:
        """Every id that some row names."""
        keys = {name: table.foreign_keys for name, table in self.package.tables.items()}
        return {row[column] for name, rows in self.rows.items() for column in keys[name] for row in rows}

    def ids(self, column: str, table: Table) -> list[str]:
        """The ids that a reference may name: of its table, of its vocabulary, of any record."""
        target, vocabulary = table.foreign_keys[column], table.fields[column].vocabulary
        if target == RECORDS:
            return [row["id"] for name, rows in self.rows.items() if name != "terms" for row in rows]
        return [row["id"] for row in self.rows[target] if not vocabulary or row["vocabulary"] == vocabulary]


@dataclass
class Change:
    """A changed table."""

    table: Table
    data: bytes
    before: bytes

    @cached_property
    def lines(self) -> set[int]:
        """The numbers of the lines that are not as they were."""
        old, new = self.before.split(b"\n"), self.data.split(b"\n")
        longer = max(len(old), len(new))
        pairs = zip(old + [b""] * (longer - len(old)), new + [b""] * (longer - len(new)))
        if len(old) != len(new):  # a row more or less: what follows is only moved
            at = next((at for at, (one, two) in enumerate(zip(old, new)) if one != two), longer)
            return {max(at, 1), at + 1, at + 2} | ({len(new) - 1, len(new)} if at >= min(len(old), len(new)) - 1 else set())
        return {at for at, (one, two) in enumerate(pairs, 1) if one != two}

    @cached_property
    def names(self) -> set[str]:
        """The cells of lines that are there only before or only after: what a fault may name to lead there."""
        old, new = (set(text.decode("utf-8", "replace").split("\n")) for text in (self.before, self.data))
        return {cell for line in old ^ new for cell in re.split(r'[,"]', line) if len(cell) > 2}

    @property
    def shown(self) -> str:
        """The first line that is not as it was, before and after."""
        first = slice(min(self.lines) - 1, min(self.lines))
        lines = [b"".join(text.split(b"\n")[first]).decode("utf-8", "replace") for text in (self.before, self.data)]
        return "\n".join(f"    {sign} {line[:200]}" for sign, line in zip("-+", lines))


Kind = Callable[[Random, Base], Change | None]
STRUCTURAL: dict[str, Kind] = {}  # these leave tables that are not well-formed: none may go uncaught
STATEMENTS: dict[str, Kind] = {}  # these can leave well-formed tables that say something false


def kind(where: dict[str, Kind], name: str):
    """Enter a kind of change: a function of chance, a sheet and the base that returns new bytes or cells, or None."""

    def enter(change):
        def made(chance: Random, base: Base) -> Change | None:
            sheet = base.sheets[chance.choice(list(base.sheets))]
            if len(sheet.cells) < 3:
                return None
            new = change(chance, sheet, base)
            data = written(new) if isinstance(new, list) else new
            return None if data is None or data == sheet.data else Change(sheet.table, data, sheet.data)

        where[name] = made
        return change

    return enter


def place(chance: Random, sheet: Sheet, fits=lambda field, value: True) -> tuple[int, int] | None:
    """A row and a column at random, of which the field and the cell fit."""
    fields = sheet.table.schema.fields
    for _ in range(40):
        row, column = chance.randrange(1, len(sheet.cells)), chance.randrange(len(fields))
        if fits(fields[column], sheet.cells[row][column]):
            return row, column
    return None


def at_cell(chance: Random, sheet: Sheet, fits, change: Callable[[str], str | None]) -> Cells | None:
    """The cells with one that fits changed."""
    spot = place(chance, sheet, fits)
    if spot is None:
        return None
    cells = sheet.copy()
    new = change(cells[spot[0]][spot[1]])
    if new is None:
        return None
    cells[spot[0]][spot[1]] = new
    return cells


def typing_error(chance: Random, text: str, letters: str = LETTERS) -> str:
    """The text with one letter changed, left out, doubled or exchanged for the next."""
    at = chance.randrange(len(text))
    return chance.choice([
        text[:at] + chance.choice(letters) + text[at + 1 :], text[:at] + text[at + 1 :], text[: at + 1] + text[at:],
        text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :],
    ])


def is_reference(field, value) -> bool:
    """Whether a cell names a row of another table."""
    return bool(value) and field.name.endswith("_id") and not field.vocabulary


# Structural changes: of cells


@kind(STRUCTURAL, "cell left out")
def _(chance, sheet, base):
    cells = sheet.copy()
    del cells[chance.randrange(1, len(cells))][chance.randrange(len(cells[0]))]
    return cells


@kind(STRUCTURAL, "cell doubled")
def _(chance, sheet, base):
    cells = sheet.copy()
    row = chance.choice(cells[1:])
    at = chance.randrange(len(row))
    row.insert(at, row[at])
    return cells


@kind(STRUCTURAL, "required cell emptied")
def _(chance, sheet, base):
    return at_cell(chance, sheet, lambda field, value: field.constraints.required, lambda value: "")


@kind(STRUCTURAL, "id misspelt")
def _(chance, sheet, base):
    cells = sheet.copy()
    row = chance.choice(cells[1:])
    old, row[0] = row[0], typing_error(chance, row[0])
    if row[0] in base.named:
        return None  # it names another row now, and that is another kind
    hangs = old.rpartition("-")[0] != row[0].rpartition("-")[0] if sheet.table.schema.hangs else False
    return cells if hangs or old in base.named else None  # an id that nothing names is as good as any other


@kind(STRUCTURAL, "reference misspelt")
def _(chance, sheet, base):
    return at_cell(chance, sheet, is_reference, lambda value: typing_error(chance, value))


@kind(STRUCTURAL, "code misspelt")
def _(chance, sheet, base):
    return at_cell(chance, sheet, lambda field, value: field.vocabulary and value, lambda value: typing_error(chance, value))


@kind(STRUCTURAL, "letter of another script")
def _(chance, sheet, base):
    def fits(field, value):
        return (field.name == "id" or field.name.endswith("_id") or field.vocabulary) and set(value) & set(LOOK_ALIKE)

    def change(value):
        letter = chance.choice([letter for letter in value if letter in LOOK_ALIKE])
        return value.replace(letter, LOOK_ALIKE[letter], 1)

    return at_cell(chance, sheet, fits, change)


@kind(STRUCTURAL, "space added")
def _(chance, sheet, base):
    space = chance.choice(" \t\u00a0\u2009\u200b\u3000")
    return at_cell(chance, sheet, lambda field, value: value, lambda value: chance.choice([value + space, space + value]))


@kind(STRUCTURAL, "interval turned round")
def _(chance, sheet, base):
    def turned(value):
        first, last = value.split("/")
        return f"{last}/{first}" if first != last else None

    return at_cell(chance, sheet, lambda field, value: field.edtf and "/" in value and ".." not in value, turned)


@kind(STRUCTURAL, "number in another form")
def _(chance, sheet, base):
    def changed(value):
        forms = [f"{value}e0", f"+{value}", f"0{value}", f" {value}", value.translate({48 + n: 0xFF10 + n for n in range(10)})]
        return chance.choice([*forms, f"{value[0]},{value[1:]}", value.replace(".", ","), "NaN", f"{value}%", f"{value}."])

    return at_cell(chance, sheet, lambda field, value: field.type in ("number", "integer") and value, changed)


@kind(STRUCTURAL, "date in another form")
def _(chance, sheet, base):
    def changed(value):
        return chance.choice([value.replace("-", "/"), value.replace("-", ""), f"{value}T00:00", f"{value}/", value[2:], f"{value}-00"])

    return at_cell(chance, sheet, lambda field, value: field.edtf and "-" in value and "/" not in value, changed)


# Structural changes: of lines


@kind(STRUCTURAL, "delimiter doubled")
def _(chance, sheet, base):
    number = chance.randrange(len(sheet.lines) - 1)
    line = sheet.lines[number]
    if b'"' in line or b"," not in line:
        return None
    at = chance.choice([at for at, byte in enumerate(line) if byte == 44])
    return b"\n".join([*sheet.lines[:number], line[:at] + b"," + line[at:], *sheet.lines[number + 1 :]])


@kind(STRUCTURAL, "quote broken")
def _(chance, sheet, base):
    number = chance.randrange(1, len(sheet.lines) - 1)
    line = sheet.lines[number]
    quotes = [at for at, byte in enumerate(line) if byte == 34]
    if quotes:
        at = chance.choice(quotes)
        new = line[:at] + line[at + 1 :]
    else:
        at = chance.randrange(len(line))
        new = line[:at] + b'"' + line[at:]
    return b"\n".join([*sheet.lines[:number], new, *sheet.lines[number + 1 :]])


@kind(STRUCTURAL, "line broken in two")
def _(chance, sheet, base):
    at = chance.randrange(len(sheet.lines[0]) + 2, len(sheet.data) - 1)
    return sheet.data[:at] + b"\n" + sheet.data[at:] if sheet.data[at - 1 : at + 1].count(b"\n") == 0 else None


@kind(STRUCTURAL, "lines joined")
def _(chance, sheet, base):
    at = chance.choice([match.start() for match in re.finditer(rb"\n", sheet.data)][:-1])
    return sheet.data[:at] + sheet.data[at + 1 :]


@kind(STRUCTURAL, "row doubled")
def _(chance, sheet, base):
    cells = sheet.copy()
    row = chance.randrange(1, len(cells))
    cells.insert(chance.choice([row, chance.randrange(1, len(cells))]), list(cells[row]))
    return cells


@kind(STRUCTURAL, "rows exchanged")
def _(chance, sheet, base):
    cells = sheet.copy()
    one, two = chance.sample(range(1, len(cells)), 2)
    cells[one], cells[two] = cells[two], cells[one]
    return cells


@kind(STRUCTURAL, "row moved")
def _(chance, sheet, base):
    cells = sheet.copy()
    row = cells.pop(chance.randrange(1, len(cells)))
    cells.insert(chance.randrange(1, len(cells) + 1), row)
    return cells


@kind(STRUCTURAL, "rows turned round")
def _(chance, sheet, base):
    return [sheet.cells[0], *sheet.cells[:0:-1]]


@kind(STRUCTURAL, "blank line added")
def _(chance, sheet, base):
    at = chance.randrange(len(sheet.lines))
    return b"\n".join([*sheet.lines[:at], b"", *sheet.lines[at:]])


# Structural changes: of columns and files


@kind(STRUCTURAL, "column left out")
def _(chance, sheet, base):
    at = chance.randrange(len(sheet.cells[0]))
    return [row[:at] + row[at + 1 :] for row in sheet.cells]


@kind(STRUCTURAL, "column doubled")
def _(chance, sheet, base):
    at = chance.randrange(len(sheet.cells[0]))
    return [row[:at] + row[at : at + 1] + row[at:] for row in sheet.cells]


@kind(STRUCTURAL, "columns exchanged")
def _(chance, sheet, base):
    one, two = chance.sample(range(len(sheet.cells[0])), 2)
    return [_exchanged(row, one, two) for row in sheet.cells]


@kind(STRUCTURAL, "heading misspelt")
def _(chance, sheet, base):
    cells = sheet.copy()
    at = chance.randrange(len(cells[0]))
    cells[0][at] = typing_error(chance, cells[0][at])
    return cells


@kind(STRUCTURAL, "headings exchanged")
def _(chance, sheet, base):
    one, two = chance.sample(range(len(sheet.cells[0])), 2)
    return [_exchanged(sheet.cells[0], one, two), *sheet.cells[1:]]


def _exchanged(row: list[str], one: int, two: int) -> list[str]:
    row = list(row)
    row[one], row[two] = row[two], row[one]
    return row


@kind(STRUCTURAL, "cut off inside a row")
def _(chance, sheet, base):
    at = chance.randrange(1, len(sheet.data) - 1)
    return sheet.data[:at] if sheet.data[at - 1 : at] != b"\n" else None


@kind(STRUCTURAL, "start of another table appended")
def _(chance, sheet, base):
    other = base.sheets[chance.choice(list(base.sheets))]
    return sheet.data + b"\n".join(other.lines[: chance.randrange(1, 4)]) + b"\n"


@kind(STRUCTURAL, "other encoding or line ends")
def _(chance, sheet, base):
    text = sheet.data.decode()
    forms = [b"\xef\xbb\xbf" + sheet.data, sheet.data.replace(b"\n", b"\r\n"), sheet.data.replace(b"\n", b"\r"), text.encode("utf-16")]
    forms += [text.encode(encoding, "ignore") for encoding in ("utf-16-le", "utf-32")]
    if not text.isascii():
        forms.append(text.encode("utf-8").decode("cp1252", "replace").encode())
        for encoding in ("latin-1", "cp1251", "shift_jis"):
            forms.append(text.encode(encoding, "xmlcharrefreplace"))
    return chance.choice([*forms, unicodedata.normalize("NFD", text).encode(), sheet.data.replace(b",", b";"), b""])


# Changes that can leave the tables well-formed


@kind(STATEMENTS, "row left out")
def _(chance, sheet, base):
    at = chance.randrange(1, len(sheet.cells))
    return sheet.cells[:at] + sheet.cells[at + 1 :]


@kind(STATEMENTS, "rows cut off at the end")
def _(chance, sheet, base):
    return sheet.cells[: chance.randrange(2, len(sheet.cells))]


@kind(STATEMENTS, "cell emptied")
def _(chance, sheet, base):
    return at_cell(chance, sheet, lambda field, value: value and not field.constraints.required, lambda value: "")


@kind(STATEMENTS, "cells of a row exchanged")
def _(chance, sheet, base):
    cells = sheet.copy()
    row = chance.randrange(1, len(cells))
    cells[row] = _exchanged(cells[row], *chance.sample(range(len(cells[row])), 2))
    return cells


@kind(STATEMENTS, "cell moved to the next column")
def _(chance, sheet, base):
    cells = sheet.copy()
    row = chance.choice(cells[1:])
    spots = [at for at in range(len(row) - 1) if row[at] and not row[at + 1]]
    if not spots:
        return None
    at = chance.choice(spots)
    row[at], row[at + 1] = "", row[at]
    return cells


@kind(STATEMENTS, "cells of a column exchanged")
def _(chance, sheet, base):
    cells = sheet.copy()
    at = chance.randrange(1, len(cells[0]))
    one, two = chance.sample(range(1, len(cells)), 2)
    cells[one][at], cells[two][at] = cells[two][at], cells[one][at]
    return cells


@kind(STATEMENTS, "column moved down a row")
def _(chance, sheet, base):
    cells = sheet.copy()
    at = chance.randrange(1, len(cells[0]))
    column = [row[at] for row in cells[1:]]
    for row, value in zip(cells[1:], column[-1:] + column[:-1]):
        row[at] = value
    return cells


@kind(STATEMENTS, "letter changed in a text")
def _(chance, sheet, base):
    def fits(field, value):
        coded = field.vocabulary or field.name.endswith("_id") or field.name in ("id", "passage", "sha256", "field")
        return field.type == "string" and not field.edtf and not coded and value

    return at_cell(chance, sheet, fits, lambda value: typing_error(chance, value))


@kind(STATEMENTS, "bit flipped")
def _(chance, sheet, base):
    at = chance.randrange(len(sheet.data))
    return sheet.data[:at] + bytes([sheet.data[at] ^ 1 << chance.randrange(8)]) + sheet.data[at + 1 :]


@kind(STATEMENTS, "letters lost in another encoding")
def _(chance, sheet, base):
    return sheet.data.decode().encode(chance.choice(["ascii", "latin-1", "cp1251"]), "replace")


@kind(STATEMENTS, "digest changed")
def _(chance, sheet, base):
    def fits(field, value):
        return field.name in ("passage", "sha256") and value

    return at_cell(chance, sheet, fits, lambda value: typing_error(chance, value, "0123456789abcdef"))


@kind(STATEMENTS, "reference to another row")
def _(chance, sheet, base):
    return _other(chance, sheet, base, lambda field, value: is_reference(field, value))


@kind(STATEMENTS, "another person")
def _(chance, sheet, base):
    keys = sheet.table.foreign_keys
    return _other(chance, sheet, base, lambda field, value: value and keys.get(field.name) == "people")


@kind(STATEMENTS, "another code")
def _(chance, sheet, base):
    return _other(chance, sheet, base, lambda field, value: value and field.vocabulary)


def _other(chance: Random, sheet: Sheet, base: Base, fits) -> Cells | None:
    spot = place(chance, sheet, fits)
    if spot is None or sheet.table.columns[spot[1]] not in sheet.table.foreign_keys:
        return None
    cells = sheet.copy()
    cells[spot[0]][spot[1]] = chance.choice(base.ids(sheet.table.columns[spot[1]], sheet.table))
    return cells


def _shifted(chance: Random, part: str, step: int) -> str:
    """A date, or one end of an interval, moved by a few years, months or days (step 1, 2 or 3)."""
    match = PART.fullmatch(part)
    groups = [text for text in match.groups()[:3] if text]
    if len(groups) < step:
        return part
    number = int(groups[step - 1]) + chance.choice([-2, -1, 1, 2])
    groups[step - 1] = f"{number:0{4 if step == 1 else 2}}"
    return "-".join(groups) + match[4]


def _date_kind(name: str, step: int) -> None:
    @kind(STATEMENTS, name)
    def _(chance, sheet, base):
        def changed(value):
            ends = value.split("/")
            at = chance.choice([at for at, end in enumerate(ends) if end != ".."])
            ends[at] = _shifted(chance, ends[at], step)
            return "/".join(ends)

        return at_cell(chance, sheet, lambda field, value: field.edtf and value, changed)


for _step, _name in enumerate(("year", "month", "day"), 1):
    _date_kind(f"date moved by a {_name} or two", _step)


@kind(STATEMENTS, "digits of a number exchanged")
def _(chance, sheet, base):
    def changed(value):
        spots = [at for at in range(len(value) - 1) if value[at : at + 2].isdigit()]
        if not spots:
            return chance.choice("123456789")
        at = chance.choice(spots)
        return value[:at] + value[at + 1] + value[at] + value[at + 2 :]

    return at_cell(chance, sheet, lambda field, value: field.type == "number" and value, changed)


@kind(STATEMENTS, "digit of a number changed")
def _(chance, sheet, base):
    def changed(value):
        at = chance.choice([at for at, sign in enumerate(value) if sign.isdigit()])
        return value[:at] + chance.choice("0123456789") + value[at + 1 :]

    return at_cell(chance, sheet, lambda field, value: field.type == "number" and value, changed)


@kind(STATEMENTS, "sign dropped or added")
def _(chance, sheet, base):
    def changed(value):
        return value[1:] if value.startswith("-") else f"-{value}"

    return at_cell(chance, sheet, lambda field, value: field.type == "number" and value, changed)


KINDS = STRUCTURAL | STATEMENTS


@dataclass
class Finding:
    """What was said of a change."""

    number: int
    kind: str
    verdict: str
    why: str  # of a change not caught: how the texts stand to it; else the first fault
    shown: str  # the first line that it changed, before and after


def change(base: Base, seed: int, number: int, kinds: list[str]) -> tuple[str, Change]:
    """Change number `number` of a seed: kinds take turns."""
    name = kinds[number % len(kinds)]
    chance = Random(f"{seed} {number} {name}")
    for _ in range(2_000):
        if made := KINDS[name](chance, base):
            return name, made
    raise LookupError(f"no place in the tables for the change “{name}”")


def judged(base: Base, made: Change) -> tuple[str, str, list[Fault]]:
    """The verdict on a change by our own path, reading again only what it touches; why; and the faults."""
    table = made.table
    package = copy.copy(base.package)
    package._bytes = {**package._bytes, table.path: made.data}
    rows = base.rows
    try:
        rows = {**base.rows, table.name: tables.read(package, table)}
        mine, left, faults = rules.check(table, 2, [list(row.values()) for row in rows[table.name]])
        lines = {**base.lines, table.name: mine}
        content, faults = base.compiled(package, lines, [(table, line, row) for line, row in left], faults)
        if not faults:
            return (SAME, "", []) if content == base.content else (MISSED, tie(base, made, package, base.typed(lines)), [])
    except Faulty as error:
        faults = error.faults
    return address(made, rows, faults), str(faults[0]), sorted(set(faults))


def address(made: Change, rows: dict, faults: list[Fault]) -> str:
    """Whether some fault leads to the change: to its line, or to a row that names or is named by what stands there."""
    path = made.table.path
    if any(fault.file == path and (fault.line == 0 or fault.line in made.lines) for fault in faults):
        return RIGHT
    for fault in faults:
        name = Path(fault.file).stem
        row = rows[name][fault.line - 2] if name in rows and 2 <= fault.line < len(rows[name]) + 2 else {}
        if made.names & set(row.values()) or any(text in str(fault) for text in made.names):
            return TIED
    return WRONG


def tie(base: Base, made: Change, package: Package, typed: passages.Typed) -> str:
    """How the texts stand to a change that was not caught."""
    if base.texts is None:
        return "no texts"
    before = {row.id: row for _, row in base.lines[made.table.name]}
    verifier = passages.Verifier(package, typed, base.texts)
    for row in typed[made.table.name]:
        old = before.get(row.id)
        if old is not None and old != row:
            column = next(name for name in made.table.columns if getattr(old, name) != getattr(row, name))
            for tied, _, missing in verifier._unfound(made.table.name, row):
                if tied == column:
                    return f"{column}: excused by a note" if missing else f"{column}: stands in the passages, too"
            return f"{column}: is not tied to a text"
    return "a row less" if len(typed[made.table.name]) < len(before) else "an id"


_base: Base


def _begin(root: Path, texts: Path | None) -> None:
    global _base
    _base = Base(root, texts)


def _find(task: tuple[int, int, list[str]]) -> Finding:
    seed, number, kinds = task
    name, made = change(_base, seed, number, kinds)
    verdict, why, _ = judged(_base, made)
    return Finding(number, name, verdict, f"{made.table.name}: {why}", made.shown)


def campaign(root: Path, texts: Path | None, changes: int, seed: int, kinds: list[str]) -> list[Finding]:
    """Make and judge so many changes, on every processor."""
    tasks = [(seed, number, kinds) for number in range(changes)]
    with ProcessPoolExecutor(initializer=_begin, initargs=(root, texts)) as pool:
        found = []
        for finding in pool.map(_find, tasks, chunksize=20):
            found.append(finding)
            if sys.stderr.isatty() and len(found) % 100 == 0:
                print(f"\r{len(found)} of {changes}", end="", file=sys.stderr)
    return found


def table_of(findings: list[Finding]) -> str:
    """The findings by kind and verdict."""
    counts = Counter((finding.kind, finding.verdict) for finding in findings)
    lines = [f"{'':36}" + "".join(f"{verdict:>22}" for verdict in VERDICTS)]
    for name in dict.fromkeys(finding.kind for finding in findings):
        mark = "!" if name in STRUCTURAL else " "
        lines.append(f"{mark} {name:34}" + "".join(f"{counts[name, verdict] or '':>22}" for verdict in VERDICTS))
    total = Counter(finding.verdict for finding in findings)
    lines.append(f"  {'all':34}" + "".join(f"{total[verdict]:>22}" for verdict in VERDICTS))
    return "\n".join(lines)


def differences(base: Base, seed: int, sample: int, kinds: list[str], whole: bool = False) -> list[str]:
    """Where our verdict on a change is not that of others: changes that Frictionless faults and we pass; with `whole`,
    also changes of which the build's own path, which reads everything, says something else than `judged`."""
    found = []
    for number in range(sample):
        name, made = change(base, seed, number, kinds)
        verdict, _, faults = judged(base, made)
        ours = verdict not in (SAME, MISSED)
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for path, data in {**base.package._bytes, made.table.path: made.data}.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(data)
            with frictionless.system.use_context(trusted=True):
                theirs = frictionless.Package(str(root / "datapackage.json")).validate()
            if not theirs.valid and not ours:
                found.append(f"{number} {name} in {made.table.path}: we pass it, Frictionless faults {theirs.flatten(['message'])[:2]}")
            if whole:
                try:
                    build.validated(Package(root), root / "x.db", base.folder)
                    said = []
                except Faulty as faulty:
                    said = faulty.faults
                if said != faults:
                    found.append(f"{number} {name} in {made.table.path}: the build says {said[:2]}, the campaign {faults[:2]}")
    return found


def main() -> int:
    """The command: exits 1 where something structural goes uncaught."""
    parser = argparse.ArgumentParser(prog="python -m tests.code.corrupt", description=__doc__.split("\n")[0])
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="*", choices=KINDS, metavar="KIND", default=list(KINDS))
    parser.add_argument("--frictionless", type=int, default=0, metavar="SAMPLE", help="changes held against Frictionless")
    parser.add_argument("--show", action="store_true", help="say of each change not caught, or caught elsewhere, what it was")
    args = parser.parse_args()
    texts = Path(os.environ["TEXTS"]) if os.environ.get("TEXTS") else None
    findings = campaign(args.root, texts, args.changes, args.seed, args.kinds)
    print(table_of(findings))
    print("\nNot caught, and how the texts stand to it:")
    whys = Counter((finding.kind, finding.why) for finding in findings if finding.verdict == MISSED)
    for (name, why), count in sorted(whys.items(), key=lambda item: (item[0][0], -item[1])):
        print(f"{count:6} {name}: {why}")
    for finding in findings if args.show else ():
        if finding.verdict in (WRONG, MISSED):
            print(f"{finding.number} {finding.kind}: {finding.verdict}; {finding.why}")
            print(finding.shown)
    different = differences(Base(args.root, texts), args.seed, args.frictionless, args.kinds) if args.frictionless else []
    print("\n".join(different))
    uncaught = [finding for finding in findings if finding.kind in STRUCTURAL and finding.verdict == MISSED]
    return 1 if uncaught or different else 0


if __name__ == "__main__":
    sys.exit(main())

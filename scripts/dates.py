"""EDTF dates (ISO 8601-2, levels 0 and 1): what we accept of them, and the days that they span."""

import datetime
import re
from functools import lru_cache

PART = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?([~?%]?)")
OPEN = ".."
Bounds = tuple[str | None, str | None]


@lru_cache(maxsize=65536)
def bounds(text: str) -> Bounds:
    """The first and the last day of a date, as ISO days; None for an open end.

    `~`, `?` and `%` do not widen. Winter runs from December of its year to the end of the next February.
    Raises ValueError with what is wrong and what would be right.
    """
    parts = text.split("/")
    if len(parts) > 2:
        raise ValueError("is no date: an interval has one slash")
    if len(parts) == 1:
        return _span(text)
    if parts == [OPEN, OPEN]:
        raise ValueError("is open at both ends; leave the cell empty")
    if "" in parts:
        raise ValueError("has an unknown end; write “..” for an open end, or the date that is known")
    start = (None, None) if parts[0] == OPEN else _span(parts[0])
    end = (None, None) if parts[1] == OPEN else _span(parts[1])
    if start[0] and end[0] and start[0] > end[0]:  # also 1992-09/1992, which may end before it begins
        raise ValueError("ends before it begins; swap the two dates")
    return start[0], end[1]


def _span(part: str) -> Bounds:
    match = PART.fullmatch(part)
    if not match or not part.isascii():
        raise ValueError(
            "is no EDTF date of level 0 or 1; write 1997, 1997-11, 1997-11-02, 1989-21 (spring) or 1993-09~ (about)"
        )
    year, month, day, mark = match.groups()
    number = int(month or 1)
    if not (1 <= number <= 12 or (21 <= number <= 24 and not day)):
        raise ValueError(f"is no date of the calendar: the month is {number}; months are 01 to 12, seasons 21 to 24")
    try:
        first = datetime.date(int(year), min(number, 12), int(day or 1))
    except ValueError as error:
        raise ValueError(f"is no date of the calendar: {error}") from None
    if number == 24:  # the library has winter begin in January; ours begins in December (data model, "Dates")
        return f"{year}-12-01", _last_day(int(year) + 1, 2)
    if mark or number > 12:
        return library_bounds(part)
    if day:
        return first.isoformat(), first.isoformat()
    return first.isoformat(), _last_day(int(year), number) if month else f"{year}-12-31"


def _last_day(year: int, month: int) -> str:
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return (following - datetime.timedelta(days=1)).isoformat()


def as_edtf(first: str | None, last: str | None) -> str:
    """The shortest EDTF date that has these bounds: a year, a month, a day, or an interval of them; empty without."""
    if not (first or last):
        return ""
    for length in (4, 7, 10):
        start, end = first and first[:length], last and last[:length]
        if (not first or bounds(start)[0] == first) and (not last or bounds(end)[1] == last):
            return start if start == end else f"{start or OPEN}/{end or OPEN}"
    raise AssertionError("a day is its own bound")


def library_bounds(text: str) -> Bounds:
    """The bounds by the edtf library's strict ones: taken for seasons and marked dates, and what tests hold the fast
    path for plain dates against. Raises ValueError where the library does not parse the date."""
    import edtf  # here, for it takes a while to load, and plain dates need it not

    date = edtf.parse_edtf(text)
    first, last = text.startswith(OPEN), text.endswith(OPEN)
    return None if first else _iso(date.lower_strict()), None if last else _iso(date.upper_strict())


def _iso(time) -> str:
    return f"{time.tm_year:04}-{time.tm_mon:02}-{time.tm_mday:02}"


MONTHS = "January February March April May June July August September October November December".split()
SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}


@lru_cache(maxsize=65536)
def in_words(text: str) -> str:
    """A date as a person writes it: `1997-11-01/1997-11-02` is “1-2 November 1997”, `1993-09~` “about September
    1993”, `../1996-11` “by November 1996”. Raises ValueError where `bounds` does."""
    bounds(text)
    parts = text.split("/")
    if len(parts) == 1:
        return _words(text)
    if parts[0] == OPEN:
        return f"by {_words(parts[1])}"
    if parts[1] == OPEN:
        return f"since {_words(parts[0])}"
    if parts[0] == parts[1]:
        return _words(parts[0])
    first, last = (PART.fullmatch(part).groups() for part in parts)
    if first[3] == last[3] == "" and first[0] == last[0]:
        if first[2] and last[2] and first[1] == last[1]:
            return f"{int(first[2])}-{_words(parts[1])}"
        if first[1] and last[1] and (first[2] is None) == (last[2] is None):
            return f"{_words(parts[0]).removesuffix(' ' + first[0])} to {_words(parts[1])}"
    return f"{_words(parts[0])} to {_words(parts[1])}"


def _words(part: str) -> str:
    year, month, day, mark = PART.fullmatch(part).groups()
    year = str(int(year))
    if month is None:
        text = year
    elif int(month) > 12:
        text = f"{SEASONS[int(month)]} {year}"
    else:
        text = f"{int(day)} {MONTHS[int(month) - 1]} {year}" if day else f"{MONTHS[int(month) - 1]} {year}"
    return {"": text, "~": f"about {text}", "?": f"{text} (uncertain)", "%": f"about {text} (uncertain)"}[mark]

"""The timeline drawn: records as marks on a scale of days, stacked in lanes so that none covers another."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from scripts.dates import MONTHS

from .timeline import LANES, State

WIDTH = 1200  # of the picture, in its own units
STUB = 40  # how far a date with an open end is drawn beyond the day that is known
POINT = 10  # the width of a mark; a date that spans more is drawn as a bar
LABEL = 36  # characters at most
LETTER = 6.1  # the mean width of a letter of a label
TALL = 24  # rows, beyond which a lane drops labels
PITCH = 16  # the height of a row

# What became of a record, told by shape and filling: done is filled, called off or refused is crossed, else hollow.
DONE = {
    "held", "signed", "issued", "agreed", "in-force", "expired", "abrogated", "occurred", "accepted", "partly-accepted",
    "carried-out",
}
OFF = {"cancelled", "postponed", "called-off", "not-adopted", "rejected", "denied", "withdrawn", "lapsed"}


class Mark:
    """One record drawn: its place across, its row, how wide it is, and what shape says of it."""

    def __init__(self, row: dict, left: float, right: float):
        self.row, self.left, self.fate, self.level = row, left, fate(row), 0
        self.width, self.middle = round(right - left, 1), round((left + right) / 2, 1)
        self.span = self.width > POINT  # whether the date spans more than a point
        self.drawn = min(left, self.middle - POINT / 2), max(right, self.middle + POINT / 2)
        self.name(False)

    def name(self, labelled: bool) -> None:
        """Give the mark its label, shortened, or none; and say from where to where mark and label take room."""
        text = self.row["label"] if labelled else ""
        self.label = text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"
        left, right = self.drawn
        room = LETTER * len(self.label) + 5 if text else 0
        # Within a bar that is long enough; else after the mark, or before it where it would run out of the picture.
        self.inside = bool(text) and self.width > room + 5
        self.label_left = not self.inside and right + room > WIDTH
        self.label_x = round(left + 5 if self.inside else left - 3 if self.label_left else right + 3, 1)
        self.reach = (left, right) if self.inside else (left - room, right) if self.label_left else (left, right + room)


@dataclass
class Lane:
    """The marks of one table, stacked so that none covers another."""

    name: str
    title: str
    marks: list[Mark]
    rows: int
    top: int = 0

    @property
    def height(self) -> int:
        return 26 + self.rows * PITCH + 8


def fate(row: dict) -> str:
    """Whether the record came about: done, off, or open. A status that no source tells counts as done, save that a
    proposal is no more than put forward."""
    if row["status"] is None:
        return "open" if row["table_name"] == "proposals" else "done"
    return "done" if row["status"] in DONE else "off" if row["status"] in OFF else "open"


class Scale:
    """Days to places across the picture."""

    def __init__(self, state: State):
        self.first = datetime.date(state.start, 1, 1).toordinal()
        self.days = datetime.date(state.end, 12, 31).toordinal() + 1 - self.first

    def at(self, day: str, after: int = 0) -> float:
        """Where a day begins (or, one day after, ends), kept within the picture."""
        across = (datetime.date.fromisoformat(day).toordinal() + after - self.first) / self.days * WIDTH
        return round(min(max(across, 0), WIDTH), 1)

    def mark(self, row: dict) -> Mark:
        """A record drawn from its first to its last day; an end left open goes on a little way from the other."""
        first, last = row["date_earliest"], row["date_latest"]
        left = self.at(first) if first else max(0, self.at(last) - STUB)
        right = self.at(last, after=1) if last else min(WIDTH, left + STUB)
        return Mark(row, left, right)

    def axis(self, state: State) -> Iterator[tuple[str, float]]:
        """The years that the axis names, and where they begin; of few years the months, too."""
        count = state.end - state.start + 1
        step = next(step for step in (1, 2, 5, 10, 20, 50) if count / step <= 24)
        for year in range(state.start, state.end + 1):
            if year % step == 0:
                yield str(year), self.at(f"{year}-01-01")
                for month in range(1 + count, 13, count) if count <= 4 else ():
                    yield MONTHS[month - 1][:3], self.at(f"{year}-{month:02}-01")


def draw(state: State, rows: list[dict]) -> dict:
    """What the template draws: lanes with their marks, the axis, the height."""
    scale = Scale(state)
    lanes = []
    top = 30
    for name, title in LANES.items():
        marks = [scale.mark(row) for row in rows if row["table_name"] == name]
        if marks:
            lane = stack(name, title, marks)
            lane.top = top
            top += lane.height
            lanes.append(lane)
    return {"lanes": lanes, "axis": list(scale.axis(state)), "width": WIDTH, "height": top + 4, "pitch": PITCH}


def stack(name: str, title: str, marks: list[Mark]) -> Lane:
    """Put each mark into the first row that has room, with its label. A lane that would grow too tall keeps the labels
    of leaders' meetings, or none, and then gets back those for which a row has room."""
    leaders = lambda mark: mark.row["kind"] == "leaders"
    for named, most in ((lambda mark: True, TALL), (leaders, TALL), (lambda mark: False, len(marks))):
        for mark in marks:
            mark.name(named(mark))
        rows = pack(marks, most)
        if rows <= most:
            break
    for level in range(rows):
        row = sorted((mark for mark in marks if mark.level == level), key=lambda mark: mark.left)
        for mark, following in zip(row, [*row[1:], None]):
            if not mark.label:
                mark.name(True)
                if mark.label_left or following and mark.reach[1] + 8 > following.reach[0]:
                    mark.name(False)
    return Lane(name, title, marks, rows)


def pack(marks: list[Mark], most: int) -> int:
    """Give every mark the first row that is free from its left end; return how many rows that takes, given up where it
    is more than `most`."""
    ends: list[float] = []
    for mark in sorted(marks, key=lambda mark: mark.reach):
        left, right = mark.reach
        for level, end in enumerate(ends):
            if end + 3 <= left:
                break
        else:
            level = len(ends)
            if level == most:
                return most + 1
        mark.level = level
        ends[level : level + 1] = [right]
    return len(ends)

"""The timeline: dated records in lanes, filtered by the state that stands in the address."""

import datetime
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from urllib.parse import urlencode

from explorer import store

FIRST, LAST = 1855, datetime.date.today().year
LANES = {"meetings": "Meetings", "agreements": "Agreements", "proposals": "Proposals", "events": "Events"}
ERAS = [
    ("Everything", FIRST, LAST), ("Before 1945", FIRST, 1944), ("Cold War", 1945, 1984), ("Gorbachev", 1985, 1991),
    ("Yeltsin", 1992, 1999), ("From 2000", 2000, LAST),
]
WIDTH = 1200  # of the picture, in its own units
STUB = 40  # how far a date with an open end is drawn beyond the day that is known
POINT = 10  # the width of a mark; a date that spans more is drawn as a bar
LABEL = 36  # characters at most
LETTER = 6.1  # the mean width of a letter of a label
TALL = 24  # rows, beyond which a lane drops labels
PITCH = 16  # the height of a row
ROWS = 2000  # records at most

# What became of a record, told by shape and filling: done is filled, called off or refused is crossed, else hollow.
DONE = {
    "held", "signed", "issued", "agreed", "in-force", "expired", "abrogated", "occurred", "accepted", "partly-accepted",
    "carried-out",
}
OFF = {"cancelled", "postponed", "called-off", "not-adopted", "rejected", "denied", "withdrawn", "lapsed"}

CAST = """SELECT meeting_id FROM participants WHERE {column} = :{column}
  UNION ALL SELECT agreement_id FROM signatories WHERE {column} = :{column}
  UNION ALL SELECT proposal_id FROM proposers WHERE {column} = :{column}
  UNION ALL SELECT id FROM events WHERE {column} = :{column}"""
CONDITIONS = {
    "lane": "table_name = :lane",
    "level": "table_name = 'meetings' AND kind = :level",
    "format": "format = :format",
    "status": "status = :status",
    "side": "id IN ({} UNION ALL SELECT id FROM meetings WHERE host_id = :party_id)".format(CAST.format(column="party_id")),
    "person": f"id IN ({CAST.format(column='person_id')})",
}


@dataclass(frozen=True)
class State:
    """Which years and which records are shown: all of a view's address, so that it can be cited."""

    start: int = 1985
    end: int = 2005
    lane: str = ""
    side: str = ""
    level: str = ""
    format: str = ""
    status: str = ""
    person: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "State":
        """The state that an address asks for. Raises ValueError with what is wrong and what would be right."""
        given = {field.name: arguments.get(field.name, "").strip() for field in fields(cls)}
        years = {}
        for name in ("start", "end"):
            if text := given.pop(name):
                if not (text.isascii() and text.isdigit() and FIRST <= int(text) <= LAST):
                    raise ValueError(f"“{text}” is no year of the timeline; {name} is a year from {FIRST} to {LAST}")
                years[name] = int(text)
        state = cls(**years, **given)
        return state if state.start <= state.end else replace(state, start=state.end, end=state.start)

    @property
    def filtered(self) -> bool:
        """Whether anything but the years narrows what is shown."""
        return any(getattr(self, name) for name in CONDITIONS)

    def query(self, **changes) -> str:
        """The query string of this state, with changes; what is as in a fresh timeline is left out."""
        fresh = asdict(State())
        changed = asdict(self) | changes
        return "?" + urlencode({name: value for name, value in changed.items() if value != fresh[name] or name in ("start", "end")})

    def moves(self) -> Iterator[tuple[str, str]]:
        """The addresses of the views around this one: label and query string."""
        years = self.end - self.start + 1
        step = max(1, years // 2)
        if years > 1:
            quarter = max(1, years // 4)
            start = min(self.start + quarter, self.end)
            yield "Zoom in", self.query(start=start, end=max(start, self.end - quarter))
        if (self.start, self.end) != (FIRST, LAST):
            yield "Zoom out", self.query(start=max(FIRST, self.start - step), end=min(LAST, self.end + step))
        if self.start > FIRST:
            back = min(step, self.start - FIRST)
            yield "Earlier", self.query(start=self.start - back, end=self.end - back)
        if self.end < LAST:
            on = min(step, LAST - self.end)
            yield "Later", self.query(start=self.start + on, end=self.end + on)


def select(connection: sqlite3.Connection, state: State) -> list[dict]:
    """The records of a state, by their first day."""
    wanted = [condition for name, condition in CONDITIONS.items() if getattr(state, name)]
    rows = connection.execute(
        "SELECT id, table_name, label, date, date_earliest, date_latest, kind, format, status, contested FROM timeline "
        f"WHERE table_name IN ({','.join(map(repr, LANES))}) "
        "AND (date_latest >= :first AND date_earliest <= :last OR date_earliest IS NULL AND date_latest BETWEEN :first AND :last "
        "OR date_latest IS NULL AND date_earliest BETWEEN :first AND :last) "
        + "".join(f"AND {condition} " for condition in wanted)
        + f"ORDER BY coalesce(date_earliest, date_latest), id LIMIT {ROWS}",
        asdict(state) | {
            "first": f"{state.start}-01-01", "last": f"{state.end}-12-31", "party_id": state.side, "person_id": state.person,
        },
    )
    return [row | {"when": when(row)} for row in map(dict, rows)]


def when(row: dict) -> str:
    """A record's date; of one that inherits its meeting's, the days that it spans."""
    if row["date"]:
        return row["date"]
    first, last = row["date_earliest"] or "..", row["date_latest"] or ".."
    return first if first == last else f"{first}/{last}"


def choices(connection: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer, of what occurs: id and label."""
    def ask(sql: str) -> list[tuple[str, str]]:
        return [tuple(row) for row in connection.execute(sql)]

    def terms(*columns: str) -> list[tuple[str, str]]:
        used = " UNION ALL ".join("SELECT {1} FROM {0}".format(*column.split(".")) for column in columns)
        return ask(f"SELECT id, label FROM terms WHERE id IN ({used}) ORDER BY label")

    def cast(column: str) -> str:
        return " UNION ALL ".join(f"SELECT {column} FROM {table}" for table in ("participants", "signatories", "proposers", "events"))

    return {
        "lane": list(LANES.items()),
        "side": ask(f"SELECT id, name FROM parties WHERE id IN ({cast('party_id')} UNION ALL SELECT host_id FROM meetings) ORDER BY name"),
        "level": terms("meetings.level"),
        "format": terms("meetings.format"),
        "status": terms("meetings.status", "agreements.status", "proposals.status", "events.status"),
        "person": ask(f"SELECT id, name FROM people WHERE id IN ({cast('person_id')}) ORDER BY name"),
    }


@dataclass
class Mark:
    """One record drawn: its place across, its row, how wide it is, and what shape says of it."""

    row: dict
    left: float
    right: float
    fate: str
    label: str = ""
    label_left: bool = False  # the label stands before the mark, where it would run out of the picture after it
    level: int = 0

    def name(self, labelled: bool) -> None:
        """Give the mark its label, shortened, or none."""
        text = self.row["label"] if labelled else ""
        self.label = text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"
        self.label_left = False
        self.label_left = self.reach[1] > WIDTH

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def span(self) -> bool:
        """Whether the date spans more than a point."""
        return self.right - self.left > POINT

    @property
    def when(self) -> str:
        """The date in words."""
        return store.in_words(self.row["when"])

    @property
    def inside(self) -> bool:
        """Whether the label has room within the bar."""
        return bool(self.label) and self.right - self.left > LETTER * len(self.label) + 10

    @property
    def label_x(self) -> float:
        """Where the label starts, or, before the mark, ends."""
        left, right = self.drawn
        return left + 5 if self.inside else left - 3 if self.label_left else right + 3

    @property
    def drawn(self) -> tuple[float, float]:
        """From where to where the mark itself goes."""
        return min(self.left, self.middle - POINT / 2), max(self.right, self.middle + POINT / 2)

    @property
    def reach(self) -> tuple[float, float]:
        """From where to where the mark and its label take room."""
        left, right = self.drawn
        room = LETTER * len(self.label) + 5 if self.label and not self.inside else 0
        return (left - room, right) if self.label_left else (left, right + room)


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
        return Mark(row, left, right, fate(row))

    def years(self, state: State) -> list[tuple[int, float]]:
        """The years that the axis names, and where they begin."""
        count = state.end - state.start + 1
        step = next(step for step in (1, 2, 5, 10, 20, 50) if count / step <= 24)
        named = [year for year in range(state.start, state.end + 1) if year % step == 0 or count == 1]
        return [(year, self.at(f"{year}-01-01")) for year in named]


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
    return {"lanes": lanes, "years": scale.years(state), "width": WIDTH, "height": top + 4, "pitch": PITCH}


def stack(name: str, title: str, marks: list[Mark]) -> Lane:
    """Put each mark into the first row that has room, with its label. A lane that would grow too tall keeps the labels of
    leaders' meetings, or none, and then gets back those for which a row has room."""
    for named in (lambda mark: True, lambda mark: mark.row["kind"] == "leaders", lambda mark: False):
        for mark in marks:
            mark.name(named(mark))
        rows = pack(marks)
        if rows <= TALL:
            break
    for level in range(rows):
        row = sorted((mark for mark in marks if mark.level == level), key=lambda mark: mark.left)
        for mark, following in zip(row, [*row[1:], None]):
            if not mark.label:
                mark.name(True)
                if mark.label_left or following and mark.reach[1] + 8 > following.reach[0]:
                    mark.name(False)
    return Lane(name, title, marks, rows)


def pack(marks: list[Mark]) -> int:
    """Give every mark the first row that is free from its left end; return how many rows that takes."""
    ends: list[float] = []
    for mark in sorted(marks, key=lambda mark: mark.reach):
        left, right = mark.reach
        mark.level = next((level for level, end in enumerate(ends) if end + 3 <= left), len(ends))
        ends[mark.level : mark.level + 1] = [right]
    return len(ends)

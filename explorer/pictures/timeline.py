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
ROWS = 2000  # records at most

CAST = """SELECT meeting_id FROM participants WHERE {column} = :{column}
  UNION ALL SELECT agreement_id FROM signatories WHERE {column} = :{column}
  UNION ALL SELECT proposal_id FROM proposers WHERE {column} = :{column}
  UNION ALL SELECT id FROM events WHERE {column} = :{column}"""
CONDITIONS = {
    "lane": "table_name = :lane",
    "level": "table_name = 'meetings' AND kind = :level",
    "format": "format = :format",
    "status": "status = :status",
    "side": f"id IN ({CAST.format(column='party_id')} UNION ALL SELECT id FROM meetings WHERE host_id = :party_id)",
    "person": f"id IN ({CAST.format(column='person_id')})",
}


def year(name: str, text: str) -> int:
    """The year that an address gives. Raises ValueError where it is none of the timeline."""
    if not (len(text) == 4 and text.isascii() and text.isdigit() and FIRST <= int(text) <= LAST):
        wrong = f"“{text}” is no year of the timeline: write {name}={FIRST} to {name}={LAST}, or leave it out."
        raise ValueError(wrong)
    return int(text)


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
        years = {name: year(name, text) for name in ("start", "end") if (text := given.pop(name))}
        state = cls(**years, **given)
        if state.start <= state.end:
            return state
        if len(years) == 1:  # the given year lies beyond the fresh view: up to its edge
            return replace(state, **{"end": LAST} if "start" in years else {"start": FIRST})
        return replace(state, start=state.end, end=state.start)

    @property
    def filtered(self) -> bool:
        """Whether anything but the years narrows what is shown."""
        return any(getattr(self, name) for name in CONDITIONS)

    def query(self, **changes) -> str:
        """The query string of this state, with changes; what is as in a fresh timeline is left out."""
        fresh = asdict(State())
        changed = asdict(self) | changes
        kept = {name: value for name, value in changed.items() if name in ("start", "end") or value != fresh[name]}
        return "?" + urlencode(kept)

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
        "AND (date_latest >= :first AND date_earliest <= :last "
        "OR date_earliest IS NULL AND date_latest BETWEEN :first AND :last "
        "OR date_latest IS NULL AND date_earliest BETWEEN :first AND :last) "
        + "".join(f"AND {condition} " for condition in wanted)
        + f"ORDER BY coalesce(date_earliest, date_latest), id LIMIT {ROWS}",
        asdict(state)
        | {"first": f"{state.start}-01-01", "last": f"{state.end}-12-31"}
        | {"party_id": state.side, "person_id": state.person},
    )
    return [row | {"when": when(row), "words": store.in_words(when(row))} for row in map(dict, rows)]


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
        tables = ("participants", "signatories", "proposers", "events")
        return " UNION ALL ".join(f"SELECT {column} FROM {table}" for table in tables)

    sides = f"{cast('party_id')} UNION ALL SELECT host_id FROM meetings"
    return {
        "lane": list(LANES.items()),
        "side": ask(f"SELECT id, name FROM parties WHERE id IN ({sides}) ORDER BY name"),
        "level": terms("meetings.level"),
        "format": terms("meetings.format"),
        "status": terms("meetings.status", "agreements.status", "proposals.status", "events.status"),
        "person": ask(f"SELECT id, name FROM people WHERE id IN ({cast('person_id')}) ORDER BY name"),
    }

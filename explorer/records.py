"""Everything that a record page shows of one record, read in one visit to the database."""

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from types import SimpleNamespace

from scripts.dates import as_edtf

from .store import Column, Store, Table, in_words

SHOWN = 50  # rows shown of each kind of reference; the table has the rest
GISTS = ("outcome", "summary", "definition", "message", "text", "note")
IN_SECTIONS_OF_THEIR_OWN = {"evidence", "disagreements", "links"}


@dataclass(frozen=True)
class Entry:
    """A record as others name it."""

    id: str
    table: str
    label: str
    contested: bool


@dataclass
class Brief:
    """A record in a line or two: when, what, which codes, what came of it."""

    entry: Entry
    date: str
    codes: list[str]
    gist: str
    role: str = ""


@dataclass
class Reference:
    """The rows of one table that name a record in one column."""

    table: Table
    column: Column
    title: str  # of the table whose records are told
    role: str  # which part the record has in them
    total: int
    briefs: list[Brief]


@dataclass
class Record:
    """A record with all that belongs to it."""

    entry: Entry
    table: Table
    row: dict
    ancestors: list[Entry] = field(default_factory=list)
    hanging: dict[str, list[dict]] = field(default_factory=dict)
    links: list[SimpleNamespace] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    evidence: list[SimpleNamespace] = field(default_factory=list)
    disagreements: list[SimpleNamespace] = field(default_factory=list)
    met: list[sqlite3.Row] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def inherited(self) -> str:
        """The days that a record without a date of its own has from another, as EDTF."""
        return when(self.row) if "date" in self.row and not self.row["date"] else ""

    @property
    def marks(self) -> dict[tuple[str, str], list[int]]:
        """The numbers of the evidence that speaks to each (record, column); the column is empty for the whole."""
        marks = defaultdict(list)
        for number, item in enumerate(self.evidence, 1):
            marks[item.record_id, item.field or ""].append(number)
        return marks


def read(connection: sqlite3.Connection, store: Store, table: str, identifier: str) -> Record | None:
    """The record, or None where the table has none of that id."""
    described = store.tables[table]
    row = connection.execute(f"SELECT * FROM {table} WHERE id = ?", (identifier,)).fetchone()
    if row is None:
        return None
    found = entries(connection, [identifier])
    own = found.get(identifier) or Entry(identifier, table, store.term(identifier), False)
    record = Record(own, described, dict(row))
    under = _under(connection, identifier)
    record.hanging = _hanging(connection, store, identifier, under)
    record.links = _links(connection, identifier)
    record.references = list(_references(connection, store, described, identifier))
    record.disagreements = disagreements(connection, "d.record_id", [*under, identifier], own=identifier)
    record.evidence = evidence(connection, "e.record_id", [*under, identifier])
    if table == "people":
        record.met = connection.execute(MET, {"id": identifier}).fetchall()
    named = _named(store, described, [record.row])
    for name, rows in record.hanging.items():
        named |= _named(store, store.tables[name], rows)
    for link in record.links:
        named |= {link.from_id, link.to_id}
    for item in [*record.evidence, *(e for d in record.disagreements for e in d.evidence)]:
        named |= {item.record_id, item.claimant_id}
    lineage = list(_lineage(identifier))
    record.entries = entries(connection, {*named, *lineage, *(d.record_id for d in record.disagreements)} - {None})
    record.ancestors = [record.entries[above] for above in lineage if above in record.entries]
    return record


def entries(connection: sqlite3.Connection, identifiers) -> dict[str, Entry]:
    """The entries of records, by id; those that there are."""
    sql = "SELECT r.id, r.table_name, r.label, r.contested FROM json_each(?) j JOIN records r ON r.id = j.value"
    rows = connection.execute(sql, (json.dumps(list(identifiers)),))
    return {row[0]: Entry(row[0], row[1], row[2], bool(row[3])) for row in rows}


def _lineage(identifier: str):
    """The ids of the records above, outermost first."""
    parts = identifier.split(".")
    yield from (".".join(parts[:length]) for length in range(1, len(parts)))


UNDER = """
WITH RECURSIVE under (id, table_name) AS (
  SELECT id, table_name FROM records WHERE parent_id = :id AND table_name <> 'readings'
  UNION ALL SELECT r.id, r.table_name FROM under u JOIN records r ON r.parent_id = u.id
) SELECT id, table_name FROM under LIMIT 5000"""


def _under(connection: sqlite3.Connection, identifier: str) -> dict[str, str]:
    """Ids of the rows that hang on a record at any depth, with their tables; not the many readings of a source."""
    return dict(connection.execute(UNDER, {"id": identifier}).fetchall())


def _hanging(connection, store: Store, identifier: str, under: dict[str, str]) -> dict[str, list[dict]]:
    """The rows that hang on the record itself, by table, in the order of the tables."""
    present = {table for row, table in under.items() if row.rpartition(".")[0] == identifier} - IN_SECTIONS_OF_THEIR_OWN
    found = {}
    for name in (name for name in store.tables if name in present):
        table = store.tables[name]
        order = "ordinal" if "ordinal" in table.columns else "date_earliest" if "date" in table.columns else "rowid"
        sql = f"SELECT * FROM {name} WHERE {table.hangs_on} = ? ORDER BY {order}, rowid"
        found[name] = [dict(row) for row in connection.execute(sql, (identifier,))]
    return found


def _links(connection: sqlite3.Connection, identifier: str) -> list[SimpleNamespace]:
    """The links from and to a record, each with its relation's label."""
    sql = (
        "SELECT l.*, t.label AS words, t.definition FROM links l JOIN terms t ON t.id = l.relation "
        "WHERE l.from_id = :id UNION ALL "
        "SELECT l.*, t.label AS words, t.definition FROM links l JOIN terms t ON t.id = l.relation "
        "WHERE l.to_id = :id AND l.from_id <> :id"
    )
    return [SimpleNamespace(**row) for row in connection.execute(sql, {"id": identifier})]


def _references(connection, store: Store, target: Table, identifier: str):
    """For each column of another table that names the record: its rows, in a line each."""
    kind = store.terms[identifier].vocabulary if target.name == "terms" else None
    for table in store.tables.values():
        if table.kind != "table" or table.name in ("links", "disagreements", "readings"):
            continue
        for column in table.columns.values():
            names_it = column.target in (target.name, "records") and column.name != table.hangs_on
            if not names_it or (kind and column.vocabulary != kind):
                continue
            sql = f"SELECT count(*) FROM {table.name} WHERE {column.name} = ?"
            total = connection.execute(sql, (identifier,)).fetchone()[0]
            if total:
                yield _reference(connection, store, table, column, identifier, total)


def _reference(connection, store: Store, table: Table, column: Column, identifier: str, total: int) -> Reference:
    """The rows that name a record; those that hang on another record are told as that one, with their own codes."""
    above = table.columns[table.hangs_on].target if table.hangs_on else table.name
    told = store.tables[above]
    dated, gists = "date" in told.columns, [name for name in GISTS if name in told.columns]
    if above == "records":  # of any table: what is told is what the row itself says
        gists = [name for name in ("states", "note") if name in table.columns]
    own, row = ("s", "s") if told is table else ("t", "t" if above == "records" else "s")
    dates = "s.date, s.date_earliest, s.date_latest" if dated else "NULL AS date"
    columns = ["r.id, r.table_name, r.label, r.contested", dates]
    columns += [f"{row}.{name}" for name in gists]
    columns += [f"s.{name} AS code_{name}" for name in _codes(told)]
    columns += [f"t.{name} AS role_{name}" for name in _codes(table) if told is not table]
    join = "" if told is table else f"JOIN {above} s ON s.id = t.{table.hangs_on}"
    order = "coalesce(s.date_earliest, s.date_latest, '9')" if dated else f"{own}.rowid"  # the undated come last
    sql = (
        f"SELECT {', '.join(columns)} FROM {table.name} {own} {join} JOIN records r ON r.id = s.id "
        f"WHERE {own}.{column.name} = ? ORDER BY {order} LIMIT {SHOWN}"
    )
    rows = [dict(found) for found in connection.execute(sql, (identifier,))]
    briefs = [_brief(store, cells, gists, identifier) for cells in rows]
    title = table.title if above in ("records", table.name) else told.title
    role = f"through {table.title.lower()}" if title != table.title else f"as {column.title.lower()}"
    return Reference(table, column, title, role, total, briefs)


def _brief(store: Store, cells: dict, gists: list[str], identifier: str) -> Brief:
    entry = Entry(cells["id"], cells["table_name"], cells["label"], bool(cells["contested"]))
    codes = {name: store.term(code) for name, code in cells.items() if code and code != identifier}
    gist = next((cells[name] for name in gists if cells[name]), "")
    told = [label for name, label in codes.items() if name.startswith("code_")]
    role = " ".join(label for name, label in codes.items() if name.startswith("role_"))
    return Brief(entry, in_words(when(cells)), told, gist, role)


def when(row) -> str:
    """A record's date, or the days that it inherits, as EDTF; empty where there is neither."""
    if row["date"] or "date_earliest" not in row.keys():  # noqa: SIM118, a database's row is no mapping
        return row["date"] or ""
    return as_edtf(row["date_earliest"], row["date_latest"])


def _codes(table: Table) -> list[str]:
    return [column.name for column in table.columns.values() if column.vocabulary]


def _named(store: Store, table: Table, rows: list[dict]) -> set[str]:
    """The ids of all records that rows name."""
    columns = [column.name for column in table.columns.values() if column.target and column.target != "terms"]
    return {row[column] for row in rows for column in columns if row[column]} | {row["id"] for row in rows}


EVIDENCE = """
SELECT e.*, s.title AS source_title, s.authors AS source_authors, s.date AS source_date,
  c.title AS cites_title, c.authors AS cites_authors, c.date AS cites_date
FROM json_each(?) j JOIN evidence e ON {column} = j.value
JOIN sources s ON s.id = e.source_id LEFT JOIN sources c ON c.id = e.cites_id
ORDER BY e.record_id <> ?, e.field IS NOT NULL, e.rowid"""


def evidence(connection: sqlite3.Connection, column: str, identifiers: list[str]) -> list[SimpleNamespace]:
    """The evidence whose column is one of the ids, that of the last id first; each with its works in short."""
    found = []
    for row in connection.execute(EVIDENCE.format(column=column), (json.dumps(identifiers), identifiers[-1])):
        item = SimpleNamespace(**row)
        item.source = short(item.source_title, item.source_authors, item.source_date)
        item.cites = item.cites_id and short(item.cites_title, item.cites_authors, item.cites_date)
        found.append(item)
    return found


def disagreements(connection, column: str, identifiers: list[str], own: str = "") -> list[SimpleNamespace]:
    """The disagreements whose column is one of the ids, and the one called `own`, each with the evidence on it."""
    sql = (
        f"SELECT d.* FROM json_each(:ids) j JOIN disagreements d ON {column} = j.value "
        "UNION SELECT d.* FROM disagreements d WHERE d.id = :own ORDER BY 1"
    )
    rows = connection.execute(sql, {"ids": json.dumps(identifiers), "own": own})
    found = {row["id"]: SimpleNamespace(**row, evidence=[]) for row in rows}
    if found:
        for item in evidence(connection, "e.disagreement_id", list(found)):
            found[item.disagreement_id].evidence.append(item)
    return list(found.values())


MET = """
SELECT o.person_id, r.label, count(DISTINCT m.id) AS times,
  count(DISTINCT CASE m.status WHEN 'held' THEN m.id END) AS held
FROM participants p CROSS JOIN participants o ON o.meeting_id = p.meeting_id AND o.person_id <> p.person_id
  AND o.party_id IS NOT p.party_id
CROSS JOIN meetings m ON m.id = p.meeting_id JOIN records r ON r.id = o.person_id
WHERE p.person_id = :id GROUP BY o.person_id ORDER BY times DESC, r.label LIMIT 30"""


def short(title: str, authors: str | None, date: str | None) -> str:
    """A work in short: first author's family name and year; the title where there is no author."""
    name = (authors or title).split(";")[0].split(",")[0].strip()
    others = " and others" if authors and authors.count(";") > 1 else ""
    return f"{name}{others} {date[:4]}" if date and date[:4].isdigit() else name + others


CELL_SOURCES = """
SELECT e.record_id, e.field, e.stance, e.states, e.locator, s.title, s.authors, s.date
FROM json_each(?) j JOIN evidence e ON e.record_id = j.value JOIN sources s ON s.id = e.source_id
ORDER BY e.stance = 'disputes', e.rowid"""


def cell_sources(connection: sqlite3.Connection, identifier: str) -> dict[str, list[dict]]:
    """Which sources speak to each column of a record, and under the empty name to the whole: its own evidence, else
    that of the record on which it hangs."""
    lineage = [*_lineage(identifier), identifier]
    told: dict[str, dict[str, list[dict]]] = {}
    for row in connection.execute(CELL_SOURCES, (json.dumps(lineage),)):
        about = {
            "source": short(row["title"], row["authors"], row["date"]), "locator": row["locator"],
            "stance": row["stance"], "states": row["states"],
        }
        cell = told.setdefault(row["record_id"], {}).setdefault(row["field"] or "", [])
        if about not in cell:
            cell.append(about)
    own = told.get(identifier, {})
    if "" not in own:
        whole = next((told[above][""] for above in reversed(lineage) if "" in told.get(above, {})), None)
        own |= {"": whole} if whole else {}
    return own

"""What all pages share: the codebook and the terms, read once, for the file never changes while it is served."""

import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from datasette.utils import tilde_encode

from scripts import dates

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Column:
    """A column, as the codebook in the file describes it."""

    name: str
    title: str
    description: str
    type: str
    vocabulary: str | None
    units: str | None
    target: str | None  # the table whose id it holds; `records` for any record
    edtf: bool = False  # a date, whose first and last day stand in two columns more
    derived: bool = False  # one of those two


@dataclass(frozen=True)
class Table:
    """A table or view, as the codebook in the file describes it."""

    name: str
    kind: str
    title: str
    description: str
    count: int | None  # of a table's rows; nothing is counted of a view
    hangs_on: str | None  # the column that names the record on which a row hangs
    columns: dict[str, Column] = field(default_factory=dict)


@dataclass(frozen=True)
class Term:
    """A code of a controlled vocabulary."""

    id: str
    vocabulary: str
    label: str
    definition: str


class Store:
    """The codebook, the terms and the package's own description of one compiled file."""

    def __init__(self, database: str, metadata: dict, connection: sqlite3.Connection):
        """Read them from the file behind `connection`, which Datasette serves as `database` with `metadata`."""
        self.database = database
        self.package = dict(connection.execute("SELECT * FROM package").fetchone())
        terms = connection.execute("SELECT id, vocabulary, label, definition FROM terms")
        self.terms = {row["id"]: Term(*row) for row in terms}
        self.tables = {
            name: _table(connection, metadata.get(name, {}), name, *about)
            for name, *about in connection.execute("SELECT * FROM codebook_tables").fetchall()
        }

    def path(self, table: str, identifier: str | None = None) -> str:
        """The address of a table, or of a record in it."""
        ends = [self.database, table, *([identifier] if identifier else [])]
        return "/" + "/".join(map(tilde_encode, ends))

    def term(self, code: str | None) -> str:
        """The label of a code; the code itself where there is none, nothing for nothing."""
        return self.terms[code].label if code in self.terms else code or ""

    def choices(self, vocabulary: str) -> list[tuple[str, str]]:
        """The codes of a vocabulary with their labels, in the order of the labels."""
        terms = [term for term in self.terms.values() if term.vocabulary == vocabulary]
        return sorted(((term.id, term.label) for term in terms), key=lambda choice: choice[1])

    def headings(self, table: str) -> dict[str, str]:
        """The titles of a table's columns, by name."""
        columns = self.tables[table].columns if table in self.tables else {}
        return {name: column.title for name, column in columns.items()}

    def heading(self, table: str, column: str) -> str:
        """The title of a column; its name where the codebook has none."""
        return self.headings(table).get(column, column)


def _table(connection: sqlite3.Connection, metadata: dict, name: str, kind: str, title: str, description: str) -> Table:
    sql = (
        "SELECT name, title, description, type, vocabulary, units, references_table FROM codebook_columns "
        "WHERE table_name = ? ORDER BY position"
    )
    rows = connection.execute(sql, (name,)).fetchall()
    names = {row["name"] for row in rows}
    dated = {column for column in names if f"{column}_earliest" in names}
    derived = {f"{column}_{end}" for column in dated for end in ("earliest", "latest")}
    columns = {row["name"]: Column(*row, row["name"] in dated, row["name"] in derived) for row in rows}
    count = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] if kind == "table" else None
    return Table(name, kind, title, description, count, metadata.get("hangs"), columns)


_stores: WeakKeyDictionary = WeakKeyDictionary()
_kept: WeakKeyDictionary = WeakKeyDictionary()


async def of(datasette) -> Store:
    """The store of a running Datasette, read on the first call."""
    if datasette not in _stores:
        database = datasette.get_database()
        metadata = datasette.metadata("tables", database=database.name) or {}
        _stores[datasette] = await database.execute_fn(lambda connection: Store(database.name, metadata, connection))
    return _stores[datasette]


async def once(datasette, make: Callable):
    """What `make(connection)` returns, made on the first call and kept: the file never changes while it is served."""
    kept = _kept.setdefault(datasette, {})
    if make not in kept:
        kept[make] = await ask(datasette, make)
    return kept[make]


async def ask(datasette, work: Callable, *arguments):
    """What `work(connection, *arguments)` returns: all queries of a page in one visit to Datasette's reading thread."""
    return await datasette.get_database().execute_fn(lambda connection: work(connection, *arguments))


def query(**arguments: str | int) -> str:
    """The arguments that say something, as a query string."""
    return urlencode({name: value for name, value in arguments.items() if value})


@lru_cache(20_000)
def in_words(date: str | None) -> str:
    """A date as a person writes it; what is no date stays as it is, nothing stays nothing."""
    try:
        return dates.in_words(date) if date else ""
    except ValueError:
        return date


@cache
def asset(name: str) -> str:
    """The address of a static file, with its digest, so that a browser may keep it for good."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"

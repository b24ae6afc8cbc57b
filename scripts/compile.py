"""Compile typed rows into one SQLite file: tables made from the schemas, records, views, search, codebook."""

import contextlib
import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from operator import itemgetter
from pathlib import Path


from . import dates
from .faults import Fault, Faulty
from .package import RECORDS, Field, Package, Table
from .rules import Line

APPLICATION_ID = 0x4A525244  # “JRRD”
SQL_TYPES = {"string": "TEXT", "number": "REAL", "integer": "INTEGER", "boolean": "INTEGER"}

RECORDS_DDL = """CREATE TABLE records (
  id TEXT NOT NULL PRIMARY KEY,
  table_name TEXT NOT NULL,
  parent_id TEXT REFERENCES records(id),
  label TEXT NOT NULL,
  contested INTEGER NOT NULL CHECK (contested IN (0, 1))
) STRICT"""
OTHER_DDL = [
    RECORDS_DDL,
    """CREATE TABLE package (
  name TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, version TEXT NOT NULL, released TEXT NOT NULL,
  description TEXT NOT NULL, data_licence TEXT NOT NULL, code_licence TEXT NOT NULL,
  inputs_sha256 TEXT NOT NULL, content_sha256 TEXT NOT NULL
) STRICT""",
    """CREATE TABLE codebook_tables (
  name TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, description TEXT NOT NULL
) STRICT""",
    """CREATE TABLE codebook_columns (
  table_name TEXT NOT NULL REFERENCES codebook_tables(name), name TEXT NOT NULL, position INTEGER NOT NULL,
  title TEXT NOT NULL, description TEXT NOT NULL, type TEXT NOT NULL, required INTEGER NOT NULL,
  vocabulary TEXT, units TEXT, references_table TEXT, PRIMARY KEY (table_name, name)
) STRICT""",
    """CREATE TABLE search_texts (
  id TEXT NOT NULL PRIMARY KEY REFERENCES records(id), table_name TEXT NOT NULL,
  title TEXT NOT NULL, names TEXT NOT NULL, text TEXT NOT NULL, related TEXT NOT NULL
) STRICT""",
]
# Tables that the compiling adds: title and description, for the codebook inside the file.
MADE = {
    RECORDS: ("Records", "Every id of the package but the terms': the table it is in, the record it hangs on, a label."),
    "search_texts": ("Search texts", "What the full-text index search indexes: one row a record that can be found."),
    "package": ("Package", "Name, version, licences and digests of this build."),
    "codebook_tables": ("Codebook: tables", "What each table and view of this file holds."),
    "codebook_columns": ("Codebook: columns", "What each column of this file means."),
}
MADE_COLUMNS = {
    "id": "The record's id.", "table_name": "The table in which the record stands.",
    "parent_id": "The record on which it hangs; empty for a main record.",
    "label": "The record named for a person.",
    "contested": "Whether an open disagreement touches the record or a row that hangs on it.",
    "title": "The title.", "names": "All names and spellings of the record.",
    "text": "Dates in words, and what the record and the rows hanging on it say.",
    "related": "Names and spellings of people, bodies and places that the record names.",
    "name": "The name.", "version": "The version of the package.", "released": "The day of this version.", "description": "The description.",
    "data_licence": "The licence of the data.", "code_licence": "The licence of the code.",
    "inputs_sha256": "The digest of the files from which this file was built.",
    "content_sha256": "The digest over tables and rows, whatever the version of the SQLite library.",
    "kind": "Table, or view, or made by compiling.", "position": "The column's place, from 1.", "type": "The SQL type.",
    "required": "Whether the column is never empty.", "vocabulary": "The vocabulary from which its codes come.",
    "units": "The unit of its numbers.", "references_table": "The table whose id it holds.",
}


class Draft:
    """A database in the making: first the tables as they are read, then all that is made of them."""

    def __init__(self, package: Package, connection: sqlite3.Connection):
        self.package, self.connection = package, connection
        self._digest = hashlib.sha256()
        for ddl in [*OTHER_DDL, *(table_ddl(table) for table in package.tables.values())]:
            connection.execute(ddl)
            self._digest.update(ddl.encode())

    def load(self, table: Table, lines: list[Line]) -> list[Fault]:
        """Store typed rows; the rowid of the one on line n is n - 1. A fault for each whose id stands there already."""
        rows = _stored(table, lines)
        self._digest.update("".join(f"{table.name}{row}" for row in rows).encode())
        marks = ",".join("?" * (1 + len(table.columns) + 2 * len(table.dates)))
        columns = ",".join(["rowid", *table.columns, *_bound_columns(table)])
        insert, faults = f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", []
        while rows:
            before = self.connection.total_changes
            try:
                self.connection.executemany(insert, rows)
                break
            except sqlite3.IntegrityError as error:
                at = self.connection.total_changes - before
                faults.append(self._refused(table, rows[at], error))
                rows = rows[at + 1 :]
        return faults

    def _refused(self, table: Table, row: tuple, error: sqlite3.IntegrityError) -> Fault:
        for (line,) in self.connection.execute(f"SELECT rowid + 1 FROM {table.name} WHERE id = ?", row[1:2]):
            return twice(table, row[0] + 1, row[1], f"{table.path}:{line}")
        return Fault(table.path, row[0] + 1, message=f"is refused by SQLite: {error}; mend the row")

    def list_records(self) -> list[Fault]:
        """Fill `records`, which names every row of every table but the terms. A fault for each id that stands in two."""
        faults = []
        for table in sorted(self.package.tables.values(), key=_rank(self.package)):
            if table.name == "terms":
                continue
            parent = table.schema.hangs.on if table.schema.hangs else "NULL"
            insert = f"INSERT INTO {RECORDS} SELECT id, '{table.name}', {parent}, {_label(table)}, 0 FROM {table.name}"
            try:
                self.connection.execute(insert)
            except sqlite3.IntegrityError:
                shared = f"SELECT t.id, t.rowid + 1, r.table_name FROM {table.name} t JOIN {RECORDS} r ON r.id = t.id"
                for identifier, number, other in self.connection.execute(shared).fetchall():
                    place = f"{self.package.tables[other].path}:{line(self.connection, other, identifier)}"
                    faults.append(twice(table, number, identifier, place))
                self.connection.execute(f"{insert} WHERE id NOT IN (SELECT id FROM {RECORDS})")
        return faults

    def derive(self) -> str:
        """Make all that the checks ask of rows that are sound: dates inherited, indexes, views, the codebook. Returns
        the content digest. Raises `Faulty` where a view cannot be made."""
        self._contested()
        _inherit_dates(self.package, self.connection)
        for table in self.package.tables.values():
            for column in dict.fromkeys([*table.foreign_keys, *_bound_columns(table)]):
                self.connection.execute(f"CREATE INDEX {table.name}_{column} ON {table.name} ({column})")
        self.connection.execute("CREATE INDEX records_parent_id ON records (parent_id)")
        self.connection.execute("CREATE INDEX records_table_name ON records (table_name, label)")
        _views(self.package, self.connection, self._digest)
        _codebook(self.package, self.connection)
        return self._digest.hexdigest()

    def _contested(self) -> None:
        if "disagreements" in self.package.tables:
            opened = self.connection.execute("SELECT record_id FROM disagreements WHERE status = 'open'").fetchall()
            touched = {record for (identifier,) in opened for record in _line_of_descent(identifier)}
            self.connection.executemany("UPDATE records SET contested = 1 WHERE id = ?", [(record,) for record in touched])


def line(connection: sqlite3.Connection, table: str, identifier: str) -> int:
    """The number of the line from which a row was loaded; 0 where there is none."""
    found = connection.execute(f"SELECT rowid + 1 FROM {table} WHERE id = ?", (identifier,)).fetchone()
    return found[0] if found else 0


def twice(table: Table, line: int, identifier: str, place: str) -> Fault:
    """The fault of an id that stands at `place`, too."""
    return Fault(table.path, line, "id", identifier, f"stands in {place} already; ids are unique in the whole package, choose another")


FUNCTIONS = {
    "in_words": dates.in_words,
    "plain": lambda value: f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}",
}


@contextlib.contextmanager
def drafting(package: Package, path: Path | str) -> Iterator[Draft]:
    """A draft in a new file at `path`, or in memory (`:memory:`)."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for name, function in FUNCTIONS.items():
            of_value = lambda value, function=function: None if value is None else function(value)
            connection.create_function(name, 1, of_value, deterministic=True)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -32000")
        connection.execute("BEGIN")
        yield Draft(package, connection)
    finally:
        connection.close()


def finish(draft: Draft, content: str) -> None:
    """Add to a draft what is only read later, search and the account of the build, and write all to its file."""
    package, connection = draft.package, draft.connection
    _search(package, connection)
    d = package.descriptor
    licences = [licence.name for licence in d.licenses]
    about = (d.name, d.title, d.version, d.created[:10], d.description, licences[0], licences[-1], package.digest())
    connection.execute("INSERT INTO package VALUES (?,?,?,?,?,?,?,?,?)", (*about, content))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {_user_version(d.version)}")
    connection.execute("COMMIT")
    import sqlite_utils  # here, for a build that finds nothing to do need not wait for it

    sqlite_utils.Database(connection).analyze()


def _user_version(version: str) -> int:
    major, minor, patch = map(int, version.split("."))
    return major * 1_000_000 + minor * 1_000 + patch


def _bound_columns(table: Table) -> list[str]:
    return [f"{field.name}_{end}" for field in table.dates for end in ("earliest", "latest")]


def table_ddl(table: Table) -> str:
    """The CREATE TABLE statement of a table, made from its schema."""
    lines = [_column_ddl(table, field) for field in table.schema.fields]
    lines += [f"{column} TEXT" for column in _bound_columns(table)]
    for field in table.dates:
        lines.append(f"CHECK ({field.name}_earliest <= {field.name}_latest)")
    for column, target in table.foreign_keys.items():
        lines.append(f"FOREIGN KEY ({column}) REFERENCES {target}(id) DEFERRABLE INITIALLY DEFERRED")
    return f"CREATE TABLE {table.name} (\n  " + ",\n  ".join(lines) + "\n) STRICT"


def _column_ddl(table: Table, field: Field) -> str:
    constraints = field.constraints
    parts = [field.name, SQL_TYPES[field.type]]
    if constraints.required:
        parts.append("NOT NULL")
    if field.name == "id":
        parts.append("PRIMARY KEY CHECK (id NOT GLOB '*[^a-z0-9.-]*')")
    elif constraints.unique:
        parts.append("UNIQUE")
    if field.type == "string":
        parts.append(f"CHECK ({field.name} <> '')")
    if field.type == "boolean":
        parts.append(f"CHECK ({field.name} IN (0, 1))")
    if constraints.minimum is not None:
        parts.append(f"CHECK ({field.name} >= {constraints.minimum:g})")
    if constraints.maximum is not None:
        parts.append(f"CHECK ({field.name} <= {constraints.maximum:g})")
    return " ".join(parts)


def _stored(table: Table, lines: list[Line]) -> list[tuple]:
    """Typed rows as the file stores them: the rowid, the cells in order, then the bounds of dates."""
    cells = itemgetter(*table.columns)
    rows = [(line - 1, *cells(row.__dict__)) for line, row in lines]
    for field in table.dates:
        at = table.columns.index(field.name) + 1
        rows = [row + (dates.bounds(row[at]) if row[at] else (None, None)) for row in rows]
    return rows


def _rank(package: Package) -> Callable[[Table], int]:
    """The order in which tables are labelled: those that name others by label after them, any record last."""
    def rank(table: Table) -> int:
        named = {table.foreign_keys.get(column) for column in _named(table)} - {None, "terms", table.name}
        return len(package.tables) if RECORDS in named else 1 + max((rank(package.tables[name]) for name in named), default=0)

    return rank


def _named(table: Table) -> list[str]:
    return re.findall(r"{(\w+)}", table.schema.label)


def _label(table: Table) -> str:
    """SQL that names a row for a person: its template filled in, references by their own labels; the id, if all is
    empty."""
    def cell(column: str) -> str:
        field, target = table.fields[column], table.foreign_keys.get(column)
        if field.edtf:
            return f"in_words({column})"
        if field.type == "number":
            return f"plain({column})"
        named = "(SELECT label FROM {} WHERE id = {})".format(target if target == "terms" else RECORDS, column)
        return f"coalesce({named}, {column})" if target else column

    columns = _named(table)
    if table.schema.label == f"{{{columns[0]}}}" and table.fields[columns[0]].type == "string":
        return f"coalesce({columns[0]}, id)"  # most tables are labelled by one column of words
    between = re.split(r"{\w+}", table.schema.label)
    parts = [f"'{between[0]}'"]
    for column, text in zip(columns, between[1:]):
        parts += [f"coalesce({cell(column)}, '')", f"'{text}'"]
    filled = " || ".join(part for part in parts if part != "''")
    return f"coalesce(nullif(trim(replace({filled}, '  ', ' '), ' ,:'), ''), id)"  # an empty cell leaves spaces behind


def _line_of_descent(identifier: str) -> Iterator[str]:
    """The id and those of the records on which it hangs."""
    while identifier:
        yield identifier
        identifier = identifier.rpartition(".")[0]


def _inherit_dates(package: Package, connection: sqlite3.Connection) -> None:
    """A date left empty has the bounds of the record that the schema says it inherits from."""
    dated = [table for table in package.tables.values() if table.fields.get("date") and table.fields["date"].edtf]
    every = " UNION ALL ".join(f"SELECT id, date_earliest, date_latest FROM {table.name}" for table in dated)
    heirs = [(table, field) for table in dated for field in table.dates if field.inherits]
    # Uses inherit from proposals and missions, which inherit from meetings: those that name any record come last.
    for table, field in sorted(heirs, key=lambda heir: heir[0].foreign_keys[heir[1].inherits] == RECORDS):
        target = table.foreign_keys[field.inherits]
        source = f"({every})" if target == RECORDS else target
        connection.execute(
            f"UPDATE {table.name} SET (date_earliest, date_latest) = (SELECT date_earliest, date_latest "
            f"FROM {source} AS s WHERE s.id = {table.name}.{field.inherits}) "
            f"WHERE date IS NULL AND {field.inherits} IS NOT NULL"
        )


def header(sql: str) -> dict[str, str]:
    """The `-- key: value` lines at the head of a SQL file."""
    return dict(re.findall(r"^-- ([\w ]+): (.+)$", sql, re.MULTILINE))


def _views(package: Package, connection: sqlite3.Connection, digest) -> None:
    for name, sql in package.sql("views").items():
        body = "\n".join(line for line in sql.splitlines() if not line.startswith("--"))
        try:
            connection.execute(f"CREATE VIEW {name} AS\n{body}")
            connection.execute(f"SELECT * FROM {name} LIMIT 0")
        except sqlite3.Error as error:
            raise Faulty([Fault(f"schemas/views/{name}.sql", message=f"is not a view SQLite can make: {error}")]) from None
        digest.update(sql.encode())


def _codebook(package: Package, connection: sqlite3.Connection) -> None:
    tables, columns = [], []
    for table in package.tables.values():
        tables.append((table.name, "table", table.schema.title, table.schema.description))
        for field in table.schema.fields:
            columns.append((
                table.name, field.name, field.title, field.description, SQL_TYPES[field.type],
                int(field.constraints.required), field.vocabulary, field.units, table.foreign_keys.get(field.name),
            ))
        for field in table.dates:
            for end, which in (("earliest", "first"), ("latest", "last")):
                text = f"The {which} day that {field.name} can mean, as an ISO day; derived. Empty for an open end."
                title = f"{field.title}, {end}"
                columns.append((table.name, f"{field.name}_{end}", title, text, "TEXT", 0, None, None, None))
    for name, sql in package.sql("views").items():
        head = header(sql)
        tables.append((name, "view", head.get("title", ""), head.get("description", "")))
        for row in connection.execute(f"PRAGMA table_info({name})"):
            text = head.get(f"column {row[1]}", "")
            if not (text and head.get("title") and head.get("description")):
                wrong = f"needs “-- title:”, “-- description:” and “-- column {row[1]}:” at its head"
                raise Faulty([Fault(f"schemas/views/{name}.sql", message=wrong)])
            title = row[1].replace("_", " ").capitalize()
            columns.append((name, row[1], title, text, row[2] or "TEXT", 0, None, None, None))
    for name, (title, text) in MADE.items():
        tables.append((name, "made", title, text))
        for row in connection.execute(f"PRAGMA table_info({name})").fetchall():
            heading = row[1].replace("_", " ").capitalize()
            columns.append((name, row[1], heading, MADE_COLUMNS[row[1]], row[2], row[3], None, None, None))
    connection.executemany("INSERT INTO codebook_tables VALUES (?,?,?,?)", tables)
    places: dict[str, int] = {}
    for name, *rest in columns:
        places[name] = places.get(name, 0) + 1
        column, *about = rest
        connection.execute(
            "INSERT INTO codebook_columns VALUES (?,?,?,?,?,?,?,?,?,?)", (name, column, places[name], *about)
        )


SEARCHED_ON_ITS_OWN = {"disagreements"}
NOT_SEARCHED = {"terms", "evidence", "readings"}


def _search(package: Package, connection: sqlite3.Connection) -> None:
    """Index what can be found: each main record and each disagreement, with the words of the rows that hang on it."""
    connection.execute("CREATE TEMP TABLE said (root TEXT, text TEXT)")
    connection.execute("CREATE TEMP TABLE related (root TEXT, id TEXT, PRIMARY KEY (root, id)) WITHOUT ROWID")
    found = []
    for table in package.tables.values():
        if table.name in NOT_SEARCHED:
            continue
        own = not table.schema.hangs or table.name in SEARCHED_ON_ITS_OWN
        found += [table.name] if own else []
        root = "id" if own else "substr(id, 1, instr(id, '.') - 1)"
        words = [f.name for f in table.schema.fields if f.type == "string" and not _silent(table, f)]
        words += [f"{field.name} || ' ' || in_words({field.name})" for field in table.dates]
        if words:
            text = " || ".join(f"coalesce(' · ' || {word}, '')" for word in words)
            connection.execute(f"INSERT INTO said SELECT {root}, substr({text}, 4) FROM {table.name} WHERE {text} <> ''")
        for column, target in table.foreign_keys.items():
            if target in ("people", "places", "organisations", "sources"):
                actors = f"SELECT {root}, {column} FROM {table.name} WHERE {column} IS NOT NULL"
                connection.execute(f"INSERT OR IGNORE INTO related {actors}")
    connection.execute("CREATE INDEX said_root ON said (root)")
    spellings = "SELECT group_concat(name, ' · ') FROM names WHERE record_id = {}" if "names" in package.tables else "SELECT NULL"
    connection.execute(f"""
        INSERT INTO search_texts
        SELECT r.id, r.table_name, r.label, coalesce(({spellings.format("r.id")}), ''),
          coalesce((SELECT group_concat(text, ' · ') FROM said WHERE root = r.id), ''),
          coalesce((SELECT group_concat(a.label || coalesce(' · ' || ({spellings.format("a.id")}), ''), ' · ')
                    FROM related JOIN records a ON a.id = related.id WHERE root = r.id), '')
        FROM records r WHERE r.table_name IN ({",".join("?" * len(found))})""", found)
    connection.execute("CREATE INDEX search_texts_table_name ON search_texts (table_name)")
    connection.execute(
        'CREATE VIRTUAL TABLE search USING fts5(title, names, text, related, content="search_texts", '
        "tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    )
    connection.execute("INSERT INTO search (search, rank) VALUES ('hashsize', 16777216)")  # bytes held before they are sorted in
    connection.execute("INSERT INTO search (search) VALUES ('rebuild')")


def _silent(table: Table, field: Field) -> bool:
    """Whether a column holds no words of its own: ids, codes, references, dates, digests."""
    coded = field.name in table.foreign_keys or field.edtf
    return coded or field.name in ("id", "sha256", "url", "field") or (table.name == "names")


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a compiled file, to read from."""
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    with contextlib.closing(connection):
        yield connection


def verify(path: Path) -> list[str]:
    """What SQLite itself finds wrong with a compiled file: nothing, if it is sound."""
    with reading(path) as connection:
        return [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]

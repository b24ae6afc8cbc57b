"""Compile typed rows into one SQLite file: tables made from the schemas, records, views, search, codebook."""

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel

from . import dates
from .faults import Fault, Faulty
from .package import RECORDS, Field, Package, Table

APPLICATION_ID = 0x4A525244  # “JRRD”
SQL_TYPES = {"string": "TEXT", "number": "REAL", "integer": "INTEGER", "boolean": "INTEGER"}
Typed = dict[str, list[BaseModel]]

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


def compile(package: Package, typed: Typed, path: Path) -> str:
    """Compile into a new file at `path` and return the content digest.

    The rows are taken to have passed the rules of rows and of the whole; SQLite's own constraints are the last word
    (`verify`). Raises `Faulty` where a view cannot be made.
    """
    draft = path.with_name(path.name + ".draft")
    connection = sqlite3.connect(draft, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        labels = Labels(package, typed)
        content = fill(package, typed, labels, connection)
        connection.executemany("INSERT INTO search_texts VALUES (?,?,?,?,?,?)", _search(package, typed, labels))
        connection.execute(
            'CREATE VIRTUAL TABLE search USING fts5(title, names, text, related, content="search_texts", '
            "tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
        )
        connection.execute("INSERT INTO search (search) VALUES ('rebuild')")
        d = package.descriptor
        licences = [licence.name for licence in d.licenses]
        about = (d.name, d.title, d.version, d.created[:10], d.description, licences[0], licences[-1], package.digest())
        connection.execute("INSERT INTO package VALUES (?,?,?,?,?,?,?,?,?)", (*about, content))
        connection.execute("CREATE INDEX search_texts_table_name ON search_texts (table_name)")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {_user_version(d.version)}")
        connection.execute("COMMIT")
        import sqlite_utils  # here, for a build that finds nothing to do need not wait for it

        sqlite_utils.Database(connection).analyze()
        path.unlink(missing_ok=True)
        connection.execute("VACUUM INTO ?", (str(path),))
    finally:
        connection.close()
        draft.unlink(missing_ok=True)
    return content


def fill(package: Package, typed: Typed, labels: "Labels", connection: sqlite3.Connection) -> str:
    """Make and fill everything that the checks ask: tables, records, indexes, views, codebook. Returns
    the content digest."""
    digest = hashlib.sha256()
    for ddl in [*OTHER_DDL, *(table_ddl(table) for table in package.tables.values())]:
        connection.execute(ddl)
        digest.update(ddl.encode())
    for table in package.tables.values():
        rows = [_stored(table, row) for row in typed[table.name]]
        marks = ",".join("?" * (len(table.columns) + 2 * len(table.dates)))
        connection.executemany(f"INSERT INTO {table.name} VALUES ({marks})", rows)
        digest.update(table.name.encode())
        for row in rows:
            digest.update(repr(row).encode())
    connection.executemany("INSERT INTO records VALUES (?,?,?,?,?)", _records(package, typed, labels))
    _inherit_dates(package, connection)
    for table in package.tables.values():
        for column in dict.fromkeys([*table.foreign_keys, *_bound_columns(table)]):
            connection.execute(f"CREATE INDEX {table.name}_{column} ON {table.name} ({column})")
    connection.execute("CREATE INDEX records_parent_id ON records (parent_id)")
    connection.execute("CREATE INDEX records_table_name ON records (table_name, label)")
    _views(package, connection, digest)
    _codebook(package, connection)
    return digest.hexdigest()


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


def _stored(table: Table, row: BaseModel) -> tuple:
    """A typed row as the file stores it: its cells in order, then the bounds of its dates."""
    values = list(row.__dict__[column] for column in table.columns)
    for field in table.dates:
        value = row.__dict__[field.name]
        values += dates.bounds(value) if value else (None, None)
    return tuple(values)


class Labels:
    """Names of records for people: each table's label template filled in, references by their own labels."""

    def __init__(self, package: Package, typed: Typed):
        self.rows = {row.id: (name, row) for name, rows in typed.items() if name != "terms" for row in rows}
        self.terms = {row.id: row.label for row in typed["terms"]} if "terms" in typed else {}
        self._templates = {name: self._template(table) for name, table in package.tables.items()}
        self._made: dict[str, str] = {}

    def __getitem__(self, identifier: str) -> str:
        """The label of a record; the id itself where there is no such record."""
        if identifier not in self._made:
            self._made[identifier] = identifier  # a circle of references ends in an id
            if identifier in self.rows:
                name, row = self.rows[identifier]
                template, cells = self._templates[name]
                if len(cells) == 1 and cells[0][1] is str:
                    label = row.__dict__[cells[0][0]]  # most tables are labelled by one column of words
                else:
                    filled = {c: "" if row.__dict__[c] is None else write(row.__dict__[c]) for c, write in cells}
                    label = " ".join(template.format_map(filled).split()).strip(" ,:")
                self._made[identifier] = label or identifier
        return self._made[identifier]

    def _template(self, table: Table) -> tuple[str, list]:
        """A table's template, and how each of its columns is written."""
        def how(column: str):
            field, target = table.fields[column], table.foreign_keys.get(column)
            if field.edtf:
                return dates.in_words
            if field.type == "number":
                return lambda value: f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}"
            return (lambda code: self.terms.get(code, code)) if target == "terms" else self.__getitem__ if target else str

        return table.schema.label, [(column, how(column)) for column in re.findall(r"{(\w+)}", table.schema.label)]


def _records(package: Package, typed: Typed, labels: Labels) -> Iterator[tuple]:
    contested = set()
    for row in typed.get("disagreements", []):
        if row.status == "open":
            contested.update(_line_of_descent(row.record_id))
    for name, rows in typed.items():
        if name != "terms":
            hangs = package.tables[name].schema.hangs
            for row in rows:
                parent = row.__dict__[hangs.on] if hangs else None
                yield row.id, name, parent, labels[row.id], int(row.id in contested)


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


def _search(package: Package, typed: Typed, labels: Labels) -> Iterator[tuple]:
    """What can be found: each main record and each disagreement, with the words of the rows that hang on it."""
    spellings: dict[str, list[str]] = {}
    for row in typed.get("names", []):
        spellings.setdefault(row.record_id, []).append(row.name)
    texts: dict[str, list[str]] = {}
    related: dict[str, dict[str, None]] = {}
    roots: dict[str, str] = {}
    for name, rows in typed.items():
        table = package.tables[name]
        if name in NOT_SEARCHED:
            continue
        words = [f.name for f in table.schema.fields if f.type == "string" and not _silent(table, f)]
        actors = [c for c, target in table.foreign_keys.items() if target in ("people", "places", "organisations", "sources")]
        times = [field.name for field in table.dates]
        own = not table.schema.hangs or name in SEARCHED_ON_ITS_OWN
        for row in rows:
            cells = row.__dict__
            root = row.id if own else row.id.partition(".")[0]
            if own:
                roots[row.id] = name
            parts = texts.setdefault(root, [])
            parts += [value for column in words if (value := cells[column])]
            parts += [f"{value} {dates.in_words(value)}" for column in times if (value := cells[column])]
            for column in actors:
                if value := cells[column]:
                    related.setdefault(root, {}).update(dict.fromkeys([labels[value], *spellings.get(value, [])]))
    for root, name in roots.items():
        if name in package.tables:
            names = " · ".join(spellings.get(root, []))
            yield root, name, labels[root], names, " · ".join(texts[root]), " · ".join(related.get(root, {}))


def _silent(table: Table, field: Field) -> bool:
    """Whether a column holds no words of its own: ids, codes, references, dates, digests."""
    coded = field.name in table.foreign_keys or field.edtf
    return coded or field.name in ("id", "sha256", "url", "field") or (table.name == "names")


def verify(path: Path) -> Iterable[str]:
    """What SQLite itself finds wrong with a compiled file: nothing, if it is sound."""
    with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as connection:
        yield from (row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok")
        yield from (f"dangling reference {row}" for row in connection.execute("PRAGMA foreign_key_check"))
    connection.close()

"""Checks of the whole: ids, codes and references, and the named queries over the compiled file."""

import sqlite3
from collections.abc import Iterator

from .compile import Draft, header, line
from .faults import Fault
from .package import RECORDS, Package, Table
from .tables import Row


def references(draft: Draft, left_out: list[tuple[Table, int, Row]]) -> Iterator[Fault]:
    """Faults of codes and references in the rows of a draft, and in those too faulty to be there, which are given with
    table and line; a reference to one of them is not wrong."""
    package, connection = draft.package, draft.connection
    known = {row["id"] for _, _, row in left_out}
    codes: dict[str, set[str]] = {}
    if "terms" in package.tables:
        for vocabulary, code in connection.execute("SELECT vocabulary, id FROM terms"):
            codes.setdefault(vocabulary, set()).add(code)
    keys = {name: {row[0]: row[3] for row in connection.execute(f"PRAGMA foreign_key_list({name})")} for name in package.tables}
    for name, rowid, _, key in connection.execute("PRAGMA foreign_key_check").fetchall():
        if name in package.tables:
            table, column = package.tables[name], keys[name][key]
            (value,) = connection.execute(f"SELECT {column} FROM {name} WHERE rowid = ?", (rowid,)).fetchone()
            if value not in known:
                yield Fault(table.path, rowid + 1, column, value, _nowhere(package, table, column, value, codes))
    for table in package.tables.values():
        for column, vocabulary in ((f.name, f.vocabulary) for f in table.schema.fields if f.vocabulary):
            strays = set(row[0] for row in connection.execute(f"SELECT DISTINCT {column} FROM {table.name}"))
            for value in strays - codes.get(vocabulary, set()) - {None}:
                if any(value in members for members in codes.values()):  # else it is no reference at all: see above
                    for (rowid,) in connection.execute(f"SELECT rowid FROM {table.name} WHERE {column} = ?", (value,)):
                        yield Fault(table.path, rowid + 1, column, value, _nowhere(package, table, column, value, codes))
    for table, number, row in left_out:
        for column, target in table.foreign_keys.items():
            value, vocabulary = row[column], table.fields[column].vocabulary
            there = value in codes.get(vocabulary, set()) if vocabulary else value in known or line(connection, target, value)
            if value and not there:
                yield Fault(table.path, number, column, value, _nowhere(package, table, column, value, codes))


def _nowhere(package: Package, table: Table, column: str, value: str, codes: dict[str, set[str]]) -> str:
    target, vocabulary = table.foreign_keys[column], table.fields[column].vocabulary
    if not vocabulary:
        what = "any record" if target == RECORDS else package.tables[target].path
        return f"is not the id of {what}; add the row or mend the id"
    home = next((name for name, members in codes.items() if value in members), None)
    belongs = f"a code of {home}" if home else "no code of tables/terms.csv"
    return f"is {belongs}; {vocabulary} has {', '.join(sorted(codes.get(vocabulary, set())))}"


def run(package: Package, connection: sqlite3.Connection) -> tuple[list[Fault], list[Fault]]:
    """The faults and the warnings that the queries in `schemas/checks` find in compiled tables.

    Each query returns the table, the row's id, the column, the value and what is wrong with it.
    """
    found: dict[str, list[Fault]] = {"fault": [], "warning": []}
    for name, sql in package.sql("checks").items():
        level = header(sql).get("level", "fault")
        try:
            rows = connection.execute(sql).fetchall()
        except sqlite3.Error as error:
            found["fault"].append(Fault(f"schemas/checks/{name}.sql", message=f"does not run: {error}"))
            continue
        for table, identifier, column, value, message in rows:
            shown = None if value is None else str(value)
            place = line(connection, table, identifier)
            found[level].append(Fault(package.tables[table].path, place, column or "", shown, f"{message} [{name}]"))
    return found["fault"], found["warning"]

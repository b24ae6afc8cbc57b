"""Checks of the whole: ids, codes and references, and the named queries over the compiled file."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from .compile import Typed, header
from .faults import Fault
from .package import RECORDS, Package
from .tables import Row


def whole(package: Package, rows: dict[str, list[Row]]) -> Iterator[Fault]:
    """Faults of ids, codes and references, which one row alone cannot show. `rows` has every table."""
    ids = {name: {row["id"]: line for line, row in enumerate(table, 2)} for name, table in rows.items()}
    yield from _ids(package, rows)
    codes: dict[str, set[str]] = {}
    for row in rows.get("terms", []):
        codes.setdefault(row["vocabulary"], set()).add(row["id"])
    anywhere = set().union(*(ids[name] for name in ids if name != "terms"))
    for table in package.tables.values():
        for column, target in table.foreign_keys.items():
            vocabulary = table.fields[column].vocabulary
            allowed = codes.get(vocabulary, set()) if vocabulary else anywhere if target == RECORDS else ids[target]
            for line, row in enumerate(rows[table.name], 2):
                if (value := row[column]) and value not in allowed:
                    yield Fault(table.path, line, column, value, _nowhere(package, target, vocabulary, value, codes))


def _ids(package: Package, rows: dict[str, list[Row]]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for table in package.tables.values():
        places = {} if table.name == "terms" else seen
        for line, row in enumerate(rows[table.name], 2):
            if (identifier := row["id"]) in places:
                wrong = f"stands in {places[identifier]} already; ids are unique in the whole package, choose another"
                yield Fault(table.path, line, "id", identifier, wrong)
            elif identifier:
                places[identifier] = f"{table.path}:{line}"


def _nowhere(package: Package, target: str, vocabulary: str | None, value: str, codes: dict[str, set[str]]) -> str:
    if not vocabulary:
        what = "any record" if target == RECORDS else package.tables[target].path
        return f"is not the id of {what}; add the row or mend the id"
    home = next((name for name, members in codes.items() if value in members), None)
    belongs = f"a code of {home}" if home else "no code of tables/terms.csv"
    return f"is {belongs}; {vocabulary} has {', '.join(sorted(codes.get(vocabulary, set())))}"


def run(package: Package, typed: Typed, path: Path) -> tuple[list[Fault], list[Fault]]:
    """The faults and the warnings that the queries in `schemas/checks` find in the compiled file."""
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        return ask(package, typed, connection)
    finally:
        connection.close()


def ask(package: Package, typed: Typed, connection: sqlite3.Connection) -> tuple[list[Fault], list[Fault]]:
    """The faults and the warnings that the queries in `schemas/checks` find in the tables.

    Each query returns the table, the row's id, the column, the value and what is wrong with it.
    """
    found: dict[str, list[Fault]] = {"fault": [], "warning": []}
    lines = {row.id: line for name, rows in typed.items() if name != "terms" for line, row in enumerate(rows, 2)}
    terms = {row.id: line for line, row in enumerate(typed.get("terms", []), 2)}
    for name, sql in package.sql("checks").items():
        level = header(sql).get("level", "fault")
        try:
            rows = connection.execute(sql).fetchall()
        except sqlite3.Error as error:
            found["fault"].append(Fault(f"schemas/checks/{name}.sql", message=f"does not run: {error}"))
            continue
        for table, identifier, column, value, message in rows:
            place = (terms if table == "terms" else lines).get(identifier, 0)
            shown = None if value is None else str(value)
            file = package.tables[table].path
            found[level].append(Fault(file, place, column or "", shown, f"{message} [{name}]"))
    return found["fault"], found["warning"]

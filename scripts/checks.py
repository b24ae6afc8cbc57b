"""Checks of the whole: named queries over the compiled file, and the vocabularies."""

import sqlite3
from pathlib import Path

from .compile import Typed, header
from .faults import Fault
from .package import Package


def vocabularies(package: Package, typed: Typed) -> list[Fault]:
    """Faults of codes that no term has, or that belong to another vocabulary."""
    terms = {row.id: row.vocabulary for row in typed["terms"]} if "terms" in typed else {}
    faults = []
    for table in package.tables.values():
        for field in table.schema.fields:
            if not field.vocabulary:
                continue
            allowed = {code for code, vocabulary in terms.items() if vocabulary == field.vocabulary}
            for line, row in enumerate(typed[table.name], 2):
                code = getattr(row, field.name)
                if code is not None and code not in allowed:
                    belongs = f"a code of {terms[code]}" if code in terms else "no code of tables/terms.csv"
                    wrong = f"is {belongs}; {field.vocabulary} has {', '.join(sorted(allowed))}"
                    faults.append(Fault(table.path, line, field.name, code, wrong))
    return faults


def run(package: Package, typed: Typed, path: Path) -> tuple[list[Fault], list[Fault]]:
    """The faults and the warnings that the queries in `schemas/checks` find in the compiled file.

    Each query returns the table, the row's id, the column, the value and what is wrong with it.
    """
    found: dict[str, list[Fault]] = {"fault": [], "warning": []}
    lines = {row.id: line for name, rows in typed.items() if name != "terms" for line, row in enumerate(rows, 2)}
    terms = {row.id: line for line, row in enumerate(typed.get("terms", []), 2)}
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
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
    finally:
        connection.close()
    return found["fault"], found["warning"]

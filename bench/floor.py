"""The floor: the csv module, pydantic-core, sqlite3. What no tool in Python that types and keys the rows can undercut by much.

usage: python -m bench.floor PACKAGE DATABASE
"""

import csv
import sqlite3
import sys
from pathlib import Path

from pydantic_core import SchemaValidator, core_schema

from scripts.compile import OTHER_DDL, table_ddl
from scripts.package import Package

KINDS = {
    "string": core_schema.str_schema, "number": core_schema.float_schema,
    "integer": core_schema.int_schema, "boolean": core_schema.bool_schema,
}


def main(root: Path, database: Path) -> None:
    """Read, type and insert every table; make the indexes on foreign keys."""
    package = Package(root)
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    connection.execute(OTHER_DDL[0])
    for table in package.tables.values():
        connection.execute(table_ddl(table))
        fields = {
            field.name: core_schema.typed_dict_field(
                KINDS[field.type]() if field.constraints.required else core_schema.nullable_schema(KINDS[field.type]())
            )
            for field in table.schema.fields
        }
        validate = SchemaValidator(core_schema.typed_dict_schema(fields)).validate_python
        marks = ",".join("?" * len(fields))
        with open(root / table.path, newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            columns = next(rows)
            connection.executemany(
                f"INSERT INTO {table.name} ({','.join(columns)}) VALUES ({marks})",
                (tuple(validate({c: cell or None for c, cell in zip(columns, row)}).values()) for row in rows),
            )
        for column in table.foreign_keys:
            connection.execute(f"CREATE INDEX {table.name}_{column} ON {table.name} ({column})")
    connection.execute("COMMIT")
    connection.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

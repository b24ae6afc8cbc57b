"""The sqlite-utils command line, with keys, indexes and full text. usage: python -m bench.insert PACKAGE DATABASE"""

import subprocess
import sys
from pathlib import Path

from scripts.package import Package

if __name__ == "__main__":
    root, database = Path(sys.argv[1]), sys.argv[2]
    package = Package(root)

    def tool(*arguments: str) -> None:
        subprocess.run([sys.executable, "-m", "sqlite_utils", *arguments], check=True)

    for table in package.tables.values():
        tool("insert", database, table.name, str(root / table.path), "--csv", "--pk", "id")
    existing = [table for table in package.tables.values() if len((root / table.path).read_text().splitlines()) > 1]
    names = {table.name for table in existing}
    keys = []
    for table in existing:
        keys += [part for column, to in table.foreign_keys.items() if to in names for part in (table.name, column, to, "id")]
    tool("add-foreign-keys", database, *keys)
    tool("index-foreign-keys", database)
    for table in existing:
        words = [field.name for field in table.schema.fields if field.name in ("title", "name", "summary", "text", "definition")]
        if words:
            tool("enable-fts", database, table.name, *words)

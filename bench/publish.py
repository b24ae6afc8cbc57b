"""Frictionless's own way to SQLite: Package.publish. usage: python -m bench.publish PACKAGE DATABASE

It crashes on a `pattern` in a nullable column and knows no keys of ours beyond Table Schema: the patterns are taken out
of a copy of the schemas first.
"""

import json
import shutil
import sys
from pathlib import Path

import frictionless

if __name__ == "__main__":
    root, database = Path(sys.argv[1]), Path(sys.argv[2])
    copy = database.parent / "without-patterns"
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns("build"))
    for path in (copy / "schemas").glob("*.json"):
        schema = json.loads(path.read_text())
        for field in schema["fields"]:
            field.get("constraints", {}).pop("pattern", None)
        path.write_text(json.dumps(schema))
    frictionless.Package(str(copy / "datapackage.json")).publish(f"sqlite:///{database}")

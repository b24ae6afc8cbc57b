"""Datasette's configuration, made from the schemas, and the server."""

import json
import os
import socket
import re
import sys
from pathlib import Path

from .compile import MADE, header
from .faults import Fault, Faulty
from .package import RECORDS, Package, Table

SETTINGS = {
    "suggest_facets": 0,  # a third of the work of a table page, and the schemas name the facets
    "sql_time_limit_ms": 2000,
    "max_returned_rows": 2000,
    "default_page_size": 100,
    "num_sql_threads": 2,
    "allow_download": 1,
    "allow_csv_stream": 1,
    "default_cache_ttl": 300,
    "truncate_cells_html": 400,
}
EXPLORER = Path(__file__).parent.parent / "explorer"
LABELS = ("title", "name", "label", "question")


def metadata(root: Path, package: Package) -> dict:
    """Datasette's metadata: titles and descriptions of everything, units, sort order, facets, saved queries."""
    d = package.descriptor
    tables = {table.name: _table(table) for table in package.tables.values()}
    for name, sql in package.sql("views").items():
        head = header(sql)
        columns = {key.removeprefix("column "): text for key, text in head.items() if key.startswith("column ")}
        tables[name] = {"title": head["title"], "description": head["description"], "columns": columns}
    for name, (title, description) in MADE.items():
        tables[name] = {"title": title, "description": description, "hidden": name == "search_texts"}
    tables[RECORDS]["label_column"] = "label"
    return {
        "title": d.title,
        "description": d.description,
        "creators": [person["title"] for person in d.contributors],
        "license": "CC BY 4.0",
        "license_url": d.licenses[0].path,
        "databases": {d.name: {"title": d.title, "tables": tables, "queries": queries()}},
    }


def _table(table: Table) -> dict:
    schema = table.schema
    label = next((name for name in LABELS if name in table.fields), None)
    about = {
        "title": schema.title,
        "description": schema.description,
        "columns": {field.name: field.description for field in schema.fields},
        "facets": [field.name for field in schema.fields if field.facet],
        "sort": schema.sort,
        "hangs": schema.hangs and schema.hangs.on,  # Datasette has no use for it; the record pages have
    }
    return about | ({"label_column": label} if label else {})


def queries() -> dict[str, dict]:
    """The saved queries of `explorer/queries`, by name.

    A parameter has the default that a line `-- default NAME: VALUE` gives it, also where the address gives it empty.
    """
    found = {}
    for path in sorted((EXPLORER / "queries").glob("*.sql")):
        sql = path.read_text(encoding="utf-8")
        head = header(sql)
        body = "\n".join(line for line in sql.splitlines() if not line.startswith("-- ")).strip()
        defaults = {key.removeprefix("default "): value for key, value in head.items() if key.startswith("default ")}
        for name, value in defaults.items():
            body = re.sub(rf":{name}\b", f"coalesce(nullif(:{name}, ''), '{value}')", body)
        about = {"title": head["title"], "description": head["description"]}
        found[path.stem] = {**about, "sql": body, "defaults": defaults}
    return found


def command(root: Path, database: Path, host: str, port: int) -> list[str]:
    """The command that serves the database, read-only and immutable; writes Datasette's metadata beside it."""
    notes = database.with_name("metadata.json")
    notes.write_text(json.dumps(metadata(root, Package(root)), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    options = ["-i", str(database), "--metadata", str(notes), "--host", host, "--port", str(port)]
    options += ["--template-dir", str(EXPLORER / "templates"), "--plugins-dir", str(EXPLORER / "plugins")]
    options += ["--static", f"static:{EXPLORER / 'static'}", "--cors"]
    for name, value in SETTINGS.items():
        options += ["--setting", name, str(value)]
    return [sys.executable, "-P", str(Path(__file__).with_name("server.py")), "serve", *options]


def serve(root: Path, database: Path, host: str, port: int) -> None:
    """Serve the database until stopped, in this process's place. Never returns."""
    run = command(root, database, host, port)
    try:
        socket.create_server((host, port)).close()
    except (OSError, OverflowError) as error:
        wrong = f"cannot be served on: {error}; choose another with PORT= or HOST="
        raise Faulty([Fault(f"{host} port {port}", message=wrong)]) from None
    print(f"serving http://{host}:{port}/ (Ctrl-C stops)", flush=True)
    os.execv(run[0], run)

"""Who says so: the sources that support rows, named shortly."""

import sqlite3
from collections import defaultdict

# The evidence on the rows of one table; `{table}` and `{key}` are our own names, never a reader's.
SQL = """SELECT DISTINCT t.{key} AS id, s.id AS source_id, s.title, s.authors, s.date, e.states
  FROM {table} t JOIN evidence e ON e.record_id = t.{key} JOIN sources s ON s.id = e.source_id
  WHERE e.stance = 'supports' ORDER BY s.date, s.id"""


def supporting(connection: sqlite3.Connection, table: str, key: str = "id") -> dict[str, list[dict]]:
    """For each id in a column of a table, the sources whose evidence supports it, each once, with what they state."""
    found: dict[str, dict[str, dict]] = defaultdict(dict)
    for row in connection.execute(SQL.format(table=table, key=key)):
        source = found[row["id"]].setdefault(row["source_id"], {"id": row["source_id"], "short": short(row), "states": []})
        if row["states"] and row["states"] not in source["states"]:
            source["states"].append(row["states"])
    return {identifier: list(sources.values()) for identifier, sources in found.items()}


def short(row: sqlite3.Row) -> str:
    """A source as a note names it: the first author's family name and the year; the title where there is no author."""
    authors = (row["authors"] or "").split(";")
    name = authors[0].partition(",")[0].strip() or row["title"]
    return f"{name}{' and others' if len(authors) > 1 else ''} {(row['date'] or '')[:4]}".strip()

"""Who says so: the sources that support rows, named shortly."""

import sqlite3
from collections import defaultdict

from explorer import records

# The evidence on the rows of one table; `{table}` and `{key}` are our own names, never a reader's.
SQL = """SELECT DISTINCT t.{key} AS id, s.id AS source_id, s.title, s.authors, s.date, e.states
  FROM {table} t JOIN evidence e ON e.record_id = t.{key} JOIN sources s ON s.id = e.source_id
  WHERE e.stance = 'supports' ORDER BY s.date, s.id"""


def supporting(connection: sqlite3.Connection, table: str, key: str = "id") -> dict[str, list[dict]]:
    """For each id in a column of a table, the sources whose evidence supports it, each once, with what they state."""
    found: dict[str, dict[str, dict]] = defaultdict(dict)
    for row in connection.execute(SQL.format(table=table, key=key)):
        name = records.short(row["title"], row["authors"], row["date"])
        source = found[row["id"]].setdefault(row["source_id"], {"id": row["source_id"], "short": name, "states": []})
        if row["states"] and row["states"] not in source["states"]:
            source["states"].append(row["states"])
    return {identifier: list(sources.values()) for identifier, sources in found.items()}

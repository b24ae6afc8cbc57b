"""Cells of tables and of answers to queries: dates in words, ids as links."""

import re

from datasette import hookimpl
from markupsafe import Markup

from explorer import store

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+-[1-9][0-9]*)*")


@hookimpl
def render_cell(value, column, table, datasette):
    """A date as a person writes it, with its code at hand; in views and queries, ids lead to their records."""
    if not value or not isinstance(value, str):
        return None
    if column == "date" or column.endswith("_date") or _edtf(datasette, table, column):
        words = store.in_words(value)
        return None if words == value else Markup('<time title="{}">{}</time>').format(value, words)
    known = datasette.jinja_env.globals["store"].tables.get(table)
    made = known is None or known.kind != "table"
    if made and (column == "id" or column.endswith("_id")) and ID.fullmatch(value):
        return Markup('<a href="/id/{}">{}</a>').format(value.replace(".", "~2E"), value)
    return None


def _edtf(datasette, table: str | None, column: str) -> bool:
    known = datasette.jinja_env.globals["store"].tables.get(table)
    return bool(known and column in known.columns and known.columns[column].edtf)

"""Cells of tables and of answers to queries: dates in words, ids as links."""

import re
from functools import lru_cache

from datasette import hookimpl
from markupsafe import Markup, escape

from explorer import store

LONG = 100  # characters of a cell that is shown folded
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+-[1-9][0-9]*)*")


@hookimpl
def render_cell(value, column, table, datasette):
    """A date as a person writes it, with its code at hand; in views and queries, ids lead to their records."""
    if value and isinstance(value, str):
        match _kind(datasette.jinja_env.globals["store"], table, column):
            case "date" if (words := store.in_words(value)) != value:
                return Markup('<time title="{}">{}</time>').format(value, words)
            case "id" if ID.fullmatch(value):
                return Markup('<a href="/id/{}">{}</a>').format(value.replace(".", "~2E"), value)
    return None


@hookimpl
def prepare_jinja2_environment(env):
    """Give the table its rows: of a page's time, a template takes a third for its cells."""
    env.globals["table_rows"] = table_rows


def table_rows(rows, headings: dict[str, str]) -> Markup:
    """The rows of a table as HTML, from Datasette's cells."""
    names = {cell["column"] for row in rows[:1] for cell in row}
    columns = {
        name: f'" data-column="{escape(name)}" data-label="{escape(headings.get(name) or name)}">' for name in names
    }
    lines = []
    for row in rows:
        lines.append(f'<tr data-id="{escape(row["id"])}">\n' if "id" in headings else "<tr>\n")
        for cell in row:
            raw, kind, column = cell["raw"], cell["value_type"], columns[cell["column"]]
            if isinstance(raw, str) and len(raw) > LONG:
                lines.append(f'<td class="type-{kind} long{column}<div>{escape(cell["value"])}</div></td>\n')
            else:
                lines.append(f'<td class="type-{kind}{column}{"" if raw is None else escape(cell["value"])}</td>\n')
        lines.append("</tr>\n")
    return Markup("".join(lines))


@lru_cache(1024)  # a query may name its columns as it likes
def _kind(known: store.Store, table: str | None, column: str) -> str:
    """What a column holds, as far as it is shown in a way of its own; no table means the answer to a query."""
    described = known.tables.get(table)
    if column == "date" or (described and column in described.columns and described.columns[column].edtf):
        return "date"
    made = described is None or described.kind != "table"
    return "id" if made and (column == "id" or column.endswith("_id")) else ""

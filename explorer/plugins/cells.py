"""Cells of tables and of answers to queries: dates in words, ids as links."""

import html
import re
from functools import lru_cache

import datasette.views.database
import datasette.views.table
from datasette import hookimpl
from datasette.plugins import pm
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
                return Markup(f'<time title="{escape(value)}">{escape(words)}</time>')
            case "id" if ID.fullmatch(value):  # letters that need no escape
                return Markup(f'<a href="/id/{value.replace(".", "~2E")}">{value}</a>')
    return None


class Hooks:
    """Datasette's plugins as its pages ask them: for cells, this one alone, without what asking all takes each time."""

    def __init__(self):
        self.hook = self

    def __getattr__(self, name: str):
        return getattr(pm.hook, name)

    def render_cell(self, value, column, table, datasette, **_) -> tuple:
        """What `pm.hook.render_cell` returns."""
        shown = render_cell(value, column, table, datasette)
        return () if shown is None else (shown,)


@hookimpl
def startup():
    """Have cells asked at once, if no other plugin shows any."""
    if len(pm.hook.render_cell.get_hookimpls()) == 1:
        datasette.views.table.pm = datasette.views.database.pm = Hooks()


@hookimpl
def prepare_jinja2_environment(env):
    """Give tables their rows: of a page's time, a template takes a third for its cells."""
    env.globals |= {"table_rows": table_rows, "answer_rows": answer_rows}


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
                lines.append(f'<td class="type-{kind} long{column}<div>{_html(cell["value"])}</div></td>\n')
            else:
                lines.append(f'<td class="type-{kind}{column}{"" if raw is None else _html(cell["value"])}</td>\n')
        lines.append("</tr>\n")
    return Markup("".join(lines))


def _html(value) -> str:
    """A value as HTML; for so many cells `escape` would make as many objects."""
    return value if isinstance(value, Markup) else html.escape(str(value))


def answer_rows(rows, columns: list[str]) -> Markup:
    """The rows of an answer to a query as HTML, from Datasette's cells."""
    labels = [f'<td data-label="{escape(name)}"' for name in columns]
    lines = []
    for row in rows:
        lines.append("<tr>")
        for label, value in zip(labels, row):
            folded = ' class="long"' if len(str(value)) > LONG else ""
            lines.append(f"{label}{folded}>{_html(value)}</td>")
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

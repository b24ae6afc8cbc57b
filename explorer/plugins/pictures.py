"""The pages that draw: timeline, map, documents, trade, polls. The plugin `answers` keeps them once they are drawn."""

from datasette import hookimpl
from datasette.utils.asgi import BadRequest, Response
from markupsafe import Markup, escape

from explorer import store
from explorer.pictures import documents, figures, lanes, places, polls, timeline


class Nothing:
    """The state of a page that has only one."""

    @classmethod
    def read(cls, arguments):
        return cls


async def page(request, datasette, name, state_type, read):
    """The page `name` in the state that the address asks for, drawn from what `read(connection, state)` returns."""
    try:
        state = state_type.read(request.args)
    except ValueError as error:
        raise BadRequest(str(error)) from None
    content = await store.ask(datasette, read, state)
    return Response.html(await datasette.render_template(f"{name}.html", content | {"state": state}, request=request))


def read_timeline(connection, state):
    rows = timeline.select(connection, state)
    return {
        "rows": rows, "picture": lanes.draw(state, rows),
        "choices": timeline.choices(connection), "lanes": timeline.LANES,
        "eras": timeline.ERAS, "first": timeline.FIRST, "last": timeline.LAST, "limit": timeline.ROWS,
    }


@hookimpl
def prepare_jinja2_environment(env):
    """Give the timeline its marks and its list, which are too many for a template."""
    env.globals |= {"timeline_marks": marks, "timeline_list": listed}


def marks(lane, path, pitch, term) -> Markup:
    """The marks of a lane, each a link to its record."""
    lines = []
    for mark in lane.marks:
        row, y = mark.row, 30 + mark.level * pitch
        ends = f'{"" if row["date_earliest"] else " open-start"}{"" if row["date_latest"] else " open-end"}'
        told = [row["label"], row["words"], term(row["status"]), "Contested" if row["contested"] else ""]
        title = escape(". ".join(filter(None, told)))
        lines.append(f'<a class="mark {mark.fate}{ends}" href="{path}/{row["id"]}"><title>{title}</title>')
        if mark.span:
            half = 6.5 if mark.inside else 4
            size = f'x="{mark.left}" y="{y - half}" width="{mark.width}" height="{2 * half}"'
            lines.append(f'<rect class="span" {size} rx="3"/>')
        else:
            place = f'x="{mark.middle}" y="{y}"/>'
            lines.append(f'<use href="#{lane.name}" {place}')
            if mark.fate == "off":
                lines.append(f'<use class="cross" href="#cross" {place}')
        if mark.label:
            anchor = ' text-anchor="end"' if mark.label_left else ""
            lines.append(f'<text x="{mark.label_x}" y="{y + 4}"{anchor}>{escape(mark.label)}</text>')
        lines.append("</a>\n")
    return Markup("".join(lines))


def listed(rows, paths, term) -> Markup:
    """The same records as rows of a table."""
    lines = []
    for row in rows:
        table, flag = row["table_name"], ' <span class="contested">contested</span>' if row["contested"] else ""
        codes = "".join(f", {term(code).lower()}" for code in (row["kind"], row["format"], row["status"]) if code)
        when = f'<time title="{escape(row["when"])}">{escape(row["words"])}</time>'
        link = f'<a href="{paths[table]}/{row["id"]}">{escape(row["label"])}</a>'
        about = f'<span class="small faint">{timeline.LANES[table][:-1]}{escape(codes)}</span>'
        lines.append(f"<tr><td>{when}</td><td>{link}{flag}<br>{about}</td></tr>\n")
    return Markup("".join(lines))


PAGES = {
    "timeline": (timeline.State, read_timeline),
    "map": (Nothing, lambda connection, state: places.read(connection)),
    "documents": (documents.State, documents.read),
    "trade": (Nothing, lambda connection, state: figures.read(connection)),
    "polls": (Nothing, lambda connection, state: polls.read(connection)),
}


@hookimpl
def register_routes():
    """One route a page."""

    def route(name):
        async def view(request, datasette):
            return await page(request, datasette, name, *PAGES[name])

        return rf"^/-/{name}$", view

    return [route(name) for name in PAGES]

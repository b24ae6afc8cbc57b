"""The pages that draw: timeline, map, documents, trade, polls. The plugin `answers` keeps them once they are drawn."""

from datasette import hookimpl
from datasette.utils.asgi import BadRequest, Response

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

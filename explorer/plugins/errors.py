"""What error pages say beyond the error: the records nearest to the one asked for, the columns that a table has."""

import difflib
import re

from datasette import hookimpl
from datasette.utils import tilde_decode
from datasette.utils.asgi import BadRequest

from explorer import records, searching, store


@hookimpl
def filters_from_request(request, table, datasette):
    """Refuse a filter by a column that the table has not, which SQLite would take for a text that matches nothing."""
    known = datasette.jinja_env.globals["store"].tables.get(table)
    for name in request.args if known else ():
        if not name.startswith("_") and name.partition("__")[0] not in known.columns:
            raise BadRequest(f"{known.title} has no column “{name.partition('__')[0]}” to filter by.")


@hookimpl
def extra_template_vars(datasette, template, request):
    """Helpers that the error page calls for the kind of error that it shows."""
    if template != "error.html":
        return {}

    async def nearest() -> list[records.Entry]:
        """The records whose names and ids are most like the last part of the address."""
        asked = re.sub(r"\.(json|csv)$", "", tilde_decode(request.path.rpartition("/")[2]))
        words = " ".join(re.findall(r"\w+", asked))[:100]
        spellings = await store.once(datasette, searching.Spellings)
        hits = await store.ask(datasette, searching.like, spellings, words)
        return sorted(hits, key=lambda entry: -difflib.SequenceMatcher(None, asked, entry.id).ratio())[:8]

    async def asked_table() -> store.Table | None:
        """The table that the address asks."""
        known = await store.of(datasette)
        parts = request.path.strip("/").split("/")
        asked = parts[0] == known.database and len(parts) > 1
        return known.tables.get(parts[1].partition(".")[0]) if asked else None

    return {"nearest": nearest, "asked_table": asked_table}

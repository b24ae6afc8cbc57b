"""What programs read: places as GeoJSON, the guide for assistants, and what crawlers may take."""

import json
import sqlite3

from datasette import hookimpl
from datasette.utils import add_cors_headers
from datasette.utils.asgi import Response
from markupsafe import escape

from explorer import store

SITEMAP_SIZE = 50_000  # the protocol's limit of addresses


@hookimpl
def register_routes():
    """Their addresses."""
    return [
        (r"^/-/places\.geojson$", places),
        (r"^/llms\.txt$", llms),
        (r"^/robots\.txt$", robots),
        (r"^/sitemap\.xml$", sitemap),
    ]


PLACES = """
SELECT p.id, p.name, p.kind, p.latitude, p.longitude, p.disputed, q.name AS administered_by, r.contested,
  (SELECT json_group_array(n.name) FROM names n WHERE n.record_id = p.id) AS names,
  (SELECT count(*) FROM meetings m WHERE m.place_id = p.id) AS meetings
FROM places p JOIN records r ON r.id = p.id LEFT JOIN parties q ON q.id = p.party_id
WHERE p.latitude IS NOT NULL ORDER BY p.id"""


async def places(datasette, request):
    """Every place with coordinates as a GeoJSON feature, with the number of meetings there."""
    known = await store.of(datasette)
    base = datasette.absolute_url(request, "/").rstrip("/")
    features = [_feature(dict(row), base, known) for row in await store.ask(datasette, _places)]
    response = Response.json({"type": "FeatureCollection", "features": features})
    response.content_type = "application/geo+json"
    add_cors_headers(response.headers)
    return response


def _places(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    return connection.execute(PLACES).fetchall()


def _feature(row: dict, base: str, known: store.Store) -> dict:
    point = {"type": "Point", "coordinates": [row.pop("longitude"), row.pop("latitude")]}
    named = {"kind": known.term(row["kind"]), "names": json.loads(row["names"]), "url": f"{base}/id/{row['id']}"}
    flags = {name: bool(row[name]) for name in ("disputed", "contested")}
    return {"type": "Feature", "id": row["id"], "geometry": point, "properties": row | named | flags}


async def llms(datasette, request):
    """How a reader's assistant can ask the data, with citations."""
    known = await store.of(datasette)
    queries = await datasette.get_canned_queries(known.database, request.actor)
    context = {"base": datasette.absolute_url(request, "/").rstrip("/"), "queries": queries}
    return Response.text(await datasette.render_template("llms.txt", context, request=request))


async def robots(datasette, request):
    """All may be read but answers to SQL, of which there is no end."""
    known = await store.of(datasette)
    closed = [f"/{known.database}?", "/*?sql=", "/*&sql=", "/*?*_sort", "/*?*_where"]
    rules = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "Allow: /"]
    return Response.text("\n".join([*rules, "", f"Sitemap: {datasette.absolute_url(request, '/sitemap.xml')}", ""]))


async def sitemap(datasette, request):
    """The pages, the tables and the main records."""
    known = await store.of(datasette)
    base = datasette.absolute_url(request, "/").rstrip("/")
    tables = [known.path(name) for name, table in known.tables.items() if table.kind != "made"]
    found = await store.ask(datasette, _main_records)
    paths = [path for _, path in datasette.jinja_env.globals["site"]["menu"]] + tables
    paths += [known.path(table, identifier) for identifier, table in found]
    entries = "".join(f"<url><loc>{escape(base + path)}</loc></url>\n" for path in paths)
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    return Response(body, content_type="application/xml; charset=utf-8")


def _main_records(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    sql = "SELECT id, table_name FROM records WHERE parent_id IS NULL LIMIT ?"
    return connection.execute(sql, (SITEMAP_SIZE - 100,)).fetchall()

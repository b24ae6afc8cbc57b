"""The pages that are not Datasette's own, and what every template may call."""

import re
from pathlib import Path

from datasette import hookimpl
from datasette.utils import add_cors_headers, tilde_decode
from datasette.utils.asgi import NotFound, Response
from jinja2 import Template

from explorer import citing, records, searching, store, telling

MENU = (
    ("Home", "/"), ("Search", "/-/search"), ("Timeline", "/-/timeline"), ("Map", "/-/map"),
    ("Documents", "/-/documents"), ("Tactics", "/-/tactics"), ("Envoys", "/-/envoys"), ("Trade", "/-/trade"),
    ("Polls", "/-/polls"), ("Disagreements", "/-/disagreements"), ("SQL", "/-/sql-guide"),
    ("About and cite", "/-/about"),
)
TEMPLATES = Path(__file__).parents[1] / "templates"
WAITING = {"error.html"}  # templates that ask the database


@hookimpl
def prepare_jinja2_environment(env):
    """Give every template, error pages too, the helpers."""
    env.at_once = env.overlay(enable_async=False)

    class Page(Template):
        """A page that is made at once where it waits for nothing: Datasette's way hands on every cell by itself, which
        takes three times as long."""

        async def render_async(self, *context, **more) -> str:
            ours = self.filename and Path(self.filename).parent == TEMPLATES and self.name not in WAITING
            if not ours:
                return await super().render_async(*context, **more)
            return env.at_once.get_template(self.name).render(*context, **more)

    env.template_class = Page
    env.globals |= {"asset": store.asset, "query": store.query}
    env.filters["in_words"] = store.in_words


@hookimpl
def startup(datasette):
    """Read the store before the first request, and give it to every template."""

    async def read():
        known = await store.of(datasette)
        package = known.package
        for path in TEMPLATES.glob("*.html"):  # translated, and what is made once made, before the first reader comes
            for environment in (datasette.jinja_env, datasette.jinja_env.at_once):
                environment.get_template(path.name)
        await store.once(datasette, telling.front)
        await store.once(datasette, searching.Spellings)
        datasette.jinja_env.globals["store"] = known
        datasette.jinja_env.globals["site"] = {
            "title": package["title"], "version": package["version"], "menu": MENU,
            "licence": datasette.metadata("license"), "licence_url": datasette.metadata("license_url"),
            "code_licence": package["code_licence"],
        }

    return read


@hookimpl
def register_routes(datasette):
    """The addresses of the pages; those of records come before Datasette's own row pages."""
    tables = (datasette.metadata("databases") or {}).values()
    names = [name for database in tables for name, about in database["tables"].items() if "hangs" in about]
    return [
        (r"^/$", home),
        (r"^/-/search$", search),
        (r"^/-/tactics$", tactics),
        (r"^/-/envoys$", envoys),
        (r"^/-/disagreements$", disagreements),
        (r"^/-/sql-guide$", sql_guide),
        (r"^/-/about$", about),
        (r"^/-/cell-sources/(?P<id>[^/]+)\.json$", cell_sources),
        (r"^/id/(?P<id>[^/]+)$", permanent),
        (r"^/[^/.]+/records/(?P<id>[^/.]+)$", permanent),
        (rf"^/[^/.]+/(?P<table>{'|'.join(map(re.escape, names))})/(?P<id>[^/.]+)$", record),
    ]


async def page(datasette, request, template: str, **context) -> Response:
    """A page made from a template."""
    return Response.html(await datasette.render_template(template, context, request=request))


def origin(datasette, request) -> str:
    """Scheme and host under which the reader sees the site."""
    return datasette.absolute_url(request, "/").rstrip("/")


async def home(datasette, request):
    """What this is, a search box, counts that link to tables, the ways in."""
    known = await store.of(datasette)
    creators = datasette.metadata("creators")
    about = citing.dataset(known, creators, origin(datasette, request), datasette.metadata("license_url"))
    front = await store.once(datasette, telling.front)
    return await page(datasette, request, "home.html", json_ld=citing.json_ld(about), front=front)


async def search(datasette, request):
    """Everything that matches, by type of record."""
    text, kind = request.args.get("q") or "", request.args.get("type") or ""
    known = await store.of(datasette)
    if kind and kind not in known.tables:
        return Response.redirect(f"/-/search?{store.query(q=text)}", 303)
    number = page_number(request)
    spellings = await store.once(datasette, searching.Spellings)
    found = await store.ask(datasette, searching.search, spellings, text[:200], kind, number)
    more = kind and found.counts.get(kind, 0) > number * searching.PAGE
    return await page(datasette, request, "search.html", q=text, kind=kind, found=found, number=number, more=more)


def page_number(request) -> int:
    """The page that the address asks for; the first where it asks for none that can be."""
    asked = request.args.get("page") or "1"
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1


async def record(datasette, request):
    """Everything about one record."""
    known = await store.of(datasette)
    table, identifier = request.url_vars["table"], tilde_decode(request.url_vars["id"])
    found = await store.ask(datasette, records.read, known, table, identifier)
    if found is None:
        raise NotFound(f"There is no record {identifier} in {table}")
    base = origin(datasette, request)
    address = f"{base}/id/{identifier}"
    return await page(
        datasette, request, "record.html", record=found, address=address, path=known.path(table, identifier),
        citations=citing.citations(known, datasette.metadata("creators"), found.entry.label, identifier, address),
        json_ld=citing.json_ld(citing.described(known, found, base)),
    )


async def permanent(datasette, request):
    """Send from a record's permanent address to its page."""
    identifier = tilde_decode(request.url_vars["id"])
    known = await store.of(datasette)
    entry = (await store.ask(datasette, records.entries, [identifier])).get(identifier)
    if not entry and identifier not in known.terms:
        raise NotFound(f"There is no record {identifier}")
    return Response.redirect(known.path(entry.table if entry else "terms", identifier), 303)


async def cell_sources(datasette, request):
    """Which sources speak to each column of a record, for the notes that table cells show."""
    identifier = tilde_decode(request.url_vars["id"])
    response = Response.json(await store.ask(datasette, records.cell_sources, identifier))
    add_cors_headers(response.headers)
    return response


async def tactics(datasette, request):
    """The hierarchy of tactics with their uses and verdicts."""
    chosen = {name: request.args.get(name) or "" for name in ("verdict", "party")}
    told = await store.ask(datasette, telling.tactics, chosen)
    return await page(datasette, request, "tactics.html", told=told, chosen=chosen)


async def envoys(datasette, request):
    """The chains of envoys by period."""
    chosen = {name: request.args.get(name) or "" for name in ("kind", "verdict", "party", "person")}
    told = await store.ask(datasette, telling.envoys, chosen)
    return await page(datasette, request, "envoys.html", told=told, chosen=chosen)


async def disagreements(datasette, request):
    """Each disagreement with what is said and how it is ruled."""
    chosen = {name: request.args.get(name) or "" for name in ("q", "type", "source", "status", "kind")}
    number = page_number(request)
    told = await store.ask(datasette, telling.disagreements, chosen, number)
    return await page(datasette, request, "disagreements.html", told=told, chosen=chosen, number=number)


async def sql_guide(datasette, request):
    """The saved queries, a box for one's own, and the schema."""
    known = await store.of(datasette)
    queries = await datasette.get_canned_queries(known.database, request.actor)
    return await page(datasette, request, "sql_guide.html", queries=queries, row_limit=datasette.max_returned_rows)


async def about(datasette, request):
    """How to cite, download and correct."""
    known = await store.of(datasette)
    cite = citing.citations(known, datasette.metadata("creators"), "", "", origin(datasette, request) + "/")
    return await page(datasette, request, "about.html", citations=cite)

"""The pages that are not Datasette's own, and what every template may call."""

from datasette import hookimpl

from explorer import store

MENU = (
    ("Home", "/"), ("Search", "/-/search"), ("Timeline", "/-/timeline"), ("Map", "/-/map"), ("Documents", "/-/documents"),
    ("Tactics", "/-/tactics"), ("Envoys", "/-/envoys"), ("Trade", "/-/trade"), ("Polls", "/-/polls"),
    ("Disagreements", "/-/disagreements"), ("SQL", "/-/sql-guide"), ("About and cite", "/-/about"),
)


@hookimpl
def prepare_jinja2_environment(env, datasette):
    """Give every template, error pages too, the site's description and the helpers."""
    env.globals["asset"] = store.asset
    env.filters["in_words"] = store.in_words


@hookimpl
def startup(datasette):
    """Read the store before the first request."""

    async def read():
        known = await store.of(datasette)
        package = known.package
        datasette.jinja_env.globals["store"] = known
        datasette.jinja_env.globals["site"] = {
            "title": package["title"], "version": package["version"], "menu": MENU,
            "licence": datasette.metadata("license"), "licence_url": datasette.metadata("license_url"),
            "code_licence": package["code_licence"],
        }

    return read

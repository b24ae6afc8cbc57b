"""What the server refuses, and the headers that it sends with everything: a public server with no accounts.

Requests have neither cookies nor credentials when they reach Datasette, and answers set none.
"""

import base64
import hashlib
import json
import re
import sqlite3
import sys

from datasette import hookimpl
from datasette.database import QueryInterrupted
from datasette.plugins import pm
from datasette.utils.asgi import Base400, Response
from datasette.views.base import DatasetteError

URL_LIMIT = 16_000  # bytes of path and query
HEADERS_LIMIT = 16_000  # bytes of all headers
PARAMETERS_LIMIT = 200
# Datasette's pages for the owner of a server: accounts, messages, debugging, where files lie.
CLOSED = re.compile(
    r"/-/(?:actor|allow-debug|auth-token|databases|logout|messages|patterns|permissions|threads)(?:\.json)?/?"
    r"|/_internal\b.*"
)
PERSONAL = {b"cookie", b"authorization"}
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
}
INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)
# The one inline script of Datasette that has a value put into it, as it comes out.
FILLED = ["DATASETTE_ALLOW_FACET = true;", "DATASETTE_ALLOW_FACET = false;"]

# Ours below takes its place. Where rich is installed, Datasette's draws each error with it while all others wait.
if pm.has_plugin("datasette.handle_exception"):
    pm.unregister(name="datasette.handle_exception")


@hookimpl
def handle_exception(datasette, request, exception):
    """The page for an error: what was wrong with the request, and nothing of the server's inside."""

    async def page():
        status, title, message, more = explained(exception)
        about = {**more, "ok": False, "error": message, "status": status, "title": title}
        if request.path.endswith(".json"):
            return Response.json(about, status=status)
        html = await datasette.render_template([f"{status}.html", "error.html"], about, request, "error")
        return Response.html(html, status=status)

    return page


def explained(error: Exception) -> tuple[int, str | None, str, dict]:
    """Status, title, message and whatever else there is to say of an error."""
    if isinstance(error, QueryInterrupted) or isinstance(error.__context__, QueryInterrupted):
        return 400, "SQL interrupted", "The query took too long; ask for less, or run it on a copy of the file.", {}
    if isinstance(error, DatasetteError):
        # Datasette's default for what is wrong with a request, such as an order by no column, is 500.
        return 400 if error.status == 500 else error.status, error.title, error.message, error.error_dict
    if isinstance(error, Base400):
        return error.status, None, error.args[0], {}
    if isinstance(error, MemoryError):
        return 400, "SQL interrupted", "The query needs more memory than one query may have.", {}
    if isinstance(error, sqlite3.Error):
        return 400, "Invalid SQL", str(error), {}
    if isinstance(error, json.JSONDecodeError):
        return 400, None, "A parameter that must be JSON is not.", {}
    print(f"ERROR: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    return 500, None, "Something went wrong here.", {}


@hookimpl(trylast=True)
def asgi_wrapper(datasette):
    """Stand outside everything else."""
    policy = policy_of(datasette.jinja_env).encode()
    return lambda app: Guard(app, policy)


def policy_of(templates) -> str:
    """The content security policy: nothing from other hosts, and of inline scripts and styles only those that stand in
    the templates word for word, by their hashes."""
    hashes: dict[str, set[str]] = {"script": {_hash(text) for text in FILLED}, "style": set()}
    for name in templates.list_templates():
        if name.endswith(".html"):
            source, _, _ = templates.loader.get_source(templates, name)
            for kind, text in INLINE.findall(source):
                if text.strip() and "{{" not in text:
                    hashes[kind].add(_hash(text))
    return "; ".join([
        "default-src 'self'",
        f"script-src 'self' {' '.join(sorted(hashes['script']))}",
        f"style-src 'self' {' '.join(sorted(hashes['style']))}".rstrip(),
        "style-src-attr 'unsafe-inline'",  # Datasette's tables and editor size and colour themselves
        "img-src 'self' data:",
        "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
    ])


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class Guard:
    """Refuses what no reader sends, and adds the headers."""

    def __init__(self, app, policy: bytes):
        self.app = app
        self.headers = [*HEADERS.items(), (b"content-security-policy", policy)]

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun = False

        async def guarded(message):
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                ours = {b"set-cookie", *(name for name, _ in self.headers)}
                others = [(name, value) for name, value in message.get("headers", []) if name.lower() not in ours]
                message = {**message, "headers": [*others, *self.headers]}
            await send(message)

        if refusal := refused(scope):
            return await plain(guarded, *refusal)
        headers = [(name, value) for name, value in scope["headers"] if name.lower() not in PERSONAL]
        try:
            await self.app({**scope, "headers": headers}, receive, guarded)
        except Exception as error:
            print(f"ERROR: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            if begun:
                raise
            await plain(guarded, 500, "Something went wrong here.")


def refused(scope) -> tuple[int, str] | None:
    """The status and the reason for which a request is refused unread, or None."""
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string") or b""
    if scope["method"] not in ("GET", "HEAD"):
        return 405, "This server is only read from: use GET or HEAD."
    if len(path) + len(query) > URL_LIMIT:
        return 414, f"The address is longer than {URL_LIMIT} bytes."
    if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADERS_LIMIT:
        return 431, f"The headers are longer than {HEADERS_LIMIT} bytes."
    if query.count(b"&") >= PARAMETERS_LIMIT:
        return 400, f"The address has more than {PARAMETERS_LIMIT} parameters."
    if not path.isascii() or b"%00" in path + query or b"~00" in path:
        return 400, "The address has characters that it may not have."
    if CLOSED.fullmatch(scope["path"]):
        return 404, "There is no such page."
    return None


async def plain(send, status: int, text: str) -> None:
    """Answer with a line of plain text that nobody keeps."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    if status == 405:
        headers.append((b"allow", b"GET, HEAD"))
    body = f"{text}\n".encode()
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

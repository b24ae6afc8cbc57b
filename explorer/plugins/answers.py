"""Answers made once and kept: compressed, with a strong ETag, in bounded memory; and a line to wait in for the rest.

The file that is served never changes, so that an address has one answer. What takes long (a reader's own SQL, very
long pages) waits in a line of its own, and the other pages never wait for it.
"""

import asyncio
import gzip
import hashlib
import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from urllib.parse import parse_qs

from datasette import hookimpl

KEPT = 64_000_000  # bytes of all answers kept
LARGEST = 4_000_000  # bytes of an answer that is put together before it is sent; longer ones flow
FLOWING = 16  # long answers that may flow at once
LEVEL = 3  # of compression: four tenths of the time of 6, for a sixth more bytes
PIECE = 65_536  # bytes given to a connection at a time, so that a slow reader does not have its own copy of an answer
MAX_AGE = 300  # seconds for which a reader or a shared cache need not ask again
CACHED = b"public, max-age=%d" % MAX_AGE
FOR_EVER = b"public, max-age=31536000, immutable"
TEXT = re.compile(rb"text/|application/(?:json|javascript|xml)|image/svg\+xml")
VARY = (b"vary", b"Accept-Encoding")


@hookimpl(tryfirst=True)
def asgi_wrapper(datasette):
    """Stand next to Datasette, inside everything else. One thread of SQL is always free of long work."""
    threads = datasette.setting("num_sql_threads")
    return lambda app: Answers(app, Line(max(1, threads - 1), 8, 4), Line(4, 200, 10))


class Busy(Exception):
    """There are too many in the line."""


class Gone(Exception):
    """The reader has hung up."""


class TooLong(Exception):
    """The answer to a reader's own SQL is too long."""


class Line:
    """So many are served at once, so many may wait, and for so many seconds."""

    def __init__(self, served: int, waiting: int, patience: float):
        self.free, self.places, self.patience = asyncio.Semaphore(served), waiting, patience

    async def enter(self):
        """Wait for a turn; what is returned ends it, and may be called twice. Raises `Busy`."""
        if not self.places:
            raise Busy
        self.places -= 1
        try:
            await asyncio.wait_for(self.free.acquire(), self.patience)
        except TimeoutError:
            raise Busy from None
        finally:
            self.places += 1
        ended = False

        def leave() -> None:
            nonlocal ended
            if not ended:
                ended = True
                self.free.release()

        return leave


@dataclass
class Answer:
    """A whole answer; `packed` says that the body is compressed."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    packed: bool
    tag: str
    made: float

    @property
    def size(self) -> int:
        """About how much memory it takes."""
        return len(self.body) + 2_000

    async def give(self, scope, send) -> None:
        """Send it as this request asks: compressed or not, or that what the reader has is still good."""
        asked = dict(scope["headers"])
        small = self.packed and takes_gzip(asked.get(b"accept-encoding", b""))
        headers, body = list(self.headers), self.body
        if self.status == 200:
            tag = f'"{self.tag}-gzip"' if small else f'"{self.tag}"'
            headers += [(b"etag", tag.encode()), VARY]
            known = asked.get(b"if-none-match", b"").decode("latin-1")
            if known.strip() == "*" or tag in re.findall(r'"[^"]*"', known):
                kept = [(name, value) for name, value in headers if name in (b"etag", b"cache-control", b"vary")]
                await send({"type": "http.response.start", "status": 304, "headers": kept})
                return await send({"type": "http.response.body", "body": b""})
        if small:
            headers.append((b"content-encoding", b"gzip"))
        elif self.packed:
            body = gzip.decompress(body)
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        for start in range(0, max(1, len(body)), PIECE):
            more = start + PIECE < len(body)
            await send({"type": "http.response.body", "body": body[start : start + PIECE], "more_body": more})


def takes_gzip(accepted: bytes) -> bool:
    """Whether an Accept-Encoding has gzip, and not with a weight of nought."""
    return re.search(rb"(?:^|[\s,])(?:gzip|\*)(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", accepted) is not None


def takes_long(query: str) -> bool:
    """Whether a query string asks for what may take long: a reader's own SQL, or very many rows."""
    asked = parse_qs(query, keep_blank_values=True)
    size = asked.get("_size", ["0"])[0]
    own = asked.keys() & {"sql", "_where", "_stream"} or "raw" in asked.get("_searchmode", [])
    return bool(own) or not size.isdecimal() or int(size) > 200


def refusal(status: int, text: str, *headers: tuple[bytes, bytes]) -> Answer:
    """An answer that says why there is none."""
    kind = (b"content-type", b"text/plain; charset=utf-8")
    return Answer(status, [kind, (b"cache-control", b"no-store"), *headers], f"{text}\n".encode(), False, "", 0)


BUSY = refusal(503, "Too many questions at once; ask again in a few seconds.", (b"retry-after", b"3"))
NO_COLUMNS = b"\r\n"  # Datasette's CSV, with status 200, of a query that failed
NO_CSV = refusal(400, "The query failed; ask for it as JSON to see why.")
TOO_LONG = refusal(400, "The answer is too long; ask for fewer rows or columns.")


class Answers:
    """Gives kept answers, and has others made in turn."""

    def __init__(self, app, long: Line, short: Line):
        self.app, self.long, self.short = app, long, short
        self.kept: OrderedDict[tuple, Answer] = OrderedDict()
        self.size = self.flowing = 0

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        query = scope["query_string"].decode("latin-1")
        # Datasette writes the host into links of its answers.
        key = (scope["scheme"], dict(scope["headers"]).get(b"host"), scope["raw_path"], query)
        answer = self.find(key)
        if answer is None:
            long = takes_long(query)
            try:
                leave = await (self.long if long else self.short).enter()
                try:
                    answer = self.find(key) or await self.make(key, scope, receive, send, leave, long)
                finally:
                    leave()
            except Busy:
                answer = BUSY
            except TooLong:
                answer = TOO_LONG
            except Gone:
                return
        if answer is not None:
            await answer.give(scope, send)

    def find(self, key: tuple) -> Answer | None:
        """A kept answer that is not too old: SQL can ask the time, or for chance."""
        answer = self.kept.get(key)
        if answer is None or time.monotonic() - answer.made > MAX_AGE:
            return None
        self.kept.move_to_end(key)
        return answer

    def keep(self, key: tuple, answer: Answer) -> None:
        """Keep an answer, and forget those not asked for longest."""
        if old := self.kept.pop(key, None):
            self.size -= old.size
        self.kept[key] = answer
        self.size += answer.size
        while self.size > KEPT:
            _, old = self.kept.popitem(last=False)
            self.size -= old.size

    async def make(self, key, scope, receive, send, leave, long: bool) -> Answer | None:
        """Have Datasette make an answer. None where it is so long that it was sent as it was made."""
        start, parts, size, flow, gone = {}, [], 0, False, None

        async def collect(message):
            nonlocal start, size, flow, gone
            if flow:
                if gone.done():
                    raise Gone
                return await send(message)
            if message["type"] == "http.response.start":
                start = {**message, "headers": tidy(message["status"], message.get("headers", []), scope)}
                size = int(dict(start["headers"]).get(b"content-length", 0))
            else:
                parts.append(message.get("body", b""))
                size = max(size, sum(map(len, parts)))
            if size <= LARGEST:
                return
            if long and b"_stream" not in scope["query_string"]:
                raise TooLong
            if self.flowing >= FLOWING:
                raise Busy
            flow, gone = True, asyncio.ensure_future(hung_up(receive))
            self.flowing += 1
            leave()
            await send(start)
            if parts:
                await send({**message, "body": b"".join(parts)})
                parts.clear()

        try:
            await self.app({**scope, "method": "GET"}, receive, collect)
        finally:
            if flow:
                self.flowing -= 1
                gone.cancel()
        if flow:
            return None
        body = b"".join(parts)
        if body == NO_COLUMNS:
            return NO_CSV
        answer = await finished(start, body)
        if answer.status == 200:
            self.keep(key, answer)
        return answer


async def hung_up(receive) -> None:
    """Return when the reader has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass


def tidy(status: int, headers, scope) -> list[tuple[bytes, bytes]]:
    """The headers of an answer, with our own rule of how long it may be kept: files whose address has their digest for
    ever, other answers for a while, errors and redirections never."""
    named = b"/static" in scope["raw_path"] and scope["query_string"]
    rule = b"no-store" if status != 200 else FOR_EVER if named else CACHED
    others = [(name.lower(), value) for name, value in headers if name.lower() not in (b"cache-control", b"vary")]
    return [*others, (b"cache-control", rule)]


async def finished(start: dict, body: bytes) -> Answer:
    """The answer, compressed where that makes it smaller."""
    headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    tag = hashlib.sha256(body).hexdigest()[:32]
    if len(body) > 500 and TEXT.match(dict(headers).get(b"content-type", b"")):
        packed = await asyncio.to_thread(gzip.compress, body, LEVEL, mtime=0)
        if len(packed) < len(body):
            return Answer(start["status"], headers, packed, True, tag, time.monotonic())
    return Answer(start["status"], headers, body, False, tag, time.monotonic())

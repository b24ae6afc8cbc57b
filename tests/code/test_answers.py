"""The answers that the explorer keeps: the right one to everyone, in bounded memory, and a line for what takes long."""

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest

from explorer.plugins import answers
from explorer.plugins.answers import Answers, Line


class Site:
    """A site in miniature: its answer is `body`, after `wait`; it counts how often it is asked."""

    def __init__(self, body: bytes = b"x" * 2_000, status: int = 200, wait: asyncio.Event | None = None):
        self.body, self.status, self.wait, self.asked = body, status, wait, 0

    async def __call__(self, scope, receive, send):
        self.asked += 1
        if self.wait:
            await self.wait.wait()
        headers = [(b"content-type", b"text/html"), (b"cache-control", b"max-age=5"), (b"vary", b"Cookie")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        for start in range(0, max(1, len(self.body)), 1_000_000):
            more = start + 1_000_000 < len(self.body)
            await asyncio.sleep(0)
            await send({"type": "http.response.body", "body": self.body[start : start + 1_000_000], "more_body": more})


async def ask(app, path="/", query="", receive=None, **headers) -> tuple[int, dict, bytes]:
    """Ask an application: status, headers, body."""
    sent = []

    async def send(message):
        sent.append(message)

    async def waiting():
        await asyncio.sleep(60)

    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in {"host": "x", **headers}.items()]
    scope = {"type": "http", "method": "GET", "scheme": "http", "raw_path": path.encode(), "headers": pairs}
    await app({**scope, "query_string": query.encode()}, receive or waiting, send)
    start, *rest = sent
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, b"".join(m["body"] for m in rest)


def app(site, long=None, short=None) -> Answers:
    """The answers of a site."""
    return Answers(site, long or Line(1, 1, 0.05), short or Line(4, 10, 1))


def run(work):
    """Run a test that waits."""
    with ThreadPoolExecutor(1) as apart:  # a browser of other tests may have a loop running in this thread
        return apart.submit(asyncio.run, work).result()


def test_an_answer_is_made_once():
    async def work():
        site = Site()
        kept = app(site)
        first = await ask(kept)
        assert await ask(kept) == first and site.asked == 1
        assert first[1]["cache-control"] == "public, max-age=300" and first[1]["vary"] == "Accept-Encoding"
        await ask(kept, query="a=1")
        await ask(kept, "/other")
        await ask(kept, host="y")
        assert site.asked == 4, "another address, another answer"

    run(work())


def test_an_answer_that_is_old_is_made_again(monkeypatch):
    async def work():
        site = Site()
        kept = app(site)
        await ask(kept)
        monkeypatch.setattr(answers, "MAX_AGE", -1)
        await ask(kept)
        assert site.asked == 2

    run(work())


@pytest.mark.parametrize(("accepted", "packed"), [
    ("gzip", True), ("br, gzip;q=0.5", True), ("*", True), ("", False), ("br", False), ("gzip;q=0", False), ("gzip;q=0.0, br", False),
])
def test_an_answer_is_packed_for_those_who_take_it(accepted, packed):
    async def work():
        site = Site()
        _, headers, body = await ask(app(site), accept_encoding=accepted)
        assert (headers.get("content-encoding") == "gzip") == packed
        assert (gzip.decompress(body) if packed else body) == site.body
        assert headers["content-length"] == str(len(body))

    run(work())


def test_who_has_the_answer_is_told_that_it_is_the_same():
    async def work():
        kept = app(Site())
        for encoding in ("gzip", "identity"):
            _, headers, _ = await ask(kept, accept_encoding=encoding)
            for known in (headers["etag"], f'"other", {headers["etag"]}', f"W/{headers['etag']}", "*"):
                status, again, body = await ask(kept, accept_encoding=encoding, if_none_match=known)
                assert (status, body, again["etag"]) == (304, b"", headers["etag"])
            assert (await ask(kept, accept_encoding=encoding, if_none_match='"other"'))[0] == 200

    run(work())


@pytest.mark.parametrize("status", [302, 400, 404, 500])
def test_errors_are_not_kept(status):
    async def work():
        site = Site(status=status)
        kept = app(site)
        for _ in range(2):
            assert (await ask(kept))[1]["cache-control"] == "no-store"
        assert site.asked == 2 and not kept.kept

    run(work())


def test_what_is_kept_is_bounded(monkeypatch):
    monkeypatch.setattr(answers, "KEPT", 50_000)

    async def work():
        site = Site()
        site.body = bytes(range(256)) * 4
        kept = app(site)
        for number in range(100):
            await ask(kept, query=f"n={number}")
            await ask(kept, query="n=0")
        assert kept.size <= 50_000 and kept.size == sum(answer.size for answer in kept.kept.values())
        assert site.asked == 100, "what is asked again and again stays"

    run(work())


def test_a_long_answer_flows_without_being_kept(monkeypatch):
    async def work():
        site = Site(b"y" * 6_000_000)
        kept = app(site)
        status, headers, body = await ask(kept, accept_encoding="gzip")
        assert (status, body) == (200, site.body) and not kept.kept and kept.flowing == 0
        assert (await ask(kept, query="sql=select"))[0] == 400, "an answer to a reader's own SQL does not flow"

    run(work())


def test_a_long_answer_ends_when_the_reader_hangs_up():
    async def work():
        async def gone():
            return {"type": "http.disconnect"}

        site = Site(b"y" * 50_000_000)
        _, _, body = await ask(app(site), receive=gone)
        assert len(body) < 10_000_000

    run(work())


@pytest.mark.parametrize("query", ["sql=select+1", "%73ql=select+1", "_where=1", "_stream=on", "_size=max", "_size=2000", "_search=a&_searchmode=raw"])
def test_what_takes_long_waits_in_its_own_line(query):
    async def work():
        site = Site(wait=asyncio.Event())
        kept = app(site)
        first = asyncio.ensure_future(ask(kept, query=f"{query}&n=1"))
        await asyncio.sleep(0)
        status, headers, _ = await ask(kept, query=f"{query}&n=2")
        assert status == 503 and int(headers["retry-after"]) > 0
        others = asyncio.ensure_future(ask(kept, query="_size=100"))
        await asyncio.sleep(0.01)
        assert site.asked == 2, "another page is not in that line"
        site.wait.set()
        assert (await first)[0] == (await others)[0] == 200
        assert (await ask(kept, query=f"{query}&n=3"))[0] == 200, "the line is free again"

    run(work())


def test_an_answer_that_many_wait_for_is_made_once():
    async def work():
        site = Site(wait=asyncio.Event())
        kept = app(site, short=Line(1, 100, 1))
        asking = [asyncio.ensure_future(ask(kept)) for _ in range(20)]
        await asyncio.sleep(0.01)
        site.wait.set()
        assert {reply[0] for reply in await asyncio.gather(*asking)} == {200} and site.asked == 1

    run(work())


def test_the_line_is_free_again_after_an_error():
    async def work():
        async def broken(scope, receive, send):
            raise RuntimeError("broken")

        kept = app(broken, short=Line(1, 1, 0.05))
        for _ in range(5):
            with pytest.raises(RuntimeError):
                await ask(kept)

    run(work())

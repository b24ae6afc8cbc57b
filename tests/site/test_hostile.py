"""A public server takes no harm: what a hostile client can send, against a server that really runs."""

import base64
import contextlib
import hashlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from scripts import build, explore

from ..conftest import ROOT, Tiny

NAME = "japan-russia-relations"
SCRIPT = "<script>alert(1)</script>"
BREAKING = "\"'><img src=x onerror=alert(1)>"
LEAK = re.compile(rb"Traceback|File \"|site-packages|/home/|\.py\b.{0,9}line \d")
COUNT = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c"
FOREVER = f"{COUNT}) SELECT count(*) FROM c"
LONG = "replace(hex(zeroblob(45000)), '0', 'a')"


class Reply:
    """What the server answered."""

    def __init__(self, response: http.client.HTTPResponse):
        self.status, self.body = response.status, response.read()
        self.headers = {name.lower(): value for name, value in response.getheaders()}


class Server:
    """A running server and its database."""

    def __init__(self, process: subprocess.Popen, database: Path, port: int):
        self.process, self.database, self.port = process, database, port
        self.digest = self.digest_now()

    def digest_now(self) -> str:
        """The digest of the file that is served."""
        return hashlib.sha256(self.database.read_bytes()).hexdigest()

    def ask(self, path: str, method: str = "GET", headers: dict | None = None) -> Reply:
        """Send a request, the path as it is, and see that the answer leaks nothing."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_host="Host" in (headers or {}), skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            connection.endheaders()
            reply = Reply(connection.getresponse())
        finally:
            connection.close()
        assert not LEAK.search(reply.body), reply.body[:2000]
        for folder in (self.database.parent.parent, ROOT):
            assert str(folder).encode() not in reply.body
        return reply

    def sql(self, sql: str, kind: str = ".json", **more: str) -> Reply:
        """Ask a query of one's own."""
        return self.ask(f"/{NAME}{kind}?{urlencode({'sql': sql, **more})}")

    def where(self, expression: str) -> Reply:
        """Ask the same by a condition on a table."""
        return self.ask(f"/{NAME}/people.json?{urlencode({'_where': expression})}")

    def memory(self) -> int:
        """The most memory that the process has had, in megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1000


@contextlib.contextmanager
def serving(root: Path, database: Path) -> Iterator[Server]:
    """A server of the database, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = root / "log"
    with log.open("wb") as written:
        command = explore.command(root, database, "127.0.0.1", port)
        process = subprocess.Popen(command, stdout=written, stderr=written, cwd=root)
    try:
        server = Server(process, database, port)
        for _ in range(150):
            try:
                server.ask("/robots.txt")
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def server(tiny_template, tmp_path_factory):
    """A server on a package whose tables hold markup."""
    root = tmp_path_factory.mktemp("hostile") / "package"
    shutil.copytree(tiny_template, root)
    tiny = Tiny(root)
    tiny.set("people", "sato", name=f"Sato {SCRIPT}", note=BREAKING)
    tiny.set("concepts", "slogan", name=BREAKING, definition=SCRIPT)
    tiny.set("sources", "work", title=SCRIPT, citation=f"[x](javascript:alert(1)) {SCRIPT}")
    tiny.set("terms", "treaty", label=SCRIPT)
    with serving(root, build.build(root).path) as running:
        yield running


@pytest.fixture(autouse=True)
def unharmed(server):
    """After every test the server runs, in bounds, and serves the same file, beside which nothing has appeared."""
    files = set(os.listdir(server.database.parent))
    yield
    assert server.process.poll() is None
    start = time.monotonic()
    assert server.ask(f"/{NAME}/people.json?_shape=array&_asked={start}").status == 200
    assert time.monotonic() - start < 2
    assert server.memory() < 500
    assert server.digest_now() == server.digest
    assert set(os.listdir(server.database.parent)) == files


WRITES = r"""
INSERT INTO people (id, name, family_name) VALUES ('x', 'x', 'x')
UPDATE people SET name = 'x'
DELETE FROM people
REPLACE INTO people SELECT * FROM people
DROP TABLE people
CREATE TABLE x (y)
CREATE TEMP TABLE x (y)
CREATE TEMP VIEW x AS SELECT 1
ALTER TABLE people ADD COLUMN x
VACUUM
VACUUM INTO 'copy.db'
REINDEX
ANALYZE
BEGIN EXCLUSIVE
SAVEPOINT x
ATTACH DATABASE 'new.db' AS x
ATTACH ':memory:' AS x
DETACH main
PRAGMA writable_schema = 1
PRAGMA query_only = 0
PRAGMA journal_mode = DELETE
PRAGMA hard_heap_limit = 0
pragma/**/writable_schema(1)
/* x */ DELETE FROM people
  delete from people
WITH x AS (SELECT 1) DELETE FROM people
WITH x AS (SELECT 1) INSERT INTO people SELECT * FROM people
WITH x AS (SELECT 1) UPDATE people SET name = 'x'
SELECT 1; DELETE FROM people
SELECT 1;; DROP TABLE people
EXPLAIN DELETE FROM people
INSERT INTO search (search) VALUES ('rebuild')
INSERT INTO sqlite_master VALUES (1,1,1,1,1)
WITH x AS (SELECT 1) UPDATE sqlite_master SET sql = ''
WITH x AS (SELECT 1) INSERT INTO search(search) SELECT 'delete-all'
SELECT load_extension('x')
SELECT writefile('x', 'y')
SELECT readfile('/etc/passwd')
SELECT edit('x')
SELECT fts3_tokenizer('simple')
SELECT fts3_tokenizer('simple', x'00')
SELECT * FROM pragma_writable_schema
SELECT * FROM pragma_journal_mode
SELECT * FROM sqlite_stmt
SELECT sqlite_log(1, 'x')
SELECT * FROM fsdir('/')
""".strip().splitlines()


def test_nothing_but_reading_is_done(server):
    for sql in [*WRITES, "-- x\nDELETE FROM people"]:
        assert server.sql(sql).status in (400, 403), sql
        assert server.where(f"1) ; {sql} --").status in (400, 403), sql
        assert server.where(f"id in ({sql})").status in (400, 403), sql


def test_where_the_file_lies_is_not_told(server):
    reply = server.sql("SELECT * FROM pragma_database_list", _shape="array")
    assert reply.status == 200 and b'"file": null' in reply.body
    for page in ("databases", "threads", "permissions", "messages", "allow-debug", "patterns", "auth-token", "logout", "actor"):
        for path in (f"/-/{page}", f"/-/{page}.json"):
            assert server.ask(path).status == 404, path
    assert server.ask("/_internal").status == 404
    assert server.ask("/_internal/databases.json").status == 404


BOMBS = f"""
{FOREVER}
{FOREVER.replace("ALL ", "")}
SELECT * FROM ({FOREVER})
SELECT count(*) FROM {", ".join(["records"] * 9)}
{COUNT} LIMIT 100000000) SELECT {LONG} FROM c
{COUNT}) SELECT sum(instr({LONG}, substr({LONG}, 1, 45000) || 'b')) FROM c
WITH RECURSIVE c(x, y) AS (SELECT 1, '' UNION SELECT x + 1, randomblob(90000) FROM c) SELECT count(*) FROM c
WITH RECURSIVE c(x) AS (SELECT 'a' UNION ALL SELECT x || x FROM c) SELECT max(length(x)) FROM c
SELECT hex(zeroblob(400000000))
SELECT randomblob(1000000000)
SELECT zeroblob(1000000000)
SELECT printf('%.*c', 1000000000, 'x')
SELECT format('%1000000000c', 'x')
SELECT printf('%,-01000000000.3s', 'x')
SELECT printf('%1000000000d', 1)
SELECT printf('%s', x'00')
SELECT printf()
SELECT replace({LONG}, 'a', {LONG})
SELECT trim({LONG}, substr({LONG}, 1, 7000))
SELECT group_concat({LONG}) FROM terms, terms
SELECT json_group_array({LONG}) FROM terms
SELECT DISTINCT randomblob(50000) FROM terms, terms, terms
SELECT quote(zeroblob(90000))
SELECT {" || ".join([LONG] * 20)}
SELECT {LONG} LIKE '{"%a" * 90}%b'
SELECT {LONG} LIKE '{"%a" * 900}'
SELECT {LONG} GLOB '{"*a" * 90}b'
SELECT {LONG} GLOB '{"[a-z]*" * 90}'
SELECT * FROM search WHERE search MATCH '{" OR ".join("abcdefghij")}*'
SELECT * FROM search WHERE search MATCH '{"(" * 300}a{")" * 300}'
SELECT * FROM search WHERE search MATCH '{" NEAR ".join(["a*"] * 200)}'
SELECT * FROM search WHERE search MATCH '"'
SELECT {"(" * 500}1{")" * 500}
SELECT {"+".join(["1"] * 2000)}
SELECT {",".join(["1"] * 2000)}
SELECT abs({"-" * 1500}1)
SELECT {"NOT " * 1500}1
{" UNION ALL ".join(["SELECT 1"] * 500)}
SELECT * FROM json_tree('{"[" * 1500}{"]" * 1500}')
SELECT 1 WHERE 1 IN ({",".join(["1"] * 3000)})
SELECT {", ".join(["x.*"] * 100)} FROM people x
""".strip().splitlines()


def test_bombs_end_in_time_and_memory(server):
    for sql in BOMBS:
        start = time.monotonic()
        assert server.sql(sql).status in (200, 400), sql
        assert time.monotonic() - start < 4, sql
    for expression in (f"id IN ({FOREVER})", "length(hex(zeroblob(40000000)))", f"{LONG} LIKE '{'%a' * 90}%b'", "(" * 300):
        start = time.monotonic()
        assert server.where(expression).status in (200, 400), expression
        assert time.monotonic() - start < 4, expression


def test_an_answer_that_would_fill_the_memory_is_refused(server):
    rows = f"{COUNT} LIMIT 2000)"
    for kind in (".json", ".csv", ""):
        assert server.sql(f"{rows} SELECT {LONG} FROM c", kind).status == 400
        assert server.sql(f"{rows} SELECT zeroblob(90000) FROM c", kind).status == 400


def test_a_flood_of_endless_queries_leaves_the_pages_to_the_others(server):
    over = time.monotonic() + 8
    flooded = []

    def flood(number: int) -> None:
        while time.monotonic() < over:
            flooded.append(server.sql(f"{FOREVER} /* {number} {time.monotonic()} */").status)

    clients = [threading.Thread(target=flood, args=(number,)) for number in range(6)]
    for client in clients:
        client.start()
    taken = []
    while time.monotonic() < over - 1:
        for path in ("/", f"/{NAME}", f"/{NAME}/people", f"/{NAME}/people/sato", f"/{NAME}/people.json", "/-/search"):
            start = time.monotonic()
            assert server.ask(f"{path}?_new={start}").status in (200, 302), path
            taken.append((time.monotonic() - start, path))
    for client in clients:
        client.join()
    assert max(taken)[0] < 2, sorted(taken)[-5:]
    assert len(taken) > 20
    assert set(flooded) <= {400, 503}


def test_a_reader_in_too_long_a_line_is_told_when_to_come_again(server):
    replies = []
    ask = lambda number: replies.append(server.sql(f"{FOREVER} -- {number}"))
    clients = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    told = [reply for reply in replies if reply.status == 503]
    assert told and all(int(reply.headers["retry-after"]) > 0 for reply in told)


def test_slow_clients_starve_nobody(server):
    senders = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(300)]
    readers = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(50)]
    try:
        for reader in readers:
            reader.sendall(f"GET /{NAME}.db HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        for letter in b"GET":
            for sender in senders:
                sender.sendall(bytes([letter]))
            for path in (f"/{NAME}", f"/{NAME}/people", f"/{NAME}/meetings"):
                start = time.monotonic()
                assert server.ask(f"{path}?_slow={start}").status == 200
                assert time.monotonic() - start < 2
            time.sleep(0.7)
    finally:
        for connection in [*senders, *readers]:
            connection.close()


def test_requests_out_of_measure_are_refused(server):
    many = "&".join(f"_p{number}=1" for number in range(10_000))
    people = f"/{NAME}/people"
    headers = {f"X-{number}": "a" * 90 for number in range(250)}
    cases = [
        (f"/{NAME}?{many}", {414}), (f"{people}.json?{many[:9000]}", {400}), ("/" + "a" * 20_000, {414}),
        (f"/{NAME}?sql=" + "1" * 20_000, {414}), ("/" + "a" * 60_000, {400, 414}),
        (f"{people}.json?" + "&".join(f"id__not={number}" for number in range(190)), {200, 400}),
        (f"{people}?_size=99999999999999999999", {400}), (f"{people}?_size=-1", {400}), (f"{people}?_sort=nothing", {400}),
        (f"{people}?_next=%F0%9F%92%A9,x,y", {200, 400}), (f"{people}/%00", {400}), (f"{people}?_search=%00", {400}),
        (f"{people}?_facet=nothing&_facet_array=name&_facet_date=name", {200, 400}), (f"{people}?_col=nothing", {200, 400}),
        (f"{people}.json?_shape=object&_labels=on&_trace=1", {200}), (f"{people}.csv?_stream=on&_trace=1", {200}),
        ("/-/search?q=" + "+".join(["hosokawo"] * 1500), {200, 404}), ("/-/search?q=" + quote("日本" * 500), {200, 404}),
        ("//example.com/..", {302, 400, 404}),
    ]
    cases = [(path, "GET", {}, wanted) for path, wanted in cases]
    cases += [("/", "GET", {"X-Long": "a" * 17_000}, {431}), ("/", "GET", headers, {400, 431})]
    cases += [("/", method, {}, {405}) for method in "POST PUT PATCH DELETE TRACE OPTIONS DISPATCH_REQUEST".split()]
    for path, method, headers, wanted in cases:
        start = time.monotonic()
        reply = server.ask(path, method, headers)
        assert reply.status in wanted, (path[:80], method, reply.status)
        assert time.monotonic() - start < 2, path[:80]
        assert not reply.headers.get("location", "").startswith("//")


def test_bytes_that_are_no_request_are_refused(server):
    head = b"GET / HTTP/1.1\r\nHost: x\r\n"
    for sent in (
        b"\x16\x03\x01\x00\xa5\x01\x00", b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 5_000,
        head + b"Content-Length: -1\r\n\r\n", head + b"Host: y\r\n\r\n", head + b"X: " + b"a" * 200_000,
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
            try:
                client.sendall(sent)
                client.shutdown(socket.SHUT_WR)
                received = client.recv(65_536)
            except ConnectionError:
                continue
            assert received.split(b" ")[1:2] in ([], [b"400"], [b"505"]), received[:200]
            assert not LEAK.search(received)


@pytest.mark.parametrize("start", ["/static/", "/-/static/", f"/{NAME}/", "/"])
def test_no_path_leads_out(start, server):
    for way in """
        ../../datapackage.json ..%2f..%2fdatapackage.json %2e%2e/%2e%2e/datapackage.json /etc/passwd %2fetc%2fpasswd
        ....//....//etc/passwd ..%5c..%5cwindows ../plugins/guard.py ..~2F..~2Fdatapackage~2Ejson
        %252e%252e%252fetc%252fpasswd
    """.split():
        reply = server.ask(start + way)
        assert reply.status in (302, 400, 403, 404), start + way
        assert b"root:" not in reply.body and b"resources" not in reply.body


KEYS = """
_search _sort _sort_desc _next _facet _facet_array _facet_size _size _where _col _nocol _searchmode _shape _labels _trace
_through _ttl _extra _json name name__contains name__exact id__gt _filter_column _filter_op _filter_value _nofacet _callback
""".split()


def pages_with_payloads() -> list[str]:
    """Every place of an address where a reader's text comes back, with markup in it."""
    paths = []
    for payload in map(quote, (SCRIPT, BREAKING, "{{7*7}}", "\u2028</textarea><script>")):
        paths += [f"/{payload}", f"/{NAME}/{payload}", f"/{NAME}/people/{payload}", f"/-/{payload}", f"/id/{payload}"]
        for key in [*KEYS, payload]:
            paths.append(f"/{NAME}/people?{key}={payload}")
        paths += [f"/{NAME}?sql=select+1&{key}={payload}" for key in ("_hide_sql", "_show_sql", "_size", payload)]
        paths += [f"/{NAME}?sql={payload}", f"/{NAME}?sql=select+:p&p={payload}", f"/{NAME}?sql=select+'x'+as+%22{payload}%22"]
        paths += [f"/-/search?q={payload}&type={payload}&after={payload}", f"/-/timeline?from={payload}&kind={payload}&q={payload}"]
        paths += [f"/-/documents?focus={payload}", f"/-/map?place={payload}", f"/-/trade?series={payload}", f"/-/polls?poll={payload}"]
    return paths


def test_markup_in_addresses_comes_back_as_text(server):
    for path in pages_with_payloads():
        reply = server.ask(path)
        assert reply.status < 500, path
        check_markup(reply, path)


def test_markup_in_the_tables_is_shown_as_text(server):
    shown = "people people/sato concepts concepts/slogan sources sources/work terms terms/treaty records evidence"
    shown += " envoys/sato-1997 search_texts people?_facet=name"
    pages = "search?q=slogan search?q=sato timeline envoys documents map trade polls disagreements tactics about"
    paths = [f"/{NAME}/{path}" for path in shown.split()] + [f"/-/{path}" for path in pages.split()]
    for path in ["/", f"/{NAME}", f"/{NAME}?sql=select+*+from+people", *paths]:
        check_markup(server.ask(path), path)


def check_markup(reply: Reply, path: str) -> None:
    kind = reply.headers.get("content-type", "")
    assert reply.headers["x-content-type-options"] == "nosniff"
    if not kind.startswith(("text/html", "image/svg")):
        assert kind.startswith(("application/json", "text/plain", "text/csv")) or reply.status in (301, 302), (path, kind)
        return
    body = reply.body.decode()
    for markup in (SCRIPT, "<img src=x", "</textarea><script>", ">49<"):
        assert markup not in body, path
    assert not re.search(r"""(href|src|action)\s*=\s*["']?\s*javascript:""", body, re.IGNORECASE), path
    for attributes, script in re.findall(r"<script([^>]*)>(.*?)</script>", body, re.DOTALL):
        if script.strip() and "json" not in attributes:
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert digest in reply.headers["content-security-policy"], (path, script[:100])


def test_headers_stand_on_every_answer(server):
    gets = ["/", f"/{NAME}/people.json", f"/{NAME}/people.csv", "/nothing", "/" + "a" * 17_000, "/-/static/app.css"]
    gets.append(f"/{NAME}?sql=nonsense")
    for path, method in [*((path, "GET") for path in gets), ("/", "POST"), (f"/{NAME}.db", "HEAD")]:
        headers = server.ask(path, method, {"Cookie": "ds_actor=x; ds_messages=y; ds_csrftoken=z"}).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'self'" and policy["frame-ancestors"] == "'none'" and policy["object-src"] == "'none'"
        assert all(source == "'self'" or source.startswith("'sha256-") for source in policy["script-src"].split())
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert "set-cookie" not in headers and "server" not in headers


def test_an_answer_is_kept_and_told_to_be_the_same(server):
    path = f"/{NAME}/people?_kept=1"
    first = server.ask(path, headers={"Accept-Encoding": "gzip"})
    assert first.headers["content-encoding"] == "gzip" and first.headers["vary"] == "Accept-Encoding"
    assert first.headers["cache-control"] == "public, max-age=300"
    again = server.ask(path, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["etag"]})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
    plain = server.ask(path)
    assert plain.headers["etag"] != first.headers["etag"] and "content-encoding" not in plain.headers
    assert server.ask(path, "HEAD").headers["content-length"] == str(len(plain.body))
    assert server.ask("/nothing").headers["cache-control"] == "no-store"
    more = f"/{NAME}/people.json?_size=1"
    assert b"http://example.com/" in server.ask(more, headers={"Host": "example.com"}).body
    assert b"http://example.com/" not in server.ask(more, headers={"Host": "example.org"}).body, "nobody poisons another's answer"

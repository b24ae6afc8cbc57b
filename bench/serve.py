"""Serve one compiled file twice, with our explorer and with a plain Datasette, and visit both in turn.

python -m bench.serve [--rows N] [--seconds S]. Every visit to the one is followed by the same visit to the other, and
which goes first changes each time. Then many readers at once read all kinds of pages, by turns of some seconds.
"""

import argparse
import contextlib
import gzip
import http.client
import itertools
import json
import math
import random
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from datasette.utils import tilde_encode

from scripts import build, explore
from scripts.compile import reading
from scripts.package import Package

from .generate import generate

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
VISITS = 40  # addresses of each kind of page
ROUNDS = 3  # of repeated visits
PATIENCE = 30  # seconds for all first, or all repeated, visits to a kind of page; where it is slow they are fewer
TIMEOUT = 60  # seconds for one answer
READERS = 50
NEW = 0.1  # share of the readers' visits that go to an address that nobody has asked before
TURNS = 4
Pair = tuple[str, str]  # an address at ours, and the address of what answers the same question at the plain one


class Server:
    """A running server: its port, its process, what memory it takes."""

    def __init__(self, process: subprocess.Popen, port: int):
        self.process, self.port = process, port

    def memory(self) -> float:
        """Resident memory in MB."""
        told = subprocess.run(["ps", "-o", "rss=", "-p", str(self.process.pid)], capture_output=True, check=True)
        return int(told.stdout) / 1024


class Reader:
    """A reader with a connection that is kept open."""

    def __init__(self, server: Server):
        self.connection = http.client.HTTPConnection(HOST, server.port, timeout=TIMEOUT)

    def ask(self, path: str) -> tuple[int, bytes]:
        """Status and body of an answer; status 0 where there is none. An idle connection may have been closed."""
        for _ in range(2):
            try:
                self.connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
                response = self.connection.getresponse()
                return response.status, response.read()
            except (ConnectionError, http.client.RemoteDisconnected):
                self.connection.close()
            except (OSError, http.client.HTTPException):
                break
        self.connection.close()
        return 0, b""

    def visit(self, path: str) -> tuple[int, float]:
        """Status of an answer, and the seconds until it was there as a whole."""
        start = time.perf_counter()
        status, _ = self.ask(path)
        return status, time.perf_counter() - start


@contextlib.contextmanager
def serving(package: Path, database: Path) -> Iterator[dict[str, Server]]:
    """Both servers of the database, until the block ends, however it ends."""
    with contextlib.ExitStack() as stack:
        servers = {}
        for name in ("ours", "plain"):
            with socket.socket() as free:
                free.bind((HOST, 0))
                port = free.getsockname()[1]
            plain = [sys.executable, "-m", "datasette", "serve", "-i", str(database), "--host", HOST]
            plain += ["--port", str(port)]
            run = explore.command(package, database, HOST, port) if name == "ours" else plain
            log = stack.enter_context(database.with_name(f"{name}.log").open("ab"))
            process = subprocess.Popen(run, stdout=log, stderr=log)
            stack.callback(stop, process)
            servers[name] = Server(process, port)
        for server in servers.values():
            ready(server)
        yield servers


def stop(process: subprocess.Popen) -> None:
    """End a server, by force where it does not end by itself."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def ready(server: Server) -> None:
    """Wait until a server answers."""
    for _ in range(300):
        if server.process.poll() is not None:
            break
        if Reader(server).ask("/-/versions.json")[0] == 200:
            return
        time.sleep(0.1)
    raise RuntimeError("a server does not start")


def compiled(folder: Path, rows: int) -> tuple[Package, Path, int]:
    """The real package, or one of so many rows; its database; how many rows it has."""
    root = folder / "package" if rows else ROOT
    if rows:
        generate(ROOT, root, rows)
    package = Package(root)
    database = folder / f"{package.descriptor.name}.db"
    build.validated(package, database, None)
    with reading(database) as connection:
        counts = [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in package.tables]
    return package, database, sum(counts)


def pages(package: Package, database: Path, chance: random.Random) -> dict[str, list[Pair]]:
    """Addresses by kind of page, at random out of those that there are."""
    name = package.descriptor.name
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)

    def some(sql: str, count: int) -> list[str]:
        found = [row[0] for row in connection.execute(sql)]
        return chance.sample(found, min(count, len(found)))

    def same(paths: Iterable[str]) -> list[Pair]:
        return [(path, path) for path in paths]

    counted = {t: connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in package.tables}
    full = [table for table in package.tables.values() if counted[table.name] >= 100 and table.name != "terms"]
    filters = [
        f"/{name}/{table.name}?{urlencode({column: value})}" for table in full for column in table.foreign_keys
        for value in some(f"SELECT DISTINCT {column} FROM {table.name} WHERE {column} IS NOT NULL", 10)
    ]
    words = {max(re.findall(r"\w+", title), key=len) for title in some("SELECT title FROM search_texts", VISITS * 3)}
    saved = [
        (f"/{name}/{query}", f"/{name}?{urlencode({'sql': about['sql']} | dict.fromkeys(about['defaults'], ''))}")
        for query, about in explore.queries().items()
    ]
    found = {
        "table page": same(
            f"/{name}/{table.name}{order}" for table in full for order in ("", "?_sort=id", "?_sort_desc=id")
        ),
        "row page": same(
            f"/{name}/{table.name}/{tilde_encode(identifier)}" for table in full
            for identifier in some(f"SELECT id FROM {table.name}", 10)
        ),
        "filtered": same(filters),
        "faceted": same(
            f"/{name}/{table.name}?_facet={field.name}" for table in full
            for field in table.schema.fields if field.facet
        ),
        "search": [
            (f"/-/search?{urlencode({'q': word})}", f"/{name}/search_texts?{urlencode({'_search': word})}")
            for word in sorted(words)
        ],
        "home, list of tables": same(["/", f"/{name}"]),
        "saved query": saved,
    }
    connection.close()
    for pairs in found.values():
        chance.shuffle(pairs)
    return found


def numbered(path: str, number: int) -> str:
    """The address of the same page under another name, which no cache knows yet."""
    return f"{path}{'&' if '?' in path else '?'}_visit={number}"


def distinct(pairs: list[Pair]) -> list[Pair]:
    """As many addresses as are visited, all different."""
    again = ((numbered(ours, number), numbered(plain, number)) for number in itertools.count() for ours, plain in pairs)
    return list(itertools.islice(itertools.chain(pairs, again), VISITS))


def visit(servers: dict[str, Server], pairs: Iterable[Pair]) -> dict[str, dict]:
    """Visit the pairs one after the other, both servers in turn."""
    readers = {name: Reader(server) for name, server in servers.items()}
    seen: dict[str, list[tuple[int, float]]] = {name: [] for name in servers}
    end = time.monotonic() + PATIENCE
    for number, (ours, plain) in enumerate(pairs):
        if time.monotonic() > end:
            break
        turn = [("ours", ours), ("plain", plain)]
        for name, path in turn if number % 2 else reversed(turn):
            seen[name].append(readers[name].visit(path))
    return {name: summary(visits) for name, visits in seen.items()}


def summary(visits: list[tuple[int, float]], seconds: float | None = None) -> dict:
    """What is told of visits, which took so many seconds, or were made one after the other."""
    times = sorted(taken for _, taken in visits)
    return {
        "visits": len(times),
        "per_second": round(len(times) / (seconds or sum(times)), 1),
        "median_ms": round(1000 * statistics.median(times), 2),
        "p99_ms": round(1000 * times[math.ceil(0.99 * len(times)) - 1], 2),
        "other_than_200": dict(Counter(status for status, _ in visits if status != 200)),
    }


def same_answers(servers: dict[str, Server], package: Package, found: dict[str, list[Pair]]) -> tuple[int, list[str]]:
    """How many addresses of data were asked of both, and those of them whose answers are not byte for byte one."""
    ends = (".json?_shape=array&_sort=id", ".csv?_sort=id")
    paths = [f"/{package.descriptor.name}/{table}{end}" for table in package.tables for end in ends]
    paths += [f"{path}.json?_shape=array" for path, _ in found["row page"][:VISITS]]
    asked = [Reader(server) for server in servers.values()]
    return len(paths), [path for path in paths if len({plainly(reader, path) for reader in asked}) > 1]


def plainly(reader: Reader, path: str) -> bytes:
    """The body of an answer, not compressed."""
    status, body = reader.ask(path)
    return b"%d %b" % (status, gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)


def load(servers: dict[str, Server], found: dict[str, list[Pair]], seconds: float) -> dict[str, dict]:
    """Many readers at once on each server for so many seconds, by turns; memory before, and after each turn."""
    numbers = itertools.count(1_000_000)
    visits: dict[str, list[tuple[int, float]]] = {name: [] for name in servers}
    memory = {name: [round(server.memory(), 1)] for name, server in servers.items()}

    def read(name: str, end: float, chance: random.Random) -> list[tuple[int, float]]:
        reader, seen = Reader(servers[name]), []
        while time.monotonic() < end:
            path = chance.choice(found[chance.choice(list(found))])[name == "plain"]
            seen.append(reader.visit(numbered(path, next(numbers)) if chance.random() < NEW else path))
        reader.connection.close()
        return seen

    spent = dict.fromkeys(servers, 0.0)
    with ThreadPoolExecutor(READERS) as pool:
        for turn in range(TURNS):
            for name in servers if turn % 2 else reversed(servers):
                start = time.monotonic()
                end = start + seconds / TURNS
                jobs = [pool.submit(read, name, end, random.Random(f"{turn} {at}")) for at in range(READERS)]
                for job in jobs:
                    visits[name] += job.result()
                spent[name] += time.monotonic() - start
                memory[name].append(round(servers[name].memory(), 1))
    return {name: summary(visits[name], spent[name]) | {"memory_mb": memory[name]} for name in servers}


def report(rows: int, seconds: float, results: dict) -> None:
    """Print the tables, and keep everything in build/bench-serve.json."""
    print(f"{rows:,} rows, requests a second (median / p99 in ms)\n")
    print("| page | visit | ours | plain Datasette | times as fast |\n|---|---|---|---|---|")
    for kind, about in results["pages"].items():
        for visit, by in about.items():
            told = (by["ours"], by["plain"])
            cells = [f"{one['per_second']:,.0f} ({one['median_ms']:.1f} / {one['p99_ms']:.1f})" for one in told]
            times = told[0]["per_second"] / told[1]["per_second"]
            print(f"| {kind} | {visit} | {' | '.join(cells)} | {times:.1f} |")
    print(f"\n{READERS} readers at once, {seconds:g} seconds on each\n")
    print("| | ours | plain Datasette |\n|---|---|---|")
    both = [results["load"][name] for name in ("ours", "plain")]
    lines = {
        "requests a second": [f"{by['per_second']:,.0f}" for by in both],
        "median, ms": [f"{by['median_ms']:,.0f}" for by in both],
        "p99, ms": [f"{by['p99_ms']:,.0f}" for by in both],
        "answers with a status of 500 or more, or none": [
            str(sum(count for status, count in by["other_than_200"].items() if not 0 < status < 500)) for by in both
        ],
        "memory at the start and after each turn, MB": [
            ", ".join(f"{size:.0f}" for size in by["memory_mb"]) for by in both
        ],
    }
    for title, cells in lines.items():
        print(f"| {title} | {' | '.join(cells)} |")
    asked, other = results["same"]
    print(f"\nData asked of both: {asked} addresses, {asked - len(other)} answered byte for byte the same.", *other)
    path = ROOT / "build" / "bench-serve.json"
    everything = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(everything | {str(rows): results}, indent=1) + "\n")


def main() -> None:
    """Measure both, print the tables, and write them to build/bench-serve.json."""
    parser = argparse.ArgumentParser(prog="python -m bench.serve", description=__doc__)
    parser.add_argument("--rows", type=int, default=0, help="rows to generate; 0 serves the real tables")
    parser.add_argument("--seconds", type=float, default=60, help="of many readers at once, on each of the two")
    args = parser.parse_args()
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "build", prefix="bench-") as folder:
        package, database, rows = compiled(Path(folder), args.rows)
        found = pages(package, database, random.Random(1855))
        results: dict = {"pages": {}}
        with serving(package.root, database) as servers:
            for kind, pairs in found.items():
                asked = distinct(pairs)
                results["pages"][kind] = {
                    "first": visit(servers, asked),
                    "repeated": visit(servers, itertools.chain.from_iterable([asked] * ROUNDS)),
                }
            results["same"] = same_answers(servers, package, found)
        with serving(package.root, database) as servers:  # anew: nothing is kept yet
            results["load"] = load(servers, found, args.seconds)
    report(rows, args.seconds, results)


if __name__ == "__main__":
    main()

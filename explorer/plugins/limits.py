"""Bounds on every connection to the database: what SQL may do, and how much time and memory it may take.

Arbitrary SQL stays open to researchers; whatever is not reading is refused by SQLite itself.
"""

import asyncio
import contextlib
import re
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator

import datasette.database
from datasette import hookimpl

LIMITS = {
    # No string, blob or row is longer: functions that compare two long strings take time with the square of it.
    sqlite3.SQLITE_LIMIT_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 50_000,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 2_100,  # Datasette names a page's foreign keys in one query: a page and more
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 50,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 50_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
HEAP = 128_000_000  # bytes that SQLite may hold, all connections together
ANSWER = 8_000_000  # bytes of text that one query may return
# Functions that look for one string in another take time with the product of their lengths, within one instruction
# that cannot be interrupted; those that pad take time with the width. Of what this product may be, and the width:
PRODUCT = 100_000_000
LOOKING = {"instr": 2, "replace": 3, "trim": 2, "ltrim": 2, "rtrim": 2}
PADDING = ("printf", "format")
WIDE = re.compile(r"%[^A-Za-z%]*?(?:\*|\d{4})")

READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
REFUSED = {"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit", "sqlite_log"}
OF_A_NAME = set("table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list".split())
PRAGMAS = OF_A_NAME | set(
    "database_list schema_version data_version page_count max_page_count page_size function_list collation_list "
    "compile_options encoding application_id user_version".split()
)


@hookimpl
def prepare_connection(conn, database):
    """Bound a new connection. Datasette's own two databases in memory, whose names begin with _, are out of reach."""
    if database.startswith("_"):
        return
    conn.execute(f"PRAGMA hard_heap_limit = {HEAP}")
    conn.execute("PRAGMA temp_store = MEMORY")  # so that the limit covers sorting, and no disk is filled
    conn.execute("PRAGMA query_only = ON")
    for limit, value in LIMITS.items():
        conn.setlimit(limit, value)
    conn.row_factory = Weighed()
    own = sqlite3.connect(":memory:", check_same_thread=False)
    own.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LIMITS[sqlite3.SQLITE_LIMIT_LENGTH])
    for name, arity in LOOKING.items():
        conn.create_function(name, arity, looking(own, name), deterministic=True)
    for name in PADDING:
        conn.create_function(name, -1, padding(own, name), deterministic=True)
    conn.set_authorizer(allowed)


@hookimpl
def startup(datasette):
    """Open every connection now, so that all read the same file even where a new one is put in its place meanwhile."""

    async def open_all():
        threads = datasette.setting("num_sql_threads")
        met = threading.Barrier(threads)
        for database in datasette.databases.values():
            if not database.is_memory:
                await asyncio.gather(*(database.execute_fn(lambda _: met.wait(10)) for _ in range(threads)))

    return open_all


def allowed(action: int, one: str | None, two: str | None, database: str | None, inner: str | None) -> int:
    """SQLite's question whether a statement may be prepared."""
    if action == sqlite3.SQLITE_PRAGMA:
        reads = one in PRAGMAS and (two is None or one in OF_A_NAME)
        return sqlite3.SQLITE_OK if reads else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and two.lower() in REFUSED:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_READ and one == "sqlite_stmt":
        return sqlite3.SQLITE_DENY  # it tells what others have asked
    if action == sqlite3.SQLITE_UPDATE and one == "sqlite_master":
        return sqlite3.SQLITE_OK  # asked when a virtual table is opened; what writes there SQLite refuses by itself
    if action == sqlite3.SQLITE_READ and one == "pragma_database_list" and two == "file":
        return sqlite3.SQLITE_IGNORE  # where the file lies is nobody's business; the column reads as NULL
    return sqlite3.SQLITE_OK if action in READS else sqlite3.SQLITE_DENY


def looking(own: sqlite3.Connection, name: str):
    """SQLite's function of this name, for texts of which the lengths make no great product."""

    def function(text, part, *more):
        if len(str(text)) * len(str(part)) > PRODUCT:
            raise ValueError(f"{name}: the texts are too long to look for one in the other")
        return call(own, name, text, part, *more)

    return function


def padding(own: sqlite3.Connection, name: str):
    """SQLite's function of this name, for formats that pad to less than a thousand."""

    def function(*values):
        if values and WIDE.search(str(values[0])):
            raise ValueError(f"{name}: a width or precision has at most three digits, which stand in the format")
        return call(own, name, *values)

    return function


def call(own: sqlite3.Connection, name: str, *values):
    """The value of a function of SQLite, from a connection on which it is SQLite's."""
    return own.execute(f"SELECT {name}({','.join('?' * len(values))})", values).fetchone()[0]


class Weighed:
    """A row factory that refuses an answer that has grown too large to hold."""

    def __init__(self):
        self.weight, self.cursor = 0, lambda: None

    def __call__(self, cursor: sqlite3.Cursor, values: tuple) -> sqlite3.Row:
        if cursor is not self.cursor():
            self.weight, self.cursor = 0, weakref.ref(cursor)
        self.weight += sum(len(value) for value in values if isinstance(value, (str, bytes)))
        if self.weight > ANSWER:
            wrong = f"the answer is larger than {ANSWER // 1_000_000} MB; ask for fewer rows or columns"
            raise sqlite3.OperationalError(wrong)
        return sqlite3.Row(cursor, values)

    def close(self) -> None:
        """End the last query, of which not all rows may have been taken."""
        if cursor := self.cursor():
            cursor.close()


class Watch:
    """Interrupts queries whose time is up.

    Datasette's own limit asks the time every thousand instructions of SQLite, of which each can take long, and takes
    Python's lock from the pages for it.
    """

    def __init__(self):
        self.changed = threading.Condition()
        self.due: dict[sqlite3.Connection, float] = {}

    @contextlib.contextmanager
    def limit(self, connection: sqlite3.Connection, milliseconds: float) -> Iterator[None]:
        """Interrupt what the connection does in the block once the time is over."""
        with self.changed:
            self.due[connection] = time.monotonic() + milliseconds / 1000
            self.changed.notify()
        try:
            yield
        finally:
            with self.changed:
                del self.due[connection]
            if isinstance(connection.row_factory, Weighed):
                connection.row_factory.close()  # else an interruption would last, for as long as a query is open

    def keep(self) -> None:
        """Watch for ever."""
        with self.changed:
            while True:
                now = time.monotonic()
                for connection in [connection for connection, end in self.due.items() if end <= now]:
                    connection.interrupt()  # again and again until it ends: the flag is read only while a query runs
                self.changed.wait(0.01 if self.due else None)


sqlite3.enable_callback_tracebacks(False)  # Datasette turns them on; a refused function needs none in the log
WATCH = Watch()
threading.Thread(target=WATCH.keep, name="watch", daemon=True).start()
datasette.database.sqlite_timelimit = WATCH.limit

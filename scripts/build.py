"""The one path: read, row rules, compile into a new file, checks, atomic rename."""

import contextlib
import fcntl
import gc
import hashlib
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import checks, passages, rules, tables
from .compile import Draft, drafting, finish, reading, verify
from .faults import Fault, Faulty
from .outside import Frictionless
from .package import Package, Table

CODE = Path(__file__).parent


@dataclass(frozen=True)
class Result:
    """A good build: the database's path, its content digest, what was noticed, and whether it was made anew."""

    path: Path
    content: str
    warnings: tuple[Fault, ...]
    report: passages.Report | None
    fresh: bool


def database(root: Path) -> Path:
    """Where the compiled database of the package in `root` lies."""
    return root / "build" / "japan-russia-relations.db"


def typed_rows(package: Package) -> passages.Typed:
    """All rows of all tables, typed. Raises `Faulty` with every fault of every row, id, code and reference."""
    typed: passages.Typed = {}
    with drafting(package, ":memory:") as draft:
        load(draft, typed)
    return typed


def load(draft: Draft, typed: passages.Typed | None) -> None:
    """Read the tables into a draft, and into `typed`, if it is given.

    Raises `Faulty` with every fault of every row, id, code and reference.
    """
    package = draft.package
    faults: list[Fault] = []
    left_out: list[tuple[Table, int, tables.Row]] = []
    unread = False
    for table in package.tables.values():
        try:
            for number, rows in tables.pieces(package, table):
                lines, left, wrong = rules.check(table, number, rows)
                faults += [*wrong, *draft.load(table, lines)]
                left_out += [(table, line, row) for line, row in left]
                if typed is not None:
                    typed.setdefault(table.name, []).extend(row for _, row in lines)
        except Faulty as error:
            faults += error.faults
            unread = True
    faults += draft.list_records()
    if not unread:  # a reference into a table that cannot be read is not known to be wrong
        faults += checks.references(draft, left_out)
    if faults:
        raise Faulty(faults)


def validated(package: Package, path: Path, texts: Path | None) -> tuple[str, list[Fault], passages.Report | None]:
    """Our own path up to a compiled and checked file at `path`: content digest, warnings, report on passages.

    Raises `Faulty` with every fault.
    """
    typed: passages.Typed | None = {} if texts is not None else None  # evidence is held against texts, which are small
    gc.disable()  # rows make no circles, and to look for some takes a tenth of the time
    try:
        with drafting(package, path) as draft:
            load(draft, typed)
            content = draft.derive()
            finish(draft, content)
    finally:
        gc.enable()
    with reading(path) as connection, ThreadPoolExecutor(1) as beside:  # SQLite looks the file over meanwhile
        unsound = beside.submit(verify, path)
        faults, warnings = checks.run(package, connection)
        report = None
        if texts is not None:
            report = passages.verify(package, typed, passages.Texts(texts, typed["sources"]))
            faults += report.faults
    faults += [Fault("build", message=f"the compiled file is not sound: {found}") for found in unsound.result()]
    if faults:
        raise Faulty(faults)
    return content, warnings, report


def build(root: Path, texts: Path | None = None, publish: bool = True, outside: Frictionless | None = None) -> Result:
    """Validate the package in `root` and compile it; with `publish`, put the file in the place of the last build.
    `outside` is Frictionless, where it runs already.

    Raises `Faulty`, the last good build untouched.
    """
    target = database(root)
    with alone(target.parent):
        package = Package(root)
        state = _state(package, texts)
        if publish and (last := _last(target, state)):
            return Result(target, last["content"], (), None, False)
        with making(target.parent) as folder:
            draft = folder / target.name
            with outside or Frictionless(root) as frictionless:
                content, warnings, report = validated(package, draft, texts)
                if faults := frictionless.faults():
                    raise Faulty(faults)
            if Package(root).digest() != state["inputs"]:
                raise Faulty([Fault("tables", message="was edited during the build; run it again")])
            if publish:
                _publish(draft, target, {**state, "content": content})
    return Result(target, content, tuple(warnings), report, True)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lock of the build folder, and clear away what a killed build left there.

    Raises `Faulty` where something in the block cannot be written.
    """
    try:
        folder.mkdir(exist_ok=True)
        lock = open(folder / ".lock", "w")
    except OSError as error:
        raise Faulty([Fault("build", message=f"cannot be written: {error.strerror}; make it writable")]) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in folder.glob(".making-*"):
            for path in left.iterdir():
                path.unlink()
            left.rmdir()
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise Faulty([Fault("build", message=f"could not be made: {error}; free space or rights, run again")]) from None


@contextlib.contextmanager
def making(folder: Path) -> Iterator[Path]:
    """A new folder in the build folder for drafts, gone at the end of the block; `alone` clears it after a kill."""
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as made:
        yield Path(made)


def _state(package: Package, texts: Path | None) -> dict[str, str]:
    """What a build depends on: inputs, code, libraries and texts."""
    code = hashlib.sha256()
    for path in sorted(CODE.glob("*.py")):
        code.update(path.read_bytes())
    about = hashlib.sha256(sqlite3.sqlite_version.encode())
    if texts is not None and texts.is_dir():
        for path in sorted(texts.iterdir()):
            if path.is_file():
                about.update(path.read_bytes())
    elif texts is not None:
        raise Faulty([Fault(str(texts), message="is no folder that can be read; set TEXTS to the texts' folder")])
    return {"inputs": package.digest(), "code": code.hexdigest(), "texts": about.hexdigest()}


def _last(target: Path, state: dict[str, str]) -> dict[str, str] | None:
    """The state of the last good build, if nothing that it depends on has changed and the file is as it was."""
    try:
        last = json.loads(target.with_suffix(".json").read_text())
        same = all(last[key] == value for key, value in state.items())
        return last if same and last["database"] == hashlib.sha256(target.read_bytes()).hexdigest() else None
    except (OSError, ValueError, KeyError):
        return None


def _publish(draft: Path, target: Path, state: dict[str, str]) -> None:
    """Rename the draft into place; the note of its state follows, so that a kill between leaves a rebuild."""
    state["database"] = hashlib.sha256(draft.read_bytes()).hexdigest()
    note = draft.with_suffix(".json")
    note.write_text(json.dumps(state, indent=1) + "\n")
    move(draft, target)
    move(note, target.with_suffix(".json"))


def move(draft: Path, target: Path) -> None:
    """Put a finished draft into its place, at once and whole."""
    with open(draft, "rb") as file:
        os.fsync(file.fileno())
    os.chmod(draft, 0o644)
    os.replace(draft, target)


def timed(start: float) -> str:
    """Seconds since `start`, for a person."""
    return f"{time.monotonic() - start:.1f} s"

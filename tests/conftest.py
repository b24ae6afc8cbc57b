"""What all tests share: a tiny valid package to spoil, and the command line."""

import os
import shutil
from pathlib import Path

import pytest

from scripts import __main__ as commands
from scripts import passages, tables
from scripts.package import Package

from .code.tiny import ROWS, TEXT

ROOT = Path(__file__).parent.parent
os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")


@pytest.fixture(scope="session")
def texts_or_skip() -> Path:
    """The folder of the consulted texts; a test that needs it is skipped where TEXTS names none."""
    if not os.environ.get("TEXTS"):
        pytest.skip("TEXTS names no folder with the consulted texts, which are not shipped")
    return Path(os.environ["TEXTS"]).resolve()


class Tiny:
    """A package of a few rows in a folder of its own, with every schema, view and check of the real one."""

    def __init__(self, root: Path):
        self.root = root
        self.texts = root / "texts"

    def read(self, table: str) -> list[dict[str, str]]:
        """The rows of a table."""
        package = Package(self.root)
        return tables.read(package, package.tables[table])

    def write(self, table: str, rows: list[dict[str, str]]) -> None:
        """Write a table in canonical form, sorted."""
        described = Package(self.root).tables[table]
        rows = sorted(rows, key=lambda row: tables.natural(row["id"]))
        complete = [{column: row.get(column, "") for column in described.columns} for row in rows]
        self.path(table).write_text(tables.write(described, complete), encoding="utf-8", newline="")

    def path(self, table: str) -> Path:
        """Where a table lies."""
        return self.root / "tables" / f"{table}.csv"

    def line(self, table: str, identifier: str) -> int:
        """The line on which a row stands."""
        return [row["id"] for row in self.read(table)].index(identifier) + 2

    def set(self, table: str, identifier: str, **cells: str) -> None:
        """Change cells of one row."""
        rows = self.read(table)
        next(row for row in rows if row["id"] == identifier).update(cells)
        self.write(table, rows)

    def add(self, table: str, **cells: str) -> None:
        """Add a row."""
        self.write(table, [*self.read(table), cells])

    def remove(self, table: str, identifier: str) -> None:
        """Remove a row."""
        self.write(table, [row for row in self.read(table) if row["id"] != identifier])


@pytest.fixture(scope="session")
def tiny_template(tmp_path_factory) -> Path:
    """The tiny package, made once."""
    root = tmp_path_factory.mktemp("tiny")
    shutil.copy(ROOT / "datapackage.json", root)
    shutil.copytree(ROOT / "schemas", root / "schemas")
    (root / "tables").mkdir()
    (root / "texts").mkdir()
    (root / "texts" / "text.txt").write_text(TEXT, encoding="utf-8", newline="")
    shutil.copy(ROOT / "tables" / "terms.csv", root / "tables")
    tiny = Tiny(root)
    digests = list(passages.paragraphs(TEXT))
    for table in Package(root).tables:
        if table != "terms":
            rows = [dict(row) for row in ROWS.get(table, [])]
            for row in rows:
                if row.get("passage", "").isdigit():
                    row["passage"] = digests[int(row["passage"])]
            tiny.write(table, rows)
    return root


@pytest.fixture
def tiny(tiny_template, tmp_path) -> Tiny:
    """A fresh copy of the tiny package, to spoil."""
    root = tmp_path / "package"
    shutil.copytree(tiny_template, root)
    return Tiny(root)


class Outcome:
    """What a command did: exit status, standard output and standard error."""

    def __init__(self, status: int, out: str, err: str):
        self.status, self.out, self.err = status, out, err

    @property
    def faults(self) -> list[str]:
        """The lines of faults."""
        return [line for line in self.err.splitlines() if " fault(s); " not in line and not line.startswith("warning")]


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command on a package as the command line does, in this process."""

    def call(root: Path, *arguments: str, texts: Path | None = None) -> Outcome:
        monkeypatch.delenv("TEXTS", raising=False)
        if texts is not None:
            monkeypatch.setenv("TEXTS", str(texts))
        monkeypatch.setattr("sys.argv", ["scripts", "--root", str(root), *arguments])
        capsys.readouterr()
        try:
            status = commands.main()
        except SystemExit as stop:
            status = stop.code
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return call

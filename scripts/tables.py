"""Canonical CSV: read it strictly, and write it in the one form that the check accepts."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from .faults import Fault, Faulty
from .package import Package, Table

Row = dict[str, str]
Cells = list[str]
NUMBERS = re.compile(r"([0-9]+)")
PIECE = 1 << 20  # bytes of a file that are worked on at a time
# Characters that look like nothing or like a space: only the plain space belongs in a cell.
ODD = re.compile(r"[\x00-\x1f\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff\ufffd]")
# What a letter becomes where a file was read or saved in a wrong encoding: a question mark in a word, a reference of
# HTML, or UTF-8 taken for an encoding of one byte a letter. Addresses of the web have question marks, too.
GARBLED = re.compile(r"\w\?(?:\w| [a-z])|(?<!\S)\?\w|\?{2,}|&#?\w+;|[ÂÃâÐÑ][€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ¡-¿]")
ADDRESS = re.compile(r"\w+://\S+")
csv.field_size_limit(10_000_000)


def natural(identifier: str) -> list[str | int]:
    """The order of ids: numbers in them count as numbers, so that `x.point-10` follows `x.point-9`."""
    parts: list[str | int] = NUMBERS.split(identifier)
    parts[1::2] = map(int, parts[1::2])
    return parts


def read(package: Package, table: Table) -> list[Row]:
    """The rows of a table, a column → its text; row n stands on line n + 2.

    Raises `Faulty` with every fault of bytes, header, rows and cells.
    """
    return [dict(zip(table.columns, cells)) for _, rows in pieces(package, table) for cells in rows]


def pieces(package: Package, table: Table) -> Iterator[tuple[int, list[Cells]]]:
    """The rows of a table some at a time, each a list of cells: the number of the first one's line, and the rows.

    A file is never held whole, so that it may be larger than memory. Raises `Faulty` with every fault of bytes,
    header, rows and cells, in place of the first piece that has one.
    """
    faults: list[Fault] = []
    last: list[Cells] = []  # of the piece before, to hold the order of its rows against those of the next
    for number, lines, cells, found in _parsed(table, package.open(table.path)):
        faults += found or _cells(table, number, cells, "".join(lines))
        rows = cells[1:] if number == 1 else cells
        first = number + len(cells) - len(rows)
        if not faults:
            faults += _order(table, first, rows, last) or _form(table, number, lines, cells)
        if not faults:
            yield first, rows
        last = [*last, *rows][-2:]
    if faults:
        raise Faulty(faults)


def _parsed(table: Table, file: BinaryIO) -> Iterator[tuple[int, list[str], list[Cells], list[Fault]]]:
    """Pieces of a file, the header first: the number of the first line, the lines, their cells, and what is wrong with
    them. A cell is one line of text, so that any number of whole lines can be read by themselves."""
    number, done = 1, False
    with file:
        while (raw := file.readlines(PIECE)) and not done:
            lines = _decoded(table.path, number, raw)
            cells, faults, done = _parse(table, number, lines)
            yield number, lines, cells, faults
            number += len(lines)
    if number == 1:
        raise Faulty([Fault(table.path, message="is empty; restore the file, or write the header")])


def _decoded(path: str, number: int, raw: list[bytes]) -> list[str]:
    """The lines of a piece that begins with line `number`."""
    data = b"".join(raw)
    if number == 1 and data.startswith(b"\xef\xbb\xbf"):
        raise Faulty([Fault(path, 1, message="begins with a byte order mark; save it as UTF-8 without one")])

    def line(offset: int) -> int:
        return data.count(b"\n", 0, offset) + number

    if (at := data.find(b"\0")) >= 0:
        raise Faulty([Fault(path, line(at), message="has a NUL byte; remove it, or restore the file")])
    if (at := data.find(b"\r")) >= 0:
        raise Faulty([Fault(path, line(at), message="has a carriage return; end lines with LF alone")])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Faulty([Fault(path, line(error.start), message=f"is not UTF-8: {error.reason}; save it as UTF-8")]) from None
    if not text.endswith("\n"):
        raise Faulty([Fault(path, line(len(data)), message="does not end with a line end; it may be cut off")])
    return [f"{line}\n" for line in text[:-1].split("\n")]


def _parse(table: Table, number: int, lines: list[str]) -> tuple[list[Cells], list[Fault], bool]:
    """The cells of lines, what is wrong with them, and whether nothing after them can be read."""
    path, width = table.path, len(table.columns)
    reader = csv.reader(lines, strict=True)
    rows, faults, before = [], [], 0
    try:
        for cells in reader:
            line, before = number + before, reader.line_num
            if number + before > line + 1:
                faults.append(Fault(path, line, message="has a line break inside a cell; a cell is one line of text"))
            elif line == 1 and (wrong := list(_header(table, cells))):
                return [], wrong, True
            elif not any(cells):
                faults.append(Fault(path, line, message="is a blank row; remove it"))
            elif len(cells) != width:
                wrong = f"has {len(cells)} cells where the header has {width}; mend commas and quotes"
                faults.append(Fault(path, line, message=wrong))
            else:
                rows.append(cells)
    except csv.Error as error:
        wrong = f"is not CSV: {error}; a quote is opened and not closed, or stands inside a plain cell"
        return rows, [*faults, Fault(path, number + before, message=wrong)], True
    return rows, faults, False


def _header(table: Table, cells: list[str]) -> Iterator[Fault]:
    path, columns = table.path, table.columns
    if cells == columns:
        return
    if len(cells) == 1 and len(columns) > 1:
        yield Fault(path, 1, message="has one column: the delimiter must be a comma")
        return
    for name in columns:
        if name not in cells:
            yield Fault(path, 1, name, message="the column is missing; the schema has it")
    for name in dict.fromkeys(cells):
        if name not in columns:
            yield Fault(path, 1, name, message="the schema has no such column; remove it, or add it to the schema")
        elif cells.count(name) > 1:
            yield Fault(path, 1, name, message="the column stands twice; keep it once")
    if sorted(cells) == sorted(columns):
        wrong = f"the columns are out of order; the schema has {','.join(columns)}"
        yield Fault(path, 1, next(a for a, b in zip(cells, columns) if a != b), message=wrong)


def _cells(table: Table, number: int, rows: list[Cells], text: str) -> Iterator[Fault]:
    """Faults of cells; `text` is the whole text of the rows."""
    printable = text.replace("\n", "").isprintable()
    for line, cells in enumerate(rows, number):
        row = "\t".join(cells)
        if printable and row.isascii() and "?" not in row and "&" not in row:
            if " \t" not in row and "\t " not in row and row[0] != " " and row[-1] != " ":
                continue  # nothing that a cell could be faulted for
        for column, cell in zip(table.columns, cells):
            if odd := ODD.search(cell):
                name = unicodedata.name(odd.group(), f"U+{ord(odd.group()):04X}").lower()
                yield Fault(table.path, line, column, cell, f"has a {name}; write plain text and plain spaces")
            elif cell != cell.strip():
                yield Fault(table.path, line, column, cell, "begins or ends with white space; strip it")
            elif not unicodedata.is_normalized("NFC", cell):
                yield Fault(table.path, line, column, cell, "is not in Unicode form NFC; normalise it")
            elif garbled := GARBLED.search(ADDRESS.sub("", cell)):
                wrong = f"has {garbled.group()!r}, where a letter seems lost by a wrong encoding; restore it"
                yield Fault(table.path, line, column, cell, wrong)


def _order(table: Table, number: int, rows: list[Cells], last: list[Cells]) -> list[Fault]:
    """The fault of the first row out of order, if there is one; `last` are the rows that stand before the first."""
    beside = [*last, *rows]
    keys = [natural(cells[0]) for cells in beside if cells[0]]  # that an id is empty is a fault of its own
    for at in range(1, len(keys) if len(keys) == len(beside) else 0):
        if keys[at - 1] > keys[at]:
            # Of the two rows, the one without which those beside it are in order.
            first = keys[at - 2] <= keys[at] if at > 1 else keys[0] > keys[min(2, len(keys) - 1)]
            strayed, other = (at - 1, at) if first else (at, at - 1)
            wrong = f"is out of order beside {beside[other][0]}: rows are sorted by id; run make format"
            return [Fault(table.path, number - len(last) + strayed, "id", beside[strayed][0], wrong)]
    return []


def _form(table: Table, number: int, lines: list[str], rows: list[Cells]) -> Iterator[Fault]:
    """The fault of the first line that is not written in the canonical way, if there is one."""
    quoted = [at for at, line in enumerate(lines) if '"' in line]  # without a quote a row can be written in one way only
    canonical = _written(rows[at] for at in quoted)
    if canonical != "".join(lines[at] for at in quoted):
        at = next(at for at, want in zip(quoted, canonical.split("\n")) if lines[at] != f"{want}\n")
        yield Fault(table.path, number + at, message="is not in canonical form (quotes only where needed); run make format")


def _written(rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def write(table: Table, rows: Iterable[Row]) -> str:
    """The canonical text of a table: header, rows as given, minimal quotes, LF."""
    return _written([table.columns, *(row.values() for row in rows)])


def format(package: Package) -> list[str]:
    """Bring the tables into canonical form: white space, NFC, quotes, order, and numbers for empty ids of hanging
    rows. Returns the paths changed; raises `Faulty`, with nothing written, where a table cannot be parsed."""
    faults, tables = [], {}
    for table in package.tables.values():
        try:
            data = package.read(table.path).removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
            tables[table.name] = []
            for number, _, rows, wrong in _parsed(table, io.BytesIO(data)):
                faults += [fault for fault in wrong if "blank row" not in fault.message]
                tables[table.name] += [dict(zip(table.columns, map(_tidy, row))) for row in rows[number == 1:]]
        except Faulty as faulty:
            faults += faulty.faults
    for name, rows in tables.items():
        faults += _number(package.tables[name], rows)
    if faults:
        raise Faulty(faults)
    changed = []
    for name, rows in tables.items():
        table = package.tables[name]
        text = write(table, sorted(rows, key=lambda row: natural(row["id"])))
        if text.encode() != package.read(table.path):
            path = package.root / table.path
            draft = path.with_suffix(".csv.new")
            draft.write_text(text, encoding="utf-8", newline="")
            draft.replace(path)
            changed.append(table.path)
    return changed


def _tidy(cell: str) -> str:
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", cell).strip())


def _number(table: Table, rows: list[Row]) -> Iterator[Fault]:
    """Give each empty id of a hanging row the number after the highest in use; faults where it cannot be."""
    highest: dict[str, int] = {}
    for row in rows:
        stem, _, number = row["id"].rpartition("-")
        if number.isascii() and number.isdigit():
            highest[stem] = max(highest.get(stem, 0), int(number))
    for line, row in enumerate(rows, 2):
        if row["id"]:
            continue
        if not table.schema.hangs or not row[table.schema.hangs.on]:
            yield Fault(table.path, line, "id", "", "is empty and cannot be numbered; write a slug")
            continue
        stem = f"{row[table.schema.hangs.on]}.{table.schema.hangs.kind}"
        highest[stem] = highest.get(stem, 0) + 1
        row["id"] = f"{stem}-{highest[stem]}"

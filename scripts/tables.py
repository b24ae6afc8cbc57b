"""Canonical CSV: read it strictly, and write it in the one form that the check accepts."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator

from .faults import Fault, Faulty
from .package import Package, Table

Row = dict[str, str]
# Characters that look like nothing or like a space: only the plain space belongs in a cell.
ODD = re.compile(r"[\x00-\x1f\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff\ufffd]")
# What a letter becomes where a file was read or saved in a wrong encoding: a question mark in a word, a reference of
# HTML, or UTF-8 taken for an encoding of one byte a letter. Addresses of the web have question marks, too.
GARBLED = re.compile(r"\w\?(?:\w| [a-z])|(?<!\S)\?\w|\?{2,}|&#?\w+;|[ÂÃâÐÑ][€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ¡-¿]")
ADDRESS = re.compile(r"\w+://\S+")
csv.field_size_limit(10_000_000)


def natural(identifier: str) -> list[str | int]:
    """The order of ids: numbers in them count as numbers, so that `x.point-10` follows `x.point-9`."""
    parts: list[str | int] = re.split(r"([0-9]+)", identifier)
    parts[1::2] = map(int, parts[1::2])
    return parts


def read(package: Package, table: Table) -> list[Row]:
    """The rows of a table, a column → its text; row n stands on line n + 2.

    Raises `Faulty` with every fault of bytes, header, rows and cells.
    """
    text = _decode(table.path, package.read(table.path))
    rows, faults = _parse(table, text)
    if not faults:
        faults = list(_cells(table, rows))
    if not faults:
        faults = list(_form(table, rows, text))
    if faults:
        raise Faulty(faults)
    return rows


def _decode(path: str, data: bytes) -> str:
    if not data:
        raise Faulty([Fault(path, message="is empty; restore the file, or write the header")])
    if data.startswith(b"\xef\xbb\xbf"):
        raise Faulty([Fault(path, 1, message="begins with a byte order mark; save it as UTF-8 without one")])

    def line(offset: int) -> int:
        return data.count(b"\n", 0, offset) + 1

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
    return text


def _parse(table: Table, text: str) -> tuple[list[Row], list[Fault]]:
    path, columns = table.path, table.columns
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, faults, before = [], [], 0
    try:
        for cells in lines:
            line, before = before + 1, lines.line_num
            if before > line:
                faults.append(Fault(path, line, message="has a line break inside a cell; a cell is one line of text"))
            elif line == 1:
                faults += _header(table, cells)
                if faults:
                    return [], faults
            elif not any(cells):
                faults.append(Fault(path, line, message="is a blank row; remove it"))
            elif len(cells) != len(columns):
                wrong = f"has {len(cells)} cells where the header has {len(columns)}; mend commas and quotes"
                faults.append(Fault(path, line, message=wrong))
            else:
                rows.append(dict(zip(columns, cells)))
    except csv.Error as error:
        wrong = f"is not CSV: {error}; a quote is opened and not closed, or stands inside a plain cell"
        faults.append(Fault(path, before + 1, message=wrong))
    return rows, faults


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


def _cells(table: Table, rows: list[Row]) -> Iterator[Fault]:
    for line, row in enumerate(rows, 2):
        for column, cell in row.items():
            plain = cell.isascii() and cell.isprintable() and "?" not in cell and "&" not in cell
            if not cell or (plain and cell[0] != " " and cell[-1] != " "):
                continue
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


def _form(table: Table, rows: list[Row], text: str) -> Iterator[Fault]:
    keys = [natural(row["id"]) for row in rows if row["id"]]  # that an id is empty is a fault of its own
    for at in range(1, len(rows) if len(keys) == len(rows) else 0):
        if keys[at - 1] > keys[at]:
            # Of the two rows, the one without which those beside it are in order.
            first = keys[at - 2] <= keys[at] if at > 1 else keys[0] > keys[min(2, len(keys) - 1)]
            strayed, beside = (at - 1, at) if first else (at, at - 1)
            wrong = f"is out of order beside {rows[beside]['id']}: rows are sorted by id; run make format"
            yield Fault(table.path, strayed + 2, "id", rows[strayed]["id"], wrong)
            return
    canonical = write(table, rows)
    if text != canonical:
        pairs = enumerate(zip(text.split("\n"), canonical.split("\n")), 1)
        line = next(number for number, (have, want) in pairs if have != want)
        yield Fault(table.path, line, message="is not in canonical form (quotes only where needed); run make format")


def write(table: Table, rows: Iterable[Row]) -> str:
    """The canonical text of a table: header, rows as given, minimal quotes, LF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(row.values() for row in rows)
    return out.getvalue()


def format(package: Package) -> list[str]:
    """Bring the tables into canonical form: white space, NFC, quotes, order, and numbers for empty ids of hanging
    rows. Returns the paths changed; raises `Faulty`, with nothing written, where a table cannot be parsed."""
    faults, tables = [], {}
    for table in package.tables.values():
        try:
            data = package.read(table.path).removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
            rows, wrong = _parse(table, _decode(table.path, data))
            faults += [fault for fault in wrong if "blank row" not in fault.message]
            tables[table.name] = [{column: _tidy(cell) for column, cell in row.items()} for row in rows]
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

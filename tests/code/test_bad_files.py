"""Bad input of every kind, down to the bytes: a clear fault with its place, exit status 1, the last good build untouched."""

import json
import re
import shutil

import pytest

from scripts import build, tables
from scripts.faults import Faulty
from scripts.package import Package

from ..conftest import Tiny


@pytest.fixture(scope="module")
def built_template(tiny_template, tmp_path_factory):
    """The tiny package with its good build."""
    root = tmp_path_factory.mktemp("built") / "package"
    shutil.copytree(tiny_template, root)
    build.build(root)
    return root


@pytest.fixture
def built(built_template, tmp_path):
    """A fresh copy of the built package, to spoil."""
    root = tmp_path / "package"
    shutil.copytree(built_template, root)
    return Tiny(root)


@pytest.fixture
def refused(run):
    """Build, and see that the fault is named at its place and that the last good build stays as it was."""

    def check(package: Tiny, place: str, message: str) -> None:
        folder = package.root / "build"
        good = {path.name: path.read_bytes() for path in folder.iterdir()}
        outcome = run(package.root, "build")
        assert outcome.status == 1, outcome.out
        assert any(line.startswith(place) and message in line for line in outcome.faults), outcome.err
        assert "Traceback" not in outcome.err
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == good

    return check


def once(old: str, new: str):
    """Replace a text that stands once."""

    def spoil(data: bytes) -> bytes:
        assert data.count(old.encode()) >= 1, old
        return data.replace(old.encode(), new.encode(), 1)

    return spoil


def each_row(change):
    """Change the cells of each line of a file that has no quotes."""
    return lambda data: b"".join(b",".join(change(line.split(b","))) + b"\n" for line in data.splitlines())


# name: (how the bytes of any table are spoilt, the line of the fault (from 0 down: from the end), its column (None: any),
# part of the message)
BYTES = {
    "empty file": (lambda data: b"", "", "", "is empty"),
    "only a line end": (lambda data: b"\n", 1, "id", "the column is missing"),
    "byte order mark": (lambda data: b"\xef\xbb\xbf" + data, 1, "", "byte order mark"),
    "CRLF": (lambda data: data.replace(b"\n", b"\r\n"), 1, "", "carriage return"),
    "CR alone": (lambda data: data.replace(b"\n", b"\r"), 1, "", "carriage return"),
    "UTF-16": (lambda data: data.decode().encode("utf-16-le"), 1, "", "NUL byte"),
    "not UTF-8": (lambda data: data + b"\xff\n", -1, "", "is not UTF-8"),
    "half a character": (lambda data: data[:-1] + b"\xe2\x80\n", -1, "", "is not UTF-8"),
    "Shift_JIS": (lambda data: data + "日本\n".encode("shift_jis"), -1, "", "is not UTF-8"),
    "NUL byte": (lambda data: data + b"\0\n", -1, "", "NUL byte"),
    "no line end": (lambda data: data[:-1], 0, "", "does not end with a line end"),
    "blank row": (lambda data: data + b"\n", -1, "", "blank row"),
    "row of commas": (lambda data: data + b"," * data.split(b"\n")[0].count(b",") + b"\n", -1, "", "blank row"),
    "row of one cell": (lambda data: data + b"x\n", -1, "", "has 1 cells"),
    "semicolons": (lambda data: data.replace(b",", b";"), 1, "", "the delimiter must be a comma"),
    "tabs": (lambda data: data.replace(b",", b"\t"), 1, "", "the delimiter must be a comma"),
    "unclosed quote": (lambda data: data + b'"x,y\n', -1, "", "a quote is opened and not closed"),
    "quote in a plain cell": (lambda data: data + b'"x"y\n', -1, "", "is not CSV"),
    "missing column": (each_row(lambda cells: cells[:-1]), 1, None, "the column is missing"),
    "extra column": (each_row(lambda cells: [*cells, b"x"]), 1, "x", "the schema has no such column"),
    "column without a name": (each_row(lambda cells: [*cells, b""]), 1, "", "the schema has no such column"),
    "column twice": (each_row(lambda cells: [*cells, cells[0]]), 1, "id", "the column stands twice"),
    "columns out of order": (each_row(lambda cells: [*cells[1:], cells[0]]), 1, None, "the columns are out of order"),
    "no header": (lambda data: data.split(b"\n", 1)[1], 1, "id", "the column is missing"),
}


@pytest.mark.parametrize("piece", [1, tables.PIECE])
@pytest.mark.parametrize("case", BYTES)
def test_bytes_are_refused_in_every_table(case, piece, tiny, monkeypatch):
    monkeypatch.setattr(tables, "PIECE", piece)
    spoil, line, column, message = BYTES[case]
    package = Package(tiny.root)
    for table in package.tables.values():
        if table.name == "terms" or not tiny.read(table.name):
            continue  # terms have quoted cells, which the spoilers by column do not read
        data = tiny.path(table.name).read_bytes()
        spoilt = spoil(data)
        package._bytes[table.path] = spoilt
        with pytest.raises(Faulty) as faulty:
            tables.read(package, table)
        number = spoilt.count(b"\n") + 1 + line if isinstance(line, int) and line <= 0 else line
        places = {(fault.line or "", fault.column if column is not None else None) for fault in faulty.value.faults}
        assert (number, column) in places, faulty.value.faults
        assert any(message in fault.message for fault in faulty.value.faults)


@pytest.mark.parametrize("case", BYTES)
def test_bytes_are_refused_by_the_command(case, built, refused):
    spoil, line, column, message = BYTES[case]
    path = built.path("offices")
    spoilt = spoil(path.read_bytes())
    path.write_bytes(spoilt)
    if isinstance(line, int) and line <= 0:
        line += spoilt.count(b"\n") + 1
    refused(built, ":".join(part for part in ("tables/offices.csv", str(line), column or "") if part), message)


# name: (table, text in the file, its bad form, id of the row (None: the line is given), column, part of the message)
CELLS = {
    "extra cell": ("tactics", "talks,Talks,", "talks,Talks,,", 3, "", "cells where the header has"),
    "missing cell": ("tactics", "talks,Talks,", "talks,Talks", 3, "", "cells where the header has"),
    "line break in a slug": ("people", "sato,", '"sa\nto",', 3, "", "line break inside a cell"),
    "line break in a text": ("tactics", "Talking.", '"Talk\ning."', 3, "", "line break inside a cell"),
    "needless quotes": ("people", "sato,Sato", 'sato,"Sato"', 3, "", "not in canonical form"),
    "trailing space": ("people", "Boris Yeltsin", "Boris Yeltsin ", "yeltsin", "name", "begins or ends with white space"),
    "leading space": ("people", "Boris Yeltsin", " Boris Yeltsin", "yeltsin", "name", "begins or ends with white space"),
    "space for an empty cell": ("tactics", "talks,Talks,,", "talks,Talks, ,", "talks", "original_name", "white space"),
    "non-breaking space": ("people", "Boris Yeltsin", "Boris\u00a0Yeltsin", "yeltsin", "name", "no-break space"),
    "ideographic space": ("people", "Boris Yeltsin", "Boris\u3000Yeltsin", "yeltsin", "name", "ideographic space"),
    "zero-width space": ("people", "Boris Yeltsin", "Boris\u200bYeltsin", "yeltsin", "name", "zero width space"),
    "soft hyphen": ("people", "Boris Yeltsin", "Boris Yelt\u00adsin", "yeltsin", "name", "soft hyphen"),
    "tab in a cell": ("people", "Boris Yeltsin", "Boris\tYeltsin", "yeltsin", "name", "write plain text"),
    "direction mark": ("people", "Boris Yeltsin", "Boris Yelt\u202esin", "yeltsin", "name", "right-to-left override"),
    "replacement character": ("people", "Boris Yeltsin", "Boris Yel\ufffdsin", "yeltsin", "name", "replacement character"),
    "letter lost by an encoding": ("people", "Boris Yeltsin", "Bor?s Yeltsin", "yeltsin", "name", "wrong encoding"),
    "UTF-8 taken for Latin": ("people", "Boris Yeltsin", "Bor\u00c3\u00ads Yeltsin", "yeltsin", "name", "soft hyphen"),
    "UTF-8 taken for Windows": ("people", "Boris Yeltsin", "Boris\u00e2\u20ac\u2122", "yeltsin", "name", "wrong encoding"),
    "reference of HTML": ("people", "Boris Yeltsin", "Boris&nbsp;Yeltsin", "yeltsin", "name", "wrong encoding"),
    "not NFC": ("people", "Boris Yeltsin", "Bori\u0073\u0301 Yeltsin", "yeltsin", "name", "not in Unicode form NFC"),
    "look-alike letter in an id": ("people", "sato,", "s\u0430to,", 3, "id", "does not have the form"),
    "full-width letter in an id": ("people", "sato,", "sat\uff4f,", 3, "id", "does not have the form"),
    "raised digit for an id": ("people", "yeltsin,", "\u00b2,", 4, "id", "does not have the form"),
    "capital in an id": ("people", "sato,", "satO,", 3, "id", "does not have the form"),
    "dash for a hyphen in an id": ("meetings", "krasnoyarsk-1997,", "krasnoyarsk\u20131997,", 2, "id", "does not have the form"),
    "space in an id": ("people", "sato,", "sa to,", 3, "id", "does not have the form"),
    "no id": ("people", "hashimoto,", ",", 2, "id", "required"),
    "look-alike letter in a reference": ("people", ",japan", ",j\u0430pan", "hashimoto", "party_id", "is not the id of"),
    "id of another table's row": ("offices", "president,", "sato,", 3, "id", "ids are unique in the whole package"),
    "rows out of order": ("people", "hashimoto,", "zashimoto,", 2, "id", "is out of order"),
    "month 13": ("events", ",1996,", ",1996-13,", "arrival-1996", "date", "the month is 13"),
    "month 0": ("events", ",1996,", ",1996-00,", "arrival-1996", "date", "the month is 0"),
    "30 February": ("events", ",1996,", ",1996-02-30,", "arrival-1996", "date", "day is out of range"),
    "29 February of a common year": ("events", ",1996,", ",1997-02-29,", "arrival-1996", "date", "day is out of range"),
    "31 June": ("events", ",1996,", ",1996-06-31,", "arrival-1996", "date", "day is out of range"),
    "interval that runs backward": ("meetings", "1997-11-01/1997-11-02", "1997-11-02/1997-11-01", "krasnoyarsk-1997", "date",
                                    "ends before it begins"),
    "interval without an end": ("tenures", "1996/..", "1996/", "yeltsin.tenure-1", "date", "unknown end"),
    "interval open at both ends": ("tenures", "1996/..", "../..", "yeltsin.tenure-1", "date", "open at both ends"),
    "date by slashes": ("events", ",1996,", ",1/2/1996,", "arrival-1996", "date", "is no date"),
    "date with a short month": ("events", ",1996,", ",1996-5,", "arrival-1996", "date", "is no EDTF date"),
    "date in full-width digits": ("events", ",1996,", ",\uff11\uff19\uff19\uff16,", "arrival-1996", "date", "is no EDTF date"),
    "date of level 2": ("events", ",1996,", ",199X-01,", "arrival-1996", "date", "is no EDTF date"),
    "time of day": ("events", ",1996,", ",1996-01-01T10:00:00,", "arrival-1996", "date", "is no EDTF date"),
    "NaN": ("figures", "176.3", "NaN", "exports.figure-1", "value", "is not a plain number"),
    "infinity": ("figures", "176.3", "inf", "exports.figure-1", "value", "is not a plain number"),
    "1e3": ("figures", "176.3", "1e3", "exports.figure-1", "value", "is not a plain number"),
    "1,000": ("figures", "176.3", '"1,000"', "exports.figure-1", "value", "is not a plain number"),
    "1_000": ("figures", "176.3", "1_000", "exports.figure-1", "value", "is not a plain number"),
    "full-width number": ("figures", "176.3", "\uff11\uff17\uff16", "exports.figure-1", "value", "is not a plain number"),
    "number with a sign": ("figures", "176.3", "+176.3", "exports.figure-1", "value", "is not a plain number"),
    "number with a leading nought": ("figures", "176.3", "0176.3", "exports.figure-1", "value", "is not a plain number"),
    "decimal comma": ("figures", "176.3", '"176,3"', "exports.figure-1", "value", "is not a plain number"),
    "number with its unit": ("figures", "176.3", "176.3m", "exports.figure-1", "value", "is not a plain number"),
    "fraction for a whole number": ("points", ",1,trade", ",1.0,trade", "plan-1997.point-1", "ordinal", "is not a whole number"),
    "percentage over 100": ("poll_answers", ",30,", ",130,", "poll-1988.answer-1", "percent", "the most is 100"),
    "percentage below 0": ("poll_answers", ",30,", ",-30,", "poll-1988.answer-1", "percent", "the least is 0"),
    "latitude 91": ("places", "44.1", "91", "kunashiri", "latitude", "the most is 90"),
    "longitude 181": ("places", "145.85", "181", "kunashiri", "longitude", "the most is 180"),
    "yes for true": ("places", ",true", ",yes", "kunashiri", "disputed", "is neither true nor false"),
    "TRUE": ("places", ",true", ",TRUE", "kunashiri", "disputed", "is neither true nor false"),
    "upper-case digest": ("evidence", None, None, "arrival-1996.evidence-1", "passage", "does not have the form"),
}


@pytest.mark.parametrize("case", CELLS)
def test_cells_are_refused(case, built, refused):
    table, old, new, row, column, message = CELLS[case]
    line = row if isinstance(row, int) else built.line(table, row)
    path = built.path(table)
    if old is None:
        old = next(cells["passage"] for cells in built.read(table) if cells["id"] == row)
        new = old.upper().replace("0", "A")
    path.write_bytes(once(old, new)(path.read_bytes()))
    refused(built, ":".join(part for part in (f"tables/{table}.csv", str(line), column) if part) + ":", message)


def test_a_header_twice_is_refused(built, refused):
    path = built.path("people")
    path.write_bytes(path.read_bytes().split(b"\n")[0] + b"\n" + path.read_bytes())
    refused(built, "tables/people.csv:", "")


def test_the_same_id_twice_in_a_table_is_refused(built, refused):
    path = built.path("people")
    path.write_bytes(each_row(lambda cells: cells)(path.read_bytes()) + b"yeltsin,Yeltsin,Yeltsin,,,\n")
    refused(built, "tables/people.csv:5:id: 'yeltsin'", "stands in tables/people.csv:4 already")


def test_a_missing_table_is_refused(built, refused):
    built.path("people").unlink()
    refused(built, "tables/people.csv:", "cannot be read: No such file")


def test_a_folder_in_the_place_of_a_table_is_refused(built, refused):
    built.path("people").unlink()
    built.path("people").mkdir()
    refused(built, "tables/people.csv:", "cannot be read")


# name: (file, how its JSON is spoilt, part of the place, part of the message)
DESCRIPTIONS = {
    "misspelt key of a schema": ("schemas/people.json", ('"title": "People"', '"titel": "People"'), "titel", "Extra inputs"),
    "misspelt key of a field": ("schemas/people.json", ('"description": ', '"descriptoin": '), "descriptoin", "Extra inputs"),
    "misspelt constraint": ("schemas/people.json", ('"required": true', '"requierd": true'), "requierd", "Extra inputs"),
    "unknown type": ("schemas/people.json", ('"type": "string"', '"type": "text"'), "fields.0.type", "Input should be"),
    "empty title": ("schemas/people.json", ('"title": "Identifier"', '"title": " "'), "fields.0.title", "at least 1 character"),
    "key to no table": ("schemas/people.json", ('"resource": "parties"', '"resource": "partis"'), "foreignKeys", "no table of the package"),
    "key of no column": ("schemas/people.json", ('"fields": "party_id"', '"fields": "parti_id"'), "foreignKeys", "no column of the table"),
    "column renamed": ("schemas/people.json", ('"name": "given_name"', '"name": "forename"'), "", ""),
    "label of no column": ("schemas/people.json", ('"label": "{name}"', '"label": "{nam}"'), "label", "no column of the table"),
    "broken pattern": ("schemas/people.json", ('"^[a-z0-9]+(-[a-z0-9]+)*$"', '"^[a-z0-9+(-[a-z0-9]+)*$"'), "id", "no regular expression"),
    "descriptor names a missing table": ("datapackage.json", ('"tables/people.csv"', '"tables/poeple.csv"'), "", "cannot be read"),
    "descriptor names a missing schema": ("datapackage.json", ('"schemas/people.json"', '"schemas/poeple.json"'), "", "cannot be read"),
    "misspelt key of the descriptor": ("datapackage.json", ('"resources"', '"resource"'), "resource", ""),
    "other encoding": ("datapackage.json", ('"encoding": "utf-8"', '"encoding": "latin-1"'), "encoding", "utf-8"),
    "other delimiter": ("datapackage.json", ('"delimiter": ","', '"delimiter": ";"'), "delimiter", "Input should be"),
    "no version": ("datapackage.json", ('"version": "0.1.0"', '"version": "new"'), "version", "should match pattern"),
}


@pytest.mark.parametrize("case", DESCRIPTIONS)
def test_descriptions_are_refused(case, built, refused):
    file, (old, new), place, message = DESCRIPTIONS[case]
    path = built.root / file
    path.write_bytes(once(old, new)(path.read_bytes()))
    expected = re.search(r'"((?:tables|schemas)/[^"]+)"', new)
    refused(built, expected[1] if expected else file if place or message else "tables/people.csv:1:", message)


@pytest.mark.parametrize("file", ["datapackage.json", "schemas/people.json"])
@pytest.mark.parametrize("spoilt", ["", "{", "[]", "null", "\ufeff{}", '{"a": NaN}', "\x00", "{'a': 1}", "[" * 100_000])
def test_what_is_not_json_or_no_description_is_refused(file, spoilt, built, refused):
    (built.root / file).write_text(spoilt, encoding="utf-8")
    refused(built, f"{file}:", "")


@pytest.mark.parametrize("file", ["datapackage.json", "schemas/people.json", "schemas/checks/points-are-numbered.sql", "schemas/views/summits.sql"])
def test_bytes_that_are_no_text_are_refused_in_descriptions(file, built, refused):
    (built.root / file).write_bytes(b"\xff\xfe\x00")
    refused(built, f"{file}:", "")


def test_a_table_named_twice_is_refused(built, refused):
    path = built.root / "datapackage.json"
    descriptor = json.loads(path.read_text())
    descriptor["resources"].append(descriptor["resources"][0])
    path.write_text(json.dumps(descriptor))
    refused(built, "datapackage.json:resources:", "is named twice")


def test_a_package_without_tables_is_refused(built, refused):
    path = built.root / "datapackage.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"resources": []}))
    refused(built, "datapackage.json:resources:", "at least 1 item")


def test_a_check_that_does_not_run_is_refused(built, refused):
    (built.root / "schemas" / "checks" / "new.sql").write_text("-- title: New\nSELECT x FROM nowhere\n")
    refused(built, "schemas/checks/new.sql:", "does not run: no such table: nowhere")


def test_a_view_that_does_not_run_is_refused(built, refused):
    (built.root / "schemas" / "views" / "new.sql").write_text("-- title: New\n-- description: New.\nSELECT x FROM nowhere\n")
    refused(built, "schemas/views/new.sql:", "is not a view SQLite can make")

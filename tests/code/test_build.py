"""The build and what it makes, through the command line and the SQLite file."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import zipfile

import pytest

from scripts import release, tables

from ..conftest import ROOT


def query(tiny, sql, *values):
    connection = sqlite3.connect(f"file:{tiny.root}/build/japan-russia-relations.db?mode=ro", uri=True)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


@pytest.fixture
def built(tiny, run):
    outcome = run(tiny.root, "build", texts=tiny.texts)
    assert outcome.status == 0, outcome.err
    return tiny


def test_build_says_what_it_made_and_verified(tiny, run):
    outcome = run(tiny.root, "build", texts=tiny.texts)
    assert outcome.status == 0
    assert "verified 21 passages" in outcome.out and "built " in outcome.out and "content " in outcome.out


def test_second_build_does_nothing_and_says_so(built, run):
    before = (built.root / "build" / "japan-russia-relations.db").stat()
    outcome = run(built.root, "build", texts=built.texts)
    after = (built.root / "build" / "japan-russia-relations.db").stat()
    assert outcome.status == 0 and "nothing done" in outcome.out
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_validate_leaves_the_last_build_in_its_place(tiny, run):
    outcome = run(tiny.root, "validate")
    assert outcome.status == 0 and "the tables are valid" in outcome.out
    assert "TEXTS names no folder" in outcome.out
    assert not list((tiny.root / "build").glob("*.db"))


def test_faulty_input_leaves_the_last_good_build_untouched(built, run):
    path = built.root / "build" / "japan-russia-relations.db"
    good = path.read_bytes()
    built.set("meetings", "krasnoyarsk-1997", date="1997-13")
    outcome = run(built.root, "build")
    assert outcome.status == 1
    assert outcome.faults == [
        "tables/meetings.csv:2:date: '1997-13' is no date of the calendar: the month is 13; months are 01 to 12, seasons 21 to 24"
    ]
    assert path.read_bytes() == good and not list(path.parent.glob(".making-*"))


def test_all_faults_are_reported_at_once(tiny, run):
    tiny.set("meetings", "krasnoyarsk-1997", date="1997-13", status="helt")
    tiny.set("figures", "exports.figure-1", value="1e3")
    tiny.set("people", "sato", name="")
    outcome = run(tiny.root, "build")
    assert [":".join(line.split(":")[:3]) for line in outcome.faults] == [
        "tables/figures.csv:2:value", "tables/meetings.csv:2:date", "tables/meetings.csv:2:status", "tables/people.csv:3:name",
    ]


def test_tables_are_strict_and_keep_their_keys(built):
    strict = dict(query(built, "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"))
    made = {name for name, in query(built, "SELECT name FROM codebook_tables WHERE kind <> 'view'")}
    assert all(strict[name] for name in made)
    assert query(built, "PRAGMA integrity_check") == [("ok",)] and query(built, "PRAGMA foreign_key_check") == []
    assert query(built, "PRAGMA application_id") == [(0x4A525244,)] and query(built, "PRAGMA user_version") == [(1000,)]
    copy = built.root / "copy.db"
    shutil.copy(built.root / "build" / "japan-russia-relations.db", copy)
    connection = sqlite3.connect(copy)
    connection.execute("PRAGMA foreign_keys = ON")
    for wrong in (
        "INSERT INTO meetings (id, title, level, status) VALUES ('x', 'X', 'nobody', 'held')",
        "INSERT INTO meetings (id, title, level, status) VALUES ('x', '', 'leaders', 'held')",
        "INSERT INTO meetings (id, level, status) VALUES ('x', 'leaders', 'held')",
        "INSERT INTO figures (id, series_id, value, multiplier, qualifier) VALUES ('exports.figure-9', 'exports', 'much', 1, 'exact')",
        "UPDATE poll_answers SET percent = 101",
        "UPDATE places SET latitude = 91",
        "UPDATE places SET disputed = 2",
        "UPDATE meetings SET date_earliest = '1999-01-01'",
        "INSERT INTO people (id, name, family_name) VALUES ('hashimoto', 'X', 'X')",
        "UPDATE people SET id = 'Ha shimoto'",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            with connection:
                connection.execute(wrong)
    connection.close()


def test_foreign_keys_and_dates_have_indexes(built):
    indexed = {(table, column) for table, column in query(built, """
        SELECT m.name, i.name FROM sqlite_master m, pragma_index_list(m.name) l, pragma_index_info(l.name) i
        WHERE m.type = 'table' AND i.seqno = 0""")}
    wanted = set(query(built, """
        SELECT table_name, name FROM codebook_columns WHERE table_name IN (SELECT name FROM codebook_tables WHERE kind = 'table')
        AND (references_table IS NOT NULL OR name LIKE '%\\_earliest' ESCAPE '\\' OR name LIKE '%\\_latest' ESCAPE '\\')"""))
    assert wanted and wanted <= indexed


def test_records_name_everything_but_terms(built):
    rows = {row[0]: row[1:] for row in query(built, "SELECT id, table_name, parent_id, label, contested FROM records")}
    assert rows["krasnoyarsk-1997"] == ("meetings", None, "Krasnoyarsk summit", 0)
    assert rows["krasnoyarsk-1997.participant-2"] == ("participants", "krasnoyarsk-1997", "Boris Yeltsin", 0)
    assert rows["exports.figure-1"] == ("figures", "exports", "Japanese exports, 1991: 176.3", 1)
    assert rows["exports"][-1] == 1, "an open question under a record makes it contested"
    assert "treaty" not in rows


def test_dates_are_derived_and_inherited(built):
    assert query(built, "SELECT date_earliest, date_latest FROM meetings") == [("1997-11-01", "1997-11-02")]
    assert query(built, "SELECT date, date_earliest, date_latest FROM proposals") == [(None, "1997-11-01", "1997-11-02")]
    assert query(built, "SELECT date_earliest, date_latest FROM tactic_uses") == [("1997-11-01", "1997-11-02")]
    assert query(built, "SELECT date_earliest, date_latest FROM tenures WHERE date = '1996/..'") == [("1996-01-01", None)]


def test_views_answer(built):
    assert query(built, "SELECT japanese_side, other_side, contested FROM summits") == [("Hashimoto Ryutaro", "Boris Yeltsin (Russia)", 0)]
    assert query(built, "SELECT series, amount, unit, contested FROM trade_figures") == [("Japanese exports", 176300000.0, "US dollars", 1)]
    assert query(built, "SELECT held_meanwhile, disputed_by FROM open_questions") == [(None, "167.3 million")]
    assert query(built, "SELECT grounds, disputed, contested FROM witnesses WHERE id = 'exports.figure-1'") == [(1, 1, 1)]
    timeline = query(built, "SELECT id FROM timeline ORDER BY date_earliest, id")
    assert {"krasnoyarsk-1997", "plan-1997", "offer-1997", "sato-1997", "sauna-1997", "arrival-1996", "poll-1988"} <= {r for r, in timeline}


@pytest.mark.parametrize(("words", "found"), [
    ("hashimotto", "hashimoto"), ("HASHIMOTO", "krasnoyarsk-1997"), ("hashimotto", "krasnoyarsk-1997"),
    ("kunashir", "kunashiri"), ("kunashiri", "kunashiri"), ("kunash*", "kunashiri"), ("oil", "plan-1997"),
    ("november", "krasnoyarsk-1997"), ("1996", "arrival-1996"), ("Hashimotō", "hashimoto"),
])
def test_search_finds_by_any_spelling(built, words, found):
    hits = query(built, "SELECT t.id FROM search JOIN search_texts t ON t.rowid = search.rowid WHERE search MATCH ?", words)
    assert (found,) in hits


def test_codebook_in_the_file_describes_every_table_and_column(built):
    described = set(query(built, "SELECT table_name, name FROM codebook_columns WHERE title <> '' AND description <> ''"))
    real = set(query(built, """
        SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
        WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'search%' AND m.name NOT LIKE 'sqlite_%'"""))
    assert real <= described
    assert query(built, "SELECT vocabulary FROM codebook_columns WHERE table_name = 'meetings' AND name = 'level'") == [("meeting-level",)]


def test_package_table_names_version_licence_and_digests(built):
    [(name, version, licence, inputs, content)] = query(
        built, "SELECT name, version, data_licence, inputs_sha256, content_sha256 FROM package")
    assert (name, version, licence) == ("japan-russia-relations", "0.1.0", "CC-BY-4.0")
    assert len(inputs) == len(content) == 64


def test_same_input_gives_same_bytes_anywhere(tiny, tmp_path):
    files = []
    for number, changes in enumerate([
        {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"}, {"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "77"},
    ]):
        root = tmp_path / f"copy {number}"
        shutil.copytree(tiny.root, root)
        command = [sys.executable, "-m", "scripts", "--root", str(root), "build"]
        environment = {key: value for key, value in os.environ.items() if key != "TEXTS"} | changes
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        files.append((root / "build" / "japan-russia-relations.db").read_bytes())
    assert files[0] == files[1]


def test_a_file_read_in_small_pieces_gives_the_same_content(tiny, run, monkeypatch):
    said = []
    for piece in (1, tables.PIECE):
        monkeypatch.setattr(tables, "PIECE", piece)
        said.append(run(tiny.root, "validate").out.split("content ")[1])
    assert said[0] == said[1]


def test_release_is_whole_and_the_same_twice(built, run, tmp_path):
    for name in release.FILES:
        (built.root / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, built.root / name)
    assert run(built.root, "release", texts=built.texts).status == 0
    archive = built.root / "build" / "japan-russia-relations-0.1.0.zip"
    first = archive.read_bytes()
    archive.unlink()
    assert run(built.root, "release", texts=built.texts).status == 0
    assert archive.read_bytes() == first
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "unzipped")
    unzipped = tmp_path / "unzipped"
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=unzipped).returncode == 0
    assert {path.relative_to(unzipped).as_posix() for path in unzipped.rglob("*") if path.is_file()} == {
        line.split("  ")[1] for line in (unzipped / "SHA256SUMS").read_text().splitlines()} | {"SHA256SUMS"}
    frictionless = [sys.executable, "-m", "frictionless", "validate", "datapackage.json"]
    assert subprocess.run(frictionless, cwd=unzipped, capture_output=True).returncode == 0
    assert "## meetings: Meetings" in (unzipped / "codebook.md").read_text()


def test_format_mends_form_and_numbers_hanging_rows(tiny, run):
    path = tiny.path("names")
    good = path.read_text()
    header = good.splitlines()[0]
    messy = f"{header}\r\n,sato,  Satō  Masaru ,variant-spelling\r\n,sato,\"Sato M.\",variant-spelling\r\n"
    path.write_bytes(messy.encode() + good.splitlines()[1].encode() + b"\r\n")
    assert run(tiny.root, "validate").status == 1
    outcome = run(tiny.root, "format")
    assert outcome.status == 0 and "formatted tables/names.csv" in outcome.out
    assert path.read_text() == good + "sato.name-1,sato,Satō Masaru,variant-spelling\nsato.name-2,sato,Sato M.,variant-spelling\n"
    assert "all tables are in canonical form" in run(tiny.root, "format").out


def test_format_writes_nothing_where_a_table_cannot_be_read(tiny, run):
    tiny.path("names").write_text("id,record_id,name,kind\n,sato,Masaru,variant-spelling\n")
    tiny.path("people").write_text("id\nx\n")
    outcome = run(tiny.root, "format")
    assert outcome.status == 1 and tiny.path("names").read_text().startswith("id,record_id,name,kind\n,sato")


@pytest.mark.parametrize("arguments", [[], ["compile"], ["passages", "show"], ["serve", "--port", "x"]])
def test_wrong_usage_exits_with_2(tiny, run, arguments):
    assert run(tiny.root, *arguments).status == 2


def test_a_taken_port_is_told_before_anything_is_served(tiny, run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        outcome = run(tiny.root, "serve", "--port", str(taken.getsockname()[1]))
    assert outcome.status == 1 and "cannot be served on" in outcome.err and "serving" not in outcome.out

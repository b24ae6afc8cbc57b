"""The real tables: whole, cited, verified against the texts, and in our own words."""

import csv
import json
import os
import re
import subprocess
import sys
import tomllib

import pytest

from scripts import build, passages
from scripts.package import Package

from ..conftest import ROOT

OTHERS_WORDS = {"id", "title", "name", "original_name", "citation", "publication", "authors", "url", "occasion", "pollster"}


@pytest.fixture(scope="module")
def package():
    return Package(ROOT)


@pytest.fixture(scope="module")
def typed(package):
    return build.typed_rows(package)


def test_the_tables_are_valid_and_free_of_likely_duplicates(tmp_path):
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "scripts", "validate"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", "each likely duplicate is merged, or told apart by a distinct-from link"


def test_frictionless_alone_passes_the_descriptor_without_a_warning():
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    report = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout)
    assert report["valid"] and report["stats"]["errors"] == report["stats"]["warnings"] == 0
    for task in report["tasks"]:
        with open(ROOT / task["place"], newline="", encoding="utf-8") as file:
            assert task["stats"]["rows"] == sum(1 for _ in csv.DictReader(file)), task["place"]


def test_every_passage_figure_date_and_person_stands_in_the_texts(package, typed, texts_or_skip):
    report = passages.verify(package, typed, passages.Texts(texts_or_skip, typed["sources"]))
    assert report.faults == [] and report.passages > 1800


def test_every_text_is_curated_completely(package, typed, texts_or_skip):
    texts = passages.Texts(texts_or_skip, typed["sources"])
    assert {source.id for source in typed["sources"] if source.curated == "complete"} == set(texts.paragraphs)
    assert set(passages.verify(package, typed, texts).share.values()) == {1.0}


def test_no_sentence_of_a_text_is_copied(package, typed, texts_or_skip):
    def runs(text):
        words = [word.lower() for word in re.findall(r"[^\W_]+(?:['’][^\W_]+)?", text)]
        return (tuple(words[at : at + 9]) for at in range(len(words) - 8))

    texts = passages.Texts(texts_or_skip, typed["sources"])
    known = {run for passage in texts.paragraphs.values() for text in passage.values() for run in runs(text)}
    copied = [
        f"{row.id}.{column}: {' '.join(run)}"
        for name, rows in typed.items() for row in rows
        for column, value in row
        if isinstance(value, str) and column not in OTHERS_WORDS and not column.endswith("_id")
        for run in runs(value) if run in known
    ]
    assert copied == []


def test_every_disputed_island_has_both_names(typed):
    names = {row.id: row.name for row in typed["places"] if row.disputed}
    assert names["etorofu"] == "Etorofu / Iturup" and names["kunashiri"] == "Kunashiri / Kunashir"


def test_the_version_is_the_same_everywhere(package):
    version = package.descriptor.version
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == version
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()
    assert f"\ndate-released: {package.descriptor.created[:10]}\n" in (ROOT / "CITATION.cff").read_text()
    assert f"## {version}\n" in (ROOT / "CHANGELOG.md").read_text()


def test_the_documents_name_only_tables_and_commands_that_exist(package):
    readme = (ROOT / "README.md").read_text()
    named = set(re.findall(r"^\| `(\w+)` \|", readme, re.MULTILINE))
    assert named == set(package.tables)


def test_every_pinned_package_is_listed_with_its_version():
    pinned = re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    listed = re.findall(r"^\| ([\w.-]+) \| ([\w.]+) \| \S", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE)
    assert listed[1:] == pinned, "bring docs/dependencies.md up to date with the lock file"

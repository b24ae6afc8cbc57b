"""Saved queries and the queries of pages: they answer, and find what they are given a key for by an index."""

import re
import sqlite3

import httpx
import pytest
from datasette.utils import MultiParams

from explorer import records, searching, telling
from explorer.plugins import pictures
from explorer.store import Store
from scripts import explore

from ..conftest import ROOT
from .conftest import NAME

QUERIES = explore.queries()
# Nothing to look up: a list of the rows just found, or the rows of a step before.
NO_TABLE = re.compile(r"SCAN (?:j|who|x|c|u|under|one|\(subquery-\d+\))$")


@pytest.fixture(scope="module")
def connection(database):
    """The compiled tables, as Datasette opens them."""
    with sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        yield connection
    connection.close()


@pytest.fixture(scope="module")
def store(connection, package):
    """The store of the pages."""
    about = explore.metadata(ROOT, package)["databases"][NAME]["tables"]
    return Store(NAME, about, connection)


def scans(connection, sql: str, values=()) -> list[str]:
    """The steps of a plan that read a table from end to end without an index."""
    plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    return [step for step in plan if step.startswith("SCAN") and "INDEX" not in step and not NO_TABLE.match(step)]


def test_there_are_enough_of_them():
    assert len(QUERIES) >= 14


@pytest.mark.parametrize("name", QUERIES)
def test_a_saved_query_answers_with_its_defaults_given_or_not(connection, name):
    query = QUERIES[name]
    empty = connection.execute(query["sql"], dict.fromkeys(query["defaults"], "")).fetchall()
    given = connection.execute(query["sql"], query["defaults"]).fetchall()
    assert empty and [tuple(row) for row in empty] == [tuple(row) for row in given]


@pytest.mark.parametrize("name", [name for name, query in QUERIES.items() if query["defaults"]])
def test_a_saved_query_with_a_parameter_reads_no_table_from_end_to_end(connection, name):
    query = QUERIES[name]
    found = scans(connection, query["sql"], query["defaults"])
    assert [step for step in found if not re.match(r"SCAN t$", step)] == []  # t: the view of eight dated tables


@pytest.mark.parametrize("name", QUERIES)
def test_a_saved_query_has_a_page_with_its_defaults_and_its_data(site, name):
    query = QUERIES[name]
    page = httpx.get(f"{site}/{NAME}/{name}")
    assert page.status_code == 200
    assert query["title"] in page.text.replace("&#39;", "'")
    for parameter, value in query["defaults"].items():
        assert f'name="{parameter}" value="{value}"' in page.text
    assert httpx.get(f"{site}/{NAME}/{name}.json?_shape=array").json()


@pytest.mark.parametrize(("table", "identifier"), [
    ("meetings", "krasnoyarsk-1997"), ("people", "boris-yeltsin"), ("parties", "japan"), ("sources", "singh-2008"),
    ("terms", "ineffective"), ("places", "tokyo"), ("agreements", "tokyo-declaration-1993"),
])
def test_a_record_page_reads_no_table_from_end_to_end(connection, store, table, identifier):
    asked = traced(connection, lambda: records.read(connection, store, table, identifier))
    assert len(asked) < 80
    assert {sql: found for sql in asked if (found := scans(connection, sql))} == {}


def test_search_and_cell_sources_read_no_table_from_end_to_end(connection):
    spellings = searching.Spellings(connection)
    asked = traced(connection, lambda: searching.search(connection, spellings, "Yeltsin"))
    asked += traced(connection, lambda: records.cell_sources(connection, "krasnoyarsk-1997"))
    assert {sql: found for sql in asked if (found := scans(connection, sql))} == {}


def test_pages_ask_few_queries(connection):
    everything = {"verdict": "", "party": "", "kind": "", "person": "", "type": "", "source": "", "status": "", "q": ""}
    assert len(traced(connection, lambda: telling.tactics(connection, everything))) <= 3
    assert len(traced(connection, lambda: telling.envoys(connection, everything))) <= 3
    assert len(traced(connection, lambda: telling.disagreements(connection, everything, 1))) <= 8


def traced(connection, work) -> list[str]:
    """The statements that some work asks, with their values put in."""
    asked = []
    connection.set_trace_callback(asked.append)
    try:
        work()
    finally:
        connection.set_trace_callback(None)
    return [sql for sql in asked if re.match(r"\s*(?:SELECT|WITH)", sql)]  # not those that full text asks of itself


DRAWN = {"timeline": {"person": "boris-yeltsin", "side": "japan"}, "map": {}, "documents": {}, "trade": {}, "polls": {}}


@pytest.mark.parametrize("name", DRAWN)
def test_a_page_that_draws_looks_up_by_an_index_what_it_joins(connection, name):
    """Such a page shows whole tables, and may read one from end to end; what it joins to each row it must look up."""
    state, read_page = pictures.PAGES[name]
    asked = []
    connection.set_trace_callback(asked.append)
    try:
        read_page(connection, state.read(MultiParams({key: [value] for key, value in DRAWN[name].items()})))
    finally:
        connection.set_trace_callback(None)
    nested = []
    for sql in {sql for sql in asked if sql.lstrip().upper().startswith(("SELECT", "WITH"))}:
        loops: dict[int, list[str]] = {}
        for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"):
            if row["detail"].startswith(("SCAN", "SEARCH")):
                loops.setdefault(row["parent"], []).append(row["detail"])
        for steps in loops.values():
            nested += [(step, sql[:80]) for step in steps[1:] if step.startswith("SCAN") and "INDEX" not in step]
    assert asked and nested == []

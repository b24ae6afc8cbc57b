"""Home, search, records, tactics, envoys, disagreements, tables, errors, and what programs read, over HTTP."""

import json
import re
import statistics
import time
from html import unescape

import httpx
import pytest

from scripts import dates
from scripts.package import Package

from ..conftest import ROOT
from .conftest import NAME

ENDLESS = "WITH+RECURSIVE+n(x)+AS+(SELECT+1+UNION+ALL+SELECT+x%2B1+FROM+n)+SELECT+max(x)+FROM+n"
PAGES = ["/", "/-/search?q=Yeltsin", "/-/tactics", "/-/envoys", "/-/disagreements", "/-/sql-guide", "/-/about"]


@pytest.fixture(scope="module")
def client(site):
    """A client that follows no redirects."""
    with httpx.Client(base_url=site, timeout=30) as client:
        yield client


def text_of(answer: httpx.Response) -> str:
    """The words of the main part of a page."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def address(table: str, identifier: str) -> str:
    """The address of a record's page."""
    return f"/{NAME}/{table}/{identifier.replace('.', '~2E')}"


@pytest.mark.parametrize("path", [*PAGES, f"/{NAME}/meetings", f"/{NAME}/summits", f"/{NAME}", "/id/nothing-like-it"])
def test_a_page_has_no_inline_script_or_style_and_asks_nothing_of_other_hosts(client, path):
    html = client.get(path).text
    inline = re.findall(r"<script(?! type=\"(?:module|application/ld\+json)\")|<style|\sstyle=|\son\w+=", html)
    assert not inline
    loaded = re.findall(r'<(?:script|img|iframe)[^>]+src="([^"]+)', html)
    loaded += re.findall(r'<link[^>]+rel="(?:stylesheet|icon)"[^>]*href="([^"]+)', html)
    assert all(url.startswith("/") for url in loaded)


def test_home_counts_every_table_as_it_is(client, package, rows):
    html = client.get("/").text
    for table in package.tables:
        count = re.search(rf'<a href="/{NAME}/{table}"[^>]*>[^<]+</a> <span class="faint">([\d,]+)<', html)
        assert int(count[1].replace(",", "")) == len(rows(table)), table


def test_home_describes_the_dataset_for_search_engines(client):
    html = client.get("/").text
    about = json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', html)[1])
    assert about["@type"] == "Dataset"
    assert about["license"].startswith("https://creativecommons.org/licenses/by/4.0")
    assert client.head(about["distribution"][0]["contentUrl"]).status_code == 200


@pytest.mark.parametrize(("asked", "table", "identifier"), [
    ("Hosakawa", "people", "hosokawa-morihiro"),
    ("Hosokawa", "people", "hosokawa-morihiro"),
    ("Kunashir", "places", "kunashiri"),
    ("Kunashiri", "places", "kunashiri"),
    ("Hashimotō Ryūtarō", "people", "hashimoto-ryutaro"),
    ("Tōkyō Declaration", "agreements", "tokyo-declaration-1993"),
    ("kao to kao gaiko", "tactics", "face-to-face-diplomacy"),
    ("1855", "agreements", "shimoda-treaty-1855"),
    ("monthly export 1993", "series", "japan-exports-fsu-monthly-average"),
    ("Mori letter Putin", "envoys", "suzuki-2000"),
])
def test_search_finds_any_spelling_terms_and_years(client, asked, table, identifier):
    assert f'href="{address(table, identifier)}"' in client.get("/-/search", params={"q": asked}).text


def test_search_marks_what_matched(client):
    assert "<mark>Hosakawa</mark>" in client.get("/-/search?q=hosakawa").text


def test_search_offers_the_nearest_names_for_a_typing_error(client):
    assert 'href="/-/search?q=Hosokawa"' in client.get("/-/search?q=Hosokwa").text
    assert "Nearest names" not in client.get("/-/search?q=Hosokawa").text


ODD = ["", '""', "*", '"', "AND", "NEAR(a b)", "title:x", "<script>alert(1)</script>", "日ソ", "a" * 1000]


@pytest.mark.parametrize("asked", ODD)
def test_search_takes_any_text(client, asked):
    answer = client.get("/-/search", params={"q": asked})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_search_of_one_type_goes_on_to_the_next_page(client):
    first = client.get("/-/search?q=Japan&type=events")
    following = unescape(re.search(r'rel="next" href="([^"]+)"', first.text)[1])
    found = [re.findall(rf'<li><a href="(/{NAME}/events/[^"]+)"', page.text) for page in (first, client.get(following))]
    assert len(found[0]) == 50
    assert not set(found[0]) & set(found[1])


@pytest.mark.parametrize("table", list(Package(ROOT).tables))
def test_records_of_every_table_have_a_page_a_permanent_address_and_data(client, rows, table):
    for row in [*rows(table)[:2], *rows(table)[-2:]]:
        path = address(table, row["id"])
        answer = client.get(path)
        assert answer.status_code == 200, path
        moved = client.get(f"/id/{row['id']}")
        assert (moved.status_code, moved.headers["location"]) == (303, path)
        told = client.get(f"{path}.json?_shape=array").json()
        assert told[0]["id"] == row["id"]
        assert row["id"] in client.get(f"{path}.csv").text
        if row.get("date"):
            assert dates.in_words(row["date"]) in text_of(answer)


def test_a_record_page_tells_all_that_hangs_on_the_record(client, rows):
    text = text_of(client.get(address("meetings", "krasnoyarsk-1997")))
    assert "1-2 November 1997" in text
    people = {row["id"]: row["name"] for row in rows("people")}
    for part in rows("participants"):
        if part["meeting_id"] == "krasnoyarsk-1997" and part["person_id"]:
            assert people[part["person_id"]] in text
    evidence = [row for row in rows("evidence") if row["record_id"] == "krasnoyarsk-1997"]
    assert evidence
    assert all(f"passage {row['passage']}" in text for row in evidence)


def test_every_link_of_a_document_is_told_from_both_ends(client, rows):
    titles = {row["id"]: row["title"] for row in rows("agreements")}
    labels = {row["id"]: row["label"] for row in rows("terms")}
    links = [row for row in rows("links") if row["from_id"] in titles and row["to_id"] in titles][:20]
    assert links
    for link in links:
        start, end = (text_of(client.get(address("agreements", link[column]))) for column in ("from_id", "to_id"))
        words = labels[link["relation"]]
        assert f"This {words} {titles[link['to_id']]}" in start
        assert re.search(rf"{re.escape(titles[link['from_id']])}(?: contested)? {words} this", end)


def test_an_open_disagreement_marks_the_record_and_what_it_hangs_on(client, rows):
    still_open = next(row for row in rows("disagreements") if row["status"] == "open")
    root = still_open["record_id"].partition(".")[0]
    answer = client.get(client.get(f"/id/{root}").headers["location"])
    assert 'class="contested"' in answer.text.partition("</h1>")[0]
    assert still_open["question"] in text_of(answer)


def cited(client, host: str) -> list[str]:
    """The three citations of a record, as the server of that name gives them."""
    html = unescape(client.get(address("agreements", "tokyo-declaration-1993"), headers={"Host": host}).text)
    return re.findall(r'<pre id="cite-(?:plain|bibtex|ris)">(.+?)</pre>', html, re.DOTALL)


def test_a_record_says_how_to_cite_it(client):
    for form in cited(client, "127.0.0.1"):
        assert "tokyo-declaration-1993" in form and "http" not in form, "nobody else can open a reader's own server"
    plain, bibtex, ris = cited(client, "data.example.org")
    for form in (plain, bibtex, ris):
        assert "://data.example.org/id/tokyo-declaration-1993" in form and "2026" in form
    assert bibtex.startswith("@misc{tokyo-declaration-1993,")
    assert bibtex.count("{") == bibtex.count("}")
    assert ris.startswith("TY  - DATA\n") and ris.endswith("ER  - ")


def test_an_evidence_mark_leads_to_its_evidence(client):
    html = client.get(address("meetings", "krasnoyarsk-1997")).text
    marks = set(re.findall(r'href="#(e\d+)"', html))
    assert marks
    assert marks <= set(re.findall(r'<li id="(e\d+)"', html))


def test_tactics_can_be_narrowed_to_those_called_ineffective(client, rows):
    html = client.get("/-/tactics?verdict=ineffective").text
    shown = set(re.findall(r'<h2 id="([\w-]+)"', html))
    called = {row["id"] for row in rows("tactics") if row["verdict"] == "ineffective"}
    called |= {row["tactic_id"] for row in rows("tactic_uses") if row["verdict"] == "ineffective"}
    assert called <= shown
    parents = {row["parent_id"] for row in rows("tactics")}
    assert shown - called <= parents


def test_every_tactic_and_use_is_shown(client, rows):
    html = client.get("/-/tactics").text
    for table in ("tactics", "tactic_uses"):
        assert {row["id"] for row in rows(table)} <= set(re.findall(rf'href="/{NAME}/{table}/([\w-]+)"', html))


def test_every_mission_is_shown_with_its_chain(client, rows):
    html = client.get("/-/envoys").text
    assert {row["id"] for row in rows("envoys")} == set(re.findall(r'mission" id="([\w-]+)"', html))
    person = next(row["counterpart_id"] for row in rows("envoys") if row["counterpart_id"])
    some = set(re.findall(r'mission" id="([\w-]+)"', client.get(f"/-/envoys?person={person}").text))
    columns = ("person_id", "principal_id", "message_from_id", "counterpart_id")
    assert some == {row["id"] for row in rows("envoys") if person in [row[column] for column in columns]}


def test_disagreements_are_all_there_and_can_be_narrowed(client, rows):
    found, number = set(), 1
    while True:
        page = client.get(f"/-/disagreements?page={number}")
        found |= set(re.findall(r'disagreement \w+" id="([^"]+)"', page.text))
        if 'rel="next"' not in page.text:
            break
        number += 1
    assert found == {row["id"] for row in rows("disagreements")}
    page = client.get("/-/disagreements?status=open&source=singh-2008&type=meetings")
    meetings = {row["id"] for row in rows("meetings")}
    heard = {row["disagreement_id"] for row in rows("evidence") if row["source_id"] == "singh-2008"}
    expected = {
        row["id"] for row in rows("disagreements")
        if row["status"] == "open" and row["record_id"] in meetings and row["id"] in heard
    }
    assert set(re.findall(r'disagreement \w+" id="([^"]+)"', page.text)) == expected
    assert "Show all" in client.get("/-/disagreements?status=nonsense").text
    page = client.get("/-/disagreements", params={"q": "Kawana plan"})
    assert 'id="kawana-plan-1998.disagreement-1"' in page.text and 'id="yeltsin-visit-1992.disagreement-1"' not in page.text
    for odd in ('"', "!!!", "NEAR(", "'; DROP"):
        assert client.get("/-/disagreements", params={"q": odd}).status_code == 200


def test_cell_sources_tell_whose_word_a_cell_is(client):
    told = client.get("/-/cell-sources/krasnoyarsk-1997.json")
    assert told.headers["access-control-allow-origin"] == "*"
    assert told.json()[""][0]["source"]
    below = client.get("/-/cell-sources/krasnoyarsk-1997~2Eparticipant-1.json").json()
    assert below[""], "a row without evidence of its own has that of its record"


def test_a_table_page_shows_labels_and_dates_in_words(client):
    text = text_of(client.get(f"/{NAME}/meetings?id=krasnoyarsk-1997"))
    assert "1-2 November 1997" in text and "Krasnoyarsk summit" in text


def test_ids_in_answers_to_queries_lead_to_records(client):
    html = client.get(f"/{NAME}", params={"sql": "SELECT 'krasnoyarsk-1997.participant-1' AS id"}).text
    assert 'href="/id/krasnoyarsk-1997~2Eparticipant-1"' in html


@pytest.mark.parametrize(("path", "status", "says"), [
    ("/id/krasnojarsk-1997", 404, "krasnoyarsk-1997"),
    (f"/{NAME}/people/boris-jeltsin", 404, "boris-yeltsin"),
    (f"/{NAME}/meetings?plce_id=tokyo", 400, "place_id"),
    (f"/{NAME}/meetings?_sort=nothing", 400, "date_earliest"),
    ("/nowhere", 404, "search"),
    (f"/{NAME}?sql=SELECT+nothing", 400, "schema"),
    (f"/{NAME}?sql={ENDLESS}", 400, "Ask for less"),
])
def test_an_error_says_what_to_do_next(client, path, status, says):
    answer = client.get(path)
    assert answer.status_code == status
    assert says in text_of(answer)
    assert 'href="/-/sql-guide' in answer.text


def test_an_error_is_quick(client):
    times = []
    for turn in range(9):
        start = time.perf_counter()
        client.get(f"/{NAME}/nowhere-{turn}")
        times.append(time.perf_counter() - start)
    assert statistics.median(times) < 0.2


def test_tables_as_json_and_csv_may_be_read_from_other_sites(client):
    for kind in ("json", "csv"):
        assert client.get(f"/{NAME}/meetings.{kind}").headers["access-control-allow-origin"] == "*"


def test_places_are_geojson(client, rows):
    answer = client.get("/-/places.geojson")
    assert answer.headers["content-type"].startswith("application/geo+json")
    features = {feature["id"]: feature for feature in answer.json()["features"]}
    assert set(features) == {row["id"] for row in rows("places") if row["latitude"]}
    for row in rows("places"):
        if row["latitude"]:
            assert features[row["id"]]["geometry"]["coordinates"] == [float(row["longitude"]), float(row["latitude"])]


def test_crawlers_and_assistants_find_their_way(client, site, rows):
    robots = client.get("/robots.txt").text
    assert "Allow: /" in robots and "sql=" in robots and f"Sitemap: {site}/sitemap.xml" in robots
    listed = re.findall(r"<loc>([^<]+)</loc>", client.get("/sitemap.xml").text)
    assert f"{site}{address('people', 'boris-yeltsin')}" in listed
    for url in listed[:40]:
        assert client.get(url).status_code == 200, url
    guide = client.get("/llms.txt")
    assert guide.headers["content-type"].startswith("text/plain")
    assert "evidence" in guide.text and "&amp;" not in guide.text


def test_described_records_say_so_to_search_engines(client, rows):
    kinds = {"people": "Person", "meetings": "Event", "places": "Place", "sources": None, "concepts": "DefinedTerm"}
    for table, kind in kinds.items():
        html = client.get(address(table, rows(table)[0]["id"])).text
        about = json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', html)[1])
        assert kind in (None, about["@type"])
        assert about["url"].endswith(f"/id/{rows(table)[0]['id']}")

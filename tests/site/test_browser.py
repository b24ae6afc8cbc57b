"""The pages in a real browser: on a phone and a wide screen, light and dark, by keyboard, without scripts, on paper."""

import gzip
import re
from urllib.parse import urlsplit

import httpx
import pytest

from .conftest import NAME

PAGES = [
    "/", "/-/search?q=Yeltsin", "/-/search?q=Kunashr", "/-/tactics", "/-/envoys", "/-/disagreements", "/-/sql-guide",
    "/-/about",
    f"/{NAME}", f"/{NAME}/meetings", f"/{NAME}/summits", f"/{NAME}/evidence", f"/{NAME}/meetings_of_two",
    f"/{NAME}/meetings/krasnoyarsk-1997", f"/{NAME}/people/boris-yeltsin", f"/{NAME}/sources/singh-2008",
    f"/{NAME}/disagreements/yeltsin-visit-1992~2Edisagreement-1", f"/{NAME}/terms/ineffective",
    f"/{NAME}?sql=SELECT+id+FROM+meetings+LIMIT+3",
]


@pytest.fixture(params=[("light", 1280), ("dark", 360)], ids=lambda param: f"{param[0]}-{param[1]}")
def any_screen(request, browser, site):
    """A tab on a wide light and on a narrow dark screen."""
    scheme, width = request.param
    yield from _tab(browser, site, color_scheme=scheme, viewport={"width": width, "height": 900})


@pytest.fixture
def tab(browser, site):
    """A tab on a wide screen."""
    yield from _tab(browser, site, viewport={"width": 1280, "height": 900})


def _tab(browser, site, **options):
    """A tab that fails the test for a request to another host or an error of a script or of the security policy."""
    context = browser.new_context(base_url=site, **options)
    page = context.new_page()
    strayed, failed = [], []
    page.on("request", lambda request: None if request.url.startswith(site) else strayed.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert (strayed, failed) == ([], [])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_and_scrolls_down_only(any_screen, path):
    any_screen.goto(path)
    assert any_screen.locator("h1").count() == 1
    assert any_screen.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(browser, site, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    context = browser.new_context(base_url=site, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    faults = {}
    for path in PAGES:
        page.goto(path)
        for fault in axe.Axe().run(page).response["violations"]:
            if fault["impact"] in ("serious", "critical"):
                faults[path, fault["id"]] = fault["nodes"][0]["html"]
    context.close()
    assert faults == {}


def test_from_home_to_a_passage_in_three_clicks(tab):
    tab.goto("/")
    tab.locator(".ways").get_by_role("link", name="Tactics").click()
    tab.get_by_role("link", name="Record and evidence").first.click()
    tab.locator(".evidence .passage").first.click()
    assert re.search(r"passage=[0-9a-f]{12}", tab.url)
    assert tab.locator("tbody tr").count() >= 1


def test_how_often_two_met_is_found_by_clicking(tab):
    tab.goto("/")
    tab.locator("main input[type=search]").fill("Hashimoto")
    tab.keyboard.press("Enter")
    tab.get_by_role("link", name="Hashimoto Ryutaro", exact=True).first.click()
    tab.locator("section:has(#met)").get_by_role("link", name="Boris Yeltsin").click()
    tab.get_by_role("heading", name="Every meeting of two people").wait_for()
    assert tab.locator("tbody td", has_text="Krasnoyarsk summit").count() == 1


def test_filters_change_what_is_shown_and_the_address(tab):
    tab.goto("/-/disagreements")
    before = tab.locator(".tally").inner_text()
    tab.get_by_label("Status").select_option("open")
    tab.get_by_role("button", name="Show").click()
    assert "status=open" in tab.url
    assert tab.locator(".tally").inner_text() != before
    assert tab.locator(".disagreement.ruled").count() == 0


def test_a_cell_shows_its_sources_under_the_pointer(tab):
    tab.goto(f"/{NAME}/meetings?id=krasnoyarsk-1997")
    tab.locator("td[data-column=date]").hover()
    tip = tab.locator("#tip")
    tip.wait_for(state="visible")
    assert "This cell" in tip.inner_text()
    tab.mouse.move(0, 0)
    tip.wait_for(state="hidden")


def test_the_keyboard_walks_the_cells_and_opens_a_record(tab):
    tab.goto(f"/{NAME}/meetings")
    tab.locator("thead a").last.focus()
    tab.keyboard.press("Tab")
    tip = tab.locator("#tip")
    tip.wait_for(state="visible")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowRight")
    focused = tab.locator("td:focus")
    assert focused.get_attribute("data-column") == "title"
    assert focused.evaluate("cell => cell.parentElement.rowIndex") == 2
    tab.keyboard.press("Escape")
    tip.wait_for(state="hidden")
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/{NAME}/meetings/*")


def test_the_first_tab_stop_leads_past_the_menu(tab):
    tab.goto("/-/envoys")
    tab.keyboard.press("Tab")
    assert tab.locator(":focus").inner_text() == "Skip to the content"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "content"


def test_control_and_enter_runs_a_query(tab):
    tab.goto("/-/sql-guide")
    tab.locator("textarea").fill("SELECT 6 * 7 AS answer")
    tab.keyboard.press("Control+Enter")
    tab.wait_for_url("**sql=**")
    assert tab.locator("tbody td").inner_text() == "42"


def test_the_menu_opens_on_a_phone(browser, site):
    context = browser.new_context(base_url=site, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto("/")
    page.locator("summary", has_text="Menu").click()
    page.locator(".menu").get_by_role("link", name="Polls").click()
    assert urlsplit(page.url).path == "/-/polls"
    context.close()


def test_without_scripts_a_reader_gets_from_search_to_evidence(browser, site):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.locator("main input[type=search]").fill("Kawana")
    page.locator("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Kawana summit", exact=True).first.click()
    page.locator(".marks a").first.click()
    assert re.search(r"#e\d+$", page.url)
    assert page.locator(".evidence li").count() > 1
    context.close()


def test_a_record_on_paper_has_no_menus(tab):
    tab.emulate_media(media="print")
    tab.goto(f"/{NAME}/meetings/krasnoyarsk-1997")
    for part in (".bar", ".quick", ".menu", ".cite", ".crumbs"):
        assert not tab.locator(part).is_visible()
    assert tab.locator(".evidence").is_visible()


@pytest.mark.parametrize("path", ["/", f"/{NAME}/meetings", f"/{NAME}/people/boris-yeltsin"])
def test_scripts_and_styles_are_light(site, path):
    html = httpx.get(site + path).text
    urls = re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css|svg)[^"]*)"', html)
    assert sum(len(gzip.compress(httpx.get(site + url).content)) for url in set(urls)) < 50_000

"""The desk's pages in a real browser: results as one types, keyboard, no script, light and dark, narrow.

Needs the packages of the group `browser` and a Chromium of the system (Debian: `apt install chromium`).
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.browsing import NARROW, NEEDED, WIDE, playwright, violations
from tests.conftest import WORKED_EXAMPLE, CommandLine
from tests.serving import TOKEN, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = NEEDED

REEF = "The Great Barrier Reef is thriving."


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, _starter: Path, cache_folder: Path) -> Iterator[str]:
    """A desk that is served, with a claim on which there is something of everything."""
    cli = CommandLine(tmp_path_factory.mktemp("served"), cache_folder)
    for name in ("desk.db", "desk.db.faiss"):
        shutil.copy(_starter.with_name(name), cli.folder)
    cli("verdict", 46, "False", "--publisher", "North", "--date", "2023-05-02", "--valid-to", "2022-12-31")
    cli("verdict", 46, "Sort of", "--publisher", "South", "--date", "2024-06-11", "--tag", "sea")
    cli("verdict", 46, "Half true", "--supersedes", 63, "--because", "A new survey")
    cli("retract", 62, "--because", "They took it down")
    cli("link", 46, 45, "--relation", "related")
    (cli.folder / "a.txt").write_text(f"{REEF}\n")
    cli("check", cli.folder / "a.txt", "--save", "--article-date", "2023-09-09")
    with served(cli) as running:
        yield running.address


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a page of the desk in a window of its own; a complaint or a request elsewhere fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(path: str, viewport: dict[str, int] = WIDE, **more: Any) -> Page:
        context = browser.new_context(viewport=viewport, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda one: None if one.url.startswith((address, "data:")) else complaints.append(one.url))
        page.goto(f"{address}/?token={TOKEN}")
        page.goto(f"{address}{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    asked_for = ("status of 503", "status of 422")  # by the tests
    assert [one for one in complaints if not any(status in one for status in asked_for)] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize(
    "path",
    ["/", f"/?q={REEF}", "/?q=Bananas+are+blue", "/claim/61", "/claim/46?correct=46", f"/new?claim={REEF}"],
)
def test_axe_finds_nothing(
    visit: Callable[..., Page], path: str, viewport: dict[str, int], scheme: Literal["light", "dark"]
) -> None:
    """Contrast, names, landmarks, headings: no violation with everything open, and nothing wider than the window."""
    page = visit(path, viewport, color_scheme=scheme)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_results_come_as_one_types(visit: Callable[..., Page]) -> None:
    """The last text is what is answered, the address holds it, and what comes is announced."""
    page = visit("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("The Great Barrier Reef is thriv", delay=5)
    page.keyboard.type("ing.", delay=60)
    playwright.expect(page.locator("#results .relation").first).to_contain_text("same claim")
    playwright.expect(page.locator("#status")).to_contain_text("found.")
    assert page.url.endswith("?q=The+Great+Barrier+Reef+is+thriving.")
    page.fill("#q", "Bananas are blue in summer")
    playwright.expect(page.locator("#results h2")).to_have_text("No match")
    page.fill("#q", "B")
    playwright.expect(page.locator("#results .none")).to_have_count(0)
    playwright.expect(page.locator("#status")).to_have_text("")
    assert "?" not in page.url


def test_an_address_with_a_query_shows_the_same(visit: Callable[..., Page]) -> None:
    """What was found as one typed is found again where the page is loaded anew."""
    page = visit("/")
    page.fill("#q", WORKED_EXAMPLE)
    playwright.expect(page.locator("#claim-61 .verdict")).to_be_visible()
    page.reload()
    assert page.input_value("#q") == WORKED_EXAMPLE
    assert page.locator("#claim-61 .verdict").is_visible()


def test_a_search_by_the_keyboard_alone(visit: Callable[..., Page]) -> None:
    """Type, Enter, Tab to the claim, Enter; each stop can be seen."""
    page = visit("/")
    page.keyboard.type(REEF)
    page.keyboard.press("Enter")
    playwright.expect(page.locator("#claim-46")).to_be_visible()
    assert page.input_value("#q") == REEF
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style != "none"
        if page.evaluate("document.activeElement.getAttribute('href')") == "/claim/46":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/claim/46")
    assert page.inner_text("h1") == REEF


def test_the_pages_work_without_a_script(visit: Callable[..., Page]) -> None:
    """Search, answer, add a claim that is nearly there, add a verdict: by forms and links alone."""
    page = visit("/", java_script_enabled=False)
    page.fill("#q", WORKED_EXAMPLE)
    page.click("button:text('Search')")
    assert page.inner_text("#claim-61 .relation strong") == "same claim"
    page.click("#claim-61 button:text('Yes')")
    assert "Yes, this is what it is about" in page.inner_text("#claim-61 .answered")
    page.click("nav >> text=Add a claim")
    page.fill("#claim", "NATO increased its rapid reaction force from 40,000 to 300,000 troops.")
    page.click("button:text('Add the claim')")
    assert "same claim" in page.inner_text(".result.near")
    page.check("input[name=sure]")
    page.click("button:text('Add the claim')")
    assert page.inner_text(".done") == "Claim 62 added."
    page.fill("#rating", "Mostly true")
    page.fill("#publisher", "Our desk")
    page.click("button:text('Add the verdict')")
    assert "“Mostly true”" in page.inner_text(".holds-now .verdict")


def test_a_claim_from_the_first_search_to_the_next_article(browser: Browser, desk: CommandLine) -> None:
    """Nothing is found, so it is checked and added; the next article is answered by it, and the rest is queued."""
    claim, rest = "The Aldersea dam was finished in 1962.", "Rents in Aldersea rose by 40 percent in 2021."
    with served(desk) as running, browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{running.address}/?token={TOKEN}")
        page.fill("#q", claim)
        playwright.expect(page.locator("#results h2")).to_have_text("No match")
        page.click("nav >> text=Add a claim")
        page.fill("#claim", claim)
        page.locator("details:has(#rating) > summary").click()
        page.fill("#rating", "False")
        page.fill("#publisher", "Our desk")
        page.click("button:text('Add the claim')")
        assert page.inner_text(".done").startswith("Claim 62 added")
        page.click("nav >> text=Check an article")
        page.fill("#text", f"He spoke on Monday. {claim} {rest}")
        page.click("form button:text('Check')")
        card = page.locator(".card.is-checked")
        playwright.expect(card).to_have_count(1, timeout=60_000)
        playwright.expect(card).to_contain_text(claim)
        playwright.expect(card).to_contain_text("“False”")
        playwright.expect(card).to_contain_text("Our desk")
        page.click("button:text('into the queue')")
        playwright.expect(page.locator(".actions .done")).to_contain_text("1 new claim in the queue")
        page.click("nav >> text=Queue")
        playwright.expect(page.locator("main")).to_contain_text(rest)
        assert [one for one in (62, 63) if f"on claim {one}" in page.inner_text("main")] == [63]


def test_what_is_added_is_looked_for_as_it_is_typed(visit: Callable[..., Page]) -> None:
    """The store's answer stands under the claim, nearly the same first; the rest of the form stays as it was."""
    page = visit("/new")
    page.fill("#language", "en")
    page.fill("#claim", "The Great Barrier Reef is not thriving.")
    playwright.expect(page.locator("#checked .relation").first).to_contain_text("the opposite")
    page.fill("#claim", REEF)
    playwright.expect(page.locator("#checked")).to_contain_text("This very claim is there already")
    assert page.input_value("#language") == "en"
    assert page.url.endswith("/new")


def test_a_desk_that_does_not_answer_is_told(visit: Callable[..., Page]) -> None:
    """What was found before stays, and the line says what to do."""
    page = visit(f"/?q={REEF}")
    page.route("**/results?*", lambda route: route.fulfill(status=503, body="busy"))
    page.fill("#q", "Rents rose.")
    playwright.expect(page.locator("#status")).to_have_text("The desk did not answer. Try again in a moment.")
    page.unroute("**/results?*")
    page.fill("#q", "Bananas are blue in summer")
    playwright.expect(page.locator("#status")).to_have_text("No match.")


def test_the_timeline_draws_what_its_list_says(visit: Callable[..., Page]) -> None:
    """Every verdict has a sign and a line; corrected and retracted ones are open, and no label leaves the plot."""
    for viewport in (WIDE, NARROW):
        page = visit("/claim/46", viewport)
        plot = page.locator(".timeline > svg")
        assert plot.locator(".sign").count() == 4
        assert plot.locator(".sign.is-open").count() == 2
        assert plot.locator(".holds").count() == 1
        assert plot.locator(".seen").count() == 1
        page.click("text=The same as a list")
        assert page.locator(".timeline tbody tr").count() == 6
        width = plot.bounding_box()
        assert width
        for box in plot.locator("text").evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())"):
            assert width["x"] - 2 <= box["left"] <= box["right"] <= width["x"] + width["width"] + 12

"""Checking an article and the queue in a real browser: with a script and without, in light and dark, wide and narrow.

Needs the packages of the group `browser` and a Chromium of the system (Debian: `apt install chromium`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.browsing import NARROW, NEEDED, WIDE, playwright, violations
from tests.conftest import EXAMPLE
from tests.serving import TOKEN, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from tests.conftest import CommandLine

pytestmark = NEEDED

SEED = EXAMPLE.read_text(encoding="utf-8")


@pytest.fixture
def visit(browser: Browser, desk: CommandLine) -> Iterator[Callable[..., Page]]:
    """Opens a page of a desk in a window of its own; a complaint of the browser fails the test."""
    complaints: list[str] = []
    with served(desk) as server:

        def opened(path: str, viewport: dict[str, int] = WIDE, **more: Any) -> Page:
            page = browser.new_context(viewport=viewport, **more).new_page()
            page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"{server.address}{path}?token={TOKEN}")
            return page

        yield opened
        for context in browser.contexts:
            context.close()
        server.client.close()
    assert [one for one in complaints if "422 (Unprocessable" not in one] == []  # a form shown again is told as such


def checked(page: Page, text: str = SEED) -> Page:
    """Paste and send, and wait for the report."""
    page.fill("#text", text)
    page.click("text=Check it")
    page.wait_for_selector(".statements, [role=alert]", timeout=60_000)
    return page


def test_from_a_pasted_text_to_the_queue(visit: Callable[..., Page]) -> None:
    """The report comes up by itself; a click shows the match, the filters filter; saved, the claims wait."""
    page = checked(visit("/article"))
    playwright.expect(page.locator(".card")).to_have_count(24)
    assert page.inner_text("#count") == "24 of 24 shown"
    page.click("#t11")
    playwright.expect(page.locator("#m11 mark").first).to_be_in_viewport()
    assert page.locator("#t11").get_attribute("aria-current") == "true"
    page.uncheck("#show-unmatched")
    assert (page.locator(".card:visible").count(), page.inner_text("#count")) == (2, "2 of 24 shown")
    page.click("text=Show all")
    assert page.locator("#m11 .onward a").first.inner_text() == "Open claim 61"
    page.fill("[name=author]", "Ana")
    page.click("text=Put 23 statements into the queue")
    page.click("[role=status] >> text=the queue")
    playwright.expect(page.locator(".queue > li")).to_have_count(23)
    with page.expect_navigation():
        page.click("text=Newest")
    assert page.url.endswith("/queue?sort=newest")


def test_the_download_needs_nothing_else(visit: Callable[..., Page]) -> None:
    """It opens where there is no server."""
    page = checked(visit("/article"))
    with page.expect_download() as told:
        page.click("text=Download this report")
    path = told.value.path()
    assert told.value.suggested_filename == "putins-gamble-has-strengthened-the-alliance-he-set-out-to-di-report.html"
    assert "<style>" in path.read_text(encoding="utf-8")
    assert "/static/" not in path.read_text(encoding="utf-8")


def test_without_a_script(visit: Callable[..., Page]) -> None:
    """The page that waits is loaded anew until the report is there; what it shows can be filtered and saved."""
    page = checked(visit("/article", java_script_enabled=False))
    page.uncheck("#show-unmatched")
    assert page.locator(".card:visible").count() == 2
    page.click("text=Put 23 statements into the queue")
    assert "23 new claims" in page.inner_text("[role=status]")


def test_a_file_that_is_too_large_is_told_before_it_is_sent(visit: Callable[..., Page]) -> None:
    """By the browser's own words for a field that cannot be sent."""
    page = visit("/article")
    page.set_input_files("#file", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"It rained. " * 950_000})
    assert "the limit is 10 MB" in page.locator("#file").evaluate("one => one.validationMessage")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing(
    visit: Callable[..., Page], viewport: dict[str, int], scheme: Literal["light", "dark"]
) -> None:
    """On the form, refused and not, while it waits, on the report before and after saving, in the queue."""
    page = visit("/queue", viewport, color_scheme=scheme)
    assert violations(page) == []
    page.click("nav >> text=Check an article")
    assert violations(page) == []
    page.click("text=Check it")
    page.wait_for_selector("[role=alert]")
    assert violations(page) == []
    page.fill("#text", SEED * 30)
    page.click("text=Check it")
    page.wait_for_selector("progress[value]")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.click("text=Stop")
    page.wait_for_selector("[role=alert]")
    checked(page)
    page.click("#unfold")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.click("text=Put 23 statements into the queue")
    assert violations(page) == []
    page.click("[role=status] >> text=the queue")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]

"""The report in a real browser: filters, keyboard, no script, light and dark, paper, a long transcript.

Needs the packages of the group `browser` and a Chromium of the system (Debian: `apt install chromium`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.browsing import NARROW, NEEDED, WIDE, playwright, violations
from tests.conftest import EXAMPLE
from tests.test_reports import fixture
from tracker.models import Article, Check, Finding, Outcome, Statement
from tracker.reports import html
from tracker.reports.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.conftest import CommandLine

pytestmark = NEEDED

DAY = date(2026, 11, 22)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a window of its own; a complaint of the browser or a second request fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(path: Path, viewport: dict[str, int] = WIDE, **more: Any) -> Page:
        context = browser.new_context(viewport=viewport, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda one: complaints.append(one.url) if one.url.split("#")[0] != path.as_uri() else None)
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def seed(desk: CommandLine) -> Path:
    """The report on the seed article."""
    done = desk("check", EXAMPLE, "--html", "report.html")
    assert done.code == 0, done.err
    return desk.folder / "report.html"


@pytest.fixture
def every(tmp_path: Path) -> Path:
    """A report with every outcome, every noun filled in, what made each probability, and two articles."""
    check = fixture()["check"]
    texts = [f"In {year} wages rose by {year - 1990} percent." for year in range(2000, 2004)]
    whole, at, findings = "\n\n".join(texts), 0, []
    for text, finding in zip(texts, check.findings, strict=True):
        at = whole.index(text, at)
        matches = () if finding.outcome is Outcome.UNMATCHED else finding.matches
        statement = replace(finding.statement, text=text, start=at, end=at + len(text))
        findings.append(replace(finding, statement=statement, matches=matches))
    full = replace(check, article=replace(check.article, text=whole), findings=tuple(findings))
    target = tmp_path / "every.html"
    report = Report("speeches", DAY, (full, full), ("c.pdf: it has no text",), explain=True)
    target.write_text(html.page(report), encoding="utf-8")
    return target


def long(path: Path, statements: int, told: str = "It was a plan.") -> Path:
    """A transcript with so many statements, each with a match whose verdict is explained so."""
    match = fixture()["match"]
    match = replace(match, verdicts=tuple(replace(one, explanation=told) for one in match.verdicts))
    text = "\n\n".join(f"In {2000 + i % 25} wages rose by {i} percent, and nobody told us." for i in range(statements))
    findings = [
        Finding(Statement(one[0], *one.span(), 0.5 + i % 50 / 100, f"Speaker {i % 40}"), outcome, (match,))
        for i, one in enumerate(re.finditer(r"In .+", text))
        for outcome in [list(Outcome)[i % 4]]
    ]
    check = Check(Article("debate.txt", text), statements, tuple(findings))
    path.write_text(html.page(Report("debate.txt", DAY, (check,))), encoding="utf-8")
    return path


def is_open(page: Page, number: int) -> bool:
    return bool(page.locator(f"details:has(#m{number})").evaluate("one => one.open"))


def focused(page: Page) -> str:
    """What has the focus: a statement in the text (t5), the head of a card (m5), or a control."""
    return str(
        page.evaluate(
            "() => { const one = document.activeElement; const details = one.closest('details');"
            " return one.tagName === 'SUMMARY' ? details.querySelector('[id]').id : one.id || one.tagName; }"
        )
    )


# --- opening ----------------------------------------------------------------------------------------------------------


def test_a_click_opens_the_match_beside_the_text(seed: Path, visit: Callable[..., Page]) -> None:
    """The card opens, is in sight and has the focus; the text stays where it is, and the statement is pointed out."""
    page = visit(seed)
    page.locator("#t11").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert not is_open(page, 11)
    page.click("#t11")
    assert (is_open(page, 11), focused(page), page.evaluate("scrollY")) == (True, "m11", before)
    playwright.expect(page.locator("#m11 mark").first).to_be_in_viewport()
    assert page.locator("[aria-current]").evaluate_all("all => all.map(one => one.id)") == ["t11"]
    page.click("#t10")
    assert page.locator("[aria-current]").evaluate_all("all => all.map(one => one.id)") == ["t10"]


@pytest.mark.parametrize("height", [720, 900, 1000])
def test_the_head_of_what_is_chosen_is_in_sight(tmp_path: Path, visit: Callable[..., Page], height: int) -> None:
    """Wherever the page stands: at its top, where the panel begins low, and at its end, where the footer lifts it."""
    page = visit(long(tmp_path / "long.html", 40), {"width": 1400, "height": height})
    for end in ("0", "document.documentElement.scrollHeight"):
        for number in range(1, 41):
            page.evaluate(f"scrollTo(0, {end})")
            page.locator(f"#t{number}").evaluate("said => { said.scrollIntoView({block: 'nearest'}); said.click(); }")
            top, bottom = page.locator(f".card:has(#m{number})").evaluate(
                "card => { const head = card.querySelector('summary, .plain').getBoundingClientRect();"
                " return [head.top, head.bottom]; }"
            )
            assert 0 <= top < bottom <= height, (number, end)


def test_the_keyboard_reaches_and_opens_everything(seed: Path, visit: Callable[..., Page]) -> None:
    """Tab comes to the skip links first, then to every control and statement in order; Enter opens, and leads back."""
    page = visit(seed)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the text"
    page.keyboard.press("Enter")
    assert focused(page) == "text-1"
    for number in range(1, 12):
        page.keyboard.press("Tab")
        assert focused(page) == f"t{number}"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    assert (outline, is_open(page, 11), focused(page)) == ("solid", True, "m11")
    page.keyboard.press("Enter")
    assert not is_open(page, 11)
    page.keyboard.press("Enter")
    page.locator("#m11 .back a").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#t11"
    assert page.locator("#t11").evaluate("one => one.getBoundingClientRect().top") < WIDE["height"]


def test_on_a_telephone_the_link_leads_down_and_back(seed: Path, visit: Callable[..., Page]) -> None:
    """The statements stand under the text; nothing is wider than the screen."""
    page = visit(seed, NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.click("#t11")
    assert is_open(page, 11)
    assert page.locator("#m11 dd").first.evaluate("one => one.getBoundingClientRect().top") < NARROW["height"]
    assert page.locator("#m11 .back a").evaluate("one => one.getBoundingClientRect().height") >= 24
    page.click("#m11 .back a")
    top = page.locator("#t11").evaluate("one => one.getBoundingClientRect().top")
    assert 0 < top < NARROW["height"]
    page.click("text=Open every match")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_without_a_script_it_opens_and_filters_too(seed: Path, visit: Callable[..., Page]) -> None:
    """Links open what they lead to, choices hide what they leave out; what needs a script is not offered."""
    page = visit(seed, java_script_enabled=False)
    page.click("#t11")
    page.wait_for_selector("#m11 mark", state="visible")
    assert page.locator("#unfold").is_hidden()
    page.uncheck("#show-unmatched")
    assert [page.locator(f"#m{n}").is_visible() for n in (1, 2, 11)] == [False, False, True]
    page.select_option("#by", label="Dmitry Peskov (2)")
    assert not page.locator("#m11").is_visible()
    page.click("text=Show all")
    assert page.locator("#m1").is_visible()


# --- filters ----------------------------------------------------------------------------------------------------------


def cards(page: Page) -> int:
    return int(page.locator(".card:visible").count())


def test_the_filters(seed: Path, visit: Callable[..., Page]) -> None:
    """By outcome, speaker and check-worthiness, together; the text stays whole, what is left out is plain in it."""
    page = visit(seed)
    text = page.locator("#text-1").text_content()
    assert (cards(page), page.inner_text("#count")) == (24, "24 of 24 shown")
    page.uncheck("#show-unmatched")
    assert (cards(page), page.inner_text("#count")) == (2, "2 of 24 shown")
    assert page.locator("h3:visible").all_inner_texts() == ["Checked before", "Related claims were checked"]
    page.select_option("#worth", "10")
    assert page.inner_text("#count") == "1 of 24 shown"
    page.select_option("#worth", "0")
    page.check("#show-unmatched")
    page.select_option("#by", label="Vladimir Putin (1)")
    assert page.inner_text("#count") == "1 of 24 shown"
    assert page.locator("h3:visible").all_inner_texts() == ["Not checked before"]
    assert page.locator("#text-1").text_content() == text
    plain = page.locator("#t11").evaluate("one => getComputedStyle(one).backgroundColor")
    assert plain == "rgba(0, 0, 0, 0)"
    assert page.locator(".said").evaluate_all("all => all.filter(one => one.tabIndex === 0).map(one => one.id)") == [
        "t5"
    ]
    page.click("text=Show all")
    playwright.expect(page.locator("#count")).to_have_text("24 of 24 shown")
    assert page.locator(".said").evaluate_all("all => all.every(one => one.tabIndex === 0)")


def test_all_matches_open_and_close_at_once(seed: Path, visit: Callable[..., Page]) -> None:
    """The button says what it will do next."""
    page = visit(seed)
    page.click("#unfold")
    assert (is_open(page, 10), is_open(page, 11), page.inner_text("#unfold")) == (True, True, "Close every match")
    page.click("#unfold")
    assert (is_open(page, 10), is_open(page, 11), page.inner_text("#unfold")) == (False, False, "Open every match")


def test_when_the_filters_leave_nothing_the_panel_says_so(seed: Path, visit: Callable[..., Page]) -> None:
    """With a script for every choice, without one where every outcome is left out."""
    page = visit(seed)
    assert page.locator(".emptied").is_hidden()
    page.uncheck("#show-unmatched")
    page.select_option("#by", label="Vladimir Putin (1)")
    assert page.inner_text(".emptied") == "The filters leave none of the statements."
    bare = visit(seed, java_script_enabled=False)
    for outcome in Outcome:
        assert bare.locator(".emptied").is_hidden()
        bare.uncheck(f"#show-{outcome}")
    assert bare.locator(".emptied").is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_filter_leaves_no_link_dead(tmp_path: Path, visit: Callable[..., Page], script: bool) -> None:
    """An explanation that stands at a statement which is left out is shown when its link is followed."""
    page = visit(long(tmp_path / "long.html", 40, told="It was a plan. " * 30), java_script_enabled=script)
    page.uncheck("#show-checked")
    page.click(".card:has(#m2) summary")
    assert not page.locator("#m1").is_visible()
    page.click("#m2 .verdict a[href='#e1']")
    page.wait_for_selector("#m1 .explanation", state="visible")
    assert not page.locator("#m5").is_visible()
    if script:
        playwright.expect(page.locator("#count")).to_have_text("31 of 40 shown")


def test_numbers_and_sentences_stand_apart(tmp_path: Path, visit: Callable[..., Page]) -> None:
    """However many digits a number has."""
    page = visit(long(tmp_path / "long.html", 1100))
    for number in (1, 99, 999, 1100):
        sides = page.locator(f".card:has(#m{number})").evaluate(
            "card => { const number = document.createRange(), quote = card.querySelector('.quote');"
            " number.selectNodeContents(card.querySelector('.number'));"
            " return [number.getBoundingClientRect().right, quote.getBoundingClientRect().left]; }"
        )
        assert sides[0] < sides[1], number


def test_more_statements_are_no_more_work(tmp_path: Path, visit: Callable[..., Page]) -> None:
    """A transcript with 900 statements has as many listeners as one with nine, and a filter lays it out as often."""
    found = {}
    for statements in (9, 900):
        page = visit(long(tmp_path / f"{statements}.html", statements))
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")

        def metrics(session: Any = session) -> dict[str, float]:
            return {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}

        before = metrics()
        page.evaluate("() => { const box = document.getElementById('show-unmatched'); box.click(); }")
        after = metrics()
        layouts = after["LayoutCount"] - before["LayoutCount"]
        found[statements] = (before["JSEventListeners"], layouts <= 3)
        assert page.locator(".card:visible").count() == statements - statements // 4
    assert found[9] == found[900]
    assert found[900][1]


# --- what it looks like -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("report", ["seed", "every"])
def test_axe_finds_nothing(
    request: pytest.FixtureRequest,
    visit: Callable[..., Page],
    report: str,
    viewport: dict[str, int],
    scheme: Literal["light", "dark"],
) -> None:
    """Contrast, names, landmarks, headings, keyboard: no violation, with every match open, in both schemes."""
    page = visit(request.getfixturevalue(report), viewport, color_scheme=scheme)
    page.click("#unfold")
    page.click("#t2")
    assert violations(page) == []


def test_no_outcome_is_told_by_colour_alone(every: Path, visit: Callable[..., Page]) -> None:
    """Each has a line of its own under the words and a sign of its own before its number."""
    page = visit(every)
    said = page.locator("#text-1 .said")
    lines = said.evaluate_all("all => all.map(one => getComputedStyle(one).borderBottomStyle)")
    signs = said.evaluate_all("all => all.map(one => getComputedStyle(one, '::after').content)")
    assert len(set(lines)) == len(set(signs)) == len(Outcome)


def test_dark_is_dark(seed: Path, visit: Callable[..., Page]) -> None:
    """The page follows what the reader's system says; paper is always light."""

    def ground(page: Page) -> int:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return int(re.findall(r"\d+", colour)[0])

    page = visit(seed, color_scheme="dark")
    assert ground(page) < 64
    assert ground(visit(seed, color_scheme="light")) > 192
    page.emulate_media(media="print", color_scheme="dark")
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert int(re.findall(r"\d+", ink)[0]) < 64


def test_a_turn_of_the_reading_direction_ends_with_its_statement(tmp_path: Path, visit: Callable[..., Page]) -> None:
    """What follows in the text stands after it."""
    said, rest = "Rents \u202erose by 4 percent.", " Then it rained."
    finding = Finding(Statement(said, 0, len(said), 0.9), Outcome.UNMATCHED)
    path = tmp_path / "turned.html"
    path.write_text(html.page(Report("a.txt", DAY, (Check(Article("a.txt", said + rest), 2, (finding,)),))), "utf-8")
    right, left = visit(path).evaluate(
        "() => { const said = document.querySelector('.said'), rest = document.createRange();"
        " rest.selectNode(said.nextSibling);"
        " return [said.getBoundingClientRect().right, rest.getBoundingClientRect().left]; }"
    )
    assert left >= right - 1


@pytest.mark.parametrize("script", [True, False])
def test_a_filtered_page_says_so_on_paper(seed: Path, visit: Callable[..., Page], script: bool) -> None:
    """By outcome or by speaker; a whole one does not."""
    page = visit(seed, java_script_enabled=script)
    said = page.locator(".filtered")

    def printed(shown: str) -> None:
        assert said.is_hidden()
        page.emulate_media(media="print")
        assert said.inner_text() == f"Filtered: {shown if script else 'not every statement is shown'}"
        page.emulate_media(media="screen")
        page.click("text=Show all")

    page.emulate_media(media="print")
    assert said.is_hidden()
    page.emulate_media(media="screen")
    page.uncheck("#show-unmatched")
    printed("2 of 24 statements are shown")
    page.select_option("#by", label="Vladimir Putin (1)")
    printed("1 of 24 statements are shown")


def test_paper_shows_every_match(seed: Path, visit: Callable[..., Page], tmp_path: Path) -> None:
    """Printed, all is open and the controls are gone, without a script too; afterwards what was closed is closed."""
    page = visit(seed)
    page.pdf(path=str(tmp_path / "report.pdf"), format="A4")
    assert not is_open(page, 11)
    assert len((tmp_path / "report.pdf").read_bytes()) > 10_000
    bare = visit(seed, java_script_enabled=False)
    bare.emulate_media(media="print")
    assert bare.locator("#m11 mark").first.is_visible()
    assert bare.locator(".choices").is_hidden()
    assert bare.locator("#t11").is_visible()

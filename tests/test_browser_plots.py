"""The plots of `tracker serve` in a real browser: light and dark, wide and narrow, without a script, letters apart.

Needs the packages of the group `browser` and a Chromium of the system (Debian: `apt install chromium`).
"""

from __future__ import annotations

import shutil
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.browsing import NARROW, NEEDED, WIDE, violations
from tests.conftest import CommandLine
from tests.serving import served
from tests.test_server_evaluation import answer
from tests.test_server_plots import fill
from tracker.pipeline import Tracker
from tracker.ratings import NORMALIZED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = NEEDED

MONTHS = "/ratings?since=2018-01-01&until=2021-04-30"  # forty of them
PATHS = ("/ratings", MONTHS, "/ratings?since=2020-03-01&until=2020-03-31", "/evaluation?run=1")
OTHERS = (
    "/ratings?since=2022",
    "/ratings?publisher=nobody",
    "/ratings/labels",
    "/claims-with?rating=false",
    "/evaluation",
)


@pytest.fixture(scope="module")
def address(_starter: Path, tmp_path_factory: pytest.TempPathFactory, cache_folder: Path) -> Iterator[str]:
    """A desk with 600 verdicts over twelve years and sixty answers, for all tests: they only read."""
    desk = CommandLine(tmp_path_factory.mktemp("plots"), cache_folder)
    shutil.copy(_starter, desk.store)
    shutil.copy(_starter.with_name("desk.db.faiss"), desk.folder)
    with Tracker.open(desk.store) as tracker:
        fill(tracker, 600)
        answer(tracker, 60)
    with served(desk) as server:
        yield server.address
        server.client.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a page in a window of its own, with all figures open; a complaint of the browser fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(path: str, viewport: dict[str, int] = WIDE, **more: Any) -> Page:
        contexts.append(browser.new_context(viewport=viewport, **more))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}{path}")
        for one in page.locator("summary").all():
            one.click()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [one for one in complaints if "422 (Unprocessable" not in one] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing(
    visit: Callable[..., Page], viewport: dict[str, int], scheme: Literal["light", "dark"]
) -> None:
    """Contrast, names, landmarks, headings, keyboard: no violation, and nothing is wider than the window."""
    for path in (*PATHS, *OTHERS):
        page = visit(path, viewport, color_scheme=scheme)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
        page.context.close()


@pytest.mark.parametrize("viewport", [WIDE, {"width": 600, "height": 900}, NARROW, {"width": 320, "height": 700}])
@pytest.mark.parametrize("path", PATHS)
def test_the_letters_of_a_plot_stand_apart(visit: Callable[..., Page], path: str, viewport: dict[str, int]) -> None:
    """At any width none covers another, none leaves the window, and all are large enough to be read."""
    page = visit(path, viewport)
    boxes = page.locator(".plot text").evaluate_all(
        "all => all.map(one => { const box = one.getBoundingClientRect(), size = getComputedStyle(one).fontSize;"
        " return [one.textContent, box.left, box.right, box.top, box.bottom, parseFloat(size)]; })"
    )
    assert len(boxes) >= 3
    for one, other in combinations(boxes, 2):
        covers = one[1] < other[2] and other[1] < one[2] and one[3] < other[4] and other[3] < one[4]
        assert not covers, (one, other)
    assert all(left >= 0 and right <= viewport["width"] and size >= 11.5 for _, left, right, *_, size in boxes), boxes


def test_what_is_drawn_lies_in_the_plot(visit: Callable[..., Page]) -> None:
    """Columns, bars and points; the columns in their order, from left to right, each from the base up."""
    page = visit("/ratings")
    for plot in (".over-time .ground", ".bars li:first-child .bar"):
        outer = page.locator(plot).bounding_box()
        assert outer
        assert outer["width"] > 200
        for piece in page.locator(f"{plot} rect").all():
            box = piece.bounding_box()
            assert box
            assert outer["x"] - 1 <= box["x"]
            assert box["x"] + box["width"] <= outer["x"] + outer["width"] + 1
            assert outer["y"] - 1 <= box["y"]
            assert box["y"] + box["height"] <= outer["y"] + outer["height"] + 1


def test_no_rating_is_told_by_colour_alone(visit: Callable[..., Page]) -> None:
    """Each has a pattern that is no other's, colours aside, and every piece of a plot is filled with one."""
    page = visit("/ratings")
    forms = page.locator("pattern").evaluate_all(
        "all => all.map(one => one.getAttribute('patternTransform') + [...one.children].map(each =>"
        " each.tagName + ['width', 'height', 'r', 'd'].map(name => each.getAttribute(name))).join())"
    )
    assert len(set(forms)) == len(forms) == len(NORMALIZED)
    fills = page.locator(".seg").evaluate_all("all => all.map(one => getComputedStyle(one).fill)")
    assert {one.split('"')[1] for one in fills} <= {f"#p-{name}" for name in NORMALIZED}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ratings_differ_for_every_eye(visit: Callable[..., Page], scheme: Literal["light", "dark"]) -> None:
    """True and false, and each and its weaker form, are far apart also for who sees no red or no green."""
    page = visit("/ratings", color_scheme=scheme)
    seen = {
        name: [int(part) for part in page.locator(f".t-{name}").evaluate(_COLOUR).split(",")] for name in NORMALIZED
    }
    for one, other in (("true", "false"), ("true", "mostly-true"), ("false", "mostly-false"), ("true", "not-rated")):
        for blind in _BLIND.values():
            assert _distance(seen[one], seen[other], blind) > 60, (one, other)


_COLOUR = "one => getComputedStyle(one).fill.match(/\\d+/g).slice(0, 3).join()"
_BLIND = {  # Machado, Oliveira and Fernandes (2009), severity 1, rounded
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def _distance(one: list[int], other: list[int], blind: tuple[tuple[float, ...], ...]) -> float:
    """How far two colours are from each other as somebody sees them who lacks a kind of cones, in steps of RGB."""
    sides = [
        [sum(weight * part for weight, part in zip(row, side, strict=True)) for row in blind] for side in (one, other)
    ]
    return float(sum((a - b) ** 2 for a, b in zip(*sides, strict=True)) ** 0.5)


def test_without_a_script(visit: Callable[..., Page]) -> None:
    """The form filters, a rating leads to its claims, the button measures, and the figures unfold."""
    page = visit("/ratings", java_script_enabled=False)
    page.fill("#publisher", "Publisher 0")
    page.click("text=Show")
    assert "by Publisher 0" in page.inner_text("[role=status]")
    page.click(".legend a >> text=mostly true")
    assert "read as “mostly true” by Publisher 0" in page.inner_text("[role=status]")
    page.click(".words a >> nth=0")
    assert "/claim/" in page.url
    page = visit("/evaluation", java_script_enabled=False)
    page.click("text=Measure it now")
    page.click("text=The figures")
    assert page.locator("[aria-label='Answers by probability'] tbody tr").count() >= 2

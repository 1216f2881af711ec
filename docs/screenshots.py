"""Take the pictures that the README and the docs show: `make screenshots`.

The report on the example article and the pages that `tracker serve` shows, with the starter claims and what somebody at
a desk might add to them, in the system's Chromium.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

Scheme: TypeAlias = Literal["light", "dark"]

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = "examples/nato-rapid-reaction-force.txt"
WIDE, PHONE = (1280, 860), (390, 780)
COLOURS = 128  # of a picture: text and a few lines; more would only be larger
TOKEN = "a-token-for-the-pictures"  # noqa: S105 - of a server that lives for a minute
WORKED_EXAMPLE = 61  # the claim about 300,000 troops
SAID = "NATO has increased its rapid reaction force from 40,000 to 300,000 troops."
CONTRAST = "NATO has increased its rapid reaction force from 40,000 to 400,000 troops."

# What the desk of the pictures adds to the worked example.
VERDICTS: tuple[dict[str, Any], ...] = (
    {"rating": "True", "publisher": "Our desk", "reviewed_on": "2022-07-02"},
    {
        "rating": "Half true",
        "reviewed_on": "2022-07-06",
        "supersedes": 62,
        "because": "A plan for 300,000, and no force yet",
        "evidence": [{"url": "https://www.nato.int/cps/en/natohq/opinions_197080.htm", "note": "The transcript"}],
    },
    {
        "rating": "Missing context",
        "publisher": "A partner's desk",
        "reviewed_on": "2023-01-20",
        "valid_from": "2022-06-27",
        "valid_to": "2023-07-10",
    },
)
ARTICLES = (("2022-09-14", "the-week-in-brief"), ("2023-04-03", "interview"), ("2023-05-22", "letters"))


def main() -> None:
    """Write docs/report*.png and docs/browser*.png."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("docs/screenshots.py: needs Chromium, as in: apt install chromium")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        (folder / "examples").symlink_to(ROOT / "examples")
        tracker(folder, "import", "--starter")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        of_the_report(browser, folder)
        with served(folder) as address:
            of_the_desk(browser, folder, address)
        browser.close()


def tracker(folder: Path, *arguments: str) -> None:
    """A command as a user gives it."""
    subprocess.run(_command(*arguments), cwd=folder, check=True, env=_environment(), stdout=subprocess.DEVNULL)


# --- the report -------------------------------------------------------------------------------------------------------


def of_the_report(browser: Browser, folder: Path) -> None:
    """The top of the report in the dark, and a chosen statement on a wide screen and on a telephone."""
    tracker(folder, "check", ARTICLE, "--html", "report.html")
    address = (folder / "report.html").as_uri()
    pictures: tuple[tuple[str, tuple[int, int], Scheme], ...] = (
        ("report", WIDE, "light"),
        ("report-top", WIDE, "dark"),
        ("report-phone", PHONE, "light"),
    )
    for name, size, scheme in pictures:
        page = opened(browser, size, scheme)
        page.goto(address)
        if name != "report-top":
            choose(page, size)
        taken(page, name)


def choose(page: Page, size: tuple[int, int]) -> None:
    """The statement that was checked before, chosen and open."""
    said = page.locator(".said.is-checked").first
    said.click()
    if size == WIDE:
        said.evaluate("said => scrollTo(0, said.getBoundingClientRect().top + scrollY - innerHeight * 0.62)")


# --- the desk ---------------------------------------------------------------------------------------------------------


def of_the_desk(browser: Browser, folder: Path, address: str) -> None:
    """The pages that `tracker serve` shows to somebody who may write."""

    def visit(path: str, scheme: Scheme = "light") -> Page:
        page = opened(browser, WIDE, scheme)
        page.goto(f"{address}/?token={TOKEN}")
        page.goto(f"{address}{path}")
        return page

    page = visit("/")
    page.get_by_label("A sentence, a claim or a whole post").press_sequentially(CONTRAST)
    page.get_by_text("another figure").first.wait_for()
    taken(page, "browser-search")

    page = visit("/new")
    page.get_by_label("The claim", exact=True).press_sequentially(SAID.replace("increased", "enlarged"))
    page.get_by_text("same claim", exact=True).first.wait_for()
    taken(page, "browser-add")

    page = visit("/article")
    page.get_by_label("Or choose a file").set_input_files(ROOT / ARTICLE)
    page.get_by_role("button", name="Check it").click()
    page.locator(".said.is-checked").first.wait_for(timeout=120_000)
    taken(page, "browser-article")

    fill(folder, address)
    page = visit(f"/claim/{WORKED_EXAMPLE}")
    page.locator("#when").evaluate("it => scrollTo(0, it.getBoundingClientRect().top + scrollY - 24)")
    taken(page, "browser-claim")
    taken(visit("/queue"), "browser-queue")
    taken(visit("/ratings", "dark"), "browser-ratings")


def fill(folder: Path, address: str) -> None:
    """Verdicts of the desk's own and articles that were saved, so that the pages have something to show."""
    for verdict in VERDICTS:
        asked = urllib.request.Request(  # noqa: S310 - our own address
            f"{address}/claims/{WORKED_EXAMPLE}/verdicts",
            json.dumps(verdict).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"},
        )
        urllib.request.urlopen(asked).close()  # noqa: S310 - our own address
    tracker(folder, "check", ARTICLE, "--save", "--article-date", "2022-07-01")
    for day, name in ARTICLES:
        (folder / f"{name}.txt").write_text(f"{SAID} What do you think of it, dear {name}?\n", encoding="utf-8")
        tracker(folder, "check", f"{name}.txt", "--save", "--article-date", day)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The server's address, for as long as it is needed."""
    command = _command("serve", "--port", "0", "--token", TOKEN)
    process = subprocess.Popen(command, cwd=folder, env=_environment(), stdout=subprocess.PIPE, text=True)
    try:
        found = re.search(r"http://\S+(?=/\?token)", process.stdout.readline() if process.stdout else "")
        if found is None:
            sys.exit("docs/screenshots.py: the server did not say its address")
        yield found[0]
    finally:
        process.terminate()
        process.communicate()


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tracker", "--store", "desk.db", *arguments]


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "TRACKER_AUTHOR": "Ada"}


# --- pictures ---------------------------------------------------------------------------------------------------------


def opened(browser: Browser, size: tuple[int, int], scheme: Scheme) -> Page:
    """A window of its own."""
    width, height = size
    return browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")


def taken(page: Page, name: str) -> None:
    """One picture of what the window shows, in few colours."""
    target = ROOT / "docs" / f"{name}.png"
    page.mouse.move(0, 0)
    page.screenshot(path=target)
    page.close()
    with Image.open(target) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    main()

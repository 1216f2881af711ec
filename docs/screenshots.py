"""Take the pictures of the report that the README and docs/report.md show: `make screenshots`.

The report on the example article, with the starter claims, in the system's Chromium.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = "examples/nato-rapid-reaction-force.txt"
WIDE, PHONE = (1280, 860), (390, 780)


def main() -> None:
    """Write docs/report.png, docs/report-top.png and docs/report-phone.png."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("docs/screenshots.py: needs Chromium, as in: apt install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = report(Path(folder))
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        picture(browser, page, "report.png", WIDE, "light", at_statement=True)
        picture(browser, page, "report-top.png", WIDE, "dark", at_statement=False)
        picture(browser, page, "report-phone.png", PHONE, "light", at_statement=True)
        browser.close()


def report(folder: Path) -> Path:
    """The report on the example article, made as a user makes it, from a store with the starter claims."""
    (folder / "examples").symlink_to(ROOT / "examples")
    for arguments in (["import", "--starter"], ["check", ARTICLE, "--html", "report.html"]):
        command = [sys.executable, "-m", "tracker", "--store", "desk.db", *arguments]
        subprocess.run(command, cwd=folder, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    return folder / "report.html"


def picture(
    browser: Browser,
    report: Path,
    name: str,
    size: tuple[int, int],
    scheme: Literal["light", "dark"],
    *,
    at_statement: bool,
) -> None:
    """One picture: of the top of the page, or where the sentence that was checked before is chosen and open."""
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(report.as_uri())
    if at_statement:
        said = page.locator(".said.is-checked").first
        said.click()
        if size == WIDE:
            said.evaluate("said => scrollTo(0, said.getBoundingClientRect().top + scrollY - innerHeight * 0.62)")
        page.mouse.move(0, 0)
    page.screenshot(path=ROOT / "docs" / name)
    page.close()


if __name__ == "__main__":
    main()

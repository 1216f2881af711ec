"""A real browser for the tests: the system's Chromium, driven by Playwright, with axe-core to look for what shuts out.

Needs the packages of the group `browser` and a Chromium of the system (Debian: `apt install chromium`); a test module
that imports this is left out where they are missing.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip("playwright.sync_api", reason="needs the packages of the group 'browser'")
pytest.importorskip("axe_playwright_python", reason="needs the packages of the group 'browser'")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NEEDED = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, as in: apt install chromium")
WIDE, NARROW = {"width": 1360, "height": 900}, {"width": 390, "height": 844}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, started and closed."""
    with playwright.sync_playwright() as started:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        launched = started.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        yield launched
        launched.close()


def violations(page: Page) -> list[Any]:
    """What axe-core finds wrong on a page as it stands, with the elements."""
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    assert len(found["passes"]) > 10
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]]

"""What the README shows is what happens; command output is checked by `make docs-check`."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import typer.main

from tests.conftest import ROOT
from tracker.cli import app

if TYPE_CHECKING:
    from tests.conftest import CommandLine

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "tracker" / "data").glob("*.md"))]


def test_the_python_example_runs(cli: CommandLine) -> None:
    """The README's example works as it stands, in an empty folder, and finds the claim it has added."""
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", example],
        env=cli.environment,
        cwd=cli.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "related The dam was built in 1962. ['True']\n", done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: object) -> None:
    """Every link to a file of the project names one that is there."""
    path = ROOT / str(page)
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


def test_every_command_is_documented() -> None:
    """The command reference has a section for each command."""
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name in typer.main.get_command(app).list_commands(None):  # type: ignore[attr-defined]  # it is a group
        assert re.search(rf"^## tracker {name}\b", text, re.MULTILINE), name

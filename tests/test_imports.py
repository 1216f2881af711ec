"""A cheap start: nothing heavy is imported before it is needed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import CommandLine

HEAVY = {
    *("torch", "sentence_transformers", "transformers", "faiss", "numpy", "scipy", "sklearn", "sqlite_utils"),
    *("trafilatura", "httpx", "tokenizers", "huggingface_hub", "syntok", "charset_normalizer", "markdown_it"),
    *("matplotlib", "pypdf", "feedparser", "lxml", "jinja2"),
    *("fastapi", "starlette", "uvicorn", "pydantic", "mcp"),
}
LIST_LOADED = "import atexit, sys; atexit.register(lambda: print('LOADED', *sys.modules, file=sys.stderr));"


def loaded(code: str, *arguments: str, cli: CommandLine | None = None) -> set[str]:
    """The heavy packages that are loaded when a piece of code ends."""
    done = subprocess.run(
        [sys.executable, "-c", LIST_LOADED + code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=cli.environment if cli else None,
        cwd=cli.folder if cli else None,
    )
    line = next(line for line in done.stderr.splitlines() if line.startswith("LOADED"))
    return {name.partition(".")[0] for name in line.split()} & HEAVY


RUN = "from tracker.__main__ import main; main()"


@pytest.mark.parametrize(
    "module", ["tracker", "tracker.cli", "tracker.pipeline", "tracker.store", "tracker.evaluation"]
)
def test_importing_a_module_loads_nothing_heavy(module: str) -> None:
    """Importing the command line or the Python API loads neither torch, sentence-transformers, faiss nor numpy."""
    assert loaded(f"import {module}") == set()


def test_the_python_api_loads_nothing_that_reads_markup() -> None:
    """A search has nothing to do with it."""
    code = "import sys, tracker.pipeline, tracker.cli; print(*[m for m in sys.modules if 'claimreview' in m])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["list"], ["show", "1"], ["stats"], ["verdict", "1", "x"], ["feedback"]]
)
def test_plain_commands_load_nothing_heavy(desk: CommandLine, arguments: list[str]) -> None:
    """What needs no vector pays for none."""
    assert loaded(RUN, *arguments, cli=desk) == set()


def test_a_search_loads_no_torch(desk: CommandLine) -> None:
    """One query takes the light road: numpy, tokenizers and faiss, and nothing slower."""
    assert loaded(RUN, "search", "NATO", cli=desk) == {"numpy", "tokenizers", "faiss"}


def test_the_package_offers_its_tracker() -> None:
    """`from tracker import Tracker` works, and an unknown name is an AttributeError."""
    import tracker
    from tracker.pipeline import Tracker

    assert tracker.Tracker is Tracker
    with pytest.raises(AttributeError, match="nothing_here"):
        _ = tracker.nothing_here

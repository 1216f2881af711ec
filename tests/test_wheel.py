"""The built wheel in an empty folder: everything it needs is inside."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE, ROOT, CommandLine


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout with the tools at hand."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel installed into a folder of its own, beside the dependencies that are here already."""
    folder = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(folder),
        str(wheel),
    ]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return folder


def test_the_wheel_holds_what_it_needs(wheel: Path) -> None:
    """Migrations, coefficients with their model cards, starter claims, licence; no tests, no benchmarks."""
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        "tracker/db/migrations/0001_initial.sql",
        "tracker/data/checkworthiness.json",
        "tracker/data/checkworthiness.md",
        "tracker/data/spotter.safetensors",
        "tracker/data/adapter.npy",
        "tracker/data/matching.json",
        "tracker/data/matching.md",
        "tracker/data/word-weights.json",
        "tracker/data/starter-claims.csv",
        "tracker/reports/templates/article.html",
        "tracker/reports/templates/article.css",
        "tracker/reports/templates/article.js",
        "tracker/py.typed",
    }
    assert expected <= names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"tracker", "claim_tracker"}
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_does_the_main_job(installed: Path, tmp_path: Path, cache_folder: Path) -> None:
    """From an empty folder, sockets blocked: store, starter claims, article, every other command."""
    blocked = ROOT / "tests" / "nosockets"
    cli = CommandLine(tmp_path, cache_folder)
    inside = {"PYTHONPATH": f"{blocked}:{installed}"}
    where = subprocess.run(
        [sys.executable, "-c", "import tracker; print(tracker.__file__)"],
        env=cli.environment | inside,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(installed)
    for arguments in (
        *(["import", "--starter"], ["search", "NATO"], ["add", "It rained on 3 May.", "--rating", "True"]),
        *(["verdict", "1", "Outdated"], ["show", "1"], ["list"], ["export", "out.jsonl"], ["stats"], ["reindex"]),
    ):
        done = cli(*arguments, **inside)
        assert done.code == 0, (arguments, done.err)
    found = cli("check", EXAMPLE, "--save", "--json", **inside).json
    assert "checked" in {finding["outcome"] for finding in found["findings"]}
    page = cli("check", EXAMPLE, "--html", "-", **inside)
    assert (page.code, page.out[:15]) == (0, "<!DOCTYPE html>")


def test_the_installed_command(installed: Path, cli: CommandLine) -> None:
    """`tracker` itself is installed, and `python -m tracker` is the same."""
    script = subprocess.run(
        [str(installed / "bin" / "tracker"), "--version"],
        env=cli.environment | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert script.stdout == cli("--version").out

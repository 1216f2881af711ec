"""What the tests share: real stores, the real encoder, a command line that cannot reach the network."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from tracker import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from tracker.pipeline import Tracker

# A busy machine is no failure. The same inputs each time, so that a failure is of what was changed; others with
# HYPOTHESIS_PROFILE=explore, which keeps what it finds in .hypothesis.
hypothesis.settings.register_profile("desk", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "desk"))
settings.one_blas_thread()  # before any test imports numpy

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "nato-rapid-reaction-force.txt"
WORKED_EXAMPLE = "NATO has increased its rapid reaction force from 40,000 to 300,000 troops."


@contextmanager
def cpu_seconds(most: float) -> Iterator[None]:
    """Fail what needs more of the processor than any machine needs for it; waiting for other work does not count."""

    def stop(*_: object) -> None:
        pytest.fail(f"not done after {most} seconds of the processor")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, most)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@dataclass(frozen=True)
class Result:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class CommandLine:
    """Runs `tracker` as a user would, in a folder and home of its own, on a store of its own, without a network."""

    folder: Path
    cache: Path

    @property
    def store(self) -> Path:
        return self.folder / "desk.db"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT / "tests" / "nosockets"),
            "TRACKER_STORE": str(self.store),
            "TRACKER_CACHE": str(self.cache),
            "TRACKER_AUTHOR": "tester",
        }

    def __call__(self, *arguments: object, stdin: str | bytes = b"", **env: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "tracker", *map(str, arguments)],
            cwd=self.folder,
            env=self.environment | env,
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            timeout=300,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--record FILE`: keep what the tests counted, for docs/testing.md."""
    parser.addoption("--record", metavar="FILE", help="write what the tests counted to a JSON file")


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str, str], None]:
    """Say what a test counted, under a name; it is printed when all tests have run, in every process."""

    def told(what: str, counted: str) -> None:
        record_property("counted", (what, counted))

    return told


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print what the tests counted: kills, writes acknowledged, writes found."""
    reports = [report for group in terminalreporter.stats.values() for report in group if hasattr(report, "nodeid")]
    told = [value for report in reports for name, value in getattr(report, "user_properties", []) if name == "counted"]
    counted = dict(sorted(told))
    for what, line in counted.items():
        terminalreporter.write_line(f"{what}: {line}")
    target = config.getoption("--record")
    if target and counted:
        Path(target).write_text(json.dumps(counted, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for the session, so that the weights are hashed once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, cache_folder: Path, tmp_path: Path) -> None:
    """Keep a developer's own store and settings out of the tests."""
    for name in ("TRACKER_STORE", "TRACKER_ENCODER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRACKER_CACHE", str(cache_folder))
    monkeypatch.setenv("TRACKER_AUTHOR", "tester")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


@pytest.fixture
def cli(tmp_path: Path, cache_folder: Path) -> CommandLine:
    """The command line on a store that is not there yet."""
    return CommandLine(tmp_path, cache_folder)


@pytest.fixture(scope="session")
def _starter(tmp_path_factory: pytest.TempPathFactory, cache_folder: Path) -> Path:
    folder = tmp_path_factory.mktemp("starter")
    done = CommandLine(folder, cache_folder)("import", "--starter")
    assert done.code == 0, done.err
    return folder / "desk.db"


@pytest.fixture
def desk(cli: CommandLine, _starter: Path) -> CommandLine:
    """The command line on a store of its own with the starter claims."""
    shutil.copy(_starter, cli.store)
    shutil.copy(_starter.with_name("desk.db.faiss"), cli.folder)
    return cli


@pytest.fixture
def tracker(tmp_path: Path) -> Iterator[Tracker]:
    """A tracker on a new store."""
    from tracker.pipeline import Tracker

    with Tracker.open(tmp_path / "desk.db") as opened:
        yield opened


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that the light road encodes from now on, in order."""
    from tracker.light_bert import LightBert

    texts: list[str] = []
    pooled = LightBert.pooled

    def counting(light: LightBert, given: Any) -> Any:
        texts.extend(given)
        return pooled(light, given)

    monkeypatch.setattr(LightBert, "pooled", counting)
    return texts


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a module."""
    from tests.browsing import chromium

    with chromium() as launched:
        yield launched

"""Eight processes on one store at once: nothing is lost, nobody is told that it is locked, every answer is right."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.conftest import ROOT, CommandLine
from tests.soundness import assert_found, assert_promises, assert_sound, one_thread
from tests.worker import FEED, feed
from tracker.pipeline import Tracker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


WORK = [  # role, seed, how much: fixed, whatever the time of day
    ("importer", 1, 27),
    ("importer", 2, 27),
    ("writer", 3, 420),
    ("writer", 4, 420),
    ("writer", 5, 420),
    ("saver", 6, 95),
    ("searcher", 7, 290),
    ("searcher", 8, 290),
]
VICTIMS = [("victim", seed, 15 * (seed - 10)) for seed in (11, 12, 13, 14)]  # each killed in the middle of a write
KNOWN = re.compile(
    r"tracker: \S+: \d+ of \d+ claims have no vector yet and are found by their words only; 'tracker reindex' finishes"
    r"|tracker: \S+: the store is empty; .*"
    r"|tracker: “[^”]*” is not read as any rating; .*"
)


def lines(folder: Path, pattern: str) -> list[dict[str, Any]]:
    return [json.loads(line) for file in sorted(folder.glob(pattern)) for line in file.read_text().splitlines()]


def test_eight_processes_on_one_store(tmp_path: Path, cache_folder: Path, tell: Callable[[str, str], None]) -> None:
    """Two import, three write, one saves articles, two search, four more are killed in the middle of a write.

    Every write that was acknowledged is there, no claim stands twice, every answer was right when it was given.
    """
    cli, folder = CommandLine(tmp_path, cache_folder), tmp_path / "records"
    folder.mkdir()
    environment = cli.environment | {"PYTHONPATH": f"{ROOT / 'tests' / 'nosockets'}:{ROOT}", "OMP_NUM_THREADS": "1"}
    started = time.monotonic()
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.worker", role, str(seed), str(count), str(cli.store), str(folder)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for role, seed, count in (*WORK, *VICTIMS)
    ]
    ended = [(process.communicate(timeout=600)[0], process.returncode) for process in running]
    seconds = time.monotonic() - started
    told = lines(folder, "*-*.jsonl")
    said = "".join([out for out, _ in ended] + [line["said"] for line in told if "said" in line])
    assert [code for _, code in ended] == [0] * len(WORK) + [-signal.SIGKILL] * len(VICTIMS), said[-3000:]
    assert not re.search(r"locked|busy|Traceback|another process", said), said[-3000:]
    assert [line for line in said.splitlines() if not KNOWN.fullmatch(_as_told(line))] == []
    assert [line for line in told if "wrong" in line] == []
    done = [line["done"] for line in told if "done" in line]
    with one_thread():
        under_way = _under_way(folder)
        with Tracker.open(cli.store) as tracker:
            there = assert_promises(tracker, done, under_way)
            found = assert_found(tracker, done, every=3)
            _nothing_stands_twice(tracker)
        assert_sound(cli.store)
    kinds = Counter(one["do"] for one in done)
    asked = sum(line.get("asked", 0) for line in told)
    of = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    tell(
        "many processes",
        f"{len(WORK)} at once and {len(VICTIMS)} killed, {seconds:.0f} s, {len(done):,} writes acknowledged ({of}),"
        f" {there:,} there, {asked:,} searches meanwhile without a wrong answer, {found:,} claims searched for"
        " afterwards and found",
    )
    assert kinds["import"] == 54
    assert asked > 300
    assert len(under_way) == len(VICTIMS)


def _as_told(line: str) -> str:
    """A warning as the command line prints it; the library's has no name before it."""
    return line if line.startswith("tracker: ") else f"tracker: {line}"


def _under_way(folder: Path) -> list[dict[str, Any]]:
    """What the killed ones had begun and not acknowledged."""
    last = [json.loads(file.read_text().splitlines()[-1]) for file in folder.glob("writer-1?.jsonl")]
    return [line["begin"] for line in last if "begin" in line]


def _nothing_stands_twice(tracker: Tracker) -> None:
    """Fail where two processes that brought the same claim or review at once have made two of it."""
    texts = Counter(row["text"] for row in tracker.store.rows("SELECT text FROM claims"))
    assert [text for text, count in texts.items() if count > 1] == []
    reviews = Counter(row["url"] for row in tracker.store.rows("SELECT url FROM verdicts WHERE url IS NOT NULL"))
    assert reviews == {f"https://feed.example/{number}": 1 for _, _, number in feed()}
    assert len(reviews) == FEED

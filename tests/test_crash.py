"""Killed at any instant, a writer loses nothing that it had acknowledged and leaves nothing half done."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from tests.conftest import ROOT, CommandLine
from tests.soundness import assert_found, assert_promises, assert_sound, one_thread, timeless
from tests.tiny_bert import tiny_bert
from tests.writer import do, sentence
from tracker.encoders import Encoder, load_encoder
from tracker.errors import InvalidClaim
from tracker.pipeline import Tracker
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

Intent = dict[str, Any]
T = TypeVar("T")

STORES = 31
KILLS_A_STORE = 10
LANES = 2  # killed and looked at side by side


@dataclass
class Run:
    """What one child told before it ended: what it acknowledged, what it was at, and how it ended."""

    done: list[Intent] = field(default_factory=list)
    begun: list[Intent] = field(default_factory=list)
    status: int = 0

    @property
    def under_way(self) -> list[Intent]:
        return self.begun[len(self.done) :]

    @property
    def phase(self) -> str:
        return self.under_way[0]["do"] if self.under_way else "between two" if self.done else "opening"


class Writers:
    """Starts writing processes one after another (`tests/writer.py`)."""

    def __init__(self, folder: Path, cache: Path) -> None:
        cli = CommandLine(folder, cache)
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.writer"],
            cwd=ROOT,
            env=cli.environment | threads | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line() == {"ready": True}

    def run(self, store: Path, **job: object) -> Run:
        """Let a child do a job on a store and wait for its end."""
        assert self._server.stdin
        self._server.stdin.write(json.dumps({"store": str(store), **job}) + "\n")
        self._server.stdin.flush()
        run = Run()
        while "ended" not in (line := self._line()):
            (run.done if "done" in line else run.begun).append(line.get("done") or line["begin"])
        run.status = line["ended"]
        return run

    def close(self) -> None:
        self._server.communicate(timeout=60)
        assert self._server.returncode == 0

    def _line(self) -> Any:
        assert self._server.stdout
        return json.loads(self._server.stdout.readline())


class Lanes:
    """Does jobs side by side, each thread with a server of writers of its own."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self._free = SimpleQueue[Writers]()
        for _ in range(LANES):
            self._free.put(Writers(folder, cache))
        self._threads = ThreadPoolExecutor(LANES)

    def run(self, store: Path, **job: object) -> Run:
        """Let a child of any server do a job on a store."""
        writers = self._free.get()
        try:
            return writers.run(store, **job)
        finally:
            self._free.put(writers)

    def map(self, job: Callable[[int], T], numbers: Iterable[int]) -> Iterator[T]:
        """What the job returns for each number, in order; the first failure is raised."""
        return self._threads.map(job, numbers)

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        for _ in range(LANES):
            self._free.get().close()


@pytest.fixture(scope="module")
def lanes(tmp_path_factory: pytest.TempPathFactory, cache_folder: Path) -> Iterator[Lanes]:
    """Warm servers for all kills of this module."""
    started = Lanes(tmp_path_factory.mktemp("writers"), cache_folder)
    yield started
    started.close()


@pytest.fixture(scope="module", autouse=True)
def _one_thread_a_lane() -> Iterator[None]:
    """Lanes that share the cores must not wait for each other's BLAS threads."""
    with one_thread():
        yield


@cache
def loaded() -> Encoder:
    """The default encoder, for all looks into a store."""
    return load_encoder()


@contextmanager
def opened(store: Path) -> Iterator[Tracker]:
    """A tracker on a store that need not load its encoder again."""
    with Tracker.open(store) as tracker:
        if tracker.store.vectors.encoder in (None, loaded().fingerprint):
            tracker.embedding.use(loaded())
        yield tracker


# --- at random --------------------------------------------------------------------------------------------------------


def test_what_was_acknowledged_survives_a_kill_at_any_moment(
    lanes: Lanes, tmp_path: Path, tell: Callable[[str, str], None]
) -> None:
    """Killed while it makes, opens or writes a store or its index: all that was told done is there and found."""

    def desk(number: int) -> tuple[Counter[str], int, int]:
        """Kill the writers of one store, one after another."""
        pick, store = random.Random(number), tmp_path / f"desk-{number}.db"
        phases, known, found = Counter[str](), list[Intent](), 0
        for nth in range(KILLS_A_STORE):
            after = pick.uniform(0, 0.03) if pick.random() < 0.3 else pick.uniform(0, 0.25)
            run = lanes.run(store, seed=number * KILLS_A_STORE + nth + 1, after=after)
            assert run.status == signal.SIGKILL
            phases["making the store" if run.phase == "opening" and nth == 0 else run.phase] += 1
            known += run.done
            with opened(store) as tracker:
                tracker.embed()  # what an import had no time for
                assert_promises(tracker, known, run.under_way)
                known += _came_after_all(tracker, run.under_way)
                found += assert_found(tracker, run.done)
            assert_sound(store)
        with opened(store) as tracker:
            return phases, assert_promises(tracker, known), found

    phases, kept, found = Counter[str](), 0, 0
    for told in lanes.map(desk, range(STORES)):
        phases.update(told[0])
        kept, found = kept + told[1], found + told[2]
    where = ", ".join(f"{count} in {name!r}" for name, count in phases.most_common())
    tell(
        "kill -9 at random",
        f"{phases.total()} kills ({where});"
        f" {kept:,} writes acknowledged, {kept:,} there, {found:,} claims searched for and found",
    )
    assert phases.total() == STORES * KILLS_A_STORE
    assert len(phases) >= 8


def _came_after_all(tracker: Tracker, under_way: list[Intent]) -> list[Intent]:
    """The undoing that was done and not acknowledged any more: from now on it is to stay."""
    undone = tracker.store.log.undone_by()
    return [
        {**one, "head": (number, tracker.store.log.event(number).hash)}
        for one in under_way
        if one["do"] == "undo" and (number := undone.get(one["event"]))
    ]


# --- between every two steps ------------------------------------------------------------------------------------------

FIRST = [sentence(random.Random(number), number) for number in range(1, 9)]
WAYS = ("They say", "Read this:", "He told me", "Really?", "A friend writes:", "It is true that")
ROWS = [(sentence(random.Random(number), number), "False", str(number)) for number in (50, 51, 52)]

OPERATIONS: dict[str, Intent] = {
    "open": {},
    "add": {"text": "The ferry to Sandholm carried 41,000 cars in 1998.", "rating": "True", "publisher": "Desk"},
    "verdict": {"claim": 1, "rating": "Misleading"},
    "supersede": {"claim": 2, "verdict": 2, "rating": "Half true"},
    "retract-verdict": {"verdict": 3},
    "retract-claim": {"claim": 4},
    "merge": {"claim": 1, "other": 5},
    "link": {"claim": 1, "other": 6, "relation": "broader"},
    "undo": {"event": 0},  # of the merge that the store begins with
    "import": {"rows": ROWS},
    "save": {"text": "The ferry to Sandholm carried 41,000 cars in 1998. The harbour was built in 1881."},
    "feedback": {"claim": 1, "text": "The council sold bridges.", "is_about": True},
    "tune": {},
    "index": {},
    "reindex": {},
    "export": {},
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with eight claims, a merge to undo, answers to tune on, a written index, an encoder to change to."""
    folder = tmp_path_factory.mktemp("base")
    with opened(folder / "desk.db") as tracker:
        for text in FIRST:
            do(tracker, {"do": "add", "text": text, "rating": "False", "publisher": "Desk"})
        OPERATIONS["undo"]["event"] = do(tracker, {"do": "merge", "claim": 7, "other": 8})["event"]
        for number in range(36):
            claim, way = number % 6 + 1, WAYS[number // 6]
            tracker.feedback(f"{way} {FIRST[claim - 1]}", claim, number % 4 == 0)  # less often right than it thinks
    tiny_bert(folder / "tiny", 1)
    return folder / "desk.db"


def _prepare(base: Path, folder: Path, kind: str) -> tuple[Path, Intent]:
    """A store as it is before an operation, and what to do to it."""
    folder.mkdir()
    store = folder / "desk.db"
    intent = {"do": kind, **OPERATIONS.get(kind, {})}
    if kind == "migrate":
        shutil.copy(ROOT / "tests" / "data" / "store-0001.db", store)
        intent = {"do": "open"}
    elif kind != "open":
        shutil.copy(base, store)
        shutil.copy(base.with_name("desk.db.faiss"), folder)
    if kind == "reindex":
        intent = {"do": "reindex", "encoder": str(base.with_name("tiny"))}
    return store, intent


def _look(store: Path) -> Any:
    """All that is in a store but times; the tables' names alone where its schema is not the newest."""
    if not store.exists() or not store.stat().st_size:
        return None
    with closing(sqlite3.connect(store)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = {name for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not names:
        return None
    if "links" not in names:
        assert "early_events" not in names
        return names
    with Store.open(store) as opened:
        return timeless(opened)


@pytest.mark.parametrize("kind", [*OPERATIONS, "migrate"])
def test_killed_between_any_two_steps_an_operation_is_whole_or_was_not(
    lanes: Lanes, base: Path, tmp_path: Path, kind: str, tell: Callable[[str, str], None], steps: Counter[str]
) -> None:
    """Before every SQL statement and every change of a file; afterwards the same call brings it to its end."""
    store, intent = _prepare(base, tmp_path / "whole", kind)
    before = _look(store)
    assert lanes.run(store, intent=intent).status == 0
    after = _look(store)
    assert (before == after) == (kind in ("index", "export"))
    store, intent = _prepare(base, tmp_path / "counted", kind)
    steps[kind] = lanes.run(store, intent=intent, die_at=1_000_000).done[1]["steps"]

    def die(step: int) -> int:
        store, intent = _prepare(base, tmp_path / str(step), kind)
        run = lanes.run(store, intent=intent, die_at=step)
        _killed(store, intent, before, after, acknowledged=bool(run.done))
        shutil.rmtree(store.parent)
        return run.status

    assert list(lanes.map(die, range(1, steps[kind] + 2))) == [signal.SIGKILL] * steps[kind] + [0]
    if len(steps) == len(OPERATIONS) + 1:
        of = ", ".join(f"{count} in {name!r}" for name, count in steps.items())
        tell("kill -9 between two steps", f"{steps.total()} kills ({of}); each operation was whole or not there")


@pytest.fixture(scope="module")
def steps() -> Counter[str]:
    """How many steps each operation had."""
    return Counter()


def _killed(store: Path, intent: Intent, before: Any, after: Any, *, acknowledged: bool) -> None:
    """Fail unless the operation is there as a whole or not at all, and can be done again to its end."""
    left = _look(store)
    assert left in ((after,) if acknowledged else (before, after))
    there = left == after
    with opened(store) as tracker:
        try:
            done = do(tracker, intent)
        except InvalidClaim:  # done already
            if not there:
                raise
            done = {}
        for one in tracker.store.rows("SELECT DISTINCT encoder FROM vectors"):
            assert one["encoder"] == tracker.store.vectors.encoder
        if done and intent["do"] in ("add", "import", "verdict", "supersede"):
            assert assert_promises(tracker, [done]) == 1
            assert assert_found(tracker, [done]) == len(done.get("taken", [1]))
        if intent["do"] != "open":
            [best] = tracker.search(FIRST[0], 1).matches
            assert best.claim.text == FIRST[0]
    assert_sound(store, complete=intent["do"] != "open")
    assert _look(store) == after


def test_a_log_of_writes_cut_anywhere_gives_back_what_was_before(base: Path, tmp_path: Path) -> None:
    """Power lost in the middle of a commit: cut within or between any two pages, the last write is whole or gone."""
    cuts = 0
    for kind in ("add", "verdict", "supersede", "merge", "undo", "import"):
        store, intent = _prepare(base, tmp_path / kind, kind)
        before = _look(store)
        with opened(store) as tracker, closing(sqlite3.connect(store)) as reader:
            tracker.encode(["loaded before"])
            reader.execute("SELECT count(*) FROM claims").fetchone()  # keeps the log from being merged at closing
            do(tracker, intent)
            log = store.with_name("desk.db-wal").read_bytes()
            page = struct.unpack(">I", log[8:12])[0]
            for at in sorted({*range(32, len(log), page + 24), *range(32 + page // 2, len(log), page + 24), len(log)}):
                cut = tmp_path / "cut" / "desk.db"
                cut.parent.mkdir()
                shutil.copy(store, cut)
                cut.with_name("desk.db-wal").write_bytes(log[:at])
                left = _look(cut)
                assert_sound(cut, complete=False)
                if at < len(log) and kind not in ("import", "supersede"):
                    assert left == before
                shutil.rmtree(cut.parent)
                cuts += 1
        after = _look(store)
        assert left == after != before
    assert cuts > 40

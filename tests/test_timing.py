"""The committed benchmark of speed: its stores are the store's own, and its tables say what was asked for."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT
from tests.soundness import assert_sound
from tracker.models import NewClaim
from tracker.pipeline import Tracker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import CommandLine


@pytest.fixture(scope="module")
def timing() -> Iterator[Any]:
    """The benchmark's modules."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(ROOT / "benchmarks"))
        yield {
            name: import_module(f"timing.{name}")
            for name in ("corpus", "finding", "processes", "stores", "tables", "warm")
        }


def test_a_store_of_any_size_is_made_through_the_stores_own_code(timing: Any, tmp_path: Path) -> None:
    """Real claims and variants, each with its vector; filled up where it was stopped; the same each time."""
    corpus = timing["corpus"].Corpus.of(tmp_path / "source.db")
    timing["stores"].grow(tmp_path / "claims.db", corpus, 100)
    timing["stores"].grow(tmp_path / "claims.db", corpus, 150)
    assert_sound(tmp_path / "claims.db")
    with Tracker.open(tmp_path / "claims.db") as tracker:
        assert tracker.store.claim_count() == tracker.embedding.index().rows == 150
        [first, *_] = tracker.search(corpus.claim(120)[0].text).matches
        assert first.claim.text == corpus.claim(120)[0].text
    again = timing["corpus"].Corpus.of(tmp_path / "source.db")
    assert [again.claim(n) for n in range(150)] == [corpus.claim(n) for n in range(150)]
    assert len({corpus.claim(n)[0].text for n in range(150)}) == 150


def test_contenders_take_turns(timing: Any, tmp_path: Path) -> None:
    """Each once a round, in one order, all told the round's number; a first round only warms the disk."""
    said = tmp_path / "said.txt"

    def command(name: str) -> Any:
        code = f"open({str(said)!r}, 'a').write(' '.join(__import__('sys').argv[1:]) + ';'); print(len({name!r}))"
        return lambda number: [sys.executable, "-c", code, name, str(number)]

    found = timing["processes"].in_turns({"a": command("a"), "bb": command("bb")}, 2)
    assert said.read_text() == "a 0;bb 0;a 1;bb 1;a 2;bb 2;"
    assert [one.told for one in found["bb"]] == [2, 2]
    assert all(one.seconds > 0 and one.peak_mb > 0 for one in found["a"])


def test_a_contender_that_fails_ends_the_benchmark(timing: Any) -> None:
    """A time of what did not work would be no time."""
    with pytest.raises(SystemExit, match=r"(?s)ended with 3.*no such thing"):
        timing["processes"].run([sys.executable, "-c", "import sys; print('no such thing', file=sys.stderr); exit(3)"])


def test_targets_are_told_as_kept_or_missed(timing: Any) -> None:
    """In words and as numbers."""
    kept, missed = timing["tables"].target("a / b", 1.2, 1.3), timing["tables"].target("b / a", 2.0, 15, at_least=True)
    lines = list(timing["tables"].target_lines([kept, missed]))
    assert "kept" in lines[0]
    assert "MISSED" in lines[1]
    json.dumps([kept, missed])


def test_the_command_tells_what_it_can_do() -> None:
    """Every part by its name."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "run.py"), "--help"], capture_output=True, text=True, check=True
    )
    for part in ("cold", "warm", "scale", "bulk", "articles", "growth", "peers"):
        assert part in done.stdout


def test_each_step_of_a_search_is_timed(desk: CommandLine) -> None:
    """On any store, with any text; the steps are those of the tracker as it is."""
    done = subprocess.run(
        [sys.executable, "-m", "timing.steps", str(desk.store), "Finland has joined NATO."],
        capture_output=True,
        text=True,
        check=True,
        env=desk.environment | {"PYTHONPATH": str(ROOT / "benchmarks")},
    )
    steps = [line.split(maxsplit=1) for line in done.stdout.splitlines()[1:]]
    assert [name for _, name in steps][-3:] == ["deciding on them", "a first pair read together", "each further pair"]
    assert all(float(taken) >= 0 for taken, _ in steps)


def test_each_part_of_a_search_is_timed_by_itself(timing: Any, tracker: Tracker) -> None:
    """What a part asks of another counts there; nothing stays watched."""
    for number in range(3):
        tracker.add(NewClaim(f"The dam of Calder holds {number} million litres."))
    texts = [f"The dam of Calder holds {number} litres." for number in range(timing["warm"].WARMED + 2)]
    before = tracker.store.claims.__func__  # type: ignore[attr-defined]
    found = timing["finding"].seconds_of(tracker.store.path, texts)
    assert {name for name, seconds in found.items() if len(seconds) == 2} == {*found} - {"vectors read from the store"}
    assert min(second for seconds in found.values() for second in seconds) > 0
    assert tracker.store.claims.__func__ is before  # type: ignore[attr-defined]
    assert timing["finding"].rebuilding(tracker.store.path) > 0


def test_a_watch_leaves_out_what_is_watched_itself(timing: Any) -> None:
    """The time of an inner function is its own, and no part of the outer one's."""
    watch = timing["finding"].Watch()
    inner = watch.timed("inner", lambda: time.sleep(0.05))
    watch.questions.append({})
    watch.timed("outer", lambda: [inner(), inner()])()
    [took] = watch.questions
    assert took["inner"] >= 0.1
    assert took["outer"] < 0.05

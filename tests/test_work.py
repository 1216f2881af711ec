"""How much work a command does, counted and not timed: modules, files, bytes, statements of SQL, texts encoded.

Each limit is a little above what was counted, so that a second encode, an index that is read again, a query for every
claim or a heavy import fails here, on any machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tracker.encoders import load_encoder
from tracker.light_bert import LightBert
from tracker.models import NewClaim, NewVerdict, Relation, Utterance
from tracker.pipeline import Tracker

if TYPE_CHECKING:
    from tests.conftest import CommandLine

COUNTING = """
import atexit, json, sys
opened = []
sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == "open" else None)

def tell():
    read = int(open("/proc/self/io").read().split()[1]) if sys.platform == "linux" else 0
    ours = [name for name in sys.modules if name.startswith("tracker")]
    print(json.dumps([len(sys.modules), len(ours), read, opened]), file=sys.stderr)

atexit.register(tell)
from tracker.__main__ import main
main()
"""
QUESTION = "NATO has increased its rapid reaction force from 40,000 to 300,000 troops."


def counted(cli: CommandLine, *arguments: str) -> tuple[int, int, int, list[str]]:
    """How many modules a command loads, how many of ours, the bytes that it reads, and the files that it opens."""
    done = subprocess.run(
        [sys.executable, "-c", COUNTING, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=cli.environment,
        cwd=cli.folder,
    )
    modules, ours, read, opened = json.loads(done.stderr.splitlines()[-1])
    return modules, ours, read, opened


@pytest.mark.parametrize(
    ("arguments", "modules", "ours", "megabytes"),
    [
        (["--help"], 190, 20, 5),
        (["list"], 225, 43, 6),
        (["show", "1"], 225, 43, 6),
        (["search", QUESTION], 425, 112, 16),
    ],
)
def test_a_command_loads_and_reads_little(
    desk: CommandLine, arguments: list[str], modules: int, ours: int, megabytes: int
) -> None:
    """A fresh process; the weights are mapped and only what is used of them is read."""
    desk("search", QUESTION)  # compiled and written what is compiled and written once
    found = counted(desk, *arguments)
    assert found[0] <= modules
    assert found[1] <= ours
    assert found[2] <= megabytes * 1_000_000
    times = Counter(Path(file).name for file in found[3])
    once = {"tokenizer.json": 1, "desk.db.faiss": 1, "ordinary.txt": 1, "wordnet.tsv": 1}
    header_and_map = {"model.safetensors": 2, "inference.safetensors": 3}  # of the second the name of its encoder first
    for file, most in (once | header_and_map).items():
        assert times[file] <= most, file


def test_a_second_search_reads_no_file_and_encodes_one_text(tracker: Tracker, encoded: list[str]) -> None:
    """What a first one has loaded stays; the statements do not grow with the claims."""
    for number in range(30):
        tracker.add(
            NewClaim(f"NATO has increased its force to {number},000 troops."), NewVerdict("False", publisher="A")
        )
    tracker.search("NATO grew its force.")
    encoded.clear()
    opened: list[str] = []
    asked: list[str] = []
    _HOOKED.append(opened)
    tracker.store._conn.set_trace_callback(asked.append)
    tracker.search(QUESTION)
    tracker.store._conn.set_trace_callback(None)
    _HOOKED.clear()
    assert encoded == [QUESTION]
    assert opened == []
    ours = [sql for sql in asked if not sql.startswith("--")]  # the others are the word index's own
    assert len(ours) <= 20, ours


def test_texts_share_the_passes_through_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pass fetches all weights, whatever the texts' lengths; what is too long for one goes alone."""
    passes: list[int] = []
    pooled = LightBert._pooled

    def counting(light: LightBert, texts: Any, types: Any = 0) -> Any:
        passes.append(len(texts))
        return pooled(light, texts, types)

    monkeypatch.setattr(LightBert, "_pooled", counting)
    encoder = load_encoder()
    encoder.encode([f"It rained{' again' * number}." for number in range(20)])  # 290 tokens, of twenty lengths
    assert sum(passes) == 20
    assert len(passes) == 2
    passes.clear()
    encoder.encode(["word " * 300, "It rained."])
    assert passes == [1, 1]


def test_what_another_tracker_adds_is_found_at_once(tracker: Tracker) -> None:
    """An index that is kept is never an old one."""
    with Tracker.open(tracker.store.path) as other:
        for year in range(1990, 1995):
            other.add(NewClaim(f"The bridge of Calder was closed in {year}."))
            [first, *_] = tracker.search(f"The bridge of Calder was closed in {year}.").matches
            assert first.claim.text.endswith(f"{year}.")
            assert first.relation is Relation.SAME
        answers = tracker.search_all([Utterance("The dam was built."), Utterance("The tunnel was dug in 2001.")])
        next(answers)
        other.add(NewClaim("The tunnel was dug in 2001."))
        assert all(match.relation is not Relation.SAME for match in next(answers).matches)  # one state for all
        answers.close()
        assert tracker.search("The tunnel was dug in 2001.").matches[0].relation is Relation.SAME


_HOOKED: list[list[str]] = []


def _note(event: str, given: tuple[Any, ...]) -> None:
    if event == "open":
        for opened in _HOOKED:
            opened.append(str(given[0]))


sys.addaudithook(_note)  # it cannot be taken away again, so it is told when to listen

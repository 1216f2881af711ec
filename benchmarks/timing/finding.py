"""Where the time of a warm search goes: each part of finding candidates by itself, in one process.

    PYTHONPATH=benchmarks python -m timing.finding [CLAIMS] [--data ../shared/data/benchmarks] [--rebuild]

CLAIMS is the size of one of the stores of `run.py`, a million by default, made where it is missing. Questions are
searched for one after the other as `Tracker.search` does it, so what one part takes out of the processor's cache the
next finds gone. A part's time is its own, without the parts that it asks. `--rebuild` first builds the index anew
from the store, without writing it.
"""

from __future__ import annotations

import argparse
import time
from contextlib import ExitStack
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from timing.places import place
from timing.tables import table_lines
from timing.warm import WARMED, quantiles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REST = "deciding, and the rest"


class Watch:
    """Seconds that functions take by themselves, one question at a time."""

    def __init__(self) -> None:
        self.questions: list[dict[str, float]] = []
        self._inner = [0.0]  # seconds of those that were called, for each that is running

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its own time added up under a name."""

        @wraps(function)
        def run(*args: Any, **options: Any) -> Any:
            self._inner.append(0.0)
            start = time.perf_counter()
            try:
                return function(*args, **options)
            finally:
                took = time.perf_counter() - start
                question = self.questions[-1]
                question[name] = question.get(name, 0.0) + took - self._inner.pop()
                self._inner[-1] += took

        return run


def parts() -> dict[str, tuple[type, str]]:
    """What is timed, in the order in which a search comes to it."""
    from tracker.curation import Curation
    from tracker.index import VectorIndex
    from tracker.index.coded import Coded
    from tracker.postings import ByWords
    from tracker.retrieval import Retrieval
    from tracker.store import Store

    return {
        "encoding": (Retrieval, "wanted"),
        "the index: codes, or all vectors": (VectorIndex, "search"),
        "vectors read from the store": (Coded, "rows_of"),
        "words": (ByWords, "find"),
        "which claims stand": (Curation, "standing"),
        "claims read": (Store, "claims"),
        "cosines": (VectorIndex, "score"),
    }


def seconds_of(store: Path, texts: Sequence[str]) -> dict[str, list[float]]:
    """Seconds of each part for each question, after some that only warm up."""
    from tracker.pipeline import Tracker

    watch, watched = Watch(), parts()
    with Tracker.open(store) as tracker, ExitStack() as patched:
        for name, (owner, method) in watched.items():
            patched.enter_context(patch.object(owner, method, watch.timed(name, getattr(owner, method))))
        search = watch.timed(REST, tracker.search)
        for text in texts:
            watch.questions.append({})
            search(text)
    asked = watch.questions[WARMED:]
    return {name: [one[name] for one in asked if name in one] for name in (*watched, REST)}


def rebuilding(store: Path) -> float:
    """Seconds that it takes to build the index from the store alone."""
    from tracker.index import VectorIndex
    from tracker.pipeline import Tracker
    from tracker.vectors import VectorState

    with Tracker.open(store) as tracker, tracker.store.reading():
        now = tracker.store.vectors.state()
        start = time.perf_counter()
        VectorIndex(None, VectorState(now.encoder), 0, 0).brought_to(now, tracker.store)
        return time.perf_counter() - start


def main() -> None:
    """Print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("claims", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--data", type=Path, help="folder with ct22-2b")
    parser.add_argument("--questions", type=int, default=200, help="at most so many")
    parser.add_argument("--rebuild", action="store_true", help="build the index anew first, and say how long it took")
    options = parser.parse_args()
    here = place(options.claims, options.data)
    if options.rebuild:
        print(f"the index of {here.claims:,} claims built anew: {rebuilding(here.store):.1f} s", flush=True)
    found = seconds_of(here.store, here.queries[: options.questions + WARMED])
    for line in table_lines([{"part": name, **quantiles(times)} for name, times in found.items() if times]):
        print(line)


if __name__ == "__main__":
    main()

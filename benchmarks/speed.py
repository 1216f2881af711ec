"""Where the time of matching goes: milliseconds a query, on one core, step by step.

    python benchmarks/speed.py [--store STORE --queries FILE.jsonl] [--claims 20000] [--write]

Without `--store` a store of as many made-up claims is made, with words as frequent as in real ones and with random
vectors: neither search asks what a claim means, so both take as long as on real ones. Every statement has a day, and
what was said before it. The store is open and half of the queries have been asked; each of the others is timed the
first time that it is asked (shown step by step) and once more. Against encoding a statement, in the same run. `--write`
keeps the result in `benchmarks/results/speed.json`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import random
import tempfile
import time
from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy and FAISS are loaded

from spotting import RESULTS, versions

from tracker import matching
from tracker.curation import Curation
from tracker.index import VectorIndex
from tracker.models import NewClaim, Utterance
from tracker.pipeline import Tracker
from tracker.quantities import quantities
from tracker.standing import View
from tracker.store import Store
from tracker.verdicts import Verdicts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

STEPS: dict[str, tuple[Any, str]] = {
    "nearest vectors (FAISS)": (VectorIndex, "search"),
    "shared words (FTS5)": (Store, "find_words"),
    "what stands, what is merged": (Curation, "standing"),
    "claims read": (Store, "claims"),
    "cosines of the candidates": (VectorIndex, "score"),
    "days of the candidates": (Verdicts, "days"),
    "features, rivals, relations": (matching, "decide"),
    "verdicts read": (Verdicts, "of"),
}
SENTENCE = (
    "NATO went from a rapid reaction force of 40,000 troops in 2014 to one of 300,000 by June 2022, at a cost of about"
    " £2.5bn a year"
)
_spent: defaultdict[str, float] = defaultdict(float)


def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, its time added to `_spent`."""

    def run(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            _spent[name] += time.perf_counter() - start

    return run


def measured(tracker: Tracker, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds a query: matching, each step for texts not asked before, the same again, encoding, quantities.

    Means over the second half of the texts; the first half is asked before.
    """
    said = [Utterance(text, before, stated_on=date(2020, 1, 1)) for before, text in itertools.pairwise(texts)]
    half, view = len(said) // 2, View(datetime.now(UTC).date())
    asked, new = (tracker.retrieval.wanted(part) for part in (said[:half], said[half:]))
    encoding = _seconds(lambda: [tracker.encode([text]) for text in texts[:30]]) / 30
    figures = _seconds(lambda: [quantities(f"{SENTENCE} {n}") for n in range(300)]) / 300
    with tracker.store.reading():
        list(tracker.retrieval.matches(asked, view, 5))
        found = {}
        for name in ("matching", "again"):
            matches = tracker.retrieval.matches(new, view, 5)
            next(matches)  # opens the index
            _spent.clear()
            found[name] = _seconds(lambda: list(matches)) / (len(said) - half - 1)  # noqa: B023 - run at once
            if name == "matching":
                found |= {step: _spent[step] / (len(said) - half - 1) for step in STEPS}
    return {name: 1000 * seconds for name, seconds in {**found, "quantities": figures, "encoding": encoding}.items()}


def _seconds(function: Callable[[], Any]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


@contextmanager
def made_up(claims: int) -> Iterator[tuple[Tracker, list[str]]]:
    """A store of made-up claims with random vectors, and statements made of the same words."""
    import numpy as np

    chance, vectors = random.Random(1), np.random.default_rng(1)  # noqa: S311 - no secret
    table = json.loads((Path(matching.__file__).parent / "data" / "word-weights.json").read_text("utf-8"))
    words = [*table["weights"], *(f"name{n}" for n in range(20_000))]
    odds = [math.exp(-weight) for weight in table["weights"].values()] + [math.exp(-table["rare"])] * 20_000

    def sentence(length: int) -> str:
        return " ".join(chance.choices(words, odds, k=length)).capitalize() + "."

    with tempfile.TemporaryDirectory() as folder, Tracker.open(Path(folder) / "made-up.db") as tracker:
        encoder = tracker.encoder
        tracker.store.vectors.adopt(encoder.fingerprint, encoder.name)
        with tracker.store.writing():
            numbers = [
                tracker.store.add_claim(
                    NewClaim(f"{sentence(14)} {n}", title=sentence(8), claimed_on=date(2020, 1, 1))
                ).id
                for n in range(claims)
            ]
            rows = vectors.standard_normal((claims, len(encoder.encode(["size"])[0]))).astype(np.float32)
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            tracker.embedding.keep(numbers, rows)
        yield tracker, [sentence(20) for _ in range(400)]


@contextmanager
def opened(store: Path, queries: Path) -> Iterator[tuple[Tracker, list[str]]]:
    """A store that is there, and the texts of a file of queries."""
    with Tracker.open(store) as tracker:
        yield tracker, [json.loads(line)["text"] for line in queries.read_text("utf-8").splitlines()]


def main() -> None:
    """Measure once and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path)
    parser.add_argument("--queries", type=Path, help="JSONL with `text`")
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--write", action="store_true", help="keep the result")
    options = parser.parse_args()
    for name, (owner, attribute) in STEPS.items():
        setattr(owner, attribute, timed(name, getattr(owner, attribute)))
    with opened(options.store, options.queries) if options.store else made_up(options.claims) as (tracker, texts):
        import faiss

        faiss.omp_set_num_threads(1)
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        count, times = tracker.store.claim_count(), measured(tracker, texts)
    print(f"{count:,} claims, {len(texts)} queries, one core")
    for name in STEPS:
        print(f"  {name:32} {times[name]:6.2f} ms")
    print(f"  {'the rest':32} {times['matching'] - sum(times[name] for name in STEPS):6.2f} ms")
    print(f"{'matching, the whole':34} {times['matching']:6.2f} ms")
    print(
        f"{'encoding the statement':34} {times['encoding']:6.2f} ms ({times['matching'] / times['encoding']:.2f} of it)"
    )
    print(f"{'quantities of a sentence':34} {times['quantities']:6.2f} ms")
    if options.write:
        kept = {"when": str(datetime.now(UTC).date()), "versions": versions(), "claims": count, "milliseconds": times}
        (RESULTS / "speed.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

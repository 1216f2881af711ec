"""Warm search from Python: `Tracker.search`, step by step, against raw FAISS and raw FTS5 (point 2).

    PYTHONPATH=benchmarks python -m timing.warm STORE QUERIES.json NUMBER    # one line of JSON

Each question is asked every way before the next one comes, every other one in the reverse order. `raw`: the same rows
of vectors put to the same FAISS index (in a large store: one of codes), on one thread, and the same words to FTS5
by a plain connection. `candidates`: what the tracker does for that, with the index looked after, the store read and its
claims made. `deciding`: features, relations and verdicts on top. `encoding` is apart.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timing.places import place
from timing.processes import module, run
from timing.tables import target

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

    from tracker.retrieval import Wanted

WARMED = 10  # questions asked before any is timed


def measure(options: Namespace) -> dict[str, Any]:
    """One process, all questions."""
    here = place(options.claims, options.data)
    done = run(module("warm", here.store, here.folder / "queries.json", options.questions))
    steps = done.told
    raw = zip(steps["raw FAISS"], steps["raw FTS5"], strict=True)
    ratios = [ours / sum(both) for ours, both in zip(steps["candidates"], raw, strict=True)]
    return {
        "claims": here.claims,
        "queries": len(steps["raw FAISS"]),
        "peak_mb": done.peak_mb,
        "rows": [{"step": name, **quantiles(times)} for name, times in steps.items()],
        "targets": [
            target(
                "FAISS, FTS and store in Tracker.search / raw FAISS and raw FTS",
                statistics.median(ratios),
                1.5,
            )
        ],
    }


def quantiles(times: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile and mean in milliseconds."""
    ordered = sorted(1000 * one for one in times)
    return {
        "p50 ms": statistics.median(ordered),
        "p99 ms": ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))],
        "mean ms": statistics.fmean(ordered),
    }


def steps_of(store: Path, texts: Sequence[str]) -> dict[str, list[float]]:
    """Seconds of each step for each question."""
    import sqlite3
    from datetime import UTC, datetime

    from tracker import matching
    from tracker.models import Utterance
    from tracker.pipeline import Tracker
    from tracker.standing import View
    from tracker.words import fts_query

    found: dict[str, list[float]] = {}
    warming = True

    def timed(name: str, function: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = function()
        if not warming:
            found.setdefault(name, []).append(time.perf_counter() - start)
        return result

    plain = sqlite3.connect(store)
    view = View(datetime.now(UTC).date())
    with Tracker.open(store) as tracker:
        retrieval, encoder = tracker.retrieval, tracker.embedding.encoder
        fitted = matching.is_fitted_for(encoder.fingerprint)
        kind = tracker.embedding.index().kind
        assert kind
        raw = kind.faiss
        import faiss

        threads = faiss.omp_get_max_threads()
        sql = "SELECT rowid FROM claims_fts WHERE claims_fts MATCH ? ORDER BY rank LIMIT ?"

        def nearest(rows: Any) -> Any:
            faiss.omp_set_num_threads(1)  # one question is answered faster so; the tracker chooses for itself
            try:
                return raw.search(rows, matching.DEPTH)
            finally:
                faiss.omp_set_num_threads(threads)

        def words(query: str) -> list[Any]:
            return plain.execute(sql, [query, matching.DEPTH]).fetchall()

        def candidates(wanted: Wanted) -> list[Any]:
            with tracker.store.reading():
                return list(retrieval.candidates(wanted))

        def matches(wanted: Wanted) -> list[Any]:
            with tracker.store.reading():
                return list(retrieval.matches(wanted, view, 5))

        for number, text in enumerate(texts):
            warming = number < WARMED
            wanted = timed("encoding", partial(retrieval.wanted, [Utterance(text)]))
            rows, query = wanted.rows(0, fitted=fitted)[1:], fts_query(wanted.statements[0].text)
            ways: list[tuple[str, Callable[[], Any]]] = [
                ("raw FAISS", partial(nearest, rows)),
                ("raw FTS5", partial(words, query)),
                ("candidates", partial(candidates, wanted)),
                ("candidates and deciding", partial(matches, wanted)),
                ("Tracker.search, whole", partial(tracker.search, text)),
            ]
            for name, way in reversed(ways) if number % 2 else ways:  # who comes second finds the caches warm
                timed(name, way)
    return found


def main() -> None:
    """Measure and print."""
    store, queries, number = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(steps_of(store, json.loads(queries.read_text(encoding="utf-8"))[:number])))


if __name__ == "__main__":
    main()

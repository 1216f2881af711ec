"""Scale: a store of a million claims against one of twenty thousand (point 3).

    PYTHONPATH=benchmarks python -m timing.scale STORE COPY    # one line of JSON: what an added claim costs and writes

Cold questions take turns between the two stores. Warm times leave encoding out. Recall is that of the index that the
tracker searches, against the exact answer of a flat index over the same vectors. Claims are added to a copy.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timing.growth import adding
from timing.peers import recall
from timing.places import SPEED, place
from timing.processes import TRACKER, in_turns, module, ratio, run, summary
from timing.tables import target
from timing.warm import quantiles

if TYPE_CHECKING:
    from argparse import Namespace

    from timing.places import Place
    from timing.processes import Command


def measure(options: Namespace) -> dict[str, Any]:
    """Both stores in one run."""
    small, large = place(options.claims, options.data), place(options.scale, options.data)
    asked = large.queries

    def search(here: Place, number: int) -> Command:
        return [TRACKER, "--store", str(here.store), "search", asked[number]]

    cold = in_turns(
        {f"tracker search, {here.claims:,} claims": partial(search, here) for here in (small, large)}, options.rounds
    )
    few, many = cold.values()
    warm = run(module("warm", large.store, large.folder / "queries.json", options.questions))
    times = {name: quantiles(seconds) for name, seconds in warm.told.items()}
    found = run(module("peer", "tracker, nearest only", "warm", large.folder, 0)).told["found"]
    run(module("peer", "faiss", "build", large.folder, 0))
    exact = run(module("peer", "faiss", "warm", large.folder, 0))
    added = run(module("scale", large.store, SPEED / "scale-copy")).told
    costs, stored = quantiles(added["seconds"]), quantiles(added["stored"])
    finding, whole = times["candidates"], times["candidates and deciding"]
    return {
        "claims": large.claims,
        "rounds": options.rounds,
        "rows": [
            *({"step": name, **summary(runs)} for name, runs in cold.items()),
            *({"step": f"warm: {name}", **one} for name, one in times.items()),
            {"step": "adding one claim, looking for what is there first", **costs},
            {"step": "storing it: claim, words, vector, event, index", **stored},
        ],
        "index_rewritten_mb": added["rewritten_mb"],
        "targets": [
            target(f"cold search at {large.claims:,} / at {small.claims:,}", ratio(many, few), 2),
            target("warm search after encoding, finding candidates, p50", finding["p50 ms"], 10, unit="ms"),
            target("warm search after encoding, finding candidates, p99", finding["p99 ms"], 30, unit="ms"),
            target("warm search after encoding, deciding on them too, p50", whole["p50 ms"], 10, unit="ms"),
            target("warm search after encoding, deciding on them too, p99", whole["p99 ms"], 30, unit="ms"),
            target("recall@10 against the exact answer", recall(found, exact.told["found"]) or 0, 0.99, at_least=True),
            target("memory of a cold search", summary(many)["peak_mb"], 1500, unit="MB"),
            target("memory of a process that searches on", warm.peak_mb, 1500, unit="MB"),
            target("adding one claim, looking for what is there first, p50", costs["p50 ms"], 50, unit="ms"),
            target("storing it: claim, words, vector, event, index, p50", stored["p50 ms"], 50, unit="ms"),
            target("of the files beside the store rewritten for it", added["rewritten_mb"], 1, unit="MB"),
        ],
    }


def storing(store: Path) -> list[float]:
    """Seconds that each of some claims takes to be on disk and in the index, with its vector at hand."""
    from tracker.entries import storable
    from tracker.models import NewClaim
    from tracker.pipeline import Tracker

    seconds = []
    with Tracker.open(store) as tracker:
        tracker.search("A question that opens all that is to be opened.")
        for number in range(STORED):
            claim = storable(NewClaim(f"The benchmark stored claim {number} of {STORED}."))
            vector = tracker.embedding.encode([claim.text])
            start = time.perf_counter()
            with tracker.store.writing():
                tracker.embedding.keep([tracker.store.add_claim(claim).id], vector)
            tracker.embedding.index()
            seconds.append(time.perf_counter() - start)
    return seconds


STORED = 20
CACHES = (".faiss", ".words")


def main() -> None:
    """Add claims to a copy of a store, and look what of the files beside it was written anew."""
    store, copy = Path(sys.argv[1]), Path(sys.argv[2])
    copy.mkdir(parents=True, exist_ok=True)
    beside = [one for one in store.parent.iterdir() if one.name.startswith(store.name)]
    for one in beside:
        shutil.copyfile(one, copy / one.name) if one.is_file() else shutil.copytree(one, copy / one.name)
    index = [one for one in copy.rglob("*") if one.is_file() and one.suffix in CACHES]
    before = {one: (one.stat().st_ino, one.stat().st_mtime_ns) for one in index}
    try:
        seconds, stored = adding(copy / store.name, 0, copy)["seconds"], storing(copy / store.name)
        now = [one for one in copy.rglob("*") if one.is_file() and one.suffix in CACHES]
        written = [one for one in now if before.get(one) != (one.stat().st_ino, one.stat().st_mtime_ns)]
        print(
            json.dumps(
                {"seconds": seconds, "stored": stored, "rewritten_mb": sum(one.stat().st_size for one in written) / 1e6}
            )
        )
    finally:
        shutil.rmtree(copy)


if __name__ == "__main__":
    main()

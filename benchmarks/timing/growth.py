"""Growth: time and memory of opening, searching, adding, importing and checking as one store grows (point 6).

    PYTHONPATH=benchmarks python -m timing.growth fill|measure|add STORE NUMBER QUERIES.json    # one line of JSON

One store is filled step by step through the store's own code, with vectors that are there already. After each step a
fresh process opens it and searches, another adds claims, and `tracker check` runs on the example article. What grows
like claims to the power p has the exponent p; a straight line through the logarithms says which it is.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timing.places import SPEED, place
from timing.processes import ARTICLE, BENCHMARKS, ROOT, TRACKER, in_turns, module, run, summary
from timing.warm import quantiles

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

MEASURED = {
    "open ms": "time",
    "cold search ms": "time",
    "search p50 ms": "time",
    "add ms": "time",
    "import ms a claim": "time",
    "check s": "time",
    "open MB": "memory",
    "import MB": "memory",
    "check MB": "memory",
    "on disk MB": "memory",
}
ADDED = 7
ASKED = 40


def measure(options: Namespace) -> dict[str, Any]:
    """Fill, measure, fill on."""
    folder = SPEED / "growth"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("claims.db*"):
        old.unlink()
    store = folder / "claims.db"
    queries = place(options.claims, options.data).folder / "queries.json"
    rows: list[dict[str, Any]] = []
    before = 0
    for claims in options.steps:
        filled = run(module("growth", "fill", store, claims, queries))
        row = {"claims": claims, "import ms a claim": 1000 * filled.told["seconds"] / (claims - before)}
        rows.append({**row, "import MB": filled.peak_mb, **at_size(store, queries, options.growth_rounds)})
        before = claims
        print(*(f"{name} {value:.4g}" for name, value in rows[-1].items()), sep="  ", file=sys.stderr, flush=True)
    exponents = {
        name: exponent([row["claims"] for row in rows], [row[name] for row in rows])
        for name in MEASURED
        if len(rows) > 1
    }
    return {"rows": [*rows, {"claims": "exponent", **exponents}], "targets": []}


def at_size(store: Path, queries: Path, rounds: int) -> dict[str, float]:
    """What it costs now."""
    text = json.loads(queries.read_text(encoding="utf-8"))[0]
    cold = in_turns(
        {
            "open": lambda _: module("growth", "open", store, 0, queries),
            "search": lambda _: [TRACKER, "--store", str(store), "search", text],
            "check": lambda _: [TRACKER, "--store", str(store), "check", str(ARTICLE)],
        },
        rounds,
    )
    opened, check = cold["open"], summary(cold["check"])
    warm = run(module("growth", "search", store, 0, queries)).told
    added = run(module("growth", "add", store, 0, queries)).told
    return {
        "open ms": 1000 * statistics.median(one.told["seconds"] for one in opened),
        "cold search ms": 1000 * summary(cold["search"])["seconds"],
        "search p50 ms": quantiles(warm["seconds"])["p50 ms"],
        "search p99 ms": quantiles(warm["seconds"])["p99 ms"],
        "add ms": quantiles(added["seconds"])["p50 ms"],
        "check s": check["seconds"],
        "open MB": summary(opened)["peak_mb"],
        "check MB": check["peak_mb"],
        "on disk MB": sum(one.stat().st_size for one in store.parent.glob("claims.db*")) / 1e6,
    }


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The slope of the straight line through the logarithms."""
    xs, ys = [math.log(size) for size in sizes], [math.log(max(value, 1e-9)) for value in values]
    return statistics.linear_regression(xs, ys).slope


# --- in a process of its own ------------------------------------------------------------------------------------------


def fill(store: Path, claims: int, _queries: Path) -> dict[str, float]:
    """Bring the store to so many claims."""
    from timing.corpus import Corpus
    from timing.stores import SOURCE, grow

    took: Mapping[str, float] = grow(store, Corpus.of(SOURCE), claims)
    return {"seconds": sum(value for step, value in took.items() if step not in ("made up", "claims"))}


def opening(store: Path, _number: int, _queries: Path) -> dict[str, float]:
    """Open the store and its index."""
    from tracker.pipeline import Tracker

    start = time.perf_counter()
    with Tracker.open(store) as tracker:
        tracker.embedding.index()
        return {"seconds": time.perf_counter() - start}


def searching(store: Path, _number: int, queries: Path) -> dict[str, list[float]]:
    """Search with the vectors at hand, everything but encoding."""
    from datetime import UTC, datetime

    from tracker.models import Utterance
    from tracker.pipeline import Tracker
    from tracker.standing import View

    view, seconds = View(datetime.now(UTC).date()), []
    with Tracker.open(store) as tracker:
        for text in json.loads(queries.read_text(encoding="utf-8"))[:ASKED]:
            wanted = tracker.retrieval.wanted([Utterance(text)])
            start = time.perf_counter()
            with tracker.store.reading():
                list(tracker.retrieval.matches(wanted, view, 5))
            seconds.append(time.perf_counter() - start)
    return {"seconds": seconds[5:]}


def adding(store: Path, _number: int, _queries: Path) -> dict[str, list[float]]:
    """Add claims one by one in an open store, encoded and looked for as `tracker add` does."""
    from tracker.models import NewClaim
    from tracker.pipeline import Tracker

    seconds = []
    with Tracker.open(store) as tracker:
        have = tracker.store.claim_count()
        tracker.search("A question that opens all that is to be opened.")
        for number in range(ADDED):
            start = time.perf_counter()
            tracker.add(NewClaim(f"The benchmark added claim {number} when there were {have:,} in the store."))
            seconds.append(time.perf_counter() - start)
    return {"seconds": seconds}


ACTIONS: dict[str, Any] = {"fill": fill, "open": opening, "search": searching, "add": adding}


def plot(rows: Sequence[Mapping[str, Any]], file: Path = BENCHMARKS / "results" / "growth.svg") -> Path:
    """Draw the rows of a table of growth: time on the left, memory on the right."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "growth"  # the same picture for the same figures
    figure = Figure(figsize=(11, 4.5), layout="constrained")
    points = [row for row in rows if isinstance(row["claims"], int)]
    for axes, kind in zip(figure.subplots(1, 2), ("time", "memory"), strict=True):
        for name, of in MEASURED.items():
            if of == kind:
                factor = 1000 if name.endswith(" s") else 1
                label = name.replace(" s", " ms") if factor > 1 else name
                axes.plot(
                    [p["claims"] for p in points], [factor * p[name] for p in points], marker="o", ms=3, label=label
                )
        axes.set(xscale="log", yscale="log", xlabel="claims", ylabel="milliseconds" if kind == "time" else "megabytes")
        axes.grid(visible=True, alpha=0.3)
        axes.legend(fontsize="small")
    figure.savefig(file, metadata={"Date": None})
    return file.relative_to(ROOT)


def main() -> None:
    """Do one thing; `plot` draws a kept result."""
    if sys.argv[1] == "plot":
        print(plot(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))["parts"]["growth"]["rows"]))
        return
    action, store, number, queries = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    print(json.dumps(ACTIONS[action](store, number, queries)))


if __name__ == "__main__":
    main()

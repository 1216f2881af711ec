"""Measure how two claims relate: on labelled pairs, on mutants of real claims, and in milliseconds a pair.

    python benchmarks/relations.py [--data ../shared/data/benchmarks] [--write]

Labelled pairs are `tests/data/relations-dev.tsv` and `relations-held-out.tsv`, of which nothing is fitted. Pairs of
public claims on one topic or on none are from the half of the collections in `--data` of which no pair to fit is.
Mutants are made of the claims of both collections, else of our own in `tests/data/mutations-claims.txt`. Times are
medians on one core over claims not read before, against encoding a sentence in the same run. `--write` keeps it in
`benchmarks/results/relations.json`, from which `docs/relations.md` is made.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy is loaded

from spotting import RESULTS, versions

from tracker import evaluation
from tracker.encoders import load_encoder
from tracker.models import Relation
from tracker.mutations import judging, mutants
from tracker.readers import Readers
from tracker.relating import Relating
from tracker.relations import relate
from tracker.reports import mutations as mutation_report, relations as report
from tracker.reports.bars import bars
from tracker.reports.plain import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tracker.encoders import Encoder

STRANGERS = 500  # of each collection
TESTS = Path(__file__).resolve().parent.parent / "tests" / "data"


def milliseconds(encoder: Encoder, pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """The median a pair: the evidence and the decision on it, reading both together, and encoding one sentence."""
    readers = Readers(encoder)
    relate(*pairs[0], 0.5, readers.read_one(pairs[0]))  # loads what is loaded once
    took: dict[str, list[float]] = {"evidence": [], "reading together": [], "encoding one": []}
    for statement, claim in pairs[1:]:
        told = _timed(took["reading together"], lambda: readers.read_one((statement, claim)))  # noqa: B023 - at once
        _timed(took["evidence"], lambda: relate(statement, claim, 0.5, told))  # noqa: B023
        _timed(took["encoding one"], lambda: encoder.encode([statement]))  # noqa: B023
    return {name: round(statistics.median(found), 3) for name, found in took.items()}


def _strangers(data: Path, encoder: Encoder) -> list[tuple[str, str]]:
    sys.path.append(str(TESTS.parent.parent / "training"))
    from strangers import strange_pairs

    return [(one, other) for one, other, _ in strange_pairs(data, encoder, 1, STRANGERS)]


def _timed(kept: list[float], function: Callable[[], Any]) -> Any:
    start = time.perf_counter()
    found = function()
    kept.append(1000 * (time.perf_counter() - start))
    return found


def main() -> None:
    """Measure all of it once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with ct22-2a/docs.jsonl and ct22-2b/docs.jsonl")
    parser.add_argument("--write", action="store_true", help="keep the result in benchmarks/results")
    options = parser.parse_args()
    encoder = load_encoder()
    sets = {name: evaluation.read_pairs(TESTS / f"relations-{name}.tsv") for name in ("dev", "held-out")}
    dev = sets["dev"]
    docs = [options.data / name / "docs.jsonl" for name in ("ct22-2a", "ct22-2b")] if options.data else []
    claims = [claim for file in docs or [TESTS / "mutations-claims.txt"] for claim in judging.read_claims(file)]
    took = milliseconds(encoder, [(statement, claim) for statement, claim, _ in dev])
    found: dict[str, Any] = {
        "when": datetime.now(UTC).date().isoformat(),
        "versions": versions(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "milliseconds": took,
        "dev": {},
        "held-out": {},
        "strangers": {},
        "mutations": {},
    }
    strangers = _strangers(options.data, encoder) if options.data else []
    made = mutants(claims, progress=bars)
    for name, together in (("together", True), ("apart", False)):
        relating = Relating(encoder, together=together)
        for kind, pairs in sets.items():
            one = evaluation.relations(pairs, relating, bars)
            found[kind][name] = report.relations_json(one, errors=kind == "dev")
            print(f"\n{name}: {len(pairs)} labelled pairs, {kind}")
            print("\n".join(report.relations(one, errors=False)))
        told = Counter(one.relation for one in relating.relate_all(strangers, bars))
        found["strangers"][name] = {"pairs": len(strangers), **{kind.value: told[kind] for kind in Relation}}
        print(f"\n{name}: {len(strangers)} pairs of claims that were checked apart: {dict(told)}")
        judged = judging.judge(made, relating, bars)
        found["mutations"][name] = mutation_report.mutations_json(judged, len(claims), 100, 1, errors=False)
        print("\n".join(map(clean, mutation_report.mutations(judged, len(claims), 1, errors=False))))
    print("\nmilliseconds a pair, one core: " + ", ".join(f"{name} {value:.2f}" for name, value in took.items()))
    if options.write:
        (RESULTS / "relations.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()

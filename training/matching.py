"""Fit the matching model of `tracker/data/matching.json` on public pairs of statements and verified claims.

    python training/matching.py --data ../shared/data/benchmarks [--report]

Data: CheckThat! 2022 task 2A (tweet to Snopes claim) and 2B (debate sentence to PolitiFact claim). Weights are fitted
on the two `train` splits; the threshold for "no match" is set on the two `dev` splits, so that with the right claim
taken out of the store one dev query in twenty still gets an answer. `--report` prints both `devtest` splits; nothing is
chosen there. The stores are kept in `.training-cache/`, since embedding the claims takes minutes.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from tracker import matching
from tracker.feeds import read_feed
from tracker.pipeline import Tracker
from tracker.reports.bars import bars
from tracker.words import content_words

SETS = ("ct22-2a", "ct22-2b")
CACHE = Path(".training-cache")
FALSE_ALARMS = 0.05
REGULARISATION = 1.0
COMMON_WORDS = 2000
DATA = Path(matching.__file__).parent / "data"

Example = tuple[list[dict[str, float]], list[bool]]  # one query: features and label of each candidate


def word_weights(data: Path) -> dict[str, Any]:
    """Inverse document frequencies of the commonest content words over all claims of both stores."""
    counts: Counter[str] = Counter()
    total = 0
    for name in SETS:
        for line in (data / name / "docs.jsonl").read_text("utf-8").splitlines():
            counts.update(content_words(json.loads(line)["claim"]))
            total += 1
    common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:COMMON_WORDS]  # ties by the alphabet
    rare = math.log(total / (common[-1][1] / 3))  # a word outside the table: a third as common as its rarest
    return {
        "documents": total,
        "rare": round(rare, 2),
        "weights": {w: round(math.log(total / n), 2) for w, n in common},
    }


def examples(data: Path, name: str, split: str) -> list[Example]:
    """The candidates of each query of a split as the product itself retrieves them."""
    CACHE.mkdir(exist_ok=True)
    queries = [json.loads(line) for line in (data / name / f"{split}.jsonl").read_text("utf-8").splitlines()]
    with Tracker.open(CACHE / f"{name}.db") as tracker:
        if tracker.store.counts()["vectors"] == 0:
            tracker.import_rows(read_feed(data / name / "docs.jsonl"), bars)
        texts = [query["text"] for query in queries]
        found = []
        for query, candidates in zip(queries, tracker.candidates(texts, tracker.encode(texts)), strict=True):
            rows = [matching.features(query["text"], candidate) for candidate in candidates]
            found.append((rows, [candidate.claim.external_id in query["relevant"] for candidate in candidates]))
    return found


def fit(train: list[Example], names: list[str]) -> dict[str, Any]:
    """Weights by feature name, fitted on unscaled features so that they can be read."""
    rows = np.array([[row[name] for name in names] for query, _ in train for row in query])
    labels = np.array([label for _, query in train for label in query])
    scale = rows.std(axis=0)
    fitted = LogisticRegression(C=REGULARISATION, max_iter=1000).fit(rows / scale, labels)
    weights = {name: round(float(w), 5) for name, w in zip(names, fitted.coef_[0] / scale, strict=True)}
    return {"weights": weights, "intercept": round(float(fitted.intercept_[0]), 5), "threshold": 0.0}


def probabilities(entry: dict[str, Any], query: Example) -> list[tuple[float, bool]]:
    model = matching.Model(entry["weights"], entry["intercept"], entry["threshold"])
    return sorted(((model.probability(row), label) for row, label in zip(*query, strict=True)), reverse=True)


def measure(entry: dict[str, Any], queries: list[Example]) -> dict[str, float]:
    """MAP@5 (each query's precision divided by its relevant claims among the candidates), and what "no match" costs."""
    ranked = [probabilities(entry, query) for query in queries]
    precisions = []
    for found in ranked:
        hits, total = 0, 0.0
        for rank, (_, label) in enumerate(found[:5], 1):
            hits += label
            total += label * hits / rank
        precisions.append(total / max(1, min(5, sum(label for _, label in found))))
    alarms = [next((p for p, label in found if not label), 0.0) for found in ranked]
    right = [found[0][0] if found and found[0][1] else 0.0 for found in ranked]
    return {
        "queries": len(queries),
        "MAP@5": float(np.mean(precisions)),
        "false alarms at the threshold": float(np.mean([p >= entry["threshold"] for p in alarms])),
        "right at rank 1 above the threshold": float(np.mean([p >= entry["threshold"] for p in right])),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with ct22-2a and ct22-2b")
    parser.add_argument("--report", action="store_true", help="also print the devtest splits")
    options = parser.parse_args()
    table = json.dumps(word_weights(options.data), ensure_ascii=False, indent=0)
    (DATA / "word-weights.json").write_text(table + "\n", encoding="utf-8")
    train = [example for name in SETS for example in examples(options.data, name, "train")]
    dev = {name: examples(options.data, name, "dev") for name in SETS}
    with Tracker.open(CACHE / f"{SETS[0]}.db") as tracker:
        encoder = tracker.encoder.fingerprint
    names = list(train[0][0][0])
    model: dict[str, Any] = {"version": 1, "encoder": encoder}
    for kind, used in (("vectors", names), ("words", [name for name in names if name != "cosine"])):
        entry = fit(train, used)
        alarms = [
            max((p for p, label in probabilities(entry, q) if not label), default=0.0) for d in dev.values() for q in d
        ]
        entry["threshold"] = round(float(np.quantile(alarms, 1 - FALSE_ALARMS)), 3)
        model[kind] = entry
        splits = {f"{name} dev": queries for name, queries in dev.items()}
        if options.report:
            splits |= {f"{name} devtest": examples(options.data, name, "devtest") for name in SETS}
        for split, queries in splits.items():
            print(kind, split, {key: round(value, 3) for key, value in measure(entry, queries).items()})
    target = DATA / "matching.json"
    target.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    print(f"written: {target.name}", file=sys.stderr)


if __name__ == "__main__":
    main()

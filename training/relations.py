"""Fit how two claims relate: the reader of pairs, and the weights of the evidence beside it.

    python training/relations.py --data ../shared/data/benchmarks [--proposals FILE] [--keep]

Pairs to fit: `training/pairs/*.tsv` and `tests/data/relations-own-*.tsv`, our own; mutants of their claims; SICK's
contradictions; pairs of public claims on one topic, which are hardly ever the same; `--proposals`, labelled pairs of
statements and proposed claims. The last three are not ours to commit. Choices are made on
`tests/data/relations-dev.tsv`, of which nothing is fitted; pairs near to it or to the held-out ones are left out.
Writes `inference.safetensors` and `relations.json` in `tracker/data`; with `--keep`, the readers of an earlier run are
used again.

The weights must see what a reader makes of pairs that it was not trained on: a third of the pairs is kept for them and
read by one that was trained on the other two. The reader that is shipped is trained on all.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import inference as reader
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler
from strangers import strange_pairs

from examples import Example, mutants, read_examples, sick, turned
from tracker import matching, relations
from tracker.encoders import load_encoder
from tracker.evidence import weigh
from tracker.models import PairReading, Relation
from tracker.reading import read
from tracker.relations import features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tracker.models import Related

ROOT = Path(__file__).resolve().parent.parent
DATA, CACHE = ROOT / "tracker" / "data", ROOT / ".training-cache"
DEV = ROOT / "tests" / "data" / "relations-dev.tsv"
HELD_OUT = ROOT / "tests" / "data" / "relations-held-out.tsv"
TOO_NEAR = 0.7  # the cosine from which a sentence may be one of those that are measured on, in other words
LABELS = list(Relation)
STRENGTHS = (0.03, 0.1)
KEPT = 0  # the fold that only the weights see
PRECISION = 0.95  # of `same` on dev, from which it is said
ASKED = 1800  # public claims of each collection that are paired with others
RECALL = 0.82  # what is left of it


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder with pairs/ and the collections ct22-*/")
    parser.add_argument("--proposals", type=Path, help="labelled real proposals, TSV like the others")
    parser.add_argument("--keep", action="store_true", help="use the readers of the last run again")
    options = parser.parse_args()
    CACHE.mkdir(exist_ok=True)
    own = read_examples(
        [*sorted((ROOT / "training" / "pairs").glob("*.tsv")), *sorted(DEV.parent.glob("relations-own-*.tsv"))]
    )
    real = read_examples([options.proposals], 0.5) if options.proposals else []
    real = [one for one in real if "pronoun" not in one.note and "utterance" not in one.note]
    dev = read_examples([DEV])
    own, real = (away_from([*dev, *read_examples([HELD_OUT])], some) for some in (own, real))
    fitted = [*own, *real, *mutants(own), *strangers(options.data)]
    kept = CACHE / "inference.npz"
    if not options.keep:
        readings(fitted, dev, sick(options.data / "pairs" / "SICK_train.txt"), kept)
    with np.load(kept) as file:
        row = {pair: i for i, pair in enumerate(file["pairs"])}  # --keep: of changed pairs, those that were read
        unseen = [one for one in fitted if one.fold == KEPT and _key(one) in row]
        told, told_dev = file["fitted"][[row[_key(one)] for one in unseen]], file["dev"]
    write(unseen, fitted, dev, told, told_dev)
    trial(unseen, told, fitted)


def trial(unseen: Sequence[Example], told: NDArray[np.float32], fitted: Sequence[Example]) -> None:
    """Print how often `same` is right on pairs that the reader had not seen, for the pair and as a search asks it.

    And of how many pairs rules alone say the contrast, and how many of these are labelled so.
    """
    _forget()
    near = cosines(unseen)
    for name, wanted in (("own", "own"), ("proposals", "real")):
        for least, cosine in ((0.0, -1.0), (matching.SURE, matching.NEAR)):
            rows = [i for i, one in enumerate(unseen) if _origin(one) == wanted]
            found = {i: _related(unseen[i], float(near[i]), told[i]) for i in rows}
            said = [i for i in rows if found[i].relation is Relation.SAME]
            kept = [i for i in said if found[i].probability >= least and near[i] >= cosine]
            right = sum(unseen[i].relation is Relation.SAME for i in kept)
            there = sum(unseen[i].relation is Relation.SAME for i in rows)
            asked = "as in a search" if least else "the pair alone"
            print(f"{name}, unseen, {asked}: {right} of {len(kept)} called same are, {there} of {len(rows)} would be")
    ruled = [
        (one, rule.relation)
        for one in fitted
        if _origin(one) == "own" and (rule := relations.compare(one.statement, one.claim).by_rule)
        if rule.relation.is_contrast
    ]
    right = sum(one.relation is relation for one, relation in ruled)
    print(f"own, another figure or time by rule: {right} of {len(ruled)} right")


def _origin(one: Example) -> str:
    """Whose pair it is: our own, a real proposal, or made of others."""
    if one.note == "two claims" or "~" in one.id:
        return "made"
    return "own" if one.weight == 1.0 else "real"


def _forget() -> None:
    relations._coefficients.cache_clear()  # noqa: SLF001 - as just written
    relations._model.cache_clear()  # noqa: SLF001


def _related(one: Example, cosine: float | None, told: NDArray[np.float32] | None) -> Related:
    read_as = PairReading(None if told is None else tuple(told.tolist()))
    return relations.relate(one.statement, one.claim, cosine, read_as)


def away_from(measured: Sequence[Example], examples: Sequence[Example]) -> list[Example]:
    """The examples of which neither sentence is near to one that is measured on; how many are left out is printed."""
    if not examples:
        return []
    encoder = load_encoder()
    these = encoder.encode([text for one in measured for text in (one.statement, one.claim)], bulk=True)
    near = np.stack(
        [(encoder.encode(side, bulk=True) @ these.T).max(axis=1) for side in zip(*map(_texts, examples), strict=True)]
    ).max(axis=0)
    kept = [one for one, cosine in zip(examples, near, strict=True) if cosine < TOO_NEAR]
    print(
        f"{len(examples) - len(kept)} of {len(examples)} pairs left out: too near to those measured on", file=sys.stderr
    )
    return kept


def strangers(data: Path, weight: float = 0.5) -> list[Example]:
    """Pairs of public claims, on one topic and on none (`tracker.mutations.judging.strangers`)."""
    return [
        Example(f"stranger-{i}", one, other, relation, "two claims", weight)
        for i, (one, other, relation) in enumerate(strange_pairs(data, load_encoder(), 0, ASKED))
    ]


def readings(fitted: Sequence[Example], dev: Sequence[Example], more: Sequence[Example], kept: Path) -> None:
    """Train a reader without a fold, and one on all, which is shipped; keep what each makes of what it never saw."""
    encoder = load_encoder()
    rest = [one for one in fitted if one.fold != KEPT]
    net = reader.train(encoder.folder, [*rest, *turned(rest), *more], 0)
    unseen = [one for one in fitted if one.fold == KEPT]
    told = reader.read(net, unseen)
    net = reader.train(encoder.folder, [*fitted, *turned(fitted), *more], 1)
    net.write(DATA / "inference.safetensors", encoder.fingerprint)
    np.savez(kept, fitted=told, pairs=np.array([_key(one) for one in unseen]), dev=reader.read(net, dev))


def write(
    kept: Sequence[Example],
    fitted: Sequence[Example],
    dev: Sequence[Example],
    told: NDArray[np.float32],
    told_dev: NDArray[np.float32],
) -> None:
    """Fit the three models, choose on dev from where on `same` is said, and write the coefficients."""
    near_dev = cosines(dev)
    entry: dict[str, Any] = {"version": 1, "pairs": len(fitted)}
    for kind in ("words", "vectors", "inference"):
        read_too, vectors = kind == "inference", kind != "words"
        pairs = kept if read_too else fitted
        rows = table(pairs, cosines(pairs) if vectors else None, told if read_too else None)
        rows_dev = table(dev, near_dev if vectors else None, told_dev if read_too else None)
        entry[kind] = fit(kind, pairs, rows, dev, rows_dev)
    kept_in = DATA / "relations.json"
    kept_in.write_text(json.dumps(entry, indent=1) + "\n", encoding="utf-8")
    for kind in ("words", "vectors", "inference"):
        entry[kind]["same_at"] = _same_at(
            dev, near_dev if kind != "words" else None, told_dev if kind == "inference" else None
        )
        print(f"{kind}: same from {entry[kind]['same_at']:.3f}", file=sys.stderr)
    kept_in.write_text(json.dumps(entry, indent=1) + "\n", encoding="utf-8")


def _texts(one: Example) -> tuple[str, str]:
    return one.statement, one.claim


def _key(one: Example) -> str:
    return "\t".join(_texts(one))


def cosines(examples: Sequence[Example]) -> NDArray[np.float32]:
    encoder = load_encoder()
    ours = encoder.encode([one.statement for one in examples], bulk=True)
    found: NDArray[np.float32] = (ours * encoder.encode([one.claim for one in examples], bulk=True)).sum(axis=1)
    return found


def table(
    examples: Sequence[Example], near: NDArray[np.float32] | None, told: NDArray[np.float32] | None
) -> list[dict[str, float]]:
    """The features of each pair."""
    found = []
    for i, one in enumerate(examples):
        cosine = None if near is None else float(near[i])
        values = weigh(read(one.statement), read(one.claim, stored=True), cosine).values
        found.append(features(values, cosine, None if told is None else told[i].tolist()))
    return found


def fit(
    kind: str,
    fitted: Sequence[Example],
    rows: Sequence[dict[str, float]],
    dev: Sequence[Example],
    rows_dev: Sequence[dict[str, float]],
) -> dict[str, Any]:
    """Multinomial logistic regression, its strength chosen by cross-validation, `same_at` on dev."""
    names = list(rows[0])
    x, y = _matrix(rows, names), np.array([LABELS.index(one.relation) for one in fitted])
    weights = np.array([one.weight for one in fitted])
    scale = StandardScaler().fit(x)
    groups = [one.id.partition("~")[0] for one in fitted]
    own = np.array([one.weight == 1.0 for one in fitted])
    best, chosen, guesses = -1.0, STRENGTHS[0], np.zeros((len(y), len(LABELS)))
    for strength in STRENGTHS:
        guess = np.zeros((len(y), len(LABELS)))
        for train, test in GroupKFold(4).split(x, y, groups):
            guess[test] = _model(strength, scale.transform(x[train]), y[train], weights[train]).predict_proba(
                scale.transform(x[test])
            )
        score = f1_score(y[own], guess[own].argmax(1), average="macro")
        if score > best:
            best, chosen, guesses = score, strength, guess
    model = _model(chosen, scale.transform(x), y, weights)
    guess_dev = model.predict_proba(scale.transform(_matrix(rows_dev, names)))
    y_dev = np.array([LABELS.index(one.relation) for one in dev])
    for what, p, t in (("own, cross-validated", guesses[own], y[own]), ("dev", guess_dev, y_dev)):
        reached = f1_score(t, p.argmax(1), average="macro")
        print(f"{kind} {what}: strength {chosen}, macro-F1 {reached:.3f} without bars", file=sys.stderr)
    by_feature = model.coef_ / scale.scale_
    shift = model.intercept_ - by_feature @ scale.mean_
    return {
        "weights": {
            relation.value: {name: round(float(w), 5) for name, w in zip(names, by_feature[i], strict=True)}
            for i, relation in enumerate(LABELS)
        },
        "intercepts": {relation.value: round(float(shift[i]), 5) for i, relation in enumerate(LABELS)},
        "same_at": 0.0,
    }


def _same_at(dev: Sequence[Example], near: NDArray[np.float32] | None, told: NDArray[np.float32] | None) -> float:
    """The probability from which `same` is said, by what the product makes of dev.

    The highest that leaves RECALL, for on our own unseen pairs, which are harder, each step upward makes `same` surer;
    where none does, the lowest from which it is right often enough.
    """
    _forget()
    found = [
        _related(one, None if near is None else float(near[i]), None if told is None else told[i])
        for i, one in enumerate(dev)
    ]
    said = sorted(
        (found[i].probability, one.relation is Relation.SAME)
        for i, one in enumerate(dev)
        if found[i].relation is Relation.SAME
    )
    positive = sum(one.relation is Relation.SAME for one in dev)
    sure = [p for n, (p, _) in enumerate(said) if np.mean([right for _, right in said[n:]]) >= PRECISION]
    wide = [p for n, (p, _) in enumerate(said) if sum(right for _, right in said[n:]) >= RECALL * positive]
    both = sorted(set(sure) & set(wide))
    chosen = both[-1] if both else sure[0] if sure else 1.0
    return math.floor(1000 * chosen) / 1000


def _model(
    strength: float, x: NDArray[np.float64], y: NDArray[np.int64], weights: NDArray[np.float64]
) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=1000).fit(x, y, sample_weight=weights)


def _matrix(rows: Sequence[dict[str, float]], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[row[name] for name in names] for row in rows])


if __name__ == "__main__":
    main()

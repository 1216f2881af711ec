"""Fit the matching of `tracker/data/` on public pairs of statements and verified claims.

    python training/matching.py --data ../shared/data/benchmarks [--ablate FILE] [--encoder NAME|FOLDER]

Data: CheckThat! 2022 task 2A (tweet to Snopes claim) and 2B (debate sentence to PolitiFact claim). Fitted on the two
`train` splits: the adapter, the weights of the features (with the adapter of other folds, so that no query is scored by
one that has seen it), and what rivals take away. Chosen on the two `dev` splits: the penalty on the weights, and the
threshold, so that with the right claims taken out of the store one dev query in twenty still gets an answer. Of
`devtest` only the texts are read, to keep them out of `train`. `--ablate` refits without each group of features in turn
and writes what dev then gives. The stores are kept in `.training-cache/`, since embedding the claims takes minutes.

Each query stands three times: with its own day, with a day months or years later, as of a claim that comes back, and
with none; and each of these with its right claims and without them. So the day may lift a claim of the same weeks, but
cannot push down an old one that is said again, and a probability holds where every other query has no right claim.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import sys
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import adapter as fitting
import numpy as np
import queries as labelled
from sklearn.linear_model import LogisticRegression

from tracker import adapter, matching, retrieval
from tracker.alarms import NEVER
from tracker.features import FROM_VECTORS, GROUPS, NAMES, features_of
from tracker.feeds import read_feed
from tracker.models import Utterance
from tracker.pipeline import Tracker
from tracker.reports.bars import bars
from tracker.words import content_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tracker.models import Candidate

CACHE = Path(".training-cache")
DATA = Path(matching.__file__).parent / "data"
FALSE_ALARMS = 0.05
STRENGTHS = (0.005, 0.05, 0.5)  # inverse of the penalty on the weights
FOLDS = 5
COMMON_WORDS = 2000
YEARS_LATER = "years later"
LATER = (90, 1800)  # days after which a claim comes back


@dataclass
class Query:
    """A query's candidates: their features (n x features), which are right, and how many right claims there are."""

    found: list[Candidate]
    values: NDArray[np.float64]
    right: NDArray[np.bool_]
    relevant: int


Dev = dict[str, list[list[Query]]]  # by collection, by variant


def word_weights(data: Path) -> dict[str, Any]:
    """Inverse document frequencies of the commonest content words over all claims of both stores."""
    counts: Counter[str] = Counter()
    total = 0
    for name in labelled.SETS:
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


class Collection:
    """A store of one collection's claims, and the queries of its splits read as the product reads them."""

    def __init__(self, data: Path, name: str, encoder: str | None) -> None:
        self.name, self.data = name, data
        kept = CACHE / f"{name}{'-' + Path(encoder).name if encoder else ''}.db"
        self.tracker = Tracker.open(kept, encoder=encoder)
        self.tracker.import_rows(read_feed(labelled.docs(data, name, CACHE)), bars)
        records = list(self.tracker.store.entries())
        self.numbers = {ext: record.claim.id for record in records for _, ext in record.external_ids}
        index = self.tracker.embedding.index()
        order = sorted(set(self.numbers.values()))
        self.row = {number: row for row, number in enumerate(order)}
        self.claims = index.kind.rows_of(order)[1]
        claims = self.tracker.store.claims(order)
        texts = [claims[number].title or claims[number].text for number in order]
        self.titles = self._kept_vectors(texts, kept.with_suffix(".titles.npy"))

    def split(self, split: str) -> tuple[list[Utterance], list[frozenset[int]]]:
        """The queries of a split and the numbers of their right claims; of `train` none that `dev` has too."""
        train = split == "train"
        queries = labelled.training(self.data, self.name) if train else labelled.read(self.data, self.name, split)
        said = [Utterance(one["text"], one.get("context"), one.get("speaker")) for one in queries]
        return said, [frozenset(self.numbers[ext] for ext in one["relevant"]) for one in queries]

    def to_fit(
        self, wanted: retrieval.Wanted, right: Sequence[frozenset[int]], rows: Sequence[int]
    ) -> fitting.Collection:
        """What the adapter is fitted on: these queries, each as often as it has right claims."""
        pairs = [(row, self.row[number]) for row in rows for number in sorted(right[row])]
        vectors = wanted.vectors[[row for row, _ in pairs]]
        return fitting.Collection(self.claims, self.titles, vectors, [one for _, one in pairs])

    def queries(self, wanted: retrieval.Wanted, right: Sequence[frozenset[int]], rows: Sequence[int]) -> list[Query]:
        """The candidates of these queries as the product retrieves them, with the adapter of the moment."""
        some = retrieval.Wanted(
            [wanted.statements[row] for row in rows],
            wanted.vectors[list(rows)],
            {i: wanted.in_context[row] for i, row in enumerate(rows) if row in wanted.in_context},
        )
        found = []
        with self.tracker.store.reading():
            for statement, candidates, row in zip(
                some.statements, self.tracker.retrieval.candidates(some, adapted=True), rows, strict=True
            ):
                labels = np.array([(one.read_as or one.claim).id in right[row] for one in candidates])
                found.append(Query(candidates, _values(statement, candidates), labels, len(right[row])))
        return found

    def _kept_vectors(self, texts: list[str], file: Path) -> NDArray[np.float32]:
        if not file.exists():
            np.save(file, self.tracker.embedding.encode_showing(texts, bars))
        return np.load(file)


def _values(statement: Utterance, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    return np.array([[values[name] for name in NAMES] for values in features_of(statement, candidates)])


def variants(statements: Sequence[Utterance], seed: int = 0) -> list[list[Utterance]]:
    """The queries with their own day, with a later one, and with none."""
    later = random.Random(seed)  # noqa: S311 - no secret
    moved = [
        replace(one, stated_on=one.stated_on + timedelta(days=later.randint(*LATER))) if one.stated_on else one
        for one in statements
    ]
    return [list(statements), moved, [replace(one, stated_on=None) for one in statements]]


def in_variants(statements: Sequence[Utterance], found: Sequence[Query]) -> list[list[Query]]:
    """The same candidates of every variant, with its features."""
    return [
        [replace(query, values=_values(said, query.found)) for said, query in zip(variant, found, strict=True)]
        for variant in variants(statements)
    ]


def fit(train: Sequence[Query], names: Sequence[str], strength: float) -> dict[str, Any]:
    """Both steps: weights by feature name, on unscaled features so that they can be read, and the rivals' part."""
    columns = [NAMES.index(name) for name in names]
    rows = np.vstack([query.values[:, columns] for query in train])
    labels = np.concatenate([query.right for query in train])
    scale = rows.std(axis=0) + 1e-9
    fitted = LogisticRegression(C=strength, max_iter=3000).fit(rows / scale, labels)
    weights = {name: round(float(w), 5) for name, w in zip(names, fitted.coef_[0] / scale, strict=True)}
    entry = {
        "weights": weights,
        "intercept": round(float(fitted.intercept_[0]), 5),
        "typical": {name: round(float(value), 4) for name, value in zip(names, rows.mean(axis=0), strict=True)},
        "rivals": (1.0, 0.0, 0.0),
        "threshold": 0.0,
    }
    scored = [one for query in train for half in (None, ~query.right) for one in _among_rivals(entry, query, half)]
    second = LogisticRegression(C=1e3, max_iter=1000).fit(
        [[score, -math.log1p(rivals)] for score, rivals, _ in scored], [label for *_, label in scored]
    )
    by_score, by_rivals = (round(float(weight), 5) for weight in second.coef_[0])
    return {**entry, "rivals": (by_score, by_rivals, round(float(second.intercept_[0]), 5))}


def _among_rivals(
    entry: dict[str, Any], query: Query, among: NDArray[np.bool_] | None = None
) -> list[tuple[float, float, bool]]:
    """Each candidate's score, its rivals and whether it is right, the best first; `among` leaves candidates out."""
    model = matching.read_model(entry)
    kept = range(len(query.found)) if among is None else np.flatnonzero(among)
    scored = []
    for i in kept:
        values = dict(zip(NAMES, query.values[i].tolist(), strict=True))
        one = matching.Scored(query.found[i], values, model.score(values))
        scored.append((one, bool(query.right[i])))
    scored.sort(key=lambda pair: -pair[0].score)
    rivals = matching.rivals_of([one for one, _ in scored])
    return [(one.score, rival, label) for (one, label), rival in zip(scored, rivals, strict=True)]


def answers(entry: dict[str, Any], query: Query, among: NDArray[np.bool_] | None = None) -> list[tuple[float, bool]]:
    """Each candidate's probability and whether it is right, the most probable first."""
    model = matching.read_model(entry)
    found = _among_rivals(entry, query, among)
    return sorted(((model.probability(score, rivals), label) for score, rivals, label in found), reverse=True)


def measure(entry: dict[str, Any], queries: Sequence[Query]) -> dict[str, float]:
    """MAP@5 and MAP@1, and how many right first answers stand at 5 % false alarms."""
    present = [answers(entry, query) for query in queries]
    absent = [answers(entry, query, ~query.right) for query in queries]
    cut = float(np.quantile([found[0][0] if found else NEVER for found in absent], 1 - FALSE_ALARMS))
    right = [bool(found and found[0][1] and found[0][0] >= cut) for found in present]
    return {
        "MAP@1": float(np.mean([_precision(found[:1], 1) for found in present])),
        "MAP@5": float(np.mean([_precision(f[:5], min(5, q.relevant)) for f, q in zip(present, queries, strict=True)])),
        "found at 5 % false alarms": float(np.mean(right)),
    }


def _precision(found: Sequence[tuple[float, bool]], relevant: int) -> float:
    hits, total = 0, 0.0
    for rank, (_, label) in enumerate(found, 1):
        hits += label
        total += label * hits / rank
    return total / relevant


def threshold(entry: dict[str, Any], dev: Dev) -> float:
    """The probability from which one dev query in twenty without its right claims gets an answer.

    The mean of three ways of asking: tweets with their day, tweets without it, debate sentences.
    """
    ways = [queries for name, found in dev.items() for day, queries in _by_day(name, found) if day != YEARS_LATER]
    alarms = [sorted(answers(entry, query, ~query.right)[0][0] for query in queries) for queries in ways]
    cuts = sorted(cut for way in alarms for cut in way)
    kept = [cut for cut in cuts if np.mean([np.mean(np.array(way) >= cut) for way in alarms]) <= FALSE_ALARMS]
    return round(math.ceil(1000 * kept[0]) / 1000, 3)


def prepared(collections: Sequence[Collection]) -> tuple[NDArray[np.float32], list[Query], Dev]:
    """The adapter fitted on all of train; train's queries, each by one of other folds; dev's, by name, in variants."""
    train = {one.name: (*one.split("train"), one) for one in collections}
    wanted = {name: one.tracker.retrieval.wanted(said, progress=bars) for name, (said, _, one) in train.items()}
    rows = {name: range(len(said)) for name, (said, *_) in train.items()}
    pooled: list[Query] = []
    for fold in range(FOLDS):
        _use(_fit_adapter(train, wanted, {name: [i for i in all_ if i % FOLDS != fold] for name, all_ in rows.items()}))
        for name, (_, right, one) in train.items():
            mine = [i for i in rows[name] if i % FOLDS == fold]
            found = one.queries(wanted[name], right, mine)
            said = [wanted[name].statements[i] for i in mine]
            pooled += [query for variant in in_variants(said, found) for query in variant]
    whole = _fit_adapter(train, wanted, rows)
    _use(whole)
    dev = {}
    for one in collections:
        said, right = one.split("dev")
        asked = one.tracker.retrieval.wanted(said, progress=bars)
        dev[one.name] = in_variants(asked.statements, one.queries(asked, right, range(len(said))))
    return whole, pooled, dev


def _fit_adapter(train: dict[str, Any], wanted: dict[str, Any], rows: dict[str, Any]) -> NDArray[np.float32]:
    return fitting.fit([one.to_fit(wanted[name], right, rows[name]) for name, (_, right, one) in train.items()])


def _use(matrix: NDArray[np.float32]) -> None:
    """Let retrieval find candidates with this adapter instead of the one that is shipped."""
    retrieval.adapt = lambda vectors: adapter.turned(vectors, matrix)


def best(train: Sequence[Query], dev: Dev, names: Sequence[str]) -> dict[str, Any]:
    """The fit with the strength that gives dev the best MAP@5, the mean over both collections and all variants."""
    fitted = [fit(train, names, strength) for strength in STRENGTHS]
    gained = [np.mean([measure(one, v)["MAP@5"] for vs in dev.values() for v in vs]) for one in fitted]
    entry = fitted[int(np.argmax(gained))]
    entry["threshold"] = threshold(entry, dev)
    return entry


def ablated(train: Sequence[Query], dev: Dev, strength: float) -> list[dict[str, Any]]:
    """What dev gives with all features, and without each group in turn."""
    rows = []
    for group in (None, *GROUPS):
        names = [name for name in NAMES if group is None or name not in GROUPS[group]]
        entry = fit(train, names, strength)
        shown = {f"{name} {day}": measure(entry, v) for name, vs in dev.items() for day, v in _by_day(name, vs)}
        rows.append({"without": group, "dev": shown})
        print(rows[-1], file=sys.stderr)
    return rows


def _by_day(name: str, found: list[list[Query]]) -> list[tuple[str, list[Query]]]:
    """The variants of a collection's queries; a debate sentence has no day of its own here."""
    if name == "ct22-2b":
        return [("", found[2])]
    return list(zip(("own day", YEARS_LATER, "no day"), found, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with ct22-2a, ct22-2b and checkworthiness")
    parser.add_argument("--encoder", help="another encoder than the default: a name or a folder")
    parser.add_argument("--out", type=Path, default=DATA, help="folder for the fitted files; the package reads its own")
    parser.add_argument("--ablate", type=Path, help="also refit without each group of features; write what dev gives")
    options = parser.parse_args()
    out = options.out
    out.mkdir(exist_ok=True)
    CACHE.mkdir(exist_ok=True)
    table = json.dumps(word_weights(options.data), ensure_ascii=False, indent=0)
    (out / "word-weights.json").write_text(table + "\n", encoding="utf-8")
    collections = [Collection(options.data, name, options.encoder) for name in labelled.SETS]
    matrix, train, dev = prepared(collections)
    model: dict[str, Any] = {
        "version": 2,
        "encoder": collections[0].tracker.encoder.fingerprint,
        "queries": {one.name: labelled.digest(labelled.training(options.data, one.name)) for one in collections},
    }
    for kind, names in (("vectors", NAMES), ("words", [name for name in NAMES if name not in FROM_VECTORS])):
        model[kind] = best(train, dev, names)
        for name, found in dev.items():
            for day, queries in _by_day(name, found):
                print(kind, name, "dev", day, {k: round(v, 3) for k, v in measure(model[kind], queries).items()})
    np.save(out / adapter.FILE.name, matrix.astype(np.float16))
    model["adapter"] = hashlib.sha256((out / adapter.FILE.name).read_bytes()).hexdigest()[:16]
    (out / "matching.json").write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    if options.ablate:
        options.ablate.write_text(json.dumps(ablated(train, dev, STRENGTHS[1]), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

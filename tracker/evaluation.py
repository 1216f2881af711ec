"""Measures, and the labelled files that they are taken on. Pure but for reading those files."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker import alarms, ranking
from tracker.errors import UnreadableSource, UsageProblem
from tracker.models import Relation
from tracker.progress import silent
from tracker.reliability import reliability
from tracker.resampling import estimate, mean_estimates, randomisation_test, resamples, wilson

if TYPE_CHECKING:
    from collections.abc import Sequence, Set as AbstractSet
    from pathlib import Path

    from tracker.alarms import Asked, Point
    from tracker.models import Related
    from tracker.progress import Progress
    from tracker.ranking import Cuts, Qrels, Run
    from tracker.relating import Relating
    from tracker.reliability import Reliability
    from tracker.resampling import Estimate

RATES = (0.01, 0.02, 0.05, 0.10, 0.20)  # shares of false alarms that somebody may be willing to bear
USUAL_RATE = 0.05  # the one that is given with an interval


@dataclass(frozen=True, slots=True)
class Decision:
    """How well a yes-or-no decision agrees with labels; rates from 0 to 1, 0 where there is nothing to divide by.

    `calibration_error` is that of the probabilities it was made by, `chance_error` what perfect ones would stay below
    in 95 of 100 samples of this size (`reliability`).
    """

    rows: int
    positive: int
    precision: float
    recall: float
    f1: float
    average_precision: float | None = None
    calibration_error: float | None = None
    chance_error: float | None = None


@dataclass(frozen=True, slots=True)
class RelationReport:
    """Relations found against relations labelled: a count for each pair of (label, found), and `same` as a decision.

    `precision` and `recall` are those of `same`, with Wilson's interval; the interval of `macro_f1`, the mean of F1
    over the relations that are labelled, is by the bootstrap over pairs. `wrong` are the pairs, with what was found.
    """

    confusion: dict[tuple[str, str], int]
    same: Decision
    precision: Estimate
    recall: Estimate
    macro_f1: Estimate
    wrong: tuple[tuple[tuple[str, str, str], Related], ...]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How well right claims are found: the mean of each measure over queries, and its values query by query.

    `left_out` queries have no right claim and are not measured; `unanswered` ones are missing in the run and count 0.
    """

    queries: int
    left_out: int
    unanswered: int
    measures: dict[str, Estimate]
    by_query: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure of two runs, and the p-value that they differ by chance alone (`resampling.randomisation_test`)."""

    one: float
    other: float
    p: float

    @property
    def difference(self) -> float:
        """By how much the other is higher."""
        return self.other - self.one


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs on the same queries; `unanswered` counts for each run the queries that it misses, which count 0."""

    queries: int
    left_out: int
    unanswered: tuple[int, int]
    measures: dict[str, Difference]


@dataclass(frozen=True, slots=True)
class NoMatch:
    """False alarms against recall: the best points for `RATES`, the product's own threshold, and the whole curve.

    `recall` is that of `usual_rate`, with its interval.
    """

    queries: int
    at_rates: dict[float, Point]
    own: Point
    recall: Estimate
    curve: list[Point]
    usual_rate: float = USUAL_RATE


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """How far probabilities mean what they say: that of each first answer, and those of the first five."""

    queries: int
    first: Reliability
    first_five: Reliability


def retrieval(run: Run, qrels: Qrels, cuts: Cuts) -> Retrieval:
    """Measure a run on the queries that have a relevant document. Raises UsageProblem where it answers none of them."""
    measured = {qid: relevant for qid, relevant in qrels.items() if relevant}
    answered = sum(bool(run.get(qid)) for qid in measured)
    if not answered and run:
        msg = f"the run has nothing for any of the {len(measured):,} queries; are these the qids of the labels?"
        raise UsageProblem(msg)
    by_query = {qid: ranking.measures(run.get(qid, ()), relevant, cuts) for qid, relevant in measured.items()}
    means = mean_estimates(list(by_query.values()))
    return Retrieval(len(measured), len(qrels) - len(measured), len(measured) - answered, means, by_query)


def comparison(one: Run, other: Run, qrels: Qrels, cuts: Cuts) -> Comparison:
    """Measure two runs on the same queries and test each measure's difference. Raises UsageProblem as `retrieval`."""
    ours, theirs = retrieval(one, qrels, cuts), retrieval(other, qrels, cuts)
    measures = {
        name: Difference(
            ours.measures[name].value,
            theirs.measures[name].value,
            randomisation_test(*([row[name] for row in side.by_query.values()] for side in (ours, theirs))),
        )
        for name in ours.measures
    }
    return Comparison(ours.queries, ours.left_out, (ours.unanswered, theirs.unanswered), measures)


def no_match(asked: Sequence[Asked], threshold: float) -> NoMatch:
    """Measure what "no match" costs on at least one query; `threshold` is the product's own."""
    return NoMatch(
        len(asked),
        {rate: alarms.at_rate(asked, rate) for rate in RATES},
        alarms.at_threshold(asked, threshold),
        alarms.recall_at_rate(asked, USUAL_RATE),
        alarms.curve(asked),
    )


def calibration(
    queries: int,
    first: Sequence[tuple[float, bool]],
    first_five: Sequence[tuple[float, bool]],
    *,
    equal_width: bool = False,
) -> CalibrationReport:
    """Hold (probability, whether it was right) against each other. Raises UsageProblem where nothing was answered."""
    if not first:
        raise UsageProblem(
            "no query got any answer, so there is no probability to measure; is the store the right one?"
        )
    return CalibrationReport(
        queries, reliability(first, equal_width=equal_width), reliability(first_five, equal_width=equal_width)
    )


def decision(labels: Sequence[bool], found: Sequence[bool], scores: Sequence[float] | None = None) -> Decision:
    """Precision, recall and F1 of `found` against `labels`, with average precision where `scores` are given."""
    right = sum(label and hit for label, hit in zip(labels, found, strict=True))
    precision = right / sum(found) if any(found) else 0.0
    recall = right / sum(labels) if any(labels) else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    average = average_precision(labels, scores) if scores is not None else None
    return Decision(len(labels), sum(labels), precision, recall, f1, average)


def average_precision(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """The mean of the precision at the rank of each positive, ranked by score; equal scores share their last rank."""
    ranked = sorted(zip(scores, labels, strict=True), key=lambda pair: -pair[0])
    total, hits, start = 0.0, 0, 0
    while start < len(ranked):
        end = start
        while end < len(ranked) and ranked[end][0] == ranked[start][0]:
            end += 1
        new = sum(label for _, label in ranked[start:end])
        hits += new
        total += new * hits / end
        start = end
    return total / hits if hits else 0.0


def relations(pairs: Sequence[tuple[str, str, str]], relating: Relating, progress: Progress = silent) -> RelationReport:
    """Relate each (statement, claim, label) and compare with the label."""
    found = relating.relate_all([(statement, claim) for statement, claim, _ in pairs], progress)
    related = list(found)
    told = [(label, one.relation.value) for (*_, label), one in zip(pairs, related, strict=True)]
    confusion = Counter(told)
    same = _one_against_rest(confusion, Relation.SAME.value)
    right, said = confusion[Relation.SAME.value, Relation.SAME.value], sum(got == Relation.SAME for _, got in told)
    resampled = [macro_f1(Counter([told[i] for i in rows])) for rows in resamples(len(told))]
    return RelationReport(
        dict(confusion),
        same,
        wilson(right, said),
        wilson(right, same.positive),
        estimate(macro_f1(confusion), resampled),
        tuple((pair, one) for pair, one in zip(pairs, related, strict=True) if pair[2] != one.relation.value),
    )


def macro_f1(confusion: Counter[tuple[str, str]]) -> float:
    """The mean of F1 over the names that are labelled, from a count for each pair of (label, found)."""
    labels, found = Counter[str](), Counter[str]()
    for (label, got), n in confusion.items():
        labels[label] += n
        found[got] += n
    scores = [2 * confusion[name, name] / (n + found[name]) for name, n in labels.items()]
    return sum(scores) / len(scores) if scores else 0.0


def read_pairs(path: Path) -> list[tuple[str, str, str]]:
    """Labelled pairs: TSV with `statement`, `verified_claim` and `relation`. Raises UnreadableSource."""
    pairs = [(row[0], row[1], row[2]) for row in read_columns(path, "statement", "verified_claim", "relation")]
    check_labels(path, {label for _, _, label in pairs}, frozenset(Relation))
    return pairs


def check_labels(path: Path, found: set[str], known: AbstractSet[str]) -> None:
    """Refuse a file without rows or with labels that mean nothing: its figures would be zeros that look measured."""
    if not found:
        raise UnreadableSource(f"{path}: no labelled rows")
    if not found <= known:
        unknown = min(found - known)[:40]
        raise UnreadableSource(f"{path}: unknown label {unknown!r}; known are {', '.join(sorted(known))}")


def _one_against_rest(confusion: Counter[tuple[str, str]], name: str) -> Decision:
    labels = [label == name for (label, _), n in confusion.items() for _ in range(n)]
    found = [got == name for (_, got), n in confusion.items() for _ in range(n)]
    return decision(labels, found)


def read_columns(path: Path, *columns: str) -> list[list[str]]:
    """The cells of these columns of a TSV file with a header, row by row. Raises UnreadableSource."""
    rows = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            for name in columns:
                if name not in (reader.fieldnames or ()):
                    msg = f"{path}: no column {name!r}; a labelled file has the columns {', '.join(columns)}, in TSV"
                    raise UnreadableSource(msg)
            for row in reader:
                rows.append([row[name] for name in columns])
                if None in rows[-1]:
                    msg = f"{path}:{reader.line_num}: fewer cells than the header"
                    raise UnreadableSource(msg)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})"
        raise UnreadableSource(msg) from error
    return rows

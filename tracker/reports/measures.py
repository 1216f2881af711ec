"""What `tracker eval retrieval`, `no-match` and `calibration` found, for a person and for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.ranking import first_hit, hits_of
from tracker.reports.plain import clean, wrapped
from tracker.resampling import DRAWS, EXACT, LEVEL, RESAMPLES, SEED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set as AbstractSet

    from tracker.alarms import Point
    from tracker.evaluation import CalibrationReport, Comparison, NoMatch, Retrieval
    from tracker.reliability import Reliability
    from tracker.resampling import Estimate
    from tracker.trials import Bench, Trial

Json = dict[str, Any]

_INTERVAL = f"{LEVEL:.0%} interval"
_BOOTSTRAP = f"{RESAMPLES:,} bootstrap resamples of the queries, seed {SEED}"


def about(bench: Bench) -> Json:
    """What was measured: how many claims in which store, with which encoder."""
    return {"source": str(bench.source), "claims": len(bench.names), "encoder": bench.tracker.encoder.name}


def retrieval(found: Retrieval, store: Json | None = None) -> Iterator[str]:
    """A line a measure, with its interval."""
    yield from _measured(found.queries, store)
    yield ""
    yield f"{'':10}  value   {_INTERVAL}"
    for name, one in found.measures.items():
        yield f"{name:10}  {one.value:.3f}   {one.low:.3f} to {one.high:.3f}"
    yield ""
    yield f"intervals: {_BOOTSTRAP}"


def notes(left_out: int, queries: int = 0, runs: Mapping[str, int] | None = None) -> Iterator[str]:
    """What a reader must know beside the figures: queries left out, and those that a run (by name) has nothing for."""
    if left_out:
        yield f"queries without a right claim, left out: {left_out:,}"
    for name, missing in (runs or {}).items():
        if missing:
            yield f"{name}: has nothing for {missing:,} of {queries:,} queries; each counts as 0"


def retrieval_json(found: Retrieval, store: Json | None = None) -> Json:
    """The same for a program."""
    return {
        "queries": found.queries,
        "left_out": found.left_out,
        "unanswered": found.unanswered,
        "store": store,
        "measures": {name: _estimate(one) for name, one in found.measures.items()},
        "bootstrap": {"resamples": RESAMPLES, "seed": SEED, "level": LEVEL},
    }


def comparison(found: Comparison, one: str, other: str) -> Iterator[str]:
    """A line a measure with both values, how far the second is above the first, and the p-value."""
    yield from _measured(found.queries, None)
    yield f"A: {clean(one)}"
    yield f"B: {clean(other)}"
    yield ""
    yield f"{'':10}  A       B       B - A    p"
    for name, pair in found.measures.items():
        yield f"{name:10}  {pair.one:.3f}   {pair.other:.3f}   {pair.difference:+.3f}   {pair.p:.4f}"
    yield ""
    exact = f"exact where at most {EXACT} queries differ"
    yield f"p: paired randomisation test, two-sided, {DRAWS:,} draws, seed {SEED}; {exact}"


def comparison_json(found: Comparison, one: str, other: str) -> Json:
    """The same for a program."""
    return {
        "queries": found.queries,
        "left_out": found.left_out,
        "unanswered": {"a": found.unanswered[0], "b": found.unanswered[1]},
        "a": one,
        "b": other,
        "measures": {
            name: {
                "a": _rounded(pair.one),
                "b": _rounded(pair.other),
                "difference": _rounded(pair.difference),
                "p": _rounded(pair.p),
            }
            for name, pair in found.measures.items()
        },
        "test": {"draws": DRAWS, "seed": SEED, "exact_up_to": EXACT},
    }


def query_json(qid: str, relevant: AbstractSet[str], found: Sequence[str], values: Mapping[str, float] | None) -> Json:
    """One query: where its first right claim stands, its measures (none without a right claim), what came first."""
    rank = first_hit(hits_of(found, relevant))
    measured = {name: _rounded(value) for name, value in values.items()} if values else None
    first = [{"id": name} for name in found[:5]]
    return {"qid": qid, "relevant": sorted(relevant), "rank": rank, "measures": measured, "first": first}


def trial_json(trial: Trial, bench: Bench, values: Mapping[str, float] | None) -> Json:
    """The same for a query that was put to a store, with the words and the probabilities of what came first."""
    relevant = {bench.names[number] for number in trial.right}
    row = query_json(trial.query.qid, relevant, bench.named(trial), values)
    first = [
        one | {"claim_id": claim.id, "claim": claim.text, "probability": _rounded(probability)}
        for one, claim, probability in zip(row["first"], trial.first, trial.probabilities, strict=False)
    ]
    return row | {"text": trial.query.text, "first": first}


def no_match(found: NoMatch, store: Json) -> Iterator[str]:
    """What share of right answers a bearable share of false alarms costs."""
    yield from _measured(found.queries, store, twice=True)
    yield ""
    yield "false alarms        right claim first           answers from"
    yield "allowed    found    and answered                probability"
    for rate, point in found.at_rates.items():
        interval = _between(found.recall) if rate == found.usual_rate else ""
        yield _threshold(f"{rate:.0%}", point, interval)
    yield _threshold("own", found.own)
    yield ""
    yield "own: the threshold that the tracker answers from"
    yield f"in brackets: {_INTERVAL}, {_BOOTSTRAP}"


def no_match_json(found: NoMatch, store: Json, left_out: int) -> Json:
    """The same for a program, with the whole curve, the highest threshold first."""
    return {
        "queries": found.queries,
        "left_out": left_out,
        "store": store,
        "at_false_alarms": [{"allowed": rate, **_point(point)} for rate, point in found.at_rates.items()],
        "own": _point(found.own),
        "recall_at_5_percent": _estimate(found.recall),
        "bootstrap": {"resamples": RESAMPLES, "seed": SEED, "level": LEVEL},
        "curve": [_point(point) for point in found.curve],
    }


def calibration(found: CalibrationReport, store: Json) -> Iterator[str]:
    """How far probabilities mean what they say: a summary of both rows, and the bins of each."""
    yield from _measured(found.queries, store, twice=True)
    yield ""
    yield f"{'answers':10}  {'number':>7}  {'right':>7}   ECE     by chance   Brier    log loss"
    rows = {"the first": found.first, "first five": found.first_five}
    for name, one in rows.items():
        yield (
            f"{name:10}  {one.answers:7,}  {one.right:7,}   {one.ece:.4f}  {one.chance:.4f}      {one.brier:.4f}"
            f"   {one.log_loss:.4f}"
        )
    for name, one in rows.items():
        yield ""
        yield f"{name + ':':23}answers   mean probability   share right"
        for each in one.bins:
            reach = f"  {each.low:.4f} to {each.high:.4f}"
            yield f"{reach}   {each.answers:7,}   {each.probability:16.4f}   {each.right:11.4f}"
    yield ""
    yield "by chance: the ECE that perfect probabilities would stay below in 95 of 100 samples of this size"


def calibration_json(found: CalibrationReport, store: Json, left_out: int, *, equal_width: bool) -> Json:
    """The same for a program."""
    return {
        "queries": found.queries,
        "left_out": left_out,
        "store": store,
        "bins": "equal-width" if equal_width else "equal-mass",
        "first": _reliability(found.first),
        "first_five": _reliability(found.first_five),
    }


def _measured(queries: int, store: Json | None, *, twice: bool = False) -> Iterator[str]:
    yield (
        f"{queries:,} {'query' if queries == 1 else 'queries'}"
        + ", each asked with its right claims in the store and without them" * twice
    )
    if store:
        yield from wrapped(f"{store['claims']:,} claims of {clean(store['source'])}, by {clean(store['encoder'])}", "")


def _threshold(name: str, point: Point, interval: str = "") -> str:
    return f"{name:>7}   {point.false_alarms:6.1%}    {point.recall:6.1%} {interval:18}   {point.threshold:.4f}"


def _between(one: Estimate) -> str:
    return f"({one.low:.1%} to {one.high:.1%})"


def _point(point: Point) -> Json:
    return {
        "threshold": _rounded(point.threshold),
        "false_alarms": _rounded(point.false_alarms),
        "recall": _rounded(point.recall),
    }


def _estimate(one: Estimate) -> Json:
    return {"value": _rounded(one.value), "low": _rounded(one.low), "high": _rounded(one.high)}


def _reliability(found: Reliability) -> Json:
    return {
        "answers": found.answers,
        "right": found.right,
        "ece": _rounded(found.ece),
        "ece_by_chance": _rounded(found.chance),
        "brier": _rounded(found.brier),
        "log_loss": _rounded(found.log_loss),
        "table": [
            {
                "low": _rounded(one.low),
                "high": _rounded(one.high),
                "answers": one.answers,
                "probability": _rounded(one.probability),
                "right": _rounded(one.right),
            }
            for one in found.bins
        ],
    }


def _rounded(value: float) -> float:
    return round(value, 6)

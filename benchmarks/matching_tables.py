"""The coefficients of matching and what was measured of them, as tables for `docs/evaluation.md` and the model card.

`found` is a result file of `benchmarks/matching.py` as it was written, None where it was not written yet.
"""

from __future__ import annotations

import hashlib
import json
import operator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RESULTS = Path(__file__).parent / "results"
DATA = Path(__file__).parent.parent / "tracker" / "data"
Found = dict[str, Any]


class Cited(NamedTuple):
    """A figure of somebody else's: MAP@5 on dev-test, as quoted; not measured here."""

    collection: str
    what: str
    value: str


CITED = (
    Cited("ct22-2a", "the lab's own BM25 baseline", "0.818"),
    Cited("ct22-2a", "all-MiniLM-L6-v2 alone, the better of claim and title", "0.869"),
    Cited("ct22-2a", "cosine + 0.02 BM25, set by hand", "0.934"),
    Cited("ct22-2a", "a logistic regression on 21 features", "0.936"),
    Cited("ct22-2a", "SimBa (GESIS, 2023): small encoders and shared words, untrained", "0.945"),
    Cited("ct22-2a", "NV-Embed-v2, an encoder of 7 billion parameters", "0.971"),
    Cited("ct22-2b", "the lab's own BM25 baseline", "0.321"),
    Cited("ct22-2b", "all-MiniLM-L6-v2 alone, the better of claim and title", "0.320"),
    Cited("ct22-2b", "cosine + 0.02 BM25, set by hand", "0.425"),
    Cited("ct22-2b", "a logistic regression on 21 features", "0.416"),
    Cited("ct22-2b", "SimBa (GESIS, 2023): small encoders and shared words, untrained", "0.441 to 0.481"),
)


class Target(NamedTuple):
    """What was asked for on dev-test: a figure of some rows, by the names that lead to it, and what it must be."""

    what: str
    collection: str
    rows: tuple[str, ...]
    path: tuple[str, ...]
    how: str
    wanted: float


_REACHED = {"above": operator.gt, "at least": operator.ge, "below": operator.lt}
_FOUND = ("no_match", "found", "value")
_FIRST, _FIVE = (("calibration", answers, "ece") for answers in ("first", "first_five"))
_ASKED = {
    "text": "text alone",
    "day": "with the day",
    "later": "a year and a day later",
    "sentence": "sentence alone",
    "context": "with context and speaker",
}
_AS_TWEETED, _AS_SAID = ("text", "day"), ("sentence", "context")
TARGETS = (
    Target("tweets, MAP@5", "ct22-2a", _AS_TWEETED, ("measures", "MAP@5", "value"), "above", 0.96),
    Target("tweets, MAP@1", "ct22-2a", _AS_TWEETED, ("measures", "MAP@1", "value"), "above", 0.94),
    Target("debates, MAP@5", "ct22-2b", _AS_SAID, ("measures", "MAP@5", "value"), "above", 0.50),
    Target("tweets, found at 5 % false alarms", "ct22-2a", _AS_TWEETED, _FOUND, "at least", 0.88),
    Target("tweets, ECE of first answers", "ct22-2a", _AS_TWEETED, _FIRST, "below", 0.03),
    Target("tweets, ECE of the first five", "ct22-2a", _AS_TWEETED, _FIVE, "below", 0.03),
    Target("debates, ECE of first answers", "ct22-2b", _AS_SAID, _FIRST, "below", 0.03),
    Target("debates, ECE of the first five", "ct22-2b", _AS_SAID, _FIVE, "below", 0.03),
)


def read(name: str) -> Any:
    """A result file, None where it was not written yet."""
    file = RESULTS / name
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def fitted() -> str:
    """A name for all that was fitted and is shipped: what is measured with it is not to be shown for another."""
    files = (DATA / name for name in ("matching.json", "adapter.npy", "word-weights.json"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def line(row: Found) -> str:
    """One row in short, for whoever waits for it."""
    shown = [f"{name} {one['value']:.3f}" for name, one in row["measures"].items()]
    shown += [f"found at 5 % {row['no_match']['found']['value']:.3f}"] if row["no_match"] else []
    shown += [f"ECE {row['calibration']['first']['ece']:.3f}"] if row["calibration"] else []
    return f"{row['collection']} {row['row']:9} " + ", ".join(shown)


def ranking(found: Found, collection: str, *, cited: bool = False) -> Iterator[str]:
    """How well right claims are found, with 95 % intervals; `cited` adds what others report."""
    yield "| | MAP@1 | MAP@5 | MRR | found at 5 % false alarms |"
    yield "|---|---|---|---|---|"
    for row in _of(found, collection):
        measures = [_interval(row["measures"][name]) for name in ("MAP@1", "MAP@5", "MRR")]
        recall = _interval(row["no_match"]["found"]) if row["no_match"] else ""
        yield f"| {row['what']} | {' | '.join(measures)} | {recall} |"
    for one in CITED if cited else ():
        if one.collection == collection:
            yield f"| *not measured here, text alone: {one.what}* | | *{one.value}* | | |"


def probabilities(found: Found, collection: str) -> Iterator[str]:
    """How far probabilities mean what they say, and what the threshold that is shipped gives."""
    yield "| | ECE, first answers | first five | Brier, first | first five | false alarms | found |"
    yield "|---|---|---|---|---|---|---|"
    for row in _of(found, collection):
        if row["calibration"]:
            first, five, own = (*row["calibration"].values(), row["no_match"]["own"])
            errors = " | ".join(f"{one['ece']:.3f} ({one['chance']:.3f})" for one in (first, five))
            briers = " | ".join(f"{one['brier']:.3f}" for one in (first, five))
            yield f"| {row['what']} | {errors} | {briers} | {own['false_alarms']:.3f} | {own['recall']:.3f} |"


def targets(dev: Found | None, devtest: Found | None) -> Iterator[str]:
    """What was asked for, and what each row that it is asked of gives on both splits."""
    yield "| asked for on dev-test | of | dev | dev-test | reached |"
    yield "|---|---|---|---|---|"
    for one in TARGETS:
        for name in one.rows:
            measured = [_figure(found, one, name) for found in (dev, devtest)]
            shown = ["" if value is None else f"{value:.3f}" for value in measured]
            cells = (f"{one.what} {one.how} {one.wanted:.2f}", _ASKED[name], *shown, _reached(measured[1], one))
            yield f"| {' | '.join(cells)} |"


def ablation(rows: Sequence[Found]) -> Iterator[str]:
    """MAP@5 and what is found at 5 % false alarms on dev, with all features and without each group in turn."""
    sets = list(rows[0]["dev"])
    yield "| without | " + " | ".join(_set(name) for name in sets) + " |"
    yield "|---|" + "---|" * len(sets)
    for row in rows:
        cells = [
            f"{row['dev'][name]['MAP@5']:.3f}, {row['dev'][name]['found at 5 % false alarms']:.3f}" for name in sets
        ]
        yield f"| {row['without'] or '**nothing**'} | {' | '.join(cells)} |"


def weights(model: Found) -> Iterator[str]:
    """Every feature with its weight in both models, and what a typical candidate has."""
    yield "| feature | typical | weight, `vectors` | weight, `words` |"
    yield "|---|---|---|---|"
    ours, theirs = model["vectors"], model["words"]
    for name, weight in ours["weights"].items():
        other = f"{theirs['weights'][name]:+.3f}" if name in theirs["weights"] else ""
        yield f"| {name} | {round(ours['typical'][name], 3) + 0.0:.3f} | {weight:+.3f} | {other} |"
    yield f"| *intercept* | | {ours['intercept']:+.3f} | {theirs['intercept']:+.3f} |"


def steps(model: Found) -> Iterator[str]:
    """The second step of both models, and from where on they answer."""
    yield "| | `vectors` | `words` |"
    yield "|---|---|---|"
    both = [model[kind] for kind in ("vectors", "words")]
    names = ("weight of the score", "weight of log(1 + the rivals' odds), taken off", "intercept")
    for i, name in enumerate(names):
        yield f"| {name} | " + " | ".join(f"{one['rivals'][i]:.3f}" for one in both) + " |"
    yield "| threshold, a probability | " + " | ".join(f"{one['threshold']:.3f}" for one in both) + " |"


def shipped(dev: Found | None, devtest: Found | None) -> Iterator[str]:
    """What the model that is shipped gives on both splits, without intervals."""
    yield "| split | queries | MAP@5 | found at 5 % false alarms | ECE, first answers | false alarms | found |"
    yield "|---|---|---|---|---|---|---|"
    for found, split in ((dev, "dev"), (devtest, "dev-test")):
        for row in found["rows"] if found else ():
            if row["row"] in _ASKED:
                name = f"{split}, {_set(row['collection'])}, {_ASKED[row['row']]}"
                own, recall = row["no_match"]["own"], row["no_match"]["found"]["value"]
                figures = (row["measures"]["MAP@5"]["value"], recall, row["calibration"]["first"]["ece"])
                alarms = (own["false_alarms"], own["recall"])
                yield f"| {name} | {row['queries']} | " + " | ".join(f"{one:.3f}" for one in (*figures, *alarms)) + " |"


def speed(found: Found) -> Iterator[str]:
    """Where the time of a query goes, as `benchmarks/speed.py` wrote it."""
    yield f"| with {found['claims']:,} claims | milliseconds a query |"
    yield "|---|---|"
    whole = {"matching": "**matching, the whole**", "encoding": "beside it: encoding the statement"}
    for name, spent in found["milliseconds"].items():
        yield f"| {whole.get(name, name)} | {spent:.2f} |"


def source(found: Found) -> str:
    """When, with what and on which split a result was taken."""
    return f"{found['when']}, {found['versions']}, {found['machine']}; coefficients {found['coefficients']}."


def known(found: Found, collection: str) -> str:
    """How many queries and claims a collection has, and of how many queries more than the text is known."""
    one = found["collections"][collection]
    names = {"the day": "stated_on", "the speaker": "speaker", "the sentence before": "context"}
    more = ", ".join(f"{what} of {one['known'][name]}" for what, name in names.items() if one["known"][name])
    return f"{one['queries']} queries, {one['claims']:,} claims; known besides the text: {more}."


def days(found: Found) -> str:
    """How near in time a tweet and the review of it are."""
    one = found["collections"]["ct22-2a"]["days"]
    own, any_claim = 100 * one["within a week"], 100 * one["any claim within a week"]
    shares = f"{own:.0f} % within a week, where {any_claim:.1f} % of all reviews are"
    return f"Half of {found['split']}'s are within {_count(one['median'])} of their review and {shares}."


def _of(found: Found, collection: str) -> list[Found]:
    return [row for row in found["rows"] if row["collection"] == collection]


def _interval(one: Found) -> str:
    return f"{one['value']:.3f} ({one['low']:.3f} to {one['high']:.3f})"


def _figure(found: Found | None, target: Target, name: str) -> float | None:
    rows = [row for row in _of(found, target.collection) if row["row"] == name] if found else []
    value: Any = rows[0] if rows else None
    for part in target.path if value else ():
        value = value[part]
    return value


def _reached(value: float | None, target: Target) -> str:
    if value is None:
        return "not measured yet"
    return "**yes**" if _REACHED[target.how](value, target.wanted) else "no"


def _count(days: float) -> str:
    return "a day" if days == 1 else f"{days:g} days"


def _set(name: str) -> str:
    """`ct22-2a own day` as a reader knows it."""
    collection, _, day = name.strip().partition(" ")
    return {"ct22-2a": "tweets", "ct22-2b": "debates"}[collection] + (f", {day}" if day else "")

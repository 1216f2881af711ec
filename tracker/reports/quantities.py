"""The quantities of a text, and how many labelled phrases are read right, for a person and for a program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tracker.figures import spell
from tracker.phrases import as_objects, value
from tracker.reports.plain import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.phrases import Phrase, PhraseReport
    from tracker.quantities.quantity import Quantities, Quantity

Json = dict[str, Any]


def found(text: str, read: Quantities) -> Iterator[str]:
    """A line a quantity, as it is written and as it is understood; then the changes, and the numerals that are none."""
    rows = [(clean(text[one.start : one.end]), spell(one), _kind(one)) for one in read.found]
    widths = [max((len(row[n]) for row in rows), default=0) for n in range(2)]
    for written, understood, kind in rows:
        yield f"{written:{widths[0]}}  {understood:{widths[1]}}  {kind}".rstrip()
    for change in read.changes:
        yield f"change: from {spell(change.before)} to {spell(change.after)}"
    if not rows:
        yield "no quantity"
    for mask in read.masked:
        yield f"no quantity: {clean(text[mask.start : mask.end])} ({mask.kind})"


def found_json(read: Quantities) -> list[Json]:
    """The same for a program: the quantities in reading order, then the changes."""
    spans = [
        {"start": one.start, "end": one.end, "counted": one.counted or None, "per": one.per or None}
        for one in read.found
    ]
    objects = as_objects(read)
    return [one | span for one, span in zip(objects, spans, strict=False)] + list(objects[len(spans) :])


def phrases(report: PhraseReport, *, errors: bool) -> Iterator[str]:
    """The share of phrases that are read exactly right, and which are not."""
    right = report.right
    count = report.phrases - len(report.wrong)
    interval = f"{right.low:.3f} to {right.high:.3f}"
    yield f"exactly right  {count:,} of {report.phrases:,}: {right.value:.3f}, 95% interval {interval}"
    yield f"invented       {report.invented:,} on {report.empty:,} phrases without a quantity"
    for phrase, got in report.wrong if errors else ():
        yield ""
        yield f"{clean(phrase.id)}: {clean(phrase.text)}"
        yield f"  expected  {clean(_line(phrase.expected))}"
        yield f"  found     {_line(got)}"


def phrases_json(report: PhraseReport) -> Json:
    """The same for a program, every wrong phrase with what was expected and what was found."""
    right = report.right
    return {
        "phrases": report.phrases,
        "right": {name: round(getattr(right, name), 6) for name in ("value", "low", "high")},
        "empty": report.empty,
        "invented": report.invented,
        "wrong": [_wrong(phrase, got) for phrase, got in report.wrong],
    }


def _wrong(phrase: Phrase, got: tuple[Json, ...]) -> Json:
    return {"id": phrase.id, "text": phrase.text, "expected": list(phrase.expected), "found": list(got)}


def _line(objects: tuple[Json, ...]) -> str:
    return json.dumps(list(objects), ensure_ascii=False)


def _kind(one: Quantity) -> str:
    number = json.dumps(value(one))
    parts = (number, one.unit, "" if one.qualifier == "exact" else one.qualifier.value, one.per and f"per {one.per}")
    counted = "" if one.unit and one.unit != "person" else one.counted
    return " ".join(part for part in (*parts, counted) if part)

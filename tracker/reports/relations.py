"""How two sentences relate, and how well that is said on labelled pairs, for a person and for a program."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tracker.models import Relation
from tracker.reports import quantities
from tracker.reports.json import evidence
from tracker.reports.plain import clean, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.evaluation import RelationReport
    from tracker.models import Related
    from tracker.quantities.quantity import Quantities
    from tracker.resampling import Estimate

Json = dict[str, Any]


def related(found: Related) -> Iterator[str]:
    """The relation with its probability, then a reason a line."""
    yield f"{found.relation.value}, p {found.probability:.2f}"
    for reason in found.reasons:
        yield from wrapped(clean(str(reason)), "  ")


def related_json(found: Related, statement: Quantities, claim: Quantities) -> Json:
    """The same for a program, with the characters that each reason rests on and the quantities of both sides."""
    return {
        "relation": found.relation.value,
        "probability": round(found.probability, 4),
        "reasons": [str(reason) for reason in found.reasons],
        "evidence": [evidence(reason) for reason in found.reasons],
        "quantities": {"statement": quantities.found_json(statement), "claim": quantities.found_json(claim)},
    }


def relations(found: RelationReport, *, errors: bool) -> Iterator[str]:
    """The confusion matrix and what `same` is worth; `errors`: the wrong pairs too."""
    names = [relation.value for relation in Relation]
    yield "labelled          found: " + "  ".join(names)
    for label in names:
        row = [found.confusion.get((label, got), 0) for got in names]
        yield f"{label:24} " + "  ".join(f"{n:{len(got)}}" for n, got in zip(row, names, strict=True))
    yield f"macro-F1          {_told(found.macro_f1)} (bootstrap over pairs)"
    yield f"'same' precision  {_told(found.precision)} (Wilson)"
    yield f"'same' recall     {_told(found.recall)}"
    for (statement, claim, label), one in found.wrong if errors else ():
        yield ""
        yield f"labelled {label}, found {one.relation.value}, p {one.probability:.2f}"
        yield from wrapped(clean(claim), "  claim: ")
        yield from wrapped(clean(statement), "  said:  ")
        yield from wrapped(clean("; ".join(map(str, one.reasons))), "  why:   ")


def relations_json(found: RelationReport, *, errors: bool) -> Json:
    """The same for a program."""
    pairs = [{"label": label, "found": got, "pairs": n} for (label, got), n in sorted(found.confusion.items())]
    wrong = [
        {"statement": statement, "verified_claim": claim, "label": label, "found": one.relation.value}
        for (statement, claim, label), one in found.wrong
    ]
    return {
        "confusion": pairs,
        "same": asdict(found.same),
        "macro_f1": found.macro_f1.value,
        "intervals": {
            name: [one.low, one.high]
            for name, one in (("macro_f1", found.macro_f1), ("precision", found.precision), ("recall", found.recall))
        },
        "errors": wrong if errors else None,
    }


def _told(one: Estimate) -> str:
    return f"{one.value:.3f}, 95 % interval {one.low:.3f} to {one.high:.3f}"

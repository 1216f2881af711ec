"""What `tracker eval mutations` found, for a person and for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.reports.plain import clean, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.mutations.judging import Judged, MutationReport, Share

Json = dict[str, Any]


def mutations(found: MutationReport, claims: int, seed: int, *, errors: bool) -> Iterator[str]:
    """A line a kind with its interval, the breaking ones first; `errors`: the wrong ones too, each whole."""
    mutants = found.breaking.mutants + found.keeping.mutants
    yield f"{mutants:,} mutants of {claims:,} {'claim' if claims == 1 else 'claims'}, seed {seed}"
    for heading, breaks, total in (
        ("must not be `same`", True, found.breaking),
        ("must stay `same`", False, found.keeping),
    ):
        yield ""
        yield f"{heading:19}  mutants    right    share   95 % interval"
        for kind, share in found.by_kind.items():
            if kind.is_breaking == breaks:
                yield _line(kind.value, share)
        yield _line("all", total)
    yield ""
    yield "right: in both directions, the mutant as the statement and as the claim; intervals: Wilson"
    for one in found.wrong if errors else ():
        yield ""
        yield f"{one.mutant.kind}: {one.forth.value}, and back {one.back.value}"
        yield from wrapped(clean(one.mutant.original), "  - ")
        yield from wrapped(clean(one.mutant.text), "  + ")


def mutations_json(found: MutationReport, claims: int, limit: int, seed: int, *, errors: bool) -> Json:
    """The same for a program."""
    return {
        "claims": claims,
        "limit": limit,
        "seed": seed,
        "kinds": [
            {"kind": kind.value, "expected": "other" if kind.is_breaking else "same"} | _share(share)
            for kind, share in found.by_kind.items()
        ],
        "breaking": _share(found.breaking),
        "keeping": _share(found.keeping),
        "errors": [_error(one) for one in found.wrong] if errors else None,
    }


def _line(name: str, share: Share) -> str:
    if not share.mutants:
        return f"  {name:17}  {0:7,}"
    low, high = share.interval
    return f"  {name:17}  {share.mutants:7,}  {share.right:7,}   {share.value:6.1%}   {low:.1%} to {high:.1%}"


def _share(share: Share) -> Json:
    low, high = share.interval
    return {
        "mutants": share.mutants,
        "right": share.right,
        "share": round(share.value, 6) if share.mutants else None,
        "low": round(low, 6),
        "high": round(high, 6),
    }


def _error(one: Judged) -> Json:
    return {
        "kind": one.mutant.kind.value,
        "original": one.mutant.original,
        "mutant": one.mutant.text,
        "relation": one.forth.value,
        "back": one.back.value,
    }

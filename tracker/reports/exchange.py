"""What an exchange of feeds left open: rows in quarantine and ratings, in lines and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tracker.reports.plain import clean, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.desk_ratings import Label
    from tracker.quarantine import Quarantined
    from tracker.ratings import Reading
    from tracker.suggestions import Suggestion

_SHOWN = 200  # characters of a row


def quarantined(found: Sequence[Quarantined]) -> Iterator[str]:
    """The rows that were left out, with why and how they begin."""
    for one in found:
        yield from wrapped(f"{clean(one.place)}: {clean(one.reason)}", f"[{one.id}] ")
        raw = " ".join(one.raw.split())
        yield from wrapped(clean(raw[:_SHOWN]) + "…" * (len(raw) > _SHOWN), " " * 6)
    if not found:
        yield "nothing is in quarantine"
        return
    rows = f"{len(found):,} {'row' if len(found) == 1 else 'rows'} in quarantine"
    yield f"{rows}; 'tracker quarantine retry' tries them again"
    yield "where the file is at fault, correct it, import it again, then 'tracker quarantine drop ID'"


def quarantined_json(found: Sequence[Quarantined]) -> dict[str, Any]:
    """The same with the whole rows."""
    return {"quarantined": [asdict(one) for one in found]}


def labels(found: Sequence[Label], *, unknown: bool) -> Iterator[str]:
    """Each rating with how it is read, by which rule, and how often it stands in the store."""
    for one in found:
        read = ", ".join([one.reading.normalized, *one.reading.tags])
        whose = clean(one.publisher) if one.publisher else "no publisher"
        yield from wrapped(f"“{clean(one.rating)}” ({whose}): {read} ({clean(one.reading.rule)})", f"{one.count:6,}  ")
    if not found:
        yield "every rating is read" if unknown else "no verdict has a rating"
    elif unknown:
        yield "'tracker ratings map LABEL RATING --publisher NAME' says how to read one"


def labels_json(found: Sequence[Label]) -> dict[str, Any]:
    """The same for scripts."""
    return {
        "ratings": [
            {
                "publisher": one.publisher,
                "rating": one.rating,
                "normalized": one.reading.normalized,
                "tags": list(one.reading.tags),
                "rule": one.reading.rule,
                "verdicts": one.count,
            }
            for one in found
        ]
    }


def mapped(label: str, publisher: str | None, reading: Reading, verdicts: int) -> Iterator[str]:
    """How a label is read from now on, and how many verdicts of the store are read by that."""
    whose = f" of {clean(publisher)}" if publisher else ""
    yield f"“{clean(label)}”{whose} is read as {', '.join([reading.normalized, *reading.tags])}"
    if verdicts:
        yield f"{verdicts:,} {'verdict is' if verdicts == 1 else 'verdicts are'} read so"
    else:
        yield "no verdict is read so yet; 'tracker ratings' lists labels and publishers as the verdicts have them"


def suggested(found: Sequence[Suggestion]) -> Iterator[str]:
    """Pairs of claims that seem to be one, with why, and how to join them."""
    for one in found:
        yield from wrapped(clean(one.kept.text), f"[{one.kept.id}] ")
        yield from wrapped(clean(one.gone.claim.text), f"[{one.gone.claim.id}] ")
        why = "; ".join(str(reason) for reason in one.gone.reasons)
        yield from wrapped(f"same, p {one.gone.probability:.2f}{f' ({clean(why)})' if why else ''}", " " * 6)
        yield f"      tracker merge {one.kept.id} {one.gone.claim.id}"
    pairs = f"{len(found):,} {'pair' if len(found) == 1 else 'pairs'}"
    yield f"{pairs} to look at" if found else "no two claims seem to be one"


def suggested_json(found: Sequence[Suggestion]) -> dict[str, Any]:
    """The same for scripts."""
    return {
        "pairs": [
            {
                "claim_id": one.kept.id,
                "claim": one.kept.text,
                "other_id": one.gone.claim.id,
                "other": one.gone.claim.text,
                "probability": round(one.gone.probability, 4),
                "reasons": [str(reason) for reason in one.gone.reasons],
            }
            for one in found
        ]
    }

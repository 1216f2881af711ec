"""What a feed says of a claim and a verdict, by the names of its columns: one list for tables and for markup."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.models import ClaimRecord, Verdict


def claim_columns(record: ClaimRecord, external_id: str | None, appearances: Iterable[str] = ()) -> dict[str, Any]:
    """The columns about the claim of a record; `appearances` are addresses beside its own."""
    claim = record.claim
    return {
        "id": external_id,
        "claim": claim.text,
        "title": claim.title,
        "claimant": claim.claimant,
        "claim_date": str(claim.claimed_on or ""),
        "language": claim.language,
        "appearances": list(dict.fromkeys((*record.sightings, *appearances))),
        "check_worthiness": claim.check_worthiness,
    }


def verdict_columns(verdict: Verdict) -> dict[str, Any]:
    """The columns about a verdict."""
    return {
        "rating": verdict.rating,
        "rating_value": verdict.rating_value,
        "best_rating": verdict.best_rating,
        "worst_rating": verdict.worst_rating,
        "publisher": verdict.publisher,
        "publisher_site": verdict.publisher_site,
        "url": verdict.url,
        "review_date": str(verdict.reviewed_on or ""),
        "explanation": verdict.explanation,
        "valid_from": str(verdict.valid_from or ""),
        "valid_to": str(verdict.valid_to or ""),
        "reviewed_claim_date": str(verdict.claimed_on or ""),
        "tags": list(verdict.tags),
        "evidence": [{name: text for name, text in asdict(one).items() if text} for one in verdict.evidence],
    }

"""The JSON that scripts rely on: one function a noun, field names as promised in docs/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracker.feeds import Imported
    from tracker.models import Addition, Appearance, Check, Claim, ClaimRecord, Finding, Match, Saved, Search, Verdict

Json = dict[str, Any]


def verdict(found: Verdict) -> Json:
    """A verdict; `rating` is the publisher's own words, `normalized` and `tags` our reading of them."""
    return {
        "verdict_id": found.id,
        "rating": found.rating,
        "normalized": found.normalized,
        "tags": list(found.tags),
        "publisher": found.publisher,
        "publisher_site": found.publisher_site,
        "url": found.url,
        "reviewed_on": _text(found.reviewed_on),
        "explanation": found.explanation,
        "valid_from": _text(found.valid_from),
        "valid_to": _text(found.valid_to),
        "superseded_by": found.superseded_by,
        "author": found.author,
        "recorded_at": found.recorded_at,
    }


def match(found: Match) -> Json:
    """A match with every verdict on its claim."""
    return {
        "claim_id": found.claim.id,
        "external_id": found.claim.external_id,
        "claim": found.claim.text,
        "probability": round(found.probability, 4),
        "relation": found.relation.value,
        "reasons": list(found.reasons),
        "verdicts": [verdict(one) for one in found.verdicts],
        "scores": {name: round(value, 4) for name, value in found.scores.items()},
    }


def search(found: Search) -> Json:
    """A search's matches, best first."""
    return {"query": found.query, "matches": [match(one) for one in found.matches]}


def check(found: Check) -> Json:
    """An article's findings in reading order; offsets refer to `article.text`."""
    article = found.article
    return {
        "article": {
            "source": article.source,
            "title": article.title,
            "author": article.author,
            "published_on": _text(article.published_on),
            "text": article.text,
            "sentences": found.sentences,
        },
        "findings": [_finding(one) for one in found.findings],
    }


def record(found: ClaimRecord) -> Json:
    """A claim with every verdict and appearance."""
    return {
        "claim": claim(found.claim),
        "verdicts": [verdict(one) for one in found.verdicts],
        "appearances": [_appearance(one) for one in found.appearances],
    }


def listing(found: list[ClaimRecord]) -> Json:
    """Claims with their verdicts."""
    return {"claims": [claim(one.claim) | {"verdicts": [verdict(v) for v in one.verdicts]} for one in found]}


def claim(found: Claim) -> Json:
    """A claim's own fields."""
    return {
        "claim_id": found.id,
        "external_id": found.external_id,
        "claim": found.text,
        "title": found.title,
        "claimant": found.claimant,
        "claimed_on": _text(found.claimed_on),
        "language": found.language,
        "check_worthiness": found.check_worthiness,
        "recorded_at": found.recorded_at,
    }


def addition(done: Addition) -> Json:
    """What `add` did."""
    near = [match(one) for one in done.near_duplicates]
    return {
        "claim_id": done.claim_id,
        "created": done.created,
        "verdict_id": done.verdict_id,
        "near_duplicates": near,
    }


def imported(done: Imported) -> Json:
    """What an import did."""
    rejected = [{"where": one.where, "reason": one.reason} for one in done.rejected]
    return {"added": done.added, "updated": done.updated, "unchanged": done.unchanged, "rejected": rejected}


def saved(done: Saved) -> Json:
    """What `check --save` recorded."""
    return {"article_id": done.article_id, "claims_added": done.claims, "appearances_added": done.appearances}


def _finding(found: Finding) -> Json:
    statement = found.statement
    return {
        "statement": {
            "text": statement.text,
            "start": statement.start,
            "end": statement.end,
            "speaker": statement.speaker,
            "check_worthiness": statement.check_worthiness,
        },
        "outcome": found.outcome.value,
        "matches": [match(one) for one in found.matches],
    }


def _appearance(found: Appearance) -> Json:
    return {
        "article_id": found.article_id,
        "source": found.source,
        "title": found.title,
        "published_on": _text(found.published_on),
        "quote": found.quote,
        "start": found.start,
        "end": found.end,
        "speaker": found.speaker,
        "check_worthiness": found.check_worthiness,
        "recorded_at": found.recorded_at,
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)

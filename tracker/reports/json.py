"""The JSON that scripts rely on: one function a noun, field names as promised in docs/json.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tracker.models import Standing
from tracker.standing import disagree, speaks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.events import Event
    from tracker.feeds import Imported, Rejected
    from tracker.log import History
    from tracker.models import (
        Addition,
        Appearance,
        Article,
        Check,
        Claim,
        ClaimRecord,
        Finding,
        Link,
        Match,
        Reason,
        Retraction,
        Saved,
        Search,
        Verdict,
    )

Json = dict[str, Any]


def verdict(found: Verdict) -> Json:
    """A verdict; `rating` is the publisher's own words, `normalized` and some of the `tags` our reading of them."""
    return {
        "verdict_id": found.id,
        "claim_id": found.claim_id,
        "rating": found.rating,
        "rating_value": found.rating_value,
        "best_rating": found.best_rating,
        "worst_rating": found.worst_rating,
        "normalized": found.normalized,
        "tags": list(dict.fromkeys((*found.tags, *found.rating_tags))),
        "rating_rule": found.rating_rule,
        "publisher": found.publisher,
        "publisher_site": found.publisher_site,
        "url": found.url,
        "reviewed_on": _text(found.reviewed_on),
        "claimed_on": _text(found.claimed_on),
        "explanation": found.explanation,
        "evidence": [{"url": e.url, "note": e.note, "archive_url": e.archive_url} for e in found.evidence],
        "valid_from": _text(found.valid_from),
        "valid_to": _text(found.valid_to),
        "standing": found.standing.value,
        "remarks": list(found.remarks),
        "supersedes": found.supersedes,
        "superseded_by": found.superseded_by,
        "because": found.because,
        "retracted": retraction(found.retracted),
        "author": found.author,
        "recorded_at": found.recorded_at,
    }


def retraction(found: Retraction | None) -> Json | None:
    """Who took something back, when and why."""
    if found is None:
        return None
    return {
        "event_id": found.event_id,
        "author": found.author,
        "recorded_at": found.recorded_at,
        "because": found.because,
    }


def match(found: Match) -> Json:
    """A match with the verdicts on its claim."""
    said = _usable(found.verdicts)
    return {
        "claim_id": found.claim.id,
        "external_id": found.claim.external_id,
        "claim": found.claim.text,
        "probability": round(found.probability, 4),
        "relation": found.relation.value,
        "reasons": [str(reason) for reason in found.reasons],
        "evidence": [evidence(reason) for reason in found.reasons],
        "verdicts": [verdict(one) for one in said],
        "disagreement": disagree(said),
        "scores": {name: round(value, 4) for name, value in found.scores.items()},
        "parts": {name: round(value, 4) for name, value in found.parts.items()},
    }


def evidence(found: Reason) -> Json:
    """A reason and the characters that it rests on, in the statement and in the claim."""
    return {"reason": found.text, "statement": [list(span) for span in found.here], "claim": [*map(list, found.there)]}


def search(found: Search) -> Json:
    """A search's matches, best first."""
    return {
        "query": found.query,
        "as_of": _text(found.as_of),
        "matches": [match(one) for one in found.matches],
    }


def searches(found: Iterable[tuple[str, Search]], rejected: Sequence[Rejected]) -> Json:
    """Many searches, in the order of their rows, and the rows that are none."""
    return {"searches": [named(*one) for one in found], "rejected": [_rejected(one) for one in rejected]}


def named(qid: str, found: Search) -> Json:
    """One of many searches, under its row's own name."""
    return {"qid": qid, **search(found)}


def check(found: Check) -> Json:
    """An article's findings in reading order; offsets refer to `article.text`."""
    return {
        "article": about_article(found.article, found.sentences),
        "as_of": _text(found.as_of),
        "findings": [_finding(one) for one in found.findings],
    }


def about_article(article: Article, sentences: int) -> Json:
    """What was read, with its whole text and how many sentences that has."""
    return {
        "source": article.source,
        "title": article.title,
        "author": article.author,
        "published_on": _text(article.published_on),
        "language": article.language,
        "text": article.text,
        "sentences": sentences,
    }


def record(found: ClaimRecord) -> Json:
    """A claim with every verdict and appearance."""
    return {
        "claim": claim(found.claim),
        "verdicts": [verdict(one) for one in found.verdicts],
        "appearances": [_appearance(one) for one in found.appearances],
        "disagreement": disagree(found.verdicts),
        "merged": [{"claim_id": one.id, "claim": one.text} for one in found.merged],
        "links": [_link(one) for one in found.links],
        "sightings": list(found.sightings),
        "retracted": retraction(found.retracted),
    }


def listing(found: list[ClaimRecord]) -> Json:
    """Claims with their verdicts."""
    return {"claims": [_listed(one) for one in found]}


def due(found: Sequence[tuple[ClaimRecord, Sequence[str]]]) -> Json:
    """Claims to check again, each with the reasons."""
    return {"claims": [_listed(one) | {"recheck": list(why)} for one, why in found]}


def event(found: Event, undone_by: int | None = None) -> Json:
    """An event of the log with the rows that it added and removed; the fields that are hashed, and the hash."""
    return {
        "event_id": found.id,
        "recorded_at": found.recorded_at,
        "author": found.author,
        "kind": found.kind,
        "claim_id": found.claim_id,
        "other_id": found.other_id,
        "verdict_id": found.verdict_id,
        "article_id": found.article_id,
        "undoes": found.undoes,
        "undone_by": undone_by,
        "because": found.because,
        "changes": json.loads(found.changes),
        "hash": found.hash,
    }


def history(found: History) -> Json:
    """A claim's story: the claim as it is, and the events that made it so, oldest first."""
    return {
        **record(found.record),
        "events": [event(one, found.undone_by.get(one.id)) for one in found.events],
    }


def _listed(found: ClaimRecord) -> Json:
    return claim(found.claim) | {"verdicts": [verdict(one) for one in _usable(found.verdicts)]}


def _usable(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Those that speak, then superseded ones; none where none speaks: a script that takes the first can rely on it."""
    usable = [one for one in verdicts if speaks(one)]
    return [*usable, *(one for one in verdicts if one.standing is Standing.SUPERSEDED)] if usable else []


def _link(found: Link) -> Json:
    return {
        "claim_id": found.claim.id,
        "claim": found.claim.text,
        "relation": found.relation,
        "event_id": found.event_id,
        "because": found.because,
    }


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
    rejected = [_rejected(one) for one in done.rejected]
    return {
        "added": done.added,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "rejected": rejected,
        "repaired": dict(done.repaired),
    }


def _rejected(found: Rejected) -> Json:
    return {"where": found.where, "reason": found.reason}


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
            "cues": list(statement.cues),
            "claim": statement.claim or statement.text,
            "quote": statement.quote or statement.text,
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

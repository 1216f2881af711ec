"""ClaimReview markup written: one object for each current verdict, one by one or as a graph or a feed.

What schema.org has a place for stands in that place, as it was entered; nothing is made up for what is missing. The
rest stands in a property of our own, which others pass over and an import of ours reads (`extension`).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TextIO

from tracker.claimreview.extension import EXTENSION, extended, extension_of
from tracker.columns import claim_columns, verdict_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tracker.models import Claim, ClaimRecord, Verdict

__all__ = ["CONTEXT", "EXTENSION", "claim_reviews", "extension_of", "nodes", "write_datafeed", "write_jsonld"]

Node = dict[str, Any]

CONTEXT = "https://schema.org"
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")

_SITE = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?")
_ADDRESS = re.compile(r"https?://[^\s/]+", re.IGNORECASE)
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?")
_NUMBERS = {"ratingValue": "rating_value", "bestRating": "best_rating", "worstRating": "worst_rating"}


def claim_reviews(record: ClaimRecord, appearances: Sequence[str] = ()) -> list[Node]:
    """One ClaimReview for each current verdict, oldest first, without a context; none for a retracted claim.

    `appearances` are addresses where the claim was seen, beside those of the record. Files of the desk are not named.
    """
    return [node for node in nodes(record, appearances) if node["@type"] == "ClaimReview"]


def nodes(record: ClaimRecord, appearances: Sequence[str] = ()) -> list[Node]:
    """The same, and a bare Claim, which readers of reviews pass over, where something would be lost without it.

    That is a claim without a current verdict, and an id that no publisher of a verdict gave.
    """
    if record.retracted:
        return []
    ids = dict(record.external_ids)
    current = [verdict for verdict in record.verdicts if verdict.is_current]
    bare = not current or ("" in ids and all(verdict.publisher for verdict in current))
    seen = _seen(record, appearances)
    about = _about(record, {verdict.publisher or "" for verdict in current} | ({""} if bare else set()))
    found = []
    for verdict in current:
        external_id = ids.get(verdict.publisher or "")
        columns = claim_columns(record, external_id, appearances) | verdict_columns(verdict)
        found.append(extended(_review(record.claim, verdict, external_id, seen), columns, about))
    if bare:
        item = _item(record.claim, str(record.claim.claimed_on or ""), ids.get(""), seen)
        found.append(extended(item, claim_columns(record, ids.get(""), appearances), about))
    return found


def write_jsonld(records: Iterable[ClaimRecord], file: TextIO) -> int:
    """Write one graph of all reviews and bare claims, an object a line, and count them."""
    count, mark = 0, "\n"
    file.write(f'{{"@context": "{CONTEXT}", "@graph": [')
    for record in records:
        for node in nodes(record):
            file.write(mark + json.dumps(node, ensure_ascii=False))
            count += 1
            mark = ",\n"
    file.write("\n]}\n")
    return count


def write_datafeed(records: Iterable[ClaimRecord], file: TextIO) -> int:
    """Write a DataFeed, an item a claim on a line, dated by its latest review, and count reviews and bare claims."""
    count, mark, latest = 0, "\n", ""
    file.write(f'{{"@context": "{CONTEXT}", "@type": "DataFeed", "dataFeedElement": [')
    for record in records:
        brought = nodes(record)
        if not brought:
            continue
        reviews = [node for node in brought if node["@type"] == "ClaimReview"]
        day = max((review.get("datePublished", "") for review in reviews), default="")
        item = _told({"@type": "DataFeedItem", "dateModified": day, "item": brought})
        file.write(mark + json.dumps(item, ensure_ascii=False))
        count += len(brought)
        mark, latest = ",\n", max(day, latest)
    file.write("\n]" + (f', "dateModified": "{latest}"' if latest else "") + "}\n")
    return count


def is_address(text: str | None) -> bool:
    """True for an address of the web."""
    return bool(text) and _ADDRESS.match(text or "") is not None


def site_address(site: str | None) -> str | None:
    """The address of a publisher's site, which is kept as `fullfact.org`; None where it names no site."""
    if not site or is_address(site):
        return site or None
    return f"https://{site}" if _SITE.fullmatch(site) else None


def _review(claim: Claim, verdict: Verdict, external_id: str | None, seen: list[Node]) -> Node:
    made_on = str(verdict.claimed_on or claim.claimed_on or "")
    return _told(
        {
            "@type": "ClaimReview",
            "url": verdict.url,
            "claimReviewed": claim.text,
            "headline": claim.title,
            "reviewRating": _rating(verdict),
            "author": _typed("Organization", name=verdict.publisher, url=site_address(verdict.publisher_site)),
            "datePublished": str(verdict.reviewed_on or ""),
            "itemReviewed": _item(claim, made_on, external_id, seen),
            "inLanguage": _language(claim),
            "temporalCoverage": _period(verdict),
            "keywords": list(verdict.tags),
            "citation": [
                _typed("CreativeWork", url=one.url, description=one.note, archivedAt=one.archive_url)
                for one in verdict.evidence
            ],
        }
    )


def _item(claim: Claim, made_on: str, external_id: str | None, seen: list[Node]) -> Node:
    # schema.org wants a person or an organization here and the store does not know which: readers take the name, and
    # "Person" is what nearly all publishers write.
    first = [one for one in seen if made_on and one.get("datePublished") == made_on]
    return _told(
        {
            "@type": "Claim",
            "@id": external_id if is_address(external_id) else None,
            "identifier": external_id,
            "text": claim.text,
            "author": _typed("Person", name=claim.claimant),
            "datePublished": made_on,
            "inLanguage": _language(claim),
            "firstAppearance": first[0] if first else None,
            "appearance": seen,
        }
    )


def _rating(verdict: Verdict) -> Node | None:
    given = {name: getattr(verdict, ours) for name, ours in _NUMBERS.items()}
    numbers = {name: _number(text) for name, text in given.items() if text is not None}
    return _typed("Rating", alternateName=verdict.rating, ratingExplanation=verdict.explanation, **numbers)


def _number(text: str) -> float | str:
    """A text that is a number and would be written just so, as that number."""
    number = json.loads(text) if _NUMBER.fullmatch(text) else text
    return number if json.dumps(number) == text else text


def _period(verdict: Verdict) -> str:
    return f"{verdict.valid_from or '..'}/{verdict.valid_to or '..'}" if verdict.valid_from or verdict.valid_to else ""


def _language(claim: Claim) -> str | None:
    return claim.language if claim.language and LANGUAGE_TAG.fullmatch(claim.language) else None


def _seen(record: ClaimRecord, appearances: Sequence[str]) -> list[Node]:
    """Where the claim was seen on the web, each address once."""
    found: dict[str, Node] = {}
    for one in record.appearances:
        if is_address(one.source):
            day = str(one.published_on or "")
            found.setdefault(
                one.source, _told({"@type": "CreativeWork", "url": one.source, "name": one.title, "datePublished": day})
            )
    for address in (*record.sightings, *appearances):
        found.setdefault(address, {"@type": "CreativeWork", "url": address})
    return list(found.values())


def _about(record: ClaimRecord, publishers: set[str]) -> Node:
    """What the store holds on the claim beside its columns: ids that no row carries, its family, what it absorbed."""
    ids = dict(record.external_ids)
    spare = [
        {"publisher": publisher, "id": text}
        for publisher, text in record.external_ids
        if publisher not in publishers or ids[publisher] != text
    ]
    links = [
        {
            "relation": link.relation,
            "entry": link.claim.id,
            "claim": link.claim.text,
            "id": link.claim.external_id,
            "because": link.because,
        }
        for link in record.links
    ]
    return _told(
        {
            "ids": spare,
            "entry": record.claim.id or None,
            "links": [_told(link) for link in links],
            "merged": [_told({"entry": one.id, "claim": one.text, "id": one.external_id}) for one in record.merged],
        }
    )


def _typed(kind: str, **properties: Any) -> Node | None:
    told = _told(properties)
    return {"@type": kind, **told} if told else None


def _told(properties: Mapping[str, Any]) -> Node:
    return {name: value for name, value in properties.items() if value not in (None, "", [], {})}

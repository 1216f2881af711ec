"""A verdict as it is typed into a form: read, refused in plain words, filled in again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from tracker.dates import parse_day
from tracker.entries import evidence_of
from tracker.errors import InvalidClaim
from tracker.models import NewVerdict
from tracker.rating_tables import NORMALIZED
from tracker.server.pages.page import field
from tracker.server.requests import MAX_ID

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tracker.models import Evidence, Verdict
    from tracker.pipeline import Tracker

FIELDS = (
    *("rating", "publisher", "reviewed_on", "url", "explanation"),
    *("evidence", "tags", "valid_from", "valid_to"),
)
MAX_LINE = 1_000  # characters of a name, a rating
_counted: WeakKeyDictionary[Tracker, tuple[int, dict[str, list[str]]]] = WeakKeyDictionary()
_USUAL = 30  # ratings and publishers that are offered
_COMMON = (
    *("True", "Mostly true", "Half true", "Mostly false", "False"),
    *("Misleading", "Needs context", "Unproven", "Satire"),
)


def typed_in(sent: Mapping[str, Any]) -> dict[str, str]:
    """What was typed into each field, "" for what was left out."""
    return {name: field(sent, name) for name in FIELDS}


def says_something(typed: Mapping[str, str]) -> bool:
    """True where any field of the verdict was filled in."""
    return any(typed[name] for name in FIELDS)


def new_verdict(typed: Mapping[str, str]) -> NewVerdict:
    """The verdict that was typed. Raises InvalidClaim, in the words of the form."""
    if not typed["rating"]:
        raise InvalidClaim("Rating: it is empty; write it in the publisher's own words")
    for name, label in (("rating", "Rating"), ("publisher", "Publisher")):
        require_line(typed[name], label)
    first = day_typed(typed["valid_from"], "Holds from", ahead=True)
    last = day_typed(typed["valid_to"], "Holds to", ahead=True)
    return NewVerdict(
        rating=typed["rating"],
        publisher=typed["publisher"] or None,
        url=typed["url"] or None,
        reviewed_on=day_typed(typed["reviewed_on"], "When it was reviewed"),
        explanation=typed["explanation"] or None,
        valid_from=first,
        valid_to=last,
        tags=tuple(tag for tag in typed["tags"].split(",") if tag.strip()),
        evidence=tuple(evidence_of(line) for line in typed["evidence"].splitlines() if line.strip()),
    )


def filled_in(verdict: Verdict | None) -> dict[str, str]:
    """The form's fields as a verdict has them, to be corrected; empty ones for a new one, which is of today."""
    if verdict is None:
        return dict.fromkeys(FIELDS, "")
    return {
        "rating": verdict.rating or "",
        "publisher": verdict.publisher or "",
        "reviewed_on": str(verdict.reviewed_on or ""),
        "url": verdict.url or "",
        "explanation": verdict.explanation or "",
        "evidence": "\n".join(_line(one) for one in verdict.evidence),
        "tags": ", ".join(verdict.tags),
        "valid_from": str(verdict.valid_from or ""),
        "valid_to": str(verdict.valid_to or ""),
    }


def usual(tracker: Tracker) -> dict[str, list[str]]:
    """The ratings and publishers that the desk uses most, to choose from; common ratings after its own.

    Counted anew where something has happened to the store: of a large one that takes a tenth of a second.
    """
    head, _ = tracker.store.log.head()
    if tracker not in _counted or _counted[tracker][0] != head:
        _counted[tracker] = head, _usual(tracker)
    return _counted[tracker][1]


def _usual(tracker: Tracker) -> dict[str, list[str]]:
    ratings = [name for name, _ in tracker.store.tallies.of_verdicts("rating")[:_USUAL]]
    publishers = [name for name, _ in tracker.store.tallies.of_verdicts("publisher")[:_USUAL]]
    return {"ratings": list(dict.fromkeys([*ratings, *_COMMON])), "publishers": publishers}


def day_typed(text: str, label: str, *, ahead: bool = False) -> date | None:
    """The day that was typed into a field; None for an empty one. Raises InvalidClaim, which names the field."""
    try:
        return parse_day(text, ahead=ahead) if text else None
    except InvalidClaim as error:
        raise InvalidClaim(f"{label}: {str(error).removeprefix('date ')}") from error


def require_line(text: str, label: str) -> None:
    """Let a name through that is one. Raises InvalidClaim."""
    if len(text) > MAX_LINE:
        msg = f"{label}: {len(text):,} characters; at most {MAX_LINE:,} can be stored"
        raise InvalidClaim(msg)


def number_of(text: str) -> int:
    """The number that an address or a hidden field names; 0, which nothing has, where it is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,19}", text) and int(text) <= MAX_ID else 0


def number_in(sent: Mapping[str, Any], name: str) -> int | None:
    """The number in a hidden field; None where it is empty. Raises InvalidClaim for what is none."""
    text = field(sent, name)
    number = number_of(text)
    if text and not number:
        msg = f"“{text[:30]}” is no number of ours; load the page again"
        raise InvalidClaim(msg)
    return number or None


def shape(normalized: str) -> str:
    """How a rating is drawn: by its side of the scale, since no more than four shapes are told apart at a glance."""
    side = {"true": "true", "mostly-true": "true", "false": "false", "mostly-false": "false", "mixed": "mixed"}
    return side.get(normalized, "none") if normalized in NORMALIZED else "none"


def _line(one: Evidence) -> str:
    parts = [one.url, " ".join((one.note or "").split()), one.archive_url or ""]
    return " | ".join(parts).removesuffix(" | ").removesuffix(" | ")

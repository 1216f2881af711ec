"""The event log's noun: what happened, by whom, when and why, and the hash that chains each event to the one before.

An event's `changes` are the very rows that it added or removed, so the log alone tells how the store came to be.
`replay` does so, and `tracker verify` compares. The hash is SHA-256 over the UTF-8 text of a JSON array: the hash
before ("" for the first event), then the event's columns in the order of `HASHED`; anybody can compute it from an
export.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

Change = tuple[str, str, dict[str, Any]]  # "+" or "-", a table, a row of it
State = dict[str, dict[Any, dict[str, Any]]]  # the rows of each table by their key

HASHED = (
    *("id", "recorded_at", "author", "kind", "claim_id", "other_id", "verdict_id", "article_id", "undoes", "because"),
    "changes",
)
KEYS: dict[str, tuple[str, ...]] = {
    "claims": ("id",),
    "external_ids": ("id",),
    "verdicts": ("id",),
    "evidence": ("id",),
    "articles": ("id",),
    "appearances": ("id",),
    "sightings": ("id",),
    "feedback": ("id",),
    "merged": ("claim_id",),
    "links": ("claim_id", "other_id"),
    "retracted_claims": ("claim_id",),
    "retracted_verdicts": ("verdict_id",),
    "settings": ("key",),
}  # what the log tells of, and what names a row there
DERIVED = {"claims": ("text_key",), "articles": ("text",)}  # columns left out: they follow from others
LOGGED_SETTINGS = ("encoder", "encoder_name", "calibration", "ratings")


class EventKind(StrEnum):
    """What can happen to a store."""

    CLAIM_ADDED = "claim-added"
    FEED_ID_ADDED = "feed-id-added"
    VERDICT_ADDED = "verdict-added"
    REVIEW_ADDED = "review-added"  # a verdict that a feed brought
    ARTICLE_SAVED = "article-saved"
    APPEARANCE_ADDED = "appearance-added"
    SIGHTING_ADDED = "sighting-added"  # where a feed says that a claim was seen
    VERDICT_RETRACTED = "verdict-retracted"
    CLAIM_RETRACTED = "claim-retracted"
    CLAIMS_MERGED = "claims-merged"
    CLAIMS_LINKED = "claims-linked"
    UNDONE = "undone"
    ENCODER_SET = "encoder-set"
    FEEDBACK_GIVEN = "feedback-given"
    CALIBRATION_SET = "calibration-set"
    RATING_MAPPED = "rating-mapped"  # how the desk reads a publisher's label
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the log. `changes` is JSON as it was hashed; `rows` reads it."""

    id: int
    recorded_at: str
    author: str
    kind: str
    claim_id: int | None
    other_id: int | None
    verdict_id: int | None
    article_id: int | None
    undoes: int | None
    because: str | None
    changes: str
    hash: str

    @property
    def rows(self) -> tuple[Change, ...]:
        """The rows that this event added ("+") and removed ("-"), in order. Raises ValueError, TypeError."""
        return tuple((sign, table, dict(row)) for sign, table, row in json.loads(self.changes))

    def hash_after(self, previous: str) -> str:
        """What this event's hash must be where the one before it has the hash `previous`."""
        return event_hash(previous, *(getattr(self, name) for name in HASHED))


def event_hash(previous: str, *columns: object) -> str:
    """SHA-256, in hex, over the hash before and an event's columns in the order of `HASHED`."""
    return hashlib.sha256(json.dumps([previous, *columns], ensure_ascii=False).encode()).hexdigest()


def register(conn: sqlite3.Connection) -> None:
    """Let the SQL of this connection call `event_hash`, as migration 0002 does."""
    conn.create_function("event_hash", 1 + len(HASHED), event_hash, deterministic=True)


def written(changes: Iterable[Change]) -> str:
    """Changes as the JSON that is stored and hashed, without the columns that follow from others."""
    told = [
        (sign, table, {name: value for name, value in row.items() if name not in DERIVED.get(table, ())})
        for sign, table, row in changes
    ]
    return json.dumps(told, ensure_ascii=False)


def reversed_changes(event: Event) -> list[Change]:
    """The changes that take this event's back."""
    return [("-" if sign == "+" else "+", table, row) for sign, table, row in reversed(event.rows)]


def key_of(table: str, row: dict[str, Any]) -> Any:
    """What names a row in its table."""
    key = tuple(row[name] for name in KEYS[table])
    return key[0] if len(key) == 1 else key


def first_break(events: Iterable[Event]) -> tuple[int, str] | None:
    """The id of the first event that is damaged or gone, and what befell it; None for a whole chain.

    The events are given oldest first, from the very first. Whether some are gone from the end it cannot tell.
    """
    previous, last = "", 0
    for event in events:
        if event.hash != event.hash_after(previous):
            if event.id > last + 1:
                return last + 1, f"{numbered(last + 1, event.id - 1)} gone"
            return event.id, f"event {event.id} is not what was recorded"
        previous, last = event.hash, event.id
    return None


def numbered(first: int, last: int) -> str:
    """The words `event 7 is`, or `events 7 to 9 are`."""
    return f"event {first} is" if first == last else f"events {first} to {last} are"


def replay(events: Iterable[Event]) -> tuple[State, dict[tuple[str, Any], int]]:
    """The state that the events lead to, and which event added each row; later ones win where they repeat."""
    state: State = {table: {} for table in KEYS}
    origin: dict[tuple[str, Any], int] = {}
    for event in events:
        for sign, table, row in event.rows:
            key = key_of(table, row)
            if sign == "+":
                state[table][key] = row
                origin[table, key] = event.id
            else:
                state[table].pop(key, None)
    return state, origin

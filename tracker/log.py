"""The event log of a store: append-only; every write tells it what it did, and each event is chained to the last."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from tracker import settings
from tracker.entries import storable_reason
from tracker.errors import ClaimNotFound
from tracker.events import Change, Event, EventKind, event_hash, written
from tracker.rows import now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from tracker.models import ClaimRecord
    from tracker.store import Store


@dataclass(frozen=True, slots=True)
class History:
    """A claim as it is, the events about it and the entries merged with it, and which events undid which."""

    record: ClaimRecord
    events: tuple[Event, ...]
    undone_by: dict[int, int]


_COLUMNS = ", ".join(field.name for field in fields(Event))
_BATCH = 2_000  # events read at a time


class Log:
    """What happened to one store, oldest first."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def head(self) -> tuple[int, str]:
        """The last event's id and hash; (0, "") where nothing has happened."""
        rows = self._store.rows("SELECT id, hash FROM events ORDER BY id DESC LIMIT 1")
        return (rows[0]["id"], rows[0]["hash"]) if rows else (0, "")

    def next_id(self) -> int:
        """The id of the event to come; rows that name their event are written before it, in the same transaction."""
        return self.head()[0] + 1

    def append(
        self,
        kind: EventKind,
        changes: Iterable[Change],
        *,
        at: str,
        because: str | None = None,
        claim_id: int | None = None,
        other_id: int | None = None,
        verdict_id: int | None = None,
        article_id: int | None = None,
        undoes: int | None = None,
    ) -> int:
        """Record what the transaction under way has done, and return the event's id. Raises InvalidClaim."""
        because = storable_reason(because)
        last, previous = self._head_for_writing()
        subjects = (claim_id, other_id, verdict_id, article_id, undoes)
        columns = (last + 1, at, settings.author(), str(kind), *subjects, because, written(changes))
        self._store.insert(
            f"INSERT INTO events ({_COLUMNS}) VALUES ({', '.join('?' * (len(columns) + 1))})",  # noqa: S608 - own names
            [*columns, event_hash(previous, *columns)],
        )
        return last + 1

    def note_restored(self, because: str) -> int:
        """Record that the store was put back from a backup; return the event's id."""
        with self._store.writing():
            return self.append(EventKind.RESTORED, [], at=now(), because=because)

    def _head_for_writing(self) -> tuple[int, str]:
        with self._store.writing():  # else another process could append between the reading and the writing
            return self.head()

    def event(self, event_id: int) -> Event:
        """The event with this id. Raises ClaimNotFound."""
        found = list(self.events(["id = ?"], [event_id])) if abs(event_id) < 2**63 else []
        if not found:
            raise ClaimNotFound(f"event {event_id}: not in {self._store.path}; 'tracker log' shows what is")
        return found[0]

    def events(
        self, where: Sequence[str] = (), params: Sequence[object] = (), newest: int | None = None
    ) -> Iterator[Event]:
        """The events that fit all the conditions, or the `newest` of them, oldest first, a batch at a time."""
        last = 0 if newest is None else self._before_newest(where, params, newest)
        sql = (
            f"SELECT {_COLUMNS} FROM events WHERE id > ? {''.join(f'AND ({one}) ' for one in where)}ORDER BY id LIMIT ?"  # noqa: S608
        )
        while rows := self._store.rows(sql, [last, *params, _BATCH]):
            yield from (Event(*row) for row in rows)
            last = rows[-1]["id"]

    def _before_newest(self, where: Sequence[str], params: Sequence[object], count: int) -> int:
        """The id after which so many events fit the conditions; 0 where fewer do."""
        fits = " AND ".join(f"({one})" for one in where) or "1"
        sql = f"SELECT id FROM events WHERE {fits} ORDER BY id DESC LIMIT 1 OFFSET ?"  # noqa: S608 - own conditions
        return next((row["id"] for row in self._store.rows(sql, [*params, count])), 0)

    def filtered(
        self,
        *,
        claim_ids: Sequence[int] = (),
        kind: str | None = None,
        author: str | None = None,
        since: date | None = None,
        until: date | None = None,
        newest: int | None = None,
    ) -> Iterator[Event]:
        """The events about any of these claims, of a kind, by an author, from day to day, or the `newest` of them.

        Oldest first.
        """
        where, params = list[str](), list[object]()
        if claim_ids:
            marks = ", ".join("?" * len(claim_ids))
            where.append(f"claim_id IN ({marks}) OR other_id IN ({marks})")
            params += [*claim_ids, *claim_ids]
        asked = {
            "kind = ?": kind,
            "fold(author) = fold(?)": author,
            "date(recorded_at) >= ?": since and since.isoformat(),
            "date(recorded_at) <= ?": until and until.isoformat(),
        }
        for condition, value in asked.items():
            if value is not None:
                where.append(condition)
                params.append(value)
        return self.events(where, params, newest)

    def undone_by(self) -> dict[int, int]:
        """The events that were undone, each with the event that did so."""
        rows = self._store.rows("SELECT undoes, id FROM events WHERE undoes IS NOT NULL")
        return {row["undoes"]: row["id"] for row in rows}

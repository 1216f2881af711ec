"""The quarantine of a store: rows of feeds that were left out, each with its place, the reason and the row itself.

They wait for the desk: a row can be tried again once the store, the tracker or the desk's rules have changed, or be
dropped. The event log does not tell of them; they are nothing that anybody has said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.errors import ClaimNotFound
from tracker.records import MAX_RAW
from tracker.rows import now

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.feeds import Rejected
    from tracker.store import Store


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that was left out: where it stood, why, and what stood there ("" where it was too long to keep)."""

    id: int
    place: str
    reason: str
    raw: str
    recorded_at: str


class Quarantine:
    """What one store has left out."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, rejected: Iterable[Rejected]) -> None:
        """Keep these rows; one that is kept already gets the reason of today."""
        with self._store.writing():
            for row in rejected:
                self._store.rows(
                    "INSERT INTO quarantine (place, reason, raw, recorded_at) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (place, raw) DO UPDATE SET reason = excluded.reason",
                    [_plain(row.where), _plain(row.reason), _plain(row.raw)[:MAX_RAW], now()],
                )

    def all(self, ids: Sequence[int] = ()) -> list[Quarantined]:
        """What is kept, or of it these; oldest first. Raises ClaimNotFound for an id that is not there."""
        rows = self._store.rows("SELECT id, place, reason, raw, recorded_at FROM quarantine ORDER BY id")
        found = {row["id"]: Quarantined(*row) for row in rows}
        lacking = next((number for number in ids if number not in found), None)
        if lacking is not None:
            raise ClaimNotFound(f"quarantined row {lacking}: not there; 'tracker quarantine list' shows what is")
        return [found[number] for number in dict.fromkeys(ids)] if ids else list(found.values())

    def drop(self, ids: Iterable[int]) -> None:
        """Let go of these rows for good."""
        self._store.rows_in("DELETE FROM quarantine WHERE id IN", ids)


def _plain(text: str) -> str:
    """A text that SQLite can keep: half characters and NULs, for which rows are left out, are written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")

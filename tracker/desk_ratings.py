"""How a desk reads the ratings in its store: its own words for labels, over the publishers' scales that come with us.

The desk's readings are one setting of the store, and every change is an event; what a publisher wrote stays as it is.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.entries import storable
from tracker.errors import InvalidClaim, StoreDamaged
from tracker.events import EventKind
from tracker.models import NewVerdict
from tracker.ratings import NORMALIZED, Reading, desk_key, fold, read_rating
from tracker.verdicts import CURRENT

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from tracker.models import Verdict
    from tracker.ratings import DeskLabels
    from tracker.store import Store

_KEY = "ratings"


@dataclass(frozen=True, slots=True)
class Label:
    """A rating as publishers write it, how it is read, and how many current verdicts have it."""

    publisher: str | None
    rating: str
    reading: Reading
    count: int


class DeskRatings:
    """How the ratings of one store are read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: tuple[str | None, dict[tuple[str, str], tuple[str, tuple[str, ...]]]] = (None, {})

    @property
    def labels(self) -> dict[tuple[str, str], tuple[str, tuple[str, ...]]]:
        """The desk's readings by publisher ("" for all) and label, both folded. Raises StoreDamaged."""
        text = self._store.setting(_KEY)
        if text != self._known[0]:
            try:
                found = {(by, label): (name, tuple(tags)) for by, label, name, tags in json.loads(text or "[]")}
            except (ValueError, TypeError) as error:
                msg = f"{self._store.path}: its ratings are damaged; 'tracker doctor --fix' puts back what was recorded"
                raise StoreDamaged(msg) from error
            self._known = (text, found)
        return self._known[1]

    def readings(self, verdicts: Sequence[Verdict]) -> Iterator[Reading]:
        """How the ratings of these verdicts are read, each in the language of its claim."""
        desk = self.labels  # asked once: it is a query
        entries = {one.claim_id for one in verdicts}
        rows = self._store.rows_in("SELECT id, language FROM claims WHERE language IS NOT NULL AND id IN", entries)
        spoken = {row["id"]: row["language"] for row in rows}
        for one in verdicts:
            numbers = one.rating_value, one.best_rating, one.worst_rating
            yield _read(desk, one.rating, one.publisher, one.publisher_site, *numbers, spoken.get(one.claim_id))

    def read(self, *written: str | None) -> Reading:
        """How a rating is read: label, publisher, its site, value, best, worst and, if it is known, the language."""
        return _read(self.labels, *written)

    def use(
        self,
        label: str,
        normalized: str,
        *,
        publisher: str | None = None,
        tags: Sequence[str] = (),
        because: str | None = None,
    ) -> None:
        """Read a label this way from now on, everywhere or in one publisher's verdicts. Raises InvalidClaim."""
        if normalized not in NORMALIZED:
            msg = f"rating {normalized[:40]!r}: not one that labels are read as; use one of {', '.join(NORMALIZED)}"
            raise InvalidClaim(msg)
        if not fold(label):
            raise InvalidClaim("rating: the label has no words")
        key = _key(label, publisher)
        clean = storable(NewVerdict(label, publisher=publisher, tags=tuple(tags)))
        self._write({**self.labels, key: (normalized, clean.tags)}, because)

    def forget(self, label: str, *, publisher: str | None = None, because: str | None = None) -> bool:
        """Read a label by the publishers' scales again; False where the desk had not said how."""
        kept = dict(self.labels)
        gone = kept.pop(_key(label, publisher), None)
        if gone:
            self._write(kept, because)
        return gone is not None

    def found(self) -> list[Label]:
        """Every label in a current verdict, how it is read, and how often it stands there; the commonest first."""
        desk = self.labels
        counted = Counter[tuple[str | None, str, Reading]]()
        for *written, count in self._written():
            counted[written[1], written[0], _read(desk, *written)] += count
        labels = [Label(*key, count) for key, count in counted.items()]
        return sorted(labels, key=lambda one: (-one.count, one.publisher or "", one.rating))

    def covered(self, label: str, publisher: str | None = None) -> int:
        """How many current verdicts are read by what the desk says of this label. Raises InvalidClaim."""
        desk, key = self.labels, _key(label, publisher)
        without = {other: meaning for other, meaning in desk.items() if other != key}
        return sum(count for *written, count in self._written() if _read(desk, *written) != _read(without, *written))

    def _written(self) -> list[sqlite3.Row]:
        """The ratings of current verdicts, as `_read` takes them, and how many verdicts have each."""
        return self._store.rows(
            "SELECT v.rating, v.publisher, v.publisher_site, v.rating_value, v.best_rating, v.worst_rating, c.language,"  # noqa: S608 - own names
            " count(*) FROM verdicts v JOIN claims c ON c.id = v.claim_id"
            f" WHERE v.rating IS NOT NULL AND {CURRENT} GROUP BY 1, 2, 3, 4, 5, 6, 7"
        )

    def _write(self, labels: dict[tuple[str, str], tuple[str, tuple[str, ...]]], because: str | None) -> None:
        rows = sorted([by, label, name, list(tags)] for (by, label), (name, tags) in labels.items())
        text = json.dumps(rows, ensure_ascii=False) if rows else None
        if text != self._store.setting(_KEY):
            self._store.set_settings(because, kind=EventKind.RATING_MAPPED, **{_KEY: text})


def _read(
    desk: DeskLabels,
    rating: str | None,
    publisher: str | None,
    site: str | None,
    value: str | None,
    best: str | None,
    worst: str | None,
    language: str | None = None,
) -> Reading:
    return read_rating(
        rating, publisher=publisher, site=site, value=value, best=best, worst=worst, desk=desk, language=language
    )


def _key(label: str, publisher: str | None) -> tuple[str, str]:
    """What names a reading. Raises InvalidClaim."""
    try:
        return desk_key(label, publisher)
    except ValueError as error:
        msg = f"publisher {(publisher or '')[:40]!r}: no name; leave it out to read the label so in all verdicts"
        raise InvalidClaim(msg) from error

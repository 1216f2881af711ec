"""Articles that were checked, and where in them a claim appeared."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tracker.events import EventKind
from tracker.rows import iso, now, read_appearance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.models import Appearance, Article, Statement
    from tracker.store import Store

# Orders of a list of claims `c`, for a query that begins with `curation.FAMILY`.
_TIMES = (
    "(SELECT count(*) FROM appearances p WHERE p.claim_id = c.id)"
    " + (SELECT count(*) FROM family f JOIN appearances p ON p.claim_id = f.claim_id WHERE f.root_id = c.id)"
)
_BY_WORTH = "c.check_worthiness DESC NULLS LAST, c.id DESC"
ORDERS = {"newest": "c.id DESC", "worth": _BY_WORTH, "appearances": f"{_TIMES} DESC, {_BY_WORTH}"}


class Appearances:
    """The articles of one store and the claims seen in them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add_article(self, article: Article) -> tuple[int, bool]:
        """Store an article; return its id and whether it is new (the same text is the same article)."""
        digest = hashlib.sha256(article.text.encode()).hexdigest()
        with self._store.writing():
            known = self._store.rows("SELECT id FROM articles WHERE text_sha256 = ?", [digest])
            if known:
                return known[0]["id"], False
            row = {
                "source": article.source,
                "title": article.title,
                "author": article.author,
                "published_on": iso(article.published_on),
                "text": article.text,
                "text_sha256": digest,
                "recorded_at": now(),
            }
            change = self._store.put("articles", row)
            number: int = change[2]["id"]
            self._store.log.append(EventKind.ARTICLE_SAVED, [change], at=row["recorded_at"], article_id=number)
        return number, True

    def has(self, article_id: int, statement: Statement) -> bool:
        """True where this place in the article was noted before."""
        place = [article_id, statement.start, statement.end]
        return bool(
            self._store.rows('SELECT 1 FROM appearances WHERE article_id = ? AND start = ? AND "end" = ?', place)
        )

    def add(self, claim_id: int, article_id: int, statement: Statement) -> None:
        """Note that an article states a claim at this place."""
        row = {
            "claim_id": claim_id,
            "article_id": article_id,
            "quote": statement.text,
            "start": statement.start,
            "end": statement.end,
            "speaker": statement.speaker,
            "check_worthiness": statement.check_worthiness,
            "recorded_at": now(),
        }
        with self._store.writing():
            change = self._store.put("appearances", row)
            self._store.log.append(
                EventKind.APPEARANCE_ADDED,
                [change],
                at=change[2]["recorded_at"],
                claim_id=claim_id,
                article_id=article_id,
            )

    def add_sighting(self, claim_id: int, url: str) -> bool:
        """Note that a feed names this address as one where the claim was seen; False where that was noted before."""
        with self._store.writing():
            if self._store.rows("SELECT 1 FROM sightings WHERE claim_id = ? AND url = ?", [claim_id, url]):
                return False
            change = self._store.put("sightings", {"claim_id": claim_id, "url": url})
            self._store.log.append(EventKind.SIGHTING_ADDED, [change], at=now(), claim_id=claim_id)
        return True

    def sightings(self, entries: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """The addresses at which feeds say that these entries were seen, in the order of noting."""
        rows = self._store.rows_in("SELECT id, claim_id, url FROM sightings WHERE claim_id IN", entries)
        found: dict[int, tuple[str, ...]] = {}
        for row in sorted(rows, key=lambda row: int(row["id"])):
            found[row["claim_id"]] = (*found.get(row["claim_id"], ()), row["url"])
        return found

    def of(self, claim_ids: Iterable[int]) -> tuple[Appearance, ...]:
        """Where these claims were seen, in the order of noting."""
        rows = self._store.rows_in(
            "SELECT p.*, a.source, a.title, a.published_on FROM appearances p JOIN articles a ON a.id = p.article_id"
            " WHERE p.claim_id IN",
            claim_ids,
        )
        return tuple(read_appearance(row) for row in sorted(rows, key=lambda row: row["id"]))

    def of_families(self, claim_ids: Iterable[int]) -> dict[int, tuple[Appearance, ...]]:
        """The same by claim, with those of the entries that were merged with it."""
        root_of = self._store.curation.members(claim_ids)
        found: dict[int, list[Appearance]] = {}
        for one in self.of(root_of):
            found.setdefault(root_of[one.claim_id], []).append(one)
        return {claim_id: tuple(group) for claim_id, group in found.items()}

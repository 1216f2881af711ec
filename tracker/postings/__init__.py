"""Claims by their words: BM25 as SQLite's FTS5 has it, and in a large store from postings of our own.

FTS5 asks for the length of every claim that has any of the words, which takes a tenth of a second and more among a
million claims. The postings (`postings.file`) have that worked out before, and leave most claims unread
(`postings.ranking`). They are a cache: written when claims come in by the thousands, and claims that came since are
looked up in FTS5 word by word. Without them, or where they are damaged, FTS5 answers alone.
"""

from __future__ import annotations

import logging
import math
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tracker.postings import building
from tracker.postings.file import PostingsFile, postings_path as postings_path, state_of
from tracker.postings.lengths import lengths_after
from tracker.postings.ranking import Weighted, best
from tracker.postings.tokens import terms
from tracker.progress import silent
from tracker.sealed import Outdated, Unusable
from tracker.words import asked_words, fts_query

if TYPE_CHECKING:
    from tracker.progress import Progress
    from tracker.store import Store

LARGE = 50_000  # claims from which postings are kept
_SHARE = 50  # one claim in so many may have come since they were written
_KEPT = 128  # lists that are kept in memory

log = logging.getLogger(__name__)


class ByWords:
    """Finds claims of one store by the words that they share with a text."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._postings: Postings | None = None
        self._opened_at: object = None

    def find(self, text: str, k: int) -> list[int]:
        """The ids of the `k` best claims by BM25, best first; none for a text without words."""
        words = asked_words(text)
        claims = self._store.claim_count()
        if words and claims > LARGE and (postings := self._current()):
            try:
                return postings.find(words, k, claims)
            except Unusable as reason:
                self._give_up(reason)
        return self._store.find_words(fts_query(text), k) if words else []

    def keep(self, progress: Progress = silent) -> None:
        """Write the postings anew where the store is large and many claims have come since; not inside a write."""
        claims = self._store.claim_count()
        if claims <= LARGE or self._store.is_writing:
            return
        with self._store.reading():
            if not state_of(self._store)[0]:
                return  # the log does not tell of the last claim, so nothing would tie a file to these claims
            held = self._current()
            behind = held is None or claims - held.last > claims // _SHARE
            self.close()  # some systems replace no file that is open
            if behind:
                building.build(self._store, postings_path(self._store.path), progress)

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        if self._postings:
            self._postings.close()
        self._postings, self._opened_at = None, None

    def _current(self) -> Postings | None:
        """The postings, if there are any to be used; looked for again when somebody has written."""
        now = self._store.stamp()
        if now != self._opened_at:
            if not (self._postings and self._postings.is_current()):
                self.close()
                with suppress(FileNotFoundError):
                    try:
                        self._postings = Postings(self._store)
                    except Unusable as reason:
                        self._give_up(reason)
            self._opened_at = now
        return self._postings

    def _give_up(self, reason: Unusable) -> None:
        """Do without the file; one that is damaged is of no use to anybody."""
        self.close()
        self._opened_at = self._store.stamp()
        path = postings_path(self._store.path)
        log.log(reason.level, "%s: %s; words are found without it, slower, until 'tracker reindex'", path.name, reason)
        if not isinstance(reason, Outdated):
            with suppress(OSError):
                path.unlink()


class Postings:
    """The postings of a store's claims up to the one numbered `last`. Raises FileNotFoundError, Unusable."""

    def __init__(self, store: Store) -> None:
        import numpy as np

        self._store = store
        self._file = PostingsFile.open(postings_path(store.path), store)
        weakref.finalize(self, self._file.close)
        self.last = self._file.filed.claim
        self._lists: dict[str, tuple[Any, Any]] = {}
        self._sums = np.zeros(0, np.float32)
        self._lengths = self._file.lengths

    def close(self) -> None:
        """Close the file; nothing can be found after."""
        self._file.close()

    def is_current(self) -> bool:
        """Whether the file beside the store is still this one, and of the store's history."""
        self._lengths = self._file.lengths  # those of claims that came since may be others' by now
        return self._file.is_at(postings_path(self._store.path)) and self._file.filed.is_of(self._store)

    def find(self, words: list[str], k: int, claims: int) -> list[int]:
        """The `k` best of so many claims for these words. Raises Unusable."""
        import numpy as np

        if len(self._sums) <= claims:
            self._sums = np.zeros(claims + claims // _SHARE + 1, np.float32)
        if len(self._lengths) <= claims:
            self._lengths = np.concatenate([self._lengths, lengths_after(self._store, len(self._lengths) - 1, claims)])
        found = [one for word in words if (one := self._weighted(word, claims))]
        return best(found, k, self._sums)

    def _weighted(self, word: str, claims: int) -> Weighted | None:
        """The claims that have a word, with what it adds to each; None for none."""
        import numpy as np

        known, parts = self._list(word)
        later = self._with(word, self.last) if claims > self.last else known[:0]
        parts = np.concatenate([parts, self._parts(later)], dtype=np.float32)
        count = len(known) + len(later)
        if not count:
            return None
        rarity = max(math.log((claims - count + 0.5) / (count + 0.5)), 1e-6)  # as in SQLite's bm25()
        weights = np.float32(rarity) * parts
        return Weighted(np.concatenate([known, later]), weights, float(weights.max()))

    def _list(self, word: str) -> tuple[Any, Any]:
        """The claims that have a word, and what BM25 makes of it in each; read once, as long as there is room."""
        if word not in self._lists:
            if len(self._lists) >= _KEPT:
                self._lists.clear()
            own = terms(word)
            self._lists[word] = self._file.postings(own[0]) if len(own) == 1 else self._side_by_side(word)
        return self._lists[word]

    def _side_by_side(self, word: str) -> tuple[Any, Any]:
        """The list of a word that FTS5 cuts: its terms must stand side by side, which theirs do not say.

        How often it is there is not asked for: it counts once.
        """
        found = self._with(word, 0)
        found = found[found <= self.last]
        return found, self._parts(found)

    def _parts(self, claims: Any) -> Any:
        """What BM25 makes of a word that each of these claims has once."""
        return building.part(1, self._lengths[claims], self._file.filed.mean)

    def _with(self, word: str, after: int) -> Any:
        """The claims after this one that have a word, ascending, by FTS5."""
        import numpy as np

        sql = "SELECT rowid FROM claims_fts WHERE claims_fts MATCH ? AND rowid > ?"
        return np.array([row[0] for row in self._store.rows(sql, [f'"{word}"', after])], np.int32)

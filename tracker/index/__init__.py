"""The FAISS index: a cache over the store's vectors that may be deleted at any time.

A file (`index.file`) that is missing, cut, foreign or from another history is noticed before it answers, and the index
is built anew from the store; one that is merely behind gets the rows that it lacks. To hash every row again takes
longer than a search: `require_rows` does it for the doctor. How vectors are held is chosen by their number
(`index.kind`): all of them as they are (`index.flat`), or a code for each (`index.coded`).
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.errors import StoreDamaged
from tracker.index import file, kind
from tracker.index.file import index_path as index_path
from tracker.progress import silent
from tracker.sealed import Unusable
from tracker.vectors import VectorState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tracker.index.kind import Kind
    from tracker.progress import Progress
    from tracker.store import Store

    Rows = NDArray[np.float32]
    Found = list[tuple[int, float]]  # claim ids with their cosines, best first

log = logging.getLogger(__name__)

_LAG = 512  # rows that may be missing from the file before it is written again,
_SHARE = 200  # or one in so many of what it holds: a large file is not written for every few claims
_BLOCK = 1_024  # vectors searched with at a time
_MANY = 32  # vectors from which several threads search faster than one; for fewer they mostly wait for each other


@dataclass(frozen=True)
class VectorIndex:
    """Inner-product search over one state of a store's vectors, `rows` of them; `filed` of them stand in the file."""

    kind: Kind | None
    state: VectorState
    rows: int
    filed: int

    @classmethod
    def of(cls, store: Store, last: VectorIndex | None = None, progress: Progress = silent) -> VectorIndex:
        """The index for the store as it is now: the `last` one or its file, brought up to date, or built anew.

        What was added since goes into the last one itself. Raises StoreDamaged where a vector is no longer what was
        stored.
        """
        path = index_path(store.path)
        with store.reading():
            now = store.vectors.state()
            if last and last.state == now:
                return last
            kept = _last(last, store, now) or _filed(path, store, now)
            index = kept.brought_to(now, store, progress)
            if index.kind and index.rows - index.filed > (max(_LAG, index.filed // _SHARE) if index.filed else 0):
                holds = file.Filed(now, index.rows, index.kind.learned)
                file.write(path, store, kind.dumped(index.kind), holds)
                index = cls(index.kind, now, index.rows, index.rows)
        return index

    def brought_to(self, now: VectorState, store: Store, progress: Progress = silent) -> VectorIndex:
        """The index with what the store has had since; of another kind, and begun anew, where that is too much for it.

        Raises StoreDamaged at a vector that is not what was stored.
        """
        new = store.vectors.count(self.state)
        if not new:
            return VectorIndex(self.kind, now, self.rows, self.filed)
        if self.kind is None or not kind.fits(self.kind, self.rows + new):
            return _built(now, store, progress)
        index = self.kind
        for claim_ids, rows in store.vectors.after(self.state, now):
            index = index.extended(claim_ids, rows)
        return VectorIndex(index, now, index.count, self.filed)

    def search(self, vectors: Rows, k: int) -> list[Found]:
        """For each row of `vectors` (n x dimension, unit length) the `k` nearest as (claim id, cosine), best first."""
        if self.kind is None or len(vectors) == 0:
            return [[] for _ in vectors]
        _use_threads(len(vectors))
        return self.kind.search(vectors, k)

    def near_pairs(self, k: int, at_least: float) -> Iterator[tuple[int, int]]:
        """Pairs of claims, each once, of which one is among the `k` nearest of the other with at least this cosine."""
        seen = set[tuple[int, int]]()
        _use_threads(_BLOCK)
        for claim_ids, rows in self.kind.blocks(_BLOCK) if self.kind else ():
            for one, found in zip(claim_ids, self.kind.near(rows, k + 1, at_least) if self.kind else (), strict=True):
                for other, _ in found:
                    pair = (min(one, other), max(one, other))
                    if other != one and pair not in seen:
                        seen.add(pair)
                        yield pair

    def score(self, vectors: Rows, claim_ids: Sequence[int]) -> dict[int, list[float]]:
        """For each of these claims that has a vector its cosine to every row of `vectors` (n x dimension)."""
        if self.kind is None:
            return {}
        known, rows = self.kind.rows_of(claim_ids)
        return dict(zip(known, (rows @ vectors.T).tolist(), strict=True))


def _use_threads(questions: int) -> None:
    import faiss

    faiss.omp_set_num_threads(1 if questions < _MANY else os.cpu_count() or 1)


def _last(last: VectorIndex | None, store: Store, now: VectorState) -> VectorIndex | None:
    """An index that is open, where the store has been in its state."""
    if last is None or last.kind is None or last.kind.count != last.rows:
        return None  # it was taken further, perhaps not to the end
    with suppress(Unusable):
        file.require_past(last.state, store, now)
        return last
    return None


def _filed(path: Path, store: Store, now: VectorState) -> VectorIndex:
    """The same from the file; one of nothing without a usable file."""
    with suppress(FileNotFoundError):
        try:
            return read_index(path, store, now)
        except Unusable as reason:
            log.log(reason.level, "%s: %s; the index is built anew from the store", path.name, reason)
            if not now.seq:  # nothing will be written over it
                with suppress(OSError):
                    path.unlink()
    return VectorIndex(None, VectorState(now.encoder), 0, 0)


def _built(now: VectorState, store: Store, progress: Progress) -> VectorIndex:
    """The index made from the store alone."""
    total = store.vectors.count()
    index = kind.begun(store.vectors, now.encoder, total)
    with progress("indexing", total) as advance:
        for claim_ids, rows in store.vectors.after(VectorState(now.encoder), now):
            index = index.extended(claim_ids, rows)
            advance(len(claim_ids))
    return VectorIndex(index, now, index.count, 0)


def read_index(path: Path, store: Store, now: VectorState) -> VectorIndex:
    """The index in a file, as of the state that it was built from. Raises FileNotFoundError, Unusable."""
    payload, filed = file.read(path, store, now)
    index = kind.loaded(payload, store.vectors, filed.state.encoder, filed.learned)
    if index.count != filed.rows:
        raise Unusable("out of step with the store")
    return VectorIndex(index, filed.state, filed.rows, filed.rows)


def require_rows(index: VectorIndex, store: Store) -> None:
    """Make sure that an index holds the very rows that the store's chain was made of. Raises Unusable, StoreDamaged."""
    if index.kind and not index.kind.is_of(store.vectors, index.state):
        raise Unusable("does not hold the store's vectors")


def require_none(store: Path) -> None:
    """Make sure that an empty file was never a store. Raises StoreDamaged."""
    index = index_path(store)
    if index.exists():
        msg = f"{store}: empty, though its index is not; put back a copy, or delete {index.name}"
        raise StoreDamaged(msg)

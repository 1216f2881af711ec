"""Coded: a short code for each vector in memory, the vectors themselves in the store.

Every few numbers of a vector are kept as the nearest of 16 learned points, in 4 bits (product quantisation; Jégou,
Douze and Schmid 2011), in the order in which FAISS compares 32 at once (André, Kermarrec and Le Scouarnec 2015). The
codes name some hundred claims that are probably the nearest; those are compared again by the vectors that the store
has. So cosines are exact, and only a claim that the codes put far behind its place can be missed
(`benchmarks/run.py --only kinds` prints how many are).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.vectors import VectorState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tracker.vectors import Vectors

    Rows = NDArray[np.float32]
    Found = list[tuple[int, float]]  # claim ids with their cosines, best first

_GROUPS = (3, 4, 2)  # how many numbers share a code, best first; a dimension must be divisible by it
_BITS = 4
_SAMPLE = 50_000  # vectors that the points are learned from
_SHORTLIST = 400  # claims that are compared again for a question, at least
_DEEPER = 10  # times as many as are wanted, where that is more
_ERROR = 0.35  # by how much a code's cosine is too low at most, but for one in a thousand: codes shorten vectors


class Coded:
    """Codes of all vectors, numbered by claim, and the vectors of one store."""

    def __init__(self, faiss_index: Any, vectors: Vectors, encoder: str, learned: int) -> None:
        self.faiss = faiss_index
        self.learned = learned  # how many vectors there were when the points were learned
        self._vectors = vectors
        self._encoder = encoder

    @classmethod
    def empty(cls, vectors: Vectors, encoder: str, dimension: int) -> Coded:
        """One without codes, the points learned from an encoder's vectors in the store as they are now."""
        import faiss

        sample = vectors.sample(_SAMPLE, encoder, dimension)
        codes = faiss.IndexPQFastScan(dimension, dimension // group(dimension), _BITS, faiss.METRIC_INNER_PRODUCT)
        codes.train(sample)
        return cls(faiss.IndexIDMap(codes), vectors, encoder, vectors.count())

    @classmethod
    def holding(cls, index: Any, vectors: Vectors, encoder: str, learned: int) -> Coded | None:
        """The same around an index of FAISS's; None where that is of another kind."""
        import faiss

        inner = faiss.downcast_index(index.index) if isinstance(index, faiss.IndexIDMap) else None
        sound = isinstance(inner, faiss.IndexPQFastScan) and index.ntotal == inner.ntotal == index.id_map.size()
        return cls(index, vectors, encoder, learned) if sound else None

    @property
    def count(self) -> int:
        """How many codes it holds."""
        return int(self.faiss.ntotal)

    def extended(self, claim_ids: Sequence[int], rows: Rows) -> Coded:
        """With these too."""
        import numpy as np

        self.faiss.add_with_ids(rows, np.asarray(claim_ids, dtype=np.int64))
        return self

    def search(self, vectors: Rows, k: int) -> list[Found]:
        """For each row of `vectors` the `k` nearest, best first. Raises StoreDamaged."""
        _, ids = self.faiss.search(vectors, min(max(_SHORTLIST, _DEEPER * k), self.count))
        return [self._best(vector, row, k) for vector, row in zip(vectors, ids, strict=True)]

    def _best(self, vector: Rows, claim_ids: Any, k: int) -> Found:
        """The nearest of these by the store's vectors."""
        known, rows = self.rows_of(claim_ids[claim_ids >= 0].tolist())
        cosines = rows @ vector
        return [(known[place], float(cosines[place])) for place in (-cosines).argsort(kind="stable")[:k].tolist()]

    def near(self, vectors: Rows, k: int, at_least: float) -> list[Found]:
        """The same, of those with this cosine or more; only those that may have it are read from the store."""
        scores, ids = self.faiss.search(vectors, min(_DEEPER * k, self.count))
        found = [
            self._best(vector, row[near >= at_least - _ERROR], k)
            for vector, row, near in zip(vectors, ids, scores, strict=True)
        ]
        return [[one for one in best if one[1] >= at_least] for best in found]

    def rows_of(self, claim_ids: Sequence[int]) -> tuple[list[int], Rows]:
        """The claims of these that have a vector, and their vectors. Raises StoreDamaged."""
        return self._vectors.of(claim_ids, self._encoder, self.faiss.d)

    def blocks(self, size: int) -> Iterator[tuple[list[int], Rows]]:
        """All claims with their vectors, so many at a time. Raises StoreDamaged."""
        return self._vectors.after(VectorState(self._encoder), self._vectors.state(encoder=self._encoder), size)

    def is_of(self, vectors: Vectors, state: VectorState) -> bool:
        """Whether these are the codes of the very vectors that the store's chain was made of. Raises StoreDamaged."""
        import faiss
        import numpy as np

        anew = Coded(faiss.clone_index(self.faiss), vectors, self._encoder, self.learned)
        anew.faiss.reset()
        for claim_ids, rows in vectors.after(VectorState(state.encoder), state):
            anew.extended(claim_ids, rows)
        mine, theirs = (faiss.serialize_index(one.faiss) for one in (self, anew))
        return bool(np.array_equal(mine, theirs))


def group(dimension: int) -> int:
    """How many numbers of a vector share a code; 0 for a dimension that cannot be coded."""
    return next((size for size in _GROUPS if dimension % size == 0), 0)

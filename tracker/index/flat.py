"""Flat: every vector as it is, compared with every question. Exact, and quick enough for a desk's own claims."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tracker.vectors import chain_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tracker.vectors import Vectors, VectorState

    Rows = NDArray[np.float32]
    Found = list[tuple[int, float]]  # claim ids with their cosines, best first


class Flat:
    """All vectors in memory, numbered by claim."""

    learned = 0

    def __init__(self, faiss_index: Any) -> None:
        self.faiss = faiss_index

    @classmethod
    def empty(cls, dimension: int) -> Flat:
        """One without vectors."""
        import faiss

        return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)))

    @classmethod
    def holding(cls, index: Any) -> Flat | None:
        """The same around an index of FAISS's; None where that is of another kind."""
        import faiss

        inner = faiss.downcast_index(index.index) if isinstance(index, faiss.IndexIDMap2) else None
        sound = isinstance(inner, faiss.IndexFlatIP) and index.ntotal == inner.ntotal == index.id_map.size()
        return cls(index) if sound else None

    @property
    def count(self) -> int:
        """How many vectors it holds."""
        return int(self.faiss.ntotal)

    def extended(self, claim_ids: Sequence[int], rows: Rows) -> Flat:
        """With these too: itself, or a copy of one that looks at its file's bytes (FAISS would end the process)."""
        import faiss
        import numpy as np

        wide = self
        if isinstance(self.faiss.referenced_objects[0], np.ndarray):
            wide = Flat.empty(self.faiss.d)
            wide.faiss.add_with_ids(
                self.faiss.index.reconstruct_n(0, self.count), faiss.vector_to_array(self.faiss.id_map)
            )
        wide.faiss.add_with_ids(rows, np.asarray(claim_ids, dtype=np.int64))
        return wide

    def search(self, vectors: Rows, k: int) -> list[Found]:
        """For each row of `vectors` the `k` nearest, best first."""
        scores, ids = self.faiss.search(vectors, min(k, self.count))
        return [
            list(zip(row_ids, row, strict=True)) for row_ids, row in zip(ids.tolist(), scores.tolist(), strict=True)
        ]

    def near(self, vectors: Rows, k: int, at_least: float) -> list[Found]:
        """The same, of those with this cosine or more."""
        return [[one for one in found if one[1] >= at_least] for found in self.search(vectors, k)]

    def rows_of(self, claim_ids: Sequence[int]) -> tuple[list[int], Rows]:
        """The claims of these that have a vector, and their vectors."""
        import numpy as np

        known, rows = list[int](), list[Any]()
        for claim_id in claim_ids:
            with suppress(RuntimeError):  # not in the index
                rows.append(self.faiss.reconstruct(claim_id))
                known.append(claim_id)
        return known, np.stack(rows) if rows else np.zeros((0, self.faiss.d), np.float32)

    def blocks(self, size: int) -> Iterator[tuple[list[int], Rows]]:
        """All claims with their vectors, so many at a time."""
        import faiss

        ids = faiss.vector_to_array(self.faiss.id_map).tolist()
        for start in range(0, self.count, size):
            part = ids[start : start + size]
            yield part, self.faiss.index.reconstruct_n(start, len(part))

    def is_of(self, _vectors: Vectors, state: VectorState) -> bool:
        """Whether it holds the very vectors that the store's chain was made of."""
        import faiss

        chain = b""
        rows = memoryview(self.faiss.index.reconstruct_n(0, self.count).astype("<f4", copy=False)).cast("B")
        size = 4 * self.faiss.d
        for number, claim_id in enumerate(faiss.vector_to_array(self.faiss.id_map).tolist()):
            chain = chain_hash(chain, claim_id, rows[number * size : (number + 1) * size])
        return chain.hex() == state.chain

"""Which kind of index is right for how many vectors, and the kind that a file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.index.coded import Coded, group
from tracker.index.flat import Flat
from tracker.sealed import Unusable

if TYPE_CHECKING:
    from tracker.vectors import Vectors

LARGE = 50_000  # vectors up to which all are compared; of 100,000 that takes 9 ms, codes 0.3 (decision 11)
_OUTGROWN = 4  # times as many vectors as its points were learned from


Kind = Flat | Coded  # vectors numbered by claim, to be searched by inner product


def begun(vectors: Vectors, encoder: str, count: int) -> Kind:
    """An empty index of the kind for so many of a store's vectors."""
    dimension = vectors.dimension(encoder)
    return Coded.empty(vectors, encoder, dimension) if _is_large(count, dimension) else Flat.empty(dimension)


def fits(kind: Kind, count: int) -> bool:
    """Whether this is the kind for so many vectors, and has not outgrown what it was made from."""
    coded = _is_large(count, kind.faiss.d)
    return isinstance(kind, Coded) == coded and not (coded and count > _OUTGROWN * kind.learned)


def _is_large(count: int, dimension: int) -> bool:
    return count > LARGE and group(dimension) > 0


def dumped(kind: Kind) -> bytes:
    """The index as bytes."""
    import faiss

    payload: bytes = faiss.serialize_index(kind.faiss).tobytes()
    return payload


def loaded(payload: bytes, vectors: Vectors, encoder: str, learned: int) -> Kind:
    """The index in these bytes, which it goes on looking at. Raises Unusable."""
    import faiss
    import numpy as np

    data = np.frombuffer(payload, dtype=np.uint8)
    try:
        index: Any = faiss.read_index(faiss.ZeroCopyIOReader(faiss.swig_ptr(data), len(data)))  # type: ignore[attr-defined]
    except RuntimeError as error:
        raise Unusable("damaged") from error
    index.referenced_objects = [data]  # FAISS's own list of what must live as long as the index
    kind = Flat.holding(index) or Coded.holding(index, vectors, encoder, learned)
    if kind is None:
        raise Unusable("out of step with the store")
    return kind

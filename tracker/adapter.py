"""From a statement's vector to the vector of the claim that it would be filed under.

A tweet or a sentence of a speech and the claim in a fact-checker's words lie apart in ways that repeat. A linear map,
fitted on public pairs of both (`training/adapter.py`), turns the statement's vector towards the claim's: q + qW, scaled
to length 1. Claims' vectors stay what the encoder gave, so a store's index serves with the adapter and without.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE = Path(__file__).parent / "data" / "adapter.npy"


def adapt(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit vectors of statements (n x dimension) as unit vectors to find claims with."""
    return turned(vectors, _matrix())


def turned(vectors: NDArray[np.float32], matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """`vectors` by this matrix (dimension x dimension), each of length 1 again."""
    import numpy as np

    moved = vectors + vectors @ matrix
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    result: NDArray[np.float32] = moved / np.maximum(lengths, 1e-12)
    return result


@cache
def _matrix() -> NDArray[np.float32]:
    import numpy as np

    matrix: NDArray[np.float32] = np.load(FILE).astype(np.float32)  # kept in half precision: 295 kB
    return matrix

"""How many terms claims have, as FTS5 notes it with each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tracker.store import Store

LONGEST = 65_535  # longer ones count as this long


def lengths_after(store: Store, claim: int, upto: int) -> NDArray[np.uint16]:
    """The lengths of the claims after this one, up to that one; 0 for one that is not there."""
    import numpy as np

    found = np.zeros(upto - claim, np.uint16)
    for number, sizes in store.rows("SELECT id, sz FROM claims_fts_docsize WHERE id > ? AND id <= ?", [claim, upto]):
        found[number - claim - 1] = min(_length(sizes), LONGEST)
    return found


def _length(sizes: bytes) -> int:
    """The sum of the columns' sizes, which are SQLite's integers of varying length (sqlite.org/fileformat2, varint)."""
    total = size = 0
    for byte in sizes:
        size = size << 7 | byte & 0x7F
        if byte < 0x80:  # the last of its integer
            total, size = total + size, 0
    return total

"""The postings of a store, from its own index of words."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from tracker import sealed
from tracker.postings.file import FORMAT, Filed, PostingsFile, packed, state_of
from tracker.postings.lengths import LONGEST
from tracker.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.progress import Progress
    from tracker.store import Store

_K1, _B = 1.2, 0.75  # as in SQLite's bm25()


def build(store: Store, path: Path, progress: Progress = silent) -> None:
    """Write the postings of all claims that the store has now; to be called in `Store.reading()`."""
    told, parts = _made(store, *state_of(store), progress)
    sealed.write(path, store, FORMAT, told, parts)


def require_words(store: Store, path: Path) -> None:
    """Make sure that a file is what it would be if it were made now. Raises FileNotFoundError, Unusable."""
    with closing(PostingsFile.open(path, store)) as held:
        held.require(_made(store, held.filed.claim, held.filed.event)[1])


def _made(store: Store, last: int, event: str, progress: Progress = silent) -> tuple[dict[str, Any], list[bytes]]:
    """The postings of the claims up to this one, as a file has them."""
    import numpy as np

    read = list[tuple[bytes, Any]]()
    with progress("indexing words", None) as advance:
        for term, claims in _instances(store):
            read.append((term, claims[claims <= last]))
            advance(1)
    lengths = np.bincount(np.concatenate([np.zeros(0, np.int32), *(claims for _, claims in read)]), minlength=last + 1)
    mean = max(float(lengths.sum()) / max(last, 1), 1.0)

    def lists() -> Iterator[tuple[bytes, Any, Any]]:
        for term, claims in read:
            if len(claims):
                unique, times = np.unique(claims, return_counts=True)
                yield term, unique, part(times, lengths[unique], mean)

    return packed(Filed(last, event, mean), np.minimum(lengths, LONGEST), lists())


def part(times: Any, length: Any, mean: float) -> Any:
    """What BM25 makes of a term that is so often in a claim of so many terms (Robertson and Zaragoza 2009)."""
    return times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length / mean))


def _instances(store: Store) -> Iterator[tuple[bytes, Any]]:
    """Every term with the claims that have it, ascending, a claim as often as it is in there."""
    import numpy as np

    store.rows("CREATE VIRTUAL TABLE temp.instances USING fts5vocab (main, claims_fts, instance)")
    try:
        for term, claims in store.each(
            "SELECT CAST(term AS BLOB), group_concat(doc) FROM temp.instances GROUP BY term"
        ):
            yield term, np.fromstring(claims, np.int64, sep=",").astype(np.int32)
    finally:
        store.rows("DROP TABLE temp.instances")

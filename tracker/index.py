"""The FAISS index: a cache over the store's vectors that may be deleted at any time.

The file beside the store is one line of JSON and the serialised index. The line names the store, the state of its
vectors (`vectors.VectorState`) and the length and CRC-32 of what follows. A file that is missing, cut, foreign or from
another history is noticed before it answers and the index is built anew from the store; one that is merely behind gets
the rows that it lacks. Nothing here can harm the store: a cache that cannot be written costs time, not answers.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tracker.store import Store
    from tracker.vectors import VectorState

FORMAT = "claim-tracker index 1"
_LAG = 512  # rows that may be missing from the file before it is written again
_HEADER_LIMIT = 4096

log = logging.getLogger(__name__)


class _Unusable(Exception):
    """Why an index file cannot be used, in words for the user."""


@dataclass(frozen=True)
class VectorIndex:
    """Exact inner-product search over one state of a store's vectors."""

    faiss: Any
    state: VectorState

    @classmethod
    def of(cls, store: Store) -> VectorIndex:
        """The index for the store as it is now: from its file, brought up to date, or built anew."""
        path = index_path(store.path)
        now = store.vectors.state()
        kept: VectorState | None = None
        try:
            index, kept = _read(path, store)
        except FileNotFoundError:
            index = _build(store, now)
        except _Unusable as reason:
            log.warning("%s: %s; the index is built anew from the store", path.name, reason)
            index = _build(store, now)
        else:
            if kept != now:
                _append(index, store, kept.seq, now.seq)
        if now.count and (kept is None or now.seq - kept.seq > _LAG):
            _write(path, store, index, now)
        return cls(index, now)

    def search(self, vectors: NDArray[np.float32], k: int) -> list[list[tuple[int, float]]]:
        """For each row of `vectors` (n x dimension, unit length) the `k` nearest as (claim id, cosine), best first."""
        if self.faiss.ntotal == 0 or len(vectors) == 0:
            return [[] for _ in vectors]
        scores, ids = self.faiss.search(vectors, min(k, self.faiss.ntotal))
        return [
            [(int(claim_id), float(score)) for claim_id, score in zip(row_ids, row, strict=True) if claim_id >= 0]
            for row_ids, row in zip(ids, scores, strict=True)
        ]

    def score(self, vector: NDArray[np.float32], claim_ids: Sequence[int]) -> dict[int, float]:
        """The cosine of one vector (dimension) to each of these claims, those that have a vector."""
        found: dict[int, float] = {}
        for claim_id in claim_ids:
            with suppress(RuntimeError):  # not in the index
                found[claim_id] = float(self.faiss.reconstruct(claim_id) @ vector)
        return found


def index_path(store: Path) -> Path:
    """Where the cache of this store is kept: beside it."""
    return store.with_name(store.name + ".faiss")


def _build(store: Store, state: VectorState) -> Any:
    index: Any = None
    index = _append(index, store, 0, state.seq)
    return index if index is not None else _empty(1)


def _append(index: Any, store: Store, seq: int, upto: int) -> Any:
    import numpy as np

    for claim_ids, blobs in store.vectors.after(seq, upto):
        rows = np.frombuffer(blobs, dtype="<f4").reshape(len(claim_ids), -1)
        if index is None:
            index = _empty(rows.shape[1])
        index.add_with_ids(rows, np.asarray(claim_ids, dtype=np.int64))
    return index


def _empty(dimension: int) -> Any:
    import faiss

    return faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))


def _read(path: Path, store: Store) -> tuple[Any, VectorState]:
    """The index in a file and the state it was built from. Raises FileNotFoundError, _Unusable."""
    import faiss
    import numpy as np

    from tracker.vectors import VectorState

    try:
        with path.open("rb") as file:
            header = json.loads(file.readline(_HEADER_LIMIT))
            payload = file.read()
        kept = VectorState(**header["state"])
        known = (header["format"], header["store"], header["bytes"], header["crc32"])
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _Unusable(f"cannot be read ({error.strerror})") from error
    except (ValueError, TypeError, KeyError) as error:
        raise _Unusable("damaged") from error
    if known[:2] != (FORMAT, store.setting("store_id")):
        raise _Unusable("belongs to another store")
    if known[2:] != (len(payload), zlib.crc32(payload)):
        raise _Unusable("damaged or cut short")
    if kept.count and kept != store.vectors.state(kept.seq):
        raise _Unusable("out of step with the store")
    try:
        index = faiss.deserialize_index(np.frombuffer(payload, dtype=np.uint8))
    except RuntimeError as error:
        raise _Unusable("damaged") from error
    if index.ntotal != kept.count or not kept.count:
        raise _Unusable("out of step with the store")
    return index, kept


def _write(path: Path, store: Store, index: Any, state: VectorState) -> None:
    """Replace the file as a whole, so that a reader sees the old one or the new one."""
    import faiss

    payload = faiss.serialize_index(index).tobytes()
    header = {
        "format": FORMAT,
        "store": store.setting("store_id"),
        "state": asdict(state),
        "bytes": len(payload),
        "crc32": zlib.crc32(payload),
    }
    try:
        handle, name = tempfile.mkstemp(prefix=path.name, suffix=".new", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                Path(name).chmod(store.path.stat().st_mode & 0o666)  # whoever may read the store may read its index
                file.write(json.dumps(header).encode() + b"\n")
                file.write(payload)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        log.info("%s: not written (%s); the index is built anew each time", path.name, error.strerror)

"""The FAISS index: a cache over the store's vectors that may be deleted at any time.

The file beside the store is one line of JSON and the serialised index. The line names the state of the store's vectors
(`vectors.VectorState`) and the length and CRC-32 of what follows, and is sealed with what only this store knows, so
that it can only have been written for it, with rows that had been held against its chain. A file that is missing, cut,
foreign or from another history is noticed before it answers and the index is built anew from the store; one that is
merely behind gets the rows that it lacks. To hash every row again takes longer than a search: `require_rows` does it
for the doctor. Nothing here can harm the store: a cache that cannot be written costs time, not answers.
"""

from __future__ import annotations

import glob
import hashlib
import json
import logging
import os
import stat
import tempfile
import time
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.vectors import VectorState, chain_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tracker.store import Store

FORMAT = "claim-tracker index 2"
_LAG = 512  # rows that may be missing from the file before it is written again
_ABANDONED = 3600.0  # seconds after which nobody is writing an index any more
_HEADER_LIMIT = 4096

_BLOCK = 1_024  # vectors searched with at a time
_MANY = 32  # vectors from which several threads search faster than one; for fewer they mostly wait for each other

log = logging.getLogger(__name__)


class Unusable(Exception):
    """Why an index file cannot be used, in words for the user."""

    level = logging.WARNING


class Outdated(Unusable):
    """The same where it comes of other processes' work, as of a change of encoder: nothing to worry about."""

    level = logging.INFO


@dataclass(frozen=True)
class VectorIndex:
    """Exact inner-product search over one state of a store's vectors; `filed` of them stand in the file."""

    faiss: Any
    state: VectorState
    filed: int

    @classmethod
    def of(cls, store: Store, last: VectorIndex | None = None) -> VectorIndex:
        """The index for the store as it is now: the `last` one or its file, brought up to date, or built anew.

        What was added since goes into the last one itself. Raises StoreDamaged where a vector is no longer what was
        stored.
        """
        path = index_path(store.path)
        with store.reading():
            now = store.vectors.state()
            if last and last.state == now:
                return last
            index, kept, filed = _last(last, store, now) or _kept(path, store, now)
            index = _append(index, store, kept, now)
            if now.count - filed > (_LAG if filed else 0):
                _write(path, store, index, now)
                filed = now.count
        return cls(index, now, filed)

    def search(self, vectors: NDArray[np.float32], k: int) -> list[list[tuple[int, float]]]:
        """For each row of `vectors` (n x dimension, unit length) the `k` nearest as (claim id, cosine), best first."""
        if self.faiss.ntotal == 0 or len(vectors) == 0:
            return [[] for _ in vectors]
        import faiss

        faiss.omp_set_num_threads(1 if len(vectors) < _MANY else os.cpu_count() or 1)
        scores, ids = self.faiss.search(vectors, min(k, self.faiss.ntotal))
        return [
            [(int(claim_id), float(score)) for claim_id, score in zip(row_ids, row, strict=True) if claim_id >= 0]
            for row_ids, row in zip(ids, scores, strict=True)
        ]

    def near_pairs(self, k: int, at_least: float) -> Iterator[tuple[int, int]]:
        """Pairs of claims, each once, of which one is among the `k` nearest of the other with at least this cosine."""
        import faiss

        ids = faiss.vector_to_array(self.faiss.id_map).tolist()
        seen = set[tuple[int, int]]()
        for start in range(0, self.faiss.ntotal, _BLOCK):
            rows = self.faiss.index.reconstruct_n(start, min(_BLOCK, self.faiss.ntotal - start))
            for one, found in zip(ids[start:], self.search(rows, k + 1), strict=False):
                for other, cosine in found:
                    pair = (min(one, other), max(one, other))
                    if other != one and cosine >= at_least and pair not in seen:
                        seen.add(pair)
                        yield pair

    def score(self, vectors: NDArray[np.float32], claim_ids: Sequence[int]) -> dict[int, list[float]]:
        """For each of these claims that has a vector its cosine to every row of `vectors` (n x dimension)."""
        import numpy as np

        known, stored = list[int](), list[Any]()
        for claim_id in claim_ids:
            with suppress(RuntimeError):  # not in the index
                stored.append(self.faiss.reconstruct(claim_id))
                known.append(claim_id)
        if not known:
            return {}
        return dict(zip(known, (np.stack(stored) @ vectors.T).tolist(), strict=True))


def index_path(store: Path) -> Path:
    """Where the cache of this store is kept: beside it."""
    return store.with_name(store.name + ".faiss")


def _last(last: VectorIndex | None, store: Store, now: VectorState) -> tuple[Any, VectorState, int] | None:
    """An index that is open, its state and how much of it is filed, where the store has been in that state."""
    if last is None or last.faiss.ntotal != last.state.count:  # it was taken further, perhaps not to the end
        return None
    try:
        _require_past(last.state, store, now)
    except Unusable:
        return None
    return last.faiss, last.state, last.filed


def _kept(path: Path, store: Store, now: VectorState) -> tuple[Any, VectorState, int]:
    """The same from the file; no index and no rows without a usable one."""
    try:
        index, kept = read_index(path, store, now)
    except FileNotFoundError:
        pass
    except Unusable as reason:
        log.log(reason.level, "%s: %s; the index is built anew from the store", path.name, reason)
        if not now.count:  # nothing will be written over it
            with suppress(OSError):
                path.unlink()
    else:
        return index, kept, kept.count
    return None, VectorState(now.encoder, 0, 0, ""), 0


def _append(index: Any, store: Store, kept: VectorState, now: VectorState) -> Any:
    import numpy as np

    for claim_ids, blobs in store.vectors.after(kept, now):
        rows = np.frombuffer(blobs, dtype="<f4").reshape(len(claim_ids), -1)
        index = _empty(rows.shape[1]) if index is None else _extensible(index)
        index.add_with_ids(rows, np.asarray(claim_ids, dtype=np.int64))
    return _empty(1) if index is None else index


def _empty(dimension: int) -> Any:
    import faiss

    return faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))


def _extensible(index: Any) -> Any:
    """The index itself, or a copy of one that looks at the bytes of its file: FAISS would end the process."""
    import faiss
    import numpy as np

    if not isinstance(index.referenced_objects[0], np.ndarray):
        return index
    copy = _empty(index.d)
    copy.add_with_ids(index.index.reconstruct_n(0, index.ntotal), faiss.vector_to_array(index.id_map))
    return copy


# --- the file ---------------------------------------------------------------------------------------------------------


def read_index(path: Path, store: Store, now: VectorState) -> tuple[Any, VectorState]:
    """The index in a file and the state it was built from. Raises FileNotFoundError, Unusable."""
    try:
        # Asked once: between two questions another process may take the file away, and it would seem to be no file.
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unusable("not a file")  # opening a pipe would wait for somebody to write
        with path.open("rb") as file:
            kept, size, crc = _header(file.readline(_HEADER_LIMIT), store)
            _require_past(kept, store, now)
            sound = os.fstat(file.fileno()).st_size - file.tell() == size
            payload = file.read(size) if sound else b""
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unusable(f"cannot be read ({error.strerror})") from error
    if len(payload) != size or zlib.crc32(payload) != crc:
        raise Unusable("damaged or cut short")
    return _deserialized(payload, kept), kept


def _header(line: bytes, store: Store) -> tuple[VectorState, int, int]:
    """The state, the length and the CRC-32 that a file's first line names. Raises Unusable."""
    try:
        header = json.loads(line)
        if header["format"] != FORMAT:
            raise Outdated("of another version of the tracker")
        seal, kept = header.pop("seal"), VectorState(**header["state"])
        size, crc = header["bytes"], header["crc32"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unusable("damaged") from error
    if seal != _seal(header, store):
        raise Unusable("damaged, or of another store")
    if any(type(number) is not int for number in (kept.count, kept.seq, size, crc)):
        raise Unusable("damaged")
    return kept, size, crc


def _seal(header: dict[str, Any], store: Store) -> str:
    """A hash over a header that only this store gives: keyed with its id, which no other file holds."""
    key = (store.setting("store_id") or "").encode()[:64]
    return hashlib.blake2b(json.dumps(header, sort_keys=True).encode(), key=key, digest_size=16).hexdigest()


def _require_past(kept: VectorState, store: Store, now: VectorState) -> None:
    """Make sure that this is the store's state, or an earlier one. Raises Unusable."""
    if kept.encoder != now.encoder:
        raise Outdated("of another encoder")
    if kept.seq > now.seq:
        raise Outdated("newer than the store")
    if not kept.count or kept != store.vectors.state(kept.seq):
        raise Unusable("out of step with the store")


def _deserialized(payload: bytes, kept: VectorState) -> Any:
    """The index in these bytes, with as many rows as that state has. Raises Unusable."""
    import faiss
    import numpy as np

    data = np.frombuffer(payload, dtype=np.uint8)
    try:
        index: Any = faiss.read_index(faiss.ZeroCopyIOReader(faiss.swig_ptr(data), len(data)))  # type: ignore[attr-defined]
        index.referenced_objects = [data]  # FAISS's own list of what must live as long as the index
    except RuntimeError as error:
        raise Unusable("damaged") from error
    flat = faiss.downcast_index(index.index) if isinstance(index, faiss.IndexIDMap2) else None
    if not isinstance(flat, faiss.IndexFlatIP) or not index.ntotal == flat.ntotal == index.id_map.size() == kept.count:
        raise Unusable("out of step with the store")
    return index


def require_rows(index: Any, kept: VectorState) -> None:
    """Make sure that an index holds the very rows that the store's chain was made of. Raises Unusable."""
    import faiss

    rows = memoryview(index.index.reconstruct_n(0, kept.count).astype("<f4", copy=False)).cast("B")
    size, chain = 4 * index.d, b""
    for number, claim_id in enumerate(faiss.vector_to_array(index.id_map).tolist()):
        chain = chain_hash(chain, claim_id, rows[number * size : (number + 1) * size])
    if chain.hex() != kept.chain:
        raise Unusable("does not hold the store's vectors")


def _write(path: Path, store: Store, index: Any, state: VectorState) -> None:
    """Replace the file as a whole, so that a reader sees the old one or the new one."""
    import faiss

    payload = faiss.serialize_index(index).tobytes()
    header = {
        "format": FORMAT,
        "state": asdict(state),
        "bytes": len(payload),
        "crc32": zlib.crc32(payload),
    }
    try:
        _clear_abandoned(path)
        handle, name = tempfile.mkstemp(prefix=path.name, suffix=".new", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                Path(name).chmod(store.path.stat().st_mode & 0o666)  # whoever may read the store may read its index
                file.write(json.dumps({**header, "seal": _seal(header, store)}).encode() + b"\n")
                file.write(payload)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        log.info("%s: not written (%s); the index is built anew each time", path.name, error.strerror)


def _clear_abandoned(path: Path) -> None:
    """Delete what a process that was killed while it wrote has left; one that is at it keeps its own."""
    for left in path.parent.glob(f"{glob.escape(path.name)}*.new"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED:
                left.unlink()

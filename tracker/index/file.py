"""The index's file: what it holds, and the serialised index, under a seal (`sealed`).

The first line names the state of the store's vectors (`vectors.VectorState`), how many there are, and the length and
CRC-32 of what follows: it was written with rows that had been held against the store's chain.
"""

from __future__ import annotations

import os
import zlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tracker import sealed
from tracker.sealed import Outdated, Unusable
from tracker.vectors import VectorState

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.store import Store

FORMAT = "claim-tracker index 3"


@dataclass(frozen=True, slots=True)
class Filed:
    """What a file holds: the store's vectors up to a state, so many, in codes learned from so many (0: no codes)."""

    state: VectorState
    rows: int
    learned: int


def index_path(store: Path) -> Path:
    """Where the cache of this store is kept: beside it."""
    return store.with_name(store.name + ".faiss")


def read(path: Path, store: Store, now: VectorState) -> tuple[bytes, Filed]:
    """The serialised index in a file, and what it holds. Raises FileNotFoundError, Unusable."""
    with sealed.opened(path) as file:
        filed, size, crc = _told(sealed.read_header(file, store, FORMAT))
        require_past(filed.state, store, now)
        sound = os.fstat(file.fileno()).st_size - file.tell() == size
        payload = file.read(size) if sound else b""
    if len(payload) != size or zlib.crc32(payload) != crc:
        raise Unusable("damaged or cut short")
    return payload, filed


def _told(header: dict[str, Any]) -> tuple[Filed, int, int]:
    """What a file's first line says: what it holds, the length and the CRC-32. Raises Unusable."""
    try:
        state = VectorState(**header["state"])
        filed, size, crc = Filed(state, header["rows"], header["learned"]), header["bytes"], header["crc32"]
    except (TypeError, KeyError) as error:
        raise Unusable("damaged") from error
    if any(type(number) is not int for number in (state.seq, filed.rows, filed.learned, size, crc)):
        raise Unusable("damaged")
    return filed, size, crc


def require_past(kept: VectorState, store: Store, now: VectorState) -> None:
    """Make sure that this is the store's state, or an earlier one. Raises Unusable."""
    if kept.encoder != now.encoder:
        raise Outdated("of another encoder")
    if kept.seq > now.seq:
        raise Outdated("newer than the store")
    if not kept.seq or kept != store.vectors.state(kept.seq):
        raise Unusable("out of step with the store")


def write(path: Path, store: Store, payload: bytes, filed: Filed) -> None:
    """Replace the file as a whole."""
    told = {**asdict(filed), "bytes": len(payload), "crc32": zlib.crc32(payload)}
    sealed.write(path, store, FORMAT, told, [payload])

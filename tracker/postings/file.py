"""The file of postings: for each term the claims that have it and how much it counts there, read term by term.

After the sealed line (`sealed`) come a directory and the lists. The directory has for each term, by the hash of it,
where its list is, how long it is and its CRC-32, and for each claim how many terms it has. A list is the claims' ids
(int32, ascending) and, for each, what BM25 makes of how often the term is there and how long the claim is (float16), to
be multiplied by the term's rarity. The line names the last claim in it and the hash of the event that added that claim,
which stands for all that was added before (`events`).
"""

from __future__ import annotations

import hashlib
import os
import zlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from tracker import sealed
from tracker.sealed import Outdated, Unusable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tracker.store import Store

    Claims = NDArray[np.int32]
    Parts = NDArray[np.float16]

FORMAT = "claim-tracker words 1"
_ENTRY = [("key", "<u8"), ("start", "<u8"), ("count", "<u4"), ("crc", "<u4")]
_POSTING = 4 + 2  # bytes of one


@dataclass(frozen=True, slots=True)
class Filed:
    """What a file holds: the words of all claims up to one, which that event added, and their mean length in terms."""

    claim: int
    event: str
    mean: float

    def is_of(self, store: Store) -> bool:
        """Whether the store has these very claims."""
        return (self.claim, self.event) == state_of(store, self.claim)


def postings_path(store: Path) -> Path:
    """Where they are kept: beside the store."""
    return store.with_name(store.name + ".words")


def state_of(store: Store, claim: int | None = None) -> tuple[int, str]:
    """The store's last claim, or this one, and the hash of the event that added it; (0, "") without one."""
    last = store.claim_count() if claim is None else claim
    found = store.rows("SELECT hash FROM events WHERE claim_id = ? ORDER BY id LIMIT 1", [last])
    return (last, found[0][0]) if found else (0, "")


def key_of(term: bytes) -> int:
    """What a term is looked up by: 64 bits of BLAKE2b."""
    return int.from_bytes(hashlib.blake2b(term, digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class PostingsFile:
    """An open file and its directory. What is read of it later is that very file, even if it is replaced meanwhile."""

    filed: Filed
    lengths: NDArray[np.uint16]  # by claim id; 0 for none
    entries: Any
    file: BinaryIO
    start: int

    def require(self, parts: Sequence[bytes]) -> None:
        """Make sure that it holds just this directory and these lists. Raises Unusable."""
        self.file.seek(self.start - len(parts[0]))
        if any(self.file.read(len(part)) != part for part in parts) or self.file.read(1):
            raise Unusable("does not hold the claims' words")

    @classmethod
    def open(cls, path: Path, store: Store) -> PostingsFile:
        """The file of a store, to be closed. Raises FileNotFoundError, Unusable: also for one of another history."""
        import numpy as np

        with sealed.opened(path) as file:
            filed, terms, crc = _told(sealed.read_header(file, store, FORMAT))
            if not filed.is_of(store):
                raise Outdated("of other claims than the store has")
            size = terms * np.dtype(_ENTRY).itemsize
            directory = file.read(size + 2 * (filed.claim + 1))
            if zlib.crc32(directory) != crc:
                raise Unusable("damaged or cut short")
            lengths = np.frombuffer(directory, "<u2", offset=size)
            entries = np.frombuffer(directory, _ENTRY, terms)
            start, lists = file.tell(), _POSTING * int(entries["count"].sum(dtype=np.int64))
            if os.fstat(file.fileno()).st_size != start + lists:  # the bytes of a list are looked at when it is read
                raise Unusable("damaged or cut short")
            return cls(filed, lengths, entries, os.fdopen(os.dup(file.fileno()), "rb"), start)

    def is_at(self, path: Path) -> bool:
        """Whether the open file is still the one under this name."""
        try:
            there, mine = path.stat(), os.fstat(self.file.fileno())
        except OSError:
            return False
        return (there.st_dev, there.st_ino, there.st_mtime_ns) == (mine.st_dev, mine.st_ino, mine.st_mtime_ns)

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def postings(self, term: bytes) -> tuple[Claims, Parts]:
        """The claims that have a term, ascending, and what BM25 makes of it in each. Raises Unusable."""
        import numpy as np

        key = np.uint64(key_of(term))
        place = int(np.searchsorted(self.entries["key"], key))
        if place == len(self.entries) or self.entries["key"][place] != key:
            return np.zeros(0, np.int32), np.zeros(0, np.float16)
        _, start, count, crc = self.entries[place].tolist()
        try:
            self.file.seek(self.start + start)
            data = self.file.read(_POSTING * count)
        except OSError as error:
            raise Unusable(f"cannot be read ({error.strerror})") from error
        if zlib.crc32(data) != crc:
            raise Unusable("damaged or cut short")
        return np.frombuffer(data, "<i4", count), np.frombuffer(data, "<f2", offset=4 * count)


def _told(header: dict[str, Any]) -> tuple[Filed, int, int]:
    """What the first line says: what is held, how many terms, the directory's CRC-32. Raises Unusable."""
    try:
        filed = Filed(int(header["claim"]), str(header["event"]), float(header["mean"]))
        return filed, int(header["terms"]), int(header["crc32"])
    except (TypeError, KeyError, ValueError) as error:
        raise Unusable("damaged") from error


def packed(
    filed: Filed, lengths: Any, lists: Iterable[tuple[bytes, Claims, Parts]]
) -> tuple[dict[str, Any], list[bytes]]:
    """What the first line says of these lists, and what follows it: the directory, and each list."""
    import numpy as np

    rows, parts, start = list[tuple[int, int, int, int]](), list[bytes](), 0
    for term, claims, weights in lists:
        data = claims.astype("<i4").tobytes() + weights.astype("<f2").tobytes()
        rows.append((key_of(term), start, len(claims), zlib.crc32(data)))
        parts.append(data)
        start += len(data)
    entries = np.array(rows, _ENTRY)
    directory = entries[np.argsort(entries["key"])].tobytes() + lengths.astype("<u2").tobytes()
    return {**asdict(filed), "terms": len(rows), "crc32": zlib.crc32(directory)}, [directory, *parts]

"""The claims' vectors as the store keeps them, and the name of the state that they are in.

Rows are only ever added. Each carries a hash over itself and the row before, so the last row's `chain` names the whole
sequence: an index that remembers it knows in one query whether it is current, behind, or of another store.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.store import Store

_BATCH = 10_000  # rows read at a time


@dataclass(frozen=True, slots=True)
class VectorState:
    """Which vectors a store holds: how many, the last one's sequence number, and the hash chain up to it."""

    encoder: str
    count: int
    seq: int
    chain: str


class Vectors:
    """The vectors of one store: float32 little-endian, unit length, all of one encoder."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def encoder(self) -> str | None:
        """The fingerprint of the store's encoder; None before the first vector."""
        return self._store.setting("encoder")

    def adopt(self, fingerprint: str, name: str) -> None:
        """Make this the store's encoder, or make sure that it is. Raises ModelUnavailable for another one."""
        if self.encoder is None:
            with self._store.writing():
                if self.encoder is None:
                    self._store.set_setting("encoder", fingerprint)
                    self._store.set_setting("encoder_name", name)
        self.require(fingerprint, name)

    def require(self, fingerprint: str, name: str) -> None:
        """Make sure that this is the store's encoder, if it has one. Raises ModelUnavailable for another one."""
        if self.encoder not in (None, fingerprint):
            msg = (
                f"{self._store.path}: made with the encoder {self._store.setting('encoder_name')}, not with {name};"
                " leave out --encoder, or 'tracker export' the claims and import them into a new --store"
            )
            raise ModelUnavailable(msg)

    def add(self, claim_ids: Sequence[int], blobs: Sequence[bytes]) -> None:
        """Store one vector a claim; a claim that got its vector meanwhile from another process keeps that one."""
        with self._store.writing():
            encoder = self.encoder
            rows = self._store.rows("SELECT chain FROM vectors WHERE encoder = ? ORDER BY seq DESC LIMIT 1", [encoder])
            chain: bytes = rows[0]["chain"] if rows else b""
            for claim_id, blob in zip(claim_ids, blobs, strict=True):
                if self._store.rows("SELECT 1 FROM vectors WHERE claim_id = ? AND encoder = ?", [claim_id, encoder]):
                    continue
                chain = hashlib.blake2b(chain + claim_id.to_bytes(8, "little") + blob, digest_size=16).digest()
                self._store.insert(
                    "INSERT INTO vectors (claim_id, encoder, vector, chain) VALUES (?, ?, ?, ?)",
                    [claim_id, encoder, blob, chain],
                )

    def state(self, at: int | None = None) -> VectorState:
        """The state now, or as it was when the row `at` was the last."""
        upto = "" if at is None else " AND seq <= ?"
        params = [self.encoder, *([] if at is None else [at])]
        count = self._store.rows(f"SELECT count(*) FROM vectors WHERE encoder = ?{upto}", params)[0][0]  # noqa: S608
        last = self._store.rows(
            f"SELECT seq, chain FROM vectors WHERE encoder = ?{upto} ORDER BY seq DESC LIMIT 1",  # noqa: S608
            params,
        )
        seq, chain = (last[0]["seq"], last[0]["chain"].hex()) if last else (0, "")
        return VectorState(self.encoder or "", count, seq, chain)

    def after(self, seq: int, upto: int) -> Iterator[tuple[list[int], bytes]]:
        """The vectors with `seq` < sequence number <= `upto`, in order, as batches of claim ids and joined blobs."""
        while seq < upto:
            rows = self._store.rows(
                "SELECT seq, claim_id, vector FROM vectors WHERE encoder = ? AND seq > ? AND seq <= ? ORDER BY seq"
                " LIMIT ?",
                [self.encoder, seq, upto, _BATCH],
            )
            if not rows:
                return
            yield [row["claim_id"] for row in rows], b"".join(row["vector"] for row in rows)
            seq = rows[-1]["seq"]

    def missing(self) -> list[tuple[int, str]]:
        """The claims that have no vector yet, as (id, text), oldest first."""
        rows = self._store.rows(
            "SELECT id, text FROM claims WHERE id NOT IN (SELECT claim_id FROM vectors WHERE encoder = ?) ORDER BY id",
            [self.encoder or ""],
        )
        return [(row["id"], row["text"]) for row in rows]

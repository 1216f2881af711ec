"""The claims' vectors as the store keeps them, and the name of the state that they are in.

Rows are only ever added. Each carries a hash over itself and the row before, so the last row's `chain` names the whole
sequence: an index that remembers it knows in one query whether it is current, behind, or of another store. Every
encoder's rows are a sequence of their own.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.errors import ModelUnavailable, StoreDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tracker.store import Store

_BATCH = 10_000  # rows read at a time
NORM_TOLERANCE = 1e-3  # of a vector's length; what the encoders give is off by less than 1e-6


@dataclass(frozen=True, slots=True)
class VectorState:
    """Which vectors a store holds: those of an encoder up to a sequence number, and the hash chain that names them.

    Without any the number is 0 and the chain empty. How many they are would have to be counted, row by row.
    """

    encoder: str
    seq: int = 0
    chain: str = ""


class Vectors:
    """The vectors of one store: float32 little-endian, unit length; those of one encoder answer."""

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
                    self._store.set_settings(encoder=fingerprint, encoder_name=name)
        self.require(fingerprint, name)

    def require(self, fingerprint: str, name: str) -> None:
        """Make sure that this is the store's encoder, if it has one. Raises ModelUnavailable for another one."""
        if self.encoder not in (None, fingerprint):
            msg = (
                f"{self._store.path}: made with the encoder {self._store.setting('encoder_name')}, not with {name};"
                f" leave out --encoder, or change the store's with 'tracker reindex --encoder {name}'"
            )
            raise ModelUnavailable(msg)

    def add(self, claim_ids: Sequence[int], blobs: Sequence[bytes], encoder: str) -> None:
        """Store one vector a claim; a claim that got its vector meanwhile from another process keeps that one.

        `encoder` is the fingerprint of what made them. Raises ModelUnavailable where it is neither the store's nor the
        one that the store is changing to, so that vectors of two encoders never mix, and for vectors of another length
        than its others, or with what is no number. Nothing is stored then.
        """
        with self._store.writing():
            if encoder not in (self.encoder, self._store.setting("next_encoder")):
                raise self._changed_meanwhile()
            last = self._store.rows(
                "SELECT chain, length(vector) AS size FROM vectors WHERE encoder = ? ORDER BY seq DESC LIMIT 1",
                [encoder],
            )
            chain: bytes = last[0]["chain"] if last else b""
            self._require_usable(blobs, last[0]["size"] if last else None)
            for claim_id, blob in zip(claim_ids, blobs, strict=True):
                if self._store.rows("SELECT 1 FROM vectors WHERE claim_id = ? AND encoder = ?", [claim_id, encoder]):
                    continue
                chain = chain_hash(chain, claim_id, blob)
                self._store.insert(
                    "INSERT INTO vectors (claim_id, encoder, vector, chain) VALUES (?, ?, ?, ?)",
                    [claim_id, encoder, blob, chain],
                )

    def _require_usable(self, blobs: Sequence[bytes], size: int | None) -> None:
        import numpy as np

        sizes = {len(blob) for blob in blobs} | ({size} if size else set())
        if len(sizes) > 1 or any(not one or one % 4 for one in sizes):
            given = ", ".join(str(one // 4) for one in sorted(sizes))
            msg = f"{self._store.path}: the encoder gives vectors of {given} numbers; take one that gives one length"
            raise ModelUnavailable(msg)
        if not np.isfinite(np.frombuffer(b"".join(blobs), dtype="<f4")).all():
            msg = f"{self._store.path}: the encoder gives vectors with what is no number; take another with --encoder"
            raise ModelUnavailable(msg)

    def _changed_meanwhile(self) -> ModelUnavailable:
        return ModelUnavailable(
            f"{self._store.path}: another command changed the encoder meanwhile, or gave this change up;"
            " 'tracker stats' tells which it is, and the same command may be given again"
        )

    # --- another encoder ----------------------------------------------------------------------------------------------

    def begin_change(self, fingerprint: str, name: str, because: str | None = None) -> bool:
        """Let vectors of another encoder be stored beside those that answer; False where it is the store's already.

        The vectors of a third that the store was changing to are dropped. A store that has no encoder yet has this one
        from now on.
        """
        with self._store.writing():
            if self.encoder in (None, fingerprint):
                if self.encoder is None:
                    self._store.set_settings(because, encoder=fingerprint, encoder_name=name)
                self._give_up_change()
                return False
            self._store.set_settings(next_encoder=fingerprint, next_encoder_name=name)
            self._keep_only(self.encoder, fingerprint)
        return True

    def changing_to(self) -> str | None:
        """The name of the encoder that the store is changing to; None where no change is under way."""
        return self._store.setting("next_encoder_name")

    def finish_change(self, fingerprint: str, because: str | None = None) -> bool:
        """Let the vectors of the encoder that the change is to answer from now on; False where a claim lacks one.

        True also where another process has finished it. Raises ModelUnavailable where the change was given up.
        """
        with self._store.writing():
            if self.encoder == fingerprint:
                return True
            if self._store.setting("next_encoder") != fingerprint:
                raise self._changed_meanwhile()
            if self.missing(fingerprint):
                return False
            self._store.set_settings(because, encoder=fingerprint, encoder_name=self.changing_to())
            self._give_up_change()
        return True

    def _give_up_change(self) -> None:
        """Keep the encoder that answers, and no other's vectors."""
        self._store.set_settings(next_encoder=None, next_encoder_name=None)
        self._keep_only(self.encoder)

    def _keep_only(self, *encoders: str | None) -> None:
        marks = ", ".join("?" * len(encoders))
        self._store.rows(  # the inner query reads an index and no vector
            f"DELETE FROM vectors WHERE seq IN (SELECT seq FROM vectors WHERE encoder NOT IN ({marks}))",  # noqa: S608 - marks
            encoders,
        )

    # --- reading ------------------------------------------------------------------------------------------------------

    def state(self, at: int | None = None, encoder: str | None = None) -> VectorState:
        """An encoder's state (default: the store's) now, or as it was when the row `at` was the last."""
        upto = "" if at is None else " AND seq <= ?"
        encoder = encoder or self.encoder
        last = self._store.rows(
            f"SELECT seq, chain FROM vectors WHERE encoder = ?{upto} ORDER BY seq DESC LIMIT 1",  # noqa: S608
            [encoder, *([] if at is None else [at])],
        )
        seq, chain = (last[0]["seq"], last[0]["chain"].hex()) if last else (0, "")
        return VectorState(encoder or "", seq, chain)

    def count(self, after: VectorState | None = None) -> int:
        """How many there are of the store's encoder, or how many it has had since that state."""
        sql = "SELECT count(*) FROM vectors WHERE encoder = ? AND seq > ?"
        return int(self._store.rows(sql, [self.encoder, after.seq if after else 0])[0][0])

    def dimension(self, encoder: str | None = None) -> int:
        """How many numbers each of an encoder's (default: the store's) has; 0 without any."""
        first = "SELECT length(vector) FROM vectors WHERE encoder = ? ORDER BY seq LIMIT 1"
        return next((row[0] // 4 for row in self._store.rows(first, [encoder or self.encoder])), 0)

    def after(
        self, kept: VectorState, upto: VectorState, batch: int = _BATCH
    ) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
        """The vectors that `upto` has beyond `kept`, in order, as batches of claim ids and rows (n x dimension).

        Raises StoreDamaged at the first that its chain does not vouch for, and at one of another length.
        """
        import numpy as np

        size = 4 * self.dimension(upto.encoder)
        seq, chain = kept.seq, bytes.fromhex(kept.chain)
        while seq < upto.seq:
            rows = self._store.rows(
                "SELECT seq, claim_id, vector, chain FROM vectors WHERE encoder = ? AND seq > ? AND seq <= ?"
                " ORDER BY seq LIMIT ?",
                [upto.encoder, seq, upto.seq, batch],
            )
            if not rows:
                raise self._damaged("vectors are gone")
            for row in rows:
                chain = chain_hash(chain, row["claim_id"], row["vector"])
                if chain != row["chain"] or len(row["vector"]) != size or size % 4:
                    raise self._damaged(f"the vector of claim {row['claim_id']} is damaged, or one before it gone")
            joined = np.frombuffer(b"".join(row["vector"] for row in rows), dtype="<f4")
            yield [row["claim_id"] for row in rows], joined.reshape(len(rows), -1)
            seq = rows[-1]["seq"]

    def of(self, claim_ids: Iterable[int], encoder: str, dimension: int) -> tuple[list[int], NDArray[np.float32]]:
        """The claims of these that have a vector of an encoder, and their vectors (n x dimension).

        Raises StoreDamaged for what is no unit vector; whether it is the one that was stored is not looked at.
        """
        import numpy as np

        sql = "SELECT claim_id, vector FROM vectors WHERE encoder = ? AND claim_id IN"
        rows = self._store.rows_in(sql, claim_ids, [encoder])
        if bad := next((row["claim_id"] for row in rows if len(row["vector"]) != 4 * dimension), None):
            raise self._damaged(f"the vector of claim {bad} is damaged")
        found = np.frombuffer(b"".join(row["vector"] for row in rows), dtype="<f4").reshape(len(rows), dimension)
        odd = np.flatnonzero(~(np.abs(np.einsum("ij,ij->i", found, found) - 1) < 2 * NORM_TOLERANCE))  # NaN is odd
        if len(odd):
            raise self._damaged(f"the vector of claim {rows[odd[0]]['claim_id']} is damaged")
        return [row["claim_id"] for row in rows], found

    def sample(self, most: int, encoder: str, dimension: int) -> NDArray[np.float32]:
        """At most so many of an encoder's vectors (n x dimension), from all over, the same ones each time."""
        numbers = [row[0] for row in self._store.rows("SELECT claim_id FROM vectors WHERE encoder = ?", [encoder])]
        return self.of(sorted(numbers)[:: -(-len(numbers) // most)], encoder, dimension)[1]

    def _damaged(self, what: str) -> StoreDamaged:
        return StoreDamaged(f"{self._store.path}: {what}; 'tracker doctor --fix' makes it anew from the claims")

    def missing(self, encoder: str | None = None) -> list[tuple[int, str, str | None]]:
        """The claims that have no vector of an encoder yet (default: the store's): id, text and title, oldest first."""
        rows = self._store.rows(
            "SELECT id, text, title FROM claims c WHERE NOT EXISTS"
            " (SELECT 1 FROM vectors v WHERE v.claim_id = c.id AND v.encoder = ?) ORDER BY id",
            [encoder or self.encoder or ""],
        )
        return [(row["id"], row["text"], row["title"]) for row in rows]


def chain_hash(previous: bytes, claim_id: int, vector: bytes | memoryview) -> bytes:
    """The chain after a row: BLAKE2b-128 over the chain before it, the claim's id and the vector's bytes."""
    row = hashlib.blake2b(previous + claim_id.to_bytes(8, "little", signed=True), digest_size=16)
    row.update(vector)
    return row.digest()

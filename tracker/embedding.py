"""The claims of a store as vectors: its encoder, the vectors that are missing, and the change to another encoder.

Whoever embeds claims brings all that they are found by up to date: the index, and in a large store the postings.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tracker import matching, settings
from tracker.encoders import BULK, Encoder, load_encoder
from tracker.errors import ModelUnavailable
from tracker.index import VectorIndex
from tracker.postings import ByWords
from tracker.progress import batched, silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tracker.progress import Progress
    from tracker.store import Store

_STEP = 256  # claims embedded between two commits

log = logging.getLogger(__name__)


class Embedding:
    """Turns texts into vectors with one store's encoder, and keeps the store's vectors and index up to date."""

    def __init__(self, store: Store, encoder: str | None = None, device: str | None = None) -> None:
        self._store = store
        self._name = encoder
        self._device = device
        self._encoder: Encoder | None = None
        self._index: VectorIndex | None = None
        self._indexed_at: object = None

    @property
    def encoder(self) -> Encoder:
        """The store's encoder, loaded when first needed. Raises ModelUnavailable."""
        if self._encoder is None:
            recorded = self._store.setting("encoder_name")
            encoder = load_encoder(self._name or recorded or settings.encoder_name(), self._device)
            self._store.vectors.require(encoder.fingerprint, encoder.name)
            self.use(encoder)
            return encoder
        return self._encoder

    def use(self, encoder: Encoder) -> None:
        """Take an encoder that is loaded already."""
        if not matching.is_fitted_for(encoder.fingerprint):
            log.warning(
                "encoder %s: matching and check-worthiness were fitted with another one, so words decide", encoder.name
            )
        self._encoder = encoder

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text (n x dimension)."""
        return self.encoder.encode(texts, bulk=len(texts) >= BULK)

    def encode_showing(self, texts: Sequence[str], progress: Progress) -> NDArray[np.float32]:
        """The same, a few texts at a time where there are enough to keep somebody waiting."""
        import numpy as np

        bulk = len(texts) >= BULK
        parts: list[NDArray[np.float32]] = []
        with progress("reading", len(texts)) as advance:
            for part in batched(texts, _STEP):
                parts.append(self.encoder.encode(part, bulk=bulk))
                advance(len(part))
        return np.concatenate(parts) if parts else self.encode(texts)

    def with_titles(
        self,
        vectors: NDArray[np.float32],
        titles: Sequence[str | None],
        encoder: Encoder | None = None,
        *,
        bulk: bool = False,
    ) -> NDArray[np.float32]:
        """The vectors of claims from those of their texts: with the title's, where there is one, midway between both.

        A title often says in a reader's words what the claim says in a checker's: each finds what the other misses.
        """
        import numpy as np

        rows = [row for row, title in enumerate(titles) if title]
        if not rows:
            return vectors
        heads = [titles[row] or "" for row in rows]
        midway = vectors.copy()
        midway[rows] += _each_once(encoder or self.encoder, heads, bulk=bulk)
        result: NDArray[np.float32] = midway / np.maximum(np.linalg.norm(midway, axis=1, keepdims=True), 1e-12)
        return result

    def index(self, progress: Progress = silent) -> VectorIndex:
        """The index for the store as it is. Raises ModelUnavailable where its encoder is no longer the one loaded."""
        with self._store.reading():
            now = self._store.stamp()
            if self._index is None or now != self._indexed_at:
                self._index, self._indexed_at = VectorIndex.of(self._store, self._index, progress), now
        index = self._index
        if self._encoder and index.state.encoder not in ("", self._encoder.fingerprint):
            self._encoder = None  # the next question is put with the store's own
            msg = f"{self._store.path}: its encoder was changed meanwhile; run the command again"
            raise ModelUnavailable(msg)
        return index

    def keep(
        self, claim_ids: Sequence[int], vectors: Iterable[NDArray[np.float32]], encoder: Encoder | None = None
    ) -> None:
        """Store the vectors that an encoder (default: the store's) gave for these claims. Raises ModelUnavailable."""
        if encoder is None:
            encoder = self.encoder
            self._store.vectors.adopt(encoder.fingerprint, encoder.name)
        blobs = [vector.astype("<f4").tobytes() for vector in vectors]
        self._store.vectors.add(claim_ids, blobs, encoder.fingerprint)

    def embed(self, progress: Progress = silent) -> int:
        """Give every claim that has none its vector, and bring the indexes up to date; count the claims embedded.

        Committed every few hundred claims, so that it can be stopped and goes on where it was; others may write
        meanwhile. Raises ModelUnavailable, StoreDamaged.
        """
        embedded = 0
        if self._store.vectors.missing():
            self._store.vectors.adopt(self.encoder.fingerprint, self.encoder.name)
            embedded = self._embed(self.encoder, progress)
        self.index(progress)
        ByWords(self._store).keep(progress)
        return embedded

    def reindex(self, encoder: str | None = None, *, because: str | None = None, progress: Progress = silent) -> int:
        """As `embed`, and with `encoder` (a name or folder) change the store's to it; count the claims embedded.

        Until every claim has its new vector the old ones answer. Stopped at any point, the same call goes on from
        there; a call with another encoder gives it up. Raises ModelUnavailable.
        """
        vectors = self._store.vectors
        begun = vectors.changing_to()
        if encoder is None:
            if begun:
                log.warning("a change to the encoder %s is not finished; 'tracker reindex --encoder %s'", begun, begun)
            return self.embed(progress)
        new = load_encoder(encoder, self._device)
        if begun not in (None, new.name):
            log.warning("the unfinished change to the encoder %s is given up", begun)
        embedded = 0
        self._name, self._encoder = encoder, new
        if vectors.begin_change(new.fingerprint, new.name, because):
            embedded = self._embed(new, progress)
            while not vectors.finish_change(new.fingerprint, because):  # claims that others added meanwhile
                embedded += self._embed(new, progress)
            self.use(new)
        return embedded + self.embed(progress)

    def _embed(self, encoder: Encoder, progress: Progress) -> int:
        missing = self._store.vectors.missing(encoder.fingerprint)
        missing.sort(key=lambda claim: (len(claim[1]), claim[1]))  # one length: no padding; the same text: encoded once
        bulk = len(missing) >= BULK
        with progress("embedding", len(missing)) as advance:
            for part in batched(missing, _STEP):
                texts = _each_once(encoder, [text for _, text, _ in part], bulk=bulk)
                vectors = self.with_titles(texts, [title for _, _, title in part], encoder, bulk=bulk)
                self.keep([claim_id for claim_id, _, _ in part], vectors, encoder)
                advance(len(part))
        return len(missing)


def _each_once(encoder: Encoder, texts: Sequence[str], *, bulk: bool) -> NDArray[np.float32]:
    """The vectors of texts of which some may be the same."""
    rows = {text: row for row, text in enumerate(dict.fromkeys(texts))}
    vectors: NDArray[np.float32] = encoder.encode(list(rows), bulk=bulk)[[rows[text] for text in texts]]
    return vectors

"""Relating pairs of texts with one encoder: their vectors, the language model's reading, and the decision on both."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tracker import inference
from tracker.crossencoder import CrossEncoder
from tracker.encoders import BULK, Encoder, load_encoder
from tracker.errors import ModelUnavailable
from tracker.lora import fitted_to
from tracker.progress import batched, silent
from tracker.readers import Readers
from tracker.relations import relate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.models import PairReading, Related
    from tracker.progress import Progress

_STEP = 64  # pairs read between two steps of the progress bar

log = logging.getLogger(__name__)


class Relating:
    """Relates statements to claims that are in no store; without an encoder their words decide."""

    def __init__(
        self, encoder: Encoder | None, crossencoder: CrossEncoder | None = None, *, together: bool = True
    ) -> None:
        self._encoder = encoder
        self._readers = Readers(encoder if together else None, crossencoder)

    @classmethod
    def open(cls, encoder: str | None = None, inference: str | None = None, *, together: bool = True) -> Relating:
        """With the encoder of that name, or the default; where there is none, a warning says so.

        `inference` is the folder of a model of language inference (`crossencoder`). Raises ModelUnavailable for a model
        that was named.
        """
        crossencoder = CrossEncoder.named(inference)
        try:
            return cls(load_encoder(encoder), crossencoder, together=together)
        except ModelUnavailable as error:
            if encoder:
                raise
            log.warning("%s; words alone decide how two claims relate", error)
            return cls(None, crossencoder)

    def relate(self, statement: str, claim: str) -> Related:
        """How one statement relates to one claim."""
        return next(self.relate_all([(statement, claim)]))

    def relate_all(self, pairs: Sequence[tuple[str, str]], progress: Progress = silent) -> Iterator[Related]:
        """How each statement relates to its claim, in order."""
        bulk = 2 * len(pairs) >= BULK
        with progress("relating", len(pairs)) as advance:
            for part in batched(pairs, _STEP):
                for pair, cosine, told in self._read(part, bulk=bulk):
                    yield relate(*pair, cosine, told)
                    advance(1)

    def _read(
        self, pairs: Sequence[tuple[str, str]], *, bulk: bool
    ) -> Iterator[tuple[tuple[str, str], float | None, PairReading]]:
        """Each pair with its cosine, where the encoder is the one that is known, and with what is read in the two."""
        cosines: list[float | None] = [None] * len(pairs)
        if self._encoder and self._encoder.fingerprint == fitted_to(inference.FILE):
            ours, theirs = (self._encoder.encode(side, bulk=bulk) for side in zip(*pairs, strict=True))
            cosines = (ours * theirs).sum(axis=1).tolist()
        return zip(pairs, cosines, self._readers.read(pairs), strict=True)

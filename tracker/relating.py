"""Relating pairs of texts with one encoder: their vectors, the language model's reading, and the decision on both."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tracker import inference
from tracker.encoders import BULK, Encoder, load_encoder
from tracker.errors import ModelUnavailable
from tracker.progress import batched, silent
from tracker.relations import relate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.models import Related
    from tracker.progress import Progress

_STEP = 64  # pairs read between two steps of the progress bar

log = logging.getLogger(__name__)


class Relating:
    """Relates statements to claims that are in no store; without an encoder their words decide."""

    def __init__(self, encoder: Encoder | None, *, together: bool = True) -> None:
        self._encoder = encoder
        self._together = together

    @classmethod
    def open(cls, encoder: str | None = None, *, together: bool = True) -> Relating:
        """With the encoder of that name, or the default; where there is none, a warning says so.

        Raises ModelUnavailable for an encoder that was named.
        """
        try:
            return cls(load_encoder(encoder), together=together)
        except ModelUnavailable as error:
            if encoder:
                raise
            log.warning("%s; words alone decide how two claims relate", error)
            return cls(None)

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
    ) -> Iterator[tuple[tuple[str, str], float | None, list[float] | None]]:
        """Each pair with its cosine and with what the language model makes of it, where there are any."""
        if self._encoder is None or self._encoder.fingerprint != inference.fitted_to():
            yield from ((pair, None, None) for pair in pairs)
            return
        statements, claims = zip(*pairs, strict=True)
        cosines = (self._encoder.encode(statements, bulk=bulk) * self._encoder.encode(claims, bulk=bulk)).sum(axis=1)
        read = self._encoder.read_together(pairs) if self._together else None
        for i, pair in enumerate(pairs):
            yield pair, float(cosines[i]), None if read is None else [float(value) for value in read[i]]

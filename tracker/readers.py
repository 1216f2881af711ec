"""The models that read two sentences at once, asked together: the encoder's own reader of pairs, and one of the user's.

`inference` turns the default encoder into such a reader; `crossencoder` is any model of language inference that a user
names. Either may be missing, and what is missing says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.models import PairReading
from tracker.posts import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.crossencoder import CrossEncoder
    from tracker.encoders import Encoder


class Readers:
    """What can be asked about a pair. `encoder` is None where its reader is not wanted."""

    def __init__(self, encoder: Encoder | None, crossencoder: CrossEncoder | None = None) -> None:
        self._encoder = encoder
        self._crossencoder = crossencoder

    def read_one(self, pair: tuple[str, str]) -> PairReading:
        """What they make of one pair."""
        return self.read([pair])[0]

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[PairReading]:
        """What each of them makes of each pair, statement first, in order; tags and signs are read as plain words."""
        pairs = [(plain(statement) or statement, plain(claim) or claim) for statement, claim in pairs]
        relations = self._encoder.read_together(pairs) if self._encoder else None
        entailments = self._crossencoder.judge(pairs) if self._crossencoder else None
        return [
            PairReading(
                None if relations is None else tuple(float(value) for value in relations[i]),
                None if entailments is None else entailments[i],
            )
            for i in range(len(pairs))
        ]

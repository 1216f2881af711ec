"""Claims and vectors for a store of any size, the same each time: real ones first, then variants made by rule.

The real ones are those of a store that holds a public collection (CheckThat! 2022 task 2B, some 19,000 fact-checks),
or, where nobody has that collection, the few dozen of the starter feed. A
variant takes a real claim, changes its figures and says who said it when; its vector is the real one's, drawn towards
that of another claim and scaled to unit length again, so vectors stay where real ones are.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.entries import text_key
from tracker.feeds import Row
from tracker.models import NewClaim
from tracker.pipeline import Tracker
from tracker.vectors import VectorState
from tracker.verdicts import as_given

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tracker.feeds.rows import Rejected
    from tracker.models import NewVerdict

_FIGURE = re.compile(r"\d+")
_FIRST_YEAR, _YEARS = 1990, 35
_NAME_STRIDE, _PARTNER_STRIDE, _PARTNER_SHIFT = 97, 7_919, 1_009  # primes: generations meet ever new ones
_NEAREST, _SPREAD, _GOLDEN = 0.3, 0.5, 0.6180339887  # how strongly the other claim draws


@dataclass(frozen=True)
class Corpus:
    """Claims by number, as many as wanted."""

    real: list[tuple[NewClaim, NewVerdict | None]]
    vectors: NDArray[np.float32]
    names: list[str]

    @classmethod
    def of(cls, store: Path, docs: Path | None = None) -> Corpus:
        """The claims of a store with their vectors; made of the feed `docs`, or the starter's, where there is none."""
        import numpy as np

        with Tracker.open(store) as tracker:
            if not tracker.store.claim_count():
                from tracker.feeds import STARTER, read_feed

                tracker.import_rows(read_feed(docs or STARTER))
            vectors = tracker.store.vectors
            rows: dict[int, NDArray[np.float32]] = {}
            now = vectors.state()
            for ids, found in vectors.after(VectorState(now.encoder), now):
                rows |= zip(ids, found, strict=True)
            with tracker.store.reading():
                entries = {text_key(one.claim.text): one for one in tracker.store.entries() if one.claim.id in rows}
        real = [
            (
                NewClaim(c.text, None, c.title, c.claimant, c.claimed_on, c.language),
                as_given(one.verdicts[0]) if one.verdicts else None,
            )
            for one in entries.values()
            for c in [one.claim]
        ]
        names = sorted({claim.claimant for claim, _ in real if claim.claimant})
        return cls(real, np.stack([rows[one.claim.id] for one in entries.values()]), names)

    def rows(self, start: int, stop: int) -> Iterator[Row | Rejected]:
        """The claims with these numbers as rows of a feed."""
        for number in range(start, stop):
            claim, verdict = self.claim(number)
            yield Row(f"corpus:{number}", claim, verdict)

    def claim(self, number: int) -> tuple[NewClaim, NewVerdict | None]:
        """One claim with its verdict."""
        generation, base = divmod(number, len(self.real))
        claim, verdict = self.real[base]
        if not generation:
            return claim, verdict
        chance = random.Random(number)  # noqa: S311 - no secret
        who = self.names[(base + generation * _NAME_STRIDE) % len(self.names)]
        year = _FIRST_YEAR + generation % _YEARS

        def other(figure: re.Match[str]) -> str:
            size = len(figure[0])
            return str(chance.randrange(10 ** (size - 1), 10**size)) if size < 10 else figure[0]

        text = f"{who} said in {year}: {_FIGURE.sub(other, claim.text)}"
        title = claim.title and _FIGURE.sub(other, claim.title)
        return replace(claim, text=text, title=title, claimant=who), verdict

    def vectors_of(self, start: int, stop: int) -> NDArray[np.float32]:
        """The vectors of the claims with these numbers (n x dimension), unit length."""
        import numpy as np

        numbers = np.arange(start, stop)
        generations, bases = np.divmod(numbers, len(self.real))
        partners = (bases * _PARTNER_STRIDE + generations * _PARTNER_SHIFT) % len(self.real)
        strengths = np.where(generations > 0, _NEAREST + _SPREAD * (numbers * _GOLDEN % 1), 0.0)
        mixed = self.vectors[bases] + strengths.astype(np.float32)[:, None] * self.vectors[partners]
        unit: NDArray[np.float32] = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
        return unit

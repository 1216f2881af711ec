"""Of which kind a sentence is, and whether the public would want to know if it is true.

One decision over all kinds, by a sum: what each readable cue (`cues`) speaks for, and, with the default encoder, what a
small language model makes of the sentence (`spotter`). With another encoder the cues decide alone, by weights of their
own. What they were trained on, how good they are and where they fail: `data/checkworthiness.md`. How to fit them again:
`training/checkworthiness.py`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.cues import cues
from tracker.models import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

KINDS = (  # the columns of the weights; the last is what is not the article's own
    Kind.CHECK_WORTHY,
    Kind.UNIMPORTANT,
    Kind.OPINION,
    Kind.QUESTION,
    Kind.PREDICTION,
    Kind.OTHER,
    Kind.BOILERPLATE,
)
CUT = 0.5  # from this probability on a sentence is check-worthy
_COEFFICIENTS = Path(__file__).parent / "data" / "checkworthiness.json"
_TOLD = 3  # cues that are named; the length counts, but nobody could point at it
_TELLING = 0.1  # log-odds from which one is


@dataclass(frozen=True, slots=True)
class Judgement:
    """A sentence's kind, the probability that it is check-worthy (0 to 1, four digits), and the cues for the kind.

    Both suppose that it is the article's own; `boilerplate` is the probability that it is not.
    """

    kind: Kind
    check_worthiness: float
    cues: tuple[str, ...]
    boilerplate: float


def judge(texts: Sequence[str], logits: NDArray[np.float32] | None) -> list[Judgement]:
    """Judge each sentence; its kind is check-worthy where the probability of that is at least 0.5.

    `logits` are what the spotter makes of them (n x 7), None where there is none for the encoder. Raises ValueError
    where both do not fit together.
    """
    if logits is not None and len(logits) != len(texts):
        raise ValueError(f"{len(logits)} rows of logits for {len(texts)} texts")
    head = _model()["heads"]["cues" if logits is None else "spotter+cues"]
    rows = [[0.0] * len(KINDS)] * len(texts) if logits is None else logits.tolist()
    return [_judged(text, row, head) for text, row in zip(texts, rows, strict=True)]


def _judged(text: str, logits: Sequence[float], head: Mapping[str, Any]) -> Judgement:
    found = {name: value for name, value in cues(text).items() if value}
    weights: dict[str, list[float]] = head["cues"]
    sums = [
        start + read + sum(weights[name][column] * value for name, value in found.items())
        for column, (start, read) in enumerate(zip(head["intercepts"], logits, strict=True))
    ]
    furniture = _softmax(sums)[-1]
    probabilities = _softmax(sums[:-1])
    worth = round(probabilities[0], 4)  # before the cut: what is shown and what is decided are one
    column = 0 if worth >= CUT else 1 + max(range(len(probabilities) - 1), key=probabilities[1:].__getitem__)
    speak = {name: _for(weights[name], column) * value for name, value in found.items() if name != "length"}
    named = sorted((name for name in speak if speak[name] >= _TELLING), key=lambda name: -speak[name])
    return Judgement(KINDS[column], worth, tuple(named[:_TOLD]), furniture)


def _for(weights: Sequence[float], column: int) -> float:
    """How much a cue speaks for a kind rather than for the article's other kinds, in log-odds."""
    own = weights[:-1]
    return weights[column] - (sum(own) - weights[column]) / (len(own) - 1)


def _softmax(sums: Sequence[float]) -> list[float]:
    highest = max(sums)
    powers = [math.exp(one - highest) for one in sums]
    whole = sum(powers)
    return [one / whole for one in powers]


@cache
def _model() -> dict[str, Any]:
    model: dict[str, Any] = json.loads(_COEFFICIENTS.read_text(encoding="utf-8"))
    return model

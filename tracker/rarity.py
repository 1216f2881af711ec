"""How telling a word is: two claims that share "lysychansk" have more in common than two that share "people".

Weights are inverse document frequencies over public collections of verified claims (`training/matching.py`), fixed and
shipped, so that a match means the same in a store of sixty claims and in one of sixty thousand.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


def weight(words: AbstractSet[str]) -> float:
    """The sum of the words' weights; about 1.4 for the most common word, about 8 for one that is not in the table."""
    known, rare = _weights()
    return sum([known.get(word, rare) for word in words])  # a list: half the time of a generator


def of(word: str) -> float:
    """The weight of one word, as `words.stem` leaves it."""
    known, rare = _weights()
    return known.get(word, rare)


@cache
def _weights() -> tuple[dict[str, float], float]:
    table = json.loads((Path(__file__).parent / "data" / "word-weights.json").read_text(encoding="utf-8"))
    return table["weights"], table["rare"]

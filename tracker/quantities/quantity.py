"""The nouns of the number engine: quantities, changes, and numerals that are none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Qualifier(StrEnum):
    """How a quantity is hedged: as it stands, roughly, with a bound, or between two values."""

    EXACT = "exact"
    ABOUT = "about"
    MORE_THAN = "more-than"
    AT_LEAST = "at-least"
    LESS_THAN = "less-than"
    AT_MOST = "at-most"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text with its unit and hedge; `value` is (low, high) for a range.

    `unit` is "" for a bare count, an ISO currency code, `percent`, `percentage-point`, `ratio` (a share in words),
    `times`, `person`, or a measure in the singular; `counted` the noun that is counted ("troops"), "" where none is
    seen; `per` what a rate is for ("week", "100,000"). `text[start:end]` is the whole expression: hedge, number, unit.
    """

    value: float | tuple[float, float]
    unit: str
    qualifier: Qualifier
    start: int
    end: int
    counted: str = ""
    per: str = ""

    @property
    def span(self) -> tuple[int, int]:
        """Its characters, end exclusive."""
        return self.start, self.end

    @property
    def low(self) -> float:
        """The lower end of a range; else the value."""
        return self.value[0] if isinstance(self.value, tuple) else self.value

    @property
    def high(self) -> float:
        """The upper end of a range; else the value."""
        return self.value[1] if isinstance(self.value, tuple) else self.value


@dataclass(frozen=True, slots=True)
class Change:
    """From one quantity to another, in the order of time, not of the text."""

    before: Quantity
    after: Quantity


@dataclass(frozen=True, slots=True)
class Mask:
    """A numeral that is no quantity, and what it is instead: a year, a date, a score, part of a name ..."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantities:
    """The quantities of a text and the numerals that are none, both in reading order; changes join two of `found`."""

    found: tuple[Quantity, ...] = ()
    changes: tuple[Change, ...] = ()
    masked: tuple[Mask, ...] = ()

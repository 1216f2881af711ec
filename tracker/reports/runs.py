"""A text cut into runs at the ends of spans, so that a report can mark them where they stand. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tracker.models import Span


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a text and the numbers of the spans that cover all of it, ascending; none for what is between."""

    text: str
    covered_by: tuple[int, ...] = ()


def cut(text: str, spans: Iterable[tuple[int, Sequence[Span]]]) -> Iterator[Run]:
    """The whole text in runs; `spans` are numbered, several may have one number, and they may overlap.

    Blanks at a span's ends, and what of it is outside of the text, are left out. Spans of one number with mere blanks
    between them become one.
    """
    events: dict[int, list[tuple[int, int]]] = {0: [], len(text): []}
    for number, places in spans:
        for start, end in _joined(text, places):
            events.setdefault(start, []).append((number, 1))
            events.setdefault(end, []).append((number, -1))
    covering: dict[int, int] = {}
    ends = sorted(events)
    for start, end in pairwise(ends):
        for number, change in events[start]:
            covering[number] = covering.get(number, 0) + change
        yield Run(text[start:end], tuple(sorted(number for number, depth in covering.items() if depth)))
        covering = {number: depth for number, depth in covering.items() if depth}


def _joined(text: str, places: Sequence[Span]) -> list[Span]:
    """The places within the text, without blanks at their ends, in order; those that touch are one."""
    found: list[Span] = []
    for first, last in sorted(places):
        start, end = max(first, 0), max(min(last, len(text)), 0)
        words = text[start:end].strip()
        if not words:
            continue
        start = text.index(words, start)
        end = start + len(words)
        if found and not text[found[-1][1] : start].strip():
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found

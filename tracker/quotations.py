"""Where words are quoted in a text, over sentences and paragraphs: a small machine over quotation marks. Pure.

A quotation that runs on has an opening mark on each paragraph and a closing one only on the last. A mark inside
another kind of marks is part of what is quoted, and an apostrophe is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.models import Span

_CLOSING = {"“": "”", "„": "“”", "«": "»", "‹": "›", "‘": "’", '"': '"', "'": "'"}
_MARK = re.compile("[“”„«»‹›‘’\"']")
_SINGLE = frozenset("‘’'")
_BEFORE_AN_OPENING = frozenset("([{—–-/*_:“„«\"'‘")
_ENDS = frozenset(".,!?…;:—–)")
_UNMARKED = 4  # paragraphs without any mark over which an open quotation may still wait for its closing one


@dataclass(frozen=True, slots=True)
class Quotation:
    """What is quoted within one paragraph, marks included; `goes_on` where it was opened in one before."""

    start: int
    end: int
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark that may open, close, or both; `surely` where it closes beyond doubt, being beside punctuation."""

    at: int
    sign: str
    opens: bool
    closes: bool
    surely: bool

    def ends(self, opening: str) -> bool:
        return self.closes and self.sign in _CLOSING[opening]


def quotations(text: str, paragraphs: Sequence[Span]) -> list[Quotation]:
    """All that is quoted in the paragraphs, given as spans of the text in reading order."""
    marks = [list(_marks(text, start, end)) for start, end in paragraphs]
    found: list[Quotation] = []
    opening: str | None = None
    for index, (start, end) in enumerate(paragraphs):
        goes_on = opening is not None and _goes_on(marks[index : index + _UNMARKED], start, opening)
        scan = _Paragraph(start, end, opening if goes_on else None)
        scan.read(marks[index])
        opening = scan.opening
        runs_on = opening is not None and _opens_with(marks[index + 1 : index + 2], paragraphs, index + 1, opening)
        if opening is not None and (opening not in _SINGLE or runs_on):
            scan.found.append(Quotation(scan.since, end, scan.goes_on))
        elif opening is not None:
            opening = None  # a single mark that nothing closes is an apostrophe
        found += scan.found
    return found


class _Paragraph:
    """Reads the marks of one paragraph in order; `opening` is the mark that is open, if one is, since `since`."""

    def __init__(self, start: int, end: int, opening: str | None) -> None:
        self.start, self.end = start, end
        self.opening, self.since = opening, start
        self.goes_on = opening is not None
        self.found: list[Quotation] = []

    def read(self, marks: Sequence[_Mark]) -> None:
        for place, mark in enumerate(marks):
            if self.opening is None:
                if mark.opens and not (mark.sign == "'" and not _is_closed(marks, place)):
                    self._open(mark)
            elif mark.at == self.start and mark.sign == self.opening:
                continue  # opened again at the head of the next paragraph
            elif mark.ends(self.opening) and not self._is_apostrophe(marks, place):
                self._close(mark.at + 1)
            elif mark.opens and mark.sign == self.opening and mark.sign not in _SINGLE:
                self._close(mark.at)  # the one before was never closed
                self._open(mark)

    def _open(self, mark: _Mark) -> None:
        self.opening, self.since, self.goes_on = mark.sign, mark.at, False

    def _close(self, end: int) -> None:
        self.found.append(Quotation(self.since, end, self.goes_on))
        self.opening = None

    @staticmethod
    def _is_apostrophe(marks: Sequence[_Mark], place: int) -> bool:
        """True for "the workers' pay" inside single marks: a surer one follows before another quotation opens."""
        mark = marks[place]
        if mark.sign not in _SINGLE or mark.surely:
            return False
        later = next((one for one in marks[place + 1 : place + 5] if one.sign in _SINGLE and one.closes), None)
        opened = next((one for one in marks[place + 1 : place + 5] if one.sign in _SINGLE and one.opens), None)
        return later is not None and later.surely and (opened is None or opened.at > later.at)


def _is_closed(marks: Sequence[_Mark], place: int) -> bool:
    """Tell whether something may close a straight single mark; looked for near it only, to stay linear."""
    return any(mark.ends("'") for mark in marks[place + 1 : place + 20])


def _goes_on(ahead: Sequence[Sequence[_Mark]], start: int, opening: str) -> bool:
    """Tell whether an open quotation goes on in the paragraph that starts here: it is opened again, or closed later."""
    marks = ahead[0]
    if marks and marks[0].at == start:
        return marks[0].sign == opening
    for paragraph in ahead:
        own = next((mark for mark in paragraph if mark.sign == opening or mark.sign in _CLOSING[opening]), None)
        if own is not None:
            return opening not in _SINGLE and own.ends(opening) and not own.opens
    return False


def _opens_with(ahead: Sequence[Sequence[_Mark]], paragraphs: Sequence[Span], index: int, opening: str) -> bool:
    return bool(ahead and ahead[0] and ahead[0][0].at == paragraphs[index][0] and ahead[0][0].sign == opening)


def _marks(text: str, start: int, end: int) -> Iterator[_Mark]:
    places = [match.start() for match in _MARK.finditer(text, start, end)]
    for at in places:
        sign = text[at]
        before = text[at - 1] if at > start else " "
        after = text[at + 1] if at + 1 < end else " "
        free = before.isspace() or before in _BEFORE_AN_OPENING
        if sign in "“„«‹":
            # „so“ closes with what opens elsewhere; " “" after a space opens
            yield _Mark(at, sign, opens=True, closes=sign == "“" and not free, surely=True)
        elif sign in "”»›":
            yield _Mark(at, sign, opens=False, closes=True, surely=True)
        else:
            apart = not (before.isalnum() and after.isalnum())
            opens = sign != "’" and free and not after.isspace() and apart
            closes = sign != "‘" and not before.isspace() and not after.isalnum()
            surely = sign == '"' or before in _ENDS or after in _ENDS or at + 1 == end
            yield _Mark(at, sign, opens=opens and not (before in "\"'" and closes), closes=closes, surely=surely)


def parted(spans: Sequence[Quotation], pieces: Sequence[Span]) -> list[list[Quotation]]:
    """For each piece of the text, in order, what of it is quoted, cut at its ends."""
    found: list[list[Quotation]] = []
    first = 0
    for start, end in pieces:
        while first < len(spans) and spans[first].end <= start:
            first += 1
        at = first
        here: list[Quotation] = []
        while at < len(spans) and spans[at].start < end:
            one = spans[at]
            here.append(Quotation(max(start, one.start), min(end, one.end), one.goes_on or one.start < start))
            at += 1
        found.append(here)
    return found

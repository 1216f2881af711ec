"""Dumps of any size, taken apart as they are read: never more in memory than one part of limited size.

A part is an object or list that is small enough to be read whole; a larger one is opened, and its parts are read. So a
feed of gigabytes is read entry by entry, a small document at once, with all that refers to each other in it. A part
that is no JSON is opened too, so that one broken review costs no other. (ijson, the library for this, stops for good
at the first fault and holds a text whole, however long it is.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.claimreview.repair import Unmendable, parse
from tracker.claimreview.shapes import MAX_DEPTH, mentions_reviews
from tracker.claimreview.streams import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_WHOLE = 2_000_000  # characters of a document that is read at once
MAX_REVIEW = 10_000_000  # characters of one review

# A text ends at its line's end at the latest, as JSON has it: so a quotation mark too many costs a line, not the rest.
_TOKEN = re.compile(r'"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+"|["{}\[\]]')
_IN_TEXT = re.compile(r'[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+')
# What names a review on its first level, in quotation marks of whatever kind.
_REVIEWED = re.compile(r"claimReviewed[\"'“”]?\s*:|\btype[\"'“”]\s*:\s*[\"'“]?[^\"'“”,]{0,40}\bClaimReview\b")
_TYPES = re.compile(r"\s*:\s*\[[^\[\]{}]{0,300}\bClaimReview\b")
_NAMED_WITHIN = 200_000  # characters from its beginning, in which a large review must name itself as one
_ENDS = "the file ends in the middle; what stands before was read"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document: its place and its value, or why it cannot be read."""

    path: str
    value: Any = None
    notes: tuple[str, ...] = ()
    reason: str | None = None
    raw: str = ""


def parts(stream: Stream) -> Iterator[Part]:
    """The parts of a JSON document, or of several in a row, in their order."""
    yield from _Splitter(stream).parts()


class _Splitter:
    """A window on the text: `_at` is where reading stands in it, and what lies behind that is given up."""

    def __init__(self, stream: Stream, ending: str = _ENDS) -> None:
        self._stream = stream
        self._ending = ending
        self._cut = False
        self._window = ""
        self._at = 0
        self._told_of_end = False
        self._behind = 0  # characters that were given up
        # What the last search for an end left open, outermost first, and how far it came (counted with those given up).
        self._open: list[int] = []
        self._searched = 0

    def parts(self) -> Iterator[Part]:
        number = 0
        while self._find_opening():
            number += 1
            yield from self._part("" if number == 1 else f" (value {number})", 0)
        if self._stream.fault and not self._told_of_end:
            yield Part("", reason=self._stream.fault)

    def _find_opening(self) -> bool:
        """Go to the next bracket that opens something."""
        while token := self._next():
            if token[0] in "{[":
                self._at -= 1
                return True
        return False

    def _part(self, path: str, depth: int) -> Iterator[Part]:
        """Read the object or list that begins here, whole or opened, and go behind it."""
        self._give_up_behind()
        end = self._end(MAX_WHOLE)
        is_review = end is None and is_review_itself(self._window, self._at, self._at + _NAMED_WITHIN)
        if is_review:
            end = self._end(MAX_REVIEW)
        if end is not None:
            text = self._window[self._at : end]
            self._at = end
            yield from _read(text, path, depth)
        elif self._cut and (last := self._last(path, depth, is_review=is_review)):
            yield last
        elif is_review:
            raw = self._window[self._at : self._at + MAX_WHOLE]
            self._pass_over()
            yield Part(path, reason=f"a review of more than {MAX_REVIEW:,} characters", raw=raw)
        elif depth > MAX_DEPTH:
            self._pass_over()
            yield Part(f"{path[:60]}…", reason=f"nested more than {MAX_DEPTH} deep; what is deeper was not read")
        else:
            yield from self._opened(path, depth)

    def _last(self, path: str, depth: int, *, is_review: bool) -> Part | None:
        """The last part, whose end is missing; None where it is to be opened.

        It is mended where only its own last brackets are missing; if those around it are missing too, the file was cut.
        """
        text = self._window[self._at :]
        fault = self._stream.fault
        try:
            value, notes = parse(text if not (fault or depth) and len(text) <= MAX_WHOLE else "")
        except Unmendable as error:
            if not is_review:
                return None
            self._told_of_end = True
            part = Part(path, reason=fault or (f"{self._ending} ({error})" if not depth else self._ending), raw=text)
        else:
            part = Part(path, value, notes)
        self._at = len(self._window)
        return part

    def opened_whole(self, path: str, depth: int) -> Iterator[Part]:
        """The parts of the object or list that the text is."""
        self._window += self._stream.read()
        yield from self._opened(path, depth)

    def _opened(self, path: str, depth: int) -> Iterator[Part]:
        """The parts within the object or list that begins here; what is neither in it holds no review."""
        is_list = self._window[self._at] == "["
        self._at += 1
        name, index = "", 0
        while True:
            self._give_up_behind()
            start = self._at
            token = self._next()
            if not token:
                break
            if is_list:
                index += self._window.count(",", start, self._at - len(token))
            if token[0] in "{[":
                self._at -= 1
                yield from self._part(f"{path}/{index if is_list else name}", depth + 1)
            elif token[0] in "}]":
                return
            else:
                name = token[1:-1][:80]
        if not self._told_of_end:
            self._told_of_end = True
            yield Part(path, reason=self._stream.fault or self._ending, raw=self._window[start:])

    def _end(self, limit: int) -> int | None:
        """Where what begins here ends; None where that is too far or too deep, or the text ends before.

        What an earlier search went through is not gone through again: the parts of a part begin where it did.
        """
        start = self._behind + self._at
        known = start in self._open
        still_open = self._open[self._open.index(start) :] if known else []
        at = (self._searched - self._behind) if known else self._at
        self._cut = False
        while at - self._at <= limit and len(still_open) <= 2 * MAX_DEPTH:
            found = self._search(at, limit)
            if found is None:
                break
            sign = self._window[found[0]]
            at = found[1]
            if sign in "{[":
                still_open.append(self._behind + found[0])
            elif sign in "}]":
                still_open.pop()
                if not still_open:
                    return at
        if known or not (self._open and start < self._searched):
            self._open, self._searched = still_open, self._behind + at
        return None

    def _search(self, at: int, limit: int) -> tuple[int, int] | None:
        """Where the next bracket or whole text is, from `at` on, reading on where the window ends; None for none."""
        while True:
            found = _TOKEN.search(self._window, at)
            if found and found[0] != '"':
                return found.span()
            if found:
                end, is_whole = self._end_of_text(found.end(), limit)
                if is_whole:
                    return found.start(), end
                if end:
                    at = end
                    continue
                return None
            at = len(self._window)
            if not self._can_read_on(limit):
                return None

    def _end_of_text(self, at: int, limit: int) -> tuple[int, bool]:
        """Where a text ends, and whether it does so by a quotation mark, not by its line's end; 0 where nowhere."""
        while True:
            inside = _IN_TEXT.match(self._window, at)
            at = inside.end() if inside else at
            ending = self._window[at : at + 2].lstrip("\\")
            if ending:
                at = self._window.index(ending[0], at) + 1
                return at, ending[0] == '"'
            if not self._can_read_on(limit):
                return 0, False

    def _can_read_on(self, limit: int) -> bool:
        if len(self._window) - self._at > limit:
            return False
        piece = self._stream.read()
        self._window += piece
        self._cut = not piece
        return bool(piece)

    def _next(self) -> str:
        """The next bracket or text, gone behind; a text that is longer than any review is passed over."""
        while True:
            found = self._search(self._at, MAX_REVIEW)
            if found:
                self._at = found[1]
                return self._window[slice(*found)]
            if self._stream.ended:
                self._at = len(self._window)
                return ""
            slashes = len(self._window) - len(self._window.rstrip("\\"))
            last = _TOKEN.search(self._window, self._at)
            self._behind += len(self._window)
            self._window = ('"' + "\\" * (slashes % 2)) if last else ""
            self._behind -= len(self._window)
            self._at = 0

    def _pass_over(self) -> None:
        """Go behind what begins here, whatever its size."""
        depth = 0
        while token := self._next():
            depth += (token[0] in "{[") - (token[0] in "}]")
            if not depth and token[0] in "}]":
                return
            self._give_up_behind()
        self._told_of_end = True

    def _give_up_behind(self) -> None:
        if self._at > MAX_WHOLE // 4:
            self._behind += self._at
            self._window = self._window[self._at :]
            self._at = 0


def is_review_itself(text: str, start: int = 0, until: int | None = None) -> bool:
    """Tell whether the object that begins there is a review, by the names on its first level."""
    if text[start : start + 1] != "{":
        return False
    own: list[str] = []
    until = len(text) if until is None else until
    depth, at, position = 0, start, start
    while token := _TOKEN.search(text, position, until):
        position = token.end()
        if token[0] == '"':  # a text without end: it is not looked into
            position = (text.find("\n", position, until) + 1) or until
        elif token[0][0] == '"':
            if depth == 1 and token[0] == '"@type"' and _TYPES.match(text, position):
                return True
        else:
            if depth == 1:
                own.append(text[at : token.start()])
            depth += 1 if token[0] in "{[" else -1
            at = position
    if depth == 1:
        own.append(text[at:until])
    return bool(_REVIEWED.search(" ".join(own)))


def _read(text: str, path: str, depth: int) -> Iterator[Part]:
    """A part whose whole text is there; one that is no JSON is mended, or opened where it holds several reviews."""
    several = text.count("claimReviewed") > 1 and depth <= MAX_DEPTH
    try:
        value, notes = parse(text, mend=not several or '"@id"' in text)  # opened, its parts do not find each other
    except Unmendable as error:
        if not mentions_reviews(text):
            return
        inner: list[Part] = []
        if several and not is_review_itself(text):
            inner = list(_Splitter(Stream([text]), str(error)).opened_whole(path, depth))
        yield from inner or [Part(path, reason=str(error), raw=text)]
    else:
        yield Part(path, value, notes)

"""Paragraphs: the lines of printed pages put together to running text. Pure.

What is known of a line is its words, where it begins, and how large it is. Running headers and page numbers go; a
paragraph ends at a gap, at another size of letters, at an indented line, or with a short line that ends a sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_EDGE = 2  # lines at the top and at the bottom of a page that may be furniture
_WIDE_GAP = 1.35  # of the usual step from line to line
_OTHER_SIZE = 0.08
_SHORT = 0.8  # of the longest line of the page
_INDENT = 0.8  # of the height of a letter
_NUMBER = re.compile(
    r"(?:page |seite |p\. ?)?[-–—|] ?\d{1,4} ?[-–—|]|(?:page |seite |p\. ?)\d{1,4}(?: (?:of|von|/) \d{1,4})?"
    r"|\d{1,4} ?(?:/|of|von) ?\d{1,4}",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"\d{1,4}|[ivxl]{1,7}")
_ENDS = re.compile(r"[.!?…:。！？][\"'”’»›)\]]*$")
_ITEM = re.compile(r"[•‣▪●◦■–-] ?\S")
_BROKEN_WORD = re.compile(r"(\w*[^\W\d_])[-\u00ad\u2010]$")
_SOFT = "\u00ad"


class Line(NamedTuple):
    """A line of a page: its words, where it begins (from the left, from below), and the height of its letters."""

    text: str
    x: float
    y: float
    size: float


def running_text(pages: Sequence[Sequence[Line]]) -> str:
    """Join the lines to paragraphs with blank lines between them, across pages where a sentence goes on."""
    kept = _without_furniture(pages)
    step = _usual_step(kept)
    blocks: list[list[str]] = []
    before: Line | None = None
    for page in kept:
        longest = max((len(line.text) for line in page), default=0)
        for number, line in enumerate(page):
            if before is None or (_begins(before, line, step, longest) if number else _begins_page(before, line)):
                blocks.append([])
            blocks[-1].append(line.text)
            before = line
    compounds = set(re.findall(r"\w+-\w+", " ".join(line.text for page in kept for line in page)))
    return "\n\n".join(_joined(block, compounds) for block in blocks)


def _without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Drop page numbers, and what stands at the edges of at least two pages and half of them (odd and even ones)."""
    edges = [_edges(page) for page in pages]
    seen = Counter(key for page in edges for key in {_key(line) for line in page})
    least = max(2, len(pages) / 2 if len(pages) < 6 else len(pages) / 3)
    return [
        [line for line in page if line not in edge or not _is_furniture(line, seen[_key(line)] >= least, len(pages))]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edges(page: Sequence[Line]) -> set[Line]:
    ordered = sorted(page, key=lambda line: line.y)
    return {*ordered[:_EDGE], *ordered[-_EDGE:]}


def _key(line: Line) -> tuple[str, int]:
    """What is the same of a header on every page: its words, whatever its figures, and its height on the page."""
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.y / 4)


def _is_furniture(line: Line, repeated: bool, pages: int) -> bool:
    return repeated or bool(_NUMBER.fullmatch(line.text)) or (pages > 1 and bool(_BARE_NUMBER.fullmatch(line.text)))


def _usual_step(pages: Iterable[Sequence[Line]]) -> float:
    """How far a line usually is below the one before, in heights of its letters."""
    steps = [
        (above.y - below.y) / below.size
        for page in pages
        for above, below in pairwise(page)
        if 0 < above.y - below.y < 4 * below.size and abs(above.size - below.size) <= _OTHER_SIZE * below.size
    ]
    return median(steps) if steps else 1.2


def _begins(above: Line, line: Line, step: float, longest: int) -> bool:
    """Tell whether a paragraph begins with a line, by how it follows the one above it on the page."""
    ended = bool(_ENDS.search(above.text))
    if _ITEM.match(line.text) or abs(above.size - line.size) > _OTHER_SIZE * max(above.size, line.size):
        return True
    if above.y < line.y:  # another column
        return ended
    if above.y - line.y > _WIDE_GAP * step * max(line.size, 1e-6):
        return True
    return ended and (len(above.text) < _SHORT * longest or line.x - above.x > _INDENT * line.size)


def _begins_page(above: Line, line: Line) -> bool:
    return bool(_ENDS.search(above.text)) or abs(above.size - line.size) > _OTHER_SIZE * max(above.size, line.size)


def _joined(lines: Sequence[str], compounds: set[str]) -> str:
    """Put a paragraph on one line; a hyphen at a line's end goes, unless the text has the word with it elsewhere."""
    parts: list[str] = []
    for line, following in pairwise([*lines, ""]):
        broken = _BROKEN_WORD.search(line)
        if broken is None or not following:
            parts += [line, " "]
        elif not following[0].islower():
            parts += [line, "" if line.endswith("-") else " "]
        else:
            first = re.match(r"\w+", following)
            kept = line[-1] != _SOFT and f"{broken[1]}-{first[0] if first else ''}" in compounds
            parts.append(line if kept else line[:-1])
    return "".join(parts).rstrip().replace(_SOFT, "")

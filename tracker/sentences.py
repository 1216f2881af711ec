"""Where the sentences of a text begin and end, to the character. Pure.

A text is cut into units first (a paragraph of prose, a headline, a list item), by its line breaks;
each unit is then cut into sentences by syntok, whose few measured faults are corrected here
(docs/decisions/0002-sentence-splitter.md).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from tracker.models import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class _Span(NamedTuple):
    start: int
    end: int


_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_LINE_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BULLET = re.compile(r"(?:[-*•‣▪●◦]|\d{1,2}[.)])\s")

_CLOSERS = "\"'”’»›)]}"
_STRAY_QUOTE = re.compile(r"[”»›](?:\s+|$)")
_ENDS_A_SENTENCE = re.compile(rf"[.!?…。！？]\s?[{re.escape(_CLOSERS)}]*$")

# Words that begin a sentence but no name: before one of them even "5 p.m." or "the U.S." is an end.
_OPENERS = (
    r"(?:He|She|It|They|We|You|I|The|This|That|These|Those|There|But|And|So|In|On|At|By|For|From|"
    r"As|If|When|While|After|Before|Since|Nobody|Nothing|None|What|Why|How|Who|Both|Many|Most|Some|"
    r"Only|His|Her|Its|Their|Our|My)\b"
)
_OPENER = re.compile(rf"[“‘\"']?{_OPENERS}")
_SURE_BREAK = re.compile(rf"(?<=[^.][.!?])[{re.escape(_CLOSERS)}]{{0,3}}\s+(?=[“‘\"']?{_OPENERS})")

# Abbreviations that never end a sentence: what follows is a name, or (second line) a figure.
_TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mx|Dr|Drs|Prof|Rev|Fr|Hon|St|Mt|Ft|Messrs|Gov|Sens?|Reps?|Pres|Amb|Cllr|Atty|"
    r"Supt|Det|Insp|Gen|Col|Maj|Capt|Lt|Sgt|Cpl|Pvt|Adm|Cmdr|Brig|vs?"
    r"|MR|MRS|MS|DR|PROF|REV|HON|GOV|SENS?|REPS?|PRES|GEN|COL|MAJ|CAPT|LT|SGT|ADM)\.$",  # as transcripts have them
)
_BEFORE_FIGURE = re.compile(r"\b(?:Nos?|Arts?|pp?|Figs?|Secs?|Ch|Vols?|paras?|approx|est|ca?)\.$")
_FIGURE = re.compile(r"[\d£$€]")
_AGENCY = re.compile(r"\([^()]{2,30}\)\s{0,2}[-–—]")
_NUMBERING = re.compile(r"^[(\[]?(?:\d{1,3}|[a-zA-Z])[.)]$")

# A headline is one unit even where it asks a question first; prose of its length ends with a mark.
_HEADLINE_LENGTH = 120
_NARROWEST = 30  # lines shorter than that are a list
_FAR_BACK = 24  # characters before a boundary that may decide on it; keeps the rules linear


def split_sentences(text: str) -> list[Sentence]:
    """Cut a text into sentences, in reading order.

    `text[s.start : s.end] == s.text` for each, and between two of them there is nothing but white
    space. Blank lines separate, and so does each line break, unless the text is hard-wrapped.
    A quotation mark stays with the sentence that it touches; a headline or list item is one unit.
    """
    return [
        Sentence(text[span.start : span.end], span.start, span.end)
        for unit in _units(text)
        for span in _sentences_of(text, unit)
    ]


def _units(text: str) -> Iterator[_Span]:
    """Yield paragraphs and single lines: the spans that no sentence crosses."""
    lines = [_trim(text, *match.span()) for match in _LINE.finditer(text)]
    lines = [line for line in lines if line.start < line.end]
    if not lines:
        return
    width = _wrap_width(text, lines)
    start = lines[0].start
    for line, following in pairwise(lines):
        if not _is_soft_break(text, line, following, width):
            yield _Span(start, line.end)
            start = following.start
    yield _Span(start, lines[-1].end)


def _wrap_width(text: str, lines: Sequence[_Span]) -> int | None:
    """Return the column at which a text is hard-wrapped, or None if its line breaks carry meaning."""
    pairs = [pair for pair in pairwise(lines) if _may_run_on(text, *pair)]
    carried_on = [pair for pair in pairs if text[pair[1].start].islower()]
    if not carried_on or len(carried_on) < 0.4 * len(pairs):
        return None
    lengths = sorted(line.end - line.start for line, _ in carried_on)
    width = lengths[-1 - len(lengths) // 20]  # in a long text not the very longest: maybe an address
    full = sum(_is_full(text, line, following, width) for line, following in carried_on)
    return width if width >= _NARROWEST and full >= 0.6 * len(carried_on) else None


def _is_soft_break(text: str, line: _Span, following: _Span, width: int | None) -> bool:
    """Tell whether a sentence may run on over the break after `line`."""
    if width is None or not _may_run_on(text, line, following):
        return False
    return text[following.start].islower() or _is_full(text, line, following, width)


def _is_full(text: str, line: _Span, following: _Span, width: int) -> bool:
    """Tell whether the first word of the next line would not have fitted."""
    word_end = following.start
    limit = min(following.end, following.start + width + 1)
    while word_end < limit and not text[word_end].isspace():
        word_end += 1
    return (line.end - line.start) + 1 + (word_end - following.start) > width


def _may_run_on(text: str, line: _Span, following: _Span) -> bool:
    """Tell whether neither a blank line nor a list item's mark parts two lines."""
    between = text[line.end : following.start]
    bullet = _BULLET.match(text, following.start, following.end)
    return bullet is None and len(_LINE_BREAKS.findall(between)) == 1


def _sentences_of(text: str, unit: _Span) -> Iterator[_Span]:
    """Cut one unit at its sentence boundaries."""
    content = text[unit.start : unit.end]
    cuts = _boundaries(content)
    if _is_headline(content, cuts):
        cuts = []
    for start, end in pairwise([0, *cuts, len(content)]):
        yield _trim(text, unit.start + start, unit.start + end)


def _boundaries(unit: str) -> list[int]:
    """Return where the second and later sentences of a unit begin, ascending."""
    from syntok import segmenter  # a tenth of a second, which commands that split nothing need not pay

    flat = _LINE_BREAKS.sub(lambda match: " " * len(match.group()), unit)  # syntok heeds blank lines
    found = {sentence[0].offset for part in segmenter.analyze(flat) for sentence in part}
    found.update(match.end() for match in _SURE_BREAK.finditer(flat))
    starts = {_skip_stray_quote(flat, _skip_space(flat, offset)) for offset in found}
    return [start for start in sorted(starts) if 0 < start < len(flat) and _is_boundary(flat, start)]


def _is_boundary(unit: str, start: int) -> bool:
    """Reject boundaries seen after titles, datelines, numbering and semicolons."""
    before = unit[max(0, start - _FAR_BACK) : start]
    left = before.rstrip()
    if left.endswith(";") or (left == before and unit[start] in _CLOSERS):
        return False
    if start <= len(before) and _NUMBERING.match(left.lstrip()):
        return False
    if _BEFORE_FIGURE.search(left) and _FIGURE.match(unit, start):
        return False
    if _TITLE.search(left) and not _OPENER.match(unit, start):
        return False
    return not (left.endswith(".") and unit.startswith("(", start) and _is_dateline(unit, start))


def _is_dateline(unit: str, start: int) -> bool:
    """Tell whether an agency's mark starts here, as in "SALEM, Ore. (AP) -"."""
    return start < _HEADLINE_LENGTH and _AGENCY.match(unit, start) is not None


def _is_headline(unit: str, cuts: Sequence[int]) -> bool:
    """Tell whether a unit is a short line without a closing mark, cut after questions only."""
    if not cuts or len(unit) > _HEADLINE_LENGTH or _ENDS_A_SENTENCE.search(unit[-_FAR_BACK:]):
        return False
    return all(unit[:cut].rstrip().rstrip(_CLOSERS)[-1:] in {"?", "!"} for cut in cuts)


def _trim(text: str, start: int, end: int) -> _Span:
    """Take the white space off both ends of a span."""
    while start < end and text[end - 1].isspace():
        end -= 1
    return _Span(min(_skip_space(text, start), end), end)


def _skip_stray_quote(text: str, position: int) -> int:
    """Step over a closing mark set off by a space, as in the French « Oui. »."""
    stray = _STRAY_QUOTE.match(text, position)
    return stray.end() if stray else position


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position

"""Whose words each sentence of an article quotes or reports, by the fullest name that the article gives. Pure.

A sentence of its own says who speaks (`sayings`), or a quotation goes on from one that did (`flow`), or a label holds
from the beginning of a line (`turns`). Institutions, the unnamed and headlines are nobody; in doubt it is nobody.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.flow import FLAT, Flow, line_of
from tracker.people import People, Person
from tracker.quotations import parted, quotations
from tracker.turns import Label, Turn, turns

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from tracker.models import Sentence

_ENDS_PROSE = re.compile(r"[.!?…:;,—–-][\"'”’»›)\]]*$")
_ENDS_WITHIN = re.compile(r"[.!?…][\"'”’»›)\]]{1,2}\s")  # "...there never was." ok then
_TWO_CAPITALS = re.compile(r"[^\W\d_a-z][\w.’'-]*[\s-](?:[a-z]{1,3} ){0,2}[^\W\d_a-z]")
_CREDIT = re.compile(r"\(?(?:By|Reporting by|Writing by|Additional reporting|Photo)\b")
_TAIL = 30  # characters that a verb and what follows have at most in "Jane Roe, a farmer, asked the panel."
_LONG_NAME = 7  # words


def attribute(
    text: str, sentences: Sequence[Sentence], named: Sequence[tuple[int, int, str | None]] = ()
) -> list[Sentence]:
    """Return the sentences, in order, with `speaker` set where a named person's words are quoted or reported.

    `sentences` are those of `text` in reading order, with their boilerplate marked, which nobody speaks. `named` are
    spans of the text, none within another, that the document itself gives to somebody: who begins a sentence within
    one is its speaker, by exactly that name (None: somebody unnamed), and no rule is asked.
    """
    given = _given(sentences, named)
    found: Iterable[str | None]
    if given:
        rest = iter(_attributed(text, sentences, given, [name for _, _, name in named if name and _is_full_name(name)]))
        found = (given[index] if index in given else next(rest) for index in range(len(sentences)))
    else:
        found = _attributed(text, sentences, given, ())
    return [replace(one, speaker=name) for one, name in zip(sentences, found, strict=True)]


def _given(sentences: Sequence[Sentence], named: Sequence[tuple[int, int, str | None]]) -> dict[int, str | None]:
    """To whom the document itself gives sentences, by their index."""
    spans = sorted(named, key=lambda span: span[:2])
    starts = [start for start, _, _ in spans]
    found: dict[int, str | None] = {}
    for index, sentence in enumerate(sentences):
        at = bisect_right(starts, sentence.start) - 1
        if at >= 0 and sentence.start < spans[at][1]:
            found[index] = spans[at][2]
    return found


def _attributed(
    text: str, sentences: Sequence[Sentence], given: Mapping[int, str | None], names: Sequence[str]
) -> list[str | None]:
    """The speakers that the rules find for the sentences that the document gives to nobody."""
    free = [index for index in range(len(sentences)) if index not in given]
    breaks = {at for at, index in enumerate(free) if index and index - 1 in given}
    sentences = [sentences[index] for index in free]
    whose = _apart(turns(text, sentences), breaks)
    paragraphs = _paragraphs(text, sentences, breaks)
    people = _people(sentences, whose, paragraphs, names)
    speakers: list[Person | None] = [None] * len(sentences)
    flow = Flow(people, speakers)
    spans = [(sentences[block[0]].start, sentences[block[-1]].end) for block in paragraphs]
    ends, passed = sorted(breaks), 0
    quoted = parted(quotations(text, spans), [(one.start, one.end) for one in sentences])
    for block in paragraphs:
        if bisect_right(ends, block[0]) > passed:
            passed = bisect_right(ends, block[0])
            flow.close()
        flow.read(
            [line_of(index, sentences[index], quoted[index], people) for index in block if not _label(whose[index])]
        )
    for index, turn in enumerate(whose):
        if turn is not None and turn.label is not None:
            speakers[index] = _of_label(people, turn.label, index)
    people.spelt()
    return [person.name if person else None for person in speakers]


def _apart(whose: Sequence[Turn | None], breaks: Container[int]) -> list[Turn | None]:
    """The turns, of which none goes on behind words that the document itself gives to somebody."""
    found: list[Turn | None] = []
    ended: Turn | None = None
    for index, turn in enumerate(whose):
        if index in breaks and index and turn is whose[index - 1]:
            ended = turn
        found.append(None if turn is not None and turn is ended else turn)
    return found


def _of_label(people: People, label: Label, index: int) -> Person | None:
    if label.is_named or (not label.is_role and len(label.name) <= 2):  # initials
        return people.labelled(label.name, label.title, index)
    return None if label.is_role else people.called(label.name)


def _label(turn: Turn | None) -> bool:
    return turn is not None and turn.label is not None


def _paragraphs(text: str, sentences: Sequence[Sentence], breaks: Container[int]) -> list[list[int]]:
    """The indices of the article's own sentences, by paragraph; without headlines, bylines and credits."""
    wrapped = any("\n" in one.text for one in sentences)
    blocks: list[list[int]] = []
    for index, sentence in enumerate(sentences):
        gap = text[sentences[index - 1].end : sentence.start] if index else "\n\n"
        if index in breaks or gap.count("\n") > wrapped or not blocks:
            blocks.append([])
        blocks[-1].append(index)
    kept = [[index for index in block if not sentences[index].boilerplate] for block in blocks]
    return [block for block in kept if block and not _is_heading([sentences[index].text for index in block])]


def _is_heading(block: Sequence[str]) -> bool:
    """Tell whether a line is a headline, a byline or a credit: no sentence ends there."""
    unfinished = not _ENDS_PROSE.search(block[0][-8:]) and not _ENDS_WITHIN.search(block[0][-_TAIL:])
    return _CREDIT.match(block[0]) is not None or (len(block) == 1 and unfinished)


def _people(
    sentences: Sequence[Sentence],
    whose: Sequence[Turn | None],
    paragraphs: Sequence[Sequence[int]],
    names: Iterable[str],
) -> People:
    people = People()
    for name in set(names):
        people.add(name, 0)
    for turn in {id(turn): turn for turn in whose if turn is not None}.values():
        if turn.label is not None and turn.label.is_named and " " in turn.label.name:
            people.add(turn.label.name, 0)
    prose = {index for block in paragraphs for index in block}
    is_transcript = any(turn is not None for turn in whose)
    for index, sentence in enumerate(sentences):
        spoken = _label(whose[index]) and not _TWO_CAPITALS.search(sentence.text)  # names nobody in full
        if (index in prose or is_transcript) and not (spoken or sentence.boilerplate):
            people.read(sentence.text.translate(FLAT), index)
    people.settle()
    return people


def _is_full_name(name: str) -> bool:
    """True for a name that others in the text may be short for; not for "Speaker 1"."""
    words = name.split()
    return 1 < len(words) < _LONG_NAME and all(word[0].isupper() and not any(map(str.isdigit, word)) for word in words)

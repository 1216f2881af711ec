"""Whose words each sentence of an article quotes or reports, by the fullest name that the article gives. Pure.

A sentence of its own says who speaks (`sayings`), or a quotation goes on from one that did (`quotations`), or a label
holds from the beginning of a line (`turns`). Institutions, the unnamed and headlines are nobody; in doubt it is nobody.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.gazetteer import TITLES, fold
from tracker.mentions import mentions
from tracker.name import NameKind
from tracker.people import People, Person, Spot
from tracker.quotations import Quotation, parted, quotations
from tracker.sayings import QUOTED, Saying, reports, saying
from tracker.turns import Label, Turn, turns

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from tracker.models import Sentence

_ENDS_PROSE = re.compile(r"[.!?…:;,—–-][\"'”’»›)\]]*$")
_ENDS_WITHIN = re.compile(r"[.!?…][\"'”’»›)\]]{1,2}\s")  # "...there never was." ok then
_TWO_CAPITALS = re.compile(r"[^\W\d_a-z][\w.’'-]*[\s-](?:[a-z]{1,3} ){0,2}[^\W\d_a-z]")
_KIN = re.compile(r"\b(?:[Hh]er|[Hh]is)\s(?:[\w-]+\s){0,2}[\w-]+,?\s$")
_FLAT = str.maketrans("\n\r", "  ")  # a hard-wrapped name is one
_CREDIT = re.compile(r"\(?(?:By|Reporting by|Writing by|Additional reporting|Photo)\b")
_SOMEBODY = re.compile(
    r"\b(?:[Aa]n?|[Oo]ne|[Aa]nother)\s(?:[\w-]+\s){0,3}?(?:man|woman|neighbou?r|resident|nurse|doctor|teacher|official|source"
    r"|student|farmer|worker|driver|shopper|voter|passer-by|witness|mother|father|boy|girl|teenager|pensioner|officer"
    r"|volunteer|patient|customer|spokesman|spokeswoman|spokesperson|hiker|waiter|waitress|fisherman|lawyer|soldier)\b"
)
_NO_PEOPLE = frozenset({NameKind.COUNTRY, NameKind.PLACE, NameKind.ORGANISATION})
_ITSELF = re.compile(  # "said on Monday it sold", not "said it was"
    r"[a-z]+(?: (?:on \w+|last \w+|that|yesterday|today))*"
    r" (?:its\b|it (?!is\b|was\b|would\b|were\b|wasn|isn|could\b|can\b|may\b|might\b))"
)
_WORD = re.compile(r"\w")
_THIRD = {"f": re.compile(r"\b(?:she|hers?)\b", re.IGNORECASE), "m": re.compile(r"\b(?:he|his|him)\b", re.IGNORECASE)}
_GOES_ON = {"f": re.compile(r"(?:And |But |Then )?[Ss]he\b"), "m": re.compile(r"(?:And |But |Then )?[Hh]e\b")}
_NOT_ACTING = re.compile(  # somebody else does, or nobody speaks
    r"\bby\b|\b(?:was|were|been|being|is|are|got)\s(?:\w+ly\s)?\w+(?:ed|en)\b"
    r"|\b(?:declin|refus)\w+|\bnot?\b|\bnever\b|n[’']t\b|\bsilent\b|\bunavailable\b|\bcould not\b"
)
_PREPOSITION = re.compile(r"\b(?:for|of|with|by|from|to|against|about|on|at|in)\s(?:\w+\.?\s)?$")
_TAIL = 30  # characters that a verb and what follows have at most in "Jane Roe, a farmer, asked the panel."
_AHEAD = 30  # sentences of a paragraph in which to look for who says its first words
_FAR = 2  # paragraphs behind which a pronoun is not certain where it may mean two
_LONG_NAME = 7  # words
_MEMORY = 6  # how many people back a pronoun may reach


@dataclass(slots=True)
class _Line:
    """A sentence as the flow reads it: what is quoted of it, who is named in it, and who it says is speaking."""

    index: int
    text: str
    narration: str
    quoted: list[Quotation]
    spots: list[Spot]
    said: Saying | None

    @property
    def quotes(self) -> bool:
        """True where it is all quoted: nothing outside its marks tells who may be speaking."""
        return bool(self.quoted) and not _WORD.search(self.narration)

    @property
    def is_mixed(self) -> bool:
        """True where it quotes somebody, and its other words do not tell whom."""
        return bool(self.quoted) and self.said is None and not self.quotes

    @property
    def goes_on(self) -> bool:
        """True where it begins within a quotation that an earlier sentence opened."""
        return bool(self.quoted) and self.quoted[0].goes_on

    def is_kin(self, spot: Spot) -> bool:
        """True where somebody is named as somebody else's: "her sister, Jane Roe"."""
        return _KIN.search(self.narration[max(0, spot.start - _TAIL) : spot.start]) is not None

    @property
    def subject(self) -> Spot | None:
        """Who stands where its subject would: the first one named, early and with no preposition before."""
        spot = next((one for one in self.spots if self.narration[one.start] != QUOTED), None)
        if spot is None or spot.owns or len(self.narration[: spot.start].split()) > 6:
            return None
        return None if _PREPOSITION.search(self.narration[: spot.start]) else spot

    @property
    def only(self) -> Person | None:
        """Who is named where nobody else acts, and nobody's words are reported."""
        spot = self.subject
        if spot is None or len({id(one.person) for one in self.spots}) > 1 or spot.person.gender is None:
            return None
        before = self.narration[: spot.start]
        if before and not before.endswith(", ") and fold(before.split()[-1]).rstrip(".") not in TITLES:
            return None
        silent = self.quoted or reports(self.narration) or _NOT_ACTING.search(self.narration)
        return None if silent else spot.person


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
    flow = _Flow(people, speakers)
    spans = [(sentences[block[0]].start, sentences[block[-1]].end) for block in paragraphs]
    ends, passed = sorted(breaks), 0
    quoted = parted(quotations(text, spans), [(one.start, one.end) for one in sentences])
    for block in paragraphs:
        if bisect_right(ends, block[0]) > passed:
            passed = bisect_right(ends, block[0])
            flow.close()
        flow.read(
            [_line(index, sentences[index], quoted[index], people) for index in block if not _label(whose[index])]
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
            people.read(sentence.text.translate(_FLAT), index)
    people.settle()
    return people


def _line(index: int, sentence: Sentence, quoted: list[Quotation], people: People) -> _Line:
    flat = sentence.text.translate(_FLAT)
    pieces: list[str] = []
    end = sentence.start
    for one in quoted:
        pieces += [flat[end - sentence.start : one.start - sentence.start], QUOTED * (one.end - one.start)]
        end = one.end
    narration = "".join([*pieces, flat[end - sentence.start :]])
    spots = people.spots(flat, index)
    said = saying(narration, spots)
    if said is not None and said.office:
        holder = people.holding(said.office)
        said = replace(said, person=holder) if holder or said.is_plain else None
    return _Line(index, flat, narration, quoted, spots, said)


class _Flow:
    """Goes through the paragraphs in order and keeps who spoke last, who was named last, and who is still quoted."""

    def __init__(self, people: People, speakers: list[Person | None]) -> None:
        self._people = people
        self._speakers = speakers
        self._current: Person | None = None  # whose a quotation is that nothing else says whose it is
        self._spoke = False  # whether that person has spoken, and was not merely named
        self._sayers: set[int] = set()  # who has said something before
        self._recent: list[tuple[Person | None, int]] = []  # whom "she" may mean, the last one last; None is unnamed
        self._open: list[int] = []  # sentences of the quotation that is open, but for one that says who speaks
        self._opened: Person | None = None  # whom the sentence names that opened it
        self._kin: set[int] = set()  # who was named as somebody's: "her sister, Jane Roe"
        self._paragraph = 0

    def read(self, lines: Sequence[_Line]) -> None:
        """Set the speakers of one paragraph."""
        if not lines:
            return
        self._paragraph += 1
        sayers = [self._sayer(line) for line in lines]
        named = {id(spot.person) for line in lines for spot in line.spots if line.narration[spot.start] != QUOTED}
        known = False  # whether the paragraph itself has told who speaks
        for place, line in enumerate(lines):
            if line.said is not None:
                self._is_now(sayers[place], spoke=True)
                known = True
                self._set(line, sayers[place])
            elif line.is_mixed:
                ends = line.goes_on and not reports(line.narration)
                self._set(line, self._opened if ends else None)
                self._is_now(None)
            elif line.quotes or line.goes_on:
                if place == 0 or not line.goes_on:
                    self._is_now(self._of_quotation(lines, sayers, place, known=known), spoke=True)
                self._set(line, self._current)
            else:
                self._narrated(line, named)

    def close(self) -> None:
        """Nobody goes on behind words that the document itself gives to somebody."""
        self._is_now(None)
        self._open, self._opened = [], None
        self._name(None)

    def _is_now(self, person: Person | None, *, spoke: bool = False) -> None:
        self._current, self._spoke = person, spoke and person is not None

    def _narrated(self, line: _Line, named: set[int]) -> None:
        """Let who spoke go on only over narration about the same person; take up who alone is named."""
        others = any(spot.person is not self._current for spot in line.spots)
        if self._current is not None and self._spoke and not others:
            goes_on = _GOES_ON.get(self._current.gender or "")
            if line.subject is not None or (goes_on is not None and goes_on.match(line.narration)):
                return
        self._is_now(line.only if len(named) == 1 else None)

    def _of_quotation(
        self, lines: Sequence[_Line], sayers: Sequence[Person | None], place: int, *, known: bool
    ) -> Person | None:
        """Who says the quotation that begins with a sentence, or goes on with a paragraph."""
        said = _told_later(lines, sayers, place, self._current, known=known)
        if said is None or said is not self._current:
            return said
        run = [lines[place]]
        for line in lines[place + 1 : place + _AHEAD]:
            if not line.quotes:
                break
            run.append(line)
        if any(spot.person is said for line in run for spot in line.spots):
            return None
        third = _THIRD[said.gender or "f"]
        return None if not self._spoke and any(third.search(line.text) for line in run) else said

    def _set(self, line: _Line, person: Person | None) -> None:
        """Set who says a sentence, and what went before of the quotation that it ends."""
        self._speakers[line.index] = person
        if not line.goes_on:
            self._open = []
            self._opened = person if line.said is not None else None
        elif (line.said is not None or line.is_mixed) and line.narration.startswith(QUOTED):
            for index in self._open:
                self._speakers[index] = person
            self._open = []
        if line.said is None:
            self._open.append(line.index)

    def _sayer(self, line: _Line) -> Person | None:
        """The person whom a sentence says is speaking; and remember whom it was about."""
        said = line.said
        sayer = None
        if said is not None:
            sayer = said.person or (self._meant(line, said) if said.pronoun else None)
        if said is not None and sayer is not None and said.person is not None and self._may_be_no_person(line, said):
            sayer = None
        if sayer is not None:
            self._sayers.add(id(sayer))
        if sayer is not None and said is not None and said.pronoun is not None:
            self._kin.discard(id(sayer))
        self._kin.update(id(spot.person) for spot in line.spots if line.is_kin(spot))
        subject = line.subject
        if subject is not None and subject.person is not sayer:
            self._name(subject.person)
        elif subject is None and said is None:
            others = {id(one.person): one.person for one in line.spots if line.narration[one.start] != QUOTED}
            if len(others) == 1:
                self._name(*others.values())
        if sayer is not None:
            self._name(sayer)
        elif (
            (said is None and not line.spots and _SOMEBODY.search(line.narration))
            or (said is not None and not said.is_named)
            or (line.is_mixed and subject is None)
        ):
            self._name(None)
        return sayer

    def _may_be_no_person(self, line: _Line, said: Saying) -> bool:
        """Tell whether a mere surname is as good a place's or a company's, and nobody of that name has spoken yet."""
        if id(said.person) in self._sayers:
            return False
        own = [spot for spot in line.spots if spot.person is said.person and line.narration[spot.start] != QUOTED]
        if not own or not all(spot.alone for spot in own):
            return False
        word = line.narration[own[0].start : own[0].end]
        return _is_listed(word) or _ITSELF.match(line.narration, said.at) is not None

    def _name(self, person: Person | None) -> None:
        self._recent = [*(one for one in self._recent[-_MEMORY:] if one[0] is not person), (person, self._paragraph)]

    def _meant(self, line: _Line, said: Saying) -> Person | None:
        """Whom "he" or "she" means."""
        gender = {"she": "f", "he": "m"}.get(said.pronoun or "")
        subject = line.subject
        if gender is None:
            last = next(iter(self._recent[-1:]), (None, 0))
            return last[0] if self._paragraph - last[1] < _FAR else None
        if subject is not None and subject.start < said.at and _fits(subject.person, gender):
            return _learnt(subject.person, gender)
        person, paragraph = next((one for one in reversed(self._recent) if _may_be(one[0], gender)), (None, 0))
        if person is None:
            return None
        others = [one for one, _ in self._recent if one is not None and one is not person and _fits(one, gender)]
        far = self._paragraph - paragraph > (0 if id(person) in self._kin else _FAR)
        return None if far and others else _learnt(person, gender)


def _told_later(
    lines: Sequence[_Line], sayers: Sequence[Person | None], place: int, current: Person | None, *, known: bool
) -> Person | None:
    """Who says what begins with a sentence: whom the words name with which it ends, or that stand right behind it.

    `known`: the paragraph has told before who is speaking, and goes on with `current` where the quotation ends without.
    """
    within = True
    for at in range(place + 1, min(len(lines), place + _AHEAD)):
        line = lines[at]
        within = within and line.goes_on
        if known and not within:
            break
        if line.said is not None:
            behind = line.narration.startswith(QUOTED) or len(line.narration) - line.said.at < _TAIL
            return sayers[at] if behind else current
        if line.is_mixed and (within or line.narration.startswith(QUOTED)):
            return None
        if not line.quotes:
            break
    return current


@lru_cache(maxsize=1024)
def _is_listed(word: str) -> bool:
    """True for a word that is in the lists as the name of a place, a company or the like."""
    return any(one.known and one.kind in _NO_PEOPLE for one in mentions(f"They saw {word} there."))


def _is_full_name(name: str) -> bool:
    """True for a name that others in the text may be short for; not for "Speaker 1"."""
    words = name.split()
    return 1 < len(words) < _LONG_NAME and all(word[0].isupper() and not any(map(str.isdigit, word)) for word in words)


def _fits(person: Person, gender: str | None) -> bool:
    return gender is None or person.gender in (None, gender)


def _may_be(person: Person | None, gender: str) -> bool:
    """True for whom "she" may mean, and for somebody unnamed, whom it means if nobody was named since."""
    return person is None or _fits(person, gender)


def _learnt(person: Person, gender: str | None) -> Person:
    person.gender = person.gender or gender
    return person

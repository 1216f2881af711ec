"""How speaking flows through the paragraphs of an article: who spoke last, who was named, who is still quoted. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.gazetteer import TITLES, fold
from tracker.mentions import mentions
from tracker.name import NameKind
from tracker.patterns import pattern
from tracker.sayings import QUOTED, Saying, reports, saying

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.models import Sentence
    from tracker.people import People, Person, Spot
    from tracker.quotations import Quotation

_KIN = pattern(r"\b(?:[Hh]er|[Hh]is)\s(?:[\w-]+\s){0,2}[\w-]+,?\s$")
FLAT = str.maketrans("\n\r", "  ")  # a hard-wrapped name is one
_SOMEBODY = pattern(
    r"\b(?:[Aa]n?|[Oo]ne|[Aa]nother)\s(?:[\w-]+\s){0,3}?(?:man|woman|neighbou?r|resident|nurse|doctor|teacher|official|source"
    r"|student|farmer|worker|driver|shopper|voter|passer-by|witness|mother|father|boy|girl|teenager|pensioner|officer"
    r"|volunteer|patient|customer|spokesman|spokeswoman|spokesperson|hiker|waiter|waitress|fisherman|lawyer|soldier)\b"
)
_NO_PEOPLE = frozenset({NameKind.COUNTRY, NameKind.PLACE, NameKind.ORGANISATION})
_ITSELF = pattern(  # "said on Monday it sold", not "said it was"
    r"[a-z]+(?: (?:on \w+|last \w+|that|yesterday|today))*"
    r" (?:its\b|it (?!is\b|was\b|would\b|were\b|wasn|isn|could\b|can\b|may\b|might\b))"
)
_WORD = pattern(r"\w")
_THIRD = {"f": pattern(r"\b(?:she|hers?)\b", re.IGNORECASE), "m": pattern(r"\b(?:he|his|him)\b", re.IGNORECASE)}
_GOES_ON = {"f": pattern(r"(?:And |But |Then )?[Ss]he\b"), "m": pattern(r"(?:And |But |Then )?[Hh]e\b")}
_NOT_ACTING = pattern(  # somebody else does, or nobody speaks
    r"\bby\b|\b(?:was|were|been|being|is|are|got)\s(?:\w+ly\s)?\w+(?:ed|en)\b"
    r"|\b(?:declin|refus)\w+|\bnot?\b|\bnever\b|n[’']t\b|\bsilent\b|\bunavailable\b|\bcould not\b"
)
_PREPOSITION = pattern(r"\b(?:for|of|with|by|from|to|against|about|on|at|in)\s(?:\w+\.?\s)?$")
_TAIL = 30  # characters that a verb and what follows have at most in "Jane Roe, a farmer, asked the panel."
_AHEAD = 30  # sentences of a paragraph in which to look for who says its first words
_FAR = 2  # paragraphs behind which a pronoun is not certain where it may mean two
_MEMORY = 6  # how many people back a pronoun may reach


@dataclass(slots=True)
class Line:
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


def line_of(index: int, sentence: Sentence, quoted: list[Quotation], people: People) -> Line:
    """A sentence as the flow reads it; `quoted` is what of it stands within quotation marks."""
    flat = sentence.text.translate(FLAT)
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
    return Line(index, flat, narration, quoted, spots, said)


class Flow:
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

    def read(self, lines: Sequence[Line]) -> None:
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

    def _narrated(self, line: Line, named: set[int]) -> None:
        """Let who spoke go on only over narration about the same person; take up who alone is named."""
        others = any(spot.person is not self._current for spot in line.spots)
        if self._current is not None and self._spoke and not others:
            goes_on = _GOES_ON.get(self._current.gender or "")
            if line.subject is not None or (goes_on is not None and goes_on.match(line.narration)):
                return
        self._is_now(line.only if len(named) == 1 else None)

    def _of_quotation(
        self, lines: Sequence[Line], sayers: Sequence[Person | None], place: int, *, known: bool
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

    def _set(self, line: Line, person: Person | None) -> None:
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

    def _sayer(self, line: Line) -> Person | None:
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

    def _may_be_no_person(self, line: Line, said: Saying) -> bool:
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

    def _meant(self, line: Line, said: Saying) -> Person | None:
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
    lines: Sequence[Line], sayers: Sequence[Person | None], place: int, current: Person | None, *, known: bool
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


def _fits(person: Person, gender: str | None) -> bool:
    return gender is None or person.gender in (None, gender)


def _may_be(person: Person | None, gender: str) -> bool:
    """True for whom "she" may mean, and for somebody unnamed, whom it means if nobody was named since."""
    return person is None or _fits(person, gender)


def _learnt(person: Person, gender: str | None) -> Person:
    person.gender = person.gender or gender
    return person

"""The people whom a text names: each by the fullest name that it gives, and where else it means them. Pure.

"Alcott" is Ruben Alcott where the text names him so, "Ruben" too; "Mr Alcott" is a person even where it does not.
Titles are no part of a name. Where two people share a surname, a title that only one of them can bear decides, and
else nothing does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from tracker.gazetteer import FIRST_NAMES, HEADS, NO_NAMES, TITLES, TOKEN, fold, is_ordinary
from tracker.genders import gender_by, gender_of, is_first_name
from tracker.mentions import mentions
from tracker.name import NameKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.name import Name

_MORE_TITLES = frozenset(
    """
    cllr coun supt insp det dci dcs pc cmdr brig madam sister mama viscount earl count countess baron adm rear maj cpl
    eng td const pte rt hon justice taoiseach
    """.split()
)
_FORMS = frozenset({"mr", "mrs", "ms", "miss", "dr"})
_SHORT = {
    "governor": "gov",
    "senator": "sen",
    "professor": "prof",
    "doctor": "dr",
    "general": "gen",
    "councillor": "cllr",
}
_LETTERS_BEHIND = frozenset("kc qc sc mp mps msp ms mbe obe cbe kbe dbe phd md frs mep td jp".split())
_COMPANIES = frozenset(
    """
    mart film films foods motors energy systems labs media radio tv records studios airlines water rail ferries steel
    insurance pharma partners holdings observatory research analytics capital logistics technologies software stores
    group news online today daily telegraph guardian inquirer sentinel chronicle mail express wire
    """.split()
)
_PARTICLES = frozenset("von van de del der den di da dos du la le el al bin ibn ten ter".split())
_SHOUTED = re.compile(r"[^\W\d_]{3,}|\b(?:AL|BO|CY|DI|ED|JO|LI|MO|OZ|TY|VI|XI|YU|WU|XU|MA|HU|HO|NG|OH|LO|LE|DE|EL)\b")
_BEHIND = re.compile(r",? (?:[KQS]C|MPs?|MSP|TD|MBE|OBE|CBE|KBE|DBE|PhD|MD|FRS|MEP|JP)\b")
_NO_PERSON_BEFORE = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[Oo]ur)\s$")
_MANY = 100  # people of one surname that are told apart; keeps the time linear
_INITIALS = 2  # letters of a label that is no surname
_LONG_PIECE = 1500  # characters of one sentence that are searched for names at a time


@dataclass(slots=True, eq=False)
class Person:
    """Somebody whom the text names: `name` is the fullest form, `gender` "f", "m" or None where nothing tells."""

    name: str
    words: tuple[str, ...]
    first_seen: int
    gender: str | None = None
    offices: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a sentence where a person is named; `owns` where an 's follows ("Alcott's office").

    `alone` where it is the surname and nothing else of somebody whose name is longer.
    """

    person: Person
    start: int
    end: int
    owns: bool = False
    alone: bool = False


@dataclass(slots=True)
class People:
    """Everybody named in a text, and which of them a word means: nobody, where several bear it."""

    all: list[Person] = field(default_factory=list)
    _by_word: dict[str, list[Person]] = field(default_factory=dict)
    _by_office: dict[str, list[Person]] = field(default_factory=dict)

    def read(self, text: str, index: int) -> None:
        """Note whom a sentence names in full, or with a title."""
        for offset, piece in _pieces(text):
            before: Name | None = None
            for name in mentions(piece):
                ahead = piece[max(0, name.start - 40) : name.start]
                given = before.text if before and _is_given(before, name, piece) else ""
                self._note(name, ahead, index, given=given, starts=not (offset + name.start))
                before = name

    def add(self, name: str, index: int, gender: str | None = None) -> Person:
        """The person of this name, new or known; a fuller form replaces the one that was known."""
        name = " ".join(name.split())
        words = _words(name)
        for person in self._by_word.get(words[-1], ()):
            if _is_same(words, person.words):
                if _fuller(name, words, person):
                    person.name, person.words = name, words
                    self._enter(person, words)
                person.gender = person.gender or gender
                return person
        person = Person(name, words, index, gender or (gender_of(words[0]) if len(words) > 1 else None))
        self.all.append(person)
        self._enter(person, words)
        return person

    def settle(self) -> None:
        """Let a surname that stood alone be the person whom the text names in full elsewhere."""
        gone: set[int] = set()
        for person in self.all:
            if (" " not in person.name or person.words[0] in _PARTICLES) and (fitting := self._in_full(person)):
                gone.add(id(person))
                if len(fitting) == 1:
                    fitting[0].gender = fitting[0].gender or person.gender
                    fitting[0].offices |= person.offices
        self.all = [person for person in self.all if id(person) not in gone]
        for word, bearers in self._by_word.items():
            self._by_word[word] = [person for person in bearers if id(person) not in gone]
        for person in self.all:
            for office in person.offices:
                self._by_office.setdefault(office, []).append(person)

    def holding(self, office: str) -> Person | None:
        """The only one whom the text names with an office: "the governor" where it has one."""
        found = [*self._by_office.get(office, ()), *self._by_office.get(_SHORT.get(office, ""), ())]
        return found[0] if len(found) == 1 else None

    def spots(self, text: str, index: int) -> list[Spot]:
        """Where a sentence names them, in order; the longest form counts."""
        tokens = list(TOKEN.finditer(text))
        found: list[Spot] = []
        at = 0
        while at < len(tokens):
            spot, size = self._spot(text, tokens, at, index)
            if spot is not None:
                found.append(spot)
            at += size
        return found

    def called(self, name: str, index: int = 0) -> Person | None:
        """Whom a name means at this point of the text: in full, by the surname, or by the first name."""
        words = _words(name)
        full = [one for one in self._by_word.get(words[-1], ()) if _is_same(words, one.words)]
        full = [one for one in full if one.words == words] or full
        if full:
            return full[0] if len(full) == 1 else None
        if len(words) > 1:
            return next((one for one in self._by_word.get(words[0], ()) if _surname(one.name) == words), None)
        return self._by_one_word(words[-1], None, index) if len(words) == 1 else None

    def is_shared(self, name: str) -> bool:
        """True for one word that is several people's name."""
        words = _words(name)
        return len(words) == 1 and len(self._by_word.get(words[0], ())) > 1

    def labelled(self, name: str, title: str, index: int) -> Person | None:
        """Whom the label of a turn names, by name or initials; somebody new where the text has no such name."""
        words = _words(name)
        known = self.called(name)
        if known is None and len(words) == 1:
            known = self._by_one_word(words[0], title, index)
            if known is None and self.is_shared(name):
                return None
        if known is None and name.isupper() and len(name) <= _INITIALS:
            bearers = [one for one in self.all if "".join(word[0] for word in one.words) == words[0]]
            return bearers[0] if len(bearers) == 1 else None
        return known or self.add(name, index, gender_by(title))

    def spelt(self) -> None:
        """Write the names as in prose that the text has in capitals only: labels are written so."""
        for person in self.all:
            if person.name.isupper() and len(person.words[-1]) > 1:
                person.name = _SHOUTED.sub(lambda word: word[0].capitalize(), person.name)

    def _note(self, name: Name, before: str, index: int, *, given: str, starts: bool) -> None:
        titled = _title(before) not in {None, "king", "queen", "prince", "princess", "lord"} and " " in name.text
        if name.kind not in (NameKind.PERSON, NameKind.OTHER) and not titled:
            return
        form = f"{given} {name.text}" if given else _trimmed(name.text)
        before = before[: len(before) - len(given) - 1] if given else before
        words = _words(form)
        title = _title(before)
        if title is None and form == name.text and _NO_PERSON_BEFORE.search(before):
            return  # the Dollar Mart
        title = title or _title(name.text[: max(0, name.text.find(form))])
        if words[-1] in _MORE_TITLES:
            return
        if len(words) == 1:
            if (name.kind is NameKind.PERSON or form != name.text) and (title or name.known) and not starts:
                self.add(form, index, gender_by(title)).offices.update([title] if title else [])
        elif (
            (name.known and not titled)
            or _is_full_name(form, words)
            or (title and (titled or name.kind is NameKind.PERSON))
        ):
            self.add(form, index, gender_by(title)).offices.update([title] if title else [])

    def _in_full(self, person: Person) -> list[Person]:
        """Who bears a surname, or a first name, that stood alone, as far as the titles allow."""
        alone = person.words[0] if person.words[0] not in _PARTICLES else person.words[-1]
        bearers = [one for one in self._by_word.get(alone, ()) if len(one.words) > len(person.words)]
        size = len(person.words)
        others = [one for one in bearers if person.words in (one.words[-size:], one.words[:1])]
        return [one for one in others if not (one.gender and person.gender and one.gender != person.gender)]

    def _enter(self, person: Person, words: tuple[str, ...]) -> None:
        for word in {words[0], words[-1], _surname(person.name)[0]}:
            bearers = self._by_word.setdefault(word, [])
            if len(bearers) < _MANY and person not in bearers:
                bearers.append(person)

    def _spot(self, text: str, tokens: Sequence[re.Match[str]], at: int, index: int) -> tuple[Spot | None, int]:
        """The person named from a token on, and how many tokens that takes."""
        first = tokens[at]
        if not first[0][0].isupper():
            return None, 1
        bearers = self._by_word.get(fold(first[0]).removesuffix("'s"), ())
        for person in bearers:
            size = _matched(person, text, tokens, at)
            size = size or _surnamed(person, text, tokens, at)
            if size > 1:
                last = tokens[at + size - 1]
                owns = bool(re.match(r"['’]", text[last.end() : last.end() + 1])) or _owns(last[0])
                return Spot(person, first.start(), _past_letters(text, last.end()), owns), size
        if not bearers or _is_part(text, tokens, at):
            return None, 1
        word = fold(first[0]).removesuffix("'s")
        title = _title(text[max(0, first.start() - 40) : first.start()])
        one = self._by_one_word(word, title, index)
        owns = _owns(first[0]) or text[first.end() : first.end() + 1] in {"'", "’"}
        alone = title is None and one is not None and " " in one.name and word == one.words[-1]
        return (Spot(one, first.start(), _past_letters(text, first.end()), owns, alone) if one else None), 1

    def _by_one_word(self, word: str, title: str | None, index: int) -> Person | None:
        gender = gender_by(title)
        bearers = self._by_word.get(word, [])
        surnamed = [one for one in bearers if one.words[-1] == word]
        surnamed = [one for one in surnamed if one.first_seen <= index] or surnamed
        fitting = [one for one in surnamed or bearers if not (gender and one.gender and one.gender != gender)]
        if len(fitting) < 2:
            return fitting[0] if fitting else None
        if gender and sum(one.gender == gender for one in fitting) == 1:
            return next(one for one in fitting if one.gender == gender)
        titles = {title, _SHORT.get(title or "", title)}
        holding = [one for one in fitting if one.offices & titles] if title and not gender else []
        return holding[0] if len(holding) == 1 else None


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield an endless sentence in parts: names are read off parts of a size that keeps the time linear."""
    start = 0
    while start < len(text):
        end = start + _LONG_PIECE
        cut = text.rfind(" ", start, end) if end < len(text) else len(text)
        cut = cut if cut > start else min(end, len(text))
        yield start, text[start:cut]
        start = cut


def _words(name: str) -> tuple[str, ...]:
    return tuple(fold(token).removesuffix("'s") for token in TOKEN.findall(name)) or (fold(name),)


def _is_given(before: Name, name: Name, text: str) -> bool:
    """True for a first name that was read as a name of its own: Oscar (Delacroix-Bean)."""
    first = before.kind in (NameKind.PERSON, NameKind.OTHER) or is_first_name(fold(before.text))
    kinds = first and name.kind in (NameKind.PERSON, NameKind.OTHER)
    plain = before.text.isalpha() and not before.text.isupper() and fold(before.text) not in TITLES | _MORE_TITLES
    return kinds and plain and " " not in name.text and text[before.end : name.start] == " "


def _trimmed(name: str) -> str:
    """The name without what is none: "Foreign Relations Charles Kupchan", "Cllr Stokoe", "Ottoline Marsh KC"."""
    tokens = list(TOKEN.finditer(name))
    while len(tokens) > 1 and fold(tokens[-1][0]) in _LETTERS_BEHIND and tokens[-1][0].isupper():
        tokens = tokens[:-1]
    while len(tokens) > 1 and fold(tokens[0][0]).rstrip(".") in _MORE_TITLES | _FORMS:
        tokens = tokens[1:]
    while len(tokens) > 2 and is_ordinary(fold(tokens[0][0])) and fold(tokens[0][0]) not in FIRST_NAMES:
        tokens = tokens[1:]
    return name[tokens[0].start() : tokens[-1].end()] if tokens else name


def _is_full_name(name: str, words: tuple[str, ...]) -> bool:
    """True for two to five words that may be a person's name: not all of them words of the language, none a place's."""
    if (
        not 2 <= len(words) <= 6
        or words[-1] in HEADS | _COMPANIES
        or any(word in NO_NAMES or word in HEADS for word in words[:1])
    ):
        return False
    if all(word in TITLES | _MORE_TITLES for word in words):
        return False
    if any(token.isupper() and len(fold(token)) > 3 for token in TOKEN.findall(name)) or not name[0].isupper():
        return False
    if any(character.isdigit() or character == "&" for character in name) or {"of", "for", "and", "the"} & set(words):
        return False
    return not is_ordinary(words[0]) or words[0] in FIRST_NAMES or not is_ordinary(words[-1])


def _is_same(words: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """True for two forms of one name: the surname and the first name agree, or one has its initial only."""
    if len(words) < 2 or len(other) < 2:
        return words == other
    initials = min(len(words[0]), len(other[0])) == 1 and words[0][0] == other[0][0]
    return words[-1] == other[-1] and (words[0] == other[0] or initials)


def _fuller(name: str, words: tuple[str, ...], person: Person) -> bool:
    if len(words) != len(person.words):
        return len(words) > len(person.words)
    if person.name.isupper() != name.isupper():
        return person.name.isupper()
    return len(name) > len(person.name)


def _matched(person: Person, text: str, tokens: Sequence[re.Match[str]], at: int) -> int:
    """How many tokens from here on are this person's name in full, middle names and initials aside; 0 for none."""
    words = person.words
    if len(words) < 2 or fold(tokens[at][0]) != words[0]:
        return 0
    for size in range(2, len(words) + 2):
        if at + size > len(tokens):
            return 0
        gap = text[tokens[at + size - 2].end() : tokens[at + size - 1].start()]
        if gap not in {" ", ". ", "-", "\n", "\xa0", ".", ""}:
            return 0
        if fold(tokens[at + size - 1][0]).removesuffix("'s") == words[-1]:
            return size
    return 0


def _surname(name: str) -> tuple[str, ...]:
    """The last word of a name, its parts folded: ("asare", "mills")."""
    return _words(name.rsplit(maxsplit=1)[-1])


def _surnamed(person: Person, text: str, tokens: Sequence[re.Match[str]], at: int) -> int:
    """How many tokens from here on are this person's double surname; 0 for none."""
    surname = _surname(person.name)
    here = tokens[at : at + len(surname)]
    found = tuple(fold(token[0]).removesuffix("'s") for token in here)
    joined = all(text[a.end() : b.start()] == "-" for a, b in pairwise(here))
    return len(surname) if len(surname) > 1 and found == surname and joined else 0


def _is_part(text: str, tokens: Sequence[re.Match[str]], at: int) -> bool:
    """True for a word of somebody else's name: "Alcott" in "Jane Alcott" and in "Alcott Street"."""
    word = tokens[at][0]
    if any(token[0] == "&" for token in tokens[max(0, at - 1) : at + 2]):
        return True  # Smith & Wesson
    if at + 1 < len(tokens) and not _owns(word):
        after = tokens[at + 1]
        glued = text[tokens[at].end() : after.start()] in {" ", "-"} and after[0][0].isupper()
        if glued and (fold(after[0]) not in TITLES or text[tokens[at].end()] == "-"):
            return True
    if at == 0:
        return False
    before = tokens[at - 1]
    gap = text[before.end() : tokens[at].start()]
    if gap not in {" ", "-", ". "} or not before[0][0].isupper() or (gap == ". " and len(before[0]) > 1):
        return False
    known = fold(before[0])
    return gap == "-" or not (
        known in TITLES | _MORE_TITLES or is_ordinary(known) or before[0].isupper() or _owns(before[0])
    )


def _past_letters(text: str, end: int) -> int:
    """Behind "MP" or "KC" where they follow a name."""
    letters = _BEHIND.match(text, end)
    return letters.end() if letters else end


def _owns(word: str) -> bool:
    return word.endswith(("'s", "’s"))


def _title(before: str) -> str | None:
    """The title right before a name, folded, if there is one."""
    words = re.findall(r"[^\W\d_]+", before)
    if not words or not re.search(r"[^\W\d_]\.?\s$", before):
        return None
    word = fold(words[-1])
    return word if word in TITLES | _MORE_TITLES or gender_by(word) else None

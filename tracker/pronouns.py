"""The subject pronoun of a sentence, replaced by the name that it stands for where that is safe. Pure, by a few rules.

A claim that is kept or looked up without its paragraph should say who did it: after "NATO met in Madrid.", "It has
40,000 troops" is NATO's number. A wrong name does harm and a pronoun does not, so a name is put in only where the
sentence right before begins with it and is known, word by word, to hold nothing else that might be meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from tracker.gazetteer import TITLES, fold
from tracker.genders import gender_by, gender_of
from tracker.lexicon import lemma, parts
from tracker.names import Name, NameKind, names, same
from tracker.verbs import ADVERBS, AUXILIARIES, CALENDAR, Token, is_finite, is_past, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST = 1_500  # characters; what is longer is no sentence
_START = re.compile(r"\s*(?:(?:And|But|So|Yet|Also),?\s+)?")
_PRONOUN = re.compile(r"(?:he|she|it|they|his|her|its|their)(?= [\w£$€])", re.IGNORECASE)
_QUOTES = re.compile(r"[“”\"‘«»„]|(?<!\w)['’]|['’](?!\w)")  # no apostrophe
_OWNING = frozenset("his her its their".split())
_PLURAL = frozenset("they their".split())
_PERSONS = {"he": "m", "his": "m", "she": "f", "her": "f"}
_BODIES = frozenset({NameKind.ORGANISATION, NameKind.COUNTRY})

# What only somebody can do: no event, and not what was said before, is meant by "it" before these.
_ACTING = frozenset(
    """
    accuse acknowledge adopt advise agree announce apologise apologize appoint approve argue ask ban borrow bomb build
    buy campaign cancel claim complain condemn confirm declare decide defend demand deny deploy elect employ endorse
    expel export fire hire import impose insist invade invest invite jail join launch legalise legalize lend lobby loan
    negotiate nominate oppose order outlaw overrule own pardon pledge plan promise publish purchase ratify recruit
    refuse reject resign sack say scrap sell sentence sign spend sue threaten urge veto vote vow want warn withdraw
    """.split()
)
_MEASURED = frozenset("has had employs employed spends spent owns owned owes exports imports".split())
_HOLDINGS = frozenset(  # what bodies have and things have not
    """
    army budget chairman chief citizens constitution courts currency debt director economy embassy employees exports
    founder government headquarters imports leader leaders members ministers navy parliament police population
    president prime soldiers spokesman spokeswoman staff supporters tax taxes troops voters workers workforce
    """.split()
)
_NO_CITY_HAS = frozenset("troops soldiers members".split())
# What a sentence may hold beside its subject, apart from verbs, plurals and dates.
_WHERE = frozenset("in at on near since".split())
_LINKS = _WHERE | frozenset("and or but for from to by with of against about over not never %".split())
_BEING = AUXILIARIES | {"be", "been"}
_PEOPLE = frozenset("people police men women children".split())


@dataclass(frozen=True, slots=True)
class _Subject:
    """The subject of a sentence: its name, or two, and where it ends."""

    names: tuple[Name, ...]
    title: str  # before a person's name
    the: bool

    @property
    def last(self) -> Name:
        return self.names[-1]


def resolve(text: str, before: Sequence[str], speaker: str | None = None) -> str:
    """The sentence with the name for the pronoun that begins it where that is safe, else unchanged.

    `before` are the sentences before it in its paragraph, of which only the nearest, the last, is read. What somebody
    says, the `speaker`, stays as it is: whom it means was said elsewhere. Linear in the length of the texts.
    """
    if not before or speaker or len(text) > _LONGEST or len(before[-1]) > _LONGEST or _QUOTES.search(text + before[-1]):
        return text
    opening = _START.match(text)
    start = opening.end() if opening else 0
    pronoun = _PRONOUN.match(text, start)
    name = _stands_for(text, pronoun, before[-1]) if pronoun else None
    return text[:start] + name + text[pronoun.end() :] if pronoun and name else text


def _stands_for(text: str, pronoun: re.Match[str], sentence: str) -> str | None:
    """What to put for the pronoun; None where it is not safe."""
    said, words = pronoun[0].lower(), tokens(text[pronoun.end() :])
    found, read = names(sentence), tokens(sentence)
    subject = _subject(sentence, read, found)
    if subject is None or not _goes_on(said, words) or not _fits(said, subject):
        return None
    rest = [word for word in read if word.start >= subject.last.end]
    places = {one.start: one for one in found if one.kind in (NameKind.PLACE, NameKind.COUNTRY)}
    if not _holds_nobody(said, rest, places) or (said in ("it", "its") and not _is_no_place(said, words, rest, places)):
        return None
    if any(same(one, other) for one in subject.names for other in names(text)):
        return None
    return _named(subject, said, capital=pronoun[0][0].isupper())


def _goes_on(said: str, words: Sequence[Token]) -> bool:
    """True where the pronoun is the subject, or owns it, and is no dummy ("it rained", "it took two years")."""
    first = words[0].low
    if said in _OWNING:
        owned = words[0].text.islower() and first not in AUXILIARIES and "n" in parts(lemma(first)) + parts(first)
        return owned and (said != "its" or first in _HOLDINGS)
    verb = next((at for at, word in enumerate(words) if word.low not in ADVERBS and not word.low.endswith("ly")), None)
    if verb is None or not words[verb].text.islower():
        return False
    if all(word.low in ADVERBS or not word.is_word for word in words[verb + 1 :]) and words[verb].low in AUXILIARIES:
        return False  # "He does.": somebody whom the sentence before doubts, as a rule
    if said != "it":
        return (
            words[verb].low in AUXILIARIES
            or "n't" in words[verb].low
            or "v" in parts(lemma(words[verb].low))
            or is_past(words[verb])
        )
    return _acts(words[verb:]) or (words[verb].low in _MEASURED and _is_counted(words[verb + 1 :]))


def _acts(words: Sequence[Token]) -> bool:
    """True where what follows only somebody does: "voted", "has agreed", "will not send"; no passive."""
    rest = [word.low for word in words[:4] if word.low not in ADVERBS and word.low != "not"]
    if rest and rest[0] in AUXILIARIES - {"is", "was", "are", "were", "am"}:
        rest = rest[1:]
    return bool(rest) and lemma(rest[0]) in _ACTING and "by" not in rest


def _is_counted(rest: Sequence[Token]) -> bool:
    """True for an amount: "has 40,000 troops", "had more than 3,000 members"."""
    lows = [word.low for word in rest[:4]]
    return any(word.is_figure for word in rest[: 1 + ("than" in lows) * 2 + (lows[:1] in (["about"], ["some"]))])


def _fits(said: str, subject: _Subject) -> bool:
    """True where number, kind and gender agree."""
    name = subject.last
    if said in _PLURAL:
        return len(subject.names) == 2 or (name.kind is NameKind.GROUP and name.text.endswith("s"))
    if len(subject.names) > 1:
        return False
    if said in _PERSONS:
        return name.kind is NameKind.PERSON and _gender(subject) in (None, _PERSONS[said])
    return name.kind in _BODIES and not name.text.islower()


def _gender(subject: _Subject) -> str | None:
    """What the title or the first name tells; a name of the lists is known by its full name, "Biden" as Joe."""
    if told := gender_by(subject.title):
        return told
    full = min(subject.last.keys, default="") if len(subject.last.keys) == 1 else fold(subject.last.text)
    first = fold(subject.last.text).split()[0]
    return gender_of(first) or (gender_of(full.split()[0]) if " " in full else None)


def _subject(sentence: str, words: Sequence[Token], found: Sequence[Name]) -> _Subject | None:
    """The name or the two that begin the sentence and that its verb follows; None where something else does."""
    ahead = [word.low for word in words if found and word.start < found[0].start and word.is_word]
    the = ahead == ["the"]
    title = ahead[0] if ahead and not the else ""
    if len(ahead) > 1 or (title and title not in TITLES):
        return None
    for taken in (found[:2], found[:1]):
        at = next((i for i, word in enumerate(words) if taken and word.start >= taken[-1].end), None)
        if at is None or any(one.kind is NameKind.OTHER for one in taken):
            continue
        joined = len(taken) == 1 or sentence[taken[0].end : taken[1].start] == " and "
        if joined and _is_verb(words, at, group=taken[-1].kind is NameKind.GROUP):
            return _Subject(tuple(taken), title, the)
    return None


def _is_verb(words: Sequence[Token], at: int, *, group: bool) -> bool:
    """True for a finite verb; "migrants held in camps" are not all migrants."""
    return is_finite(words, at) or (is_past(words[at]) and words[at].text.islower() and not group)


def _holds_nobody(said: str, rest: Sequence[Token], places: dict[int, Name]) -> bool:
    """True where each word behind the subject, its verb first, is known to be none that the pronoun may mean."""
    if rest and rest[-1].low in (".", "!"):
        rest = rest[:-1]
    ends = -1  # of a place
    for before, word in pairwise(rest):
        if before.low in _WHERE and word.start in places:
            ends = places[word.start].end
        if word.end > ends and not _is_nobody(said, before, word):
            return False
    return True


def _is_nobody(said: str, before: Token, word: Token) -> bool:
    """True for a figure, a date, a link, a verb that belongs to the one before, an adjective; and for some nouns."""
    low, kinds = word.low, parts(word.low) + parts(lemma(word.low))
    if word.is_figure or low in CALENDAR or low in _LINKS:
        return True
    if not word.text.isalpha() or not word.text.islower():
        return False
    if low in _BEING or (low.endswith(("ed", "ing")) and "v" in parts(lemma(low)) and "n" not in parts(low)):
        return before.low in _BEING or before.low in ("not", "never")
    if "n" not in kinds:
        # An adjective may stand for somebody, "by another"; behind "was" it does not.
        return set(kinds) == {"r"} or (bool(kinds) and (before.low in _BEING or before.low in ("to", "not", "never")))
    plural = low in _PEOPLE or (low.endswith("s") and lemma(low) != low and "n" in parts(lemma(low)))
    if said in _PLURAL:
        return before.low in ("in", "at", "on") and not plural
    return plural or (said in _PERSONS and before.low == "in")


def _is_no_place(said: str, words: Sequence[Token], rest: Sequence[Token], places: dict[int, Name]) -> bool:
    """True where "it" is not the city or the country where something was: none is named, or no city has such things."""
    named = [places[word.start] for word in rest if word.start in places]
    verb = next((word.low for word in words if word.low not in ADVERBS), "")
    held = verb in ("has", "had") and any(word.low in _NO_CITY_HAS for word in words[:6])
    return not named or (said == "it" and held and all(one.kind is NameKind.PLACE for one in named))


def _named(subject: _Subject, said: str, *, capital: bool) -> str:
    """The names, with "the" and a possessive as the sentence needs them."""
    name = " and ".join(one.text for one in subject.names)
    the = ("The " if capital else "the ") if subject.the else ""
    ending = ("’" if said == "their" and name.endswith("s") else "’s") if said in _OWNING else ""
    return the + name + ending

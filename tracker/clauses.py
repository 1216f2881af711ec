"""The claims of a sentence that can each stand alone: "wages rose and prices fell" holds two. Pure; a small grammar.

A sentence is cut only where all of it is read: claims of one shape, a subject, its verb, an object, an amount or a
date, and between them a conjunction. What else a sentence may hold (who says so, when, if, in which film) is in no such
shape, so whatever is not known keeps the sentence whole. Half a claim, or one that nobody made, is worse than two at
once; that most sentences with two claims stay whole is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.gazetteer import TITLES
from tracker.genders import is_first_name
from tracker.lexicon import lemma, parts
from tracker.names import NameKind, names
from tracker.verbs import AUXILIARIES, CALENDAR, FUNCTION, PERSONAL, is_finite, is_nominal, may_be_verb, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.models import Span
    from tracker.verbs import Token

_LONGEST = 1_500  # characters; what is longer is no sentence
_QUOTED = {"“": "”", '"': '"', "‘": "’", "«": "»", "„": "“"}
_STOPS = (".", "!")
_JOINING = ("and", "but", ";")
_AFTER_A_COMMA = ("while", "whereas")  # else it may be when
_DETERMINERS = frozenset("the a an every my our".split())
_COUNTS = frozenset("two three four five six seven eight nine ten".split())
_UNITS = frozenset("% percent per cent million billion trillion thousand".split())
_HAPPENED = frozenset("is are was were has have had will".split())  # "would", "may": only if; "does": when it does
_SINGULAR = frozenset("is was has".split())
_PLURAL = frozenset("are were have".split())
_BEING = ("be", "been", "being")
_LEANING = frozenset(  # adjectives and nouns that point back
    """
    latter former same other others another rest first second third last next previous following half theirs mine yours
    one ones such most more less none all both
    """.split()
)


class _Clause(NamedTuple):
    """A claim that was read: where its verb stands and where it ends, in tokens, and what is at its end."""

    verb: int
    end: int
    paired: bool  # its subject is "Sweden and Finland"
    nouns: bool  # it has an object and no amount: "Smith said wages", of which "and prices fell" may be a part


def clauses(text: str) -> list[Span]:
    """The spans of a sentence's claims that can stand alone, in order; of any other sentence the one span is all of it.

    A span has neither the conjunction, nor quotation marks around all of it, nor the final stop. Linear in the length
    of the text: what is longer than a sentence can be stays whole.
    """
    words = tokens(text) if len(text) <= _LONGEST else []
    if len(words) > 1 and _QUOTED.get(words[0].text) == words[-1].text:
        words = words[1:-1]
    if words and words[-1].text in _STOPS:
        words = words[:-1]
    return _Reader(text, words).spans() or [(0, len(text))]


class _Reader:
    """Reads a sentence from left to right; each step gives the token behind what was read, or -1."""

    def __init__(self, text: str, words: Sequence[Token]) -> None:
        self.words = words
        self.names = {one.start: one for one in names(text)} if words else {}

    def spans(self) -> list[Span]:
        """The claims, or none where one of them, or what is between them, is not read."""
        found: list[Span] = []
        begin, left = 0, None
        while True:
            clause = self._clause(begin, first=not found)
            if clause is None or (left and not self._is_apart(left, clause, begin)):
                return []
            found.append((self.words[begin].start, self.words[clause.end - 1].end))
            if clause.end == len(self.words):
                return found if len(found) > 1 else []
            comma = self._low(clause.end) == ","
            joint = self._low(clause.end + comma)
            if joint not in _JOINING and not (comma and joint in _AFTER_A_COMMA):
                return []
            begin, left = clause.end + comma + 1, clause

    def _low(self, at: int) -> str:
        return self.words[at].low if 0 <= at < len(self.words) else ""

    def _is_apart(self, left: _Clause, right: _Clause, begin: int) -> bool:
        """True where the subject of the second cannot begin before the conjunction: "he said wages | and prices fell".

        And where the first is no condition of the second: "Labour wins and taxes will rise".
        """
        verb = self._low(right.verb)
        if verb == "will" and self._low(left.verb) != "will":
            return False
        if self._low(begin - 1) != "and" or self._low(begin - 2) == ",":
            return True
        if right.paired:
            return self.words[left.end - 1].is_figure or self._low(left.end - 1) in _UNITS
        return not left.nouns or verb in _SINGULAR

    def _clause(self, begin: int, *, first: bool) -> _Clause | None:
        """A subject, its verb right behind it, and what is said."""
        verb, paired = self._subject(begin, first=first), False
        if verb > 0 and self._low(verb) == "and" and self._is_name(begin, verb):
            other = self._name(verb + 1)
            verb, paired = other, True
        if not 0 < verb < len(self.words) or not self._is_told(verb, paired=paired):
            return None
        end, nouns = self._said(verb)
        if end < 0 or not (first or self._is_free(begin, end)):
            return None
        return _Clause(verb, end, paired, nouns)

    def _is_told(self, verb: int, *, paired: bool) -> bool:
        """True for a finite verb that says what is or was, and for "will"; not for what may be a rule or an if."""
        low = self._low(verb)
        if not is_finite(self.words, verb) or (paired and low in _SINGULAR):
            return False
        return low in _HAPPENED or (low not in AUXILIARIES and "'" not in low and not low.endswith("s"))

    def _is_free(self, begin: int, end: int) -> bool:
        """True where nothing points back to the claim before."""
        lows = {word.low for word in self.words[begin:end]}
        return lows.isdisjoint(_LEANING) and lows.isdisjoint(PERSONAL - {"i", "we"})

    # What a claim is made of.

    def _subject(self, at: int, *, first: bool) -> int:
        if self._low(at) in PERSONAL | {"there"}:
            free = self._low(at) in ("i", "we", "there") or (first and self._low(at) != "you")
            return at + 1 if free else -1
        if at + 1 < len(self.words) and is_finite(self.words, at + 1) and self._is_bare(at):
            return at + 1
        return self._nouns(at)

    def _is_bare(self, at: int) -> bool:
        """True for a noun or a name that is a subject alone; an order has an object between it and another verb."""
        word = self.words[at]
        return word.is_word and not word.is_figure and is_nominal(word) and word.low not in _LEANING | _COUNTS

    def _nouns(self, at: int) -> int:
        """A name, or a noun with what stands before it, and one more behind "of"."""
        end = self._one(at)
        return self._one(end + 1) if end > 0 and self._low(end) == "of" else end

    def _one(self, at: int) -> int:
        """A name; or a noun behind an article, a number, adjectives. Two nouns are not read, nor what may be a verb."""
        end = self._name(at)
        if end > 0 or at >= len(self.words):
            return end
        article, counted = self._low(at) in _DETERMINERS, False
        start, at = at, at + article
        if self._is_amount(at):
            at, counted = self._amount(at), True
        if article and not counted and (end := self._name(at)) > 0 and not self._is_noun(end):
            return end
        while at < len(self.words) and self._is_adjective(at):
            at += 1
        if not self._is_noun(at):
            return -1
        sure = (article and at == start + 1) or (counted and self._low(at)[-1] == "s" and self._counted(at - 1))
        return at + 1 if sure or not may_be_verb(self.words[at]) else -1

    def _counted(self, at: int) -> bool:
        return self.words[at].is_figure or self._low(at) in _UNITS | _COUNTS

    def _is_noun(self, at: int) -> bool:
        if at >= len(self.words):
            return False
        word = self.words[at]
        plain = word.text.islower() and not word.is_figure and word.low not in _UNITS
        return plain and is_nominal(word) and "r" not in parts(word.low)

    def _is_adjective(self, at: int) -> bool:
        """True for a word that is an adjective, and no verb, and that something follows."""
        word = self.words[at]
        return word.text.isalpha() and word.text.islower() and "a" in parts(word.low) and not may_be_verb(word)

    def _is_name(self, at: int, end: int) -> bool:
        return self._name(at) == end

    def _name(self, at: int) -> int:
        """Words with capitals: one, or those of one name; at the start not such as are words of the language."""
        if at >= len(self.words):
            return -1
        title = self._low(at) in TITLES
        at += title
        at += title and self._low(at) == "."
        end = at
        while end < len(self.words) and self.words[end].text[0].isupper():
            end += 1
        if end == at or self._low(at) in CALENDAR | PERSONAL | FUNCTION | _DETERMINERS:
            return -1
        if end == at + 1:
            return end if at or self.words[at].start in self.names else -1
        found = self.names.get(self.words[at].start)
        if found is None or found.end != self.words[end - 1].end or found.kind is NameKind.OTHER:
            return -1
        first = self._low(at)
        return end if at or found.known or (is_first_name(first) and "v" not in parts(first)) else -1

    def _said(self, verb: int) -> tuple[int, bool]:
        """Behind the rest of the verb, an object, amounts, dates, places; and whether an object is all there is."""
        at = verb + 1
        if self._low(verb) in AUXILIARIES:
            while self._low(at) in _BEING:
                at += 1
            at += at < len(self.words) and (self._is_main_verb(at) or self._is_said_of(at))
            if at == verb + 1 and self._nouns(at) < 0:
                return -1, False  # an auxiliary is left without its verb: "but Labour did not"
        end = self._nouns(at)
        nouns = end > 0
        at = end if nouns else at
        while (end := self._phrase(at)) > 0:
            nouns = nouns and self._low(at) not in ("from", "to", "by")
            at = end
        return at, nouns

    def _is_main_verb(self, at: int) -> bool:
        """True for "joining", "jailed", "risen", and the infinitive behind "will"."""
        word = self.words[at]
        formed = word.low.endswith(("ing", "ed", "en")) or lemma(word.low) != word.low or self._low(at - 1) == "will"
        return word.text.islower() and formed and not word.low.endswith("s") and may_be_verb(word)

    def _is_said_of(self, at: int) -> bool:
        """True for an adjective, and no adverb ("there"), that ends the claim."""
        found = parts(self._low(at))
        return self._low(at + 1) in ("", ",", *_JOINING) and "a" in found and "r" not in found

    def _phrase(self, at: int) -> int:
        """Such as "by 3 %", "from 40,000 to 300,000", "in 2023", "on 4 May", "to Spain", "for the bill"."""
        low = self._low(at)
        if low in ("by", "from", "to", "at", "in", "on", "since") and (end := self._date(at + 1)) > 0:
            return end
        if low in ("by", "from", "to", "at") and (end := self._amount(at + 1)) > 0:
            return end
        if low in ("in", "to", "from"):
            return self._place(at + 1)
        return self._nouns(at + 1) if low in ("for", "against") else -1

    def _is_amount(self, at: int) -> bool:
        return at < len(self.words) and (
            (self.words[at].is_figure and not self._is_year(at) and self._low(at) != "1") or self._low(at) in _COUNTS
        )

    def _amount(self, at: int) -> int:
        if not self._is_amount(at):
            return -1
        at += 1
        while self._low(at) in _UNITS:
            at += 1
        return at

    def _is_year(self, at: int) -> bool:
        low = self._low(at)
        return len(low) == 4 and low.isdecimal() and low[:2] in ("17", "18", "19", "20")

    def _date(self, at: int) -> int:
        """A year, a month, a day, one behind another."""
        begin = at
        while (
            self._is_year(at)
            or self._low(at) in CALENDAR
            or (self._low(at).isdecimal() and self._low(at + 1) in CALENDAR)
        ):
            at += 1
        return at if at > begin else -1

    def _place(self, at: int) -> int:
        at += self._low(at) == "the"
        found = self.names.get(self.words[at].start) if at < len(self.words) else None
        if found is None or found.kind not in (NameKind.PLACE, NameKind.COUNTRY):
            return -1
        while at < len(self.words) and self.words[at].end <= found.end:
            at += 1
        return at

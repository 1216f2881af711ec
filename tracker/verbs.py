"""Which words of a sentence are finite verbs, as far as lists and the words beside them tell; no parser.

Only what is sure counts: "was", "went", "voted", and neither "raised" in "the force raised by NATO" nor "plans", which
may be a noun. So a sentence may have a verb that is not found; what is found is one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tracker.lexicon import lemma, parts

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|[£$€]?\d+(?:[.,:]\d+)*%?|[^\W\d_]+(?:['’-][^\W_]+|['’](?=\s))*|;|[^\w\s]|[\d_]\w*"
)
AUXILIARIES = frozenset(
    "is are was were am has have had does do did will would can could should may might must shall cannot".split()
)
_NOT = re.compile(r"(?:is|are|was|were|has|have|had|does|do|did|wo|would|ca|could|should|must|might)n'?t")
_CONTRACTED = re.compile(r"(?:i|you|we|they|he|she|it|there|that|who)'(?:s|m|d|re|ve|ll)")
PERSONAL = frozenset("i we you he she it they".split())
# Forms that are past tense and nothing else, or nothing else where a subject stands before them.
_PAST = frozenset(
    """
    went fell rose took gave began grew knew saw spoke wrote drove chose broke ran became came drew flew froze rode rang
    sank swam threw wore tore shook stole swore woke arose fled sought
    """.split()
)
# Past forms that are no passive participles, or hardly ever, so that no noun stands before them but their subject.
_NO_PASSIVE = frozenset(
    """
    agreed appeared arrived belonged climbed collapsed continued declined decided decreased died disappeared dropped
    dwindled emerged existed failed happened hesitated increased jumped lasted lived looked objected occurred
    outnumbered participated persisted plummeted plunged prevailed proceeded quadrupled rallied reacted refused relied
    remained resigned responded resulted retired returned seemed slumped soared stagnated stayed stopped struggled
    succeeded suffered surged tended totalled totaled tripled tumbled vanished voted vowed wanted worked worsened
    doubled halved ended started opened closed shrank stood said lost won
    """.split()
)
_IRREGULAR = frozenset(
    """
    bought brought built caught dealt fought found got held kept laid led left lent lost made meant met paid put sold
    sent set shot spent struck taught thought told won cut hit shut spread beat said felt heard stood
    """.split()
)
_PRESENT = frozenset(
    """
    says wants makes takes gives gets goes comes puts keeps holds becomes remains includes provides allows requires
    employs owns owes exists seems appears belongs consists contains receives produces represents spends pays
    loses wins earns lacks leads opposes denies refuses operates imports
    """.split()
)
# What an object begins with, so that the form before it is no participle: "built the dam". Not "named the best".
_OBJECT = frozenset("the a an its his her their our my no more less fewer some every all several many".split())
CALENDAR = frozenset(
    """
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    """.split()
)
_TIMES = CALENDAR | frozenset(
    """
    day days week weeks month months year years hour hours minute minutes night morning evening time times same last
    """.split()
)
_TWO_OBJECTS = frozenset(
    """
    named called dubbed titled entitled elected appointed given offered paid awarded sent shown told taught considered
    made charged fined declared deemed granted denied labelled labeled left asked promised nominated crowned
    """.split()
)
_AMOUNTS = frozenset("about almost nearly more less half a over two three".split())
_BEFORE_NO_VERB = frozenset("a an the its his her their our my your this these those any every each no to of".split())
FUNCTION = frozenset(
    """
    a an the and or but nor if of in on at by for from to with without than that which who whom whose what when where
    why how as so because although though unless until while whereas since after before during under over between
    among through against into onto upon about is are was were be been being am has have had do does did will would can
    could should may might must shall not no very too also only
    """.split()
)
ADVERBS = frozenset("also already always just never now often once recently soon still then twice even again".split())


class Token(NamedTuple):
    """A word, a figure or a sign, with its characters; `low` is in lower case with a plain apostrophe."""

    text: str
    start: int
    end: int
    low: str

    @property
    def is_word(self) -> bool:
        """True for what is no punctuation mark."""
        return self.text[0].isalnum() or self.is_figure

    @property
    def is_figure(self) -> bool:
        """True for a number, with or without its currency or per cent."""
        return any(sign.isdigit() for sign in self.text[:2])


def tokens(text: str) -> list[Token]:
    """The words, figures and signs of a text in order, white space left out."""
    found = _TOKEN.finditer(text)
    return [Token(one[0], one.start(), one.end(), one[0].lower().replace("’", "'")) for one in found]


def is_finite(words: Sequence[Token], at: int) -> bool:
    """True where the token is surely a finite verb: it has a tense, and a subject somewhere before it."""
    if at == 0 or not words[at].text.islower() or not words[at - 1].is_word:
        return _is_contracted(words[at].low)
    low, before = words[at].low, words[at - 1].low
    if low in AUXILIARIES or _NOT.fullmatch(low):
        return before not in _BEFORE_NO_VERB and not _is_behind_an_auxiliary(words, at)
    if before in PERSONAL:
        return "v" in parts(lemma(low)) or low in _IRREGULAR
    beside = is_nominal(words[at - 1]) or before in ADVERBS or before.endswith("ly")
    return beside and _has_tense(words, at)


def _has_tense(words: Sequence[Token], at: int) -> bool:
    """True for a present in -s that is no plural, and for a past form that is no participle."""
    low, before = words[at].low, words[at - 1].low
    if low in _PRESENT or (low[-1] == "s" and low[:-1] != lemma(low[:-1]) and parts(lemma(low)) == "v"):
        return lemma(before) != before + "s"
    if low in _PAST:
        return not _is_behind_an_auxiliary(words, at)
    return _is_past(low) and not _is_behind_an_auxiliary(words, at) and not _is_participle(words, at)


def is_past(word: Token) -> bool:
    """True for a verb's past tense that can be no present: "voted" and "went", not "need" nor "put"."""
    return (
        word.low in _PAST
        or (word.low in _IRREGULAR - {"put", "set", "cut", "hit", "shut", "spread", "beat"})
        or (
            word.low.endswith("ed")
            and lemma(word.low) != word.low
            and _is_past(word.low)
            and "v" not in parts(word.low)
        )
    )


def is_nominal(word: Token) -> bool:
    """True for what may be the last word of a subject: a noun, a name, a figure, a word that nobody knows."""
    if word.is_figure or (not word.text[0].islower() and not word.low.endswith(("'", "'s"))):
        return word.is_word
    if word.low.endswith(("'", "'s")) or word.low in FUNCTION or word.low in ADVERBS or word.low in PERSONAL:
        return False
    found = parts(lemma(word.low)) or parts(word.low)
    return "n" in found or not found


def may_be_verb(word: Token) -> bool:
    """True for whatever might be a verb in some sentence, an unknown word as well; False only where none can be."""
    low = word.low
    if low in _PAST or low in _IRREGULAR or low in AUXILIARIES or "'" in low:
        return True
    found = parts(low) + parts(lemma(low))
    return "v" in found or not found


def _is_contracted(low: str) -> bool:
    return bool(_CONTRACTED.fullmatch(low) or _NOT.fullmatch(low))


def _is_past(low: str) -> bool:
    regular = len(low) > 4 and low.endswith("ed") and "-" not in low and "v" in parts(lemma(low))
    return regular or low in _IRREGULAR or low in _NO_PASSIVE


def _is_behind_an_auxiliary(words: Sequence[Token], at: int) -> bool:
    """True where the form is part of a verb that has begun: "has never raised", "may be", "to have"."""
    at -= 1
    while at > 0 and (words[at].low in ADVERBS or words[at].low.endswith("ly") or words[at].low == "not"):
        at -= 1
    low = words[at].low
    if not words[at].text[0].islower():
        return _is_contracted(low)  # "May is cold", "Will was told"
    begun = low in AUXILIARIES or low in ("be", "been", "being", "having", "to", "get", "got", "gets")
    return begun or _is_contracted(low)


def _is_participle(words: Sequence[Token], at: int) -> bool:
    """True where a past form may say what was done to the noun before it: "houses built in 1990", "a man named X"."""
    low = words[at].low
    if low in _NO_PASSIVE:
        return at + 2 < len(words) and words[at + 1].low == "by" and not _is_amount(words[at + 2])
    if at + 2 > len(words) - 1 or low in _TWO_OBJECTS:
        return True
    after, next_one = words[at + 1], words[at + 2]
    if after.low in _TIMES or next_one.low in _TIMES:
        return True
    named = after.text[0].isupper() and after.is_word
    return not (after.low in _OBJECT or named or (after.is_figure and is_nominal(next_one)))


def _is_amount(word: Token) -> bool:
    return word.is_figure or word.low in _AMOUNTS

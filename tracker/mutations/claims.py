"""Which sentences can be mutated at all: whole, plain ones, whose meaning does not hang on what stands around them."""

from __future__ import annotations

import re

LONGEST = 45  # words; in a longer text one changed word says little
_FRAGMENT = re.compile(  # who or what is meant stands elsewhere
    r"[\s\"'“‘]*(?:(?:Says?|Claims)(?: that)?[\s\"'“‘]+)?"
    r"(?:he|she|they|it|his|her|their|its|this|these|those|that|i|we|my|our|did|does|do|has|have|was|were|is|are|had|will"
    r"|would|on(?! (?:\w+\.? \d|\d|\w+day))|about|voted|supports?|supported|opposed|opposes|wants)\b",
    re.IGNORECASE,
)
_HANGS_ON_THE_DAY = re.compile(
    r"\b(?:today|tonight|yesterday|tomorrow|now|currently|recently|ago|this|last|next|past|previous|so far|just)\b",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"\?|\.\.\.|…|\[|https?:|__|\bvs?\.")
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|no-one|hardly|barely|false|falsely|hoax|myth"
    r"|fake|denie[sd]|deny|refuse[sd]?|fail(?:s|ed)?|stop(?:s|ped)?|zero)\b|n['’]t\b",
    re.IGNORECASE,
)


def is_plain(text: str) -> bool:
    """True for a sentence of 5 to `LONGEST` words, on one subject that it names, and no question."""
    length = len(text.split())
    return 5 <= length <= LONGEST and not _BROKEN.search(text) and not _FRAGMENT.match(text) and text.isprintable()


def is_timeless(text: str) -> bool:
    """True where the sentence says the same on whichever day it is read."""
    return not _HANGS_ON_THE_DAY.search(text)


def is_negated(text: str) -> bool:
    """True where a word denies something, in whatever part of the sentence."""
    return bool(_NEGATION.search(text))

"""The words and figures that a sentence rests on, for counting what two sentences share."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_TOKEN = re.compile(r"\w+(?:[.,]\d+)*(?:['’]\w+)?")
_POSSESSIVE = re.compile(r"'s?$")
_STOP = frozenset(
    """
    a an and are as at be been being but by can could did do does doing for from had has have he her hers him his how i
    if in into is it its just me more most my no nor not now of off on one only or our out over own said says she so
    some such than that the their them then there these they this those through to too up us very was we were what
    when where which while who whom why will with would you your about after again all also any because before both
    during each few other same under until
    """.split()
)
_SUFFIXES = ("ational", "ingly", "edly", "ions", "ing", "ion", "ies", "ed", "es", "ly", "s")


def words(text: str) -> list[str]:
    """The words of a text in order, lower case, without a possessive 's, figures with their separators.

    Not `casefold`, which makes two letters of ß: the store's word index keeps it.
    """
    return [token.lower() for token in _tokens(text)]


@lru_cache(maxsize=4096)
def content_words(text: str) -> frozenset[str]:
    """The words that carry meaning, crudely stemmed: `joining` and `join` are one."""
    return frozenset(stem(word) for word in words(text) if word not in _STOP)


def is_stop(word: str) -> bool:
    """True for a word that every text has, which says little of what it is about."""
    return word in _STOP


def is_topic(text: str) -> bool:
    """True for what is too short to state anything: up to three words, such as a name."""
    return 0 < len(words(text)) <= 3


def overlap(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """The share of the words of `one` that `other` has too, 0 to 1; 0 where `one` is empty."""
    return len(one & other) / len(one) if one else 0.0


def asked_words(text: str, most: int = 48) -> list[str]:
    """The words of a text by which claims are looked for, each once and as it stands there; none that every text has.

    A text of nothing but such words is looked for by them.
    """
    unique: dict[str, str] = {}
    for token in _tokens(text):
        unique.setdefault(token.lower(), token)
    telling = [word for key, word in unique.items() if key not in _STOP] or list(unique.values())
    return telling[:most]


def fts_query(text: str, joined: Literal["OR", "AND"] = "OR", most: int = 48) -> str:
    """An FTS5 query for claims that share any word with the text, or all of them; empty where it has no words.

    Every word is quoted, so nothing in a text is taken as query syntax. Letters stay as they are: FTS5 folds the query
    as it folded the claims.
    """
    return f" {joined} ".join(f'"{word}"' for word in asked_words(text, most))


def _tokens(text: str) -> list[str]:
    found: list[str] = _TOKEN.findall(text.replace("’", "'"))
    return [_POSSESSIVE.sub("", token) if "'" in token else token for token in found]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The word without its ending, crudely; figures and words that would become too short stay whole."""
    if word[0].isdigit():
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)]
    return word

"""Posts as they are pasted: what they say, without links, and who said it and when, where a signature tells.

A fact-checker pastes what a reader sent: "#StopTheSteal they found 10,000 ballots pic.twitter.com/x — Jane Roe (@jroe)
July 8, 2019". The words before the signature are the statement; the name and the day are what is known of it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.dates import parse_day
from tracker.errors import InvalidClaim

if TYPE_CHECKING:
    from datetime import date

    from tracker.models import Utterance

_LINK = re.compile(r"(?:https?://|pic\.twitter\.com/|\bwww\.)[^\s—–]*")  # a dash glued to it begins a signature
_SIGNATURE = re.compile(  # only with handle and day: what else follows a dash may turn the statement round
    r"\s?(?:[—–]|(?<= )--?(?= )) ?(?P<name>[^—–\n]{0,60}?) ?\(@\w{1,30}\)"
    r" (?P<day>[A-Z][a-z]+ \d{1,2}, \d{4})\W{0,3}$"
)
_CONTEXT = 300  # characters before the statement that are looked at: more would push it out of the encoder's window
_TAIL = 160  # characters in which a signature has room
_TAG = re.compile(r"[#@](\w+)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])|_")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")  # they only shape the emoji beside them


def read_post(utterance: Utterance) -> Utterance:
    """The same as its words alone: without links, emoji and signature, tags and handles as words.

    A signature's name and day are taken over where speaker and day are not known. `verbatim` keeps tags and signs, each
    at its place, and lacks only links and a signature that is a name beyond doubt: what is left out cannot tell a
    statement from its denial. A text of which no word would be left stays as it is.
    """
    verbatim = without_links(utterance.text)
    text = " ".join(verbatim.split())
    signature = _SIGNATURE.search(text, max(0, len(text) - _TAIL))
    if signature:
        text = text[: signature.start()]
        signed = _SIGNATURE.search(verbatim.rstrip(), max(0, len(verbatim.rstrip()) - _TAIL))
        if signed and _is_name(signature["name"]):
            verbatim = verbatim[: signed.start()]
        utterance = replace(
            utterance,
            speaker=utterance.speaker or signature["name"].strip() or None,
            stated_on=utterance.stated_on or _day(signature["day"]),
        )
    words = plain(text)
    if not re.search(r"\w", words):
        return utterance
    context = utterance.context and utterance.context[-_CONTEXT:]
    return replace(utterance, text=words, verbatim=verbatim.rstrip(), context=context)


def _is_name(signed: str) -> bool:
    """True where no word begins with a small letter, as those of "— this is false (@handle)" would."""
    return not any(word[0].islower() for word in signed.split())


def without_links(text: str) -> str:
    """A text with blanks for its links, so that every other word stays in its place; mere links stay as they are."""
    blank = _LINK.sub(lambda link: " " * len(link[0]), text)
    return blank if blank.strip() else text


def plain(text: str) -> str:
    """A text's words alone: tags and handles as words, emoji and runs of blanks as one blank."""
    return " ".join(_without_emoji(_TAG.sub(_as_words, text)).split())


def _without_emoji(text: str) -> str:
    if text.isascii():
        return text
    return "".join(" " if one in _JOINERS or unicodedata.category(one) == "So" else one for one in text)


def _as_words(tag: re.Match[str]) -> str:
    r"""`#StopTheSteal` as `Stop The Steal`, set apart from what it was glued to.

    Before a combining mark, where `\w` ends in the middle of a word of many scripts, it is glued to nothing.
    """
    parted = not unicodedata.category(tag.string[tag.end() : tag.end() + 1] or " ").startswith("M")
    return f" {_CAMEL.sub(' ', tag[1])}{' ' * parted}"


def _day(text: str | None) -> date | None:
    try:
        return parse_day(text, ahead=True) if text else None
    except InvalidClaim:
        return None

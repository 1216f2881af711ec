"""Changes of word order after which a sentence says the same: the time put first, another possessive, another voice.

Each function takes a sentence and yields changed ones, nothing where the change could change the meaning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.mutations.keeping import SAFE_SMALL
from tracker.mutations.numerals import MONTH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

_DAY = rf"(?:{MONTH} \d{{1,2}}|\d{{1,2}} {MONTH})(?:,? \d{{4}})?"
_WHEN = rf"(?:in|since|by) (?:{MONTH} )?(?:1[89]|20)\d\d|in {MONTH}|on {_DAY}"
_LAST = re.compile(rf"(?P<rest>.+) (?P<when>{_WHEN})\.")
_FIRST = re.compile(rf"(?P<when>{_WHEN}),? (?P<rest>[^\W\d_].+)\.", re.IGNORECASE)
_SEVERAL = re.compile(  # more than one clause: a time may belong to any of them
    r"[,;:()\"“”–—]|\b(?:that|which|who|whose|because|when|while|than|and|but|or|if|after|before|since|until|as|to|between"
    r"|photo\w*|videos?|images?|pictures?|shows?|depicts?|captures?)\b"
)
_NO_NAME = "Only|Even|Former|Late|President|Prime|King|Queen|Pope|Mayor|Governor|Senator"
_NAME = rf"(?!(?:{_NO_NAME})\b)[A-Z][a-z]+(?: [A-Z][a-z]+)?"
_OWNED = (
    "mayor|governor|president|prime minister|chancellor|king|queen|capital|population|economy|government|parliament"
    "|army|navy|central bank|coast|currency|budget|biggest city|largest city|main airport|health minister|highest court"
)
_OF = re.compile(
    rf"\b(?P<the>[Tt]he) (?P<owned>{_OWNED}) of (?P<owner>{_NAME})(?![\w'’-]| [A-Z]| (?:and|or|of) |, [A-Z])"
)
_OWNERS = re.compile(
    rf"(?P<before>^|(?<!\S)[a-z]+,? )(?P<owner>{_NAME})['’]s (?P<owned>{_OWNED})"
    r"(?= (?:is|was|has|had|will|did|does|in|on|at|rose|fell|grew|said|signed|won|lost|\w+ed)\b|[.,])"
)
_WHO = (  # what does things, and is no means, measure, place or day
    "mayor|king|queen|government|council|parliament|court|police|army|navy|company|firm|bank|union|party|committee|board"
    "|ministry|minister|president|governor|regulator|judge|jury|church|club|school|university|museum|FBI|CIA|EU|UN"
    "|soldiers|officers|engineers|researchers|scientists|doctors|thieves|voters|workers|farmers|students|volunteers"
    "|drivers?|lorry|bus|train|flood|storm|earthquake|fire|hurricane|river|cleaner|owner|artist|gang|mob|crowd"
)
_SAME_FORM = "built|won|bought|sold|made|found|held|led|lost|paid|sent|caught|taught|killed|shot|struck|hit|brought"
_PASSIVE = re.compile(
    rf"(?P<patient>[^,;:()\"“”]+?) (?:was|were) (?P<verb>\w+ed|{_SAME_FORM})"
    rf" by (?P<agent>(?:{_NAME}|NATO|(?:[Tt]he |an? )?(?:[\w'’-]+ ){{0,3}}(?:{_WHO})))(?P<when> (?:{_WHEN}))?\."
)
_NOT_THE_AGENT = re.compile(
    r"\b(?:their|its|his|her|my|our|your|every|each|all|some|any|most|many|few|no|in|on|at|of|for|to|from|with|after"
    r"|before|during)\b"
)
_MORE_THAN_A_PATIENT = re.compile(
    r"\b(?:every|each|all|some|any|most|many|few|no)\b|^(?:in|on|at|for|since|during|after|by|with|from)\b|\b(?:is|are|was|were|has|have|had|not|never|no|only|wrote|\w+ing)\b"
)


def fronting(text: str, _rng: Random) -> Iterator[str]:
    """A time at the end put first, and back: In 2019, the dam broke."""
    last = _LAST.fullmatch(text)
    if last and not _SEVERAL.search(last["rest"]) and (rest := _inside(last["rest"])):
        yield f"{_opening(last['when'])}, {rest}."
    first = _FIRST.fullmatch(text)
    if first and not _SEVERAL.search(first["rest"]):
        yield f"{_opening(first['rest'])} {first['when'][0].lower()}{first['when'][1:]}."


def possessive(text: str, _rng: Random) -> Iterator[str]:
    """The mayor of Leeds as Leeds's mayor, and back."""
    for found in _OF.finditer(text):
        if not re.search(r"\bof $|[A-Z]\w* $", text[: found.start()]):
            yield f"{text[: found.start()]}{found['owner']}'s {found['owned']}{text[found.end() :]}"
    for found in _OWNERS.finditer(text):
        if re.match(rf"{MONTH}\b", found["owner"]):
            continue
        the = "the" if found["before"] else "The"
        spelt = f"{found['before']}{the} {found['owned']} of {found['owner']}"
        yield text[: found.start()] + spelt + text[found.end() :]


def voice(text: str, _rng: Random) -> Iterator[str]:
    """The library was opened by the mayor as: the mayor opened the library."""
    found = _PASSIVE.fullmatch(text)
    if not found or re.match(rf"{MONTH}\b|\w+day\b", found["agent"]) or _SEVERAL.search(found["patient"]):
        return
    if _NOT_THE_AGENT.search(found["agent"]):
        return
    patient = _inside(found["patient"])
    if patient and not _MORE_THAN_A_PATIENT.search(patient):
        yield f"{_opening(found['agent'])} {found['verb']} {patient}{found['when'] or ''}."


def _opening(text: str) -> str:
    return text[0].upper() + text[1:]


def _inside(text: str) -> str | None:
    """What began a sentence as it stands inside one; None where its first word may be a name or may not."""
    first = text.split(maxsplit=1)[0]
    if first.lower() in SAFE_SMALL:
        return first.lower() + text[len(first) :]
    is_name = re.match(r"[A-Z][a-z]+ [A-Z]|[A-Z]{2,}\b|[A-Z][a-z]*[A-Z]", text)
    return text if is_name else None

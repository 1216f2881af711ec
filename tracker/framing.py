"""What a sentence is about, apart from who says so and how: "Officials insist that it is false that X" is about X.

A desk stores fact-checks under their headlines ("No, X did not happen", "False: X"), and people repeat claims in
somebody else's name, or to debunk them. The claim itself is a span of the sentence; that it is denied, or only
reported, is said beside it. An attribution is never the difference between two claims; a denial always is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tracker.patterns import pattern

_Span = tuple[int, int]

_FALSE = (
    r"(?:(?:completely|totally|simply|just|plainly|utterly|demonstrably) )?"
    r"(?:false|fake|untrue|not true|wrong|incorrect|baseless|unfounded|debunked|bogus|nonsense|rubbish|fabricated"
    r"|(?:a|an old|an urban) (?:hoax|myth|lie|fabrication|fiction|conspiracy theory))"
)
_TALK = r"(?:claims?|rumou?rs?|story|stories|theory|idea|notion|posts?|reports?|allegations?|suggestions?|assertions?)"
_MADE_UP = r"(?:false|fake|hoax|bogus|debunked|satirical|fabricated|made-up|phoney|phony|spoof)"
_PIECE = r"(?:articles?|stor(?:y|ies)|posts?|videos?|memes?|tweets?|claims?|rumou?rs?|reports?|messages?|sites?|pages?)"
_SAYS = (
    "say says said claim claims claimed insist insists insisted argue argues argued warn warns warned announce"
    " announces announced confirm confirms confirmed state states stated report reports reported allege alleges alleged"
    " tweet tweets tweeted write writes wrote reveal reveals revealed admit admits admitted add adds added assert"
    " asserts asserted maintain maintains maintained acknowledge acknowledges acknowledged declare declares declared"
)
_FINDS = (
    "find finds found show shows showed suggest suggests suggested believe believes believed think thinks estimate"
    " estimates estimated conclude concludes concluded note notes noted hear hears heard indicate indicates indicated"
    " learn learned tell tells told point points pointed explain explains explained reckon reckons reckoned agree"
    " agrees agreed"
)
_IS_NOT = r"(?:it|they|he|she) (?:did|does|do|is|was|are|were|has|have|had|will|would)(?:n't| not)"
_CLAUSE = (  # what a sentence of its own begins with
    r"(?=\W?(?:[A-Z]|\d|(?:the|a|an|it|he|she|they|we|there|this|that|its|his|her|their|our)\b"
    r"|(?:no(?! to)|all|some|more|most)\b))"
)
_SAID = rf"(?:{_SAYS.replace(' ', '|')})"
_FOUND = rf"(?:{_FINDS.replace(' ', '|')})"
_SHARE = pattern(  # who says so is counted: "three in five Brazilians say that they" is what a survey found
    r"\d|%|\b(?:half|third|quarter|majority|most|out of|in (?:two|three|four|five|ten)|per ?cent)\b", re.IGNORECASE
)
_UNSURE = pattern(r"\b(?:claim|alleg|suggest|report|believ|assert|maintain|think|reckon)\w*", re.IGNORECASE)

_DECOR = pattern(
    r"(?:\W*\b(?:breaking(?: news)?|just in|exclusive|watch|update|alert|urgent|rt|psa|wow|lol|lmao|omg|reminder|fyi)\b"
    r"(?:\s*@\w+)?[\s!:.,–—-]*)+",
    re.IGNORECASE,
)
_TAGS = pattern(r"(?:\s*#\w+)+\W*$")
_LABEL = pattern(
    r"(?:fact[- ]?check(?:ed)?|reality check|the claim|claim|viral(?: post| claim)?)\s*[:–—]\s*", re.IGNORECASE
)
_DENIED_AHEAD = pattern(
    rf"(?:(?:{_FALSE}|false claim|false news|misinformation|disinformation|nope|fiction)\s*[:!–—]+\s*"
    rf"|(?:it(?:'s| is| was)|it(?:'s| is) simply) {_FALSE} (?:to (?:say|claim|suggest) )?that\s+"
    rf"|(?:the )?{_FALSE} {_TALK} that\s+"
    rf"|(?:[^.;:?!]{{0,60}} )?(?:an? |the |this |that |these |those )?{_MADE_UP} (?:news )?{_PIECE}"
    r" (?:that |which |is |are )?(?:claim|say|alleg|suggest|assert|stat)(?:s|es|ed|ing)?(?: that)?\s+"
    r"|no (?:\w+ )?(?:evidence|proof)(?: was found| has been found| emerged)? that\s+)",
    re.IGNORECASE,
)
_NONE_EXISTS = pattern(  # a sentence of its own, and no headline
    r"(?:there(?:'s| is| was) (?:absolutely )?(?:no|not any|zero) (?:\w+ )?(?:evidence|proof|truth)[^.]{0,25}?"
    r"|no (?:\w+ )?(?:evidence|proof) exists) that\s+",
    re.IGNORECASE,
)
_EVIDENCE = pattern(
    r"there(?:'s| is| was) (?:(?!(?:no|not|zero|little|scant|insufficient)\b)\w+ )?(?:evidence|proof) that\s+",
    re.IGNORECASE,
)
_TALK_AHEAD = pattern(
    rf"(?:(?:the|this|that|these|those|a|viral|online) )*{_TALK} (?:circulating )?(?:on \w+ )?that\s+", re.IGNORECASE
)
_DENIED_BEHIND = pattern(
    rf"(?:\s*[,;–—-]+\s*|\s+)(?:(?:which|that|this|it|and that|but that)\s*)?"
    rf"(?:is|are|was|were|'s|has been|have been|turns out to be)\s+(?:now )?{_FALSE}\W*$"
    rf"|(?:\s*[;–—:.?!]+\s*|\s+--?\s+)(?:no|nope|{_FALSE}|that(?:'s| is) {_FALSE}|not so|(?:no,? )?{_IS_NOT})"
    r"(?:\s*\(@\w+\)|,? [a-z]+ \d{1,2}, \d{4})*\W*$",
    re.IGNORECASE,
)
_NO = pattern(r"no,\s+", re.IGNORECASE)
_ASKED = pattern(r"(?:is it true(?: that)?|did you know(?: that)?)\s+", re.IGNORECASE)
_DENIES = pattern(
    r"[^;:?!]{2,60}?\b(?:denies|denied|deny|disprove[sdn]?|dispel(?:s|led)|refute[sd]?|debunk(?:s|ed)?"
    rf"|(?:reject(?:s|ed)?|dismiss(?:es|ed)?) claims)\b(?: (?:the )?{_TALK})? that\s+",
    re.IGNORECASE,
)
_AHEAD = pattern(
    rf"(?:[Aa]ccording to|[Aa]s reported by|[Aa]s per) [^,]{{2,70}},\s*"
    rf"|[^;:?!]{{2,90}}?\b(?:{_SAID}|{_FOUND})\b(?: [^,;:]{{1,30}}?)?,? that\s+"
    rf"|[^,;:?!]{{2,50}}?\b(?:says?|said|insist(?:s|ed)?|warn(?:s|ed)?|argue[sd]?)\b,?:?\s+{_CLAUSE}"
    rf"|[A-Z][\w .&'’-]{{1,35}}:\s+(?=\S+ \S+ \S+)"
)
_BEHIND = pattern(
    rf"\s*,\s*(?:according to [^,]{{2,80}}|(?:\w+ )?{_SAID} [^,.]{{2,60}}"
    rf"|[^,]{{2,60}}? {_SAID}(?: (?:on|in) \w+| today| yesterday)?)\W*$"
    rf"|\s*[–—-]\s+(?:according to [^,]{{2,80}}|{_SAID} [^,.]{{2,60}})\W*$"
    rf"|\s+(?:says|said|according to) [^,.]{{2,60}}\W*$",
)
_NEGATED = pattern(r"\b(?:not|never|no|cannot|none|nobody|nothing)\b|n['’]t\b", re.IGNORECASE)
_LEAST = 3  # words that a claim must have left when what stands around it is taken off


class Framing(NamedTuple):
    """Where in a sentence its claim stands (`start`, `end` in characters), and how it is put.

    `denied`: the sentence says that the claim is false; `reported`: the span in which somebody else is said to say so,
    if there is one, and `unsure` where those words leave open whether it is so ("claims", "alleged"). `marks` are the
    spans of the words that deny.
    """

    start: int
    end: int
    denied: bool = False
    reported: _Span | None = None
    unsure: bool = False
    marks: tuple[_Span, ...] = ()


@lru_cache(maxsize=4096)
def framing(text: str, *, stored: bool = False) -> Framing:
    """Take off what stands around the claim. `stored`: a claim of the store, whose headline stands for what it checks.

    "False: X" denies X where somebody says it and stands for X in the store, as "No, X did not happen" does.
    """
    plain = text.replace("’", "'").replace("‘", "'")
    start, end = 0, len(plain.rstrip())
    reported: _Span | None = None
    marks: list[_Span] = []
    flips = 0
    tags = _TAGS.search(plain)
    if tags and _words(plain[: tags.start()]) >= _LEAST:
        end = tags.start()
    for _ in range(4):
        before = start, end
        for ahead in (_DECOR, _LABEL, _TALK_AHEAD, _ASKED, _EVIDENCE):
            start = _after(ahead, plain, start, end)
        start, end, found = _denial(plain, start, end)
        marks += found
        flips += bool(found) and not stored
        after = max(_after(_DENIES, plain, start, end), _after(_NONE_EXISTS, plain, start, end))
        if after != start:
            marks, flips, reported, start = [*marks, (start, after)], flips + 1, (start, after), after
        after = _after(_AHEAD, plain, start, end)
        if after != start and not _SHARE.search(plain, start, after):
            reported, start = (start, after), after
        tail = _BEHIND.search(plain, start, end)
        if tail and _words(plain[start : tail.start()]) >= _LEAST:
            reported, end = (tail.start(), end), tail.start()
        if before == (start, end):
            break
    no = _NO.match(plain, start, end)
    if no:
        flips += bool(stored and _NEGATED.search(plain, no.end(), end))
        marks, start = [*marks, no.span()], no.end()
    unsure = bool(reported and _UNSURE.search(plain, *reported))
    return Framing(start, end, bool(flips % 2), reported, unsure, tuple(marks))


def _after(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Behind what the pattern takes off at the start, where enough is left."""
    found = pattern.match(text, start, end)
    return found.end() if found and _words(text[found.end() : end]) >= _LEAST else start


def _denial(text: str, start: int, end: int) -> tuple[int, int, list[_Span]]:
    """The span without words around it that say that it is false, and those words' spans."""
    marks: list[_Span] = []
    after = _after(_DENIED_AHEAD, text, start, end)
    if after != start:
        marks.append((start, after))
    tail = _DENIED_BEHIND.search(text, after, end)
    if tail and _words(text[after : tail.start()]) >= _LEAST:
        marks.append((tail.start(), end))
        end = tail.start()
    return after, end, marks


def _words(text: str) -> int:
    return len(re.findall(r"\w+", text))

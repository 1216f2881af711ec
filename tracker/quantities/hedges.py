"""Words that say how a number is meant: roughly, at least, fewer than; before it or behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.quantities.numerals import low
from tracker.quantities.quantity import Qualifier

if TYPE_CHECKING:
    from tracker.quantities.numerals import Token

_BEFORE: dict[Qualifier, str] = {
    Qualifier.ABOUT: """
        about|around|roughly|nearly|almost|approximately|approx|some|circa|c|ca|close to|near|nigh on|getting on for
        in the region of|somewhere in the region of|on the order of|in the order of|estimated|an estimated|~|≈|≃
        virtually|practically|more or less|as good as|about some|somewhere around|somewhere near|close on|not far off
        a rough|an approximate|the equivalent of about
        """,
    Qualifier.MORE_THAN: """
        more than|over|above|exceeding|exceed|exceeds|exceeded|in excess of|upwards of|upward of|greater than
        well over|just over|slightly over|slightly more than|a little over|a little more than|far more than|well above
        just above|north of|>|well more than|much more than|way over|way more than|just more than|comfortably over
        larger than|bigger than|topped|surpassed|surpassing|topping|higher than|longer than|older than
        a bit over|slightly above
        even more than|significantly more than|well in excess of
        """,
    Qualifier.AT_LEAST: """
        at least|no fewer than|no less than|not less than|not fewer than|a minimum of|minimum of|minimum|a minimum|≥
        as few as|as little as|at a minimum|the minimum of
        """,
    Qualifier.LESS_THAN: """
        less than|fewer than|under|below|lower than|just under|just below|well under|well below|slightly under
        slightly less than|slightly fewer than|slightly below|a little under|a little less than|short of|just short of
        shy of|just shy of|far fewer than|far less than|smaller than|<|much less than|a bit under|south of|younger than
        """,
    Qualifier.AT_MOST: """
        at most|up to|no more than|not more than|a maximum of|maximum of|maximum|a maximum|as many as|as much as|≤
        at the most|no greater than|no higher than|no longer than|not exceeding|the maximum of
        """,
}
_WORDS: dict[str, Qualifier] = {}  # hedges of one word
_PHRASES: dict[tuple[str, str], list[tuple[tuple[str, ...], Qualifier]]] = {}  # by their last two, the longest first
for _qualifier, _lines in _BEFORE.items():
    for _phrase in _lines.replace("\n", "|").split("|"):
        _words = tuple(_phrase.split())
        if len(_words) == 1:
            _WORDS[_words[0]] = _qualifier
        elif _words:
            _PHRASES.setdefault((_words[-2], _words[-1]), []).append((_words, _qualifier))
for _list in _PHRASES.values():
    _list.sort(key=lambda pair: -len(pair[0]))
BARE = frozenset("about around some over under near above below".split())  # prepositions too

_BEHIND = {
    **dict.fromkeys(("more", "over", "above", "older", "upwards", "upward", "up", "higher", "longer", "greater"), True),
    **dict.fromkeys(("less", "fewer", "under", "below", "younger", "lower", "shorter"), False),
}


def hedge_before(tokens: list[Token], i: int) -> tuple[Qualifier, int]:
    """How a number that begins at token `i` is hedged, and the token at which the hedge begins (`i` for none).

    Of two hedges ("up to about 500") a bound counts more than "about".
    """
    found, first = Qualifier.EXACT, i
    if low(tokens, i - 1) == "-" and tokens[i - 1].glued and low(tokens, i - 2) in ("under", "over"):  # under-18s
        return (Qualifier.LESS_THAN if tokens[i - 2].low == "under" else Qualifier.MORE_THAN), i - 2
    if low(tokens, i - 1) in ("a", "an") and i < len(tokens) and tokens[i].kind != "word":
        found, first = hedge_before(tokens, i - 1)  # "more than a $2,000 rise"; in "about a 10-mile walk" who knows
        return (found, first) if first < i - 1 and low(tokens, i - 2) not in BARE else (Qualifier.EXACT, i)
    for _ in range(2):
        k = first - 1
        if low(tokens, k) == "." and low(tokens, k - 1) in ("approx", "c", "ca"):
            k -= 1
        match = _hedge_ending(tokens, k)
        if match is None:
            break
        words, qualifier = match
        if words == ("c",) and tokens[k].text != "c":
            break
        if found in (Qualifier.EXACT, Qualifier.ABOUT):
            found = qualifier
        first = k - len(words) + 1
    return found, first


def hedge_behind(tokens: list[Token], i: int) -> tuple[Qualifier, int]:  # noqa: PLR0911 - a rule a line
    """The same for what stands behind a number, from token `i` on; with the token after it."""
    word, following = low(tokens, i), low(tokens, i + 1)
    if word == "+" or (word == "plus" and not following[:1].isdecimal()):
        return Qualifier.AT_LEAST, i + 1
    if word in ("or", "and") and following in _BEHIND:
        if low(tokens, i + 2) == "than" or (
            word == "and" and following in ("more", "less", "fewer", "lower", "higher")
        ):
            return Qualifier.EXACT, i
        return (Qualifier.AT_LEAST if _BEHIND[following] else Qualifier.AT_MOST), i + 2
    if word == "or" and following == "so":
        return Qualifier.ABOUT, i + 2
    if word == "-" and following in ("odd", "ish"):
        return Qualifier.ABOUT, i + 2
    if word == "-" and following == "plus":
        return Qualifier.AT_LEAST, i + 2
    return Qualifier.EXACT, i


def _hedge_ending(tokens: list[Token], k: int) -> tuple[tuple[str, ...], Qualifier] | None:
    """The longest hedge of which token `k` is the last word."""
    last = low(tokens, k)
    for words, qualifier in _PHRASES.get((low(tokens, k - 1), last), ()):
        start = k - len(words) + 1
        if start >= 0 and all(tokens[start + n].low == word for n, word in enumerate(words)):
            return words, qualifier
    return ((last,), _WORDS[last]) if last in _WORDS else None

"""Why a probability is what it is, in words: what each group of features adds to it, or takes away.

The numbers are a match's parts (`matching.Model.parts`), the features of a group (`features.GROUPS`) summed up: what
two vectors or two sets of words have in common is one reason to a reader, however many features look at it.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from tracker.calibration import logit
from tracker.features import APART, GROUPS
from tracker.matching import RIVALS, TYPICAL
from tracker.posts import read_post
from tracker.words import content_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tracker.models import Match, Utterance

LEGEND = (
    "The numbers say what made a probability: log-odds, compared with those of a typical candidate. +0.7 doubles the"
    " odds, -0.7 halves them. Rare words weigh more."
)
_REST = 0.1  # what adds less, either way, is summed up
_SHOWN = 6  # words named of each kind
_LIKELY = 0.7  # what rivals take away where they are likely themselves
_EXACT = 1e-6
_LATE = 365  # days from which it does not matter how many
_TOKEN = re.compile(r"\w+(?:[.,]\d+)*")


def explained(match: Match, said: Utterance) -> Iterator[tuple[float, str]]:
    """What is added, in log-odds, and why: the start, then the strongest first, the rest, what a desk's answers did.

    `said` is what the match was found for. The numbers sum up to the log-odds of the probability. Nothing for a match
    without parts.
    """
    if not match.parts:
        return
    post = read_post(said)
    groups = {name: sum(match.parts.get(one, 0.0) for one in names) for name, names in GROUPS.items()}
    told = {name: (groups[name], words(match, post)) for name, words in _WORDS.items()}
    rivals = match.parts.get(RIVALS, 0.0)
    likely = "likely" if rivals < -_LIKELY else "possible"
    told[RIVALS] = (rivals, f"rivals: other claims are {likely} too")
    shown = [(part, words) for part, words in told.values() if abs(part) >= _REST]
    yield match.parts[TYPICAL], TYPICAL
    yield from sorted(shown, key=lambda one: -abs(one[0]))
    if len(shown) < len(told):
        yield sum(part for part, _ in told.values() if abs(part) < _REST), "the rest"
    by_model = sum(match.parts.values())
    if abs(1 / (1 + math.exp(-max(-60.0, min(60.0, by_model)))) - match.probability) > _EXACT:
        yield logit(match.probability) - by_model, "calibration: as this desk's own answers have it ('tracker tune')"


def _meaning(match: Match, _: Utterance) -> str:
    return f"meaning: the cosine of both vectors is {match.scores.get('cosine', 0.0):.2f}"


def _context(match: Match, _: Utterance) -> str:
    gained = match.scores.get("context", 0.0)
    return f"context: with what was said before, the cosine {'rises' if gained > 0 else 'falls'} by {abs(gained):.2f}"


def _words(match: Match, said: Utterance) -> str:
    claim, scores = match.claim, match.scores
    both = _named(_tokens(claim.text, among=_known(said)))
    title = f", {_percent(scores, 'title covered')} of its title's" if claim.title else ""
    here = f"{_percent(scores, 'statement covered')} of the statement's is in the claim"
    return f"words: {_percent(scores, 'claim covered')} of the claim's weight is said{both}{title}; {here}"


def _names(match: Match, said: Utterance) -> str:
    known = _known(said)
    names = [word for word in _tokens(match.claim.text) if word[0].isupper()]
    here = [word for word in names if content_words(word) <= known]
    absent = [word for word in names if word not in here]
    other = content_words(f"{match.claim.text} {match.claim.title or ''}")
    only = [word for word in _tokens(said.text) if word[0].isupper() and not content_words(word) <= other]
    kinds = {"in both": here, "only in the claim": absent, "only in the statement": only}
    return "names: " + ("; ".join(f"{kind}{_named(words)}" for kind, words in kinds.items() if words) or "none")


def _letters(match: Match, _: Utterance) -> str:
    title = f", {_percent(match.scores, 'letters of title')} of its title's" if match.claim.title else ""
    return f"letters: {_percent(match.scores, 'letters of claim')} of the claim's runs of four are said{title}"


def _figures(match: Match, _: Utterance) -> str:
    both, missing = (match.scores.get(name, 0.0) for name in ("figures shared", "figures missing"))
    return f"figures: {_count(both)} in both, {_count(missing)} only in the claim"


def _lengths(match: Match, _: Utterance) -> str:
    here, there = (round(math.expm1(match.scores.get(name, 0.0))) for name in ("statement length", "claim length"))
    return f"lengths: {here} telling words in the statement, {there} in the claim"


def _speaker(match: Match, _: Utterance) -> str:
    if not match.scores.get("speakers known"):
        return "speaker: not known of both"
    return f"speaker: {'the same' if match.scores.get('same speaker') else 'another'}"


def _day(match: Match, _: Utterance) -> str:
    if APART not in match.scores:
        return "day: not known of both"
    days = round(match.scores[APART])
    apart = "more than a year" if days > _LATE else "1 day" if days == 1 else f"{days} days"
    return f"day: {'the same' if days == 0 else apart + ' from that'} on which the claim was made or reviewed"


_WORDS: dict[str, Callable[[Match, Utterance], str]] = {
    "vectors": _meaning,
    "context": _context,
    "words": _words,
    "names": _names,
    "letters": _letters,
    "figures": _figures,
    "lengths": _lengths,
    "speaker": _speaker,
    "day": _day,
}


def _known(said: Utterance) -> frozenset[str]:
    """The statement's words and its speaker's, stemmed."""
    return content_words(f"{said.text} {said.speaker or ''}")


def _tokens(text: str, among: frozenset[str] | None = None) -> list[str]:
    """The words that carry meaning as they stand in a text, each once, in order; only those `among` these stems."""
    unique: dict[frozenset[str], str] = {}
    for word in _TOKEN.findall(text):
        stems = content_words(word)
        if stems and (among is None or stems <= among):
            unique.setdefault(stems, word)
    return list(unique.values())


def _named(words: list[str]) -> str:
    more = ", ..." if len(words) > _SHOWN else ""
    return f" ({', '.join(words[:_SHOWN])}{more})" if words else ""


def _percent(scores: Mapping[str, float], name: str) -> str:
    return f"{scores.get(name, 0.0):.0%}".replace("%", " %")


def _count(value: float) -> str:
    return ("none", "1", "2 or more")[round(value)]

"""What matching looks at: how near a claim is to a statement, feature by feature, each a number with a name."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tracker import rarity
from tracker.numbers import numbers
from tracker.words import content_words

if TYPE_CHECKING:
    from collections.abc import Sequence, Set as AbstractSet

    from tracker.models import Candidate, Utterance

GROUPS = {
    "vectors": ("cosine", "plain cosine"),
    "context": ("context",),
    "words": ("shared", "statement covered", "claim covered", "title covered"),
    "names": ("names covered", "names missing", "statement names missing"),
    "letters": ("letters of claim", "letters of title"),
    "figures": ("figures shared", "figures missing"),
    "lengths": ("statement length", "claim length"),
    "speaker": ("same speaker", "speakers known"),
    "day": ("near in time", "days known"),
}
NAMES = tuple(name for group in GROUPS.values() for name in group)
APART = "days apart"  # not a feature: what "near in time" was made of
FROM_VECTORS = frozenset({*GROUPS["vectors"], *GROUPS["context"]})

_ALIKE = 0.6  # words in common from which two claims say the same thing here
_TELLING = 50.0  # a day counts in full where one candidate in so many is near it
_NEAR = 10.0  # days in which "near in time" falls to 1/e
_GRAM = 4  # letters
_CAPITAL = re.compile(r"\b[A-Z][\w'’]*")
_Features = dict[str, float]


class _Text(NamedTuple):
    """One text, taken apart once."""

    words: frozenset[str]
    weight: float
    names: frozenset[str]
    names_weight: float
    grams: frozenset[str]
    figures: frozenset[tuple[float, str]]

    def covered(self, by: AbstractSet[str]) -> float:
        """The share of its words, by weight, that are among these, 0 to 1."""
        return rarity.weight(self.words & by) / self.weight if self.weight else 0.0


def features_of(statement: Utterance, candidates: Sequence[Candidate]) -> list[_Features]:
    """The features of each candidate; a day that most of them share says little, and counts as little."""
    found = [features(statement, one) for one in candidates]
    near = sum(values["near in time"] for values in found)
    worth = min(1.0, math.log(len(found) / near) / math.log(_TELLING)) if near else 1.0
    return [{**values, "near in time": values["near in time"] * max(0.0, worth)} for values in found]


def features(statement: Utterance, candidate: Candidate) -> _Features:
    """What the model looks at, by name, in the order of `NAMES`. Weights of words are those of `rarity`.

    Vectors: `cosine` as adapted, `plain cosine`; `context` what the cosine gains with the sentence before (0 without).
    Words: `shared` the logarithm of the weight in common with claim and title; `... covered` the share of one's weight
    that the other has, 0 to 1. Names are words with a capital: `names covered` the share of the claim's that were said,
    `names missing` the logarithm of the weight of those that were not, `statement names missing` the other way round.
    `letters ...`: the share of runs of four letters. Figures: how many are in both, and in the claim only, up to 2.
    `... length`: the logarithm of the number of words. `same speaker`: 1 where the claim was the speaker's. `near in
    time`: 1 on the day on which the claim was made or reviewed, falling to 0 within weeks. `speakers known` and `days
    known`: 1 where both sides say so. Where they do, `days apart` is there too, for who reads it; no model looks at it.
    """
    claim = candidate.claim
    said, text, title = _taken_apart(statement.text), _taken_apart(claim.text), _taken_apart(claim.title or claim.text)
    known = said.words | content_words(statement.speaker) if statement.speaker else said.words
    both = text.words | title.words
    shared = rarity.weight(said.words & both)
    gap = _gap(statement, candidate)
    return {
        "cosine": candidate.adapted or 0.0,
        "plain cosine": candidate.dense or 0.0,
        "context": 0.0 if candidate.in_context is None else candidate.in_context - (candidate.adapted or 0.0),
        "shared": math.log1p(shared),
        "statement covered": shared / said.weight if said.weight else 0.0,
        "claim covered": text.covered(known),
        "title covered": title.covered(known),
        "names covered": rarity.weight(text.names & known) / text.names_weight if text.names else 0.0,
        "names missing": math.log1p(rarity.weight(text.names - known)),
        "statement names missing": math.log1p(rarity.weight(said.names - both)),
        "letters of claim": _share(text.grams, said.grams),
        "letters of title": _share(title.grams, said.grams),
        "figures shared": float(min(2, len(said.figures & (text.figures | title.figures)))),
        "figures missing": float(min(2, len(text.figures - said.figures))),
        "statement length": math.log1p(len(said.words)),
        "claim length": math.log1p(len(text.words)),
        "same speaker": _same_speaker(statement.speaker, claim.claimant),
        "speakers known": float(bool(statement.speaker and claim.claimant)),
        "near in time": 0.0 if gap is None else math.exp(-gap / _NEAR),
        "days known": float(gap is not None),
        **({} if gap is None else {APART: float(gap)}),
    }


def kinship(one: Candidate, other: Candidate) -> float:
    """How much two claims say the same, 0 to 1: the share of the lighter one's words that the other has, 1 from 0.6."""
    ours, theirs = _taken_apart(one.claim.text), _taken_apart(other.claim.text)
    least = min(ours.weight, theirs.weight)
    share = rarity.weight(ours.words & theirs.words) / least if least else 0.0
    return 1.0 if share >= _ALIKE else share


@lru_cache(maxsize=8_192)  # some 100 MB when full
def _taken_apart(text: str) -> _Text:
    words, names = content_words(text), content_words(" ".join(_CAPITAL.findall(text)))
    letters = " ".join(re.findall(r"\w+", text.lower()))
    grams = frozenset([letters[i : i + _GRAM] for i in range(len(letters) - _GRAM + 1)])
    figures = frozenset(numbers(text))
    return _Text(words, rarity.weight(words), names, rarity.weight(names), grams, figures)


def _share(of: frozenset[str], among: frozenset[str]) -> float:
    return len(of & among) / len(of) if of else 0.0


def _same_speaker(speaker: str | None, claimant: str | None) -> float:
    """1 where one name has all words of the other: "President Donald Trump" is "Donald Trump", "Bill" no "Hillary"."""
    if not speaker or not claimant:
        return 0.0
    ours, theirs = content_words(speaker), content_words(claimant)
    return float(bool(ours and theirs) and (ours <= theirs or theirs <= ours) and "jr" not in ours ^ theirs)


def _gap(statement: Utterance, candidate: Candidate) -> int | None:
    """Days between the statement and the nearest day that is known of the claim."""
    if statement.stated_on is None:
        return None
    return min((abs((day - statement.stated_on).days) for day in candidate.days), default=None)

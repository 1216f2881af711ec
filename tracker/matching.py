"""From candidates to matches: how likely it is that this claim is what the statement is about.

A logistic regression over a handful of readable features, fitted on public tweet-to-claim and debate-to-claim pairs
(`training/matching.py`, coefficients and model card in `tracker/data/`). It is keyed to the encoder that it was fitted
with; for any other encoder the model without the cosine decides, since cosines of two encoders mean different things.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker import rarity
from tracker.models import Candidate, Finding, Match, Outcome, Relation, Standing, Statement
from tracker.relations import evidence, relate
from tracker.standing import speaks
from tracker.words import content_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DEPTH = 50  # candidates from each of the two searches


@dataclass(frozen=True, slots=True)
class Model:
    """Fitted weights by feature name, and the probability below which the answer is "no match"."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float

    def probability(self, features: Mapping[str, float]) -> float:
        """The calibrated probability, 0 to 1, for the features of one candidate."""
        score = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, score))))


def model_for(encoder: str | None) -> Model:
    """The model fitted with this encoder (a fingerprint), else the one that looks at words alone."""
    fitted = _coefficients()
    return _model(fitted["vectors" if encoder == fitted["encoder"] else "words"])


def is_fitted_for(encoder: str) -> bool:
    """True where `model_for` uses this encoder's cosines."""
    return bool(_coefficients()["encoder"] == encoder)


def features(statement: str, candidate: Candidate) -> dict[str, float]:
    """What the model looks at, by name.

    `cosine` of the vectors; `shared` the logarithm of the weight of the content words in common (`rarity`);
    `statement covered`, `claim covered` and `title covered` the share, by weight, of one's content words that the other
    has (a claim without a title counts as its own); `figures shared` and `figures missing` the figures in both and in
    one, up to 2.
    """
    claim = candidate.claim
    here, there = content_words(statement), content_words(claim.text)
    ours, theirs = (
        {(figure.value, figure.unit) for figure in evidence(text).figures} for text in (statement, claim.text)
    )
    return {
        "cosine": candidate.dense or 0.0,
        "shared": math.log1p(rarity.weight(here & there)),
        "statement covered": rarity.covered(here, there),
        "claim covered": rarity.covered(there, here),
        "title covered": rarity.covered(content_words(claim.title or claim.text), here),
        "figures shared": float(min(2, len(ours & theirs))),
        "figures missing": float(min(2, len(ours ^ theirs))),
    }


def decide(statement: str, candidates: Iterable[Candidate], encoder: str | None) -> list[Match]:
    """Every claim with its probability, relation and reasons, the most probable first; verdicts are left empty.

    Of the entries that are one claim the one that says the same decides, else the most probable.
    """
    model = model_for(encoder)
    best: dict[int, Match] = {}
    for match in (_match(statement, candidate, model) for candidate in candidates):
        known = best.get(match.claim.id)
        if known is None or _weight(match) > _weight(known):
            best[match.claim.id] = match
    return sorted(best.values(), key=lambda match: (-match.probability, match.claim.id))


def _weight(match: Match) -> tuple[bool, float]:
    return match.relation is Relation.SAME, match.probability


def conclude(statement: Statement, matches: Sequence[Match], k: int) -> Finding:
    """What the matches of a statement come to, with the `k` that matter most; those that are `unrelated` are left out.

    All of them decide, not only the `k`. Only a claim that says the same, with a verdict that holds, makes it checked.
    A claim that waits for its verdict is shown after those that decide, and decides nothing.
    """
    kept = [match for match in matches if match.relation is not Relation.UNRELATED]
    outcomes = [_outcome(match) for match in kept]
    outcome = min(outcomes, key=list(Outcome).index, default=Outcome.UNMATCHED)
    deciding = [match for match, one in zip(kept, outcomes, strict=True) if one is outcome]
    others = [match for match, one in zip(kept, outcomes, strict=True) if one is not outcome]
    return Finding(statement, outcome, tuple([*deciding, *others][:k]))


def _outcome(match: Match) -> Outcome:
    """What this match alone would come to."""
    if not any(speaks(verdict) for verdict in match.verdicts):
        return Outcome.UNMATCHED
    if match.relation is Relation.SAME:
        holds = any(verdict.standing is Standing.CURRENT for verdict in match.verdicts)
        return Outcome.CHECKED if holds else Outcome.CONTRAST  # the same claim, of another period
    return Outcome.CONTRAST if match.relation.is_contrast else Outcome.RELATED


def _match(statement: str, candidate: Candidate, model: Model) -> Match:
    scores = features(statement, candidate)
    probability = model.probability(scores)
    relation, reasons = relate(statement, candidate.claim.text)
    if probability < model.threshold and relation is not Relation.SAME:
        relation, reasons = Relation.UNRELATED, (f"probability below {model.threshold:.2f}",)
    read_as = candidate.read_as or candidate.claim
    if read_as.id != candidate.claim.id and relation is not Relation.UNRELATED:
        reasons = (*reasons, f"by its other entry {candidate.claim.id}: “{candidate.claim.text}”")
    return Match(read_as, probability, relation, reasons, scores=scores)


def _model(entry: dict[str, Any]) -> Model:
    return Model(entry["weights"], entry["intercept"], entry["threshold"])


@cache
def _coefficients() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "matching.json").read_text(encoding="utf-8"))
    return found

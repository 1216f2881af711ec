"""From candidates to matches: how likely it is that this claim is what the statement is about.

Two steps, both fitted on public pairs of statements and verified claims (`training/matching.py`, coefficients and model
card in `tracker/data/`). A logistic regression over readable features (`features.py`) scores each candidate alone. Then
its rivals count: of a dozen claims that are each a little likely at most one is right, and where one stands out it
mostly is. Rivals that say nearly the same as the candidate itself do not speak against it. The model is keyed to the
encoder that it was fitted with; for any other encoder one without vectors decides, since cosines of two encoders mean
different things.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.calibration import SHIPPED
from tracker.features import features_of, kinship
from tracker.models import (
    Candidate,
    Finding,
    Match,
    Outcome,
    Reason,
    Related,
    Relation,
    Standing,
    Statement,
    Utterance,
)
from tracker.posts import without_links
from tracker.quantities import quantities
from tracker.relations import UNREAD, compare, doubted, follows_both_ways, same_wording
from tracker.standing import speaks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tracker.calibration import Calibration
    from tracker.models import PairReading

    Together = Callable[[tuple[str, str]], PairReading]

DEPTH = 40  # candidates from each of the two searches
RIVALS = "rivals"  # what they take away, beside the features' parts in `Match.parts`
TYPICAL = "a typical candidate"
_KIN = 8  # the most likely candidates, whose kin is looked for
_NEGLIGIBLE = 1e-4  # a share of all odds too small to ask for kinship
NEAR = 0.8  # the cosine from which a candidate of a store is the same by a model's word (`docs/relations.md`)
SURE = 0.8  # the probability from which a contrast's rivals no longer count, and `same` is believed
_TOGETHER = 3  # the most likely candidates, which are read together with the statement: some 20 ms each
_NOT_LOOKED_AT = Related(Relation.UNRELATED, 1.0)


class Model(NamedTuple):
    """Fitted weights by feature name, what the rivals take away, and the probability below which nothing is said.

    `typical` has each feature's mean over the candidates that the model was fitted on; `rivals` the weight of the score
    and of the rivals, and the intercept, of the second step.
    """

    weights: Mapping[str, float]
    intercept: float
    typical: Mapping[str, float]
    rivals: tuple[float, float, float]
    threshold: float

    def score(self, values: Mapping[str, float]) -> float:
        """How likely a candidate is by its own features, in log-odds."""
        return self.intercept + sum(weight * values[name] for name, weight in self.weights.items())

    def log_odds(self, score: float, rivals: float) -> float:
        """The same among `rivals`, the sum of their odds, at least 0."""
        by_score, by_rivals, offset = self.rivals
        return offset + by_score * score - by_rivals * math.log1p(rivals)

    def probability(self, score: float, rivals: float) -> float:
        """The calibrated probability, 0 to 1, for a score among `rivals`."""
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, self.log_odds(score, rivals)))))

    def parts(self, values: Mapping[str, float], rivals: float) -> dict[str, float]:
        """What each feature adds to the log-odds, compared with a typical candidate without rivals; they sum up."""
        by_score, by_rivals, offset = self.rivals
        added = {name: by_score * weight * (values[name] - self.typical[name]) for name, weight in self.weights.items()}
        start = offset + by_score * self.score(self.typical)
        return {TYPICAL: start, **added, RIVALS: -by_rivals * math.log1p(rivals)}


def model_for(encoder: str | None) -> Model:
    """The model fitted with this encoder (a fingerprint), else the one that looks at words alone."""
    return _model("vectors" if encoder and is_fitted_for(encoder) else "words")


def is_fitted_for(encoder: str) -> bool:
    """True where `model_for` uses this encoder's cosines."""
    return bool(_coefficients()["encoder"] == encoder)


@cache
def version() -> str:
    """The name of these coefficients; a calibration that was fitted on others' probabilities says nothing of theirs."""
    return hashlib.sha256(json.dumps(_coefficients(), sort_keys=True).encode()).hexdigest()[:12]


def decide(
    statement: Utterance,
    candidates: Iterable[Candidate],
    encoder: str | None,
    calibration: Calibration = SHIPPED,
    together: Together | None = None,
) -> list[Match]:
    """Every claim with its probability, relation and reasons, the most probable first; verdicts are left empty.

    `together` asks models that read a pair at once, statement first; None where there is none. Of the entries that
    are one claim the one that says the same decides, else the most probable. The threshold cuts the calibrated
    probability.
    """
    model, found, fitted = model_for(encoder), list(candidates), bool(encoder and is_fitted_for(encoder))
    values = features_of(statement, found)
    scores = [model.score(one) for one in values]
    best: dict[int, Scored] = {}
    for rank, i in enumerate(sorted(range(len(found)), key=lambda i: -scores[i])):
        reader = together if together and rank < _TOGETHER else _alone
        one = _related(statement, Scored(found[i], values[i], scores[i]), model, reader, fitted=fitted)
        known = best.setdefault(one.claim_id, one)
        if one.relation is Relation.SAME is not known.relation:
            best[one.claim_id] = one
    chosen = sorted(best.values(), key=lambda one: -one.score)
    rivals = rivals_of(chosen)
    matches = [_match(one, model, among, calibration) for one, among in zip(chosen, rivals, strict=True)]
    return sorted(matches, key=lambda match: (-match.probability, match.claim.id))


class Scored(NamedTuple):
    """A candidate with its features and its score, and how it relates, where that was looked at."""

    candidate: Candidate
    values: dict[str, float]
    score: float
    related: Related = _NOT_LOOKED_AT

    @property
    def relation(self) -> Relation:
        """How the statement relates to it; `unrelated` where that was not looked at."""
        return self.related.relation

    @property
    def claim_id(self) -> int:
        """The claim that it is read as."""
        return (self.candidate.read_as or self.candidate.claim).id

    @property
    def is_settled(self) -> bool:
        """True where it says the same or differs in one respect: then the statement is about it, rivals or no."""
        return self.relation is Relation.SAME or (self.relation.is_contrast and self.related.probability >= SURE)


def _alone(_: tuple[str, str]) -> PairReading:
    """No model reads these."""
    return UNREAD


def _related(statement: Utterance, one: Scored, model: Model, together: Together, *, fitted: bool) -> Scored:
    """How it relates, where the score could suffice without rivals.

    Where it could not, what rules alone decide still counts: the same words or the same change need no score.
    """
    said, claim = statement.verbatim or statement.text, one.candidate.claim
    text = without_links(claim.text)
    likely = model.probability(one.score, 0.0) >= model.threshold
    if not likely and not quantities(said).changes and not same_wording(said, text):
        return one
    compared = compare(
        *(said, text, one.candidate.dense if fitted else None),
        said_on=statement.stated_on,
        claimed_on=claim.claimed_on,
        at_once=False,
    )
    if compared.by_rule:
        return one._replace(related=compared.by_rule)
    if not likely:
        return one
    read = together((said, text))
    found = compared.decided(read)
    sure = found.probability >= SURE and (one.candidate.dense or 0.0) >= NEAR
    if found.relation is Relation.SAME and not sure and not follows_both_ways(read.entailment):
        found = doubted(found)
    return one._replace(related=found)


def rivals_of(scored: Sequence[Scored]) -> list[float]:
    """For each, best first, the odds of the others summed up, less what they say that it says itself.

    What is settled has no rivals and is none: a claim with another figure is no reason to hide one that is related.
    """
    odds = [0.0 if one.is_settled else math.exp(min(one.score, 30.0)) for one in scored]
    whole = sum(odds)
    rivals = [0.0 if one.is_settled else whole - own for one, own in zip(scored, odds, strict=True)]
    for i, one in enumerate(scored[:_KIN]):
        if not one.is_settled:
            counting = [j for j in range(len(scored)) if j != i and odds[j] > _NEGLIGIBLE * whole]
            kin = sum(kinship(one.candidate, scored[j].candidate) * odds[j] for j in counting)
            rivals[i] = max(0.0, rivals[i] - kin)
    return rivals


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


def _match(one: Scored, model: Model, rivals: float, calibration: Calibration) -> Match:
    probability = calibration(model.probability(one.score, rivals))
    claim, relation, reasons = one.candidate.claim, one.relation, one.related.reasons
    if relation is not Relation.SAME and (probability < model.threshold or relation is Relation.UNRELATED):
        below = (Reason(f"probability below {model.threshold:.2f}"),) if probability < model.threshold else ()
        relation, reasons = Relation.UNRELATED, below or reasons
    read_as = one.candidate.read_as or claim
    if read_as.id != claim.id and relation is not Relation.UNRELATED:
        reasons = (
            *(replace(one, there=()) for one in reasons),
            Reason(f"by its other entry {claim.id}: “{claim.text}”"),
        )
    return Match(read_as, probability, relation, reasons, scores=one.values, parts=model.parts(one.values, rivals))


@cache
def _model(kind: str) -> Model:
    return read_model(_coefficients()[kind])


def read_model(entry: Mapping[str, Any]) -> Model:
    """A model from its entry in the file of coefficients."""
    return Model(entry["weights"], entry["intercept"], entry["typical"], tuple(entry["rivals"]), entry["threshold"])


@cache
def _coefficients() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "matching.json").read_text(encoding="utf-8"))
    return found

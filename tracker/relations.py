"""How a statement relates to a claim: the decision on the evidence, with a probability and reasons.

Two sentences that differ in one figure or one "not" lie as near to each other for an encoder as two paraphrases, so the
score alone never decides. `evidence` says what the two share and in what they differ; a small fitted model
(`training/relations.py`, multinomial logistic regression) weighs it, and says `same` only from a probability at which
few such answers were wrong. Whatever the model says, two sentences with different figures or times are not the same.
"""

from __future__ import annotations

import json
import math
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.evidence import ON_ONE_SIDE, weigh
from tracker.languages import is_foreign
from tracker.models import PairReading, Reason, Related, Relation
from tracker.reading import read as read_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tracker.evidence import Evidence
    from tracker.models import Entailment

UNREAD = PairReading()
FILE = Path(__file__).parent / "data" / "relations.json"
DIFFERENCES = (
    *("figures differ", "turned", "names differ", "times differ", "roles swapped"),
    *(
        "known names differ",
        "siblings",
        "opposites",
        "directions differ",
        "negated on one side",
        "possible on one side",
    ),
)
_FAR = 0.4  # a cosine below which two sentences without a common figure have too little in common to be one claim
_CERTAIN = 0.95  # where rules alone suffice: not as sure as the same words
_ARTICLES = frozenset({"a", "an", "the"})
_SURELY = 0.9  # the probability of an entailment from which it is heeded; not measured, for no such model could be had
_RATHER = 0.5  # the probability of a contradiction from which nothing is the same
_FOLLOWS = Reason("each follows from the other, as the inference model judges")
_UNSURE = Reason("perhaps the same, not surely enough")
_TELLING = ("turned", "names differ")
_LOOKS = ("voices differ", "out of order")  # they change the look of a sentence whose words and names are the same
_OTHER_WORDS = Reason("the same in other words")
_PERHAPS_OF_ANOTHER = Reason("the same words, perhaps of another time or of somebody else")
_SAME_CHANGE = Reason("the same change")
_SAME_WORDS = Reason("the same words")
_FOREIGN = Reason("not in English, so only the same words would say the same")
_BARRED = (
    "figures differ",
    "figures crossed",
    "times differ",
    "said to be false",
    "money on one side",
    "roles crossed",
)  # with any of these nothing is the same


class Model(NamedTuple):
    """Weights of the features for each relation, and the probability from which `same` is said."""

    weights: Mapping[Relation, Mapping[str, float]]
    intercepts: Mapping[Relation, float]
    same_at: float

    def probabilities(self, values: Mapping[str, float]) -> dict[Relation, float]:
        """How probable each relation is, 0 to 1; they sum up to 1."""
        scores = {
            relation: self.intercepts[relation] + sum(weight * values[name] for name, weight in weights.items())
            for relation, weights in self.weights.items()
        }
        highest = max(scores.values())
        powers = {relation: math.exp(score - highest) for relation, score in scores.items()}
        whole = sum(powers.values())
        return {relation: power / whole for relation, power in powers.items()}


def relate(
    statement: str,
    claim: str,
    cosine: float | None = None,
    read: PairReading = UNREAD,
    *,
    said_on: date | None = None,
    claimed_on: date | None = None,
    at_once: bool = True,
) -> Related:
    """The relation of a statement to a claim, how probable it is, and the reasons, those for it first.

    `cosine` is that of their vectors, `read` what models make of the two read together (`Readers`); without them words
    decide. `said_on` and `claimed_on` give "last year" its meaning. Where
    they are not known, `at_once` says that both were said at one time; else what depends on that is not the same.
    """
    found = compare(statement, claim, cosine, said_on=said_on, claimed_on=claimed_on, at_once=at_once)
    return found.by_rule or found.decided(read)


class Comparison(NamedTuple):
    """Two sentences with the evidence on them. `by_rule` is their relation where the evidence alone decides it.

    `never` are the relations that nothing speaks for, or that something forbids. `foreign` where one of them is in
    another language than English: what is seen in them then means little.
    """

    evidence: Evidence
    cosine: float | None
    never: frozenset[Relation]
    by_rule: Related | None
    foreign: bool = False

    def decided(self, read: PairReading = UNREAD) -> Related:
        """What the fitted model makes of the evidence, with what models make of the two read together."""
        inference = read.relations
        model = model_for(self.cosine is not None, inference is not None)
        never = self.never
        if inference is not None:  # it may see an opposite or another thing where no rule does
            never -= {Relation.OPPOSITE, Relation.DIFFERENT_ENTITY}
        likely = _without(never, model.probabilities(features(self.evidence.values, self.cosine, inference)))
        chosen = max(likely, key=lambda one: likely[one])
        if self.foreign:
            other = likely[Relation.UNRELATED]
            found = (Relation.RELATED, 1 - other) if other < _RATHER else (Relation.UNRELATED, other)
            return Related(*found, (_FOREIGN,))
        reasons = _reasons(chosen, self.evidence)
        if chosen is not Relation.SAME:
            return Related(chosen, likely[chosen], reasons)
        against = _against(read.entailment)
        if against is None and follows_both_ways(read.entailment):
            return Related(chosen, likely[chosen], (_FOLLOWS, *reasons))
        if against is None and likely[chosen] >= model.same_at:
            return Related(chosen, likely[chosen], reasons)
        reasons = (against or _UNSURE, *_reasons(Relation.RELATED, self.evidence))
        return Related(Relation.RELATED, likely[Relation.RELATED], reasons)


def compare(
    statement: str,
    claim: str,
    cosine: float | None = None,
    *,
    said_on: date | None = None,
    claimed_on: date | None = None,
    at_once: bool = True,
) -> Comparison:
    """The evidence on a statement and a claim, without asking any model; the arguments are those of `relate`."""
    here, there = read_sentence(statement), read_sentence(claim, stored=True)
    evidence = weigh(here, there, cosine, said_on, claimed_on)
    never = {relation for relation in Relation if relation.is_contrast and relation not in evidence.reasons}
    if bars_same(evidence.values, cosine) or (evidence.values["time relative"] and not at_once):
        never.add(Relation.SAME)
    foreign = is_foreign(statement) or is_foreign(claim)
    by_rule = None if foreign else _only_difference(evidence)
    if here.negated == there.negated and same_wording(statement, claim):
        if Relation.SAME not in never:
            by_rule = Related(Relation.SAME, 1.0, (_SAME_WORDS, *evidence.cautions))
        elif by_rule is None:  # whatever a model reads into it, no contrast can be in the same words
            by_rule = Related(Relation.RELATED, _CERTAIN, (_PERHAPS_OF_ANOTHER, *evidence.cautions))
    elif (
        not foreign and Relation.SAME not in never and here.negated == there.negated and evidence.values["same change"]
    ):
        found = (*evidence.reasons[Relation.SAME], _SAME_CHANGE, *evidence.cautions)
        by_rule = Related(Relation.SAME, _CERTAIN, found)
    return Comparison(evidence, cosine, frozenset(never), by_rule, foreign)


def _only_difference(evidence: Evidence) -> Related | None:
    """Another figure or time where all the rest is the same; all such pairs of ours are labelled so."""
    contrasts = [relation for relation in evidence.reasons if relation.is_contrast]
    differs = {Relation.DIFFERENT_FIGURE: "figures differ", Relation.DIFFERENT_TIME: "times differ"}
    if len(contrasts) != 1 or contrasts[0] not in differs or not evidence.values["nothing left"]:
        return None
    besides = [name for name in ON_ONE_SIDE if name not in (*_LOOKS, differs[contrasts[0]])]
    if evidence.values["fragment"] or any(evidence.values[name] for name in besides):
        return None
    return Related(contrasts[0], _CERTAIN, _reasons(contrasts[0], evidence))


def doubted(found: Related) -> Related:
    """What is called the same as what is perhaps the same: for where more than its probability is asked for."""
    reasons = (_UNSURE, *(reason for reason in found.reasons if reason != _OTHER_WORDS))
    return Related(Relation.RELATED, found.probability, reasons)


def features(values: Mapping[str, float], cosine: float | None, inference: Sequence[float] | None) -> dict[str, float]:
    """What the model looks at: the evidence, its differences weighed by how near the two are, and the inference."""
    near = values["least covered"] if cosine is None else cosine
    found = {name: value for name, value in values.items() if name != "cosine" or cosine is not None}
    found |= {f"{name}, near": values[name] * near for name in DIFFERENCES}
    differing = sum(bool(values[name]) for name in DIFFERENCES[:5])
    found |= {"one difference": float(differing == 1), "several differences": float(differing > 1)}
    if cosine is not None:
        found["cosine squared"] = cosine * cosine
    if inference is not None:
        found |= {f"read as {relation}": value for relation, value in zip(Relation, inference, strict=True)}
    return found


def model_for(vectors: bool, inference: bool) -> Model:
    """The model that looks at what there is."""
    return _model("inference" if vectors and inference else "vectors" if vectors else "words")


def follows_both_ways(entailment: Entailment | None) -> bool:
    """True where a model of language inference is sure that two sentences say the same."""
    return entailment is not None and min(entailment.forth, entailment.back) >= _SURELY


def _against(entailment: Entailment | None) -> Reason | None:
    """Why two sentences are not the same, where such a model rather thinks that they contradict each other."""
    if entailment is None or entailment.contradiction < _RATHER:
        return None
    return Reason(f"the inference model sees a contradiction, p {entailment.contradiction:.2f}")


def same_wording(statement: str, claim: str) -> bool:
    """True for the same words in the same order, articles and what stands around words aside."""
    return _said(statement) == _said(claim) != ()


@lru_cache(maxsize=4096)  # a statement is compared with some seventy claims
def _said(text: str) -> tuple[str, ...]:
    """The words in order, without articles and what stands around words, but with the signs of figures."""
    said = [word.strip("\"'“”‘’.,;:!?()") for word in text.lower().replace("’", "'").split()]
    return tuple([word for word in said if word and word not in _ARTICLES])


def bars_same(values: Mapping[str, float], cosine: float | None) -> bool:
    """True where the evidence alone says that two sentences are not the same, whatever a model makes of them."""
    far = cosine is not None and cosine < _FAR and not values["figures agree"]
    turned = values["nothing left"] and any(values[name] for name in _TELLING)  # all the rest is the same
    return bool(far or turned) or any(values[name] for name in _BARRED)


def _without(never: frozenset[Relation], likely: Mapping[Relation, float]) -> dict[Relation, float]:
    left = {relation: 0.0 if relation in never else value for relation, value in likely.items()}
    whole = sum(left.values())
    return {relation: value / whole for relation, value in left.items()}


def _reasons(chosen: Relation, evidence: Evidence) -> tuple[Reason, ...]:
    """Those that speak for the relation, or that nothing speaks against it, and what a reader should know besides."""
    found = evidence.reasons.get(chosen, ())
    if chosen is Relation.SAME:
        found = (*found, _SAME_WORDS if evidence.values["same words"] else _OTHER_WORDS)
    elif not found and chosen.is_contrast:
        found = (Reason("read together, the two contradict each other"),)
    elif not found:
        found = (Reason("the same topic" if chosen is Relation.RELATED else "another topic"),)
    return (*found, *evidence.cautions)


@cache
def _model(kind: str) -> Model:
    entry = _coefficients()[kind]
    return Model(
        {Relation(name): weights for name, weights in entry["weights"].items()},
        {Relation(name): value for name, value in entry["intercepts"].items()},
        entry["same_at"],
    )


@cache
def _coefficients() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found

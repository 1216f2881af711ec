"""From candidates to matches: the score, what rivals take away, and the parts that explain both."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tracker import matching
from tracker.calibration import Calibration
from tracker.features import FROM_VECTORS, NAMES, features, kinship
from tracker.matching import RIVALS, TYPICAL, Model, Scored, conclude, decide, model_for, rivals_of
from tracker.models import (
    Candidate,
    Claim,
    NewClaim,
    NewVerdict,
    Outcome,
    Related,
    Relation,
    Standing,
    Statement,
    Utterance,
    Verdict,
)

if TYPE_CHECKING:
    from tracker.pipeline import Tracker

MODEL = Model({"a": 2.0, "b": -1.0}, -3.0, {"a": 0.5, "b": 1.0}, (1.5, 2.0, 0.25), 0.5)
DAM, BRIDGE, KYIV = (
    "The Calder dam broke in the storm.",
    "The Calder bridge was closed in the storm.",
    "Kyiv fell to the army.",
)


def one(
    number: int, text: str, score: float, relation: Relation = Relation.UNRELATED, probability: float = 0.9
) -> Scored:
    candidate = Candidate(Claim(text, id=number), read_as=Claim(text, id=number))
    return Scored(candidate, {}, score, Related(relation, probability))


def candidate(number: int, text: str, cosine: float | None = None) -> Candidate:
    claim = Claim(text, id=number)
    return Candidate(claim, cosine, claim, adapted=cosine)


# --- the model --------------------------------------------------------------------------------------------------------


def test_the_score_is_a_sum() -> None:
    """Intercept and weighted values: -3 + 2 * 0.75 - 1 * 0.5 = -2."""
    assert MODEL.score({"a": 0.75, "b": 0.5}) == pytest.approx(-2.0)


def test_rivals_take_away() -> None:
    """Log-odds 0.25 + 1.5 * score - 2 * ln(1 + rivals): -2.75 alone, 2 ln 2 less beside one with even odds."""
    assert MODEL.log_odds(-2.0, 0.0) == pytest.approx(-2.75)
    assert MODEL.log_odds(-2.0, 1.0) == pytest.approx(-2.75 - 2 * math.log(2))
    assert MODEL.probability(-2.0, 0.0) == pytest.approx(1 / (1 + math.exp(2.75)))
    assert MODEL.probability(1e9, 0.0) <= 1
    assert MODEL.probability(-1e9, 1e30) >= 0


def test_parts_say_what_each_feature_adds() -> None:
    """Compared with the typical candidate: its log-odds are 0.25 + 1.5 * (-3 + 1 - 1) = -4.25."""
    parts = MODEL.parts({"a": 0.75, "b": 0.5}, math.e - 1)
    assert parts == pytest.approx({TYPICAL: -4.25, "a": 0.75, "b": 0.75, RIVALS: -2.0})


values = st.floats(-5, 5)


@given(values, values, st.floats(0, 1e6))
def test_parts_sum_up_to_the_log_odds(a: float, b: float, rivals: float) -> None:
    """Whatever the features and the rivals are; those of a typical candidate add nothing."""
    parts = MODEL.parts({"a": a, "b": b}, rivals)
    assert sum(parts.values()) == pytest.approx(MODEL.log_odds(MODEL.score({"a": a, "b": b}), rivals), abs=1e-9)
    assert MODEL.parts(MODEL.typical, rivals).items() >= {"a": 0.0, "b": 0.0}.items()


def test_the_shipped_models() -> None:
    """Another encoder than the one that was fitted gets a model that looks at no vector; both weigh known features."""
    words, vectors = model_for("another:1"), matching.read_model(matching._coefficients()["vectors"])
    assert model_for(None) is words
    assert model_for(matching._coefficients()["encoder"]) == vectors
    assert set(vectors.weights) == set(vectors.typical) == set(NAMES)
    assert set(words.weights) == set(words.typical) == set(NAMES) - FROM_VECTORS
    for model in (words, vectors):
        assert 0 < model.threshold < 1
        assert model.rivals[0] > 0
        assert model.rivals[1] > 0


# --- rivals -----------------------------------------------------------------------------------------------------------


def test_rivals_are_the_odds_of_the_others() -> None:
    """Of three claims without a word in common: e^0 + e^-1, e^1 + e^-1, e^1 + e^0."""
    three = [one(1, "Calder dam", 1.0), one(2, "Kyiv army", 0.0), one(3, "Measles spread", -1.0)]
    e = math.e
    assert rivals_of(three) == pytest.approx([1 + 1 / e, e + 1 / e, e + 1])
    assert rivals_of(three[:1]) == [0.0]
    assert rivals_of([]) == []


def test_kin_are_no_rivals() -> None:
    """What says the same, or all of it and more, does not speak against it; what shares a part does so by the rest."""
    same = [one(1, DAM, 1.0), one(2, f"Again: {DAM}", 1.0)]
    assert rivals_of(same) == pytest.approx([0.0, 0.0], abs=1e-9)
    half = [one(1, DAM, 1.0), one(2, BRIDGE, 0.5)]
    apart = 1 - kinship(half[0].candidate, half[1].candidate)
    assert 0.2 < apart < 0.9
    assert rivals_of(half) == pytest.approx([apart * math.exp(0.5), apart * math.exp(1.0)])


def test_kin_is_looked_for_among_the_first() -> None:
    """The kin of the first eight among all; behind them all counts as a rival, since comparing all would cost."""
    many = [one(number, DAM, 0.0) for number in range(10)]
    assert rivals_of(many) == pytest.approx([0.0] * 8 + [9.0] * 2, abs=1e-9)


@pytest.mark.parametrize("relation", list(Relation))
def test_what_is_settled_has_no_rivals_and_is_none(relation: Relation) -> None:
    """The same and the contrasts; what is only near is a rival and has some."""
    settled = relation in {
        *(Relation.SAME, Relation.DIFFERENT_FIGURE, Relation.OPPOSITE),
        *(Relation.DIFFERENT_ENTITY, Relation.DIFFERENT_TIME),
    }
    three = [one(1, DAM, 1.0, relation), one(2, KYIV, 0.0), one(3, "Measles spread", -1.0)]
    e = math.e
    expected = [0.0, 1 / e, 1.0] if settled else [1 + 1 / e, e + 1 / e, e + 1]
    assert three[0].is_settled is settled
    assert rivals_of(three) == pytest.approx(expected)


def test_a_score_beyond_measure_is_held() -> None:
    """No overflow, no negative sum."""
    assert rivals_of([one(1, DAM, 1e6), one(2, KYIV, 1e6)]) == pytest.approx([math.exp(30)] * 2)


# --- the decision -----------------------------------------------------------------------------------------------------


def test_the_decision_is_explained() -> None:
    """Scores are the features, parts sum up to the log-odds, and the probability is theirs."""
    said = Utterance(DAM, speaker="Jane Roe", stated_on=date(2022, 5, 6))
    found = decide(said, [candidate(1, BRIDGE), candidate(2, DAM), candidate(3, KYIV)], None)
    assert [match.claim.id for match in found] == [2, 1, 3]
    assert [match.relation for match in found] == [Relation.SAME, Relation.RELATED, Relation.UNRELATED]
    for match in found:
        assert match.scores == features(said, Candidate(match.claim))
        assert list(match.parts) == [TYPICAL, *model_for(None).weights, RIVALS]
        assert 1 / (1 + math.exp(-sum(match.parts.values()))) == pytest.approx(match.probability, abs=1e-12)
    assert found[0].parts[RIVALS] == 0
    assert found[2].parts[RIVALS] < found[1].parts[RIVALS] < 0


def test_a_calibration_leaves_the_parts() -> None:
    """They sum up to the log-odds before it: p' = sigmoid(slope * sum + intercept)."""
    shipped, tuned = (
        decide(Utterance(DAM), [candidate(1, DAM), candidate(2, BRIDGE)], None, calibration)
        for calibration in (Calibration(), Calibration(0.5, 0.25))
    )
    for before, after in zip(shipped, tuned, strict=True):
        assert after.parts == before.parts
        logit = 0.5 * sum(before.parts.values()) + 0.25
        assert after.probability == pytest.approx(1 / (1 + math.exp(-logit)))


def test_a_candidate_without_rivals_is_likelier() -> None:
    """Another claim that is as near takes from the probability; one that says the same does not."""
    said = Utterance("Calder dam or Calder bridge")
    alone, beside, kin = (
        next(m for m in decide(said, brought, None) if m.claim.id == 1).probability
        for brought in (
            [candidate(1, DAM)],
            [candidate(1, DAM), candidate(2, BRIDGE)],
            [candidate(1, DAM), candidate(2, DAM + " Yes.")],
        )
    )
    assert beside < alone
    assert kin == pytest.approx(alone, rel=0.02)


def test_the_entries_of_one_claim_are_one_match() -> None:
    """The entry that says the same decides, whatever the other one scores, and the reasons name it."""
    claim = Claim(DAM, id=1)
    entry = Claim(BRIDGE, id=2)
    (found,) = decide(Utterance(BRIDGE), [Candidate(claim, read_as=claim), Candidate(entry, read_as=claim)], None)
    assert (found.claim, found.relation) == (claim, Relation.SAME)
    assert str(found.reasons[-1]) == f"by its other entry 2: “{BRIDGE}”"


def test_nothing_to_decide() -> None:
    """No candidates, no matches."""
    assert decide(Utterance(DAM), [], None) == []


def test_what_waits_does_not_hide_the_contrast() -> None:
    """A claim that says the same and has no verdict leaves the checked one with another figure where it is."""
    said = "The Calder dam broke in May 2022, killing 40 people."
    other = Claim(said.replace("40", "90"), id=1)
    alone = decide(Utterance(said), [Candidate(other, read_as=other)], None)
    beside = decide(Utterance(said), [Candidate(other, read_as=other), candidate(2, said), candidate(3, said)], None)
    assert [match.relation for match in beside] == [Relation.SAME, Relation.SAME, Relation.DIFFERENT_FIGURE]
    assert beside[-1].probability == pytest.approx(alone[0].probability)
    verdict = Verdict("False", id=1, standing=Standing.CURRENT)
    matches = [replace(match, verdicts=(verdict,)) if match.claim.id == 1 else match for match in beside]
    finding = conclude(Statement(said, 0, len(said), 1.0), matches, 2)
    assert finding.outcome is Outcome.CONTRAST
    assert [match.claim.id for match in finding.matches] == [1, 2]


def test_the_first_are_read_for_the_same_however_unlikely() -> None:
    """Words that no feature sees as one, figures that are: it is the same, and its probability stays what it is."""
    fell = "Arrivals fell from 1,500,000 to 900,000."
    (found,) = decide(Utterance("Arrivals dropped from 1.5 million to 900 thousand."), [candidate(1, fell)], None)
    assert found.relation is Relation.SAME
    assert found.probability < model_for(None).threshold


# --- whole statements, in a store -------------------------------------------------------------------------------------

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
STATES = (
    *("Georgia", "Michigan", "Nevada", "Arizona", "Texas", "Ohio", "Iowa", "Maine", "Utah", "Idaho"),
    *("Oregon", "Kansas", "Alaska", "Hawaii", "Florida", "Vermont", "Delaware", "Montana", "Indiana", "Wyoming"),
)


def fill(tracker: Tracker, *texts: str) -> None:
    """The texts as claims, each with a verdict."""
    with tracker.store.writing():
        for text in texts:
            tracker.store.verdicts.add(tracker.store.add_claim(NewClaim(text)).id, NewVerdict("False", publisher="D"))
    tracker.embed()


def related(tracker: Tracker, text: str, k: int = 20) -> dict[str, Relation]:
    """What is found for a text, best first, and how it relates."""
    found = tracker.search(text, k).matches
    return {match.claim.text: match.relation for match in found if match.relation is not Relation.UNRELATED}


@pytest.mark.parametrize("dash", ["–", "—", "-", "--"])
def test_a_denial_behind_a_dash_is_not_the_same(tracker: Tracker, dash: str) -> None:
    """Neither with a handle nor with a day; the bare statement, and a post that says it, are."""
    claim = "Hospitals in England are empty."
    fill(tracker, claim, "Schools in England are closed.")
    for ending in ("not true (@NHS)", "not true (@NHS).", "not true, July 8, 2019"):
        assert related(tracker, f"Hospitals in England are empty {dash} {ending}").get(claim) is not Relation.SAME
    assert related(tracker, claim)[claim] is Relation.SAME
    assert related(tracker, f"{claim} {dash} Jane Roe (@jroe) July 8, 2019")[claim] is Relation.SAME


def test_a_claim_about_one_month_among_many(tracker: Tracker) -> None:
    """Its like for other months are no reason to hide it, and the figure that differs is seen."""
    of = [f"{MONTHS[i % 12]} {2020 + i // 12}" for i in range(24)]
    fill(tracker, *(f"Inflation was {3 + i / 10:.1f}% in {month}." for i, month in enumerate(of)))
    for said in ("Inflation was 9.9% in January 2020.", "Inflation stood at 9.9% in January 2020."):
        found = related(tracker, said)
        assert found["Inflation was 3.0% in January 2020."] is Relation.DIFFERENT_FIGURE
        assert Relation.SAME not in found.values()


def test_variants_of_one_claim_do_not_hide_each_other(tracker: Tracker) -> None:
    """Twenty that differ in the state alone are all kin: a paraphrase of them still finds some."""
    fill(tracker, *(f"More dead people than living voted in the 2020 election in {state}." for state in STATES))
    found = related(tracker, "In the 2020 election more dead than living people cast votes", 3)
    assert len(found) == 3
    assert tracker.search("Bananas are curved because they grow towards the light").matches[0].probability < 0.1


def test_a_claim_that_says_more_is_not_the_same(tracker: Tracker) -> None:
    """Among many claims of a store `same` takes more than between two that somebody put side by side."""
    fill(tracker, "Sweden and Finland are being dragged into NATO and will be forced to wage war on Russia.")
    assert Relation.SAME not in related(tracker, "Sweden and Finland are joining NATO.").values()


def test_a_denial_signed_like_a_post_is_not_the_same(tracker: Tracker) -> None:
    """What stands where the name stands may be what turns the statement round."""
    fill(tracker, "Hospitals in England are empty.")
    for said in ("this is false (@FullFact) July 8, 2019", "not true (@NHS) July 8, 2019"):
        assert Relation.SAME not in related(tracker, f"Hospitals in England are empty — {said}").values()
    assert Relation.SAME in related(tracker, "Hospitals in England are empty — Jane Roe (@jroe) July 8, 2019").values()


@pytest.mark.parametrize(
    "text",
    [
        "#StopTheSteal rally drew a million people.",
        "Photo shows @AOC_real at the border https://t.co/abc",
        "The fine is ₹500 for litter.",
        "Masks → 5-10 percent fewer cases (@BLS)",
        "हिंदी में बात करना मना है।",
        "It broke 🔥 #COVID19",
    ],
)
def test_word_for_word_is_the_same(tracker: Tracker, text: str) -> None:
    """Whatever signs it has; with another link or none, too."""
    fill(tracker, text, "The fine is 500 for litter.", "Photo shows a border.", "A rally drew people.")
    links = ("https://t.co/xyz", "pic.twitter.com/q")
    for said in (text, f"{text} {links[0]}", f"{links[1]} {text.replace('https://t.co/abc', '')}"):
        assert related(tracker, said)[text] is Relation.SAME


def test_a_sign_of_a_currency_tells_two_claims_apart(tracker: Tracker) -> None:
    """500 rupees are not 500 of anything."""
    fill(tracker, "The fine is ₹500 for litter.", "The fine is 500 for litter.")
    found = related(tracker, "The fine is ₹500 for litter.")
    assert next(iter(found)) == "The fine is ₹500 for litter."
    assert found["The fine is 500 for litter."] is not Relation.SAME


def test_a_range_is_not_cut_from_a_statement(tracker: Tracker) -> None:
    """“5-10 percent (@BLS)” is no signature: the figures stay, and tell it from another range."""
    fill(tracker, "Inflation is 5-10 percent.", "Inflation is low.")
    assert related(tracker, "Inflation is 5-10 percent (@BLS)")["Inflation is 5-10 percent."] is not Relation.UNRELATED
    assert related(tracker, "Inflation is 5-20 percent (@BLS)")["Inflation is 5-10 percent."] is not Relation.SAME


def test_figures_written_in_another_way_are_the_same(tracker: Tracker) -> None:
    """Though another verb and other figures' letters leave it unlikely by its features."""
    claim = "Arrivals fell from 1,500,000 to 900,000."
    fill(tracker, claim, "The Calder dam broke in May.")
    assert related(tracker, "Arrivals dropped from 1.5 million to 900 thousand.")[claim] is Relation.SAME


def test_what_waits_does_not_hide_what_has_a_verdict(tracker: Tracker) -> None:
    """The checked claim with another figure is found with the probability that it had before the queue filled up."""
    fill(tracker, "NATO has 300,000 troops on alert.")
    said = "NATO has 310,000 troops on alert."
    (before,) = tracker.search(said).matches
    waiting = tracker.add(NewClaim(said)).claim_id
    same, after = tracker.search(said).matches
    assert (same.claim.id, same.relation) == (waiting, Relation.SAME)
    assert (after.relation, before.relation) == (Relation.DIFFERENT_FIGURE,) * 2
    assert after.probability == pytest.approx(before.probability, abs=0.01)

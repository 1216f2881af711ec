"""How a statement relates to a claim, as the product says it: each relation by example, and no false `same`."""

from __future__ import annotations

import csv
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tracker.encoders import load_encoder
from tracker.evaluation import read_pairs, relations
from tracker.feeds import STARTER
from tracker.models import PairReading, Relation
from tracker.relating import Relating
from tracker.relations import compare, relate

if TYPE_CHECKING:
    from tracker.models import Related

SEED = "NATO just went from a rapid reaction force of 40,000 to one of 300,000."
DEV = Path(__file__).parent / "data" / "relations-dev.tsv"

with STARTER.open(encoding="utf-8", newline="") as file:
    STARTER_CLAIMS = [row["claim_reviewed"] for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def relating() -> Relating:
    """With the real encoder, reading both together."""
    return Relating(load_encoder())


def told(found: Related) -> str:
    return "; ".join(map(str, found.reasons))


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("NATO has increased its rapid reaction force from 40,000 to 300,000 troops.", "same"),
        ("NATO went from a rapid reaction force of 40k to one of 300k.", "same"),
        ("NATO went from a rapid reaction force of 40 thousand to one of 0.3 million.", "same"),
        ("NATO just went from a rapid reaction force of 40,000 to one of 100,000.", "different-figure"),
        ("NATO just went from a rapid reaction force of 4,000 to one of 300,000.", "different-figure"),
        ("NATO's rapid reaction force has 40,000 troops.", "different-figure"),
        ("NATO did not just go from a rapid reaction force of 40,000 to one of 300,000.", "opposite"),
        ("The African Union just went from a rapid reaction force of 40,000 to one of 300,000.", "different-entity"),
    ],
)
def test_the_seed_claim(relating: Relating, claim: str, expected: str) -> None:
    """The sentence that the project starts from, against claims near to it."""
    assert relating.relate(SEED, claim).relation == expected


def test_the_seed_claim_against_an_older_figure(relating: Relating) -> None:
    """What a change came to is what holds now, and it stands against the figure that held before."""
    found = relating.relate(SEED, "NATO's rapid reaction force has 40,000 troops.")
    assert str(found.reasons[0]) == "figure: 40,000 there, 300,000 here (x 7.5)"
    (start, end), *_ = found.reasons[0].here
    assert SEED[start:end] == "300,000"


@pytest.mark.parametrize(
    ("statement", "claim", "expected"),
    [
        ("The deficit is £4m.", "The deficit is £4bn.", "different-figure"),
        ("It rose 5 percentage points.", "It rose 5 per cent.", "different-figure"),
        ("The fire killed 51 people.", "The fire killed 50 people.", "different-figure"),
        ("Finland joined NATO in 2023.", "Finland joined NATO in 2024.", "different-time"),
        ("The law took effect in June 2022.", "The law took effect in July 2022.", "different-time"),
        ("Vaccines cause autism in children.", "Vaccines do not cause autism in children.", "opposite"),
        ("Crime in London rose sharply last year.", "Crime in London fell sharply last year.", "opposite"),
        ("Germany spends 2 per cent on defence.", "France spends 2 per cent on defence.", "different-entity"),
        ("Russia attacked Ukraine.", "Ukraine attacked Russia.", "different-entity"),
        ("Sainsbury's cut 3,000 jobs in January.", "Tesco cut 3,000 jobs in January.", "different-entity"),
        ("The council spent £40k on lights.", "The council spent forty thousand pounds on lights.", "same"),
        ("Officials say that vaccines cause autism.", "False: Vaccines cause autism", "same"),
        ("It is false that vaccines cause autism.", "Vaccines cause autism.", "opposite"),
        ("The moon is made of cheese.", "Tesco cut 3,000 jobs in January.", "unrelated"),
    ],
)
def test_each_relation(relating: Relating, statement: str, claim: str, expected: str) -> None:
    """One respect in which two sentences differ, or none."""
    found = relating.relate(statement, claim)
    assert found.relation == expected, told(found)


@pytest.mark.parametrize("together", [True, False])
def test_what_the_evidence_bars(together: bool) -> None:
    """Whatever a model makes of them: two figures or two times are never the same."""
    relating = Relating(load_encoder(), together=together)
    for statement, claim in (
        ("The fund is worth £4m.", "The fund is worth £4bn."),
        ("Inflation was 9.1% in June 2022.", "Inflation was 9.1% in June 2023."),
        ("The bill passed by 52 to 48 votes.", "The bill passed by 48 to 52 votes."),
    ):
        assert relating.relate(statement, claim).relation is not Relation.SAME


def test_the_same_words_are_the_same(relating: Relating) -> None:
    """In quotation marks and without its stop too, with an encoder and without one."""
    for claim in STARTER_CLAIMS:
        found = compare(f"“{claim.removesuffix('.')}”", claim).by_rule
        assert found, claim
        assert (found.relation, str(found.reasons[0])) == (Relation.SAME, "the same words")
    assert relating.relate(STARTER_CLAIMS[0], STARTER_CLAIMS[0]).relation is Relation.SAME


def test_a_denied_headline() -> None:
    """A stored "No, X did not happen" stands for X: whoever repeats the headline says the opposite."""
    headline = "No, the EU has not banned bent bananas."
    assert relate(headline, headline).relation is not Relation.SAME


@pytest.mark.parametrize("time", ["last month", "overnight", "this year"])
def test_a_time_that_depends_on_the_day_it_was_said(time: str) -> None:
    """The same words a year later are another claim, unless both were said at one time."""
    sentence = f"Unemployment in Wales fell to 4.2 per cent {time}."
    assert relate(sentence, sentence).relation is Relation.SAME
    assert relate(sentence, sentence, at_once=False).relation is not Relation.SAME


def test_the_days_on_which_they_were_said() -> None:
    """They give "last year" its meaning."""
    sentence = "Unemployment in Wales fell to 4.2 per cent last year."
    said = date(2024, 5, 1)
    within, years_before = (
        relate(sentence, sentence, said_on=said, claimed_on=day, at_once=False).relation
        for day in (date(2024, 9, 1), date(2021, 9, 1))
    )
    assert within is Relation.SAME
    assert years_before is Relation.DIFFERENT_TIME


def test_no_two_starter_claims_are_the_same(relating: Relating) -> None:
    """Sixty-one real claims, many on one topic: but for those that two publishers checked, no two share a verdict."""
    pairs = list(combinations(STARTER_CLAIMS, 2))
    near = [pair for pair in pairs if len(set(pair[0].split()) & set(pair[1].split())) >= 4]
    assert len(near) > 40
    same = [pair for pair, found in zip(near, relating.relate_all(near), strict=True) if found.relation == "same"]
    telling = {frozenset(word for word in ("£29,900", "Afghanistan", "volcano") if word in one) for one, _ in same}
    assert frozenset() not in telling


def test_what_rules_alone_say_is_labelled_so() -> None:
    """Another figure or another time, and nothing else: on our own pairs without a fault, and on enough of them."""
    pairs = [pair for name in ("a", "b") for pair in read_pairs(DEV.with_name(f"relations-own-{name}.tsv"))]
    ruled = [(label, compare(said, claim).by_rule) for said, claim, label in pairs]
    contrasts = [(label, found.relation.value) for label, found in ruled if found and found.relation.is_contrast]
    assert len(contrasts) > 40
    assert {found for _, found in contrasts} == {"different-figure", "different-time"}
    assert [one for one in contrasts if one[0] != one[1]] == []


def test_the_development_pairs(relating: Relating) -> None:
    """150 labelled pairs, of which nothing is fitted: floors below what is reached (`docs/relations.md`)."""
    report = relations(read_pairs(DEV), relating)
    assert report.same.rows == 150
    assert report.precision.value >= 0.93
    assert report.recall.value >= 0.75
    assert report.macro_f1.value >= 0.86
    assert report.confusion["different-figure", "different-figure"] >= 22
    assert report.confusion["different-time", "different-time"] >= 14


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_relate_somehow(one: str, other: str) -> None:
    """No text is an error; the probability is one, there is a reason, and spans lie in the texts."""
    found = relate(one, other)
    assert 0 <= found.probability <= 1
    assert found.reasons
    for reason in found.reasons:
        assert all(0 <= start < end <= len(one) for start, end in reason.here)
        assert all(0 <= start < end <= len(other) for start, end in reason.there)


@pytest.mark.parametrize("text", ["We hired 12,400 nurses last year.", "Unemployment fell between January and June."])
def test_the_same_words_are_never_a_contrast(text: str) -> None:
    """Where "last year" may be another one it is not the same for sure; a model's word does not make it an opposite."""
    denied = PairReading(relations=(-9.0, -9.0, -0.01, -9.0, -9.0, -9.0, -9.0))
    found = relate(text, text, 1.0, denied, at_once=False)
    assert found.relation in (Relation.SAME, Relation.RELATED)
    assert relate(text, text, 1.0, denied).relation is Relation.SAME

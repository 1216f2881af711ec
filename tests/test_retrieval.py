"""From a statement to candidates: the vectors to find them with, and what is brought up."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tracker.index import VectorIndex
from tracker.models import Article, Candidate, NewClaim, NewVerdict, Utterance

if TYPE_CHECKING:
    from tracker.pipeline import Tracker

DAM = "The dam above Northmoor was built in 1962."
BUS = "Bus fares in the county rose by 8 percent last year."
GRID = "The island gets 90 percent of its power from the wind."
MEASLES = "Northmoor had twelve cases of measles in 2019."
POST = "#Northmoor dam was built in 1962 🔥 https://t.co/x — Jane Roe (@jroe) July 8, 2019"
PLAIN = "Northmoor dam was built in 1962"
DAY = date(2019, 7, 8)


def fill(tracker: Tracker) -> dict[str, int]:
    return {text: tracker.add(NewClaim(text)).claim_id for text in (DAM, BUS, GRID, MEASLES)}


def found(tracker: Tracker, *asked: Utterance, depth: int = 50, **options: Any) -> list[list[Any]]:
    return list(tracker.retrieval.candidates(tracker.retrieval.wanted(asked), depth, **options))


# --- what is wanted ---------------------------------------------------------------------------------------------------


def test_statements_are_read_as_posts(tracker: Tracker) -> None:
    """The vector is that of the words that are left; two posts that say the same have the same."""
    wanted = tracker.retrieval.wanted([Utterance(POST), Utterance(BUS), Utterance(PLAIN)])
    verbatim = "#Northmoor dam was built in 1962 🔥"
    assert wanted.statements[0] == Utterance(PLAIN, speaker="Jane Roe", stated_on=DAY, verbatim=verbatim)
    assert wanted.vectors.shape == (3, 384)
    assert (wanted.vectors[0] == wanted.vectors[2]).all()
    assert wanted.vectors == pytest.approx(tracker.encode([PLAIN, BUS, PLAIN]), abs=1e-6)
    assert wanted.in_context == {}


def test_vectors_at_hand_are_not_made_again(tracker: Tracker) -> None:
    """Those of texts that are their own words are taken as given; a post's is made of its words."""
    given = tracker.encode([BUS, POST])[:, ::-1].copy()
    wanted = tracker.retrieval.wanted([Utterance(BUS), Utterance(POST)], given)
    assert (wanted.vectors[0] == given[0]).all()
    assert wanted.vectors[1] == pytest.approx(tracker.encode([PLAIN])[0], abs=1e-6)


def test_nothing_is_wanted(tracker: Tracker) -> None:
    """No statements, no candidates."""
    assert found(tracker) == []


def test_context_gives_one_more_vector(tracker: Tracker) -> None:
    """That of the sentence before and the statement; the rows are plain, adapted, in context."""
    from tracker.adapter import adapt

    before = "They speak of Northmoor."
    wanted = tracker.retrieval.wanted([Utterance(BUS), Utterance(DAM, before)])
    assert list(wanted.in_context) == [1]
    together = tracker.encode([f"{before} {DAM}"])
    assert wanted.in_context[1] == pytest.approx(together[0], abs=1e-6)
    plain = wanted.vectors[1:2]
    assert wanted.rows(0, fitted=True).shape == (2, 384)
    rows = wanted.rows(1, fitted=True)
    assert (rows[:1] == plain).all()
    assert rows[1:2] == pytest.approx(adapt(plain), abs=1e-6)
    assert rows[2:] == pytest.approx(adapt(together), abs=1e-6)
    assert (wanted.rows(1, fitted=False) == plain).all()


def test_a_sentence_of_an_article_has_the_one_before_it(tracker: Tracker) -> None:
    """In the same paragraph only; and never the article's day, which tells when it was said again."""
    tracker.add(NewClaim(DAM, claimed_on=DAY))
    tracker.add(NewClaim(BUS, claimed_on=DAY))
    title, before, after = (
        "Dams of the county",
        "They speak of Northmoor.",
        "Its bus fares rose by 8 percent last year.",
    )
    text = f"{title}\n\n{before} {DAM}\n\n{after}\n"
    article = Article("a.txt", text, title, published_on=DAY)
    checked = tracker.check_article(article, min_worth=0, k=9)
    found = {one.statement.text: {match.claim.text: match for match in one.matches} for one in checked.findings}
    alone, around = tracker.search(DAM).matches[0], tracker.search(DAM, context=before).matches[0]
    assert found[DAM][DAM].scores == pytest.approx(around.scores, abs=1e-6)
    assert around.scores["context"] != pytest.approx(alone.scores["context"], abs=1e-3)
    assert found[after][BUS].scores["context"] == 0
    assert {match.scores["days known"] for matches in found.values() for match in matches.values()} == {0}


# --- what is brought up -----------------------------------------------------------------------------------------------


def test_context_changes_the_cosine_in_context_only(tracker: Tracker) -> None:
    """All else of a candidate stays as it is without."""
    fill(tracker)
    bare, around = found(tracker, Utterance(DAM), Utterance(DAM, "They speak of Northmoor."))
    assert len(bare) == len(around) == 4
    without = {one.claim.id: one for one in bare}
    for one in around:
        other = without[one.claim.id]
        assert [one.dense, one.adapted] == pytest.approx([other.dense, other.adapted], abs=1e-6)
        assert (one.claim, one.days, one.read_as) == (other.claim, other.days, other.read_as)
        assert one.in_context != pytest.approx(one.adapted, abs=1e-3)
        assert other.in_context is None


def test_context_brings_up_what_the_statement_does_not_name(tracker: Tracker) -> None:
    """“It was built in 1962” alone may be about anything; after a sentence on the dam, the dam is the first."""
    numbers = fill(tracker)
    hospital = tracker.add(NewClaim("The hospital in Eastmoor was built in 1962.")).claim_id
    said = Utterance("It was built in 1962.", "The dam above Northmoor is the oldest in the county.")
    gains = {one.claim.id: one.in_context - one.adapted for one in found(tracker, said)[0]}
    assert gains[numbers[DAM]] == max(gains.values())
    assert gains[numbers[DAM]] > 0.2 > gains[hospital]


def test_candidates_are_the_claims_with_their_cosines(tracker: Tracker) -> None:
    """Each once, the nearest by the adapted vector first; the cosine is that of the stored vector."""
    numbers = fill(tracker)
    (brought,) = found(tracker, Utterance(PLAIN))
    assert brought[0].claim.id == numbers[DAM]
    assert sorted(one.claim.id for one in brought) == sorted(numbers.values())
    assert [one.adapted for one in brought] == sorted((one.adapted for one in brought), reverse=True)
    plain = tracker.encode([PLAIN, *(one.claim.text for one in brought)])
    assert [one.dense for one in brought] == pytest.approx((plain[1:] @ plain[0]).tolist(), abs=1e-5)


def test_a_post_finds_what_its_plain_text_finds(tracker: Tracker) -> None:
    """The same candidates and matches; speaker and day come from the signature as from the caller."""
    claim = NewClaim(DAM, claimant="Jane Roe", claimed_on=date(2019, 7, 5))
    tracker.add(claim)
    tracker.add(NewClaim(BUS))
    assert found(tracker, Utterance(POST)) == found(tracker, Utterance(PLAIN, None, "Jane Roe", DAY))
    post, plain = tracker.search(POST), tracker.search(PLAIN, speaker="Jane Roe", stated_on=DAY)
    assert post.matches == plain.matches
    assert post.matches[0].scores.items() >= {"same speaker": 1.0, "days known": 1.0}.items()
    assert tracker.search(PLAIN).matches[0].scores["speakers known"] == 0


def test_days_are_those_of_claim_and_reviews(tracker: Tracker) -> None:
    """Those of reviews are asked for only where the statement has one."""
    made, said, reviewed = date(2019, 7, 1), date(2019, 7, 3), date(2019, 7, 12)
    verdict = NewVerdict("False", publisher="Desk", reviewed_on=reviewed, claimed_on=said)
    tracker.add(NewClaim(DAM, claimed_on=made), verdict)
    tracker.add(NewClaim(BUS))
    (dated, undated) = (
        {one.claim.text: one for one in brought}
        for brought in found(tracker, Utterance(DAM, stated_on=DAY), Utterance(DAM))
    )
    assert sorted(dated[DAM].days) == [made, said, reviewed]
    assert undated[DAM].days == (made,)
    assert dated[BUS].days == ()


def days(tracker: Tracker, until: date | None = None) -> tuple[date, ...]:
    """Those of the only claim, for a statement of a day, as of the day `until`."""
    ((one,),) = found(tracker, Utterance(DAM, stated_on=DAY), retracted_by=until)
    assert isinstance(one, Candidate)
    return one.days


def test_a_verdict_that_was_taken_back_has_no_day(tracker: Tracker) -> None:
    """Neither the retracted one nor the one that was corrected; what is undone counts again."""
    first, second = date(2019, 7, 9), date(2019, 7, 10)
    number = tracker.add(NewClaim(DAM), NewVerdict("False", publisher="Desk", reviewed_on=first)).claim_id
    (wrong,) = tracker.store.verdicts.current(number)
    (right, _) = tracker.add_verdict(
        number, NewVerdict("True", publisher="Desk", reviewed_on=second), supersedes=wrong.id
    )
    assert days(tracker) == (second,)
    event = tracker.store.curation.retract_verdict(right)
    assert days(tracker) == ()
    assert tracker.search(DAM, stated_on=DAY).matches[0].scores["days known"] == 0
    tracker.store.curation.undo(event)
    assert days(tracker) == (second,)


def test_as_of_a_day_later_verdicts_have_none(tracker: Tracker) -> None:
    """What was concluded after it was not known then; on its own day it was."""
    early, late = date(2019, 7, 9), date(2020, 1, 1)
    number = tracker.add(NewClaim(DAM), NewVerdict("False", publisher="Desk", reviewed_on=early)).claim_id
    tracker.add_verdict(number, NewVerdict("False", publisher="Other desk", reviewed_on=late))
    assert days(tracker) == days(tracker, late) == (early, late)
    assert days(tracker, date(2019, 12, 31)) == days(tracker, early) == (early,)
    assert days(tracker, date(2019, 7, 8)) == ()
    known = [
        tracker.search(DAM, stated_on=DAY, as_of=as_of).matches[0].scores["days known"]
        for as_of in (None, early, date(2019, 7, 8))
    ]
    assert known == [1, 1, 0]


def test_claims_can_be_left_out_and_put_in(tracker: Tracker) -> None:
    """What is left out takes no place; what is asked for is there, however far it is."""
    numbers = fill(tracker)
    left, asked = found(
        tracker, Utterance(DAM), Utterance(DAM), depth=1, without=[{numbers[DAM]}, ()], besides=[(), [numbers[GRID]]]
    )
    assert numbers[DAM] not in {one.claim.id for one in left}
    assert left
    assert [one.claim.id for one in asked] == [numbers[DAM], numbers[GRID]]


def test_the_adapter_can_be_named_or_left_out(tracker: Tracker) -> None:
    """By default as the coefficients say, which are of this encoder; without it there is one cosine."""
    fill(tracker)
    wanted = [Utterance(DAM)]
    assert found(tracker, *wanted) == found(tracker, *wanted, adapted=True)
    ((first, *_),) = found(tracker, *wanted, adapted=False)
    assert (first.claim.text, first.adapted, first.in_context) == (DAM, None, None)
    assert first.dense == pytest.approx(1.0, abs=1e-5)


def test_a_claim_that_is_retracted_is_none(tracker: Tracker) -> None:
    """It is no candidate, and the next one has its place."""
    numbers = fill(tracker)
    tracker.store.curation.retract_claim(numbers[DAM])
    ((first, *_),) = found(tracker, Utterance(DAM), depth=1)
    assert first.claim.id != numbers[DAM]
    assert found(tracker, Utterance(DAM), besides=[[numbers[DAM]]])[0][0].claim.id != numbers[DAM]


# --- many at once -----------------------------------------------------------------------------------------------------


def test_many_searches_are_each_as_if_alone(tracker: Tracker) -> None:
    """In order, a text that comes twice too, with what is known around each."""
    fill(tracker)
    asked = [Utterance(DAM, "The valley."), Utterance(f" {BUS} "), Utterance(POST), Utterance(DAM, "The valley.")]
    many = list(tracker.search_all(asked, 2))
    assert [one.query for one in many] == [DAM, BUS, POST, DAM]
    for one, alone in zip(asked, many, strict=True):
        single = tracker.search(one.text, 2, context=one.context)
        assert [m.claim.id for m in single.matches] == [m.claim.id for m in alone.matches]
        assert [m.probability for m in single.matches] == pytest.approx([m.probability for m in alone.matches])
    assert all(len(one.matches) == 2 for one in many)
    assert list(tracker.search_all([])) == []


def test_many_searches_see_one_state(tracker: Tracker) -> None:
    """A claim that another process adds meanwhile is not found half way."""
    from tracker.pipeline import Tracker

    fill(tracker)
    answers = tracker.search_all([Utterance("wind power"), Utterance("wind power")], 20)
    first = next(answers)
    with Tracker.open(tracker.store.path) as other:
        other.add(NewClaim("Wind power feeds the island."))
    assert [m.claim for m in next(answers).matches] == [m.claim for m in first.matches]
    assert list(answers) == []
    assert len(tracker.search("wind power", 20).matches) == len(first.matches) + 1


# --- titles -----------------------------------------------------------------------------------------------------------


def test_a_claim_is_found_by_its_titles_words(tracker: Tracker) -> None:
    """Words that only the review's headline has bring it up first, by either search."""
    fill(tracker)
    claim = NewClaim("A picture shows him there.", title="Did a shark swim on a flooded motorway?")
    photo = tracker.add(claim).claim_id
    best = tracker.search("A shark was seen swimming on the motorway").matches[0]
    assert best.claim.id == photo
    assert best.scores["title covered"] > 0.4 > best.scores["claim covered"] == 0
    assert tracker.store.find_words("motorway", 5) == [photo]
    (nearest,) = tracker.embedding.index().search(tracker.encode(["sharks on roads"]), 1)
    assert [number for number, _ in nearest] == [photo]


def test_a_claims_vector_is_midway_between_text_and_title(tracker: Tracker) -> None:
    """The two unit vectors added, at length 1: added, imported and embedded alike; without a title the text's own."""
    import numpy as np

    title = "Did a shark swim on a flooded motorway?"
    text, head = tracker.encode(["A picture shows him there.", title])
    added = tracker.add(NewClaim("A picture shows him there.", title=title)).claim_id
    bare = tracker.add(NewClaim(DAM)).claim_id
    with tracker.store.writing():
        later = tracker.store.add_claim(NewClaim("A photo shows him there!", title=title)).id
    assert tracker.embed() == 1
    index = tracker.embedding.index()
    assert index.kind
    stored = dict(zip(*index.kind.rows_of((added, bare, later)), strict=True))
    midway = (text + head) / np.linalg.norm(text + head)
    assert stored[added] == pytest.approx(midway, abs=1e-5)
    assert stored[added] @ text == pytest.approx(stored[added] @ head, abs=1e-5)
    assert stored[bare] == pytest.approx(tracker.encode([DAM])[0], abs=1e-6)
    other, head = tracker.encode(["A photo shows him there!", title])
    assert stored[later] == pytest.approx((other + head) / np.linalg.norm(other + head), abs=1e-5)


def test_a_near_duplicate_is_warned_of_whatever_its_title(tracker: Tracker) -> None:
    """A title pulls the stored vector away; the words of both claims are compared without it."""
    text = "NATO has increased its rapid reaction force to 300,000 troops."
    there = tracker.add(NewClaim(text, title="Summit in Madrid: what was said, and what is missing?")).claim_id
    index = tracker.embedding.index()
    near = "NATO has increased its rapid-reaction forces to 300,000 troops now."
    vector = tracker.encode([near])
    assert index.score(vector, [there])[there][0] < 0.95 < float(tracker.encode([text])[0] @ vector[0])
    assert [match.claim.id for match in tracker.near_duplicates(NewClaim(near))] == [there]
    titled = NewClaim(near, title="Another headline altogether on another day")
    assert [match.claim.id for match in tracker.add(titled).near_duplicates] == [there]
    assert tracker.near_duplicates(NewClaim("Bus fares rose.")) == ()


def test_a_text_that_several_claims_share_is_encoded_once(tracker: Tracker, encoded: list[str]) -> None:
    """Two claimants, three claims with one headline: each has its vector, from one reading of each text."""
    with tracker.store.writing():
        for who in ("A. Minister", "B. Senator", "C. Mayor"):
            tracker.store.add_claim(
                NewClaim("The dam holds 40 million cubic metres.", claimant=who, title="No, it is 4")
            )
    encoded.clear()
    assert tracker.embed() == 3
    assert sorted(encoded) == ["No, it is 4", "The dam holds 40 million cubic metres."]
    assert tracker.store.vectors.count() == 3


def test_hidden_entries_give_nobody_else_a_place(tracker: Tracker) -> None:
    """As many claims a way as are asked for, though it is looked deeper; entries of one claim take one place."""
    numbers = fill(tracker)
    tracker.store.curation.retract_claim(numbers[GRID])
    assert [one.claim.id for one in found(tracker, Utterance(DAM), depth=1)[0]] == [numbers[DAM]]
    again = tracker.add(NewClaim("In 1962 they built the dam above Northmoor.")).claim_id
    tracker.store.curation.merge(numbers[DAM], again)
    (brought,) = found(tracker, Utterance(DAM), depth=2)
    assert {numbers[DAM], again} < {one.claim.id for one in brought}
    assert len({one.read_as.id for one in brought if one.read_as}) == 2


def test_what_was_rolled_back_is_not_found(tracker: Tracker) -> None:
    """Neither by its meaning nor by its words, though it was found inside; the next claim has its number."""
    with suppress(InterruptedError), tracker.store.writing():
        tracker.add(NewClaim(DAM))
        assert tracker.search(DAM).found
        raise InterruptedError
    assert tracker.search(DAM).matches == ()
    bus = tracker.add(NewClaim(BUS)).claim_id
    assert [match.claim.id for match in tracker.search(DAM).matches] == [bus]


def test_hidden_entries_cost_only_where_they_stand_before_others(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where many are retracted a search does not look deeper for all of them, and finds what it found before."""
    with tracker.store.writing():
        for number in range(300):
            tracker.store.add_claim(NewClaim(f"Claim {number}: the dam of Calder holds {number} million litres."))
    tracker.embed()
    kept = tracker.add(NewClaim("A bridge was closed in Calder.")).claim_id
    for number in range(1, 260):
        tracker.store.curation.retract_claim(number)
    asked: list[int] = []
    find = VectorIndex.search

    def noting(index: VectorIndex, rows: Any, k: int) -> Any:
        asked.append(k)
        return find(index, rows, k)

    monkeypatch.setattr(VectorIndex, "search", noting)
    found = {match.claim.id for match in tracker.search("The dam of Calder holds 7 million litres.", 45).matches}
    assert found == {*range(260, 301), kept}
    assert asked[0] < 100 < asked[-1]
    wordless = tracker.search("Reservoirs everywhere store liquids.", 45).matches  # by words nothing is found
    assert {match.claim.id for match in wordless} == found

"""Statements: two claims of one sentence, labels and pronouns away, the quote kept, offsets exact."""

from __future__ import annotations

import pytest

from tracker.encoders import Encoder, load_encoder
from tracker.models import Article, Statement, Utterance
from tracker.spotting import spot
from tracker.statements import statements

TWO = "NATO raised the force from 40,000 to 300,000 and Sweden and Finland joined the alliance in 2023."


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def found(text: str, encoder: Encoder) -> list[tuple[Statement, Utterance]]:
    article = Article("a.txt", text)
    made = statements(article, spot(article, encoder), 0.5, encoder)
    assert all(text[one.start : one.end] == one.text for one, _ in made)
    assert all(one.text in one.quote and one.quote in text for one, _ in made)
    return made


def test_a_sentence_with_two_claims_yields_both(encoder: Encoder) -> None:
    """Each at its own place, both with the whole sentence as their quote."""
    made = found(TWO, encoder)
    assert [one.text for one, _ in made] == [
        "NATO raised the force from 40,000 to 300,000",
        "Sweden and Finland joined the alliance in 2023",
    ]
    assert {one.quote for one, _ in made} == {TWO}


@pytest.mark.parametrize("behind", ["and the coffee was cold.", "and I think that is a shame."])
def test_a_clause_that_is_no_claim_does_not_split_the_sentence(encoder: Encoder, behind: str) -> None:
    """Then the sentence is looked for whole."""
    text = f"Wages fell by 4 per cent in 2021 {behind}"
    assert [one.text for one, _ in found(text, encoder)] == [text]


def test_a_pronoun_gives_way_where_that_is_safe(encoder: Encoder) -> None:
    """What is looked for names NATO; the text stays as it was written."""
    ((_, first), (statement, said)) = found(
        "NATO met in Madrid on 29 June 2022. It has 40,000 troops in its response force.", encoder
    )
    assert first.text.startswith("NATO met")
    assert statement.text.startswith("It has")
    assert said.text == statement.claim == "NATO has 40,000 troops in its response force."
    assert said.context == "NATO met in Madrid on 29 June 2022."


def test_a_transcripts_label_is_no_part_of_the_claim(encoder: Encoder) -> None:
    """The name before the colon is the speaker, not what is said; another colon stays."""
    text = (
        "ANA BOROS: Unemployment fell to 4.2 per cent last year.\n\n"
        "MARK LEE: The budget: it doubled to 3 billion dollars in 2021.\n\nANA BOROS: Thank you."
    )
    (one, said), (other, _) = found(text, encoder)
    assert (one.speaker or "").casefold() == "ana boros"
    assert said.text == "Unemployment fell to 4.2 per cent last year."
    assert other.claim.startswith("The budget: it doubled")
    role = text.replace("ANA BOROS", "[00:01:12] INTERVIEWER")
    assert found(role, encoder)[0][0].claim == "Unemployment fell to 4.2 per cent last year."


def test_context_ends_with_the_paragraph(encoder: Encoder) -> None:
    """What stands in another paragraph was not said right before."""
    (_, first), (_, second) = found(
        "Crime fell by 8 per cent in 2021.\n\nBus fares rose by 3 per cent in May.", encoder
    )
    assert (first.context, second.context) == (None, None)


def test_the_same_places_whatever_is_asked_for(encoder: Encoder) -> None:
    """A higher bar leaves statements out and moves none: saving twice adds nothing."""
    article = Article("a.txt", f"{TWO} The deficit doubled to 3 billion dollars in 2021. It was a good year, I think.")
    spotted = spot(article, encoder)
    found_at = {bar: [one for one, _ in statements(article, spotted, bar, encoder)] for bar in (0.1, 0.5, 0.99)}
    for bar, made in found_at.items():
        assert all(one.check_worthiness >= bar for one in made)
    places = [{(one.start, one.end) for one in made} for made in found_at.values()]
    assert places[2] < places[1] <= places[0]

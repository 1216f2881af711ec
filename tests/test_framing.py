"""What a sentence is about, apart from who says so and whether it is denied: each frame alone, and any text."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tracker.framing import Framing, framing

DAM = "the calder dam broke"


def claim(text: str, *, stored: bool = False) -> tuple[str, bool]:
    """The claim that is left of a sentence, without its stop, and whether the sentence denies it."""
    found = framing(text, stored=stored)
    return text[found.start : found.end].rstrip(".?!"), found.denied


@pytest.mark.parametrize(
    "text",
    [
        "The Calder dam broke.",
        "BREAKING: the Calder dam broke",
        "RT @jroe: the Calder dam broke",
        "Just in — the Calder dam broke",
        "Fact check: the Calder dam broke",
        "Claim: the Calder dam broke",
        "The Calder dam broke #Calder #dam",
        "Rumours that the Calder dam broke",
        "A viral post on Facebook that the Calder dam broke",
        "Did you know that the Calder dam broke?",
        "Is it true the Calder dam broke?",
        "There is evidence that the Calder dam broke.",
        "There is new proof that the Calder dam broke.",
    ],
)
def test_what_stands_around_a_claim_is_no_part_of_it(text: str) -> None:
    """Labels, shouts, tags and questions are taken off; nobody else is said to say it, and nothing is denied."""
    left, denied = claim(text)
    assert left.lower() == DAM
    assert not denied
    assert framing(text).reported is None


@pytest.mark.parametrize(
    "text",
    [
        "False: the Calder dam broke.",
        "Fake news: it is false that the Calder dam broke.",
        "It is not true that the Calder dam broke.",
        "It's a hoax that the Calder dam broke.",
        "The false claim that the Calder dam broke",
        "There is no evidence that the Calder dam broke.",
        "There was absolutely no evidence that the Calder dam broke.",
        "There is no credible evidence that the Calder dam broke.",
        "No proof has been found that the Calder dam broke.",
        "Claims that the Calder dam broke are false.",
        "The Calder dam broke. That's a lie.",
        "The Calder dam broke? No, it didn't.",
        "Did you know that the Calder dam broke? Nope.",
        *(f"The Calder dam broke {dash} not true (@NHS)." for dash in ("–", "—", "-", "--")),
        "The Calder dam broke — false, July 8, 2019",
        "Officials denied that the Calder dam broke.",
        "A fake article claims that the Calder dam broke.",
        "I'm screaming, they shared a hoax story that claims the Calder dam broke.",
        "This debunked video says the Calder dam broke.",
        "The minister refuted the claim that the Calder dam broke.",
    ],
)
def test_who_calls_it_false_denies_it(text: str) -> None:
    """In front, behind, or in somebody's name; the words that deny are marked, where they stand."""
    found = framing(text)
    assert found.denied
    assert DAM in text[found.start : found.end].lower()
    assert found.marks
    assert all(end <= found.start or start >= found.end for start, end in found.marks)


@pytest.mark.parametrize("little", ["no", "little", "scant", "zero", "insufficient"])
def test_evidence_that_there_is_none_of_is_none(little: str) -> None:
    """It is never taken off as if there were some: what is left still has the words, or is denied."""
    text = f"There is {little} evidence that the Calder dam broke."
    left, denied = claim(text)
    assert denied or little in left


def test_a_debunking_that_is_debunked() -> None:
    """Two denials cancel out."""
    twice = "It is not true that officials denied that the Calder dam broke."
    assert claim(twice) == ("the Calder dam broke", False)
    assert len(framing(twice).marks) == 2


@pytest.mark.parametrize(
    "text",
    [
        "False: the Calder dam broke",
        "FAKE: the Calder dam broke",
        "It is false that the Calder dam broke",
        "No, the Calder dam broke",
        "Claims that the Calder dam broke are false",
    ],
)
def test_a_stored_headline_stands_for_what_it_checks(text: str) -> None:
    """What the desk calls false is the claim; what a reader calls false is denied."""
    assert claim(text, stored=True) == ("the Calder dam broke", False)


def test_no_and_a_negated_headline() -> None:
    """A headline like "No, X did not happen" stands for X in the store: its "not" is turned round once more."""
    text = "No, the Calder dam did not break"
    assert claim(text, stored=True) == ("the Calder dam did not break", True)
    assert claim(text) == ("the Calder dam did not break", False)


@pytest.mark.parametrize(
    ("text", "said", "unsure"),
    [
        ("Officials claim that the Calder dam broke.", "Officials claim that ", True),
        ("The mayor's office confirmed on Monday that the Calder dam broke.", None, False),
        ("According to the mayor, the Calder dam broke.", "According to the mayor, ", False),
        ("The Calder dam broke, according to the mayor.", ", according to the mayor.", False),
        ("The Calder dam broke, the mayor said on Monday.", ", the mayor said on Monday.", False),
        ("Mayor: the Calder dam broke", "Mayor: ", False),
        ("Mayor alleges that the Calder dam broke.", "Mayor alleges that ", True),
        ("Researchers found that the Calder dam broke.", "Researchers found that ", False),
    ],
)
def test_who_is_said_to_say_so(text: str, said: str | None, unsure: bool) -> None:
    """The attribution is a span of its own beside the claim, and not held against it; "claim" leaves it open."""
    found = framing(text)
    assert found.reported
    if said:
        assert text[slice(*found.reported)] == said
    assert text[found.start : found.end].rstrip(".").lower() == DAM
    assert (found.unsure, found.denied) == (unsure, False)


@pytest.mark.parametrize(
    "text",
    [
        "Three in five Germans say that they smoke at home.",
        "60% of voters think that taxes are too high.",
        "Most nurses report that they work at night.",
    ],
)
def test_what_a_survey_found_is_the_claim(text: str) -> None:
    """Who says so is counted there, and no attribution."""
    assert framing(text) == Framing(0, len(text))


@pytest.mark.parametrize("text", ["False.", "No.", "It is false that", "Officials say", "#dam", "Claim: dam", ""])
def test_so_much_is_left_that_it_can_be_a_claim(text: str) -> None:
    """Nothing is taken off a text of which fewer than three words would be left."""
    assert framing(text) == Framing(0, len(text))


PARTS = ["False: ", "It is not true that ", "Officials say that ", "No, ", "BREAKING ", "the dam broke", " in May"]
PARTS += [", the mayor said", " is false", ". No.", "’", "\u0130", " #dam", "(", "— ", "\n", "😀", "not "]
texts = st.text(max_size=80) | st.lists(st.sampled_from(PARTS), max_size=8).map("".join)


@given(texts, st.booleans())
def test_any_text_has_a_frame_within_it(text: str, stored: bool) -> None:
    """No text is an error; every span lies in it; and the claim's overlaps neither who says so nor what denies."""
    found = framing(text, stored=stored)
    assert 0 <= found.start <= found.end <= len(text)
    for start, end in (*found.marks, *([found.reported] if found.reported else [])):
        assert 0 <= start < end <= len(text)
        assert end <= found.start or start >= found.end
    assert text[: found.start].strip() == "" or found.start < found.end

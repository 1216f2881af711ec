"""One sentence taken apart: its words, figures, times, names, negations and directions, and where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tracker.names import Name
from tracker.periods import Period
from tracker.quantities.quantity import Quantity
from tracker.reading import Reading, Word, read

Spanned = Word | Name | Quantity | Period


def lemmas(words: tuple[Word, ...]) -> list[str]:
    return [word.lemma for word in words]


def texts_of(reading: Reading) -> dict[str, list[str]]:
    """What was found of each kind, as it stands in the sentence."""
    found: dict[str, tuple[Spanned, ...]] = {
        "names": reading.names,
        "said by": reading.said_by,
        "figures": reading.quantities.found,
        "times": reading.periods,
    }
    return {kind: [reading.text[one.start : one.end] for one in them] for kind, them in found.items()}


def test_a_sentence_is_taken_apart() -> None:
    """Each character is of one kind at most: a year is no figure, a name is no other word, a stop word is none."""
    found = read("The mayor of Leeds said that Germany sent 40,000 tonnes of old grain to Kenya in June 2021.")
    assert texts_of(found) == {
        "names": ["Germany", "Kenya"],
        "said by": ["mayor", "Leeds"],
        "figures": ["40,000 tonnes"],
        "times": ["in June 2021"],
    }
    assert lemmas(found.words) == ["send", "old", "grain"]
    assert all(word.weight > 0 for word in found.words)


def test_what_a_debunking_says_of_itself_is_not_read() -> None:
    """The figure and the day of the attribution are not the claim's."""
    found = read("The Calder dam broke in 2019, a study of 300 dams in 2021 said.")
    assert texts_of(found)["times"] == ["in 2019"]
    assert texts_of(found)["figures"] == []


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("The dam broke.", False),
        ("The dam did not break.", True),
        ("The dam didn't break.", True),
        ("The dam didn’t break.", True),
        ("The dam never broke.", True),
        ("The dam cannot break.", True),
        ("The dam can't break.", True),
        ("Nobody died at the dam.", True),
        ("It is not true that the dam broke in Leeds.", True),
        ("It is not true that the dam in Leeds never broke.", False),
        ("False: the dam never broke.", False),
        ("It isn't the case that nobody died.", False),
    ],
)
def test_an_odd_number_of_negations_turns_a_claim_round(text: str, negated: bool) -> None:
    """Those in the claim and those around it are counted together."""
    assert read(text).negated is negated


@pytest.mark.parametrize(
    ("text", "denials"),
    [
        ("The minister denied the charge.", ["denied"]),
        ("The minister did not deny the charge.", ["deny"]),
        ("The bank refused to pay.", ["refused to"]),
        ("The bank paid.", []),
    ],
)
def test_verbs_that_deny_are_no_negations(text: str, denials: list[str]) -> None:
    """They are less sure to turn a claim round, and are told apart from "not"."""
    found = read(text)
    assert [word.text for word in found.denials] == denials
    assert found.negated is ("not" in text)


def test_where_a_negation_stands() -> None:
    """A contracted one is cut from its verb, which stays a word of its own."""
    text = "The dam didn't break and never will."
    assert [text[word.start : word.end] for word in read(text).negations] == ["n't", "never"]


def test_a_name_with_its_owners_ending() -> None:
    """The ending is no part of the word, and the word's place is."""
    text = "The library's roof fell in."
    (library,) = [word for word in read(text).words if word.lemma == "library"]
    assert text[library.start : library.end] == "library"


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("Prices in Leeds rose.", [1]),
        ("Prices in Leeds fell.", [-1]),
        ("Taxes rose.", [1]),
        ("Taxes fell.", [-1]),
        ("Wages increased in Leeds.", [1]),
        ("Wages decreased in Leeds.", [-1]),
        ("Crime is up in Leeds.", [1]),
        ("The dam broke.", []),
    ],
)
def test_directions(text: str, ways: list[int]) -> None:
    """Up or down, also where subject and verb together look like a noun of the lexicon ("tax rise")."""
    assert [way for _, way in read(text).directions] == ways


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("They turned down the offer.", "turn_down"),
        ("A tax rise was agreed.", "tax_rise"),
        ("Tax rises were agreed.", "tax_rise"),
        ("She stepped down.", "step_down"),
    ],
)
def test_entries_of_several_words_are_one_word(text: str, entry: str) -> None:
    """With all their characters."""
    (found,) = [word for word in read(text).words if word.lemma == entry]
    assert text[found.start : found.end].count(" ") == 1


@pytest.mark.parametrize(
    ("text", "quantifiers"),
    [
        ("Every school closed.", {"all"}),
        ("Most of the schools closed.", {"most"}),
        ("Some schools closed, many stayed open.", {"some", "many"}),
        ("Schools closed.", set()),
        ("Only schools closed.", {"only"}),
    ],
)
def test_of_how_many_it_is_said(text: str, quantifiers: set[str]) -> None:
    """In classes: "every" and "all" are one."""
    assert read(text).quantifiers == quantifiers


@pytest.mark.parametrize(
    ("text", "modals"),
    [("The dam will break.", ["will"]), ("The dam might break.", ["might"]), ("The dam breaks.", [])],
)
def test_what_is_planned_or_possible(text: str, modals: list[str]) -> None:
    """By its auxiliary."""
    assert [word.text for word in read(text).modals] == modals


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("He resigned on Monday.", True),
        ("They are all dead.", True),
        ("", True),
        ("Breaking!", True),
        ("The minister resigned on Monday.", False),
        ("Angela Merkel said that she resigned on Monday.", False),
        ("Resigned on Monday.", False),
    ],
)
def test_a_sentence_whose_subject_is_unknown(text: str, fragment: bool) -> None:
    """A pronoun without a name before it, or no words at all."""
    assert read(text).is_fragment is fragment


def test_a_stored_headline_and_a_post_differ() -> None:
    """The same words, read as a claim of the store and as what somebody says."""
    headline = "No, the dam did not break in Leeds"
    assert not read(headline, stored=True).negated
    assert read(headline).negated


VOCABULARY = (
    "The Germany Leeds mayor not n't didn't rose fell denied 40,000 £4m 5% in 2021 last year tax will all ’s , ."
)
texts = st.text(max_size=80) | st.lists(st.sampled_from([*VOCABULARY.split(), "False:", "’", "\u0130"])).map(" ".join)


@given(texts, st.booleans())
def test_any_text_can_be_read(text: str, stored: bool) -> None:
    """Nothing raises; each span is in the text, words' own text stands there, and no word is inside a figure."""
    found = read(text, stored=stored)
    every: list[Word] = [
        *found.words,
        *found.negations,
        *found.denials,
        *found.modals,
        *(word for word, _ in found.directions),
    ]
    spanned: list[Spanned] = [*every, *found.names, *found.said_by, *found.quantities.found, *found.periods]
    for one in spanned:
        assert 0 <= one.start < one.end <= len(text)
    masked: list[Spanned] = [*found.quantities.found, *found.periods]
    taken = {i for one in masked for i in range(one.start, one.end)}
    for word in every:
        assert text[word.start : word.end] == word.text
        assert word.start not in taken
    assert [word.start for word in found.words] == sorted(word.start for word in found.words)

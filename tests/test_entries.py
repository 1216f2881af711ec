"""What may enter the store, and which two texts are one claim."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tracker.entries import MAX_TEXT, MAX_URL, storable, text_key
from tracker.errors import InvalidClaim
from tracker.models import NewClaim, NewVerdict

SEED = "NATO just went from a rapid reaction force of 40,000 to one of 300,000."


def test_texts_are_trimmed_and_empty_ones_are_none() -> None:
    """White space around a text goes, within it stays; a text of white space is no text."""
    claim = storable(NewClaim(f"\t{SEED}\n", title="  ", claimant="\u00a0Joe  Biden ", check_worthiness=1))
    assert claim == NewClaim(SEED, claimant="Joe  Biden", check_worthiness=1)
    assert storable(NewVerdict(" False ", url="\n", explanation=" a\n b ")) == NewVerdict("False", explanation="a\n b")


def test_an_entry_that_is_clean_is_kept_as_it_is() -> None:
    """Nothing else is changed: no case, no quotation mark, no control character within, no letter composed."""
    claim = NewClaim("“Cafe\u0301” \x1b[31m said: ﬁne…", external_id="X-1", check_worthiness=0.0)
    assert storable(claim) == claim


@pytest.mark.parametrize("text", ["", " ", "...", "?!", "🙂", "—", "_"])
def test_a_claim_needs_words(text: str) -> None:
    """Punctuation and pictures alone claim nothing."""
    with pytest.raises(InvalidClaim, match="claim: it has no words"):
        storable(NewClaim(text))


@pytest.mark.parametrize("text", ["5", "è", "北约扩军", "НАТО растёт"])
def test_words_of_any_script_will_do(text: str) -> None:
    """One letter or digit is enough, in any script."""
    assert storable(NewClaim(text)).text == text


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (NewClaim("half \ud83d of it"), "claim: what stands at character 6 is not UTF-8; save the file as UTF-8"),
        (NewClaim(SEED, claimant="Jos\udce9"), "claimant: what stands at character 4 is not UTF-8"),
        (NewClaim(f"{SEED}\0"), "claim: holds a NUL character; remove it"),
        (NewVerdict("Fal\0se"), "rating: holds a NUL character"),
        (NewClaim("x" * (MAX_TEXT + 1)), "claim: 10,001 characters; at most 10,000 can be stored"),
        (NewVerdict("False", explanation="x" * 20_000), "explanation: 20,000 characters"),
        (NewClaim(SEED, check_worthiness=1.01), "claim: check-worthiness 1.01 is not between 0 and 1"),
        (NewClaim(SEED, check_worthiness=-0.01), "claim: check-worthiness -0.01 is not between 0 and 1"),
        (NewClaim(SEED, check_worthiness=float("nan")), "claim: check-worthiness nan is not between"),
    ],
)
def test_what_would_not_come_back_as_it_went_in_is_refused(entry: Any, reason: str) -> None:
    """The error names the field, the place and what to do."""
    with pytest.raises(InvalidClaim) as caught:
        storable(entry)
    assert str(caught.value).startswith(reason)


def test_the_longest_text_is_stored() -> None:
    """The limit itself is within the limit, counted before trimming."""
    assert len(storable(NewClaim("x" * MAX_TEXT)).text) == MAX_TEXT


@pytest.mark.parametrize("url", ["https://fullfact.org/a b", "HTTP://x", "https://xn--80ak6aa92e.com/#a", None, " "])
def test_web_addresses_are_taken(url: str | None) -> None:
    """Any http address, or none."""
    assert storable(NewVerdict("False", url=url)).url == ((url or "").strip() or None)


@pytest.mark.parametrize(
    "url",
    ["fullfact.org", "ftp://a.example", "javascript:alert(1)", "https://", "https:///path", "see https://a.example"],
)
def test_other_addresses_are_refused(url: str) -> None:
    """What a browser would not open as a page is no address of a review."""
    with pytest.raises(InvalidClaim, match="not a web address; it starts with https:// or http://"):
        storable(NewVerdict("False", url=url))


def test_an_address_that_is_too_long_is_refused() -> None:
    """2,000 characters are the most, and the error shows the start only."""
    longest = "https://a.example/".ljust(MAX_URL, "x")
    assert storable(NewVerdict("False", url=longest)).url == longest
    with pytest.raises(InvalidClaim) as caught:
        storable(NewVerdict("False", url=f"{longest}x"))
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "text",
    [
        f"“{SEED}”",
        SEED.removesuffix("."),
        SEED.upper(),
        SEED.replace(" ", "\u00a0"),
        f"  {SEED}\n",
        SEED.replace(" a ", "\n  a "),
        f"« {SEED} »",
        f"„{SEED}“",
        f'"{SEED[:-1]}".',
        SEED.replace("NATO", "ＮＡＴＯ"),
        SEED.replace("just", '" just "'),
    ],
)
def test_the_same_claim_written_otherwise(text: str) -> None:
    """Case, white space, quotation marks of any kind and a final stop make no difference."""
    assert text_key(text) == text_key(SEED)


@pytest.mark.parametrize(
    "text",
    [
        SEED.replace("300,000", "30,000"),
        SEED.replace("300,000", "300 000"),
        SEED.replace("just", "never"),
        SEED.replace(".", "?"),
        SEED.replace("NATO", "NATO's"),
    ],
)
def test_another_word_is_another_claim(text: str) -> None:
    """A figure, a word or a question mark is a difference."""
    assert text_key(text) != text_key(SEED)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50))
def test_what_was_made_storable_stays_as_it_is(text: str) -> None:
    """Making an entry storable a second time changes nothing, and neither does trimming the text for its key."""
    claim = storable(NewClaim(f"x {text}"))
    assert storable(claim) == claim
    assert text_key(f"“ {claim.text} ” ") == text_key(claim.text)
    assert storable(replace(claim, title=text)).title == (text.strip() or None)

"""What may enter the store, and which two texts are one claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tracker.entries import MAX_EVIDENCE, MAX_TEXT, MAX_URL, askable, evidence_of, storable, text_key
from tracker.errors import InvalidClaim
from tracker.models import Evidence, NewClaim, NewVerdict, Utterance

SEED = "NATO just went from a rapid reaction force of 40,000 to one of 300,000."


def test_texts_are_trimmed_and_empty_ones_are_none() -> None:
    """White space around a text goes, within it stays; a text of white space is no text."""
    claim = storable(NewClaim(f"\t{SEED}\n", title="  ", claimant="\u00a0Joe  Biden ", check_worthiness=1))
    assert claim == NewClaim(SEED, claimant="Joe  Biden", check_worthiness=1)
    assert storable(NewVerdict(" False ", url="\n", explanation=" a\n b ")) == NewVerdict("False", explanation="a\n b")


def test_what_is_asked_is_trimmed() -> None:
    """As an entry is; what is known around a text may be missing."""
    day = date(2022, 6, 27)
    assert askable(Utterance(f" {SEED}\n", "  ", " Joe Biden ", day)) == Utterance(SEED, None, "Joe Biden", day)
    assert askable(Utterance(SEED)) == Utterance(SEED)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (Utterance(" ?! "), "claim: it has no words"),
        (Utterance("x" * (MAX_TEXT + 1)), "claim: 10,001 characters"),
        (Utterance("a\udcffb"), "claim: what stands at character 2 is not UTF-8"),
        (Utterance(SEED, "\udcff"), "context: what stands at character 1 is not UTF-8"),
        (Utterance(SEED, None, "a\0b"), "speaker: holds a NUL character"),
    ],
)
def test_what_cannot_be_asked(said: Utterance, why: str) -> None:
    """Each text is looked at, and named."""
    with pytest.raises(InvalidClaim, match=f"^{why}"):
        askable(said)


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


def test_tags_are_words_with_hyphens() -> None:
    """Trimmed, in lower case, a hyphen for white space, each once and in order; empty ones go."""
    given: Any = [" Old\n photo ", "WAR", "", " ", "war", "Ελλάς", "old-photo"]
    clean = storable(NewVerdict("False", tags=given))
    assert clean.tags == ("old-photo", "war", "ελλάς")
    assert hash(clean) == hash(storable(clean))


@pytest.mark.parametrize(
    ("tag", "reason"),
    [
        ("war, peace", "tag 'war,-peace': a comma in it; give two tags"),
        ("x" * 61, f"tag '{'x' * 60}': 61 characters; at most 60"),
        ("\u0130" * 31, "tag '" + "i\u0307" * 30 + "': 62 characters; at most 60"),
        ("a\0b", "tag: holds a NUL character"),
        ("\ud800", "tag: what stands at character 1 is not UTF-8"),
    ],
)
def test_a_tag_that_cannot_be_kept_is_refused(tag: str, reason: str) -> None:
    """A comma parts tags where they are written, so it can be in none."""
    with pytest.raises(InvalidClaim) as caught:
        storable(NewVerdict("False", tags=("fine", tag)))
    assert str(caught.value).startswith(reason)


def test_there_is_an_end_to_tags() -> None:
    """All of them are one text, which is limited as every text."""
    with pytest.raises(InvalidClaim, match="tags: 12,887 characters; at most 10,000"):
        storable(NewVerdict("False", tags=tuple(f"number-{number}" for number in range(1000, 2000 + 74))))


def test_evidence_is_trimmed_and_stays_hashable() -> None:
    """A list becomes a tuple, an empty note or archived address becomes none, order and repetition stay."""
    given: Any = [Evidence(" https://a.example ", " The\n minutes. ", "  "), Evidence("HTTP://b.example", "")] * 2
    clean = storable(NewVerdict("False", evidence=given))
    assert clean.evidence == (Evidence("https://a.example", "The\n minutes."), Evidence("HTTP://b.example")) * 2
    assert hash(clean) == hash(storable(clean))


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        (Evidence(""), "evidence: it has no address"),
        (Evidence("a.example"), "evidence 'a.example': not a web address; it starts with https:// or http://"),
        (Evidence("file:///etc/passwd"), "evidence 'file:///etc/passwd': not a web address"),
        (Evidence("https://a.example", None, "a.example"), "archived evidence 'a.example': not a web address"),
        (Evidence("https://a.example/".ljust(MAX_URL + 1, "x")), "evidence 'https://a.example/xxx"),
        (Evidence("https://a.example", "a\0b"), "evidence note: holds a NUL character"),
        (Evidence("https://a.example", "x" * 10_001), "evidence note: 10,001 characters; at most 10,000"),
        (Evidence("https://a.example/\ud800"), "evidence url: what stands at character 19 is not UTF-8"),
    ],
)
def test_evidence_that_cannot_be_kept_is_refused(evidence: Evidence, reason: str) -> None:
    """The message names the evidence and what is wrong with it."""
    with pytest.raises(InvalidClaim) as caught:
        storable(NewVerdict("False", evidence=(Evidence("https://fine.example"), evidence)))
    assert str(caught.value).startswith(reason)


def test_there_is_an_end_to_evidence() -> None:
    """A hundred pieces of 20,000 characters in all are kept, one more of either is refused."""
    most = (Evidence("https://a.example"),) * MAX_EVIDENCE
    assert storable(NewVerdict("False", evidence=most)).evidence == most
    with pytest.raises(InvalidClaim, match="evidence: 101 pieces of 1,717 characters in all; at most 100 of 20,000"):
        storable(NewVerdict("False", evidence=(*most, most[0])))
    long = (Evidence("https://a", "x" * 9_991), Evidence("https://a", "x" * 9_991))
    assert storable(NewVerdict("False", evidence=long)).evidence == long
    with pytest.raises(InvalidClaim, match="evidence: 3 pieces of 20,009 characters"):
        storable(NewVerdict("False", evidence=(*long, Evidence("https://a"))))


COPY = "https://archive.example/2022/https://a.example"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example", Evidence("https://a.example")),
        ("  https://a.example | The minutes.  ", Evidence("https://a.example", "The minutes.")),
        (f"https://a.example | The minutes. | {COPY}", Evidence("https://a.example", "The minutes.", COPY)),
        (f"https://a.example | {COPY}", Evidence("https://a.example", None, COPY)),
        (f"https://a.example | | {COPY}", Evidence("https://a.example", None, COPY)),
        (f"https://a.example | p | q | {COPY}", Evidence("https://a.example", "p | q", COPY)),
        ("https://a.example | p | q", Evidence("https://a.example", "p | q")),
        ("https://a.example | the | ftp://b.example", Evidence("https://a.example", "the | ftp://b.example")),
        ("https://a.example | see https://b.example", Evidence("https://a.example", "see https://b.example")),
        ("https://a.example?q=a|b | either|or |", Evidence("https://a.example?q=a|b", "either|or")),
        ("https://a.example| note", Evidence("https://a.example", "note")),
        ("https://a.example |note", Evidence("https://a.example", "note")),
        ("https://a.example |", Evidence("https://a.example")),
    ],
)
def test_evidence_as_it_is_typed(text: str, expected: Evidence) -> None:
    """Address, note and archived address with bars between them; what is left out is none."""
    assert evidence_of(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "evidence: it has no address; write it as 'https://... | NOTE | https://ARCHIVED-COPY'"),
        (" | The minutes.", "evidence: it has no address; write it as"),
        ("The minutes. | https://a.example", "evidence 'The minutes.': not a web address"),
        ("https://a.example | x | https://", "archived evidence 'https://': not a web address"),
        (f"https://a.example | {'| ' * 500_000}x", "evidence note: 1,000,002 characters"),
        ("\ud800 | x", "evidence url: what stands at character 1 is not UTF-8"),
    ],
)
def test_what_is_no_evidence_is_refused_with_a_hint(text: str, reason: str) -> None:
    """The form is shown to who leaves out the address."""
    with pytest.raises(InvalidClaim) as caught:
        evidence_of(text)
    assert str(caught.value).startswith(reason)


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
    tags = storable(NewVerdict("False", tags=(text[:20].replace(",", " "), "x"))).tags
    assert storable(NewVerdict("False", tags=tags)).tags == tags
    evidence = evidence_of(f"https://a.example | {text} | {COPY}")
    assert storable(NewVerdict("False", evidence=(evidence,))).evidence == (evidence,)

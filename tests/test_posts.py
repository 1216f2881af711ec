"""Posts as they are pasted: the words that are left, and who said them when."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import example, given, strategies as st

from tracker.models import Utterance
from tracker.posts import read_post, without_links
from tracker.words import words

DAY = date(2019, 7, 8)


def plain(text: str) -> str:
    return read_post(Utterance(text)).text


def test_a_pasted_post_is_its_words_with_name_and_day() -> None:
    """Link, tag and signature are read; the handle of the signature is not part of the statement."""
    post = "#StopTheSteal they found 10,000 ballots pic.twitter.com/aB3 — Jane Roe (@jroe) July 8, 2019"
    assert read_post(Utterance(post)) == Utterance(
        "Stop The Steal they found 10,000 ballots",
        speaker="Jane Roe",
        stated_on=DAY,
        verbatim="#StopTheSteal they found 10,000 ballots",
    )


@pytest.mark.parametrize(
    ("signature", "speaker", "stated_on"),
    [
        ("— Jane Roe (@jroe) July 8, 2019", "Jane Roe", DAY),
        ("– Jane Roe (@jroe) July 8, 2019.", "Jane Roe", DAY),
        ("- Jane Roe (@jroe) July 8, 2019", "Jane Roe", DAY),
        ("-- Jane Roe (@jroe) July 8, 2019", "Jane Roe", DAY),
        ("— (@jroe) July 8, 2019", None, DAY),
        ("— Jean-Luc Roe 🇺🇸 (@jroe) July 8, 2019", "Jean-Luc Roe 🇺🇸", DAY),
        ("—Jane Roe (@jroe) July 8, 2019", "Jane Roe", DAY),
        ("— Jane Roe (@jroe) Smarch 8, 2019", "Jane Roe", None),
        ("— Jane Roe (@jroe) February 30, 2019", "Jane Roe", None),
    ],
)
def test_signatures(signature: str, speaker: str | None, stated_on: date | None) -> None:
    """With any dash, without a name; a day that is none is not one, and nothing of it is left in the statement."""
    assert read_post(Utterance(f"The dam broke. {signature}")) == Utterance(
        "The dam broke.", speaker=speaker, stated_on=stated_on, verbatim="The dam broke."
    )


@pytest.mark.parametrize(
    "text",
    [
        "The dam — built in 1962 — broke.",
        "Jane Roe (@jroe) July 8, 2019",
        "— Jane Roe (@jroe) July 8, 2019: the dam broke after all",
        "The dam broke. - Jane Roe (@jroe)",
        "The dam broke. — Jane Roe, July 8, 2019",
        "The dam broke. —Jane Roe (@jroe)July 8, 2019",
        "Hospitals in England are empty – not true (@NHS)",
        "NATO has 300,000 troops on alert - that is a lie, says Moscow (@mfa)",
        "Inflation is 5-10 percent (@BLS)",
        "Inflation is 5-10 percent (@BLS) July 8, 2019",
        "She is no anti-vaxxer (@jroe) July 8, 2019",
    ],
)
def test_a_text_without_a_signature_names_nobody(text: str) -> None:
    """A dash, a name with a handle, a hyphen or range before one, or a signature in the middle do not make one.

    What follows a dash may turn the statement round, so every word of it stays.
    """
    read = read_post(Utterance(text))
    assert (read.speaker, read.stated_on, read.verbatim) == (None, None, text)
    assert set(words(text)) == set(words(read.text))


def test_what_is_known_already_stays() -> None:
    """Speaker, day and context that were given win over the signature's."""
    known = Utterance("It broke. — Jane Roe (@jroe) July 8, 2019", "The dam is old.", "John Doe", date(2020, 1, 1))
    assert read_post(known) == Utterance("It broke.", "The dam is old.", "John Doe", date(2020, 1, 1), "It broke.")


def test_of_the_context_the_end_counts() -> None:
    """The 300 characters right before the statement; more would push it out of what the encoder reads."""
    context = "".join(f"{number:05}" for number in range(100))
    assert read_post(Utterance("It broke.", context)).context == context[-300:]
    assert read_post(Utterance("It broke.", context[:300])).context == context[:300]
    assert read_post(Utterance("It broke.", "")).context == ""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("See https://t.co/abc?x=1#y now", "See now"),
        ("See pic.twitter.com/abc", "See"),
        ("Look at www.example.org/a/b, he said", "Look at he said"),
        ("Awww.that is sweet", "Awww.that is sweet"),
        ("#COVID19 is a #hoax", "COVID19 is a hoax"),
        ("#BuildTheWall", "Build The Wall"),
        ("#NATOTroops #nato_troops", "NATO Troops nato troops"),
        ("#Brexit2019", "Brexit 2019"),
        ("@realDonaldTrump lost", "real Donald Trump lost"),
        ("won#MAGA", "won MAGA"),
        ("🔥🔥 The dam → broke ✅!", "The dam → broke !"),
        ("Übergrößenträger’s “café” costs 5 % more: €3/$4", "Übergrößenträger’s “café” costs 5 % more: €3/$4"),
        ("The fine is ₹500 ± 5 % ≈ £5", "The fine is ₹500 ± 5 % ≈ £5"),
        ("हिंदी में बात करना 🔥 ज़रूरी है।", "हिंदी में बात करना ज़रूरी है।"),
        ("में 👩‍👩‍👧 बात", "में बात"),
        ("#हिंदी में बात", "हिंदी में बात"),
        ("Plain text stays.", "Plain text stays."),
        ("two\nlines  and   spaces", "two lines and spaces"),
    ],
)
def test_links_tags_and_drawings(text: str, left: str) -> None:
    """Links and drawings go; tags and handles become words, capitals in them parting words; all else stays.

    Arrows, signs of currencies and of arithmetic, and the marks that a script writes its vowels with are no drawings.
    """
    assert plain(text) == left


@pytest.mark.parametrize(
    ("text", "verbatim"),
    [
        ("#StopTheSteal, says @jroe 🔥", "#StopTheSteal, says @jroe 🔥"),
        ("See https://t.co/a  now:\npic.twitter.com/b", "See now:"),
        ("It broke https://t.co/a— Jane Roe (@jroe) July 8, 2019", "It broke"),
        ("It broke — not true (@jroe) July 8, 2019", "It broke — not true (@jroe) July 8, 2019"),
    ],
)
def test_verbatim_keeps_all_that_is_said(text: str, verbatim: str) -> None:
    """Tags, handles and drawings as they were written; only links and a name are no part of it."""
    kept = read_post(Utterance(text)).verbatim or ""
    assert " ".join(kept.split()) == verbatim
    assert all(text[at] == letter for at, letter in enumerate(kept) if letter.strip())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("See https://t.co/a now, @jroe pic.twitter.com/b", "See now, @jroe"),
        ("https://t.co/a", "https://t.co/a"),
        ("It broke. — Jane Roe (@jroe) July 8, 2019", "It broke. — Jane Roe (@jroe) July 8, 2019"),
        ("", ""),
    ],
)
def test_a_claim_without_its_links(text: str, left: str) -> None:
    """Nothing else of it goes, and a link alone stays."""
    assert " ".join(without_links(text).split()) == " ".join(left.split())
    assert len(without_links(text)) == len(text)


@pytest.mark.parametrize("text", ["https://t.co/abc", "🔥🔥🔥", "— Jane Roe (@jroe) July 8, 2019", "?!"])
def test_nothing_is_left_without_words(text: str) -> None:
    """A text of which nothing would be left stays as it is."""
    assert plain(text) == text


texts = st.text(st.characters(codec="utf-8") | st.sampled_from("—–- #@()\n_aZ9"), max_size=120)


@given(texts)
@example("x — (@a) ")
@example("#_")
def test_any_text_can_be_read(text: str) -> None:
    """Nothing raises; a text with words keeps words; what is left is left when it is read again."""
    once = read_post(Utterance(text))
    assert bool(re.search(r"\w", once.text)) == bool(re.search(r"\w", text))
    if once.text != text:
        assert " ".join(once.text.split()) == once.text
        assert not re.search(r"https?://", once.text)


@pytest.mark.parametrize(
    "text",
    [
        "-" + " " * 99_998 + "b",
        "-" + " " * 1_000 + "(@" + "x" * 98_000 + "!",
        *("word " + filler * (100_000 // len(filler)) for filler in ("—", "— ", "- ", "— a ", "—(", "(@a)", "#aA_")),
        *("word " + filler * (100_000 // len(filler)) for filler in ("--a (@b) ", "— a (@b) July 1, ", "https://a—")),
    ],
    ids=lambda text: f"{text[:5]}...{text[-10:]}",
)
def test_hostile_texts_are_read_to_the_end(text: str) -> None:
    """A hundred thousand characters of dashes, spaces or halves of signatures: a pattern that retries would not end."""
    assert words(read_post(Utterance(text)).text)

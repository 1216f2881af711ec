"""Words, what they share, and the query for the store's word index."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tracker.words import content_words, fts_query, overlap, stem, words

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = "NATO just went from a rapid reaction force of 40,000 to one of 300,000."


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    """A word index with the tokenizer of the store's schema."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        conn.execute("CREATE VIRTUAL TABLE t USING fts5 (text, tokenize = 'porter unicode61 remove_diacritics 2')")
        yield conn


def found(index: sqlite3.Connection, text: str, query: str) -> bool:
    index.execute("DELETE FROM t")
    index.execute("INSERT INTO t VALUES (?)", [text])
    return bool(index.execute("SELECT count(*) FROM t WHERE t MATCH ?", [query]).fetchone()[0])


def test_words_are_lower_case_and_in_order() -> None:
    """Figures keep their separators, a possessive goes, a contraction stays, repetitions too."""
    assert words(SEED)[:5] == ["nato", "just", "went", "from", "a"]
    assert words("40,000 to 300,000.") == ["40,000", "to", "300,000"]
    assert words("NATO's Putin’s allies' don’t don't, 4.5% NATO") == [
        *("nato", "putin", "allies", "don't", "don't", "4.5", "nato"),
    ]
    assert words("... — !") == []


def test_content_words_leave_out_the_small_ones_and_endings() -> None:
    """Two forms of one word are one, and words that every sentence has do not count."""
    assert content_words("Sweden is joining NATO") == content_words("The Swedens have joined NATO's") != frozenset()
    assert content_words("it is what it was") == frozenset()


@pytest.mark.parametrize(
    ("word", "expected"),
    [("joining", "join"), ("joined", "join"), ("joins", "join"), ("us", "us"), ("seeing", "see"), ("1990s", "1990s")],
)
def test_endings(word: str, expected: str) -> None:
    """Off as long as three letters remain; a figure stays whole."""
    assert stem(word) == expected


def test_overlap_is_the_share_of_the_first() -> None:
    """Not symmetric, and 0 where there is nothing to share."""
    one, other = frozenset("abcd"), frozenset("abx")
    assert overlap(one, other) == 0.5
    assert overlap(other, one) == pytest.approx(2 / 3)
    assert overlap(frozenset(), one) == 0.0


def test_a_query_asks_for_any_telling_word() -> None:
    """Each telling word once, quoted; words that every text has only where there is no other."""
    assert fts_query("NATO, NATO and the OR of 40,000") == '"NATO" OR "40,000"'
    assert fts_query("to be or not to be") == '"to" OR "be" OR "or" OR "not"'
    assert fts_query("?! ...") == ""


def test_a_query_has_a_limit() -> None:
    """A whole article as a query asks for its first telling words."""
    assert fts_query(" ".join(f"w{n}" for n in range(500))).count(" OR ") == 47
    assert fts_query("a b c", most=1) == '"b"'


@pytest.mark.parametrize(
    "text",
    [
        '"NATO',
        "NEAR(a b)",
        "text:NATO",
        "NATO*",
        "^NATO",
        "a AND NOT b",
        "-force +troops",
        "{text}: x",
        "_ __ ___",
        "_",
        "x'; DROP TABLE t; --",
        "ends with a quote '",
        "Ⅷ ² ½ ªº",
        "a\0b",
    ],
)
def test_nothing_in_a_text_is_query_syntax(index: sqlite3.Connection, text: str) -> None:
    """Operators, column names, quotation marks and what the index sees no word in raise no error."""
    query = fts_query(text)
    assert query
    found(index, text, query)


@given(st.text(max_size=60) | st.text("\"'*^:(){}+-_~.,;!& ANDORTNEaé1’\0\u0300", max_size=40))
def test_any_text_makes_a_query_that_the_index_takes(index: sqlite3.Connection, text: str) -> None:
    """Empty, or without a syntax error whatever the text holds."""
    query = fts_query(text)
    if query:
        found(index, text, query)


@given(st.text(st.characters(min_codepoint=0x41, max_codepoint=0x4FF, categories=["L"]), min_size=1, max_size=12))
def test_a_claim_is_found_by_its_own_words(index: sqlite3.Connection, word: str) -> None:
    """Latin, Greek and Cyrillic: what was stored is found with the same word."""
    assert found(index, f"({word})", fts_query(word))


@pytest.mark.parametrize("word", ["Straße", "ΟΔΟΣ", "Orbán", "Łódź", "İstanbul", "don’t", "NATO’s", "1,250.5"])
def test_words_that_fold_in_odd_ways_are_found(index: sqlite3.Connection, word: str) -> None:
    """Letters whose folded form is another word for the index are asked for as they stand."""
    assert found(index, f"In {word} it rained.", fts_query(word))

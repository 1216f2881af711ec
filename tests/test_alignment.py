"""Which words of two sentences stand for each other, and how much of each is covered."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tracker.alignment import Alignment, align
from tracker.lexicon import Kinship, lemma
from tracker.reading import Word, read


def words(text: str, *weights: float) -> list[Word]:
    """The words of a text one by one, each as heavy as the number at its place, or 1."""
    found, at = [], 0
    for number, one in enumerate(text.split()):
        at = text.index(one, at)
        weight = weights[number] if number < len(weights) else 1.0
        found.append(Word(one, lemma(one), at, at + len(one), weight))
        at += len(one)
    return found


def told(found: Alignment) -> list[tuple[str, str, Kinship]]:
    return [(pair.here.text, pair.there.text, pair.kinship) for pair in found.pairs]


@pytest.mark.parametrize(
    ("here", "there", "kinship"),
    [
        ("broke", "broken", Kinship.SAME),
        ("schools", "school", Kinship.SAME),
        ("supported", "opposed", Kinship.OPPOSITE),
        ("safe", "unsafe", Kinship.OPPOSITE),
        ("goverment", "government", Kinship.SAME),
        ("governmnet", "government", Kinship.SAME),
        ("goveernment", "government", Kinship.SAME),
    ],
)
def test_two_words(here: str, there: str, kinship: Kinship) -> None:
    """By stem, by the lexicon, or by one letter that is wrong, missing, added or changed round."""
    assert told(align(words(here), words(there))) == [(here, there, kinship)]


@pytest.mark.parametrize(("here", "there"), [("dam", "dim"), ("library", "measles"), ("planet", "plains")])
def test_two_words_that_have_nothing_in_common(here: str, there: str) -> None:
    """Short words with another letter are other words."""
    found = align(words(here), words(there))
    assert found.pairs == ()
    assert ([one.text for one in found.here], [one.text for one in found.there]) == ([here], [there])


@pytest.mark.parametrize(("here", "there"), [("bought", "sold"), ("sold", "bought"), ("won", "lost")])
def test_two_sides_of_one_event(here: str, there: str) -> None:
    """They cover each other whole, and are no plain opposites."""
    found = align(words(here), words(there))
    (pair,) = found.pairs
    assert (pair.converse, pair.worth) == (True, 1.0)
    assert found.of(pair.kinship) == []


def test_what_the_voice_turned_round() -> None:
    """What was attacked by somebody: "attacked" is what "was attacked by" tells from the other side."""
    here, there = (read(text).words for text in ("France was attacked by Germany.", "Germany attacked France."))
    (pair,) = align(here, there).pairs
    assert pair.converse


def test_the_surest_pairs_go_first() -> None:
    """The same word takes its twin, though another that is akin comes before it; each word is paired once."""
    found = align(words("unsafe safe"), words("safe"))
    assert told(found) == [("safe", "safe", Kinship.SAME)]
    assert [one.text for one in found.here] == ["unsafe"]
    twice = align(words("dam dam"), words("dam"))
    assert (len(twice.pairs), len(twice.here), len(twice.there)) == (1, 1, 0)


def test_pairs_stand_in_the_order_of_the_words_here() -> None:
    """Whatever their order there."""
    assert [pair.here.text for pair in align(words("old dam broke"), words("broke dam old")).pairs] == [
        *("old", "dam", "broke"),
    ]


def test_what_is_covered() -> None:
    """By weight: 3 of 4 here, 3 of 8 there; an opposite by 0.7."""
    found = align(words("dam old", 3, 1), words("dam bridge", 3, 5))
    assert (found.covered_here(), found.covered_there()) == pytest.approx((3 / 4, 3 / 8))
    against = align(words("supported", 2), words("opposed", 4))
    assert (against.covered_here(), against.covered_there()) == pytest.approx((0.7, 0.7))


def test_nothing_covers_nothing() -> None:
    """Where there are no words, none is missing."""
    assert align([], []) == Alignment((), (), ())
    assert align([], words("dam")).covered_here() == 1.0
    assert align([], words("dam")).covered_there() == 0.0


VOCABULARY = "dam dams bridge buy sold bought rose fell safe unsafe government goverment school win lose x"
some = st.lists(st.sampled_from(VOCABULARY.split()), max_size=8).map(" ".join) | st.text(max_size=30)


@given(some, some)
def test_each_word_is_paired_once_or_left(here: str, there: str) -> None:
    """Nothing is lost or doubled, and shares are from 0 to 1."""
    ours, theirs = words(here), words(there)
    found = align(ours, theirs)
    by_place = [sorted(ours, key=lambda one: one.start), sorted(theirs, key=lambda one: one.start)]
    assert sorted([*(p.here for p in found.pairs), *found.here], key=lambda one: one.start) == by_place[0]
    assert sorted([*(p.there for p in found.pairs), *found.there], key=lambda one: one.start) == by_place[1]
    assert 0 <= found.covered_here() <= 1
    assert 0 <= found.covered_there() <= 1


@given(some)
def test_a_text_covers_itself(text: str) -> None:
    """Every word has its twin."""
    found = align(words(text), words(text))
    assert (found.here, found.there) == ((), ())
    assert found.covered_here() == pytest.approx(1.0)

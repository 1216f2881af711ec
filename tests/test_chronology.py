"""Whether two sentences speak of the same time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tests.test_periods import PIECES
from tracker.chronology import PeriodAgreement, PeriodComparison, compare_periods, resolved
from tracker.periods import periods

PAIRS = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "periods-own.tsv").read_text(encoding="utf-8").splitlines()[1:]
]


def compared(ours: str, theirs: str, said_on: str = "", claimed_on: str = "") -> PeriodComparison:
    return compare_periods(
        periods(ours),
        periods(theirs),
        said_on=date.fromisoformat(said_on) if said_on else None,
        claimed_on=date.fromisoformat(claimed_on) if claimed_on else None,
    )


def share_right(pairs: list[list[str]]) -> float:
    right = [compared(ours, theirs, said, claimed).agreement == want for _, ours, theirs, said, claimed, want in pairs]
    return sum(right) / len(right)


def test_our_pairs() -> None:
    """All of the half that the rules were written with, and more than 95 in 100 of the half kept aside."""
    assert len(PAIRS) > 150
    assert share_right(PAIRS[::2]) == 1.0
    assert share_right(PAIRS[1::2]) > 0.95


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("early June 2022", "early July 2022", "different"),
        ("last year", "last year", "same"),
        ("since 2014", "since 2010", "different"),
        ("since 2014", "in 2014", "different"),
        ("since 2014", "between 2014 and 2022", "within"),
        ("by 2030", "in 2030", "within"),
        ("from 2035", "in 2035", "within"),
        ("in the 12 months to April 2022", "in the year to April 2022", "same"),
        ("the 2022-23 season", "in 2023", "within"),
        ("between 2000 and 2020", "from 2000 to 2020", "same"),
        ("New Year's Day 2020", "1 January 2021", "different"),
        ("in 2020", "in March 2020", "within"),
        ("in 2020", "nothing", "one-sided"),
        ("nothing", "nothing", "none"),
        ("last year", "in 2019", "unknown"),
        ("the 2016 referendum", "the 2016 election", "different"),
        ("11/03/2020", "12/03/2020", "different"),
        ("11/03/2020", "03/11/2020", "unknown"),
        ("at 10pm", "in 2020", "unknown"),
        ("yesterday", "last month", "unknown"),
        ("today", "this week", "within"),
        ("this summer", "last summer", "different"),
    ],
)
def test_pairs_of_times(ours: str, theirs: str, expected: str) -> None:
    """The same whichever sentence comes first."""
    assert compared(ours, theirs).agreement == compared(theirs, ours).agreement == PeriodAgreement(expected)


def test_the_pair_that_decides_is_named() -> None:
    """With its words, for the reason."""
    found = compared("In 2020 crime rose, compared with 2015", "In 2020 crime rose, compared with 2019")
    assert found.ours
    assert found.theirs
    assert (found.agreement, found.ours.text, found.theirs.text) == ("different", "2015", "2019")
    assert not found.relative


def test_a_further_time_makes_one_sentence_more_precise() -> None:
    """It is named alone, on its side."""
    found = compared("On Monday he said that wages fell in 2019", "Wages fell in 2019")
    assert (found.agreement, found.ours and found.ours.text, found.theirs) == ("within", "On Monday", None)
    alone = compared("Wages fell", "Wages fell in 2019")
    assert (alone.agreement, alone.ours, alone.theirs and alone.theirs.text) == ("one-sided", None, "in 2019")


def test_what_rests_on_the_day_of_saying_says_so() -> None:
    """Until both days are known."""
    assert compared("last year", "last year").relative
    assert compared("in April", "in April").relative
    assert compared("last year", "this year").relative
    assert not compared("since the pandemic", "since the pandemic").relative
    assert not compared("last year", "last year", "2022-03-05", "2022-09-05").relative
    assert compared("last year", "last year", "2021-03-05", "2022-09-05").agreement is PeriodAgreement.DIFFERENT


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("yesterday", "2022-06-21", "2022-06-21"),
        ("this week", "2022-06-20", "2022-06-26"),
        ("last weekend", "2022-06-18", "2022-06-19"),
        ("last month", "2022-05-01", "2022-05-31"),
        ("this quarter", "2022-04-01", "2022-06-30"),
        ("next year", "2023-01-01", "2023-12-31"),
        ("this century", "2000-01-01", "2099-12-31"),
        ("two days ago", "2022-06-20", "2022-06-20"),
        ("in the past ten years", "2012-06-22", "2022-06-22"),
        ("in the next 30 days", "2022-06-22", "2022-07-22"),
        ("on Monday", "2022-06-20", "2022-06-20"),
        ("on Wednesday", "2022-06-22", "2022-06-22"),
        ("last Wednesday", "2022-06-15", "2022-06-15"),
        ("next Wednesday", "2022-06-29", "2022-06-29"),
        ("in April", "2022-04-01", "2022-04-30"),
        ("in January", "2022-01-01", "2022-01-31"),
        ("last summer", "2021-06-01", "2021-08-31"),
        ("next April", "2023-04-01", "2023-04-30"),
        ("the first half of last year", "2021-01-01", "2021-06-30"),
        ("in 2019", "2019-01-01", "2019-12-31"),
    ],
)
def test_the_day_of_saying_gives_the_days(text: str, first: str, last: str) -> None:
    """Said on Wednesday 22 June 2022."""
    (period,) = periods(text)
    found = resolved(period, date(2022, 6, 22))
    assert found
    assert (str(found.first), str(found.last)) == (first, last)


def test_what_no_day_decides_stays_open() -> None:
    """An event is no date, and two readings stay two."""
    for text in (
        "since the pandemic",
        "on 11/03/2020",
        "every Sunday",
        "at the weekend",
        "a few weeks ago",
        "at the next election",
    ):
        (period,) = periods(text)
        assert resolved(period, date(2022, 6, 22)) is None


@given(
    st.lists(PIECES, max_size=10).map(" ".join),
    st.lists(PIECES, max_size=10).map(" ".join),
    st.none() | st.dates(),
    st.none() | st.dates(),
)
def test_any_two_sentences_compare(ours: str, theirs: str, said_on: date | None, claimed_on: date | None) -> None:
    """Nothing raises, whatever the days of saying, and the order of the two makes no difference."""
    one, other = periods(ours), periods(theirs)
    there = compare_periods(one, other, said_on=said_on, claimed_on=claimed_on)
    back = compare_periods(other, one, said_on=claimed_on, claimed_on=said_on)
    assert there.agreement == back.agreement
    assert there.ours is None or there.ours in one
    assert there.theirs is None or there.theirs in other


@given(st.lists(PIECES, max_size=12).map(" ".join), st.dates(date(1950, 1, 1), date(2050, 1, 1)))
def test_a_sentence_speaks_of_its_own_time(text: str, day: date) -> None:
    """Said on the same day, or on no day that is known."""
    found = periods(text)
    expected = PeriodAgreement.SAME if found else PeriodAgreement.NONE
    assert compare_periods(found, found).agreement is expected
    assert compare_periods(found, found, said_on=day, claimed_on=day).agreement is expected

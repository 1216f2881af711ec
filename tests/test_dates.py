"""Days as people write them: read where they are whole, refused where reading them would be a guess."""

from __future__ import annotations

import warnings
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from tracker.claimreview.days import read_day
from tracker.dates import parse_day
from tracker.errors import InvalidClaim

JUNE_27 = date(2022, 6, 27)


@pytest.mark.parametrize(
    "text",
    [
        "2022-06-27",
        " 2022-06-27\n",
        "2022-06-27T23:59:59Z",
        "2022-06-27T23:30:00-08:00",
        "2022-06-27 10:00",
        "27 June 2022",
        "27 june 2022",
        "27th June 2022",
        "27th of June, 2022",
        "27-Jun-2022",
        "June 27, 2022",
        "June 27 2022",
        "JUN. 27th, 2022",
        "Monday, June 27, 2022",
        "Mon, 27 Jun 2022 09:30:00 +0000",
        "June 27, 2022 10:00 EST",
        "June 27, 2022 at 3:14 p.m.",
        "2022 June 27",
        "27.06.2022",
        "27.6.2022",
        "27-06-2022",
        "06/27/2022",
        "6/27/2022",
        "27.06.2022 00:00:00",
    ],
)
def test_a_whole_day_is_read(text: str) -> None:
    """ISO days and times, the month in words, or in a number where only the other can be the day; in any time zone."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse_day(text) == JUNE_27


@pytest.mark.parametrize("number", range(1, 13))
def test_every_month_is_known(number: int) -> None:
    """By its name and by its first three letters."""
    day = date(2021, number, 9)
    assert parse_day(f"{day:%B} 9, 2021") == parse_day(f"9 {day:%b} 2021") == day
    assert parse_day("Sept. 9, 2021") == date(2021, 9, 9)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2022",
        "June 2022",
        "27 June",
        "Mon June 27",
        "May",
        "sat may 2020",
        "03/04/2022",
        "12.31.2023",
        "27.06.22",
        "27/06.2022",
        "27.13.2022",
        "31.06.2022",
        "00.05.2022",
        "10 June 11",
        "27 June 22",
        "may 20 20 20",
        "10 May 1.5 2020",
        "May 5 2022 2023",
        "2022-6-27",
        "2022-06",
        "20220627",
        "2022-02-30",
        "2022-13-01",
        "June 31, 2022",
        "0 May 2022",
        "2022-06-27garbage",
        "June 27, 2022 in Texas",
        "27 Juneau 2022",
        "last Tuesday",
        "0000-01-01",
        "May " * 5_000,
    ],
)
def test_what_is_no_whole_day_is_refused(text: str) -> None:
    """A part left out, two ways to read it, no such day, or words around it: never filled in."""
    with pytest.raises(InvalidClaim, match=r"; write it as 2022-06-27, 27 June 2022 or 27\.06\.2022$") as caught:
        parse_day(text)
    assert ("which is the month?" in str(caught.value)) == (text == "03/04/2022")
    assert len(str(caught.value)) < 160


def test_days_out_of_reach_are_slips_of_the_pen() -> None:
    """From 1900 to tomorrow, because tomorrow has begun somewhere."""
    assert parse_day("1900-01-01") == date(1900, 1, 1)
    assert parse_day("2022-06-28", today=JUNE_27) == date(2022, 6, 28)
    for text in ("1899-12-31", "2022-06-29", "9999-12-31"):
        with pytest.raises(InvalidClaim, match="outside 1900 to today; check the year"):
            parse_day(text, today=JUNE_27)


def test_a_period_may_reach_ahead() -> None:
    """A verdict may hold until a day to come; a slip at the other end is refused all the same."""
    assert parse_day("2031-12-31", today=JUNE_27, ahead=True) == date(2031, 12, 31)
    with pytest.raises(InvalidClaim, match="outside 1900"):
        parse_day("1822-06-27", today=JUNE_27, ahead=True)


def test_today_is_the_clocks_day_unless_given() -> None:
    """A day far ahead is refused without being told what day it is."""
    now = datetime.now(UTC).date()
    assert parse_day(str(now)) == now
    with pytest.raises(InvalidClaim, match="outside"):
        parse_day(str(now + timedelta(days=3)))


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    """The four forms of one day are one day."""
    forms = (str(day), f"{day:%d %B %Y}", f"{day:%B} {day.day}, {day:%Y}", f"{day:%A, %d %b %Y 10:00}")
    assert {parse_day(form) for form in forms} == {day}


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)), st.sampled_from("/-"))
def test_a_day_in_numbers_is_read_where_there_is_one_way_to_read_it(day: date, sign: str) -> None:
    """The day or the month may come first; where both could be the month, they are read only if they are the same."""
    for form in (f"%d{sign}%m{sign}%Y", f"%m{sign}%d{sign}%Y"):
        if day.day > 12 or day.day == day.month:
            assert parse_day(day.strftime(form)) == day
        else:
            with pytest.raises(InvalidClaim, match="not a day that everybody reads alike"):
                parse_day(day.strftime(form))


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)))
def test_with_stops_the_day_comes_first(day: date) -> None:
    """In every day and nowhere the month, whether it could be one or not; so in markup too."""
    assert parse_day(f"{day:%d.%m.%Y}") == read_day(f"{day.day}.{day.month}.{day:%Y}")[0] == day
    other = f"{day:%m.%d.%Y}"
    if day.day > 12:
        with pytest.raises(InvalidClaim, match="not a day that can be read"):
            parse_day(other)
        assert read_day(other)[0] is None
    else:
        assert parse_day(other) == read_day(other)[0] == day.replace(month=day.day, day=day.month)


@given(st.text(max_size=30) | st.from_regex(r"[a-z]{3,5} \d{1,4}[ .,:/-]\d{1,4}.{0,5}"))
def test_any_text_is_a_day_or_an_invalid_claim(text: str) -> None:
    """No other error gets out, whatever stands in a feed's cell."""
    with suppress(InvalidClaim):
        assert 1900 <= parse_day(text).year <= datetime.now(UTC).year + 1

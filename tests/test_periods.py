"""The times that a sentence names: which days they are, where they stand, and what is no time at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st

from tracker.periods import Bound, Period, periods
from tracker.periods.almanac import Days, easter, later, moved, trailing


def only(text: str) -> Period:
    found = periods(text)
    assert len(found) == 1, found
    return found[0]


def days(text: str) -> str:
    """First and last day, an open end left out."""
    found = only(text)
    return f"{found.first or ''}..{found.last or ''}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wages fell in 2019.", "2019-01-01..2019-12-31"),
        ("the 2019 floods", "2019-01-01..2019-12-31"),
        ("Euro 2022 was a sell-out", "2022-01-01..2022-12-31"),
        ("In 2019 people were told to stay at home", "2019-01-01..2019-12-31"),
        ("the population in 1500 was small", "1500-01-01..1500-12-31"),
        ("2009 property taxes rose", "2009-01-01..2009-12-31"),
        ("in the 1990s", "1990-01-01..1999-12-31"),
        ("the nineties", "1990-01-01..1999-12-31"),
        ("back in the '60s", "1960-01-01..1969-12-31"),
        ("the 1800s", "1800-01-01..1899-12-31"),
        ("in the 19th century", "1800-01-01..1899-12-31"),
        ("in the twenty-first century", "2000-01-01..2099-12-31"),
        ("in March 2020", "2020-03-01..2020-03-31"),
        ("in Feb. 2020", "2020-02-01..2020-02-29"),
        ("in march 2020", "2020-03-01..2020-03-31"),
        ("on 11 March 2020", "2020-03-11..2020-03-11"),
        ("on the 11th of March, 2020", "2020-03-11..2020-03-11"),
        ("on March 11, 2020", "2020-03-11..2020-03-11"),
        ("on Wednesday, March 11th 2020", "2020-03-11..2020-03-11"),
        ("on 2020-03-11", "2020-03-11..2020-03-11"),
        ("on 31/01/2020", "2020-01-31..2020-01-31"),
        ("on 12/25/20", "2020-12-25..2020-12-25"),
        ("since before 9/11", "..2001-09-10"),
        ("from 3 to 5 May 2021", "2021-05-03..2021-05-05"),
        ("May 3-5, 2021", "2021-05-03..2021-05-05"),
        ("Q3 2022", "2022-07-01..2022-09-30"),
        ("2022 Q3", "2022-07-01..2022-09-30"),
        ("the third quarter of 2022", "2022-07-01..2022-09-30"),
        ("the last quarter of 2020", "2020-10-01..2020-12-31"),
        ("the first half of 2023", "2023-01-01..2023-06-30"),
        ("the first six months of 2021", "2021-01-01..2021-06-30"),
        ("the last day of March 2021", "2021-03-31..2021-03-31"),
        ("between 2000 and 2020", "2000-01-01..2020-12-31"),
        ("from 2010 to 2015", "2010-01-01..2015-12-31"),
        ("(2000–2020)", "2000-01-01..2020-12-31"),
        ("1939–45", "1939-01-01..1945-12-31"),
        ("from 1 May to 3 June 2020", "2020-05-01..2020-06-03"),
        ("between March and June 2020", "2020-03-01..2020-06-30"),
        ("from December to February 2020", "2019-12-01..2020-02-29"),
        ("from May 2020 to January", "2020-05-01..2021-01-31"),
        ("in the year to April 2022", "2021-05-01..2022-04-30"),
        ("in the 12 months to April 2022", "2021-05-01..2022-04-30"),
        ("in the year ending 31 March 2021", "2020-04-01..2021-03-31"),
        ("the ten years to 2010", "2001-01-01..2010-12-31"),
        ("the decade to 2020", "2011-01-01..2020-12-31"),
        ("in the week to 5 June 2020", "2020-05-30..2020-06-05"),
        ("since 2014", "2014-01-01.."),
        ("from 2035", "2035-01-01.."),
        ("from 2010 onwards", "2010-01-01.."),
        ("from 2010 to the present", "2010-01-01.."),
        ("until 31 March 2021", "..2021-03-31"),
        ("by 2030", "..2030-12-31"),
        ("before 2016", "..2015-12-31"),
        ("pre-2016", "..2015-12-31"),
        ("after March 2016", "2016-04-01.."),
        ("after the Second World War", "1946-01-01.."),
        ("New Year's Day 2020", "2020-01-01..2020-01-01"),
        ("on Christmas Day 2021", "2021-12-25..2021-12-25"),
        ("Easter Sunday 2021", "2021-04-04..2021-04-04"),
        ("Thanksgiving 2021", "2021-11-25..2021-11-25"),
        ("Black Friday 2021", "2021-11-26..2021-11-26"),
        ("until at least 2020 and unfair", "..2020-12-31"),
        ("compared with 2015", "2015-01-01..2015-12-31"),
    ],
)
def test_times_with_a_place_in_the_calendar(text: str, expected: str) -> None:
    """Days, months, quarters, years, decades, ranges, and what stands before them."""
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Last year 40 people died", "year -1"),
        ("this week", "week +0"),
        ("next month", "month +1"),
        ("He resigned yesterday", "day -1"),
        ("the day before yesterday", "day -2"),
        ("two years ago", "ago 2 year"),
        ("a couple of days ago", "ago 2 day"),
        ("a year ago", "ago 1 year"),
        ("this time last year", "ago 1 year"),
        ("this time next year", "ahead 1 year"),
        ("a few months ago", "ago some month"),
        ("in two years' time", "ahead 2 year"),
        ("in the past ten years", "past 10 year"),
        ("over the last decade", "past 10 year"),
        ("in the last year", "past 1 year"),
        ("in the next five years", "next 5 year"),
        ("on Monday", "monday"),
        ("every Sunday", "every sunday"),
        ("next Tuesday", "tuesday +1"),
        ("from Monday to Friday", "monday to friday"),
        ("at the weekend", "weekend"),
        ("In April bills rose", "04-01..04-30"),
        ("the January storm", "01-01..01-31"),
        ("on 13 March", "03-13..03-13"),
        ("third-quarter profit", "07-01..09-30"),
        ("since the spring", "03-01..05-31"),
        ("last summer", "06-01..08-31 -1"),
        ("next April", "04-01..04-30 +1"),
        ("at Christmas", "12-24..12-26"),
        ("early in April", "04-01..04-10"),
        ("since the general election", "general election"),
        ("at the next election", "election +1"),
        ("during lockdown", "lockdown"),
        ("on 11/03/2020", "11/3/2020"),
        ("the first half of last year", "H1 of year -1"),
        ("by the end of the year", "end of year +0"),
        ("polls close at 10pm", "22:00"),
        ("at noon", "12:00"),
        ("at 14:05", "14:05"),
    ],
)
def test_times_without_a_place_in_the_calendar(text: str, key: str) -> None:
    """What the day of saying decides, what comes every year, and what two people read in two ways, is a key."""
    found = only(text)
    assert (found.key, found.named, found.first, found.last) == (key, None, None, None)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "Wages fell.", "£2014 and $1999", "2,019 people", "2014 people died", "2019 euros", "2000 of them"),
        *(
            "One in 2000 children",
            "from 900 to 2000 cases",
            "more than 1500 troops",
            "COP26",
            "Covid-19",
            "F-16",
            "the G7",
        ),
        *(
            "Call 020 7946 2030",
            "3-2",
            "11-9",
            "24/7",
            "3/4 of people",
            "Article 2019",
            "Agenda 2030",
            "a 2000-mile march",
        ),
        *("Shops may open", "They may march on", "Theresa May", "Prime Minister May said", "the March for Life"),
        *("Sheffield Wednesday", "the Mail on Sunday", "USA Today", "a man in his nineties", "the fall of Rome"),
        *(
            "for ten years",
            "a 5-year-old",
            "£350m a week",
            "every year",
            "John 3:16",
            "April Jones",
            "Christmas is a feast",
        ),
        *(
            "31-12",
            "2020-13-45",
            "99999-99-99",
            "Mar-a-Lago",
            "a spring in his step",
            "half a century ago",
            "the next day",
            "Super Bowl Sunday",
        ),
    ],
)
def test_what_is_no_time(text: str) -> None:
    """Counts, money, names, verbs, scores, durations."""
    assert periods(text) == ()


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Prices rose 9% in the year to April 2022.", ["in the year to April 2022"]),
        ("He has led since the end of 2014, I think", ["since the end of 2014"]),
        ("In the first half of last year", ["In the first half of last year"]),
        ("It rose in 2008 and 2009", ["in 2008", "2009"]),
        ("The plant shut this morning", ["this morning", "morning"]),
        ("on Monday 10 October 2022 at 9am", ["on Monday 10 October 2022", "at 9am"]),
        ("around 2010", ["around 2010"]),
        ("in the 2019 general election", ["in the 2019 general election"]),
        ("on 9 July.", ["on 9 July"]),
    ],
)
def test_spans_are_whole_expressions(text: str, spans: list[str]) -> None:
    """What a reader would mark, with "since" and "the end of"; a part of a day is a second time inside."""
    assert [each.text for each in periods(text)] == spans


@pytest.mark.parametrize(
    ("text", "approximate"),
    [
        ("around 2010", True),
        ("in 2010", False),
        ("exactly a month ago", True),
        ("two days ago", False),
        ("early June 2022", True),
        ("in summer 2022", True),
        ("on 1 June 2022", False),
        ("at the end of 2022", True),
    ],
)
def test_vague_times_are_known_as_such(text: str, approximate: bool) -> None:
    """Around, early, seasons, and months and years ago."""
    assert only(text).approximate is approximate


def test_what_a_time_hangs_on() -> None:
    """The word before it, for what has a place in the calendar and what has none."""
    expected = {
        "in 2019": Bound.IN,
        "since 2019": Bound.SINCE,
        "from 2019": Bound.FROM,
        "until 2019": Bound.UNTIL,
        "by 2019": Bound.BY,
        "before 2019": Bound.BEFORE,
        "ahead of 2019": Bound.BEFORE,
        "after 2019": Bound.AFTER,
        "since the pandemic": Bound.SINCE,
        "by Friday": Bound.BY,
        "starting next year": Bound.FROM,
    }
    assert {text: only(text).relation for text in expected} == expected


def test_the_day_of_saying_decides() -> None:
    """For "last year" and April, not for 2019 and 10pm."""
    relative = ["last year", "two days ago", "in the past week", "on Monday", "in April", "on 13 March"]
    absolute = ["in 2019", "at 10pm", "since the pandemic", "on 11/03/2020"]
    assert [only(text).is_relative for text in (*relative, *absolute)] == [True] * 6 + [False] * 4
    assert [only(text).is_clock for text in absolute] == [False, True, False, False]


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    """UK, US and ISO order, with and without the weekday."""
    forms = [
        f"on {day.day} {day:%B} {day.year}",
        f"on {day:%B} {day.day}, {day.year}",
        f"on {day:%A}, {day.day} {day:%b} {day.year}",
        f"on {day:%Y-%m-%d}",
        f"on the {day.day}th of {day:%B} {day.year}",
    ]
    assert {(only(form).first, only(form).last, only(form).text == form) for form in forms} == {(day, day, True)}


@given(
    st.integers(1701, 2099),
    st.sampled_from(["in {}", "since {}", "by {}", "the {} election", "late {}", "compared to {}"]),
)
def test_every_year_is_read(year: int, form: str) -> None:
    """Behind any word that a year stands behind."""
    named = only(f"It fell {form.format(year)} there").named
    assert named is not None
    assert {named.first.year, named.last.year} == {year}


PIECES = st.sampled_from(
    """
    2020 1999 2019-20 31 13 0 99 9999 9/11 11/03/2020 30/02/2020 2020-02-30 10am 14:30 1990s 19th century March may May
    Feb. in on since until by before after from to between and of the early mid- late end - – / . , ' ’ last this next
    past year years ago decades century Monday weekend summer winter Easter Christmas New Year's Day quarter Q3 H1 first
    third half half-year FY21 fiscal season ending two twelve 500 hundred couple today tonight now onwards election £ %
    """.split()
)


@given(st.text(max_size=60) | st.lists(PIECES, max_size=14).map(" ".join) | st.lists(PIECES, max_size=9).map("".join))
def test_any_text_has_times_or_none(text: str) -> None:
    """Nothing raises, spans are where the words are and in order, and no time ends before it begins."""
    found = periods(text)
    assert [each.start for each in found] == sorted(each.start for each in found)
    for each in found:
        assert text[each.start : each.end] == each.text != ""
        assert (each.named is None) == (each.first is None and each.last is None)
        assert each.named is not None or each.key
        assert each.named is None or each.named.first <= each.named.last


@pytest.mark.parametrize(
    "text",
    ["in 2020 ", "the year to ", "the first half of ", "Monday 1st quarter of ", "the end of the ", "2 years to ", " "],
)
def test_long_texts_come_to_an_end(text: str) -> None:
    """Only the start of what is no sentence is read, and what is nested is not read without end."""
    found = periods(text * 20_000)
    assert not found or found[-1].end <= 20_000


@pytest.mark.parametrize(
    ("year", "month", "day"), [(1818, 3, 22), (1943, 4, 25), (2000, 4, 23), (2019, 4, 21), (2024, 3, 31), (2038, 4, 25)]
)
def test_easter(year: int, month: int, day: int) -> None:
    """Against published tables, the earliest and the latest day among them."""
    assert easter(year) == date(year, month, day)


@given(st.dates(), st.integers(-40_000, 40_000))
def test_moving_a_day_stays_in_the_calendar(day: date, count: int) -> None:
    """Months and days before the year 1 or after 9998 stop there."""
    assert date.min <= later(day, count) <= date.max
    assert date.min <= moved(day, count * 100) <= date.max
    assert trailing(Days(day, day), abs(count), "century").first <= day

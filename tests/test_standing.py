"""A verdict says something on the days it holds for, and only if it was said by then and not taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tracker.models import Retraction, Standing, Verdict
from tracker.standing import View, disagree, speaks, stand

JAN_2022, JUNE_2022, JAN_2024, NOV_2026 = date(2022, 1, 5), date(2022, 6, 30), date(2024, 1, 10), date(2026, 11, 22)
NOW = View(NOV_2026)


def verdict(number: int = 1, **fields: Any) -> Verdict:
    """A verdict entered in November 2026."""
    about: dict[str, Any] = {"rating": "False", "id": number, "recorded_at": "2026-11-20T10:00:00.000+00:00"}
    return Verdict(**{**about, **fields})


def standings(view: View, *verdicts: Verdict) -> dict[int, Standing]:
    return {one.id: one.standing for one in stand(verdicts, view)}


def remarks(view: View, *verdicts: Verdict) -> list[str]:
    return [remark for one in stand(verdicts, view) for remark in one.remarks]


def test_true_in_2022_and_false_in_2024() -> None:
    """Each day gets the verdict that holds for it; today's is the one without an end."""
    then = verdict(1, rating="True", normalized="true", valid_from=date(2022, 1, 1), valid_to=date(2023, 12, 31))
    since = verdict(2, rating="False", normalized="false", valid_from=date(2024, 1, 1))
    assert standings(View(JUNE_2022, as_of=True), then, since) == {1: Standing.CURRENT, 2: Standing.NOT_YET}
    assert standings(View(JAN_2024, as_of=True), then, since) == {2: Standing.CURRENT, 1: Standing.OVER}
    assert standings(NOW, then, since) == {2: Standing.CURRENT, 1: Standing.OVER}
    assert remarks(NOW, then) == ["its period ended on 2023-12-31"]
    assert not disagree(stand([then, since], NOW))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2021, 12, 31), Standing.NOT_YET),
        (date(2022, 1, 1), Standing.CURRENT),
        (date(2022, 12, 31), Standing.CURRENT),
        (date(2023, 1, 1), Standing.OVER),
    ],
)
def test_the_first_and_the_last_day_belong_to_the_period(day: date, expected: Standing) -> None:
    """A period is its first day, its last, and those between."""
    bounded = verdict(valid_from=date(2022, 1, 1), valid_to=date(2022, 12, 31))
    assert standings(View(day), bounded) == {1: expected}
    assert standings(View(day, as_of=True), bounded) == {1: expected}


def test_a_review_of_later_is_no_answer_for_that_day() -> None:
    """As of a day, what was reviewed after it was not known; what has no review date counts from its entry."""
    early, late, undated = verdict(1, reviewed_on=JAN_2022), verdict(2, reviewed_on=JAN_2024), verdict(3)
    found = standings(View(JUNE_2022, as_of=True), early, late, undated)
    assert found == {1: Standing.CURRENT, 2: Standing.NOT_YET, 3: Standing.NOT_YET}
    assert remarks(View(JUNE_2022, as_of=True), late, undated) == [
        "was reviewed after that day, on 2024-01-10",
        "was entered after that day, on 2026-11-20",
    ]
    assert set(standings(NOW, early, late, undated).values()) == {Standing.CURRENT}


def test_a_review_of_later_about_that_day_is_an_answer() -> None:
    """A period that had begun is about that day, whenever it was written; that it came later is said."""
    later = verdict(reviewed_on=JAN_2024, valid_from=date(2022, 1, 1), valid_to=date(2022, 12, 31))
    view = View(JUNE_2022, as_of=True)
    assert standings(view, later) == {1: Standing.CURRENT}
    assert remarks(view, later) == ["was reviewed after that day, on 2024-01-10; its period had begun"]


def test_a_correction_counts_from_its_day() -> None:
    """Before it, the old verdict is the answer, with the remark that it was corrected since."""
    old = verdict(1, reviewed_on=JAN_2022, superseded_by=2)
    new = verdict(2, rating="Half true", reviewed_on=JAN_2024, supersedes=1)
    assert standings(NOW, old, new) == {2: Standing.CURRENT, 1: Standing.SUPERSEDED}
    before = View(JUNE_2022, as_of=True)
    assert standings(before, old, new) == {1: Standing.CURRENT, 2: Standing.NOT_YET}
    assert "superseded since, on 2024-01-10, by verdict 2: Half true" in remarks(before, old, new)
    assert standings(View(JAN_2024, as_of=True), old, new) == {2: Standing.CURRENT, 1: Standing.SUPERSEDED}


def test_a_verdict_that_was_corrected_twice_does_not_come_back() -> None:
    """A correction of later in the middle of the chain does not hide that the last one was known by then."""
    first = verdict(1, reviewed_on=date(2022, 1, 1), superseded_by=2)
    second = verdict(2, reviewed_on=date(2023, 6, 1), supersedes=1, superseded_by=3)
    third = verdict(3, reviewed_on=date(2022, 6, 1), supersedes=2)
    found = standings(View(date(2022, 12, 1), as_of=True), first, second, third)
    assert [number for number, standing in found.items() if standing is Standing.CURRENT] == [3]


def test_what_was_retracted_never_speaks_today() -> None:
    """Before the retraction it is the answer of that day, with the remark that it was taken back."""
    taken_back = verdict(reviewed_on=JAN_2022, retracted=Retraction(9, "Ana", "2024-01-10T09:00:00+00:00", "no source"))
    assert standings(NOW, taken_back) == {1: Standing.RETRACTED}
    assert remarks(NOW, taken_back) == ["retracted on 2024-01-10: no source"]
    assert standings(View(JUNE_2022, as_of=True), taken_back) == {1: Standing.CURRENT}
    assert remarks(View(JUNE_2022, as_of=True), taken_back) == ["retracted since, on 2024-01-10: no source"]
    assert standings(View(JAN_2024, as_of=True), taken_back) == {1: Standing.RETRACTED}


def test_a_superseded_verdict_whose_correction_was_retracted_stays_superseded() -> None:
    """A retraction does not bring back what the retracted one had corrected."""
    old = verdict(1, superseded_by=2)
    new = verdict(2, supersedes=1, retracted=Retraction(9, "Ana", "2026-11-21T09:00:00+00:00"))
    assert not any(speaks(one) for one in stand([old, new], NOW))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"reviewed_on": JAN_2022},
            ["this verdict is from before the article (2022-06-30); the facts may have moved"],
        ),
        ({"reviewed_on": JUNE_2022}, []),
        ({"reviewed_on": JAN_2024}, []),
        (
            {"recorded_at": "2022-06-29T00:00:00+00:00"},
            ["this verdict is from before the article (2022-06-30); the facts may have moved"],
        ),
        (
            {"valid_from": date(2022, 1, 1), "valid_to": date(2022, 2, 1)},
            ["its period ended on 2022-02-01", "it was over when the article appeared (2022-06-30)"],
        ),
        (
            {"valid_from": date(2024, 1, 1)},
            ["its period begins only on 2024-01-01", "the article is from before that (2022-06-30)"],
        ),
        (
            {"reviewed_on": JAN_2022, "valid_to": date(2022, 12, 31)},
            ["its period covers the day of the article (2022-06-30)"],
        ),
    ],
)
def test_a_verdict_is_shown_against_the_articles_day(fields: dict[str, Any], said: list[str]) -> None:
    """What a reader of an article of 30 June 2022 must know about the verdict's own days."""
    assert remarks(View(JUNE_2022, article=True), verdict(**fields)) == said


def test_publishers_who_disagree_are_flagged() -> None:
    """Only verdicts that hold on the day; ratings that we cannot read count by their words."""

    def rated(*normalized: str, standing: Standing = Standing.CURRENT) -> list[Verdict]:
        return [verdict(i, normalized=name, standing=standing) for i, name in enumerate(normalized)]

    assert disagree(rated("false", "true"))
    assert disagree(rated("false", "mostly-false"))
    assert not disagree(rated("false", "false"))
    assert disagree([verdict(1, rating="True", normalized="true"), verdict(2, rating="Misleading")])
    assert not disagree([verdict(1, rating="Misleading"), verdict(2, rating="MISLEADING")])
    assert not disagree([verdict(1, rating="True", normalized="true"), verdict(2, rating=None)])
    assert not disagree([*rated("false"), *rated("true", standing=Standing.OVER)])
    assert not disagree([])


days = st.dates(date(2020, 1, 1), date(2027, 1, 1))


@given(st.lists(st.tuples(st.none() | days, st.none() | days, st.none() | days), max_size=5), days, st.booleans())
def test_no_verdict_is_lost_and_those_that_speak_come_first(
    given_days: list[tuple[date | None, date | None, date | None]], day: date, as_of: bool
) -> None:
    """Whatever the periods: every verdict is there once, and one that speaks holds or held on the day."""
    known = [
        verdict(number, reviewed_on=reviewed, valid_from=start, valid_to=end)
        for number, (reviewed, start, end) in enumerate(given_days)
        if not (start and end and start > end)
    ]
    found = stand(known, View(day, as_of=as_of))
    assert sorted(one.id for one in found) == [one.id for one in known]
    assert [speaks(one) for one in found] == sorted((speaks(one) for one in found), reverse=True)
    for one in found:
        if one.standing is Standing.CURRENT:
            assert (one.valid_from or day) <= day <= (one.valid_to or day)
        if one.standing is Standing.OVER:
            assert one.valid_to
            assert one.valid_to <= day - timedelta(days=1)

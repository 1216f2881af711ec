"""Which verdicts should be looked at again, and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tracker.models import Claim, Standing, Verdict
from tracker.recheck import reasons

if TYPE_CHECKING:
    from tests.conftest import CommandLine

TODAY = date(2024, 6, 1)
OTHER = Claim("The dam cost 5 million.", id=9)


def verdict(number: int, **fields: object) -> Verdict:
    about: dict[str, object] = {"rating": "False", "normalized": "false", "id": number}
    return Verdict(**{**about, "recorded_at": "2024-05-01T00:00:00+00:00", **fields})  # type: ignore[arg-type]


def test_old_verdicts_are_due() -> None:
    """A verdict without an end is due after the age that was set, one with an end only after that."""
    old, young = verdict(1, reviewed_on=date(2022, 6, 1)), verdict(2, reviewed_on=date(2024, 1, 1))
    bounded = verdict(3, reviewed_on=date(2020, 1, 1), valid_to=date(2024, 12, 31))
    assert list(reasons([old, young, bounded], [], TODAY)) == [
        "verdict 1: reviewed on 2022-06-01, more than 365 days ago"
    ]
    assert list(reasons([young], [], TODAY, max_age=152)) == []
    assert list(reasons([young], [], TODAY, max_age=151)) == [
        "verdict 2: reviewed on 2024-01-01, more than 151 days ago"
    ]


def test_verdicts_whose_period_is_over_are_due() -> None:
    """What held until last year says nothing about today."""
    over = verdict(1, valid_to=date(2023, 12, 31), standing=Standing.OVER)
    assert list(reasons([over], [], TODAY)) == ["verdict 1: its period ended on 2023-12-31"]


def test_a_period_that_is_over_is_not_due_where_another_verdict_holds() -> None:
    """True until 2023 and false since: nothing is left to do."""
    over = verdict(1, valid_to=date(2023, 12, 31), standing=Standing.OVER)
    assert list(reasons([verdict(2, reviewed_on=date(2024, 5, 1)), over], [], TODAY)) == []


def test_disagreement_is_due() -> None:
    """Two publishers who say different things: the newest is named."""
    one = verdict(1, reviewed_on=date(2024, 5, 1))
    other = verdict(2, reviewed_on=date(2024, 4, 1), normalized="true")
    assert list(reasons([one, other], [], TODAY)) == [
        "its verdicts differ; the newest is verdict 1, reviewed on 2024-05-01"
    ]


def test_a_newer_verdict_in_the_family_is_due() -> None:
    """Where the opposite, or another figure, was checked since, the facts may have moved."""
    mine = [verdict(1, reviewed_on=date(2024, 1, 1))]
    newer, older = verdict(5, reviewed_on=date(2024, 2, 1)), verdict(4, reviewed_on=date(2023, 2, 1))
    family = [(OTHER, "different-figure", [older, newer])]
    assert list(reasons(mine, family, TODAY)) == ["claim 9 (different-figure) got a newer verdict, 5, on 2024-02-01"]
    assert list(reasons(mine, [(OTHER, "opposite", [older])], TODAY)) == []
    assert list(reasons([], family, TODAY)) == []


def test_what_was_superseded_or_retracted_is_not_due() -> None:
    """Only verdicts that speak can be out of date."""
    gone = [verdict(n, reviewed_on=date(2000, 1, 1), standing=s) for n, s in enumerate(Standing) if n > 1]
    assert list(reasons(gone, [], TODAY)) == []


def test_the_list_shows_what_is_due_and_why(cli: CommandLine) -> None:
    """`tracker list --needs-recheck` with its age, its filters, in words and as JSON."""
    cli("add", "The old dam leaks.", "--rating", "False", "--publisher", "Desk A", "--date", "2020-01-01")
    cli("add", "The new dam leaks.", "--rating", "False", "--publisher", "Desk B", "--valid-to", "2021-01-01")
    cli("add", "No dam leaks.", "--rating", "True", "--publisher", "Desk B", "-y")
    cli("add", "A dam waits.", "-y")
    shown = cli("list", "--needs-recheck").out
    assert "check again: verdict 1: reviewed on 2020-01-01, more than 365 days ago" in shown
    assert "check again: verdict 2: its period ended on 2021-01-01" in shown
    assert "No dam leaks" not in shown
    assert "A dam waits" not in shown
    found = cli("list", "--needs-recheck", "--older-than", "10000", "--json").json["claims"]
    assert [(one["claim_id"], one["recheck"]) for one in found] == [(2, ["verdict 2: its period ended on 2021-01-01"])]
    assert "new dam" not in cli("list", "--needs-recheck", "--publisher", "Desk A").out
    assert cli("list", "--needs-recheck", "--unverified").code == 2

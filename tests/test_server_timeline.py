"""The timeline of a claim: whatever days there are, all of it lies on the axis and can be read."""

from __future__ import annotations

from datetime import date

from hypothesis import given, strategies as st

from tracker.entries import evidence_of
from tracker.models import Appearance, Claim, ClaimRecord, Evidence, Standing, Verdict
from tracker.server.pages.timeline import ROWS, timeline
from tracker.server.pages.verdict import filled_in

TODAY = date(2026, 11, 23)
PAST = st.dates(date(1900, 1, 1), TODAY)
ANY = st.none() | st.dates(date(1900, 1, 1), date(9999, 12, 31))


@st.composite
def records(draw: st.DrawFn) -> ClaimRecord:
    """A claim with verdicts and appearances of any days."""
    verdicts = tuple(
        Verdict(
            draw(st.none() | st.text(max_size=90)),
            reviewed_on=draw(st.none() | PAST),
            valid_from=draw(ANY),
            valid_to=draw(ANY),
            id=number,
            recorded_at="2026-11-22T10:00:00+00:00",
            standing=draw(st.sampled_from(Standing)),
        )
        for number in range(1, draw(st.integers(1, 5)))
    )
    seen = tuple(
        Appearance(1, 1, "/home/eva/a.txt", None, day, "It is.", 0, 6, None, 0.5, "2026-11-22T10:00:00+00:00")
        for day in draw(st.lists(st.none() | PAST, max_size=4))
    )
    return ClaimRecord(Claim("It is.", claimed_on=draw(st.none() | PAST), id=1), verdicts, seen)


@given(records())
def test_all_of_it_lies_on_the_axis(found: ClaimRecord) -> None:
    """Signs, bars, ticks; few enough ticks to be read, labels that have room, a line for each verdict."""
    plot = timeline(found, TODAY)
    if plot is None:
        assert not found.verdicts
        assert not found.appearances
        return
    places = [plot.today, *plot.seen, *(row.at for row in plot.rows), *(at for at, _ in plot.ticks)]
    assert all(0 <= at <= 100 for at in places)
    assert all(0 <= row.bar[0] <= row.bar[0] + row.bar[1] <= 101 for row in plot.rows if row.bar)
    assert 1 <= len(plot.ticks) <= 7
    assert all(len(row.label) < 60 for row in plot.rows)
    assert sum("verdict " in words for _, words in plot.lines) == len(found.verdicts)
    assert [day for day, _ in plot.lines] == sorted(day for day, _ in plot.lines)
    assert not any("/home" in words for _, words in plot.lines)


def test_a_claim_with_hundreds_of_verdicts_draws_the_last_ones() -> None:
    """The others are in the list."""
    many = tuple(Verdict("False", id=number, reviewed_on=date(2020, 1, 1)) for number in range(1, 301))
    plot = timeline(ClaimRecord(Claim("It is.", id=1), many), TODAY)
    assert plot
    assert (len(plot.rows), plot.left_out, len(plot.lines)) == (ROWS, 300 - ROWS, 300)


def test_evidence_that_is_filled_in_is_read_as_it_was() -> None:
    """With and without a note and a copy."""
    url, copy = "https://example.org/a", "https://archive.example/a"
    pieces = (Evidence(url), Evidence(url, "A note | with a bar"), Evidence(url, None, copy), Evidence(url, "A", copy))
    lines = filled_in(Verdict("False", evidence=pieces))["evidence"].split("\n")
    assert tuple(evidence_of(line) for line in lines) == pieces

"""Cues: what a reader could point at in a sentence."""

from __future__ import annotations

import math

import pytest

from tracker.cues import cues

SEED = "NATO just went from a rapid reaction force of 40,000 to one of 300,000."


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("Only 79 per cent of pupils passed.", {"a figure", "a percentage", "a superlative"}),
        ("The council set aside £180,000.", {"money", "hundreds or more", "a past event"}),
        ("One in five patients waits longer than before.", {"a share", "a comparison"}),
        ("Bills rose after the war, the ministry said.", {"a rise or fall", "who said so"}),
        ("The mayor said she would resign.", {"a reported promise", "a promise or forecast"}),
        ("I think we should leave.", {"I", "an opinion", "what should or could be"}),
        ("Isn’t that wrong?", {"a question", "a judgement"}),
        ("It fell because of the USA.", {"a bare pointer", "a cause", "an abbreviation"}),
    ],
)
def test_a_cue_is_found_where_a_reader_would_point_at_it(text: str, present: set[str]) -> None:
    """Each named cue is above zero in a sentence that shows it."""
    assert present <= {name for name, value in cues(text).items() if value > 0}


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Lamps glow.", set(cues("")) - {"length"}),
        ("One of them is a hundredfold fool.", {"a figure"}),
        ("We need a feed indeed.", {"a verb in -ed"}),
        ("Paris sleeps.", {"a name"}),
        ("She will go, he said.", {"a reported promise"}),
    ],
)
def test_a_cue_is_not_seen_where_there_is_none(text: str, absent: set[str]) -> None:
    """Look-alikes (a first word's capital, "need", "one of") do not count."""
    assert absent.isdisjoint(name for name, value in cues(text).items() if value > 0)


def test_a_cue_grows_with_the_log_of_its_count() -> None:
    """A figure with separators is one figure; two of them count log 3."""
    assert cues(SEED)["a figure"] == pytest.approx(math.log(3))
    assert cues("About 1,250,000.50 litres.")["a figure"] == pytest.approx(math.log(2))


def test_the_cues_of_a_hostile_text_take_no_time_to_speak_of() -> None:
    """No pattern goes quadratic on a long text without an end; the test would hang."""
    for text in ("said " * 40_000, '"' * 200_000, "9," * 100_000, "a" * 200_000):
        assert set(cues(text)) == set(cues(""))

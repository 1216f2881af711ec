"""Our reading of publishers' labels: whole labels only, and never more favourable than the label."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given, strategies as st

from tracker.feeds import STARTER
from tracker.ratings import NORMALIZED, read_rating


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        # PolitiFact, as its pages and as its data write it
        ("True", "true"),
        ("Mostly True", "mostly-true"),
        ("mostly-true", "mostly-true"),
        ("Half True", "mixed"),
        ("half-true", "mixed"),
        ("Mostly False", "mostly-false"),
        ("Barely True", "mostly-false"),
        ("barely-true", "mostly-false"),
        ("FALSE", "false"),
        ("Pants on Fire!", "false"),
        ("pants-fire", "false"),
        ("full-flop", "not-rated"),
        ("half-flip", "not-rated"),
        ("no-flip", "not-rated"),
        # Snopes, the Washington Post and others
        ("Mixture", "mixed"),
        ("Unproven", "unproven"),
        ("Unfounded", "unproven"),
        ("Research in Progress", "not-rated"),
        ("Labeled Satire", "not-rated"),
        ("Geppetto Checkmark", "true"),
        ("Four Pinocchios", "false"),
        ("Partly false", "mixed"),
        ("No, that’s not true.", "false"),
        ("That's not correct", "false"),
        ("Disinfo", "false"),
        # what says nothing about true or false is known, and not rated
        ("Misleading", "not-rated"),
        ("Missing context", "not-rated"),
        ("Miscaptioned", "not-rated"),
        ("Correct attribution", "not-rated"),
        # never more than the label as a whole says
        ("True but misleading", "mixed"),
        ("Correctly quoted but false", "false"),
        ("Accurate photo, false caption", "false"),
        # the same label written otherwise
        ("  MOSTLY\u00a0FALSE. ", "mostly-false"),
        ("mostly_false", "mostly-false"),
        ("Half–True", "mixed"),
        ("“False”", "false"),
        ("‘False’", "false"),
        ("Ｔｒｕｅ", "true"),
    ],
)
def test_labels_that_are_known(label: str, expected: str) -> None:
    """Case, hyphens, white space, quotation marks and a final stop make no difference."""
    assert read_rating(label).normalized == expected


@pytest.mark.parametrize(
    "label",
    [
        "Not true in every case",
        "True? No",
        "Not false",
        "Untrue or unproven",
        "Legend",
        "Manipulation",
        "The number is right for England; it leaves out Wales.",
        "1",
        "",
        " ",
        "!",
    ],
)
def test_labels_that_are_not_known_are_never_guessed(label: str) -> None:
    """What peers read by its first word, or not at all, is `unrated`: neither true nor false."""
    assert read_rating(label).normalized == "unrated"


def test_no_rating_is_unrated() -> None:
    """A review whose label is not recorded has no reading either."""
    assert read_rating(None).normalized == "unrated"
    assert read_rating(None).tags == ()


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Misleading", ("misleading",)),
        ("MISSING CONTEXT", ("missing-context",)),
        ("Needs context", ("missing-context",)),
        ("Out of context.", ("missing-context",)),
        ("Outdated", ("outdated",)),
        ("Labeled Satire", ("satire",)),
        ("Altered image", ("altered-media",)),
        ("Miscaptioned", ("misattributed",)),
        ("Scam", ("scam",)),
        ("full-flop", ("flip-flop",)),
        ("False", ()),
        ("True but misleading", ("misleading",)),
    ],
)
def test_tags_say_what_a_label_says_beside_true_or_false(label: str, expected: tuple[str, ...]) -> None:
    """They are read off the whole label too."""
    assert read_rating(label).tags == expected


def test_every_rating_of_the_starter_claims() -> None:
    """Each label of 22 publishers has the reading that a person would give it; sentences and odd words have none."""
    with STARTER.open(encoding="utf-8", newline="") as file:
        found = {row["rating"]: read_rating(row["rating"]).normalized for row in csv.DictReader(file)}
    false = "Disinfo|FAKE NEWS|FALSE|Fake|False|False claim|Not true|Pants on Fire|Pants on Fire!|That’s not correct"
    unrated = "|A selective use of statistics|Doesn’t represent all crime|Manipulation|Message"
    assert found == {
        **dict.fromkeys((*false.split("|"), "This isn’t true", "The post is wrong"), "false"),
        **dict.fromkeys(("Mostly False", "Mostly false"), "mostly-false"),
        **dict.fromkeys(("True", "That’s correct"), "true"),
        **dict.fromkeys(("Misleading", "Needs context"), "not-rated"),
        "Unfounded": "unproven",
        **dict.fromkeys(unrated.split("|"), "unrated"),
    }


@given(st.text())
def test_any_text_has_a_reading(label: str) -> None:
    """Always one of the normalised ratings, and the same with white space around the label."""
    assert read_rating(label).normalized in NORMALIZED
    assert read_rating(f" {label} ").normalized == read_rating(label).normalized

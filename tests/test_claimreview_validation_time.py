"""Hostile markup: every text is examined in a time that grows with its length, within limits that are told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import cpu_seconds
from tracker.claimreview.validation import examine

LENGTH = 1_000_000
ITEM = '<div itemscope itemtype="https://schema.org/ClaimReview">'
ITEM_OF_NAMES = '<meta content="y" itemprop="'
SCRIPT = '<script type="application/ld+json">'
FEED = "<rss><channel><item><description>"


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        ("", "<a "),
        ("", "<a"),
        ("", "<a x='"),
        ("", '<a x="'),
        ("", "</"),
        ("", "</a"),
        ("", "<!--"),
        ("", "<?"),
        ("", "<!"),
        ("", SCRIPT),
        ("", "<p>"),
        (ITEM, "<div itemprop=x>"),
        (ITEM, "<span itemprop=x>y"),
        (ITEM, "<b itemscope itemprop=x>"),
        (ITEM + ITEM_OF_NAMES, "x "),
        (SCRIPT, "{"),
        ("", "{"),
        ("", "["),
        ("", '{"a":'),
        ("", '{"a":1,'),
        ("", '"'),
        (FEED, "<p>"),
        (FEED, "&lt;a "),
        (FEED, "&lt;!--"),
        (FEED, "\n"),
    ],
)
def test_a_text_of_one_piece_again_and_again_is_examined_in_time(start: str, piece: str) -> None:
    """A million characters take a second or two; work that grows with the square of the length would take minutes."""
    end = "</description></item></channel></rss>" if start == FEED else ""
    with cpu_seconds(30):
        examined = examine((start + piece * LENGTH)[:LENGTH] + end, "f")
    assert examined.messages


def graph(*nodes: Any) -> str:
    return json.dumps({"@context": "https://schema.org", "@graph": nodes})


@pytest.mark.parametrize(
    "text",
    [
        graph(*[{"@type": "ClaimReview", "@id": "#x"}] * 10_000,
              {"@type": "ClaimReview", "@id": "#x", **{f"claim{n}": 1 for n in range(10_000)}}),
        graph(*[{"@type": "ClaimReview", "itemReviewed": {"@id": "#x"}}] * 10_000,
              {"@type": "Claim", "@id": "#x", "appearance": ["https://a.example/"] * 30_000}),
        graph(*[{"@type": "ClaimReview", "author": {"@id": "#x"}, "itemReviewed": {"name": "a"}}] * 10_000,
              {"@type": "Person", "@id": "#x", "name": "a " * 300_000}),
        graph(*[{"@type": "ClaimReview", "author": {"@id": "#x"}}] * 10_000,
              {"@type": ["Nobody"] * 60_000, "@id": "#x", "name": "a"}),
        graph(*[{"@type": "ClaimReview", "author": {"@id": "#x"}}] * 10_000,
              {"@type": "N" * 600_000, "@id": "#x", "name": "a"}),
    ],
    ids=["a review", "a claim", "a name", "types", "a type"],
)  # fmt: skip
def test_many_that_refer_to_one_large_thing_are_examined_in_time(text: str) -> None:
    """It is judged once, and looked at no further than is needed for the others."""
    with cpu_seconds(30):
        examined = examine(text, "f")
    assert examined.messages


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n" + '{"a":[' * 60 + "{}" + "]}" * 60, 2),
        (f"<p>\n{SCRIPT}\n" + "[" * 101 + "{}" + "]" * 101 + "</script>", 3),
        (ITEM + "\n<b itemscope itemprop=author>" * 100, 82),
        (ITEM + "\n<i itemprop=name>x" * 60, 22),
    ],
)
def test_what_is_nested_too_deeply_is_told(text: str, line: int) -> None:
    """No real markup is; a path for each of a million things in a thousand others would fill the memory."""
    assert [(one.line, one.text) for one in examine(text, "f").messages if "deeply" in one.text] == [
        (line, "nested too deeply to be read; write the objects side by side")
    ]


def test_what_is_nested_less_deeply_is_examined() -> None:
    """A hundred levels of JSON, eighty items, twenty texts."""
    for text in (
        "[" * 99 + '{"@type": "ClaimReview"}' + "]" * 99,
        ITEM + "<b itemscope itemprop=author>" * 80,
        ITEM + "<i itemprop=name>x" * 20,
    ):
        examined = examine(text, "f")
        assert examined.reviews == 1
        assert not any("deeply" in one.text for one in examined.messages)

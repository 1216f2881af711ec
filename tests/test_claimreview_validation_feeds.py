"""Feeds examined: the markup in their items, each message with the line of the feed's file."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tracker.claimreview.feeds import claimreviews_in_feed
from tracker.claimreview.pieces import read_pieces
from tracker.claimreview.validation import examine, validate

REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://desk.example/1",
    "claimReviewed": "The pier has 40 & more lamps.",
    "author": {"@type": "Organization", "name": "Desk", "url": "https://desk.example/"},
    "datePublished": "27 June",
    "reviewRating": {
        "@type": "Rating",
        "alternateName": "False",
        "ratingValue": 9,
        "bestRating": 5,
        "worstRating": 1,
    },
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "Jo"},
        "datePublished": "2022-06-01",
        "appearance": "https://tv.example/1",
    },
}
SCRIPT = f'<p>Caf\xe9</p>\n<script type="application/ld+json">\n{json.dumps(REVIEW, indent=1)}\n</script>'
XHTML = SCRIPT.replace(" & ", " &amp; ")
MICRODATA = """<div itemscope="" itemtype="https://schema.org/ClaimReview"><br/>
<p itemprop="claimReviewed">Tom &amp; <i>Jerry</i></p>
<p itemprop="datePublished">soon</p>
</div>"""
CDATA = f"<![CDATA[{SCRIPT}]]>"


def rss(*items: str, name: str = "description") -> str:
    """A feed whose first item's text begins in the line 4."""
    inner = "".join(f"<item>\n<link>https://desk.example/1</link>\n<{name}>{item}</{name}></item>" for item in items)
    return f'<?xml version="1.0"?>\n<rss version="2.0"><channel>{inner}</channel></rss>'


def atom(content: str) -> str:
    return f'<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n<entry>{content}</entry></feed>'


def told(text: str) -> list[str]:
    return [f"{one.line} {one.severity} {one.text}" for one in validate(text, "f")]


@pytest.mark.parametrize(
    "text",
    [
        rss(escape(SCRIPT)),
        rss(escape(SCRIPT, quote=False)),
        rss(CDATA),
        rss(CDATA, name="content:encoded"),
        rss(CDATA).replace("\n", "\r\n"),
        "\ufeff" + rss(CDATA),
        rss(CDATA).replace('"1.0"?>', '"1.0" encoding="ISO-8859-1"?>'),
        atom(f'\n<content type="html">{escape(SCRIPT)}</content>'),
        atom(f'\n<summary type="html">{CDATA}</summary>'),
        atom(f'<content type="xhtml"><div>\n{XHTML}</div></content>'),
        atom(f'<a:content xmlns:a="http://www.w3.org/2005/Atom" type="xhtml"><a:div>\n{XHTML}</a:div></a:content>'),
    ],
)
def test_markup_in_an_item_is_judged_at_the_lines_of_the_feed(text: str) -> None:
    """However the item holds it: escaped, as CDATA, or as XHTML."""
    lines = text.split("\n")
    day, rating = (
        next(n for n, line in enumerate(lines, 1) if word in line) for word in ("datePublished", "ratingValue")
    )

    assert told(text) == [
        f'{day} error datePublished: "27 June" is no day or time; write it as 2022-06-27',
        f"{rating} error ratingValue: 9 is not within 1 to 5",
    ]
    assert examine(text, "f").reviews == len(list(claimreviews_in_feed(text, "f"))) == 1


@pytest.mark.parametrize("held", [escape(MICRODATA), MICRODATA, f"<![CDATA[{MICRODATA}]]>"])
def test_microdata_in_an_item_is_read(held: str) -> None:
    """A text that is markup in the feed's XML stays a text in the page that is made of it."""
    assert [one for one in told(rss(held)) if "missing" not in one] == [
        '6 error datePublished: "soon" is no day or time; write it as 2022-06-27'
    ]
    html = read_pieces(rss(MICRODATA)).html[0][0]
    assert "Tom &amp; <i>Jerry</i>" in html


def test_broken_json_in_an_item_is_told_with_its_column() -> None:
    """In the file, behind what is written as an entity there."""
    text = rss(escape('<p>\n<script type="application/ld+json">{"a": 1,}</script>'))
    message = validate(text, "f")[0]

    assert (message.line, message.text) == (5, "not JSON: a comma too many before it; remove it")
    column = int(message.path.removeprefix("column "))
    assert text.split("\n")[4][column - 1] == "}"


def test_what_an_item_says_twice_is_read_once_and_what_two_items_say_twice() -> None:
    """The text of a summary is often that of the content."""
    twice = rss(f"{CDATA}</description><content:encoded>{CDATA}</content:encoded><description>x")

    assert examine(twice, "f").reviews == 1
    assert examine(rss(CDATA, CDATA), "f").reviews == 2
    assert any("another review here has the same" in one for one in told(rss(CDATA, CDATA)))


def test_a_feed_without_markup_is_told() -> None:
    """It is an error where there are items, and none in a feed that waits for them."""
    nothing = "no ClaimReview in the items of this feed; it stands in an item's HTML, as a script or as microdata"

    assert told(rss("<p>no markup</p>")) == [f"1 error {nothing}"]
    assert told(rss()) == [f"1 warning {nothing}"]
    outside = f"<rss><channel><description>{CDATA}</description></channel></rss>"
    assert told(outside) == [f"1 warning {nothing}"]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (rss(CDATA, "Q & A"), (36, "column 17"), "often a bare & or <; write &amp; or &lt;"),
        (rss(CDATA, "a&nbsp;b"), (36, "column 15"), "undefined entity; write the character itself"),
        (rss(CDATA, "</item>"), (36, "column 16"), "mismatched tag; an element before it is not closed"),
        (rss(CDATA).removesuffix("</channel></rss>"), None, "the end is missing"),
        ("\n" + rss(CDATA), (2, "column 1"), "remove what stands before <?xml"),
        ('<!DOCTYPE rss [\n<!ENTITY a "aaaa">]>' + rss(CDATA)[22:], None, "entities of its own"),
    ],
)
def test_a_feed_that_is_no_xml_is_told_with_its_place(text: str, place: tuple[int, str] | None, words: str) -> None:
    """What stands before is examined all the same; readers of feeds guess, and not all of them."""
    examined = examine(text, "f")
    fault = next(one for one in examined.messages if words in one.text)

    assert place in {None, (fault.line, fault.path)}, fault
    assert fault.severity == "error"
    assert examined.reviews == (fault.line > 2)
    assert not any("no ClaimReview" in one.text for one in examined.messages)


JSON = st.recursive(
    st.none() | st.integers(0, 9) | st.sampled_from(["ClaimReview", "Rating", "\xe9\U0001f642", "]]", "&amp;", "<b>"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["@type", "@id", "@graph", *REVIEW]), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(JSON, st.booleans(), st.booleans())
@settings(deadline=None)
def test_a_page_and_the_same_page_in_a_feed_are_told_the_same(value: Any, is_cdata: bool, is_plain: bool) -> None:
    """Line by line and column by column, wherever the feed puts it."""
    text = json.dumps(value, indent=1, ensure_ascii=not is_plain)
    page = f'<p>x\n<script type="application/ld+json">\n{text}\n</script>'
    feed = rss(f"<![CDATA[{page}]]>" if is_cdata else escape(page))

    def known(text: str, less: int) -> list[tuple[int, str, str]]:
        messages = validate(text, "f")
        return [(one.line - less, one.text, one.path) for one in messages if "no ClaimReview" not in one.text]

    assert known(feed, 3) == known(page, 0)

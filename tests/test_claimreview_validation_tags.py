"""The tags of a page as browsers tell them apart, however it is broken."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from tracker.claimreview.tags import Tag, Text, read_tags
from tracker.claimreview.validation import examine, validate


def shape(text: str) -> list[str]:
    """Tags as `name` or `/name` with their attributes, texts as they are."""
    return [
        f"{'/' * one.is_end}{one.name}{'/' * one.is_empty}" + "".join(f" {k}={v}" for k, v in one.attributes.items())
        if isinstance(one, Tag)
        else repr(one.words)
        for one in read_tags(text)
    ]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("a<B c=1 D='2' e=\"3\" f>g</b >", ["'a'", "b c=1 d=2 e=3 f=", "'g'", "/b"]),
        ("<a\n b = '>' b=2 =c>", ["a b=> =c="]),
        ("<br/><a href=x/><p />", ["br/", "a href=x/", "p/"]),
        ("<a b=&lt;&#65;>&amp;&nbsp;&x", ["a b=<A", r"'&\xa0&x'"]),
        ("1 < 2 <3 <", ["'1 < 2 <3 <'"]),
        ("a<!-- <b> -- > --><!--><!---><!doctype x><?php y?></ z></>b", ["'a'", "'b'"]),
        ("a<!-- b --!>c<!-- <d>", ["'a'", "'c'"]),
        ("a<b c='d><e>", ["'a'"]),
        ("<script><a> &amp; </scripts></SCRIPT >x", ["script", "'<a> &amp; </scripts>'", "/script", "'x'"]),
        ("<title><a> &amp;</title><textarea><b>", ["title", "'<a> &'", "/title", "textarea", "'<b>'"]),
        ("<style><!-- </style>a", ["style", "'<!-- '", "/style", "'a'"]),
        ("<script/>a<b>", ["script/", "'a'", "b"]),
    ],
)
def test_tags_are_told_apart(text: str, tokens: list[str]) -> None:
    """Comments are passed over, scripts are whole, what is not closed goes on to the end."""
    assert shape(text) == tokens


@given(st.lists(st.sampled_from([*"<>/='\"!-?& a", "<a ", "</", "<!--", "-->", "<script>", "</script>", "&#1"])))
@settings(deadline=None)
def test_each_token_begins_where_it_says(pieces: list[str]) -> None:
    """In the order of the text, tags at their bracket, and no text before the one that it says."""
    text = "".join(pieces)
    found = list(read_tags(text))

    assert [one.at for one in found] == sorted(
        {one.at for one in found if not (isinstance(one, Text) and one.is_raw)} | {one.at for one in found}
    )
    for one in found:
        if isinstance(one, Tag):
            assert text[one.at :].lower().startswith("</" + one.name if one.is_end else "<" + one.name)
        elif "&" not in text:
            assert text.startswith(one.words, one.at)


def test_a_number_that_python_refuses_to_read_stops_nothing() -> None:
    """An entity of thousands of digits is no character; such a number in JSON is told."""
    digits = "1" * 5_000
    page = f'<div itemscope itemtype="https://schema.org/ClaimReview"><p itemprop="url">&#{digits};</p></div>'

    assert any('url: "\ufffd" is no whole address' in one.text for one in validate(page, "f"))
    assert validate(f'{{"a": {digits}}}', "f")[0].text == (
        "not JSON: a number of thousands of digits; write a shorter one"
    )


def test_what_a_script_says_is_no_part_of_a_property() -> None:
    """Nobody reads it on the page."""
    page = '<div itemscope itemtype="https://schema.org/ClaimReview"><p itemprop="datePublished">{}2022-06-27</p></div>'

    assert examine(page.format("<script>a()</script><style>b</style>"), "f") == examine(page.format(""), "f")

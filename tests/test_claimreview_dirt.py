"""What ClaimReviews in the wild have wrong: each fault mended or left out by a rule, and told."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from tracker.claimreview.days import read_day, read_period
from tracker.claimreview.reading import claimreviews_in_html, claimreviews_in_json
from tracker.claimreview.repair import Unmendable, parse
from tracker.claimreview.texts import plain

if TYPE_CHECKING:
    from tracker.claimreview.record import Record

PAGE = "https://harbourcheck.example/checks/"


def read(**more: Any) -> Record:
    review = {
        "@type": "ClaimReview",
        "claimReviewed": "The port has 12 cranes.",
        "url": PAGE + "cranes",
        "author": {"@type": "Organization", "name": "Harbour Check", "url": "https://www.harbourcheck.example"},
        "reviewRating": {"@type": "Rating", "alternateName": "False"},
        **more,
    }
    [record] = claimreviews_in_json(review, "x.json")
    return record


def test_a_sound_review_has_no_notes() -> None:
    assert read().notes == ()
    assert dict(read().values) == {
        "claim": "The port has 12 cranes.",
        "rating": "False",
        "url": PAGE + "cranes",
        "publisher": "Harbour Check",
        "publisher_site": "harbourcheck.example",
    }


RATINGS = [
    ("Pants on fire", {"rating": "Pants on fire"}, "reviewRating is a text"),
    ([{"ratingValue": 1}, {"alternateName": "Half true"}], {"rating": "Half true"}, "a list of 2"),
    (
        {"properties": {"alternateName": "False", "ratingValue": 1}},
        {"rating": "False", "rating_value": "1"},
        "properties",
    ),
    ({"alternateName": ["Mostly false", "mostly  FALSE"]}, {"rating": "Mostly false"}, None),
    ([{"alternateName": "True", "ratingValue": 5}, " true "], {"rating": "True"}, "a list of 2"),
    *(
        ({"alternateName": label, "ratingValue": 1, "bestRating": 5}, {"rating": label, "rating_value": "1"}, None)
        for label in ("Unknown", "N/A", "?", "None", "Undefined", "null", "NaN", "*", "...")
    ),
    ({"name": "Unknown", "ratingValue": 1}, {"rating": "Unknown", "rating_value": "1"}, "name taken"),
    ({"alternateName": " – ", "ratingValue": 1}, {"rating": None, "rating_value": "1"}, "only a number"),
    ({"alternateName": {"@value": "Falsch", "@language": "de"}}, {"rating": "Falsch"}, None),
    ({"name": "Misleading", "ratingValue": "2"}, {"rating": "Misleading", "rating_value": "2"}, "name taken"),
    ({"ratingValue": "Mostly true"}, {"rating": "Mostly true"}, "words in ratingValue"),
    ({"ratingValue": 4, "bestRating": "5"}, {"rating_value": "4", "best_rating": "5"}, "only a number"),
    (
        {"alternateName": "A", "ratingValue": "4,0", "bestRating": 5.0},
        {"rating_value": "4,0", "best_rating": "5.0"},
        None,
    ),
    ({"alternateName": "A", "ratingValue": "4/5"}, {"rating_value": "4/5"}, None),
    (
        {"alternateName": "Satire", "ratingValue": -1, "bestRating": -1, "worstRating": -1},
        {"rating": "Satire", "rating_value": "-1", "best_rating": "-1", "worst_rating": "-1"},
        "best and worst are both -1",
    ),
    (
        {"alternateName": "False", "ratingValue": 0, "bestRating": 10, "worstRating": 1},
        {"rating_value": "0", "best_rating": "10"},
        "0 is outside 1 to 10; kept as written",
    ),
    ({"alternateName": "Fal&shy;se &amp;ndash; <b>again</b>"}, {"rating": "Fal\xadse – again"}, None),
    ({"alternateName": "मिथ्या"}, {"rating": "मिथ्या"}, None),
    ({"alternateName": "This is wrong: the port's own list has 14, " * 9}, {}, None),
    ({"alternateName": "False", "ratingExplanation": "There are 14."}, {"explanation": "There are 14."}, None),
]


@pytest.mark.parametrize(("rating", "expected", "note"), RATINGS)
def test_ratings_of_every_shape_are_kept_verbatim(rating: Any, expected: dict[str, str], note: str | None) -> None:
    record = read(reviewRating=rating)
    assert record.reason is None
    assert {name: record.values.get(name) for name in expected} == expected
    assert note in str(record.notes) if note else record.notes == ()


@pytest.mark.parametrize(
    "rating",
    [
        [{"alternateName": "True"}, {"alternateName": "False"}],
        ["True", "False"],
        {"alternateName": ["True", "False"]},
        {"name": "True", "properties": {"name": "False"}},
        {"alternateName": "True", "properties": {"alternateName": "False"}},
        [{"ratingValue": 5}, {"ratingValue": 1}],
        {"alternateName": "False", "ratingValue": ["1", "5"]},
        parse('{"alternateName": "True", "alternateName": "False"}')[0],
    ],
)
def test_of_two_ratings_that_differ_none_is_taken(rating: Any) -> None:
    record = read(reviewRating=rating)
    assert str(record.reason).startswith("two ratings that differ: ")
    assert record.values == {}
    assert json.loads(record.raw)["reviewRating"] == rating


def test_a_sentence_as_a_rating_is_kept_whole() -> None:
    sentence = "This is not what the report says: it counts 14 cranes, two of them out of use since 2019."
    assert read(reviewRating={"alternateName": sentence}).values["rating"] == sentence


CLAIMS = [
    (["One &quot;two&quot;", "Three"], 'One "two"', "claim: a list of 2"),
    ({"@value": "Un", "@language": "fr"}, "Un", None),
    ("<p>5 &lt; 6 and <i>x</i></p>", "5 < 6 and x", None),
    ("AT&amp;amp;T &nbsp; sold\n it", "AT&T sold it", None),
    ("-", "The cranes are blue.", "itemReviewed.text taken"),
    ("", "The cranes are blue.", "itemReviewed.text taken"),
    ([], "The cranes are blue.", "itemReviewed.text taken"),
    (None, "The cranes are blue.", "itemReviewed.text taken"),
]


@pytest.mark.parametrize(("claim", "expected", "note"), CLAIMS)
def test_the_claim_is_found(claim: Any, expected: str, note: str | None) -> None:
    record = read(claimReviewed=claim, itemReviewed={"@type": "Claim", "text": "The cranes are blue."})
    assert record.values["claim"] == expected
    assert note in str(record.notes) if note else record.notes == ()


def test_without_a_claim_there_is_a_reason_and_what_was_found() -> None:
    empty: tuple[Any, ...] = ("-", "", None, [], {}, "…", "null")
    for claim in empty:
        record = read(claimReviewed=claim)
        assert record.reason == "no claim: claimReviewed is missing or empty"
        assert record.values == {}
        assert json.loads(record.raw)["url"] == PAGE + "cranes"
    assert read(claimReviewed="", itemReviewed="The cranes are red.").values["claim"] == "The cranes are red."
    assert read(claimReviewed="x" * 10_001).reason == "claim: 10,001 characters; at most 10,000 can be stored"


A, B = "https://a.example/1", "https://b.example/2,3"
APPEARANCES = [
    ({"appearance": A}, [A], None),
    ({"appearance": {"@type": "CreativeWork", "url": A}}, [A], None),
    ({"appearance": {"@id": A}, "firstAppearance": {"url": B}}, [B, A], None),
    ({"appearance": [A, {"url": B}]}, [A, B], None),
    ({"appearance": f"{A}, {B}"}, [A, B], "2 addresses in one text"),
    ({"appearance": f"{A},{B}"}, [A, B], "2 addresses in one text"),
    ({"appearance": f"{A} {B}"}, [A, B], "2 addresses in one text"),
    ({"appearance": f"{A} and {B}"}, [A, B], "2 addresses in one text"),
    ({"url": [A, B]}, [A, B], None),
    ({"sameAs": A}, [A], None),
    ({"sameAs": "a rumour"}, [], None),
    ({"appearance": "an evening in the town hall"}, [], "no web address; not kept"),
    ({"appearance": [PAGE + "cranes", "https://shop.harbourcheck.example/x", A]}, [A], "the checker's own site"),
    ({"appearance": "https://x.example/?a=1&amp;b=2"}, ["https://x.example/?a=1&b=2"], None),
]


@pytest.mark.parametrize(("item", "expected", "note"), APPEARANCES)
def test_appearances_of_every_shape(item: dict[str, Any], expected: list[str], note: str | None) -> None:
    record = read(itemReviewed={"@type": "Claim", **item})
    assert record.values.get("appearances", []) == expected
    assert note in str(record.notes) if note else record.notes == ()


ADDRESSES = [
    (None, "https://harbourcheck.example/page", "the page's own taken"),
    ("/checks/9", "https://harbourcheck.example/checks/9", "completed"),
    ("https://harbourcheck.example/pic.JPG?w=1", "https://harbourcheck.example/page", "is an image"),
    ("https://www.facebook.com/p/1", "https://harbourcheck.example/page", "leads to a social network"),
    ("in an ad", "https://harbourcheck.example/page", "is no web address"),
    (["javascript:x()", "https://harbourcheck.example/b"], "https://harbourcheck.example/b", "a list of 2"),
    ({"@id": "https://harbourcheck.example/c"}, "https://harbourcheck.example/c", None),
]


@pytest.mark.parametrize(("url", "expected", "note"), ADDRESSES)
def test_a_wrong_address_is_not_the_reviews(url: Any, expected: str, note: str | None) -> None:
    review = {
        "@type": "ClaimReview",
        "claimReviewed": "x",
        "author": "H",
        "reviewRating": {"alternateName": "F"},
        "url": url,
    }
    page = {"@type": "WebPage", "url": "https://harbourcheck.example/page", "mainEntity": review}
    [record] = claimreviews_in_json(page, "x.json")
    assert record.values["url"] == expected
    assert note in str(record.notes) if note else record.notes == ()


def test_without_any_address_none_is_made_up() -> None:
    [record] = claimreviews_in_json({"@type": "ClaimReview", "claimReviewed": "x", "url": "/checks/9"}, "x.json")
    assert "url" not in record.values
    assert "publisher" not in record.values
    author = {"@type": "Organization", "url": "https://www.facebook.com/hc"}
    [record] = claimreviews_in_json({"@type": "ClaimReview", "claimReviewed": "x", "author": author}, "x.json")
    assert "publisher_site" not in record.values


def test_a_page_names_its_own_address() -> None:
    script = '<script type="application/ld+json">{"@type":"ClaimReview","claimReviewed":"x","url":"b"}</script>'
    page = f'<link rel="canonical" href="https://harbourcheck.example/checks/a">{script}'
    [record] = claimreviews_in_html(page, "p.html")
    assert record.values["url"] == "https://harbourcheck.example/checks/b"
    [record] = claimreviews_in_html(page, "p.html", "https://harbourcheck.example/fetched/a")
    assert record.values["url"] == "https://harbourcheck.example/fetched/b"


def test_a_relative_address_is_completed_by_that_of_the_file_which_is_no_reviews_own() -> None:
    review = {"@type": "ClaimReview", "claimReviewed": "x", "reviewRating": "F"}
    feed = "https://harbourcheck.example/api/feed.json"
    completed, without = claimreviews_in_json(
        [review | {"url": "/checks/9"}, review | {"claimReviewed": "y"}], "x", feed
    )
    assert completed.values["url"] == "https://harbourcheck.example/checks/9"
    assert completed.values["publisher"] == "harbourcheck.example"
    assert not without.values.keys() & {"url", "publisher"}


def test_without_any_site_no_publisher_is_made_up() -> None:
    [record] = claimreviews_in_json({"@type": "ClaimReview", "claimReviewed": "x", "url": "/checks/9"}, "x.json")
    assert "publisher" not in record.values


PEOPLE: list[tuple[dict[str, Any], dict[str, Any], str | None]] = [
    ({"author": "Harbour Check"}, {"publisher": "Harbour Check"}, None),
    (
        {"author": {"@type": "Person", "name": "Jo Pen"}, "publisher": {"@type": "Organization", "name": "H. C."}},
        {"publisher": "H. C."},
        None,
    ),
    ({"author": {"@type": "Person", "name": "Jo Pen"}}, {"publisher": "Jo Pen"}, "a person"),
    *(
        (
            {"author": author, "publisher": {"@type": "Organization", "name": "PolitiFact"}},
            {"publisher": "PolitiFact"},
            "the author 'Jane Doe' has no type",
        )
        for author in ({"name": "Jane Doe"}, "Jane Doe", {"@type": "Thing", "name": "Jane Doe"})
    ),
    (
        {"author": [{"@type": "Person", "name": "Jo Pen"}, {"@type": "NewsMediaOrganization", "name": "H. C."}]},
        {"publisher": "H. C."},
        "a list of 2 authors",
    ),
    ({"author": None}, {"publisher": "harbourcheck.example"}, "its site taken"),
    (
        {"author": {"@type": "Organization", "name": "H. C.", "url": "https://www.facebook.com/hc"}},
        {"publisher_site": "harbourcheck.example"},
        None,
    ),
    ({"itemReviewed": {"author": {"name": "Ilse Varga"}}}, {"claimant": "Ilse Varga"}, None),
    ({"itemReviewed": {"author": [{"name": "A. One"}, "B. Two"]}}, {"claimant": "A. One; B. Two"}, None),
    ({"itemReviewed": {"author": {"@type": "Person", "sameAs": "Ilse Varga"}}}, {"claimant": "Ilse Varga"}, "sameAs"),
    ({"itemReviewed": {"author": {"@type": "Person", "sameAs": A}}}, {"claimant": None}, None),
    ({"itemReviewed": {"author": {"name": "HARBOUR check"}}}, {"claimant": None}, "the checker itself"),
    ({"itemReviewed": {"author": {"name": "www.harbourcheck.example"}}}, {"claimant": None}, "the checker itself"),
    (
        {"itemReviewed": [{"@type": "CreativeWork"}, {"@type": "Claim", "author": "X. Y."}]},
        {"claimant": "X. Y."},
        "a list",
    ),
]


@pytest.mark.parametrize(("more", "expected", "note"), PEOPLE)
def test_who_checked_and_who_said_it(more: dict[str, Any], expected: dict[str, Any], note: str | None) -> None:
    record = read(**more)
    assert {name: record.values.get(name) for name in expected} == expected
    assert note in str(record.notes) if note else record.notes == ()


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2022-05-01", "2022-05-01"),
        ("2022-05-01T23:30:00-05:00", "2022-05-01"),
        ("2022-05-01T00:10+02:00", "2022-05-01"),
        ("2022-05-01 08:00", "2022-05-01"),
        ("2022/5/1", "2022-05-01"),
        ("20220501", "2022-05-01"),
        ("May 1, 2022", "2022-05-01"),
        ("Sun, 01 May 2022 10:00:00 GMT", "2022-05-01"),
        ("25/06/2022", "2022-06-25"),
        ("06/25/2022", "2022-06-25"),
        ("05.05.2022", "2022-05-05"),
        ("5.6.2022", "2022-06-05"),
        ("12.31.2021", None),
        ("1651363200", "2022-05-01"),
        ("1651363200000", "2022-05-01"),
        *(
            (bad, None)
            for bad in ("05/06/2022", "2022-05", "2022", "2022-13-01", "0000-00-00", "soon", "9" * 13, "1/5/22")
        ),
    ],
)
def test_days_are_read_where_they_can_be_told(written: str, day: str | None) -> None:
    record = read(datePublished=written)
    assert record.values.get("review_date") == day
    assert "review_date" in str(record.notes) if day is None else read_day(written)[0] is not None


def test_a_number_of_seconds_is_read_as_a_number_too() -> None:
    assert read(datePublished=1651363200).values["review_date"] == "2022-05-01"
    assert "the day in UTC" in str(read(datePublished=1651363200).notes)


def test_a_claim_made_after_its_review_is_noted() -> None:
    record = read(datePublished="2022-05-01", itemReviewed={"datePublished": "2022-06-01"})
    assert record.values["claim_date"] == "2022-06-01"
    assert "claim_date: 2022-06-01 is after the review" in str(record.notes)


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2022-01-01/2023-12-31", ("2022-01-01", "2023-12-31")),
        ("2022-01-01/..", ("2022-01-01", None)),
        ("../2099-12-31", (None, "2099-12-31")),
        ("2022-01-01/", ("2022-01-01", None)),
        *((bad, (None, None)) for bad in ("2022", "2022/2023", "2023-01-01/2022-01-01", "1/2/3", "x/2022-01-01")),
    ],
)
def test_the_days_for_which_a_verdict_holds(written: str, period: tuple[str | None, str | None]) -> None:
    record = read(temporalCoverage=written)
    assert (record.values.get("valid_from"), record.values.get("valid_to")) == period
    assert bool(read_period(written)[2]) is (period == (None, None)) is bool(record.notes)
    assert "valid_from" not in read(itemReviewed={"temporalCoverage": written}).values


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("en-US", "en"),
        ("pt_BR", "pt"),
        ({"@type": "Language", "name": "English", "alternateName": "en"}, "en"),
        ({"@type": "Language", "name": "Hindi"}, "hi"),
        (["de", "en"], "de"),
        ("Klingon", None),
    ],
)
def test_languages(written: Any, code: str | None) -> None:
    assert read(inLanguage=written).values.get("language") == code
    assert bool(read(inLanguage=written).notes) is (code is None)


def test_tags_and_evidence_of_every_shape() -> None:
    keywords = ["Ports, cranes", {"@type": "DefinedTerm", "name": "Money"}, "ports", "x" * 61]
    citation = [A, {"name": "List", "url": A + "/l", "archivedAt": {"url": B}}, f"Minutes, {B}", "a phone call", A]
    record = read(keywords=keywords, citation=citation)
    assert record.values["tags"] == ["Ports", "cranes", "Money"]
    assert record.values["evidence"] == [
        {"url": A},
        {"url": A + "/l", "note": "List", "archive_url": B},
        {"url": B, "note": "Minutes,"},
    ]
    assert "evidence: 1 of the citations" in str(record.notes)
    assert "tags: of more than 60 characters" in str(record.notes)
    many = read(citation=[f"{A}/{number}" for number in range(500)])
    assert len(many.values["evidence"]) == 100
    assert "400 of the citations" in str(many.notes)


def test_a_short_body_explains_and_an_article_does_not() -> None:
    assert read(reviewBody="Fourteen were counted.").values["explanation"] == "Fourteen were counted."
    long = read(reviewBody="Fourteen were counted. " * 100)
    assert "explanation" not in long.values
    assert "reviewBody has 2,299 characters" in str(long.notes)


C = '{"@type":"ClaimReview","claimReviewed":"The 5" pipe, which {some} call "big", leaks","url":"https://a.example/x"'
R = ',"reviewRating":{"@type":"Rating","alternateName":"False"}'
MENDED = [
    (C + R + "}", 'The 5" pipe, which {some} call "big", leaks', "quotation marks in a text"),
    ('{"@type":"ClaimReview","claimReviewed":"Two\nlines\tand \x01"' + R + "}", "Two lines and", "line breaks"),
    ('{"@type":"ClaimReview","claimReviewed":"Commas",' + R[1:] + ",}", "Commas", "a comma after the last value"),
    (
        '/* a */ {"@type":"ClaimReview", // b\n"claimReviewed":"See http://x.example"' + R + "}",
        "See http://x.example",
        "comments",
    ),
    ('{"@type":"ClaimReview","claimReviewed":"No end"' + R, "No end", "a missing bracket at the end"),
    (
        '{“@type”: “ClaimReview”, “claimReviewed”: “So "it" goes”' + R + "}",
        'So "it" goes',
        "typographic quotation marks",
    ),
    ('\ufeff{"@type":"ClaimReview","claimReviewed":"Marked"' + R + "}", "Marked", None),
    (
        '{"@type":"ClaimReview","claimReviewed":"It\\\'s C:\\dir"' + R + "};",
        "It's C:\\dir",
        "escapes that JSON does not know",
    ),
    (('{"@type":"ClaimReview","claimReviewed":"A &amp; B"' + R + "}").replace('"', "&quot;"), "A & B", "HTML entities"),
    ('<!--\n{"@type":"ClaimReview","claimReviewed":"Hidden"' + R + "}\n-->", "Hidden", None),
    ('{"@type":"ClaimReview","url":1,"url":1,"claimReviewed":"Twice"' + R + "}", "Twice", None),
]


@pytest.mark.parametrize(("script", "claim", "note"), MENDED)
def test_broken_json_is_mended_where_it_has_one_reading(script: str, claim: str, note: str | None) -> None:
    [record] = claimreviews_in_html(f'<script type="application/ld+json">{script}</script>', "p.html")
    assert record.reason is None
    assert record.values["claim"] == claim
    assert record.values["rating"] == "False"
    assert re.search(f"JSON mended: .*{note}", str(record.notes)) if note else "mended" not in str(record.notes)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"ClaimReview","claimReviewed":"Cut in the mid',
        '{"@type":"ClaimReview","claimReviewed":"A","reviewRating":{"@type":"Rating",',
        '{"@type":"ClaimReview","claimReviewed":"A" "url":"https://a.example"' + R + "}",
        '{"@type":"ClaimReview","claimReviewed":"A]' + R + "}",
        '{"@type":"ClaimReview","claimReviewed":"A","reviewRating":{"alternateName":"False","image":{"size":{"of":1',
        "{'@type':'ClaimReview','claimReviewed':'A'}",
        '{"@type":"ClaimReview","claimReviewed":"A" and more' + R + "}",
        '{"@type":"ClaimReview","claimReviewed":"A",}',  # mended it has no rating: it may have been lost
    ],
)
def test_broken_json_with_two_readings_is_left_out_with_its_text(script: str) -> None:
    [record] = claimreviews_in_html(f'<script type="application/ld+json">{script}</script>', "p.html")
    assert record.reason
    assert "\n" not in record.reason
    assert record.values == {}
    assert "ClaimReview" in record.raw


def test_one_broken_script_costs_no_other() -> None:
    good = '{"@type":"ClaimReview","claimReviewed":"A"' + R + "}"
    bad = '{"@type":"ClaimReview","claimReviewed":"A'
    page = "".join(f'<script type="application/ld+json">{one}</script>' for one in (bad, good, '{"a":'))
    assert [bool(record.reason) for record in claimreviews_in_html(page, "p.html")] == [True, False]


@given(
    st.lists(st.sampled_from(['a "b" c', 'x", y', "plain", "it: 'so'", 'ends"', '"begins', "a\nb", "{", "]", ",", "é"]))
)
def test_mending_loses_no_word(texts: list[str]) -> None:
    text = "{" + ",".join(f'"k{at}": "{one}"' for at, one in enumerate(texts)) + "}"
    try:
        value, _ = parse(text)
    except Unmendable:
        return
    assert re.findall(r"\w+", text) == re.findall(r"\w+", json.dumps(value, ensure_ascii=False).replace("\\n", " "))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("&amp;quot;x&amp;quot;", '"x"'),
        ("&amp;amp;amp;lt;", "&amp;lt;"),  # twice, not three times
        ("a<br>b<p>c</p>d <b>e</b>f", "a b c d ef"),
        ("less <than this> and <3", "less <than this> and <3"),
        ("<script>x()</script>y<!-- z -->", "y"),
        ("?a=1&copy=2&lt=3", "?a=1&copy=2&lt=3"),
        ("\ud83d half \0", "? half"),
    ],
)
def test_texts_are_made_plain(written: str, expected: str) -> None:
    assert plain(written) == expected


def test_a_page_of_thousands_of_openings_is_made_plain_at_once() -> None:
    started = time.process_time()
    assert plain("<script></script>é" * 11_000) == " ".join("é" * 11_000)
    assert time.process_time() - started < 2
    assert plain("İ" * 20 + "<script>x</SCRIPT>y<b>z</b>") == "İ" * 20 + " yz"  # "İ" has two characters in lower case

"""ClaimReviews in every shape that markup has: where they are found, and what they say."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tracker.claimreview.reading import claimreviews_in_html, claimreviews_in_json, read_claimreviews
from tracker.claimreview.record import Record, once

SAMPLES = Path(__file__).parent / "data" / "claimreview"
REVIEW = {
    "@type": "ClaimReview",
    "claimReviewed": "The port has 12 cranes.",
    "url": "https://harbourcheck.example/cranes",
    "reviewRating": {"@type": "Rating", "alternateName": "False"},
}


def places(value: Any) -> list[str]:
    return [record.where for record in claimreviews_in_json(value, "x.json")]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (REVIEW, ["x.json"]),
        ([REVIEW], ["x.json:/0"]),
        ({"@graph": [{"@type": "WebPage"}, REVIEW]}, ["x.json:/@graph/1"]),
        ({"@type": "NewsArticle", "mainEntity": REVIEW}, ["x.json:/mainEntity"]),
        ({"@type": "NewsArticle", "review": [{"hasPart": REVIEW}]}, ["x.json:/review/0/hasPart"]),
        *(
            (REVIEW | {"@type": kind}, ["x.json"])
            for kind in (
                ["Review", "ClaimReview"],
                "schema:ClaimReview",
                "https://schema.org/ClaimReview",
                "http://schema.org/ClaimReview/",
                "claimreview",
            )
        ),
        ({name: value for name, value in REVIEW.items() if name != "@type"}, ["x.json"]),
        (REVIEW | {"@type": "MediaReview", "claimReviewed": None, "reviewRating": None}, ["x.json"]),
        ({"@type": "MediaReview", "name": "ClaimReview"}, []),
        ({"claimReviewed": "x", "rating": "False"}, []),
        ([[[]]], []),
        ("ClaimReview", []),
    ],
)
def test_reviews_are_found_in_every_shape(value: Any, found: list[str]) -> None:
    assert places(value) == found


def test_a_page_is_read_whole() -> None:
    [record] = read_claimreviews(SAMPLES / "page.html")
    page = "https://harbourcheck.example/checks/alder-bridge"
    assert dict(record.values) == {
        "id": f"{page}#claim-1",
        "claim": "The Alder Bridge cost 90 million crowns.",
        "title": "No, the Alder Bridge did not cost 90 million",
        "claimant": "Ilse Varga",
        "claim_date": "2022-04-27",
        "language": "en",
        "rating": "False",
        "rating_value": "1",
        "best_rating": "5",
        "worst_rating": "1",
        "publisher": "Harbour Check",
        "publisher_site": "harbourcheck.example",
        "url": page,
        "review_date": "2022-05-01",
        "explanation": "The fund’s accounts show 31 million.",
        "tags": ["bridges", "public spending"],
        "evidence": [
            {
                "url": "https://accounts.example/fund?year=2021&copy=2",
                "note": "Accounts of the bridge fund, page 12",
                "archive_url": "https://archive.example/1",
            },
            {"url": "https://council.example/minutes/7", "note": "The minutes of the council:"},
        ],
        "appearances": ["https://video.example/watch?v=1", "https://paper.example/varga-interview"],
        "valid_from": "2021-01-01",
        "valid_to": "2022-12-31",
    }
    assert record.notes == (
        "appearances: an address of the checker's own site; not kept",
        "stands twice on the page; read once",  # in the script and as microdata
    )


def test_microdata_are_read_whole() -> None:
    [record] = read_claimreviews(SAMPLES / "microdata.html")
    assert dict(record.values) == {
        "claim": "Der Windpark „Nord“ liefert keinen Strom.",
        "claimant": "Jens Beispiel",
        "rating": "Größtenteils falsch",
        "rating_value": "2",
        "best_rating": "5",
        "publisher": "Küstencheck",
        "publisher_site": "kuestencheck.example",
        "url": "https://www.kuestencheck.example/pruefungen/windpark",
        "review_date": "2023-02-03",
        "appearances": ["https://rede.example/1", "https://rede.example/2"],
    }


def test_microdata_that_refer_to_each_other_end() -> None:
    page = """<div itemscope itemtype="https://schema.org/ClaimReview" id="a" itemref="a b">
    <p itemprop="claimReviewed">One</p></div>
    <div id="b" itemprop="itemReviewed" itemscope itemtype="https://schema.org/Claim" itemref="c"></div>
    <p id="c"><span itemprop="author">Ann Example</span></p>"""
    [record] = claimreviews_in_html(page, "p.html")
    assert record.values["claim"] == "One"
    assert record.values["claimant"] == "Ann Example"


def test_googles_answers_are_read_one_record_a_review() -> None:
    first, second, third = read_claimreviews(SAMPLES / "google.json")
    assert dict(first.values) == {
        "claim": "The city's water holds 9 mg of lead per litre.",
        "title": "Lead in the water: the reading was of another unit",
        "claimant": "Post in a neighbourhood group",
        "claim_date": "2023-08-02",
        "language": "en",
        "rating": "False",
        "publisher": "Harbour Check",
        "publisher_site": "harbourcheck.example",
        "url": "https://harbourcheck.example/checks/lead",
        "review_date": "2023-08-05",
    }
    assert second.values["claim"] == first.values["claim"]
    assert second.values["rating"] == "Falsch"
    assert third.reason


def test_references_are_followed_within_a_document_and_over_the_scripts_of_a_page() -> None:
    claim = {"@type": "Claim", "@id": "_:c", "author": {"@id": "#p"}}
    person = {"@type": "Person", "@id": "#p", "name": "Ann Example"}
    for reference in ({"@id": "_:c"}, "_:c", [{"@id": "_:c", "@type": "Claim"}]):
        graph = [REVIEW | {"itemReviewed": reference}, claim, person]
        [record] = claimreviews_in_json({"@graph": graph}, "x.json")
        assert record.values["claimant"] == "Ann Example"
        page = "".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in graph)
        [record] = claimreviews_in_html(page, "p.html")
        assert record.values["claimant"] == "Ann Example"


def reviewed(number: int, rating: str, **more: Any) -> list[dict[str, Any]]:
    """A review and its rating, which it names as all documents here do."""
    review = {"@type": "ClaimReview", "claimReviewed": f"Claim {number}.", "reviewRating": {"@id": "#rating"}}
    return [review, {"@type": "Rating", "@id": "#rating", "alternateName": rating, **more}]


def ratings(value: Any) -> list[str | None]:
    return [record.reason or record.values.get("rating") for record in claimreviews_in_json(value, "x.json")]


def scripts(*values: Any) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in values)


def test_a_reference_does_not_reach_into_another_document() -> None:
    first, second = reviewed(1, "True"), reviewed(2, "False", ratingValue=1)
    feeds: list[Any] = [
        {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": one} for one in (first, second)]},
        {"@type": "DataFeed", "dataFeedElement": [{"item": first}, {"item": second}]},
        {"schema:dataFeedElement": [{"item": first}, {"item": second}]},
        {"items": [{"@type": "DataFeedItem", "item": one} for one in (first, second)]},
        [{"@graph": first}, {"@graph": second}],
        [first[0] | {"about": first[1]}, second[0] | {"about": second[1]}],
        {"pages": [{"@context": "https://schema.org", "hasPart": one} for one in (first, second)]},
    ]
    for feed in feeds:
        assert ratings(feed) == ["True", "False"], feed
    for at, feed in enumerate(feeds[:5]):  # what the second does not have it does not take from the first
        alone = json.loads(json.dumps(feed).replace(json.dumps(second[1]), "null"))
        assert ratings(alone) == ["True", None], at
    records = claimreviews_in_html(scripts({"@graph": first}, {"@graph": second}), "p.html")
    assert [record.values["rating"] for record in records] == ["True", "False"]


def test_a_reference_to_what_stands_around_or_has_a_whole_address_is_followed() -> None:
    org = {"@type": "Organization", "@id": "#org", "name": "Harbour Check"}
    items = [{"item": REVIEW | {"author": {"@id": "#org"}}}, {"item": {"@type": "Thing"}}]
    [record] = claimreviews_in_json({"publisher": org, "dataFeedElement": items}, "x.json")
    assert record.values["publisher"] == "Harbour Check"
    named = org | {"@id": "https://harbourcheck.example/#org"}
    value = [{"@type": "WebPage", "publisher": named}, REVIEW | {"author": {"@id": named["@id"]}}]
    [record] = claimreviews_in_json(value, "x.json")
    assert record.values["publisher"] == "Harbour Check"
    fuller = {"@graph": [REVIEW | {"author": {"@id": "#org"}}, org, org | {"url": "https://harbourcheck.example"}]}
    [record] = claimreviews_in_json(fuller, "x.json")
    assert record.values["publisher"] == "Harbour Check"


def test_an_id_that_stands_for_two_things_stands_for_none() -> None:
    review, rating = reviewed(1, "True")
    doubt = "refers to an id that stands for two things: '#rating'"
    for other in ({"alternateName": "False"}, {"ratingValue": 1}):
        graph = [review, rating, {"@type": "Rating", "@id": "#rating", **other}]
        assert ratings({"@graph": graph}) == [doubt]
        assert [record.reason for record in claimreviews_in_html(scripts(*graph), "p.html")] == [doubt]
    graph = [review | {"reviewRating": "True", "itemReviewed": {"@id": "_:b"}}]
    graph += [{"@type": "Claim", "@id": "_:b", "author": name} for name in ("Ann", "Bob")]
    assert ratings({"@graph": graph}) == [doubt.replace("#rating", "_:b")]
    # Nobody asks which of two things an address stands for.
    page = {"@id": "https://a.example/", "name": "A"}
    graph = [REVIEW | {"mainEntityOfPage": {"@id": page["@id"]}, "url": None}, page, page | {"name": "B"}]
    assert ratings({"@graph": graph}) == ["False"]


def test_what_many_references_stand_for_is_read_once() -> None:
    claim = {"@id": "a", "@type": "Claim", "appearance": [f"https://a.example/{at}" for at in range(1_000)]}
    started = time.process_time()
    [record] = claimreviews_in_json([REVIEW | {"itemReviewed": [{"@id": "a"}] * 1_000}, claim], "x.json")
    assert time.process_time() - started < 1
    assert len(record.values["appearances"]) == 200
    listed = {"@id": "a", "@list": claim["appearance"]}
    items = [{"@type": "Claim", "appearance": {"@id": "a"}} for _ in range(1_000)]
    started = time.process_time()
    [record] = claimreviews_in_json([REVIEW | {"itemReviewed": items}, listed], "x.json")
    assert time.process_time() - started < 3


def test_the_extension_of_our_exports_is_obeyed_only_where_the_file_may_be_ours() -> None:
    review = REVIEW | {"tracker:claim": {"tracker:format": 1, "tracker:rating": "True"}}
    bare = {"@type": "Claim", "tracker:claim": {"tracker:claim": "A claim of nobody's."}}
    assert [record.values["claim"] for record in claimreviews_in_json([review, bare], "x.json")] == [
        REVIEW["claimReviewed"],
        "A claim of nobody's.",
    ]
    assert ratings(review) == ["True"]
    both = [
        list(claimreviews_in_json([review, bare], "x.json", ours=False)),
        list(claimreviews_in_html(scripts(review, bare), "p.html", ours=False)),
    ]
    for records in both:
        assert [record.values["rating"] for record in records] == ["False"]
        assert not records[0].is_ours
    both_kinds = REVIEW | {"@type": ["ClaimReview", "Claim"]}
    assert ratings(both_kinds) == ["False"]


def test_references_in_a_circle_end() -> None:
    graph = [
        REVIEW | {"@id": "a", "itemReviewed": {"@id": "b"}},
        {"@id": "b", "author": {"@id": "b"}, "@list": [{"@id": "b"}]},
    ]
    [record] = claimreviews_in_json(graph, "x.json")
    assert record.values["claim"] == REVIEW["claimReviewed"]


def test_a_mere_reference_to_a_review_is_no_second_one() -> None:
    graph = [{"@type": "WebPage", "review": {"@type": "ClaimReview", "@id": "#r"}}, REVIEW | {"@id": "#r"}]
    assert places(graph) == ["x.json:/1"]
    assert [record.reason is None for record in claimreviews_in_json(graph[:1], "x.json")] == [False]


def test_a_review_that_stands_twice_is_read_once_and_under_two_addresses_twice() -> None:
    fuller = REVIEW | {"datePublished": "2022-05-01", "headline": "Cranes"}
    other = REVIEW | {"url": "https://harbourcheck.example/again"}
    first, second = claimreviews_in_json([REVIEW, fuller, other], "x.json")
    assert first.values["review_date"] == "2022-05-01"
    assert "stands twice on the page" in str(first.notes)
    assert second.values["url"] == "https://harbourcheck.example/again"


RATED = REVIEW | {"reviewRating": {"alternateName": "False", "ratingValue": 1, "bestRating": 5}}
UNNAMED = {name: value for name, value in RATED.items() if name != "url"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (RATED, RATED | {"reviewRating": {"alternateName": "False", "ratingValue": 2, "bestRating": 5}}),
        (RATED | {"reviewRating": {"ratingValue": 1}}, RATED | {"reviewRating": None}),
        (RATED | {"datePublished": "2022-05-01"}, RATED | {"datePublished": "2023-05-01"}),
        (RATED | {"temporalCoverage": "2021-01-01/2021-12-31"}, RATED | {"temporalCoverage": "2022-01-01/2022-12-31"}),
        (RATED | {"temporalCoverage": "2021-01-01/.."}, RATED | {"temporalCoverage": "../2022-12-31"}),
        (RATED | {"itemReviewed": {"author": "Ann"}}, RATED | {"itemReviewed": {"author": "Bob"}}),
        (RATED, UNNAMED | {"author": "Another Check"}),
        (UNNAMED | {"author": "Another Check"}, RATED),
        (
            UNNAMED | {"author": {"@type": "Organization", "name": "A", "url": "https://a.example"}},
            UNNAMED | {"author": {"@type": "Organization", "name": "A", "url": "https://b.example"}},
        ),
    ],
)
def test_reviews_that_differ_are_both_kept(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert len(places([first, second])) == 2
    assert len(places([first, first])) == 1


def test_a_page_of_thousands_of_reviews_is_read_at_once() -> None:
    sets: list[list[dict[str, Any]]] = [
        [RATED | {"url": f"https://a.example/{at}"} for at in range(4_000)],
        [UNNAMED | {"author": f"Check {at}"} for at in range(4_000)],
    ]
    for many in sets:
        records = [Record("x", dict(one.values)) for one in claimreviews_in_json(many[:1], "x") for _ in range(4_000)]
        name = "url" if "url" in many[0] else "publisher"
        records = [
            replace(one, values={**one.values, name: f"https://a.example/{at}"}) for at, one in enumerate(records)
        ]
        started = time.process_time()
        assert len(once([*records, *records])) == 4_000
        assert time.process_time() - started < 2


def test_two_claims_of_a_page_are_two_records() -> None:
    assert len(places([REVIEW, REVIEW | {"claimReviewed": "The port has 14 cranes."}])) == 2
    assert len(places([REVIEW, REVIEW | {"reviewRating": {"alternateName": "True"}}])) == 2
    named = [REVIEW, REVIEW | {"author": "Another Check"}, REVIEW | {"author": "A Third Check"}]
    assert [record.values["publisher"] for record in claimreviews_in_json(named, "x.json")] == [
        "Another Check",  # the first names nobody, only its site
        "A Third Check",
    ]


def test_names_with_prefixes_and_expanded_values_are_read() -> None:
    expanded = {
        "@type": ["http://schema.org/ClaimReview"],
        "http://schema.org/claimReviewed": [{"@value": "One"}],
        "https://schema.org/url": [{"@id": "https://a.example/1"}],
        "schema:reviewRating": [{"schema:alternateName": [{"@value": "Falsch", "@language": "de"}]}],
        "schema:itemReviewed": {"@set": [{"schema:author": {"schema:name": "Ann"}}]},
    }
    [record] = claimreviews_in_json(expanded, "x.json")
    found = {name: record.values[name] for name in ("claim", "url", "rating", "claimant")}
    assert found == {"claim": "One", "url": "https://a.example/1", "rating": "Falsch", "claimant": "Ann"}


def test_what_is_nested_too_deeply_is_told_and_the_rest_is_read() -> None:
    deep: Any = REVIEW
    for _ in range(50_000):
        deep = [deep]
    good, told = claimreviews_in_json([REVIEW, deep], "x.json")
    assert good.reason is None
    assert told.reason == "nested more than 100 deep; what is deeper was not read"


def test_the_raw_text_is_kept_and_cut() -> None:
    [record] = claimreviews_in_json(REVIEW | {"articleBody": "x" * 50_000}, "x.json")
    assert len(record.raw) == 20_000
    [record] = claimreviews_in_json(REVIEW, "x.json")
    assert json.loads(record.raw) == REVIEW


NAMES = st.sampled_from(
    """
    @type @id @graph @value @list claimReviewed reviewRating alternateName ratingValue bestRating worstRating name url
    author publisher itemReviewed appearance firstAppearance sameAs datePublished inLanguage keywords citation
    temporalCoverage claimReview claims text properties identifier reviewBody ratingExplanation schema:url
    """.split()
)
WORDS = st.sampled_from(
    [
        "ClaimReview",
        "Claim",
        "#a",
        "_:b",
        "http://[",
        "https://a.example/1",
        "2022-05-01",
        "x/y",
        "",
        "-",
        "\ud800",
        "9" * 13,
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(NAMES, VALUES, max_size=8), VALUES)
def test_no_json_value_whatever_raises(review: dict[str, Any], other: Any) -> None:
    value = [review | {"@type": "ClaimReview"}, other]
    records = list(claimreviews_in_json(value, "x.json"))
    assert records
    for record in records:
        assert bool(record.reason) is not bool(record.values)
        str((record.values, record.raw, record.notes)).encode()
        json.dumps(dict(record.values), ensure_ascii=False).encode()  # what is kept can be stored


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet='<>"=/ {}[]:,&;scriptaldjonemClaimReview', max_size=200))
def test_no_page_whatever_raises(text: str) -> None:
    list(claimreviews_in_html(text, "p.html"))
    list(claimreviews_in_html(f'<script type="application/ld+json">{{"claimReviewed": {text}</script>', "p.html"))


def test_reading_imports_nothing_heavy_before_it_is_needed() -> None:
    code = "import sys, tracker.claimreview.reading; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"lxml", "feedparser", "numpy", "torch", "faiss"} & set(modules)

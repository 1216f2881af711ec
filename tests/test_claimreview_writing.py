"""ClaimReview markup written: nothing lost, nothing made up, and nothing in a text that breaks out of its place."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import feedparser  # noqa: TID253
import pytest
from hypothesis import given, settings, strategies as st
from lxml import etree, html as lxml_html  # noqa: TID253

from tracker.claimreview.atom import write_atom
from tracker.claimreview.extension import EXTENSION, extension_of
from tracker.claimreview.fields import records_of
from tracker.claimreview.shapes import Document
from tracker.claimreview.snippets import write_snippets
from tracker.claimreview.validation import Severity, examine
from tracker.claimreview.writing import (
    claim_reviews,
    nodes,
    write_datafeed,
    write_jsonld,
)
from tracker.feeds.rows import Row, row_of
from tracker.feeds.writing import _rows_of
from tracker.models import Appearance, Claim, ClaimRecord, Evidence, Link, Retraction, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

ATOM = "{http://www.w3.org/2005/Atom}"

# What has broken pages, feeds and JSON before.
ODD = (
    r"""</script> <!-- --> ]]> <b>bold</b> & &amp; &lt;i&gt; &copy=1 " ' \ \u0041 < > 🙂 עברית مرحبا é , none""".split()
)
ODD += [
    "👩\u200d🚀",
    "e\u0301",
    "\u202e",
    "\x1b[31m",
    "\x07",
    "\x7f",
    "\x85",
    "\u2028",
    "\ufffe",
    "\ufeff",
    "\t",
    "\r\n",
]
ODD += ["a  b", "\x0b", "</script x", "<!-- <script "]
SITES = ["fullfact.org", "www.afp.com", "maldita.es:8443", "no site", "https://desk.example/"]


def texts() -> st.SearchStrategy[str]:
    """Texts as the store may hold them: a word at least, no NUL and no half characters."""
    pieces = st.sampled_from(ODD) | st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5
    )
    made = st.builds(
        lambda word, others: "".join([*others[:2], word, *others[2:]]).strip(), word(), st.lists(pieces, max_size=5)
    )
    return made | word()


def word() -> st.SearchStrategy[str]:
    return st.sampled_from(["Crime is down.", "false", "Four Pinocchios", "7", "Élysée", "Joe Bloggs"])


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def days() -> st.SearchStrategy[date | None]:
    return optional(st.dates(date(1990, 1, 1), date(2026, 1, 1)))


def addresses() -> st.SearchStrategy[str]:
    ends = st.sampled_from(["", "/a", "/?a=1&copy=2", "/x#2", "/ü,b", '/"><script>', "/a.", "/(b)", "/'"])
    return st.builds("https://{}.example{}".format, st.sampled_from(["one", "two"]), ends)


def verdicts() -> st.SearchStrategy[Verdict]:
    return st.builds(
        Verdict,
        rating=optional(texts()),
        publisher=optional(texts()),
        publisher_site=optional(st.sampled_from(SITES)),
        url=optional(addresses()),
        reviewed_on=days(),
        explanation=optional(texts()),
        valid_from=days(),
        valid_to=st.just(date(2030, 1, 1)) | st.none(),
        claimed_on=days(),
        tags=st.lists(st.sampled_from(["outdated", "missing-context", "<x>", "none"]), unique=True).map(tuple),
        evidence=st.lists(st.builds(Evidence, addresses(), optional(texts()), optional(addresses()))).map(tuple),
        rating_value=st.sampled_from([None, "1", "4.50", "3", "5"]),
        best_rating=st.sampled_from([None, "5"]),
        worst_rating=st.sampled_from([None, "1", "0.0"]),
        recorded_at=st.just("2026-11-22T12:00:00.000+00:00"),
        supersedes=optional(st.just(3)),
        superseded_by=st.sampled_from([None, None, None, 9]),
    )


def claims() -> st.SearchStrategy[Claim]:
    return st.builds(
        Claim,
        text=texts(),
        title=optional(texts()),
        claimant=optional(texts()),
        claimed_on=days(),
        language=st.sampled_from([None, "en", "pt-BR", "de_DE", "English"]),
        check_worthiness=st.sampled_from([None, 0.0, 0.25]),
        id=st.integers(1, 99),
    )


def seen() -> st.SearchStrategy[Appearance]:
    return st.builds(
        Appearance,
        claim_id=st.just(1),
        article_id=st.just(1),
        source=st.sampled_from(["https://news.example/a", "https://b.example/", "private/draft.txt", "-"]),
        title=optional(texts()),
        published_on=days(),
        quote=st.just("q"),
        start=st.just(0),
        end=st.just(1),
        speaker=st.none(),
        check_worthiness=st.just(0.5),
        recorded_at=st.just(""),
    )


@st.composite
def records(draw: st.DrawFn) -> ClaimRecord:
    said = draw(st.lists(verdicts(), max_size=3).map(tuple))
    known = sorted({verdict.publisher or "" for verdict in said} | {"", "somebody else"})
    ids = draw(st.dictionaries(st.sampled_from(known), texts() | addresses(), max_size=3))
    return ClaimRecord(
        draw(claims()),
        said,
        draw(st.lists(seen(), max_size=3).map(tuple)),
        tuple(ids.items()),
        draw(st.lists(claims(), max_size=1).map(tuple)),
        draw(st.lists(st.builds(Link, claims(), texts(), st.just(4), optional(texts())), max_size=2).map(tuple)),
        sightings=tuple(draw(st.lists(addresses(), max_size=2, unique=True))),
    )


def many() -> st.SearchStrategy[list[ClaimRecord]]:
    return st.lists(records(), max_size=3)


def written(write: Callable[..., int], given: list[ClaimRecord], **options: str) -> str:
    file = io.StringIO(newline="")
    write(given, file, **options)
    return file.getvalue()


def atom(given: list[ClaimRecord]) -> str:
    return written(write_atom, given, title="Desk </title> & \x07", feed_id="urn:example:feed")


def current(given: list[ClaimRecord]) -> list[Verdict]:
    return [verdict for record in given for verdict in record.verdicts if verdict.is_current]


def in_columns(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that the reader finds in a file of ours, bare claims too."""
    return [dict(record.values) for record in records_of(Document([whole]), 0, "x")]


EXAMPLE = ClaimRecord(
    Claim("NATO has 300,000 troops.", None, "NATO checked", "Joe Bloggs", date(2022, 6, 1), "en", id=7),
    (
        Verdict(
            "Half true",
            "Full Fact",
            "fullfact.org",
            "https://fullfact.org/a",
            date(2022, 6, 27),
            "It had 40,000.",
            date(2022, 1, 1),
            None,
            date(2022, 6, 2),
            ("outdated",),
            (Evidence("https://nato.int/x", "the transcript", "https://archive.example/1"),),
            recorded_at="2026-11-22T12:00:00.000+00:00",
        ),
        Verdict("Old", superseded_by=3),
        Verdict("Wrong", retracted=Retraction(1, "me", "")),
        Verdict("Falso", "Maldita", None, "https://maldita.example/b", date(2023, 1, 1)),
    ),
    external_ids=(("Full Fact", "ff-1"), ("Snopes", "s-2")),
    links=(Link(Claim("NATO has 40,000 troops.", id=8), "different-figure", 4, "other figure"),),
)


def test_a_review_says_what_the_store_says() -> None:
    """Every property by hand, once: a verdict with all that it can have."""
    assert claim_reviews(EXAMPLE, ["https://tv.example/show"])[0] == {
        "@type": "ClaimReview",
        "url": "https://fullfact.org/a",
        "claimReviewed": "NATO has 300,000 troops.",
        "headline": "NATO checked",
        "reviewRating": {"@type": "Rating", "alternateName": "Half true", "ratingExplanation": "It had 40,000."},
        "author": {"@type": "Organization", "name": "Full Fact", "url": "https://fullfact.org"},
        "datePublished": "2022-06-27",
        "itemReviewed": {
            "@type": "Claim",
            "identifier": "ff-1",
            "text": "NATO has 300,000 troops.",
            "author": {"@type": "Person", "name": "Joe Bloggs"},
            "datePublished": "2022-06-02",
            "inLanguage": "en",
            "appearance": [{"@type": "CreativeWork", "url": "https://tv.example/show"}],
        },
        "inLanguage": "en",
        "temporalCoverage": "2022-01-01/..",
        "keywords": ["outdated"],
        "citation": [
            {
                "@type": "CreativeWork",
                "url": "https://nato.int/x",
                "description": "the transcript",
                "archivedAt": "https://archive.example/1",
            }
        ],
        "tracker:claim": {
            "tracker:format": 1,
            "tracker:claim_date": "2022-06-01",
            "tracker:reviewed_claim_date": "2022-06-02",
            "tracker:ids": [{"tracker:publisher": "Snopes", "tracker:id": "s-2"}],
            "tracker:entry": 7,
            "tracker:links": [
                {
                    "tracker:relation": "different-figure",
                    "tracker:entry": 8,
                    "tracker:claim": "NATO has 40,000 troops.",
                    "tracker:because": "other figure",
                }
            ],
        },
    }


def test_only_current_verdicts_are_published_and_nothing_of_a_retracted_claim() -> None:
    """Superseded and retracted verdicts are not written; a retracted claim is not written at all."""
    ratings = [review["reviewRating"]["alternateName"] for review in claim_reviews(EXAMPLE)]
    gone = ClaimRecord(EXAMPLE.claim, EXAMPLE.verdicts, retracted=Retraction(1, "me", ""))

    assert ratings == ["Half true", "Falso"]
    assert nodes(gone) == []
    assert [one.count("ClaimReview") for one in (written(write_snippets, [gone]), written(write_jsonld, [gone]))] == [
        0,
        0,
    ]
    assert "<entry" not in atom([gone])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("-1", -1),
        ("4.5", 4.5),
        ("4.50", "4.50"),
        ("05", "05"),
        ("4/10", "4/10"),
        ("1e5", "1e5"),
        ("NaN", "NaN"),
    ],
)
def test_a_rating_s_number_is_written_as_one_only_where_it_stays_the_same(text: str, number: object) -> None:
    """Numbers of the publisher come back digit by digit."""
    review = claim_reviews(ClaimRecord(Claim("c d"), (Verdict("x", rating_value=text, best_rating="10"),)))[0]
    rating = json.loads(json.dumps(review))["reviewRating"]

    assert rating == {"@type": "Rating", "alternateName": "x", "ratingValue": number, "bestRating": 10}
    assert type(rating["ratingValue"]) is type(number)


def test_a_claim_without_a_verdict_is_kept_as_a_bare_claim_and_published_nowhere() -> None:
    """Waiting claims are in the data, not on the pages."""
    record = ClaimRecord(Claim("Crime is down.", claimant="Joe", id=1), external_ids=(("", "x"),))

    assert claim_reviews(record) == []
    assert [node["@type"] for node in nodes(record)] == ["Claim"]
    assert [write([EXAMPLE, record], io.StringIO()) for write in (write_jsonld, write_datafeed, write_snippets)] == [
        *(len(nodes(EXAMPLE)) + 1,) * 2,
        len(claim_reviews(EXAMPLE)),
    ]
    assert json.loads(written(write_jsonld, [record]))["@graph"][0]["text"] == "Crime is down."
    assert json.loads(written(write_datafeed, [record]))["dataFeedElement"][0]["item"][0]["@type"] == "Claim"
    assert "Crime" not in written(write_snippets, [record])
    assert "Crime" not in atom([record])


def test_what_our_reader_would_make_of_markup_is_set_right_in_the_extension() -> None:
    """A claimant who is the checker, a rating that says nothing, an entity that was meant: none of them is changed."""
    claim = Claim("AT&amp;T lies.", claimant="Snopes", check_worthiness=0.0)
    verdict = Verdict(None, "Snopes", explanation="unknown", tags=("a,b",))

    assert claim_reviews(ClaimRecord(claim, (verdict,)))[0]["tracker:claim"] == {
        "tracker:format": 1,
        "tracker:claim": "AT&amp;T lies.",
        "tracker:claimant": "Snopes",
        "tracker:check_worthiness": 0.0,
        "tracker:explanation": "unknown",
        "tracker:tags": ["a,b"],
    }
    assert (
        claim_reviews(ClaimRecord(claim, (Verdict("x", url="https://a.example/"),)))[0]["tracker:claim"][
            "tracker:publisher"
        ]
        is None
    )


def test_the_first_appearance_is_named_only_where_it_is_of_the_claim_s_own_day() -> None:
    """Nothing is made up: the earliest that we saw need not be the first. A file of the desk is not named."""
    dated = [("https://a.example/", date(2022, 6, 1)), ("https://b.example/", date(2021, 1, 1)), ("draft.txt", None)]
    places = tuple(Appearance(1, 1, source, None, day, "q", 0, 1, None, 0.5, "") for source, day in dated)
    item = claim_reviews(ClaimRecord(EXAMPLE.claim, (Verdict("x"),), places))[0]["itemReviewed"]

    assert item["firstAppearance"]["url"] == "https://a.example/"
    assert [one["url"] for one in item["appearance"]] == ["https://a.example/", "https://b.example/"]


def test_another_s_extension_is_none_and_a_broken_one_too() -> None:
    """What is no object is passed over; a column that ours does not name is empty."""
    assert (
        extension_of({"@type": "ClaimReview"}) == extension_of({EXTENSION: "x"}) == extension_of({EXTENSION: []}) == {}
    )
    assert extension_of({EXTENSION: {"tracker:title": "T", "tracker:format": 9}}) == {"title": "T"}


@pytest.mark.parametrize("write", [write_jsonld, write_datafeed])
@given(given_records=many())
@settings(deadline=None, max_examples=40)
def test_what_is_written_reads_back_as_from_our_own_feeds(
    write: Callable[..., int], given_records: list[ClaimRecord]
) -> None:
    """The reader mends, cleans and guesses; with our extension it finds the columns as they were entered."""
    found = in_columns(json.loads(written(write, given_records)))
    rows = [row for record in given_records for row in _rows_of(record)]
    holders = [record for record in given_records for _ in _rows_of(record)]

    assert [entry(one) for one in found] == [entry(row) for row in rows]
    for one, record in zip(found, holders, strict=True):
        assert one.get("check_worthiness") == record.claim.check_worthiness
        assert [(link["relation"], link["entry"], link["claim"]) for link in one.get("links", [])] == [
            (link.relation, link.claim.id, link.claim.text) for link in record.links
        ]
        assert [entry["claim"] for entry in one.get("merged", [])] == [entry.text for entry in record.merged]


@given(records())
def test_every_id_of_every_publisher_is_kept(record: ClaimRecord) -> None:
    """An id stands in the row of its publisher, or among the ids that no row carries."""
    rows = in_columns({"@graph": nodes(record)})
    kept = {(row.get("publisher") or "", row["id"]) for row in rows if row.get("id")}
    kept |= {(one["publisher"], one["id"]) for row in rows for one in row.get("ids", [])}

    assert kept == set(record.external_ids)


def entry(values: dict[str, Any]) -> Any:
    """The claim, verdict and appearances that an import makes of a row."""
    row = row_of("x", values)
    return (row.claim, row.verdict, row.appearances) if isinstance(row, Row) else row.reason


@given(many())
@settings(deadline=None, max_examples=40)
def test_every_writer_s_markup_is_valid_and_reads_back_as_the_reviews(given_records: list[ClaimRecord]) -> None:
    """No errors but those of data that is missing; the same objects, whatever the texts hold."""
    reviews = [review for record in given_records for review in claim_reviews(record)]
    every = [node for record in given_records for node in nodes(record)]
    graph, feed, page = (written(write, given_records) for write in (write_jsonld, write_datafeed, write_snippets))

    assert json.loads(graph) == {"@context": "https://schema.org", "@graph": every}
    assert [node for item in json.loads(feed)["dataFeedElement"] for node in item["item"]] == every
    assert [{**one, EXTENSION: two[EXTENSION]} for one, two in zip(pasted(page), reviews, strict=True)] == reviews
    for name, text in (("graph", graph), ("feed", feed), ("page", page)):
        found = examine(text, name)
        assert found.reviews == len(reviews)
        errors = [str(one) for one in found.messages if one.severity is Severity.ERROR]
        assert [
            one for one in errors if not any(why in one for why in (": missing;", ": empty;", "no ClaimReview"))
        ] == []


def pasted(page: str) -> list[dict[str, Any]]:
    """The reviews in a page's scripts, as a browser would find them."""
    tree = lxml_html.document_fromstring(page.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
    found = []
    for script in tree.iter("script"):
        assert script.get("type") == "application/ld+json"
        whole = json.loads(script.text)
        assert whole.pop("@context") == "https://schema.org"
        found += whole.get("@graph", [whole])
    for place in tree.iter():
        assert place.tag not in {"b", "i"}
        assert not any(name.startswith("on") for name in place.keys())  # noqa: SIM118 - an element is no dict
    return found


@given(many())
@settings(deadline=None, max_examples=40)
def test_the_pages_show_what_was_said(given_records: list[ClaimRecord]) -> None:
    """The claim, rating, explanation stand in the section, letter by letter but for what no page can hold."""
    page = written(write_snippets, given_records)
    tree = lxml_html.document_fromstring(page.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
    shown = [record for record in given_records if claim_reviews(record)]

    for record, section in zip(shown, tree.iter("section"), strict=True):
        assert words(section.find("h2").text_content()) == words(record.claim.text)
        told = words(" ".join(part.text_content() for part in section.findall("p")))
        for verdict in current([record]):
            assert words(verdict.rating or "") in told
            assert words(verdict.explanation or "") in told


def words(text: str) -> str:
    """A text's letters, digits and signs, without white space and what cannot be seen."""
    return "".join(one for one in text if one.isprintable() and not one.isspace())


@given(many())
@settings(deadline=None, max_examples=40)
def test_atom_is_well_formed_and_feed_readers_take_it(given_records: list[ClaimRecord]) -> None:
    """Valid XML for any text; an entry a verdict, ids that differ, newest first, all that the RFC asks for."""
    feed = atom(given_records)
    tree = etree.fromstring(feed.encode())
    entries = tree.findall(f"{ATOM}entry")
    read = feedparser.parse(feed.encode())

    assert not read.bozo
    assert len(read.entries) == len(entries) == len(current(given_records))
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    published = [entry.findtext(f"{ATOM}published") or "" for entry in entries]
    assert published == sorted(published, reverse=True)
    assert all(entry.findtext(f"{ATOM}{name}") for entry in (tree, *entries) for name in ("title", "updated"))
    assert tree.findtext(f"{ATOM}updated") == max(
        (entry.findtext(f"{ATOM}updated") for entry in entries), default="1970-01-01T00:00:00Z"
    )


def test_an_entry_of_the_feed_is_the_same_after_a_correction() -> None:
    """A corrected verdict keeps the id, and is newer; another address is another entry."""
    first = EXAMPLE.verdicts[0]
    later = "2026-11-23T01:00:00.000+02:00"
    corrected = replace(first, rating="True", explanation=None, supersedes=1, recorded_at=later)
    was, now = (
        feedparser.parse(atom([ClaimRecord(EXAMPLE.claim, (one,))]).encode()).entries[0] for one in (first, corrected)
    )

    assert was.id == now.id
    assert (was.published, was.updated) == ("2022-06-27T00:00:00Z", "2022-06-27T00:00:00Z")
    assert (now.published, now.updated) == ("2022-06-27T00:00:00Z", "2026-11-22T23:00:00Z")
    assert now.link == "https://fullfact.org/a"
    assert now.title == "True: NATO has 300,000 troops."
    assert was.author_detail == {"name": "Full Fact", "href": "https://fullfact.org"}
    assert [tag.term for tag in was.tags] == ["outdated"]
    assert "It had 40,000." in was.content[0].value
    assert was.content[0].language == "en"


def test_a_review_without_a_day_comes_last_and_without_any_time_not_at_all() -> None:
    """No day is made up for a review."""
    at = "2026-11-22T12:00:00.000+00:00"
    said = [Verdict("a", recorded_at=at), Verdict("b", reviewed_on=date(2000, 1, 1), recorded_at=at), Verdict("c")]
    read = feedparser.parse(atom([ClaimRecord(Claim("Crime is down."), tuple(said))]).encode())

    assert [entry.title for entry in read.entries] == ["b: Crime is down.", "a: Crime is down."]
    assert "published" not in read.entries[1]


def test_a_datafeed_is_dated_by_its_latest_review() -> None:
    """The feed's and the items' time is that of the verdicts."""
    older = ClaimRecord(Claim("Crime is down."), (Verdict("x", reviewed_on=date(2020, 1, 1) + timedelta(days=1)),))
    feed = json.loads(written(write_datafeed, [EXAMPLE, older]))

    assert feed["dateModified"] == "2023-01-01"
    assert [item["dateModified"] for item in feed["dataFeedElement"]] == ["2023-01-01", "2020-01-02"]


def test_the_markup_to_paste_is_without_the_desk_s_own_notes() -> None:
    """Reasons and relations stay in the data files; what is shown to paste is what the script holds."""
    page = written(write_snippets, [EXAMPLE])
    section = lxml_html.document_fromstring(page).find(".//section")

    assert "tracker:" not in page
    assert "other figure" not in page
    assert section.find(".//pre").text == lxml_html.tostring(
        section.find("script"), encoding="unicode", with_tail=False
    )

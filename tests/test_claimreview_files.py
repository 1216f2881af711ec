"""ClaimReview files of every kind, whole, cut, damaged, hostile and large."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from tracker.claimreview.reading import looks_like_claimreview, read_claimreviews
from tracker.errors import UnreadableSource

SAMPLES = Path(__file__).parent / "data" / "claimreview"


def review(number: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "@type": "ClaimReview",
        "claimReviewed": f"Lamp number {number} is off.",
        "url": f"https://lanterncheck.example/{number}",
        "author": {"@type": "Organization", "name": "Lantern Check"},
        "reviewRating": {"@type": "Rating", "alternateName": "False"},
        **more,
    }


def feed(count: int, indent: int | None = None) -> bytes:
    items = [{"@type": "DataFeedItem", "item": [review(number)]} for number in range(count)]
    return json.dumps({"@type": "DataFeed", "dataFeedElement": items}, indent=indent).encode()


def claims(path: Path) -> list[str]:
    return [record.values["claim"] for record in read_claimreviews(path) if not record.reason]


def reasons(path: Path) -> list[tuple[str, str]]:
    return [(record.where, record.reason) for record in read_claimreviews(path) if record.reason]


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("page.html", ["page.html: script 2, line 11:/@graph/1/hasPart/0"]),
        ("microdata.html", ["microdata.html: microdata, line 3"]),
        ("google.json", [f"google.json:/claims/{place}" for place in ("0/claimReview/0", "0/claimReview/1")]),
        ("reviews.jsonl", ["reviews.jsonl:1", "reviews.jsonl:3", "reviews.jsonl:6"]),
        ("rss.xml", ["rss.xml: item 2: script 1, line 2", "rss.xml: item 3: script 1, line 1"]),
        ("atom.xml", ["atom.xml: item 1: script 1, line 1"]),
        (
            "datafeed.json",
            [f"datafeed.json:/dataFeedElement/{place}" for place in ("0/item/0", "0/item/1", "2/item/0")],
        ),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_every_kind_of_file_packed_or_not(file: Any, name: str, found: list[str], packed: bool) -> None:
    data = (SAMPLES / name).read_bytes()
    path = file(name + ".gz", gzip.compress(data, mtime=0)) if packed else SAMPLES / name
    where = [record.where for record in read_claimreviews(path) if not record.reason]
    assert where == [one.replace(name, path.name) for one in found]


def test_what_is_left_out_is_told_with_its_place_and_its_text() -> None:
    [cut] = [record for record in read_claimreviews(SAMPLES / "reviews.jsonl") if record.reason]
    assert cut.where == "reviews.jsonl:4"
    assert cut.raw == '{"@type": "ClaimReview", "claimReviewed": "Cut off in the'
    assert cut.values == {}
    [empty] = reasons(SAMPLES / "datafeed.json")
    assert empty == ("datafeed.json:/dataFeedElement/3/item/0", "no claim: claimReviewed is missing or empty")


def test_one_broken_review_of_a_feed_is_mended_and_the_others_are_untouched() -> None:
    notes = {record.where[-8:]: record.notes for record in read_claimreviews(SAMPLES / "datafeed.json")}
    mended = [record for record in read_claimreviews(SAMPLES / "datafeed.json") if "JSON mended" in str(record.notes)]
    assert [record.values["claim"] for record in mended] == ['The mayor said "no more boats" in March.']
    assert mended[0].values["url"] == "https://lanterncheck.example/broken"  # of the entry that holds it
    assert len(notes) > 1


@pytest.mark.parametrize(
    ("name", "data", "count"),
    [
        ("lines.json", b'{"a": 1}\n' + json.dumps(review()).encode() + b"\n" + json.dumps(review(1)).encode(), 2),
        ("one.jsonl", json.dumps(review(), indent=1).encode(), 1),
        ("feed.txt", feed(2), 2),
        ("page.json", b"<html><script type='application/ld+json'>" + json.dumps(review()).encode() + b"</script>", 1),
        ("bom.json", b"\xef\xbb\xbf" + feed(2), 2),
        ("wide.json", feed(2).decode().encode("utf-16"), 2),
        ("packed.json", gzip.compress(feed(2), mtime=0), 2),
        ("row.json", b"\n".join(json.dumps(review(number), indent=1).encode() for number in range(3)), 3),
        ("list.json", json.dumps([review(1), [review(2)], {"x": {"y": review(3)}}]).encode(), 3),
    ],
)
def test_the_content_counts_where_the_name_misleads(file: Any, name: str, data: bytes, count: int) -> None:
    assert len(claims(file(name, data))) == count


def test_a_feed_that_is_cut_keeps_all_before_the_cut_and_tells_of_the_rest_once(file: Any) -> None:
    data = json.dumps([review(number, articleBody="The lamps were counted. " * 80) for number in range(1_200)]).encode()
    assert len(data) > 2_000_000  # larger than what is read at once
    *records, rest = read_claimreviews(file("cut.json", data[:-2]))
    assert len(records) == 1_199  # the last has all its fields, which the file does not tell
    for cut in (len(data) // 2, len(data) - 60, len(data) - 1):
        *records, rest = read_claimreviews(file("cut.json", data[:cut]))
        assert [record.values["claim"] for record in records] == [
            f"Lamp number {number} is off." for number in range(len(records))
        ]
        assert len(records) >= 1_200 * cut // len(data) - 1
        assert rest.reason == "the file ends in the middle; what stands before was read"


def test_a_packed_file_that_is_cut_or_damaged_keeps_what_could_be_unpacked(file: Any) -> None:
    packed = gzip.compress(feed(2_000))
    path = file("cut.json.gz", packed[: len(packed) // 2])
    assert len(claims(path)) > 500
    assert len(reasons(path)) == 1
    assert "the packed file ends in the middle" in reasons(path)[0][1]
    ending = bytearray(packed)
    ending[-6] ^= 255
    path = file("sum.json.gz", bytes(ending))
    assert len(claims(path)) == 2_000
    assert "damaged" in reasons(path)[0][1]
    lines = gzip.compress(b"\n".join(json.dumps(review(number)).encode() for number in range(2_000)))
    path = file("cut.jsonl.gz", lines[: len(lines) // 2])
    assert len(claims(path)) > 500
    assert len(reasons(path)) == 1


def test_a_review_larger_than_the_limit_is_told_and_the_next_is_read(file: Any) -> None:
    large = json.dumps(review(claimReviewed="x" * 11_000_000))
    many = json.dumps(review(keywords=["y" * 1_000] * 11_000))
    data = f"[{large}, {many}, {json.dumps(review(7))}]".encode()
    assert claims(file("large.json", data)) == ["Lamp number 7 is off."]
    assert [reason for _, reason in reasons(file("large.json", data))] == [
        "a review of more than 10,000,000 characters"
    ] * 2
    lines = f"{large}\n{json.dumps(review(8))}\n".encode()
    assert claims(file("large.jsonl", lines)) == ["Lamp number 8 is off."]
    assert len(reasons(file("large.jsonl", lines))) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[" * 500_000, "nested more than 100 deep"),
        (b'{"a":' * 300_000, "nested more than 100 deep"),
        (b'{"a":' * 3_000 + b'{"claimReviewed":"x"}' + b"}" * 3_000, "nested more than 100 deep"),
        (b'[{"claimReviewed": "x", "b": "' + b'y\\"' * 2_000_000, "the file ends in the middle"),
        (b'{"claimReviewed": "' + b'"x" ' * 100_000 + b'"}', "not JSON"),
        (b'{"claimReviewed"' + b"/*" * 90_000 + b"}", "not JSON"),
    ],
)
def test_a_hostile_file_is_refused_soon(file: Any, data: bytes, said: str) -> None:
    start = time.process_time()
    found = reasons(file("hostile.json", data))
    assert len(found) == 1
    assert said in found[0][1]
    assert len(found[0][0]) < 300
    assert time.process_time() - start < 8


@pytest.mark.parametrize(
    "data",
    [
        b'<script type="application/ld+json">' * 20_000 + b'{"@type":"ClaimReview","claimReviewed":"x"}',
        b'<div itemscope itemtype="http://schema.org/ClaimReview"><p itemprop="claimReviewed">x</p>' * 2_000,
        b"".join(
            b'<div id="a%d" itemprop="x" itemscope itemtype="https://schema.org/ClaimReview" itemref="%s"></div>'
            % (at, b" ".join(b"a%d" % other for other in range(50)))
            for at in range(500)
        ),
        b'<script type="application/ld+json">[' + json.dumps(review(claimReviewed="<!--" * 40_000)).encode() + b"]",
        b'<script type="application/ld+json">['
        + json.dumps(review(itemReviewed={"appearance": "http://" * 10_000})).encode()
        + b"]",
    ],
)
def test_a_hostile_page_is_read_soon(file: Any, data: bytes) -> None:
    start = time.process_time()
    assert list(read_claimreviews(file("hostile.html", data)))
    assert time.process_time() - start < 8


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.json", b"", "it is empty"),
        ("blank.jsonl", b" \n\n", "it is empty"),
        ("binary.json", bytes(range(256)) * 99, "it is binary"),
        ("words.txt", b"Nothing of the kind.", "neither JSON nor a page nor a feed"),
        ("none.json", b'{"@type": "NewsArticle"}', "no ClaimReview in it; save the page of one review as HTML"),
        ("numbers.json", b"[" + b"1," * 2_000_000 + b"1]", "no ClaimReview in it"),
        ("short.json.gz", gzip.compress(b"x" * 99, mtime=0)[:10], "the packed file ends in the middle"),
    ],
)
def test_a_file_that_holds_nothing_says_what_to_try(file: Any, name: str, data: bytes, said: str) -> None:
    with pytest.raises(UnreadableSource, match=said):
        read_claimreviews(file(name, data))


def test_an_item_that_holds_a_review_in_summary_and_content_has_it_once(file: Any) -> None:
    script = f'<script type="application/ld+json">{json.dumps(review())}</script>'
    item = f"<description><![CDATA[{script}]]></description><content><![CDATA[<p>x</p>{script}]]></content>"
    item = item.replace("content>", "content:encoded>")
    head = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    [record] = read_claimreviews(file("feed.rss", f"{head}<item>{item}</item></channel></rss>".encode()))
    assert "stands twice" in str(record.notes)


def test_a_page_without_markup_is_no_source_though_it_speaks_of_it() -> None:
    with pytest.raises(UnreadableSource, match="no ClaimReview in it; save the page of one review as HTML"):
        read_claimreviews(SAMPLES / "plain.html")


def test_a_folder_and_a_missing_file_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="it is a folder"):
        read_claimreviews(tmp_path)
    with pytest.raises(UnreadableSource, match="no such file"):
        read_claimreviews(tmp_path / "none.json")


def test_a_large_feed_costs_no_memory(tmp_path: Path) -> None:
    """25 MB unpacked are read in less than 20 MB, and the first review is there before the last was read."""
    path = tmp_path / "large.json.gz"
    filler = "The lamps were counted by the harbour office. " * 200
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
        out.write('{"@type": "DataFeed", "dataFeedElement": [')
        for number in range(2_700):
            item = {"@type": "DataFeedItem", "item": [review(number, articleBody=filler)]}
            out.write(", " * bool(number) + json.dumps(item))
        out.write("]}")
    tracemalloc.start()
    try:
        count = sum(1 for record in read_claimreviews(path) if not record.reason)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 2_700
    assert peak < 20_000_000


@pytest.mark.parametrize(
    ("given", "is_markup"),
    [
        (review(), True),
        ({"claimReviewed": "x", "reviewRating": "False"}, True),
        ({"claimReviewed": "x", "itemReviewed": {}}, True),
        ({"claimReviewed": "x", "rating": "False"}, False),  # our own column, by another name
        ({"claim": "x", "rating": "False", "url": "https://a.example"}, False),
        ([review()], True),
        ([{"claim": "x"}], False),
        ({"claims": [{"text": "x"}]}, True),
        ('{"claim": "x", "rating": "False"}\n', False),
        (b"\xef\xbb\xbf" + json.dumps(review()).encode()[:40], True),
        (b'{"claim": "x"', False),
        ("claim,rating\nx,False\n", False),
        (7, False),
    ],
)
def test_markup_is_told_from_a_feed_of_our_own(given: Any, is_markup: bool) -> None:
    assert looks_like_claimreview(given) is is_markup

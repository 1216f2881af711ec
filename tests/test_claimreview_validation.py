"""Anybody's markup examined: every fault with its line, no word about what is sound, and no text that stops it."""

from __future__ import annotations

import io
import json
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer
from hypothesis import given, settings, strategies as st

from tracker.claimreview.definitions import asked, expected, is_a, lineage
from tracker.claimreview.places import offsets
from tracker.claimreview.validation import Severity, examine, validate
from tracker.claimreview.values import is_day
from tracker.cli_validate import validate as command

if TYPE_CHECKING:
    from collections.abc import Callable

Node = dict[str, Any]

GOOD: Node = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://fullfact.org/a",
    "claimReviewed": "NATO has 300,000 troops.",
    "author": {"@type": "Organization", "name": "Full Fact", "url": "https://fullfact.org/"},
    "datePublished": "2022-06-27",
    "reviewRating": {
        "@type": "Rating",
        "alternateName": "Half true",
        "ratingValue": 3,
        "bestRating": 5,
        "worstRating": 1,
    },
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "Joe Bloggs"},
        "datePublished": "2022-06-01",
        "appearance": {"@type": "CreativeWork", "url": "https://tv.example/a"},
    },
    "tracker:claim": {"anything": [1]},
}
MICRODATA = """<html><body>
<div itemscope itemtype="http://schema.org/ClaimReview">
  <link itemprop="url" href="https://a.example/1">
  <h1 itemprop="claimReviewed">NATO has
  300,000 troops.</h1>
  <p itemprop="author" itemscope itemtype="https://schema.org/Organization"><b itemprop="name">Desk</b>
  <meta itemprop="datePublished" content="27 June">
  <div itemprop="reviewRating" itemscope itemtype="https://schema.org/Rating">
    <span itemprop="alternateName">False</span>
    <meta itemprop="ratingValue" content="9"><meta itemprop="bestRating" content="5"><meta
      itemprop="worstRating" content="1">
  </div>
</div></body></html>
"""


def changed(change: Callable[[Node], object]) -> str:
    """A sound review with one change."""
    review = deepcopy(GOOD)
    change(review)
    return json.dumps(review, indent=1)


def told(text: str) -> list[str]:
    return [f"{one.line} {one.severity} {one.text}" for one in validate(text, "f")]


def test_a_sound_review_gets_no_message() -> None:
    """In JSON, in lines, in a graph, in a feed and in a page; an extension is passed over."""
    whole = json.dumps(GOOD)
    other = json.dumps({**GOOD, "url": "https://fullfact.org/a#2"})
    bare = {name: value for name, value in GOOD.items() if name != "@context"}
    feed = {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [bare]}]}
    page = (
        f'<link rel="canonical" href="https://www.fullfact.org/x"><script type="application/ld+json">{whole}</script>'
    )

    for text, reviews in [
        (whole, 1),
        ("\ufeff" + whole, 1),
        (f"{whole}\n{other}\n", 2),
        (f"[{whole}, {other}]", 2),
        (json.dumps({"@context": "http://schema.org/", "@graph": [bare, {"@type": "WebPage", "nonsense": 1}]}), 1),
        (json.dumps({"@context": "https://schema.org", **feed}), 1),
        (page, 1),
    ]:
        assert examine(text, "f") == examine("[]", "f").__class__(reviews, ()), text


@pytest.mark.parametrize(
    ("change", "line", "severity", "words"),
    [
        (lambda r: r.pop("claimReviewed"), 1, "error", "claimReviewed: missing"),
        (lambda r: r.update(claimReviewed=" - "), 5, "error", "claimReviewed: empty"),
        (lambda r: r.update(claimReviewed=["x y"]), 5, "warning", "claimReviewed: a list"),
        (lambda r: r.update(claimReviewed=5), 5, "error", "claimReviewed: a number where a text belongs"),
        (lambda r: r.update(claimReviewed="x" * 76), 5, "warning", "claimReviewed: 76 characters"),
        (lambda r: r.update(claimReviewed="Q&amp;A"), 5, "warning", "claimReviewed: HTML in the text"),
        (lambda r: r.update(claimReviewed={"@value": "x y"}), 5, "warning", 'claimReviewed: written as {"@value"'),
        (lambda r: r.pop("url"), 1, "error", "url: missing"),
        (lambda r: r.update(url="/a"), 4, "error", 'url: "/a" is no whole address'),
        (lambda r: r.update(url="http://a.b/1, http://a.b/2"), 4, "error", "several addresses"),
        (lambda r: r.update(url="ftp://fullfact.org/a"), 4, "error", "url:"),
        (lambda r: r.update(url="https://fullfact.org/a.jpg"), 4, "warning", "url: of an image"),
        (lambda r: r.pop("reviewRating"), 1, "error", "reviewRating: missing"),
        (lambda r: r.update(reviewRating="False"), 12, "error", "reviewRating: a text where a Rating belongs"),
        (
            lambda r: r.update(reviewRating={"@type": "Rating", "ratingValue": -1}),
            12,
            "error",
            "alternateName: missing",
        ),
        (lambda r: r["reviewRating"].update(ratingValue=-1), 15, "warning", "cannot be rated"),
        (lambda r: r["reviewRating"].update(ratingValue=0), 15, "error", "ratingValue: 0 is not within 1 to 5"),
        (lambda r: r["reviewRating"].update(ratingValue="five"), 15, "warning", 'ratingValue: "five" is no number'),
        (lambda r: r["reviewRating"].update(ratingValue=True), 15, "error", "ratingValue: true or false where"),
        (lambda r: r["reviewRating"].pop("bestRating"), 12, "warning", "bestRating: missing"),
        (lambda r: r["reviewRating"].update(bestRating=1), 16, "error", "bestRating: 1 is not above worstRating, 1"),
        (lambda r: r["reviewRating"].update(alternateName="x" * 61), 14, "warning", "alternateName: 61 characters"),
        (lambda r: r["reviewRating"].update(properties={}), 18, "warning", '"properties": no property of Rating'),
        (lambda r: r["reviewRating"].update({"@type": "Person"}), 13, "error", 'a "Person" where a Rating belongs'),
        (
            lambda r: r.update(author="Full Fact"),
            6,
            "error",
            "author: a text where an Organization or a Person belongs",
        ),
        (lambda r: r.pop("author"), 1, "warning", "author: missing"),
        (lambda r: r["author"].update({"@type": "Organisation"}), 7, "warning", "did you mean Organization?"),
        (lambda r: r["author"].pop("@type"), 6, "warning", "author: has no @type"),
        (lambda r: r.update(datePublished="27/06/2022"), 11, "error", 'datePublished: "27/06/2022" is no day'),
        (lambda r: r.update(datePublished="2022-02-30"), 11, "error", "datePublished"),
        (lambda r: r.update(claimReviewd="x"), 36, "warning", "did you mean claimReviewed?"),
        (lambda r: r.pop("itemReviewed"), 1, "warning", "itemReviewed: missing"),
        (lambda r: r["itemReviewed"].update({"@type": "CreativeWork"}), 19, "warning", "itemReviewed: an older form"),
        (lambda r: r["itemReviewed"].pop("author"), 19, "warning", "author: missing"),
        (lambda r: r["itemReviewed"]["author"].update(name="full  fact"), 21, "warning", "the claimant is the checker"),
        (lambda r: r["itemReviewed"]["appearance"].update(url="https://www.fullfact.org/b"), 26, "warning", "own site"),
        (lambda r: r["itemReviewed"].update(appearance="https://fullfact.org/b"), 26, "warning", "own site"),
        (lambda r: r.pop("@context"), 1, "error", "@context: missing"),
        (lambda r: r.update({"@context": "https://other.example"}), 2, "error", "not schema.org alone"),
        (lambda r: r.update({"@context": ["https://schema.org", {"x": "y"}]}), 2, "warning", "not schema.org alone"),
        (lambda r: r.update({"@type": "claimReview"}), 3, "error", 'type "claimReview": write ClaimReview'),
        (lambda r: r.update({"@tpye": "x"}), 36, "warning", '"@tpye": no word of JSON-LD'),
    ],
)
def test_each_fault_is_told_with_its_line(
    change: Callable[[Node], object], line: int, severity: str, words: str
) -> None:
    """One message says it, at the line of the property, or of the object that lacks it."""
    found = [one for one in validate(changed(change), "f") if words in one.text]

    assert [(one.line, one.severity) for one in found] == [(line, severity)], told(changed(change))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda r: r.update({"@type": ["ClaimReview", "Review"]}), "a list of types"),
        (lambda r: r.update({"@type": "https://schema.org/ClaimReview"}), "a type by its address"),
        (lambda r: r["author"].update({"@type": "NewsMediaOrganization", "masthead": "x"}), "a kind of organization"),
        (lambda r: r["itemReviewed"].update(appearance=["https://a.example/", {"@type": "VideoObject"}]), "two places"),
        (lambda r: r["itemReviewed"].update(appearance=None, firstAppearance="https://a.example/"), "the first alone"),
        (lambda r: r.update(datePublished="2022-06-27T10:00:00.000+0200"), "a time"),
        (lambda r: r["reviewRating"].update(ratingValue="3.5", bestRating="5"), "numbers as texts"),
        (lambda r: r["reviewRating"].update(ratingValue=1), "the worst of the scale"),
        (lambda r: r["reviewRating"].update(ratingValue=5), "the best of the scale"),
        (lambda r: r["itemReviewed"].update(author=[{"@type": "Person", "name": "A"}]), "a list of one"),
    ],
)
def test_what_readers_take_is_not_blamed(change: Callable[[Node], object], kind: str) -> None:
    """Other forms of the same, which JSON-LD allows and readers know."""
    assert told(changed(change)) == [], kind


def test_a_reference_is_followed_and_one_in_a_circle_ends() -> None:
    """An author that is described elsewhere in the graph; two nodes that point at each other."""
    review = {name: value for name, value in GOOD.items() if name not in ("@context", "author")}
    org = {"@type": "Organization", "@id": "#org", "url": "no address", "subOrganization": {"@id": "#org"}}
    loop = {"@type": "Person", "@id": "#joe", "name": "Joe", "spouse": {"@id": "#joe"}, "sameAs": {"@id": "#joe"}}
    book = {"@type": "Book", "@id": "#book", "name": "B", "citation": {"@id": "#book"}}
    item = {
        **review["itemReviewed"],
        "citation": {"@id": "#book"},
        "author": {"@id": "#joe"},
        "creator": {"@id": "#joe"},
    }
    graph = [{**review, "author": {"@id": "#org"}, "itemReviewed": item}, org, loop, book]

    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, indent=0)
    described = text[: text.index('"@id": "#org",\n"url"')].count("\n")

    assert [one.partition(";")[0] for one in told(text)] == [
        f"{described - 1} warning name: missing or empty",
        f'{described + 2} error url: "no address" is no whole address',
    ]


def test_the_same_address_twice_is_told_once_per_repetition() -> None:
    """Without an anchor readers cannot tell two reviews of a page apart."""
    lines = "\n".join(json.dumps(GOOD) for _ in range(3))

    assert [one.partition(";")[0] for one in told(lines)] == [
        '2 warning url: another review here has the same, "https://fullfact.org/a"',
        '3 warning url: another review here has the same, "https://fullfact.org/a"',
    ]


def test_a_review_on_another_site_s_page_is_an_error() -> None:
    """The page says where it stands by its canonical address; a part of the site is the site."""
    script = f'<script type="application/ld+json">\n{json.dumps(GOOD, indent=0)}\n</script>'
    page = '<head>\n<link rel="canonical" href="https://{}/a">\n{}'

    assert told(page.format("blog.fullfact.org", script)) == []
    assert told(page.format("fact.org", script))[0].startswith("7 error url: not on this page's site (fact.org)")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('{\n"claimReviewed": "He said "no" to it"\n}', (2, 28), "a quotation mark inside the text before it"),
        ('{\n"a": 1\n"b": 2}', (3, 1), "a comma is missing"),
        ('{"a": 1,\n}', (2, 1), "a comma too many"),
        ('{"a": [1,\n]}', (2, 1), "a comma is too many"),
        ('{"a": "x\ny"}', (1, 9), "write a break as \\n"),
        ('{"a": "x\\y"}', (1, 9), "write it as \\\\"),
        ("{\n“a”: 1}", (2, 1), 'another quotation mark where " belongs'),
        ("{'a': 1}", (1, 2), 'another quotation mark where " belongs'),
        ("{&quot;a&quot;: 1}", (1, 2), "&quot;"),
        ('{"a": 1', (1, 8), "the end is missing"),
        ('{"a": ', (1, 7), "the end is missing"),
        ('{"a": "x', (1, 7), "not closed"),
        ('{"a": 1} {"b": 2}', (1, 10), "something follows after the end"),
        ('{"a": undefined}', (1, 7), "neither a text in quotation marks nor"),
        ('{"a": NaN}', (1, 1), "NaN is no number"),
        ("", (1, 1), "nothing follows"),
        ("[" * 100_000, (1, 1), "too deeply"),
    ],
)
def test_broken_json_is_told_with_its_place_and_probable_cause(text: str, place: tuple[int, int], words: str) -> None:
    """Line and column, and in a page the lines of the page."""
    for start, end, lines in [("", "", 0), ('<p>\n<script type="application/ld+json">', "</script>", 1)]:
        if start and not text:
            continue
        found = examine(start + text + end, "f")

        assert [one.line - lines for one in found.messages] == [place[0]]
        assert found.messages[0].severity is Severity.ERROR
        assert words in found.messages[0].text
        column = place[1] + (len(start) - 4 if lines and place[0] == 1 else 0)
        assert found.messages[0].path == f"column {column}"


def test_a_key_that_stands_twice_is_told() -> None:
    """Of two values readers take one, and who knows which."""
    text = json.dumps(GOOD, indent=0).replace('"datePublished"', '"url": "https://fullfact.org/b",\n"datePublished"', 1)

    assert '"url": stands twice in the object; the last counts' in told(text)[0]


def test_microdata_is_read_with_its_lines() -> None:
    """Properties are judged as in JSON-LD, at the line of their tag."""
    assert told(MICRODATA) == [
        "2 warning datePublished: missing or empty; write the day of the check, as 2022-06-27",
        "2 warning itemReviewed: missing or empty; write a Claim with its author, datePublished and appearance",
        '7 warning "datePublished": no property of Organization at schema.org; readers pass over it',
        "10 error ratingValue: 9 is not within 1 to 5",
    ]
    closed = MICRODATA.replace("Desk</b>", "Desk</b></p>")
    assert '7 error datePublished: "27 June" is no day or time; write it as 2022-06-27' in told(closed)


def test_microdata_elsewhere_on_the_page_and_links_within_the_site_are_followed() -> None:
    """What `itemref` names belongs to the item; a relative link is whole in a browser."""
    page = """<head><link rel="canonical" href="https://a.example/checks/1"></head>
<div itemscope itemtype="https://schema.org/ClaimReview" itemref="rated when">
<a itemprop="url" href="/checks/1#2">here</a> <h1 itemprop="claimReviewed">The moon is cheese.</h1></div>
<p id="rated">So: <b itemprop="reviewRating" itemscope itemtype="https://schema.org/Rating">
<i itemprop="alternateName">False</i></b> <i itemprop="nonsense">
x</i></p><i itemprop="claimReviewed">another</i>
<time id="when" itemprop="datePublished" datetime="x">today</time>"""

    assert [one for one in told(page) if "missing" not in one] == [
        '5 warning "nonsense": no property of ClaimReview at schema.org; readers pass over it',
        '7 error datePublished: "x" is no day or time; write it as 2022-06-27',
    ]
    assert [one.text.partition(":")[0] for one in validate(page.replace('<link rel="canonical"', "<x"), "f")] == [
        one.text.partition(":")[0] for one in validate(page, "f")
    ]


def test_older_marks_around_a_script_are_told_and_what_is_in_them_is_judged() -> None:
    """CDATA and comments belong to XHTML; the lines stay those of the page."""
    text = changed(lambda r: r.update(datePublished="x"))
    for start, end in [("//<![CDATA[", "//]]>"), ("<!--", "-->"), ("/*<![CDATA[*/", "/*]]>*/")]:
        found = told(f'<p>\n<script type="application/ld+json">\n{start}\n{text}\n{end}\n</script>')
        assert found == [
            f"3 warning {start}: stands around the JSON; remove it, readers of JSON stop there",
            '14 error datePublished: "x" is no day or time; write it as 2022-06-27',
        ]


def test_a_file_without_a_review_is_an_error_unless_it_is_an_empty_feed() -> None:
    """A page without markup is told; a graph or feed that waits for reviews is not at fault."""
    assert examine("<p>x", "f").errors == examine("{}", "f").errors == examine('{"claim": "x"}', "f").errors == 1
    for empty in ('{"@context": "https://schema.org", "@graph": []}', '{"@type": "DataFeed", "dataFeedElement": []}'):
        assert [one.text for one in examine(empty, "f").messages if one.text.startswith("no ClaimReview")] != []
    assert examine('{"@context": "https://schema.org", "@graph": []}', "f").errors == 0


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2022-06-27", True),
        ("20220627", True),
        ("2022-06", True),
        ("2022", True),
        ("2022-06-27T10:00", True),
        ("2022-06-27T10:00:00Z", True),
        ("2022-06-27T10:00:00.123456+02:00", True),
        ("2022-13", False),
        ("2022-6-7", False),
        ("27 June 2022", False),
        ("2022-06-27T25:00", False),
        ("06/27/2022", False),
        ("1656288000", False),
        ("", False),
    ],
)
def test_days_are_iso_8601(text: str, good: bool) -> None:
    """Days, times, months and years as the norm writes them."""
    assert is_day(text) is good


def test_the_definitions_hold_together() -> None:
    """Every type that is named has a definition or is a kind of one; what is asked for is a property."""
    data = json.loads(Path("tracker/data/claimreview.json").read_text(encoding="utf-8"))
    words = {"Text", "URL", "Number", "Integer", "Boolean", "Date", "DateTime"}
    for kind, one in data["types"].items():
        assert lineage(kind)[-1] == "Thing"
        assert {name for values in one.get("properties", {}).values() for name in values if not lineage(name)} <= words
        for how in ("required", "recommended"):
            assert asked(kind, how).keys() <= expected(kind).keys()
    kinds = [kind for names in data["kinds"].values() for kind in names.split()]
    assert len(kinds) == len(set(kinds))
    assert not set(kinds) & data["types"].keys()
    assert list(asked("ClaimReview", "required")) == ["claimReviewed", "reviewRating", "url"]  # Google's
    assert set(data["single"].split()) <= {name for kind in data["types"] for name in expected(kind)}
    assert is_a("ClaimReview", "CreativeWork")
    assert not is_a("Organization", "CreativeWork")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(
        ["ClaimReview", "Rating", "Claim", "https://a.example/", "http://[", "2022-06-27", "#a", '"', "\\", "é🙂"]
    )
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@id", "@graph", "@context", "@value", "@list", *GOOD, *GOOD["reviewRating"], "x y"]
            )
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(VALUES)
@settings(deadline=None, max_examples=300)
def test_no_json_stops_it_and_every_message_has_a_line_of_the_file(value: Any) -> None:
    """Whatever shape it has; the lines lie within the text."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    page = f'<script type="application/ld+json">\n{text}\n</script>'

    for whole in (text, page):
        assert all(1 <= one.line <= whole.count("\n") + 1 for one in validate(whole, "f"))
        assert all(str(one).isprintable() for one in validate(whole, "f"))


@given(
    st.lists(
        st.sampled_from([*MICRODATA.split(), "<", ">", "</div>", "<script", "<!--", '"', "=", "itemscope "]),
        max_size=40,
    )
)
@settings(deadline=None)
def test_no_page_stops_it(pieces: list[str]) -> None:
    """Tags that are broken off, closed twice or never."""
    assert validate("<" + " ".join(pieces), "f") is not None


@given(VALUES, st.sampled_from([None, 1]))
@settings(deadline=None)
def test_places_are_where_the_values_stand(value: Any, indent: int | None) -> None:
    """At each place the JSON reader finds the key, or the value, that was asked for."""
    text = " " + json.dumps(value, indent=indent)
    paths = dict(walk(value, ()))
    found = offsets(text, paths)
    decoder = json.JSONDecoder()

    assert found.keys() == paths.keys()
    for path, at in found.items():
        read, end = decoder.raw_decode(text, at)
        if path and isinstance(path[-1], str):
            assert read == path[-1]
            read = decoder.raw_decode(text, end + 2)[0]
        assert read == paths[path]


def walk(value: Any, path: tuple[Any, ...]) -> list[tuple[tuple[Any, ...], Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(path, value), *(one for key, held in inner for one in walk(held, (*path, key)))]


def test_a_page_of_a_million_open_tags_is_read_in_time() -> None:
    """No search through all that is open at each tag."""
    assert examine("<div>x</p>" * 100_000, "f").errors == 1
    assert examine("<div itemscope itemtype='https://schema.org/ClaimReview'>" + "<i>x" * 100_000, "f").reviews == 1


def run(capsys: pytest.CaptureFixture[str], *files: Path, as_json: bool = False) -> tuple[int, str, str]:
    code = 0
    try:
        command(list(files), as_json=as_json)
    except typer.Exit as left:
        code = left.exit_code
    done = capsys.readouterr()
    return code, done.out, done.err


def test_the_command_prints_a_line_a_message_and_ends_with_5_for_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As compilers do: FILE:LINE: severity: text (path)."""
    good, bad = tmp_path / "good.json", tmp_path / "bad\x1b.json"
    good.write_text(json.dumps(GOOD), encoding="utf-8")
    bad.write_text(changed(lambda r: r.update(url="x")), encoding="utf-8")
    name = str(bad).replace("\x1b", "")
    fault = 'url: "x" is no whole address; it begins with https:// and names a site'

    assert run(capsys, good) == (0, "1 review, no errors\n", "")
    assert run(capsys, good, bad) == (
        5,
        f"{name}:4: error: {fault} ($.url)\n2 reviews, 1 error\n",
        "",
    )
    assert json.loads(run(capsys, bad, as_json=True)[1]) == {
        "reviews": 1,
        "errors": 1,
        "messages": [
            {
                "file": name,
                "line": 4,
                "path": "$.url",
                "severity": "error",
                "text": fault,
            }
        ],
    }


def test_the_command_ends_with_4_where_a_file_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other files are examined all the same."""
    good, binary = tmp_path / "good.json", tmp_path / "binary"
    good.write_text(json.dumps(GOOD), encoding="utf-8")
    binary.write_bytes(b"{\xff")
    for unreadable, why in [
        (binary, "byte 2 is not UTF-8"),
        (tmp_path, "not a regular file"),
        (tmp_path / "no", "No such"),
    ]:
        code, out, err = run(capsys, unreadable, good)
        assert (code, out) == (4, "1 review, no errors\n")
        assert why in err
    monkeypatch.setattr("tracker.cli_validate.SIZE_LIMIT", 100)
    assert "more than 0.0001 MB" in run(capsys, good)[2]


def test_the_command_reads_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is what was piped in."""
    piped = io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + json.dumps(GOOD).encode()))
    monkeypatch.setattr("sys.stdin", piped)

    assert run(capsys, Path("-")) == (0, "1 review, no errors\n", "")

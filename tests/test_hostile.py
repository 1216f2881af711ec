"""Input from outside is hostile: whatever it holds is stored as it is or refused with a reason, and never executed.

Thousands of generated inputs go through the command line as it runs for a user (in this process, for speed) and through
`Tracker`. They share one store, which at the end must be whole, searchable, and come back from an export.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import sqlite3
import sys
import unicodedata
from collections import Counter
from contextlib import closing
from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
import typer.main
from hypothesis import Phase, given, settings, strategies as st

from tests.conftest import Result
from tracker import cli
from tracker.__main__ import main
from tracker.entries import fold, storable, text_key
from tracker.errors import InvalidClaim, UnreadableSource
from tracker.feeds import COLUMNS, Row, read_feed
from tracker.models import Evidence, NewClaim, NewVerdict
from tracker.pipeline import Tracker
from tracker.reports.plain import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tracker.models import Verdict

KNOWN = "Hospital waiting times in Northmoor doubled to 14 weeks in 2025."
CODES = range(9)  # those in tracker/errors.py, and 0
TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
COMMAND = typer.main.get_command(cli.app)
tried: Counter[str] = Counter()

DAYS = ["0001-01-01", "2022-02-30", "2022-13-45", "03/04/2022", "9999-12-31", "stated on October 28, 2019 in"]
FRAGMENTS = [
    *DAYS,
    # SQL and the syntax of FTS5
    *("'; DROP TABLE claims; --", '" OR 1=1; --', "%' OR '1'='1", "Robert'); DELETE FROM verdicts;--", "\\'", "%_"),
    *('"', '""', "NEAR(", "NEAR(a b, 2)", "*", "NATO*", "AND OR NOT", "NOT", "^NATO", "text:", "claims_fts:", "-", "+"),
    *("{text title}: x", "(", ")", "a AND", '"unbalanced', "NULL", "x'00'", "ATTACH DATABASE '/tmp/x' AS x"),
    # characters that are none, or that a terminal obeys
    *("\0", "a\0b", "\ud800", "\udcff", "\ufffe", "\uffff", "\x9b2J", "\x07", "\x1a", "\x04", "\x7f", "\x85"),
    *("\x1b[2J", "\x1b]0;owned\x07", "\x1b]8;;https://a.example\x1b\\x", "\x08\x08\x08"),
    *("\r", "\r\n", "\n", "\t", "\x0b", "\x0c", "\x1c", "\u2028", "\u2029"),
    # marks that turn or hide what is read, letters that change their number when folded, floods of accents
    *("\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "\u061c", "\u200b", "\u200d", "\ufeff", "\u00ad", "\U000e0041"),
    *("ﷺ", "ﬁ", "İ", "ß", "Σ", "ｆｕｌｌ", "\U0001f469\u200d\U0001f52c", "e" + "\u0301" * 50, "\u0315\u0300" * 40),
    # markup, formulas, formats, paths, addresses
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "<!--", "]]>", "</title>", "&#0;"),
    *('=HYPERLINK("https://a.example","x")', "+1", "-1", "@SUM(A1)", "'=1", "=cmd|' /C calc'!A0", "＝1", "\t=1"),
    *("%s%n%x", "{0.__class__}", "${jndi:ldap://a.example}", "{{7*7}}", "$(id)", "`id`", "; rm -rf /", "| cat"),
    *("../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "C:\\Windows", "~/.ssh", "\\\\host\\share", "con.txt"),
    *("https://a.example/", "http://", "javascript:alert(1)", "data:text/html,x", "https://\u0430.example/?q=\u202e"),
    # figures that are none, JSON
    *("NaN", "Infinity", "-Infinity", "1e999", "9" * 40, "0x1F", "٣٠٠", "½", "10^100", "1,2,3,,"),
    *("{}", "[]", '{"a":' * 5, "null", "true"),
    # plain words, so that some of it is accepted
    *("NATO has 300,000 troops", "The earth is flat", "Northmoor", " ", "  "),
]
LONG = [
    *("x" * 10_001, "x" * 10_000, " " * 9_000 + "x", "a\u0301" * 4_000, "ﷺ" * 9_000),
    *("(" * 3_000, "“" * 3_000, "a. " * 1_000),
]
fragments = st.sampled_from(FRAGMENTS)
parts = st.one_of(fragments, fragments, fragments, st.text(max_size=6), st.sampled_from(["word ", " it is ", " 14 "]))
texts = st.lists(parts, min_size=1, max_size=5).map("".join)
hostile = st.sampled_from([texts] * 100 + [st.sampled_from(LONG)]).flatmap(lambda strategy: strategy)
some = st.none() | texts
addresses = texts.map("https://a.example/{}".format)
some_url = st.sampled_from([st.none(), addresses, addresses, texts]).flatmap(lambda strategy: strategy)
some_day = st.sampled_from([None, None, None, "2022-06-27", "27 June 2022", *DAYS])
many = settings(max_examples=800, deadline=None, derandomize=True, database=None, phases=[Phase.generate])


def run(*arguments: str, stdin: bytes = b"") -> Result:
    """Run the command line in this process, as `python -m tracker` does, with streams of its own."""
    printed, said = io.BytesIO(), io.BytesIO()
    out, err = io.TextIOWrapper(printed), io.TextIOWrapper(said)
    log, code = logging.getLogger("tracker"), 0
    before = list(log.handlers)
    with (
        patch.object(cli, "app", COMMAND),  # Typer would make it anew for each of a thousand calls
        patch.object(sys, "argv", ["tracker", *arguments]),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1 if ended.code else 0
        finally:
            log.handlers[:] = before
            out.flush()
            err.flush()
    tried[f"{arguments[0]}, exit code {code}"] += 1
    return Result(code, printed.getvalue().decode(), said.getvalue().decode())


def assert_harmless(done: Result, *, as_json: bool = False) -> None:
    """A documented exit code, and nothing on the terminal that moves the cursor or turns the reading direction."""
    assert done.code in CODES
    assert "Traceback" not in done.err
    for shown in (done.err, "" if as_json else done.out):
        moving = {c for c in shown if unicodedata.category(c) in ("Cc", "Cs")} - {"\n"}
        assert not moving | (TURNING & set(shown)), ascii(shown)
    assert done.code == 0 or done.err
    if as_json and done.code == 0:
        json.loads(done.out)


def plain(verdict: Verdict) -> NewVerdict:
    """A stored verdict without what the store added to it."""
    return NewVerdict(**{one.name: getattr(verdict, one.name) for one in fields(NewVerdict)})


def says(verdict: NewVerdict, row: Row) -> bool:
    """True where a stored verdict says all that the row's does, or that and its day of the claim."""
    given = replace(row.verdict or verdict, claimed_on=verdict.claimed_on)
    days = (row.verdict and row.verdict.claimed_on, row.claim.claimed_on, None)
    empty = (None, ())
    return verdict.claimed_on in days and all(
        getattr(given, one.name) in (*empty, getattr(verdict, one.name)) for one in fields(NewVerdict)
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, cache_folder: Path) -> Iterator[Path]:
    """One store for all inputs, with one claim that must be found in the end."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TRACKER_CACHE", str(cache_folder))
        environment.setenv("TRACKER_AUTHOR", "tester")
        path = tmp_path_factory.mktemp("hostile") / "desk.db"
        with Tracker.open(path) as tracker:
            tracker.add(NewClaim(KNOWN), NewVerdict("Mostly false", publisher="Our desk"))
        yield path


@pytest.fixture(scope="module")
def desk(store: Path) -> Iterator[Tracker]:
    """The same store, open all the time."""
    with Tracker.open(store) as tracker:
        yield tracker


@settings(many, max_examples=400)
@given(hostile, some, some, some_url, some_day, st.booleans())
def test_add(
    desk: Tracker,
    store: Path,
    text: str,
    rating: str | None,
    note: str | None,
    url: str | None,
    day: str | None,
    as_json: bool,
) -> None:
    """What `add` accepts comes back as it was given and is shown without its power; else nothing is stored."""
    about = {"--rating": rating, "--note": note, "--url": url, "--date": day, "--publisher": rating, "--claimant": note}
    options = [part for name, value in about.items() if value is not None for part in (name, value)]
    before = desk.store.tallies.of_rows()
    done = run("add", *options, "--store", str(store), *(["--json"] * as_json), "--", text)
    assert_harmless(done, as_json=as_json)
    if done.code:
        assert desk.store.tallies.of_rows() == before
        return
    number = json.loads(done.out)["claim_id"] if as_json else int(done.out.split()[1])
    record = desk.show(number)
    assert text_key(record.claim.text) == text_key(text)
    if desk.store.tallies.of_rows()["claims"] > before["claims"]:
        assert record.claim.text == text.strip()
        assert record.claim.claimant == ((note or "").strip() or None)
    if rating is not None:
        given_back = {(verdict.rating, verdict.explanation) for verdict in record.verdicts}
        assert (rating.strip() or None, (note or "").strip() or None) in given_back
    shown = run("show", str(number), "--store", str(store))
    assert_harmless(shown)
    assert "".join(clean(record.claim.text).split()) in "".join(shown.out.split())


@settings(many, max_examples=300)
@given(hostile, st.booleans(), st.sampled_from(["search", "list"]))
def test_search_and_list(store: Path, text: str, as_json: bool, command: str) -> None:
    """A query is words and nothing else: no syntax, no pattern."""
    query = ["--text", text] if command == "list" else ["--", text]
    done = run(command, "--store", str(store), *(["--json"] * as_json), *query)
    assert_harmless(done, as_json=as_json)
    if done.code == 0 and as_json and command == "list":
        assert all((fold(text) or "") in (fold(claim["claim"]) or "") for claim in json.loads(done.out)["claims"])
    elif done.code == 0 and as_json:
        assert json.loads(done.out)["query"] == text.strip()


@settings(many, max_examples=500)
@given(hostile)
def test_search_in_python(desk: Tracker, text: str) -> None:
    """The library refuses what the command line refuses, and nothing else goes wrong."""
    try:
        found = desk.search(text)
    except InvalidClaim:
        tried["a query refused"] += 1
    else:
        tried["a query answered"] += 1
        assert found.query == text.strip()


@settings(many, max_examples=200)
@given(
    st.lists(texts, min_size=1, max_size=3),
    st.sampled_from([".txt", ".md", ".html", "-"]),
    st.booleans(),
    st.booleans(),
)
def test_check(store: Path, article: list[str], kind: str, save: bool, as_json: bool) -> None:
    """An article may hold anything; a statement's span is what stands in its text."""
    data = "\n\n".join(article).encode("utf-8", "surrogatepass")
    page = b"<html><body>%s</body></html>" % data
    file = store.with_name(f"article{kind}")
    file.write_bytes(page if kind == ".html" else data)
    options = ["--store", str(store), "--min-worth", "0", *(["--save"] * save), *(["--json"] * as_json)]
    done = run("check", "-" if kind == "-" else str(file), *options, stdin=data)
    assert_harmless(done, as_json=as_json)
    assert done.code in (0, 4)
    if as_json and done.code == 0:
        found = json.loads(done.out)
        for finding in found["findings"]:
            statement = finding["statement"]
            assert found["article"]["text"][statement["start"] : statement["end"]] == statement["text"]


@many
@given(
    *(some, some, some | addresses, some),
    st.lists(texts, max_size=3),
    st.lists(st.builds(Evidence, texts | addresses, some, some | addresses), max_size=2),
)
def test_verdict(
    desk: Tracker,
    rating: str | None,
    publisher: str | None,
    url: str | None,
    note: str | None,
    tags: list[str],
    evidence: list[Evidence],
) -> None:
    """A verdict that is accepted comes back whole; one that is refused leaves nothing."""
    new = NewVerdict(rating, publisher, None, url, None, note, tags=tuple(tags), evidence=tuple(evidence))
    before = desk.store.tallies.of_rows()
    try:
        number, _ = desk.add_verdict(1, new)
    except InvalidClaim:
        tried["a verdict refused"] += 1
        assert desk.store.tallies.of_rows() == before
        return
    tried["a verdict taken"] += 1
    (found,) = [verdict for verdict in desk.show(1).verdicts if verdict.id == number]
    assert plain(found) == storable(new)


pieces = st.fixed_dictionaries({"url": addresses}, optional={"note": texts, "archive_url": addresses})
sound = {
    **dict.fromkeys(("id", "title", "claimant", "language", "rating", "publisher", "explanation", "tags"), texts),
    **{name: st.dates(date(1900, 1, 1), date(2025, 1, 1)).map(str) for name in ("claim_date", "review_date")},
    "url": addresses,
    "evidence": st.lists(pieces, max_size=2).map(json.dumps),
}
wild = {name: texts for name in COLUMNS if name != "claim"}
rows = st.one_of(*(st.fixed_dictionaries({"claim": texts}, optional=cells) for cells in (sound, sound, wild)))
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=2), max_leaves=3)
loose = st.dictionaries(st.sampled_from([*COLUMNS, "text", "note", "x\x1b[2J"]), values, max_size=6)


def feed_of(kind: str, feed: list[dict[str, Any]]) -> bytes:
    """The rows as a file of this kind, as somebody's export would write them."""
    if kind == ".jsonl":
        lines = [json.dumps(row, ensure_ascii=bool(len(feed) % 2)) for row in feed]
        return "\n".join(lines).encode("utf-8", "surrogatepass")
    file = io.StringIO(newline="")
    header = list(dict.fromkeys(name for row in feed for name in row)) or ["claim"]
    lists = [header, *([row.get(name, "") for name in header] for row in feed)]
    if kind == ".csv":
        csv.writer(file).writerows(lists)
    else:
        file.write("\n".join("\t".join(map(str, cells)) for cells in lists))
    return file.getvalue().encode("utf-8", "surrogatepass")


def said_in(row: dict[str, Any], name: str) -> str:
    """What a row's cell is as a text."""
    value = row.get(name)
    return (value if isinstance(value, str) else json.dumps(value) if isinstance(value, float) else str(value)).strip()


@many
@given(
    st.sampled_from([".csv", ".tsv", ".jsonl"]),
    st.lists(rows | loose, min_size=1, max_size=4),
    st.none() | st.binary(max_size=20),
    st.sampled_from([True, False, False]),
)
def test_import(
    desk: Tracker, store: Path, kind: str, feed: list[dict[str, Any]], noise: bytes | None, as_command: bool
) -> None:
    """Every row is taken up or named with a reason; what is taken up comes back; a feed as a whole may be refused."""
    path, data = store.with_name(f"feed{kind}"), feed_of(kind, feed)
    path.write_bytes(data if noise is None else data[: len(data) // 2] + noise + data[len(data) // 2 :])
    if as_command:
        done = run("import", str(path), "--store", str(store))
        assert_harmless(done)
        assert done.code in (0, 4, 5)
    try:
        read = list(read_feed(path))
    except UnreadableSource:
        tried["a feed refused"] += 1
        return
    imported = desk.import_rows(read)
    left_out = {one.where: one.reason for one in imported.rejected}
    assert all(left_out.values())
    assert imported.added + imported.updated + imported.unchanged + len(left_out) == len(read)
    tried["a row refused"] += len(left_out)
    tried["a row taken up"] += len(read) - len(left_out)
    if kind != ".tsv" and noise is None:
        texts_given = {said_in(row, name) for row in feed for name in ("claim", "text")}
        assert {row.claim.text for row in read if isinstance(row, Row)} <= texts_given
    for row in read:
        if isinstance(row, Row) and row.where not in left_out:
            found = desk.store.rows("SELECT id FROM claims WHERE text_key = ?", [text_key(row.claim.text)])
            verdicts = [plain(verdict) for claim in found for verdict in desk.show(claim["id"]).verdicts]
            assert found, ascii(row.claim.text)
            assert row.verdict is None or any(says(verdict, row) for verdict in verdicts)


@pytest.mark.parametrize(
    "unit", ["x", "The dam was built in 1962. ", "\u202e", "a\u0301", "(", "“", " x", "<b>", "=1;", "\U0001f469\u200d"]
)
def test_a_megabyte(store: Path, unit: str) -> None:
    """As a claim, a query, a note or a line of a feed it is refused by its length."""
    text = (unit * 1_000_000)[:1_000_000]
    for command in (
        ["add", "--", text],
        ["search", "--", text],
        ["add", "It rains.", "--rating", "True", "--note", text],
    ):
        done = run("--store", str(store), *command)
        assert_harmless(done)
        assert done.code == 5
        assert "1,000,000 characters; at most 10,000 can be stored" in done.err
    for kind in ("tsv", "csv"):
        store.with_name(f"long.{kind}").write_text(f"claim\n{text}\n", encoding="utf-8")
        done = run("--store", str(store), "import", str(store.with_name(f"long.{kind}")))
        assert_harmless(done)
        assert done.code == 5
        assert f"rejected long.{kind}:2: " in done.err


@pytest.mark.parametrize("unit", ["x", "\u202e"])
def test_a_megabyte_as_an_article(tmp_path: Path, unit: str) -> None:
    """It is read; what is too long for a sentence is left out, and that is said."""
    store, article = tmp_path / "desk.db", tmp_path / "article.txt"
    article.write_text(f"{KNOWN} {unit * 1_000_000}", encoding="utf-8")
    with Tracker.open(store) as tracker:
        tracker.add(NewClaim(KNOWN), NewVerdict("Mostly false"))
    done = run("check", str(article), "--save", "--min-worth", "0", "--store", str(store))
    assert_harmless(done)
    assert done.code == 0
    assert "more than 2,000 characters are not checked" in done.err


@pytest.mark.parametrize("kind", [".csv", ".jsonl"])
def test_an_export_comes_back(desk: Tracker, tmp_path: Path, kind: str) -> None:
    """What another store has from a feed goes to a third by way of a feed and comes out again as the same file."""
    first, second, third = (tmp_path / f"{name}{kind}" for name in ("first", "second", "third"))
    desk.export(first)
    for feed, export in ((first, second), (second, third)):
        with Tracker.open(tmp_path / f"{export.stem}.db") as new:
            rejected = new.import_rows(read_feed(feed)).rejected
            new.export(export)
        if feed == first:  # two verdicts with one publisher and address, neither of which corrects the other
            assert all("contradicts an earlier row" in one.reason for one in rejected)
        else:
            assert rejected == ()
    assert third.read_bytes() == second.read_bytes()


def test_afterwards_the_store_is_whole(
    desk: Tracker, store: Path, tmp_path: Path, tell: Callable[[str, str], None]
) -> None:
    """Nothing was executed: the same tables, no damage, and words are found."""
    tables = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
    with closing(sqlite3.connect(store)) as conn, Tracker.open(tmp_path / "new.db") as new:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute(tables).fetchall() == [tuple(row) for row in new.store.rows(tables)]
        conn.execute("INSERT INTO claims_fts (claims_fts) VALUES ('integrity-check')")
    assert 1 in desk.store.find_words('"Northmoor" AND "hospital"', 1000)
    assert desk.search(KNOWN).matches[0].claim.id == 1
    counted = ", ".join(f"{count} {name}" for name, count in sorted(tried.items()))
    tell("hostile inputs", f"{tried.total():,} ({counted}), each stored as it was or refused with a reason")

"""Feeds: every kind read and written, and whatever can be wrong with a row costs that row alone."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings, strategies as st

from tracker.errors import UnreadableSource, UsageProblem
from tracker.feeds import COLUMNS, STARTER, Rejected, Row, read_feed, write_feed
from tracker.models import Claim, ClaimRecord, NewClaim, NewVerdict, Verdict

if TYPE_CHECKING:
    from pathlib import Path

NATO = "NATO has sent troops to Ukraine to fight Russia."
JETS = "NATO fighter jets have arrived in Ukraine."


def read(folder: Path, name: str, content: str | bytes) -> list[Row | Rejected]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_feed(path))


def kept(rows: list[Row | Rejected]) -> list[str]:
    return [row.claim.text for row in rows if isinstance(row, Row)]


def left_out(rows: list[Row | Rejected]) -> list[tuple[str, str]]:
    return [(row.where, row.reason) for row in rows if isinstance(row, Rejected)]


def only(rows: list[Row | Rejected]) -> Row:
    assert len(rows) == 1
    assert isinstance(rows[0], Row), rows[0]
    return rows[0]


def test_the_starter_claims_are_read_whole() -> None:
    """All rows of the feed that ships with the package are good, with their verdicts and days."""
    rows = list(read_feed(STARTER))
    assert len(kept(rows)) == 61
    first = rows[0]
    assert isinstance(first, Row)
    assert first.where == "starter-claims.csv:2"
    assert first.claim == NewClaim(
        "Sweden and Finland have officially applied to join NATO.", claimant="Facebook post", language="en"
    )
    assert first.verdict is not None
    assert (first.verdict.rating, first.verdict.publisher) == ("Misleading", "Check Your Fact")
    assert first.verdict.reviewed_on == date(2022, 4, 25)


def test_a_csv_cell_may_hold_commas_quotation_marks_and_lines(tmp_path: Path) -> None:
    """RFC 4180 is read: quoted cells, doubled quotation marks, line breaks; a row is named by its first line."""
    rows = read(tmp_path, "a.csv", f'claim,rating\r\n"He said ""no"",\r\nthen yes.",False\r\n{JETS},\r\nx\r\n')
    assert kept(rows) == ['He said "no",\r\nthen yes.', JETS]
    assert left_out(rows) == [("a.csv:5", "1 cells where the header has 2")]


def test_a_tsv_cell_is_taken_as_it_stands(tmp_path: Path) -> None:
    """TSV has no quoting: a quotation mark is a quotation mark, and only a tab ends a cell."""
    rows = read(tmp_path, "a.tsv", f'claim\trating\n"Half a quotation, here.\tTrue\n\n{JETS}\t"False"\n{NATO}\n')
    assert kept(rows) == ['"Half a quotation, here.', JETS]
    assert [row.verdict.rating for row in rows if isinstance(row, Row) and row.verdict] == ["True", '"False"']
    assert left_out(rows) == [("a.tsv:5", "1 cells where the header has 2")]


@pytest.mark.parametrize("suffix", ["jsonl", "ndjson", "JSONL"])
def test_bad_json_lines_are_left_out_by_line(tmp_path: Path, suffix: str) -> None:
    """Lines that are no JSON, or no object, are named with a reason; the others are kept."""
    lines = [
        json.dumps({"claim": NATO}),
        '{"claim": "cut off',
        '["a list"]',
        "",
        "[" * 100_000,
        '{"claim": "x", "id": ' + "9" * 5000 + "}",
        json.dumps({"claim": JETS, "verdict": None, "url": None}),
    ]
    rows = read(tmp_path, f"a.{suffix}", "\n".join(lines))
    assert kept(rows) == [NATO, JETS]
    assert [(where.partition(":")[2], reason.partition(" (")[0]) for where, reason in left_out(rows)] == [
        ("2", "not JSON"),
        ("3", "not a JSON object"),
        ("5", "not JSON"),
        ("6", "not JSON"),
    ]
    assert isinstance(rows[-1], Row)
    assert rows[-1].verdict is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"x,x,x,x", "4 cells where the header has 3"),
        (b"x", "1 cells where the header has 3"),
        (b",False,", "claim: it has no words"),
        (b"!?,False,", "claim: it has no words"),
        (b"Ol\xe9 has won.,False,", "claim: what stands at character 3 is not UTF-8"),
        (b"x\x00y,False,", "claim: holds a NUL character"),
        (b"x,False,some day", "date 'some day': not a day"),
        (b"x,False,2222-01-01", "date '2222-01-01': outside 1900 to today"),
        (b'"x"y,False,', "not CSV"),
        (b"x" * 10_001 + b",False,", "claim: 10,001 characters"),
        (b"x" * 200_000 + b",False,", "not CSV (field larger than field limit"),
        (b'"a quotation mark left open,False,', "not CSV"),
    ],
)
def test_a_bad_row_in_the_middle_costs_that_row_alone(tmp_path: Path, row: bytes, reason: str) -> None:
    """Whatever is wrong with a row, those before and after it are kept, and the row is named by line and reason."""
    good = [f"{NATO[:-1]} {n}.".encode() for n in range(6)]
    lines = [b"claim,rating,review_date", *(b'"%s",False,2022-08-31' % one for one in good)]
    lines.insert(4, row)
    rows = read(tmp_path, "feed.csv", b"\n".join(lines))
    assert kept(rows) == [one.decode() for one in good]
    assert [where for where, _ in left_out(rows)] == ["feed.csv:5"]
    assert left_out(rows)[0][1].startswith(reason)


def test_a_quotation_mark_left_open_swallows_no_later_row(tmp_path: Path) -> None:
    """Two open quotation marks, one of them the last row's, cost two rows, and later rows keep their line numbers."""
    rows = read(tmp_path, "a.csv", f'claim\n"open\n{NATO}\nplain claim\n"two\nlines"\n"x"y\n{JETS}\n"end')
    assert kept(rows) == [NATO, "plain claim", "two\nlines", JETS]
    assert [where for where, _ in left_out(rows)] == ["a.csv:2", "a.csv:7", "a.csv:9"]


def test_json_values_that_are_no_text(tmp_path: Path) -> None:
    """Numbers and booleans are read as their text; a list or object, or half a character, rejects its row."""
    rows = read(
        tmp_path,
        "a.jsonl",
        '{"id": 12, "claim": 300000, "rating": false}\n'
        '{"claim": {"@value": "x"}}\n{"claim": "x", "url": ["https://a.example/"]}\n'
        '{"claim": "half \\ud83d of it"}\n{"claim": "whole \\ud83d\\ude00", "other": {"ignored": []}, "\\ud800": 1}\n',
    )
    assert isinstance(rows[0], Row)
    assert rows[0].claim == NewClaim("300000", external_id="12")
    assert rows[0].verdict == NewVerdict("False")
    assert kept(rows[1:]) == ["whole 😀"]
    assert left_out(rows) == [
        ("a.jsonl:2", "claim: a text was expected"),
        ("a.jsonl:3", "url: a text was expected"),
        ("a.jsonl:4", "claim: what stands at character 6 is not UTF-8; save the file as UTF-8"),
    ]


def test_other_names_for_the_columns(tmp_path: Path) -> None:
    """Column names of other feeds are understood, in any case; columns that nobody knows are left out."""
    header = "Claim_Reviewed,speaker,claimed_on,verdict,publisher,site,review_url,date,lang,note,headline,mood"
    cells = "NATO expanded.,A minister,2022-06-27,Half True,PolitiFact,politifact.com,https://p.example/1"
    row = only(read(tmp_path, "a.csv", f"{header}\n{cells},5 July 2022,en,So so.,On NATO,bad\n"))
    assert row.claim == NewClaim(
        "NATO expanded.", title="On NATO", claimant="A minister", claimed_on=date(2022, 6, 27), language="en"
    )
    assert row.verdict == NewVerdict(
        "Half True",
        publisher="PolitiFact",
        publisher_site="politifact.com",
        url="https://p.example/1",
        reviewed_on=date(2022, 7, 5),
        explanation="So so.",
    )


def test_our_own_column_names_come_first(tmp_path: Path) -> None:
    """Where a row has both our name for a column and another, ours counts in any order; an empty one does not."""
    both = {"text": "A whole article.", "statement": "The tweet.", "claim": NATO, "date": "2020-01-01"}
    row = only(read(tmp_path, "a.jsonl", json.dumps(both | {"review_date": "2021-01-01", "rating": "False"})))
    assert row.claim.text == NATO
    assert row.verdict is not None
    assert row.verdict.reviewed_on == date(2021, 1, 1)
    assert only(read(tmp_path, "a.jsonl", json.dumps({"claim": "  ", "text": JETS}))).claim.text == JETS


def test_politifact_dates_are_the_day_of_the_claim(tmp_path: Path) -> None:
    """PolitiFact's "stated on" is when it was said; when it was checked is then not known."""
    feed = {
        "id": "vclaim-pol-00001",
        "claim": "The number of murders in America has dropped by more than 10%.",
        "verdict": "pants-fire",
        "date": "stated on October 28, 2019 in a speech:",
        "speaker": "Donald Trump",
        "publisher": "PolitiFact",
    }
    row = only(read(tmp_path, "docs.jsonl", json.dumps(feed)))
    assert row.claim.claimed_on == date(2019, 10, 28)
    assert row.claim.external_id == "vclaim-pol-00001"
    assert row.verdict == NewVerdict("pants-fire", publisher="PolitiFact")


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path, name: str) -> None:
    """Files that a spreadsheet saved with a mark at the start are read like others."""
    content = json.dumps({"claim": NATO}) if name.endswith("jsonl") else f"claim\n{NATO}\n"
    assert kept(read(tmp_path, name, b"\xef\xbb\xbf" + content.encode())) == [NATO]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_blank_lines_are_no_rows(tmp_path: Path, name: str) -> None:
    """Before the header, between rows and at the end they are passed over."""
    assert kept(read(tmp_path, name, f"\n\nclaim\n\n{NATO}\r\n\r\n{JETS}\r\n\r\n")) == [NATO, JETS]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", "", "empty"),
        ("a.tsv", "\n", "empty"),
        ("a.jsonl", "", "empty"),
        ("a.csv", "rating,url\nFalse,\n", "no column for the claim.*found: rating, url"),
        ("a.csv", "id;text of it\n1;x\n", "no column for the claim.*found: id;text of it"),
        ("a.csv", "claim,rating,rating\nx,True,False\n", "two columns are named 'rating'"),
        ("a.tsv", "rating\turl\nFalse\t\n", "no column for the claim"),
        ("a.csv", '"claim\nx\n', "1: not CSV.*quotation mark"),
        ("a.xlsx", "PK", r"not a kind of feed.*\.csv, \.tsv, \.jsonl, \.ndjson"),
        ("feed", "claim\nx\n", "not a kind of feed"),
    ],
)
def test_a_file_that_is_no_feed_is_refused_whole(tmp_path: Path, name: str, content: str, reason: str) -> None:
    """The error names the file and what is wrong with it."""
    with pytest.raises(UnreadableSource, match=f"(?s){name}:.*{reason}"):
        read(tmp_path, name, content)


def test_a_folder_a_missing_file_and_a_name_too_long(tmp_path: Path) -> None:
    """What cannot be opened is an unreadable source, whatever the operating system calls it."""
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UnreadableSource, match=r"folder\.csv: a folder"):
        list(read_feed(tmp_path / "folder.csv"))
    with pytest.raises(UnreadableSource, match=r"none\.csv: no such file"):
        list(read_feed(tmp_path / "none.csv"))
    with pytest.raises(UnreadableSource, match="cannot be read"):
        list(read_feed(tmp_path / ("x" * 300 + ".csv")))


def test_rows_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    """The first row is there before the last one is read, so a large feed takes no memory to speak of."""
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"claim": NATO}) + "\n" + '{"broken\n' * 10_000, encoding="utf-8")
    assert isinstance(next(iter(read_feed(path))), Row)


# --- writing ----------------------------------------------------------------------------------------------------------

CURRENT = Verdict("False", publisher="Desk", url="https://d.example/2", reviewed_on=date(2022, 8, 31), id=2)
OLD = Verdict("True", publisher="Desk", url="https://d.example/1", id=1, superseded_by=2)


def written(records: list[ClaimRecord], kind: str) -> str:
    file = io.StringIO(newline="")
    write_feed(records, file, kind)
    return file.getvalue()


def test_csv_is_written_with_every_column() -> None:
    """One row a current verdict and one for a claim without; a superseded verdict is not written."""
    records = [
        ClaimRecord(Claim(NATO, external_id="n-1", id=1), (OLD, CURRENT), (), (("Desk", "n-1"), ("Others", "o-1"))),
        ClaimRecord(Claim('"Jets", they say.')),
    ]
    empty = "," * 12
    assert written(records, ".csv").split("\r\n") == [
        ",".join(COLUMNS),
        f"n-1,{NATO},,,,,False,Desk,,https://d.example/2,2022-08-31,,,",
        f',"""Jets"", they say."{empty}',
        "",
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheets_own_delimiter_is_recognised(tmp_path: Path, delimiter: str) -> None:
    """Excel writes semicolons where the comma is in the numbers; a quoted cell may hold the delimiter itself."""
    path = tmp_path / "feed.csv"
    path.write_text(
        '\ufeffid,"claim",rating\n1,"A, B",True\n\n,,\n'.replace(",", delimiter),
        encoding="utf-8",
    )
    (row,) = read_feed(path)
    assert isinstance(row, Row)
    assert (row.claim.text, row.claim.external_id) == (f"A{delimiter} B", "1")


def test_a_column_that_is_not_known_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A slip in a header must not cost the ratings in silence."""
    path = tmp_path / "feed.csv"
    path.write_text("claim,raitng\nIt rains.,True\n", encoding="utf-8")
    assert len(list(read_feed(path))) == 1
    assert "columns that are not used: raitng" in caplog.text


def test_a_feed_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """What is wrong with a file as a whole is known at once, so nothing of the feeds beside it is stored first."""
    with pytest.raises(UnreadableSource):
        read_feed(tmp_path / "missing.csv")


def test_tsv_is_written_without_quoting() -> None:
    """Tabs and line breaks in a text become a space, quotation marks stay."""
    lines = written([ClaimRecord(Claim('A "b"\tc\r\n d'))], ".tsv").split("\n")
    assert lines[1].split("\t") == ["", 'A "b" c d', *[""] * 12]
    assert lines[2:] == [""]


@pytest.mark.parametrize("kind", [".jsonl", ".ndjson"])
def test_json_lines_are_written_without_empty_values(kind: str) -> None:
    """An object a line, UTF-8 as it is, only what is known."""
    lines = written([ClaimRecord(Claim("Orbán won.", id=1), (CURRENT,)), ClaimRecord(Claim(JETS))], kind).splitlines()
    assert '"Orbán won."' in lines[0]
    assert [json.loads(line) for line in lines] == [
        {
            "claim": "Orbán won.",
            "rating": "False",
            "publisher": "Desk",
            "url": "https://d.example/2",
            "review_date": "2022-08-31",
        },
        {"claim": JETS},
    ]


@pytest.mark.parametrize("kind", [".csv", ".tsv", ".jsonl"])
def test_the_rows_written_are_counted(kind: str) -> None:
    """A claim with two current verdicts is two rows; no claims are none."""
    other = Verdict("Fake", publisher="Others", id=3)
    records = [ClaimRecord(Claim(NATO), (OLD, CURRENT, other)), ClaimRecord(Claim(JETS))]
    assert write_feed(records, io.StringIO(), kind) == 3
    assert write_feed([], io.StringIO(), kind) == 0


@pytest.mark.parametrize(("kind", "named"), [(".xlsx", r"\.xlsx"), ("", "no suffix")])
def test_another_kind_of_file_is_not_written(kind: str, named: str) -> None:
    """The error says which kinds there are, and nothing is written."""
    file = io.StringIO()
    with pytest.raises(UsageProblem, match=rf"{named}: .*\.csv, \.tsv or \.jsonl"):
        write_feed([ClaimRecord(Claim(NATO))], file, kind)
    assert file.getvalue() == ""


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30).map(str.strip)
maybe = st.none() | texts.filter(bool)
days = st.none() | st.dates(date(1900, 1, 1), date(2025, 12, 31))
urls = st.none() | texts.map(lambda text: f"https://a.example/{text}".strip())
claims = st.builds(
    dict[str, Any],
    text=st.builds("{}x{}".format, texts, texts).map(str.strip) | st.sampled_from([NATO, 'a,"b"', "a\r\nb", "=1+1"]),
    external_id=maybe,
    title=maybe,
    claimant=maybe,
    claimed_on=days,
    language=maybe,
)
verdicts = st.builds(
    dict[str, Any],
    rating=texts.filter(bool),
    publisher=maybe,
    publisher_site=maybe,
    url=urls,
    reviewed_on=days,
    explanation=maybe,
    valid_from=st.none() | st.dates(date(1900, 1, 1), date(2010, 1, 1)),
    valid_to=st.none() | st.dates(date(2010, 1, 1), date(2025, 12, 31)),
)


@pytest.mark.parametrize("kind", [".csv", ".jsonl"])
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(claims, st.lists(verdicts, max_size=2)), min_size=1, max_size=4))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, kind: str, feed: list[tuple[dict[str, Any], list[dict[str, Any]]]]
) -> None:
    """Export then import gives the same claims and verdicts, whatever characters the texts hold."""
    path = tmp_path_factory.getbasetemp() / f"round-trip{kind}"
    records = [
        ClaimRecord(
            Claim(**claim),
            tuple(Verdict(**one) for one in said),
            (),
            tuple((one["publisher"] or "", claim["external_id"]) for one in [*said, {"publisher": ""}]),
        )
        for claim, said in feed
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        write_feed(records, file, kind)
    expected: list[tuple[NewClaim, NewVerdict | None]] = []
    for claim, said in feed:
        expected += [(NewClaim(**claim), NewVerdict(**one)) for one in said] or [(NewClaim(**claim), None)]
    assert [(row.claim, row.verdict) for row in read_feed(path) if isinstance(row, Row)] == expected

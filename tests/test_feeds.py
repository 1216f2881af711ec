"""Feeds: every kind read and written, and whatever can be wrong with a row costs that row alone."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
from dataclasses import asdict, fields
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings, strategies as st

from tracker import exchange, records
from tracker.entries import MAX_EVIDENCE, MAX_TEXT, storable
from tracker.errors import UnreadableSource, UsageProblem
from tracker.feeds import COLUMNS, STARTER, Rejected, Row, read_feed, write_feed
from tracker.models import Claim, ClaimRecord, Evidence, NewClaim, NewVerdict, Retraction, Verdict
from tracker.store import Store

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
    assert left_out(rows) == [("a.csv:5", "1 cells where the header has 2; write the empty ones too")]


def test_a_tsv_cell_is_taken_as_it_stands(tmp_path: Path) -> None:
    """TSV has no quoting: a quotation mark is a quotation mark, and only a tab ends a cell."""
    rows = read(tmp_path, "a.tsv", f'claim\trating\n"Half a quotation, here.\tTrue\n\n{JETS}\t"False"\n{NATO}\n')
    assert kept(rows) == ['"Half a quotation, here.', JETS]
    assert [row.verdict.rating for row in rows if isinstance(row, Row) and row.verdict] == ["True", '"False"']
    assert left_out(rows) == [("a.tsv:5", "1 cells where the header has 2; write the empty ones too")]


@pytest.mark.parametrize("suffix", ["jsonl", "ndjson", "JSONL"])
def test_bad_json_lines_are_left_out_by_line(tmp_path: Path, suffix: str) -> None:
    """Lines that are no JSON, or no object, are named with a reason; the others are kept."""
    lines = [
        json.dumps({"claim": NATO}),
        '{"claim": "cut off',
        '["a list"]',
        "",
        "[" * 100_000,
        '{"claim": "x", "id": NaN}',
        '"a text"',
        '{"claim": "x", "claim": "y"}',
        json.dumps({"claim": JETS, "verdict": None, "url": None}),
    ]
    rows = read(tmp_path, f"a.{suffix}", "\n".join(lines))
    assert kept(rows) == [NATO, JETS]
    assert [(where.partition(":")[2], reason.partition(" (")[0]) for where, reason in left_out(rows)] == [
        ("2", "not JSON"),
        ("3", "not a JSON object"),
        ("5", "not JSON"),
        ("6", "not JSON"),
        ("7", "not a JSON object"),
        ("8", "not JSON"),
    ]
    assert isinstance(rows[-1], Row)
    assert rows[-1].verdict is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"x,x,x,x", "4 cells where the header has 3; put quotation marks around a cell that holds a comma"),
        (b"x", "1 cells where the header has 3"),
        (b",False,", "claim: it has no words"),
        (b"!?,False,", "claim: it has no words"),
        (b"Ol\xe9 has won.,False,", "claim: what stands at character 3 is not UTF-8"),
        (b"x\x00y,False,", "claim: holds a NUL character"),
        (b"x,False,some day", "review_date: date 'some day': not a day"),
        (b"x,False,2222-01-01", "review_date: date '2222-01-01': outside 1900 to today"),
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
    """Numbers are read as they are written; true or false, a list, object or half a character rejects its row."""
    rows = read(
        tmp_path,
        "a.jsonl",
        '{"id": 12, "claim": 300000, "rating": 4, "explanation": 1e999, "note": "the other name"}\n'
        '{"claim": {"@value": "x"}}\n{"claim": "x", "url": ["https://a.example/"]}\n'
        '{"claim": "half \\ud83d of it"}\n{"claim": "whole \\ud83d\\ude00", "other": {"ignored": []}, "\\ud800": 1}\n'
        '{"claim": "x", "rating": false}\n',
    )
    assert isinstance(rows[0], Row)
    assert rows[0].claim == NewClaim("300000", external_id="12")
    assert rows[0].verdict == NewVerdict("4", explanation="1e999")
    assert kept(rows[1:]) == ["whole 😀"]
    assert left_out(rows) == [
        ("a.jsonl:2", "claim: a text was expected"),
        ("a.jsonl:3", "url: a text was expected"),
        ("a.jsonl:4", "claim: what stands at character 6 is not UTF-8; save the file as UTF-8"),
        ("a.jsonl:6", "rating: a text was expected"),
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
        ("a.csv", "id;text of it\n1;x\n", r"--map 'claim=text of it' does \(found: id, text of it\)"),
        ("a.csv", '"Satz; ganz","Urteil; kurz"\nx,y\n', "--map 'claim=Satz; ganz' .*found: Satz; ganz, Urteil; kurz"),
        ("a.csv", "Aussage;Urteil\nx;y\n", "--map claim=Aussage does"),
        ("a.csv", "claim,rating,rating\nx,True,False\n", "two columns are named 'rating'"),
        ("a.csv", "claim,Rating, rating\nx,True,False\n", "two columns are named 'rating'"),
        ("a.jsonl", "\n\n", "empty"),
        ("a.csv.gz", "\x1f\x8b", r"not a kind of feed.*unpack it first"),
        ("a.ZIP", "PK", r"not a kind of feed.*unpack it first"),
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
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(UnreadableSource, match=r"pipe\.csv: not a regular file"):
        list(read_feed(tmp_path / "pipe.csv"))


def test_rows_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    """The first row is there before the last one is read, so a large feed takes no memory to speak of."""
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"claim": NATO}) + "\n" + '{"broken\n' * 10_000, encoding="utf-8")
    assert isinstance(next(iter(read_feed(path))), Row)


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl"])
def test_a_line_of_any_length_costs_that_row_alone(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is passed over in pieces, whether it ends or not, and the rows around it keep their line numbers."""
    monkeypatch.setattr(records, "MAX_RECORD", 200_000)
    lines = [*(["claim"] if kind != "jsonl" else []), NATO, "x" * 1_000_000, JETS, "y" * 200_000]
    if kind == "jsonl":
        lines = [json.dumps({"claim": line}) for line in lines]
    rows = read(tmp_path, f"a.{kind}", "\n".join(lines))
    assert kept(rows) == [NATO, JETS]
    first = 2 if kind == "jsonl" else 3
    assert [where for where, _ in left_out(rows)] == [f"a.{kind}:{first}", f"a.{kind}:{first + 2}"]
    assert all("a line of more than 200,000 characters" in reason for _, reason in left_out(rows))


@pytest.mark.parametrize("kind", ["csv", "tsv"])
def test_a_header_of_any_length_is_refused(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of one endless line is no feed; neither is it read whole."""
    monkeypatch.setattr(records, "MAX_RECORD", 200_000)
    with pytest.raises(UnreadableSource, match="a line of more than 200,000 characters"):
        read(tmp_path, f"a.{kind}", "claim" + "\tx" * 200_000)


def test_a_line_that_is_too_long_inside_a_quoted_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row that it breaks and the line itself are left out, each by its own number."""
    monkeypatch.setattr(records, "MAX_RECORD", 1000)
    rows = read(tmp_path, "a.csv", f'claim\n"begun\n{"x" * 5000}\n{JETS}\n')
    assert kept(rows) == [JETS]
    assert [where for where, _ in left_out(rows)] == ["a.csv:2", "a.csv:3"]


def test_rows_of_csv_over_many_lines_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that never ends is given up by size and by lines; what follows is read, or said to be passed over."""
    endless = 'b","c\n' * 1000
    with monkeypatch.context() as patch:
        patch.setattr(records, "MAX_LINES", 100)
        rows = read(tmp_path, "a.csv", f'claim\n"a\n{endless}')
        assert left_out(rows)[0] == (
            "a.csv:2",
            "not CSV (a row of 603 characters on 101 lines); is a quotation mark left open?",
        )
    monkeypatch.setattr(records, "MAX_RECORD", 1000)
    monkeypatch.setattr(records, "MAX_AGAIN", 10_000)
    rows = read(tmp_path, "a.csv", f'claim\n"a\n{endless}"\n{JETS}\n')
    assert kept(rows)[-1] == JETS
    passed_over = [(where, reason) for where, reason in left_out(rows) if "the 166 lines after it" in reason]
    assert [where for where, _ in passed_over] == [f"a.csv:{11 + 167 * number}" for number in range(5)]
    assert left_out(rows)[-1] == (
        "a.csv:846",
        "158 cells where the header has 1; put quotation marks around a cell that holds a comma",
    )


def test_a_header_of_many_columns_takes_no_time_to_speak_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A hundred thousand columns that nobody knows are counted, and twenty of them named."""
    names = [f"c{number}" for number in range(100_000)]
    rows = read(tmp_path, "a.tsv", "\t".join(["claim", *names]) + "\n" + "\t".join([NATO] * 100_001))
    assert kept(rows) == [NATO]
    assert "c19 and 99,980 more" in caplog.text
    assert len(caplog.text) < 1000


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "../../x", "/etc/passwd", "C:\\x", "\\\\host\\share", "data:text/html,x", "~/x", "-"]
)
def test_a_path_in_a_feed_is_no_address(tmp_path: Path, url: str) -> None:
    """Nothing that a feed names is opened: as an address it is refused, in a text it is only text."""
    rows = read(tmp_path, "a.jsonl", json.dumps({"claim": f"See {url} for x.", "url": url, "rating": "False"}))
    assert [reason for _, reason in left_out(rows)] == [
        f"address {url!r}: not a web address; it starts with https:// or http://"
    ]
    rows = read(tmp_path, "b.jsonl", json.dumps({"claim": "x", "evidence": [{"url": url}], "rating": "False"}))
    assert left_out(rows)[0][1].startswith(f"evidence {url!r}: not a web address")
    assert kept(read(tmp_path, "c.jsonl", json.dumps({"claim": f"See {url} for x.", "id": url}))) == [
        f"See {url} for x."
    ]


def test_one_key_twice_in_a_row(tmp_path: Path) -> None:
    """Two values for one column would leave one of them out in silence, so the row is rejected."""
    rows = read(tmp_path, "a.jsonl", '{"claim": "x", "Claim ": "y"}\n{"claim": "z", "mood": "a", "Mood": "b"}\n')
    assert left_out(rows) == [("a.jsonl:1", "claim: stands twice in the row")]
    assert kept(rows) == ["z"]


def test_tags_and_evidence_of_a_row(tmp_path: Path) -> None:
    """Tags have commas between them, evidence is JSON; in JSON lines both may be lists as well."""
    pieces = [{"url": "https://a.example/1", "note": "The minutes."}, {"url": "https://a.example/2"}]
    row = {"claim": NATO, "rating": "False", "reviewed_claim_date": "2022-06-27"}
    expected = NewVerdict(
        "False",
        claimed_on=date(2022, 6, 27),
        tags=("war", "old-photo"),
        evidence=(Evidence("https://a.example/1", "The minutes."), Evidence("https://a.example/2")),
    )
    for tags, evidence in (("War, old photo,", json.dumps(pieces)), (["War", "old photo"], pieces)):
        assert (
            only(read(tmp_path, "a.jsonl", json.dumps(row | {"tags": tags, "evidence": evidence}))).verdict == expected
        )
    cells = [*row.values(), "War,old photo", json.dumps(pieces)]
    table = "\t".join([*row, "tags", "evidence"]) + "\n" + "\t".join(cells) + "\n"
    assert only(read(tmp_path, "a.tsv", table)).verdict == expected
    assert only(read(tmp_path, "b.jsonl", json.dumps({"claim": NATO, "tags": "war", "evidence": []}))).verdict is None


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("evidence", "[{", "evidence: not JSON (Expecting property name"),
        ("evidence", "[" * 100_000, "evidence: not JSON (nested too deeply)"),
        ("evidence", "NaN", "evidence: not JSON (NaN is no number)"),
        (
            "evidence",
            '[{"url": "https://a.example", "url": "https://b.example"}]',
            "evidence: not JSON (a key stands twice",
        ),
        ("evidence", {"url": "https://a.example"}, "evidence: not a list; write it as"),
        ("evidence", '"https://a.example"', "evidence: not a list; write it as"),
        ("evidence", ["https://a.example"], "evidence: not an address with a note"),
        ("evidence", [{"url": "https://a.example", "mood": ""}], "evidence: not an address with a note"),
        ("evidence", [{"url": ["https://a.example"]}], "evidence: a text was expected"),
        ("evidence", [{"note": "The minutes."}], "evidence: it has no address"),
        (
            "evidence",
            [{"url": "https://a.example", "archive_url": "a.example"}],
            "archived evidence 'a.example': not a web",
        ),
        ("evidence", [{"url": "https://a.example"}] * 101, "evidence: 101 pieces"),
        ("tags", [["a"]], "tags: words were expected"),
        ("tags", {"a": 1}, "tags: words were expected"),
        ("tags", ["a,b"], "tag 'a,b': a comma in it"),
        ("tags", "x" * 61, "tag '" + "x" * 60 + "': 61 characters; at most 60"),
        ("reviewed_claim_date", "soon", "reviewed_claim_date: date 'soon': not a day"),
    ],
)
def test_a_row_with_bad_tags_or_evidence_is_left_out(tmp_path: Path, column: str, value: Any, reason: str) -> None:
    """The reason names the column and how it is to be written."""
    rows = read(tmp_path, "a.jsonl", json.dumps({"claim": NATO, "rating": "False", column: value}))
    assert left_out(rows)[0][1].startswith(reason)


# --- writing ----------------------------------------------------------------------------------------------------------

CURRENT = Verdict(
    "False",
    publisher="Desk",
    url="https://d.example/2",
    reviewed_on=date(2022, 8, 31),
    claimed_on=date(2022, 6, 27),
    tags=("war", "old-photo"),
    evidence=(Evidence("https://e.example"),),
    id=2,
)
OLD = Verdict("True", publisher="Desk", url="https://d.example/1", id=1, superseded_by=2)
RETRACTED = Verdict("True", publisher="Desk", id=3, retracted=Retraction(9, "tester", "2022-09-01T12:00:00.000+00:00"))


def written(found: list[ClaimRecord], kind: str) -> str:
    file = io.StringIO(newline="")
    write_feed(found, file, kind)
    return file.getvalue()


def test_csv_is_written_with_every_column() -> None:
    """One row a current verdict and one for a claim without; one superseded or taken back is not written."""
    ids = (("Desk", "n-1"), ("Others", "o-1"))
    found = [
        ClaimRecord(Claim(NATO, external_id="n-1", id=1), (OLD, CURRENT, RETRACTED), (), ids),
        ClaimRecord(Claim('"Jets", they say.')),
    ]
    empty = "," * 20
    evidence = '"[{""url"": ""https://e.example""}]"'
    assert written(found, ".csv").split("\r\n") == [
        ",".join(COLUMNS),
        f'n-1,{NATO},,,,,False,Desk,,https://d.example/2,2022-08-31,,,,2022-06-27,"war,old-photo",{evidence},,,,,',
        f',"""Jets"", they say."{empty}',
        "",
    ]


def test_an_id_that_is_no_publishers_is_written_in_a_row_of_its_own() -> None:
    """A claim that came with an id and no verdict keeps that id when a publisher's verdict joins it."""
    found = [ClaimRecord(Claim(NATO), (Verdict("False", publisher="Desk"),), (), (("", "x-1"), ("Desk", "d-1")))]
    assert [json.loads(line) for line in written(found, ".jsonl").splitlines()] == [
        {"id": "d-1", "claim": NATO, "rating": "False", "publisher": "Desk"},
        {"id": "x-1", "claim": NATO},
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


def test_a_column_that_is_no_text_is_named_in_escapes(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Bytes that are no UTF-8, and what a terminal obeys, as escapes: a warning can be written anywhere."""
    path = tmp_path / "feed.csv"
    path.write_bytes(b"claim,\xff\xfe\x1b[2J\nThe dam broke.,x\n")
    assert [row.claim.text for row in read_feed(path) if isinstance(row, Row)] == ["The dam broke."]
    assert "not used: \\udcff\\udcfe\\x1b[2J" in caplog.text.encode("utf-8").decode()


def test_a_feed_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """What is wrong with a file as a whole is known at once, before any of its rows is asked for."""
    with pytest.raises(UnreadableSource, match="no such file; check the name"):
        read_feed(tmp_path / "missing.csv")


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "a.json"])
def test_utf_16_is_read_where_its_mark_says_so(tmp_path: Path, name: str, mark: bytes) -> None:
    """As spreadsheets save a table; half a character costs its row alone."""
    cells = {"a.csv": 'rating;"claim"', "a.tsv": "rating\tclaim"}
    sign = {"a.csv": ";", "a.tsv": "\t"}.get(name, "")
    rows = [f"Wahr{sign}Größe „x“.", f"Wahr{sign}\ud800y", f"Wahr{sign}Ende."]
    text = "\r\n".join([cells[name], *rows]) if sign else json.dumps({"claim": "Größe „x“."}, ensure_ascii=False)
    if name == "a.json":
        text = json.dumps({"@type": "ClaimReview", "claimReviewed": "Größe „x“."}, ensure_ascii=False)
    codec = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    found = read(tmp_path, name, mark + text.encode(codec, "surrogatepass"))
    assert kept(found) == (["Größe „x“.", "Ende."] if sign else ["Größe „x“."])
    assert [where for where, _ in left_out(found)] == ([f"{name}:3"] if sign else [])


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl"])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_refused(tmp_path: Path, name: str, codec: str) -> None:
    """Whole, in one line, and not as a table without a column for the claim."""
    with pytest.raises(UnreadableSource, match=f"{name}: its encoding cannot be made out; save it as text in UTF-8"):
        read(tmp_path, name, "claim\nIt rains.\n".encode(codec))


def test_days_in_numbers(tmp_path: Path) -> None:
    """Where only one of the two numbers can be the month; else the row says how to write it."""
    lines = ("31.12.2023", "12/31/2023", "03/04/2022")
    rows = read(tmp_path, "a.tsv", "claim\tclaim_date\n" + "".join(f"Of {day}.\t{day}\n" for day in lines))
    assert [row.claim.claimed_on for row in rows if isinstance(row, Row)] == [date(2023, 12, 31)] * 2
    [(where, reason)] = left_out(rows)
    assert where == "a.tsv:4"
    assert "'03/04/2022': not a day that everybody reads alike" in reason


def test_tsv_is_written_without_quoting() -> None:
    """Tabs and line breaks in a text become a space, quotation marks stay."""
    lines = written([ClaimRecord(Claim('A "b"\tc\r\n d'))], ".tsv").split("\n")
    assert lines[1].split("\t") == ["", 'A "b" c d', *[""] * 20]
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
            "reviewed_claim_date": "2022-06-27",
            "tags": "war,old-photo",
            "evidence": [{"url": "https://e.example"}],
        },
        {"claim": JETS},
    ]


@pytest.mark.parametrize("kind", [".csv", ".tsv", ".jsonl"])
def test_the_rows_written_are_counted(kind: str) -> None:
    """A claim with two current verdicts is two rows; no claims are none."""
    other = Verdict("Fake", publisher="Others", id=3)
    found = [ClaimRecord(Claim(NATO), (OLD, CURRENT, other)), ClaimRecord(Claim(JETS))]
    assert write_feed(found, io.StringIO(), kind) == 3
    assert write_feed([], io.StringIO(), kind) == 0


@pytest.mark.parametrize(("name", "named"), [("a.xlsx", r"\.xlsx"), ("a", "no suffix")])
def test_another_kind_of_file_is_not_written(tmp_path: Path, name: str, named: str) -> None:
    """The error says which kinds there are, and nothing is written."""
    with Store.open(tmp_path / "desk.db") as store, pytest.raises(UsageProblem, match=rf"{named}: .*\.csv, \.tsv, "):
        exchange.export(store, tmp_path / name)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("beside", ["", ".faiss", ".words"])
def test_a_store_is_never_written_over_by_its_own_claims(tmp_path: Path, beside: str) -> None:
    """Nor are the files that belong to it."""
    with Store.open(tmp_path / "desk.csv") as store:
        before = store.path.read_bytes()
        with pytest.raises(UsageProblem, match="is the store itself"):
            exchange.export(store, tmp_path / f"desk.csv{beside}")
        assert store.path.read_bytes() == before


FORMULAS = [
    *('=HYPERLINK("https://a.example?x="&A1,"see")', "-5 degrees", "+1", "@SUM(1+9)*cmd|' /C calc'!A0", "'=1", "''-1"),
    *("＝1", "＋1", "－1", "＠SUM", "'＝1", "\t=1", "\r=1", "=", "'-"),
]
HARMLESS = ["'quoted'", "'", "''", "A = B", "1-2", "\u2212 5 degrees", "'tis", "x\t=1"]


@pytest.mark.parametrize("kind", [".csv", ".tsv"])
def test_no_cell_that_is_written_is_a_formula(kind: str) -> None:
    """Each begins with an apostrophe, whichever column it stands in; texts that are no formula stay as they are."""
    for text in FORMULAS:
        verdict = Verdict(text, publisher=text, publisher_site=text, explanation=text, tags=(text,))
        claim = Claim(text, title=text, claimant=text, language=text)
        row = written([ClaimRecord(claim, (verdict,), (), ((text, text),))], kind).splitlines(keepends=True)[1:]
        cells = next(csv.reader(row)) if kind == ".csv" else row[0].rstrip("\n").split("\t")
        shown = text if kind == ".csv" else text.strip()
        assert {cell for cell in cells if cell} == {f"'{shown}"}, text
    for text in HARMLESS:
        row = written([ClaimRecord(Claim(text))], kind).splitlines()[1:]
        assert next(csv.reader(row, delimiter="," if kind == ".csv" else "\t"))[1].split() == text.split()


def test_formulas_stay_as_they_are_in_json_lines() -> None:
    """No spreadsheet opens those."""
    assert json.loads(written([ClaimRecord(Claim("=1+1"))], ".jsonl")) == {"claim": "=1+1"}


@pytest.mark.parametrize("kind", [".csv", ".tsv"])
@pytest.mark.parametrize("text", [*FORMULAS, *HARMLESS])
def test_an_apostrophe_is_taken_away_only_where_it_was_put(tmp_path: Path, kind: str, text: str) -> None:
    """What was exported comes back as it was; another's feed keeps its texts, apostrophes too."""
    text = " ".join(f"{text} x".split()) if kind == ".tsv" else f"{text} x".strip()
    path = tmp_path / f"ours{kind}"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_feed([ClaimRecord(Claim(text, title=text))], file, kind)
    assert only(list(read_feed(path))).claim == NewClaim(text, title=text)
    for header in (("claim", "title"), (*COLUMNS, "mood"), tuple(reversed(COLUMNS))):
        theirs = io.StringIO(newline="")
        row = dict.fromkeys(header, "") | {"claim": f"'{text}"}
        csv.writer(
            theirs, delimiter="," if kind == ".csv" else "\t", quotechar='"' if kind == ".csv" else "\b"
        ).writerows([header, [row[name] for name in header]])
        assert only(read(tmp_path, f"theirs{kind}", theirs.getvalue())).claim.text == f"'{text}"


def test_the_largest_verdict_comes_back_from_csv(tmp_path: Path) -> None:
    """As much evidence as can be stored, in characters that JSON writes with six, fits into one cell."""
    note = "\x01" * (20_000 // MAX_EVIDENCE - len("https://a"))
    text = ('"\n' * MAX_TEXT)[: MAX_TEXT - 1] + "x"
    evidence = (Evidence("https://a", f"x{note[2:]}x"),) * MAX_EVIDENCE
    clean = storable(NewVerdict(text, publisher=text, explanation=text, evidence=evidence))
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_feed(
            [ClaimRecord(Claim(NATO), (Verdict(**{name: getattr(clean, name) for name in clean.__slots__}),))],
            file,
            ".csv",
        )
    assert only(list(read_feed(path))).verdict == clean


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30).map(str.strip)
texts = texts | st.builds("{}{}".format, st.sampled_from(FORMULAS), texts).map(str.strip)
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
tags = texts.map(lambda text: "-".join(text[:30].lower().replace(",", "").split())).filter(bool)
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
    claimed_on=days,
    tags=st.lists(tags, unique=True).map(tuple),
    evidence=st.lists(st.builds(Evidence, urls.filter(bool), maybe, urls), max_size=3).map(tuple),
)


@pytest.mark.parametrize("kind", [".csv", ".jsonl"])
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(claims, st.lists(verdicts, max_size=2)), min_size=1, max_size=4))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, kind: str, feed: list[tuple[dict[str, Any], list[dict[str, Any]]]]
) -> None:
    """Export then import gives the same claims and verdicts, whatever characters the texts hold."""
    path = tmp_path_factory.getbasetemp() / f"round-trip{kind}"
    found = [
        ClaimRecord(
            Claim(**claim),
            tuple(Verdict(**one) for one in said),
            (),
            tuple((one["publisher"] or "", claim["external_id"]) for one in said or [{"publisher": ""}]),
        )
        for claim, said in feed
    ]
    path.write_text(written(found, kind), encoding="utf-8", newline="")
    expected: list[tuple[NewClaim, NewVerdict | None]] = []
    for claim, said in feed:
        expected += [(NewClaim(**claim), NewVerdict(**one)) for one in said] or [(NewClaim(**claim), None)]
    assert [(row.claim, row.verdict) for row in read_feed(path) if isinstance(row, Row)] == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(claims, st.lists(verdicts, max_size=2)), min_size=1, max_size=4))
def test_a_feed_read_and_written_again_is_the_same_file(
    tmp_path_factory: pytest.TempPathFactory, feed: list[tuple[dict[str, Any], list[dict[str, Any]]]]
) -> None:
    """TSV loses white space once and nothing after that; the other kinds lose nothing."""
    folder = tmp_path_factory.getbasetemp()
    found = [ClaimRecord(Claim(**claim), tuple(Verdict(**one) for one in said)) for claim, said in feed]
    for kind in (".tsv", ".csv", ".jsonl"):
        (folder / f"once{kind}").write_text(once := written(found, kind), encoding="utf-8", newline="")
        again = [
            ClaimRecord(
                Claim(**asdict(row.claim)),
                (Verdict(**{one.name: getattr(row.verdict, one.name) for one in fields(NewVerdict)}),)
                if row.verdict
                else (),
            )
            for row in read_feed(folder / f"once{kind}")
            if isinstance(row, Row)
        ]
        assert written(again, kind) == once

"""Files of texts to search for: every kind, every bad row."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tracker.errors import UnreadableSource
from tracker.feeds import Rejected
from tracker.models import Utterance
from tracker.questions import Question, read_questions

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2022, 6, 27)
ROW = {"qid": "q1", "text": "It rained.", "context": "In May.", "speaker": "Jane Roe", "date": "2022-06-27"}
WHOLE = Question("q1", Utterance("It rained.", "In May.", "Jane Roe", DAY))


def read(path: Path, content: str | bytes) -> list[Question | Rejected]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_questions(str(path)))


def asked(content: bytes) -> list[Question | Rejected]:
    return list(read_questions("-", stdin=BytesIO(content)))


def test_a_line_is_a_text(tmp_path: Path) -> None:
    """Blank lines are passed over and counted; commas, quotation marks and a byte order mark are no syntax."""
    content = '\ufeffIt rained, he said.\r\n\n  "It snowed."  \nIt hailed.'
    assert read(tmp_path / "speech.txt", content) == [
        Question("1", Utterance("It rained, he said.")),
        Question("3", Utterance('"It snowed."')),
        Question("4", Utterance("It hailed.")),
    ]
    assert asked(content.encode()) == read(tmp_path / "no-ending", content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", json.dumps(ROW)),
        ("a.NDJSON", json.dumps(ROW) + "\n"),
        ("a.txt", json.dumps(ROW)),
        ("a.csv", f"{','.join(ROW)}\r\n{','.join(ROW.values())}\r\n"),
        ("a.tsv", "Speaker\tqid\tTEXT\tdate\tcontext\tmore\nJane Roe\tq1\tIt rained.\t27 June 2022\tIn May.\tx\n"),
    ],
)
def test_every_kind_of_file(tmp_path: Path, name: str, content: str) -> None:
    """The same row in each: with its name, and what is known around the text."""
    assert read(tmp_path / name, content) == [WHOLE]


def test_a_row_needs_its_text_only(tmp_path: Path) -> None:
    """What is missing, null or empty is not known; a row without a name has its line's number, a number is a name."""
    content = '{"text": "It rained.", "qid": null, "speaker": ""}\n{"text": "It snowed.", "qid": 7, "relevant": [1]}'
    assert read(tmp_path / "a.jsonl", content) == [
        Question("1", Utterance("It rained.")),
        Question("7", Utterance("It snowed.")),
    ]
    assert read(tmp_path / "a.csv", 'text,qid\n"It rained,\nand hailed."," "\n') == [
        Question("2", Utterance("It rained,\nand hailed."))
    ]


def test_speaker_and_day_hold_for_rows_that_do_not_say_so(tmp_path: Path) -> None:
    """A row's own win."""
    path = tmp_path / "a.txt"
    path.write_text(f"{json.dumps(ROW)}\nIt snowed.\n", encoding="utf-8")
    rows = list(read_questions(str(path), speaker="John Doe", stated_on=date(2020, 1, 1)))
    assert rows == [WHOLE, Question("2", Utterance("It snowed.", None, "John Doe", date(2020, 1, 1)))]


@pytest.mark.parametrize(
    ("name", "row", "why"),
    [
        ("a.txt", "?!", "it has no words; write the claim as a sentence"),
        ("a.txt", "x" * 10_001, "10,001 characters; at most 10,000 can be stored"),
        ("a.txt", b"caf\xe9 au lait", "what stands at character 4 is not UTF-8; save the file as UTF-8"),
        ("a.txt", "{half", "not JSON (Expecting property name enclosed in double quotes)"),
        ("a.txt", "x" * 10_000_001, "a line of more than 10,000,000 characters"),
        ("a.jsonl", "It rained.", "not JSON (Expecting value)"),
        ("a.jsonl", '["It rained."]', "not a JSON object"),
        ("a.jsonl", '{"text": 5}', "'text' is not a text"),
        ("a.jsonl", "{}", "it has no words; write the claim as a sentence"),
        ("a.jsonl", '{"text": "x", "qid": [1]}', "'qid' is not a text"),
        ("a.jsonl", '{"text": "x", "qid": true}', "'qid' is not a text"),
        ("a.jsonl", '{"text": "x", "context": "\\udc80"}', "context: what stands at character 1 is not UTF-8"),
        ("a.jsonl", '{"text": "x", "date": "03/04/2022"}', "date '03/04/2022': not a day that everybody reads alike"),
        ("a.jsonl", '{"text": ' + "[" * 100_000, "not JSON (nested too deeply)"),
        ("a.csv", "a,b", "2 cells where the header has 1"),
        ("a.tsv", "a\tb", "2 cells where the header has 1"),
        ("a.csv", '"open', "not CSV"),
    ],
)
def test_a_bad_row_is_rejected(tmp_path: Path, name: str, row: str | bytes, why: str) -> None:
    """With its file, line and reason; the rows around it are read."""
    wrap = {"a.jsonl": b'{"text": "%s"}'}.get(name, b"%s")
    head = b"" if name in ("a.txt", "a.jsonl") else b"text\n"
    lines = [wrap % b"First.", row if isinstance(row, bytes) else row.encode(), wrap % b"Last."]
    first, bad, last = read(tmp_path / name, head + b"\n".join(lines) + b"\n")
    assert isinstance(bad, Rejected)
    assert bad.where == f"{name}:{3 if head else 2}"
    assert bad.reason.startswith(why)
    assert [one.said.text for one in (first, last) if isinstance(one, Question)] == ["First.", "Last."]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.txt", "", "empty; give a text a line"),
        ("a.jsonl", " \n\n", "empty; give a text a line"),
        ("a.csv", "text,qid\n", "empty; give a text a line"),
        ("a.csv", "query,qid\nIt rained.,1\n", r"not one column 'text' in its header \(found: query, qid\)"),
        ("a.tsv", "text\ttext\nIt rained.\tx\n", r"not one column 'text' in its header \(found: text, text\)"),
    ],
)
def test_a_file_without_questions(tmp_path: Path, name: str, content: str, why: str) -> None:
    """Nothing in it, or not the column: an error that names the file."""
    with pytest.raises(UnreadableSource, match=f"{name}.*{why}"):
        read(tmp_path / name, content)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """Missing, a folder, a name that is none, nothing on standard input."""
    for source, why in ((tmp_path / "none.txt", "No such file"), (tmp_path, "a folder"), ("a\0b", "null")):
        with pytest.raises(UnreadableSource, match=why):
            list(read_questions(str(source)))
    with pytest.raises(UnreadableSource, match="standard input: empty"):
        asked(b"")


def test_standard_input_stays_open() -> None:
    """Whoever gave it may go on with it."""
    stream = BytesIO(b"It rained.\n")
    assert len(list(read_questions("-", stdin=stream))) == 1
    assert not stream.closed


@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from(['{"text":', '"a"', "}", "\n", "\x00", ","])).map("".join).map(str.encode)
)
def test_any_bytes_are_rows_or_an_error(content: bytes) -> None:
    """Never a traceback: each row is a question with words, or rejected with its line."""
    try:
        rows = asked(content)
    except UnreadableSource:
        return
    for row in rows:
        assert isinstance(row, Rejected) or any(character.isalnum() for character in row.said.text)

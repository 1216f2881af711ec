"""Qrels, runs and labelled queries: what is read, and which line is wrong in a file that cannot be."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tracker.errors import UnreadableSource
from tracker.queries import Query, read_queries
from tracker.trec import read_qrels, read_run, run_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_qrels(tmp_path: Path) -> None:
    """Every grade above 0 is relevant; a query with nothing relevant stays, so that it can be counted."""
    path = tmp_path / "qrels"
    path.write_text("\ufeffq1 0 a 1\nq1\t0\tb\t2\n\nq1 0 c 0\nq1 0 d -2\nq2 0 a 0\n", encoding="utf-8")
    assert read_qrels(path) == {"q1": {"a", "b"}, "q2": frozenset()}


def test_a_run_is_ordered_by_score_and_then_by_id(tmp_path: Path) -> None:
    """As trec_eval does: the ranks in the file say nothing, and equal scores stand in falling order of the ids."""
    path = tmp_path / "run"
    rows = ["q Q0 a 1 0.5 x", "q Q0 c 9 0.5 x", "q Q0 b 2 0.5 x", "q Q0 é 4 0.5 x", "q Q0 z 3 2e-1 x", "q Q0 y 5 7 x"]
    path.write_text("\n".join(rows), encoding="utf-8")
    assert read_run(path) == {"q": ("y", "é", "c", "b", "a", "z")}


@pytest.mark.parametrize(
    ("read", "content", "reason"),
    [
        (read_run, "q Q0 a 1 0.5 x\nq Q0 b 2 0.4\n", ":2: 5 columns where there must be 6"),
        (read_run, "q Q0 a 1 nan x\n", ":1: the score 'nan' is not a number"),
        (read_run, "q Q0 a 1 inf x\n", ":1: the score 'inf' is not a number"),
        (read_run, "q Q0 a 1 high x\n", ":1: the score 'high' is not a number"),
        (read_run, "q Q0 a 1 2 x\nq Q0 a 2 1 x\n", ":2: the document 'a' stands twice for the query 'q'"),
        (read_run, "", ": empty"),
        (read_run, "\n \n", ": empty"),
        (read_run, b"q Q0 \xff 1 1 x\n", ": not UTF-8 text"),
        (read_qrels, "q 0 a 1\nq 0 a\n", ":2: 3 columns where there must be 4: 'query 0 document grade'"),
        (read_qrels, "q 0 a yes\n", ":1: the grade 'yes' is not a whole number"),
        (read_qrels, "q 0 a 1\nq 0 a 0\n", ":2: the document 'a' stands twice for the query 'q'"),
        (read_qrels, "q 0 a 0\n", ": no document has a grade above 0"),
        (read_qrels, "", ": empty"),
        (read_queries, "", ": empty"),
        (
            read_queries,
            '{"qid": "1", "text": "A.", "relevant": ["a"]}\n{"qid"\n',
            ":2: not JSON (Expecting ':' delimiter)",
        ),
        (read_queries, "[1]\n", ":1: not a JSON object"),
        (read_queries, '{"text": "A.", "relevant": []}\n', ":1: no 'qid'"),
        (read_queries, '{"qid": "1", "relevant": []}\n', ":1: no 'text'"),
        (read_queries, '{"qid": "1", "text": "A."}\n', ":1: no 'relevant'"),
        (read_queries, '{"qid": "1", "text": 3, "relevant": []}\n', ":1: 'text' is not a text"),
        (read_queries, '{"qid": "1", "text": "?!", "relevant": []}\n', ":1: it has no words"),
        (read_queries, '{"qid": " ", "text": "A.", "relevant": []}\n', ":1: 'qid' is not a text"),
        (read_queries, '{"qid": true, "text": "A.", "relevant": []}\n', ":1: 'qid' is not a text"),
        (read_queries, '{"qid": "1", "text": "A.", "relevant": "a"}\n', ":1: 'relevant' is not a list of ids"),
        (read_queries, '{"qid": "1", "text": "A.", "relevant": [1.5]}\n', ":1: 'relevant' is not a list of ids"),
        (read_queries, '{"qid": "1", "text": "A.", "relevant": [], "date": "May"}\n', ":1: date 'May': not a day"),
        (read_queries, '{"qid": "1", "text": "A.", "relevant": [], "context": []}\n', ":1: 'context' is not a text"),
        (read_queries, '{"qid": "1", "text": "A.", "relevant": []}\n', ": no query has a relevant claim"),
        (read_queries, '{"qid": 1, "text": "A.", "relevant": []}\n' * 2, ":2: the qid '1' stands twice"),
        (read_queries, f"{'[' * 100_000}\n", ":1: "),
        (read_queries, f'{{"qid": {"9" * 5000}, "text": "A.", "relevant": []}}\n', ":1: Exceeds the limit"),
    ],
)
def test_files_that_cannot_be_read(
    tmp_path: Path, read: Callable[[Path], object], content: str | bytes, reason: str
) -> None:
    """One line that names the file, the line in it, and what is wrong."""
    path = tmp_path / "labels.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UnreadableSource) as caught:
        read(path)
    assert f"{path}{reason}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("read", [read_run, read_qrels, read_queries])
def test_places_without_a_file(tmp_path: Path, read: Callable[[Path], object]) -> None:
    """A missing file, a folder."""
    with pytest.raises(UnreadableSource, match=r"none: cannot be read \(No such file or directory\)"):
        read(tmp_path / "none")
    with pytest.raises(UnreadableSource, match="a folder; name a file"):
        read(tmp_path)


def test_queries(tmp_path: Path) -> None:
    """In order, trimmed, an id that stands twice once; what stands around a statement is kept."""
    path = tmp_path / "queries.jsonl"
    rows = [
        {"qid": "b", "text": " A claim.\n", "relevant": ["x", "x ", 7], "unknown": 1},
        {"qid": 1, "text": "B.", "relevant": [], "context": "Before.", "speaker": "Who", "date": "2022-06-27"},
    ]
    path.write_text("\n\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert read_queries(path) == [
        Query("b", "A claim.", frozenset({"x", 7})),
        Query("1", "B.", frozenset(), "Before.", "Who", date(2022, 6, 27)),
    ]


def test_a_run_is_written_in_six_columns() -> None:
    """Ranks from 1; a score that does not fall is lowered a little."""
    first, second, third = (line.split(" ") for line in run_lines([("q", ["a", "b", "c"], [0.5, 0.5, 0.25])]))
    assert first == ["q", "Q0", "a", "1", "0.5", "claim-tracker"]
    assert second[:4] == ["q", "Q0", "b", "2"]
    assert 0.4999999 < float(second[4]) < 0.5
    assert third == ["q", "Q0", "c", "3", "0.25", "claim-tracker"]


@pytest.mark.parametrize(("qid", "document"), [("q 1", "a"), ("q", "a\tb"), ("q", "")])
def test_names_with_white_space_cannot_be_written(qid: str, document: str) -> None:
    """They would shift the columns."""
    with pytest.raises(UnreadableSource, match="has white space in it"):
        list(run_lines([(qid, [document], [0.5])]))

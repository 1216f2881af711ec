"""Files of pairs: TSV without quoting or JSONL, every row a pair or rejected with its line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tracker.couples import read_couples
from tracker.errors import UnreadableSource
from tracker.feeds import Rejected

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "statement\tverified_claim\n"


def couples(path: Path, content: str | bytes) -> list[tuple[str, str] | str]:
    """The pairs, and for a row that is none what is said of it, without the folder."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [
        f"{one.where.removeprefix(str(path))} {one.reason}" if isinstance(one, Rejected) else one
        for one in read_couples(path)
    ]


def test_tsv(tmp_path: Path) -> None:
    """By column name, in any order and with others between; quotation marks are letters."""
    content = '\ufeffid\tverified_claim\tstatement\n1\tIt "broke".\t"It did not\n2\tB\tA\n'
    assert couples(tmp_path / "a.tsv", content) == [('"It did not', 'It "broke".'), ("A", "B")]


def test_line_ends_are_no_part_of_a_claim(tmp_path: Path) -> None:
    """Those of other systems neither."""
    assert couples(tmp_path / "a.tsv", HEADER.replace("\n", "\r\n") + "A\tB\r\nC\tD") == [("A", "B"), ("C", "D")]


@pytest.mark.parametrize("name", ["a.jsonl", "a.NDJSON"])
def test_jsonl(tmp_path: Path, name: str) -> None:
    """An object a line; what else is in it does not matter."""
    rows = [{"statement": "A", "verified_claim": "B", "qid": 1}, {"verified_claim": "D\tE", "statement": "C"}]
    assert couples(tmp_path / name, "\n".join(map(json.dumps, rows))) == [("A", "B"), ("C", "D\tE")]


@pytest.mark.parametrize(
    ("name", "row", "reason"),
    [
        ("a.tsv", "only one cell", "1 cells where the header has 2"),
        ("a.tsv", "A\tB\tC", "3 cells where the header has 2"),
        ("a.tsv", "\tB", "no statement and verified_claim in it, or an empty one"),
        ("a.tsv", "A\t ", "no statement and verified_claim in it, or an empty one"),
        ("a.jsonl", "{", "not JSON"),
        ("a.jsonl", "[" * 100_000, "not JSON"),
        ("a.jsonl", "[1, 2]", "no statement and verified_claim in it, or an empty one"),
        ("a.jsonl", '"text"', "no statement and verified_claim in it, or an empty one"),
        ("a.jsonl", '{"statement": "A"}', "no statement and verified_claim in it, or an empty one"),
        (
            "a.jsonl",
            '{"statement": 3, "verified_claim": "B"}',
            "no statement and verified_claim in it, or an empty one",
        ),
        (
            "a.jsonl",
            '{"statement": "A", "verified_claim": null}',
            "no statement and verified_claim in it, or an empty one",
        ),
    ],
)
def test_a_row_that_is_no_pair(tmp_path: Path, name: str, row: str, reason: str) -> None:
    """It is rejected with its line, and the ones beside it are read."""
    good = "A\tB" if name.endswith("tsv") else '{"statement": "A", "verified_claim": "B"}'
    head = HEADER if name.endswith("tsv") else ""
    found = couples(tmp_path / name, f"{head}{good}\n{row}\n{good}\n")
    assert found == [("A", "B"), f":{3 if head else 2} {reason}", ("A", "B")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ("A\tB\n", "no column 'statement'"),
        (
            "statement\tclaim\nA\tB\n",
            "no column 'verified_claim'; a file of pairs has the columns statement, verified_claim",
        ),
        (b"statement\tverified_claim\nOl\xe9\tB\n", "not UTF-8 text"),
    ],
)
def test_a_file_that_has_no_pairs(tmp_path: Path, content: str | bytes, reason: str) -> None:
    """It is named, with what is missing."""
    with pytest.raises(UnreadableSource) as caught:
        couples(tmp_path / "a.tsv", content)
    assert str(tmp_path / "a.tsv") in str(caught.value)
    assert reason in str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    """Whichever kind its name says it is."""
    for name in ("none.tsv", "none.jsonl"):
        with pytest.raises(UnreadableSource, match=name):
            list(read_couples(tmp_path / name))


cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\t\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), min_size=1
)
cells = cells.filter(lambda cell: cell.strip() and cell[0] != "\ufeff")


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=5))
def test_any_pairs_come_back(tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]) -> None:
    """What is written is read, in order, in both forms."""
    folder = tmp_path_factory.mktemp("pairs")
    assert couples(folder / "a.tsv", HEADER + "".join(f"{one}\t{other}\n" for one, other in pairs)) == pairs
    lines = [json.dumps({"statement": one, "verified_claim": other}) + "\n" for one, other in pairs]
    assert couples(folder / "a.jsonl", "".join(lines)) == pairs

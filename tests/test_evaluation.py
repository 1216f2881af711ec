"""Measures against values worked out by hand, and the labelled files that they are taken on."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tracker.agreement import read_sentences
from tracker.errors import UnreadableSource
from tracker.evaluation import Decision, average_precision, decision, read_pairs, relations
from tracker.relating import Relating
from tracker.resampling import wilson

if TYPE_CHECKING:
    from pathlib import Path

YES, NO = True, False
HEADER = "Text\tclass_label\n"


@pytest.mark.parametrize(
    ("labels", "found", "precision", "recall", "f1"),
    [
        ([YES, YES, NO, NO], [YES, NO, YES, NO], 1 / 2, 1 / 2, 1 / 2),
        ([YES, YES, YES, YES, NO], [YES, NO, NO, NO, NO], 1, 1 / 4, 2 / 5),
        ([YES, NO, NO, NO], [YES, YES, YES, NO], 1 / 3, 1, 1 / 2),
        ([YES, NO], [YES, NO], 1, 1, 1),
        ([YES, NO], [NO, YES], 0, 0, 0),
        ([YES, YES], [NO, NO], 0, 0, 0),
        ([NO, NO], [YES, NO], 0, 0, 0),
        ([NO, NO], [NO, NO], 0, 0, 0),
        ([], [], 0, 0, 0),
    ],
)
def test_a_decision_against_labels(
    labels: list[bool], found: list[bool], precision: float, recall: float, f1: float
) -> None:
    """Precision, recall and F1 as fractions worked out by hand; 0 where there is nothing to divide by."""
    measured = decision(labels, found)
    assert measured.precision == pytest.approx(precision)
    assert measured.recall == pytest.approx(recall)
    assert measured.f1 == pytest.approx(f1)
    assert (measured.rows, measured.positive, measured.average_precision) == (len(labels), sum(labels), None)


def test_a_decision_with_scores_has_an_average_precision() -> None:
    """The scores rank, whatever was decided."""
    assert decision([YES, NO], [NO, NO], [0.2, 0.4]) == Decision(2, 1, 0.0, 0.0, 0.0, 0.5)


@pytest.mark.parametrize(
    ("labels", "scores", "expected"),
    [
        ([YES, NO, YES, NO], [0.9, 0.8, 0.7, 0.6], Fraction(1, 2) * (1 + Fraction(2, 3))),
        ([NO, YES, NO, YES], [0.9, 0.8, 0.7, 0.6], Fraction(1, 2) * (Fraction(1, 2) + Fraction(2, 4))),
        ([YES, NO, NO], [3, 2, 1], 1),
        ([NO, NO, YES], [3, 2, 1], Fraction(1, 3)),
        ([NO, YES, YES], [1, 2, 3], 1),
        ([YES, NO, YES], [-1, -2, -0.5], 1),
        # ties: all of one score stand at the last of their ranks, so their order in the list does not matter
        ([YES, NO], [0.5, 0.5], Fraction(1, 2)),
        ([NO, YES], [0.5, 0.5], Fraction(1, 2)),
        ([YES, NO, NO, NO], [0.5] * 4, Fraction(1, 4)),
        ([YES, YES, NO, YES], [0.9, 0.5, 0.5, 0.1], Fraction(1, 3) * (1 + Fraction(2, 3) + Fraction(3, 4))),
        ([YES, NO, YES, NO, YES], [0.9, 0.9, 0.5, 0.5, 0.5], Fraction(1, 3) * (Fraction(1, 2) + 2 * Fraction(3, 5))),
        ([NO, NO], [0.1, 0.2], 0),
        ([YES], [0.0], 1),
        ([], [], 0),
    ],
)
def test_average_precision(labels: list[bool], scores: list[float], expected: Fraction | int) -> None:
    """The precision at each positive's rank, averaged by hand as fractions, also with equal scores."""
    assert average_precision(labels, scores) == pytest.approx(float(expected), abs=1e-12)


rows = st.lists(st.tuples(st.booleans(), st.integers(0, 4)), max_size=12)


@given(rows, st.randoms())
def test_average_precision_is_the_definition(ranked: list[tuple[bool, int]], random: object) -> None:
    """The sum over thresholds of precision times the gain in recall, whatever the order of the rows."""
    positives = sum(label for label, _ in ranked)
    expected, recall = Fraction(0), Fraction(0)
    for threshold in sorted({score for _, score in ranked}, reverse=True):
        taken = [label for label, score in ranked if score >= threshold]
        if positives:
            expected += Fraction(sum(taken), len(taken)) * (Fraction(sum(taken), positives) - recall)
            recall = Fraction(sum(taken), positives)
    random.shuffle(ranked)  # type: ignore[attr-defined]
    assert average_precision([label for label, _ in ranked], [score for _, score in ranked]) == pytest.approx(expected)


def test_lists_of_different_length_are_a_bug() -> None:
    """A label without its answer is an error, not left out."""
    with pytest.raises(ValueError, match="shorter"):
        decision([YES, NO], [YES])
    with pytest.raises(ValueError, match="shorter"):
        average_precision([YES], [0.1, 0.2])


SEED = "NATO just went from a rapid reaction force of 40,000 to one of 300,000."


def test_relations_are_counted_by_label_and_found() -> None:
    """Every figure against what is counted anew from what was found for each pair; the wrong pairs are kept."""
    pairs = [
        (SEED, SEED, "same"),
        (SEED, "Bananas are curved because they grow towards the light.", "same"),
        (SEED, SEED.replace("300,000", "3,000"), "different-figure"),
        (SEED, SEED.replace("40,000", "4,000"), "different-figure"),
        (SEED, SEED.upper(), "related"),
    ]
    relating = Relating(None)
    found = [relating.relate(*pair[:2]).relation.value for pair in pairs]
    told = [(label, one) for (*_, label), one in zip(pairs, found, strict=True)]
    report = relations(pairs, relating)
    assert report.confusion == {each: told.count(each) for each in told}
    right, said = told.count(("same", "same")), found.count("same")
    assert (report.same.rows, report.same.positive) == (5, 2)
    assert (report.precision, report.recall) == (wilson(right, said), wilson(right, 2))
    by_label = [
        2 * told.count((name, name)) / (sum(label == name for label, _ in told) + found.count(name))
        for name in ("same", "different-figure", "related")
    ]
    assert report.macro_f1.value == pytest.approx(sum(by_label) / 3)
    assert report.macro_f1.low <= report.macro_f1.value <= report.macro_f1.high
    assert [pair for pair, _ in report.wrong] == [
        pair for pair, one in zip(pairs, found, strict=True) if pair[2] != one
    ]
    assert [one.relation.value for _, one in report.wrong] == [got for label, got in told if label != got]


def test_relations_of_nothing() -> None:
    """No pairs: no counts, a mean of 0 and intervals from 0 to 1, and no error."""
    report = relations([], Relating(None))
    assert (report.confusion, report.wrong, report.macro_f1.value) == ({}, (), 0.0)
    assert (report.precision, report.recall) == (wilson(0, 0), wilson(0, 0))


# --- labelled files ---------------------------------------------------------------------------------------------------


def test_labelled_sentences_are_read_from_tsv(tmp_path: Path) -> None:
    """By column name, quotation marks as they stand, yes in any case; a byte order mark is no part of a name."""
    path = tmp_path / "dev.tsv"
    path.write_text(f'\ufeff{HEADER}"Half quoted.\tYes\nNo claim.\tno\n\nA claim.\tcheck-worthy\n', "utf-8")
    assert read_sentences(path) == [('"Half quoted.', True), ("No claim.", False), ("A claim.", True)]


def test_labelled_sentences_are_read_from_json(tmp_path: Path) -> None:
    """Everything but boilerplate; only check-worthy sentences are positive."""
    path = tmp_path / "article.json"
    kinds = ["check-worthy", "opinion", "boilerplate", "question"]
    path.write_text(json.dumps([{"text": kind, "kind": kind, "start": 0} for kind in kinds]), encoding="utf-8")
    assert read_sentences(path) == [("check-worthy", True), ("opinion", False), ("question", False)]


def test_labelled_pairs_are_read_from_tsv(tmp_path: Path) -> None:
    """Statement, claim and label of each row, in order."""
    path = tmp_path / "pairs.tsv"
    path.write_text("id\trelation\tstatement\tverified_claim\n1\tsame\tA.\tB.\n2\trelated\tC.\tD.\n", encoding="utf-8")
    assert read_pairs(path) == [("A.", "B.", "same"), ("C.", "D.", "related")]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.tsv", "", "no column 'Text'"),
        ("a.tsv", "Text\tlabel\n", "no column 'class_label'; a labelled file has the columns Text, class_label"),
        ("a.tsv", f"{HEADER}A claim.\tYes\nThe label is missing.\n", "a.tsv:3: fewer cells than the header"),
        ("a.tsv", f"{HEADER}{'x' * 200_000}\tYes\n", "cannot be read"),
        ("a.tsv", b"Text\tclass_label\nOl\xe9\tYes\n", "cannot be read"),
        ("a.json", "", "cannot be read"),
        ("a.json", "[" * 100_000, "cannot be read"),
        ("a.json", '{"text": "x", "kind": "opinion"}', "not a list of sentences"),
        ("a.json", '[{"text": "x"}]', "not a list of sentences with 'text' and 'kind'"),
    ],
)
def test_files_that_are_not_labelled(tmp_path: Path, name: str, content: str | bytes, reason: str) -> None:
    """A file that cannot be read, or has other columns, is an error that names it and what is missing."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UnreadableSource, match=f"{name}.*") as caught:
        read_sentences(path)
    assert reason in str(caught.value)


@pytest.mark.parametrize("name", ["none.tsv", "none.json"])
def test_a_missing_file_is_an_unreadable_source(tmp_path: Path, name: str) -> None:
    """Whichever kind its name says it is."""
    with pytest.raises(UnreadableSource, match=rf"{name}: cannot be read \(.*No such file"):
        read_sentences(tmp_path / name)

"""TREC's two kinds of files: qrels say which documents are relevant to a query, a run ranks documents for it.

Read as `trec_eval` reads them: a grade above 0 is relevant; the order is that of the scores in single precision, equal
ones by document id, the highest first; the ranks that a run file states are not looked at.
"""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING

from tracker.errors import UnreadableSource
from tracker.lines import read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tracker.ranking import Qrels, Run

TAG = "claim-tracker"
_QRELS = "query 0 document grade"
_RUN = "query Q0 document rank score tag"


def read_qrels(path: Path) -> Qrels:
    """The relevant documents of each query; a query whose documents all have the grade 0 has none.

    Raises UnreadableSource: a line of another form, a document judged twice for a query, nothing relevant.
    """
    judged: dict[str, dict[str, int]] = {}
    for where, (qid, _, document, grade) in _cells(path, _QRELS):
        _require_new(where, qid, document, judged.setdefault(qid, {}))
        try:
            judged[qid][document] = int(grade)
        except ValueError as error:
            msg = f"{where}: the grade {grade[:40]!r} is not a whole number; a line is '{_QRELS}'"
            raise UnreadableSource(msg) from error
    found = {qid: frozenset(one for one, grade in grades.items() if grade > 0) for qid, grades in judged.items()}
    if not any(found.values()):
        msg = f"{path}: no document has a grade above 0, so there is nothing to measure"
        raise UnreadableSource(msg)
    return found


def read_run(path: Path) -> Run:
    """The documents ranked for each query, best first.

    Raises UnreadableSource: a line of another form, a score that is no number, a document ranked twice for a query.
    """
    scores: dict[str, dict[str, float]] = {}
    for where, (qid, _, document, _, score, _) in _cells(path, _RUN):
        _require_new(where, qid, document, scores.setdefault(qid, {}))
        scores[qid][document] = _score(where, score)
    return {qid: ranked(found) for qid, found in scores.items()}


def ranked(scores: dict[str, float]) -> tuple[str, ...]:
    """Documents by their scores, the highest first, equal scores by document id, the highest first."""
    return tuple(sorted(scores, key=lambda document: (_single(scores[document]), document), reverse=True))


def run_lines(answers: Iterable[tuple[str, Sequence[str], Sequence[float]]]) -> Iterator[str]:
    """The lines of a run file: for each query its documents, best first, and their scores, which never rise.

    A score that does not fall is lowered by the smallest step of single precision, so that every reader finds this
    order. Raises UnreadableSource for a name with white space in it.
    """
    import numpy as np

    lowest = np.float32(-np.inf)
    for qid, documents, scores in answers:
        require_names([qid, *documents])
        last = np.float32(np.inf)
        for rank, (document, score) in enumerate(zip(documents, scores, strict=True), 1):
            last = min(np.float32(score), np.nextafter(last, lowest))
            yield f"{qid} Q0 {document} {rank} {float(last)!r} {TAG}"


def require_names(names: Iterable[str]) -> None:
    """Make sure that queries and documents can be named in a file of columns. Raises UnreadableSource."""
    for name in names:
        if name.split() != [name]:
            msg = f"the id {name[:80]!r} has white space in it, for which a TREC run file has no place; change the id"
            raise UnreadableSource(msg)


def _cells(path: Path, form: str) -> Iterator[tuple[str, list[str]]]:
    columns = len(form.split())
    for where, line in read_lines(path):
        cells = line.split()
        if len(cells) != columns:
            msg = f"{where}: {len(cells)} columns where there must be {columns}: '{form}'"
            raise UnreadableSource(msg)
        yield where, cells


def _require_new(where: str, qid: str, document: str, known: dict[str, int] | dict[str, float]) -> None:
    if document in known:
        msg = f"{where}: the document {document!r} stands twice for the query {qid!r}"
        raise UnreadableSource(msg)


def _score(where: str, text: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        msg = f"{where}: the score {text[:40]!r} is not a number; a line is '{_RUN}'"
        raise UnreadableSource(msg)
    return score


def _single(score: float) -> float:
    return array("f", [score])[0]

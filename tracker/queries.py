"""Labelled queries: statements of which somebody has said which claims they are about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.dates import parse_day
from tracker.entries import askable
from tracker.errors import InvalidClaim, UnreadableSource
from tracker.lines import read_lines
from tracker.models import Utterance

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

FORM = '{"qid": "q1", "text": "...", "relevant": ["id", ...]}'


@dataclass(frozen=True, slots=True)
class Query:
    """A statement and the names of the claims that it is about: a text is an id in a feed, a number the claim's own.

    `context` is what stands before the statement, `speaker` who says it, `stated_on` when.
    """

    qid: str
    text: str
    relevant: frozenset[str | int] = frozenset()
    context: str | None = None
    speaker: str | None = None
    stated_on: date | None = None


def read_queries(path: Path) -> list[Query]:
    """The queries of a JSONL file in order; an id that stands twice in `relevant` counts once.

    Raises UnreadableSource: a line that is no query, a `qid` that stands twice, a file in which nothing is relevant.
    """
    queries: dict[str, Query] = {}
    for where, line in read_lines(path):
        try:
            query = _query(line)
        except (ValueError, RecursionError, InvalidClaim) as error:
            reason = f"not JSON ({error.msg})" if isinstance(error, json.JSONDecodeError) else str(error)
            msg = f"{where}: {reason.removeprefix('claim: ')}; a query is {FORM}"
            raise UnreadableSource(msg) from error
        if query.qid in queries:
            msg = f"{where}: the qid {query.qid!r} stands twice; each query needs its own"
            raise UnreadableSource(msg)
        queries[query.qid] = query
    if not any(query.relevant for query in queries.values()):
        msg = f"{path}: no query has a relevant claim, so there is nothing to measure; a query is {FORM}"
        raise UnreadableSource(msg)
    return list(queries.values())


def _query(line: str) -> Query:
    """Read one line. Raises ValueError, InvalidClaim."""
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - of the line, not of an argument
    missing = [name for name in ("qid", "text", "relevant") if row.get(name) is None]
    if missing:
        msg = f"no {missing[0]!r}"
        raise ValueError(msg)
    qid, relevant = row["qid"], row["relevant"]
    if not _is_name(qid) or not str(qid).strip():
        raise ValueError("'qid' is not a text")
    if not isinstance(relevant, list) or not all(map(_is_name, relevant)):
        raise ValueError("'relevant' is not a list of ids")
    said = utterance(row)
    right = frozenset(name.strip() if isinstance(name, str) else name for name in relevant)
    return Query(str(qid).strip(), said.text, right, said.context, said.speaker, said.stated_on)


def utterance(row: dict[str, Any]) -> Utterance:
    """What a row's `text`, `context`, `speaker` and `date` say. Raises ValueError, InvalidClaim."""
    day = _text(row, "date")
    stated_on = parse_day(day, ahead=True) if day else None
    return askable(Utterance(_text(row, "text") or "", _text(row, "context"), _text(row, "speaker"), stated_on))


def _is_name(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _text(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    if not isinstance(value, str | None):
        msg = f"{name!r} is not a text"
        raise ValueError(msg)  # noqa: TRY004 - of the line, not of an argument
    return value.strip() or None if value else None

"""Articles whose sentences are labelled with their kind and speaker: what spotting is measured on and fitted to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.errors import UnreadableSource
from tracker.models import Kind
from tracker.records import tsv_records, under_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

BREAKS = {"": " ", "line": "\n", "paragraph": "\n\n"}
_COLUMNS = ["break", "kind", "speaker", "text"]


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A span of an article with its labels; `speaker` is None where nobody named speaks."""

    text: str
    start: int
    end: int
    kind: Kind
    speaker: str | None


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """A text and its sentences in reading order: `text[s.start : s.end] == s.text`."""

    text: str
    sentences: tuple[LabelledSentence, ...]


def is_labelled_article(path: Path) -> bool:
    """True for a file that holds an article and not single sentences, by its name or its header."""
    if path.suffix == ".json":
        return path.with_suffix(".txt").is_file()
    try:
        with path.open(encoding="utf-8-sig") as file:
            return file.readline(1000).rstrip("\r\n").split("\t") == _COLUMNS
    except (OSError, UnicodeDecodeError):
        return False


def read_article(path: Path) -> LabelledArticle:
    """Read NAME.json (a list of `text`, `start`, `end`, `kind`, `speaker`) with NAME.txt beside it, or a piece in TSV.

    Raises UnreadableSource.
    """
    if path.suffix != ".json":
        return read_piece(path)
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
        text = path.with_suffix(".txt").read_text(encoding="utf-8-sig")
        found = tuple(_sentence(row, int(row["start"])) for row in rows)
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        msg = f"{path}: cannot be read as a list of sentences with text, start, end, kind, speaker ({error})"
        raise UnreadableSource(msg) from error
    return _checked(path, LabelledArticle(text, found))


def read_piece(path: Path) -> LabelledArticle:
    """Read TSV with the columns break, kind, speaker and text, a sentence a row.

    `break` is what stands before the sentence: nothing (a space), `line` or `paragraph`. Raises UnreadableSource.
    """
    parts: list[str] = []
    found: list[LabelledSentence] = []
    for number, row in _rows(path):
        try:
            parts.append(BREAKS[row["break"]] if parts else "")
            found.append(_sentence(row, sum(map(len, parts))))
        except (KeyError, ValueError) as error:
            raise UnreadableSource(
                f"{path}:{number}: unknown break or kind, or no text ({error}); breaks: line, paragraph or nothing"
            ) from error
        parts.append(row["text"])
    return _checked(path, LabelledArticle("".join(parts), tuple(found)))


def _sentence(row: Mapping[str, Any], start: int) -> LabelledSentence:
    text, speaker = row["text"], row["speaker"]
    if not isinstance(text, str) or not text or not isinstance(speaker, str | None):
        raise ValueError("text is empty, or text or speaker is no text")
    return LabelledSentence(text, start, start + len(text), Kind(row["kind"]), speaker or None)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            records: Iterable[tuple[int, list[str] | str]] = tsv_records(file)
            if next(iter(records), (0, []))[1] != _COLUMNS:
                raise UnreadableSource(f"{path}: not TSV with the columns {', '.join(_COLUMNS)}")
            for number, row in under_header(_COLUMNS, records):
                if isinstance(row, str):
                    raise UnreadableSource(f"{path}:{number}: {row}")
                yield number, row
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableSource(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from error


def _checked(path: Path, article: LabelledArticle) -> LabelledArticle:
    """Refuse labels that do not lie where they say: their figures would look measured."""
    at = 0
    for one in article.sentences:
        if one.start < at or article.text[one.start : one.end] != one.text:
            raise UnreadableSource(f"{path}: the text at {one.start} is not {one.text[:40]!r}, or not in reading order")
        at = one.end
    if not article.sentences:
        raise UnreadableSource(f"{path}: no labelled sentences")
    return article


def unquoted(text: str) -> str:
    """Undo the CSV quoting that CheckThat!'s files have around every text with a comma, though they are TSV."""
    return text[1:-1].replace('""', '"') if len(text) > 1 and text[0] == text[-1] == '"' else text

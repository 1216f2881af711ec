"""Labelled articles: read whole, or refused with the line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tracker.errors import UnreadableSource
from tracker.labelled import is_labelled_article, read_article, read_piece, unquoted
from tracker.models import Kind

DATA = Path(__file__).parent / "data"
HEADER = "break\tkind\tspeaker\ttext\n"
PIECE = (
    f"{HEADER}paragraph\tcheck-worthy\t\tDam cracks\n"
    "line\tother\t\tBy Ana Boros\n"
    "paragraph\tcheck-worthy\tMarit Sol\t“It broke in May,” Marit Sol said.\n"
    "\topinion\tMarit Sol\t“Terrible.”\n"
)


def test_a_piece_is_composed_of_its_rows(tmp_path: Path) -> None:
    """Spaces, line breaks and blank lines as the column says; spans lie where the sentences are."""
    path = tmp_path / "dam.tsv"
    path.write_text(PIECE, encoding="utf-8")
    assert is_labelled_article(path)
    article = read_piece(path)
    assert article.text == "Dam cracks\nBy Ana Boros\n\n“It broke in May,” Marit Sol said. “Terrible.”"
    assert [one.kind for one in article.sentences] == [Kind.CHECK_WORTHY, Kind.OTHER, Kind.CHECK_WORTHY, Kind.OPINION]
    assert [one.speaker for one in article.sentences] == [None, None, "Marit Sol", "Marit Sol"]
    assert all(article.text[one.start : one.end] == one.text for one in article.sentences)


@pytest.mark.parametrize("path", sorted((DATA / "spotting").glob("*.json")), ids=lambda path: path.stem)
def test_an_article_with_its_labels_beside_it(path: Path) -> None:
    """The list of sentences lies where it says in the text of the same name."""
    assert is_labelled_article(path)
    article = read_article(path)
    assert len(article.sentences) == len(json.loads(path.read_text(encoding="utf-8")))
    assert {one.speaker for one in article.sentences} > {None}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "columns"),
        ("kind\ttext\nopinion\tFine.\n", "columns"),
        (HEADER, "no labelled sentences"),
        (f"{HEADER}paragraph\topinion\t\n", ":2: 3 cells"),
        (f"{HEADER}paragraph\topinion\t\tFine.\n\tgossip\t\tOh.\n", ":3: unknown break or kind"),
        (f"{HEADER}paragraph\topinion\t\tFine.\ntab\topinion\t\tOh.\n", ":3: unknown break or kind"),
    ],
)
def test_what_is_no_piece_is_refused(tmp_path: Path, text: str, where: str) -> None:
    """One line that names the file and the row."""
    path = tmp_path / "piece.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableSource, match=where):
        read_piece(path)


def test_labels_that_lie_elsewhere_are_refused(tmp_path: Path) -> None:
    """A list that belongs to another text would measure nonsense."""
    (tmp_path / "a.txt").write_text("It rained.", encoding="utf-8")
    row = {"text": "It snowed.", "start": 0, "end": 10, "kind": "check-worthy", "speaker": None}
    (tmp_path / "a.json").write_text(json.dumps([row]), encoding="utf-8")
    with pytest.raises(UnreadableSource, match="is not 'It snowed"):
        read_article(tmp_path / "a.json")
    for wrong in ({"start": 1e999}, {"speaker": {"a": 1}}, {"text": ""}):
        (tmp_path / "a.json").write_text(json.dumps([row | wrong]), encoding="utf-8")
        with pytest.raises(UnreadableSource, match="list of sentences"):
            read_article(tmp_path / "a.json")
    first = {"text": "It", "start": 0, "end": 2, "kind": "other", "speaker": None}
    (tmp_path / "a.json").write_text(json.dumps([first | {"text": "rained", "start": 3}, first]), encoding="utf-8")
    with pytest.raises(UnreadableSource, match="not in reading order"):
        read_article(tmp_path / "a.json")
    (tmp_path / "a.json").write_text('{"sentences": 3}', encoding="utf-8")
    with pytest.raises(UnreadableSource, match="list of sentences"):
        read_article(tmp_path / "a.json")


def test_the_quoting_of_a_public_set_is_undone() -> None:
    """Only where both ends are marks; nothing else is touched."""
    assert unquoted('"He said ""no"", twice."') == 'He said "no", twice.'
    assert unquoted('He said "no".') == 'He said "no".'
    assert unquoted('"') == '"'

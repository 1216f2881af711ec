"""Folders of sources: their order, what is passed over, and errors in their places."""

from __future__ import annotations

import os
import shutil
from io import BytesIO
from pathlib import Path

import pytest

from tracker.articles import read_article, read_articles
from tracker.errors import UnreadableSource
from tracker.models import Article

SOURCES = Path(__file__).parent / "data" / "sources"


def told(folder: Path) -> list[tuple[str, str]]:
    """What is read of a folder: each source with its text's or its error's beginning."""
    found = []
    for one in read_articles(str(folder)):
        if isinstance(one, Article):
            found.append((one.source.removeprefix(f"{folder}/"), one.text[:28]))
        else:
            found.append(("", str(one).replace(f"{folder}/", "")))
    return found


def test_every_file_of_a_folder_is_read_in_order(tmp_path: Path) -> None:
    """By name, sub-folders in their places, hidden ones not at all; what cannot be read is an error in its place."""
    for name in ("bridges.pdf", "bridges.docx", "hearing.srt", "debate.tsv", "release.eml", "desk.atom", "locked.pdf"):
        shutil.copy(SOURCES / name, tmp_path)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "2.txt").write_text("Two.")
    (tmp_path / "c" / "1.md").write_text("# One")
    (tmp_path / "a.zip").write_bytes(b"PK\x05\x06")
    (tmp_path / ".hidden.txt").write_text("hidden")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.txt").write_text("hidden")
    assert told(tmp_path) == [
        ("", "cannot read a.zip: it is packed (zip); unpack it and name the article's own file"),
        ("bridges.docx", "The state of the bridges\n\nTh"),
        ("bridges.pdf", "The state of the bridges\n\nTh"),
        ("c/1.md", "One"),
        ("c/2.txt", "Two."),
        ("debate.tsv", "Mary Ann Hill: Good evening."),
        ("https://desk.example/bruecken", "Der Kreis besitzt 412 Brücke"),
        ("desk.atom#2", "Fewer than 5 < 6 bridges."),
        ("hearing.srt", "The county owns 412 bridges,"),
        (
            "",
            "cannot read locked.pdf: it is protected by a password; open it, and print or save it as a PDF without one",
        ),
        ("release.eml", "The county owns 412 bridges."),
    ]


def test_a_folder_is_no_single_article(tmp_path: Path) -> None:
    """Unless it has just one file."""
    (tmp_path / "1.txt").write_text("One.")
    assert read_article(str(tmp_path)).text == "One."
    (tmp_path / "2.txt").write_text("Two.")
    with pytest.raises(UnreadableSource) as caught:
        read_article(str(tmp_path))
    assert (
        str(caught.value)
        == f"cannot read {tmp_path}: it is a folder with 2 files; name one of them, or ask for all with --jsonl"
    )


def test_an_empty_folder_is_refused_at_once(tmp_path: Path) -> None:
    """By both ways of reading; empty sub-folders and hidden files make none of it."""
    (tmp_path / "empty").mkdir()
    (tmp_path / ".hidden").write_text("hidden")
    for read in (read_article, read_articles):
        with pytest.raises(UnreadableSource, match="it is a folder without files; put the articles in it"):
            read(str(tmp_path))


def test_links_do_not_lead_round_in_a_circle(tmp_path: Path) -> None:
    """A link to a file is read, one to a folder is not followed, a broken one is an error."""
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "c.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "d.txt").symlink_to(tmp_path / "none")
    first, second, third = told(tmp_path)
    assert (first, second) == (("a.txt", "One."), ("c.txt", "One."))
    assert third[1].startswith("cannot read d.txt: no such file; ")


def test_what_is_no_file_does_not_hold_the_others_up(tmp_path: Path) -> None:
    """A pipe is never waited for, however deep the folders are."""
    os.mkfifo(tmp_path / "a")
    deep = tmp_path / "/".join("d" * 200)
    deep.mkdir(parents=True)
    (deep / "x.txt").write_text("Deep.")
    first, second = told(tmp_path)
    assert first[1].startswith("cannot read a: it is not a regular file; ")
    assert second[1] == "Deep."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_closed_folder_is_an_error_among_the_others(tmp_path: Path) -> None:
    """It says that access is what is missing; named itself, it raises."""
    (tmp_path / "a").mkdir(mode=0)
    (tmp_path / "b.txt").write_text("Text.")
    assert told(tmp_path) == [
        ("", "cannot read a: Permission denied; check the folder's access rights"),
        ("b.txt", "Text."),
    ]
    with pytest.raises(UnreadableSource, match="Permission denied"):
        read_articles(str(tmp_path / "a"))


def test_a_plain_source_is_one_article(tmp_path: Path) -> None:
    """And what cannot be read raises before anything is asked for."""
    assert [one.text for one in read_articles("-", stdin=BytesIO(b"One.")) if isinstance(one, Article)] == ["One."]
    with pytest.raises(UnreadableSource, match="no such file"):
        read_articles(str(tmp_path / "none.txt"))

"""A feed or a folder on the command line: an answer for each article, and a word on what cannot be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import CommandLine

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Desk</title>
<item><title>Dam</title><link>https://e.example/1</link><description>A dam cost 40 million.</description></item>
<item><title>Bus</title><link>https://e.example/2</link><description>Fares rose 8 percent.</description></item>
</channel></rss>
"""


@pytest.fixture
def folder(cli: CommandLine) -> CommandLine:
    """Two articles and a file that is none."""
    made = cli.folder / "articles"
    made.mkdir()
    (made / "a.txt").write_text("NATO has 300,000 troops on alert.\n", encoding="utf-8")
    (made / "b.pdf").write_bytes(b"%PDF-1.7 and no more")
    (made / "c.md").write_text("# Bus fares\n\nBus fares rose by 8 per cent in May.\n", encoding="utf-8")
    return cli


@pytest.mark.parametrize(("command", "key"), [("check", "findings"), ("spot", "sentences")])
def test_each_file_of_a_folder(folder: CommandLine, command: str, key: str) -> None:
    """A line of JSON each, in order; the broken one is an error in its place, and the exit code says so."""
    done = folder(command, "articles", "--jsonl")
    first, broken, last = map(json.loads, done.out.splitlines())
    assert done.code == 4
    assert first["article"]["text"].startswith("NATO has")
    assert first[key]
    assert "b.pdf" in broken["error"]
    assert last["article"]["title"] == "Bus fares"
    assert [line for line in done.err.splitlines() if "b.pdf" in line]
    assert "Traceback" not in done.err


def test_a_folder_for_a_person(folder: CommandLine) -> None:
    """The reports one after the other; nothing else on stdout."""
    done = folder("check", "articles")
    assert done.code == 4
    assert done.out.count(" worth checking: ") == 2
    assert "b.pdf" not in done.out


def test_each_item_of_a_feed(cli: CommandLine) -> None:
    """An item is an article under its own address; --save records each."""
    (cli.folder / "desk.rss").write_text(FEED, encoding="utf-8")
    done = cli("check", "desk.rss", "--jsonl", "--save")
    assert done.code == 0, done.err
    dam, bus = map(json.loads, done.out.splitlines())
    assert (dam["article"]["source"], bus["article"]["source"]) == ("https://e.example/1", "https://e.example/2")
    assert dam["saved"]["article_id"] != bus["saved"]["article_id"]
    assert cli("check", "desk.rss", "--json").code == 4  # one object is for one article


def test_one_article_is_one_line_too(cli: CommandLine) -> None:
    """--jsonl gives the object of --json; both at once are refused, and so is a source that is not there."""
    (cli.folder / "a.txt").write_text("Bus fares rose by 8 per cent in May.", encoding="utf-8")
    assert json.loads(cli("spot", "a.txt", "--jsonl").out) == cli("spot", "a.txt", "--json").json
    assert cli("check", "a.txt", "--json", "--jsonl").code == 2
    missing = cli("check", "nowhere", "--jsonl")
    assert (missing.code, missing.out, missing.err.count("\n")) == (4, "", 1)

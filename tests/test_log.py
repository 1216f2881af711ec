"""The event log: who, when, what and why, in a chain that anybody can check."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.conftest import EXAMPLE, CommandLine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def _told(tmp_path_factory: pytest.TempPathFactory, cache_folder: Path) -> Path:
    """A store in which something of each kind has happened, by two people."""
    cli = CommandLine(tmp_path_factory.mktemp("told"), cache_folder)
    (cli.folder / "feed.csv").write_text(
        "id,claim,rating,url,publisher\nf1,It rained in May.,False,https://e.example/1,Desk C\n", encoding="utf-8"
    )
    for arguments, who in (
        (("add", "The dam was built in 1962.", "--rating", "True", "--publisher", "Desk A"), "ana"),
        (("verdict", "1", "False", "--publisher", "Desk B", "--evidence", "https://e.example/doc | Page 4"), "ben"),
        (("verdict", "1", "Half true", "--publisher", "Desk B", "--supersedes", "2", "--because", "A slip."), "ben"),
        (("add", "The dam was finished in 1962.", "-y"), "ana"),
        (("merge", "1", "2", "--because", "The same dam."), "ben"),
        (("import", "feed.csv"), "ana"),
        (("link", "3", "1", "--relation", "related"), "ana"),
        (("retract", "1", "--because", "The archive burned."), "ana"),
        (("undo", "7", "--because", "Finished is not built."), "ben"),
        (("retract", "--claim", "3"), "ben"),
        (("check", EXAMPLE, "--save"), "ana"),
    ):
        done = cli(*arguments, TRACKER_AUTHOR=who)
        assert done.code == 0, (arguments, done.err)
    return cli.store


@pytest.fixture
def story(cli: CommandLine, _told: Path) -> CommandLine:
    """The command line on a copy of that store."""
    for file in _told.parent.glob("desk.db*"):
        shutil.copy(file, cli.folder)
    return cli


def test_the_history_tells_the_whole_story(story: CommandLine) -> None:
    """Who said what and when, on which evidence, what corrected it and why, and what was undone."""
    told = " ".join(story("history", "1").out.split())
    for part in (
        "ana: claim 1 added: “The dam was built in 1962.”",
        "ana: verdict 1 on claim 1: “True”, Desk A",
        "ben: verdict 2 on claim 1: “False”, Desk B, 1 piece of evidence",
        "evidence: https://e.example/doc: Page 4",
        "ben: verdict 3 on claim 1: “Half true”, Desk B, supersedes verdict 2, 1 piece of evidence because: A slip.",
        "ben: claim 2 merged into claim 1 (undone by event",
        "ana: verdict 1 on claim 1 retracted because: The archive burned.",
        "because: Finished is not built.",
        "verdict 2: “False”, Desk B (superseded by verdict 3)",
        "related: [3] It rained in May.",
    ):
        assert part in told, told
    found = story("history", "1", "--json").json
    assert [(one["kind"], one["author"]) for one in found["events"]][:3] == [
        ("claim-added", "ana"),
        ("verdict-added", "ana"),
        ("verdict-added", "ben"),
    ]
    assert found["events"][2]["changes"][1][2]["note"] == "Page 4"


def test_the_log_is_filtered(story: CommandLine) -> None:
    """By claim, kind, author and day; the newest so many."""

    def kinds(*options: str) -> list[str]:
        return [one["kind"] for one in story("log", *options, "--json").json["events"]]

    everything = kinds()
    assert {"encoder-set", "article-saved", "appearance-added", "feed-id-added", "claim-retracted"} <= set(everything)
    assert kinds("--kind", "claims-merged") == ["claims-merged"]
    assert kinds("--claim", "3") == [
        "claim-added",
        "feed-id-added",
        "review-added",
        "claims-linked",
        "claim-retracted",
    ]
    assert set(kinds("--author", "BEN")) == {"verdict-added", "claims-merged", "undone", "claim-retracted"}
    assert kinds("--limit", "2") == everything[-2:]
    assert kinds("--since", "2100-01-01") == []
    assert kinds("--until", "2100-01-01") == everything
    refused = story("log", "--kind", "murder")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "claims-merged" in refused.err


def test_anybody_can_check_an_exported_log(story: CommandLine) -> None:
    """The recipe in the docs, in five lines of its own, over the exported file."""
    done = story("log", "--export", "log.jsonl")
    assert done.out.endswith("events written to log.jsonl\n")
    previous = ""
    for line in (story.folder / "log.jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        told = event.pop("hash")
        previous = hashlib.sha256(json.dumps([previous, *event.values()], ensure_ascii=False).encode()).hexdigest()
        assert previous == told
    assert story("verify", "--json").json["head"] == previous
    assert story("verify", "--expect", previous).code == 0
    again = story("log", "--export", "log.jsonl")
    assert (again.code, again.err.count("\n")) == (2, 1)


def test_a_store_that_was_changed_behind_the_trackers_back(story: CommandLine) -> None:
    """`verify` names the first event that is not what was recorded, and ends with 8."""
    import sqlite3

    conn = sqlite3.connect(story.store)
    conn.execute("DROP TRIGGER verdicts_are_never_overwritten")
    conn.execute("UPDATE verdicts SET rating = 'True' WHERE id = 2")
    conn.commit()
    conn.close()
    done = story("verify")
    assert done.code == 8
    event = next(one["event_id"] for one in story("log", "--json").json["events"] if one["verdict_id"] == 2)
    assert f"event {event}" in done.out
    assert "False" in done.out
    assert story("doctor").code == 8


def test_a_check_of_what_is_not_there_is_no_success(cli: CommandLine) -> None:
    """A slip in the store's name, an empty head or half of one must not pass for "nothing was changed"."""
    for command in (["verify"], ["doctor"], ["backup", "b.db"], ["log"], ["history", "1"], ["undo", "1"]):
        done = cli(*command)
        assert (done.code, done.err.count("\n")) == (8, 1), command
        assert "no store is here" in done.err
        assert not cli.store.exists()
    assert cli("add", "It rains.").code == 0
    head = cli("verify", "--json").json["head"]
    for expect in ("", head[:40], "zzz"):
        assert cli("verify", "--expect", expect).code == 2
    assert "the expected head is event 2" in cli("verify", "--expect", head.upper()).out
    assert cli("verify", "--expect", "0" * 64).code == 8


def test_a_log_on_stdout_is_the_log_alone(story: CommandLine) -> None:
    """Nothing but the events, in characters that no terminal obeys; a part of the log is said to be one."""
    done = story("log", "--export", "-")
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == list(range(1, done.out.count("\n") + 1))
    assert done.out.isascii()
    assert "can only be checked in the whole" in story("log", "--limit", "2", "--export", "part.jsonl").err


def test_what_is_taken_back_or_joined_is_named(story: CommandLine) -> None:
    """A slip in a number is seen at once: the words of the verdict or claim stand in the answer."""
    assert "verdict 3 (“Half true” (mixed), Desk B) on claim 1 “The dam was built in 1962.” retracted" in " ".join(
        story("retract", "3").out.split()
    )
    merged = story("merge", "2", "1")
    assert "“The dam was built in 1962.”" in merged.out
    assert "“The dam was finished in 1962.”" in merged.out
    story("add", "The new dam was finished in 1972.", "-y")
    number = story("list", "--text", "1972", "--json").json["claims"][0]["claim_id"]
    assert "look like two" in story("merge", "2", str(number)).err


def test_an_author_of_odd_bytes_is_still_an_author(cli: CommandLine) -> None:
    """A login name that is no text is written as far as it can be."""
    assert cli("add", "It rains.", TRACKER_AUTHOR="", LOGNAME="x\udcff").code == 0
    assert cli("log", "--json").json["events"][-1]["author"] == "x?"

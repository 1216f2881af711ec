"""The command line from the outside: each command on a real store, and each kind of bad input."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import EXAMPLE, ROOT, WORKED_EXAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import CommandLine

SEED = "NATO just went from a rapid reaction force of 40,000 to one of 300,000."


def one_line(text: str) -> bool:
    return text.startswith("tracker: ") and text.count("\n") == 1 and text.endswith("\n")


# --- the main job


def test_the_example_article_end_to_end(desk: CommandLine) -> None:
    """Kupchan's sentence is matched to the worked example, as the same claim, with its verdict; nothing else is."""
    done = desk("check", EXAMPLE, "--json")
    assert (done.code, done.err) == (0, "")
    text = done.json["article"]["text"]
    for finding in done.json["findings"]:
        statement = finding["statement"]
        assert text[statement["start"] : statement["end"]] == statement["text"]
        assert statement["check_worthiness"] >= 0.5
    checked = [finding for finding in done.json["findings"] if finding["outcome"] == "checked"]
    assert [finding["statement"]["text"].strip("“”") for finding in checked] == [SEED]
    best = checked[0]["matches"][0]
    assert (best["claim"], best["relation"]) == (WORKED_EXAMPLE, "same")
    assert [(v["rating"], v["tags"]) for v in best["verdicts"]] == [("Needs context", ["missing-context"])]


def test_the_report_for_a_person(desk: CommandLine) -> None:
    """The text report shows quote, relation, rating, publisher, date and address, and what was not checked before."""
    out = desk("check", EXAMPLE, "--min-worth", "0.2").out
    for expected in (
        *(
            "CHECKED BEFORE",
            "NOT CHECKED BEFORE",
            "RELATED CLAIMS WERE CHECKED",
            SEED,
            "check-worthiness",
            "same claim",
        ),
        *("“Needs context” (not rated: missing-context), Claim tracker", "https://checkyourfact.com/2022/04/25/"),
    ):
        assert expected in out
    assert "cookie" not in out.lower()
    assert "cosine" not in out
    explained = desk("check", EXAMPLE, "--explain").out
    assert "The numbers say what made a probability" in explained
    assert "meaning: the cosine of both vectors is" in explained


def test_a_contrast_never_lends_its_verdict(cli: CommandLine) -> None:
    """Against a store that holds only the old figure, rated true, the new figure is a contrast and not "checked"."""
    cli("add", "NATO's rapid reaction force has 40,000 troops.", "--rating", "True", "--publisher", "Desk")
    done = cli("check", "-", "--json", stdin=SEED)
    finding = done.json["findings"][0]
    assert finding["outcome"] == "contrast"
    assert finding["matches"][0]["relation"] == "different-figure"
    best = finding["matches"][0]
    assert best["reasons"][0] == "figure: 40,000 there, 300,000 here (x 7.5)"
    (here,), (there,) = best["evidence"][0]["statement"], best["evidence"][0]["claim"]
    assert (SEED[slice(*here)], best["claim"][slice(*there)]) == ("300,000", "40,000 troops")
    assert "CHECKED BEFORE" not in cli("check", "-", stdin=SEED).out


def test_check_reads_stdin_html_and_markdown(desk: CommandLine, tmp_path: Path) -> None:
    """The seed sentence is found in whatever shape the article comes."""
    body = f"<h1>Summit</h1><p>The summit ended on Thursday in Madrid.</p><p>{SEED}</p>"
    page = f"<html><body><article>{body}</article></body></html>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    (tmp_path / "note.md").write_text(f"# Summit\n\nThe summit ended on *Thursday*.\n\n**{SEED}**\n", encoding="utf-8")
    for source, stdin in (("page.html", ""), ("note.md", ""), ("-", SEED)):
        outcomes = [f["outcome"] for f in desk("check", source, "--json", stdin=stdin).json["findings"]]
        assert "checked" in outcomes, source


def test_save_fills_the_queue_once(desk: CommandLine) -> None:
    """Saving notes the match as an appearance, queues the rest, most check-worthy first; twice changes nothing."""
    first = desk("check", EXAMPLE, "--save", "--json").json
    queue = desk("list", "--unverified", "--json").json["claims"]
    worth = [claim["check_worthiness"] for claim in queue]
    assert first["saved"]["claims_added"] == len(queue) == len(first["findings"]) - 1
    assert worth == sorted(worth, reverse=True)
    record = desk("show", "61", "--json").json
    assert [(a["source"], a["quote"].strip("“”")) for a in record["appearances"]] == [(str(EXAMPLE), SEED)]
    before = desk("stats", "--json").json
    second = desk("check", EXAMPLE, "--save", "--json").json
    assert second["saved"] == {"article_id": 1, "claims_added": 0, "appearances_added": 0}
    assert desk("stats", "--json").json == before
    assert [f["outcome"] for f in second["findings"]] == [f["outcome"] for f in first["findings"]]


def test_a_verdict_is_found_the_next_time(desk: CommandLine) -> None:
    """Article, queue, verdict, and the same statement in another article is then "checked"."""
    text = "Hospital waiting times in Northmoor doubled to 14 weeks in 2025."
    desk("check", "-", "--save", stdin=text)
    waiting = desk("list", "--unverified", "--json").json["claims"][0]
    assert waiting["claim"] == text
    assert desk("check", "-", "--json", stdin=text).json["findings"][0]["outcome"] == "unmatched"
    desk("verdict", waiting["claim_id"], "Mostly false", "--publisher", "Our desk", "--url", "https://example.org/w")
    again = desk("check", "-", "--json", stdin=f"It rained. {text}").json["findings"]
    verdicts = [f["matches"][0]["verdicts"] for f in again if f["outcome"] == "checked"]
    assert [(v["rating"], v["normalized"], v["publisher"]) for v in verdicts[0]] == [
        ("Mostly false", "mostly-false", "Our desk")
    ]
    assert desk("list", "--unverified", "--json").json["claims"] == []


# --- search, add, verdict, list, export, stats


def test_search(desk: CommandLine) -> None:
    """The nearest claims come best first with their verdicts; an unrelated text gets "No match"."""
    matches = desk("search", "Finland and Sweden applied to join NATO", "-k", "4", "--json").json["matches"]
    assert len(matches) == 4
    assert matches[0]["claim"] == "Sweden and Finland have officially applied to join NATO."
    assert [m["probability"] for m in matches] == sorted((m["probability"] for m in matches), reverse=True)
    none = desk("search", "Bananas are curved because they grow towards the light")
    assert none.out.startswith("No match:")
    assert {m["relation"] for m in desk("search", "Bananas are curved", "--json").json["matches"]} == {"unrelated"}


def test_global_options_stand_before_or_after_the_command(desk: CommandLine) -> None:
    """`--store` and `--json` mean the same in both places."""
    before = desk("--store", desk.store, "--json", "search", "NATO", TRACKER_STORE="")
    after = desk("search", "NATO", "--json", "--store", desk.store, TRACKER_STORE="")
    assert before.out == after.out
    assert json.loads(before.out)["matches"]
    assert desk("--version").out.startswith("tracker 0.")


def test_add_once_and_again(cli: CommandLine) -> None:
    """A claim is added with its verdict; the same text again joins it; a near-identical one is warned of."""
    first = cli("add", "Coral cover fell by 50 per cent.", "--rating", "False", "--publisher", "A", "--json").json
    again = cli("add", " coral cover  fell by 50 per cent", "--rating", "True", "--publisher", "B", "--json").json
    assert (first["created"], again["created"]) == (True, False)
    assert first["claim_id"] == again["claim_id"]
    verdicts = cli("show", first["claim_id"], "--json").json["verdicts"]
    assert [(v["publisher"], v["rating"]) for v in verdicts] == [("A", "False"), ("B", "True")]
    near = cli("add", "Coral cover fell by 50 per cent!!", "--json")
    assert near.json["created"]
    assert [match["claim_id"] for match in near.json["near_duplicates"]] == [first["claim_id"]]
    assert f"tracker verdict {first['claim_id']} RATING" in near.err


def test_all_of_a_claim_and_verdict_is_kept(cli: CommandLine) -> None:
    """What the options say comes back from show."""
    added = cli(
        *(
            "add",
            "The dam was inspected in 2019.",
            "--rating",
            "True",
            "--publisher",
            "Desk",
            "--url",
            "https://d.example",
        ),
        *("--date", "1 July 2022", "--note", "See the log.", "--claimant", "A. Mayor", "--claim-date", "2022-06-30"),
        *("--publisher-site", "d.example", "--valid-from", "2019-01-01", "--valid-to", "2023-12-31"),
        *("--external-id", "x9", "--language", "en", "--json"),
    )
    record = cli("show", added.json["claim_id"], "--json").json
    claim, verdict = record["claim"], record["verdicts"][0]
    assert (claim["claimant"], claim["claimed_on"], claim["external_id"]) == ("A. Mayor", "2022-06-30", "x9")
    assert (verdict["reviewed_on"], verdict["explanation"]) == ("2022-07-01", "See the log.")
    assert (verdict["valid_from"], verdict["valid_to"]) == ("2019-01-01", "2023-12-31")
    assert "“True”, Desk, 2022-07-01" in cli("show", added.json["claim_id"]).out


def test_list_filters(desk: CommandLine) -> None:
    """Rating, publisher and text narrow the list; nothing found is said on stderr."""
    fullfact = desk("list", "--publisher", "Full Fact", "--json").json["claims"]
    assert len(fullfact) == 8
    assert all("Full Fact" in {v["publisher"] for v in claim["verdicts"]} for claim in fullfact)
    false = desk("list", "--rating", "false", "--json").json["claims"]
    assert {v["normalized"] for claim in false for v in claim["verdicts"]} == {"false"}
    assert len(desk("list", "--text", "nato", "--limit", "3", "--json").json["claims"]) == 3
    none = desk("list", "--publisher", "Nobody")
    assert (none.code, none.out, none.err) == (
        0,
        "",
        "tracker: no claim fits; 'tracker stats' counts what the store holds\n",
    )


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".tsv"])
def test_export_and_import_give_the_same_store(desk: CommandLine, tmp_path: Path, suffix: str) -> None:
    """What is exported can be imported into a new store, and exports the same again."""
    name = f"claims{suffix}"
    assert desk("export", name).code == 0
    new = {"TRACKER_STORE": str(tmp_path / "new.db")}
    assert desk("import", name, "--json", **new).json == {
        "added": 61,
        "updated": 0,
        "unchanged": 0,
        "rejected": [],
        "repaired": {},
    }
    desk("export", f"again{suffix}", **new)
    assert (tmp_path / name).read_bytes() == (tmp_path / f"again{suffix}").read_bytes()


def test_export_to_stdout_and_where_it_must_not_go(desk: CommandLine, tmp_path: Path) -> None:
    """`-` is CSV on stdout; the store itself is never the target; a folder that is not there is one line."""
    rows = list(csv.DictReader(desk("export", "-").out.splitlines()))
    assert len(rows) == 61
    before = desk.store.read_bytes()
    assert desk("export", desk.store).code == 2
    assert desk.store.read_bytes() == before
    assert one_line(desk("export", tmp_path / "nowhere" / "x.csv").err)
    assert desk("export", "claims.docx").code == 2


def test_import_is_idempotent_and_takes_changes(cli: CommandLine, tmp_path: Path) -> None:
    """The same feed twice changes nothing; a changed rating becomes a new verdict beside the superseded one."""
    feed = tmp_path / "feed.jsonl"
    row = {"id": "a1", "claim": "It rained.", "verdict": "false", "url": "https://e.example/1", "publisher": "E"}
    feed.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert cli("import", feed, "--json").json["added"] == 1
    assert cli("import", feed, "--json").json == {
        "added": 0,
        "updated": 0,
        "unchanged": 1,
        "rejected": [],
        "repaired": {},
    }
    feed.write_text(json.dumps(row | {"verdict": "mostly-true"}) + "\n", encoding="utf-8")
    assert cli("import", feed, "--json").json["updated"] == 1
    verdicts = cli("show", "1", "--json").json["verdicts"]
    assert [(v["rating"], v["superseded_by"]) for v in verdicts] == [("false", 2), ("mostly-true", None)]
    feed.write_text(json.dumps(row | {"claim": "Something else."}) + "\n", encoding="utf-8")
    changed = cli("import", feed, "--json")
    assert changed.code == 5
    assert "another claim" in changed.json["rejected"][0]["reason"]


def test_feeds_of_two_publishers_meet_on_one_claim(cli: CommandLine, tmp_path: Path) -> None:
    """Each with ids of its own, even the same ones: publishers who disagree stand side by side."""
    cows = {"id": "1", "claim": "Cows have four stomachs."}
    feeds = {
        "ff.jsonl": [cows | {"verdict": "False", "publisher": "FF"}],
        "snopes.jsonl": [cows | {"verdict": "True", "publisher": "Snopes"}],
        "third.jsonl": [
            {
                "id": "1",
                "claim": "Crows can count.",
                "verdict": "True",
                "publisher": "Third",
                "url": "https://t.example",
            },
            {
                "id": "1",
                "claim": "Crows can count.",
                "verdict": "Fake",
                "publisher": "Third",
                "url": "https://t.example",
            },
        ],
    }
    for name, rows in feeds.items():
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = cli("import", *feeds, "--json").json
    assert (done["added"], done["updated"]) == (2, 1)
    assert done["rejected"] == [
        {"where": "third.jsonl:2", "reason": "contradicts an earlier row of this feed about the same review"}
    ]
    best = cli("search", "Cows have four stomachs", "-k", "1", "--json").json["matches"][0]
    assert {verdict["publisher"] for verdict in best["verdicts"]} == {"FF", "Snopes"}


def test_what_waits_does_not_hide_what_was_checked(desk: CommandLine) -> None:
    """Queued rewordings of a checked claim, however near, leave the outcome and the match that made it in place."""
    for figure in ("310,000", "320,000", "330,000"):
        desk("check", "-", "--save", stdin=SEED.replace("300,000", figure))
    for k in ("1", "3"):
        finding = desk("check", "-", "-k", k, "--json", stdin=SEED).json["findings"][0]
        assert (finding["outcome"], finding["matches"][0]["claim"]) == ("checked", WORKED_EXAMPLE)
    contrast = desk("check", "-", "-k", "1", "--json", stdin=SEED.replace("300,000", "310,000")).json["findings"][0]
    assert (contrast["outcome"], contrast["matches"][0]["claim"]) == ("contrast", WORKED_EXAMPLE)


def test_a_wrong_verdict_is_corrected(desk: CommandLine) -> None:
    """The correction is what counts from then on; the wrong one is shown as superseded."""
    wrong = desk("verdict", "61", "Flase", "--publisher", "Desk", "--json").json["verdict_id"]
    done = desk("verdict", "61", "False", "--publisher", "Desk", "--note", "A slip.", "--supersedes", wrong)
    assert done.code == 0
    shown = desk("show", "61").out
    assert f"verdict {wrong}: “Flase” (a rating that we cannot read), Desk (superseded by verdict {wrong + 1})" in shown
    assert "Flase" not in desk("check", EXAMPLE).out
    assert desk("verdict", "1", "True", "--supersedes", wrong).code == 5


def test_stats(desk: CommandLine) -> None:
    """The counts are those of the starter claims."""
    stats = desk("stats", "--json").json
    assert (stats["claims"], stats["verdicts"], stats["vectors"], stats["unverified"]) == (61, 61, 61, 0)
    assert stats["publishers"]["Full Fact"] == 8
    assert sum(stats["ratings"].values()) == 61
    assert "Full Fact" in desk("stats").out


def test_every_command_has_help_with_an_example(cli: CommandLine) -> None:
    """Help says what a command does and shows one call of it."""
    commands = [line.split()[0] for line in cli("--help").out.partition("Commands:")[2].splitlines() if line.strip()]
    assert {"check", "search", "add", "verdict", "show", "list", "import", "export", "stats", "reindex"} < set(commands)
    for command in set(commands) - {"eval", "quarantine"}:
        assert f"Example: tracker {command}" in cli(command, "--help").out


def test_shell_completion(cli: CommandLine) -> None:
    """The shell gets a completion script."""
    assert "complete_bash" in cli("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1").out


# --- bad input


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("blank.txt", b" \n\t\n"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20),
        ("odd.txt", b"\x81\x8d\x8f\x90\x9d" * 50),
        ("huge.txt", b"word " * 10_400_000),
        ("report.pdf", b"%PDF-1.7\n" + b"\x00" * 100),
    ],
)
def test_a_source_that_cannot_be_read(desk: CommandLine, tmp_path: Path, name: str, content: bytes) -> None:
    """Empty, binary, of no known encoding, 50 MB, a PDF: one line, exit code 4, nothing on stdout."""
    (tmp_path / name).write_bytes(content)
    done = desk("check", name)
    assert (done.code, done.out) == (4, "")
    assert one_line(done.err), done.err
    assert name in done.err


@pytest.mark.parametrize("source", ["missing.txt", "http://127.0.0.1:9/x", "ftp://example.org/x", "http://"])
def test_a_source_that_is_not_there(desk: CommandLine, source: str) -> None:
    """Missing, out of reach, of no known scheme: one line, exit code 4."""
    done = desk("check", source, PYTHONPATH="")
    assert (done.code, done.out) == (4, "")
    assert one_line(done.err), done.err


def test_an_empty_store_is_said(cli: CommandLine) -> None:
    """Without claims every statement is "not checked before", and stderr says why."""
    done = cli("check", "-", "--json", stdin=SEED)
    assert done.code == 0
    assert [finding["outcome"] for finding in done.json["findings"]] == ["unmatched"]
    assert one_line(done.err)
    assert "the store is empty" in done.err
    assert cli("search", "NATO").out.startswith("No match")
    for command in (["list"], ["stats"], ["export", "-"]):
        listed = cli(*command)
        assert listed.code == 0
        assert "the store is empty" in listed.err


def test_a_store_that_is_none(cli: CommandLine, tmp_path: Path) -> None:
    """A text file, somebody else's database or a folder as --store: exit code 8, one line, untouched."""
    text = tmp_path / "notes.txt"
    text.write_text("These are my notes, not a database.\n" * 50, encoding="utf-8")
    other = tmp_path / "other.db"
    conn = sqlite3.connect(other)
    conn.execute("CREATE TABLE t (x)")
    conn.commit()
    conn.close()
    for path in (text, other, tmp_path):
        before = path.read_bytes() if path.is_file() else b""
        for command in (["list"], ["search", "NATO"], ["add", "It rains."]):
            done = cli(*command, "--store", path)
            assert (done.code, done.out) == (8, "")
            assert one_line(done.err), done.err
        assert not before or path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["show", "999"], 3),
        (["verdict", "999", "False"], 3),
        (["show", "x"], 2),
        (["add", ""], 5),
        (["add", "?!"], 5),
        (["add", "x" * 10_001], 5),
        (["add", "It rains.", "--rating", "True", "--date", "2022-13-45"], 5),
        (["add", "It rains.", "--rating", "True", "--date", "0001-01-01"], 5),
        (["add", "It rains.", "--claim-date", "3022-01-01"], 5),
        (["add", "It rains.", "--rating", "True", "--date", "03/04/2022"], 5),
        (["add", "It rains.", "--rating", "True", "--url", "javascript:alert(1)"], 5),
        (["add", "It rains.", "--publisher", "Desk"], 5),
        (["add", "It rains.", "--rating", ""], 5),
        (["add", "It rains.", "--store", ""], 2),
        (["list", "--text", os.fsdecode(b"\xff")], 5),
        (["check", "-", "--min-worth", "nan"], 2),
        (["export", "."], 4),
        (["export", "-", "--json"], 2),
        (["list", "--store", "x" * 250 + ".db"], 8),
        (["verdict", "1", " "], 5),
        (["verdict", "99999999999999999999", "False"], 3),
        (["search", ""], 5),
        (["import"], 2),
        (["import", "missing.csv"], 4),
        (["import", "."], 4),
        (["check", "x.txt", "--min-worth", "7"], 2),
        (["search", "NATO", "-k", "0"], 2),
        (["nonsense"], 2),
    ],
)
def test_bad_arguments(desk: CommandLine, arguments: list[str], code: int) -> None:
    """Each has its exit code and a message, and nothing is stored."""
    before = desk("stats").out
    done = desk(*arguments)
    assert (done.code, done.out) == (code, ""), done.err
    assert "Traceback" not in done.err
    assert code == 2 or one_line(done.err), done.err
    assert desk("stats").out == before


def test_good_rows_beside_bad_ones_are_kept(cli: CommandLine, tmp_path: Path) -> None:
    """A bad row in the middle is named with its line; the rows around it are stored; exit code 5."""
    feed = tmp_path / "feed.csv"
    feed.write_text(
        "claim,rating,review_date\nThe earth is flat.,False,2020-01-01\n,True,\nIt rains.,True,2020-99-01\n"
        "too,many,cells,here\nThe moon is made of cheese.,False,2021-05-05\n",
        encoding="utf-8",
    )
    done = cli("import", feed, "--json")
    assert done.code == 5
    assert [one["where"] for one in done.json["rejected"]] == ["feed.csv:3", "feed.csv:4", "feed.csv:5"]
    assert (done.json["added"], done.err.count("\n")) == (2, 4)
    assert len(cli("list", "--json").json["claims"]) == 2


@pytest.mark.parametrize("content", ["", "rating,publisher\nFalse,Desk\n", "\n\n"])
def test_a_feed_without_claims(cli: CommandLine, tmp_path: Path, content: str) -> None:
    """A CSV without a claim column is refused as a whole, with the columns that it has."""
    (tmp_path / "feed.csv").write_text(content, encoding="utf-8")
    done = cli("import", "feed.csv")
    assert (done.code, done.out) == (4, "")
    assert one_line(done.err)


def test_a_damaged_index_never_answers(desk: CommandLine) -> None:
    """A truncated index file is noticed, said, and mended; the answer is that of the whole store."""
    index = desk.store.with_name("desk.db.faiss")
    good = desk("search", SEED, "--json").out
    index.write_bytes(index.read_bytes()[: index.stat().st_size // 2])
    done = desk("search", SEED, "--json")
    assert done.out == good
    assert one_line(done.err)
    assert "built anew" in done.err
    assert desk("search", SEED, "--json").err == ""


def test_streams_that_are_closed_or_full(desk: CommandLine) -> None:
    """Under cron stdin may be closed, a pipe may end early, a disk may be full: no traceback."""
    tracker = f"{sys.executable} -m tracker"
    for command, code in (
        (f"{tracker} check {EXAMPLE} <&- >/dev/null", 0),
        (f"{tracker} add 'It rains in Northmoor.' <&-", 0),
        (f"{tracker} check - <&-", 4),
        (f"{tracker} list | head -1 >/dev/null; exit ${{PIPESTATUS[0]}}", 0),
        (f"{tracker} list >/dev/full", 1),
    ):
        done = subprocess.run(
            ["bash", "-c", command], env=desk.environment, cwd=desk.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, (command, done.stderr)
        assert done.stderr.count("\n") <= 1, done.stderr


def test_hostile_text_does_not_reach_the_terminal_raw(cli: CommandLine) -> None:
    """Escape sequences in a claim are shown without their power."""
    cli("add", "The earth \x1b[2J is \x1b]0;owned\x07 flat \u202e.", "--rating", "\x1b[31mFalse")
    for command in (["list"], ["show", "1"], ["search", "earth"], ["stats"]):
        out = cli(*command).out
        assert not {"\x1b", "\x07", "\u202e"} & set(out), command


def test_nothing_is_written_to_the_home_folder(desk: CommandLine, tmp_path: Path) -> None:
    """With the store and the cache named, no other file appears."""
    desk("check", EXAMPLE)
    assert {path.name for path in tmp_path.iterdir()} <= {"desk.db", "desk.db.faiss", "desk.db-wal", "desk.db-shm"}


def test_the_default_store_is_in_the_users_data_folder(cli: CommandLine, tmp_path: Path) -> None:
    """Without --store and TRACKER_STORE the store is made where the system keeps a user's data."""
    done = cli("add", "It rains.", TRACKER_STORE="")
    assert done.code == 0, done.err
    assert list(tmp_path.rglob("tracker.db"))
    assert (ROOT / "tracker.db").exists() is False


def test_an_id_of_a_feed_means_one_claim(cli: CommandLine) -> None:
    """Another text under an id that is known is refused: a verdict must not land on a claim that it is not about."""
    assert cli("add", "The dam burst.", "--external-id", "1", "--rating", "False", "--publisher", "P").code == 0
    done = cli("add", "Nobody dammed the Elbe.", "--external-id", "1", "--rating", "True", "--publisher", "P")
    assert (done.code, done.err.count("\n")) == (5, 1)
    assert "id 1: is another claim in the store ('The dam burst.')" in done.err
    assert len(cli("show", "1", "--json").json["verdicts"]) == 1


def test_json_does_not_move_the_cursor_either(cli: CommandLine) -> None:
    """What a terminal would obey is written as JSON's own escapes; a script reads the text as it was given."""
    text = "It rains \x9b2J\u202e upside\u2066 down \U000e0041\u200b."
    assert cli("add", text, "-y").err == ""
    done = cli("list", "--json")
    assert done.json["claims"][0]["claim"] == text
    assert all(c.isprintable() or c == "\n" for c in done.out)


def test_a_sentence_that_is_none_is_left_out(desk: CommandLine) -> None:
    """A text whose full stops are missing costs no minutes; what is left out is said, the rest is checked."""
    (desk.folder / "long.txt").write_text(f"{WORKED_EXAMPLE}\n\n{'NATO 40,000 ' * 5000}\n", encoding="utf-8")
    done = desk("check", "long.txt", "--json")
    assert [one["outcome"] for one in done.json["findings"]] == ["checked"]
    assert "more than 2,000 characters are not checked" in done.err

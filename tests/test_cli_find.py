"""`tracker search` and `check` from the outside: what is known around a text, many texts at once, the reasons."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import EXAMPLE, WORKED_EXAMPLE
from tests.test_json_schema import validate

if TYPE_CHECKING:
    from tests.conftest import CommandLine

FINLAND = "Finland has officially applied to join NATO."


def claims(found: dict[str, Any]) -> list[int]:
    return [match["claim_id"] for match in found["matches"]]


# --- around a text ----------------------------------------------------------------------------------------------------


def test_speaker_and_day_count(cli: CommandLine) -> None:
    """Given, or read from a pasted post's signature: the same answer either way."""
    text = "The Calder dam broke in May."
    cli("add", text, "--claimant", "Jane Roe", "--claim-date", "2022-05-06", "--rating", "False")
    around = cli("search", text, "--speaker", "Jane Roe", "--said-on", "7 May 2022", "--json").json
    signed = cli("search", f"{text} — Jane Roe (@jroe) May 7, 2022", "--json").json
    assert around["matches"] == signed["matches"]
    bare = cli("search", text, "--json").json["matches"][0]
    found = around["matches"][0]["scores"]
    assert (found["same speaker"], found["days apart"]) == (1.0, 1.0)
    assert (bare["scores"]["speakers known"], bare["scores"]["days known"]) == (0.0, 0.0)


def test_context_counts(cli: CommandLine) -> None:
    """“It was built in 1962” finds the dam once the dam was spoken of."""
    cli("add", "The dam above Northmoor was built in 1962.", "--rating", "True")
    bare = cli("search", "It was built in 1962.", "--json").json["matches"][0]
    said = cli("search", "It was built in 1962.", "--context", "The dam above Northmoor is old.", "--json").json
    assert said["matches"][0]["scores"]["context"] > 0.1
    assert said["matches"][0]["probability"] > bare["probability"]
    assert bare["scores"]["context"] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["NATO", "--said-on", "03/04/2022"], 2, "--said-on: date '03/04/2022': not a day that everybody reads alike"),
        (["NATO", "--said-on", ""], 2, "--said-on: date ''"),
        ([], 2, "give a text, or --file with many"),
        (["NATO", "--file", "a.txt"], 2, "give a text, or --file with many"),
        (["NATO", "--jsonl"], 2, "--jsonl goes with --file"),
        (["--file", "a.txt", "--json", "--jsonl"], 2, "--jsonl goes with --file"),
        (["--file", "a.txt", "--context", "x"], 2, "--context goes with one text"),
        (["NATO", "--context", os.fsdecode(b"\xff")], 5, "context: what stands at character 1 is not UTF-8"),
        (["NATO", "--speaker", "x" * 10_001], 5, "speaker: 10,001 characters"),
        (["--file", "none.txt"], 4, "none.txt: cannot be read (No such file or directory)"),
        (["--file", "."], 4, ".: a folder; name a file"),
        (["--file", "-"], 4, "standard input: empty; give a text a line"),
        (["--file", "/dev/null"], 4, "/dev/null: not a regular file"),
    ],
)
def test_bad_searches(desk: CommandLine, arguments: list[str], code: int, why: str) -> None:
    """One line, its exit code, nothing on stdout."""
    done = desk("search", *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (code, "", 1), done.err
    assert done.err.startswith("tracker: ")
    assert why in done.err


# --- many texts -------------------------------------------------------------------------------------------------------

ROWS: list[dict[str, Any]] = [
    {"qid": "fi", "text": FINLAND, "speaker": "Jane Roe", "date": "2022-05-18"},
    {"text": "NATO has 300,000 troops", "context": "They met in Madrid."},
    {"qid": 7, "text": "Nothing of this kind was ever said about cheese."},
]


def test_many_texts_are_answered_in_order(desk: CommandLine) -> None:
    """A line each, with its own name or its line's number, and the answer that it has alone."""
    (desk.folder / "asked.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    done = desk("search", "--file", "asked.jsonl", "--jsonl", "-k", "20")
    assert (done.code, done.err) == (0, "")
    found = [json.loads(line) for line in done.out.splitlines()]
    assert [one["qid"] for one in found] == ["fi", "2", "7"]
    assert [one["query"] for one in found] == [row["text"] for row in ROWS]
    assert [len(one["matches"]) for one in found] == [20, 20, 20]
    for one in found:
        validate(one, "searchRow")
    alone = desk("search", FINLAND, "--speaker", "Jane Roe", "--said-on", "2022-05-18", "-k", "20", "--json").json
    assert claims(found[0]) == claims(alone)
    pairs = zip(found[0]["matches"], alone["matches"], strict=True)
    assert all(one["probability"] == pytest.approx(other["probability"], abs=2e-4) for one, other in pairs)
    together = desk("search", "--file", "asked.jsonl", "--json", "-k", "20").json
    validate(together, "searches")
    assert together == {"searches": found, "rejected": []}


def test_a_speech_a_line_each(desk: CommandLine) -> None:
    """Speaker and day hold for every line of a text; the report names each by its line."""
    text = f"{WORKED_EXAMPLE}\n\n{FINLAND}\n"
    done = desk("search", "--file", "-", "-k", "1", "--speaker", "Joe Biden", "--said-on", "2022-06-29", stdin=text)
    assert (done.code, done.err) == (0, "")
    assert [line for line in done.out.splitlines() if line[:2] in ("1:", "3:")] == [
        f"1: {WORKED_EXAMPLE}",
        f"3: {FINLAND}",
    ]
    assert "- same claim" in done.out
    found = desk("search", "--file", "-", "--jsonl", "--said-on", "2022-06-29", stdin=text).out.splitlines()
    assert json.loads(found[0])["matches"][0]["scores"]["days known"] == 1


@pytest.mark.parametrize("form", [[], ["--json"], ["--jsonl"]])
def test_bad_rows_are_named_and_good_ones_answered(desk: CommandLine, form: list[str]) -> None:
    """Each with its file and line on stderr; exit code 5, as after an import."""
    text = b'NATO has 300,000 troops.\n?!\ncaf\xe9 au lait\n{"text": 5}\n\x1b[31m{bad\nFinland joined NATO.\n'
    done = desk("search", "--file", "-", "-k", "1", *form, stdin=text)
    assert done.code == 5
    assert [line.partition(" input:")[2][:2] for line in done.err.splitlines()] == ["2:", "3:", "4:"]
    assert all(line.startswith("tracker: rejected standard input:") for line in done.err.splitlines())
    for query in ("NATO has 300,000 troops.", "Finland joined NATO."):
        assert query in done.out
    if form == ["--json"]:
        validate(done.json, "searches")
        assert [one["where"] for one in done.json["rejected"]] == [f"standard input:{line}" for line in (2, 3, 4)]


def test_only_bad_rows(desk: CommandLine) -> None:
    """Nothing is answered, everything is said."""
    done = desk("search", "--file", "-", "--jsonl", stdin="?!\n")
    assert (done.code, done.out, done.err.count("\n")) == (5, "", 1)


def test_an_empty_store_answers_many(cli: CommandLine) -> None:
    """No match each, and the store's emptiness is said once."""
    done = cli("search", "--file", "-", stdin="One thing.\nAnother thing.\n")
    assert (done.code, done.out.count("No match"), done.err.count("the store is empty")) == (0, 2, 1)


def test_a_reader_may_leave_early(desk: CommandLine) -> None:
    """`| head -1` ends it without a word, and the first answer is whole."""
    (desk.folder / "asked.txt").write_text("NATO has 300,000 troops.\n" * 200, encoding="utf-8")
    command = f"{sys.executable} -m tracker search --file asked.txt --jsonl | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], env=desk.environment, cwd=desk.folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["qid"] == "1"


# --- the reasons ------------------------------------------------------------------------------------------------------

PART = re.compile(r"^ +([+-]\d+\.\d)  ", re.MULTILINE)


def test_a_search_is_explained(desk: CommandLine) -> None:
    """The parts in the JSON sum up to the probability; the lines are the same, rounded, and only with --explain."""
    found = desk("search", "NATO has 300,000 troops", "-k", "1", "--json").json["matches"][0]
    assert 1 / (1 + math.exp(-sum(found["parts"].values()))) == pytest.approx(found["probability"], abs=1e-3)
    done = desk("search", "NATO has 300,000 troops", "-k", "1", "--explain")
    assert done.out.startswith("The numbers say what made a probability: log-odds")
    numbers = [float(number) for number in PART.findall(done.out)]
    assert len(numbers) > 4
    assert sum(numbers) == pytest.approx(sum(found["parts"].values()), abs=0.05 * len(numbers))
    assert numbers[1:-1] == sorted(numbers[1:-1], key=abs, reverse=True)
    assert not PART.search(desk("search", "NATO has 300,000 troops", "-k", "1").out)


def test_a_check_is_explained(desk: CommandLine) -> None:
    """Every match shown has its lines; what the numbers are is said once."""
    bare, done = desk("check", EXAMPLE, "-k", "1"), desk("check", EXAMPLE, "-k", "1", "--explain")
    shown = len(re.findall(r", p \d\.\d\d", bare.out))
    assert shown > 0
    assert done.out.count("a typical candidate\n") == shown
    assert done.out.count("The numbers say") == 1
    assert not PART.search(bare.out)


def test_a_desks_calibration_is_a_line(desk: CommandLine) -> None:
    """Once one is in use, it makes the difference between the parts and the probability."""
    from tracker import matching, tuning
    from tracker.calibration import Calibration
    from tracker.store import Store

    assert "calibration:" not in desk("search", "NATO has 300,000 troops", "--explain").out
    with Store.open(desk.store) as store:
        versions = store.vectors.encoder or "", matching.version()
        tuning.keep(store, tuning.Tuned(Calibration(1.0, 0.5), 30, *versions))
    lines = desk("search", "NATO has 300,000 troops", "--explain", "-k", "1").out.splitlines()
    assert [line.strip() for line in lines if "calibration" in line] == [
        "+0.5  calibration: as this desk's own answers have it ('tracker tune')"
    ]

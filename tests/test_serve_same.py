"""`tracker serve` is the same tracker: its answers are those of the commands, and what both write is all there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx  # noqa: TID253 - what the tests ask with

from tests.conftest import EXAMPLE, WORKED_EXAMPLE
from tests.serving import BEARER, Served, served
from tests.test_json_schema import validate

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import CommandLine

STATEMENT = "NATO went from a force of 40,000 to one of 300,000"


def same(left: Any, right: Any) -> None:
    """Two answers that differ in nothing but when they were recorded."""
    moment = re.compile(r'"recorded_at": "[^"]*"')
    assert moment.sub("", json.dumps(left)) == moment.sub("", json.dumps(right))


COMMANDS = """
import io, json, sys
from tracker.cli import app
asked, article = json.load(sys.stdin)
for command in asked:
    sys.argv, sys.stdin = ["tracker", *command], io.TextIOWrapper(io.BytesIO(article.encode()))
    out, sys.stdout = sys.stdout, io.TextIOWrapper(io.BytesIO(), "utf-8")
    try:
        app()
    except SystemExit as end:
        assert not end.code, command
    sys.stdout.flush()
    text, sys.stdout = sys.stdout.buffer.getvalue().decode(), out
    print(json.dumps(text))
"""


def printed_by(cli: CommandLine, asked: list[list[str]], article: str) -> list[str]:
    """What each command prints; one program runs them all, which loads the models once."""
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS],
        cwd=cli.folder,
        env=cli.environment,
        input=json.dumps([asked, article]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_answers_are_those_of_the_commands(desk: CommandLine, tmp_path: Path) -> None:
    """The same JSON, also as the schema of the commands has it; writing on one of two equal stores each."""
    article = EXAMPLE.read_text(encoding="utf-8")
    other = type(desk)(tmp_path / "other", desk.cache)
    other.folder.mkdir()
    for name in ("desk.db", "desk.db.faiss"):
        shutil.copy(desk.folder / name, other.folder)
    new = "NATO has increased its rapid reaction force from 40,000 to 300,000 troops!!"
    rated = ("--rating", "False", "--publisher", "Our desk", "--date", "2022-07-01", "--claimant", "Somebody")
    verdict = {"rating": "False", "publisher": "Our desk", "reviewed_on": "2022-07-01"}
    pairs: list[tuple[str, str, str, Any, tuple[object, ...]]] = [
        (
            "add",
            "POST",
            "/claims",
            {"claim": new, "claimant": "Somebody", "verdict": verdict},
            ("add", "-y", new, *rated),
        ),
        (
            "addVerdict",
            "POST",
            "/claims/1/verdicts",
            {"rating": "Outdated", "publisher": "Desk", "valid_from": "2022-05-18"},
            ("verdict", 1, "Outdated", "--publisher", "Desk", "--valid-from", "2022-05-18"),
        ),
        (
            "addVerdict",
            "POST",
            "/claims/1/verdicts",
            {"rating": "True", "supersedes": 63, "because": "a slip"},
            ("verdict", 1, "True", "--supersedes", 63, "--because", "a slip"),
        ),
        ("search", "POST", "/search", {"text": STATEMENT}, ("search", STATEMENT)),
        (
            "search",
            "POST",
            "/search",
            {"text": WORKED_EXAMPLE, "k": 20, "as_of": "2022-06-30"},
            ("search", WORKED_EXAMPLE, "-k", 20, "--as-of", "2022-06-30"),
        ),
        ("check", "POST", "/check", {"text": article}, ("check", "-")),
        (
            "check",
            "POST",
            "/check",
            {"text": article, "min_worth": 0.1, "k": 5},
            ("check", "-", "--min-worth", 0.1, "-k", 5),
        ),
        ("show", "GET", "/claims/61", None, ("show", 61)),
        ("show", "GET", "/claims/1", None, ("show", 1)),
        ("history", "GET", "/claims/1/history", None, ("history", 1)),
        ("list", "GET", "/claims", None, ("list", "--limit", 100)),
        ("list", "GET", "/claims?rating=false&limit=3", None, ("list", "--rating", "false", "--limit", 3)),
        (
            "list",
            "GET",
            "/claims?publisher=our%20desk&text=NATO",
            None,
            ("list", "--publisher", "our desk", "--text", "NATO"),
        ),
        ("list", "GET", "/claims?unverified=true", None, ("list", "--unverified")),
        ("stats", "GET", "/stats", None, ("stats",)),
    ]
    printed = printed_by(other, [[*map(str, command), "--json"] for *_, command in pairs], article)
    with served(desk) as server:
        for name, method, path, sent, _ in pairs:
            answer = server.client.request(method, path, json=sent)
            assert answer.status_code in (200, 201), answer.text
            validate(answer.json(), name)
            told = json.loads(printed.pop(0).replace(str(other.folder), str(desk.folder)))
            same(without_author_moments(answer.json()), without_author_moments(told))
        shown = server.client.get("/claims/1").json()
        same(server.client.get("/claims/1/verdicts").json(), {"verdicts": shown["verdicts"]})


def without_author_moments(found: Any) -> Any:
    """The answer without the moments and the hashes of its events, which no two stores share."""
    if isinstance(found, dict):
        gone = {"at", "recorded_at", "hash", "previous"}
        return {name: without_author_moments(value) for name, value in found.items() if name not in gone}
    return [without_author_moments(one) for one in found] if isinstance(found, list) else found


def test_two_programs_and_a_command_line_lose_nothing(desk: CommandLine) -> None:
    """2 x 12 claims with verdicts over HTTP beside 3 by the command line, all acknowledged, all there, all verified."""
    together = threading.Barrier(3)

    def program(server: Served, name: str) -> list[int]:
        together.wait()
        found = []
        with httpx.Client(base_url=server.address, headers=BEARER, timeout=120, trust_env=False) as client:
            for number in range(12):
                claim = {
                    "claim": f"{name} counted {number * 17} storks.",
                    "verdict": {"rating": "False", "publisher": name},
                }
                added = client.post("/claims", json=claim)
                assert added.status_code == 201, added.text
                own = added.json()["claim_id"]
                second = client.post(f"/claims/{own}/verdicts", json={"rating": "True", "publisher": f"not {name}"})
                assert second.status_code == 201, second.text
                found.append(own)
        return found

    def commands() -> list[int]:
        together.wait()
        added = [desk("add", "-y", f"Carol counted {n * 13} cranes.", "--rating", "False", "--json") for n in range(3)]
        assert all(one.code == 0 for one in added), [one.err for one in added]
        return [one.json["claim_id"] for one in added]

    with served(desk, "--rate", 0) as server, ThreadPoolExecutor(3) as pool:
        work = [pool.submit(program, server, "Alice"), pool.submit(program, server, "Bob"), pool.submit(commands)]
        numbers = [number for one in work for number in one.result(240)]
        assert len(set(numbers)) == 27
        listed = {one["claim_id"]: one for one in server.client.get("/claims?limit=1000").json()["claims"]}
        assert len(listed) == 61 + 27
        assert [len(listed[number]["verdicts"]) for number in numbers] == [2] * 24 + [1] * 3
    assert desk("verify").code == 0
    assert desk("doctor").code == 0

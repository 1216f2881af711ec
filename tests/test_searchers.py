"""Trackers on threads and in processes of their own: the same answers, one thing at a time, all closed at the end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.desk import Desk
from tracker.errors import InvalidClaim
from tracker.models import Utterance
from tracker.pipeline import Tracker
from tracker.reports import json as to_json
from tracker.server.config import Config
from tracker.server.desks import Desks

if TYPE_CHECKING:
    from tests.conftest import CommandLine

TEXTS = ("NATO has 300,000 troops on alert.", "Sweden and Finland are joining NATO.", "The reef is thriving.")


def test_a_desk_does_one_thing_at_a_time_on_each_thread(desk: CommandLine) -> None:
    """Each thread has a tracker of its own, which is closed on it; an error reaches whoever asked."""
    opened: list[int] = []
    closed: list[int] = []

    class Noted(Tracker):
        """Tells on which thread it is closed."""

        def close(self) -> None:
            super().close()  # SQLite refuses it on another thread
            closed.append(threading.get_ident())

    def open_tracker() -> Tracker:
        opened.append(threading.get_ident())
        return Noted.open(desk.store)

    both = threading.Barrier(2, timeout=20)

    def work(tracker: Tracker) -> tuple[int, int]:
        both.wait()  # passes only where two are at work
        return threading.get_ident(), tracker.store.claim_count()

    async def ask() -> list[tuple[int, int]]:
        found = await asyncio.gather(*[asked.ask(work) for _ in range(6)])
        with pytest.raises(InvalidClaim):
            await asked.ask(lambda tracker: tracker.search(" "))
        return found

    asked = Desk(open_tracker, threads=2)
    found = asyncio.run(ask())
    asked.close()
    assert len(opened) == 2
    assert {*opened} == {*closed} == {thread for thread, _ in found}
    assert {count for _, count in found} == {61}


def test_searchers_answer_as_the_tracker_does(desk: CommandLine) -> None:
    """With several processes too; what one writes the others find; a text without words is refused; all of them end."""

    async def ask() -> None:
        said = [Utterance(text) for text in TEXTS * 3]
        found = await asyncio.gather(*[desks.search(one, 3) for one in said])
        with Tracker.open(desk.store) as tracker:
            expected = [tracker.search(one.text, 3) for one in said]
        assert [to_json.search(one) for one in found] == [to_json.search(one) for one in expected]
        with pytest.raises(InvalidClaim):
            await desks.search(Utterance("..."), 3)
        done = desk("add", "The tram to Oldwick runs at night.", "--rating", "True", "--json")
        later = await desks.search(Utterance("The tram to Oldwick runs at night."), 1)
        assert later.matches[0].claim.id == done.json["claim_id"]

    desks = Desks(Config(store=str(desk.store), searchers=2))
    try:
        asyncio.run(ask())
        own = _children(os.getpid())
        assert own
    finally:
        desks.close()
    assert not any(_is_searcher(child) for child in own)


def test_a_searcher_that_is_killed_is_replaced(desk: CommandLine) -> None:
    """The search that comes next is answered."""

    async def ask() -> None:
        await desks.search(Utterance(TEXTS[0]), 1)
        for child in _children(os.getpid()):
            if _is_searcher(child):
                os.kill(child, signal.SIGKILL)
        found = await desks.search(Utterance(TEXTS[1]), 1)
        assert found.matches[0].claim.id == 1

    desks = Desks(Config(store=str(desk.store), searchers=2))
    try:
        asyncio.run(ask())
    finally:
        desks.close()


def test_searchers_end_with_a_server_that_is_killed(desk: CommandLine) -> None:
    """It can end nothing any more; they notice."""
    code = (
        "import asyncio, sys, time\n"
        "from tracker.models import Utterance\n"
        "from tracker.server.config import Config\n"
        "from tracker.server.desks import Desks\n"
        "if __name__ == '__main__':\n"
        "    desks = Desks(Config(store=sys.argv[1], searchers=2))\n"
        "    asyncio.run(desks.search(Utterance('NATO has troops'), 1))\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    script = desk.folder / "server.py"
    script.write_text(code, encoding="utf-8")
    command = [sys.executable, str(script), str(desk.store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": "."}) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        searchers = [child for child in _children(server.pid) if _is_searcher(child)]
        assert searchers
        server.kill()
        for _ in range(200):
            if not any(_is_searcher(one) for one in searchers):
                break
            time.sleep(0.05)
        assert not any(_is_searcher(one) for one in searchers)


def test_a_topic_is_answered_with_the_claims_that_have_its_words(desk: CommandLine) -> None:
    """Best first, with the verdicts of today; retracted ones are left out, merged ones are told by their claim."""
    with Tracker.open(desk.store) as tracker:
        found = tracker.about("Great Barrier Reef", 5)
        assert [one.claim.id for one in found[:1]] == [46]
        assert "Reef" in found[0].claim.text
        assert found[0].verdicts
        desk("retract", "--claim", "46", "--because", "a test")
        assert 46 not in [one.claim.id for one in tracker.about("Great Barrier Reef", 5)]
        assert tracker.about("zeppelin", 5) == tracker.about("?!", 5) == tracker.about("NATO zeppelin", 5) == []


def _children(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for thread in threads for child in thread.read_text().split()]


def _is_searcher(pid: int) -> bool:
    """Whether the process is there, and one that was spawned to work."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z" and b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False

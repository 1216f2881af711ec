"""`/article` and what comes of it: the queue, the next article, others' words, and nothing that is written unasked."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import EXAMPLE
from tests.pasting import HOSTILE, PLAIN, SEED, Desk, field_of, opened
from tracker.pipeline import Tracker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import CommandLine


@pytest.fixture
def browser(desk: CommandLine) -> Iterator[Desk]:
    """At a desk with the starter claims."""
    with opened(desk.store) as found:
        yield found


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Desk]:
    """At a desk that has nothing yet."""
    with opened(tmp_path / "empty.db") as found:
        yield found


# --- the queue --------------------------------------------------------------------------------------------------------


def test_what_was_not_checked_goes_into_the_queue_once(desk: CommandLine, browser: Desk) -> None:
    """Under the name that was given; the page then says how many, and asks no more."""
    address = browser.check((EXAMPLE.name, EXAMPLE.read_bytes()))
    assert "Put 23 statements into the queue" in browser.client.get(address).text
    assert browser.save(address).headers["location"] == address
    page = browser.client.get(address)
    assert "23 new claims in" in page.text
    assert "/save" not in page.text
    assert browser.save(address).status_code == 303
    assert len(desk("list", "--unverified", "--json").json["claims"]) == 23
    assert {event["author"] for event in desk("log", "--json").json["events"] if event["kind"] == "claim-added"} >= {
        "Ana"
    }
    assert field_of(browser.client.get(browser.check(text=PLAIN)), "author") == "Ana"


def test_saving_takes_the_token_and_our_own_form(desk: CommandLine) -> None:
    """Reading a report does not; another's form, or none of ours, does nothing."""
    with opened(desk.store, token=False) as reader:
        address = reader.check(text=PLAIN)
        assert "/save" not in reader.client.get(address).text
        assert reader.save(address).status_code == 403
    with opened(desk.store) as browser:
        address = browser.check(text=PLAIN)
        assert browser.save(address, csrf="").status_code == 403
        assert browser.send(text=PLAIN, csrf="x").status_code == 403
        assert browser.client.post(f"{address}/stop", data={"csrf": ""}).status_code == 403
        foreign = browser.client.post(
            f"{address}/save", data={"csrf": browser.csrf}, headers={"Origin": "https://elsewhere.example"}
        )
        assert foreign.status_code == 403
    assert desk("list", "--unverified", "--json").json["claims"] == []


def test_a_verdict_given_meanwhile_is_found_by_the_next_check(desk: CommandLine, browser: Desk) -> None:
    """From the queue to the next article."""
    browser.save(browser.check(text=PLAIN))
    assert 'href="/claim/62#add">Give it a verdict' in browser.client.get(browser.check(text=PLAIN)).text
    waiting = desk("list", "--unverified", "--text", "Unemployment", "--json").json["claims"]
    assert desk("verdict", waiting[0]["claim_id"], "True", "--publisher", "Our desk").code == 0
    page = browser.client.get(browser.check(text=f"He said it again. {PLAIN}"))
    card = re.search(r'<li class="card is-checked.*?</details>', page.text, re.DOTALL)
    assert card
    assert "Unemployment fell" in card[0]
    assert "Our desk" in card[0]


# --- others' words ----------------------------------------------------------------------------------------------------


def test_nothing_of_the_article_becomes_markup(empty: Desk) -> None:
    """Text, title, the file's name and the address are words on every page that shows them."""
    said = f"Unemployment fell to 4.2 percent in March 2021, said {HOSTILE} on Monday."
    pages: list[Any] = [
        empty.send(text=said, title=HOSTILE, address=HOSTILE),
        empty.client.get(empty.check(text=said, title=HOSTILE)),
        empty.client.get(empty.check((HOSTILE, said.encode()))),
        empty.client.get(empty.check((HOSTILE, b""), title=HOSTILE, day="")),
        empty.client.get(empty.start(text=SEED * 5, title=HOSTILE)),
    ]
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert "onerror='" not in page.text
        assert "{{ 7*7 }}" in unescape(page.text)


def test_nothing_that_is_sent_is_written(empty: Desk, tmp_path: Path, made: Callable[[], set[str]]) -> None:
    """Neither the store nor any file near it changes by a check."""
    empty.check(text=PLAIN)
    before = made()
    empty.check(text=SEED)
    empty.check(("a.html", f"<p>{PLAIN}</p>".encode()))
    assert made() == before
    with Tracker.open(tmp_path / "empty.db") as tracker:
        assert tracker.stats()["articles"] == tracker.stats()["claims"] == 0


@pytest.fixture
def made(tmp_path: Path) -> Callable[[], set[str]]:
    """What files there are."""
    return lambda: {str(path) for path in tmp_path.rglob("*")}


def test_the_server_ends_though_a_check_is_under_way(desk: CommandLine) -> None:
    """Nobody waits for articles that nobody will see: what is under way is stopped, what waits is not begun."""
    with opened(desk.store) as browser:
        addresses = [browser.start(text=SEED * 300) for _ in range(3)]
        jobs_then = [browser.job(one) for one in addresses]
        assert all(job.is_under_way for job in jobs_then)
        began = time.monotonic()
    assert time.monotonic() - began < 60
    assert [job.report for job in jobs_then] == [None, None, None]

"""The server where clients dawdle, leave or get in each other's way, and where its store goes away under it."""

from __future__ import annotations

import asyncio
import re
import socket
import sqlite3
import threading
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import httpx  # noqa: TID253
import pytest
import uvicorn  # noqa: TID253

from tests.conftest import EXAMPLE
from tests.serving import BEARER, TOKEN, asking, error_of
from tests.test_server_pages import browsing, send, words
from tracker.server import connections
from tracker.server.app import create_app
from tracker.server.config import Config
from tracker.server.connections import Patient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import CommandLine

ARTICLE = EXAMPLE.read_text(encoding="utf-8")


@contextmanager
def listening(cli: CommandLine) -> Iterator[tuple[str, int]]:
    """The application behind a real socket, as the command puts it there; its host and port."""
    app = create_app(Config(store=str(cli.store), token=TOKEN, rate=0))
    config = uvicorn.Config(app, http=Patient, ws="none", log_config=None)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as own:
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[own])))
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield own.getsockname()
        finally:
            server.should_exit = True
            thread.join()


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\n", b"POST /search HTTP/1.1\r\nHost: localhost\r\n"])
def test_who_does_not_say_what_she_wants_is_let_go(
    desk: CommandLine, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    """However far she got with it; who asks meanwhile is answered."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    with listening(desk) as address, closing(socket.create_connection(address, timeout=20)) as idle:
        idle.sendall(begun)
        assert httpx.get(f"http://127.0.0.1:{address[1]}/stats", trust_env=False).status_code == 200
        assert _rest(idle) == b""


def test_who_does_not_finish_what_she_sends_is_let_go(desk: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the longer time that a body has."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.1)
    monkeypatch.setattr(connections, "BODY_SECONDS", 0.3)
    with listening(desk) as address, closing(socket.create_connection(address, timeout=20)) as idle:
        idle.sendall(b"POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        assert _rest(idle) == b""


def test_only_so_many_connections_are_open_at_once(desk: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is closed as it comes; once there is room again, others are answered."""
    monkeypatch.setattr(connections, "MOST", 3)
    with listening(desk) as address:
        several = [socket.create_connection(address, timeout=20) for _ in range(3)]
        time.sleep(0.1)
        with closing(socket.create_connection(address, timeout=20)) as one_more:
            assert _rest(one_more) == b""
        for one in several:
            one.close()
        for _ in range(200):  # until the server has seen that they are gone
            with suppress(httpx.TransportError):
                answer = httpx.get(f"http://127.0.0.1:{address[1]}/stats", trust_env=False)
                break
            time.sleep(0.05)
        assert answer.status_code == 200


def test_a_check_ends_when_nobody_waits_for_it(desk: CommandLine) -> None:
    """The next one begins at once, and the server can end."""
    long = {"text": ARTICLE * 60, "min_worth": 0}
    with listening(desk) as address:
        own = f"http://127.0.0.1:{address[1]}"
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{own}/check", json=long, timeout=1, trust_env=False)
        began = time.process_time()
        answer = httpx.post(f"{own}/check", json={"text": "It rained in May."}, timeout=60, trust_env=False)
        assert answer.status_code == 200
        assert time.process_time() - began < 15  # the long one takes minutes of the processor


def test_a_write_that_waits_holds_nobody_up(desk: CommandLine) -> None:
    """Another program has the store for itself: searches are answered, and the write is done when that has ended."""
    done: list[int] = []
    with asking(desk) as client, closing(sqlite3.connect(desk.store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        def write() -> None:
            done.append(client.post("/claims", json={"claim": "The tram runs at night."}, headers=BEARER).status_code)

        writing = threading.Thread(target=write)
        writing.start()
        time.sleep(0.3)
        assert client.post("/search", json={"text": "NATO has 300,000 troops."}).status_code == 200
        assert client.get("/claims/61").status_code == 200
        assert done == []
        other.execute("ROLLBACK")
        writing.join()
    assert done == [201]


def test_nothing_is_said_to_be_stored_where_the_file_is_gone(desk: CommandLine) -> None:
    """Or is another one by now: an error, until the server is started anew."""
    with asking(desk) as client:
        assert client.get("/claims/61").status_code == 200
        desk.store.rename(desk.folder / "away.db")
        for again in range(2):
            answer = client.post("/claims", json={"claim": "The tram runs at night."}, headers=BEARER)
            assert "taken away or replaced while it was served" in error_of(answer, 503)
            assert client.post("/search", json={"text": "NATO"}).status_code == 503
            if not again:
                assert not desk.store.exists()
                desk("import", "--starter")


def test_a_backup_put_back_while_it_is_served_is_what_is_served(desk: CommandLine) -> None:
    with asking(desk) as client:
        assert desk("backup", "kept.db").code == 0
        client.post("/claims", json={"claim": "The tram runs at night."}, headers=BEARER)
        assert desk("restore", "kept.db").code == 0
        assert client.get("/claims/62").status_code == 404
        assert client.get("/claims/61").status_code == 200


@pytest.mark.parametrize("charset", ["undefined", "punycode", "nonsense", "utf-16"])
def test_a_form_in_no_characters_is_refused(desk: CommandLine, charset: str) -> None:
    kind = {"Content-Type": f"multipart/form-data; boundary=x; charset={charset}"}
    body = b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n\xff\xfe\r\n--x--\r\n'
    with asking(desk) as client:
        for path in ("/new", "/article"):
            assert client.post(path, content=body, headers=kind).status_code in {400, 403}


# --- what two people do at once, and what a slip may not do -----------------------------------------------------------


@pytest.mark.parametrize("fields", [{"verdict": "v46"}, {"verdict": "46x"}, {"verdict": ""}, {}, {"claim": "61"}])
def test_a_slip_takes_no_claim_back(desk: CommandLine, fields: dict[str, str]) -> None:
    """Only its own form does, which names it."""
    with browsing(desk) as client:
        assert send(client, "/claim/46/retract", because="typo", **fields).status_code == 422
        assert desk("show", 46, "--json").json["retracted"] is None
        assert send(client, "/claim/46/retract", because="typo", claim="46").status_code == 303
        assert desk("show", 46, "--json").json["retracted"]["because"] == "typo"


def test_a_slip_makes_no_second_verdict(desk: CommandLine) -> None:
    with browsing(desk) as client:
        sent = {"rating": "True", "because": "typo", "supersedes": "x46"}
        assert send(client, "/claim/46/verdict", **sent).status_code == 422
        assert len(desk("show", 46, "--json").json["verdicts"]) == 1


def test_the_second_of_two_corrections_stays_one(desk: CommandLine) -> None:
    """What she typed is kept, and the form does not turn into one that puts a contradiction beside."""
    with browsing(desk) as client:
        first = {"supersedes": "46", "rating": "True", "because": "new data", "author": "Ada", "publisher": "Newswise"}
        assert send(client, "/claim/46/verdict", **first).status_code == 303
        page = send(client, "/claim/46/verdict", **first | {"rating": "Mixed", "because": "mine", "author": "Bea"})
        assert page.status_code == 422
        assert "Correct verdict 46" in words(page.text)
        for kept in ("46", "Mixed", "mine", "Bea"):
            assert f'value="{kept}"' in page.text
        assert len(desk("show", 46, "--json").json["verdicts"]) == 2


def test_a_correction_leaves_alone_what_was_not_touched(desk: CommandLine) -> None:
    """Also what a form cannot show as it is."""
    desk("verdict", 61, "False", "--publisher", "P", "--evidence", "https://a.example/1 | one\ntwo", "--tag", "y")
    before = desk("show", 61, "--json").json["verdicts"][-1]
    assert before["evidence"][0]["note"] == "one\ntwo"
    with browsing(desk) as client:
        form = client.get(f"/claim/61?correct={before['verdict_id']}").text
        shown = re.search(r'<textarea id="evidence"[^>]*>\n([^<]*)', form)
        assert shown
        sent = {"rating": "True", "publisher": "P", "tags": "y", "evidence": shown[1], "because": "new data"}
        assert send(client, "/claim/61/verdict", supersedes=str(before["verdict_id"]), **sent).status_code == 303
    after = desk("show", 61, "--json").json["verdicts"][-1]
    assert (after["rating"], after["evidence"], after["tags"]) == ("True", before["evidence"], ["y"])


@pytest.mark.parametrize("done", ["withdrawn-46", "added-61", "retracted-99", "joined-1"])
def test_the_page_says_nothing_was_done_that_was_not(desk: CommandLine, done: str) -> None:
    with browsing(desk) as client:
        assert 'role="status"' not in client.get(f"/claim/46?done={done}").text


def test_a_name_has_a_limit_wherever_it_is_written(desk: CommandLine) -> None:
    """The log keeps it for good."""
    with browsing(desk) as client:
        lead = send(client, "/article", text="NATO has 300,000 troops on alert.").headers["location"]
        for _ in range(500):
            if "Put " in client.get(lead).text:
                break
            time.sleep(0.02)
        assert send(client, f"{lead}/save", author="x" * 100_000).status_code == 422
        assert send(client, f"{lead}/save", author="Ada").status_code == 303
    assert {event["author"] for event in desk("log", "--json").json["events"]} <= {"tester", "Ada"}


# --- what holds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        {"claim": "It rained.", "claimed_on": "2999-01-01"},
        {"claim": "It rained.", "verdict": {"rating": "False", "reviewed_on": "2999-01-01"}},
        {"claim": "It rained.", "verdict": {"rating": "False", "reviewed_on": "1066-10-14"}},
    ],
)
def test_days_are_as_everywhere(desk: CommandLine, sent: dict[str, Any]) -> None:
    """A review of a day to come would shut out the publisher's own, for good."""
    with asking(desk) as client:
        assert "check the year" in error_of(client.post("/claims", json=sent, headers=BEARER), 422)


def test_google_is_told_what_holds_today_alone(desk: CommandLine) -> None:
    """Its answer has no word for a verdict that is over."""
    text = "The tram to Oldwick runs at night."
    desk("add", text, "--rating", "True", "--publisher", "P", "--valid-to", "2020-12-31")
    with asking(desk) as client:
        assert client.get("/v1alpha1/claims:search", params={"query": text}).json() == {}
        desk("verdict", 62, "False", "--publisher", "Q")
        [claim] = client.get("/v1alpha1/claims:search", params={"query": text}).json()["claims"]
        assert [one["textualRating"] for one in claim["claimReview"]] == ["False"]


def test_google_finds_a_topic_by_its_words(desk: CommandLine) -> None:
    """It states nothing, so how a claim relates to it is not told."""
    with asking(desk) as client:
        found = client.get("/v1alpha1/claims:search", params={"query": "NATO"}).json()["claims"]
        assert "NATO" in found[0]["text"]
        assert all("relation" not in one and "probability" not in one for one in found)
        assert client.get("/v1alpha1/claims:search", params={"query": "zeppelin"}).json() == {}
    with browsing(desk) as client:
        assert "Claims with these words" in words(client.get("/", params={"q": "NATO"}).text)


def test_verdicts_on_a_claim_that_was_taken_back_are_not_counted(desk: CommandLine) -> None:
    """Nor where it had taken up another entry."""
    before = desk("stats", "--json").json["ratings"]
    desk("add", "The tram to Oldwick runs at night.", "--rating", "True", "--publisher", "Tram Watch")
    desk("add", "At night the tram to Oldwick runs.", "--rating", "True", "--publisher", "Tram Watch", "--yes")
    desk("merge", 62, 63)
    with browsing(desk) as client:
        assert "Tram Watch" in client.get("/ratings").text
        assert desk("stats", "--json").json["ratings"]["true"] == before["true"] + 2
        assert desk("retract", "--claim", 62, "--because", "a test").code == 0
        assert "Tram Watch" not in client.get("/ratings").text
    assert desk("stats", "--json").json["ratings"] == before


def _rest(connection: socket.socket) -> bytes:
    """What still comes before the other end closes; a connection that is cut off says no more either."""
    try:
        return connection.recv(100)
    except ConnectionResetError:
        return b""

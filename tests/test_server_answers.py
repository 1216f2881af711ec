"""What `tracker serve` answers: the headers, how large and how often, what an error says, and no file of the disk."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import APIRouter  # noqa: TID253 - what is tested
from starlette.testclient import TestClient  # noqa: TID253

from tests.serving import BEARER, LOCAL, PAGE, TOKEN, asking, error_of
from tests.test_json_schema import SCHEMA
from tracker.server.app import create_app
from tracker.server.config import Config
from tracker.server.guard import MAX_BODY, Rate
from tracker.server.openapi import _OWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx2 import Response
    from starlette.types import Receive, Scope, Send

    from tests.conftest import CommandLine

CLAIM = {"claim": "It rained on Monday."}
HEADERS = {
    "content-security-policy": r"default-src 'none'; .*frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ".+",
    "cache-control": "no-store|no-cache",
}


@pytest.fixture
def here(desk: CommandLine) -> Iterator[TestClient]:
    """A client of a desk that serves this machine alone."""
    with asking(desk) as client:
        yield client


# --- what every answer says -----------------------------------------------------------------------------------------


def every_kind_of_answer(client: TestClient) -> Iterator[Response]:
    """One of each status that the door and the routes have."""
    yield client.get("/")
    yield client.get("/static/desk.css")
    yield client.get("/claims")
    yield client.get("/openapi.json")
    yield client.get(f"/?token={TOKEN}")
    yield client.post("/search", content=b"{", headers={"Content-Type": "application/json"})
    yield client.post("/claims", json=CLAIM)
    yield client.get("/claims", headers={"Host": "evil.example"})
    yield client.get("/nowhere", headers=PAGE)
    yield client.delete("/claims")
    yield client.post("/search", content=b"x", headers={"Content-Length": str(MAX_BODY + 1)})
    yield client.post("/search", json={"text": ""})
    yield client.get("/boom")


def test_every_answer_has_the_headers(desk: CommandLine) -> None:
    app = create_app(Config(store=str(desk.store), token=TOKEN, rate=0))
    broken = APIRouter()

    @broken.get("/boom")
    async def boom() -> None:
        raise RuntimeError(str(desk.store))

    app.include_router(broken)
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False, follow_redirects=False) as client:
        statuses = []
        for answer in every_kind_of_answer(client):
            statuses.append(answer.status_code)
            for name, value in HEADERS.items():
                assert re.fullmatch(value, answer.headers[name]), (answer.status_code, name)
            assert "server" not in answer.headers
            assert "access-control-allow-origin" not in answer.headers
    assert sorted({*statuses}) == [200, 303, 400, 401, 403, 404, 405, 413, 422, 500]


def test_a_bug_is_one_line_and_the_log_has_all_of_it(desk: CommandLine, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(Config(store=str(desk.store), token=TOKEN))
    broken = APIRouter()

    @broken.get("/boom")
    async def boom() -> None:
        raise RuntimeError(f"secret of {desk.store}")

    app.include_router(broken)
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        message = error_of(client.get("/boom?what=was-asked"), 500)
        page = client.get("/boom", headers=PAGE)
        assert client.get("/claims").status_code == 200  # it goes on
    assert (page.status_code, page.headers["content-type"]) == (500, "text/html; charset=utf-8")
    for told in (message, page.text):
        assert "secret" not in told
        assert "Traceback" not in told
        assert str(desk.folder) not in told
    record = caplog.records[0]
    assert record.getMessage() == "GET '/boom': a bug"
    assert record.exc_info
    assert "was-asked" not in caplog.text  # what somebody looks for is nobody's business


# --- how large ------------------------------------------------------------------------------------------------------


def test_a_body_that_says_it_is_too_large_is_not_read(here: TestClient) -> None:
    def sent() -> Iterator[bytes]:
        pytest.fail("it was read")
        yield b""

    answer = here.post("/check", content=b"{}", headers={"Content-Length": str(MAX_BODY + 1)})
    assert "more than 11 MB" in error_of(answer, 413)
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("path", ["/check", "/search"])
def test_a_body_without_a_length_is_read_up_to_the_limit(here: TestClient, path: str) -> None:
    given = 0

    def sent() -> Iterator[bytes]:
        nonlocal given
        yield b'{"text": "'
        for _ in range(30):
            given += 1_000_000
            yield b"a" * 1_000_000

    answer = here.post(path, content=sent(), headers={"Content-Type": "application/json"})
    assert "more than 11 MB" in error_of(answer, 413)
    assert answer.headers["connection"] == "close"


def test_the_largest_article_is_taken(here: TestClient) -> None:
    answer = here.post("/check", json={"text": "a" * 10_000_001})
    assert error_of(answer, 422).startswith("text: String should have at most 10000000 characters")
    assert here.post("/search", json={"text": "a " * 5_001}).status_code == 422


# --- how often ------------------------------------------------------------------------------------------------------


def test_too_many_requests_are_told_to_wait(desk: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("tracker.server.guard.time.monotonic", lambda: now)
    with asking(desk, rate=2) as client:
        assert [client.get("/static/desk.css").status_code for _ in range(4)] == [200] * 4
        answer = client.get("/claims")
        assert error_of(answer, 429) == "too many requests; wait a second"
        assert answer.headers["retry-after"] == "1"
        assert client.get("/", headers=PAGE).status_code == 429
        now = 1.0
        assert [client.get("/static/desk.css").status_code for _ in range(3)] == [200, 200, 429]


def test_each_address_has_its_own_count_and_few_are_kept() -> None:
    rate = Rate(1)
    assert [rate.allows("a") for _ in range(3)] == [True, True, False]
    assert rate.allows("b")
    for number in range(20_000):
        assert rate.allows(str(number))
    assert len(rate._left) == 10_000
    assert all(Rate(0).allows("a") for _ in range(1_000))


# --- no path to the file system -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *(
            "%2e%2e/app.py",
            "..%2fapp.py",
            "..%2f..%2f..%2f..%2fetc%2fpasswd",
            "%2fetc%2fpasswd",
            "desk.css%00",
        ),
        *(
            "%00",
            "",
            "desk.css/",
            "DESK.CSS",
            "desk",
            "base.html",
            "..\\app.py",
            "..%5capp.py",
            "sheet.css.css",
        ),
        *(
            "desk.css;x",
            "./desk.css%20",
            "%ff",
            "static.py",
            "desk.css%0a",
            "article.css",
            "file:%2f%2f%2fetc%2fpasswd",
        ),
    ],
)
def test_static_files_are_those_that_there_are(here: TestClient, name: str) -> None:
    answer = here.get(f"{LOCAL}/static/{name}")
    assert answer.status_code == 404, answer.text
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", ["/static/..", "/static/.", "/static/../app.py", "/static/./desk.css", "/.."])
def test_dots_in_a_path_lead_nowhere(desk: CommandLine, path: str) -> None:
    """As a client may send them that does not resolve them itself, as browsers and the client above do."""

    async def sent_on(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["path"], scope["raw_path"] = path, path.encode()
        await app(scope, receive, send)

    app = create_app(Config(store=str(desk.store), token=TOKEN))
    with TestClient(sent_on, base_url=LOCAL) as client:
        error_of(client.get("/"), 404)


@pytest.mark.parametrize(
    "source", ["/etc/passwd", "file:///etc/passwd", "-", "~/.ssh/id_rsa", "../desk.db", "", "http:/x"]
)
def test_no_article_is_a_file(here: TestClient, source: str) -> None:
    message = error_of(here.post("/check", json={"url": source}), 422)
    assert "give one that begins with https://" in message or message.startswith("check: send a text"), message
    assert "root:" not in here.post("/check", json={"text": source or "x"}).text


# --- what errors say ------------------------------------------------------------------------------------------------


def test_errors_speak_to_whoever_asked_and_name_no_path(here: TestClient, desk: CommandLine) -> None:
    verdict = {"rating": "False", "publisher": "Our desk", "url": "https://desk.example/1"}
    number = here.post("/claims/1/verdicts", json=verdict, headers=BEARER).json()["verdict_id"]
    path = "/claims/1/verdicts"
    no_claim = "claim 999: not in this store; GET /claims lists what is"
    is_there = f"verdict {number} is this review already (same publisher, address, period)"
    is_theirs = f"verdict {number} is Our desk's, and a correction is the same publisher's"
    nobody, other = {"rating": "x"}, {"publisher": "Other", "rating": "x"}
    asked: list[tuple[int, str, str, Any, str]] = [
        (404, "GET", "/claims/999", None, no_claim),
        (404, "GET", "/claims/999/history", None, no_claim),
        (404, "GET", "/claims/999/verdicts", None, no_claim),
        (404, "POST", "/claims/999/verdicts", nobody, no_claim),
        (404, "POST", path, nobody | {"supersedes": 999}, "verdict 999: not in this store"),
        (422, "POST", path, verdict | {"rating": "True"}, f"{is_there}; send 'supersedes': {number} to correct it"),
        (422, "POST", path, nobody | {"supersedes": 61}, "verdict 61: not current on claim 1; GET /claims/1/verdicts"),
        (422, "POST", path, other | {"supersedes": number}, f"{is_theirs}; leave out 'supersedes' to put yours beside"),
        (422, "POST", path, {}, ""),
        (422, "POST", "/check", {"text": " "}, "cannot read the text: it has no text; give an article with some words"),
        (422, "POST", "/check", {}, "check: send a text or a url, and not both"),
        (422, "POST", "/search", {"text": "x", "max": 3}, "max: Extra inputs are not permitted"),
    ]
    for status, method, where, sent, message in asked:
        answer = here.request(method, where, json=sent, headers=BEARER)
        assert error_of(answer, status).startswith(message)
        page = here.request(method, where, json=sent, headers=BEARER | PAGE).text
        for told in (answer.text, page):
            assert str(desk.folder) not in told
            assert "tracker show" not in told
            assert "--supersedes" not in told


def test_a_store_that_cannot_be_used_is_no_bug(desk: CommandLine) -> None:
    desk.store.write_bytes(b"not a store" * 1_000)
    with asking(desk) as client:
        message = error_of(client.get("/claims"), 503)
    assert message.startswith("this store")
    assert str(desk.folder) not in message


def test_the_schema_is_ours() -> None:
    """What the server adds to the commands' schema takes no name of it."""
    assert not set(SCHEMA["$defs"]) & set(_OWN)
    assert json.loads(json.dumps(_OWN)) == _OWN

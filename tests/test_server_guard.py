"""The door of `tracker serve`: who comes in, under which name, and with which token."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.conftest import CommandLine
from tests.serving import BEARER, LOCAL, PAGE, TOKEN, asking, error_of
from tracker.server.config import Config, is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

HOST = "http://desk.example:8000"
CLAIM = {"claim": "It rained on Monday."}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, _starter: Path, cache_folder: Path) -> CommandLine:
    """One store with the starter claims for all that come to the door."""
    cli = CommandLine(tmp_path_factory.mktemp("guard"), cache_folder)
    for ending in ("", ".faiss"):
        shutil.copy(_starter.with_name(f"desk.db{ending}"), cli.folder)
    return cli


@pytest.fixture(scope="module")
def _here(store: CommandLine) -> Iterator[TestClient]:
    with asking(store) as client:
        yield client


@pytest.fixture(scope="module")
def _there(store: CommandLine) -> Iterator[TestClient]:
    with asking(store, base=HOST, host="0.0.0.0") as client:
        yield client


@pytest.fixture
def here(_here: TestClient) -> TestClient:
    """A client of a desk that serves this machine alone; it comes without a cookie."""
    _here.cookies.clear()
    return _here


@pytest.fixture
def there(_there: TestClient) -> TestClient:
    """A client of a desk that others can reach; it comes without a cookie."""
    _there.cookies.clear()
    return _there


# --- by which name --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1:8000", "localhost:8000", "LOCALHOST", "localhost:99", "127.0.0.2:1", "[::1]:8000", "[::1]"),
    ],
)
def test_this_machine_is_asked_by_its_own_names(here: TestClient, host: str) -> None:
    assert here.get("/stats", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        *(
            "evil.example",
            "evil.example:8000",
            "localhost.evil.example",
            "127.0.0.1.evil.example:8000",
            "10.0.0.1:8000",
        ),
        *("0.0.0.0:8000", "[::]:8000", "", "evil@localhost", "localhost@evil.example", "localhost#.evil.example"),
        *(
            "localhost/evil",
            "localhost?x",
            "localhost:8000:8000",
            "localhost:x",
            "127.0.0.1\\evil",
            "[::1",
            "::1",
            "127.1",
        ),
        *("localhost.", "2130706433", "localhost:800000", "localhost, evil.example"),
    ],
)
def test_another_name_is_refused(here: TestClient, host: str) -> None:
    """A page of somebody else's may have its own name lead here (DNS rebinding)."""
    answer = here.get("/stats", headers={"Host": host})
    assert error_of(answer, 403) == "this desk answers at http://127.0.0.1:8000 only"


def test_no_name_or_two_are_refused(here: TestClient) -> None:
    error_of(here.get("/stats", headers=[("Host", "localhost"), ("Host", "evil.example")]), 403)


def test_only_loopback_is_this_machine() -> None:
    for host in ("127.0.0.1", "localhost", "::1", "127.9.9.9"):
        assert is_loopback(host)
    for host in ("0.0.0.0", "::", "192.168.1.2", "desk.example", "", "localhost.example", "::ffff:8.8.8.8"):
        assert not is_loopback(host)


@pytest.mark.parametrize(
    "header",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8001"},
        {"Origin": "http://localhost:8000"},  # another name is another origin
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ],
)
def test_what_another_site_sends_is_refused(here: TestClient, header: dict[str, str]) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        error_of(here.request(method, "/claims", json=CLAIM, headers=header | BEARER), 403)
    error_of(here.post("/search", json={"text": "rain"}, headers=header), 403)
    assert here.get("/claims", headers=header).status_code == 200  # which the browser does not let that site read


def test_our_own_pages_and_programs_may_send(here: TestClient) -> None:
    for header in ({}, {"Origin": LOCAL}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert here.post("/search", json={"text": "It rained."}, headers=header).status_code == 200


# --- the token ------------------------------------------------------------------------------------------------------

READING = ("/", "/claims", "/claims/1", "/stats", "/openapi.json", "/v1alpha1/claims:search?query=NATO", "/nowhere")


def test_reading_here_takes_no_token_and_writing_does(here: TestClient) -> None:
    assert [here.get(path).status_code for path in READING] == [200] * 6 + [404]
    before = here.get("/stats").json()["claims"]
    for header in (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"X-Goog-Api-Key": TOKEN},
    ):
        message = error_of(here.post("/claims", json=CLAIM, headers=header), 401)
        assert "Authorization: Bearer TOKEN" in message
        error_of(here.post("/claims/1/verdicts", json={"rating": "False"}, headers=header), 401)
    assert here.get("/stats").json()["claims"] == before
    for header in (BEARER, {"Authorization": f"bearer  {TOKEN} "}):
        assert here.post("/claims", json=CLAIM, headers=header).status_code == 201
    assert here.get("/stats").json()["claims"] == before + 1


def test_a_browsers_cookie_is_no_token_for_the_api(here: TestClient) -> None:
    """Any page of ours could be made to send it; a form proves itself, a program sends the token."""
    assert here.get(f"/?token={TOKEN}").status_code == 303
    assert here.cookies
    error_of(here.post("/claims", json=CLAIM), 401)


def test_elsewhere_everything_takes_the_token(there: TestClient) -> None:
    for path in READING:
        answer = there.get(path)
        assert "'tracker serve' printed" in error_of(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"
        page = there.get(path, headers=PAGE)
        assert (page.status_code, page.headers["content-type"]) == (401, "text/html; charset=utf-8")
        assert "<h1>" in page.text
    for path in ("/search", "/check", "/claims", "/claims/1/verdicts"):
        error_of(there.post(path, json={"text": "rain"}), 401)
    assert there.get("/static/desk.css").status_code == 200


@pytest.mark.parametrize(
    "path", ["/static/../claims", "/static/%2e%2e/claims", "/static/..%2fclaims", "/static//claims"]
)
def test_no_path_passes_for_a_style_sheet(there: TestClient, path: str) -> None:
    assert there.get(path).status_code in {401, 404}


@pytest.mark.parametrize("host", ["x/static/?", "x/static/#", "desk.example/static/", "static", "x/v1alpha1/?"])
def test_no_host_passes_for_a_path(there: TestClient, host: str) -> None:
    error_of(there.get("/claims", headers={"Host": host}), 401)
    error_of(there.get(f"/claims?key={TOKEN}", headers={"Host": host}), 401)


def test_a_program_sends_the_token(there: TestClient) -> None:
    assert there.get("/claims", headers=BEARER).status_code == 200
    assert there.post("/claims", json=CLAIM, headers=BEARER).status_code == 201
    for wrong in ("Bearer", "Bearer ", "Bearer x", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", TOKEN, "Bearer ÿ"):
        error_of(there.get("/claims", headers={b"Authorization": wrong.encode("latin-1")}), 401)


def test_googles_key_is_the_token_on_googles_path_alone(there: TestClient) -> None:
    path = "/v1alpha1/claims:search?query=NATO"
    assert there.get(f"{path}&key={TOKEN}").status_code == 200
    assert there.get(path, headers={"X-Goog-Api-Key": TOKEN}).status_code == 200
    for answer in (
        there.get(f"{path}&key=wrong"),
        there.get(path, headers={"X-Goog-Api-Key": "wrong"}),
        there.get(f"/claims?key={TOKEN}"),
        there.get("/claims", headers={"X-Goog-Api-Key": TOKEN}),
        there.get(f"/%2fv1alpha1/../claims?key={TOKEN}"),
    ):
        error_of(answer, 401)


def test_a_long_query_of_googles_client_brings_its_key(there: TestClient) -> None:
    """As a form that stands for a GET; a form that says nothing of the kind is not let in."""
    override = {"X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded"}
    form = f"query=NATO&key={TOKEN}"
    assert there.post("/v1alpha1/claims:search", content=form, headers=override).status_code == 200
    error_of(there.post("/v1alpha1/claims:search", content="query=NATO&key=x", headers=override), 401)
    error_of(there.post("/claims", content=form, headers=override), 401)
    error_of(there.post("/v1alpha1/claims:search", content=form + "x" * 200_000, headers=override), 401)
    del override["X-HTTP-Method-Override"]
    error_of(there.post("/v1alpha1/claims:search", content=form, headers=override), 401)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/?token={}", "/"),
        ("/claims?limit=2&token={}&text=a%26b", "/claims?limit=2&text=a%26b"),
        ("//evil.example/?token={}", "/evil.example/"),
        ("///evil.example?token={}", "/evil.example"),
        ("/%5cevil.example?token={}", "/evil.example"),
        ("/%2f%5c/evil.example?token={}", "/evil.example"),
        ("/%09/evil.example?token={}", "/%09/evil.example"),
        ("/x%0d%0aSet-Cookie:%20a=b?token={}", "/x%0D%0ASet-Cookie%3A%20a%3Db"),
        ("/x%3Fy?token={}", "/x%3Fy"),
        ("/%C3%A4?token={}", "/%C3%A4"),
    ],
)
def test_a_browser_brings_the_token_once(there: TestClient, path: str, target: str) -> None:
    answer = there.get(f"{HOST}{path.format(TOKEN)}", headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"] == target
    assert TOKEN not in str(answer.headers)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert there.get("/claims").status_code == 200  # by the cookie


def test_the_cookie_is_for_https_alone_where_it_was_asked_so(desk: CommandLine) -> None:
    with asking(desk, base="https://desk.example", host="0.0.0.0") as client:
        assert "Secure" in client.get(f"/?token={TOKEN}").headers["set-cookie"]


def test_a_wrong_token_or_a_cookie_of_another_is_refused(there: TestClient, here: TestClient) -> None:
    for client in (there, here):
        answer = client.get("/?token=wrong", headers=PAGE)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
    other = Config(host="0.0.0.0", token="another-token-of-tests").derived("cookie")
    for value in (other, TOKEN, "", "ÿ", Config(token=TOKEN).derived("form")):
        error_of(there.get("/claims", headers={b"Cookie": f"tracker-8000={value}".encode()}), 401)

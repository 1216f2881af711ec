"""Requests that nobody means well with, to every route there is: none gets a 500, none gets through."""

from __future__ import annotations

import importlib
import json
import pkgutil
from itertools import cycle, product
from typing import TYPE_CHECKING, Any

import pytest
from starlette.datastructures import QueryParams  # noqa: TID253 - what is tested

from tests.conftest import CommandLine
from tests.serving import BEARER, LOCAL, PAGE, TOKEN, asking
from tracker.server import pages
from tracker.server.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

API = {
    "/search": ["POST"],
    "/check": ["POST"],
    "/claims": ["GET", "POST"],
    "/claims/{claim_id}": ["GET"],
    "/claims/{claim_id}/history": ["GET"],
    "/claims/{claim_id}/verdicts": ["GET", "POST"],
    "/stats": ["GET"],
    "/v1alpha1/claims:search": ["GET"],
}
NAMES = ("q", "query", "text", "page", "publisher", "rating", "as_of", "limit", "unverified", "claim", "sort")
VALUES = (
    *(
        "",
        "%00",
        "%ff%fe",
        "%ED%A0%80",
        "-1",
        "0",
        "1e400",
        "9" * 400,
        "%F0%9F%98%80" * 50,
        "NaN",
        "null",
        "true",
        "[]",
    ),
    *(
        "..%2f..%2fetc%2fpasswd",
        "%0d%0aX:%20y",
        "%22%3E%3Cscript%3E",
        "%7B%7B7*7%7D%7D",
        "%27%20OR%201=1--",
        "a" * 30_000,
    ),
    *("2022-02-30", "0001-01-01", "9999-12-31", "%u0041", "%", "%zz", "%E2%80%AE", "*", "%22", "NEAR(a,b)", "a%20AND"),
)
NUMBERS = (
    "0",
    "-1",
    "1",
    "999",
    str(2**63 - 1),
    str(2**63),
    "9" * 100,
    "1.5",
    "1e3",
    "%00",
    "x",
    "1%2f..",
    "%D9%A1",
    "+1",
    "1 ",
)
BODIES = (
    b"", b"{", b"[]", b"null", b"\x00", b"\xff\xfe", b'"\\ud800"', b"[" * 100_000, b'{"a":' * 50_000, b"1" * 5_000,
    b'{"text": "\\ud800"}', b'{"claim": "a\\ud800b"}', b'{"\\ud800": 1}', b'{"rating": "\\udfff"}',
    b'{"text": "\\u0000"}',
    b'{"text": NaN}', b'{"text": "a", "k": 1e400}', b'{"text": "a", "k": NaN}', b'{"text": "a", "k": Infinity}',
    b'{"text": "a", "k": ' + b"9" * 5_000 + b"}", b'{"text": "a", "min_worth": NaN}', b'{"text": "a", "text": "b"}',
    b'{"text": "a", "as_of": "9999-12-31"}', b'{"text": "a", "as_of": "0001-01-01"}',
    b'{"text": "a", "said_on": "0001-01-01"}',
    b'{"text": "a b c.", "published_on": "9999-12-31", "min_worth": 0}', b'{"claim": "a", "claimed_on": "0001-01-01"}',
    b'{"claim": "a", "verdict": {"rating": "x", "valid_from": "0001-01-01", "valid_to": "9999-12-31"}}',
    b'{"claim": "a", "verdict": {"rating": "x", "url": "http://[::1"}}',
    b'{"claim": "a", "verdict": {"url": "javascript:alert(1)"}}',
    b'{"url": "http://[::1"}', b'{"url": "http://"}', b'{"url": "http://\\u0000/"}', b'{"url": "http://a:99999/"}',
    b'{"url": "https://xn--/"}',
    b'{"text": "<html><body>' + b"<div>" * 20_000 + b'"}', b'{"text": "%PDF-1.4 \\u0000"}',
    b'{"text": "From: a\\nSubject: b\\n\\n"}',
    b'{"text": "WEBVTT\\n\\n"}', b'{"text": "<rss><channel></channel></rss>"}',
    b'{"text": "' + "\U0001f600".encode() * 3_000 + b'"}',
)  # fmt: skip
TYPES = (
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "",
    "x",
    "application/json; charset=utf-16",
    "multipart/form-data; boundary=a",
    "application/octet-stream",
    "application/json; charset=none",
)


def routes() -> list[tuple[str, str]]:
    """Each path with its method: the API's, and of all pages that there are."""
    found = dict(API)
    for module in pkgutil.iter_modules(pages.__path__):
        router = getattr(importlib.import_module(f"tracker.server.pages.{module.name}"), "router", None)
        for route in getattr(router, "routes", []):
            found[route.path] = sorted({*found.get(route.path, []), *route.methods})
    return sorted((path, method) for path, methods in found.items() for method in methods)


ROUTES = routes()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, _starter: Path, cache_folder: Path) -> Iterator[TestClient]:
    """A browser that may write, which is also a program that has the token."""
    cli = CommandLine(tmp_path_factory.mktemp("hostile"), cache_folder)
    for ending in ("", ".faiss"):
        (cli.folder / f"desk.db{ending}").write_bytes(_starter.with_name(f"desk.db{ending}").read_bytes())
    with asking(cli) as asked:
        assert asked.get(f"/?token={TOKEN}").status_code == 303
        asked.headers |= BEARER
        yield asked


def fill(path: str, number: str = "1") -> str:
    """A route's path with a number in the place of each field."""
    return "/".join(number if part.startswith("{") else part for part in path.split("/"))


def ask(client: TestClient, method: str, path: str, **sent: Any) -> int:
    answer = client.request(method, f"{LOCAL}{path}", **sent)
    busy = answer.status_code == 503 and "checks are under way already" in answer.text  # many articles in a second
    assert answer.status_code < 500 or busy, (method, path[:200], str(sent)[:300], answer.text[:300])
    assert answer.headers["x-content-type-options"] == "nosniff"
    if answer.headers.get("content-type") == "application/json" and method != "HEAD":
        json.loads(answer.content)
    return answer.status_code


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that are looked for in an address from now on, whoever looks."""
    names: set[str] = set()
    has, get = QueryParams.__contains__, QueryParams.get

    def looked_for(params: QueryParams, name: Any) -> bool:
        names.add(name)
        return has(params, name)

    def taken(params: QueryParams, name: Any, default: Any = None) -> Any:
        names.add(name)
        return get(params, name, default)

    monkeypatch.setattr(QueryParams, "__contains__", looked_for)
    monkeypatch.setattr(QueryParams, "get", taken)
    return names


@pytest.mark.parametrize(("path", "method"), [one for one in ROUTES if one[1] == "GET"])
def test_odd_addresses(client: TestClient, path: str, method: str, read: set[str]) -> None:
    """Each value under each name that the route asks for; one that nobody asks for once."""
    ask(client, method, f"{fill(path)}?q=rain&query=rain", headers=PAGE)
    names = {name for name in read if path == "/" or name not in {"token", "key"}}  # which all ask for
    for name, value in [*product(sorted(names), VALUES), *zip(cycle(NAMES), VALUES, strict=False)]:
        ask(client, method, f"{fill(path)}?{name}={value}", headers=PAGE)
    for query in (
        "%",
        "=",
        "&&&",
        "?",
        "q&q&q",
        "q=a&q=b",
        "q[]=a",
        "a" * 60_000,
        "&".join(f"a{n}=1" for n in range(5_000)),
    ):
        ask(client, method, f"{fill(path)}?{query}", headers=PAGE)


@pytest.mark.parametrize(("path", "method"), [one for one in ROUTES if "{" in one[0] and "static" not in one[0]])
def test_odd_numbers(client: TestClient, path: str, method: str) -> None:
    for number in NUMBERS:
        status = ask(client, method, fill(path, number), headers=PAGE)
        assert status != 200 or number in {"1", "+1", "1 "}, number


@pytest.mark.parametrize(("path", "method"), [one for one in ROUTES if one[1] == "POST"])
def test_odd_bodies(client: TestClient, path: str, method: str) -> None:
    for body in BODIES:
        ask(client, method, fill(path), content=body, headers={"Content-Type": "application/json"})
    for kind, body in product(
        TYPES, (b"", b"{}", b'{"text": "It rained."}', b"csrf=x&text=%ff%00&=", b"--a\r\nContent-Disp", b"\xff")
    ):
        ask(client, method, fill(path), content=body, headers={"Content-Type": kind})


@pytest.mark.parametrize(("path", "method"), [one for one in ROUTES if one[1] == "POST" and one[0] not in API])
def test_odd_forms(client: TestClient, path: str, method: str) -> None:
    """Forms that prove to be of our pages, with anything in their fields."""
    csrf = Config(token=TOKEN).derived("form")
    names = (
        *NAMES,
        "address",
        "file",
        "title",
        "claimant",
        "claimed_on",
        "language",
        "url",
        "reviewed_on",
        "explanation",
        "valid_from",
        "valid_to",
        "tags",
        "evidence",
        "supersedes",
        "because",
        "name",
        "verdict",
        "k",
        "published_on",
        "min_worth",
    )
    for value in (
        "",
        "\x00",
        "\u202e",
        "x" * 12_000,
        "-1",
        "9" * 30,
        "2022-02-30",
        "0001-01-01",
        "../..",
        "file:///etc/passwd",
        "[",
        "|",
    ):
        ask(client, method, fill(path), data={"csrf": csrf, **dict.fromkeys(names, value)}, headers=PAGE)
        ask(client, method, fill(path), data={"csrf": csrf, "text": value, "claim": value}, headers=PAGE)
    many = {f"field{n}": "x" for n in range(2_000)}
    ask(client, method, fill(path), data={"csrf": csrf, **many}, headers=PAGE)
    for content in (
        b"",
        b"\x00" * 100,
        b"%PDF-1.7\n" + b"\xff" * 1_000,
        b"PK\x03\x04" + b"\x00" * 500,
        b"\xff\xfe<\x00h\x00",
    ):
        for name in (
            "article.pdf",
            "../../../etc/passwd",
            "a\x00.docx",
            "",
            "a.html",
            "a.eml",
            "a.zip",
            "x" * 5_000,
            "a.srt",
        ):
            ask(client, method, fill(path), data={"csrf": csrf}, files={"file": (name, content)}, headers=PAGE)
    ask(client, method, fill(path), data={"csrf": csrf}, files=[("file", ("a", b"a"))] * 5, headers=PAGE)
    ask(client, method, fill(path), files={"csrf": ("csrf", csrf)}, headers=PAGE)
    part = '--b\r\nContent-Disposition: form-data; name="'
    cut = f'{part}csrf"\r\n\r\n{csrf}\r\n{part}fi'
    ask(client, method, fill(path), content=cut, headers=PAGE | {"Content-Type": "multipart/form-data; boundary=b"})


def test_odd_methods_and_paths(client: TestClient) -> None:
    for (path, _), method in product(
        ROUTES, ("HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "PROPFIND", "CONNECT")
    ):
        assert ask(client, method, fill(path)) in {200, 404, 405}, (method, path)
    for path in (
        "//evil.example",
        "//evil.example/claims",
        "///",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/%00",
        "/claims/1%00",
        "/claims//1",
        "/" + "a" * 60_000,
        "/%ff%fe",
        "/%ED%A0%80",
        "/\\",
        "/claims/1;x",
        "/.git/config",
        "/desk.db",
        "/claims/",
    ):
        assert ask(client, "GET", path, headers=PAGE) in {400, 404, 422}, path


def test_odd_headers(client: TestClient) -> None:
    for name, value in product(
        (
            "Accept",
            "Cookie",
            "Authorization",
            "Content-Length",
            "Origin",
            "Sec-Fetch-Site",
            "X-Goog-Api-Key",
            "X-HTTP-Method-Override",
        ),
        (
            "",
            "\xff",
            "a" * 60_000,
            "=;=;",
            "tracker-8000",
            'tracker-name="',
            "tracker-name=%ff%00",
            "9" * 40,
            "\xb2",
            "-1",
            "Bearer",
            "\t",
        ),
    ):
        header = {name: value.encode("latin-1")}
        for path in ("/", "/claims", "/nowhere"):
            ask(client, "GET", path, headers=PAGE | header)

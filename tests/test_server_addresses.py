"""The addresses that a server fetches for somebody: pages of the public web, none of its own network."""

from __future__ import annotations

import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpcore  # noqa: TID253
import pytest

from tests.serving import asking
from tracker import sources
from tracker.articles import read_page
from tracker.errors import UnreadableSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import CommandLine

PAGE = b"<html><body><article><p>" + b"NATO has 300,000 troops on alert, the minister said on Monday. " * 9
asked: list[str] = []


class Site(BaseHTTPRequestHandler):
    """A page, and one that leads to it."""

    def do_GET(self) -> None:
        asked.append(self.path)
        leads = self.path == "/leads"
        self.send_response(302 if leads else 200)
        self.send_header("Content-Type", "text/html")
        if leads:
            self.send_header("Location", f"http://127.0.0.1:{self.request.getsockname()[1]}/page")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: Any) -> None:
        """Nothing on stderr."""


@pytest.fixture
def port() -> Iterator[int]:
    """A site inside our own network."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    asked.clear()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "LOCALHOST", "127.1", "0"),
        *("0.0.0.0", "2130706433", "0x7f000001", "0177.0.0.1", "127.9.9.9"),
        *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[fe80::1]", "[fd00::1]"),
        *("[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[ff02::1]", "[fec0::1]", "10.0.0.1"),
        *("172.16.0.1", "192.0.0.8", "192.168.1.1", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "169.254.169.254"),
        *("100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255"),
        *("user:password@127.0.0.1", "evil.example@127.0.0.1"),
        *("127.0.0.1.", "①②⑦.⓪.⓪.①", "localhost."),
    ],
)  # fmt: skip
def test_our_own_network_is_not_fetched_from(port: int, host: str) -> None:
    with pytest.raises(
        UnreadableSource, match=r"inside this server's own network|cannot be resolved|Invalid"
    ) as caught:
        read_page(f"http://{host}:{port}/page")
    assert "password@" not in str(caught.value)
    assert asked == []


def test_a_name_is_what_it_leads_to(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where one of several answers is ours, and where it changes between the question and the connection."""
    real = socket.getaddrinfo
    public, own = ("203.0.113.9", "93.184.216.34"), "127.0.0.1"
    answers: list[list[str]] = []

    def leads(host: Any, *rest: Any, **more: Any) -> Any:
        if host != "news.example":
            return real(host, *rest, **more)
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [one for address in found for one in real(address, *rest, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", leads)
    for told in ([[own]], [[public[1], own]]):
        answers[:] = told
        with pytest.raises(UnreadableSource, match="inside this server's own network"):
            read_page(f"http://news.example:{port}/page")
    # Where the name becomes another's once it was looked at, the address that was looked at is what is asked.
    connected: list[str] = []

    def connect(_: Any, host: str, *_rest: Any, **_more: Any) -> Any:
        connected.append(host)
        raise httpcore.ConnectError("nobody there")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    answers[:] = [[public[1]], [own]]
    with pytest.raises(UnreadableSource, match="nobody there"):
        read_page(f"http://news.example:{port}/page")
    assert connected == [public[1]]
    assert asked == []


def test_no_redirect_leads_inside(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first page is of a public address, here by decree; where it leads to is not."""
    real = sources.public_addresses

    def by_decree(url: str, host: str, number: int) -> list[str]:
        return ["127.0.0.1"] if host == "news.example" else real(url, host, number)

    monkeypatch.setattr(sources, "public_addresses", by_decree)
    with pytest.raises(UnreadableSource, match="inside this server's own network"):
        read_page(f"http://news.example:{port}/leads")
    assert asked == ["/leads"]


@pytest.mark.parametrize(
    "source",
    [
        *(
            "file:///etc/passwd",
            "ftp://127.0.0.1/x",
            "gopher://127.0.0.1/",
            "data:text/html,<p>x",
            "/etc/passwd",
            "-",
            "",
        ),
        *(
            "//127.0.0.1/x",
            "http:/127.0.0.1",
            "javascript:alert(1)",
            " http://127.0.0.1/",
            "FILE:///etc/passwd",
            "http:",
        ),
    ],
)
def test_what_is_no_address_of_the_web_is_not_read(source: str) -> None:
    with pytest.raises(UnreadableSource, match="not a web address; give one that begins with https://"):
        read_page(source)


@pytest.mark.parametrize(
    "source", ["http://", "http:///x", "http://[::1", "http://a:99999/", "http://\x00/", "http://a b/"]
)
def test_a_broken_address_is_an_error_of_one_line(source: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        read_page(source)
    assert "\n" not in str(caught.value)


def test_inside_where_the_server_was_told_so(port: int, desk: CommandLine) -> None:
    address = f"http://127.0.0.1:{port}/leads"
    assert "300,000 troops" in read_page(address, inside=True).text
    with asking(desk) as client:
        refused = client.post("/check", json={"url": address})
        assert refused.status_code == 422
        assert "inside this server's own network" in refused.json()["error"]["message"]
    with asking(desk, fetches_inside=True) as client:
        found = client.post("/check", json={"url": address})
        assert found.status_code == 200
        assert found.json()["article"]["source"] == address

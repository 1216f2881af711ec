"""`/article`: a text, a file or an address is checked once, shown, and put into the queue; nothing else is reached."""

from __future__ import annotations

import json
import re
import time
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.conftest import EXAMPLE
from tests.pasting import PLAIN, SEED, Desk, field_of, opened, remark
from tracker import sources
from tracker.reports import json as to_json
from tracker.server import jobs

if TYPE_CHECKING:
    from collections.abc import Iterator
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


@pytest.fixture
def site() -> Iterator[str]:
    """A site on this machine: an article, and a page that leads on to another machine of the network."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            away = self.path == "/away"
            self.send_response(302 if away else 200)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            if away:
                self.send_header("Location", "http://10.0.0.1/secret")
            self.end_headers()
            if not away:
                self.wfile.write(SEED.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


# --- what is found ----------------------------------------------------------------------------------------------------


def test_a_pasted_text_is_checked_as_the_command_checks_it(desk: CommandLine, browser: Desk) -> None:
    """The same findings, to the last digit; browsers end lines in two characters, which no offset counts."""
    address = browser.check(text=SEED.replace("\n", "\r\n"))
    report = browser.job(address).report
    assert report
    found, asked = to_json.check(report.checks[0]), desk("check", EXAMPLE, "--json").json
    assert found["article"].pop("source") == "pasted text"
    assert found["article"].pop("title") == SEED.partition("\n")[0]  # what a text without a title goes by
    assert asked["article"].pop("title") is None
    assert found["article"].pop("text") == asked["article"].pop("text").strip()
    asked["article"].pop("source")
    assert json.loads(json.dumps(found)) == asked


def test_a_file_gives_the_report_of_the_command_byte_for_byte(desk: CommandLine, browser: Desk) -> None:
    """The download is what `check --html` writes, the Markdown what `--markdown` writes; both come as files."""
    assert desk("check", EXAMPLE, "--html", "r.html", "--markdown", "r.md").code == 0
    address = browser.check((EXAMPLE.name, EXAMPLE.read_bytes()))
    for ending, kind in (("html", "text/html"), ("md", "text/markdown")):
        answer = browser.client.get(f"{address}/report.{ending}")
        assert answer.content == (desk.folder / f"r.{ending}").read_bytes()
        assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
        name = f"nato-rapid-reaction-force-txt-report.{ending}"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'


def test_the_served_page_is_that_report_under_the_desks_head(browser: Desk) -> None:
    """Each statement marked at its place; links to claims and to a verdict; a policy for what stands in the page."""
    address = browser.check((EXAMPLE.name, EXAMPLE.read_bytes()))
    page, kept = browser.client.get(address), browser.client.get(f"{address}/report.html").text
    text = re.compile(r'<article class="text".*?</article>', re.DOTALL)
    assert text.findall(page.text) == text.findall(kept)
    assert page.text.count('<li class="card ') == kept.count('<li class="card ') == 24
    assert 'aria-current="page">Check an article' in page.text
    assert page.text.count('href="/claim/') == kept.count('<p class="claim">Claim ') > 0
    assert f'href="/new?claim={quote("Much of the fighting is around the city of Lysychansk.")}"' in page.text
    assert "/new?" not in kept
    assert "http-equiv" not in page.text
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self' 'sha256-")
    assert policy.endswith("form-action 'self'; frame-ancestors 'none'; base-uri 'none'")


def test_title_day_and_threshold_are_heeded(browser: Desk) -> None:
    """As with the command's own options; a comma in the number is a stop."""
    report = browser.job(browser.check(text=SEED, title="Talks", day="30 June 2022", worth="0,99")).report
    assert report
    check = report.checks[0]
    assert (check.article.title, str(check.article.published_on)) == ("Talks", "2022-06-30")
    assert check.findings
    assert all(one.statement.check_worthiness >= 0.99 for one in check.findings)
    named = browser.check(text=PLAIN, title='../T\u00e4lks: "x"')
    assert 'filename="talks-x-report.html"' in browser.client.get(f"{named}/report.html").headers["content-disposition"]


def test_a_reload_checks_nothing_again_and_two_checks_go_side_by_side(browser: Desk) -> None:
    """Each has its own address, which nobody can guess; asked again, it shows what was found."""
    first, second = browser.start(text=SEED), browser.start(text=PLAIN)
    assert first != second
    assert len(first.rpartition("/")[2]) >= 20
    for address, words in ((first, "rapid reaction force"), (second, "Unemployment fell")):
        browser.wait(address)
        report = browser.job(address).report
        page = browser.client.get(address)
        assert words in page.text
        assert browser.client.get(address).text == page.text
        assert browser.job(address).report is report


def test_while_it_goes_on_the_page_says_how_far(browser: Desk) -> None:
    """With a bar and, for a browser without a script, a page that is loaded anew; then it can be stopped."""
    address = browser.start(text=SEED * 10)
    page = browser.client.get(address)
    assert page.status_code == 200
    assert "<progress" in page.text
    assert '<noscript><meta http-equiv="refresh" content="2" /></noscript>' in page.text
    ends, seen = time.monotonic() + 60, browser.client.get(f"{address}/progress").json()
    while not seen["done"] and time.monotonic() < ends:
        seen = browser.client.get(f"{address}/progress").json()
    assert 0 < seen["done"] <= seen["total"]
    assert browser.client.get(f"{address}/report.html").status_code == 404
    stopped = browser.client.post(f"{address}/stop", data={"csrf": browser.csrf})
    assert (stopped.status_code, remark(stopped)) == (200, "The check was stopped")
    assert SEED.strip()[:60] in unescape(stopped.text)
    assert browser.client.get(browser.check(text=PLAIN)).status_code == 200


# --- what is refused --------------------------------------------------------------------------------------------------

INSIDE = [
    *("http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/", "http://10.0.0.1/"),
    *("http://169.254.169.254/latest/meta-data/", "http://0.0.0.0:{port}/", "http://2130706433:{port}/"),
]


def test_an_address_is_fetched_where_that_is_allowed(desk: CommandLine, site: str) -> None:
    """On a server that was told that articles may come from inside its network."""
    with opened(desk.store, fetches_inside=True) as browser:
        report = browser.job(browser.check(address=f"{site}/")).report
        assert report
        assert len(report.checks[0].findings) == 24


def test_addresses_inside_the_network_are_refused(empty: Desk, site: str) -> None:
    """Under each name that the machine has; and none but the web's: no file is opened."""
    port = site.rpartition(":")[2]
    for one in INSIDE:
        page = empty.client.get(empty.check(address=one.format(port=port)))
        assert (page.status_code, "inside this server" in remark(page)) == (422, True), one
        assert field_of(page, "address") == one.format(port=port)
    for one in ("file:///etc/passwd", "/etc/passwd", "ftp://example.org/x", "-", "example.org"):
        page = empty.client.get(empty.check(address=one))
        assert (page.status_code, "not a web address" in remark(page)) == (422, True), one
        assert "root:" not in page.text


def test_a_page_that_leads_inside_is_refused(empty: Desk, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address may be anybody's; here a server of this machine stands for one of the public web."""
    real = sources.public_addresses

    def but_for_the_site(url: str, host: str, port: int) -> list[str]:
        return [host] if f"{host}:{port}" in site else real(url, host, port)

    monkeypatch.setattr(sources, "public_addresses", but_for_the_site)
    page = empty.client.get(empty.check(address=f"{site}/away"))
    assert (page.status_code, "inside this server" in remark(page)) == (422, True)


@pytest.mark.parametrize(
    ("fields", "file", "told"),
    [
        ({}, ("", b""), "Give a text, a file or an address"),
        ({"text": "It rained."}, ("a.txt", b"It rained."), "Give only one of the three"),
        ({"text": "It rained.", "address": "https://example.org"}, ("", b""), "Give only one of the three"),
        ({"text": "It rained.", "day": "03/04/2022"}, ("", b""), "which is the month?"),
        ({"text": "It rained.", "worth": "2"}, ("", b""), "Check-worthiness is a number from 0"),
        ({"text": "It rained.", "worth": "nan"}, ("", b""), "Check-worthiness is a number from 0"),
        ({"text": "It rained.", "title": "x" * 301}, ("", b""), "shorten it"),
    ],
)
def test_what_cannot_be_asked_is_told_on_the_form(
    empty: Desk, fields: dict[str, str], file: tuple[str, bytes], told: str
) -> None:
    """All that was typed is there still; of a file, that it must be chosen again."""
    page = empty.send(file, **fields)
    assert page.status_code == 422
    assert told in remark(page)
    assert ("choose it again" in remark(page)) == bool(file[0])
    for name, value in fields.items():
        assert (value in page.text) if name == "text" else field_of(page, name) == value


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("empty.txt", b"", "empty.txt"),
        ("blank.txt", b" \n ", "no text"),
        ("a.bin", bytes(range(256)) * 8, "a.bin"),
        ("a.zip", b"PK\x05\x06" + b"\0" * 40, "a.zip"),
        ("a.pdf", b"%PDF-1.7\n%broken", "a.pdf"),
        ("large.txt", b"It rained. " * 910_000, "the limit is 10 MB"),
    ],
)
def test_what_cannot_be_read_is_told_on_the_form(empty: Desk, name: str, data: bytes, told: str) -> None:
    """With its line, and that the file must be chosen again."""
    page = empty.client.get(empty.check((name, data), title="Kept"))
    assert page.status_code == 422
    assert told in remark(page)
    assert "choose it again" in remark(page)
    assert field_of(page, "title") == "Kept"


def test_what_is_larger_than_any_article_is_refused_unread(empty: Desk) -> None:
    """Before it is taken in."""
    sent = empty.send(("large.txt", b"It rained. " * 1_100_000))
    assert (sent.status_code, "cut out the part" in sent.text) == (413, True)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x", "x"),
        ("/etc/passwd", "passwd"),
        ("..", "file"),
        ("-", "file"),
        ("a\x1b[31m\u202e.txt", "a[31m.txt"),
        ("n" * 900 + ".txt", "n" * 150 + ".txt"),
    ],
)
def test_a_files_name_is_words_and_no_path(empty: Desk, name: str, shown: str) -> None:
    """The last part is shown; nothing is opened by it."""
    report = empty.job(empty.check((name, PLAIN.encode()))).report
    assert report
    assert report.source == shown
    assert report.checks[0].article.text == PLAIN


def test_a_check_that_is_not_kept_says_so(empty: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address of before the server was started; and the oldest go once there are too many."""
    page = empty.client.get("/article/of-another-day", headers={"Accept": "text/html"})
    assert (page.status_code, "when the server is started anew" in page.text) == (404, True)
    monkeypatch.setattr(jobs, "MAX_CHECKS", 2)
    addresses = [empty.check(text=f"{PLAIN} {number}") for number in range(4)]
    assert [empty.client.get(one).status_code for one in addresses] == [404, 404, 200, 200]


def test_only_so_many_wait(empty: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is told at once, with its text kept."""
    monkeypatch.setattr(jobs, "MAX_UNDER_WAY", 1)
    first = empty.start(text=SEED * 20)
    page = empty.send(text="It rained.")
    assert (page.status_code, "try again in a minute" in remark(page)) == (503, True)
    assert "It rained." in page.text
    empty.client.post(f"{first}/stop", data={"csrf": empty.csrf})
    for _ in range(500):  # it ends at its next step, and then there is room
        if (answer := empty.send(text="It rained.")).status_code == 303:
            break
        time.sleep(0.02)
    assert answer.status_code == 303

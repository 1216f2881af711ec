"""The desk's pages where somebody means harm, and where two write at once."""

from __future__ import annotations

import re
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from tests.test_server_pages import REEF, browsing, csrf, events, send
from tracker.pipeline import Tracker

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tests.conftest import CommandLine

XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><b>reef"


def test_what_is_written_is_shown_as_text_everywhere(desk: CommandLine) -> None:
    """In query, claim, every field of a verdict, reasons, names, articles and the history."""
    sent = dict.fromkeys(("rating", "publisher", "explanation", "author"), XSS)
    sent |= {"evidence": f"https://example.org/a | {XSS}", "tags": "<b>x</b>", "url": "https://example.org/?<b>\"'"}
    claim = f"The reef is {XSS}"
    with browsing(desk) as client:
        assert send(client, "/new", claim=claim, claimant=XSS, **sent).status_code == 303
        send(client, "/claim/62/verdict", **sent | {"supersedes": "62", "because": XSS, "explanation": f"{XSS}!"})
        send(client, "/claim/62/retract", verdict="63", because=XSS)
        send(client, "/answer", q=XSS, claim="62", about="yes")
        desk("link", 62, 61, "--relation", "related", "--because", XSS)
        (desk.folder / "x.txt").write_text(f"{claim}\n")
        desk("check", desk.folder / "x.txt", "--save", "--min-worth", "0")
        pages = [
            client.get(path, params=asked).text
            for path, asked in (
                ("/", {"q": claim, "speaker": XSS, "context": XSS, "said_on": XSS}),
                ("/", {"q": claim}),
                ("/results", {"q": XSS}),
                ("/claim/62", {"done": XSS, "events": XSS, "correct": "62"}),
                ("/claim/61", {}),
                ("/new", {"claim": claim, **sent}),
                ("/new/checked", {"claim": claim, "claimant": XSS}),
            )
        ]
        pages.append(send(client, "/claim/62/verdict", **sent | {"reviewed_on": XSS}).text)
        pages.append(send(client, "/new", claim=claim, claimant=XSS, **sent | {"valid_to": XSS}).text)
    assert any("alert(1)" in page for page in pages)
    for page in pages:
        assert "<script>alert" not in page
        assert not re.search(r"<(img|b)\b", page)
        assert not re.search(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', page))
        assert "style=" not in page.replace("&#34;", "")


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/new", {"claim": "Rents rose by 4 percent.", "sure": "yes"}),
        ("/claim/46/verdict", {"rating": "True"}),
        ("/claim/46/retract", {"verdict": "46", "because": "x"}),
        ("/claim/46/undo", {"event": "1"}),
        ("/answer", {"q": "The reef", "claim": "46", "about": "yes"}),
    ],
)
def test_nothing_is_written_for_strangers(desk: CommandLine, path: str, fields: dict[str, str]) -> None:
    """A form that is not ours, a browser without the cookie, a page of another site: refused, and nothing written."""
    with browsing(desk) as client:
        own, before = csrf(client), events(desk)
        for wrong in ("", "0" * 64, own[:-1]):
            assert client.post(path, data={**fields, "csrf": wrong}).status_code == 403
        foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        assert client.post(path, data={**fields, "csrf": own}, headers=foreign).status_code == 403
        client.cookies.clear()
        assert client.post(path, data={**fields, "csrf": own}).status_code == 403
        assert client.get(path).status_code in {200, 404, 405}
    assert events(desk) == before


def test_every_page_has_the_policy(desk: CommandLine) -> None:
    """No script but our own, nothing framed, nothing kept."""
    with browsing(desk) as client:
        for path in ("/", "/results?q=reef", "/claim/61", "/claim/999", "/new"):
            headers = client.get(path).headers
            assert "script-src 'self'" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cache-control"] == "no-store"


def test_two_browsers_write_at_once_and_nothing_is_lost(desk: CommandLine) -> None:
    """Each verdict and each claim is one event, in the name of whoever wrote it."""
    each, failed = 8, list[Any]()

    def write(client: TestClient, own: str, name: str) -> None:
        for number in range(each):
            rating = {"rating": "True", "publisher": f"{name} {number}", "author": name, "csrf": own}
            claim = {"claim": f"{name} built {number + 2} bridges.", "sure": "yes", "author": name, "csrf": own}
            for path, sent in ((f"/claim/{REEF}/verdict", rating), ("/new", claim)):
                answer = client.post(path, data=sent)
                if answer.status_code != 303:
                    failed.append((name, number, answer.status_code))

    before = events(desk)
    with browsing(desk) as one, browsing(desk) as other:
        threads = [
            Thread(target=write, args=(client, csrf(client), name)) for client, name in ((one, "Ann"), (other, "Ben"))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []
    assert events(desk) == before + 4 * each
    with Tracker.open(desk.store) as tracker:
        record = tracker.show(REEF)
        written = [one for one in record.verdicts if one.publisher and one.publisher[:4] in {"Ann ", "Ben "}]
        assert len(written) == 2 * each
        assert all(one.publisher and one.publisher.startswith(one.author or "?") for one in written)
    assert desk("verify").code == 0


def test_the_address_is_the_desks_own(desk: CommandLine) -> None:
    """Redirects lead nowhere else."""
    sent = {"claim": "Rents rose by 9 percent in Riga.", "rating": "True", "publisher": "//evil.example"}
    with browsing(desk) as client:
        for path in ("/new", f"/claim/{REEF}/verdict"):
            assert send(client, path, **sent).headers["location"].startswith("/claim/")

"""A browser at `/article`, for the tests of that page."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

from tests.conftest import EXAMPLE
from tracker.server import jobs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient


TOKEN = "a-token-of-a-test-0123"
SEED = EXAMPLE.read_text(encoding="utf-8")
HOSTILE = "</style></script><script>alert(1)</script><img src=x onerror='alert(2)'>\"'`{{ 7*7 }}&amp;"
PLAIN = "Unemployment fell to 4.2 percent in March 2021. The minister spoke in Lisbon."


@dataclass
class Desk:
    """A browser at a desk's address."""

    client: TestClient

    @property
    def csrf(self) -> str:
        return field_of(self.client.get("/article"), "csrf")

    def send(self, file: tuple[str, bytes] = ("", b""), **fields: str) -> Any:
        """The form as a browser sends it, without following where it leads."""
        data = {"text": "", "address": "", "title": "", "day": "", "worth": "0.5", "csrf": self.csrf, **fields}
        return self.client.post("/article", data=data, files={"file": file}, follow_redirects=False)

    def start(self, file: tuple[str, bytes] = ("", b""), **fields: str) -> str:
        """Begin a check; its address."""
        sent = self.send(file, **fields)
        assert sent.status_code == 303, sent.text
        return str(sent.headers["location"])

    def wait(self, address: str) -> str:
        """Until it is done; its address."""
        ends = time.monotonic() + 120
        while self.client.get(f"{address}/progress").json()["under_way"]:
            assert time.monotonic() < ends
            time.sleep(0.05)
        return address

    def check(self, file: tuple[str, bytes] = ("", b""), **fields: str) -> str:
        return self.wait(self.start(file, **fields))

    def job(self, address: str) -> jobs.Job:
        found = self.client.app.state.jobs.find(address.rpartition("/")[2])  # type: ignore[attr-defined]
        assert isinstance(found, jobs.Job)
        return found

    def save(self, address: str, **fields: str) -> Any:
        data = {"csrf": self.csrf, "author": "Ana", **fields}
        return self.client.post(f"{address}/save", data=data, follow_redirects=False)


def field_of(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, page.text
    return unescape(found[1])


def remark(page: Any) -> str:
    found = re.search(r'role="alert">(.*?)</p>', page.text, re.DOTALL)
    return unescape(found[1]) if found else ""


@contextmanager
def opened(store: Path, *, token: bool = True, **more: Any) -> Iterator[Desk]:
    """A browser, with the token or without, at a server of its own."""
    from starlette.testclient import TestClient

    from tracker.server.app import create_app
    from tracker.server.config import Config

    app = create_app(Config(store=str(store), token=TOKEN, rate=0, **more))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        if token:
            client.get(f"/?token={TOKEN}", follow_redirects=False)
        yield Desk(client)

"""What a server was started with."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import ip_address

MIN_TOKEN = 16  # characters


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Config:
    """The store, who may ask, and how much; `rate` is requests a second from one address, 0 for no limit.

    `searchers`: processes that search, beside the server's own; with 1 it searches itself. `fetches_inside`: whether
    the address of an article may be one inside the server's own network.
    """

    store: str | None = None
    encoder: str | None = None
    inference: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    token: str = field(default_factory=new_token, repr=False)
    rate: float = 100.0
    fetches_inside: bool = False
    searchers: int = 1

    @property
    def is_local(self) -> bool:
        """True where only this machine can reach the server; then reading takes no token."""
        return is_loopback(self.host)

    @property
    def address(self) -> str:
        """Where the server is found, as a browser writes it."""
        host = "localhost" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def is_token(self, given: str) -> bool:
        """Compare with the token, in a time that tells nothing of it."""
        return _are_equal(given, self.token)

    def is_derived(self, purpose: str, given: str) -> bool:
        """Compare with what `derived` makes, in the same way."""
        return _are_equal(given, self.derived(purpose))

    def derived(self, purpose: str) -> str:
        """What stands for the token in a cookie or a form: whoever reads it does not have the token."""
        return hmac.new(self.token.encode(), purpose.encode(), sha256).hexdigest()


def _are_equal(given: str, own: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), own.encode())


def is_loopback(host: str) -> bool:
    """Tell a name or number of this machine that no other machine can reach."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

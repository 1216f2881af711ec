"""Sources: the bytes of a file, of standard input or of a web page, limited in size and in time.

The network is touched only for a source that is an address, and its library imported only then.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Thread
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn
from urllib.parse import urljoin, urlsplit

from tracker import __version__
from tracker.errors import UnreadableSource

if TYPE_CHECKING:
    from collections.abc import Callable
    from ipaddress import IPv4Address, IPv6Address

    import httpx

SIZE_LIMIT = 10_000_000  # bytes, as stored and as unpacked
FETCH_SECONDS = 20.0
MAX_REDIRECTS = 5

_SHOWN_LENGTH = 200
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_UNTOLD_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_TAKEN_TYPES = (
    *("text/", "application/xhtml+xml", "application/rss+xml", "application/atom+xml", "application/rdf+xml"),
    *("application/xml", "application/x-subrip", "message/rfc822"),
    *("application/pdf", "application/vnd.", "application/msword", "application/rtf"),  # `articles` names these
)


@dataclass(frozen=True, slots=True)
class Source:
    """What was read, before it is decoded; `name` is the file's or the address's path, `address` where it was found."""

    source: str
    data: bytes
    name: str = ""
    media_type: str = ""
    charset: str = ""
    address: str = ""

    @property
    def suffix(self) -> str:
        """The name's ending in lower case, with its dot."""
        return PurePosixPath(self.name).suffix.lower()


def read_source(
    source: str,
    stdin: BinaryIO | None = None,
    *,
    also: tuple[str, ...] = (),
    may_lead: Callable[[str], bool] = lambda _: True,
    public_only: bool = False,
) -> Source:
    """Read a file, a web page (http or https) or standard input (`-`).

    `also`: media types beside those of articles; `may_lead`: whether a page may lead on to this address;
    `public_only`: whether an address inside our own network is refused.
    Raises UnreadableSource for what is missing, larger than SIZE_LIMIT, out of reach, or not there after FETCH_SECONDS.
    """
    if source == "-":
        return _read_stdin(stdin)
    scheme = _SCHEME.match(source)
    if scheme is None:
        return _read_file(source)
    if not is_web_address(source):
        fail(source, f"{scheme[1]}:// is not supported", "give a file, - or an http(s) address")
    return _fetch(source, also, may_lead, public_only=public_only)


def is_web_address(source: str) -> bool:
    """Tell what is fetched from what is opened."""
    scheme = _SCHEME.match(source)
    return scheme is not None and scheme[1].lower() in {"http", "https"}


def fail(source: str, what: str, hint: str) -> NoReturn:
    """Raise UnreadableSource: which source, what is wrong with it, what to try."""
    msg = f"cannot read {shown(source)}: {what}; {hint}"
    raise UnreadableSource(msg) from None


def shown(source: str) -> str:
    """Return a source as it may stand in a message: one printable line, no password."""
    name = "standard input" if source == "-" else re.sub(r"(?<=://)[^/?#@]*@", "", source)
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)
    return plain if len(plain) <= _SHOWN_LENGTH else f"{plain[:150]}…{plain[-40:]}"


def _read_stdin(stdin: BinaryIO | None) -> Source:
    stream = stdin or getattr(sys.stdin, "buffer", None)
    if stream is None:
        fail("-", "it is closed", "name a file instead")
    try:
        data = stream.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        fail("-", str(error), "name a file instead")
    if len(data) > SIZE_LIMIT:
        _too_large("-", None)
    return Source("-", data)


def _read_file(source: str) -> Source:
    try:
        status = os.stat(source)  # noqa: PTH116 - Path("") would be the folder
        if stat.S_ISDIR(status.st_mode):
            fail(source, "it is a folder", "name one file in it")
        if not stat.S_ISREG(status.st_mode):  # to open a pipe or a device may block for ever
            fail(source, "it is not a regular file", "pipe its content in and give - as the source")
        if status.st_size > SIZE_LIMIT:
            _too_large(source, status.st_size)
        with Path(source).open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        fail(
            source,
            "no such file",
            "check the name (a web address begins with https://; a claim is looked up by 'tracker search')",
        )
    except PermissionError:
        fail(source, "permission denied", "check the file's access rights")
    except (OSError, ValueError) as error:  # ValueError: a NUL or a lone surrogate in the name
        fail(source, getattr(error, "strerror", None) or str(error), "check the name")
    if len(data) > SIZE_LIMIT:
        _too_large(source, None)
    return Source(source, data, name=source)


def _too_large(source: str, size: int | None) -> NoReturn:
    limit = f"{SIZE_LIMIT / 1e6:g} MB"
    what = f"it has {size / 1e6:.1f} MB" if size else f"it has more than {limit}"
    fail(source, f"{what}, the limit is {limit}", "cut out the part to check")


def _fetch(url: str, also: tuple[str, ...], may_lead: Callable[[str], bool], *, public_only: bool) -> Source:
    """Download a page in a thread of its own: no single wait's limit stops a server that sends a byte now and then."""
    import httpx

    headers = {"User-Agent": f"claim-tracker/{__version__}", "Accept-Encoding": "gzip"}
    outcome: list[Source | BaseException] = []

    def led(response: httpx.Response) -> None:
        if response.has_redirect_location:
            target = response.headers["location"]
            with suppress(ValueError):  # no address; the client says so
                target = urljoin(str(response.url), target)
            if not may_lead(target):
                fail(url, f"it leads on to {shown(target)}", "name that address itself")

    def work() -> None:
        try:
            outcome.append(_download(url, client, also))
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
            outcome.append(error)

    with httpx.Client(
        follow_redirects=True,
        max_redirects=MAX_REDIRECTS,
        timeout=FETCH_SECONDS,
        headers=headers,
        transport=_public_transport(url) if public_only else None,
        event_hooks={"response": [led]},
    ) as client:
        thread = Thread(target=work, daemon=True)
        thread.start()
        thread.join(FETCH_SECONDS)
        late = not outcome  # asked before the connection is closed under the thread
    if late:
        _timed_out(url)
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def _public_transport(url: str) -> httpx.HTTPTransport:
    """Connects to the very address that was found to be public, so that a name cannot become another's in between."""
    import httpcore
    import httpx

    class PublicOnly(httpcore.SyncBackend):
        """Opens a connection for each host that httpcore names."""

        def connect_tcp(self, host: str, port: int, *args: Any, **more: Any) -> httpcore.NetworkStream:
            *others, last = public_addresses(url, host, port)
            for address in others:
                with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                    return super().connect_tcp(address, port, *args, **more)
            return super().connect_tcp(last, port, *args, **more)

    transport = httpx.HTTPTransport()
    context = httpx.create_ssl_context()
    transport._pool = httpcore.ConnectionPool(context, network_backend=PublicOnly())  # noqa: SLF001 - no other way in
    return transport


def public_addresses(url: str, host: str, port: int) -> list[str]:
    """Where a host's name leads: addresses of the public web, or none. Raises UnreadableSource."""
    import socket
    from ipaddress import ip_address

    try:
        found = [str(one[4][0]).partition("%")[0] for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        parsed = [ip_address(one) for one in found]
    except (OSError, UnicodeError, ValueError):
        fail(url, "its name cannot be resolved", "check the address and the connection, or paste the text")
    if not found or not all(map(_is_public, parsed)):
        fail(url, "it is inside this server's own network", "paste the text, or send the page as a file")
    return found


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell an address of the public web; one of IPv6 also by the IPv4 address that a gateway makes of it."""
    from ipaddress import IPv4Address, IPv4Network, IPv6Network

    if isinstance(address, IPv4Address):
        protocols = IPv4Network("192.0.0.0/24")  # IANA's own; Python calls some of them global
        return address.is_global and not address.is_multicast and address not in protocols
    if address in IPv6Network("64:ff9b::/96"):  # NAT64
        return _is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    teredo = address.teredo[1] if address.teredo else None
    carried = [one for one in (address.sixtofour, teredo) if one]
    return address in IPv6Network("2000::/3") and address.is_global and all(map(_is_public, carried))


def _download(url: str, client: httpx.Client, also: tuple[str, ...]) -> Source:
    import httpx

    try:
        with client.stream("GET", url) as response:
            return _receive(url, response, also)
    except httpx.TimeoutException:
        _timed_out(url)
    except httpx.TooManyRedirects:
        fail(url, f"it redirects more than {MAX_REDIRECTS} times", "open it in a browser and save it")
    except (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, UnicodeError, zlib.error) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        fail(url, reason[:200], "check the address and the connection, or save the page as a file")


def _timed_out(url: str) -> NoReturn:
    fail(url, f"no whole answer within {FETCH_SECONDS:g} s", "try again, or save the page as a file")


def _receive(url: str, response: httpx.Response, also: tuple[str, ...]) -> Source:
    if not response.is_success:
        what = f"the server answers {response.status_code} {response.reason_phrase}".rstrip()
        fail(url, what, "check the address, or save the page as a file")
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _UNTOLD_TYPES and not media_type.startswith((*_TAKEN_TYPES, *also)):
        fail(url, f"it is {shown(media_type)}, not a page or a text", "give the address of the article itself")
    packing = response.headers.get("content-encoding", "identity")
    if packing not in {"identity", "gzip", "deflate"}:  # packed twice, it would grow a thousandfold per layer
        fail(url, "it is packed in a way not asked for", "save the page as a file")
    data = _body(url, response, zlib.decompressobj(zlib.MAX_WBITS | 32) if packing != "identity" else None)
    name = urlsplit(str(response.url)).path
    return Source(url, data, name, media_type, response.charset_encoding or "", str(response.url))


def _body(url: str, response: httpx.Response, unpacker: zlib._Decompress | None) -> bytes:
    """The body, unpacked here: the client would unpack a whole piece of 64 KB at once, a thousandfold."""
    data = bytearray()
    for piece in response.iter_raw():
        data += unpacker.decompress(piece, SIZE_LIMIT + 1 - len(data)) if unpacker else piece
        if len(data) > SIZE_LIMIT:
            _too_large(url, None)
        if unpacker and unpacker.eof:
            break  # what follows would be kept, and may have no end
    if unpacker and not unpacker.eof:
        fail(url, "it ends in the middle", "try again, or save the page as a file")
    return bytes(data)

"""On the path of a server that a test starts: it may listen on this machine, at one place, and reach for nothing."""

import os
import sys

_LOOPBACK = ("127.0.0.1", "localhost", "::1", None)
_bound: list[object] = []


def _refuse(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.bind":
        address = args[1]
        _bound.append(address)
        if isinstance(address, tuple) and address[0] in _LOOPBACK and len(_bound) == 1:
            return
    elif event == "socket.getaddrinfo":
        if args[0] in _LOOPBACK:
            return
    elif event not in {
        *("socket.connect", "socket.sendto", "socket.sendmsg"),
        *("socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"),
    }:
        return
    msg = f"network access blocked by the tests: {event} {args!r}"
    os.write(2, f"{msg}\n".encode())  # whoever catches the error cannot hide it
    raise RuntimeError(msg)


sys.addaudithook(_refuse)

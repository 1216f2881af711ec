"""On the path of every subprocess that a test starts: whoever reaches for the network fails."""

import sys


def _refuse(event: str, args: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        msg = f"network access blocked by the tests: {event} {args!r}"
        raise RuntimeError(msg)


sys.addaudithook(_refuse)

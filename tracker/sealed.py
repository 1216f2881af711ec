"""Files beside a store that can be made again from it: one line of JSON, sealed, and bytes.

The seal is a hash keyed with what only this store knows, so the line can only have been written for it. Nothing here
can harm the store: a file that cannot be written costs time, not answers.
"""

from __future__ import annotations

import glob
import hashlib
import json
import logging
import os
import stat
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.store import Store

_ABANDONED = 3600.0  # seconds after which nobody is writing such a file any more
_HEADER_LIMIT = 4096

log = logging.getLogger(__name__)


class Unusable(Exception):
    """Why a file cannot be used, in words for the user."""

    level = logging.WARNING


class Outdated(Unusable):
    """The same where it comes of other processes' work, as of a change of encoder: nothing to worry about."""

    level = logging.INFO


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file to read. Raises FileNotFoundError, Unusable; those of reading inside too."""
    try:
        # Asked once: between two questions another process may take the file away, and it would seem to be no file.
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unusable("not a file")  # opening a pipe would wait for somebody to write
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unusable(f"cannot be read ({error.strerror})") from error


def read_header(file: BinaryIO, store: Store, kind: str) -> dict[str, Any]:
    """What the first line says, where it is of this kind and was written for this store. Raises Unusable."""
    try:
        header = json.loads(file.readline(_HEADER_LIMIT))
        if header["format"] != kind:
            raise Outdated("of another version of the tracker")
        seal = header.pop("seal")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unusable("damaged") from error
    if seal != _seal(header, store):
        raise Unusable("damaged, or of another store")
    return dict(header)


def _seal(header: dict[str, Any], store: Store) -> str:
    """A hash over a header that only this store gives: keyed with its id, which no other file holds."""
    key = (store.setting("store_id") or "").encode()[:64]
    return hashlib.blake2b(json.dumps(header, sort_keys=True).encode(), key=key, digest_size=16).hexdigest()


def write(path: Path, store: Store, kind: str, header: dict[str, Any], parts: Iterable[bytes]) -> None:
    """Replace the file as a whole, so that a reader sees the old one or the new one."""
    line = {"format": kind, **header}
    try:
        _clear_abandoned(path)
        handle, name = tempfile.mkstemp(prefix=path.name, suffix=".new", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                Path(name).chmod(store.path.stat().st_mode & 0o666)  # whoever may read the store may read this
                file.write(json.dumps({**line, "seal": _seal(line, store)}).encode() + b"\n")
                file.writelines(parts)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        log.info("%s: not written (%s); what it spares is done each time", path.name, error.strerror)


def _clear_abandoned(path: Path) -> None:
    """Delete what a process that was killed while it wrote has left; one that is at it keeps its own."""
    for left in path.parent.glob(f"{glob.escape(path.name)}*.new"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED:
                left.unlink()

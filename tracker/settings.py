"""What the environment says: where the store is, who is writing. The only module that reads the environment."""

from __future__ import annotations

import getpass
import os
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_writer: ContextVar[str] = ContextVar("writer", default="")

DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"


def store_path(given: str | None = None) -> Path:
    """The store's file: the one given, else `TRACKER_STORE`, else `tracker.db` in the user's data folder."""
    named = given or os.environ.get("TRACKER_STORE")
    if named:
        try:
            return Path(named).expanduser()
        except RuntimeError:  # ~nobody: no such user
            return Path(named)
    from platformdirs import user_data_path

    return user_data_path("claim-tracker", appauthor=False) / "tracker.db"


def encoder_name() -> str | None:
    """The encoder that `TRACKER_ENCODER` names for new stores; None: the default."""
    return os.environ.get("TRACKER_ENCODER") or None


def device() -> str | None:
    """Where many texts are encoded: `TRACKER_DEVICE` (`cpu`, `cuda`, `cuda:1`, `mps`); None: a GPU if there is one."""
    return os.environ.get("TRACKER_DEVICE") or None


def inference_folder() -> str | None:
    """The model of language inference that `TRACKER_INFERENCE` names; None: none, which is the default."""
    return os.environ.get("TRACKER_INFERENCE") or None


def cache_folder() -> Path:
    """Where things that can be made again are kept: `TRACKER_CACHE`, else the user's cache folder."""
    named = os.environ.get("TRACKER_CACHE")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("claim-tracker", appauthor=False)


def author() -> str:
    """Who is writing: the one named by `writing_as`, else `TRACKER_AUTHOR`, else the login name."""
    named = _writer.get() or os.environ.get("TRACKER_AUTHOR", "").strip() or _login()
    return named.encode(errors="replace").decode()


@contextmanager
def writing_as(name: str) -> Iterator[None]:
    """What is written inside is this person's, where a server writes for many; an empty name changes nothing."""
    before = _writer.set(name.strip())
    try:
        yield
    finally:
        _writer.reset(before)


@cache
def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user, as in some containers
        return "unknown"


def stay_offline() -> None:
    """Tell the model hub's client to make no request; called where the weights are local."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"


def no_telemetry() -> None:
    """Switch off the usage reports that the model hub's client would send."""
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"


def one_blas_thread() -> None:
    """Keep one sentence on one thread, unless the user chose otherwise; must run before numpy is imported.

    On a busy machine two BLAS threads spin while they wait for each other, and one sentence takes many times as long.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

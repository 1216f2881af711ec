"""How long work tells how far it is: the protocol, and the silence that is the default."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager


class Progress(Protocol):
    """Begin a piece of work of `total` steps (None: not known); yields what to call with each number of steps done."""

    def __call__(self, label: str, total: int | None) -> AbstractContextManager[Callable[[int], None]]: ...


@contextmanager
def silent(label: str, total: int | None) -> Iterator[Callable[[int], None]]:  # noqa: ARG001 - the protocol's names
    """Say nothing."""
    yield lambda _steps: None

"""How long work goes on in parts and tells how far it is: the protocol, and the silence that is the default."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

Item = TypeVar("Item")


class Progress(Protocol):
    """Begin a piece of work of `total` steps (None: not known); yields what to call with each number of steps done."""

    def __call__(self, label: str, total: int | None) -> AbstractContextManager[Callable[[int], None]]: ...


@contextmanager
def silent(label: str, total: int | None) -> Iterator[Callable[[int], None]]:  # noqa: ARG001 - the protocol's names
    """Say nothing."""
    yield lambda _steps: None


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`, the last one shorter."""
    remaining = iter(items)
    while part := list(islice(remaining, size)):
        yield part

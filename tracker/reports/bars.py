"""Progress bars on a terminal; nothing where stderr is piped."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def bars(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on stderr for one piece of work (see `progress.Progress`)."""
    from tqdm import tqdm

    with tqdm(desc=label, total=total, disable=None, unit=" texts", dynamic_ncols=True, delay=1) as bar:

        def advance(steps: int) -> None:
            bar.update(steps)

        yield advance

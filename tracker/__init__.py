"""The local, private memory of a fact-checking desk.

>>> from tracker import Tracker
>>> with Tracker.open("desk.db") as tracker:  # doctest: +SKIP
...     tracker.search("Finland has joined NATO")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.models import NewClaim as NewClaim, NewVerdict as NewVerdict
    from tracker.pipeline import Tracker as Tracker

__version__ = "0.1.0"
__all__ = ["NewClaim", "NewVerdict", "Tracker", "__version__"]


def __getattr__(name: str) -> object:
    """Import the public names on first use, so that `import tracker` stays instant."""
    if name in ("NewClaim", "NewVerdict"):
        from tracker import models

        return getattr(models, name)
    if name == "Tracker":
        from tracker.pipeline import Tracker

        return Tracker
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)

"""Regular expressions that are compiled when they are first asked.

There are some two hundred of them, and to compile them takes longer than to read a sentence with the few that it needs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, later."""
    return cast("re.Pattern[str]", _Uncompiled(text, flags))


class _Uncompiled:
    """Is asked as a compiled one is: each of its methods is that one's, and kept."""

    def __init__(self, text: str, flags: int) -> None:
        self.pattern = text
        self.flags = flags

    if not TYPE_CHECKING:  # what is missing would be no error to a type checker

        def __getattr__(self, name: str) -> Any:
            found = getattr(re.compile(self.pattern, self.flags), name)
            setattr(self, name, found)
            return found

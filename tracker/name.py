"""A name in a text, and the kinds of names that there are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NameKind(StrEnum):
    """What a name is the name of."""

    COUNTRY = "country"
    PLACE = "place"
    PERSON = "person"
    ORGANISATION = "organisation"
    GROUP = "group"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: `text[start:end]` is its text, without "#", title and, mostly, possessive.

    `keys` are the ids that it may stand for ("Georgia": `ge` and `us-ga`), `within` those of what it lies in or belongs
    to ("Manchester": `gb-eng`, `gb`, `europe`), further and further out. `known` where it is in the lists.
    """

    text: str
    start: int
    end: int
    kind: NameKind
    keys: frozenset[str]
    within: frozenset[str] = frozenset()
    known: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """Its characters, end exclusive."""
        return self.start, self.end

"""A thing of the markup, a review, a claim, a rating or a person, and what its properties say in plain text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.claimreview.shapes import kinds, names
from tracker.claimreview.texts import is_blank, of_scalar, says_nothing
from tracker.entries import MAX_TEXT

if TYPE_CHECKING:
    from tracker.claimreview.shapes import View

_SAYING = ("@value", "name", "text", "value", "@id", "url")  # what of a thing is its text, the first of them


class Unusable(ValueError):
    """A review cannot be kept: what it says is missing, or it says two things; the message tells which."""


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of the markup in its document; `notes` are those of the review that it belongs to."""

    given: dict[str, Any]
    document: View
    notes: list[str]

    @property
    def kinds(self) -> set[str]:
        """Its types in lower case, without prefixes."""
        return kinds(self.given)

    def note(self, text: str) -> None:
        """Note what was mended or left out."""
        self.notes.append(text)

    def empty(self) -> Thing:
        """A thing that says nothing, in the same document."""
        return Thing({}, self.document, self.notes)

    def raw(self, name: str) -> Any:
        """A property as it is written."""
        return names(self.given).get(name)

    def values(self, name: str) -> list[Any]:
        """The values of a property as a flat list."""
        return self.document.values(self.given, name)

    def things(self, name: str) -> list[Thing]:
        """The values of a property that are things, not texts."""
        return [Thing(value, self.document, self.notes) for value in self.values(name) if isinstance(value, dict)]

    def texts(self, name: str) -> list[str]:
        """The values of a property as plain texts, those left out that say nothing."""
        texts = (of_scalar(value) or _said(value) for value in self.values(name))
        return [text for text in texts if text and not says_nothing(text)]

    def labels(self, name: str) -> list[str]:
        """The values of a property as plain texts, whatever they say, each once but for case and spaces."""
        texts = (of_scalar(value) or _said(value) for value in self.values(name))
        found: dict[str, str] = {}
        for text in texts:
            if not is_blank(text):
                found.setdefault(folded(text), text)
        return list(found.values())

    def text(self, name: str, *, called: str | None = None, limit: int | None = MAX_TEXT) -> str:
        """The first of them; a note tells of others, and of one that is too long and left out.

        `called` is our name for the property, under which the notes stand.
        """
        texts = list(dict.fromkeys(self.texts(name)))
        if not texts:
            return ""
        if len(texts) > 1:
            self.note(f"{called or name}: a list of {len(texts)}; its first text taken")
        if limit is not None and len(texts[0]) > limit:
            self.note(f"{called or name}: {len(texts[0]):,} characters; not kept")
            return ""
        return texts[0]


def folded(text: str) -> str:
    """A text without what sets no two texts apart: case, and how much space."""
    return " ".join(text.casefold().split())


def _said(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    named = names(value)
    return next((text for name in _SAYING if (text := of_scalar(_first(named.get(name))))), "")


def _first(value: Any) -> Any:
    while isinstance(value, list) and value:
        value = value[0]
    return value

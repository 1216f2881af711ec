"""Our reading of a publisher's rating; the publisher's own words are what the store keeps.

A first, small table of whole labels. There is no prefix or substring rule on purpose: "True but misleading" is not
true. A label that is not listed is `unrated`, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

NORMALIZED = ("true", "mostly-true", "mixed", "mostly-false", "false", "unproven", "not-rated", "unrated")

_LABELS = {
    "true": ("true", "correct", "accurate", "that's correct", "geppetto checkmark"),
    "mostly-true": ("mostly true", "mostly correct", "mostly accurate"),
    "mixed": ("half true", "mixture", "mixed", "partly true", "partly false", "partially true", "partially false"),
    "mostly-false": ("mostly false", "barely true"),
    "false": (
        *("false", "not true", "this isn't true", "no, that's not true", "untrue", "false claim"),
        *("incorrect", "not correct", "that's not correct", "wrong", "inaccurate"),
        *("pants on fire", "pants fire", "disinfo", "fake", "fake news", "four pinocchios", "bottomless pinocchio"),
    ),
    "unproven": ("unproven", "unsubstantiated", "unsupported", "unfounded", "no evidence", "unverified"),
    "not-rated": ("satire", "labeled satire", "research in progress", "full flop", "half flip", "no flip"),
}

_TAGS = {
    "misleading": ("misleading",),
    "missing-context": ("missing context", "needs context", "lacks context", "out of context"),
    "outdated": ("outdated",),
    "satire": ("satire", "labeled satire"),
    "altered-media": ("altered image", "altered video", "altered photo"),
    "misattributed": ("misattributed", "miscaptioned"),
    "scam": ("scam",),
    "flip-flop": ("full flop", "half flip"),
}


def normalize(rating: str | None) -> str:
    """One of `NORMALIZED` for a publisher's rating; `unrated` where the label is not known to us."""
    return _NORMALIZED_OF.get(_fold(rating), "unrated") if rating else "unrated"


def tags(rating: str | None) -> tuple[str, ...]:
    """What the rating says beside true or false, e.g. `missing-context`; often nothing."""
    return _TAGS_OF.get(_fold(rating), ()) if rating else ()


@cache
def _fold(rating: str) -> str:
    text = unicodedata.normalize("NFKC", rating).casefold().replace("’", "'")
    return re.sub(r"[\s_‐–—-]+", " ", text).strip(" .!:\"“”'‘")


_NORMALIZED_OF = {label: name for name, labels in _LABELS.items() for label in labels}
_TAGS_OF = {label: tuple(t for t, labels in _TAGS.items() if label in labels) for t in _TAGS for label in _TAGS[t]}

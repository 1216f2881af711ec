"""Mutation tests of how two claims relate: real sentences changed by program, so that the right answer is known.

A breaking change (another figure, unit, year, name, a negation) must end `same`; a keeping one (another spelling of
the figure, a wrapper, another look) must leave it. What is changed is found by code of its own here, not by the code
under test, so that the test can fail. Source: the idea of mutation analysis, DeMillo, Lipton and Sayward (1978), "Hints
on test data selection", Computer 11(4), and of minimal edits to sentences, Kaushik, Hovy and Lipton (2020), "Learning
the difference that makes a difference with counterfactually-augmented data", ICLR. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING

from tracker.mutations import breaking, keeping, opposites, reordering
from tracker.mutations.claims import is_plain, is_timeless
from tracker.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tracker.progress import Progress

LIMIT = 100  # mutants of a kind, where nothing else is asked for
SEED = 1


class Kind(StrEnum):
    """What was changed; the first eight change what is said, the others do not."""

    FIGURE = "figure"
    UNIT = "unit"
    YEAR = "year"
    DATE = "date"
    NAME = "name"
    ROLES = "roles"
    NEGATION = "negation"
    DIRECTION = "direction"
    SPELLING = "spelling"
    ROUNDING = "rounding"
    ATTRIBUTION = "attribution"
    TYPOGRAPHY = "typography"
    CONTRACTION = "contraction"
    DATE_ORDER = "date-order"
    ABBREVIATION = "abbreviation"
    FRONTING = "fronting"
    POSSESSIVE = "possessive"
    VOICE = "voice"

    @property
    def is_breaking(self) -> bool:
        """True where the changed sentence no longer says the same."""
        return self in _BREAKING


@dataclass(frozen=True, slots=True)
class Mutant:
    """A sentence changed in one respect, and what it was before."""

    kind: Kind
    text: str
    original: str


_BREAKING = frozenset(
    {Kind.FIGURE, Kind.UNIT, Kind.YEAR, Kind.DATE, Kind.NAME, Kind.ROLES, Kind.NEGATION, Kind.DIRECTION}
)
_CHANGES: dict[Kind, Callable[[str, Random], Iterator[str]]] = {
    Kind.FIGURE: breaking.figure,
    Kind.UNIT: breaking.unit,
    Kind.YEAR: breaking.year,
    Kind.DATE: breaking.date,
    Kind.NAME: breaking.name,
    Kind.ROLES: breaking.roles,
    Kind.NEGATION: opposites.negation,
    Kind.DIRECTION: opposites.direction,
    Kind.SPELLING: keeping.spelling,
    Kind.ROUNDING: keeping.rounding,
    Kind.ATTRIBUTION: keeping.attribution,
    Kind.TYPOGRAPHY: keeping.typography,
    Kind.CONTRACTION: keeping.contraction,
    Kind.DATE_ORDER: keeping.date_order,
    Kind.ABBREVIATION: keeping.abbreviation,
    Kind.FRONTING: reordering.fronting,
    Kind.POSSESSIVE: reordering.possessive,
    Kind.VOICE: reordering.voice,
}


def mutants_of(claim: str, kinds: Iterable[Kind] = Kind) -> dict[Kind, list[str]]:
    """Every change of these kinds that can be made to a sentence, in a fixed order.

    Nothing for one that is not plain (`claims.is_plain`).
    """
    text = " ".join(claim.split())
    if not is_plain(text):
        return {}
    found: dict[Kind, list[str]] = {}
    for kind in kinds:
        if kind.is_breaking or is_timeless(text):
            changed = dict.fromkeys(_CHANGES[kind](text, Random(f"{kind} {text}")))  # noqa: S311 - not for secrets
            changed.pop(text, None)
            if changed:
                found[kind] = list(changed)
    return found


def mutants(claims: Iterable[str], limit: int = LIMIT, seed: int = SEED, progress: Progress = silent) -> list[Mutant]:
    """At most `limit` mutants of each kind, one of a kind from a claim, drawn with the seed; in the order of `Kind`."""
    drawn = sorted({" ".join(claim.split()) for claim in claims})
    Random(seed).shuffle(drawn)  # noqa: S311
    found: dict[Kind, list[Mutant]] = {kind: [] for kind in Kind}
    with progress("mutating", len(drawn)) as advance:
        for text in drawn:
            wanted = [kind for kind, each in found.items() if len(each) < limit]
            if not wanted:
                break
            for kind, texts in mutants_of(text, wanted).items():
                found[kind].append(Mutant(kind, Random(f"{seed} {kind} {text}").choice(texts), text))  # noqa: S311
            advance(1)
    return [mutant for each in found.values() for mutant in each]

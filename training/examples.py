"""Labelled pairs to fit relations with: our own, mutants of their claims, real proposals, and SICK's contradictions."""

from __future__ import annotations

import csv
import random
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.models import Relation
from tracker.mutations import Kind, mutants_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

FOLDS = 3
_OF_KIND = 250  # mutants of one kind
_BROKEN = {
    Kind.FIGURE: Relation.DIFFERENT_FIGURE,
    Kind.UNIT: Relation.DIFFERENT_FIGURE,
    Kind.YEAR: Relation.DIFFERENT_TIME,
    Kind.DATE: Relation.DIFFERENT_TIME,
    Kind.NAME: Relation.DIFFERENT_ENTITY,
    Kind.ROLES: Relation.DIFFERENT_ENTITY,
    Kind.NEGATION: Relation.OPPOSITE,
    Kind.DIRECTION: Relation.OPPOSITE,
}


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled pair; `weight` is how much it counts, `fold` the part of the data that it belongs to."""

    id: str
    statement: str
    claim: str
    relation: Relation
    note: str = ""
    weight: float = 1.0

    @property
    def fold(self) -> int:
        """Pairs on one claim, and what was made of it, share a fold."""
        return zlib.crc32(self.id.partition("~")[0].encode()) % FOLDS


def read_examples(paths: Iterable[Path], weight: float = 1.0) -> list[Example]:
    """The pairs of TSV files with id, statement, verified_claim, relation and note."""
    found = []
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                relation = Relation(row["relation"])
                found.append(Example(row["id"], row["statement"], row["verified_claim"], relation, row["note"], weight))
    return found


def turned(examples: Iterable[Example]) -> list[Example]:
    """The same with the claim as the statement, where that changes nothing: not for headlines and denials."""
    return [
        replace(one, statement=one.claim, claim=one.statement)
        for one in examples
        if not any(word in one.note for word in ("headline", "debunk", "denial"))
    ]


def mutants(examples: Sequence[Example], weight: float = 0.4) -> list[Example]:
    """What `tracker.mutations` makes of the claims, as statement or as claim, at most so many of a kind."""
    chance = random.Random(3)  # noqa: S311 - no secret
    made: dict[Kind, int] = dict.fromkeys(Kind, 0)
    found = []
    for one in examples:
        for kind, texts in mutants_of(one.claim).items():
            if not texts or made[kind] >= _OF_KIND:
                continue
            made[kind] += 1
            pair = (chance.choice(texts), one.claim)
            statement, claim = pair if chance.random() < 0.5 else pair[::-1]
            relation = _BROKEN.get(kind, Relation.SAME)
            found.append(Example(f"{one.id}~{kind}", statement, claim, relation, kind, weight))
    return found


def sick(path: Path, weight: float = 0.3) -> list[Example]:
    """Marelli et al. 2014: near entailments as the same, contradictions as opposites, and some that are neither."""
    chance = random.Random(1)  # noqa: S311 - no secret
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Example(f"sick-{row['pair_ID']}", row["sentence_A"], row["sentence_B"], relation, "", weight)
        for row in rows
        for relation in _of_sick(row, chance)
    ]


def _of_sick(row: dict[str, str], chance: random.Random) -> Iterator[Relation]:
    near, judged = float(row["relatedness_score"]), row["entailment_judgment"]
    if judged == "ENTAILMENT" and near >= 4.6:
        yield Relation.SAME
    elif judged == "CONTRADICTION":
        yield Relation.OPPOSITE
    elif judged == "NEUTRAL" and 2.5 < near < 4.2 and chance.random() < 0.25:
        yield Relation.RELATED

"""Pairs of public claims, on one topic (by their vectors) and on none: two claims checked apart are hardly ever one.

Pairs written by hand have few like them: a reader that had seen none called many of them the same. Half of
the claims, by a hash, are there to fit, the other half to measure on (`benchmarks/relations.py`).
"""

from __future__ import annotations

import json
import random
import zlib
from typing import TYPE_CHECKING

import numpy as np

from tracker.models import Relation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.encoders import Encoder

AMONG = 6000  # claims of a collection among which another on the same topic is looked for
TOPIC = (0.45, 0.75)  # the cosines of two claims on one topic; nearer ones may be one claim
NO_TOPIC = 0.15


def strange_pairs(data: Path, encoder: Encoder, half: int, asked: int) -> Iterator[tuple[str, str, Relation]]:
    """For that many claims of each collection in that half (0 or 1), another one; every fifth time one on no topic."""
    chance = random.Random(5)  # noqa: S311 - no secret
    for name in ("ct22-2a", "ct22-2b"):
        lines = (data / name / "docs.jsonl").read_text(encoding="utf-8").splitlines()
        texts = sorted({" ".join(json.loads(line)["claim"].split()) for line in lines})
        plain = [text for text in texts if 5 <= len(text.split()) <= 40 and zlib.crc32(text.encode()) % 2 == half]
        drawn = chance.sample(plain, min(AMONG, len(plain)))
        vectors = encoder.encode(drawn, bulk=True)
        near = vectors[:asked] @ vectors.T
        for i, row in enumerate(near):
            row[i] = 0
            nearest = int(np.where(row < TOPIC[1], row, 0).argmax())
            if row[nearest] >= TOPIC[0]:
                yield drawn[i], drawn[nearest], Relation.RELATED
            far = (i + len(drawn) // 2) % len(drawn)
            if i % 5 == 0 and row[far] < NO_TOPIC:
                yield drawn[i], drawn[far], Relation.UNRELATED

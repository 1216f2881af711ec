"""Both roads from texts to vectors, in fresh processes: from how many texts importing sentence-transformers pays.

    PYTHONPATH=benchmarks python -m timing.roads TEXTS.json NUMBER light|heavy

`tracker.encoders.BULK` is where the lines cross.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timing.places import place
from timing.processes import always, in_turns, module, ratio, summary

if TYPE_CHECKING:
    from argparse import Namespace

NUMBERS = (250, 500, 1_000, 1_500, 2_000, 3_000)


def measure(options: Namespace) -> dict[str, Any]:
    """Every number of texts by both."""
    texts = place(options.claims, options.data).folder / "texts.json"
    rows = []
    for number in NUMBERS:
        light, heavy = in_turns(
            {road: always(module("roads", texts, number, road)) for road in ("light", "heavy")}, options.growth_rounds
        ).values()
        seconds = {"light s": summary(light)["seconds"], "sentence-transformers s": summary(heavy)["seconds"]}
        rows.append({"texts": number, **seconds, "light / heavy": ratio(light, heavy)})
    return {"rows": rows, "targets": []}


def main() -> None:
    """Encode so many texts by one road, as `Embedding` does it."""
    from tracker import settings

    settings.one_blas_thread()
    from tracker.encoders import load_encoder

    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))[: int(sys.argv[2])]
    encoder = load_encoder()
    ordered = sorted(texts, key=len)
    for start in range(0, len(ordered), 256):
        encoder.encode(ordered[start : start + 256], bulk=sys.argv[3] == "heavy")


if __name__ == "__main__":
    main()

"""Peers in the same run on the same vectors: import, size on disk, cold and warm queries, recall@10 (point 7).

Each is filled with the vectors that are there already, so no encoding is in these figures; `cold` is a fresh process
that opens what was written and answers one question, `warm` is one process that answers many. What encodes itself as a
command (`llm similar`, `tracker search`) is measured with its encoding by `cold`. The recall is that of the nearest
vectors; the tracker as a whole orders by probability, and has none.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from timing.places import Place, peers_python, place
from timing.processes import Run, in_turns, module, run
from timing.warm import quantiles

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

OURS = ("tracker", "tracker, nearest only")
PEERS = ("faiss", "sqlite-vec", "chromadb", "txtai", "llm")
NEAREST = 10


def measure(options: Namespace) -> dict[str, Any]:
    """Every peer at every size."""
    python = peers_python()
    if python is None:
        sys.exit("no .bench-venv with the peers: see benchmarks/README.md")
    rows = [row for claims in options.sizes for row in measured(place(claims, options.data), python, options)]
    return {"rounds": options.rounds, "rows": rows, "targets": []}


def measured(here: Place, python: str, options: Namespace) -> list[dict[str, Any]]:
    """Every peer at one size."""

    def child(name: str, action: str, number: int = 0) -> list[str]:
        own = sys.executable if name in OURS else python
        return module("peer", name, action, here.folder, number, python=own)

    built: dict[str, Run] = {}
    for name in PEERS:
        shutil.rmtree(here.folder / name, ignore_errors=True)
        built[name] = run(child(name, "build"), **llm_settings(here))
    cold = in_turns({name: partial(child, name, "ask") for name in (*OURS, *PEERS)}, options.rounds)
    warm = {name: run(child(name, "warm"), **llm_settings(here)).told for name in (*OURS, *PEERS)}
    exact = warm["faiss"]["found"]
    return [
        {
            "peer": name,
            "claims": here.claims,
            "import s": built[name].told["seconds"] if name in built else ours_import(here),
            "on disk MB": size_of(here, name),
            "cold ms": 1000 * statistics.median(one.seconds for one in cold[name]),
            **{f"warm {what}": value for what, value in quantiles(warm[name]["seconds"]).items()},
            "recall@10": None if name == "tracker" else recall(warm[name]["found"], exact),
            "peak MB": statistics.median(one.peak_mb for one in cold[name]),
        }
        for name in cold
    ]


def recall(found: list[list[int]] | None, exact: list[list[int]]) -> float | None:
    """The share of the exact ten nearest that were found."""
    if not found:
        return None
    return statistics.fmean(
        len(set(one) & set(right)) / len(right) for one, right in zip(found, exact, strict=False) if right
    )


def ours_import(here: Place) -> float | None:
    """Seconds that filling our store took when it was made: claims, verdicts, words, events, vectors, index."""
    import json

    file = here.folder / "took.json"
    if not file.is_file():
        return None
    took = json.loads(file.read_text(encoding="utf-8"))
    return float(sum(seconds for step, seconds in took.items() if step not in ("made up", "claims")))


def size_of(here: Place, name: str) -> float:
    """Megabytes that a peer has written."""
    files: list[Path] = [*here.folder.glob("claims.db*")] if name in OURS else list((here.folder / name).rglob("*"))
    return sum(one.stat().st_size for one in files if one.is_file()) / 1e6


def llm_settings(here: Place) -> dict[str, str]:
    """Where llm keeps its settings for a place."""
    return {"LLM_USER_PATH": str(here.folder / "llm")}


def llm_command(here: Place) -> list[str] | None:
    """`llm similar` on the same claims, all but the text; None where there is no llm. Filled if it is not yet."""
    python = peers_python()
    if python is None:
        return None
    if not (here.folder / "llm" / "embeddings.db").is_file():
        run(module("peer", "llm", "build", here.folder, 0, python=python), **llm_settings(here))
    folder = str(here.folder / "llm")
    database = f"{folder}/embeddings.db"
    return ["env", f"LLM_USER_PATH={folder}", python, "-m", "llm", "similar", "claims", "-d", database, "-n", "5", "-c"]

"""How fast it is, against floors and peers: every part in one run on one machine, as ratios.

    python benchmarks/run.py [--only cold --only warm ...] [--data ../shared/data/benchmarks] [--write]

Prints a table a part, and each figure beside what was asked for. `--write` keeps the parts that ran in
`benchmarks/results/run-DAY.json`. What each part measures, and what it needs, stands in `benchmarks/README.md`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import machine, python_version
from typing import Any

from timing.processes import BENCHMARKS
from timing.tables import table_lines, target_lines

PARTS = {
    "cold": "1. cold starts, fresh processes",
    "warm": "2. warm search from Python, step by step",
    "scale": "3. a million claims",
    "kinds": "3. kinds of index",
    "bulk": "4. bulk import",
    "roads": "4. two roads to vectors",
    "articles": "5. an article, fresh processes",
    "growth": "6. growth",
    "peers": "7. peers, given the same vectors",
    "serving": "8. the server under load",
}
PACKAGES = ("claim-tracker", "numpy", "faiss-cpu", "tokenizers", "torch", "sentence-transformers", "typer")


def about() -> dict[str, Any]:
    """When and with what it was measured; how busy the machine was."""
    return {
        "when": datetime.now(UTC).isoformat(timespec="minutes"),
        "versions": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "python": f"{python_version()} on {machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 2),
    }


def keep(file: Path, found: dict[str, Any]) -> None:
    """Add the parts to the day's file."""
    before = json.loads(file.read_text(encoding="utf-8"))["parts"] if file.is_file() else {}
    file.write_text(json.dumps({"parts": {**before, **found}}, indent=1) + "\n", encoding="utf-8")


def arguments() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", choices=PARTS, help="a part; may be given again")
    parser.add_argument("--data", type=lambda given: Path(given).resolve(), help="folder with ct22-2b")
    parser.add_argument("--claims", type=int, default=20_000, help="for cold, warm, articles")
    parser.add_argument("--rounds", type=int, default=7, help="fresh processes of each contender")
    parser.add_argument("--questions", type=int, default=200, help="at most so many, for warm and scale")
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000, 100_000], help="for peers")
    parser.add_argument("--scale", type=int, default=1_000_000, help="for scale and kinds")
    parser.add_argument("--bulk", type=int, default=100_000)
    parser.add_argument("--bulk-rounds", type=int, default=1)
    parser.add_argument(
        "--steps", type=int, nargs="+", default=[1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000]
    )
    parser.add_argument("--growth-rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=60, help="for serving: how long each server is asked")
    parser.add_argument("--write", action="store_true", help="keep the result")
    return parser.parse_args()


def main() -> None:
    """Run the parts, one after the other."""
    options = arguments()
    file = BENCHMARKS / "results" / f"run-{datetime.now(UTC).date()}.json"
    for name in options.only or PARTS:
        started = time.perf_counter()
        noted = about()
        found = {**noted, **importlib.import_module(f"timing.{name}").measure(options)}
        took = time.perf_counter() - started
        size = f", {found['claims']:,} claims" if "claims" in found else ""
        print(f"\n{PARTS[name]}{size} ({took:.0f} s, load {noted['load']} at the start)", flush=True)
        for line in (*table_lines(found["rows"]), *target_lines(found["targets"])):
            print(line, flush=True)
        if options.write:
            keep(file, {name: found})


if __name__ == "__main__":
    main()

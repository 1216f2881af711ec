"""Measure check-worthiness on the public sets and the labelled articles, and keep the result.

    python benchmarks/evaluate.py --data ../shared/data

Writes `benchmarks/results/spotting.json`, from which `docs/evaluation.md` is made.
"""

from __future__ import annotations

import argparse
import json
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tracker import evaluation
from tracker.encoders import load_encoder

SETS = ("benchmarks/checkworthiness/ct24-dev.tsv", "benchmarks/checkworthiness/ct24-dev-test.tsv")
RESULTS = Path(__file__).parent / "results"


def versions() -> str:
    """What measured: the packages that decide, Python and the kind of machine."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("claim-tracker", "numpy", "tokenizers"))
    return f"{packages}, Python {platform.python_version()} on {platform.machine()}"


def main() -> None:
    """Measure every set once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with benchmarks/ and spotting-dev/")
    data = parser.parse_args().data
    encoder = load_encoder()
    sets = [data / name for name in SETS] + sorted((data / "spotting-dev").glob("*.json"))
    results = {path.stem: asdict(evaluation.spotting(evaluation.read_sentences(path), 0.5, encoder)) for path in sets}
    found = {
        "when": str(datetime.now(UTC).date()),
        "versions": versions(),
        "encoder": encoder.fingerprint,
        "results": results,
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "spotting.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    for name, one in results.items():
        print(f"{name:32} F1 {one['f1']:.3f}  AP {one['average_precision']:.3f}  n {one['rows']}")


if __name__ == "__main__":
    main()

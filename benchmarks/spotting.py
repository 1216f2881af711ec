"""Measure spotting on the public sets, the labelled articles and our held-out pieces, and keep the result.

    python benchmarks/spotting.py --data ../shared/data [--devtest]

Writes `benchmarks/results/spotting.json`, from which `docs/evaluation.md` is made. `--devtest` measures `ct24-dev-test`
too: open it when all choices are made, and change nothing afterwards. Without it what the file says of it stays.
"""

from __future__ import annotations

import argparse
import json
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tracker.agreement import agreement
from tracker.encoders import load_encoder
from tracker.reports.bars import bars
from tracker.reports.spotting import agreement_json

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
TEST = "ct24-dev-test"


def versions() -> str:
    """What measured: the packages that decide, Python and the kind of machine."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("claim-tracker", "numpy", "tokenizers"))
    return f"{packages}, Python {platform.python_version()} on {platform.machine()}"


def main() -> None:
    """Measure every set once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with benchmarks/ and spotting-dev/")
    parser.add_argument("--devtest", action="store_true", help="open ct24-dev-test")
    options = parser.parse_args()
    target = RESULTS / "spotting.json"
    public = options.data / "benchmarks" / "checkworthiness"
    encoder = load_encoder()
    sentences = [public / "ct24-dev.tsv", *([public / f"{TEST}.tsv"] if options.devtest else [])]
    found = {
        "sentences": agreement_json(agreement(sentences, 0.5, encoder, bars)),
        "spotting-dev": agreement_json(
            agreement(sorted((options.data / "spotting-dev").glob("*.json")), 0.5, encoder, bars)
        ),
        "held-out": agreement_json(
            agreement(sorted((ROOT / "tests" / "data" / "spotting-held-out").glob("*.tsv")), 0.5, encoder, bars)
        ),
    }
    results = {of: {Path(name).stem: one for name, one in sets.items()} for of, sets in found.items()}
    if not options.devtest and target.exists():
        before = json.loads(target.read_text(encoding="utf-8"))["results"].get("sentences", {})
        results["sentences"] |= {name: one for name, one in before.items() if name == TEST}
    about = {"when": str(datetime.now(UTC).date()), "versions": versions(), "encoder": encoder.fingerprint}
    target.write_text(json.dumps({**about, "results": results}, indent=1) + "\n", encoding="utf-8")
    for of, sets in results.items():
        for name, one in sets.items():
            line = f"{of:12} {name:28} F1 {one['f1']:.3f}  AP {one['average_precision']:.3f}  n {one['rows']}"
            if "speakers" in one:
                line += f"  kinds {one['kinds_macro_f1']:.3f}  speakers {one['speakers']['accuracy']:.3f}"
                furniture = one["boilerplate"]
                line += (
                    f"  boilerplate {furniture['precision']:.3f} {furniture['recall']:.3f} ({furniture['positive']})"
                )
            print(line)


if __name__ == "__main__":
    main()

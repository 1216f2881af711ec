"""How many sentences are taken for another language than English: English claims, statements and Portuguese claims.

    python benchmarks/languages.py --data ../shared/data

The English ones are those of CheckThat! 2022 task 2B, the Portuguese ones those of FACTCKBR. The lists of words were
made with both at hand: this is no held-out figure.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

from tracker.languages import is_foreign


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    docs, queries = (data / "benchmarks" / "ct22-2b" / name for name in ("docs.jsonl", "train.jsonl"))
    with (data / "claimreview-samples" / "FACTCKBR.tsv").open(encoding="utf-8", newline="") as file:
        portuguese = [row["claimReviewed"] for row in csv.DictReader(file, delimiter="\t") if row["claimReviewed"]]
    texts = {
        "English claims": [json.loads(line)["claim"] for line in docs.read_text("utf-8").splitlines()],
        "English statements": [json.loads(line)["text"] for line in queries.read_text("utf-8").splitlines()],
        "Portuguese claims": portuguese,
    }
    for name, of in texts.items():
        foreign = sum(map(is_foreign, of))
        print(f"{name:20} {len(of):6,}  taken for another language: {foreign:6,} ({foreign / len(of):.2%})")


if __name__ == "__main__":
    main()

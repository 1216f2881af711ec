"""Which words begin with a capital letter only where a sentence does: `tracker/data/names/ordinary.txt`.

Counted over public collections of claims, debates and news sentences (the folder `benchmarks`): a word is ordinary that
stands in lower case at least twice, and in at least a tenth of its places inside a sentence.

    python training/names.py ../shared/data/benchmarks
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.gazetteer import FOLDER, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

INSIDE = re.compile(r"(?<=[\w,] )[^\W\d_]+(?![\w'’.])")  # not where a sentence begins, nor behind a quotation mark
LEAST, SHARE = 2, 0.1


def sentences(folder: Path) -> Iterator[str]:
    """Every sentence of the collections, as it was written."""
    for docs in ("ct22-2a", "ct22-2b"):
        for line in (folder / docs / "docs.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["claim"]
    with (folder / "checkworthiness" / "claimbuster-crowdsourced.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            yield row["Text"]
    for name in ("checkworthiness/ct24-train.tsv", "pairs/msr-para-train.tsv", "pairs/msr-para-test.tsv"):
        for line in (folder / name).read_text(encoding="utf-8-sig").splitlines()[1:]:
            yield from (cell for cell in line.split("\t") if " " in cell)


def ordinary_words(texts: Iterator[str]) -> list[str]:
    """The words that are written small often enough, in alphabetical order."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts:
        words = INSIDE.findall(text)
        if sum(word[0].isupper() for word in words) > len(words) / 2:  # a headline says nothing about capitals
            continue
        for word in words:
            (small if word.islower() else capital)[fold(word)] += 1
    return sorted(word for word, times in small.items() if times >= LEAST and times >= SHARE * (times + capital[word]))


if __name__ == "__main__":
    found = ordinary_words(sentences(Path(sys.argv[1])))
    (FOLDER / "ordinary.txt").write_text("\n".join(found) + "\n", encoding="utf-8")
    print(f"{len(found)} words")

"""Debates end to end: spot what is worth checking in transcripts, match it, show the verdicts; how much, how fast.

    python benchmarks/debates.py --data ../shared/data/benchmarks [--store FILE] [--write]

The transcripts and fact-checks are those of CheckThat! 2022 task 2B (English): in its test debates, 79 sentences are
labelled with the fact-check that was made of them. Recall at the top 10 % says how many of them are among the tenth of
the lines that are ranked highest by check-worthiness; an unlabelled line is no proof that it is not worth a check.
How far people agree on the choice says what can be asked: the three debates of 2016 stand in ClaimBuster's set as well,
where people labelled every sentence, and PolitiFact checked 103 of them; `people` counts how many of those 103 a tenth
would hold that is drawn from what people call check-worthy. No model is in that figure.
Times are of the same run: reading, splitting and attributing, judging, matching; and, as the yardstick, what
sentence-transformers takes to encode the same sentences.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import statistics
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spotting import RESULTS, versions

from tracker.articles import read_article
from tracker.boilerplate import mark_boilerplate
from tracker.models import Relation
from tracker.pipeline import Tracker
from tracker.reports.bars import bars
from tracker.sentences import split_sentences
from tracker.speakers import attribute

if TYPE_CHECKING:
    from tracker.models import Article, Spotted

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = ROOT / "examples" / "nato-rapid-reaction-force.txt"
SHARE = 0.10
YEAR_OF_BOTH = "2016"
NEAREST = 5


def lines_of(path: Path) -> dict[int, str]:
    """The lines of a transcript by their numbers."""
    rows = (line.split("\t", 2) for line in path.read_text(encoding="utf-8").splitlines())
    return {int(number): text for number, _, text in rows}


def labelled(data: Path) -> dict[str, dict[int, set[str]]]:
    """For each transcript, by the beginning of its name, the labelled lines with their fact-checks."""
    found: dict[str, dict[int, set[str]]] = {}
    for line in (data / "ct22-2b" / "devtest.jsonl").read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        name, number = query["qid"].removeprefix("devtest:").rsplit("_", 1)
        found.setdefault(name, {})[int(number)] = set(query["relevant"])
    return found


def worth_of_lines(article: Article, spotted: list[Spotted], lines: dict[int, str]) -> dict[int, Spotted]:
    """For each line of the transcript the sentence in it that is most worth a check."""
    best: dict[int, Spotted] = {}
    at = 0
    where = []
    for number, text in lines.items():
        words = " ".join(text.split())
        start = article.text.find(words, at) if words else -1
        if start >= 0:
            where.append((start, start + len(words), number))
            at = start + len(words)
    for one in spotted:
        while where and where[0][1] <= one.sentence.start:
            where.pop(0)
        for start, end, number in where:
            if start >= one.sentence.end:
                break
            if end > one.sentence.start and (
                number not in best or one.check_worthiness > best[number].check_worthiness
            ):
                best[number] = one
    return best


def debates(data: Path, tracker: Tracker) -> dict[str, Any]:
    """Spot and match all transcripts."""
    gold = labelled(data)
    totals = {"lines": 0, "sentences": 0, "labelled": 0, "in_top": 0, "found": 0, "same": 0}
    took = {"reading and splitting and attributing": 0.0, "judging": 0.0, "matching": 0.0}
    asked: list[tuple[Spotted, set[str]]] = []
    texts: list[str] = []
    for path in sorted((data / "ct22-2b" / "transcripts").glob("*.tsv")):
        name = next(one for one in gold if path.name.startswith(one))
        start = time.perf_counter()
        article = read_article(str(path))
        read = time.perf_counter()
        attribute(article.text, mark_boilerplate(article.text, split_sentences(article.text)))
        split = time.perf_counter()
        spotted = tracker.spot_article(article, progress=bars)
        took["reading and splitting and attributing"] += split - start
        took["judging"] += time.perf_counter() - split - (split - read)  # which splits and attributes once more
        lines = lines_of(path)
        best = worth_of_lines(article, spotted, lines)
        ranks = sorted(lines, key=lambda number: -(best[number].check_worthiness if number in best else 0.0))
        top = set(ranks[: round(SHARE * len(ranks))])
        for number, right in gold[name].items():
            if number in top:
                asked.append((best[number], right))
        totals["lines"] += len(lines)
        totals["sentences"] += len(spotted)
        totals["labelled"] += len(gold[name])
        totals["in_top"] += sum(number in top for number in gold[name])
        texts += [one.sentence.text for one in spotted]
        start = time.perf_counter()
        worthy = replace(
            article, text="\n\n".join(best[number].sentence.text for number in ranks if number in top & set(best))
        )
        checked = tracker.check_article(worthy, min_worth=0.0, progress=bars)
        took["matching"] += time.perf_counter() - start
        totals["same"] += sum(one.matches[0].relation is Relation.SAME for one in checked.findings if one.matches)
    for one, right in asked:
        found = tracker.search(one.sentence.text, NEAREST, speaker=one.sentence.speaker)
        totals["found"] += any(match.claim.external_id in right and match.verdicts for match in found.matches)
    return {"totals": totals, "seconds": took, "yardstick": yardstick(texts)}


def people(data: Path) -> dict[str, Any]:
    """What people's own labels of check-worthiness find of PolitiFact's choice, in debates where both are known."""
    chosen = {_words(json.loads(line)["text"]) for line in (data / "ct22-2b" / "train.jsonl").open(encoding="utf-8")}
    counts = {"sentences": 0, "check_worthy": 0, "checked": 0, "checked_and_worthy": 0}
    expected = 0.0
    with (data / "checkworthiness" / "claimbuster-crowdsourced.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["File_id"].startswith(YEAR_OF_BOTH)]
    for debate in sorted({row["File_id"] for row in rows}):
        own = [row for row in rows if row["File_id"] == debate]
        worthy = [row for row in own if row["Verdict"] == "1"]
        both = sum(_words(row["Text"]) in chosen for row in worthy)
        counts["sentences"] += len(own)
        counts["check_worthy"] += len(worthy)
        counts["checked"] += sum(_words(row["Text"]) in chosen for row in own)
        counts["checked_and_worthy"] += both
        expected += both * min(1.0, round(SHARE * len(own)) / len(worthy))
    return {**counts, "expected_in_top": expected}


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def yardstick(texts: list[str]) -> float:
    """Seconds that sentence-transformers takes for the same sentences, once it is loaded."""
    from sentence_transformers import SentenceTransformer

    from tracker.encoders import load_encoder

    model = SentenceTransformer(str(load_encoder().folder))
    model.encode(texts[:64])
    start = time.perf_counter()
    model.encode(texts, batch_size=64, normalize_embeddings=True)
    return time.perf_counter() - start


def one_article(tracker: Tracker, repeats: int = 7) -> dict[str, float]:
    """Median seconds for the example article, warm: splitting and attributing, spotting, and the whole check."""
    article = read_article(str(ARTICLE))
    took: dict[str, list[float]] = {"splitting and attributing": [], "spotting": [], "check": []}
    for _ in range(repeats + 1):
        times = [time.perf_counter()]
        attribute(article.text, mark_boilerplate(article.text, split_sentences(article.text)))
        times.append(time.perf_counter())
        tracker.spot_article(article)
        times.append(time.perf_counter())
        tracker.check_article(article)
        times.append(time.perf_counter())
        for name, start, end in zip(took, times, times[1:], strict=False):
            took[name].append(end - start)
    return {"words": len(article.text.split()), **{n: statistics.median(one[1:]) for n, one in took.items()}}


def main() -> None:
    """Measure and print; `--write` keeps the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with ct22-2b")
    parser.add_argument(
        "--store", type=Path, default=Path(".training-cache/ct22-2b.db"), help="made if it is not there"
    )
    parser.add_argument("--write", action="store_true", help="keep the result in benchmarks/results/debates.json")
    options = parser.parse_args()
    with Tracker.open(options.store) as tracker:
        if not tracker.stats()["claims"]:
            sys.exit(
                f"{options.store}: empty; tracker --store {options.store} import {options.data}/ct22-2b/docs.jsonl"
            )
        found = {
            "when": str(datetime.now(UTC).date()),
            "versions": versions(),
            "claims": tracker.stats()["claims"],
            "people": people(options.data),
            "debates": debates(options.data, tracker),
            "article": one_article(tracker),
        }
    print(json.dumps(found, indent=1))
    if options.write:
        (RESULTS / "debates.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

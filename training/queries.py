"""The labelled queries and claims of both public collections, with what is known around them; the splits held apart.

    python training/queries.py --data ../shared/data/benchmarks --out .training-cache/queries

writes them as `tracker eval` reads them: `ct22-2a-dev.jsonl` and so on. Tweets carry their day in their signature.
Debate sentences (2B) get the sentence before and the speaker: those of `devtest` from the transcripts that come with
it; of `train`, where ClaimBuster has the same debate, from there; else the speaker alone where the transcript's name
tells him. Snopes' claims (2A) come with the day of the article, but mostly without a verdict that it could stand with;
here it stands as the claim's day.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import hashlib
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from tracker.models import Utterance
from tracker.posts import read_post

SETS = ("ct22-2a", "ct22-2b")
SPLITS = ("train", "dev", "devtest")
# Debates that ClaimBuster dates by the evening and CheckThat! by the day after.
_SAME_NIGHT = {"20161010": "20161009", "20121023": "20121022"}
# Speeches and interviews of one person, by a part of the transcript's name.
_SPEAKERS = {
    **dict.fromkeys(("Trump", "Tump", "Trumo"), "Donald Trump"),
    "Obama": "Barack Obama",
    "kasich": "John Kasich",
    "Cruz_M": "Ted Cruz",
    "Hillary": "Hillary Clinton",
    "Sanders_Meet": "Bernie Sanders",
}
_TWO_SPEAKERS = "pelosi"
_ALIKE = 0.75  # of two spellings of one sentence in two transcripts

_DAY = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}")

Lines = dict[int, tuple[str, str]]  # number: speaker, sentence


def read(data: Path, name: str, split: str) -> list[dict[str, Any]]:
    """The queries of a split, those of 2B with `context` and `speaker` where they are known."""
    queries = [json.loads(line) for line in (data / name / f"{split}.jsonl").read_text("utf-8").splitlines()]
    if name == "ct22-2b":
        known = _transcripts(data / name / "transcripts") if split == "devtest" else _claimbuster(data)
        queries = [query | _around(query, known, exact=split == "devtest") for query in queries]
    return queries


def docs(data: Path, name: str, out: Path) -> Path:
    """Write the collection's claims as they are imported, those of 2A with their day; the file."""
    file = out / f"{name}-docs.jsonl"
    rows = [json.loads(line) for line in (data / name / "docs.jsonl").read_text("utf-8").splitlines()]
    for row in rows:
        if name == "ct22-2a" and not row["url"] and _DAY.fullmatch(row["date"] or ""):
            row["claim_date"] = row["date"]
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file


def training(data: Path, name: str) -> list[dict[str, Any]]:
    """The queries of `train`, without those that a held-out split has word for word too (four of 2A's)."""
    held_out = [*read(data, name, "dev"), *read(data, name, "devtest")]
    texts = {_plain(query["text"]) for query in held_out}
    apart = [query for query in read(data, name, "train") if _plain(query["text"]) not in texts]
    require_apart(apart, held_out)
    return apart


def require_apart(training: list[dict[str, Any]], held_out: list[dict[str, Any]]) -> None:
    """Make sure that nothing is trained on that is measured on: no query id and no text. Raises ValueError."""
    ids, texts = {query["qid"] for query in held_out}, {_plain(query["text"]) for query in held_out}
    leaked = [query["qid"] for query in training if query["qid"] in ids or _plain(query["text"]) in texts]
    if leaked:
        msg = f"{len(leaked)} held-out queries are among those to train on, the first: {leaked[0]}"
        raise ValueError(msg)


def digest(queries: list[dict[str, Any]]) -> str:
    """A name for these very queries, whatever their order: kept with the coefficients that were fitted on them."""
    lines = sorted(f"{query['qid']}\t{_plain(query['text'])}" for query in queries)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _around(query: dict[str, Any], known: dict[str, Lines], *, exact: bool) -> dict[str, str]:
    found = re.fullmatch(r"\w+:(\d{4}_\w{3}_\d\d|\d{8})_(?:.*_)?(\d+)", query["qid"])
    if not found:
        return {}
    day = _SAME_NIGHT.get(found[1], found[1])
    lines = known.get(day, {})
    number = int(found[2]) if exact else _line_of(query["text"], lines)
    if number is None or number not in lines:
        named = [name for part, name in _SPEAKERS.items() if part in query["qid"] and _TWO_SPEAKERS not in query["qid"]]
        return {"speaker": named[0]} if named else {}
    before = [lines[one][1] for one in range(max(0, number - 3), number) if one in lines]
    return {"speaker": lines[number][0], **({"context": before[-1]} if before else {})}


def _line_of(text: str, lines: Lines) -> int | None:
    """The line that says this, in another transcript's spelling."""
    by_text = {_plain(sentence): number for number, (_, sentence) in lines.items()}
    wanted = _plain(text)
    near = [wanted] if wanted in by_text else difflib.get_close_matches(wanted, list(by_text), 1, _ALIKE)
    return by_text[near[0]] if near else None


def _transcripts(folder: Path) -> dict[str, Lines]:
    found: dict[str, Lines] = {}
    for file in sorted(folder.glob("*.tsv")):
        rows = [line.split("\t", 2) for line in file.read_text("utf-8").splitlines()]
        found["_".join(file.name.split("_")[:3])] = {int(number): (speaker, text) for number, speaker, text in rows}
    return found


def _claimbuster(data: Path) -> dict[str, Lines]:
    found: defaultdict[str, Lines] = defaultdict(dict)
    with (data / "checkworthiness" / "claimbuster-crowdsourced.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["File_id"][:10].replace("-", "")][int(row["Line_number"])] = (row["Speaker"], row["Text"])
    return found


def _plain(text: str) -> str:
    """What a text says, whatever its links, signature, case and signs."""
    return " ".join(re.findall(r"\w+", read_post(Utterance(text)).text.lower()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with ct22-2a, ct22-2b and checkworthiness")
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in SETS:
        print(docs(options.data, name, options.out).name)
        for split in SPLITS:
            queries = read(options.data, name, split)
            lines = [json.dumps(query, ensure_ascii=False) for query in queries]
            (options.out / f"{name}-{split}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
            around = sum("context" in query for query in queries)
            print(f"{name}-{split}: {len(queries)} queries, {around} with context")


if __name__ == "__main__":
    main()

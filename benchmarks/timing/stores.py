"""Make a store of N claims through the store's own code, and beside it what the peers are given: the same vectors.

    PYTHONPATH=benchmarks python -m timing.stores 20000 [--data ../shared/data/benchmarks]

In `.training-cache/speed/N`: `claims.db` with its index, `took.json` with the seconds of each step, `vectors.npy`,
`texts.json`, `raw.faiss`, and the questions that are asked (`queries.json`, `queries.npy`): real statements where
`--data` has them, else variants. A store that is there already is used again, or filled up where it was stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded; the questions are encoded one by one

from timing.corpus import Corpus

from tracker import intake
from tracker.pipeline import Tracker

if TYPE_CHECKING:
    from collections.abc import Sequence

CACHE = Path(__file__).resolve().parent.parent.parent / ".training-cache"
PLACE = CACHE / "speed"
SOURCE, STARTER = CACHE / "ct22-2b.db", CACHE / "starter.db"
QUERIES = 200
_STEP = 10_000
_FAR = 50_000_000  # variants from here are in no store


def folder_of(claims: int) -> Path:
    """Where the store of so many claims is, and what belongs to it."""
    return PLACE / str(claims)


def store_of(claims: int) -> Path:
    """The file of the store of so many claims."""
    return folder_of(claims) / "claims.db"


def grow(path: Path, corpus: Corpus, upto: int) -> dict[str, float]:
    """Fill a store up to so many claims; seconds by step."""
    took: defaultdict[str, float] = defaultdict(float)

    def lap(step: str, since: float) -> float:
        took[step] += (now := time.perf_counter()) - since
        return now

    with Tracker.open(path) as tracker:
        encoder, store = tracker.encoder, tracker.store
        store.vectors.adopt(encoder.fingerprint, encoder.name)
        for start in range(store.claim_count(), upto, _STEP):
            at = time.perf_counter()
            stop = min(start + _STEP, upto)
            rows, vectors = list(corpus.rows(start, stop)), corpus.vectors_of(start, stop)
            at = lap("made up", at)
            last = store.rows("SELECT max(id) FROM claims")[0][0] or 0
            intake.take_up(store, rows)
            at = lap("claims, verdicts, words, events", at)
            numbers = [row[0] for row in store.rows("SELECT id FROM claims WHERE id > ? ORDER BY id", [last])]
            tracker.embedding.keep(numbers, vectors[: len(numbers)])
            lap("vectors", at)
        at = time.perf_counter()
        tracker.embed()  # has nothing to embed, and brings the indexes up to date
        lap("indexes", at)
        took["claims"] = store.claim_count()
    return dict(took)


def questions(corpus: Corpus, data: Path | None) -> list[str]:
    """Statements to search for."""
    file = data and data / "ct22-2b" / "train.jsonl"
    if file and file.is_file():
        found = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
    else:
        found = [corpus.claim(_FAR + number)[0].text for number in range(QUERIES)]
    return found[:QUERIES]


def keep_for_peers(folder: Path, texts: Sequence[str], corpus: Corpus, asked: Sequence[str]) -> None:
    """Write the vectors, texts and questions to files."""
    import faiss
    import numpy as np

    from tracker.encoders import load_encoder

    shape = (len(texts), corpus.vectors.shape[1])
    vectors = np.lib.format.open_memmap(folder / "vectors.npy", "w+", np.float32, shape)
    index = faiss.IndexFlatIP(shape[1])
    for start in range(0, len(texts), _STEP):
        part = corpus.vectors_of(start, min(start + _STEP, len(texts)))
        vectors[start : start + len(part)] = part
        index.add(part)
    vectors.flush()
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    (folder / "queries.json").write_text(json.dumps(asked), encoding="utf-8")
    np.save(folder / "queries.npy", load_encoder().encode(asked))
    faiss.write_index(index, str(folder / "raw.faiss"))  # last: it says that all is there


def main() -> None:
    """Make one store."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("claims", type=int)
    parser.add_argument("--data", type=Path, help="folder with ct22-2b")
    options = parser.parse_args()
    folder = folder_of(options.claims)
    folder.mkdir(parents=True, exist_ok=True)
    docs = options.data and options.data / "ct22-2b" / "docs.jsonl"
    corpus = Corpus.of(SOURCE if docs or SOURCE.exists() else STARTER, docs)
    took = grow(store_of(options.claims), corpus, options.claims)
    (folder / "took.json").write_text(json.dumps(took), encoding="utf-8")
    if not (folder / "raw.faiss").is_file():
        texts = [corpus.claim(number)[0].text for number in range(options.claims)]
        keep_for_peers(folder, texts, corpus, questions(corpus, options.data))
    print(json.dumps(took))


if __name__ == "__main__":
    main()

"""Bulk: the import of many claims against the bare `SentenceTransformer.encode` of the same texts (point 4).

    PYTHONPATH=benchmarks python -m timing.bulk FILE.jsonl import|encode STORE    # one line of JSON

Both are fresh processes that take turns; loading the model is in neither. `import` is `Tracker.import_rows` on a new
store, with the seconds spent in the encoder counted apart: the rest is reading, checking, storing, logging, indexing.
The claims have no titles here, so that both encode the very same texts.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timing.places import SPEED, place
from timing.processes import module, run
from timing.tables import target

if TYPE_CHECKING:
    from argparse import Namespace

WARMED = 64  # texts encoded before any is timed


def measure(options: Namespace) -> dict[str, Any]:
    """So many rounds of both."""
    here = place(options.bulk, options.data)
    feed, store = here.folder / "feed.jsonl", SPEED / "bulk" / "claims.db"
    texts = json.loads((here.folder / "texts.json").read_text(encoding="utf-8"))
    lines = (json.dumps({"claim": text, "verdict": "False", "publisher": "The benchmark"}) for text in texts)
    feed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rounds = []
    for _ in range(options.bulk_rounds):
        bare = run(module("bulk", feed, "encode", store)).told
        imported = run(module("bulk", feed, "import", store))
        rounds.append({**imported.told, "bare": bare["seconds"], "peak_mb": imported.peak_mb})
    middle = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    ratios = [one["bare"] / one["seconds"] for one in rounds]
    rest = [(one["seconds"] - one["encoding"]) / one["seconds"] for one in rounds]
    return {
        "claims": len(texts),
        "rounds": options.bulk_rounds,
        "rows": [
            {"what": "SentenceTransformer.encode", "seconds": middle["bare"], "a second": len(texts) / middle["bare"]},
            {"what": "import", "seconds": middle["seconds"], "a second": len(texts) / middle["seconds"]},
            {"what": "of it encoding", "seconds": middle["encoding"]},
        ],
        "peak_mb": middle["peak_mb"],
        "targets": [
            target("throughput of an import / of bare encoding", statistics.median(ratios), 1.0, at_least=True),
            target("share of an import that is not encoding", statistics.median(rest), 0.10, unit=""),
        ],
    }


def encoded(feed: Path) -> dict[str, float]:
    """Bare sentence-transformers on the texts of the feed."""
    from sentence_transformers import SentenceTransformer

    from tracker.encoders import load_encoder

    texts = [json.loads(line)["claim"] for line in feed.read_text(encoding="utf-8").splitlines()]
    model = SentenceTransformer(str(load_encoder().folder))
    model.encode(texts[:WARMED])
    start = time.perf_counter()
    model.encode(texts, batch_size=64, normalize_embeddings=True, show_progress_bar=False)
    return {"seconds": time.perf_counter() - start}


def imported(feed: Path, store: Path) -> dict[str, float]:
    """The feed taken into a new store by the product."""
    from tracker.encoders import Encoder
    from tracker.feeds import read_feed
    from tracker.pipeline import Tracker

    for old in store.parent.glob(f"{store.name}*"):
        old.unlink()
    spent = 0.0
    plain = Encoder.encode

    def encode(self: Encoder, *args: Any, **kwargs: Any) -> Any:
        nonlocal spent
        start = time.perf_counter()
        try:
            return plain(self, *args, **kwargs)
        finally:
            spent += time.perf_counter() - start

    with Tracker.open(store) as tracker:
        tracker.embedding.encoder.encode(["A text."] * WARMED, bulk=True)
        Encoder.encode = encode  # type: ignore[method-assign]
        start = time.perf_counter()
        done = tracker.import_rows(read_feed(feed))
        seconds = time.perf_counter() - start
    return {"seconds": seconds, "encoding": spent, "added": done.added}


def main() -> None:
    """Do one of both."""
    feed, action, store = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    print(json.dumps(encoded(feed) if action == "encode" else imported(feed, store)))


if __name__ == "__main__":
    main()

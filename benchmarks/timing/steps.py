"""Where the time of a cold search goes: milliseconds of the processor, step by step, in one process, first time each.

    PYTHONPATH=benchmarks python -m timing.steps [STORE] [TEXT]

Without a store that of 20,000 claims which `run.py` has made. What is needed twice is paid by the step that comes
first, as in a search.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from timing.places import SPEED

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "The unemployment rate doubled in Texas"
PAIR = (TEXT, "Says unemployment in Texas has doubled")


def steps(store: str, text: str) -> Iterator[str]:
    """Do one step after the other; the name of each when it is done."""
    from tracker import settings

    settings.one_blas_thread()
    import tracker.cli  # noqa: F401 - what a command imports

    yield "Typer and the commands"
    from tracker.pipeline import Tracker

    opened = Tracker.open(store)
    yield "the API, and the store opened"
    import faiss  # noqa: F401
    import numpy as np  # noqa: F401
    import tokenizers  # noqa: F401

    yield "numpy, tokenizers, FAISS"
    retrieval, encoder = opened.retrieval, opened.encoder
    yield "the modules of matching"
    from tracker.models import PairReading, Utterance

    wanted = retrieval.wanted([Utterance(text)])
    yield "the tokenizer's file, encoding the text"
    opened.embedding.index()
    yield "reading the index"
    with opened.store.reading():
        candidates = next(retrieval.candidates(wanted))
    yield f"{len(candidates)} candidates: FAISS, FTS5, claims read"
    from tracker import matching

    matching.decide(wanted.statements[0], candidates, encoder.fingerprint, together=lambda _: PairReading())
    yield "deciding on them"
    encoder.read_together([PAIR])
    yield "a first pair read together"
    encoder.read_together([PAIR])
    yield "each further pair"


def main() -> None:
    """Print them."""
    store, text = [*sys.argv[1:], *(str(SPEED / "20000" / "claims.db"), TEXT)[len(sys.argv) - 1 :]]
    before = time.process_time()
    print(f"{datetime.now(UTC).date()}, milliseconds")
    print(f"{1000 * before:7.1f}  Python, and this script")
    for step in steps(store, text):
        now = time.process_time()
        print(f"{1000 * (now - before):7.1f}  {step}")
        before = now


if __name__ == "__main__":
    main()

"""The terms that a word is found by: cut, folded and stemmed by SQLite's FTS5, as the store's own index of words is."""

from __future__ import annotations

import sqlite3
import threading
from functools import lru_cache

TOKENIZER = "porter unicode61 remove_diacritics 2"  # that of `claims_fts`, in db/migrations


_own = threading.local()


def _scratch() -> sqlite3.Connection:
    """A table of one word in memory, each thread its own; made when a large store is first asked."""
    if not hasattr(_own, "conn"):
        conn = sqlite3.connect(":memory:", isolation_level=None)
        conn.execute(f"CREATE VIRTUAL TABLE word USING fts5 (text, tokenize = '{TOKENIZER}')")
        conn.execute("CREATE VIRTUAL TABLE term USING fts5vocab (word, instance)")
        _own.conn = conn
    found: sqlite3.Connection = _own.conn
    return found


@lru_cache(maxsize=4096)
def terms(word: str) -> tuple[bytes, ...]:
    """The terms of a word in order, in UTF-8; several where FTS5 cuts it (`40,000`), none where it sees no letters.

    Bytes, since FTS5 cuts a very long word in the middle of a letter.
    """
    conn = _scratch()
    conn.execute("DELETE FROM word")
    conn.execute("INSERT INTO word (text) VALUES (?)", [word])
    return tuple(term for (term,) in conn.execute("SELECT CAST(term AS BLOB) FROM term ORDER BY offset"))

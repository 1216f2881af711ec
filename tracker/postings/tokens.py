"""The terms that a word is found by: cut, folded and stemmed by SQLite's FTS5, as the store's own index of words is."""

from __future__ import annotations

import sqlite3
from functools import cache, lru_cache

TOKENIZER = "porter unicode61 remove_diacritics 2"  # that of `claims_fts`, in db/migrations


@lru_cache(maxsize=4096)
def terms(word: str) -> tuple[str, ...]:
    """The terms of a word in order; several where FTS5 cuts it (`40,000`), none where it sees no letters in it."""
    conn = _scratch()
    conn.execute("INSERT INTO word (rowid, text) VALUES (1, ?)", [word])
    found = conn.execute("SELECT term FROM term ORDER BY offset").fetchall()
    conn.execute("INSERT INTO word (word, rowid, text) VALUES ('delete', 1, ?)", [word])
    return tuple(term for (term,) in found)


@cache
def _scratch() -> sqlite3.Connection:
    conn = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    conn.execute(f"CREATE VIRTUAL TABLE word USING fts5 (text, content = '', tokenize = '{TOKENIZER}')")
    conn.execute("CREATE VIRTUAL TABLE term USING fts5vocab (word, instance)")
    return conn

"""What must hold of every store at every moment, whoever was killed meanwhile: `assert_sound` and `assert_promises`."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from tracker.doctor import examine
from tracker.entries import text_key
from tracker.events import DERIVED, KEYS, LOGGED_SETTINGS, first_break, key_of, replay
from tracker.index import VectorIndex
from tracker.models import Relation
from tracker.store import Store
from tracker.vectors import chain_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tracker.events import State
    from tracker.pipeline import Tracker

_PROBES = 12  # queries whose answers by the index are compared with those by the vectors themselves
_TIMES = ("recorded_at", "hash")


@contextmanager
def one_thread() -> Iterator[None]:
    """Let numpy and FAISS compute on one thread: others would spin while the processes under test need the cores."""
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    with threadpool_limits(1):
        yield
    faiss.omp_set_num_threads(before)


def tables(store: Store) -> State:
    """The rows that the event log tells of, as they stand in the tables, without what follows from other columns."""
    found: State = {}
    for table in KEYS:
        rows = [dict(row) for row in store.rows(f"SELECT * FROM {table}")]
        if table == "settings":
            rows = [row for row in rows if row["key"] in LOGGED_SETTINGS]
        told = [{name: value for name, value in row.items() if name not in DERIVED.get(table, ())} for row in rows]
        found[table] = {key_of(table, row): row for row in told}
    return found


def timeless(store: Store) -> dict[str, Any]:
    """The same with the events' columns, without the times: equal for stores to which the same was done."""
    told = {
        table: {key: {name: value for name, value in row.items() if name not in _TIMES} for key, row in rows.items()}
        for table, rows in tables(store).items()
    }
    columns = "id, author, kind, claim_id, other_id, verdict_id, article_id, undoes, because"
    return {**told, "events": [tuple(row) for row in store.rows(f"SELECT {columns} FROM events ORDER BY id")]}


def assert_sound(path: Path, *, complete: bool = True) -> None:
    """Fail unless the store is whole: file, words, log, vectors (`complete`: none missing), index."""
    with Store.open(path) as store:
        assert_whole(store)
        assert_vectors(store, complete=complete)
        problems = [problem.what for check in examine(store).checks for problem in check.problems]
        assert [what for what in problems if complete or "without a vector" not in what] == []


def whole(store: Store, state: State) -> State:
    """The state with the columns that came to a table after an event, as NULL."""
    columns = {table: [row["name"] for row in store.rows(f"PRAGMA table_info({table})")] for table in state}
    return {
        table: {
            key: {name: None for name in columns[table] if name not in DERIVED.get(table, ())} | row
            for key, row in rows.items()
        }
        for table, rows in state.items()
    }


def assert_whole(store: Store) -> None:
    """Fail unless the file is intact, the words are all indexed, and the log is a chain that replays to the tables."""
    assert [tuple(row) for row in store.rows("PRAGMA integrity_check")] == [("ok",)]
    assert store.rows("PRAGMA foreign_key_check") == []
    store.rows("INSERT INTO claims_fts (claims_fts, rank) VALUES ('integrity-check', 1)")
    events = list(store.log.events())
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    assert first_break(events) is None
    state, _ = replay(events)
    assert whole(store, state) == tables(store)
    for row in store.rows("SELECT id, text, text_key FROM claims"):
        assert row["text_key"] == text_key(row["text"]), row["id"]
    for row in store.rows("SELECT id, text, text_sha256 FROM articles"):
        assert row["text_sha256"] == hashlib.sha256(row["text"].encode()).hexdigest(), row["id"]


def assert_vectors(store: Store, *, complete: bool = True) -> None:
    """Fail unless every vector is in its chain, none is missing, and the index answers as the vectors themselves do."""
    import numpy as np

    answering, chains, rows = store.vectors.encoder, dict[str, bytes](), dict[int, Any]()
    for row in store.rows("SELECT claim_id, encoder, vector, chain FROM vectors ORDER BY seq"):
        encoder = row["encoder"]
        assert encoder in (answering, store.setting("next_encoder"))
        chains[encoder] = chain_hash(chains.get(encoder, b""), row["claim_id"], row["vector"])
        assert row["chain"] == chains[encoder], row["claim_id"]
        if encoder == answering:
            rows[row["claim_id"]] = np.frombuffer(row["vector"], "<f4")
    assert not (complete and store.vectors.missing())
    index = VectorIndex.of(store)
    assert index.state == store.vectors.state()
    assert (index.kind.count if index.kind else 0) == index.rows == len(rows)
    if not rows:
        return
    matrix = np.vstack(list(rows.values()))
    assert np.abs(np.linalg.norm(matrix, axis=1) - 1).max() < 1e-5
    pick = np.random.default_rng(len(rows))
    asked = matrix[pick.integers(0, len(rows), _PROBES)] + pick.normal(0, 0.01, (_PROBES, matrix.shape[1]))
    for query in np.asarray(asked, np.float32):
        k = min(10, len(rows))
        answers = index.search(query[None, :], k)[0]
        best = np.sort(matrix @ query)[::-1][:k]
        assert np.allclose([score for _, score in answers], best, atol=1e-5)
        assert np.allclose([rows[number] @ query for number, _ in answers], best, atol=1e-5)


def assert_promises(
    tracker: Tracker, kept: Iterable[Mapping[str, Any]], under_way: Sequence[Mapping[str, Any]] = ()
) -> int:
    """Fail unless each acknowledged operation (`writer.do`) is in the store; count them.

    `under_way` are those that may have happened without having been acknowledged.
    """
    store, count = tracker.store, 0
    undone = set(store.log.undone_by())
    may_be_undone = {one["event"] for one in under_way if one["do"] == "undo"}
    acknowledged = set[int]()
    for one in kept:
        count += 1
        number, digest = one.get("head", store.log.head())
        assert store.log.event(number).hash == digest, one
        if one["do"] == "undo":
            acknowledged.add(one["event"])
        elif one.get("event") in undone:
            continue
        _CHECKS[one["do"]](store, one)
    assert acknowledged <= undone
    assert undone - acknowledged <= may_be_undone
    return count


def assert_found(tracker: Tracker, kept: Iterable[Mapping[str, Any]], every: int = 1) -> int:
    """Fail unless search finds acknowledged claims that stand by their own words, with their verdict; count them.

    `every` leaves out all but each so many-th of what was acknowledged, to save time.
    """
    store, count = tracker.store, 0
    for one in list(kept)[::every]:
        for text, entry, verdict in _said(store, one):
            root = store.curation.root(entry)
            if store.curation.retraction(root):
                continue
            best = tracker.search(text, 1).matches[0]
            assert (best.claim.id, best.relation) == (root, Relation.SAME), (one, best)
            assert verdict in {known.id for known in best.verdicts}, (one, best)
            count += 1
    return count


def _said(store: Store, one: Mapping[str, Any]) -> Iterable[tuple[str, int, int]]:
    if one["do"] in ("add", "verdict", "supersede"):
        yield store.claims([one["entry"]])[one["entry"]].text, one["entry"], one["verdict"]
    elif one["do"] == "import":
        yield from one["taken"]


def _has_verdict(store: Store, one: Mapping[str, Any]) -> None:
    verdict = store.verdicts.verdict(one["verdict"])
    assert (verdict.rating, verdict.claim_id) == (one["rating"], one["entry"]), one
    if one["do"] == "add":
        assert verdict.publisher == one["publisher"], one
        assert store.claims([one["entry"]])[one["entry"]].text == one["text"], one
    if one["do"] == "supersede":
        assert verdict.supersedes == one["corrects"], one
        assert store.verdicts.verdict(one["corrects"]).superseded_by == one["verdict"], one


def _is_retracted(store: Store, one: Mapping[str, Any]) -> None:
    if one["do"] == "retract-verdict":
        retraction = store.verdicts.verdict(one["verdict"]).retracted
    else:
        retraction = store.curation.retraction(one["entry"])
    assert retraction, one
    assert retraction.event_id == one["event"], one


def _is_joined(store: Store, one: Mapping[str, Any]) -> None:
    if one["do"] == "merge":
        rows = store.rows("SELECT into_id, event_id FROM merged WHERE claim_id = ?", [one["gone"]])
        assert [tuple(row) for row in rows] == [(one["entry"], one["event"])], one
        assert store.curation.root(one["gone"]) == store.curation.root(one["entry"])
    else:
        sql = "SELECT relation, event_id FROM links WHERE claim_id = ? AND other_id = ?"
        rows = store.rows(sql, [one["entry"], one["other"]])
        assert [tuple(row) for row in rows] == [(one["relation"], one["event"])], one


def _is_imported(store: Store, one: Mapping[str, Any]) -> None:
    for (text, rating, number), (_, entry, verdict) in zip(one["rows"], one["taken"], strict=True):
        claim = store.claim_of_feed("Feed", number)
        assert claim, one
        assert (claim.id, claim.text) == (entry, text), one
        stored = store.verdicts.verdict(verdict)
        assert (stored.rating, stored.claim_id) == (rating, entry), one


def _is_saved(store: Store, one: Mapping[str, Any]) -> None:
    rows = store.rows("SELECT text FROM articles WHERE id = ?", [one["article"]])
    assert [row["text"] for row in rows] == [one["text"]], one
    quotes = store.rows("SELECT quote FROM appearances WHERE article_id = ? ORDER BY start", [one["article"]])
    assert [row["quote"] for row in quotes] == one["quotes"], one


def _is_answered(store: Store, one: Mapping[str, Any]) -> None:
    rows = store.rows("SELECT query, claim_id, answer FROM feedback WHERE id = ?", [one["answer"]])
    assert [tuple(row) for row in rows] == [(one["text"], one["entry"], "yes" if one["is_about"] else "no")], one


def _is_there(_: Store, __: Mapping[str, Any]) -> None:
    """Leave nothing to look at but the log."""


_CHECKS = {
    "add": _has_verdict,
    "verdict": _has_verdict,
    "supersede": _has_verdict,
    "retract-verdict": _is_retracted,
    "retract-claim": _is_retracted,
    "merge": _is_joined,
    "link": _is_joined,
    "import": _is_imported,
    "save": _is_saved,
    "feedback": _is_answered,
    "calibrate": _is_there,
    "undo": _is_there,
    "index": _is_there,
}

"""A process that writes to a store and can be killed: what it does, what it acknowledges, and the server that forks it.

Run as `python -m tests.writer`. It has imported all it needs and opened no store; each line on stdin is a job, done in
a forked child, so that a kill costs milliseconds. On stdout stand JSON lines: what the child is about to do (`begin`),
what it has done (`done`, an acknowledgement, written when the call has returned), and how it ended (`ended`).

The child works until it is killed: after `after` seconds by the server, or by itself just before its step number
`die_at`, where the steps are the SQL statements that write (triggers' and FTS5's too) and what changes files.
"""

from __future__ import annotations

import functools
import json
import os
import re
import signal
import sqlite3
import sys
import time
import traceback
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from tracker import embedding, encoders, matching, tuning
from tracker.calibration import Calibration
from tracker.feeds import Row
from tracker.index import index_path
from tracker.models import Article, NewClaim, NewVerdict
from tracker.pipeline import Tracker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

Intent = dict[str, Any]

KINDS = {  # what a writer does, and how often
    "add": 40,
    "verdict": 14,
    "supersede": 10,
    "retract-verdict": 6,
    "retract-claim": 3,
    "merge": 6,
    "link": 6,
    "undo": 7,
    "import": 5,
    "save": 3,
    "index": 4,
    "feedback": 5,
    "calibrate": 2,
}
RATINGS = ("False", "Mostly false", "Half true", "Mostly true", "True", "Misleading", "Unproven")
RELATIONS = ("broader", "narrower", "opposite", "related")
_WHO = "council|ministry|hospital|harbour authority|police union|water board|school inspectorate|grain exchange".split(
    "|"
)
_DID = "spent|lost|counted|sold|promised|hid|returned|burned".split("|")
_WHAT = "pounds|tonnes of wheat|ballots|vaccines|houses|bridges|jobs|barrels of oil|patients|trees".split("|")
_WHERE = "Ashford|Bergen|Coimbra|Dundee|Esbjerg|Fribourg|Galway|Haarlem|Innsbruck|Jena|Kaunas|Lugano".split("|")


def sentence(pick: Random, number: int) -> str:
    """A claim that no other says: `number` is in it."""
    who, did, what, where = (pick.choice(words) for words in (_WHO, _DID, _WHAT, _WHERE))
    return f"The {who} of {where} {did} {number:,} {what} in {pick.randrange(1950, 2020)}."


# --- what a writer does -----------------------------------------------------------------------------------------------


def plan(tracker: Tracker, pick: Random, number: int) -> Intent:
    """Choose what to do next, from what the store holds; `number` makes new texts new."""
    store = tracker.store
    standing = [
        row[0]
        for row in store.rows(
            "SELECT id FROM claims WHERE id NOT IN (SELECT claim_id FROM merged)"
            " AND id NOT IN (SELECT claim_id FROM retracted_claims) ORDER BY id"
        )
    ]
    for _ in range(20):
        kind = pick.choices(list(KINDS), list(KINDS.values()))[0]
        intent = _intent(kind, tracker, pick, number, standing)
        if intent:
            return {"do": kind, **intent}
    return {"do": "add", **(_intent("add", tracker, pick, number, standing) or {})}


def _intent(  # noqa: C901, PLR0911 - a case an operation
    kind: str, tracker: Tracker, pick: Random, number: int, standing: Sequence[int]
) -> Intent | None:
    match kind:
        case "add":
            return {"text": sentence(pick, number), "rating": pick.choice(RATINGS), "publisher": f"Desk {number % 7}"}
        case "import":
            made = [(sentence(pick, number * 10 + i), pick.choice(RATINGS), f"{number}-{i}") for i in range(3)]
            return {"rows": made}
        case "save":
            return {"text": " ".join(sentence(pick, number * 10 + i) for i in range(3))}
        case "index":
            return {}
        case "undo":
            return _undoable(tracker, pick)
        case "calibrate":
            return (
                {"slope": pick.choice([None, 0.8, 1.2]), "intercept": -1.0} if tracker.store.vectors.encoder else None
            )
    if len(standing) < 3:
        return None
    one, other = pick.sample(standing, 2)
    if kind == "verdict":
        return {"claim": one, "rating": f"{pick.choice(RATINGS)} ({number})"}
    if kind == "feedback":
        return {"claim": one, "text": sentence(pick, pick.randrange(5)), "is_about": pick.random() < 0.5}
    if kind == "retract-claim":
        return {"claim": one}
    if kind in ("merge", "link"):
        linked = any(link.claim.id == other for link in tracker.store.curation.links(one))
        return None if linked else {"claim": one, "other": other, "relation": pick.choice(RELATIONS)}
    current = tracker.store.verdicts.current(one)
    if not current:
        return None
    return {"claim": one, "verdict": pick.choice(current).id, "rating": f"{pick.choice(RATINGS)} ({number})"}


def _undoable(tracker: Tracker, pick: Random) -> Intent | None:
    rows = tracker.store.rows(
        "SELECT id FROM events WHERE kind IN ('verdict-retracted', 'claim-retracted', 'claims-merged', 'claims-linked')"
        " AND id NOT IN (SELECT undoes FROM events WHERE undoes IS NOT NULL) ORDER BY id"
    )
    return {"event": pick.choice(rows)[0]} if rows else None


def do(tracker: Tracker, intent: Intent) -> Intent:  # noqa: C901, PLR0912, PLR0915 - a case an operation
    """Do what was intended and return it with what came of it: what is promised from now on."""
    store = tracker.store
    kind, done = intent["do"], dict[str, Any]()
    match kind:
        case "add":
            verdict = NewVerdict(intent["rating"], publisher=intent["publisher"])
            added = tracker.add(NewClaim(intent["text"]), verdict)
            done = {"entry": added.claim_id, "verdict": added.verdict_id}
        case "verdict":
            number, _ = tracker.add_verdict(intent["claim"], NewVerdict(intent["rating"]))
            done = {"entry": intent["claim"], "verdict": number}
        case "supersede":
            old = intent["verdict"]
            number, _ = tracker.add_verdict(intent["claim"], NewVerdict(intent["rating"]), supersedes=old)
            done = {"entry": store.verdicts.verdict(number).claim_id, "verdict": number, "corrects": old}
        case "retract-verdict":
            done = {"event": store.curation.retract_verdict(intent["verdict"], because="a test")}
        case "retract-claim":
            done = {"event": store.curation.retract_claim(intent["claim"]), "entry": intent["claim"]}
        case "merge":
            event = store.curation.merge(intent["claim"], intent["other"], because="a test")
            done = {"event": event, "entry": intent["claim"], "gone": intent["other"]}
        case "link":
            event, _ = store.curation.link(intent["claim"], intent["other"], intent["relation"])
            done = {"event": event, "entry": intent["claim"]}
        case "undo":
            store.curation.undo(intent["event"])
        case "feedback":
            answer, _ = tracker.feedback(intent["text"], intent["claim"], intent["is_about"], because="a test")
            done = {"answer": answer.id, "entry": intent["claim"]}
        case "calibrate" if intent["slope"] is None:
            tuning.reset(store)
        case "calibrate":
            calibration = Calibration(intent["slope"], intent["intercept"])
            tuning.keep(store, tuning.Tuned(calibration, 30, store.vectors.encoder or "", matching.version()))
        case "tune":
            done = {"refused": tracker.tune().refused}
        case "import":
            imported = tracker.import_rows(rows_of(intent["rows"]))
            assert not imported.rejected, imported
            done = {"taken": [taken(tracker, *row) for row in intent["rows"]]}
        case "save":
            check = tracker.check_article(Article("a test", intent["text"]), min_worth=0)
            done = {"article": tracker.save(check).article_id, "quotes": [f.statement.text for f in check.findings]}
        case "index":
            index_path(store.path).unlink(missing_ok=True)
            tracker.embed()
        case "reindex":
            tracker.reindex(intent.get("encoder"))
        case "export":
            tracker.export(store.path.with_name("export.csv"))
        case "open":
            pass
    return {**intent, **done, "head": store.log.head()}


def rows_of(rows: Sequence[tuple[str, str, str]]) -> Iterator[Row]:
    """A feed's rows: text, rating, id."""
    for text, rating, number in rows:
        url = f"https://feed.example/{number}"
        yield Row(number, NewClaim(text, external_id=number), NewVerdict(rating, publisher="Feed", url=url))


def taken(tracker: Tracker, text: str, rating: str, number: str) -> tuple[str, int, int]:
    """Where a feed's row is in the store: the claim's text, its entry, its verdict."""
    claim = tracker.store.claim_of_feed("Feed", number)
    assert claim
    [verdict] = [
        one.id for one in tracker.store.verdicts.of_claim(claim.id) if one.url and one.url.endswith(f"/{number}")
    ]
    assert (claim.text, tracker.store.verdicts.verdict(verdict).rating) == (text, rating)
    return text, claim.id, verdict


# --- the process ------------------------------------------------------------------------------------------------------


def tell(**line: object) -> None:
    """Write one line at once, as a whole."""
    data = json.dumps(line).encode() + b"\n"
    assert os.write(1, data) == len(data)


def work(job: Intent) -> None:
    """Open the job's store and do what it names (`intent`), or go on writing until killed."""
    step = Steps(job["die_at"]) if job.get("die_at") else None
    with Tracker.open(job["store"]) as tracker:
        if "intent" in job:
            tell(done=do(tracker, job["intent"]))
        else:
            _go_on(tracker, job["seed"])
    if step:
        tell(done={"steps": step.end()})


def _go_on(tracker: Tracker, seed: int) -> None:
    pick, number = Random(seed), seed * 1_000
    while True:
        number += 1
        intent = plan(tracker, pick, number)
        tell(begin=intent)
        tell(done=do(tracker, intent))


# A statement that changes nothing: killed before it, a process leaves what it leaves before the next one.
_READS = re.compile(r"(-- )?\s*(SELECT|WITH|BEGIN|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA(?!.*=))", re.IGNORECASE)


class Steps:
    """Counts what this process does to files, and kills it just before one of the steps."""

    _CHANGES = frozenset(
        "os.rename os.remove os.link os.mkdir os.rmdir os.chmod os.truncate tempfile.mkstemp tempfile.mkdtemp".split()
    )
    _CALLS = frozenset({"write", "writelines", "flush", "fsync", "close"})

    def __init__(self, die_at: int) -> None:
        self._taken = 0
        self._left = die_at
        self._connect = sqlite3.connect
        sqlite3.connect = self._connected  # type: ignore[assignment]
        sys.addaudithook(self._heard)
        sys.setprofile(self._called)

    def watch(self, conn: sqlite3.Connection) -> None:
        """Count the statements of a connection that is open already."""
        conn.set_trace_callback(self)

    def end(self) -> int:
        """Count no more; return how many steps there were."""
        sys.setprofile(None)
        return self._taken

    def __call__(self, what: str) -> None:
        if _READS.match(what):
            return
        self._taken += 1
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def _connected(self, *arguments: Any, **options: Any) -> sqlite3.Connection:
        conn: sqlite3.Connection = self._connect(*arguments, **options)
        conn.set_trace_callback(self)
        return conn

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in self._CHANGES or (event == "open" and _writes(*arguments[1:3])):
            self(event)

    def _called(self, _: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and getattr(called, "__name__", "") in self._CALLS:
            self(event)


def _writes(mode: str | None, flags: int | None) -> bool:
    return bool(mode and set(mode) & set("wax+")) or bool((flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _warm() -> None:
    """Import and load what a writer needs, and open no store; the encoder is loaded once for all children."""
    import faiss
    import sqlite_utils

    from tracker.models import Article
    from tracker.relations import relate
    from tracker.spotting import spot

    faiss.omp_set_num_threads(1)
    assert sqlite_utils
    load = functools.cache(encoders.load_encoder)
    vars(embedding)["load_encoder"] = load
    encoder, text = load(None), sentence(Random(0), 1)
    load(encoder.name)
    load(encoder.name)._light = load(None)._light
    for name in (None, encoder.name):
        load(name).encode([text])
        spot(Article("warm", text), load(name))
    relate(text, sentence(Random(1), 2))
    matching.is_fitted_for(encoder.fingerprint)
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(4))
    faiss.deserialize_index(faiss.serialize_index(index))


def main() -> None:
    """Serve jobs until stdin ends."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    _warm()
    tell(ready=True)
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if not child:
            code = 1
            try:
                work(job)
                code = 0
            except BaseException:  # noqa: BLE001 - told, and the process ends
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        if "after" in job:
            time.sleep(job["after"])
            os.kill(child, signal.SIGKILL)
        tell(ended=os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()

"""One of many processes at work on one store: what each does follows from its seed alone.

Run as `python -m tests.worker ROLE SEED COUNT STORE FOLDER`. What it is about to do and what it has done stand in
`FOLDER/ROLE-SEED.jsonl`, a line each, written before and after the call; wrong answers stand there too. Some of the
work goes through the command line, each call a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

from tests.conftest import ROOT
from tests.writer import RATINGS, Steps, do, sentence, taken
from tracker.index import index_path
from tracker.models import Relation, Standing
from tracker.pipeline import Tracker

Intent = dict[str, Any]

FEED = 480  # rows that two importers share; each has two thirds of them
PART = 12  # rows imported at a time
_DOES = {"add": 45, "verdict": 20, "supersede": 15, "retract-verdict": 7, "retract-claim": 4, "merge": 9, "feedback": 8}
_FEED_COLUMNS = ("claim", "rating", "id", "publisher", "url")


def feed() -> list[tuple[str, str, str]]:
    """The rows that both importers bring: text, rating, id."""
    pick = Random(7)
    return [(sentence(pick, 10_000_000 + i), pick.choice(RATINGS), str(i)) for i in range(FEED)]


def article(seed: int, number: int) -> list[str]:
    """The sentences of an article: two of its own, and one that a feed brings too."""
    pick = Random(seed * 1_000 + number)
    own = [sentence(pick, 20_000_000 + seed * 10_000 + number * 10 + i) for i in range(2)]
    return [*own, feed()[number % FEED][0]]


class Worker:
    """A process with its seed, its store and its record."""

    def __init__(self, role: str, seed: int, store: Path, folder: Path) -> None:
        self.pick = Random(seed)
        self.seed, self.store, self.folder = seed, store, folder
        self._name = f"{role}-{seed}"
        self._record = os.open(folder / f"{self._name}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(self, **line: object) -> None:
        """Write a line to the record, as a whole and at once."""
        data = json.dumps(line).encode() + b"\n"
        assert os.write(self._record, data) == len(data)

    def promise(self, tracker: Tracker, intent: Intent) -> Intent:
        """Do it and note it before and after."""
        self.note(begin=intent)
        done = do(tracker, intent)
        self.note(done=done)
        return done

    def command(self, *arguments: object) -> Any:
        """Run `tracker` as a user would; its answer. A complaint ends this process."""
        done = subprocess.run(
            [sys.executable, "-m", "tracker", *map(str, arguments), "--json", "--store", str(self.store)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (arguments, done.stderr)
        if done.stderr:
            self.note(said=done.stderr)
        return json.loads(done.stdout)

    # --- the roles ----------------------------------------------------------------------------------------------------

    def importer(self, count: int) -> None:
        """Import parts of a feed that another imports too; every fourth part by the command line."""
        rows = feed()[: FEED * 2 // 3] if self.seed % 2 else feed()[FEED // 3 :]
        for number in range(count):
            part = rows[number * PART : (number + 1) * PART]
            intent = {"do": "import", "rows": part}
            if number % 4:
                with Tracker.open(self.store) as tracker:
                    tracker.embedding.use(_loaded(tracker))
                    self.promise(tracker, intent)
                continue
            file = self.folder / f"{self._name}-{number}.ndjson"
            lines = [
                dict(zip(_FEED_COLUMNS, (*row, "Feed", f"https://feed.example/{row[2]}"), strict=True)) for row in part
            ]
            file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
            self.note(begin=intent)
            told = self.command("import", file)
            assert told["added"] + told["updated"] + told["unchanged"] == len(part), told
            with Tracker.open(self.store) as tracker:
                self.note(done={**intent, "taken": [taken(tracker, *row) for row in part]})

    def writer(self, count: int, die_in: int | None = None) -> None:
        """Add, judge, correct, retract and merge claims of its own; every tenth addition by the command line."""
        own: list[dict[str, Any]] = []
        with Tracker.open(self.store) as tracker:
            for number in range(count):
                intent = self._next(own, number)
                if number == die_in:
                    Steps(self.pick.randrange(2, 9)).watch(tracker.store._conn)
                if intent["do"] == "add" and number % 10 == 3:
                    self.note(begin=intent)
                    told = self.command(
                        *(
                            "add",
                            intent["text"],
                            "--yes",
                            "--rating",
                            intent["rating"],
                            "--publisher",
                            intent["publisher"],
                        )
                    )
                    done = {**intent, "entry": told["claim_id"], "verdict": told["verdict_id"]}
                    self.note(done=done)
                else:
                    done = self.promise(tracker, intent)
                _remember(own, done)

    def _next(self, own: list[dict[str, Any]], number: int) -> Intent:
        """What to do next, from what was done."""
        kind = self.pick.choices(list(_DOES), list(_DOES.values()))[0]
        free = [one for one in own if one["current"]]
        rating = f"{self.pick.choice(RATINGS)} ({self.seed}-{number})"
        if kind == "add" or len(free) < 3:
            text = sentence(self.pick, self.seed * 100_000 + number)
            return {"do": "add", "text": text, "rating": rating, "publisher": f"Desk {self.seed}"}
        one, other = self.pick.sample(free, 2)
        if kind == "merge":
            return {"do": kind, "claim": one["entry"], "other": other["entry"]}
        if kind == "feedback":
            text = sentence(self.pick, number % 7)
            return {"do": kind, "claim": one["entry"], "text": text, "is_about": self.pick.random() < 0.5}
        return {"do": kind, "claim": one["entry"], "verdict": self.pick.choice(one["current"]), "rating": rating}

    def saver(self, count: int) -> None:
        """Check articles and save what they state; every eighth by the command line."""
        with Tracker.open(self.store) as tracker:
            for number in range(count):
                stated = article(self.seed, number)
                intent = {"do": "save", "text": " ".join(stated)}
                if number % 8 != 5:
                    self.promise(tracker, intent)
                    continue
                file = self.folder / f"{self._name}-{number}.txt"
                file.write_text(intent["text"], encoding="utf-8")
                self.note(begin=intent)
                told = self.command("check", file, "--save", "--min-worth", 0)
                quotes = [finding["statement"]["text"] for finding in told["findings"]]
                self.note(done={**intent, "article": told["saved"]["article_id"], "quotes": quotes})

    def searcher(self, count: int) -> None:
        """Ask for claims that others have acknowledged; every twelfth time by the command line, or without an index."""
        asked = 0
        with Tracker.open(self.store) as tracker:
            for number in range(count):
                known = Known(self.folder)
                if not known.claims:
                    tracker.search("Nothing is acknowledged yet.")
                    continue
                entry = self.pick.choice(list(known.claims))
                if number % 12 == 7:
                    index_path(self.store).unlink(missing_ok=True)
                if number % 12 == 1:
                    answer = self.command("search", known.claims[entry])["matches"]
                    found = [
                        (
                            one["claim_id"],
                            one["relation"],
                            {said["verdict_id"] for said in one["verdicts"] if said["standing"] == "current"},
                        )
                        for one in answer
                    ]
                else:
                    found = [
                        (
                            one.claim.id,
                            one.relation.value,
                            {v.id for v in one.verdicts if v.standing is Standing.CURRENT},
                        )
                        for one in tracker.search(known.claims[entry]).matches
                    ]
                asked += 1
                wrong = known.fault(entry, found, Known(self.folder))
                if wrong:
                    self.note(wrong=wrong, entry=entry, text=known.claims[entry], found=[str(one) for one in found])
        self.note(asked=asked)


class Known:
    """What the writers have acknowledged so far, and what they had begun."""

    def __init__(self, folder: Path) -> None:
        self.claims: dict[int, str] = {}
        self.current: dict[int, set[int]] = {}
        self.into: dict[int, int] = {}
        self.gone: set[int] = set()
        self.begun = 0
        self.touched: set[int] = set()  # claims with something begun and not acknowledged
        for file in sorted(folder.glob("writer-*.jsonl")):
            self._read(file)

    def _read(self, file: Path) -> None:
        pending: Intent | None = None
        for line in file.read_bytes().split(b"\n")[:-1]:  # what stands after the last line break is being written
            told = json.loads(line)
            pending = told.get("begin", pending)
            if done := told.get("done"):
                self._take(done)
                pending = None
        if pending:
            self.touched |= {pending[name] for name in ("claim", "other") if name in pending}

    def _take(self, done: Intent) -> None:
        kind, entry = done["do"], done.get("entry") or done["claim"]
        match kind:
            case "add":
                self.claims[entry] = done["text"]
                self.current[entry] = {done["verdict"]}
            case "verdict":
                self.current[entry].add(done["verdict"])
            case "supersede":
                self.current[entry] = self.current[entry] - {done["corrects"]} | {done["verdict"]}
            case "retract-verdict":
                self.current[entry] = self.current[entry] - {done["verdict"]}
            case "retract-claim":
                self.gone.add(entry)
            case "merge":
                self.into[done["gone"]] = entry

    def state(self, entry: int) -> tuple[int, bool, set[int], bool]:
        """What an entry is read as, whether that is retracted, its current verdicts, whether it may be changing."""
        family = {entry}
        while (
            more := {one for one, into in self.into.items() if into in family or one in family} - family
            | {into for one, into in self.into.items() if one in family} - family
        ):
            family |= more
        root = entry
        while root in self.into:
            root = self.into[root]
        current = set[int]().union(*(self.current[one] for one in family))
        return root, root in self.gone, current, bool(family & self.touched)

    def fault(self, entry: int, found: list[tuple[int, str, set[int]]], later: Known) -> str | None:
        """What is wrong with an answer to the claim's own words; None where it is right, or nobody can say."""
        root, gone, current, changing = self.state(entry)
        if changing or later.state(entry) != (root, gone, current, changing):
            return None  # somebody was at it meanwhile
        if gone:
            return "a retracted claim" if any(number == root for number, *_ in found) else None
        if not found or found[0][:2] != (root, Relation.SAME.value):
            return f"not at rank 1: {root}"
        return None if current == found[0][2] else f"verdicts {current}"


def _remember(own: list[dict[str, Any]], done: Intent) -> None:
    """Keep what can be worked on further."""
    by_entry = {one["entry"]: one for one in own}
    match done["do"]:
        case "add":
            own.append({"entry": done["entry"], "current": [done["verdict"]]})
        case "verdict":
            by_entry[done["entry"]]["current"].append(done["verdict"])
        case "supersede":
            current = by_entry[done["claim"]]["current"]
            current[current.index(done["corrects"])] = done["verdict"]
        case "retract-verdict":
            by_entry[done["claim"]]["current"].remove(done["verdict"])
        case "retract-claim":
            own.remove(by_entry[done["claim"]])
        case "merge":  # both are left alone from now on
            own.remove(by_entry[done["entry"]])
            own.remove(by_entry[done["gone"]])


_ENCODER: list[Any] = []


def _loaded(tracker: Tracker) -> Any:
    if not _ENCODER:
        _ENCODER.append(tracker.encoder)
    return _ENCODER[0]


def main() -> None:
    """Do one role's work."""
    role, seed, count, store, folder = sys.argv[1:]
    worker = Worker("writer" if role == "victim" else role, int(seed), Path(store), Path(folder))
    if role == "victim":
        worker.writer(int(count) + 1, die_in=int(count))
    else:
        getattr(worker, role)(int(count))


if __name__ == "__main__":
    main()

"""Answers to whether a claim is what a text is about: kept for good, in the log, the last one counts."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.soundness import assert_whole
from tracker.answers import read_answers, take_up
from tracker.errors import ClaimNotFound, InvalidClaim, UnreadableSource
from tracker.events import EventKind
from tracker.feeds import Rejected
from tracker.models import NewClaim
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import CommandLine

OLD_STORE = Path(__file__).parent / "data" / "store-0002.db"
QUERY = "Was the dam built in 1962?"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Four claims."""
    with Store.open(tmp_path / "desk.db") as opened:
        for text in ("The dam was built in 1962.", "The dam is from 1962.", "The dam burst.", "Dogs bark."):
            opened.add_claim(NewClaim(text))
        yield opened


def current(store: Store) -> list[tuple[str, int, bool]]:
    return [(one.query, one.claim_id, one.is_about) for one in store.feedback.current()]


def test_an_answer_is_kept_with_its_event(store: Store) -> None:
    """Who, when and why; the event holds the row, and the log still replays to the tables."""
    answer, is_new = store.feedback.add(f"  {QUERY}\n", 1, is_about=True, by=" Ada ", because="word for word")
    assert is_new
    assert (answer.query, answer.claim_id, answer.is_about, answer.author) == (QUERY, 1, True, "Ada")
    assert store.feedback.all() == [answer]
    event = list(store.log.events())[-1]
    assert (event.kind, event.claim_id, event.author, event.because) == (
        *(EventKind.FEEDBACK_GIVEN, 1, "tester", "word for word"),
    )
    row = {"id": 1, "query": QUERY, "claim_id": 1, "answer": "yes", "author": "Ada", "event_id": event.id}
    assert event.rows == (("+", "feedback", row),)
    assert answer.recorded_at == event.recorded_at
    assert_whole(store)


def test_the_last_answer_on_a_pair_counts_and_all_stay(store: Store) -> None:
    """Whoever gives it; case, white space and quotation marks make no other text."""
    store.feedback.add(QUERY, 1, is_about=True)
    store.feedback.add(QUERY, 2, is_about=True)
    store.feedback.add("was the  “dam” built in 1962?", 1, is_about=False, by="Ada")
    store.feedback.add(QUERY + "!", 1, is_about=True)
    assert current(store) == [
        (QUERY, 2, True),
        ("was the  “dam” built in 1962?", 1, False),
        (QUERY + "!", 1, True),
    ]
    assert [one.superseded_by for one in store.feedback.all()] == [3, None, None, None]


def test_the_same_answer_twice_is_one(store: Store) -> None:
    """By the same person; another's is an answer of its own, and so is one given again after a change of mind."""
    first, _ = store.feedback.add(QUERY, 1, is_about=True)
    assert store.feedback.add(QUERY.upper(), 1, is_about=True) == (first, False)
    assert store.feedback.add(QUERY, 1, is_about=True, by="Ada")[1]
    assert store.feedback.add(QUERY, 1, is_about=False)[1]
    assert store.feedback.add(QUERY, 1, is_about=True)[1]
    assert [(one.id, one.superseded_by) for one in store.feedback.all()] == [(1, 2), (2, 3), (3, 4), (4, None)]


def test_merged_claims_share_their_answers_until_they_are_parted(store: Store) -> None:
    """The later one counts for both; undone, each has its own again."""
    store.feedback.add(QUERY, 1, is_about=True)
    store.feedback.add(QUERY, 2, is_about=False)
    event = store.curation.merge(1, 2)
    assert current(store) == [(QUERY, 1, False)]
    assert store.feedback.last(QUERY, 2) == store.feedback.last(QUERY, 1)
    assert store.feedback.add(QUERY, 2, is_about=False)[0].claim_id == 1
    store.curation.undo(event)
    assert current(store) == [(QUERY, 1, True), (QUERY, 2, False)]
    assert_whole(store)


def test_answers_on_a_retracted_claim_rest(store: Store) -> None:
    """None is taken, those there do not count, and undoing the retraction lets them count again."""
    store.feedback.add(QUERY, 1, is_about=True)
    event = store.curation.retract_claim(1)
    with pytest.raises(InvalidClaim, match=rf"retracted; 'tracker undo {event}'"):
        store.feedback.add(QUERY, 1, is_about=False)
    assert current(store) == []
    assert store.feedback.all()[0].is_retracted
    store.curation.undo(event)
    assert current(store) == [(QUERY, 1, True)]


@pytest.mark.parametrize(
    ("query", "claim_id", "by", "error", "said"),
    [
        ("  ", 1, None, InvalidClaim, "text: it has no words"),
        ("?!", 1, None, InvalidClaim, "text: it has no words"),
        ("x" * 10_001, 1, None, InvalidClaim, "text: 10,001 characters"),
        ("a\0b", 1, None, InvalidClaim, "text: holds a NUL"),
        ("a \udcff", 1, None, InvalidClaim, "text: .*not UTF-8"),
        (QUERY, 1, "a\0b", InvalidClaim, "by: holds a NUL"),
        (QUERY, 9, None, ClaimNotFound, "claim 9: not in"),
        (QUERY, 10**30, None, ClaimNotFound, "not in"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    store: Store, query: str, claim_id: int, by: str | None, error: type[Exception], said: str
) -> None:
    """In one line that says what is wrong; nothing is stored."""
    head = store.log.head()
    with pytest.raises(error, match=said):
        store.feedback.add(query, claim_id, is_about=True, by=by)
    assert (store.log.head(), store.feedback.all()) == (head, [])


def test_an_answer_is_never_changed_or_deleted(store: Store) -> None:
    """The file itself refuses, whoever asks; so it does an answer that is neither yes nor no."""
    store.feedback.add(QUERY, 1, is_about=True)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as conn:
        for sql in (
            "UPDATE feedback SET answer = 'no'",
            "DELETE FROM feedback",
            "INSERT OR REPLACE INTO feedback VALUES (1, 'x', 1, 'no', 'me', 1)",
            "INSERT INTO feedback VALUES (2, 'x', 1, 'perhaps', 'me', 1)",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                conn.execute(sql)


# --- files ------------------------------------------------------------------------------------------------------------

FILES = {
    "a.csv": 'query,claim_id,answer,by\n"Dams, old?",1,yes,Ada\nDogs?,4,No,\n',
    "a.tsv": "answer\tquery\tclaim_id\nyes\tDams, old?\t1\nno\tDogs?\t4\n",
    "a.jsonl": '{"query": "Dams, old?", "claim_id": 1, "answer": "YES", "by": "Ada"}\n\n'
    '{"query": "Dogs?", "claim_id": "4", "answer": "no", "because": null, "more": []}\n',
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_answers(store: Store, tmp_path: Path, name: str) -> None:
    """Each kind gives the same; the same file twice changes nothing."""
    path = tmp_path / name
    path.write_text(FILES[name], encoding="utf-8")
    done = take_up(store, read_answers(path), by="Bo", because="last week's")
    assert (done.added, done.updated, done.unchanged, done.rejected) == (2, 0, 0, ())
    assert current(store) == [("Dams, old?", 1, True), ("Dogs?", 4, False)]
    assert [one.author for one in store.feedback.all()] == ["Bo" if name == "a.tsv" else "Ada", "Bo"]
    assert {one.because for one in store.feedback.all()} == {"last week's"}
    head = store.log.head()
    assert take_up(store, read_answers(path), by="Bo").unchanged == 2
    assert store.log.head() == head


def test_good_rows_are_kept_beside_bad_ones(store: Store, tmp_path: Path) -> None:
    """Each bad one is told with its line and the reason; a changed answer counts as updated."""
    store.feedback.add("Dams?", 1, is_about=False)
    store.curation.retract_claim(3)
    path = tmp_path / "mixed.csv"
    path.write_bytes(
        b"query,claim_id,answer\nDams?,1,yes\n,1,yes\nDams?,one,yes\nDams?,1,maybe\nDams?,77,yes\nDams?,3,yes\n"
        b"Dams?,1\nDams?,-1,yes\n\xff\xfe,1,yes\nDogs?,4,no\n"
    )
    done = take_up(store, read_answers(path))
    assert (done.added, done.updated, done.unchanged) == (1, 1, 0)
    told = {one.where: one.reason for one in done.rejected}
    reasons = [
        *("query: is missing", "claim_id 'one': not a claim's number", "answer 'maybe': not yes or no"),
        *("claim 77: not in", "claim 3: is retracted", "2 cells where the header has 3"),
        *("claim_id '-1': not a claim's number", "not UTF-8"),
    ]
    assert list(told) == [f"mixed.csv:{line}" for line in range(3, 11)]
    assert [said in reason for said, reason in zip(reasons, told.values(), strict=True)] == [True] * 8
    assert current(store) == [("Dams?", 1, True), ("Dogs?", 4, False)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[1]", "not a JSON object"),
        ("{", "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("9" * 5_000, "not JSON"),
        ('{"query": ["x"], "claim_id": 1, "answer": "yes"}', "query: a text was expected"),
        ('{"query": "x", "claim_id": 1.5, "answer": "yes"}', "claim_id: a text was expected"),
        ('{"query": "x", "claim_id": 1, "answer": true}', "answer 'True': not yes or no"),
        ('{"query": "x", "claim_id": 1}', "answer: is missing"),
        ('{"query": "x", "claim_id": "' + "9" * 50 + '", "answer": "yes"}', "not a claim's number"),
        ('{"query": "x", "claim_id": 1, "answer": "yes", "because": "\\ud800"}', "reason: .*not UTF-8"),
    ],
)
def test_bad_lines_of_jsonl_are_told(store: Store, tmp_path: Path, line: str, said: str) -> None:
    """And the line after them is taken."""
    path = tmp_path / "bad.jsonl"
    path.write_text(line + '\n{"query": "x", "claim_id": 4, "answer": "no"}\n', encoding="utf-8")
    done = take_up(store, read_answers(path))
    [rejected] = done.rejected
    assert isinstance(rejected, Rejected)
    assert rejected.where == "bad.jsonl:1"
    assert re.search(said, rejected.reason), rejected
    assert current(store) == [("x", 4, False)]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "", "not one column 'query'.*found: nothing"),
        ("a.csv", "query,claim_id,answer\n", "no answers in it"),
        ("a.csv", "text;claim_id;answer\nx;1;yes\n", "not one column 'query'"),
        ("a.csv", "query,claim_id,answer,Query\nx,1,yes,x\n", "not one column 'query'"),
        ("a.jsonl", "", "no answers in it"),
        ("a.xlsx", "x", r"must end in \.csv, \.tsv, \.jsonl, \.ndjson"),
        ("none.csv", None, "no such file"),
        (".", None, "a folder"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    store: Store, tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    """In one line that names it."""
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableSource, match=said) as caught:
        take_up(store, read_answers(path))
    assert "\n" not in str(caught.value)
    assert store.feedback.all() == []


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_answers_lists_and_tells_the_log(desk: CommandLine) -> None:
    """An answer, the opposite one, the list, the claim's history and the whole log; all is sound afterwards."""
    done = desk("feedback", "300,000 soldiers\x1b[31m are ready", "61", "YES", "--by", "Ada", "--because", "the same")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("answer 1: claim 61 is what the text is about\n")
    assert "\x1b" not in done.out
    assert desk("feedback", QUERY, "1", "no", "--json").json == {"answer_id": 2, "claim_id": 1, "created": True}
    assert desk("feedback", QUERY, "1", "no", "--json").json == {"answer_id": 2, "claim_id": 1, "created": False}
    desk("feedback", QUERY, "1", "yes")
    listed = desk("feedback").out
    assert "[2] no: “Was the dam built in 1962?”" in listed
    assert "superseded by answer 3" in listed
    assert "because: the same" in listed
    assert listed.endswith("2 answers count: 2 yes, 0 no\n")
    assert "\x1b" not in listed
    told = desk("feedback", "--json").json
    assert [(one["answer"], one["counts"], one["by"]) for one in told["answers"]] == [
        *(("yes", True, "Ada"), ("no", False, "tester"), ("yes", True, "tester")),
    ]
    assert (told["yes"], told["no"]) == (2, 0)
    assert "answer 1 by Ada: claim 61 is what “300,000 soldiers" in desk("history", "61").out
    assert "answer 2: claim 1 is not what" in desk("log", "--kind", "feedback-given").out
    assert desk("stats", "--json").json["feedback"] == 3
    assert desk("verify").code == desk("doctor").code == 0
    [event] = [
        one for one in desk("log", "--json").json["events"] if one["claim_id"] == 61 and "feedback" in one["kind"]
    ]
    undone = desk("undo", event["event_id"])
    assert undone.code == 5
    assert "cannot be undone" in undone.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["x y", "61"], 2, "give a text, a claim's number and yes or no"),
        (["x y"], 2, "give a text, a claim's number and yes or no"),
        (["--by", "Ada"], 2, "give a text, a claim's number and yes or no"),
        (["x y", "61", "perhaps"], 2, "answer 'perhaps': not yes or no"),
        (["x y", "61", "yes", "--file", "a.csv"], 2, "or --file, not both"),
        (["x y", "999", "yes"], 3, "claim 999: not in"),
        (["--file", "none.csv"], 4, "none.csv: no such file"),
        (["?!", "61", "yes"], 5, "text: it has no words"),
        (["x y", "61", "yes", "--store", "nowhere.db"], 8, "no store is here"),
    ],
)
def test_each_slip_is_one_line_and_its_code(desk: CommandLine, arguments: list[str], code: int, said: str) -> None:
    """On stderr; nothing on stdout, and nothing is stored."""
    done = desk("feedback", *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (code, "", 1), done.err
    assert said in done.err
    assert desk("stats", "--json").json["feedback"] == 0


def test_a_file_by_the_command(desk: CommandLine) -> None:
    """Good rows are kept, bad ones told on stderr, and the exit code says so."""
    rows = [{"query": "NATO?", "claim_id": number, "answer": "no"} for number in (1, 2, 999)]
    (desk.folder / "f.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = desk("feedback", "--file", "f.jsonl", "--by", "Ada")
    assert (done.code, done.out) == (5, "2 added, 0 updated, 0 unchanged, 1 rejected\n")
    assert done.err.startswith("tracker: rejected f.jsonl:3: claim 999: not in")
    again = desk("feedback", "--file", "f.jsonl", "--by", "Ada", "--json")
    assert (again.json["unchanged"], len(again.json["rejected"]), again.code) == (2, 1, 5)
    assert {one["by"] for one in desk("feedback", "--json").json["answers"]} == {"Ada"}


def test_a_store_from_before_answers_takes_them(tmp_path: Path) -> None:
    """One that the schema before this really made: a copy is kept, all it held is there, and it is sound."""
    path = Path(shutil.copyfile(OLD_STORE, tmp_path / "desk.db"))
    with Store.open(path) as store:
        before = store.log.head()
        assert store.feedback.all() == []
        answer, is_new = store.feedback.add("12,000 took the ferry", 2, is_about=True)
        assert (answer.claim_id, is_new) == (1, True)  # the second entry is merged into the first
        assert store.log.event(before[0]).hash == before[1]
        assert store.log.head()[0] == before[0] + 1
        assert_whole(store)
    assert [found.name for found in tmp_path.glob("*.bak")] == ["desk.db.before-0003_feedback.bak"]

"""Tuning: a desk's answers change the probabilities where that is clearly better, and never otherwise."""

from __future__ import annotations

import json
import math
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

from tests.soundness import assert_whole
from tests.test_audit import behind_its_back
from tests.tiny_bert import tiny_bert
from tracker import matching, tuning
from tracker.calibration import SHIPPED, Calibration, logit
from tracker.errors import StoreDamaged, UsageProblem
from tracker.events import EventKind
from tracker.feeds import STARTER, read_feed
from tracker.models import Utterance
from tracker.pipeline import Tracker
from tracker.tuning import MIN_ANSWERS, MIN_EACH, MIN_TEXTS, Tuned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import CommandLine


@pytest.fixture
def starter(desk: CommandLine) -> Iterator[Tracker]:
    """A tracker on the starter claims."""
    with Tracker.open(desk.store) as opened:
        yield opened


@cache
def pairs() -> list[tuple[str, int, float]]:
    """Texts and claims of which the shipped model is not sure, with its probability, from a store of its own.

    The texts are pieces of the starter claims: the surer the model, the less do answers say about its calibration.
    """
    with TemporaryDirectory() as folder, Tracker.open(Path(folder) / "desk.db") as tracker:
        tracker.import_rows(read_feed(STARTER))
        words = [record.claim.text.split() for record in tracker.list_claims()]
        texts = [" ".join(part) for one in words for part in (one[:4], one[3:7])]
        return [
            (text, match.claim.id, match.probability)
            for text in dict.fromkeys(texts)
            if any(character.isalnum() for character in text)
            for match in tracker.search(text, 5).matches
            if 0.02 < match.probability < 0.98
        ]


def answer_all(tracker: Tracker, answering: Callable[[Random, float], bool]) -> int:
    """Answer on all pairs as `answering` decides; how many that are."""
    pick = Random(1)
    with tracker.store.writing():
        for text, claim_id, probability in pairs():
            tracker.feedback(text, claim_id, answering(pick, probability))
    return len(pairs())


def follows(slope: float, intercept: float) -> Callable[[Random, float], bool]:
    """Answers that are yes as often as the calibrated probability says."""
    return lambda pick, p: pick.random() < 1 / (1 + math.exp(-(slope * logit(p) + intercept)))


def test_a_desk_that_says_yes_less_often_gets_lower_probabilities(starter: Tracker) -> None:
    """What is not next to nothing is lower afterwards, in the same order; the log tells of it, and replays to it."""
    answers = answer_all(starter, follows(1, -2))
    before = starter.search("NATO has 300,000 troops", 50).matches
    found = starter.tune()
    assert (found.answers, found.refused, found.in_use) == (answers, None, SHIPPED)
    assert found.gain.mean > found.gain.error > 0
    assert found.after.log_loss < found.before.log_loss == found.shipped.log_loss
    assert -3 < found.fitted.intercept < -1
    after = starter.search("NATO has 300,000 troops", 50).matches
    assert [match.claim.id for match in after] == [match.claim.id for match in before]
    likely = [(new, old) for new, old in zip(after, before, strict=True) if old.probability > 0.05]
    assert likely
    assert all(new.probability < old.probability for new, old in likely)
    assert [one.probability for one in after] == pytest.approx([found.fitted(one.probability) for one in before])
    event = list(starter.store.log.events())[-1]
    assert (event.kind, event.rows[0][2]["key"]) == (EventKind.CALIBRATION_SET, "calibration")
    assert event.because == f"log loss {found.before.log_loss:.3f}, {found.after.log_loss:.3f} cross-validated"
    assert_whole(starter.store)


def test_a_desk_that_says_yes_more_often_gets_higher_ones(starter: Tracker) -> None:
    """The other way round for what is not next to nothing, and what was below the threshold is found."""
    answer_all(starter, follows(1, 2))
    threshold = matching.model_for(starter.encoder.fingerprint).threshold
    asked = [" ".join(one.claim.text.split()[:4]) for one in starter.list_claims()]
    before = [starter.search(text, 10) for text in asked]
    assert starter.tune().refused is None
    after = [starter.search(text, 10) for text in asked]
    raised = Counter[bool]()
    for old, new in zip(before, after, strict=True):
        for one, other in zip(old.matches, new.matches, strict=True):
            assert one.probability < other.probability or one.probability < 0.05
            if one.probability < threshold <= other.probability and one.relation == "unrelated":
                raised[other.relation == "unrelated"] += 1
    assert raised[False] + raised[True] > 5
    assert raised[False] > 0


def test_answers_as_the_model_says_change_nothing(starter: Tracker) -> None:
    """It says what it kept and why; no event is written."""
    answer_all(starter, follows(1, 0))
    head = starter.store.log.head()
    found = starter.tune()
    assert found.refused == "on answers that it has not seen it is not better by more than its standard error"
    assert tuning.told(starter.store) == "shipped"
    assert starter.store.log.head() == head


@pytest.mark.parametrize("answering", [lambda pick, _: pick.random() < 0.5, lambda _, p: p < 0.5])
def test_answers_that_do_not_follow_the_probabilities_change_nothing(
    starter: Tracker, answering: Callable[[Random, float], bool]
) -> None:
    """Drawn by lot, or all the wrong way round: all claims alike, or the worst first, would be worse than to keep."""
    answer_all(starter, answering)
    found = starter.tune()
    assert found.gain.is_clear
    assert found.refused
    assert "the answers hardly follow the probabilities (slope" in found.refused
    assert tuning.in_use(starter.store) == SHIPPED


def test_a_dry_run_changes_nothing(starter: Tracker) -> None:
    """It measures the same."""
    answer_all(starter, follows(1, -2))
    head = starter.store.log.head()
    dry = starter.tune(dry_run=True)
    assert dry.refused is None
    assert starter.store.log.head() == head
    assert tuning.in_use(starter.store) == SHIPPED
    assert starter.tune() == dry


def test_a_tuned_calibration_is_kept_until_another_is_clearly_better(starter: Tracker) -> None:
    """The same answers again change nothing; a desk that changes its mind does."""
    answer_all(starter, follows(1, -2))
    first = starter.tune()
    again = starter.tune()
    assert (again.in_use, again.fitted) == (first.fitted, first.fitted)
    assert again.refused
    assert again.before.log_loss < again.shipped.log_loss
    answer_all(starter, follows(1, 2))
    third = starter.tune()
    assert third.refused is None
    assert tuning.in_use(starter.store) == third.fitted
    assert third.fitted.intercept > 0 > first.fitted.intercept


def test_going_back_to_the_shipped_one(starter: Tracker) -> None:
    """The probabilities are the old ones to the last digit; a second time there is nothing to do, and no event."""
    before = [match.probability for match in starter.search("Finland joined NATO", 20).matches]
    answer_all(starter, follows(1, -2))
    starter.tune()
    assert [match.probability for match in starter.search("Finland joined NATO", 20).matches] != before
    assert tuning.reset(starter.store, because="back")
    assert [match.probability for match in starter.search("Finland joined NATO", 20).matches] == before
    head = starter.store.log.head()
    assert starter.store.log.event(head[0]).because == "back"
    assert not tuning.reset(starter.store)
    assert starter.store.log.head() == head
    assert_whole(starter.store)


def test_a_check_uses_it_too(starter: Tracker) -> None:
    """The same statement has one probability in an article, with nothing before it, and as a query."""
    text = "NATO has increased its rapid reaction force to 300,000 troops."
    tuning.keep(starter.store, Tuned(Calibration(1, -3), 30, *_versions(starter)))
    (starter.store.path.parent / "article.txt").write_text(text + "\n", encoding="utf-8")
    [finding] = starter.check(str(starter.store.path.parent / "article.txt"), min_worth=0).findings
    found = {match.claim.id: match.probability for match in starter.search(text, 50).matches}
    assert finding.matches
    checked = {one.claim.id: one.probability for one in finding.matches}
    assert checked == pytest.approx({number: found[number] for number in checked}, abs=1e-6)
    tuning.reset(starter.store)
    assert starter.search(text, 1).matches[0].probability > max(found.values())


def _versions(tracker: Tracker) -> tuple[str, str]:
    return tracker.store.vectors.encoder or "", matching.version()


# --- the probabilities of pairs ---------------------------------------------------------------------------------------


def test_pairs_have_the_probability_that_search_gives(starter: Tracker) -> None:
    """For claims that retrieval brings up; several texts at once, in their order."""
    texts = ["Finland joined NATO", "a vaccine against the flu"]
    wanted = [{one.claim.id: one.probability for one in starter.search(text, 10).matches} for text in texts]
    found = starter.probabilities(texts, [list(one) for one in wanted])
    for asked, got in zip(wanted, found, strict=True):
        assert got == pytest.approx(asked, abs=1e-6)


def test_a_claim_that_retrieval_misses_has_its_probability_too(starter: Tracker) -> None:
    """Its cosine and words as if it had been brought up; a merged entry has that of its claim, a retracted one none."""
    text, retrieval = "Finland joined NATO", starter.retrieval
    wanted = retrieval.wanted([Utterance(text)])
    with starter.store.reading():
        every = next(retrieval.candidates(wanted, 100))
        brought = {one.claim.id for one in next(retrieval.candidates(wanted))}
        missed, other, *_ = [one for one in every if one.claim.id not in brought]
        number = missed.claim.id
        besides = next(retrieval.candidates(wanted, besides=[[number]]))
    assert {one.claim.id for one in besides} == brought | {number}
    assert next(one.dense for one in besides if one.claim.id == number) == pytest.approx(missed.dense, abs=1e-6)
    decided = matching.decide(wanted.statements[0], besides, starter.encoder.fingerprint)
    probability = next(one.probability for one in decided if one.claim.id == number)
    assert starter.probabilities([text], [[number]]) == [{number: pytest.approx(probability, abs=1e-6)}]
    starter.store.curation.retract_claim(other.claim.id)
    assert starter.probabilities([text], [[other.claim.id]]) == [{}]
    starter.store.curation.merge(number, next(iter(brought)))
    assert set(starter.probabilities([text], [[number]])[0]) == {number}


# --- another encoder, other coefficients, damage ----------------------------------------------------------------------


def test_a_calibration_of_another_model_is_not_used(starter: Tracker, caplog: pytest.LogCaptureFixture) -> None:
    """The probabilities are the shipped ones, a warning says so, and so does `stats`; tuning again puts it right."""
    text = "Finland joined NATO"
    before = starter.search(text, 1).matches[0].probability
    for versions in ((_versions(starter)[0], "others"), ("another:1", matching.version())):
        tuning.keep(starter.store, Tuned(Calibration(1, -3), 42, *versions))
        caplog.clear()
        assert starter.search(text, 1).matches[0].probability == before
        assert "tuned on 42 answers is for another encoder or model and is not used" in caplog.text
        assert "42 answers, for another encoder or model: not used" in starter.stats()["calibration"]
    answer_all(starter, follows(1, -2))
    assert starter.tune().in_use == SHIPPED
    caplog.clear()
    assert starter.search(text, 1).matches[0].probability < before
    assert caplog.text == ""


def test_a_change_of_encoder_lets_it_rest(starter: Tracker, tmp_path: Path) -> None:
    """And a change back lets it work again."""
    first = str(starter.store.setting("encoder_name"))
    tuning.keep(starter.store, Tuned(Calibration(1, -3), 42, *_versions(starter)))
    assert tuning.in_use(starter.store) == Calibration(1, -3)
    starter.reindex(str(tiny_bert(tmp_path / "tiny", 1)))
    assert tuning.in_use(starter.store) == SHIPPED
    starter.reindex(first)
    assert tuning.in_use(starter.store) == Calibration(1, -3)


@pytest.mark.parametrize(
    "value",
    [
        *("", "7", "[]", "{}", '{"slope": "x"}', "[" * 100_000),
        '{"slope": 0, "intercept": 0, "answers": 1, "encoder": "x", "model": "y"}',
        '{"slope": -1, "intercept": 0, "answers": 1, "encoder": "x", "model": "y"}',
        '{"slope": NaN, "intercept": 0, "answers": 1, "encoder": "x", "model": "y"}',
        '{"slope": 1, "intercept": Infinity, "answers": 1, "encoder": "x", "model": "y"}',
        '{"slope": 1, "intercept": 0, "answers": null, "encoder": "x", "model": "y"}',
        '{"slope": 1, "intercept": 0, "answers": 1e999, "encoder": "x", "model": "y"}',
    ],
)
def test_a_damaged_calibration_is_an_error_and_mended_from_the_log(starter: Tracker, value: str) -> None:
    """One line for whoever asks; the doctor puts back what was recorded."""
    kept = Tuned(Calibration(1, -3), 42, *_versions(starter))
    tuning.keep(starter.store, kept)
    with behind_its_back(starter.store.path) as conn:
        conn.execute("UPDATE settings SET value = ? WHERE key = 'calibration'", [value])
    for ask in (lambda: starter.search("NATO"), starter.stats, lambda: starter.probabilities(["NATO"], [[1]])):
        with pytest.raises(StoreDamaged, match="its calibration is damaged; 'tracker doctor --fix'") as caught:
            ask()
        assert "\n" not in str(caught.value)
    assert not starter.doctor().sound
    assert starter.doctor(fix=True).sound
    assert tuning.kept(starter.store) == kept
    assert_whole(starter.store)


# --- too few ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yes", "no", "texts"),
    [
        (0, 0, 0),
        (MIN_ANSWERS - MIN_EACH - 1, MIN_EACH, MIN_ANSWERS - 1),
        (MIN_ANSWERS, MIN_EACH - 1, MIN_ANSWERS),
        (MIN_EACH - 1, MIN_ANSWERS, MIN_ANSWERS),
        (MIN_ANSWERS // 2, MIN_ANSWERS // 2, MIN_TEXTS - 1),
    ],
)
def test_too_few_answers_are_refused(starter: Tracker, yes: int, no: int, texts: int) -> None:
    """With how many there are and how many it takes, before any model is loaded."""
    with starter.store.writing():
        for number in range(yes + no):
            starter.feedback(f"Text number {number % texts}.", 1 + number // texts, number < yes)
    with pytest.raises(UsageProblem) as caught:
        starter.tune()
    assert str(caught.value).startswith(f"tune: {yes + no} answers count ({yes} yes, {no} no, on {texts} texts)")
    assert f"it takes {MIN_ANSWERS}, {MIN_EACH} of each kind, on {MIN_TEXTS} texts" in str(caught.value)
    assert starter.embedding._encoder is None


def test_superseded_answers_and_retracted_claims_do_not_count(starter: Tracker) -> None:
    """What is fitted are the last words on claims that stand."""
    count = answer_all(starter, follows(1, -2))
    answer_all(starter, follows(1, -2.5))
    often, on_it = Counter(one.claim_id for one in starter.store.feedback.current()).most_common(1)[0]
    starter.store.curation.retract_claim(often)
    assert starter.tune(dry_run=True).answers == count - on_it < count


def test_texts_told_apart_by_their_case_alone_are_one(starter: Tracker) -> None:
    """So they are in one fold, and asked once."""
    asked: list[list[str]] = []

    def record(texts: Any, claim_ids: Any) -> list[dict[int, float]]:
        asked.append(list(texts))
        return starter.probabilities(texts, claim_ids)

    with starter.store.writing():
        for number in range(60):
            text = f"NATO has {number % 20} ships"
            starter.feedback(text.upper() if number % 2 else text, 1 + number // 20, number % 3 == 0)
    found = tuning.tune(starter.store, record, dry_run=True)
    assert (found.answers, found.texts, found.folds, len(asked[0])) == (60, 20, 20, 20)


# --- the command ------------------------------------------------------------------------------------------------------


def _file(desk: CommandLine, intercept: float) -> str:
    """A file of answers that are yes less or more often than the tracker says."""
    pick, answering = Random(1), follows(1, intercept)
    rows = [
        {"query": text, "claim_id": claim_id, "answer": "yes" if answering(pick, probability) else "no"}
        for text, claim_id, probability in pairs()
    ]
    (desk.folder / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return "answers.jsonl"


def test_the_command_shows_before_and_after(desk: CommandLine) -> None:
    """Refused with too few; a dry run, the real one, in use, taken back; each says so, and `stats` too."""
    few = desk("tune")
    assert (few.code, few.out, few.err.count("\n")) == (2, "", 1)
    assert "0 answers count" in few.err
    assert desk("feedback", "--file", _file(desk, -2)).code == 0
    dry = desk("tune", "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert "would be TUNED: slope" in dry.out
    assert "calibration: shipped\n" in desk("stats").out
    done = desk("tune", "--because", "our tweets")
    assert "TUNED: slope" in done.out
    assert "10 folds, none shares a text" in done.out
    assert done.out.splitlines()[:5] == dry.out.splitlines()[:5]
    assert f"calibration: tuned on {len(pairs())} answers (slope" in desk("stats").out
    again = desk("tune", "--json").json
    assert (again["taken_up"], again["answers"], again["folds"]) == (False, len(pairs()), 10)
    assert again["refused"]
    assert again["before"]["log_loss"] < again["shipped"]["log_loss"]
    assert "KEPT as it is (slope" in desk("tune").out
    told = desk("log", "--kind", "calibration-set").out
    assert f"the calibration is tuned on {len(pairs())} answers: slope" in told
    assert "because: our tweets" in told
    assert desk("tune", "--reset", "--json").json == {"reset": True}
    assert desk("tune", "--reset").out == "the shipped calibration was in use already\n"
    assert "the shipped calibration is in use again" in desk("log", "--kind", "calibration-set").out
    assert desk("verify").code == desk("doctor").code == 0


def test_options_that_do_not_go_together(desk: CommandLine) -> None:
    """One line, exit code 2."""
    done = desk("tune", "--reset", "--dry-run")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert desk("tune", "--store", "nowhere.db").code == 8


def test_a_copy_keeps_answers_and_calibration(desk: CommandLine) -> None:
    """Backed up, and put back over a store that has neither."""
    desk("feedback", "--file", _file(desk, -2))
    assert "TUNED" in desk("tune").out
    before = desk("search", "NATO has 300,000 troops", "--json").json, desk("feedback", "--json").json
    assert desk("backup", "copy.db").code == 0
    desk.store.unlink()
    assert desk("import", "--starter").code == 0
    assert desk("search", "NATO has 300,000 troops", "--json").json != before[0]
    assert desk("restore", "copy.db").code == 0
    assert (desk("search", "NATO has 300,000 troops", "--json").json, desk("feedback", "--json").json) == before
    assert desk("verify").code == 0


def test_a_damaged_event_is_told_as_one(desk: CommandLine) -> None:
    """The log goes on after it."""
    with Tracker.open(desk.store) as tracker:
        tuning.keep(tracker.store, Tuned(Calibration(1, -3), 42, "x", "y"))
        tuning.reset(tracker.store)
        last = tracker.store.log.head()[0]
    changes = json.dumps([["+", "settings", {"key": "calibration", "value": '{"slope": []}'}]])
    with behind_its_back(desk.store) as conn:
        conn.execute("UPDATE events SET changes = ? WHERE id = ?", [changes, last - 1])
    told = desk("log", "--kind", "calibration-set").out
    assert "calibration-set: damaged, 'tracker verify' tells how" in told
    assert "the shipped calibration is in use again" in told

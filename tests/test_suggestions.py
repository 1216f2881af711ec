"""Pairs that seem to be one claim are suggested, never joined; what the desk has said about a pair is heeded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.models import NewClaim, NewVerdict

if TYPE_CHECKING:
    from tests.conftest import CommandLine
    from tracker.pipeline import Tracker

ONE = "NATO has increased its rapid reaction force from 40,000 to 300,000 troops."
SAME = "NATO has raised its rapid reaction force from 40,000 to 300,000 troops."
OTHER = "NATO has increased its rapid reaction force from 40,000 to 100,000 troops."
TOPIC = "The harbour at Sandholm handled 4.2 million tonnes of grain in 2019."


def pairs(tracker: Tracker) -> list[tuple[int, int]]:
    return [(one.kept.id, one.gone.claim.id) for one in tracker.suggest_merges()]


def filled(tracker: Tracker, *texts: str | NewClaim) -> list[int]:
    """Each text as an entry of its own, as a feed of another publisher brings it."""
    claims = [NewClaim(one) if isinstance(one, str) else one for one in texts]
    ids = [tracker.store.add_claim(claim).id for claim in claims]
    for number in ids:
        tracker.store.verdicts.add(number, NewVerdict("False", publisher=f"Desk {number}"))
    tracker.embed()
    return ids


def test_the_same_in_other_words_is_suggested(tracker: Tracker) -> None:
    """The older first; another figure or another topic is no pair, and nothing is joined."""
    one, _, same, _ = filled(tracker, ONE, OTHER, SAME, TOPIC)
    assert pairs(tracker) == [(one, same)]
    [found] = tracker.suggest_merges()
    assert found.gone.probability >= 0.8
    assert tracker.store.curation.hidden() == 0


def test_what_the_desk_has_said_is_heeded(tracker: Tracker) -> None:
    """Merged, retracted, linked or answered with no: suggested no more."""
    store = tracker.store
    one, same = filled(tracker, ONE, SAME)
    event = store.curation.merge(one, same)
    assert pairs(tracker) == []
    store.curation.undo(event)
    assert pairs(tracker) == [(one, same)]
    event, _ = store.curation.link(one, same, "related")
    assert pairs(tracker) == []
    store.curation.undo(event)
    tracker.feedback(ONE, same, answer=False)
    assert pairs(tracker) == []
    tracker.feedback(ONE, same, answer=True)
    assert pairs(tracker) == [(one, same)]
    store.curation.retract_claim(same)
    assert pairs(tracker) == []


def test_the_words_of_two_people_are_two_claims(tracker: Tracker) -> None:
    """Said by two, checked twice; where one of them is not known they may be one."""
    said = [NewClaim(ONE, claimant="A minister"), NewClaim(SAME, claimant="A mayor"), NewClaim(SAME)]
    minister, mayor, unknown = filled(tracker, *said)
    assert pairs(tracker) == [(minister, unknown), (mayor, unknown)]


def test_the_command(cli: CommandLine) -> None:
    """Both sentences, why, and what to type."""
    (cli.folder / "feed.jsonl").write_text(
        f'{{"id": "1", "claim": "{ONE}", "publisher": "A", "rating": "False"}}\n'
        f'{{"id": "2", "claim": "{SAME}", "publisher": "B", "rating": "True"}}\n',
        encoding="utf-8",
    )
    cli("import", "feed.jsonl")
    told = cli("suggest-merges")
    assert told.code == 0
    assert f"[1] {ONE}" in told.out
    assert "tracker merge 1 2" in told.out
    assert told.out.endswith("1 pair to look at\n")
    [pair] = cli("suggest-merges", "--json").json["pairs"]
    assert (pair["claim_id"], pair["other_id"]) == (1, 2)
    cli("merge", "1", "2")
    assert cli("suggest-merges").out == "no two claims seem to be one\n"

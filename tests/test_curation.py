"""Retract, merge, link, undo: all recorded, all reversible, and nothing that was said is touched."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tracker.errors import ClaimNotFound, InvalidClaim, StoreDamaged
from tracker.events import first_break
from tracker.models import Article, NewClaim, NewVerdict, Statement
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FALSE = NewVerdict("False", publisher="Desk A", url="https://a.example/1", reviewed_on=date(2022, 7, 1))
TRUE = NewVerdict("True", publisher="Desk B")
TABLES = ("claims", "verdicts", "evidence", "external_ids", "articles", "appearances")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "desk.db") as opened:
        yield opened


@pytest.fixture
def three(store: Store) -> list[int]:
    """Three claims, each with a verdict."""
    numbers = [store.add_claim(NewClaim(f"The bridge cost {cost} million.")).id for cost in (3, 4, 5)]
    for number in numbers:
        store.verdicts.add(number, NewVerdict("False", publisher=f"Desk {number}"))
    return numbers


def said(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that says something, as it is in the file."""
    return {table: [tuple(row) for row in store.rows(f"SELECT * FROM {table} ORDER BY id")] for table in TABLES}


def listed(store: Store) -> set[int]:
    return {one.claim.id for one in store.list_claims()}


def test_a_retracted_verdict_is_not_current_and_can_come_back(store: Store, three: list[int]) -> None:
    """It stays readable with who, when and why; undoing the event brings it back as it was."""
    before = said(store)
    event = store.curation.retract_verdict(1, because="the source withdrew it")
    assert store.verdicts.current(three[0]) == []
    (verdict,) = store.verdicts.of_claim(three[0])
    assert verdict.retracted
    assert (verdict.retracted.event_id, verdict.retracted.author) == (event, "tester")
    assert verdict.retracted.because == "the source withdrew it"
    assert [one.claim.id for one in store.list_claims(unverified=True)] == [three[0]]
    store.curation.undo(event, because="it did not")
    assert [one.id for one in store.verdicts.current(three[0])] == [1]
    assert said(store) == before


def test_only_a_current_verdict_can_be_retracted(store: Store, three: list[int]) -> None:
    """Not one that was superseded, nor one twice, nor one that is not there."""
    store.verdicts.add(three[0], TRUE, supersedes=1, because="a slip")
    with pytest.raises(InvalidClaim, match="superseded by verdict 4"):
        store.curation.retract_verdict(1)
    store.curation.retract_verdict(4)
    with pytest.raises(InvalidClaim, match="retracted before"):
        store.curation.retract_verdict(4)
    with pytest.raises(ClaimNotFound, match="verdict 99"):
        store.curation.retract_verdict(99)
    assert store.verdicts.current(three[0]) == []


def test_what_was_retracted_is_not_entered_again_by_accident(store: Store, three: list[int]) -> None:
    """By hand it is refused with the way back; a feed that repeats it changes nothing; one that changed it is heard."""
    store.verdicts.add_review(three[0], FALSE)
    event = store.curation.retract_verdict(4)
    with pytest.raises(InvalidClaim, match=f"tracker undo {event}"):
        store.verdicts.add(three[0], FALSE)
    assert store.verdicts.add_review(three[0], FALSE) == (4, False)
    changed = NewVerdict("Half true", publisher="Desk A", url=FALSE.url, reviewed_on=date(2023, 1, 1))
    number, new = store.verdicts.add_review(three[0], changed)
    assert new
    assert [one.id for one in store.verdicts.current(three[0])] == [1, number]


def test_a_retracted_claim_is_in_no_list_and_still_readable(store: Store, three: list[int]) -> None:
    """Its verdicts stay on it; its words do not make a new claim; undo brings it back."""
    event = store.curation.retract_claim(three[1], because="no claim at all")
    assert listed(store) == {three[0], three[2]}
    record = store.record(three[1])
    assert record.retracted
    assert (record.retracted.because, len(record.verdicts)) == ("no claim at all", 1)
    assert [one.claim.id for one in store.entries()] == [three[0], three[2]]
    again = store.claim_like(NewClaim("The bridge cost 4 million."))
    assert again
    assert again.id == three[1]
    with pytest.raises(InvalidClaim, match=f"tracker undo {event}"):
        store.curation.retract_claim(three[1])
    store.curation.undo(event)
    assert listed(store) == set(three)


def test_two_entries_of_one_claim_become_one(store: Store, three: list[int]) -> None:
    """Verdicts, appearances and feed ids are the kept one's; the old id leads to it; undo parts them as they were."""
    kept, gone, _ = three
    store.add_external_id(gone, "Desk A", "a-1")
    article, _ = store.appearances.add_article(Article("a.txt", "The bridge cost 4 million."))
    store.appearances.add(gone, article, Statement("The bridge cost 4 million.", 0, 26, 0.9))
    before, alone = said(store), store.record(gone)
    event = store.curation.merge(kept, gone, because="the same bridge")
    record = store.record(gone)
    assert record == store.record(kept)
    assert (record.claim.id, [entry.id for entry in record.merged]) == (kept, [gone])
    assert [one.publisher for one in record.verdicts] == [f"Desk {kept}", f"Desk {gone}"]
    assert [seen.quote for seen in record.appearances] == ["The bridge cost 4 million."]
    assert record.external_ids == (("Desk A", "a-1"),)
    assert listed(store) == {kept, three[2]}
    assert [one.claim.id for one in store.list_claims(text="4 million")] == [kept]
    assert [one.claim.id for one in store.list_claims(publisher=f"Desk {gone}")] == [kept]
    assert said(store) == before
    store.curation.undo(event)
    assert store.record(gone) == alone
    assert listed(store) == set(three)


def test_merges_form_chains_and_part_in_any_order(store: Store, three: list[int]) -> None:
    """A claim merged into one that is merged itself leads to the last; undoing the inner one leaves the outer."""
    one, two, other = three
    inner = store.curation.merge(one, two)
    outer = store.curation.merge(other, one)
    assert {store.claim(number).id for number in three} == {other}
    assert len(store.record(two).verdicts) == 3
    store.curation.undo(inner)
    assert [store.claim(number).id for number in three] == [other, two, other]
    store.curation.undo(outer)
    assert [store.claim(number).id for number in three] == three
    store.curation.merge(two, one)
    assert store.claim(one).id == two


def test_what_was_said_while_merged_stays_where_it_was_said(store: Store, three: list[int]) -> None:
    """A correction of a verdict on the other entry goes with that entry when the two are parted."""
    kept, gone, _ = three
    event = store.curation.merge(kept, gone)
    number, _ = store.verdicts.add(kept, TRUE, supersedes=gone, because="a slip")
    assert [one.id for one in store.verdicts.current(gone)] == [kept, number]
    store.curation.undo(event)
    assert [one.id for one in store.verdicts.current(gone)] == [number]
    assert [one.id for one in store.verdicts.current(kept)] == [kept]


def test_a_family_is_seen_from_both_sides(store: Store, three: list[int]) -> None:
    """What is broader from here is narrower from there; a link can be undone; the same link is made once."""
    one, two, other = three
    event, is_new = store.curation.link(one, two, "broader", because="says more")
    store.curation.link(one, other, "different-figure")
    assert is_new
    assert store.curation.link(one, two, "broader") == (event, False)
    assert store.curation.link(two, one, "narrower") == (event, False)
    assert [(link.claim.id, link.relation) for link in store.record(two).links] == [(one, "broader")]
    assert [(link.claim.id, link.relation) for link in store.record(one).links] == [
        (two, "narrower"),
        (other, "different-figure"),
    ]
    with pytest.raises(InvalidClaim, match=f"tracker undo {event}"):
        store.curation.link(one, two, "opposite")
    store.curation.undo(event)
    assert store.record(two).links == ()


def test_links_follow_a_merge(store: Store, three: list[int]) -> None:
    """The family of an entry is that of the claim it is read as; claims linked as different are not merged."""
    one, two, other = three
    link, _ = store.curation.link(one, two, "opposite")
    store.curation.merge(other, one)
    assert [found.claim.id for found in store.record(two).links] == [other]
    assert store.curation.families() == {two: [(other, "opposite")], other: [(two, "opposite")]}
    with pytest.raises(InvalidClaim, match=f"linked as opposite; 'tracker undo {link}'"):
        store.curation.merge(two, one)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda store: store.curation.merge(1, 1),
        lambda store: store.curation.merge(1, 2) and store.curation.merge(2, 1),
        lambda store: store.curation.link(1, 1, "related"),
        lambda store: store.curation.link(1, 2, "same"),
        lambda store: store.curation.retract_claim(1) and store.curation.merge(2, 1),
        lambda store: store.curation.retract_claim(1) and store.curation.link(2, 1, "related"),
        lambda store: store.curation.undo(1),
        lambda store: store.curation.undo(store.curation.undo(store.curation.merge(1, 2))),
        lambda store: [store.curation.undo(event) for event in [store.curation.merge(1, 2)] * 2],
    ],
)
@pytest.mark.usefixtures("three")
def test_what_makes_no_sense_is_refused(store: Store, attempt: Callable[[Store], object]) -> None:
    """One line that says why, and the store goes on."""
    with pytest.raises(InvalidClaim):
        attempt(store)
    assert first_break(store.log.events()) is None


@pytest.mark.parametrize("number", [0, -1, 99, 2**63, 10**30])
@pytest.mark.usefixtures("three")
def test_what_is_not_there_is_said_to_be_not_there(store: Store, number: int) -> None:
    """Claims and events of any number."""
    with pytest.raises(ClaimNotFound):
        store.curation.merge(1, number)
    with pytest.raises(ClaimNotFound):
        store.curation.link(number, 1, "related")
    with pytest.raises(ClaimNotFound):
        store.curation.retract_claim(number)
    with pytest.raises(ClaimNotFound):
        store.curation.undo(number)
    with pytest.raises(ClaimNotFound):
        store.curation.retract_verdict(number)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE evidence SET note = 'x'",
        "DELETE FROM evidence",
        "UPDATE articles SET source = 'x'",
        "DELETE FROM articles",
        "UPDATE appearances SET quote = 'x'",
        "DELETE FROM appearances",
        "INSERT OR REPLACE INTO evidence SELECT * FROM evidence",
        "INSERT OR REPLACE INTO articles SELECT * FROM articles",
        "INSERT OR REPLACE INTO appearances SELECT * FROM appearances",
        "INSERT OR REPLACE INTO events SELECT * FROM events",
        "UPDATE events SET because = 'x'",
        "DELETE FROM events",
        "UPDATE external_ids SET claim_id = 2",
    ],
)
def test_the_file_itself_refuses_to_forget(store: Store, three: list[int], sql: str) -> None:
    """Triggers guard what was said against any program that opens the file."""
    store.add_external_id(three[0], "Desk A", "a-1")
    article, _ = store.appearances.add_article(Article("a.txt", "It rained."))
    store.appearances.add(three[0], article, Statement("It rained.", 0, 10, 0.9))
    store.rows("INSERT INTO evidence (verdict_id, url) VALUES (1, 'https://a.example/')")
    before = said(store)
    with pytest.raises(StoreDamaged):
        store.rows(sql)
    assert said(store) == before

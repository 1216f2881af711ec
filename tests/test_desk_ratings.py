"""How a desk reads labels: its own word counts before the publishers' scales, and every change is in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.soundness import assert_whole
from tracker.errors import InvalidClaim
from tracker.models import NewClaim, NewVerdict
from tracker.reports.story import what
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import CommandLine

LABEL = "Flim-flam"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """One claim, with verdicts of two publishers that use one unknown label, and one with a known one."""
    with Store.open(tmp_path / "desk.db") as opened:
        opened.add_claim(NewClaim("It rained."))
        for publisher, rating in (("Desk A", LABEL), ("Desk B", LABEL.upper()), ("Desk B", "False")):
            opened.verdicts.add(1, NewVerdict(rating, publisher=publisher))
        yield opened


def read(store: Store) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.normalized, one.rating_tags) for one in store.record(1).verdicts]


def test_a_label_is_read_as_the_desk_says(store: Store) -> None:
    """In all verdicts, or in one publisher's, which comes first; what was published stays as it is."""
    unknown = ("unrated", ())
    assert read(store) == [unknown, unknown, ("false", ())]
    store.ratings.use("flim flam", "mostly-false", tags=["Hoax story"])
    assert read(store) == [("mostly-false", ("hoax-story",))] * 2 + [("false", ())]
    store.ratings.use(LABEL, "true", publisher="desk a")
    assert read(store) == [("true", ()), ("mostly-false", ("hoax-story",)), ("false", ())]
    assert [one.rating for one in store.record(1).verdicts] == [LABEL, LABEL.upper(), "False"]
    assert store.ratings.forget(LABEL)
    assert not store.ratings.forget(LABEL)
    assert read(store) == [("true", ()), unknown, ("false", ())]
    assert_whole(store)


def test_listing_and_counting_follow(store: Store) -> None:
    """`list --rating` and `stats` read as the desk does."""
    assert not store.list_claims(rating="mostly-false")
    store.ratings.use(LABEL, "mostly-false", publisher="Desk B")
    assert [one.claim.id for one in store.list_claims(rating="mostly-false")] == [1]
    assert dict(store.tallies.of_verdicts("normalized")) == {"false": 1, "mostly-false": 1, "unrated": 1}
    found = {(one.publisher, one.rating): one.reading.normalized for one in store.ratings.found()}
    assert found == {
        ("Desk A", LABEL): "unrated",
        ("Desk B", LABEL.upper()): "mostly-false",
        ("Desk B", "False"): "false",
    }


def test_each_change_is_told_and_kept(store: Store, tmp_path: Path) -> None:
    """The log names the label, how it is read, and why; another process that has the store open reads it too."""
    with Store.open(tmp_path / "desk.db") as other:
        assert read(other)[0][0] == "unrated"
        store.ratings.use(LABEL, "unproven", publisher="Desk A", because="their editor said so")
        assert read(other)[0][0] == "unproven"
    store.ratings.use(LABEL, "unproven", publisher="Desk A")  # says nothing new
    store.ratings.forget(LABEL, publisher="Desk A")
    told = [(what(event), event.because) for event in store.log.events(["kind = 'rating-mapped'"])]
    assert told == [
        ("the desk's ratings: now read: “flim flam” of desk a as unproven", "their editor said so"),
        ("the desk's ratings: no longer: “flim flam” of desk a as unproven", None),
    ]
    assert store.setting("ratings") is None


@pytest.mark.parametrize(
    ("label", "rating", "tags"), [("", "true", []), ("“ ”", "true", []), (LABEL, "wrong", []), (LABEL, "true", ["a,b"])]
)
def test_what_cannot_be_a_reading_is_refused(store: Store, label: str, rating: str, tags: list[str]) -> None:
    """No words, a rating that is none of ours, a tag with a comma."""
    with pytest.raises(InvalidClaim):
        store.ratings.use(label, rating, tags=tags)
    assert store.setting("ratings") is None


@pytest.mark.parametrize("publisher", ["—", "", "?"])
def test_a_publisher_without_a_name_is_not_everybody(store: Store, publisher: str) -> None:
    """Else a slip would change how everybody's label is read."""
    with pytest.raises(InvalidClaim, match="no name"):
        store.ratings.use(LABEL, "true", publisher=publisher)
    assert store.setting("ratings") is None


def test_what_the_desk_says_of_a_label_covers_verdicts(store: Store) -> None:
    """Those that are read by it, neither superseded nor retracted; one publisher's mapping goes before that for all."""
    assert store.ratings.covered(LABEL) == 0
    store.ratings.use(LABEL, "false")
    assert (store.ratings.covered("flim flam"), store.ratings.covered(LABEL, "Desk A")) == (2, 0)
    store.ratings.use(LABEL, "false", publisher="desk b")
    assert (store.ratings.covered(LABEL), store.ratings.covered(LABEL, "Desk B")) == (1, 1)
    store.ratings.use("False", "false")  # as it is read anyway
    assert store.ratings.covered("False") == 1
    store.curation.retract_verdict(1)
    assert store.ratings.covered(LABEL) == 0


def test_a_label_is_read_in_the_language_of_its_claim(tmp_path: Path) -> None:
    """Many words are a verdict in one language and a name in another; an entry's language is that of its review."""
    with Store.open(tmp_path / "other.db") as store:
        for language in ("et", "et-EE", "de", None):
            number = store.add_claim(NewClaim(f"It rained ({language}).", language=language)).id
            store.verdicts.add(number, NewVerdict("Vale"))
        found = [store.record(number).verdicts[0] for number in (1, 2, 3, 4)]
        assert [one.normalized for one in found] == ["false", "false", "unrated", "unrated"]
        assert found[0].rating_rule == "label: et"
        assert {one.reading.normalized: one.count for one in store.ratings.found()} == {"false": 2, "unrated": 2}


def test_the_commands(cli: CommandLine) -> None:
    """List what is not read, map it, see it read; a label that was not mapped cannot be unmapped."""
    cli("add", "It rained.", "--rating", LABEL, "--publisher", "Desk A")
    listed = cli("ratings", "--unknown")
    assert f"1  “{LABEL}” (Desk A): unrated" in listed.out
    assert "tracker ratings map" in listed.out
    mapped = cli("ratings", "map", LABEL, "false", "--publisher", "Desk A", "--tag", "hoax", "--because", "asked")
    assert mapped.out == f"“{LABEL}” of Desk A is read as false, hoax\n1 verdict is read so\n"
    slip = cli("ratings", "map", LABEL, "false", "--publisher", "Desk AA")
    assert slip.out.splitlines()[1].startswith("no verdict is read so yet; 'tracker ratings' lists")
    assert cli("ratings", "--unknown").out == "every rating is read\n"
    [verdict] = cli("show", "1", "--json").json["verdicts"]
    assert (verdict["rating"], verdict["normalized"], verdict["tags"]) == (LABEL, "false", ["hoax"])
    assert "now read" in cli("log", "--kind", "rating-mapped").out
    assert cli("ratings", "map", LABEL, "falsch").code == 5
    assert cli("ratings", "unmap", LABEL).code == 2
    assert cli("ratings", "unmap", LABEL, "--publisher", "desk a").code == 0
    assert cli("ratings", "--json").json["ratings"][0]["normalized"] == "unrated"

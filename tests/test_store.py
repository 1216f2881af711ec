"""The store: what is said stays said."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tracker.errors import ClaimNotFound, InvalidClaim, StoreDamaged
from tracker.models import Article, NewClaim, NewVerdict, Statement
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FALSE = NewVerdict("False", publisher="Desk A", url="https://a.example/1", reviewed_on=date(2022, 7, 1))
TRUE = NewVerdict("True", publisher="Desk B")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "desk.db") as opened:
        yield opened


def test_claim_comes_back_as_it_went_in(store: Store) -> None:
    """Every field of a claim survives, whatever its script or its quotation marks."""
    new = NewClaim("“Ärzte'; DROP TABLE claims;--” 健康 🩺", "x-1", "A title", "Dr. Who", date(2020, 2, 29), "de", 0.25)
    stored = store.add_claim(new)
    assert store.claim(stored.id) == stored
    assert {name: getattr(stored, name) for name in NewClaim.__dataclass_fields__} == {
        name: getattr(new, name) for name in NewClaim.__dataclass_fields__
    }


def test_verdicts_of_several_publishers_stand_side_by_side(store: Store) -> None:
    """A second verdict is added to the first; neither changes the other."""
    claim = store.add_claim(NewClaim("The moon is made of cheese."))
    store.verdicts.add(claim.id, FALSE)
    store.verdicts.add(claim.id, TRUE)
    ratings = [(v.publisher, v.rating, v.normalized) for v in store.record(claim.id).verdicts]
    assert ratings == [("Desk A", "False", "false"), ("Desk B", "True", "true")]


def test_the_same_verdict_is_recorded_once(store: Store) -> None:
    """Entering exactly the same verdict again gives the id it has."""
    claim = store.add_claim(NewClaim("The moon is made of cheese."))
    first, is_new = store.verdicts.add(claim.id, FALSE)
    assert is_new
    assert store.verdicts.add(claim.id, FALSE) == (first, False)
    assert len(store.record(claim.id).verdicts) == 1


def test_a_changed_review_supersedes_the_old_one_and_both_stay(store: Store) -> None:
    """A feed's review that says something else now becomes a new verdict; the old one is readable and marked."""
    claim = store.add_claim(NewClaim("The moon is made of cheese."))
    first, _ = store.verdicts.add_review(claim.id, FALSE)
    changed = NewVerdict("Mostly false", publisher="Desk A", url=FALSE.url)
    second, is_new = store.verdicts.add_review(claim.id, changed)
    old, new = store.record(claim.id).verdicts
    assert is_new
    assert (old.id, old.rating, old.superseded_by) == (first, "False", second)
    assert (new.rating, new.superseded_by) == ("Mostly false", None)
    again, is_new = store.verdicts.add_review(claim.id, FALSE)
    assert is_new
    assert [v.rating for v in store.verdicts.current(claim.id)] == ["False"]
    assert store.record(claim.id).verdicts[1].superseded_by == again


def test_only_the_same_review_supersedes(store: Store) -> None:
    """Another publisher's verdict at the same address, or one without an address, stands beside what is there."""
    claim = store.add_claim(NewClaim("Crows can count to four."))
    reviews = [
        NewVerdict("True"),
        NewVerdict("False"),
        NewVerdict("True", publisher="Our desk", url="https://ff.example/2"),
        NewVerdict("False", publisher="Full Fact", url="https://ff.example/2"),
        NewVerdict("False", publisher="Our desk"),
    ]
    for review in reviews:
        store.verdicts.add_review(claim.id, review)
    assert len(store.verdicts.current(claim.id)) == len(reviews)


def test_an_older_review_does_not_win(store: Store) -> None:
    """A feed read late changes nothing, and one that was superseded before is known."""
    claim = store.add_claim(NewClaim("Crows can count to four."))
    old = NewVerdict("False", publisher="FF", url="https://ff.example/2", reviewed_on=date(2020, 1, 1))
    new = NewVerdict("Retracted", publisher="FF", url="https://ff.example/2", reviewed_on=date(2023, 5, 1))
    first, _ = store.verdicts.add_review(claim.id, old)
    store.verdicts.add_review(claim.id, new)
    assert store.verdicts.add_review(claim.id, old) == (first, False)
    with pytest.raises(InvalidClaim, match="older than the one recorded"):
        store.verdicts.add_review(claim.id, NewVerdict("Fake", "FF", None, "https://ff.example/2", date(2021, 1, 1)))
    assert [verdict.rating for verdict in store.verdicts.current(claim.id)] == ["Retracted"]


def test_a_correction_names_what_it_corrects(store: Store) -> None:
    """A verdict may supersede a current one of the same claim, once; the wrong one stays readable."""
    claim, other = (store.add_claim(NewClaim(text)) for text in ("The moon is made of cheese.", "It rains."))
    wrong, _ = store.verdicts.add(claim.id, TRUE)
    right, _ = store.verdicts.add(claim.id, FALSE, supersedes=wrong)
    assert [v.id for v in store.verdicts.current(claim.id)] == [right]
    assert store.record(claim.id).verdicts[0].superseded_by == right
    for claim_id, number in ((claim.id, wrong), (other.id, right), (claim.id, 99)):
        with pytest.raises(InvalidClaim, match="not current"):
            store.verdicts.add(claim_id, NewVerdict("Mixed"), supersedes=number)


def test_the_same_words_by_another_person_are_another_claim(store: Store) -> None:
    """What is true of one is false of another; without a claimant the text decides."""
    first = store.add_claim(NewClaim("He voted against the bill.", claimant="A. Mayor"))
    assert store.claim_like(NewClaim("He voted against the bill", claimant="B. Mayor")) is None
    assert store.claim_like(NewClaim("he voted against the bill", claimant="a. MAYOR")) == first
    assert store.claim_like(NewClaim("He voted against the bill.")) == first


def test_ids_belong_to_their_publisher(store: Store) -> None:
    """Two feeds may both have a claim 1; one feed's two ids are two claims, whatever the text."""
    first = store.add_claim(NewClaim("It rains.", "1"), publisher="A")
    assert store.claim_of_feed("A", "1") == store.claim(first.id)
    assert store.claim_of_feed("B", "1") is None
    assert store.claim_like(NewClaim("It rains.", "7"), publisher="B") == store.claim(first.id)
    assert store.claim_like(NewClaim("It rains.", "2"), publisher="A") is None
    second = store.add_claim(NewClaim("It snows.", "1"), publisher="B")
    with pytest.raises(InvalidClaim, match=f"is claim {second.id}"):
        store.add_external_id(first.id, "B", "1")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE verdicts SET rating = 'True'",
        "DELETE FROM verdicts",
        "INSERT OR REPLACE INTO verdicts (id, claim_id, rating, author, recorded_at) VALUES (1, 1, 'True', 'x', 'now')",
        "UPDATE claims SET text = 'something else'",
        "DELETE FROM claims",
        "INSERT OR REPLACE INTO claims (id, text, text_key, recorded_at) VALUES (1, 'x', 'x', 'now')",
        "REPLACE INTO verdicts (claim_id, rating, supersedes, author, recorded_at) VALUES (1, 'True', 1, 'x', 'now')",
        "REPLACE INTO events (id, recorded_at, author, kind) VALUES (1, 'now', 'x', 'x')",
        "DELETE FROM external_ids",
        "REPLACE INTO external_ids (publisher, external_id, claim_id) VALUES ('Desk A', 'a-1', 1)",
        "UPDATE events SET author = 'somebody else'",
        "DELETE FROM events",
    ],
)
def test_nothing_said_can_be_overwritten(store: Store, sql: str) -> None:
    """The file itself refuses to change or delete a verdict, a claim or an event, whoever asks."""
    claim = store.add_claim(NewClaim("The moon is made of cheese.", "a-1"), publisher="Desk A")
    first, _ = store.verdicts.add(claim.id, FALSE)
    store.verdicts.add(claim.id, TRUE, supersedes=first)
    before = store.record(claim.id), store.tallies.of_rows()
    other = sqlite3.connect(store.path)
    with pytest.raises(sqlite3.IntegrityError):
        other.execute(sql)
    other.close()
    assert (store.record(claim.id), store.tallies.of_rows()) == before


def test_a_failing_write_leaves_nothing_behind(store: Store) -> None:
    """An error in the middle of a transaction takes back what came before it."""

    def half_a_transaction() -> None:
        with store.writing():
            store.add_claim(NewClaim("Half a transaction."))
            store.verdicts.add(999, FALSE)

    with pytest.raises(ClaimNotFound):
        half_a_transaction()
    assert store.tallies.of_rows() | {"events": 0} == dict.fromkeys(store.tallies.of_rows(), 0)


def test_every_write_leaves_an_event(store: Store) -> None:
    """The log names what was added, to what, and by whom."""
    claim = store.add_claim(NewClaim("The moon is made of cheese."))
    store.verdicts.add(claim.id, FALSE)
    store.appearances.add_article(Article("a.txt", "The moon is made of cheese."))
    events = store.rows("SELECT kind, author, claim_id, verdict_id, article_id FROM events ORDER BY id")
    assert [tuple(event) for event in events] == [
        ("claim-added", "tester", claim.id, None, None),
        ("verdict-added", "tester", claim.id, 1, None),
        ("article-saved", "tester", None, None, 1),
    ]


def test_unknown_claim(store: Store) -> None:
    """A claim that is not there is an error with its number, not an empty answer."""
    with pytest.raises(ClaimNotFound, match="claim 7"):
        store.record(7)
    with pytest.raises(ClaimNotFound, match="claim 7"):
        store.verdicts.add(7, FALSE)


def test_a_verdict_needs_something_to_say(store: Store) -> None:
    """A verdict without rating, address and explanation is refused, and so is a period that ends before it begins."""
    claim = store.add_claim(NewClaim("The moon is made of cheese."))
    with pytest.raises(InvalidClaim):
        store.verdicts.add(claim.id, NewVerdict("  ", publisher="Desk A"))
    with pytest.raises(InvalidClaim):
        store.verdicts.add(claim.id, NewVerdict("True", valid_from=date(2022, 2, 1), valid_to=date(2022, 1, 1)))


def test_list_filters(store: Store) -> None:
    """Rating (own words or normalised), publisher, text and the queue each pick the claims they should."""
    cheese = store.add_claim(NewClaim("The moon is made of cheese.", check_worthiness=0.2))
    flat = store.add_claim(NewClaim("The earth is flat.", check_worthiness=0.9))
    store.add_claim(NewClaim("It rains."))
    store.verdicts.add(cheese.id, NewVerdict("Pants on Fire!", publisher="Desk A"))

    def texts(**how: Any) -> list[str]:
        return [one.claim.text for one in store.list_claims(**how)]

    assert texts() == ["It rains.", "The earth is flat.", "The moon is made of cheese."]
    assert texts(rating="false") == texts(rating="pants on fire!") == texts(publisher="desk a") == [cheese.text]
    assert texts(rating="true") == texts(publisher="desk") == []
    assert texts(text="EARTH") == [flat.text]
    assert texts(text="%") == []
    assert texts(unverified=True) == ["The earth is flat.", "It rains."]
    assert texts(limit=1) == ["It rains."]


def test_filters_know_every_alphabet(store: Store) -> None:
    """Capitals and accents make no difference in other languages either."""
    claim = store.add_claim(NewClaim("O\u0308sterreich hat gewonnen."))
    store.verdicts.add(claim.id, NewVerdict("Falsch", publisher="ČT24"))
    assert [one.claim for one in store.list_claims(text="österreich", publisher="čt24")] == [claim]


def test_words_are_found_as_words(store: Store) -> None:
    """Full-text search stems, folds accents, and ranks the claim with more of the words first."""
    store.add_claim(NewClaim("Nurses were vaccinated in Málaga."))
    store.add_claim(NewClaim("The vaccine was tested."))
    store.add_claim(NewClaim("It rains."))
    assert store.find_words('"vaccinate" OR "malaga"', 5) == [1, 2]
    assert store.find_words('"vaccinate" OR "malaga"', 1) == [1]
    assert store.find_words('"cheese"', 5) == []


def test_an_article_and_its_appearances_are_kept_once(store: Store) -> None:
    """The same text is the same article under any name; a place in it is noted once."""
    text = "The moon is made of cheese. It rains."
    number, is_new = store.appearances.add_article(Article("a.txt", text))
    assert is_new
    assert store.appearances.add_article(Article("copy-of-a.txt", text)) == (number, False)
    claim = store.add_claim(NewClaim("The moon is made of cheese."))
    statement = Statement("The moon is made of cheese.", 0, 27, 0.5)
    assert not store.appearances.has(number, statement)
    store.appearances.add(claim.id, number, statement)
    assert store.appearances.has(number, statement)
    seen = store.record(claim.id).appearances[0]
    assert (seen.source, text[seen.start : seen.end]) == ("a.txt", claim.text)


def test_two_processes_do_not_undo_each_other(tmp_path: Path) -> None:
    """Two open stores on one file both see what the other has written."""
    with Store.open(tmp_path / "desk.db") as one, Store.open(tmp_path / "desk.db") as other:
        claim = one.add_claim(NewClaim("The moon is made of cheese."))
        other.verdicts.add(claim.id, FALSE)
        one.verdicts.add(claim.id, TRUE)
        assert len(other.record(claim.id).verdicts) == 2


def test_a_damaged_store_is_an_error_not_a_traceback(tmp_path: Path) -> None:
    """A store whose pages were overwritten is reported as damaged."""
    path = tmp_path / "desk.db"
    with Store.open(path) as opened:
        for number in range(500):
            opened.add_claim(NewClaim(f"Claim number {number} of a store that will be damaged."))
        opened.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[8192:-4096] = b"\xff" * (len(data) - 8192 - 4096)
    path.write_bytes(data)
    with pytest.raises(StoreDamaged, match=r"desk\.db"), Store.open(path) as opened:
        opened.list_claims()


def test_a_write_that_fails_half_way_has_not_happened(store: Store) -> None:
    """What was written before the failure is taken back, the event too; the store goes on."""
    store.add_claim(NewClaim("It snows."))
    before = (store.claim_count(), store.log.head())

    def two() -> None:
        with store.writing():
            store.add_claim(NewClaim("It rains."))
            store.add_claim(NewClaim(""))

    with pytest.raises(InvalidClaim):
        two()
    assert (store.claim_count(), store.log.head()) == before
    assert store.add_claim(NewClaim("It rains.")).id == 2


def test_a_write_inside_a_reading_is_a_bug(store: Store) -> None:
    """It would be lost with the reading's end, so it is refused loudly; reading goes on after."""
    with store.reading(), pytest.raises(RuntimeError, match="reading"):
        store.add_claim(NewClaim("It rains."))
    store.add_claim(NewClaim("It rains."))


def test_what_the_desk_corrected_stays_corrected(store: Store) -> None:
    """The same feed again does not bring back what was corrected by hand; a new word of the publisher counts."""
    claim = store.add_claim(NewClaim("The moon is made of cheese.")).id
    first, _ = store.verdicts.add_review(claim, FALSE)
    second, _ = store.verdicts.add(claim, TRUE, supersedes=first, because="we looked again")
    assert store.verdicts.add_review(claim, FALSE) == (first, False)
    assert [one.id for one in store.verdicts.current(claim)] == [second]
    third, new = store.verdicts.add_review(claim, replace(FALSE, rating="Half true", reviewed_on=date(2023, 1, 1)))
    assert new
    assert [one.id for one in store.verdicts.current(claim)] == [second, third]


def test_a_correction_that_says_what_is_there_is_refused(store: Store) -> None:
    """It would leave the wrong verdict standing; the way out is named. The same correction twice is one."""
    claim = store.add_claim(NewClaim("The moon is made of cheese.")).id
    first, _ = store.verdicts.add(claim, FALSE)
    store.verdicts.add(claim, TRUE)
    with pytest.raises(InvalidClaim, match="tracker retract 1"):
        store.verdicts.add(claim, TRUE, supersedes=first)
    other = replace(TRUE, rating="Half true")
    number, _ = store.verdicts.add(claim, other, supersedes=first)
    assert store.verdicts.add(claim, other, supersedes=first) == (number, False)


def test_a_review_without_an_address_that_was_corrected_stays_corrected(store: Store) -> None:
    """What was corrected by hand is known by its words, too."""
    claim = store.add_claim(NewClaim("The tower is 300 metres high.")).id
    plain = NewVerdict("False", publisher="Acme", reviewed_on=date(2022, 1, 1))
    first, _ = store.verdicts.add_review(claim, plain)
    second, _ = store.verdicts.add(claim, replace(plain, rating="True"), supersedes=first, because="misread")
    assert store.verdicts.add_review(claim, plain) == (first, False)
    assert [one.id for one in store.verdicts.current(claim)] == [second]


def test_an_older_dump_does_not_undo_two_corrections(store: Store) -> None:
    """A verdict that the feed itself replaced, and the desk then corrected, is not brought back by the old feed."""
    claim = store.add_claim(NewClaim("The tower is 300 metres high.")).id
    first, _ = store.verdicts.add_review(claim, FALSE)
    second, _ = store.verdicts.add_review(claim, replace(FALSE, rating="Mostly false", reviewed_on=date(2022, 8, 1)))
    third, _ = store.verdicts.add(
        claim, replace(TRUE, url="https://b.example/"), supersedes=second, because="we looked"
    )
    assert store.verdicts.add_review(claim, FALSE) == (first, False)
    assert [one.id for one in store.verdicts.current(claim)] == [third]


def test_only_a_new_conclusion_lifts_a_retraction(store: Store) -> None:
    """A full stop in the explanation does not; another rating does."""
    claim = store.add_claim(NewClaim("The tower is 300 metres high.")).id
    first, _ = store.verdicts.add_review(claim, FALSE)
    store.curation.retract_verdict(first, because="hoax site")
    assert store.verdicts.add_review(claim, replace(FALSE, explanation="Other words.")) == (first, False)
    assert store.verdicts.current(claim) == []
    assert store.verdicts.add_review(claim, replace(FALSE, rating="True"))[1]


def test_one_review_may_hold_for_two_periods(store: Store) -> None:
    """True in 2022 and false since 2024, on one page: two verdicts. Two words for one period are a correction."""
    claim = store.add_claim(NewClaim("The dam is full.")).id
    then = replace(TRUE, url="https://b.example/dam", valid_from=date(2022, 1, 1), valid_to=date(2023, 12, 31))
    since = replace(then, rating="False", valid_from=date(2024, 1, 1), valid_to=None)
    store.verdicts.add_review(claim, then)
    store.verdicts.add_review(claim, since)
    assert len(store.verdicts.current(claim)) == 2
    with pytest.raises(InvalidClaim, match="--supersedes 2"):
        store.verdicts.add(claim, replace(since, rating="Half true"))


def test_entries_that_are_one_keep_their_own_verdicts(store: Store) -> None:
    """The same words on a merged entry are recorded there, and a feed's change reaches each entry's own review."""
    one, other = (store.add_claim(NewClaim(text)).id for text in ("It rains a lot.", "There is a lot of rain."))
    for entry in (one, other):
        store.verdicts.add_review(entry, FALSE)
    event = store.curation.merge(one, other)
    changed = replace(FALSE, rating="True", reviewed_on=date(2023, 1, 1))
    assert [store.verdicts.add_review(entry, changed)[1] for entry in (one, other)] == [True, True]
    assert {verdict.rating for verdict in store.verdicts.current(one)} == {"True"}
    assert store.verdicts.add(one, TRUE)[1]
    assert store.verdicts.add(other, TRUE)[1]
    store.curation.undo(event)
    assert [verdict.rating for verdict in store.verdicts.current(other)] == ["True", "True"]


def test_a_claim_that_stands_is_known_before_one_that_is_retracted(store: Store) -> None:
    """Two claims of one text: a new word about it goes to the one that stands."""
    ann = store.add_claim(NewClaim("The dam is full.", claimant="Ann")).id
    bob = store.add_claim(NewClaim("The dam is full.", claimant="Bob")).id
    store.curation.retract_claim(ann)
    known = store.claim_like(NewClaim("The dam is full."))
    assert known
    assert known.id == bob


def test_a_row_that_does_not_hold_what_it_must(tmp_path: Path) -> None:
    """Damaged cells are one line that names the row; so is a merge that leads in a circle no hang."""
    with Store.open(tmp_path / "desk.db") as opened:
        for text in ("It rains.", "It pours."):
            opened.verdicts.add(opened.add_claim(NewClaim(text)).id, FALSE)
        opened.rows("DROP TRIGGER verdicts_are_never_overwritten")
        opened.rows("UPDATE verdicts SET recorded_at = 'X026' WHERE id = 1")
        with pytest.raises(StoreDamaged, match="verdict 1: damaged"):
            opened.record(1)
        opened.rows("INSERT INTO merged VALUES (1, 2, 1), (2, 1, 1)")
        with pytest.raises(StoreDamaged, match="verdict 1: damaged"):
            opened.record(2)

"""Words in a large store: the postings find what FTS5 finds, and never more than they can be checked for."""

from __future__ import annotations

import logging
import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tracker import doctor, postings
from tracker.models import NewClaim
from tracker.postings import ByWords, building, postings_path, ranking
from tracker.postings.file import PostingsFile, state_of
from tracker.postings.ranking import Weighted, best
from tracker.postings.tokens import TOKENIZER, terms
from tracker.store import Store
from tracker.words import fts_query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGE = 200
NAMES = [f"name{letter}{number}" for letter in "abcdef" for number in range(30)]
COMMON = ["vaccine", "vaccines", "voting", "taxes", "Größe", "Zoë", "don't", "40,000", "1.5", "O'Brien", "US", "war's"]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores of two hundred claims are large here."""
    monkeypatch.setattr(postings, "LARGE", LARGE)


def fill(store: Store, count: int, seed: int = 1) -> None:
    """Claims of few and many words, rare and common ones, some of them twice."""
    pick = random.Random(seed)
    with store.writing():
        for _ in range(count):
            words = pick.choices(COMMON, k=pick.randrange(1, 6)) + pick.choices(NAMES, k=pick.randrange(12))
            title = " ".join(pick.choices(COMMON, k=3)) if pick.random() < 0.3 else None
            store.add_claim(NewClaim(" ".join(pick.sample(words, len(words))), title=title))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with 400 claims and their postings."""
    with Store.open(tmp_path / "desk.db") as opened:
        fill(opened, 400)
        ByWords(opened).keep()
        yield opened


def ranked(store: Store, text: str) -> dict[int, float]:
    """Every claim that FTS5 finds, with its BM25, best first."""
    sql = "SELECT rowid, -rank FROM claims_fts WHERE claims_fts MATCH ? ORDER BY rank, rowid"
    return {row[0]: row[1] for row in store.rows(sql, [fts_query(text)])}


def assert_as_fts5(store: Store, by_words: ByWords, text: str, k: int = 20, within: float = 0.01) -> None:
    """Fail unless the claims found are the best that there are, but for what is alike within the share given."""
    right = ranked(store, text)
    found = by_words.find(text, k)
    assert len(found) == len(set(found)) == min(k, len(right))
    scores = [right[claim] for claim in found]
    for score, ideal in zip(scores, right.values(), strict=False):
        assert score == pytest.approx(ideal, rel=within, abs=1e-3), (text, found)


def questions(seed: int, count: int) -> Iterator[str]:
    pick = random.Random(seed)
    simple = [word for word in COMMON if len(terms(word)) == 1]
    for _ in range(count):
        yield " ".join(pick.choices(NAMES, k=pick.randrange(5)) + pick.choices(simple, k=pick.randrange(1, 5)))


def test_what_is_found_is_what_fts5_finds(store: Store) -> None:
    """Ids and order, by BM25, for rare words and for those that nearly every claim has."""
    by_words = ByWords(store)
    assert by_words._current()
    for text in questions(5, 200):
        assert_as_fts5(store, by_words, text)
        assert_as_fts5(store, by_words, text, k=1)
        assert_as_fts5(store, by_words, text, k=1_000)


@pytest.mark.parametrize(
    "text", ["40,000", "1.5 million", "don't", "O'Brien and the US", "ZOE", "grosse größe", "wars"]
)
def test_words_that_fts5_cuts_or_folds(store: Store, text: str) -> None:
    """The same claims; a word that is cut counts once in each, so their order may differ a little."""
    assert set(ByWords(store).find(text, 1_000)) == set(ranked(store, text))


@pytest.mark.parametrize("text", ["", "?!", "_", "\0", "nowhereword", '"', "🦠", "NEAR(a b)", "* OR -", "a" * 5_000])
def test_texts_of_anything(store: Store, text: str) -> None:
    """Nothing in a text is a command, and what no claim has finds none."""
    assert ByWords(store).find(text, 5) == []


@given(st.text(max_size=60))
def test_terms_are_those_of_the_stores_own_index(word: str) -> None:
    """A word is cut and folded as FTS5 does it in the store."""
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute(f"CREATE VIRTUAL TABLE words USING fts5 (text, title, tokenize = '{TOKENIZER}')")
        conn.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, instance)")
        try:
            conn.execute("INSERT INTO words (text) VALUES (?)", [word])
        except UnicodeEncodeError:
            return
        found = conn.execute("SELECT CAST(term AS BLOB) FROM vocabulary ORDER BY offset").fetchall()
    assert terms(word) == tuple(term for (term,) in found)


def test_the_tokenizer_is_the_stores(store: Store) -> None:
    """Whoever changes it in a migration must change it here."""
    assert TOKENIZER in store.rows("SELECT sql FROM sqlite_schema WHERE name = 'claims_fts'")[0][0]


def test_claims_that_came_since_are_found(store: Store) -> None:
    """With those from before, in one ranking; the file is written anew when they are many."""
    written = postings_path(store.path).stat().st_mtime_ns
    fill(store, 7, seed=2)
    new = store.add_claim(NewClaim("Somebody saw the unheardofword and namea1.")).id
    by_words = ByWords(store)
    by_words.keep()
    assert postings_path(store.path).stat().st_mtime_ns == written
    assert by_words.find("unheardofword", 5) == [new]
    assert new in by_words.find("namea1", 100)
    for text in questions(6, 100):
        assert_as_fts5(store, by_words, text, within=0.05)  # the mean is that of before
    fill(store, 10, seed=3)
    by_words.keep()
    assert postings_path(store.path).stat().st_mtime_ns > written
    held = by_words._current()
    assert held
    assert held.last == 418
    for text in questions(7, 100):
        assert_as_fts5(store, by_words, text)


def test_a_store_that_is_not_large_has_no_file(tmp_path: Path) -> None:
    """FTS5 answers alone."""
    with Store.open(tmp_path / "small.db") as store:
        fill(store, LARGE)
        by_words = ByWords(store)
        by_words.keep()
        assert not postings_path(store.path).exists()
        assert by_words.find("namea1 taxes", 10) == store.find_words(fts_query("namea1 taxes"), 10) != []


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _cut_in_the_directory(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:600])


def _lists_of_zeros(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3_000] + bytes(3_000))


def _garbage(path: Path) -> None:
    path.write_bytes(b"\xff" * 5_000)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _older(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"claim-tracker words 1", b"claim-tracker words 0"))


def _forged(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"claim": 400', b'"claim": 300'))


@pytest.mark.parametrize(
    "harm", [_cut, _cut_in_the_directory, _lists_of_zeros, _garbage, _empty, _folder, _older, _forged]
)
def test_a_damaged_file_costs_no_answer(store: Store, harm: object, caplog: pytest.LogCaptureFixture) -> None:
    """FTS5 answers instead, and one line says so."""
    assert callable(harm)
    harm(postings_path(store.path))
    caplog.set_level(logging.INFO)
    by_words = ByWords(store)
    for text in (*questions(8, 40), *NAMES, *COMMON):
        assert_as_fts5(store, by_words, text, k=5, within=0.5 if "'" in text or "," in text or "." in text else 0.01)
    assert len([one for one in caplog.messages if one.startswith("desk.db.words: ")]) == 1


def test_a_file_of_another_history(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """A store that is put back and goes on otherwise has other claims under the same numbers."""
    with closing(sqlite3.connect(":memory:")) as copy, closing(sqlite3.connect(store.path)) as conn:
        conn.backup(copy)
        fill(store, 20, seed=4)
        ByWords(store).keep()
        copy.backup(conn)
    fill(store, 20, seed=5)
    caplog.set_level(logging.INFO)
    by_words = ByWords(store)
    for text in questions(9, 40):
        assert_as_fts5(store, by_words, text)
    assert "of other claims than the store has" in caplog.text
    by_words.keep()
    assert by_words._current()


def test_an_open_file_that_is_replaced_meanwhile(store: Store) -> None:
    """Whoever has it open goes on with it until the store has changed."""
    by_words = ByWords(store)
    assert by_words.find("namea1 taxes", 10)
    _garbage(postings_path(store.path).with_name("other"))
    postings_path(store.path).with_name("other").replace(postings_path(store.path))
    assert_as_fts5(store, by_words, "nameb2 voting")
    assert by_words._postings


def test_a_list_that_is_damaged_is_written_anew(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """What the line says helps: the file goes, and the next `reindex` makes it again."""
    _lists_of_zeros(postings_path(store.path))
    by_words = ByWords(store)
    for text in (*NAMES, *COMMON):
        by_words.find(text, 5)
    assert "until 'tracker reindex'" in caplog.text
    by_words.keep()
    caplog.clear()
    for text in (*NAMES, *COMMON):
        by_words.find(text, 5)
    assert (caplog.messages, by_words._current() is not None) == ([], True)


@pytest.mark.parametrize("lost", [1, 500])
def test_a_file_that_lost_its_end_is_written_anew(store: Store, lost: int) -> None:
    """Noticed when it is opened, before a list is missed; as is one with more than belongs to it."""
    path = postings_path(store.path)
    whole = path.read_bytes()
    for harmed in (whole[:-lost], whole + b"\0" * lost):
        path.write_bytes(harmed)
        by_words = ByWords(store)
        by_words.keep()
        by_words.close()
        assert path.read_bytes() == whole


def test_a_log_that_does_not_tell_of_the_last_claim(store: Store) -> None:
    """Nothing ties a file to such claims: what there is stays as it is, and FTS5 answers for what came since."""
    written = postings_path(store.path).read_bytes()
    assert state_of(store) == state_of(store, 400) != state_of(store, 0) == (0, "")
    fill(store, 40, seed=12)
    store.rows("DROP TRIGGER events_are_append_only_d")
    store.rows("DELETE FROM events WHERE claim_id = 440")
    assert state_of(store) == (0, "")
    by_words = ByWords(store)
    by_words.keep()
    assert postings_path(store.path).read_bytes() == written
    assert_as_fts5(store, by_words, "namea1 taxes", within=0.15)


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_search_that_is_interrupted_hides_nothing_from_the_next(
    store: Store, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sums are zeros again, wherever it was stopped."""
    by_words = ByWords(store)
    right = by_words.find("namea1 taxes voting", 20)
    least, called = ranking._least_of, []

    def interrupted(scores: object, k: int) -> float:
        called.append(k)
        if len(called) == step:
            raise KeyboardInterrupt
        return least(scores, k)

    with monkeypatch.context() as patched:
        patched.setattr(ranking, "_least_of", interrupted)
        with pytest.raises(KeyboardInterrupt):
            by_words.find("namea1 taxes voting", 20)
    assert by_words.find("namea1 taxes voting", 20) == right


def test_a_word_that_fts5_cuts_within_a_letter(store: Store) -> None:
    """FTS5 takes 32,768 bytes of a word, and a letter may have four: in a question and in a claim, no error."""
    word = "a" + "\U00020000" * 9_000
    by_words = ByWords(store)
    assert by_words.find(word, 5) == []
    new = store.add_claim(NewClaim(word)).id
    fill(store, 20, seed=6)
    by_words.keep()
    held = by_words._current()
    assert held
    assert held.last == 421
    assert by_words.find(word, 5) == [new]
    assert by_words.find("namea1", 5)


def test_what_was_rolled_back_is_not_found(store: Store) -> None:
    """Nothing is written of claims that are not there yet, and what was found inside is not found after."""
    by_words = ByWords(store)
    written = postings_path(store.path).read_bytes()

    def add_and_give_up() -> None:
        with suppress(InterruptedError), store.writing():
            fill(store, 100, seed=9)
            by_words.keep()
            assert max(by_words.find("taxes voting vaccine", 400)) > 400
            raise InterruptedError

    add_and_give_up()
    assert postings_path(store.path).read_bytes() == written
    assert max(by_words.find("taxes voting vaccine", 500)) <= 400
    fill(store, 7, seed=10)
    for text in questions(11, 50):
        assert_as_fts5(store, by_words, text, within=0.15)  # as above


def test_threads_cut_words_each_for_itself() -> None:
    """Four at once give what one gives."""
    words = [f"Word{number} letters" for number in range(400)]
    right = [terms.__wrapped__(word) for word in words]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(terms.__wrapped__, words * 5)) == right * 5


def test_the_file_is_closed_with_the_tracker(store: Store) -> None:
    """However often it was written anew, and before it is: some systems replace no file that is open."""
    by_words = ByWords(store)
    for number in range(4):
        held = by_words._current()
        assert held
        fill(store, 20, seed=20 + number)
        by_words.keep()
        assert held._file.file.closed
    held = by_words._current()
    assert held
    by_words.close()
    assert held._file.file.closed


def test_a_folder_that_cannot_be_written(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept, nothing fails."""
    postings_path(store.path).unlink()
    monkeypatch.setattr("tempfile.mkstemp", lambda **_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    by_words = ByWords(store)
    by_words.keep()
    assert not postings_path(store.path).exists()
    assert_as_fts5(store, by_words, "namea1 taxes")


def test_the_doctor_holds_the_file_against_the_claims(store: Store) -> None:
    """Whole it is no problem, also when claims came since; one that was made of other words is."""
    assert list(doctor._index(store)) == []
    fill(store, 5, seed=2)
    assert list(doctor._index(store)) == []
    path = postings_path(store.path)
    with closing(PostingsFile.open(path, store)) as held:
        start = held.start
    wrong = bytearray(path.read_bytes())
    wrong[start] ^= 1
    path.write_bytes(wrong)
    assert [found.what for found in doctor._index(store)] == ["desk.db.words: does not hold the claims' words"]
    doctor._mend_index(store)
    assert not path.exists()


# --- the ranking ------------------------------------------------------------------------------------------------------

_POSTINGS = st.dictionaries(st.integers(1, 60), st.integers(1, 1000).map(lambda n: n / 128), min_size=1, max_size=60)


@given(st.lists(_POSTINGS, max_size=8), st.integers(1, 20))
def test_the_best_are_those_of_all_sums(words: list[dict[int, float]], k: int) -> None:
    """As if every word of every claim were added up; the sums are zeros again after."""
    import numpy as np

    lists = [
        Weighted(
            np.array(sorted(one), np.int32), np.array([one[n] for n in sorted(one)], np.float32), max(one.values())
        )
        for one in words
    ]
    totals: dict[int, float] = {}
    for one in words:
        for claim, weight in one.items():
            totals[claim] = totals.get(claim, 0) + weight
    sums = np.zeros(61, np.float32)
    assert best(lists, k, sums) == sorted(totals, key=lambda claim: (-totals[claim], claim))[:k]
    assert not sums.any()


def test_a_word_that_is_not_taken_up_is_not_written() -> None:
    """A frequent word that cannot lift a claim into the best is only looked up: its claims have no sums here."""
    import numpy as np

    rare = Weighted(np.array([1], np.int32), np.array([8], np.float32), 8)
    frequent = Weighted(np.arange(1, 90, dtype=np.int32), np.full(89, 0.5, np.float32), 0.5)
    sums = np.zeros(2, np.float32)
    assert best([frequent, rare], 1, sums) == [1]
    assert not sums.any()


def test_the_weight_of_a_term_is_bm25s() -> None:
    """One occurrence in a claim of mean length counts 1; more count more, in a longer claim less, never 2.2."""
    assert building.part(1, 20, 20.0) == pytest.approx(1)
    assert building.part(2, 20, 20.0) == pytest.approx(1.375)
    assert building.part(1, 40, 20.0) < 1 < building.part(1, 10, 20.0)
    assert building.part(10_000, 1, 20.0) < 2.2

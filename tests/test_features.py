"""What matching looks at, each feature against a value worked out by hand."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tracker import rarity
from tracker.features import APART, FROM_VECTORS, GROUPS, NAMES, features, features_of, kinship
from tracker.models import Candidate, Claim, Utterance

SAID = "Biden said the Calder dam broke in 5 villages"
CLAIM = "Dam at Calder broke, 5 of 30 villages flooded, Kyiv says"
DAY = date(2022, 6, 27)


def weigh(*words: str) -> float:
    return rarity.weight(frozenset(words))


def values(said: Utterance | str, claim: Claim | str, **known: Any) -> dict[str, float]:
    statement = Utterance(said) if isinstance(said, str) else said
    return features(statement, Candidate(Claim(claim) if isinstance(claim, str) else claim, **known))


def test_the_names_are_those_of_the_groups() -> None:
    """Every feature has a group and is in one only; what needs vectors is told apart."""
    assert tuple(values(SAID, CLAIM)) == NAMES
    assert len(set(NAMES)) == len(NAMES) == sum(map(len, GROUPS.values()))
    assert {"cosine", "plain cosine", "context"} == FROM_VECTORS


def test_cosines() -> None:
    """As they are; what the sentence before adds is a difference; 0 where there is no vector or nothing before."""
    found = values(SAID, CLAIM, dense=0.5, adapted=0.75, in_context=0.875)
    assert [found[name] for name in ("plain cosine", "cosine", "context")] == [0.5, 0.75, 0.125]
    assert values(SAID, CLAIM, dense=0.5, adapted=0.75)["context"] == 0
    assert values(SAID, CLAIM, dense=0.5, adapted=0.75, in_context=0.5)["context"] == -0.25
    assert {values(SAID, CLAIM)[name] for name in FROM_VECTORS} == {0.0}


def test_words() -> None:
    """Shares of weight in common, both ways; 'said', 'the', 'in', 'of' and 'at' are no telling words."""
    said = ("biden", "calder", "dam", "broke", "5", "villag")
    claim = ("dam", "calder", "broke", "5", "30", "villag", "flood", "kyiv")
    both = ("dam", "calder", "broke", "5", "villag")
    found = values(SAID, CLAIM)
    assert found["shared"] == pytest.approx(math.log1p(weigh(*both)))
    assert found["statement covered"] == pytest.approx(weigh(*both) / weigh(*said))
    assert found["claim covered"] == pytest.approx(weigh(*both) / weigh(*claim))
    assert found["statement length"] == pytest.approx(math.log1p(6))
    assert found["claim length"] == pytest.approx(math.log1p(8))


def test_without_a_title_the_text_stands_for_it() -> None:
    """And with one, words in either count as shared."""
    bare, titled = values(SAID, CLAIM), values(SAID, Claim("It broke.", title="Calder flood"))
    assert bare["title covered"] == bare["claim covered"]
    assert bare["letters of title"] == bare["letters of claim"]
    assert titled["title covered"] == pytest.approx(weigh("calder") / weigh("calder", "flood"))
    assert titled["claim covered"] == pytest.approx(1.0)
    assert titled["shared"] == pytest.approx(math.log1p(weigh("broke", "calder")))


def test_names() -> None:
    """Words with a capital: those of the claim that were said or not, and those that only the statement has."""
    found = values(SAID, CLAIM)
    names = weigh("dam", "calder", "kyiv")
    assert found["names covered"] == pytest.approx(weigh("dam", "calder") / names)
    assert found["names missing"] == pytest.approx(math.log1p(weigh("kyiv")))
    assert found["statement names missing"] == pytest.approx(math.log1p(weigh("biden")))


def test_the_speaker_counts_as_said() -> None:
    """A claim about a person is covered where that person speaks, though he does not name himself."""
    claim = Claim("Kyiv fell.", claimant=None)
    assert values("It fell.", claim)["names covered"] == 0
    found = values(Utterance("It fell.", speaker="Mayor of Kyiv"), claim)
    assert (found["names covered"], found["names missing"], found["claim covered"]) == (1, 0, 1)
    assert found["statement length"] == pytest.approx(math.log1p(1))


def test_letters() -> None:
    """Runs of four letters, across words, without case and signs: 3 of the claim's 5 are said."""
    assert values("xabcdef", "Abcd, ef!")["letters of claim"] == pytest.approx(1 / 4)
    assert values("abcdef", "ABCDEFGH")["letters of claim"] == pytest.approx(3 / 5)
    assert values("abcdef", "abc")["letters of claim"] == 0


@pytest.mark.parametrize(
    ("said", "claim", "shared", "missing"),
    [
        ("5 of 30 villages", "30 villages, 5 dams", 2, 0),
        ("5 dams", "30 villages", 0, 1),
        ("dams", "5 dams, 30 villages, 400 houses", 0, 2),
        ("1, 2 and 3 dams", "3, 2 and 1 dams", 2, 0),
        ("$5 million", "5 million people", 0, 1),
        ("300,000 troops", "300000 troops", 1, 0),
    ],
)
def test_figures(said: str, claim: str, shared: float, missing: float) -> None:
    """Equal in value and unit, however they are written; at most two count."""
    found = values(said, claim)
    assert (found["figures shared"], found["figures missing"]) == (shared, missing)


def test_a_figure_in_the_title_is_shared() -> None:
    """Though it stands in the title alone; what is missing is asked of the claim's text."""
    found = values("5 dams", Claim("Dams broke.", title="5 dams, 7 bridges"))
    assert (found["figures shared"], found["figures missing"]) == (1, 0)


@pytest.mark.parametrize(
    ("speaker", "claimant", "same", "known"),
    [
        ("Joe Biden", "Joe Biden", 1, 1),
        ("President Donald Trump", "Donald Trump", 1, 1),
        ("Donald Trump", "President Donald Trump", 1, 1),
        ("Trump", "Donald Trump", 1, 1),
        ("Donald Trump", "Joe Biden", 0, 1),
        ("Bill Clinton", "Hillary Clinton", 0, 1),
        ("Donald Trump Jr.", "Donald Trump", 0, 1),
        ("Donald Trump", "Donald Trump Jr.", 0, 1),
        ("Donald Trump Jr.", "Donald J. Trump Jr.", 1, 1),
        ("Joe Biden", None, 0, 0),
        (None, "Joe Biden", 0, 0),
        (None, None, 0, 0),
        ("Joe Biden", "?", 0, 1),
    ],
)
def test_speakers(speaker: str | None, claimant: str | None, same: float, known: float) -> None:
    """The same where one name has all words of the other, a son not his father; known where both sides say so."""
    found = values(Utterance(SAID, speaker=speaker), Claim(CLAIM, claimant=claimant))
    assert (found["same speaker"], found["speakers known"]) == (same, known)


@pytest.mark.parametrize(
    ("said_on", "days", "near", "known"),
    [
        (DAY, (DAY,), 1.0, 1),
        (DAY, (date(2022, 7, 7),), math.exp(-1), 1),
        (DAY, (date(2022, 6, 17),), math.exp(-1), 1),
        (DAY, (date(2012, 1, 1), date(2022, 6, 22)), math.exp(-0.5), 1),
        (DAY, (), 0.0, 0),
        (None, (DAY,), 0.0, 0),
    ],
)
def test_days(said_on: date | None, days: tuple[date, ...], near: float, known: float) -> None:
    """The nearest of the claim's days counts, before or after, and falls to 1/e in ten days."""
    found = values(Utterance(SAID, stated_on=said_on), CLAIM, days=days)
    assert found["near in time"] == pytest.approx(near)
    assert found["days known"] == known


def near(statement: Utterance, *days: tuple[date, ...]) -> list[float]:
    """What "near in time" is for candidates with these days, beside each other."""
    return [one["near in time"] for one in features_of(statement, [Candidate(Claim(CLAIM), days=one) for one in days])]


def test_a_day_that_tells_counts_in_full() -> None:
    """One candidate in fifty is near it; in twenty-five, it is worth ln 25 / ln 50; with two of fifty the same."""
    said, apart = Utterance(SAID, stated_on=DAY), (date(1999, 1, 1),)
    assert near(said, (DAY,), *[apart] * 49) == pytest.approx([1.0] + [0.0] * 49)
    assert near(said, (DAY,), *[apart] * 99)[0] == pytest.approx(1.0)
    worth = math.log(25) / math.log(50)
    assert near(said, (DAY,), *[apart] * 24)[0] == pytest.approx(worth)
    assert near(said, (DAY,), (DAY,), *[()] * 48)[:2] == pytest.approx([worth] * 2)
    assert near(said, (date(2022, 7, 7),), *[apart] * 49)[0] == pytest.approx(math.exp(-1))


def test_a_day_that_all_share_changes_nothing() -> None:
    """A feed reviewed at one go, or a store with one claim: no candidate gains by it, and all else stays."""
    texts = [CLAIM, "Kyiv fell.", "Bus fares rose by 8 percent."]
    for number in (1, 2, 3):
        candidates = [Candidate(Claim(text), days=(DAY,)) for text in texts[:number]]
        dated = features_of(Utterance(SAID, stated_on=DAY), candidates)
        assert [one["near in time"] for one in dated] == [0.0] * number
        undated = features_of(Utterance(SAID), candidates)
        assert [one | {"days known": 0.0, APART: 0.0} for one in dated] == [one | {APART: 0.0} for one in undated]
    assert features_of(Utterance(SAID, stated_on=DAY), []) == []


@given(st.lists(st.lists(st.dates(), max_size=2).map(tuple), max_size=60), st.none() | st.dates())
def test_a_day_gains_nothing_by_company(days: list[tuple[date, ...]], said_on: date | None) -> None:
    """Whatever the days are, a candidate has at most what it has alone, and the nearer one at least as much."""
    said = Utterance(SAID, stated_on=said_on)
    alone = [features(said, Candidate(Claim(CLAIM), days=one))["near in time"] for one in days]
    among = near(said, *days)
    assert all(0 <= scaled <= value for scaled, value in zip(among, alone, strict=True))
    by_nearness = [scaled for _, scaled in sorted(zip(alone, among, strict=True))]
    assert by_nearness == sorted(by_nearness)


def test_kinship() -> None:
    """The share of the lighter claim's words that the other has; from 0.6 they say the same thing here, which is 1."""

    def between(one: str, other: str) -> float:
        return kinship(Candidate(Claim(one)), Candidate(Claim(other)))

    assert between("The Calder dam broke.", "Calder dam") == pytest.approx(1.0)
    assert between("Calder dam", "The Calder dam broke.") == pytest.approx(1.0)
    assert between("Calder dam", "Calder bridge") == pytest.approx(
        weigh("calder") / min(weigh("calder", "dam"), weigh("calder", "bridge"))
    )
    most = weigh("calder", "bridge", "broke") / weigh("calder", "bridge", "broke", "dam")
    assert 0.6 < most < 1
    assert between("Calder bridge and dam broke", "Calder bridge, Kyiv broke, army won") == 1
    assert between("Calder dam", "Kyiv fell") == 0
    assert between("the", "the") == 0


texts = st.text(max_size=60) | st.lists(st.sampled_from([*SAID.split(), *CLAIM.split(), "£3m"])).map(" ".join)


@given(texts, texts, st.none() | texts, st.none() | texts, st.none() | texts, st.none() | st.dates())
def test_any_texts_give_values_within_their_ranges(
    said: str, text: str, title: str | None, speaker: str | None, claimant: str | None, day: date | None
) -> None:
    """Whatever the texts are: shares from 0 to 1, counts up to 2, nothing infinite."""
    claim = Claim(text, title=title, claimant=claimant)
    found = features(Utterance(said, None, speaker, day), Candidate(claim, days=(DAY,)))
    assert tuple(found) == (*NAMES, *([APART] if day else []))
    assert all(math.isfinite(value) for value in found.values())
    to_one = {name for name in NAMES if name.endswith("covered") or name.startswith("letters")}
    for name in (*to_one, "same speaker", "speakers known", "near in time", "days known"):
        assert 0 <= found[name] <= 1 + 1e-9, name
    assert {found["figures shared"], found["figures missing"]} <= {0.0, 1.0, 2.0}
    assert min(found[name] for name in NAMES if name.endswith(("missing", "length"))) >= 0


@given(texts)
def test_a_claim_covers_itself(text: str) -> None:
    """Said word for word, everything of it is covered and nothing is missing."""
    found = values(text, text)
    assert found["names missing"] == found["statement names missing"] == found["figures missing"] == 0
    for name in ("statement covered", "claim covered", "letters of claim"):
        assert found[name] in (0.0, pytest.approx(1.0))

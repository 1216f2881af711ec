"""What made a probability, in words and numbers that sum up."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tracker.calibration import Calibration
from tracker.features import FROM_VECTORS, GROUPS
from tracker.matching import RIVALS, TYPICAL, decide, model_for
from tracker.models import Candidate, Claim, Match, Relation, Search, Utterance
from tracker.reports import text
from tracker.reports.explain import LEGEND, explained
from tracker.reports.plain import WIDTH

DAY = date(2022, 6, 27)
CLAIM = Claim("Dam at Calder broke, 5 of 30 villages flooded, Kyiv says", id=1, claimant="Jane Roe")
SAID = Utterance("Biden said the Calder dam broke in 5 villages", speaker="Joe Biden", stated_on=DAY)
OTHERS = [Candidate(Claim(f"Bus fares rose to {number} euros.", id=number)) for number in range(2, 51)]


def match(said: Utterance = SAID, claim: Claim = CLAIM, **known: Any) -> Match:
    """The claim's match among fifty, of which it alone has days: they count in full."""
    found = decide(said, [Candidate(claim, read_as=claim, **known), *OTHERS], None)
    return next(one for one in found if one.claim.id == claim.id)


def told(found: Match, said: Utterance = SAID) -> dict[str, tuple[float, str]]:
    """The lines by what stands before their colon."""
    return {words.partition(":")[0]: (part, words.partition(": ")[2]) for part, words in explained(found, said)}


def with_parts(found: Match, **parts: float) -> Match:
    """The match with these parts alone, by group, and the probability that they make."""
    own = {TYPICAL: -2.0, **{GROUPS[name][0] if name in GROUPS else name: part for name, part in parts.items()}}
    return replace(found, parts=own, probability=1 / (1 + math.exp(-sum(own.values()))))


def test_the_numbers_sum_up_to_the_log_odds() -> None:
    """Every part is in one of the lines, and their sum is that of the probability."""
    found = match(days=(DAY + timedelta(3),))
    logit = math.log(found.probability / (1 - found.probability))
    lines = list(explained(found, SAID))
    assert sum(part for part, _ in lines) == pytest.approx(logit)
    by_group = told(found)
    words = GROUPS["words"]
    assert by_group["words"][0] == pytest.approx(sum(found.parts[name] for name in words))
    assert by_group["day"][0] == pytest.approx(found.parts["near in time"] + found.parts["days known"])


def test_the_strongest_comes_first() -> None:
    """After the start, whichever way it pulls; what is below 0.1 is the rest."""
    found = with_parts(match(), words=0.5, day=-1.5, names=0.09, letters=-0.04, figures=0.1)
    assert [(round(part, 2), words.partition(":")[0]) for part, words in explained(found, SAID)] == [
        (-2.0, TYPICAL),
        (-1.5, "day"),
        (0.5, "words"),
        (0.1, "figures"),
        (0.05, "the rest"),
    ]


def test_each_group_in_words() -> None:
    """What was compared, with the words and figures that made the difference."""
    found = match(days=(DAY + timedelta(3),))
    found = replace(found, scores=found.scores | {"cosine": 0.617, "context": -0.15})
    found = with_parts(found, **dict.fromkeys(GROUPS, 1.0))
    scores = found.scores
    assert {name: words for name, (_, words) in told(found).items()} == {
        TYPICAL: "",
        "meaning": "the cosine of both vectors is 0.62",
        "context": "with what was said before, the cosine falls by 0.15",
        "words": f"{scores['claim covered'] * 100:.0f} % of the claim's weight is said (Dam, Calder, broke, 5,"
        f" villages); {scores['statement covered'] * 100:.0f} % of the statement's is in the claim",
        "names": "in both (Dam, Calder); only in the claim (Kyiv); only in the statement (Biden)",
        "letters": f"{scores['letters of claim'] * 100:.0f} % of the claim's runs of four are said",
        "figures": "1 in both, 1 only in the claim",
        "lengths": "6 telling words in the statement, 8 in the claim",
        "speaker": "another",
        "day": "3 days from that on which the claim was made or reviewed",
        "the rest": "",
    }


def test_a_title_is_named() -> None:
    """Its share beside the text's."""
    claim = Claim("It broke.", id=1, title="Calder dam and villages")
    found = with_parts(match(claim=claim), words=1, letters=1)
    assert "100 % of the claim's weight is said (broke), 100 % of its title's;" in told(found)["words"][1]
    assert "of its title's" in told(found)["letters"][1]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((), "not known of both"),
        ((DAY,), "the same on which the claim was made or reviewed"),
        ((DAY - timedelta(1),), "1 day from that on which the claim was made or reviewed"),
        ((DAY + timedelta(200),), "200 days from that on which the claim was made or reviewed"),
        ((DAY - timedelta(366),), "more than a year from that on which the claim was made or reviewed"),
        ((DAY - timedelta(40_000),), "more than a year from that on which the claim was made or reviewed"),
    ],
)
def test_days_are_counted(days: tuple[date, ...], words: str) -> None:
    """The number of days is that between the two."""
    assert told(with_parts(match(days=days), day=1.0))["day"][1] == words


def test_days_are_counted_where_others_share_them() -> None:
    """The day counts less where others were reviewed then too; the number of days stays what it is."""
    shared = [Candidate(claim, days=(DAY + timedelta(3),)) for claim in (CLAIM, Claim("Bus fares rose.", id=2))]
    found = next(one for one in decide(SAID, shared, None) if one.claim.id == CLAIM.id)
    assert told(with_parts(found, day=1.0))["day"][1] == "3 days from that on which the claim was made or reviewed"


@pytest.mark.parametrize(
    ("speaker", "words"), [(None, "not known of both"), ("Ms Jane Roe", "the same"), ("Joe Biden", "another")]
)
def test_speakers_are_compared(speaker: str | None, words: str) -> None:
    """The same, another, or not known."""
    found = with_parts(match(replace(SAID, speaker=speaker)), speaker=1.0)
    assert told(found)["speaker"][1] == words


def test_a_name_that_speaks_is_not_missing() -> None:
    """The words are those of the statement and its speaker, as the features have it; a post's signature names him."""
    said = Utterance("The dam broke — Kyiv Mayor (@kyiv) June 27, 2022")
    (found,) = decide(Utterance("The dam broke", speaker="Kyiv Mayor"), [Candidate(CLAIM, read_as=CLAIM)], None)
    assert "only in the claim (Calder)" in told(with_parts(found, names=1.0), said)["names"][1]


def test_many_words_are_cut() -> None:
    """Six, and that there are more."""
    claim = Claim("Alpha Bravo Charlie Delta Echo Foxtrot Golf", id=1)
    found = with_parts(match(Utterance("x"), claim), names=1.0)
    assert told(found, Utterance("x"))["names"][1] == (
        "only in the claim (Alpha, Bravo, Charlie, Delta, Echo, Foxtrot, ...)"
    )


@pytest.mark.parametrize(
    ("part", "words"), [(-0.5, "other claims are possible too"), (-1.5, "other claims are likely too")]
)
def test_rivals(part: float, words: str) -> None:
    """How likely the others are follows from what they take."""
    assert told(with_parts(match(), **{RIVALS: part}))["rivals"] == (part, words)


def test_the_desks_own_calibration_is_one_more_line() -> None:
    """It makes the difference between the parts' sum and the probability; without one there is no such line."""
    (found,) = decide(SAID, [Candidate(CLAIM, read_as=CLAIM)], None, Calibration(0.5, -0.75))
    lines = told(found)
    total = sum(found.parts.values())
    assert lines["calibration"][0] == pytest.approx(0.5 * total - 0.75 - total)
    assert "calibration" not in told(match())
    assert "calibration" not in told(with_parts(match(), words=100.0))


def test_a_match_without_parts_is_not_explained() -> None:
    """As one that another program made."""
    assert list(explained(replace(match(), parts={}), SAID)) == []


def test_the_words_model_says_nothing_of_vectors() -> None:
    """With an encoder that the model was not fitted for, no line speaks of meaning."""
    found = match()
    assert FROM_VECTORS.isdisjoint(found.parts)
    assert set(found.parts) == {TYPICAL, RIVALS, *model_for(None).weights}
    assert "meaning" not in told(found)


def test_the_report_shows_them_under_the_match() -> None:
    """What the numbers are is said once; each line has its number; without --explain there are none."""
    found = with_parts(match(), words=1.25, day=-0.5)
    found = replace(found, relation=Relation.RELATED, reasons=())
    search = Search(SAID.text, (found, found), speaker=SAID.speaker)
    lines = list(text.search(search, explain=True))
    assert " ".join(lines[:2]) == LEGEND
    assert lines[4] == "      -2.0  a typical candidate"
    assert lines[5].startswith("      +1.2  words: ")
    assert [line.split()[0] for line in lines if line.startswith("      ") and line.split()[0][0] in "+-"] == [
        *("-2.0", "+1.2", "-0.5"),
        *("-2.0", "+1.2", "-0.5"),
    ]
    assert all(len(line) <= WIDTH for line in lines)
    bare = list(text.search(search))
    assert not any("words: " in line or "doubles" in line for line in bare)
    many = list(text.searches([("q1", search), ("q2", search)], explain=True))
    assert " ".join(many[:2]) == LEGEND
    assert " ".join(many).count("The numbers say") == 1
    assert [line for line in many if line.startswith("q")] == [f"q1: {SAID.text}", f"q2: {SAID.text}"]

"""How a statement relates to a claim: each relation by example, and above all no false `same`."""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tracker.evaluation import read_pairs, relations
from tracker.feeds import STARTER
from tracker.models import Relation
from tracker.relations import Figure, evidence, relate

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = "NATO just went from a rapid reaction force of 40,000 to one of 300,000."
DEV = Path(__file__).parent / "data" / "relations-dev.tsv"

with STARTER.open(encoding="utf-8", newline="") as file:
    STARTER_CLAIMS = [row["claim_reviewed"] for row in csv.DictReader(file)]
DEV_CLAIMS = [claim for _, claim, _ in read_pairs(DEV)]


def both_ways(statement: str, claim: str) -> str:
    """The relation, which must be the same from either side."""
    there, back = relate(statement, claim)[0], relate(claim, statement)[0]
    assert there == back
    return there.value


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (SEED, "same"),
        ("NATO has increased its rapid reaction force from 40,000 to 300,000 troops.", "same"),
        ("NATO went from a rapid reaction force of 40k to one of 300k.", "same"),
        ("NATO went from a rapid reaction force of 40 thousand to one of 0.3 million.", "same"),
        ("NATO just went from a rapid reaction force of 39,800 to one of 298,500.", "related"),
        ("NATO just went from a rapid reaction force of 40,000 to one of 100,000.", "different-figure"),
        ("NATO just went from a rapid reaction force of 4,000 to one of 300,000.", "different-figure"),
        ("NATO just went from a rapid reaction force of 40,000 to one of £300,000.", "related"),
        ("NATO's rapid reaction force has 40,000 troops.", "different-figure"),
        ("NATO has cut its rapid reaction force from 300,000 to 40,000 troops.", "related"),
        ("NATO just went from a rapid reaction force of 300,000 to one of 40,000.", "related"),
        ("NATO did not just go from a rapid reaction force of 40,000 to one of 300,000.", "opposite"),
        ("Russia just went from a rapid reaction force of 40,000 to one of 300,000.", "related"),
        ("NATO will go from a rapid reaction force of 40,000 to one of 300,000.", "related"),
        ("Sweden has applied for NATO membership.", "related"),
    ],
)
def test_the_seed_claim(claim: str, expected: str) -> None:
    """The sentence that the project starts from, against claims near to it."""
    assert both_ways(SEED, claim) == expected


@pytest.mark.parametrize(
    ("statement", "claim"),
    [
        ("Vaccines cause autism in children.", "“Vaccines cause autism in children”"),
        ("Support rose by 5 per cent.", "Support increased by 5%."),
        ("Support rose by 5pc.", "Support rose by 5 percent."),
        ("The council spent 40k on lights.", "The council spent 40,000 on lights."),
        ("It cost the country $1.2 billion.", "It cost the country US$1,200 million."),
        ("Nearly 300,000 people fled.", "298,500 people fled."),
        ("Vaccines don’t cause autism in children.", "Vaccines do not cause autism in children."),
        ("Vaccines don't cause autism in children.", "Vaccines don’t cause autism in children."),
    ],
)
def test_same(statement: str, claim: str) -> None:
    """Quotation marks, small words, ways to write a figure, rounding and contractions make no difference."""
    assert both_ways(statement, claim) == "same"


@pytest.mark.parametrize(
    ("statement", "claim", "reason"),
    [
        ("The deficit is £4m.", "The deficit is £4bn.", "figure: £4,000,000,000 there, £4,000,000 here"),
        ("The deficit is £4m.", "The deficit is €4m.", "figure: €4,000,000 there, £4,000,000 here"),
        ("The deficit is ¥4m.", "The deficit is ₹4m.", "figure: ₹4,000,000 there, ¥4,000,000 here"),
        ("The deficit is C$4m.", "The deficit is A$4m.", "figure: A$4,000,000 there, C$4,000,000 here"),
        ("Support rose by 5 points.", "Support rose by 9 points.", "figure: 9 there, 5 here"),
        ("It rose 5 percentage points.", "It rose 5 per cent.", "figure: 5% there, 5 points here"),
        ("Inflation was 9.1% in May.", "Inflation was 9.2% in May.", "figure: 9.2% there, 9.1% here"),
        ("The fire killed 51 people.", "The fire killed 50 people.", "figure: 50 there, 51 here"),
        ("The fire killed 0 people.", "The fire killed 1 people.", "figure: 1 there, 0 here"),
        ("The fire killed 2,458 people.", "The fire killed 2,459 people.", "figure: 2,459 there, 2,458 here"),
        ("It costs 50p to print.", "It costs 50c to print.", "figure: 50c there, 50p here"),
        ("NATO's force grew to 300,000.", "NATO's force shrank to 90,000.", "figure: 90,000 there, 300,000 here"),
    ],
)
def test_different_figure(statement: str, claim: str, reason: str) -> None:
    """Another value, magnitude, currency, or per cent for points; the reason contrasts the two."""
    assert relate(statement, claim) == (Relation.DIFFERENT_FIGURE, (reason,))
    assert both_ways(statement, claim) == "different-figure"


@pytest.mark.parametrize(
    ("statement", "claim", "reason"),
    [
        ("Inflation was 9.1% in June 2022.", "Inflation was 9.1% in June 2023.", "period: 2023 there, 2022 here"),
        ("Finland joined NATO in 2023.", "Finland joined NATO in 2024.", "period: 2024 there, 2023 here"),
        ("Crime in Leeds rose in the 1990s.", "Crime in Leeds rose in the 2000s.", "period: 2000s there, 1990s here"),
    ],
)
def test_different_time(statement: str, claim: str, reason: str) -> None:
    """The same but for the year or decade."""
    assert relate(statement, claim) == (Relation.DIFFERENT_TIME, (reason,))
    assert both_ways(statement, claim) == "different-time"


@pytest.mark.parametrize(
    ("statement", "claim", "reason"),
    [
        ("Vaccines cause autism.", "Vaccines do not cause autism.", "negation: 'not' there only"),
        ("Vaccines don’t cause autism.", "Vaccines cause autism.", "negation: 'n’t' here only"),
        ("No vaccines cause autism.", "Vaccines cause autism.", "negation: 'No' here only"),
        ("Crime in London rose sharply.", "Crime in London fell sharply.", "direction: down there, up here"),
        ("There are fewer officers in Leeds.", "There are more officers in Leeds.", "direction: up there, down here"),
    ],
)
def test_opposite(statement: str, claim: str, reason: str) -> None:
    """A negation on one side, or the other direction; the reason names the word."""
    assert relate(statement, claim) == (Relation.OPPOSITE, (reason,))
    assert both_ways(statement, claim) == "opposite"


def test_negations_cancel_out_in_pairs() -> None:
    """An even number of negations contradicts an odd number, not none; but two are never the same as none."""
    claim = "Vaccines cause autism in young children."
    twice = "It is not false that vaccines cause autism in young children."
    assert evidence(twice).negated is evidence(claim).negated is False
    assert both_ways(twice, claim) == "related"
    assert both_ways(twice, "Vaccines do not cause autism in young children.") == "opposite"
    denied = "The boys are not tall and the girls are not small."
    assert both_ways(denied, "The boys are tall and the girls are small.") == "related"


@pytest.mark.parametrize(
    ("statement", "claim"),
    [
        ("Russia attacked Ukraine.", "Ukraine attacked Russia."),
        ("Ukraine was attacked by Russia.", "Ukraine attacked Russia."),
        ("Boys outperform girls at maths.", "Girls outperform boys at maths."),
        ("The bill passed by 52 to 48.", "The bill passed by 48 to 52."),
    ],
)
def test_roles_swapped_are_not_the_same(statement: str, claim: str) -> None:
    """The same words in another order say something else."""
    assert both_ways(statement, claim) == "related"


@pytest.mark.parametrize(
    ("statement", "claim"),
    [
        ("The law passed before the election.", "The law passed after the election."),
        ("Sweden will join NATO.", "Sweden has joined NATO."),
        ("Sweden could join NATO.", "Sweden did join NATO."),
        ("All MPs voted for the bill.", "Some MPs voted for the bill."),
        ("NATO fighter jets have arrived in Ukraine.", "NATO’s most lethal fighter jets have arrived in Ukraine."),
        ("Over 300 people died in the fire.", "Under 300 people died in the fire."),
        ("Two in three adults in Wales smoke.", "One in three adults in Wales smoke."),
        ("House prices in Wales doubled.", "House prices in Wales rose."),
        (
            "In Leeds the mayor closed nine old libraries in the north last winter.",
            "In Leeds the mayor closed nine old schools in the north last winter.",
        ),
        (
            "The mayor closed nine old libraries in the north.",
            "The mayor closed nine old libraries in the Leeds north.",
        ),
        ("The mayor closed the library.", "The mayor closed the big old central lending library."),
        ("She won the Welsh seat.", "He won the Welsh seat."),
        ("The firm paid 4m euros for the site by the hall.", "The firm paid 4m pounds for the site by the hall."),
        ("In 40 towns 3,000 nurses lost their jobs.", "In 40 towns 3,000 teachers lost their jobs."),
        ("Temperatures fell to -5 degrees.", "Temperatures fell to 5 degrees."),
        ("Temperatures fell to −5 degrees.", "Temperatures fell to -6 degrees."),
        ("Tests found COVID-19 in the water.", "Tests found COVID-20 in the water."),
        ("Romania registered 1.250.000 refugees.", "Romania registered 1.350.000 refugees."),
        ("It happened on 2022-06-27 in Madrid.", "It happened on 2022-07-28 in Madrid."),
        ("Deliveries from Poland have stopped.", "Deliveries to Poland have stopped."),
        ("Germany spends 2 per cent on defence.", "France spends 2 per cent on defence."),
        ("Президент России напал на Украину", "Президент Украины напал на Россию"),
        ("", ""),
    ],
)
def test_one_word_that_decides_is_enough_for_doubt(statement: str, claim: str) -> None:
    """Tense, quantity, place in time, direction, unit, name or numeral: related, never the same."""
    assert both_ways(statement, claim) == "related"


def test_a_narrower_group_is_not_the_same() -> None:
    """What is said of student nurses is not said of nurses."""
    assert relate("Nurses in Wales earn £30,000.", "Student nurses in Wales earn £30,000.")[0] != Relation.SAME


@pytest.mark.parametrize("time", ["last month", "on Friday", "overnight", "ten days ago", "this year"])
def test_a_time_that_depends_on_the_day_it_was_said(time: str) -> None:
    """The same words a year later are another claim: whoever wrote them has to be asked when."""
    sentence = f"Unemployment in Wales fell to 4.2 per cent {time}."
    relation, (reason,) = relate(sentence, sentence)
    assert relation == "related"
    assert reason.endswith("depends on the day it was said")


@pytest.mark.parametrize(
    ("statement", "claim"),
    [
        ("Since 2019 wages are down and prices are up.", "Since 2019 wages are up and prices are down."),
        ("Taxes rose 5% and wages fell 2%.", "Taxes fell 5% and wages rose 2%."),
        ("Debt fell from 5% to 3% of income.", "Debt rose from 5% to 3% of income."),
        ("It is falsely claimed that Iran has a bomb.", "It is claimed that Iran has a bomb."),
        ("One of the ministers resigned.", "The ministers resigned."),
        ("The force went from 40,000 to 300,000 soldiers.", "The force went from 40,000 to 300,000 tanks."),
        ("Some 40 tanks and 50 guns went from Poland to Kyiv.", "Some 40 tanks and 50 guns went to Poland from Kyiv."),
        ("In trade from Kyiv it grew from 40 to 50.", "In trade to Kyiv it grew from 40 to 50."),
        ("The former president was elected in 2019.", "The president was elected in 2019."),
        ("Iran had a nuclear weapon ready.", "Iran has a nuclear weapon ready."),
        ("The army went from 40 to 50 as the navy shrank.", "The navy went from 40 to 50 as the army shrank."),
    ],
)
def test_what_once_passed_as_the_same(statement: str, claim: str) -> None:
    """Swapped directions, an added adverb or adjective, another tense."""
    assert both_ways(statement, claim) != "same"


@pytest.mark.parametrize(
    ("statement", "claim"),
    [
        ("The dam cost $40m.", "The dam cost 40 million dollars."),
        ("Inflation was 9.1% in 2022.", "Inflation was 9% in 2022."),
    ],
)
def test_the_same_figure_in_another_form_is_no_contrast(statement: str, claim: str) -> None:
    """Too little to be sure that it is the same, and no other figure either."""
    assert both_ways(statement, claim) == "related"


def test_little_in_common_is_related_whatever_the_figures() -> None:
    """Two figures that differ are no contrast between sentences about different things."""
    assert both_ways("Tesco cut 3,000 jobs.", "A course of dexamethasone costs £5.") == "related"
    assert relate("Tesco cut 3,000 jobs.", "The moon is made of cheese.")[1] == ("figures: none there, 3,000 here",)


@pytest.mark.parametrize(
    ("text", "figures", "years"),
    [
        ("4m, 4 million, 4mn", [(4e6, ""), (4e6, ""), (4e6, "")], set()),
        ("£4bn and $1,250.50", [(4e9, "£"), (1250.5, "$")], set()),
        ("US$5k or NZ$5k", [(5000, "$"), (5000, "NZ$")], set()),
        ("5%, 5 per cent, 5 percent, 5pc", [(5, "%")] * 4, set()),
        ("5 percentage points, 1 percentage point", [(5, "points"), (1, "points")], set()),
        ("in 2022, the 1990s and 2022/23", [(23, "")], {"2022", "1990s"}),
        ("2,022 of 2022 people, £2022 in 2022", [(2022, ""), (2022, ""), (2022, "£")], {"2022"}),
        ("Covid-19, T-72, F16, 1.250.000", [], set()),
        ("the 19th, 160km", [(19, "th"), (160, "km")], set()),
        ("9" * 500, [(float("inf"), "")], set()),
    ],
)
def test_figures_and_years(text: str, figures: list[tuple[float, str]], years: set[str]) -> None:
    """Values with their unit, years apart; numbers within names are neither."""
    assert evidence(text).figures == tuple(Figure(value, unit) for value, unit in figures)
    assert evidence(text).years == years


# --- no false `same` --------------------------------------------------------------------------------------------------


def test_a_claim_is_the_same_as_itself() -> None:
    """In quotation marks and without its stop too; only a time that depends on the day it was said makes a doubt."""
    for claim in [*STARTER_CLAIMS, *DEV_CLAIMS]:
        relation, reasons = relate(claim, f"“{claim.removesuffix('.')}”")
        assert relation == "same" or reasons[0].startswith("time: "), claim


def test_no_two_starter_claims_are_the_same() -> None:
    """Sixty-one real claims, many on one topic: each has its own verdict, and no two share it."""
    found = [pair for pair in combinations(STARTER_CLAIMS, 2) if both_ways(*pair) == "same"]
    assert found == []


LARGER: list[Callable[[float], float]] = [lambda v: v * 10, lambda v: max(v + 1, v * 1.03), lambda v: v * 1.5]


def figures_changed(claim: str) -> list[str]:
    """The claim with one figure made ten times as large, a little larger, or half as large again."""
    found = list(re.finditer(r"\b\d[\d,.]*\d\b|\b\d\b", claim))
    return [
        claim[: m.start()] + f"{change(float(m[0].replace(',', ''))):,.10g}" + claim[m.end() :]
        for m in found
        for change in LARGER
        if float(re.sub(r"\D", "", m[0]))
        and re.fullmatch(r"\d{1,3}(?:,\d{3})*(?:\.\d+)?|\d+", m[0])
        and not re.fullmatch(r"(?:19|20)\d\d", m[0])
    ]


def years_changed(claim: str) -> list[str]:
    return [claim.replace(year, str(int(year) + 1)) for year in re.findall(r"\b(?:19|20)\d\d\b", claim)]


def negated(claim: str) -> list[str]:
    """The claim with "not" behind its first auxiliary."""
    return [re.sub(r"\b(is|are|was|were|has|have|will|would|can|could)\b", r"\1 not", claim, count=1)]


def words_added(claim: str) -> list[str]:
    """The claim with an adverb behind its first auxiliary that takes back what it says."""
    auxiliary = r"\b(is|are|was|were|has|have|will|would|can|could)\b(?! \d)"
    return [re.sub(auxiliary, rf"\1 {adverb}", claim, count=1) for adverb in ("nearly", "hardly", "allegedly", "once")]


def directions_swapped(claim: str) -> list[str]:
    pairs = {"rise": "fall", "rose": "fell", "increased": "decreased", "up": "down", "more": "less"}
    both = pairs | {other: one for one, other in pairs.items()}
    return [re.sub(rf"\b({'|'.join(both)})\b", lambda m: both[m[0]], claim)]


def words_exchanged(claim: str) -> list[str]:
    """The claim with a word that decides, or a name, exchanged for another."""
    return [claim.replace(one, other) for one, other in SWAPS if one in claim]


SWAPS = [
    (" over ", " under "),
    (" has ", " will have "),
    (" has ", " had "),
    (" more ", " less "),
    ("Ukraine", "Poland"),
    ("NATO", "The EU"),
]
MUTANTS = [
    pytest.param(claim, mutant, id=f"{change.__name__}-{number}-{n}")
    for change in (figures_changed, years_changed, negated, words_added, directions_swapped, words_exchanged)
    for number, claim in enumerate([*STARTER_CLAIMS, *DEV_CLAIMS])
    for n, mutant in enumerate(change(claim))
    if mutant != claim
]


def test_there_are_mutants_of_each_kind() -> None:
    """The property below is about something: dozens of changed claims."""
    kinds = Counter(str(mutant.id).partition("-")[0] for mutant in MUTANTS)
    assert kinds["figures_changed"] >= 30
    assert kinds["negated"] >= 25
    assert kinds["words_exchanged"] >= 25
    assert kinds["years_changed"] >= 10
    assert kinds["words_added"] >= 300
    assert kinds["directions_swapped"] >= 20


@pytest.mark.parametrize(("claim", "mutant"), MUTANTS)
def test_a_claim_with_one_thing_changed_is_not_the_same(claim: str, mutant: str) -> None:
    """Another figure, year, name or tense, or a "not": whatever the relation is, no verdict carries over."""
    assert both_ways(mutant, claim) != "same"


def test_same_is_never_wrong_on_the_development_pairs() -> None:
    """150 labelled pairs: nothing is called the same that is not, and figures and times are told apart."""
    report = relations(read_pairs(DEV))
    assert report.same.rows == 150
    assert [pair for pair in report.confusion if pair[1] == "same" and pair[0] != "same"] == []
    assert report.confusion["different-figure", "different-figure"] >= 15
    assert report.confusion["different-time", "different-time"] >= 8
    assert report.macro_f1 > 0.29


words = st.sampled_from(
    [
        "NATO",
        "Russia",
        "has",
        "not",
        "sent",
        "300,000",
        "40,000",
        "£4m",
        "5%",
        "troops",
        "to",
        "from",
        "in 2022",
        "rose",
    ]
)


@given(st.lists(words, max_size=9).map(" ".join), st.lists(words, max_size=9).map(" ".join) | st.text(max_size=40))
def test_any_two_texts_relate_the_same_both_ways(one: str, other: str) -> None:
    """No order of statement and claim changes the relation, and none of these texts is an error."""
    assert both_ways(one, other) in {relation.value for relation in Relation} - {"unrelated", "different-entity"}
    assert relate(one, other)[1]

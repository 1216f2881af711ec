"""Mutation tests: the generator on chosen sentences, labelled by hand, and what the relations make of our claims."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from tests.conftest import ROOT
from tests.test_json_schema import validate
from tracker.models import Relation
from tracker.mutations import Kind, Mutant, mutants, mutants_of
from tracker.mutations.claims import is_plain, is_timeless
from tracker.mutations.judging import Judged, Share, judge, read_claims
from tracker.mutations.numerals import numerals
from tracker.relating import Relating

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import CommandLine

OUR_CLAIMS = ROOT / "tests" / "data" / "mutations-claims.txt"
FLOORS = {"breaking": 0.97, "keeping": 0.9}  # what the relations must reach on our claims


def made(kind: Kind, claim: str) -> list[str]:
    return mutants_of(claim, [kind]).get(kind, [])


@pytest.mark.parametrize(
    ("kind", "claim", "mutant"),
    [
        (Kind.FIGURE, "NATO has 40,000 troops on call.", "NATO has 400,000 troops on call."),
        (Kind.FIGURE, "NATO has 40,000 troops on call.", "NATO has 4,000 troops on call."),
        (Kind.FIGURE, "NATO has 40,000 troops on call.", "NATO has 52,000 troops on call."),
        (Kind.FIGURE, "The dam cost $4.5 million to build.", "The dam cost $5.4 million to build."),
        (Kind.FIGURE, "The dam cost $4.5 million to build.", "The dam cost $4.5 billion to build."),
        (Kind.FIGURE, "The dam cost £4m in all.", "The dam cost £4bn in all."),
        (Kind.FIGURE, "Eleven hospitals in Ohio were closed.", "Eight hospitals in Ohio were closed."),
        (Kind.UNIT, "The satellite weighs 2,150 kilograms in all.", "The satellite weighs 2,150 tonnes in all."),
        (Kind.UNIT, "Unemployment rose by 8 percent in May.", "Unemployment rose by 8 percentage points in May."),
        (Kind.ROLES, "Norway exports more to Germany in winter.", "Germany exports more to Norway in winter."),
        (Kind.ROLES, "Google was sued by Microsoft in 2004.", "Microsoft was sued by Google in 2004."),
        (Kind.NEGATION, "The bridge is open to lorries.", "The bridge is not open to lorries."),
        (Kind.NEGATION, "The bridge is open to lorries.", "The bridge is no longer open to lorries."),
        (Kind.NEGATION, "The council can close the school.", "The council cannot close the school."),
        (Kind.NEGATION, "The mayor signed the contract in May.", "The mayor did not sign the contract in May."),
        (Kind.NEGATION, "The mayor signed the contract in May.", "The mayor never signed the contract in May."),
        (Kind.NEGATION, "The mayor signed the contract in May.", "The mayor failed to sign the contract in May."),
        (Kind.NEGATION, "The school does not teach Latin.", "The school does teach Latin."),
        (Kind.NEGATION, "Sweden has 290 towns by law.", "Sweden does not have 290 towns by law."),
        (Kind.DIRECTION, "Wages rose by 7 percent in Bern.", "Wages fell by 7 percent in Bern."),
        (Kind.DIRECTION, "The city has more than 90 parks.", "The city has less than 90 parks."),
        (Kind.DIRECTION, "Women sleep fewer hours than men do.", "Women sleep more hours than men do."),
        (Kind.SPELLING, "NATO has 40,000 troops on call.", "NATO has 40k troops on call."),
        (Kind.SPELLING, "NATO has 40,000 troops on call.", "NATO has forty thousand troops on call."),
        (Kind.SPELLING, "The fund has 4 million members worldwide.", "The fund has 4,000,000 members worldwide."),
        (Kind.SPELLING, "The fund lost $1.2 trillion in May.", "The fund lost $1,200 billion in May."),
        (Kind.SPELLING, "The fund lost $1.2 trillion in May.", "The fund lost 1.2 trillion dollars in May."),
        (Kind.SPELLING, "The mine lost 25% of its men.", "The mine lost a quarter of its men."),
        (Kind.SPELLING, "The mine lost 25% of its men.", "The mine lost 25pc of its men."),
        (Kind.SPELLING, "Eleven hospitals in Ohio were closed.", "11 hospitals in Ohio were closed."),
        (Kind.SPELLING, "The rate rose 3.5 percentage points.", "The rate rose three and a half percentage points."),
        (Kind.ROUNDING, "The firm lost 298,500 customers in May.", "The firm lost nearly 300,000 customers in May."),
        (Kind.ATTRIBUTION, "The dam in Chile is safe.", "Officials say that the dam in Chile is safe."),
        (Kind.ATTRIBUTION, "The dam in Chile is safe.", "The dam in Chile is safe, the minister said."),
        (Kind.TYPOGRAPHY, "The dam in Chile is safe.", "BREAKING: The dam in Chile is safe."),
        (Kind.CONTRACTION, "The school does not teach Latin.", "The school doesn't teach Latin."),
        (Kind.DATE_ORDER, "The vote was on June 27, 2022.", "The vote was on 27 June 2022."),
        (Kind.DATE_ORDER, "The vote was on 27 June 2022.", "The vote was on June 27, 2022."),
        (Kind.ABBREVIATION, "The United States has 50 states.", "The US has 50 states."),
        (Kind.ABBREVIATION, "Sen. Bernie Sanders lives in Vermont.", "Senator Bernie Sanders lives in Vermont."),
        (Kind.FRONTING, "The dam in Chile broke in 2019.", "In 2019, the dam in Chile broke."),
        (Kind.FRONTING, "On 3 May 2019, NATO closed the base.", "NATO closed the base on 3 May 2019."),
        (Kind.POSSESSIVE, "The mayor of Leeds opened a library.", "Leeds's mayor opened a library."),
        (Kind.POSSESSIVE, "In the end Sweden's government fell.", "In the end the government of Sweden fell."),
        (Kind.VOICE, "The library was opened by the mayor in 2019.", "The mayor opened the library in 2019."),
        (Kind.VOICE, "Two dams were built by Norway.", "Norway built two dams."),
    ],
)
def test_a_sentence_is_changed_as_it_should_be(kind: Kind, claim: str, mutant: str) -> None:
    """The change is among those that are made."""
    found = made(kind, claim)
    assert mutant in found
    assert claim not in found


@pytest.mark.parametrize(
    ("kind", "claim", "pattern"),
    [
        (Kind.UNIT, "The tunnel is 12 miles long at most.", r"The tunnel is 12 (kilometres|yards) long at most\."),
        (
            Kind.FIGURE,
            "Half of the farms in Iowa are for sale.",
            r"A (quarter|tenth) of the farms in Iowa are for sale\.",
        ),
        (Kind.YEAR, "The dam of 1962 failed in 2019.", r"The dam of (?!1962 failed in 2019)\d{4} failed in \d{4}\."),
        (Kind.DATE, "The bridge was opened on 14 August 2018.", r"The bridge was opened on \d+ [A-Z]\w+ 2018\."),
        (Kind.NAME, "Every farm in Germany gets a subsidy.", r"Every farm in (?!Germany)[A-Z][\w ]+ gets a subsidy\."),
        (Kind.NAME, "President Obama signed the law on banks.", r"President (?!Obama)\w+ signed the law on banks\."),
        (Kind.DIRECTION, "The mayor voted against the bill on Monday.", r"The mayor voted for the bill on Monday\."),
        (
            Kind.TYPOGRAPHY,
            'The dam is "safe" for dogs.',
            r'(BREAKING: )?The (dam|DAM) is ["“](safe|SAFE)["”] for dogs(\.|!+)( #\w+)?',
        ),
        (Kind.CONTRACTION, "The school can't teach Latin there.", r"The school cannot teach Latin there\."),
        (Kind.NAME, "Iran says that Iran has no bombs.", r"(?P<one>(?!Iran)[\w ]+) says that (?P=one) has no bombs\."),
    ],
)
def test_a_drawn_change_is_of_its_sort(kind: Kind, claim: str, pattern: str) -> None:
    """Which unit, year, day or name comes in is drawn; that it is another one, in every place, is not."""
    found = made(kind, claim)
    assert found
    assert all(re.fullmatch(pattern, one) for one in found), found


@pytest.mark.parametrize(
    ("kind", "claim"),
    [
        (Kind.FIGURE, "The attacks of 9/11 changed the law."),
        (Kind.FIGURE, "Covid-19 was known to the agency."),
        (Kind.FIGURE, "The F-16 was flown over Route 66."),
        (Kind.FIGURE, "The match in Madrid ended 3-2 after all."),
        (Kind.FIGURE, "The law of 2010 was repealed in 2017."),
        (Kind.FIGURE, "The vote was on June 27, 2022."),
        (Kind.FIGURE, "One of the bridges in Rome is closed."),
        (Kind.SPELLING, "The attacks of 9/11 changed the law."),
        (Kind.SPELLING, "Covid-19 was known to the agency."),
        (Kind.YEAR, "The film Blade Runner 2049 lost money."),
        (Kind.YEAR, "The city has 2000 buses for tourists."),
        (Kind.DATE, "The Fourth of July is a holiday there."),
        (Kind.DATE, "The march was led by a priest."),
        (Kind.NAME, "Michael Jordan played the piano in Rome."),
        (Kind.NAME, "The University of Texas bought a hospital."),
        (Kind.NAME, "Texas Instruments makes calculators for schools."),
        (Kind.NAME, "Germany and the German army use drones."),
        (Kind.NAME, "Donald Trump said that the wall is done."),
        (Kind.ROLES, "Norway is as large as Germany by area."),
        (Kind.NEGATION, "The bridge that was closed leads nowhere."),
        (Kind.NEGATION, "A photograph taken in Rome of the dam."),
        (Kind.DIRECTION, "The prisoner is no more than a number."),
        (Kind.DIRECTION, "The singer of the band fell asleep."),
        (Kind.ROUNDING, "The firm lost exactly 298,500 customers in May."),
        (Kind.ROUNDING, "The firm lost 312 customers in May."),
        (Kind.ATTRIBUTION, "Officials say that the dam is safe."),
        (Kind.DATE_ORDER, "The towers fell on September 11, they claim."),
        (Kind.ABBREVIATION, "The United States Senate has 100 seats."),
        (Kind.FRONTING, "The dam that broke was built in 2019."),
        (Kind.FRONTING, "Wages rose and rents fell in 2019."),
        (Kind.FRONTING, "Wages of nurses rose in 2019."),
        (Kind.POSSESSIVE, "The mayor of Leeds and Bradford resigned."),
        (Kind.POSSESSIVE, "The capital of New York State is Albany."),
        (Kind.POSSESSIVE, "In May Sweden's government had resigned."),
        (Kind.POSSESSIVE, "The tax was Germany's capital gains levy."),
        (Kind.VOICE, "The report was published by the end of May in full."),
        (Kind.VOICE, "The dam was not built by the state."),
        (Kind.VOICE, "The report was completed by Friday."),
        (Kind.VOICE, "The vote was delayed by two weeks."),
        (Kind.VOICE, "The price was reduced by a third."),
        (Kind.VOICE, "The letter was sent by mail."),
        (Kind.VOICE, "Some dams were inspected by every firm."),
        (Kind.VOICE, "The victims were paid by their company."),
        (Kind.POSSESSIVE, "Only Sweden's government fell."),
        (Kind.POSSESSIVE, "Former President Obama's government fell."),
        (Kind.VOICE, "The man was hit by a lorry after he left."),
    ],
)
def test_what_must_not_be_changed_is_left_alone(kind: Kind, claim: str) -> None:
    """No change where it could be none: a number that is part of a name, a name that is part of a longer one."""
    assert made(kind, claim) == []


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("The dam in Chile is safe.", True),
        ("Says Chile has a safe dam.", True),
        ("He has voted for the dam.", False),
        ("Says he voted for the dam.", False),
        ("Is the dam in Chile safe?", False),
        ("On raising taxes for the rich.", False),
        ("On Monday, the dam was closed.", True),
        ("Too short.", False),
        (" ".join(["word"] * 46), False),
    ],
)
def test_fragments_are_passed_over(text: str, plain: bool) -> None:
    """Who is meant must stand in the sentence itself."""
    assert is_plain(text) is plain
    assert plain or mutants_of(text) == {}


def test_what_hangs_on_the_day_need_not_stay_the_same() -> None:
    """What was last year is another year for another reader, so such a claim is only broken."""
    claim = "Wages in Austria rose by 7 percent last year."
    assert not is_timeless(claim)
    assert {kind for kind in mutants_of(claim) if not kind.is_breaking} == set()
    assert Kind.FIGURE in mutants_of(claim)


@pytest.mark.parametrize(
    ("claim", "spellings"),
    [
        ("The firm lost $29,000 in May.", {"$29 thousand", "$29k", "29,000 dollars"}),
        ("The firm lost $100,000 in May.", {"$100 thousand", "$100k", "100,000 dollars"}),
        ("The firm has a $5 billion plan.", {"$5bn", "$5,000 million"}),
        ("The firm has 1,250,000 customers there.", {"1.25 million", "1.25m"}),
        ("A 9-year-old boy crossed the river.", {"nine"}),
        ("Nearly 25% of the men are old.", {"25 percent", "25 per cent", "25pc", "twenty-five percent"}),
    ],
)
def test_these_and_no_other_spellings_are_made(claim: str, spellings: set[str]) -> None:
    """Words only where somebody would write them; "a quarter" only where the sentence does not say "nearly"."""
    figure = re.search(r"[$]?\d[\d,]*(?: billion|%)?", claim)
    assert figure
    assert set(made(Kind.SPELLING, claim)) == {claim.replace(figure[0], one) for one in spellings}


TOKENS = (
    "the The a of in on to from by more less than is has not Germany Trump 5 12 1,250 2019 $4 4m £3bn 25% million"
    " percent two half May June 27, 2022. rose fell voted for against “dam” U.S. “ ' miles a year United States"
    " said , . ( $ % 0 -"
).split()


@given(st.lists(st.sampled_from(TOKENS), min_size=5, max_size=12).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_no_sentence_is_too_odd(text: str) -> None:
    """Whatever the words, a change is another sentence, or there is none; nothing is raised."""
    for kind, found in mutants_of(text).items():
        assert text not in found, kind
        assert all(one.strip() for one in found), kind


def test_the_generator_reads_figures_itself() -> None:
    """Values, scales and hedges, by code that shares nothing with the relations."""
    found = list(numerals("About 4.5 million people and thirty-two dogs paid 25 percent of it."))
    assert [(str(one.value), one.sign, one.is_share, one.hedged) for one in found] == [
        ("4500000.0", "", False, True),
        ("32", "", False, False),
        ("25", "", True, False),
    ]


def test_the_same_seed_draws_the_same_mutants() -> None:
    """Whatever the order of the claims; another seed draws others, and a limit holds for each kind."""
    claims = read_claims(OUR_CLAIMS)
    drawn = mutants(claims, 5, 1)
    assert mutants(claims[::-1], 5, 1) == drawn
    assert mutants(claims, 5, 2) != drawn
    by_kind = {kind: [one.original for one in drawn if one.kind is kind] for kind in Kind}
    assert {len(originals) for originals in by_kind.values()} <= {2, 3, 4, 5}
    assert all(len({*originals}) == len(originals) for originals in by_kind.values())
    assert all(one.text != one.original and one.original in claims for one in drawn)


def test_our_claims_have_mutants_of_every_kind() -> None:
    """Enough of them that a share means something."""
    drawn = mutants(read_claims(OUR_CLAIMS), 1000)
    assert sum(one.kind.is_breaking for one in drawn) >= 300
    assert sum(not one.kind.is_breaking for one in drawn) >= 300
    assert {one.kind for one in drawn} == {*Kind}


@pytest.mark.parametrize(("encoder", "limit"), [(False, 1000), (True, 6)])
def test_the_relations_keep_their_floors(encoder: bool, limit: int) -> None:
    """What the relations make of every kind of change to our claims: by words alone, and as they ship, on some."""
    relating = Relating.open() if encoder else Relating(None)
    found = judge(mutants(read_claims(OUR_CLAIMS), limit), relating)
    wrong = [(one.mutant.kind, one.mutant.text, one.mutant.original) for one in found.wrong]
    assert found.breaking.value >= FLOORS["breaking"], wrong
    assert found.keeping.value >= FLOORS["keeping"], wrong


@pytest.mark.parametrize(
    ("kind", "forth", "back", "right"),
    [
        (Kind.FIGURE, Relation.DIFFERENT_FIGURE, Relation.RELATED, True),
        (Kind.FIGURE, Relation.DIFFERENT_FIGURE, Relation.SAME, False),
        (Kind.FIGURE, Relation.SAME, Relation.RELATED, False),
        (Kind.SPELLING, Relation.SAME, Relation.SAME, True),
        (Kind.SPELLING, Relation.SAME, Relation.RELATED, False),
    ],
)
def test_both_directions_are_judged(kind: Kind, forth: Relation, back: Relation, right: bool) -> None:
    """A mutant counts as right only where both are."""
    assert Judged(Mutant(kind, "b", "a"), forth, back).is_right is right


def test_the_interval_is_wilsons() -> None:
    """Worked by hand: 8 of 10, and the ends, where the plain interval would have no width."""
    assert Share(10, 8).interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert Share(10, 10).interval == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert Share(10, 0).interval == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert (Share(0, 0).value, Share(0, 0).interval) == (0.0, (0.0, 1.0))


def test_the_command_prints_shares_and_errors(cli: CommandLine) -> None:
    """A line a kind, the totals, and with --errors each wrong one whole; the JSON keeps its promise."""
    arguments = ("eval", "mutations", "--docs", OUR_CLAIMS, "--limit", "1", "--seed", "3", "--apart")
    done = cli(*arguments)
    assert done.code == 0, done.err
    assert re.search(r"^  figure +1 +\d+ +\d+\.\d% +\d+\.\d% to \d+\.\d%$", done.out, re.MULTILINE)
    assert "must stay `same`" in done.out
    assert "  + " not in done.out
    plain, told = cli(*arguments, "--json").json, cli(*arguments, "--json", "--errors").json
    validate(plain, "evalMutations")
    validate(told, "evalMutations")
    assert plain["errors"] is None
    assert plain["breaking"]["mutants"] == sum(one["mutants"] for one in plain["kinds"] if one["expected"] == "other")
    wrong = sum(told[part]["mutants"] - told[part]["right"] for part in ("breaking", "keeping"))
    assert len(told["errors"]) == wrong
    assert cli(*arguments, "--errors").out.count("\n  + ") == wrong


def test_claims_are_read_from_feeds_and_lines(cli: CommandLine) -> None:
    """Several files, of either kind; what cannot be mutated at all gives no mutants and no error."""
    (cli.folder / "a.csv").write_text("claim\nThe dam in Chile is 40 feet tall.\n", encoding="utf-8")
    (cli.folder / "b.txt").write_text("# ours\n\nThe dam in Peru is 40 feet tall.\n", encoding="utf-8")
    found = cli("eval", "mutations", "--docs", "a.csv", "--docs", "b.txt", "--json").json
    assert found["claims"] == 2
    assert {one["kind"]: one["mutants"] for one in found["kinds"]}["figure"] == 2
    (cli.folder / "c.txt").write_text("Too short.\n", encoding="utf-8")
    found = cli("eval", "mutations", "--docs", "c.txt", "--json").json
    assert (found["kinds"], found["breaking"]["share"]) == ([], None)
    validate(found, "evalMutations")


@pytest.mark.parametrize(
    ("name", "content", "code", "reason"),
    [
        ("none.txt", None, 4, "none.txt: cannot be read (No such file or directory)"),
        ("empty.txt", b"", 4, "empty.txt: no claims in it; a .txt file has one on each line"),
        ("remarks.txt", b"# nothing\n", 4, "remarks.txt: no claims in it"),
        ("latin.txt", b"Der Damm ist \xe4lter.\n", 4, "latin.txt: cannot be read (not UTF-8)"),
        ("feed.xyz", b"claim\n", 4, "feed.xyz: not a kind of feed"),
        ("bad.csv", b"claim\n \n", 4, "bad.csv: no claims in it"),
    ],
)
def test_bad_input_is_one_line(cli: CommandLine, name: str, content: bytes | None, code: int, reason: str) -> None:
    """What is wrong and where, on stderr, with its exit code, and nothing on stdout."""
    if content is not None:
        path: Path = cli.folder / name
        path.write_bytes(content)
    done = cli("eval", "mutations", "--docs", name)
    assert (done.code, done.out) == (code, ""), done.err
    assert done.err.startswith("tracker: ")
    assert done.err.count("\n") == 1
    assert reason in done.err

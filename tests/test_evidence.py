"""What two sentences share and in what they differ: each rule alone, with the words that it rests on."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st

from tracker.evidence import Evidence, weigh
from tracker.models import Reason, Relation
from tracker.reading import read

FIGURE, OPPOSITE, ENTITY = Relation.DIFFERENT_FIGURE, Relation.OPPOSITE, Relation.DIFFERENT_ENTITY
TIME, RELATED, SAME = Relation.DIFFERENT_TIME, Relation.RELATED, Relation.SAME
DIFFERENCES = ("figures differ", "figures crossed", "times differ", "turned", "names differ", "roles swapped")


def between(here: str, there: str) -> Evidence:
    return weigh(read(here), read(there, stored=True), None)


def differing(here: str, there: str) -> set[str]:
    """The differences that bear on a contrast."""
    found = between(here, there).values
    return {name for name in DIFFERENCES if found[name]}


def told(here: str, there: str, relation: Relation) -> list[tuple[str, list[str], list[str]]]:
    """Each reason for a relation, with the words of either side that it rests on."""
    return [
        (str(one), [here[slice(*span)] for span in one.here], [there[slice(*span)] for span in one.there])
        for one in between(here, there).reasons.get(relation, ())
    ]


# --- figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "there", "reason", "ours", "theirs"),
    [
        (
            *("NATO has 300,000 troops.", "NATO has 40,000 troops."),
            *("figure: 40,000 there, 300,000 here (x 7.5)", "300,000 troops", "40,000 troops"),
        ),
        (
            *("NATO has 3,000 troops.", "NATO has 40,000 troops."),
            *("figure: 40,000 there, 3,000 here (x 1/13.3)", "3,000 troops", "40,000 troops"),
        ),
        ("The fund is worth £4bn.", "The fund is worth £4m.", "figure: £4m there, £4bn here (x 1,000)", "£4bn", "£4m"),
        (
            *("Japan makes 10 million cars a day.", "Japan makes 10 million cars a year."),
            *("figure: 10m a year there, 10m a day here (x 365)", "10 million cars a day", "10 million cars a year"),
        ),
        ("Inflation is at 5%.", "Inflation is at 4%.", "figure: 4% there, 5% here", "5%", "4%"),
    ],
)
def test_figures_that_differ(here: str, there: str, reason: str, ours: str, theirs: str) -> None:
    """Both are named as they are spelt, with the factor where it is large, and their words."""
    assert told(here, there, FIGURE) == [(reason, [ours], [theirs])]
    assert differing(here, there) == {"figures differ"}


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("NATO has forty thousand troops.", "NATO has 40,000 troops."),
        ("NATO has 40k troops.", "NATO has 40,000 troops."),
        ("The fund is worth £4 million.", "The fund is worth £4m."),
        ("Half of the nurses smoke.", "50% of the nurses smoke."),
    ],
)
def test_figures_that_agree(here: str, there: str) -> None:
    """In whatever spelling: one reason that speaks for the same, and no difference."""
    ((reason, ours, theirs),) = told(here, there, SAME)
    assert reason.startswith("figures agree: ")
    assert len(ours) == len(theirs) == 1
    assert differing(here, there) == set()


@pytest.mark.parametrize(
    ("here", "there", "reason"),
    [
        ("Pay rose by 5%.", "Pay rose by 5 percentage points.", "figure: 5 percentage points there, 5% here"),
        ("The dam cost $4m.", "The dam cost €5m.", "figure: €5m there, $4m here"),
    ],
)
def test_measures_that_are_not_one(here: str, there: str, reason: str) -> None:
    """Shares and points, two currencies: they differ, and no factor is named."""
    assert [one for one, _, _ in told(here, there, FIGURE)] == [reason]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("The force went from 40,000 to 300,000 troops.", "The force went from 300,000 to 40,000 troops."),
        ("300 people died and 20 were hurt.", "20 people died and 300 were hurt."),
    ],
)
def test_figures_that_changed_places(here: str, there: str) -> None:
    """All are there, in another order: a change the other way round, or counts exchanged."""
    assert "figures crossed" in differing(here, there)
    (reason,) = [one for one in told(here, there, RELATED) if "order" in one[0]]
    assert len(reason[1]) == len(reason[2]) == 2
    assert differing(here, here) == set()


def test_a_figure_that_one_side_lacks() -> None:
    """It is no contrast, and the words are marked on the side that has it."""
    more, less = "NATO has 300,000 troops.", "NATO has troops."
    assert differing(more, less) == differing(less, more) == set()
    assert told(more, less, RELATED) == [("figure: none there, 300,000 here", ["300,000 troops"], [])]
    assert told(less, more, RELATED) == [("figure: 300,000 there, none here", [], ["300,000 troops"])]


def test_figures_of_different_things_are_not_held_against_each_other() -> None:
    """Pounds and tonnes: each is one that the other lacks."""
    assert differing("The dam cost £4m.", "The dam weighs 9,000 tonnes.") == set()


# --- times ------------------------------------------------------------------------------------------------------------


def test_times() -> None:
    """Another year differs; a month within the year, and a year on one side only, leave it open."""
    year, other, month, none = (
        f"Unemployment fell in Wales{when}." for when in (" in 2021", " in 2019", " in June 2021", "")
    )
    assert differing(year, other) == {"times differ"}
    assert told(year, other, TIME) == [("period: in 2019 there, in 2021 here", ["in 2021"], ["in 2019"])]
    assert differing(month, year) == differing(year, none) == differing(none, year) == set()
    assert told(month, year, RELATED) == [("period: in 2021 there, in June 2021 here", ["in June 2021"], ["in 2021"])]
    assert told(none, year, RELATED) == [("period: in 2021 there, none here", [], ["in 2021"])]
    assert between(year, year).values["times agree"] == 1


def test_a_time_that_depends_on_the_day_it_was_said() -> None:
    """The same words rest on days that are not known; where they are known, years apart are told."""
    text = "Unemployment fell last year."
    assert between(text, text).values["time relative"] == 1
    here, there = read(text), read(text, stored=True)
    apart = weigh(here, there, None, date(2024, 5, 1), date(2021, 5, 1))
    assert (apart.values["times differ"], apart.values["time relative"]) == (1, 0)
    assert TIME in apart.reasons
    at_once = weigh(here, there, None, date(2024, 5, 1), date(2024, 6, 1))
    assert (at_once.values["times differ"], at_once.values["time relative"]) == (0, 0)


# --- negation, opposites, directions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "there", "reason", "ours", "theirs"),
    [
        ("The firm did not have a plan.", "The firm had a plan.", "negation: 'not' here only", ["not"], []),
        ("The firm must not pay.", "The firm must pay.", "negation: 'not' here only", ["not"], []),
        ("The treaty was never signed.", "The treaty was signed.", "negation: 'never' here only", ["never"], []),
        ("The treaty was signed.", "The treaty wasn't signed.", "negation: 'n't' there only", [], ["n't"]),
        ("The dam could not break.", "The dam could break.", "negation: 'not' here only", ["not"], []),
        (
            *("It is false that the dam in Leeds broke.", "The dam in Leeds broke."),
            *("negation: 'It is false that' here only", ["It is false that "], []),
        ),
        (
            *("The bank opposed the merger.", "The bank supported the merger."),
            *("opposite: 'supported' there, 'opposed' here", ["opposed"], ["supported"]),
        ),
        (
            *("Labour won the election.", "Labour lost the election."),
            *("opposite: 'lost' there, 'won' here", ["won"], ["lost"]),
        ),
        (
            *("Google bought YouTube from Meta.", "Google sold YouTube to Meta."),
            *("opposite: 'sold' there, 'bought' here", ["bought"], ["sold"]),
        ),
    ],
)
def test_what_turns_a_claim_round(here: str, there: str, reason: str, ours: list[str], theirs: list[str]) -> None:
    """A negation, a denial around it, an opposite: each alone turns it, and its words are marked."""
    assert differing(here, there) == {"turned"}
    assert (reason, ours, theirs) in told(here, there, OPPOSITE)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("The vaccine is not safe.", "The vaccine is unsafe."),
        ("The bank did not oppose the merger.", "The bank supported the merger."),
        ("It is not true that the dam in Leeds never broke.", "The dam in Leeds broke."),
        ("The dam in Leeds did not break.", "The dam in Leeds never broke."),
        ("Labour did not win the election.", "Labour lost the election."),
    ],
)
def test_two_turns_cancel_out(here: str, there: str) -> None:
    """A negated opposite, a denied negation, a negation on either side."""
    assert differing(here, there) == set()


def test_a_debunking_against_the_headline_of_a_check() -> None:
    """The headline stands for the claim: who repeats the claim says it, who debunks it denies it."""
    assert differing("The dam in Leeds broke.", "False: the dam in Leeds broke.") == set()
    assert differing("It is a myth that the dam in Leeds broke.", "False: the dam in Leeds broke.") == {"turned"}
    assert differing("There is no evidence that the dam in Leeds broke.", "The dam in Leeds broke.") == {"turned"}


def test_a_denial_is_told_apart_from_a_negation() -> None:
    """A verb that denies on one side: less sure than "not", and named."""
    here, there = "The minister denied the charge.", "The minister faced the charge."
    found = between(here, there).values
    assert (found["denied on one side"], found["negated on one side"]) == (1, 0)
    assert ("denial: 'denied' here only", ["denied"], []) in told(here, there, OPPOSITE)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Taxes rose.", "Taxes fell."),
        ("Wages increased in Leeds.", "Wages decreased in Leeds."),
        ("Crime is up in Leeds.", "Crime is down in Leeds."),
        ("Prices in Leeds soared.", "Prices in Leeds fell."),
    ],
)
def test_directions(here: str, there: str) -> None:
    """Up here and down there, whatever the words: turned, with a reason on both sides."""
    assert differing(here, there) == {"turned"}
    assert any(ours and theirs for _, ours, theirs in told(here, there, OPPOSITE))


def test_a_direction_that_both_share_turns_nothing() -> None:
    """Nor do two on one side, of which nobody can say which is meant."""
    assert differing("Prices rose.", "Prices climbed.") == set()
    assert not between("Prices rose and wages fell.", "Prices rose.").values["directions differ"]


@pytest.mark.parametrize(
    ("here", "there", "turned"),
    [
        ("Germany has more soldiers than France.", "France has more soldiers than Germany.", True),
        ("France has fewer soldiers than Germany.", "Germany has more soldiers than France.", False),
        ("Germany has fewer soldiers than France.", "Germany has more soldiers than France.", True),
        ("Germany has more soldiers than France.", "Germany has more soldiers than France.", False),
    ],
)
def test_comparisons(here: str, there: str, *, turned: bool) -> None:
    """Both sides exchanged turn one round, and so does the direction; both together leave it."""
    assert ("turned" in differing(here, there)) is turned
    assert "roles swapped" not in differing(here, there)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Google bought YouTube from Meta.", "Meta sold YouTube to Google."),
        ("Labour defeated the Tories.", "The Tories lost to Labour."),
    ],
)
def test_one_event_from_two_sides(here: str, there: str) -> None:
    """Where those concerned changed places with the verb, nothing differs."""
    assert differing(here, there) == set()


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "there", "ours", "theirs"),
    [
        ("Germany spends 2% on defence.", "France spends 2% on defence.", "Germany", "France"),
        ("Sales in Paris rose.", "Sales in London rose.", "Paris", "London"),
        ("Joe Biden visited Kyiv.", "Boris Johnson visited Kyiv.", "Joe Biden", "Boris Johnson"),
        ("Nurses in Wales earn too little.", "Teachers in Wales earn too little.", "Nurses", "Teachers"),
    ],
)
def test_names_that_take_each_others_place(here: str, there: str, ours: str, theirs: str) -> None:
    """Countries, places, persons, groups: both are named."""
    assert "names differ" in differing(here, there)
    assert (f"entity: {theirs} there, {ours} here", [ours], [theirs]) in told(here, there, ENTITY)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("The EU banned the drug.", "The European Union banned the drug."),
        ("Joe Biden visited Kyiv.", "Biden visited Kyiv."),
        ("German troops left.", "Germany's troops left."),
    ],
)
def test_one_name_in_two_forms(here: str, there: str) -> None:
    """Abbreviated, shortened, as an adjective: no difference, nothing that one side lacks."""
    found = between(here, there).values
    assert differing(here, there) == set()
    assert (found["name here only"], found["name there only"]) == (0, 0)


def test_a_name_that_one_side_lacks() -> None:
    """It is no other name, and marked where it stands; who is only said to say so may be missing."""
    more, less = "The mayor of Leeds resigned.", "The mayor resigned."
    assert differing(more, less) == differing(less, more) == set()
    assert told(more, less, RELATED) == [("name: Leeds here only", ["Leeds"], [])]
    assert told(less, more, RELATED) == [("name: Leeds there only", [], ["Leeds"])]
    said = between("Boris Johnson says that the dam in Leeds broke.", "The dam in Leeds broke.").values
    assert (said["name here only"], said["names agree"]) == (0, 1)


def test_a_place_within_the_other() -> None:
    """A town and its state do not exclude each other."""
    found = between("The plane landed in Austin.", "The plane landed in Texas.").values
    assert (found["names within"], found["names differ"]) == (1, 0)


@pytest.mark.parametrize(
    ("here", "there", "swapped"),
    [
        ("Germany attacked France.", "France attacked Germany.", True),
        ("France was attacked by Germany.", "Germany attacked France.", False),
        ("Germany was attacked by France.", "Germany attacked France.", True),
        ("Germany attacked France.", "France was attacked by Germany.", False),
        ("Germany attacked France.", "Germany attacked France.", False),
        ("In France, Germany lost support.", "Germany lost support in France.", False),
    ],
)
def test_roles(here: str, there: str, *, swapped: bool) -> None:
    """Who does it to whom, in either voice; a place in front is no role."""
    assert ("roles swapped" in differing(here, there)) is swapped
    assert any(reason.startswith("roles: ") for reason, _, _ in told(here, there, ENTITY)) is swapped


def test_the_reason_for_roles_names_both_or_says_what_the_one_does() -> None:
    """With one name first on both sides, the voice is what differs."""
    assert told("Germany attacked France.", "France attacked Germany.", ENTITY) == [
        ("roles: France there, Germany here", ["Germany"], ["France"])
    ]
    assert told("Germany was attacked by France.", "Germany attacked France.", ENTITY) == [
        ("roles: Germany does it on one side, and has it done on the other", ["Germany"], ["Germany"])
    ]


# --- scope, fragments, who says so ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "there", "reason"),
    [
        ("Every school in Leeds closed.", "Some schools in Leeds closed.", "scope: all here, some there"),
        ("Only women in Leeds voted.", "All women in Leeds voted.", "scope: only here, all there"),
        ("Most schools in Leeds closed.", "Schools in Leeds closed.", "scope: most here, nothing said there"),
        ("The state will build a dam.", "The state built a dam.", "scope: 'will' here only"),
        ("The state built a dam.", "The state might build a dam.", "scope: 'might' there only"),
    ],
)
def test_scope(here: str, there: str, reason: str) -> None:
    """Of all or of some, done or planned: it speaks for related, and is no contrast."""
    assert reason in [one for one, _, _ in told(here, there, RELATED)]
    assert differing(here, there) == set()


def test_possible_is_less_than_planned() -> None:
    """Both are modal; only one of them is in doubt."""
    assert between("The state will build it.", "The state built it.").values["possible on one side"] == 0
    assert between("The state might build it.", "The state built it.").values["possible on one side"] == 1
    assert between("The state might build it.", "The state could build it.").values["planned on one side"] == 0


def test_a_fragment() -> None:
    """Whom it is about is not known: said where it is the statement."""
    here, there = "He resigned on Monday.", "The minister resigned on Monday."
    assert between(here, there).values["fragment"] == between(there, here).values["fragment"] == 1
    assert ("whom it is about is not said here", [], []) in told(here, there, RELATED)
    assert ("whom it is about is not said here", [], []) not in told(there, here, RELATED)


def test_what_is_reported_is_flagged_whatever_the_relation() -> None:
    """With the words of the attribution; a claim's own attribution is none of the statement's."""
    here, there = "Officials claim that the dam in Leeds broke.", "The dam in Leeds broke."
    (caution,) = between(here, there).cautions
    assert str(caution) == "reported, not asserted: 'Officials claim that'"
    assert [here[slice(*span)] for span in caution.here] == ["Officials claim that "]
    assert between(there, here).cautions == ()
    assert differing(here, there) == set()


@pytest.mark.parametrize(
    ("here", "quoted"),
    [
        ("The “safe” dam in Leeds broke.", ["safe"]),
        ('Officials claim that the "safe" dam in Leeds broke.', ["safe"]),
        ("“The dam in Leeds broke.”", []),
        ("The mayor: “the dam in Leeds broke on Monday”.", []),
        ("The dam in Leeds isn't safe.", []),
    ],
)
def test_a_few_words_in_quotation_marks_are_flagged(here: str, quoted: list[str]) -> None:
    """Who writes so may not mean it; a quotation of the whole is none of these, nor is an apostrophe."""
    found = [one for one in between(here, "The dam in Leeds broke.").cautions if "quotation" in str(one)]
    assert [str(one) for one in found] == [f"in quotation marks, perhaps not asserted: '{one}'" for one in quoted]
    assert [here[start + 1 : end - 1] for one in found for start, end in one.here] == quoted


@pytest.mark.parametrize(
    "told",
    [
        "The deal was rejected by the {} despite pressure from the {}.",
        "Exports from the {} to the {} fell by 5% in 2022.",
        "Aid from {} to {} fell.",
        "Sales rose in {} and fell in {}.",
        "{} was invaded by {} in May.",
        "{} exports more to {} in winter.",
        "{} beat {} 3-1 in the final.",
    ],
)
@pytest.mark.parametrize("names", [("Greece", "Turkey"), ("Norway", "Germany")])
def test_names_in_each_others_place_bar_the_same(told: str, names: tuple[str, str]) -> None:
    """Whatever stands before them: every other word is the same, so nothing else tells the two apart."""
    assert between(told.format(*names), told.format(*names[::-1])).values["roles crossed"] == 1


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Aid went from Britain to France.", "Aid went to France from Britain."),
        ("Britain and France signed it.", "France and Britain signed it."),
        ("In Germany, Norway leads.", "Norway leads in Germany."),
        ("A library was opened by the mayor of Leeds.", "The mayor of Leeds opened a library."),
    ],
)
def test_names_that_keep_their_part_are_not_crossed(here: str, there: str) -> None:
    """In a list, with the preposition taken along, or in the other voice."""
    found = between(here, there).values
    assert (found["roles crossed"], found["roles swapped"]) == (0, 0)


def test_the_same_change_is_one_of_the_same_thing() -> None:
    """Two rates that rose from one figure to one other are two rates, however near their words are."""
    levy = "The levy rose from 5% to 10%."
    assert between("The levy went up from 5% to 10%.", levy).values["same change"] == 1
    assert between("Unemployment went up from 5% to 10%.", levy).values["same change"] == 0
    assert between("It went up from 5% to 10%.", levy).values["same change"] == 0


# --- in all -----------------------------------------------------------------------------------------------------------


def test_words_that_one_side_lacks() -> None:
    """They are named on both sides, and marked."""
    here, there = "The old dam broke.", "The dam broke suddenly."
    ((reason, ours, theirs),) = told(here, there, RELATED)[:1]
    assert (reason, ours, theirs) == ("words: 'old' here, 'suddenly' there", ["old"], ["suddenly"])
    assert between(here, here).values["same words"] == 1


WORDS = "NATO Germany France Leeds nurses has not n't never sent 300,000 40,000 £4m 5% troops to from than more fewer"
WORDS += " in|2022 last|year rose fell will might all some bought sold was attacked by denied It|is|false|that No,"
WORDS += " Officials|say|that He wins loses taxes . ’s"
some = [one.replace("|", " ") for one in WORDS.split()]
texts = st.lists(st.sampled_from(some), max_size=10).map(" ".join) | st.text(max_size=60)


@given(texts, texts)
def test_any_two_texts_can_be_weighed(here: str, there: str) -> None:
    """Nothing raises; every number is finite; each span is in its text; and both ways the same figures differ."""
    found, back = between(here, there), weigh(read(there, stored=True), read(here), None)
    assert set(found.values) == set(back.values)
    assert all(abs(value) < 100 for value in found.values.values())
    assert found.values["figures differ"] == back.values["figures differ"]
    assert found.values["times differ"] == back.values["times differ"]
    reasons: list[Reason] = [*found.cautions, *(one for group in found.reasons.values() for one in group)]
    for reason in reasons:
        assert reason.text
        assert all(0 <= start < end <= len(here) for start, end in reason.here)
        assert all(0 <= start < end <= len(there) for start, end in reason.there)


@given(texts)
def test_a_text_differs_from_itself_in_nothing(text: str) -> None:
    """Figures, times, names and turns: what it says it says."""
    found = weigh(read(text), read(text), None)
    assert {name for name in DIFFERENCES if found.values[name]} == set()
    assert found.values["same words"] == 1

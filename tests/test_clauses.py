"""Which sentences hold more than one claim that can stand alone: every rule, every trap, and any text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from tracker.clauses import clauses
from tracker.verbs import is_finite, is_past, may_be_verb, tokens


def parted(text: str) -> list[str]:
    return [text[start:end] for start, end in clauses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wages rose by 3 % and prices fell", ["Wages rose by 3 %", "prices fell"]),
        ("Wages rose by 3 % and prices fell by 2 %.", ["Wages rose by 3 %", "prices fell by 2 %"]),
        ("“Wages rose by 3 % and prices fell by 2 %.”", ["Wages rose by 3 %", "prices fell by 2 %"]),
        (
            "NATO raised the force from 40,000 to 300,000 and Sweden and Finland are joining.",
            ["NATO raised the force from 40,000 to 300,000", "Sweden and Finland are joining"],
        ),
        (
            "NATO raised the force from 40,000 to 300,000 and Sweden and Finland joined the alliance in 2023.",
            ["NATO raised the force from 40,000 to 300,000", "Sweden and Finland joined the alliance in 2023"],
        ),
        ("The dam broke and the mayor fled to Spain.", None),
        ("The mayor opened a school, and the council closed a library.", None),
        ("Wages rose, whereas prices fell.", None),
        ("Wages rose, while prices fell.", None),
        ("Wages rose; prices fell.", None),
        ("The army has 120 jets and the navy has 40 ships!", None),
        ("The deficit grew by 5 per cent, but unemployment fell to 4 per cent.", None),
        ("Unemployment will fall and the economy will grow by 5%.", None),
        ("The dam is safe, and Gov. Marsh was told.", None),
        ("The bridge was built in 1962 and there are 400 bridges.", None),
        ("The lake is empty and the road was closed in 2019.", None),
        ("The mayor has been jailed and the council was closed.", None),
        ("I voted for the bill and we closed the border.", None),
        ("Anna Berg resigned and Joe Biden was jailed.", None),
        ("The economy of Spain grew by 5% and the mayor of Leeds resigned.", None),
    ],
)
def test_two_claims_are_two_spans(text: str, expected: list[str] | None) -> None:
    """Each side has its subject and its verb; the conjunction, the comma before it and the stop are in neither."""
    found = parted(text)
    assert expected is None or found == expected
    assert len(found) == 2
    assert not any(one.endswith((",", ".", ";", "!", " ")) for one in found)
    assert not any(one.lower().startswith(("and ", "but ", "while ", "whereas ", ";", " ")) for one in found)


def test_three_claims_are_three_spans() -> None:
    """Each conjunction is looked at for itself."""
    assert parted("Wages rose and prices fell, but the deficit doubled.") == [
        "Wages rose",
        "prices fell",
        "the deficit doubled",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "He bought and sold houses",
        "Sweden and Finland are joining.",
        "The council repaired roads and bridges.",
        "The fare rose from 3 and a half to 5 euros.",
        "The tunnel runs between France and Spain.",
        "It lies between France and Spain are mountains.",
        "Officials met and agreed a deal.",
        "NATO met Sweden and Norway and Finland joined.",  # who joined?
        "The firm hired engineers and doctors and nurses were fired.",
        "Both wages rose and prices fell.",
        "The fire destroyed 30 houses and a school built in 1990.",
        "Police arrested two men and a woman named Berg.",
        "They were freed after Walker and the Republicans took over.",
        "Jobs have gone abroad since Mr. Berg and Ms. Ford have been in charge.",
    ],
)
def test_a_pair_is_no_two_claims(text: str) -> None:
    """Two objects, two subjects or two verbs of one subject are one claim."""
    assert clauses(text) == [(0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "The dam broke and the mayor fled to Spain, a fake post claimed.",
        "The dam broke and the mayor fled to Spain, according to Anna Berg.",
        "The dam broke and the mayor fled to Spain, Smith falsely claimed.",
        "The dam broke and the mayor fled to Spain, or so Smith claims.",
        "The dam broke and the mayor fled to Spain, the ministry said.",
        "The dam broke and the mayor fled to Spain a fake post claimed.",
        "The dam broke and the mayor fled to Spain said Smith.",
        "Wages rose and prices fell, the ministry said.",
        "Experts dismissed rumours the dam broke and the mayor fled to Spain.",
        "The BBC disputes wages rose and the deficit fell by 5%.",
        "Smith rejected claims wages rose and the deficit fell by 5%.",
        "Smith has denied wages slid by 3% and the deficit fell by 5%.",
        "Smith is certain unemployment slid and the deficit fell by 5%.",
        "Officials fear the dam broke and the mayor fled to Spain.",
        "Few believe wages rose and the economy shrank by 5 per cent.",
        "The rich claim wages rose and the deficit fell by 5%.",
        "The Tories say unemployment fell and the economy grew by 5%.",
        "The Tories promise unemployment will fall and the economy will grow by 5%.",
        "Leaked emails show wages rose and the economy grew by 5%.",
        "Smith bet the dam would break and the mayor would flee to Spain.",
        "She said that wages rose and prices fell.",
        "The ministry says the dam is safe and the lake is full.",
        "According to Anna Berg, wages rose and prices fell.",
        "She went on: “Wages rose and prices fell.”",
        "It’s a myth: wages rose and prices fell.",
        "Russian propaganda: wages rose and the deficit fell by 5%.",
        "Fake news – wages rose and the deficit fell by 5%.",
        *(
            f"{one} wages rose and the deficit fell by 5%."
            for one in ("Allegedly", "Supposedly", "Perhaps", "Maybe", "Apparently", "Reportedly", "Suppose", "Says")
        ),
        "Allegedly unemployment fell and the deficit fell by 5%.",
        "Yesterday unemployment fell and the deficit grew by 5%.",
        "Monday unemployment fell and the deficit grew by 5%.",
        "Today Smith resigned and the deficit grew by 5%.",
        "Hope Smith resigned and Jones was jailed.",
        "Rumour Smith resigned and Jones was jailed.",
        "Speculation unemployment fell and the deficit grew hurt the pound.",
        "The dam supposedly broke and the mayor fled to Spain.",
        *(
            f"The dam broke and the mayor fled to Spain in {one}."
            for one in ("the film", "the novel", "a play", "the series", "her dream", "the simulation", "Macbeth")
        ),
        "The mayor was “busy” and the council was “appalled.”",
        "The dam would break and the mayor would flee to Spain.",
        "Labour won and taxes will rise.",
        "Labour wins and the mayor flees to Spain.",
        "2019 saw wages rise and prices fell.",
        "Smith heard Jones and Berg fled to Spain.",
        "The rumour was Smith and Jones fled to Spain.",
        "The dam broke (a fake post says) and the mayor fled to Spain.",
    ],
)
def test_what_somebody_else_may_say_of_both_keeps_them_together(text: str) -> None:
    """In front, behind, within, in a story: no word for it is listed, but no such sentence is read."""
    assert clauses(text) == [(0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "If wages rise and prices are stable, rents fall.",
        "Rents fell and wages rose, unless the figures are wrong.",
        "The bank asked whether wages rose and prices fell.",
        "The report that wages rose and prices fell was withdrawn.",
        "The man who built the dam left and the owner was jailed.",
        "Jobs were lost because the mill closed and the mine was flooded.",
        "When the mill closed and the mine was flooded, 900 jobs were lost.",
        "In 2009, unemployment was 8 % and the deficit was 1.4 trillion.",
        "Rents rose faster than wages did and prices fell.",
        "Not only did wages rise but prices fell.",
        "What the House and the Senate passed is law and the courts agreed.",
        "Did wages rise and was the tax cut?",
        "Wages rose and prices fell?",
        "It is false that wages rose and prices fell.",
        "The minister denied that wages rose and prices fell.",
        "He said wages and prices fell.",
        "The report shows wages and prices fell.",
        "The council never said that wages rose and prices fell.",
        "You pay the fee and the state pays the rest.",
        "One more vote and the bill was law.",
    ],
)
def test_what_may_hold_for_both_sides_keeps_them_together(text: str) -> None:
    """A condition, a time, a reason, a denial, a clause that has not ended, a question."""
    assert clauses(text) == [(0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        *(f"The dam broke and {one} was old." for one in ("it", "this", "that", "she", "its owner", "the latter")),
        "The dam broke and they were warned.",
        "The dam broke and their houses were flooded.",
        "Prices rose and so did wages.",
        "Prices rose by 3 % and wages by 2 %.",
        "Labour voted for the bill but the Greens did not.",
        "The plan says 40 schools will open but there will be.",
        "The dam broke and the mayor was jailed for it.",
        "The dam broke and the mayor was there.",
        "The minister was jailed and the money was lost, too.",
        "Spain joined in 1986 and Portugal was admitted the same year.",
        "Six houses burned and 300 were damaged.",
        "Two clinics were shut in 2019 and the third unit was sold the year after.",
        "We didn’t in the first debate and the voters were angry.",
        "There are many fees and we outlined those in detail.",
        "The taxes are high and we understand that.",
        "The works closed and others are at risk.",
        "She cut taxes while I was in office.",
        "The rate fell by 2 % while Ruben Alcott was in office.",
    ],
)
def test_what_leans_on_the_first_part_stays_with_it(text: str) -> None:
    """A pronoun, a missing verb or noun, a word that points back."""
    assert clauses(text) == [(0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "He called the plan “a mess, and the council was warned” in May.",
        "The plan (wages rose and prices fell) was dropped.",
        "Wages rose – and the law was passed – in May.",
        "The plan is simple: wages rose and prices fell.",
        "Wages rose and prices fell. The mayor left.",
        "“Wages rose and prices fell",
        "“Wages rose” and “prices fell”",
    ],
)
def test_a_part_in_quotes_brackets_or_dashes_is_not_cut(text: str) -> None:
    """The cut would leave half of it on either side."""
    assert clauses(text) == [(0, len(text))]


@pytest.mark.parametrize(
    "text", ["", " ", "and", ";", "and and and", "WAGES ROSE AND PRICES FELL", "a; b; c", "Wages rose and the", "“”"]
)
def test_what_is_no_sentence_is_one_span(text: str) -> None:
    """However little there is."""
    assert clauses(text) == [(0, len(text))]


def test_a_very_long_text_is_one_span_at_once() -> None:
    """No sentence is that long, and nothing is searched in it."""
    text = "Wages rose and prices fell, " * 20_000
    assert clauses(text) == [(0, len(text))]


WORDS = st.lists(
    st.sampled_from(
        'Wages prices rose fell the mayor NATO and but while ; , . : “ ” " ( ) that who if it is was 3 % of'.split()
    ),
    max_size=30,
).map(" ".join)


@given(WORDS | st.text())
def test_spans_lie_in_the_text_in_order_and_apart(text: str) -> None:
    """Whatever the text: within it, none empty but that of an empty text, none overlapping."""
    spans = clauses(text)
    assert spans
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert len(spans) == 1 or all(text[start:end].strip() for start, end in spans)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The force raised by NATO was sent home", ["was"]),
        ("Jobs increased by 30 %", ["increased"]),
        ("Jobs increased by threats are lost", ["are"]),
        ("The council built the dam", ["built"]),
        ("a school built in 1990", []),
        ("a man named Berg", []),
        ("the will of the people", []),
        ("She wants to have it and cannot", ["wants", "cannot"]),
        ("We need more and they don’t", ["need", "don't"]),
        ("The state has never raised taxes", ["has"]),
        ("The party won 40 seats", ["won"]),
        ("a deal signed Monday", []),
        ("Apple’s retired workers met", []),
        ("May is cold", ["is"]),
    ],
)
def test_only_sure_verbs_are_found(text: str, expected: list[str]) -> None:
    """A participle is no verb, and a noun that looks like one neither."""
    words = tokens(text)
    assert [word.low for at, word in enumerate(words) if is_finite(words, at)] == expected


def test_a_past_form_that_may_be_a_present_is_not_sure() -> None:
    """One may say "I put" of today, and "need" only looks like a past."""
    assert [word.low for word in tokens("voted went put need said cut feed") if is_past(word)] == [
        "voted",
        "went",
        "said",
    ]


def test_any_word_may_be_a_verb_unless_it_is_known() -> None:
    """The lists of WordNet, the irregular forms, and whatever nobody knows."""
    words = tokens("deficit economy safe rumours fear slid said left retweeted xyzzied don’t")
    assert [word.low for word in words if not may_be_verb(word)] == ["deficit", "economy", "safe"]

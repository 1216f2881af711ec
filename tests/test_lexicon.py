"""Words that mean the same, the opposite, or are two of a kind; their lemmas, directions and negations."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tracker import lexicon
from tracker.lexicon import (
    Kinship,
    Negator,
    converse,
    direction,
    is_filler,
    lemma,
    multiple,
    negator,
    phrases,
    related_as,
)

DATA = Path(lexicon.__file__).parent / "data" / "lexicon"
LISTS = ("synonyms", "opposites", "converses", "siblings", "directions", "negators", "fillers")


def entries(name: str) -> list[str]:
    """Every entry of one of our lists, as it is written there."""
    lines = [line for line in (DATA / f"{name}.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]
    return [
        entry.strip()
        for line in lines
        for entry in (line if name == "fillers" else line.rpartition(": ")[2]).replace("|", ",").split(",")
    ]


def split(line: str) -> list[list[str]]:
    return [pair.split() for pair in line.split(",")]


@pytest.mark.parametrize(
    ("form", "base"),
    [
        *split(
            "went go,shrank shrink,sold sell,fewer few,women woman,children child,struck strike,fell fall,rose rise"
        ),
        *split("were be,has have,better good,worst bad,mice mouse,wives wife,taught teach,bought buy,led lead,won win"),
        *split("stopped stop,banned ban,passed pass,passes pass,cities city,denied deny,lying lie,dying die,taxes tax"),
        *split("bigger big,largest large,earlier early,busiest busy,increased increase,closing close,vetoes veto"),
        *split("tweeted tweet,vaccinated vaccinate,selfies selfie,Jobs job,men’s men's"),
    ],
)
def test_a_form_has_its_lemma(form: str, base: str) -> None:
    """Irregular and regular forms, doubled consonants, comparisons, words of the net."""
    assert lemma(form) == base


@pytest.mark.parametrize(
    "word",
    [
        *("news", "series", "species", "headquarters", "politics", "data", "gas", "bus", "virus", "crisis", "pass"),
        *("discuss", "evening", "wedding", "number", "offer", "former", "minister", "hundred", "united", "rent"),
        *(
            "always",
            "perhaps",
            "building",
            "meeting",
            "left",
            "shot",
            "this",
            "nato",
            "covid-19",
            "unvaccinated",
            "more",
        ),
    ],
)
def test_what_only_looks_inflected_stays(word: str) -> None:
    """No ending is taken from a word that does not bear it, nor from a form with two readings of equal weight."""
    assert lemma(word) == word


@given(st.text(max_size=20))
def test_any_string_has_a_lemma_in_lower_case(word: str) -> None:
    """A lemma never raises, and is never longer by more than a restored ending."""
    assert lemma(word) == lemma(word.lower())
    assert len(lemma(word)) <= len(word.lower()) + 6


SAME = """
jab vaccine,axe scrap,slash cut,kid child,kid pupil,hike raise,put_up raise,sack dismiss,quid pound,back support,
veto block,gp family_doctor,petrol gas,poll survey,mp lawmaker,take_part_in participate,turn_down reject,
throw_out reject,call_off cancel,in_front ahead,kick_out exclude,walk_out resign,come_into_force take_effect,
shot vaccine,shoot shot,left leave,gun firearm,rise increase,fall drop,buy purchase,big large,obtain get,ban ban
"""
OPPOSITE = """
accept reject,approve veto,rise fall,raise cut,uphold strike_down,allow ban,open close,join leave,join left,win lose,
widen narrow,import export,overstate understate,guilty acquit,alive dead,legal illegal,legally illegally,aware unaware,
safe dangerous,more few,fast slow,above below,before after,contribute receive,exempt subject_to,shrink grow,true false,
cause prevent,support oppose,confirm deny,complete fail_to_complete,let stop,cut rise,lower rise,lower high,
approval rejection,approval reject,vaccinate unvaccinated,violent non-violent,filthy clean,deport let_in,able unable
"""
SIBLING = """
pensioner student,retiree pupil,nurse teacher,woman man,king queen,hospital school,dog cat,cancer malaria,nato eu,
refugee migrant,president prime_minister,coal wind,monday tuesday,mother father,employer employee,lion panther
"""
UNRELATED = """
cut table,rise hospital,john toilet,minister pastor,win defeat,coup takeover,ban censor,first two,animate inspire,
employer dismiss,stop city,commit dedicate,lie stand,all some,zzz yyy
"""


def pairs(text: str) -> list[list[str]]:
    return split(text.replace("\n", "").strip())


@pytest.mark.parametrize(("a", "b"), pairs(SAME))
def test_words_that_can_mean_the_same(a: str, b: str) -> None:
    """Newsroom equivalents, also of several words, and both readings of a form."""
    assert related_as(a, b) == related_as(b, a) == Kinship.SAME


@pytest.mark.parametrize(("a", "b"), pairs(OPPOSITE))
def test_words_that_cannot_both_hold(a: str, b: str) -> None:
    """From our lists, by a prefix, from WordNet, and by the roots of both."""
    assert related_as(a, b) == related_as(b, a) == Kinship.OPPOSITE


@pytest.mark.parametrize(("a", "b"), pairs(SIBLING))
def test_two_of_a_kind(a: str, b: str) -> None:
    """Groups of people, offices, institutions; those of a synonym count."""
    assert related_as(a, b) == related_as(b, a) == Kinship.SIBLING


@pytest.mark.parametrize(("a", "b"), pairs(UNRELATED))
def test_what_is_not_known_is_not_claimed(a: str, b: str) -> None:
    """No relation from a rare meaning, from who does a thing to what is done, or of unknown words."""
    assert related_as(a, b) is None
    assert related_as(b, a) is None


def test_a_kind_of_the_other() -> None:
    """The narrower word comes first or second; the answer says which."""
    assert related_as("whisper", "speak") == related_as("poodle", "dog") == Kinship.NARROWER
    assert related_as("speak", "whisper") == related_as("dog", "poodle") == Kinship.BROADER


@pytest.mark.parametrize(("a", "b"), pairs("decide decision,move movement,warn warning,vaccinate vaccination"))
def test_one_root(a: str, b: str) -> None:
    """Verb and noun of one root are derived, or the same where a list has them as a group."""
    assert related_as(a, b) in {Kinship.DERIVED, Kinship.SAME}


def test_parts_of_speech_are_letters() -> None:
    """Of lemmas that WordNet has; of others there are none."""
    assert "v" in lexicon.parts("vote")
    assert lexicon.parts("unemployment") == "n"
    assert lexicon.parts("xyzzy") == ""


def test_spaces_hyphens_and_underscores_are_one() -> None:
    """However the words of an entry are joined."""
    assert related_as("family doctor", "gp") == related_as("family-doctor", "gp") == Kinship.SAME


@pytest.mark.parametrize(
    ("a", "b"),
    pairs("buy sell,lend borrow,give receive,teach learn,lead trail,above below,more few,big small,win lose"),
)
def test_one_event_from_two_sides(a: str, b: str) -> None:
    """Converses say the same with places exchanged, so in equal places they are never the same."""
    assert converse(a, b)
    assert converse(b, a)
    assert related_as(a, b) != Kinship.SAME


def test_a_converse_needs_both_sides() -> None:
    """Two words of one side are none, nor is a word of itself, nor what no list has."""
    assert not any(converse(a, b) for a, b in pairs("buy purchase,buy buy,rise fall,zzz buy"))


def test_phrases_are_found_longest_first() -> None:
    """As one item with its place; inside a longer one nothing is found."""
    found = "the council have turn down the plan that come into force for no more than 300 people".split()
    assert phrases(found) == [(3, 5, "turn_down"), (8, 11, "come_into_force"), (12, 15, "no_more_than")]


def test_an_entry_that_is_cut_off_is_no_phrase() -> None:
    """At the end of the sequence a shorter entry is found, or none."""
    assert phrases(["it", "come", "into"]) == [(1, 3, "come_into")]
    assert phrases(["it", "come"]) == []
    assert phrases([]) == []


@given(
    st.lists(st.sampled_from("turn down take part in no more than half of all time fail to go up".split()), max_size=12)
)
def test_phrases_never_overlap_and_are_their_words(lemmas: list[str]) -> None:
    """In order, each with the words it names."""
    found = phrases(lemmas)
    assert all("_".join(lemmas[start:end]) == name and end - start > 1 for start, end, name in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


def test_directions() -> None:
    """Up, down, neither; and by how much where the word says so."""
    assert [direction(word) for word in ("rise", "go_up", "soar", "growth", "more")] == [1] * 5
    assert [direction(word) for word in ("fall", "go down", "slash", "reduction", "few")] == [-1] * 5
    assert [direction(word) for word in ("say", "change", "over", "up_to")] == [0] * 4
    assert [multiple(word) for word in ("double", "treble", "tenfold", "halve", "rise", "say")] == [
        2,
        3,
        10,
        0.5,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Negator.NEGATION, "not never no without n't don't isn't hardly no_longer"),
        (Negator.FAILURE, "fail fail_to refuse_to unable lack"),
        (Negator.PREVENTION, "stop prevent ban block"),
        (Negator.DENIAL, "deny refute reject dispute"),
        (Negator.FALSITY, "false hoax myth debunk fake"),
    ],
)
def test_negators_have_a_kind(kind: Negator, words: str) -> None:
    """A clause denied, an act not done, an act kept from happening, a denial reported, the claim called false."""
    assert [negator(word) for word in words.split()] == [kind] * len(words.split())


def test_other_words_negate_nothing() -> None:
    """Nor does a word that only holds a negator's letters."""
    assert [negator(word) for word in ("note", "know", "doctor", "allow", "decline_to", "make_up")] == [None] * 6


def test_fillers_never_carry_a_claim() -> None:
    """Emphasis and news voice are fillers; no negator, direction or opposite is."""
    assert all(
        is_filler(word) for word in ("really", "literally", "shocking", "so-called", "so_called", "unfortunately")
    )
    assert is_filler(lemma("BREAKING"))
    assert not any(is_filler(word) for word in ("break", "not", "false", "true", "million", "president", "recovery"))
    both = [word for word in entries("fillers") if negator(word) or direction(word)]
    assert both == []


@pytest.mark.parametrize("name", LISTS)
def test_entries_are_written_as_lemmas(name: str) -> None:
    """Else a lookup by lemma would never find them; words with a hyphen are one word."""
    wrong = {word for entry in entries(name) for word in entry.split() if "-" not in word and lemma(word) != word}
    assert wrong == set()
    assert "" not in entries(name)


def test_no_pair_of_our_lists_is_the_same_and_the_opposite() -> None:
    """A group of synonyms holds no two words of which one goes up and the other down, or that are opposites."""
    groups = lexicon._groups()
    sides = lexicon._sides("opposites.txt")
    for a, b in combinations(sorted(groups), 2):
        if not groups[a].isdisjoint(groups[b]):
            assert direction(a) * direction(b) >= 0, (a, b)
            assert sides.get(a, frozenset()).isdisjoint(lexicon._against(sides.get(b, frozenset()))), (a, b)
    for word in sides:
        assert related_as(word, word) == Kinship.SAME


def test_up_and_down_are_never_the_same() -> None:
    """Of all words of direction, WordNet's meanings included."""
    known = entries("directions")
    up, down = [w for w in known if direction(w) > 0], [w for w in known if direction(w) < 0]
    assert [(a, b) for a in up for b in down if related_as(a, b) == Kinship.SAME] == []


def test_the_files_stay_small_and_keep_their_notice() -> None:
    """Below 700 kB together, and WordNet's terms beside what comes from it."""
    assert sum(file.stat().st_size for file in DATA.iterdir()) < 700_000
    assert "Copyright 2006 by Princeton University" in (DATA / "WORDNET-LICENSE").read_text("utf-8")


def test_reading_the_files_anew_changes_no_answer() -> None:
    """What is kept can be dropped at any time."""
    before = related_as("jab", "vaccine"), lemma("went"), direction("rise")
    lexicon.reread()
    assert (related_as("jab", "vaccine"), lemma("went"), direction("rise")) == before


def test_words_are_found_by_halving_the_lines() -> None:
    """So they are sorted, by letters that all stand before the mark that ends a search."""
    lines = (DATA / "wordnet.tsv").read_text("utf-8").splitlines()
    assert lines == sorted(lines)
    assert all(line.isascii() and "\x7f" not in line for line in lines)
    assert all(lexicon._cells(line.partition("\t")[0]) for line in lines)
    assert lexicon._cells("nosuchword") == lexicon._cells("") == ""

"""Names, nationalities and groups: what is read, which are the same, and what is left between two sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from tracker.gazetteer import FOLDER, forms, is_ordinary
from tracker.names import Name, NameKind, compare, contained, names, same


def texts(text: str) -> list[str]:
    return [name.text for name in names(text)]


def keys(text: str) -> list[set[str]]:
    return [set(name.keys) for name in names(text)]


def name(text: str) -> Name:
    """The one name of a text."""
    (found,) = names(text)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NATO just went from a rapid reaction force of 40,000 to one of 300,000.", ["NATO"]),
        ("Nearly half of the people in the region said no. In fact, The number fell.", []),
        ("Joe Biden met Jens Stoltenberg on Monday in May.", ["Joe Biden", "Jens Stoltenberg"]),
        ("President Biden and Sir Keir Starmer thanked Mr Smith.", ["Biden", "Keir Starmer", "Smith"]),
        ("Germany's chancellor likes McDonald’s and Sainsbury's.", ["Germany", "McDonald’s", "Sainsbury's"]),
        ("The University of Exeter beat Durham University.", ["University of Exeter", "Durham University"]),
        ("the Bank of England, Manchester City and the Met", ["Bank of England", "Manchester City", "Met"]),
        (
            "J.K. Rowling wrote to Viktor Orbán and Jean-Luc Mélenchon",
            ["J.K. Rowling", "Viktor Orbán", "Jean-Luc Mélenchon"],
        ),
        ("#NATO and @realDonaldTrump on #BlackLivesMatter", ["NATO", "realDonaldTrump", "BlackLivesMatter"]),
        (
            "US-led troops met Milwaukee County Sheriff David Clarke",
            ["US", "troops", "Milwaukee County", "David Clarke"],
        ),
        ("Texas Gov. Greg Abbott spoke. Nobody in St. Louis heard.", ["Texas", "Greg Abbott", "St. Louis"]),
        (
            "Ursula von der Leyen met Paris Hilton and Ashley Biden",
            ["Ursula von der Leyen", "Paris Hilton", "Ashley Biden"],
        ),
        (
            "Center for Biological Diversity sued the Justice Department",
            ["Center for Biological Diversity", "Justice Department"],
        ),
        ("He moved from New Berlin to South Florida", ["New Berlin", "South Florida"]),
        ("Richard Shelby, R-Ala., said", ["Richard Shelby", "Ala"]),
        ("Mark Smith said so. Mark the day.", ["Mark Smith"]),
        ("See https://t.co/NATOabc and pic.twitter.com/Xyz1 by Boris", ["Boris"]),
    ],
)
def test_names_are_read_where_they_stand(text: str, expected: list[str]) -> None:
    """Longest first, without titles, possessives, months, links, and what a sentence begins with."""
    assert texts(text) == expected
    assert all(text[name.start : name.end] == name.text for name in names(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("British", [{"gb"}]),
        ("the UK", [{"gb"}]),
        ("Great Britain", [{"gb"}]),
        ("Georgia", [{"ge", "us-ga"}]),
        ("Georgians", [{"ge", "us-ga"}]),
        ("Tbilisi", [{"tbilisi", "ge"}]),
        ("Moscow agreed", [{"moscow", "ru"}]),
        ("snow in Moscow", [{"moscow"}]),
        ("Biden", [{"joe biden"}]),
        ("Clinton", [{"bill clinton", "hillary clinton"}]),
        ("George Bush", [{"george w bush", "george h w bush"}]),
        ("the World Health Organisation", [{"who"}]),
        ("the WHO", [{"who"}]),
        ("kids", [{"children"}]),
        ("a woman", [{"women"}]),
        ("family doctors", [{"gps"}]),
        ("GPs", [{"gps"}]),
        ("cops", [{"police"}]),
        ("the Tories", [{"conservatives"}]),
        ("the GOP", [{"republicans"}]),
        ("Schuyler VanValkenburg", [{"schuyler vanvalkenburg"}]),
        ("Exeter University", [{"exeter university"}]),
        ("the University of Exeter", [{"exeter university"}]),
        ("J. K. Rowling", [{"jk rowling"}]),
    ],
)
def test_keys_say_what_a_name_may_stand_for(text: str, expected: list[set[str]]) -> None:
    """A nationality stands for its country, a capital perhaps for its government, an unknown name for itself."""
    assert keys(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the british nhs pays us more than the uk did, who knows", ["british", "nhs", "uk"]),
        ("i had a turkey and polish sausage in the china shop, may be nice reading", []),
        ("nato and biden did it", ["nato", "biden"]),
        ("TRUMP SAYS NATO IS DEAD, WHO KNOWS WHAT BECOMES OF US", ["TRUMP", "NATO"]),
        ("SHOCKING NEWS FROM THE HOUSE: WILL BUSH REALLY VISIT TURKEY", []),
        ("Vandergriff Inaccurately Describes Bill That Would Have Eased Abortion Laws", ["Vandergriff"]),
        ("IT helps us. The US helps them.", ["US"]),
        ("The U.S. economy", ["U.S."]),
    ],
)
def test_case_is_believed_only_where_it_says_something(text: str, expected: list[str]) -> None:
    """Lower-case posts have their nationalities, headlines in capitals have no false names, "us" is no country."""
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("France", NameKind.COUNTRY),
        ("Manchester", NameKind.PLACE),
        ("Angela Merkel", NameKind.PERSON),
        ("Mr Vandergriff", NameKind.PERSON),
        ("the Bank of England", NameKind.ORGANISATION),
        ("the Ruritanian Widgets Association", NameKind.ORGANISATION),
        ("pensioners", NameKind.GROUP),
        ("Brexit", NameKind.OTHER),
    ],
)
def test_kinds(text: str, kind: NameKind) -> None:
    """What a name is the name of."""
    assert name(text).kind is kind


SAME = [
    ("Stoltenberg", "Jens Stoltenberg"),
    ("Vandergriff", "GayDonna Vandergriff"),
    ("President Biden", "Joe Biden"),
    ("Orban", "Viktor Orbán"),
    ("Zelenskyy", "Volodymyr Zelensky"),
    ("Johnson", "Boris Johnson"),
    ("Johnson", "Aaron Johnson"),
    ("the BMA", "the British Medical Association"),
    ("the RWA", "the Ruritanian Widgets Association"),
    ("Mr Vandergrif", "Mr Vandergriff"),
    ("John Q. Widgetson", "John Widgetson"),
    ("Jim Widgetson", "James Widgetson"),
    ("J. Widgetson", "James Widgetson"),
    ("Microsoft Corp.", "Microsoft"),
    ("Holland", "the Netherlands"),
    ("Burma", "Myanmar"),
    ("Kiev", "Kyiv"),
    ("Washington", "the United States"),
    ("Brussels", "the European Union"),
    ("the Kremlin", "Russia"),
    ("nurse", "nurses"),
    ("African Americans", "black people"),
    ("the CDC", "the Centers for Disease Control and Prevention"),
    ("Ministry of Widgets", "Widgets Ministry"),
]
NOT_SAME = [
    ("Bill Clinton", "Hillary Clinton"),
    ("Biden", "Hunter Biden"),
    ("Trump", "Melania Trump"),
    ("Boris Johnson", "Ron Johnson"),
    ("Mr Widgetson", "Mr Vandergriff"),
    ("Ann Widgetson", "John Widgetson"),
    ("Austria", "Australia"),
    ("Slovakia", "Slovenia"),
    ("Iran", "Iraq"),
    ("Niger", "Nigeria"),
    ("North Korea", "South Korea"),
    ("Manchester City", "Manchester United"),
    ("Manchester", "Manchester City"),
    ("snow in Moscow", "Russia"),
    ("women", "men"),
    ("migrants", "taxpayers"),
    ("Tim Widgetson", "James Widgetson"),
    ("vaccinated people", "unvaccinated people"),
    ("Democrats", "Republicans"),
    ("the World Bank", "the IMF"),
    ("Germany", "France"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same(one: str, other: str) -> None:
    """By a key in common, part of a person's name, initials, or a slip; in both directions."""
    assert same(name(one), name(other))
    assert same(name(other), name(one))
    assert not contained(name(one), name(other))


@pytest.mark.parametrize(("one", "other"), NOT_SAME)
def test_not_the_same(one: str, other: str) -> None:
    """However alike two names look."""
    assert not same(name(one), name(other))
    assert not same(name(other), name(one))


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("Manchester", "the UK"),
        ("Texas", "America"),
        ("Houston", "Texas"),
        ("Scottish", "Britain"),
        ("France", "Europe"),
        ("snow in Moscow", "Russia"),
        ("nurses", "health workers"),
        ("NHS England", "Britain"),
        ("asylum seekers", "migrants"),
        ("South Florida", "Florida"),
    ],
)
def test_contained(inner: str, outer: str) -> None:
    """A part and its whole are neither the same nor a contradiction."""
    assert contained(name(inner), name(outer))
    assert contained(name(outer), name(inner))
    assert not same(name(inner), name(outer))


@pytest.mark.parametrize(("one", "other"), [("Manchester", "London"), ("Lyon", "Germany"), ("Texas", "Florida")])
def test_not_contained(one: str, other: str) -> None:
    """Two cities are two cities, although London may stand for the government of both."""
    assert not contained(name(one), name(other))


def test_compare_tells_what_only_one_side_has() -> None:
    """In order of appearance, so that a reason can say "Germany / France"."""
    found = compare(
        names("Merkel said Germany would send nurses to Kyiv"), names("Angela Merkel: France sends doctors to Kiev")
    )
    assert [(a.text, b.text) for a, b in found.matched] == [("Merkel", "Angela Merkel"), ("Kyiv", "Kiev")]
    assert [name.text for name in found.ours] == ["Germany", "nurses"]
    assert [name.text for name in found.theirs] == ["France", "doctors"]
    assert found.contained == ()


def test_compare_sets_apart_what_is_contained() -> None:
    """A city against its country is no contradiction; a city beside its country is more exact."""
    found = compare(names("Crime in Manchester doubled"), names("Crime in the UK doubled"))
    assert [(a.text, b.text) for a, b in found.contained] == [("Manchester", "UK")]
    assert (found.ours, found.theirs, found.matched) == ((), (), ())
    found = compare(names("Crime in Manchester, England, doubled"), names("Crime in England doubled"))
    assert [(a.text, b.text) for a, b in found.matched] == [("England", "England")]
    assert [(a.text, b.text) for a, b in found.contained] == [("Manchester", "England")]
    assert found.ours == found.theirs == ()


def test_compare_takes_a_repeated_name_once() -> None:
    """The first mention stands for all."""
    found = compare(names("Joe Biden lied, Biden said. Biden!"), names("Nobody believes Biden or Poland, Poland says."))
    assert [(a.text, b.text) for a, b in found.matched] == [("Joe Biden", "Biden")]
    assert [name.text for name in found.theirs] == ["Poland"]
    assert found.ours == ()


def test_a_surname_is_the_person_named_in_full() -> None:
    """After Ron Johnson, Johnson is he and not the one who was prime minister."""
    assert keys("Ron Johnson voted. Johnson said so.") == [{"ron johnson"}, {"ron johnson"}]
    assert len(name("Johnson").keys) > 2


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_any_text_has_spans_that_hold(text: str) -> None:
    """No text raises; names are in order, do not overlap, and are what stands there."""
    found = names(text)
    assert all(text[name.start : name.end] == name.text != "" for name in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(name.keys for name in found)
    assert compare(found, found).ours == compare(found, found).theirs == ()


WORDS = [
    "Biden",
    "Ron",
    "Johnson",
    "Texas",
    "of",
    "the",
    "University",
    "NATO",
    "U.S.",
    "women",
    "Mr",
    "King",
    "St.",
    "New",
]


@given(st.lists(st.sampled_from([*WORDS, "Zog", "GPs", "'s", "#", ",", "Moscow", "in", "and", "Ó"]), max_size=9))
def test_any_row_of_name_words_is_read(row: list[str]) -> None:
    """Every combination of titles, names, joining words and signs gives names that are the same as themselves."""
    found = names(" ".join(row))
    assert all(same(name, name) and not contained(name, name) for name in found)


def test_every_spelling_in_the_lists_is_found_by_its_first_word() -> None:
    """Each line of the lists is read: the capitals of all countries, and each key has a form."""
    for line in (FOLDER / "countries.txt").read_text(encoding="utf-8").splitlines():
        if "|" in line and not line.startswith("#"):
            code, _, _, capital = line.split("|")
            own = {key.strip() for key in code.partition("<")[0].split(",")}
            for spelling in filter(None, (part.strip() for part in capital.split(";"))):
                first = name(spelling.strip("^!")) if "," not in spelling else None
                assert first is None or own <= first.keys, spelling
    assert forms("zog") == ()


def test_ordinary_words() -> None:
    """Forms of words of the language are ordinary, names are not."""
    assert all(map(is_ordinary, ["nearly", "describes", "voted", "taxing", "a", "isn't"]))
    assert not any(map(is_ordinary, ["vandergriff", "stoltenberg", "merkel", "kyiv", "texas"]))


def test_the_lists_are_small_and_readable() -> None:
    """Text files that a person can mend, all together below 300 kB."""
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 300_000
    assert all(file.suffix in {".txt", ".md"} for file in FOLDER.iterdir())

"""Quantities in news prose: which there are, which numerals are none, what says the same, and how they are shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from tests.conftest import cpu_seconds
from tests.test_json_schema import validate
from tracker.errors import UnreadableSource
from tracker.figures import Agreement, compare, spell
from tracker.phrases import measure, read_phrases
from tracker.quantities import quantities
from tracker.quantities.quantity import Qualifier, Quantity

if TYPE_CHECKING:
    from tests.conftest import CommandLine

DATA = Path(__file__).parent / "data"
Q = Qualifier

HEDGES = {
    Q.EXACT: [""],
    Q.ABOUT: ["about ", "around ", "roughly ", "nearly ", "almost ", "some ", "approximately ", "an estimated ", "~"],
    Q.MORE_THAN: ["more than ", "over ", "well over ", "in excess of ", "exceeding "],
    Q.AT_LEAST: ["at least ", "no fewer than ", "a minimum of "],
    Q.LESS_THAN: ["fewer than ", "less than ", "under ", "just under ", "below "],
    Q.AT_MOST: ["up to ", "at most ", "no more than ", "as many as "],
}
MONEY = {
    "GBP": [("£", ""), ("", " pounds"), ("GBP ", "")],
    "USD": [("$", ""), ("US$", ""), ("", " dollars")],
    "EUR": [("€", ""), ("", " euros"), ("", " EUR")],
    "INR": [("₹", ""), ("Rs ", "")],
    "AUD": [("A$", ""), ("", " Australian dollars")],
}
UNITS = {
    "": ["", " votes", " homes", " new hospital beds"],
    "percent": ["%", " %", " per cent", " percent", "pc", " pc"],
    "percentage-point": [" percentage points", "-percentage-point", "pp"],
    "person": [" people", " troops", " asylum seekers", " Russian soldiers"],
    "km": [" km", "km", "-kilometre", " kilometres"],
    "tonne": [" tonnes", "-tonne"],
    "year": [" years", "-year", "-year-old"],
    "celsius": ["C", "°C", " degrees Celsius"],
}
FRAMES = ["{}", "They counted {} in Leeds.", "“{}”, he said", "It was {}, they say", "({})"]
ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
ONES += "seventeen eighteen nineteen".split()
TENS = ["", "", *"twenty thirty forty fifty sixty seventy eighty ninety".split()]


def below_hundred(number: int, joint: str = "-") -> str:
    if number < 20:
        return ONES[number]
    return TENS[number // 10] + (joint + ONES[number % 10] if number % 10 else "")


def in_words(number: int) -> str:
    """A whole number below a billion as a newspaper spells it."""
    for size, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            link = " and " if 0 < rest < 100 else " "
            return f"{in_words(number // size)} {name}" + (link + in_words(rest) if rest else "")
    return below_hundred(number)


@st.composite
def written(draw: st.DrawFn) -> tuple[float, str]:
    """A positive number and one of the ways to write it."""
    size, names = draw(
        st.sampled_from(
            [
                (1e3, ["k", " thousand"]),
                (1e6, ["m", " million", "-million"]),
                (1e9, ["bn", " billion"]),
                (1e12, ["tn", " trillion"]),
                (1e7, [" crore"]),
                (1e5, [" lakh"]),
            ]
        )
    )
    tenths = draw(st.integers(1, 9999))
    whole = draw(st.integers(2101, 999_999_999))
    forms = [
        (tenths / 10, f"{tenths / 10:g}"),
        (float(f"{tenths / 10 * size:.15g}"), f"{tenths / 10:g}{draw(st.sampled_from(names))}"),
        (whole, f"{whole:,}"),
        (whole, f"{whole:,}".replace(",", " ")),
        (whole, str(whole)),
        (whole, in_words(whole)),
        (tenths / 100, f"{tenths / 100:.2f}"),
    ]
    if whole >= 1_000_000:
        forms.append((whole, f"{whole:,}".replace(",", ".")))
    value, text = draw(st.sampled_from(forms))
    return float(value), text


def only(text: str) -> Quantity:
    found = quantities(text).found
    assert len(found) == 1, (text, found)
    return found[0]


@given(written(), st.sampled_from([*HEDGES]), st.sampled_from([*UNITS, *MONEY]), st.sampled_from(FRAMES), st.data())
def test_any_quantity_in_any_newsroom_style_is_read_back(
    number: tuple[float, str], qualifier: Qualifier, unit: str, frame: str, data: st.DataObject
) -> None:
    """Digits or words, k to tn, lakh and crore, units and money before or behind, every hedge: the same comes back."""
    value, text = number
    if unit in MONEY:
        before, behind = data.draw(st.sampled_from(MONEY[unit]))
        if not text[0].isdigit():  # £ stands before digits only
            before, behind = "", next(end for _, end in MONEY["USD" if unit in ("INR", "AUD") else unit] if end)
            unit = "USD" if unit in ("INR", "AUD") else unit
    else:
        before, behind = "", data.draw(st.sampled_from(UNITS[unit]))
    if behind[:1] in ("%", "p", "k", "C", "°") and not text[-1].isdigit():
        behind = f" {behind}" if behind[:1] not in ("C", "°") else " degrees Celsius"
    if behind.startswith("-") and " " in text:
        behind = {"-year-old": " years", "-percentage-point": " percentage points"}.get(behind, f" {behind[1:]}s")
    hedge = data.draw(st.sampled_from(HEDGES[qualifier]))
    phrase = f"{hedge}{before}{text}{behind}"
    whole = frame.format(phrase)
    one = only(whole)
    assert one.value == pytest.approx(value, rel=1e-12), whole
    assert (one.unit, one.qualifier) == (unit, qualifier), whole
    marked = whole[one.start : one.end]
    assert phrase.startswith(marked), (marked, phrase)
    assert text in marked


@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from(["%", " per cent", "m", "bn", " km", " people"]))
def test_ranges_and_changes(first: int, step: int, unit: str) -> None:
    """What is behind the second figure holds for the first; "from" makes a change of what is else a range."""
    low, high = first, first + step
    for form in (f"{low}-{high}{unit}", f"{low} to {high}{unit}", f"between {low} and {high}{unit}"):
        one = only(f"about so much, {form} of it")
        assert one.qualifier is Q.RANGE, form
        assert one.low / one.high == pytest.approx(low / high), form
    changed = quantities(f"It went from {high}{unit} to {low}{unit}")
    ((before, after),) = [(one.before, one.after) for one in changed.changes]
    assert after.low / before.low == pytest.approx(low / high)
    assert list(changed.found) == [before, after]


@given(st.integers(1, 9), st.integers(1, 90))
def test_shares(above: int, more: int) -> None:
    """One in five, 1 in 5, one out of every five."""
    below = above + more
    forms = [f"{above} out of every {below} voters", f"{above} in every {below}", f"{above} out of {below}"]
    if below <= 20:
        forms += [f"{ONES[above]} in {below_hundred(below)} adults", f"{above} in {below} adults"]
    for form in forms:
        one = only(form)
        assert one.unit == "ratio"
        assert one.value == pytest.approx(above / below), form


any_text = st.text(st.characters(exclude_categories=()), max_size=80)
fragments = st.lists(
    st.sampled_from(
        "£ $ € - – + ~ % . , : / ' ² ½ 5 20 2,000 1.250.000 2019 999999999999999999999 0 ٣ ² m bn k km C one two half "
        "a third quarter of in to from between and or million hundred dozen per cent point year-old aged over under "
        "about at least May June Article No minus x times twice doubled fold # @ http:// 12:30:15 s".split()
    ),
    max_size=14,
)


@given(any_text | fragments.map(" ".join) | fragments.map("".join))
def test_nothing_raises_and_every_span_is_in_the_text(text: str) -> None:
    """Any text is read; spans ascend, do not overlap and lie in it; all that is found can be spelt and compared."""
    read = quantities(text)
    end = 0
    for one in read.found:
        assert end <= one.start < one.end <= len(text)
        assert not text[one.start].isspace()
        end = one.end
        assert one.low <= one.high
        assert spell(one)
        assert compare(one, one).agreement is Agreement.EQUAL
    for mask in read.masked:
        assert 0 <= mask.start < mask.end <= len(text)


@pytest.mark.parametrize("name", ["quantities-dev", "quantities-own", "quantities-held-out"])
def test_labelled_phrases(name: str) -> None:
    """Above 95 % of each set is read exactly right, and nothing is found where nothing is."""
    report = measure(read_phrases(DATA / f"{name}.tsv"))
    assert report.right.value > 0.95, report.wrong
    assert report.invented == 0, report.wrong
    assert report.right.low < report.right.value < report.right.high or report.right.value == 1


@pytest.mark.parametrize(
    ("text", "masks"),
    [
        ("on 27 June 2022 and 9/11", ["date", "slashed"]),
        ("Covid-19 in 2020, the 1990s, the 21st century", ["name", "year", "decade", "ordinal"]),
        ("call 999 at 8.30pm, 10 Downing Street", ["name", "time", "address"]),
        ("they won 2-1 in the 2019-20 season", ["score", "year"]),
        ("net zero by 2050, phase three", ["idiom", "year", "name"]),
        ("returned to 2007 levels, not until at least 2020", ["year", "year"]),
        ("the 2008 Wall Street crash", ["year"]),
        ("#100days www.x1.org/22 @user7", []),
    ],
)
def test_numerals_that_are_none(text: str, masks: list[str]) -> None:
    """Years, dates, names, scores and the like are told apart, with what they are."""
    read = quantities(text)
    assert read.found == ()
    assert [mask.kind for mask in read.masked] == masks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("£350m a week", [(350e6, "GBP", "week", "")]),
        ("12 deaths per 100,000 people", [(12, "", "100,000", "deaths")]),
        ("50 deaths per million", [(50, "", "1,000,000", "deaths")]),
        ("$6,000 more a year", [(6000, "USD", "year", "")]),
        ("two people a year ago", [(2, "person", "", "people")]),
        ("20 new nuclear reactors", [(20, "", "", "reactors")]),
        ("under-18s", [(18, "year", "", "")]),
        ("women 40 and older", [(40, "year", "", "")]),
        ("Ann Roe, 34, was there", [(34, "year", "", "")]),
        ("a 100m race before 100m people", [(100, "metre", "", ""), (1e8, "person", "", "people")]),
        ("5 degrees below zero", [(-5, "degree", "", "")]),
        ("won in 2:01:09", [(7269, "second", "", "")]),
        ("he has lost 30 pounds in weight", [(30, "pound", "", "")]),
        ("30 pounds of public money", [(30, "GBP", "", "")]),
        ("12,000 km2", [(12000, "square km", "", "")]),
        ("half an hour of 20 mph", [(0.5, "hour", "", ""), (20, "mph", "", "")]),
        ("cut by 25 and 30 percent", [(25, "percent", "", ""), (30, "percent", "", "")]),
        ("$159bn over five years", [(159e9, "USD", "", ""), (5, "year", "", "")]),
        ("2000 homes were flooded", [(2000, "", "", "homes")]),
        ("the council built 2015 houses", [(2015, "", "", "houses")]),
        ("in 2000 homes were cheap", []),
        ("after 2010 jobs were scarce", []),
        ("by early 2020 cases were rare", []),
        ("the 2019 votes were counted again", []),
    ],
)
def test_units_rates_and_what_is_counted(text: str, expected: list[tuple[float, str, str, str]]) -> None:
    """The unit, what a rate is for, and the noun that is counted."""
    assert [(one.value, one.unit, one.per, one.counted) for one in quantities(text).found] == expected


def test_a_change_may_be_told_backwards() -> None:
    """The order of time counts, not that of the text; what one end leaves out the other says."""
    (change,) = quantities("inflation rose to 7% from 5.5%").changes
    assert (change.before.value, change.after.value) == (5.5, 7)
    (change,) = quantities("it shrank from 100,000 soldiers in 1991 to about 70,000").changes
    assert (change.after.unit, change.after.counted, change.after.qualifier) == ("person", "soldiers", Q.ABOUT)
    assert quantities("prices range from £5 to £10").changes == ()
    assert quantities("from 200 homes to 30 schools").changes == ()


EQUAL = """
nearly 300,000 homes|298,500 homes
300,000 troops|298,500 troops
300,000|over 300,000 troops
two in three voters|67 per cent
half of them|50pc of pupils
a quarter of homes|25%
a third of homes|about 30 per cent
one in six|17%
over 12 million people|more than 12 million
more than half of seats|52 per cent
100 miles|160 km
64 km|40 miles
70kg|154 lb
90 minutes|1.5 hours
1.5C|2.7°F
40C|104F
50bps|half a percentage point
doubled|twice as many
doubled|up 100%
halved|fell by half
7.6m people|7,600,000 people
7.6m people|7.58m people
1.25m refugees|1.250.000 people
a dozen ministers|12 ministers
$1.2tn|1,200 billion dollars
£40k|forty thousand pounds
a quarter of a million quid|£250,000
£18.2bn a year|£350m a week
5 deaths per 100,000 people|50 deaths per million
between 5 and 7 million people|5-7m people
about 20 civilians|19 civilians
8.2%|8.17%
zero cases|0 cases
"""
DIFFERENT = """
more than 5,000 people|fewer than 5,000 people
19 civilians|21 civilians
19 civilians|20 civilians
34.8%|44.8 per cent
7 per cent|9 per cent
8.2%|8%
£9,250|£9,000
a third of homes|30 per cent
one in five|a quarter of homes
5 per cent|5 percentage points
25 basis points|three-quarters of a point
doubled|three times as many
£4m|£4bn
$9.5bn|€9.5bn
£276m a week|£350m a week
20 inches|20 cm
12 km|12 miles
40C|100F
-5C|5C
40,000|300,000 troops
more than half of seats|67 per cent
more than 700 murders|690 murders
nearly 300,000|350,000
between 5 and 7 million people|20 million people
34 years old|a 43-year-old man
2:01:09|2:00:35
zero cases|5 cases
"""
INCOMPARABLE = """
12 hospitals|12 weeks
5 homes|5 people
£5|5 km
"""


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        (*line.split("|"), agreement)
        for agreement, lines in (
            (Agreement.EQUAL, EQUAL),
            (Agreement.DIFFERENT, DIFFERENT),
            (Agreement.INCOMPARABLE, INCOMPARABLE),
        )
        for line in lines.strip().splitlines()
    ],
)
def test_comparing(one: str, other: str, agreement: Agreement) -> None:
    """Rounding, hedges and conversion make no difference, either way round; all else does."""
    a, b = only(one), only(other)
    assert compare(a, b).agreement is agreement
    assert compare(b, a).agreement is agreement


def test_the_factor_between_two_figures() -> None:
    """How many times the first the second is, in one unit; none where nothing can be divided."""
    assert compare(only("40,000 troops"), only("300,000")).factor == 7.5
    assert compare(only("2 km"), only("500 metres")).factor == pytest.approx(0.25)
    assert compare(only("zero cases"), only("5 cases")).factor is None
    assert compare(only("5 homes"), only("5 people")).factor is None


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("40000 troops", "40,000"),
        ("nearly £4 million", "about £4m"),
        ("£350m a week", "£350m a week"),
        ("1,234,567 votes", "1,234,567"),
        ("12 deaths per 100,000", "12 per 100,000"),
        ("two in three", "two-thirds"),
        ("3 in 10", "3 in 10"),
        ("fewer than 1 in 30", "less than 1 in 30"),
        ("12pc", "12%"),
        ("minus 5C", "-5C"),
        ("a 6-foot wall", "6 feet"),
        ("one year", "1 year"),
        ("half a percentage point", "0.5 percentage points"),
        ("between £4m and £6m", "£4m to £6m"),
        ("20-30%", "20 to 30%"),
        ("30m Swiss francs", "CHF 30m"),
    ],
)
def test_spelling(text: str, spelt: str) -> None:
    """A reader can take in what was understood."""
    assert spell(only(text)) == spelt


@pytest.mark.parametrize("piece", ["40,000 ", "one hundred and ", "1.", "from 1 to ", "£", "between 3 and "])
def test_a_long_text_ends_in_time(piece: str) -> None:
    """200,000 characters take a second; work that grows with the square of the length would take minutes."""
    with cpu_seconds(60):
        quantities((piece * 200_000)[:200_000])


def test_the_command(cli: CommandLine) -> None:
    """One text for a person or as a JSON list, a file as lists, a line a row."""
    text = "NATO went from a force of 40,000 to one of 300,000 troops in 2022"
    shown = cli("quantities", text)
    assert shown.out.splitlines() == [
        "40,000          40,000   40000 person troops",
        "300,000 troops  300,000  300000 person troops",
        "change: from 40,000 to 300,000",
        "no quantity: 2022 (year)",
    ]
    done = cli("quantities", text, "--json")
    validate(done.json, "quantities")
    assert done.json[0]["value"] == 40000
    assert text[done.json[1]["start"] : done.json[1]["end"]] == "300,000 troops"
    assert done.json[2] == {"change": {"from": 40000, "to": 300000}}
    (cli.folder / "rows.tsv").write_text("id\ttext\n1\t12pc\n2\t\n3\tnone here\n", encoding="utf-8")
    rows = cli("quantities", "--file", "rows.tsv", "--jsonl")
    assert rows.code == 5
    assert "rejected rows.tsv:3" in rows.err
    lists = [json.loads(line) for line in rows.out.splitlines()]
    assert [one and one[0]["unit"] for one in lists] == ["percent", None, []]
    assert cli("quantities", "nothing to count").out == "no quantity\n"
    assert cli("quantities").code == cli("quantities", "x", "--file", "rows.tsv").code == 2
    assert cli("quantities", "--file", "rows.tsv").code == cli("quantities", "x", "--jsonl").code == 2


def test_measuring_phrases(cli: CommandLine) -> None:
    """The share that is exactly right with its interval; the wrong ones with what was expected and what was found."""
    rows = [
        ("a", "12pc", [{"value": 12, "unit": "percent", "qualifier": "exact"}]),
        ("b", "13 votes", [{"value": 14, "unit": "", "qualifier": "exact"}]),
        ("c", "nobody", []),
        ("d", "5 homes", []),
    ]
    lines = ["id\ttext\texpected_json", *(f"{name}\t{text}\t{json.dumps(labels)}" for name, text, labels in rows)]
    (cli.folder / "p.tsv").write_text("\n".join(lines), encoding="utf-8")
    done = cli("eval", "quantities", "p.tsv", "--json")
    validate(done.json, "evalQuantities")
    expected: dict[str, Any] = {"phrases": 4, "empty": 2, "invented": 1}
    assert {name: done.json[name] for name in expected} == expected
    assert done.json["right"] == {
        "value": 0.5,
        "low": pytest.approx(0.150, abs=1e-3),
        "high": pytest.approx(0.850, abs=1e-3),
    }
    assert [one["id"] for one in done.json["wrong"]] == ["b", "d"]
    shown = cli("eval", "quantities", "p.tsv", "--errors").out
    assert "exactly right  2 of 4: 0.500, 95% interval 0.150 to 0.850\n" in shown
    assert "b: 13 votes\n  expected  [" in shown


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id\ttext\n1\tx\n", "lacks a column"),
        ("id\ttext\texpected_json\n1\tx\n", ":2: 2 cells"),
        ("id\ttext\texpected_json\n1\tx\t[\n", ":2: 'expected_json' is not JSON"),
        ('id\ttext\texpected_json\n1\tx\t[{"value": "1"}]\n', ":2: 'expected_json' is not a list"),
        ("id\ttext\texpected_json\n", "no labelled rows"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: str, message: str) -> None:
    """With its line, and what a file should have."""
    path = tmp_path / "p.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableSource, match=message):
        read_phrases(path)

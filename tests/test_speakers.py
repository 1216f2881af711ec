"""Who says each sentence of an article."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tests.conftest import EXAMPLE
from tracker.boilerplate import mark_boilerplate
from tracker.gazetteer import TOKEN, fold
from tracker.quotations import Quotation, quotations
from tracker.sentences import split_sentences
from tracker.speakers import attribute

if TYPE_CHECKING:
    from tracker.models import Sentence

LEAD = "The council of Harbury met for four hours on Tuesday and put off the vote on the tram."


def attributed(text: str) -> list[Sentence]:
    return attribute(text, mark_boilerplate(text, split_sentences(text)))


def speakers(text: str) -> list[str | None]:
    return [sentence.speaker for sentence in attributed(text)]


def of_paragraph(paragraph: str) -> list[str | None]:
    """The speakers of a paragraph that follows a lead of one sentence."""
    return speakers(f"{LEAD}\n\n{paragraph}")[1:]


@pytest.mark.parametrize(
    "sentence",
    [
        "“The bridge is unsafe,” said Jane Alcott.",
        '"The bridge is unsafe," said Jane Alcott, a professor of engineering at Leeds.',
        "“The bridge is unsafe,” Jane Alcott told reporters.",
        "“The bridge is unsafe,” Jane Alcott, 52, told the Harbury Post on Monday.",
        "'The bridge is unsafe, and the council's engineers know it,' said Jane Alcott.",
        "‘The bridge is unsafe, and the council’s engineers know it,’ said Jane Alcott.",
        "«The bridge is unsafe,» said Jane Alcott.",
        "„The bridge is unsafe,“ said Jane Alcott.",
        "The bridge is unsafe, said Jane Alcott.",
        "The bridge is unsafe, Jane Alcott said.",
        "According to Jane Alcott, the bridge is unsafe.",
        "The bridge is unsafe, according to the engineer Jane Alcott.",
        "Jane Alcott, who built bridges for thirty years, said it was unsafe.",
        "Jane Alcott, a professor of engineering, argued that the bridge was unsafe.",
        "Jane Alcott (Con) warned that the bridge was unsafe.",
        "Jane Alcott of the Harbury Bridge Trust insisted that the bridge was unsafe.",
        "Jane Alcott has repeatedly denied that the bridge is unsafe.",
        "In Jane Alcott's words, the bridge was “a death trap”.",
        "As Jane Alcott put it, the bridge was “a death trap”.",
        "Jane Alcott called it “a death trap”.",
        "Jane Alcott: “The bridge is unsafe.”",
        "Prime Minister Jane Alcott said the bridge was unsafe.",
        "Mrs. Jane Alcott said the bridge was unsafe.",
        "The council's chair, Jane Alcott, said the bridge was unsafe.",
        "“The bridge is unsafe,” said council leader Jane Alcott.",
        "“The bridge is unsafe,” said the council's leader, Jane Alcott.",
        "While ministers said it was safe, Jane Alcott told them that it was not.",
        "A spokesman for the council, Jane Alcott, said the bridge was unsafe.",
        "“Don't call it ‘safe’,” Jane Alcott said.",
        "Jane Alcott looked at the bridge and said it was unsafe.",
        "“The bridge,” Jane Alcott said, “is unsafe.”",
    ],
)
def test_a_sentence_names_its_speaker(sentence: str) -> None:
    """Each way of naming who speaks is understood, with quotation marks of any kind or none."""
    assert set(of_paragraph(sentence)) == {"Jane Alcott"}


@pytest.mark.parametrize(
    "sentence",
    [
        "“The bridge is unsafe,” the ministry said.",
        "“The bridge is unsafe,” said a spokesman for Jane Alcott.",
        "A spokesman for Jane Alcott said the bridge was unsafe.",
        "A spokesman for Mayor Jane Alcott said the bridge was unsafe.",
        "Jane Alcott's office said the bridge was unsafe.",
        "The bridge is unsafe, officials said after Jane Alcott left.",
        "Officials told Jane Alcott that the bridge was unsafe.",
        "France said the bridge was unsafe.",
        "Oxfam warned that the bridge was unsafe.",
        "The Royal Society of Engineers said the bridge was unsafe.",
        "An engineer who inspected it said the bridge was unsafe.",
        "Jane Alcott was told that the bridge was unsafe.",
        "Jane Alcott built the “Bridge of Sighs” in 1974.",
        "Jane Alcott opened the bridge in 1974.",
        "According to the council, Jane Alcott closed the bridge.",
        "The so-called “death trap” was closed on Monday.",
        "Jane Alcott declined to comment.",
        "Ministers, including Jane Alcott, said the bridge was unsafe.",
    ],
)
def test_a_sentence_that_merely_names_somebody_has_no_speaker(sentence: str) -> None:
    """Institutions, the unnamed, and people who are only spoken of or to are no speakers."""
    assert set(of_paragraph(sentence)) == {None}


def test_a_quotation_runs_over_paragraphs_until_it_is_closed() -> None:
    """An opening mark on each paragraph, a closing one on the last; the words in between need no other sign."""
    quote = (
        "“It was dark,” said Jane Alcott. “We saw nothing. We waited.\n\n“Then the water came.\n\n“It took the shed. "
        "It took the car.”\n\nThe river has since fallen by two metres."
    )
    assert of_paragraph(quote) == ["Jane Alcott"] * 6 + [None]


def test_a_quotation_is_its_speaker_s_who_is_named_only_at_its_end() -> None:
    """The first paragraph of a long quotation waits for the name behind the last."""
    assert of_paragraph("“It was dark. We saw nothing.\n\n“Then the water came,” said Jane Alcott.") == [
        "Jane Alcott",
        "Jane Alcott",
        "Jane Alcott",
    ]


def test_a_quotation_after_a_quotation_goes_on_with_its_speaker() -> None:
    """A paragraph that opens with a quotation and names nobody belongs to who spoke in the one before."""
    text = "Jane Alcott said the dam was old.\n\n“It is from 1950.”\n\n“It leaks,” Ruben Stone said.\n\n“Every day.”"
    assert of_paragraph(text) == ["Jane Alcott", "Jane Alcott", "Ruben Stone", "Ruben Stone"]


def test_a_quotation_after_an_unnamed_speaker_is_nobody_s() -> None:
    """What a neighbour says, and goes on to say, is not the mayor's."""
    text = "Jane Alcott said the dam was old.\n\n“It leaks,” said a neighbour.\n\n“Every day,” she added. “All year.”"
    assert of_paragraph(text) == ["Jane Alcott", None, None, None]


def test_two_speakers_in_one_paragraph_keep_their_own_words() -> None:
    """A quotation of two sentences goes to the name with which it ends, not to who spoke before."""
    text = "“No,” Jane Alcott said. “It leaks. It always did,” said Ruben Stone."
    assert of_paragraph(text) == ["Jane Alcott", "Ruben Stone", "Ruben Stone"]


def test_pronouns_mean_the_last_one_named_who_fits() -> None:
    """A title or a known first name tells he from she; where nothing tells, the last one named is meant."""
    text = (
        "Mr. Okonto Adebari said the dam was old. Dame Wilmet Harsany said it was new.\n\n"
        "He warned that it would break.\n\n“It will not,” she said."
    )
    assert of_paragraph(text) == ["Okonto Adebari", "Wilmet Harsany", "Okonto Adebari", "Wilmet Harsany"]


@pytest.mark.parametrize(
    ("paragraph", "speaker"),
    [
        ("Jane Alcott arrived late. “I missed the train,” she said.", "Jane Alcott"),
        ("Jane Alcott arrived late. The train, she said, had broken down.", "Jane Alcott"),
        ("Jane Alcott arrived late. It was, in her words, “a farce”.", "Jane Alcott"),
        ("Jane Alcott arrived late. According to her, the train had broken down.", "Jane Alcott"),
        ("Jane Alcott arrived late. “I missed the train,” he said.", None),
    ],
)
def test_a_pronoun_is_resolved_from_the_sentence_before(paragraph: str, speaker: str | None) -> None:
    """She is Jane Alcott; he is not."""
    assert of_paragraph(paragraph)[-1] == speaker


def test_a_surname_or_a_first_name_alone_is_the_full_name_given_elsewhere() -> None:
    """Given before, or, where an article puts it late, behind; of two of one surname the title decides."""
    text = (
        "Alcott said no.\n\nMayor Jane Q. Alcott said it again.\n\n“Never,” Ms Alcott said.\n\nJane added: “Not ever.”"
    )
    assert of_paragraph(text) == ["Jane Q. Alcott"] * 4
    text = "Jane Alcott said no.\n\nHer brother Peter Alcott said yes.\n\nMs Alcott: “No.”\n\nMr Alcott: “Yes.”"
    assert of_paragraph(text) == ["Jane Alcott", "Peter Alcott", "Jane Alcott", "Peter Alcott"]


def test_titles_and_letters_behind_are_no_part_of_the_name() -> None:
    """A person who is only ever "Mr. Alcott" is "Alcott"."""
    assert of_paragraph("Mr. Alcott said no.") == ["Alcott"]
    assert of_paragraph("Sir Ruben Stone KC said no.") == ["Ruben Stone"]
    assert of_paragraph("Gov. Ana de la Vega-Hall said no. “Never,” Vega-Hall added.") == ["Ana de la Vega-Hall"] * 2


def test_an_office_is_who_is_named_with_it() -> None:
    """The governor who "said" is she whom the article calls governor, where it calls nobody else so."""
    text = "Governor Jane Alcott came at noon.\n\n“I will sign,” the governor said."
    assert of_paragraph(text) == [None, "Jane Alcott"]
    text = "Governor Jane Alcott met Governor Ruben Stone.\n\n“I will sign,” the governor said."
    assert of_paragraph(text)[-1] is None


def test_a_pronoun_that_may_mean_two_is_nobody() -> None:
    """Who was named as somebody's sister is not surely "she" in the next paragraph, and both are women."""
    text = "Jane Alcott paints.\n\n“She counts, too,” says her sister, Mary Oak.\n\nThe trick, she says, is to squint."
    assert of_paragraph(text) == [None, "Mary Oak", None]


def test_two_who_say_it_together_are_nobody() -> None:
    """There is one speaker or none."""
    assert of_paragraph("Jane Alcott and Ruben Stone said it was old.") == [None]


def test_headlines_bylines_and_boilerplate_have_no_speaker() -> None:
    """Neither a quotation in a headline nor one in a link is attributed."""
    text = (
        "Bridge is ‘a death trap’, says Jane Alcott\n\nAlcott: ‘I warned them’\n\nBy Ruben Stone, Reporter\n\n"
        "“The bridge is unsafe,” Jane Alcott said.\n\nREAD MORE: ‘I warned them,’ says Jane Alcott\n\n“I warned them.”"
    )
    assert speakers(text) == [None, None, None, "Jane Alcott", None, "Jane Alcott"]


INTERVIEW = """‘I would be surprised’: the woman who runs the grid

Marit Solheim has managed the grid since 2018. She spoke to Dana Whitlock.

Dana Whitlock: How close was it?

Marit Solheim: Two hours. The minister said, “Do something.”

We did.

Dana Whitlock: And now?

Marit Solheim: I would be surprised.

I really would.

The regulator confirmed the figures but said that bills had fallen.

This interview has been edited for length and clarity."""


def test_a_label_holds_until_the_next_one_and_not_over_the_epilogue() -> None:
    """Over paragraphs, whatever is quoted in between; the closing narration is no part of the last answer."""
    asks, answers = "Dana Whitlock", "Marit Solheim"
    assert speakers(INTERVIEW) == [None, None, None, asks, *[answers] * 3, asks, answers, answers, None, None]


def test_labels_are_resolved_to_the_fullest_name() -> None:
    """Capitals, titles, parties and offices in a label do not hide who it is; a role names nobody."""
    text = """Hearing of the committee on water, with Imran Khan and Sen. Ada Smith.

THE CHAIR (Ruben Stone): Order.
MR KHAN: Thank you, Chair.
It leaks.
SMITH (D-OH): Does it?
Q: Will you resign?
MR KHAN: No.
(Laughter)
THE CHAIR: Order!
SMITH (D-OH): I ask again.
DEREK OAK-LYLE: It does."""
    chair, khan, smith = "Ruben Stone", "Imran Khan", "Ada Smith"
    assert speakers(text)[1:] == [chair, khan, khan, smith, None, khan, None, chair, smith, "Derek Oak-Lyle"]


@pytest.mark.parametrize(
    "text",
    [
        f"Source: Harbury Post\n\n{LEAD}\n\nNote: the vote was put off.\n\nCorrection: the vote was on Monday.",
        f"Alcott: I never lied\n\n{LEAD}\n\nRuben Stone: a life in pictures\n\n{LEAD}",
        f"{LEAD}\n\nClaim: The bridge is safe.\nVerdict: False.\n\nClaim: The bridge is old.\nVerdict: True.",
        f"{LEAD}\n\nMonday: rain.\nTuesday: rain.\nMonday: sun.\nTuesday: sun.",
        f"READ MORE: Bridge closed\nREAD MORE: Bridge open\nREAD MORE: Bridge sold\n\n{LEAD}",
    ],
)
def test_other_words_with_a_colon_are_no_labels(text: str) -> None:
    """An article is taken for a transcript only where labels that name somebody, or Q and A, recur."""
    assert set(speakers(text)) == {None}


def test_initials_are_the_person_whose_they_are() -> None:
    """DW is Dana Whitlock where the text names her; initials that are nobody's name nobody."""
    text = "Nils Solheim met Dana Whitlock in May.\n\nDW: Is it dry?\n\nNS: It is.\n\nDW: Since when?\n\nXY: Hello."
    assert speakers(text) == [None, "Dana Whitlock", "Nils Solheim", "Dana Whitlock", None]


def test_questions_and_answers_without_names_have_no_speaker() -> None:
    """Q and A hold like any label, so that what is quoted in an answer is nobody's."""
    assert (
        speakers("Q: Who said it?\nA: “It leaks,” Jane Alcott said.\nShe was right.\nQ: And now?\nA: Now it is dry.")
        == [None] * 5
    )


def test_the_seed_article_is_attributed_as_labelled() -> None:
    """The 300,000 belong to Kupchan, whose name stands two paragraphs above; "he" is Putin where he was named last."""
    found = attributed(EXAMPLE.read_text("utf-8"))
    by_speaker: dict[str | None, list[str]] = {}
    for sentence in found:
        by_speaker.setdefault(sentence.speaker, []).append(sentence.text)
    assert {name: len(texts) for name, texts in by_speaker.items() if name} == {
        "Charles Kupchan": 8,
        "Vladimir Putin": 1,
        "Dmitry Peskov": 2,
    }
    assert "“NATO just went from a rapid reaction force of 40,000 to one of 300,000.”" in by_speaker["Charles Kupchan"]
    assert by_speaker["Vladimir Putin"][0].startswith("In a speech shortly before the first tanks crossed")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“a” b “c”", ["“a”", "“c”"]),
        ('"a" b "c"', ['"a"', '"c"']),
        ("the workers' pay and Jones's", []),
        ("'the workers' pay,' he said", ["'the workers' pay,'"]),
        ("‘the workers’ pay,’ he said", ["‘the workers’ pay,’"]),
        ("“a ‘b’ c” d", ["“a ‘b’ c”"]),
        ("it’s the ’90s", []),
        ("«a» b", ["«a»"]),
        ('a 6" pipe', []),
    ],
)
def test_marks_are_paired_and_apostrophes_are_none(text: str, expected: list[str]) -> None:
    """What is quoted within one paragraph."""
    assert [text[one.start : one.end] for one in quotations(text, [(0, len(text))])] == expected


def test_a_quotation_that_is_never_closed_ends_with_its_paragraph() -> None:
    """Unless the next one opens it again, or closes it."""
    text = "“a\nb\n“c\n“d”"
    spans = [(0, 2), (3, 4), (5, 7), (8, 11)]
    assert quotations(text, spans) == [Quotation(0, 2), Quotation(5, 7), Quotation(8, 11, goes_on=True)]


PIECES = [
    "“",
    "”",
    '"',
    "'",
    "‘",
    "’",
    "«",
    "Jane Alcott",
    "Mr Khan",
    "MR KHAN: ",
    "Q: ",
    " said ",
    "he said",
    ", who ",
]
PIECES += [". ", "\n", "\n\n", "according to ", "the bridge", "Alcott", "in her words", "(Con)", "§", "says: "]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=40).map("".join))
def test_only_the_speaker_changes_and_its_words_are_the_text_s(text: str) -> None:
    """Any text gives the same sentences back; a speaker's words occur in the text."""
    sentences = mark_boilerplate(text, split_sentences(text))
    found = attribute(text, sentences)
    assert [(s.text, s.start, s.end, s.boilerplate) for s in found] == [
        (s.text, s.start, s.end, s.boilerplate) for s in sentences
    ]
    words = {part for token in TOKEN.findall(text) for part in (fold(token), fold(token).removesuffix("'s"))}
    for sentence in found:
        assert sentence.speaker is None or not sentence.boilerplate
        assert {fold(token) for token in TOKEN.findall(sentence.speaker or "")} <= words


def calls(text: str) -> int:
    """How many functions run to attribute a text."""
    sentences = mark_boilerplate(text, split_sentences(text))
    attribute(text, sentences)  # fills the caches
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        attribute(text, sentences)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "piece",
    [
        "MS ALCOTT: The bridge is unsafe.\nMR STONE: Who says so?\n",
        "“The bridge is unsafe,” said Jane Alcott. “It is old.”\n\nShe added that it leaks.\n\n",
        "“The bridge is unsafe.” “It is old. ",
        "Jane Alcott, who said that Ruben Stone, who told ",
        "'a' \"b\" ‘c’ “d” ",
        "“It is old.\n\n",
    ],
)
def test_the_work_grows_with_the_length_of_the_text(piece: str) -> None:
    """Twice the text is about twice the work, however it is made."""
    assert calls(piece * 200) < 2.3 * calls(piece * 100)


NOT_HERS = [
    *(f'"5 million is missing," {who} said.' for who in ("police", "people", "someone", "everybody", "it")),
    '"5 million is missing," staff say.',
    '"5 million is missing," the audit found.',
    '"She stole 5 million," a neighbour alleged.',
    '"She stole 5 million," insisted her deputy.',
    '"She stole 5 million," said Labour.',
    '"She stole 5 million," Reuters reported.',
    '"She stole 5 million," campaigners claim.',
    '"She stole 5 million," the crowd yelled.',
    'The verdict: "She stole 5 million."',
    'Police were clear: "She stole 5 million."',
    'Labour responded: "She lied."',
    'Critics disagree: "She lied."',
    '"It is gone. 5 million is missing," police said.',
    '"It is gone.\n\n"5 million is missing," police said.',
]


@pytest.mark.parametrize("gap", [" ", "\n\n"])
@pytest.mark.parametrize("quote", NOT_HERS)
@pytest.mark.parametrize("before", ["Jane Roe resigned.", "Jane Roe declined to comment.", '"No," Jane Roe said.'])
def test_what_others_are_quoted_with_is_not_whose_was_named_last(before: str, quote: str, gap: str) -> None:
    """Words outside the marks that are no understood saying end what a speaker goes on with, for what follows too."""
    found = of_paragraph(f'{before}{gap}{quote}{gap}"We have proof."')
    assert set(found[1:]) == {None}


@pytest.mark.parametrize(
    "text",
    [
        'Prosecutors say Jane Roe stole 5 million. "She lied to us."',
        'Jane Roe stole 5 million, a court was told. "She lied to us."',
        'Jane Roe left early. "She lied to us."',
        'Jane Roe left early. "It was late. She lied to us."',
        'Jane Roe met Anna Doe. "We have proof."',
        'Jane Roe was arrested by police. "We have proof."',
        'Jane Roe declined to comment. "We have proof."',
        'Jane Roe said taxes fell. The opposition laughed. "Taxes rose by 10 per cent."',
        'Jane Roe said taxes fell. The opposition laughed.\n\n"Taxes rose by 10 per cent."',
        'Jane Roe said taxes fell. "Jane Roe lied to us."',
    ],
)
def test_a_quotation_goes_on_only_from_who_was_speaking(text: str) -> None:
    """Whoever is merely named is not the speaker where others are named, or act, or where the words speak of her."""
    assert of_paragraph(text)[-1] is None


def test_a_speaker_goes_on_over_narration_about_herself() -> None:
    """What she does in between ends nothing."""
    assert of_paragraph('Jane Roe said taxes fell. She laughed. "By 5 per cent."')[-1] == "Jane Roe"
    assert of_paragraph('Jane Roe said taxes fell. Roe laughed. "By 5 per cent."')[-1] == "Jane Roe"


@pytest.mark.parametrize(
    "text",
    [
        "A fake post claims that Jane Roe said the tax rose by 5 per cent.",
        'A fake Jane Roe account tweeted: "Taxes rose by 5 per cent."',
        'The Jane Roe account tweeted: "Taxes rose by 5 per cent."',
        "Contrary to what Jane Roe said, taxes rose by 5 per cent.",
        "If Jane Roe says that taxes rose by 5 per cent, they did.",
        "If Mayor Jane Roe says taxes rose by 5 per cent, they did.",
        "The claim that Jane Roe said taxes rose by 5 per cent is false.",
        "Prosecutors say Jane Roe said taxes rose by 5 per cent.",
        "Jane Roe allegedly said taxes rose by 5 per cent.",
        "Jane Roe has denied through her lawyers that taxes rose by 5 per cent.",
        "John Doe, said by Jane Roe to be rich, owns 5 houses.",
        "Jane Roe admitted 5 patients to the ward.",
        "John Doe wrote 5 books.",
        "John Doe wrote 5 books that were sold.",
        "John Doe announced his resignation.",
        "Tesla chief John Doe recalled 5,000 cars.",
        "John Doe rejected 500 applications.",
        "Denzel Washington arrived.\n\nWashington said on Monday it had 300,000 troops.",
        "Gerald Ford resigned in 1976. Ford said it sold 5 million cars.",
        "Jane Alcott left in 1976. Alcott said it sold 5 million cars.",
        "According to Smith & Wesson, 5 million guns were sold.",
        "John Smith left. According to Smith & Wesson, 5 million guns were sold.",
        "Hillary Clinton met Bill Clinton.\n\nCLINTON: Taxes fell.\nQ: Why?\nCLINTON: They did.\nQ: How?",
        "John Smith met Peter Smith. Taxes fell by 5 per cent, Smith said.",
    ],
)
def test_no_saying_or_nobody_s(text: str) -> None:
    """Another's claim, a condition, a fake, a deed, a company, and a name that two people share."""
    assert set(of_paragraph(text)) == {None}


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Jane Roe admitted that 5 patients died.", "Jane Roe"),
        ("Jane Roe admitted 5 patients had died.", "Jane Roe"),
        ("Jane Roe announced she would resign.", "Jane Roe"),
        ("It was raining, Jane Roe recalled.", "Jane Roe"),
        ("Denzel Washington said no. Washington said that it had rained.", "Denzel Washington"),
        ("Hillary Clinton met Bill Clinton. Taxes fell, Mrs Clinton said.", "Hillary Clinton"),
        ("Senator Ada Smith met Peter Smith. Taxes fell, Senator Smith said.", "Ada Smith"),
    ],
)
def test_a_clause_a_title_or_an_earlier_saying_decides(text: str, speaker: str) -> None:
    """What is doubtful without them."""
    assert of_paragraph(text)[-1] == speaker


def test_a_label_that_two_share_is_nobody_s() -> None:
    """The full names are told apart."""
    text = "JOHN SMITH: Taxes fell.\nPETER SMITH: They rose.\nSMITH: They fell.\nJOHN SMITH: Yes.\nPETER SMITH: No."
    assert speakers(text) == ["John Smith", "Peter Smith", None, "John Smith", "Peter Smith"]


def test_narration_behind_a_transcript_is_nobody_s() -> None:
    """A short heading and paragraphs in the third person are no part of the last answer."""
    turns = "Jane Roe: Taxes fell.\n\nQ: Why?\n\nJane Roe: They did.\n\nQ: Oh.\n\nJane Roe: Yes."
    text = f"{turns}\n\nBackground\n\nTaxes were cut by 5 per cent in 2019. They rose.\n\nThey fell in 2020."
    assert speakers(text) == ["Jane Roe", None, "Jane Roe", None, "Jane Roe", None, None, None, None]


def test_two_full_names_and_nothing_else_are_a_transcript() -> None:
    """Two turns are enough where there is nothing but turns."""
    assert speakers("Jane Roe: Taxes fell.\n\nJohn Doe: They rose.") == ["Jane Roe", "John Doe"]
    assert speakers(f"{LEAD}\n\nJane Roe: Taxes fell.\n\nJohn Doe: They rose.") == [None] * 3


def test_what_the_document_gives_to_somebody_is_hers() -> None:
    """By exactly that name, without any rule; outside of the spans the rules go on, and nothing goes over a span."""
    text = 'Anna Doe said no. "Never," John Doe said. Taxes fell. "It is old." It rained. "By 5 per cent," Roe said.'
    sentences = split_sentences(text)
    spans = [
        (text.index('"Never'), text.index("Taxes"), None),
        (text.index("Taxes"), text.index('"It is'), "Jane Roe"),
    ]
    found = [one.speaker for one in attribute(text, sentences, spans)]
    assert found == ["Anna Doe", None, "Jane Roe", None, None, "Jane Roe"]
    assert {one.speaker for one in attribute(text, sentences, [(0, len(text), "SPEAKER 1")])} == {"SPEAKER 1"}


def test_a_full_name_and_then_the_surname_are_one_label() -> None:
    """With time stamps before them, as recordings are written down."""
    text = (
        "[00:01:12] SEN. ELIZABETH WARREN: Thank you.\n[00:01:30] ANDERSON COOPER: Is that true?\n"
        "[00:01:33] WARREN: It is. The rich pay 3.2 percent.\n[00:02:10] COOPER: Thank you."
    )
    found = [one.speaker for one in attribute(text, split_sentences(text))]
    assert found == ["Elizabeth Warren", "Anderson Cooper", "Elizabeth Warren", "Elizabeth Warren", "Anderson Cooper"]

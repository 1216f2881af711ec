"""Where each label lands: those that publishers use, those that are misread elsewhere, and those that nobody knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tracker import rating_tables
from tracker.rating_tables import labels, publisher_of, read_labels, read_publishers, read_scales
from tracker.ratings import NORMALIZED, TAGS, Reading, desk_key, fold, read_rating

DATA = Path(rating_tables.__file__).parent / "data" / "ratings"
FAVOURABLE = {"true", "mostly-true"}


def said(label: str | None, publisher: str | None = None, language: str | None = None) -> str:
    """A reading in a word: "mixed misleading"."""
    reading = read_rating(label, publisher=publisher, language=language)
    return " ".join((reading.normalized, *reading.tags))


SCALES = {
    "PolitiFact": {
        "true": "True | true",
        "mostly-true": "Mostly True | mostly-true",
        "mixed": "Half True | half-true",
        "mostly-false": "Mostly False | Barely True | barely-true",
        "false": "False | FALSE | Pants on Fire! | pants-fire",
        "not-rated flip-flop": "full-flop | Full Flop | half-flip",
        "not-rated": "no-flip",
    },
    "Snopes": {
        "true": "True",
        "mostly-true": "Mostly True",
        "mixed": "Mixture | MIXTURE: | MIXTURE OF TRUE AND FALSE INFORMATION"
        " | Mixture of accurate and  inaccurate information",
        "mostly-false": "Mostly False",
        "false": "False | Fake",
        "unproven": "Unproven | Unfounded | Legend",
        "not-rated outdated": "Outdated",
        "not-rated pending": "Research in Progress",
        "not-rated misattributed": "Miscaptioned | Misattributed",
        "not-rated attributed": "Correct Attribution",
        "not-rated satire": "Labeled Satire",
        "not-rated scam": "Scam",
    },
    "Washington Post": {
        "true": "Geppetto Checkmark | The Geppetto Checkmark",
        "mostly-true": "One Pinocchio",
        "mixed": "Two Pinocchios | 2 Pinocchios",
        "mostly-false": "Three Pinocchios",
        "false": "Four Pinocchios | 4 Pinocchios | Bottomless Pinocchio",
        "not-rated flip-flop": "Upside-down Pinocchio",
        "not-rated pending": "Verdict Pending",
    },
    "AFP Fact Check": {
        "true": "True | Vrai | Totalement Vrai",
        "mostly-true": "Plutôt vrai",
        "mixed": "Mixed | Mélangé | Imprécis | Partly false",
        "mixed exaggerated": "Exagéré",
        "mostly-false": "Plutôt faux",
        "false": "False | Fake | Hoax | Falso | Faux | Totalement faux | Démenti",
        "unproven": "Incertain | Douteux",
        "not-rated misleading": "Misleading | Trompeur | trompeur",
        "not-rated altered-media": "Altered image | ALTERED IMAGE.",
        "not-rated missing-context": "Missing context",
        "not-rated missing-context misattributed": "Photo out of context",
        "not-rated satire": "Satire | APRIL FOOL | C'est une oeuvre de fiction",
    },
    "Full Fact": {
        "true": "Correct | That’s correct | This is correct | It's correct | This is true",
        "mostly-true": "Roughly correct. | Broadly correct | Not far off",
        "mixed": "Not quite | These aren’t all correct",
        "false": "Incorrect | This is false. | This isn’t true. | That’s not correct | This isn't correct"
        " | That’s wrong",
    },
    "Africa Check": {
        "true": "Correct",
        "mostly-true": "Mostly-Correct | mostly-correct",
        "mixed misleading": "Misleading",
        "mixed exaggerated": "Exaggerated",
        "mixed understated": "Understated",
        "false": "Incorrect",
        "unproven": "Unproven",
        "not-rated": "Checked",
    },
    "AAP": {
        "true": "True",
        "mostly-true": "Mostly True",
        "mixed": "Mixture | Somewhat True | Somewhat False",
        "mixed misleading": "Misleading",
        "mostly-false": "Mostly False",
        "false": "False",
        "unproven": "Unproven",
    },
    "Truth or Fiction": {
        "true": "Truth! | Truth",
        "mostly-true": "Mostly Truth",
        "mixed": "Truth & Fiction! | Truth &amp; Fiction",
        "mixed misleading": "Truth & Misleading",
        "mostly-false": "Mostly Fiction",
        "false": "Fiction! | Not True",
        "not-rated attributed": "Correct Attribution",
    },
    "Polygraph.info": {"unproven": "Unsubstantiated", "not-rated misleading": "Misleading"},
    "Check Your Fact": {"not-rated misleading": "Misleading", "mixed": "True/False", "unproven": "Unsubstantiated"},
    "Vishvas News": {"not-rated misleading": "Misleading | भ्रामक", "false": "फर्जी | फ़र्जी"},
    "FactsCan": {"mixed misleading": "Misleading"},
    "Fatabyyano": {"not-rated missing-context": "Missing context", "false": "زائف", "mixed": "زائف جزئياً"},
    "Cofacts": {"mixed": "RUMOR", "mostly-true": "NOT_RUMOR", "not-rated opinion": "OPINIONATED"},
    "Meedan Check": {"true": "verified", "false": "false", "not-rated pending": "undetermined | in_progress"},
    "FactCheck.org": {
        "not-rated misleading": "Spins the Facts | Cherry Picks",
        "mixed exaggerated": "Exaggerates",
        "not-rated missing-context": "Not the Whole Story",
        "unproven": "No Evidence",
    },
    "EUvsDisinfo": {"false": "Disinfo"},
    "India Today": {"mixed": "Half True", "mostly-false": "Mostly Lies", "false": "Absolutely False"},
    "Pagella Politica": {
        "true": "Vero",
        "mostly-true": "C’eri quasi",
        "mixed": "Nì",
        "mostly-false": "Pinocchio andante",
        "false": "Panzana pazzesca",
    },
    "Teyit": {"false": "YANLIŞ | Yanlış", "true": "DOĞRU", "mixed": "Karma", "unproven": "Belirsiz"},
    "Istinomer": {"mostly-false": "Skoro neistina", "false": "Neistina | Kratke noge"},
    "Tempo": {
        "true": "BENAR",
        "mixed": "SEBAGIAN BENAR",
        "unproven": "TIDAK TERBUKTI",
        "mixed misleading": "SESAT",
        "false": "KELIRU",
    },
    "CORRECTIV": {
        "mostly-true": "Größtenteils richtig",
        "mixed": "Teilweise falsch",
        "mostly-false": "GRÖSSTENTEILS FALSCH",
        "false": "Frei erfunden",
        "unproven": "Unbelegt",
        "not-rated missing-context": "Fehlender Kontext",
    },
    "Chequeado": {
        "mostly-true missing-context": "VERDADERO, PERO… | Verdadero, pero",
        "mixed": "Discutible",
        "unproven": "Apresurado | Insostenible",
        "mixed misleading": "Engañoso",
    },
    "Stowarzyszenie Demagog": {"false": "Fałsz", "true": "Prawda", "unproven": "Nieweryfikowalne"},
    "Faktisk.no": {"false": "Faktisk helt feil", "mixed": "Faktisk delvis sant", "unproven": "Faktisk ikke sikkert"},
    "SNU FactCheck": {"false": "전혀 사실 아님", "mostly-false": "대체로 사실 아님", "true": "사실"},
}


@pytest.mark.parametrize(
    ("publisher", "label", "expected"),
    [
        (publisher, label, expected)
        for publisher, scale in SCALES.items()
        for expected, cell in scale.items()
        for label in cell.split(" | ")
    ],
)
def test_publishers_scales(publisher: str, label: str, expected: str) -> None:
    """Each label of a publisher's scale lands where that publisher means it."""
    assert said(label, publisher) == expected


FACTCKBR = """
https:apublica.org | Discutível | 5 | 8 | mixed
https:apublica.org | Distorcido | 3 | 8 | mixed misleading
https:apublica.org | Exagerado | 4 | 8 | mixed exaggerated
https:apublica.org | Falso | 1 | 8 | false
https:apublica.org | Impossível provar | 2 | 8 | unproven
https:apublica.org | Sem contexto | 7 | 8 | mixed missing-context
https:apublica.org | Subestimado | 6 | 8 | mixed understated
https:apublica.org | Verdadeiro | 8 | 8 | true
https:apublica.org | | | 8 | unrated
https:piaui.folha.uol.com.brlupa | Ainda é cedo para dizer | 4 | 6 | unproven
https:piaui.folha.uol.com.brlupa | De olho | 4 | 6 | not-rated pending
https:piaui.folha.uol.com.brlupa | Exagerado | 4 | 6 | mixed exaggerated
https:piaui.folha.uol.com.brlupa | Falso | 4 | 6 | false
https:piaui.folha.uol.com.brlupa | Verdadeiro | 4 | 6 | true
https:piaui.folha.uol.com.brlupa | Verdadeiro, mas | 4 | 6 | mostly-true missing-context
https:www.aosfatos.org | distorcido | 3 | 5 | mixed misleading
https:www.aosfatos.org | exagerado | 4 | 5 | mixed exaggerated
https:www.aosfatos.org | falso | 1 | 5 | false
https:www.aosfatos.org | impreciso | 5 | 5 | mixed
https:www.aosfatos.org | insustentável | 2 | 5 | unproven
https:www.aosfatos.org | outros | 0 | 5 | not-rated
https:www.aosfatos.org | verdadeiro | 6 | 5 | true
"""


@pytest.mark.parametrize("row", FACTCKBR.strip().splitlines())
def test_every_rating_of_factckbr(row: str) -> None:
    """All 22 that the 1,313 reviews of three Brazilian publishers have; their numbers mislead, their words count."""
    author, label, value, best, expected = (cell.strip() for cell in row.split("|"))
    for worst in (None, "1"):
        reading = read_rating(label, publisher=author, value=value, best=best, worst=worst)
        assert " ".join((reading.normalized, *reading.tags)) == expected
        assert reading.rule.startswith("scale: ") or not label


PREFIX_MISTAKES = {
    "mixed misleading": "True but misleading | True, but misleading. | Truth & Misleading | True (misleading)"
    " | Cierto pero engañoso",
    "mixed missing-context": "True but lacks context | Correct, but missing context | Vrai mais hors contexte",
    "mixed outdated": "True but outdated",
    "mixed exaggerated": "True but exaggerated",
    "mixed": "True and false | Accurate but mixed | Truth&Fiction | Correct but wrong | Verdadeiro, mas falso"
    " | Not entirely true | isn't completely accurate",
    "false attributed": "Correctly quoted but false",
    "false misattributed": "Accurate photo, false caption",
    "false": "Not true | NOT TRUE. | isn't true | Isn’t true | No, that's not true. | No. This is not correct"
    " | Simply not true | Not accurate | This is a hoax | The post is wrong | Fact check: False"
    " | We rate this claim False | AP's assessment: False. | Our rating: Pants on Fire! | completely false"
    " | &#8220;False&#8221;",
    "false satire": "False (satire)",
    "false misleading": "False and misleading | Misleading/False | Falso, enganoso",
    "not-rated attributed": "Correct attribution",
    "unproven": "There is no evidence | Not proven | Unverifiable",
    "true": "This is true. | Yes, that's correct | True & accurate | Completely true | ✅ True",
    "mostly-true": "The claim is mostly correct | Almost true | broadly right",
    "mostly-false": "Barely True | Largely incorrect",
    "unrated": "Not false | not untrue | It's not false | This is not misleading | Not fake | No | Yes"
    " | No, this is true | Yes, this is false | True? | True? No | True... | True or false | Untrue or unproven"
    " | Fact: False | Not mostly true | Not not true | True story | Truely | Trueish | True enough"
    " | True in part of the country | Probably true | Likely false | Not true in every case | Never true"
    " | Correct figure | Accurate photo | False dawn | false?"
    " | The number is right for England; it leaves out Wales. | ❌ True | 👎 Correct | ? | ... | ✅ | ❌ | but"
    " | true but | True, correct attribution | Unproven and false | Almost false | False but pending | False, opinion"
    " | Correct but wrong and mixed | Altered photo out of context | True, not rated | False, not rated"
    " | True but pending | N/A true",
}


@pytest.mark.parametrize(
    ("label", "expected"),
    [(label, expected) for expected, cell in PREFIX_MISTAKES.items() for label in cell.split(" | ")],
)
def test_labels_that_a_rule_by_prefix_misreads(label: str, expected: str) -> None:
    """A label is read as a whole; a word that we do not know makes all of it unknown."""
    assert said(label) == expected


LANGUAGES = {
    "true": "Verdadero | É verdade | Vrai | Richtig | Vero | Waar | Prawda | Doğru | Benar | सच | صحيح | Правда | Sant"
    " | Totta | Točno | Тачно | Igaz | Αληθές | Adevărat | Sandt | נכון | 正確",
    "mostly-true": "Größtenteils richtig | Grotendeels waar | Büyük ölçüde doğru",
    "mixed": "Verdad a medias | Partiellement faux | Teilweise falsch | Parzialmente falso | Gedeeltelijk onwaar"
    " | Półprawda | Kısmen doğru | Delvis sant | Delvist falsk | Poluistina | Részben igaz | आधा सच"
    " | Parțial fals",
    "mostly-false": "Mayormente falso | Größtenteils falsch | Büyük ölçüde yanlış | Skoro neistina",
    "false": "Falso | Faux | Falsch | Bulo | Boato | Bufala | Onwaar | Fałsz | Yanlış | Salah | झूठ | মিথ্যা | كاذب"
    " | Ложь | Неправда | Nepravda | Fals | Hamis | Ψευδές | ΨΕΥΔΕΣ | Falskt | Feil | Falsk | Väärin | Netočno"
    " | Netačno | 錯誤 | Uongo",
    "unproven": "Sin pruebas | Sem provas | Unbelegt | Nieweryfikowalne | Neověřitelné | Belirsiz | Ikke sikkert",
    "not-rated misleading": "Engañoso | Enganoso | Trompeur | Irreführend | Fuorviante | Misleidend | Manipulacja"
    " | Yanıltıcı | Menyesatkan | भ्रामक | مضلل | Zavádějící | Félrevezető | Παραπλανητικό | Vilseledande | Misvisende",
    "not-rated missing-context": "Falta contexto | Sem contexto | Hors contexte | Fehlender Kontext | Fuori contesto",
    "not-rated satire": "Sátira | Satira | Satyra | Сатира | Σάτιρα",
}


@pytest.mark.parametrize(
    ("label", "expected"), [(label, expected) for expected, cell in LANGUAGES.items() for label in cell.split(" | ")]
)
def test_languages(label: str, expected: str) -> None:
    """Labels of many languages are read where the review's language is known, in capitals too."""
    for language in labels()[fold(label)]:
        assert said(label, language=language) == said(label.upper(), language=language.upper()) == expected


PLAIN = (
    "Verdadero | É verdade | Vrai | Richtig | Prawda | सच | صحيح | Правда | 正確 | Größtenteils richtig"
    " | Büyük ölçüde doğru | Verdad a medias | Gedeeltelijk onwaar | Półprawda | Falso | Faux | Falsch | Bufala"
    " | Onwaar | Fałsz | Yanlış | झूठ | মিথ্যা | كاذب | Ложь | Неправда | 錯誤 | Sin pruebas"
    " | Engañoso | Menyesatkan | Satira"
)


@pytest.mark.parametrize("label", PLAIN.split(" | "))
def test_labels_of_many_languages_need_no_publisher(label: str) -> None:
    """Those of the common languages of fact-checking that are no name or word elsewhere."""
    assert read_rating(label).rule.startswith("label: ")


ELSEWHERE = (
    "Vale | Mali | Salah | Meli | Fel | Sant | Vera | Vero | Melas | Peke | Istina | Pravda | Fals | Totta | Timo"
    " | Karma | Avéré | सत्य | Vera e vero | Mali, mali | Feil | Delvis sant | שקר"
)


@pytest.mark.parametrize("label", ELSEWHERE.split(" | "))
@pytest.mark.parametrize("site", [None, "example.org", "https://www.example.co.uk/ee/x.ee"])
def test_a_rare_language_does_not_decide_for_everybody(label: str, site: str | None) -> None:
    """What is a label in one language and a name or a word in others is unknown where that language is not written."""
    assert read_rating(label, publisher="Somebody", site=site) == Reading("unrated", (), "unknown")
    assert read_rating(label, publisher="PolitiFact", site=site, language="en") == Reading("unrated", (), "unknown")


@pytest.mark.parametrize(
    ("label", "publisher", "site", "language", "expected"),
    [
        ("Vale", None, "https://epl.delfi.ee/faktikontroll", None, Reading("false", (), "label: et")),
        ("Vale", None, "https:www.delfi.ee", None, Reading("false", (), "label: et")),
        ("Vale", "www.delfi.ee", None, None, Reading("false", (), "label: et")),
        ("Vale", None, None, "ET-ee", Reading("false", (), "label: et")),
        ("Vale", None, "delfi.ee.example.org", None, Reading("unrated", (), "unknown")),
        ("Vale", None, "ee", "", Reading("unrated", (), "unknown")),
        ("Mali", None, None, "tl", Reading("false", (), "label: fil")),
        ("Mali", None, "https://x.ph:443/?a=b.lv", None, Reading("false", (), "label: fil")),
        ("Salah", None, "turnbackhoax.id", None, Reading("false", (), "label: id")),
        ("Salah", "Tempo", None, None, Reading("false", (), "label: id")),
        ("Sant", "Faktisk", None, None, Reading("true", (), "label: no")),
        ("Sant", None, None, "nb_NO", Reading("true", (), "label: no")),
        ("Vera", "Pagella Politica", None, None, Reading("true", (), "label: it")),
        ("Vera, mali", None, None, "it", Reading("unrated", (), "unknown")),
        ("NEE", None, None, None, Reading("unrated", (), "unknown")),
        ("NEE", None, None, "en", Reading("unproven", (), "label: en")),
        ("False", None, "delfi.ee", "et", Reading("false", (), "label: en")),
        ("不正確", None, None, "ja", Reading("mixed", (), "label: ja")),
        ("不正確", "TFC", None, "ja", Reading("unrated", (), "unknown")),
    ],
)
def test_the_language_of_a_review(
    label: str, publisher: str | None, site: str | None, language: str | None, expected: Reading
) -> None:
    """Its own, its publisher's, or that of the country of its site; where two of them differ, nothing is read."""
    assert read_rating(label, publisher=publisher, site=site, language=language) == expected


STRUCK = "T\u0336r\u0336u\u0336e\u0336 | Tr\u0338ue | True\u20e0 | Tru\u20d2e | T\u0305rue | True\u20e3"
AGAINST = (
    "≠ True | ≠True | ≠true | =\u0338 True | ¬True | ☒ True | × True | True× | ✕ True | 🔴 True | ⚠️ True | ~~True~~"
    " | ~True | !True | ! True | (!) True | True* | *True | True† | ❌ True | ✗True | True 👎🏽 | 🚫 True | ☐ True"
    " | [ ] True | True ( ) | ☐ True ☑ False | ✅ ❌ True | ❌ ✅ True | <True> | &ne; True | &not;True | \\True"
    " | #True | ✅ False | ❌ Half True | ✅ Mostly False | ✅ Misleading | ✗ False | ☒ False | 🔴 False"
    " | ~~False~~ | True՞ | True and ≠ false | ✅ | ❌ | F\u0336alse | Αληθές;"
)


@pytest.mark.parametrize("label", [*STRUCK.split(" | "), *AGAINST.split(" | ")])
@pytest.mark.parametrize("publisher", [None, "PolitiFact", "Ellinika Hoaxes"])
def test_signs_that_may_say_otherwise_make_a_label_unknown(label: str, publisher: str | None) -> None:
    """Negated, struck, crossed out, warned of: only harmless signs are passed over, by the desk's mapping too."""
    assert read_rating(label, publisher=publisher) == Reading("unrated", (), "unknown")
    desk = {("", "true"): ("true", ()), ("", "false"): ("false", ()), ("politifact", "true"): ("true", ())}
    assert read_rating(label, publisher=publisher, desk=desk) == Reading("unrated", (), "unknown")
    exact = {desk_key(label): ("mixed", ())}
    assert read_rating(label, publisher=publisher, desk=exact) == Reading("mixed", (), "desk")


@given(
    st.sampled_from(sorted(labels())),
    st.characters(categories=("So", "Sm", "Sk", "Po", "Me")).filter(lambda sign: fold(sign) == sign),
    st.booleans(),
)
def test_a_sign_never_makes_a_label_truer(label: str, sign: str, before: bool) -> None:
    """Whatever stands beside it: only a check mark leaves a true label true."""
    reading = read_rating(f"{sign} {label}" if before else f"{label} {sign}").normalized
    assert reading not in FAVOURABLE or (sign in "✅✔✓☑&" and read_rating(label).normalized == reading)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        *((label, "true") for label in ("✅ True", "True ✔️", "✓True", "☑ Correct", "**True**", "_True_", "¡True!")),
        *((label, "true") for label in ("[True]", "(True)", "« True »", "—True—", "True!!", "True;", "_*True*_")),
        *((label, "false") for label in ("❌ False", "False❌", "❌ Falso ❌", "❌ Not true")),
    ],
)
def test_signs_that_fit_a_label(label: str, expected: str) -> None:
    """Quotation marks, brackets, dashes, stops, emphasis; a check mark if it is true and a cross if it is false."""
    assert said(label) == expected


def test_the_desks_mapping_and_signs() -> None:
    """A check mark does not take a label out of the desk's mapping, and does not fit one that is not true."""
    desk = {desk_key("True", "PolitiFact"): ("mixed", ()), desk_key("Yep"): ("true", ())}
    assert read_rating("✅ True", publisher="PolitiFact", desk=desk) == Reading("unrated", (), "unknown")
    assert read_rating("✅ Yep", desk=desk) == Reading("true", (), "desk")
    assert read_rating("❌ Yep", desk=desk) == Reading("unrated", (), "unknown")
    assert read_rating("🔴 Yep", desk=desk) == Reading("unrated", (), "unknown")


@pytest.mark.parametrize("publisher", ["—", "", " ", "...", "«»", "🔥", "?!", "\u200b"])
def test_a_publisher_without_letters_is_not_everybody(publisher: str) -> None:
    """A mapping for all has no publisher; one for a publisher that is none cannot be made."""
    with pytest.raises(ValueError, match="has no letters"):
        desk_key("G", publisher)
    assert desk_key("G") == ("", "g")
    assert desk_key("G", "Agência Lupa") == ("agencia lupa", "g")
    desk = {desk_key("G"): ("false", ())}
    assert read_rating("G", publisher=publisher, desk=desk) == Reading("false", (), "desk")


def test_a_label_with_two_meanings_needs_its_publisher() -> None:
    """Chinese and Japanese write one word for "incorrect" and for "partly incorrect"."""
    assert said("不正確") == "unrated"
    assert said("不正確", "JFC") == "mixed"
    assert read_rating("不正確", site="tfc-taiwan.org.tw") == Reading("false", (), "label: zh")


def test_the_only_labels_with_two_meanings() -> None:
    """A label that two languages read differently is seen here before anybody meets it."""
    assert {label for label, meanings in labels().items() if len(set(meanings.values())) > 1} == {"不正確"}


CT22 = {
    "false": "false",
    "half-true": "mixed",
    "mostly-true": "mostly-true",
    "barely-true": "mostly-false",
    "true": "true",
    "pants-fire": "false",
    "full-flop": "not-rated",
    "half-flip": "not-rated",
    "no-flip": "not-rated",
}


@pytest.mark.parametrize(("label", "expected"), CT22.items())
def test_the_verdicts_of_the_checkthat_benchmark(label: str, expected: str) -> None:
    """The nine of CheckThat 2022 2B are PolitiFact's, and are read without its name."""
    assert read_rating(label).normalized == expected


STARTER = {
    "Doesn’t represent all crime | Full Fact": "unrated",
    "A selective use of statistics | BBC Reality Check": "unrated",
    "The post is wrong | USA TODAY": "false",
    "That’s not correct | Full Fact": "false",
    "FAKE NEWS | Veridica": "false",
    "Fake | Detector Media": "false",
    "Manipulation | Detector Media": "not-rated misleading",
    "Message | Detector Media": "not-rated",
    "Manipulation | ": "unrated",
    "Not true | Lead Stories": "false",
    "False claim | Reuters Fact Check": "false",
    "Mostly false | Newswise": "mostly-false",
    "Misleading | Check Your Fact": "not-rated misleading",
    "Unfounded | VoxCheck (VoxUkraine)": "unproven",
    "Disinfo | EUvsDisinfo": "false",
}


@pytest.mark.parametrize(("row", "expected"), STARTER.items())
def test_ratings_of_the_starter_claims(row: str, expected: str) -> None:
    """Sentences stay unread; the words of a publisher's own scale need its name."""
    label, _, publisher = row.partition(" | ")
    assert said(label, publisher or None) == expected


@pytest.mark.parametrize(
    ("value", "best", "worst", "expected", "rule"),
    [
        ("1", "5", "1", "false", "number: 1 of 1 to 5"),
        ("2", "5", "1", "mostly-false", "number: 2 of 1 to 5"),
        ("3", "5", "1", "mixed", "number: 3 of 1 to 5"),
        ("4", "5", "1", "mostly-true", "number: 4 of 1 to 5"),
        ("5", "5", "1", "true", "number: 5 of 1 to 5"),
        ("5.0", " 5 ", "1", "true", "number: 5 of 1 to 5"),
        ("2,5", "5", "0", "mixed", "number: 2.5 of 0 to 5"),
        ("9", "10", "1", "mostly-true", "number: 9 of 1 to 10"),
        ("2", "10", "1", "mostly-false", "number: 2 of 1 to 10"),
        ("0", "1", "0", "false", "number: 0 of 0 to 1"),
        ("0", "2", "-2", "mixed", "number: 0 of -2 to 2"),
        ("-1", "5", "1", "not-rated", "number: -1"),
        ("-1", "-1", "-1", "not-rated", "number: -1"),
        ("0", "10", "1", "unrated", "unknown"),
        ("6", "5", "1", "unrated", "unknown"),
        ("3", "3", "3", "unrated", "unknown"),
        ("3", "1", "5", "unrated", "unknown"),
        ("3", "5", None, "unrated", "unknown"),
        ("3", None, "1", "unrated", "unknown"),
        (None, "5", "1", "unrated", "none"),
        ("three", "5", "1", "unrated", "unknown"),
        ("nan", "inf", "1", "unrated", "unknown"),
        ("1e3", "9999", "1", "unrated", "unknown"),
        ("9" * 400, "9" * 400, "1", "unrated", "unknown"),
        ("", "", "", "unrated", "none"),
    ],
)
def test_numbers_alone(value: str | None, best: str | None, worst: str | None, expected: str, rule: str) -> None:
    """Higher is truer, only the ends are true and false, and numbers that make no sense say nothing."""
    for label in (None, "", "  "):
        assert read_rating(label, value=value, best=best, worst=worst) == Reading(expected, (), rule)


@pytest.mark.parametrize(
    ("label", "value", "best", "worst", "expected"),
    [
        ("3 / 5", "3", "5", "1", "mixed"),
        ("3/5", None, None, "1", "mixed"),
        ("５ out of 5", "5", "5", "1", "true"),
        ("1", "1", "5", "1", "false"),
        ("3 / 5", None, None, None, "unrated"),
        ("3", None, None, None, "unrated"),
        ("3 / 5", "4", "5", "1", "unrated"),
        ("3 / 5", "3", "10", "1", "unrated"),
        ("Nobody knows", "5", "5", "1", "unrated"),
        ("✅", "5", "5", "1", "unrated"),
        ("False", "5", "5", "1", "false"),
        ("4 Pinocchios", "4", "4", "1", "false"),
    ],
)
def test_numbers_beside_a_label(
    label: str, value: str | None, best: str | None, worst: str | None, expected: str
) -> None:
    """A label that is a number must agree with the numbers; any other label goes before them, known or not."""
    assert read_rating(label, value=value, best=best, worst=worst).normalized == expected


def test_numbers_of_a_publisher_whose_numbers_do_not_rise_with_the_truth() -> None:
    """Lupa's markup says 4 of 6 for false and true alike: without the word, nothing is known."""
    assert read_rating(None, publisher="Agência Lupa", value="6", best="6", worst="1").normalized == "unrated"
    assert read_rating(None, publisher="PolitiFact", value="6", best="6", worst="1").normalized == "true"
    assert read_rating(None, publisher="Agência Lupa", value="-1", best="6", worst="1").normalized == "not-rated"


def test_the_desks_mapping_goes_first() -> None:
    """The publisher's own, by the name as given or by the one that we know it by, and then the one for all."""
    desk = {
        ("politifact", fold("False")): ("mixed", ()),
        ("", fold("Pants on Fire")): ("mostly-false", ("misleading",)),
        ("", fold("Bonkers")): ("false", ()),
        ("the daily lie", fold("Bonkers")): ("not-rated", ("satire",)),
        ("", "3 5"): ("mixed", ()),
    }
    assert read_rating("FALSE", publisher="PolitiFact", desk=desk) == Reading("mixed", (), "desk: PolitiFact")
    assert read_rating("False", publisher="PolitiFact Wisconsin", desk=desk) == Reading("mixed", (), "desk: PolitiFact")
    assert read_rating("False", site="www.politifact.com", desk=desk) == Reading("mixed", (), "desk: PolitiFact")
    assert read_rating("False", publisher="Snopes", desk=desk) == Reading("false", (), "scale: Snopes")
    assert read_rating("Pants on fire!", publisher="PolitiFact", desk=desk).rule == "desk"
    assert read_rating("bonkers", publisher="The Daily Lie", desk=desk).tags == ("satire",)
    assert read_rating("Bonkers.", publisher="Snopes", desk=desk) == Reading("false", (), "desk")
    assert read_rating("3/5", value="5", best="5", worst="1", desk=desk).rule == "desk"
    assert read_rating("", desk=desk) == Reading("unrated", (), "none")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("PolitiFact", "PolitiFact"),
        ("politifact national", "PolitiFact"),
        ("PolitiFactory", None),
        ("www.politifact.com", "PolitiFact"),
        ("https://www.politifact.com/factchecks/2024/x/", "PolitiFact"),
        ("https:www.aosfatos.org", "Aos Fatos"),
        ("https:piaui.folha.uol.com.brlupa", "Agência Lupa"),
        ("https://piaui.folha.uol.com.br/lupa/2018/08/13/x", "Agência Lupa"),
        ("https://piaui.folha.uol.com.br/materia/x", None),
        ("https://piaui.folha.uol.com.br/lupanar", None),
        ("factuel.afp.com", "AFP Fact Check"),
        ("AFP Philippines", "AFP Fact Check"),
        ("notpolitifact.com", None),
        ("politifact.com.evil.example", None),
        ("Agencia Lupa", "Agência Lupa"),
        ("Fuller Facts", None),
        ("", None),
        (None, None),
    ],
)
def test_publishers_by_name_and_site(name: str | None, expected: str | None) -> None:
    """As feeds write them: with a region behind, as an address, with the slashes lost."""
    found = [publisher_of(name, None)]
    if name and "." in name:
        found += [publisher_of(None, name), publisher_of("Somebody", name)]
    assert [(publisher.name if publisher else None) for publisher in found] == [expected] * len(found)


def test_the_name_goes_before_the_site() -> None:
    """A review that another site publishes again is its author's."""
    found = publisher_of("PolitiFact", "snopes.com")
    assert found
    assert found.name == "PolitiFact"


@pytest.mark.parametrize(
    "label",
    [
        *("Mostly False", "mostly-false", "MOSTLY_FALSE", " mostly\u00a0false. ", "“Mostly false”", "«Mostly False»!"),
        *(
            "Mostly–False",
            "Mostly&nbsp;False",
            "&quot;Mostly False&quot;",
            "Ｍｏｓｔｌｙ Ｆａｌｓｅ",
        ),
        *(
            "**Mostly False**",
            "(Mostly false)",
            "Mostly\u00ad False\u200b",
            "&amp;quot;Mostly False&amp;quot;",
            "'Mostly' False",
        ),
    ],
)
def test_ways_to_write_a_label(label: str) -> None:
    """Case, dashes, entities, quotation marks, emphasis and stops make no difference."""
    assert fold(label) == "mostly false"
    assert read_rating(label) == Reading("mostly-false", (), "label: en")


def test_a_text_is_no_label() -> None:
    """Whole articles in the place of a rating are unknown, at once; the desk may map even them."""
    text = "false " * 50_000
    assert read_rating(text, publisher=text, site=text) == Reading("unrated", (), "unknown")
    assert said("False. " * 13) == "unrated"
    assert read_rating(text, desk={("", fold(text)): ("false", ())}) == Reading("false", (), "desk")


def test_rules_are_named() -> None:
    """Each reading says which rule gave it."""
    rules = {
        "scale: PolitiFact": read_rating("Half True", publisher="PolitiFact"),
        "label: en": read_rating("Half True"),
        "label: es it pt": read_rating("falso"),
        "label: pt": read_rating("Exagerado, ", publisher="Estadão Verifica"),
        "phrase: en": read_rating("False and misleading"),
        "number: 3 of 1 to 5": read_rating(None, value="3", best="5", worst="1"),
        "unknown": read_rating("Hm"),
        "none": read_rating(None),
    }
    assert {reading.rule: reading for reading in rules.values()} == rules


# The tables


def test_the_tables_are_large_and_well_formed() -> None:
    """They load (a fault is a ValueError), and hold what the docs promise."""
    assert len(labels()) > 900
    assert len({language for meanings in labels().values() for language in meanings}) >= 40
    assert len(rating_tables._scales()) >= 75
    publishers = rating_tables._publishers()
    named = {publisher.name for publisher in publishers.names.values()} | {p.name for _, p in publishers.starts}
    assert named == set(rating_tables._scales())


@pytest.mark.parametrize("name", ["labels.tsv", "scales.tsv", "publishers.tsv"])
def test_every_rating_of_the_tables_is_read_as_it_stands(name: str) -> None:
    """No label is hidden behind another rule, and every publisher's source is told."""
    rows = [line.split("\t") for line in (DATA / name).read_text("utf-8").splitlines() if not line.startswith("#")][1:]
    sources = (DATA / "sources.md").read_text("utf-8")
    for who, normalized, tags, *rest in rows:
        if name != "labels.tsv":
            assert f"**{who}**" in sources
        if name == "publishers.tsv":
            continue
        assert normalized in NORMALIZED
        assert set(tags.split()) <= set(TAGS)
        language = who if name == "labels.tsv" else None
        for label in rest[0].split(" | "):
            if name == "scales.tsv" or len(set(labels()[fold(label)].values())) == 1:
                expected = " ".join([normalized, *tags.split()])
                assert said(label, who if name == "scales.tsv" else None, language) == expected


def test_every_publisher_is_known_by_its_names_and_sites() -> None:
    """None is taken for another."""
    for line in (DATA / "publishers.tsv").read_text("utf-8").splitlines():
        if line.startswith(("#", "publisher\t")):
            continue
        name, others, sites, *_ = line.split("\t")
        for text in filter(None, [name, *others.split(" | "), *sites.split(" | ")]):
            found = publisher_of(text.removesuffix("*"), None)
            assert found, text
            assert found.name == name


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("en\tfalsch\t\tFalse", "line 3: 'falsch' is no rating"),
        ("en\tunrated\t\tFalse", "line 3: 'unrated' is no rating"),
        ("en\tfalse\tsilly\tFalse", "line 3: 'silly' are not tags"),
        ("en\tfalse\tsatire misleading\tFalse", "line 3: 'satire misleading' are not tags in their order"),
        ("en\tfalse\tFalse", "line 3: not the 4 columns"),
        ("\tfalse\t\tFalse", "line 3: not the 4 columns"),
        ("en\tfalse\t\tFalse | ", "line 3: a label is empty"),
        ("en\tfalse\t\ttrue!", "line 3: 'true' has another meaning in en already"),
    ],
)
def test_faults_in_a_table_name_the_line(row: str, message: str) -> None:
    """A typing error in a table is found, not read round."""
    head = ["language\tnormalized\ttags\tlabels\n", "en\ttrue\t\tTrue\n"]
    with pytest.raises(ValueError, match=message.replace("|", r"\|")):
        read_labels([*head, row])
    assert read_labels([*head, "# en\tsilly\n", "\n", "en\ttrue\t\tTrue!"]) == {"true": {"en": ("true", ())}}


def test_faults_in_the_other_tables() -> None:
    """A header, a second meaning, a name or site of two publishers, a word for numbers that is none."""
    with pytest.raises(ValueError, match="line 1: the header should be language, normalized, tags, labels"):
        read_labels([])
    scale = ["publisher\tnormalized\ttags\tlabels\n", "P\ttrue\t\tYes\n"]
    with pytest.raises(ValueError, match="line 3: 'yes' has another meaning for P already"):
        read_scales([*scale, "P\tfalse\t\tYes"])
    head = ["publisher\tnames\tsites\tlanguages\tnumbers\n", "P\tPP\tp.org\ten\t\n"]
    with pytest.raises(ValueError, match="line 3: 'pp' is another publisher's name already"):
        read_publishers([*head, "Q\tpp\tq.org\ten\t"])
    with pytest.raises(ValueError, match=r"line 3: 'p\.org' is another publisher's site already"):
        read_publishers([*head, "Q\t\tp.org\ten\t"])
    with pytest.raises(ValueError, match="line 3: numbers can be 'no' or nothing, not 'yes'"):
        read_publishers([*head, "Q\t\tq.org\ten\tyes"])


def test_the_table_of_readings_in_the_docs() -> None:
    """What an editor reads there is what comes out, and so many publishers and languages there are."""
    page = (Path(__file__).parents[1] / "docs" / "ratings.md").read_text("utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.count("|") == 5]
    assert len(rows) > 15
    for label, publisher, expected, rule in rows[2:]:
        alone = label.startswith("(none)")
        value, best, worst = ("3", "5", "1") if alone else (None, None, None)
        reading = read_rating(
            None if alone else label, publisher=publisher or None, value=value, best=best, worst=worst
        )
        assert (", ".join((reading.normalized, *reading.tags)), reading.rule) == (expected, rule)
    assert f"we know {len(rating_tables._scales())} publishers" in page
    assert f"in {len({language for meanings in labels().values() for language in meanings})} languages" in page


# Properties

KNOWN = sorted(labels())
WORDS = sorted({word for label in KNOWN for word in label.split()} | {"not", "no", "isn't", "but", "and", "this", "is"})
UNKNOWN_WORD = st.text("bcdfgjklmqvwxz", min_size=4, max_size=9)


@given(st.text(), st.text(), st.none() | st.text(), st.none() | st.text(), st.none() | st.text())
def test_anything_has_a_reading(
    label: str, publisher: str, value: str | None, best: str | None, worst: str | None
) -> None:
    """Whatever stands in a feed: a normalised rating, tags in their order, a rule."""
    reading = read_rating(label, publisher=publisher, site=publisher, value=value, best=best, worst=worst)
    assert reading.normalized in NORMALIZED
    assert reading.tags == tuple(tag for tag in TAGS if tag in reading.tags)
    assert reading.rule


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_any_words_of_labels_have_a_reading(label: str) -> None:
    """However the words of labels are strung together."""
    assert read_rating(label).normalized in NORMALIZED


@given(
    st.text()
    | st.text("&#;apmltx0123456789xX.?'…İıßﬁΣ\u0345\u0301´ !*=~[]()_✅×≠α\u0338\u0336\u0305\u200b", max_size=30)
)
def test_folding_twice_changes_nothing(label: str) -> None:
    """A folded label is its own folded form, so that the desk's mappings can be kept folded."""
    assert fold(fold(label)) == fold(label)


@given(st.sampled_from(KNOWN), st.sampled_from(["not ", "isn't ", "Not ", "no, not ", "never "]))
def test_a_negation_is_never_favourable(label: str, negation: str) -> None:
    """No negated label reads as true, whatever the label is."""
    assert read_rating(negation + label).normalized not in FAVOURABLE


@given(
    st.sampled_from(KNOWN),
    st.sampled_from([" but misleading", ", misleading", " but false", " and lacks context", "?"]),
)
def test_what_takes_the_truth_away_leaves_nothing_true(label: str, added: str) -> None:
    """Nor does any label with a reservation behind it."""
    assert read_rating(label + added).normalized not in FAVOURABLE


@given(st.sampled_from(KNOWN), UNKNOWN_WORD, st.booleans())
def test_an_unknown_word_makes_a_label_unknown(label: str, word: str, before: bool) -> None:
    """There is no rule by prefix or suffix."""
    whole = f"{word} {label}" if before else f"{label} {word}"
    assert read_rating(whole) == Reading("unrated", (), "unknown")


@given(st.sampled_from(KNOWN), UNKNOWN_WORD)
def test_a_letter_more_makes_a_label_unknown(label: str, letters: str) -> None:
    """Nor one by a part of a word."""
    assert read_rating(label + letters).normalized == "unrated"


@given(st.sampled_from(KNOWN), st.sampled_from(KNOWN), st.sampled_from([" ", ", ", " and ", " but ", " / "]))
def test_two_labels_together_are_no_truer_than_either(one: str, other: str, between: str) -> None:
    """A phrase is favourable only if both of its labels are."""
    together = read_rating(one + between + other)
    if together.normalized in FAVOURABLE and together.rule.startswith("phrase"):
        assert {read_rating(one).normalized, read_rating(other).normalized} <= FAVOURABLE

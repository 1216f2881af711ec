"""Which texts are taken for another language, and what becomes of their relations."""

from __future__ import annotations

import csv

import pytest

from tests.conftest import ROOT, CommandLine
from tracker.feeds import STARTER
from tracker.languages import is_foreign
from tracker.models import Relation
from tracker.relations import relate

FOREIGN = [
    "Der Hafen wurde nicht 1962 gebaut.",
    "NATO erhöht Eingreiftruppe von 40.000 auf 300.000",
    "Termo Black Friday não tem origem na escravidão",
    "A esquerda cancela o pagamento de 2 anistiados",
    "Le chômage a doublé",
    "El gobierno no ha subido los impuestos",
    "Il governo non ha aumentato le tasse",
    "De regering heeft de belastingen niet verhoogd",
    "Rząd nie podniósł podatków",
    "Regeringen har inte höjt skatten på bensin",
    "Россия вышла из договора",
    "وقعت الحكومة الاتفاق",
    "政府は増税した",
]
ENGLISH = [
    "",
    "40,000",
    "Bill de Blasio raised taxes again",
    "La Liga clubs lost money",
    "Emmanuel Macron raised taxes",
    "Los Angeles and Las Vegas ban cars",
    "The El Niño of 2016 was the strongest since records began",
    "It costs as much as $300 per month per person",
    "Angela Merkel said the CDU would not raise taxes",
    "Beyoncé’s fortune has doubled",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_other_languages_are_told(text: str) -> None:
    assert is_foreign(text)


@pytest.mark.parametrize("text", ENGLISH)
def test_english_with_foreign_names_is_english(text: str) -> None:
    assert not is_foreign(text)


def test_no_claim_of_ours_is_foreign() -> None:
    """A sentence that is taken for a foreign one is never the same as another: that must not befall English ones."""
    with STARTER.open(encoding="utf-8", newline="") as file:
        claims = [row["claim_reviewed"] for row in csv.DictReader(file)]
    claims += (ROOT / "tests" / "data" / "mutations-claims.txt").read_text("utf-8").splitlines()
    assert len(claims) > 100
    assert [text for text in claims if is_foreign(text)] == []


@pytest.mark.parametrize(
    ("statement", "claim"),
    [
        ("Termo Black Friday não tem origem na escravidão", "Termo black friday tem origem na escravidão"),
        ("Bolsonaro cancela pagamento de 2 anistiados", "Bolsonaro cancela o pagamento de 2.000 anistiados"),
        ("Der Hafen wurde nicht 1962 gebaut.", "Der Hafen wurde 1962 gebaut."),
        ("Le chômage est passé de 40 000 à 300 000", "Le chômage n'est pas passé de 40 000 à 300 000"),
    ],
)
@pytest.mark.parametrize("cosine", [None, 0.97])
def test_what_only_looks_the_same_is_not_called_so(statement: str, claim: str, cosine: float | None) -> None:
    """No rule and no model here knows their negations and numbers; nor is it said in what they differ."""
    found = relate(statement, claim, cosine)
    assert found.relation in (Relation.RELATED, Relation.UNRELATED)
    assert "not in English" in str(found.reasons[0])


@pytest.mark.parametrize("text", FOREIGN)
def test_the_same_words_are_the_same_in_any_language(text: str) -> None:
    assert relate(text, f"“{text}”").relation is Relation.SAME


def test_a_search_says_why(cli: CommandLine) -> None:
    cli("add", "Termo black friday tem origem na escravidão", "--rating", "falso", "--publisher", "Agência")
    found = cli("search", "O termo Black Friday não tem origem na escravidão")
    assert "same claim" not in found.out
    assert "not in English" in found.out
    assert "same claim" in cli("search", "Termo Black Friday tem origem na escravidão!").out

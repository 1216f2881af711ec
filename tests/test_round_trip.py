"""A store that is exported and imported into an empty one is the same store, whatever kind of file it went through."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings, strategies as st

from tracker import exchange, intake
from tracker.feeds import Row, read_feed
from tracker.models import Evidence, NewClaim, NewVerdict
from tracker.store import Store
from tracker.verdicts import as_given

words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\u2028\u2029\x85"), min_size=1, max_size=40
)
spoken = st.one_of(
    st.sampled_from(
        [
            "It rained.",
            "“It rained”, she said & left.",
            "=1+1 is 2",
            "Es kostet 3 € </script><!-- mehr",
            "ﬁve &amp; &#39;six&#39;",
            "2, 3",
            "true",
            "-",
        ]
    ),
    words,
)
texts = spoken.map(lambda text: f"{text} x".strip())
days = st.none() | st.dates(date(1990, 1, 1), date(2025, 12, 31))
addresses = st.sampled_from(
    ["https://desk.example/1", "https://desk.example/2?a=1&b=ü", "https://other.example/x,y", "http://a.example/(z)"]
)
evidence = st.builds(Evidence, addresses, st.none() | texts, st.none() | addresses)
periods = st.tuples(days, days).map(lambda two: two if None in two else tuple(sorted(two)))  # type: ignore[type-var]
verdicts = st.builds(
    lambda period, **values: NewVerdict(valid_from=period[0], valid_to=period[1], **values),
    periods,
    rating=texts,
    publisher=st.none() | st.sampled_from(["Desk", "Full Fact", "A. Name"]) | texts,
    publisher_site=st.none() | st.sampled_from(["desk.example", "https://desk.example/", "no site"]),
    url=st.none() | addresses,
    reviewed_on=days,
    explanation=st.none() | texts,
    claimed_on=days,
    tags=st.lists(st.sampled_from(["war", "old-photo", "x"]), max_size=2, unique=True).map(tuple),
    evidence=st.lists(evidence, max_size=2).map(tuple),
    rating_value=st.none() | st.sampled_from(["4", "-1", "4.5", "four", "007"]),
    best_rating=st.none() | st.sampled_from(["5", "1e3"]),
    worst_rating=st.none() | st.sampled_from(["1", "0"]),
)
claims = st.builds(
    NewClaim,
    texts,
    external_id=st.none() | st.sampled_from(["1", "https://ids.example/2"]) | texts,
    title=st.none() | texts,
    claimant=st.none() | st.sampled_from(["A mayor", "Desk"]) | texts,
    claimed_on=days,
    language=st.none() | st.sampled_from(["en", "pt-BR", "Norsk"]),
    check_worthiness=st.none() | st.floats(0, 1),
)
rows = st.builds(
    lambda claim, verdict, seen: Row("row", claim, verdict, tuple(seen)),
    claims,
    st.none() | verdicts,
    st.lists(addresses, max_size=2, unique=True),
)


def facts(store: Store, kind: str) -> list[str]:
    """What the store says, apart from its own numbers and times; white space as such a file keeps it."""

    def kept(value: Any) -> Any:
        if isinstance(value, str):
            return " ".join(value.split()) if kind == ".tsv" else value
        if isinstance(value, dict):
            return {name: kept(one) for name, one in value.items()}
        return [kept(one) for one in value] if isinstance(value, list | tuple) else str(value)

    found = []
    for one in store.entries():
        current = [kept(asdict(as_given(verdict))) for verdict in one.verdicts if verdict.is_current]
        about = {name: getattr(one.claim, name) for name in ("text", "title", "claimant", "claimed_on", "language")}
        worth, ids, seen = one.claim.check_worthiness, sorted(one.external_ids), sorted(one.sightings)
        found.append(repr((kept(about), worth, kept(ids), sorted(map(repr, current)), seen)))
    return found


@pytest.mark.parametrize("kind", [".csv", ".tsv", ".jsonl", ".json", ".jsonld"])
@settings(
    max_examples=60, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)  # shrinking takes minutes
@given(given_rows=st.lists(rows, min_size=1, max_size=5))
def test_a_store_comes_back(kind: str, given_rows: list[Row]) -> None:
    """Claims, ids, current verdicts with all they hold, sightings: to the letter."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"export{kind}"
        with Store.open(Path(folder) / "one.db") as one, Store.open(Path(folder) / "two.db") as two:
            intake.take_up(one, given_rows)
            exchange.export(one, target)
            done = intake.take_up(two, read_feed(target) if one.claim_count() else [])
            assert not done.rejected
            assert facts(two, kind) == facts(one, kind)
            again = intake.take_up(two, read_feed(target) if one.claim_count() else [])
            assert (again.added, again.updated, len(again.rejected)) == (0, 0, 0)


def kin(store: Store) -> tuple[set[tuple[str, str, str, str | None]], set[frozenset[str]]]:
    """Which claims are linked, how and why, and which entries are read as one; by their texts."""
    root_of = store.curation.roots(row["id"] for row in store.rows("SELECT id FROM claims"))
    claims = store.claims(root_of)
    links = {
        (one.claim.text, link.relation, link.claim.text, link.because) for one in store.entries() for link in one.links
    }
    groups = {
        frozenset(claims[entry].text for entry, root in root_of.items() if root == one) for one in root_of.values()
    }
    return links, groups


@pytest.mark.parametrize("kind", [".json", ".jsonld"])
def test_what_was_joined_and_linked_comes_back(kind: str, tmp_path: Path) -> None:
    """A family in both directions and a chain of merges; what the desk has done since is not undone by the file."""
    target = tmp_path / f"export{kind}"
    with Store.open(tmp_path / "one.db") as one, Store.open(tmp_path / "two.db") as two:
        for number in range(1, 8):
            one.add_claim(NewClaim(f"Claim number {number}."))
        one.verdicts.add(4, NewVerdict("False", publisher="Desk"))
        one.curation.link(1, 2, "broader", because="by the report")
        one.curation.link(3, 1, "opposite")
        one.curation.merge(3, 4)
        one.curation.merge(5, 3)
        one.curation.retract_claim(7)
        one.curation.link(6, 2, "related")
        two.add_claim(NewClaim("It rained."))  # so that the numbers are others
        exchange.export(one, target)
        intake.take_up(two, read_feed(target))
        links, groups = kin(two)
        expected = kin(one)
        assert links == expected[0]
        assert groups - {frozenset({"It rained."})} == expected[1] - {frozenset({"Claim number 7."})}
        event = next(event for event in two.log.events(["kind = 'claims-merged'"]))
        two.curation.undo(event.id, because="they are two")
        before = kin(two)
        done = intake.take_up(two, read_feed(target))
        assert (done.added, done.updated, len(done.rejected)) == (0, 0, 0)
        assert kin(two) == before

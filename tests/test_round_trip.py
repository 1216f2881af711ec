"""A store that is exported and imported into an empty one is the same store, whatever kind of file it went through."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tracker import exchange
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


def facts(store: Store) -> list[Any]:
    """What the store says, apart from its own numbers and times."""
    return [
        (
            {name: getattr(one.claim, name) for name in ("text", "title", "claimant", "claimed_on", "language")},
            one.claim.check_worthiness,
            sorted(one.external_ids),
            sorted(repr(as_given(verdict)) for verdict in one.verdicts if verdict.is_current),
            sorted(one.sightings),
        )
        for one in store.entries()
    ]


def unspaced(found: Any) -> Any:
    """The same with white space in texts as TSV keeps it."""
    if isinstance(found, str):
        return " ".join(found.replace("\\t", " ").split())
    if isinstance(found, dict):
        return {name: unspaced(value) for name, value in found.items()}
    return [unspaced(one) for one in found] if isinstance(found, list | tuple) else found


@pytest.mark.parametrize("kind", [".csv", ".tsv", ".jsonl", ".json", ".jsonld"])
@settings(max_examples=60, deadline=None)
@given(given_rows=st.lists(rows, min_size=1, max_size=5))
def test_a_store_comes_back(kind: str, given_rows: list[Row]) -> None:
    """Claims, ids, current verdicts with all they hold, sightings: to the letter."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"export{kind}"
        with Store.open(Path(folder) / "one.db") as one, Store.open(Path(folder) / "two.db") as two:
            exchange.take_up(one, given_rows)
            exchange.export(one, target)
            done = exchange.take_up(two, read_feed(target) if one.claim_count() else [])
            assert not done.rejected
            before, after = facts(one), facts(two)
            if kind == ".tsv":
                before, after = unspaced(before), unspaced(after)
            assert after == before
            again = exchange.take_up(two, read_feed(target) if one.claim_count() else [])
            assert (again.added, again.updated, len(again.rejected)) == (0, 0, 0)

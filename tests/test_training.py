"""Nothing is fitted on what it is measured on, and the model card says what the coefficients are."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT
from tracker import features, matching
from tracker.encoders import load_encoder

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

COLLECTIONS = ROOT.parent / "shared" / "data" / "benchmarks"
COEFFICIENTS = ROOT / "tracker" / "data" / "matching.json"
CARD = "tracker/data/matching.md"
CLAIMS = {"dam": "The dam was built in 1962.", "bus": "Bus fares rose by 8 percent."}
SPLITS = {
    "train": {"t1": "They built that dam in 1962!", "t2": "Bus fares went up 8 percent"},
    "dev": {"d1": "The dam is of 1962, they say."},
    "devtest": {"x1": "8 percent more for a bus ticket."},
}


def module(name: str) -> ModuleType:
    """A script of `training`, which is no package."""
    spec = importlib.util.spec_from_file_location(f"training_{name}", ROOT / "training" / f"{name}.py")
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = loaded  # dataclasses look their module up
    spec.loader.exec_module(loaded)
    return loaded


labelled = module("queries")
strangers = module("strangers")


def rows(queries: dict[str, str]) -> list[dict[str, Any]]:
    return [{"qid": qid, "text": text, "relevant": ["dam"]} for qid, text in queries.items()]


def collection(folder: Path, **changed: dict[str, str]) -> Path:
    """A collection of two claims with the three splits, some of them changed; the folder it lies in."""
    files = {"docs": [{"id": name, "claim": text, "url": None, "date": None} for name, text in CLAIMS.items()]}
    files |= {split: rows(queries) for split, queries in (SPLITS | changed).items()}
    (folder / "ct22-2a").mkdir(parents=True)
    for name, lines in files.items():
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / "ct22-2a" / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def qids(queries: list[dict[str, Any]]) -> list[str]:
    return [query["qid"] for query in queries]


# --- relations --------------------------------------------------------------------------------------------------------


def test_public_claims_to_fit_and_to_measure_are_not_the_same_ones(tmp_path: Path) -> None:
    """Each claim is in one half; a pair is of two claims of one half, on one topic or on none, as the vectors say."""
    encoder = load_encoder()
    for name, what in (("ct22-2a", "dam"), ("ct22-2b", "bridge")):
        (tmp_path / name).mkdir()
        texts = [
            f"The {what} in {place} broke in {year}."
            for place in ("Leeds", "Oslo", "Bern")
            for year in range(1980, 2000)
        ]
        texts += [
            f"Doctors in {place} say {food} cures a cold." for place in ("Rome", "Lima") for food in ("garlic", "honey")
        ]
        lines = "".join(json.dumps({"claim": text}) + "\n" for text in texts)
        (tmp_path / name / "docs.jsonl").write_text(lines, encoding="utf-8")
    halves = [list(strangers.strange_pairs(tmp_path, encoder, half, 30)) for half in (0, 1)]
    said = [{text for one, other, _ in half for text in (one, other)} for half in halves]
    assert min(map(len, said)) > 10
    assert said[0].isdisjoint(said[1])
    for one, other, relation in [pair for half in halves for pair in half]:
        cosine = float(encoder.encode([one])[0] @ encoder.encode([other])[0])
        assert strangers.TOPIC[0] <= cosine < strangers.TOPIC[1] or cosine < strangers.NO_TOPIC, (one, other)
        assert (relation == "related") is (cosine >= strangers.TOPIC[0])


# --- the guard --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("split", ["dev", "devtest"])
@pytest.mark.parametrize(
    "leaked",
    [
        {"qid": "{qid}", "text": "Something else altogether."},
        {"qid": "t9", "text": "{text}"},
        {"qid": "t9", "text": "  «{upper}» -- "},
    ],
    ids=["by its id", "by its text", "in capitals and other punctuation"],
)
def test_a_held_out_query_among_those_to_train_on_is_refused(split: str, leaked: dict[str, str]) -> None:
    """One is enough, whatever stands around it; the message names it."""
    ((qid, text),) = SPLITS[split].items()
    query = {name: value.format(qid=qid, text=text, upper=text.upper()) for name, value in leaked.items()}
    with pytest.raises(ValueError, match=f"1 held-out queries .* the first: {query['qid']}$"):
        labelled.require_apart([*rows(SPLITS["train"]), query], rows(SPLITS[split]))


def test_queries_that_are_apart_are_let_through() -> None:
    """The same right claim, or a text that goes on, is no leak."""
    ((_, text),) = SPLITS["dev"].items()
    labelled.require_apart([*rows(SPLITS["train"]), *rows({"t9": f"{text} Or 1963."})], rows(SPLITS["dev"]))


@pytest.mark.parametrize("split", ["dev", "devtest"])
def test_training_leaves_out_texts_that_a_held_out_split_has_too(tmp_path: Path, split: str) -> None:
    """Two people wrote the same; the one that is measured on stays."""
    ((_, text),) = SPLITS[split].items()
    data = collection(tmp_path, train=SPLITS["train"] | {"t3": text.upper().replace(".", " !")})
    assert qids(labelled.training(data, "ct22-2a")) == ["t1", "t2"]


@pytest.mark.parametrize("split", ["dev", "devtest"])
def test_training_refuses_an_id_that_a_held_out_split_has_too(tmp_path: Path, split: str) -> None:
    """One id with two texts is a mistake in the files, and nobody can say which query it is."""
    data = collection(tmp_path, **{split: SPLITS[split] | {"t2": "Another text."}})
    with pytest.raises(ValueError, match=r"the first: t2$"):
        labelled.training(data, "ct22-2a")


def test_the_digest_stands_for_these_very_queries() -> None:
    """Any order gives the same; a query more or fewer, another text or another id gives another."""
    queries = rows(SPLITS["train"])
    changed = [
        queries[:1],
        [*queries, *rows(SPLITS["dev"])],
        rows({"t1": SPLITS["train"]["t1"], "t2": "Bus fares went up 9 percent"}),
        rows({"t1": SPLITS["train"]["t1"], "t3": SPLITS["train"]["t2"]}),
    ]
    assert labelled.digest(queries[::-1]) == labelled.digest(queries)
    assert len({labelled.digest(one) for one in [queries, *changed]}) == 5


# --- the fit itself ---------------------------------------------------------------------------------------------------


def test_what_is_fitted_on_goes_through_the_guard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`training/matching.py` takes train's queries apart from the others, and stops where it cannot."""
    pytest.importorskip("sklearn", reason="fitting needs the group 'train'")
    monkeypatch.syspath_prepend(str(ROOT / "training"))
    fitting = module("matching")
    monkeypatch.setattr(fitting, "CACHE", tmp_path)
    held_out = {**SPLITS["dev"], **SPLITS["devtest"]}
    data = collection(tmp_path / "shared-texts", train=SPLITS["train"] | {f"t-{k}": v for k, v in held_out.items()})
    claims = fitting.Collection(data, "ct22-2a", None)
    said, right = claims.split("train")
    assert [one.text for one in said] == list(SPLITS["train"].values())
    assert right == [frozenset({claims.numbers["dam"]})] * 2
    claims.data = collection(tmp_path / "shared-ids", train=SPLITS["train"] | {"d1": "Another text."})
    with pytest.raises(ValueError, match=r"the first: d1$"):
        claims.split("train")
    claims.tracker.close()


@pytest.mark.skipif(not COLLECTIONS.exists(), reason="the public collections are not on this machine")
@pytest.mark.parametrize("name", labelled.SETS)
def test_the_shipped_coefficients_were_fitted_on_train_alone(name: str) -> None:
    """The queries that they name are train's without any of the others, and the held-out splits are apart too."""
    training = labelled.training(COLLECTIONS, name)
    dev, devtest = (labelled.read(COLLECTIONS, name, split) for split in ("dev", "devtest"))
    shipped = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))["queries"]
    assert shipped[name] == labelled.digest(training)
    assert shipped[name] != labelled.digest([*training, dev[0]])
    labelled.require_apart(training, [*dev, *devtest])
    labelled.require_apart(dev, devtest)


# --- the coefficients and their card ----------------------------------------------------------------------------------


def test_every_feature_has_its_weight_and_no_other_has() -> None:
    """A feature added, renamed or left out needs a new fit; the model for other encoders has no cosine."""
    shipped = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    worded = [name for name in features.NAMES if name not in features.FROM_VECTORS]
    for kind, names in (("vectors", list(features.NAMES)), ("words", worded)):
        model = matching.read_model(shipped[kind])
        assert list(model.weights) == list(model.typical) == names
        assert 0 < model.threshold < 1


def test_the_model_card_shows_these_coefficients() -> None:
    """What stands in its tables is what is shipped and what was measured last."""
    command = [sys.executable, "-m", "cogapp", "-P", "--check", "--diff", CARD]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\n'cog -P -r {CARD}' writes it"

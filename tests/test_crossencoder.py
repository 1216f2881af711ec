"""A language-inference model of the user's: what it is read as, what its word changes, and what it cannot change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.inference_model import inference_model
from tracker.crossencoder import CrossEncoder
from tracker.encoders import load_encoder
from tracker.errors import ModelUnavailable
from tracker.evaluation import read_pairs
from tracker.models import NewClaim, NewVerdict, Relation
from tracker.pipeline import Tracker
from tracker.relating import Relating
from tracker.relations import compare

if TYPE_CHECKING:
    from tests.conftest import CommandLine
    from tracker.models import Related

DEV = Path(__file__).parent / "data" / "relations-dev.tsv"
LABELS = ("contradiction", "entailment", "neutral")
PAIRS = [("The dam broke in May.", "A dam gave way."), ("Bus fares rose by 8 percent.", "Bus fares fell.")]
UNSURE = "perhaps the same, not surely enough"
FOLLOWS = "each follows from the other, as the inference model judges"
CONTRADICTS = "the inference model sees a contradiction, p 1.00"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One that takes everything for the same, one that takes nothing for it, and one that has no leaning."""
    made = tmp_path_factory.mktemp("models")
    return {
        "agrees": inference_model(made / "agrees", LABELS, {"entailment": 15.0}),
        "denies": inference_model(made / "denies", LABELS, {"contradiction": 15.0}),
        "neither": inference_model(made / "neither", LABELS),
    }


def some_pairs() -> list[tuple[str, str]]:
    """Every second of the labelled pairs: each is read by four models."""
    return [pair[:2] for pair in read_pairs(DEV)[::2]]


@pytest.fixture(scope="module")
def related(folders: dict[str, Path]) -> dict[str, list[Related]]:
    """The labelled pairs, related with each of them and without any."""
    pairs, encoder = some_pairs(), load_encoder()
    without = list(Relating(encoder).relate_all(pairs))
    return {"without": without} | {
        name: list(Relating(encoder, CrossEncoder(str(folder))).relate_all(pairs)) for name, folder in folders.items()
    }


def deciding(found: Related) -> str:
    return str(found.reasons[0])


def test_it_reads_both_directions(folders: dict[str, Path]) -> None:
    """The probabilities of the model itself, whichever way round, by the names of its labels."""
    from sentence_transformers import CrossEncoder as Model

    judged = CrossEncoder(str(folders["neither"])).judge(PAIRS)
    model = Model(str(folders["neither"]))
    for pair, found in zip(PAIRS, judged, strict=True):
        forth, back = model.predict([pair, pair[::-1]], apply_softmax=True)
        assert (found.forth, found.back) == pytest.approx((forth[1], back[1]), abs=1e-5)
        assert found.contradiction == pytest.approx(max(forth[0], back[0]), abs=1e-5)
        assert found.forth != found.back
    assert CrossEncoder(str(folders["neither"])).judge([]) == []


def test_two_labels_are_enough(tmp_path: Path) -> None:
    """Where the other one is "not entailment", nothing contradicts."""
    folder = inference_model(tmp_path / "two", ("entailment", "not_entailment"))
    (found,) = CrossEncoder(str(folder)).judge(PAIRS[:1])
    assert 0 < found.forth < 1
    assert found.contradiction == 0


def test_its_yes_settles_a_doubt(related: dict[str, list[Related]]) -> None:
    """What is perhaps the same is the same; and nothing that the rules forbid, nor what is likelier something else."""
    pairs = list(zip(related["without"], related["agrees"], strict=True))
    doubts = [(before, after) for before, after in pairs if deciding(before) == UNSURE]
    assert doubts
    for _, after in doubts:
        assert (after.relation, deciding(after)) == (Relation.SAME, FOLLOWS)
    others = [(before, after) for before, after in pairs if deciding(before) != UNSURE]
    assert [(before.relation, before.probability) for before, _ in others] == [
        (after.relation, after.probability) for _, after in others
    ]


def test_its_no_is_heard(related: dict[str, list[Related]]) -> None:
    """What it contradicts is not the same, but for what rules alone show to be; other relations stay."""
    pairs = some_pairs()
    said = [
        before.relation is Relation.SAME and not compare(*pair).by_rule
        for pair, before in zip(pairs, related["without"], strict=True)
    ]
    assert sum(said) > 10
    for is_said, before, after in zip(said, related["without"], related["denies"], strict=True):
        if is_said:
            assert (after.relation, deciding(after)) == (Relation.RELATED, CONTRADICTS)
        elif deciding(before) != UNSURE:
            assert after == before


def test_no_leaning_changes_nothing(related: dict[str, list[Related]]) -> None:
    """An answer that is neither sure nor against is no answer."""
    assert related["neither"] == related["without"]


def test_a_search_heeds_it(folders: dict[str, Path], tmp_path: Path) -> None:
    """What the store calls the same it contradicts, and the verdict no longer applies."""
    claim, said = "The mayor of Leeds opened a library in May 2019.", "Leeds's mayor opened a library in May 2019."
    with Tracker.open(tmp_path / "claims.db") as tracker:
        tracker.add(NewClaim(claim), NewVerdict("True", publisher="Desk"))
        assert tracker.search(said).matches[0].relation is Relation.SAME
    with Tracker.open(tmp_path / "claims.db", inference=str(folders["denies"])) as tracker:
        match = tracker.search(said).matches[0]
        assert (match.relation, str(match.reasons[0])) == (Relation.RELATED, CONTRADICTS)
        assert tracker.search(claim).matches[0].relation is Relation.SAME


def test_the_rest_of_the_store_needs_none(cli: CommandLine) -> None:
    """A model that is gone stops what would ask it, and no other command."""
    gone = {"TRACKER_INFERENCE": "~nobody-of-that-name/model"}
    assert cli("add", "The dam broke in May.", "--rating", "True", "--yes", **gone).code == 0
    assert cli("list", **gone).code == 0
    assert cli("search", "The dam broke.", **gone).code == 6


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [
        (("LABEL_0", "LABEL_1", "LABEL_2"), "its labels are label_0, label_1, label_2"),
        (("not_entailment", "neutral"), "its labels are not_entailment, neutral"),
        (("entailment",), "its labels are entailment"),
    ],
)
def test_labels_that_say_nothing(tmp_path: Path, labels: tuple[str, ...], complaint: str) -> None:
    """One line that says what is wrong and where it can be mended."""
    folder = inference_model(tmp_path / "model", labels)
    with pytest.raises(ModelUnavailable, match=complaint):
        CrossEncoder(str(folder))


def test_what_is_no_model(tmp_path: Path) -> None:
    """No folder, no label map, no weights."""
    with pytest.raises(ModelUnavailable, match="no label map here"):
        CrossEncoder(str(tmp_path / "none"))
    (tmp_path / "config.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ModelUnavailable, match="no label map here"):
        CrossEncoder(str(tmp_path))
    config = {"id2label": {"0": "contradiction", "1": "entailment"}, "model_type": "bert"}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ModelUnavailable, match="no tokenizer here"):
        CrossEncoder(str(tmp_path))
    (tmp_path / "vocab.txt").write_text("[UNK]\n", encoding="utf-8")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        CrossEncoder(str(tmp_path)).judge(PAIRS)


def test_damaged_weights(tmp_path: Path) -> None:
    """Half a file, as after a download that broke off."""
    weights = inference_model(tmp_path, LABELS) / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[: weights.stat().st_size // 2])
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        CrossEncoder(str(tmp_path)).judge(PAIRS)


def test_the_command(cli: CommandLine, folders: dict[str, Path]) -> None:
    """`--inference` before or after the command, `TRACKER_INFERENCE`, and an error for what is none."""
    pair = "Leeds's mayor opened a library in May 2019.", "The mayor of Leeds opened a library in May 2019."
    assert "same, p" in cli("relate", *pair).out.splitlines()[0]
    denied = cli("relate", *pair, "--inference", folders["denies"])
    assert (denied.code, CONTRADICTS in denied.out) == (0, True)
    assert cli("--inference", folders["denies"], "relate", *pair) == denied
    assert cli("relate", *pair, TRACKER_INFERENCE=str(folders["denies"])) == denied
    failed = cli("search", "Anything", "--inference", cli.folder)
    assert failed.code == 6
    assert failed.err.startswith("tracker: inference model ")
    assert failed.err.count("\n") == 1

"""Fit check-worthiness and the kinds of sentences; write `tracker/data/checkworthiness.json` and `spotter.safetensors`.

    python training/checkworthiness.py --data ../shared/data/benchmarks/checkworthiness

Fitted to two sources: CheckThat! 2024 task 1 (English), which is ClaimBuster's debates with three classes, and our own
pieces in `training/spotting`, with six kinds. First the trials: what is fitted without a source, or without the latest
elections, is measured on them; they choose the cut. Then all is fitted. `ct24-dev` and the labelled articles are
measured at the end; `--report` measures `ct24-dev-test` too.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import spotter
from sklearn.metrics import average_precision_score, f1_score

from tracker.checkworthiness import KINDS, judge
from tracker.encoders import Encoder, load_encoder
from tracker.labelled import read_piece, unquoted
from tracker.models import Kind
from tracker.spotter import FILE
from tracker.spotting import SURELY_FURNITURE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray
    from spotter import Row

    Asked = Callable[[Sequence[str]], NDArray[np.float32]]

COEFFICIENTS = FILE.with_name("checkworthiness.json")
PIECES = Path(__file__).with_name("spotting")
FURNITURE = PIECES / "furniture.tsv"
HELD_OUT = PIECES.parent.parent / "tests" / "data" / "spotting-held-out"
SHORT_CLAIMS = Path(__file__).with_name("short-claims.tsv")
CUTS = np.arange(0.10, 0.80, 0.01)
LATEST = 2012  # the first election of those held out in the trials
UNSEEN_WRITERS = "bd"  # whose pieces are held out in a trial
PIECE_WEIGHT = 1.5  # there are six times as many sentences of debates
# ClaimBuster's classes: check-worthy, unimportant, and what states no fact.
CLASSES = {"1": (Kind.CHECK_WORTHY,), "0": (Kind.UNIMPORTANT,)}
BOILERPLATE = KINDS.index(Kind.BOILERPLATE)
NO_FACT = (Kind.OPINION, Kind.QUESTION, Kind.PREDICTION, Kind.OTHER)


def columns(kinds: Iterable[Kind]) -> tuple[int, ...]:
    return tuple(KINDS.index(kind) for kind in kinds)


def whole_rows(path: Path) -> list[list[str]]:
    """Return the rows of three columns; one line of ct24-train is two rows and is left out."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").split("\n")[1:])
    return [row for row in rows if len(row) == 3]


def read_ct24(path: Path) -> list[tuple[str, bool]]:
    """Return text and label of each whole row."""
    return [(unquoted(text), verdict == "Yes") for _, text, verdict in whole_rows(path)]


def read_debates(data: Path) -> list[Row]:
    """ct24-train with the classes of ClaimBuster; the source is the year of the debate."""
    with (data / "claimbuster-crowdsourced.csv").open(encoding="utf-8", newline="") as file:
        origin = {row["Sentence_id"]: row for row in csv.DictReader(file)}
    return [
        spotter.Row(
            unquoted(text),
            columns(CLASSES.get(origin[number]["Verdict"], NO_FACT)),
            1.0,
            origin[number]["File_id"][:4],
        )
        for number, text, _ in whole_rows(data / "ct24-train.tsv")
    ]


def read_pieces(folder: Path) -> list[Row]:
    """Our own labelled pieces; the source is the writer, the first letter of the name."""
    return [
        spotter.Row(one.text, columns([one.kind]), PIECE_WEIGHT, path.name[0])
        for path in sorted(folder.glob("[a-z][0-9]*.tsv"))
        for one in read_piece(path).sentences
    ]


def read_furniture() -> list[Row]:
    """Lines that are boilerplate, and others that look like it; they stand alone, in no article."""
    with FURNITURE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [spotter.Row(row["text"], columns([Kind(row["kind"])]), PIECE_WEIGHT, "furniture") for row in rows]


def measured_texts(data: Path, articles: Path) -> set[str]:
    """The texts of all sets that are measured on, in plain small letters: they are read for this alone."""
    public = [text for name in ("dev", "dev-test") for text, _ in read_ct24(data / f"ct24-{name}.tsv")]
    held_out = [one.text for path in sorted(HELD_OUT.glob("*.tsv")) for one in read_piece(path).sentences]
    own = [one["text"] for path in sorted(articles.glob("*.json")) for one in json.loads(path.read_text("utf-8"))]
    return {folded(text) for text in (*public, *held_out, *own)}


def folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def read_articles(folder: Path) -> dict[str, list[tuple[str, Kind]]]:
    """The labelled sentences by article, but for boilerplate: it is told by rules and never reaches the model."""
    return {
        path.stem: [
            (one["text"], Kind(one["kind"]))
            for one in json.loads(path.read_text(encoding="utf-8"))
            if one["kind"] != Kind.BOILERPLATE
        ]
        for path in sorted(folder.glob("*.json"))
    }


def read_short_claims() -> list[tuple[str, bool]]:
    """Return our own short statements, claims and others, and whether each is check-worthy."""
    with SHORT_CLAIMS.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["label"] == "Yes") for row in csv.DictReader(file, delimiter="\t")]


# The trials


def trials(folder: Path, debates: list[Row], pieces: list[Row]) -> tuple[float, float]:
    """Fit without what is then asked about, print how it does, and return the cut of each head."""
    early = [row for row in debates if int(row.source) < LATEST]
    late = [row for row in debates if int(row.source) >= LATEST]
    seen = [row for row in pieces if row.source not in UNSEEN_WRITERS]
    unseen = [row for row in pieces if row.source in UNSEEN_WRITERS]
    curves: dict[str, list[NDArray[np.float64]]] = {"spotter+cues": [], "cues": []}
    for name, fitted_to, asked, chooses in (
        (f"earlier debates and some pieces -> debates from {LATEST}", early + seen, late, True),
        ("the same -> pieces by other writers", early + seen, unseen, True),
        ("debates alone -> pieces", debates, pieces, False),
        ("pieces alone -> debates", pieces, late, False),
    ):
        for head, ask in asking(folder, fitted_to).items():
            curve = show(f"{name}, {head}", asked, ask([row.text for row in asked]))
            if chooses:
                curves[head].append(curve)
    return tuple(best_cut(found) for found in curves.values())  # type: ignore[return-value]


_asked: dict[int, dict[str, Asked]] = {}


def asking(folder: Path, rows: list[Row]) -> dict[str, Asked]:
    """Both heads fitted to these rows, each as a way to ask it; the same rows are not fitted to twice."""
    key = hash(tuple(row.text for row in rows))
    if key not in _asked:
        net, alone = spotter.train(folder, rows), spotter.fit_cues(rows)
        _asked[key] = {
            "spotter+cues": lambda texts: spotter.read(net, texts),
            "cues": lambda texts: spotter.read_by_cues(alone, texts),
        }
    return _asked[key]


def show(name: str, rows: Sequence[Row], found: NDArray[np.float32]) -> NDArray[np.float64]:
    """Print how well check-worthy ones are told, and kinds where they are labelled; return F1 at each of `CUTS`.

    As they are served: the kinds among what is the article's own, boilerplate by its probability over all.
    """
    kinds = np.array([row.kinds[0] for row in rows])
    furniture, own = kinds == BOILERPLATE, kinds != BOILERPLATE
    worthy = np.array([row.kinds == (0,) for row in rows])[own]
    p = np.exp(found[own, 0]) / (1 - np.exp(found[own, -1]) + 1e-9)
    curve = np.array([f1_score(worthy, p >= cut) for cut in CUTS])
    line = f"{name}: n={len(rows)} AP={average_precision_score(worthy, p):.3f} F1={f1_score(worthy, p >= 0.5):.3f}"
    line += f"; best {curve.max():.3f} at {CUTS[curve.argmax()]:.2f}"
    if all(len(row.kinds) == 1 for row in rows):
        line += f"; kinds macro-F1={f1_score(kinds[own], found[own, :-1].argmax(axis=1), average='macro'):.3f}"
        said = np.exp(found[:, -1]) >= SURELY_FURNITURE
        line += f"; boilerplate {(said & furniture).sum()} of {furniture.sum()} found, {(said & own).sum()} others"
    print(line, flush=True)
    return curve


def best_cut(curves: list[NDArray[np.float64]]) -> float:
    """The cut with the best mean F1 over the trials, averaged over five neighbours: no lucky peak."""
    return round(float(CUTS[2:-2][np.convolve(np.mean(curves, axis=0), np.ones(5) / 5, mode="valid").argmax()]), 2)


# The fit


def fit(encoder: Encoder, rows: list[Row], cuts: tuple[float, float]) -> None:
    """Fit to all rows and write both files; the cuts are moved to 0.5."""
    net, alone = spotter.train(encoder.folder, rows), spotter.fit_cues(rows)
    net.write(FILE, encoder.fingerprint)
    own = net.cues.weight.detach().numpy(), net.cues.bias.detach().numpy()
    model = {
        "version": 2,
        "encoder": encoder.fingerprint,
        "trained_on": "CheckThat! 2024 task 1 (English) train, from ClaimBuster, CC BY 4.0; the project's own pieces",
        "kinds": list(KINDS),
        "cuts": dict(zip(("spotter+cues", "cues"), cuts, strict=True)),
        "heads": {"spotter+cues": head(*own, cuts[0]), "cues": head(*alone, cuts[1])},
    }
    lines = json.dumps(model, indent=1, ensure_ascii=False)
    COEFFICIENTS.write_text(_short_lists(lines) + "\n", encoding="utf-8")


def head(weights: NDArray[np.float32], intercepts: NDArray[np.float32], cut: float) -> dict[str, Any]:
    """A head in readable numbers, the cues that speak most for check-worthy first."""
    moved = intercepts.astype(float).copy()
    moved[0] -= np.log(cut / (1 - cut))
    by_cue = {name: [round(float(w), 3) for w in weights[:, i]] for i, name in enumerate(spotter.CUES)}
    ordered = dict(sorted(by_cue.items(), key=lambda one: sum(one[1][:-1]) - 6 * one[1][0]))
    return {"intercepts": [round(float(one), 4) for one in moved], "cues": ordered}


def _short_lists(text: str) -> str:
    """Put each list of numbers on one line."""
    return re.sub(r"\[\s+([-\d.e,\s]+?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", text)


def measure(encoder: Encoder, name: str, rows: Sequence[tuple[str, bool | Kind]]) -> None:
    """Print what the written files do, through the functions that serve them."""
    texts = [text for text, _ in rows]
    kinds = [kind for _, kind in rows if isinstance(kind, Kind)]
    worthy = np.array([label is True or label is Kind.CHECK_WORTHY for _, label in rows])
    for which, logits in {"spotter+cues": encoder.read_sentences(texts), "cues": None}.items():
        judged = judge(texts, logits)
        p = np.array([one.check_worthiness for one in judged])
        line = f"{name:32} {which:12} n={len(p):4} AP={average_precision_score(worthy, p):.3f}"
        line += f" F1={f1_score(worthy, p >= 0.5):.3f} found={p[worthy].__ge__(0.5).mean():.3f} mean={p.mean():.2f}"
        if kinds:
            found = [one.kind for one in judged]
            line += f" kinds macro-F1={f1_score(kinds, found, average='macro', labels=sorted(set(kinds))):.3f}"
        print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit check-worthiness and the kinds of sentences.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--cuts", type=float, nargs=2, help="skip the trials; the cuts of both heads")
    parser.add_argument("--report", action="store_true", help="measure ct24-dev-test too, at the end")
    options = parser.parse_args()

    encoder = load_encoder()
    folder = options.articles or options.data.parent.parent / "spotting-dev"
    measured = measured_texts(options.data, folder)
    debates, pieces = (
        [row for row in rows if folded(row.text) not in measured]
        for rows in (read_debates(options.data), read_pieces(PIECES) + read_furniture())
    )
    print(f"{len(debates)} sentences of debates, {len(pieces)} of pieces")
    cuts = tuple(options.cuts) if options.cuts else trials(encoder.folder, debates, pieces)
    print(f"cuts {cuts}")
    fit(encoder, debates + pieces, cuts)

    measure(encoder, "ct24-dev", read_ct24(options.data / "ct24-dev.tsv"))
    articles = read_articles(folder)
    for name, rows in articles.items():
        measure(encoder, name, rows)
    measure(encoder, "all articles", [row for rows in articles.values() for row in rows])
    measure(encoder, "short claims", read_short_claims())
    if options.report:
        measure(encoder, "ct24-dev-test", read_ct24(options.data / "ct24-dev-test.tsv"))


if __name__ == "__main__":
    main()

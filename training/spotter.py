"""Train the reader of single sentences: the encoder's weights, a small difference (`lora.py`), and the readable cues.

Used by `checkworthiness.py`. First the cues are fitted alone, by a multinomial logistic regression; then the difference
and a linear head on the mean of all tokens learn what the cues cannot say, with the cues' weights going on from there.
A row may allow several kinds ("not check-worthy"): the loss is that of the sum of their probabilities.
"""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import torch
from lora import attach, batches, optimiser, write
from transformers import AutoModel, AutoTokenizer

from tracker.checkworthiness import KINDS
from tracker.cues import cues
from tracker.spotter import MAX_TOKENS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

RANK, EPOCHS, RATE, BATCH = 8, 2, 1e-3, 32
SMOOTHING = 0.05
QUOTED = 0.15  # share of the sentences that are shown in quotation marks, as newspapers print speech
MARKS = ("“{}”", '"{}"', "‘{}’", "“{}")
CUES = list(cues(""))


@dataclass(frozen=True)
class Row:
    """A sentence, the columns of `KINDS` that it may be, how much it counts, and where it is from."""

    text: str
    kinds: tuple[int, ...]
    weight: float
    source: str


@cache
def cue_values(text: str) -> tuple[float, ...]:
    return tuple(cues(text).values())


class SpotterNet(torch.nn.Module):
    """The encoder as a reader of single sentences."""

    def __init__(self, folder: Path, cue_weights: NDArray[np.float32], intercepts: NDArray[np.float32]) -> None:
        super().__init__()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.bert = AutoModel.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32)
        self.changed = attach(self.bert, RANK)
        self.head = torch.nn.Linear(self.bert.config.hidden_size, len(KINDS))
        self.cues = torch.nn.Linear(len(CUES), len(KINDS))
        self.cues.weight.data = torch.tensor(cue_weights)
        self.cues.bias.data = torch.tensor(intercepts)
        self.drop = torch.nn.Dropout(0.1)

    def forward(self, texts: Sequence[str]) -> torch.Tensor:
        """The logarithm of the probability of each kind (n x 7)."""
        batch = self.tokenizer(list(texts), padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
        with torch.autocast("cpu", dtype=torch.bfloat16):
            last = self.bert(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1).float()
        read = self.head(self.drop((last.float() * mask).sum(1) / mask.sum(1)))
        own = self.cues(torch.tensor([cue_values(text) for text in texts]))
        return (read + own).log_softmax(1)

    def write(self, file: Path, fingerprint: str) -> None:
        """Write what `tracker.spotter` reads."""
        write(file, fingerprint, self.changed, head=self.head.weight, bias=self.head.bias)


def train(folder: Path, rows: Sequence[Row], seed: int = 1) -> SpotterNet:
    """A reader trained on these rows; two minutes for ten thousand on two cores."""
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311 - no secret
    net = SpotterNet(folder, *fit_cues(rows)).train()
    optimizer, schedule = optimiser(net, RATE, EPOCHS * (len(rows) // BATCH + 1))
    start = time.time()
    for epoch in range(EPOCHS):
        losses = []
        for batch in batches(list(rows), BATCH, lambda row: len(row.text), chance):
            loss = _loss(net([_shown(row.text, chance) for row in batch]), *_wanted(batch))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, {time.time() - start:.0f} s", file=sys.stderr)
    return net.eval()


def fit_cues(rows: Sequence[Row], penalty: float = 1e-3) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (7 x cues) and intercepts by the cues alone; the penalty is on weights of cues at a spread of 1."""
    values = torch.tensor([cue_values(row.text) for row in rows])
    spread = values.std(0) + 1e-6
    wanted = _wanted(rows)
    weights = torch.zeros(len(KINDS), len(CUES), requires_grad=True)
    intercepts = torch.zeros(len(KINDS), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, intercepts], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        found = ((values / spread) @ weights.T + intercepts).log_softmax(1)
        loss = _loss(found, *wanted, smoothing=0.0) + penalty * (weights**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return (weights / spread).detach().numpy(), intercepts.detach().numpy()


def read(net: SpotterNet, texts: Sequence[str]) -> NDArray[np.float32]:
    """The logarithm of the probability of each kind (n x 7)."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    found = np.zeros((len(texts), len(KINDS)), np.float32)
    with torch.no_grad():
        for at in range(0, len(order), BATCH):
            part = order[at : at + BATCH]
            found[part] = net([texts[i] for i in part]).numpy()
    return found


def read_by_cues(fitted: tuple[NDArray[np.float32], NDArray[np.float32]], texts: Sequence[str]) -> NDArray[np.float32]:
    """The same by the cues alone."""
    weights, intercepts = fitted
    sums = torch.tensor(np.array([cue_values(text) for text in texts], np.float32) @ weights.T + intercepts)
    result: NDArray[np.float32] = sums.log_softmax(1).numpy()
    return result


def _wanted(rows: Sequence[Row]) -> tuple[torch.Tensor, torch.Tensor]:
    """What the rows ask for: 0 for each kind allowed, else next to minus infinity (n x 7); and their weights."""
    allowed = torch.full((len(rows), len(KINDS)), -1e4)
    for i, row in enumerate(rows):
        allowed[i, list(row.kinds)] = 0.0
    return allowed, torch.tensor([row.weight for row in rows])


def _loss(
    found: torch.Tensor, allowed: torch.Tensor, weights: torch.Tensor, smoothing: float = SMOOTHING
) -> torch.Tensor:
    """The mean of the negative log-probability that the kind is one of those allowed, weighted."""
    each = -(1 - smoothing) * (found + allowed).logsumexp(1) - smoothing * found.mean(1)
    return (each * weights).sum() / weights.sum()


def _shown(text: str, chance: random.Random) -> str:
    quoted = chance.random() < QUOTED and text[0] not in "“\"‘'"
    return chance.choice(MARKS).format(text) if quoted else text

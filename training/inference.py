"""Train the reader of pairs: the encoder's weights and a small difference (LoRA) that tells how two sentences relate.

Used by `relations.py`. Trained are the differences (`lora.py`), of rank 16, the two vectors that tell the first
sentence's tokens from the second's, and a linear head on the mean of all tokens.
"""

from __future__ import annotations

import random
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import torch
from lora import attach, batches, optimiser, write
from transformers import AutoModel, AutoTokenizer

from tracker.models import Relation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from examples import Example

RANK = 16
EPOCHS, RATE, BATCH, MAX_TOKENS = 3, 1e-3, 32, 128
LABELS = list(Relation)


class PairNet(torch.nn.Module):
    """The encoder as a reader of pairs."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.bert = AutoModel.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32)
        self.changed = attach(self.bert, RANK)
        self.types = torch.nn.Parameter(self.bert.embeddings.token_type_embeddings.weight.detach().clone())
        self.head = torch.nn.Linear(self.bert.config.hidden_size, len(LABELS))
        self.drop = torch.nn.Dropout(0.1)

    def forward(self, pairs: Sequence[tuple[str, str]]) -> torch.Tensor:
        """A logit for each relation, pair by pair (n x 7)."""
        firsts, seconds = (list(side) for side in zip(*pairs, strict=True))
        batch = self.tokenizer(
            firsts, seconds, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
        )
        embeddings = self.bert.embeddings
        embedded = embeddings.word_embeddings(batch["input_ids"]) + self.types[batch["token_type_ids"]]
        embedded = embedded - embeddings.token_type_embeddings.weight[0]  # which the model adds to every token
        with torch.autocast("cpu", dtype=torch.bfloat16):
            last = self.bert(inputs_embeds=embedded, attention_mask=batch["attention_mask"]).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1).float()
        return self.head(self.drop((last.float() * mask).sum(1) / mask.sum(1)))

    def write(self, file: Path, fingerprint: str) -> None:
        """Write what `tracker.inference` reads: the trained parts in half precision."""
        write(file, fingerprint, self.changed, types=self.types, head=self.head.weight, bias=self.head.bias)


def train(folder: Path, examples: Sequence[Example], seed: int) -> PairNet:
    """A reader trained on these pairs; some seconds for a thousand and an epoch."""
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311 - no secret
    net = PairNet(folder)
    optimizer, schedule = optimiser(net, RATE, EPOCHS * (len(examples) // BATCH + 1))
    start, net = time.time(), net.train()
    for epoch in range(EPOCHS):
        losses = []
        for batch in batches(list(examples), BATCH, _length, chance):
            labels = torch.tensor([LABELS.index(one.relation) for one in batch])
            weights = torch.tensor([one.weight for one in batch])
            logits = net([(one.statement, one.claim) for one in batch])
            each = torch.nn.functional.cross_entropy(logits, labels, reduction="none", label_smoothing=0.05)
            loss = (each * weights).mean()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, {time.time() - start:.0f} s", file=sys.stderr)
    return net.eval()


def read(net: PairNet, examples: Sequence[Example]) -> NDArray[np.float32]:
    """The logarithm of the probability of each relation, in the order of `Relation` (n x 7)."""
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].statement) + len(examples[i].claim))
    found = np.zeros((len(examples), len(LABELS)), np.float32)
    with torch.no_grad():
        for at in range(0, len(order), BATCH):
            part = order[at : at + BATCH]
            logits = net([(examples[i].statement, examples[i].claim) for i in part])
            found[part] = logits.log_softmax(1).numpy()
    return found


def _length(one: Example) -> int:
    return len(one.statement) + len(one.claim)

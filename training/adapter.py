"""Fit the adapter of `tracker/data/adapter.npy`: a linear map from statements' vectors towards those of their claims.

Used by `training/matching.py`. The map W (dimension x dimension) turns a unit vector q into q + qW, of length 1 again.
It is fitted by gradient descent so that the right claim is the nearest of all claims of its collection (softmax over
all of them at a temperature, so every other claim is a negative), with a penalty on W and with some of the vector's
parts left out at random. Titles of claims are further statements, each of its own claim: there are many, and they keep
W from learning only how tweets are written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn.functional import cross_entropy, dropout, normalize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

# Chosen by MAP@5 in three folds over the train splits; each changed little by itself.
EPOCHS, RATE, BATCH = 6, 1e-3, 64
TEMPERATURE, PENALTY, LEFT_OUT, TITLES = 0.05, 0.01, 0.3, 1.0


@dataclass(frozen=True)
class Collection:
    """Unit vectors of claims and their titles (n x dimension), and of statements, each with the row of its claim."""

    claims: Vectors
    titles: Vectors
    statements: Vectors
    right: Sequence[int]


def fit(collections: Sequence[Collection], seed: int = 0) -> Vectors:
    """The map fitted on these collections (dimension x dimension), the same for the same input and seed."""
    torch.manual_seed(seed)
    size = collections[0].claims.shape[1]
    matrix = torch.zeros(size, size, requires_grad=True)
    optimizer = torch.optim.Adam([matrix], lr=RATE)
    order = np.random.RandomState(seed)
    for _ in range(EPOCHS):
        for one in collections:
            claims, titles = torch.tensor(one.claims), torch.tensor(one.titles)
            shuffled = order.permutation(len(one.right))
            for start in range(0, len(shuffled), BATCH):
                rows = shuffled[start : start + BATCH]
                right = torch.tensor(np.asarray(one.right)[rows])
                found = _turned(torch.tensor(one.statements[rows]), matrix)
                loss = cross_entropy(found @ claims.T / TEMPERATURE, right)
                loss = loss + cross_entropy(found @ titles.T / TEMPERATURE, right)
                some = torch.tensor(order.randint(0, len(claims), BATCH))
                loss = loss + TITLES * cross_entropy(_turned(titles[some], matrix) @ claims.T / TEMPERATURE, some)
                loss = loss + PENALTY * (matrix**2).sum()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
    return matrix.detach().numpy()


def _turned(vectors: torch.Tensor, matrix: torch.Tensor) -> torch.Tensor:
    return normalize(vectors + dropout(vectors, LEFT_OUT) @ matrix, dim=1)

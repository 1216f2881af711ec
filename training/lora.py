"""Train a small difference of an encoder's weights (LoRA, Hu et al. 2021): every linear map W becomes W + up @ down.

Used by `inference.py` and `spotter.py`. In half precision where the processor has it: the same data give nearly, not
exactly, the same files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import torch
from safetensors.torch import save_file

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

SCALE = 2.0
Row = TypeVar("Row")


class Lora(torch.nn.Module):
    """A linear map that stays, and a difference of low rank that is trained."""

    def __init__(self, kept: torch.nn.Linear, rank: int) -> None:
        super().__init__()
        self.kept = kept
        self.down = torch.nn.Parameter(torch.randn(rank, kept.in_features) / kept.in_features**0.5)
        self.up = torch.nn.Parameter(torch.zeros(kept.out_features, rank))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """What the map gives with the difference."""
        return self.kept(x) + SCALE * (x @ self.down.T) @ self.up.T


def attach(bert: Any, rank: int) -> dict[str, Lora]:
    """Give every linear map of a BERT a difference to train, and freeze all else; the differences by name."""
    for parameter in bert.parameters():
        parameter.requires_grad = False
    changed: dict[str, Lora] = {}
    for number, layer in enumerate(bert.encoder.layer):
        at = f"encoder.layer.{number}."
        for owner, name, path in (
            *((layer.attention.self, part, f"attention.self.{part}") for part in ("query", "key", "value")),
            (layer.attention.output, "dense", "attention.output.dense"),
            (layer.intermediate, "dense", "intermediate.dense"),
            (layer.output, "dense", "output.dense"),
        ):
            setattr(owner, name, Lora(getattr(owner, name), rank))
            changed[at + path] = getattr(owner, name)
    return changed


def write(file: Path, fingerprint: str, changed: Mapping[str, Lora], **others: torch.Tensor) -> None:
    """Write what `tracker.lora` reads: the trained parts in half precision, and the encoder that they belong to."""
    found: dict[str, torch.Tensor] = dict(others)
    for name, lora in changed.items():
        found[f"{name}.up"], found[f"{name}.down"] = SCALE * lora.up, lora.down
    half = {name: value.detach().to(torch.float16).contiguous() for name, value in found.items()}
    save_file(half, file, metadata={"encoder": fingerprint})


def optimiser(net: torch.nn.Module, rate: float, steps: int) -> tuple[torch.optim.Optimizer, Any]:
    """For what of a network is trained, with its schedule: the rate rises over 60 steps, then falls to a fiftieth."""
    found = torch.optim.AdamW([one for one in net.parameters() if one.requires_grad], lr=rate, weight_decay=0.01)
    return found, torch.optim.lr_scheduler.LambdaLR(
        found, lambda step: min(1.0, (step + 1) / 60) * max(0.02, 1 - step / steps)
    )


def batches(rows: list[Row], size: int, length: Callable[[Row], int], chance: random.Random) -> Sequence[Sequence[Row]]:
    """The rows in batches of about one length, in any order."""
    chance.shuffle(rows)
    wide = size * 16
    sorted_ = [one for at in range(0, len(rows), wide) for one in sorted(rows[at : at + wide], key=length)]
    found = [sorted_[at : at + size] for at in range(0, len(sorted_), size)]
    chance.shuffle(found)
    return found

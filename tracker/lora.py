"""Small trained differences of an encoder's weights: what turns it into a reader of sentences or of pairs.

LoRA (Hu et al. 2021): every linear map W becomes W + up @ down, both of low rank. A file in `data` holds them in half
precision with a linear head on the mean of all tokens, and names the one encoder that they belong to.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from tracker.arrays import arrays, notes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]


@cache
def difference(file: Path) -> dict[str, Any]:
    """What a file holds: `NAME.up` and `NAME.down` of each map, `head`, `bias`, and `types` for pairs."""
    import numpy as np

    return {name: kept.astype(np.float32) for name, kept in arrays(file).items()}


@cache
def fitted_to(file: Path) -> str:
    """The fingerprint of the encoder that a difference was trained on."""
    return notes(file)["encoder"]


def changed(weights: Mapping[str, Any], difference: Mapping[str, Any]) -> dict[str, Any]:
    """The weights of an encoder with a difference added; both stay as they are."""
    names = {key.rsplit(".", 1)[0] for key in difference if key.endswith(".down")}
    maps = {f"{n}.weight": weights[f"{n}.weight"] + difference[f"{n}.up"] @ difference[f"{n}.down"] for n in names}
    types = {"embeddings.token_type_embeddings.weight": difference["types"]} if "types" in difference else {}
    return {**weights, **maps, **types}


def log_softmax(logits: Array) -> Array:
    """The logarithms of the probabilities, row by row."""
    import numpy as np

    shifted = logits - logits.max(axis=1, keepdims=True, initial=-np.inf)
    result: Array = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return result

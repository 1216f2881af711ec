"""What a small language model makes of two sentences read together: whether one says what the other says.

The encoder's own weights, turned into a reader of pairs by a small trained difference (LoRA, Hu et al. 2021, of rank 16
on every linear map; `training/inference.py`), and computed in numpy like its vectors. Some 20 ms a pair on one core, so
only pairs that may matter are read so. It knows one encoder: the one whose weights it was trained on.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.light_bert import LightBert

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

FILE = Path(__file__).parent / "data" / "inference.npz"
_MAX_TOKENS = 128  # of both sentences; more was not trained


class PairReader(LightBert):
    """Reads pairs of sentences with the weights of one model folder and the trained difference."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, _MAX_TOKENS)
        arrays = _difference()
        weights = dict(self._weights)
        for name in {key.rsplit(".", 1)[0] for key in arrays if key.endswith(".down")}:
            weights[f"{name}.weight"] = weights[f"{name}.weight"] + arrays[f"{name}.up"] @ arrays[f"{name}.down"]
        weights["embeddings.token_type_embeddings.weight"] = arrays["types"]
        self._weights = weights
        self._head = arrays["head"], arrays["bias"]

    def read(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """The logarithm of the probability of each relation, in the order of `Relation` (n x 7), pair by pair."""
        import numpy as np

        rows = [self._logits(*pair) for pair in pairs]
        logits = np.stack(rows) if rows else np.empty((0, len(self._head[1])), np.float32)
        highest = logits.max(axis=1, keepdims=True, initial=-np.inf)
        shifted = logits - highest
        result: NDArray[np.float32] = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return result

    def _logits(self, statement: str, claim: str) -> NDArray[np.float32]:
        import numpy as np

        encoding = self._tokenizer.encode(statement, claim)
        ids, types = np.array([encoding.ids]), np.array([encoding.type_ids])
        head, bias = self._head
        result: NDArray[np.float32] = self._pooled(ids, types)[0] @ head.T + bias
        return result


def fitted_to() -> str:
    """The fingerprint of the encoder that the difference was trained on."""
    return str(_difference()["encoder"])


@cache
def _difference() -> dict[str, Any]:
    import numpy as np

    with np.load(FILE) as kept:
        return {name: kept[name].astype(np.float32) if kept[name].dtype.kind == "f" else kept[name] for name in kept}

"""What a small language model makes of two sentences read together: whether one says what the other says.

The encoder's own weights, turned into a reader of pairs by a small trained difference (`lora`, of rank 16 on every
linear map; `training/inference.py`), and computed in numpy like its vectors. Some 20 ms a pair on one core, so only
pairs that may matter are read so. It knows one encoder: the one whose weights it was trained on.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tracker.light_bert import LightBert
from tracker.lora import difference, log_softmax

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

FILE = Path(__file__).parent / "data" / "inference.safetensors"
_MAX_TOKENS = 128  # of both sentences; more was not trained


class PairReader(LightBert):
    """Reads pairs of sentences with the weights of one model folder and the trained difference."""

    def __init__(self, folder: Path) -> None:
        arrays = difference(FILE)
        super().__init__(folder, _MAX_TOKENS, arrays)
        self._head = arrays["head"], arrays["bias"]

    def read(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """The logarithm of the probability of each relation, in the order of `Relation` (n x 7), pair by pair."""
        import numpy as np

        rows = [self._logits(*pair) for pair in pairs]
        return log_softmax(np.stack(rows) if rows else np.empty((0, len(self._head[1])), np.float32))

    def _logits(self, statement: str, claim: str) -> NDArray[np.float32]:
        [encoding] = self._encodings([(statement, claim)])
        head, bias = self._head
        result: NDArray[np.float32] = self._pooled([encoding.ids], encoding.type_ids)[0] @ head.T + bias
        return result

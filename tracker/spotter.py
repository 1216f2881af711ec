"""What a small language model makes of one sentence: of which kind it is.

The encoder's own weights, turned into a reader of single sentences by a small trained difference (`lora`;
`training/checkworthiness.py`). What it says is a part of what `checkworthiness` decides, the readable cues are the
other. It knows one encoder: the one whose weights it was trained on.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tracker.light_bert import LightBert
from tracker.lora import difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

FILE = Path(__file__).parent / "data" / "spotter.safetensors"
MAX_TOKENS = 96  # a sentence has 20 to 30; more was not trained


class Spotter(LightBert):
    """Reads sentences with the weights of one model folder and the trained difference, in numpy."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, MAX_TOKENS, difference(FILE))

    def read(self, texts: Sequence[str]) -> Array:
        """A logit for each kind in the order of `checkworthiness.KINDS`, sentence by sentence (n x 7)."""
        return logits(self.pooled(texts))


def logits(pooled: Array) -> Array:
    """What the trained head makes of the means over the tokens (n x dimension): a logit for each kind (n x 7)."""
    arrays = difference(FILE)
    result: Array = pooled @ arrays["head"].T + arrays["bias"]
    return result

"""A sentence's vector without torch: the forward pass of a small BERT in numpy, over the memory-mapped weights.

Importing sentence-transformers costs seconds, which one query must not pay. This road computes what it computes (BERT,
Devlin et al. 2019, with mean pooling and unit length, as in Reimers and Gurevych 2019), to about 1e-6; a parity test
keeps it so. It knows one architecture and says so by `LightBert.fits`.
"""

from __future__ import annotations

import json
import math
import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tracker.settings import one_blas_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

_BATCH = 32  # texts of equal length in one pass: enough to keep the matrix products busy


class LightBert:
    """The weights and the tokenizer of one model folder, ready to encode.

    `difference` is what training has added to the linear maps (`lora`). It is kept apart from them: to add it would
    write every weight anew, which takes longer than to read the few texts that this road is for.
    """

    def __init__(self, folder: Path, max_tokens: int, difference: Mapping[str, Any] | None = None) -> None:
        one_blas_thread()
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._weights = _shared(_read_safetensors, folder / "model.safetensors")
        self._difference = difference or {}
        self._layers: int = config["num_hidden_layers"]
        self._heads: int = config["num_attention_heads"]
        self._epsilon: float = config["layer_norm_eps"]
        self._folder, self._max_tokens = folder, max_tokens
        self._whole = _shared(_read_tokenizer, folder / "tokenizer.json")
        self._cutting: Any = None

    def _encodings(self, texts: Sequence[Any]) -> list[Any]:
        """The tokens of texts or pairs, cut to the longest that this reader takes.

        Readers share a tokenizer that cuts nothing, since how it cuts would be a state of it; one that cuts is made for
        the first text that is too long.
        """
        found: list[Any] = self._whole.encode_batch(list(texts))
        if any(len(one.ids) > self._max_tokens for one in found):
            if self._cutting is None:
                self._cutting = _read_tokenizer(self._folder / "tokenizer.json")
                self._cutting.enable_truncation(self._max_tokens)
            found = self._cutting.encode_batch(list(texts))
        return found

    @staticmethod
    def fits(folder: Path) -> bool:
        """True where the folder holds a model that this road computes exactly."""
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
            pooling = json.loads((folder / "1_Pooling" / "config.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
        on = {name for name, value in pooling.items() if name.startswith("pooling_mode_") and value is True}
        return (
            config.get("model_type") == "bert"
            and config.get("hidden_act") == "gelu"
            and config.get("position_embedding_type", "absolute") == "absolute"
            and kinds == ["Transformer", "Pooling", "Normalize"]
            and on == {"pooling_mode_mean_tokens"}
            and (folder / "model.safetensors").is_file()
            and (folder / "tokenizer.json").is_file()
        )

    def encode(self, texts: Sequence[str]) -> Array:
        """One unit vector a text, float32, in the order of `texts` (n x dimension)."""
        import numpy as np

        pooled = self.pooled(texts)
        unit: Array = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return unit

    def pooled(self, texts: Sequence[str]) -> Array:
        """The mean of the last layer over a text's tokens, float32, in the order of `texts` (n x dimension)."""
        import numpy as np

        tokens = [encoding.ids for encoding in self._encodings(texts)]
        order = sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
        vectors = np.empty((len(tokens), self._weights["embeddings.word_embeddings.weight"].shape[1]), np.float32)
        start = 0
        while start < len(order):  # texts of one length need no padding, so no text depends on its neighbours
            length = len(tokens[order[start]])
            end = start
            while end < len(order) and end - start < _BATCH and len(tokens[order[end]]) == length:
                end += 1
            group = order[start:end]
            vectors[group] = self._pooled(np.array([tokens[i] for i in group]), 0)
            start = end
        return vectors

    def _pooled(self, ids: NDArray[np.int64], types: NDArray[np.int64] | int) -> Array:
        """The mean of the last layer over all tokens (n x dimension); `types` says which of two texts a token is of."""
        w = self._weights
        hidden = w["embeddings.word_embeddings.weight"][ids]
        hidden = hidden + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        hidden = hidden + self._difference.get("types", w["embeddings.token_type_embeddings.weight"])[types]
        hidden = self._norm(hidden, "embeddings.LayerNorm")
        for number in range(self._layers):
            hidden = self._layer(hidden, f"encoder.layer.{number}.")
        mean: Array = hidden.mean(axis=1)
        return mean

    def _layer(self, hidden: Array, at: str) -> Array:
        attended = self._dense(self._attention(hidden, f"{at}attention.self."), f"{at}attention.output.dense")
        hidden = self._norm(attended + hidden, f"{at}attention.output.LayerNorm")
        inner = _gelu(self._dense(hidden, f"{at}intermediate.dense"))
        return self._norm(self._dense(inner, f"{at}output.dense") + hidden, f"{at}output.LayerNorm")

    def _attention(self, hidden: Array, at: str) -> Array:
        import numpy as np

        n, length, width = hidden.shape
        size = width // self._heads

        def heads(name: str) -> Array:
            return self._dense(hidden, at + name).reshape(n, length, self._heads, size).transpose(0, 2, 1, 3)

        scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.float32(math.sqrt(size))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed: Array = (scores @ heads("value")).transpose(0, 2, 1, 3).reshape(n, length, width)
        return mixed

    def _dense(self, hidden: Array, at: str) -> Array:
        result: Array = hidden @ self._weights[f"{at}.weight"].T + self._weights[f"{at}.bias"]
        if f"{at}.down" in self._difference:
            result += (hidden @ self._difference[f"{at}.down"].T) @ self._difference[f"{at}.up"].T
        return result

    def _norm(self, hidden: Array, at: str) -> Array:
        import numpy as np

        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(self._epsilon))
        result: Array = centred / spread * self._weights[f"{at}.weight"] + self._weights[f"{at}.bias"]
        return result


def _gelu(x: Array) -> Array:
    """X times the normal distribution function of x; erf after Abramowitz and Stegun 7.1.26 (error below 1.5e-7)."""
    import numpy as np

    z = np.abs(x)
    z *= np.float32(math.sqrt(0.5))
    t = np.float32(0.3275911) * z
    t += 1
    np.reciprocal(t, out=t)
    poly = np.float32(1.061405429) * t
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        poly += np.float32(coefficient)
        poly *= t
    np.multiply(z, -z, out=z)
    poly *= np.exp(z, out=z)
    erf = np.subtract(1, poly, out=poly)
    np.copysign(erf, x, out=erf)
    erf += 1
    erf *= x
    erf *= np.float32(0.5)
    result: Array = erf
    return result


def _shared(read: Callable[[Path], Any], file: Path) -> Any:
    """What is in a file, read once for all readers until the file changes; none of them changes it."""
    return _read_once(read, file, file.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read_once(read: Callable[[Path], Any], file: Path, _changed: int) -> Any:
    return read(file)


def _read_tokenizer(file: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _read_safetensors(path: Path) -> dict[str, Any]:
    """The arrays of a safetensors file, mapped and not read; layout: header length, JSON header, raw data."""
    import numpy as np

    with path.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
    data = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + size)
    arrays = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = entry["data_offsets"]
            arrays[name] = data[start:end].view("<f4").reshape(entry["shape"])
    return arrays

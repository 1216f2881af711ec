"""A sentence's vector without torch: the forward pass of a small BERT in numpy, over the memory-mapped weights.

Importing sentence-transformers costs seconds, which one query must not pay. This road computes what it computes (BERT,
Devlin et al. 2019, with mean pooling and unit length, as in Reimers and Gurevych 2019), to about 1e-6; a parity test
keeps it so. It knows one architecture and says so by `LightBert.fits`.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tracker.arrays import arrays
from tracker.settings import one_blas_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]
    _Run = tuple[slice, int]

_TOGETHER = 256  # tokens in one pass: enough to keep the matrix products busy, and what is in between in the cache


class LightBert:
    """The weights and the tokenizer of one model folder, ready to encode.

    `difference` is what training has added to the linear maps (`lora`). It is kept apart from them: to add it would
    write every weight anew, which takes longer than to read the few texts that this road is for.
    """

    def __init__(self, folder: Path, max_tokens: int, difference: Mapping[str, Any] | None = None) -> None:
        one_blas_thread()
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._weights = _shared(arrays, folder / "model.safetensors")
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
        while start < len(order):
            end, size = start, 0
            while end < len(order) and (end == start or size + len(tokens[order[end]]) <= _TOGETHER):
                size += len(tokens[order[end]])
                end += 1
            group = order[start:end]
            vectors[group] = self._pooled([tokens[i] for i in group])
            start = end
        return vectors

    def _pooled(self, texts: Sequence[Sequence[int]], types: Sequence[int] | int = 0) -> Array:
        """The mean of the last layer over the tokens of each text (n x dimension); texts of one length stand together.

        `types` says of each token which of two texts it is of. The tokens of all texts go through the linear maps at
        once, so that the weights are fetched once; each looks at those of its own text only, so none is padded. A token
        is a column here (width x tokens): so few of them are multiplied faster than as rows.
        """
        import numpy as np

        w, runs = self._weights, _runs([len(text) for text in texts])
        tokens = w["embeddings.word_embeddings.weight"][np.concatenate(texts)]
        tokens += w["embeddings.position_embeddings.weight"][np.concatenate([np.arange(len(text)) for text in texts])]
        tokens += self._difference.get("types", w["embeddings.token_type_embeddings.weight"])[types]
        hidden = self._norm(np.ascontiguousarray(tokens.T), "embeddings.LayerNorm")
        for number in range(self._layers):
            hidden = self._layer(hidden, f"encoder.layer.{number}.", runs)
        means = [hidden[:, part].reshape(len(hidden), count, -1).mean(axis=2) for part, count in runs]
        return np.concatenate(means, axis=1).T

    def _layer(self, hidden: Array, at: str, runs: Sequence[_Run]) -> Array:
        attended = self._dense(self._attention(hidden, f"{at}attention.self.", runs), f"{at}attention.output.dense")
        attended += hidden
        hidden = self._norm(attended, f"{at}attention.output.LayerNorm")
        outer = self._dense(_gelu(self._dense(hidden, f"{at}intermediate.dense")), f"{at}output.dense")
        outer += hidden
        return self._norm(outer, f"{at}output.LayerNorm")

    def _attention(self, hidden: Array, at: str, runs: Sequence[_Run]) -> Array:
        import numpy as np

        width = len(hidden)
        size = width // self._heads
        query, key, value = (self._dense(hidden, at + name) for name in ("query", "key", "value"))
        query *= np.float32(1 / math.sqrt(size))
        mixed = np.empty_like(hidden)
        for part, count in runs:
            ours, theirs, values = (  # heads x texts x size x tokens
                each[:, part].reshape(self._heads, size, count, -1).swapaxes(1, 2) for each in (query, key, value)
            )
            scores = ours.swapaxes(2, 3) @ theirs
            scores -= scores.max(axis=-1, keepdims=True)
            np.exp(scores, out=scores)
            scores /= scores.sum(axis=-1, keepdims=True)
            mixed[:, part] = (values @ scores.swapaxes(2, 3)).swapaxes(1, 2).reshape(width, -1)
        return mixed

    def _dense(self, hidden: Array, at: str) -> Array:
        result: Array = self._weights[f"{at}.weight"] @ hidden
        if f"{at}.down" in self._difference:
            result += self._difference[f"{at}.up"] @ (self._difference[f"{at}.down"] @ hidden)
        result += self._weights[f"{at}.bias"][:, None]
        return result

    def _norm(self, hidden: Array, at: str) -> Array:
        """Each token with mean 0 and spread 1, then scaled and moved; `hidden` is used up."""
        import numpy as np

        hidden -= hidden.mean(axis=0)
        spread = np.sqrt(np.einsum("ij,ij->j", hidden, hidden) / np.float32(len(hidden)) + np.float32(self._epsilon))
        hidden /= spread
        hidden *= self._weights[f"{at}.weight"][:, None]
        hidden += self._weights[f"{at}.bias"][:, None]
        return hidden


def _runs(lengths: Sequence[int]) -> list[_Run]:
    """The tokens of texts that stand in a row, as (where, how many texts) of one length each."""
    found, start = [], 0
    for length, texts in groupby(lengths):
        count = len(list(texts))
        found.append((slice(start, start + count * length), count))
        start += count * length
    return found


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

"""A real encoder in 20 kB: a BERT of one layer over single characters, with random weights, for the numpy road."""

from __future__ import annotations

import json
import string
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_WIDTH = 16
_WINDOW = 256


def tiny_bert(folder: Path, seed: int) -> Path:
    """Write a sentence-transformers folder; another seed is another encoder."""
    import numpy as np
    from tokenizers import Tokenizer, models, pre_tokenizers

    (folder / "1_Pooling").mkdir(parents=True)
    letters = ["[UNK]", *(one for one in string.printable if not one.isspace())]
    tokenizer = Tokenizer(models.WordLevel({one: number for number, one in enumerate(letters)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.save(str(folder / "tokenizer.json"))
    _json(folder / "modules.json", [{"type": f"x.{kind}"} for kind in ("Transformer", "Pooling", "Normalize")])
    _json(folder / "1_Pooling" / "config.json", {"pooling_mode_mean_tokens": True})
    _json(folder / "sentence_bert_config.json", {"max_seq_length": _WINDOW})
    _json(
        folder / "config.json",
        {
            "model_type": "bert",
            "hidden_act": "gelu",
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "layer_norm_eps": 1e-12,
        },
    )
    draw = np.random.default_rng(seed)
    arrays: dict[str, Any] = {
        "embeddings.word_embeddings.weight": draw.normal(size=(len(letters), _WIDTH)),
        "embeddings.position_embeddings.weight": draw.normal(size=(_WINDOW, _WIDTH)),
        "embeddings.token_type_embeddings.weight": draw.normal(size=(2, _WIDTH)),
    }
    for name in ("embeddings", "encoder.layer.0.attention.output", "encoder.layer.0.output"):
        arrays |= {f"{name}.LayerNorm.weight": np.ones(_WIDTH), f"{name}.LayerNorm.bias": np.zeros(_WIDTH)}
    for name in ("self.query", "self.key", "self.value", "output.dense"):
        arrays |= _dense(f"encoder.layer.0.attention.{name}", draw)
    for name in ("intermediate.dense", "output.dense"):
        arrays |= _dense(f"encoder.layer.0.{name}", draw)
    _safetensors(folder / "model.safetensors", arrays)
    return folder


def _dense(name: str, draw: Any) -> dict[str, Any]:
    return {f"{name}.weight": draw.normal(size=(_WIDTH, _WIDTH)), f"{name}.bias": draw.normal(size=_WIDTH)}


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def _safetensors(path: Path, arrays: dict[str, Any]) -> None:
    header, data = dict[str, Any](), b""
    for name, array in arrays.items():
        part = array.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    head = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(head)) + head + data)

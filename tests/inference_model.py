"""A language-inference model for tests: a real CrossEncoder folder, tiny and of random weights, that leans as told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def inference_model(folder: Path, labels: Sequence[str], leanings: Mapping[str, float] = {}) -> Path:
    """Write a CrossEncoder folder with these labels; a leaning is what is added to a label's logit."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    from tracker.encoders import load_encoder

    torch.manual_seed(5)
    tokenizer = AutoTokenizer.from_pretrained(load_encoder().folder)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=128,
        id2label=dict(enumerate(labels)),
        label2id={name: at for at, name in enumerate(labels)},
    )
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.weight.normal_(std=0.5)
        model.classifier.bias += torch.tensor([leanings.get(name, 0.0) for name in labels])
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder

"""A language-inference model that the user has: whether one sentence follows from the other, as the model judges.

Any sentence-transformers CrossEncoder folder whose label map names entailment. None is shipped, for none of those that
could be carries a licence to ship it; so the rules that listen to one (`relations`) keep to its surest answers. Off
unless it is named. It reads each pair in both directions: only what follows both ways is the same claim.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tracker import settings
from tracker.errors import ModelUnavailable
from tracker.models import Entailment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BATCH = 16
_VOCABULARIES = ("tokenizer.json", "vocab.txt", "vocab.json", "spm.model", "sentencepiece.bpe.model", "spiece.model")


class CrossEncoder:
    """One model folder; the model is loaded when first asked, with torch, which takes seconds."""

    def __init__(self, folder: str) -> None:
        """Read the label map. Raises ModelUnavailable where there is none, or none that tells of entailment."""
        self.folder = Path(os.path.expanduser(folder))  # noqa: PTH111 - Path's own raises where there is no such user
        self._entails, self._contradicts = _labels(self.folder)
        self._model: Any = None

    @classmethod
    def named(cls, folder: str | None) -> Self | None:
        """The model in this folder; None for none."""
        return cls(folder) if folder else None

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Entailment]:
        """What the model makes of each pair, in order. Raises ModelUnavailable for a folder that cannot be loaded."""
        both = [pair for one in pairs for pair in (one, one[::-1])]
        if not both:
            return []
        model = self._loaded()
        try:
            rows = model.predict(both, batch_size=_BATCH, apply_softmax=True, show_progress_bar=False)
        except Exception as error:  # torch and transformers raise errors of many kinds
            raise ModelUnavailable(self._complaint("cannot read a pair", error)) from error
        entails = [float(row[self._entails]) for row in rows]
        against = [0.0 if self._contradicts is None else float(row[self._contradicts]) for row in rows]
        return [Entailment(entails[i], entails[i + 1], max(against[i], against[i + 1])) for i in range(0, len(both), 2)]

    def _loaded(self) -> Any:
        if self._model is None:
            settings.stay_offline()
            from sentence_transformers import CrossEncoder as Model
            from transformers.utils import logging as transformers_logging

            transformers_logging.disable_progress_bar()
            try:
                self._model = Model(str(self.folder))
            except Exception as error:  # and so does safetensors
                raise ModelUnavailable(self._complaint("cannot be loaded", error)) from error
        return self._model

    def _complaint(self, what: str, error: Exception) -> str:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return f"inference model {self.folder}: {what} ({lines[0][:160]}); choose another"


def _labels(folder: Path) -> tuple[int, int | None]:
    """Which outputs say that the second sentence follows from the first, and that it contradicts it, if any does."""
    file = folder / "config.json"
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        names = {int(at): str(name).lower() for at, name in found["id2label"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"inference model {folder}: no label map here (id2label in config.json)"
        raise ModelUnavailable(f"{msg}; name the folder of a CrossEncoder for language inference") from error
    entails = _only(names, "entail")
    if entails is None or len(names) < 2:
        told = ", ".join(names.values()) or "none"
        msg = f"inference model {folder}: its labels are {told}; one of them must say entailment, another contradiction"
        raise ModelUnavailable(f"{msg}; name them in id2label of {file.name}")
    if not any((folder / one).is_file() for one in _VOCABULARIES):  # without one it would answer whatever is asked
        msg = f"inference model {folder}: no tokenizer here ({', '.join(_VOCABULARIES[:2])}, ...)"
        raise ModelUnavailable(f"{msg}; save the model's beside it")
    return entails, _only(names, "contradict")


def _only(names: Mapping[int, str], part: str) -> int | None:
    """The one label with this in its name that denies nothing ("not_entailment"); None where there is none, or two."""
    found = [at for at, name in names.items() if part in name and not name.startswith(("no", "un"))]
    return found[0] if len(found) == 1 else None

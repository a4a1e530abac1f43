"""semble, a current code-search package from PyPI (BM25 and static embeddings, fused), as it is installed.

It runs in its own environment (`--semble-python`), behind a small worker. Its own weights come from a
model hub, which a machine without network cannot ask; the model is therefore named by the caller: any
model2vec folder, here the distillation of all-MiniLM-L6-v2. Everything else is semble's own.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, cast

from baselines.checkout import Folder

from indexer.errors import MissingError
from indexer.evaluation.systems import Place, Snapshot

_WORKER = """
import json, sys, warnings
warnings.filterwarnings("ignore")
from semble import SembleIndex
index = None
for line in sys.stdin:
    asked = json.loads(line)
    if "path" in asked:
        index = SembleIndex.from_path(asked["path"], model_path=asked["model"])
        told = len(index.chunks)
    else:
        found = index.search(asked["query"], top_k=asked["limit"])
        told = [[r.chunk.file_path, r.chunk.start_line, r.chunk.end_line] for r in found]
    print(json.dumps(told), flush=True)
"""


class Semble:
    """See the module."""

    name = "semble"

    def __init__(self, folder: Folder, python: Path, model: Path) -> None:
        self._folder = folder
        self._model = model.resolve()
        self._cache = tempfile.TemporaryDirectory(prefix="semble-")
        environment = os.environ | {
            "HOME": self._cache.name, "XDG_CACHE_HOME": self._cache.name, "HF_HUB_OFFLINE": "1", "DO_NOT_TRACK": "1",
        }  # fmt: skip
        try:
            self._worker = subprocess.Popen(
                [str(python), "-c", _WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
            )
        except OSError as error:
            raise MissingError(
                f"{python} cannot be started: {error}", "python -m venv V && V/bin/pip install semble"
            ) from error

    def load(self, snapshot: Snapshot) -> None:
        """See `System.load`."""
        self._folder.load(snapshot)
        self._ask({"path": str(self._folder.root), "model": str(self._model)})

    def rank(self, query: str, limit: int) -> Sequence[Place]:
        """See `System.rank`."""
        return [Place(path, start, end) for path, start, end in self._ask({"query": query, "limit": limit})]

    def close(self) -> None:
        """End the worker."""
        cast(IO[str], self._worker.stdin).close()
        self._worker.wait(timeout=30)
        self._cache.cleanup()

    def _ask(self, question: dict[str, Any]) -> Any:
        into, out = cast(IO[str], self._worker.stdin), cast(IO[str], self._worker.stdout)
        into.write(json.dumps(question) + "\n")
        into.flush()
        if not (line := out.readline()):
            raise MissingError("semble ended without an answer.", "Look at what it printed above.")
        return json.loads(line)

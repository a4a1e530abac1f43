"""A folder that holds one tree after the other, for tools that read files; only what differs is written."""

from __future__ import annotations

from pathlib import Path

from indexer.evaluation.systems import Snapshot

MAX_BYTES = 1024**2


class Folder:
    """Text files of the current tree under `root`, which must be empty and ours."""

    def __init__(self, root: Path, suffixes: tuple[str, ...] = (".py",)) -> None:
        self.root = root.resolve()
        self._suffixes = suffixes
        self._held: dict[str, str] = {}

    def load(self, snapshot: Snapshot) -> bool:
        """Make the folder the tree; returns whether anything changed."""
        wanted = {
            path: blob for path, blob in snapshot.files.items() if path.endswith(self._suffixes) and _inside(path)
        }
        gone = [path for path in self._held if path not in wanted]
        new = [path for path, blob in wanted.items() if self._held.get(path) != blob]
        for path in gone:
            (self.root / path).unlink(missing_ok=True)
        for path, data in zip(new, snapshot.read([wanted[path] for path in new]), strict=True):
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data[:MAX_BYTES])
        self._held = wanted
        return bool(gone or new)


def _inside(path: str) -> bool:
    # Git refuses such names itself; whoever wrote the objects may not have asked git.
    return not path.startswith("/") and ".." not in Path(path).parts and ".git" not in Path(path).parts

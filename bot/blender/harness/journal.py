"""What happened, on disk before the next thing is tried."""

from __future__ import annotations

import json
import os

from bot.blender.harness.values import Json


class Journal:
    """One JSON line for everything that happened, on disk before the next thing is tried."""

    def __init__(self, path: str) -> None:
        self._path = path

    def write(self, line: Json) -> None:
        """Append one line."""
        with open(self._path, "a", encoding="utf-8", errors="replace") as file:
            file.write(json.dumps(line) + "\n")


def write_result(path: str, result: Json) -> None:
    """The whole result, or no file at all."""
    temporary = path + ".part"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(result, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)

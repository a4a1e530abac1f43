"""What is printed, passed on, and its end kept."""

from __future__ import annotations

import contextlib
import io
from typing import Any

KEPT = 1900
"""Characters: with a word before them they fit into what a probe says."""


class Printed(io.TextIOBase):
    """Stands in for Python's two streams; keeps no more than an end, however much is printed."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.end = ""

    def write(self, text: str) -> int:
        """Pass it on; a stream that is gone costs nobody the text."""
        self.end = (self.end + text[-KEPT:])[-KEPT:]
        with contextlib.suppress(Exception):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Pass on what is held back."""
        with contextlib.suppress(Exception):
            self._stream.flush()

    def writable(self) -> bool:
        """Always."""
        return True

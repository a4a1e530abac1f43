"""The exceptions Blender keeps to itself."""

from __future__ import annotations

import sys
from types import TracebackType


class Witness:
    """Keeps the exceptions that Blender turns into text, or only prints.

    Blender hands every exception of an operator, a poll, a property update or a handler to
    `sys.excepthook`, as the object it was.
    """

    def __init__(self) -> None:
        self.seen: list[BaseException] = []

    def install(self) -> None:
        """Start to listen; what was printed before still is."""
        sys.excepthook = self._hook

    def clear(self) -> None:
        """Forget what was seen, and listen again where the add-on put a hook of its own in the way."""
        self.seen = []
        self.install()

    def cause(self) -> BaseException | None:
        """The exception a failing operator failed for: the innermost of operators that call each other."""
        for error in reversed(self.seen):
            if not (isinstance(error, RuntimeError) and str(error).startswith("Error: Python:")):
                return error
        return None

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if error.__traceback__ is None:
            error.__traceback__ = trace
        if not any(error is known for known in self.seen):
            self.seen.append(error)
        sys.__excepthook__(kind, error, trace)

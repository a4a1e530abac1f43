"""What the readers of an answer raise among themselves; `answers.read` makes a value of it."""

from __future__ import annotations


class Unclear(Exception):  # noqa: N818  (an outcome, told apart by its name)
    """An answer, or a part of it, cannot be read; the message is worded for whoever wrote it."""

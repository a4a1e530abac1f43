"""Which lines a text gains on its way to another."""

from __future__ import annotations

import difflib


def added_lines(old: str, new: str) -> frozenset[int]:
    """The lines of the new text (from 1) that are not in the old one in this place."""
    matcher = difflib.SequenceMatcher(None, old.splitlines(), new.splitlines(), autojunk=False)
    changed = [(start, end) for tag, _, _, start, end in matcher.get_opcodes() if tag in ("replace", "insert")]
    return frozenset(line + 1 for start, end in changed for line in range(start, end))

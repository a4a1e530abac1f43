"""How this add-on's code is written, in a line: what a patch should look like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.models.release import Release

INDENT_TABS = "indented by tabs"
INDENT_SPACES = "indented by {width} spaces"
PYTHON = "Python {version} must be able to read it"

_INDENT = re.compile(r"^([ \t]+)\S", re.MULTILINE)
_PYTHONS = ((Release(2, 80), "3.7"), (Release(2, 93), "3.9"), (Release(3, 1), "3.10"), (Release(4, 1), "3.11"),
            (Release(5, 1), "3.13"))  # fmt: skip
"""The first release that came with each Python."""


def habits(texts: Mapping[str, str], paths: Sequence[str], oldest: Release) -> str:
    """`indented by 4 spaces; Python 3.9 must be able to read it`."""
    text = "\n".join(texts[path] for path in paths if path in texts)
    python = next(version for since, version in reversed(_PYTHONS) if oldest >= since or since == _PYTHONS[0][0])
    return "; ".join(filter(None, (_indentation(text), PYTHON.format(version=python))))


def _indentation(text: str) -> str:
    found = _INDENT.findall(text)
    if not found:
        return ""
    if sum("\t" in one for one in found) * 2 > len(found):
        return INDENT_TABS
    widths = [len(one) for one in found if "\t" not in one]
    return INDENT_SPACES.format(width=2 if sum(width % 4 == 2 for width in widths) * 3 > len(widths) else 4)

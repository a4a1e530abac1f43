"""Characters that make code look like other code: they turn the direction of writing, or cannot be seen."""

from __future__ import annotations

import re

_DISGUISE = re.compile(
    r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def disguises_in(text: str) -> frozenset[str]:
    """Those characters of a text."""
    return frozenset() if text.isascii() else frozenset(_DISGUISE.findall(text))

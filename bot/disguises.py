"""Characters that make code look like other code: they turn the direction of writing, or cannot be seen."""

from __future__ import annotations

import re

_DISGUISE = re.compile(
    r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    r"\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0\ufe00-\ufe0d\U000e0100-\U000e01ef]"
)


def disguises_in(text: str) -> frozenset[str]:
    """Those characters of a text."""
    return frozenset() if text.isascii() else frozenset(_DISGUISE.findall(text))

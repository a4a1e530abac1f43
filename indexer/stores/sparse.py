"""Weighted words as stores keep them: few of a text, plain, and of numbers that every store can hold."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

MAX_WORDS = 512
"""Words of a text. A text of 1,500 characters has fewer; only something strange has more."""

MAX_WORD = 200
"""Characters of a word: longer ones are data, and an entry of a database's index has to fit a page."""


def bounded(weights: Mapping[str, float]) -> dict[str, float]:
    """The words of a text, heaviest first, at most `MAX_WORDS` of them.

    What no store can hold as a word, and what is no positive finite number, is left out. Weights are
    rounded to 32-bit floats.
    """
    words = [word for word in weights if 0 < len(word) <= MAX_WORD and _plain(word)]
    with np.errstate(over="ignore", under="ignore"):
        numbers = np.array([weights[word] for word in words], dtype=np.float64).astype(np.float32)
    kept = [
        (word, number)
        for word, number in zip(words, numbers.tolist(), strict=True)
        if np.isfinite(number) and number > 0
    ]
    kept.sort(key=lambda one: (-one[1], one[0]))
    return dict(kept[:MAX_WORDS])


def _plain(word: str) -> bool:
    return not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in word)

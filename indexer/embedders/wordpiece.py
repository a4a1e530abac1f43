"""Text to the numbers of known word pieces, for code as well as for prose.

A model of the BERT family knows about 30,000 pieces: whole words, and, behind `##`, endings. A word is
cut into the longest pieces there are, from the left. Its own tokenizer would cut `use_auto_smooth` at
the underscores but lose `useAutoSmooth` and `MeshModifiers` altogether, so identifiers are split here
first (`indexer.tokens.parts`), and punctuation, which means little in prose and less in code, is left out.

`tokenizers` does the same cutting, but every text would have to be rewritten for it, its package brings
the whole hub client along, and it is slower: code repeats itself, so here a run of letters is looked at
once and remembered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import chain

from indexer.tokens import parts

MAX_PIECES = 512
"""No more of a text is looked at: what it is about stands at its beginning."""

MAX_TEXT = 16 * MAX_PIECES
"""Characters of a text that are looked at."""

MAX_RUN = 256
"""Longer runs of letters are data (base64, minified code), not names."""

MAX_REMEMBERED = 200_000
"""Runs kept in memory; a repository of 200,000 lines has about a tenth of that."""

_RUN = re.compile(r"\w+")
_CONTINUED = "##"


class WordPieces:
    """Cuts texts into the pieces of a vocabulary: their numbers are positions in it."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._numbers: Mapping[str, int] = {piece: number for number, piece in enumerate(vocabulary)}
        self._longest = max(map(len, vocabulary), default=0)
        self._remembered: dict[str, tuple[int, ...]] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def numbers(self, text: str) -> list[int]:
        """The pieces of a text in their order, at most `MAX_PIECES`; none for a text without a known word."""
        remembered = self._remembered
        runs = _RUN.findall(text[:MAX_TEXT])
        try:
            found = list(chain.from_iterable([remembered[run] for run in runs]))
        except KeyError:
            found = list(chain.from_iterable([self._run(run) for run in runs]))
        return found[:MAX_PIECES]

    def _run(self, run: str) -> tuple[int, ...]:
        known = self._remembered.get(run)
        if known is None:
            known = tuple(number for word in _words(run) for number in self._pieces(word))
            if len(self._remembered) < MAX_REMEMBERED:
                self._remembered[run] = known
        return known

    def _pieces(self, word: str) -> list[int]:
        """Longest match first; a word with a part nothing matches is unknown as a whole."""
        found = []
        start = 0
        while start < len(word):
            prefix = _CONTINUED if start else ""
            for end in range(min(len(word), start + self._longest), start, -1):
                number = self._numbers.get(prefix + word[start:end])
                if number is not None:
                    found.append(number)
                    start = end
                    break
            else:
                return []
        return found


def _words(run: str) -> list[str]:
    if len(run) > MAX_RUN:
        return []
    if not run.isascii():
        # Accents off, as the model's own tokenizer has it; of other scripts the model knows nothing.
        run = "".join(c for c in unicodedata.normalize("NFD", run) if unicodedata.category(c) != "Mn")
    return parts(run)

"""What a person does with ripgrep: look for every word of the question, and open the files with most of them.

Files stand by how many different words they hold, then by how many matches; of each the windows of 40
lines with most different words are shown, about as much text as a chunk of ours.
"""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Mapping, Sequence

from baselines.checkout import Folder

from indexer.errors import MissingError
from indexer.evaluation.systems import Place, Snapshot

WINDOW = 40
MAX_WORDS = 40
SECONDS = 60

_WORD = re.compile(r"[A-Za-z_][\w.]*\w")
_STOP = frozenset(
    """
    the and for with that this from was were are not but can will its it's into when where what which who how does do
    did has have had been being would could should than then them they there their also any all some our your you
    if of to in on at by or is an as be a it no so we us
    """.split()  # noqa: SIM905  (a list of words reads better without its quotes)
)


class Ripgrep:
    """See the module; needs `rg`."""

    name = "ripgrep"

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def load(self, snapshot: Snapshot) -> None:
        """See `System.load`."""
        self._folder.load(snapshot)

    def rank(self, query: str, limit: int) -> Sequence[Place]:
        """See `System.rank`."""
        words = words_of(query)
        if not words:
            return []
        found = self._matches(words)
        order = sorted(found, key=lambda path: (-_different(found[path]), -_all(found[path]), path))
        first = [window for path in order for window in windows(path, found[path])[:1]]
        more = [window for path in order for window in windows(path, found[path])[1:]]
        return [*first, *more][:limit]

    def _matches(self, words: Sequence[str]) -> dict[str, dict[int, set[str]]]:
        patterns = [part for word in words for part in ("-e", word)]
        command = ["rg", "-inoF", "--no-heading", "--null", "--no-ignore", "--hidden", "--no-config", *patterns, "."]
        try:
            done = subprocess.run(command, cwd=self._folder.root, capture_output=True, timeout=SECONDS, check=False)
        except FileNotFoundError as error:
            raise MissingError("ripgrep (rg) is not installed.", "apt install ripgrep") from error
        found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in done.stdout.decode("utf-8", "replace").split("\n"):
            path, zero, rest = row.partition("\0")
            line, _, word = rest.partition(":")
            if zero and line.isdigit():
                found[path.removeprefix("./")][int(line)].add(word.lower())
        return found


def words_of(query: str) -> list[str]:
    """The words looked for: every word but the commonest, each once, and the last name of a dotted one."""
    words: dict[str, None] = {}
    for match in _WORD.findall(query):
        for word in (match, match.rpartition(".")[2]):
            if len(word) > 1 and word.lower() not in _STOP:
                words[word.lower()] = None
    return list(words)[:MAX_WORDS]


def windows(path: str, lines: Mapping[int, set[str]]) -> list[Place]:
    """Windows of a file that do not overlap, the one with most different words first."""
    ordered = sorted(lines)
    counted = []
    for start in ordered:
        held: set[str] = set().union(*(lines[line] for line in ordered if start <= line < start + WINDOW))
        counted.append((-len(held), start))
    chosen: list[int] = []
    for _, start in sorted(counted):
        if all(abs(start - other) >= WINDOW for other in chosen):
            chosen.append(start)
        if len(chosen) == 3:
            break
    return [Place(path, start, start + WINDOW - 1) for start in chosen]


def _different(lines: Mapping[int, set[str]]) -> int:
    return len(set().union(*lines.values()))


def _all(lines: Mapping[int, set[str]]) -> int:
    return sum(map(len, lines.values()))

"""Are the differences between releases right? `python benchmarks/api_differences.py [--blender 4.2,4.5,5.0]`.

Two measurements, each printed as counts of what was checked and what was right:

1. Everything that is written down in `indexer/data/api_changes.jsonl` must be found between the release
   before it and its own, from the stubs alone; and the replacement that similarity guesses is compared
   with the one written down.
2. For every pair of the Blenders named, what the stubs say is gone is asked of both: of what the older
   one has, the newer one must have nothing. (They are installed if they are not there; the stubs too.)

Exit status 1 if anything that is written down is missed, or a removal is contradicted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path

from bot.blender.install import install
from bot.models.release import Release
from indexer.blender_api import stubs
from indexer.blender_api.described import ApiSymbol
from indexer.blender_api.differences import about, between
from indexer.blender_api.introspection import introspect
from indexer.blender_api.known_changes import known_changes
from indexer.blender_api.replacements import Replacements
from indexer.blender_api.table import ApiTable

RELEASES = [f"2.{minor}" for minor in (79, *range(80, 84), *range(90, 94))]
RELEASES += [f"{major}.{minor}" for major, last in ((3, 6), (4, 5), (5, 1)) for minor in range(last + 1)]
GONE = ("removed", "renamed", "moved")


def table(release: str, cache: Path, known: dict[str, ApiTable]) -> ApiTable:
    """The table of a release, from the cache or the package index."""
    if release not in known:
        found = stubs.obtain(release, cache)
        if found is None:
            raise SystemExit(f"The stubs of {release} cannot be had.")
        known[release] = found
    return known[release]


def written_down(cache: Path, known: dict[str, ApiTable]) -> bool:
    """The first measurement."""
    checked = found = right = wrong = silent = 0
    slowest = 0.0
    for symbol, changes in known_changes().items():
        for change in changes:
            old = table(RELEASES[RELEASES.index(change.since) - 1], cache, known)
            new = table(change.since, cache, known)
            begin = time.perf_counter()
            hits = [hit for hit in about(symbol, old, new) if change.url in hit.citations]
            slowest = max(slowest, time.perf_counter() - begin)
            checked += 1
            found += bool(hits)
            if not hits:
                print(f"missed: {symbol} {change.part} ({change.since})")
            entry = old.entries.get(symbol)
            if change.what in GONE and not change.part and entry is not None:
                guesses = Replacements(old, new)
                guess = guesses.renamed(entry) or guesses.moved(entry)
                right += guess in change.new
                wrong += bool(guess) and guess not in change.new
                silent += not guess and bool(change.new)
    print(f"written down: {checked} checked, {found} found; slowest answer {slowest:.2f} s")
    print(f"replacements guessed without it: {right} right, {wrong} wrong, {silent} not guessed")
    return checked == found


def has(symbols: dict[str, ApiSymbol], symbol: str) -> bool:
    """Whether a Blender said that it has a symbol, inherited or not."""
    owner, _, name = symbol.rpartition(".")
    seen, waiting = set(), [owner]
    while waiting:
        current = waiting.pop()
        if f"{current}.{name}" in symbols or symbol in symbols:
            return True
        if current not in seen and current in symbols:
            seen.add(current)
            waiting += symbols[current].bases
    return False


def contradicted(releases: list[str], cache: Path, known: dict[str, ApiTable]) -> int:
    """The second measurement: how many removals a real Blender contradicts."""
    total = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        real = {
            release: introspect(install(Release.parse(release), allowed=True).path, Path(folder))
            for release in releases
        }
    print("| from | to | gone | checkable | right |\n|---|---|---|---|---|")
    for first, last in combinations(releases, 2):
        changes = between(table(first, cache, known), table(last, cache, known))
        gone = [change.symbol for change in changes if change.what in GONE]
        checkable = [symbol for symbol in gone if has(real[first], symbol)]
        bad = [symbol for symbol in checkable if has(real[last], symbol)]
        total, wrong = total + len(checkable), wrong + len(bad)
        print(f"| {first} | {last} | {len(gone)} | {len(checkable)} | {len(checkable) - len(bad)} |")
        for symbol in bad:
            print(f"wrong: {symbol}")
    print(f"removals: {total} checked, {total - wrong} right")
    return wrong


def main() -> int:
    """Measure, print, and say with the exit status whether everything was right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blender", default="4.2,4.5,5.0", help="releases to ask, oldest first; empty for none")
    parser.add_argument("--cache", type=Path, default=stubs.default_cache(), help="folder with the API tables")
    options = parser.parse_args()
    known: dict[str, ApiTable] = {}
    complete = written_down(options.cache, known)
    releases = [release for release in options.blender.split(",") if release]
    return 0 if complete and not contradicted(releases, options.cache, known) else 1


if __name__ == "__main__":
    sys.exit(main())

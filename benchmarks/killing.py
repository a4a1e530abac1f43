"""Kill an update at random moments, and see each time whether the index is the old one or the new one.

    python benchmarks/killing.py [--kills 200] [--files 120]

A repository goes back and forth between two states; each `indexer update` between them is started as a
process and killed (SIGKILL) at a random moment of its work, starting Python left out. Afterwards the
index must open, be whole, and hold exactly the chunks of the one state or of the other.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from indexer.places import code_index
from indexer.stores.sqlite import SqliteStore

FUNCTION = '''
def function_{number}(context, value={value}):
    """Number {number} of state {state}."""
    for item in context.selected_objects:
        item.location.x += value * {number}
    return {number}
'''


def write(root: Path, state: str, files: int) -> None:
    """Put the repository into a state: half of its files differ between the two."""
    root.mkdir(exist_ok=True)
    for file in range(files):
        differs = state if file % 2 else "both"
        body = "".join(
            FUNCTION.format(number=number, value=file, state=f"{differs} of file {file}") for number in range(20)
        )
        (root / f"module_{file}.py").write_text(f'"""Module {file}."""\n{body}')


def held(path: Path) -> tuple[str, frozenset[tuple[str, str]]]:
    """What is wrong with an index, and what it holds."""
    with SqliteStore(path) as store:
        wrong = store.verify()
        chunks = store.chunks(row.id for row in store.names())
        return wrong, frozenset((chunk.path, chunk.key) for chunk in chunks.values())


def main() -> int:
    """Kill and look, until enough were killed; status 1 at the first index that is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--files", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        root, cache = Path(folder, "repo"), Path(folder, "cache")
        command = [sys.executable, "-m", "indexer", "update", str(root), "--cache", str(cache), "--json"]
        whole: dict[str, frozenset[tuple[str, str]]] = {}
        longest = 0.0
        for state in ("old", "new", "old"):
            write(root, state, arguments.files)
            began = time.monotonic()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            longest = time.monotonic() - began  # the last one finds every vector there, as all those killed do
            wrong, whole[state] = held(code_index(cache, root))
            if wrong:
                print(f"state {state}: {wrong}")
                return 1
        began = time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        idle = time.monotonic() - began  # nothing to do: what it takes to start, before which nothing can break
        outcomes: Counter[str] = Counter()
        now, kills = "old", 0
        while kills < arguments.kills:
            wanted = "new" if now == "old" else "old"
            write(root, wanted, arguments.files)
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(timeout=chance.uniform(0.6 * idle, longest))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
            else:
                outcomes["not killed: it had ended"] += 1
            wrong, content = held(code_index(cache, root))
            state = next((name for name, chunks in whole.items() if chunks == content), "")
            if wrong or not state:
                print(f"kill {kills}: {wrong or 'a mixture of the two states'}")
                return 1
            if process.returncode == -signal.SIGKILL:
                outcomes["killed: the new index" if state == wanted else "killed: the old index"] += 1
            now = state
        print(f"{kills} updates killed at random moments of {longest:.2f} s, {len(whole['old']):,} chunks each")
        for outcome, number in sorted(outcomes.items()):
            print(f"  {number:4}  {outcome}")
        print("  every index opened, was whole, and held one state entirely")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Count in how many public add-ons each thing of Blender's API is used: `indexer/data/api_usage.tsv.gz`.

    python benchmarks/count_usage.py --stubs WHEELS [--more COUNTS.tsv] [--out FILE] REPOSITORY...

A repository is a git directory (bare or not) with its history, or a plain folder. Of a history, the
last commit of each age of Blender is read, with the stubs of that age: code of 2012 says nothing of
what is asked today. An add-on is a folder (or file) with a `bl_info` or a manifest; of one repository
at most `MOST` add-ons count, so that no collection outweighs everybody else. Written are counts
alone. The code is parsed, never run.
"""

from __future__ import annotations

import argparse
import gzip
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from usage_of_code import MAX_BYTES, Api, Uses, uses_of  # noqa: E402

from indexer.blender_api.described_reader import read_described  # noqa: E402
from indexer.blender_api.usage import AGES, FILE, Age  # noqa: E402

MOST = 8
BL_INFO = re.compile(rb"^bl_info\s*=", re.MULTILINE)
SKIPPED = ("test", "tests", "venv", "site-packages", "docs")


@dataclass(frozen=True)
class Source:
    """A Python file: its path, and its blob to know it again by."""

    path: PurePosixPath
    blob: str


class Repository:
    """A git directory, or a plain folder that belongs to the newest age."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_git = (path / "HEAD").exists() or (path / ".git").exists()

    def commit(self, age: Age) -> str:
        """The last commit before the end of an age, if one was made in it."""
        if not self.is_git:
            return "folder" if age is AGES[-1] else ""
        found = self._git("log", "-1", f"--until={age.until}", "--format=%H %cs", "HEAD").split()
        return found[0] if found and found[1] >= age.since else ""

    def sources(self, commit: str) -> Iterator[Source]:
        """Its Python files and manifests, over-long ones left out."""
        if not self.is_git:
            for path in self.path.rglob("*.py"):
                yield Source(PurePosixPath(path.relative_to(self.path).as_posix()), str(path))
            return
        for line in self._git("ls-tree", "-r", "-z", "-l", commit).split("\0"):
            facts, _, name = line.partition("\t")
            if name.endswith((".py", "blender_manifest.toml")) and int(facts.split()[3]) <= MAX_BYTES:
                yield Source(PurePosixPath(name), facts.split()[2])

    def read(self, blobs: Iterable[str]) -> dict[str, bytes]:
        """The contents of blobs; those a partial copy lacks are left out."""
        if not self.is_git:
            return {blob: Path(blob).read_bytes() for blob in blobs}
        wanted = "".join(f"{blob}\n" for blob in dict.fromkeys(blobs)).encode()
        command = ["git", "-C", str(self.path), "cat-file", "--batch"]
        out = subprocess.run(command, input=wanted, capture_output=True, check=True).stdout
        found, at = {}, 0
        while at < len(out):
            end = out.index(b"\n", at)
            blob, *facts = out[at:end].decode().split()
            at = end + 1
            if len(facts) == 2:
                size = int(facts[1])
                found[blob] = out[at : at + size]
                at += size + 1
        return found

    def _git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.path), *arguments]
        return subprocess.run(command, capture_output=True, check=True, text=True, errors="replace").stdout


def addons(sources: Iterable[Source], texts: dict[str, bytes]) -> dict[PurePosixPath, list[Source]]:
    """Python files by the add-on they belong to: the nearest folder above with a `bl_info` or a manifest."""
    sources = list(sources)
    homes: set[PurePosixPath] = set()
    for source in sources:
        if source.path.name == "blender_manifest.toml":
            homes.add(source.path.parent)
        elif BL_INFO.search(texts.get(source.blob, b"")[:20_000]):
            homes.add(source.path.parent if source.path.name == "__init__.py" else source.path)
    found: dict[PurePosixPath, list[Source]] = {}
    beside: list[Source] = []
    for source in sources:
        if source.path.suffix == ".py" and not any(part in SKIPPED for part in source.path.parts):
            home = next((p for p in (source.path, *source.path.parents) if p in homes), None)
            (beside if home is None else found.setdefault(home, [])).append(source)
    # A few scripts beside the add-ons are tools; where they are the most of it, they are what an add-on loads.
    if len(beside) > sum(map(len, found.values())):
        found[PurePosixPath("beside")] = beside
    return found


def count(repository: Repository, age: Age, api: Api, known: dict[str, Uses]) -> tuple[int, Counter[str]]:
    """How many add-ons a repository has, and in how many each symbol (bare names: a dot in front) is used."""
    commit = repository.commit(age)
    total: Counter[str] = Counter()
    if not commit:
        return 0, total
    sources = list(repository.sources(commit))
    texts = repository.read(source.blob for source in sources if source.path.suffix == ".py")
    found = addons(sources, texts)
    for files in found.values():
        uses = Uses()
        for source in files:
            if source.blob not in known:
                known[source.blob] = uses_of(texts.get(source.blob, b""), api) or Uses()
            uses.add(known[source.blob])
        total.update(uses.symbols)
        total.update(f".{name}" for name in uses.bare)
    return min(len(found), MOST), Counter({name: min(number, MOST) for name, number in total.items()})


def main() -> None:
    """Count, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--stubs", type=Path, required=True, help="folder with the stub wheels of every age")
    parser.add_argument(
        "--more", type=Path, help="counts of names as code writes them: `name or owner.name`, tab, count"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "indexer" / "data" / FILE)
    options = parser.parse_args()
    rows: dict[str, list[int]] = {}
    owners: Counter[str] = Counter()
    seen = [0] * len(AGES)
    for index, age in enumerate(AGES):
        wheel = next(options.stubs.glob(f"*module_{age.stubs.replace('.', '_')}-*.whl"))
        api = Api(read_described(wheel).symbols)
        owners |= Counter(name.rpartition(".")[2] for name in api.symbols)
        for path in options.repositories:
            number, counts = count(Repository(path), age, api, {})
            seen[index] += number
            for name, users in counts.items():
                rows.setdefault(name, [0] * len(AGES))[index] += users
            print(f"{age.name}\t{path.parent.name}\t{number}\t{len(counts)}", file=sys.stderr)
    write(options.out, rows, owners, seen, len(options.repositories), options.more)


def write(
    path: Path, rows: dict[str, list[int]], owners: Counter[str], seen: list[int], repositories: int, more: Path | None
) -> None:
    """The rows by name; a gzip without a time, so that equal counts make equal files."""
    lines = [
        f"# Add-ons of {repositories} public repositories that use a symbol, by benchmarks/count_usage.py.",
        "# name: used for certain; .name: used, owner not known, of so many (last column); ~name: as code writes it.",
        "\t".join(["# ages", *(age.name for age in AGES)]),
        "\t".join(["# add-ons", *map(str, seen)]),
    ]
    for name, numbers in sorted(rows.items()):
        cells = [name, *(str(number or "") for number in numbers)]
        lines.append("\t".join([*cells, str(owners[name[1:]])] if name.startswith(".") else cells).rstrip("\t"))
    if more is not None:
        head, *table = more.read_text(encoding="utf-8").splitlines()
        total = re.search(r"\(of (\d+)\)", head)
        lines.append(f"# written\t{total[1] if total else MOST}")
        lines += [f"~{line}" for line in sorted(table)]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(("\n".join(lines) + "\n").encode())


if __name__ == "__main__":
    main()

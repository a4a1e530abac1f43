"""How long indexing and searching take, next to the straightforward pipeline and `bm25s`, from one run.

    python benchmarks/indexing.py --repo FOLDER [--model FOLDER] [--release 4.5] [--runs 5]

`--repo` is any folder of code with at least 200,000 lines of Python: 1,000 files of it are copied, and as
many lines. `--model` is a folder with all-MiniLM-L6-v2: with it (and sentence-transformers installed) the
straightforward pipeline is timed as well, on a sample of its chunks, and said for all of them. Every cold
figure is that of a process of its own, its peak memory included. Exit status 1 if a figure is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from baselines.pieces import cut

from indexer.repository import Checkout
from indexer.shelves.files import Files
from indexer.wiring import Wanted, index, searching

FILES, LINES = 1_000, 200_000
SEARCHED = 50_000
SAMPLE = 400
"""Chunks the model of the straightforward pipeline is timed on: it takes some 25 ms for each."""

QUESTIONS = (
    "export an armature with its animation", "where is the addon registered", "draw the panel in the sidebar",
    "AttributeError: 'Mesh' object has no attribute 'calc_normals'", "read vertices from a binary file",
    "select faces by material", "update the modifier stack", "invoke file browser", "bpy.types.Operator execute",
    "mesh.from_pydata", "parse header", "transform matrix of a bone", "write image texture to disk",
    "menu function append to file export", "keymap items", "undo push", "custom property with update callback",
    "convert curve to mesh", "unregister classes", "snap cursor to selected", "bmesh edit vertices loop",
    "shader nodes principled", "timer modal operator", "preferences addon path", "random seed scatter objects",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A line of the table; `limit` null where it is a baseline."""

    what: str
    value: float
    unit: str = "s"
    limit: float | None = None
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the figure is within its limit."""
        return self.limit is None or self.value <= self.limit

    def __str__(self) -> str:
        limit = "" if self.limit is None else f"{self.limit:g} {self.unit}"
        verdict = "" if self.limit is None else "yes" if self.met else "**no**"
        return f"| {self.what} | {self.value:.3g} {self.unit} | {limit} | {verdict} | {self.note} |"


def sample(source: Path, target: Path) -> tuple[int, int]:
    """Copy 1,000 Python files with 200,000 lines in all; the fitting number of lines of the last ones."""
    target.mkdir()
    files = sorted(path for path in source.rglob("*.py") if path.is_file() and path.stat().st_size < 500_000)
    random.Random(1).shuffle(files)
    left = LINES
    copied = 0
    for number, path in enumerate(files[:FILES]):
        lines = path.read_bytes().splitlines(keepends=True)
        share = max(1, left // (min(FILES, len(files)) - number))
        # Whole files as long as the lines last; a longer one is cut, and the next ones get what is left.
        kept = lines[: max(share * 3, 1)]
        place = target / f"package_{number // 50}" / f"{path.stem}_{number}.py"
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"".join(kept))
        left -= len(kept)
        copied += 1
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=b", "-c", "user.email=b@b", "commit", "-qm", "x"]):
        subprocess.run(["git", "-C", str(target), *command], check=True)
    return copied, LINES - left


def cold(*arguments: str) -> tuple[float, float, dict[str, object]]:
    """Seconds, megabytes at the peak, and the figures of an `indexer` command in a process of its own."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "indexer", *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"indexer {' '.join(arguments)} ended with {process.returncode}")
    return time.perf_counter() - began, used.ru_maxrss / 1000, json.loads(output)


def timed(work: Callable[[], object], runs: int) -> list[float]:
    """Seconds of each run."""
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return seconds


def build_rows(repo: Path, cache: Path) -> list[Row]:
    """A cold build, and updates after an edit."""
    seconds, peak, figures = cold("build", str(repo), "--cache", str(cache), "--json")
    rows = [
        Row("cold build, default embedder", seconds, "s", 60.0, f"{figures['chunks']:,} chunks, peak {peak:,.0f} MB")
    ]
    longest = min((p for p in repo.rglob("*.py")), key=lambda p: abs(len(p.read_bytes().splitlines()) - 500))
    original = longest.read_text(errors="replace")
    wanted = Wanted(cache)
    edits = []
    for number in range(5):
        edited = original.replace("    return", f"    _ = {number}\n    return", 1)
        longest.write_text(
            edited if edited != original else f"{original}\n\ndef added_{number}():\n    return {number}\n"
        )
        began = time.perf_counter()
        stats = index(Checkout.open(repo), wanted)
        edits.append((time.perf_counter() - began, stats.embedded))
    lines = original.count("\n")
    embedded = {count for _, count in edits}
    rows.append(Row("update after editing one function", statistics.median(s for s, _ in edits), "s", 0.3,
                    f"a file of {lines} lines; chunks embedded: {', '.join(map(str, sorted(embedded)))}"))  # fmt: skip
    longest.write_text(original)
    index(Checkout.open(repo), wanted)
    again = timed(lambda: index(Checkout.open(repo), wanted), 3)
    rows.append(Row("update with nothing changed", statistics.median(again)))
    return rows


def api_rows(release: str, cache: Path) -> list[Row]:
    """One release's API, cold."""
    seconds, peak, figures = cold("docs", release, "--cache", str(cache), "--json")
    note = f"{figures['chunks']:,} chunks, {figures['source']}, download included"
    return [
        Row(f"API of Blender {release}, cold", seconds, "s", 20.0, note),
        Row("its peak memory", peak, "MB", 600.0),
    ]


def search_rows(source: Path, folder: Path, cache: Path, release: str, runs: int) -> list[Row]:
    """Searching warm, a repository of at least 50,000 chunks and the API together, and from the shell."""
    repo = folder / "large"
    shutil.copytree(source, repo, ignore=shutil.ignore_patterns(".git"))
    chunks = _chunks(repo, cache)
    library = Path(sysconfig.get_paths()["stdlib"])
    files = [path for path in sorted(library.rglob("*.py")) if path.stat().st_size < 500_000]
    while chunks < SEARCHED and files:  # Python's own library fills up what is lacking, a hundred files at a time
        for path in files[:100]:
            target = repo / "library" / path.relative_to(library)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        files = files[100:]
        chunks = _chunks(repo, cache)
    with searching(repo, Files(cache), release) as searcher:
        for question in QUESTIONS:
            searcher.search(question, release=release)
        code = [s for q in QUESTIONS for s in timed(lambda q=q: searcher.search(q), runs)]  # type: ignore[misc]
        both = [s for q in QUESTIONS for s in timed(lambda q=q: searcher.search(q, release=release), runs)]  # type: ignore[misc]
    more = json.loads(_stats(repo, cache, release))["chunks"]
    command = [sys.executable, "-m", "indexer", "search", QUESTIONS[0], "--repo", str(repo), "--cache", str(cache)]
    shell = timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), 5)
    rows = []
    for what, seconds, limit in (
        (f"code, {chunks:,} chunks", code, 40.0),
        (f"code and API, {chunks + more:,} chunks", both, None),
    ):
        ordered = sorted(seconds)
        p95 = ordered[int(0.95 * len(ordered))]
        rows.append(Row(f"search, warm, {what}: p95", 1000 * p95, "ms", limit,
                        f"median {1000 * statistics.median(ordered):.1f} ms, {len(ordered)} searches"))  # fmt: skip
    return [*rows, Row("indexer search from the shell", statistics.median(shell), "s", 1.0, f"{chunks:,} chunks")]


def _chunks(repo: Path, cache: Path) -> int:
    return index(Checkout.open(repo), Wanted(cache)).chunks


def _stats(repo: Path, cache: Path, release: str = "") -> bytes:
    more = ["--release", release] if release else []
    command = [sys.executable, "-m", "indexer", "stats", str(repo), "--cache", str(cache), "--json", *more]
    return subprocess.run(command, check=True, capture_output=True).stdout


def baseline_rows(repo: Path, model: Path | None) -> list[Row]:
    """`bm25s` and the straightforward pipeline over the same files, built in full as they always are."""
    import bm25s

    began = time.perf_counter()
    pieces = [p for f in sorted(repo.rglob("*.py")) for p in cut(f.name, f.read_text(errors="replace"))]
    cutting = time.perf_counter() - began
    began = time.perf_counter()
    retriever = bm25s.BM25()
    retriever.index(bm25s.tokenize([piece.text for piece in pieces], show_progress=False), show_progress=False)
    seconds = cutting + time.perf_counter() - began
    asked = [s for q in QUESTIONS for s in timed(
        lambda q=q: retriever.retrieve(bm25s.tokenize(q, show_progress=False), k=10, show_progress=False), 3)]  # type: ignore[misc]  # fmt: skip
    p95 = 1000 * sorted(asked)[int(0.95 * len(asked))]
    rows = [
        Row("bm25s: build, and every update", seconds, note=f"{len(pieces):,} regex chunks, words alone"),
        Row("bm25s: search p95", p95, "ms"),
    ]
    if model is None:
        return rows
    import faiss
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(str(model), local_files_only=True)
    chosen = random.Random(1).sample(pieces, min(SAMPLE, len(pieces)))
    began = time.perf_counter()
    vectors = encoder.encode([p.text for p in chosen], batch_size=32, normalize_embeddings=True)
    faiss.IndexFlatIP(vectors.shape[1]).add(vectors)
    each = (time.perf_counter() - began) / len(chosen)
    note = f"{1 / each:.0f} chunks a second, timed on {len(chosen)}, said for {len(pieces):,}"
    return [*rows, Row("straightforward pipeline: build, and every update", cutting + each * len(pieces), note=note)]


def main() -> int:
    """Measure and print; the exit status says whether every figure is met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repo", type=Path, required=True)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--release", default="4.5")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repo, cache = Path(folder, "repo"), Path(folder, "cache")
        files, lines = sample(arguments.repo, repo)
        print(f"{files:,} files, {lines:,} lines, {os.cpu_count()} cores\n")
        rows = build_rows(repo, cache)
        rows += api_rows(arguments.release, cache)
        rows += search_rows(arguments.repo, Path(folder), cache, arguments.release, arguments.runs)
        rows += baseline_rows(repo, arguments.model)
        shutil.rmtree(cache)
    print("| what | seen | limit | met | |\n|---|---|---|---|---|")
    print("\n".join(map(str, rows)))
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

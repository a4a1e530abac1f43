"""MRR@10 on questions: 300 made ones that contain the name, and those written in users' words.

    python benchmarks/retrieval.py --cache FOLDER [--stubs FOLDER] [--words FILE]... [--release 4.5=75]...
        [--code REPOSITORY]... [--minilm MODEL_FOLDER] [--out FILE] [--failures]

`--cache` holds the API indexes; what is missing is built (which asks the package index for stubs).
`--stubs` holds one folder per release with its unpacked stubs: the truth of the made questions, and
what the tools that know only files search. Prints this project and its baselines from one run.
Exit status 1 if the default misses a target: 0.95 on names, 0.60 on users' words.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from baselines.checkout import Folder
from baselines.encoder import Encoder
from baselines.minilm_reranker import MiniLm
from baselines.pieces import PieceTrees
from baselines.plain_bm25 import PlainBm25
from baselines.ripgrep import Ripgrep
from baselines.straightforward import Straightforward
from history import name_of
from questions import oracle_api, oracle_code, stub_places
from questions.api_systems import LADDER, ApiBm25, ApiSearch, ApiWords, Release

from indexer.blender_api.described_reader import read_described
from indexer.embedders.registry import create
from indexer.evaluation.commits import History
from indexer.evaluation.metrics import paired_bootstrap
from indexer.evaluation.ours import BM25, DEFAULT, Search, Shared, Words, ladder
from indexer.evaluation.questions import NAMES, Answered, Question, answered, load
from indexer.evaluation.systems import Place, Snapshot, System
from indexer.evaluation.tables import markdown
from indexer.search import Stages

RELEASES = ("4.5=75", "5.0=30", "4.2=25", "3.6=20")
CODE_QUESTIONS = 150
SEED = 20261121
TARGETS = {"names": 0.95, "words": 0.60}
RERANKED = "bcrag + reranker (MiniLM)"


@dataclass(frozen=True)
class Line:
    """One system on one question of a set (`names: API`, `names: code`, `words: FILE`)."""

    set: str
    system: str
    question: Question
    score: Answered
    seconds: float
    first: tuple[Place, ...]


def api_systems(release: Release, options: argparse.Namespace, folder: Path) -> list[System]:
    """What is asked about the API."""
    found: list[System] = []
    encode = Encoder(options.minilm, options.vectors) if options.minilm else None
    if options.stubs:
        trees = PieceTrees((".pyi",))
        (folder / "tree").mkdir(parents=True)
        found += [Ripgrep(Folder(folder / "tree", (".pyi",))), PlainBm25(trees)]
        if encode is not None:
            found.append(Straightforward(trees, encode))
    found += [ApiBm25(release, BM25), ApiWords(release, Words.name)]
    found += [ApiSearch(release, name, stages) for name, stages in LADDER]
    if encode is not None:
        found.append(ApiSearch(release, RERANKED, Stages(), MiniLm(encode)))
    return found


def code_systems(options: argparse.Namespace, folder: Path, stack: ExitStack) -> list[System]:
    """What is asked about a repository."""
    shared = Shared(folder / "index.sqlite", create(options.embedder))
    stack.callback(shared.close)
    trees = PieceTrees()
    (folder / "tree").mkdir()
    found: list[System] = [Ripgrep(Folder(folder / "tree")), PlainBm25(trees)]
    encode = Encoder(options.minilm, options.vectors) if options.minilm else None
    if encode is not None:
        found.append(Straightforward(trees, encode))
    found += ladder(shared)
    if encode is not None:
        found.append(Search(shared, RERANKED, Stages(), MiniLm(encode)))
    return found


def ask(name: str, questions: Sequence[Question], systems: Sequence[System], tree: Snapshot) -> Iterator[Line]:
    """Every system on every question about one tree."""
    for system in systems:
        system.load(tree)
        for question in questions:
            began = time.perf_counter()
            places = system.rank(question.question, 10)
            took = time.perf_counter() - began
            yield Line(name, system.name, question, answered(question, places), took, tuple(places[:3]))
        print(f"{name}: {system.name}", file=sys.stderr, flush=True)


def about_api(options: argparse.Namespace) -> Iterator[Line]:
    """The made questions about each release, and the written ones."""
    counts = dict(pair.split("=") for pair in options.release)
    written = [(f"words: {path.stem}", question) for path in options.words for question in load(path)]
    releases = list(dict.fromkeys([*counts, *(question.about for _, question in written)]))
    for release in releases:
        with tempfile.TemporaryDirectory(prefix="retrieval-") as folder:
            index = Release(release, options.cache, options.embedder)
            try:
                sets: dict[str, list[Question]] = {}
                tree = Snapshot(Path(folder), f"none:{release}", {}, lambda _: iter(()))
                known = {}
                if options.stubs:
                    source = options.stubs / release
                    tree = stub_places.snapshot(source)
                    known = stub_places.places(tree)
                    if int(counts.get(release, 0)):
                        symbols = read_described(source).symbols
                        sets["names: API"] = oracle_api.generate(symbols, release, int(counts[release]), SEED)
                for name, question in written:
                    if question.about == release:
                        sets.setdefault(name, []).append(question)
                systems = api_systems(index, options, Path(folder))
                for name, questions in sets.items():
                    placed = [replace(q, targets=stub_places.targets(known, q.answers)) for q in questions]
                    yield from ask(name, placed, systems, tree)
            finally:
                index.close()


def about_code(options: argparse.Namespace) -> Iterator[Line]:
    """The made questions about each repository."""
    for number, path in enumerate(options.code):
        history = History.open(path)
        head = history.resolve()
        tree = Snapshot(history.root, head, history.tree(head), history.read)
        count = CODE_QUESTIONS // len(options.code) + (number < CODE_QUESTIONS % len(options.code))
        questions = oracle_code.generate(tree, name_of(path), count, SEED)
        with tempfile.TemporaryDirectory(prefix="retrieval-") as folder, ExitStack() as stack:
            yield from ask("names: code", questions, code_systems(options, Path(folder), stack), tree)


def table(lines: Sequence[Line]) -> str:
    """The means of one set."""
    header = ["system", "questions", *NAMES.values(), "median ms"]
    rows = []
    for system in dict.fromkeys(line.system for line in lines):
        own = [line for line in lines if line.system == system]
        means = [sum(getattr(line.score, key) for line in own) / len(own) for key in NAMES]
        took = sorted(line.seconds for line in own)[len(own) // 2]
        rows.append([system, str(len(own)), *(f"{mean:.3f}" for mean in means), f"{1000 * took:.0f}"])
    return markdown(header, rows)


def mean(lines: Sequence[Line], prefix: str) -> float | None:
    """MRR@10 of the default on the sets whose name begins so."""
    own = [line.score.mrr for line in lines if line.set.startswith(prefix) and line.system == DEFAULT]
    return sum(own) / len(own) if own else None


def advantage(lines: Sequence[Line]) -> str:
    """The default against BM25 with the same tokenizer, paired."""
    ours = {line.question.id: line.score.mrr for line in lines if line.system == DEFAULT}
    theirs = {line.question.id: line.score.mrr for line in lines if line.system == BM25}
    shared = [key for key in ours if key in theirs]
    return str(paired_bootstrap([ours[key] for key in shared], [theirs[key] for key in shared]))


def missed(lines: Sequence[Line]) -> Iterator[str]:
    """What the default did not put first."""
    for line in lines:
        if line.system == DEFAULT and line.score.mrr < 1:
            wanted = sorted(line.question.answers) or [f"{t.path} {t.name}" for t in line.question.targets]
            got = [place.symbol or f"{place.path}:{place.start}" for place in line.first]
            asked = f"{line.score.mrr:.2f} [{line.question.domain}] {line.question.question!r}"
            yield f"{asked}: wanted {wanted[:3]}, got {got}"


def main() -> int:
    """Ask, print, say with the exit status whether every target is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True, help="folder of the API indexes")
    parser.add_argument("--stubs", type=Path, help="folder with one folder of unpacked stubs per release")
    parser.add_argument("--words", type=Path, action="append", default=[], help="file of written questions")
    parser.add_argument("--release", action="append", default=[], help="release=questions to make about it")
    parser.add_argument("--code", type=Path, action="append", default=[], help="repository to make questions about")
    parser.add_argument("--embedder", default="static", help="the default's embedder")
    parser.add_argument("--minilm", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument(
        "--vectors", type=Path, default=Path("minilm-vectors.sqlite"), help="file its vectors are kept in"
    )
    parser.add_argument("--out", type=Path, help="JSON lines of every answer")
    parser.add_argument("--failures", action="store_true", help="list what the default did not put first")
    options = parser.parse_args()
    if options.stubs and not options.release:
        options.release = list(RELEASES)
    lines = [*about_api(options), *about_code(options)]
    for name in dict.fromkeys(line.set for line in lines):
        own = [line for line in lines if line.set == name]
        print(f"\n### {name}\n\n{table(own)}\n\n{DEFAULT} minus {BM25}, MRR@10: {advantage(own)}")
        if options.failures:
            print("\n" + "\n".join(missed(own)))
    if options.out:
        options.out.write_text("".join(json.dumps(asdict(line), default=sorted) + "\n" for line in lines))
    met = True
    for prefix, target in TARGETS.items():
        if (reached := mean(lines, prefix)) is not None:
            met &= reached >= target
            print(f"\n{prefix}: MRR@10 {reached:.3f}, target {target:.2f}")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())

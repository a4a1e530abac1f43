"""Recall on history: a fix commit's message against its parent tree, this project beside its baselines.

    python benchmarks/history.py REPOSITORY... [--cases 100] [--out FOLDER] [--minilm MODEL_FOLDER]
        [--semble-python PYTHON --semble-model FOLDER] [--rerank-every 5] [--only NAME]...

Repositories are checkouts or git directories with their history. Without `--minilm` what needs that
model is left out. Prints Markdown tables, writes outcomes as JSON lines; what was run is not run again.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from baselines.checkout import Folder
from baselines.encoder import Encoder
from baselines.minilm_reranker import MiniLm
from baselines.pieces import PieceTrees
from baselines.plain_bm25 import PlainBm25
from baselines.ripgrep import Ripgrep
from baselines.semble_search import Semble
from baselines.straightforward import Straightforward

from indexer.embedders.registry import create
from indexer.evaluation.commits import History
from indexer.evaluation.history import Case, mine
from indexer.evaluation.judging import Score
from indexer.evaluation.ours import BM25, DEFAULT, RECENT, Search, Shared, ladder
from indexer.evaluation.running import Outcome, run
from indexer.evaluation.systems import System
from indexer.evaluation.tables import difference_table, grouped, history_table
from indexer.search import Stages

RERANKED = "bcrag + reranker (MiniLM)"


def name_of(path: Path) -> str:
    """What a repository is called in the tables: the folder that holds its git directory."""
    while path.name in {".git", "repo"}:
        path = path.parent
    return path.name.removesuffix(".git")


def systems(options: argparse.Namespace, folder: Path, stack: ExitStack) -> list[System]:
    """What is measured, in the order of the table."""
    shared = Shared(folder / "index.sqlite", create(options.embedder))
    stack.callback(shared.close)
    trees = PieceTrees()
    (folder / "tree").mkdir()
    files = Folder(folder / "tree")
    found: list[System] = [Ripgrep(files), PlainBm25(trees)]
    if options.minilm:
        encode = Encoder(options.minilm, options.vectors)
        found.append(Straightforward(trees, encode))
    if options.semble_python:
        semble = Semble(files, options.semble_python, options.semble_model)
        stack.callback(semble.close)
        found.append(semble)
    found += [*ladder(shared), Search(shared, RECENT, Stages(), recent=True)]
    if options.minilm and options.rerank_every:
        found.append(Sampled(Search(shared, RERANKED, Stages(), MiniLm(encode)), options.rerank_every))
    return [system for system in found if not options.only or system.name in options.only]


class Sampled:
    """Marks a system that is too slow for every case."""

    def __init__(self, inner: Search, every: int) -> None:
        self.name = inner.name
        self.every = every
        self.load = inner.load
        self.rank = inner.rank


def measured(repository: Path, options: argparse.Namespace) -> Iterator[Outcome]:
    """The outcomes of a repository: those of the file of an earlier run, then those still missing."""
    name = name_of(repository)
    history = History.open(repository)
    cases = mine(history, name, options.cases)
    print(f"{name}: {len(cases)} cases", file=sys.stderr)
    file = options.out / f"{name}.jsonl"
    known = {(o.system, o.case): o for o in read(file)} if not options.again else {}
    with tempfile.TemporaryDirectory(prefix="history-") as folder, ExitStack() as stack:
        chosen = systems(options, Path(folder), stack)
        wanted = {case.id for case in cases}
        yield from (o for o in known.values() if o.case in wanted and o.system in {system.name for system in chosen})
        with file.open("a", encoding="utf-8") as out:
            for outcome in fresh(history, cases, chosen, set(known)):
                out.write(json.dumps(outcome.as_json()) + "\n")
                out.flush()
                yield outcome


def fresh(history: History, cases: list[Case], chosen: list[System], known: set[tuple[str, str]]) -> Iterator[Outcome]:
    """Run what was not run yet: systems that miss the same cases go through the trees together."""
    groups: dict[tuple[str, ...], list[System]] = {}
    for system in chosen:
        every = system.every if isinstance(system, Sampled) else 1
        missing = tuple(case.id for case in cases[::every] if (system.name, case.id) not in known)
        groups.setdefault(missing, []).append(system)
    for missing, group in groups.items():
        todo = [case for case in cases if case.id in missing]
        if todo:
            yield from run(history, todo, group, shown)


def shown(done: int, total: int) -> None:
    """The progress, on one line."""
    print(f"\r  {done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def read(file: Path) -> list[Outcome]:
    """Outcomes of an earlier run."""
    if not file.is_file():
        return []
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [Outcome(**(row | {"score": Score(**row["score"])})) for row in rows]


def main() -> int:
    """Measure, print; exit status 1 if the default does not surely beat BM25 with the same tokenizer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--out", type=Path, default=Path("history-outcomes"), help="folder of the outcomes")
    parser.add_argument("--again", action="store_true", help="run again what has an outcome")
    parser.add_argument("--only", action="append", default=[], help="only the system of this name")
    parser.add_argument("--embedder", default="static", help="the default's embedder")
    parser.add_argument("--minilm", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument(
        "--vectors", type=Path, default=Path("minilm-vectors.sqlite"), help="file its vectors are kept in"
    )
    parser.add_argument("--rerank-every", type=int, default=5, help="re-rank every n-th case; 0: none")
    parser.add_argument("--semble-python", type=Path, help="interpreter of an environment that has semble")
    parser.add_argument("--semble-model", type=Path, help="model2vec folder semble is to use")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    outcomes: list[Outcome] = []
    for repository in options.repositories:
        own = list(measured(repository, options))
        outcomes += own
        print(f"\n### {name_of(repository)}\n\n{history_table(own)}", flush=True)
    print(f"\n### All {len(options.repositories)}\n\n{history_table(outcomes)}")
    others = [system for system in grouped(outcomes) if system != DEFAULT]
    if DEFAULT not in grouped(outcomes) or not others:
        return 0
    print(f"\n{difference_table(outcomes, DEFAULT, others)}")
    return int(not beaten(outcomes)) if BM25 in others else 0


def beaten(outcomes: list[Outcome]) -> bool:
    """Whether the default is surely better than BM25 at finding both files and symbols."""
    from indexer.evaluation.tables import difference

    return all(difference(outcomes, DEFAULT, BM25, measure).above_zero for measure in ("file_recall", "symbol_recall"))


if __name__ == "__main__":
    sys.exit(main())

"""What the type sensor finds in public add-ons, what a real Blender says to it, and what it costs: `docs/sensors.md`.

    python benchmarks/sensors.py --mirrors CLONES --release 4.5 owner/name@COMMIT:ADDON ...
    python benchmarks/sensors.py --mirrors CLONES --release 4.1 --origin 3.6 --port v4.1.0 owner/name@v3.6.0:ADDON ...

Each add-on is exported (`git archive`), read by the sensor alone, and every question its claims come to
is asked of the Blender of that release, where one is installed. With `--port`, a later commit at which the
project itself had adapted its add-on, it also says which of the claimed lines that port changed, and how
many of the changed lines that mention a name the stubs have lost were claimed (a measure of recall).
ADDON may be `*`: every add-on of the commit. `--show N` prints claims to look at; `--plain` annotates nothing.
"""

from __future__ import annotations

import argparse
import difflib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from bot.addons import discover
from bot.blender.runtimes import find_runtimes, pick
from bot.blender.session import BlenderExerciser
from bot.models.addon import Addon, AddonKind
from bot.models.question import Question
from bot.models.release import Release
from bot.rules.source import Source, Unreadable
from bot.sandbox.registry import select
from bot.validators.base import Subject
from bot.validators.exercise import Exercise
from bot.validators.types.annotate import NAMES, marks_in
from bot.validators.types.sensor import Claimed, Sensor
from bot.validators.types.ty import Ty
from indexer.blender_api import stubs
from indexer.blender_api.table import ApiTable

IDLE = b'bl_info = {"name": "idle", "blender": (2, 80, 0)}\ndef register(): pass\ndef unregister(): pass\n'
"""An add-on that does nothing: Blender is started to be asked."""
SPELLED = re.compile(r"(?P<repo>[\w.-]+/[\w.-]+)@(?P<commit>[\w./-]+):(?P<addon>.+)")


@dataclass
class Figures:
    """What one add-on came to; counts of claims but for the seconds."""

    name: str
    lines: int = 0
    seconds: float = 0.0
    claims: int = 0
    denied: int = 0
    """A real Blender says it is not there: a fault."""
    there: int = 0
    unasked: int = 0
    changed: int = 0
    kept: int = 0
    gone: int = 0
    """Claims in files the port has no more: nothing is known of them."""
    missed: int = 0
    by_name: Counter[tuple[str, bool]] = field(default_factory=Counter)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table, and write JSON where asked."""
    options = _parser().parse_args(arguments)
    release = Release.parse(options.release)
    work = Path(tempfile.mkdtemp(prefix="sensors-"))
    work.chmod(0o755)
    found: list[tuple[Figures, tuple[Claimed, ...]]] = []
    for spelled in options.addons:
        for addon, files, after in _addons(spelled, options):
            found.append(_measure(addon, files, after, release, options, work / str(len(found))))
            print(json.dumps({**vars(found[-1][0]), "by_name": None}), file=sys.stderr, flush=True)
    answers = _ask(
        {question for _, claims in found for one in claims for question in one.claim.questions}, release, work
    )
    for figures, claims in found:
        for one in claims:
            _count(figures, one, answers)
    _print(found, answers, release, options.show)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("addons", nargs="+", metavar="owner/name@COMMIT:ADDON")
    parser.add_argument("--mirrors", type=Path, required=True, help="folder with owner+name/repo, git directories")
    parser.add_argument("--release", required=True, help="the release to look at")
    parser.add_argument("--origin", help="the release it was written for; default: what the add-on declares")
    parser.add_argument("--port", help="a later commit, where the project had adapted it")
    parser.add_argument("--plain", action="store_true", help="annotate nothing")
    parser.add_argument("--show", type=int, default=0, help="how many claims to print")
    return parser


def _addons(spelled: str, options: argparse.Namespace) -> Iterator[tuple[Addon, dict[str, bytes], dict[str, bytes]]]:
    match = SPELLED.fullmatch(spelled)
    if match is None:
        raise SystemExit(f"{spelled}: write it as owner/name@COMMIT:ADDON")
    git = _git_folder(options.mirrors / match["repo"].replace("/", "+"))
    below = () if match["addon"] in ("*", ".") else (match["addon"],)
    files = _archive(git, match["commit"], below)
    after = _archive(git, options.port, below) if options.port else {}
    python = tuple(path for path in files if path.endswith(".py"))
    infos = tuple(path for path in python if b"bl_info" in files[path])
    found = discover(tuple(files), files.__getitem__, infos, ".", match["repo"].partition("/")[2])
    for addon in found:
        if match["addon"] not in ("*", addon.path):
            continue
        declared = Release.parse(options.origin) if options.origin else addon.declared_minimum
        own = {path: files[path] for path in addon.files}
        yield addon.model_copy(update={"declared_minimum": declared}), own, after


def _git_folder(clone: Path) -> Path:
    return clone / "repo" / ".git" if (clone / "repo" / ".git").exists() else clone / "repo"


@cache
def _archive(git: Path, commit: str, below: tuple[str, ...]) -> dict[str, bytes]:
    listing = subprocess.run(
        ["git", f"--git-dir={git}", "ls-tree", "-r", "-z", "--name-only", commit, *below],
        capture_output=True,
        check=True,
    ).stdout.decode("utf-8", "replace")
    # Not the whole tree: a clone made for reading may lack its large files.
    wanted = [path for path in listing.split("\0") if path.endswith((".py", "blender_manifest.toml"))]
    argv = ["git", f"--git-dir={git}", "--literal-pathspecs", "archive", commit, *wanted]
    data = subprocess.run(argv, capture_output=True, check=True).stdout if wanted else b""
    if not wanted:
        return {}
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            if member.isfile():
                file = archive.extractfile(member)
                found[member.name] = file.read() if file is not None else b""
    return found


@cache
def _table(release: Release) -> ApiTable | None:
    return stubs.obtain(str(release), stubs.default_cache())


@cache
def _unpacked(release: Release) -> Path | None:
    return stubs.unpacked(str(release), stubs.default_cache())


def _sources(files: Mapping[str, bytes]) -> Iterator[Source]:
    for path, data in sorted(files.items()):
        try:
            yield Source.read(path, data)
        except Unreadable:
            continue


def _measure(
    addon: Addon,
    files: Mapping[str, bytes],
    after: Mapping[str, bytes],
    release: Release,
    options: argparse.Namespace,
    work: Path,
) -> tuple[Figures, tuple[Claimed, ...]]:
    work.mkdir()
    sources = tuple(_sources(files))
    subject = Subject(root=work, work=work, addon=addon, files=files, releases=(release,))
    sensor = Sensor(Ty(select("auto")), _unpacked, _table, {} if options.plain else NAMES)
    begin = time.monotonic()
    with sensor.read(subject, sources) as reading:
        claims = reading.claims(release)
        origin = reading.origin(release)
    figures = Figures(f"{addon.path}", sum(len(source.text.splitlines()) for source in sources))
    figures.seconds = round(time.monotonic() - begin, 2)
    figures.claims = len(claims)
    if after and origin is not None:
        _compare(figures, claims, sources, after, origin, release)
    return figures, claims


def _compare(
    figures: Figures,
    claims: Iterable[Claimed],
    sources: Iterable[Source],
    after: Mapping[str, bytes],
    origin: Release,
    release: Release,
) -> None:
    """Which claimed lines the port changed, and which changed lines with a lost name were not claimed."""
    changed = {source.path: _changed(source, after) for source in sources}
    by_path = {source.path: source for source in sources}
    claimed: set[tuple[str, int]] = set()
    for one in claims:
        lines = changed[one.path]
        verdict = None if lines is None else bool(lines & set(range(one.line, one.end_line + 1)))
        figures.gone += verdict is None
        figures.changed += verdict is True
        figures.kept += verdict is False
        claimed |= {(one.path, line) for line in range(one.line, one.end_line + 1)}
        if verdict is not None:
            figures.by_name[_root(one, by_path[one.path]), verdict] += 1
    lost = _lost(origin, release)
    for path, lines in changed.items():
        text = by_path[path].text.splitlines()
        for line in lines or ():
            names = set(re.findall(r"\.([a-z_]\w+)", text[line - 1])) if line <= len(text) else set()
            figures.missed += bool(names & lost) and (path, line) not in claimed


def _changed(source: Source, after: Mapping[str, bytes]) -> set[int] | None:
    data = after.get(source.path)
    if data is None:
        return None
    old, new = source.text.splitlines(), data.decode("utf-8", "replace").splitlines()
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=len(old) > 3000).get_matching_blocks()
    kept = {line for block in blocks for line in range(block.a + 1, block.a + block.size + 1)}
    return set(range(1, len(old) + 1)) - kept


@cache
def _lost(origin: Release, release: Release) -> frozenset[str]:
    """Names of members that no type has any more."""
    before, now = _table(origin), _table(release)
    if before is None or now is None:
        return frozenset()
    return frozenset(name for name in before.by_last_name if name not in now.by_last_name)


def _root(one: Claimed, source: Source) -> str:
    """The annotated name an expression begins with; the rest is known without annotations, or derived."""
    text = source.text.splitlines()[one.line - 1][one.column - 1 :]
    match = re.match(r"\w+", text)
    name = match[0] if match else ""
    marked = {mark.name for mark in marks_in(source.text.encode("utf-8", "replace"))}
    return name if name in marked else "(other)"


def _ask(questions: Iterable[Question], release: Release, work: Path) -> dict[Question, bool | None]:
    runtime = pick(find_runtimes(()), release)
    if runtime is None:
        print(f"Blender {release} is not installed: nothing is asked.", file=sys.stderr)
        return {}
    (work / "idle.py").write_bytes(IDLE)
    addon = Addon(path="idle.py", module="idle", kind=AddonKind.LEGACY, single_file=True, name="idle",
                  declared_minimum=None, files=("idle.py",))  # fmt: skip
    subject = Subject(root=work, work=work / "asked", addon=addon, files={"idle.py": IDLE}, releases=(release,))
    exercise = Exercise(BlenderExerciser(select("auto")), (runtime,), picture=False)
    found: dict[Question, bool | None] = {}
    waiting = sorted(questions, key=str)
    for begin in range(0, len(waiting), 1000):
        asked = replace(subject, questions=tuple(waiting[begin : begin + 1000]), work=work / f"asked-{begin}")
        found.update((answer.question, answer.exists) for answer in exercise.only(asked, release, ("none",)).answers)
    return found


def _count(figures: Figures, one: Claimed, answers: Mapping[Question, bool | None]) -> None:
    said = [answers.get(question) for question in one.claim.questions]
    if any(answer is True for answer in said):
        figures.there += 1
    elif said and all(answer is False for answer in said):
        figures.denied += 1
    else:
        figures.unasked += 1


def _print(
    found: Sequence[tuple[Figures, tuple[Claimed, ...]]],
    answers: Mapping[Question, bool | None],
    release: Release,
    show: int,
) -> None:
    print(
        "| add-on | lines | seconds | claims | Blender: not there | there | not asked | port changed | kept | missed |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    total = Figures("all")
    for figures, _ in found:
        for key in ("lines", "seconds", "claims", "denied", "there", "unasked", "changed", "kept", "gone", "missed"):
            setattr(total, key, round(getattr(total, key) + getattr(figures, key), 2))
        total.by_name += figures.by_name
    for row in [figures for figures, _ in found if figures.claims or len(found) < 40] + [total]:
        print(
            f"| {row.name} | {row.lines:,} | {row.seconds} | {row.claims} | {row.denied} | {row.there} | {row.unasked} "
            f"| {row.changed} | {row.kept} | {row.missed} |"
        )
    names = sorted({name for name, _ in total.by_name}, key=lambda name: -total.by_name[name, True])
    if names:
        print("\n| name | lines the port changed | kept |\n|---|--:|--:|")
    for name in names:
        print(f"| {name} | {total.by_name[name, True]} | {total.by_name[name, False]} |")
    shown = 0
    for _, claims in found:
        for one in claims:
            if shown < show:
                said = [answers.get(question) for question in one.claim.questions]
                print(f"{one.path}:{one.line}: {one.claim.text(release)} {said or 'not askable'}")
                shown += 1


if __name__ == "__main__":
    sys.exit(main())

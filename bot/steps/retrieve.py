"""What the faults rest on: the code around each, what Blender's documentation says about the API named, and how
the same thing was repaired here before; for a task in words, what answers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.models.citation import Citation
from bot.models.fault import Fault
from bot.models.release import Release
from indexer.blender_api.documentation import documentation_url
from indexer.chunking.python import enclosing, symbols
from indexer.models import Hit, Symbol
from indexer.search import SUFFIX, Retriever, citation, span

MAX_LINES = 30
MAX_CITATIONS = 200
MAX_FIXES = 5
MAX_ASKED = 20
MAX_ANSWERS = 10
MIN_TELLING = 4
"""Shorter names (`new`, `x`) stand in every other commit."""

AROUND = 3
"""Lines shown before and after a line that stands in no function or class."""


def retrieve(
    faults: Sequence[Fault],
    files: Mapping[str, bytes],
    commit: str,
    release: Release,
    retriever: Retriever | None = None,
    earlier: Sequence[Release] = (),
    task: str = "",
    inside: Callable[[str], bool] = lambda _path: True,
) -> tuple[Citation, ...]:
    """Cite the code and the documentation each fault is about, in the order of the faults, each once.

    `files` are those of `commit`. Documentation is that of the fault's own release, else of `release`,
    else of one of the `earlier` ones (nearest first), where members that are gone are still described.
    The retriever needs the API of those releases; without, only names spelled in full are cited. Past
    fixes and what answers the `task` (any text: an issue, a traceback) come last, those of the add-on
    alone: `inside` says what belongs to it.
    """
    known: dict[str, tuple[Symbol, ...]] = {}
    found: dict[str, Citation] = {}
    for fault in faults:
        releases = _releases(fault, release, earlier)
        for cited in (*_code(fault, files, commit, known), *_documentation(fault, releases, retriever)):
            if len(found) < MAX_CITATIONS:
                found.setdefault(cited.label, cited)
    if retriever is not None:
        for hit in (*_fixes(faults, retriever), *_answers(task, release, retriever)):
            if hit.kind == "api" or inside(hit.path):
                cited = _cited(hit)
                found.setdefault(cited.label, cited)
    return tuple(found.values())


def _fixes(faults: Sequence[Fault], retriever: Retriever) -> Iterator[Hit]:
    """Past commits of this repository that dealt with what is missing now."""
    asked: dict[str, str] = {}
    for fault in faults:
        if fault.member and len(fault.member) >= MIN_TELLING:
            asked.setdefault(fault.member, f"{fault.owner}.{fault.member}" if fault.owner else fault.member)
    left = MAX_FIXES
    for member, name in list(asked.items())[:MAX_ASKED]:
        for hit in retriever.search(name, kind="fix", limit=3):
            # Named there as a word: likeness alone would cite what has nothing to do with it.
            if left and re.search(rf"\b{re.escape(member)}\b", hit.text):
                left -= 1
                yield hit


def _answers(task: str, release: Release, retriever: Retriever) -> tuple[Hit, ...]:
    return retriever.search(task, release=str(release), limit=MAX_ANSWERS) if task.strip() else ()


def _cited(hit: Hit) -> Citation:
    if hit.kind == "api":
        return Citation(label=hit.symbol, url=hit.path or None, text=hit.text)
    return Citation(label=hit.citation, text=hit.text)


def _code(
    fault: Fault, files: Mapping[str, bytes], commit: str, known: dict[str, tuple[Symbol, ...]]
) -> Iterator[Citation]:
    data = files.get(fault.path)
    lines = len(data.splitlines()) if data is not None else 0
    if data is None or not 1 <= fault.line <= lines:
        return
    if fault.path not in known:
        known[fault.path] = symbols(fault.path, data)
    start, end = _span(fault, enclosing(known[fault.path], fault.line), lines)
    yield Citation(label=citation(fault.path, start, end, commit), text=span(data, start, end, MAX_LINES))


def _span(fault: Fault, symbol: Symbol | None, lines: int) -> tuple[int, int]:
    """The symbol around a fault, or the lines around it; of a long symbol the part that holds the fault."""
    last = max(fault.line, fault.end_line)
    start, end = (symbol.start, symbol.end) if symbol else (fault.line - AROUND, last + AROUND)
    start, end = max(1, start), min(end, lines)
    if end - start >= MAX_LINES:
        start = max(start, min(fault.line - MAX_LINES // 2, end - MAX_LINES + 1))
        end = start + MAX_LINES - 1
    return start, end


def _releases(fault: Fault, release: Release, earlier: Sequence[Release]) -> tuple[Release, ...]:
    own = (fault.release,) if fault.release is not None else ()
    return tuple(dict.fromkeys((*own, release, *earlier)))


def _documentation(fault: Fault, releases: Sequence[Release], retriever: Retriever | None) -> Iterator[Citation]:
    if not fault.owner:
        return
    names = [f"{fault.owner}.{fault.member}", fault.owner] if fault.member else [fault.owner]
    # The member first, in the newest release that has it: what is gone is described by an older manual.
    for name in names:
        for release in releases:
            if (hit := _looked_up(name, release, retriever)) is not None:
                yield Citation(label=hit.symbol, url=hit.path or None, text=hit.text)
                return
    # Without the API at hand only a name spelled in full can be trusted to have a page.
    url = documentation_url(fault.owner, str(releases[0])) if "." in fault.owner else None
    if url is not None and not _has_api(releases[0], retriever):
        yield Citation(label=fault.owner, url=url)


def _looked_up(symbol: str, release: Release, retriever: Retriever | None) -> Hit | None:
    hits = retriever.search(symbol, release=str(release), kind="api", limit=1) if retriever else ()
    return next((hit for hit in hits if hit.score >= SUFFIX), None)


def _has_api(release: Release, retriever: Retriever | None) -> bool:
    return _looked_up("bpy.types.Object", release, retriever) is not None

"""The report of a snippet, and the folder it is left in."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from bot.models.citation import Citation
from bot.models.exchange import Exchange
from bot.models.report import Cost
from bot.models.snippet import SnippetAttempt, SnippetReport, SnippetRequest, SnippetStatus
from bot.reporting import snippet as told
from bot.reporting.text import listed, plural
from bot.snippets.score import criteria, total
from bot.snippets.writing import Written
from bot.steps.keep import plain

CODE, RENDER, JSON, PAGE = "snippet.py", "render.png", "report.json", "report.md"
VERIFIED = "It ran twice in Blender {releases}, and the second run added nothing."
REFUSED = "It was not run: what only reads the code has {complaints}."
FAILED = "It is not good enough in Blender {releases}."
NOTHING = "There is no code: {why}"
TRIED = " {attempts} were needed."


def report(request: SnippetRequest, written: Written, calls: Sequence[Exchange]) -> SnippetReport:
    """Everything that is known, as a value."""
    best = written.best
    marks = criteria(request, best) if best else ()
    good = best is not None and best.good
    return SnippetReport(
        id=request.id,
        status=SnippetStatus.VERIFIED if good else SnippetStatus.PROBLEMS,
        summary=_summary(request, written),
        request=request,
        code=best.draft.code if best else "",
        score=total(marks),
        criteria=marks,
        citations=_citations(best) if best else (),
        opinion=written.opinion,
        attempts=tuple(written.attempts),
        best=best.number if best else None,
        render=RENDER if best and best.number in written.pictures else None,
        cost=Cost.of(calls),
        timings={name: round(seconds, 3) for name, seconds in written.timings.items()},
        versions=_versions(best),
    )


def leave(made: SnippetReport, picture: Path | None, folder: Path) -> None:
    """Write the folder, which ignores itself in git."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n")
    if made.code:
        (folder / CODE).write_text(made.code, "utf-8", newline="\n")
    if made.render and picture is not None:
        (folder / RENDER).write_bytes(plain(picture.read_bytes()))
    (folder / PAGE).write_text(told.page(made), "utf-8")
    (folder / JSON).write_text(made.model_dump_json(by_alias=True, indent=2) + "\n", "utf-8")


def _summary(request: SnippetRequest, written: Written) -> str:
    best = written.best
    if best is None:
        return NOTHING.format(why=written.unanswered.why if written.unanswered else "nothing was tried.")
    releases = listed(map(str, request.releases))
    if best.good:
        more = TRIED.format(attempts=plural(best.number, "attempt")) if best.number > 1 else ""
        return VERIFIED.format(releases=releases) + more
    if not best.runs:
        return REFUSED.format(complaints=plural(len(best.check.complaints), "complaint"))
    bad = [str(run.release) for run in best.runs if not run.idempotent]
    return FAILED.format(releases=listed(bad))


def _citations(best: SnippetAttempt) -> tuple[Citation, ...]:
    """What it says it rests on, then what else it uses; each symbol once."""
    found: dict[str, Citation] = {}
    for cited in (*best.draft.cites, *best.check.names):
        found.setdefault(cited.label, cited)
    return tuple(found.values())


def _versions(best: SnippetAttempt | None) -> dict[str, str]:
    blenders = {f"blender {run.release}": run.version for run in best.runs if run.version} if best else {}
    return {"bcrag": version("bcrag"), "python": platform.python_version(), **blenders}

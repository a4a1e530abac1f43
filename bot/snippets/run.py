"""Run a draft in the sandboxed Blender of each release, twice in the same scene, and look at what it makes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from bot.models.release import Release
from bot.models.reproduction import Script
from bot.models.snippet import Draft, SnippetRequest, SnippetRun
from bot.models.validation import Check, Observation, Outcome
from bot.sandbox.ending import end_children
from bot.snippets.base import Tools
from bot.snippets.host import host

SCRIPT = "snippet"
RUNS = 2
SIDE_BY_SIDE = 2
NOT_TRIED = "It was not run: {why}"
RAISED = "{exception}: {message}"
TAMPERED = "It tampers with what watches it: {what}"
_STOPPING_SECONDS = 0.2


@dataclass(frozen=True)
class Looked:
    """What each release said, oldest first, and the newest render there is."""

    runs: tuple[SnippetRun, ...]
    picture: Path | None


def run(request: SnippetRequest, draft: Draft, folder: Path, tools: Tools) -> Looked:
    """One start per release, side by side. Whatever the code does, there is a result.

    Raises:
        MissingError: the sandbox cannot be set up.
    """
    subject = host(folder, request.releases)
    script = Script(name=SCRIPT, text=draft.code, runs=RUNS)

    def look(release: Release) -> Observation:
        return tools.exercise.scripts(subject, release, (script,), shown=SCRIPT)

    with ThreadPoolExecutor(max_workers=SIDE_BY_SIDE) as pool:
        looks = [pool.submit(look, release) for release in request.releases]
        try:
            seen = [one.result() for one in looks]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            while wait(looks, timeout=_STOPPING_SECONDS).not_done:
                end_children()
            raise
    runs = tuple(_told(release, one) for release, one in zip(request.releases, seen, strict=True))
    return Looked(runs, _picture(seen))


def _told(release: Release, seen: Observation) -> SnippetRun:
    found = next((check for check in seen.checks if check.id == f"script:{SCRIPT}"), None)
    run = SnippetRun(release=release, version=seen.version, seconds=round(seen.seconds, 3), starts=seen.starts)
    if seen.tampering:
        return run.model_copy(update={"said": TAMPERED.format(what="; ".join(seen.tampering))[:2000]})
    if found is None or found.outcome is Outcome.SKIPPED:
        why = seen.note or (found.detail if found else "") or "nothing came back."
        return run.model_copy(update={"reached": False, "said": NOT_TRIED.format(why=why)})
    made = {name: counts for name, counts in found.made.items() if len(set(counts)) > 1}
    if found.outcome is Outcome.PASS:
        return run.model_copy(update={"passed": True, "made": made})
    return run.model_copy(update={"made": made, **_failure(found)})


def _failure(found: Check) -> dict[str, str]:
    fault = found.fault
    if fault is None:
        return {"said": found.detail or "It failed."}
    said = RAISED.format(exception=fault.exception, message=fault.message)
    return {"said": said[:2000], "traceback": (fault.traceback or "")[-6000:]}


def _picture(seen: Sequence[Observation]) -> Path | None:
    """The render of the newest release that has one."""
    return next((Path(one.pictures["picture"]) for one in reversed(seen) if "picture" in one.pictures), None)

"""Judging a tree: the case's script, run in the sandboxed Blender after the add-on was enabled, then disabling it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.blender.session import BlenderExerciser
from bot.errors import UsageError
from bot.evaluation.dependencies import WithModules
from bot.models.addon import Addon
from bot.models.evaluation import Case, JudgedBy
from bot.models.reproduction import Script
from bot.models.validation import Observation, Outcome
from bot.repository import Repository
from bot.validators.base import Subject
from bot.validators.exercise import Exercise
from bot.wiring import Job
from indexer.git import GitError

NAMES = "CASE_TMP = TMP\n"
"""What the shared format calls what a script has as `TMP`."""
KEEPS = "# no-disable"
"""A script with this in it is not followed by disabling the add-on."""
DISABLE = """

import sys as _sys
import addon_utils as _utils
_caught = []
def _collect(*given):
    _caught.append(given[0] if given and isinstance(given[0], BaseException) else _sys.exc_info()[1])
_utils.disable(MODULE, default_set=True, handle_error=_collect)
if _caught:
    raise _caught[0]
"""
NOT_APPLIED = "the patch does not apply: {why}"
NOT_RUN = "it could not be run: {why}"


@dataclass(frozen=True)
class Judgement:
    """Whether it passes (null: it could not be run), and what was said: hostile text."""

    passes: bool | None
    said: str = ""


def judge(
    case: Case, job: Job, repository: Repository, addon: Addon, work: Path, *, diff: bytes = b"",
    modules: tuple[Path, ...] = (),
) -> Judgement:  # fmt: skip
    """Run the case's script on a commit with a patch, in the release the job must prove. `work` is a fresh folder."""
    if case.judged_by is JudgedBy.NOTHING:
        return Judgement(None)
    try:
        clone = repository.clone(work / "clone")
        clone.apply(diff)
    except (GitError, UsageError) as error:
        return Judgement(False if diff else None, NOT_APPLIED.format(why=str(error)[:300]))
    release = job.request.targets[-1]
    subject = Subject(
        root=clone.folder,
        work=work,
        addon=addon,
        files=clone.read([path for path in addon.files if (clone.folder / path).is_file()]),
        releases=(release,),
        target=release,
        links=clone.links,
    )
    starter = WithModules(BlenderExerciser(job.sandbox), modules)
    exercise = Exercise(starter, job.runtimes, job.settings.seconds, picture=False)
    return _judgement(exercise.scripts(subject, release, (script(case),)))


def script(case: Case) -> Script:
    """What is run: the case's own text, and then disabling the add-on."""
    return Script(name="judge", text=NAMES + case.script + ("" if KEEPS in case.script else DISABLE))


def _judgement(seen: Observation) -> Judgement:
    check = next((check for check in seen.checks if check.id == "script:judge"), None)
    if not seen.reached or seen.tampering:
        return Judgement(False if seen.tampering else None, NOT_RUN.format(why=seen.note or "; ".join(seen.tampering)))
    if check is None:
        return Judgement(False, seen.note)
    fault = check.fault
    said = f"{fault.exception}: {fault.message}" if fault else check.detail
    return Judgement(check.outcome is Outcome.PASS, said[:500])

"""What is known of a case before the bot sees it: the fix, and whether its judge tells broken from repaired."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot import wiring
from bot.errors import ConfigurationError, MissingError, UsageError
from bot.evaluation.bench import Bench, work
from bot.evaluation.judging import Judgement, judge
from bot.evaluation.reference import reference
from bot.models.evaluation import Case, JudgedBy, Prepared, Reference
from bot.repository import Repository
from indexer.errors import IndexerError

PASSES_BEFORE = "the judge passes before the fix"
FAILS_AFTER = "the judge fails after the fix: {said}"


def prepare(bench: Bench, case: Case) -> Prepared:
    """Look at both sides of a case's fix, and run what judges it on each."""
    try:
        repository = bench.checkout(case)
        with tempfile.TemporaryDirectory(prefix="bcrag-eval-") as bundle:
            settings = bench.settings.model_copy(update={"llm": "none", "roles": {}})
            job = bench.job(case, repository, settings, Path(bundle) / "bundle")
    except ConfigurationError:
        raise
    except (UsageError, MissingError) as error:
        return Prepared(case=case, skipped=str(error))
    fix = _fix(case, job)
    broken = _judged(bench, case, job, repository)
    if broken.passes is None:
        return Prepared(case=case, reference=fix, said=broken.said)
    if broken.passes:
        return Prepared(case=case, reference=fix, sound=False, said=PASSES_BEFORE)
    fixed = _fixed(bench, case, job)
    said = FAILS_AFTER.format(said=fixed.said) if fixed.passes is False else ""
    return Prepared(case=case, reference=fix, sound=fixed.passes, said=said or broken.said)


def _fix(case: Case, job: wiring.Job) -> Reference:
    if case.after is None:
        return Reference()
    try:
        return reference(Path(case.source), case.before, case.after, job.request.addon.inside)
    except IndexerError:
        return Reference()


def _fixed(bench: Bench, case: Case, job: wiring.Job) -> Judgement:
    """What the judge says of the project's own fix; nothing where it is not known."""
    if case.after is None or case.judged_by is JudgedBy.NOTHING:
        return Judgement(None)
    try:
        return _judged(bench, case, job, bench.checkout(case, fixed=True))
    except UsageError as error:
        return Judgement(None, str(error))


def _judged(bench: Bench, case: Case, job: wiring.Job, repository: Repository) -> Judgement:
    addon = wiring.addon_of(repository, repository.root, case.addon)
    with work() as folder:
        return judge(case, job, repository, addon, folder, modules=bench.modules)

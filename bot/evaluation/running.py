"""One case under one configuration: the bot runs as for a user, then its patch is judged and its answers measured."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot import pipeline, wiring
from bot.dossier.codebase import Codebase
from bot.errors import BcragError, ConfigurationError, MissingError
from bot.evaluation import grounded, places
from bot.evaluation.ablations import Configuration
from bot.evaluation.bench import Bench, work
from bot.evaluation.dependencies import WithModules
from bot.evaluation.judging import Judgement, judge
from bot.evaluation.metrics import acceptance, context, faithfulness, localisation, relevancy
from bot.evaluation.opining import opine
from bot.evaluation.prompting import Told, told
from bot.evaluation.recording import Recorder
from bot.models.evaluation import Prepared, Reference, Result
from bot.models.patch import Patch
from bot.models.report import Report
from bot.patches import to_bytes
from bot.reporting.terminal import Progress
from bot.repository import Repository
from bot.steps.base import Tools
from bot.steps.narrate import Narrator
from bot.triggers.logs import frames_in
from indexer.embedders.base import Embedder
from indexer.embedders.static import StaticEmbedder
from indexer.errors import IndexerError

DEFECT = "{name}: {text}"


def run(bench: Bench, prepared: Prepared, configuration: Configuration, progress: Progress) -> Result:
    """The result; whatever goes wrong with the case is said in it. `KeyboardInterrupt` passes through.

    Raises:
        ConfigurationError: no case can be run so.
    """
    case, began = prepared.case, time.monotonic()
    result = Result(
        case=case.id,
        configuration=configuration.name,
        model=bench.settings.llm,
        kind=case.kind,
        release=case.blender or "",
        judged_by=case.judged_by,
        sound=prepared.sound,
        skipped=prepared.skipped,
        said=prepared.said,
    )
    if prepared.skipped:
        return result
    try:
        found = _run(bench, prepared, configuration, progress, result)
    except ConfigurationError:
        raise
    except MissingError as error:
        found = result.model_copy(update={"skipped": str(error)})
    except (BcragError, IndexerError) as error:
        found = result.model_copy(update={"error": str(error)})
    except Exception as error:  # a defect of ours in one case must not cost the others
        found = result.model_copy(update={"error": DEFECT.format(name=type(error).__name__, text=str(error)[:500])})
    return found.model_copy(update={"seconds": round(time.monotonic() - began, 1)})


def _run(bench: Bench, prepared: Prepared, configuration: Configuration, progress: Progress, result: Result) -> Result:
    case = prepared.case
    repository = bench.checkout(case)
    bundle = bench.bundle(case, configuration.name)
    job = bench.job(case, repository, configuration.settings(bench.settings), bundle)
    wiring.fetch_stubs(wiring.unread_stubs(job))
    with contextlib.suppress(IndexerError):
        wiring.update_index(job)
    if job.request.task:
        wiring.index_api(job)
    with work() as folder, wiring.tools(job, pictures=False, renders=folder / "renders", asking=True) as tools:
        recorder = Recorder(tools.models, lambda: tools.texts(job.request.addon), configuration.healing)
        own = configuration.tools(replace(_with_modules(tools, bench.modules), models=recorder))
        report = pipeline.run(job.request, own, Narrator(progress, job.request), bundle, folder / "state.sqlite")
        shutil.rmtree(bundle / "renders", ignore_errors=True)
        tools.clone.reset()
        judged = _judged(bench, prepared, job, repository, report, folder / "judge")
        measured = _measured(report, told(report, own), prepared.reference, tools, recorder, bench)
    return _outcome(result, report, judged).model_copy(update=measured)


def _with_modules(tools: Tools, modules: Sequence[Path]) -> Tools:
    """The same tools, whose Blenders find these modules."""
    if not modules:
        return tools
    exercise = replace(tools.exercise, starter=WithModules(tools.exercise.starter, modules))
    others = tuple(exercise if one is tools.exercise else one for one in tools.validators)
    return replace(tools, exercise=exercise, validators=others)


def _judged(
    bench: Bench, prepared: Prepared, job: wiring.Job, repository: Repository, report: Report, folder: Path
) -> Judgement:
    patch = best(report)
    if patch is None:
        return Judgement(None)
    folder.mkdir(mode=0o755)
    diff, addon = to_bytes(patch), job.request.addon
    return judge(prepared.case, job, repository, addon, folder, diff=diff, modules=bench.modules)


def best(report: Report) -> Patch | None:
    """The patch that was handed over."""
    return next((attempt.patch for attempt in report.attempts if attempt.number == report.best), None)


def answer(report: Report) -> Patch | None:
    """The model's answer to be looked at: what was handed over where it is a model's, else its last patch."""
    chosen = best(report)
    if chosen is not None and chosen.by == "model":
        return chosen
    written = [attempt.patch for attempt in report.attempts if attempt.patch.by == "model" and attempt.patch.summary]
    return written[-1] if written else None


def _outcome(result: Result, report: Report, judged: Judgement) -> Result:
    cost = report.cost
    return result.model_copy(
        update={
            "release": str(report.request.targets[-1]),
            "status": report.status,
            "verified": report.verified,
            "passes": judged.passes,
            "patched": best(report) is not None,
            "attempt": report.best,
            "patches": acceptance.marks_of(report.attempts),
            "calls": len(cost.calls),
            "usd": cost.usd,
            "input_tokens": cost.input_tokens,
            "output_tokens": cost.output_tokens,
            "error": report.error or "",
            "said": " | ".join(filter(None, (report.summary, "" if judged.passes else judged.said)))[:1000],
        }
    )


def _measured(
    report: Report, asked: Told, fix: Reference, tools: Tools, recorder: Recorder, bench: Bench
) -> dict[str, object]:
    """What is measured of answers, prompt and places; the clone is as the commit is."""
    request = report.request
    texts = tools.texts(request.addon)
    tables = grounded.known(request, tools.tables)
    written = [one.patch for one in report.attempts if one.patch.by == "model" and not one.patch.empty]
    shown, said = places.pointed_at(best(report), asked.faults or report.faults), answer(report)
    known: dict[str, object] = {
        "api": grounded.of_patches(written, tools.clone, texts, tables),
        "first_api": grounded.of_firsts(recorder.firsts, tables),
        "context": context.context(asked.pieces, fix),
        "right_file": localisation.right_file(shown, fix),
        "right_place": localisation.right_place(shown, fix),
    }
    if said is None or not said.summary:
        return known
    question = "\n".join(filter(None, (request.task, *(fault.message for fault in asked.faults))))
    frames = [(one.path, one.line) for one in frames_in(request.log, request.addon, texts)] if request.log else []
    embedder: Embedder = StaticEmbedder()
    return known | {
        "claims": faithfulness.claims(said.summary, _sources(said)),
        "likeness": relevancy.likeness(embedder, question, said.summary) if question else None,
        "on_target": relevancy.touches(places.changed(said), places.told(asked.faults, frames, Codebase(texts))),
        "opinion": opine(tools.models, question, said) if bench.opinions else None,
    }


def _sources(patch: Patch) -> list[str]:
    """What an answer may rest on: the pieces it cites, and the patch."""
    return [patch.diff, *(f"{cite.label}\n{cite.text}" for cite in patch.cites)]

"""From settings to implementations: the one place that knows which class stands behind which name."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bot import indexing
from bot.addons import choose, discover
from bot.blender.base import Runtime
from bot.blender.clean import CleanBlender
from bot.blender.install import install
from bot.blender.pytest_folder import pytest_folder
from bot.blender.runtimes import find_runtimes, pick
from bot.blender.selection import decide, newest_installable
from bot.blender.session import BlenderExerciser
from bot.cache import subfolder, writing
from bot.errors import ConfigurationError, MissingError, UsageError
from bot.llm import registry as llm
from bot.llm.desk import Models
from bot.llm.nothing import NoModels
from bot.llm.starting import Access, inherited
from bot.locks import abandoned, has_lock, held
from bot.models.addon import Addon
from bot.models.release import Release
from bot.models.request import Mode, RepairRequest, Turn
from bot.repository import Repository
from bot.rules.base import Rule
from bot.rules.registry import all_rules
from bot.runs import Asked
from bot.sandbox.base import Sandbox
from bot.sandbox.registry import select
from bot.settings import Settings
from bot.steps.base import Tools, static_releases
from bot.triggers.logs import release_of
from bot.validators.api import ApiValidator
from bot.validators.base import Tables, Validator
from bot.validators.declared import declared
from bot.validators.exercise import Exercise
from bot.validators.ruff import RuffValidator
from bot.validators.scenarios import Scenario, Scenarios
from bot.validators.syntax import SyntaxValidator
from bot.validators.tests.validator import RepositoryTests
from bot.validators.types.registry import own_types, sensor
from indexer.blender_api import stubs
from indexer.blender_api.table import ApiTable
from indexer.models import UpdateStats

UNKNOWN_RULES = "The configuration switches off {names}, which is neither a rule nor a family."
UNKNOWN_RULES_CURE = "`bot rules` lists the codes and families there are."
TOLD = "what was handed in is about Blender {release}: that is the release to prove (--blender names another)"
NOT_INSTALLED = "Blender {releases} is not installed."
NO_BUNDLE = "The bundle cannot be written to {out}."
LINKED = "{out} leads out of the checkout, through a link in it."

STALE_SECONDS = 2 * 24 * 3600
"""No run takes days: older work folders without a lock are what a killed one left."""


@dataclass(frozen=True)
class Task:
    """What the command line asks for, before anything is looked at."""

    task: str = ""
    log: str = ""
    mode: Mode = Mode.FIX
    hint: str = ""
    conversation: tuple[Turn, ...] = ()
    newest: bool = False
    """Whether the newest Blender there is counts beside those that are configured."""


@dataclass(frozen=True)
class Job:
    """One run, ready to go: the request and where its parts live."""

    repository: Repository
    request: RepairRequest
    settings: Settings
    runtimes: tuple[Runtime, ...]
    sandbox: Sandbox
    bundle: Path
    scenarios: tuple[Scenario, ...] = ()
    """What the repository declares, as it stands in the commit."""


def addon_of(repository: Repository, checkout: Path, wanted: str | None) -> Addon:
    """The add-on below `checkout`, or the one named, relative to it or to the repository.

    Raises:
        UsageError: none, several, or not that one.
    """
    place = repository.relative(checkout)
    found = discover(
        repository.files, repository.read, repository.holding("bl_info", "*.py"), place, repository.root.name
    )
    if wanted is not None and place != ".":
        below = f"{place}/{wanted}".removesuffix("/.")
        if any(addon.path == below for addon in found):
            wanted = below
    return choose(found, wanted, str(checkout))


def prepare(
    checkout: Path, repository: Repository, settings: Settings, task: Task, out: Path | None,
    progress: Callable[[str, float], None] | None = None, *, static: bool = False,
) -> Job:  # fmt: skip
    """Decide what a run is about and see that everything it needs is there.

    With `static` no Blender is needed: none is started.

    Raises:
        UsageError: the checkout or a flag is wrong.
        MissingError: a Blender or the sandbox is missing and may not, or cannot, be installed.
    """
    check_models(settings, out or repository.root)
    indexing.check_models(settings.embedder, settings.reranker)
    addon = addon_of(repository, checkout, settings.addon)
    sandbox = select(settings.sandbox)
    runtimes = find_runtimes(settings.blender_paths)
    selection = decide(
        addon,
        [runtime.release for runtime in runtimes],
        wanted=settings.blender or _told(task.log, runtimes, progress),
        oldest=settings.oldest,
        default=newest_installable(),
        newest=task.newest,
    )
    if not static:
        runtimes = (*runtimes, *_install(selection.missing, settings, progress))
    run_id = new_id()
    request = RepairRequest(
        id=run_id,
        task=task.task,
        log=task.log,
        mode=task.mode,
        hint=task.hint,
        conversation=task.conversation,
        commit=repository.commit,
        addon=addon,
        support=selection.support,
        targets=selection.targets,
        runs_on=selection.runs_on,
        max_attempts=settings.max_attempts,
    )
    chosen = tuple(runtime for release in selection.runs_on if (runtime := pick(runtimes, release)) is not None)
    bundle = out or bundle_of(repository, run_id)
    return Job(repository, request, settings, chosen, sandbox, bundle, declared(settings, repository))


def resume(repository: Repository, settings: Settings, asked: Asked, out: Path | None) -> Job:
    """The job of an interrupted run, with the releases it was about.

    Raises:
        UsageError: its commit is gone.
        MissingError: a Blender it ran in is gone.
    """
    request = asked.request
    found = find_runtimes(settings.blender_paths)
    chosen = tuple(runtime for release in request.runs_on if (runtime := pick(found, release)) is not None)
    if len(chosen) < len(request.runs_on):
        gone = [str(r) for r in request.runs_on if r not in {runtime.release for runtime in chosen}]
        raise MissingError(NOT_INSTALLED.format(releases=", ".join(gone)), f"bot blender install {' '.join(gone)}")
    pinned = repository.at(request.commit)
    bundle = out or Path(asked.bundle)
    return Job(pinned, request, settings, chosen, select(settings.sandbox), bundle, declared(settings, pinned))


def check_models(settings: Settings, out: Path) -> None:
    """See that the models a run is to ask can be asked, before work is spent; none is.

    Raises:
        ConfigurationError: a name, an address or a role is wrong.
        MissingError: a provider that was named needs a key that is not there, or may not be read.
    """
    if settings.llm != "auto" or settings.roles:
        # Without the broker's handle, which closing would let go of before the run has asked anything.
        llm.create(settings, out, replace(_access(), handle=None)).close()


@contextmanager
def models(settings: Settings, out: Path | None) -> Iterator[Models]:
    """Every model a run may ask; the broker ends with the block. Raises as `check_models`."""
    with contextlib.closing(llm.create(settings, out, _access())) as made:
        yield made


@cache
def _access() -> Access:
    """What the command was started with; asked once, for it is taken out of the environment."""
    return inherited(os.environ)


@contextmanager
def tools(
    job: Job, *, pictures: bool = True, static: bool = False, renders: Path | None = None, asking: bool = False
) -> Iterator[Tools]:
    """The collaborators of a job, in a private work folder that is gone afterwards; `static` starts no Blender.

    `renders` is where renders are kept beyond that, for a run that can be taken up again. With `asking` the models
    the settings name are at hand.
    """
    with work_folder(job.request.id) as work, contextlib.ExitStack() as opened:
        tables = _tables(job)
        clone = job.repository.clone(work / "clone")
        retriever = opened.enter_context(
            indexing.retriever(
                _wish(job), lambda release: tables(Release.parse(release)), lambda: clone.read(job.request.addon.files)
            )
        )
        asked = opened.enter_context(models(job.settings, job.bundle)) if asking else NoModels()
        exercise = Exercise(BlenderExerciser(job.sandbox), job.runtimes, job.settings.seconds, picture=pictures)
        yield Tools(
            clone=clone,
            work=work,
            renders=renders or work / "renders",
            validators=_validators(job, tables, None if static else exercise),
            exercise=exercise,
            clean=None if static else CleanBlender(job.sandbox),
            reproductions=job.settings.reproductions,
            tests_in_patch=job.settings.tests_in_patch,
            sensor=sensor(job.settings.checkers, job.sandbox, _unpacked(job), tables),
            stand_in=tables if static else None,
            rules=enabled_rules(job.settings.disable),
            runtimes=job.runtimes,
            retriever=retriever,
            tables=tables,
            models=asked,
            prompt_tokens=job.settings.max_input_tokens,
            candidates=job.settings.candidates,
            critic_gate=job.settings.critic_gate,
        )


@contextmanager
def work_folder(run_id: str) -> Iterator[Path]:
    """A folder for this process's part of a run; what killed ones left behind is removed on the way."""
    parent = subfolder("work")
    _sweep(parent)
    work = parent / f"{run_id}-{secrets.token_hex(3)}"
    hidden = parent / f".{work.name}"  # until its lock is held, lest another run sweeps it away
    try:
        with contextlib.ExitStack() as stack:
            with writing(parent):
                hidden.mkdir(mode=0o755)
                stack.enter_context(held(hidden))
                hidden.rename(work)
            yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def update_index(job: Job) -> UpdateStats:
    """Bring the repository's index up to the run's commit.

    Raises:
        IndexerError: it cannot be made or written; the run can do without.
    """
    return indexing.bring_up(_wish(job))


def index_api(job: Job) -> bool:
    """See that the API of the target can be searched by words, as a task in words needs; whether it can."""
    release = str(job.request.targets[-1])
    return indexing.api_there(release, job.settings.embedder, install=job.settings.install)


def _wish(job: Job) -> indexing.Wish:
    return indexing.Wish(job.repository.root, job.request.commit, job.settings.embedder, job.settings.reranker)


def _sweep(folder: Path) -> None:
    """Remove what runs that were killed left behind: folders whose lock nobody holds."""
    for old in folder.iterdir():
        with contextlib.suppress(OSError):
            age = abs(time.time() - old.stat().st_mtime)  # from the future, where the clock was set back
            if abandoned(old) if has_lock(old) and old.name[0] != "." else age > STALE_SECONDS:
                shutil.rmtree(old, ignore_errors=True)


def enabled_rules(disabled: Sequence[str]) -> tuple[Rule, ...]:
    """Every rule but those switched off by code, name or family.

    Raises:
        ConfigurationError: a name that is none of them.
    """
    rules = all_rules()
    known = {word for rule in rules for word in (rule.code, rule.name, rule.family)}
    unknown = [name for name in disabled if name not in known]
    if unknown:
        raise ConfigurationError(UNKNOWN_RULES.format(names=", ".join(unknown)), UNKNOWN_RULES_CURE)
    return tuple(rule for rule in rules if not {rule.code, rule.name, rule.family} & set(disabled))


def bundle_of(repository: Repository, run_id: str) -> Path:
    """Where a run leaves its bundle unless told otherwise."""
    return repository.root / ".bcrag" / "runs" / run_id


def new_id() -> str:
    """A run's name: when it began (UTC), and four random digits."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def check_out(out: Path, repository: Repository) -> None:
    """See that a bundle can be written there, before work is spent on it.

    Raises:
        UsageError: the folder holds something else, or a link in the checkout would lead the bundle elsewhere.
        MissingError: it cannot be written.
    """
    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise UsageError(f"{out} exists and is not empty.", "Name a new folder with --out.")
    if out.is_relative_to(repository.root) and out.resolve() != out:
        raise UsageError(LINKED.format(out=out), "Remove the link, or name a folder with --out.")
    there = next(folder for folder in out.absolute().parents if folder.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise MissingError(NO_BUNDLE.format(out=out), "Make it writable, or name another folder with --out.")


def _told(log: str, runtimes: Sequence[Runtime], progress: Callable[[str, float], None] | None) -> tuple[Release, ...]:
    """The release a log or an issue is about, where there is a Blender for it."""
    release = release_of(log) if log else None
    if release is None or pick(runtimes, release) is None:
        return ()
    if progress is not None:
        progress(TOLD.format(release=release), 0.0)
    return (release,)


def _install(
    missing: Sequence[Release],
    settings: Settings,
    progress: Callable[[str, float], None] | None,
) -> tuple[Runtime, ...]:
    return tuple(install(release, allowed=settings.install, progress=progress) for release in missing)


def _validators(job: Job, tables: Tables, exercise: Exercise | None) -> tuple[Validator, ...]:
    cheap: tuple[Validator, ...] = (SyntaxValidator(), RuffValidator(job.sandbox), ApiValidator(tables))
    own = own_types(job.settings.checkers, job.sandbox, _unpacked(job))
    if exercise is None:
        return (*cheap, *own)
    scenarios = (Scenarios(exercise, job.scenarios),) if job.scenarios else ()
    return (*cheap, *own, exercise, *scenarios, *_tests(job, exercise))


def _tests(job: Job, exercise: Exercise) -> tuple[Validator, ...]:
    """What runs the repository's own tests, where there is time for that."""
    pytest = cache(lambda: pytest_folder(install=job.settings.install))
    seconds, store = job.settings.test_seconds, job.repository.large_files
    return (RepositoryTests(exercise.starter, job.runtimes, seconds, pytest, store),) if seconds else ()


def unread_stubs(job: Job) -> tuple[Release, ...]:
    """The supported releases nothing runs in whose stubs were never read; none where nothing may be fetched."""
    if not job.settings.install:
        return ()
    folder = subfolder("stubs")
    static = static_releases(job.request.support.releases(), job.request.runs_on)
    return tuple(release for release in static if not stubs.known(str(release), folder))


def fetch_stubs(releases: Sequence[Release]) -> tuple[Release, ...]:
    """Fetch and read the stubs of releases not read before, side by side; returns those that cannot be had."""
    folder = subfolder("stubs")
    with ProcessPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(_fetch_one, map(str, releases), [folder] * len(releases)))
    return tuple(release for release, there in zip(releases, outcomes, strict=True) if not there)


def _fetch_one(release: str, folder: Path) -> bool:
    return stubs.obtain(release, folder) is not None


def _unpacked(job: Job) -> Callable[[Release], Path | None]:
    """Where the stubs of a release lie for a type checker, fetched once where that is allowed."""

    @cache
    def folder(release: Release) -> Path | None:
        return stubs.unpacked(str(release), subfolder("stubs"), install=job.settings.install)

    return folder


def _tables(job: Job) -> Tables:
    """Where the API of a release is looked up without running it: its stubs, fetched once where that is allowed."""

    @cache
    def table(release: Release) -> ApiTable | None:
        return stubs.obtain(str(release), subfolder("stubs"), install=job.settings.install)

    return table

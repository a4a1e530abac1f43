"""From settings to what writing a snippet needs: the releases it must work in, and its collaborators."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot import indexing, wiring
from bot.blender.base import Runtime
from bot.blender.install import install
from bot.blender.runtimes import find_runtimes, pick
from bot.blender.selection import newest_installable
from bot.blender.session import BlenderExerciser
from bot.cache import subfolder
from bot.errors import MissingError, UsageError
from bot.models.release import Release
from bot.models.snippet import SnippetRequest
from bot.sandbox.base import Sandbox
from bot.sandbox.registry import select
from bot.settings import Settings
from bot.snippets.base import Tools
from bot.validators.exercise import Exercise
from bot.validators.ruff import RuffValidator
from bot.validators.types.certain import Certain
from bot.validators.types.own import OwnTypes
from bot.validators.types.registry import own_types
from bot.validators.types.ty import NAME as TY
from bot.validators.types.ty import Ty
from indexer.blender_api import stubs
from indexer.blender_api.table import ApiTable

FOLDER = Path(".bcrag") / "snippets"
NOT_EMPTY = "{folder} exists and is not empty."
NOT_EMPTY_CURE = "Name a new folder with --out."
LINKED = "{folder} leads elsewhere, through a link."
LINKED_CURE = "Remove the link, or name a folder with --out."
UNWRITABLE = "The snippet cannot be written to {folder}."
UNWRITABLE_CURE = "Make it writable, or name another folder with --out."
NO_MODEL = "A snippet is written by a model. {why}"
NO_MODEL_CURE = """Name one:
  --llm ollama:MODEL, lmstudio or vllm      a server on this machine
  --llm openai or openrouter:MODEL          with its key in OPENAI_API_KEY or OPENROUTER_API_KEY
  --llm azure:DEPLOYMENT                    with its key in AZURE_OPENAI_API_KEY
  --llm http://HOST/v1#MODEL                any server of that protocol
  --llm manual                              no program at all: answer the prompt's file yourself"""


@dataclass(frozen=True)
class SnippetJob:
    """One snippet, ready to be asked for: the request, and where its parts live."""

    request: SnippetRequest
    settings: Settings
    found: tuple[Runtime, ...]
    """Every Blender there is."""
    sandbox: Sandbox
    folder: Path


def prepare(task: str, settings: Settings, max_attempts: int, out: Path | None) -> SnippetJob:
    """Decide which releases it is about and where it is left, and see that there is a sandbox.

    Raises:
        UsageError: the folder cannot be used.
        MissingError: no sandbox works.
    """
    snippet_id = wiring.new_id()
    folder = Path.cwd() / (out or FOLDER / snippet_id)
    _check_folder(folder, own=out is None)
    indexing.check_models(settings.embedder, settings.reranker)
    sandbox = select(settings.sandbox)
    found = find_runtimes(settings.blender_paths)
    newest = max((runtime.release for runtime in found), default=newest_installable())
    releases = tuple(sorted(set(settings.blender))) or (newest,)
    request = SnippetRequest(id=snippet_id, task=task, releases=releases, max_attempts=max_attempts)
    return SnippetJob(request, settings, found, sandbox, folder)


@contextmanager
def tools(job: SnippetJob, progress: Callable[[str, float], None]) -> Iterator[Tools]:
    """The collaborators, in a private work folder that is gone afterwards; a Blender that lacks is installed.

    Raises:
        ConfigurationError: what names a model is wrong.
        MissingError: there is no model, or a Blender may not, or cannot, be installed.
    """
    settings, releases = job.settings, job.request.releases

    @cache
    def table(release: Release) -> ApiTable | None:
        return stubs.obtain(str(release), subfolder("stubs"), install=settings.install)

    @cache
    def unpacked(release: Release) -> Path | None:
        return stubs.unpacked(str(release), subfolder("stubs"), install=settings.install)

    with wiring.work_folder(job.request.id) as work, contextlib.ExitStack() as opened:
        asked = opened.enter_context(wiring.models(settings, job.folder))
        if not asked.available:  # said before a Blender is fetched for nothing
            raise MissingError(NO_MODEL.format(why=asked.why), NO_MODEL_CURE)
        runtimes = tuple(_runtime(release, job.found, settings, progress) for release in releases)
        indexing.api_there(str(releases[-1]), settings.embedder, install=settings.install)
        found = indexing.api_retriever(settings.reranker, lambda release: table(Release.parse(release)))
        ty = (OwnTypes(Certain(Ty(job.sandbox)), unpacked),) if TY in settings.checkers else ()
        yield Tools(
            work=work,
            exercise=Exercise(BlenderExerciser(job.sandbox), runtimes, settings.seconds),
            runtimes=runtimes,
            lint=RuffValidator(job.sandbox),
            types=(*ty, *own_types(settings.checkers, job.sandbox, unpacked)),
            retriever=opened.enter_context(found),
            tables=table,
            models=asked,
            prompt_tokens=settings.max_input_tokens,
        )


def _runtime(
    release: Release, found: tuple[Runtime, ...], settings: Settings, progress: Callable[[str, float], None]
) -> Runtime:
    return pick(found, release) or install(release, allowed=settings.install, progress=progress)


def _check_folder(folder: Path, *, own: bool) -> None:
    """See that the folder can be written, before anybody is asked. `own` is one below the current folder."""
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise UsageError(NOT_EMPTY.format(folder=folder), NOT_EMPTY_CURE)
    if own and folder.resolve() != Path.cwd().resolve() / folder.relative_to(Path.cwd()):
        raise UsageError(LINKED.format(folder=folder), LINKED_CURE)
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise MissingError(UNWRITABLE.format(folder=folder), UNWRITABLE_CURE)

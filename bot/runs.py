"""Runs that can be taken up again: a folder each in the user's cache, by repository, gone when the run is done.

It holds what was asked for (`run.json`), the checkpoints (`state.sqlite`), the renders, and a lock while the run goes
on. Never in the checkout, where a stranger could have put it.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.cache import subfolder, writing
from bot.errors import UsageError
from bot.locks import abandoned, held
from bot.models.base import Frozen
from bot.models.request import RepairRequest

UNKNOWN = "No interrupted run is named {id!r} in this repository."
UNKNOWN_CURE = "A finished run cannot be resumed. Those that can: bot run {checkout} --resume"
ELSEWHERE = "The run {id} is one of the repository {root}."
ELSEWHERE_CURE = "Take it up there: bot run {root} --resume {id}"
BUSY = "The run {id} is going on right now, in another process."
BUSY_CURE = "Wait for it to end, or stop it there with Ctrl-C."
DAMAGED = "What was kept of the run {id} cannot be used: {detail}."
DAMAGED_CURE = "Start it anew: bot run"
OTHER_VERSION = "it was made by bcrag {version}, this is {ours}"
UNREADABLE = "it is damaged, or was changed"

KEPT_DAYS = 14
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}", re.ASCII)
_MAX_BYTES = 64_000_000


class UnusableRunError(UsageError):
    """What was kept of a run cannot be trusted to be what this version wrote."""

    def __init__(self, run_id: str, detail: str = UNREADABLE) -> None:
        super().__init__(DAMAGED.format(id=run_id, detail=detail), DAMAGED_CURE)


class Asked(Frozen):
    """What a run was asked for, and with which settings: all that taking it up needs besides its checkpoints."""

    version: str
    """Of bcrag: another one may mean something else by the same words."""
    root: str
    bundle: str
    request: RepairRequest
    settings: dict[str, Any]
    apply: bool = False
    branch: str | None = None


@dataclass(frozen=True)
class Kept:
    """A run's folder, locked by this process."""

    folder: Path
    asked: Asked

    @property
    def checkpoints(self) -> Path:
        """The file of the checkpoints."""
        return self.folder / "state.sqlite"

    @property
    def renders(self) -> Path:
        """Where renders are kept, by the hash of their bytes."""
        return self.folder / "renders"

    def done(self) -> None:
        """The run has been reported and handed over: nothing of it needs to be kept."""
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def begin(asked: Asked) -> Iterator[Kept]:
    """A new run's folder.

    Raises:
        MissingError: the cache cannot be written.
    """
    prune()
    folder = folder_of(Path(asked.root)) / asked.request.id
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True)
    with contextlib.ExitStack() as stack:
        with writing(folder):
            stack.enter_context(held(folder))
            (folder / "renders").mkdir()
            part = folder / "run.json.part"
            part.write_text(asked.model_dump_json(), "utf-8")
            part.replace(folder / "run.json")
        yield Kept(folder, asked)


@contextmanager
def take_up(run_id: str, root: Path, version: str, checkout: Path) -> Iterator[Kept]:
    """The folder of an interrupted run of the repository at `root`; one of a repository that has moved is moved too.

    Raises:
        UsageError: none of that name, one of another repository, one that goes on right now, or one that cannot
            be used any more.
    """
    folder = _find(run_id, root)
    if folder is None:
        raise UsageError(UNKNOWN.format(id=run_id), UNKNOWN_CURE.format(checkout=checkout))
    with contextlib.ExitStack() as stack:
        with writing(folder):
            mine = stack.enter_context(held(folder))
        if not mine:
            raise UsageError(BUSY.format(id=run_id), BUSY_CURE)
        asked = _read(folder)
        if asked is None or asked.request.id != run_id:
            raise UnusableRunError(run_id)
        if asked.version != version:
            raise UnusableRunError(run_id, OTHER_VERSION.format(version=asked.version, ours=version))
        before = Path(asked.root)
        if before != root:
            if before.exists():
                raise UsageError(
                    ELSEWHERE.format(id=run_id, root=before), ELSEWHERE_CURE.format(id=run_id, root=before)
                )
            asked = _moved(asked, before, root)
        yield Kept(folder, asked)


def interrupted(root: Path) -> tuple[Asked, ...]:
    """The runs of a repository that can be taken up, newest first."""
    found = []
    for folder in _folders(folder_of(root)):
        if abandoned(folder) and (asked := _read(folder)) is not None:
            found.append(asked)
    return tuple(sorted(found, key=lambda asked: asked.request.id, reverse=True))


def folder_of(root: Path) -> Path:
    """Where the runs of a repository are kept."""
    name = hashlib.sha256(str(root).encode("utf-8", "surrogateescape")).hexdigest()[:20]
    folder = subfolder("checkpoints") / name
    with writing(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def prune() -> None:
    """Remove what nobody will take up any more."""
    for repository in _entries(subfolder("checkpoints")):
        if repository.is_file():  # of an older version
            if _old(repository):
                repository.unlink(missing_ok=True)
            continue
        for folder in _folders(repository):
            if _old(folder) and abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            repository.rmdir()  # only when it is empty


def _find(run_id: str, root: Path) -> Path | None:
    """A run's folder: the repository's own, else whichever there is of that name."""
    if not _ID.fullmatch(run_id):
        return None
    here = folder_of(root) / run_id
    others = (repository / run_id for repository in _entries(subfolder("checkpoints")))
    return next((folder for folder in (here, *others) if (folder / "run.json").is_file()), None)


def _read(folder: Path) -> Asked | None:
    try:
        with (folder / "run.json").open("rb") as file:
            return Asked.model_validate_json(file.read(_MAX_BYTES))
    except (OSError, ValidationError):
        return None


def _moved(asked: Asked, before: Path, now: Path) -> Asked:
    bundle = Path(asked.bundle)
    if bundle.is_relative_to(before):
        bundle = now / bundle.relative_to(before)
    return asked.model_copy(update={"root": str(now), "bundle": str(bundle)})


def _folders(repository: Path) -> Iterator[Path]:
    return (path for path in _entries(repository) if _ID.fullmatch(path.name) and path.is_dir())


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _old(path: Path) -> bool:
    """Whether a file or folder is past keeping; one from a future the clock has gone back from is not."""
    with contextlib.suppress(OSError):
        return time.time() - path.stat().st_mtime > KEPT_DAYS * 24 * 3600
    return False

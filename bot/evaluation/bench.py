"""Where an evaluation lives, and what all of its runs share."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from bot import wiring
from bot.cache import subfolder, writing
from bot.errors import MissingError, UsageError
from bot.evaluation import trees
from bot.models.base import Frozen
from bot.models.evaluation import Case, Prepared, Result
from bot.models.release import Release
from bot.repository import Repository
from bot.settings import Settings

NO_FOLDER = "The results cannot be written to {folder}: {why}."
NO_FOLDER_CURE = "Make it writable, or name another folder with --out."
NO_CASE = "No case {id} was asked for in {out}."
NO_CASE_CURE = "Start the whole evaluation: bot eval"

_Value = TypeVar("_Value", bound=Frozen)


@dataclass(frozen=True)
class Bench:
    """`out` holds cases/<case>.json, <configuration>/<case>.json and the bundles beside; `modules` are folders of
    Python modules the add-ons expect; with `opinions` a model marks the answers."""

    out: Path
    settings: Settings
    modules: tuple[Path, ...] = ()
    opinions: bool = False

    def prepared(self, case: Case) -> Prepared | None:
        """What was found of a case before, if it is the same case still."""
        found = _read(Prepared, self.out / "cases" / f"{case.id}.json")
        return found if found is not None and found.case == case else None

    def result(self, case: Case, configuration: str) -> Result | None:
        """A result there is already, of the same model."""
        found = _read(Result, self.out / configuration / f"{case.id}.json")
        return found if found is not None and found.model == self.settings.llm else None

    def keep(self, value: Prepared | Result) -> None:
        """Write a value, whole or not at all."""
        name = value.configuration if isinstance(value, Result) else "cases"
        case = value.case if isinstance(value, Result) else value.case.id
        self._write(self.out / name / f"{case}.json", value)

    def _write(self, file: Path, value: Frozen) -> None:
        with _writable(file.parent):
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_name(f".{file.name}.part")
            part.write_text(value.model_dump_json(indent=1), "utf-8")
            part.replace(file)

    def ask(self, case: Case) -> None:
        """Write a case down for the process that is to run it."""
        self._write(self.out / "cases" / f"{case.id}.case.json", case)

    def asked(self, name: str) -> Case:
        """The case of this id that was written down.

        Raises:
            UsageError: there is none.
        """
        found = _read(Case, self.out / "cases" / f"{name}.case.json")
        if found is None:
            raise UsageError(NO_CASE.format(id=name, out=self.out), NO_CASE_CURE)
        return found

    def forget(self, case: Case, *, reports: bool) -> None:
        """Remove what is known of a case, and with `reports` the prompts and answers of its runs, too."""
        for file in self.out.glob(f"*/{case.id}.json"):
            file.unlink(missing_ok=True)
        for folder in self.out.glob(f"*/{case.id}") if reports else ():
            shutil.rmtree(folder, ignore_errors=True)

    def log(self, case: Case, configuration: str) -> Path:
        """Where the steps of a run that nobody watches are written."""
        folder = self.out / configuration
        with _writable(folder):
            folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{case.id}.log"

    def bundle(self, case: Case, configuration: str) -> Path:
        """Where a run leaves its report."""
        return self.out / configuration / case.id

    def checkout(self, case: Case, *, fixed: bool = False) -> Repository:
        """A fresh checkout of a case's commit, or of its fix; its folder is called as the add-on's module, which is
        what an add-on in a repository's root is enabled as.

        Raises:
            UsageError: the commit is not there.
        """
        folder = self.out / "trees" / case.id / ("fixed" if fixed else "broken") / case.module
        return trees.at_commit(Path(case.source), case.after if fixed and case.after else case.before, folder)

    def job(self, case: Case, repository: Repository, settings: Settings, bundle: Path) -> wiring.Job:
        """A run on a case, ready to go; raises as `wiring.prepare`."""
        releases = (Release.parse(case.blender),) if case.blender else settings.blender
        own = settings.model_copy(update={"addon": case.addon, "blender": releases})
        texts = "\n".join(filter(None, (case.log, case.task)))
        return wiring.prepare(repository.root, repository, own, wiring.Task(case.task, texts), bundle)


@contextmanager
def work() -> Iterator[Path]:
    """A folder the sandbox's user can reach, gone afterwards."""
    parent = subfolder("work")
    with writing(parent):
        folder = tempfile.TemporaryDirectory(prefix="eval-", dir=parent, ignore_cleanup_errors=True)
    with folder as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MissingError(NO_FOLDER.format(folder=folder, why=error.strerror or error), NO_FOLDER_CURE) from error


def _read(kind: type[_Value], file: Path) -> _Value | None:
    with contextlib.suppress(OSError, ValidationError):
        return kind.model_validate_json(file.read_bytes())
    return None

"""The files `bot init` writes, beside those that are there."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.commands.initialising.asking import ends
from bot.errors import Cancelled, UsageError
from bot.reporting.text import listed
from bot.settings import FILE, load
from bot.workflows.filling import Workflow
from bot.workflows.placing import Placed, State

if TYPE_CHECKING:
    from bot.models.addon import Addon
    from bot.repository import Repository
    from bot.workflows.answers import Answers

HEAD = "# Every key is described in docs/config.md of bcrag.\n"
CHANGED = "{paths}: there already, and different; nothing was written."
CHANGED_CURE = "See above what would change; overwrite it with --force."
STOPPED = "Stopped; nothing was written."
ASK_WRITE = "Write these files?"
ASK_OVERWRITE = "Overwrite {paths}?"


@dataclass(frozen=True)
class Planned:
    """What is to be written; and the configuration that is there already, with what it lacks."""

    files: tuple[Placed, ...]
    configuration: str = ""
    lacking: tuple[str, ...] = ()


def planned(
    repository: Repository, about: Addon, several: bool, answers: Answers, workflows: Sequence[Workflow]
) -> Planned:
    """Look what is there, and what has to be.

    Raises:
        UsageError: something is in the way.
    """
    root = repository.root
    files = tuple(Placed.look(root, one.path, one.text) for one in workflows)
    lines = tuple(_settings(root, about, several, answers))
    there = next((name for name in (FILE, "pyproject.toml") if _configured(root / name)), "")
    if not lines or there:
        return Planned(files, there, lines)
    return Planned((*files, Placed.look(root, FILE, HEAD + "".join(f"{line}\n" for line in lines))))


def write(files: Sequence[Placed], *, force: bool, asking: bool) -> int:
    """Write what is new, and what is different if that may be; how many that were.

    Raises:
        UsageError: something is there, is different, and must not be overwritten.
        Cancelled: whoever was asked does not want it.
    """
    wanted = [file for file in files if file.state is not State.SAME]
    changed = listed(file.path for file in wanted if file.state is State.CHANGED)
    if changed and not force:
        if not asking:
            raise UsageError(CHANGED.format(paths=changed), CHANGED_CURE)
        if not typer.confirm(ASK_OVERWRITE.format(paths=changed), default=False):
            raise Cancelled(STOPPED)
    elif wanted and asking and not typer.confirm(ASK_WRITE, default=True):
        raise Cancelled(STOPPED)
    for file in wanted:
        file.write()
    return len(wanted)


def _settings(root: Path, about: Addon, several: bool, answers: Answers) -> Iterator[str]:
    """The settings that say something the bot would not find out by itself."""
    there = load(root)
    if several and there.addon is None:
        yield f"addon = {json.dumps(about.path, ensure_ascii=False)}"
    if answers.releases != (there.blender or ends(about, there.oldest)):
        yield f"blender = {json.dumps([str(release) for release in answers.releases])}"


def _configured(path: Path) -> bool:
    """Whether a configuration of ours is in this file."""
    if path.is_symlink() or not path.is_file():
        return path.is_symlink()
    if path.name == FILE:
        return True
    try:
        return "bcrag" in tomllib.loads(path.read_text("utf-8")).get("tool", {})
    except (OSError, ValueError):
        return False

"""Cases in the shared format: a file of JSON lines, and a folder of the repositories they are commits of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import UsageError
from bot.models.evaluation import Case, JudgedBy
from bot.models.release import Release

UNREADABLE = "--cases: {path} cannot be read: {why}."
UNREADABLE_CURE = "It is a text file with one JSON object per line; docs/eval.md has the fields."
BAD_LINE = "--cases: {path}, line {line}: {field}: {why}."
BAD_LINE_CURE = (
    "A line is a JSON object with id, repo, before, addon_path, module and, where something judges, probe; "
    "docs/eval.md has the fields."
)
TWICE = "--cases: {path}, line {line}: there is a case {id!r} already."
TWICE_CURE = "Give each case an id of its own: results are kept under it."
NO_CASES = "--cases: {path} holds no case."
NO_REPOSITORY = "--cases: no repository of {repo} ({id}) is in {places}."
NO_REPOSITORY_CURE = (
    "Clone it there as {folder}, or name the folder that has it with --repositories DIR; --only leaves cases out."
)

_PROBE_FRAME = re.compile(r'^ {2}File "(?:probe_addon\.py|probes/[^"]*)", line \d+.*\n(?: {4}.*\n)*', re.MULTILINE)
_FRAME = re.compile(r'^ {2}File "([^"]*)", line \d+', re.MULTILINE)
_MAX_BYTES = 50_000_000


class _Line(BaseModel):
    """The fields that are read; others may stand beside them."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")
    repo: str
    before: str = Field(pattern=r"^[0-9a-f]{7,64}$")
    after: str | None = Field(default=None, pattern=r"^[0-9a-f]{7,64}$")
    addon_path: str = "."
    module: str = Field(pattern=r"^\w{1,100}$")
    runtime: Release | None = None
    kind: str = ""
    probe: str | None = Field(default=None, max_length=50_000)
    traceback: str | None = None
    silent_wrong_result: bool = False
    issue: str = ""
    """What a user would have written."""


def read(path: Path, repositories: Path | None, only: Sequence[str] = ()) -> tuple[Case, ...]:
    """The cases of a file, in its order; `only` those of these ids.

    Raises:
        UsageError: it cannot be read, a line is no case, or a case's repository is not there.
    """
    found: dict[str, Case] = {}
    for number, text in enumerate(_text(path).splitlines(), 1):
        if not text.strip():
            continue
        line = _line(path, number, text)
        if line.id in found:
            raise UsageError(TWICE.format(path=path, line=number, id=line.id), TWICE_CURE)
        if not only or line.id in only:
            found[line.id] = _case(line, path, repositories)
    if not found:
        raise UsageError(NO_CASES.format(path=path), UNREADABLE_CURE)
    return tuple(found.values())


def users_traceback(text: str, module: str) -> str:
    """The traceback without the frames of the probe; nothing where none of the add-on's frames is in it."""
    cleaned = _PROBE_FRAME.sub("", text)
    return cleaned if any(module in file for file in _FRAME.findall(cleaned)) else ""


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise UsageError(UNREADABLE.format(path=path, why="it is too large"), UNREADABLE_CURE)
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise UsageError(UNREADABLE.format(path=path, why=why), UNREADABLE_CURE) from error


def _line(path: Path, number: int, text: str) -> _Line:
    try:
        return _Line.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the line"
        message = BAD_LINE.format(path=path, line=number, field=field, why=first["msg"])
        raise UsageError(message, BAD_LINE_CURE) from None


def _case(line: _Line, path: Path, repositories: Path | None) -> Case:
    return Case(
        id=line.id,
        source=str(_source(line, path, repositories)),
        before=line.before,
        after=line.after,
        addon=line.addon_path,
        module=line.module,
        blender=str(line.runtime) if line.runtime else None,
        kind=line.kind,
        task=line.issue.strip(),
        log="" if line.silent_wrong_result else users_traceback(line.traceback or "", line.module),
        judged_by=JudgedBy.PROBE,
        script=line.probe or "",
    )


def _source(line: _Line, path: Path, repositories: Path | None) -> Path:
    folder = line.repo.replace("/", "+")
    places = [path.parent / line.repo]
    if repositories is not None:
        places = [repositories / folder / "repo", repositories / folder, repositories / line.repo, *places]
    for place in places:
        if (place / ".git").exists() or (place / "objects").is_dir():
            return place.resolve()
    shown = repositories or path.parent
    cure = NO_REPOSITORY_CURE.format(folder=f"{shown}/{folder}/repo")
    raise UsageError(NO_REPOSITORY.format(repo=line.repo, id=line.id, places=shown), cure)

"""`ty`: fast enough to be asked about every release of a run.

Its configuration is a file of ours, named on its command line: one of the repository, of a folder
above it, or in a script's own header is then not read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bot.sandbox.base import Command, Limits, Sandbox
from bot.validators.types.base import MAX_FINDINGS, MAX_MESSAGE, Checked, Copied, Finding, ended, python_of

NAME = "ty"
KINDS = (
    "import-not-found",
    "invalid-argument-type",
    "invalid-assignment",
    "missing-argument",
    "missing-attribute",
    "missing-union-attribute",
    "too-many-positional-arguments",
    "unknown-argument",
)
"""The kinds of finding that can speak of an API; all others are off."""

LIMITS = Limits(seconds=60, memory_bytes=3 * 1024**3, file_bytes=1024**2, processes=64, answer_bytes=32 * 1024**2)
NOT_INSTALLED = "it is not installed"
UNREADABLE = "it gave no readable answer"

_CONFIGURATION = """\
[environment]
python-platform = "linux"
python-version = "{python}"
root = [{folder}]
extra-paths = [{stubs}]

[src]
respect-ignore-files = false

[rules]
all = "ignore"
{kinds}
"""


@dataclass(frozen=True)
class Ty:
    """Runs the `ty` that is installed beside bcrag."""

    sandbox: Sandbox
    limits: Limits = LIMITS
    name: str = NAME

    def check(self, copied: Copied) -> Checked:
        """One run; nothing is found where `ty` is missing, dies or takes too long, and `problem` says so."""
        binary = find()
        if binary is None:
            return Checked(problem=NOT_INSTALLED)
        configuration = copied.work / "ty.toml"
        configuration.write_text(_configuration(copied), encoding="utf-8")
        argv = [str(binary), "check", "--config-file", str(configuration), "--output-format", "gitlab"]
        argv += [
            "--exit-zero",
            "--no-progress",
            "--color",
            "never",
            "--project",
            str(copied.folder),
            str(copied.folder),
        ]
        finished = self.sandbox.run(
            Command(
                argv=argv,
                writable=copied.work,
                readable=(binary, copied.folder, copied.stubs),
                limits=self.limits,
                answers=True,
            )
        )
        problem = ended(finished.status, self.limits.seconds)
        findings = None if problem else read(finished.answer, copied)
        if findings is None:
            return Checked(problem=problem or UNREADABLE, seconds=finished.seconds)
        return Checked(findings, seconds=finished.seconds)


def find() -> Path | None:
    """The binary of the installed wheel, or null."""
    try:
        from ty import find_ty_bin

        return Path(find_ty_bin()).resolve(strict=True)
    except (ImportError, OSError):  # FileNotFoundError where the wheel is damaged
        return None


def read(answer: bytes, copied: Copied) -> tuple[Finding, ...] | None:
    """The findings in what ty printed; null where it is none of its lists. The text is a stranger's in part."""
    try:
        rows = json.loads(answer)
        if not isinstance(rows, list):
            return None
        known = set(copied.paths)
        found = (_finding(row, copied) for row in rows[:MAX_FINDINGS])
        return tuple(finding for finding in found if finding.path in known)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _finding(row: Mapping[str, object], copied: Copied) -> Finding:
    location = row["location"]
    if not isinstance(location, dict):
        raise ValueError("a finding without a place")
    begin, end = location["positions"]["begin"], location["positions"]["end"]
    code = str(row["check_name"])
    message = str(row["description"]).removeprefix(f"{code}: ")
    return Finding(
        path=_inside(str(location["path"]), copied.folder),
        line=int(begin["line"]),
        column=int(begin["column"]),
        end_line=int(end["line"]),
        end_column=int(end["column"]),
        code=code[:60],
        message=" ".join(message[: 4 * MAX_MESSAGE].split())[:MAX_MESSAGE],
    )


def _inside(path: str, folder: Path) -> str:
    """A path as the copy has it, relative to its folder; ty writes it relative to the project where it can."""
    found = PurePosixPath(path)
    return (found.relative_to(folder) if found.is_absolute() else found).as_posix()


def _configuration(copied: Copied) -> str:
    kinds = "\n".join(f'{kind} = "error"' for kind in KINDS)
    return _CONFIGURATION.format(
        python=python_of(copied.release),
        folder=json.dumps(str(copied.folder)),
        stubs=json.dumps(str(copied.stubs)),
        kinds=kinds,
    )

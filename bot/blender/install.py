"""Installing and removing managed Blenders: a virtual environment each, holding the `bpy` wheel."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.blender.base import Runtime
from bot.blender.environments import environment_runtime, last_used, write_marker
from bot.blender.pythons import Python, cure, fetch_python, find_python, uv_binary
from bot.blender.releases import MEBIBYTE, WHEELS, Wheel, wheel
from bot.blender.runtimes import managed_runtimes
from bot.cache import blender_folder
from bot.errors import MissingError, UsageError
from bot.models.release import Release

Progress = Callable[[str, float], None]
"""Called with a sentence and a fraction from 0 to 1, now and then, from the calling thread."""

_TICK = 0.4
_PIP_SECONDS = 3600
_DAY = 86_400
_NOT_PASSED_ON = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV")
"""Variables that would make pip install somewhere else; all others (index, proxy, certificates) hold."""


def announcement(release: Release) -> str:
    """What an installation will fetch and how large it is; empty where there is no wheel."""
    facts = wheel(release)
    if facts is None:
        return ""
    return (
        f"Blender {release} (the bpy wheel from the Python package index): "
        f"about {facts.download_mib} MB to download, {facts.installed_mib} MB once installed."
    )


def install(
    release: Release,
    *,
    allowed: bool,
    progress: Progress | None = None,
    patch: int | None = None,
    cache: Path | None = None,
) -> Runtime:
    """The managed Blender of a release, installed first where it is not yet there.

    Without `patch`, any installed patch level will do, and the newest one is installed. Stopping
    half-way leaves nothing behind, and two runs at once install it once.

    Raises:
        UsageError: there is no wheel of this release.
        MissingError: it may not be installed (`allowed` is false), or something it needs is missing.
    """
    facts = wheel(release)
    if facts is None:
        known = ", ".join(str(one) for one in WHEELS)
        raise UsageError(
            f"Blender {release} cannot be installed by bcrag.",
            f"Choose one of {known}, or install Blender {release} yourself and name it with BCRAG_BLENDER_PATHS.",
        )
    if there := _installed(release, patch, cache):
        return there
    if not allowed:
        raise MissingError(
            f"Blender {release} is not on this machine, and nothing may be installed.",
            f"Type `bot blender install {release}` ({facts.download_mib} MB to download).",
        )
    tell = progress or (lambda text, fraction: None)
    folder = blender_folder(root=cache)
    with _lock(folder, release, tell):
        if there := _installed(release, patch, cache):  # another run has done it meanwhile
            return there
        for left in folder.glob(f".new-{release}-*"):
            shutil.rmtree(left, ignore_errors=True)
        _check_space(folder, facts, release)
        tell(announcement(release), 0.0)
        python = find_python(facts.python, cache=cache)
        if python is None:
            tell(f"Fetching Python {facts.python_text} (about 30 MB)", 0.0)
            python = fetch_python(facts.python, cache=cache)
        return _build(folder, release, patch, facts, python, tell)


def remove(runtime: Runtime) -> None:
    """Delete a managed Blender.

    Raises:
        UsageError: bcrag did not install it.
    """
    if not runtime.managed:
        raise UsageError(f"{runtime.path} was not installed by bcrag.", "Remove it the way it was installed.")
    folder = runtime.path.parent.parent
    doomed = Path(tempfile.mkdtemp(prefix=".old-", dir=folder.parent))
    folder.rename(doomed / folder.name)  # gone at once, however long deleting takes
    shutil.rmtree(doomed)


def unused(runtimes: Sequence[Runtime], *, days: int = 30) -> tuple[Runtime, ...]:
    """The managed Blenders no run has used for that many days."""
    before = time.time() - days * _DAY
    return tuple(runtime for runtime in runtimes if runtime.managed and (last_used(runtime) or 0.0) <= before)


def _installed(release: Release, patch: int | None, cache: Path | None) -> Runtime | None:
    wanted = None if patch is None else f"{release}.{patch}"
    return next(
        (
            runtime
            for runtime in managed_runtimes(cache=cache)
            if runtime.release == release and wanted in (None, runtime.version)
        ),
        None,
    )


@contextmanager
def _lock(folder: Path, release: Release, tell: Progress) -> Iterator[None]:
    """One installation of a release at a time, between processes."""
    with (folder / f".lock-{release}").open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                tell(f"Waiting for another run that is installing Blender {release}", 0.0)
                time.sleep(0.5)
        yield


def _check_space(folder: Path, facts: Wheel, release: Release) -> None:
    free = shutil.disk_usage(folder).free
    if free < facts.needed_bytes:
        raise MissingError(
            f"Installing Blender {release} needs {facts.needed_bytes // MEBIBYTE} MB in {folder}, "
            f"and {free // MEBIBYTE} MB are free.",
            "Free some space (`bot blender remove --unused`), or name another folder with BCRAG_CACHE_DIR.",
        )


def _build(folder: Path, release: Release, patch: int | None, facts: Wheel, python: Python, tell: Progress) -> Runtime:
    """Make the environment beside its place and move it there when it is whole."""
    building = Path(tempfile.mkdtemp(prefix=f".new-{release}-", dir=folder))
    try:
        environment, temporary = building / "environment", building / "tmp"
        temporary.mkdir()
        seed = [] if _seeds_pip(python) else ["--without-pip"]
        ask = _Child(building, temporary)
        making = [str(python.executable), "-I", "-m", "venv", *seed, str(environment)]
        ask.run(making, f"Preparing Blender {release}", 0.0, lambda: 0.0, tell, cure(facts.python))
        wanted = f"bpy=={release}.{'*' if patch is None else patch}"
        total = (facts.download_mib + facts.installed_mib) * MEBIBYTE
        ask.run(
            [*_pip(environment, python), "--only-binary", ":all:", wanted],
            f"Installing Blender {release}",
            0.02,
            lambda: _size(building) / total,
            tell,
            f"Check the network and pip's index; `pip download --no-deps {wanted}` shows the same in full.",
        )
        made = environment_runtime(environment)
        if made is None or made.release != release:
            raise MissingError(f"What pip installed for {wanted} is no Blender {release}.", "Try again.")
        for script in (environment / "bin").iterdir():
            if not script.name.startswith("python"):
                script.unlink()  # they name the folder it was built in
        write_marker(environment, made.version)
        building.chmod(0o755)
        place = folder / made.version
        if place.exists():  # there, but broken: `_installed` did not see it
            place.rename(building / "broken")
        environment.rename(place)
        runtime = environment_runtime(place)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    if runtime is None:
        raise MissingError(
            f"The environment {place} does not work.", f"Remove it, then `bot blender install {release}`."
        )
    tell(f"{runtime.label} is installed", 1.0)
    return runtime


def _own_pip(python: Python) -> bool:
    """Whether bcrag's own pip can install for that Python: it saves seconds against seeding another."""
    return python.version == sys.version_info[:2] and importlib.util.find_spec("pip") is not None


def _seeds_pip(python: Python) -> bool:
    return python.seeds_pip and not _own_pip(python)


def _pip(environment: Path, python: Python) -> list[str]:
    """A pip that installs into the environment: bcrag's, else the environment's, else uv's.

    Pip comes before uv because it reads the user's pip configuration; uv does not.
    """
    target = str(environment / "bin" / "python")
    options = ["install", "--disable-pip-version-check", "--no-cache-dir", "--no-input"]
    if _own_pip(python):
        return [sys.executable, "-I", "-m", "pip", "--python", target, *options]
    if _seeds_pip(python):
        return [target, "-I", "-m", "pip", *options]
    if uv := uv_binary():
        return [uv, "pip", "install", "--no-cache", "--python", target]
    raise MissingError("There is no pip to install Blender with.", cure(python.version))


class _Child:
    """Runs the steps of an installation: killed with everything they started when the user stops."""

    def __init__(self, building: Path, temporary: Path) -> None:
        self._log = building / "log"
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
        self._environment = {**kept, "TMPDIR": str(temporary)}

    def run(
        self,
        argv: list[str],
        text: str,
        least: float,
        fraction: Callable[[], float],
        tell: Progress,
        advice: str,
    ) -> None:
        """Run to the end, telling how far it is.

        Raises:
            MissingError: it fails; `advice` is the cure.
        """
        deadline = time.monotonic() + _PIP_SECONDS
        with self._log.open("wb") as log:
            process = subprocess.Popen(
                argv,
                cwd=self._log.parent,  # not the checkout: uv would read a stranger's configuration there
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
                umask=0o022,
            )
            try:
                while process.poll() is None and time.monotonic() < deadline:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(_TICK)
                    least = min(max(least, fraction()), 0.99)  # never backwards: pip deletes what it fetched
                    tell(text, least)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode != 0:
            raise MissingError(f"{text} failed: {self._reason()}", advice)

    def _reason(self) -> str:
        """The line that says why: pip's first error, else the last thing said."""
        lines = self._log.read_text(encoding="utf-8", errors="replace")[-20_000:].strip().splitlines()
        errors = [line for line in lines if re.match(r"(?i)\W*(error|no space)", line)]
        return ((errors or lines[-1:] or ["it said nothing"])[-1]).strip()[:400]


def _size(folder: Path) -> int:
    total = 0
    for root, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(root, name)).st_size  # noqa: PTH118  (ten thousand of them)
    return total

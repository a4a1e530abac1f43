"""`bot blender`: the Blenders of this machine, listed, installed and removed."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import Cancelled, UsageError

if TYPE_CHECKING:
    from bot.blender.base import Runtime
    from bot.models.release import Release

NONE_FOUND = "There is no Blender on this machine yet. `bot blender install {newest}` installs one."
NOTHING_UNUSED = "Every installed Blender was used in the last {days} days; nothing is removed."
REMOVED = "{label} is removed."
READY = "{label} is ready in {place}"
LACKING = "It lacks {libraries} of this machine, and will not start or render without. {cure}"
NO_RELEASE = "{text!r} is no Blender release."
RELEASE_CURE = "Write it as 4.5, or 4.5.15 for one patch level."
INTERRUPTED = "Interrupted; what was half installed is gone."
NOTHING_NAMED = "No release is named."
REMOVE_CURE = "Name what to remove, as in `bot blender remove 4.2`, or use --unused."
NOT_MANAGED = "bcrag has installed no Blender {text}."
NOT_MANAGED_CURE = "`bot blender list` shows what there is."
UNUSED_DAYS = 30

_WANTED = re.compile(r"(\d{1,2}\.\d{1,3})(?:\.(\d{1,3}))?")


def blender_list(
    as_json: Annotated[bool, typer.Option("--json", help="Print a list for other programs.")] = False,
) -> None:
    """List the Blenders bcrag can use, the preferred one of a release first."""
    from bot.blender.runtimes import find_runtimes
    from bot.blender.selection import newest_installable
    from bot.settings import load

    runtimes = find_runtimes(load(None).blender_paths)
    if as_json:
        sys.stdout.write(json.dumps([_facts(runtime) for runtime in runtimes], indent=2) + "\n")
    elif runtimes:
        _show(runtimes)
    else:
        typer.echo(NONE_FOUND.format(newest=newest_installable()))


def blender_install(
    releases: Annotated[list[str], typer.Argument(metavar="RELEASE...", help="As 4.5, or 4.5.15.")],
) -> None:
    """Install Blender releases (the bpy wheel, in an environment of its own in bcrag's cache)."""
    from bot.blender.install import install
    from bot.blender.libraries import install_command, missing_libraries

    for release, patch in [_wanted(text) for text in releases]:
        try:
            with _progress() as show:
                runtime = install(release, allowed=True, progress=show, patch=patch)
        except KeyboardInterrupt as error:
            raise Cancelled(INTERRUPTED) from error
        typer.echo(READY.format(label=runtime.label, place=runtime.path.parent.parent))
        if missing := missing_libraries(runtime):
            typer.echo(LACKING.format(libraries=", ".join(missing), cure=install_command(missing)), err=True)


def blender_remove(
    releases: Annotated[list[str] | None, typer.Argument(metavar="[RELEASE]...", help="As 4.5, or 4.5.15.")] = None,
    unused: Annotated[
        bool, typer.Option("--unused", help=f"Remove what no run has used for {UNUSED_DAYS} days.")
    ] = False,
) -> None:
    """Remove Blenders that bcrag installed; never any other."""
    from bot.blender.install import remove
    from bot.blender.install import unused as not_used
    from bot.blender.runtimes import managed_runtimes

    if not releases and not unused:
        raise UsageError(NOTHING_NAMED, REMOVE_CURE)
    managed = managed_runtimes()
    doomed = {runtime.path: runtime for text in releases or () for runtime in _matching(text, managed)}
    if unused:
        doomed.update((runtime.path, runtime) for runtime in not_used(managed, days=UNUSED_DAYS))
    for runtime in doomed.values():
        remove(runtime)
        typer.echo(REMOVED.format(label=runtime.label))
    if not doomed:
        typer.echo(NOTHING_UNUSED.format(days=UNUSED_DAYS))


def _wanted(text: str) -> tuple[Release, int | None]:
    from bot.models.release import Release

    match = _WANTED.fullmatch(text.strip())
    if match is None:
        raise UsageError(NO_RELEASE.format(text=text[:40]), RELEASE_CURE)
    return Release.parse(match[1]), int(match[2]) if match[2] else None


def _matching(text: str, managed: Sequence[Runtime]) -> list[Runtime]:
    release, patch = _wanted(text)
    found = [
        runtime
        for runtime in managed
        if runtime.release == release and (patch is None or runtime.version == f"{release}.{patch}")
    ]
    if not found:
        raise UsageError(NOT_MANAGED.format(text=text), NOT_MANAGED_CURE)
    return found


def _facts(runtime: Runtime) -> dict[str, object]:
    from bot.blender.environments import last_used

    used = last_used(runtime) if runtime.managed else None
    return {
        "release": str(runtime.release),
        "version": runtime.version,
        "kind": runtime.kind,
        "path": str(runtime.path),
        "managed": runtime.managed,
        "last_used": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(used)) if used is not None else None,
    }


def _show(runtimes: Sequence[Runtime]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("release", "version", "what", "where"):
        table.add_column(heading, overflow="fold")
    for runtime in runtimes:
        what = "bpy wheel" if runtime.kind == "module" else "executable"
        owner = ", installed by bcrag" if runtime.managed else ""
        table.add_row(str(runtime.release), runtime.version, what + owner, Text(str(runtime.path)))
    Console(highlight=False).print(table)


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """A bar on a terminal; elsewhere each new sentence once. On stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        said: set[str] = set()

        def tell(text: str, _fraction: float) -> None:
            if text not in said:
                said.add(text)
                console.print(text, markup=False, soft_wrap=True)

        yield tell
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda text, fraction: bar.update(task, description=text, completed=fraction)

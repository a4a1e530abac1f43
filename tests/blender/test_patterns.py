"""The catalogue of error patterns, held against real Blenders: found where it says, and not there once mended.

Patterns that can be enabled share an add-on, a module each, because a start costs more than what is tried in it; each
probe has a scene of its own. Those that cannot are alone.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.blender.base import HarnessRequest, Probe, Runtime
from bot.blender.session import BlenderExerciser
from bot.models.pattern import Pattern
from bot.models.release import Release
from bot.models.reproduction import Script
from bot.patterns.catalogue import patterns
from bot.sandbox.base import Sandbox

RELEASES = [Release.parse(text) for text in os.environ.get("BCRAG_TEST_RELEASES", "4.2,4.5").split(",")]
TOGETHER = 14
"""Patterns in one start: a request has 20 scripts at most."""
ENDED = frozenset({"enable", "disable", "enable-again"})
"""Probes of the add-on as a whole: a pattern that is met by one of them would stop all others."""
PACKAGE = """
bl_info = {{"name": "Patterns", "blender": (3, 4, 0), "category": "Development"}}

from importlib import import_module

MODULES = [import_module(f"{{__name__}}.{{name}}") for name in {names!r}]


def register():
    for module in MODULES:
        module.register()


def unregister():
    for module in reversed(MODULES):
        module.unregister()
"""
CASES = [
    pytest.param(pattern, release, id=f"{pattern.slug}-{release}")
    for pattern, release in itertools.product(patterns(), RELEASES)
]


@dataclass(frozen=True)
class Look:
    """What one start said, of the patterns in it."""

    probes: Mapping[str, Probe]
    executed: Mapping[str, tuple[int, ...]]

    def failing(self, pattern: Pattern) -> list[Probe]:
        """The probes that fail in this pattern's code or in its script."""
        script = f"script:{pattern.script.name}" if pattern.script else None
        failing = [probe for probe in self.probes.values() if probe.outcome == "fail" and probe.raised]
        return [one for one in failing if one.id == script or (one.raised and one.raised.path == file_of(pattern))]


Looks = Mapping[tuple[str, Release, str], Look]
"""By the pattern, the release, and whether it is broken or mended."""


def file_of(pattern: Pattern) -> str:
    return f"{pattern.slug}.py"


def groups(release: Release, which: str) -> Iterator[tuple[Pattern, ...]]:
    """The patterns of each start."""
    usable = [one for one in patterns() if one.since <= release]
    alone = [one for one in usable if which == "broken" and one.met in ENDED]
    together = [one for one in usable if one not in alone]
    yield from ((one,) for one in alone)
    yield from (tuple(together[start : start + TOGETHER]) for start in range(0, len(together), TOGETHER))


def addon_of(group: Sequence[Pattern], which: str, folder: Path) -> Path:
    """One file for one pattern, a package of several."""
    texts = {file_of(one): one.broken if which == "broken" else one.mended for one in group}
    if len(group) == 1:
        source = folder / file_of(group[0])
        source.write_text(texts[source.name], encoding="utf-8")
        return source
    source = folder / "patterns"
    source.mkdir()
    (source / "__init__.py").write_text(PACKAGE.format(names=[one.slug for one in group]), encoding="utf-8")
    for name, text in texts.items():
        (source / name).write_text(text, encoding="utf-8")
    return source


def scripts_of(group: Sequence[Pattern]) -> tuple[Script, ...]:
    """Their scripts, to which `addon` is the module of the pattern."""
    own = "" if len(group) == 1 else "addon = addon.{slug}\n"
    return tuple(
        one.script.model_copy(update={"text": own.format(slug=one.slug) + one.script.text})
        for one in group
        if one.script is not None
    )


@pytest.fixture(scope="module")
def looks(sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path_factory: pytest.TempPathFactory) -> Looks:
    """Every pattern in every release, two starts side by side."""
    exerciser = BlenderExerciser(sandbox)

    def look(
        runtime: Runtime, which: str, group: tuple[Pattern, ...]
    ) -> Iterator[tuple[tuple[str, Release, str], Look]]:
        work = tmp_path_factory.mktemp("patterns")
        (work / "scratch").mkdir()
        source = addon_of(group, which, work)
        request = HarnessRequest(
            addon_source=str(source),
            module=source.stem,
            kind="legacy",
            scratch=str(work / "scratch"),
            scripts=scripts_of(group),
        )
        session = exerciser.exercise(runtime, request, work)
        assert session.result is not None and session.result.complete and not session.tampering, session.output
        found = Look({probe.id: probe for probe in session.result.probes}, session.result.executed)
        return iter([((one.slug, runtime.release, which), found) for one in group])

    starts = [
        (runtime, which, group)
        for runtime in runtimes
        for which in ("broken", "mended")
        for group in groups(runtime.release, which)
    ]
    with ThreadPoolExecutor(2) as pool:
        return dict(itertools.chain.from_iterable(pool.map(lambda start: look(*start), starts)))


@pytest.mark.blender
@pytest.mark.parametrize(("pattern", "release"), CASES)
def test_a_pattern_is_found_where_it_says(looks: Looks, pattern: Pattern, release: Release) -> None:
    look = of(looks, pattern, release, "broken")
    seen = pattern.seen_in(release)
    if seen is None and not pattern.shows:
        assert look.failing(pattern) == [], "it says that there is nothing in this release"
        return
    if seen is None:
        assert pattern.script is not None
        stated = look.probes[f"script:{pattern.script.name}"].raised
        assert stated is not None and (stated.type, stated.path) == ("AssertionError", ""), stated
        assert pattern.line in look.executed[file_of(pattern)], "its line did not run"
        return
    ids = [pattern.met, f"script:{pattern.script.name}" if pattern.script else ""]
    for name in filter(None, ids):
        raised = look.probes[name].raised
        assert raised is not None, look.probes[name]
        assert (raised.type, raised.path, raised.line) == (seen.exception, file_of(pattern), pattern.line)
        assert seen.words in raised.message


@pytest.mark.blender
@pytest.mark.parametrize(("pattern", "release"), CASES)
def test_a_pattern_is_not_there_once_it_is_mended(looks: Looks, pattern: Pattern, release: Release) -> None:
    look = of(looks, pattern, release, "mended")
    assert look.failing(pattern) == []
    assert {look.probes[name].outcome for name in ENDED} == {"pass"}
    if pattern.script is not None:
        assert look.probes[f"script:{pattern.script.name}"].outcome == "pass"
    if pattern.met.startswith(("operator:", "panel:")):
        assert look.probes[pattern.met].outcome == "pass", "it can still be tried"


@pytest.mark.blender
def test_nothing_else_is_wrong_with_a_mended_one(looks: Looks) -> None:
    failing = {
        f"{probe.id} ({release})"
        for (_, release, which), look in looks.items()
        for probe in look.probes.values()
        if which == "mended" and probe.outcome == "fail"
    }
    assert failing == set()


@pytest.mark.blender
def test_a_pattern_of_growth_is_told_of_by_its_operator(looks: Looks) -> None:
    for release in RELEASES:
        broken, mended = (looks["memory_growth", release, which] for which in ("broken", "mended"))
        assert "1 in bpy.data.meshes" in broken.probes["operator:mesh.make_flat"].detail
        assert broken.probes["operator:mesh.make_flat"].outcome == "pass", "it is told, and no fault"
        assert mended.probes["operator:mesh.make_flat"].detail == ""


def of(looks: Looks, pattern: Pattern, release: Release, which: str) -> Look:
    if release < pattern.since:
        pytest.skip(f"its add-on is for {pattern.since} and later")
    return looks[pattern.slug, release, which]

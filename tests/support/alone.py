"""Scripts that show one fault, made of what the exerciser saw and run as a run does it: in clean Blenders."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bot.blender.base import HarnessRequest, Place, Probe, Runtime
from bot.blender.clean import CleanBlender
from bot.blender.session import BlenderExerciser
from bot.models.addon import Addon, AddonKind
from bot.models.fault import Fault
from bot.models.recipe import Recipe
from bot.models.reproducer import Came, Tried
from bot.reproducing.composing import scripts
from bot.reproducing.hearing import heard
from bot.reproducing.wanted import Wanted
from bot.sandbox.base import Sandbox
from bot.validators.exercise import _fault

_NUMBERS = count(1)


@dataclass(frozen=True)
class Bench:
    """One add-on in one Blender."""

    runtime: Runtime
    sandbox: Sandbox
    folder: Path
    source: Path
    kind: AddonKind = AddonKind.LEGACY

    @property
    def addon(self) -> Addon:
        """What the bot would know of it, the repository being the folder it lies in."""
        single = self.source.is_file()
        files = (self.source,) if single else tuple(sorted(self.source.rglob("*.py")))
        return Addon(
            path=self.source.name,
            module=self.source.stem,
            kind=self.kind,
            single_file=single,
            name=self.source.stem,
            declared_minimum=None,
            files=tuple(file.relative_to(self.source.parent).as_posix() for file in files),
        )

    def failing(self, places: Sequence[Place] = (), **asked: object) -> dict[str, Probe]:
        """Exercise it; by id what failed."""
        work = self.folder / f"exercise-{next(_NUMBERS)}"
        (work / "scratch").mkdir(parents=True)
        request = HarnessRequest.model_validate(
            {
                "addon_source": str(self.source),
                "module": self.source.stem,
                "kind": self.kind.value,
                "scratch": str(work / "scratch"),
                "places": places,
                "probe_seconds": 5.0,
                **asked,
            }
        )
        session = BlenderExerciser(self.sandbox).exercise(self.runtime, request, work)
        assert session.result is not None and not session.tampering, session.output
        return {probe.id: probe for probe in session.result.probes if probe.outcome == "fail"}

    def fault(self, probe: Probe) -> Fault:
        """What a run makes of a probe that failed."""
        assert probe.raised is not None
        return _fault(self.addon, probe, probe.raised, self.runtime.release)

    def texts(self, fault: Fault, *recipes: Recipe, script: str = "") -> list[str]:
        """The scripts that may show a fault, the shortest first."""
        wanted = Wanted(fault, self.addon, self.runtime.release, recipes, script)
        return [made.text for made in scripts(wanted, "1-it.py")]

    def run(self, text: str, fault: Fault, source: Path | None = None) -> Tried:
        """What a script does, over this add-on or another state of it."""
        work = self.folder / f"clean-{next(_NUMBERS)}"
        work.mkdir()
        (work / "1-it.py").write_text(text, encoding="utf-8")
        source = source or self.source
        here = work / self.source.name
        shutil.copytree(source, here) if source.is_dir() else shutil.copy(source, here)
        finished = CleanBlender(self.sandbox).run(self.runtime, work / "1-it.py", (str(here),), work)
        return heard(finished, fault)

    def shown(self, probe: Probe) -> Iterator[tuple[str, Tried]]:
        """Each script of a probe's recipe and what it did, up to the first that shows the fault."""
        assert probe.recipe is not None, f"{probe.id} does not say how it comes about"
        fault = self.fault(probe)
        for text in self.texts(fault, probe.recipe):
            tried = self.run(text, fault)
            yield text, tried
            if tried.came is Came.SHOWS:
                break

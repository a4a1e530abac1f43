"""Everything once, in an order that does not change, within the time there is."""

from __future__ import annotations

import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial

import bpy

from bot.blender.harness.bench import Bench, Trial
from bot.blender.harness.code.classes import file_of, menu_functions, operator_name, own_function, registered_classes
from bot.blender.harness.code.sources import Site
from bot.blender.harness.interface.buttons import operator_exists
from bot.blender.harness.judging.reading import POPUPS, calls_in
from bot.blender.harness.probes.deferred import probe_class
from bot.blender.harness.probes.drawing import probe_menu_function, probe_panel, qualified
from bot.blender.harness.probes.functions import probe_function
from bot.blender.harness.probes.loading import probe_disable, probe_enable
from bot.blender.harness.probes.operators import OperatorProbe, variations
from bot.blender.harness.probes.scripts import probe_script
from bot.blender.harness.results import Results
from bot.blender.harness.scene.files import file_arguments
from bot.blender.harness.scene.geometry import geometry
from bot.blender.harness.scene.situations import CUBE, SITUATIONS, WITH_MESH
from bot.blender.harness.timing import OutOfTimeError, time_limit
from bot.blender.harness.values import FAIL, PASS, POLL_SAYS_NO, REFUSED, SKIPPED, Json, bounded, probe


class Exercise:
    """Tries everything once, in an order that does not change, within the time there is."""

    def __init__(
        self, bench: Bench, request: Json, record: Callable[[Json], None], results: Results, deadline: float
    ) -> None:
        self._bench = bench
        self._request = request
        self._record = record
        self._results = results
        self._deadline = deadline
        self._only = set(request.get("only") or ())
        self._skip = set(request.get("skip") or ())
        self._changed = {
            path: set(lines) & bench.sources.executable(path) for path, lines in (request.get("changed") or {}).items()
        }

    def run(self) -> None:
        """Everything, from enabling to enabling again."""
        enabled = self._enable("enable")
        if not enabled or not self._request.get("exercise", True):
            return
        bench = self._bench
        bench.stage.remember()
        classes = registered_classes(bench.addon)
        for cls in classes:
            self._try("class", cls.__name__, partial(probe_class, bench, cls))
        self._operators(classes)
        self._drawing(classes)
        self._functions(classes)
        bench.stage.enter(CUBE)
        self._try("disable", "", partial(probe_disable, bench))
        if self._results.probes[-1]["id"] == "disable" and self._wanted("enable-again"):
            self._enable("enable-again")

    def scripts(self) -> Iterator[str]:
        """Each script; its name once it has run, while the scene is as it left it.

        They come last: a script can change whatever it likes in this Blender, and what was found of the add-on
        by itself must not rest on that. Their time is their own.
        """
        scripts = self._request.get("scripts") or ()
        enabled = any(one["id"] == "enable" and one["outcome"] == PASS for one in self._results.probes)
        self._deadline = time.monotonic() + len(scripts) * float(self._request.get("probe_seconds", 20.0))
        for script in scripts:
            attempt = partial(probe_script, self._bench, script) if enabled else partial(_not_enabled, script)
            self._try("script", script["name"], attempt)
            yield script["name"]

    def _enable(self, kind: str) -> bool:
        enabled = False

        def attempt() -> Json:
            nonlocal enabled
            result, enabled = probe_enable(self._bench, kind)
            return result

        self._try(kind, "", attempt)
        return enabled

    def _wanted(self, identifier: str) -> bool:
        if identifier == "enable":
            return True
        return identifier not in self._skip and (not self._only or identifier in self._only)

    def _try(self, kind: str, subject: str, attempt: Callable[[], Json]) -> None:
        """One probe: announced, limited in time, written down."""
        identifier = f"{kind}:{subject}" if subject else kind
        if not self._wanted(identifier) or any(one["id"] == identifier for one in self._results.probes):
            return
        left = self._deadline - time.monotonic()
        began = time.monotonic()
        if left <= 0:
            result = probe(kind, subject, SKIPPED, "there was no time left")
        else:
            self._record({"running": identifier})
            limit = min(float(self._request.get("probe_seconds", 20.0)), left)
            self._bench.coverage.renew()
            try:
                with time_limit(limit):
                    result = attempt()
            except OutOfTimeError:
                result = probe(kind, subject, SKIPPED, f"it had not ended after {limit:.0f} s")
            except Exception as error:
                result = probe(kind, subject, SKIPPED, f"the harness failed: {type(error).__name__}: {error}")
                self._results.notes.append(bounded(traceback.format_exc(), 2000))
        result["seconds"] = round(time.monotonic() - began, 3)
        self._results.probes.append(result)
        self._record(result)

    # Operators.

    def _operators(self, classes: list[type]) -> None:
        operators = [cls for cls in classes if issubclass(cls, bpy.types.Operator)]
        for cls in operators:
            name = operator_name(cls)
            self._try("operator", name, partial(self._operator, cls))
            self._recover()

    def _recover(self) -> None:
        """An operator can load a file or disable add-ons; carry on with the add-on enabled."""
        module = sys.modules.get(self._bench.addon.module)
        if module is None or not getattr(module, "__addon_enabled__", False):
            probe_enable(self._bench)

    def _operator(self, cls: type) -> Json:
        bench, name = self._bench, operator_name(cls)
        if not operator_exists(name):
            return probe("operator", name, SKIPPED, "it is registered no longer")
        if not hasattr(cls, "execute"):
            return probe("operator", name, SKIPPED, "it has no execute: it needs a person")
        if calls_in(bench, cls, "execute") & POPUPS:
            return probe("operator", name, SKIPPED, "it opens a pop-up: it needs a person")
        values = file_arguments(cls, bench.scratch)
        if values is None:
            return probe("operator", name, SKIPPED, "needs an input file")
        attempt = OperatorProbe(bench, cls, values)
        goal = self._goal(cls)
        best: Json | None = None
        doubt: Json | None = None
        hunted = any(path in goal and line in goal[path] for path, line in bench.places)
        for situation in SITUATIONS:
            if best is not None and best["outcome"] == PASS and self._met(goal) and not hunted:
                break  # what somebody saw fail is looked for in every scene
            if not bench.stage.enter(situation):
                continue
            with bench.stage.view(attempt.space):
                before = geometry() if situation == CUBE else {}
                trial = attempt.run(situation)
                if situation == CUBE and trial.outcome == PASS:
                    self._note_geometry(name, before)
            if trial.outcome == FAIL and trial.error is not None:
                if not self._counts(trial.error, situation, attempt):
                    continue
                result = probe("operator", name, FAIL, trial.detail, situation, bench.fault(trial.error))
                if not trial.tentative:
                    return result
                doubt = doubt or result
            else:
                best = self._better(best, name, trial, situation)
        if best is not None and best["outcome"] == PASS:
            for changes in variations(cls) if not self._met(goal) else ():
                attempt.trial(CUBE, changes)
                if self._met(goal):
                    break
            return best
        return doubt or best or probe("operator", name, SKIPPED, "no scene could be made")

    def _counts(self, error: BaseException, situation: str, attempt: OperatorProbe) -> bool:
        """An operator whose poll takes a cube is not held to scenes without a mesh."""
        return situation in WITH_MESH or attempt.refused_cube or self._bench.at_a_place(error)

    def _better(self, best: Json | None, name: str, trial: Trial, situation: str) -> Json:
        """The more telling of two outcomes: it ran through, it ran and stopped, it did not run."""
        result = probe("operator", name, trial.outcome, trial.detail, situation)
        if best is None or (trial.outcome == PASS and best["outcome"] != PASS):
            return result
        if trial.ran and best["outcome"] == REFUSED and best["detail"] == POLL_SAYS_NO:
            return result
        return best

    def _note_geometry(self, name: str, before: dict[str, int]) -> None:
        after = geometry()
        if set(after) - set(before):
            self._results.makers.append((name, True))
        elif after != before:
            self._results.makers.append((name, False))

    # What should be reached.

    def _wished(self) -> dict[str, set[int]]:
        wished = {path: set(lines) for path, lines in self._changed.items()}
        for path, line in self._bench.places:
            if line in self._bench.sources.executable(path):
                wished.setdefault(path, set()).add(line)
        return wished

    def _goal(self, cls: type) -> dict[str, set[int]]:
        """The wished-for lines that this operator can get to, going by names."""
        wished = self._wished()
        if not any(wished.values()):
            return {}
        sources = self._bench.sources
        holders = {holder.__name__ for holder in cls.__mro__ if file_of(self._bench.addon, holder)}
        own = {
            site
            for site in sources.all_sites()
            if site.owner in holders and site.name not in {"invoke", "modal", "draw"}
        }
        goal: dict[str, set[int]] = {}
        for site in sources.reach(set(), own):
            lines = {line for line in wished.get(site.path, ()) if site.start <= line <= site.end}
            if lines:
                goal.setdefault(site.path, set()).update(lines)
        return goal

    def _met(self, goal: dict[str, set[int]]) -> bool:
        return all(lines <= self._bench.coverage.lines(path) for path, lines in goal.items())

    # Drawing and functions.

    def _drawing(self, classes: list[type]) -> None:
        bench = self._bench
        bases = (bpy.types.Panel, bpy.types.Menu, bpy.types.Header, bpy.types.AddonPreferences)
        for cls in classes:
            options = issubclass(cls, bpy.types.Operator) and own_function(bench.addon, cls, "draw")
            if options or (issubclass(cls, bases) and hasattr(cls, "draw")):
                self._try("panel", cls.__name__, partial(self._panel, cls))
        owned = set(classes)
        for cls, function in menu_functions(bench.addon):
            if cls not in owned:
                subject = qualified(bench.addon, function)
                self._try("function", subject, partial(probe_menu_function, bench, cls, function))

    def _panel(self, cls: type) -> Json:
        goal = self._goal_in_class(cls)
        result = probe_panel(self._bench, cls)
        doubted = result["outcome"] == FAIL and result.pop("doubtful", False)
        for situation in SITUATIONS[1:]:
            if (result["outcome"] == FAIL and not doubted) or (result["outcome"] == PASS and self._met(goal)):
                break
            other = probe_panel(self._bench, cls, situation)
            other.pop("doubtful", None)
            if other["outcome"] == FAIL and not doubted and situation in WITH_MESH:
                return other
            if other["outcome"] == PASS:
                result, doubted = other, False
        return result

    def _goal_in_class(self, cls: type) -> dict[str, set[int]]:
        goal: dict[str, set[int]] = {}
        for path, lines in self._wished().items():
            for site in self._bench.sources.sites(path):
                inside = {line for line in lines if site.start <= line <= site.end}
                if site.owner == cls.__name__ and inside:
                    goal.setdefault(path, set()).update(inside)
        return goal

    def _functions(self, classes: list[type]) -> None:
        """The functions of a given traceback that no operator and no panel holds, then changed ones nothing reached."""
        bench = self._bench
        covered = {
            cls.__name__ for cls in classes if issubclass(cls, (bpy.types.Operator, bpy.types.Panel, bpy.types.Menu))
        }
        given = [
            (place, site)
            for place in self._request.get("places") or ()
            if (site := bench.sources.at(place["path"], place["line"], place.get("function", ""))) is not None
        ]
        for place, site in reversed(given):
            if site.owner not in covered and site.name not in {"register", "unregister"}:
                self._called(site, True, {place["line"]})
                break
        for path, lines in sorted(self._changed.items()):
            for line in sorted(lines - bench.coverage.lines(path)):
                site = bench.sources.at(path, line)
                if site is None or line in bench.coverage.lines(path):
                    continue
                if site.owner not in covered and site.name not in {"register", "unregister"}:
                    self._called(site, False, {one for one in lines if site.start <= one <= site.end})

    def _called(self, site: Site, given: bool, wanted: set[int]) -> None:
        dotted = re.sub(r"(^|/)__init__\.py$|\.py$", "", site.path).replace("/", ".")
        subject = site.qualname if self._bench.addon.single_file or not dotted else f"{dotted}.{site.qualname}"
        self._try("function", subject, partial(probe_function, self._bench, site, given, wanted))


def _not_enabled(script: Json) -> Json:
    return probe("script", script["name"], SKIPPED, "the add-on could not be enabled")

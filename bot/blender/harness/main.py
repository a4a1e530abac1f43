"""One request, from its first line to its last."""

from __future__ import annotations

import os
import sys
import time
import unittest
from collections.abc import Callable
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.asking.questions import answer
from bot.blender.harness.bench import Bench
from bot.blender.harness.code.coverage import Coverage, Touched
from bot.blender.harness.code.setup import place_addon, release
from bot.blender.harness.code.sources import SourceMap
from bot.blender.harness.exercise import Exercise
from bot.blender.harness.inputs.exported import mentioned, write
from bot.blender.harness.interface.guards import guard_operators
from bot.blender.harness.interface.loading_rules import restrict_loading
from bot.blender.harness.picture import choose_operator, picture_of_scene, take_picture
from bot.blender.harness.results import Results
from bot.blender.harness.scene.files import files_folder
from bot.blender.harness.scene.stage import Stage
from bot.blender.harness.seeing.describing import Describer
from bot.blender.harness.seeing.witness import Witness
from bot.blender.harness.testing.placing import place_repository
from bot.blender.harness.testing.pytests import Pytests
from bot.blender.harness.testing.testing import Testing
from bot.blender.harness.testing.unittests import Unittests
from bot.blender.harness.timing import OutOfTimeError, time_limit
from bot.blender.harness.values import Json, bounded

Record = Callable[[Json], None]
"""Says something to whoever started this; back once it is written. See `desk`."""
INPUTS = "inputs"
"""What Blender is at while it writes files for the add-on to read."""


def facts(request: Json, record: Record) -> None:
    """What can be known of this Blender, said before any code of the add-on is near."""
    about = {
        "version": bpy.app.version_string,
        "release": f"{release()[0]}.{release()[1]}",
        "python": ".".join(str(number) for number in sys.version_info[:3]),
    }
    record({"started": about})
    answers = [answer(question) for question in request.get("questions") or ()]
    if answers:
        record({"answers": answers})
    record({"sealed": True})
    if request.get("exercise", True) and not request.get("tests") and INPUTS not in (request.get("skip") or ()):
        record({"running": INPUTS})  # exporters are large: should one of them end Blender, the next start does without
        write(mentioned(request["addon_source"]), files_folder(request["scratch"]))


def refuse_exit(*_arguments: Any) -> None:
    """Stands in for `sys.exit`: an add-on that leaves would take the other probes with it."""
    raise RuntimeError("sys.exit() was called")


def work(request: Json, record: Record) -> None:
    """Try the add-on; whatever it does, there is an end."""
    if request.get("tests"):
        record({"end": tested(request, record)})
        return
    sys.exit = refuse_exit  # type: ignore[assignment]
    deadline = time.monotonic() + float(request.get("budget_seconds", 90.0))
    results = Results()
    addon = place_addon(request)
    restrict_loading()
    coverage = Coverage(addon)
    witness = Witness()
    places = tuple((place["path"], int(place["line"])) for place in request.get("places") or ())
    bench = Bench(
        addon,
        Stage(),
        coverage,
        SourceMap(addon),
        Describer(addon, request["scratch"]),
        witness,
        request["scratch"],
        places,
        {(place["path"], int(place["line"])): place.get("raised") or "" for place in request.get("places") or ()},
    )
    bench.stage.remember()
    witness.install()
    guard_operators()
    coverage.start()
    # Counted before the add-on's code runs: after that it could have exchanged what this takes.
    whole = request.get("exercise", True)
    lines = {path: len(bench.sources.executable(path)) for path in addon.files()[:2000]} if whole else {}
    exercise = Exercise(bench, request, record, results, deadline)
    exercise.run()
    wanted = request.get("picture") or {}
    of_script = wanted.get("script")
    if not of_script:
        shown: Json = {"main_operator": choose_operator(results.makers)}
        if wanted:
            record({"running": "picture"})
            shown |= pictured(partial(take_picture, bench, request, results), results, deadline)
        record({"pictured": shown})
    for name in exercise.scripts():
        if name == of_script:
            record({"running": "picture"})
            record({"pictured": pictured(partial(picture_of_scene, request), results, deadline)})
    executed = coverage.executed()
    for path in executed.keys() & (request.get("changed") or {}).keys():
        executed[path] = sorted(bench.sources.whole(path, set(executed[path])))
    record({"end": {"executed": executed, "lines": lines, "notes": results.notes[:200]}})


def pictured(take: Callable[[], Json], results: Results, deadline: float) -> Json:
    """A picture within the time there is; without one, a note."""
    try:
        with time_limit(max(deadline - time.monotonic(), 30.0)):
            return take()
    except (Exception, OutOfTimeError) as error:
        results.notes.append(bounded(f"no picture could be made: {type(error).__name__}: {error}", 2000))
        return {}


def tested(request: Json, record: Record) -> Json:
    """The repository's own tests instead; what there is to say in the end."""
    suite, scratch = request["tests"], request["scratch"]
    root = os.path.normpath(suite["root"])
    hidden = [os.path.dirname(unittest.__file__), *filter(None, [suite["pytest"]])]
    try:
        pytest = suite["engine"] == "pytest"
        engine = Pytests(root, suite["pytest"], suite["options"]) if pytest else Unittests(root)
    except Exception as error:
        return {"notes": [bounded(f"pytest cannot be loaded: {type(error).__name__}: {error}", 1000)]}
    addon = place_repository(request)
    changed = {path: set(lines) for path, lines in (request.get("changed") or {}).items()}
    coverage, witness, sources = Touched(addon, changed), Witness(), SourceMap(addon)
    describer = Describer(addon, scratch, root, tuple(hidden))
    bench = Bench(addon, Stage(), coverage, sources, describer, witness, scratch)
    witness.install()
    coverage.start()
    testing = Testing(bench, request, record, engine, coverage)
    testing.run()
    executed = {path: sorted(sources.whole(path, set(lines))) for path, lines in coverage.executed().items()}
    return {"executed": executed, "notes": testing.notes[:200]}


CALLERS = (facts, work, Exercise._try, Testing.run, Testing._try)
"""What may say something."""

"""One request, from its first line to its last."""

from __future__ import annotations

import sys
import time
from typing import Any

import bpy

from bot.blender.harness.bench import Bench
from bot.blender.harness.coverage import Coverage
from bot.blender.harness.describing import Describer
from bot.blender.harness.exercise import Exercise
from bot.blender.harness.guards import guard_operators
from bot.blender.harness.journal import Journal, write_result
from bot.blender.harness.picture import choose_operator, take_picture
from bot.blender.harness.questions import answer
from bot.blender.harness.results import Results
from bot.blender.harness.setup import place_addon, release
from bot.blender.harness.sources import SourceMap
from bot.blender.harness.stage import Stage
from bot.blender.harness.timing import OutOfTimeError, time_limit
from bot.blender.harness.values import Json, bounded
from bot.blender.harness.witness import Witness


def work(request: Json, journal: Journal) -> Json:
    """Do what is asked; whatever the add-on does, there is a result."""
    deadline = time.monotonic() + float(request.get("budget_seconds", 90.0))
    about = {
        "version": bpy.app.version_string,
        "release": f"{release()[0]}.{release()[1]}",
        "python": ".".join(str(number) for number in sys.version_info[:3]),
    }
    journal.write({"started": about})
    answers = [answer(question) for question in request.get("questions") or ()]
    if answers:
        journal.write({"answers": answers})
    results = Results()
    addon = place_addon(request)
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
    )
    bench.stage.remember()
    witness.install()
    guard_operators()
    coverage.start()
    Exercise(bench, request, journal, results, deadline).run()
    picture: Json = {"main_operator": choose_operator(results.makers)}
    if request.get("picture"):
        journal.write({"running": "picture"})
        try:
            with time_limit(max(deadline - time.monotonic(), 30.0)):
                picture = take_picture(bench, request, results)
        except (Exception, OutOfTimeError) as error:
            results.notes.append(bounded(f"no picture could be made: {type(error).__name__}: {error}", 2000))
    return {
        **about,
        "probes": results.probes,
        "answers": answers,
        "executed": coverage.executed(),
        **picture,
        "notes": results.notes[:200],
        "complete": True,
    }


def refuse_exit(*_arguments: Any) -> None:
    """Stands in for `sys.exit`: an add-on that leaves would take the other probes with it."""
    raise RuntimeError("sys.exit() was called")


def run(request: Json) -> None:
    """Do what a request asks and write the result."""
    sys.exit = refuse_exit  # type: ignore[assignment]
    write_result(request["result_file"], work(request, Journal(request["journal_file"])))

"""Everything once, in an order that does not change, within the time there is."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial

from bot.blender.harness.bench import Bench
from bot.blender.harness.code.belongings import Before
from bot.blender.harness.course import Aims, Attempt, Course, Round
from bot.blender.harness.probes import (
    deferred,
    drawing,
    events,
    functions,
    gizmos,
    keymaps,
    lists,
    loading,
    nodes,
    operating,
    presets,
    properties,
    reloading,
    roundtrip,
    timers,
    varying,
)
from bot.blender.harness.probes.loading import probe_enable
from bot.blender.harness.probes.scripts import probe_script
from bot.blender.harness.results import Results
from bot.blender.harness.timing import OutOfTimeError, time_limit
from bot.blender.harness.values import PASS, SKIPPED, Json, bounded, probe

ROUNDS: tuple[Round, ...] = (
    deferred.attempts,
    reloading.attempts,
    drawing.attempts,
    lists.attempts,
    nodes.attempts,
    properties.attempts,
    events.attempts,
    timers.attempts,
    keymaps.attempts,
    presets.attempts,
    gizmos.attempts,
    operating.attempts,
    functions.attempts,
    varying.attempts,
    roundtrip.attempts,
    loading.attempts,
)
"""One kind of probe after the other, those first that change least and take no time. A file is loaded before anything
else is done: what an operator leaves behind that waits for events can take Blender down then. The last one disables
the add-on."""


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

    def run(self) -> None:
        """Everything, from enabling to enabling again."""
        enabled = False

        def enable() -> Json:
            nonlocal enabled
            result, enabled = probe_enable(self._bench)
            return result

        before = Before.now() if self._request.get("exercise", True) else None
        self._try(Attempt("enable", "", enable))
        if not enabled or before is None:
            return
        self._bench.stage.remember()
        aims = Aims(self._bench, self._request)
        course = Course(self._bench, aims, self._results, before, self._deadline, frozenset(self._skip))
        for attempts in ROUNDS:
            try:
                for attempt in attempts(course):
                    self._try(attempt)
            except Exception:  # one kind of probe that cannot be made ready costs no other
                self._results.notes.append(bounded(traceback.format_exc(), 2000))

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
            self._try(Attempt("script", script["name"], attempt))
            yield script["name"]

    def _wanted(self, identifier: str) -> bool:
        if identifier == "enable":
            return True
        return identifier not in self._skip and (not self._only or identifier in self._only)

    def _try(self, attempt: Attempt) -> None:
        """One probe: announced, limited in time, written down."""
        kind, subject = attempt.kind, attempt.subject
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
                    result = attempt.run()
            except OutOfTimeError:
                result = probe(kind, subject, SKIPPED, f"it had not ended after {limit:.0f} s")
            except Exception as error:
                result = probe(kind, subject, SKIPPED, f"the harness failed: {type(error).__name__}: {error}")
                self._results.notes.append(bounded(traceback.format_exc(), 2000))
        result["seconds"] = round(time.monotonic() - began, 3)
        self._results.probes.append(result)
        self._record(result)


def _not_enabled(script: Json) -> Json:
    return probe("script", script["name"], SKIPPED, "the add-on could not be enabled")

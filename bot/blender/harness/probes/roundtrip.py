"""What an add-on writes, it reads: the file of its exporter is given to its importer.

That something does not come back as it was is told and is no fault: formats leave out what they do not know of.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial

import bpy

from bot.blender.harness.bench import Trial
from bot.blender.harness.code.classes import operator_name
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.probes.loading import recover
from bot.blender.harness.probes.operators import CLICK, DEFAULT, OperatorProbe, ready
from bot.blender.harness.scene.files import files_folder
from bot.blender.harness.scene.portrait import differences, portrait
from bot.blender.harness.scene.special import NOTHING
from bot.blender.harness.values import FAIL, PASS, REFUSED, SKIPPED, Json, probe

KIND = "round-trip"
SCENES = ("assortment", "cube", "skinned", "two_armatures", "curve", "animation")
"""Where exporters are tried: the first one has something of everything."""
MOST = 8
"""Pairs of an exporter and an importer."""
SAME = "everything came back as it was written ({objects} objects)"
OTHERS = "what came back is another: {what}"


def attempts(course: Course) -> Iterator[Attempt]:
    """Each exporter with each importer of files of its ending."""
    if course.last:
        return
    pairs = [pair for pair in _pairs(course) if not {f"operator:{name}" for name in pair} & course.spared]
    for exporter, importer in pairs[:MOST]:
        subject = f"{exporter} → {importer}"
        yield Attempt(KIND, subject, partial(probe_round_trip, course, subject, exporter, importer))
        recover(course)


def _pairs(course: Course) -> list[tuple[str, str]]:
    found = {operator_name(cls): ready(course, cls) for cls in course.classes if issubclass(cls, bpy.types.Operator)}
    tried = {name: one for name, one in found.items() if isinstance(one, OperatorProbe)}
    return [
        (one, other)
        for one, exporter in tried.items()
        for other, importer in tried.items()
        if exporter.files.writes and exporter.files.ending and exporter.files.ending in importer.reads
    ]


def probe_round_trip(course: Course, subject: str, exporter: str, importer: str) -> Json:
    """Write a scene, read it into an empty one, compare."""
    bench = course.bench
    classes = {operator_name(cls): cls for cls in course.classes if issubclass(cls, bpy.types.Operator)}
    writer, reader = (ready(course, classes[name]) for name in (exporter, importer))
    if isinstance(writer, str) or isinstance(reader, str):
        return probe(KIND, subject, SKIPPED, "one of them cannot be tried")
    path = os.path.join(files_folder(bench.scratch), writer.files.written)
    said = "it writes nothing in any of the scenes"
    for situation in SCENES:
        if os.path.exists(path):
            os.remove(path)
        trial = _written(course, writer, situation)
        if trial.outcome != PASS:
            said = trial.detail or said
            continue
        if not os.path.exists(path) or not os.path.getsize(path):
            continue
        return _read(course, reader, writer.files.written, subject, situation)
    return probe(KIND, subject, REFUSED, f"{exporter}: {said}")


def _written(course: Course, writer: OperatorProbe, situation: str) -> Trial:
    """The file written, by a call or else by a click."""
    trial = writer.trial(situation, DEFAULT)
    if trial.outcome != PASS and writer.clickable:
        trial = writer.trial(situation, CLICK)
    return trial


def _read(course: Course, reader: OperatorProbe, name: str, subject: str, situation: str) -> Json:
    """The file read: into an empty scene or, where that is refused, into the one that was written."""
    written, reading = portrait(), reader.reading(name)
    result: Json = {}
    for scene in (NOTHING, situation):
        if not course.bench.stage.enter(scene):
            continue
        there = portrait()
        with course.bench.stage.view(reading.over(scene)):
            trial = reading.run(scene)
        if trial.outcome == FAIL and trial.error is not None:
            fault = course.bench.fault(trial.error)
            return probe(KIND, subject, FAIL, trial.detail, scene, fault, trial.recipe)
        if trial.outcome == PASS:
            read = {name: one for name, one in portrait().items() if there.get(name) != one}
            told = differences(written, read)
            detail = OTHERS.format(what="; ".join(told)) if told else SAME.format(objects=len(written))
            return probe(KIND, subject, PASS, detail, situation)
        result = result or probe(KIND, subject, trial.outcome, trial.detail, scene)
    return result or probe(KIND, subject, SKIPPED, "no scene could be made")

"""A file with the add-on's data in it, saved and loaded again while the add-on is enabled."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.bench import quiet
from bot.blender.harness.code.belongings import added_properties
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.guards import unguarded
from bot.blender.harness.judging.callbacks import excuse_callback
from bot.blender.harness.probes.groups import owners_of_classes
from bot.blender.harness.probes.nodes import EDITOR, makings
from bot.blender.harness.probes.owners import owner_of
from bot.blender.harness.probes.playing import Play
from bot.blender.harness.probes.values_set import values_for
from bot.blender.harness.scene.situations import CUBE
from bot.blender.harness.values import FAIL, PASS, SKIPPED, Json, probe

KIND = "reload"
SAVE = "bpy.ops.wm.save_as_mainfile(filepath=os.path.join(TMP, 'saved.blend'))"
LOAD = "bpy.ops.wm.open_mainfile(filepath=os.path.join(TMP, 'saved.blend'), load_ui=False)"
GO_ON = "bpy.context.scene.frame_set(3)\nbpy.context.view_layer.update()"
MOST_NODES = 50
KEPT_ALREADY = "it was seen before"


def attempts(course: Course) -> Iterator[Attempt]:
    """Once, for everything the add-on keeps in files."""
    yield Attempt(KIND, "", partial(_result, course))


def _result(course: Course) -> Json:
    bench = course.bench
    if not bench.stage.enter(CUBE):
        return probe(KIND, "", SKIPPED, f"the scene {CUBE} cannot be made")
    with bench.stage.view(*EDITOR), quiet():
        filled, nodes = _fill(course), _place_nodes(course)
    play = Play(bench, KIND, "", CUBE)
    play.handlers = True
    excuse = partial(_excuse, course)
    with unguarded(), quiet():
        result = play.played((line, excuse) for line in (SAVE, LOAD, GO_ON))
    if result["outcome"] == FAIL:
        return result
    lost = [name for name in nodes if not _is_there(*name)]
    told = f"{filled} properties and {len(nodes)} nodes in the file"
    if lost:
        told += f"; not there after it was loaded: {', '.join(name for _, name in lost)}"
    return {**result, "detail": result["detail"] or told} if result["outcome"] == PASS else result


def _excuse(course: Course, error: BaseException) -> str:
    """What was seen before is told where it was seen."""
    fault = course.bench.fault(error)
    same = ("type", "path", "line", "message")
    for one in course.results.probes:
        known = one["raised"] or {}
        if all(known.get(name) == fault[name] for name in same):
            return f"{KEPT_ALREADY}: {fault['message']}"
    return excuse_callback(course.bench, error)


def _fill(course: Course) -> int:
    """Set what the add-on keeps of the scene to something; how many properties that were."""
    before, count = course.before, 0
    added = added_properties() - before.properties
    owners = [owner for owner in owners_of_classes(course.classes, added).values() if owner.situation == CUBE]
    for owner in (one for one in owners if "preferences" not in one.expression and not one.lines):
        with contextlib.suppress(Exception):
            data = eval(owner.expression, {"bpy": bpy})  # noqa: S307  (an expression of ours)
            count += sum(_set(data, prop) for prop in data.bl_rna.properties)
    for holder, name in sorted(added):
        of_blender = owner_of(holder)
        if of_blender is not None and of_blender.situation == CUBE and not of_blender.lines:
            with contextlib.suppress(Exception):
                data = eval(of_blender.expression, {"bpy": bpy})  # noqa: S307  (an expression of ours)
                count += _set(data, data.bl_rna.properties[name])
    return count


def _set(data: Any, prop: Any) -> bool:
    """Set it to the first value a user may choose; whether there is one."""
    if prop.is_readonly or prop.identifier in ("rna_type", "name"):
        return False
    value = next((value for value, far in values_for(data, prop) if not far), None)
    if value is None:
        return False
    with contextlib.suppress(Exception):
        exec(f"owner.{prop.identifier} = {value}", {"bpy": bpy, "owner": data})  # noqa: S102  (a line of ours)
    return True


def _place_nodes(course: Course) -> list[tuple[str, str]]:
    """Make each of the add-on's nodes in a tree the file keeps: the name of the tree, and what the node is."""
    placed = []
    for cls in [cls for cls in course.classes if issubclass(cls, bpy.types.Node)][:MOST_NODES]:
        lines, _ = makings(course, cls)
        names: dict[str, Any] = {"bpy": bpy}
        with contextlib.suppress(Exception):
            for line in lines:
                exec(line, names)  # noqa: S102  (lines of ours)
            names["tree"].use_fake_user = True
            placed.append((str(names["tree"].name), str(names["node"].bl_idname)))
    return placed


def _is_there(tree: str, node: str) -> bool:
    found = bpy.data.node_groups.get(tree)
    return found is not None and any(one.bl_idname == node for one in found.nodes)

"""A file with the add-on's data in it, saved and loaded again while the add-on is enabled."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.bench import quiet
from bot.blender.harness.code.belongings import added_properties, began_in, code_of, handlers_of
from bot.blender.harness.code.classes import properties_of, registered_name
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.declared import declared
from bot.blender.harness.interface.guards import unguarded
from bot.blender.harness.judging.callbacks import excuse_callback
from bot.blender.harness.judging.reading import keywords_assigned
from bot.blender.harness.probes.groups import owners_of_classes, unset
from bot.blender.harness.probes.nodes import EDITOR, makings
from bot.blender.harness.probes.owners import Owner, owner_of
from bot.blender.harness.probes.playing import Play
from bot.blender.harness.probes.values_set import values_for
from bot.blender.harness.scene.situations import CUBE
from bot.blender.harness.values import PASS, SKIPPED, Json, probe

KIND = "reload"
SAVE = "bpy.ops.wm.save_as_mainfile(filepath=os.path.join(TMP, 'saved.blend'))"
LOAD = "bpy.ops.wm.open_mainfile(filepath=os.path.join(TMP, 'saved.blend'), load_ui=False)"
GO_ON = "bpy.context.scene.frame_set(3)\nbpy.context.view_layer.update()"
MOST_NODES = 50
CALLED = frozenset({"update", "set", "items"})
"""What is called when a property is set; that is tried by itself."""
LOADING = frozenset({"load_pre", "load_post"})
OF_A_HANDLER = "that is told of the handler"


def attempts(course: Course) -> Iterator[Attempt]:
    """Once, for everything the add-on keeps in files."""
    yield Attempt(KIND, "", partial(_result, course))


def _result(course: Course) -> Json:
    bench = course.bench
    if not bench.stage.enter(CUBE):
        return probe(KIND, "", SKIPPED, f"the scene {CUBE} cannot be made")
    filled = _fill(course)
    with bench.stage.view(*EDITOR), quiet():
        nodes = _place_nodes(course)
    play = Play(bench, KIND, "", CUBE)
    play.handlers = True
    called = {code_of(function): event for event, function in handlers_of(bench.addon)}
    loading = {code: event for code, event in called.items() if event in LOADING}
    with _kept(course), unguarded(), quiet():
        for line in (SAVE, LOAD, GO_ON):
            play.step(line, partial(_excuse, course, play, called if line != LOAD else loading))
    lost = [name for name in nodes if not _is_there(*name)]
    unset(added_properties() - course.before.properties)
    if play.failing is not None:
        return play.failing
    course.results.loaded.update({code: None for code in loading if code not in course.results.loaded})
    told = f"{filled} properties and {len(nodes)} nodes in the file"
    if lost:
        told += f"; not there after it was loaded: {', '.join(name for _, name in lost)}"
    refused = play.refused if play.refused and play.refused["detail"] != OF_A_HANDLER else None
    return refused or probe(KIND, "", PASS, told, CUBE)


@contextlib.contextmanager
def _kept(course: Course) -> Iterator[None]:
    """What Blender forgets when it loads a file is there again afterwards, for other probes to try."""
    handlers = {event: list(getattr(bpy.app.handlers, event)) for event, _ in handlers_of(course.bench.addon)}
    timers = course.before.registrations.waiting()
    try:
        yield
    finally:
        for event, listed in handlers.items():
            getattr(bpy.app.handlers, event)[:] = listed
        for function in timers:
            if not bpy.app.timers.is_registered(function):
                bpy.app.timers.register(function)


def _excuse(course: Course, play: Play, handlers: dict[Any, str], error: BaseException) -> str:
    """What a handler raises is told of the handler: of those of loading now, of the others when they are tried."""
    reason, code = excuse_callback(course.bench, error), began_in(error)
    if code not in handlers:
        return reason
    if handlers[code] in LOADING and not reason:
        course.results.loaded.setdefault(code, play.failed(error, printed=True))
    return OF_A_HANDLER


def _fill(course: Course) -> int:
    """Set what the add-on keeps of the scene to something, where nobody is called for it; how much that was."""
    added = added_properties() - course.before.properties
    owners, own = owners_of_classes(course.classes, added), {registered_name(cls): cls for cls in course.classes}
    keywords, count = keywords_assigned(course.bench), 0
    for name, owner in owners.items():
        if owner.situation == CUBE and not issubclass(own[name], bpy.types.AddonPreferences):
            wanted = [
                prop for prop in properties_of(own[name]) if not CALLED & declared(own[name], prop.identifier).keys()
            ]
            count += _set(owner, wanted)
    for holder, name in sorted(added):
        of_blender = owner_of(holder)
        if of_blender is not None and of_blender.situation == CUBE and not CALLED & keywords.get(name, CALLED):
            count += _set(of_blender, [getattr(bpy.types, holder).bl_rna.properties[name]])
    return count


def _set(owner: Owner, props: Iterable[Any]) -> int:
    """Set them to the first value a user may choose; how many there is one for."""
    names: dict[str, Any] = {"bpy": bpy}
    count = 0
    with contextlib.suppress(Exception):
        for line in owner.lines:
            exec(line, names)  # noqa: S102  (a line of ours)
        names["owner"] = eval(owner.expression, names)  # noqa: S307  (an expression of ours)
        for prop in props:
            if prop.is_readonly or prop.identifier in ("rna_type", "name"):
                continue
            value = next((value for value, _ in values_for(names["owner"], prop)), None)
            if value is not None:
                with contextlib.suppress(Exception):
                    exec(f"owner.{prop.identifier} = {value}", names)  # noqa: S102  (a line of ours)
                    count += 1
    return count


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

"""Properties with callbacks: read and set as a user does it, on real data."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.bench import Bench, quiet
from bot.blender.harness.code.belongings import Added, added_properties
from bot.blender.harness.code.classes import file_of, registered_name
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.declared import declared
from bot.blender.harness.judging.callbacks import excuse_callback
from bot.blender.harness.probes.groups import leads_to_group, owners_of_classes, unset
from bot.blender.harness.probes.nodes import EDITOR, makings
from bot.blender.harness.probes.owners import Owner, owner_of
from bot.blender.harness.probes.playing import Play
from bot.blender.harness.probes.values_set import values_for
from bot.blender.harness.scene.situations import CUBE
from bot.blender.harness.values import SKIPPED, Json, probe

KIND = "property"
VIEW = ("VIEW_3D", "WINDOW")
CALLBACKS = frozenset({"update", "get", "set", "items", "poll", "search", "get_transform", "set_transform"})
NO_OWNER = "nothing was found that has it"
SEARCH = "list(declared(type(owner), {name!r})['search'](owner, bpy.context, ''))"
POLL = "declared(type(owner), {name!r})['poll'](owner, {value})"


@dataclass(frozen=True)
class Subject:
    """A property, the class that has it, and which callbacks it is known to have."""

    holder: str
    name: str
    callbacks: frozenset[str]


def attempts(course: Course) -> Iterator[Attempt]:
    """Each property that was added to Blender's types, then each with callbacks of the add-on's own classes."""
    before = course.before
    added = added_properties() - before.properties
    owners = owners_of_classes(course.classes, added)
    own = {registered_name(cls): cls for cls in course.classes}
    for subject in (*_of_blenders_types(added), *_of_classes(course)):
        cls = own.get(subject.holder)
        making = partial(_owner, course, cls, subject.holder, owners)
        yield Attempt(KIND, f"{subject.holder}.{subject.name}", partial(_result, course.bench, subject, making))
    unset(added)


def _of_blenders_types(added: frozenset[Added]) -> Iterator[Subject]:
    """Those of a plain value: whether somebody is called when they are set cannot be seen."""
    for holder, name in sorted(added):
        prop = getattr(bpy.types, holder).bl_rna.properties.get(name)
        if prop is not None and prop.type != "COLLECTION" and not leads_to_group(prop):
            yield Subject(holder, name, frozenset())


def _of_classes(course: Course) -> Iterator[Subject]:
    families = (bpy.types.PropertyGroup, bpy.types.AddonPreferences)
    drawn = (bpy.types.Node, bpy.types.NodeSocket, bpy.types.NodeTree)
    for cls in course.classes:
        if not issubclass(cls, (*families, *drawn)):
            continue
        names = dict.fromkeys(
            name
            for holder in reversed(cls.__mro__)
            if file_of(course.bench.addon, holder)
            for name in vars(holder).get("__annotations__", {})
        )
        for name in names:
            callbacks = CALLBACKS & {key for key, value in declared(cls, name).items() if callable(value)}
            if callbacks and name in cls.bl_rna.properties:  # type: ignore[attr-defined]
                yield Subject(registered_name(cls), name, callbacks)


def _owner(course: Course, cls: Any, holder: str, owners: dict[str, Owner]) -> Owner | None:
    """Where the data is to be had that has it."""
    if holder in owners:
        return owners[holder]
    if cls is None:
        return owner_of(holder)
    if not issubclass(cls, (bpy.types.Node, bpy.types.NodeSocket, bpy.types.NodeTree)):
        return None
    lines, expression = makings(course, cls)
    return Owner(CUBE, lines, expression) if lines else None


def _result(bench: Bench, subject: Subject, making: Any) -> Json:
    told = f"{subject.holder}.{subject.name}"
    if not bench.stage.enter(CUBE):
        return probe(KIND, told, SKIPPED, f"the scene {CUBE} cannot be made")
    with bench.stage.view(*EDITOR):
        owner = making()
    if owner is None:
        return probe(KIND, told, SKIPPED, NO_OWNER)
    if not bench.stage.enter(owner.situation):
        return probe(KIND, told, SKIPPED, f"the scene {owner.situation} cannot be made")
    space = EDITOR if owner.lines else VIEW
    play = Play(bench, KIND, told, owner.situation, f'view("{space[0]}", "{space[1]}")')
    play.names["declared"] = declared
    with bench.stage.view(*space), quiet():
        return _set(bench, play, subject, owner)


def _set(bench: Bench, play: Play, subject: Subject, owner: Owner) -> Json:
    calm = partial(excuse_callback, bench, situation=CUBE)
    wild = partial(excuse_callback, bench, situation=CUBE, forced=True)
    for line in (*owner.lines, f"owner = {owner.expression}"):
        if not play.step(line, calm):
            return play.failing or probe(KIND, f"{subject.holder}.{subject.name}", SKIPPED, NO_OWNER)
    data, name = play.names["owner"], subject.name
    prop = data.bl_rna.properties.get(name) if data is not None else None
    if prop is None:
        return probe(KIND, f"{subject.holder}.{name}", SKIPPED, NO_OWNER)
    try:
        return play.played(_steps(data, prop, subject, calm, wild))
    finally:
        with contextlib.suppress(Exception):
            data.property_unset(name)


def _steps(data: Any, prop: Any, subject: Subject, calm: Any, wild: Any) -> Iterator[tuple[str, Any]]:
    """Read it, set it to one value after the other and read it again, search for one."""
    name = subject.name
    yield f"owner.{name}", calm
    for value, far in values_for(data, prop) if not prop.is_readonly else ():
        if "poll" in subject.callbacks and value != "None":
            yield POLL.format(name=name, value=value), calm
        yield f"owner.{name} = {value}\nowner.{name}", wild if far else calm
    if "search" in subject.callbacks:
        yield SEARCH.format(name=name), calm

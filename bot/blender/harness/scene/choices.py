"""What a user may choose before an operator runs: its own options, settings of the add-on, a click instead of a call.

Only what the interface lets a user choose: items of an enum, switches, numbers within what a slider reaches, texts.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import bpy

from bot.blender.harness.code.addon import Addon
from bot.blender.harness.code.classes import properties_of
from bot.blender.harness.scene.files import FILE_PROPERTIES
from bot.blender.harness.values import Json

MOST_ITEMS = 12
"""Items of one enum."""
MOST_COUNT = 64
"""Whole numbers are mostly of things to make: more of them only takes longer."""
MOST_SIZE = 1000.0
_DEEP = 2
"""Groups within groups of settings."""
NOT_ASCII = "Größe 尺寸"
WHOLESALE = frozenset({"as_keywords", "properties", "getattr", "keywords", "__annotations__"})
"""Words of code that takes options without saying which."""


@dataclass(frozen=True)
class Setting:
    """A property of the add-on that lies not on the operator: what leads to its holder, its name, a value."""

    holder: str
    """As Python says it: `bpy.context.scene.my_settings`."""
    name: str
    value: Any

    @property
    def line(self) -> str:
        """The assignment."""
        return f"{self.holder}.{self.name} = {self.value!r}"


@dataclass(frozen=True)
class Choice:
    """What is another than by default."""

    values: Json = field(default_factory=dict)
    settings: tuple[Setting, ...] = ()
    clicked: bool = False
    """It is started as a person does it: by `invoke`."""

    @property
    def names(self) -> frozenset[str]:
        """What is set."""
        return frozenset([*self.values, *(setting.name for setting in self.settings)])

    @property
    def texts(self) -> frozenset[str]:
        """The texts that were typed in."""
        values = [*self.values.values(), *(setting.value for setting in self.settings)]
        return frozenset(value for value in values if isinstance(value, str) and value)

    @property
    def told(self) -> str:
        """In words, for the detail of a probe."""
        said = [f"{name}={value!r}" for name, value in self.values.items()]
        said += [setting.line for setting in self.settings]
        return " ".join(
            [*(["started by a click"] if self.clicked else []), *(["with", ", ".join(said)] if said else [])]
        )


def options(cls: Any, words: frozenset[str]) -> Iterator[Choice]:
    """One option of an operator after the other that its code speaks of, set to another of its values."""
    anything = bool(words & WHOLESALE)
    for prop in properties_of(cls):
        name = prop.identifier
        if name not in FILE_PROPERTIES | {"rna_type"} and not prop.is_hidden and (anything or name in words):
            yield from (Choice({name: value}) for value in others(prop))


def settings(addon: Addon, words: frozenset[str]) -> Iterator[Choice]:
    """One setting of the add-on after the other that somebody speaks of, set to another of its values."""
    for said, holder, own in _holders(addon):
        for prop in holder.bl_rna.properties:
            if prop.identifier in words and not prop.is_hidden and (own or prop.is_runtime):
                with contextlib.suppress(Exception):  # its own `get` may raise, which is looked at elsewhere
                    now = _now(holder, prop)
                    yield from [
                        Choice(settings=(Setting(said, prop.identifier, value),)) for value in others(prop, now)
                    ]


@contextlib.contextmanager
def settled(chosen: tuple[Setting, ...], addon: Addon) -> Iterator[None]:
    """The settings as chosen, for as long as it lasts.

    Raises what Blender raises where one of them cannot be made.
    """
    before: list[tuple[Any, str, Any]] = []
    holders = {said: holder for said, holder, _ in _holders(addon)} if chosen else {}
    try:
        for setting in chosen:
            holder = holders[setting.holder]
            before.append((holder, setting.name, _now(holder, holder.bl_rna.properties[setting.name])))
            setattr(holder, setting.name, setting.value)
        yield
    finally:
        for holder, name, value in before:
            with contextlib.suppress(Exception):  # it may be gone by now
                setattr(holder, name, value)


def others(prop: Any, now: Any = None) -> list[Any]:
    """Values of a property a user can choose, other than the one it has (null: its default)."""
    if prop.is_readonly or prop.type in {"POINTER", "COLLECTION"}:
        return []
    array = bool(getattr(prop, "is_array", False))
    if now is None:
        now = _default(prop)
    found = [tuple(value for _ in range(prop.array_length)) if array else value for value in _values(prop, now, array)]
    return [value for index, value in enumerate(found) if value != now and value not in found[:index]]


def _values(prop: Any, now: Any, array: bool) -> list[Any]:
    if prop.type == "BOOLEAN":
        return [True, False] if array else [not now]
    if prop.type == "ENUM":
        items = [item.identifier for item in prop.enum_items][:MOST_ITEMS]
        return [{item} for item in items] if prop.is_enum_flag else items
    if prop.type == "STRING":
        return [NOT_ASCII, ""] if prop.subtype == "NONE" else []
    whole = prop.type == "INT"
    most = MOST_COUNT if whole else MOST_SIZE
    low, high = prop.soft_min, prop.soft_max
    wanted = [low if low > -most else -1, high if high < most else most if whole else 10.0, 0, -1, 1]
    inside = [value for value in wanted if low <= value <= high]
    return [int(value) if whole else float(value) for value in inside]


def _default(prop: Any) -> Any:
    if prop.type == "ENUM" and prop.is_enum_flag:
        return set(prop.default_flag)
    return tuple(prop.default_array) if getattr(prop, "is_array", False) else prop.default


def _now(holder: Any, prop: Any) -> Any:
    value = getattr(holder, prop.identifier)
    return tuple(value) if getattr(prop, "is_array", False) else value


def _holders(addon: Addon) -> Iterator[tuple[str, Any, bool]]:
    """What settings of the add-on may lie on, as Python says it; and whether all there is on it is the add-on's."""
    for said, root in _roots(addon.module):
        own = isinstance(root, bpy.types.AddonPreferences)
        yield said, root, own
        pending = [(said, root)]
        while pending:
            path, holder = pending.pop(0)
            for prop in holder.bl_rna.properties:
                leads = prop.type == "POINTER" and prop.identifier != "rna_type"  # which is the group's own description
                group = getattr(holder, prop.identifier, None) if leads else None
                if isinstance(group, bpy.types.PropertyGroup) and addon.owns(type(group).__module__):
                    yield f"{path}.{prop.identifier}", group, True
                    if path.count(".") - said.count(".") < _DEEP:
                        pending.append((f"{path}.{prop.identifier}", group))


def _roots(module: str) -> Iterator[tuple[str, Any]]:
    context = bpy.context
    thing = context.view_layer.objects.active
    entry = context.preferences.addons.get(module)
    found = {
        "bpy.context.scene": context.scene,
        "bpy.context.window_manager": context.window_manager,
        "bpy.context.preferences.addons[MODULE].preferences": entry.preferences if entry is not None else None,
        "bpy.context.object": thing,
        "bpy.context.object.data": getattr(thing, "data", None),
        "bpy.context.object.active_material": getattr(thing, "active_material", None),
        "bpy.context.view_layer": context.view_layer,
        "bpy.context.collection": context.collection,
        "bpy.context.scene.world": context.scene.world,
    }
    yield from ((said, value) for said, value in found.items() if value is not None)

"""What a user may set a property to, as code that says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import bpy

MOST_ITEMS = 12
LARGEST = 100
"""Beyond this a number that is nobody's default is not set: it may be how much of something is made."""
SHOWN_ITEMS = re.compile(r'enum "[^"]*" not found in \((.*)\)', re.DOTALL)
NO_SUCH_ITEM = "NO_SUCH_ITEM"


def values_for(owner: Any, prop: Any) -> Iterator[tuple[str, bool]]:
    """Each value as code that may name `owner`, and whether hardly anybody would choose it."""
    name = prop.identifier
    if prop.type == "BOOLEAN":
        turned = f"[not one for one in owner.{name}]" if prop.is_array else f"not owner.{name}"
        yield from ((turned, False), (turned, False))
    elif prop.type in ("INT", "FLOAT"):
        count = prop.array_length if prop.is_array else 0
        for number, far in _numbers(prop):
            yield (f"[{number!r}] * {count}" if count else repr(number)), far
    elif prop.type == "STRING":
        plain = "b'Name'" if prop.subtype == "BYTE_STRING" else "'Name'"
        yield from ((plain, True), (plain.replace("Name", ""), True))  # what a text has to be is not known
    elif prop.type == "ENUM":
        for item in items_of(owner, prop)[:MOST_ITEMS]:
            yield (repr({item}) if prop.is_enum_flag else repr(item)), False
    elif prop.type == "POINTER":
        thing = _thing(prop)
        yield from ((thing, True), ("None", True)) if thing else ()


def items_of(owner: Any, prop: Any) -> list[str]:
    """The items of an enum, also of one whose items a function gives: Blender names them when it refuses another."""
    known = list(prop.enum_items.keys())
    if known:
        return known
    try:
        setattr(owner, prop.identifier, {NO_SUCH_ITEM} if prop.is_enum_flag else NO_SUCH_ITEM)
    except TypeError as error:
        shown = SHOWN_ITEMS.search(str(error))
        return re.findall(r"'((?:[^'\\]|\\.)*)'", shown[1]) if shown else []
    return []


def _numbers(prop: Any) -> Iterator[tuple[Any, bool]]:
    """The next number, and the ends of its slider."""
    default = (prop.default_array[0] if prop.array_length else 0) if prop.is_array else prop.default
    step = 1 if prop.type == "INT" else 0.5
    following = default + step if default + step <= prop.soft_max else default - step
    if prop.soft_min <= following <= prop.soft_max:
        yield following, False
    for end in (prop.soft_min, prop.soft_max):
        if abs(end) <= LARGEST:
            yield end, True


def _thing(prop: Any) -> str:
    """Data a pointer may point to; empty where there is none to be had."""
    kind: Any = getattr(bpy.types, prop.fixed_type.identifier, None)
    if not isinstance(kind, type) or not issubclass(kind, bpy.types.ID):
        return ""
    for collection in bpy.data.bl_rna.properties:
        items: Any = getattr(bpy.data, collection.identifier) if collection.type == "COLLECTION" else ()
        found = next((item.name for item in items if kind in type(item).__mro__), None)
        if found is not None:
            return f"bpy.data.{collection.identifier}[{found!r}]"
    return ""

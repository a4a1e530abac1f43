"""A list, drawn as `template_list` does it: filtered, item by item, with its options below."""

from __future__ import annotations

from types import FunctionType
from typing import Any

import bpy

from bot.blender.harness.interface.layout import RecordingLayout, stand_in
from bot.blender.harness.interface.returned import UnfitReturn, number_taken, refuse

FILTERED = 1 << 30
"""`UIList.bitflag_filter_item`."""
MOST_ITEMS = 3


def draw_list(cls: Any, data: Any, name: str, active_data: Any, active_name: str, kind: str = "DEFAULT") -> None:
    """Draw a list of `data.name`, of which `active_data.active_name` is the number of the active item.

    Raises:
        UnfitReturn: it filters in a way Blender cannot use.
    """
    context, items = bpy.context, list(getattr(data, name))
    shown = stand_in(cls, RecordingLayout())
    shown.layout_type, shown.bitflag_filter_item, shown.use_filter_show = kind, FILTERED, True
    flags: Any = ()
    if isinstance(getattr(cls, "filter_items", None), FunctionType):
        flags = flags_of(cls.filter_items, shown.filter_items(context, data, name), len(items))
    for index, item in list(enumerate(items))[:MOST_ITEMS]:
        flag = flags[index] if len(flags) else FILTERED
        given = (context, RecordingLayout(), data, item, 0, active_data, active_name, index, flag)
        shown.draw_item(*given[: number_taken(cls.draw_item, len(given))])
    if isinstance(getattr(cls, "draw_filter", None), FunctionType):
        shown.draw_filter(context, RecordingLayout())


def flags_of(function: Any, answer: Any, count: int) -> Any:
    """The flags of the items, of what a list's `filter_items` gave back.

    Raises:
        UnfitReturn: Blender cannot use it.
    """
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        refuse(function, UnfitReturn("filter_items has to return two lists: flags of the items, and their new order"))
    for given, what in zip(answer, ("filter_flags", "filter_neworder"), strict=True):
        if len(given) not in (0, count):
            said = f"filter_items returned {len(given)} items in {what}, {count} or none were expected"
            refuse(function, UnfitReturn(said))
    return answer[0]

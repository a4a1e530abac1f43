"""The context of a user whose mouse is over an editor."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import bpy


@contextlib.contextmanager
def view(space: str = "VIEW_3D", region_type: str = "UI", **members: Any) -> Iterator[None]:
    """The context of a user whose mouse is over an editor of the given kind.

    Operators run over the side bar: over the main region, transform operators of 4.2 reach for
    a graphics card and take Blender down.
    """
    window = bpy.context.window
    if window is None or not hasattr(bpy.context, "temp_override"):
        yield
        return
    areas = list(window.screen.areas)
    area = next((one for one in areas if one.type == space), None)
    if area is None:
        area = min(areas, key=lambda one: one.type == "VIEW_3D")  # never the 3D view, if there is another
        with contextlib.suppress(Exception):
            area.type = space
        if area.type != space:
            area = next((one for one in areas if one.type == "VIEW_3D"), areas[0])
    regions = {one.type: one for one in area.regions}
    region = regions.get(region_type) or regions.get("WINDOW")
    try:
        override = bpy.context.temp_override(window=window, area=area, region=region, **members)
    except TypeError:
        override = contextlib.nullcontext()
    with override:
        yield

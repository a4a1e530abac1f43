"""Where Blender's documentation describes a symbol."""

from __future__ import annotations

import re

# Every module that has a page of its own, longest prefix wins. `bpy.ops.<group>`,
# `bpy.types.<class>` and `bpy_extras.<module>` have one page each and are handled by rule.
_PAGES = frozenset(
    """
    aud bgl bl_math blf bmesh bmesh.geometry bmesh.ops bmesh.types bmesh.utils
    bpy.app bpy.app.handlers bpy.app.icons bpy.app.timers bpy.app.translations bpy.context bpy.data
    bpy.msgbus bpy.ops bpy.path bpy.props bpy.types bpy.utils bpy.utils.previews bpy.utils.units
    bpy_extras freestyle freestyle.chainingiterators freestyle.functions freestyle.predicates
    freestyle.shaders freestyle.types freestyle.utils
    gpu gpu.capabilities gpu.matrix gpu.platform gpu.select gpu.shader gpu.state gpu.texture gpu.types
    gpu_extras gpu_extras.batch gpu_extras.presets idprop.types imbuf imbuf.types
    mathutils mathutils.bvhtree mathutils.geometry mathutils.interpolate mathutils.kdtree mathutils.noise
    """.split()  # noqa: SIM905  (a list of words reads better without its quotes)
)
_PAGE_PER_NAME = ("bpy.ops", "bpy.types", "bpy_extras")
_SYMBOL = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
_RELEASE = re.compile(r"\d{1,2}\.\d{1,3}", re.ASCII)
_BASE = "https://docs.blender.org/api"


def page(symbol: str) -> str | None:
    """The module or class whose page describes the symbol; null where the documentation has none."""
    if not _SYMBOL.fullmatch(symbol):
        return None
    parts = symbol.split(".")
    for parent in _PAGE_PER_NAME:
        depth = parent.count(".") + 1
        if symbol.startswith(parent + ".") and len(parts) > depth:
            return ".".join(parts[: depth + 1])
    for length in range(len(parts), 0, -1):
        candidate = ".".join(parts[:length])
        if candidate in _PAGES:
            return candidate
    return None


def documentation_url(symbol: str, release: str) -> str | None:
    """The page and anchor of a symbol, as Blender's documentation of that release has it.

    The symbol is spelled in full (`bpy.types.Mesh.use_auto_smooth`) and names the class that defines
    the member: inherited members have no anchor of their own. Null for what is not documented.
    """
    found = page(symbol)
    if found is None or not _RELEASE.fullmatch(release):
        return None
    # A module's own page is anchored as `module-<name>`; everything in it by its full name.
    is_module = symbol == found and not symbol.startswith("bpy.types.")
    anchor = f"module-{symbol}" if is_module else symbol
    return f"{_BASE}/{release}/{found}.html#{anchor}"

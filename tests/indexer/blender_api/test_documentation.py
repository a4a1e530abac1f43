from __future__ import annotations

import pytest

from indexer.blender_api.documentation import documentation_url


@pytest.mark.parametrize(
    ("symbol", "release", "expected"),
    [
        (
            "bpy.types.Mesh.use_auto_smooth",
            "4.0",
            "https://docs.blender.org/api/4.0/bpy.types.Mesh.html#bpy.types.Mesh.use_auto_smooth",
        ),
        ("bpy.types.Mesh", "4.5", "https://docs.blender.org/api/4.5/bpy.types.Mesh.html#bpy.types.Mesh"),
        (
            "bpy.ops.object.modifier_apply",
            "4.5",
            "https://docs.blender.org/api/4.5/bpy.ops.object.html#bpy.ops.object.modifier_apply",
        ),
        (
            "bpy.utils.register_class",
            "2.80",
            "https://docs.blender.org/api/2.80/bpy.utils.html#bpy.utils.register_class",
        ),
        ("bpy.app.handlers.load_post", "4.5",
         "https://docs.blender.org/api/4.5/bpy.app.handlers.html#bpy.app.handlers.load_post"),
        ("mathutils.Matrix", "4.5", "https://docs.blender.org/api/4.5/mathutils.html#mathutils.Matrix"),
        ("mathutils.geometry.intersect_line_line", "4.5",
         "https://docs.blender.org/api/4.5/mathutils.geometry.html#mathutils.geometry.intersect_line_line"),
        ("bgl", "4.5", "https://docs.blender.org/api/4.5/bgl.html#module-bgl"),
        ("numpy.ndarray", "4.5", None),
        ("bl_ui.space_view3d", "4.5", None),
        ("bpy.types.Mesh/../../x", "4.5", None),
        ("bpy.types.Mesh", "4.5/../evil", None),
    ],
)  # fmt: skip
def test_the_page_and_its_anchor(symbol: str, release: str, expected: str | None) -> None:
    assert documentation_url(symbol, release) == expected

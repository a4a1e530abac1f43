"""Names of Blender's API that a patch makes up."""

from __future__ import annotations

import pytest

from bot.cache import subfolder
from bot.models.release import Release
from bot.validators.grounding import Grounding, ground
from indexer.blender_api import stubs
from indexer.blender_api.table import ApiTable

RELEASES = ("4.2", "4.5")


@pytest.fixture(scope="module")
def tables() -> dict[Release, ApiTable]:
    found = {Release.parse(text): stubs.obtain(text, subfolder("stubs")) for text in RELEASES}
    known = {release: table for release, table in found.items() if table is not None}
    if len(known) < len(RELEASES):
        pytest.skip("the stubs of Blender 4.2 and 4.5 cannot be had")
    return known


def look(tables: dict[Release, ApiTable], code: str, before: str = "", lines: range | None = None) -> Grounding:
    text = f"import bpy\n\n\ndef f(context):\n    ob = context.object\n{code}"
    return ground({"a.py": text}, {"a.py": lines or range(1, 100)}, {"a.py": before}, tables)


@pytest.mark.parametrize(
    ("code", "name", "near"),
    [
        ("    bpy.utils.register_klass(None)\n", "bpy.utils.register_klass", "bpy.utils.register_class"),
        ("    bpy.ops.mesh.primitive_cubx_add()\n", "bpy.ops.mesh.primitive_cubx_add", "primitive_cube_add"),
        ("    bpy.ops.mesh.primitive_cube_add(extent=2)\n", "bpy.ops.mesh.primitive_cube_add(extent=...)", ""),
        ("    context.scene.frobnicate()\n", "bpy.types.Scene.frobnicate", ""),
        ('    bpy.data.meshes.new("x").use_auto_smooth = True\n', "bpy.types.Mesh.use_auto_smooth", ""),
    ],
)
def test_a_name_that_does_not_exist_is_told_with_the_nearest_ones(
    tables: dict[Release, ApiTable], code: str, name: str, near: str
) -> None:
    (complaint,) = look(tables, code).complaints
    assert f"`{name}` does not exist in Blender 4.2, 4.5" in complaint and near in complaint


@pytest.mark.parametrize(
    "code",
    [
        "    bpy.ops.mesh.primitive_cube_add(size=2)\n",
        "    context.scene.frame_set(1)\n",
        "    me = bpy.data.meshes.new('')\n    if bpy.app.version < (4, 1, 0):\n        me.use_auto_smooth = True\n",
        '    mesh = bpy.data.meshes.new("x")\n    if hasattr(mesh, "calc_normals"):\n        mesh.calc_normals()\n',
        "    unknown.thing.frobnicate()\n",
        "    self.frobnicate()\n",
    ],
)
def test_what_exists_is_guarded_or_is_not_known_is_left_alone(tables: dict[Release, ApiTable], code: str) -> None:
    assert look(tables, code).complaints == ()


def test_an_add_ons_own_names_are_not_made_up(tables: dict[Release, ApiTable]) -> None:
    code = "    context.scene.my_settings.size = 1\n    bpy.ops.mesh.my_tool()\n"
    before = 'bpy.types.Scene.my_settings = 1\nbl_idname = "mesh.my_tool"\n'
    assert len(look(tables, code).complaints) == 2
    assert look(tables, code, before).complaints == ()


def test_only_added_lines_are_held_against_a_patch(tables: dict[Release, ApiTable]) -> None:
    code = "    context.scene.frobnicate()\n    context.scene.frame_set(1)\n"
    assert look(tables, code, lines=range(7, 8)).complaints == ()


def test_code_that_does_not_parse_is_others_to_tell(tables: dict[Release, ApiTable]) -> None:
    assert look(tables, "    def (\n").complaints == ()

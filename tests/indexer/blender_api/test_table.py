"""What real stubs of real releases say, where the answer is known from Blender itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from indexer.blender_api.table import ApiTable

Api = Callable[[str], ApiTable]


@pytest.mark.parametrize(
    ("release", "owner", "name", "expected"),
    [
        ("4.0", "bpy.types.Mesh", "use_auto_smooth", True),
        ("4.5", "bpy.types.Mesh", "use_auto_smooth", False),
        ("4.5", "Mesh", "vertices", True),
        ("4.5", "bpy.types.Mesh", "name", True),  # inherited from ID
        ("4.5", "bpy.types.Mesh", "as_pointer", True),  # inherited from bpy_struct
        ("4.5", "bpy.types.CollectionObjects", "foreach_get", True),  # from a generic base
        ("4.5", "bpy.types.NodeTree", "interface", True),
        ("2.80", "bpy.types.NodeTree", "interface", False),
        ("4.5", "bpy.types.Context", "temp_override", True),
        ("2.80", "bpy.types.Context", "temp_override", False),
        ("4.5", "bpy.context", "active_object", True),
        ("4.5", "bpy.data", "meshes", True),
        ("4.5", "bpy.utils", "register_class", True),
        ("4.5", "bpy.utils", "register_module", False),
        ("4.5", "bpy.ops.object", "modifier_apply", True),
        ("4.5", "bpy.ops.object", "no_such_operator", False),
        ("4.5", "bpy.ops.somebodys_addon", "do_it", None),
        ("4.5", "mathutils.Matrix", "__matmul__", True),
        ("4.5", "bpy.types.NoSuchType", "anything", False),
        ("4.5", "numpy.ndarray", "shape", None),
        ("4.5", "bpy.types.PropertyGroup", "made_by_an_addon", None),
    ],
)
def test_has_member(api: Api, release: str, owner: str, name: str, expected: bool | None) -> None:
    assert api(release).has_member(owner, name) is expected


@pytest.mark.parametrize(
    ("release", "function", "keyword", "expected"),
    [
        ("4.5", "bpy.types.UILayout.label", "text", True),
        ("4.5", "bpy.types.UILayout.label", "texts", False),
        ("4.5", "bpy.types.Object.select_set", "state", True),
        ("2.80", "bpy.ops.mesh.bevel", "vertex_only", True),
        ("4.5", "bpy.ops.mesh.bevel", "vertex_only", False),
        ("2.80", "bpy.ops.object.modifier_apply", "apply_as", True),
        ("4.5", "bpy.ops.object.modifier_apply", "apply_as", False),
        ("4.5", "bpy.props.IntProperty", "override", True),
        ("4.5", "bpy.types.Mesh.vertices", "x", None),  # is no function
    ],
)
def test_has_keyword(api: Api, release: str, function: str, keyword: str, expected: bool | None) -> None:
    assert api(release).has_keyword(function, keyword) is expected


@pytest.mark.parametrize(
    ("release", "function", "count", "expected"),
    [
        ("4.5", "bpy.types.UILayout.label", 0, True),
        ("4.5", "bpy.types.UILayout.label", 1, False),
        ("4.5", "bpy.types.UILayout.prop", 2, True),
        ("4.5", "bpy.types.UILayout.prop", 3, False),
        ("2.80", "bpy.ops.object.modifier_apply", 1, True),  # the context override
        ("4.0", "bpy.ops.object.modifier_apply", 1, False),
    ],
)
def test_accepts_positional(api: Api, release: str, function: str, count: int, expected: bool) -> None:
    assert api(release).accepts_positional(function, count) is expected


@pytest.mark.parametrize(
    ("release", "prop", "item", "expected"),
    [
        ("4.0", "bpy.types.RenderSettings.engine", "BLENDER_EEVEE", True),
        ("4.5", "bpy.types.RenderSettings.engine", "BLENDER_EEVEE", False),
        ("4.5", "bpy.types.RenderSettings.engine", "BLENDER_EEVEE_NEXT", True),
        ("4.5", "bpy.types.RenderSettings.engine", "CYCLES", None),  # registered when Blender starts
        ("4.5", "bpy.types.Object.type", "GREASEPENCIL", True),  # through an alias
        ("4.5", "bpy.types.Object.type", "GPENCIL", False),
        ("2.80", "bpy.types.Object.type", "GPENCIL", True),
        ("4.5", "bpy.types.UILayout.label.icon", "QUESTION", True),  # of a parameter
        ("4.5", "bpy.ops.object.add.align", "WORLD", True),
        ("4.5", "bpy.types.Mesh.vertices", "X", None),  # is no enum
    ],
)
def test_has_enum_item(api: Api, release: str, prop: str, item: str, expected: bool | None) -> None:
    assert api(release).has_enum_item(prop, item) is expected


@pytest.mark.parametrize(
    ("release", "module", "expected"),
    [
        ("4.5", "bgl", True),
        ("5.1", "bgl", False),
        ("4.5", "gpu.state", True),
        ("2.80", "gpu.state", False),
        ("4.5", "bpy_extras.view3d_utils", True),
        ("4.5", "numpy", None),
    ],
)
def test_has_module(api: Api, release: str, module: str, expected: bool | None) -> None:
    assert api(release).has_module(module) is expected


def test_what_can_be_assigned(api: Api) -> None:
    table = api("4.5")
    assert table.is_writable("bpy.types.Object", "location") is True
    assert table.is_writable("bpy.types.Mesh", "polygons") is False
    assert table.is_writable("bpy.types.Mesh", "use_auto_smooth") is False


def test_lookup_finds_what_a_class_inherits_and_where_it_is_documented(api: Api) -> None:
    table = api("4.5")
    entry = table.lookup("Mesh.name")
    assert entry is not None
    assert entry.symbol == "bpy.types.ID.name"
    assert table.url("Mesh.name") == "https://docs.blender.org/api/4.5/bpy.types.ID.html#bpy.types.ID.name"
    modifier = table.lookup("bpy.ops.object.modifier_apply")
    assert modifier is not None
    assert modifier.text == "Apply modifier and remove from the stack"


@pytest.mark.parametrize("release", ["2.80", "4.0", "4.5", "5.1"])
def test_every_release_is_read_whole(api: Api, release: str) -> None:
    table = api(release)
    kinds = [entry.kind for entry in table.symbols()]
    assert kinds.count("operator") > 1500
    assert kinds.count("class") > 1000
    assert kinds.count("property") + kinds.count("readonly") > 8000

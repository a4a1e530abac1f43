from __future__ import annotations

from itertools import pairwise

import pytest

from indexer.chunking.base import MAX_CHARACTERS, Chunked
from indexer.chunking.python import PythonChunker
from indexer.models import Chunk

ADDON = b'''# ##### BEGIN GPL LICENSE BLOCK #####
# This program is free software
"""Smooth things. More words."""

import bpy
from bpy.props import FloatProperty
from . import tools
from ..core.mesh import bake as b

LABEL = "Smooth It"


class Smoother:
    """Mixin."""


# Runs on whatever is active
class MESH_OT_smooth(Smoother, bpy.types.Operator):
    """Smooth the mesh. Twice."""
    bl_idname = "mesh.smooth_it"
    bl_label = LABEL
    bl_description = ("Makes "
                      "it smooth")
    amount: FloatProperty(name="Amount")

    @classmethod
    def poll(cls, context):
        return context.object is not None

    def execute(self, context):
        if not context.object:
            raise RuntimeError("none")
        tools.smooth(context.object.data, self.amount)
        helper().a.b(1)
        return {'FINISHED'}


class MESH_OT_twice(MESH_OT_smooth):
    bl_idname = "mesh.twice"


@bpy.app.handlers.persistent
def on_load(_):
    pass


def on_save(_):
    raise


bpy.app.handlers.save_pre.append(on_save)
classes = (MESH_OT_smooth,)


def register():
    for cls in classes:
        bpy.utils.register_class(cls)


if __name__ == "__main__":
    register()
'''


def cut(data: bytes, path: str = "addon/ui/smooth.py") -> Chunked:
    return PythonChunker().chunk(path, data)


def named(found: Chunked, name: str, part: int = 0) -> Chunk:
    return next(chunk for chunk in found.chunks if chunk.name == name and chunk.part == part)


def test_an_operator_is_shown_by_its_own_statements_and_its_members_signatures() -> None:
    chunk = named(cut(ADDON), "MESH_OT_smooth")
    assert (chunk.role, chunk.symbol) == ("class", "addon.ui.smooth.MESH_OT_smooth")
    assert (chunk.start, chunk.end) == (18, 35)
    assert "amount: FloatProperty" in chunk.text
    assert "@classmethod\n    def poll(cls, context):\n    def execute(self, context):" in chunk.text
    assert "FINISHED" not in chunk.text
    assert chunk.facts.blender == "operator"
    assert chunk.facts.blender_id == "mesh.smooth_it"
    assert chunk.facts.bases == ("Smoother", "bpy.types.Operator")
    for word in ("bpy.ops.mesh.smooth_it", "Smooth It", "Makes it smooth", "Runs on whatever is active", "ui"):
        assert word in chunk.terms


def test_a_method_is_read_with_what_it_stands_in() -> None:
    chunk = named(cut(ADDON), "MESH_OT_smooth.execute")
    assert (chunk.role, chunk.start, chunk.end) == ("method", 30, 35)
    assert chunk.text == "\n".join(ADDON.decode().splitlines()[29:35])
    assert chunk.context == (
        "Smooth things.\nclass MESH_OT_smooth(Smoother, bpy.types.Operator)\nSmooth the mesh.\n"
        "bl_idname = mesh.smooth_it  bl_label = Smooth It"
    )
    assert chunk.facts.calls == ("RuntimeError", "tools.smooth", "a.b", "helper")
    assert chunk.facts.raises == ("RuntimeError",)
    assert chunk.facts.blender_id == "mesh.smooth_it"
    assert chunk.facts.blender == ""


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Smoother", ""),
        ("MESH_OT_twice", "operator"),
        ("on_load", "handler"),
        ("on_save", "handler"),
        ("register", "registration"),
    ],
)
def test_what_blender_sees(name: str, role: str) -> None:
    assert named(cut(ADDON), name).facts.blender == role


@pytest.mark.parametrize(
    ("line", "role"),
    [
        (b"class A(Panel)", "panel"),
        (b"class A(Mixin, bpy.types.PropertyGroup)", "property group"),
        (b"class A(types.UIList)", "ui list"),
        (b"class A(bpy.types.AddonPreferences)", "preferences"),
        (b"class A(bpy.types.ShaderNodeCustomGroup)", "node"),
        (b"class A(NodeSocket)", "node socket"),
        (b"class VIEW3D_PT_thing(Shared)", "panel"),
        (b"class VIEW3D_PT_thing", ""),
        (b"class A(Shared)", ""),
        (b"class A(bpy.types.Macro)", "macro"),
        (b"class A(bpy.types.RenderEngine)", "render engine"),
        (b"class A(bpy.types.KeyingSetInfo)", "keying set"),
        (b"class A(bpy.types.FileHandler)", "file handler"),
        (b"class A(bpy.types.AssetShelf)", "asset shelf"),
        (b"class A(bpy.types.GizmoGroup)", "gizmo group"),
        (b"class A(bpy.types.WorkSpaceTool)", "tool"),
    ],
)
def test_roles_of_classes(line: bytes, role: str) -> None:
    assert (
        named(cut(b"import bpy\n\n\n" + line + b":\n    x = 1\n"), line[6:].split(b"(")[0].decode()).facts.blender
        == role
    )


def test_a_class_named_like_blenders_is_nothing_to_blender_without_it() -> None:
    assert named(cut(b"class A(Node):\n    pass\n"), "A").facts.blender == ""


def test_an_operator_by_mixin_is_known_by_its_name() -> None:
    data = b"import bpy\nclass Go(Shared):\n    bl_idname = 'object.go'\n"
    assert named(cut(data), "Go").facts.blender == "operator"


@pytest.mark.parametrize(
    ("base", "role"),
    [("ArmLogicTreeNode", "node"), ("base.BasePanel", "panel"), ("MySocket", "node socket"), ("Other", "")],
)
def test_an_own_base_class_is_believed_of_what_blender_shows(base: str, role: str) -> None:
    data = f"import bpy\nclass Go({base}):\n    bl_label = 'Go'\n\nclass Hidden({base}):\n    x = 1\n".encode()
    assert named(cut(data), "Go").facts.blender == role
    assert named(cut(data), "Hidden").facts.blender == ""


def test_imports_are_resolved() -> None:
    found = cut(ADDON).imports
    wanted = (
        "bpy",
        "bpy.props",
        "bpy.props.FloatProperty",
        "addon.ui.tools",
        "addon.core.mesh",
        "addon.core.mesh.bake",
    )
    assert found == (*wanted[:3], "addon.ui", *wanted[3:])
    assert cut(b"from .a import b\n", "addon/__init__.py").imports == ("addon.a", "addon.a.b")
    assert cut(b"from ... import b\nfrom .... import c\n", "a/b.py").imports == ()
    assert cut(b"import a.b as c, d\nfrom x import *\n").imports == ("a.b", "d", "x")


def test_code_between_definitions_is_a_chunk_and_a_licence_is_not() -> None:
    found = [chunk for chunk in cut(ADDON).chunks if chunk.role == "module"]
    assert [(chunk.start, chunk.end) for chunk in found] == [(3, 10), (51, 52), (60, 61)]
    assert all(chunk.symbol == "addon.ui.smooth" for chunk in found)
    assert "GPL" not in "".join(chunk.text for chunk in found)
    assert found[1].text == "bpy.app.handlers.save_pre.append(on_save)\nclasses = (MESH_OT_smooth,)"
    assert found[1].facts.calls == ("bpy.app.handlers.save_pre.append",)


def test_a_long_function_is_cut_where_statements_begin() -> None:
    body = b"".join(b"    if a == %d:\n        first(%d)\n        second(%d)\n" % (n, n, n) for n in range(100))
    found = cut(b'def long(a):\n    """Does much. Really."""\n' + body)
    parts = [chunk for chunk in found.chunks if chunk.name == "long"]
    assert [chunk.part for chunk in parts] == list(range(1, len(parts) + 1))
    assert len(parts) > 3
    assert parts[0].start == 1 and parts[-1].end == 302
    assert all(before.end + 1 == after.start for before, after in pairwise(parts))
    assert all(chunk.text.startswith("    if a ==") for chunk in parts[1:])
    assert all(chunk.context == "def long(a)" for chunk in parts[1:])
    assert all(len(chunk.text) <= MAX_CHARACTERS * 1.2 for chunk in parts)
    assert all("Does much." in chunk.terms for chunk in parts[1:])


def test_a_long_statement_is_cut_inside() -> None:
    data = b"TABLE = {\n" + b"".join(b"    'key_%d': (1, 2, 3),\n" % n for n in range(200)) + b"}\n"
    found = cut(data).chunks
    assert len(found) > 2
    assert all(len(chunk.text) <= MAX_CHARACTERS * 1.2 for chunk in found)


def test_a_nested_function_belongs_to_the_outer_one_unless_that_is_cut() -> None:
    short = b"def outer():\n    def inner():\n        go()\n    return inner\n"
    assert [chunk.name for chunk in cut(short).chunks] == ["outer"]
    inner = b"    def inner():\n" + b"        go_on(1234567890)\n" * 30
    long = b"def outer():\n" + inner + b"    x = call_something(1)\n" * 60
    found = cut(long)
    chunk = named(found, "outer.inner")
    assert (chunk.start, chunk.end, chunk.role) == (2, 32, "function")
    assert chunk.context == "def outer()"
    assert not any("go_on" in one.text for one in found.chunks if one.name == "outer")


def test_a_long_class_is_cut_between_its_properties() -> None:
    data = b"class P(Base):\n" + b"".join(b"    name_%d: Property(default=%d)\n" % (n, n) for n in range(120))
    parts = [chunk for chunk in cut(data).chunks if chunk.name == "P"]
    assert len(parts) > 1
    assert parts[0].start == 1 and parts[-1].end == 121
    assert parts[1].context == "class P(Base)"


def test_python_2_and_broken_files_still_give_their_functions() -> None:
    data = (
        b"def one():\n    print 'x'\n    exec code in scope\n\ndef two(:\n    pass\n\ndef three():\n    raise E, 'x'\n"
    )
    found = cut(data)
    assert named(found, "one").text.endswith("exec code in scope")
    assert named(found, "three").facts.raises == ("E",)


def test_what_is_called_is_bounded() -> None:
    data = b"def f():\n" + b"".join(b" c%d()\n" % n for n in range(230))
    chunks = cut(data).chunks
    assert all(len(chunk.facts.calls) <= 200 for chunk in chunks)
    assert cut(b"a" * 500 + b".b()\n").chunks[0].facts.calls == ("b",)


def test_moving_a_file_changes_names_and_no_keys() -> None:
    here, there = cut(ADDON).chunks, cut(ADDON, "other/place.py").chunks
    assert [chunk.key for chunk in here] == [chunk.key for chunk in there]
    assert here[0].symbol != there[0].symbol


def test_an_edit_in_one_function_changes_its_chunk_alone() -> None:
    edited = ADDON.replace(b"    raise\n", b"    raise\n    # why\n    go()\n")
    before = {chunk.key for chunk in cut(ADDON).chunks}
    after = {chunk.name for chunk in cut(edited).chunks if chunk.key not in before}
    assert after == {"on_save"}

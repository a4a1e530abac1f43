"""Types are told where they are certain, and not at all anywhere else."""

from __future__ import annotations

import libcst as cst
import pytest

from bot.rules.inference import qualified, types_of
from bot.rules.source import Source


def asked(code: str) -> tuple[Source, cst.BaseExpression]:
    """The file, and the one argument of the one call of `ASK` in it."""
    source = Source("addon.py", code, "utf-8")
    found: list[cst.BaseExpression] = []

    class Finder(cst.CSTVisitor):
        def visit_Call(self, node: cst.Call) -> None:  # noqa: N802
            if isinstance(node.func, cst.Name) and node.func.value == "ASK":
                found.append(node.args[0].value)

    source.module.visit(Finder())
    (node,) = found
    return source, node


def type_in(code: str) -> str | None:
    source, node = asked(code)
    return types_of(source).of(node)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import bpy\nASK(bpy.context.object)", "bpy.types.Object"),
        ("import bpy\nASK(bpy.context)", "bpy.types.Context"),
        ("import bpy\nD = bpy.data\nASK(D.meshes.new('x'))", "bpy.types.Mesh"),
        ("import bpy\nASK(bpy.data.objects)", "collection:bpy.types.Object"),
        ("import bpy\nASK(bpy.data.objects['x'])", "bpy.types.Object"),
        ("import bpy\nASK(bpy.data.objects[:2])", "collection:bpy.types.Object"),
        ("import bpy\nASK(bpy.context.scene.objects.active)", "bpy.types.Object"),
        ("import bpy\nfor ob in bpy.context.selected_objects:\n    ASK(ob)", "bpy.types.Object"),
        ("import bpy\nfor i, ob in enumerate(bpy.data.objects):\n    ASK(ob)", "bpy.types.Object"),
        ("import bpy\n[ASK(ob) for ob in bpy.data.objects if ob]", "bpy.types.Object"),
        ("import bpy\nobs = []\nfor o in bpy.data.objects:\n    obs.append(o)\nASK(obs[0])", "bpy.types.Object"),
        ("import bpy\ndef f(context):\n    ASK(context.scene)", "bpy.types.Scene"),
        ("import bpy\ndef f():\n    return bpy.context.object\nASK(f())", "bpy.types.Object"),
        ("import bpy\nob = None\nob = bpy.context.object\nASK(ob)", "bpy.types.Object"),
        ("import bpy\ndef f(ob: bpy.types.Object): ASK(ob)", "bpy.types.Object"),
        ("import bpy\ndef draw(self, context):\n    ASK(self.layout)", "bpy.types.UILayout"),
        ("import bpy\ndef draw(self, context):\n    ASK(self.layout.row().box())", "bpy.types.UILayout"),
        ("from bpy.types import Operator as O\nclass A(O):\n    def f(self): ASK(self)", "bpy.types.Operator"),
        ("import bpy\nclass M(bpy.types.Panel): pass\nclass A(M):\n    def f(self): ASK(self)", "bpy.types.Panel"),
        ("from mathutils import Matrix as M\nASK(M.Rotation(1, 4, 'X').inverted().to_3x3())", "mathutils.Matrix"),
        ("from mathutils import *\nASK(Matrix() * Vector())", "mathutils.Vector"),
        ("from mathutils import Vector\nv = Vector()\nv = v.normalized()\nASK(v)", "mathutils.Vector"),
        ("from mathutils import Vector\nv = Vector()\nv += w\nASK(v)", "mathutils.Vector"),
        ("import bpy\nASK(thing.matrix_world)", "mathutils.Matrix"),
        ("import bpy\nASK(bpy.context.object.data.vertices[0].co)", "mathutils.Vector"),
        ("import bmesh\nbm = bmesh.new()\nfor v in bm.verts: ASK(v)", "bmesh.types.BMVert"),
        (
            "import bpy\nm = bpy.data.materials.new('x')\nASK(m.node_tree.nodes.new('ShaderNodeBsdfPrincipled'))",
            "bpy.types.ShaderNodeBsdfPrincipled",
        ),
    ],
)
def test_what_is_certain(code: str, expected: str) -> None:
    assert type_in(code) == expected


@pytest.mark.parametrize(
    "code",
    [
        "import bpy\nob = bpy.context.object\nob = other()\nASK(ob)",
        "import bpy\ndef f(ob): ASK(ob)",
        "import bpy\nASK(bpy.context.object.data)",
        "import bpy\nobs = []\nobs.append(bpy.context.object)\nobs.append(3)\nASK(obs[0])",
        "import bpy\nfor ob in things: ASK(ob)",
        "def f(context): ASK(context.object)",
        "import bpy\ncontext = mine()\nASK(context.object)",
        "class Mine:\n    def f(self): ASK(self.matrix_world)",
        "import bpy\nclass Mine:\n    matrix_world = 3\nASK(thing.matrix_world)",
        "from mathutils import Vector\nv = Vector()\nv *= x\nASK(v)",
        "from mathutils import Vector\nASK(Vector() * Vector())",
        "from mathutils import Vector\nASK(Vector().cross(w))",
        "from mathutils import Vector\ndef f(Vector): ASK(Vector())",
        "import bpy\ndef f():\n    yield 1\n    return bpy.context.object\nASK(f())",
        "import bpy\nwith bpy.context.object as ob: ASK(ob)",
        "a = b\nb = a\nASK(a)",
        "import bpy\nclass P(bpy.types.Operator):\n    def f(self): ASK(self.location)",
    ],
)
def test_what_is_not_certain_has_no_type(code: str) -> None:
    assert type_in(code) is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from bpy.props import IntProperty\nASK(IntProperty)", "bpy.props.IntProperty"),
        ("from bpy.props import *\nASK(IntProperty)", "bpy.props.IntProperty"),
        ("import bpy.props as p\nASK(p.IntProperty)", "bpy.props.IntProperty"),
        ("import bpy.props\nASK(bpy.props.IntProperty)", "bpy.props.IntProperty"),
        ("from bpy import types as t\nASK(t.Operator)", "bpy.types.Operator"),
        ("from . import ops\nASK(ops.run)", ".ops.run"),
        ("from bpy.props import IntProperty\nIntProperty = 3\nASK(IntProperty)", None),
        ("ASK(unknown)", None),
    ],
)
def test_names_are_qualified(code: str, expected: str | None) -> None:
    source, node = asked(code)
    assert qualified(source, node) == expected


def test_a_file_is_looked_at_once() -> None:
    source = Source("addon.py", "import bpy\n", "utf-8")
    assert types_of(source) is types_of(source)

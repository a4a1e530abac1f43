"""How code's names are followed to the API they use."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from indexer.blender_api.described import ApiSymbol

PATH = Path(__file__).resolve().parents[2] / "benchmarks" / "usage_of_code.py"


@pytest.fixture(scope="module")
def resolver() -> ModuleType:
    spec = importlib.util.spec_from_file_location("usage_of_code", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["usage_of_code"] = module
    spec.loader.exec_module(module)
    return module


def symbols() -> dict[str, ApiSymbol]:
    found = [
        ApiSymbol("bpy", "module"),
        ApiSymbol("bpy.types", "module"),
        ApiSymbol("bpy.ops", "module"),
        ApiSymbol("bpy.ops.mesh", "module"),
        ApiSymbol("bpy.ops.mesh.bevel", "operator"),
        ApiSymbol("bpy.context", "value", type="bpy.types.Context"),
        *(
            ApiSymbol(f"bpy.types.{name}", "class")
            for name in ("Context", "UILayout", "MeshVertex", "Space", "ShaderNodeMix")
        ),
        ApiSymbol("bpy.types.SpaceView3D", "class", bases=("bpy.types.Space",)),
        ApiSymbol("bpy.types.SpaceView3D.shading", "property"),
        ApiSymbol("bpy.types.ID", "class"),
        ApiSymbol("bpy.types.ID.name", "property", type="str"),
        ApiSymbol("bpy.types.Object", "class", bases=("bpy.types.ID",)),
        ApiSymbol("bpy.types.Mesh", "class", bases=("bpy.types.ID",)),
        ApiSymbol("bpy.types.MeshVertices", "class", type="MeshVertex"),
        ApiSymbol("bpy.types.Operator", "class"),
        ApiSymbol("bpy.types.Operator.execute", "method"),
        ApiSymbol("bpy.types.Operator.layout", "property", type="UILayout | None"),
        ApiSymbol("bpy.types.UILayout.row", "method", returns="UILayout: a row"),
        ApiSymbol("bpy.types.UILayout.prop", "method"),
        ApiSymbol("bpy.types.UILayout.operator", "method"),
        ApiSymbol("bpy.types.Context.object", "property", type="Object | None"),
        ApiSymbol("bpy.types.Context.selected_objects", "property", type="list[Object]"),
        ApiSymbol("bpy.types.Context.space_data", "property", type="Space"),
        ApiSymbol("bpy.types.Object.data", "property", type="(Mesh | None)"),
        ApiSymbol("bpy.types.Mesh.vertices", "property", type="MeshVertices"),
        ApiSymbol("bpy.types.MeshVertex.co", "property", type="float"),
    ]
    return {symbol.symbol: symbol for symbol in found}


CHAIN = "Context.object Object.data Mesh.vertices MeshVertex.co"
CASES = {
    "import bpy\nbpy.context.object.data.vertices[0].co": CHAIN,
    "def f(context):\n    for o in context.selected_objects:\n        o.name": "Context.selected_objects ID.name",
    "import bpy\nbpy.context.space_data.shading": "Context.space_data SpaceView3D.shading",
    "from bpy.types import Operator as O\nclass A(O):\n    def execute(self, c):\n        r = self.layout.row()\n"
    "        r.prop(c, 'x')": "Operator Operator.execute Operator.layout UILayout.row UILayout.prop",
    "def draw(layout, obj):\n    layout.prop(obj, 'name')": "UILayout.prop ID.name",
    "def f(thing: 'Mesh'):\n    m = thing\n    m.vertices": "Mesh.vertices",
    "import bpy\n[v.co for v in bpy.context.object.data.vertices]": CHAIN,
    "def f(nodes):\n    nodes.new('ShaderNodeMix')": "ShaderNodeMix",
}


@pytest.mark.parametrize("code", CASES)
def test_chains_are_followed_through_types(resolver: ModuleType, code: str) -> None:
    uses = resolver.uses_of(code.encode(), resolver.Api(symbols()))
    found = {name.removeprefix("bpy.types.") for name in uses.symbols if name.startswith("bpy.types.")}
    assert found == set(CASES[code].split())
    assert uses.bare == set()


def test_operators_are_used_by_call_and_by_name(resolver: ModuleType) -> None:
    for code in ("import bpy\nbpy.ops.mesh.bevel()", "def draw(layout):\n    layout.operator('mesh.bevel')"):
        assert "bpy.ops.mesh.bevel" in resolver.uses_of(code.encode(), resolver.Api(symbols())).symbols


def test_what_is_not_known_is_kept_apart_and_what_is_not_blenders_is_not(resolver: ModuleType) -> None:
    code = b"import os\nunknown.vertices\nos.name\nx = []\nx.name\nself.data\nunknown.append(1)"
    uses = resolver.uses_of(code, resolver.Api(symbols()))
    assert uses.symbols == set()
    assert uses.bare == {"vertices", "name"}


@pytest.mark.parametrize("code", [b"def (", b"\x00", b"(" * 500, b"x." * 3000 + b"y", b"-" * 100_000 + b"1"])
def test_no_code_breaks_it(resolver: ModuleType, code: bytes) -> None:
    resolver.uses_of(code, resolver.Api(symbols()))

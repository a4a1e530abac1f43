from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.blender_api.corpus import chunks, pages
from indexer.blender_api.described import ApiSymbol, EnumItem, Parameter
from indexer.chunking.base import MAX_CHARACTERS
from indexer.models import Chunk

SMALL = {
    symbol.symbol: symbol
    for symbol in (
        ApiSymbol("bpy.types", "module"),
        ApiSymbol("bpy.types.Thing", "class", text="A thing. It has more to say.", bases=("bpy.types.ID",)),
        ApiSymbol("bpy.types.Thing.size", "property", text="How large", type="float", default="1.0", minimum=0.0),
        ApiSymbol(
            "bpy.types.Thing.kind",
            "readonly",
            type="enum",
            readonly=True,
            enum=(EnumItem("BIG", "Very Big", "Larger than most"), EnumItem("TINY")),
            deprecated="Deprecated, use size instead",
            see_also=("bpy.types.Thing.size",),
        ),
        ApiSymbol("bpy.types.VIEW3D_MT_add", "class"),
        ApiSymbol("bpy.types.VIEW3D_MT_add.draw", "method"),
        ApiSymbol("bl_ui.space_view3d.VIEW3D_MT_add", "class"),
        ApiSymbol("bpy.ops.mesh", "module"),
        ApiSymbol(
            "bpy.ops.mesh.primitive_cube_add",
            "operator",
            signature="*, size=2.0",
            text="Construct a cube mesh",
            parameters=(Parameter("size", "float", "2.0", "Size", minimum=0.0),),
        ),
        ApiSymbol("mathutils", "module", text="Vectors and matrices."),
        ApiSymbol("mathutils.Vector", "class"),
        ApiSymbol("mathutils.Vector.xyz", "property", type="Vector"),
        ApiSymbol("mathutils.Vector.__add__", "method"),
    )
}


def found(symbols: Mapping[str, ApiSymbol] = SMALL, release: str = "4.5") -> dict[str, Chunk]:
    return {chunk.symbol: chunk for chunk in chunks(symbols, release, lambda name: 0.0)}


def test_a_member_can_be_read_by_itself() -> None:
    chunk = found()["bpy.types.Thing.size"]
    assert (chunk.kind, chunk.role, chunk.name, chunk.start, chunk.end) == ("api", "property", "Thing.size", 0, 0)
    assert chunk.path == "https://docs.blender.org/api/4.5/bpy.types.Thing.html#bpy.types.Thing.size"
    assert chunk.context == "Thing: A thing."
    assert chunk.text.splitlines()[0] == "bpy.types.Thing.size: float = 1.0"
    assert "How large" in chunk.text
    assert "from 0" in chunk.text


def test_items_flags_and_references_are_told() -> None:
    chunk = found()["bpy.types.Thing.kind"]
    for said in (
        "BIG (Very Big: Larger than most)",
        "Read-only.",
        "use size instead",
        "See also: bpy.types.Thing.size",
    ):
        assert said in chunk.text
    assert "Very Big" in chunk.terms


def test_an_operator_is_found_by_what_the_user_interface_calls_it() -> None:
    chunk = found()["bpy.ops.mesh.primitive_cube_add"]
    assert chunk.context == "Mesh operators"
    assert "Add Cube" in chunk.text
    assert "Add Cube" in chunk.terms
    named = {**SMALL, chunk.symbol: replace(SMALL[chunk.symbol], ui_name="Cube")}
    assert found(named)[chunk.symbol].terms.startswith("Cube")


def test_what_says_nothing_is_left_out() -> None:
    symbols = found().keys()
    assert not {"bpy.types.VIEW3D_MT_add.draw", "bl_ui.space_view3d.VIEW3D_MT_add"} & symbols
    assert not {"mathutils.Vector.xyz", "mathutils.Vector.__add__"} & symbols
    assert "bpy.types.VIEW3D_MT_add" in symbols


def test_a_page_lists_the_best_known_members_first() -> None:
    ranked = chunks(SMALL, "4.5", lambda name: 1.0 if name.endswith("kind") else 0.0)
    page = next(chunk for chunk in ranked if chunk.symbol == "bpy.types.Thing")
    assert "Members: kind, size" in page.text


def test_what_is_gone_says_so() -> None:
    symbols = {"bpy.types": SMALL["bpy.types"], "bpy.types.Mesh": ApiSymbol("bpy.types.Mesh", "class")}
    gone = found(symbols)["bpy.types.Mesh.use_auto_smooth"]
    assert "Removed in Blender 4.1." in gone.text
    assert gone.path.startswith("https://")
    assert "bpy.types.Mesh.use_auto_smooth" not in found(symbols, "4.0")


@settings(max_examples=30)
@given(st.sampled_from(sorted(SMALL)), st.text(min_size=1, max_size=20).filter(str.strip))
def test_a_change_touches_its_own_page_alone(name: str, said: str) -> None:
    before = {page.path: page.blob for page in pages(SMALL, "4.5", lambda _: 0.5)}
    changed = {**SMALL, name: replace(SMALL[name], text=f"{SMALL[name].text} {said}!")}
    after = {page.path: page.blob for page in pages(changed, "4.5", lambda _: 0.5)}
    owner = name if name in before else name.rpartition(".")[0]
    assert {path for path in before | after if before.get(path) != after.get(path)} <= {owner}


LONG = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=300).map(lambda text: text * 9)


@settings(max_examples=30)
@given(LONG, st.lists(LONG, max_size=30))
def test_no_text_is_too_long(text: str, many: list[str]) -> None:
    symbol = ApiSymbol(
        "bpy.types.Thing",
        "method",
        text=text,
        signature=", ".join(many),
        parameters=tuple(Parameter(f"p{index}", text=each) for index, each in enumerate(many)),
        enum=tuple(EnumItem(f"I{index}", each) for index, each in enumerate(many)),
        examples=tuple(many),
        returns=text,
    )
    (chunk,) = chunks({symbol.symbol: symbol}, "1.0", lambda _: 0.0)
    assert len(chunk.text) <= MAX_CHARACTERS


@pytest.mark.parametrize("release", ["2.79", "4.5", "5.1"])
def test_real_releases(described: Callable[[str], Mapping[str, ApiSymbol]], release: str) -> None:
    every = list(chunks(described(release), release, lambda _: 0.0))
    assert 10_000 < len(every) < 30_000
    assert len({chunk.key for chunk in every}) == len(every)
    assert max(len(chunk.text) for chunk in every) <= MAX_CHARACTERS
    assert all(chunk.text.strip() and chunk.path for chunk in every)
    symbols = {chunk.symbol for chunk in every}
    assert {
        "bpy.types.Mesh",
        "bpy.types.Object.location",
        "bpy.ops.mesh.bevel",
        "mathutils.Vector",
        "bpy.props.IntProperty",
    } <= symbols

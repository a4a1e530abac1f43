"""The made questions: the name is in them, the answers are right, and they are the same every time."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from indexer.blender_api.described import ApiSymbol, Parameter
from indexer.evaluation.systems import Snapshot

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from questions import oracle_api, oracle_code, stub_places

STUBS = '''\
class ID(bpy_struct):
    """Base type for data-blocks"""

    name: str
    """ Unique data-block ID name"""

    def copy(self) -> ID:
        """Create a copy of this data-block"""

class Mesh(ID, bpy_struct):
    """Mesh data-block defining geometric surfaces"""

    use_mirror_x: bool
    """ Mirror along X"""

    @property
    def loops(self) -> MeshLoops:
        """Loops of the mesh"""

    def transform(
        self,
        matrix,
        shape_keys=False,
    ) -> None:
        """Transform mesh vertices by a matrix"""
'''
OPERATORS = '''\
class subdivide(bpy.ops._BPyOpsSubModOp):
    def __new__(cls, *, number_cuts=1, smoothness=0.0) -> None:
        """Subdivide selected edges"""
'''
CODE = """\
import bpy


class MissingBone(Exception):
    pass


class RollBones(bpy.types.Operator):
    bl_idname = "armature.roll_bones"
    bl_label = "Roll"

    def execute(self, context):
        if not context.object:
            raise MissingBone("none")
        return {"FINISHED"}


classes = (RollBones,)


def register():
    bpy.utils.register_class(RollBones)
"""


def symbols() -> dict[str, ApiSymbol]:
    two = (Parameter("matrix"), Parameter("shape_keys"))
    cuts = (Parameter("number_cuts"), Parameter("smoothness"))
    found = [
        ApiSymbol("bpy.types.ID", "class", text="Base type for data-blocks"),
        ApiSymbol("bpy.types.ID.name", "property", text="Unique data-block ID name"),
        ApiSymbol("bpy.types.Mesh", "class", text="Mesh data-block", bases=("bpy.types.ID",)),
        ApiSymbol("bpy.types.Mesh.use_mirror_x", "property", text="Mirror along X"),
        ApiSymbol("bpy.types.Mesh.transform", "method", text="Transform mesh vertices by a matrix", parameters=two),
        ApiSymbol("bpy.types.Curve.transform", "method", text="Transform curve by a matrix", parameters=two),
        ApiSymbol("bpy.ops.mesh.subdivide", "operator", text="Subdivide selected edges", parameters=cuts),
        ApiSymbol("bpy.types.VIEW3D_MT_add", "class", text="Blender's own menu"),
    ]
    return {symbol.symbol: symbol for symbol in found}


def tree(**files: str) -> Snapshot:
    def read(blobs: Sequence[str]) -> Iterator[bytes]:
        return (blob.encode() for blob in blobs)

    return Snapshot(Path(), "c", {name.replace("_py", ".py"): text for name, text in files.items()}, read)


def test_api_questions_are_the_same_every_time_and_each_is_new() -> None:
    first = oracle_api.generate(symbols(), "4.5", 21, 7)
    assert first == oracle_api.generate(symbols(), "4.5", 21, 7)
    assert first != oracle_api.generate(symbols(), "4.5", 21, 8)
    assert len({question.question for question in first}) == 21


def test_api_questions_contain_the_name_and_their_answers_exist() -> None:
    known = symbols()
    for question in oracle_api.generate(known, "4.5", 21, 7):
        assert question.answers <= set(known)
        assert question.answers
        last = {answer.rpartition(".")[2].lower() for answer in question.answers}
        assert any(name in question.question.lower() for name in last), question.question
        assert "VIEW3D_MT_add" not in question.question


def test_every_form_is_asked() -> None:
    domains = {question.domain for question in oracle_api.generate(symbols(), "4.5", 21, 7)}
    assert domains == {"dotted", "member", "operator", "error", "call", "case", "described"}


def test_an_inherited_member_is_that_of_the_base() -> None:
    assert oracle_api.same(symbols(), "bpy.types.Mesh", "name") == {"bpy.types.ID.name"}
    assert oracle_api.same(symbols(), "bpy.types.Mesh", "nothing") == frozenset()


def test_symbols_stand_where_the_stubs_say(tmp_path: Path) -> None:
    for name, text in (("types", STUBS), ("ops/mesh", OPERATORS)):
        folder = tmp_path / "bpy-stubs" / name
        folder.mkdir(parents=True)
        (folder / "__init__.pyi").write_text(text)
    known = stub_places.places(stub_places.snapshot(tmp_path))
    lines = {name: known[name][0].lines for name in known if not name.endswith("__")}
    assert lines["bpy.types.ID"] == ((1, 3),)
    assert lines["bpy.types.ID.name"] == ((4, 5),)
    assert lines["bpy.types.Mesh.use_mirror_x"] == ((13, 14),)
    assert lines["bpy.types.Mesh.loops"][0][0] == 16
    assert lines["bpy.types.Mesh.transform"] == ((20, 25),)
    assert lines["bpy.ops.mesh.subdivide"] == ((1, 4),)


@pytest.mark.parametrize(
    ("form", "names"),
    [("raises", {"RollBones.execute"}), ("operator", {"RollBones", "registration"}), ("defined", None)],
)
def test_code_questions_know_their_answers(form: str, names: set[str] | None) -> None:
    found = oracle_code.generate(tree(roll_py=CODE, test_roll_py=CODE), "r", 12, 3)
    assert found == oracle_code.generate(tree(roll_py=CODE, test_roll_py=CODE), "r", 12, 3)
    own = [question for question in found if question.domain == form]
    assert own
    for question in own:
        assert {target.path for target in question.targets} == {"roll.py"}, "tests are not asked about"
        if names is not None:
            assert {target.name for target in question.targets} == names


def test_a_repository_without_names_gives_no_questions() -> None:
    assert oracle_code.generate(tree(empty_py="x = 1\n"), "r", 5, 1) == []

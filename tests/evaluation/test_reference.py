"""What a fix changed, and the places of patches, by hand."""

from __future__ import annotations

from pathlib import Path

from bot.dossier.codebase import Codebase
from bot.evaluation.places import changed, pointed_at, told
from bot.evaluation.reference import reference
from bot.models.evaluation import Lines
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.patches import to_patch
from fixes import fixed
from repositories import Repository

OLD = """import bpy


class A(bpy.types.Operator):
    def execute(self, context):
        mesh = bpy.data.meshes.new("a")
        mesh.use_auto_smooth = True
        return {"FINISHED"}


def helper_of_all():
    return 1
"""
NEW = OLD.replace("mesh.use_auto_smooth = True", "mesh.shade_smooth()").replace("return 1", "return 2")
DIFF = b"""diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1,4 +1,5 @@
 one
+new
 two
-three
+3
 four
"""


def test_lines_functions_and_names_of_a_fix(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repo")
    repository.write("addon/a.py", OLD)
    repository.write("other/b.py", "x = 1\n")
    before = repository.commit("Start")
    repository.write("addon/a.py", NEW)
    repository.write("other/b.py", "x = 2\n")
    after = repository.commit("Fix smooth shading")
    found = reference(tmp_path / "repo", before, after, lambda path: path.startswith("addon/"))
    assert found.files == ("addon/a.py",)
    assert [(one.start, one.end) for one in found.changed] == [(7, 7), (12, 12)]
    assert [touched.name for touched in found.functions] == ["A.execute", "helper_of_all"]
    assert found.names == ("bpy.types.Mesh.shade_smooth",)
    assert found.words == ("helper_of_all", "shade_smooth", "use_auto_smooth")


def test_tests_are_no_part_of_a_fix(tmp_path: Path) -> None:
    made = fixed(tmp_path / "repo")
    found = reference(made.root, made.before, made.after, lambda _path: True)
    assert found.files == ("line_up/measure.py",)


def test_the_places_of_a_patch_are_those_of_the_old_file() -> None:
    places = changed(to_patch(DIFF))
    assert places == (Lines(path="a.py", start=1, end=1), Lines(path="a.py", start=3, end=3))
    assert pointed_at(to_patch(DIFF), ()) == places
    assert pointed_at(None, ()) == ()


def test_what_is_told_to_be_wrong_is_the_function_around() -> None:
    base = Codebase({"a.py": OLD})
    fault = Fault(
        kind=FaultKind.LOG, path="a.py", line=7, message="m", source=FaultSource.LOG, proof=Proof.STATIC
    )  # fmt: skip
    assert told([fault], [("a.py", 2)], base) == (
        Lines(path="a.py", start=5, end=8),
        Lines(path="a.py", start=1, end=5),
    )
    assert pointed_at(None, [fault]) == (Lines(path="a.py", start=7, end=7),)

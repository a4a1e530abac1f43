"""What somebody's traceback tells of is called, outwards from where it was raised, until it is seen again."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

from bot.blender.base import Probe, Runtime
from bot.models.release import Release
from harness import Run

HEAD = """\
import configparser
import json
import os

import bmesh
import bpy

bl_info = {"name": "Told", "blender": (3, 4, 0), "category": "Object"}
"""
TAIL = """

def register():
    pass


def unregister():
    pass
"""
READS = """
def read(file_path):
    parser = configparser.ConfigParser()
    with open(file_path) as file:
        parser.read_file(file)  # raises
    return parser
"""
KEEPS = """
list_path = os.path.join(os.path.expanduser("~"), ".told", "list.json")


def keep():
    if os.path.exists(list_path):
        with open(list_path) as file:
            return json.load(file)  # raises
    return {}
"""
LIGHT = """
def layers(obj):
    return obj.data.uv_layers  # raises
"""
DEEP = """
def grow(mesh, index, left):
    if index in left:
        left.remove(index)
        for edge in mesh.faces[index].edges:
            for face in edge.link_faces:
                grow(mesh, face.index, left)  # raises


def islands(obj):
    mesh = bmesh.from_edit_mesh(obj.data)
    mesh.faces.ensure_lookup_table()
    left = {face.index for face in mesh.faces if face.select}
    while left:
        grow(mesh, next(iter(left)), left)  # calls
"""


def marked(text: str, mark: str) -> int:
    """The line that ends in a mark."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.endswith(mark))


def tried(runtime: Runtime, tmp_path: Path, text: str, **asked: Any) -> Run:
    """Everything, of an add-on of this text."""
    source, work = tmp_path / "told.py", tmp_path / "work"
    source.write_text(text, encoding="utf-8")
    (work / "scratch").mkdir(parents=True, exist_ok=True)
    return Run(runtime, work, source, **asked)


def called(runtime: Runtime, tmp_path: Path, body: str, raised: str, *functions: str) -> tuple[Run, Probe | None]:
    """Which of the functions raised, where a traceback ended in the line that `# raises`."""
    text = HEAD + body + TAIL
    marks = ("# calls", "# raises") if len(functions) > 1 else ("# raises",)
    frames = [
        {"path": "told.py", "line": marked(text, mark), "function": name}
        for mark, name in zip(marks, functions, strict=True)
    ]
    frames[-1]["raised"] = raised
    names = [f"function:{name}" for name in functions]
    run = tried(runtime, tmp_path, text, places=tuple(frames), only=("enable", *names))
    return run, next((run.probes[name] for name in names if run.probes[name].raised), None)


@pytest.mark.parametrize(
    ("body", "functions", "raised"),
    [
        (READS, ("read",), "ParsingError"),
        (READS, ("read",), "MissingSectionHeaderError"),
        (READS, ("read",), "UnicodeDecodeError"),
        (KEEPS, ("keep",), "JSONDecodeError"),
        (LIGHT, ("layers",), "AttributeError"),
        (DEEP, ("islands", "grow"), "RecursionError"),
    ],
    ids=lambda value: value if isinstance(value, str) and "\n" not in value else "",
)
def test_it_is_raised_again_where_it_was_seen(
    runtime: Runtime, tmp_path: Path, body: str, functions: tuple[str, ...], raised: str
) -> None:
    run, probe = called(runtime, tmp_path, body, raised, *functions)
    assert probe is not None and probe.raised is not None and probe.raised.type == raised
    assert probe.raised.line == marked(HEAD + body + TAIL, "# raises") or raised == "RecursionError"
    assert probe.recipe is not None
    assert not (run.work / "scratch" / "home" / ".told").exists(), "a file that was only there to be read is gone"


def test_what_is_there_already_is_not_replaced(runtime: Runtime, tmp_path: Path) -> None:
    home = tmp_path / "work" / "scratch" / "home"
    (home / ".told").mkdir(parents=True)
    (home / ".told" / "list.json").write_text('{"mine": 1}', encoding="utf-8")
    run, probe = called(runtime, tmp_path, KEEPS, "JSONDecodeError", "keep")
    assert probe is None and run.probes["function:keep"].outcome == "pass"
    assert (home / ".told" / "list.json").read_text("utf-8") == '{"mine": 1}'


def test_without_a_traceback_no_file_is_damaged(runtime: Runtime, tmp_path: Path) -> None:
    text = HEAD + READS + TAIL
    run = tried(runtime, tmp_path, text, changed={"told.py": (marked(text, "# raises"),)})
    assert run.probes["function:read"].raised is None


def test_what_is_cleared_away_may_only_come_with_use(runtime: Runtime, tmp_path: Path) -> None:
    body = textwrap.dedent(
        """
        class OBJECT_OT_use(bpy.types.Operator):
            bl_idname = "object.use_told"
            bl_label = "Use"

            def execute(self, context):
                bpy.types.Scene.told_use = bpy.props.IntProperty()
                return {"FINISHED"}


        def register():
            bpy.utils.register_class(OBJECT_OT_use)


        def unregister():
            bpy.utils.unregister_class(OBJECT_OT_use)
            del bpy.types.Scene.told_use  # raises
        """
    )
    run = tried(runtime, tmp_path, HEAD + body)
    assert run.probes["disable"].outcome == "pass"
    raised = run.probes["disable:unused"].raised
    assert raised is not None
    assert (raised.type, raised.line) == ("AttributeError", marked(HEAD + body, "# raises"))


def test_an_operator_whose_poll_raises_is_run_where_blender_runs_it(runtime: Runtime, tmp_path: Path) -> None:
    body = textwrap.dedent(
        """
        class OBJECT_OT_odd(bpy.types.Operator):
            bl_idname = "object.odd_told"
            bl_label = "Odd"

            @classmethod
            def poll(cls, context):
                return context.no_such_member  # polls

            def execute(self, context):
                return context.neither_this  # raises


        def register():
            bpy.utils.register_class(OBJECT_OT_odd)


        def unregister():
            bpy.utils.unregister_class(OBJECT_OT_odd)
        """
    )
    hunted = marked(HEAD + body, "# raises")
    place = {"path": "told.py", "line": hunted, "function": "execute", "raised": "AttributeError"}
    raised = tried(runtime, tmp_path, HEAD + body, places=(place,)).probes["operator:object.odd_told"].raised
    assert raised is not None
    ran = runtime.release < Release(4, 5)  # from then on a poll that raises says no
    assert raised.line == (hunted if ran else marked(HEAD + body, "# polls"))


def test_a_function_on_the_way_is_not_blamed_for_how_it_is_called(runtime: Runtime, tmp_path: Path) -> None:
    body = textwrap.dedent(
        """
        class Mode:
            def outer(self):
                return self.mode + inner(None)  # calls


        def inner(thing):
            return 1 if isinstance(thing, str) else thing.no_such_member  # raises
        """
    )
    text = HEAD + body + TAIL
    places = (
        {"path": "told.py", "line": marked(text, "# calls"), "function": "outer"},
        {"path": "told.py", "line": marked(text, "# raises"), "function": "inner", "raised": "KeyError"},
    )
    run = tried(runtime, tmp_path, text, places=places)
    assert {one.id for one in run.result.probes} >= {"function:inner", "function:Mode.outer"}
    assert [one.id for one in run.result.probes if one.raised is not None] == []

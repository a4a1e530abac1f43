"""Registering the classes of whole packages."""

from __future__ import annotations

from bot.models.evidence import ReleaseAnswers
from bot.models.patch import Repair
from bot.models.question import Answer
from bot.models.release import Release, SupportRange
from bot.rules.base import Context
from bot.rules.engine import apply, faults_from, questions_of, read_all, select, survey
from bot.rules.registration import register_module
from bot.rules.registration.register_module import RegisterModule

NEW = Release(4, 5)
REGISTER = "def register():\n    bpy.utils.register_module(__name__)\n"


def repaired(files: dict[str, str]) -> tuple[dict[str, str], tuple[Repair, ...]]:
    """The files after the rule, and what it left to a person."""
    sources, _ = read_all({path: text.encode() for path, text in files.items()})
    context = Context(SupportRange(oldest=Release(2, 80), newest=NEW), [NEW], (), sources)
    found = survey(sources, context, [RegisterModule()]).repairs
    answers = tuple(Answer(question=question, exists=False) for question in questions_of(found))
    chosen = select(found, faults_from(found, [ReleaseAnswers(release=NEW, answers=answers)], [NEW]))
    made = apply(sources, chosen.chosen)
    assert not made.dropped
    return {**files, **{path: data.decode() for path, data in made.files.items()}}, chosen.explained


def operator(name: str) -> str:
    return f"class {name}(bpy.types.Operator):\n    bl_label = 'x'\n\n\n"


def listed(text: str) -> list[str]:
    """The names in the tuple of classes."""
    inside = text.split("classes = (\n", 1)[1].split(")", 1)[0]
    return [line.strip().rstrip(",") for line in inside.splitlines()]


def test_classes_of_imported_files_come_through_their_modules() -> None:
    after, _ = repaired(
        {
            "pkg/__init__.py": f"import bpy\nfrom . import ops\nfrom .ui import *\n\n\n{operator('Own')}{REGISTER}",
            "pkg/ops.py": f"import bpy\nfrom .deep import more\n\n\n{operator('A')}",
            "pkg/ui.py": f"import bpy\n\n\n{operator('B')}",
            "pkg/deep/__init__.py": "",
            "pkg/deep/more.py": f"import bpy\n\n\n{operator('C')}",
            "pkg/unused.py": f"import bpy\n\n\n{operator('D')}",
        }
    )
    root = after["pkg/__init__.py"]
    assert listed(root) == ["ops.A", "B", "C", "Own"]
    assert "from .deep.more import C\n" in root
    compile(root, "x", "exec")


def test_a_name_the_file_uses_otherwise_is_not_taken_over() -> None:
    after, _ = repaired(
        {
            "pkg/__init__.py": f"import bpy\nfrom .tool import run as tool\n\n\n{REGISTER}\n\ntool()\n",
            "pkg/tool.py": f"import bpy\n\n\n{operator('tool')}def run():\n    pass\n",
        }
    )
    assert "from .tool import tool as tool_class\n" in after["pkg/__init__.py"]
    assert listed(after["pkg/__init__.py"]) == ["tool_class"]


def test_groups_come_before_those_who_point_to_them_and_parents_before_sub_panels() -> None:
    text = (
        "import bpy\n\n\n"
        "class Child(bpy.types.Panel):\n    bl_label = 'c'\n    bl_parent_id = 'X_PT_parent'\n\n\n"
        "class Parent(bpy.types.Panel):\n    bl_label = 'p'\n    bl_idname = 'X_PT_parent'\n\n\n"
        "class Outer(bpy.types.PropertyGroup):\n    inner = bpy.props.CollectionProperty(type=Inner)\n\n\n"
        "class Inner(bpy.types.PropertyGroup):\n    n: bpy.props.IntProperty()\n\n\n"
    )
    after, _ = repaired({"a.py": text + REGISTER})
    assert listed(after["a.py"]) == ["Parent", "Child", "Inner", "Outer"]


def test_mixins_and_classes_registered_by_name_are_left_out() -> None:
    text = (
        "import bpy\n\n\n"
        "class Base(bpy.types.Panel):\n    bl_space_type = 'VIEW_3D'\n\n\n"
        "class Plain:\n    pass\n\n\n"
        "class Real(Base):\n    bl_label = 'r'\n    def draw(self, context):\n        pass\n\n\n"
        f"{operator('Named')}"
        "def register():\n    bpy.utils.register_class(Named)\n    bpy.utils.register_module(__name__)\n"
    )
    after, _ = repaired({"a.py": text})
    assert listed(after["a.py"]) == ["Real"]


def test_a_sub_module_that_is_asked_to_register_keeps_its_own_classes() -> None:
    after, _ = repaired(
        {
            "pkg/__init__.py": (
                f"import bpy\nfrom . import sub\n\n\n{operator('Own')}"
                "def register():\n    sub.register()\n    bpy.utils.register_module(__name__)\n"
            ),
            "pkg/sub.py": f"import bpy\n\n\n{operator('A')}{REGISTER}",
        }
    )
    assert listed(after["pkg/__init__.py"]) == ["Own"]
    assert listed(after["pkg/sub.py"]) == ["A"]


def test_an_existing_tuple_of_the_same_classes_is_used() -> None:
    text = f"import bpy\n\n\n{operator('A')}everything = (A,)\n\n\n{REGISTER}"
    after, _ = repaired({"a.py": text})
    assert after["a.py"] == text.replace(
        "    bpy.utils.register_module(__name__)\n",
        "    for cls in everything:\n        bpy.utils.register_class(cls)\n",
    )


def test_classes_below_the_function_are_listed_after_them() -> None:
    after, _ = repaired({"a.py": f"import bpy\n\n\n{REGISTER}\n\n{operator('Late')}"})
    assert after["a.py"].index("class Late") < after["a.py"].index("classes = (")


def test_the_imported_function_is_replaced_with_its_import() -> None:
    text = (
        "import bpy\nfrom bpy.utils import register_module\n\n\n"
        f"{operator('A')}def register():\n    register_module(__name__)\n"
    )
    after, _ = repaired({"a.py": text})
    assert "from bpy.utils import register_class\n" in after["a.py"]
    assert "        register_class(cls)\n" in after["a.py"]


def test_a_try_that_only_prints_is_no_guard_and_keeps_its_shape() -> None:
    text = (
        f"import bpy, traceback\n\n\n{operator('A')}"
        "def register():\n    try:\n        bpy.utils.register_module(__name__)\n    except:\n"
        "        traceback.print_exc()\n"
    )
    after, _ = repaired({"a.py": text})
    assert (
        "    try:\n        for cls in classes:\n            bpy.utils.register_class(cls)\n    except:" in after["a.py"]
    )


def test_what_cannot_be_told_is_left_to_a_person() -> None:
    cases = {
        register_module.OTHER_MODULE: f"import bpy\n\n\n{operator('A')}bpy.utils.register_module('other')\n",
        register_module.NOTHING: f"import bpy\n\n\n{REGISTER}",
        register_module.NOT_A_LINE: f"import bpy\n\n\n{operator('A')}if 1: bpy.utils.register_module(__name__)\n",
        register_module.CONDITIONAL: (
            "import bpy\n\n\nif bpy.app.background:\n    class A(bpy.types.Operator):\n        bl_label = 'x'\n\n\n"
            + REGISTER
        ),
    }
    for reason, text in cases.items():
        after, explained = repaired({"a.py": text})
        assert after["a.py"] == text
        assert [repair.reason for repair in explained] == [reason]

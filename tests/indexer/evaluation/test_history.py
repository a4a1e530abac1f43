"""Which commits become questions, what they ask, and what would have been right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.chunking.python import symbols
from indexer.evaluation.commits import History
from indexer.evaluation.history import MAX_QUERY, Case, is_code, mine, own_lines, question

Commit = Callable[..., str]

PANEL = """\
import bpy

LIMIT = 3


class Panel:
    label = "One"

    def draw(self, context):
        row = self.layout.row()
        row.label(text=self.label)

    def poll(self, context):
        return context.object is not None


def register():
    bpy.utils.register_class(Panel)
"""


def only(repository: Path) -> Case:
    (case,) = mine(History.open(repository), "r")
    return case


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("Fix UV seams lost on export", "Fix UV seams lost on export"),
        ("fix: wrong bone roll after mirror\n", "fix: wrong bone roll after mirror"),
        ("Exporter crashes without materials (#12)", "Exporter crashes without materials (#12)"),
        (
            "Fix shape keys on import\n\nThey start at 1.0 in Blender 5.0.\nSigned-off-by: A <a@b.c>\n",
            "Fix shape keys on import\nThey start at 1.0 in Blender 5.0.",
        ),
        ("Fix armature scale https://example.org/issues/3 on export", "Fix armature scale  on export"),
    ],
)
def test_a_repair_asks_with_its_message(message: str, asked: str) -> None:
    assert question(message) == asked


@pytest.mark.parametrize(
    "message",
    [
        "Add a panel for render layers",  # no repair
        "Fix typo in operator description",
        "Fix formatting of the exporter module",
        "Fix translation of the preferences panel",
        "docs: fix the links in the manual pages",
        "chore: fix the name of the release script",
        "Bump version to 1.2.3, fix nothing else",
        'Revert "Fix armature scale on export"',
        "Merge branch 'fix/armature-scale-on-export'",
        "Fix pylint warnings in exporter modules",
        "Fix the docstrings of exporter functions",
        "Fix crash",  # asks nothing
        "Fix bug in previous commit",
        "Fixed 73dbb7da98a4b998cacbe237ae7cfe0d9a35786a",
        "",
    ],
)
def test_what_is_no_repair_or_says_nothing_is_no_question(message: str) -> None:
    assert question(message) is None


@given(st.text(max_size=3_000))
def test_any_message_gives_a_bounded_question_or_none(message: str) -> None:
    asked = question(message)
    assert asked is None or 0 < len(asked) <= MAX_QUERY


@pytest.mark.parametrize("path", ["ui.py", "addon/shaders/glow.frag", "src/testing_tools.py", "lib/mesh.cpp"])
def test_code(path: str) -> None:
    assert is_code(path)


@pytest.mark.parametrize(
    "path", ["tests/test_ui.py", "test_ui.py", "docs/conf.py", "README.md", "addon/vendor/six.py", "a.json", "setup.py"]
)
def test_not_code(path: str) -> None:
    assert not is_code(path)


def test_the_answer_is_the_innermost_symbol_of_the_parent_tree(repository: Path, commit: Commit) -> None:
    first = commit("Start", ui_py=PANEL)
    fixed = commit("Fix the missing label of the panel", ui_py=PANEL.replace("text=self.label", "text=str(self.label)"))
    case = only(repository)
    assert (case.commit, case.parent) == (fixed, first)
    assert case.files == ("ui.py",)
    assert [(target.name, target.lines) for target in case.targets] == [("Panel.draw", ((9, 11),))]


def test_a_line_of_the_class_itself_is_the_class(repository: Path, commit: Commit) -> None:
    commit("Start", ui_py=PANEL)
    commit("Fix the missing label of the panel", ui_py=PANEL.replace('"One"', '"Two"'))
    (target,) = only(repository).targets
    assert target.name == "Panel"
    assert target.overlaps(7, 7)
    assert not target.overlaps(9, 11), "its methods' lines are not its own"


def test_lines_put_into_a_function_are_its_own(repository: Path, commit: Commit) -> None:
    commit("Start", ui_py=PANEL)
    commit("Fix missing menu entry registration", ui_py=PANEL + "    bpy.utils.register_class(Menu)\n")
    assert [target.name for target in only(repository).targets] == ["register"]


def test_a_function_put_behind_another_is_not_the_other(repository: Path, commit: Commit) -> None:
    commit("Start", ui_py=PANEL, io_py=PANEL)
    new = "\n\ndef unregister():\n    bpy.utils.unregister_class(Panel)\n"
    commit("Fix missing label and unregister", ui_py=PANEL + new, io_py=PANEL.replace("row.label", "row.prop"))
    case = only(repository)
    assert [(target.path, target.name) for target in case.targets] == [("io.py", "Panel.draw")]
    assert set(case.files) == {"io.py", "ui.py"}


@pytest.mark.parametrize(
    "after",
    [
        PANEL.replace("import bpy\n", "import bpy\nimport math\n"),  # no symbol
        PANEL.replace("        row.label", "        # The label.\n        row.label"),  # a comment
        PANEL.replace("    def draw", "\n\n    def draw"),  # white space
        PANEL.replace("        return", "            return"),  # indentation alone
        None,  # the file is gone
    ],
)
def test_a_commit_that_changes_no_symbol_is_no_case(repository: Path, commit: Commit, after: str | None) -> None:
    commit("Start", ui_py=PANEL)
    commit("Fix the missing label of the panel", ui_py=after)
    assert mine(History.open(repository), "r") == []


def test_tests_do_not_count_as_files(repository: Path, commit: Commit) -> None:
    commit("Start", ui_py=PANEL, tests__test_ui_py=PANEL)
    after = PANEL.replace("row.label", "row.prop")
    commit("Fix the missing label of the panel", ui_py=after, tests__test_ui_py=after)
    assert only(repository).files == ("ui.py",)


def test_a_large_commit_is_no_single_repair(repository: Path, commit: Commit) -> None:
    after = PANEL.replace("row.label", "row.prop")
    names = [f"m{number}_py" for number in range(6)]
    commit("Start", **dict.fromkeys(names, PANEL))
    commit("Fix the missing label of the panel", **dict.fromkeys(names[:5], after))
    commit("Fix every missing label of the panel", **dict.fromkeys(names, PANEL.replace("row.label", "row.split")))
    (case,) = mine(History.open(repository), "r")
    assert case.query == "Fix the missing label of the panel"


def test_a_renamed_file_is_asked_for_by_its_old_name(repository: Path, commit: Commit) -> None:
    commit("Start", ui_py=PANEL)
    commit("Fix the missing label of the panel", ui_py=None, panel_py=PANEL.replace("row.label", "row.prop"))
    assert only(repository).files == ("ui.py",)


def test_newest_first_and_no_more_than_wanted(repository: Path, commit: Commit) -> None:
    for number, word in enumerate(["armature", "texture", "keyframe", "modifier"]):
        commit(f"Fix the {word} of panel rows", ui_py=PANEL.replace("layout.row", f"layout.row{number}"))
    cases = mine(History.open(repository), "r", wanted=2)
    assert [case.query.split()[2] for case in cases] == ["modifier", "keyframe"]


def test_the_same_message_is_asked_once(repository: Path, commit: Commit) -> None:
    commit("Start", ui_py=PANEL)
    for word in ("prop", "operator"):
        commit("Fix the missing label of the panel", ui_py=PANEL.replace("row.label", f"row.{word}"))
    assert len(mine(History.open(repository), "r")) == 1


def test_own_lines_of_a_class_leave_out_its_methods() -> None:
    found = symbols("ui.py", PANEL.encode())
    panel = next(symbol for symbol in found if symbol.name == "Panel")
    assert own_lines(panel, found) == ((6, 8), (12, 12))

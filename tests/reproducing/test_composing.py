"""A fault and its recipe become Python that needs nothing of ours, whatever a stranger called his things."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from bot.models.addon import Addon, AddonKind
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.recipe import Recipe
from bot.models.release import Release
from bot.reproducing.composing import scripts
from bot.reproducing.usual import usual
from bot.reproducing.wanted import UnmakeableError, Wanted, slug

R45 = Release(4, 5)
ADDON = Addon(
    path="addons/bend", module="bend", kind=AddonKind.LEGACY, single_file=False, name="Bend", declared_minimum=None,
    files=("addons/bend/__init__.py", "addons/bend/tools.py"),
)  # fmt: skip
CALL = Recipe(lines=("bpy.ops.mesh.bend()",), scene="armature", over='view("VIEW_3D")')


def fault(**given: object) -> Fault:
    known = {
        "kind": FaultKind.OPERATOR, "path": "addons/bend/tools.py", "line": 12, "end_line": 12, "exception": "KeyError",
        "message": "'x'", "source": FaultSource.RUNTIME, "proof": Proof.REPRODUCED, "release": R45,
        "subject": "mesh.bend", "traceback": "Traceback",
    }  # fmt: skip
    return Fault.model_validate({**known, **given})


def made(recipe: Recipe = CALL, addon: Addon = ADDON, script: str = "", **given: object) -> list[str]:
    wanted = Wanted(fault(**given), addon, R45, (recipe,), script)
    return [made.text for made in scripts(wanted, "1-mesh-bend.py")]


def values(text: str) -> dict[str, object]:
    """The constants at the top of a script."""
    found: dict[str, object] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple | ast.Name):
            targets = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets
            try:
                value = ast.literal_eval(node.value)
            except ValueError:
                continue
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            found.update(zip(names, value if len(names) > 1 else (value,), strict=True))
    return found


def test_a_script_says_what_it_is_about_and_how_it_is_run() -> None:
    (text, *_) = made()
    told = ast.get_docstring(ast.parse(text)) or ""
    for words in (
        "KeyError at addons/bend/tools.py:12 in Blender 4.5",
        "Calling the operator mesh.bend.",
        "blender -b --factory-startup --python 1-mesh-bend.py -- [ADD-ON]",
        "python 1-mesh-bend.py [ADD-ON]",
        "Exit status: 1, with the traceback,",
    ):
        assert words in told
    assert values(text) | {} == values(text)
    known = values(text)
    assert (known["ADDON"], known["FAULTY"]) == ("addons/bend", "addons/bend/tools.py")
    assert known["EXPECTED"] == ("KeyError", "tools.py", 12)


def test_the_shortest_comes_first() -> None:
    bare, around = made()
    assert len(bare) < len(around) and "def armature" in around and "def armature" not in bare


@pytest.mark.parametrize("text", made())
def test_a_script_needs_nothing_of_ours(text: str) -> None:
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(text))
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    assert imported <= {*sys.stdlib_module_names, "bpy", "addon_utils", "bmesh", "mathutils"}


@pytest.mark.parametrize("text", made())
def test_a_script_is_sound_to_a_linter(text: str, tmp_path: Path) -> None:
    file = tmp_path / "it.py"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F,E9", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "message",
    ['"""\nimport os\nos.abort()\n"""', "\\", 'ends with "', "\x00\u202e\ud800", "{told} {0} %s", "'''", "x" * 5000],
)
def test_no_message_becomes_more_than_text(message: str) -> None:
    (text, *_) = made(message=message, subject=message[:300])
    tree = ast.parse(text)
    assert isinstance(tree.body[0], ast.Expr) and isinstance(tree.body[1], ast.ImportFrom)
    assert "abort" not in {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("name", ['a"b', "a'b", "a\\b", "a\nb", "ä"])
def test_no_name_becomes_more_than_text(name: str) -> None:
    addon = ADDON.model_copy(update={"path": name, "module": name, "files": (f"{name}/tools.py",)})
    (text, *_) = made(addon=addon, path=f"{name}/tools.py")
    assert values(text)["ADDON"] == name


@pytest.mark.parametrize(
    "lines",
    [
        ("bpy.ops.mesh.bend(",),
        ("return",),
        ("x = 1\n    y = 2",),
        ("text = '''one\ntwo'''",),
        ("no_such_helper()",),
        ("await bend()",),
    ],
)
def test_what_is_no_python_of_its_own_is_not_written_down(lines: tuple[str, ...]) -> None:
    with pytest.raises(UnmakeableError):
        made(Recipe(lines=lines))


def test_without_a_recipe_there_is_no_script() -> None:
    with pytest.raises(UnmakeableError, match="does not say how"):
        list(scripts(Wanted(fault(), ADDON, R45, ()), "1.py"))


@pytest.mark.parametrize("text", ["print('one')\n", "a = '''b\n\\n'''\n", 'x = """y"""', "\r\nprint(1)\r\n", "'"])
def test_the_text_of_a_script_is_carried_whole(text: str) -> None:
    (script, *_) = made(Recipe(), script=text)
    assert values(script)["SCRIPT"] in (text, text.replace("\r\n", "\n"))


def test_a_place_that_was_not_seen_is_not_asked_for() -> None:
    """Blender refuses some add-ons without a word: then nothing was raised at the line that is the cause."""
    (text, *_) = made(Recipe(), traceback=None)
    assert values(text)["EXPECTED"] == ("KeyError", "", 0)


def test_files_are_called_by_what_was_tried() -> None:
    assert slug(fault()) == "mesh-bend"
    assert slug(fault(subject="../../etc/passwd\n")) == "etc-passwd"
    assert slug(fault(subject="Ü")) == "fault"
    assert len(slug(fault(subject="a" * 300))) <= 50


@pytest.mark.parametrize(
    ("check", "line"),
    [
        ("enable", None),
        ("disable", "disable()"),
        ("operator:mesh.bend", "bpy.ops.mesh.bend()"),
        ("panel:BEND_PT_x", "draw(bpy.types.BEND_PT_x)"),
    ],
)
def test_of_a_dead_blender_the_check_s_name_says_what_was_tried(check: str, line: str | None) -> None:
    first = usual(check)[0]
    assert first.lines == ((line,) if line else ())
    assert made(first)


@pytest.mark.parametrize("check", ["function:a.b", "operator:x", "operator:a.b;c", "script:one", "panel:"])
def test_of_other_checks_it_says_too_little(check: str) -> None:
    assert usual(check) == ()

"""The type sensor with the real checker and the real stubs; what Blender answers is given here by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import Patch
from bot.models.question import Answer, Question, QuestionKind
from bot.models.release import Release
from bot.models.validation import Check, Observation, Outcome
from bot.sandbox.base import Command, Finished, Limits, Sandbox
from bot.validators.types import copies, ty
from bot.validators.types.claims import HAS_NO, Claim
from bot.validators.types.sensor import Claimed, faults_of, judge
from bot.validators.types.ty import Ty
from checked import R36, R45, reading

R279, R41 = Release(2, 79), Release(4, 1)
FACE_MAPS = "import bpy\n\n\ndef clear(obj):\n    obj.face_maps.clear()\n"
"""Blender 4.0 dropped them."""


def claims(
    text: str, work: Path, sandbox: Sandbox, declared: Release | None = R36, release: Release = R45
) -> list[str]:
    with reading({"__init__.py": text}, work, Ty(sandbox), declared=declared, releases=(release,)) as made:
        return [f"{one.line}:{one.column} {one.claim.text(release)}" for one in made.claims(release)]


def places(files: dict[str, str], work: Path, sandbox: Sandbox) -> list[str]:
    with reading(files, work, Ty(sandbox)) as made:
        return [f"{one.path}:{one.line}" for one in made.claims(R45)]


@pytest.mark.parametrize(
    ("text", "place", "question"),
    [
        (
            "import bpy\ndef f(context, obj, /): context.scene; obj.face_maps.clear()\n",
            (2, 40),
            Question(kind=QuestionKind.MEMBER, owner="bpy.types.Object", name="face_maps"),
        ),
        (
            "import bpy\ndef f(context):\n    'äö𝄞'; me = context.object.data\n    me.use_auto_smooth = True\n",
            (4, 5),
            Question(kind=QuestionKind.MEMBER, owner="bpy.types.Mesh", name="use_auto_smooth"),
        ),
        (
            "import bpy\nbpy.ops.object.face_map_add()\n",
            (2, 1),
            Question(kind=QuestionKind.MEMBER, owner="bpy.ops.object", name="face_map_add"),
        ),
        (
            "import bpy\n\ndef f(me):\n    me.update(\n      calc_edges=1)\n    me.calc_normals_split()\n",
            (6, 5),
            Question(kind=QuestionKind.MEMBER, owner="bpy.types.Mesh", name="calc_normals_split"),
        ),
        (
            "import blf\nblf.size(0, 11, 72)\n",
            (2, 17),
            Question(kind=QuestionKind.POSITIONAL, owner="blf.size", name="3"),
        ),
        (
            "import bpy\ndef draw(self, context):\n    self.layout.label(text='', icon='LIGHTPROBE_CUBEMAP')\n",
            (3, 32),
            Question(kind=QuestionKind.ENUM_ITEM, owner="bpy.types.UILayout.label.icon", name="LIGHTPROBE_CUBEMAP"),
        ),
        (
            "import bpy\ndef f():\n    bpy.ops.object.select_all({'object': None}, action='SELECT')\n",
            (3, 31),
            Question(kind=QuestionKind.POSITIONAL, owner="bpy.ops.object.select_all", name="override"),
        ),
        (
            "from bpy.types import NodeSocketInterface\n",
            (1, 23),
            Question(kind=QuestionKind.MEMBER, owner="bpy.types", name="NodeSocketInterface"),
        ),
        (
            "import bpy\n\ndef f(context):\n    context.scene.tool_settings.use_snap_project = True\n",
            (4, 5),
            Question(kind=QuestionKind.MEMBER, owner="bpy.types.ToolSettings", name="use_snap_project"),
        ),
    ],
)
def test_what_is_gone_becomes_a_question_at_its_very_place(
    text: str, place: tuple[int, int] | None, question: Question, tmp_path: Path, sandbox: Sandbox
) -> None:
    with reading({"__init__.py": text}, tmp_path, Ty(sandbox)) as made:
        found = {one.claim.questions[0]: (one.line, one.column) for one in made.claims(R45) if one.claim.questions}
        assert question in made.questions()
    assert place is None or found[question] == place


GUARDS = (
    "    if bpy.app.version < (4, 0, 0):\n        obj.face_maps.clear()\n",
    "    if hasattr(obj, 'face_maps'):\n        obj.face_maps.clear()\n",
    "    if is_old():\n        obj.face_maps.clear()\n",
    "    if not OLD:\n        return\n    obj.face_maps.clear()\n",
    "    try:\n        obj.face_maps.clear()\n    except AttributeError:\n        pass\n",
    "    with contextlib.suppress(AttributeError):\n        obj.face_maps.clear()\n",
    "    maps = getattr(obj, 'face_maps', None)\n",
)


def test_what_somebody_took_care_of_is_no_claim(tmp_path: Path, sandbox: Sandbox) -> None:
    head = (
        "import bpy, contextlib\nOLD = bpy.app.version < (4, 0, 0)\ndef is_old():\n    return bpy.app.version[0] < 4\n"
    )
    files = {f"guard_{number}.py": f"{head}def clear(obj):\n{body}" for number, body in enumerate(GUARDS)}
    assert places({**files, "bare.py": FACE_MAPS}, tmp_path, sandbox) == ["addon/bare.py:5"]


def test_what_only_a_checker_reads_is_no_claim(tmp_path: Path, sandbox: Sandbox) -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from bpy.types import NodeSocketInterface\n"
    assert claims(text, tmp_path, sandbox) == []


def test_a_guard_that_lets_the_code_run_is_none(tmp_path: Path, sandbox: Sandbox) -> None:
    text = "import bpy\ndef clear(obj):\n    if bpy.app.version >= (4, 0, 0):\n        obj.face_maps.clear()\n"
    assert claims(text, tmp_path, sandbox) == ["4:9 Object has no face_maps in Blender 4.5"]


def test_what_the_first_release_lacked_too_is_no_news(tmp_path: Path, sandbox: Sandbox) -> None:
    text = (
        "import bpy\ndef f(obj, scene):\n    obj.draw_type = 'WIRE'\n    scene.objects.link(obj)\n    bpy.data.lamps\n"
    )
    assert claims(text, tmp_path, sandbox) == []
    assert len(claims(text, tmp_path / "old", sandbox, declared=R279)) == 3


FOREIGN = (
    "import bpy\nbpy.types.Object.mine = bpy.props.IntProperty()\n\ndef f(obj):\n    return obj.mine\n",
    "import numpy\n\ndef f():\n    return numpy.float_, numpy.no_such\n",
    "class A:\n    def f(self):\n        return self.face_maps\n",
    "import other\nother.thing(other.x, face_maps=1)\n",
)


def test_what_is_not_blenders_is_no_claim(tmp_path: Path, sandbox: Sandbox) -> None:
    files = {f"foreign_{number}.py": text for number, text in enumerate(FOREIGN)}
    assert places({**files, "bare.py": FACE_MAPS}, tmp_path, sandbox) == ["addon/bare.py:5"]


def test_what_the_add_on_registers_itself_is_there(tmp_path: Path, sandbox: Sandbox) -> None:
    files = {
        "__init__.py": "import bpy\nbpy.types.Object.face_maps = bpy.props.IntProperty()\n",
        "ops.py": "import bpy\nclass A(bpy.types.Operator):\n    bl_idname = 'object.face_map_add'\n",
        "menu.py": "import bpy\nclass NodeSocketInterface(bpy.types.Menu):\n    pass\n",
        "use.py": (
            "import bpy\ndef f(obj, me):\n    obj.face_maps\n    bpy.ops.object.face_map_add()\n"
            "    bpy.types.NodeSocketInterface\n    me.calc_normals()\n"
        ),
    }
    assert places(files, tmp_path, sandbox) == ["addon/use.py:6"]


def test_a_class_of_the_add_on_is_not_the_one_of_blender_it_is_named_like(tmp_path: Path, sandbox: Sandbox) -> None:
    text = "import bpy\nclass Object:\n    pass\n\ndef f(thing: Object, obj):\n    thing.face_maps, obj.face_maps\n"
    assert claims(text, tmp_path, sandbox) == []


def test_a_call_that_gives_something_else_contradicts_a_name(tmp_path: Path, sandbox: Sandbox) -> None:
    text = f"{FACE_MAPS}\n\nclass Shelf:\n    face_maps = set()\n\n\n"
    assert claims(f"{text}clear(bpy.context.object)\n", tmp_path / "a", sandbox) != []
    assert claims(f"{text}clear(Shelf())\n", tmp_path / "b", sandbox) == []


def test_an_add_on_for_the_newest_release_alone_is_not_compared(tmp_path: Path, sandbox: Sandbox) -> None:
    with reading({"__init__.py": FACE_MAPS}, tmp_path, Ty(sandbox), declared=R45) as made:
        (seen,) = made.observations(())
    assert (seen.checks, seen.reached, seen.note) == ((), True, "")


# What Blender has to say to it --------------------------------------------------------------------


def look(work: Path, sandbox: Sandbox, *run: Observation) -> Observation:
    with reading({"__init__.py": FACE_MAPS}, work, Ty(sandbox)) as made:
        (seen,) = made.observations(run)
    return seen


def ran(exists: bool | None, *, lines: tuple[int, ...] = (), fault: Fault | None = None) -> Observation:
    question = Question(kind=QuestionKind.MEMBER, owner="bpy.types.Object", name="face_maps")
    return Observation(
        validator="exercise",
        release=R45,
        answers=(Answer(question=question, exists=exists),),
        executed={"addon/__init__.py": lines},
        checks=(Check(id="function:clear", outcome=Outcome.FAIL, fault=fault),) if fault else (),
    )


RAISED = Fault(
    kind=FaultKind.FUNCTION, path="addon/__init__.py", line=5, end_line=5, message="no face_maps",
    exception="AttributeError", source=FaultSource.RUNTIME, proof=Proof.REPRODUCED, release=R45,
)  # fmt: skip


def test_no_makes_a_fault_with_proof(tmp_path: Path, sandbox: Sandbox) -> None:
    seen = look(tmp_path, sandbox, ran(False, lines=(1, 4)))
    (fault,) = faults_of([seen], Proof.API)
    assert (fault.place, fault.owner, fault.member) == ("addon/__init__.py:5", "bpy.types.Object", "face_maps")
    assert fault.message == "Object has no face_maps in Blender 4.5"
    assert (fault.source, fault.kind, fault.release) == (FaultSource.TYPES, FaultKind.API, R45)
    assert (seen.findings_only, seen.static) == (True, False)


@pytest.mark.parametrize("run", [ran(True), ran(False, lines=(5,)), ran(None, lines=(5,))])
def test_yes_or_a_line_that_ran_is_the_end_of_it(run: Observation, tmp_path: Path, sandbox: Sandbox) -> None:
    seen = look(tmp_path, sandbox, run)
    assert [(check.outcome, check.fault) for check in seen.checks] == [(Outcome.SKIPPED, None)]


def test_a_line_that_ran_and_raised_contradicts_nothing(tmp_path: Path, sandbox: Sandbox) -> None:
    seen = look(tmp_path, sandbox, ran(False, lines=(5,), fault=RAISED))
    assert len(faults_of([seen], Proof.API)) == 1


def test_a_file_the_add_on_does_without_there_is_listed_and_no_fault(tmp_path: Path, sandbox: Sandbox) -> None:
    run = ran(False).model_copy(
        update={"executed": {"addon/other.py": (1,)}, "checks": (Check(id="enable", outcome=Outcome.PASS),)}
    )
    assert [check.fault.proof for check in look(tmp_path, sandbox, run).checks if check.fault] == [Proof.STATIC]


@pytest.mark.parametrize("run", [(), (ran(None),)])
def test_where_nobody_answers_it_is_listed_and_no_fault(
    run: tuple[Observation, ...], tmp_path: Path, sandbox: Sandbox
) -> None:
    seen = look(tmp_path, sandbox, *run)
    assert faults_of([seen], Proof.API) == ()
    assert len(faults_of([seen], Proof.STATIC)) == 1
    assert seen.static is (not run)


def test_of_a_union_one_type_that_has_it_is_enough() -> None:
    questions = tuple(
        Question(kind=QuestionKind.MEMBER, owner=f"bpy.types.{name}", name="x") for name in ("Mesh", "Curve")
    )
    found = Claimed("a.py", 1, 1, 1, "code", Claim(questions, questions[0].owner, "x", HAS_NO))

    def said(*answers: bool | None) -> tuple[Outcome, Proof]:
        pairs = zip(questions, answers, strict=True)
        run = Observation(
            validator="exercise", release=R45, answers=tuple(Answer(question=q, exists=a) for q, a in pairs)
        )
        return judge(found, R45, run)[:2]

    assert said(False, False) == (Outcome.FAIL, Proof.API)
    assert said(False, True)[0] is Outcome.SKIPPED
    assert said(False, None) == (Outcome.FAIL, Proof.STATIC)


def test_ids_stay_when_lines_move(tmp_path: Path, sandbox: Sandbox) -> None:
    with reading({"__init__.py": FACE_MAPS}, tmp_path / "a", Ty(sandbox)) as before:
        old = {check.id for seen in before.observations(()) for check in seen.checks}
    moved = f"# moved\n{FACE_MAPS}    obj.face_maps.clear()  # twice\n"
    with reading({"__init__.py": moved}, tmp_path / "b", Ty(sandbox)) as after:
        new = {check.id for seen in after.observations(()) for check in seen.checks}
    assert old < new and len(new) == len(old) + 1


# A patch, in releases nothing runs in ---------------------------------------------------------------


def patched(text: str, diff: str, lines: Sequence[int], work: Path, sandbox: Sandbox) -> tuple[Fault, ...]:
    patch = Patch(diff=diff, files=("addon/__init__.py",), changed_lines={"addon/__init__.py": tuple(lines)})
    with reading({"__init__.py": text}, work, Ty(sandbox), static=(R36, R41), patch=patch) as made:
        return faults_of(made.observations(()), Proof.STATIC)


def test_what_a_patch_brings_in_and_an_older_release_lacks_is_listed(tmp_path: Path, sandbox: Sandbox) -> None:
    text = "import bpy\n\n\ndef f(node_tree):\n    return node_tree.interface\n"
    faults = patched(
        text, "-    return node_tree.inputs\n+    return node_tree.interface\n", [5], tmp_path / "a", sandbox
    )
    assert [(str(fault.release), fault.member) for fault in faults] == [("3.6", "interface")]
    assert patched(text, "+x\n", [4], tmp_path / "b", sandbox) == ()
    assert (
        patched(text, "-    node_tree.interface\n+    return node_tree.interface\n", [5], tmp_path / "c", sandbox) == ()
    )


# Hostile and broken -------------------------------------------------------------------------------


class Answering:
    """A sandbox in which the checker says what an attacker would have it say."""

    name = "answering"

    def __init__(self, answer: bytes, status: int | None = 0) -> None:
        self.finished = Finished(status=status, output="", seconds=0.1, answer=answer)

    def run(self, command: Command) -> Finished:
        return self.finished


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"{}",
        b"[1]",
        b"[" * 100_000,
        b'[{"check_name": "missing-attribute"}]',
        b'[{"check_name": 1, "description": [], "location": {"path": 3, "positions": {}}}]',
        b"\xff\xfe\x00",
    ],
)
def test_an_answer_that_is_none_is_said_so(answer: bytes, tmp_path: Path) -> None:
    with reading({"__init__.py": FACE_MAPS}, tmp_path, Ty(Answering(answer))) as made:
        (seen,) = made.observations(())
    assert not seen.reached and "no readable answer" in seen.note


def test_findings_outside_the_copy_are_nobodys(tmp_path: Path) -> None:
    def row(path: str, line: int) -> dict[str, object]:
        place = {"begin": {"line": line, "column": 1}, "end": {"line": line, "column": 9}}
        message = "missing-attribute: Object of type `Object` has no attribute `face_maps`"
        where = {"path": path, "positions": place}
        return {"check_name": "missing-attribute", "description": message, "location": where}

    rows = [row("../../etc/passwd", 1), row("addon/__init__.py", 10**9), row("addon/__init__.py", -3)]
    with reading({"__init__.py": FACE_MAPS}, tmp_path, Ty(Answering(json.dumps(rows).encode()))) as made:
        assert made.claims(R45) == ()


@pytest.mark.parametrize(("status", "said"), [(None, "did not end within"), (-9, "signal 9"), (101, "status 101")])
def test_a_checker_that_dies_is_said_so(status: int | None, said: str, tmp_path: Path) -> None:
    with reading({"__init__.py": FACE_MAPS}, tmp_path, Ty(Answering(b"[]", status))) as made:
        (seen,) = made.observations(())
        assert made.questions() == ()
    assert not seen.reached and said in seen.note and seen.checks == ()


def test_a_checker_that_is_killed_for_its_time_is_said_so(tmp_path: Path, sandbox: Sandbox) -> None:
    with reading({"__init__.py": FACE_MAPS}, tmp_path, Ty(sandbox, Limits(seconds=0.001))) as made:
        (seen,) = made.observations(())
    assert not seen.reached and "did not end within" in seen.note


def test_a_missing_checker_is_said_so(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ty, "find", lambda: None)
    with reading({"__init__.py": FACE_MAPS}, tmp_path, Ty(sandbox)) as made:
        (seen,) = made.observations(())
    assert not seen.reached and "not installed" in seen.note


def test_a_stranger_s_files_do_not_hide_a_finding(tmp_path: Path, sandbox: Sandbox) -> None:
    files = {
        "__init__.py": "from . import good, deep, wide\n",
        "good.py": FACE_MAPS,
        "broken.py": "def f(:\n    print 'x'\n" * 50,
        "deep.py": "x = " + "(" * 150 + ")" * 150 + "\n",
        "nul.py": "x = '\0'\n",
        "latin.py": b"# -*- coding: latin-1 -*-\nname = '\xe4'\n",
        "slow.py": "# " + ".a:" * 300_000 + "app.version\n",
        "wide.py": "import bpy\n" + "bpy.types.Object.nothing_at_all\n" * 3000,
        "huge.py": "x = 1\n" * (copies.MAX_FILE // 6 + 2),
        "bpy/__init__.py": "context = None\n",
        "mathutils.py": "Vector = None\n",
        "typing.py": "Any = 3\n",
    }
    with reading(files, tmp_path, Ty(sandbox)) as made:
        (seen,) = made.observations(())
    assert seen.reached and "huge.py is too large" in seen.note
    assert [check.fault.place for check in seen.checks if check.fault] == ["addon/good.py:5"]

"""From a stub's difference to a fault that a real Blender confirms, in one start."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.blender.base import Runtime
from bot.blender.session import BlenderExerciser
from bot.models.fault import Proof
from bot.models.release import Release
from bot.sandbox.base import Sandbox
from bot.validators.exercise import Exercise
from bot.validators.types.sensor import faults_of
from bot.validators.types.ty import Ty
from checked import R36, reading

CODE = """\
bl_info = {"name": "Maps", "blender": (3, 6, 0)}

import bpy
import bpy_extras.io_utils


class Never:
    def clear(self, obj, kind):
        assert kind == "certain"
        obj.face_maps.clear()
        obj.data.calc_normals()
        bpy.ops.object.face_map_add()


def register():
    bpy.types.WindowManager.maps = bpy.props.IntProperty()


def unregister():
    del bpy.types.WindowManager.maps
"""


@pytest.mark.blender
def test_what_no_run_reaches_is_confirmed_by_the_blender_that_ran(
    runtimes: tuple[Runtime, ...], sandbox: Sandbox, tmp_path: Path
) -> None:
    runtime = runtimes[-1]
    release: Release = runtime.release
    with reading({"__init__.py": CODE}, tmp_path, Ty(sandbox), declared=R36, releases=(release,)) as made:
        (tmp_path / "addon").mkdir()
        (tmp_path / "addon" / "__init__.py").write_text(CODE)
        exercise = Exercise(BlenderExerciser(sandbox), (runtime,), seconds=20, picture=False)
        seen = exercise.observe(replace(made.subject, questions=made.questions()))
        found = faults_of(made.observations(seen), Proof.API)
    assert [check.outcome.value for one in seen for check in one.checks if check.id == "enable"] == ["pass"]
    assert {(fault.line, fault.member) for fault in found} == {
        (10, "face_maps"),
        (11, "calc_normals"),
        (12, "face_map_add"),
    }

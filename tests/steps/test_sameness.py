"""What operators make is held against what they made; chance is not taken for a change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blender.base import Runtime
from bot.models.effect import Effect
from bot.models.measures import ObjectMeasures
from bot.models.validation import Check, Outcome
from bot.steps.sameness import MOST_DIFFERENCES, _differences

names = st.text(min_size=1, max_size=8)
measures = st.builds(
    ObjectMeasures,
    type=st.sampled_from(["MESH", "CURVE", "EMPTY"]),
    vertices=st.integers(0, 9),
    edges=st.integers(0, 9),
    faces=st.integers(0, 9),
    bounds=st.just(()) | st.tuples(*[st.floats(-10, 10)] * 6),
    materials=st.lists(names, max_size=2).map(tuple),
    modifiers=st.lists(names, max_size=2).map(tuple),
)
effects = st.builds(
    Effect,
    made=st.dictionaries(names, measures, max_size=4),
    changed=st.dictionaries(names, measures, max_size=2),
    removed=st.lists(names, max_size=3, unique=True).map(tuple),
    nodes=st.dictionaries(names, st.integers(0, 9), max_size=3),
    files=st.dictionaries(names, st.integers(0, 10**6), max_size=3),
)


def passed(effect: Effect) -> Check:
    return Check(id="operator:x", outcome=Outcome.PASS, effect=effect)


@given(effects)
def test_what_is_the_same_differs_in_nothing(effect: Effect) -> None:
    assert list(_differences(passed(effect), passed(effect))) == []


@given(effects, effects)
def test_what_differs_is_said_in_few_sentences_and_from_both_sides(one: Effect, other: Effect) -> None:
    there, back = (list(_differences(passed(a), passed(b))) for a, b in ((one, other), (other, one)))
    assert bool(there) == bool(back)
    assert len(there) <= MOST_DIFFERENCES + 1
    if one.made.keys() != other.made.keys() or set(one.removed) != set(other.removed) or one.nodes != other.nodes:
        assert there


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (ObjectMeasures(type="MESH", vertices=8), ObjectMeasures(type="MESH", vertices=9),
         "'Cube' had 8 vertices and has 9 vertices"),
        (ObjectMeasures(type="MESH", modifiers=("SUBSURF",)), ObjectMeasures(type="MESH"),
         "'Cube' had the modifiers SUBSURF and has the modifiers (none)"),
        (ObjectMeasures(type="MESH", bounds=(0, 0, 0, 1, 1, 1)), ObjectMeasures(type="MESH", bounds=(0, 0, 0, 2, 1, 1)),
         "'Cube' reached (0, 0, 0) to (1, 1, 1) and reaches (0, 0, 0) to (2, 1, 1)"),
    ],
)  # fmt: skip
def test_numbers_are_named(before: ObjectMeasures, after: ObjectMeasures, said: str) -> None:
    effects = (Effect(made={"Cube": before}), Effect(made={"Cube": after}))
    assert list(_differences(*map(passed, effects))) == [said]


def test_a_file_may_have_another_date_in_it() -> None:
    near = list(_differences(passed(Effect(files={"a.obj": 10_000})), passed(Effect(files={"a.obj": 10_100}))))
    far = list(_differences(passed(Effect(files={"a.obj": 10_000})), passed(Effect(files={"a.obj": 400}))))
    assert near == [] and far == ["the file 'a.obj' had 10000 bytes and has 400"]


ADDON = """\
bl_info = {"name": "Grid", "blender": (4, 2, 0), "category": "Mesh"}
import random
import bpy


def grid(name, count):
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([(x, 0, 0) for x in range(count)], [], [])
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.collection.objects.link(thing)


class MESH_OT_sure(bpy.types.Operator):
    bl_idname = "mesh.sure_add"
    bl_label = "Sure"

    def execute(self, context):
        grid("Sure", 7)
        return {"FINISHED"}


class MESH_OT_chance(bpy.types.Operator):
    bl_idname = "mesh.chance_add"
    bl_label = "Chance"

    def execute(self, context):
        grid("Chance", random.randint(3, 30000))
        return {"FINISHED"}


class MESH_OT_broken(bpy.types.Operator):
    bl_idname = "mesh.broken_add"
    bl_label = "Broken"

    def execute(self, context):
        grid("Broken", 5)
        context.scene.render.engine = "BLENDER_EEVEE"
        return {"FINISHED"}


classes = (MESH_OT_sure, MESH_OT_chance, MESH_OT_broken)


def register():
    for cls in classes:
        bpy.utils.register_class(cls)


def unregister():
    for cls in classes:
        bpy.utils.unregister_class(cls)
"""


@pytest.mark.blender
def test_a_repair_that_leaves_results_alone_says_so(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    (tmp_path / "grids.py").write_text(ADDON, encoding="utf-8")
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Start"]):
        subprocess.run(["git", *identity, *command], cwd=tmp_path, check=True)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run", ".", "--json", "--llm", "none", "--blender", "4.2"],
        cwd=tmp_path, capture_output=True, text=True, timeout=400, stdin=subprocess.DEVNULL, check=False,
        env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["verified"], report["summary"]
    same = {one["operator"]: one for one in report["sameness"]}
    assert set(same) == {"mesh.sure_add", "mesh.chance_add"}, "only what worked before can be the same"
    assert all(one["before"] == one["after"] == "4.2" and one["differences"] == [] for one in same.values())

"""Scenarios a repository declares, from its `bcrag.toml` to the report: real Blender, the real command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.blender.base import Runtime

RELEASES = os.environ.get("BCRAG_TEST_RELEASES", "4.2,4.5")
ADDON = """\
bl_info = {"name": "Grid", "blender": (4, 2, 0), "category": "Mesh"}
import bpy


class MESH_OT_grid(bpy.types.Operator):
    bl_idname = "mesh.grid_add"
    bl_label = "Grid"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        mesh = bpy.data.meshes.new("Grid")
        points = [(x, y, 0) for y in range(3) for x in range(3)]
        faces = [(y * 3 + x, y * 3 + x + 1, y * 3 + x + 4, y * 3 + x + 3) for y in range(2) for x in range(2)]
        mesh.from_pydata(points, [], faces)
        thing = bpy.data.objects.new("Grid", mesh)
        context.collection.objects.link(thing)
        context.scene.render.engine = "BLENDER_EEVEE"
        return {"FINISHED"}


def register():
    bpy.utils.register_class(MESH_OT_grid)


def unregister():
    bpy.utils.unregister_class(MESH_OT_grid)
"""
HEALTHY = ADDON.replace('        context.scene.render.engine = "BLENDER_EEVEE"\n', "")
SCRIPT = """\
import bpy, os
bpy.ops.mesh.grid_add()
with open(os.path.join(TMP, "said.txt"), "w") as file:
    file.write("done")
"""
SCENARIO = """\
[[scenario]]
name = "grid"
script = "scenarios/grid.py"
objects = ["Grid"]
vertices = { Grid = 9 }
files = ["said.txt"]
"""


def bot(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd, env={**os.environ, "COLUMNS": "200"}, capture_output=True, text=True, timeout=400,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


def commit(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "More"]):
        subprocess.run(["git", *identity, *command], cwd=folder, check=True)


def ran(folder: Path, out: str = "out") -> dict[str, Any]:
    where = ["--blender", RELEASES, "--out", str(folder / out)]
    done = bot("run", ".", "--json", "--llm", "none", *where, cwd=folder)
    assert done.stdout, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def rows(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["release"]: row for row in report["validation"] if row["validator"] == "scenario"}


@pytest.mark.blender
def test_what_a_scenario_expects_fails_before_a_repair_and_passes_after(
    tmp_path: Path, runtimes: tuple[Runtime, ...]
) -> None:
    commit(tmp_path, {"grid_tool.py": ADDON, "scenarios/grid.py": SCRIPT, "bcrag.toml": SCENARIO})
    report = ran(tmp_path)
    assert report["status"] == "repaired" and report["verified"], report["summary"]
    assert set(rows(report)) == set(RELEASES.split(","))
    row = rows(report)["4.2"]
    assert row["fixed"] == ["scenario:grid"] and row["after"] == "1 pass"
    # What the exerciser meets by itself at the same place is one fault with what the scenario shows.
    assert {fault["path"] for fault in report["faults"]} == {"grid_tool.py"}


@pytest.mark.blender
@pytest.mark.parametrize(
    ("expects", "said"),
    [
        ("objects = 3", "3 objects were expected, and there are 4: "),
        ('objects = ["Gird"]', "there is no object 'Gird'; there are 'Camera', 'Cube', 'Grid', 'Light'"),
        ("vertices = 9", "9 vertices were expected, and there are 17"),
        ("vertices = { Grid = 8 }", "8 vertices were expected of 'Grid', and it has 9"),
        ('files = ["said.txt", "grid.obj"]', "the file grid.obj was not written"),
        ('runs = 3\nsteady = ["meshes"]', "there were 2 meshes after the first run, and 4 after 3 runs"),
    ],
)
def test_what_is_not_there_is_said(tmp_path: Path, runtimes: tuple[Runtime, ...], expects: str, said: str) -> None:
    scenario = f'[[scenario]]\nname = "grid"\nscript = "scenarios/grid.py"\nblender = ["4.5"]\n{expects}\n'
    commit(tmp_path, {"grid_tool.py": HEALTHY, "scenarios/grid.py": SCRIPT, "bcrag.toml": scenario})
    done = bot("check", ".", "--format", "json", "--blender", "4.5", cwd=tmp_path)
    (fault,) = json.loads(done.stdout)
    assert fault["message"].startswith(said) and fault["path"] == "scenarios/grid.py"
    assert fault["exception"] == "AssertionError" and fault["proof"] == "reproduced"
    assert done.returncode == 1


@pytest.mark.blender
def test_a_render_is_held_against_the_one_in_the_repository(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    scenario = SCENARIO + 'render = "scenarios/grid.png"\nblender = ["4.5"]\n'
    commit(tmp_path, {"grid_tool.py": HEALTHY, "scenarios/grid.py": SCRIPT, "bcrag.toml": scenario})
    first = ran(tmp_path)
    picture = tmp_path / "out/scenarios/grid-4.5.png"
    assert first["status"] == "clean"
    assert "There is no scenarios/grid.png in the commit" in rows(first)["4.5"]["note"]
    assert {"path": "scenarios/grid-4.5.png", "kind": "scenario"}.items() <= next(
        one for one in first["artifacts"] if one["kind"] == "scenario"
    ).items()

    commit(tmp_path, {"scenarios/grid.png": picture.read_bytes(), ".gitignore": "out*\n"})
    assert ran(tmp_path, "out-2")["status"] == "clean"

    with Image.open(picture) as image:
        image.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "scenarios/grid.png")
    commit(tmp_path, {})
    other = ran(tmp_path, "out-3")
    assert other["status"] == "unrepaired"
    (fault,) = other["faults"]
    assert "of the render differ from scenarios/grid.png, and 2.0% may" in fault["message"]


@pytest.mark.parametrize(
    ("toml", "said", "cure"),
    [
        (SCENARIO.replace("grid.py", "gird.py"), "which is not in the commit", "Commit the file"),
        (SCENARIO + SCENARIO, "two scenarios with the name 'grid'", "another name"),
        (SCENARIO.replace('"grid"', '"Grid one"'), "name", "docs/config.md"),
        (SCENARIO + "colour = 3\n", "colour", ""),
    ],
)
def test_a_scenario_that_cannot_be_is_one_clear_error(tmp_path: Path, toml: str, said: str, cure: str) -> None:
    commit(tmp_path, {"grid_tool.py": HEALTHY, "scenarios/grid.py": SCRIPT, "bcrag.toml": toml})
    done = bot("check", ".", "--blender", "4.5", cwd=tmp_path)
    assert done.returncode == 2 and said in done.stderr and cure in done.stderr, done.stderr
    assert "Traceback" not in done.stderr

"""Files that Blender's own exporters write, made before the add-on is there."""

from __future__ import annotations

import contextlib
import os
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy

from bot.blender.harness.scene.building import animate, enter_mode, link, painted, rich_cube, select, surroundings
from bot.blender.harness.scene.special import skinned

GIVEN = "given"
"""What each of them is called, besides its ending."""


def _mesh() -> None:
    rich_cube()


def _rig() -> None:
    skinned()
    select(bpy.data.objects["Armature"])
    animate(bpy.data.objects["Armature"])


def _scene() -> None:
    """What scenes are made of: a painted mesh that bones deform, shapes, lights, a camera, an empty with a child."""
    surroundings()
    for kind in ("SUN", "SPOT"):
        link(kind.title(), bpy.data.lights.new(kind.title(), kind), location=(0.0, 4.0, 4.0))
    skinned()
    shapes = rich_cube("Shapes", (4, 0, 0))
    shapes.shape_key_add(name="Basis", from_mix=False)
    for point in shapes.shape_key_add(name="Key", from_mix=False).data:
        point.co.z *= 2.0
    shapes.parent = link("Empty", None, location=(-4, 0, 0))
    cube = rich_cube()
    cube.data.materials[0] = painted()
    animate(cube)
    for thing in bpy.context.scene.objects:
        thing.select_set(True)


def _operator(name: str) -> Callable[..., Any] | None:
    module, _, function = name.partition(".")
    operator = getattr(getattr(bpy.ops, module), function)
    try:
        operator.get_rna_type()
    except (KeyError, AttributeError, RuntimeError):
        return None
    return operator  # type: ignore[no-any-return]


WRITERS: dict[str, tuple[Callable[[], None], tuple[tuple[str, dict[str, Any]], ...]]] = {
    ".obj": (_mesh, (("wm.obj_export", {}), ("export_scene.obj", {}))),
    ".ply": (_mesh, (("wm.ply_export", {"ascii_format": True}), ("export_mesh.ply", {"use_ascii": True}))),
    ".stl": (_mesh, (("wm.stl_export", {"ascii_format": True}), ("export_mesh.stl", {"ascii": True}))),
    ".fbx": (_scene, (("export_scene.fbx", {}),)),
    ".glb": (_scene, (("export_scene.gltf", {"export_format": "GLB"}),)),
    ".gltf": (_scene, (("export_scene.gltf", {"export_format": "GLTF_SEPARATE"}),)),
    ".usd": (_scene, (("wm.usd_export", {}),)),
    ".usda": (_scene, (("wm.usd_export", {}),)),
    ".usdc": (_scene, (("wm.usd_export", {}),)),
    ".abc": (_scene, (("wm.alembic_export", {}),)),
    ".dae": (_scene, (("wm.collada_export", {}),)),
    ".x3d": (_mesh, (("export_scene.x3d", {}),)),
    ".bvh": (_rig, (("export_anim.bvh", {}),)),
}
"""By ending, the scene that is written, and the exporters of the releases there are."""
PICTURES = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".tga": "TARGA",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".exr": "OPEN_EXR",
    ".hdr": "HDR",
    ".webp": "WEBP",
}
"""By ending, the format of a picture."""
_MENTION = re.compile(r"\.(\w{2,5})\b")


def mentioned(source: str) -> frozenset[str]:
    """The endings that the add-on's files speak of and Blender can write."""
    path = Path(source)
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    found: set[str] = set()
    for file in files:
        with contextlib.suppress(OSError):
            found.update(_MENTION.findall(file.read_text(encoding="utf-8", errors="replace").lower()))
    return frozenset(ending for ending in (*WRITERS, *PICTURES, ".blend") if ending[1:] in found)


def write(endings: frozenset[str], folder: str) -> None:
    """A file of each ending, as far as this release can write it; afterwards Blender is as it was started."""
    if not endings:
        return
    os.makedirs(folder, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for ending in sorted(endings):
            path = os.path.join(folder, GIVEN + ending)
            with contextlib.suppress(Exception):  # then there is none
                if ending in PICTURES:
                    _picture(path, PICTURES[ending])
                elif ending == ".blend":
                    _blend(path)
                else:
                    _exported(path, *WRITERS[ending])
    bpy.ops.wm.read_homefile(use_factory_startup=True)


def _exported(path: str, build: Callable[[], None], exporters: tuple[tuple[str, dict[str, Any]], ...]) -> None:
    found = ((operator, values) for name, values in exporters if (operator := _operator(name)) is not None)
    operator, values = next(found)
    _empty()
    build()
    bpy.context.scene.frame_end = 3  # what is animated is written frame by frame
    operator(filepath=path, **values)


def _blend(path: str) -> None:
    _empty()
    bpy.data.libraries.write(path, {rich_cube()}, compress=True)


def _empty() -> None:
    """Take out of Blender what there is to be seen."""
    active = bpy.context.view_layer.objects.active
    if active is not None and active.mode != "OBJECT":
        enter_mode("OBJECT")
    held = (bpy.data.objects, bpy.data.meshes, bpy.data.armatures, bpy.data.lights, bpy.data.cameras)
    more = (bpy.data.materials, bpy.data.images, bpy.data.actions)
    bpy.data.batch_remove([one for kind in (*held, *more) for one in kind])


def _picture(path: str, form: str) -> None:
    picture = bpy.data.images.new("Picture", 8, 8, float_buffer=form in {"OPEN_EXR", "HDR"})
    picture.generated_color = (0.9, 0.5, 0.1, 1.0)
    settings = bpy.context.scene.render.image_settings
    with contextlib.suppress(AttributeError, TypeError):
        settings.media_type = "IMAGE"
    settings.file_format = form
    picture.save_render(path, scene=bpy.context.scene)

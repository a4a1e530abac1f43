"""Where the scenes probes run in are built, without loading a file."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import bpy

from bot.blender.harness.scene.scenes import SCENES
from bot.blender.harness.scene.special import SAYING, SPECIAL
from bot.blender.harness.scene.viewing import view

KEPT_DATA = frozenset(
    {
        "screens",
        "window_managers",
        "workspaces",
        "scenes",
        "libraries",
        "brushes",
        "palettes",
        "paint_curves",
        "linestyles",
        "fonts",
        "shape_keys",
        "cache_files",
        "masks",
        "sounds",
        "movieclips",
        "texts",
        "annotations",
    }
)
"""Collections of `bpy.data` that a reset does not touch."""


class Stage:
    """Builds the scenes probes run in, without reloading a file (which would disable the add-on)."""

    def __init__(self) -> None:
        self._kept: set[tuple[str, str]] = set()
        self._engine = ""
        self.situation = ""

    def remember(self) -> None:
        """What is there now stays (an add-on may make data when it is enabled), the factory's objects aside."""
        self._engine = bpy.context.scene.render.engine
        self._kept = {
            (collection, item.name)
            for collection, item in self._items()
            if not (
                collection in {"objects", "meshes", "lights", "cameras"}
                and item.name.split(".")[0] in {"Cube", "Light", "Camera"}
            )
        }

    def enter(self, situation: str) -> bool:
        """Make the scene; false where this release cannot."""
        self.situation = situation
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                self.clear()
                with self.view():
                    (SCENES.get(situation) or SPECIAL[situation])()
            except Exception:
                return False
        return True

    def clear(self) -> None:
        """Back to an empty scene in object mode, with factory render settings that matter."""
        scene = bpy.context.scene
        active = bpy.context.view_layer.objects.active
        if active is not None and active.mode != "OBJECT":
            with contextlib.suppress(RuntimeError), self.view():
                bpy.ops.object.mode_set(mode="OBJECT")
        for extra in list(bpy.data.scenes):
            if extra != scene and ("scenes", extra.name) not in self._kept and len(bpy.data.scenes) > 1:
                bpy.data.scenes.remove(extra)
        _let_go_of_trees()
        doomed = [item for collection, item in self._items() if (collection, item.name) not in self._kept]
        if doomed:
            bpy.data.batch_remove(doomed)
        self._empty_scene(scene)
        scene.frame_set(1)
        scene.render.engine = self._engine
        scene.render.resolution_percentage = 10  # what an add-on renders should not take long
        scene.cursor.location = (0.0, 0.0, 0.0)
        settings = scene.tool_settings
        settings.mesh_select_mode = (True, False, False)

    def _empty_scene(self, scene: Any) -> None:
        """Take out of the scene itself, which stays, what scenes put there."""
        layers = bpy.context.view_layer.layer_collection
        bpy.context.view_layer.active_layer_collection = next(iter(layers.children), layers)
        scene.timeline_markers.clear()
        if scene.sequence_editor is not None:
            scene.sequence_editor_clear()
        if getattr(scene, "node_tree", None) is not None:  # since 5.0 it is data of its own
            scene.node_tree.nodes.clear()
            scene.use_nodes = False
        for text in [one for one in bpy.data.texts if one.as_string() == SAYING]:
            bpy.data.texts.remove(text)

    def view(self, space: str = "VIEW_3D", region_type: str = "UI", **members: Any) -> AbstractContextManager[None]:
        """See `viewing.view`."""
        return view(space, region_type, **members)

    def _items(self) -> Iterator[tuple[str, Any]]:
        for prop in bpy.data.bl_rna.properties:
            if prop.type != "COLLECTION" or prop.identifier in KEPT_DATA:
                continue
            for item in list(getattr(bpy.data, prop.identifier)):
                yield prop.identifier, item


def _let_go_of_trees() -> None:
    """Show no tree in any node editor: one that is removed while it is shown takes Blender down, some scenes later."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            for space in area.spaces:  # those of editors it was before as well
                if space.type == "NODE_EDITOR" and space.node_tree is not None:
                    space.node_tree = None

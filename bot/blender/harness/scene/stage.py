"""The scenes probes run in, built without loading a file."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import bpy

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

_CUBE_VERTICES = [(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
_CUBE_FACES = [(0, 1, 3, 2), (2, 3, 7, 6), (6, 7, 5, 4), (4, 5, 1, 0), (2, 6, 4, 0), (7, 3, 1, 5)]


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
                    getattr(self, "_" + situation)()
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
        doomed = [item for collection, item in self._items() if (collection, item.name) not in self._kept]
        if doomed:
            bpy.data.batch_remove(doomed)
        scene.frame_set(1)
        scene.render.engine = self._engine
        scene.render.resolution_percentage = 10  # what an add-on renders should not take long
        scene.cursor.location = (0.0, 0.0, 0.0)
        settings = scene.tool_settings
        settings.mesh_select_mode = (True, False, False)

    @contextlib.contextmanager
    def view(self, space: str = "VIEW_3D", region_type: str = "UI", **members: Any) -> Iterator[None]:
        """The context of a user whose mouse is over an editor of the given kind.

        Operators run over the side bar: over the main region, transform operators of 4.2 reach for
        a graphics card and take Blender down.
        """
        window = bpy.context.window
        if window is None or not hasattr(bpy.context, "temp_override"):
            yield
            return
        areas = list(window.screen.areas)
        area = next((one for one in areas if one.type == space), None)
        if area is None:
            area = min(areas, key=lambda one: one.type == "VIEW_3D")  # never the 3D view, if there is another
            with contextlib.suppress(Exception):
                area.type = space
            if area.type != space:
                area = next((one for one in areas if one.type == "VIEW_3D"), areas[0])
        regions = {one.type: one for one in area.regions}
        region = regions.get(region_type) or regions.get("WINDOW")
        try:
            override = bpy.context.temp_override(window=window, area=area, region=region, **members)
        except TypeError:
            override = contextlib.nullcontext()
        with override:
            yield

    def _items(self) -> Iterator[tuple[str, Any]]:
        for prop in bpy.data.bl_rna.properties:
            if prop.type != "COLLECTION" or prop.identifier in KEPT_DATA:
                continue
            for item in list(getattr(bpy.data, prop.identifier)):
                yield prop.identifier, item

    # The parts scenes are made of.

    def _collection(self) -> Any:
        scene = bpy.context.scene
        for child in scene.collection.children:
            return child
        collection = bpy.data.collections.new("Collection")
        scene.collection.children.link(collection)
        layer = bpy.context.view_layer.layer_collection.children.get(collection.name)
        if layer is not None:
            bpy.context.view_layer.active_layer_collection = layer
        return collection

    def _link(self, name: str, data: Any, *, active: bool = True, location: tuple[float, ...] = (0, 0, 0)) -> Any:
        thing = bpy.data.objects.new(name, data)
        thing.location = location
        self._collection().objects.link(thing)
        if active:
            bpy.context.view_layer.objects.active = thing
            thing.select_set(True)
        return thing

    def _surroundings(self) -> None:
        """The camera and the light of the factory scene."""
        light = self._link("Light", bpy.data.lights.new("Light", "POINT"), active=False, location=(4.08, 1.0, 5.9))
        light.data.energy = 1000
        camera = self._link("Camera", bpy.data.cameras.new("Camera"), active=False, location=(7.36, -6.93, 4.96))
        camera.rotation_euler = (1.109, 0.0, 0.815)
        bpy.context.scene.camera = camera

    def _mesh(self, name: str, vertices: Sequence[tuple[float, float, float]], faces: Sequence[tuple[int, ...]]) -> Any:
        mesh = bpy.data.meshes.new(name)
        mesh.from_pydata(vertices, [], faces)
        uvs = mesh.uv_layers.new(name="UVMap")
        corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
        for face in mesh.polygons:
            for index, loop in enumerate(face.loop_indices):
                uvs.data[loop].uv = corners[index % 4]
        mesh.update()
        return mesh

    def _rich_cube(self, name: str = "Cube", location: tuple[float, ...] = (0, 0, 0)) -> Any:
        cube = self._link(name, self._mesh(name, list(_CUBE_VERTICES), list(_CUBE_FACES)), location=location)
        cube.vertex_groups.new(name="Group").add(list(range(8)), 1.0, "REPLACE")
        material = bpy.data.materials.get("Material") or bpy.data.materials.new("Material")
        if not material.node_tree:
            material.use_nodes = True
        cube.data.materials.append(material)
        return cube

    def _animate(self, thing: Any) -> None:
        for frame in (1, 20):
            thing.keyframe_insert("location", frame=frame)

    def _mode(self, mode: str) -> None:
        bpy.ops.object.mode_set(mode=mode)

    # The scenes.

    def _cube(self) -> None:
        self._surroundings()
        self._animate(self._rich_cube())

    def _two_meshes(self) -> None:
        self._surroundings()
        self._rich_cube("Other", (0.5, 0.5, 0.5))
        self._rich_cube()

    def _modifier(self) -> None:
        self._surroundings()
        modifier = self._rich_cube().modifiers.new("Subdivision", "SUBSURF")
        modifier.levels = 1

    def _plain(self) -> None:
        """A cube with nothing on it: no UV map, no groups, no material, no animation."""
        self._surroundings()
        mesh = bpy.data.meshes.new("Cube")
        mesh.from_pydata(list(_CUBE_VERTICES), [], list(_CUBE_FACES))
        self._link("Cube", mesh)

    def _edit_mesh(self) -> None:
        self._surroundings()
        points = [(x - 2.0, y - 2.0, 0.0) for y in range(5) for x in range(5)]
        quads = [(y * 5 + x, y * 5 + x + 1, y * 5 + x + 6, y * 5 + x + 5) for y in range(4) for x in range(4)]
        grid = self._link("Grid", self._mesh("Grid", points, quads))
        grid.vertex_groups.new(name="Group")
        self._mode("EDIT")
        bpy.ops.mesh.select_all(action="SELECT")

    def _weight_paint(self) -> None:
        self._surroundings()
        self._rich_cube()
        self._mode("WEIGHT_PAINT")

    def _armature(self) -> None:
        self._surroundings()
        rig = self._link("Armature", bpy.data.armatures.new("Armature"))
        self._mode("EDIT")
        first = rig.data.edit_bones.new("Bone")
        first.head, first.tail = (0, 0, 0), (0, 0, 1)
        second = rig.data.edit_bones.new("Bone.001")
        second.head, second.tail, second.parent, second.use_connect = (0, 0, 1), (0, 0, 2), first, True
        self._mode("OBJECT")
        for bone in rig.pose.bones:
            for frame in (1, 20):
                bone.keyframe_insert("location", frame=frame)

    def _pose(self) -> None:
        self._armature()
        self._mode("POSE")
        bones = bpy.context.object.pose.bones
        for bone in bones:
            with contextlib.suppress(AttributeError):
                bone.bone.select = True  # moved to the pose bone in 5.0
            with contextlib.suppress(AttributeError):
                bone.select = True
        bpy.context.object.data.bones.active = bones[0].bone

    def _light(self) -> None:
        self._surroundings()
        self._link("Lamp", bpy.data.lights.new("Lamp", "AREA"), location=(0, 0, 3))

    def _camera(self) -> None:
        self._surroundings()
        camera = bpy.context.scene.camera
        bpy.context.view_layer.objects.active = camera
        camera.select_set(True)

    def _curve(self) -> None:
        self._surroundings()
        data = bpy.data.curves.new("Curve", "CURVE")
        data.dimensions = "3D"
        spline = data.splines.new("BEZIER")
        spline.bezier_points.add(2)
        for index, point in enumerate(spline.bezier_points):
            point.co = (index - 1.0, index % 2, 0.0)
            point.handle_left_type = point.handle_right_type = "AUTO"
        self._link("Curve", data)

    def _empty_selection(self) -> None:
        self._surroundings()
        bpy.context.view_layer.objects.active = None

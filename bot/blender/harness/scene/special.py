"""Scenes for what only some add-ons ask for: an operator is tried in those that its code mentions (`situations`).

Like those of `scenes`, each is plain code, built into an empty scene.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import bmesh
import bpy

from bot.blender.harness.scene.building import (
    CUBE_FACES,
    CUBE_VERTICES,
    animate,
    enter_mode,
    link,
    mesh_of,
    painted,
    rich_cube,
    select,
    skeleton,
    surroundings,
)

NOTHING = "nothing"
SAYING = "# A text\nprint('Hello')\n"


def nothing() -> None:
    """Nothing at all."""


def scene_collection() -> None:
    """A cube in the scene's own collection, which is the active one."""
    surroundings()
    cube = rich_cube()
    scene = bpy.context.scene
    for holder in cube.users_collection:
        holder.objects.unlink(cube)
    scene.collection.objects.link(cube)
    bpy.context.view_layer.active_layer_collection = bpy.context.view_layer.layer_collection
    select(cube)


def animation() -> None:
    """Things that are animated in part: one axis of a place, a light, a camera; a driver and a marker."""
    surroundings()
    cube, camera, light = rich_cube(), bpy.context.scene.camera.data, bpy.data.lights["Light"]
    for frame in (1, 10):
        cube.location.x = frame / 10
        cube.keyframe_insert("location", index=0, frame=frame)
        light.energy = 10.0 * frame
        light.keyframe_insert("energy", frame=frame)
        camera.lens = 30.0 + frame
        camera.keyframe_insert("lens", frame=frame)
    cube.driver_add("location", 2).driver.expression = "frame / 10"
    bpy.context.scene.timeline_markers.new("Marker", frame=5)


def animated_turn() -> None:
    """A cube that turns about one axis and grows along another, on a parent that turns by a quaternion."""
    surroundings()
    parent, cube = rich_cube("Parent"), rich_cube()
    cube.parent, parent.rotation_mode = parent, "QUATERNION"
    for frame in (1, 10):
        cube.rotation_euler.z = frame / 10
        cube.keyframe_insert("rotation_euler", index=2, frame=frame)
        cube.scale.y = 1 + frame / 10
        cube.keyframe_insert("scale", index=1, frame=frame)
        parent.rotation_quaternion.x = frame / 10
        parent.keyframe_insert("rotation_quaternion", frame=frame)


def assortment() -> None:
    """One of each kind, all of them selected, as what exports a whole scene meets them."""
    surroundings()
    _loose()
    for index, kind in enumerate(("SUN", "SPOT", "AREA")):
        link(kind.title(), bpy.data.lights.new(kind.title(), kind), location=(index * 2.0, 4.0, 4.0))
    link("Text", _font(), location=(0, -4, 0))
    link("Curve", _bezier(), location=(4, -4, 0))
    empty = link("Empty", None, location=(-4, 0, 0))
    _skin("Skinned", (-4, 4, 0))
    _shapes(link("Shapes", mesh_of("Shapes", list(CUBE_VERTICES), list(CUBE_FACES)), location=(4, 0, 0)))
    child = rich_cube("Child", (0, 0, 3))
    child.parent, child.rotation_euler, child.scale = empty, (0.3, 0.2, 0.1), (1.0, 0.5, 2.0)
    cube = rich_cube()
    cube.data.materials.append(painted())
    cube.data.polygons[0].material_index = 1
    animate(cube)
    for thing in list(bpy.context.scene.objects):
        thing.select_set(True)
    select(cube)


def bare_mesh() -> None:
    """A mesh that has nothing but faces and a material: no UV map, no groups, no animation."""
    surroundings()
    mesh = bpy.data.meshes.new("Bare")
    mesh.from_pydata(list(CUBE_VERTICES), [], list(CUBE_FACES))
    mesh.update()
    mesh.materials.append(painted())
    link("Bare", mesh)


def skinned() -> None:
    """A mesh that bones deform, both selected."""
    surroundings()
    _skin("Skinned", (0, 0, 0))


def two_armatures() -> None:
    """Two objects of one armature, both selected; only the active one is animated."""
    surroundings()
    rig = skeleton("Armature")
    other = link("Other", rig.data, location=(2, 0, 0))
    for bone in rig.pose.bones:
        for frame in (1, 20):
            bone.keyframe_insert("rotation_quaternion", frame=frame)
    bpy.context.scene.timeline_markers.new("Marker", frame=5)
    for thing in (other, rig):
        select(thing)


def edit_armature() -> None:
    """Two bones that are being edited, both selected."""
    surroundings()
    skeleton("Armature")
    enter_mode("EDIT")
    bpy.ops.armature.select_all(action="SELECT")


def shape_keys() -> None:
    """A cube of two shapes, the second one active."""
    surroundings()
    _shapes(rich_cube())


def attributes() -> None:
    """A cube with colours and an attribute of each kind; the active one holds texts."""
    surroundings()
    mesh = rich_cube().data
    mesh.attributes.new("Colour", "BYTE_COLOR", "CORNER")
    kinds = (("FLOAT", "POINT"), ("INT", "FACE"), ("BOOLEAN", "EDGE"), ("FLOAT_VECTOR", "POINT"), ("STRING", "POINT"))
    for kind, domain in kinds:
        mesh.attributes.active = mesh.attributes.new(kind.title(), kind, domain)


def particles() -> None:
    """A cube that emits particles."""
    surroundings()
    rich_cube().modifiers.new("Particles", "PARTICLE_SYSTEM").particle_system.settings.count = 10


def grease_pencil() -> None:
    """A stroke of three points, in the release's own kind of grease pencil."""
    surroundings()
    points = [(-1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)]
    if bpy.app.version < (4, 3):
        data = bpy.data.grease_pencils.new("Stroke")
        frame = data.layers.new("Layer").frames.new(1)
        stroke: Any = frame.strokes.new()
        stroke.points.add(len(points))
    else:
        data = getattr(bpy.data, "grease_pencils_v3", bpy.data.grease_pencils).new("Stroke")
        drawing = data.layers.new("Layer").frames.new(1).drawing
        drawing.add_strokes([len(points)])
        stroke = drawing.strokes[0]
    for point, place in zip(stroke.points, points, strict=True):
        if hasattr(point, "co"):
            point.co = place
        else:
            point.position = place
    material = bpy.data.materials.new("Stroke")
    bpy.data.materials.create_gpencil_data(material)
    data.materials.append(material)
    with contextlib.suppress(AttributeError, TypeError):
        data.layers.active = data.layers[0]
    link("Stroke", data)


def edit_grease_pencil() -> None:
    """The same, being edited."""
    grease_pencil()
    enter_mode("EDIT_GPENCIL" if bpy.app.version < (4, 3) else "EDIT")


def surface() -> None:
    """A patch of four by four points."""
    surroundings()
    data = bpy.data.curves.new("Surface", "SURFACE")
    data.dimensions = "3D"
    for row in range(4):
        spline = data.splines.new("NURBS")
        spline.points.add(3)
        for column, point in enumerate(spline.points):
            point.co, point.select = (column - 1.5, row - 1.5, 0.0, 1.0), True
    thing = link("Surface", data)
    enter_mode("EDIT")
    bpy.ops.curve.make_segment()
    enter_mode("OBJECT")
    select(thing)


def font() -> None:
    """A text that stands in the scene."""
    surroundings()
    link("Text", _font())


def metaball() -> None:
    """A ball that melts with others."""
    surroundings()
    data = bpy.data.metaballs.new("Ball")
    data.elements.new().radius = 1.5
    link("Ball", data)


def lattice() -> None:
    """A lattice that deforms a cube; the lattice is active."""
    surroundings()
    cube = rich_cube()
    cage = link("Lattice", bpy.data.lattices.new("Lattice"))
    cube.modifiers.new("Lattice", "LATTICE").object = cage


def empty() -> None:
    """An empty with a child."""
    surroundings()
    child = rich_cube()
    child.select_set(False)
    child.parent = link("Empty", None)


def constraints() -> None:
    """A cube that follows another one."""
    surroundings()
    other = rich_cube("Other", (3, 0, 0))
    rich_cube().constraints.new("COPY_LOCATION").target = other


def edit_curve() -> None:
    """A curve that is being edited, all of it selected."""
    surroundings()
    link("Curve", _bezier())
    enter_mode("EDIT")
    bpy.ops.curve.select_all(action="SELECT")


def edit_part() -> None:
    """A grid in edit mode, one face of it selected and active."""
    surroundings()
    grid = link("Grid", mesh_of("Grid", *_grid(4)))
    bpy.context.scene.tool_settings.mesh_select_mode = (False, False, True)
    enter_mode("EDIT")
    bpy.ops.mesh.select_all(action="DESELECT")
    edited = bmesh.from_edit_mesh(grid.data)
    edited.faces.ensure_lookup_table()
    edited.faces[5].select_set(True)
    edited.faces.active = edited.faces[5]
    bmesh.update_edit_mesh(grid.data)


def edit_dense() -> None:
    """A grid of some thousand faces in edit mode, all of it selected: what calls itself gets deep in it."""
    surroundings()
    mesh = mesh_of("Grid", *_grid(70))
    for loop, place in zip(mesh.loops, mesh.uv_layers.active.data, strict=True):  # all of it hangs together there, too
        place.uv = mesh.vertices[loop.vertex_index].co.xy / 70
    link("Grid", mesh)
    enter_mode("EDIT")
    bpy.ops.mesh.select_all(action="SELECT")


def sculpt() -> None:
    """A cube that is being sculpted."""
    surroundings()
    rich_cube()
    enter_mode("SCULPT")


def vertex_paint() -> None:
    """A cube whose colours are being painted."""
    surroundings()
    rich_cube().data.attributes.new("Colour", "BYTE_COLOR", "CORNER")
    enter_mode("VERTEX_PAINT")


def shader_nodes() -> None:
    """A node editor with a material, one of its nodes active."""
    surroundings()
    cube = rich_cube()
    material = painted()
    cube.material_slots[0].material = material
    _show_tree("ShaderNodeTree", material.node_tree)


def geometry_nodes() -> None:
    """A node editor with the tree of a modifier."""
    surroundings()
    cube = rich_cube()
    tree = bpy.data.node_groups.new("Geometry Nodes", "GeometryNodeTree")
    for direction in ("INPUT", "OUTPUT"):
        if hasattr(tree, "interface"):
            tree.interface.new_socket("Geometry", in_out=direction, socket_type="NodeSocketGeometry")
        else:
            (tree.inputs if direction == "INPUT" else tree.outputs).new("NodeSocketGeometry", "Geometry")
    start, end = tree.nodes.new("NodeGroupInput"), tree.nodes.new("NodeGroupOutput")
    tree.links.new(start.outputs[0], end.inputs[0])
    cube.modifiers.new("Geometry Nodes", "NODES").node_group = tree
    _show_tree("GeometryNodeTree", tree)


def compositor() -> None:
    """A node editor with what is done to the picture."""
    surroundings()
    rich_cube()
    scene = bpy.context.scene
    if hasattr(scene, "compositing_node_group"):
        tree = bpy.data.node_groups.new("Compositor", "CompositorNodeTree")
        scene.compositing_node_group = tree
    else:
        scene.use_nodes = True
        tree = scene.node_tree
    if not tree.nodes:
        tree.nodes.new("CompositorNodeRLayers")
    _show_tree("CompositorNodeTree", tree)


def text_editor() -> None:
    """A text in the text editor."""
    surroundings()
    rich_cube()
    text = bpy.data.texts.new("Text")
    text.write(SAYING)
    _space("TEXT_EDITOR").text = text


def image_editor() -> None:
    """A picture in the image editor."""
    surroundings()
    cube = rich_cube()
    material = painted()
    cube.material_slots[0].material = material
    space = _space("IMAGE_EDITOR")
    space.image, space.mode = bpy.data.images["Picture"], "VIEW"


def uv_editor() -> None:
    """A mesh that is being edited, its UV map over a picture."""
    surroundings()
    grid = link("Grid", mesh_of("Grid", *_grid(4)))
    grid.data.materials.append(painted())
    space = _space("IMAGE_EDITOR")
    space.image, space.mode = bpy.data.images["Picture"], "UV"
    enter_mode("EDIT")
    bpy.ops.mesh.select_all(action="SELECT")


def sequencer() -> None:
    """Two strips of colour, the second one selected and active."""
    surroundings()
    rich_cube()
    scene = bpy.context.scene
    editor = scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    length = "length" if "length" in strips.bl_rna.functions["new_effect"].parameters else "frame_end"
    for channel in (1, 2):
        named = {"name": f"Colour {channel}", "type": "COLOR", "channel": channel, "frame_start": 1, length: 25}
        strip = strips.new_effect(**named)
        strip.select = channel == 2
    with contextlib.suppress(AttributeError):
        editor.active_strip = strip
    _space("SEQUENCE_EDITOR")


def _loose() -> None:
    """A mesh of edges alone."""
    mesh = bpy.data.meshes.new("Wire")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (1, 1, 0)], [(0, 1), (1, 2)], [])
    link("Wire", mesh, location=(8, 0, 0))


def _font() -> Any:
    data = bpy.data.curves.new("Text", "FONT")
    data.body = "Text"
    return data


def _bezier() -> Any:
    data = bpy.data.curves.new("Curve", "CURVE")
    data.dimensions = "3D"
    spline = data.splines.new("BEZIER")
    spline.bezier_points.add(2)
    for index, point in enumerate(spline.bezier_points):
        point.co = (index - 1.0, index % 2, 0.0)
        point.handle_left_type = point.handle_right_type = "AUTO"
    return data


def _skin(name: str, location: tuple[float, ...]) -> None:
    """A mesh that the two bones of an armature deform; the mesh is active."""
    rig = skeleton("Armature", location)
    mesh = link(name, mesh_of(name, list(CUBE_VERTICES), list(CUBE_FACES)), location=location)
    mesh.parent = rig
    mesh.matrix_parent_inverse = rig.matrix_world.inverted()
    mesh.modifiers.new("Armature", "ARMATURE").object = rig
    for index, bone in enumerate(rig.data.bones):
        vertices = [number for number, place in enumerate(CUBE_VERTICES) if (place[2] > 0) == bool(index)]
        mesh.vertex_groups.new(name=bone.name).add(vertices, 1.0, "REPLACE")
    mesh.data.materials.append(bpy.data.materials.get("Material") or bpy.data.materials.new("Material"))
    select(mesh)


def _shapes(thing: Any) -> None:
    thing.shape_key_add(name="Basis", from_mix=False)
    key = thing.shape_key_add(name="Key", from_mix=False)
    for point in key.data:
        point.co.z *= 2.0
    key.value = 0.5
    thing.active_shape_key_index = 1


def _grid(size: int) -> tuple[list[tuple[float, float, float]], list[tuple[int, ...]]]:
    side = size + 1
    points = [(x - size / 2, y - size / 2, 0.0) for y in range(side) for x in range(side)]
    faces: list[tuple[int, ...]] = [
        (y * side + x, y * side + x + 1, (y + 1) * side + x + 1, (y + 1) * side + x)
        for y in range(size)
        for x in range(size)
    ]
    return points, faces


def _space(kind: str) -> Any:
    """The editor of a kind, made of another one where there is none."""
    areas = list(bpy.context.window.screen.areas)
    area = next((one for one in areas if one.type == kind), None)
    if area is None:
        area = min(areas, key=lambda one: one.type == "VIEW_3D")
        area.type = kind
    return area.spaces.active


def _show_tree(kind: str, tree: Any) -> None:
    space = _space("NODE_EDITOR")
    space.tree_type = kind
    space.pin = True
    space.node_tree = tree
    for node in tree.nodes:
        node.select = True
    tree.nodes.active = next(iter(tree.nodes), None)


SPECIAL: dict[str, Callable[[], None]] = {
    scene.__name__: scene
    for scene in (
        nothing,
        scene_collection,
        animation,
        animated_turn,
        assortment,
        bare_mesh,
        skinned,
        two_armatures,
        edit_armature,
        shape_keys,
        attributes,
        particles,
        grease_pencil,
        edit_grease_pencil,
        surface,
        font,
        metaball,
        lattice,
        empty,
        constraints,
        edit_curve,
        edit_part,
        edit_dense,
        sculpt,
        vertex_paint,
        shader_nodes,
        geometry_nodes,
        compositor,
        text_editor,
        image_editor,
        uv_editor,
        sequencer,
    )
}
"""By its name in `situations`, what builds a scene."""

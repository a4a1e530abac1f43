"""What `inference` knows of Blender's API: the types of attributes and results that are the same in
every release bcrag supports. Only what is certain stands here; a wrong type makes a wrong edit.

`collection:T` is anything that yields `T` when looped over or subscripted. Names beginning with `?`
are the inference's own and never leave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_T = "bpy.types."
MATRIX = "mathutils.Matrix"
VECTOR = "mathutils.Vector"
QUATERNION = "mathutils.Quaternion"
EULER = "mathutils.Euler"
COLOR = "mathutils.Color"

DATA = "?data"
"""The data of an object of unknown kind."""
OBJECT_LIST = "collection:bpy.types.Object"


def _frozen(table: dict[str, dict[str, str]]) -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType({owner: MappingProxyType(members) for owner, members in table.items()})


def _many(element: str) -> str:
    return f"collection:{_T}{element}"


ATTRIBUTES = _frozen(
    {
        "bpy.types.Context": {
            "active_bone": "?bone",
            "active_object": _T + "Object",
            "active_pose_bone": _T + "PoseBone",
            "area": _T + "Area",
            "blend_data": _T + "BlendData",
            "collection": _T + "Collection",
            "edit_object": _T + "Object",
            "editable_objects": OBJECT_LIST,
            "layer_collection": _T + "LayerCollection",
            "object": _T + "Object",
            "objects_in_mode": OBJECT_LIST,
            "preferences": _T + "Preferences",
            "region": _T + "Region",
            "scene": _T + "Scene",
            "screen": _T + "Screen",
            "sculpt_object": _T + "Object",
            "selectable_objects": OBJECT_LIST,
            "selected_editable_objects": OBJECT_LIST,
            "selected_objects": OBJECT_LIST,
            "selected_pose_bones": _many("PoseBone"),
            "tool_settings": _T + "ToolSettings",
            "user_preferences": _T + "UserPreferences",
            "vertex_paint_object": _T + "Object",
            "view_layer": _T + "ViewLayer",
            "visible_objects": OBJECT_LIST,
            "visible_pose_bones": _many("PoseBone"),
            "weight_paint_object": _T + "Object",
            "window": _T + "Window",
            "window_manager": _T + "WindowManager",
        },
        "bpy.types.BlendData": {
            "actions": _many("Action"),
            "armatures": _many("Armature"),
            "cameras": _many("Camera"),
            "collections": _many("Collection"),
            "curves": _many("Curve"),
            "groups": _many("Group"),
            "images": _many("Image"),
            "lamps": _many("Lamp"),
            "lattices": _many("Lattice"),
            "lights": _many("Light"),
            "materials": _many("Material"),
            "meshes": _many("Mesh"),
            "metaballs": _many("MetaBall"),
            "node_groups": _many("NodeTree"),
            "objects": OBJECT_LIST,
            "scenes": _many("Scene"),
            "screens": _many("Screen"),
            "speakers": _many("Speaker"),
            "texts": _many("Text"),
            "textures": _many("Texture"),
            "window_managers": _many("WindowManager"),
            "workspaces": _many("WorkSpace"),
            "worlds": _many("World"),
        },
        "bpy.types.Scene": {
            "camera": _T + "Object",
            "collection": _T + "Collection",
            "cursor": _T + "View3DCursor",
            "node_tree": _T + "CompositorNodeTree",
            "objects": OBJECT_LIST,
            "render": _T + "RenderSettings",
            "sequence_editor": _T + "SequenceEditor",
            "tool_settings": _T + "ToolSettings",
            "unit_settings": _T + "UnitSettings",
            "view_layers": _many("ViewLayer"),
            "world": _T + "World",
        },
        "bpy.types.ViewLayer": {
            "active_layer_collection": _T + "LayerCollection",
            "layer_collection": _T + "LayerCollection",
            "objects": OBJECT_LIST,
        },
        "bpy.types.Collection": {
            "all_objects": OBJECT_LIST,
            "children": _many("Collection"),
            "objects": OBJECT_LIST,
        },
        "bpy.types.LayerCollection": {"collection": _T + "Collection", "children": _many("LayerCollection")},
        "bpy.types.Group": {"objects": OBJECT_LIST},
        "bpy.types.Object": {
            "active_material": _T + "Material",
            "children": OBJECT_LIST,
            "data": DATA,
            "delta_location": VECTOR,
            "delta_rotation_euler": EULER,
            "delta_rotation_quaternion": QUATERNION,
            "delta_scale": VECTOR,
            "dimensions": VECTOR,
            "location": VECTOR,
            "material_slots": _many("MaterialSlot"),
            "matrix_basis": MATRIX,
            "matrix_local": MATRIX,
            "matrix_parent_inverse": MATRIX,
            "matrix_world": MATRIX,
            "modifiers": _many("Modifier"),
            "parent": _T + "Object",
            "pose": _T + "Pose",
            "rotation_euler": EULER,
            "rotation_quaternion": QUATERNION,
            "scale": VECTOR,
            "users_collection": _many("Collection"),
            "vertex_groups": _many("VertexGroup"),
        },
        DATA: {
            "bones": _many("Bone"),
            "edges": _many("MeshEdge"),
            "edit_bones": _many("EditBone"),
            "loops": _many("MeshLoop"),
            "polygons": _many("MeshPolygon"),
            "splines": _many("Spline"),
            "vertices": _many("MeshVertex"),
        },
        "bpy.types.MaterialSlot": {"material": _T + "Material"},
        "bpy.types.Mesh": {
            "edges": _many("MeshEdge"),
            "loops": _many("MeshLoop"),
            "materials": _many("Material"),
            "polygons": _many("MeshPolygon"),
            "vertices": _many("MeshVertex"),
        },
        "bpy.types.MeshVertex": {"co": VECTOR, "normal": VECTOR},
        "bpy.types.MeshPolygon": {"center": VECTOR, "normal": VECTOR},
        "bpy.types.MeshLoop": {"bitangent": VECTOR, "normal": VECTOR, "tangent": VECTOR},
        "bmesh.types.BMesh": {
            "edges": "collection:bmesh.types.BMEdge",
            "faces": "collection:bmesh.types.BMFace",
            "verts": "collection:bmesh.types.BMVert",
        },
        "bmesh.types.BMVert": {
            "co": VECTOR,
            "link_edges": "collection:bmesh.types.BMEdge",
            "link_faces": "collection:bmesh.types.BMFace",
            "link_loops": "collection:bmesh.types.BMLoop",
            "normal": VECTOR,
        },
        "bmesh.types.BMEdge": {
            "link_faces": "collection:bmesh.types.BMFace",
            "link_loops": "collection:bmesh.types.BMLoop",
            "verts": "collection:bmesh.types.BMVert",
        },
        "bmesh.types.BMFace": {
            "edges": "collection:bmesh.types.BMEdge",
            "loops": "collection:bmesh.types.BMLoop",
            "normal": VECTOR,
            "verts": "collection:bmesh.types.BMVert",
        },
        "bmesh.types.BMLoop": {
            "edge": "bmesh.types.BMEdge",
            "face": "bmesh.types.BMFace",
            "vert": "bmesh.types.BMVert",
        },
        "bpy.types.Armature": {"bones": _many("Bone"), "edit_bones": _many("EditBone")},
        "bpy.types.Bone": {
            "children": _many("Bone"),
            "head_local": VECTOR,
            "matrix_local": MATRIX,
            "parent": _T + "Bone",
            "tail_local": VECTOR,
        },
        "bpy.types.EditBone": {
            "head": VECTOR,
            "matrix": MATRIX,
            "parent": _T + "EditBone",
            "tail": VECTOR,
        },
        "bpy.types.Pose": {"bones": _many("PoseBone")},
        "bpy.types.PoseBone": {
            "bone": _T + "Bone",
            "head": VECTOR,
            "location": VECTOR,
            "matrix": MATRIX,
            "matrix_basis": MATRIX,
            "matrix_channel": MATRIX,
            "parent": _T + "PoseBone",
            "rotation_euler": EULER,
            "rotation_quaternion": QUATERNION,
            "scale": VECTOR,
            "tail": VECTOR,
        },
        "bpy.types.Curve": {"splines": _many("Spline")},
        "bpy.types.Spline": {"bezier_points": _many("BezierSplinePoint"), "points": _many("SplinePoint")},
        "bpy.types.BezierSplinePoint": {"co": VECTOR, "handle_left": VECTOR, "handle_right": VECTOR},
        "bpy.types.SplinePoint": {"co": VECTOR},
        "bpy.types.Material": {"node_tree": _T + "ShaderNodeTree"},
        "bpy.types.World": {"node_tree": _T + "ShaderNodeTree"},
        "bpy.types.Light": {"node_tree": _T + "ShaderNodeTree"},
        "bpy.types.Lamp": {"node_tree": _T + "ShaderNodeTree"},
        "bpy.types.Area": {
            "regions": _many("Region"),
            "spaces": _many("Space"),
        },
        "bpy.types.Screen": {"areas": _many("Area")},
        "bpy.types.Window": {"screen": _T + "Screen", "scene": _T + "Scene", "view_layer": _T + "ViewLayer"},
        "bpy.types.WindowManager": {"windows": _many("Window"), "keyconfigs": _many("KeyConfig")},
        "bpy.types.View3DCursor": {"location": VECTOR, "matrix": MATRIX, "rotation_euler": EULER},
        "bpy.types.RegionView3D": {
            "perspective_matrix": MATRIX,
            "view_location": VECTOR,
            "view_matrix": MATRIX,
            "view_rotation": QUATERNION,
            "window_matrix": MATRIX,
        },
        MATRIX: {
            "col": "collection:" + VECTOR,
            "row": "collection:" + VECTOR,
            "translation": VECTOR,
        },
        VECTOR: dict.fromkeys(("xy", "xz", "yz", "zx", "yx", "zy", "xyz", "xyzw", "zyx"), VECTOR),
    }
)
"""By owner type, attributes and their types."""

ANYWHERE: Mapping[str, str] = MappingProxyType(
    {
        "matrix_basis": MATRIX,
        "matrix_local": MATRIX,
        "matrix_parent_inverse": MATRIX,
        "matrix_world": MATRIX,
        "region_3d": _T + "RegionView3D",
        "sequence_editor": _T + "SequenceEditor",
        "rotation_quaternion": QUATERNION,
        "edit_bones": _many("EditBone"),
        "polygons": _many("MeshPolygon"),
        "bezier_points": _many("BezierSplinePoint"),
        "pose_bones": _many("PoseBone"),
    }
)
"""Attributes whose names say enough whatever the owner is; not used on `self`, nor where the file defines them."""

NODE_TREES: tuple[str, ...] = tuple(
    _T + name for name in ("NodeTree", "ShaderNodeTree", "CompositorNodeTree", "GeometryNodeTree", "TextureNodeTree")
)

_LAYOUTS = ("row", "column", "column_flow", "grid_flow", "box", "split", "menu_pie")

METHODS = _frozen(
    {
        "bpy.types.UILayout": dict.fromkeys(_LAYOUTS, _T + "UILayout"),
        "bpy.types.Object": {
            "copy": _T + "Object",
            "evaluated_get": _T + "Object",
        },
        "bpy.types.Context": {"evaluated_depsgraph_get": _T + "Depsgraph"},
        MATRIX: {
            "adjugated": MATRIX,
            "copy": MATRIX,
            "freeze": MATRIX,
            "inverted": MATRIX,
            "inverted_safe": MATRIX,
            "lerp": MATRIX,
            "normalized": MATRIX,
            "to_2x2": MATRIX,
            "to_3x3": MATRIX,
            "to_4x4": MATRIX,
            "to_euler": EULER,
            "to_quaternion": QUATERNION,
            "to_scale": VECTOR,
            "to_translation": VECTOR,
            "transposed": MATRIX,
        },
        VECTOR: {
            "copy": VECTOR,
            "cross": "?cross",
            "freeze": VECTOR,
            "lerp": VECTOR,
            "normalized": VECTOR,
            "orthogonal": VECTOR,
            "project": VECTOR,
            "reflect": VECTOR,
            "resized": VECTOR,
            "rotation_difference": QUATERNION,
            "slerp": VECTOR,
            "to_2d": VECTOR,
            "to_3d": VECTOR,
            "to_4d": VECTOR,
            "to_track_quat": QUATERNION,
        },
        QUATERNION: {
            "conjugated": QUATERNION,
            "copy": QUATERNION,
            "cross": QUATERNION,
            "inverted": QUATERNION,
            "normalized": QUATERNION,
            "rotation_difference": QUATERNION,
            "slerp": QUATERNION,
            "to_euler": EULER,
            "to_matrix": MATRIX,
        },
        EULER: {"copy": EULER, "to_matrix": MATRIX, "to_quaternion": QUATERNION},
        "bmesh.types.BMesh": {"copy": "bmesh.types.BMesh"},
        "bmesh.types.BMFace": {
            "calc_center_bounds": VECTOR,
            "calc_center_median": VECTOR,
            "calc_center_median_weighted": VECTOR,
        },
    }
)
"""By owner type, methods and the types of what they return."""

FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        "mathutils.Color": COLOR,
        "mathutils.Euler": EULER,
        "mathutils.Matrix": MATRIX,
        "mathutils.Matrix.Diagonal": MATRIX,
        "mathutils.Matrix.Identity": MATRIX,
        "mathutils.Matrix.LocRotScale": MATRIX,
        "mathutils.Matrix.OrthoProjection": MATRIX,
        "mathutils.Matrix.Rotation": MATRIX,
        "mathutils.Matrix.Scale": MATRIX,
        "mathutils.Matrix.Shear": MATRIX,
        "mathutils.Matrix.Translation": MATRIX,
        "mathutils.Quaternion": QUATERNION,
        "mathutils.Vector": VECTOR,
        "mathutils.Vector.Fill": VECTOR,
        "mathutils.geometry.normal": VECTOR,
        "mathutils.noise.random_unit_vector": VECTOR,
        "bmesh.from_edit_mesh": "bmesh.types.BMesh",
        "bmesh.new": "bmesh.types.BMesh",
        "bpy_extras.view3d_utils.region_2d_to_vector_3d": VECTOR,
        "bpy_extras.view3d_utils.region_2d_to_origin_3d": VECTOR,
        "bpy_extras.view3d_utils.region_2d_to_location_3d": VECTOR,
    }
)
"""Functions and constructors, and the types of what they return."""

STAR_NAMES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "bpy.props": frozenset(
            f"{kind}Property"
            for kind in (
                "Bool", "BoolVector", "Collection", "Enum", "Float", "FloatVector", "Int", "IntVector",
                "Pointer", "String",
            )
        ),
        "bpy.types": frozenset(
            (
                "AddonPreferences", "Armature", "Context", "Curve", "FileHandler", "Gizmo", "GizmoGroup", "Header",
                "KeyingSetInfo", "Material", "Menu", "Mesh", "Node", "NodeSocket", "NodeTree", "Object", "Operator",
                "Panel", "PropertyGroup", "RenderEngine", "Scene", "UILayout", "UIList", "WindowManager",
            )
        ),
        "mathutils": frozenset(("Color", "Euler", "Matrix", "Quaternion", "Vector")),
        "bpy": frozenset(("app", "context", "data", "ops", "path", "props", "types", "utils")),
    }
)  # fmt: skip
"""What `from module import *` is known to bring."""

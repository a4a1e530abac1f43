"""The names of the scenes probes run in, and which of them an operator asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the bot reads the names here, without a Blender
    from bot.blender.harness.code.mentions import Mentioned

CUBE = "cube"
SITUATIONS = (
    CUBE,
    "two_meshes",
    "modifier",
    "plain",
    "edit_mesh",
    "weight_paint",
    "armature",
    "pose",
    "light",
    "camera",
    "curve",
    "empty_selection",
)
"""Those that everything may be tried in."""
WITH_MESH = frozenset({CUBE, "two_meshes", "modifier", "plain", "edit_mesh", "weight_paint"})
"""Those of them in which a mesh is active, as nearly every add-on expects."""
BARE = "bare_mesh"
DENSE = "edit_dense"
"""For what calls itself."""
MOST = 6
"""As many scenes of its own an operator is tried in."""


@dataclass(frozen=True)
class Special:
    """A scene for operators whose code speaks of one of these words."""

    words: str
    space: str = ""
    """The editor it is about; empty: the operator's own."""
    ordinary: bool = False
    """It is what the cube is, with more around: whatever takes the cube has to take it."""


USUAL: dict[str, Special] = {
    "two_meshes": Special("selected_objects BOOLEAN active_object objects_selected join"),
    "modifier": Special("modifiers SUBSURF modifier modifier_apply show_viewport"),
    "edit_mesh": Special("EDIT_MESH EDIT from_edit_mesh edit_object is_editmode update_edit_mesh mesh."),
    "weight_paint": Special("WEIGHT_PAINT PAINT_WEIGHT weight_paint_object weight_paint"),
    "armature": Special("ARMATURE armature bones armatures"),
    "pose": Special("POSE pose. pose active_pose_bone selected_pose_bones pose_bone pose_object active_bone"),
    "light": Special("LIGHT light lights energy AREA POINT SPOT SUN"),
    "camera": Special("CAMERA camera cameras lens sensor_width"),
    "curve": Special("CURVE curve. splines bezier_points bevel_depth curves"),
}
"""By name, the scenes that everything may be tried in, and the words that put them first."""
SPECIAL: dict[str, Special] = {
    "scene_collection": Special("active_layer_collection layer_collection collection users_collection", ordinary=True),
    "animation": Special(
        "fcurves keyframe_points animation_data keyframe_insert keyframe_delete keyframe_set drivers driver_add action"
        " actions evaluate frame_set channelbag channelbags data_path array_index timeline_markers",
        ordinary=True,
    ),
    "animated_turn": Special(
        "fcurves keyframe_points animation_data rotation_euler rotation_quaternion rotation_mode keyframe_insert"
        " array_index",
        ordinary=True,
    ),
    "assortment": Special(
        "selected_objects visible_objects selected_editable_objects objects all_objects object_instances EMPTY LIGHT"
        " CAMERA FONT ARMATURE matrix_world children parent ExportHelper check_existing"
    ),
    BARE: Special(
        "uv_layers uv_layer loop_triangles calc_loop_triangles polygons loops material_slots materials vertex_colors"
        " ExportHelper to_mesh calc_normals_split mesh",
        ordinary=True,
    ),
    "skinned": Special(
        "vertex_groups find_armature deform_layer deform use_deform ARMATURE bone weight groups vertex_group bones",
        ordinary=True,
    ),
    "two_armatures": Special(
        "armature ARMATURE bones pose armatures pose_bones edit_bones nla_tracks timeline_markers"
    ),
    "edit_armature": Special(
        "armature. edit_bones EDIT_ARMATURE selected_editable_bones selected_bones active_bone bbone_segments"
    ),
    "shape_keys": Special(
        "shape_keys key_blocks active_shape_key active_shape_key_index shape_key_add shape_key_remove relative_key"
        " show_only_shape_key use_shape_keys shapes",
        ordinary=True,
    ),
    "attributes": Special(
        "attributes color_attributes vertex_colors active_color data_type sculpt_vertex_colors loop_colors"
        " active_color_index FLOAT_COLOR BYTE_COLOR FLOAT_VECTOR domain",
        ordinary=True,
    ),
    "particles": Special(
        "particle. particle_systems particle_system PARTICLE_SYSTEM particles hair_keys HAIR particle_settings",
        ordinary=True,
    ),
    "grease_pencil": Special(
        "gpencil. grease_pencil. GPENCIL GREASEPENCIL grease_pencil gpencil strokes grease_pencils grease_pencils_v3"
        " gpencil_data drawing active_frame"
    ),
    "edit_grease_pencil": Special(
        "gpencil. grease_pencil. EDIT_GPENCIL EDIT_GREASE_PENCIL PAINT_GPENCIL editable_gpencil_strokes strokes"
        " editable_gpencil_layers is_stroke_editmode gpencil"
    ),
    "surface": Special("surface. SURFACE SurfaceCurve NURBS resolution_v order_v point_count_v surfaces"),
    "font": Special("font. FONT body TextCurve text_boxes body_format align_x character_spacing"),
    "metaball": Special("META metaball metaballs MetaBall meta_ball resolution_render"),
    "lattice": Special("LATTICE lattice lattices points_u points_v points_w Lattice"),
    "empty": Special("EMPTY empty_display_type empty_display_size instance_collection instance_type"),
    "constraints": Special("constraints constraint pole_target subtarget use_offset constraint_add", ordinary=True),
    "edit_curve": Special("EDIT_CURVE bezier_points splines curve. active_spline handle_left handle_right spline"),
    "edit_part": Special(
        "select_history active_edge selected_faces from_edit_mesh faces EDIT_MESH edit_object mesh. is_editmode"
        " mesh_select_mode select_flush edges verts"
    ),
    "sculpt": Special("sculpt. SCULPT sculpt_object use_dynamic_topology_sculpting multires face_sets mask"),
    "vertex_paint": Special("VERTEX_PAINT PAINT_VERTEX vertex_paint_object vertex_colors vertex_paint use_paint_mask"),
    "shader_nodes": Special(
        "node. node_tree edit_tree active_node selected_nodes ShaderNodeTree NODE_EDITOR nodes new_node space_data",
        "NODE_EDITOR",
    ),
    "geometry_nodes": Special(
        "node. GeometryNodeTree geometry_nodes node_groups modifier_input NODES active_node selected_nodes",
        "NODE_EDITOR",
    ),
    "compositor": Special(
        "CompositorNodeTree compositor compositing_node_group CompositorNodeRLayers use_nodes CompositorNodeComposite"
        " CompositorNodeViewer CompositorNodeOutputFile",
        "NODE_EDITOR",
    ),
    "text_editor": Special(
        "text. edit_text TEXT_EDITOR texts current_line current_character as_string select_line", "TEXT_EDITOR"
    ),
    "image_editor": Special(
        "image. edit_image IMAGE_EDITOR images pixels TEX_IMAGE ShaderNodeTexImage packed_file generated_color",
        "IMAGE_EDITOR",
        ordinary=True,
    ),
    "uv_editor": Special(
        "uv. uv_layers uv_layer loops.layers.uv UVMap uv_sculpt use_uv_select_sync uv_select_mode select_edge",
        "IMAGE_EDITOR",
    ),
    "sequencer": Special(
        "sequencer. sequence_editor sequences_all strips_all selected_sequences selected_strips active_strip"
        " active_sequence_strip SEQUENCE_EDITOR sequences meta_stack strips",
        "SEQUENCE_EDITOR",
    ),
    DENSE: Special(""),
}
"""By name, the scenes that an operator is tried in only where its code asks for them."""
_OWN = 3
"""How much more a word of the operator's own methods says than one of a function it gets to."""


def asked_for(mentioned: Mentioned) -> tuple[str, ...]:
    """The scenes of `SPECIAL` an operator asks for, those it asks for most first."""
    return tuple(_best(SPECIAL, mentioned)[:MOST])


def ordered(mentioned: Mentioned) -> tuple[str, ...]:
    """All scenes an operator may be tried in: the cube, those it asks for, the others."""
    usual = _best(USUAL, mentioned)
    best = sorted(
        [*usual, *asked_for(mentioned)], key=lambda name: -_score(SPECIAL.get(name) or USUAL[name], mentioned)
    )
    return tuple(dict.fromkeys((CUBE, *best, *SITUATIONS)))


def edits_meshes(mentioned: Mentioned) -> bool:
    """Whether an operator speaks of meshes that are being edited."""
    return bool(mentioned.all & {"from_edit_mesh", "EDIT_MESH", "bmesh"})


def held_to(situation: str, mentioned: Mentioned, *, refused_cube: bool) -> bool:
    """Whether an operator has to do in this scene: one with a mesh, one its poll asks for, one it speaks of itself."""
    if situation in WITH_MESH or refused_cube or situation == DENSE:
        return True
    special = SPECIAL.get(situation)
    return special is not None and (special.ordinary or bool(mentioned.own & _words(special)))


def is_ordinary(situation: str) -> bool:
    """Whether what is in the scene is what most users have: data may be no reason to fail there."""
    special = SPECIAL.get(situation)
    return situation in (CUBE, DENSE) or (special is not None and special.ordinary)


def editor_of(situation: str) -> str:
    """The editor a scene is about; empty: any."""
    special = SPECIAL.get(situation)
    return special.space if special is not None else ""


def _best(scenes: dict[str, Special], mentioned: Mentioned) -> list[str]:
    scored = {name: _score(special, mentioned) for name, special in scenes.items()}
    return sorted((name for name, score in scored.items() if score), key=lambda name: -scored[name])


def _score(special: Special, mentioned: Mentioned) -> int:
    words = _words(special)
    return _OWN * len(words & mentioned.own) + len(words & mentioned.all)


def _words(special: Special) -> frozenset[str]:
    return frozenset(special.words.split())

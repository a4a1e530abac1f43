"""The words by which an exception is told from a fault: types, messages, members."""

from __future__ import annotations

import re

FROM_OUTSIDE = (OSError, EOFError, UnicodeError, MemoryError, NotImplementedError)
"""What a missing file, network or program raises."""

DATA_DEPENDENT = (
    LookupError,
    ArithmeticError,
    AssertionError,
    StopIteration,
    ReferenceError,
    ValueError,
    RuntimeError,
    UnboundLocalError,
)
"""What unusual data raises; API changes raise other things, a few wordings aside."""

API_WORDS = ("execution context is supported", "not found in (", "undefined", "registered", "bl_rna")
"""In messages of `DATA_DEPENDENT` exceptions: it is the API after all."""

NEEDS_MORE = (
    "editmode",
    "edit mode",
    "edit-mode",
    "background mode",
    "needs a window",
    "out of range",
    "from empty list",
    'enum "" not found',
    "base 10: ''",
    "to float: ''",
    "support None from string",
    "has no attribute ''",
)
"""In messages that ask for another scene, for a screen, or for what a person would have chosen."""

FAMILIES = ("Space", "Node", "Light", "Modifier", "Constraint", "Texture", "NodeSocket", "Strip", "Sequence")
"""Types of which an operator may have got another than it was written for."""

OBJECT_DATA = ("Mesh", "Curve", "Armature", "Lattice", "MetaBall", "Camera", "Light", "Speaker", "Object")
"""What `object.data` may be, and what is taken for it."""

OWN_MODULES = frozenset(
    re.findall(
        r"\w+",
        """bpy bgl blf bmesh gpu gpu_extras mathutils aud freestyle idprop imbuf bpy_extras bpy_types bl_ui bl_operators
        bl_i18n_utils rna_prop_ui rna_keymap_ui rna_info addon_utils nodeitems_utils nodeitems_builtins console_python
        keyingsets_utils graphviz_export animsys_refactor sys_info numpy requests imp distutils asyncore asynchat
        smtpd cgi cgitb pipes telnetlib crypt imghdr sndhdr lib2to3 OpenGL""",
    )
)
"""Modules Blender or Python itself once had; any other that is missing is somebody else's."""

EDITOR_MEMBERS = frozenset(
    re.findall(
        r"\w+",
        """active_action active_bone active_file active_nla_strip active_nla_track active_node active_operator
        active_pose_bone active_sequence_strip active_strip annotation_data armature asset asset_library_ref bone
        brush camera cloth collision curve curves dynamic_paint edit_bone edit_image edit_mask edit_movieclip
        edit_object edit_text editable_bones fluid gpencil hair_curves id image_paint_object lattice light
        lightprobe line_style material material_slot mesh meta_ball movieclip particle_settings
        particle_system particle_system_editable pointcloud pose_bone pose_object region region_data
        sculpt_object selected_assets selected_bones selected_editable_bones selected_files selected_ids
        selected_nla_strips selected_nodes selected_pose_bones selected_sequences selected_strips sequences
        sequence_editor_scene soft_body space_data speaker strips texture texture_node texture_slot
        texture_user ui_list vertex_paint_object visible_bones visible_pose_bones volume
        weight_paint_object world""",
    )
)
"""Members the context has in one editor, mode or kind of object, and nowhere else."""

PRESENT = frozenset(
    re.findall(
        r"\w+",
        """object active_object scene view_layer collection data active_material material window screen node_tree
        window_manager preferences world camera context area""",
    )
)
"""Attributes that are never None in the scene `cube`."""

OF_AN_EDITOR = frozenset({"node_tree", "edit_tree"})
"""What an editor (`space_data`) shows, and what is None where it shows nothing."""

LOOKED_UP = frozenset(
    re.findall(
        r"\w+",
        """objects meshes materials images textures collections scenes actions bones modifiers vertex_groups
        node_groups texts uv_layers key_blocks lights cameras armatures curves constraints shape_keys edit_bones
        pose_bones particle_systems worlds fonts nla_tracks libraries brushes children users_collection
        vertex_colors color_attributes attributes""",
    )
)
"""Collections whose items have names a user gave."""

"""Every rule, in one explicit table: no file is found by looking, so a rule is there or it is not."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import cast

from bot.rules.base import Rule

_TABLE: tuple[tuple[str, str, str], ...] = (
    # code, module below bot.rules, class; sorted by code
    ("ANI101", "animation.action_fcurves", "ActionFcurves"),
    ("ANI110", "animation.bone_select", "BoneSelect"),
    ("GPU101", "gpu.bgl_state", "BglState"),
    ("GPU102", "gpu.blf_size", "BlfSize"),
    ("GPU103", "gpu.shader_names", "ShaderNames"),
    ("MET101", "metadata.bl_info_version", "BlInfoVersion"),
    ("MSH101", "mesh.auto_smooth", "AutoSmooth"),
    ("MSH102", "mesh.calc_normals_split", "CalcNormalsSplit"),
    ("MSH103", "mesh.calc_normals", "CalcNormals"),
    ("MSH104", "mesh.auto_smooth_dropped", "AutoSmoothDropped"),
    ("MSH110", "mesh.bmesh_radius", "BmeshRadius"),
    ("MSH111", "mesh.uv_textures", "UvTextures"),
    ("MSH112", "mesh.object_to_mesh", "ObjectToMesh"),
    ("MSH113", "mesh.vertex_colors", "VertexColors"),
    ("MTH101", "maths.matrix_product", "MatrixProduct"),
    ("MTH102", "maths.curve_evaluate", "CurveEvaluate"),
    ("NOD101", "nodes.principled_sockets", "PrincipledSockets"),
    ("NOD102", "nodes.group_sockets", "GroupSockets"),
    ("NOD110", "nodes.separate_color", "SeparateColor"),
    ("NOD111", "nodes.glossy_type", "GlossyType"),
    ("OPS101", "operators.context_override", "ContextOverride"),
    ("OPS110", "operators.transform_orientation", "TransformOrientation"),
    ("OPS111", "operators.add_arguments", "AddArguments"),
    ("PRP102", "properties.orientation_helper", "OrientationHelper"),
    ("PRP101", "properties.annotation", "PropertyAnnotation"),
    ("PYT101", "python.numpy_aliases", "NumpyAliases"),
    ("PYT102", "python.menu_remove", "MenuRemove"),
    ("REG101", "registration.register_module", "RegisterModule"),
    ("SCN106", "scene.update_handlers", "UpdateHandlers"),
    ("REG102", "registration.subclass_init", "SubclassInit"),
    ("RND101", "render.eevee_name", "EeveeName"),
    ("RND102", "render.light_falloff", "LightFalloff"),
    ("RND111", "render.lamps", "Lamps"),
    ("RND112", "render.ray_visibility", "RayVisibility"),
    ("RND113", "render.diffuse_color", "DiffuseColor"),
    ("RND121", "render.material_shadow", "MaterialShadow"),
    ("RND122", "render.eevee_settings", "EeveeSettings"),
    ("RND123", "render.bake_settings", "BakeSettings"),
    ("SCN101", "scene.objects_link", "SceneObjectsLink"),
    ("SCN102", "scene.objects_active", "SceneObjectsActive"),
    ("SCN103", "scene.object_select", "ObjectSelect"),
    ("SCN104", "scene.cursor_location", "CursorLocation"),
    ("SCN105", "scene.scene_update", "SceneUpdate"),
    ("SCN111", "scene.display_names", "DisplayNames"),
    ("SCN112", "scene.instancing", "Instancing"),
    ("SCN113", "scene.groups", "Groups"),
    ("SCN110", "scene.lightprobe_types", "LightprobeTypes"),
    ("SCN114", "scene.object_types", "ObjectTypes"),
    ("SCN120", "scene.sequencer_strips", "SequencerStrips"),
    ("UI101", "interface.layout_keywords", "LayoutKeywords"),
    ("UI102", "interface.menu_names", "MenuNames"),
    ("UI103", "interface.toolshelf_panels", "ToolshelfPanels"),
    ("UI104", "interface.user_preferences", "UserPreferences"),
    ("UI105", "interface.icon_names", "IconNames"),
)


@cache
def all_rules() -> tuple[Rule, ...]:
    """One instance of every rule, sorted by code. Imported on first use."""
    return tuple(_load(module, name) for _, module, name in sorted(_TABLE))


def _load(module: str, name: str) -> Rule:
    return cast(Rule, getattr(import_module(f"bot.rules.{module}"), name)())


def by_code(code: str) -> Rule | None:
    """The rule with this code, or this name, in any case; null where there is none."""
    wanted = code.strip().lower()
    return next((rule for rule in all_rules() if wanted in (rule.code.lower(), rule.name)), None)

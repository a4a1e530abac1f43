"""Operators a snippet does without: what each needs that a script has not got, or what does the same through data."""

from __future__ import annotations

import re
from dataclasses import dataclass

NEEDS_WINDOW = "`{name}` needs a window"
OUTSIDE = "`{name}` reads or writes files, or changes Blender itself"
RENDERS = "`{name}` renders; set up camera, light and settings, and leave that to whoever runs the snippet"
INSTEAD = "`{name}` works on what happens to be active; {cure}"


@dataclass(frozen=True)
class Reproach:
    """Why an operator is not to be called: a sentence with a place for its name, and what to do instead."""

    text: str
    cure: str = ""

    def sentence(self, name: str) -> str:
        """What to say of it."""
        return self.text.format(name=name, cure=self.cure)


_WINDOW = r"view3d|view2d|screen|ui|outliner|file|info|console|text|workspace|ed|image|clip|graph|action|paint"
_TABLE: tuple[tuple[str, Reproach], ...] = (
    (r"anim\.keyframe_insert.*|anim\.keying_set.*", Reproach(INSTEAD, "call `keyframe_insert` of the thing itself")),
    (rf"(?:{_WINDOW})\..+", Reproach(NEEDS_WINDOW)),
    (r"(?:wm|preferences|extensions|script|sound|export_\w+|import_\w+)\..+", Reproach(OUTSIDE)),
    (r"object\.(?:bake|bake_image)|render\..+", Reproach(RENDERS)),
    (
        r"(?:mesh|curve|surface)\.primitive_\w+_add",
        Reproach(INSTEAD, "make a mesh with `bmesh.ops.create_*`, or a curve with `bpy.data.curves.new`"),
    ),
    (r"object\.modifier_add", Reproach(INSTEAD, "use `modifiers.new(name, type)` of the object")),
    (r"object\.constraint_add\w*", Reproach(INSTEAD, "use `constraints.new(type)` of the object")),
    (r"object\.shade_(?:smooth|flat)", Reproach(INSTEAD, "set `use_smooth` of the polygons of its mesh")),
    (
        r"object\.(?:add|(?:armature|camera|light|empty|text|metaball|lightprobe|collection_instance)_add|duplicate\w*)",
        Reproach(INSTEAD, "use `bpy.data.objects.new` and link the object to a collection"),
    ),
    (r"object\.(?:delete|select_all|select_by_type|select_pattern)",
     Reproach(INSTEAD, "take objects from `bpy.data.objects` by name")),
    (r"object\.material_slot_\w+", Reproach(INSTEAD, "use `materials` of its data")),
    (r"object\.vertex_group_(?:add|assign\w*)", Reproach(INSTEAD, "use `vertex_groups` of the object")),
    (r"object\.transform_apply|transform\..+", Reproach(INSTEAD, "set location, rotation, scale, or vertices")),
    (r"(?:material|world|texture)\.new|node\.(?:add_node|new_\w+)", Reproach(INSTEAD, "use `bpy.data`, `nodes.new`")),
    (r"collection\.create", Reproach(INSTEAD, "use `bpy.data.collections.new`")),
)  # fmt: skip


def reproach(operator: str) -> Reproach | None:
    """What speaks against an operator, spelled `object.modifier_add`; null where nothing is known to."""
    return next((found for pattern, found in _TABLE if re.fullmatch(pattern, operator)), None)

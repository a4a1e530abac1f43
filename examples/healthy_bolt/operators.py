# SPDX-License-Identifier: GPL-3.0-or-later
"""The operator and its panel."""

from math import radians

import bpy
from bpy.props import FloatProperty, IntProperty
from bpy_extras.object_utils import AddObjectHelper, object_data_add

from .geometry import bolt


def metal(name: str, color: tuple[float, float, float, float], roughness: float) -> bpy.types.Material:
    """A metal of this colour, made once and then shared."""
    material = bpy.data.materials.get(name)
    if material is not None:
        return material
    material = bpy.data.materials.new(name)
    material.diffuse_color = color
    material.metallic = 0.35
    material.roughness = roughness
    material.use_nodes = True
    for node in material.node_tree.nodes:
        if node.type == "BSDF_PRINCIPLED":
            node.inputs["Base Color"].default_value = color
            node.inputs["Metallic"].default_value = 1.0
            node.inputs["Roughness"].default_value = roughness
            node.inputs["Specular IOR Level"].default_value = 0.6
    return material


class MESH_OT_hex_bolt_add(bpy.types.Operator, AddObjectHelper):
    """Add a hex bolt with a real thread"""

    bl_idname = "mesh.hex_bolt_add"
    bl_label = "Hex Bolt"
    bl_options = {"REGISTER", "UNDO"}

    diameter: FloatProperty(name="Diameter", default=0.8, min=0.01, unit="LENGTH")
    length: FloatProperty(name="Length", default=2.4, min=0.1, unit="LENGTH")
    pitch: FloatProperty(name="Pitch", default=0.16, min=0.01, unit="LENGTH")
    segments: IntProperty(name="Segments", default=96, min=12, max=512)

    def execute(self, context):
        if self.length < 6 * self.pitch:
            self.report({"ERROR"}, "The bolt is too short for this pitch")
            return {"CANCELLED"}
        shape = bolt(self.diameter, self.length, self.pitch, self.segments)
        mesh = bpy.data.meshes.new("Hex Bolt")
        mesh.from_pydata(shape.verts, [], shape.faces)
        mesh.materials.append(metal("Bolt Steel", (0.62, 0.64, 0.68, 1.0), 0.30))
        mesh.materials.append(metal("Bolt Thread", (0.78, 0.56, 0.24, 1.0), 0.40))
        mesh.polygons.foreach_set("material_index", shape.slots)
        mesh.shade_smooth()
        mesh.set_sharp_from_angle(angle=radians(35))
        mesh.update()
        object_data_add(context, mesh, operator=self)
        return {"FINISHED"}


class OBJECT_PT_hex_bolt(bpy.types.Panel):
    bl_label = "Hex Bolt"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Create"

    def draw(self, context):
        layout = self.layout
        column = layout.column(align=True)
        column.operator(MESH_OT_hex_bolt_add.bl_idname, text="Add Bolt", icon="MOD_SCREW")
        thick = column.operator(MESH_OT_hex_bolt_add.bl_idname, text="Add Thick Bolt")
        thick.diameter = 1.2

# SPDX-License-Identifier: GPL-3.0-or-later
"""The operators: add the vase, set up the turntable."""

import math

import bpy
from bpy.props import FloatProperty, IntProperty
from bpy.types import Operator

from .materials import glaze_material
from .shapes import PLINTH, VASE, lathe


def add_turned(context, name, profile, material, segments, flutes=0):
    """Turn a profile into an object, smooth but for its sharp edges."""
    mesh = bpy.data.meshes.new(name)
    verts, faces = lathe(profile, segments, flutes)
    mesh.from_pydata(verts, [], faces)
    mesh.materials.append(material)
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    mesh.use_auto_smooth = True
    mesh.auto_smooth_angle = math.radians(40)
    mesh.update()

    obj = bpy.data.objects.new(name, mesh)
    context.collection.objects.link(obj)
    return obj


class STUDIO_OT_add_vase(Operator):
    """Add a fluted vase on a plinth"""
    bl_idname = "studio.add_vase"
    bl_label = "Add Vase"
    bl_options = {'REGISTER', 'UNDO'}

    segments: IntProperty(name="Segments", default=144, min=12, max=512)
    flutes: IntProperty(name="Flutes", default=18, min=0, max=64)
    gloss: FloatProperty(name="Gloss", default=0.6, min=0.0, max=1.0)

    def execute(self, context):
        glaze = glaze_material("Celadon", (0.16, 0.52, 0.50, 1.0), (0.02, 0.10, 0.16, 1.0), self.gloss)
        chalk = glaze_material("Chalk", (0.86, 0.82, 0.74, 1.0), (0.70, 0.66, 0.60, 1.0), 0.1)

        plinth = add_turned(context, "Plinth", PLINTH, chalk, self.segments)
        vase = add_turned(context, "Vase", VASE, glaze, self.segments, self.flutes)
        vase.parent = plinth

        bevel = plinth.modifiers.new("Soft Edges", 'BEVEL')
        bevel.width = 0.02
        bevel.segments = 3
        bevel.limit_method = 'ANGLE'
        override = context.copy()
        override["object"] = plinth
        override["active_object"] = plinth
        bpy.ops.object.modifier_apply(override, modifier=bevel.name)

        for obj in context.selected_objects:
            obj.select_set(False)
        plinth.select_set(True)
        context.view_layer.objects.active = plinth
        return {'FINISHED'}


class STUDIO_OT_turntable(Operator):
    """Turn the active object once around and set the scene up for filming"""
    bl_idname = "studio.turntable"
    bl_label = "Set Up Turntable"
    bl_options = {'REGISTER', 'UNDO'}

    frames: IntProperty(name="Frames", default=120, min=2)

    @classmethod
    def poll(cls, context):
        return context.active_object is not None

    def execute(self, context):
        scene = context.scene
        scene.render.engine = 'BLENDER_EEVEE'
        scene.frame_start = 1
        scene.frame_end = self.frames

        obj = context.active_object
        obj.rotation_mode = 'XYZ'
        for frame, turn in ((1, 0.0), (self.frames + 1, 2 * math.pi)):
            obj.rotation_euler.z = turn
            obj.keyframe_insert("rotation_euler", index=2, frame=frame)
        scene.frame_set(1)
        self.report({'INFO'}, "%s turns once in %d frames" % (obj.name, self.frames))
        return {'FINISHED'}

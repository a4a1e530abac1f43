# ##### BEGIN GPL LICENSE BLOCK #####
#
#  This program is free software; you can redistribute it and/or
#  modify it under the terms of the GNU General Public License
#  as published by the Free Software Foundation; either version 3
#  of the License, or (at your option) any later version.
#
#  This program is distributed in the hope that it will be useful,
#  but WITHOUT ANY WARRANTY; without even the implied warranty of
#  MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
#  GNU General Public License for more details.
#
# ##### END GPL LICENSE BLOCK #####

bl_info = {
    "name": "Wave Rosette",
    "author": "bcrag contributors",
    "version": (1, 3),
    "blender": (2, 79, 0),
    "location": "View3D > Add > Mesh > Wave Rosette",
    "description": "Adds a rosette of twisted, wavy petals",
    "warning": "",
    "wiki_url": "",
    "category": "Add Mesh",
}

import bpy
from bpy.props import BoolProperty, FloatProperty, FloatVectorProperty, IntProperty
from math import cos, pi, sin
from mathutils import Matrix, Vector


def petal_layer(layer, settings):
    """One layer of petals: a disc of rings, waved along its rim and twisted towards it."""
    verts = []
    faces = []
    share = layer / settings.layers
    rings, segments = settings.rings, settings.segments
    size = settings.radius * (1.0 - 0.62 * share)
    lean = Matrix.Rotation(pi * share / settings.petals * 2.6, 4, 'Z')

    for ring in range(rings + 1):
        t = ring / rings
        twist = Matrix.Rotation(settings.twist * t * t, 4, 'Z')
        spin = lean * twist
        for segment in range(segments):
            angle = 2 * pi * segment / segments
            wave = cos(settings.petals * angle)
            reach = size * t * (1.0 + 0.24 * wave * t)
            height = size * (1.35 * share + 0.16) * t ** 2.2      # the bowl
            height += settings.amplitude * wave * t ** 1.5        # the petals
            height += 0.35 * settings.amplitude * sin(3 * settings.petals * angle) * t ** 4
            verts.append(spin * Vector((reach * cos(angle), reach * sin(angle), height + 0.06 * layer)))

    for ring in range(rings):
        for segment in range(segments):
            a = ring * segments + segment
            b = ring * segments + (segment + 1) % segments
            faces.append((a, b, b + segments, a + segments))
    return verts, faces


def petal_material(layer, settings):
    """The color of one layer: the chosen one outside, paler towards the middle."""
    name = "Rosette Petals %d" % (layer + 1)
    mat = bpy.data.materials.get(name) or bpy.data.materials.new(name)
    pale = 0.75 * layer / max(settings.layers - 1, 1)
    for channel, heart in enumerate((1.0, 0.80, 0.42)):
        mat.diffuse_color[channel] = (1.0 - pale) * settings.color[channel] + pale * heart
    return mat


class AddWaveRosette(bpy.types.Operator):
    """Add a rosette of wavy petals"""
    bl_idname = "mesh.wave_rosette_add"
    bl_label = "Wave Rosette"
    bl_options = {'REGISTER', 'UNDO'}

    petals = IntProperty(name="Petals", default=7, min=2, max=32)
    layers = IntProperty(name="Layers", default=4, min=1, max=8)
    radius = FloatProperty(name="Radius", default=2.0, min=0.01, unit='LENGTH')
    amplitude = FloatProperty(name="Amplitude", default=0.22, description="Height of the waves")
    twist = FloatProperty(name="Twist", default=0.55, subtype='ANGLE')
    rings = IntProperty(name="Rings", default=24, min=2, max=200)
    segments = IntProperty(name="Segments", default=168, min=8, max=1000)
    smooth = BoolProperty(name="Smooth", default=True)
    color = FloatVectorProperty(name="Color", subtype='COLOR', default=(0.86, 0.16, 0.33),
                                min=0.0, max=1.0)

    def draw(self, context):
        layout = self.layout
        layout.label("Shape:", icon='MESH_CIRCLE')
        row = layout.row(True)
        row.prop(self, "petals", "Petals")
        row.prop(self, "layers", "Layers")
        col = layout.column(True)
        col.prop(self, "radius")
        col.prop(self, "amplitude")
        col.prop(self, "twist")
        layout.label("Resolution:")
        row = layout.row(True)
        row.prop(self, "rings")
        row.prop(self, "segments")
        layout.prop(self, "smooth")
        layout.prop(self, "color", "")

    def execute(self, context):
        scene = context.scene
        for ob in scene.objects:
            ob.select = False

        mesh = bpy.data.meshes.new("WaveRosette")
        verts, faces, colors = [], [], []
        for layer in range(self.layers):
            more_verts, more_faces = petal_layer(layer, self)
            start = len(verts)
            verts.extend(more_verts)
            faces.extend([[i + start for i in face] for face in more_faces])
            colors.extend([layer] * len(more_faces))
            mesh.materials.append(petal_material(layer, self))

        mesh.from_pydata(verts, [], faces)
        for poly, color in zip(mesh.polygons, colors):
            poly.material_index = color
            poly.use_smooth = self.smooth
        mesh.update()

        ob = bpy.data.objects.new("WaveRosette", mesh)
        scene.objects.link(ob)
        scene.objects.active = ob
        ob.select = True
        return {'FINISHED'}


class WaveRosettePanel(bpy.types.Panel):
    bl_label = "Wave Rosette"
    bl_idname = "OBJECT_PT_wave_rosette"
    bl_space_type = 'PROPERTIES'
    bl_region_type = 'WINDOW'
    bl_context = "object"

    def draw(self, context):
        layout = self.layout
        layout.label("Grow another one:")
        split = layout.split(percentage=0.5)
        split.operator("mesh.wave_rosette_add", "Rosette", icon='MESH_CIRCLE')
        few = split.operator("mesh.wave_rosette_add", "Simple")
        few.layers = 1


def menu_func(self, context):
    self.layout.operator(AddWaveRosette.bl_idname, text="Wave Rosette", icon='MESH_CIRCLE')


def register():
    bpy.utils.register_module(__name__)
    bpy.types.INFO_MT_mesh_add.append(menu_func)


def unregister():
    bpy.types.INFO_MT_mesh_add.remove(menu_func)
    bpy.utils.unregister_module(__name__)


if __name__ == "__main__":
    register()

# SPDX-License-Identifier: GPL-3.0-or-later
"""The sidebar panel."""

from bpy.types import Panel


class STUDIO_PT_main(Panel):
    bl_label = "Turntable Studio"
    bl_space_type = 'VIEW_3D'
    bl_region_type = 'UI'
    bl_category = "Studio"

    def draw(self, context):
        layout = self.layout
        col = layout.column(align=True)
        col.operator("studio.add_vase", icon='MESH_CYLINDER')
        col.operator("studio.turntable", icon='FILE_REFRESH')

        scene = context.scene
        if scene.render.engine == 'BLENDER_EEVEE':
            layout.label(text="Ready to film", icon='RENDER_ANIMATION')
        else:
            layout.label(text="Films with EEVEE", icon='INFO')
        layout.prop(scene, "frame_end", text="Frames")

bl_info = {"name": "Read Notes", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Import-Export"}

import bpy


class TEXT_OT_read_notes(bpy.types.Operator):
    bl_idname = "text.read_notes"
    bl_label = "Read Notes"
    bl_options = {"REGISTER", "UNDO"}

    filepath: bpy.props.StringProperty(subtype="FILE_PATH", default="//notes.txt")

    def execute(self, context):
        with open(self.filepath, encoding="utf-8") as file:
            text = bpy.data.texts.get("Notes") or bpy.data.texts.new("Notes")
            text.from_string(file.read())
        return {"FINISHED"}


def register():
    bpy.utils.register_class(TEXT_OT_read_notes)


def unregister():
    bpy.utils.unregister_class(TEXT_OT_read_notes)

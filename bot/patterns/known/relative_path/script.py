import os

with open(os.path.join(TMP, "notes.txt"), "w", encoding="utf-8") as file:
    file.write("Buy more cubes")
bpy.ops.wm.save_as_mainfile(filepath=os.path.join(TMP, "scene.blend"))
bpy.ops.text.read_notes()
assert bpy.data.texts["Notes"].as_string() == "Buy more cubes"

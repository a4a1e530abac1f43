rig = bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig"))
bpy.context.collection.objects.link(rig)
bpy.context.view_layer.objects.active = rig
bpy.ops.armature.add_tip()
assert [bone.name for bone in rig.data.bones] == ["Tip"]

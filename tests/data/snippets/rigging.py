import bmesh
import bpy

RIG, ARM = "Bending Rig", "Bending Arm"
BONES = (("upper", 0.0, 2.0), ("lower", 2.0, 4.0))


def linked(thing):
    if thing.name not in bpy.context.scene.collection.all_objects:
        bpy.context.scene.collection.objects.link(thing)
    return thing


def rig():
    thing = bpy.data.objects.get(RIG)
    if thing is None:
        thing = linked(bpy.data.objects.new(RIG, bpy.data.armatures.new(RIG)))
        bpy.context.view_layer.objects.active = thing
        bpy.ops.object.mode_set(mode="EDIT")
        parent = None
        for name, low, high in BONES:
            bone = thing.data.edit_bones.new(name)
            bone.head, bone.tail = (0.0, 0.0, low), (0.0, 0.0, high)
            bone.parent, bone.use_connect = parent, parent is not None
            parent = bone
        bpy.ops.object.mode_set(mode="OBJECT")
    return thing


def arm_mesh():
    mesh = bpy.data.meshes.get(ARM)
    if mesh is None:
        mesh = bpy.data.meshes.new(ARM)
        bm = bmesh.new()
        bmesh.ops.create_grid(bm, x_segments=1, y_segments=1, size=0.5)
        edges = [edge for edge in bm.edges]
        for _ in range(8):
            made = bmesh.ops.extrude_edge_only(bm, edges=edges)["geom"]
            for vertex in made:
                if isinstance(vertex, bmesh.types.BMVert):
                    vertex.co.z += 0.5
            edges = [edge for edge in made if isinstance(edge, bmesh.types.BMEdge)]
            edges = [edge for edge in edges if edge.verts[0].co.z == edge.verts[1].co.z]
        bmesh.ops.contextual_create(bm, geom=edges)
        bmesh.ops.recalc_face_normals(bm, faces=bm.faces)
        bm.to_mesh(mesh)
        bm.free()
    return mesh


def arm(armature):
    thing = bpy.data.objects.get(ARM) or linked(bpy.data.objects.new(ARM, arm_mesh()))
    for name, low, high in BONES:
        group = thing.vertex_groups.get(name) or thing.vertex_groups.new(name=name)
        group.add([v.index for v in thing.data.vertices if low <= v.co.z <= high], 1.0, "REPLACE")
    modifier = thing.modifiers.get("Armature") or thing.modifiers.new("Armature", "ARMATURE")
    modifier.object = armature
    return thing


armature = rig()
arm(armature)
bend = armature.pose.bones["lower"]
bend.rotation_mode = "XYZ"
bend.rotation_euler.x = 0.9

# SPDX-License-Identifier: GPL-3.0-or-later
"""Materials and node groups of the studio."""

import bpy

GROUP_NAME = "Studio Glaze"


def glaze_group():
    """The node group that mixes two glazes by height; made once, then shared."""
    group = bpy.data.node_groups.get(GROUP_NAME)
    if group is not None:
        return group

    group = bpy.data.node_groups.new(GROUP_NAME, 'ShaderNodeTree')
    group.inputs.new('NodeSocketColor', "Upper")
    group.inputs.new('NodeSocketColor', "Lower")
    group.inputs.new('NodeSocketFloat', "Height")
    group.outputs.new('NodeSocketColor', "Color")

    source = group.nodes.new('NodeGroupInput')
    source.location = (-400, 0)
    result = group.nodes.new('NodeGroupOutput')
    result.location = (200, 0)
    mix = group.nodes.new('ShaderNodeMixRGB')
    mix.location = (-100, 0)

    group.links.new(source.outputs["Height"], mix.inputs["Fac"])
    group.links.new(source.outputs["Lower"], mix.inputs["Color1"])
    group.links.new(source.outputs["Upper"], mix.inputs["Color2"])
    group.links.new(mix.outputs["Color"], result.inputs["Color"])
    return group


def glaze_material(name, upper, lower, gloss=0.6, clear=0.0):
    """A glazed ceramic; `clear` lets light through, as thin porcelain does."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    material.diffuse_color = upper
    nodes = material.node_tree.nodes
    links = material.node_tree.links
    nodes.clear()

    output = nodes.new('ShaderNodeOutputMaterial')
    output.location = (400, 0)
    principled = nodes.new('ShaderNodeBsdfPrincipled')
    principled.location = (100, 0)
    principled.inputs["Roughness"].default_value = 0.25
    principled.inputs["Specular"].default_value = gloss
    principled.inputs["Transmission"].default_value = clear

    group = nodes.new('ShaderNodeGroup')
    group.node_tree = glaze_group()
    group.location = (-150, 0)
    group.inputs["Upper"].default_value = upper
    group.inputs["Lower"].default_value = lower

    coordinates = nodes.new('ShaderNodeTexCoord')
    coordinates.location = (-550, 0)
    separate = nodes.new('ShaderNodeSeparateXYZ')
    separate.location = (-350, 0)

    links.new(coordinates.outputs["Generated"], separate.inputs["Vector"])
    links.new(separate.outputs["Z"], group.inputs["Height"])
    links.new(group.outputs["Color"], principled.inputs["Base Color"])
    links.new(principled.outputs["BSDF"], output.inputs["Surface"])
    return material

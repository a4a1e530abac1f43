"""Laid beside every add-on that lists attacks: an operator for each, which raises what came of it."""

import bpy


def operators(module, attacks, before=lambda: None):
    """The classes; `before` runs in front of every attack."""
    return [_operator(module, attack, before) for attack in attacks]


def _operator(module, attack, before):
    told = []

    def execute(self, context):
        before()
        if not told:  # Blender calls it in more than one situation
            try:
                told.append(attack())
            except Exception as error:
                told.append(f"refused: {type(error).__name__}: {error}")
        raise RuntimeError(f"tried {attack.__name__}: {told[0]}")

    members = {"bl_idname": f"{module}.{attack.__name__}", "bl_label": attack.__name__, "execute": execute}
    return type(f"{module.upper()}_OT_{attack.__name__}", (bpy.types.Operator,), members)

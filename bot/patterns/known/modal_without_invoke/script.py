# A button calls invoke, a script calls execute: one of them has to begin what is modal.
cls = bpy.types.OBJECT_OT_drag
assert hasattr(cls, "invoke") or hasattr(cls, "execute"), "nothing begins it: there is neither invoke nor execute"

"""What scripts are put together of: each definition is taken over as it stands, where a script names it.

They run in Blender, without the bot. What a script defines itself is in `names`.
"""

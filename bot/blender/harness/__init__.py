"""Runs inside Blender: loads one add-on, tries what it can do, answers questions about the API.

It needs nothing but the standard library and `bpy`, because it runs in Blender's own Python, and it
imports nothing else of the bot. `start` is the file that is run; whatever imports `bpy` is loaded by it.

From the bottom up: `values`, `addon` (what travels, what is tried); `coverage`, `sources`, `describing`,
`witness` (what is seen); `stage`, `layout`, `guards` (what stands in for a user and a screen); `loading`,
`deferred`, `operators`, `drawing`, `functions`, `scripts` (one file per kind of probe); `excuses` (why an
exception is no fault); `exercise` (the order); `questions`, `picture`; `main`.
"""

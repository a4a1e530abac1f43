"""Runs inside Blender: loads one add-on, tries what it can do, answers questions about the API.

It needs nothing but the standard library and `bpy`, because it runs in Blender's own Python, and it
imports nothing else of the bot. `start` is the file that is run; whatever imports `bpy` is loaded by it.

From the bottom up: `values` (what travels); `code` (the add-on's own), `interface` (what stands in for a screen),
`scene` (what probes run in), `seeing` (exceptions); `bench` (all of that at hand); `judging` (why an exception is no
fault); `probes` (a file a kind), `asking` (questions), `channel` (how what was found gets out); `exercise` (the order),
`picture`; `main`. Folders are imported from, and run nothing themselves: `start` does not load their `__init__`.
"""

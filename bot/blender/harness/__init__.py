"""Runs inside Blender: loads one add-on, tries what it can do, answers questions about the API.

It needs nothing but the standard library and `bpy`, because it runs in Blender's own Python, and it
imports nothing else of the bot. `start` is the file that is run; whatever imports `bpy` is loaded by it.

From the bottom up: `values` (what travels); `code` (the add-on's own), `interface` (what stands in for a screen),
`scene` (what probes run in), `seeing` (exceptions); `bench` (all of that at hand); `course` (what is to be tried, and
what should be reached); `judging` (why an exception is no fault); `probes` (a file a kind), `asking` (questions),
`channel` (how what was found gets out); `exercise` (the order), `picture`; `main`.

A kind of probe gives its `attempts` and has a line in `exercise.ROUNDS`. Folders run nothing: `start` does not load
their `__init__`.
"""

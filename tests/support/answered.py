"""Answers to one request as many models write them; each that can be read asks for the same repair."""

from __future__ import annotations

import json

PATH = "addon/io/export.py"
BEFORE = '''import bpy
import os

from bpy.props import StringProperty


class EXPORT_OT_wave(bpy.types.Operator):
    """Export the wave.

    Writes one file.
    """

    bl_idname = "export.wave"
    bl_label = "Export"

    # Only with a mesh
    @classmethod
    def poll(cls, context):
        return context.object is not None

    def execute(self, context):
        mesh = context.object.data
        mesh.use_auto_smooth = True
        for polygon in mesh.polygons:
            polygon.use_smooth = True

        self.write(mesh)
        return {'FINISHED'}

    def write(self, mesh):
        with open(self.path, "w") as file:
            for vertex in mesh.vertices:
                file.write(str(vertex.co))
        return {'FINISHED'}


def register():
    bpy.utils.register_class(EXPORT_OT_wave)


def unregister():
    bpy.utils.unregister_class(EXPORT_OT_wave)
'''
OLD = "        mesh.use_auto_smooth = True\n"
NEW = "        if bpy.app.version < (4, 1, 0):\n            mesh.use_auto_smooth = True\n"
AFTER = BEFORE.replace(OLD, NEW)
FILES = {PATH: BEFORE, "addon/__init__.py": "from .io import export\n", "addon/io/__init__.py": ""}

READ: dict[str, str] = {}
"""By what is odd about them."""

READ["as asked for"] = """## Summary
`use_auto_smooth` went away in 4.1; it is only set before that.

## Rests on
[c1] [c4]

## Patch
```diff
--- a/addon/io/export.py
+++ b/addon/io/export.py
@@
     def execute(self, context):
         mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
         for polygon in mesh.polygons:
             polygon.use_smooth = True
```
"""
READ["right numbers"] = """```diff
diff --git a/addon/io/export.py b/addon/io/export.py
index 83db48f..bf269f4 100644
--- a/addon/io/export.py
+++ b/addon/io/export.py
@@ -21,5 +21,6 @@ class EXPORT_OT_wave(bpy.types.Operator):
     def execute(self, context):
         mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
         for polygon in mesh.polygons:
             polygon.use_smooth = True
```"""
READ["wrong numbers and counts"] = """```diff
--- a/addon/io/export.py
+++ b/addon/io/export.py
@@ -120,17 +98,3 @@ class Nonsense:
         mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
         for polygon in mesh.polygons:
```"""
READ["dots for numbers"] = """Here is the fix:

```patch
--- addon/io/export.py
+++ addon/io/export.py
@@ ... @@
         mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
         for polygon in mesh.polygons:
```

Let me know if you need anything else!"""
READ["a function for numbers"] = """```diff
--- a/addon/io/export.py	2024-01-01 10:00:00
+++ b/addon/io/export.py	2024-01-01 10:00:01
@@ def execute(self, context): @@
         mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
```"""
READ["no hunk header"] = """```diff
--- a/addon/io/export.py
+++ b/addon/io/export.py
         mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
         for polygon in mesh.polygons:
```"""
READ["blank context lost its space"] = """```diff
--- a/addon/io/export.py
+++ b/addon/io/export.py
@@ -21,8 +21,9 @@
         mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
         for polygon in mesh.polygons:
             polygon.use_smooth = True

         self.write(mesh)

```"""
READ["all context lost its space"] = """```diff
--- a/addon/io/export.py
+++ b/addon/io/export.py
@@
    def execute(self, context):
        mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
        for polygon in mesh.polygons:
            polygon.use_smooth = True
```"""
READ["the method written as a function"] = """```diff
--- a/addon/io/export.py
+++ b/addon/io/export.py
@@
 def execute(self, context):
     mesh = context.object.data
-    mesh.use_auto_smooth = True
+    if bpy.app.version < (4, 1, 0):
+        mesh.use_auto_smooth = True
     for polygon in mesh.polygons:
```"""
READ["the method as a function, and no marks"] = """```diff
--- a/addon/io/export.py
+++ b/addon/io/export.py
@@
def execute(self, context):
    mesh = context.object.data
-    mesh.use_auto_smooth = True
+    if bpy.app.version < (4, 1, 0):
+        mesh.use_auto_smooth = True
    for polygon in mesh.polygons:
```"""
READ["tabs for spaces"] = """```diff
--- a/addon/io/export.py
+++ b/addon/io/export.py
@@
 \tdef execute(self, context):
 \t\tmesh = context.object.data
-\t\tmesh.use_auto_smooth = True
+\t\tif bpy.app.version < (4, 1, 0):
+\t\t\tmesh.use_auto_smooth = True
 \t\tfor polygon in mesh.polygons:
```"""
READ["white space at line ends"] = """```diff
--- a/addon/io/export.py
+++ b/addon/io/export.py
@@
         mesh = context.object.data  
-        mesh.use_auto_smooth = True\t
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
         for polygon in mesh.polygons: 
```"""  # noqa: W291  (that is the point)
READ["windows line ends"] = READ["as asked for"].replace("\n", "\r\n")
READ["bare, with prose around"] = """Sure! The attribute was removed in Blender 4.1.

--- a/addon/io/export.py
+++ b/addon/io/export.py
@@ -22,3 +22,4 @@
         mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
         for polygon in mesh.polygons:

This keeps the old behaviour:
- before 4.1 nothing changes
- after it nothing is needed"""
READ["bare, as git writes it"] = """diff --git a/addon/io/export.py b/addon/io/export.py
index 83db48f..bf269f4 100644
--- a/addon/io/export.py
+++ b/addon/io/export.py
@@ -22,7 +22,8 @@ class EXPORT_OT_wave(bpy.types.Operator):
         mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
         for polygon in mesh.polygons:
             polygon.use_smooth = True

         self.write(mesh)
"""
READ["no file headers, path before"] = """### Patch for `addon/io/export.py`

```diff
@@ -22,3 +22,4 @@
         mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
```"""
READ["no file headers, path in the fence"] = """```diff addon/io/export.py
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
         for polygon in mesh.polygons:
```"""
READ["a python fence around a diff"] = """```python
--- a/addon/io/export.py
+++ b/addon/io/export.py
@@
         mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
```"""
READ["an unnamed fence"] = READ["as asked for"].replace("```diff", "```")
READ["tildes"] = READ["as asked for"].replace("```diff", "~~~diff").replace("```", "~~~")
READ["a fence in a list"] = """1. Guard the attribute:

   ```diff
   --- a/addon/io/export.py
   +++ b/addon/io/export.py
   @@
            mesh = context.object.data
   -        mesh.use_auto_smooth = True
   +        if bpy.app.version < (4, 1, 0):
   +            mesh.use_auto_smooth = True
   ```
"""
READ["the whole answer in a fence"] = "```markdown\n" + READ["as asked for"] + "```\n"
READ["thoughts before"] = (
    "<think>\nMaybe:\n```diff\n--- a/x.py\n+++ b/x.py\n@@\n-wrong\n+wrong too\n```\nNo.\n</think>\n"
    + READ["as asked for"]
)
READ["bold headings"] = READ["as asked for"].replace("## Summary", "**Summary:**").replace("## Patch", "**Patch**")
READ["the old code quoted first"] = """## Summary
The old code was:

```python
        mesh.use_auto_smooth = True
```

""" + READ["as asked for"].partition("## Rests on")[2].join(["## Rests on", ""])
READ["old/ and new/"] = READ["as asked for"].replace("--- a/", "--- old/").replace("+++ b/", "+++ new/")
READ["original and modified"] = (
    READ["as asked for"]
    .replace("--- a/addon/io/export.py", "--- addon/io/export.py (original)")
    .replace("+++ b/addon/io/export.py", "+++ addon/io/export.py (modified)")
)
READ["a path from the add-on's folder"] = READ["as asked for"].replace("addon/io", "io")
READ["a path with one folder more"] = READ["as asked for"].replace("addon/io", "my_repo/addon/io")
READ["a context line that drifted"] = """```diff
--- a/addon/io/export.py
+++ b/addon/io/export.py
@@
     def execute(self, context):
         mesh = context.active_object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
         for polygon in mesh.polygons:
             polygon.use_smooth = True
```"""
READ["an envelope"] = """*** Begin Patch
*** Update File: addon/io/export.py
@@ class EXPORT_OT_wave(bpy.types.Operator):
@@     def execute(self, context):
         mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
         for polygon in mesh.polygons:
*** End Patch"""
READ["an envelope in a fence, with a call around"] = """```bash
apply_patch <<'EOF'
*** Begin Patch
*** Update File: addon/io/export.py
@@
         mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
*** End of File
*** End Patch
EOF
```"""
READ["search and replace"] = """addon/io/export.py
```python
<<<<<<< SEARCH
        mesh = context.object.data
        mesh.use_auto_smooth = True
=======
        mesh = context.object.data
        if bpy.app.version < (4, 1, 0):
            mesh.use_auto_smooth = True
>>>>>>> REPLACE
```"""
READ["search and replace, path inside"] = """```
addon/io/export.py
<<<<<<< SEARCH
        mesh.use_auto_smooth = True
=======
        if bpy.app.version < (4, 1, 0):
            mesh.use_auto_smooth = True
>>>>>>> REPLACE
```"""
READ["search and replace, path in the fence"] = """```python:addon/io/export.py
<<<<<<< SEARCH
        mesh.use_auto_smooth = True
=======
        if bpy.app.version < (4, 1, 0):
            mesh.use_auto_smooth = True
>>>>>>> REPLACE
```"""
READ["search and replace, bare"] = """I guard the attribute.

File: addon/io/export.py
<<<<<<< SEARCH
        mesh.use_auto_smooth = True
=======
        if bpy.app.version < (4, 1, 0):
            mesh.use_auto_smooth = True
>>>>>>> REPLACE

Done."""
READ["search and replace with other marks"] = """**addon/io/export.py**
```
<<<<<<< ORIGINAL
        mesh.use_auto_smooth = True
=======
        if bpy.app.version < (4, 1, 0):
            mesh.use_auto_smooth = True
>>>>>>> UPDATED
```"""
READ["search and replace with a line number"] = """addon/io/export.py
```
<<<<<<< SEARCH
:start_line:23
-------
        mesh.use_auto_smooth = True
=======
        if bpy.app.version < (4, 1, 0):
            mesh.use_auto_smooth = True
>>>>>>> REPLACE
```"""
READ["search and replace with dashes"] = """addon/io/export.py
------- SEARCH
        mesh.use_auto_smooth = True
=======
        if bpy.app.version < (4, 1, 0):
            mesh.use_auto_smooth = True
+++++++ REPLACE"""
READ["search and replace, not indented"] = """`addon/io/export.py`:
```python
<<<<<<< SEARCH
mesh = context.object.data
mesh.use_auto_smooth = True
=======
mesh = context.object.data
if bpy.app.version < (4, 1, 0):
    mesh.use_auto_smooth = True
>>>>>>> REPLACE
```"""
_EXECUTE = """def execute(self, context):
    mesh = context.object.data
    if bpy.app.version < (4, 1, 0):
        mesh.use_auto_smooth = True
    for polygon in mesh.polygons:
        polygon.use_smooth = True

    self.write(mesh)
    return {'FINISHED'}
"""
_INDENTED = "".join(f"    {line}" if line.strip() else line for line in _EXECUTE.splitlines(True))
READ["a whole method"] = f"""## Patch
Replace `EXPORT_OT_wave.execute` in `addon/io/export.py`:

```python
{_EXECUTE}```"""
READ["a whole method, indented"] = f"""## Patch
### addon/io/export.py :: EXPORT_OT_wave.execute

```python
{_INDENTED}```"""
READ["a whole method, named by itself"] = f"""### `addon/io/export.py`

Replace the method `execute` with:

```py
{_INDENTED}
```"""
READ["a whole method, its signature for a name"] = f"""In `addon/io/export.py`, replace `def execute(self, context):` by

```python
{_EXECUTE}```"""
READ["a whole method in its class"] = f"""Replace `EXPORT_OT_wave.execute` in `addon/io/export.py`

```python
class EXPORT_OT_wave(bpy.types.Operator):
{_INDENTED}```"""
READ["an object with changes"] = """{"summary": "Guarded [c1].", "cites": ["c1"], "changes": [
  {"kind": "replace", "path": "addon/io/export.py", "old": "        mesh.use_auto_smooth = True\\n",
   "new": "        if bpy.app.version < (4, 1, 0):\\n            mesh.use_auto_smooth = True\\n"}], "query": ""}"""
READ["an object, every field filled in"] = """```json
{"summary": "Guarded.", "changes": [
  {"path": "addon/io/export.py", "old": "        mesh.use_auto_smooth = True", "symbol": null, "text": "", "near": 23,
   "new": "        if bpy.app.version < (4, 1, 0):\\n            mesh.use_auto_smooth = True"}]}
```"""
_DIFF = READ["no hunk header"].removeprefix("```diff\n").removesuffix("```")
READ["an object with a diff"] = json.dumps({"summary": "Guarded.", "patch": _DIFF})
READ["the same hunk twice"] = READ["as asked for"] + READ["right numbers"]
READ["an indented hunk header"] = READ["as asked for"].replace("@@\n", "@@ -21 +21 @@\n")
READ["a heading for each file"] = """## Patch

### addon/io/export.py

```diff
@@
         mesh = context.object.data
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
         for polygon in mesh.polygons:
```

## Notes
Nothing else uses it."""
READ["two hunks, one without effect"] = """```diff
--- a/addon/io/export.py
+++ b/addon/io/export.py
@@
 import bpy
 import os
@@
-        mesh.use_auto_smooth = True
+        if bpy.app.version < (4, 1, 0):
+            mesh.use_auto_smooth = True
```"""
READ["no newline at the end"] = READ["right numbers"].replace("\n```", "\n\\ No newline at end of file\n```")

"""The add-on `spread`, which has a fault nobody sees by trying everything, and what a good model answers about it."""

from __future__ import annotations

from pathlib import Path

ADDON = Path(__file__).resolve().parent.parent / "data" / "addons" / "spread"

LOG = """\
Traceback (most recent call last):
  File "/home/ann/.config/blender/4.5/scripts/addons/spread/__init__.py", line 27, in execute
    step = measure.step_of(things, context.scene["spread_gap"])
  File "/home/ann/.config/blender/4.5/scripts/addons/spread/measure.py", line 7, in step_of
    return widest + gap / (len(things) - 1)
ZeroDivisionError: float division by zero
"""
SHOWS_ZERO = """\
## Expects
ZeroDivisionError

## Where
spread/measure.py

## Claim
Spreading a single object divides by the number of its gaps, which is zero.

## Script
```python
bpy.context.scene["spread_gap"] = 1.0
assert bpy.ops.object.spread() == {"FINISHED"}
assert abs(bpy.data.objects["Cube"].location.x) < 1e-6
```
"""
MENDS_ZERO = """\
## Summary
A single thing has no gaps, so `step_of` divided by zero. The gap is shared by at least one.

## Rests on
[c1] [c2]

## Patch
```diff
--- a/spread/measure.py
+++ b/spread/measure.py
@@
     widest = max(thing.dimensions.x for thing in things)
-    return widest + gap / (len(things) - 1)
+    return widest + gap / max(len(things) - 1, 1)
```
"""
LIKES = '{"api": 1.0, "context": 1.0, "idempotence": 1.0, "side_effects": 0.9, "objections": []}'

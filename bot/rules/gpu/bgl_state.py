"""Drawing state through the module bgl.

## What it does
Sets the state with `gpu.state`, in files where every use of `bgl` has a successor there. Elsewhere the
rule explains.

## Why it breaks
Blender 5.0 removed the module: `ModuleNotFoundError: No module named 'bgl'`.

## Example
```python
import bpy
import bgl


def draw(width):
    bgl.glEnable(bgl.GL_BLEND)
    bgl.glLineWidth(width)
    bgl.glEnable(bgl.GL_LINE_SMOOTH)
    bgl.glDisable(bgl.GL_BLEND)
```

Use instead:
```python
import bpy
import gpu


def draw(width):
    gpu.state.blend_set("ALPHA")
    gpu.state.line_width_set(width)
    gpu.state.blend_set("NONE")
```

Supporting 2.83 to 5.0:
```python
import bpy
import gpu
try:
    import bgl
except ImportError:
    bgl = None


def draw(width):
    if bpy.app.version >= (3, 0, 0):
        gpu.state.blend_set("ALPHA")
    else:
        bgl.glEnable(bgl.GL_BLEND)
    if bpy.app.version >= (3, 0, 0):
        gpu.state.line_width_set(width)
    else:
        bgl.glLineWidth(width)
    if bpy.app.version < (3, 0, 0):
        bgl.glEnable(bgl.GL_LINE_SMOOTH)
    if bpy.app.version >= (3, 0, 0):
        gpu.state.blend_set("NONE")
    else:
        bgl.glDisable(bgl.GL_BLEND)
```

## Left alone
Files that use more of `bgl` than its state (explained), and a guarded import.
```python
try:
    import bgl
except ImportError:
    bgl = None


def draw():
    if bgl is not None:
        bgl.glEnable(bgl.GL_BLEND)
```

## Fix safety
Safe: the calls have the same meaning; smoothing of lines had none since Blender 2.83.

## References
- https://developer.blender.org/docs/release_notes/5.0/python_api/
- https://docs.blender.org/api/4.5/gpu.state.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule, Safety
from bot.rules.building import every, repair
from bot.rules.guards import (
    binds,
    dropped_statement,
    guarded_statement,
    is_guarded,
    needs_bpy,
    statement_text,
    whole_line,
)
from bot.rules.places import dotted, fault_at, walk
from bot.rules.source import Source

MORE = "the file uses parts of bgl that gpu.state does not have; port the drawing to the module gpu"

_STATE: Final = Release(3, 0)
_SWITCHES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "bgl.GL_BLEND": ('blend_set("ALPHA")', 'blend_set("NONE")'),
        "bgl.GL_DEPTH_TEST": ('depth_test_set("LESS_EQUAL")', 'depth_test_set("NONE")'),
        "bgl.GL_CULL_FACE": ('face_culling_set("BACK")', 'face_culling_set("NONE")'),
        "bgl.GL_PROGRAM_POINT_SIZE": ("program_point_size_set(True)", "program_point_size_set(False)"),
        "bgl.GL_LINE_SMOOTH": ("", ""),
        "bgl.GL_POLYGON_SMOOTH": ("", ""),
        "bgl.GL_MULTISAMPLE": ("", ""),
    }
)
_SETTERS: Mapping[str, str] = MappingProxyType(
    {"glLineWidth": "line_width_set", "glPointSize": "point_size_set", "glDepthMask": "depth_mask_set"}
)
_BLENDING: Final = ("bgl.GL_SRC_ALPHA", "bgl.GL_ONE_MINUS_SRC_ALPHA")


class BglState(Rule):
    """GPU101."""

    code = "GPU101"
    name = "bgl-state"
    family = "gpu"
    since = Release(5, 0)
    safety = Safety.SAFE
    triggers = ("bgl",)

    def answers(self, fault: Fault) -> bool:
        """The error the missing module raises."""
        return "No module named 'bgl'" in fault.message

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """The file's `import bgl`, with every use of it."""
        imports = [
            node
            for node in every(source, cst.Import)
            if any(isinstance(alias.name, cst.Name) and alias.name.value == "bgl" for alias in node.names)
        ]
        releases = [release for release in context.targets if release >= self.since]
        for statement in imports:
            fault = fault_at(source, statement, context, "No module named 'bgl'")
            if is_guarded(source, statement, releases, names=("bgl",), seen=fault is not None):
                continue
            covered = context.covers(_STATE)
            edits = _edits(source, statement, covered=covered) if len(imports) == 1 else None
            reason = MORE if edits is None else ""
            state = Question(kind=QuestionKind.MEMBER, owner="gpu", name="state")
            yield repair(
                self,
                source,
                statement,
                "there is no module bgl",
                "set the state with gpu.state",
                decision=Decision.EXPLAIN if reason else Decision.REPAIR,
                reason=reason,
                edits=() if reason or edits is None else edits,
                question=Question(kind=QuestionKind.MODULE, owner="bgl"),
                requires=() if reason else (Requirement(question=state, since=None if covered else _STATE),),
                owner="bgl",
                member=None,
                fault=fault,
            )


def _edits(source: Source, statement: cst.Import, *, covered: bool) -> tuple[Edit, ...] | None:
    """Every use as its successor; null where one has none."""
    line = whole_line(source, statement)
    if line is None or len(statement.names) != 1 or statement.names[0].asname is not None:
        return None
    uses: dict[cst.SimpleStatementLine, str] = {}
    known: set[cst.CSTNode] = {statement.names[0].name}
    for call in every(source, cst.Call):
        if not (dotted(call.func) or "").startswith("bgl."):
            continue
        text = _successor(source, call)
        place = whole_line(source, call)
        if text is None or place is None or not _is_statement(place, call):
            return None
        uses[place] = text
        known.update(name for name in walk(call) if isinstance(name, cst.Name))
    if any(name.value == "bgl" and name not in known for name in every(source, cst.Name)):
        return None
    edits = [_use(source, place, text, uses, covered=covered) for place, text in uses.items()]
    bpy = None if covered else needs_bpy(source)
    return (_import(source, line, covered=covered), *edits, *((bpy,) if bpy else ()))


def _use(
    source: Source,
    place: cst.SimpleStatementLine,
    text: str,
    uses: Mapping[cst.SimpleStatementLine, str],
    *,
    covered: bool,
) -> Edit:
    if not covered:
        return guarded_statement(source, place, text, source.code(place), _STATE)
    if text:
        return Edit(start=source.start(place), end=source.end(place), text=text)
    block = source.parent(place)
    body = block.body if isinstance(block, cst.IndentedBlock) else ()
    if body and all(uses.get(other, "kept") == "" for other in body if isinstance(other, cst.SimpleStatementLine)):
        return Edit(start=source.start(place), end=source.end(place), text="pass")
    return dropped_statement(source, place, _STATE, covered=True)


def _import(source: Source, line: cst.SimpleStatementLine, *, covered: bool) -> Edit:
    """`import gpu` in the place of `import bgl`; beside it where older releases need that."""
    known = binds(source, "gpu")
    if covered and known:
        return dropped_statement(source, line, _STATE, covered=True)
    unit = source.indent_unit
    older = () if covered else ("try:", f"{unit}import bgl", "except ImportError:", f"{unit}bgl = None")
    text = statement_text(source, (*(() if known else ("import gpu",)), *older), line)
    return Edit(start=source.start(line), end=source.end(line), text=text)


def _is_statement(line: cst.SimpleStatementLine, call: cst.Call) -> bool:
    small = line.body[0]
    return isinstance(small, cst.Expr) and small.value is call


def _successor(source: Source, call: cst.Call) -> str | None:
    """The statement that does the same; empty for one that did nothing; null where there is none."""
    function = (dotted(call.func) or "").removeprefix("bgl.")
    values = [argument.value for argument in call.args if argument.keyword is None and not argument.star]
    written = tuple(dotted(value) or "" for value in values)
    if len(values) != len(call.args):
        return None
    if function in ("glEnable", "glDisable") and len(values) == 1 and written[0] in _SWITCHES:
        text = _SWITCHES[written[0]][function == "glDisable"]
        return f"gpu.state.{text}" if text else ""
    if function in _SETTERS and len(values) == 1:
        if function == "glDepthMask" and written[0] in ("bgl.GL_TRUE", "bgl.GL_FALSE"):
            return f"gpu.state.depth_mask_set({written[0] == 'bgl.GL_TRUE'})"
        if "bgl" in source.code(values[0]):
            return None
        return f"gpu.state.{_SETTERS[function]}({source.code(values[0])})"
    if function == "glBlendFunc" and written == _BLENDING:
        return 'gpu.state.blend_set("ALPHA")'
    if function == "glClear" and written == ("bgl.GL_DEPTH_BUFFER_BIT",):
        return "gpu.state.active_framebuffer_get().clear(depth=1.0)"
    if function == "glHint" and written[:1] in (("bgl.GL_LINE_SMOOTH_HINT",), ("bgl.GL_POLYGON_SMOOTH_HINT",)):
        return ""
    return None

"""One fault, told in every way people and programs tell it: the place, the exception and the words stay the same."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models.addon import Addon, AddonKind
from bot.models.fault import Fault, FaultKind
from bot.triggers.decoding import decode
from bot.triggers.logs import faults_in, frames_in

ADDON = Addon(
    path="src/brick_maker",
    module="brick_maker",
    kind=AddonKind.LEGACY,
    single_file=False,
    name="Brick Maker",
    declared_minimum=None,
    files=("src/brick_maker/__init__.py", "src/brick_maker/ops.py", "src/brick_maker/io/laying.py"),
)
PLACE = "src/brick_maker/io/laying.py:12"
MESSAGE = "'Mesh' object has no attribute 'use_auto_smooth'"
TEXT = """\
Traceback (most recent call last):
  File "/home/u/.config/blender/4.2/scripts/addons/brick_maker/ops.py", line 31, in execute
    self.lay(context)
  File "/home/u/.config/blender/4.2/scripts/addons/brick_maker/io/laying.py", line 12, in lay
    mesh.use_auto_smooth = True
    ^^^^^^^^^^^^^^^^^^^^
AttributeError: 'Mesh' object has no attribute 'use_auto_smooth'
"""
LINES = TEXT.splitlines()


def wrapped(width: int) -> str:
    """As a console of that many columns shows it, copied."""
    return "\n".join(line[at : at + width] for line in LINES for at in range(0, len(line), width)) + "\n"


TELLINGS = {
    "blender 2.79 to 5": "Read blend: /x.blend\nError: Python: "
    + TEXT
    + "Location: /opt/4.2/scripts/modules/ops.py:109\n",
    "info editor": 'Saved "x.blend"\nPython: ' + TEXT + "\nReloading external text\nInfo: 3 objects\n",
    "enabling": "Exception in module register(): '/x/addons/brick_maker/__init__.py'\n" + TEXT,
    "a handler": "Error in bpy.app.handlers.depsgraph_update_post[0]:\n" + TEXT,
    "windows": TEXT.replace(
        "/home/u/.config/blender/", "C:\\Users\\Jane Doe\\AppData\\Roaming\\Blender Foundation\\Blender\\"
    ).replace("addons/brick_maker/io/", "addons\\brick_maker\\io\\"),
    "macos": TEXT.replace("/home/u/.config/blender/", "/Users/u/Library/Application Support/Blender/"),
    "colours": "\n".join(f"\x1b[31m{line}\x1b[0m" for line in LINES),
    "crlf": TEXT.replace("\n", "\r\n"),
    "old mac": TEXT.replace("\n", "\r"),
    "journald": "".join(f"Nov 21 10:11:{n:02} host blender[812]: {line}\n" for n, line in enumerate(LINES)),
    "docker compose": "".join(f"blender-1  | {line}\n" for line in LINES),
    "docker json": "".join(json.dumps({"log": line + "\n", "stream": "stderr"}) + "\n" for line in LINES),
    "one json record": json.dumps({"level": "error", "message": TEXT}) + "\n",
    "written out": f"[ERROR] unhandled {TEXT!r}\n",
    "github actions": "".join(f"2031-05-04T10:11:12.12345{n:02}Z {line}\n" for n, line in enumerate(LINES)),
    "python logging": "ERROR:root:it failed\n" + TEXT,
    "a thread": "Exception in thread Thread-3 (work):\n" + TEXT,
    "unittest": "======\nERROR: test_lay (tests.test_lay.LayTest)\n------\n" + TEXT + "\n------\nRan 1 test\n",
    "fenced": "It fails:\n\n```python\n" + TEXT + "```\n\nHelp!\n",
    "fenced, quoted": "> ```\n" + "".join(f"> {line}\n" for line in LINES) + "> ```\n",
    "quoted twice": "".join(f"> > {line}\n" for line in LINES) + "\nSame here\n",
    "a list item": "1. enable\n\n" + "".join(f"    {line}\n" for line in LINES) + "\n2. done\n",
    "details": "<details><summary>Log</summary>\n\n```\n" + TEXT + "```\n</details>\n",
    "html": "<pre><code>" + TEXT.replace('"', "&quot;").replace("'", "&#39;") + "</code></pre>",
    "html lines": "<p>" + TEXT.replace("\n", "<br/>\n") + "</p>",
    "entities twice spaced": TEXT.replace("  ", "&nbsp;&nbsp;").replace('"', "&quot;"),
    "curly quotes": TEXT.replace(' "', " \u201c")
    .replace('",', "\u201d,")
    .replace(" '", " \u2018")
    .replace("'\n", "\u2019\n"),
    "no indentation": "\n".join(line.strip() for line in LINES) + "\nThanks!\n",
    "no indentation, no caret": "\n".join(line.strip() for line in LINES if "^" not in line),
    "no indentation, quoted": "\n".join(f"> {line.strip()}" for line in LINES),
    "no code": "\n".join(line for line in LINES if not line.startswith("    ")),
    "nothing but frames": "\n".join(line.strip() for line in LINES[1:] if line[:3] != "   ") + "\n",
    "one line": " ".join(line.strip() for line in LINES),
    "markdown escapes": TEXT.replace("_", "\\_").replace("use\\_auto\\_smooth'", "use_auto_smooth'"),
    "80 columns": wrapped(80),
    "60 columns": wrapped(60),
    "100 columns": wrapped(100),
    "windows console": wrapped(80).replace("\n", "\r\n"),
    "another branch": TEXT.replace("addons/brick_maker/", "addons/brick_maker-main/"),
    "another version": TEXT.replace("addons/brick_maker/", "addons/Brick_Maker_v1.2.3/"),
    "an extension": TEXT.replace("scripts/addons/", "extensions/user_default/"),
    "rich": """\
╭───────────── Traceback (most recent call last) ──────────────╮
│ /x/scripts/addons/brick_maker/ops.py:31 in execute           │
│                                                              │
│ ❱ 31 │   self.lay(context)                                   │
│                                                              │
│ /x/4.2/scripts/addons/brick_maker/io/laying.py:12 in lay     │
│                                                              │
│ ❱ 12 │   mesh.use_auto_smooth = True                         │
╰──────────────────────────────────────────────────────────────╯
AttributeError: 'Mesh' object has no attribute 'use_auto_smooth'
""",
    "pytest": """\
=================================== FAILURES ===================================
__________________________________ test_lay ____________________________________

    def test_lay():
>       lay(mesh)

tests/test_lay.py:5:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _
src/brick_maker/ops.py:31: in execute
    self.lay(context)
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

    def lay(mesh):
>       mesh.use_auto_smooth = True
E       AttributeError: 'Mesh' object has no attribute 'use_auto_smooth'

src/brick_maker/io/laying.py:12: AttributeError
=========================== short test summary info ============================
FAILED tests/test_lay.py::test_lay - AttributeError: 'Mesh' object has no attribute 'use_auto_smooth'
""",
    "pytest short": """\
___ test_lay ___
tests/test_lay.py:5: in test_lay
    lay(mesh)
src/brick_maker/io/laying.py:12: in lay
    mesh.use_auto_smooth = True
E   AttributeError: 'Mesh' object has no attribute 'use_auto_smooth'
=== short test summary info ===
""",
}


def only(log: str) -> Fault:
    faults = faults_in(log, ADDON)
    assert len(faults) == 1, [(fault.place, fault.exception, fault.message) for fault in faults]
    return faults[0]


@pytest.mark.parametrize("log", TELLINGS.values(), ids=TELLINGS)
def test_however_it_is_told_it_is_the_same_fault(log: str) -> None:
    fault = only(log)
    assert (fault.place, fault.exception, fault.message) == (PLACE, "AttributeError", MESSAGE)
    assert (fault.owner, fault.member) == ("Mesh", "use_auto_smooth")


@pytest.mark.parametrize(
    "name", ["80 columns", "60 columns", "one line", "no indentation", "docker json", "written out"]
)
def test_the_way_there_is_told_too(name: str) -> None:
    frames = [
        (frame.path.rpartition("/")[2], frame.line, frame.function.split()[0])
        for frame in frames_in(TELLINGS[name], ADDON)
    ]
    assert frames == [("ops.py", 31, "execute"), ("laying.py", 12, "lay")]


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "utf-8"])
def test_whatever_wrote_the_bytes(name: str) -> None:
    log = "Größe: 3 µm\n" + TEXT
    assert decode(log.encode(name)) == log


def test_bytes_that_are_nothing_are_still_read() -> None:
    log = b"\xff\xfe\x00\xd8" + b"\x00\x81\xfe" * 50
    assert isinstance(decode(log), str)
    assert decode(("é" * 100).encode()[:-1]).startswith("é" * 99)
    assert only(decode(b"\x81\xfe\n" + TEXT.encode())).place == PLACE


def test_init_that_markdown_made_bold_is_found() -> None:
    log = TEXT.replace("io/laying.py", "**init**.py")
    assert only(log).path == "src/brick_maker/__init__.py"
    assert only(log.replace("**init**", "init")).path == "src/brick_maker/__init__.py"


def test_a_crash_report_points_at_its_innermost_frame() -> None:
    log = """\
# Blender 4.2.3, Commit date: 2024-10-14 14:39, Hash 0e22e4fcea03
bpy.ops.mesh.primitive_cube_add(size=2)  # Operator

# backtrace
/opt/blender/blender(BLI_system_backtrace+0x20) [0x1]
/lib/x86_64-linux-gnu/libc.so.6(+0x3c050) [0x2]

# Python backtrace
  File "/x/4.2/scripts/modules/bpy/ops.py", line 107 in __call__
  File "/x/4.2/scripts/addons/brick_maker/io/laying.py", line 12 in lay
  File "/x/4.2/scripts/addons/brick_maker/ops.py", line 31 in execute
"""
    fault = only(log)
    assert (fault.place, fault.kind, str(fault.release)) == (PLACE, FaultKind.CRASH, "4.2")
    assert [frame.function for frame in frames_in(log, ADDON)] == ["execute", "lay"]


def test_a_fatal_error_of_python_is_told_with_its_signal() -> None:
    log = """\
Fatal Python error: Segmentation fault

Current thread 0x00007f1e5f1a5740 (most recent call first):
  File "/x/scripts/addons/brick_maker/io/laying.py", line 12 in lay
  File "/x/scripts/addons/brick_maker/ops.py", line 31 in execute
Writing: /tmp/x.crash.txt
"""
    fault = only(log)
    assert (fault.place, fault.message) == (PLACE, "Segmentation fault")


def test_properties_that_are_no_annotations_have_their_class_and_place() -> None:
    log = """\
Warning: class BRICK_OT_lay contains a property which should be an annotation!
/x/2.83/scripts/addons/brick_maker/ops.py:44
    assign as a type annotation: BRICK_OT_lay.width
"""
    fault = only(log)
    assert (fault.place, fault.owner, fault.member) == ("src/brick_maker/ops.py:44", "BRICK_OT_lay", "width")
    assert str(fault.release) == "2.83"


def test_a_layouts_complaint_has_the_line_that_drew_it() -> None:
    log = """\
rna_uiItemR: property not found: BRICK_OT_lay.size
/x/scripts/addons/brick_maker/ops.py:50
rna_uiItemO: unknown operator 'brick.lya'
/x/scripts/addons/brick_maker/ops.py:51
rna_uiItemO: unknown operator 'brick.somewhere'

Info: done
"""
    assert [(fault.line, fault.owner, fault.member) for fault in faults_in(log, ADDON)] == [
        (50, "BRICK_OT_lay", "size"),
        (51, "brick", "lya"),
        (0, "brick", "somewhere"),
    ]


def test_what_blender_says_all_day_is_no_fault() -> None:
    log = """\
Blender 4.2.3 (hash 0e22e4fcea03 built 2024-10-14 15:20:19)
Warning: 'BRICK_panel' does not contain '_PT_' with prefix and suffix
Info: Registering operator class: 'BRICK_OT_lay', bl_idname 'brick.lay' has been registered before
PyContext 'active_pose_bone' not found
Saved "untitled.blend"
Reloading external text "x.py"
"""
    assert faults_in(log, ADDON) == ()


def test_two_failures_of_another_kind_stay_two() -> None:
    other = TEXT.replace("line 12", "line 40").replace("'Mesh'", "'Curve'")
    for name, joined in {
        "plain": TEXT + other,
        "flat": "\n".join(line.strip() for line in (TEXT + other).splitlines()),
    }.items():
        assert [fault.line for fault in faults_in(joined, ADDON)] == [12, 40], name


@pytest.mark.parametrize(
    ("line", "exception", "member"),
    [
        ("Add-on not loaded: \"brick_maker\", cause: No module named 'bgl'", "ModuleNotFoundError", "bgl"),
        (
            "Error: Registering operator class: 'Lay', invalid bl_idname 'lay', must contain 1 '.' character",
            "RuntimeError",
            None,
        ),
        ("* **AttributeError: 'Mesh' object has no attribute 'x'**", "AttributeError", "x"),
    ],
)
def test_a_complaint_without_its_place_is_better_than_none(line: str, exception: str, member: str | None) -> None:
    fault = only(f"Blender 4.3.0\n{line}\n")
    assert (fault.path, fault.exception, fault.member, str(fault.release)) == ("", exception, member, "4.3")


HOSTILE = (
    '{"log": "',
    '{"log":{"a":[',
    "<p ",
    "<br>",
    "&quot;",
    "&#1",
    ' File "',
    'Traceback (most recent call last): File "a", line 1, in x ',
    "Traceback (most recent call last)\\n",
    "│ a.py:1 in x\n",
    "| a.py:",
    "a.py:1: in f\n",
    "E   A: b\nx.py:1: A\n",
    "=== x ===\n",
    "rna_uiItemO: unknown operator 'a.b'\n",
    "rna_uiItemO: unknown operator 'a.b'\n" + "x.py:1" * 600 + "\n",
    "    assign as a type annotation: A.b\n",
    "# Python backtrace\n",
    '  File "a", line 1\n',
    '  File "' + "a" * 70 + "\n",
    "Add-on not loaded: ",
    "A" * 79 + "Error: x",
    "\u201c",
)


@pytest.mark.parametrize("piece", HOSTILE, ids=[f"{piece[:24]!r}" for piece in HOSTILE])
def test_five_megabytes_of_one_trick_are_read_in_seconds(piece: str) -> None:
    start = 'File "/x/addons/brick_maker/ops.py", line 3, in f\n'
    log = start + piece * (5_000_000 // len(piece))
    begun = time.perf_counter()
    assert len(faults_in(log, ADDON)) <= 200
    assert time.perf_counter() - begun < 20


@settings(max_examples=150)
@given(st.lists(st.sampled_from([*HOSTILE, *LINES, "", "    "]) | st.text(max_size=30), max_size=30))
def test_any_mixture_is_read(pieces: list[str]) -> None:
    for fault in faults_in("\n".join(pieces), ADDON):
        assert fault.path == "" or fault.path in ADDON.files


@settings(max_examples=60)
@given(st.binary(max_size=200) | st.text(max_size=80).map(lambda text: text.encode("utf-16", "surrogatepass")))
def test_any_bytes_are_text(data: bytes) -> None:
    assert isinstance(decode(data), str)

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models.addon import Addon, AddonKind
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.triggers.logs import faults_in, frames_in

ADDON = Addon(
    path="source/brick_maker",
    module="brick_maker",
    kind=AddonKind.LEGACY,
    single_file=False,
    name="Brick Maker",
    declared_minimum=None,
    files=(
        "source/brick_maker/__init__.py",
        "source/brick_maker/io/__init__.py",
        "source/brick_maker/io/utils.py",
        "source/brick_maker/ops.py",
        "source/brick_maker/utils.py",
    ),
)
SINGLE = Addon(
    path="slope.py", module="slope", kind=AddonKind.LEGACY, single_file=True, name="Slope", declared_minimum=None,
    files=("slope.py",),
)  # fmt: skip

CONSOLE = """\
Read blend: "/home/u/house.blend"
Traceback (most recent call last):
  File "/home/u/.config/blender/4.2/scripts/addons/brick_maker/ops.py", line 31, in execute
    self.lay(context)
  File "/home/u/.config/blender/4.2/scripts/addons/brick_maker/io/utils.py", line 12, in lay
    mesh.use_auto_smooth = True
    ^^^^^^^^^^^^^^^^^^^^
AttributeError: 'Mesh' object has no attribute 'use_auto_smooth'
Error: Python: done
"""


def only(log: str, addon: Addon = ADDON) -> Fault:
    (fault,) = faults_in(log, addon)
    return fault


def test_the_deepest_frame_of_the_addon_is_the_place() -> None:
    fault = only(CONSOLE)
    assert fault.place == "source/brick_maker/io/utils.py:12"
    assert (fault.exception, fault.owner, fault.member) == ("AttributeError", "Mesh", "use_auto_smooth")
    assert (fault.kind, fault.source, fault.proof) == (FaultKind.LOG, FaultSource.LOG, Proof.STATIC)
    assert str(fault.release) == "4.2"
    assert fault.traceback is not None and fault.traceback.startswith("Traceback")
    assert fault.traceback.endswith("'use_auto_smooth'")


def test_frames_come_outermost_first() -> None:
    assert [(frame.path, frame.line, frame.function) for frame in frames_in(CONSOLE, ADDON)] == [
        ("source/brick_maker/ops.py", 31, "execute"),
        ("source/brick_maker/io/utils.py", 12, "lay"),
    ]


@pytest.mark.parametrize(
    "prefix",
    [
        "    ",
        "> ",
        "2031-05-04T10:11:12.1234567Z ",
        "[2031-05-04 10:11:12,123] ERROR: ",
        "blender-1  | ",
        "\x1b[31m",
        "00:01.234  bpy | ",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_a_log_puts_before_each_line_does_not_matter(prefix: str, end: str) -> None:
    log = end.join(prefix + line for line in CONSOLE.splitlines())
    fault = only(log)
    assert fault.place == "source/brick_maker/io/utils.py:12"
    assert fault.message == "'Mesh' object has no attribute 'use_auto_smooth'"


def test_timestamps_may_change_from_line_to_line() -> None:
    log = "".join(f"2031-05-04T10:11:{n:02}Z {line}\n" for n, line in enumerate(CONSOLE.splitlines()))
    assert only(log).exception == "AttributeError"


def test_an_operators_traceback_inside_its_callers_is_one_fault() -> None:
    log = """\
Traceback (most recent call last):
  File "/builds/run.py", line 3, in <module>
  File "/opt/blender/4.5/scripts/modules/bpy/ops.py", line 109, in __call__
RuntimeError: Error: Python: Traceback (most recent call last):
  File "C:\\Users\\u\\AppData\\Roaming\\Blender\\4.5\\scripts\\addons\\brick_maker\\ops.py", line 40, in execute
  File "/opt/blender/4.5/scripts/modules/bpy/ops.py", line 60, in _parse_args
ValueError: 1-2 args execution context is supported
Location: /opt/blender/4.5/scripts/modules/bpy/ops.py:109

"""
    fault = only(log)
    assert fault.place == "source/brick_maker/ops.py:40"
    assert (fault.exception, fault.owner) == ("ValueError", "bpy.ops")


def test_the_same_traceback_twice_is_one_fault_and_two_are_two() -> None:
    other = CONSOLE.replace("line 12", "line 13")
    assert len(faults_in(CONSOLE * 3, ADDON)) == 1
    assert [fault.line for fault in faults_in(CONSOLE + other, ADDON)] == [12, 13]


def chained(first: str, link: str, second: str) -> str:
    frame = '  File "/x/addons/brick_maker/{}", line {}, in f\n'
    head = "Traceback (most recent call last):\n"
    return f"{head}{frame.format('utils.py', 5)}{first}\n\n{link}\n\n{head}{frame.format('ops.py', 9)}{second}\n"


HANDLING = "During handling of the above exception, another exception occurred:"
CAUSE = "The above exception was the direct cause of the following exception:"
MEMBER = "AttributeError: 'Mesh' object has no attribute 'loops_old'"


@pytest.mark.parametrize(
    ("first", "link", "second", "line"),
    [
        ("KeyError: 'x'", HANDLING, MEMBER, 9),
        (MEMBER, HANDLING, "AttributeError: 'Mesh' object has no attribute 'older'", 9),
        (MEMBER, HANDLING, "RuntimeError: export failed", 5),
        (MEMBER, CAUSE, "RuntimeError: export failed", 5),
    ],
)
def test_of_chained_exceptions_the_telling_one_counts(first: str, link: str, second: str, line: int) -> None:
    assert only(chained(first, link, second)).line == line


def test_exception_groups_give_their_members() -> None:
    log = """\
  + Exception Group Traceback (most recent call last):
  |   File "/x/addons/brick_maker/ops.py", line 3, in f
  | ExceptionGroup: two (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/x/addons/brick_maker/ops.py", line 7, in g
    | ValueError: bad brick
    +---------------- 2 ----------------
    | Traceback (most recent call last):
    |   File "/x/addons/brick_maker/utils.py", line 8, in h
    | TypeError: worse brick
    +------------------------------------
"""
    assert [(fault.line, fault.message) for fault in faults_in(log, ADDON)] == [(7, "bad brick"), (8, "worse brick")]


def test_a_syntax_error_is_placed_where_the_parser_stopped() -> None:
    log = """\
Traceback (most recent call last):
  File "/opt/4.2/scripts/modules/addon_utils.py", line 394, in enable
    mod = importlib.import_module(module_name)
  File "/x/addons/brick_maker/ops.py", line 88
    print "laying"
    ^^^^^^^^^^^^^^
SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?
"""
    fault = only(log)
    assert (fault.place, fault.exception) == ("source/brick_maker/ops.py:88", "SyntaxError")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("/x/scripts/addons/brick_maker/__init__.py", "source/brick_maker/__init__.py"),
        ("/x/scripts/addons/brick-maker-main/io/__init__.py", "source/brick_maker/io/__init__.py"),
        ("/x/extensions/user_default/brick_maker/utils.py", "source/brick_maker/utils.py"),
        ("/x/extensions/blender_org/other/io/utils.py", "source/brick_maker/io/utils.py"),
        ("/ci/build/source/brick_maker/utils.py", "source/brick_maker/utils.py"),
        ("ops.py", "source/brick_maker/ops.py"),
        ("./ops.py", "source/brick_maker/ops.py"),
        ("/home/u/house.blend/ops.py", "source/brick_maker/ops.py"),
        ("/x/scripts/addons/other/__init__.py", None),
        ("/x/scripts/addons/other/ops.py", None),
        ("/opt/blender/4.2/scripts/modules/bpy/ops.py", None),
        ("/usr/lib/python3.11/io/utils.py", None),
        ("/x/env/site-packages/bpy/4.2/scripts/addons/brick_maker/ops.py", "source/brick_maker/ops.py"),
        ("<string>", None),
        ("<frozen importlib._bootstrap>", None),
        ("/", None),
    ],
)
def test_installed_paths_are_mapped_to_the_repository(name: str, expected: str | None) -> None:
    log = f'Traceback (most recent call last):\n  File "{name}", line 2, in f\nValueError: no\n'
    assert only(log).path == (expected or "")


def test_a_single_file_addon_is_known_by_its_name() -> None:
    log = 'Traceback (most recent call last):\n  File "/x/addons/slope.py", line 2, in f\nValueError: no\n'
    assert only(log, SINGLE).place == "slope.py:2"
    assert only(log.replace("/addons/slope", "/addons/other/slope"), SINGLE).path == ""


def test_without_a_traceback_the_error_line_counts() -> None:
    fault = only("It worked in 3.6. Now the console says\nAttributeError: 'Mesh' object has no attribute 'x'\nHelp!")
    assert (fault.place, fault.owner, fault.member) == ("", "Mesh", "x")


def test_a_traceback_that_breaks_off_still_has_its_place() -> None:
    fault = only("".join(CONSOLE.splitlines(keepends=True)[:-3]))
    assert fault.place == "source/brick_maker/io/utils.py:12"
    assert fault.exception is None


def test_a_quiet_log_has_no_faults() -> None:
    assert faults_in("Blender 4.5.0\nSaved: '/tmp/x.png'\n", ADDON) == ()
    assert faults_in("", ADDON) == ()


PIECES = st.sampled_from(
    [
        "Traceback (most recent call last):",
        '  File "/x/addons/brick_maker/ops.py", line 3, in f',
        '  File "',
        'File "a", line 99999999999999999999',
        '    | File "\\\\\\", line 1, in ',
        "RuntimeError: Error: Python: Traceback (most recent call last):",
        "ValueError: \x1b[31m\ud800",
        HANDLING,
        CAUSE,
        "Location: x:1",
        "",
        "\t^^^^",
        "  + Exception Group Traceback (most recent call last):",
        "  | ExceptionGroup: x (1 sub-exception)",
    ]
)


@settings(max_examples=200)
@given(st.lists(PIECES | st.text(max_size=60), max_size=40), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_text_is_too_strange(pieces: list[str], end: str) -> None:
    log = end.join(pieces)
    for fault in faults_in(log, ADDON):
        assert fault.path == "" or fault.path in ADDON.files
        assert fault.proof is Proof.STATIC
    frames_in(log, ADDON)


@pytest.mark.parametrize(
    "piece",
    [
        'File "',
        "\x1b[",
        "\x1b]",
        "A" * 50,
        " ",
        "Traceback (most recent call last):\n",
        'Traceback (most recent call last):\n File "/addons/q/io/utils.py", line 1, in f\nE: x\n',
    ],
)
def test_five_megabytes_of_anything_are_read_in_seconds(piece: str) -> None:
    log = piece * (5_000_000 // len(piece))
    begun = time.perf_counter()
    assert len(faults_in(log, ADDON)) <= 200
    assert time.perf_counter() - begun < 10


def test_an_add_on_that_is_the_whole_repository_is_known_by_its_name() -> None:
    root = ADDON.model_copy(
        update={
            "path": ".",
            "module": "checkout",
            "name": "Brick Maker",
            "files": ("__init__.py", "ops.py", "io/utils.py"),
        }
    )
    log = (
        'Traceback (most recent call last):\n  File "/home/u/scripts/addons/brick_maker/__init__.py", line 4, in f\n'
        '  File "/home/u/scripts/addons/brick_maker/ops.py", line 2, in <module>\nModuleNotFoundError: No module named '
        "'bgl'\n"
    )
    (fault,) = faults_in(log, root)
    assert (fault.path, fault.line) == ("ops.py", 2)
    (other,) = faults_in(log.replace("brick_maker", "wall_maker"), root)
    assert other.path == "", "another add-on's file of the same name"

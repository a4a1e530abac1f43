from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triggers.messages import fault_of, named_in, split


@pytest.mark.parametrize(
    ("message", "owner", "member"),
    [
        ("'Mesh' object has no attribute 'use_auto_smooth'", "Mesh", "use_auto_smooth"),
        ("module 'bpy.utils' has no attribute 'register_module'", "bpy.utils", "register_module"),
        ("type object 'Scene' has no attribute 'wave'", "Scene", "wave"),
        ('"Mesh" has no attribute "use_auto_smooth"  [attr-defined]', "Mesh", "use_auto_smooth"),
        ('bpy_prop_collection[key]: key "Specular" not found', "bpy_prop_collection", "Specular"),
        (
            'bpy_struct: item.attr = val: enum "BLENDER_EEVEE" not found in (\'CYCLES\', \'BLENDER_WORKBENCH\')',
            None,
            "BLENDER_EEVEE",
        ),
        ("1-2 args execution context is supported", "bpy.ops", None),
        ("Element-wise multiplication: not supported between 'Matrix' and 'Vector' types", "Matrix", "Vector"),
        ("unsupported operand type(s) for *: 'Quaternion' and 'Vector'", "Quaternion", "Vector"),
        ('UILayout.label(): required parameter "text" to be a keyword argument!', "UILayout", "label"),
        ('Calling operator "bpy.ops.view3d.wave" error, could not be found', "bpy.ops.view3d", "wave"),
        ('Converting py args to operator properties: : keyword "factor" unrecognized', None, "factor"),
        ('bpy_struct: attribute "angle" from "SunLight" is read-only', "SunLight", "angle"),
        ("cannot import name 'orientation_helper_factory' from 'bpy_extras.io_utils' (/x/io_utils.py)",
         "bpy_extras.io_utils", "orientation_helper_factory"),
        ("No module named 'bgl'", "module", "bgl"),
        ("name 'collection' is not defined", None, "collection"),
        ("rna_uiItemR: property not found: MESH_OT_wave.size", "MESH_OT_wave", "size"),
        ("register_class(...): already registered as a subclass 'MESH_OT_wave'", "MESH_OT_wave", None),
        ("list index out of range", None, None),
        ("", None, None),
    ],
)  # fmt: skip
def test_owner_and_member_are_read_from_the_words_of_blender_and_python(
    message: str, owner: str | None, member: str | None
) -> None:
    assert named_in(message) == (owner, member)


@pytest.mark.parametrize(
    ("text", "exception", "message"),
    [
        ("AttributeError: 'Mesh' object has no attribute 'x'", "AttributeError", "'Mesh' object has no attribute 'x'"),
        ("json.decoder.JSONDecodeError: Expecting value", "json.decoder.JSONDecodeError", "Expecting value"),
        ("AssertionError", "AssertionError", ""),
        ("Location: /x/ops.py:113", None, "Location: /x/ops.py:113"),
        ("hello there", None, "hello there"),
    ],
)
def test_exception_and_message_are_told_apart(text: str, exception: str | None, message: str) -> None:
    assert split(text) == (exception, message)


def test_of_a_pasted_traceback_the_last_exception_counts() -> None:
    lines = (
        "Traceback (most recent call last):",
        '  File "a.py", line 3, in f',
        "TypeError: f() got an unexpected keyword argument 'k'",
    )
    fault = fault_of("\n".join(lines))
    assert (fault.exception, fault.owner, fault.member) == ("TypeError", "f", "k")


@given(st.text(max_size=500))
def test_any_text_makes_a_fault(text: str) -> None:
    assert len(fault_of(text).message) <= 5_000


@pytest.mark.parametrize("piece", ["a.", "'", "x(", "Error: ", 'bpy_prop_collection[key]: key "', "bpy.ops "])
def test_hostile_repetition_is_read_in_no_time(piece: str) -> None:
    begun = time.perf_counter()
    named_in(piece * 100_000)
    fault_of(piece * 100_000)
    assert time.perf_counter() - begun < 1

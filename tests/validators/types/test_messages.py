from __future__ import annotations

import time

import pytest

from bot.validators.types import messages
from bot.validators.types.base import MAX_MESSAGE, Finding


def stated(message: str) -> messages.Statement | None:
    return messages.statement_of(Finding("a.py", 1, 1, 1, 2, "code", message))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mesh", ("Mesh",)),
        ("Object | None", ("Object", "None")),
        ("(Material & ~AlwaysFalsy) | None", ("Material", "None")),
        ("bpy_prop_collection[Object | None]", ("bpy_prop_collection",)),
        ("type[Mesh]", ("Mesh",)),
        ("<class 'Mesh'>", ("Mesh",)),
        ("Armature | Camera | ... omitted 12 union elements", ("Armature", "Camera")),
        ("Mesh | Mesh", ("Mesh",)),
    ],
)
def test_types_are_read_off_what_a_message_spells(text: str, names: tuple[str, ...]) -> None:
    assert messages.type_names(text) == names


def test_of_a_union_only_what_can_be_blender_counts() -> None:
    sure = stated("Attribute `lamps` is not defined on `Scene` in union `Scene | None`")
    assert sure == messages.NoAttribute(("Scene",), "lamps")
    assert stated("Attribute `lamps` is not defined on `None` in union `Scene | None`") is None
    assert stated("Attribute `lamps` is not defined on `Scene` in union `Scene | Lamp`") is None


def test_a_text_counts_where_a_list_of_texts_is_wanted() -> None:
    begin = "Argument to bound method `UILayout.prop` is incorrect: Expected "
    assert stated(f'{begin}`IconItems | None`, found `Literal["ZOOMIN"]`') == messages.WrongText(
        "UILayout.prop", "ZOOMIN"
    )
    assert stated(f'{begin}`int`, found `Literal["ZOOMIN"]`') is None


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Object of type `",
        "Object of type `" + "`" * MAX_MESSAGE,
        "Object of type `" + "(" * (MAX_MESSAGE // 2) + "[" * (MAX_MESSAGE // 2),
        "Attribute `a` is not defined on " + "`a` in union " * 60,
        "Argument to `" + "a." * 400 + "` is incorrect: Expected `" + "x`, found `" * 20,
        "Unresolved attribute `x` on type `" + " & ~A" * 190 + "`",
        "Cannot resolve imported module `",
    ],
)
def test_no_message_takes_long(message: str) -> None:
    begin = time.process_time()
    stated(message[:MAX_MESSAGE])
    assert time.process_time() - begin < 0.5

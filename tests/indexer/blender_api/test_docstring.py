from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.blender_api.described import MAX_TEXT, EnumItem
from indexer.blender_api.docstring import enum_item, parse


def test_fields_are_taken_apart() -> None:
    said = parse(
        "Scale it.\n\n    :param factor: How much\n    :type factor: float\n"
        "    :return: The new size\n    :rtype: float\n"
    )
    assert said.text == "Scale it."
    assert said.parameters["factor"].text == "How much"
    assert said.returns == "The new size"


@pytest.mark.parametrize(
    "items",
    [
        "FACE_AREA\nFace Area -- By face area.\n\nCORNER\nCorner -- By angle.",
        "FACE_AREA Face Area, By face area.\n\nCORNER Corner, By angle.",
    ],
    ids=["new", "old"],
)
def test_items_of_a_parameter_have_names_and_meanings(items: str) -> None:
    said = parse(f"Average.\n\n        :param kind: Type, How\n\n{items}\n        :param weight: Weight").parameters
    assert said["kind"].text == "Type, How"
    assert said["kind"].enum == (
        EnumItem("FACE_AREA", "Face Area", "By face area."),
        EnumItem("CORNER", "Corner", "By angle."),
    )
    assert said["weight"].text == "Weight"


def test_prose_under_a_parameter_is_no_item() -> None:
    said = parse(":param edges: pairs\n\nWhen none is passed, they are inferred.").parameters["edges"]
    assert said.enum == ()
    assert "they are inferred" in said.text


def test_notes_are_taken_off_the_description() -> None:
    said = parse("Size (meters) (array of 3 items, in [0.5, inf], default (1, 2, 3), readonly)")
    assert said.text == "Size (meters)"
    assert (said.notes.default, said.notes.minimum, said.notes.maximum) == ("(1, 2, 3)", 0.5, None)
    assert said.notes.readonly
    assert said.notes.array == "array of 3 items"


def test_brackets_with_prose_stay() -> None:
    assert parse("The scene (if empty the active one is used)").text == "The scene (if empty the active one is used)"


def test_torn_words_and_glued_sentences_are_mended() -> None:
    said = parse("Returns {'FINISHED'}\n\n or {'CANCELLED'}\n\n, always.It is short. See bpy.types.Object here.")
    assert said.text == "Returns {'FINISHED'} or {'CANCELLED'}, always. It is short. See bpy.types.Object here."
    assert said.references == ("bpy.types.Object",)


def test_deprecation_is_a_sentence() -> None:
    assert (
        parse("Old layers. Deprecated, use color attributes instead.").deprecated
        == "Deprecated, use color attributes instead."
    )
    assert parse("Deprecated. Will be removed in 5.0.").deprecated == "Deprecated. Will be removed in 5.0."
    assert parse("Nothing of the kind.").deprecated == ""


def test_examples_are_kept_and_names_of_example_files_are_not() -> None:
    said = parse("Draw.\n\n```../examples/gpu.1.py```\n\n```\nimport gpu\ngpu.x()\n```\n\nDone.")
    assert said.examples == ("import gpu\ngpu.x()",)
    assert said.text == "Draw.\nDone."


def test_items_of_an_alias_explain_themselves() -> None:
    assert enum_item("CORNER", "Face Corner.Attribute on a corner.") == EnumItem(
        "CORNER", "Face Corner", "Attribute on a corner."
    )
    assert enum_item("X", "") == EnumItem("X")


PIECES = st.sampled_from(
    [
        "\n",
        "\n\n",
        "    ",
        ":param a:",
        ":return:",
        "```",
        "(in [0, 1], default ",
        ")",
        "A",
        "X -- y",
        ".",
        "'",
        "(" * 50,
        "word. ",
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=60).map("".join))
def test_no_docstring_is_too_much(raw: str) -> None:
    said = parse(raw)
    assert len(said.text) <= MAX_TEXT
    assert all(len(parameter.text) <= MAX_TEXT for parameter in said.parameters.values())


def test_long_hostile_docstrings_take_no_time() -> None:
    for piece in ("(", "```\n", ":param a: ", "\n\n ", "a.B ", "X -- ", "* a\n"):
        parse(piece * 20_000)

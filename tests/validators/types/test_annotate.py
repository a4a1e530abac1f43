from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.validators.types.annotate import DRAWN, NAMES, annotate
from indexer.blender_api import stubs


def annotations(text: str) -> dict[str, str]:
    """What each parameter of the annotated text is said to be."""
    tree = ast.parse(annotate(text).text)
    return {
        argument.arg: argument.annotation.value.removeprefix("_bcrag_")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if isinstance(argument.annotation, ast.Constant) and isinstance(argument.annotation.value, str)
    }


def test_parameters_are_what_their_names_say() -> None:
    text = "def f(context, me=None, *, layout):\n    pass\n"
    assert annotations(text) == {
        "context": "bpy.types.Context",
        "me": "bpy.types.Mesh",
        "layout": "bpy.types.UILayout",
    }


@pytest.mark.parametrize(
    "text",
    [
        "def f(context: int, layout: 'str'):\n    pass\n",
        "def f(obj=3, scene='a'):\n    pass\n",
        "def f(*context, **scene):\n    pass\n",
        "f = lambda context: context\n",
        "class A:\n    def f(obj):\n        pass\n",
        "class A:\n    @classmethod\n    def f(scene):\n        pass\n",
        "def f(self):\n    return self.name\n",
        "def f(anything):\n    pass\n",
    ],
)
def test_what_is_annotated_or_not_known_stays_as_it_is(text: str) -> None:
    assert annotate(text).text == text


def test_a_static_method_has_no_instance() -> None:
    assert annotations("class A:\n    @staticmethod\n    def f(obj):\n        pass\n") == {"obj": "bpy.types.Object"}


def test_a_function_that_is_appended_to_a_panel_draws() -> None:
    assert annotations("def f(self, context):\n    self.layout.label(text='')\n")["self"] == DRAWN


def test_a_contradicted_parameter_stays_as_it_is() -> None:
    text = "def f(obj): pass\ndef g(obj): pass\n"
    copy = annotate(text, contradicted={("f", "obj")})
    assert copy.text.startswith('def f(obj): pass\ndef g(obj: "_bcrag_bpy.types.Object"): pass\n')


def test_every_name_means_a_type_of_some_release() -> None:
    table = stubs.obtain("4.5", stubs.default_cache())
    assert table is not None
    assert [name for name, documented in NAMES.items() if table.resolve(documented) != documented] == []


PARAMETER = st.one_of(st.sampled_from(sorted(NAMES)), st.sampled_from(["a", "ö", "self", "kind: int", "me: 'Mesh'"]))


@given(
    st.lists(PARAMETER, max_size=5, unique_by=lambda text: text.split(":")[0]),
    st.sampled_from(["", "    ", "# -*- x -*-\r\n"]),
    st.sampled_from(["pass", "return (lambda context: 1)", "'''ä'''; x = 1"]),
)
def test_the_copy_is_the_same_program_on_the_same_lines(parameters: list[str], before: str, body: str) -> None:
    text = f"{before.strip(' ')}def f({', '.join(parameters)}): {body}\n"
    copy = annotate(text)
    tree = ast.parse(copy.text)
    assert copy.text.splitlines()[: copy.lines - 1] != [] and copy.lines == text.count("\n") + 1
    bare = ast.parse(text)
    for node in (*ast.walk(tree), *ast.walk(bare)):
        if isinstance(node, ast.arg):
            node.annotation = None
    assert ast.dump(tree.body[0]) == ast.dump(bare.body[0])


@pytest.mark.parametrize("text", ["", "def f(context", "def (", "\0", "((" * 3000, "def f(obj):\n" * 500])
def test_broken_text_is_no_surprise(text: str) -> None:
    copy = annotate(text)
    assert copy.text.count("\n") >= text.count("\n")

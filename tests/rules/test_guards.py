from __future__ import annotations

import libcst as cst
import pytest

from bot.models.release import Release
from bot.rules.guards import (
    guarded_expression,
    guarded_statement,
    is_guarded,
    needs_bpy,
    reached,
    statement_text,
    whole_line,
)
from bot.rules.source import Source, apply_edits

NEW = (Release(4, 2), Release(4, 5))


def read(text: str) -> Source:
    return Source("addon.py", text, "utf-8")


def find(source: Source, code: str) -> cst.CSTNode:
    stack: list[cst.CSTNode] = [source.module]
    while stack:
        node = stack.pop()
        if not isinstance(node, cst.Module) and hasattr(node, "lpar") and source.code(node).split() == code.split():
            return node
        stack.extend(node.children)
    raise AssertionError(f"no {code!r}")


GUARDED = [
    "if bpy.app.version < (4, 1, 0):\n    OLD\n",
    "if bpy.app.version >= (4, 1):\n    pass\nelse:\n    OLD\n",
    "if not bpy.app.version >= (4, 1, 0):\n    OLD\n",
    "if ob and bpy.app.version < (4, 1, 0):\n    OLD\n",
    "NEW = bpy.app.version >= (4, 1, 0)\nif not NEW:\n    OLD\n",
    "def f():\n    if bpy.app.version >= (4, 1, 0):\n        return\n    OLD\n",
    "for x in y:\n    if bpy.app.version[:2] >= (4, 1):\n        continue\n    OLD\n",
    "x = new() if bpy.app.version >= (4, 1, 0) else OLD\n",
    "bpy.app.version < (4, 1, 0) and OLD\n",
    "bpy.app.version >= (4, 1, 0) or OLD\n",
    "if is_blender_41:\n    pass\nelse:\n    OLD\n",
    "if get_version() >= 410:\n    pass\nelse:\n    OLD\n",
    "if b_version_smaller_than((4, 1, 0)):\n    OLD\n",
    "if not is_bl_newer_than(4, 1):\n    OLD\n",
    "x = new if is_bl_newer_than(4) else OLD\n",
    "if blender_at_least(4, 1, 0):\n    pass\nelse:\n    OLD\n",
    "if hasattr(mesh, 'old'):\n    OLD\n",
    "if 'old' in dir(mesh):\n    OLD\n",
    "if 'old' in mesh.bl_rna.properties:\n    OLD\n",
    "try:\n    OLD\nexcept AttributeError:\n    pass\n",
    "try:\n    OLD\nexcept (TypeError, KeyError):\n    pass\n",
    "try:\n    OLD\nexcept:\n    new()\n",
]


@pytest.mark.parametrize("text", GUARDED)
def test_code_that_somebody_keeps_from_the_wrong_release_is_guarded(text: str) -> None:
    source = read(text)
    assert is_guarded(source, find(source, "OLD"), NEW)


EXPOSED = [
    "OLD\n",
    "if bpy.app.version >= (2, 80, 0):\n    OLD\n",
    "if bpy.app.version < (2, 80, 0):\n    pass\nelse:\n    OLD\n",
    "if ob.type == 'MESH':\n    OLD\n",
    "if b_version_smaller_than((2, 90, 0)):\n    pass\nelse:\n    OLD\n",
    "if is_bl_newer_than(2, 80):\n    OLD\n",
    "if is_larger_than(2, 80):\n    OLD\n",
    "if blend_at_least(4, 1):\n    pass\nelse:\n    OLD\n",
    "if bpy.app.version >= (4, 1, 0):\n    OLD\n",
    "x = OLD if flag else None\n",
    "try:\n    pass\nexcept AttributeError:\n    OLD\n",
    "try:\n    OLD\nexcept AttributeError:\n    print('no')\n    raise\n",
    "try:\n    first()\n    OLD\n    last()\nexcept Exception as error:\n    report(error)\n",
    "try:\n    def f():\n        OLD\nexcept AttributeError:\n    pass\n",
    "if bpy.app.version >= (4, 1, 0):\n    return_later()\nOLD\n",
]


@pytest.mark.parametrize("text", EXPOSED)
def test_code_that_is_reached_where_it_is_wrong_is_not_guarded(text: str) -> None:
    source = read(text)
    assert not is_guarded(source, find(source, "OLD"), NEW)


def test_hasattr_counts_for_the_names_it_is_asked_for() -> None:
    source = read("if hasattr(scene, 'my_settings'):\n    OLD\n")
    assert is_guarded(source, find(source, "OLD"))
    assert not is_guarded(source, find(source, "OLD"), NEW, names=("use_auto_smooth",))


def test_reached_says_what_each_release_does() -> None:
    source = read("if (4, 2, 0) <= bpy.app.version < (5, 0, 0):\n    OLD\n")
    node = find(source, "OLD")
    assert [reached(source, node, Release(*release)) for release in ((4, 1), (4, 2), (4, 5), (5, 0))] == [
        False,
        True,
        True,
        False,
    ]
    unclear = read("if version_of(bpy) > 4:\n    OLD\n")
    assert reached(unclear, find(unclear, "OLD"), Release(4, 5)) is None


def test_a_guarded_expression_binds_as_one() -> None:
    assert guarded_expression('"a"', '"b"', Release(4, 1)) == '("a" if bpy.app.version >= (4, 1, 0) else "b")'
    assert (
        guarded_expression("a", "b", Release(4, 2), Release(5, 0), parentheses=False)
        == "a if (4, 2, 0) <= bpy.app.version < (5, 0, 0) else b"
    )


def guard(text: str, code: str, new: list[str], old: str | None = None) -> str:
    source = read(text)
    line = whole_line(source, find(source, code))
    assert line is not None
    written = source.code(line) if old is None else old
    edit = guarded_statement(source, line, statement_text(source, new, line), written, Release(4, 1))
    result = apply_edits(text, [edit])
    compile(result, "addon.py", "exec")
    again = read(result)
    if written:
        assert is_guarded(again, find(again, code), NEW)
    return result


def test_a_guarded_statement_keeps_indentation_comments_and_line_endings() -> None:
    text = "def f(m):\r\n  if m:\r\n    old(m,\r\n        1)  # why\r\n    m.x()\r\n"
    assert guard(text, "old(m,\r\n        1)", ["with a():", "    new(m)"]) == (
        "def f(m):\r\n  if m:\r\n"
        "    if bpy.app.version >= (4, 1, 0):\r\n      with a():\r\n          new(m)\r\n"
        "    else:\r\n      old(m,\r\n          1)  # why\r\n    m.x()\r\n"
    )


def test_a_guarded_statement_in_a_file_of_tabs_uses_tabs() -> None:
    assert guard("def f():\n\told()\n", "old()", ["new()"]) == (
        "def f():\n\tif bpy.app.version >= (4, 1, 0):\n\t\tnew()\n\telse:\n\t\told()\n"
    )


def test_an_empty_side_leaves_one_branch() -> None:
    assert guard("old()\n", "old()", [""]) == "if bpy.app.version < (4, 1, 0):\n    old()\n"
    assert guard("old()\n", "old()", ["new()"], "") == "if bpy.app.version >= (4, 1, 0):\n    new()\n"


def test_text_inside_a_long_string_is_not_indented() -> None:
    text = 'if a:\n    old("""x\n  y""")\n'
    assert '        old("""x\n  y""")' in guard(text, 'old("""x\n  y""")', [""])


@pytest.mark.parametrize("text", ["a(); OLD\n", "if x: OLD\n", "f = lambda: OLD\n", "while OLD:\n    pass\n"])
def test_a_statement_that_shares_its_line_is_not_offered(text: str) -> None:
    source = read(text)
    assert whole_line(source, find(source, "OLD")) is None


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("import bpy\n", None),
        ("import os, bpy.types\n", None),
        ("try:\n    import bpy\nexcept ImportError:\n    pass\n", None),
        ("if 'bpy' in locals():\n    pass\nelse:\n    import bpy\n", None),
        ("x = 1\n", "import bpy\nx = 1\n"),
        ("from bpy.types import Panel\n", "import bpy\nfrom bpy.types import Panel\n"),
        ("# licence\n\nx = 1\n", "# licence\n\nimport bpy\nx = 1\n"),
        ('"""Words."""  # yes\r\nx = 1\r\n', '"""Words."""  # yes\r\n\r\nimport bpy\r\nx = 1\r\n'),
        (
            '"""Words."""\n\nfrom __future__ import annotations\n\nx = 1\n',
            '"""Words."""\n\nfrom __future__ import annotations\n\nimport bpy\n\nx = 1\n',
        ),
        ("@d\nclass A:\n    pass\n", "import bpy\n@d\nclass A:\n    pass\n"),
        ("def f():\n    import bpy\n", "import bpy\ndef f():\n    import bpy\n"),
        ("", "import bpy\n"),
    ],
)
def test_bpy_is_imported_once_and_after_what_must_stay_first(text: str, result: str | None) -> None:
    edit = needs_bpy(read(text))
    assert (apply_edits(text, [edit]) if edit else None) == result


def test_the_older_way_in_a_handler_is_taken_care_of() -> None:
    source = Source("a.py", "try:\n    p = c.new\nexcept AttributeError:\n    p = c.old\n", "utf-8")
    handler = source.module.body[0].handlers[0]  # type: ignore[attr-defined]
    assert is_guarded(source, handler.body.body[0])
    other = Source("a.py", "try:\n    p = d['x']\nexcept KeyError:\n    p = c.user_preferences\n", "utf-8")
    assert not is_guarded(other, other.module.body[0].handlers[0].body.body[0])  # type: ignore[attr-defined]

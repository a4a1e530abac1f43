"""Whole definitions: found by name, put in with the file's own indentation, refused where that is not clear."""

from __future__ import annotations

import pytest

from bot.edits.applying import Applied, Unapplied, apply
from bot.models.proposal import ReplaceSymbol

CODE = '''import bpy


# Says hello,
# twice.
@decorated
def hello():
    return 1


class Panel(bpy.types.Panel):
    """A panel."""

    bl_idname = "X_PT_panel"

    # When it is shown
    @classmethod
    def poll(cls, context):
        return True

    def draw(self, context):
        text = """
flush
    left
"""
        self.layout.label(text=text)

    @property
    def size(self):
        return self._size

    @size.setter
    def size(self, value):
        self._size = value

    class Inner:
        def draw(self):
            pass


if bpy.app.version > (4, 0, 0):
    def late():
        return 4
else:
    def early():
        return 2

try:
    import x
except ImportError:
    def x():
        pass


def last(): return 9
'''


def replaced(symbol: str, text: str, code: str = CODE) -> str:
    found = apply((ReplaceSymbol(path="a.py", symbol=symbol, text=text),), {"a.py": code})
    assert isinstance(found, Applied), found.reasons
    return found.files.get("a.py", code)


def why(symbol: str, text: str, code: str = CODE) -> str:
    found = apply((ReplaceSymbol(path="a.py", symbol=symbol, text=text),), {"a.py": code})
    assert isinstance(found, Unapplied), found
    return found.reasons[0]


DRAW = '    def draw(self, context):\n        self.layout.label(text="new")\n'


@pytest.mark.parametrize("by", [0, 2, 4, 8, 12])
def test_a_method_is_put_in_at_its_own_indentation(by: int) -> None:
    lines = DRAW.replace("\n    ", "\n").removeprefix("    ").splitlines(True)
    text = "".join(" " * by + line for line in lines)
    start, end = CODE.index("    def draw(self, context)"), CODE.index("\n    @property")
    assert replaced("Panel.draw", text) == CODE[:start] + DRAW + CODE[end:]


def test_the_end_of_the_name_will_do_where_it_is_the_only_one() -> None:
    assert replaced("Inner.draw", "def draw(self):\n    return 5\n") == CODE.replace(
        "            pass\n", "            return 5\n", 1
    )
    assert "2 times" in why("draw", DRAW)


def test_definitions_under_conditions_are_found() -> None:
    assert replaced("late", "def late():\n    return 5\n") == CODE.replace("return 4", "return 5")
    assert replaced("early", "def early():\n    return 5\n") == CODE.replace("return 2", "return 5")
    assert "return 6" in replaced("x", "def x():\n    return 6\n")


def test_a_definition_on_one_line() -> None:
    assert replaced("last", "def last():\n    return 10\n") == CODE.replace(
        "last(): return 9", "last():\n    return 10"
    )


def test_decorators_are_part_of_it() -> None:
    assert "is decorated (@decorated)" in why("hello", "def hello():\n    return 2\n")
    text = "@other\ndef hello():\n    return 2\n"
    assert replaced("hello", text) == CODE.replace("@decorated", "@other").replace("return 1", "return 2")


def test_comments_above_stay_unless_new_ones_are_written() -> None:
    assert "# Says hello,\n# twice.\n@decorated\ndef hello():\n    return 2" in replaced(
        "hello", "@decorated\ndef hello():\n    return 2\n"
    )
    new = replaced("hello", "# Once.\n@decorated\ndef hello():\n    return 2\n")
    assert "# Once.\n@decorated" in new and "twice" not in new and new.startswith("import bpy\n\n\n# Once.")


def test_texts_over_several_lines_that_stay_are_not_moved() -> None:
    text = 'def draw(self, context):\n    text = """\nflush\n    left\n"""\n    self.layout.label(text=text + "!")\n'
    assert replaced("Panel.draw", text) == CODE.replace("label(text=text)", 'label(text=text + "!")')


def test_a_docstring_is_moved_with_its_function() -> None:
    text = 'def draw(self, context):\n    """First.\n\n    Second.\n    """\n'
    assert '    def draw(self, context):\n        """First.\n\n        Second.\n        """\n' in replaced(
        "Panel.draw", text
    )


def test_a_class_is_replaced_as_a_whole() -> None:
    new = replaced("Panel", "class Panel(bpy.types.Panel):\n    pass\n")
    assert (
        new
        == CODE[: CODE.index("class Panel")]
        + "class Panel(bpy.types.Panel):\n    pass\n"
        + CODE[CODE.index("\n\nif bpy.app") :]
    )


def test_tabs_stay_tabs() -> None:
    code = CODE.replace("    ", "\t")
    text = "def poll(cls, context):\n    if context:\n        return False\n    return True\n"
    assert (
        "\t@classmethod\n\tdef poll(cls, context):\n\t\tif context:\n\t\t\treturn False\n\t\treturn True\n"
        in replaced("Panel.poll", "@classmethod\n" + text, code)
    )


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_stay(end: str) -> None:
    code = CODE.replace("\n", end)
    assert replaced("late", "def late():\n    return 5\n", code) == code.replace("return 4", "return 5")


def test_what_it_is_already_changes_nothing() -> None:
    found = apply((ReplaceSymbol(path="a.py", symbol="late", text="def late():\n    return 4\n"),), {"a.py": CODE})
    assert isinstance(found, Applied) and found.files == {} and "so already" in found.notes[0]


def test_an_unknown_name_is_answered_with_names_like_it() -> None:
    assert "Panel.poll" in why("Panel.pol", "def pol(): pass\n")


@pytest.mark.parametrize(
    ("symbol", "text", "reason"),
    [
        ("size", "def size(self):\n    return 1\n", "2 times (at lines 29, 33)"),
        ("Panel.size", "@property\ndef size(self):\n    return 1\n", "2 times"),
        ("late", "def late(:\n", "is no Python: line 1"),
        ("late", "def other():\n    pass\n", "`def other():`"),
        ("late", "import os\n\ndef late():\n    pass\n", "`import os`"),
        ("late", "return 5\n", "`return 5`"),
        ("late", "\n", "it holds nothing"),
        ("late", "def late():\n    # ... existing code ...\n    return 5\n", "left out"),
        ("late", "def late():\n    ...\n", "left out"),
        (
            "Panel.poll",
            "class Other:\n    @classmethod\n    def poll(cls, context):\n        return 1\n",
            "`class Other:`",
        ),
    ],
)
def test_what_is_not_clear_is_refused(symbol: str, text: str, reason: str) -> None:
    assert reason in why(symbol, text)


def test_a_file_that_does_not_compile_has_no_definitions() -> None:
    assert "does not compile as it is (line 1" in why("f", "def f(): pass\n", "print 'x'\ndef f(): pass\n")


def test_code_that_is_nested_deeply_is_no_trouble() -> None:
    code = "if a:\n    pass\n" + "elif a:\n    pass\n" * 900 + "def f():\n    return 1\n"
    found = apply((ReplaceSymbol(path="a.py", symbol="f", text="def f():\n    return 2\n"),), {"a.py": code})
    assert (isinstance(found, Applied) and "return 2" in found.files["a.py"]) or isinstance(found, Unapplied)

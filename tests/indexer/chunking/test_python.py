from __future__ import annotations

from indexer.chunking.python import MAX_BYTES, enclosing, symbols

CODE = b'''import bpy


@decorated
class Panel(bpy.types.Panel):
    """Doc."""

    def draw(self, context):
        def inner():
            pass
        return inner

    class Meta:
        def deep(self): pass

if True:
    def guarded(): return 1
'''


def test_symbols_with_their_spans_and_names() -> None:
    found = {symbol.qualified: (symbol.kind, symbol.start, symbol.end) for symbol in symbols("addon/ui.py", CODE)}
    assert found == {
        "addon.ui.Panel": ("class", 4, 14),
        "addon.ui.Panel.draw": ("method", 8, 11),
        "addon.ui.Panel.draw.inner": ("function", 9, 10),
        "addon.ui.Panel.Meta": ("class", 13, 14),
        "addon.ui.Panel.Meta.deep": ("method", 14, 14),
        "addon.ui.guarded": ("function", 17, 17),
    }


def test_the_innermost_symbol_holds_a_line() -> None:
    found = symbols("addon/__init__.py", CODE)
    names = {line: symbol.qualified if (symbol := enclosing(found, line)) else None for line in (1, 4, 6, 10, 11, 14)}
    assert names == {
        1: None,
        4: "addon.Panel",
        6: "addon.Panel",
        10: "addon.Panel.draw.inner",
        11: "addon.Panel.draw",
        14: "addon.Panel.Meta.deep",
    }


def test_a_syntax_error_hides_little() -> None:
    found = symbols("x.py", b"def good():\n    pass\n\ndef bad(:\n    print 'x'\n\ndef later():\n    pass\n")
    assert {"x.good", "x.later"} <= {symbol.qualified for symbol in found}


def test_hostile_files_are_survived() -> None:
    assert symbols("x.py", b"(" * 50_000) == ()
    assert len(symbols("x.py", b"\xff\xfe\x00def f(): pass\n")) <= 1
    assert symbols("x.py", b"#" * (MAX_BYTES + 1)) == ()
    nested = b"".join(b" " * depth + b"def f():\n" for depth in range(300))
    assert len(symbols("x.py", nested + b" " * 300 + b"pass\n")) <= 300

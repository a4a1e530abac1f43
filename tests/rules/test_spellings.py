"""Two spellings side by side: whatever the program, an old and a new release run it to the same end."""

from __future__ import annotations

from types import SimpleNamespace

import libcst as cst
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models.release import Release
from bot.rules.building import every
from bot.rules.source import Source, apply_edits
from bot.rules.spellings import Spot, both

STATEMENTS = st.sampled_from(
    (
        "thing.old = log(1)",
        "thing.old += 2",
        "log(thing.old)",
        "other = thing.old = thing.old + 1",
        "log([thing.old for _ in range(2)], -thing.old ** 2)",
        "log(thing.old if thing.old else thing.old)",
        "thing.old, rest = 5, thing.old",
        "assert thing.old is not None, 'old'",
        "log('''two\n  lines''', thing.old)",
        "# a remark",
        "log(0)  # old",
        "first = 1; thing.old = 7",
        "if thing.old > 1:\n    thing.old = 3\n    log(thing.old)\nelse: log(f'{thing.old}')",
        "for thing.old in range(2):\n\n    log(thing.old)",
        "def f(x=thing.old):\n\treturn x\nlog(f())",
        "while thing.old < 4:\n    thing.old = thing.old + 1\n    thing.old += 1",
        "del thing.old\nthing.old = 1",
        "log(thing\n    .old,\n    (lambda: thing.old)())",
    )
)


def written(source: Source, node: cst.CSTNode) -> bool:
    for parent in source.ancestors(node):
        if isinstance(parent, cst.AssignTarget | cst.Del):
            return True
        if isinstance(parent, cst.For | cst.AugAssign):
            return parent.target is node
        if not isinstance(parent, cst.Tuple | cst.Element):
            return False
    return False


def outcome(program: str, member: str, version: tuple[int, int, int]) -> list[object]:
    """What a program logs, run where its thing has only this member."""
    logged: list[object] = []
    thing = type("Thing", (), {"__slots__": (member,)})()
    setattr(thing, member, 2)

    def log(*values: object) -> object:
        logged.extend(values)
        return values[0]

    bpy = SimpleNamespace(app=SimpleNamespace(version=version))
    exec(compile(program, "program", "exec"), {"bpy": bpy, "thing": thing, "log": log})
    return [*logged, getattr(thing, member)]


@settings(max_examples=150, deadline=None)
@given(st.lists(STATEMENTS, min_size=1, max_size=6), st.sampled_from(("\n", "\r\n")))
def test_both_releases_do_what_the_program_did(parts: list[str], newline: str) -> None:
    program = "\n".join((*parts, "pass", ""))
    source = Source("a.py", program.replace("\n", newline), "utf-8")
    nodes = [node for node in every(source, cst.Attribute) if node.attr.value == "old"]
    spots = [Spot(node, (source.replace(node.attr, "new"),), written(source, node)) for node in nodes]
    edits = both(source, spots, Release(3, 0))
    fits = [edit for edit in edits if edit is not None]
    result = apply_edits(source.text, fits)
    assert outcome(result, "old", (2, 93, 0)) == outcome(program, "old", (2, 93, 0))
    if len(fits) == len(edits):
        assert outcome(result, "new", (3, 0, 0)) == outcome(program, "old", (2, 93, 0))
    else:
        assert any(text in program for text in ("for thing.old", "; thing.old")), "only these have no room for both"

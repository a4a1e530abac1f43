from __future__ import annotations

import pytest

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import Decision, Repair
from bot.models.release import Release, SupportRange
from bot.rules.base import Context
from bot.rules.operators.context_override import ContextOverride
from bot.rules.source import Source, apply_edits


def repairs(text: str, faults: tuple[Fault, ...] = (), oldest: str = "4.2") -> list[Repair]:
    support = SupportRange(oldest=Release.parse(oldest), newest=Release(4, 5))
    return list(ContextOverride().find(Source("a.py", text, "utf-8"), Context(support, [Release(4, 5)], faults)))


def repaired(body: str) -> str:
    text = "import bpy\n" + body
    edits = [edit for repair in repairs(text) for edit in repair.edits]
    result = apply_edits(text, edits)
    compile(result, "a.py", "exec")
    return result.removeprefix("import bpy\n")


def seen(line: int) -> Fault:
    return Fault(
        kind=FaultKind.OPERATOR,
        path="a.py",
        line=line,
        message="1-2 args execution context is supported",
        exception="ValueError",
        source=FaultSource.RUNTIME,
        proof=Proof.REPRODUCED,
    )


def test_a_dictionary_display_becomes_keywords_and_one_with_other_keys_stays() -> None:
    assert repaired('bpy.ops.a.b({"area": a, **more}, x=1)\n') == (
        "with bpy.context.temp_override(area=a, **more):\n    bpy.ops.a.b(x=1)\n"
    )
    assert "temp_override(**{key: a})" in repaired("bpy.ops.a.b({key: a})\n")
    assert "temp_override(a=1, b=c)" in repaired("bpy.ops.a.b(dict(a=1, b=c))\n")


def test_an_untouched_copy_of_the_context_overrides_nothing() -> None:
    assert repaired("bpy.ops.a.b(bpy.context.copy(), x=1)\n") == "bpy.ops.a.b(x=1)\n"


def test_a_copy_that_is_used_in_other_ways_hands_on_what_was_changed() -> None:
    result = repaired("def f(ob):\n    o = bpy.context.copy()\n    o['object'] = ob\n    show(o)\n    bpy.ops.a.b(o)\n")
    assert "o = bpy.context.copy()" in result
    assert "temp_override(**{k: v for k, v in o.items() if v != getattr(bpy.context, k, None)})" in result


def test_a_helper_that_copies_the_context_counts_as_a_copy() -> None:
    result = repaired(
        "def get_override():\n    c = bpy.context.copy()\n    c['a'] = 1\n    return c\n\n\n"
        "bpy.ops.a.b(get_override())\n"
    )
    assert "for k, v in get_override().items()" in result


def test_the_context_of_a_method_is_used_where_there_is_one() -> None:
    method = "class A:\n    def execute(self, context):\n        bpy.ops.a.b({'object': ob})\n"
    assert "with context.temp_override(object=ob):" in repaired(method)


def test_what_may_be_an_execution_context_is_known_only_by_its_fault() -> None:
    text = "import bpy\ndef f(how):\n    bpy.ops.a.b(how)\n"
    assert repairs(text) == []
    (repair,) = repairs(text, (seen(3),))
    assert repair.fault == seen(3)
    assert "temp_override(**how)" in repair.edits[0].text


@pytest.mark.parametrize(
    "body",
    [
        "if bpy.ops.a.b({'object': ob}) == {'FINISHED'}:\n    pass\n",
        "if bpy.ops.a.b.poll({'object': ob}):\n    pass\n",
        "if x: bpy.ops.a.b({'object': ob})\n",
        "bpy.ops.a.b({'object': ob}  # why\n)\n",
    ],
)
def test_a_call_no_with_can_stand_around_is_left_and_explained(body: str) -> None:
    (repair,) = repairs("import bpy\n" + body)
    assert repair.decision is Decision.LEAVE
    assert repair.reason
    assert not repair.edits


def test_the_call_asks_for_what_the_new_code_needs() -> None:
    text = "import bpy\nbpy.ops.a.b({'object': ob})\n"
    assert repairs(text)[0].requires[0].since is None
    assert repairs(text, oldest="3.0")[0].requires[0].since == Release(3, 2)
    assert repairs(text)[0].question is not None


def test_line_endings_and_tabs_are_kept() -> None:
    text = "import bpy\r\nif x:\r\n\tr = bpy.ops.a.b(\r\n\t\t{'object': ob}, x=1)  # why\r\n"
    (repair,) = repairs(text)
    assert apply_edits(text, repair.edits) == (
        "import bpy\r\nif x:\r\n\twith bpy.context.temp_override(object=ob):\r\n"
        "\t\tr = bpy.ops.a.b(\r\n\t\t\tx=1)  # why\r\n"
    )

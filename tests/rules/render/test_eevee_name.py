from __future__ import annotations

from typing import Any

import pytest

from bot.rules.render.eevee_name import EeveeName

SET = "import bpy\nbpy.context.scene.render.engine = {}\n"


@pytest.mark.parametrize(
    ("support", "written", "result"),
    [
        ("4.2-4.5", "'BLENDER_EEVEE'", "'BLENDER_EEVEE_NEXT'"),
        ("5.0-5.1", '"BLENDER_EEVEE_NEXT"', '"BLENDER_EEVEE"'),
        (
            "4.2-5.0",
            '"BLENDER_EEVEE_NEXT"',
            '"BLENDER_EEVEE_NEXT" if (4, 2, 0) <= bpy.app.version < (5, 0, 0) else "BLENDER_EEVEE"',
        ),
        (
            "3.6-4.5",
            '1 if nice else "BLENDER_EEVEE"',
            '1 if nice else ("BLENDER_EEVEE_NEXT" if (4, 2, 0) <= bpy.app.version < (5, 0, 0) else "BLENDER_EEVEE")',
        ),
    ],
)
def test_an_engine_is_set_by_the_name_each_release_has(looking: Any, support: str, written: str, result: str) -> None:
    assert looking(EeveeName(), support).repaired(SET.format(written)) == SET.format(result)


def test_a_name_that_every_supported_release_has_is_left(looking: Any) -> None:
    assert looking(EeveeName(), "4.2-4.5").repaired(SET.format('"BLENDER_EEVEE_NEXT"')) == SET.format(
        '"BLENDER_EEVEE_NEXT"'
    )


def test_comparisons_accept_both_names_either_way_round(looking: Any) -> None:
    rule = looking(EeveeName(), "4.2-4.5")
    assert rule.repaired("x = 'BLENDER_EEVEE' != engine\n") == (
        "x = engine not in {'BLENDER_EEVEE', 'BLENDER_EEVEE_NEXT'}\n"
    )
    assert rule.repaired("if e in ('BLENDER_EEVEE',): pass\n") == (
        "if e in ('BLENDER_EEVEE', 'BLENDER_EEVEE_NEXT',): pass\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "e == 'BLENDER_EEVEE' or e == 'BLENDER_EEVEE_NEXT'\n",
        "def f(e):\n    if e == 'BLENDER_EEVEE': pass\n    elif e == 'BLENDER_EEVEE_NEXT': pass\n",
        "x = EnumProperty(default='BLENDER_EEVEE')\n",
        "names = ['BLENDER_EEVEE', 'CYCLES']\n",
        "self.engine = 'BLENDER_EEVEE'\n",
        "if bpy.app.version < (4, 2, 0):\n    scene.render.engine = 'BLENDER_EEVEE'\n",
    ],
)
def test_what_is_no_engine_or_is_told_apart_already_is_left(looking: Any, text: str) -> None:
    assert looking(EeveeName(), "3.6-4.5").repaired(text) == text


def test_bpy_is_imported_where_the_version_is_asked_for(looking: Any) -> None:
    text = '"""Tool."""\ndef f(scene):\n    scene.render.engine = "BLENDER_EEVEE"\n'
    assert looking(EeveeName(), "3.6-4.5").repaired(text).startswith('"""Tool."""\n\nimport bpy\ndef f')

"""Where a Blender died is read out of what its fault handler wrote, and nothing else is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blender.last_words import Death, last_words

WORDS = """\
Info: Saved
Fatal Python error: Segmentation fault

Current thread 0x00007f53a8b0a740 (most recent call first):
  File "{file}", line 41 in execute
  File "/b/4.5/scripts/modules/bpy/ops.py", line 107 in __call__

Extension modules: mathutils (total: 1)
"""


@pytest.mark.parametrize(
    ("file", "death"),
    [
        ("/b/4.5/scripts/modules/bpy/ops.py", Death(owner="bpy.ops")),
        ("/b/bot/blender/harness/interface/guards.py", Death(owner="bpy.ops")),
        ("/w/scratch/scripts/addons/kiln/tools/fire.py", Death(path="tools/fire.py", line=41)),
        ("/w/scratch/scripts/addons/kiln.py", Death(path="kiln.py", line=41)),
        ("/w/scratch/extensions/user_default/kiln/__init__.py", Death(path="__init__.py", line=41)),
        ("/w/scratch/scripts/addons/other/fire.py", Death()),
        ("/usr/lib/python3.11/os.py", Death()),
    ],
)
def test_the_innermost_frame_says_where(file: str, death: Death) -> None:
    assert last_words(WORDS.format(file=file), "kiln") == death


def test_the_last_death_counts() -> None:
    told = WORDS.format(file="/x/scripts/addons/kiln.py") + WORDS.format(file="/b/bpy/ops.py")
    assert last_words(told, "kiln") == Death(owner="bpy.ops")


@given(st.text())
def test_other_words_say_nothing(text: str) -> None:
    assert last_words(text, "kiln") == Death()


def test_a_flood_is_read_in_no_time() -> None:
    begun = time.monotonic()
    last_words("Fatal Python error: " * 100_000 + "\n" * 100_000 + "Fatal Python error: x\n" * 100_000, "kiln")
    assert time.monotonic() - begun < 5

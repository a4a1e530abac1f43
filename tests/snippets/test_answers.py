"""A model's snippet is read leniently; what cannot be used is said in one sentence."""

from __future__ import annotations

import pytest

from bot.answers.snippet import Marked, read
from bot.models.proposal import Malformed

CODE = "import bpy\nbpy.context.scene.frame_end = 10\n"
KNOWN = ("c1", "c2")


@pytest.mark.parametrize(
    "text",
    [
        f"## Rests on\n[c2]\n\n## Code\n```python\n{CODE}```\n",
        f"**Rests on:**\nc2, and c2 again\n\n**Code**\n```py\n{CODE}```\nGood luck!",
        f"# Rests on\r\n- [c2]\r\n# Code\r\n~~~\r\n{CODE}~~~\r\n",
    ],
)
def test_the_usual_forms_are_read(text: str) -> None:
    assert read(text, KNOWN) == Marked(CODE, ("c2",))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I cannot do that.", "There is no code"),
        ("## Code\n```python\n\n```", "There is no code"),
        ("## Rests on\n[c1]\n## Code\n```python\ndef f(:\n```", "no Python: invalid syntax (line 1)"),
        ("## Rests on\n[c1]\n## Code\n```python\nx = '\0'\n```", "no Python"),
        (f"## Code\n```python\n{CODE}```", "Nothing is cited"),
        (f"## Rests on\n[c9]\n## Code\n```python\n{CODE}```", "c9 are no marks of what you were shown"),
        (f"## Rests on\n[c1]\n## Code\n```python\n{'x = 1' + chr(10)!s}" * 400 + "```", "lines: keep it under 300"),
    ],
)
def test_what_cannot_be_used_is_said(text: str, reason: str) -> None:
    found = read(text, KNOWN)
    assert isinstance(found, Malformed) and reason in found.reason, found


def test_where_nothing_was_shown_nothing_need_be_cited() -> None:
    assert read(f"```python\n{CODE}```", ()) == Marked(CODE, ())

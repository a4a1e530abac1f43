from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triggers.releases import release_in

FORM = """\
**System Information**
Operating system: Linux 6.1

**Blender Version**
Broken: version: 4.2.0 Alpha, branch: main, commit date: 2024-05-04
Worked: (newest version of Blender that worked as expected) 3.6
"""


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("Blender 4.2.3 (hash 0e22e4fcea03 built 2024-10-14 15:20:19)\nRead prefs", "4.2"),
        ("# Blender 4.2.3, Commit date: 2024-10-14 14:39, Hash 0e22e4fcea03", "4.2"),
        ("Blender 4.5.1 LTS\n", "4.5"),
        ("Blender 2.83.20", "2.83"),
        ("Blender version: 4.2.3", "4.2"),
        ("**Blender version**: 4.3", "4.3"),
        ("### Blender version\n\n4.4.0\n\n### Steps\n\n1.2", "4.4"),
        ("### Which Blender version?\n\nBlender 5.0", "5.0"),
        (FORM, "4.2"),
        ("**Blender Version**\nWorked: 3.6.4\nBroken: 4.1.0", "4.1"),
        ("- Blender: v4.2.1\n- Add-on: 1.7.0", "4.2"),
        ("| Blender | 4.2 |\n| Add-on | 3.0 |", "4.2"),
        ('File "/home/u/.config/blender/3.6/scripts/addons/x/__init__.py", line 3', "3.6"),
        ('File "C:\\Program Files\\Blender Foundation\\Blender 4.1\\4.1\\scripts\\modules\\x.py", line 3', "4.1"),
        ('File "/opt/blender-4.2.3-linux-x64/4.2/scripts/x.py"', "4.2"),
        ('File "/Applications/Blender.app/Contents/Resources/4.5/scripts/modules/x.py"', "4.5"),
        ("since I updated to Blender 4.1 nothing works", "4.1"),
        ("My add-on 4.2 fails with Python 3.11 and numpy 2.1", None),
        ("Blender 9.9 is not here yet, blender 1.2 is long gone", "9.9"),
        ("It fails in blender 42.1", None),
        ("", None),
    ],
)
def test_the_release_a_text_is_about(text: str, release: str | None) -> None:
    assert str(release_in(text)) == str(release)


@given(st.text(max_size=300))
def test_any_text_has_one_release_or_none(text: str) -> None:
    release_in(text)
    release_in(f"Blender {text}")


@pytest.mark.parametrize(
    "piece", ["blender ", "Broken: ", "blender version: \n", "/4.2", "Blender 4.2", "\\Blender\\", "\n"]
)
def test_five_megabytes_of_anything_are_read_in_seconds(piece: str) -> None:
    begun = time.perf_counter()
    release_in(piece * (5_000_000 // len(piece)))
    assert time.perf_counter() - begun < 5

"""The log is of one version of the add-on, the checkout of another."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models.addon import Addon, AddonKind
from bot.triggers.anchoring import Anchors
from bot.triggers.logs import faults_in, frames_in
from bot.triggers.tracebacks import LogFrame

ADDON = Addon(
    path="kiln",
    module="kiln",
    kind=AddonKind.LEGACY,
    single_file=False,
    name="Kiln",
    declared_minimum=None,
    files=("kiln/__init__.py", "kiln/ops.py"),
)
OPS = """\
def fire(mesh):
    mesh.use_auto_smooth = True
    return mesh


def cool(mesh):
    mesh.use_auto_smooth = True
    pass


class Oven:
    def execute(self, context):
        fire(context.object.data)
"""
TEXTS = {"kiln/ops.py": OPS}


def log(line: int, function: str, code: str = "") -> str:
    quoted = f"    {code}\n" if code else ""
    frame = f'  File "/x/scripts/addons/kiln/ops.py", line {line}, in {function}\n{quoted}'
    return f"Traceback (most recent call last):\n{frame}AttributeError: no\n"


@pytest.mark.parametrize(
    ("line", "function", "code", "now"),
    [
        (2, "fire", "mesh.use_auto_smooth = True", 2),
        (40, "fire", "mesh.use_auto_smooth = True", 2),
        (40, "cool", "mesh.use_auto_smooth = True", 7),
        (3, "cool", "mesh.use_auto_smooth   =  True", 7),
        (40, "renamed", "fire(context.object.data)", 13),
        (40, "execute", "", 12),
        (13, "execute", "", 13),
        (40, "execute", "what is no more", 12),
        (40, "cool", "pass", 6),
        (40, "gone", "", 40),
        (3, "<module>", "", 3),
    ],
)
def test_the_place_is_where_the_code_stands_now(line: int, function: str, code: str, now: int) -> None:
    (fault,) = faults_in(log(line, function, code), ADDON, TEXTS)
    assert fault.place == f"kiln/ops.py:{now}"
    (frame,) = frames_in(log(line, function, code), ADDON, TEXTS)
    assert (frame.line, frame.function) == (now, function)


def test_a_box_around_the_code_points_at_its_line() -> None:
    told = """\
╭── Traceback (most recent call last) ──╮
│ /x/addons/kiln/ops.py:41 in cool      │
│                                       │
│   40 def cool(mesh):                  │
│ ❱ 41 │   mesh.use_auto_smooth = True  │
╰───────────────────────────────────────╯
AttributeError: no
"""
    assert faults_in(told, ADDON, TEXTS)[0].line == 7


def test_without_the_files_it_stays_as_it_was_told() -> None:
    assert faults_in(log(40, "fire", "mesh.use_auto_smooth = True"), ADDON)[0].line == 40


@given(
    st.integers(0, 30),
    st.sampled_from(["fire", "cool", "execute", "x", ""]),
    st.text(max_size=30),
    st.text(max_size=200),
)
def test_any_file_and_frame_give_a_line(line: int, function: str, code: str, text: str) -> None:
    frame = LogFrame("kiln/ops.py", line, function, code)
    for content in (text, OPS, OPS + text):
        now = Anchors({"kiln/ops.py": content}).now(frame)
        assert now.line == line or 1 <= now.line <= content.count("\n") + content.count("\r") + 1


@pytest.mark.parametrize(
    "text", ["(" * 200_000, "x\n" * 900_000, "def f():\n  " * 1, "-" * 1_000_000, "def fire(): 0\n" * 100_000]
)
def test_a_hostile_file_costs_seconds_at_most(text: str) -> None:
    anchors = Anchors({"kiln/ops.py": text})
    begun = time.perf_counter()
    for number in range(2_000):
        anchors.now(LogFrame("kiln/ops.py", number, "fire", "def fire(): 0"))
    assert time.perf_counter() - begun < 15

from __future__ import annotations

from pathlib import Path

import pytest

from bot.models.addon import Addon, AddonKind
from bot.models.fault import FaultKind, Proof
from bot.models.validation import Observation, Outcome
from bot.validators.base import Subject
from bot.validators.syntax import MAX_BYTES, SyntaxValidator


def observe(files: dict[str, bytes]) -> Observation:
    addon = Addon(
        path="addon",
        module="addon",
        kind=AddonKind.LEGACY,
        single_file=False,
        name="Add-on",
        declared_minimum=None,
        files=tuple(files),
    )
    (observation,) = SyntaxValidator().observe(Subject(Path("/nowhere"), Path("/nowhere"), addon, files))
    return observation


def test_each_file_is_one_check() -> None:
    seen = observe({"addon/b.py": b"x = 1\n", "addon/a.py": b"def f(:\n"})
    assert [(check.id, check.outcome) for check in seen.checks] == [
        ("syntax:addon/a.py", Outcome.FAIL),
        ("syntax:addon/b.py", Outcome.PASS),
    ]
    assert seen.release is None
    assert seen.reached


@pytest.mark.parametrize(
    ("data", "line", "exception"),
    [
        (b"import bpy\n\nprint 'x'\n", 3, "SyntaxError"),
        (b"if True:\nx = 1\n", 2, "IndentationError"),
        (b"def f():\n\treturn 1\n        return 2\n", 3, "TabError"),
        (b"return 1\n", 1, "SyntaxError"),  # seen by the compiler, not by the grammar
        (b"x = '\xff'\n", 1, None),
        (b"# coding: no-such-encoding\nx = 1\n", 0, "SyntaxError"),
        (b"x = 1\n\0\n", None, None),
        (b"(" * 5000, None, None),
        (b"-" * 200_000 + b"1\n", None, None),
    ],
)
def test_what_does_not_compile_is_a_fault(data: bytes, line: int | None, exception: str | None) -> None:
    (check,) = observe({"addon/a.py": data}).checks
    assert check.outcome is Outcome.FAIL
    assert check.fault is not None
    assert check.fault.kind is FaultKind.SYNTAX
    assert check.fault.proof is Proof.STATIC
    assert check.fault.path == "addon/a.py"
    assert check.detail == check.fault.message != ""
    assert line is None or check.fault.line == line
    assert exception is None or check.fault.exception == exception


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\xbb\xbfx = 1\n",  # with a byte order mark
        "# -*- coding: latin-1 -*-\nname = 'Größe'\n".encode("latin-1"),
        b"x = 1\r\ny = 2\r\n",
        b"pattern = '\\d'\n",  # a warning is no fault
        b"raise SystemExit(1)\n",  # nothing is executed
    ],
)
def test_what_compiles_passes(data: bytes) -> None:
    (check,) = observe({"addon/a.py": data}).checks
    assert (check.outcome, check.fault) == (Outcome.PASS, None)


def test_data_in_the_clothes_of_code_is_left_alone() -> None:
    (check,) = observe({"addon/a.py": b"#" * (MAX_BYTES + 1)}).checks
    assert check.outcome is Outcome.SKIPPED
    assert "bytes" in check.detail

"""How much memory processes hold, as the supervisor counts it."""

from __future__ import annotations

import mmap
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.memory import machine_is_short, used_by

MEGABYTE = 1024**2
HOLD = "import mmap, os, sys\n{take}\nprint('held', flush=True)\nsys.stdin.read()"
PRIVATE = "kept = bytearray(b'x' * (100 << 20))"
SHARED = "kept = mmap.mmap(-1, 100 << 20); kept.write(b'x' * (100 << 20))"


@pytest.fixture
def proc() -> Iterator[int]:
    descriptor = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    yield descriptor
    os.close(descriptor)


@pytest.mark.parametrize("take", [PRIVATE, SHARED], ids=["private", "shared"])
def test_memory_of_either_kind_counts(proc: int, take: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", HOLD.format(take=take)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == b"held\n"
        rough = used_by(proc, [process.pid], 2**40)
        exact = used_by(proc, [process.pid], 0)
        assert process.stdin is not None
        process.stdin.close()
    for seen in (rough, exact):
        assert 100 * MEGABYTE <= seen < 150 * MEGABYTE


def test_what_children_share_counts_once_where_it_matters(proc: int) -> None:
    shared = mmap.mmap(-1, 50 * MEGABYTE)
    shared.write(b"x" * 50 * MEGABYTE)
    ready, told = os.pipe()
    wait, go = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(go)
        shared[0 :: mmap.PAGESIZE]  # every page is the child's too
        os.write(told, b"x")
        os.read(wait, 1)
        os._exit(0)
    os.read(ready, 1)
    both = used_by(proc, [os.getpid(), pid], 0)
    rough = used_by(proc, [os.getpid(), pid], 2**50)
    os.close(go)
    os.waitpid(pid, 0)
    for descriptor in (ready, told, wait):
        os.close(descriptor)
    assert rough - both > 45 * MEGABYTE


def test_a_process_that_is_gone_holds_nothing(proc: int) -> None:
    process = subprocess.Popen(["/bin/true"])
    process.wait()
    assert used_by(proc, [process.pid], 0) == 0


def test_a_machine_is_short_by_what_is_left_of_its_memory(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for available, short in (("20000000", False), ("100000", True)):
            told = f"MemTotal:       24000000 kB\nMemFree: 1 kB\nMemAvailable:   {available} kB\n"
            (tmp_path / "meminfo").write_text(told)
            assert machine_is_short(descriptor) is short
        (tmp_path / "meminfo").unlink()
        assert machine_is_short(descriptor) is False
    finally:
        os.close(descriptor)

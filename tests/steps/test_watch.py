from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.blender.base import Ending, HarnessRequest, Picture, Runtime, Session
from bot.models.release import Release
from bot.steps.watch import Watched

OLD, NEW = Release(4, 2), Release(4, 5)


@dataclass
class Waiting:
    """A starter whose Blenders end when they are told to."""

    ends: dict[Release, threading.Event] = field(
        default_factory=lambda: {OLD: threading.Event(), NEW: threading.Event()}
    )
    fails: bool = False

    def exercise(self, runtime: Runtime, request: HarnessRequest, work: Path) -> Session:
        assert self.ends[runtime.release].wait(10)
        if self.fails:
            raise OSError("no Blender")
        return Session(ending=Ending.COMPLETED, result=None)


def runtime(release: Release) -> Runtime:
    return Runtime(release=release, version=f"{release}.0", path=Path("/usr/bin/blender"), kind="executable")


def request(**more: object) -> HarnessRequest:
    return HarnessRequest(addon_source="/a", module="a", kind="legacy", scratch="/s", **more)


def test_it_says_which_blenders_are_at_work_and_which_are_done(tmp_path: Path) -> None:
    said: list[str] = []
    starter = Waiting()
    watched = Watched(starter, said.append)
    threads = []
    for number, release in enumerate((NEW, OLD)):
        thread = threading.Thread(target=watched.exercise, args=(runtime(release), request(), tmp_path))
        thread.start()
        threads.append(thread)
        while len(said) <= number:
            threading.Event().wait(0.005)
    assert said == ["running the add-on in Blender 4.5", "running the add-on in Blender 4.2 and 4.5"]
    starter.ends[OLD].set()
    threads[1].join(10)
    assert said[2].startswith("running the add-on in Blender 4.5; 4.2 done in ")
    starter.ends[NEW].set()
    threads[0].join(10)
    watched.exercise(runtime(OLD), request(only=("a", "b")), tmp_path)
    assert said[3:] == ["trying 2 checks again alone in Blender 4.2"]


def test_a_render_is_told_as_such(tmp_path: Path) -> None:
    said: list[str] = []
    starter = Waiting()
    starter.ends[NEW].set()
    Watched(starter, said.append).exercise(
        runtime(NEW), request(exercise=False, picture=Picture(file="/p.png")), tmp_path
    )
    assert said == ["rendering what it makes in Blender 4.5"]


def test_an_error_passes_and_the_next_start_is_told_rightly(tmp_path: Path) -> None:
    said: list[str] = []
    starter = Waiting(fails=True)
    starter.ends[NEW].set()
    watched = Watched(starter, said.append)
    for _ in range(2):
        with pytest.raises(OSError, match="no Blender"):
            watched.exercise(runtime(NEW), request(), tmp_path)
    assert said == ["running the add-on in Blender 4.5"] * 2

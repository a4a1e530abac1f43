from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.errands.watching import INTERVAL, MOST_FAILURES, Stage, watch
from world import World

ORDER = ("Set up", "Reproduce", "Repair", "Verify", "Conclude")


@dataclass
class Time:
    """A clock that only goes on while somebody sleeps; something may happen then."""

    world: World
    run: int
    happens: list[Any]
    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)
        if self.happens:
            self.set(self.happens.pop(0))

    def set(self, jobs: list[dict[str, Any]]) -> None:
        self.world.hub.actions.run(self.run, jobs)

    def stages(self, seconds: float = 3600) -> Iterator[Stage]:
        return watch(self.world.host(), self.run, seconds, sleep=self.sleep, clock=lambda: self.now)


def repair(at: str, status: str = "in_progress", name: str = "Repair") -> dict[str, Any]:
    """The job while a step of it is done."""
    place = ORDER.index(at)
    steps = [
        {"name": step, "status": "completed" if number < place else "in_progress" if number == place else "queued"}
        | ({"conclusion": "success"} if number < place else {})
        for number, step in enumerate(ORDER)
    ]
    return {"name": name, "status": status, "steps": steps}


def over(conclusion: str = "success") -> dict[str, Any]:
    return {"name": "Repair", "status": "completed", "conclusion": conclusion, "steps": []}


def begun(world: World, *happens: list[dict[str, Any]]) -> Time:
    time = Time(world, world.run(), list(happens[1:]))
    time.set(happens[0])
    return time


LISTEN = {"name": "Listen", "status": "completed", "conclusion": "success", "steps": []}
PROGRESS = {"name": "Progress", "status": "in_progress", "steps": [{"name": "Repair", "status": "in_progress"}]}


def test_each_stage_is_told_once(world: World) -> None:
    queued = {"name": "Repair", "status": "queued", "steps": []}
    time = begun(
        world,
        [LISTEN],
        [LISTEN, PROGRESS, queued],
        [LISTEN, PROGRESS, repair("Set up")],
        [LISTEN, PROGRESS, repair("Reproduce")],
        [LISTEN, PROGRESS, repair("Reproduce")],
        [LISTEN, PROGRESS, repair("Repair")],
        [LISTEN, PROGRESS, repair("Verify")],
        [LISTEN, PROGRESS, repair("Conclude")],
        [LISTEN, PROGRESS, over()],
    )
    assert list(time.stages()) == [Stage.REPRODUCING, Stage.REPAIRING, Stage.VERIFYING]
    assert set(time.slept) == {INTERVAL}


def test_stages_that_were_over_before_anybody_looked(world: World) -> None:
    assert list(begun(world, [repair("Verify")], [over("failure")]).stages()) == [Stage.VERIFYING]
    assert list(begun(world, [over("skipped")]).stages()) == []


def test_a_step_that_was_left_out_is_no_stage(world: World) -> None:
    failed = repair("Conclude")
    for step in failed["steps"][2:4]:
        step["conclusion"] = "skipped"
    assert list(begun(world, [failed], [over()]).stages()) == [Stage.REPRODUCING]


def test_there_is_an_end(world: World) -> None:
    time = begun(world, [repair("Reproduce")])
    assert list(time.stages(100)) == [Stage.REPRODUCING]
    assert time.now < 100


def test_a_called_workflow_adds_to_the_name(world: World) -> None:
    time = begun(world, [repair("Repair", name="bcrag / Repair")], [over()])
    assert list(time.stages()) == [Stage.REPAIRING]


def test_github_may_say_nothing_for_a_while(world: World) -> None:
    time = begun(world, [repair("Reproduce")], [over()])
    world.hub.give("GET", f"actions/runs/{time.run}/jobs", {"message": "no"}, status=404, times=MOST_FAILURES - 1)
    time.happens = [[repair("Reproduce")]] * MOST_FAILURES + [[over()]]
    assert list(time.stages()) == [Stage.REPRODUCING]
    time = begun(world, [repair("Reproduce")])
    world.hub.give("GET", f"actions/runs/{time.run}/jobs", {"message": "no"}, status=404)
    assert list(time.stages()) == []
    assert len(time.slept) == MOST_FAILURES - 1

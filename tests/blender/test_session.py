"""Whatever an add-on does to Blender, the bot gets an answer. Real Blender, real sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.blender.base import Ending, HarnessRequest, Probe, Runtime, Session
from bot.blender.session import RESTARTS, BlenderExerciser
from bot.sandbox.base import Sandbox

ADDON = """
bl_info = {{"name": "Trial", "blender": (2, 80, 0), "version": (1, 0, 0), "category": "Object"}}
import bpy, json, os, signal, sys, time
{top}
class OBJECT_OT_first(bpy.types.Operator):
    bl_idname = "object.first"
    bl_label = "First"
    def execute(self, context):
        return {{"FINISHED"}}
class OBJECT_OT_second(bpy.types.Operator):
    bl_idname = "object.second"
    bl_label = "Second"
    def execute(self, context):
        {body}
        return {{"FINISHED"}}
class OBJECT_OT_third(bpy.types.Operator):
    bl_idname = "object.third"
    bl_label = "Third"
    def execute(self, context):
        {third}
        return {{"FINISHED"}}
def register():
    bpy.utils.register_class(OBJECT_OT_first)
    bpy.utils.register_class(OBJECT_OT_second)
    bpy.utils.register_class(OBJECT_OT_third)
def unregister():
    {last}
    bpy.utils.unregister_class(OBJECT_OT_third)
    bpy.utils.unregister_class(OBJECT_OT_second)
    bpy.utils.unregister_class(OBJECT_OT_first)
"""
KILL = "os.kill(os.getpid(), signal.SIGSEGV)"


@pytest.fixture
def newest(runtimes: tuple[Runtime, ...]) -> Runtime:
    return runtimes[-1]


def exercise(
    sandbox: Sandbox, runtime: Runtime, folder: Path, *, top: str = "", body: str = "pass", third: str = "pass",
    last: str = "pass", budget: float = 60.0,
) -> Session:  # fmt: skip
    source, work = folder / "trial.py", folder / "work"
    source.write_text(ADDON.format(top=top, body=body, third=third, last=last))
    work.mkdir()
    (work / "scratch").mkdir()
    request = HarnessRequest(
        addon_source=str(source),
        module="trial",
        kind="legacy",
        scratch=str(work / "scratch"),
        budget_seconds=budget,
    )
    return BlenderExerciser(sandbox).exercise(runtime, request, work)


def probes(session: Session) -> dict[str, Probe]:
    assert session.result is not None, session.output
    return {probe.id: probe for probe in session.result.probes}


def test_a_healthy_add_on_needs_one_start(sandbox: Sandbox, runtime: Runtime, tmp_path: Path) -> None:
    session = exercise(sandbox, runtime, tmp_path)
    assert (session.ending, session.starts) == (Ending.COMPLETED, 1)
    assert {probe.outcome for probe in probes(session).values()} == {"pass"}
    assert session.result is not None
    assert session.result.release == runtime.release
    assert session.result.version.startswith(runtime.version)


def test_a_crash_costs_one_probe_and_one_start(sandbox: Sandbox, runtime: Runtime, tmp_path: Path) -> None:
    session = exercise(sandbox, runtime, tmp_path, body=KILL)
    assert (session.ending, session.starts) == (Ending.COMPLETED, 2)
    found = probes(session)
    raised = found["operator:object.second"].raised
    assert raised is not None
    assert (raised.type, raised.message) == (
        "Crash",
        "Blender crashed (signal 11) while running operator:object.second",
    )
    assert found["operator:object.first"].outcome == found["operator:object.third"].outcome == "pass"
    assert found["disable"].outcome == "pass"


def test_what_dies_of_what_was_done_before_it_is_not_to_blame(
    sandbox: Sandbox, newest: Runtime, tmp_path: Path
) -> None:
    last = f"spoilt.append(1) if not spoilt else {KILL}"
    session = exercise(sandbox, newest, tmp_path, top="spoilt = []", body="spoilt.append(1)", last=last)
    found = probes(session)
    assert (session.ending, session.starts) == (Ending.COMPLETED, 3)
    assert found["disable"].outcome == found["left-behind"].outcome == found["operator:object.third"].outcome == "pass"


def test_what_dies_by_itself_is(sandbox: Sandbox, newest: Runtime, tmp_path: Path) -> None:
    session = exercise(sandbox, newest, tmp_path, last=KILL)
    raised = probes(session)["disable"].raised
    assert raised is not None and (session.ending, raised.type) == (Ending.COMPLETED, "Crash")


def test_leaving_early_is_an_outcome(sandbox: Sandbox, newest: Runtime, tmp_path: Path) -> None:
    session = exercise(sandbox, newest, tmp_path, body="os._exit(0)", third="os._exit(3)")
    found = probes(session)
    assert (session.ending, session.starts) == (Ending.COMPLETED, 3)
    for name, status in (("second", 0), ("third", 3)):
        raised = found[f"operator:object.{name}"].raised
        assert raised is not None
        assert raised.message == f"Blender ended with status {status} while running operator:object.{name}"


def test_an_add_on_that_kills_every_blender_ends_the_attempts(
    sandbox: Sandbox, newest: Runtime, tmp_path: Path
) -> None:
    many = "\n".join(
        f"class OBJECT_OT_bad{number}(bpy.types.Operator):\n"
        f"    bl_idname = 'object.bad{number}'\n    bl_label = 'Bad'\n"
        f"    def execute(self, context):\n        {KILL}\n"
        for number in range(5)
    )
    register = "\n".join(f"bpy.utils.register_class(OBJECT_OT_bad{number})" for number in range(5))
    session = exercise(sandbox, newest, tmp_path, top=f"{many}\n{register}")
    assert session.starts == RESTARTS + 1
    assert session.ending is Ending.CRASHED
    crashed = [probe.id for probe in probes(session).values() if probe.raised and probe.raised.type == "Crash"]
    assert len(crashed) == RESTARTS + 1


def test_a_death_while_loading_is_not_tried_again(sandbox: Sandbox, newest: Runtime, tmp_path: Path) -> None:
    session = exercise(sandbox, newest, tmp_path, top=KILL)
    assert (session.ending, session.starts) == (Ending.CRASHED, 1)
    raised = probes(session)["enable"].raised
    assert raised is not None and raised.type == "Crash"


def test_a_blender_that_hangs_is_stopped(
    sandbox: Sandbox, newest: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.blender.session._MARGIN_SECONDS", 4.0)
    hang = "signal.signal(signal.SIGALRM, signal.SIG_IGN); signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))"
    deaf = f"{hang}\nimport ctypes; ctypes.PyDLL(None).sleep(300)"
    session = exercise(sandbox, newest, tmp_path, top=deaf, budget=1.0)
    assert (session.ending, session.starts) == (Ending.TIMED_OUT, 1)
    raised = probes(session)["enable"].raised
    assert raised is not None and raised.type == "Timeout"
    assert session.seconds < 15

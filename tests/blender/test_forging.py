"""Add-ons that want to be believed what is not so: none is, and each is reported. Real Blender, real sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.blender.base import Ending, HarnessRequest, Runtime, Session
from bot.blender.session import BlenderExerciser
from bot.blender.tampering import PRINTED, RESTORED, TEXTS, UNSIGNED
from bot.models.question import Question, QuestionKind
from bot.sandbox.base import Sandbox

FORGERS = Path(__file__).parents[1] / "data" / "hostile_results"
ABSENT = Question(kind=QuestionKind.MEMBER, owner="bpy.types.Mesh", name="there_is_no_such_member")

REPORTED = {
    "background": TEXTS["desk"],
    "builtins_patched": RESTORED,
    "channel": UNSIGNED,
    "collector": TEXTS["refused"],
    "deputy": TEXTS["refused"],
    "descriptors": UNSIGNED,
    "extension": TEXTS["extension"],
    "frames": TEXTS["refused"],
    "hook": TEXTS["refused"],
    "interpreter": TEXTS["interpreter"],
    "memory": TEXTS["process"],
    "native_call": TEXTS["desk"],
    "other_hook": TEXTS["tracing"],
    "patches": RESTORED,
    "prints": PRINTED,
    "replay": UNSIGNED,
    "stack": TEXTS["desk"],
}
"""What is said of each; `files` is the one nobody has to tell of, because nothing is read from a file."""
STOPS = {"channel", "descriptors"}
"""Those after which nothing is left of Blender."""
BREAKS = {"native_call"}
"""Those after which the harness cannot go on."""


def forge(sandbox: Sandbox, runtime: Runtime, folder: Path, name: str) -> Session:
    source, work = folder / "forger.py", folder / "work"
    tail = (FORGERS / "tail.txt").read_text(encoding="utf-8")
    source.write_text((FORGERS / f"{name}.py").read_text(encoding="utf-8") + tail, encoding="utf-8")
    (work / "scratch").mkdir(parents=True)
    request = HarnessRequest(
        addon_source=str(source),
        module="forger",
        kind="legacy",
        scratch=str(work / "scratch"),
        budget_seconds=40.0,
        questions=(ABSENT,),
    )
    return BlenderExerciser(sandbox).exercise(runtime, request, work)


def test_every_forger_is_tried() -> None:
    assert {path.stem for path in FORGERS.glob("*.py")} == {*REPORTED, "files"}


@pytest.mark.parametrize("name", [*REPORTED, "files"])
def test_no_forger_is_believed_and_each_is_reported(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path, name: str
) -> None:
    session = forge(sandbox, runtimes[-1], tmp_path, name)
    result = session.result
    assert result is not None, session.output
    probes = {probe.id: probe.outcome for probe in result.probes}
    assert "operator:object.forged" not in probes
    assert result.version.startswith(runtimes[-1].version) and result.release == runtimes[-1].release
    assert [answer.exists for answer in result.answers] == [False]
    if name in BREAKS:
        assert session.ending is not Ending.COMPLETED
    elif name in STOPS:
        assert session.ending is not Ending.COMPLETED
        assert probes["enable"] == "fail"
    else:
        assert session.ending is Ending.COMPLETED, session.output
        assert probes["operator:object.truth"] in {"fail", "skipped"}
    if name in REPORTED:
        said = REPORTED[name].partition("{")[0]
        assert any(said in text for text in session.tampering), session.tampering

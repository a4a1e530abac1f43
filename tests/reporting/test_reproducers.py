"""Scripts that show one fault each: what they are worth is said in words, and nothing a stranger wrote is more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.models.fault import Proof
from bot.models.release import Release
from bot.models.report import Report
from bot.models.reproducer import Came, ProposedTest, Reproducer, Tried
from bot.reporting import html, markdown, markdown_reproducers, reproducers, story, tale

_TAG = re.compile(r"</?span[^>]*>")
BUNDLE = Path("/home/me/repo/.bcrag/runs/1")


def one(before: Came = Came.SHOWS, after: Came | None = None, number: int = 1, **more: object) -> Reproducer:
    known: dict[str, object] = {
        "path": f"reproductions/{number}-it.py",
        "text": "import bpy\n",
        "commands": (f"blender -b --python reproductions/{number}-it.py", f"python reproductions/{number}-it.py"),
        "release": Release(4, 5),
        "exception": "KeyError",
        "place": "a/b.py:3",
        "message": "'x'",
        "confirmed": before is Came.SHOWS,
        "before": Tried(came=before, said="what it said"),
        "after": Tried(came=after, said="what it said after") if after is not None else None,
    }
    return Reproducer.model_validate({**known, **more})


def with_scripts(report: Report, *found: Reproducer, **more: object) -> Report:
    return report.model_copy(update={"reproducers": found, "proposed_tests": (), **more})


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ((one(),), "It shows the fault."),
        ((one(after=Came.PASSES),), "It shows the fault. With the patch it passes."),
        ((one(after=Came.SHOWS),), "It shows the fault. With the patch it still fails."),
        ((one(Came.PASSES),), "It does not show the fault"),
        ((one(), one(number=2)), "All of them show their fault."),
        ((one(after=Came.PASSES), one(after=Came.PASSES)), "With the patch all of them pass."),
        ((one(after=Came.PASSES), one(after=Came.SHOWS)), "With the patch 1 of them passes."),
        ((one(after=Came.SHOWS), one(after=Came.OTHERWISE)), "With the patch they still fail."),
        ((one(), one(Came.OTHERWISE), one(Came.PASSES)), "1 shows their fault; 2 do not, so those were seen only"),
        ((one(Came.OTHERWISE), one(Came.PASSES)), "None of them shows its fault"),
    ],
)
def test_what_they_are_worth_is_told(found: tuple[Reproducer, ...], words: str) -> None:
    assert words in reproducers.told(found)


def test_without_any_nothing_is_said(report: Report, diff: str) -> None:
    report = report.model_copy(update={"reproducers": (), "proposed_tests": ()})
    assert (reproducers.told(()), reproducers.briefly(()), reproducers.proposed(())) == ("", "", ("", ""))
    assert markdown_reproducers.section(report, ".") == markdown_reproducers.folded(report) == ""
    assert reproducers.TITLE not in markdown.render(report, diff)


def test_commands_are_those_of_the_root_of_the_repository(report: Report) -> None:
    (shown,) = reproducers.shown(with_scripts(report, one()), BUNDLE)
    assert shown.commands[1] == "python .bcrag/runs/1/reproductions/1-it.py"
    (elsewhere,) = reproducers.shown(with_scripts(report, one()), Path("/tmp/my out"))
    assert elsewhere.commands[1] == "python '/tmp/my out/reproductions/1-it.py'"


def test_every_medium_names_each_with_its_command_and_what_it_did(report: Report, diff: str) -> None:
    told = with_scripts(report, one(after=Came.PASSES), one(Came.OTHERWISE, number=2))
    for text in (
        markdown.render(told, diff, bundle=str(BUNDLE)),
        html.render(told, diff, BUNDLE),
    ):
        for words in ("python .bcrag/runs/1/reproductions/1-it.py", "reproductions/2-it.py", "a/b.py:3"):
            assert words in text
        assert "confirmed" in text and "not confirmed" in text and "what it said" in text


def test_where_no_bundle_is_at_hand_the_script_itself_is_there(report: Report) -> None:
    text = markdown_reproducers.folded(with_scripts(report, one(text="import bpy\nbpy.ops.bend()\n")))
    assert "```python\nimport bpy\nbpy.ops.bend()\n```" in text


def test_a_fault_no_script_shows_says_so_itself(report: Report) -> None:
    (first, *rest) = report.faults
    seen = first.model_copy(update={"alone": False})
    told = story.group([seen, *rest])
    assert first.proof is Proof.REPRODUCED
    assert "only while everything was tried" in story.how(told[0])
    assert "only while everything was tried" not in "".join(map(story.how, told[1:]))


def test_what_a_report_rests_on_names_them(report: Report) -> None:
    def rests(*found: Reproducer) -> str:
        told = tale.passages(with_scripts(report, *found))
        return next(passage.answer for passage in told if passage.question == tale.RESTS)

    assert "One fault was seen again by a script of its own" in rests(one(after=Came.PASSES))
    assert "with the repair no more" in rests(one(after=Came.PASSES))
    assert "with the repair no more" not in rests(one(after=Came.SHOWS))
    assert "seen again" not in rests(one(Came.PASSES))


@pytest.mark.parametrize("in_patch", [False, True])
def test_proposed_tests_say_whether_the_patch_has_them(in_patch: bool, report: Report, diff: str) -> None:
    test = ProposedTest(
        path="tests/test_repaired.py", style="pytest", tests=("test_a", "test_b"), text="def test_a():\n    pass\n",
        in_patch=in_patch,
    )  # fmt: skip
    told = with_scripts(report, one(after=Came.PASSES), proposed_tests=(test,))
    for text in (markdown.render(told, diff), html.render(told, diff, BUNDLE), markdown_reproducers.folded(told)):
        assert "tests/test_repaired.py" in text and "def test_a()" in _TAG.sub("", text)
        assert ("are part of it" in text) is in_patch
        assert ("not part of the patch" in text) is not in_patch

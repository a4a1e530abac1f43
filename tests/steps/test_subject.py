"""Whether something is asked for in words, so that there is work where no fault is known."""

from __future__ import annotations

import pytest

from bot.models.addon import Addon, AddonKind
from bot.models.release import Release, SupportRange
from bot.models.request import Mode, RepairRequest
from bot.steps.subject import worded

NEWEST = Release(4, 5)
WISHES = (Mode.TEST, Mode.REFACTOR, Mode.FEATURE)


def request(mode: Mode, task: str) -> RepairRequest:
    addon = Addon(
        path=".", module="kiln", kind=AddonKind.LEGACY, single_file=False, name="Kiln", declared_minimum=None,
        files=("__init__.py",),
    )  # fmt: skip
    return RepairRequest(
        id="x", commit="c" * 40, addon=addon, mode=mode, task=task, targets=(NEWEST,), runs_on=(NEWEST,),
        support=SupportRange(oldest=NEWEST, newest=NEWEST),
    )  # fmt: skip


@pytest.mark.parametrize("mode", list(Mode))
def test_a_check_asks_for_nothing_to_be_done_whatever_its_issue_says(mode: Mode) -> None:
    assert worded(request(mode, "The UV map is gone.")) == (mode is not Mode.CHECK)
    assert worded(request(mode, " ")) == (mode in WISHES)

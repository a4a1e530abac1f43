"""The job `listen` as the workflow runs it: an event in a file, answers on the issue, outputs."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import octokit
from bot.commands.responding.listen import listen
from bot.errands.acknowledging import acknowledge
from bot.host.wire import Wire
from bot.models.errand import Errand
from world import World


@pytest.fixture
def heard(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Let the job hear a comment, as somebody; its outputs."""
    monkeypatch.setitem(Wire.__init__.__kwdefaults__, "spacing", 0.0)

    def hear(number: int, body: str, who: str = "actions") -> dict[str, str]:
        event, outputs = tmp_path / "event.json", tmp_path / "outputs"
        event.write_text(json.dumps(world.said(number, body)))
        around = {**world.hub.env(who), "GITHUB_EVENT_NAME": "issue_comment", "GITHUB_EVENT_PATH": str(event)}
        around |= {"GITHUB_RUN_ID": str(world.run()), "GITHUB_RUN_ATTEMPT": "1"}
        around |= {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
        for name, value in around.items():
            monkeypatch.setenv(name, value)
        listen()
        return dict(re.findall(r"^(\S+)<<(?:end-\S+)\n(.*)\nend-", outputs.read_text(), re.MULTILINE))

    return hear


def test_who_asks_is_told_what_is_wrong_in_the_configuration(
    world: World, heard: Callable[..., dict[str, str]]
) -> None:
    issue = world.hub.issue("It broke")["number"]
    content = base64.b64encode(b"lables = ['x']\n").decode()
    file = {**octokit.example("content-file-response-if-content-is-a-file"), "content": content}
    world.hub.give("GET", "contents/bcrag.toml", file, times=1)
    assert heard(issue, "/bcrag fix")["go"] == "false"
    assert "there is no key 'lables'" in world.hub.comments(issue)[-1]["body"]


@pytest.mark.parametrize("who", ["actions", "app", "maintainer"])
def test_a_run_is_stopped_with_the_right_the_workflow_gives(
    world: World, heard: Callable[..., dict[str, str]], who: str
) -> None:
    """Neither an App nor a person has to give the bot the right to stop runs."""
    issue = world.hub.issue("It broke")["number"]
    run = world.run(status="in_progress", conclusion=None)
    errand = world.asked(issue, "/bcrag fix", run=run)
    assert isinstance(errand, Errand)
    acknowledge(world.hub.client(who), errand, "https://example.org/run")
    heard(issue, "/bcrag stop", who)
    (asked,) = (each for each in world.hub.requests if each.path.endswith(f"/{run}/cancel"))
    assert asked.token == world.hub.token("actions")
    assert "Stopped" in world.hub.comments(issue)[-1]["body"]

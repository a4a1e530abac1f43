"""The job `listen` as the workflow runs it: an event in a file, answers on the issue, outputs."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

import octokit
from bot.commands.responding.listen import listen
from bot.host.wire import Wire
from world import World


def test_who_asks_is_told_what_is_wrong_in_the_configuration(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    issue = world.hub.issue("It broke")["number"]
    event, outputs = tmp_path / "event.json", tmp_path / "outputs"
    event.write_text(json.dumps(world.said(issue, "/bcrag fix")))
    around = {**world.hub.env(), "GITHUB_EVENT_NAME": "issue_comment", "GITHUB_EVENT_PATH": str(event)}
    around |= {"GITHUB_RUN_ID": str(world.run()), "GITHUB_OUTPUT": str(outputs)}
    for name, value in around.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(Wire.__init__.__kwdefaults__, "spacing", 0.0)
    content = base64.b64encode(b"lables = ['x']\n").decode()
    file = {**octokit.example("content-file-response-if-content-is-a-file"), "content": content}
    world.hub.give("GET", "contents/bcrag.toml", file, times=1)
    listen()
    said = world.hub.comments(issue)[-1]["body"]
    assert "there is no key 'lables'" in said
    assert "go<<" in outputs.read_text() and "\nfalse\n" in outputs.read_text()

"""How a command gets rid of its keys: real processes, and a look at all of them from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import raw_server
from bot.llm import starting
from bot.llm.keys import OTHER_SECRETS
from bot.llm.presets import KEY_VARIABLES
from bot.llm.starting import HANDLE, KEYS, WITHHELD, Access, inherited, shed_keys, this_command
from raw_server import answer

KEY = "sk-secret-of-the-start-0123456789"  # no other test's: all processes are looked at

COMMAND = """\
import os, subprocess, sys, time
from bot.llm import registry, starting
from bot.models.exchange import Call, Message, Role
from bot.settings import Settings

starting.shed_keys(os.environ, starting.this_command(), sandboxed=sys.argv[1] == "sandboxed")
access = starting.inherited(os.environ)
print("keys", sorted(access.keys), "withheld", sorted(access.withheld))
assert not [name for name in os.environ if name.startswith("BCRAG_BROKER") or "KEY" in name], dict(os.environ)
child = subprocess.Popen(["sleep", "60"], close_fds=False)
if access.keys:
    models = registry.create(Settings(llm="endpoint:m", llm_urls={"endpoint": sys.argv[2]}), access=access)
    asked = Call(role=Role.PATCHER, prompt="p/1", messages=(Message(speaker="user", text="x"),))
    print(models.ask(asked, "patch"))
print("ready", os.getpid(), child.pid, flush=True)
sys.stdin.read()
child.kill()
"""


@pytest.fixture
def command(tmp_path: Path) -> Iterator[list[str]]:
    script = tmp_path / "command.py"
    script.write_text(COMMAND)
    yield [sys.executable, "-X", "utf8", str(script)]


def environment(tmp_path: Path) -> dict[str, str]:
    secrets = {name: f"{KEY}-{name}" for name in (*KEY_VARIABLES, *OTHER_SECRETS)}
    return {**os.environ, **secrets, "BCRAG_CACHE_DIR": str(tmp_path / "cache"), "OTHER": "stays"}


def everything() -> dict[int, tuple[str, bytes]]:
    """The command line and the environment of every process."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                found[int(entry.name)] = (line, (entry / "environ").read_bytes())
            except OSError:
                continue
    return found


def test_the_key_is_in_no_process_but_the_broker(command: list[str], tmp_path: Path) -> None:
    with raw_server.serving(answer("hi")) as raw:
        with subprocess.Popen(
            [*command, "sandboxed", raw.url],
            env=environment(tmp_path),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None and process.stdin is not None
            said = ""
            while "ready" not in said and (line := process.stdout.readline()):
                said += line
            main, child = (int(number) for number in said.split("ready")[1].split())
            seen = everything()
            holders = {pid: line for pid, (line, held) in seen.items() if KEY.encode() in held and pid != os.getpid()}
            process.stdin.close()
            assert process.wait(20) == 0, said
        assert raw.requests and f"bearer {KEY}-bcrag_llm_key" in raw.requests[0].lower()
    assert main == process.pid, "it is the same process, for whoever waits for it"
    assert b"OTHER=stays" in seen[main][1] and b"OTHER=stays" in seen[child][1]
    assert main not in holders and child not in holders
    assert all("bot.llm.broker" in line for line in holders.values()), holders
    assert KEY not in said and "text='hi'" in said and f"keys {sorted(KEY_VARIABLES)}" in said
    deadline = time.monotonic() + 5
    while any("bot.llm.broker" in everything().get(pid, ("",))[0] for pid in holders):
        assert time.monotonic() < deadline, "the broker outlives its command"
        time.sleep(0.1)


def test_without_a_sandbox_nobody_gets_the_key(command: list[str], tmp_path: Path) -> None:
    with subprocess.Popen(
        [*command, "bare", "-"], env=environment(tmp_path), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        said = process.stdout.readline() + process.stdout.readline()
        holders = [line for _, (line, held) in everything().items() if KEY.encode() in held]
        process.stdin.close()
        assert process.wait(20) == 0
    assert f"keys [] withheld {sorted(KEY_VARIABLES)}" in said
    assert not holders


def test_without_a_key_the_command_goes_on_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "execve", lambda *_: pytest.fail("it was started anew"))
    shed_keys({"PATH": "/bin"}, ["x"], sandboxed=True)


def test_the_new_command_is_the_old_one_with_its_flags() -> None:
    assert this_command()[0] == sys.executable and this_command()[1:] == sys.orig_argv[1:]


@pytest.mark.parametrize("value", ["", "x", "-1", "0", "2", "999", "99999999999999999999", "１２"])
def test_a_number_that_is_no_broker_is_none(value: str) -> None:
    assert inherited({HANDLE: value, KEYS: "OPENAI_API_KEY"}) == Access()


def test_a_file_is_no_broker(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as file:
        assert inherited({HANDLE: str(file.fileno())}).handle is None


def test_only_names_of_keys_are_taken_over() -> None:
    environment = {WITHHELD: "OPENAI_API_KEY,PATH,", "PATH": "/bin"}
    assert inherited(environment).withheld == {"OPENAI_API_KEY"}
    assert environment == {"PATH": "/bin"}


def test_a_broker_that_cannot_be_started_leaves_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(OSError, match="nonexistent"):
        starting.start_broker({})
    assert len(list(Path("/proc/self/fd").iterdir())) == before

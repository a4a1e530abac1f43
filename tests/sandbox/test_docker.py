"""Docker as a sandbox: what the engine is asked for, and what happens without one.

What a working engine keeps a command from is in the contract, which runs wherever there is one.
"""

from __future__ import annotations

import csv
import io
import itertools
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import MissingError
from bot.sandbox.base import Command, Limits
from bot.sandbox.docker import IMAGE, Docker, arguments, skeleton

NOWHERE = "unix:///nowhere/docker.sock"


def asked(command: Command, engine: str = "docker") -> list[str]:
    return list(arguments(engine, command, "bcrag-test", Path("/shared")))


def test_nothing_is_left_open() -> None:
    limits = Limits(memory_bytes=1_000_000_000, processes=50, file_bytes=77)
    command = Command(["/bin/program", "--flag"], Path("/w"), environment={"TOKEN": "a b"}, limits=limits)
    said = asked(command)
    pairs = set(itertools.pairwise(said))
    assert {
        ("--network", "none"),
        ("--cap-drop", "ALL"),
        ("--security-opt", "no-new-privileges"),
        ("--pids-limit", "50"),
        ("--memory", "1000000000"),
        ("--memory-swap", "1000000000"),
        ("--ulimit", "fsize=77:77"),
        ("--ulimit", "core=1:1"),
        ("--pull", "never"),
        ("--workdir", "/w"),
    } <= pairs
    assert "--read-only" in said
    assert not {"--privileged", "--env", "-e", "--volume", "-v"} & set(said)
    # Everything after the image is the container's, with an environment of nothing else.
    assert said[said.index(IMAGE) + 1 :] == ["/usr/bin/env", "-i", "TOKEN=a b", "/bin/program", "--flag"]


def test_the_user_is_never_root() -> None:
    said = asked(Command(["/bin/true"], Path("/w")))
    user = said[said.index("--user") + 1]
    assert user == ("65534:65534" if os.geteuid() == 0 else f"{os.getuid()}:{os.getgid()}")


@given(name=st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_a_folder_of_any_name_is_one_field(name: str) -> None:
    folder = Path("/w") / name
    said = asked(Command(["/bin/true"], folder))
    (row,) = csv.reader(io.StringIO(said[said.index("--workdir") - 1], newline=""))
    assert row == ["type=bind", "source=/shared", f"target={folder}"]


def test_what_is_shown_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "shown").mkdir()
    said = asked(Command(["/bin/true"], Path("/w"), readable=[tmp_path / "shown", tmp_path / "absent"]))
    mounts = [value.split(",") for flag, value in itertools.pairwise(said) if flag == "--mount"]
    open_ones = [fields for fields in mounts if "readonly" not in fields]
    assert open_ones == [["type=bind", "source=/shared", "target=/w"]]
    assert any(f"source={tmp_path / 'shown'}" in fields for fields in mounts)
    assert not any(f"source={tmp_path / 'absent'}" in fields for fields in mounts)


def test_the_image_holds_no_program() -> None:
    with tarfile.open(fileobj=io.BytesIO(skeleton())) as archive:
        entries = archive.getmembers()
        assert {entry.name for entry in entries if entry.isfile()} == {"etc/passwd", "etc/group"}
        assert all(not entry.mode & 0o6000 for entry in entries)
        assert not any(entry.linkname.startswith("..") for entry in entries)


@pytest.fixture
def client() -> str:
    found = shutil.which("docker")
    if found is None:
        pytest.skip("there is no docker client")
    return found


def test_the_client_knows_every_flag(client: str, tmp_path: Path) -> None:
    """It reads its command line before it looks for an engine."""
    said = asked(Command(["/bin/true"], tmp_path, input=b"x"))
    environment = {"DOCKER_HOST": NOWHERE, "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    ended = subprocess.run([client, *said], env=environment, capture_output=True, text=True, check=False, timeout=30)
    assert "unknown" not in ended.stderr
    assert "invalid" not in ended.stderr
    assert "nowhere/docker.sock" in ended.stderr
    wrong = subprocess.run([client, "run", "--no-such-flag", IMAGE], env=environment, capture_output=True, check=False)
    assert b"unknown flag" in wrong.stderr


def test_an_engine_that_does_not_answer_is_told_with_the_cure(
    client: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", NOWHERE)
    with pytest.raises(MissingError) as raised:
        Docker(client).run(Command(["/bin/true"], tmp_path))
    assert "nowhere/docker.sock" in str(raised.value)
    monkeypatch.setenv("PATH", str(Path(client).parent))
    with pytest.raises(MissingError, match="does not answer") as raised:
        Docker.find()
    assert "systemctl start docker" in raised.value.cure
    assert "bubblewrap" in raised.value.cure


def test_without_a_client_the_cure_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingError, match="Neither docker nor podman") as raised:
        Docker.find()
    assert "bubblewrap" in raised.value.cure

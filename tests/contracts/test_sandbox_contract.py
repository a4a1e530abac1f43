"""What every sandbox does, whatever else it keeps a command from."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.errors import MissingError
from bot.sandbox.base import Command, Finished, Limits, Sandbox
from bot.sandbox.registry import select

SHELL = "/bin/sh"


@pytest.fixture(params=["bubblewrap", "docker", "none"])
def member(request: pytest.FixtureRequest) -> Sandbox:
    try:
        return select(request.param)
    except MissingError as error:
        pytest.skip(str(error))


def shell(
    sandbox: Sandbox,
    folder: Path,
    script: str,
    limits: Limits | None = None,
    environment: Mapping[str, str] | None = None,
    wanted: Sequence[str] = (),
) -> Finished:
    return sandbox.run(
        Command(
            argv=[SHELL, "-c", script],
            writable=folder,
            environment={"PATH": "/usr/bin:/bin"} if environment is None else environment,
            limits=limits or Limits(seconds=20),
            wanted=[folder / name for name in wanted],
        )
    )


def processes_with(word: str) -> list[str]:
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and word in (folder / "cmdline").read_text(errors="replace"):
                found.append(folder.name)
        except OSError:
            continue
    return found


@pytest.mark.parametrize("status", [0, 3])
def test_the_exit_status_comes_back(member: Sandbox, tmp_path: Path, status: int) -> None:
    finished = shell(member, tmp_path, f"exit {status}")
    assert (finished.status, finished.timed_out) == (status, False)


def test_a_death_by_signal_is_negative(member: Sandbox, tmp_path: Path) -> None:
    assert shell(member, tmp_path, "kill -SEGV $$").status == -11


def test_a_program_that_is_not_there_is_a_failure(member: Sandbox, tmp_path: Path) -> None:
    finished = member.run(Command(argv=["/nowhere/program"], writable=tmp_path))
    assert finished.status not in (0, None)


def test_both_streams_are_read_and_only_the_end_is_kept(member: Sandbox, tmp_path: Path) -> None:
    script = "yes | head -c 3000000; echo first; echo last >&2"
    finished = shell(member, tmp_path, script, Limits(seconds=20, output_bytes=1000))
    assert len(finished.output) == 1000
    assert finished.output.endswith("first\nlast\n")


def test_output_that_is_no_text_is_read_all_the_same(member: Sandbox, tmp_path: Path) -> None:
    assert "\N{REPLACEMENT CHARACTER}" in shell(member, tmp_path, r"printf '\377\376'").output


def test_input_is_handed_over_and_ends(member: Sandbox, tmp_path: Path) -> None:
    """More of it than a pipe holds, while as much comes back."""
    data = bytes(range(256)) * 4096
    command = Command(argv=["/bin/cat"], writable=tmp_path, input=data, answers=True)
    finished = member.run(command)
    assert (finished.status, finished.answer == data, finished.output) == (0, True, "")


@pytest.mark.parametrize("script", ["exit 3", "exec 0<&-; sleep 0.3; exit 3", "read one; exit 3"])
def test_input_nobody_reads_holds_nothing_up(member: Sandbox, tmp_path: Path, script: str) -> None:
    command = Command(
        argv=[SHELL, "-c", script], writable=tmp_path, input=b"line\n" * 200_000, limits=Limits(seconds=20)
    )
    finished = member.run(command)
    assert (finished.status, finished.output) == (3, "")
    assert finished.seconds < 10


def test_without_input_there_is_its_end(member: Sandbox, tmp_path: Path) -> None:
    assert shell(member, tmp_path, "cat; echo end").output == "end\n"


def test_an_answer_is_kept_apart_from_what_is_said(member: Sandbox, tmp_path: Path) -> None:
    command = Command(
        argv=[SHELL, "-c", r"printf '\377answer'; echo said >&2; printf '\0more'"], writable=tmp_path, answers=True
    )
    finished = member.run(command)
    assert (finished.answer, finished.output) == (b"\xffanswer\0more", "said\n")
    assert shell(member, tmp_path, "echo both").answer == b""


def test_an_answer_over_its_limit_keeps_its_beginning(member: Sandbox, tmp_path: Path) -> None:
    command = Command(
        argv=[SHELL, "-c", "printf first; head -c 3000000 /dev/zero; echo said >&2"],
        writable=tmp_path,
        limits=Limits(seconds=20, answer_bytes=1000),
        answers=True,
    )
    finished = member.run(command)
    assert finished.answer == b"first" + bytes(995)
    assert finished.output.startswith("said\n")
    assert "cut" in finished.output and "1,000 bytes" in finished.output


def test_an_answer_of_a_command_out_of_time_is_kept(member: Sandbox, tmp_path: Path) -> None:
    command = Command(
        argv=[SHELL, "-c", "printf early; sleep 60"], writable=tmp_path, limits=Limits(seconds=1), answers=True
    )
    finished = member.run(command)
    assert (finished.timed_out, finished.answer) == (True, b"early")


def test_the_environment_is_what_is_given_and_nothing_else(
    member: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    command = Command(argv=["/usr/bin/env"], writable=tmp_path, environment={"ONE": "1", "TWO": "a b\nc"})
    assert member.run(command).output == "ONE=1\nTWO=a b\nc\n"


def test_the_work_folder_is_where_it_runs_and_can_be_written(member: Sandbox, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "given").write_text("given")
    script = "pwd; cat given; echo more >> given; mkdir made; echo new > made/new"
    finished = shell(member, tmp_path, script, wanted=["given", "made/new"])
    assert finished.output == f"{tmp_path}\ngiven"
    assert (tmp_path / "given").read_text() == "givenmore\n"
    assert (tmp_path / "made" / "new").read_text() == "new\n"


def test_the_work_folder_is_given_as_it_is(member: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "run").write_text("#!/bin/sh\necho ran\n")
    (tmp_path / "a" / "b" / "run").chmod(0o755)
    (tmp_path / "link").symlink_to("a/b/run")
    (tmp_path / "dangling").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    finished = shell(member, tmp_path, "./link; readlink dangling; rm -r a dangling && echo removed")
    assert finished.output == "ran\nnowhere\nremoved\n"


def test_only_regular_files_that_are_wanted_come_back(member: Sandbox, tmp_path: Path) -> None:
    outside, work = tmp_path / "outside", tmp_path / "work"
    outside.mkdir()
    work.mkdir()
    (outside / "file").write_text("outside")
    script = (
        f"ln -s {outside}/file link; ln -s {outside} way; mkfifo pipe; mkdir folder; echo x > folder/x;"
        "echo kept > kept; rm -f stale"
    )
    (work / "stale").write_text("stale")
    (work / "big").write_bytes(bytes(5000))
    names = ["link", "way/file", "pipe", "folder", "big", "kept", "stale", "never/there"]
    shell(member, work, script, Limits(seconds=20, file_bytes=4999), wanted=names)
    assert (work / "kept").read_text() == "kept\n"
    assert not any(os.path.lexists(work / name) for name in ("link", "pipe", "folder", "big", "stale", "never/there"))
    assert (outside / "file").read_text() == "outside"


def test_what_is_wanted_lies_in_the_work_folder(member: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    with pytest.raises(ValueError, match="other"):
        member.run(Command(argv=["/bin/true"], writable=tmp_path / "work", wanted=[tmp_path / "other"]))


def test_the_time_limit_ends_grandchildren_too(member: Sandbox, tmp_path: Path) -> None:
    word = f"sleep-{os.getpid()}-{member.name}"
    script = f"exec -a {word} sleep 300"
    (tmp_path / "child").write_text(f"#!/bin/bash\n{script}\n")
    began = time.monotonic()
    finished = shell(
        member,
        tmp_path,
        "bash child & setsid bash child & (bash child &) ; sleep 300",
        Limits(seconds=1.0),
    )
    assert finished.timed_out
    assert time.monotonic() - began < 8
    assert processes_with(word) == []


def test_children_do_not_outlive_a_command_that_ends(member: Sandbox, tmp_path: Path) -> None:
    word = f"linger-{os.getpid()}-{member.name}"
    (tmp_path / "child").write_text(f"exec -a {word} sleep 300\n")
    began = time.monotonic()
    finished = shell(member, tmp_path, "bash child & sleep 0.2; exit 4")
    assert finished.status == 4
    assert time.monotonic() - began < 8
    assert processes_with(word) == []


def test_a_file_cannot_grow_past_its_limit(member: Sandbox, tmp_path: Path) -> None:
    limits = Limits(seconds=20, file_bytes=1_000_000)
    finished = shell(member, tmp_path, "head -c 3000000 /dev/zero > big; stat -c %s big", limits)
    assert finished.output.splitlines()[-1] == "1000000"


def test_a_folder_of_many_files_is_stopped(member: Sandbox, tmp_path: Path) -> None:
    script = "i=0; while :; do head -c 900000 /dev/urandom > f$i; i=$((i+1)); done"
    finished = shell(member, tmp_path, script, Limits(seconds=30, folder_bytes=10_000_000))
    assert (finished.status, finished.stopped) == (-9, "it wrote too much to its folder")
    assert "[stopped: it wrote too much to its folder]" in finished.output


def test_a_folder_of_countless_files_is_stopped(member: Sandbox, tmp_path: Path) -> None:
    script = "i=0; while :; do mkdir d$i; : > d$i/f; i=$((i+1)); done"
    finished = shell(member, tmp_path, script, Limits(seconds=30, entries=1000))
    assert (finished.status, finished.stopped) == (-9, "it wrote too much to its folder")


def test_what_was_in_the_folder_is_not_counted(member: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "given").write_bytes(bytes(range(256)) * 8_000)
    script = "cat given given > twice; sleep 0.5; cat twice | wc -c"
    finished = shell(member, tmp_path, script, Limits(seconds=30, folder_bytes=5_000_000))
    assert (finished.status, finished.output.strip()) == (0, "4096000")


def test_memory_is_watched(member: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "hog.py").write_text("import time\nx = bytearray(b'1' * 400_000_000)\ntime.sleep(60)\n")
    python = os.path.realpath(sys.executable)
    command = Command(
        argv=[python, "-I", "hog.py"],
        writable=tmp_path,
        readable=[Path(sys.base_prefix)],
        limits=Limits(seconds=40, memory_bytes=200_000_000),
    )
    finished = member.run(command)
    assert (finished.status, finished.stopped) == (-9, "it used too much memory")
    assert "[stopped: it used too much memory]" in finished.output

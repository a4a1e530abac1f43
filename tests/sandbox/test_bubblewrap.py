"""What bubblewrap keeps a command from."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import MissingError
from bot.sandbox import bubblewrap as module
from bot.sandbox.base import Command, Finished, Limits
from bot.sandbox.bubblewrap import SWITCHES, Bubblewrap
from processes import processes

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def bubblewrap() -> Bubblewrap:
    try:
        return Bubblewrap.find()
    except MissingError as error:
        pytest.skip(str(error))


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def shell(bubblewrap: Bubblewrap, folder: Path, script: str, *readable: Path, **limits: int) -> Finished:
    command = Command(
        argv=["/bin/bash", "-c", script],
        writable=folder,
        readable=readable,
        environment={"PATH": "/usr/bin:/bin"},
        limits=Limits(seconds=20, **limits),  # type: ignore[arg-type]
    )
    return bubblewrap.run(command)


def test_there_is_no_network(bubblewrap: Bubblewrap, tmp_path: Path, listener: int) -> None:
    script = f"exec 3<>/dev/tcp/127.0.0.1/{listener} && echo connected"
    outside = subprocess.run(["/bin/bash", "-c", script], capture_output=True, text=True, check=False)
    assert outside.stdout == "connected\n"
    assert "connected" not in shell(bubblewrap, tmp_path, script).output.replace("not connected", "")
    assert shell(bubblewrap, tmp_path, "cat /proc/net/dev").output.count(":") == 1  # its own loopback alone


def test_a_socket_by_name_is_out_of_reach(bubblewrap: Bubblewrap, tmp_path: Path) -> None:
    code = "import socket; s = socket.socket(socket.AF_UNIX); s.settimeout(2); s.connect('\\0bcrag-test'); print('in')"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0bcrag-test")
        server.listen()
        finished = bubblewrap.run(
            Command(
                argv=[os.path.realpath(sys.executable), "-I", "-c", code],
                writable=tmp_path,
                readable=[Path(sys.base_prefix)],
            )
        )
    assert "ConnectionRefusedError" in finished.output


def test_nothing_but_the_work_folder_and_memory_can_be_written(bubblewrap: Bubblewrap, tmp_path: Path) -> None:
    work, shown = tmp_path / "work", tmp_path / "shown"
    work.mkdir()
    shown.mkdir(mode=0o777)
    shown.chmod(0o777)
    places = f"/x /usr/x /etc/x /dev/x /var/x {shown}/x {tmp_path}/x"
    script = f"for f in {places}; do (echo x > $f) 2>/dev/null && echo wrote $f; done; echo x > /tmp/x && echo tmp"
    assert shell(bubblewrap, work, script, shown).output == "tmp\n"
    assert list(shown.iterdir()) == []
    assert not Path("/tmp/x").exists()


def test_only_what_is_named_can_be_seen(bubblewrap: Bubblewrap, tmp_path: Path) -> None:
    work, shown, hidden = tmp_path / "work", tmp_path / "shown", tmp_path / "hidden"
    for folder in (work, shown, hidden):
        folder.mkdir()
        (folder / "file").write_text(folder.name)
    assert shell(bubblewrap, work, f"cat {shown}/file", shown).output == "shown"
    assert shell(bubblewrap, work, f"cat {hidden}/file", shown).status != 0
    home = Path.home()
    listed = shell(bubblewrap, work, f"ls -A {home} 2>/dev/null; ls /home /var /run /srv /mnt 2>/dev/null").output
    assert set(listed.split()) <= set(tmp_path.parts)


def test_the_machine_is_not_told(bubblewrap: Bubblewrap, tmp_path: Path) -> None:
    script = "uname -n; ls /etc; cat /etc/passwd; ls /sys 2>/dev/null"
    output = shell(bubblewrap, tmp_path, script).output
    assert output.splitlines()[0] == "sandbox"
    assert not {"hostname", "shadow", "resolv.conf", "ssh", "machine-id"} & set(output.split())
    assert "root" not in output


def test_other_processes_are_not_seen(bubblewrap: Bubblewrap, tmp_path: Path) -> None:
    finished = shell(bubblewrap, tmp_path, "cat /proc/[0-9]*/comm")
    assert set(finished.output.split()) <= {"bwrap", "bash", "cat"}
    assert shell(bubblewrap, tmp_path, f"kill -0 {os.getpid()}").status != 0


def test_it_runs_as_nobody_without_any_privilege(bubblewrap: Bubblewrap, tmp_path: Path) -> None:
    lines = shell(bubblewrap, tmp_path, "id -u; id -G; grep -E '^(Cap|NoNewPrivs)' /proc/self/status").output.split()
    assert lines[:2] == ["65534", "65534"]
    told = dict(zip(lines[2::2], lines[3::2], strict=True))
    assert told.pop("NoNewPrivs:") == "1"
    assert set(told.values()) == {"0" * 16}


def test_it_cannot_make_namespaces_of_its_own(bubblewrap: Bubblewrap, tmp_path: Path) -> None:
    if not bubblewrap.way.locked:
        pytest.skip("this machine's bubblewrap is older than 0.8, or may not nest namespaces")
    assert shell(bubblewrap, tmp_path, "unshare --user true").status != 0


def test_the_number_of_processes_is_limited(bubblewrap: Bubblewrap, tmp_path: Path) -> None:
    script = "for i in $(seq 60); do sleep 0.5 & done; wait"
    finished = shell(bubblewrap, tmp_path, script, processes=40)
    assert "Resource temporarily unavailable" in finished.output


@pytest.mark.parametrize("end", ["exit 0", "sleep 60"])
def test_a_daemon_ends_with_the_command(bubblewrap: Bubblewrap, tmp_path: Path, end: str) -> None:
    word = f"daemon-{os.getpid()}-{len(end)}"
    (tmp_path / "daemon").write_text(f"trap '' TERM HUP; exec -a {word} sleep 300 > /dev/null 2>&1 < /dev/null\n")
    up = f"cat /proc/[0-9]*/cmdline 2> /dev/null | grep --text --quiet '{word[:-1]}[{word[-1]}]' && echo up"
    command = Command(
        argv=["/bin/bash", "-c", f"(setsid bash daemon &); sleep 0.3; {up}; {end}"],
        writable=tmp_path,
        environment={"PATH": "/usr/bin:/bin"},
        limits=Limits(seconds=1),
    )
    assert bubblewrap.run(command).output.startswith("up\n")
    assert processes(word) == []


def test_memory_filled_through_files_is_limited(bubblewrap: Bubblewrap, tmp_path: Path) -> None:
    script = "for f in /tmp/a /dev/shm/a; do head -c 700000000 /dev/zero > $f; stat -c %s $f; rm $f; done"
    sizes = [int(line) for line in shell(bubblewrap, tmp_path, script).output.split() if line.isdigit()]
    assert len(sizes) == 2
    assert max(sizes) <= 512 * 1024**2


def test_a_folder_it_cannot_show_is_an_error_for_people(bubblewrap: Bubblewrap, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    (gone / "file").touch()
    broken = Bubblewrap("/bin/false", bubblewrap.way)
    with pytest.raises(MissingError) as raised:
        broken.run(Command(argv=["/bin/true"], writable=gone))
    assert "doctor" in raised.value.cure


def test_without_bubblewrap_the_cure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_arguments, **_options: None)
    with pytest.raises(MissingError) as raised:
        Bubblewrap.find()
    assert "apt-get install bubblewrap" in raised.value.cure
    assert "--sandbox none" in raised.value.cure


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: str(switch[0]))
def test_the_switch_that_forbids_namespaces_is_named(
    bubblewrap: Bubblewrap, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, switch: tuple[str, str, str]
) -> None:
    name, closed, command = switch
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(f"{closed}\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "bwrap").symlink_to("/bin/false")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(module, "KERNEL", tmp_path)
    with pytest.raises(MissingError) as raised:
        Bubblewrap.find()
    assert command in raised.value.cure


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_gets_the_same_sandbox() -> None:
    """As nobody, in a process of its own: the whole way from `find` to the command's answer."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "bot" / "sandbox", folder / "code" / "bot" / "sandbox")
        for file in ("__init__.py", "errors.py"):
            shutil.copy(ROOT / "bot" / file, folder / "code" / "bot" / file)
        (folder / "work").mkdir()
        (folder / "try.py").write_text(
            "import pathlib, sys\n"
            "from bot.sandbox.base import Command\n"
            "from bot.sandbox.bubblewrap import Bubblewrap\n"
            "found = Bubblewrap.find()\n"
            "script = 'id -u; echo x > made; cat /etc/shadow; exit 7'\n"
            "finished = found.run(Command(argv=['/bin/sh', '-c', script], writable=pathlib.Path(sys.argv[1]), "
            "wanted=[pathlib.Path(sys.argv[1], 'made')]))\n"
            "print(finished.status, found.way.name, finished.output)\n"
        )
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, 65534, 65534)
        python = shutil.which("python3", path="/usr/bin:/bin")
        if python is None:
            pytest.skip("there is no system Python an ordinary user could run")
        answer = subprocess.run(
            [python, str(folder / "try.py"), str(folder / "work")],
            user=65534,
            group=65534,
            extra_groups=[],
            env={"PYTHONPATH": str(folder / "code"), "PATH": "/usr/bin:/bin"},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.stdout.startswith("7 USER"), answer.stdout + answer.stderr
        assert "65534" in answer.stdout
        assert (folder / "work" / "made").is_file()

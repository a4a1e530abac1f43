"""Add-ons as an attacker would write them: real ones, run the way the bot runs any, in a real Blender.

They lie in `tests/data/hostile`; every operator there is one attack that raises what came of it. Each
attack must fail, which is looked at from outside where it can be, and each must be told of.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import socket
import stat
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.blender import harness
from bot.blender.base import Runtime
from bot.blender.session import BlenderExerciser
from bot.cache import cache_root
from bot.models.addon import Addon, AddonKind
from bot.models.fault import Fault
from bot.models.validation import Observation
from bot.sandbox.base import Command, Finished, Limits, Sandbox
from bot.validators.base import Subject
from bot.validators.exercise import Exercise
from processes import processes

HOSTILE = Path(__file__).parent.parent / "data" / "hostile"
SHARED = "operators.py"
"""What the add-ons have in common; each gets it."""
TOKEN = "bcrag-token-8d1f2c"
SECRETS = (
    ".ssh", ".gitconfig", ".config/git", ".netrc", ".aws", ".docker", ".gnupg", ".npmrc", ".pypirc", ".bash_history",
    ".config/gh", ".git-credentials", ".kube",
)  # fmt: skip


@dataclass(frozen=True)
class Tight:
    """The sandbox, with limits that are reached sooner."""

    sandbox: Sandbox
    limits: Mapping[str, float] = field(default_factory=dict)
    name: str = "tight"

    def run(self, command: Command) -> Finished:
        limits = dataclasses.replace(command.limits, **self.limits)  # type: ignore[arg-type]
        return self.sandbox.run(dataclasses.replace(command, limits=limits))


@dataclass(frozen=True)
class Arena:
    """One hostile add-on in a checkout, a work folder beside it, and a file that nobody may touch."""

    root: Path
    work: Path
    canary: Path
    runtime: Runtime
    sandbox: Sandbox
    module: str

    def attack(self, *only: str, **limits: float) -> tuple[Observation, dict[str, str]]:
        """What the bot saw, and what each attack said of itself."""
        paths = (f"{self.module}/__init__.py", f"{self.module}/{SHARED}")
        addon = Addon(
            path=self.module, module=self.module, kind=AddonKind.LEGACY, single_file=False, name=self.module,
            declared_minimum=None, files=paths,
        )  # fmt: skip
        release = self.runtime.release
        self.work.mkdir()
        self.work.chmod(0o755)
        subject = Subject(
            root=self.root, work=self.work, addon=addon,
            files={path: (self.root / path).read_bytes() for path in paths},
            releases=(release,), target=release,
        )  # fmt: skip
        exercise = Exercise(
            BlenderExerciser(Tight(self.sandbox, limits)), (self.runtime,), seconds=60.0, picture=not only
        )
        if only:
            seen = exercise.only(subject, release, tuple(f"operator:{self.module}.{name}" for name in only))
        else:
            (seen,) = exercise.observe(subject)
        assert seen.reached, seen.note
        return seen, {
            check.id.rpartition(".")[2]: told(check.fault)
            for check in seen.checks
            if check.fault and check.id.startswith("operator:")
        }


def told(fault: Fault) -> str:
    """What an attack said, without the words in front."""
    return fault.message.partition(": ")[2] if fault.message.startswith("tried ") else fault.message


@pytest.fixture(scope="module")
def newest(runtimes: tuple[Runtime, ...]) -> Runtime:
    return runtimes[-1]


@pytest.fixture
def arena(request: pytest.FixtureRequest, newest: Runtime, sandbox: Sandbox, tmp_path: Path) -> Arena:
    """For the add-on the test is about, as `@pytest.mark.parametrize("arena", ["reads"], indirect=True)` names it."""
    module = request.param
    tmp_path.chmod(0o755)
    shutil.copytree(HOSTILE / module, tmp_path / "root" / module)
    shutil.copy(HOSTILE / SHARED, tmp_path / "root" / module)
    canary = tmp_path / "canary"
    canary.write_text("untouched")
    canary.chmod(0o666)  # nothing but the sandbox keeps anybody from it
    return Arena(tmp_path / "root", tmp_path / "work", canary, newest, sandbox, module)


def aim(arena: Arena, **aims: object) -> None:
    (arena.root / arena.module / "aims.json").write_text(json.dumps(aims))


def about(module: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("arena", [module], indirect=True)


@pytest.fixture
def stranger() -> Iterator[str]:
    """A word on the command line of a process outside."""
    word = f"bcrag-stranger-{os.getpid()}"
    process = subprocess.Popen(["/bin/bash", "-c", "exec -a $0 sleep 300", word])
    yield word
    process.kill()
    process.wait()


@about("reads")
def test_nothing_can_be_carried_away(
    arena: Arena, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stranger: str
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", TOKEN)
    home = tmp_path / "home"
    for name in SECRETS:
        (home / name).mkdir(parents=True)
    (home / ".gitconfig").rmdir()
    (home / ".gitconfig").write_text("[user]\n\temail = someone@example.org\n")
    monkeypatch.setenv("HOME", str(home))
    homes = [str(home), str(Path("/root")), "/home"]
    in_sight = (arena.runtime.path, *arena.runtime.readable, Path(harness.__file__))
    aim(
        arena,
        token=TOKEN,
        homes=homes,
        shown=[part for path in in_sight for part in path.parts],  # the way there may lead through a home
        secrets=[str(place / name) for place in (home, Path("/root")) for name in SECRETS],
        caches=[str(cache_root() / name) for name in ("checkpoints", "indexes", "work", "known", "stubs")],
        nodename=os.uname().nodename,
        canary=str(arena.canary),
        stranger=stranger,
    )
    _, said = arena.attack()
    assert len(said) == 12
    assert {name: text for name, text in said.items() if not text.startswith(("nothing", "refused"))} == {}


@dataclass
class Ears:
    """Whoever is called, and what was heard."""

    tcp: int
    udp: int
    abstract: str
    named: Path
    heard: list[bytes]


@pytest.fixture
def ears(tmp_path: Path) -> Iterator[Ears]:
    abstract = f"bcrag-{os.getpid()}"
    heard: list[bytes] = []
    stop = threading.Event()
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as nameless,
        socket.socket(socket.AF_UNIX) as named,
    ):
        udp.bind(("127.0.0.1", 0))
        nameless.bind("\0" + abstract)
        named.bind(str(tmp_path / "socket"))
        (tmp_path / "socket").chmod(0o777)

        def listen(server: socket.socket) -> None:
            server.settimeout(0.1)
            while not stop.is_set():
                try:
                    heard.append(server.recv(100) if server is udp else server.accept()[0].recv(100))
                except OSError:
                    continue

        nameless.listen()
        named.listen()
        threads = [threading.Thread(target=listen, args=(server,)) for server in (tcp, udp, nameless, named)]
        for thread in threads:
            thread.start()
        yield Ears(tcp.getsockname()[1], udp.getsockname()[1], abstract, tmp_path / "socket", heard)
        stop.set()
        for thread in threads:
            thread.join()


@about("calls")
def test_nobody_can_be_called(arena: Arena, ears: Ears) -> None:
    aim(arena, tcp=ears.tcp, udp=ears.udp, abstract=ears.abstract, named=str(ears.named))
    with socket.create_connection(("127.0.0.1", ears.tcp)) as line:
        line.sendall(b"heard")
    _, said = arena.attack()
    assert len(said) == 11
    assert {name: text for name, text in said.items() if not text.startswith("refused")} == {}
    assert ears.heard == [b"heard"]


@about("writes")
def test_nothing_outside_is_written(arena: Arena) -> None:
    aim(arena, canary=str(arena.canary))
    before = contents(arena.root)
    seen, said = arena.attack()
    assert len(said) == 11
    free = {"itself", "places_of_results", "names"}
    assert all(text.startswith("refused") for name, text in said.items() if name not in free), said
    assert arena.canary.read_text() == "untouched"
    assert contents(arena.root) == before
    assert not seen.pictures
    left = [path for path in arena.work.rglob("*") if not stat.S_ISREG(path.lstat().st_mode) and not path.is_dir()]
    assert left == []
    assert all(path.name.isprintable() and len(path.name) < 100 for path in arena.work.rglob("*"))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@about("breaks")
def test_the_kernel_offers_no_way_out(arena: Arena) -> None:
    seen, said = arena.attack()
    assert len(said) == 22
    assert {name: text for name, text in said.items() if not text.startswith("refused")} == {}
    assert seen.starts == 1


@about("fills")
def test_what_can_be_refused_is_refused(arena: Arena) -> None:
    """These meet a limit of the kernel's, and the add-on goes on."""
    names = (
        "one_file", "sparse", "shared_folders", "nameless_memory", "old_shared_memory", "descriptors_without_end",
        "fork_without_end",
    )  # fmt: skip
    seen, said = arena.attack(*names, file_bytes=200_000_000)
    assert {name: said.get(name, "")[:7] for name in names} == dict.fromkeys(names, "refused")
    assert seen.starts == 1


@about("fills")
def test_threads_meet_a_limit_and_what_comes_of_it_is_told(arena: Arena) -> None:
    """Blender's own threads meet it as well: it may end of that, and only it."""
    began = time.monotonic()
    _, said = arena.attack("threads_without_end")
    made = re.match(r"refused after (\d+) threads", said["threads_without_end"])
    if made:
        assert int(made[1]) <= Limits().processes
    else:
        assert re.match(r"Blender (crashed|ended|was stopped|did not end)", said["threads_without_end"])
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    ("attack", "why"),
    [
        ("private_memory", "too much memory"),
        ("shared_memory", "too much memory"),
        ("memory_of_children", "too much memory"),
        ("many_files", "too much to its folder"),
        ("countless_files", "too much to its folder"),
        ("deep_folders", "too much to its folder"),
        ("files_in_flight", "too much to its folder"),
    ],
)
@about("fills")
def test_what_takes_too_much_is_stopped(arena: Arena, attack: str, why: str) -> None:
    began = time.monotonic()
    free = shutil.disk_usage(arena.work.parent).free
    seen, said = arena.attack(attack, memory_bytes=1_600_000_000, folder_bytes=400_000_000, seconds=40)
    if "No space left" not in said[attack]:  # it saw that itself before anybody looked
        assert f"Blender was stopped (it used {why})".replace("used too much to", "wrote too much to") in said[attack]
        assert seen.starts == 2  # once without it, so that all else is tried
    assert time.monotonic() - began < 60
    assert shutil.disk_usage(arena.work.parent).free > free - 300_000_000


@pytest.mark.parametrize(
    ("attack", "what"),
    [
        ("exit_at_once", "ended with status 0"),
        ("abort", "signal 6"),
        ("crash", "signal 11"),
        ("kill_the_parent", "signal 9"),
        ("kill_everybody", "signal 9"),
        ("stay", "did not end in time"),
        ("leave_a_daemon_and_exit", "ended with status 3"),
    ],
)
@about("ends")
def test_an_end_is_told_whatever_it_is(arena: Arena, attack: str, what: str) -> None:
    _, said = arena.attack(attack, seconds=12 if attack == "stay" else 60)
    assert what in said[attack]
    assert daemons() == []


@about("ends")
def test_a_daemon_does_not_outlive_the_run(arena: Arena) -> None:
    _, said = arena.attack("leave_a_daemon")
    assert said["leave_a_daemon"] == "1 left running"
    assert daemons() == []


@pytest.mark.parametrize("attack", ["close_everything", "take_the_streams", "flood"])
@about("ends")
def test_without_its_streams_the_bot_still_has_an_answer(arena: Arena, attack: str) -> None:
    seen, _ = arena.attack(attack)
    (check,) = (check for check in seen.checks if check.id == f"operator:ends.{attack}")
    assert check.outcome is not None
    assert "\x1b" not in seen.note + check.detail


def daemons() -> list[str]:
    return processes("bcrag-hostile-daemon")

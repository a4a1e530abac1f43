"""What a machine lacks for Blender, and what to type about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.blender import libraries
from bot.blender.base import Runtime
from bot.errors import MissingError
from bot.models.release import Release

BARE = """\tlinux-vdso.so.1 (0x00007ffd)
\tlibX11.so.6 => not found
\tlibXi.so.6 => not found
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
"""
FAILED = "ImportError: libX11.so.6: cannot open shared object file: No such file or directory"


@pytest.fixture
def executable() -> Runtime:
    return Runtime(release=Release(4, 5), version="4.5.15", kind="executable", path=Path("/opt/blender/blender"))


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `ldd` and `ldconfig` say on a machine without a desktop."""
    said = {"ldd": BARE, "ldconfig": "\tlibc.so.6 (libc6,x86-64) => /lib/libc.so.6\n"}
    monkeypatch.setattr(libraries, "_say", lambda program, *_arguments: said[program])


@pytest.mark.usefixtures("bare")
def test_what_is_missing_is_named_with_its_packages(executable: Runtime) -> None:
    missing = libraries.missing_libraries(executable)
    assert missing == ("libEGL.so.1", "libEGL_mesa.so.0", "libX11.so.6", "libXi.so.6")
    assert libraries.install_command(missing) == (
        "apt-get install libegl-mesa0 libegl1 libx11-6 libxi6 libgl1-mesa-dri"
    )


@pytest.mark.usefixtures("bare")
def test_a_start_that_fails_for_a_library_is_explained(executable: Runtime) -> None:
    with pytest.raises(MissingError, match=r"cannot start: this machine lacks .*libX11\.so\.6") as raised:
        libraries.explain_failed_start(executable, f"Traceback\n{FAILED}\n")
    assert raised.value.cure.startswith("apt-get install ")


def test_an_add_on_that_says_so_is_not_believed(executable: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = " ".join(libraries.PACKAGES)
    monkeypatch.setattr(libraries, "_say", lambda *_arguments: everything)
    libraries.explain_failed_start(executable, FAILED)


def test_a_library_of_no_known_package_is_left_to_the_system() -> None:
    assert "packages of your system" in libraries.install_command(["libstrange.so.9"])


def test_this_machine_has_what_blender_needs(runtime: Runtime) -> None:
    assert libraries.missing_libraries(runtime) == ()

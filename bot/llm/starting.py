"""How the command gets rid of its keys: they go to the broker, and the command starts itself anew without them.

Unsetting a variable would not do: what a process was started with stays readable in `/proc/<pid>/environ`, for every
program of the same user. So the broker is started with the whole environment, and the command replaces itself by the
same command with a clean one, the broker's end of a socket in its hands.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass

from bot.llm import keys
from bot.llm.presets import KEY_VARIABLES

HANDLE = "BCRAG_BROKER_FD"
"""The number of the broker's socket, for the command that is started anew."""

KEYS = "BCRAG_BROKER_KEYS"
"""The names of the variables whose keys the broker holds."""

WITHHELD = "BCRAG_KEYS_WITHHELD"
"""The names of the variables that hold a key which is not used, because no sandbox works here."""


@dataclass(frozen=True)
class Access:
    """What a command may use: the broker it was started with, and the names of variables, never what is in them.

    `withheld` are keys that were there and are not read: without a working sandbox the add-on's code could find them.
    """

    handle: int | None = None
    keys: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Started:
    """A broker: our end of its socket (not inherited by what is started), and its process."""

    handle: int
    process: subprocess.Popen[bytes]


def start_broker(environment: Mapping[str, str]) -> Started:
    """Start the broker with an environment. It ends when the last copy of the handle is closed.

    Raises:
        OSError: it cannot be started.
    """
    ours, theirs = socket.socketpair()
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-m", "bot.llm.broker", str(theirs.fileno())],
            env=dict(environment),
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
    return Started(ours.detach(), process)


def this_command() -> list[str]:
    """What this process was started as: the same interpreter, its flags, and the same arguments."""
    return [sys.executable, *sys.orig_argv[1:]]


def shed_keys(environment: Mapping[str, str], command: Sequence[str], *, sandboxed: bool) -> None:
    """Start `command` anew in this process's place if `environment` holds a key; it returns only if there is none.

    Call it once, early, before anything is opened or started. With `sandboxed` (a sandbox works here) the keys go to
    a broker; without, nobody gets them. `inherited` tells the new command which it was.

    Raises:
        OSError: the broker or the command cannot be started.
    """
    found = keys.held(environment)
    clean = keys.without(environment)
    if len(clean) == len(environment):
        return
    if found and sandboxed:
        broker = start_broker(keys.of_broker(environment))
        # For this one start alone: `inherited` takes it back.
        os.set_inheritable(broker.handle, True)
        clean |= {HANDLE: str(broker.handle), KEYS: ",".join(sorted(found))}
    elif found:
        clean[WITHHELD] = ",".join(sorted(found))
    os.execve(command[0], list(command), clean)  # noqa: S606  (the very command that is running)


def inherited(environment: MutableMapping[str, str]) -> Access:
    """What `shed_keys` handed over, taken out of the environment: nothing that is started from here on gets it."""
    handle = _socket(environment.pop(HANDLE, ""))
    names = _names(environment.pop(KEYS, ""))
    withheld = _names(environment.pop(WITHHELD, ""))
    return Access(handle, names if handle is not None else frozenset(), withheld)


def _socket(text: str) -> int | None:
    """A file descriptor that is a socket indeed; the variable may be anybody's."""
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and int(text) > 2):
        return None
    handle = int(text)
    try:
        with socket.socket(fileno=os.dup(handle)) as probe:
            if probe.family != socket.AF_UNIX:
                return None
        os.set_inheritable(handle, False)
    except OSError:
        return None
    return handle


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split(",")) & frozenset(KEY_VARIABLES)

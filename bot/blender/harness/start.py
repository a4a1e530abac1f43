"""The file Blender is started with: reads what is asked, makes the folders of a user, loads the rest.

    python start.py                                  (an environment with the `bpy` wheel)
    blender -b --factory-startup --python start.py

Standard input is one JSON object, `{"key": 64 hex digits, "request": a HarnessRequest}`
(`bot.blender.base`). Standard output, as it is at the start, gets one line per record, signed (see
`scribe`), before and after each probe, so that a Blender that dies loses one probe:

    <mac> 0 {"started": {"version": "4.5.15 LTS", "release": "4.5", "python": "3.11.7"}}
    <mac> 1 {"answers": [...]}
    <mac> 2 {"sealed": true}
    <mac> 3 {"running": "operator:mesh.linefit"}
    <mac> 4 {"id": "operator:mesh.linefit", "kind": "operator", "outcome": "pass", ...}
    <mac> 5 {"pictured": {...}}
    <mac> 6 {"running": "script:reproduction-1"}
    <mac> 7 {"id": "script:reproduction-1", "kind": "script", "outcome": "fail", ...}
    <mac> 8 {"end": {...}}

A line that begins with an exclamation mark tells what the add-on tried that it should not (see `watch`).
What anybody prints goes to standard error.

The scratch folder of the request is where Blender keeps everything a user would have; whoever starts
an executable sets these in its environment, this file sets them before it imports the wheel:

    BLENDER_USER_SCRIPTS=<scratch>/scripts  BLENDER_USER_CONFIG=<scratch>/config
    BLENDER_USER_EXTENSIONS=<scratch>/extensions  BLENDER_USER_DATAFILES=<scratch>/datafiles
    HOME=<scratch>/home  TMPDIR=<scratch>/tmp

The process always ends with `os._exit`, since Blender as a module can hang for minutes at exit.
"""

from __future__ import annotations

import _blake2
import _json
import _thread
import builtins
import contextlib
import faulthandler
import fcntl
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import queue
import secrets
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType, ModuleType
from typing import Any

PACKAGE = "bot.blender.harness"
HERE = os.path.dirname(os.path.abspath(__file__))
FOLDERS = {
    "BLENDER_USER_SCRIPTS": "scripts",
    "BLENDER_USER_CONFIG": "config",
    "BLENDER_USER_EXTENSIONS": "extensions",
    "BLENDER_USER_DATAFILES": "datafiles",
    "HOME": "home",
    "TMPDIR": "tmp",
}
"""Environment variable to folder below the scratch folder."""
NOT_DUMPABLE = 4
"""`PR_SET_DUMPABLE` of `prctl`: with 0, no other process may look into this one's memory."""


def asked() -> tuple[Any, bytes]:
    """The request and the key from standard input, which is empty from then on."""
    given = b""
    while chunk := os.read(0, 1 << 20):
        given += chunk
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    value = json.loads(given)
    return value["request"], bytes.fromhex(value["key"])


def private_output() -> int:
    """Standard output under another number, not to be inherited; what is printed goes to standard error."""
    descriptor = fcntl.fcntl(1, fcntl.F_DUPFD_CLOEXEC, 64 + secrets.randbelow(400))
    os.dup2(2, 1)
    return descriptor


def prepare_environment(scratch: str) -> None:
    """Make the folders of a user and point Blender to them; works only before Blender starts."""
    for variable, name in FOLDERS.items():
        folder = os.path.join(scratch, name)
        os.makedirs(folder, exist_ok=True)
        os.environ[variable] = folder
    for usual in ("scripts/addons", "home/.config/blender", "home/.cache", "home/.local/share"):
        os.makedirs(os.path.join(scratch, usual), exist_ok=True)
    sys.dont_write_bytecode = True


def load_before() -> None:
    """What runs native code when it is imported, before that is watched; and close the process to others."""
    importlib.import_module("bpy")  # before anything that lies in its folders
    for name in ("ctypes", "ctypes.util", "numpy", "numpy.ctypeslib"):
        with contextlib.suppress(Exception):  # a distribution's Blender may come without
            importlib.import_module(name)
    with contextlib.suppress(Exception):
        importlib.import_module("ctypes").CDLL(None).prctl(NOT_DUMPABLE, 0, 0, 0, 0)


class Loader(importlib.machinery.SourceFileLoader):
    """Gives modules built-in functions of their own, which nobody else can exchange."""

    private: ModuleType

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code."""
        module.__dict__["__builtins__"] = self.private
        super().exec_module(module)


class Finder(importlib.abc.MetaPathFinder):
    """Finds the harness in this file's folder: the rest of the bot is not here."""

    def __init__(self, private: ModuleType) -> None:
        self._private = private

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """The place of one module of the harness."""
        if not name.startswith(PACKAGE + "."):
            return None
        file = os.path.join(HERE, *name[len(PACKAGE) + 1 :].split(".")) + ".py"
        loader = Loader(name, file)
        loader.private = self._private
        return importlib.util.spec_from_file_location(name, file, loader=loader)


@contextlib.contextmanager
def harness() -> Iterator[Callable[[str], Any]]:
    """A function that loads modules of the harness; afterwards none of them is where `import` would find it."""
    private = ModuleType("builtins")
    vars(private).update(vars(builtins))
    finder = Finder(private)
    parts = PACKAGE.split(".")
    packages = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
    packages += [f"{PACKAGE}.{entry.name}" for entry in os.scandir(HERE) if entry.is_dir()]
    for name in packages:
        package = ModuleType(name)
        package.__path__ = []
        sys.modules[name] = package
    sys.meta_path.insert(0, finder)
    try:
        yield lambda name: importlib.import_module(f"{PACKAGE}.{name}")
    finally:
        sys.meta_path.remove(finder)
        for known in [one for one in sys.modules if one == parts[0] or one.startswith(parts[0] + ".")]:
            del sys.modules[known]


def begin(
    request: Any, key: bytes, descriptor: int, bottom: FrameType
) -> tuple[Callable[[], None], Callable[[], None], Callable[[], None]]:
    """Start the scribe. Gives what asks Blender, what watches from then on, and what tries the add-on.

    `bottom` is the frame all of them are called from. Each module that keeps something to itself is
    loaded apart, with built-in functions of its own, and referred to by nothing but what runs in it.
    """
    with harness() as load:
        main, integrity = load("main"), load("channel.integrity")
        modules = {
            name.rpartition(".")[2]: module
            for name, module in sys.modules.items()
            if name.startswith(PACKAGE + ".") and hasattr(module, "__file__") and module is not integrity
        }
        private = main.__dict__["__builtins__"]
    with harness() as load:
        desk = load("channel.desk")
    with harness() as load:
        scribe = load("channel.scribe")
    with harness() as load:
        watch = load("channel.watch")
    codes = integrity.codes_of({**modules, "desk": desk, "watch": watch})
    missing = object()
    originals = (
        *integrity.originals_of(modules, codes),
        *integrity.shadows_of(modules, codes, missing),
        *((vars(private), private, name, value, f"builtins.{name}") for name, value in list(vars(private).items())),
    )
    hand: Any = queue.SimpleQueue()
    done = _thread.allocate_lock()
    done.acquire()
    closure = {
        "put": hand.put,
        "wait": done.acquire,
        "frame": sys._getframe,
        "encode": _json.make_encoder(None, str, _json.encode_basestring_ascii, None, ":", ",", False, False, True),
        "originals": originals,
        "missing": missing,
    }
    record = desk.open_desk(**closure)
    callers = {id(caller.__code__): integrity.saying_lines(caller) for caller in main.CALLERS}
    tools = (_blake2.blake2b, os.write, os._exit, gc.isenabled, gc.enable, gc.disable, FrameType)
    _thread.start_new_thread(
        scribe.serve,
        (
            key,
            descriptor,
            hand.get,
            done.release,
            record.__code__,
            tuple(closure.items()),
            callers,
            codes,
            bottom,
            tools,
        ),
    )
    return (
        partial(main.facts, request, record),
        partial(watch.install, descriptor, codes, request["scratch"]),
        partial(main.work, request, record),
    )


def main() -> None:
    """Read the request, do the work, leave at once."""
    status, leave = 1, os._exit
    try:
        request, key = asked()
        descriptor = private_output()
        faulthandler.enable(all_threads=False)  # where Blender dies, its last words say in which call
        prepare_environment(request["scratch"])
        load_before()
        facts, watch, work = begin(request, key, descriptor, sys._getframe())
        del key, descriptor  # no variable down here may say them
        facts()
        watch()
        del facts, watch
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        leave(status)


if __name__ == "__main__":
    main()

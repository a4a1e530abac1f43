"""Sees what could find the scribe's key or change what is measured, before it happens.

An audit hook cannot be removed, and Python calls it *before* the act. What has no use in an add-on
and would find the key is refused; everything else is told of and goes on. What is told is one
unsigned line: it cannot be unsaid, and to forge one is to accuse oneself.

The hook is one function that works with constants and values that cannot be changed. An add-on can get
at its frame (a signal handler is given the frame it interrupts) and finds nothing there to disarm it
with; from Python 3.13 on it can change the variables of that one call. If the descriptor is no longer
what it was, every watched act is refused.
"""

from __future__ import annotations

import gc
import os
import re
import sys
import sysconfig
from collections.abc import Callable
from types import CodeType, FrameType, FunctionType
from typing import Any

REFUSED = frozenset(
    {
        "sys._current_frames",
        "sys._current_exceptions",
        "sys.addaudithook",
        "gc.get_objects",
        "gc.get_referrers",
        "gc.get_referents",
    }
)
"""Ways to every object there is."""

NATIVE = frozenset(
    {
        "ctypes.dlopen",
        "ctypes.dlsym",
        "ctypes.dlsym/handle",
        "ctypes.addressof",
        "ctypes.string_at",
        "ctypes.wstring_at",
        "ctypes.cdata",
        "ctypes.PyObj_FromPtr",
        "ctypes.call_function",
    }
)
"""Native code and bare memory. A structure filled with a copy of bytes is neither: so binary files are read."""

TRACING = frozenset(
    {"sys.settrace", "sys.setprofile", "sys.monitoring.register_callback", "sys._settraceallthreads"}
)  # fmt: skip
PATHS = frozenset({"open", "os.chdir", "os.symlink", "os.link"})
MODULES = frozenset(
    {
        "_interpreters",
        "_testbuffer",
        "_testcapi",
        "_testclinic",
        "_testinternalcapi",
        "_testmultiphase",
        "_testsinglephase",
        "_xxsubinterpreters",
    }
)
"""Modules that open ways past the hook: interpreters of their own, Python's tests of itself."""

PROCESS = re.compile(
    r"(.*/)?(proc/+(self|thread-self|\d+)/*"
    r"|proc/+(self|thread-self|\d+)/.*\b(mem|environ|s?maps|pagemap|fd|fdinfo|map_files|auxv|task|syscall|stack)\b.*"
    r"|dev/+(fd\b.*|mem|kmem))",
    re.DOTALL,
)
"""Where the system shows a process's memory, descriptors and environment."""


def trusted_folders(scratch: str) -> tuple[str, ...]:
    """The folders Python's and Blender's own modules come from."""
    folders = {os.path.realpath(path) for path in sysconfig.get_paths().values()}
    folders |= {os.path.abspath(path) for path in sys.path if path}
    folders |= {os.path.realpath(path) for path in sys.path if path}
    inside = (os.path.realpath(scratch) + os.sep, os.path.abspath(scratch) + os.sep)
    return tuple(sorted(path + os.sep for path in folders if len(path) > 4 and not (path + os.sep).startswith(inside)))


def install(descriptor: int, codes: tuple[CodeType, ...], scratch: str) -> None:
    """Watch from now on, in every thread. `codes` are the harness's own, which may trace."""
    sys.addaudithook(_hook(descriptor, codes, trusted_folders(scratch)))


def _hook(
    descriptor: int, codes: tuple[CodeType, ...], trusted: tuple[str, ...]
) -> Callable[[str, tuple[Any, ...]], None]:
    there = os.fstat(descriptor)

    def hook(
        event: str,
        args: tuple[Any, ...],
        # What it works with: as defaults, which no frame leads to, not as variables of a frame or a module.
        watched: frozenset[str] = REFUSED | NATIVE | TRACING | PATHS | {"import", "object.__setattr__"},
        refused: frozenset[str] = REFUSED,
        native: frozenset[str] = NATIVE,
        paths: frozenset[str] = PATHS,
        modules: frozenset[str] = MODULES,
        trusted: tuple[str, ...] = trusted,
        ours: frozenset[int] = frozenset([id(code) for code in codes]),
        channel: tuple[int, int, int] = (descriptor, there.st_dev, there.st_ino),
        process: Callable[[str], Any] = PROCESS.fullmatch,
        write: Callable[[int, bytes], int] = os.write,
        fstat: Callable[[int], os.stat_result] = os.fstat,
        frame_of: Callable[[], FrameType] = sys._getframe,
        collecting: Callable[[], bool] = gc.isenabled,
        collect: Callable[[], None] = gc.enable,
        rest: Callable[[], None] = gc.disable,
        concat: Callable[[str, str], str] = str.__add__,
        ascii_of: Callable[[Any], str] = ascii,
        address: Callable[[Any], int] = id,
        length: Callable[[Any], int] = len,
        kind: Callable[[Any], type] = type,
        is_a: Callable[[Any, type], bool] = isinstance,
        text_type: type = str,
        bytes_type: type = bytes,
        function_type: type = FunctionType,
        error: type[Exception] = RuntimeError,
    ) -> None:
        if event not in watched:
            return
        was = collecting()
        rest()  # no finalizer may run on top of this
        try:
            first: Any = args[0] if args else None
            code, detail = "", ""
            if event in paths:
                if kind(first) is bytes_type:
                    first = first.decode("utf-8", "replace")
                elif kind(first) is not text_type and is_a(first, text_type):
                    first = concat("", first)
                if kind(first) is text_type and process(first):
                    code, detail = "process", first
            elif event == "import":
                file = args[1]
                if kind(first) is text_type and first in modules:
                    code, detail = "interpreter", first
                elif kind(file) is text_type and (".." in file or not file.startswith(trusted)):
                    code, detail = "extension", file
            elif event == "object.__setattr__":
                if kind(first) is function_type and address(first.__code__) in ours:
                    code, detail = "harness", first.__qualname__
            else:
                frame = frame_of().f_back
                if event in refused:
                    code, detail = "refused", event
                elif event in native:
                    code, detail = "native", event
                elif frame is None or not (
                    address(frame.f_code) in ours or frame.f_code.co_filename.startswith(trusted)
                ):
                    code, detail = "tracing", event
            if code:
                now = fstat(channel[0])
                data = f"!{code} {ascii_of(detail)[:300]}\n".encode("ascii")
                unsaid = (channel[0], now.st_dev, now.st_ino) != channel or write(channel[0], data) != length(data)
                if unsaid or event in refused:
                    raise error("an add-on has no use for this")
        finally:
            if was:
                collect()

    return hook

"""Sees what could find the scribe's key or change what is measured, before it happens.

An audit hook cannot be removed, and Python calls it *before* the act. What has no use in an add-on
and would find the key is refused; everything else is told of and goes on. What is told is one
unsigned line: it cannot be unsaid, and to forge one is to accuse oneself.

The hook is one function whose every name is a constant or a local variable that holds something which
cannot be changed. An add-on can get at its frame (a signal handler is given the frame it interrupts),
and finds nothing there to disarm it with. If the descriptor is no longer what it was, every watched
act is refused.
"""

from __future__ import annotations

import gc
import os
import re
import sys
import sysconfig
from collections.abc import Callable
from types import CodeType, FunctionType
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
        "ctypes.cdata/buffer",
        "ctypes.PyObj_FromPtr",
        "ctypes.call_function",
    }
)
"""Native code and bare memory."""

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
    """Watch from now on, in every thread. `codes` are the harness's own, which may do what it does."""
    sys.addaudithook(_hook(descriptor, codes, trusted_folders(scratch)))


def _hook(
    descriptor: int, codes: tuple[CodeType, ...], trusted: tuple[str, ...]
) -> Callable[[str, tuple[Any, ...]], None]:
    watched = REFUSED | NATIVE | TRACING | PATHS | {"import", "object.__setattr__"}
    ours = frozenset([id(code) for code in codes])
    refused, native, tracing, paths, modules = REFUSED, NATIVE, TRACING, PATHS, MODULES
    process, write, fstat, frame_of = PROCESS.fullmatch, os.write, os.fstat, sys._getframe
    collecting, collect, rest = gc.isenabled, gc.enable, gc.disable
    kind, is_a, text_type, bytes_type, function_type, error = type, isinstance, str, bytes, FunctionType, RuntimeError
    there = fstat(descriptor)
    same = (there.st_dev, there.st_ino)
    concat, ascii_of, address, length = str.__add__, ascii, id, len

    def hook(event: str, args: tuple[Any, ...]) -> None:
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
                if frame is not None and address(frame.f_code) in ours:
                    pass
                elif event in refused:
                    code, detail = "refused", event
                elif event in native:
                    code, detail = "native", event
                elif event in tracing and (frame is None or not frame.f_code.co_filename.startswith(trusted)):
                    code, detail = "tracing", event
            if code:
                now = fstat(descriptor)
                data = f"!{code} {ascii_of(detail)[:300]}\n".encode("ascii")
                unsaid = (now.st_dev, now.st_ino) != same or write(descriptor, data) != length(data)
                if unsaid or event in refused:
                    raise error("an add-on has no use for this")
        finally:
            if was:
                collect()

    return hook

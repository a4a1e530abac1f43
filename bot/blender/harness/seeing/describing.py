"""Exceptions as they travel: where, what, and which member did not fit."""

from __future__ import annotations

import os
import re
import traceback
from types import CodeType, ModuleType

from bot.blender.harness.code.addon import Addon
from bot.blender.harness.interface.misfits import LayoutError
from bot.blender.harness.values import Json, bounded, raised

_HERE = os.path.dirname(os.path.dirname(__file__)) + os.sep
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}")
_ENUM_LIST = re.compile(r"(not found in \()([^)]{200})[^)]*")

MEMBER_PATTERNS: tuple[tuple[re.Pattern[str], str | None], ...] = (
    (re.compile(r"^'(?P<owner>[^']+)' object has no attribute '(?P<member>[^']+)'"), None),
    (re.compile(r"^module '(?P<owner>[^']+)' has no attribute '(?P<member>[^']+)'"), None),
    (re.compile(r"^type object '(?P<owner>[^']+)' has no attribute '(?P<member>[^']+)'"), None),
    (re.compile(r"^partially initialized module '(?P<owner>[^']+)' has no attribute '(?P<member>[^']+)'"), None),
    (re.compile(r'^(?P<owner>bpy_prop_collection): attribute "(?P<member>[^"]+)" not found'), None),
    (re.compile(r'^(?:Calling|Polling) operator "(?P<owner>bpy\.ops\.\w+)\.(?P<member>\w+)" error'), None),
    (re.compile(r'get_rna_type\("(?P<member>\w+)"\) not found'), "bpy.ops"),
    (re.compile(r'bpy_prop_collection\[key\]: key "(?P<member>[^"]*)" not found'), "bpy_prop_collection"),
    (re.compile(r'^bpy_struct: item\.attr = val: (?:enum )"(?P<member>[^"]*)" not found in'), "bpy_struct"),
    (re.compile(r"^bpy_struct: item\.attr = val: (?P<owner>\w+)\.(?P<member>\w+) "), None),
    (re.compile(r'^bpy_struct: attribute "(?P<member>\w+)" from "(?P<owner>\w+)" is read-only'), None),
    (re.compile(r'Context property "(?P<member>\w+)" is read-only'), "Context"),
    (re.compile(r'^Converting py args to operator properties:\s?:? ?(?:keyword|enum) "(?P<member>[^"]*)"'), "bpy.ops"),
    (re.compile(r"^No module named '(?P<member>[^']+)'"), "module"),
    (
        re.compile(
            r"^cannot import name '(?P<member>[^']+)' from (?:partially initialized module )?'(?P<owner>[^']+)'"
        ),
        None,
    ),
    (re.compile(r"^name '(?P<member>[^']+)' is not defined"), None),
    (re.compile(r"not supported between '(?P<owner>\w+)' and '(?P<member>\w+)' types"), None),
    (re.compile(r"^(?:register_class\(\.\.\.\): |unregister_class\(\.\.\.\): )(?P<member>.{1,100})"), "bpy.utils"),
    (re.compile(r"^(?P<owner>\w+)\.(?P<member>\w+)\(\)[:,]? "), None),
    (re.compile(r"^(?P<member>\w+)\(\) (?:takes|got|missing)"), None),
)
"""How Blender and Python word that something does not fit, most telling first; the owner where it is not named."""


def is_harness(code: CodeType) -> bool:
    """Whether code is the harness's own."""
    return code.co_filename.startswith(_HERE)


class Describer:
    """Turns exceptions into what travels; nothing in it changes from run to run."""

    def __init__(self, addon: Addon, scratch: str, base: str = "", hidden: tuple[str, ...] = ()) -> None:
        """`base` is a folder not to be told either; code below the folders `hidden` is nobody's fault."""
        self._addon = addon
        self._scratch = os.path.normpath(scratch)
        self._base = base
        self._hidden = (_HERE, *(folder + os.sep for folder in hidden))

    def clean(self, text: str) -> str:
        """The text without this run's folders and memory addresses."""
        root = self._addon.root
        if self._addon.single_file:
            text = text.replace(root, self._addon.shown_name)
        else:
            text = text.replace(root + os.sep, "").replace(root, self._addon.module)
        if self._base:
            text = text.replace(self._base + os.sep, "").replace(self._base, ".")
        text = text.replace(self._scratch, "<scratch>")
        text = _ENUM_LIST.sub(r"\1\2, ...", text)
        return _ADDRESS.sub("0x...", text).encode("utf-8", "replace").decode("utf-8")

    def frames(self, error: BaseException) -> list[Json]:
        """Its traceback, outermost first."""
        found = []
        for frame, line in traceback.walk_tb(error.__traceback__):
            if frame.f_code.co_filename.startswith(self._hidden):
                continue  # the harness is nobody's fault
            found.append(
                {
                    "path": bounded(self._addon.relative(frame.f_code.co_filename), 1000),
                    "line": line,
                    "function": bounded(frame.f_code.co_name, 300),
                }
            )
        return found[-200:]

    def inside(self, error: BaseException) -> list[Json]:
        """The frames that are the add-on's."""
        return [frame for frame in self.frames(error) if frame["path"]]

    def origin(self, error: BaseException) -> BaseException:
        """The exception of a chain to talk about: the outermost that touches the add-on."""
        seen: set[int] = set()
        current: BaseException | None = error
        while current is not None and id(current) not in seen:
            seen.add(id(current))
            if self.inside(current) or (isinstance(current, SyntaxError) and self._addon.relative(current.filename)):
                return current
            current = current.__cause__ or current.__context__
        return error

    def describe(self, error: BaseException) -> Json:
        """The `Raised` of an exception, or of what it comes from in the add-on."""
        return self.described(self.origin(error))

    def described(self, error: BaseException) -> Json:
        """The `Raised` of this very exception."""
        frames = self.frames(error)
        inside = [frame for frame in frames if frame["path"]]
        path, line = (inside[-1]["path"], inside[-1]["line"]) if inside else ("", 0)
        if isinstance(error, SyntaxError) and self._addon.relative(error.filename):
            path, line = self._addon.relative(error.filename), error.lineno or 0
        message = self.message(error)
        owner, member = self.misfit(error, message)
        told = traceback.TracebackException(type(error), error, error.__traceback__)
        _leave_out(self._hidden, told)
        return raised(
            type(error).__name__,
            message,
            path,
            line,
            owner,
            member,
            frames,
            self.clean("".join(told.format())),
        )

    def message(self, error: BaseException) -> str:
        """What it says."""
        if isinstance(error, SyntaxError):
            return self.clean(error.msg or "invalid syntax")
        try:
            return self.clean(str(error)).strip()
        except Exception:
            return ""

    def misfit(self, error: BaseException, message: str) -> tuple[str | None, str | None]:
        """The type and the name that do not fit."""
        if isinstance(error, LayoutError):
            return error.owner, error.member
        if isinstance(error, AttributeError):
            subject, name = getattr(error, "obj", None), getattr(error, "name", None)
            if issubclass(type(subject), (ModuleType, type)):  # isinstance would ask removed Blender data
                return str(getattr(subject, "__name__", "")), name
            if subject is not None and name:
                return type(subject).__name__, name
        if isinstance(error, ImportError):
            named = re.match(r"cannot import name '([^']+)'", message)
            if named:
                return error.name, named[1]
            if error.name:
                return "module", error.name
        for pattern, owner in MEMBER_PATTERNS:
            match = pattern.search(message)
            if match:
                groups = match.groupdict()
                return groups.get("owner", owner), groups.get("member")
        return None, None


def _leave_out(hidden: tuple[str, ...], told: traceback.TracebackException) -> None:
    """Take the frames of hidden code out of a traceback and of those it came from."""
    pending: list[traceback.TracebackException | None] = [told]
    while pending:
        one = pending.pop()
        if one is not None:
            kept = [frame for frame in one.stack if not frame.filename.startswith(hidden)]
            one.stack = traceback.StackSummary.from_list(kept)
            pending += [one.__cause__, one.__context__]

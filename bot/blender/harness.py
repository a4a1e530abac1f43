"""Runs inside Blender: loads one add-on, tries what it can do, answers questions about the API.

    python harness.py REQUEST.json                                  (an environment with the `bpy` wheel)
    blender -b --factory-startup --python harness.py -- REQUEST.json

It needs nothing but the standard library and `bpy`, because it runs in Blender's own Python, and it
imports nothing of the bot. The request and the result are JSON of the shapes `HarnessRequest` and
`HarnessResult` (`bot.blender.base`). Standard output is never read: the result goes to one file,
and the journal gets a line before and after each probe, so that a Blender that dies loses one probe:

    {"started": {"version": "4.5.15 LTS", "release": "4.5", "python": "3.11.7"}}
    {"answers": [...]}
    {"running": "operator:mesh.linefit"}
    {"id": "operator:mesh.linefit", "kind": "operator", "outcome": "pass", ...}

The scratch folder of the request is where Blender keeps everything a user would have; whoever starts
an executable sets these in its environment, the harness sets them before it imports the wheel:

    BLENDER_USER_SCRIPTS=<scratch>/scripts  BLENDER_USER_CONFIG=<scratch>/config
    BLENDER_USER_EXTENSIONS=<scratch>/extensions  BLENDER_USER_DATAFILES=<scratch>/datafiles
    HOME=<scratch>/home  TMPDIR=<scratch>/tmp

The process always ends with `os._exit`, since Blender as a module can hang for minutes at exit.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.util
import inspect
import json
import math
import os
import re
import shutil
import signal
import struct
import sys
import threading
import time
import traceback
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType, TracebackType
from typing import Any

Json = dict[str, Any]

# ---------------------------------------------------------------------------------------------- setup

FOLDERS = {
    "BLENDER_USER_SCRIPTS": "scripts",
    "BLENDER_USER_CONFIG": "config",
    "BLENDER_USER_EXTENSIONS": "extensions",
    "BLENDER_USER_DATAFILES": "datafiles",
    "HOME": "home",
    "TMPDIR": "tmp",
}
"""Environment variable to folder below the scratch folder."""


@dataclass(frozen=True)
class Addon:
    """The add-on where Blender finds it: `root` is its folder, or its one file."""

    module: str
    root: str
    single_file: bool
    shown_name: str
    """What a single file is called in results: its name where it came from."""

    def relative(self, filename: str | None) -> str:
        """A file's path relative to the add-on's root folder; empty for a file of anybody else."""
        if not filename:
            return ""
        path = os.path.normpath(filename)
        if self.single_file:
            return self.shown_name if path == self.root else ""
        if path.startswith(self.root + os.sep):
            return path[len(self.root) + 1 :].replace(os.sep, "/")
        return ""

    def absolute(self, relative: str) -> str:
        """The file of a relative path."""
        return self.root if self.single_file else os.path.join(self.root, *relative.split("/"))

    def files(self) -> list[str]:
        """The relative paths of its Python files, sorted."""
        if self.single_file:
            return [self.shown_name]
        return sorted(
            path.relative_to(self.root).as_posix() for path in Path(self.root).rglob("*.py") if path.is_file()
        )

    def owns(self, module: str | None) -> bool:
        """Whether a module name is the add-on's or below it."""
        return module == self.module or (module or "").startswith(self.module + ".")


def prepare_environment(scratch: str) -> None:
    """Make the folders of a user and point Blender to them; works only before Blender starts."""
    for variable, name in FOLDERS.items():
        folder = os.path.join(scratch, name)
        os.makedirs(folder, exist_ok=True)
        os.environ[variable] = folder
    for usual in ("scripts/addons", "home/.config/blender", "home/.cache", "home/.local/share"):
        os.makedirs(os.path.join(scratch, usual), exist_ok=True)
    sys.dont_write_bytecode = True


def release() -> tuple[int, int]:
    """The release this Blender is of."""
    import bpy

    return bpy.app.version[0], bpy.app.version[1]


def _left_out(folder: str, names: list[str]) -> set[str]:
    """What is not copied: version control, caches, and links that lead back above themselves."""
    skipped = {name for name in names if name in {".git", "__pycache__", ".bcrag"} or name.endswith(".pyc")}
    here = os.path.realpath(folder)
    for name in names:
        path = os.path.join(folder, name)
        if os.path.islink(path) and (here + os.sep).startswith(os.path.realpath(path) + os.sep):
            skipped.add(name)
    return skipped


def place_addon(request: Json) -> Addon:
    """Copy the add-on to where Blender looks, so that it may write beside itself.

    Raises:
        OSError: it cannot be copied.
    """
    source = os.path.abspath(request["addon_source"])
    name, scratch = request["module"], request["scratch"]
    single = os.path.isfile(source)
    if request["kind"] == "extension" and release() >= (4, 2):
        folder = extension_folder(scratch)
        module = "bl_ext.user_default." + name
    else:
        folder = os.path.join(scratch, "scripts", "addons")
        module = name
        sys.path[:] = [folder, *(one for one in sys.path if os.path.normpath(one) != folder)]
        forget_bundled(module)
    os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, name + ".py" if single else name)
    if single:
        shutil.copyfile(source, target)
    else:
        if os.path.isdir(target):
            shutil.rmtree(target)
        shutil.copytree(source, target, ignore=_left_out, ignore_dangling_symlinks=True)
    importlib.invalidate_caches()
    return Addon(module, os.path.normpath(target), single, os.path.basename(source))


def forget_bundled(module: str) -> None:
    """Make room for an add-on that has the name of one that comes with Blender."""
    import addon_utils

    if module in sys.modules:
        with contextlib.suppress(Exception):
            addon_utils.disable(module)
        for name in [one for one in sys.modules if one == module or one.startswith(module + ".")]:
            del sys.modules[name]


def extension_folder(scratch: str) -> str:
    """The folder of the repository `user_default`, moved into the scratch folder where it is elsewhere."""
    import bpy

    repositories = bpy.context.preferences.extensions.repos
    repository = next((one for one in repositories if one.module == "user_default"), None)
    if repository is None:
        repository = repositories.new(name="User Default", module="user_default")
    if not os.path.normpath(repository.directory).startswith(os.path.normpath(scratch) + os.sep):
        repository.use_custom_directory = True
        repository.custom_directory = os.path.join(scratch, "extensions", "user_default")
    repository.enabled = True
    return str(repository.directory)


class Journal:
    """One JSON line for everything that happened, on disk before the next thing is tried."""

    def __init__(self, path: str) -> None:
        self._path = path

    def write(self, line: Json) -> None:
        """Append one line."""
        with open(self._path, "a", encoding="utf-8", errors="replace") as file:
            file.write(json.dumps(line) + "\n")


class OutOfTimeError(BaseException):
    """A probe used up its time; no `except Exception` of an add-on swallows it."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `OutOfTimeError` in the Python code that is running when the time is up, again each second."""

    def expire(_number: int, _frame: FrameType | None) -> None:
        raise OutOfTimeError

    previous = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.05), 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


# -------------------------------------------------------------------------------------------- tracing


class Coverage:
    """Which lines of the add-on ran, from its import on.

    Code that is not the add-on's costs one dictionary look-up per call; from Python 3.12 on,
    `sys.monitoring` makes each line cost once.
    """

    def __init__(self, addon: Addon) -> None:
        self._addon = addon
        self._lines: dict[str, set[int]] = {}
        self._known: dict[str, set[int] | None] = {}

    def start(self) -> None:
        """Begin to record, in every thread."""
        if sys.version_info >= (3, 12):
            self._start_monitoring()
        else:
            threading.settrace(self._trace)
            sys.settrace(self._trace)

    def executed(self) -> dict[str, list[int]]:
        """The lines that ran, by relative path."""
        return {path: sorted(lines) for path, lines in sorted(self._lines.items()) if lines}

    def lines(self, path: str) -> set[int]:
        """The lines of one file that ran so far."""
        return self._lines.get(path, set())

    def _of(self, filename: str) -> set[int] | None:
        if filename not in self._known:
            path = self._addon.relative(filename)
            self._known[filename] = self._lines.setdefault(path, set()) if path else None
        return self._known[filename]

    def _trace(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        lines = self._of(frame.f_code.co_filename)
        if lines is None:
            return None
        add = lines.add

        def local(inner: FrameType, event: str, _value: Any) -> Any:
            if event == "line":
                add(inner.f_lineno)
            return local

        return local

    def _start_monitoring(self) -> None:
        monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
        tool = monitoring.COVERAGE_ID

        def line(code: CodeType, number: int) -> Any:
            lines = self._of(code.co_filename)
            if lines is not None:
                lines.add(number)
            return monitoring.DISABLE

        monitoring.use_tool_id(tool, "bcrag")
        monitoring.register_callback(tool, monitoring.events.LINE, line)
        monitoring.set_events(tool, monitoring.events.LINE)


@dataclass(frozen=True)
class Site:
    """A function as it stands in a file; `names` is every name its body mentions."""

    path: str
    qualname: str
    owner: str
    """The class it is a method of; empty for a plain function."""
    start: int
    end: int
    names: frozenset[str]

    @property
    def name(self) -> str:
        """Its own name."""
        return self.qualname.rpartition(".")[2]


def read_source(path: str) -> str:
    """A file's text, as far as it can be decoded; empty when it cannot be read."""
    try:
        return Path(path).read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return ""


def _parse(text: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


class SourceMap:
    """The functions of the add-on's files, read when first asked for."""

    def __init__(self, addon: Addon) -> None:
        self._addon = addon
        self._sites: dict[str, list[Site]] = {}
        self._executable: dict[str, set[int]] = {}
        self._trees: dict[str, ast.Module | None] = {}

    def tree(self, path: str) -> ast.Module | None:
        """The syntax tree of one file, or None."""
        if path not in self._trees:
            self._trees[path] = _parse(read_source(self._addon.absolute(path)))
        return self._trees[path]

    def sites(self, path: str) -> list[Site]:
        """Every named function of one file, nested ones left out."""
        if path not in self._sites:
            found: list[Site] = []
            tree = self.tree(path)
            if tree is not None:
                self._collect(path, tree, "", "", found)
            self._sites[path] = found
        return self._sites[path]

    def all_sites(self) -> list[Site]:
        """Every named function of the add-on."""
        return [site for path in self._addon.files() for site in self.sites(path)]

    def at(self, path: str, line: int, function: str = "") -> Site | None:
        """The function that holds a line, or failing that the nearest one of the given name."""
        sites = self.sites(path)
        for site in sites:
            if site.start <= line <= site.end and (not function or function == "<module>" or site.name == function):
                return site
        named = [site for site in sites if site.name == function]
        if named:
            return min(named, key=lambda site: abs(site.start - line))
        return next((site for site in sites if site.start <= line <= site.end), None)

    def executable(self, path: str) -> set[int]:
        """The lines of one file that can run."""
        if path not in self._executable:
            lines: set[int] = set()
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    pending = [compile(read_source(self._addon.absolute(path)), path, "exec", dont_inherit=True)]
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                pending = []
            while pending:
                code = pending.pop()
                lines.update(line for _, _, line in code.co_lines() if line)
                pending += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
            self._executable[path] = lines
        return self._executable[path]

    def reach(self, names: set[str], start: set[Site]) -> set[Site]:
        """The functions that can be got to from these, going by names alone."""
        by_name: dict[str, list[Site]] = {}
        for site in self.all_sites():
            by_name.setdefault(site.name, []).append(site)
        reached, pending = set(start), [site for name in names for site in by_name.get(name, [])] + list(start)
        while pending:
            site = pending.pop()
            reached.add(site)
            for name in site.names:
                pending += [other for other in by_name.get(name, []) if other not in reached]
                reached.update(by_name.get(name, []))
        return reached

    def _collect(self, path: str, node: ast.AST, prefix: str, owner: str, found: list[Site]) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                self._collect(path, child, f"{prefix}{child.name}.", child.name, found)
            elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                start = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
                names = {inner.attr for inner in ast.walk(child) if isinstance(inner, ast.Attribute)}
                names |= {inner.id for inner in ast.walk(child) if isinstance(inner, ast.Name)}
                end = child.end_lineno or child.lineno
                found.append(Site(path, prefix + child.name, owner, start, end, frozenset(names)))
            elif isinstance(child, (ast.If, ast.Try, ast.With, ast.ExceptHandler)):
                self._collect(path, child, prefix, owner, found)


# ----------------------------------------------------------------------------------------- exceptions

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}")
_ENUM_LIST = re.compile(r"(not found in \()([^)]{200})[^)]*")
_BPY_OPS = os.sep + os.path.join("bpy", "ops.py")

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


def bounded(text: str, limit: int) -> str:
    """The text, or its two ends where it is longer."""
    if len(text) <= limit:
        return text
    half = (limit - 7) // 2
    return text[:half] + "\n[...]\n" + text[-half:]


class Describer:
    """Turns exceptions into what travels; nothing in it changes from run to run."""

    def __init__(self, addon: Addon, scratch: str) -> None:
        self._addon = addon
        self._scratch = os.path.normpath(scratch)

    def clean(self, text: str) -> str:
        """The text without this run's folders and memory addresses."""
        root = self._addon.root
        if self._addon.single_file:
            text = text.replace(root, self._addon.shown_name)
        else:
            text = text.replace(root + os.sep, "").replace(root, self._addon.module)
        text = text.replace(self._scratch, "<scratch>")
        text = _ENUM_LIST.sub(r"\1\2, ...", text)
        return _ADDRESS.sub("0x...", text).encode("utf-8", "replace").decode("utf-8")

    def frames(self, error: BaseException) -> list[Json]:
        """Its traceback, outermost first."""
        found = []
        for frame, line in traceback.walk_tb(error.__traceback__):
            if frame.f_code.co_filename == __file__:
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
        """The `Raised` of an exception."""
        error = self.origin(error)
        frames = self.frames(error)
        inside = [frame for frame in frames if frame["path"]]
        path, line = (inside[-1]["path"], inside[-1]["line"]) if inside else ("", 0)
        if isinstance(error, SyntaxError) and self._addon.relative(error.filename):
            path, line = self._addon.relative(error.filename), error.lineno or 0
        message = self.message(error)
        owner, member = self.misfit(error, message)
        lines = traceback.format_exception(type(error), error, _without_harness(error.__traceback__))
        return raised(
            type(error).__name__,
            message,
            path,
            line,
            owner,
            member,
            frames,
            self.clean("".join(lines)),
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


def _without_harness(trace: TracebackType | None) -> TracebackType | None:
    """The traceback from the first frame on that is not the harness's."""
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    return trace


def raised(
    kind: str,
    message: str,
    path: str,
    line: int,
    owner: str | None = None,
    member: str | None = None,
    frames: list[Json] | None = None,
    text: str = "",
) -> Json:
    """A `Raised`, every part of it bounded."""
    return {
        "type": bounded(kind, 300),
        "message": bounded(message, 4000),
        "path": bounded(path, 1000),
        "line": line,
        "owner": bounded(owner, 300) if owner else None,
        "member": bounded(member, 300) if member else None,
        "frames": frames or [],
        "traceback": bounded(text, 18_000),
    }


class Witness:
    """Keeps the exceptions that Blender turns into text, or only prints.

    Blender hands every exception of an operator, a poll, a property update or a handler to
    `sys.excepthook`, as the object it was.
    """

    def __init__(self) -> None:
        self.seen: list[BaseException] = []

    def install(self) -> None:
        """Start to listen; what was printed before still is."""
        sys.excepthook = self._hook

    def clear(self) -> None:
        """Forget what was seen, and listen again where the add-on put a hook of its own in the way."""
        self.seen = []
        self.install()

    def cause(self) -> BaseException | None:
        """The exception a failing operator failed for: the innermost of operators that call each other."""
        for error in reversed(self.seen):
            if not (isinstance(error, RuntimeError) and str(error).startswith("Error: Python:")):
                return error
        return None

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if error.__traceback__ is None:
            error.__traceback__ = trace
        if not any(error is known for known in self.seen):
            self.seen.append(error)
        sys.__excepthook__(kind, error, trace)


# --------------------------------------------------------------------------------- what takes it down

NEEDS_WINDOW = re.compile(
    r"""view3d\.(view_(orbit|pan|roll|center_pick)|zoom(_border)?|dolly|rotate|move|fly|walk|navigate|ndof\w*|select(_\w+)?)
    |wm\.(call_(menu|menu_pie|panel)|search_\w+|toolbar\w*|redraw_timer|window_\w+|splash\w*|quit_blender)
    |wm\.(read_\w+|open_mainfile|recover_\w+|revert_mainfile)
    |render\.(opengl|view_show|play_rendered_anim)
    |screen\.(screen_full_area|area_\w+|userpref_show|region_\w+|animation_play|info_log_show|back_to_previous)
    |ed\.(undo|redo|undo_history)
    |(paint|sculpt|gpencil|grease_pencil)\.\w*(image_paint|vertex_paint|weight_paint|brush_stroke|grab_clone|draw)
    |script\.reload""",
    re.VERBOSE,
)
"""Operators that crash a Blender without a screen, or end the session; to call one is no fault."""


def guard_operators() -> None:
    """Answer calls of `NEEDS_WINDOW` with an exception, and draw pop-up menus into a recording layout."""
    import bpy

    operators: Any = sys.modules.get("bpy.ops")
    call = getattr(operators, "_op_call", None)
    if call is not None:

        def guarded(name: str, *arguments: Any) -> Any:
            engine = bpy.context.scene.render.engine if name == "render.render" else ""
            if NEEDS_WINDOW.fullmatch(name) or engine.startswith("BLENDER_EEVEE"):
                raise RuntimeError(f"bpy.ops.{name} needs a window")
            return call(name, *arguments)

        operators._op_call = guarded

    def popup(_manager: Any, draw: Callable[..., Any], **_options: Any) -> None:
        draw(stand_in(bpy.types.Menu, RecordingLayout()), bpy.context)

    for name in ("popup_menu", "popover", "popup_menu_pie"):
        with contextlib.suppress(Exception):
            setattr(bpy.types.WindowManager, name, popup)


# ----------------------------------------------------------------------------------------- situations

CUBE = "cube"
SITUATIONS = (
    CUBE,
    "two_meshes",
    "modifier",
    "plain",
    "edit_mesh",
    "weight_paint",
    "armature",
    "pose",
    "light",
    "camera",
    "curve",
    "empty_selection",
)
WITH_MESH = frozenset({CUBE, "two_meshes", "modifier", "plain", "edit_mesh", "weight_paint"})
"""The situations in which a mesh is active, as nearly every add-on expects."""

KEPT_DATA = frozenset(
    {
        "screens",
        "window_managers",
        "workspaces",
        "scenes",
        "libraries",
        "brushes",
        "palettes",
        "paint_curves",
        "linestyles",
        "fonts",
        "shape_keys",
        "cache_files",
        "masks",
        "sounds",
        "movieclips",
        "texts",
        "annotations",
    }
)
"""Collections of `bpy.data` that a reset does not touch."""

_CUBE_VERTICES = [(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
_CUBE_FACES = [(0, 1, 3, 2), (2, 3, 7, 6), (6, 7, 5, 4), (4, 5, 1, 0), (2, 6, 4, 0), (7, 3, 1, 5)]


class Stage:
    """Builds the scenes probes run in, without reloading a file (which would disable the add-on)."""

    def __init__(self) -> None:
        self._kept: set[tuple[str, str]] = set()
        self._engine = ""
        self.situation = ""

    def remember(self) -> None:
        """What is there now stays (an add-on may make data when it is enabled), the factory's objects aside."""
        import bpy

        self._engine = bpy.context.scene.render.engine
        self._kept = {
            (collection, item.name)
            for collection, item in self._items()
            if not (
                collection in {"objects", "meshes", "lights", "cameras"}
                and item.name.split(".")[0] in {"Cube", "Light", "Camera"}
            )
        }

    def enter(self, situation: str) -> bool:
        """Make the scene; false where this release cannot."""
        self.situation = situation
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                self.clear()
                with self.view():
                    getattr(self, "_" + situation)()
            except Exception:
                return False
        return True

    def clear(self) -> None:
        """Back to an empty scene in object mode, with factory render settings that matter."""
        import bpy

        scene = bpy.context.scene
        active = bpy.context.view_layer.objects.active
        if active is not None and active.mode != "OBJECT":
            with contextlib.suppress(RuntimeError), self.view():
                bpy.ops.object.mode_set(mode="OBJECT")
        for extra in list(bpy.data.scenes):
            if extra != scene and ("scenes", extra.name) not in self._kept and len(bpy.data.scenes) > 1:
                bpy.data.scenes.remove(extra)
        doomed = [item for collection, item in self._items() if (collection, item.name) not in self._kept]
        if doomed:
            bpy.data.batch_remove(doomed)
        scene.frame_set(1)
        scene.render.engine = self._engine
        scene.render.resolution_percentage = 10  # what an add-on renders should not take long
        scene.cursor.location = (0.0, 0.0, 0.0)
        settings = scene.tool_settings
        settings.mesh_select_mode = (True, False, False)

    @contextlib.contextmanager
    def view(self, space: str = "VIEW_3D", region_type: str = "UI", **members: Any) -> Iterator[None]:
        """The context of a user whose mouse is over an editor of the given kind.

        Operators run over the side bar: over the main region, transform operators of 4.2 reach for
        a graphics card and take Blender down.
        """
        import bpy

        window = bpy.context.window
        if window is None or not hasattr(bpy.context, "temp_override"):
            yield
            return
        areas = list(window.screen.areas)
        area = next((one for one in areas if one.type == space), None)
        if area is None:
            area = min(areas, key=lambda one: one.type == "VIEW_3D")  # never the 3D view, if there is another
            with contextlib.suppress(Exception):
                area.type = space
            if area.type != space:
                area = next((one for one in areas if one.type == "VIEW_3D"), areas[0])
        regions = {one.type: one for one in area.regions}
        region = regions.get(region_type) or regions.get("WINDOW")
        try:
            override = bpy.context.temp_override(window=window, area=area, region=region, **members)
        except TypeError:
            override = contextlib.nullcontext()
        with override:
            yield

    def _items(self) -> Iterator[tuple[str, Any]]:
        import bpy

        for prop in bpy.data.bl_rna.properties:
            if prop.type != "COLLECTION" or prop.identifier in KEPT_DATA:
                continue
            for item in list(getattr(bpy.data, prop.identifier)):
                yield prop.identifier, item

    # The parts scenes are made of.

    def _collection(self) -> Any:
        import bpy

        scene = bpy.context.scene
        for child in scene.collection.children:
            return child
        collection = bpy.data.collections.new("Collection")
        scene.collection.children.link(collection)
        layer = bpy.context.view_layer.layer_collection.children.get(collection.name)
        if layer is not None:
            bpy.context.view_layer.active_layer_collection = layer
        return collection

    def _link(self, name: str, data: Any, *, active: bool = True, location: tuple[float, ...] = (0, 0, 0)) -> Any:
        import bpy

        thing = bpy.data.objects.new(name, data)
        thing.location = location
        self._collection().objects.link(thing)
        if active:
            bpy.context.view_layer.objects.active = thing
            thing.select_set(True)
        return thing

    def _surroundings(self) -> None:
        """The camera and the light of the factory scene."""
        import bpy

        light = self._link("Light", bpy.data.lights.new("Light", "POINT"), active=False, location=(4.08, 1.0, 5.9))
        light.data.energy = 1000
        camera = self._link("Camera", bpy.data.cameras.new("Camera"), active=False, location=(7.36, -6.93, 4.96))
        camera.rotation_euler = (1.109, 0.0, 0.815)
        bpy.context.scene.camera = camera

    def _mesh(self, name: str, vertices: Sequence[tuple[float, float, float]], faces: Sequence[tuple[int, ...]]) -> Any:
        import bpy

        mesh = bpy.data.meshes.new(name)
        mesh.from_pydata(vertices, [], faces)
        uvs = mesh.uv_layers.new(name="UVMap")
        corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
        for face in mesh.polygons:
            for index, loop in enumerate(face.loop_indices):
                uvs.data[loop].uv = corners[index % 4]
        mesh.update()
        return mesh

    def _rich_cube(self, name: str = "Cube", location: tuple[float, ...] = (0, 0, 0)) -> Any:
        import bpy

        cube = self._link(name, self._mesh(name, list(_CUBE_VERTICES), list(_CUBE_FACES)), location=location)
        cube.vertex_groups.new(name="Group").add(list(range(8)), 1.0, "REPLACE")
        material = bpy.data.materials.get("Material") or bpy.data.materials.new("Material")
        if not material.node_tree:
            material.use_nodes = True
        cube.data.materials.append(material)
        return cube

    def _animate(self, thing: Any) -> None:
        for frame in (1, 20):
            thing.keyframe_insert("location", frame=frame)

    def _mode(self, mode: str) -> None:
        import bpy

        bpy.ops.object.mode_set(mode=mode)

    # The scenes.

    def _cube(self) -> None:
        self._surroundings()
        self._animate(self._rich_cube())

    def _two_meshes(self) -> None:
        self._surroundings()
        self._rich_cube("Other", (0.5, 0.5, 0.5))
        self._rich_cube()

    def _modifier(self) -> None:
        self._surroundings()
        modifier = self._rich_cube().modifiers.new("Subdivision", "SUBSURF")
        modifier.levels = 1

    def _plain(self) -> None:
        """A cube with nothing on it: no UV map, no groups, no material, no animation."""
        import bpy

        self._surroundings()
        mesh = bpy.data.meshes.new("Cube")
        mesh.from_pydata(list(_CUBE_VERTICES), [], list(_CUBE_FACES))
        self._link("Cube", mesh)

    def _edit_mesh(self) -> None:
        import bpy

        self._surroundings()
        points = [(x - 2.0, y - 2.0, 0.0) for y in range(5) for x in range(5)]
        quads = [(y * 5 + x, y * 5 + x + 1, y * 5 + x + 6, y * 5 + x + 5) for y in range(4) for x in range(4)]
        grid = self._link("Grid", self._mesh("Grid", points, quads))
        grid.vertex_groups.new(name="Group")
        self._mode("EDIT")
        bpy.ops.mesh.select_all(action="SELECT")

    def _weight_paint(self) -> None:
        self._surroundings()
        self._rich_cube()
        self._mode("WEIGHT_PAINT")

    def _armature(self) -> None:
        import bpy

        self._surroundings()
        rig = self._link("Armature", bpy.data.armatures.new("Armature"))
        self._mode("EDIT")
        first = rig.data.edit_bones.new("Bone")
        first.head, first.tail = (0, 0, 0), (0, 0, 1)
        second = rig.data.edit_bones.new("Bone.001")
        second.head, second.tail, second.parent, second.use_connect = (0, 0, 1), (0, 0, 2), first, True
        self._mode("OBJECT")
        for bone in rig.pose.bones:
            for frame in (1, 20):
                bone.keyframe_insert("location", frame=frame)

    def _pose(self) -> None:
        import bpy

        self._armature()
        self._mode("POSE")
        bones = bpy.context.object.pose.bones
        for bone in bones:
            with contextlib.suppress(AttributeError):
                bone.bone.select = True  # moved to the pose bone in 5.0
            with contextlib.suppress(AttributeError):
                bone.select = True
        bpy.context.object.data.bones.active = bones[0].bone

    def _light(self) -> None:
        import bpy

        self._surroundings()
        self._link("Lamp", bpy.data.lights.new("Lamp", "AREA"), location=(0, 0, 3))

    def _camera(self) -> None:
        import bpy

        self._surroundings()
        camera = bpy.context.scene.camera
        bpy.context.view_layer.objects.active = camera
        camera.select_set(True)

    def _curve(self) -> None:
        import bpy

        self._surroundings()
        data = bpy.data.curves.new("Curve", "CURVE")
        data.dimensions = "3D"
        spline = data.splines.new("BEZIER")
        spline.bezier_points.add(2)
        for index, point in enumerate(spline.bezier_points):
            point.co = (index - 1.0, index % 2, 0.0)
            point.handle_left_type = point.handle_right_type = "AUTO"
        self._link("Curve", data)

    def _empty_selection(self) -> None:
        import bpy

        self._surroundings()
        bpy.context.view_layer.objects.active = None


# ----------------------------------------------------------------------------------- recording layout


class LayoutError(Exception):
    """Blender would only print this while it draws; `owner` and `member` do not fit."""

    owner: str
    member: str

    def __init__(self, message: str, owner: str, member: str) -> None:
        super().__init__(message)
        self.owner = owner
        self.member = member


class UnknownProperty(LayoutError):  # noqa: N818  (the name is shown to people as the fault's type)
    """`layout.prop(data, "name")` of a name the data does not have."""


class UnknownOperator(LayoutError):  # noqa: N818
    """`layout.operator("a.b")` of an operator there is not."""


DATA_PAIRS = (
    ("data", "property"),
    ("search_data", "search_property"),
    ("dataptr", "propname"),
    ("active_dataptr", "active_propname"),
    ("active_data", "active_property"),
)
"""Parameters of layout functions: some data, and the name of a property of it."""


class RecordingLayout:
    """Stands in for a `UILayout` where nothing can be drawn, and checks calls as Blender does.

    Everything is looked up in this very release: functions, their parameters, enum items, settings.
    """

    __slots__ = ("_values",)
    _values: dict[str, Any]

    def __init__(self) -> None:
        object.__setattr__(self, "_values", {})

    def __getattr__(self, name: str) -> Any:
        import bpy

        rna = bpy.types.UILayout.bl_rna
        function = rna.functions.get(name)
        if function is not None:
            return lambda *arguments, **keywords: self._call(function, arguments, keywords)
        if name in self._values:
            return self._values[name]
        known = rna.properties.get(name)
        if known is not None:
            return _default_of(known)
        if name == "introspect":
            return list
        if hasattr(bpy.types.UILayout, name):
            return getattr(bpy.types.UILayout, name)
        raise AttributeError(f"'UILayout' object has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        import bpy

        known = bpy.types.UILayout.bl_rna.properties.get(name)
        if known is None:
            raise AttributeError(f"'UILayout' object has no attribute {name!r}")
        if known.is_readonly:
            raise AttributeError(f'bpy_struct: attribute "{name}" from "UILayout" is read-only')
        problem = misfit_of(known, value)
        if problem:
            raise TypeError(f"bpy_struct: item.attr = val: {problem.replace('Function.', 'UILayout.')}")
        self._values[name] = value

    def _call(self, function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        given = bind(f"UILayout.{function.identifier}", function, arguments, keywords)
        for data_name, property_name in DATA_PAIRS:
            if given.get(data_name) is not None and isinstance(given.get(property_name), str):
                check_property(given[data_name], given[property_name])
        outputs = [parameter for parameter in function.parameters if parameter.is_output]
        if function.identifier in {"operator", "operator_menu_hold", "operator_enum", "operator_menu_enum"}:
            properties = operator_properties(given.get("operator", ""))
            return properties if outputs else None
        results = tuple(self._result(parameter) for parameter in outputs)
        return results[0] if len(results) == 1 else results or None

    def _result(self, parameter: Any) -> Any:
        if parameter.type == "POINTER":
            return RecordingLayout() if parameter.fixed_type.identifier == "UILayout" else None
        return _default_of(parameter)


def _default_of(prop: Any) -> Any:
    if prop.type in {"POINTER", "COLLECTION"}:
        return None
    if getattr(prop, "is_array", False):
        return tuple(prop.default_array)
    return prop.default


def bind(name: str, function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call by parameter, checked and worded as Blender checks and words them.

    Raises:
        TypeError: as Blender would.
    """
    parameters = [parameter for parameter in function.parameters if not parameter.is_output]
    count = len(arguments) + len(keywords)
    if count > len(parameters):
        raise TypeError(f"{name}(): takes at most {len(parameters)} arguments, got {count}")
    given: dict[str, Any] = {}
    for index, parameter in enumerate(parameters):
        identifier = parameter.identifier
        if index < len(arguments):
            if not parameter.is_required:
                raise TypeError(f'{name}(): required parameter "{identifier}" to be a keyword argument!')
            value, where = arguments[index], f'argument {index + 1}, "{identifier}"'
        elif identifier in keywords:
            value, where = keywords[identifier], f'keyword argument "{identifier}"'
        elif parameter.is_required:
            raise TypeError(f'{name}(): required parameter "{identifier}" not specified')
        else:
            continue
        problem = misfit_of(parameter, value)
        if problem:
            raise TypeError(f"{name}(): error with {where} -  {problem}")
        given[identifier] = value
    known = [parameter.identifier for parameter in parameters]
    unknown = [keyword for keyword in keywords if keyword not in known]
    if unknown:
        raise TypeError(
            f"{name}(): was called with invalid keyword argument(s) ({', '.join(unknown)}), "
            f"expected ({', '.join(known)})"
        )
    return given


def misfit_of(parameter: Any, value: Any) -> str:
    """Why Blender would not take a value for a parameter or a setting; empty: it would."""
    name, kind = f"Function.{parameter.identifier}", type(value).__name__
    if parameter.type == "ENUM":
        items = parameter.enum_items.keys()
        if parameter.is_enum_flag:
            if not isinstance(value, (set, frozenset)):
                return f"{name} expected a set, not a {kind}"
            wrong = [str(item) for item in value if items and item not in items]
        else:
            if not isinstance(value, str):
                return f"expected a string enum, not {kind}"
            wrong = [value] if items and value not in items else []
        return f'enum "{wrong[0]}" not found in ({bounded_list(items)})' if wrong else ""
    if getattr(parameter, "is_array", False):
        return ""
    if parameter.type == "STRING" and not isinstance(value, (str, bytes)):
        if value is None and not parameter.is_never_none:
            return ""
        return f"{name} expected a string type, not {kind}"
    if parameter.type == "BOOLEAN" and not (isinstance(value, int) and value in (0, 1)):
        # Blender takes whatever is an index of 0 or 1 (numpy's booleans too)
        return (
            "" if hasattr(value, "__index__") and value in (0, 1) else f"{name} expected True/False or 0/1, not {kind}"
        )
    if parameter.type == "INT" and not hasattr(value, "__index__"):
        return f"{name} expected an int type, not {kind}"
    if parameter.type == "FLOAT" and not (hasattr(value, "__float__") or hasattr(value, "__index__")):
        return f"{name} expected a float type, not {kind}"
    if parameter.type == "POINTER" and value is None and parameter.is_never_none:
        return f"{name} does not support a 'None' assignment {parameter.fixed_type.identifier} type"
    return ""


def bounded_list(items: list[str]) -> str:
    """Names in quotes, the first two hundred characters of them."""
    text = ", ".join(f"'{item}'" for item in items)
    return text if len(text) <= 200 else text[:200] + ", ..."


def check_property(data: Any, name: str) -> None:
    """What `layout.prop(data, name)` would print.

    Raises:
        UnknownProperty: the data has no such property.
        TypeError: the data is nothing Blender knows.
    """
    import bpy

    data = unwrapped(data)
    if not isinstance(data, bpy.types.bpy_struct):
        if isinstance(data, OperatorProperties):
            data.check(name)
            return
        raise TypeError(
            f'UILayout.prop(): error with argument 1, "data" -  Function.data expected a AnyType type, '
            f"not {type(data).__name__}"
        )
    if name.startswith("["):
        return
    if name in data.bl_rna.properties:
        with contextlib.suppress(Exception):
            getattr(data, name)  # a button shows the value; what its `get` raises, Blender hands to the witness
        return
    owner = data.bl_rna.identifier
    raise UnknownProperty(f"rna_uiItemR: property not found: {owner}.{name}", owner, name)


class OperatorProperties:
    """What `layout.operator()` returns: Blender itself judges what is set, and forgets it again."""

    __slots__ = ("_identifier", "_real")
    _identifier: str
    _real: Any

    def __init__(self, identifier: str, real: Any) -> None:
        object.__setattr__(self, "_identifier", identifier)
        object.__setattr__(self, "_real", real)

    def check(self, name: str) -> None:
        """See `check_property`."""
        if name not in self._real.bl_rna.properties:
            owner = self._real.bl_rna.identifier
            raise UnknownProperty(f"rna_uiItemR: property not found: {owner}.{name}", owner, name)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def __getitem__(self, name: str) -> Any:
        return self._real[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._real[name] = value
        with contextlib.suppress(Exception):
            del self._real[name]

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._real, name, value)
        with contextlib.suppress(Exception):
            self._real.property_unset(name)


def operator_exists(name: str) -> bool:
    """Whether `module.function` is an operator."""
    import bpy

    module, _, function = name.partition(".")
    try:
        getattr(getattr(bpy.ops, module), function).get_rna_type()
    except (KeyError, AttributeError, RuntimeError):
        return False
    return True


def operator_properties(name: str) -> OperatorProperties:
    """The properties of an operator, for a button to set.

    Raises:
        UnknownOperator: there is none of that name.
    """
    import bpy

    if "_OT_" in name:  # both spellings draw a button
        name = name.replace("_OT_", ".", 1).lower() if operator_exists(name.replace("_OT_", ".", 1).lower()) else name
    if not operator_exists(name):
        module, _, function = name.rpartition(".")
        raise UnknownOperator(f"'{name}' unknown operator", f"bpy.ops.{module}" if module else "bpy.ops", function)
    return OperatorProperties(name, bpy.context.window_manager.operator_properties_last(name))


def unwrapped(value: Any) -> Any:
    """The Blender object a stand-in stands for, or the value itself."""
    if type(value).__name__ == "StandIn":
        return object.__getattribute__(value, "_instance") or value
    return value


def stand_in(cls: Any, layout: RecordingLayout, instance: Any = None) -> Any:
    """A `self` for a draw function: Blender makes such instances only while it draws.

    Attributes come from the real instance where there is one, else from the class; functions are
    bound to the stand-in, and `super()` accepts it.
    """

    class StandIn:
        _instance = instance

        __class__ = property(lambda self: cls)

        def __getattr__(self, name: str) -> Any:
            if name == "layout":
                return layout
            attribute = inspect.getattr_static(cls, name, None)
            if isinstance(attribute, FunctionType):
                return attribute.__get__(self)
            if isinstance(attribute, property) and attribute.fget is not None:
                return attribute.fget(self)
            if instance is not None:
                return getattr(instance, name)
            known = cls.bl_rna.properties.get(name) if hasattr(cls, "bl_rna") else None
            if attribute is None and known is not None:
                return _default_of(known)
            return getattr(cls, name)

    return StandIn()


# -------------------------------------------------------------------------------------------- finding

REGISTRABLE = (
    "Operator",
    "Panel",
    "Menu",
    "Header",
    "UIList",
    "PropertyGroup",
    "AddonPreferences",
    "NodeTree",
    "Node",
    "NodeSocket",
    "KeyingSetInfo",
    "RenderEngine",
    "Gizmo",
    "GizmoGroup",
    "FileHandler",
    "AssetShelf",
    "Macro",
)


def subclasses(cls: type) -> Iterator[type]:
    """Every class below, in the order they were made, each once."""
    seen: set[type] = set()
    pending = [cls]
    while pending:
        below: list[type] = type.__subclasses__(pending.pop(0))
        for sub in below:
            if sub not in seen:
                seen.add(sub)
                pending.append(sub)
                yield sub


def registered_classes(addon: Addon) -> list[type]:
    """The classes of the add-on that are registered now, in the order of their definition."""
    import bpy

    found: dict[type, None] = {}
    for name in REGISTRABLE:
        base = getattr(bpy.types, name, None)
        if base is None:
            continue
        for cls in subclasses(base):
            if "bl_rna" in cls.__dict__ and (addon.owns(cls.__module__) or file_of(addon, cls)):
                found[cls] = None
    return list(found)


def file_of(addon: Addon, cls: type) -> str:
    """The file of the add-on a class was made in; empty for anybody else's."""
    module = sys.modules.get(cls.__module__)
    return addon.relative(getattr(module, "__file__", None))


def operator_name(cls: Any) -> str:
    """`object.my_operator`, whatever way it is written in the class."""
    identifier: str = cls.bl_rna.identifier
    module, _, function = identifier.partition("_OT_")
    return f"{module.lower()}.{function}"


def own_function(addon: Addon, cls: type, name: str) -> bool:
    """Whether the class, or one of its mixins, has a Python function of that name."""
    return inspect.isroutine(getattr(cls, name, None)) and not getattr(getattr(cls, name), "__module__", "").startswith(
        ("bpy_types", "_bpy_types")
    )


def properties_of(cls: Any) -> Any:
    """The registered properties of a class; Blender keeps those of an operator apart from its type."""
    import bpy

    if not issubclass(cls, bpy.types.Operator):
        return cls.bl_rna.properties
    module, _, function = operator_name(cls).partition(".")
    return getattr(getattr(bpy.ops, module), function).get_rna_type().properties


def menu_functions(addon: Addon) -> list[tuple[type, Callable[..., Any]]]:
    """The functions the add-on appended to Blender's own menus, panels and headers."""
    import bpy

    found: list[tuple[type, Callable[..., Any]]] = []
    for base in ("Menu", "Panel", "Header"):
        for cls in subclasses(getattr(bpy.types, base)):
            for function in getattr(cls.__dict__.get("draw"), "_draw_funcs", ()):
                code = getattr(function, "__code__", None)
                if code is not None and addon.relative(code.co_filename) and not any(f is function for _, f in found):
                    found.append((cls, function))
    return found


# --------------------------------------------------------------------------------------------- probes

PASS, FAIL, REFUSED, SKIPPED = "pass", "fail", "refused", "skipped"
POLL_SAYS_NO = "its poll says no"


def probe(
    kind: str, subject: str, outcome: str, detail: str = "", situation: str = "", fault: Json | None = None
) -> Json:
    """A `Probe`."""
    return {
        "id": bounded(f"{kind}:{subject}" if subject else kind, 400),
        "kind": kind,
        "subject": bounded(subject, 300),
        "outcome": outcome,
        "detail": bounded(detail, 2000),
        "situation": situation,
        "raised": fault,
        "seconds": 0.0,
    }


@dataclass
class Trial:
    """How one attempt at something ended."""

    outcome: str
    detail: str = ""
    error: BaseException | None = None
    ran: bool = False
    tentative: bool = False
    """It failed in a way that another scene may put right."""


@dataclass(frozen=True)
class Bench:
    """What every probe needs at hand."""

    addon: Addon
    stage: Stage
    coverage: Coverage
    sources: SourceMap
    describer: Describer
    witness: Witness
    scratch: str
    places: tuple[tuple[str, int], ...] = ()
    """Path and line of the frames somebody gave."""

    def fault(self, error: BaseException) -> Json:
        """The `Raised` of an exception."""
        return self.describer.describe(error)

    def inside(self, error: BaseException) -> bool:
        """Whether an exception came through the add-on's code."""
        return bool(self.describer.inside(self.describer.origin(error)))

    def at_a_place(self, error: BaseException) -> bool:
        """Whether it was raised at a line of the traceback somebody gave."""
        frames = self.describer.inside(self.describer.origin(error))
        return bool(frames) and (frames[-1]["path"], frames[-1]["line"]) in self.places


# Loading.


def probe_enable(bench: Bench, kind: str = "enable") -> tuple[Json, bool]:
    """Enable the add-on the way Blender's preferences do; also says whether it is enabled now."""
    import addon_utils

    errors: list[BaseException] = []

    def collect(*arguments: Any) -> None:
        error = arguments[0] if arguments and isinstance(arguments[0], BaseException) else sys.exc_info()[1]
        if error is not None:
            errors.append(error)

    bench.witness.clear()
    module = None
    try:
        module = addon_utils.enable(bench.addon.module, default_set=True, handle_error=collect)
    except OutOfTimeError:
        return probe(kind, "", FAIL, fault=raised("TimeoutError", "enabling the add-on does not end", "", 0)), False
    except BaseException as error:  # an add-on may raise SystemExit when it is imported
        errors.append(error)
    if errors:
        return probe(kind, "", FAIL, fault=bench.fault(errors[0])), module is not None
    if module is None:
        return probe(kind, "", FAIL, fault=_too_old(bench)), False
    return probe(kind, "", PASS), True


def _too_old(bench: Bench) -> Json:
    """Blender refuses, without a word, what says it is for a release before 2.80."""
    path = bench.addon.shown_name if bench.addon.single_file else "__init__.py"
    line = 0
    for node in ast.walk(bench.sources.tree(path) or ast.Module([], [])):
        if isinstance(node, ast.Dict):
            for key in node.keys:
                if isinstance(key, ast.Constant) and key.value == "blender" and not line:
                    line = key.lineno
    message = "add-on was not upgraded for 2.80, ignoring"
    return raised("ImportError", message, path, line, "bl_info", "blender", [])


def probe_disable(bench: Bench) -> Json:
    """Disable it the way Blender's preferences do."""
    import addon_utils

    errors: list[BaseException] = []

    def collect(*arguments: Any) -> None:
        error = arguments[0] if arguments and isinstance(arguments[0], BaseException) else sys.exc_info()[1]
        if error is not None:
            errors.append(error)

    try:
        addon_utils.disable(bench.addon.module, default_set=True, handle_error=collect)
    except OutOfTimeError:
        return probe("disable", "", FAIL, fault=raised("TimeoutError", "disabling the add-on does not end", "", 0))
    except BaseException as error:
        errors.append(error)
    return probe("disable", "", FAIL, fault=bench.fault(errors[0])) if errors else probe("disable", "", PASS)


# Classes.


def probe_class(bench: Bench, cls: Any) -> Json:
    """Properties that are assigned instead of annotated are never registered, and nothing says so."""
    faults = []
    for holder in cls.__mro__:
        path = file_of(bench.addon, holder)
        if not path:
            continue
        for name, value in list(holder.__dict__.items()):
            if is_deferred(value) and name not in properties_of(cls):
                faults.append((name, path, _assignment_line(bench, path, holder.__name__, name)))
    if not faults:
        return probe("class", cls.__name__, PASS)
    messages = [
        f"property {name!r} of {cls.__name__} is assigned, not annotated, and was never registered"
        for name, _, _ in faults
    ]
    name, path, line = faults[0]
    others = "; ".join(
        f"{message} ({path}:{line})" for message, (_, path, line) in zip(messages[1:], faults[1:], strict=True)
    )
    frames = [{"path": path, "line": line, "function": cls.__name__}]
    fault = raised("DeferredProperty", messages[0], path, line, cls.__name__, name, frames)
    return probe("class", cls.__name__, FAIL, others, fault=fault)


def is_deferred(value: Any) -> bool:
    """Whether a value is what `bpy.props` functions return before registration."""
    import bpy

    deferred = getattr(bpy.props, "_PropertyDeferred", None)
    if deferred is not None:
        return isinstance(value, deferred)
    return isinstance(value, tuple) and len(value) == 2 and getattr(value[0], "__module__", "") == "bpy.props"


def _assignment_line(bench: Bench, path: str, cls: str, name: str) -> int:
    for node in ast.walk(bench.sources.tree(path) or ast.Module([], [])):
        if isinstance(node, ast.ClassDef) and node.name == cls:
            for statement in node.body:
                targets = statement.targets if isinstance(statement, ast.Assign) else []
                if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                    return statement.lineno
    return 0


# Why an exception is not held against the add-on.

FROM_OUTSIDE = (OSError, EOFError, UnicodeError, MemoryError, NotImplementedError)
"""What a missing file, network or program raises."""

DATA_DEPENDENT = (
    LookupError,
    ArithmeticError,
    AssertionError,
    StopIteration,
    ReferenceError,
    ValueError,
    RuntimeError,
    UnboundLocalError,
)
"""What unusual data raises; API changes raise other things, a few wordings aside."""

API_WORDS = ("execution context is supported", "not found in (", "undefined", "registered", "bl_rna")
"""In messages of `DATA_DEPENDENT` exceptions: it is the API after all."""

NEEDS_MORE = (
    "editmode",
    "edit mode",
    "edit-mode",
    "background mode",
    "needs a window",
    "out of range",
    "from empty list",
    'enum "" not found',
    "base 10: ''",
    "to float: ''",
    "support None from string",
    "has no attribute ''",
)
"""In messages that ask for another scene, for a screen, or for what a person would have chosen."""

FAMILIES = ("Space", "Node", "Light", "Modifier", "Constraint", "Texture", "NodeSocket", "Strip", "Sequence")
"""Types of which an operator may have got another than it was written for."""

OBJECT_DATA = ("Mesh", "Curve", "Armature", "Lattice", "MetaBall", "Camera", "Light", "Speaker", "Object")
"""What `object.data` may be, and what is taken for it."""

OWN_MODULES = frozenset(
    re.findall(
        r"\w+",
        """bpy bgl blf bmesh gpu gpu_extras mathutils aud freestyle idprop imbuf bpy_extras bpy_types bl_ui bl_operators
        bl_i18n_utils rna_prop_ui rna_keymap_ui rna_info addon_utils nodeitems_utils nodeitems_builtins console_python
        keyingsets_utils graphviz_export animsys_refactor sys_info numpy requests imp distutils asyncore asynchat
        smtpd cgi cgitb pipes telnetlib crypt imghdr sndhdr lib2to3 OpenGL""",
    )
)
"""Modules Blender or Python itself once had; any other that is missing is somebody else's."""

EDITOR_MEMBERS = frozenset(
    re.findall(
        r"\w+",
        """active_action active_bone active_file active_nla_strip active_nla_track active_node active_operator
        active_pose_bone active_sequence_strip active_strip annotation_data armature asset asset_library_ref bone
        brush camera cloth collision curve curves dynamic_paint edit_bone edit_image edit_mask edit_movieclip
        edit_object edit_text editable_bones fluid gpencil hair_curves id image_paint_object lattice light
        lightprobe line_style material material_slot mesh meta_ball movieclip particle_settings
        particle_system particle_system_editable pointcloud pose_bone pose_object region region_data
        sculpt_object selected_assets selected_bones selected_editable_bones selected_files selected_ids
        selected_nla_strips selected_nodes selected_pose_bones selected_sequences selected_strips sequences
        sequence_editor_scene soft_body space_data speaker strips texture texture_node texture_slot
        texture_user ui_list vertex_paint_object visible_bones visible_pose_bones volume
        weight_paint_object world""",
    )
)
"""Members the context has in one editor, mode or kind of object, and nowhere else."""

PRESENT = frozenset(
    re.findall(
        r"\w+",
        """object active_object scene view_layer collection data active_material material window screen node_tree
        window_manager preferences world camera context area""",
    )
)
"""Attributes that are never None in the scene `cube`."""

LOOKED_UP = frozenset(
    re.findall(
        r"\w+",
        """objects meshes materials images textures collections scenes actions bones modifiers vertex_groups
        node_groups texts uv_layers key_blocks lights cameras armatures curves constraints shape_keys edit_bones
        pose_bones particle_systems worlds fonts nla_tracks libraries brushes children users_collection
        vertex_colors color_attributes attributes""",
    )
)
"""Collections whose items have names a user gave."""

_POLL_FAILED = re.compile(r"Operator bpy\.ops\.(\w+)\.\w+\.poll\(\)")
_OPERATOR_MISSING_STATE = re.compile(r"object has no attribute '(\w+)'")
_STRUCT_KEY = re.compile(r'bpy_struct\[key\]: key "([^"]*)" not found')


def excuse(bench: Bench, cls: type, error: BaseException, situation: str, chosen: bool) -> str:
    """Why a failing operator is not faulty; empty: it may be.

    `chosen` says that the operator's own poll refused the plain cube and accepted this scene.
    Harmless add-ons must come back clean: an exception that may be due to what was not set up is
    no proof.
    """
    origin = bench.describer.origin(error)
    if not bench.inside(error):
        return "failed before the add-on's code was reached"
    if bench.at_a_place(error):
        return ""
    message = str(origin)
    if type(origin) is Exception or bench.addon.owns(type(origin).__module__):
        return f"it said: {type(origin).__name__}: {message}"
    if isinstance(origin, FROM_OUTSIDE) or any(words in message for words in NEEDS_MORE):
        return f"needs what is not there: {message}"
    if isinstance(origin, AttributeError) and interactive_state(bench, cls, origin):
        return f"needs to be started by a person: {message}"
    if isinstance(origin, SyntaxError) and not bench.addon.relative(origin.filename):
        return f"was to run a text: {message}"
    if isinstance(origin, ModuleNotFoundError) and (origin.name or "").partition(".")[0] not in OWN_MODULES:
        return "" if bench.addon.owns(origin.name) else f"needs a module of others: {message}"
    if not by_data(bench, origin):
        return needs_editor(origin, message) or other_kind(bench, origin, message)
    if situation != CUBE and not chosen:
        return f"needs another scene: {message}"
    if isinstance(origin, RuntimeError):
        failed_poll = _POLL_FAILED.search(message)
        if failed_poll:
            return "" if failed_poll[1] == "object" else f"needs an editor or a mode: {message}"
        if raised_by_operator(origin):
            return f"an operator it calls said no: {message}"
    if isinstance(origin, KeyError) and (message == "''" or named_by_user(bench, origin, message)):
        return f"needs data of that name: {message}"
    names = names_in_frames(bench, origin)
    empty = [name for name in empty_texts(cls) if name in names]
    if empty:
        return f"needs a value for {', '.join(empty)}: {message}"
    if isinstance(origin, AttributeError) and ordinary_none(bench, origin):
        return f"needs data: {message}"
    if invoke_prepares(bench, cls):
        return f"needs to be started by a person: {message}"
    return ""


def by_data(bench: Bench, error: BaseException) -> bool:
    """Whether what the scene holds, and not the API, may be why it was raised."""
    message = str(error)
    if isinstance(error, (AttributeError, TypeError)):
        return "'NoneType'" in message
    return isinstance(error, DATA_DEPENDENT) and not any(word in message for word in API_WORDS)


def needs_editor(error: BaseException, message: str) -> str:
    """The excuse for a context that lacks what only some editors have; empty: none."""
    match = re.search(r"'Context' object has no attribute '(\w+)'", message)
    if isinstance(error, AttributeError) and match and match[1] in EDITOR_MEMBERS:
        return f"needs an editor: {message}"
    return ""


def other_kind(bench: Bench, error: BaseException, message: str) -> str:
    """The excuse for data of another kind than expected, or that the add-on sets up later; empty: none."""
    import bpy

    match = re.match(r"'(\w+)' object has no attribute '(\w+)'", message)
    if not isinstance(error, AttributeError) or match is None:
        return ""
    owner, member = getattr(bpy.types, match[1], None), match[2]
    if not isinstance(owner, type):
        return ""
    for family in FAMILIES:
        base = getattr(bpy.types, family, None)
        if (
            base is not None
            and issubclass(owner, base)
            and any(member in cls.bl_rna.properties or member in cls.bl_rna.functions for cls in kinds_of(base))
        ):
            return f"needs another kind of {family}: {message}"
    if match[1] in OBJECT_DATA:
        kinds = [getattr(bpy.types, name).bl_rna for name in OBJECT_DATA if hasattr(bpy.types, name)]
        if any(member in kind.properties or member in kind.functions for kind in kinds):
            return f"needs another kind of object: {message}"
    if member in registered_later(bench):
        return f"needs what the add-on registers later: {message}"
    return ""


def kinds_of(base: type) -> list[Any]:
    """The types of Blender that derive from one of them."""
    import bpy

    known = (getattr(bpy.types, name, None) for name in dir(bpy.types))
    return [cls for cls in known if isinstance(cls, type) and issubclass(cls, base)]


def registered_later(bench: Bench) -> set[str]:
    """The names the add-on assigns to Blender's types (`bpy.types.Scene.settings = ...`)."""
    names: set[str] = set()
    for path in bench.addon.files():
        for node in ast.walk(bench.sources.tree(path) or ast.Module([], [])):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.ctx, ast.Store)
                and isinstance(node.value, ast.Attribute)
                and isinstance(node.value.value, (ast.Attribute, ast.Name))
                and (getattr(node.value.value, "attr", "") or getattr(node.value.value, "id", "")) in {"types", "T"}
            ):
                names.add(node.attr)
    return names


def failing_line(bench: Bench, error: BaseException) -> tuple[str, int, str]:
    """Path, line and text of the line of the add-on an exception comes from."""
    frames = bench.describer.inside(error)
    if not frames:
        return "", 0, ""
    path, line = frames[-1]["path"], frames[-1]["line"]
    lines = read_source(bench.addon.absolute(path)).splitlines()
    return path, line, lines[line - 1] if 0 < line <= len(lines) else ""


def named_by_user(bench: Bench, error: KeyError, message: str) -> bool:
    """Whether the missing key is the name of somebody's data, not a name Blender gave."""
    import bpy

    match = _STRUCT_KEY.search(message)
    if match:  # custom properties; registered ones could be had by key before 5.0
        types = ("Scene", "Object", "Material", "Mesh", "WindowManager", "Armature", "PoseBone", "Collection")
        return not any(match[1] in getattr(bpy.types, name).bl_rna.properties for name in types)
    holders = set(re.findall(r"\.(\w+)\[", failing_line(bench, error)[2]))
    return bool(holders & LOOKED_UP) and not holders & {"inputs", "outputs"}


def ordinary_none(bench: Bench, error: AttributeError) -> bool:
    """Whether what was None is a plain attribute that is often None (`context.active_pose_bone`)."""
    path, line, _ = failing_line(bench, error)
    match = _OPERATOR_MISSING_STATE.search(str(error))
    tree = bench.sources.tree(path) if path else None
    if tree is None or match is None:
        return False
    subject = next(
        (
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and node.attr == match[1]
            and node.lineno <= line <= (node.end_lineno or 0)
        ),
        None,
    )
    if isinstance(subject, ast.Name):
        site = bench.sources.at(path, line)
        values = _values(tree, subject.id, site.start if site else 0, line)
        if any(isinstance(value, ast.Constant) and value.value is None for value in values):
            return True  # it was looked for and not found
        subject = values[-1] if values else None
    if isinstance(subject, ast.Call):  # of a function of its own, which found nothing
        name = getattr(subject.func, "attr", "") or getattr(subject.func, "id", "")
        return any(site.name == name for site in bench.sources.all_sites())
    if not isinstance(subject, ast.Attribute) or subject.attr in PRESENT:
        return False
    return not any(isinstance(node, ast.Call) for node in ast.walk(subject))


def _values(tree: ast.Module, name: str, start: int, line: int) -> list[ast.expr]:
    """What a variable is assigned between two lines, going by the text, in order."""
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and start <= node.lineno < line
        and any(
            isinstance(inner, ast.Name) and inner.id == name
            for target in node.targets
            for inner in (target.elts if isinstance(target, ast.Tuple) else (target,))
        )
    ]
    return [node.value for node in sorted(found, key=lambda node: node.lineno)]


def names_in_frames(bench: Bench, error: BaseException) -> set[str]:
    """Every name that the add-on's functions on the way to an exception mention."""
    names: set[str] = set()
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if bench.addon.relative(frame.f_code.co_filename):
            names.update(frame.f_code.co_names)
    return names


def raised_by_operator(error: BaseException) -> bool:
    """Whether the exception comes from a call of `bpy.ops`."""
    files = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)]
    others = [file for file in files if file != __file__]
    return bool(others) and others[-1].endswith(_BPY_OPS)


def interactive_state(bench: Bench, cls: type, error: AttributeError) -> bool:
    """Whether what is missing is an attribute of the operator that another of its methods sets."""
    match = _OPERATOR_MISSING_STATE.search(str(error))
    subject = getattr(error, "obj", None)
    if match is None or not (isinstance(subject, cls) or f"'{cls.__name__}'" in str(error)):
        return False
    return any(match[1] in attributes for attributes in stored_attributes(bench, cls).values())


def invoke_prepares(bench: Bench, cls: type) -> bool:
    """Whether `invoke` or `modal` stores anything that `execute` may rely on."""
    stored = stored_attributes(bench, cls)
    return bool(stored.get("invoke") or stored.get("modal"))


def stored_attributes(bench: Bench, cls: type) -> dict[str, set[str]]:
    """By method, the attributes it assigns."""
    found: dict[str, set[str]] = {}
    for holder in cls.__mro__:
        path = file_of(bench.addon, holder)
        for node in ast.walk((bench.sources.tree(path) if path else None) or ast.Module([], [])):
            if not (isinstance(node, ast.ClassDef) and node.name == holder.__name__):
                continue
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    stores = {
                        inner.attr
                        for inner in ast.walk(method)
                        if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store)
                    }
                    found.setdefault(method.name, set()).update(stores)
    return found


POPUPS = frozenset(
    {"invoke_popup", "invoke_props_dialog", "invoke_props_popup", "invoke_search_popup", "invoke_confirm"}
)
"""Methods of the window manager that need a window, and crash without one."""


def calls_in(bench: Bench, cls: type, method: str) -> set[str]:
    """Every name that one method of a class mentions."""
    path = file_of(bench.addon, cls)
    sites = bench.sources.sites(path) if path else []
    return {name for site in sites if site.owner == cls.__name__ and site.name == method for name in site.names}


def empty_texts(cls: Any) -> list[str]:
    """The operator's properties that hold no text until somebody fills them in."""
    return [
        prop.identifier
        for prop in properties_of(cls)
        if prop.identifier != "rna_type"
        and prop.type in {"STRING", "ENUM"}
        and not getattr(prop, "is_enum_flag", False)
        and not prop.default
    ]


# Operators.

IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".tga", ".tif", ".tiff", ".exr", ".hdr")
FILE_PROPERTIES = frozenset({"filepath", "directory", "files", "filename"})
_OBJ = "o Cube\nv 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf 1 2 3 4\n"
_PLY = (
    "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
    "element face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"
)
_STL = (
    "solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid a\n"
)


def write_png(path: str, size: int = 8) -> None:
    """A small orange picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + b"\xe0\x80\x20" * size for _ in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    Path(path).write_bytes(data)


def file_arguments(cls: Any, scratch: str) -> dict[str, Any] | None:
    """Values for an operator's file properties; None: it reads a format that cannot be made up."""
    properties = properties_of(cls)
    wanted = [
        prop.identifier
        for prop in properties
        if prop.identifier in FILE_PROPERTIES
        or (prop.type == "STRING" and prop.subtype in {"FILE_PATH", "DIR_PATH", "FILE_NAME"} and not prop.default)
    ]
    if not wanted:
        return {}
    folder = os.path.join(scratch, "files")
    os.makedirs(folder, exist_ok=True)
    words = " ".join([cls.bl_rna.identifier, str(getattr(cls, "bl_label", "")), cls.__name__]).lower()
    pattern = properties["filter_glob"].default if "filter_glob" in properties else ""
    ending = str(getattr(cls, "filename_ext", "") or "") or next(iter(re.findall(r"\.\w+", pattern)), "")
    if "check_existing" in properties or "export" in words or "save" in words:
        name = "made" + (ending or ".txt")
    else:
        name = _input_file(folder, ending, re.findall(r"\.\w+", pattern), words)
        if not name:
            return None
    values: dict[str, Any] = {}
    for identifier in wanted:
        prop = properties[identifier]
        if identifier == "files":
            values["files"] = [{"name": name}]
        elif identifier == "directory" or prop.subtype == "DIR_PATH":
            values[identifier] = folder + os.sep
        elif prop.type == "STRING":
            values[identifier] = name if prop.subtype == "FILE_NAME" else os.path.join(folder, name)
    return values


def _input_file(folder: str, ending: str, endings: list[str], words: str) -> str:
    """The name of a file that can be read by an importer of such endings; empty: none can be made."""
    known = [one.lower() for one in [ending, *endings] if one]
    picture = next((one for one in known if one in IMAGE_ENDINGS), "") or ("image" in words and ".png")
    if picture:
        write_png(os.path.join(folder, "given.png"))
        return "given.png"
    for one, text in ((".obj", _OBJ), (".ply", _PLY), (".stl", _STL)):
        if one in known:
            Path(folder, "given" + one).write_text(text, encoding="ascii")
            return "given" + one
    return ""


class OperatorProbe:
    """Tries one operator in one scene after the other."""

    def __init__(self, bench: Bench, cls: type, values: dict[str, Any]) -> None:
        self._bench = bench
        self._cls = cls
        self._values = values
        self.name = operator_name(cls)
        self.space = SPACES.get(self.name.partition(".")[0].upper(), "VIEW_3D")
        if self.space == "PROPERTIES":  # a mesh operator runs over the 3D view
            self.space = "VIEW_3D"
        self.refused_cube = False

    def trial(self, situation: str, changes: dict[str, Any] | None = None) -> Trial:
        """Poll, then execute, in a fresh scene."""
        bench = self._bench
        if not bench.stage.enter(situation):
            return Trial(SKIPPED, f"the scene {situation} cannot be made")
        with bench.stage.view(self.space):
            return self.run(situation, changes)

    def run(self, situation: str, changes: dict[str, Any] | None = None) -> Trial:
        """The same in the scene as it is."""
        import bpy

        bench = self._bench
        module, _, function = self.name.partition(".")
        operator = getattr(getattr(bpy.ops, module), function)
        bench.witness.clear()
        with quiet():
            willing = operator.poll()
            complaint = bench.witness.cause()
            if complaint is not None:
                return self._judge(complaint, situation, "its poll raised")
            if not willing:
                self.refused_cube = self.refused_cube or situation == CUBE
                return Trial(REFUSED, POLL_SAYS_NO)
            try:
                operator("EXEC_DEFAULT", **{**self._values, **(changes or {})})
            except OutOfTimeError:
                raise
            except BaseException as error:
                cause = bench.witness.cause()
                if cause is None and isinstance(error, RuntimeError):
                    return Trial(REFUSED, "it said: " + bench.describer.clean(str(error)).strip(), ran=True)
                if isinstance(cause, OutOfTimeError):
                    raise cause from None
                return self._judge(cause or error, situation, "")
        printed = bench.witness.cause()
        if isinstance(printed, OutOfTimeError):
            raise printed
        return Trial(PASS, ran=True)

    def _judge(self, error: BaseException, situation: str, detail: str) -> Trial:
        chosen = self.refused_cube and situation in WITH_MESH | {"armature", "pose", "curve", "light", "camera"}
        reason = excuse(self._bench, self._cls, error, situation, chosen)
        if reason:
            return Trial(REFUSED, self._bench.describer.clean(reason), ran=True)
        tentative = by_data(self._bench, self._bench.describer.origin(error)) and not self._bench.at_a_place(error)
        return Trial(FAIL, detail, error, ran=True, tentative=tentative)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """No warnings on the console."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def variations(cls: Any) -> Iterator[dict[str, Any]]:
    """One property after the other set to another of its values: every item of an enum, each switch turned."""
    count = 0
    for prop in properties_of(cls):
        if prop.identifier == "rna_type" or prop.is_readonly:
            continue
        values: list[Any] = []
        if prop.type == "BOOLEAN" and not prop.is_array:
            values = [not prop.default]
        elif prop.type == "ENUM" and not prop.is_enum_flag:
            values = [item.identifier for item in prop.enum_items if item.identifier != prop.default][:12]
        for value in values:
            count += 1
            if count > 40:
                return
            yield {prop.identifier: value}


# Panels, menus, and what is appended to them.


def properties_context(cls: type) -> dict[str, Any]:
    """What the properties editor has in its context and nobody else."""
    import bpy

    thing = bpy.context.view_layer.objects.active
    if getattr(cls, "bl_space_type", "") != "PROPERTIES" or thing is None:
        return {}
    members: dict[str, Any] = {"object": thing}
    if thing.type == "MESH":
        members["mesh"] = thing.data
    members[
        {"LIGHT": "light", "CAMERA": "camera", "CURVE": "curve", "ARMATURE": "armature"}.get(thing.type, "mesh")
    ] = thing.data
    if thing.material_slots:
        members["material_slot"] = thing.material_slots[0]
        members["material"] = thing.active_material
    members["world"] = bpy.context.scene.world
    return {name: value for name, value in members.items() if value is not None}


SPACES = {
    "NODE": "NODE_EDITOR",
    "IMAGE": "IMAGE_EDITOR",
    "UV": "IMAGE_EDITOR",
    "SEQUENCER": "SEQUENCE_EDITOR",
    "GRAPH": "GRAPH_EDITOR",
    "DOPESHEET": "DOPESHEET_EDITOR",
    "ACTION": "DOPESHEET_EDITOR",
    "TEXT": "TEXT_EDITOR",
    "CLIP": "CLIP_EDITOR",
    "NLA": "NLA_EDITOR",
    "FILEBROWSER": "FILE_BROWSER",
    "OUTLINER": "OUTLINER",
    "CONSOLE": "CONSOLE",
    "MATERIAL": "PROPERTIES",
    "MESH": "PROPERTIES",
    "PROPERTIES": "PROPERTIES",
}
"""By the first word of a menu's or an operator's name, its editor; all others are taken for the 3D view's."""


def space_of(cls: type) -> str:
    """The kind of editor a panel or menu is drawn in."""
    known = str(getattr(cls, "bl_space_type", "") or "")
    return known or SPACES.get(cls.__name__.partition("_")[0], "VIEW_3D")


def draw_functions(cls: type) -> list[Callable[..., Any]]:
    """What is called to draw it: its own functions, and those others appended."""
    draw = getattr(cls, "draw", None)
    functions = list(getattr(draw, "_draw_funcs", ())) or ([draw] if draw is not None else [])
    header = getattr(cls, "draw_header", None)
    return functions + ([header] if isinstance(header, FunctionType) else [])


def probe_panel(bench: Bench, cls: Any, situation: str = CUBE) -> Json:
    """Poll, then draw into a recording layout."""
    import bpy

    kind, subject = "panel", cls.__name__
    if not bench.stage.enter(situation):
        return probe(kind, subject, SKIPPED, f"the scene {situation} cannot be made")
    space = space_of(cls)
    instance = None
    if issubclass(cls, bpy.types.AddonPreferences):
        entry = bpy.context.preferences.addons.get(str(getattr(cls, "bl_idname", bench.addon.module)))
        instance = entry.preferences if entry is not None else None
        if instance is None:
            return probe(kind, subject, SKIPPED, "there are no preferences to draw")
    bench.witness.clear()
    with bench.stage.view(space, "WINDOW", **properties_context(cls)), quiet():
        try:
            poll = getattr(cls, "poll", None)
            if poll is not None and not poll(bpy.context):
                return probe(kind, subject, REFUSED, POLL_SAYS_NO, situation)
            for function in draw_functions(cls):
                function(stand_in(cls, RecordingLayout(), instance), bpy.context)
        except OutOfTimeError:
            raise
        except BaseException as error:
            return _judge_drawing(bench, kind, subject, error, space, situation)
    printed = next((error for error in bench.witness.seen if bench.inside(error)), None)
    if printed is not None:
        return _judge_drawing(bench, kind, subject, printed, space, situation)
    return probe(kind, subject, PASS, situation=situation)


def _judge_drawing(bench: Bench, kind: str, subject: str, error: BaseException, space: str, situation: str) -> Json:
    origin = bench.describer.origin(error)
    message = bench.describer.message(origin)
    if not bench.inside(error):
        return probe(kind, subject, REFUSED, f"failed outside the add-on: {message}", situation)
    if bench.at_a_place(error):
        return probe(kind, subject, FAIL, situation=situation, fault=bench.fault(error))
    faked = space not in {"VIEW_3D", "PROPERTIES", "PREFERENCES"}
    ordinary = isinstance(origin, AttributeError) and by_data(bench, origin) and ordinary_none(bench, origin)
    named = isinstance(origin, KeyError) and named_by_user(bench, origin, str(origin))
    reason = (
        needs_editor(origin, message)
        or other_kind(bench, origin, message)
        or (
            f"needs what is not there: {message}"
            if isinstance(origin, FROM_OUTSIDE) or ordinary or named or any(words in message for words in NEEDS_MORE)
            else ""
        )
    )
    if not reason and by_data(bench, origin) and (faked or situation != CUBE):
        reason = f"needs another scene: {message}"
    if reason:
        return probe(kind, subject, REFUSED, reason, situation)
    result = probe(kind, subject, FAIL, situation=situation, fault=bench.fault(error))
    result["doubtful"] = by_data(bench, origin)
    return result


def probe_menu_function(bench: Bench, cls: type, function: Callable[..., Any]) -> Json:
    """Draw what the add-on appended to one of Blender's menus."""
    import bpy

    subject = qualified(bench.addon, function)
    if not bench.stage.enter(CUBE):
        return probe("function", subject, SKIPPED, "the scene cannot be made")
    space = space_of(cls)
    with bench.stage.view(space, "WINDOW", **properties_context(cls)), quiet():
        try:
            function(stand_in(cls, RecordingLayout()), bpy.context)
        except OutOfTimeError:
            raise
        except BaseException as error:
            result = _judge_drawing(bench, "function", subject, error, space, CUBE)
            result.pop("doubtful", None)
            return result
    return probe("function", subject, PASS, f"drawn in {cls.__name__}", CUBE)


def qualified(addon: Addon, function: Any) -> str:
    """A function's dotted name below the add-on's module."""
    module = str(getattr(function, "__module__", ""))
    inner = module[len(addon.module) + 1 :] if module.startswith(addon.module + ".") else ""
    name = str(getattr(function, "__qualname__", function))
    return f"{inner}.{name}" if inner else name


# Functions, called with what their parameters are named after.


class NothingToGiveError(Exception):
    """A required parameter that no value is known for."""


def argument(name: str, parameter: inspect.Parameter) -> Any:
    """A value for a parameter, from what is in the scene; True for what nothing is known of.

    Raises:
        NothingToGiveError: there is none.
    """
    import bpy

    context = bpy.context
    thing = context.view_layer.objects.active
    data: Any = getattr(thing, "data", None)
    kind = getattr(thing, "type", "")
    values: dict[str, Any] = {
        "context": context,
        "ctx": context,
        "c": context,
        "scene": context.scene,
        "sce": context.scene,
        "scn": context.scene,
        "view_layer": context.view_layer,
        "collection": context.collection,
        "obj": thing,
        "ob": thing,
        "object": thing,
        "active": thing,
        "active_object": thing,
        "objs": list(context.selected_objects),
        "objects": list(context.selected_objects),
        "obs": list(context.selected_objects),
        "selected_objects": list(context.selected_objects),
        "data": data,
        "material": getattr(thing, "active_material", None),
        "mat": getattr(thing, "active_material", None),
        "action": getattr(getattr(thing, "animation_data", None), "action", None),
        "depsgraph": context.evaluated_depsgraph_get(),
        "dg": context.evaluated_depsgraph_get(),
        "layout": RecordingLayout(),
        "col": RecordingLayout(),
        "row": RecordingLayout(),
        "box": RecordingLayout(),
        "matrix": thing.matrix_world if thing is not None else None,
        "location": (0.0, 0.0, 0.0),
        "loc": (0.0, 0.0, 0.0),
        "name": "Name",
    }
    if kind == "MESH":
        values |= {"mesh": data, "me": data, "bmesh_data": data}
    if kind == "ARMATURE":
        values |= {"armature": data, "arm": data, "armature_object": thing, "rig": thing, "bone": data.bones[0]}
        values |= {"pose_bone": thing.pose.bones[0], "pbone": thing.pose.bones[0]}
    if kind == "CURVE":
        values |= {"curve": data, "spline": data.splines[0]}
    if kind == "LIGHT":
        values |= {"light": data, "lamp": data}
    if kind == "CAMERA":
        values |= {"camera": thing, "cam": thing}
    node_tree = getattr(values["material"], "node_tree", None)
    if node_tree is not None:
        values |= {"node_tree": node_tree, "tree": node_tree, "ntree": node_tree, "nodes": node_tree.nodes}
        values |= {"node": node_tree.nodes[0], "links": node_tree.links}
    value = values.get(name)
    if value is None:
        by_annotation = {
            "str": "Name",
            "int": 1,
            "float": 1.0,
            "bool": True,
            str: "Name",
            int: 1,
            float: 1.0,
            bool: True,
        }
        value = by_annotation.get(parameter.annotation) if parameter.annotation is not parameter.empty else None
    if value is None:
        wanted = str(getattr(parameter.annotation, "__name__", parameter.annotation)).rpartition(".")[2]
        candidates = (context, context.scene, thing, data, values["material"], values["action"], node_tree)
        value = next((one for one in candidates if one is not None and type(one).__name__ == wanted), None)
    if value is None and (name in values or name in {"self", "cls", "event"}):
        raise NothingToGiveError(name)
    return True if value is None else value


def arguments(function: Callable[..., Any]) -> tuple[list[Any], dict[str, Any]]:
    """Values for the parameters without a default.

    Raises:
        NothingToGiveError: one of them cannot be made up.
    """
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if (
            parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
            or parameter.default is not parameter.empty
        ):
            continue
        value = argument(name, parameter)
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[name] = value
        else:
            positional.append(value)
    return positional, named


def module_of(addon: Addon, path: str) -> ModuleType | None:
    """The loaded module of a file of the add-on, imported when it is not loaded yet."""
    wanted = addon.absolute(path)
    for module in list(sys.modules.values()):
        filename = getattr(module, "__file__", None)
        if filename and os.path.normpath(filename) == wanted:
            return module
    if addon.single_file:
        return None
    dotted = re.sub(r"(^|/)__init__\.py$|\.py$", "", path).replace("/", ".")
    try:
        return importlib.import_module(f"{addon.module}.{dotted}" if dotted else addon.module)
    except OutOfTimeError:
        raise
    except BaseException:
        return None


def probe_function(bench: Bench, site: Site, given: bool, wanted: set[int]) -> Json:
    """Call one function with guessed arguments, in one scene after the other until its wanted lines ran.

    `given` says that a traceback named it; only then does an exception count, and only one raised
    at a line of that traceback, or in it without an argument of ours being what does not fit.
    """
    kind, module = "function", module_of(bench.addon, site.path)
    dotted = re.sub(r"(^|/)__init__\.py$|\.py$", "", site.path).replace("/", ".")
    subject = site.qualname if bench.addon.single_file or not dotted else f"{dotted}.{site.qualname}"
    if module is None:
        return probe(kind, subject, SKIPPED, "its module cannot be imported")
    function: Any = module
    owner: Any = None
    for part in site.qualname.split("."):
        owner, function = function, getattr(function, part, None)
    if not callable(function):
        return probe(kind, subject, SKIPPED, "it is not there to be called")
    if (
        isinstance(owner, type)
        and inspect.isfunction(function)
        and not isinstance(inspect.getattr_static(owner, site.name), staticmethod)
    ):
        try:
            function = getattr(owner(), site.name)
        except OutOfTimeError:
            raise
        except BaseException as error:
            return probe(kind, subject, SKIPPED, f"no {owner.__name__} can be made: {bench.describer.message(error)}")
    best = probe(kind, subject, SKIPPED, "no scene could be made")
    for situation in SITUATIONS:
        if not bench.stage.enter(situation):
            continue
        with bench.stage.view(), quiet():
            try:
                positional, named = arguments(function)
            except (NothingToGiveError, TypeError, ValueError) as error:
                if best["outcome"] == SKIPPED:
                    detail = f"nothing to give for the parameter {error}"
                    best = probe(kind, subject, SKIPPED, detail, situation)
                continue
            try:
                function(*positional, **named)
            except OutOfTimeError:
                raise
            except BaseException as error:
                result = _judge_call(bench, subject, error, [*positional, *named.values()], situation, given)
            else:
                result = probe(kind, subject, PASS, "called with guessed arguments", situation)
        if result["outcome"] == FAIL:
            return result
        if best["outcome"] == SKIPPED:
            best = result
        if wanted <= bench.coverage.lines(site.path):
            break
    return best


def _judge_call(
    bench: Bench, subject: str, error: BaseException, values: list[Any], situation: str, given: bool
) -> Json:
    kind, message = "function", bench.describer.message(bench.describer.origin(error))
    detail = f"called with guessed arguments: {type(error).__name__}: {message}"
    if not given or not bench.inside(error) or re.search(r"\bbool\b", message):
        return probe(kind, subject, SKIPPED, detail, situation)
    if not bench.at_a_place(error):
        origin = bench.describer.origin(error)
        ours = any(getattr(origin, "obj", None) is value for value in values)
        names = {type(value).__name__ for value in values} - {"Context", "Scene"}
        wrong = isinstance(origin, (TypeError, AttributeError)) and any(f"'{name}'" in message for name in names)
        if ours or wrong or isinstance(origin, (*FROM_OUTSIDE, *DATA_DEPENDENT)) or "'NoneType'" in message:
            return probe(kind, subject, SKIPPED, detail, situation)
    return probe(kind, subject, FAIL, "called with guessed arguments", situation, bench.fault(error))


# ------------------------------------------------------------------------------------------- geometry

SHAPES = frozenset({"MESH", "CURVE", "SURFACE", "FONT", "META", "CURVES", "POINTCLOUD", "VOLUME", "GREASEPENCIL"})


def geometry() -> dict[str, int]:
    """By object, how many vertices it has once everything is evaluated; objects without any are left out."""
    import bpy

    counts: dict[str, int] = {}
    graph = bpy.context.evaluated_depsgraph_get()
    for thing in bpy.context.scene.objects:
        if thing.type not in {"MESH", "CURVE", "SURFACE", "FONT", "META"} or thing.mode == "EDIT":
            continue
        evaluated = thing.evaluated_get(graph)
        try:
            mesh = evaluated.to_mesh()
        except RuntimeError:
            continue
        if mesh is not None and len(mesh.vertices):
            counts[thing.name] = len(mesh.vertices)
        evaluated.to_mesh_clear()
    return counts


# ---------------------------------------------------------------------------------------------- order


@dataclass
class Results:
    """What there is to report so far."""

    probes: list[Json] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    makers: list[tuple[str, bool]] = field(default_factory=list)
    """Operators that made geometry, and whether it was a new object."""


class Exercise:
    """Tries everything once, in an order that does not change, within the time there is."""

    def __init__(self, bench: Bench, request: Json, journal: Journal, results: Results, deadline: float) -> None:
        self._bench = bench
        self._request = request
        self._journal = journal
        self._results = results
        self._deadline = deadline
        self._only = set(request.get("only") or ())
        self._skip = set(request.get("skip") or ())
        self._changed = {
            path: set(lines) & bench.sources.executable(path) for path, lines in (request.get("changed") or {}).items()
        }

    def run(self) -> None:
        """Everything, from enabling to enabling again."""
        enabled = self._enable("enable")
        if not enabled or not self._request.get("exercise", True):
            return
        bench = self._bench
        bench.stage.remember()
        classes = registered_classes(bench.addon)
        for cls in classes:
            self._try("class", cls.__name__, partial(probe_class, bench, cls))
        self._operators(classes)
        self._drawing(classes)
        self._functions(classes)
        bench.stage.enter(CUBE)
        self._try("disable", "", partial(probe_disable, bench))
        if self._results.probes[-1]["id"] == "disable" and self._wanted("enable-again"):
            self._enable("enable-again")

    def _enable(self, kind: str) -> bool:
        enabled = False

        def attempt() -> Json:
            nonlocal enabled
            result, enabled = probe_enable(self._bench, kind)
            return result

        self._try(kind, "", attempt)
        return enabled

    def _wanted(self, identifier: str) -> bool:
        if identifier == "enable":
            return True
        return identifier not in self._skip and (not self._only or identifier in self._only)

    def _try(self, kind: str, subject: str, attempt: Callable[[], Json]) -> None:
        """One probe: announced, limited in time, written down."""
        identifier = f"{kind}:{subject}" if subject else kind
        if not self._wanted(identifier) or any(one["id"] == identifier for one in self._results.probes):
            return
        left = self._deadline - time.monotonic()
        began = time.monotonic()
        if left <= 0:
            result = probe(kind, subject, SKIPPED, "there was no time left")
        else:
            self._journal.write({"running": identifier})
            limit = min(float(self._request.get("probe_seconds", 20.0)), left)
            try:
                with time_limit(limit):
                    result = attempt()
            except OutOfTimeError:
                result = probe(kind, subject, SKIPPED, f"it had not ended after {limit:.0f} s")
            except Exception as error:
                result = probe(kind, subject, SKIPPED, f"the harness failed: {type(error).__name__}: {error}")
                self._results.notes.append(bounded(traceback.format_exc(), 2000))
        result["seconds"] = round(time.monotonic() - began, 3)
        self._results.probes.append(result)
        self._journal.write(result)

    # Operators.

    def _operators(self, classes: list[type]) -> None:
        import bpy

        operators = [cls for cls in classes if issubclass(cls, bpy.types.Operator)]
        for cls in operators:
            name = operator_name(cls)
            self._try("operator", name, partial(self._operator, cls))
            self._recover()

    def _recover(self) -> None:
        """An operator can load a file or disable add-ons; carry on with the add-on enabled."""
        module = sys.modules.get(self._bench.addon.module)
        if module is None or not getattr(module, "__addon_enabled__", False):
            probe_enable(self._bench)

    def _operator(self, cls: type) -> Json:
        bench, name = self._bench, operator_name(cls)
        if not operator_exists(name):
            return probe("operator", name, SKIPPED, "it is registered no longer")
        if not hasattr(cls, "execute"):
            return probe("operator", name, SKIPPED, "it has no execute: it needs a person")
        if calls_in(bench, cls, "execute") & POPUPS:
            return probe("operator", name, SKIPPED, "it opens a pop-up: it needs a person")
        values = file_arguments(cls, bench.scratch)
        if values is None:
            return probe("operator", name, SKIPPED, "needs an input file")
        attempt = OperatorProbe(bench, cls, values)
        goal = self._goal(cls)
        best: Json | None = None
        doubt: Json | None = None
        hunted = any(path in goal and line in goal[path] for path, line in bench.places)
        for situation in SITUATIONS:
            if best is not None and best["outcome"] == PASS and self._met(goal) and not hunted:
                break  # what somebody saw fail is looked for in every scene
            if not bench.stage.enter(situation):
                continue
            with bench.stage.view(attempt.space):
                before = geometry() if situation == CUBE else {}
                trial = attempt.run(situation)
                if situation == CUBE and trial.outcome == PASS:
                    self._note_geometry(name, before)
            if trial.outcome == FAIL and trial.error is not None:
                if not self._counts(trial.error, situation, attempt):
                    continue
                result = probe("operator", name, FAIL, trial.detail, situation, bench.fault(trial.error))
                if not trial.tentative:
                    return result
                doubt = doubt or result
            else:
                best = self._better(best, name, trial, situation)
        if best is not None and best["outcome"] == PASS:
            for changes in variations(cls) if not self._met(goal) else ():
                attempt.trial(CUBE, changes)
                if self._met(goal):
                    break
            return best
        return doubt or best or probe("operator", name, SKIPPED, "no scene could be made")

    def _counts(self, error: BaseException, situation: str, attempt: OperatorProbe) -> bool:
        """An operator whose poll takes a cube is not held to scenes without a mesh."""
        return situation in WITH_MESH or attempt.refused_cube or self._bench.at_a_place(error)

    def _better(self, best: Json | None, name: str, trial: Trial, situation: str) -> Json:
        """The more telling of two outcomes: it ran through, it ran and stopped, it did not run."""
        result = probe("operator", name, trial.outcome, trial.detail, situation)
        if best is None or (trial.outcome == PASS and best["outcome"] != PASS):
            return result
        if trial.ran and best["outcome"] == REFUSED and best["detail"] == POLL_SAYS_NO:
            return result
        return best

    def _note_geometry(self, name: str, before: dict[str, int]) -> None:
        after = geometry()
        if set(after) - set(before):
            self._results.makers.append((name, True))
        elif after != before:
            self._results.makers.append((name, False))

    # What should be reached.

    def _wished(self) -> dict[str, set[int]]:
        wished = {path: set(lines) for path, lines in self._changed.items()}
        for path, line in self._bench.places:
            if line in self._bench.sources.executable(path):
                wished.setdefault(path, set()).add(line)
        return wished

    def _goal(self, cls: type) -> dict[str, set[int]]:
        """The wished-for lines that this operator can get to, going by names."""
        wished = self._wished()
        if not any(wished.values()):
            return {}
        sources = self._bench.sources
        holders = {holder.__name__ for holder in cls.__mro__ if file_of(self._bench.addon, holder)}
        own = {
            site
            for site in sources.all_sites()
            if site.owner in holders and site.name not in {"invoke", "modal", "draw"}
        }
        goal: dict[str, set[int]] = {}
        for site in sources.reach(set(), own):
            lines = {line for line in wished.get(site.path, ()) if site.start <= line <= site.end}
            if lines:
                goal.setdefault(site.path, set()).update(lines)
        return goal

    def _met(self, goal: dict[str, set[int]]) -> bool:
        return all(lines <= self._bench.coverage.lines(path) for path, lines in goal.items())

    # Drawing and functions.

    def _drawing(self, classes: list[type]) -> None:
        import bpy

        bench = self._bench
        bases = (bpy.types.Panel, bpy.types.Menu, bpy.types.Header, bpy.types.AddonPreferences)
        for cls in classes:
            if issubclass(cls, bases) and hasattr(cls, "draw"):
                self._try("panel", cls.__name__, partial(self._panel, cls))
        owned = set(classes)
        for cls, function in menu_functions(bench.addon):
            if cls not in owned:
                subject = qualified(bench.addon, function)
                self._try("function", subject, partial(probe_menu_function, bench, cls, function))

    def _panel(self, cls: type) -> Json:
        goal = self._goal_in_class(cls)
        result = probe_panel(self._bench, cls)
        doubted = result["outcome"] == FAIL and result.pop("doubtful", False)
        for situation in SITUATIONS[1:]:
            if (result["outcome"] == FAIL and not doubted) or (result["outcome"] == PASS and self._met(goal)):
                break
            other = probe_panel(self._bench, cls, situation)
            other.pop("doubtful", None)
            if other["outcome"] == FAIL and not doubted and situation in WITH_MESH:
                return other
            if other["outcome"] == PASS:
                result, doubted = other, False
        return result

    def _goal_in_class(self, cls: type) -> dict[str, set[int]]:
        goal: dict[str, set[int]] = {}
        for path, lines in self._wished().items():
            for site in self._bench.sources.sites(path):
                inside = {line for line in lines if site.start <= line <= site.end}
                if site.owner == cls.__name__ and inside:
                    goal.setdefault(path, set()).update(inside)
        return goal

    def _functions(self, classes: list[type]) -> None:
        """The functions of a given traceback that no operator and no panel holds, then changed ones nothing reached."""
        import bpy

        bench = self._bench
        covered = {
            cls.__name__ for cls in classes if issubclass(cls, (bpy.types.Operator, bpy.types.Panel, bpy.types.Menu))
        }
        given = [
            (place, site)
            for place in self._request.get("places") or ()
            if (site := bench.sources.at(place["path"], place["line"], place.get("function", ""))) is not None
        ]
        for place, site in reversed(given):
            if site.owner not in covered and site.name not in {"register", "unregister"}:
                self._called(site, True, {place["line"]})
                break
        for path, lines in sorted(self._changed.items()):
            for line in sorted(lines - bench.coverage.lines(path)):
                site = bench.sources.at(path, line)
                if site is None or line in bench.coverage.lines(path):
                    continue
                if site.owner not in covered and site.name not in {"register", "unregister"}:
                    self._called(site, False, {one for one in lines if site.start <= one <= site.end})

    def _called(self, site: Site, given: bool, wanted: set[int]) -> None:
        dotted = re.sub(r"(^|/)__init__\.py$|\.py$", "", site.path).replace("/", ".")
        subject = site.qualname if self._bench.addon.single_file or not dotted else f"{dotted}.{site.qualname}"
        self._try("function", subject, partial(probe_function, self._bench, site, given, wanted))


# ------------------------------------------------------------------------------------------ questions


def answer(question: Json) -> Json:
    """What this Blender says to one question; null where it cannot be asked."""
    asker = ASKERS.get(question["kind"])
    exists: bool | None = None
    detail = "" if asker else "this kind of question is not known"
    if asker is not None:
        try:
            with quiet():
                exists, detail = asker(question["owner"], question.get("name", ""))
        except Exception as error:
            exists, detail = None, f"{type(error).__name__}: {error}"
    return {"question": question, "exists": exists, "detail": bounded(detail, 300)}


def resolve(owner: str) -> Any:
    """What a dotted name stands for: a type, a module, an object.

    Raises:
        LookupError: there is no such thing.
    """
    parts = owner.split(".")
    for split in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:split]))
        except Exception:
            continue
        try:
            for part in parts[split:]:
                found = getattr(found, part)
        except AttributeError:
            break
        return found
    raise LookupError(f"there is no {owner}")


def rna_type(owner: str) -> Any:
    """The RNA of a type by its documented name, or None."""
    import bpy

    name = owner.rpartition(".")[2]
    if owner not in {name, f"bpy.types.{name}"}:
        return None
    return getattr(getattr(bpy.types, name, None), "bl_rna", None)


def has_member(owner: str, name: str) -> tuple[bool | None, str]:
    """MEMBER."""
    import bpy

    if owner.startswith("bpy.ops."):
        return operator_exists(f"{owner[len('bpy.ops.') :]}.{name}"), ""
    if owner == "bpy.ops":
        return name in dir(bpy.ops), ""
    rna = rna_type(owner)
    if rna is not None:
        if name in rna.properties or name in rna.functions:
            return True, ""
        cls = getattr(bpy.types, owner.rpartition(".")[2])
        if owner.endswith("Context"):
            return hasattr(bpy.context, name), "asked of bpy.context"
        return hasattr(cls, name), ""
    if owner.startswith("bpy.types."):
        return None, f"there is no {owner}"
    return hasattr(resolve(owner), name), ""


def rna_function(owner: str) -> Any:
    """The RNA function `bpy.types.UILayout.label`, or None."""
    holder, _, function = owner.rpartition(".")
    rna = rna_type(holder)
    return rna.functions.get(function) if rna is not None else None


def takes_keyword(owner: str, name: str) -> tuple[bool | None, str]:
    """KEYWORD."""
    import bpy

    if owner.startswith("bpy.ops."):
        module, _, function = owner[len("bpy.ops.") :].partition(".")
        if not operator_exists(f"{module}.{function}"):
            return None, f"there is no {owner}"
        return name in getattr(getattr(bpy.ops, module), function).get_rna_type().properties, ""
    function = rna_function(owner)
    if function is not None:
        return any(parameter.identifier == name and not parameter.is_output for parameter in function.parameters), ""
    if owner.startswith("bpy.props."):
        return property_keyword(owner, name)
    if owner.startswith("bmesh.ops."):
        return bmesh_keyword(owner, name)
    parameters = inspect.signature(resolve(owner)).parameters
    loose = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    return name in parameters or loose, ""


def property_keyword(owner: str, name: str) -> tuple[bool | None, str]:
    """Whether a function of `bpy.props` takes a keyword: its documentation lists them all."""
    signature = (resolve(owner).__doc__ or "").partition("\n\n")[0].partition(")\n")[0]
    return bool(re.search(rf"\b{re.escape(name)}=", signature)), "read in its documentation"


def bmesh_keyword(owner: str, name: str) -> tuple[bool | None, str]:
    """Whether a function of `bmesh.ops` takes a keyword: the first line of its documentation is its signature."""
    import bmesh

    function = getattr(bmesh.ops, owner.rpartition(".")[2], None)
    if function is None or owner.rpartition(".")[2] not in dir(bmesh.ops):
        return None, f"there is no {owner}"
    signature = (function.__doc__ or "").partition("\n")[0]
    return bool(re.search(rf"[(\s]{re.escape(name)}(=|,|\)|$)", signature)), "read in its documentation"


def takes_positional(owner: str, name: str) -> tuple[bool | None, str]:
    """POSITIONAL."""
    import bpy

    if owner.startswith("bpy.ops"):
        parse = getattr(getattr(bpy.ops, "_BPyOpsSubModOp", None), "_parse_args", None)
        if parse is None:
            parse = type(bpy.ops.object.select_all)._parse_args
        try:
            parse([{"scene": None}])
        except (ValueError, TypeError):
            return False, "a dictionary is refused"
        return True, ""
    count = int(name)
    function = rna_function(owner)
    if function is not None:
        parameters = [parameter for parameter in function.parameters if not parameter.is_output]
        return count <= len(parameters) and all(one.is_required for one in parameters[:count]), ""
    try:
        inspect.signature(resolve(owner)).bind_partial(*range(count))
    except TypeError:
        return False, ""
    return True, ""


def has_enum_item(owner: str, name: str) -> tuple[bool | None, str]:
    """ENUM_ITEM: of a property, or of a parameter of a function or an operator."""
    import bpy

    if owner in {"bpy.types.RenderSettings.engine", "RenderSettings.engine"}:
        return accepts_engine(name)
    if owner == "gpu.shader.from_builtin.shader_name":
        return has_builtin_shader(name)
    prop = None
    if owner.startswith("bpy.ops."):
        module, function, parameter = (owner[len("bpy.ops.") :] + "..").split(".")[:3]
        if operator_exists(f"{module}.{function}"):
            prop = getattr(getattr(bpy.ops, module), function).get_rna_type().properties.get(parameter)
    else:
        holder, _, last = owner.rpartition(".")
        rna = rna_type(holder)
        function = rna_function(holder)
        if rna is not None:
            prop = rna.properties.get(last)
        elif function is not None:
            prop = function.parameters.get(last)
    if prop is None:
        return None, f"there is no {owner}"
    if prop.type != "ENUM":
        return None, f"{owner} is no enum"
    items = list(prop.enum_items.keys()) or list(prop.enum_items_static.keys())
    if not items:
        return None, f"the items of {owner} depend on the scene"
    return name in items, bounded_list(items)


def accepts_engine(name: str) -> tuple[bool | None, str]:
    """Render engines are registered while Blender runs: try it."""
    import bpy

    render = bpy.context.scene.render
    before = render.engine
    try:
        render.engine = name
    except TypeError as error:
        return False, str(error)
    render.engine = before
    return True, ""


def has_builtin_shader(name: str) -> tuple[bool | None, str]:
    """The names `gpu.shader.from_builtin` takes: it cannot be called without a window, but they are documented."""
    import bpy
    import gpu

    names = re.findall(r"^``([A-Z0-9_]+)``", gpu.shader.__doc__ or "", re.MULTILINE)
    if name in names:
        return True, bounded_list(names)
    if not names or bpy.app.version < (4, 0, 0):
        return None, "names from before 3.4 are taken until 4.0, though undocumented"
    return False, bounded_list(names)


TREES = {
    "Geometry": "GeometryNodeTree",
    "Function": "GeometryNodeTree",
    "Compositor": "CompositorNodeTree",
    "Texture": "TextureNodeTree",
}
"""The tree a node goes into, by the first word of its type; all others go into a material's."""


def has_socket(owner: str, name: str) -> tuple[bool | None, str]:
    """SOCKET: of a fresh node in a node group that is removed again."""
    import bpy

    kind = owner.rpartition(".")[2]
    tree_type = next((tree for word, tree in TREES.items() if kind.startswith(word)), "ShaderNodeTree")
    group = bpy.data.node_groups.new("bcrag", tree_type)
    try:
        try:
            node = group.nodes.new(kind)
        except RuntimeError as error:
            return None, str(error).strip()
        sockets = node.outputs if name.startswith("out:") else node.inputs
        wanted = name[len("out:") :] if name.startswith("out:") else name
        names = [socket.name for socket in sockets]
        return wanted in names, bounded_list(names)
    finally:
        bpy.data.node_groups.remove(group)


def has_module(owner: str, _name: str) -> tuple[bool | None, str]:
    """MODULE."""
    if owner in sys.builtin_module_names or owner in sys.modules:
        return True, ""
    try:
        return importlib.util.find_spec(owner) is not None, ""
    except (ImportError, ValueError):
        return False, ""


def registers_assigned(owner: str, _name: str) -> tuple[bool | None, str]:
    """ASSIGNED_PROPERTY: register a class that assigns one, and look."""
    import bpy

    base = resolve(owner)
    body: dict[str, Any] = {
        "bl_idname": "bcrag.assigned" if issubclass(base, bpy.types.Operator) else "BCRAG_PT_assigned",
        "bl_label": "assigned",
        "bl_space_type": "VIEW_3D",
        "bl_region_type": "UI",
        "number": bpy.props.IntProperty(),
        "draw": lambda self, context: None,
    }
    if issubclass(base, bpy.types.AddonPreferences):
        body["bl_idname"] = "bcrag"
    cls: Any = type("BCRAG_PT_assigned", (base,), body)
    bpy.utils.register_class(cls)
    try:
        return "number" in cls.bl_rna.properties, ""
    finally:
        bpy.utils.unregister_class(cls)


def is_product(owner: str, name: str) -> tuple[bool | None, str]:
    """PRODUCT: `a * b` against `a @ b` on values that tell them apart."""
    from mathutils import Euler, Matrix, Vector

    values: dict[str, tuple[Any, Any]] = {
        "Matrix": (
            Matrix(((1, 2, 3, 4), (5, 6, 7, 8), (2, 1, 1, 3), (0, 0, 0, 1))),
            Matrix(((2, 0, 1, 1), (1, 3, 0, 2), (0, 1, 4, 5), (0, 0, 0, 1))),
        ),
        "Vector": (Vector((1, 2, 3)), Vector((4, 5, 7))),
        "Quaternion": (Euler((0.3, 0.5, 0.7)).to_quaternion(), Euler((0.9, 0.2, 0.4)).to_quaternion()),
        "Euler": (Euler((0.3, 0.5, 0.7)), Euler((0.9, 0.2, 0.4))),
    }
    left, right = owner.rpartition(".")[2], name.rpartition(".")[2]
    if left not in values or right not in values:
        return None, "not asked of these types"
    first, second = values[left][0], values[right][1]
    try:
        real = first @ second
    except TypeError as error:
        return None, f"@: {error}"
    try:
        product = first * second
    except TypeError as error:
        return False, str(error)
    return _close(real, product), f"* gives {type(product).__name__}, @ gives {type(real).__name__}"


def _close(first: Any, second: Any) -> bool:
    if isinstance(first, float) or isinstance(second, float):
        return type(first) is type(second) and abs(first - second) < 1e-5
    one, two = _numbers(first), _numbers(second)
    return (
        type(first) is type(second)
        and len(one) == len(two)
        and all(abs(a - b) < 1e-4 for a, b in zip(one, two, strict=True))
    )


def _numbers(value: Any) -> list[float]:
    numbers: list[float] = []
    for row in value:
        numbers += [row] if isinstance(row, float) else list(row)  # the rows of a matrix are vectors
    return numbers


def is_writable(owner: str, name: str) -> tuple[bool | None, str]:
    """WRITABLE."""
    rna = rna_type(owner)
    if rna is not None:
        prop = rna.properties.get(name)
        if prop is None:
            return False, f"there is no {owner}.{name}"
        return not prop.is_readonly, ""
    target = resolve(owner)
    if not hasattr(target, name):
        return False, f"there is no {owner}.{name}"
    try:
        setattr(target, name, getattr(target, name))
    except (AttributeError, TypeError) as error:
        return False, str(error)
    return True, ""


ASKERS: dict[str, Callable[[str, str], tuple[bool | None, str]]] = {
    "member": has_member,
    "keyword": takes_keyword,
    "positional": takes_positional,
    "enum_item": has_enum_item,
    "socket": has_socket,
    "module": has_module,
    "assigned_property": registers_assigned,
    "product": is_product,
    "writable": is_writable,
}
"""By kind of question (`QuestionKind`), who can answer it."""


# -------------------------------------------------------------------------------------------- picture

DIRECTION = (0.62, -1.0, 0.62)
"""From the middle of what is shown to the camera."""
PLAIN_COLOUR = (1.0, 0.50, 0.17, 1.0)
"""Of what has no material."""
BACKDROP = 0.86
"""Grey of the background, as it comes out."""
MARGIN = 1.18
"""How much larger the frame is than what is in it."""


def take_picture(bench: Bench, request: Json, results: Results) -> Json:
    """Render what the main operator makes: the result's picture, camera, main_operator and alone.

    Raises what Blender raises.
    """
    wanted = request["picture"]
    main = wanted.get("operator") or choose_operator(results.makers)
    bench.stage.enter(CUBE)
    alone = False
    if main:
        with contextlib.suppress(Exception):
            alone = run_main_operator(bench, main, results)
    if wanted.get("alone") and not alone:
        clear_meshes()  # what it would make stands alone, so that nothing made is an empty picture
    with quiet():
        camera = set_camera(tuple(wanted.get("camera") or ()))
        paint_plainly()
        render_settings(int(wanted.get("size") or 512))
        file = render(wanted["file"])
    return {"picture": file, "camera": camera, "main_operator": main, "alone": alone}


def choose_operator(makers: list[tuple[str, bool]]) -> str | None:
    """The first operator that made a new object, else the first that changed the cube."""
    new = [name for name, made in makers if made]
    return next(iter(new or [name for name, _ in makers]), None)


def clear_meshes() -> None:
    """Take every mesh object out of the scene."""
    import bpy

    for thing in [one for one in bpy.context.scene.objects if one.type == "MESH"]:
        bpy.data.objects.remove(thing)


def run_main_operator(bench: Bench, name: str, results: Results) -> bool:
    """Run it alone in the scene where it needs no cube, so that only its work is seen; whether it was."""
    import bpy

    classes = {
        operator_name(cls): cls for cls in registered_classes(bench.addon) if issubclass(cls, bpy.types.Operator)
    }
    cls = classes.get(name)
    if cls is None:
        results.notes.append(f"the operator {name} is not there; the scene is rendered without it")
        return False
    attempt = OperatorProbe(bench, cls, file_arguments(cls, bench.scratch) or {})
    with bench.stage.view():
        before = set(geometry())
    trial = attempt.trial(CUBE)
    made = set(geometry()) - before
    if made and trial.outcome == PASS:
        bench.stage.enter(CUBE)
        clear_meshes()
        with bench.stage.view():
            trial = attempt.run(CUBE)
            if trial.outcome == PASS and geometry():
                return True
            attempt.trial(CUBE)
    elif trial.outcome != PASS:
        situation = next((one for one in SITUATIONS[1:] if attempt.trial(one).outcome == PASS), None)
        if situation is None:
            bench.stage.enter(CUBE)
            results.notes.append(f"the operator {name} does not run; the scene is rendered without it")
    return False


def outline() -> list[Any]:
    """Points around everything that has a shape, in world space: vertices, or the corners of its box."""
    import bpy
    from mathutils import Vector

    graph = bpy.context.evaluated_depsgraph_get()
    points: list[Any] = []
    for thing in bpy.context.scene.objects:
        if thing.type not in SHAPES or thing.hide_render:
            continue
        evaluated = thing.evaluated_get(graph)
        mesh: Any = None
        with contextlib.suppress(RuntimeError):
            mesh = evaluated.to_mesh()
        count = len(mesh.vertices) if mesh is not None else 0
        found = [mesh.vertices[index].co for index in range(0, count, count // 20_000 + 1)]
        found = found or [Vector(corner) for corner in evaluated.bound_box]
        points += [evaluated.matrix_world @ point for point in found]
        if mesh is not None:
            evaluated.to_mesh_clear()
    return [point for point in points if all(math.isfinite(value) and abs(value) < 1e7 for value in point)]


def set_camera(given: tuple[float, ...]) -> tuple[float, ...]:
    """An orthographic camera: as given, or around everything there is; returns what to give next time."""
    import bpy
    from mathutils import Matrix, Vector

    scene = bpy.context.scene
    with contextlib.suppress(RuntimeError):
        if bpy.context.view_layer.objects.active is not None and bpy.context.mode != "OBJECT":
            bpy.ops.object.mode_set(mode="OBJECT")
    data = bpy.data.cameras.new("Picture")
    camera = bpy.data.objects.new("Picture", data)
    scene.collection.objects.link(camera)
    scene.camera = camera
    data.type = "ORTHO"
    if len(given) == 17:
        matrix, scale = Matrix([given[row * 4 : row * 4 + 4] for row in range(4)]), given[16]
    else:
        points = outline() or [Vector((x, y, z)) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
        turn = Vector(DIRECTION).to_track_quat("Z", "Y").to_matrix()
        seen = [turn.transposed() @ point for point in points]
        low = [min(point[axis] for point in seen) for axis in range(3)]
        high = [max(point[axis] for point in seen) for axis in range(3)]
        scale = max(high[0] - low[0], high[1] - low[1], 1e-3) * MARGIN
        away = high[2] + max(scale, high[2] - low[2]) * 2
        middle = turn @ Vector(((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, away))
        matrix = Matrix.Translation(middle) @ turn.to_4x4()
    camera.matrix_world = matrix
    data.ortho_scale = scale
    data.clip_start, data.clip_end = min(0.01, scale / 100), max(scale * 20, 1000.0)
    data.shift_x = data.shift_y = 0.0
    return (*(round(value, 6) for row in matrix for value in row), round(scale, 6))


def paint_plainly() -> None:
    """Give what has no material a plain one, and every picture the same look."""
    import bpy

    plain = bpy.data.materials.new("Plain")
    plain.diffuse_color = PLAIN_COLOUR
    plain.roughness = 0.5
    for thing in bpy.context.scene.objects:
        slots = getattr(thing.data, "materials", None)
        if thing.type not in SHAPES or slots is None:
            continue
        with contextlib.suppress(RuntimeError, AttributeError):
            if not any(slots):
                slots.clear()
                slots.append(plain)
            for material in slots:
                if material is not None and tuple(round(value, 2) for value in material.diffuse_color) == (
                    0.8,
                    0.8,
                    0.8,
                    1,
                ):
                    material.diffuse_color = PLAIN_COLOUR


def render_settings(size: int) -> None:
    """Workbench with studio light, cavity and shadow on a light grey ground."""
    import bpy

    scene = bpy.context.scene
    scene.render.engine = "BLENDER_WORKBENCH"
    scene.render.resolution_x = scene.render.resolution_y = size
    scene.render.resolution_percentage = 100
    scene.render.film_transparent = False
    for group, name, value in (
        (scene.render, "use_compositing", False),
        (scene.render, "use_sequencer", False),
        (scene.render.image_settings, "file_format", "PNG"),
        (scene.render.image_settings, "color_mode", "RGB"),
        (scene.render.image_settings, "compression", 90),
        (scene.view_settings, "view_transform", "Standard"),
        (scene.view_settings, "look", "None"),
        (scene.view_settings, "exposure", 0.0),
        (scene.view_settings, "gamma", 1.0),
        (scene.display, "render_aa", "16"),
        (scene.display, "light_direction", (-0.45, -0.35, 0.82)),
        (scene.display, "shadow_shift", 0.1),
        (scene.display.shading, "light", "STUDIO"),
        (scene.display.shading, "studio_light", "paint.sl"),
        (scene.display.shading, "color_type", "MATERIAL"),
        (scene.display.shading, "show_cavity", True),
        (scene.display.shading, "cavity_type", "BOTH"),
        (scene.display.shading, "cavity_ridge_factor", 0.5),
        (scene.display.shading, "cavity_valley_factor", 1.0),
        (scene.display.shading, "curvature_ridge_factor", 0.6),
        (scene.display.shading, "curvature_valley_factor", 1.0),
        (scene.display.shading, "show_shadows", True),
        (scene.display.shading, "shadow_intensity", 0.35),
        (scene.display.shading, "show_specular_highlight", True),
        (scene.display.shading, "show_object_outline", True),
        (scene.display.shading, "object_outline_color", (0.12, 0.12, 0.14)),
    ):
        with contextlib.suppress(Exception):  # a release without a setting has a picture all the same
            setattr(group, name, value)
    if scene.world is None:
        scene.world = bpy.data.worlds.new("World")
    linear = BACKDROP**2.2
    scene.world.color = (linear, linear, linear)


def render(file: str) -> str | None:
    """Render to a file; None when Blender wrote none."""
    import bpy

    os.makedirs(os.path.dirname(file), exist_ok=True)
    scene = bpy.context.scene
    scene.render.filepath = file
    scene.render.use_file_extension = False
    bpy.ops.render.render(write_still=True)
    return file if os.path.exists(file) and os.path.getsize(file) else None


# ----------------------------------------------------------------------------------------------- main


def work(request: Json, journal: Journal) -> Json:
    """Do what is asked; whatever the add-on does, there is a result."""
    import bpy

    deadline = time.monotonic() + float(request.get("budget_seconds", 90.0))
    about = {
        "version": bpy.app.version_string,
        "release": f"{release()[0]}.{release()[1]}",
        "python": ".".join(str(number) for number in sys.version_info[:3]),
    }
    journal.write({"started": about})
    answers = [answer(question) for question in request.get("questions") or ()]
    if answers:
        journal.write({"answers": answers})
    results = Results()
    addon = place_addon(request)
    coverage = Coverage(addon)
    witness = Witness()
    places = tuple((place["path"], int(place["line"])) for place in request.get("places") or ())
    bench = Bench(
        addon,
        Stage(),
        coverage,
        SourceMap(addon),
        Describer(addon, request["scratch"]),
        witness,
        request["scratch"],
        places,
    )
    bench.stage.remember()
    witness.install()
    guard_operators()
    coverage.start()
    Exercise(bench, request, journal, results, deadline).run()
    picture: Json = {"main_operator": choose_operator(results.makers)}
    if request.get("picture"):
        journal.write({"running": "picture"})
        try:
            with time_limit(max(deadline - time.monotonic(), 30.0)):
                picture = take_picture(bench, request, results)
        except (Exception, OutOfTimeError) as error:
            results.notes.append(bounded(f"no picture could be made: {type(error).__name__}: {error}", 2000))
    return {
        **about,
        "probes": results.probes,
        "answers": answers,
        "executed": coverage.executed(),
        **picture,
        "notes": results.notes[:200],
        "complete": True,
    }


def write_result(path: str, result: Json) -> None:
    """The whole result, or no file at all."""
    temporary = path + ".part"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(result, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def refuse_exit(*_arguments: Any) -> None:
    """Stands in for `sys.exit`: an add-on that leaves would take the other probes with it."""
    raise RuntimeError("sys.exit() was called")


def main(argv: list[str]) -> None:
    """Read the request, do the work, write the result, leave at once."""
    status = 1
    try:
        given = argv[argv.index("--") + 1 :] if "--" in argv else argv[1:]
        request = json.loads(Path(given[0]).read_text(encoding="utf-8"))
        prepare_environment(request["scratch"])
        sys.exit = refuse_exit  # type: ignore[assignment]
        write_result(request["result_file"], work(request, Journal(request["journal_file"])))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        os._exit(status)


if __name__ == "__main__":
    main(sys.argv)

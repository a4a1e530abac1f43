"""Find the add-ons of a repository from its file list, without running any of it."""

from __future__ import annotations

import ast
import codecs
import json
import keyword
import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Any

from bot.errors import UsageError
from bot.models.addon import Addon, AddonKind
from bot.models.release import Release

NO_ADDON = "No Blender add-on in {place}: no Python file with bl_info and no blender_manifest.toml."
NO_ADDON_CURE = "Point at a folder that holds one, or name it with --addon PATH."
SEVERAL = "{count} add-ons in {place}:\n{listing}"
SEVERAL_CURE = "Say which one: --addon {example}"
TRACKED = "Only what is committed is seen: is it?"
CONFIGURE = "Say which in `bcrag.toml`: `addon = {example}`"
"""The same cures where nobody can type a flag."""
UNKNOWN = "There is no add-on at {path!r}."
UNKNOWN_CURE = "Those in this repository:\n{listing}"

_MANIFEST = "blender_manifest.toml"
_BL_INFO = re.compile(rb"^bl_info\s*(?::[^=\n]+)?=", re.MULTILINE)
_BLENDER_KEY = re.compile(r"""["']blender["']\s*:\s*\(\s*(\d+)\s*,\s*(\d+)""")
_VENDORED = frozenset({"vendor", "_vendor", "vendored", "third_party", "site-packages", "node_modules"})
_MAX_FILE = 4_000_000
_MAX_SHOWN = 300
"""Characters of a path or a name that a message repeats."""

Read = Callable[[str], bytes]


class ChoiceError(UsageError):
    """There is no add-on, or there are several and none is named. `in_files` is the cure where there are no flags."""

    def __init__(self, message: str, cure: str, in_files: str) -> None:
        super().__init__(message, cure)
        self.in_files = in_files


def discover(
    paths: Sequence[str],
    read: Read,
    candidates: Sequence[str] | None = None,
    prefix: str = ".",
    root: str = "addon",
) -> tuple[Addon, ...]:
    """Every add-on below `prefix`, sorted by path.

    `paths` are all files of the commit, relative to the repository root; `read` gives a file's
    bytes; `candidates`, where known, are the only files that can hold `bl_info`; `root` is what the
    repository's own folder is called. An add-on inside another one's folder belongs to that one.
    """
    inside = [path for path in paths if _below(path, prefix)]
    manifests = {
        str(PurePosixPath(path).parent)
        for path in inside
        if PurePosixPath(path).name == _MANIFEST and _join(PurePosixPath(path).parent, "__init__.py") in set(paths)
    }
    searched = [path for path in (inside if candidates is None else candidates) if _below(path, prefix)]
    texts = {path: _text(read(path)) for path in searched if path.endswith(".py")}
    infos = {path: data for path, data in texts.items() if _BL_INFO.search(data)}
    folders = manifests | {str(PurePosixPath(path).parent) for path in infos if _is_init(path)}
    roots = [folder for folder in sorted(folders) if not any(_parent_of(other, folder) for other in folders)]
    addons = [_package(folder, paths, read, infos, root) for folder in roots]
    for path, data in infos.items():
        if not _is_init(path) and not any(_below(path, root) for root in roots):
            addons.append(_single_file(path, data))
    return tuple(sorted(addons, key=lambda addon: addon.path))


def _text(data: bytes) -> bytes:
    """The beginning of a file as Python reads it: without a byte order mark, with one kind of line end."""
    return data[:_MAX_FILE].removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def choose(addons: Sequence[Addon], wanted: str | None, place: str) -> Addon:
    """The add-on to repair.

    Raises:
        ChoiceError: there is none, or there are several and none is named.
        UsageError: the named one is not there.
    """
    listing = "\n".join(f"  {_shown(addon.path)}  ({_shown(addon.name)})" for addon in addons)
    if wanted is not None and addons:
        normal = str(PurePosixPath(wanted))
        for addon in addons:
            if normal in (addon.path, f"{addon.path}/__init__.py"):
                return addon
        raise UsageError(UNKNOWN.format(path=wanted), UNKNOWN_CURE.format(listing=listing))
    if not addons:
        raise ChoiceError(NO_ADDON.format(place=place), NO_ADDON_CURE, TRACKED)
    if len(addons) > 1:
        example = _shown(addons[0].path)
        raise ChoiceError(
            SEVERAL.format(count=len(addons), place=place, listing=listing),
            SEVERAL_CURE.format(example=example),
            CONFIGURE.format(example=json.dumps(example, ensure_ascii=False)),
        )
    return addons[0]


def _shown(text: str) -> str:
    """A path or a name as a message repeats it: short, and in one line whatever characters it is made of."""
    kept = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[: _MAX_SHOWN + 1])
    return kept if len(kept) <= _MAX_SHOWN else kept[: _MAX_SHOWN - 1] + "…"


def is_vendored(path: str) -> bool:
    """Whether a file lies in a folder of somebody else's code."""
    return not _VENDORED.isdisjoint(PurePosixPath(path).parts)


def _package(folder: str, paths: Sequence[str], read: Read, infos: dict[str, bytes], root: str) -> Addon:
    init = _join(PurePosixPath(folder), "__init__.py")
    manifest_path = _join(PurePosixPath(folder), _MANIFEST)
    manifest = _manifest(read(manifest_path)) if manifest_path in set(paths) else {}
    info = _bl_info(infos[init]) if init in infos else {}
    files = tuple(sorted(p for p in paths if p.endswith(".py") and _below(p, folder) and not is_vendored(p)))
    minimum = _info_release(info) or _manifest_release(manifest)
    extension = init not in infos
    module = str(manifest.get("id") or "") if extension else ""
    return Addon(
        path=folder,
        module=module if module.isidentifier() else _identifier(PurePosixPath(folder).name or root),
        kind=AddonKind.EXTENSION if extension else AddonKind.LEGACY,
        single_file=False,
        name=str(info.get("name") or manifest.get("name") or folder),
        declared_minimum=minimum,
        files=files,
    )


def _single_file(path: str, data: bytes) -> Addon:
    info = _bl_info(data)
    return Addon(
        path=path,
        module=_identifier(PurePosixPath(path).stem),
        kind=AddonKind.LEGACY,
        single_file=True,
        name=str(info.get("name") or PurePosixPath(path).name),
        declared_minimum=_info_release(info),
        files=(path,),
    )


def _bl_info(data: bytes) -> dict[str, Any]:
    """The literal `bl_info`, or what of it can be read when the file has a syntax error."""
    text = data.decode("utf-8", "replace")
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        found = _BLENDER_KEY.search(text)
        return {"blender": (int(found[1]), int(found[2]))} if found else {}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "bl_info" for target in targets):
            value = getattr(node, "value", None)
            if isinstance(value, ast.Dict):
                return {
                    key.value: _literal(item)
                    for key, item in zip(value.keys, value.values, strict=True)
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                }
    return {}


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError):
        return None


def _manifest(data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8-sig", "replace"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _info_release(info: dict[str, Any]) -> Release | None:
    value = info.get("blender")
    if isinstance(value, tuple | list) and len(value) >= 2 and all(type(number) is int for number in value[:2]):
        return _release(value[0], value[1])
    return None


def _release(major: int, minor: int) -> Release | None:
    """The release, if it can be one: what an add-on declares may be anything."""
    return Release.of(major, minor) if 1 <= major < 100 and 0 <= minor < 1000 else None


def _manifest_release(manifest: dict[str, Any]) -> Release | None:
    value = manifest.get("blender_version_min")
    try:
        return Release.parse(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _identifier(name: str) -> str:
    """A folder's name as the module it is enabled as: `my-addon-master` becomes `my_addon_master`."""
    text = "".join(char if f"a{char}".isidentifier() else "_" for char in name) or "addon"
    return text if text.isidentifier() and not keyword.iskeyword(text) else f"_{text}"


def _is_init(path: str) -> bool:
    return PurePosixPath(path).name == "__init__.py"


def _join(folder: PurePosixPath, name: str) -> str:
    return name if str(folder) == "." else str(folder / name)


def _below(path: str, folder: str) -> bool:
    return folder == "." or path == folder or path.startswith(folder + "/")


def _parent_of(other: str, folder: str) -> bool:
    return other != folder and _below(folder, other)

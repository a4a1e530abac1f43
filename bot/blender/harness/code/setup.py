"""Before anything is tried: the folders of a user, and the add-on where Blender finds it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import sys

import addon_utils
import bpy

from bot.blender.harness.code.addon import Addon
from bot.blender.harness.values import Json


def release() -> tuple[int, int]:
    """The release this Blender is of."""
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
    if module in sys.modules:
        with contextlib.suppress(Exception):
            addon_utils.disable(module)
        for name in [one for one in sys.modules if one == module or one.startswith(module + ".")]:
            del sys.modules[name]


def extension_folder(scratch: str) -> str:
    """The folder of the repository `user_default`, moved into the scratch folder where it is elsewhere."""
    repositories = bpy.context.preferences.extensions.repos
    repository = next((one for one in repositories if one.module == "user_default"), None)
    if repository is None:
        repository = repositories.new(name="User Default", module="user_default")
    if not os.path.normpath(repository.directory).startswith(os.path.normpath(scratch) + os.sep):
        repository.use_custom_directory = True
        repository.custom_directory = os.path.join(scratch, "extensions", "user_default")
    repository.enabled = True
    return str(repository.directory)

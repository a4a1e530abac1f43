"""The repository as its tests expect to find it: what can be imported, where Blender finds the add-on."""

from __future__ import annotations

import contextlib
import os
import sys

from bot.blender.harness.code.addon import Addon
from bot.blender.harness.code.setup import extension_folder, forget_bundled, release
from bot.blender.harness.values import Json


def place_repository(request: Json) -> Addon:
    """Make the repository the current folder, and the add-on importable in every way tests do that.

    That is: from the repository's root; from the folder the add-on lies in; by the name Blender enables it as. All of
    these are the same files: to where Blender looks there leads a link. What tests started by `blender --python` look
    for in the command line is empty.
    """
    suite, name = request["tests"], request["module"]
    root = os.path.normpath(suite["root"])
    place = os.path.normpath(os.path.join(root, suite["addon"]))
    single = os.path.isfile(place)
    folders = [root, os.path.dirname(place)]
    if os.path.isfile(
        os.path.join(root, "__init__.py")
    ):  # a package's own folder: its files are no modules by themselves
        folders.reverse()
    os.chdir(root)
    if request["kind"] == "extension" and release() >= (4, 2):
        module, installed = "bl_ext.user_default." + name, extension_folder(request["scratch"])
    else:
        module, installed = name, os.path.join(request["scratch"], "scripts", "addons")
        folders.append(installed)
        forget_bundled(name)
    os.makedirs(installed, exist_ok=True)
    link = os.path.join(installed, name + ".py" if single else name)
    if suite["link"]:
        with contextlib.suppress(FileExistsError):
            os.symlink(place, link)
    sys.argv = ["blender", "--"]
    sys.path[:] = [*dict.fromkeys(folders), *(one for one in sys.path if os.path.normpath(one) not in folders)]
    return Addon(module, place, single, os.path.basename(place), (os.path.normpath(link),), frozenset(suite["apart"]))

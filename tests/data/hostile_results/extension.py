"""Brings native code along and loads it."""

import importlib.machinery
import importlib.util
import os
import shutil
import sysconfig


def attack():
    folder = sysconfig.get_path("stdlib") + "/lib-dynload"
    found = {name.partition(".")[0]: os.path.join(folder, name) for name in os.listdir(folder)}
    name = next(name for name in ("_lsprof", "_heapq", "_uuid") if name in found)  # which are built in differs
    target = os.path.join(os.environ["HOME"], os.path.basename(found[name]))
    shutil.copyfile(found[name], target)
    specification = importlib.util.spec_from_file_location(name, target)
    importlib.util.module_from_spec(specification)

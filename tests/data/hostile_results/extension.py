"""Brings native code along and loads it."""

import importlib.machinery
import importlib.util
import os
import shutil
import sysconfig


def attack():
    folder = sysconfig.get_path("stdlib") + "/lib-dynload"
    source = next(os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.startswith("_heapq."))
    target = os.path.join(os.environ["HOME"], os.path.basename(source))
    shutil.copyfile(source, target)
    specification = importlib.util.spec_from_file_location("_heapq", target)
    importlib.util.module_from_spec(specification)

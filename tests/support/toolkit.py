"""The actions that workflows everywhere use, done on local folders: checkout, Python, artifacts, caches."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Done = tuple[dict[str, str], str]
"""Outputs and log."""


class ActionError(Exception):
    """The action fails, and its step with it."""


@dataclass(frozen=True)
class Machine:
    """What an action finds on the runner."""

    workspace: Path
    temp: Path
    repository: Path | None
    artifacts: Path
    caches: Path
    token: str
    sha: str


def git(folder: Path, *arguments: str) -> str:
    """What git says."""
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True)
    if done.returncode:
        raise ActionError(f"git {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout.strip()


def _checkout(given: Mapping[str, str], machine: Machine) -> Done:
    if machine.repository is None:
        raise ActionError("there is no repository to check out")
    target = machine.workspace / given.get("path", ".")
    target.mkdir(parents=True, exist_ok=True)
    git(target, "init", "--quiet", "--initial-branch=main")
    git(target, "remote", "add", "origin", str(machine.repository))
    depth = [] if given.get("fetch-depth", "1") == "0" else [f"--depth={given.get('fetch-depth', '1')}"]
    ref = given.get("ref") or machine.sha
    git(target, "-c", "protocol.file.allow=always", "fetch", "--quiet", *depth, f"file://{machine.repository}", ref)
    git(target, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    if given.get("persist-credentials", "true") != "false":
        header = f"AUTHORIZATION: basic {machine.token}"
        git(target, "config", "http.https://github.com/.extraheader", header)
    return {"ref": ref, "commit": git(target, "rev-parse", "HEAD")}, f"checked out {ref}\n"


def _setup_python(given: Mapping[str, str], machine: Machine) -> Done:
    version = ".".join(map(str, sys.version_info[:3]))
    return {"python-version": version, "python-path": sys.executable}, f"Python {version}\n"


def _upload(given: Mapping[str, str], machine: Machine) -> Done:
    name, source = given.get("name", "artifact"), machine.workspace / given["path"]
    files = [source] if source.is_file() else [path for path in source.rglob("*") if path.is_file()]
    base = source.parent if source.is_file() else source
    if given.get("include-hidden-files", "false") != "true":
        files = [path for path in files if not any(part.startswith(".") for part in path.relative_to(base).parts)]
    if not files:
        if given.get("if-no-files-found", "warn") == "error":
            raise ActionError(f"no files were found at {source}")
        return {}, f"##[warning]no files were found at {source}\n"
    target = machine.artifacts / name
    if target.exists():
        if given.get("overwrite", "false") != "true":
            raise ActionError(f"an artifact named {name} exists already")
        shutil.rmtree(target)
    for path in files:
        place = target / path.relative_to(base)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    return {"artifact-id": "1"}, f"{len(files)} files in the artifact {name}\n"


def _download(given: Mapping[str, str], machine: Machine) -> Done:
    source = machine.artifacts / given["name"]
    if not source.is_dir():
        raise ActionError(f"there is no artifact {given['name']}")
    target = machine.workspace / given.get("path", ".")
    shutil.copytree(source, target, dirs_exist_ok=True)
    return {"download-path": str(target)}, f"the artifact {given['name']}\n"


def _restore(given: Mapping[str, str], machine: Machine) -> Done:
    shelf = _shelf(given, machine)
    keys = [given["key"], *given.get("restore-keys", "").split()]
    found = next((entry for key in keys for entry in _newest(shelf) if _answers(entry.name, key, keys[0])), None)
    outputs = {"cache-primary-key": keys[0], "cache-hit": "", "cache-matched-key": ""}
    if found is None:
        return outputs, f"no cache for {', '.join(keys)}\n"
    for number, path in enumerate(_paths(given, machine)):
        if (found / str(number)).exists():
            shutil.copytree(found / str(number), path, dirs_exist_ok=True, symlinks=True)
    hit = "true" if found.name == keys[0] else "false"
    return {**outputs, "cache-hit": hit, "cache-matched-key": found.name}, f"the cache {found.name}\n"


def _answers(name: str, key: str, whole: str) -> bool:
    return name == key or (key != whole and name.startswith(key))


def _save(given: Mapping[str, str], machine: Machine) -> Done:
    entry = _shelf(given, machine) / given["key"]
    if entry.exists():
        return {}, f"the cache {entry.name} exists already\n"
    for number, path in enumerate(_paths(given, machine)):
        if path.exists():
            shutil.copytree(path, entry / str(number), symlinks=True)
    return {}, f"saved as {entry.name}\n"


def _paths(given: Mapping[str, str], machine: Machine) -> list[Path]:
    return [machine.workspace / line.strip() for line in given["path"].splitlines() if line.strip()]


def _shelf(given: Mapping[str, str], machine: Machine) -> Path:
    """Caches of the same paths: others are not found. (Temporary folders differ from job to job here alone.)"""
    named = "\n".join(os.path.relpath(path, machine.temp) for path in _paths(given, machine))
    return machine.caches / hashlib.sha256(named.encode()).hexdigest()[:16]


def _newest(shelf: Path) -> list[Path]:
    return sorted(shelf.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True) if shelf.is_dir() else []


def _cache(given: Mapping[str, str], machine: Machine) -> Done:
    raise NotImplementedError("actions/cache saves when the job is over: use restore and save")


ACTIONS: Mapping[str, Callable[[Mapping[str, str], Machine], Done]] = {
    "actions/checkout": _checkout,
    "actions/setup-python": _setup_python,
    "actions/upload-artifact": _upload,
    "actions/download-artifact": _download,
    "actions/cache": _cache,
    "actions/cache/restore": _restore,
    "actions/cache/save": _save,
}
"""By name, whatever their version."""

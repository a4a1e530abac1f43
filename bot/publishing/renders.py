"""Renders where a pull request can show them: a branch of one commit without history, which holds the newest runs.

Links lead to the branch and not to its commit: the commit is replaced, and what nothing points at is thrown away. They
work for whoever may see the repository, private ones too. Whatever hinders it fails nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.host.errors import HostError
from bot.host.github import GitHub
from bot.host.values import Entry
from bot.models.errand import ARTIFACTS_BRANCH, Errand
from bot.publishing.branches import point
from bot.publishing.placing import PLAIN
from bot.reporting.pictures import alike

MESSAGE = """\
Renders of bcrag's runs, newest {runs}

Pull requests show them. This branch has one commit without history, which is replaced each time; to do without it,
set artifacts_branch = false in the table [github] of bcrag.toml and delete the branch.

Bcrag-Renders: {run}
"""
FOREIGN = f"The branch `{ARTIFACTS_BRANCH}` holds something else, so the renders are in the bundle alone."
NOT_SHOWN = "The renders could not be put where a pull request can show them; they are in the bundle."
MOST_RUNS = 50
MOST_BYTES = 20 * 1024 * 1024
_TRIES = 3

_PLACE = re.compile(r"(\d{1,20})-(\d{1,6})/(?:before|after)\.png")
_TRAILER = re.compile(r"^Bcrag-Renders: \d+$", re.MULTILINE)


@dataclass(frozen=True)
class Shown:
    """The links of the renders that can be shown, and what a reader should know."""

    before: str | None = None
    after: str | None = None
    notes: tuple[str, ...] = ()
    same: bool = False
    """Whether they look the same, so that there is nothing to be seen in them."""


def show(host: GitHub, server: str, errand: Errand, attempt: int, before: bytes | None, after: bytes | None) -> Shown:
    """Put the renders of a run on the branch, if there is anything to be seen in them. Raises nothing."""
    if before is not None and after is not None and alike(before, after):
        return Shown(same=True)
    folder = f"{errand.run}-{attempt}"
    named = (("before", before), ("after", after))
    pictures = {f"{folder}/{name}.png": data for name, data in named if data is not None}
    if not pictures or sum(map(len, pictures.values())) > MOST_BYTES:
        return Shown()
    try:
        done = any(_put(host, errand.run, pictures) for _ in range(_TRIES))
    except _Foreign:
        return Shown(notes=(FOREIGN,))
    except HostError:
        done = False
    if not done:
        return Shown(notes=(NOT_SHOWN,))
    links = {name: link(server, host.repository, f"{folder}/{name}.png") for name, data in named if data is not None}
    return Shown(links.get("before"), links.get("after"))


def link(server: str, repository: str, path: str) -> str:
    """Where a picture of the branch is seen by whoever may see the repository."""
    return f"{server}/{repository}/blob/{ARTIFACTS_BRANCH}/{path}?raw=true"


class _Foreign(Exception):  # noqa: N818  (an outcome)
    """Somebody else's branch has the name."""


def _put(host: GitHub, run: int, pictures: Mapping[str, bytes]) -> bool:
    """Put pictures beside the newest that are there; false where another run was faster."""
    head = host.branch(ARTIFACTS_BRANCH)
    kept: dict[str, Entry] = {}
    if head is not None:
        commit = host.commit(head)
        if commit.parents or not _TRAILER.search(commit.message):
            raise _Foreign
        there = host.tree(commit.tree)
        kept = {path: entry for path, entry in there.items() if _PLACE.fullmatch(path) and path not in pictures}
    kept = newest(kept, pictures)
    entries: list[tuple[str, str, str | None]] = [(path, PLAIN, entry.sha) for path, entry in kept.items()]
    entries += [(path, PLAIN, host.make_blob(data)) for path, data in pictures.items()]
    tree = host.make_tree(None, sorted(entries))
    runs = len({path.partition("/")[0] for path, _, _ in entries})
    return point(host, ARTIFACTS_BRANCH, head, host.make_commit(MESSAGE.format(runs=runs, run=run), tree, []))


def newest(kept: Mapping[str, Entry], pictures: Mapping[str, bytes]) -> dict[str, Entry]:
    """What there is room for beside new pictures: the newest runs first, each as a whole."""
    folders: dict[str, list[str]] = {}
    for path in kept:
        folders.setdefault(path.partition("/")[0], []).append(path)
    own = {path.partition("/")[0] for path in pictures}
    room, left = MOST_BYTES - sum(map(len, pictures.values())), MOST_RUNS - len(own)
    chosen: dict[str, Entry] = {}
    for folder in sorted(folders, key=_age, reverse=True):
        size = sum(kept[path].size or 0 for path in folders[folder])
        if folder not in own:
            if not left:
                break
            left -= 1
        if size > room:
            break
        room -= size
        chosen |= {path: kept[path] for path in folders[folder]}
    return chosen


def _age(folder: str) -> tuple[int, int]:
    run, _, attempt = folder.partition("-")
    return int(run), int(attempt)

"""The branch of a problem: whose it is, and the one commit the bot puts there.

The branch is the bot's as long as its newest commit is one the bot made and nobody has changed since. Whatever else is
there is a person's, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from bot.host.errors import Clash, NotThere
from bot.host.github import ACTIONS_BOT, GitHub
from bot.host.values import Commit, Entry
from bot.models.errand import Errand
from bot.publishing.placing import Placed, blob_id

WEB_FLOW = "web-flow"
"""Who has committed, as GitHub says, what it signed."""
TREE = "Bcrag-Tree"
"""The trailer that says what was in a commit when it was the bot's."""

_RUN = re.compile(r"^Bcrag-Run: \S", re.MULTILINE)
_TREE = re.compile(rf"^{TREE}: ([0-9a-f]{{40}})$", re.MULTILINE)


class Owner(Enum):
    """Whose a branch is."""

    NOBODY = "nobody"
    """It is not there, or has nothing of its own."""
    BOT = "bot"
    PERSON = "person"


@dataclass(frozen=True)
class Standing:
    """A branch as it was looked at."""

    name: str
    owner: Owner
    head: str | None = None
    commit: Commit | None = None
    """Its newest commit, where that is the bot's."""


def look(host: GitHub, errand: Errand) -> Standing:
    """See whose the branch of an errand is."""
    name = errand.branch
    head = host.branch(name)
    if head is None:
        return Standing(name, Owner.NOBODY)
    commit = host.commit(head)
    if made_by_bot(commit, host.me()):
        return Standing(name, Owner.BOT, head, commit)
    try:
        own = host.commits_between(errand.base, head)
    except NotThere:  # the two have nothing in common, or the base is gone
        return Standing(name, Owner.PERSON, head)
    return Standing(name, Owner.PERSON if own else Owner.NOBODY, head)


def made_by_bot(commit: Commit, me: str) -> bool:
    """Whether a commit is one of the bot's, as it was made."""
    trailers = commit.message.rstrip().rpartition("\n\n")[2]
    author, committer = commit.author_login, commit.committer_login
    if not _RUN.search(trailers) or len(commit.parents) != 1 or author not in {me, ACTIONS_BOT} or not author:
        return False
    # Names alone do not tell: whoever amends a commit leaves its author, and in a Codespace it is GitHub that commits.
    told = _TREE.search(trailers)
    return committer in {author, WEB_FLOW} and told is not None and told[1] == commit.tree


def has(host: GitHub, standing: Standing, files: Mapping[str, Placed], base: str, tree: Mapping[str, Entry]) -> bool:
    """Whether the bot's commit on a branch makes these very changes already; `tree` is that of the commit `base`."""
    commit = standing.commit
    if commit is None:
        return False
    (parent,) = commit.parents
    before = tree if parent == base else host.tree(parent)
    after = host.tree(commit.tree)
    wanted = {path: (placed.mode, blob_id(placed.data)) for path, placed in files.items()}
    changed = {path for path in {*_files(before), *_files(after)} if _at(before, path) != _at(after, path)}
    return changed == set(wanted) and all(_at(after, path) == what for path, what in wanted.items())


def put(host: GitHub, standing: Standing, files: Mapping[str, Placed], base: str, message: str) -> str | None:
    """Put one commit with these files on top of the commit `base`, and the branch on it; the commit.

    None where the branch is not what it was when it was looked at: then nothing of it is touched.

    Raises:
        HostError: GitHub does not allow it.
    """
    entries = [(path, placed.mode, host.make_blob(placed.data)) for path, placed in sorted(files.items())]
    tree = host.make_tree(host.commit(base).tree, entries)
    commit = host.make_commit(f"{message.rstrip()}\n{TREE}: {tree}\n", tree, [base])
    return commit if point(host, standing.name, standing.head, commit) else None


def point(host: GitHub, name: str, seen: str | None, commit: str) -> bool:
    """Put a branch on a commit; false where it does not stand any more where it was seen."""
    if host.branch(name) != seen:
        return False
    try:
        if seen is None:
            host.create_branch(name, commit)
        else:
            host.move_branch(name, commit, force=True)
    except Clash:
        if host.branch(name) != seen:
            return False
        raise
    return True


def _files(tree: Mapping[str, Entry]) -> list[str]:
    return [path for path, entry in tree.items() if entry.type != "tree"]


def _at(tree: Mapping[str, Entry], path: str) -> tuple[str, str] | None:
    entry = tree.get(path)
    return (entry.mode, entry.sha) if entry is not None else None

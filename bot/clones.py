"""A private clone: a checkout of our own in the cache, in which patches are made.

It shares the objects of the user's repository and nothing else: no configuration, no hooks, no attributes. Its bytes
are exactly the commit's; links of the commit lie there as small text files, and are told apart by `links`.
"""

from __future__ import annotations

import posixpath
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import MissingError, UsageError
from indexer.git import GitError, call, environment

NO_GIT = "{reason}."
NO_GIT_CURE = "Install git and see that it is on the PATH: apt-get install git"
NO_SPACE = "The disk takes no more: {reason}"
NO_SPACE_CURE = "Free some space, or name another folder for the cache with BCRAG_CACHE_DIR=FOLDER."
NO_CLONE = "The files of commit {commit} cannot be taken out of the repository: {reason}"
NO_CLONE_CURE = "See what git says of it: git fsck; where objects are missing (a partial clone): git fetch --refetch"

NO_PLACE = "{path!r} is no place for a file of the clone"
IN_THE_WAY = "{path}: a file is where a folder would be, or a folder where the file would be"
THROUGH_LINK = "{path!r} leads through a link"

_RAW = "* -text -eol -ident -filter -working-tree-encoding\n"
"""Attributes that keep every byte as it is in the commit, whatever the repository's own say."""

_OURS = {
    "core.autocrlf": "false",
    "core.symlinks": "false",
    "advice.detachedHead": "false",
}
"""What matters only to those who check out and commit."""

_ADDS = b"\nnew file mode "
"""What a diff of git's has where it adds a file."""
_CLONE_SECONDS = 600
_SPACE = ("No space left on device", "Disk quota exceeded", "Read-only file system", "unable to write file")
"""What git says when the disk takes no more; of a file it says no reason."""
_LINKS_FOLLOWED = 20


def git_bytes(
    folder: Path, *arguments: str, data: bytes = b"", seconds: float = 60, env: Mapping[str, str] | None = None
) -> bytes:
    """What a git command prints in a folder, under the settings that let a repository start nothing.

    Raises:
        GitError: it fails.
        MissingError: git is not there, or the disk is full.
    """
    try:
        return call(folder, *arguments, data=data, seconds=seconds, env=environment(_OURS, env))
    except GitError as error:
        if any(words in str(error) for words in _SPACE):
            raise MissingError(NO_SPACE.format(reason=reason(error)), NO_SPACE_CURE) from error
        if error.status is None and "cannot be started" in str(error):
            raise MissingError(NO_GIT.format(reason=error), NO_GIT_CURE) from error
        raise


def git_text(folder: Path, *arguments: str) -> str:
    """The one line a git command prints.

    Raises:
        GitError: it fails.
        MissingError: as `git_bytes`.
    """
    return git_bytes(folder, *arguments).decode("utf-8", "surrogateescape").rstrip("\n")


def reason(error: GitError) -> str:
    """What git said, short enough for a message."""
    return str(error)[:500]


@dataclass(frozen=True)
class PrivateClone:
    """A checkout of our own, whose bytes are exactly the commit's."""

    folder: Path
    base: str
    links: Mapping[str, str] = field(default_factory=dict)
    """The commit's links: what each stands for in the repository (`.` for its root), empty where that is nothing,
    or lies outside."""

    @classmethod
    def make(cls, folder: Path, commit: str, objects: Path, shallow: Path | None = None) -> PrivateClone:
        """Make one at a commit, in a fresh folder, on the objects of another repository; none of them is written.

        Raises:
            UsageError: git does not have the whole commit, or refuses a path in it.
            MissingError: git is not there, or the disk is full.
        """
        folder.mkdir(parents=True)
        inner = folder / ".git"
        try:
            kind = "sha256" if len(commit) == 64 else "sha1"
            git_bytes(folder, "init", "--quiet", "--template=", f"--object-format={kind}", ".")
            (inner / "objects" / "info").mkdir(parents=True, exist_ok=True)
            (inner / "objects" / "info" / "alternates").write_bytes(_quoted(objects) + b"\n")
            (inner / "info").mkdir(exist_ok=True)
            (inner / "info" / "attributes").write_text(_RAW)
            if shallow is not None:
                shutil.copyfile(shallow, inner / "shallow")
            git_bytes(folder, "update-ref", "--no-deref", "HEAD", commit)
            git_bytes(folder, "reset", "--quiet", "--hard", commit, seconds=_CLONE_SECONDS)
            return cls(folder, commit, _links(folder, commit))
        except GitError as error:
            message = NO_CLONE.format(commit=commit[:12], reason=reason(error))
            raise UsageError(message, NO_CLONE_CURE) from error

    def read(self, paths: Sequence[str]) -> dict[str, bytes]:
        """The files as they are in the clone now."""
        return {path: (self.folder / path).read_bytes() for path in paths}

    def paths(self) -> frozenset[str]:
        """Everything the clone has now, links and what was added included."""
        listed = git_bytes(self.folder, "ls-files", "-z").split(b"\0")
        return frozenset(name.decode("utf-8", "surrogateescape") for name in listed if name)

    def write(self, files: Mapping[str, bytes]) -> None:
        """Replace the contents of files, whose modes stay, and add those that are not there.

        Raises:
            ValueError: a path would leave the clone, or leads through a link or another file; nothing is written.
        """
        for path in files:
            self._writable(path)
        new = [path for path in files if not (self.folder / path).exists()]
        for path, data in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(data)
        if new:
            self._tell([path.encode("utf-8", "surrogateescape") for path in new])

    def _tell(self, paths: Sequence[bytes]) -> None:
        """Tell git of files and of nothing else, so that the diff has them; what lies about besides stays unseen."""
        known = set(git_bytes(self.folder, "ls-files", "-z").split(b"\0"))
        if new := b"\0".join(path for path in paths if path not in known):
            # Not `git apply --intent-to-add`: some releases of git forget the rest of the index over it.
            git_bytes(
                self.folder, "--literal-pathspecs", "add", "--force", "--intent-to-add",
                "--pathspec-from-file=-", "--pathspec-file-nul", data=new,
            )  # fmt: skip

    def _writable(self, path: str) -> None:
        """Refuse a path that does not name a plain file of the clone, or a place for one.

        Raises:
            ValueError: it does not.
        """
        parts = path.split("/")
        if "\0" in path or any(part in ("", ".", "..") or part.lower() == ".git" for part in parts):
            raise ValueError(NO_PLACE.format(path=path))
        here = self.folder
        for number, part in enumerate(parts, 1):
            here /= part
            if here.is_symlink() or "/".join(parts[:number]) in self.links:
                raise ValueError(THROUGH_LINK.format(path=path))
            if here.exists() and (not here.is_dir() if number < len(parts) else not here.is_file()):
                raise ValueError(NO_PLACE.format(path=path))

    def reset(self) -> None:
        """Back to the base commit."""
        git_bytes(self.folder, "reset", "--quiet", "--hard", self.base, seconds=_CLONE_SECONDS)
        git_bytes(self.folder, "clean", "-ffdxq")

    def diff(self) -> bytes:
        """What differs from the base commit, as git writes it; of files it does not have, those `write` added."""
        return git_bytes(
            self.folder, "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--text", "--no-renames",
            "--full-index", "--src-prefix=a/", "--dst-prefix=b/", self.base,
        )  # fmt: skip

    def apply(self, diff: bytes) -> None:
        """Apply a patch of ours to the base commit's files; what it adds counts as written.

        Raises:
            GitError: it does not apply.
        """
        if diff:
            git_bytes(self.folder, "apply", "--whitespace=nowarn", "-", data=diff)
            if _ADDS in diff:
                self._tell(self._touched(diff))

    def accepts(self, diff: bytes) -> str:
        """Why `git apply --check` refuses a patch on the exact base commit; empty when it takes it."""
        with _folder() as scratch:
            index = {"GIT_INDEX_FILE": str(scratch / "index")}
            try:
                git_bytes(self.folder, "read-tree", self.base, env=index)
                git_bytes(self.folder, "apply", "--check", "--cached", "-", data=diff, env=index)
            except GitError as error:
                return reason(error) or "git apply refused it"
        return self._in_the_way(diff)

    def _in_the_way(self, diff: bytes) -> str:
        """What git does not look for in an index: a file where a new one needs a folder, or the reverse."""
        there = self.paths()
        folders = {parent for path in there for parent in _parents(path)}
        for path in self._touched(diff) if _ADDS in diff else ():
            name = path.decode("utf-8", "surrogateescape")
            if name in folders or not there.isdisjoint(_parents(name)):
                return IN_THE_WAY.format(path=name)
        return ""

    def _touched(self, diff: bytes) -> list[bytes]:
        """The paths of a diff, as git reads it."""
        counts = git_bytes(self.folder, "apply", "--numstat", "-z", "-", data=diff).split(b"\0")
        return [line.split(b"\t", 2)[2] for line in counts if line]

    def commit_all(self, message: str, identity: tuple[str, str]) -> str:
        """Commit the clone's changes on top of the base and return the hash."""
        name, email = identity
        git_bytes(self.folder, "add", "--update", ".")
        tree = git_text(self.folder, "write-tree")
        people = {
            "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email,
            "GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": email,
        }  # fmt: skip
        made = git_bytes(
            self.folder, "commit-tree", tree, "-p", self.base, "-F", "-", data=message.encode(), env=people
        )
        return made.decode().strip()

    def pack(self, commit: str) -> bytes:
        """A commit made here, with what of it the base does not have, as a pack."""
        wanted = f"{commit}\n^{self.base}\n".encode()
        return git_bytes(self.folder, "pack-objects", "--quiet", "--stdout", "--revs", data=wanted)


def _quoted(path: Path) -> bytes:
    """A path as a line of `alternates` can hold it, whatever bytes it has."""
    raw = str(path).encode("utf-8", "surrogateescape")
    return b'"' + b"".join(bytes([c]) if 32 <= c < 127 and c not in b'"\\' else b"\\%03o" % c for c in raw) + b'"'


def _links(folder: Path, commit: str) -> dict[str, str]:
    """The links of a commit, followed inside it: never on the disk, where one may lead anywhere."""
    targets: dict[str, str] = {}
    known = {"."}
    for entry in filter(None, git_bytes(folder, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")):
        meta, name = entry.split(b"\t", 1)
        path = name.decode("utf-8", "surrogateescape")
        if meta.startswith(b"120000"):
            targets[path] = (folder / path).read_bytes().decode("utf-8", "surrogateescape")
        else:
            known.add(path)
            known.update(_parents(path))
    return {path: _followed(path, targets, known) for path in targets}


def _followed(path: str, targets: Mapping[str, str], known: set[str]) -> str:
    """Where a link leads inside the commit; empty for nowhere, outside, or a circle."""
    done: list[str] = []
    parts = path.split("/")
    followed = 0
    while parts:
        step = parts.pop(0)
        if step in ("", "."):
            continue
        if step == "..":
            if not done:
                return ""
            done.pop()
            continue
        done.append(step)
        target = targets.get("/".join(done))
        if target is None:
            continue
        followed += 1
        if followed > _LINKS_FOLLOWED or target.startswith("/") or "\0" in target:
            return ""
        done.pop()
        parts = target.split("/") + parts
    found = "/".join(done) or "."
    return found if found in known else ""


def _parents(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of ours, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bcrag-", ignore_cleanup_errors=True) as name:
        yield Path(name)

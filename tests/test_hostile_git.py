"""A repository whose configuration runs programs: plain git obeys it, nothing of ours does."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.clones import PrivateClone
from bot.errors import UsageError
from bot.repository import Repository
from indexer import fixes, git
from indexer.errors import IndexerError
from indexer.repository import Checkout, CommitTree, Worktree
from repositories import Repository as Folder

ONE = b"bl_info = {}\nx = 1\n"
TWO = b"bl_info = {}\nx = 2\n"


@dataclass(frozen=True)
class Trap:
    """A repository with something in it that leaves a mark when it is run; `spring` is what plain git runs it at."""

    folder: Folder
    mark: Path
    spring: tuple[str, ...] = ("status",)

    @property
    def command(self) -> Path:
        """The program that leaves the mark."""
        return self.mark.with_suffix(".sh")


def script(path: Path, mark: Path, rest: str = "timeout 0.3 cat") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\ntouch '{mark}'\n{rest}\n")
    path.chmod(0o755)


def baited(tmp_path: Path) -> Trap:
    folder = Folder(tmp_path / "repo")
    folder.write("a.py", ONE)
    folder.write("b/__init__.py", ONE)
    folder.commit("fix: one")
    folder.write("b/__init__.py", ONE + b"y = 1\n")
    folder.commit("fix: another")
    trap = Trap(folder, tmp_path / "mark")
    script(trap.command, trap.mark)
    return trap


def config(trap: Trap, *pairs: str) -> None:
    for key, value in zip(pairs[::2], pairs[1::2], strict=True):
        trap.folder.git("config", key, value)


def dirty(trap: Trap) -> None:
    """Make git look at the contents of a file: its times are not those git knows, its size is."""
    trap.folder.write("a.py", ONE)
    os.utime(trap.folder.root / "a.py", (1, 1))


def hooks(trap: Trap, folder: Path | None = None) -> None:
    for name in (
        "post-checkout", "pre-commit", "reference-transaction", "post-index-change", "pre-applypatch", "commit-msg",
        "fsmonitor-watchman", "pre-auto-gc", "post-rewrite", "push-to-checkout",
    ):  # fmt: skip
        script((folder or trap.folder.root / ".git" / "hooks") / name, trap.mark, "exit 0")


def hooks_elsewhere(trap: Trap) -> None:
    hooks(trap, trap.mark.with_name("hooks"))
    config(trap, "core.hooksPath", str(trap.mark.with_name("hooks")))


def lacking(trap: Trap, *pairs: str) -> None:
    """A partial clone that lacks a file of its commit, and would fetch it by a program it names."""
    config(trap, "core.repositoryFormatVersion", "1", "extensions.partialClone", "origin",
           "remote.origin.promisor", "true", *pairs)  # fmt: skip
    blob = trap.folder.git("rev-parse", "HEAD:a.py")
    (trap.folder.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()


def filtered(trap: Trap, attributes: str, *kinds: str) -> None:
    for kind in kinds or ("clean", "smudge"):
        config(trap, f"filter.evil.{kind}", str(trap.command))
    (trap.folder.root / attributes).write_text("* filter=evil\n")
    dirty(trap)


def signed(trap: Trap) -> None:
    body = trap.folder.git("cat-file", "commit", "HEAD")
    head, _, message = body.partition("\n\n")
    armour = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=trap.folder.root, input=f"{head}\n{armour}\n\n{message}\n".encode(), capture_output=True, check=True,
    )  # fmt: skip
    trap.folder.git("update-ref", "HEAD", made.stdout.decode().strip())
    config(trap, "gpg.program", str(trap.command), "log.showSignature", "true")


def submodule(trap: Trap) -> None:
    inner = Folder(trap.folder.root / "sub")
    inner.write("c.py", ONE)
    inner.commit("Start")
    trap.folder.git("-c", "advice.addEmbeddedRepo=false", "add", "sub")
    trap.folder.commit("Submodule")
    inner.git("config", "core.fsmonitor", str(trap.command))
    inner.write("c.py", TWO)


def included(trap: Trap) -> None:
    other = trap.mark.with_name("other.config")
    other.write_text(f"[core]\n\tfsmonitor = {trap.command}\n")
    config(trap, f"includeIf.gitdir:{trap.folder.root}/.path", str(other))


def per_worktree(trap: Trap) -> None:
    config(trap, "extensions.worktreeConfig", "true")
    trap.folder.git("config", "--worktree", "core.fsmonitor", str(trap.command))


def attributed(trap: Trap, *pairs: str) -> None:
    config(trap, *pairs)
    trap.folder.write(".gitattributes", "* diff=evil\n")
    trap.folder.write("a.py", TWO)


def on_another(trap: Trap) -> None:
    """A repository that borrows objects and says by which program to ask what it may borrow."""
    other = Folder(trap.mark.with_name("other"))
    other.write("o.py", ONE)
    other.commit("Other")
    third = Folder(trap.mark.with_name("third"))
    third.write("t.py", TWO)
    third.commit("Third")
    (trap.folder.root / ".git" / "objects" / "info" / "alternates").write_text(f"{other.root}/.git/objects\n")
    config(trap, "core.alternateRefsCommand", str(trap.command), "remote.origin.url", str(third.root))


TRAPS: dict[str, tuple[Callable[[Trap], None], tuple[str, ...]]] = {
    "hooks": (hooks, ("checkout", "-q", "-f", "HEAD", "--")),
    "hooks elsewhere": (hooks_elsewhere, ("checkout", "-q", "-f", "HEAD", "--")),
    "fsmonitor": (lambda trap: config(trap, "core.fsmonitor", str(trap.command)), ("status",)),
    "fsmonitor, included": (included, ("status",)),
    "fsmonitor, of the worktree": (per_worktree, ("status",)),
    "fsmonitor, of a submodule": (submodule, ("status",)),
    "filter": (lambda trap: filtered(trap, ".gitattributes"), ("add", "a.py")),
    "filter, uncommitted": (lambda trap: filtered(trap, ".git/info/attributes"), ("diff", "HEAD")),
    "filter process": (lambda trap: filtered(trap, ".gitattributes", "process"), ("diff", "HEAD")),
    "external diff": (
        lambda trap: attributed(trap, "diff.external", str(trap.command)), ("diff", "HEAD"),
    ),
    "diff driver": (lambda trap: attributed(trap, "diff.evil.command", str(trap.command)), ("diff", "HEAD")),
    "textconv": (lambda trap: attributed(trap, "diff.evil.textconv", str(trap.command)), ("diff", "HEAD")),
    "pager": (lambda trap: config(trap, "core.pager", str(trap.command)), ("-p", "log")),
    "ssh": (
        lambda trap: lacking(trap, "remote.origin.url", "ssh://nowhere/x", "core.sshCommand", str(trap.command)),
        ("cat-file", "-p", "HEAD:a.py"),
    ),
    "upload-pack": (
        lambda trap: lacking(trap, "remote.origin.url", "/", "remote.origin.uploadpack", str(trap.command)),
        ("cat-file", "-p", "HEAD:a.py"),
    ),
    "ext": (
        lambda trap: lacking(trap, "remote.origin.url", f"ext::{trap.command}", "protocol.ext.allow", "always"),
        ("cat-file", "-p", "HEAD:a.py"),
    ),
    "proxy": (
        lambda trap: lacking(trap, "remote.origin.url", "git://nowhere/x", "core.gitProxy", str(trap.command)),
        ("cat-file", "-p", "HEAD:a.py"),
    ),
    "signatures": (signed, ("log", "-1")),
    "alternates": (on_another, ("fetch", "origin")),
}  # fmt: skip


def everything_of_the_bot(trap: Trap, tmp_path: Path) -> Iterator[Callable[[], object]]:
    """Every public function that is given a repository, as a call."""
    found = Repository.open(trap.folder.root)
    yield lambda: found.files
    yield lambda: found.submodules
    yield lambda: [found.read(path) for path in found.files]
    yield lambda: found.holding("bl_info", "*.py")
    yield lambda: found.changed_paths(found.files)
    yield lambda: found.at(found.commit)
    clones: list[PrivateClone] = []
    yield lambda: clones.append(found.clone(tmp_path / "clone"))
    yield lambda: clones[0].write({"a.py": TWO})
    diffs: list[bytes] = []
    yield lambda: diffs.append(clones[0].diff())
    yield lambda: clones[0].accepts(diffs[0])
    yield lambda: found.check_branch_name("bcrag/one")
    yield lambda: found.take_branch(clones[0], diffs[0], "bcrag/one", "fix: one")
    yield lambda: found.has_branch_of("bcrag/one", "x")
    yield lambda: found.apply(diffs[0], "patch.diff")


def everything_of_the_index(trap: Trap) -> Iterator[Callable[[], object]]:
    checkout = Checkout.open(trap.folder.root)
    yield lambda: git.toplevel(trap.folder.root)
    yield lambda: checkout.resolve("HEAD")
    for tree in (Worktree(checkout), CommitTree(checkout, checkout.commit)):
        yield lambda tree=tree: list(tree.read([file for file in tree.files({}) if not file.closed]))  # type: ignore[misc]
    yield lambda: list(fixes.exemplars(trap.folder.root))


@pytest.mark.parametrize("name", TRAPS)
def test_nothing_a_repository_names_is_run(tmp_path: Path, name: str) -> None:
    trap = baited(tmp_path)
    arm, spring = TRAPS[name]
    arm(trap)
    for call in (*everything_of_the_bot(trap, tmp_path), *everything_of_the_index(trap)):
        with suppress(
            UsageError, IndexerError, git.GitError, IndexError
        ):  # what cannot be read is an error, with a cure
            call()
        assert not trap.mark.exists(), "a program of the repository was run"
    trap.folder.write("a.py", b"sprung\n")
    terminal, ours = pty.openpty()  # a pager is started on a terminal alone
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(
            ["git", *spring], cwd=trap.folder.root, stdin=subprocess.DEVNULL, stdout=ours, stderr=subprocess.DEVNULL,
            timeout=20, env={**os.environ, "TERM": "xterm"},
        )  # fmt: skip
    os.close(ours)
    os.close(terminal)
    assert trap.mark.exists(), "this is no trap any more: plain git does not step into it"


def test_nothing_the_user_set_for_git_leads_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = baited(tmp_path)
    other = Folder(tmp_path / "other")
    other.write("mine.py", "work = 'of days'\n")
    other.commit("Mine")
    other.write("mine.py", "work = 'not committed'\n")
    home = tmp_path / "home"
    hooks(trap, home / "template" / "hooks")
    home.joinpath(".gitconfig").write_text(
        f"[core]\nhooksPath = {home}/template/hooks\nfsmonitor = {trap.command}\n"
        f"[init]\ntemplateDir = {home}/template\n[user]\nname = Me\nemail = me@example.org\n"
    )
    before = {path: path.read_bytes() for path in other.root.rglob("*") if path.is_file()}
    for key, value in {
        "HOME": str(home), "GIT_DIR": f"{other.root}/.git", "GIT_WORK_TREE": str(other.root),
        "GIT_INDEX_FILE": f"{other.root}/.git/index", "GIT_OBJECT_DIRECTORY": f"{other.root}/.git/objects",
        "GIT_EXTERNAL_DIFF": str(trap.command), "GIT_SSH_COMMAND": str(trap.command), "GIT_TRACE": str(trap.mark),
        "GIT_PAGER": str(trap.command), "GIT_EDITOR": str(trap.command), "GIT_NAMESPACE": "x",
        "GIT_CONFIG_PARAMETERS": f"'core.fsmonitor'='{trap.command}'", "GIT_TEMPLATE_DIR": f"{home}/template",
        "GIT_ATTR_SOURCE": "x", "GIT_LITERAL_PATHSPECS": "1", "GIT_CEILING_DIRECTORIES": str(tmp_path),
    }.items():  # fmt: skip
        monkeypatch.setenv(key, value)
    found = Repository.open(trap.folder.root)
    assert (found.root, found.files) == (trap.folder.root, ("a.py", "b/__init__.py"))
    assert found.holding("bl_info", "*.py") == found.files
    clone = found.clone(tmp_path / "clone")
    clone.write({"a.py": TWO})
    found.take_branch(clone, clone.diff(), "bcrag/one", "fix: one\n\nBcrag-Run: 7\n")
    clone.write({"a.py": TWO})
    found.apply(clone.diff(), "patch.diff")
    assert (trap.folder.root / "a.py").read_bytes() == TWO
    assert not trap.mark.exists()
    assert {path: path.read_bytes() for path in other.root.rglob("*") if path.is_file()} == before
    author = git.call(trap.folder.root, "log", "-1", "--format=%an <%ae>", "bcrag/one")
    assert author == b"Me <me@example.org>\n", "the one thing that is the user's to say"


def test_a_working_tree_elsewhere_is_refused(tmp_path: Path) -> None:
    trap = baited(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret.py").write_text("x = 1\n")
    for named in (elsewhere, tmp_path, Path("/")):
        config(trap, "core.worktree", str(named))
        with pytest.raises(UsageError) as error:
            Repository.open(trap.folder.root)
        assert "core.worktree" in error.value.cure
        assert Checkout.open(trap.folder.root).root == trap.folder.root, "the index of what was named, and no other"


def test_replaced_and_grafted_objects_are_not_believed(tmp_path: Path) -> None:
    trap = baited(tmp_path)
    blob = trap.folder.git("rev-parse", "HEAD:a.py")
    evil = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"], cwd=trap.folder.root, input=b"evil", capture_output=True, check=True
    ).stdout.decode().strip()  # fmt: skip
    trap.folder.git("replace", blob, evil)
    assert trap.folder.git("show", "HEAD:a.py") == "evil"
    (trap.folder.root / ".git" / "info" / "grafts").write_text(trap.folder.git("rev-parse", "HEAD") + "\n")
    found = Repository.open(trap.folder.root)
    assert found.read("a.py") == ONE
    assert found.clone(tmp_path / "clone").read(["a.py"]) == {"a.py": ONE}
    assert found.changed_paths(["a.py"]) == ()


def entry(mode: bytes, name: bytes, blob: str) -> bytes:
    return mode + b" " + name + b"\0" + bytes.fromhex(blob)


@pytest.mark.parametrize("name", [b"..", b".git", b".GIT", b"."])
def test_a_tree_that_leads_out_is_refused_by_name(tmp_path: Path, name: bytes) -> None:
    trap = baited(tmp_path)
    blob = trap.folder.git("rev-parse", "HEAD:a.py")

    def written(kind: str, data: bytes) -> str:
        command = ["git", "hash-object", "-t", kind, "-w", "--literally", "--stdin"]
        done = subprocess.run(command, cwd=trap.folder.root, input=data, capture_output=True, check=True)
        return done.stdout.decode().strip()

    inner = written("tree", entry(b"100644", b"x.py", blob))
    outer = written("tree", entry(b"40000", name, inner))
    trap.folder.git("update-ref", "HEAD", trap.folder.git("commit-tree", outer, "-m", "Evil"))
    found = Repository.open(trap.folder.root)
    with pytest.raises(UsageError, match="cannot be taken out") as error:
        found.clone(tmp_path / "clones" / "clone")
    assert "git fsck" in error.value.cure
    assert not (tmp_path / "clones" / "x.py").exists()
    assert [path.name for path in (tmp_path / "clones").iterdir()] == ["clone"]


def test_odd_names_are_names(tmp_path: Path) -> None:
    folder = Folder(tmp_path / 'a "b"\n#c:d é \udce9')
    names = ["new\nline.py", "back\\slash.py", "C:\\x.py", "-x.py", "Case.py", "case.py", "sp ace/é.py", '"q".py',
             ":(top)x.py", "*.py", "deep/" * 40 + "x.py"]  # fmt: skip
    for name in names:
        folder.write(name, ONE)
    (folder.root / os.fsdecode(b"\xff.py")).write_bytes(ONE)
    folder.git("add", "-A")
    folder.git("commit", "-qm", "Odd")
    found = Repository.open(folder.root)
    assert set(found.files) == set(names), "a name that is no UTF-8 cannot be spelled in a report"
    assert set(found.holding("bl_info", "*.py")) == set(names)
    assert found.changed_paths(names) == ()
    clone = found.clone(tmp_path / "clone")
    assert clone.read(names) == dict.fromkeys(names, ONE)
    clone.write(dict.fromkeys(names, TWO))
    diff = clone.diff()
    assert clone.accepts(diff) == ""
    found.apply(diff, "patch.diff")
    assert all((folder.root / name).read_bytes() == TWO for name in names)
    assert found.changed_paths(names) == tuple(names)


def test_links_stand_for_what_they_lead_to_inside(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "repo")
    folder.write("shared/tool.py", ONE)
    folder.write("addon/__init__.py", ONE)
    links = {
        "addon/tool.py": "../shared/tool.py", "addon/shared": "../shared", "addon/chain.py": "tool.py",
        "addon/out.py": "/etc/passwd", "addon/up.py": "../../../../etc/passwd", "addon/gone.py": "nowhere.py",
        "addon/loop.py": "loop.py", "addon/ring_a": "ring_b", "addon/ring_b": "ring_a", "addon/self": ".",
        "addon/git": "../.git/config", "addon/through.py": "shared/tool.py",
    }  # fmt: skip
    for name, target in links.items():
        (folder.root / name).symlink_to(target)
    folder.commit("Links")
    clone = Repository.open(folder.root).clone(tmp_path / "clone")
    assert dict(clone.links) == {
        "addon/tool.py": "shared/tool.py", "addon/shared": "shared", "addon/chain.py": "shared/tool.py",
        "addon/out.py": "", "addon/up.py": "", "addon/gone.py": "", "addon/loop.py": "", "addon/ring_a": "",
        "addon/ring_b": "", "addon/self": "addon", "addon/git": "", "addon/through.py": "shared/tool.py",
    }  # fmt: skip

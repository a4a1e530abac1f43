from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from indexer.fixes import MAX_CHUNKS, MAX_TEXT, exemplars, is_repair
from indexer.models import IndexedFile

OPERATOR = '''import bpy


class MESH_OT_smooth(bpy.types.Operator):
    """Smooth."""

    bl_idname = "mesh.smooth_it"

    def execute(self, context):
        mesh = context.object.data
        mesh.use_auto_smooth = True
        return {"FINISHED"}


def helper(a):
    return a
'''


class Repository:
    """A real repository that commits what it is told."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, data: bytes | None = None) -> str:
        names = ("-c", "user.name=N", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", *names, *arguments], cwd=self.root, input=data, capture_output=True, check=True)
        return done.stdout.decode("utf-8", "replace").strip()

    def commit(self, message: str | bytes, **files: str) -> str:
        for name, text in files.items():
            path = self.root / name.replace("__", "/")
            path = path.with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.git("add", "-A")
        data = message.encode() if isinstance(message, str) else message
        self.git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-F", "-", data=data)
        return self.git("rev-parse", "HEAD")

    def fixes(self, known: frozenset[str] = frozenset(), limit: int = 500) -> list[IndexedFile]:
        return list(exemplars(self.root, "HEAD", limit, known))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_a_fix_is_a_chunk_for_each_symbol_it_changed(repository: Repository) -> None:
    repository.commit("Add operator", addon__ops=OPERATOR)
    after = OPERATOR.replace("mesh.use_auto_smooth = True", "mesh.shade_smooth()").replace(
        "return a\n", "return a + 1\n"
    )
    name = repository.commit("Fix #12: crash in Blender 4.1\n\nuse_auto_smooth is gone.\n", addon__ops=after)
    (found,) = repository.fixes()
    assert (found.path, found.blob) == (f"commit:{name}", name)
    chunks = {chunk.symbol: chunk for chunk in found.chunks}
    assert set(chunks) == {"addon.ops.MESH_OT_smooth.execute"}
    chunk = chunks["addon.ops.MESH_OT_smooth.execute"]
    assert (chunk.kind, chunk.role, chunk.path) == ("fix", "commit", "addon/ops.py")
    assert chunk.name == "Fix #12: crash in Blender 4.1"
    assert chunk.text.startswith("Fix #12: crash in Blender 4.1\nuse_auto_smooth is gone.\n@@")
    assert "-        mesh.use_auto_smooth = True\n+        mesh.shade_smooth()" in chunk.text
    assert "#12" in chunk.terms.split() and "helper" in chunk.terms.split()
    assert chunk.start <= 11 <= chunk.end


def test_places_far_apart_are_chunks_of_their_own(repository: Repository) -> None:
    functions = [f"def f{number}():\n" + "    same()\n" * 12 + f"    return {number}\n\n\n" for number in range(9)]
    repository.commit("Start", a="".join(functions))
    repository.commit("Fix all of them", a="".join(functions).replace("    return", "    yield"))
    (found,) = repository.fixes()
    assert len(found.chunks) == MAX_CHUNKS
    assert [chunk.symbol for chunk in found.chunks] == ["a.f0", "a.f1", "a.f2", "a.f3"]


@pytest.mark.parametrize(
    "subject",
    [
        "Fix T61234: crash on load",
        "fix: wrong axis",
        "fix(ui): panel missing",
        "Fixes #12",
        "Bugfix in exporter",
        "hotfix",
        "Port to 4.1",
        "Support Blender 4.2",
        "Update to Blender 2.80 API",
        "updated for 2.8",
        "Compatibility with 5.0",
        "AttributeError when no object is selected",
        "Regression in baking",
        "Version 1.2.3: fixed broken import",
    ],
)
def test_messages_of_repairs(subject: str) -> None:
    assert is_repair(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "Fix typo",
        "Fix typos in README",
        "fix whitespace errors",
        "Merge branch 'fix-crash'",
        "Bump version to 4.1",
        "docs: fix links",
        "Revert \"Fix crash\"",
        "Cleanup: broken lines",
        "Fix pep8 errors",
        "Add prefix option",
        "Add fixture for tests",
        "New operator",
        "Debugging",
        "chore: fix ci",
        "",
    ],
)  # fmt: skip
def test_messages_of_other_commits(subject: str) -> None:
    assert not is_repair(subject)


def test_a_linked_issue_in_the_body_counts() -> None:
    assert is_repair("Use the evaluated mesh", "Closes #77")
    assert not is_repair("Use the evaluated mesh", "see #77")


def test_newest_first_bounded_and_only_what_is_not_known(repository: Repository) -> None:
    names = [repository.commit(f"Fix bug {number}", a=f"x = {number}\n") for number in range(4)]
    assert [found.blob for found in repository.fixes()] == names[::-1]
    assert [found.blob for found in repository.fixes(limit=2)] == names[:1:-1]
    assert [found.blob for found in repository.fixes(known=frozenset(names[1:]))] == names[:1]


def test_a_commit_without_code_is_known_and_empty(repository: Repository) -> None:
    repository.commit("Start", a="x = 1\n")
    name = repository.commit("Fix nothing")
    (found,) = repository.fixes()
    assert (found.blob, found.chunks) == (name, ())


def test_a_change_of_half_the_repository_is_no_example(repository: Repository) -> None:
    repository.commit("Fix everything", **{f"m{number}": "x = 1\n" for number in range(30)})
    assert [found.chunks for found in repository.fixes()] == [()]


def test_new_removed_and_odd_files(repository: Repository) -> None:
    repository.commit("Start", gone="def f():\n    pass\n", odd="a = 1\r\n\x0cb = 2\rc = 3\n")
    (repository.root / "gone.py").unlink()
    repository.commit("Fix: remove it", odd="a = 1\r\n\x0cb = 4\rc = 3\n", new="def g():\n    return 1\n")
    (found,) = repository.fixes()
    assert {chunk.symbol for chunk in found.chunks} == {"gone", "odd", "new.g"}


def test_hostile_messages_and_files_are_bounded(repository: Repository) -> None:
    repository.commit(
        b"Fix \x1b[31mred\x07 \xff\xe2\x80\xae " + b"a" * 3_000_000 + b"\n\n" + b"\x01b\n" * 9, a="x = 1\n"
    )
    repository.commit(b"Fix long body\n\n" + b"word " * 500_000, a="x = 2\n")
    repository.commit("Fix long line", a="x = '" + "y" * 100_000 + "'\n")
    repository.commit("Fix long diff", a="x = 1\n" * 100_000)
    found = repository.fixes()
    assert [bool(one.chunks) for one in found] == [False, True, True, True]
    for chunk in (chunk for one in found for chunk in one.chunks):
        assert len(chunk.text) <= MAX_TEXT
        assert len(chunk.name) <= 200
        assert not set("\x1b\x07\u202e\x00") & set(chunk.name + chunk.text + chunk.symbol)


@pytest.fixture
def trap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that leaves a trace, for the configuration to name."""
    program = tmp_path_factory.mktemp("trap") / "program"
    program.write_text('#!/bin/sh\ntouch "$0.sprung"\n')
    program.chmod(0o755)
    return program


def sprung(trap: Path) -> bool:
    return trap.with_name("program.sprung").exists()


def test_nothing_the_repository_names_is_started(repository: Repository, trap: Path) -> None:
    (repository.root / ".gitattributes").write_text("*.py diff=x filter=x\n")
    repository.commit("Fix one", a="x = 1\n")
    repository.commit("Fix two", a="x = 2\n")
    for key in ("diff.external", "diff.x.command", "diff.x.textconv", "core.pager", "core.fsmonitor", "gpg.program",
                "filter.x.smudge", "filter.x.clean", "core.sshCommand", "core.editor"):  # fmt: skip
        repository.git("config", key, str(trap))
    repository.git("config", "log.showSignature", "true")
    assert len(repository.fixes()) == 2
    assert not sprung(trap)
    repository.git("log", "-p", "--ext-diff")
    assert sprung(trap), "the trap must be able to spring"


def test_what_a_partial_clone_lacks_is_not_fetched(repository: Repository, trap: Path) -> None:
    repository.commit("Fix one", a="x = 1\n")
    repository.commit("Fix two", a="x = 2\n")
    blob = repository.git("rev-parse", "HEAD:a.py")
    (repository.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for key, value in {"core.repositoryFormatVersion": "1", "extensions.partialClone": "origin",
                       "remote.origin.promisor": "true", "remote.origin.url": repository.root.as_uri(),
                       "remote.origin.uploadpack": str(trap)}.items():  # fmt: skip
        repository.git("config", key, value)
    repository.fixes()
    assert not sprung(trap)
    subprocess.run(["git", "cat-file", "-p", blob], cwd=repository.root, capture_output=True, timeout=20)
    assert sprung(trap), "the trap must be able to spring"


def test_a_head_that_looks_like_an_option_is_none(repository: Repository) -> None:
    repository.commit("Fix", a="x = 1\n")
    assert list(exemplars(repository.root, "--output=pwned")) == []
    assert not (repository.root / "pwned").exists()


def test_no_git_no_commits_no_such_commit_give_nothing(tmp_path: Path, repository: Repository) -> None:
    assert repository.fixes() == []
    assert list(exemplars(tmp_path / "nowhere", "HEAD")) == []
    repository.commit("Fix", a="x = 1\n")
    assert list(exemplars(repository.root, "f" * 40)) == []


def test_a_shallow_clone_has_what_it_has(repository: Repository, tmp_path: Path) -> None:
    for number in range(3):
        repository.commit(f"Fix {number}", a=f"x = {number}\n")
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--depth=1", repository.root.as_uri(), str(clone))
    assert len(list(exemplars(clone))) == 1


def test_of_a_folder_inside_only_its_own_files(repository: Repository) -> None:
    repository.commit("Fix both", inside__a="x = 1\n", outside="x = 1\n")
    (found,) = exemplars(repository.root / "inside")
    assert [chunk.path for chunk in found.chunks] == ["a.py"]

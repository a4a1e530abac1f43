"""Whatever lies in a checkout: a documented status, one clear message, and everything left as it was."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest

from bot.addons import discover
from bot.blender.base import Runtime
from bot.cache import cache_root
from bot.models.addon import AddonKind
from bot.models.release import Release
from bot.repository import Repository as Opened
from inprocess import Done, bot
from processes import gone, processes
from repositories import Repository

RELEASE = os.environ.get("BCRAG_TEST_RELEASES", "4.2,4.5").split(",")[-1]
OPERATOR = """import bpy
class OBJECT_OT_two(bpy.types.Operator):
    bl_idname = "object.two"
    bl_label = "Two"
    def execute(self, context):
        return {"FINISHED"}
def register():
    bpy.utils.register_class(OBJECT_OT_two)
def unregister():
    bpy.utils.unregister_class(OBJECT_OT_two)
"""
INFO = 'bl_info = {"name": "Two", "blender": (4, 2, 0), "category": "Object"}\n'
ADDON = INFO + OPERATOR
IMPORTS = """from . import classic, empty, feed, latin1, linked, mark, math, mixed, shared_folder, tabs, windows
from .shared_folder import tool
assert tool.WORD == linked.WORD
assert math.real.pi > 3
assert latin1.WORD == mark.WORD
assert mixed.D == "x\\ny\\n"
"""
MANIFEST = """schema_version = "1.0.0"
id = "two"
version = "1.0.0"
name = "Two"
type = "add-on"
blender_version_min = "4.2.0"
"""

HEALTHY: dict[str, bytes] = {
    "two/latin1.py": b"# -*- coding: latin-1 -*-\nWORD = '\xe9'\n",
    "two/mark.py": b"\xef\xbb\xbfWORD = '\xc3\xa9'\n",
    "two/windows.py": b"def f():\r\n    return 1\r\n",
    "two/classic.py": b"def f():\r    return 1\r",
    "two/mixed.py": b"A = 1\r\nB = 2\nC = 3\rD = '''x\r\ny\n'''",
    "two/tabs.py": b"def f():\n\tif 1:\n\t\treturn 1\n",
    "two/feed.py": b"A = 1\n\x0c\nB = 2\n",
    "two/empty.py": b"",
    "two/math.py": b"import math as real\n",
    "two/bpy/__init__.py": b"raise SystemExit('not the real one')\n",
    "two/-x.py": b"A = 1\n",
    "two/sp ace \xe9.py": b"A = 1\n",
    "two/" + "d" * 60 + "/" + "/".join("e" * 20 for _ in range(30)) + "/x.py": b"A = 1\n",
    "two/ruff.toml": b"extend = '/etc/passwd'\n",
    "two/mypy.ini": b"[mypy]\nplugins = evil\n",
    "two/pyproject.toml": b"[tool.ruff]\nnonsense = 1\n",
}
"""Unusual, and nothing wrong with it."""
BROKEN: dict[str, tuple[bytes, int]] = {
    "two/nul.py": (b"A = 1\nB = '\0'\n", 2),
    "two/undeclared.py": (b"A = 1\nB = '\xe9\x85'\n", 2),
    "two/utf16.py": ("A = 1\n".encode("utf-16"), 1),
    "two/codec.py": (b"# coding: nonsense\nA = 1\n", 0),
    "two/codec2.py": (b"# coding: punycode\nA = 1\n", 0),
    "two/codec3.py": (b"# coding: rot13\nA = 1\n", 0),
    "two/indents.py": (b"if 1:\n\tA = 1\n        B = 2\n", 3),
    "two/deep.py": (b"A = " + b"-" * 30_000 + b"1\n", 0),
    "two/brackets.py": (b"(" * 5_000, 1),
    "two/grammar.py": (b"def f(:\n", 1),
}
"""Files no Python can read, and the line that is reported."""


def zoo(folder: Path, *, broken: bool) -> Repository:
    """An add-on with every oddity of this page, links in all directions among them."""
    repository = Repository(folder)
    repository.write("two/__init__.py", INFO + IMPORTS + OPERATOR)
    for path, data in HEALTHY.items():
        repository.write(path, data)
    if broken:
        for path, (data, _) in BROKEN.items():
            repository.write(path, data)
    repository.write("shared/tool.py", "WORD = 'shared'\n")
    repository.write("shared/__init__.py", "")
    for name, target in {
        "linked.py": "../shared/tool.py", "shared_folder": "../shared", "outside.py": "/etc/passwd",
        "loop.py": "loop.py", "dangling.py": "nowhere.py", "around": "..", "far.py": "../../../../etc/shadow",
    }.items():  # fmt: skip
        (repository.root / "two" / name).symlink_to(target)
    repository.commit("Start")
    return repository


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with nothing in it: no Blender, no stubs."""
    folder = tmp_path / "own cache"
    monkeypatch.setenv("BCRAG_CACHE_DIR", str(folder))
    return folder


def state(root: Path) -> dict[str, object]:
    """Every file of a checkout and of its git folder: bytes, mode, link."""
    return {
        str(path.relative_to(root)): (path.readlink() if path.is_symlink() else path.read_bytes(), path.lstat().st_mode)
        for path in sorted(root.rglob("*"))
        if (path.is_symlink() or path.is_file()) and ".bcrag" not in path.relative_to(root).parts
    }


def check(root: Path, *arguments: str) -> Done:
    done = bot("check", "--static", "--no-install", "--format", "json", *arguments, cwd=root)
    assert done.status in (0, 1, 2, 3)
    assert "defect" not in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    return done


def places(done: Done) -> set[tuple[str, int]]:
    return {(fault["path"], fault["line"]) for fault in json.loads(done.stdout)}


def test_every_oddity_is_read_and_every_broken_file_is_named_at_its_line(tmp_path: Path, own_cache: Path) -> None:
    repository = zoo(tmp_path / "my zoo é", broken=True)
    repository.git("checkout", "-q", "--detach")
    repository.write("two/feed.py", "not committed")
    before = state(repository.root)
    done = check(repository.root)
    assert done.status == 1
    assert {place for place in places(done) if place[0] in BROKEN} == {(p, line) for p, (_, line) in BROKEN.items()}
    assert not {path for path, _ in places(done)} & HEALTHY.keys()
    assert state(repository.root) == before
    assert not any((own_cache / "work").iterdir())


@pytest.mark.blender
def test_two_runs_at_once_on_an_odd_add_on_both_come_to_an_end(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    repository = zoo(tmp_path / "my zoo é", broken=False)
    before = state(repository.root)
    command = [sys.executable, "-m", "bot", "run", "--no-install", "--blender", RELEASE, "--json"]
    running = [
        subprocess.Popen(command, cwd=repository.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ends = [(process, *process.communicate(timeout=300)) for process in running]
    reports = [json.loads(out) for _, out, _ in ends]
    assert [(report["status"], report["faults"]) for report in reports] == [("clean", [])] * 2, ends[0][2]
    assert len({report["id"] for report in reports}) == 2
    assert all((repository.root / ".bcrag" / "runs" / report["id"] / "report.html").is_file() for report in reports)
    assert state(repository.root) == before


def empty(root: Path) -> None:
    Repository(root)


def bare(root: Path) -> None:
    Repository(root.with_name("source")).git("clone", "-q", "--bare", ".", str(root))


def committed(**files: str | bytes) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        repository = Repository(root)
        for name, data in files.items():
            repository.write(name.replace("__", "/").replace("_py", ".py"), data)
        repository.commit("Start")

    return make


def then(make: Callable[[Path], None], change: Callable[[Path], object]) -> Callable[[Path], None]:
    def both(root: Path) -> None:
        make(root)
        change(root)

    return both


def blob(root: Path) -> Path:
    """The object that holds the add-on's file."""
    name = Repository(root).git("rev-parse", "HEAD:two.py")
    return root / ".git" / "objects" / name[:2] / name[2:]


def spoil(file: Path, data: bytes) -> None:
    file.chmod(0o644)
    file.write_bytes(data)


ONE = committed(two_py=ADDON)


@pytest.mark.parametrize(
    ("make", "words", "cure"),
    [
        (lambda root: root.mkdir(), "not in a git repository", "git init"),
        (empty, "no commit yet", "git commit"),
        (bare, "bare repository", "Clone it"),
        (committed(readme_md="x"), "No Blender add-on", "--addon"),
        (committed(a_py=ADDON, b_py=ADDON), "2 add-ons", "--addon a.py"),
        (then(ONE, lambda root: (root / ".git" / "HEAD").write_text("ref: refs/heads/gone\n")), "no commit yet", "git"),
        (then(ONE, lambda root: (root / ".git" / "HEAD").write_bytes(b"\0\1")), "not in a git repository", "git init"),
        (then(ONE, lambda root: (root / ".git" / "config").write_text("[core\n")), "cannot read", "git -C"),
        (then(ONE, lambda root: spoil(blob(root), b"x")), "cannot read the commit", "fsck"),
        (then(ONE, lambda root: blob(root).unlink()), "cannot", "fsck"),
        (then(ONE, lambda root: (root / "bcrag.toml").write_text("nonsense = 1")), "no key 'nonsense'", "Known keys"),
        (then(ONE, lambda root: (root / "bcrag.toml").write_bytes(b"\xff\0")), "cannot be read", "Mend"),
        (then(ONE, lambda root: (root / "bcrag.toml").write_text("sandbox = 'none'")), "by a repository", "flag"),
    ],
)  # fmt: skip
def test_what_cannot_be_worked_on_is_one_clear_error(
    tmp_path: Path, own_cache: Path, make: Callable[[Path], None], words: str, cure: str
) -> None:
    root = tmp_path / "repo"
    make(root)
    before = state(root)
    for done in (check(root), bot("run", "--no-install", "--blender", RELEASE, cwd=root)):
        assert done.status == 2, done.stderr
        assert words in done.stderr
        assert cure in done.stderr
        assert len(done.stderr) < 2_000
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
    assert state(root) == before


@pytest.mark.parametrize(
    ("arrange", "status", "words"),
    [
        (lambda root: (root / ".bcrag").symlink_to("/tmp"), 2, "leads out of the checkout"),
        (lambda root: (root / ".bcrag").write_text("x"), 3, "cannot be written"),
        (lambda root: (root / ".bcrag").mkdir() or (root / ".bcrag" / "runs").symlink_to("../.git"), 2, "leads out"),
    ],
)
def test_a_bundle_is_not_led_elsewhere(
    tmp_path: Path, arrange: Callable[[Path], object], status: int, words: str, runtimes: tuple[Runtime, ...]
) -> None:
    root = tmp_path / "repo"
    ONE(root)
    arrange(root)
    before = state(root)
    done = bot("run", "--no-install", "--blender", RELEASE, cwd=root)
    assert (done.status, words in done.stderr) == (status, True), done.stderr
    assert "--out" in done.stderr
    assert state(root) == before


def test_a_cache_that_cannot_be_made_is_said_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "repo"
    ONE(root)
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("BCRAG_CACHE_DIR", str(tmp_path / "file" / "cache"))
    done = check(root)
    assert (done.status, "BCRAG_CACHE_DIR" in done.stderr) == (3, True), done.stderr


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of that size, where one may be mounted."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(folder)], capture_output=True
    )  # fmt: skip
    if made.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_under_the_cache_is_said_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "repo"
    committed(two_py=ADDON, data_bin=os.urandom(3_000_000))(root)
    before = state(root)
    with small_disk(tmp_path / "disk", "2m") as disk:
        monkeypatch.setenv("BCRAG_CACHE_DIR", str(disk / "cache"))
        done = check(root)
        assert done.status == 3, done.stderr
        assert "BCRAG_CACHE_DIR" in done.stderr
        assert not any((disk / "cache" / "work").iterdir())
    assert state(root) == before


@pytest.mark.blender
def test_a_full_disk_under_the_bundle_costs_no_work(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    root = tmp_path / "repo"
    ONE(root)
    with small_disk(tmp_path / "disk", "16k") as disk:
        done = bot("run", "--no-install", "--blender", RELEASE, "--out", str(disk / "out"), cwd=root)
        assert done.status == 3, done.stderr
        assert "--out" in done.stderr
        run_id = done.stderr.split("--resume ")[1].split()[0]
        again = bot("run", "--resume", run_id, "--out", str(tmp_path / "out"), "--json", cwd=root)
    assert (again.status, json.loads(again.stdout)["id"]) == (0, run_id), again.stderr
    assert "look" not in again.stderr, "what was done before was done again"
    assert (tmp_path / "out" / "report.html").is_file()


@pytest.mark.blender
def test_sigterm_ends_a_run_at_once_and_leaves_no_blender(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    root = tmp_path / "repo"
    committed(two_py=ADDON.replace("return {", "__import__('time').sleep(70)\n        return {"))(root)
    before = state(root)
    earlier = set(_runs(root))  # of a folder of the same name, in the cache of whoever runs the tests
    running = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--no-install", "--blender", RELEASE],
        cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    listed: list[dict[str, str]] = []
    work = cache_root() / "work"
    while not listed or not any("blender-" in line for line in processes(listed[0]["id"])):
        assert time.monotonic() < deadline and running.poll() is None, running.communicate()
        time.sleep(0.2)
        listed = listed or [{"id": path.name} for path in _runs(root) if path not in earlier]
    time.sleep(3)
    began = time.monotonic()
    os.kill(running.pid, signal.SIGTERM)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert time.monotonic() - began < 20, "it waited for Blender"
    assert f"--resume {listed[0]['id']}" in said
    assert gone(listed[0]["id"])
    assert not list(work.glob(f"{listed[0]['id']}*"))
    assert state(root) == before
    assert listed[0]["id"] in [one["id"] for one in json.loads(bot("run", "--resume", "--json", cwd=root).stdout)]


def _runs(root: Path) -> list[Path]:
    from bot import runs

    return [path for path in runs.folder_of(root).glob("*") if (path / "run.json").is_file()]


def test_a_clock_that_goes_backwards_changes_nothing(tmp_path: Path, own_cache: Path) -> None:
    root = tmp_path / "repo"
    ONE(root)
    now = iter(range(2_000_000_000, 0, -86_400 * 30))
    with mock.patch("time.time", lambda: float(next(now))):
        done = check(root)
    assert (done.status, json.loads(done.stdout)) == (0, [])


def test_a_shallow_clone_a_submodule_and_a_worktree_are_checkouts(tmp_path: Path, own_cache: Path) -> None:
    source = Repository(tmp_path / "source")
    for text in (ADDON, ADDON + "A = 1\n"):
        source.write("two/__init__.py", text)
        source.commit()
    shallow = tmp_path / "shallow"
    source.git("clone", "-q", "--depth=1", f"file://{source.root}", str(shallow))
    source.git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"))
    outer = Repository(tmp_path / "outer")
    outer.write("three.py", ADDON)
    outer.git("submodule", "--quiet", "add", str(source.root), "sub")
    outer.commit()
    for root in (shallow, tmp_path / "tree", outer.root / "sub"):
        before = state(root)
        opened = Opened.open(root)
        assert opened.files == ("two/__init__.py",)
        clone = opened.clone(tmp_path / "clones" / root.name)
        clone.write({"two/__init__.py": b"x = 1\n"})
        assert clone.accepts(clone.diff()) == ""
        assert state(root) == before
    assert Opened.open(outer.root).submodules == ("sub",)
    assert check(outer.root).status == 0
    assert check(tmp_path / "tree").status == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_checkout_of_another_user_is_read(tmp_path: Path, own_cache: Path) -> None:
    root = tmp_path / "repo"
    ONE(root)
    for path in (root, *root.rglob("*")):
        os.chown(path, 12345, 12345)
    assert check(root).status == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_unreadable_files_are_said_as_such(tmp_path: Path, own_cache: Path) -> None:
    root = tmp_path / "repo"
    ONE(root)
    (root / "two.py").chmod(0)
    assert check(root).status == 0, "what counts is the commit"
    blob(root).chmod(0)
    done = check(root)
    assert (done.status, "fsck" in done.stderr) == (2, True)


def test_thousands_of_files_cost_seconds(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repo")
    for number in range(4_000):
        repository.write(f"two/{number % 50}/m{number}.py", f"A = {number}\n")
    repository.write("two/__init__.py", ADDON)
    repository.commit()
    began = time.monotonic()
    opened = Opened.open(repository.root)
    (addon,) = discover(opened.files, opened.read, opened.holding("bl_info", "*.py"))
    clone = opened.clone(tmp_path / "clone")
    assert len(clone.read(addon.files)) == 4_001
    assert opened.changed_paths(addon.files) == ()
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.py": b"\xef\xbb\xbf" + ADDON.encode()}, ("a.py", Release(4, 2))),
        ({"a.py": ADDON.replace("\n", "\r").encode()}, ("a.py", Release(4, 2))),
        ({"a.py": b"import bpy\r" + ADDON.replace("\n", "\r\n").encode()}, ("a.py", Release(4, 2))),
        ({"a.py": b"bl_info = dict(name='x')\n"}, ("a.py", None)),
        ({"a.py": b"bl_info: dict = {'blender': (2, 8)}\n"}, ("a.py", Release(2, 80))),
        ({"a.py": b"bl_info = {'blender': VERSION, **more, 5: 5, 'name': ['x']}\n"}, ("a.py", None)),
        ({"a.py": b"bl_info = {'blender': (99, 10**9)}\n"}, ("a.py", None)),
        ({"a.py": b"bl_info = {'blender': (True, -4)}\n"}, ("a.py", None)),
        ({"a.py": b"bl_info = {'blender': (4, 2, 0)}\ndef broken(:\n"}, ("a.py", Release(4, 2))),
        ({"a.py": b"bl_info = " + b"(" * 5000}, ("a.py", None)),
        ({"my add-on 2.0/__init__.py": ADDON.encode()}, ("my add-on 2.0", Release(4, 2))),
        ({"class/__init__.py": ADDON.encode()}, ("class", Release(4, 2))),
        ({"a/__init__.py": ADDON.encode(), "a/b/__init__.py": ADDON.encode()}, ("a", Release(4, 2))),
        ({"a/__init__.py": b"", "a/blender_manifest.toml": MANIFEST.encode()}, ("a", Release(4, 2))),
        ({"a/__init__.py": b"", "a/blender_manifest.toml": b"id = [["}, ("a", None)),
        ({"a/__init__.py": b"", "a/blender_manifest.toml": b"\xff\xfe\0"}, ("a", None)),
        ({"a/__init__.py": b"", "a/blender_manifest.toml": b"id = 5\nname = [1]\n"}, ("a", None)),
        ({"a/__init__.py": b"", "a/blender_manifest.toml": b"x = " + b"[" * 5000}, ("a", None)),
        ({"a/__init__.py": b"", "a/blender_manifest.toml": b'id = "../../etc"'}, ("a", None)),
    ],
)  # fmt: skip
def test_an_add_on_is_found_whatever_it_says_of_itself(
    files: dict[str, bytes], expected: tuple[str, Release | None]
) -> None:
    (addon,) = discover(tuple(files), files.__getitem__)
    assert (addon.path, addon.declared_minimum) == expected
    assert addon.module.isidentifier()
    assert addon.kind is (AddonKind.EXTENSION if any("manifest" in name for name in files) else AddonKind.LEGACY)


def test_nothing_is_left_beside_a_patched_file_when_it_cannot_be_written(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "220k") as disk:
        root = disk / "repo"
        committed(two_py=ADDON, three_py="x = 1\n")(root)
        opened = Opened.open(root)
        clone = opened.clone(tmp_path / "clone")
        clone.write({"two.py": ADDON.encode() + b"A = 1\n", "three.py": b"x = 1\n" + b"y = 2\n" * 40_000})
        diff = clone.diff()
        before = state(root)
        filler = disk / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(b"x" * 4096) == 4096:
                pass
        with pytest.raises(Exception, match="cannot be written") as error:
            opened.apply(diff, "patch.diff")
        assert "git apply patch.diff" in getattr(error.value, "cure", "")
        assert state(root) == before
        filler.unlink()

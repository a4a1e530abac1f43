"""Over repositories of every shape: the add-on is found, nothing is changed, and every patch applies."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.addons import discover
from bot.patches import to_bytes, to_patch
from bot.repository import Repository
from generated import Plan, plans
from inprocess import bot

DOCUMENTED = {0, 1, 2, 3, 130}
UNUSUAL = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def state(root: Path) -> dict[str, object]:
    return {
        str(path): (path.readlink() if path.is_symlink() else path.read_bytes(), path.lstat().st_mode)
        for path in sorted(root.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


@given(plan=plans(), edits=st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=3))
@settings(UNUSUAL, max_examples=40)
def test_the_library_finds_reads_patches_and_changes_nothing(plan: Plan, edits: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = plan.make(folder / "repo")
        before = state(made.root)
        opened = Repository.open(made.root)
        (addon,) = discover(opened.files, opened.read, opened.holding("bl_info", "*.py"))
        assert addon.path == plan.addon
        assert addon.module.isidentifier()
        assert set(opened.changed_paths(addon.files)) <= plan.changed.keys()
        clone = opened.clone(folder / "clone")
        assert clone.read(opened.files) == {path: plan.files[path] for path in opened.files}
        assert all(not target or (clone.folder / target).exists() for target in clone.links.values())
        for path, added in zip(addon.files, edits, strict=False):
            clone.write({path: plan.files[path] + b"\n" + added + b"\n"})
        diff = clone.diff()
        patched = clone.read(addon.files)
        assert clone.accepts(diff) == ""
        patch = to_patch(diff)
        assert to_bytes(patch) == diff
        assert set(patch.files) == {path for path in addon.files if patched[path] != plan.files[path]}
        assert state(made.root) == before
        subprocess.run(["git", "checkout", "-q", "-f", "HEAD", "--", "."], cwd=made.root, check=True)
        (folder / "patch.diff").write_bytes(diff)
        checked = ["git", "apply", "--check", str(folder / "patch.diff")]
        assert subprocess.run(checked, cwd=made.root, capture_output=True).returncode == 0
        opened.apply(diff, "patch.diff")
        assert {path: (made.root / path).read_bytes() for path in addon.files} == patched


@given(plan=plans())
@settings(UNUSUAL, max_examples=6)
def test_the_command_ends_as_documented_and_changes_nothing(plan: Plan) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = plan.make(folder / "repo")
        before = state(made.root)
        done = bot("check", "--static", "--no-install", cwd=made.root)
        assert done.status in DOCUMENTED
        assert "defect" not in done.stderr
        assert "Traceback" not in done.stderr
        assert state(made.root) == before

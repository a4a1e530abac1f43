from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from bot.reporting.applying import here, in_root

PATCH = "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n"


def prepared(root: Path, bundle: Path) -> None:
    bundle.mkdir(parents=True)
    (root / "inner").mkdir(parents=True)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    (root / "a.py").write_text("x = 1\n")
    (bundle / "patch.diff").write_text(PATCH)


@pytest.mark.parametrize("place", ["repo/.bcrag/runs/one", "elsewhere/a 'b' c", ".bcrag/re po/.bcrag/runs/one"])
def test_typed_in_the_root_it_applies_the_patch(tmp_path: Path, place: str) -> None:
    bundle = tmp_path / place
    root = bundle.parents[2] if ".bcrag" in place else tmp_path / "repo"
    prepared(root, bundle)
    command = in_root(bundle, "patch.diff")
    assert (str(tmp_path) in command) is (".bcrag" not in place)
    subprocess.run(shlex.split(command), cwd=root, check=True)
    assert (root / "a.py").read_text() == "x = 2\n"


@pytest.mark.parametrize("at", [".", "inner", ".."])
def test_typed_anywhere_it_applies_the_patch_of_a_bundle_in_its_usual_place(tmp_path: Path, at: str) -> None:
    root = tmp_path / "my repo"
    bundle = root / ".bcrag" / "runs" / "one"
    prepared(root, bundle)
    cwd = Path(os.path.normpath(root / at))
    subprocess.run(shlex.split(here(bundle, "patch.diff", cwd)), cwd=cwd, check=True)
    assert (root / "a.py").read_text() == "x = 2\n"


def test_it_is_short_where_it_can_be(tmp_path: Path) -> None:
    bundle = tmp_path / ".bcrag" / "runs" / "one"
    assert here(bundle, "patch.diff", tmp_path) == "git apply .bcrag/runs/one/patch.diff"

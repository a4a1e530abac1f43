"""Which files are taken for tests of an add-on, what runs them, and what they expect to find."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.models.addon import Addon, AddonKind
from bot.validators.tests.finding import Found, find

CASE = "import unittest\nclass Works(unittest.TestCase):\n    def test_it(self):\n        pass\n"
PLAIN = "def test_it():\n    assert True\n"
ADDON = 'bl_info = {"name": "A"}\n'


def found(folder: Path, addon: str = "tiles", **files: str) -> Found:
    for name, text in {"tiles__/__init___py": ADDON, **files}.items():
        path = folder / name.replace("__/", "/").replace("_py", ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return find(
        folder,
        Addon(
            path=addon, module="tiles", kind=AddonKind.LEGACY, single_file=False, name="Tiles", declared_minimum=None,
            files=(),
        ),
    )  # fmt: skip


def test_files_are_found_by_name_and_by_what_is_in_them(tmp_path: Path) -> None:
    files = {
        "tests__/test_a_py": PLAIN,
        "tests__/b_test_py": CASE,
        "tests__/testing_c_py": CASE,
        "tests__/helpers_py": CASE,
        "tests__/test_empty_py": "import bpy\n",
        "tests__/test_broken_py": "def test_(:\n",
        "test_root_py": PLAIN,
        "tiles__/tests__/test_inner_py": CASE,
        "tiles__/tester_py": "def tester():\n    pass\n",
    }
    assert found(tmp_path, **files).files == (
        "test_root.py", "tests/b_test.py", "tests/test_a.py", "tests/test_broken.py", "tests/testing_c.py",
        "tiles/tests/test_inner.py",
    )  # fmt: skip


def test_tests_of_others_are_none(tmp_path: Path) -> None:
    files = {
        "tiles__/vendor__/lib__/test_a_py": PLAIN,
        "node_modules__/x__/test_b_py": PLAIN,
        "_venv__/test_c_py": PLAIN,
        "other__/__init___py": ADDON,
        "other__/tests__/test_d_py": PLAIN,
        "extension__/blender_manifest.toml": 'id = "x"\n',
        "extension__/test_e_py": PLAIN,
    }
    files = {name.replace("_venv", ".venv"): text for name, text in files.items()}
    assert found(tmp_path, **files).files == ()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "test_a.py").write_text(PLAIN)
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "test_b.py").symlink_to(outside / "test_a.py")
    (repository / "tests").symlink_to(outside, target_is_directory=True)
    assert found(repository).files == ()


def test_where_it_is_said_where_tests_are_no_others_count(tmp_path: Path) -> None:
    files = {"pytest.ini": "[pytest]\ntestpaths = checks\n", "checks__/test_a_py": PLAIN, "tests__/test_b_py": PLAIN}
    assert found(tmp_path, **files).files == ("checks/test_a.py",)


@pytest.mark.parametrize(
    ("files", "engine"),
    [
        ({"tests__/test_a_py": CASE}, "unittest"),
        ({"tests__/test_a_py": PLAIN}, "pytest"),
        ({"tests__/test_a_py": "class TestIt:\n    def test_b(self):\n        pass\n"}, "pytest"),
        ({"tests__/test_a_py": "import pytest\n" + CASE}, "pytest"),
        ({"tests__/test_a_py": CASE, "tests__/conftest_py": ""}, "pytest"),
        ({"tests__/test_a_py": CASE, "setup.cfg": "[tool:pytest]\n"}, "pytest"),
    ],
)
def test_pytest_is_taken_where_something_needs_it(tmp_path: Path, files: dict[str, str], engine: str) -> None:
    assert found(tmp_path, **files).engine == engine


def test_what_unittest_can_run_as_well_is_known(tmp_path: Path) -> None:
    files = {"tests__/test_a_py": CASE, "tests__/test_b_py": PLAIN, "tests__/test_c_py": "import pytest\n" + CASE}
    assert found(tmp_path, **files).plain == {"tests/test_a.py"}


@pytest.mark.parametrize(
    ("text", "enables", "installs"),
    [
        ("import tiles\n", False, False),
        ("import atexit\natexit.register(print)\n", False, False),
        ("import pytest\npytest.register_assert_rewrite('x')\n", False, False),
        ("import tiles\ntiles.register()\n", True, False),
        ("import bpy\nbpy.ops.preferences.addon_enable(module='tiles')\n", True, False),
        ("import addon_utils\n", True, False),
        ("from tiles import register\n", True, False),
        ("import bpy\nbpy.ops.preferences.addon_install(filepath='a.zip')\n", True, True),
    ],
)
def test_the_add_on_is_enabled_before_tests_that_do_not_do_that(
    tmp_path: Path, text: str, enables: bool, installs: bool
) -> None:
    seen = found(tmp_path, **{"tests__/test_a_py": PLAIN, "tests__/conftest_py": text})
    assert (seen.enable, seen.link) == (not enables, not installs)

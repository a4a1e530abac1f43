"""What a patch may touch: by default the add-on's own files alone; new files and tests where it is allowed."""

from __future__ import annotations

import difflib
import time

import pytest

from bot.models.addon import Addon, AddonKind
from bot.patches import to_patch
from bot.policy import NEW_TESTS, NOTHING, Allowance, objections
from bot.secrets import redacted

ADDON = Addon(
    path="addon", module="addon", kind=AddonKind.LEGACY, single_file=False, name="A", declared_minimum=None,
    files=("addon/__init__.py",),
)  # fmt: skip
WHOLE = ADDON.model_copy(update={"path": ".", "files": ("__init__.py",)})
"""An add-on that is a repository as a whole: everything lies inside of it."""
MODEL = Allowance(new_files=True, tests=True)
NO_TESTS = Allowance(new_files=True)


def changed(path: str, old: str, new: str, mode: str = "") -> bytes:
    """A diff as git writes it."""
    lines = list(difflib.unified_diff(old.splitlines(True), new.splitlines(True), f"a/{path}", f"b/{path}"))
    return "".join([f"diff --git a/{path} b/{path}\n", f"index 1111111..2222222 {mode or '100644'}\n", *lines]).encode()


def added(path: str, text: str, mode: str = "100644") -> bytes:
    """A diff of git's that adds a file."""
    lines = list(difflib.unified_diff([], text.splitlines(True), "/dev/null", f"b/{path}"))
    head = [f"diff --git a/{path} b/{path}\n", f"new file mode {mode}\n", "index 0000000..2222222\n"]
    return "".join([*head, *lines]).encode()


def said(diff: bytes, allowance: Allowance = NOTHING, addon: Addon = ADDON) -> str:
    return " / ".join(objections(to_patch(diff), addon, allowance))


def test_a_change_of_the_add_ons_code_is_allowed() -> None:
    assert said(changed("addon/__init__.py", "x = 1\n", "x = 2\n")) == ""


@pytest.mark.parametrize("path", ["addon/new.py", "tests/test_new.py", "test_new.py"])
def test_new_files_need_to_be_allowed(path: str) -> None:
    diff = added(path, "def test_x():\n    assert add(1, 1) == 2\n")
    assert "adds" in said(diff)
    assert said(diff, MODEL) == ""


def test_where_tests_may_be_added_nothing_else_is() -> None:
    text = "def test_x():\n    assert add(1, 1) == 2\n"
    assert said(added("tests/test_new.py", text), NEW_TESTS) == ""
    assert said(added("addon/tests/test_new.py", text), NEW_TESTS) == ""
    assert "no test" in said(added("addon/new.py", text), NEW_TESTS)
    assert "outside the add-on" in said(changed("tests/test_old.py", "x = 1\n", "x = 2\n"), NEW_TESTS)
    for path in ("tests/conftest.py", "conftest.py", "tests/../new.py", ".github/tests/test_new.py"):
        assert said(added(path, text), NEW_TESTS), path


def test_tests_outside_the_add_on_need_to_be_allowed_by_themselves() -> None:
    diff = added("tests/test_new.py", "def test_x():\n    assert add(1, 1) == 2\n")
    assert "outside the add-on" in said(diff, Allowance(new_files=True))
    assert "adds" in said(diff, Allowance(tests=True))


@pytest.mark.parametrize(
    "path", ["other/new.py", "new.py", "../tests/test_x.py", "addon/../x.py", ".github/workflows/tests/x.yml",
             "tests/.github/x.yml", "tests/pyproject.toml", "addon/bcrag.toml", "addon/requirements.txt"],
)  # fmt: skip
def test_new_files_elsewhere_are_refused_whatever_is_allowed(path: str) -> None:
    assert said(added(path, "x = 1\n"), Allowance(new_files=True, tests=True, weaker_tests=True))


@pytest.mark.parametrize("mode", ["100755", "120000", "160000"])
def test_only_plain_files_are_added(mode: str) -> None:
    assert "new file mode" in said(added("addon/new.py", "x = 1\n", mode), MODEL)


@pytest.mark.parametrize("mode", ["120000", "160000"])
def test_what_a_link_or_a_submodule_points_to_stays(mode: str) -> None:
    assert mode in said(changed("addon/link", "a.py\n", "/etc/passwd\n", mode), MODEL)


@pytest.mark.parametrize(
    "header",
    ["old mode 100644\nnew mode 100755", "similarity index 100%\nrename from addon/a.py"],
)
def test_renames_and_modes_are_refused_whatever_is_allowed(header: str) -> None:
    diff = (
        f"diff --git a/addon/a.py b/addon/a.py\n{header}\nindex 1111111..2222222\n--- a/addon/a.py\n+++ b/addon/a.py\n"
    )
    assert said((diff + "@@ -1 +1 @@\n-a\n+b\n").encode(), Allowance(True, True, True))


TEST = """import pytest


def test_one():
    assert f(1) == 1
    with pytest.raises(ValueError):
        f(2)


class TestTwo(unittest.TestCase):
    def test_two(self):
        self.assertEqual(f(3), 3)
"""


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("    assert f(1) == 1\n", "", "loses checks"),
        ("    assert f(1) == 1\n", "    # assert f(1) == 1\n", "loses checks"),
        ("    assert f(1) == 1\n", "    f(1)\n", "loses checks"),
        ("    assert f(1) == 1\n", "    assert True\n", "loses checks"),
        ("    assert f(1) == 1\n", "    assert (True)  # f(1) == 1\n", "loses checks"),
        ("    assert f(1) == 1\n", '    assert "f(1) == 1"\n', "loses checks"),
        ("    with pytest.raises(ValueError):\n        f(2)\n", "    f(2)\n", "loses checks"),
        ("        self.assertEqual(f(3), 3)\n", "        pass\n", "loses checks"),
        ("def test_one", "def check_one", "loses test_one"),
        ("    def test_two", "    def _test_two", "loses test_two"),
        ("def test_one", "@pytest.mark.skip\ndef test_one", "skipped"),
        ("def test_one", "@pytest.mark.xfail(reason='flaky')\ndef test_one", "skipped"),
        ("    def test_two", "    @unittest.skip('later')\n    def test_two", "skipped"),
        ("    def test_two", "    @unittest.expectedFailure\n    def test_two", "skipped"),
        ("    assert f(1) == 1\n", "    pytest.skip('no bpy')\n    assert f(1) == 1\n", "skipped"),
        ("        self.assert", "        self.skipTest('no')\n        self.assert", "skipped"),
        ("import pytest\n", "import pytest\nbpy = pytest.importorskip('bpy')\n", "skipped"),
        ("import pytest\n", "import pytest\npytestmark = pytest.mark.skipif(True, reason='')\n", "skipped"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["tests/test_f.py", "addon/tests/f.py", "addon/f_test.py"])
def test_tests_are_never_weakened_unless_somebody_asked(path: str, old: str, new: str, why: str) -> None:
    assert old in TEST
    diff = changed(path, TEST, TEST.replace(old, new))
    assert why in said(diff, MODEL)
    assert said(diff, Allowance(tests=True, weaker_tests=True)) == ""
    if not path.startswith("tests/"):
        assert why in said(diff), "for rules as well"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    assert f(1) == 1\n", "    assert f(1) == 2\n"),
        ("    assert f(1) == 1\n", "    assert f(1) == 1\n    assert f(4) == 4\n"),
        ("import pytest\n", "import pytest\n\n\ndef test_more():\n    assert f(5)\n"),
        ("    def test_two(self):\n", "    def test_two(self) -> None:\n"),
    ],
)
def test_tests_may_be_changed_and_added(old: str, new: str) -> None:
    assert said(changed("tests/test_f.py", TEST, TEST.replace(old, new)), MODEL) == ""


def test_code_that_is_no_test_may_lose_an_assert() -> None:
    assert said(changed("addon/a.py", "assert x\nskip(1)\n", "y = 1\n"), MODEL) == ""


def test_a_conftest_does_not_steer_other_tests() -> None:
    hook = "def pytest_collection_modifyitems(items):\n    items.clear()\n"
    assert "steers" in said(added("tests/conftest.py", hook), MODEL)
    assert "steers" in said(added("tests/conftest.py", "collect_ignore_glob = ['*']\n"), MODEL)
    assert said(added("tests/conftest.py", "@pytest.fixture\ndef mesh():\n    return 1\n"), MODEL) == ""


SECRETS = [
    "AKIA" + "IOSFODNN7EXAMPLE",
    "aws_secret_access_key = '" + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'",
    "ghp_" + "a1B2" * 9,
    "ghs_" + "a1B2" * 9,
    "github_pat_" + "11ABCDEFG0" * 3,
    "glpat-" + "x1y2z3_-" * 3,
    "sk-" + "a1B2c3D4" * 6,
    "sk-proj-" + "a1-B2_c3" * 4,
    "sk-ant-" + "api03-a1B2c3D4e5F6",
    "sk_live_" + "a1B2c3D4" * 3,
    "AIza" + "SyA1-b2_c3" * 3 + "abcde",
    "xoxb-" + "123456789012-abcdef",
    "hf_" + "aBcDeFgHiJ" * 3 + "k",
    "-----BEGIN " + "RSA PRIVATE KEY-----",
    "-----BEGIN " + "PRIVATE KEY-----",
    "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
    "Authorization: Bearer " + "a1B2c3D4" * 5,
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N",
]


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret[:12])
def test_no_patch_brings_a_secret(secret: str) -> None:
    for line in (f'KEY = "{secret}"\n', f"{secret}\n", f"    # {secret} \n"):
        found = said(changed("addon/a.py", "x = 1\n", "x = 1\n" + line), Allowance(True, True, True))
        assert "gets a" in found
        assert secret not in found, "the objection must not spread it"


def test_a_secret_that_was_there_does_not_keep_its_line_from_being_repaired() -> None:
    line = f'send(mesh.old, "{SECRETS[2]}")\n'
    assert said(changed("addon/a.py", line, line.replace("old", "new"))) == ""
    assert said(changed("addon/a.py", "x = 1\n" + line, "x = 2\n" + line)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "import sklearn  # scikit-learn", "task-sk-learn-pipelines-and-estimators-abcdef", "bearer = armature.bones[0]",
        "the Bearer of the ring walks slowly to Mordor", "gh_pages = 'https://x.github.io'", "AKIAXYZ", "sk-ip",
        "mask-abcdefghijklmnopqrstuvwxyz0123456789", "hf_radius = 3", "-----BEGIN CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----", "sha = '3b18e512dba79e4c8300dd08aeb37f8e728b8dad'", "xoxo-hugs-and-kisses",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_secret_is_none(text: str) -> None:
    assert said(changed("addon/a.py", "x = 1\n", f"x = 1\n# {text}\n")) == ""


@pytest.mark.parametrize(
    "code",
    [0x202A, 0x202E, 0x2066, 0x2069, 0x200B, 0x200D, 0x200F, 0x2060, 0xFEFF, 0xE0041, 0x3164, 0xFFA0, 0xFE00, 0xE0100],
)
def test_no_patch_brings_characters_that_hide_code(code: str) -> None:
    found = said(changed("addon/a.py", "x = 1\n", f"x = 1\nadmin{chr(code)} = 2  # {chr(code)}\n"))
    assert f"U+{code:04X}" in found and chr(code) not in found


def test_characters_that_hide_code_are_seen_in_a_diff_that_is_no_utf8() -> None:
    diff = changed("addon/a.py", "x = 1\n", "x = 1\ny = '\u202e'\n") + changed("addon/b.py", "x\n", "y\n").replace(
        b"+y", b"+\xff"
    )
    patch = to_patch(diff)
    assert patch.encoding == "latin-1"
    assert "U+202E" in " ".join(objections(patch, ADDON))


def test_a_mark_at_the_start_of_a_file_does_not_keep_its_first_line_from_being_repaired() -> None:
    assert said(changed("addon/a.py", "\ufeffimport a\n", "\ufeffimport b\n")) == ""


def test_letters_of_every_language_are_welcome() -> None:
    assert said(changed("addon/a.py", "x = 1\n", "x = 'Größe, サイズ, 尺寸, размер, حجم, 🎉 ⚙\ufe0f 한글'\n")) == ""


@pytest.mark.parametrize("path", [".envrc", ".vscode/tasks.json", ".pre-commit-config.yaml", "sub/.hidden/x.py"])
def test_nothing_that_begins_with_a_dot_is_added(path: str) -> None:
    assert "is protected" in said(added(f"addon/{path}", "x\n"), MODEL)


def test_an_add_on_below_a_folder_that_begins_with_a_dot_can_be_repaired() -> None:
    hidden = ADDON.model_copy(update={"path": ".blender/addon", "files": (".blender/addon/a.py",)})
    assert objections(to_patch(changed(".blender/addon/a.py", "x = 1\n", "x = 2\n")), hidden) == ()


OBEYED = (
    "CODEOWNERS", "action.yml", "azure-pipelines.yaml", "azure-pipelines-release.yml", "bitbucket-pipelines.yml",
    "netlify.toml", "vercel.json", "buildspec.yml", "cloudbuild.yaml", "cloudbuild.json", "Jenkinsfile",
    "renovate.json", "Dockerfile", "Dockerfile.ci", "ci.Dockerfile", "docker-compose.override.yml", "Makefile",
    "CMakeLists.txt", "build.sh", "build.bat", "deploy.PS1", "SConstruct", "pyproject.toml", "setup.py",
    "hatch_build.py", "uv.toml", "uv.lock", "Pipfile", "MANIFEST.in", "requirements-dev.txt", "evil.pth",
    "sitecustomize.py", "noxfile.py", "pytest.ini", "tox.ini", "mypy.ini", "ruff.toml", "package.json",
    "bcrag.toml",
)  # fmt: skip


@pytest.mark.parametrize("name", OBEYED)
def test_what_builds_packages_and_publishes_is_protected_wherever_it_lies(name: str) -> None:
    anything = Allowance(new_files=True, tests=True, weaker_tests=True)
    for named in (name, name.upper(), name.lower()):
        for path in (named, f"docs/{named}", f"tests/{named}"):
            assert "is protected" in said(changed(path, "a\n", "b\n"), anything, WHOLE)
            assert said(added(path, "a\n"), anything, WHOLE)
            assert "is protected" in said(changed(f"addon/{path}", "a\n", "b\n"), anything)
            assert "is protected" in said(added(f"addon/{path}", "a\n"), anything)


@pytest.mark.parametrize("path", [".envrc", ".vscode/tasks.json", ".pre-commit-config.yaml", ".readthedocs.yaml"])
def test_nothing_that_begins_with_a_dot_is_touched_where_the_add_on_is_the_repository(path: str) -> None:
    assert "is protected" in said(added(path, "x\n"), MODEL, WHOLE)
    assert "is protected" in said(changed(path, "x\n", "y\n"), MODEL, WHOLE)


@pytest.mark.parametrize("path", ["novel-ci.yml", "novel.toml", "novel.cfg", "novel.js", "Novelfile", "LICENSE"])
def test_the_root_of_a_repository_holds_more_configuration_than_anybody_can_list(path: str) -> None:
    assert "is protected" in said(changed(path, "x\n", "y\n"), NO_TESTS, WHOLE)
    assert "new Python files alone" in said(added(path, "x\n"), NO_TESTS, WHOLE)
    assert "is protected" in said(added(f"sub/{path}", "x\n"), NO_TESTS, WHOLE)


@pytest.mark.parametrize("path", ["notes.txt", "index.html", "app.json", "blender_manifest.toml", "x.PY"])
def test_only_python_is_added_at_the_root_of_a_repository(path: str) -> None:
    assert "new Python files alone" in said(added(path, "x\n"), NO_TESTS, WHOLE)


@pytest.mark.parametrize(
    "path",
    ["__init__.py", "ops.py", "blender_manifest.toml", "presets.json", "shader.glsl", "README.md", "sub/a.py",
     "presets/a.json", "presets/b.yaml", "presets/c.ini", "data/names", "tests/conftest.py", "conftest.py"],
)  # fmt: skip
def test_what_an_add_on_has_may_be_changed_where_it_is_the_repository(path: str) -> None:
    assert said(changed(path, "x = 1\n", "x = 2\n"), NOTHING, WHOLE) == ""


@pytest.mark.parametrize("path", ["new.py", "sub/new.py", "presets/new.json", "shaders/new.glsl", "test_new.py"])
def test_what_an_add_on_is_made_of_may_be_added_where_it_is_the_repository(path: str) -> None:
    assert said(added(path, "x = 1\n"), NO_TESTS, WHOLE) == ""


@pytest.mark.parametrize("path", ["test_new.py", "conftest.py", "tests/test_new.py", "tests/conftest.py",
                                  "tests/data/case.yaml", "tests/data/case"])  # fmt: skip
def test_tests_and_what_they_need_may_be_added_where_they_are_asked_for(path: str) -> None:
    assert said(added(path, "x = 1\n"), MODEL, WHOLE) == ""


@pytest.mark.parametrize("path", ["conftest.py", "tests/conftest.py"])
def test_where_no_tests_are_asked_for_nothing_new_is_run_by_all_of_them(path: str) -> None:
    assert "is protected" in said(added(path, "x = 1\n"), NO_TESTS, WHOLE)
    assert "is protected" in said(added(f"addon/{path}", "x = 1\n"), NO_TESTS)


@pytest.mark.parametrize("path", ["CODEOWNERS", "conftest.py"])
def test_an_empty_file_is_a_new_one(path: str) -> None:
    diff = f"diff --git a/{path} b/{path}\nnew file mode 100644\nindex 0000000..e69de29\n".encode()
    assert "is protected" in said(diff, NO_TESTS, WHOLE)


KEY = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n" + "MIIEowIBAAKCAQEA\n" * 20 + "abc=\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("token ghp_0123456789abcdefghijABCDEFGHIJ012345xyz.", "token [removed: a GitHub token]"),
        ('{"key": "sk-proj-abcdefghij0123456789KLMNOP"}', '{"key": "[removed: an API key]"}'),
        (f"a {KEY}-----END RSA PRIVATE KEY----- b", "a [removed: a private key]\n-----END RSA PRIVATE KEY----- b"),
        ("see -----BEGIN PRIVATE KEY----- there, all of it", "see [removed: a private key] there, all of it"),
        ("task-sk-learn-pipelines and hf_radius = 3", "task-sk-learn-pipelines and hf_radius = 3"),
    ],
)
def test_secrets_are_taken_out_of_what_is_sent_and_shown_and_nothing_else(text: str, expected: str) -> None:
    assert redacted(text) == expected
    assert redacted(expected) == expected


def test_a_log_full_of_beginnings_takes_no_time() -> None:
    began = time.process_time()
    redacted("-----BEGIN PRIVATE KEY-----" * 40_000 + "bearer " * 100_000 + "eyJ" * 300_000)
    assert time.process_time() - began < 5


def test_binary_data_is_refused() -> None:
    assert "binary" in said(changed("addon/a.py", "x\n", "x\0y\n"))


def test_sizes_are_limited() -> None:
    assert "lines" in said(added("addon/new.py", "x = 1\n" * 20_001), MODEL)

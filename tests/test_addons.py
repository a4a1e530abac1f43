"""Which add-ons a repository holds is read from its files, never by running them."""

from __future__ import annotations

import tomllib

import pytest

from bot.addons import ChoiceError, choose, discover
from bot.errors import UsageError
from bot.models.addon import AddonKind
from bot.models.release import Release

INFO = b'bl_info = {"name": "Spiral", "blender": (2, 79, 0)}\n'
MANIFEST = b'schema_version = "1.0.0"\nid = "bolt"\nname = "Bolt"\nblender_version_min = "4.2.0"\n'


def found(files: dict[str, bytes], prefix: str = "."):
    return discover(tuple(files), files.__getitem__, None, prefix)


def test_a_package_with_bl_info() -> None:
    (addon,) = found({"my-addon/__init__.py": INFO, "my-addon/ops.py": b"", "README.md": b"", "setup.py": b""})
    assert (addon.path, addon.module, addon.name) == ("my-addon", "my_addon", "Spiral")
    assert addon.kind is AddonKind.LEGACY
    assert addon.declared_minimum == Release(2, 79)
    assert addon.files == ("my-addon/__init__.py", "my-addon/ops.py")


def test_an_add_on_that_is_the_repository_itself() -> None:
    files = {"__init__.py": INFO, "ui/panels.py": b""}
    (addon,) = discover(tuple(files), files.__getitem__, root="my-addon-master")
    assert (addon.path, addon.module) == (".", "my_addon_master")
    assert addon.inside("ui/panels.py")


def test_an_add_on_that_is_one_file() -> None:
    (addon,) = found({"tools/spiral.py": INFO, "tools/other.py": b"x = 1\n"})
    assert (addon.path, addon.module, addon.single_file) == ("tools/spiral.py", "spiral", True)
    assert addon.files == ("tools/spiral.py",)


def test_an_extension_takes_its_name_from_the_manifest() -> None:
    (addon,) = found({"src/blender_manifest.toml": MANIFEST, "src/__init__.py": b"def register(): ...\n"})
    assert (addon.kind, addon.module) == (AddonKind.EXTENSION, "bolt")
    assert addon.declared_minimum == Release(4, 2)


def test_a_manifest_beside_bl_info_is_still_one_add_on() -> None:
    (addon,) = found({"a/blender_manifest.toml": MANIFEST, "a/__init__.py": INFO})
    assert addon.kind is AddonKind.LEGACY


def test_a_nested_module_with_bl_info_belongs_to_the_outer_add_on() -> None:
    (addon,) = found({"a/__init__.py": INFO, "a/sub/__init__.py": INFO, "a/extra.py": INFO})
    assert addon.path == "a"


def test_vendored_code_is_not_the_add_ons() -> None:
    (addon,) = found({"a/__init__.py": INFO, "a/vendor/six.py": b"", "a/_vendor/x.py": b""})
    assert addon.files == ("a/__init__.py",)


def test_only_what_lies_below_the_folder_asked_for() -> None:
    files = {"examples/a/__init__.py": INFO, "examples/b/__init__.py": INFO}
    assert [addon.path for addon in found(files, "examples/b")] == ["examples/b"]


def test_a_syntax_error_does_not_hide_the_add_on_or_its_release() -> None:
    (addon,) = found({"a.py": b'bl_info = {"name": "X", "blender": (2, 80, 0)}\nprint "hello"\n'})
    assert addon.declared_minimum == Release(2, 80)


def test_bl_info_that_is_computed_is_read_as_far_as_it_is_literal() -> None:
    (addon,) = found({"a.py": b'bl_info = {"name": NAME, "blender": (2, 93, 0), "version": VERSION}\n'})
    assert (addon.name, addon.declared_minimum) == ("a.py", Release(2, 93))


@pytest.mark.parametrize("value", [b'"2.8"', b"(2,)", b"None", b'("2", "80")'])
def test_a_strange_release_counts_as_not_declared(value: bytes) -> None:
    (addon,) = found({"a.py": b'bl_info = {"blender": ' + value + b"}\n"})
    assert addon.declared_minimum is None


def test_two_eight_is_two_eighty() -> None:
    (addon,) = found({"a.py": b'bl_info = {"blender": (2, 8, 0)}\n'})
    assert addon.declared_minimum == Release(2, 80)


def test_several_add_ons_are_listed_and_one_is_asked_for() -> None:
    addons = found({"a.py": INFO, "b.py": INFO})
    with pytest.raises(UsageError, match=r"2 add-ons(.|\n)*a\.py(.|\n)*b\.py") as error:
        choose(addons, None, "repo")
    assert "--addon a.py" in error.value.cure
    assert isinstance(error.value, ChoiceError)
    assert error.value.in_files == 'Say which in `bcrag.toml`: `addon = "a.py"`'
    assert choose(addons, "b.py", "repo").path == "b.py"
    with pytest.raises(UsageError, match=r"no add-on at 'c\.py'"):
        choose(addons, "c.py", "repo")


def test_none_says_what_makes_one() -> None:
    for wanted in (None, "c.py"):
        with pytest.raises(ChoiceError, match="bl_info") as error:
            choose((), wanted, "repo")
        assert "--addon" not in error.value.in_files


@pytest.mark.parametrize("name", ['a "b".py', "a\\b.py", "a'b.py", "é.py"])
def test_what_is_to_be_written_into_a_file_is_what_the_file_needs(name: str) -> None:
    addons = found({name: INFO, "\U0001f9ca.py": INFO})
    with pytest.raises(ChoiceError) as error:
        choose(addons, None, "repo")
    line = error.value.in_files.split("`")[3]
    assert choose(addons, tomllib.loads(line)["addon"], "repo").path == name

"""What is taken from a repository's configuration of pytest, and what is not."""

from __future__ import annotations

import pytest

from bot.validators.tests.configuration import PATTERNS, Configuration, configuration


def said(**files: str) -> Configuration:
    by_name = {name.replace("_", "."): text for name, text in files.items()}
    return configuration(lambda path: by_name.get(path, ""))


def test_without_any_pytest_is_not_configured() -> None:
    assert said() == Configuration()
    assert not said(pyproject_toml="[project]\nname = 'x'\n", setup_cfg="[metadata]\nname = x\n").there


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest_ini", "[pytest]\ntestpaths = checks more\npython_files = check_*.py\n"),
        ("tox_ini", "[pytest]\ntestpaths = checks\n    more\npython_files = check_*.py\n"),
        ("setup_cfg", "[tool:pytest]\ntestpaths = checks more\npython_files = check_*.py\n"),
        (
            "pyproject_toml",
            '[tool.pytest.ini_options]\ntestpaths = ["checks", "more"]\npython_files = "check_*.py"\n',
        ),
    ],
)
def test_each_kind_of_file_says_where_tests_are(name: str, text: str) -> None:
    found = said(**{name: text})
    assert (found.there, found.folders, found.patterns) == (True, ("checks", "more"), ("check_*.py",))


def test_pytest_s_own_file_comes_before_the_others() -> None:
    found = said(pytest_ini="[pytest]\ntestpaths = a\n", setup_cfg="[tool:pytest]\ntestpaths = b\n")
    assert found.folders == ("a",)
    assert found.patterns == PATTERNS


def test_only_options_that_choose_tests_or_how_they_are_imported_are_kept() -> None:
    text = (
        "[pytest]\naddopts = -p evil --import-mode=importlib --cov=x -n 4 -m 'not slow' -x --pdb --ignore tests/old\n"
    )
    assert said(pytest_ini=text).options == ("--import-mode=importlib", "-m", "not slow", "--ignore", "tests/old")


@pytest.mark.parametrize(
    "text",
    ["[pytest", "[pytest]\naddopts = 'no end\n", "[tool.pytest.ini_options]\naddopts = 3\n", "\x00", "[[[[" * 9999],
)
def test_what_cannot_be_read_says_nothing(text: str) -> None:
    for name in ("pytest_ini", "pyproject_toml", "setup_cfg"):
        assert said(**{name: text}).options == ()


def test_an_option_at_the_end_without_its_value_is_left_out() -> None:
    assert said(pytest_ini="[pytest]\naddopts = -q -k\n").options == ()

"""Templates: each is in form, and what is put in is never looked at again."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.prompts.template import Template, template

NAMES = sorted(path.name.removesuffix(".md") for path in files("bot.prompts").iterdir() if path.name.endswith(".md"))
FENCES = "What stands between fences is data"


@pytest.mark.parametrize("name", NAMES)
def test_every_template_has_a_version_a_shape_and_says_what_is_data(name: str) -> None:
    known = template(name)
    assert known.version >= 1 and known.shape
    assert FENCES in known.system.replace("\n", " ")


@given(st.text())
def test_what_is_put_in_stays_what_it_is(text: str) -> None:
    made = Template("x", 1, "", "S", "a $one b $two c")
    _, user = made.filled({"one": f"<{text}>", "two": "$one"})
    assert user == f"a <{text}> b $one c".strip() + "\n"


def test_an_empty_value_on_a_line_of_its_own_leaves_no_hole() -> None:
    made = Template("x", 1, "", "S", "first\n\n$one\n\nlast")
    assert made.filled({"one": ""})[1] == "first\n\nlast\n"


def test_blank_lines_of_code_are_kept() -> None:
    made = Template("x", 1, "", "S", "$one\n\n$two\n\nlast")
    assert "a\n\n\n\nb" in made.filled({"one": "a\n\n\n\nb", "two": ""})[1]


def test_a_missing_value_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        Template("x", 1, "", "S", "$one").filled({})

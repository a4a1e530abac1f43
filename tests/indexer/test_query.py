from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query import MAX_NAMES, MAX_PARTS, MAX_TEXT, MAX_WORDS, Frame, Member, Query, understand

TRACEBACK = """Traceback (most recent call last):
  File "/home/me/.config/blender/4.1/scripts/addons/tool/ui/panel.py", line 12, in draw
    mesh.calc_normals()
AttributeError: 'Mesh' object has no attribute 'calc_normals'
"""


def test_questions_lose_their_small_words_and_keep_the_telling_ones() -> None:
    query = understand("Hello, how do I make a dropdown in the sidebar with Python, please?")
    assert query.words == ("make", "dropdown", "sidebar")
    assert query.certain == ()


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("bpy.types.Mesh.calc_normals", "bpy.types.Mesh.calc_normals"),
        ("what is Mesh.calc_normals for", "Mesh.calc_normals"),
        ("why does foo(bar=1) fail", "foo"),
        ("where is `register` defined", "register"),
        ("where do people register", None),
        ("where is `my_function` defined", "my_function"),
        ("draw", "draw"),
        ("bl_idname mesh.add_thing", "mesh.add_thing"),
        ("Operator bpy.ops.file.unpack_item.poll() failed, context is incorrect", "bpy.ops.file.unpack_item"),
    ],
)
def test_names_beyond_doubt(text: str, certain: str | None) -> None:
    assert understand(text).certain[:1] == ((certain,) if certain else ())


def test_arguments_of_a_call_are_not_what_is_looked_for() -> None:
    query = understand("gl_load(frame, pass_index=2)")
    assert query.certain == ("gl_load",)
    assert query.keywords == ("pass_index",)


def test_a_traceback_names_its_frames_its_error_and_the_member() -> None:
    query = understand(TRACEBACK)
    assert query.frames == (Frame("tool/ui/panel.py", 12, "draw"),)
    assert query.members == (Member("Mesh", "calc_normals"),)
    assert query.exceptions == ("AttributeError",)
    assert query.certain[0] == "Mesh.calc_normals"
    assert not query.parts
    assert "calc_normals" in query.words
    assert "traceback" not in query.words


def test_windows_paths_are_read_as_well() -> None:
    path = 'File "C:\\Users\\me\\AppData\\Blender\\4.2\\scripts\\addons\\tool\\ops.py", line 3, in execute'
    assert understand(path).frames == (Frame("tool/ops.py", 3, "execute"),)


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("smooth shading in 4.1+", "4.1"),
        ("Blender 3.6: where did it go", "3.6"),
        ("since 2.80 it fails", "2.80"),
        ("worked in 2.8x", "2.8"),
        ("wait 3.5 seconds", None),
        ("scale by 2.5", None),
        ("version 1.2 of my add-on", None),
        ("no number at all", None),
    ],
)
def test_the_release_that_is_named(text: str, release: str | None) -> None:
    query = understand(text)
    assert query.release == release
    if release:
        assert not any(release in word for word in query.words)


def test_several_questions_are_several() -> None:
    query = understand("How do I draw text in the viewport? And how to unwrap selected faces; where are keymaps")
    assert [part.words[0] for part in query.parts] == ["draw", "unwrap", "keymaps"]
    assert not understand("one question, and only one").parts


def test_what_is_asked_of_a_name() -> None:
    assert "registered" in understand("where is operator mesh.thing registered").wishes
    assert "raised" in understand("what raises ValueError").wishes
    assert "defined" in understand("where is the class Panel defined").wishes
    assert "operator" in understand("which operator does this").roles
    assert understand("raise Exception").exceptions == ("Exception",)


def test_a_name_of_an_owner() -> None:
    assert Member("StateManager", "clear") in understand("method clear in class StateManager").pairs


def test_file_names_with_their_line() -> None:
    assert understand("crash in ops/export.py:34 on save").files == (Frame("ops/export.py", 34),)


def test_of_a_long_issue_the_telling_lines_count() -> None:
    filler = "\n".join(f"Lorem ipsum number {line} of my machine and what it does all day" for line in range(1_000))
    query = understand(f"Export is broken\n\n{filler}\n{TRACEBACK}\n{filler}")
    assert len(query.text) <= MAX_TEXT
    assert query.members == (Member("Mesh", "calc_normals"),)
    assert "export" in query.words


@given(st.text(max_size=3_000))
def test_any_text_gives_a_bounded_query(text: str) -> None:
    query = understand(text)
    assert len(query.text) <= MAX_TEXT
    assert len(query.words) <= MAX_WORDS
    assert len(query.parts) <= MAX_PARTS
    for names in (query.names, query.certain, query.files, query.frames, query.pairs, query.keywords):
        assert len(names) <= MAX_NAMES


@given(st.text(alphabet=" \t\n.,;:!?()[]{}*'\"-", max_size=50))
def test_marks_alone_ask_nothing(text: str) -> None:
    assert not understand(text)


def test_huge_texts_are_read_quickly() -> None:
    for piece in ("a.", "'x' ", 'File "', "f(", "`", "1.", "_", "a/", "bpy.ops.", "raise "):
        assert isinstance(understand(piece * 30_000), Query)

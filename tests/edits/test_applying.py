"""All of an answer's changes or none; every byte they do not concern stays; what comes out compiles."""

from __future__ import annotations

import pytest

from bot.edits.applying import Applied, Unapplied, apply
from bot.models.proposal import Change, NewFile, Replace, ReplaceSymbol

CODE = "import bpy\n\n\ndef f(x):\n    return x\n\n\ndef g(x):\n    return f(x)\n"


def done(files: dict[str, str], *changes: Change) -> dict[str, str]:
    found = apply(changes, files)
    assert isinstance(found, Applied), found.reasons
    return found.files


def why(files: dict[str, str], *changes: Change, **more: object) -> str:
    found = apply(changes, files, **more)  # type: ignore[arg-type]
    assert isinstance(found, Unapplied), found
    return "\n".join(found.reasons)


def swap(old: str, new: str, path: str = "a.py", near: int | None = None) -> Replace:
    return Replace(path=path, old=old, new=new, near=near)


def test_several_changes_of_several_files() -> None:
    files = {"a.py": CODE, "b.py": "y = 1\n", "c.py": "z = 1\n"}
    changes = (
        swap("import bpy\n", "import bpy\nimport os\n"), swap("    return f(x)\n", "    return f(x + 1)\n"),
        swap("y = 1\n", "y = 2\n", "b.py"), NewFile(path="d/e.py", text="w = 1"),
    )  # fmt: skip
    assert done(files, *changes) == {
        "a.py": CODE.replace("import bpy\n", "import bpy\nimport os\n").replace("f(x)\n", "f(x + 1)\n", 1).replace(
            "def f(x + 1)", "def f(x)"),
        "b.py": "y = 2\n",
        "d/e.py": "w = 1\n",
    }  # fmt: skip


def test_one_change_without_a_place_and_none_is_made() -> None:
    found = apply(
        (swap("import bpy\n", "import os\n"), swap("nowhere()\n", "x\n"), swap("nor here()\n", "y\n")), {"a.py": CODE}
    )
    assert isinstance(found, Unapplied)
    assert len(found.reasons) == 2 and all(reason.startswith("a.py: ") for reason in found.reasons)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_the_end_of_the_file_stay(end: str, last: bool, mark: str) -> None:
    lines = ["x = 1", "y = 2", "z = 3"]
    text = mark + end.join(lines) + (end if last else "")
    wanted = mark + end.join(["x = 1", "y = 4", "y = 5", "z = 3"]) + (end if last else "")
    assert done({"a.py": text}, swap("y = 2\n", "y = 4\ny = 5\n"))["a.py"] == wanted
    at_the_end = mark + end.join(["x = 1", "y = 2", "z = 4", "z = 5"]) + (end if last else "")
    assert done({"a.py": text}, swap("z = 3\n", "z = 4\nz = 5\n"))["a.py"] == at_the_end
    without = mark + end.join(["x = 1", "y = 2"]) + (end if last else "")
    assert done({"a.py": text}, swap("y = 2\nz = 3\n", "y = 2\n"))["a.py"] == without


def test_mixed_line_ends_stay_where_they_are() -> None:
    text = "a = 1\r\nb = 2\nc = 3\rd = 4\r\ne = 5"
    assert (
        done({"a.py": text}, swap("c = 3\n", "c = 6\nc = 7\n"))["a.py"]
        == "a = 1\r\nb = 2\nc = 6\rc = 7\rd = 4\r\ne = 5"
    )
    assert done({"a.py": text}, swap("b = 2\nc = 3\n", "b = 2\nx = 0\nc = 3\n"))["a.py"].count("\r\n") == 2


@pytest.mark.parametrize("odd", ["\x0c", "\x1c", "\x85", "\u2028", "\x0b"])
def test_odd_separators_do_not_end_a_line(odd: str) -> None:
    text = f"# a{odd}b\nx = 1\n# c{odd}d\n"
    assert done({"a.py": text}, swap("x = 1\n", "x = 2\n"))["a.py"] == text.replace("1", "2")
    assert done({"a.py": text}, swap(f"# a{odd}b\n", f"# e{odd}f\n"))["a.py"] == text.replace(f"a{odd}b", f"e{odd}f")


def test_a_change_that_is_there_already_is_told_and_changes_nothing() -> None:
    found = apply((swap("def g(y):\n    return f(y)\n", "def g(x):\n    return f(x)\n"),), {"a.py": CODE})
    assert found == Applied(files={}, notes=("a.py, line 8: it is so already",))


def test_a_second_time_changes_nothing() -> None:
    changes = (swap("import bpy\n", "import bpy\nimport os\n"), swap("    return f(x)\n", "    return f(x, 1)\n"))
    once = done({"a.py": CODE}, *changes)
    again = apply(changes, once)
    assert isinstance(again, Applied) and again.files == {} and len(again.notes) == 2


def test_an_addition_that_may_be_there_already_is_not_left_out_of_a_patch_in_silence() -> None:
    there = swap("def f(x):\n", "def f(x):\n    return x\n")
    assert "line 4 is there already" in why({"a.py": CODE}, there, swap("import bpy\n", "import os\n"))
    assert done({"a.py": CODE}, there) == {}


def test_the_same_change_twice_counts_once() -> None:
    assert done({"a.py": CODE}, *[swap("import bpy\n", "import os\n")] * 2) == {"a.py": CODE.replace("bpy", "os")}


@pytest.mark.parametrize(
    "changes",
    [
        (swap("    return f(x)\n", "    return 1\n"), swap("    return f(x)\n", "    return 2\n")),
        (swap("def g(x):\n    return f(x)\n", "def h(y): pass\n"), swap("    return f(x)\n", "    return 2\n")),
        (swap("import bpy\n", "import bpy\nimport os\n"), swap("import bpy\n", "import bpy\nimport sys\n")),
        (ReplaceSymbol(path="a.py", symbol="g", text="def g(x): pass"), swap("    return f(x)\n", "    return 2\n")),
    ],
)  # fmt: skip
def test_changes_of_the_same_lines_are_refused(changes: tuple[Change, ...]) -> None:
    assert "two changes concern the same lines" in why({"a.py": CODE}, *changes)


def test_changes_side_by_side_that_share_context_are_made() -> None:
    first = swap("import bpy\n\n\ndef f(x):\n    return x\n", "import os\n\n\ndef f(x):\n    return x\n")
    second = swap("\n\ndef f(x):\n    return x\n", "\n\ndef f(x):\n    return -x\n")
    assert done({"a.py": CODE}, first, second)["a.py"] == CODE.replace("bpy", "os").replace("return x", "return -x")


def test_code_that_no_longer_compiles_is_shown() -> None:
    said = why({"a.py": CODE}, swap("    return f(x)\n", "    return f(x\n"))
    assert "does not compile" in said and "SyntaxError" in said and "(line 9)" in said
    assert "9|     return f(x" in said and "8| def g(x):" in said


def test_code_that_did_not_compile_before_may_be_repaired_in_part() -> None:
    text = "print 'a'\nprint 'b'\n"
    assert done({"a.py": text}, swap("print 'a'\nprint 'b'\n", "print('a')\nprint('b')\n"))
    found = apply((swap("print 'a'\n", "print('a')\n"),), {"a.py": text})
    assert isinstance(found, Applied) and "did not compile before" in found.notes[-1]


def test_files_that_are_no_code_are_not_compiled() -> None:
    assert done({"a.txt": "hello (\n"}, swap("hello (\n", "hello ((\n", "a.txt"))


@pytest.mark.parametrize(
    "code", ["x = " + "(" * 5000, "x = " + "-" * 100_000 + "1", "return 1", "x = 1\n  y = 2", "x = '\0'"]
)
def test_no_code_is_too_odd_to_be_refused(code: str) -> None:
    assert "does not compile" in why({}, NewFile(path="a.py", text=code + "\n"))


def test_a_file_that_is_not_there_is_answered_with_names_like_it() -> None:
    said = why({"addon/export.py": CODE, "addon/main.py": "x"}, swap("import bpy\n", "x\n", "addon/exporter.py"))
    assert "no file addon/exporter.py" in said and "addon/export.py" in said


def test_a_path_that_lacks_its_first_folders_is_taken_for_the_one_it_can_be() -> None:
    found = apply((swap("import bpy\n", "import os\n", "io/x.py"),), {"addon/io/x.py": "import bpy\n", "y.py": ""})
    assert isinstance(found, Applied) and found.files == {"addon/io/x.py": "import os\n"}
    assert found.notes == ("io/x.py was taken for addon/io/x.py",)
    assert "no file" in why({"a/x.py": "import bpy\n", "b/x.py": "import bpy\n"}, swap("import bpy\n", "x\n", "x.py"))


def test_a_new_file_takes_nobodys_place() -> None:
    files = {"a/b.py": "x = 1\n", "a/empty.py": ""}
    assert "is there already" in why(files, NewFile(path="a/b.py", text="x = 2\n"))
    assert "is there" in why(files, NewFile(path="A/B.py", text="x = 2\n"))
    assert "is there" in why(files, NewFile(path="a/b.py/c.py", text="x = 2\n"))
    assert "is there" in why(files, NewFile(path="a", text="x = 2\n"))
    assert "twice" in why(files, NewFile(path="c.py", text="x = 2\n"), NewFile(path="c.py", text="x = 3\n"))
    assert "is there" in why(files, NewFile(path="c/link", text="x = 2\n"), taken=("c/link",))
    assert done(files, NewFile(path="a/empty.py", text="x = 2\n")) == {"a/empty.py": "x = 2\n"}
    assert done(files, NewFile(path="a/b.py", text="x = 1\n")) == {}


def test_a_new_file_has_no_code_left_out() -> None:
    assert "left out" in why({}, NewFile(path="a.py", text="import bpy\n# ... rest of the file ...\n"))


def test_characters_the_encoding_does_not_have_are_refused() -> None:
    text = "# -*- coding: latin-1 -*-\nx = 'é'\n"
    change = swap("x = 'é'\n", "x = '→'\n")
    assert "'\\u2192'" in why({"a.py": text}, change, encodings={"a.py": "iso-8859-1"})
    assert done({"a.py": text}, change)
    fits = apply((swap("x = 'é'\n", "x = 'è'\n"),), {"a.py": text}, {"a.py": "iso-8859-1"})
    assert isinstance(fits, Applied)


def test_no_patch_changes_what_a_file_is_decoded_with() -> None:
    text = "# -*- coding: latin-1 -*-\nx = 'é'\n"
    change = swap("# -*- coding: latin-1 -*-\n", "# -*- coding: utf-8 -*-\n")
    assert "another encoding" in why({"a.py": text}, change, encodings={"a.py": "iso-8859-1"})
    assert "another encoding" in why({}, NewFile(path="a.py", text="# coding: latin-1\nx = 'é'\n"))
    assert "another encoding" in why({}, NewFile(path="a.py", text="# coding: no-such\n"))

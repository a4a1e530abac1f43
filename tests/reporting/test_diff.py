from __future__ import annotations

from bot.reporting import diff as diffs


def test_lines_keep_their_numbers_on_both_sides(diff: str) -> None:
    init, shape = diffs.read(diff)
    assert (init.path, init.added, init.removed) == ("wave_grid/__init__.py", 17, 9)
    assert (shape.path, shape.added, shape.removed) == ("wave_grid/shape.py", 3, 2)
    product = [line for line in shape.lines if "append(turn" in line.text]
    assert [(line.kind, line.old, line.new) for line in product] == [("removed", 14, None), ("added", None, 14)]


def test_a_line_that_looks_like_a_header_is_a_line_while_its_hunk_lasts() -> None:
    text = "--- a/x.py\n+++ b/x.py\n@@ -1,2 +1 @@\n--- a/passwd\n \n"
    (file,) = diffs.read(text)
    assert file.path == "x.py"
    assert [line.text for line in file.lines if line.kind == "removed"] == ["-- a/passwd"]


def test_new_deleted_and_quoted_names_and_missing_line_ends() -> None:
    text = (
        "--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+x = 1\n\\ No newline at end of file\n"
        '--- "a/b\\303\\244r.py"\n+++ /dev/null\n@@ -1 +0,0 @@ def f():\n-y = 2\r\n'
    )
    new, gone = diffs.read(text)
    assert (new.path, new.added, new.removed) == ("new.py", 1, 0)
    assert (gone.path, gone.added, gone.removed) == ("bär.py", 0, 1)
    assert gone.lines[0].text == "def f():"


def test_nothing_and_nonsense_are_no_files() -> None:
    assert diffs.read("") == ()
    assert diffs.read("hello\n@@ what @@\n") == ()

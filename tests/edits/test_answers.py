"""What models write: read in whichever form, or refused with a sentence that says what to write instead."""

from __future__ import annotations

import pytest

from answered import AFTER, FILES, PATH, READ
from bot.edits.answers import MAX_ANSWER, MAX_CHANGES, read
from bot.edits.applying import Applied, apply
from bot.models.proposal import Malformed, NewFile, Proposal, Replace, ReplaceSymbol


def proposal(text: str) -> Proposal:
    found = read(text)
    assert isinstance(found, Proposal), found
    return found


def reason(text: str) -> str:
    found = read(text)
    assert isinstance(found, Malformed), found
    return found.reason


@pytest.mark.parametrize("text", READ.values(), ids=list(READ))
def test_the_same_repair_in_every_form(text: str) -> None:
    done = apply(proposal(text).changes, FILES)
    assert isinstance(done, Applied), done.reasons
    assert done.files == {PATH: AFTER}


def test_there_are_many_forms() -> None:
    assert len(READ) >= 40


def test_all_that_is_asked_for_is_read() -> None:
    found = proposal(READ["as asked for"])
    assert found.summary == "`use_auto_smooth` went away in 4.1; it is only set before that."
    assert found.cites == ("c1", "c4")
    assert found.query == ""
    (change,) = found.changes
    assert isinstance(change, Replace)
    assert change.path == PATH and change.near is None
    assert change.old.startswith("    def execute(self, context):\n        mesh = context.object.data\n")


def test_marks_in_the_summary_count_without_a_heading() -> None:
    text = "It went away [c2, c7], see c9.\n\n" + READ["right numbers"]
    assert proposal(text).cites == ("c2", "c7")
    assert proposal(text).summary == "It went away [c2, c7], see c9."


def test_a_line_number_is_kept_as_a_hint() -> None:
    (change,) = proposal(READ["right numbers"]).changes
    assert isinstance(change, Replace) and change.near == 21


@pytest.mark.parametrize(
    "text",
    ["## Look up\nMesh.use_auto_smooth\n`EXPORT_OT_wave`", "## Missing\n\nMesh.use_auto_smooth `EXPORT_OT_wave`",
     "**Look up**\n```\nMesh.use_auto_smooth\n`EXPORT_OT_wave`\n```",
     '{"query": "Mesh.use_auto_smooth `EXPORT_OT_wave`"}'],
)  # fmt: skip
def test_what_it_would_look_up(text: str) -> None:
    found = proposal(text)
    assert found.changes == ()
    assert found.query == "Mesh.use_auto_smooth `EXPORT_OT_wave`"


@pytest.mark.parametrize("nothing", ["None", "Nothing is missing.", "-", "n/a", "nothing"])
def test_that_nothing_is_missing_is_no_question(nothing: str) -> None:
    found = proposal(READ["as asked for"] + f"\n## Missing\n{nothing}\n")
    assert found.query == "" and len(found.changes) == 1


def test_several_files_in_one_block() -> None:
    found = proposal("""```diff
--- a/x.py
+++ b/x.py
@@ -1,2 +1,2 @@
 import a
-import b
+import c
--- a/y.py
+++ b/y.py
@@
 import a
-import d
+import e
diff --git a/new.py b/new.py
new file mode 100644
index 0000000..1111111
--- /dev/null
+++ b/new.py
@@ -0,0 +1,2 @@
+x = 1
+y = 2
```""")
    assert found.changes == (
        Replace(path="x.py", old="import a\nimport b\n", new="import a\nimport c\n", near=1),
        Replace(path="y.py", old="import a\nimport d\n", new="import a\nimport e\n"),
        NewFile(path="new.py", text="x = 1\ny = 2\n"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "New file `tests/test_x.py`:\n```python\nx = 1\n```",
        "### New file: tests/test_x.py\n\n```python\n\nx = 1\n\n```",
        "Create a new file `tests/test_x.py` with:\n```\nx = 1\n```",
        "**tests/test_x.py** (new file)\n```python\nx = 1\n```",
        "```diff\n--- /dev/null\n+++ b/tests/test_x.py\n@@ -0,0 +1 @@\n+x = 1\n```",
        "```diff\n--- /dev/null\n+++ tests/test_x.py\n+x = 1\n```",
        "```diff\n--- a/tests/test_x.py\n+++ b/tests/test_x.py\n@@ -0,0 +1,1 @@\n+x = 1\n```",
        "*** Begin Patch\n*** Add File: tests/test_x.py\n+x = 1\n*** End Patch",
        "tests/test_x.py\n```\n<<<<<<< SEARCH\n=======\nx = 1\n>>>>>>> REPLACE\n```",
        '{"changes": [{"kind": "new", "path": "tests/test_x.py", "text": "x = 1\\n"}]}',
        '{"changes": [{"path": "./tests//test_x.py", "text": "x = 1\\n"}]}',
    ],
)
def test_new_files(text: str) -> None:
    assert proposal(text).changes == (NewFile(path="tests/test_x.py", text="x = 1\n"),)


def test_code_lines_that_look_like_headers_stay_code() -> None:
    found = proposal("""```diff
--- a/query.sql
+++ b/query.sql
@@ -1,3 +1,3 @@
 select 1
--- the old remark
+++ the new remark
 from t
```""")
    assert found.changes == (
        Replace(
            path="query.sql", old="select 1\n-- the old remark\nfrom t\n",
            new="select 1\n++ the new remark\nfrom t\n", near=1,
        ),
    )  # fmt: skip


def test_fences_inside_of_a_diff_do_not_end_it() -> None:
    found = proposal("""````diff
--- a/x.py
+++ b/x.py
@@
 \"\"\"
```
-old
+new
```
 \"\"\"
````""")
    (change,) = found.changes
    assert isinstance(change, Replace) and change.new == '"""\n```\nnew\n```\n"""\n'


def test_form_feeds_and_odd_separators_stay_in_their_lines() -> None:
    found = proposal("```diff\n--- a/x.py\n+++ b/x.py\n@@\n \x0cdef f():\n-    a = '\x1c\u2028'\n+    a = '\x85'\n```")
    (change,) = found.changes
    assert isinstance(change, Replace)
    assert (change.old, change.new) == ("\x0cdef f():\n    a = '\x1c\u2028'\n", "\x0cdef f():\n    a = '\x85'\n")


def test_where_there_is_a_section_for_the_patch_code_elsewhere_is_none() -> None:
    text = READ["as asked for"].replace(
        "## Rests on", "For example in `addon/__init__.py`:\n```diff\n-x\n+y\n```\n## Rests on"
    )
    assert [change.path for change in proposal(text).changes] == [PATH]


def test_code_that_is_only_quoted_is_no_change() -> None:
    text = "In `addon/io/export.py` there is:\n```python\nmesh.use_auto_smooth = True\n```\n" + READ["right numbers"]
    assert len(proposal(text).changes) == 1


def test_several_definitions_below_one_file() -> None:
    found = proposal(
        "## Patch\n### `a/b.py`\nReplace `f`:\n```python\ndef f(): pass\n```\n"
        "Replace `C.g`:\n```python\ndef g(): pass\n```"
    )
    assert found.changes == (
        ReplaceSymbol(path="a/b.py", symbol="f", text="def f(): pass\n"),
        ReplaceSymbol(path="a/b.py", symbol="C.g", text="def g(): pass\n"),
    )


DIFF = "```diff\n--- a/{path}\n+++ b/{path}\n@@\n a\n-b\n+c\n```"
HOSTILE = ["/etc/passwd", "../x.py",
           "a/../../x.py", "a\\b.py", "C:/x.py", "C:\\x.py", "~/x.py", "a\tb\x01.py", ".git/config",
           "a/.GIT/hooks/x.py", "x/" * 600 + "y.py"]  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: ascii(path[:20]))
@pytest.mark.parametrize(
    "form",
    [
        DIFF,
        "*** Begin Patch\n*** Update File: {path}\n@@\n a\n-b\n+c\n*** End Patch",
        "*** Begin Patch\n*** Add File: {path}\n+c\n*** End Patch",
        "```\nFile: {path}\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```",
        "New file `{path}`:\n```python\nx = 1\n```",
        "Replace `f` in `{path}`:\n```python\ndef f(): pass\n```",
        "```diff\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n```",
    ],
    ids=["diff", "update", "add", "search", "new", "symbol", "new diff"],
)
def test_hostile_paths_are_refused_in_every_form(form: str, path: str) -> None:
    found = read(form.replace("{path}", path))
    if isinstance(found, Proposal):  # what is no path is not read as one; nothing may be left of it
        assert "\t" in path, found
        assert all(change.path.isprintable() for change in found.changes)
    else:
        assert found.reason


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: ascii(path[:20]))
def test_hostile_paths_are_refused_in_objects(path: str) -> None:
    import json

    assert reason(json.dumps({"changes": [{"kind": "new", "path": path, "text": "x"}]}))


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/etc/passwd", "absolute"),
        ("../x.py", "`..`"),
        ("a\\b.py", "backslash"),
        ("a\x01.py", "control"),
        (".git/x", ".git"),
    ],
)
def test_the_reason_names_what_is_wrong_with_a_path(path: str, why: str) -> None:
    assert why in reason(f"```diff\n--- {path}\n+++ {path}\n@@\n a\n-b\n+c\n```")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("   \n\n", "empty"),
        ("I would guard the attribute by its version.", "no change"),
        ("## Summary\nGuard it.\n\n## Patch\n", "no change"),
        ("No changes are needed; the add-on already works in 4.5.", "nothing is to be changed"),
        ("## Summary\nThe code is already correct.\n## Patch\nNo change.", "nothing is to be changed"),
        ("Nothing needs to be changed here.", "nothing is to be changed"),
        (DIFF.format(path="x.py")[:-4], "cut off"),
        ("```diff\n@@\n a\n-b\n+c\n```", "which file"),
        ("```diff\n-b\n+c\n```", "which file"),
        ("```\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```", "which file"),
        ("x.py\n```\n<<<<<<< SEARCH\na\n>>>>>>> REPLACE\n```", "has no `=======`"),
        ("x.py\n```\n<<<<<<< SEARCH\na\n=======\nb\n```", "not closed"),
        ("x.py\n```\n<<<<<<< SEARCH\na\n=======\nb\n<<<<<<< SEARCH\nc\n=======\nd\n>>>>>>> REPLACE\n```", "not closed"),
        ("x.py\n```\n<<<<<<< SEARCH\na\n=======\nb\n=======\nc\n>>>>>>> REPLACE\n```", "more than one"),
        ("*** Begin Patch\n*** Update File: x.py\n@@\n a\n-b\n+c\n", "no `*** End Patch`"),
        ("*** Begin Patch\n*** Delete File: x.py\n*** End Patch", "deleting a file is not possible"),
        ("*** Begin Patch\n*** Update File: x.py\n*** Move to: y.py\n@@\n-a\n+b\n*** End Patch", "renaming"),
        ("*** Begin Patch\n*** Add File: x.py\nx = 1\n*** End Patch", "`+` before"),
        ("*** Begin Patch\nhello\n*** End Patch", "no file"),
        ("```diff\n--- a/x.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n```", "deleting a file is not possible"),
        ("```diff\ndiff --git a/x.py b/x.py\ndeleted file mode 100644\n--- a/x.py\n+++ /dev/null\n```", "deleting"),
        ("```diff\n--- a/x.py\n+++ b/y.py\n@@\n-a\n+b\n```", "renaming"),
        ("```diff\ndiff --git a/x.py b/y.py\nsimilarity index 100%\nrename from x.py\nrename to y.py\n```", "renaming"),
        ("```diff\ndiff --git a/x.py b/x.py\nold mode 100644\nnew mode 100755\n```", "mode"),
        ("```diff\ndiff --git a/x b/x\nnew file mode 120000\n--- /dev/null\n+++ b/x\n@@\n+/etc/passwd\n```", "mode"),
        ("```diff\ndiff --git a/x.png b/x.png\nGIT binary patch\nliteral 3\nabc\n```", "binary"),
        ("```diff\ndiff --git a/x.png b/x.png\nBinary files a/x.png and b/x.png differ\n```", "binary"),
        ("```diff\n--- a/x.py\n+++ b/x.py\n@@@ -1 -1 +1 @@@\n--a\n++b\n```", "combined"),
        ("```diff\n--- a/x.py\n+++ b/x.py\n@@ -10,0 +11,2 @@\n+def f():\n+    pass\n```", "only adds lines"),
        ("```diff\n--- /dev/null\n+++ b/x.py\n@@\n here\n+x\n```", "not added"),
        ("The new version of `x.py`:\n```python\nx = 1\n```", "does not say what it replaces"),
        ("## Patch\n### x.py\n```python\nx = 1\n```", "does not say what it replaces"),
        ('{"summary": "cut o', "JSON"),
        ('{"changes": [{"kind": "delete", "path": "x.py"}]}', "Change 1"),
        ('{"changes": [{"kind": "replace", "path": "x.py", "old": 7, "new": "x"}]}', "old"),
        ('{"changes": {"path": "x.py"}}', "list"),
        ('{"changes": ["x.py"]}', "not an object"),
        ('{"changes": [{"kind": "new", "path": "x.py", "text": "a\\u0000b"}]}', "NUL"),
        ('{"changes": [{"kind": "new", "path": "x.py", "text": "a\\ud800b"}]}', "surrogates"),
        ("a\0b", "NUL"),
        ("a\ud800b", "surrogates"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(text: str, why: str) -> None:
    assert why in reason(text)


def test_whoever_gives_no_change_is_told_the_form() -> None:
    for text in ("", "I would guard it.", "No changes are needed."):
        assert "--- a/path" in reason(text) and "## Look up" in reason(text)


def test_everything_is_bounded() -> None:
    assert "limit" in reason("x" * (MAX_ANSWER + 1))
    block = "<<<<<<< SEARCH\na{0}\n=======\nb{0}\n>>>>>>> REPLACE\n"
    many = "x.py\n```\n" + "".join(block.format(number) for number in range(MAX_CHANGES + 1)) + "```"
    assert str(MAX_CHANGES) in reason(many)
    assert (
        len(
            proposal(
                "y " * 5000 + "\n\n" + READ["as asked for"].replace("## Summary\n", "## Summary\n" + "z " * 5000)
            ).summary
        )
        <= 4000
    )
    assert len(proposal("## Look up\n" + "name " * 5000).query) <= 400

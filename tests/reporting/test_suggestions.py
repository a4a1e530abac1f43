from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models.patch import Patch
from bot.patches import parse, to_bytes, to_patch
from bot.reporting import suggestions as module
from bot.reporting.suggestions import Suggestion, shown, suggestions

NAME = "a/b.py"
EVERYTHING: Mapping[str, Sequence[range]] = {NAME: (range(1, 10_000),)}
_BODY = re.compile(r"(`{3,})suggestion\n(.*\n)?\1\n", re.DOTALL)

line = st.sampled_from(
    ["", "x", "x", "y = 1", "  z", "```", "````suggestion", "`a`", "+x", "-x", "@@ -1 +1 @@", "\\ No", "--- a/x",
     "\u2028\u202e", "\x0c\x0b\x85", "</details>", "\t", "é", "x "]
)  # fmt: skip


@st.composite
def edits(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """The lines of a file, and of the file with some runs of them replaced."""
    before = draw(st.lists(line, min_size=1, max_size=24))
    after = list(before)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(after)))
        after[start : start + draw(st.integers(0, 3))] = draw(st.lists(line, max_size=3))
    return before, after


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("edited")
    subprocess.run(["git", "init", "-q", str(made)], check=True)
    return made


def diffed(folder: Path, before: bytes, after: bytes, context: int = 3) -> bytes:
    """What git makes of two states of the file."""
    for side, data in (("a", before), ("b", after)):
        place = folder / side / NAME
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    options = ("--no-index", "--no-color", "--no-prefix", f"-U{context}", "--text")
    command = ["git", "-c", "core.autocrlf=false", "diff", *options, f"a/{NAME}", f"b/{NAME}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def patched(folder: Path, before: bytes, diff: bytes) -> bytes:
    """What `git apply` makes of the file."""
    place = folder / NAME
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(before)
    subprocess.run(["git", "apply", "--unidiff-zero", "--whitespace=nowarn", "-"], cwd=folder, input=diff, check=True)
    return place.read_bytes()


def taken_over(before: str, found: Sequence[Suggestion]) -> str:
    """The file after somebody clicked on every suggestion, as GitHub does it: lines for lines."""
    ended = before.endswith("\n")
    rows = before.removesuffix("\n").split("\n")
    touched: set[int] = set()
    for one in sorted(found, key=lambda each: each.line, reverse=True):
        start = one.start_line or one.line
        assert 1 <= start <= one.line <= len(rows) and (one.start_line is None or one.start_line < one.line)
        lines = set(range(start, one.line + 1))
        assert not lines & touched, "two suggestions about one line cannot both be taken over"
        touched |= lines
        body = _BODY.fullmatch(one.body)
        assert body is not None and body[1] not in (body[2] or "")
        rows[start - 1 : one.line] = (body[2] or "").removesuffix("\n").split("\n") if body[2] else []
    return "\n".join(rows) + ("\n" if ended and rows else "")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edit=edits(), context=st.sampled_from([3, 3, 3, 1, 0]), ended=st.booleans())
def test_taking_them_over_gives_what_git_apply_gives(
    folder: Path, edit: tuple[list[str], list[str]], context: int, ended: bool
) -> None:
    before, after = ("\n".join(rows) + ("\n" if ended and rows else "") for rows in edit)
    diff = diffed(folder, before.encode(), after.encode(), context)
    if not diff:
        return
    patch = to_patch(diff)
    found = suggestions(patch, EVERYTHING)
    if found is None:
        # of a patch with context it can only be a file's last line, or one that has none
        assert context == 0 or b"\\ No newline" in diff or not before or not after
        return
    assert taken_over(before, found) == patched(folder, before.encode(), to_bytes(patch)).decode() == after
    assert len({one.path for one in found}) == 1 and found[0].path == NAME


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edit=edits(), data=st.data())
def test_where_a_line_is_not_shown_there_is_none(
    folder: Path, edit: tuple[list[str], list[str]], data: st.DataObject
) -> None:
    before, after = ("\n".join(rows) + "\n" for rows in edit)
    diff = diffed(folder, before.encode(), after.encode())
    found = suggestions(to_patch(diff), EVERYTHING) if diff else None
    if not found:
        return
    one = data.draw(st.sampled_from(found))
    hidden = data.draw(st.integers(one.start_line or one.line, one.line))
    assert suggestions(to_patch(diff), {NAME: (range(1, hidden), range(hidden + 1, 10_000))}) is None
    assert suggestions(to_patch(diff), {"other.py": (range(1, 10_000),)}) is None
    assert suggestions(to_patch(diff), {}) is None
    # each line that is changed, and no more, is enough
    least = tuple(range(each.start_line or each.line, each.line + 1) for each in found)
    assert suggestions(to_patch(diff), {NAME: least}) == found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edit=edits())
def test_what_is_shown_of_a_pull_request_are_the_lines_of_its_hunks(
    folder: Path, edit: tuple[list[str], list[str]]
) -> None:
    before, after = ("\n".join(rows) + "\n" for rows in edit)
    diff = diffed(folder, before.encode(), after.encode()).decode()
    if not diff:
        return
    page = diff[diff.index("\n@@ ") + 1 :]  # GitHub gives the hunks alone
    told = {number for lines in shown({NAME: page})[NAME] for number in lines}
    expected = {row.target_line_no for file in parse(diff) for hunk in file for row in hunk if row.target_line_no}
    assert told == expected


def of(old: str, new: str, folder: Path, context: int = 3) -> Patch:
    return to_patch(diffed(folder, old.encode(), new.encode(), context))


def test_lines_become_lines(folder: Path) -> None:
    found = suggestions(of("a\nb\nc\nd\n", "a\nB\nBB\nd\n", folder), EVERYTHING)
    assert found == (Suggestion(path=NAME, line=3, start_line=2, body="```suggestion\nB\nBB\n```\n"),)
    found = suggestions(of("a\nb\nc\n", "a\nc\n", folder), EVERYTHING)
    assert found == (Suggestion(path=NAME, line=2, body="```suggestion\n```\n"),)
    found = suggestions(of("a\nb\nc\n", "a\n\nc\n", folder), EVERYTHING)
    assert found == (Suggestion(path=NAME, line=2, body="```suggestion\n\n```\n"),)
    found = suggestions(of("a\nb\n", "a\nnew\nb\n", folder), EVERYTHING)
    assert found == (Suggestion(path=NAME, line=1, body="```suggestion\na\nnew\n```\n"),)
    found = suggestions(of("a\nb\n", "new\na\nb\n", folder), EVERYTHING)
    assert found == (Suggestion(path=NAME, line=1, body="```suggestion\nnew\na\n```\n"),)


def test_additions_on_both_sides_of_the_first_line_are_one_suggestion(folder: Path) -> None:
    found = suggestions(of("a\nb\n", "new\na\nnewer\nb\n", folder), EVERYTHING)
    assert found == (Suggestion(path=NAME, line=1, body="```suggestion\nnew\na\nnewer\n```\n"),)


def test_code_with_fences_stays_inside_of_the_fence(folder: Path) -> None:
    (one,) = suggestions(of("a\n", "````\n</details> @octocat\n", folder), EVERYTHING) or ()
    assert one.body == "`````suggestion\n````\n</details> @octocat\n`````\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [("a", "a\n"), ("a\n", "a"), ("a\nb", "a\nc\n"), ("a\nb\n", "a\nb\nc"), ("a\nb", "a\n"), ("a\r\n", "b\r\n")],
)
def test_the_end_of_a_line_is_nothing_a_suggestion_says(folder: Path, old: str, new: str) -> None:
    assert suggestions(of(old, new, folder), EVERYTHING) is None


def test_a_file_without_a_last_line_end_keeps_it_so(folder: Path) -> None:
    found = suggestions(of("a\nb", "a\nc\nd", folder), EVERYTHING)
    assert found == (Suggestion(path=NAME, line=2, body="```suggestion\nc\nd\n```\n"),)


HUNK = "@@ -1,2 +1,2 @@\n-x\n+y\n z\n"


@pytest.mark.parametrize(
    "diff",
    [
        "",
        "diff --git a/a/b.py b/a/b.py\nnew file mode 100644\n--- /dev/null\n+++ b/a/b.py\n@@ -0,0 +1 @@\n+x\n",
        "diff --git a/a/b.py b/a/b.py\ndeleted file mode 100644\n--- a/a/b.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n",
        f"diff --git a/a/b.py b/c.py\nrename from a/b.py\nrename to c.py\n--- a/a/b.py\n+++ b/c.py\n{HUNK}",
        f"diff --git a/a/b.py b/a/b.py\nold mode 100644\nnew mode 100755\n--- a/a/b.py\n+++ b/a/b.py\n{HUNK}",
    ],
)
def test_what_is_no_change_of_lines_is_none(diff: str) -> None:
    assert suggestions(Patch(diff=diff), EVERYTHING) is None


def test_a_file_that_changes_in_nothing_but_its_mode_is_no_suggestion_beside_another() -> None:
    lines = f"diff --git a/a/b.py b/a/b.py\n--- a/a/b.py\n+++ b/a/b.py\n{HUNK}"
    for other in (
        "diff --git a/c.sh b/c.sh\nold mode 100644\nnew mode 100755\n",
        "diff --git a/c.sh b/d.sh\nsimilarity index 100%\nrename from c.sh\nrename to d.sh\n",
        "diff --git a/c.png b/c.png\nindex 1..2 100644\nBinary files a/c.png and b/c.png differ\n",
    ):
        assert suggestions(Patch(diff=other + lines), EVERYTHING) is None
        assert suggestions(Patch(diff=lines + other), EVERYTHING) is None
    assert suggestions(Patch(diff=lines), EVERYTHING) is not None


def test_what_is_no_utf_8_is_none(folder: Path) -> None:
    patch = to_patch(diffed(folder, b"a\n", b"\xff\n"))
    assert patch.encoding == "latin-1" and suggestions(patch, EVERYTHING) is None


def test_too_many_and_too_long_are_none(folder: Path) -> None:
    old = "".join(f"{number}\n\n\n" for number in range(module.MOST + 1))
    new = "".join(f"{number}x\n\n\n" for number in range(module.MOST + 1))
    assert suggestions(of(old, new, folder), EVERYTHING) is None
    fewer = new.replace("0x\n", "0\n", 1)
    assert len(suggestions(of(old, fewer, folder), EVERYTHING) or ()) == module.MOST
    assert suggestions(of("a\n", "x" * module.MAX_CHARACTERS + "\n", folder), EVERYTHING) is None


def test_both_ends_in_different_hunks_of_the_page_are_none(folder: Path) -> None:
    patch = of("a\nb\nc\nd\n", "A\nB\nC\nD\n", folder)
    assert suggestions(patch, {NAME: (range(1, 3), range(3, 5))}) is None
    assert suggestions(patch, {NAME: (range(1, 5),)}) is not None

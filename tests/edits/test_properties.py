"""Whatever the text and whatever is edited: the result is the one that was meant, or there is none."""

from __future__ import annotations

import difflib
import json
import random
import re
import time
from collections.abc import Callable, Sequence

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.edits.answers import read
from bot.edits.applying import Applied, Unapplied, apply
from bot.edits.placing import MARGIN
from bot.models.proposal import Malformed, NewFile, Proposal, Replace
from bot.texts import lines_of

calm = settings(deadline=None)
"""The machine may be busy with other things."""
PATH = "notes/a.txt"
WORDS = [
    "x",
    "mesh",
    "mesh.update()",
    "return {'FINISHED'}",
    "def draw(self):",
    "layout = self.layout",
    "pass",
    "# é",
    "}",
]
line = st.builds(
    lambda depth, word: " " * depth + word if word else "",
    st.sampled_from([0, 4, 4, 8, 12]), st.sampled_from([*WORDS, ""]),
)  # fmt: skip
odd_line = st.text(st.characters(exclude_characters="\r\n\0", codec="utf-8", exclude_categories=["Cs"]), max_size=8)
texts = st.lists(line, min_size=1, max_size=25)
ends = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def edits(draw: st.DrawFn, lines: st.SearchStrategy[list[str]] = texts) -> tuple[list[str], list[str]]:
    """Lines, and what they are to become."""
    before = draw(lines)
    after = list(before)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(after)))
        gone = draw(st.integers(0, 2))
        after[at : at + gone] = draw(st.lists(line, max_size=2))
    assume(after != before)
    return before, after


def diff(before: Sequence[str], after: Sequence[str], context: int = 3) -> list[str]:
    made = difflib.unified_diff(before, after, f"a/{PATH}", f"b/{PATH}", n=context, lineterm="")
    return list(made)


def answer(lines: Sequence[str]) -> str:
    return "## Patch\n````diff\n" + "\n".join(lines) + "\n````\n"


def hunks(lines: Sequence[str], change: Callable[[str], str]) -> list[str]:
    """A diff with its hunk headers changed."""
    return [change(text) if text.startswith("@@") else text for text in lines]


def outcome(text: str, written: str) -> str | None:
    """The text afterwards; None where the answer is refused, the text itself where it is said to be so already."""
    found = read(written)
    if isinstance(found, Malformed):
        return None
    done = apply(found.changes, {PATH: text})
    if isinstance(done, Unapplied):
        return None
    assert set(done.files) <= {PATH}
    assert done.files or any("so already" in note for note in done.notes)
    return done.files.get(PATH, text)


def joined(lines: Sequence[str], end: str = "\n") -> str:
    return "".join(text + end for text in lines)


def check(result: str | None, text: str, wanted: str) -> None:
    assert result in (None, wanted, text), f"{text!r} became {result!r}, not {wanted!r}"


@calm
@given(edits(), st.integers(-MARGIN // 2, MARGIN // 2), st.integers(0, 3), ends)
def test_wrong_line_numbers(edit: tuple[list[str], list[str]], off: int, context: int, end: str) -> None:
    """Off by no more than half of what a place must be nearer by, they lead to the place that is meant or to none."""
    before, after = edit

    def scrambled(header: str) -> str:
        begin = int(re.findall(r"\d+", header)[0])
        return f"@@ -{max(1, begin + off)},7 +{max(1, begin - off)},99 @@ def f():"

    text = joined(before, end)
    check(outcome(text, answer(hunks(diff(before, after, context), scrambled))), text, joined(after, end))


@calm
@given(edits(), st.sampled_from(["@@", "@@ ... @@", "@@ def draw(self): @@", None]), ends)
def test_no_line_numbers(edit: tuple[list[str], list[str]], header: str | None, end: str) -> None:
    before, after = edit
    lines = diff(before, after)
    if header is None:
        assume(sum(text.startswith("@@") for text in lines) == 1)
        lines = [text for text in lines if not text.startswith("@@")]
    else:
        lines = hunks(lines, lambda _: header)
    text = joined(before, end)
    check(outcome(text, answer(lines)), text, joined(after, end))


@calm
@given(edits(), st.randoms(use_true_random=False))
def test_white_space_at_line_ends(edit: tuple[list[str], list[str]], chance: random.Random) -> None:
    """Lines that stay keep theirs; those that are new have what is written."""
    before, after = edit
    lines = [
        text if text.startswith(("@@", "---", "+++")) else text + chance.choice(["", " ", "  ", "\t"])
        for text in hunks(diff(before, after), lambda _: "@@")
    ]
    text = joined(before)
    result = outcome(text, answer(lines))
    if result is None:
        return
    bare = [one.rstrip() for one in lines_of(result)]
    assert bare in ([one.rstrip() for one in after], [one.rstrip() for one in before])
    assert [one for one in lines_of(result) if one.endswith((" ", "\t"))] == [] or bare != before
    kept = difflib.SequenceMatcher(None, before, lines_of(result), autojunk=False)
    assert sum(size for _, _, size in kept.get_matching_blocks()) >= len(before) - sum(
        text.startswith("-") for text in lines
    )


@calm
@given(edits(), st.sampled_from([2, 4, 8]))
def test_indentation_moved_alike(edit: tuple[list[str], list[str]], by: int) -> None:
    """Where the moved lines stand nowhere exactly: such a place would rightly be taken for the one that is meant."""
    before, after = edit
    lines = hunks(diff(before, after), lambda _: "@@")
    moved = [
        text if text.startswith(("@@", "---", "+++")) or not text[1:].strip() else text[0] + " " * by + text[1:]
        for text in lines
    ]
    found = read(answer(moved))
    assume(isinstance(found, Proposal))
    assert isinstance(found, Proposal)
    olds = [lines_of(change.old) for change in found.changes if isinstance(change, Replace)]
    assume(not any(before[at : at + len(old)] == old for old in olds for at in range(len(before))))
    text = joined(before)
    check(outcome(text, answer(moved)), text, joined(after))


@calm
@given(edits(), ends)
def test_tabs_in_the_file_and_spaces_in_the_answer(edit: tuple[list[str], list[str]], end: str) -> None:
    """Where the file has tabs at all, and so tells that it is indented by them."""
    before, after = edit
    assume(any(text.startswith(" ") for text in before))
    lines = hunks(diff(before, after), lambda _: "@@")
    text, wanted = (joined([one.replace("    ", "\t") for one in side], end) for side in edit)
    check(outcome(text, answer(lines)), text, wanted)


@calm
@given(edits())
def test_context_that_lost_its_space(edit: tuple[list[str], list[str]]) -> None:
    before, after = edit
    lines = [text[1:] if text[:1] == " " else text for text in hunks(diff(before, after), lambda _: "@@")]
    text = joined(before)
    check(outcome(text, answer(lines)), text, joined(after))


@calm
@given(edits())
def test_an_edit_whose_place_is_plain_is_made(edit: tuple[list[str], list[str]]) -> None:
    """The other side of the coin: lines that differ from each other are never refused."""
    before, after = ([f"{text}{number}" for number, text in enumerate(side)] for side in edit)
    assume(before and after != before)
    lines = diff(before, after)
    assume(any(text.startswith(" ") or (text.startswith("-") and not text.startswith("---")) for text in lines))
    assume(not any(set(text[1:].strip()) <= {""} for text in lines))
    assert outcome(joined(before), answer(hunks(lines, lambda _: "@@"))) == joined(after)


@calm
@given(edits())
def test_a_second_time_is_refused_or_changes_nothing(edit: tuple[list[str], list[str]]) -> None:
    before, after = edit
    written = answer(hunks(diff(before, after), lambda _: "@@"))
    once = outcome(joined(before), written)
    assume(once == joined(after))
    # With all of the file for context, so that what is left of it cannot be taken for another place.
    whole = answer(hunks(diff(before, after, 100), lambda _: "@@"))
    assert outcome(joined(after), whole) in (None, joined(after))


@calm
@given(st.lists(odd_line, min_size=3, max_size=12), st.integers(0, 11), odd_line, ends, st.booleans())
def test_any_other_byte_stays(lines: list[str], at: int, new: str, end: str, last: bool) -> None:
    """Form feeds, U+2028, odd white space, a missing last line end: all of it is as it was."""
    at %= len(lines)
    text = end.join(lines) + (end if last else "")
    old = lines_of(text)
    assume(at < len(old) and old[at].strip() and new.strip() and old.count(old[at]) == 1)
    assume(not new.startswith(" "))  # would become tabs where all else has tabs
    change = Replace(path=PATH, old=old[at] + "\n", new=new + "\n")
    done = apply((change,), {PATH: text})
    if isinstance(done, Unapplied):
        assert "left out" in done.reasons[0] or "places" in done.reasons[0]
        return
    wanted = end.join([*old[:at], new, *old[at + 1 :]]) + (end if text.endswith(end) else "")
    assert done.files.get(PATH, text) in (wanted, text)


hostile_parts = st.sampled_from(
    ["..", ".", "", "~", ".git", "a", "C:", "\\", "\x00", "\x1b", "\n", "x" * 1200, "b.py", " "]
)


@calm
@given(
    st.lists(hostile_parts, min_size=1, max_size=5), st.booleans(), st.sampled_from(["diff", "new", "json", "search"])
)
def test_no_path_escapes(parts: list[str], absolute: bool, form: str) -> None:
    path = ("/" if absolute else "") + "/".join(parts)
    written = {
        "diff": f"```diff\n--- a/{path}\n+++ b/{path}\n@@\n a\n-b\n+c\n```",
        "new": f"New file `{path}`:\n```python\nx = 1\n```",
        "json": json.dumps({"changes": [{"kind": "new", "path": path, "text": "x"}]}),
        "search": f"File: {path}\n```\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```",
    }[form]
    found = read(written)
    for change in found.changes if isinstance(found, Proposal) else ():
        parts = change.path.split("/")
        assert change.path and not change.path.startswith(("/", "~")) and len(change.path) <= 1000
        assert ".." not in parts and "" not in parts and "." not in parts and ".git" not in parts
        assert "\\" not in change.path and not re.match(r"[A-Za-z]:", change.path)
        assert not any(ord(character) < 32 for character in change.path)


pieces = st.sampled_from(
    [
        "```diff\n", "```\n", "```python\n", "--- a/x.py\n", "+++ b/x.py\n", "@@\n", "@@ -1,2 +3,4 @@\n", " a\n",
        "-b\n", "+c\n", "<<<<<<< SEARCH\n", "=======\n", ">>>>>>> REPLACE\n",
        "*** Begin Patch\n", "*** Update File: x.py\n",
        "*** End Patch\n", "## Patch\n", "## Summary\n", "## Look up\n", "Replace `f` in `x.py`\n", "New file `y.py`\n",
        "x.py\n", "\n", "~~~\n", "diff --git a/x.py b/x.py\n", "new file mode 100644\n", "--- /dev/null\n", "{",
        '"changes": [', "}", "]", "...\n", "def f(): pass\n",
    ]
)  # fmt: skip


@calm
@given(st.lists(st.one_of(pieces, odd_line), max_size=30))
def test_any_nonsense_is_an_outcome(parts: list[str]) -> None:
    found = read("".join(parts))
    if isinstance(found, Malformed):
        assert found.reason
        return
    assert found.changes or found.query
    done = apply(found.changes, {"x.py": "a\nb\n", "z.py": ""})
    assert isinstance(done, Applied) or done.reasons
    assert isinstance(done, Unapplied) or set(done.files) <= {"x.py", "z.py"} | {
        change.path for change in found.changes if isinstance(change, NewFile)
    }


def test_a_hostile_answer_takes_seconds_at_most() -> None:
    """Whatever grows with the square of the length takes minutes here."""
    begin = time.monotonic()
    for part in ("#" + " " * 400_000 + "x", "a " * 400_000, "--- a\n+++ b\n" * 60_000, "`" * 400_000, "```\n" * 100_001,
                 "*" * 400_000, "[" * 400_000, "<<<<<<< SEARCH\n" * 50_000, "x.py " * 100_000, "@@\n" * 200_000,
                 "{" * 100_000, "no change" + " " * 400_000 + "x", "```diff\n" + "-a\n+b\n" * 50_000 + "```",
                 "```diff\n--- a/x.py\n+++ b/x.py\n" + " a\n" * 50_000 + "-b\n+c\n```"):  # fmt: skip
        assert read(part)
    assert time.monotonic() - begin < 60

"""A patch applied in memory is what git makes of it, or nothing."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.host.values import Entry
from bot.patches import to_patch
from bot.publishing.placing import MAX_FILE, Placed, blob_id, placed
from bot.publishing.refusals import Refusal

GIT = ("git", "-c", "core.autocrlf=false", "-c", "core.safecrlf=false", "-c", "core.attributesFile=/dev/null")


def git(folder: Path, *arguments: str, data: bytes = b"", wrong: bool = False) -> bytes:
    done = subprocess.run([*GIT, *arguments], cwd=folder, input=data, capture_output=True, timeout=60)
    assert wrong or done.returncode == 0, done.stderr
    return done.stdout if done.returncode == 0 else b"refused"


def tree(files: Mapping[str, bytes], modes: Mapping[str, str] | None = None) -> dict[str, Entry]:
    """A commit's tree as the host lists it."""
    found = {}
    for path, data in files.items():
        mode = (modes or {}).get(path, "100644")
        kind = {"160000": "commit", "040000": "tree"}.get(mode, "blob")
        found[path] = Entry(path=path, mode=mode, type=kind, sha=blob_id(data), size=len(data))
        parts = path.split("/")
        for count in range(1, len(parts)):
            folder = "/".join(parts[:count])
            found.setdefault(folder, Entry(path=folder, mode="040000", type="tree", sha="0" * 40))
    return found


def put(diff: bytes, files: Mapping[str, bytes], modes: Mapping[str, str] | None = None) -> dict[str, Placed] | Refusal:
    by_id = {blob_id(data): data for data in files.values()}
    return placed(to_patch(diff), tree(files, modes), by_id.__getitem__)


def diffed(folder: Path, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> bytes:
    """What git writes of a change, as the bot asks it to."""
    git(folder, "init", "-q", ".")
    for path, data in before.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    git(folder, "add", "-A")
    git(folder, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x")
    for path, data in after.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    git(folder, "add", "--intent-to-add", "-A")
    return git(
        folder, "diff", "--no-color", "--no-ext-diff", "--text", "--no-renames", "--full-index",
        "--src-prefix=a/", "--dst-prefix=b/", "HEAD",
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


LINES = st.sampled_from(
    [b"x = 1", b"", b"    return x", b"-- no header", b"++ none either", b"@@ -1 +1 @@", b"\xe4 in latin-1",
     "ä in utf-8".encode(), b"end\r", b"a\x0cb", "\u2028".encode(), b"\\ No newline at end of file",
     b"diff --git a/x b/x"]
)  # fmt: skip
TEXTS = st.builds(
    lambda lines, end: b"\n".join(lines) + end, st.lists(LINES, max_size=14), st.sampled_from([b"", b"\n", b"\r\n"])
)


@st.composite
def edits(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A text, and the same with some lines changed."""
    before = draw(TEXTS)
    lines = before.split(b"\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines)))
        lines[at : at + draw(st.integers(0, 2))] = draw(st.lists(LINES, max_size=2))
    return before, b"\n".join(lines)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["a/x.py", "a/b c.py", "ä.py", 'a/"q".py']), edits(), min_size=1, max_size=3))
def test_what_git_writes_is_placed_byte_for_byte(changes: dict[str, tuple[bytes, bytes]]) -> None:
    before = {path: old for path, (old, _) in changes.items()}
    after = {path: new for path, (_, new) in changes.items()}
    with tempfile.TemporaryDirectory() as name:
        diff = diffed(Path(name), before, after)
    if diff:
        found = put(diff, before)
        assert isinstance(found, dict), found
        assert {path: one.data for path, one in found.items()} == {
            path: new for path, new in after.items() if new != before[path]
        }


@settings(max_examples=60, deadline=None)
@given(edits(), st.data())
def test_what_is_placed_of_a_damaged_diff_is_what_git_makes_of_it(
    change: tuple[bytes, bytes], data: st.DataObject
) -> None:
    """Nothing is let through that git would refuse, or take for something else."""
    before = {"a/x.py": change[0]}
    with tempfile.TemporaryDirectory() as name:
        diff = diffed(Path(name), before, {"a/x.py": change[1]})
        if not diff:
            return
        lines = diff.split(b"\n")
        lines = [line for line in lines if not line.startswith(b"index ")]
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at : at + 1] = data.draw(
            st.sampled_from([[], [lines[at]] * 2, [b" " + lines[at]], [lines[at][1:]], [b"-" + lines[at][1:]]])
        )
        damaged = b"\n".join(lines)
        try:
            found = put(damaged, before)
        except ValueError:
            return
        if isinstance(found, Refusal):
            return
        git(Path(name), "checkout", "-q", ".")
        assert git(Path(name), "apply", "--whitespace=nowarn", "-", data=damaged, wrong=True) != b"refused"
        assert {path: one.data for path, one in found.items()} == {"a/x.py": (Path(name) / "a/x.py").read_bytes()}


def test_an_executable_stays_one_and_a_new_file_is_plain(folder: Path) -> None:
    diff = diffed(folder, {"a/x.py": b"x = 1\n"}, {"a/x.py": b"x = 2\n", "a/b/new.py": b"y = 1\n"})
    found = put(diff, {"a/x.py": b"x = 1\n"}, {"a/x.py": "100755"})
    assert found == {"a/x.py": Placed(b"x = 2\n", "100755"), "a/b/new.py": Placed(b"y = 1\n", "100644")}


def test_windows_line_ends_and_other_encodings_stay(folder: Path) -> None:
    before = "name = 'Bär'\r\nx = 1\r\n".encode("latin-1")
    after = before.replace(b"x = 1", b"x = 2")
    found = put(diffed(folder, {"a.py": before}, {"a.py": after}), {"a.py": before})
    assert found == {"a.py": Placed(after, "100644")}


OLD = b"one\ntwo\nthree\nfour\nfive\n"
BODY = b"@@ -2,2 +2,2 @@\n two\n-three\n+drei\n"
ADDS = b"@@ -0,0 +1 @@\n+x\n"
IDS = (b"1" * 40, b"2" * 40)


def change(path: bytes, body: bytes, ids: tuple[bytes, bytes] = IDS, to: bytes = b"") -> bytes:
    old, new = b"a/" + path, b"b/" + (to or path)
    return b"diff --git %s %s\nindex %s..%s 100644\n--- %s\n+++ %s\n%s" % (old, new, *ids, old, new, body)


def addition(path: bytes, body: bytes = ADDS, mode: bytes = b"100644") -> bytes:
    name = b"b/" + path if path[:1] != b'"' else path
    head = b"diff --git %s %s\nnew file mode %s\nindex %s..%s\n" % (
        name.replace(b"b/", b"a/", 1), name, mode, b"0" * 40, blob_id(b"x\n").encode(),
    )  # fmt: skip
    return head + b"--- /dev/null\n+++ %s\n%s" % (name, body)


FITS = change(b"x.py", BODY, (blob_id(OLD).encode(), blob_id(OLD.replace(b"three", b"drei")).encode()))


@pytest.mark.parametrize(
    ("diff", "said"),
    [
        (change(b"x.py", BODY.replace(b" two", b" zwei")), "other lines stand at line 2"),
        (change(b"x.py", BODY.replace(b"@@ -2,2 +2,2", b"@@ -1,2 +1,2")), "other lines stand at line 1"),
        (change(b"x.py", BODY.replace(b"@@ -2,2 +2,2", b"@@ -3,2 +3,2")), "other lines stand at line 3"),
        (change(b"x.py", BODY.replace(b"@@ -2,2 +2,2", b"@@ -2,2 +3,2")), "none git would write"),
        (change(b"x.py", BODY.replace(b"@@ -2,2 +2,2", b"@@ -900000,2 +900000,2")), "other lines"),
        (change(b"x.py", BODY + b"@@ -3 +3 @@\n-three\n+tres\n"), "overlap at line 3"),
        (FITS + FITS, "there twice"),
        (change(b"y.py", BODY), "no such file"),
        (change(b"x.py", BODY, to=b"y.py"), "removed or renamed"),
        (FITS.replace(b"+++ b/x.py", b"+++ /dev/null"), "Target without source"),
        (FITS.replace(b"b/x.py", b"/dev/null"), "removed or renamed"),
        (FITS.replace(b"a/x.py", b"x.py").replace(b"b/x.py", b"x.py"), "removed or renamed"),
        (change(b"x.py", BODY + b"\\ No newline at end of file\n"), "none git would write"),
        (change(b"x.py", BODY.replace(b"+drei\n", b"")), "shorter than"),
        (change(b"x.py", BODY + b"rest\n"), "line 9"),
        (change(b"x.py", b""), "line 5"),
        (b"said before\n" + FITS, "line 1"),
        (FITS + b"\n", "line 9"),
        (FITS.replace(b"index ", b"old mode 100644\nnew mode 100755\nindex "), "none that git"),
        (FITS.replace(b"index ", b"similarity index 90%\nrename from x.py\nrename to y.py\nindex "), "none that git"),
        (FITS.replace(b"index ", b"deleted file mode 100644\nindex "), "Target without source"),
        (FITS.replace(b" 100644\n", b" 120000\n"), "none that git"),
        (FITS.replace(b"1", b"1111", 1), "none that git"),
        (b"--- a/x.py\n+++ b/x.py\n" + BODY, "line 1"),
        (b"diff --git a/x.py b/x.py\nindex 1..2\nBinary files a/x.py and b/x.py differ\n", "none that git"),
        (change(b"x.py", BODY), "another file"),
        (change(b"x.py", BODY, (blob_id(OLD).encode(), b"2" * 40)), "something else comes of it"),
        (addition(b"x.py"), "there is one already"),
        (addition(b"x.py/y.py"), "a file is where a folder"),
        (addition(b"folder"), "a file is where a folder"),
        (addition(b"link/y.py"), "a file is where a folder"),
        (addition(b"X.py"), "take the two for one"),
        (addition(b"Folder/y.py"), "take the two for one"),
        (addition(b"../y.py"), "no path"),
        (addition(b"/etc/y.py"), "no path"),
        (addition(b"a/.GIT/hooks"), "no path"),
        (addition(b"con:y.py"), "no path"),
        (addition(b"a\\y.py"), "no path"),
        (addition(b'"b/a\\000y.py"'), "no path"),
        (addition(b'"b/a\\377y.py"'), "no path"),
        (addition("a\u202ey.py".encode()), "no path"),
        (addition(b"y.py", mode=b"100755"), "none that git"),
        (addition(b"y.py", mode=b"120000"), "none that git"),
        (addition(b"y.py", mode=b"160000"), "none that git"),
        (change(b"link", b"@@ -1 +1 @@\n-x.py\n+/etc/passwd\n"), "no plain file"),
        (change(b"sub", b"@@ -1 +1 @@\n-x\n+y\n"), "no plain file"),
        (change(b"folder", b"@@ -1 +1 @@\n-x\n+y\n"), "no plain file"),
        (addition(b"n/y.py") + addition(b"n"), "a file is where a folder"),
        (addition(b"n") + addition(b"n/y.py"), "a file is where a folder"),
        (addition(b"n/y.py") + addition(b"N/z.py"), "take the two for one"),
        (change(b"big.py", b"@@ -1 +1 @@\n-x\n+y\n"), "more than"),
    ],
)
def test_whatever_does_not_fit_exactly_is_refused_with_the_reason(diff: bytes, said: str) -> None:
    files = {
        "x.py": OLD, "folder/y.py": b"x\n", "link": b"x.py\n", "sub": b"x\n", "big.py": b"x\n" * (MAX_FILE // 2 + 1)
    }  # fmt: skip
    try:
        found = put(diff, files, {"link": "120000", "sub": "160000"})
    except ValueError as error:  # what is no diff at all becomes no patch
        assert said in str(error)
        return
    assert isinstance(found, Refusal) and found.reason and found.cure
    assert said in found.details, found.details


def test_the_sound_one_among_them_fits() -> None:
    assert put(FITS, {"x.py": OLD}) == {"x.py": Placed(OLD.replace(b"three", b"drei"), "100644")}
    assert put(addition(b"new.py"), {"x.py": OLD}) == {"new.py": Placed(b"x\n", "100644")}


def test_an_empty_file_can_be_added(folder: Path) -> None:
    diff = diffed(folder, {"a/x.py": b"x = 1\n"}, {"a/tests/__init__.py": b"", "a/x.py": b"x = 2\n"})
    found = put(diff, {"a/x.py": b"x = 1\n"})
    assert isinstance(found, dict) and found["a/tests/__init__.py"] == Placed(b"", "100644")

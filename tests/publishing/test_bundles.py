"""Bundles a stranger would send: each is refused, or what is wrong in it left out, with the reason said."""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

import bundled
from bot.host.errors import HostError
from bot.models.report import Report
from bot.models.request import Mode
from bot.patches import to_bytes
from bot.publishing.bundles import Bundle, Sound, checked, opened
from bot.publishing.expected import Expected
from bot.publishing.placing import placed
from bot.publishing.refusals import Refusal
from bundled import Made
from hub import Hub
from repositories import Repository

Spoil = Callable[[Made], Path | None]

RIGHT = {"kiln/__init__.py": bundled.REPAIRED}


@pytest.fixture
def commit(repository: Repository) -> str:
    return repository.git("rev-parse", "HEAD")


@pytest.fixture
def good(tmp_path: Path, repository: Repository, commit: str) -> Made:
    made = bundled.made(tmp_path / "bundle", commit, bundled.diff(repository, RIGHT))
    made.write()
    return made


def through(made: Made, path: Path, hub: Hub, tmp_path: Path) -> tuple[Bundle, Sound] | Refusal:
    """What comes of a bundle up to where it would be published."""
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    bundle = opened(path, fresh)
    if isinstance(bundle, Refusal):
        return bundle
    host = hub.client()
    sound = checked(bundle, made.errand, Expected.here(made.around, made.errand), host)
    if isinstance(sound, Refusal):
        return sound
    if sound.patch is not None:
        files = placed(sound.patch, sound.tree, host.blob)
        if isinstance(files, Refusal):
            return files
    return bundle, sound


def test_the_bundle_of_a_run_is_let_through(good: Made, hub: Hub, tmp_path: Path) -> None:
    found = through(good, good.folder, hub, tmp_path)
    assert not isinstance(found, Refusal), found
    bundle, sound = found
    assert sound.patch is not None and sound.patch.files == ("kiln/__init__.py",)
    assert sound.report.request.addon == good.report.request.addon
    assert sound.report.request.asked_by == "maintainer"
    assert bundle.before and bundle.after and not bundle.notes


def test_so_is_its_archive(good: Made, hub: Hub, tmp_path: Path) -> None:
    found = through(good, bundled.zipped(good.folder, tmp_path / "bundle.zip"), hub, tmp_path)
    assert not isinstance(found, Refusal), found


def test_what_is_said_of_the_add_on_is_the_commits(good: Made, hub: Hub, tmp_path: Path) -> None:
    lie = good.report.request.addon.model_copy(update={"name": "<b>Evil</b>", "files": ("/etc/passwd",)})
    request = good.report.request.model_copy(update={"addon": lie, "asked_by": "somebody-else"})
    good.report = good.report.model_copy(update={"request": request})
    found = through(good, good.write(), hub, tmp_path)
    assert not isinstance(found, Refusal)
    told = found[1].report.request
    assert (told.addon.name, told.addon.files) == ("Kiln", ("kiln/__init__.py", "kiln/glaze.py"))
    assert told.asked_by == "maintainer"


def test_a_report_without_its_secrets_still_has_its_patch(tmp_path: Path, hub: Hub) -> None:
    """What is taken out of the report stands in the file all the same: the patch is the file's."""
    secret = "ghp_" + "a1" * 18
    files = {**bundled.FILES, "kiln/__init__.py": f"# {secret}\n{bundled.INIT}"}
    repository = bundled.repository(tmp_path / "other", files)
    sha = hub.push(repository.root, "secret")
    diff = bundled.diff(repository, {"kiln/__init__.py": f"# {secret}\n{bundled.REPAIRED}"})
    made = bundled.made(tmp_path / "bundle", sha, diff)
    found = through(made, made.write(), hub, tmp_path)
    assert not isinstance(found, Refusal), found
    assert found[1].patch is not None and to_bytes(found[1].patch) == diff


# What a bundle holds


def _link(name: str) -> Spoil:
    def spoil(made: Made) -> None:
        (made.folder / name).unlink()
        (made.folder / name).symlink_to("/etc/passwd")

    return spoil


def _linked_folder(made: Made) -> None:
    (made.folder / "renders").rename(made.folder.parent / "elsewhere")
    (made.folder / "renders").symlink_to(made.folder.parent / "elsewhere")


def _pipe(made: Made) -> None:
    (made.folder / "report.json").unlink()
    os.mkfifo(made.folder / "report.json")


def _folder(made: Made) -> None:
    (made.folder / "patch.diff").unlink()
    (made.folder / "patch.diff").mkdir()


def _file(name: str, data: bytes | Callable[[], bytes]) -> Spoil:
    def spoil(made: Made) -> None:
        made.raw(name, data if isinstance(data, bytes) else data())

    return spoil


def _flood(made: Made) -> None:
    for number in range(1_100):
        (made.folder / f"{number}").touch()


def _report(change: Callable[[str], str]) -> Spoil:
    """Change the text of the report, and sign it as the job would have."""

    def spoil(made: Made) -> None:
        file = made.folder / "report.json"
        file.write_text(change(file.read_text()))
        made.sign()

    return spoil


def _valued(change: Callable[[Report], Report]) -> Spoil:
    """Change the report as a value, and write it as the job would have."""

    def spoil(made: Made) -> None:
        made.report = change(made.report)
        made.write()

    return spoil


def _asked(**changes: object) -> Spoil:
    """Change what the report was asked for."""
    return _valued(lambda report: report.model_copy(update={"request": report.request.model_copy(update=changes)}))


def _origin(**changes: object) -> Spoil:
    return lambda made: made.alter("origin.json", **changes)


def _errand(**changes: object) -> Spoil:
    def spoil(made: Made) -> None:
        known = json.loads((made.folder / "origin.json").read_text())["errand"]
        made.alter("origin.json", errand={**known, **changes})

    return spoil


HELD: dict[str, tuple[Spoil, str]] = {
    "a link for the report": (_link("report.json"), "report.json is no plain file"),
    "a link for the patch": (_link("patch.diff"), "patch.diff is no plain file"),
    "a link for a page nobody reads": (_link("report.html"), "report.html is no plain file"),
    "a link for a folder": (_linked_folder, "renders is no plain file"),
    "a pipe": (_pipe, "report.json is no plain file"),
    "a folder for a file": (_folder, "patch.diff is no plain file"),
    "a name in other letters": (_file("Report.JSON", b"{}"), "report.json twice"),
    "a name in wide letters": (_file("ｐatch.diff", b"x"), "patch.diff twice"),
    "too many files": (_flood, "more than 1000 files"),
    "a report without end": (_file("report.json", lambda: b" " * (33 << 20)), "report.json has more than"),
    "a patch without end": (_file("patch.diff", lambda: b" " * (5 << 20)), "patch.diff has more than"),
    "an origin without end": (_file("origin.json", lambda: b" " * (1 << 20)), "origin.json has more than"),
    "a report that is none": (_file("report.json", b"\x00\xff"), "report.json is no JSON"),
    "an empty report": (_file("report.json", b""), "report.json is no JSON"),
    "deep JSON": (_file("report.json", b"[" * 200_000), "nested too deeply"),
    "JSON that is deep in a field": (
        _report(lambda text: text.replace('"summary": "', '"summary": ' + '{"a":' * 5000 + '"')),
        "nested too deeply",
    ),
    "a key twice": (
        _report(lambda text: text.replace('"status"', '"status": "clean", "status"', 1)),
        "a key stands there twice",
    ),
    "a number that is none": (_report(lambda text: text.replace('"usd": 0.0', '"usd": NaN')), "a number in it is none"),
    "a number without end": (
        _report(lambda text: text.replace('"usd": 0.0', '"usd": 1e999')),
        "a number in it is none",
    ),
    "an endless integer": (
        _report(lambda text: text.replace('"line": 6', '"line": ' + "9" * 9000)),
        "report.json is no JSON",
    ),
    "another schema": (_report(lambda text: text.replace("bcrag.report/1", "bcrag.report/9")), "schema"),
    "a key nobody knows": (_report(lambda text: text.replace('"status"', '"evil": 1, "status"', 1)), "evil"),
    "a wrong type": (_report(lambda text: text.replace('"verified": true', '"verified": "maybe"')), "verified"),
    "half a character": (_report(lambda text: text.replace('"summary": "', '"summary": "\\ud800')), "report.json"),
    "a name that breaks lines": (
        _valued(lambda report: report.model_copy(update={"id": "x\nBcrag-Rule: EVIL1"})),
        "id",
    ),
    "no patch, though it is promised": (lambda made: (made.folder / "patch.diff").unlink(), "there is none"),
    "a patch, though none is promised": (
        _valued(lambda report: report.model_copy(update={"patch": None, "best": None, "verified": False})),
        "the report knows of none",
    ),
    "a patch that is no diff": (_file("patch.diff", b"rm -rf /\n"), "no unified diff"),
    "another patch than the report's": (
        lambda made: made.raw("patch.diff", (made.folder / "patch.diff").read_bytes().replace(b"+    ", b"+   ")),
        "not the patch of the report's best attempt",
    ),
    "a best attempt that is not there": (_valued(lambda report: report.model_copy(update={"best": 7})), "best attempt"),
    "a best attempt that was rejected": (
        _report(lambda text: text.replace('"accepted": true', '"accepted": false')),
        "was not accepted",
    ),
    "a proof the attempt has not": (
        _report(lambda text: text.replace('"accepted": true,\n        "verified": true', '"accepted": true')),
        "verified",
    ),
    "another summary of the patch": (
        _report(lambda text: text.replace('"added": 1,\n    "removed"', '"added": 9,\n    "removed"')),
        "what the report says of its patch",
    ),
    "no origin": (lambda made: (made.folder / "origin.json").unlink(), "does not say where it comes from"),
    "an origin that is none": (
        _file("origin.json", b'{"schema": "bcrag.origin/1"}'),
        "origin.json is not as its schema",
    ),
    "another workflow run's": (_origin(run=9002), "another workflow run"),
    "a later attempt's": (_origin(attempt=2), "another attempt"),
    "another workflow's": (_origin(workflow=bundled.WORKFLOW.replace("bcrag", "evil")), "another workflow"),
    "the workflow of another branch": (_origin(workflow=bundled.WORKFLOW.replace("main", "evil")), "another workflow"),
    "a workflow at another commit": (_origin(head="d" * 40), "ran at another commit"),
    "another report's origin": (_origin(report_sha256="0" * 64), "not the one it was made with"),
    "another problem's": (_errand(problem="fix-13"), "another errand"),
    "another base": (_errand(base="release"), "another errand"),
    "another asker": (_errand(asked_by={"login": "evil", "id": 6}), "another errand"),
    "another repository's": (_errand(repository="evil/addon"), "another errand"),
    "another commit": (
        _asked(commit="e" * 40),
        "about another commit",
    ),
    "another kind of work": (
        _asked(mode=Mode.FEATURE),
        "another kind of work",
    ),
}


@pytest.mark.parametrize("spoil,said", HELD.values(), ids=HELD)
def test_what_no_run_leaves_is_refused(spoil: Spoil, said: str, good: Made, hub: Hub, tmp_path: Path) -> None:
    spoil(good)
    found = through(good, good.folder, hub, tmp_path)
    assert isinstance(found, Refusal)
    assert found.reason and found.cure and said in found.details, found


def _addon(path: str) -> Spoil:
    """Claim another add-on."""

    def change(report: Report) -> Report:
        addon = report.request.addon.model_copy(update={"path": path})
        return report.model_copy(update={"request": report.request.model_copy(update={"addon": addon})})

    return _valued(change)


@pytest.mark.parametrize(
    "path,said",
    [
        ("plain", "no add-on at 'plain'"),
        (".", "no add-on at '.'"),
        ("", "no add-on at ''"),
        ("../kiln", "no add-on"),
        ("/etc", "no add-on"),
        ("kiln/glaze.py", "no add-on"),
        ("link", "no add-on"),
        ("other", "kiln/__init__.py is outside the add-on other"),
    ],
)
def test_an_add_on_is_one_at_the_commit(path: str, said: str, good: Made, hub: Hub, tmp_path: Path) -> None:
    _addon(path)(good)
    found = through(good, good.folder, hub, tmp_path)
    assert isinstance(found, Refusal) and said in found.details, found


# What a patch does

HEAD = "diff --git a/{0} b/{0}\n"
IDS = f"index {'1' * 40}..{'2' * 40}"
HUNK = "--- a/{0}\n+++ b/{0}\n@@ -1 +1 @@\n-x\n+y\n"
NEW = "--- /dev/null\n+++ b/{0}\n@@ -0,0 +1 @@\n+x\n"


def _change(path: str, mode: str = "100644") -> str:
    return HEAD.format(path) + f"{IDS} {mode}\n" + HUNK.format(path)


def _addition(path: str, mode: str = "100644") -> str:
    return HEAD.format(path) + f"new file mode {mode}\n{IDS}\n" + NEW.format(path)


PATCHES: dict[str, tuple[str, str]] = {
    "a workflow": (_change(".github/workflows/ci.yml"), "outside the add-on"),
    "a workflow inside the add-on": (_change("kiln/.github/workflows/ci.yml"), "protected"),
    "git's own files": (_addition("kiln/.git/hooks/post-checkout"), "protected"),
    "the bot's configuration": (_change("bcrag.toml"), "outside the add-on"),
    "packaging": (_change("kiln/pyproject.toml"), "protected"),
    "a file outside": (_change("README.md"), "outside the add-on"),
    "a neighbour by its name": (_change("kiln2/__init__.py"), "outside the add-on"),
    "a way out": (_addition("kiln/../../x.py"), "leaves the repository"),
    "an absolute path": (_addition("/etc/cron.d/x"), "leaves the repository"),
    "another case": (_addition("kiln/GLAZE.py"), "take the two for one"),
    "a backslash": (_addition("kiln/a\\x.py"), "no path"),
    "a stream of another system": (_addition("kiln/x.py:evil"), "no path"),
    "a name nobody sees": (_addition("kiln/gl\u200baze.py"), "no path"),
    "NUL in a name": (
        (
            'diff --git "a/kiln/a\\000" "b/kiln/a\\000"\nnew file mode 100644\n'
            f'{IDS}\n--- /dev/null\n+++ "b/kiln/a\\000"\n@@ -0,0 +1 @@\n+x\n'
        ),
        "no path",
    ),
    "an executable": (_addition("kiln/x.py", "100755"), "new file mode"),
    "a link": (_addition("kiln/x.py", "120000"), "new file mode"),
    "a submodule": (_addition("kiln/x", "160000"), "new file mode"),
    "a link made to lead elsewhere": (_change("kiln/glaze.py", "120000"), "120000"),
    "a mode": (
        HEAD.format("kiln/glaze.py") + f"old mode 100644\nnew mode 100755\n{IDS}\n" + HUNK.format("kiln/glaze.py"),
        "old mode",
    ),
    "a removal": (
        HEAD.format("kiln/glaze.py")
        + f"deleted file mode 100644\n{IDS}\n--- a/kiln/glaze.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-COLOURS = 3\n",
        "deleted file",
    ),
    "a removal that is not called one": (
        f"{HEAD.format('kiln/glaze.py')}{IDS} 100644\n@@ -1 +0,0 @@\n-COLOURS = 3\n",
        "none that git would write",
    ),
    "a rename": (
        (
            "diff --git a/kiln/glaze.py b/kiln/x.py\nsimilarity index 100%\nrename from kiln/glaze.py\n"
            "rename to kiln/x.py\n"
        ),
        "similarity index",
    ),
    "binary": (HEAD.format("kiln/glaze.py") + f"{IDS}\nGIT binary patch\nliteral 1\nIcmZP\n\n", "GIT binary patch"),
    "binary in text": (_change("kiln/glaze.py").replace("+y", "+\0"), "binary data"),
    "a secret": (_change("kiln/glaze.py").replace("+y", "+KEY = 'ghp_" + "a1" * 18 + "'"), "GitHub token"),
    "code that reads otherwise than it runs": (_change("kiln/glaze.py").replace("+y", "+a\u202e = 1"), "U+202E"),
    "a test that is weakened": (
        _change("kiln/tests/test_x.py").replace("-x", "-    assert x").replace("+y", "+    pass"),
        "loses checks",
    ),
    "a file that is not there": (_change("kiln/nothing.py"), "no such file"),
    "lines that are not there": (_change("kiln/glaze.py"), "other lines stand"),
    "a file twice": (_change("kiln/glaze.py") + _change("kiln/glaze.py"), "stand at line 1"),
    "a file where a folder is": (_addition("kiln"), "a folder where"),
    "more than anybody reads": (
        _addition("kiln/x.py").replace("@@ -0,0 +1 @@\n+x\n", "@@ -0,0 +1,20001 @@\n" + "+x\n" * 20_001),
        "20000 is the limit",
    ),
    "another file than it says": (
        HEAD.format("kiln/glaze.py")
        + f"{IDS} 100644\n--- a/kiln/glaze.py\n+++ b/kiln/glaze.py\n"
        + "@@ -1 +1 @@\n-COLOURS = 3\n+COLOURS = 4\n",
        "made from another file",
    ),
}


@pytest.mark.parametrize("diff,said", PATCHES.values(), ids=PATCHES)
def test_a_patch_that_may_not_be_is_refused(diff: str, said: str, hub: Hub, tmp_path: Path, commit: str) -> None:
    made = bundled.made(tmp_path / "bundle", commit, diff.encode(), by="model")
    if b"ghp_" in diff.encode():
        assert "ghp_" not in made.report.model_dump_json()
    found = through(made, made.write(), hub, tmp_path)
    assert isinstance(found, Refusal)
    assert found.reason and found.cure and said in found.details, found


@pytest.mark.parametrize("mode", [Mode.CHECK, Mode.EXPLAIN])
def test_where_nothing_was_to_be_changed_no_patch_is_taken(
    mode: Mode, hub: Hub, tmp_path: Path, repository: Repository, commit: str
) -> None:
    from bot.models.command import Command, Verb

    asked = bundled.errand(commit, command=Command(verb=Verb(mode.value)))
    made = bundled.made(tmp_path / "bundle", commit, bundled.diff(repository, RIGHT), asked=asked, mode=mode)
    found = through(made, made.write(), hub, tmp_path)
    assert isinstance(found, Refusal) and "nothing may be changed" in found.details


def test_rules_add_no_files_and_a_model_may(hub: Hub, tmp_path: Path, repository: Repository, commit: str) -> None:
    diff = bundled.diff(repository, {"kiln/new.py": "x = 1\n"})
    ruled = bundled.made(tmp_path / "rules", commit, diff)
    found = through(ruled, ruled.write(), hub, tmp_path)
    assert isinstance(found, Refusal) and "new file mode" in found.details
    (tmp_path / "fresh").rename(tmp_path / "before")
    thought = bundled.made(tmp_path / "model", commit, diff, by="model")
    assert not isinstance(through(thought, thought.write(), hub, tmp_path), Refusal)


# Archives


def _zip(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> Callable[[Path], bytes]:
    def make(folder: Path) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(folder).as_posix())
            for name, data in entries:
                archive.writestr(name, data)
        return stream.getvalue()

    return make


def _info(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    return made


def _linking(folder: Path) -> bytes:
    (folder / "report.md").unlink()
    return _zip((_info("report.md", 0o120777), b"/etc/passwd"))(folder)


def _bomb(folder: Path) -> bytes:
    (folder / "report.md").unlink()
    return _zip(("report.md", b"\0" * (9 << 20)))(folder)


def _lying(folder: Path) -> bytes:
    """The size that is told is small; what comes out is not."""
    (folder / "report.md").unlink()
    data = _zip(("report.md", b"\0" * (9 << 20)))(folder)
    return data.replace(struct.pack("<L", 9 << 20), struct.pack("<L", 10))


def _raw_name(name: bytes) -> Callable[[Path], bytes]:
    """A name that the library would not write."""
    return lambda folder: _zip(("N" * len(name), b"x"))(folder).replace(b"N" * len(name), name)


ARCHIVES: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "a way out": (_zip(("../../evil.py", b"x")), "leads out of it"),
    "a way out further in": (_zip(("renders/../../evil.py", b"x")), "leads out of it"),
    "an absolute path": (_zip(("/etc/cron.d/evil", b"x")), "leads out of it"),
    "a drive": (_zip(("C:/evil.py", b"x")), "leads out of it"),
    "a backslash": (_raw_name(b"..\\evil.py"), "leads out of it"),
    "NUL in a name": (_raw_name(b"report.json\0.png"), "leads out of it"),
    "a line break in a name": (_raw_name(b"evil\n.py"), "leads out of it"),
    "a name twice": (_zip(("report.json", b"{}")), "report.json twice"),
    "a name in other letters": (_zip(("REPORT.json", b"{}")), "report.json twice"),
    "a link": (_linking, "report.md is no plain file"),
    "a bomb": (_bomb, "report.md has more than"),
    "a bomb that lies": (_lying, "is damaged"),
    "too many files": (_zip(*((f"{number}", b"") for number in range(1100))), "more than 1000 files"),
    "no archive": (lambda _: b"PK\x03\x04 nothing", "no plain zip archive"),
    "nothing": (lambda _: b"", "no plain zip archive"),
    "a list of files without end": (
        lambda _: b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 60_000, 60_000, 50 << 20, 0, 0),
        "no plain zip archive",
    ),
    "a comment that hides another archive": (lambda folder: _zip()(folder) + b"x", "no plain zip archive"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("make,said", ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_nobody_makes_by_accident_is_refused(
    make: Callable[[Path], bytes], said: str, good: Made, tmp_path: Path
) -> None:
    file = tmp_path / "bundle.zip"
    file.write_bytes(make(good.folder))
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    found = opened(file, fresh)
    assert isinstance(found, Refusal) and said in found.details, found
    assert not any(tmp_path.rglob("evil*")) and list(fresh.iterdir()) == []


# What is left out


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def _picture(width: int, height: int, *more: bytes) -> bytes:
    head = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 64)
    chunks = (_chunk(b"IHDR", head), *more, _chunk(b"IDAT", rows), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    "data",
    [
        _picture(60_000, 60_000),
        _picture(4096, 0),
        _picture(8, 8, _chunk(b"zTXt", b"a\0\0" + zlib.compress(b"a" * (200 << 20), 9))),
        b"<svg onload='alert(1)'/>",
        b"GIF89a",
        b"",
    ],
    ids=["enormous", "no height", "a bomb in a note", "another kind", "a third kind", "empty"],
)
def test_a_picture_that_cannot_be_shown_is_left_out(data: bytes, good: Made, hub: Hub, tmp_path: Path) -> None:
    good.raw("renders/after.png", data)
    found = through(good, good.folder, hub, tmp_path)
    assert not isinstance(found, Refusal)
    assert found[0].after is None and found[0].before is not None
    assert any("renders/after.png" in note for note in found[0].notes)


def test_a_picture_is_drawn_anew(good: Made, hub: Hub, tmp_path: Path) -> None:
    whole = bundled.png("blue")
    note = _chunk(b"tEXt", b"Comment\0<script>alert(1)</script>")
    good.raw("renders/after.png", whole[:33] + note + whole[33:] + b"PK\x03\x04 and an archive behind it")
    found = through(good, good.folder, hub, tmp_path)
    assert not isinstance(found, Refusal)
    shown = found[0].after
    assert shown is not None and b"script" not in shown and b"PK\x03\x04" not in shown
    assert shown.startswith(b"\x89PNG")


def test_what_does_not_belong_there_is_left_out_and_said(good: Made, hub: Hub, tmp_path: Path) -> None:
    good.raw("evil.sh", b"#!/bin/sh\n")
    good.raw("renders/third.png", bundled.png())
    (good.folder / "way").symlink_to("/etc")
    found = through(good, good.folder, hub, tmp_path)
    assert not isinstance(found, Refusal)
    assert found[0].notes == ("Left out of the bundle: 3 files that no run leaves.",)
    (good.folder / "way").unlink()
    (good.folder / "renders" / "third.png").unlink()
    (tmp_path / "again").mkdir()
    found = through(good, good.folder, hub, tmp_path / "again")
    assert not isinstance(found, Refusal)
    assert found[0].notes == ("Left out of the bundle: 1 file that no run leaves.",)


def test_a_bundle_without_a_report_says_how_it_ended(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "fresh").mkdir()
    (tmp_path / "bundle" / "ending.json").write_text('{"ending": "timed out", "why": "too long"}')
    found = opened(tmp_path / "bundle", tmp_path / "fresh")
    assert isinstance(found, Bundle) and found.report is None
    assert found.ended is not None and found.ended.why == "too long"


def test_a_commit_github_does_not_have_is_no_commit(good: Made, hub: Hub, tmp_path: Path) -> None:
    made = bundled.made(tmp_path / "other", "a" * 40, to_bytes(good.patch) if good.patch else None)
    with pytest.raises(HostError):
        through(made, made.write(), hub, tmp_path)

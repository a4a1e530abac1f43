"""The catalogue of error patterns as it is read; `tests/blender/test_patterns.py` holds it against Blender."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest

from bot.models.pattern import Domain, Pattern
from bot.models.release import Release
from bot.patterns.catalogue import pattern_in, patterns
from bot.patterns.page import page

KNOWN = Path(__file__).parents[2] / "bot" / "patterns" / "known"
PATTERN = 'name = "A name"\ndomain = "modelling"\nline = 1\ncause = "So."\ncure = "Not so."\n'
PATTERN += 'url = "https://docs.blender.org/api/current/bpy.data.html"\n'
MET = 'met = "operator:object.x"\n[[seen]]\nexception = "KeyError"\nwords = "not found"\n'
SILENT = 'shows = "Nothing moves."\n'


def folder(place: Path, told: str, script: str = "") -> Path:
    place.mkdir()
    (place / "pattern.toml").write_text(told, encoding="utf-8")
    (place / "broken.py").write_text("1 / 0\n", encoding="utf-8")
    (place / "mended.py").write_text("1 / 1\n", encoding="utf-8")
    if script:
        (place / "script.py").write_text(script, encoding="utf-8")
    return place


def test_there_are_patterns_of_every_kind_of_work() -> None:
    assert len(patterns()) >= 24
    assert {one.domain for one in patterns()} == set(Domain)
    assert len({one.name for one in patterns()}) == len({one.slug for one in patterns()}) == len(patterns())
    assert {one.slug for one in patterns()} == {path.name for path in KNOWN.iterdir() if path.name != "__pycache__"}


@pytest.mark.parametrize("pattern", patterns(), ids=lambda one: one.slug)
def test_a_pattern_is_one_addon_before_and_after(pattern: Pattern) -> None:
    broken, mended = ast.parse(pattern.broken), ast.parse(pattern.mended)
    for name in ("bl_info", "register", "unregister"):
        assert name in names(broken) and name in names(mended)
    assert pattern.broken != pattern.mended
    assert pattern.place and not pattern.place.startswith("#")
    for text in (pattern.cause, pattern.cure, pattern.shows):
        assert not text or (text.endswith(".") and "\n" not in text), "a sentence"


def names(tree: ast.Module) -> set[str]:
    targets = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return targets | {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def test_what_is_said_depends_on_the_release(tmp_path: Path) -> None:
    told = PATTERN + 'met = "enable"\n[[seen]]\nexception = "KeyError"\nwords = "not found"\nuntil = "4.2"\n'
    told += '[[seen]]\nexception = "ValueError"\nwords = "is not there"\nsince = "4.4"\nuntil = "4.5"\n'
    pattern = pattern_in(folder(tmp_path / "one", told))
    found = {text: pattern.seen_in(Release.parse(text)) for text in ("3.4", "4.2", "4.3", "4.4", "4.5", "5.0")}
    assert {text: seen.exception for text, seen in found.items() if seen} == {
        "3.4": "KeyError",
        "4.2": "KeyError",
        "4.4": "ValueError",
        "4.5": "ValueError",
    }


def test_a_script_is_run_as_the_pattern_says(tmp_path: Path) -> None:
    told = PATTERN + SILENT + '[script]\nruns = 3\nexpects = { steady = ["meshes"] }\n'
    script = pattern_in(folder(tmp_path / "grows_big", told, "bpy.ops.mesh.grow()\n")).script
    assert script is not None and script.expects is not None
    assert (script.name, script.text, script.runs) == ("grows-big", "bpy.ops.mesh.grow()\n", 3)
    assert script.expects.steady == ("meshes",)


@pytest.mark.parametrize(
    ("told", "script", "why"),
    [
        (PATTERN + MET + "no toml", "", "Expected"),
        (PATTERN, "pass\n", "what a user sees"),
        (PATTERN, "", "neither a probe that meets it nor a script"),
        (PATTERN + 'met = "enable"\n' + SILENT, "", "a script has to tell"),
        (PATTERN.replace("line = 1", "line = 2") + MET, "", "its line is not there"),
        (PATTERN.replace("modelling", "knitting") + MET, "", "domain"),
        (PATTERN.replace("docs.blender.org", "example.org") + MET, "", "url"),
        (PATTERN + MET + "[script]\nruns = 3\n", "", "script.py"),
    ],
)
def test_a_pattern_that_is_not_whole_is_refused_by_name(tmp_path: Path, told: str, script: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)) as refused:
        pattern_in(folder(tmp_path / "one", told, script))
    assert "bot/patterns/known/one" in str(refused.value)


def test_a_pattern_without_its_addon_is_refused(tmp_path: Path) -> None:
    place = folder(tmp_path / "one", PATTERN + MET)
    shutil.copy(place / "broken.py", place / "other.py")
    (place / "mended.py").unlink()
    with pytest.raises(ValueError, match="known/one"):
        pattern_in(place)


def test_every_heading_of_the_page_can_be_reached() -> None:
    text = page()
    headings = {line[4:] for line in text.splitlines() if line.startswith("### ")}
    assert headings == {one.name for one in patterns()}
    linked = set(re.findall(r"\(#([^)]+)\)", text))
    assert linked == {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

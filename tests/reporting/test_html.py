from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from bot.models.release import Release
from bot.models.report import Report, Status, Untried
from bot.models.validation import Outcome
from bot.reporting import html
from pages import Page


@pytest.fixture(scope="module")
def text(report: Report, diff: str, bundle: Path) -> str:
    return html.render(report, diff, bundle)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_the_story_comes_first_and_in_order(page: Page) -> None:
    at = 0
    for part in (
        "Repaired, verified",
        "Repaired, and proven in Blender 4.2 and 4.5",
        "What was wrong",
        "What was done",
        "What it rests on",
        "Is it proven?Yes",
        "git apply",
        "What was wrong, and what became of it",
        "Every check",
        "⋯",
        "Where the time went",
    ):
        at = page.words.index(part, at) + 1


def test_it_says_where_why_and_how_it_is_known_and_what_became_of_it(page: Page) -> None:
    for expected in (
        "AttributeError: 'Mesh' object has no attribute 'use_auto_smooth'",
        "wave_grid/shape.py:19 · raised, calling the operator mesh.wave_grid_add · in Blender 4.5: ✓ gone",
        "wave_grid/__init__.py:27 · not there when asked · in Blender 4.5: ✓ gone",
        "wave_grid/__init__.py:21@4be1f0c",
        "17 of 18",
        "2.80, 2.93 and 3.6 static",
        "_PropertyDeferred",
        "Blender starts: 7 Blender 4.23 Blender 4.54",
        "validate12 s",
        "No model was asked, so nothing was paid.",
        " pixels differ (",
    ):
        assert expected in page.words


def test_faults_that_are_folded_are_counted_each(report: Report, bundle: Path) -> None:
    fault = report.faults[5]
    many = tuple(fault.model_copy(update={"message": f"m{number % 70}", "line": number + 1}) for number in range(140))
    words = Page(html.render(report.model_copy(update={"faults": many}), "", bundle)).words
    folded = int((re.search(r"(\d+) more", words) or ["", "0"])[1])
    rest = int((re.search(r"And (\d+) more, in report.json", words) or ["", "0"])[1])
    assert rest == 20 and folded == 2 * (60 - html.OPEN_FOUND)


def test_what_could_not_be_tried_is_told_with_its_reason_once(report: Report, diff: str, bundle: Path) -> None:
    skipped = {"outcome": Outcome.SKIPPED, "why": "needs an input file"}
    untried = (
        Untried(check="operator:a.load", release=Release(4, 2), **skipped),
        Untried(check="operator:a.load", release=Release(4, 5), **skipped),
        Untried(check="operator:a.save", release=Release(4, 5), **skipped),
        Untried(check="operator:a.bake", release=Release(4, 5), outcome=Outcome.REFUSED, why="its poll says no"),
    )
    words = Page(html.render(report.model_copy(update={"untried": untried}), diff, bundle)).words
    assert "not tried Needs an input file (Blender 4.2 and 4.5) operator:a.load, operator:a.save" in words
    assert "refused by the add-on Its poll says no (Blender 4.5) operator:a.bake" in words
    assert "3 things could not be tried" in words


def test_what_only_came_to_light_is_told_apart_from_what_was_left(report: Report, diff: str, bundle: Path) -> None:
    left = report.faults[3]
    new = left.model_copy(update={"message": "something else", "line": 77})
    verdict = report.attempts[1].verdict.model_copy(update={"remaining": (left, new), "repaired": report.faults[:3]})
    attempts = (report.attempts[0], report.attempts[1].model_copy(update={"verdict": verdict}))
    changed = {"status": Status.PARTIAL, "verified": False, "remaining": (left, new), "attempts": attempts}
    words = Page(html.render(report.model_copy(update=changed), diff, bundle)).words
    assert "in Blender 4.5: – still there" in words
    after = words[words.index("What remains This is") :]
    assert (
        "wave_grid/shape.py:77 · Raised in Blender 4.5, calling the operator mesh.wave_grid_add · ◌ not seen" in after
    )
    assert after.count("not seen before") == 1
    assert "Not as a whole" in words


def test_it_needs_nothing_from_elsewhere(page: Page, text: str) -> None:
    assert not {"link", "iframe", "object", "form", "base"} & {tag for tag, _ in page.elements}
    assert not re.search(r"url\(|@import", text)
    assert all((image["src"] or "").startswith("data:image/png;base64,") for image in page.all("img"))
    assert not re.search(r"innerHTML|eval|fetch|XMLHttp|import\(|https?:", page.own["script"])


def test_without_the_script_nothing_is_missing_or_without_effect(page: Page, text: str) -> None:
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"button", "input", "noscript"}
    assert "hidden" not in {name for _, attributes in page.elements for name in attributes}
    assert not re.search(r"display:\s*none", text.partition("@media screen")[0])


def test_links_go_to_the_page_itself_or_to_documentation(page: Page) -> None:
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    targets = [link["href"] or "" for link in page.all("a")]
    assert all(target[1:] in ids for target in targets if target.startswith("#"))
    assert sum(target.startswith("#f") for target in targets) >= 18
    assert "https://docs.blender.org/api/current/bpy.props.html" in targets
    assert all(target.startswith(("#", "https://")) for target in targets)


def test_it_can_be_read_without_seeing_it(page: Page) -> None:
    headings = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1 and headings.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(headings))
    tags = [tag for tag, _ in page.elements]
    assert tags.count("main") == 1 and "footer" in tags and page.all("html")[0]["lang"] == "en"
    assert tags.count("caption") == tags.count("table")
    assert len(page.all("img")) == 3
    assert all(image["alt"] and image["width"] and image["height"] for image in page.all("img"))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [attributes["aria-labelledby"] for _, attributes in page.elements if "aria-labelledby" in attributes]
    assert set(named) <= set(ids)


@pytest.mark.parametrize("kind", ["everything", "answered", "unproven", "silent"])
def test_so_can_what_models_did(models: Mapping[str, Report], bundle: Path, kind: str) -> None:
    page = Page(html.render(models[kind], "", bundle))
    headings = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1 and headings.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(headings))
    tags = [tag for tag, _ in page.elements]
    assert tags.count("caption") == tags.count("table")
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {(link["href"] or "")[1:] for link in page.all("a") if (link["href"] or "").startswith("#")}
    assert targets <= set(ids)


def test_what_a_model_did_is_all_on_the_page(models: Mapping[str, Report], bundle: Path) -> None:
    words = Page(html.render(models["everything"], "", bundle)).words
    for expected in (
        "What was askedSpread puts a single object at infinity.",
        "Gone with the model's patch",
        "The bot wrote 3 scripts to show the fault before anything was changed. They do not agree",
        "Written bythe bot, before anything was changed",
        "✓ It passes in Blender 4.2 and 4.5",
        "A language model wrote this patch; no rule had a part in it.",
        "openrouter qwen3-coder, in its own words",
        "A model, step by step. A model chose it: The operator and the layout disagree",
        "an opinion, which proves nothing.",
        "Attempt 2: refused before anything ran",
        "What the models cost: 8 calls, 27,386 tokens in, 2,104 out, at most $0.10; 1 more call answered from memory",
        "not paid again",
    ):
        assert expected in words


def colours(css: str) -> list[dict[str, str]]:
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", part)) for part in css.split("@media", 2)[:2])
    return [light, light | dark]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_every_text_stands_out_from_what_it_is_written_on(text: str, mode: int) -> None:
    palette = colours(text.partition("<style>")[2])[mode]
    code = ("ink", "keyword", "string", "number", "comment", "name")
    pairs = [(ink, ground) for ink in ("ink", "muted", "accent", "good", "warn", "bad", "link")
             for ground in ("paper", "surface", "wash")]  # fmt: skip
    pairs += [(ink, ground) for ink in code for ground in ("surface", "good-wash", "bad-wash")]
    pairs += [(shade, f"{shade}-wash") for shade in ("good", "warn", "bad", "link")] + [("screen-ink", "screen")]
    low = [(ink, ground) for ink, ground in pairs if contrast(palette[ink], palette[ground]) < 4.5]
    assert low == []


def test_renders_that_are_none_are_left_out(report: Report, diff: str, tmp_path: Path) -> None:
    renders = tmp_path / "renders"
    renders.mkdir()
    (renders / "before.png").write_text("<svg onload=alert(1)>")
    (tmp_path / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(8))
    (renders / "after.png").symlink_to(tmp_path / "secret.png")
    assert Page(html.render(report, diff, tmp_path)).all("img") == []


def test_the_diff_is_shown_with_its_lines_and_colours(text: str) -> None:
    assert re.search(r'<tr id="f1-14" class="removed">.*turn <span|<tr id="f1-14" class="removed">', text)
    assert '<span class="k">if</span> bpy.app.version' in text
    assert text.count('class="added"') == 20 and text.count('class="removed"') == 11


def test_a_huge_diff_is_cut_and_says_so(report: Report, bundle: Path) -> None:
    lines = "+x = '" + "y" * 5_000 + "'\n"
    made = html.render(report, f"--- /dev/null\n+++ b/a.py\n@@ -0,0 +1,9000 @@\n{lines * 9000}", bundle)
    assert "The diff is cut here" in made
    assert len(made) < 10_000_000


@pytest.mark.parametrize("status", list(Status))
def test_every_ending_has_a_page(report: Report, bundle: Path, status: Status) -> None:
    ended = report.model_copy(
        update={"status": status, "verified": False, "patch": None, "attempts": (), "best": None,
                "remaining": report.faults[:2], "error": "Blender died." if status is Status.ERROR else None}
    )  # fmt: skip
    page = Page(html.render(ended, "", bundle))
    assert "git apply" not in page.words
    assert ("Blender died." in page.words) is (status is Status.ERROR)

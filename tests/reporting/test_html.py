from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from bot.models.citation import Citation
from bot.models.report import Artifact, Report, Status
from bot.reporting import html

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>x</script>",
    "' onmouseover='x",
    "{{ 7919 * 7919 }}",
    "javascript:alert(1)",
    "</td></table>&lt;u&gt;<u>",
    "\x1b[31m\u202e\ud800",
]
VOID = {"meta", "img", "br", "hr", "link", "input"}


class Page(HTMLParser):
    """The elements of a page, and whether they are nested properly."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.text))


@pytest.fixture(scope="module")
def text(report: Report, diff: str, bundle: Path) -> str:
    return html.render(report, diff, bundle)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_the_story_comes_first_and_in_order(page: Page) -> None:
    order = ("Repaired, verified", "Repaired, and proven in Blender 4.2 and 4.5", "What was wrong", "What changed",
             "What was proven", "Every check", "The patch", "The run")  # fmt: skip
    places = [page.words.index(part) for part in order]
    assert places == sorted(places)


def test_it_says_where_why_and_how_it_is_known(page: Page) -> None:
    for expected in (
        "AttributeError: 'Mesh' object has no attribute 'use_auto_smooth'",
        "Raised in Blender 4.5, calling the operator mesh.wave_grid_add · wave_grid/shape.py:19",
        "Blender 4.5 was asked, and says so",
        "wave_grid/__init__.py:21@4be1f0c",
        "17 of 18",
        "2.80, 2.93 and 3.6 static",
        "git apply",
        "_PropertyDeferred",
        "Blender starts: 7 Blender 4.23 Blender 4.54",
    ):
        assert expected in page.words


def test_it_needs_nothing_from_elsewhere_and_its_policy_says_so(page: Page, text: str) -> None:
    policy = next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    assert not {"script", "link", "iframe", "object", "form", "base"} & {tag for tag, _ in page.elements}
    assert not re.search(r"url\(|@import", text)
    assert all((image["src"] or "").startswith("data:image/png;base64,") for image in page.all("img"))


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
    assert len(page.all("img")) == 2
    assert all(image["alt"] and image["width"] and image["height"] for image in page.all("img"))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [attributes["aria-labelledby"] for _, attributes in page.elements if "aria-labelledby" in attributes]
    assert set(named) <= set(ids)


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


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_from_outside_stays_text(report: Report, tmp_path: Path, hostile: str) -> None:
    fault = report.faults[0].model_construct(
        **{**dict(report.faults[0]), "message": hostile, "path": hostile, "exception": hostile, "subject": hostile,
           "rule": hostile, "traceback": hostile}
    )  # fmt: skip
    repair = report.plan.explained[0].model_copy(
        update={"message": hostile, "title": hostile, "reason": hostile, "path": hostile, "rule": hostile}
    )
    addon = report.request.addon.model_copy(update={"name": hostile, "path": hostile})
    row = report.validation[0].model_copy(
        update={"validator": hostile, "baseline": hostile, "after": hostile, "broken": (hostile,), "note": hostile}
    )
    changed = report.model_copy(
        update={
            "id": hostile, "summary": hostile, "error": hostile, "notes": (hostile,), "versions": {hostile: hostile},
            "timings": {hostile: 1.0}, "blender_starts": {hostile: 1}, "faults": (fault,), "remaining": (fault, fault),
            "request": report.request.model_copy(update={"addon": addon, "commit": hostile}),
            "plan": report.plan.model_copy(update={"explained": (repair,)}),
            "validation": (row,),
            "citations": (Citation(label="x", url=hostile), Citation(label="y", url=f"https://docs.blender.org/{hostile}")),
            "artifacts": (Artifact(path="../../etc/passwd", kind="render", caption=hostile),),
            "patch": report.patch and report.patch.model_copy(update={"path": hostile, "files": (hostile,)}),
        }
    )  # fmt: skip
    diff = f"--- a/{hostile}\n+++ b/{hostile}\n@@ -1 +1 @@ {hostile}\n-{hostile}\n+{hostile}\n"
    made = html.render(changed, diff, tmp_path / hostile.replace("/", "_").replace("\ud800", ""))
    page = Page(made)
    allowed = {"class", "id", "href", "rel", "aria-label", "aria-labelledby", "aria-hidden", "role", "tabindex", "lang",
               "scope", "name", "content", "charset", "http-equiv"}  # fmt: skip
    for tag, attributes in page.elements:
        assert tag not in ("script", "img", "u", "iframe")
        assert set(attributes) <= allowed
        assert not (attributes.get("href") or "").startswith("javascript")
    assert "62710561" not in page.words
    assert not set("\x1b\u202e\ud800") & set(made)


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


def test_the_command_is_short_where_the_bundle_lies_in_its_usual_place(report: Report, diff: str) -> None:
    made = html.render(report, diff, Path("/anywhere/repo/.bcrag/runs/one"))
    assert ">git apply .bcrag/runs/one/patch.diff<" in made


@pytest.mark.parametrize("status", list(Status))
def test_every_ending_has_a_page(report: Report, bundle: Path, status: Status) -> None:
    ended = report.model_copy(
        update={"status": status, "verified": False, "patch": None, "attempts": (), "best": None,
                "remaining": report.faults[:2], "error": "Blender died." if status is Status.ERROR else None}
    )  # fmt: skip
    page = Page(html.render(ended, "", bundle))
    assert "git apply" not in page.words
    assert ("Blender died." in page.words) is (status is Status.ERROR)

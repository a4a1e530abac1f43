from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models.citation import Citation
from bot.models.report import Report, Status
from bot.reporting import html, story
from hostile import FLOODS, INVISIBLE, PIECES, marked, texts, with_text
from pages import Page

TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section", "article",
    "script", "h1", "h2", "h3", "p", "span", "b", "br", "small", "a", "code", "pre", "ul", "li", "dl", "div", "dt",
    "dd", "figure", "figcaption", "img", "details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td",
    "svg", "rect", "blockquote", "em", "ol", "tfoot",
}  # fmt: skip
ATTRIBUTES = {
    "class", "id", "href", "rel", "aria-label", "aria-labelledby", "aria-hidden", "role", "tabindex", "lang", "scope",
    "name", "content", "charset", "http-equiv", "open", "width", "height", "rx", "focusable", "src", "alt",
    "colspan",
}  # fmt: skip
FREE = {"aria-label", "alt"}
"""Attributes that may hold a stranger's words."""


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def assert_nothing_broke_out(made: str, words: bool = True) -> None:
    page = Page(made)
    assert not set(INVISIBLE) & set(made)
    assert made.count("<!doctype html>") == 1
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+|f\d+-n?\d+|c\d+", each or "") for each in ids)
    for tag, attributes in page.elements:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES
        for name, value in attributes.items():
            if name == "href":
                assert (value or "")[1:] in ids or story.safe_url(value) == value or value in OUR_PAGES
            elif name == "src":
                assert re.fullmatch(r"data:image/png;base64,[\w+/=]+", value or "")
            elif name not in FREE and tag != "meta":
                assert re.fullmatch(r"[\w .%-]*", value or "", re.ASCII), (tag, name, value)
    assert len(page.all("script")) == len(page.all("style")) == 1
    (policy,) = [meta["content"] or "" for meta in page.all("meta") if meta.get("http-equiv")]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["default-src"] == "'none'" and rules["img-src"] == "data:"
    assert rules["script-src"] == f"'sha256-{digest(page.own['script'])}'"
    assert rules["style-src"] == f"'sha256-{digest(page.own['style'])}'"
    assert "unsafe" not in policy and "http" not in policy
    assert "62710561" not in page.words


OUR_PAGES = {url for rule in html.story.all_rules() for url in rule.documentation.references}


@pytest.fixture(scope="module")
def own_parts(report: Report, bundle: Path) -> dict[str, str]:
    return Page(html.render(report, "", bundle)).own


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=texts)
def test_whatever_stands_in_every_field_nothing_breaks_out(
    report: Report, bundle: Path, own_parts: dict[str, str], text: str
) -> None:
    path = text.replace("\n", " ").replace("\r", " ")
    diff = f"--- a/{path}.py\n+++ b/{path}.py\n@@ -1,2 +1,2 @@ {path}\n-{path}\n+{path}\n {path}\n"
    made = html.render(with_text(report, text), diff, bundle)
    assert_nothing_broke_out(made)
    assert Page(made).own == own_parts


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=texts, kind=st.sampled_from(["everything", "answered", "unproven", "silent"]))
def test_nor_does_it_in_what_models_say(
    models: Mapping[str, Report], bundle: Path, own_parts: dict[str, str], text: str, kind: str
) -> None:
    made = html.render(marked(with_text(models[kind], text), text), "", bundle)
    assert_nothing_broke_out(made)
    assert Page(made).own == own_parts


@pytest.mark.parametrize("kind", ["everything", "answered", "unproven", "silent"])
@pytest.mark.parametrize("text", FLOODS, ids=range(len(FLOODS)))
def test_a_million_characters_break_nothing_and_are_cut(
    models: Mapping[str, Report], bundle: Path, kind: str, text: str
) -> None:
    made = html.render(marked(with_text(models[kind], text), text), "", bundle)
    assert_nothing_broke_out(made)
    assert len(made) < 2_000_000


@pytest.mark.parametrize("status", list(Status))
def test_all_of_it_at_once_in_every_ending(report: Report, bundle: Path, status: Status) -> None:
    hostile = with_text(report, "".join(PIECES)).model_copy(
        update={"status": status, "verified": False, "remaining": report.faults}
    )
    assert_nothing_broke_out(html.render(hostile, "", bundle))


def test_a_link_leads_to_documentation_or_nowhere(report: Report, bundle: Path) -> None:
    urls = ("javascript:alert(1)", "https://evil.example/", "https://docs.blender.org@evil.example/", "//evil.example")
    bad = tuple(Citation(label=f"label {number}", url=url) for number, url in enumerate(urls))
    good = Citation(label="label good", url="https://docs.blender.org/api/4.5/bpy.types.Mesh.html")
    page = Page(html.render(report.model_copy(update={"citations": (*bad, good)}), "", bundle))
    targets = {link["href"] for link in page.all("a")}
    assert good.url in targets
    assert not targets & set(urls)
    assert "label 0" in page.words


def test_hundreds_of_faults_are_grouped_and_bounded(report: Report, diff: str, bundle: Path) -> None:
    fault = report.faults[-1]
    many = tuple(
        fault.model_copy(
            update={
                "line": line,
                "message": f"fault {line}",
                "rule": f"MSH{line % 200}" if line % 3 else None,
                "traceback": "x" * 19_000,
            }
        )
        for line in range(2_000)
    )
    made = html.render(report.model_copy(update={"faults": many, "remaining": many[:900]}), diff, bundle)
    page = Page(made)
    assert len(made) < 3_000_000
    assert "in report.json" in page.words
    assert "2000 faults" in page.words
    assert page.words.count("Traceback") < 2_000

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from bot.models.citation import Citation
from bot.models.report import Report
from bot.reporting import answers, html, markdown, markdown_model
from bot.reporting.terminal import summary
from bot.steps.answer import NO_MODEL
from pages import Page


def test_marks_become_numbers_that_lead_to_what_is_cited(models: Mapping[str, Report]) -> None:
    told = answers.told(models["answered"])
    assert told is not None and told.by == answers.BY_MODEL
    assert [(source.number, source.citation.label) for source in told.sources] == [
        (1, "spread/layout.py:12-20@4be1f0c"),
        (2, "bpy.types.Object.location"),
    ]


def test_a_page_has_the_answer_first_with_links_to_its_sources(models: Mapping[str, Report], bundle: Path) -> None:
    page = Page(html.render(models["answered"], "", bundle))
    assert page.words.index("The answer") < page.words.index("In short")
    assert "Why is a single object gone after Object > Spread" in page.words
    targets = [link["href"] for link in page.all("a") if (link["href"] or "").startswith("#c")]
    assert targets == ["#c1", "#c1", "#c2", "#c1", "#c2"] or set(targets) >= {"#c1", "#c2"}
    assert {"c1", "c2"} <= {attributes.get("id") for _, attributes in page.elements}
    assert "Answered" in page.words and "git apply" not in page.words


def test_markdown_and_terminal_show_it_with_the_same_numbers(models: Mapping[str, Report]) -> None:
    text = markdown.render(models["answered"], "")
    assert "because `positions()` divides by `len(things) - 1` \\[1\\], which is zero then." in text
    assert "\n1. `spread/layout.py:12-20@4be1f0c`" in text and "```\nif len(things) == 1:\n" in text
    stream = io.StringIO()
    summary(models["answered"], Path("/b"), Console(file=stream, width=200, highlight=False))
    shown = stream.getvalue()
    assert "because positions() divides by len(things) - 1 [1], which is zero then." in shown
    assert "rests on   [1] spread/layout.py:12-20@4be1f0c" in shown
    assert "    if len(things) == 1:\n" in shown


def test_without_a_model_the_answer_says_so_itself_and_nothing_beside_it(
    models: Mapping[str, Report], report: Report, bundle: Path
) -> None:
    answer = models["answered"].answer
    assert answer is not None
    cites = (Citation(label="a.py:1"),)
    text = f"{NO_MODEL}\n\n- a.py:1: gone"
    plain = answer.model_copy(update={"by": "rules", "text": text, "cites": cites})
    made = models["answered"].model_copy(update={"answer": plain})
    told = answers.told(made)
    assert told is not None and told.by == "" and told.sources[0].number == 0
    for page in (Page(html.render(made, "", bundle)).words, markdown.render(made, ""), markdown_model.answered(made)):
        assert page.lower().count("no model") == 1 and NO_MODEL in page
    assert answers.told(report) is None

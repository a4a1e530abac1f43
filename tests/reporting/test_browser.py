"""The page in a real Chromium. What can be told by parsing is in `test_html.py`; this is the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.models.report import Report
from bot.reporting import html
from browser import Browser, chromium, executable
from hostile import PIECES, marked, with_text

pytestmark = pytest.mark.skipif(executable() is None, reason="no Chromium here (Debian: apt-get install chromium)")

DIVIDER = "getComputedStyle(document.querySelector('.stage')).getPropertyValue('--at')"
SIDES = "[...document.querySelectorAll('figure.side')].filter(each => each.checkVisibility()).length"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = executable()
    assert program is not None
    with chromium(program) as started:
        yield started


@pytest.fixture(scope="module")
def page(report: Report, diff: str, bundle: Path) -> Path:
    file = bundle / "report.html"
    file.write_text(html.render(report, diff, bundle), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def hostile_page(report: Report, diff: str, bundle: Path) -> Path:
    file = bundle / "hostile.html"
    hostile = with_text(report, "".join(PIECES) + "long" * 100)
    file.write_text(html.render(hostile, diff, bundle), encoding="utf-8")
    return file


def test_it_loads_nothing_and_its_policy_refuses_nothing_of_its_own(browser: Browser, page: Path) -> None:
    tab = browser.open(page)
    assert tab.loaded() == [page.resolve().as_uri()]
    assert tab.complaints() == []
    assert tab.ask("getComputedStyle(document.body).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_a_strangers_text_runs_and_loads_nothing(browser: Browser, hostile_page: Path) -> None:
    tab = browser.open(hostile_page)
    assert tab.loaded() == [hostile_page.resolve().as_uri()]
    assert tab.complaints() == []
    assert tab.ask("document.scripts.length + document.styleSheets.length") == 2


@pytest.fixture(scope="module", params=["everything", "answered", "unproven", "silent"])
def model_page(request: pytest.FixtureRequest, models: Mapping[str, Report], bundle: Path) -> Path:
    file = bundle / f"{request.param}.html"
    file.write_text(html.render(models[request.param], "", bundle), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def hostile_answer(models: Mapping[str, Report], bundle: Path) -> Path:
    file = bundle / "hostile_answer.html"
    text = "".join(PIECES) + "long" * 100
    file.write_text(html.render(marked(with_text(models["answered"], text), text), "", bundle), encoding="utf-8")
    return file


def test_what_models_did_loads_nothing_and_fits_everywhere(browser: Browser, model_page: Path) -> None:
    for width in (320, 640, 1280):
        tab = browser.open(model_page, width)
        assert tab.overflow() == 0
        assert tab.loaded() == [model_page.resolve().as_uri()] and tab.complaints() == []
    paper = browser.open(model_page, media="print")
    hidden = "[...document.querySelectorAll('details > :not(summary)')].filter(each => !each.checkVisibility())"
    assert paper.ask(f"{hidden}.length") == 0


def test_a_strangers_answer_runs_and_loads_nothing(browser: Browser, hostile_answer: Path) -> None:
    for width in (320, 1280):
        tab = browser.open(hostile_answer, width)
        assert tab.loaded() == [hostile_answer.resolve().as_uri()] and tab.complaints() == []
        assert tab.overflow() == 0


@pytest.mark.parametrize("width", [320, 640, 1280], ids=["phone", "zoomed-to-200-percent", "desktop"])
def test_it_fits_its_window(browser: Browser, page: Path, hostile_page: Path, width: int) -> None:
    assert browser.open(page, width).overflow() == 0
    assert browser.open(hostile_page, width).overflow() == 0


def test_the_slider_is_moved_by_keys_and_says_where_it_is(browser: Browser, page: Path) -> None:
    tab = browser.open(page)
    assert (tab.ask(DIVIDER), tab.ask(SIDES)) == ("50%", 0)
    tab.ask("document.querySelector('.range').focus()")
    tab.press("ArrowLeft", "ArrowLeft")
    assert tab.ask(DIVIDER) == "48%"
    assert tab.ask("document.querySelector('.range').getAttribute('aria-valuetext')") == "48 % before, 52 % after"
    assert tab.ask("getComputedStyle(document.querySelector('.stage')).outlineStyle") == "solid"
    tab.press("Home")
    assert tab.ask(DIVIDER) == "0%"


def test_without_scripts_both_renders_stand_side_by_side(browser: Browser, page: Path) -> None:
    tab = browser.open(page, script=False)
    assert tab.ask(SIDES) == 2
    assert tab.ask("document.querySelectorAll('.slider, button, input').length") == 0
    assert tab.complaints() == []


def test_on_paper_both_renders_stand_side_by_side_and_nothing_is_folded_away(browser: Browser, page: Path) -> None:
    tab = browser.open(page, media="print")
    assert tab.ask(SIDES) == 2
    assert tab.ask("document.querySelector('.slider').checkVisibility()") is False
    hidden = "[...document.querySelectorAll('details > :not(summary)')].filter(each => !each.checkVisibility())"
    assert tab.ask(f"{hidden}.length") == 0


def test_the_first_key_leads_past_the_head_and_focus_is_always_seen(browser: Browser, page: Path) -> None:
    tab = browser.open(page)
    tab.press("Tab")
    assert tab.ask("document.activeElement.textContent") == "To the story"
    assert tab.ask("document.activeElement.getBoundingClientRect().left >= 0") is True
    for _ in range(12):
        assert tab.ask("getComputedStyle(document.activeElement).outlineStyle") in ("solid", "auto")
        tab.press("Tab")


def test_a_link_to_a_folded_place_opens_it(browser: Browser, report: Report, diff: str, bundle: Path) -> None:
    file = bundle / "folded.html"
    text = html.render(report, diff, bundle)
    assert "<details open><summary><span class=" in text
    file.write_text(text.replace("<details open>", "<details>"), encoding="utf-8")
    tab = browser.open(file)
    row = tab.ask("document.querySelector('a[href^=\"#f\"]').getAttribute('href')")
    assert tab.ask(f"document.querySelector('{row}').checkVisibility()") is False
    tab.ask("document.querySelector('a[href^=\"#f\"]').click()")
    assert tab.ask(f"document.querySelector('{row}').checkVisibility()") is True


def test_dark_is_dark(browser: Browser, page: Path) -> None:
    paper = "getComputedStyle(document.documentElement).getPropertyValue('--paper')"
    assert browser.open(page).ask(paper) != browser.open(page, scheme="dark").ask(paper)


def test_the_command_is_copied_or_at_least_chosen(browser: Browser, page: Path) -> None:
    tab = browser.open(page)
    tab.ask("document.querySelector('.copy').click()")
    said = tab.ask("new Promise(go => setTimeout(() => go(document.querySelector('.copy').textContent), 300))")
    assert said in ("Copied", "Selected")
    if said == "Selected":
        assert str(tab.ask("String(getSelection())")).startswith("git apply ")

"""A pull request and its comments as GitHub shows them, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import github_page
from bot.models.command import Command, Verb
from bot.models.errand import Asker, Errand, Subject
from bot.models.report import Report
from bot.models.request import Trigger
from bot.models.result import Delivery, Ending, Result
from bot.reporting import progress, pull_request
from browser import Browser, Tab, chromium, executable
from hostile import PIECES, marked, with_text

pytestmark = pytest.mark.skipif(executable() is None, reason="no Chromium here (Debian: apt-get install chromium)")

WIDTH = 900
RUN = "https://github.com/octo/wave/actions/runs/77"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
PICTURES = {f"https://raw.example/{name}.png": PIXEL for name in ("before", "after")}
HOSTILE = "".join(PIECES) + " m@evil.example ftp://evil.example GH-7 </details></summary> - [x] done"
OURS = re.compile(
    r"https://github\.com/octo/wave/(?:actions/runs/77|blob/[0-9a-f]{40}/[^?#]+#L\d+(?:-L\d+)?)|/issues/12"
)
LINKS = "[...document.querySelectorAll('.markdown-body a')].map(each => each.getAttribute('href'))"
IMAGES = "[...document.images].map(each => each.getAttribute('src'))"
SHORT = (
    "[...document.querySelectorAll('tr')].filter(row => row.cells.length !== row.closest('table').rows[0].cells.length)"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = executable()
    assert program is not None
    with chromium(program) as started:
        yield started


def errand(report: Report) -> Errand:
    return Errand.model_validate(
        {
            "repository": "octo/wave", "run": 77, "command": Command(verb=Verb.FIX), "problem": "fix-12",
            "trigger": Trigger.SLASH_COMMAND, "subject": Subject(number=12), "base": "main", "commit": "b" * 40,
            "asked_at": "2026-02-14T00:00:00Z", "asked_by": Asker(login="ann", id=5),
        }
    )  # fmt: skip


def body(report: Report) -> str:
    before, after = PICTURES
    links = pull_request.Links(
        server="https://github.com", repository="octo/wave", commit="b" * 40, run=RUN, before=before, after=after
    )
    return pull_request.body(report, errand(report), links, ["Nothing was signed."])


def shown(browser: Browser, folder: Path, report: Report) -> Tab:
    title, said = pull_request.title(report, errand(report)), github_page.Said("bcrag", body(report))
    page = github_page.pull_request(title, 13, "main", "bcrag/fix-12", said, PICTURES)
    return browser.open(github_page.written(page, folder / "page.html"), WIDTH)


def test_every_table_is_one_and_every_fold_opens(browser: Browser, report: Report, tmp_path: Path) -> None:
    tab = shown(browser, tmp_path, report)
    assert tab.ask("document.querySelectorAll('table').length") >= 2
    assert tab.ask(f"{SHORT}.length") == 0
    assert "| ---" not in tab.ask("document.body.innerText")
    hidden = "[...document.querySelectorAll('details > :not(summary)')].filter(each => !each.checkVisibility()).length"
    assert tab.ask("document.querySelectorAll('details').length") >= 3
    assert tab.ask(hidden) > 0
    tab.ask("document.querySelectorAll('summary').forEach(each => each.click())")
    assert tab.ask(hidden) == 0
    assert tab.overflow() == 0


def test_headings_alert_pictures_and_links_are_there(browser: Browser, report: Report, tmp_path: Path) -> None:
    tab = shown(browser, tmp_path, report)
    titles = tab.ask("[...document.querySelectorAll('.markdown-body h2')].map(each => each.textContent)")
    assert titles[0] == "What was wrong" and "What changed" in titles and titles[-1] == "Talk to it"
    assert tab.ask("document.querySelector('.markdown-alert-note').innerText").split() == [
        "Note",
        "Nothing",
        "was",
        "signed.",
    ]
    assert tab.ask(IMAGES) == [PIXEL, PIXEL]
    assert {RUN, "/issues/12"} <= set(tab.ask(LINKS))
    assert not re.search(r"\*\*|`|</|&[a-z]+;|\]\(", tab.ask("document.querySelector('.markdown-body').innerText"))


@pytest.mark.parametrize("name", ["", "everything", "unproven"])
def test_nothing_a_stranger_wrote_is_a_link_or_an_image(
    browser: Browser, report: Report, models: Mapping[str, Report], tmp_path: Path, name: str
) -> None:
    made = marked(with_text(models[name] if name else report, HOSTILE), HOSTILE)
    tab = shown(browser, tmp_path, made)
    assert [url for url in tab.ask(LINKS) if not OURS.fullmatch(url) and not documented(url)] == []
    assert tab.ask(IMAGES) == [PIXEL, PIXEL]
    assert tab.loaded() == [(tmp_path / "page.html").resolve().as_uri()]
    assert tab.complaints() == []
    assert tab.ask("document.querySelectorAll('input, .markdown-body h1, .markdown-body svg ~ svg').length") == 0
    assert tab.ask(f"{SHORT}.length") == 0


def test_a_comment_has_its_list_of_tasks_and_ends_with_what_to_do_next(
    browser: Browser, report: Report, tmp_path: Path
) -> None:
    asked = errand(report)
    ended = Result(ending=Ending.FINISHED, report=report, delivery=Delivery.OPENED, pull=13, run_url=RUN)
    page = github_page.page(
        github_page.Said("bcrag", progress.progress(asked, "repairing", RUN)),
        github_page.Said("bcrag", progress.result(asked, ended)),
    )
    tab = browser.open(github_page.written(page, tmp_path / "page.html"), WIDTH)
    boxes = tab.ask("[...document.querySelectorAll('li > input[type=checkbox]')].map(each => each.checked)")
    assert boxes == [True, True, False, False, False]
    said = tab.ask("document.querySelectorAll('.markdown-body')[1].innerText")
    assert "#13" in said and "Change the branch as you like" in said
    assert set(tab.ask(LINKS)) == {RUN, "/issues/13"}


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("a <b onclick=x style=y class=z id=q title=t>b</b>", 'a <b title="t">b</b>'),
        ("a <a href=javascript:x>b", "a <a>b</a>"),
        ("<img src=data:x alt=c>", '<img alt="c">'),
        ("@ann #3", '<a href="https://github.com/ann">@ann</a> <a href="/issues/3">#3</a>'),
        ("www.a.b", '<a href="http://www.a.b">www.a.b</a>'),
        ("`@ann #3`", "<code>@ann #3</code>"),
        ("\\@ann", '<a href="https://github.com/ann">@ann</a>'),
        ("a\nb", "a<br>\nb"),
        ("- [ ] a\n- [x] b", 'class="task-list-item-checkbox" disabled checked> b'),
        ("> [!TIP]\n> a", '<div class="markdown-alert markdown-alert-tip">'),
    ],
)  # fmt: skip
def test_the_page_does_what_github_does(text: str, made: str) -> None:
    assert made in github_page.rendered(text)


def documented(url: str) -> bool:
    from bot.reporting import story

    pages = {page for rule in story.all_rules() for page in rule.documentation.references}
    return url in pages or bool(story.safe_url(url))

from __future__ import annotations

import re
from collections.abc import Mapping
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models.citation import Citation
from bot.models.report import Report, Status
from bot.models.request import Mode
from bot.reporting import pull_request
from bot.reporting.marked import prose
from bot.reporting.progress import marker, read_marker
from bot.reporting.pull_request import Links
from hostile import marked, with_text
from spoken import COMMIT, HOSTILE, RUN, assert_ours, errand, headings, hostile

PICTURES = tuple(f"https://raw.example/{name}.png" for name in ("before", "after"))
LINKS = Links(
    server="https://github.com",
    repository="octo/wave-grid",
    commit=COMMIT,
    run=RUN,
    before=PICTURES[0],
    after=PICTURES[1],
)
BLOB = f"https://github.com/octo/wave-grid/blob/{COMMIT}/"
NOTES = ("Pushes of this token start no other workflow.", "The code owners could not be asked for a review.")
STEPS = ("..", ".", "", "a", ")", "%2e%2e", "(", "\ud800", "?x", "#y", "<")
KINDS = ("everything", "answered", "unproven", "silent")


def assert_safe(text: str, report: Report) -> None:
    assert_ours(
        text, links=[RUN], under=BLOB, images=PICTURES, numbers=[7], mark=marker(errand()) + "\n",
        alerts=text.count("> [!NOTE]\n> Pushes"),
    )  # fmt: skip
    assert len(text) < 65_000
    assert text.count(f"\n{'Fixes' if report.verified else 'Refs'} #7\n") == 1


def asked(report: Report, **more: object) -> Report:
    return report.model_copy(update={"request": report.request.model_copy(update=more)})


def sources(text: str) -> str:
    """What is told of where it all comes from."""
    return text.partition("<summary>Sources</summary>")[2].partition("</details>")[0]


def test_it_tells_what_was_wrong_what_changed_and_what_proves_it(report: Report) -> None:
    span = Citation(label=f"wave_grid/a b.py:3-9@{COMMIT[:7]}", text="x = 1")
    report = report.model_copy(update={"citations": (*report.citations, span)})
    text = pull_request.body(report, errand(), LINKS, NOTES)
    for expected in (
        "**Verified** in Blender 4.2 and 4.5",
        "`AttributeError: 'Mesh' object has no attribute 'use_auto_smooth'` at `wave_grid/shape.py:19`",
        f"![What the add-on makes, before]({PICTURES[0]}) | ![What the add-on makes, after]({PICTURES[1]})",
        f"> [!NOTE]\n> {NOTES[0]}\n>\n> {NOTES[1]}\n",
        f"[`wave_grid/a b.py:3-9`]({BLOB}wave_grid/a%20b.py#L3-L9) — `x = 1`",
        "no model was asked",
        f"```sh\ngit fetch origin {COMMIT} && git switch --detach FETCH_HEAD\nbot run . --blender 4.2,4.5 --addon ",
        " --addon wave_grid --issue 7\n```\n",
        "2.80, 2.93 and 3.6 *static*",
        "`/bcrag retry <hint>`",
        "\nFixes #7\n",
    ):
        assert expected in text
    assert headings(text, "h2")[0] == "What was wrong"
    assert text.index("What was wrong") < text.index("What changed") < text.index("What was proven")
    assert text.count("<details>") == text.count("</details>") >= 3
    assert_safe(text, report)
    assert read_marker(text) is not None


def test_what_is_not_verified_says_so_and_closes_nothing(report: Report, models: Mapping[str, Report]) -> None:
    partial = report.model_copy(update={"verified": False, "status": Status.PARTIAL, "remaining": report.faults[:2]})
    text = pull_request.body(partial, errand(), LINKS)
    assert "**Not verified.** 2 of what is wrong is still there" in text
    assert "Refs #7" in text and "Fixes" not in text and "**Verified**" not in text
    unseen = models["unproven"]
    assert f"**Not verified.** {pull_request.UNSEEN}" in pull_request.body(unseen, errand(), LINKS)
    wish = pull_request.body(asked(unseen, mode=Mode.FEATURE), errand(), LINKS)
    assert f"**Not verified.** {pull_request.WISH}" in wish


@pytest.mark.parametrize(
    ("mode", "seen", "left", "said"),
    [
        (Mode.FIX, True, False, "what failed before works now, and nothing that worked is broken."),
        (Mode.FIX, True, True, "what was asked about failed before and works now, and nothing that worked is broken. "),
        (Mode.TEST, False, False, "the tests pass, and fail when what they test is taken away."),
        (Mode.FEATURE, False, False, "what worked before works now, and the changed lines ran."),
    ],
)
def test_what_is_verified_says_what_that_means(
    report: Report, models: Mapping[str, Report], mode: Mode, seen: bool, left: bool, said: str
) -> None:
    told = asked(report if seen else models["unproven"], mode=mode)
    told = told.model_copy(update={"verified": True, "remaining": told.faults[:1] if left else ()})
    assert f"**Verified** in Blender 4.2 and 4.5: {said}" in pull_request.body(told, errand(), LINKS)


def test_where_no_issue_says_what_was_asked_the_page_does(report: Report) -> None:
    told = asked(report, mode=Mode.FEATURE, task="a colour for each @octocat\n# <b>")
    command = {"verb": "feature", "words": "a colour for each @octocat\n# <b>"}
    text = pull_request.body(told, errand(subject=None, command=command), LINKS)
    assert "## What was asked\n\n> a colour for each @\u2060octocat # &lt;b&gt;\n" in text
    assert "--mode feature --task 'a colour for each @octocat # <b>'\n" in text
    assert "What was asked" not in pull_request.body(told, errand(), LINKS)


def test_it_begins_with_what_was_wrong_in_plain_words(report: Report) -> None:
    text = pull_request.body(report, errand(), LINKS)
    assert text.partition("## What was wrong\n\n")[2].startswith("The add-on could not be switched on")


@pytest.mark.parametrize("subject", [None, {"number": 7, "is_pull": True}])
def test_an_issue_alone_is_closed(report: Report, subject: dict[str, object] | None) -> None:
    text = pull_request.body(report, errand(subject=subject), LINKS)
    assert "Fixes" not in text and "Refs" not in text
    assert ("\nFor #7\n" in text) == (subject is not None)


def test_without_pages_there_are_no_links_to_them(report: Report) -> None:
    bare = Links(server="https://github.com", repository="octo/wave-grid", commit=COMMIT)
    text = pull_request.body(report, errand(), bare)
    assert "![" not in text and "]()" not in text and "whole report]" not in text
    long = report.model_copy(update={"summary": "x" * 2000, "validation": (), "citations": report.citations * 10})
    fault = report.faults[0]
    long = long.model_copy(
        update={
            "faults": tuple(
                fault.model_copy(update={"line": n, "message": f"{n} " + "m" * 390, "traceback": "t" * 2_000})
                for n in range(400)
            ),
            "remaining": tuple(fault.model_copy(update={"message": f"{n} " + "m" * 390}) for n in range(400)),
        }
    )  # fmt: skip
    assert "]()" not in pull_request.body(long, errand(), bare)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("kind", ["report", "everything"])
def test_nothing_a_stranger_wrote_becomes_more_than_text(
    report: Report, models: Mapping[str, Report], kind: str, text: str
) -> None:
    base = report if kind == "report" else models[kind]
    told = marked(with_text(base, text), text)
    asked = errand(command={"verb": "retry", "words": text})
    body = pull_request.body(told, asked, LINKS, NOTES)
    assert_safe(body, told)
    assert set(headings(body, "h2")) <= known_titles(base) and not headings(body, "h1")


def known_titles(base: Report) -> set[str]:
    """The titles of the same report in which nobody wrote anything odd."""
    return set(headings(pull_request.body(with_text(base, "a"), errand(), LINKS, NOTES), "h2"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=hostile, kind=st.sampled_from(KINDS))
def test_no_text_gets_out_of_its_place(models: Mapping[str, Report], text: str, kind: str) -> None:
    told = marked(with_text(models[kind], text), text)
    assert_safe(pull_request.body(told, errand(), LINKS, NOTES), told)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=hostile)
def test_nor_out_of_a_report_of_rules(report: Report, text: str) -> None:
    told = with_text(report, text).model_copy(update={"remaining": report.faults, "verified": False})
    assert_safe(pull_request.body(told, errand(), LINKS, NOTES), told)


@pytest.mark.parametrize("piece", ["`", "| ", "\\", "<b>", "a\n\n", "@a "])
@pytest.mark.parametrize("kind", ["everything", "silent"])
def test_floods_are_cut(models: Mapping[str, Report], kind: str, piece: str) -> None:
    flood = (piece * 100_000)[:100_000]
    told = marked(with_text(models[kind], flood), flood)
    assert_safe(pull_request.body(told, errand(), LINKS, NOTES), told)


def test_however_much_there_is_it_fits_and_still_says_what_it_closes(report: Report) -> None:
    fault = report.faults[0].model_copy(update={"traceback": "`x\n" * 6_000, "rule": None})
    huge = report.model_copy(
        update={
            "faults": tuple(fault.model_copy(update={"line": n, "message": f"{n}" + "|`" * 3_000}) for n in range(300)),
            "remaining": tuple(fault.model_copy(update={"message": f"{n}" + "|`" * 3_000}) for n in range(300)),
            "validation": report.validation * 50,
            "citations": report.citations * 50,
        }
    )
    text = pull_request.body(huge, errand(), LINKS, NOTES * 20)
    assert_safe(text, huge)
    assert pull_request.TOO_LONG.format(run=f"[the run]({RUN})") in text
    assert text.endswith(f"\nFixes #7\n\n<sub>[The run, its log and the whole report]({RUN})</sub>\n")


@pytest.mark.parametrize(
    "label",
    [
        f"../../../../evil/other/x.py:1@{COMMIT}",
        f"a/../../../../../evil/x.py:1-2@{COMMIT[:7]}",
        f"a\\..\\..\\..\\..\\..\\evil.py:1@{COMMIT}",
        f"//evil.example/x.py:1@{COMMIT}",
        f"./x.py:1@{COMMIT}",
        "x.py:1@0000000",
        f"x\n.py:1@{COMMIT}",
        f"x.py:1@{COMMIT}#9",
    ],
)
def test_a_label_that_leaves_the_commit_is_no_link(report: Report, label: str) -> None:
    told = report.model_copy(update={"citations": (Citation(label=label, text="x"),)})
    text = pull_request.body(told, errand(), LINKS)
    assert f"({BLOB}" not in sources(text)
    assert_safe(text, told)


@settings(max_examples=60, deadline=None)
@given(path=st.text(max_size=40) | st.lists(st.sampled_from(STEPS), max_size=6).map("/".join))
def test_whatever_a_path_is_its_link_stays_in_the_repository(report: Report, path: str) -> None:
    told = report.model_copy(update={"citations": (Citation(label=f"{path}:3-9@{COMMIT[:12]}"),)})
    text = pull_request.body(told, errand(), LINKS)
    assert_safe(text, told)
    for link in re.findall(r"\]\((https://github\.com[^)]*)\)", sources(text)):
        assert re.fullmatch(re.escape(BLOB) + r"[\w./%~-]+#L3-L9", link, re.ASCII)


def test_the_command_to_repeat_it_holds_any_path_as_one_word(report: Report) -> None:
    addon = report.request.addon.model_copy(update={"path": "a'; rm -rf ~; echo `x` $(y)\n```\nz"})
    told = report.model_copy(update={"request": report.request.model_copy(update={"addon": addon})})
    text = pull_request.body(told, errand(), LINKS)
    assert """--addon 'a'"'"'; rm -rf ~; echo `x` $(y)\ufffd```\ufffdz' --issue 7\n````\n""" in text
    assert_safe(text, told)


def test_the_title_is_the_subject_of_the_commit(report: Report, sample: ModuleType) -> None:
    assert pull_request.title(report) == "fix(wave_grid): make it work in Blender 4.2 and 4.5"
    for text in HOSTILE:
        assert re.fullmatch(r"fix\([\w.-]{1,30}\): [\w ,.]+…?", pull_request.title(with_text(report, text)), re.ASCII)


def test_what_a_model_cites_is_a_link_to_its_lines(models: Mapping[str, Report]) -> None:
    text = pull_request.body(models["everything"], errand(), LINKS)
    link = f"[`spread/layout.py:12-20`]({BLOB}spread/layout.py#L12-L20) — `step = length / (len(things) - 1)`"
    assert link in text.partition("It says that it rests on:")[2]


def test_www_is_parted_before_the_dot() -> None:
    # a word joiner behind it is a letter of a host's name for GitHub, and for a browser it is nothing
    assert prose("see www.evil.example, WWW.x") == "see www\u2060.evil.example, WWW\u2060.x"
    assert "www." not in prose("wwww.evil.example")


@pytest.mark.parametrize(
    "slip",
    [
        "@octocat", "see #7 and #7", "#8", "GH-1", "<b>", "</details>", "<details>", "<!-- x -->", "www.evil.example",
        "https://evil.example", "[x](https://evil.example)", "[x](javascript:alert)", "![x](https://evil.example/x.png)",
        f"[x]({BLOB}../../../y)", "m@evil.example", "\u202e", "> [!NOTE]\n> x", "<https://evil.example>",
    ],
)  # fmt: skip
def test_these_tests_see_what_slips_through(slip: str) -> None:
    with pytest.raises(AssertionError):
        assert_ours(f"a\n\n{slip}\n", links=[RUN], under=BLOB, images=PICTURES, numbers=[7])

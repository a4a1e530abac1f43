from __future__ import annotations

import re
from collections.abc import Mapping
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models.citation import Citation
from bot.models.fault import FaultKind
from bot.models.release import Release
from bot.models.report import Report, Status
from bot.models.request import Mode, Trigger
from bot.models.validation import Difference
from bot.reporting import bill, commits, pull_request
from bot.reporting.marked import prose
from bot.reporting.progress import marker, read_marker
from bot.reporting.pull_request import ALREADY, Links
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
        "- **Models** No model was asked, so nothing was paid.",
        f"```sh\ngit fetch origin {COMMIT} && git switch --detach FETCH_HEAD\nbot run . --blender 4.2,4.5 --addon ",
        " --addon wave_grid --issue 7\n```\n",
        "2.80, 2.93 and 3.6 *static*",
        "`/bcrag retry` makes this pull request anew, from the newest commit of `main`",
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
    assert "**Not verified.** 2 faults are still there, see *What remains*." in text
    assert "Refs #7" in text and "Fixes" not in text and "**Verified**" not in text
    one = partial.model_copy(update={"remaining": report.faults[:1]})
    assert "**Not verified.** 1 fault is still there, see" in pull_request.body(one, errand(), LINKS)
    unseen = models["unproven"]
    assert f"**Not verified.** {pull_request.UNSEEN}" in pull_request.body(unseen, errand(), LINKS)
    wish = pull_request.body(asked(unseen, mode=Mode.FEATURE), errand(), LINKS)
    assert f"**Not verified.** {pull_request.WISH}" in wish


def test_what_was_seen_to_fail_and_is_doubted_is_told_by_its_real_doubt_and_once(report: Report) -> None:
    reason = "9 faults repaired, but not proven: Blender 3.6 could not be run."
    first, best = report.attempts
    verdict = best.verdict.model_copy(update={"verified": False, "reason": reason})
    doubted = report.model_copy(
        update={
            "verified": False,
            "attempts": (first, best.model_copy(update={"verdict": verdict})),
            "summary": f"Wave Grid: {reason}",
        }
    )
    text = pull_request.body(doubted, errand(), LINKS)
    assert f"**Not verified.** {reason} Look at it before you merge it.\n" in text
    assert pull_request.UNSEEN not in text and text.count(reason) == 1


@pytest.mark.parametrize("looked", [["4.5"], ["4.2", "4.5"]])
def test_what_is_proven_is_proven_where_it_was_tried(models: Mapping[str, Report], looked: list[str]) -> None:
    made = models["unproven"]
    rows = tuple(
        Difference(validator="tests", release=Release.parse(release), baseline="not looked at", after="2 pass")
        for release in looked
    )
    tests = asked(made, mode=Mode.TEST).model_copy(
        update={"verified": True, "status": Status.REPAIRED, "validation": rows}
    )
    text = pull_request.body(tests, errand(), LINKS)
    assert f"**Verified** in Blender {' and '.join(looked)}: the tests pass" in text


@pytest.mark.parametrize(
    ("mode", "seen", "left", "said"),
    [
        (Mode.FIX, True, False, "what failed before works now, and nothing that worked is broken."),
        (Mode.FIX, True, True, "what was asked about failed before and works now, and nothing that worked is broken. "),
        (Mode.TEST, False, False, "the tests pass, and fail when what they test is taken away."),
        (Mode.FEATURE, False, False, "what worked before works now, and the changed lines ran."),
        (
            Mode.REFACTOR,
            False,
            True,
            f"what worked before works now, and the changed lines ran. {ALREADY}",
        ),
    ],
)
def test_what_is_verified_says_what_that_means(
    report: Report, models: Mapping[str, Report], mode: Mode, seen: bool, left: bool, said: str
) -> None:
    told = asked(report if seen else models["unproven"], mode=mode)
    told = told.model_copy(update={"verified": True, "remaining": report.faults[:1] if left else ()})
    assert f"**Verified** in Blender 4.2 and 4.5: {said}" in pull_request.body(told, errand(), LINKS)


def test_where_no_issue_says_what_was_asked_the_page_does(report: Report) -> None:
    told = asked(report, mode=Mode.FEATURE, task="a colour for each @octocat\n# <b>")
    command = {"verb": "feature", "words": "a colour for each @octocat\n# <b>"}
    text = pull_request.body(told, errand(subject=None, command=command), LINKS)
    assert "## What was asked\n\n> a colour for each @\u2060octocat # &lt;b&gt;\n" in text
    assert "--mode feature --task 'a colour for each @octocat # <b>'\n" in text
    assert "What was asked" not in pull_request.body(told, errand(), LINKS)


def test_another_try_at_the_bots_own_pull_request_is_about_the_issue_that_answers(report: Report) -> None:
    retry = errand(subject={"number": 13, "is_pull": True}, command={"verb": "retry", "words": "use bmesh"})
    text = pull_request.body(report, retry, LINKS)
    assert text == pull_request.body(report, errand(), LINKS)
    assert "\nFixes #7\n" in text and " --issue 7\n" in text and "#13" not in text
    assert "\nRefs #7\n" in pull_request.body(report.model_copy(update={"verified": False}), retry, LINKS)
    assert "\n\nFixes #7\n\n" in commits.message(report, retry)


def test_another_try_at_what_nobody_asked_for_closes_nothing(report: Report) -> None:
    retry = errand(subject={"number": 13, "is_pull": True}, problem="fix-f0123456", command={"verb": "retry"})
    text = pull_request.body(report, retry, LINKS)
    assert "#13" not in text and "--issue" not in text and pull_request.CLOSED_CHANGES in text
    assert "#13" not in commits.message(report, retry)


def test_what_a_schedule_asked_for_says_why_it_came(report: Report) -> None:
    weekly = errand(subject=None, asked_by=None, trigger="schedule", problem="fix-f0123456", command={"verb": "fix"})
    text = pull_request.body(report, weekly, LINKS)
    assert pull_request.WEEKLY in text.partition("\n## ")[0]
    by_hand = weekly.model_copy(update={"trigger": Trigger.COMMAND_LINE})
    for other in (by_hand, errand()):
        assert pull_request.WEEKLY not in pull_request.body(report, other, LINKS)


def test_only_a_model_is_offered_a_hint(report: Report, models: Mapping[str, Report]) -> None:
    assert "<hint>" not in pull_request.body(report, errand(), LINKS)
    assert "`/bcrag retry <hint>` revises" in pull_request.body(models["everything"], errand(), LINKS)


def test_what_models_cost_is_the_total_of_the_bill(models: Mapping[str, Report]) -> None:
    made = models["everything"]
    assert f"- **Models** {bill.total(made.cost)}\n" in pull_request.body(made, errand(), LINKS)


def test_of_a_feature_it_is_told_what_was_missing(models: Mapping[str, Report]) -> None:
    made = asked(models["everything"], mode=Mode.FEATURE)
    text = pull_request.body(made, errand(), LINKS)
    assert headings(text, "h2")[0] == "What was missing" and "was wrong" not in text
    said = "1 script that states what was asked for failed in Blender 4.5."
    assert text.partition("## What was missing\n\n")[2].startswith(said)
    broken = made.faults[0].model_copy(update={"kind": FaultKind.OPERATOR})
    also = made.model_copy(update={"faults": (*made.faults, broken)})
    assert headings(pull_request.body(also, errand(), LINKS), "h2")[0] == "What was wrong"


def test_as_many_faults_are_counted_behind_the_fold_as_in_front_of_it(report: Report) -> None:
    raised, api = report.faults[0], report.faults[5]
    many = tuple(api.model_copy(update={"message": f"m{number % 11}", "line": number + 1}) for number in range(30))
    text = pull_request.body(report.model_copy(update={"faults": (raised, *many)}), errand(), LINKS)
    assert " 30 places in the code use something" in text
    assert "<summary>30 more faults, confirmed by Blender's API</summary>" in text
    assert "- 30 faults of rule `SCN101`" in text


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
    assert pull_request.title(report, errand()) == "fix(wave_grid): make it work in Blender 4.2 and 4.5"
    for text in HOSTILE:
        title = pull_request.title(with_text(report, text), errand())
        assert re.fullmatch(r"fix\([\w.-]{1,30}\): [\w ,.]+…?", title, re.ASCII)
        assert commits.message(with_text(report, text), errand()).startswith(f"{title}\n\n")


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

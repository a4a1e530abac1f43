from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.models.fault import Proof
from bot.models.report import Report, Status
from bot.models.result import Delivery, Ending, Result
from bot.reporting import checks
from bot.reporting.checks import CheckRun, Conclusion, check_run, job_summary
from hostile import FLOODS, INVISIBLE, marked, with_text
from spoken import HOSTILE, RUN, assert_ours, headings, hostile

THERE = (Delivery.OPENED, Delivery.UPDATED, Delivery.UNCHANGED)
KINDS = ("everything", "answered", "unproven", "silent")


def ended(ending: Ending, report: Report | None = None, **more: object) -> Result:
    return Result(ending=ending, report=report, run_url=RUN).model_copy(update=more)


def assert_taken(made: CheckRun) -> None:
    """What GitHub takes, and nothing in it that is not ours."""
    assert made.conclusion in get_args(Conclusion)
    assert 0 < len(made.title) <= 200 and len(made.title.splitlines()) == 1
    assert len(made.summary) < 65_535
    assert_ours(made.summary, links=[RUN], numbers=[3])
    assert len(made.annotations) <= checks.MOST_ANNOTATIONS
    for each in made.annotations:
        assert each.path and not each.path.startswith("/") and ".." not in each.path.split("/")
        assert 0 < each.start_line <= each.end_line < 2**31
        assert each.message.strip() and len(each.message.encode()) < 64_000
        assert 0 < len(each.title) < 255 and len(each.title.splitlines()) == 1
        assert not set(INVISIBLE) & set(each.message + each.title + each.path)


@pytest.mark.parametrize(
    ("ending", "conclusion"),
    [
        (Ending.FINISHED, "failure"),
        (Ending.FAILED, "failure"),
        (Ending.TIMED_OUT, "timed_out"),
        (Ending.CANCELLED, "cancelled"),
        (Ending.SUPERSEDED, "skipped"),
        (Ending.REFUSED, "failure"),
        (Ending.LIMITED, "neutral"),
    ],
)
def test_what_left_no_report_concludes_as_it_ended(report: Report, ending: Ending, conclusion: str) -> None:
    made = check_run(ended(ending))
    assert made.conclusion == conclusion and not made.annotations
    assert_taken(made)
    # a report that was not let through says nothing
    if ending is not Ending.FINISHED:
        assert check_run(ended(ending, report)) == made


@pytest.mark.parametrize(
    ("status", "verified", "conclusion"),
    [
        (Status.CLEAN, False, "success"),
        (Status.ANSWERED, False, "success"),
        (Status.REPAIRED, True, "action_required"),
        (Status.REPAIRED, False, "failure"),
        (Status.PARTIAL, False, "failure"),
        (Status.UNREPAIRED, False, "failure"),
        (Status.ERROR, False, "neutral"),
    ],
)
def test_a_report_concludes_about_the_commit_as_it_is(
    report: Report, status: Status, verified: bool, conclusion: str
) -> None:
    told = report.model_copy(update={"status": status, "verified": verified})
    made = check_run(ended(Ending.FINISHED, told))
    assert made.conclusion == conclusion
    assert_taken(made)


def test_places_are_annotated_once_with_what_was_raised(report: Report) -> None:
    made = check_run(ended(Ending.FINISHED, report.model_copy(update={"faults": report.faults * 2})))
    assert len(made.annotations) == len(report.faults)
    first = made.annotations[0]
    assert (first.path, first.start_line, first.end_line) == ("wave_grid/__init__.py", 5, 5)
    assert first.message == "ImportError: add-on was not upgraded for 2.80, ignoring"
    assert first.title == "Repaired by the patch: MET101" and first.annotation_level == "failure"


@pytest.mark.parametrize("delivery", Delivery)
def test_a_pull_request_is_named_where_there_is_one(report: Report, delivery: Delivery) -> None:
    made = check_run(ended(Ending.FINISHED, report, delivery=delivery, pull=3, url=RUN))
    assert_taken(made)
    assert ("#3" in made.summary) == (delivery in (*THERE, Delivery.CLOSED))
    there = delivery in THERE
    assert {each.title.partition(":")[0] for each in made.annotations} == {
        "Repaired in the pull request" if there else "Repaired by the patch"
    }


def test_what_is_left_is_not_called_repaired_although_its_line_moved(report: Report) -> None:
    moved = report.faults[1].model_copy(update={"line": report.faults[1].line + 7})
    made = check_run(ended(Ending.FINISHED, report.model_copy(update={"remaining": (moved,)})))
    titles = [each.title for each in made.annotations]
    assert titles[1] == "bcrag: REG101" and titles[0].startswith("Repaired")
    bare = check_run(ended(Ending.FINISHED, report.model_copy(update={"patch": None})))
    assert all(each.title.startswith("bcrag: ") for each in bare.annotations)


def test_of_too_many_the_surest_are_annotated(report: Report) -> None:
    fault = report.faults[0].model_copy(update={"proof": Proof.STATIC})
    many = tuple(fault.model_copy(update={"line": line}) for line in range(1, 500))
    made = check_run(ended(Ending.FINISHED, report.model_copy(update={"faults": (*many, *report.faults)})))
    assert_taken(made)
    assert len(made.annotations) == 50
    levels = [each.annotation_level for each in made.annotations]
    assert levels == ["failure"] * len(report.faults) + ["warning"] * (50 - len(report.faults))


@settings(max_examples=60, deadline=None)
@given(
    path=st.sampled_from(["a.py", "", "/etc/passwd", "../x", "a/../../x", "a//b", "a\nb", "\u202ea", "x" * 5_000])
    | st.text(max_size=20),
    line=st.integers(-(2**40), 2**40) | st.integers(0, 9),
    end=st.integers(-(2**40), 2**40) | st.integers(0, 9),
)
def test_a_place_github_would_refuse_spoils_no_check_run(report: Report, path: str, line: int, end: int) -> None:
    odd = report.faults[0].model_copy(update={"path": path, "line": line, "end_line": end, "message": ""})
    odd = odd.model_copy(update={"exception": None})
    made = check_run(ended(Ending.FINISHED, report.model_copy(update={"faults": (odd, *report.faults)})))
    assert_taken(made)
    assert len(made.annotations) >= len(report.faults)
    if path == "a.py":
        assert (len(made.annotations) > len(report.faults)) == (0 < line < 2**31)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_a_stranger_wrote_becomes_more_than_text(report: Report, text: str) -> None:
    made = ended(Ending.FINISHED, with_text(report, text), details=text)
    assert_taken(check_run(made))
    assert_taken(check_run(ended(Ending.REFUSED, details=text, why="No.", cure="Try again.", notes=("One.",) * 99)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=hostile, kind=st.sampled_from(KINDS), ending=st.sampled_from(Ending))
@example(text="\ud800", kind="silent", ending=Ending.FINISHED)
def test_no_text_gets_out_of_its_place(models: Mapping[str, Report], text: str, kind: str, ending: Ending) -> None:
    told = marked(with_text(models[kind], text), text)
    result = ended(ending, told, details=text)
    assert_taken(check_run(result))
    page = job_summary(result)
    assert_ours(page, links=[RUN])
    assert len(page) < 65_000


@pytest.mark.parametrize("flood", FLOODS, ids=range(len(FLOODS)))
def test_floods_are_cut(models: Mapping[str, Report], flood: str) -> None:
    told = with_text(models["silent"], flood)
    assert_taken(check_run(ended(Ending.FINISHED, told, details=flood)))


def test_the_page_of_the_run_is_the_report_or_how_it_ended(report: Report, diff: str) -> None:
    page = job_summary(ended(Ending.FINISHED, report))
    assert headings(page, "h1") == ["Repaired, and proven in Blender 4.2 and 4.5"]
    assert "Unzip the artifact `bcrag-bundle` into the root of the repository" in page
    assert "\ngit apply patch.diff\n" in page and "![" not in page
    for row in page.partition("## What was proven")[2].partition("\n\n|")[2].partition("\n\n")[0].splitlines()[2:]:
        assert row.rsplit(" | ", 1)[1].removesuffix(" |").isascii() is False, "a number and its unit stay together"
    assert diff.splitlines()[-1] in page
    for ending in Ending:
        text = job_summary(ended(ending, details="```\n<b>"))
        (headline,) = headings(text, "h2")
        assert headline and f"[The run, with its log and the bundle]({RUN})" in text
        assert_ours(text, links=[RUN])

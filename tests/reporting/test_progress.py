from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import workflows
from bot.models.command import Verb
from bot.models.fault import Proof
from bot.models.report import Report, Status
from bot.models.request import Mode
from bot.models.result import Delivery, Ending, Result
from bot.reporting import advice, progress
from bot.reporting.progress import STAGES, Marker, marker, read_marker
from hostile import marked, with_text
from spoken import COMMIT, HOSTILE, RUN, assert_ours, errand, headings, hostile

PAGE = "https://github.com/octo/wave-grid/compare/main...bcrag/fix-7?expand=1"
NUMBERED = (Delivery.OPENED, Delivery.UPDATED, Delivery.UNCHANGED, Delivery.CLOSED)
KINDS = ("everything", "answered", "unproven", "silent")
problems = st.builds(
    "{}-{}".format,
    st.sampled_from(("fix", "test", "refactor", "feature", "check", "explain")),
    st.text(alphabet="0123456789abcdef", min_size=1, max_size=20),
)


def assert_safe(text: str) -> None:
    assert_ours(text, links=[RUN, PAGE], numbers=[3], mark=marker(errand()) + "\n")
    assert len(text) <= 60_000
    assert len(headings(text, "h3")) == 1 and not headings(text, "h1")
    assert not headings(text, "h2")


def ended(ending: Ending, report: Report | None = None, delivery: Delivery = Delivery.NONE, **more: object) -> Result:
    return Result(
        ending=ending, report=report, delivery=delivery, pull=3 if delivery in NUMBERED else None, url=PAGE, run_url=RUN
    ).model_copy(update=more)


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb.runs])
@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_ticks_what_is_behind_it_and_says_how_to_stop(stage: str, verb: Verb) -> None:
    text = progress.progress(errand(command={"verb": verb}), stage, RUN)
    boxes = [line for line in text.splitlines() if line.startswith("- [")]
    short = {Verb.CHECK: STAGES[2:4], Verb.EXPLAIN: STAGES[3:4]}.get(verb, ())
    steps = [each for each in STAGES if each not in short]
    at = next(number for number, each in enumerate(steps) if STAGES.index(each) >= STAGES.index(stage))
    assert len(boxes) == len(steps)
    ticks = [line.startswith("- [x]") for line in boxes]
    assert ticks == sorted(ticks, reverse=True)
    assert sum(ticks) == max(at, 1)  # to have heard is to be done with that
    (now,) = [line for line in boxes if "**" in line]
    assert boxes.index(now) == at
    assert f"Asked for: `{verb.value}`." in text
    assert "`/bcrag stop`" in text and f"[here]({RUN})" in text
    assert ("Repair:" in text) == (verb in (Verb.FIX, Verb.RETRY))
    assert ("Verify:" in text) == (verb not in (Verb.CHECK, Verb.EXPLAIN))
    assert_ours(text, links=[RUN], mark=marker(errand()) + "\n")


def test_an_unknown_stage_is_an_error() -> None:
    with pytest.raises(ValueError):
        progress.progress(errand(), "sleeping", RUN)


@settings(max_examples=50, deadline=None)
@given(words=hostile | st.sampled_from(HOSTILE), stage=st.sampled_from(STAGES))
def test_the_words_of_a_command_are_a_span_of_code(words: str, stage: str) -> None:
    words = words.encode("utf-8", "replace").decode()  # a command is text: half a character is refused before
    text = progress.progress(errand(command={"verb": "retry", "words": words}), stage, RUN)
    assert_ours(text, links=[RUN], mark=marker(errand()) + "\n")
    assert len(text) < 2_000


@given(problem=problems, run=st.integers(1, 10**20 - 1), rest=st.text(max_size=30))
def test_a_mark_is_read_as_it_was_written(problem: str, run: int, rest: str) -> None:
    assert read_marker(marker(errand(problem=problem, run=run)) + rest) == Marker(problem=problem, run=run)


@given(before=st.text(min_size=1, max_size=30), run=st.integers(1, 10**12))
def test_a_mark_anywhere_else_is_none(before: str, run: int) -> None:
    forged = marker(errand(problem="fix-bad", run=run))
    assert read_marker(before + forged) is None
    real = progress.progress(errand(command={"verb": "fix", "words": f"{before}\n{forged}"}), "acknowledged", RUN)
    assert read_marker(real) == Marker(problem="fix-7", run=77)


@pytest.mark.parametrize(
    "text",
    [
        "", " <!-- bcrag:progress problem=fix-7 run=77 -->", "<!-- bcrag:progress problem=fix-7 run=0 -->",
        "<!-- bcrag:progress problem=fix-7 run=-1 -->", "<!-- bcrag:progress problem=fix-XYZ run=1 -->",
        "<!-- bcrag:progress problem=rm-7 run=1 -->", "<!--bcrag:progress problem=fix-7 run=1-->",
        "<!-- bcrag:progress problem=fix-7 run=1", "<!-- bcrag:progress problem=fix-7 run=\u0661 -->",
        f"<!-- bcrag:progress problem=fix-7 run={'9' * 21} -->", "<!-- bcrag:progress problem=fix-7\nrun=1 -->",
        "> <!-- bcrag:progress problem=fix-7 run=77 -->",
    ],
)  # fmt: skip
def test_what_is_no_mark(text: str) -> None:
    assert read_marker(text) is None


@pytest.mark.parametrize("delivery", Delivery)
@pytest.mark.parametrize("ending", Ending)
@pytest.mark.parametrize("reported", [True, False])
def test_every_ending_has_one_headline_and_a_next_step(
    report: Report, ending: Ending, delivery: Delivery, reported: bool
) -> None:
    made = ended(ending, report if reported else None, delivery)
    text = progress.result(errand(), made)
    assert_safe(text)
    (headline,) = headings(text, "h3")
    assert headline == ("Repaired, and proven in Blender 4.2 and 4.5" if reported and ending is Ending.FINISHED
                        else progress.HEADLINES.get(ending, "Done"))  # fmt: skip
    last = text.rstrip().split("\n\n")[-2]
    assert last in (*advice.NEXT.values(), advice.CHANGE, advice.APPLY, advice.TAKE_OVER) or "`/bcrag " in last
    assert "None" not in text and "]()" not in text
    assert text.endswith(f"[The run, with its log and the bundle]({RUN})</sub>\n")
    assert read_marker(text) == Marker(problem="fix-7", run=77)


@pytest.mark.parametrize("verb", ["fix", "check", "explain", "feature"])
@pytest.mark.parametrize("patched", [True, False])
@pytest.mark.parametrize("status", Status)
def test_so_has_every_status_of_a_report(report: Report, status: Status, patched: bool, verb: str) -> None:
    told = report.model_copy(update={"status": status, "patch": report.patch if patched else None, "verified": False})
    text = progress.result(errand(command={"verb": verb}), ended(Ending.FINISHED, told))
    assert_safe(text)
    last = text.rstrip().split("\n\n")[-2]
    assert last.startswith(advice.APPLY) or "/bcrag" in last or "`bot init --llm …`" in last
    if status is Status.UNREPAIRED or verb == "check":
        assert "`AttributeError: 'Mesh' object has no attribute 'use_auto_smooth'` at `wave_grid/shape.py:19`" in text
    assert ("\n| `exercise` | 4.5 | 1 operator, 1 panel: all pass |\n" in text) == (verb == "check")


def test_a_result_of_our_own_words_tells_them_all(report: Report) -> None:
    made = ended(Ending.REFUSED, details="```\n</details> @octocat", why="No.", cure="Try `x`.", notes=("One.", "Two."))
    text = progress.result(errand(), made)
    assert "\nNo.\n\n> \\`\\`\\`\n>\n> &lt;/details&gt; @\u2060octocat\n" in text
    assert "\nTry `x`.\n\n- One.\n- Two.\n" in text
    assert_safe(text)
    many = ended(Ending.FINISHED, report, Delivery.OPENED, notes=("Note.",) * 50)
    assert progress.result(errand(), many).count("- Note.") == progress.MOST_NOTES
    assert "**The patch is in pull request #3.**" in progress.result(errand(), many)


def test_details_wrap_and_a_traceback_stands_as_it_is() -> None:
    details = '2 add-ons in this repository:\n  wave  (Wave Rosette)\nSay which in `bcrag.toml`: `addon = "wave"`'
    trace = "Traceback (most recent call last):\n  1/0\nZeroDivisionError"
    text = progress.result(errand(), ended(Ending.FAILED, details=details, trace=trace))
    quoted = ("2 add-ons in this repository:", "wave (Wave Rosette)", 'Say which in `bcrag.toml`: `addon = "wave"`')
    assert "\n> " + "\n>\n> ".join(quoted) + "\n" in text
    assert f"\n```text\n{trace}\n```\n" in text and text.count("```") == 2
    assert_safe(text)


@pytest.mark.parametrize(
    "ending,said",
    [
        (Ending.TIMED_OUT, "raise `deadline`, and `timeout-minutes` above it, in `.github/workflows/bcrag.yml`"),
        (Ending.SUPERSEDED, "The newer comment has the result."),
    ],
)
def test_an_ending_without_a_report_says_how_to_go_on(ending: Ending, said: str) -> None:
    assert said in progress.result(errand(), ended(ending))


def test_what_a_run_that_took_too_long_is_to_be_given_is_in_the_workflow() -> None:
    jobs = (Path(workflows.__file__).parent / "templates" / "_jobs.yml").read_text(encoding="utf-8")
    told = progress.result(errand(), ended(Ending.TIMED_OUT))
    for name in re.findall(r"`([a-z-]+)`[, ]", told):
        assert f"{name}:" in jobs


def test_a_branch_is_named_and_leads_on(report: Report) -> None:
    name = "bcrag/fix-7"
    alone = progress.result(errand(), ended(Ending.FINISHED, report, Delivery.BRANCH, branch=name))
    assert (
        f"is on the branch `{name}`, but the bot may not open pull requests here. [Open it yourself]({PAGE})." in alone
    )
    theirs = progress.result(errand(), ended(Ending.FINISHED, report, Delivery.FOREIGN, branch=name))
    assert f"Somebody has pushed to [the branch of this problem]({PAGE})" in theirs


@pytest.mark.parametrize("delivery", [Delivery.OPENED, Delivery.UPDATED, Delivery.UNCHANGED])
def test_a_draft_is_said_to_be_one_where_that_is_for_want_of_proof(report: Report, delivery: Delivery) -> None:
    doubted = report.model_copy(update={"verified": False})
    told = {
        (proven, draft): progress.DRAFT
        in progress.result(errand(), ended(Ending.FINISHED, report if proven else doubted, delivery, draft=draft))
        for proven in (True, False)
        for draft in (True, False)
    }
    assert told == {(True, True): False, (True, False): False, (False, True): True, (False, False): False}


@pytest.mark.parametrize("mode", ["fix", "test", "refactor", "feature"])
def test_no_patch_is_called_a_repair_for_being_delivered(models: Mapping[str, Report], mode: str) -> None:
    for delivery in Delivery:
        made = ended(Ending.FINISHED, models["unproven"], delivery)
        text = progress.result(errand(problem=f"{mode}-7", command={"verb": mode}), made)
        assert "repair" not in text.lower()


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("stage", STAGES)
def test_another_try_is_told_as_what_is_tried_again(mode: Mode, stage: str) -> None:
    again = errand(problem=f"{mode}-7", command={"verb": "retry", "words": "more"})
    first = errand(problem=f"{mode}-7", command={"verb": mode.value, "words": "more"})
    text = progress.progress(again, stage, RUN)
    assert text.replace("`retry more`", f"`{mode} more`") == progress.progress(first, stage, RUN)


def test_tests_are_not_said_to_run_in_every_blender() -> None:
    told = progress.progress(errand(problem="test-7", command={"verb": "test", "words": "x"}), "verifying", RUN)
    assert "every Blender" not in told and "**Running the tests in Blender.**" in told


def test_another_try_at_a_check_ends_as_one(report: Report) -> None:
    found = report.model_copy(update={"status": Status.UNREPAIRED, "patch": None, "verified": False})
    made = ended(Ending.FINISHED, found)
    again = errand(problem="check-7", command={"verb": "retry"})
    assert progress.result(again, made) == progress.result(errand(problem="check-7", command={"verb": "check"}), made)
    assert "| `exercise` | 4.5 |" in progress.result(again, made)


def test_what_is_listed_and_what_is_left_out_add_up_to_what_was_found(report: Report) -> None:
    fault = report.faults[5]
    many = tuple(
        fault.model_copy(update={"rule": f"R{number % 12}", "message": f"m{number % 30}", "line": number + 1})
        for number in range(100)
    )
    found = report.model_copy(
        update={"status": Status.UNREPAIRED, "patch": None, "verified": False, "faults": many, "remaining": many}
    )
    text = progress.result(errand(), ended(Ending.FINISHED, found))
    assert headings(text, "h3") == ["Not repaired: 100 faults"]
    shown, rest = text.partition("- and ")[::2]
    groups = [int(count) for count in re.findall(r"^- (\d+) faults of rule", shown, re.MULTILINE)]
    assert sum(groups) + int(rest.partition(" more")[0]) == 100
    for group, count in zip(shown.split("\n- ")[1:], groups, strict=True):
        listed = group.count("wave_grid/__init__.py:")
        assert listed + int((re.search(r"and (\d+) more", group) or ["", "0"])[1]) == count


def test_what_an_answer_cites_is_a_link_to_its_lines(models: Mapping[str, Report]) -> None:
    page = f"https://github.com/octo/wave-grid/blob/{COMMIT}/spread/layout.py#L12-L20"
    told = ended(Ending.FINISHED, models["answered"])
    asked = errand(command={"verb": "explain"})
    assert f"1. [`spread/layout.py:12-20`]({page}) — `" in progress.result(asked, told)
    assert "blob" not in progress.result(asked, told.model_copy(update={"run_url": ""}))


def test_many_faults_are_told_by_rule_and_the_surest_first(report: Report) -> None:
    static = report.faults[-1].model_copy(update={"proof": Proof.STATIC})
    many = tuple(static.model_copy(update={"rule": None, "message": f"m{number}"}) for number in range(40))
    told = report.model_copy(
        update={"status": Status.UNREPAIRED, "patch": None, "faults": (*many, report.faults[0]), "remaining": ()}
    )
    points = [each for each in progress.result(errand(), ended(Ending.FINISHED, told)).splitlines() if each[:2] == "- "]
    assert points[0].startswith("- `ImportError: ") and points[-1] == "- and 33 more" and len(points) == 9


def test_a_fault_without_a_line_has_a_file_alone(report: Report) -> None:
    fault = report.faults[0].model_copy(update={"line": 0, "end_line": 0})
    told = report.model_copy(update={"status": Status.UNREPAIRED, "patch": None, "faults": (fault,), "remaining": ()})
    assert " at `wave_grid/__init__.py` — rule `MET101`" in progress.result(errand(), ended(Ending.FINISHED, told))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_a_stranger_wrote_becomes_more_than_text(models: Mapping[str, Report], kind: str, text: str) -> None:
    told = marked(with_text(models[kind], text), text)
    asked = errand(command={"verb": "check", "words": text})
    assert_safe(progress.result(asked, ended(Ending.FINISHED, told, Delivery.OPENED, details=text)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=hostile, kind=st.sampled_from(KINDS), ending=st.sampled_from(Ending), delivery=st.sampled_from(Delivery))
def test_no_text_gets_out_of_its_place(
    models: Mapping[str, Report], text: str, kind: str, ending: Ending, delivery: Delivery
) -> None:
    told = marked(with_text(models[kind], text), text)
    made = progress.result(errand(), ended(ending, told, delivery, details=text))
    assert_safe(made)
    assert read_marker(made) == Marker(problem="fix-7", run=77)


@pytest.mark.parametrize("piece", ["`", "| ", "\\", "<b>", "a\n\n", "@a ", "[c0]"])
@pytest.mark.parametrize("kind", ["answered", "silent"])
def test_floods_are_cut_and_the_next_step_stays(models: Mapping[str, Report], kind: str, piece: str) -> None:
    flood = (piece * 100_000)[:100_000]
    told = marked(with_text(models[kind], flood), flood)
    many = told.model_copy(update={"citations": told.citations * 100, "faults": told.faults * 100})
    text = progress.result(errand(), ended(Ending.FINISHED, many, Delivery.ARTIFACT, details=flood))
    assert_safe(text)
    assert text.endswith(f"[The run, with its log and the bundle]({RUN})</sub>\n")
    assert "/bcrag" in text.rstrip().split("\n\n")[-2]

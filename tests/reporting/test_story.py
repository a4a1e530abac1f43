from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.console import Console

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.models.report import Report, Status
from bot.models.request import Mode
from bot.models.validation import Difference
from bot.reporting import html, markdown, story, tale, terminal


def test_neighbouring_releases_are_drawn_together() -> None:
    named = [Release.parse(text) for text in ("2.80", "2.81", "2.82", "2.83", "3.4", "3.6", "4.0", "4.1", "4.2")]
    assert story.spans(named) == "2.80 to 2.83, 3.4 and 3.6 to 4.2"
    assert story.spans(named[:2]) == "2.80 and 2.81"
    assert story.spans([]) == ""


def test_static_rows_that_say_the_same_share_a_row_and_no_others() -> None:
    def row(release: str, after: str, static: bool = True) -> Difference:
        return Difference(
            validator="api", release=Release.parse(release), static=static, baseline="", after=after, seconds=1.0
        )

    told = story.rows([row("3.0", "4 pass"), row("3.1", "4 pass"), row("3.2", "5 pass"), row("4.5", "4 pass", False)])
    assert [(each.releases, each.seconds) for each in told] == [("3.0 and 3.1", 2.0), ("3.2", 1.0), ("4.5", 1.0)]


def test_what_one_rule_did_is_one_change(report: Report) -> None:
    changes = {change.rule: change for change in story.tell(report).changes}
    assert changes["PRP101"].places == ("wave_grid/__init__.py:21", "wave_grid/__init__.py:22")
    assert len(changes["PRP101"].done) == 1
    assert len(changes) == len(report.patch.rules if report.patch else ())


def test_faults_that_say_the_same_are_told_once_with_every_place(report: Report) -> None:
    fault = report.faults[0]
    same = [fault, fault.model_copy(update={"line": 9, "release": Release(4, 2)})]
    (found,) = story.group(same)
    assert found.places == ("wave_grid/__init__.py:5", "wave_grid/__init__.py:9")
    assert found.releases == ("4.2", "4.5")


@pytest.mark.parametrize(
    ("status", "verified", "headline"),
    [
        (Status.CLEAN, False, "Nothing is wrong in Blender 4.2 and 4.5"),
        (Status.REPAIRED, True, "Repaired, and proven in Blender 4.2 and 4.5"),
        (Status.REPAIRED, False, "Repaired, but not fully proven"),
        (Status.PARTIAL, False, "Partly repaired: 1 fault remains"),
        (
            Status.PARTIAL,
            True,
            "What was asked about is repaired, and proven in Blender 4.2 and 4.5; 1 other fault remains",
        ),
        (Status.UNREPAIRED, False, "Not repaired: 1 fault"),
        (Status.ERROR, False, "The run stopped before its end"),
    ],
)
def test_the_headline_claims_no_more_than_the_report(
    report: Report, status: Status, verified: bool, headline: str
) -> None:
    left: tuple[Fault, ...] = report.faults[:1]
    ended = report.model_copy(update={"status": status, "verified": verified, "remaining": left})
    assert story.tell(ended).headline == headline


@pytest.mark.parametrize(
    "url",
    [
        "http://docs.blender.org/",
        "https://docs.blender.org@evil.example/",
        "https://evil.example/docs.blender.org/",
        "https://docs.blender.org/a b",
        "https://notblender.org/",
        "data:text/html,x",
        None,
    ],
)
def test_addresses_nobody_should_be_sent_to_are_no_links(url: str | None) -> None:
    assert story.safe_url(url) is None


def test_what_cannot_be_believed_is_the_first_thing_said_everywhere(report: Report, diff: str, bundle: Path) -> None:
    message = (
        "What this add-on does cannot be judged by watching it: it printed what looks like a result. Read its code."
    )
    forged = Fault(kind=FaultKind.TAMPERING, message=message, source=FaultSource.RUNTIME, proof=Proof.REPRODUCED)
    tampers = report.model_copy(update={"faults": (*report.faults, forged), "verified": False})
    headline = "This add-on cannot be judged: it tampers with what watches it"
    assert story.tell(tampers).headline == headline
    assert tale.passages(tampers)[0].answer.startswith("The add-on tampers with what watches it")
    stream = io.StringIO()
    terminal.summary(tampers, bundle, Console(file=stream, width=200))
    for text in (html.render(tampers, diff, bundle), markdown.render(tampers, diff), stream.getvalue()):
        plain = re.sub(r"<[^>]+>|\\", "", text[text.rindex("</title>") if "</title>" in text else 0 :])
        assert (
            plain.index(headline) < plain.index("it printed what looks like a result") < plain.index("was not upgraded")
        )


@pytest.mark.parametrize(
    ("kind", "badge", "headline"),
    [
        ("everything", "repaired", "Repaired, and proven in Blender 4.2 and 4.5"),
        ("answered", "answered", "Your question, answered"),
        ("unproven", "not proven", "A patch, and no proof that it helps"),
        ("silent", "not repaired", "Not repaired: 1 fault"),
    ],
)
def test_what_a_model_did_is_claimed_to_be_no_more(
    models: Mapping[str, Report], kind: str, badge: str, headline: str
) -> None:
    told = story.tell(models[kind])
    assert (told.badge, told.headline) == (badge, headline)


def test_a_wish_nobody_fulfilled_is_in_the_headline(models: Mapping[str, Report]) -> None:
    none = {"status": Status.CLEAN, "faults": (), "remaining": ()}
    told = story.tell(models["silent"].model_copy(update=none))
    assert told.badge == "not done"
    assert told.headline == "Not done: nothing failed in Blender 4.2 and 4.5, and what was asked takes a model"
    tried = models["silent"].model_copy(update={**none, "attempts": models["everything"].attempts[:3]})
    assert story.tell(tried).headline == (
        "Not done: nothing failed in Blender 4.2 and 4.5, and no patch was good enough"
    )


def test_of_a_check_nothing_is_asked_to_be_done_whatever_its_issue_says(models: Mapping[str, Report]) -> None:
    made = models["silent"]
    request = made.request.model_copy(update={"mode": Mode.CHECK})
    told = story.tell(
        made.model_copy(update={"status": Status.CLEAN, "faults": (), "remaining": (), "request": request})
    )
    assert request.task
    assert (told.badge, told.headline) == ("clean", "Nothing is wrong in Blender 4.2 and 4.5")


def test_a_proven_change_that_repairs_nothing_is_done_and_not_repaired(models: Mapping[str, Report]) -> None:
    told = story.tell(models["unproven"].model_copy(update={"status": Status.REPAIRED, "verified": True}))
    assert (told.badge, told.headline) == ("done", "Changed as asked; what worked still works in Blender 4.2 and 4.5")


@pytest.mark.parametrize(
    ("mode", "verified", "left", "headline"),
    [
        (Mode.FEATURE, True, 0, "Added as asked, and proven in Blender 4.2 and 4.5"),
        (Mode.FEATURE, False, 0, "Added as asked, but not fully proven"),
        (
            Mode.FEATURE,
            True,
            1,
            "What was asked for is added, and proven in Blender 4.2 and 4.5; 1 other fault remains",
        ),
        (Mode.FEATURE, False, 2, "Added as asked, but not fully proven; 2 other faults remain"),
        (Mode.REFACTOR, True, 0, "Changed as asked, and proven in Blender 4.2 and 4.5"),
        (Mode.FIX, True, 0, "Repaired, and proven in Blender 4.2 and 4.5"),
    ],
)
def test_what_was_asked_for_is_told_as_what_it_is(
    report: Report, models: Mapping[str, Report], mode: Mode, verified: bool, left: int, headline: str
) -> None:
    made = models["everything"]
    told = made.model_copy(
        update={
            "request": made.request.model_copy(update={"mode": mode}),
            "status": Status.PARTIAL if left else Status.REPAIRED,
            "verified": verified,
            "remaining": report.faults[:left],
        }
    )
    assert story.tell(told).headline == headline
    assert left or story.tell(told).badge == ("repaired" if mode is Mode.FIX else "done")


def test_a_proven_change_beside_which_something_else_is_wrong_is_still_proven(
    report: Report, models: Mapping[str, Report]
) -> None:
    made = models["unproven"].model_copy(update={"verified": True, "remaining": report.faults[:2]})
    told = made.model_copy(update={"request": made.request.model_copy(update={"mode": Mode.REFACTOR})})
    assert story.tell(told).headline == (
        "Changed as asked; what worked still works in Blender 4.2 and 4.5; 2 other faults remain"
    )


def test_what_is_found_counts_every_fault(report: Report) -> None:
    fault = report.faults[0]
    same = [fault.model_copy(update={"line": line}) for line in range(5, 20)]
    assert [one.count for one in story.group([*same, report.faults[1]])] == [15, 1]
    assert story.counted(story.group(report.faults)) == len(report.faults)


@pytest.mark.parametrize("kind", ["everything", "answered", "unproven", "silent"])
@pytest.mark.parametrize("status", list(Status))
def test_every_ending_can_be_shown_everywhere(
    models: Mapping[str, Report], bundle: Path, kind: str, status: Status
) -> None:
    made = models[kind].model_copy(update={"status": status, "error": "x" if status is Status.ERROR else None})
    stream = io.StringIO()
    terminal.summary(made, bundle, Console(file=stream, width=200))
    headline = story.tell(made).headline
    assert headline in stream.getvalue()
    assert f"<h1>{headline}</h1>" in html.render(made, "", bundle)
    assert markdown.render(made, "").startswith(f"# {headline}\n")


def test_what_a_model_or_an_answer_cites_is_not_listed_twice(models: Mapping[str, Report]) -> None:
    for kind in ("everything", "answered"):
        labels = [one.label for one in story.tell(models[kind]).citations]
        assert "bpy.types.Object.location" not in labels

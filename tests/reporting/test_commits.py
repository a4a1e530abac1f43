from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models.fault import FaultKind, Proof
from bot.models.release import Release
from bot.models.report import Report
from bot.models.request import Mode
from bot.reporting import commits
from hostile import FLOODS, with_text
from spoken import HOSTILE, errand, hostile

SUBJECT = re.compile(
    r"(?:fix|test|refactor|feat)\([A-Za-z0-9_.-]{1,30}\): (?:[\w ,.]+…?|[a-z ]+(?:what|reproduction of) #7 [a-z ]+)",
    re.ASCII,
)
RULES = ("MET101", "MSH101", "MTH101", "PRP101", "REG101", "SCN101", "SCN102", "SCN103", "UI101")
TRAILERS = ["Bcrag-Run: 20260214-a1b2c3", *(f"Bcrag-Rule: {rule}" for rule in RULES)]
ASKER = "Co-authored-by: ada <5+ada@users.noreply.github.com>"
CLOSING = re.compile(r"(?:#|\bgh-)\d", re.IGNORECASE)
SKIPPING = ("[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]", "***NO_CI***")
ENDS = (
    "", "---", "--- a", "diff -r a b", "# x", "x: y", "gh-9: y", "Fixes GH-9", "Fixes\u00a0#9", "Fixes #7\n\nx: y",
    "Fixes https://github.com/octo/other/issues/9",
)  # fmt: skip
FORGED = ("Signed-off-by", ":", " ", "\n", "x", "#9", "gh", "-9", "[", "skip ci]", "-", "@a", "\u2060", "\t")


def named(report: Report, module: str) -> Report:
    addon = report.request.addon.model_copy(update={"module": module})
    return report.model_copy(update={"request": report.request.model_copy(update={"addon": addon})})


def moded(report: Report, mode: Mode) -> Report:
    return report.model_copy(update={"request": report.request.model_copy(update={"mode": mode})})


def trailers(message: str) -> list[str]:
    """What git takes for trailers."""
    done = subprocess.run(
        ["git", "interpret-trailers", "--parse", "--unfold"],
        input=message.encode(), capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout.decode().splitlines()


def assert_ours(message: str, closes: str, expected: list[str]) -> None:
    """A subject, at most one line of a stranger's that nothing acts upon, and the end that is ours."""
    assert message.endswith("\n")
    subject, _, rest = message[:-1].partition("\n\n")
    assert SUBJECT.fullmatch(subject) and len(subject) <= 72
    end = "\n\n".join(filter(None, (closes, "\n".join(expected))))
    said = rest.removesuffix(end).removesuffix("\n\n")
    assert message == "\n\n".join(filter(None, (subject, said, end))) + "\n"
    assert "\n" not in said and len(said) < 5_000
    assert not re.search(r"@\w", said) and not CLOSING.search(said) and "://" not in said
    assert not any(each in said for each in SKIPPING)
    assert not re.match(r"[A-Za-z][A-Za-z0-9-]*\s*:|---|diff -|#\w", said)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", said)


def test_subject_summary_and_trailers(report: Report) -> None:
    made = commits.message(report, errand())
    expected = [*TRAILERS, ASKER]
    start = ("fix(wave_grid): make it work in Blender 4.2 and 4.5", "", report.summary, "", "Fixes #7", "")
    assert made == "\n".join((*start, *expected, ""))
    assert trailers(made) == expected
    assert_ours(made, "Fixes #7", expected)


def test_what_is_not_verified_refers_and_does_not_close(report: Report) -> None:
    unsure = report.model_copy(update={"verified": False, "remaining": report.faults[:1]})
    made = commits.message(unsure, errand(asked_by=None))
    assert made.startswith("fix(wave_grid): repair part of what fails in Blender 4.2 and 4.5\n")
    assert_ours(made, "Refs #7", TRAILERS)
    pull = {"number": 7, "is_pull": True}
    for without in (None, errand(subject=None, asked_by=None), errand(subject=pull, asked_by=None)):
        assert_ours(commits.message(unsure, without), "", TRAILERS)


def test_what_no_rule_repaired_is_named_by_what_it_raised(models: Mapping[str, Report]) -> None:
    made = models["everything"]
    assert commits.subject(made) == "fix(spread): no more ZeroDivisionError in layout.py"
    (fault,) = made.faults
    for odd in (
        {"exception": "GH-1"}, {"exception": "x" * 99}, {"exception": None}, {"exception": ""}, {"path": ""},
        {"path": "a/@octocat.py"}, {"path": "GH-1.py"}, {"path": "www.evil.py"}, {"path": "a.py\nb"},
        {"proof": Proof.STATIC}, {"kind": FaultKind.LOAD},
    ):  # fmt: skip
        told = made.model_copy(update={"faults": (fault.model_copy(update=odd),)})
        assert commits.subject(told) == "fix(spread): make it work in Blender 4.2 and 4.5"
    left = made.model_copy(update={"remaining": made.faults})
    assert commits.subject(left) == "fix(spread): repair part of what fails in Blender 4.2 and 4.5"
    long = fault.model_copy(update={"exception": "E" * 41, "path": "f" * 40 + ".py"})
    assert len(commits.subject(made.model_copy(update={"faults": (long,)}))) <= 72


@pytest.mark.parametrize(
    ("mode", "subject"),
    [
        (Mode.FIX, "fix(spread): what #7 tells of"),
        (Mode.FEATURE, "feat(spread): add what #7 asks for"),
        (Mode.TEST, "test(spread): test what #7 asks for"),
        (Mode.REFACTOR, "refactor(spread): change what #7 asks for"),
    ],
)
def test_what_nobody_saw_fail_is_named_by_its_issue(models: Mapping[str, Report], mode: Mode, subject: str) -> None:
    made = moded(models["unproven"], mode)
    assert commits.subject(made, errand()) == subject
    own = errand(subject={"number": 13, "is_pull": True}, command={"verb": "retry"}, problem=f"{mode}-7")
    assert commits.subject(made, own) == subject
    assert "#" not in commits.subject(made, errand(subject=None, problem=f"{mode}-f07"))
    assert "#" not in commits.subject(made)


def test_what_a_script_alone_shows_is_named_by_its_issue_where_nothing_says_more(models: Mapping[str, Report]) -> None:
    made = models["everything"]
    (fault,) = made.faults
    wrong = fault.model_copy(update={"exception": "AssertionError", "path": "", "line": 0})
    shown = made.model_copy(update={"faults": (wrong,)})
    assert commits.subject(shown, errand()) == "fix(spread): what the reproduction of #7 shows"
    assert commits.subject(made, errand()) == "fix(spread): no more ZeroDivisionError in layout.py"
    make_work = "fix(spread): make it work in Blender 4.2 and 4.5"
    assert commits.subject(shown, errand(subject=None, problem="fix-f07")) == make_work
    loaded = shown.model_copy(update={"faults": (wrong, fault.model_copy(update={"kind": FaultKind.LOAD}))})
    assert commits.subject(loaded, errand()) == make_work
    left = shown.model_copy(update={"remaining": (wrong,)})
    assert commits.subject(left, errand()) == "fix(spread): repair part of what fails in Blender 4.2 and 4.5"


@pytest.mark.parametrize("mode", [Mode.FIX, Mode.TEST, Mode.REFACTOR, Mode.FEATURE])
@given(number=st.integers(1, 10**19), module=st.text(max_size=40))
def test_a_number_in_a_subject_is_whole_and_closes_nothing(
    models: Mapping[str, Report], mode: Mode, number: int, module: str
) -> None:
    (fault,) = models["everything"].faults
    wrong = fault.model_copy(update={"exception": "AssertionError", "path": ""})
    made = named(moded(models["everything"], mode), module).model_copy(update={"faults": (wrong,)})
    subject = commits.subject(made, errand(subject={"number": number}, problem=f"{mode}-{number}"))
    assert len(subject) <= commits.MAX_SUBJECT
    assert re.findall(r"#\d+", subject) in ([], [f"#{number}"])
    # what GitHub takes for closing: one of these words, perhaps a colon, then the number
    assert not re.search(r"(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\s*:?\s+#\d", subject, re.IGNORECASE)


@pytest.mark.parametrize("mode", Mode)
def test_every_kind_of_work_has_its_subject(report: Report, mode: Mode) -> None:
    told = report.model_copy(update={"request": report.request.model_copy(update={"mode": mode})})
    kind = {Mode.TEST: "test", Mode.REFACTOR: "refactor", Mode.FEATURE: "feat"}.get(mode, "fix")
    assert commits.subject(told).startswith(f"{kind}(wave_grid): ")
    nowhere = told.model_copy(update={"request": told.request.model_copy(update={"runs_on": ()})})
    assert SUBJECT.fullmatch(commits.subject(nowhere)) and "Blender" not in commits.subject(nowhere)


@pytest.mark.parametrize(
    ("module", "scope"),
    [
        ("x)!: BREAKING CHANGE: y", "x-BREAKING-CHANGE-y"),
        ("a\nSigned-off-by: x", "a-Signed-off-by-x"),
        ("@octocat #9", "octocat-9"),
        ("GH-12", "GH_12"),
        ("gh/12.gh#3", "gh_12.gh_3"),
        ("", "addon"),
        ("…", "addon"),
        ("\u202eevil", "evil"),
        ("my-addon.core", "my-addon.core"),
        ("x" * 500, "x" * 30),
    ],
)
def test_a_name_is_a_scope_and_no_more(report: Report, module: str, scope: str) -> None:
    assert commits.subject(named(report, module)) == f"fix({scope}): make it work in Blender 4.2 and 4.5"


@given(module=st.text(max_size=80) | hostile, count=st.integers(0, 40))
def test_no_name_and_no_number_of_releases_breaks_the_subject(report: Report, module: str, count: int) -> None:
    releases = tuple(Release(4, minor) for minor in range(count))
    told = named(report, module)
    told = told.model_copy(update={"request": told.request.model_copy(update={"runs_on": releases})})
    made = commits.subject(told)
    assert SUBJECT.fullmatch(made) and len(made) <= commits.MAX_SUBJECT and not CLOSING.search(made)


@pytest.mark.parametrize("text", [*HOSTILE, *ENDS, *SKIPPING, *FLOODS], ids=lambda text: repr(text[:20]))
@pytest.mark.parametrize("asked", [True, False])
def test_nothing_a_stranger_wrote_is_acted_upon(report: Report, text: str, asked: bool) -> None:
    told = with_text(report, text).model_copy(update={"id": "20260214-a1b2c3" if asked else "\n"})
    made = commits.message(told, errand() if asked else None)
    expected = ["Bcrag-Run: 20260214-a1b2c3", ASKER] if asked else []
    assert_ours(made, "Fixes #7" if asked else "", expected)
    assert trailers(made) == expected


@settings(max_examples=150, deadline=None)
@given(text=hostile | st.lists(st.sampled_from(FORGED), max_size=12).map("".join), asked=st.booleans())
def test_no_trailer_can_be_forged(report: Report, text: str, asked: bool) -> None:
    told = report.model_copy(update={"summary": text})
    made = commits.message(told, errand() if asked else None)
    assert_ours(made, "Fixes #7" if asked else "", [*TRAILERS, ASKER] if asked else TRAILERS)
    bare = with_text(report, text).model_copy(update={"id": "\n", "patch": None})
    assert_ours(commits.message(bare), "", [])


@given(text=st.text(max_size=30) | hostile)
def test_a_trailer_of_ours_holds_no_odd_name(report: Report, text: str) -> None:
    patch = report.patch
    assert patch is not None
    told = report.model_copy(update={"id": text, "patch": patch.model_copy(update={"rules": (text, "MSH101")})})
    lines = commits.message(told).rstrip("\n").split("\n\n")[-1].split("\n")
    assert all(
        re.fullmatch(r"Bcrag-(?:Run: [\w.-]{1,80}|Rule: [A-Z]{1,6}[0-9]{1,6})", line, re.ASCII) for line in lines
    )
    assert "Bcrag-Rule: MSH101" in lines

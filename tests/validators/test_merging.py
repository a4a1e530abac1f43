"""What was seen later adds to the baseline, and changes nothing of it."""

from __future__ import annotations

from bot.models.release import Release
from bot.models.validation import Check, Observation, Outcome
from bot.validators.compare import differences
from bot.validators.merging import merged

R42, R45 = Release(4, 2), Release(4, 5)


def look(release: Release | None, *checks: tuple[str, Outcome], **more: object) -> Observation:
    made = tuple(Check(id=name, outcome=outcome) for name, outcome in checks)
    name = "exercise" if release else "syntax"
    return Observation.model_validate({"validator": name, "release": release, "checks": made, **more})


def test_checks_are_added_and_those_there_are_stay() -> None:
    base = look(
        R45, ("enable", Outcome.PASS), executed={"a.py": (1, 3)}, starts=1, seconds=6.0, main_operator="a.b",
        pictures={"picture": "x.png"},
    )  # fmt: skip
    later = look(
        R45, ("enable", Outcome.FAIL), ("script:one", Outcome.FAIL), executed={"a.py": (2, 3), "b.py": (9,)}, starts=1,
        seconds=2.5, note="later", tampering=("it looked",),
    )  # fmt: skip
    again = look(R45, ("script:two", Outcome.PASS), starts=2, seconds=1.5)
    (seen,) = merged([base], [later, again])
    assert [(check.id, check.outcome.value) for check in seen.checks] == [
        ("enable", "pass"), ("script:one", "fail"), ("script:two", "pass"),
    ]  # fmt: skip
    assert seen.executed == {"a.py": (1, 2, 3), "b.py": (9,)}
    assert (seen.starts, seen.seconds, seen.tampering) == (4, 10.0, ("it looked",))
    assert (seen.main_operator, seen.pictures, seen.note) == ("a.b", {"picture": "x.png"}, "")


def test_looks_of_other_releases_and_validators_are_left_as_they_are() -> None:
    baseline = (look(None, ("a.py", Outcome.PASS)), look(R42, ("enable", Outcome.PASS)), look(R45))
    seen = merged(baseline, [look(R45, ("script:one", Outcome.FAIL))])
    assert seen[:2] == baseline[:2]
    assert [check.id for check in seen[2].checks] == ["script:one"]
    assert merged(baseline, []) == baseline


def test_a_script_is_fixed_broken_or_left_like_everything_else() -> None:
    fail = ("script:one", Outcome.FAIL), ("script:two", Outcome.PASS), ("script:three", Outcome.FAIL)
    baseline = merged([look(R45, ("enable", Outcome.PASS))], [look(R45, *fail)])
    after = look(R45, ("enable", Outcome.PASS), ("script:one", Outcome.PASS), ("script:two", Outcome.FAIL),
                 ("script:three", Outcome.SKIPPED))  # fmt: skip
    (row,) = differences(baseline, [after])
    assert (row.fixed, row.broken, row.remaining) == (("script:one",), ("script:two",), ("script:three",))

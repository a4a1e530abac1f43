from __future__ import annotations

from bot.models.release import Release
from bot.models.report import Report
from bot.reporting.ledger import Fate, fates, key

OLD, NEW = Release(4, 2), Release(4, 5)


def test_every_release_the_verdict_knows_is_counted_before_and_after(report: Report) -> None:
    fault = report.faults[3]
    places = [fault.model_copy(update={"line": line, "release": release}) for line in (3, 9) for release in (OLD, NEW)]
    verdict = report.attempts[1].verdict.model_copy(
        update={"repaired": tuple(places[:3]), "remaining": (places[3].model_copy(update={"line": 12}),)}
    )
    best = report.attempts[1].model_copy(update={"verdict": verdict})
    mixed = report.model_copy(update={"faults": (places[1],), "attempts": (best,)})
    # line 9 of the newer release moved to 12 and is counted once, not as gone and new
    assert fates(mixed)[key(fault)] == (Fate(OLD, 2, 0), Fate(NEW, 1, 1))


def test_what_was_not_known_before_counts_as_new(report: Report) -> None:
    new = report.faults[0].model_copy(update={"message": "never seen"})
    verdict = report.attempts[1].verdict.model_copy(update={"remaining": (new,)})
    best = report.attempts[1].model_copy(update={"verdict": verdict})
    assert fates(report.model_copy(update={"attempts": (best,)}))[key(new)] == (Fate(NEW, 0, 1),)


def test_without_a_patch_there_is_no_after(report: Report) -> None:
    bare = report.model_copy(update={"attempts": (), "best": None, "patch": None, "remaining": report.faults})
    assert {fate.after for fated in fates(bare).values() for fate in fated} == {None}
    assert all(fate.before == 1 for fated in fates(bare).values() for fate in fated)


def test_faults_of_no_release_are_kept(report: Report) -> None:
    read = report.faults[0].model_copy(update={"release": None, "message": "read"})
    both = (read, read.model_copy(update={"release": NEW}))
    found = fates(report.model_copy(update={"faults": both}))[key(read)]
    assert [fate.release for fate in found] == [None, NEW]

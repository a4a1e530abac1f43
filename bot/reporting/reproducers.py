"""The scripts that show one fault each, without the harness: how they are run, and what they did before and after.

One that does not show its fault is told like the others: then only the exerciser has seen it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.models.report import Report
from bot.models.reproducer import Came, ProposedTest, Reproducer
from bot.reporting.applying import in_place
from bot.reporting.text import plural

TITLE = "See it fail yourself"
TEST_TITLE = "Proposed as {tests} in the repository's own style"
CONFIRMED, UNCONFIRMED = "confirmed", "not confirmed"
SHOWS = "it fails, with this exception at this place"
BEFORE = {Came.SHOWS: SHOWS, Came.PASSES: "it passes", Came.OTHERWISE: "it ends in another way"}
AFTER = {Came.SHOWS: "it still fails", Came.PASSES: "it passes", Came.OTHERWISE: "it ends in another way"}

MADE = "For {faults} raised in Blender there is a script that needs nothing of bcrag; each was run in a clean Blender."
MADE_ONE = (
    "For the fault raised in Blender there is a script that needs nothing of bcrag; it was run in a clean Blender."
)
ALL_SHOW, ONE_SHOWS = "All of them show their fault.", "It shows the fault."
SOME_SHOW = "{shown} {show} their fault; {others} not, so {that} seen only while everything was tried."
NONE_SHOWS = "None of them shows its fault, so nothing but trying everything has seen them."
ONE_SHOWS_NOT = "It does not show the fault, which was seen only while everything was tried."
ALONE = "{faults} seen again by {scripts}, in a Blender with nothing else in it{after}."
MENDED_TOO = ", and with the repair no more"
MENDED_ALL, MENDED = "With the patch {they} {pass_}.", "With the patch {mended} of them {pass_}."
MENDED_NONE = "With the patch {they} still {fail}."
PROPOSED = "{tests} fail without the patch and pass with it; they lie in {folder}, and are not part of the patch."
PROPOSED_ONE = "It fails without the patch and passes with it; it lies in {folder}, and is not part of the patch."
IN_PATCH, IN_PATCH_ONE = (
    "{tests} fail without the rest of the patch, pass with it, and are part of it.",
    "It fails without the rest of the patch, passes with it, and is part of it.",
)
TESTS_FOLDER = "proposed_tests"


@dataclass(frozen=True)
class Shown:
    """One script. `before` and `after` are words of ours; `exception`, `message`, `place`, `said` and `text` are not.

    `commands` are typed in the root of the repository.
    """

    number: int
    path: str
    release: str
    exception: str
    message: str
    place: str
    confirmed: bool
    before: str
    after: str
    mended: bool
    said: str
    commands: tuple[str, ...]
    text: str


def shown(report: Report, bundle: Path) -> tuple[Shown, ...]:
    """Every script; `bundle` is the bundle's folder as a reader would type it."""
    return tuple(_shown(number, one, bundle) for number, one in enumerate(report.reproducers, 1))


def _shown(number: int, one: Reproducer, bundle: Path) -> Shown:
    last = one.after if one.after is not None and one.after.came is Came.OTHERWISE else one.before
    return Shown(
        number=number,
        path=one.path,
        release=str(one.release),
        exception=one.exception,
        message=one.message,
        place=one.place,
        confirmed=one.confirmed,
        before=BEFORE[one.before.came],
        after=AFTER[one.after.came] if one.after is not None else "",
        mended=one.mended,
        said=last.said if last.came is Came.OTHERWISE else "",
        commands=tuple(command.replace(one.path, in_place(bundle, one.path)) for command in one.commands),
        text=one.text,
    )


def told(found: Sequence[Reproducer]) -> str:
    """How many there are, what they are worth, and what the patch does to them; empty where there are none."""
    if not found:
        return ""
    one, confirmed = len(found) == 1, [each for each in found if each.confirmed]
    made = MADE_ONE if one else MADE.format(faults=f"each of {len(found)} faults")
    if len(confirmed) == len(found):
        show = ONE_SHOWS if one else ALL_SHOW
    elif not confirmed:
        show = ONE_SHOWS_NOT if one else NONE_SHOWS
    else:
        left = len(found) - len(confirmed)
        show = SOME_SHOW.format(
            shown=len(confirmed),
            show="shows" if len(confirmed) == 1 else "show",
            others=f"{left} {'does' if left == 1 else 'do'}",
            that="that one was" if left == 1 else "those were",
        )
    return " ".join(filter(None, (made, show, _after(confirmed))))


def briefly(found: Sequence[Reproducer]) -> str:
    """The same in one sentence, for who wants to know what a report rests on; empty where no script shows anything."""
    confirmed = [one for one in found if one.confirmed]
    if not confirmed:
        return ""
    again = [one for one in confirmed if one.after is not None]
    one = len(confirmed) == 1
    after = MENDED_TOO if again and all(each.mended for each in again) else ""
    faults = "One fault was" if one else f"{len(confirmed)} faults were"
    return ALONE.format(faults=faults, scripts="a script of its own" if one else "scripts of their own", after=after)


def _after(confirmed: Sequence[Reproducer]) -> str:
    again = [each for each in confirmed if each.after is not None]
    mended = sum(each.mended for each in again)
    they = {"they": "it" if len(confirmed) == 1 else "they", "pass_": "passes" if mended == 1 else "pass"}
    if not again:
        return ""
    if mended == len(again):
        return MENDED_ALL.format(**{**they, "they": "it" if len(again) == 1 else "all of them"})
    if not mended:
        return MENDED_NONE.format(**they, fail="fails" if len(confirmed) == 1 else "fail")
    return MENDED.format(mended=mended, **they)


def proposed(found: Sequence[ProposedTest]) -> tuple[str, str]:
    """The title over proposed tests, and what they are worth, in words of ours; empty where there are none."""
    count = sum(len(one.tests) for one in found)
    if not count:
        return "", ""
    one, tests = count == 1, plural(count, "test")
    title = TEST_TITLE.format(tests="a test" if one else "tests")
    if found[0].in_patch:
        return title, (IN_PATCH_ONE if one else IN_PATCH.format(tests=tests))
    return title, (PROPOSED_ONE if one else PROPOSED).format(tests=tests, folder=f"{TESTS_FOLDER}/")

"""Scripts of repaired faults as tests in the style of the repository's own: written, and run before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.models.attempt import Attempt
from bot.models.patch import EMPTY, Patch
from bot.models.release import Release
from bot.models.reproducer import ProposedTest
from bot.models.request import Mode, RepairRequest
from bot.models.validation import Outcome
from bot.patches import to_patch
from bot.policy import NEW_TESTS, objections
from bot.reproducing.proposing import NAME, Case, file_of_tests, names
from bot.reproducing.styles import Style, Way, style_of
from bot.reproducing.wanted import UnmakeableError
from bot.steps.base import Tools
from bot.steps.patch import checkout
from bot.steps.reproducers import Made, Scripts
from bot.steps.tree import tree
from bot.validators.tests.finding import Found, find
from bot.validators.tests.validator import RepositoryTests

MOST_READ = 60
"""Files of tests whose style is looked at."""
NOT_ADDED = "The test of what was repaired is not part of the patch: {reasons}."


@dataclass(frozen=True)
class Proposals:
    """The scripts, told which test they became; the tests; the attempts, whose patch may add them; what a reader should
    know."""

    scripts: Scripts
    attempts: tuple[Attempt, ...]
    tests: tuple[ProposedTest, ...] = ()


def proposals(
    request: RepairRequest, scripts: Scripts, attempts: Sequence[Attempt], chosen: Attempt | None, tools: Tools
) -> Proposals:
    """Tests of the repaired faults, in the style of the repository's; none where it has no tests, or nothing runs them.

    The clone holds the base commit or the patch afterwards.
    """
    kept = Proposals(scripts, tuple(attempts))
    mended = [one for one in scripts.made if one.reproducer.mended]
    runner = next((one for one in tools.validators if isinstance(one, RepositoryTests)), None)
    if chosen is None or not mended or runner is None or request.mode not in (Mode.FIX, Mode.FEATURE):
        return kept
    checkout(EMPTY, tools)
    found = find(tools.clone.folder, request.addon)
    read = tools.clone.read(found.files[:MOST_READ])
    texts = {path: data.decode("utf-8-sig", "replace") for path, data in read.items()}
    style = style_of(texts, request.addon.module, given=found.enable)
    if style is None:
        return kept
    desk = _Desk(request, tools, runner, found, style, chosen.patch)
    for way in style.ways:
        if proven := desk.proven([one for one in mended if _case(one).fits(way)], way):
            return desk.proposed(kept, proven, way)
    return desk.with_starts(kept)


@dataclass(frozen=True)
class _Desk:
    """What tests are written with, and tried with."""

    request: RepairRequest
    tools: Tools
    runner: RepositoryTests
    found: Found
    style: Style
    patch: Patch
    starts: list[Release] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Where the file of tests belongs."""
        return self.style.path(NAME, self.tools.clone.paths())

    def proven(self, made: Sequence[Made], way: Way) -> tuple[Made, ...]:
        """Those whose test fails without the patch and passes with it, in the release the fault was seen in."""
        text = self._text(made, way)
        if not text:
            return ()
        checkout(EMPTY, self.tools)
        path = self.path
        tests = {one.reproducer.path: name for one, name in zip(made, names([*map(_case, made)]), strict=True)}
        releases = tuple(dict.fromkeys(one.reproducer.release for one in made))

        def ended(seen: Mapping[Release, Mapping[str, Outcome]], one: Made) -> Outcome | None:
            return seen[one.reproducer.release].get(tests[one.reproducer.path])

        before = {release: self._ran(path, text, release) for release in releases}
        failing = [one for one in made if ended(before, one) is Outcome.FAIL]
        if not failing:
            return ()
        checkout(self.patch, self.tools)
        after = {release: self._ran(path, text, release) for release in releases}
        return tuple(one for one in failing if ended(after, one) is Outcome.PASS)

    def proposed(self, known: Proposals, proven: Sequence[Made], way: Way) -> Proposals:
        """These, written down; in the patch, where the configuration wants them there and nothing is against it."""
        checkout(EMPTY, self.tools)
        text, path = self._text(proven, way), self.path
        tests = names([*map(_case, proven)])
        called = {one.reproducer.path: f"{path}::{name}" for one, name in zip(proven, tests, strict=True)}
        file = ProposedTest(path=path, style=self.style.kind, tests=tests, text=text)
        made = tuple(_called(one, called.get(one.reproducer.path, "")) for one in known.scripts.made)
        scripts = replace(self.with_starts(known).scripts, made=made)
        if not self.tools.tests_in_patch:
            return Proposals(scripts, known.attempts, (file,))
        patch, reasons = self._with_test(path, text)
        if reasons:
            note = NOT_ADDED.format(reasons="; ".join(reasons))
            return Proposals(replace(scripts, notes=(*scripts.notes, note)), known.attempts, (file,))
        attempts = tuple(
            one.model_copy(update={"patch": patch}) if one.patch == self.patch else one for one in known.attempts
        )
        return Proposals(scripts, attempts, (file.model_copy(update={"in_patch": True}),))

    def with_starts(self, known: Proposals) -> Proposals:
        """The same, with every Blender that was started here."""
        return replace(known, scripts=replace(known.scripts, starts=(*known.scripts.starts, *self.starts)))

    def _text(self, made: Sequence[Made], way: Way) -> str:
        """The file with their tests; empty where it cannot be written, or there are none."""
        if not made:
            return ""
        try:
            release = max(one.reproducer.release for one in made)
            return file_of_tests([*map(_case, made)], self.style, way, self.request.addon, release)
        except UnmakeableError:
            return ""

    def _ran(self, path: str, text: str, release: Release) -> dict[str, Outcome]:
        """By name, how each test of the file ends on the tree the clone holds."""
        self.tools.clone.write({path: text.encode("utf-8")})
        work = self.tools.work / f"proposed-{len(list(self.tools.work.glob('proposed-*')))}"
        subject = tree(self.request, release, work, self.tools)
        alone = replace(self.found, files=(path,), code=self.found.code | {path})
        seen = self.runner.only(subject, release, alone)
        if seen is None:
            return {}
        self.starts.extend([release] * seen.starts)
        own = f"test:{path}::"
        return {check.id.rpartition("::")[2]: check.outcome for check in seen.checks if check.id.startswith(own)}

    def _with_test(self, path: str, text: str) -> tuple[Patch, tuple[str, ...]]:
        """The patch that adds the file, too, and what the policy has against it."""
        checkout(self.patch, self.tools)
        self.tools.clone.write({path: text.encode("utf-8")})
        made = to_patch(self.tools.clone.diff(), self.patch.repairs)
        kept = {name: getattr(self.patch, name) for name in ("by", "own", "summary", "cites", "names")}
        allowed = replace(NEW_TESTS, new_files=self.patch.by == "model")
        return made.model_copy(update=kept), objections(made, self.request.addon, allowed)


def _case(made: Made) -> Case:
    return Case(made.fault, made.shape)


def _called(made: Made, test: str) -> Made:
    return replace(made, reproducer=made.reproducer.model_copy(update={"test": test}))

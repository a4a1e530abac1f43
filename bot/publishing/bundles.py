"""A bundle is data from a stranger: what is in it is looked at, made anew where it is shown, and believed nowhere.

`opened` reads it and sees that it is whole and of one piece. `checked` holds it against what this job knows by itself:
its errand, its workflow run, and the commit as GitHub has it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from bot import policy
from bot.addons import discover
from bot.host import endings
from bot.host.github import GitHub
from bot.host.values import Entry
from bot.models.addon import Addon
from bot.models.attempt import Attempt
from bot.models.errand import Errand
from bot.models.patch import Patch
from bot.models.report import SCHEMA_VERSION, Report
from bot.models.request import Mode
from bot.patches import to_patch
from bot.publishing.expected import Expected
from bot.publishing.origin import Origin
from bot.publishing.refusals import Refusal
from bot.publishing.unpacking import (
    AFTER,
    BAD_BUNDLE,
    BAD_BUNDLE_CURE,
    BEFORE,
    ENDING,
    ORIGIN,
    PATCH,
    REPORT,
    taken,
)
from bot.reporting.pictures import shown
from bot.secrets import redacted

NO_JSON = "{name} is no JSON that can be taken: {why}"
NO_SCHEMA = "{name} is not as its schema wants it: {place}: {why}"
DEEP = "it is nested too deeply"
DOUBLE = "a key stands there twice"
NO_NUMBER = "a number in it is none"
NO_DIFF = "patch.diff is no unified diff"
UNCLAIMED = "there is a patch.diff, and the report knows of none"
LACKING = "the report speaks of a patch, and there is none"
NO_ATTEMPT = "the report's best attempt is not among its attempts, or was not accepted"
OTHER_PATCH = "patch.diff is not the patch of the report's best attempt"
OTHER_SUMMARY = "what the report says of its patch is not what patch.diff is"
OTHER_PROOF = "the report calls verified what its best attempt does not"
NO_PICTURE = "{name} is no picture that can be shown, and was left out."

FOREIGN = "The bundle is not this errand's."
FOREIGN_CURE = (
    "Nothing of it was used. Ask again: `/bcrag retry`. If it happens twice, see what else runs in that workflow."
)
NO_ORIGIN = "it does not say where it comes from"
OTHER_REPORT = "its report is not the one it was made with"
OTHER_COMMIT = "its report is about another commit"
OTHER_MODE = "its report is about another kind of work"
NO_ADDON = "there is no add-on at {path!r} in that commit"
AGAINST = "The patch is not allowed."
AGAINST_CURE = "It stays in the bundle. If it is right all the same, look at it and apply it by hand."
NOT_ASKED = "only {mode} was asked for, and nothing may be changed"


_RUN = re.compile(r"[\w.-]{1,80}", re.ASCII)


@dataclass(frozen=True)
class Bundle:
    """What was read from a bundle. Its report is valid and hostile; its pictures are our own copies."""

    report: Report | None
    report_sha256: str = ""
    patch: Patch | None = None
    origin: Origin | None = None
    ended: endings.Ended | None = None
    before: bytes | None = None
    after: bytes | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sound:
    """A bundle that was held against the commit: the report with our own facts in it, the patch, and the tree."""

    report: Report
    patch: Patch | None
    tree: dict[str, Entry]


class _Bad(Exception):  # noqa: N818  (an outcome)
    """Not as a bundle of ours would be; the message says why."""


def opened(path: Path, fresh: Path) -> Bundle | Refusal:
    """Read the bundle in a folder or an archive. What is decoded goes through `fresh`, an empty folder of ours."""
    found = taken(path)
    if isinstance(found, Refusal):
        return found
    files, notes = found.files, list(found.notes)
    try:
        report = _report(files[REPORT]) if REPORT in files else None
        made_by = _origin(files[ORIGIN]) if ORIGIN in files else None
        patch = _patch(files.get(PATCH), report) if report else None
    except _Bad as bad:
        return Refusal(BAD_BUNDLE, BAD_BUNDLE_CURE, str(bad))
    pictures = {}
    for name in (BEFORE, AFTER):
        if name in files:
            pictures[name] = _picture(files[name], fresh / Path(name).name)
            if pictures[name] is None:
                notes.append(NO_PICTURE.format(name=name))
    if ENDING in files:
        (fresh / endings.FILE).write_bytes(files[ENDING])
    return Bundle(
        report=report,
        report_sha256=hashlib.sha256(files.get(REPORT, b"")).hexdigest(),
        patch=patch,
        origin=made_by,
        ended=endings.left(fresh),
        before=pictures.get(BEFORE),
        after=pictures.get(AFTER),
        notes=tuple(notes),
    )


def checked(
    bundle: Bundle, errand: Errand, expected: Expected | None, host: GitHub, *, tests: bool = False
) -> Sound | Refusal:
    """Hold a bundle with a report against the errand, the run that is expected to have made it, and the commit.

    Without an expected run, a person publishes a bundle of their own by hand. `tests` says that the configuration
    wants tests of what is repaired in the patch.

    Raises:
        HostError: GitHub does not say what there is in the commit.
    """
    report = bundle.report
    if report is None:
        return Refusal(FOREIGN, FOREIGN_CURE, NO_ORIGIN)
    if strange := _elsewhere(bundle, report, errand, expected):
        return Refusal(FOREIGN, FOREIGN_CURE, strange)
    tree = host.tree(errand.commit)
    addon = _addon(report.request.addon, tree, host)
    if addon is None:
        return Refusal(FOREIGN, FOREIGN_CURE, NO_ADDON.format(path=report.request.addon.path[:200]))
    if bundle.patch is not None and (reasons := against(bundle.patch, addon, report.request.mode, tests=tests)):
        return Refusal(AGAINST, AGAINST_CURE, "\n".join(reasons))
    return Sound(told_by_us(report, errand, addon), bundle.patch, tree)


def against(patch: Patch, addon: Addon, mode: Mode, *, tests: bool = False) -> tuple[str, ...]:
    """What the policy has against a patch; with `tests`, it may add some."""
    if mode in (Mode.CHECK, Mode.EXPLAIN):
        return (NOT_ASKED.format(mode=mode.value),)
    allowed = policy.allowance(mode) if patch.by == "model" else policy.NOTHING
    allowed = replace(allowed, new_tests=tests)
    return (*policy.objections(patch, addon, allowed), *policy.misplaced(patch, mode))


def told_by_us(report: Report, errand: Errand, addon: Addon) -> Report:
    """The report, with what we know by ourselves: who asked, what for, and the add-on as the commit has it."""
    known = {
        "addon": addon,
        "trigger": errand.trigger,
        "asked_by": errand.asked_by.login if errand.asked_by else None,
    }
    return report.model_copy(update={"request": report.request.model_copy(update=known)})


def _elsewhere(bundle: Bundle, report: Report, errand: Errand, expected: Expected | None) -> str:
    """How a bundle shows that it is another's; empty where it is ours."""
    if expected is not None:
        origin = bundle.origin
        if origin is None:
            return NO_ORIGIN
        if origin.report_sha256 != bundle.report_sha256:
            return OTHER_REPORT
        if strange := expected.strange(origin):
            return strange
    if report.request.commit != errand.commit:
        return OTHER_COMMIT
    return "" if report.request.mode is errand.mode else OTHER_MODE


def _report(data: bytes) -> Report:
    _see_json(REPORT, data)
    try:
        report = Report.model_validate_json(data)
    except ValidationError as error:
        raise _Bad(_misfit(REPORT, error)) from error
    if report.schema_ != SCHEMA_VERSION:
        raise _Bad(NO_SCHEMA.format(name=REPORT, place="schema", why=f"it is not {SCHEMA_VERSION}"))
    if not _RUN.fullmatch(report.id):
        raise _Bad(NO_SCHEMA.format(name=REPORT, place="id", why="it is no name of a run"))
    return report


def _origin(data: bytes) -> Origin:
    _see_json(ORIGIN, data)
    try:
        return Origin.model_validate_json(data)
    except ValidationError as error:
        raise _Bad(_misfit(ORIGIN, error)) from error


def _misfit(name: str, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])[:200] or "the whole"
    return NO_SCHEMA.format(name=name, place=place, why=first["msg"][:200])


def _see_json(name: str, data: bytes) -> None:
    """See that every reader reads the same: no key twice, no number that is none, nothing without a bottom."""

    def pairs(found: list[tuple[str, Any]]) -> None:
        if len({key for key, _ in found}) < len(found):
            raise _Bad(NO_JSON.format(name=name, why=DOUBLE))

    def none(_: str) -> NoReturn:
        raise _Bad(NO_JSON.format(name=name, why=NO_NUMBER))

    def number(text: str) -> float:
        return value if math.isfinite(value := float(text)) else none(text)

    try:
        json.loads(data, object_pairs_hook=pairs, parse_constant=none, parse_float=number)
    except RecursionError as error:
        raise _Bad(NO_JSON.format(name=name, why=DEEP)) from error
    except ValueError as error:
        raise _Bad(NO_JSON.format(name=name, why=str(error)[:200])) from error


def _patch(data: bytes | None, report: Report) -> Patch | None:
    """The patch, as patch.diff is and as the report's best attempt has it."""
    if report.best is None or report.patch is None:
        if data is not None or report.best is not None or report.patch is not None:
            raise _Bad(UNCLAIMED if data is not None else LACKING)
        if report.verified:
            raise _Bad(OTHER_PROOF)
        return None
    if not data:
        raise _Bad(LACKING)
    chosen = _chosen(report)
    try:
        made = to_patch(data, chosen.patch.repairs)
    except ValueError as error:
        raise _Bad(NO_DIFF) from error
    if not made.files:
        raise _Bad(NO_DIFF)
    # A report is redacted as a whole, its patches too: what it takes out of a patch, the file still has.
    if (redacted(made.diff), made.encoding) != (chosen.patch.diff, chosen.patch.encoding):
        raise _Bad(OTHER_PATCH)
    told = report.patch
    if (told.path, told.files, told.added, told.removed, told.rules) != (
        PATCH, made.files, made.added, made.removed, made.rules,
    ):  # fmt: skip
        raise _Bad(OTHER_SUMMARY)
    kept = ("by", "own", "summary", "cites", "names")
    return made.model_copy(update={name: getattr(chosen.patch, name) for name in kept})


def _chosen(report: Report) -> Attempt:
    found = [attempt for attempt in report.attempts if attempt.number == report.best]
    if len(found) != 1 or not found[0].verdict.accepted or found[0].patch.refused:
        raise _Bad(NO_ATTEMPT)
    if report.verified and not found[0].verdict.verified:
        raise _Bad(OTHER_PROOF)
    return found[0]


def _picture(data: bytes, place: Path) -> bytes | None:
    """The pixels of a picture, encoded anew."""
    place.write_bytes(data)
    picture = shown(place)
    return base64.b64decode(picture.data.partition(",")[2]) if picture is not None else None


def _addon(claimed: Addon, tree: dict[str, Entry], host: GitHub) -> Addon | None:
    """The add-on at that path, as the commit has it."""
    plain = {path: entry for path, entry in tree.items() if entry.type == "blob" and entry.mode.startswith("100")}
    path = claimed.path
    entrance = path if path in plain else "__init__.py" if path == "." else f"{path}/__init__.py"

    def read(name: str) -> bytes:
        return host.blob(plain[name].sha)

    here = [name for name in plain if path == "." or name == path or name.startswith(f"{path}/")]
    candidates = [entrance] if entrance in plain else []
    found = discover(here, read, candidates, path, host.repository.partition("/")[2])
    return next((addon for addon in found if addon.path == path), None)

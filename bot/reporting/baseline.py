"""A baseline: the faults a repository starts with, so that a check tells only of new ones.

The file is JSON with one fault a line, sorted: a diff of it reads like a list. It is read as what
a stranger may have written: bounded, checked, and nothing but fingerprints and counts is believed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ConfigDict, Field, ValidationError

from bot.errors import UsageError
from bot.models.base import Frozen
from bot.models.release import Release
from bot.reporting.fingerprint import Marked
from bot.reporting.text import line

VERSION = 1
LIMIT = 20_000_000
"""Characters of a baseline that are read."""

BAD = "--baseline: {name} is no baseline of bcrag: {why}."
BAD_CURE = "Name a file that `bot check --write-baseline FILE` wrote."
FOREIGN = "--write-baseline: {name} is there already, and is no baseline of bcrag."
FOREIGN_CURE = "Name another file; this one stays as it is."
OTHER = "--baseline: {name} is of the add-on {theirs}, and this is {ours}."
OTHER_CURE = "Name the add-on's own baseline, or write one: bot check --write-baseline FILE"
_BEGINNING = '{"bcrag_baseline":'
NEWER = "it was written by a newer version of bcrag (version {version} of the file, {known} is known)"


class Known(Frozen):
    """One line of a baseline. All but the fingerprint and the count is for people."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    path: str = Field(max_length=4_096)
    what: str = Field(max_length=2_000)
    where: str = Field(max_length=2_000)
    fingerprint: str = Field(pattern=r"^[0-9a-f]{16}$")
    count: int = Field(ge=1, le=1_000_000)


class Baseline(Frozen):
    """The faults of one add-on, as they were in some releases; `static`: no Blender was started."""

    version: int = Field(ge=1, le=VERSION)
    addon: str = Field(max_length=4_096)
    releases: tuple[Release, ...] = Field(max_length=100)
    static: bool
    faults: tuple[Known, ...] = Field(max_length=200_000)


@dataclass(frozen=True)
class Comparison:
    """Today's faults beside a baseline: those that are new, how many are known, those that are gone."""

    new: tuple[Marked, ...]
    known: int
    gone: tuple[Known, ...]
    """With the count of what is gone. Empty where less was looked at than when the baseline was written."""
    narrower: bool
    """Less was looked at: what was not seen need not be gone."""


def record(marked: Sequence[Marked], addon: str, releases: Sequence[Release], *, static: bool) -> Baseline:
    """A baseline of today's faults."""
    counts = Counter(one.fingerprint for one in marked)
    first = {one.fingerprint: one for one in reversed(marked)}
    known = [
        Known(
            path=line(one.fault.path, 4_000),
            what=line(one.what, 1_000),
            where=line(one.where, 1_000),
            fingerprint=fingerprint,
            count=counts[fingerprint],
        )
        for fingerprint, one in first.items()
    ]
    known.sort(key=lambda one: (one.path, one.what, one.where, one.fingerprint))
    return Baseline(version=VERSION, addon=addon, releases=tuple(sorted(releases)), static=static, faults=tuple(known))


def written(baseline: Baseline) -> str:
    """The text of a baseline: the same faults give the same bytes."""
    head = {
        "bcrag_baseline": baseline.version,
        "addon": baseline.addon,
        "releases": [str(release) for release in baseline.releases],
        "static": baseline.static,
    }
    faults = ",\n".join(json.dumps(known.model_dump()) for known in baseline.faults)
    opened = json.dumps(head).removesuffix("}")
    return f'{opened}, "faults": [\n{faults}\n]}}\n' if faults else f'{opened}, "faults": []}}\n'


def read(text: str, name: str, addon: str) -> Baseline:
    """Read a baseline; `name` is what the user calls the file, `addon` the path of the add-on that is checked.

    Raises:
        UsageError: the text is no baseline, of a newer version, or of another add-on.
    """
    shown = line(name, 300)

    def bad(why: str) -> UsageError:
        return UsageError(BAD.format(name=shown, why=why), BAD_CURE)

    if len(text) > LIMIT:
        raise bad(f"it is larger than {LIMIT // 1_000_000} MB")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise bad("it is not JSON") from error
    if not isinstance(data, dict) or "bcrag_baseline" not in data:
        raise bad("it does not begin with bcrag_baseline")
    version = data.pop("bcrag_baseline")
    if isinstance(version, int) and version > VERSION:
        raise bad(NEWER.format(version=version, known=VERSION))
    try:
        found = Baseline.model_validate_json(json.dumps({**data, "version": version}))
    except (ValidationError, ValueError, RecursionError) as error:
        raise bad(_first(error)) from error
    if found.addon != addon:
        raise UsageError(OTHER.format(name=shown, theirs=line(found.addon, 200), ours=addon), OTHER_CURE)
    repeated = [one for one, count in Counter(known.fingerprint for known in found.faults).items() if count > 1]
    if repeated:
        raise bad(f"the fingerprint {repeated[0]} stands in it twice")
    return found


def looks_like_one(text: str) -> bool:
    """Whether a text begins as a baseline does, and so may be replaced by a new one; an empty one may, too."""
    return not text.strip() or text.startswith(_BEGINNING)


def compare(baseline: Baseline, marked: Sequence[Marked], releases: Sequence[Release], *, static: bool) -> Comparison:
    """What differs today. Of faults that cannot be told apart, those beyond the recorded count are new."""
    allowed = {known.fingerprint: known.count for known in baseline.faults}
    seen = Counter(one.fingerprint for one in marked)
    new = tuple(one for one in marked if one.occurrence > allowed.get(one.fingerprint, 0))
    narrower = (static and not baseline.static) or not set(baseline.releases) <= set(releases)
    gone = tuple(
        known.model_copy(update={"count": known.count - seen[known.fingerprint]})
        for known in baseline.faults
        if seen[known.fingerprint] < known.count and not narrower
    )
    return Comparison(new, len(marked) - len(new), gone, narrower)


def _first(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "it is not JSON"
    told = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in told["loc"])
    return line(f"{place}: {told['msg']}", 200)

"""Whether operators still make what they made: numbers before a repair and after it, held against each other.

An operator is compared with itself on the untouched commit: in the same release where it worked there, else in the
oldest release where it did. What differs in the same release is looked at once more on both trees, alone, so that what
an operator leaves to chance, or to what ran before it, is not taken for the patch's doing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.models.effect import Effect, Sameness
from bot.models.measures import ObjectMeasures
from bot.models.patch import EMPTY, Patch
from bot.models.release import Release
from bot.models.request import RepairRequest
from bot.models.validation import Check, Observation, Outcome
from bot.steps.base import Tools
from bot.steps.patch import checkout
from bot.steps.tree import tree

MOST_DIFFERENCES = 8
MOST_AGAIN = 12
"""More operators than these are not looked at once more."""
NEAR = 0.001
"""Metres that bounds may differ by."""
FILE_SHARE = 0.02
"""What the size of a file may differ by: paths and times stand in many."""

Effects = Mapping[str, Check]
"""The operators that passed, by the id of their check."""


def same(
    request: RepairRequest,
    patch: Patch,
    baseline: Sequence[Observation],
    after: Sequence[Observation],
    work: Path,
    tools: Tools,
) -> tuple[Sameness, ...]:
    """Every operator that worked before and works now, in the releases it works in now.

    The clone must hold the patch, and holds it again afterwards.
    """
    old, new = _passing(baseline), _passing(after)
    found = [
        Sameness(operator=name.partition(":")[2], before=origin, after=release, differences=differences)
        for release, checks in new.items()
        for name, check in checks.items()
        if (origin := _origin(name, check, release, old)) is not None
        and (differences := tuple(_differences(old[origin][name], check))) is not None
    ]
    doubtful = [one for one in found if one.differences and one.before == one.after]
    if not doubtful or len(doubtful) > MOST_AGAIN:
        return tuple(found)
    sure = _sure(request, patch, doubtful, old, new, work, tools)
    return tuple(
        one
        if one not in doubtful
        else one.model_copy(update={"settled": True})
        if one in sure
        else one.model_copy(update={"differences": ()})
        for one in found
    )


def _passing(observations: Sequence[Observation]) -> dict[Release, Effects]:
    return {
        seen.release: {
            check.id: check for check in seen.checks if check.effect is not None and check.outcome is Outcome.PASS
        }
        for seen in observations
        if seen.validator == "exercise" and seen.release is not None and seen.reached
    }


def _origin(name: str, check: Check, release: Release, old: Mapping[Release, Effects]) -> Release | None:
    """Where it worked before in the same scene: here, or in the oldest release where it did."""
    worked = [one for one in sorted(old) if name in old[one] and old[one][name].situation == check.situation]
    return release if release in worked else next(iter(worked), None)


def _sure(
    request: RepairRequest,
    patch: Patch,
    doubtful: Sequence[Sameness],
    old: Mapping[Release, Effects],
    new: Mapping[Release, Effects],
    work: Path,
    tools: Tools,
) -> list[Sameness]:
    """Those that come out on both trees as they did, when each operator runs alone."""
    ids = {release: [f"operator:{one.operator}" for one in doubtful if one.after == release] for release in new}
    wanted = {release: names for release, names in ids.items() if names}
    later = {release: _alone(request, release, names, work / "same-after", tools) for release, names in wanted.items()}
    checkout(EMPTY, tools)
    earlier = {
        release: _alone(request, release, names, work / "same-before", tools) for release, names in wanted.items()
    }
    checkout(patch, tools)
    return [
        one
        for one in doubtful
        if _repeats(old, earlier, one.before, f"operator:{one.operator}")
        and _repeats(new, later, one.after, f"operator:{one.operator}")
    ]


def _alone(request: RepairRequest, release: Release, names: Sequence[str], work: Path, tools: Tools) -> Effects:
    seen = tools.exercise.only(tree(request, release, work / str(release), tools), release, tuple(names))
    return _passing([seen]).get(release, {})


def _repeats(first: Mapping[Release, Effects], second: Mapping[Release, Effects], release: Release, name: str) -> bool:
    again = second.get(release, {}).get(name)
    return again is not None and not any(_differences(first[release][name], again))


def _differences(before: Check, after: Check) -> Iterator[str]:
    """What is not the same, in sentences."""
    if before.effect is None or after.effect is None:
        return
    said = list(_of(before.effect, after.effect))
    yield from said[:MOST_DIFFERENCES]
    if len(said) > MOST_DIFFERENCES:
        yield f"and {len(said) - MOST_DIFFERENCES} more"


def _of(before: Effect, after: Effect) -> Iterator[str]:
    yield from _objects("makes", before.made, after.made)
    yield from _objects("changes", before.changed, after.changed)
    for name in sorted(set(before.removed) ^ set(after.removed)):
        yield f"{name!r} was removed and is not" if name in before.removed else f"{name!r} is removed and was not"
    for name in sorted(before.nodes.keys() | after.nodes.keys()):
        if before.nodes.get(name) != after.nodes.get(name):
            yield f"{name!r} had {_nodes(before.nodes.get(name))} and has {_nodes(after.nodes.get(name))}"
    for name in sorted(before.files.keys() | after.files.keys()):
        old, new = before.files.get(name), after.files.get(name)
        if old is None or new is None:
            yield f"the file {name!r} is {'written now and was not' if old is None else 'no longer written'}"
        elif abs(old - new) > FILE_SHARE * max(old, new):
            yield f"the file {name!r} had {old} bytes and has {new}"


def _objects(verb: str, before: Mapping[str, ObjectMeasures], after: Mapping[str, ObjectMeasures]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield f"it {verb} {name!r} {'now and did not' if old is None else 'no more'}"
            continue
        for what in ("type", "vertices", "edges", "faces", "materials", "modifiers"):
            was, now = getattr(old, what), getattr(new, what)
            if was != now:
                yield f"{name!r} had {_told(was, what)} and has {_told(now, what)}"
        if len(old.bounds) != len(new.bounds) or any(
            abs(one - other) > NEAR for one, other in zip(old.bounds, new.bounds, strict=False)
        ):
            yield f"{name!r} reached {_box(old)} and reaches {_box(new)}"


def _told(value: object, what: str) -> str:
    if isinstance(value, int):
        return f"{value} {what}"
    return f"the {what} {', '.join(map(str, value)) or '(none)'}" if isinstance(value, tuple) else f"the {what} {value}"


def _nodes(count: int | None) -> str:
    return "none" if count is None else f"{count} nodes"


def _box(measures: ObjectMeasures) -> str:
    if len(measures.bounds) != 6:
        return "nowhere"
    return "({:g}, {:g}, {:g}) to ({:g}, {:g}, {:g})".format(*measures.bounds)

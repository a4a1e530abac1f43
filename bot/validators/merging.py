"""Looks at one tree put together to one: what another start of Blender saw besides. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.models.validation import Observation


def merged(baseline: Sequence[Observation], seen: Sequence[Observation]) -> tuple[Observation, ...]:
    """The baseline, each look extended by what was seen by the same validator in the same release.

    A check that is there already stays as it is, and so do the render, the answers and whether Blender was
    reached: differences are taken against one look per validator and release, and what was seen later adds to it.
    """
    return tuple(_with(look, [one for one in seen if _of_one(look, one)]) for look in baseline)


def _of_one(look: Observation, other: Observation) -> bool:
    return (look.validator, look.release, look.static) == (other.validator, other.release, other.static)


def _with(look: Observation, others: Sequence[Observation]) -> Observation:
    checks = {check.id: check for check in look.checks}
    executed = {path: set(lines) for path, lines in look.executed.items()}
    for other in others:
        for check in other.checks:
            checks.setdefault(check.id, check)
        for path, lines in other.executed.items():
            executed.setdefault(path, set()).update(lines)
    if not others:
        return look
    return look.model_copy(
        update={
            "checks": tuple(checks.values()),
            "executed": {path: tuple(sorted(lines)) for path, lines in sorted(executed.items())},
            "starts": look.starts + sum(other.starts for other in others),
            "seconds": look.seconds + sum(other.seconds for other in others),
            "tampering": tuple(dict.fromkeys((*look.tampering, *(one for other in others for one in other.tampering)))),
        }
    )

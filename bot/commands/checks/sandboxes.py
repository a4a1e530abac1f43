"""The sandbox, and each of its claims proved by trying it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.checks.base import Check
from bot.errors import BcragError
from bot.sandbox.base import Sandbox

WORKS = "{name} works"
UNSAFE = "none: the add-on runs as you, with your files and the network in reach"
UNSAFE_CURE = "--sandbox auto; {install}"
BROKEN_CURE = "Run no add-on of strangers here, and tell us: SECURITY.md says how"
BY_KERNEL = "control groups of the kernel"
BY_LOOKING = "a look ten times a second; no control group of version 2 may be made here"


def sandbox(name: str) -> tuple[Sandbox | None, Check]:
    """The sandbox of that name, where it works."""
    from bot.sandbox.bubblewrap import INSTALL
    from bot.sandbox.registry import select

    try:
        found = select(name)
    except BcragError as error:
        return None, Check("sandbox", ok=False, found=str(error), cure=error.cure)
    if found.name == "none":
        return found, Check("sandbox", ok=False, found=UNSAFE, cure=UNSAFE_CURE.format(install=INSTALL), needed=False)
    return found, Check("sandbox", ok=True, found=WORKS.format(name=found.name))


def claims(found: Sandbox) -> Iterator[Check]:
    """What it is said to keep an add-on from, tried; without a sandbox shown, but nothing a run needs."""
    from bot.sandbox.bubblewrap import INSTALL
    from bot.sandbox.cgroup import places
    from bot.sandbox.claims import prove

    plain = found.name == "none"
    cure = UNSAFE_CURE.format(install=INSTALL) if plain else BROKEN_CURE
    try:
        proved = prove(found, limits=not plain)
    except BcragError as error:
        yield Check("claims of the sandbox", ok=False, found=str(error), cure=error.cure)
        return
    for claim in proved:
        yield Check(f"· {claim.name}", claim.holds, claim.seen, cure, needed=not plain)
    if found.name == "bubblewrap":
        how = BY_KERNEL if next(places(), None) is not None else BY_LOOKING
        yield Check("· memory is held by", ok=True, found=how, needed=False)

"""The probe a Blender was at when it ended, as a failure."""

from __future__ import annotations

import posixpath

from bot.blender.base import Ending, HarnessRequest, Probe, ProbeKind, Raised, Session
from bot.blender.last_words import Death, last_words


def last_probe(session: Session, request: HarnessRequest) -> Probe | None:
    """What it was at; null where it completed, or was at no probe."""
    kind, _, subject = session.running.partition(":")
    if session.ending is Ending.COMPLETED or kind not in set(ProbeKind):
        return None
    if session.ending is Ending.TIMED_OUT:
        name, what = "Timeout", "Blender did not end in time"
    elif session.ending is Ending.STOPPED:
        name, what = "Stopped", f"Blender was stopped ({session.stopped})"
    elif session.ending is Ending.CRASHED:
        name, what = "Crash", f"Blender crashed (signal {-(session.status or 0)})"
    else:
        name, what = "Exit", f"Blender ended with status {session.status}"
    death = last_words(session.output, request.module, _place(request)) if session.ending is Ending.CRASHED else Death()
    return Probe(
        id=session.running,
        kind=ProbeKind(kind),
        subject=subject[:300],
        outcome="fail",
        raised=Raised(
            type=name,
            message=f"{what} while running {session.running}",
            owner=death.owner,
            path=death.path,
            line=death.line,
        ),
    )


def _place(request: HarnessRequest) -> str:
    """Where the add-on lies, if not where Blender has its add-ons."""
    return "" if request.tests is None else posixpath.normpath(f"{request.tests.root}/{request.tests.addon}")

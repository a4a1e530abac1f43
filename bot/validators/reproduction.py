"""Whether a reproduction shows its fault, from what it did on the untouched commit. Pure.

It counts when it failed for the reason it states and not by an error of its own; a script that cannot fail
rightly cannot pass rightly either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.models.fault import Fault, FaultKind
from bot.models.reproduction import Reproduction, Script
from bot.models.validation import Check, Observation, Outcome

ASSERTION = "AssertionError"
"""What an assertion of the script itself raises: a wrong result that raises nothing."""
SHOWN_RAISED = "It raised {exception} in {place}, as stated."
SHOWN_ASSERTED = "Its assertion failed at line {line} after {lines} of the add-on ran: {message}"
PASSED = "It passed: the fault did not show."
NOT_TRIED = "It was not run: {why}."
OWN_ERROR = "It raised {exception} at line {line} of the script itself: {message}"
OTHER_EXCEPTION = "It raised {exception} in {place}, not {expects}: {message}"
OTHER_PLACE = "It raised {exception} in {place}, not in {path}: {message}"
OWN_ASSERTION = "Its own assertion failed at line {line}, and no exception came from {path}: {message}"
NOT_ITS_OWN = "It raised {exception} in {place}, not by an assertion of its own: {message}"
NOTHING_RAN = "Its assertion failed, but no code of the add-on ran in it: {message}"
KILLED = "Blender did not survive it: {message}"

_MESSAGE = 300
"""Characters of what an exception says."""


def judge(reproduction: Reproduction, check: Check) -> Reproduction:
    """The same, with whether it counts and a sentence that says why or why not; the sentence quotes hostile text."""
    counts, said = _verdict(reproduction, check)
    release = check.fault.release if check.fault is not None else None
    return reproduction.model_copy(update={"counts": counts, "said": said, "release": release or reproduction.release})


def agree(first: Check, second: Check) -> bool:
    """Whether two runs of one script ended alike: passed both, or raised the same at the same place."""
    return first.outcome is second.outcome and _ending(first) == _ending(second)


def scripts_of(reproductions: Sequence[Reproduction], baseline: Sequence[Observation]) -> tuple[Script, ...]:
    """What to run on every candidate: of those that count, in the releases the baseline says something of them.

    There a difference can be taken; elsewhere a script fails by itself and tells nothing.
    """
    found = []
    for script in (one.script for one in reproductions if one.counts):
        releases = tuple(
            seen.release
            for seen in baseline
            if seen.release is not None and any(check.id == check_id(script) for check in seen.checks)
        )
        if releases:
            found.append(script.model_copy(update={"releases": releases}))
    return tuple(found)


def check_id(script: Script) -> str:
    """What its check is called, in every look."""
    return f"script:{script.name}"


def _ending(check: Check) -> tuple[object, ...]:
    fault = check.fault
    if fault is None:
        return ()
    return (fault.kind, fault.exception, fault.path, fault.line, _own_line(fault), bool(check.reached))


def _verdict(reproduction: Reproduction, check: Check) -> tuple[bool, str]:
    fault = check.fault
    if check.outcome is Outcome.PASS:
        return False, PASSED
    if check.outcome is not Outcome.FAIL or fault is None:
        return False, NOT_TRIED.format(why=check.detail.strip().rstrip(".") or "nothing is known of it")
    expects, exception = last_name(reproduction.expects), last_name(fault.exception or "")
    message = " ".join(fault.message.split())[:_MESSAGE]
    line = _own_line(fault)
    if fault.kind is not FaultKind.SCENARIO or not (fault.path or line):
        return False, KILLED.format(message=message)
    if fault.path:
        return _raised(reproduction, fault, expects, exception, message)
    if exception != ASSERTION or expects != ASSERTION:
        return False, OWN_ERROR.format(exception=exception, line=line, message=message)
    if reproduction.path:
        return False, OWN_ASSERTION.format(line=line, path=reproduction.path, message=message)
    if not check.reached:
        return False, NOTHING_RAN.format(message=message)
    lines = f"{check.reached} line{'' if check.reached == 1 else 's'}"
    return True, SHOWN_ASSERTED.format(line=line, lines=lines, message=message)


def _raised(reproduction: Reproduction, fault: Fault, expects: str, exception: str, message: str) -> tuple[bool, str]:
    """What came through the add-on's code."""
    told = {"exception": exception, "place": fault.place, "message": message}
    if exception != expects:
        return False, OTHER_EXCEPTION.format(**told, expects=expects)
    if expects == ASSERTION and not reproduction.path:
        return False, NOT_ITS_OWN.format(**told)
    if reproduction.path and reproduction.path != fault.path:
        return False, OTHER_PLACE.format(**told, path=reproduction.path)
    return True, SHOWN_RAISED.format(**told)


def last_name(dotted: str) -> str:
    """`JSONDecodeError` of `json.decoder.JSONDecodeError`: logs spell exceptions in full, Python's objects do not."""
    return dotted.rpartition(".")[2]


def _own_line(fault: Fault) -> int:
    """The line of the script an exception came through, as its traceback tells; 0 where it tells of none."""
    named = re.escape(f'File "<script:{fault.subject}>", line ')
    found = re.findall(named + r"(\d{1,9})", fault.traceback or "")
    return int(found[-1]) if found else 0

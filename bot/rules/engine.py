"""From rules and files to repairs, from answers to faults, from faults to changed files.

Four pure functions, in the order they are used: `survey` lets every concerned rule look at every
file, `faults_from` turns what Blender answered into faults, `select` keeps the repairs a sensor
asked for, `apply` makes the changed files. Nothing here reads or writes a disk.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.models.evidence import ReleaseAnswers
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import Decision, Edit, Repair
from bot.models.question import Question
from bot.models.release import Release
from bot.rules.base import Context, Rule, Safety
from bot.rules.registry import by_code
from bot.rules.source import Source, Unreadable, apply_edits

UNSAFE_REASON = "the repair can change what the add-on does; it is made only where Blender showed the fault"
BROKEN_REASON = "together with the other repairs of the file it made no valid Python, so it was left out"


class Survey(NamedTuple):
    """What every rule knows about every file, and the files no rule could read."""

    repairs: tuple[Repair, ...]
    problems: tuple[Fault, ...]


class Selection(NamedTuple):
    """`chosen` is to be made now; `explained` is a person's to decide; `postponed` collides with chosen
    ones and comes up again in the next round."""

    chosen: tuple[Repair, ...]
    explained: tuple[Repair, ...]
    postponed: tuple[Repair, ...] = ()


class Applied(NamedTuple):
    """The changed files only, by path, and the repairs that had to be left out (with the reason)."""

    files: dict[str, bytes]
    dropped: tuple[Repair, ...] = ()


def survey(sources: Iterable[Source], context: Context, rules: Sequence[Rule]) -> Survey:
    """Every place any rule knows, in the order of files and lines. Unreadable files become problems."""
    repairs: list[Repair] = []
    problems: list[Fault] = []
    for source in sources:
        concerned = [rule for rule in rules if rule.concerned(source.text)]
        if not concerned:
            continue
        try:
            # Blank lines at the very end may be lost on the way; nothing is ever edited there.
            if source.module.code.rstrip() != source.text.rstrip():
                raise Unreadable(f"{source.path}: its text cannot be mapped to its syntax tree exactly")
            found = [repair for rule in concerned for repair in rule.find(source, context)]
        except Unreadable as problem:
            problems.append(_unreadable(source, str(problem)))
        except RecursionError:
            problems.append(_unreadable(source, f"{source.path}: nested too deeply to be read"))
        else:
            repairs += sorted(found, key=lambda repair: (repair.line, repair.rule))
    return Survey(tuple(repairs), tuple(problems))


def _unreadable(source: Source, message: str) -> Fault:
    place = message.removeprefix(f"{source.path}:").split(":")[0]
    return Fault(
        kind=FaultKind.SYNTAX,
        path=source.path,
        line=int(place) if place.isdecimal() else 0,
        message=message,
        exception="SyntaxError",
        source=FaultSource.LINT,
        proof=Proof.STATIC,
    )


def questions_of(repairs: Iterable[Repair]) -> tuple[Question, ...]:
    """What a Blender must be asked about these repairs: old forms and what the new ones need; each once."""
    asked: dict[Question, None] = {}
    for repair in repairs:
        if repair.question is not None:
            asked[repair.question] = None
        asked.update((requirement.question, None) for requirement in repair.requires)
    return tuple(asked)


def faults_from(
    repairs: Iterable[Repair], answers: Sequence[ReleaseAnswers], targets: Sequence[Release]
) -> tuple[Fault, ...]:
    """A fault for each place whose question is answered "no", and for each the rule states by itself.

    The release named is the newest of `targets` that says no, else the newest of all that do. A rule
    states a fault by itself by giving the repair one that carries its own code.
    """
    refused: dict[Question, list[Release]] = defaultdict(list)
    for answered in answers:
        for answer in answered.answers:
            if answer.exists is False:
                refused[answer.question].append(answered.release)
    faults: dict[tuple[str, str, int], Fault] = {}
    for repair in repairs:
        if repair.question is not None and repair.question in refused:
            releases = refused[repair.question]
            release = max([r for r in releases if r in targets] or releases)
            fault = _api_fault(repair, release)
        elif repair.fault is not None and repair.fault.rule == repair.rule:
            fault = repair.fault
        else:
            continue
        faults.setdefault((fault.identity, fault.path, fault.line), fault)
    return tuple(faults.values())


def _api_fault(repair: Repair, release: Release) -> Fault:
    return Fault(
        kind=FaultKind.API,
        owner=repair.owner,
        member=repair.member,
        path=repair.path,
        line=repair.line,
        end_line=repair.end_line,
        message=repair.message,
        source=FaultSource.API,
        proof=Proof.API,
        release=release,
        rule=repair.rule,
    )


def select(repairs: Iterable[Repair], faults: Sequence[Fault]) -> Selection:
    """The repairs a fault asks for.

    A repair is asked for by an API fault of its own rule at its place, or by the fault the rule
    found it by; one that accompanies others comes along with them. One of an unsafe rule needs the
    second, seen in real Blender. Where edits of two collide, the one a reproduced fault backs comes
    first, then the lower code; the other waits.
    """
    stated = {(fault.rule, fault.path, fault.line, fault.message) for fault in faults if fault.rule}
    seen = {(fault.identity, fault.path, fault.line): fault for fault in faults}
    ranked: list[tuple[bool, str, Repair]] = []
    explained: list[Repair] = []
    repairs = tuple(repairs)
    for repair in repairs:
        witness = seen.get(_key(repair.fault)) if repair.fault else None
        if witness is None and (repair.rule, repair.path, repair.line, repair.message) not in stated:
            continue
        backed = witness is not None and witness.proof is Proof.REPRODUCED
        if repair.decision is not Decision.REPAIR:
            explained.append(repair)
        elif _unsafe(repair) and not backed:
            explained.append(
                repair.model_copy(update={"decision": Decision.EXPLAIN, "reason": UNSAFE_REASON, "edits": ()})
            )
        else:
            ranked.append((not backed, repair.rule, repair))
    if ranked:
        ranked += [(True, repair.rule, repair) for repair in repairs if repair.accompanies]
    ranked.sort(key=lambda entry: (entry[0], entry[1], entry[2].path, entry[2].line))
    chosen: list[Repair] = []
    postponed: list[Repair] = []
    taken: dict[str, list[Edit]] = defaultdict(list)
    for _, _, repair in ranked:
        if any(_collide(edit, other) for edit in repair.edits for other in taken[repair.path]):
            postponed.append(repair)
        else:
            taken[repair.path] += repair.edits
            chosen.append(repair)
    return Selection(_in_order(chosen), _in_order(explained), _in_order(postponed))


def _key(fault: Fault) -> tuple[str, str, int]:
    return (fault.identity, fault.path, fault.line)


def _unsafe(repair: Repair) -> bool:
    rule = by_code(repair.rule)
    return rule is not None and rule.safety is Safety.UNSAFE


def _in_order(repairs: Iterable[Repair]) -> tuple[Repair, ...]:
    return tuple(sorted(repairs, key=lambda repair: (repair.path, repair.line, repair.rule)))


def _collide(one: Edit, other: Edit) -> bool:
    """Whether two edits cannot both be made. Equal ones can: they count once."""
    if one == other:
        return False
    if one.start == one.end or other.start == other.end:
        # Two texts put in at one point have no order; one put in at the edge of another's span is unclear too.
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def apply(sources: Iterable[Source], repairs: Iterable[Repair]) -> Applied:
    """Make the repairs. A file whose result is no valid Python loses the repairs of the rule at fault."""
    by_path: dict[str, list[Repair]] = defaultdict(list)
    for repair in repairs:
        if repair.decision is Decision.REPAIR and repair.edits:
            by_path[repair.path].append(repair)
    files: dict[str, bytes] = {}
    dropped: list[Repair] = []
    for source in sources:
        wanted = by_path.get(source.path)
        if not wanted:
            continue
        result = _result(source, wanted)
        if result is None:
            result, left_out = _rule_by_rule(source, wanted)
            dropped += left_out
        if result is not None and result != source.encode(source.text):
            files[source.path] = result
    return Applied(files, tuple(dropped))


def _rule_by_rule(source: Source, repairs: Sequence[Repair]) -> tuple[bytes | None, list[Repair]]:
    kept: list[Repair] = []
    dropped: list[Repair] = []
    best: bytes | None = None
    for code in sorted({repair.rule for repair in repairs}):
        group = [repair for repair in repairs if repair.rule == code]
        result = _result(source, [*kept, *group])
        if result is None:
            update = {"decision": Decision.LEAVE, "reason": BROKEN_REASON, "edits": ()}
            dropped += [repair.model_copy(update=update) for repair in group]
        else:
            kept += group
            best = result
    return best, dropped


def _result(source: Source, repairs: Sequence[Repair]) -> bytes | None:
    """The file's new bytes, or null where the edits collide or what they make is no valid Python."""
    try:
        text = apply_edits(source.text, (edit for repair in repairs for edit in repair.edits))
        data = source.encode(text)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, source.path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return data


def read_all(files: Mapping[str, bytes]) -> tuple[tuple[Source, ...], tuple[Fault, ...]]:
    """Decode the add-on's files, by path; those that cannot be decoded come back as faults."""
    sources: list[Source] = []
    problems: list[Fault] = []
    for path, data in sorted(files.items()):
        try:
            sources.append(Source.read(path, data))
        except Unreadable as problem:
            problems.append(_unreadable(Source(path, "", "utf-8"), str(problem)))
    return tuple(sources), tuple(problems)

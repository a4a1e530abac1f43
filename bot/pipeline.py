"""The graph: the order of the steps and the heal edge, nothing else.

Every value crosses the graph as JSON text and is validated again by the step that reads it. A
checkpoint therefore holds strings alone: there is no type in it that reading could bring to life. It is written
before the next step begins, so that a run that is killed loses the step it was in and nothing before it.
"""

from __future__ import annotations

import operator
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, TypedDict, TypeVar, cast

from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, ConfigDict, StrictBool, StrictStr, ValidationError

from bot.checkpoints import BadCheckpointError, saver
from bot.errors import MissingError
from bot.models.attempt import Attempt, Revision
from bot.models.base import Frozen
from bot.models.evidence import Evidence
from bot.models.exchange import Exchange
from bot.models.patch import EMPTY, Patch
from bot.models.plan import Plan
from bot.models.report import Answer, Report
from bot.models.request import Mode, RepairRequest
from bot.models.validation import ValidationReport
from bot.runs import UnusableRunError
from bot.steps import (
    answer,
    candidates,
    critique,
    evidence,
    heal,
    opinion,
    picture,
    plan,
    proposals,
    report,
    reproduce,
    reproducers,
    retrieve,
    validate,
)
from bot.steps.base import Tools
from bot.steps.narrate import Narrator

_Value = TypeVar("_Value", bound=Frozen)


NO_CHECKPOINTS = "The checkpoints of the run cannot be written: {reason}."
NO_CHECKPOINTS_CURE = "See that the disk is not full, or name another cache with BCRAG_CACHE_DIR=FOLDER."

NO_BUNDLE = "The bundle cannot be written to {bundle}: {reason}."
NO_BUNDLE_CURE = "Make room there, or name another folder with --out FOLDER."


class State(TypedDict, total=False):
    """What a checkpoint holds: the frozen values as JSON."""

    request: str
    known: str
    plans: Annotated[list[str], operator.add]
    base: str
    candidates: list[str]
    seen: str
    attempts: Annotated[list[str], operator.add]
    go_on: bool
    query: str
    answer: str
    result: str
    calls: Annotated[list[str], operator.add]
    timings: Annotated[list[tuple[str, float]], operator.add]


class _Shape(BaseModel):
    """What of `State` may be there when it is read back, and in which form; the texts are validated where they are
    used."""

    model_config = ConfigDict(extra="forbid")

    request: StrictStr = ""
    known: StrictStr = ""
    plans: list[StrictStr] = []
    base: StrictStr = ""
    candidates: list[StrictStr] = []
    seen: StrictStr = ""
    attempts: list[StrictStr] = []
    go_on: StrictBool = False
    query: StrictStr = ""
    answer: StrictStr = ""
    result: StrictStr = ""
    calls: list[StrictStr] = []
    timings: list[tuple[str, float]] = []


Update = dict[str, Any]
Node = Callable[[State], Update]


def run(request: RepairRequest, tools: Tools, narrator: Narrator, bundle: Path, checkpoints: Path) -> Report:
    """Run a request to its report; what the checkpoints hold of it is not done again. The bundle is written.

    Raises: as `advance`.
    """
    return cast("Report", advance(request, tools, narrator, bundle, checkpoints))  # it waits for nothing


def advance(
    request: RepairRequest, tools: Tools, narrator: Narrator, bundle: Path, checkpoints: Path,
    before: Sequence[str] = (),
) -> Report | None:  # fmt: skip
    """Run a request on, to the first step named in `before`, or to its report; None where it stopped at such a step.

    Raises:
        UnusableRunError: the checkpoints are not this version's, or not of this request.
        MissingError: they cannot be written.
    """
    config: Any = {"configurable": {"thread_id": request.id}, "recursion_limit": 20 + 8 * request.max_attempts}
    try:
        with saver(checkpoints) as kept:
            graph = _graph(narrator.watching(tools), narrator, bundle).compile(checkpointer=kept)
            begun = _begun(graph, config, request)
            if begun:
                tools.models.preload(_all(Exchange, graph.get_state(config).values, "calls"))
            end = graph.invoke(
                None if begun else {"request": request.model_dump_json()},
                config,
                durability="sync",
                interrupt_before=list(before) or None,
            )
            if graph.get_state(config).next:
                return None
    except (BadCheckpointError, _ChangedError) as error:
        raise UnusableRunError(request.id) from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise MissingError(NO_CHECKPOINTS.format(reason=error), NO_CHECKPOINTS_CURE) from error
        raise UnusableRunError(request.id) from error
    return _read(Report, end, "result")


class _ChangedError(Exception):
    """A checkpoint's value is not what the step that wrote it writes."""


def _begun(graph: Any, config: Any, request: RepairRequest) -> bool:
    """Whether there are checkpoints of this request; they are looked at as a whole before anything rests on them."""
    try:
        found = graph.get_state(config)
        values = _Shape.model_validate(found.values).model_dump(exclude_unset=True)
    except (BadCheckpointError, sqlite3.Error):
        raise
    except Exception as error:  # whatever a library stumbles over in a file somebody changed
        raise _ChangedError(str(error)) from error
    if not values and not found.next and found.created_at is None:
        return False
    if values and _read(RepairRequest, values, "request") != request:
        raise _ChangedError("another request")
    return True


def _graph(tools: Tools, narrator: Narrator, bundle: Path) -> StateGraph[State]:
    graph: StateGraph[State] = StateGraph(State)
    for name, node in _nodes(tools, narrator, bundle).items():
        graph.add_node(name, _timed(name, node, narrator, tools))  # type: ignore[call-overload]
    graph.add_edge(START, "evidence")
    graph.add_edge("evidence", "reproduce")
    graph.add_conditional_edges("reproduce", _after_reproduce, ["retrieve", "report"])
    graph.add_conditional_edges("retrieve", _after_retrieve, ["plan", "patch", "answer"])
    graph.add_conditional_edges("plan", _goes_on, {True: "patch", False: "report"})
    graph.add_edge("patch", "validate")
    graph.add_edge("validate", "critique")
    graph.add_conditional_edges("critique", _has_candidates, {True: "validate", False: "heal"})
    graph.add_conditional_edges("heal", _after_heal, ["patch", "retrieve", "report"])
    graph.add_edge("answer", "report")
    graph.add_edge("report", END)
    return graph


def _nodes(tools: Tools, narrator: Narrator, bundle: Path) -> dict[str, Node]:
    def gather(state: State) -> Update:
        return {"known": evidence.gather(_request(state), tools).model_dump_json()}

    def show(state: State) -> Update:
        return {"known": reproduce.reproduce(_request(state), _evidence(state), tools).model_dump_json()}

    def look_up(state: State) -> Update:
        request, known = _request(state), _evidence(state)
        files = tools.clone.read(request.addon.files)
        found = retrieve.retrieve(
            known.faults, files, request.commit, request.targets[-1], tools.retriever, (request.support.oldest,),
            f"{request.task}\n{request.log}\n{state.get('query', '')}", request.addon.inside,
        )  # fmt: skip
        return {"known": known.model_copy(update={"chunks": found}).model_dump_json()}

    def choose(state: State) -> Update:
        made = plan.plan(_request(state), _evidence(state), tools)
        go_on = bool(made.repairs) or made.by == "model"
        return {"plans": [made.model_dump_json()], "base": EMPTY.model_dump_json(), "go_on": go_on}

    def mend(state: State) -> Update:
        latest, base, attempts = _last(Plan, state, "plans"), _read(Patch, state, "base"), _attempts(state)
        made = candidates.candidates(_request(state), _evidence(state), latest, base, attempts, tools)
        return {"candidates": [one.model_dump_json() for one in made]}

    def check(state: State) -> Update:
        candidate = _value(Patch, state["candidates"][0])
        number = len(state.get("attempts", ())) + 1
        seen = validate.validated(_request(state), _evidence(state), candidate, number, tools)
        return {"seen": seen.model_dump_json()}

    def judge(state: State) -> Update:
        request = _request(state)
        candidate = _value(Patch, state["candidates"][0])
        seen = _read(ValidationReport, state, "seen")
        verdict = critique.critique(_evidence(state), candidate, seen, request.targets, request.mode)
        thought = opinion.opinion(request, _evidence(state), candidate, verdict, tools)
        attempt = Attempt(
            number=len(state.get("attempts", ())) + 1,
            patch=candidate,
            validation=seen,
            verdict=opinion.noted(verdict, thought, tools.critic_gate),
        )
        return {"attempts": [attempt.model_dump_json()], "candidates": state["candidates"][1:]}

    def mend_again(state: State) -> Update:
        revision: Revision | None = heal.heal(_request(state), _evidence(state), _attempts(state), tools)
        if revision is None:
            return {"go_on": False, "query": ""}
        return {
            "plans": [revision.plan.model_dump_json()],
            "base": revision.base.model_dump_json(),
            "go_on": True,
            "query": revision.query or "",
        }

    def reply(state: State) -> Update:
        return {"answer": answer.answer(_request(state), _evidence(state), tools).model_dump_json()}

    def tell(state: State) -> Update:
        started = time.monotonic()
        request, known, attempts = _request(state), _evidence(state), _attempts(state)
        chosen = heal.best(attempts)
        shown = picture.pictures(request, known, chosen, tools)
        scripts = reproducers.reproducers(request, known, chosen, tools)
        attempts = reproducers.upheld(attempts, chosen, scripts)
        made_of_them = proposals.proposals(request, scripts, attempts, chosen, tools)
        attempts = made_of_them.attempts
        plans = _all(Plan, state, "plans")
        timings: dict[str, float] = {}
        for name, seconds in state["timings"]:
            timings[name] = timings.get(name, 0.0) + seconds
        timings["report"] = time.monotonic() - started
        calls = _all(Exchange, state, "calls")
        said = _read(Answer, state, "answer") if state.get("answer") else None
        made = report.compose(request, known, plans, attempts, shown, timings, calls, said, made_of_them)
        try:
            report.write(made, report.diff_of(attempts), shown, bundle)
        except OSError as error:
            message = NO_BUNDLE.format(bundle=bundle, reason=error.strerror or error)
            raise MissingError(message, NO_BUNDLE_CURE) from error
        return {"result": made.model_dump_json(by_alias=True)}

    return {
        "evidence": gather,
        "reproduce": show,
        "retrieve": look_up,
        "plan": choose,
        "patch": mend,
        "validate": check,
        "critique": judge,
        "heal": mend_again,
        "answer": reply,
        "report": tell,
    }


def _timed(name: str, node: Node, narrator: Narrator, tools: Tools) -> Node:
    def step(state: State) -> Update:
        started = time.monotonic()
        with narrator.step(name, len(state.get("attempts", ()))) as say:
            update = node(state)
            say(update)
        calls = [call.model_dump_json() for call in tools.models.taken()]
        return {**update, "timings": [(name, time.monotonic() - started)], "calls": calls}

    return step


def _goes_on(state: State) -> bool:
    return state["go_on"]


def _has_candidates(state: State) -> bool:
    return bool(state["candidates"])


def _after_reproduce(state: State) -> str:
    return "report" if _request(state).mode is Mode.CHECK else "retrieve"


def _after_retrieve(state: State) -> str:
    if _request(state).mode is Mode.EXPLAIN:
        return "answer"
    return "patch" if state.get("attempts") else "plan"


def _after_heal(state: State) -> str:
    if not state["go_on"]:
        return "report"
    return "retrieve" if state.get("query") else "patch"


def _request(state: State) -> RepairRequest:
    return _read(RepairRequest, state, "request")


def _evidence(state: State) -> Evidence:
    return _read(Evidence, state, "known")


def _attempts(state: State) -> tuple[Attempt, ...]:
    return _all(Attempt, state, "attempts")


def _read(kind: type[_Value], state: Any, key: str) -> _Value:
    return _value(kind, state.get(key))


def _last(kind: type[_Value], state: Any, key: str) -> _Value:
    return _value(kind, (state.get(key) or [None])[-1])


def _all(kind: type[_Value], state: Any, key: str) -> tuple[_Value, ...]:
    return tuple(_value(kind, text) for text in state.get(key, ()))


def _value(kind: type[_Value], text: str | None) -> _Value:
    """A value as a step wrote it, validated again: a checkpoint may be of another version, or changed."""
    try:
        return kind.model_validate_json(text or "")
    except ValidationError as error:
        raise _ChangedError(kind.__name__) from error

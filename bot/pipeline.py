"""The graph: the order of the steps and the heal edge, nothing else.

Every value crosses the graph as JSON text and is validated again by the step that reads it. A
checkpoint therefore holds strings alone: there is no type in it that reading could bring to life.
"""

from __future__ import annotations

import operator
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph

from bot.models.attempt import Attempt, Revision
from bot.models.evidence import Evidence
from bot.models.patch import Patch
from bot.models.plan import Plan
from bot.models.report import Report
from bot.models.request import RepairRequest
from bot.models.validation import ValidationReport
from bot.steps import critique, evidence, heal, patch, picture, plan, report, retrieve, validate
from bot.steps.base import Tools
from bot.steps.narrate import Narrator


class State(TypedDict, total=False):
    """What a checkpoint holds: the frozen values as JSON."""

    request: str
    known: str
    plans: Annotated[list[str], operator.add]
    base: str
    candidate: str
    seen: str
    attempts: Annotated[list[str], operator.add]
    go_on: bool
    result: str
    timings: Annotated[list[tuple[str, float]], operator.add]


Update = dict[str, Any]
Node = Callable[[State], Update]


def run(request: RepairRequest, tools: Tools, narrator: Narrator, bundle: Path, checkpoints: Path, *, resume: bool
        ) -> Report:  # fmt: skip
    """Run a request to its report, or take up an interrupted one where it was; the bundle is written."""
    with _saver(checkpoints) as saver:
        graph = _graph(tools, narrator, bundle).compile(checkpointer=saver)
        config: Any = {"configurable": {"thread_id": request.id}, "recursion_limit": 12 + 6 * request.max_attempts}
        end = graph.invoke(None if resume else {"request": request.model_dump_json()}, config)
        saver.delete_thread(request.id)
    return Report.model_validate_json(end["result"])


def interrupted(run_id: str, checkpoints: Path) -> RepairRequest | None:
    """The request of a run that was interrupted; None when none of that name is known."""
    if not checkpoints.exists():
        return None
    with _saver(checkpoints) as saver:
        found = saver.get({"configurable": {"thread_id": run_id}})
    values = found["channel_values"] if found else {}
    return RepairRequest.model_validate_json(values["request"]) if "request" in values else None


def _graph(tools: Tools, narrator: Narrator, bundle: Path) -> StateGraph[State]:
    graph: StateGraph[State] = StateGraph(State)
    for name, node in _nodes(tools, narrator, bundle).items():
        graph.add_node(name, _timed(name, node, narrator))  # type: ignore[call-overload]
    graph.add_edge(START, "evidence")
    graph.add_edge("evidence", "retrieve")
    graph.add_edge("retrieve", "plan")
    graph.add_conditional_edges("plan", _goes_on, {True: "patch", False: "report"})
    graph.add_edge("patch", "validate")
    graph.add_edge("validate", "critique")
    graph.add_edge("critique", "heal")
    graph.add_conditional_edges("heal", _goes_on, {True: "patch", False: "report"})
    graph.add_edge("report", END)
    return graph


def _nodes(tools: Tools, narrator: Narrator, bundle: Path) -> dict[str, Node]:
    def gather(state: State) -> Update:
        return {"known": evidence.gather(_request(state), tools).model_dump_json()}

    def look_up(state: State) -> Update:
        request, known = _request(state), _evidence(state)
        files = tools.clone.read(request.addon.files)
        found = retrieve.retrieve(
            known.faults, files, request.commit, request.targets[-1], tools.retriever, (request.support.oldest,),
            f"{request.task}\n{request.log}", request.addon.inside,
        )  # fmt: skip
        return {"known": known.model_copy(update={"chunks": found}).model_dump_json()}

    def choose(state: State) -> Update:
        made = plan.plan(_request(state), _evidence(state), tools)
        return {"plans": [made.model_dump_json()], "base": heal.EMPTY.model_dump_json(), "go_on": bool(made.repairs)}

    def mend(state: State) -> Update:
        latest = Plan.model_validate_json(state["plans"][-1])
        made = patch.patch(_request(state), latest, Patch.model_validate_json(state["base"]), tools)
        return {"candidate": made.model_dump_json()}

    def check(state: State) -> Update:
        candidate = Patch.model_validate_json(state["candidate"])
        patch.checkout(candidate, tools)
        number = len(state.get("attempts", ())) + 1
        seen = validate.validate(_request(state), _evidence(state), candidate, number, tools)
        return {"seen": seen.model_dump_json()}

    def judge(state: State) -> Update:
        candidate = Patch.model_validate_json(state["candidate"])
        seen = ValidationReport.model_validate_json(state["seen"])
        verdict = critique.critique(_evidence(state), candidate, seen, _request(state).targets)
        number = len(state.get("attempts", ())) + 1
        attempt = Attempt(number=number, patch=candidate, validation=seen, verdict=verdict)
        return {"attempts": [attempt.model_dump_json()]}

    def mend_again(state: State) -> Update:
        revision: Revision | None = heal.heal(_request(state), _evidence(state), _attempts(state), tools)
        if revision is None:
            return {"go_on": False}
        return {
            "plans": [revision.plan.model_dump_json()],
            "base": revision.base.model_dump_json(),
            "go_on": True,
        }

    def tell(state: State) -> Update:
        started = time.monotonic()
        request, known, attempts = _request(state), _evidence(state), _attempts(state)
        shown = picture.pictures(request, known, heal.best(attempts), tools)
        plans = [Plan.model_validate_json(text) for text in state["plans"]]
        timings: dict[str, float] = {}
        for name, seconds in state["timings"]:
            timings[name] = timings.get(name, 0.0) + seconds
        timings["report"] = time.monotonic() - started
        made = report.compose(request, known, plans, attempts, shown, timings)
        report.write(made, report.diff_of(attempts), shown, bundle)
        return {"result": made.model_dump_json(by_alias=True)}

    return {
        "evidence": gather,
        "retrieve": look_up,
        "plan": choose,
        "patch": mend,
        "validate": check,
        "critique": judge,
        "heal": mend_again,
        "report": tell,
    }


def _timed(name: str, node: Node, narrator: Narrator) -> Node:
    def step(state: State) -> Update:
        started = time.monotonic()
        with narrator.step(name, len(state.get("attempts", ()))) as say:
            update = node(state)
            say(update)
        return {**update, "timings": [(name, time.monotonic() - started)]}

    return step


def _goes_on(state: State) -> bool:
    return state["go_on"]


def _request(state: State) -> RepairRequest:
    return RepairRequest.model_validate_json(state["request"])


def _evidence(state: State) -> Evidence:
    return Evidence.model_validate_json(state["known"])


def _attempts(state: State) -> tuple[Attempt, ...]:
    return tuple(Attempt.model_validate_json(text) for text in state.get("attempts", ()))


@contextmanager
def _saver(path: Path) -> Iterator[SqliteSaver]:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, check_same_thread=False)
    try:
        yield SqliteSaver(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
    finally:
        connection.close()

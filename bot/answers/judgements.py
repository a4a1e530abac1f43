"""Answers that are one JSON object: a critic's marks, a plan, a path."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from bot.answers.sections import json_object
from bot.models.opinion import Opinion
from bot.models.plan import SubTask
from bot.models.proposal import Malformed

NO_OBJECT = "The answer is not one JSON object. Answer with the object alone: {shape}"
BAD_KEY = "`{key}`: {problem}. Answer with the whole object: {shape}"
ROUND = "The tasks need each other in a circle: {ids}."
UNKNOWN_NEED = "Task {id} needs {need}, which is no task."

OPINION = '{"api": 0.9, "context": 0.9, "idempotence": 0.9, "side_effects": 0.9, "objections": []}'
PLAN = '{"tasks": [{"id": "t1", "title": "...", "files": ["..."], "needs": [], "query": "..."}]}'
ROUTE = '{"path": "one call", "reason": "..."}'

MOST_TASKS = 6


def _text(value: object) -> object:
    return " ".join(value.split())[:600] if isinstance(value, str) else value


_Text = Annotated[str, BeforeValidator(_text)]
_Mark = Annotated[float, Field(ge=0, le=1)]


class _Opinion(BaseModel):
    api: _Mark
    context: _Mark
    idempotence: _Mark
    side_effects: _Mark
    objections: list[_Text] = Field(default=[], max_length=20)


class _Task(BaseModel):
    id: str = Field(pattern=r"^\w{1,12}$")
    title: _Text = Field(min_length=3)
    files: list[_Text] = Field(default=[], max_length=20)
    needs: list[str] = Field(default=[], max_length=MOST_TASKS)
    query: _Text = ""


class _Plan(BaseModel):
    tasks: list[_Task] = Field(min_length=1, max_length=MOST_TASKS)


class _Route(BaseModel):
    path: Literal["one call", "agentic"]
    reason: _Text = ""


def opinion(text: str) -> Opinion | Malformed:
    """A critic's marks."""
    made = _read(_Opinion, text, OPINION)
    if isinstance(made, Malformed):
        return made
    return Opinion(**{**made.model_dump(), "objections": tuple(made.objections)})


def tasks(text: str) -> tuple[SubTask, ...] | Malformed:
    """The sub-tasks, each after those it needs."""
    made = _read(_Plan, text, PLAN)
    if isinstance(made, Malformed):
        return made
    known = {task.id for task in made.tasks}
    for task in made.tasks:
        for need in task.needs:
            if need not in known:
                return Malformed(reason=UNKNOWN_NEED.format(id=task.id, need=need[:12]))
    return _in_order([SubTask(**task.model_dump()) for task in made.tasks])


def route(text: str) -> tuple[Literal["one call", "agentic"], str] | Malformed:
    """The path a router chose, and why."""
    made = _read(_Route, text, ROUTE)
    return made if isinstance(made, Malformed) else (made.path, made.reason)


def _in_order(found: list[SubTask]) -> tuple[SubTask, ...] | Malformed:
    done: dict[str, SubTask] = {}
    while len(done) < len(found):
        ready = [task for task in found if task.id not in done and all(need in done for need in task.needs)]
        if not ready:
            return Malformed(reason=ROUND.format(ids=", ".join(task.id for task in found if task.id not in done)))
        done.update((task.id, task) for task in ready)
    return tuple(done.values())


_Shape = TypeVar("_Shape", bound=BaseModel)


def _read(kind: type[_Shape], text: str, shape: str) -> _Shape | Malformed:
    value: dict[str, Any] | None = json_object(text)
    if value is None:
        return Malformed(reason=NO_OBJECT.format(shape=shape))
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        return Malformed(reason=BAD_KEY.format(key=key, problem=first["msg"], shape=shape))

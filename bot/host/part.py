"""What the parts of GitHub's interface share: a wire, a repository, and addresses made of quoted pieces."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.host.addresses import quoted
from bot.host.errors import HostError, Unreachable
from bot.host.wire import Wire

NO_SENSE = "the answer is not what GitHub's description says: {what}"
PER_PAGE = 100

Value = TypeVar("Value", bound=BaseModel)


class Part:
    """One repository on GitHub."""

    def __init__(self, wire: Wire, repository: str, job: Wire | None = None) -> None:
        self.wire = wire
        self.job = job or wire
        """With the token of the job itself, where that is another one: for what its workflow gives it the right to."""
        self.repository = repository

    def _at(self, *pieces: str | int) -> str:
        """The address of something in the repository; a piece may hold slashes, which stay what they are."""
        return "/".join(("/repos", *(quoted(piece) for piece in (self.repository, *pieces))))


def read(kind: type[Value], answer: object) -> Value:
    """An answer as a value.

    Raises:
        Unreachable: it is not what it should be.
    """
    try:
        return kind.model_validate(answer)
    except ValidationError as error:
        wrong = ", ".join(sorted({".".join(map(str, each["loc"])) or kind.__name__ for each in error.errors()}))
        raise Unreachable(kind.__name__, NO_SENSE.format(what=wrong)) from None


def text_of(answer: object, *names: str) -> str:
    """A text somewhere inside an answer.

    Raises:
        Unreachable: it is not there.
    """
    found = answer
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, str):
        raise Unreachable(".".join(names), NO_SENSE.format(what=".".join(names)))
    return found


def managed(action: Callable[[], object]) -> bool:
    """Whether something that is nice to have could be done: what hinders it fails nothing."""
    try:
        action()
    except HostError:
        return False
    return True

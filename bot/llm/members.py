"""A provider with what is known of it: where it is, what it may take, and whether its answers are kept."""

from __future__ import annotations

from dataclasses import dataclass

from bot.llm.base import Provider
from bot.llm.endpoint import Endpoint
from bot.models.exchange import Call


@dataclass(frozen=True)
class Member:
    """One provider that may be asked. `endpoint` is null for a person and for a script, which cost nothing.

    `seconds` is the limit of one try. `kept` says whether answers are kept for the next time, `patient` whether it is
    a person, whose time does not count as the run's.
    """

    provider: Provider
    seconds: float
    endpoint: Endpoint | None = None
    kept: bool = True
    patient: bool = False

    @property
    def name(self) -> str:
        """The provider's."""
        return self.provider.name

    @property
    def identity(self) -> str:
        """What its answers and its outages are remembered under."""
        return self.endpoint.identity if self.endpoint else self.name

    def addressed(self, call: Call) -> Call:
        """A call with the model this member would be asked for."""
        if call.model or not self.endpoint or not self.endpoint.model:
            return call
        return call.model_copy(update={"model": self.endpoint.model})

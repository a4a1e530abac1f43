"""What models cost: the user's own prices over the table that the library `genai-prices` brings along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.llm.endpoint import Endpoint

PER = 1_000_000
"""Tokens a price is for."""

_KNOWN = ("openai", "openrouter", "azure")
"""Providers the table calls what we call them; others it may know by their address."""


class PerMillion(Protocol):
    """US dollars for a million tokens, as `bot.settings.Price` has them."""

    @property
    def input(self) -> float:
        """Of those sent."""
        ...

    @property
    def output(self) -> float:
        """Of those received."""
        ...


class Prices:
    """See the module. Nothing is asked of a network: the table is as old as the installed library."""

    def __init__(self, own: Mapping[str, PerMillion] | None = None) -> None:
        self._own = dict(own or {})

    def cost(self, endpoint: Endpoint | None, model: str, sent: int, received: int) -> float | None:
        """US dollars of so many tokens; null where no price is known. What runs here, or is a person, costs nothing."""
        if endpoint is None:
            return 0.0
        own = self._own.get(model)
        if own is not None:
            return (own.input * sent + own.output * received) / PER
        if endpoint.local:
            return 0.0
        return _listed(endpoint, model, sent, received)


def _listed(endpoint: Endpoint, model: str, sent: int, received: int) -> float | None:
    import genai_prices

    usage = genai_prices.Usage(input_tokens=sent, output_tokens=received)
    try:
        if endpoint.name in _KNOWN:
            found = genai_prices.calc_price(usage, model, provider_id=endpoint.name)
        else:
            found = genai_prices.calc_price(usage, model, provider_api_url=endpoint.base_url)
    except (LookupError, ValueError):
        return None
    return float(found.total_price)

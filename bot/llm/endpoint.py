"""Where a model is, and how it is spoken to. A value: it travels to the broker, and holds no key."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from bot.models.base import Frozen

LimitName = Literal["max_completion_tokens", "max_tokens"]


class Endpoint(Frozen):
    """One OpenAI-compatible server.

    `key` is the environment variable its key comes from, null where it takes none. `model` is what is asked for where
    a call names none; where both are empty it is the first the server lists. `json_schema` says whether it can be held
    to a schema, `limit_name` how it calls the longest answer. A `local` one runs on the user's own machine: it costs
    nothing, and is asked without a proxy.
    """

    name: str
    base_url: str
    key: str | None = None
    key_required: bool = False
    model: str = ""
    json_schema: bool = True
    limit_name: LimitName = "max_completion_tokens"
    local: bool = False

    @property
    def host(self) -> str:
        """Whom messages name: host and port, never what else stands in the address."""
        parts = urlsplit(self.base_url)
        return parts.netloc.rpartition("@")[2]

    @property
    def identity(self) -> str:
        """What answers of one server and of another are told apart by."""
        return f"{self.name} {self.base_url}"

    def exposes_key(self) -> bool:
        """Whether a key sent there could be read on the way."""
        parts = urlsplit(self.base_url)
        return parts.scheme != "https" and not loopback(parts.hostname or "")


def address(text: str) -> SplitResult | None:
    """A base URL taken apart; null for what is none, or has a user, a password or a query in it.

    A password in an address ends up in shell histories and reports: it is not taken.
    """
    try:
        parts = urlsplit(text.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    if not usable or parts.username or parts.password or parts.query:
        return None
    return parts


def loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")

"""Whether a model server runs at an address of this machine."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from bot.llm.brokered import Brokered, Connection
from bot.llm.endpoint import Endpoint
from bot.models.exchange import Failure

SECONDS = 0.5


def listening(endpoint: Endpoint, seconds: float = SECONDS) -> bool:
    """Whether anything takes connections there; what that is, it is not asked."""
    parts = urlsplit(endpoint.base_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=seconds):
            return True
    except OSError:
        return False


def models(endpoint: Endpoint, connection: Connection, seconds: float = SECONDS) -> tuple[str, ...]:
    """What a model server there lists; nothing where there is none. The broker is started only where one may be."""
    if not listening(endpoint, seconds):
        return ()
    found = Brokered(endpoint, connection).models(seconds)
    return () if isinstance(found, Failure) else found

"""Where GitHub is: addresses, and whether two of them are the same server. A token goes to one server alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urlencode, urljoin, urlsplit

from bot.errors import ConfigurationError
from bot.host.errors import NotThere

NO_ADDRESS = "{url} is not the address of an API of GitHub's."
NO_ADDRESS_CURE = "GITHUB_API_URL is such as https://api.github.com or https://github.example.com/api/v3."
IN_THE_OPEN = "A token would go to {host} in the open, for everybody on the way to read."
IN_THE_OPEN_CURE = "Give GITHUB_API_URL with https://."
NO_NAME = "no such name is possible"

_PORTS = {"http": 80, "https": 443}
_NEXT = re.compile(r'<([^<>]{1,4000})>\s{0,5};[^<,]{0,200}\brel="?next"?')


def base(url: str) -> str:
    """The address of an API, checked.

    Raises:
        ConfigurationError: it is none, or a token would not be safe on the way to it.
    """
    parts = taken_apart(url)
    if parts is None or parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigurationError(NO_ADDRESS.format(url=url[:200].rpartition("@")[2]), NO_ADDRESS_CURE)
    if parts.scheme != "https" and not loopback(parts.hostname or ""):
        raise ConfigurationError(IN_THE_OPEN.format(host=parts.hostname), IN_THE_OPEN_CURE)
    return url.strip().rstrip("/")


def taken_apart(url: str) -> SplitResult | None:
    """An address in its parts; null for what is none."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in _PORTS and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts if usable else None


def origin(url: str) -> tuple[str, str, int] | None:
    """Which server: scheme, host and port."""
    parts = taken_apart(url)
    return None if parts is None else (parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme])


def loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def graphql(url: str) -> str:
    """Where an API's GraphQL is; on a server of one's own it is no part of version 3."""
    return url.removesuffix("/v3") + "/graphql"


def with_query(url: str, params: Mapping[str, object] | None) -> str:
    """An address with parameters."""
    return f"{url}?{urlencode(dict(params))}" if params else url


def quoted(piece: str | int) -> str:
    """A piece of a path: no character of it ends the path, and no part of it climbs out. Slashes stay what they are.

    Raises:
        NotThere: a part is empty, `.` or `..`: nothing has such a name.
    """
    parts = str(piece).split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise NotThere(str(piece), NO_NAME)
    return "/".join(quote(part, safe="", errors="replace") for part in parts)


def next_page(link: str | None) -> str | None:
    """The address of the next page in a `Link` header; null on the last."""
    found = _NEXT.search(link or "")
    return found[1] if found else None


def led_to(here: str, location: str | None) -> str | None:
    """Where a redirect leads; null where nowhere."""
    if not location:
        return None
    try:
        there = urljoin(here, location)
    except ValueError:
        return None
    return there if taken_apart(there) else None

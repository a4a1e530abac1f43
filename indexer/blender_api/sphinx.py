"""A documentation site made by Sphinx -> what it says about every symbol in its inventory.

For releases, and for documentation of add-ons, that have only that. The site is a stranger: pages of
it alone are asked for, never another host's, each is bounded in size and time, and nothing is run.
"""

from __future__ import annotations

import importlib
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from indexer.blender_api.described import ApiSymbol
from indexer.blender_api.sphinx_page import Wanted, read_page
from indexer.errors import IndexerError, MissingError, Unreachable, UsageError

if TYPE_CHECKING:
    import httpx

MAX_PAGE_BYTES = 5 * 1024**2
MAX_INVENTORY_BYTES = 8 * 1024**2
MAX_INVENTORY_TEXT = 64 * 1024**2
"""Unpacked; Blender's own has 3 MB."""

MAX_PAGES = 20_000
MAX_REDIRECTS = 3
PAGE_SECONDS = 30.0
"""For one page from the first byte to the last, however slowly they trickle."""

ANSWER_SECONDS = 15.0
CONCURRENT = 4
TRIES = 3
INVENTORY = "objects.inv"

INSTALL = "Install what reads documentation sites: pip install 'bcrag[docs]'"
_HEADERS = {"User-Agent": "bcrag-indexer", "Accept-Encoding": "identity", "Accept": "text/html,*/*"}
_INVENTORY_LINES = 4
_PASSING = frozenset({429, 500, 502, 503, 504})

Progress = Callable[[int, int], None]
"""Called with the pages done and the pages there are."""

Report = Callable[[str, str], None]
"""Called with a page's address and why it was left out."""


class _PassingError(Exception):
    """Something that may go better the next time."""


class _PageError(Exception):
    """A page that is not taken, and why."""


def read_site(
    base_url: str,
    *,
    release: str = "",
    limit_pages: int = MAX_PAGES,
    client: httpx.Client | None = None,
    progress: Progress | None = None,
    report: Report | None = None,
) -> dict[str, ApiSymbol]:
    """Read every page that the site's inventory names; symbols it cannot read are left out.

    `release`, if given, must be the one the inventory is of, where the inventory says so.

    Raises:
        UsageError: the address is no web address, or the site is of another release.
        Unreachable: the site does not answer, or has no inventory.
        IndexerError: its inventory is broken, or far too large.
        MissingError: what reads such sites is not installed.
    """
    base = _base(base_url)
    fetcher = _Fetcher(base, client)
    try:
        inventory = _inventory(fetcher, release)
        pages = dict(list(inventory.items())[: max(0, min(limit_pages, MAX_PAGES))])
        found: dict[str, ApiSymbol] = {}
        with ThreadPoolExecutor(CONCURRENT) as pool:
            for done, (url, symbols, why) in enumerate(pool.map(fetcher.symbols, pages.items()), start=1):
                found |= symbols
                if why and report is not None:
                    report(url, why)
                if progress is not None:
                    progress(done, len(pages))
        return found
    finally:
        if client is None:
            fetcher.close()


def _base(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise UsageError(f"{url!r} is no web address.", "Write it as https://docs.blender.org/api/4.5/")
    # `…/api/4.5`, `…/api/4.5/` and `…/api/4.5/index.html` are the same site.
    page = parts.path.endswith(".html")
    path = parts.path.rpartition("/")[0] + "/" if page else parts.path.rstrip("/") + "/"
    return SplitResult(parts.scheme, parts.netloc, path, "", "")


def _inventory(fetcher: _Fetcher, release: str) -> Mapping[str, tuple[Wanted, ...]]:
    """The pages of a site, and what is to be found on each."""
    address = urljoin(fetcher.base.geturl(), INVENTORY)
    try:
        packed = fetcher.get(address, MAX_INVENTORY_BYTES)
    except _PageError as error:
        raise Unreachable(
            f"{address} could not be read: {error}", "Name the folder of a Sphinx site: the one that holds objects.inv."
        ) from error
    try:
        from sphobjinv import Inventory
        from sphobjinv.error import SphobjinvError
    except ImportError as error:
        raise MissingError("Documentation sites cannot be read.", INSTALL) from error
    try:
        inventory = Inventory(plaintext=_unpacked(packed))
    except (SphobjinvError, ValueError, zlib.error, AttributeError, TypeError) as error:
        raise IndexerError(f"{address} is no Sphinx inventory: {error}"[:300], "Is this a Sphinx site?") from error
    said = str(inventory.version or "")
    if release and said and said[:1].isdigit() and not f"{said}.".startswith(f"{release}."):
        raise UsageError(f"{address} is of release {said[:20]}, not {release}.", "Name the address of that release.")
    pages: dict[str, list[Wanted]] = {}
    for one in inventory.objects:
        if one.domain != "py":
            continue
        page, _, anchor = one.uri_expanded.partition("#")
        address = urljoin(fetcher.base.geturl(), page)
        if fetcher.own(address):
            pages.setdefault(address, []).append(Wanted(one.name, one.role, unquote(anchor)))
    # What a page is about comes first: the module or class the others belong to.
    return {
        url: tuple(sorted(pages[url], key=lambda one: (one.symbol.count("."), one.symbol))) for url in sorted(pages)
    }


def _unpacked(packed: bytes) -> bytes:
    """The inventory as text; what would unpack to more than anybody needs is refused."""
    lines = packed.split(b"\n", _INVENTORY_LINES)
    if len(lines) <= _INVENTORY_LINES or not lines[0].startswith(b"# Sphinx inventory version 2"):
        raise ValueError("it does not begin as one of version 2")
    body = zlib.decompressobj().decompress(lines[_INVENTORY_LINES], MAX_INVENTORY_TEXT)
    if len(body) >= MAX_INVENTORY_TEXT:
        raise ValueError("it is far too large")
    return b"\n".join(lines[:_INVENTORY_LINES]) + b"\n" + body


@dataclass
class _Fetcher:
    """Gets pages of one site and of no other."""

    base: SplitResult
    given: httpx.Client | None

    def __post_init__(self) -> None:
        try:
            import httpx

            for name in ("selectolax.lexbor", "tenacity"):  # needed further on: say so before anything is fetched
                importlib.import_module(name)
        except ImportError as error:
            raise MissingError("Documentation sites cannot be read.", INSTALL) from error
        self._httpx = httpx
        self._client = self.given or httpx.Client(
            timeout=httpx.Timeout(ANSWER_SECONDS),
            limits=httpx.Limits(max_connections=CONCURRENT),
            trust_env=True,
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def own(self, url: str) -> bool:
        """Whether an address is of this site and below its folder."""
        parts = urlsplit(url)
        path = unquote(parts.path)
        same = (parts.scheme, parts.netloc) == (self.base.scheme, self.base.netloc)
        inside = path.startswith(unquote(self.base.path)) and ".." not in path.split("/") and "\\" not in path
        return same and inside

    def symbols(self, page: tuple[str, tuple[Wanted, ...]]) -> tuple[str, dict[str, ApiSymbol], str]:
        """The page's address, what it says, and why it could not be read (else empty)."""
        url, wanted = page
        try:
            return url, read_page(self.get(url, MAX_PAGE_BYTES), wanted, url), ""
        except (_PageError, ValueError) as error:
            return url, {}, str(error)

    def get(self, url: str, limit: int) -> bytes:
        """The content of an address, following redirects within the site."""
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

        retrying = Retrying(
            stop=stop_after_attempt(TRIES),
            wait=wait_exponential(multiplier=0.1, max=2),
            retry=retry_if_exception_type(_PassingError),
            reraise=True,
        )
        try:
            for _ in range(MAX_REDIRECTS + 1):
                content, onward = retrying(self._once, url, limit)
                if onward is None:
                    return content
                if not self.own(onward):
                    raise _PageError(f"it redirects to another place, {onward[:200]}")
                url = onward
        except _PassingError as error:
            raise _PageError(str(error)) from error
        raise _PageError("it redirects in a circle")

    def _once(self, url: str, limit: int) -> tuple[bytes, str | None]:
        httpx = self._httpx
        ends = time.monotonic() + PAGE_SECONDS
        try:
            with self._client.stream("GET", _quoted(url), headers=_HEADERS, follow_redirects=False) as response:
                if response.is_redirect:
                    return b"", urljoin(url, response.headers.get("location", ""))
                if response.status_code in _PASSING:
                    raise _PassingError(f"the server answers {response.status_code}")
                if response.status_code != httpx.codes.OK:
                    raise _PageError(f"the server answers {response.status_code}")
                if response.headers.get("content-encoding", "identity") != "identity":
                    raise _PageError("it comes packed, though that was not asked for")
                return b"".join(_bounded(response.iter_raw(), limit, ends)), None
        except httpx.TimeoutException as error:
            raise _PassingError("the server does not answer in time") from error
        except httpx.TransportError as error:
            raise _PassingError(f"the server cannot be reached: {error}"[:300]) from error
        except (httpx.InvalidURL, httpx.HTTPError) as error:
            raise _PageError(f"it cannot be asked for: {error}"[:300]) from error


def _bounded(chunks: Iterator[bytes], limit: int, ends: float) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise _PageError(f"it has more than {limit:,} bytes")
        if time.monotonic() > ends:
            raise _PageError(f"it takes longer than {PAGE_SECONDS:.0f} s")
        yield chunk


def _quoted(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(path=quote(parts.path, safe="/%:@!$&'()*+,;=~-._"), fragment="").geturl()

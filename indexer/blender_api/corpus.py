"""One release's API as chunks to be indexed: a page per class, module or group of operators.

The pages are what an update compares, so that a new version of the stubs costs what it changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from indexer.blender_api.corpus_text import context_of, terms_of, text_of
from indexer.blender_api.described import ApiSymbol
from indexer.blender_api.documentation import documentation_url
from indexer.blender_api.history import with_history
from indexer.blender_api.known_changes import known_changes
from indexer.blender_api.stub_files import SHALLOW
from indexer.chunking.base import MAX_CHARACTERS
from indexer.models import Chunk, IndexedFile

Prior = Callable[[str], float]
"""How likely anybody asks for a symbol, 0 to 1."""

_UI_CLASS = re.compile(r"_(?:MT|PT|HT|UL|OT|AST|FH|GT|GGT)_")
_SWIZZLE = re.compile(r"mathutils\.Vector\.[wxyz]{2,4}")
_TOO_OFTEN = 100
"""A member that this many classes repeat word for word (every node does) is indexed once."""
_CONSTANTS_LISTED = 30
"""Of constants nothing is known but their names: so many share a chunk."""


def pages(symbols: Mapping[str, ApiSymbol], release: str, prior: Prior) -> Iterator[IndexedFile]:
    """The chunks by the page they stand on (`bpy.types.Mesh`, `bpy.ops.mesh`), sorted by its name.

    What is gone by the release has a chunk as well, which says since when and what to use instead.
    A page's `blob` stands for all that is indexed of it: equal blobs, equal pages.
    """
    symbols = with_history(symbols, release, known_changes())
    for page, members in _by_page(symbols):
        found = tuple(_chunks(page, members, symbols, release, prior))
        if found:
            size = sum(len(chunk.text) for chunk in found)
            yield IndexedFile(page, _blob(found), size, "api", found)


def chunks(symbols: Mapping[str, ApiSymbol], release: str, prior: Prior) -> Iterator[Chunk]:
    """One chunk for everything of the API that anybody could ask for."""
    for page in pages(symbols, release, prior):
        yield from page.chunks


def _by_page(symbols: Mapping[str, ApiSymbol]) -> list[tuple[str, list[ApiSymbol]]]:
    found: dict[str, list[ApiSymbol]] = {}
    repeated = _repeated(symbols.values())
    for symbol in symbols.values():
        if _is_worth_it(symbol, symbols) and symbol.symbol not in repeated:
            found.setdefault(_page(symbol, symbols), []).append(symbol)
    return sorted(found.items())


def _page(symbol: ApiSymbol, symbols: Mapping[str, ApiSymbol]) -> str:
    """The class it is or belongs to, else the module; operators share their group's page."""
    if symbol.kind in ("class", "module"):
        return symbol.symbol
    owner = symbol.symbol.rpartition(".")[0]
    while owner and owner not in symbols and "." in owner:
        owner = owner.rpartition(".")[0]
    return owner


def _is_worth_it(symbol: ApiSymbol, symbols: Mapping[str, ApiSymbol]) -> bool:
    owner, _, name = symbol.symbol.rpartition(".")
    if name.startswith("_") or _SWIZZLE.fullmatch(symbol.symbol) or _UI_CLASS.search(owner):
        return False
    if symbol.kind == "class" and (found := _UI_CLASS.search(name)):
        group, operator = name[: found.start()].lower(), name[found.end() :]
        # Operators are described where they are called, the rest where it is registered.
        is_operator = f"bpy.ops.{group}.{operator}" in symbols
        return not is_operator and (owner == "bpy.types" or f"bpy.types.{name}" not in symbols)
    # Of the user interface's own modules, what add-ons import: classes and functions.
    return not (symbol.kind == "value" and symbol.symbol.startswith(SHALLOW))


def _repeated(symbols: Iterable[ApiSymbol]) -> frozenset[str]:
    """What other classes say in the same words; the one with the shortest name, as bases have, keeps it."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for symbol in symbols:
        if symbol.kind in ("method", "property", "readonly"):
            name = symbol.symbol.rpartition(".")[2]
            alike.setdefault((name, symbol.kind, symbol.text, symbol.signature), []).append(symbol.symbol)
    return frozenset(
        name
        for names in alike.values()
        if len(names) > _TOO_OFTEN
        for name in sorted(names, key=lambda name: (len(name), name))[1:]
    )


def _chunks(
    page: str, members: Iterable[ApiSymbol], symbols: Mapping[str, ApiSymbol], release: str, prior: Prior
) -> Iterator[Chunk]:
    members = list(members)
    constants = [symbol for symbol in members if _is_bare(symbol)]
    if len(constants) > _CONSTANTS_LISTED:
        yield from _constants(page, constants, release)
        members = [symbol for symbol in members if not _is_bare(symbol)]
    priors = {symbol.symbol: prior(symbol.symbol) for symbol in members}
    there = (symbol.symbol for symbol in members if symbol.symbol != page and not symbol.removed)
    names = sorted(there, key=lambda name: -priors[name])
    ranked = [name.rpartition(".")[2] for name in names]
    for symbol in members:
        is_page = symbol.symbol == page
        owner = symbols.get(page) if not is_page else None
        yield Chunk(
            kind="api",
            role=symbol.kind,
            path=symbol.url or documentation_url(symbol.symbol, release) or page,
            start=0,
            end=0,
            name=_name(symbol),
            symbol=symbol.symbol,
            text=text_of(symbol, ranked if is_page else ()),
            context=_context(page, owner) if not is_page else "",
            language="api",
            terms=terms_of(symbol),
            prior=priors[symbol.symbol],
        )


def _context(page: str, owner: ApiSymbol | None) -> str:
    if page.startswith("bpy.ops."):
        return f"{page.removeprefix('bpy.ops.').replace('_', ' ').title()} operators"
    name = page.rpartition(".")[2] if owner is not None and owner.kind == "class" else page
    return context_of(owner, name)


def _is_bare(symbol: ApiSymbol) -> bool:
    return symbol.kind == "value" and not symbol.text


def _constants(page: str, constants: list[ApiSymbol], release: str) -> Iterator[Chunk]:
    names = [symbol.symbol.rpartition(".")[2] for symbol in constants]
    for part, start in enumerate(range(0, len(names), _CONSTANTS_LISTED), start=1):
        yield Chunk(
            kind="api",
            role="value",
            path=documentation_url(page, release) or page,
            start=0,
            end=0,
            name=page,
            symbol=page,
            text=f"Constants of {page}: {', '.join(names[start : start + _CONSTANTS_LISTED])}"[:MAX_CHARACTERS],
            language="api",
            part=part,
        )


def _name(symbol: ApiSymbol) -> str:
    if symbol.kind == "module":
        return symbol.symbol
    parts = symbol.symbol.split(".")
    return parts[-1] if symbol.kind == "class" else ".".join(parts[-2:])


def _blob(found: Iterable[Chunk]) -> str:
    digest = hashlib.sha256()
    for chunk in found:
        digest.update(f"{chunk.key}\0{chunk.symbol}\0{chunk.path}\0{chunk.terms}\0{chunk.prior:.4f}\n".encode())
    return digest.hexdigest()

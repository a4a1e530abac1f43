"""What can be said of the code without running it: the rules for snippets, ruff, the API of each release, a checker."""

from __future__ import annotations

from pathlib import Path

from bot.models.addon import Addon, AddonKind
from bot.models.citation import Citation
from bot.models.snippet import Draft, SnippetCheck, SnippetRequest
from bot.models.validation import Observation
from bot.snippets.base import Tools
from bot.validators.base import Subject
from bot.validators.grounding import Grounding, ground
from bot.validators.snippet import NAME, inspect
from indexer.blender_api.table import ApiTable

MOST_COMPLAINTS = 20
MOST_ADVICE = 10
EVERYWHERE = frozenset({"bpy.types.Context", "bpy.types.BlendData"})
"""`bpy.context` and `bpy.data`, which no snippet is without."""
ADDON = Addon(
    path=NAME,
    module="snippet",
    kind=AddonKind.LEGACY,
    single_file=True,
    name="Snippet",
    declared_minimum=None,
    files=(NAME,),
)


def check(request: SnippetRequest, draft: Draft, folder: Path, tools: Tools) -> SnippetCheck:
    """Everything found; `folder` is a new one for this draft."""
    subject = _subject(request, draft, folder)
    tables = {release: table for release in request.releases if (table := tools.tables(release)) is not None}
    lines = range(1, draft.code.count("\n") + 2)
    grounded = ground({NAME: draft.code}, {NAME: lines}, {}, tables)
    lint = [detail for seen in tools.lint.observe(subject) for detail in _details(seen)]
    advice = [detail for one in tools.types for seen in one.observe(subject) for detail in _details(seen)]
    complaints = dict.fromkeys((*inspect(draft.code), *grounded.complaints, *lint))
    return SnippetCheck(
        complaints=tuple(complaints)[:MOST_COMPLAINTS],
        advice=tuple(dict.fromkeys(advice))[:MOST_ADVICE],
        names=_names(grounded, tables.get(request.releases[-1])),
        missing=len({one.full for one in grounded.missing}),
    )


def _subject(request: SnippetRequest, draft: Draft, folder: Path) -> Subject:
    root, work = folder / "code", folder / "checks"
    root.mkdir(parents=True)
    work.mkdir()
    data = draft.code.encode("utf-8", "replace")
    (root / NAME).write_bytes(data)
    return Subject(root, work, ADDON, {NAME: data}, releases=request.releases, target=request.releases[-1])


def _details(seen: Observation) -> tuple[str, ...]:
    return tuple(check.detail or check.id for check in seen.checks)


def _names(grounded: Grounding, table: ApiTable | None) -> tuple[Citation, ...]:
    """The names that are there, as documentation spells them, each once with its page."""
    if table is None:
        return ()
    missing = {one.full for one in grounded.missing}
    symbols = dict.fromkeys(
        symbol
        for one in grounded.named
        if one.full not in missing and not one.keyword and (symbol := table.resolve(one.full)) is not None
        if table.entries[symbol].kind != "module" and symbol not in EVERYWHERE
    )
    return tuple(Citation(label=symbol, url=table.url(symbol)) for symbol in symbols)

"""What a snippet's author is shown of Blender's API: what answers the task, each part of it, and what failed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.models.release import Release
from bot.prompts.pieces import Piece, Rank
from bot.validators.operators import reproach
from indexer.blender_api.table import ApiTable
from indexer.models import Hit
from indexer.search import Retriever

SECTION = "Blender's API"
GONE = "{symbol} (not in Blender {releases})"
MEMBERS = "What {owner} has"
BUILDERS = "What makes things without operators, in Blender {release}"

MOST_OF_TASK = 10
MOST_OF_PART = 4
MOST_PARTS = 10
MOST_HITS = 36
MOST_OWNERS = 4
MOST_MEMBERS = 50
LONGEST = 420
LONGEST_TASK = 300
_PARTS = re.compile(r"[,.;:\n]|\band\b|\bthen\b|\bwith\b|\bof\b")
_MAKING = re.compile(
    r"""bmesh\.ops\.create_\w+
    |bpy\.types\.BlendData(Objects|Meshes|Curves|Materials|Lights|Cameras|Armatures|NodeTrees|Collections)\.new
    |bpy\.types\.(ObjectModifiers|ObjectConstraints|Nodes|NodeLinks|ArmatureEditBones|VertexGroups)\.new
    |bpy\.types\.(NodeTreeInterface\.new_socket|CollectionObjects\.link|VertexGroup\.add|ID\.animation_data_create
    |bpy_struct\.(keyframe_insert|driver_add))""",
    re.VERBOSE,
)


def pieces(
    task: str, query: str, releases: Sequence[Release], retriever: Retriever, tables: Mapping[Release, ApiTable]
) -> tuple[Piece, ...]:
    """Pages of the newest release's documentation, most telling first; `query` is what failed, and comes before."""
    hits = _hits(task, query, str(releases[-1]), retriever)
    table = tables.get(releases[-1])
    found = [_page(hit, tables) for hit in hits]
    if table is not None:
        found += (*_members(hits, table), _builders(table))
    return tuple(found)


def _hits(task: str, query: str, release: str, retriever: Retriever) -> tuple[Hit, ...]:
    """The best of each search in turn, so that no part of a task is crowded out by another.

    Operators a snippet is not to call are left out.
    """
    parts = [part.strip() for part in _PARTS.split(task[: 4 * LONGEST_TASK]) if len(part.split()) > 1][:MOST_PARTS]
    asked = [(query, MOST_OF_TASK), (task, MOST_OF_TASK), *((part, MOST_OF_PART) for part in parts)]
    found: dict[str, Hit] = {}
    for words, most in asked:
        if words.strip():
            for hit in retriever.search(words[:LONGEST_TASK], release=release, kind="api", limit=most):
                if hit.text != "module" and reproach(hit.symbol.removeprefix("bpy.ops.")) is None:
                    found.setdefault(hit.symbol, hit)
    return tuple(found.values())[:MOST_HITS]


def _page(hit: Hit, tables: Mapping[Release, ApiTable]) -> Piece:
    lacking = [str(release) for release, table in tables.items() if table.lookup(hit.symbol) is None]
    title = GONE.format(symbol=hit.symbol, releases=", ".join(lacking)) if lacking else hit.symbol
    return Piece(Rank.API, SECTION, title, hit.text[:LONGEST], "", hit.symbol, hit.path or None)


def _members(hits: Sequence[Hit], table: ApiTable) -> Iterator[Piece]:
    """What the classes have of which only members were found, by name alone."""
    found = {hit.symbol for hit in hits}
    owners = dict.fromkeys(hit.symbol.rpartition(".")[0] for hit in hits)
    classes = [owner for owner in owners if owner not in found and _is_class(owner, table)]
    for owner in classes[:MOST_OWNERS]:
        prefix = f"{owner}."
        names = [symbol[len(prefix) :] for symbol in table.entries if symbol.startswith(prefix)]
        listed = ", ".join([name for name in names if "." not in name][:MOST_MEMBERS])
        yield Piece(Rank.AROUND, SECTION, MEMBERS.format(owner=owner), listed, "", owner, table.url(owner))


def _is_class(symbol: str, table: ApiTable) -> bool:
    return symbol in table.entries and table.entries[symbol].kind == "class"


def _builders(table: ApiTable) -> Piece:
    made = [entry for symbol, entry in table.entries.items() if _MAKING.fullmatch(symbol)]
    lines = "\n".join(f"{entry.symbol}({entry.signatures[0] if entry.signatures else ''})" for entry in made)
    return Piece(Rank.AROUND, SECTION, BUILDERS.format(release=table.release), lines)

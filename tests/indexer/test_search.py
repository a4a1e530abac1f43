from __future__ import annotations

from collections.abc import Callable

from indexer.blender_api.table import ApiTable
from indexer.search import SUFFIX, Retriever, SymbolRetriever, no_api

FILES = {
    "addon/ui.py": b"class Panel:\n    def draw(self):\n        pass\n",
    "addon/ops.py": b"def draw_all():\n    pass\n\nclass Op:\n    def draw(self): pass\n",
}
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def found(retriever: Retriever, query: str, **options: object) -> list[str]:
    return [hit.symbol for hit in retriever.search(query, **options)]  # type: ignore[arg-type]


def test_the_name_itself_then_its_end_then_names_like_it() -> None:
    retriever = SymbolRetriever(FILES)
    assert found(retriever, "addon.ui.Panel.draw")[0] == "addon.ui.Panel.draw"
    assert found(retriever, "Panel.draw")[0] == "addon.ui.Panel.draw"
    assert sorted(found(retriever, "draw")) == ["addon.ops.Op.draw", "addon.ui.Panel.draw"]
    assert found(retriever, "drawall") == ["addon.ops.draw_all"]
    assert found(retriever, "nothing_like_it") == []
    scores = [
        retriever.search(query)[0].score for query in ("addon.ui.Panel.draw", "Panel.draw", "Other.draw", "drawall")
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_a_hit_cites_its_span() -> None:
    (hit, *_) = SymbolRetriever(FILES, no_api, COMMIT).search("Panel.draw")
    assert hit.citation == "addon/ui.py:2-3@0123456789ab"
    assert hit.text == "    def draw(self):\n        pass"
    assert (hit.path, hit.start, hit.end, hit.kind, hit.release) == ("addon/ui.py", 2, 3, "code", None)


def test_strange_queries_find_nothing() -> None:
    retriever = SymbolRetriever(FILES)
    for query in ("", "   ", ".", "x" * 10_000, "\0", "draw()", "*"):
        retriever.search(query)  # any answer will do, as long as there is one
    assert found(retriever, "", limit=5) == []
    assert found(retriever, "draw", limit=0) == []


def test_the_api_is_searched_for_a_release(api: Callable[[str], ApiTable]) -> None:
    retriever = SymbolRetriever(FILES, api)
    (hit,) = retriever.search("Mesh.use_auto_smooth", release="4.0", kind="api")
    assert hit.symbol == "bpy.types.Mesh.use_auto_smooth"
    assert hit.citation.endswith("/4.0/bpy.types.Mesh.html#bpy.types.Mesh.use_auto_smooth")
    assert hit.release == "4.0"
    assert "bpy.types.Mesh.use_auto_smooth" in found(retriever, "use_auto_smoth", release="4.0", kind="api")
    assert all(hit.score < SUFFIX for hit in retriever.search("Mesh.use_auto_smooth", release="4.5", kind="api"))
    assert all(name.startswith("addon.") for name in found(retriever, "draw", release="4.0", kind="code"))

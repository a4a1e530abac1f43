from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.blender_api.corpus import pages
from indexer.blender_api.described import ApiSymbol
from indexer.blender_api.table import ApiTable
from indexer.chunking.registry import chunk_file
from indexer.embedders.base import Embedder, Vectors
from indexer.embedders.static import StaticEmbedder
from indexer.models import Filter, IndexedFile
from indexer.search import EXACT, SUFFIX, Corpus, Retriever, Searcher, Stages, SymbolRetriever, no_api
from indexer.stores.base import Info
from indexer.stores.sqlite import SqliteStore

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


# The search of an index: real stores, the real embedder, chunks as the chunkers and the API corpus make them.

ADDON = {
    "addon/ops/export.py": '''
import bpy


class EXPORT_OT_mesh(bpy.types.Operator):
    """Write the selected meshes to a file."""

    bl_idname = "export_scene.tool_mesh"
    bl_label = "Export Tool Mesh"

    def execute(self, context):
        if not context.selected_objects:
            raise ExportError("nothing is selected")
        write_meshes(context.selected_objects, self.filepath)
        return {"FINISHED"}


class ExportError(Exception):
    """What went wrong while writing."""


def write_meshes(objects, filepath):
    """Triangulate every mesh and write vertices and faces."""
    for item in objects:
        evaluated = item.evaluated_get(bpy.context.evaluated_depsgraph_get())
        print(filepath, evaluated.to_mesh())
''',
    "addon/ui.py": """
import bpy


class TOOL_PT_panel(bpy.types.Panel):
    bl_space_type = "VIEW_3D"

    def draw(self, context):
        self.layout.operator("export_scene.tool_mesh")

    def poll(self, context):
        return context.object is not None
""",
    "README.md": "# Tool\n\n## Export\n\nExports meshes with triangulated faces.\n",
}

API = (
    ApiSymbol("bpy.types.ID", "class", text="Base type for data-blocks."),
    ApiSymbol("bpy.types.ID.name", "property", type="str", text="Unique data-block ID name."),
    ApiSymbol("bpy.types.Object", "class", text="Object data-block defining an object.", bases=("bpy.types.ID",)),
    ApiSymbol("bpy.types.Object.hide_set", "method", signature="state", text="Hide the object."),
    ApiSymbol("bpy.types.Mesh", "class", text="Mesh data-block.", bases=("bpy.types.ID",)),
    ApiSymbol("bpy.types.Mesh.flip_normals", "method", text="Invert winding of all polygons."),
    ApiSymbol("bpy.types.UILayout", "class", text="User interface layout in a panel or header."),
    ApiSymbol("bpy.types.UILayout.label", "method", signature="*, text", text="Item. Displays text and/or icon."),
    ApiSymbol("bpy.props.EnumProperty", "function", signature="*, items", text="Returns a new enumerator property."),
    ApiSymbol("bpy.ops.mesh.mark_seam", "operator", signature="*, clear", text="(Un)mark selected edges as a seam."),
    ApiSymbol("bpy.ops.object.shade_smooth", "operator", text="Render and display faces smooth."),
)


def stored(path: Path, files: Iterable[IndexedFile], embedder: Embedder | None, corpus: str) -> SqliteStore:
    store = SqliteStore(path, write=True)
    listed = list(files)
    with store.write() as writer:
        for file in listed:
            writer.put(file)
        model, dimensions = (embedder.name, embedder.dimensions) if embedder else ("", 0)
        writer.describe(Info(corpus=corpus, model=model, dimensions=dimensions))
    if embedder is not None:
        chunks = [chunk for file in listed for chunk in file.chunks]
        store.add_vectors(embedder.name, [c.key for c in chunks], embedder.documents([c.embedded for c in chunks]))
    return store


def code_files() -> Iterator[IndexedFile]:
    for path, text in ADDON.items():
        chunked = chunk_file(path, text.encode())
        assert chunked is not None
        yield IndexedFile(path, path, len(text), chunked.language, chunked.chunks, chunked.imports)


@pytest.fixture
def code(tmp_path: Path) -> Iterator[Corpus]:
    embedder = StaticEmbedder()
    with stored(tmp_path / "code.sqlite", code_files(), embedder, "code") as store:
        yield Corpus(store, commit=COMMIT, changed=frozenset({"addon/ui.py"}), embedder=embedder)


@pytest.fixture
def blender(tmp_path: Path) -> Iterator[Corpus]:
    embedder = StaticEmbedder()
    made = pages({symbol.symbol: symbol for symbol in API}, "4.5", lambda _: 0.5)
    with stored(tmp_path / "api.sqlite", made, embedder, "api 4.5") as store:
        yield Corpus(store, "4.5", embedder=embedder)


@pytest.fixture
def searcher(code: Corpus, blender: Corpus) -> Searcher:
    return Searcher(code, lambda release: blender if release == "4.5" else None)


def test_an_index_is_a_retriever(searcher: Searcher) -> None:
    retriever: Retriever = searcher
    (hit, *_) = retriever.search("bpy.types.Mesh.flip_normals", release="4.5", kind="api", limit=3)
    assert (hit.symbol, hit.score, hit.release, hit.start) == ("bpy.types.Mesh.flip_normals", EXACT, "4.5", 0)
    assert hit.citation == hit.path
    assert hit.path.endswith("/4.5/bpy.types.Mesh.html#bpy.types.Mesh.flip_normals")


@pytest.mark.parametrize(
    ("query", "symbol"),
    [
        ("Mesh.flip_normals", "bpy.types.Mesh.flip_normals"),
        ("Object.name", "bpy.types.ID.name"),
        ("MESH_OT_mark_seam", "bpy.ops.mesh.mark_seam"),
        ("mesh.mark_seam", "bpy.ops.mesh.mark_seam"),
        ("FLIP_NORMALS", "bpy.types.Mesh.flip_normals"),
        ("flip_normal", "bpy.types.Mesh.flip_normals"),
        ("how do I make a dropdown", "bpy.props.EnumProperty"),
        ("Mark Seam", "bpy.ops.mesh.mark_seam"),
        ("show a text in my panel", "bpy.types.UILayout.label"),
        ("AttributeError: 'Mesh' object has no attribute 'flip_normal'", "bpy.types.Mesh.flip_normals"),
    ],
)
def test_the_api_is_found_by_name_and_by_what_people_say(searcher: Searcher, query: str, symbol: str) -> None:
    assert symbol in [hit.symbol for hit in searcher.search(query, release="4.5", kind="api")[:2]]


def test_only_a_name_is_certain(searcher: Searcher) -> None:
    assert searcher.search("Object.hide_set", release="4.5", kind="api")[0].score >= SUFFIX
    assert all(hit.score < SUFFIX for hit in searcher.search("hide an object", release="4.5", kind="api"))
    assert all(hit.score < SUFFIX for hit in searcher.search("Object.hidden", release="4.5", kind="api"))


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("where is write_meshes defined", "addon.ops.export.write_meshes"),
        ("where is operator export_scene.tool_mesh registered", "addon.ops.export.EXPORT_OT_mesh"),
        ("draw of TOOL_PT_panel", "addon.ui.TOOL_PT_panel.draw"),
        ("what raises ExportError", "addon.ops.export.EXPORT_OT_mesh.execute"),
        ('File "/x/addons/addon/ui.py", line 11, in poll\nTypeError: no', "addon.ui.TOOL_PT_panel.poll"),
        ("wrong vertices when meshes are triangulated", "addon.ops.export.write_meshes"),
    ],
)
def test_code_is_found_by_what_is_asked_of_it(searcher: Searcher, query: str, name: str) -> None:
    assert searcher.search(query, kind="code")[0].symbol == name


def test_code_is_cited_with_its_commit_unless_it_was_changed_since(searcher: Searcher) -> None:
    hit = searcher.search("write_meshes", kind="code")[0]
    assert hit.citation == f"{hit.path}:{hit.start}-{hit.end}@{COMMIT[:12]}"
    lines = ADDON[hit.path].split("\n")
    assert hit.text.split("\n")[0] == lines[hit.start - 1] == "def write_meshes(objects, filepath):"
    changed = searcher.search("TOOL_PT_panel.poll", kind="code")[0]
    assert "@" not in changed.citation


def test_filters_hold(searcher: Searcher) -> None:
    assert {hit.kind for hit in searcher.search("export meshes", kind="doc")} == {"doc"}
    assert {hit.path for hit in searcher.search("operator", where=Filter(paths=("addon/ui.py",)))} <= {"addon/ui.py"}
    assert all(hit.kind != "api" for hit in searcher.search("mesh"))
    kinds = {hit.kind for hit in searcher.search("export the mesh seams and normals", release="4.5", limit=20)}
    assert "api" in kinds and "code" in kinds
    assert len(searcher.search("mesh", release="4.5", limit=2)) == 2


def test_a_release_named_in_the_query_is_the_one_meant(searcher: Searcher) -> None:
    assert searcher.search("Mesh.flip_normals in Blender 4.5")[0].release == "4.5"
    assert searcher.explain("Mesh.flip_normals", release="3.6", kind="api").notes != ()


@pytest.mark.parametrize("query", ["xyzzy frobnicate blorp", "asdf qwer zxcv", "", "???", "\0", "x" * 50_000, "'\"*("])
def test_nonsense_finds_nothing(searcher: Searcher, query: str) -> None:
    assert searcher.search(query, release="4.5") == ()


def test_texts_stay_within_the_budget(searcher: Searcher) -> None:
    answer = searcher.explain("export selected meshes to a file", budget=400)
    assert answer.hits
    assert sum(len(hit.text) for hit in (*answer.hits, *answer.around)) <= 400


def test_the_class_around_a_method_comes_with_it(searcher: Searcher) -> None:
    answer = searcher.explain("EXPORT_OT_mesh.execute", kind="code", limit=1)
    assert [hit.symbol for hit in answer.around] == ["addon.ops.export.EXPORT_OT_mesh"]
    without = searcher.explain("EXPORT_OT_mesh.execute", kind="code", limit=1, stages=Stages().without("neighbours"))
    assert without.around == ()


def test_several_questions_are_all_answered(searcher: Searcher) -> None:
    found = [hit.symbol for hit in searcher.search("how to mark a seam? how to flip normals", release="4.5", limit=4)]
    assert {"bpy.ops.mesh.mark_seam", "bpy.types.Mesh.flip_normals"} <= set(found)


class Failing:
    """An embedder, and a reranker, whose model is gone."""

    name = StaticEmbedder().name
    dimensions = StaticEmbedder().dimensions

    def documents(self, texts: Sequence[str]) -> Vectors:
        raise OSError("the model is gone")

    def query(self, text: str) -> Vectors:
        raise OSError("the model is gone")

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        raise OSError("the model is gone")


def test_without_meaning_words_answer_and_say_so(code: Corpus) -> None:
    broken = Searcher(replace(code, embedder=Failing())).explain("write vertices and faces")
    assert broken.hits[0].symbol == "addon.ops.export.write_meshes"
    assert "the model is gone" in broken.notes[0]
    other = Failing()
    other.name = "another model"
    assert "another model" in Searcher(replace(code, embedder=other)).explain("write vertices").notes[0]
    assert Searcher(replace(code, embedder=None)).explain("write vertices and faces").notes == ()


class Backwards:
    """A reranker that likes the longest text best."""

    name = "longest"

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        return [float(len(text)) for text in texts]


def test_a_reranker_has_a_say_and_may_fail(code: Corpus) -> None:
    plain = Searcher(code).explain("export panel", kind="code")
    failed = Searcher(code, reranker=Failing()).explain("export panel", kind="code")
    assert [hit.symbol for hit in failed.hits] == [hit.symbol for hit in plain.hits]
    assert "the model is gone" in failed.notes[0]
    moved = Searcher(code, reranker=Backwards()).explain("export panel", kind="code")
    longest = max(plain.found, key=lambda found: len(found.chunk.embedded)).hit.symbol
    place = [hit.symbol for hit in moved.hits].index(longest)
    assert place <= [hit.symbol for hit in plain.hits].index(longest)


def test_every_stage_can_be_switched_off(searcher: Searcher) -> None:
    for stage in fields(Stages):
        answer = searcher.explain("flip the normals of a mesh", release="4.5", stages=Stages().without(stage.name))
        assert answer.hits
        assert all(stage.name not in found.ranks for found in answer.found)
    assert searcher.explain("flip normals", release="4.5", stages=Stages.only()).hits == ()


def test_an_index_that_was_updated_is_read_anew(code: Corpus, tmp_path: Path) -> None:
    searcher = Searcher(code)
    assert searcher.search("brand_new_function", kind="code") == ()
    chunked = chunk_file("new.py", b"def brand_new_function():\n    pass\n")
    assert chunked is not None
    with code.store.write() as writer:
        writer.put(IndexedFile("new.py", "new", 1, "python", chunked.chunks))
        writer.describe(code.store.info())
    assert searcher.search("brand_new_function", kind="code")[0].path == "new.py"


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_any_query_gives_a_sound_answer(searcher: Searcher, query: str) -> None:
    hits = searcher.search(query, release="4.5", limit=5)
    assert len(hits) <= 5
    assert all(0 <= hit.score <= 1 for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({(hit.kind, hit.citation, hit.symbol) for hit in hits}) == len(hits)

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.steps.retrieve import MAX_LINES, retrieve
from indexer.blender_api import stubs
from indexer.blender_api.table import ApiTable
from indexer.errors import Unreachable
from indexer.search import SymbolRetriever

COMMIT = "0123456789abcdef0123456789abcdef01234567"
R40, R45 = Release(4, 0), Release(4, 5)
LONG = b"def long():\n" + b"".join(b"    x = %d\n" % number for number in range(2, 101))
FILES = {
    "addon/ui.py": b"import bpy\n\n\nclass Panel:\n    def draw(self, context):\n        self.layout.label('x')\n"
    b"\n\nX = 1\n",
    "addon/long.py": LONG,
}


def fault(path: str = "", line: int = 0, owner: str | None = None, member: str | None = None) -> Fault:
    return Fault(
        kind=FaultKind.PANEL, path=path, line=line, end_line=line, owner=owner, member=member, message="wrong",
        source=FaultSource.RUNTIME, proof=Proof.REPRODUCED,
    )  # fmt: skip


@pytest.fixture(scope="session")
def api(pytestconfig: pytest.Config) -> Callable[[str], ApiTable | None]:
    cache = pytestconfig.cache
    assert cache is not None
    folder = cache.mkdir("api")
    for release in ("4.0", "4.5"):
        if stubs.load(release, folder) is None:
            try:
                stubs.fetch(release, folder)
            except Unreachable as error:
                pytest.skip(f"the package index is not reachable: {error}")
    return lambda release: stubs.load(release, folder) if release in ("4.0", "4.5") else None


def test_the_function_around_a_fault_is_cited_at_its_commit() -> None:
    (cited,) = retrieve([fault("addon/ui.py", 6)], FILES, COMMIT, R45)
    assert cited.label == "addon/ui.py:5-6@0123456789ab"
    assert cited.text == "    def draw(self, context):\n        self.layout.label('x')"
    assert cited.url is None


def test_outside_of_functions_the_lines_around_are_cited() -> None:
    (cited,) = retrieve([fault("addon/ui.py", 9)], FILES, COMMIT, R45)
    assert cited.label.startswith("addon/ui.py:6-")
    assert cited.text.endswith("X = 1")


def test_of_a_long_function_the_part_with_the_fault_is_shown() -> None:
    (cited,) = retrieve([fault("addon/long.py", 60)], FILES, COMMIT, R45)
    assert len(cited.text.splitlines()) == MAX_LINES
    assert "x = 60" in cited.text
    start, end = cited.label.partition("@")[0].rpartition(":")[2].split("-")
    assert int(end) - int(start) + 1 == MAX_LINES


def test_one_place_is_cited_once() -> None:
    assert len(retrieve([fault("addon/ui.py", 5), fault("addon/ui.py", 6)], FILES, COMMIT, R45)) == 1


def test_unknown_places_and_names_are_cited_as_nothing() -> None:
    places = [fault("gone.py", 3), fault("addon/ui.py", 0), fault("addon/ui.py", 10_000)]
    names = [fault(owner="Panel", member="x"), fault(owner="a b", member=""), fault(owner="a/b.c", member="<x>")]
    assert retrieve([*places, *names], FILES, COMMIT, R45) == ()


def test_without_the_api_a_full_name_still_has_its_page() -> None:
    (cited,) = retrieve([fault(owner="bpy.types.Mesh", member="use_auto_smooth")], FILES, COMMIT, R45)
    assert cited.url == "https://docs.blender.org/api/4.5/bpy.types.Mesh.html#bpy.types.Mesh"


def test_a_member_that_is_gone_is_cited_from_the_release_that_had_it(api: Callable[[str], ApiTable | None]) -> None:
    retriever = SymbolRetriever(FILES, api)
    gone = fault(owner="Mesh", member="use_auto_smooth")
    (cited,) = retrieve([gone], FILES, COMMIT, R45, retriever, earlier=(R40,))
    assert cited.label == "bpy.types.Mesh.use_auto_smooth"
    assert cited.url == "https://docs.blender.org/api/4.0/bpy.types.Mesh.html#bpy.types.Mesh.use_auto_smooth"
    assert cited.text.startswith("property — Auto smooth")
    (owner,) = retrieve([gone], FILES, COMMIT, R45, retriever)
    assert owner.url == "https://docs.blender.org/api/4.5/bpy.types.Mesh.html#bpy.types.Mesh"


def test_a_class_of_the_addon_has_no_documentation(api: Callable[[str], ApiTable | None]) -> None:
    retriever = SymbolRetriever(FILES, api)
    assert retrieve([fault(owner="MY_OT_operator", member="size")], FILES, COMMIT, R45, retriever) == ()

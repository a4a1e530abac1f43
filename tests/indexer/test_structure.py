from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from indexer.models import Chunk, Facts
from indexer.query import understand
from indexer.stores.base import NameRow
from indexer.structure import (
    Context,
    by_frames,
    file_evidence,
    is_test,
    path_words,
    restructured,
    substance,
    symbol_evidence,
)

BODY = "x = 1\n" * 200


@dataclass(frozen=True)
class Code:
    """A few chunks as an index knows them; real rows, held in memory."""

    chunks: Mapping[int, Chunk]
    imported: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def row(self, number: int) -> NameRow | None:
        chunk = self.chunks.get(number)
        if chunk is None:
            return None
        return NameRow(number, chunk.path, chunk.role, chunk.name, chunk.symbol, chunk.part, chunk.prior)

    def named(self, last_name: str) -> Sequence[int]:
        return [n for n, chunk in self.chunks.items() if chunk.name.rpartition(".")[2] == last_name]

    def of_path(self, path: str) -> Sequence[int]:
        return [n for n, chunk in self.chunks.items() if chunk.path == path]

    def paths(self) -> Iterable[str]:
        return dict.fromkeys(chunk.path for chunk in self.chunks.values())

    def calling(self, name: str, limit: int) -> Sequence[int]:
        return [n for n, chunk in self.chunks.items() if name in chunk.facts.calls][:limit]

    def imports(self, path: str) -> Sequence[str]:
        return self.imported.get(path, ())

    def of_module(self, module: str) -> Sequence[str]:
        return [path for path in self.paths() if path.removesuffix(".py").endswith(module.replace(".", "/"))]


def chunk(path: str, name: str, role: str = "function", part: int = 0, text: str = BODY, **facts: object) -> Chunk:
    symbol = f"{path.removesuffix('.py').replace('/', '.')}.{name}"
    return Chunk("code", role, path, 1, 20, name, symbol, text, part=part, facts=Facts(**facts))  # type: ignore[arg-type]


def order(code: Code, scores: Mapping[int, float], question: str = "something", **options: object) -> list[int]:
    moved = restructured(scores, code.chunks, understand(question), code, {}, **options)  # type: ignore[arg-type]
    return sorted(moved, key=lambda number: -moved[number])


def test_pieces_of_one_file_support_each_other() -> None:
    code = Code({1: chunk("a.py", "f"), 2: chunk("b.py", "g"), 3: chunk("b.py", "h"), 4: chunk("b.py", "i")})
    assert order(code, {1: 0.50, 2: 0.49, 3: 0.45, 4: 0.45})[0] == 2


def test_parts_of_one_symbol_support_each_other() -> None:
    code = Code({1: chunk("a.py", "f"), 2: chunk("a.py", "g", part=1), 3: chunk("a.py", "g", part=2)})
    assert order(code, {1: 0.50, 2: 0.48, 3: 0.45})[0] == 2


def test_the_innermost_frame_of_a_traceback_comes_first() -> None:
    code = Code({1: chunk("ui.py", "Panel.draw", "method"), 2: chunk("ops.py", "run"), 3: chunk("util.py", "load")})
    trace = 'File "/x/addons/t/ui.py", line 3, in draw\n  File "/x/addons/t/ops.py", line 4, in run\nValueError: no'
    assert order(code, {3: 0.5, 1: 0.1, 2: 0.1}, trace)[:2] == [2, 1]
    found = by_frames(understand(trace), code)
    assert found[2] > found[1] > 0
    assert 3 not in found


def test_what_a_good_hit_calls_is_found_with_it() -> None:
    code = Code({1: chunk("a.py", "f", calls=("helper",)), 2: chunk("b.py", "helper"), 3: chunk("c.py", "other")})
    assert order(code, {1: 0.5, 3: 0.0})[:2] == [1, 2]


def test_files_changed_lately_and_files_at_hand_come_before_their_equals() -> None:
    code = Code({1: chunk("a.py", "f"), 2: chunk("b.py", "g")}, {"c.py": ("b",)})
    assert order(code, {1: 0.5, 2: 0.5}, recent={"b.py": 1})[0] == 2
    assert order(code, {1: 0.5, 2: 0.5}, context=Context(("b.py",)))[0] == 2


def test_tests_come_after_what_they_test_unless_they_are_asked_for() -> None:
    code = Code({1: chunk("tests/test_a.py", "test_f"), 2: chunk("a.py", "f")})
    assert order(code, {1: 0.5, 2: 0.45})[0] == 2
    assert order(code, {1: 0.5, 2: 0.2}, "tests of the exporter")[0] == 1
    assert is_test("pkg/tests/x.py") and is_test("x/test_y.py") and not is_test("contest/latest.py")


def test_a_path_that_says_what_is_asked() -> None:
    rows = [row for n in (1, 2) if (row := Code({1: chunk("io/export_mesh.py", "f"), 2: chunk("ui.py", "g")}).row(n))]
    said = path_words(rows, {"export": 2.0, "mesh": 1.0, "crash": 1.0})
    assert said["io/export_mesh.py"] > said["ui.py"] == 0.0


def test_a_few_lines_are_less_than_a_screenful() -> None:
    assert substance(chunk("a.py", "f", text="pass")) < substance(chunk("a.py", "g")) == 1.0


SCORES = st.dictionaries(st.integers(1, 12), st.floats(0, 1), max_size=12)


@given(SCORES)
def test_scores_stay_between_nothing_and_one(scores: dict[int, float]) -> None:
    code = Code({n: chunk(f"f{n % 3}.py", f"C{n % 2}.m{n}", "method", part=n % 4) for n in range(1, 13)})
    moved = restructured(scores, code.chunks, understand("crash in f1.py"), code, {"f": 1.0}, recent={"f0.py": 1})
    assert all(0 <= score <= 1 for score in moved.values())
    rows = {n: row for n in scores if (row := code.row(n)) is not None}
    for shares in (file_evidence(scores, rows), symbol_evidence(scores, rows)):
        assert all(0 <= share <= 1 for share in shares.values())  # type: ignore[attr-defined]

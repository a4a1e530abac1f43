"""One suite over every chunker: any bytes are survived, spans are exact, sizes bounded, keys content."""

from __future__ import annotations

import time
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.chunking.base import MAX_CHARACTERS, Chunked, Chunker
from indexer.chunking.context import MAX_CONTEXT
from indexer.chunking.registry import CHUNKERS, by_suffix, chunk_file, chunker_for

IDS = [chunker.language for chunker in CHUNKERS]

SNIPPETS = (
    b"import bpy\n\n\nclass A(bpy.types.Operator):\n    bl_idname = 'a.b'\n\n    def draw(self):\n        pass\n",
    b"print 'two'\nexec code in scope\nraise E, 'x'\n",
    b"def f(:\n    pass\nclass\n@\n",
    b"#version 330\nuniform mat4 m;\nstruct L { vec3 c; };\nvoid main() { gl_Position = m * f(1); }\n",
    b"# Title\n\ntext\n\n## Sub\n\n```\n# no heading\n```\n",
    b"Title\n=====\n\ntext\n\nSub\n---\n\nmore\n",
    b"a = 1\n[b]\nc = 'd'\n",
    b'{\n  "a": [1, 2],\n  "b": {"c": 1}\n}\n',
    b"on: push\njobs:\n  test:\n    steps: []\n",
    b"\xef\xbb\xbfx = 1\r\ny = 2\r\n\x0cdef f():\r\n    pass\r\n",
    "# Größe\nx = 'é'\n".encode("latin-1"),
    b"def f():\n" + b"    x = call(1, 2, 3)\n\n" * 200,
    b"x = [\n" + b"    1, 2, 3,\n" * 400 + b"]\n",
    b"x = '" + b"a" * 9_000 + b"'\ny = 1\n",
    b"a\rb\rc",
)
PIECES = (
    b"def f(a):\n",
    b"    ",
    b"class A(B):\n",
    b"\n",
    b"\r\n",
    b"\x0c",
    b'"""',
    b"# h\n",
    b"===\n",
    b"(",
    b"}",
    b"x = 1",
    b"\xff",
    b"\0",
    b"\xe2\x80\xa8",
    b"```\n",
    b'  "k": 1,\n',
    b"uniform ",
    b"struct S {",
    b"@d\n",
    b"raise E\n",
    b"import a.b\n",
    b"from . import c\n",
    b" " * 40,
    b"y" * 900,
    b"\t",
    b":",
    b"[t]\n",
)

files = st.one_of(
    st.binary(max_size=400),
    st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join),
    st.tuples(st.sampled_from(SNIPPETS), st.integers(0, 400), st.binary(max_size=8)).map(
        lambda made: made[0][: made[1]] + made[2] + made[0][made[1] :]
    ),
)


@pytest.fixture(params=CHUNKERS, ids=IDS)
def chunker(request: pytest.FixtureRequest) -> Chunker:
    return request.param


def path_for(chunker: Chunker, folder: str = "addon") -> str:
    return f"{folder}/name{min(chunker.suffixes)}"


def lines_of(data: bytes) -> list[str]:
    """The lines as git counts them, without their ends."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []


def check(found: Chunked, data: bytes, path: str) -> None:
    lines = lines_of(data)
    for chunk in found.chunks:
        assert 1 <= chunk.start <= chunk.end <= len(lines)
        assert chunk.path == path
        assert chunk.name and chunk.symbol and chunk.text.strip()
        assert len(chunk.text) <= 2 * MAX_CHARACTERS
        assert len(chunk.context) <= MAX_CONTEXT
        exact = "\n".join(lines[chunk.start - 1 : chunk.end])
        if chunk.role == "class" and found.language == "python":
            inside = iter(exact.split("\n"))
            assert all(any(line == shown for line in inside) for shown in chunk.text.split("\n")) or "…" in chunk.text
        elif len(exact) <= 2 * MAX_CHARACTERS:
            assert chunk.text == exact
        else:
            assert chunk.start == chunk.end and exact.startswith(chunk.text[:MAX_CHARACTERS])


@settings(max_examples=40, deadline=None)
@given(data=files)
@pytest.mark.parametrize("one", CHUNKERS, ids=IDS)
def test_any_bytes_are_survived_and_spans_are_exact(one: Chunker, data: bytes) -> None:
    path = path_for(one)
    found = one.chunk(path, data)
    check(found, data, path)
    assert one.chunk(path, data) == found


@pytest.mark.parametrize("data", SNIPPETS, ids=range(len(SNIPPETS)))
def test_real_files_give_chunks_whatever_reads_them(chunker: Chunker, data: bytes) -> None:
    path = path_for(chunker)
    found = chunker.chunk(path, data)
    check(found, data, path)
    assert found.language == chunker.language
    assert found.chunks


def test_what_a_chunk_says_does_not_depend_on_where_its_file_lies(chunker: Chunker) -> None:
    for data in SNIPPETS:
        here = chunker.chunk(path_for(chunker), data).chunks
        there = chunker.chunk(f"else/where/other{min(chunker.suffixes)}", data).chunks
        assert [chunk.key for chunk in here] == [chunk.key for chunk in there]


def test_an_edit_at_the_end_leaves_the_keys_before_it(chunker: Chunker) -> None:
    data = b"".join(b"line %d of many, each some forty characters\n\n" % number for number in range(200))
    before = [chunk.key for chunk in chunker.chunk(path_for(chunker), data).chunks]
    after = [chunk.key for chunk in chunker.chunk(path_for(chunker), data + b"one more\n").chunks]
    assert before[:-1] == after[: len(before) - 1]
    assert len(before) > 3


@pytest.mark.parametrize("data", [b"", b"\n", b"\n\n \n\t\n", b"\xef\xbb\xbf"])
def test_an_empty_file_gives_nothing(chunker: Chunker, data: bytes) -> None:
    assert chunker.chunk(path_for(chunker), data).chunks == ()


def test_parts_are_counted_in_order(chunker: Chunker) -> None:
    data = b"".join(b"value_%d = compute(%d)\n\n" % (number, number) for number in range(400))
    parts = [chunk.part for chunk in chunker.chunk(path_for(chunker), data).chunks]
    assert parts == list(range(1, len(parts) + 1))


@pytest.mark.parametrize(
    "data",
    [b"(" * 100_000, b"[{" * 50_000, b"f()" + b"()" * 30_000, b"a." * 50_000 + b"a()", b"lambda:" * 15_000,
     b"\0" * 100_000, b"".join(b" " * depth + b"if x:\n" for depth in range(400)),
     b"/*" * 50_000, b"```\n" * 25_000, b"`" * 100_000],
    ids=["parens", "brackets", "calls", "dots", "lambdas", "nul", "ifs", "comments", "fences", "ticks"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["python", "glsl", "markdown", "rst", "json"])
def test_a_strangers_nesting_costs_no_more_than_its_length(language: str, data: bytes) -> None:
    """100 kB within seconds: what is quadratic in depth or width takes minutes."""
    chunker = next(one for one in CHUNKERS if one.language == language)
    began = time.process_time()
    check(chunker.chunk(path_for(chunker), data), data, path_for(chunker))
    assert time.process_time() - began < 5


def test_every_suffix_has_one_chunker_and_is_spelt_as_promised() -> None:
    suffixes = [suffix for chunker in CHUNKERS for suffix in chunker.suffixes]
    assert len(suffixes) == len(set(suffixes)) == len(by_suffix())
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in suffixes)
    assert len(IDS) == len(set(IDS))


@pytest.mark.parametrize(
    ("path", "language"),
    [("a/b.py", "python"), ("a/B.PY", "python"), ("s.frag", "glsl"), ("README", "text"), ("README.md", "markdown"),
     ("blender_manifest.toml", "toml"), ("x.tar.gz", None), ("LICENSE", None), ("a.py/b", None), (".gitignore", None)],
)  # fmt: skip
def test_the_name_decides_who_reads_a_file(path: str, language: str | None) -> None:
    chunker = chunker_for(path)
    assert (chunker.language if chunker else None) == language
    assert (chunk_file(path, b"x = 1\n") is None) == (language is None)
    assert PurePosixPath(path).name

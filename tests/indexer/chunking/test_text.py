from __future__ import annotations

from indexer.chunking.base import MAX_CHARACTERS
from indexer.chunking.registry import chunk_file
from indexer.models import Chunk


def cut(path: str, text: str) -> tuple[Chunk, ...]:
    found = chunk_file(path, text.encode())
    assert found is not None
    return found.chunks


def names(path: str, text: str) -> list[tuple[str, int, int]]:
    return [(chunk.name, chunk.start, chunk.end) for chunk in cut(path, text)]


def test_markdown_is_cut_at_its_headings() -> None:
    text = "intro\n\n# Add-on\n\n## Install *it*\n\nDo.\n\n```sh\n# no heading\n```\n\nUse\n---\n\nSo.\n\n# End #\nx\n"
    assert names("docs/guide.md", text) == [
        ("guide.md", 1, 1),
        ("Add-on > Install *it*", 5, 11),
        ("Add-on > Use", 13, 16),
        ("End", 18, 19),
    ]
    install = cut("docs/guide.md", text)[1]
    assert (install.kind, install.role, install.context) == ("doc", "section", "Add-on")
    assert install.symbol == "docs/guide.md#install-it"


def test_a_rule_or_a_table_is_no_heading() -> None:
    text = "One\ntwo\n---\n\n| a | b |\n|---|---|\n\n- x\n---\n\n    code\n====\n"
    assert names("a.md", text) == [("a.md", 1, 12)]


def test_restructured_text_is_cut_at_its_headings() -> None:
    text = "=====\nTitle\n=====\n\nintro\n\nPart\n----\n\ntext\n\nDeep\n~~~~\n\nmore\n\nNext\n----\n\nend\n"
    assert names("a.rst", text) == [
        ("Title", 1, 5),
        ("Title > Part", 7, 10),
        ("Title > Part > Deep", 12, 15),
        ("Title > Next", 17, 20),
    ]


def test_a_long_section_is_cut_between_paragraphs_and_says_where_it_is_from() -> None:
    text = "# Top\n\n## Long\n\n" + "word and word again. \n\n" * 200
    parts = cut("a.md", text)
    assert len(parts) > 2
    assert [chunk.part for chunk in parts] == list(range(1, len(parts) + 1))
    assert parts[1].context == "Top > Long"
    assert all(len(chunk.text) <= MAX_CHARACTERS * 1.2 for chunk in parts)


def test_data_is_cut_before_its_top_level_keys() -> None:
    rows = "".join(f'    "k{number}": {{\n      "a": 1,\n\n      "b": 2\n    }},\n' for number in range(100))
    parts = cut("a.json", "{\n" + rows.removesuffix(",\n") + "\n}\n")
    assert len(parts) > 2
    table = "".join(f"[table{number}]\nname = 1\n\nother = [\n  2,\n]\n" for number in range(80))
    assert all(chunk.text.startswith(("[table", "name", "other")) for chunk in cut("a.toml", table))
    jobs = "".join(f"job{number}:\n  steps:\n\n    - run: it\n" for number in range(90))
    assert all(chunk.text.startswith("job") for chunk in cut("a.yml", jobs))


def test_code_is_cut_at_blank_lines() -> None:
    code = "".join(f"int f{number}()\n{{\n    return {number};\n}}\n\n" for number in range(120))
    parts = cut("src/a.cpp", code)
    assert len(parts) > 2
    assert all(chunk.text.startswith("int f") and chunk.text.endswith("}") for chunk in parts)
    assert {chunk.language for chunk in parts} == {"cpp"}
    assert {chunk.kind for chunk in parts} == {"code"}


def test_a_small_file_is_one_chunk() -> None:
    assert names("blender_manifest.toml", 'id = "x"\n\n[permissions]\nfiles = "y"\n') == [
        ("blender_manifest.toml", 1, 4)
    ]

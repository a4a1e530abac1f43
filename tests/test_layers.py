"""The layers: imports point downwards only, nothing goes round in a circle, `indexer` knows nothing of `bot`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LAYERS: tuple[tuple[str, ...], ...] = (
    ("__main__", "pages"),
    ("cli",),
    ("commands",),
    ("evaluation",),
    ("pipeline", "wiring_snippet"),
    ("wiring",),
    ("errands",),
    ("publishing",),
    ("snippets",),
    ("steps",),
    ("triggers",),
    ("reporting",),
    ("dossier",),
    ("prompts",),
    ("workflows",),
    ("reproducing",),
    ("validators",),
    ("rules",),
    ("llm",),
    ("blender",),
    ("sandbox",),
    ("host",),
    ("edits", "answers"),
    ("repository", "runs", "checkpoints", "handover", "clones", "patches", "policy", "addons", "indexing", "texts"),
    ("secrets", "disguises", "weakening"),
    ("patterns",),
    ("cache", "locks"),
    ("settings",),
    ("models",),
    ("errors",),
)
"""Top to bottom; a line may import from its own files and from lines below it. See docs/architecture.md."""

INDEXER: tuple[tuple[str, ...], ...] = (
    ("__main__",),
    ("cli",),
    ("commands",),
    ("api_index", "evaluation"),
    ("wiring",),
    ("search",),
    ("searching",),
    ("structure", "vocabulary"),
    ("fusion", "query"),
    ("portable", "incremental", "shelves"),
    ("repository", "fixes", "skipping", "locking", "watching"),
    ("stores",),
    ("chunking", "blender_api"),
    ("embedders", "rerankers"),
    ("git", "places", "tokens", "models", "errors"),
)
"""The same for the other package."""

HARNESS: tuple[tuple[str, ...], ...] = (
    ("start",),
    ("main",),
    ("exercise", "picture", "testing"),
    ("probes", "asking", "channel"),
    ("judging",),
    ("course",),
    ("bench",),
    ("seeing",),
    ("scene", "inputs"),
    ("interface",),
    ("code",),
    ("results", "timing", "recipes"),
    ("values",),
)
"""The same inside the harness, which runs in Blender's own Python and imports nothing else of ours."""


def levels(layers: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    """The level of each name, 0 the top."""
    return {name: level for level, names in enumerate(layers) for name in names}


LEVEL = {"bot": levels(LAYERS), "indexer": levels(INDEXER)}
TITLE = {"bot": LAYERS, "indexer": INDEXER}


@dataclass(frozen=True)
class Import:
    """One module importing another."""

    importer: str
    imported: str
    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.importer} imports {self.imported}"


def modules(package: str) -> dict[str, Path]:
    """Every module of a package by its dotted name."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


ALL = modules("bot") | modules("indexer")


def imports_of(name: str, path: Path, known: set[str]) -> Iterator[Import]:
    """Every import of our own packages in a file, those inside functions and `TYPE_CHECKING` too."""
    for node in ast.walk(ast.parse(path.read_bytes(), filename=str(path))):
        if isinstance(node, ast.Import):
            wanted = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            # `from bot.rules import registry` is about the module, where there is one of that name.
            wanted = [full if (full := f"{node.module}.{alias.name}") in known else node.module for alias in node.names]
        else:
            continue
        for imported in wanted:
            if imported.partition(".")[0] in {"bot", "indexer"}:
                yield Import(name, imported, path, node.lineno)


def every_import() -> list[Import]:
    """Every import between our own modules."""
    return [found for name, path in ALL.items() for found in imports_of(name, path, set(ALL))]


def place(module: str) -> str:
    """The name its package's layers know a module by; empty for the package itself, which holds the version alone."""
    return module.split(".")[1] if "." in module else ""


def upward(found: Import) -> str | None:
    """Why an import goes the wrong way, or nothing."""
    if place(found.imported) == "":
        return None
    package = found.importer.partition(".")[0]
    level = LEVEL[package]
    above = level[place(found.importer)] if place(found.importer) else len(level)
    below = level[place(found.imported)]
    if below < above:
        title = ", ".join(TITLE[package][below])
        return f"{found}; {title} stands above it: move what both need into a layer below both"
    return None


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Every group of modules that import each other in a round, smallest path first."""
    seen: dict[str, int] = {}
    trail: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        seen[module] = 1
        trail.append(module)
        for target in sorted(edges.get(module, ())):
            if seen.get(target) == 1:
                found.append([*trail[trail.index(target) :], target])
            elif target not in seen:
                visit(target)
        trail.pop()
        seen[module] = 2

    for module in sorted(edges):
        if module not in seen:
            visit(module)
    return found


@pytest.mark.parametrize("package", LEVEL)
def test_every_module_has_a_layer(package: str) -> None:
    homeless = sorted({place(name) for name in ALL if name.startswith(f"{package}.")} - set(LEVEL[package]))
    assert not homeless, f"{package}/{homeless[0]} is in no layer: give it a line here and in docs/architecture.md"


@pytest.mark.parametrize("package", LEVEL)
def test_imports_point_downwards(package: str) -> None:
    wrong = [
        reason
        for found in every_import()
        if found.importer.startswith(package) and found.imported.startswith(package)
        if (reason := upward(found))
    ]
    assert not wrong, "\n".join(wrong)


def test_the_indexer_knows_nothing_of_the_bot() -> None:
    wrong = [
        str(found)
        for found in every_import()
        if found.importer.partition(".")[0] == "indexer" and found.imported.partition(".")[0] == "bot"
    ]
    assert not wrong, "\n".join([*wrong, "indexer is a package of its own: pass it values instead"])


def test_the_harness_imports_itself_alone_and_downwards() -> None:
    inside = "bot.blender.harness."
    level = levels(HARNESS)
    parts = {found.importer[len(inside) :] for found in every_import() if found.importer.startswith(inside)}
    parts |= {name[len(inside) :] for name in ALL if name.startswith(inside)}
    tops = {part.partition(".")[0] for part in parts}
    assert tops == set(level), f"give {tops ^ set(level)} a line in HARNESS, or take it out"
    stems = [part.rpartition(".")[2] for part in parts if part not in level or "." in part]
    assert len(stems) == len(set(stems)), "what is exchanged in the harness is told by a module's short name"
    wrong = [
        str(found)
        for found in every_import()
        if found.importer.startswith(inside)
        and (
            not found.imported.startswith(inside)
            or level[found.imported[len(inside) :].partition(".")[0]]
            < level[found.importer[len(inside) :].partition(".")[0]]
        )
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_goes_round_in_a_circle() -> None:
    edges: dict[str, set[str]] = {}
    for found in every_import():
        if found.imported != found.importer:
            edges.setdefault(found.importer, set()).add(found.imported)
    assert not (rounds := circles(edges)), "\n".join(" -> ".join(way) for way in rounds)


@pytest.mark.parametrize("name", sorted(ALL))
def test_imports_are_absolute(name: str) -> None:
    relative = [
        node.lineno
        for node in ast.walk(ast.parse(ALL[name].read_bytes()))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not relative, f"{ALL[name].relative_to(ROOT)}:{relative[0]}: write the import in full"


def test_the_checks_can_fail(tmp_path: Path) -> None:
    """A guard against the guards: a wrong import and a circle are seen."""
    wrong = Import("bot.models.fault", "bot.steps.report", ROOT / "bot/models/fault.py", 3)
    assert "stands above it" in (upward(wrong) or "")
    assert upward(Import("bot.steps.report", "bot.models.fault", ROOT / "bot/steps/report.py", 3)) is None
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == [["a", "b", "c", "a"]]
    assert circles({"a": {"b", "c"}, "b": {"c"}}) == []
    source = tmp_path / "x.py"
    source.write_text("def f():\n    from bot.rules import registry\n    import bot.models.fault\n")
    assert [found.imported for found in imports_of("bot.x", source, {"bot.rules.registry"})] == [
        "bot.rules.registry",
        "bot.models.fault",
    ]

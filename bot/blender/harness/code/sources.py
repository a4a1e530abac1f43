"""The add-on as it is written: its functions, and the lines that can run."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from bot.blender.harness.code.addon import Addon


@dataclass(frozen=True)
class Site:
    """A function as it stands in a file; `names` is every name its body mentions."""

    path: str
    qualname: str
    owner: str
    """The class it is a method of; empty for a plain function."""
    start: int
    end: int
    names: frozenset[str]

    @property
    def name(self) -> str:
        """Its own name."""
        return self.qualname.rpartition(".")[2]


def read_source(path: str) -> str:
    """A file's text, as far as it can be decoded; empty when it cannot be read."""
    try:
        return Path(path).read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return ""


def _parse(text: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


class SourceMap:
    """The functions of the add-on's files, read when first asked for."""

    def __init__(self, addon: Addon) -> None:
        self._addon = addon
        self._sites: dict[str, list[Site]] = {}
        self._executable: dict[str, set[int]] = {}
        self._trees: dict[str, ast.Module | None] = {}

    def tree(self, path: str) -> ast.Module | None:
        """The syntax tree of one file, or None."""
        if path not in self._trees:
            self._trees[path] = _parse(read_source(self._addon.absolute(path)))
        return self._trees[path]

    def sites(self, path: str) -> list[Site]:
        """Every named function of one file, nested ones left out."""
        if path not in self._sites:
            found: list[Site] = []
            tree = self.tree(path)
            if tree is not None:
                self._collect(path, tree, "", "", found)
            self._sites[path] = found
        return self._sites[path]

    def all_sites(self) -> list[Site]:
        """Every named function of the add-on."""
        return [site for path in self._addon.files() for site in self.sites(path)]

    def at(self, path: str, line: int, function: str = "") -> Site | None:
        """The function that holds a line, or failing that the nearest one of the given name."""
        sites = self.sites(path)
        for site in sites:
            if site.start <= line <= site.end and (not function or function == "<module>" or site.name == function):
                return site
        named = [site for site in sites if site.name == function]
        if named:
            return min(named, key=lambda site: abs(site.start - line))
        return next((site for site in sites if site.start <= line <= site.end), None)

    def executable(self, path: str) -> set[int]:
        """The lines of one file that can run."""
        if path not in self._executable:
            lines: set[int] = set()
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    pending = [compile(read_source(self._addon.absolute(path)), path, "exec", dont_inherit=True)]
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                pending = []
            while pending:
                code = pending.pop()
                lines.update(line for _, _, line in code.co_lines() if line)
                pending += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
            self._executable[path] = lines
        return self._executable[path]

    def whole(self, path: str, ran: set[int]) -> set[int]:
        """The lines that ran, and with them the lines of their simple statements that hold no code of their own."""
        tree = self.tree(path)
        silent: set[int] = set()
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.stmt) and not hasattr(node, "body"):
                lines = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
                if lines & ran:
                    silent |= lines - self.executable(path)
        return ran | silent

    def reach(self, names: set[str], start: set[Site]) -> set[Site]:
        """The functions that can be got to from these, going by names alone."""
        by_name: dict[str, list[Site]] = {}
        for site in self.all_sites():
            by_name.setdefault(site.name, []).append(site)
        reached, pending = set(start), [site for name in names for site in by_name.get(name, [])] + list(start)
        while pending:
            site = pending.pop()
            reached.add(site)
            for name in site.names:
                pending += [other for other in by_name.get(name, []) if other not in reached]
                reached.update(by_name.get(name, []))
        return reached

    def _collect(self, path: str, node: ast.AST, prefix: str, owner: str, found: list[Site]) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                self._collect(path, child, f"{prefix}{child.name}.", child.name, found)
            elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                start = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
                names = {inner.attr for inner in ast.walk(child) if isinstance(inner, ast.Attribute)}
                names |= {inner.id for inner in ast.walk(child) if isinstance(inner, ast.Name)}
                end = child.end_lineno or child.lineno
                found.append(Site(path, prefix + child.name, owner, start, end, frozenset(names)))
            elif isinstance(child, (ast.If, ast.Try, ast.With, ast.ExceptHandler)):
                self._collect(path, child, prefix, owner, found)

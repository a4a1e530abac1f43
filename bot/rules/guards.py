"""Version guards: the one idiom new code is guarded with, and which code is guarded already.

    (new if bpy.app.version >= (4, 1, 0) else old)

    if bpy.app.version >= (4, 1, 0):
        new
    else:
        old

Code that is reached only where it is right is left as it is: a person has already thought about it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

import libcst as cst

from bot.models.patch import Edit
from bot.models.release import Release
from bot.rules.building import every
from bot.rules.places import dotted, walk
from bot.rules.source import Source

_VERSIONISH = re.compile(r"version|(?:blender|^b|^bl|^bv|^b3d|^is|_is|since|_v|^v)_?\d[_.]?\d", re.IGNORECASE)
_ABOUT_BLENDER = re.compile(r"version|blender|(?:^|_)(?:bl|b3d|bv)(?:_|$)", re.IGNORECASE)
_MENDED = frozenset(
    {
        "AttributeError",
        "TypeError",
        "KeyError",
        "ValueError",
        "NameError",
        "LookupError",
        "ImportError",
        "ModuleNotFoundError",
    }
)
_BROAD = frozenset({"Exception", "BaseException"})
_BELOW = re.compile(r"small|less|lower|older|below|before|under", re.IGNORECASE)
_ABOVE = re.compile(r"big|great|higher|newer|above|least|since|_min", re.IGNORECASE)
_LEAVES = (cst.Return, cst.Raise, cst.Continue, cst.Break)


def is_guarded(
    source: Source,
    node: cst.CSTNode,
    releases: Collection[Release] = (),
    names: Collection[str] = (),
    *,
    seen: bool = False,
) -> bool:
    """Whether somebody already took care that this code runs only where it is right.

    That is an `if`, a conditional expression or an early return that tests `bpy.app.version` (also
    through a name), `hasattr` or membership in `dir()` or `bl_rna.properties`; or a `try` that
    catches what a missing name raises. A plain version test counts only if it keeps the code out of
    every one of `releases` (those in which it is wrong; empty: any test counts). `hasattr` counts only
    for `names`, when they are given. Where the fault was `seen` to come out of this place a `try` does
    not count.
    """
    if any(_excludes(source, test, holds, releases, frozenset(names)) for test, holds in conditions(source, node)):
        return True
    return not seen and _in_mending_try(source, node)


def reached(source: Source, node: cst.CSTNode, release: Release) -> bool | None:
    """Whether version tests let the code be reached in a release; null where a test cannot be told."""
    answer: bool | None = True
    for test, holds in conditions(source, node):
        value = _value(source, test, release)
        if value is None:
            if _mentions_version(source, test):
                answer = None
        elif value is not holds:
            return False
    return answer


def version_test(since: Release, until: Release | None = None) -> str:
    """`bpy.app.version >= (4, 1, 0)`, or with an end `(4, 2, 0) <= bpy.app.version < (5, 0, 0)`."""
    if until is None:
        return f"bpy.app.version >= {since.tuple_text}"
    return f"{since.tuple_text} <= bpy.app.version < {until.tuple_text}"


def guarded_expression(
    new: str, old: str, since: Release, until: Release | None = None, *, parentheses: bool = True
) -> str:
    """`(new if bpy.app.version >= (4, 1, 0) else old)`; bare where nothing around it can bind closer."""
    text = f"{new} if {version_test(since, until)} else {old}"
    return f"({text})" if parentheses else text


def whole_line(source: Source, node: cst.CSTNode) -> cst.SimpleStatementLine | None:
    """The line of the statement a node is in, if it stands alone on it and inside an ordinary block."""
    for current in (node, *source.ancestors(node)):
        if isinstance(current, cst.SimpleStatementLine):
            return current if len(current.body) == 1 else None
        if isinstance(current, cst.BaseCompoundStatement | cst.SimpleStatementSuite | cst.Lambda):
            return None
    return None


def guarded_statement(
    source: Source,
    statement: cst.SimpleStatementLine,
    new: str,
    old: str,
    since: Release,
    until: Release | None = None,
    *,
    last: cst.SimpleStatementLine | None = None,
) -> Edit:
    """`if bpy.app.version >= …: new` `else: old` in the place of a line (see `whole_line`).

    `new` and `old` are written as they would stand in that place (see `statement_text` for several
    lines). An empty one means that nothing is to be done. With `last` all lines up to that one are
    replaced.
    """
    newline = source.newline
    outer = source.indent(statement)
    test = version_test(since, until)
    if not new.strip():
        test = f"bpy.app.version < {since.tuple_text}" if until is None else f"not ({test})"
        new, old = old, ""
    lines = [f"if {test}:", _indented(source, new, outer)]
    if old.strip():
        lines += [f"{outer}else:", _indented(source, old, outer)]
    return Edit(start=source.start(statement), end=source.end(last or statement), text=newline.join(lines))


def dropped_statement(source: Source, statement: cst.SimpleStatementLine, since: Release, *, covered: bool) -> Edit:
    """Keep a line (see `whole_line`) from running since a release.

    Where no supported release is older (`covered`) the line goes, or becomes `pass` where it is all
    its block has.
    """
    if not covered:
        return guarded_statement(source, statement, "", source.code(statement), since)
    block = source.parent(statement)
    if isinstance(block, cst.IndentedBlock) and len(block.body) == 1:
        return Edit(start=source.start(statement), end=source.end(statement), text="pass")
    begin = source.start(statement) - len(source.indent(statement))
    rest = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?").match(source.text, source.end(statement))
    return Edit(start=begin, end=rest.end() if rest else source.end(statement), text="")


def statement_text(source: Source, lines: Iterable[str], statement: cst.SimpleStatementLine) -> str:
    """Several lines, relative to each other, as text that can stand where `statement` stands."""
    outer = source.indent(statement)
    first, *rest = lines
    return source.newline.join((first, *(outer + line if line else line for line in rest)))


def under(source: Source, statement: cst.SimpleStatementLine, header: str, text: str) -> str:
    """`header` with `text`, written as it would stand where `statement` stands, one level below it."""
    return f"{header}{source.newline}{_indented(source, text, source.indent(statement))}"


def binds_bpy(source: Source) -> bool:
    """Whether `bpy` is imported at module level."""
    return binds(source, "bpy")


def binds(source: Source, module: str) -> bool:
    """Whether `import module` at module level gives the file that name."""
    return any(
        isinstance(small, cst.Import) and any(_bound_name(alias) == module for alias in small.names)
        for small in _module_statements(source.module.body)
    )


def needs_bpy(source: Source) -> Edit | None:
    """The edit that adds `import bpy`, after the docstring and `__future__`; none where it is imported."""
    if binds_bpy(source):
        return None
    body = source.module.body
    at = 0
    while at < len(body) and _stays_first(body[at], first=at == 0):
        at += 1
    newline = source.newline
    if at:
        place = source.end(body[at - 1])
        rest = source.text[place:]
        line = re.match(r"[^\r\n]*", rest)
        place += line.end() if line else 0
        return Edit(start=place, end=place, text=f"{newline}{newline}import bpy")
    if not body:
        return Edit(start=len(source.text), end=len(source.text), text=f"import bpy{newline}")
    place = source.start(_first_node(body[0]))
    return Edit(start=place, end=place, text=f"import bpy{newline}")


# Conditions ---------------------------------------------------------------------------------------


def conditions(source: Source, node: cst.CSTNode) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """Every test on the way to a node, innermost first, and what it must be for the node to be reached."""
    child: cst.CSTNode = node
    for parent in source.ancestors(node):
        if isinstance(parent, cst.If | cst.IfExp):
            if child is parent.body:
                yield parent.test, True
            elif child is parent.orelse:
                yield parent.test, False
        elif isinstance(parent, cst.BooleanOperation) and child is parent.right:
            yield parent.left, isinstance(parent.operator, cst.And)
        elif isinstance(parent, cst.IndentedBlock | cst.Module):
            for earlier in parent.body:
                if earlier is child:
                    break
                if isinstance(earlier, cst.If) and earlier.orelse is None and _leaves(earlier.body):
                    yield earlier.test, False
        child = parent


def _leaves(block: cst.BaseSuite) -> bool:
    last = block.body[-1] if block.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return isinstance(last, _LEAVES)


def _excludes(
    source: Source,
    test: cst.BaseExpression,
    holds: bool,
    releases: Collection[Release],
    names: frozenset[str],
) -> bool:
    if _asks_for_a_name(source, test, names):
        return True
    if not _mentions_version(source, test):
        return False
    values = [_value(source, test, release) for release in releases]
    return all(value is not holds for value in values)


def _asks_for_a_name(source: Source, test: cst.BaseExpression, names: frozenset[str]) -> bool:
    """`hasattr(x, "name")`, `getattr(x, "name", None)`, `"name" in dir(x)` or `… in x.bl_rna.properties`."""
    for node in walk(test):
        asked: cst.BaseExpression | None = None
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Name):
            if (node.func.value, len(node.args)) in (("hasattr", 2), ("getattr", 3)):
                asked = node.args[1].value
        elif isinstance(node, cst.Comparison) and isinstance(node.comparisons[0].operator, cst.In | cst.NotIn):
            holder = source.code(node.comparisons[0].comparator)
            if holder.startswith("dir(") or "bl_rna.properties" in holder or "__dict__" in holder:
                asked = node.left
        if asked is None:
            continue
        text = asked.evaluated_value if isinstance(asked, cst.SimpleString) else None
        if not names or not isinstance(text, str) or text in names:
            return True
    return False


def _mentions_version(source: Source, test: cst.BaseExpression) -> bool:
    for node in walk(test):
        if isinstance(node, cst.Name) and (
            _VERSIONISH.search(node.value) or _assigned_test(source, node.value) is not None
        ):
            return True
        if isinstance(node, cst.Call) and _bound_of_a_helper(node) is not None:
            return True
    return False


def _value(source: Source, test: cst.BaseExpression, release: Release, depth: int = 0) -> bool | None:
    """What a version test is in a release; null where that cannot be told."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        value = _value(source, test.expression, release, depth)
        return None if value is None else not value
    if isinstance(test, cst.BooleanOperation):
        sides = (_value(source, test.left, release, depth), _value(source, test.right, release, depth))
        decisive = isinstance(test.operator, cst.Or)
        if decisive in sides:
            return decisive
        return None if None in sides else not decisive
    if isinstance(test, cst.Name) and depth < 3:
        assigned = _assigned_test(source, test.value)
        return None if assigned is None else _value(source, assigned, release, depth + 1)
    if isinstance(test, cst.Comparison):
        return _compared(source, test, release)
    if isinstance(test, cst.Call):
        return _asked_of_a_helper(test, release)
    return None


def _asked_of_a_helper(test: cst.Call, release: Release) -> bool | None:
    """`version_smaller_than((2, 90, 0))`, `is_bl_newer_than(4, 2)`: a helper whose name says what it compares."""
    name = (dotted(test.func) or "").split(".")[-1]
    bound = _bound_of_a_helper(test)
    if bound is None:
        return None
    if bound[:2] == (release.major, release.minor):
        return None  # the name does not say whether the bound itself is meant
    below = (release.major, release.minor) < bound[:2]
    if bool(_BELOW.search(name)) is bool(_ABOVE.search(name)):
        return None
    return below if _BELOW.search(name) else not below


def _bound_of_a_helper(call: cst.Call) -> tuple[int, ...] | None:
    """The release a call asks about, where its name says that it is about Blender's version."""
    name = (dotted(call.func) or "").split(".")[-1]
    if not _ABOUT_BLENDER.search(name) or not call.args:
        return None
    only = call.args[0].value if len(call.args) == 1 else None
    if isinstance(only, cst.Integer):
        return (only.evaluated_value, 0) if 2 < only.evaluated_value < 10 else None  # is_bl_newer_than(5)
    if only is not None:
        bound = _numbers(only)
    else:
        given = [argument.value for argument in call.args]
        numbers = [value.evaluated_value for value in given if isinstance(value, cst.Integer)]
        bound = tuple(numbers) if len(numbers) == len(given) else None
    return bound if bound is not None and 2 <= len(bound) <= 3 else None


def _compared(source: Source, test: cst.Comparison, release: Release) -> bool | None:
    left: tuple[int, ...] | None = _version_tuple(source, test.left, release)
    result = True
    saw_version = _is_app_version(source, test.left)
    for target in test.comparisons:
        right = _version_tuple(source, target.comparator, release)
        saw_version = saw_version or _is_app_version(source, target.comparator)
        if left is None or right is None:
            return None
        operator = target.operator
        if isinstance(operator, cst.GreaterThanEqual):
            result = result and left >= right
        elif isinstance(operator, cst.GreaterThan):
            result = result and left > right
        elif isinstance(operator, cst.LessThan):
            result = result and left < right
        elif isinstance(operator, cst.LessThanEqual):
            result = result and left <= right
        else:
            return None
        left = right
    return result if saw_version else None


def _is_app_version(source: Source, node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Subscript):
        node = node.value
    return isinstance(node, cst.Attribute) and source.code(node) in ("bpy.app.version", "app.version")


def _version_tuple(source: Source, node: cst.BaseExpression, release: Release) -> tuple[int, ...] | None:
    """A literal version tuple, or `bpy.app.version` (with patch level 0, or a slice of it)."""
    if isinstance(node, cst.Tuple):
        return _numbers(node)
    if not _is_app_version(source, node):
        return None
    if isinstance(node, cst.Subscript):
        inside = source.code(node)[source.code(node).index("[") :]
        return (release.major, release.minor) if re.sub(r"\s", "", inside) in ("[:2]", "[0:2]") else None
    return (release.major, release.minor, 0)


def _numbers(node: cst.BaseExpression) -> tuple[int, ...] | None:
    if not isinstance(node, cst.Tuple):
        return None
    values = [element.value for element in node.elements if isinstance(element, cst.Element)]
    numbers = [value.evaluated_value for value in values if isinstance(value, cst.Integer)]
    return tuple(numbers) if len(numbers) == len(node.elements) else None


def _assigned_test(source: Source, name: str) -> cst.BaseExpression | None:
    """The one expression with `bpy.app.version` in it that is assigned to a name, anywhere in the file."""
    if "app.version" not in source.text:
        return None
    found: list[cst.BaseExpression] = []
    for node in every(source, cst.Assign):
        if any(isinstance(target.target, cst.Name) and target.target.value == name for target in node.targets):
            found.append(node.value)
    if len(found) == 1 and "app.version" in source.code(found[0]):
        return found[0]
    return None


def _in_mending_try(source: Source, node: cst.CSTNode) -> bool:
    """Inside a `try` made for this: it catches what a missing name raises, or everything from one statement."""
    child: cst.CSTNode = node
    for parent in source.ancestors(node):
        if isinstance(parent, cst.FunctionDef | cst.ClassDef | cst.Lambda):
            return False
        if isinstance(parent, cst.Try) and (child is parent.body or child is parent.orelse):
            small = len(parent.body.body) == 1 and not isinstance(parent.body.body[0], cst.BaseCompoundStatement)
            if any(_mends(source, handler, alone=small) for handler in parent.handlers):
                return True
        if isinstance(parent, cst.ExceptHandler) and child is parent.body and _falls_back(source, parent):
            return True
        child = parent
    return False


def _falls_back(source: Source, handler: cst.ExceptHandler) -> bool:
    """Whether what it holds is the older way, taken where the newer one, tried first, is missing."""
    tried = source.parent(handler)
    if not isinstance(tried, cst.Try) or not any(isinstance(node, cst.Attribute) for node in walk(tried.body)):
        return False
    caught = {node.value for node in walk(handler.type) if isinstance(node, cst.Name)} if handler.type else set()
    return bool(caught & {"AttributeError", "TypeError"})


def _mends(source: Source, handler: cst.ExceptHandler, *, alone: bool) -> bool:
    if any(isinstance(node, cst.Raise) and node.exc is None for node in walk(handler.body)):
        return False
    if handler.type is None:
        return alone
    caught = {node.value for node in walk(handler.type) if isinstance(node, cst.Name)}
    return bool(caught & _MENDED) or (alone and bool(caught & _BROAD))


# Text ---------------------------------------------------------------------------------------------


def _unit(source: Source, outer: str) -> str:
    return "\t" if outer and not outer.strip("\t") else source.indent_unit


def _indented(source: Source, text: str, outer: str) -> str:
    """One level deeper than it stands; lines inside a multi-line string are not touched."""
    unit = _unit(source, outer)
    first, *rest = text.splitlines(keepends=True)
    if '"""' in text or "'''" in text:
        return outer + unit + text
    deeper = (outer + unit + line[len(outer) :] if line.startswith(outer) else unit + line for line in rest)
    return outer + unit + first + "".join(line if line.strip() else line.lstrip(" \t") for line in deeper)


def _module_statements(
    body: Iterable[cst.BaseStatement | cst.BaseSmallStatement],
) -> Iterator[cst.BaseSmallStatement]:
    """The simple statements that run when the module is imported, also inside `if` and `try`."""
    for statement in body:
        if isinstance(statement, cst.FunctionDef | cst.ClassDef):
            continue
        if isinstance(statement, cst.BaseSmallStatement):
            yield statement
        elif isinstance(statement, cst.SimpleStatementLine):
            yield from statement.body
        else:
            for child in statement.children:
                if isinstance(child, cst.BaseSuite):
                    yield from _module_statements(child.body)
                elif isinstance(child, cst.If | cst.Else | cst.ExceptHandler | cst.Finally):
                    yield from _module_statements([child])  # type: ignore[list-item]


def _bound_name(alias: cst.ImportAlias) -> str:
    if alias.asname is not None:
        return alias.asname.name.value if isinstance(alias.asname.name, cst.Name) else ""
    name: cst.BaseExpression = alias.name
    while isinstance(name, cst.Attribute):
        name = name.value
    return name.value if isinstance(name, cst.Name) else ""


def _stays_first(statement: cst.BaseStatement, *, first: bool) -> bool:
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    small = statement.body[0]
    if isinstance(small, cst.ImportFrom):
        return isinstance(small.module, cst.Name) and small.module.value == "__future__"
    return first and isinstance(small, cst.Expr) and isinstance(small.value, cst.SimpleString | cst.ConcatenatedString)


def _first_node(statement: cst.BaseStatement) -> cst.CSTNode:
    """What a statement's text begins with: a decorator stands before the `def` it belongs to."""
    if isinstance(statement, cst.FunctionDef | cst.ClassDef) and statement.decorators:
        return statement.decorators[0]
    return statement

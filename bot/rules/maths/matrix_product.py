"""Products of matrices, vectors and quaternions written `*`.

## What it does
Writes the matrix product as `@`, where both sides are known to be `Matrix`, `Vector` or `Quaternion`,
or where Blender raised the error at a line with one product it can be.

## Why it breaks
Since Blender 2.80 `*` multiplies the types of `mathutils` element by element. Matrix times vector
raises `TypeError: Element-wise multiplication: not supported between 'Matrix' and 'Vector' types`;
matrix times matrix gives a wrong result without a word.

## Example
```python
from mathutils import Matrix, Quaternion, Vector

turn = Matrix.Rotation(1.0, 4, "X")
move = Matrix.Translation((1.0, 2.0, 3.0))
both = move * turn
both *= turn
point = 2.0 * (both * Vector((0.0, 0.0, 1.0)))
spun = Quaternion((1.0, 0.0, 0.0), 1.0) * point
```

Use instead:
```python
from mathutils import Matrix, Quaternion, Vector

turn = Matrix.Rotation(1.0, 4, "X")
move = Matrix.Translation((1.0, 2.0, 3.0))
both = move @ turn
both @= turn
point = 2.0 * (both @ Vector((0.0, 0.0, 1.0)))
spun = Quaternion((1.0, 0.0, 0.0), 1.0) @ point
```

## Left alone
Scaling by a number, and vector times vector: since 2.80 that is the element-wise product, and code
written for 2.79 that meant the dot product looks the same.
```python
from mathutils import Matrix, Vector

scaled = Matrix.Rotation(1.0, 4, "X") * 2.0
weighted = Vector((1.0, 2.0, 3.0)) * Vector((4.0, 5.0, 6.0))


def scale(a, b):
    return a * b
```

## Fix safety
Safe: `@` is what `*` meant before 2.80, and every supported release has it.

## References
- https://developer.blender.org/docs/release_notes/2.80/python_api/
- https://docs.blender.org/api/4.5/mathutils.html#mathutils.Matrix
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Repair
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule, Safety
from bot.rules.building import every
from bot.rules.guards import is_guarded
from bot.rules.inference import types_of
from bot.rules.places import fault_at
from bot.rules.source import Source

TITLE = "multiply with @"
SEVERAL = "several products stand on these lines and the types are not known; write the matrix product as @"
IN_PLACE = "`@=` does not exist here; write the product out, as `value = matrix @ value`"

_RAISED: Final = r"lement-wise multiplication: not supported between '(\w+)' and '(\w+)' types"
_PRODUCTS: Final = frozenset(
    {
        ("Matrix", "Matrix"),
        ("Matrix", "Vector"),
        ("Vector", "Matrix"),
        ("Quaternion", "Quaternion"),
        ("Quaternion", "Vector"),
    }
)
_IN_PLACE: Final = frozenset({("Matrix", "Matrix"), ("Quaternion", "Quaternion")})
_CONSTANTS = (cst.Integer, cst.Float, cst.BaseString, cst.BaseList, cst.Tuple, cst.BaseDict)

Product = cst.BinaryOperation | cst.AugAssign


class MatrixProduct(Rule):
    """MTH101."""

    code = "MTH101"
    name = "matrix-product"
    family = "maths"
    since = Release(2, 80)
    safety = Safety.SAFE
    triggers = ("*",)

    def answers(self, fault: Fault) -> bool:
        """The error two types raise that have no element-wise product."""
        match = re.search(_RAISED, fault.message)
        return match is not None and (match[1], match[2]) in _PRODUCTS

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Products of known types, and those an error points at."""
        products = _products(source)
        sure: set[Product] = set()
        for product in products:
            pair = _pair(source, product)
            if pair in _PRODUCTS and not is_guarded(source, product, context.targets):
                sure.add(product)
                yield self._repair(source, product, (pair[0], pair[1]), fault_at(source, product, context, _RAISED))
        for fault in context.faults_in(source):
            match = re.search(_RAISED, fault.message)
            if match is None or (match[1], match[2]) not in _PRODUCTS:
                continue
            pair = (match[1], match[2])
            here = [
                product for product in products if _on(source, product, fault.line) and _can_be(source, product, pair)
            ]
            if sure.isdisjoint(here):
                yield from self._located(source, here, pair, fault)

    def _located(self, source: Source, here: list[Product], pair: tuple[str, str], fault: Fault) -> Iterator[Repair]:
        if len(here) == 1:
            yield self._repair(source, here[0], pair, fault)
        elif here:
            yield self._repair(source, here[0], pair, fault, reason=SEVERAL)

    def _repair(
        self, source: Source, product: Product, pair: tuple[str, str], fault: Fault | None, reason: str = ""
    ) -> Repair:
        in_place = isinstance(product, cst.AugAssign)
        if in_place and pair not in _IN_PLACE:
            reason = IN_PLACE
        sign = "*=" if in_place else "*"
        left, right = pair
        return Repair(
            rule=self.code,
            path=source.path,
            line=source.line(product),
            end_line=source.end_line(product),
            message=f"{left} {sign} {right} is no matrix product",
            title=TITLE,
            decision=Decision.EXPLAIN if reason else Decision.REPAIR,
            reason=reason,
            edits=() if reason else (source.replace(product.operator, sign.replace("*", "@")),),
            question=Question(kind=QuestionKind.PRODUCT, owner=f"mathutils.{left}", name=f"mathutils.{right}"),
            owner=left,
            member=right,
            fault=fault,
        )


def _products(source: Source) -> list[Product]:
    """Every `*` and `*=`, in the order of the text."""
    binary = [node for node in every(source, cst.BinaryOperation) if isinstance(node.operator, cst.Multiply)]
    grown = [node for node in every(source, cst.AugAssign) if isinstance(node.operator, cst.MultiplyAssign)]
    return sorted((*binary, *grown), key=lambda node: source.start(node.operator))


def _sides(product: Product) -> tuple[cst.BaseExpression, cst.BaseExpression]:
    if isinstance(product, cst.AugAssign):
        return product.target, product.value
    return product.left, product.right


def _type(source: Source, node: cst.BaseExpression) -> str:
    """`Matrix` for a `mathutils.Matrix`; the whole name of any other type; empty where it is not known."""
    return (types_of(source).of(node) or "").removeprefix("mathutils.")


def _pair(source: Source, product: Product) -> tuple[str, str]:
    left, right = _sides(product)
    return _type(source, left), _type(source, right)


def _can_be(source: Source, product: Product, pair: tuple[str, str]) -> bool:
    """Whether nothing known about the two sides speaks against these types."""
    sides = _sides(product)
    if any(isinstance(side, _CONSTANTS) or _negative_number(side) for side in sides):
        return False
    return all(known in ("", wanted) for known, wanted in zip(_pair(source, product), pair, strict=True))


def _negative_number(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.UnaryOperation) and isinstance(node.expression, cst.Integer | cst.Float)


def _on(source: Source, node: cst.CSTNode, line: int) -> bool:
    return source.line(node) <= line <= source.end_line(node)

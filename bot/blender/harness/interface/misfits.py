"""What Blender only prints while it draws, as exceptions."""

from __future__ import annotations


class LayoutError(Exception):
    """Blender would only print this while it draws; `owner` and `member` do not fit."""

    owner: str
    member: str

    def __init__(self, message: str, owner: str, member: str) -> None:
        super().__init__(message)
        self.owner = owner
        self.member = member


class UnknownProperty(LayoutError):  # noqa: N818  (the name is shown to people as the fault's type)
    """`layout.prop(data, "name")` of a name the data does not have."""


class UnknownOperator(LayoutError):  # noqa: N818
    """`layout.operator("a.b")` of an operator there is not."""

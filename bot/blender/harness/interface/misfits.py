"""What Blender only prints while it draws, as exceptions."""

from __future__ import annotations

import sys
from types import FrameType, TracebackType


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


class UnfitProperty(LayoutError):  # noqa: N818
    """A property of another kind than the button is for: `layout.prop_enum` of a number."""


class UnknownItem(LayoutError):  # noqa: N818
    """`layout.prop_enum(data, "name", "ITEM")` of an item the property does not have."""


class UnknownOperator(LayoutError):  # noqa: N818
    """`layout.operator("a.b")` of an operator there is not."""


class UnknownMenu(LayoutError):  # noqa: N818
    """`layout.menu("NAME")` of a menu there is not."""


class UnknownPanel(LayoutError):  # noqa: N818
    """`layout.popover("NAME")` of a panel there is not."""


class UnknownList(LayoutError):  # noqa: N818
    """`layout.template_list("NAME", ...)` of a list there is not, or of the default one without an id."""


def complain(error: LayoutError) -> None:
    """Do with it as Blender does: say it and where it comes from, to whoever listens, and go on drawing."""
    trace: TracebackType | None = None
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        trace = TracebackType(trace, frame, frame.f_lasti, frame.f_lineno)
        frame = frame.f_back
    sys.excepthook(type(error), error.with_traceback(trace), trace)

"""Figures as bars with their goals; needs matplotlib (the extra `eval`), which is imported when a plot is drawn."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from bot.errors import MissingError
from bot.evaluation.metrics.registry import rows
from bot.models.evaluation import Result

NO_MATPLOTLIB = "The plot needs matplotlib, which is not installed."
INSTALL = "pip install 'bcrag[eval]'"
TITLE = "bcrag on {cases}, model {model}"
LABEL = "share (red: the goal; dashed: at most so much)"

_COLOURS = ("#3b6ea8", "#d98032", "#5a9a68", "#9a5aa0", "#8a8a8a")
_ROOM = 0.8
"""Of the distance between two figures what their bars take."""


def bars(results: Sequence[Result]) -> bytes:
    """A PNG: each figure that is a share, a bar per configuration, and the goals.

    Raises:
        MissingError: matplotlib is not installed.
    """
    try:
        figures: Any = import_module("matplotlib.figure")
        agg: Any = import_module("matplotlib.backends.backend_agg")
    except ImportError as error:
        raise MissingError(NO_MATPLOTLIB, INSTALL) from error
    found = rows(results)
    shown = [
        number
        for number, figure in enumerate(found[0].figures if found else ())
        if figure.unit == "share" and any(row.figures[number].value is not None for row in found)
    ]
    # No pyplot: it keeps figures in a global list, and may look for a display.
    height = 1.5 + (0.14 + 0.16 * len(found)) * max(len(shown), 1)
    picture = figures.Figure(figsize=(9, height), dpi=120, layout="constrained")
    agg.FigureCanvasAgg(picture)
    axes = picture.add_subplot()
    thick = _ROOM / max(len(found), 1)
    for place, row in enumerate(found):
        for level, number in enumerate(shown):
            figure = row.figures[number]
            at = level - _ROOM / 2 + thick * (place + 0.5)
            label = row.configuration if not level else None
            axes.barh(at, figure.value or 0.0, height=thick * 0.92, color=_COLOURS[place % 5], label=label)
            text = "–" if figure.value is None else f"{figure.value:.2f} ({figure.over})"
            axes.text((figure.value or 0.0) + 0.01, at, text, va="center", fontsize=7)
    for level, number in enumerate(shown):
        figure = found[0].figures[number]
        if figure.goal is not None:
            style = "--" if figure.at_most else "-"
            axes.plot([figure.goal] * 2, [level - 0.45, level + 0.45], style, color="#b02020", lw=1.6)
    axes.set_yticks(range(len(shown)), [_title(found[0].figures[number].title) for number in shown])
    axes.set_ylim(max(len(shown), 1) - 0.5, -0.5)
    axes.set_xlim(0, 1.12)
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    axes.set_xlabel(LABEL)
    cases = len({result.case for result in results})
    model = results[0].model.partition(":")[0] if results else ""
    axes.set_title(_title(TITLE.format(cases=f"{cases} case{'' if cases == 1 else 's'}", model=model)), fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    if len(found) > 1:
        axes.legend(loc="upper center", bbox_to_anchor=(0.45, -0.7 / (height - 1.2)), ncols=len(found), frameon=False)
    written = io.BytesIO()
    picture.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _title(text: str) -> str:
    """Without what matplotlib takes for mathematics."""
    return text.replace("$", r"\$")

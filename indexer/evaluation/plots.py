"""Figures as a picture; needs matplotlib (the extra `eval`), which is imported when a picture is drawn."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from indexer.errors import MissingError
from indexer.evaluation.judging import MEASURES
from indexer.evaluation.metrics import paired_bootstrap
from indexer.evaluation.running import Outcome
from indexer.evaluation.tables import grouped

NO_MATPLOTLIB = "The plot needs matplotlib, which is not installed."
INSTALL = "pip install 'bcrag[eval]'"
SHOWN = ("file_recall", "symbol_recall")
_COLOURS = ("#3b6ea8", "#d98032")


def bars(outcomes: Sequence[Outcome], title: str) -> bytes:
    """A PNG: recall of files and of symbols per system, with the 95 % interval of each mean.

    Raises:
        MissingError: matplotlib is not installed.
    """
    try:
        figures: Any = import_module("matplotlib.figure")
        agg: Any = import_module("matplotlib.backends.backend_agg")
    except ImportError as error:
        raise MissingError(NO_MATPLOTLIB, INSTALL) from error
    systems = list(reversed(grouped(outcomes).items()))
    # No pyplot: it keeps figures in a global list, and may look for a display.
    figure = figures.Figure(figsize=(9, 1.4 + 0.55 * max(len(systems), 1)), dpi=120, layout="constrained")
    agg.FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for offset, measure in enumerate(SHOWN):
        for place, (_, own) in enumerate(systems):
            values = [getattr(outcome.score, measure) for outcome in own.values()]
            found = paired_bootstrap(values, [0.0] * len(values), resamples=2_000)
            axes.barh(
                place + 0.2 - 0.4 * offset, found.mean, height=0.36, color=_COLOURS[offset],
                label=MEASURES[measure] if place == 0 else None,
                xerr=[[found.mean - found.low], [found.high - found.mean]], error_kw={"ecolor": "#333", "lw": 1},
            )  # fmt: skip
            axes.text(0.01, place + 0.2 - 0.4 * offset, f"{found.mean:.2f}", va="center", color="white", fontsize=8)
    axes.set_yticks(range(len(systems)), [name.replace("$", r"\$") for name, _ in systems])
    axes.set_xlim(0, 1)
    axes.set_xlabel("share found (bars: mean; lines: 95 % interval)")
    axes.set_title(title.replace("$", r"\$"), fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2, frameon=False)
    written = io.BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def inline(picture: bytes) -> str:
    """A PNG as an address that an HTML page carries in itself."""
    return "data:image/png;base64," + base64.b64encode(picture).decode("ascii")

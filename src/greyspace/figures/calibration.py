"""What comes out against what is told: a row a target, a dot a history, in tolerances off."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from greyspace.figures.style import BLUE, FAINT, INK, MUTED, ORANGE, PALE_BLUE, bare, look, page, wrapped

_WIDTH, _ROW = 8.6, 0.46
_WORDS = 3.6
"""Inches for the words of a row."""

_MOST = 8.0
"""Tolerances that are shown to either side."""


class Row(NamedTuple):
    """A target: what it is, its role; tolerances off of all draws, of those kept, at the pack's own values; how many
    agree.
    """

    says: str
    role: str
    off: tuple[float, ...]
    kept: tuple[float, ...]
    own: float
    agree: str


def against(rows: Sequence[Row], title: str, reading: str, foot: str) -> Figure:
    """A row a target, in the order given."""
    kept = Line2D([], [], color=BLUE, marker="o", markersize=5, linestyle="none", label="kept")
    key = [
        Patch(facecolor=PALE_BLUE, alpha=0.45, label="agrees"),
        Line2D([], [], color=MUTED, marker="o", markersize=3, linestyle="none", label="a draw"),
        *([kept] if any(row.kept for row in rows) else []),
        Line2D([], [], color=ORANGE, marker="D", markeredgecolor=INK, linestyle="none", label="the pack's own values"),
    ]
    with look():
        figure = page(_WIDTH, 0.75 + _ROW * len(rows), title, reading, foot, key)
        ax = figure.subplots()
        ax.axvspan(-1.0, 1.0, color=PALE_BLUE, alpha=0.45, linewidth=0)
        ax.axvline(0.0, color=INK, linewidth=0.6)
        for y, row in enumerate(rows):
            if y % 2:
                ax.axhspan(y - 0.5, y + 0.5, color=FAINT, alpha=0.3, linewidth=0, zorder=0)
            _dots(ax, y, row.off, MUTED, 3.5, 0.6)
            _dots(ax, y, row.kept, BLUE, 5.0, 0.9)
            ax.plot([_within(row.own)], [y], "D", color=ORANGE, markeredgecolor=INK, markersize=5.5, zorder=4)
            ax.text(_MOST + 0.35, y, row.agree, va="center", ha="left", fontsize=7.5, color=INK)
        ax.text(_MOST + 0.35, -0.75, "agree", va="center", ha="left", fontsize=7.5, color=MUTED)
        ax.set_xlim(-_MOST - 0.2, _MOST + 0.2)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set_yticks(range(len(rows)), [_words(row) for row in rows])
        ax.tick_params(axis="y", labelsize=7.5)
        ax.set_xlabel("tolerances off: too little to the left, too much to the right")
        ax.grid(axis="x", color=FAINT)
        bare(ax, "left")
    return figure


def _dots(ax: Axes, y: int, off: Sequence[float], colour: str, size: float, alpha: float) -> None:
    """Dots of a row, strewn upwards and downwards in a fixed order so that equal ones are seen."""
    lift = y + 0.28 * (np.arange(len(off)) * 0.618034 % 1.0 - 0.5)
    at = [_within(each) for each in off]
    ax.plot(at, lift, "o", color=colour, markersize=size, alpha=alpha, markeredgewidth=0, zorder=3)


def _within(off: float) -> float:
    """What lies beyond the edges stands on them; so does what could not be measured."""
    return float(np.clip(np.nan_to_num(off, nan=_MOST, posinf=_MOST, neginf=-_MOST), -_MOST, _MOST))


def _words(row: Row) -> str:
    says = wrapped(row.says, _WORDS * 72, 7.5)
    return "\n".join([*says[:2], row.role])

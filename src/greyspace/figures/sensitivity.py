"""What moves an outcome: a tornado of low and high ends, and shares of variance beside it, one row a parameter."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from greyspace.figures.style import BLUE, FAINT, INK, MUTED, ORANGE, PALE_BLUE, bare, look, page, wrapped

_WIDTH, _ROW = 8.6, 0.52
_WORDS = 3.2
"""Inches for the words of a row."""


class Bar(NamedTuple):
    """A parameter: its id, what it is, its evidence; the outcome at its low and high third; its indices."""

    name: str
    says: str
    evidence: str
    low: float
    high: float
    first: float
    total: float
    half: float


def tornado(rows: Sequence[Bar], outcome: str, own: float | None, title: str, reading: str, foot: str) -> Figure:
    """A row for each parameter, in the order given; ``own``: the outcome at the pack's own values."""
    key = [
        Line2D([], [], color=PALE_BLUE, marker="s", markeredgecolor=BLUE, linestyle="none", label="lowest third"),
        Line2D([], [], color=ORANGE, marker="s", markeredgecolor=INK, linestyle="none", label="highest third"),
        Line2D([], [], color=INK, linewidth=0.8, label="the pack's own values"),
        Line2D([], [], color=INK, marker="o", label="total index, 95% interval"),
        Line2D([], [], color=INK, marker="o", markerfacecolor="white", linestyle="none", label="by itself"),
    ]
    with look():
        figure = page(_WIDTH, 0.7 + _ROW * len(rows), title, reading, foot, key)
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1.25, 1.0])
        for y, row in enumerate(rows):
            left.plot([row.low, row.high], [y, y], color=FAINT, linewidth=9, solid_capstyle="butt")
            left.plot([row.low], [y], "s", color=PALE_BLUE, markeredgecolor=BLUE, markersize=9)
            left.plot([row.high], [y], "s", color=ORANGE, markeredgecolor=INK, markersize=9)
            right.plot([max(row.total - row.half, 0.0), row.total + row.half], [y, y], color=INK, linewidth=1.4)
            right.plot([row.total], [y], "o", color=INK, markersize=5)
            right.plot([row.first], [y], "o", color=INK, markerfacecolor="white", markersize=5)
        if own is not None:
            left.axvline(own, color=INK, linewidth=0.8)
        left.set_ylim(len(rows) - 0.5, -0.5)
        left.set_yticks(range(len(rows)), [_words(row) for row in rows])
        left.tick_params(axis="y", labelsize=7.5)
        left.set_xlabel("\n".join(wrapped(outcome, 2.4 * 72, 8.5)))
        right.set_xlabel("share of the variance")
        right.axvline(0.0, color=MUTED, linewidth=0.8)
        for ax in (left, right):
            ax.grid(axis="x", color=FAINT)
            bare(ax, "left")
    return figure


def _words(row: Bar) -> str:
    says = wrapped(row.says, _WORDS * 72, 7.5)
    return "\n".join([f"{row.name}  ({row.evidence})", says[0] + (" …" if len(says) > 1 else "")])

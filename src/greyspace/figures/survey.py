"""What surveys would find against what is so: a line a question, a bar a group."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from greyspace.figures.readings import number
from greyspace.figures.style import BLUE, INK, MUTED, ORANGE, bare, look, page

_COLOURS = (ORANGE, BLUE)
_MARKERS = ("s", "o")


@dataclass(frozen=True)
class Said:
    """What a group says: mean and nine in ten surveys, what two surveys tell apart, what is reported; shares."""

    mean: float
    low: float
    high: float
    told_apart: float
    reported: float | None


@dataclass(frozen=True)
class Row:
    """A question, the share of all adults of whom yes is so, and what each group says."""

    question: str
    truth: float
    said: tuple[Said, ...]


def questions(rows: Sequence[Row], groups: Sequence[str], title: str, reading: str, foot: str) -> Figure:
    """All questions on one axis of percent; beside it how far off each group is, and what it can tell apart."""
    with look():
        figure = page(11.0, 0.9 + 0.56 * len(rows), title, reading, foot, _key(rows, groups))
        left, right = figure.subplots(1, 2, width_ratios=(3.4, 1.6))
        for y, row in enumerate(rows):
            _row(left, y, row)
            _words(right, y, row)
        for ax in (left, right):
            ax.set_ylim(len(rows) - 0.5, -1.0)
        left.set_yticks(range(len(rows)), [row.question for row in rows])
        left.set_xlim(-2, 102)
        left.set_xlabel("share who say yes, %")
        left.grid(axis="x")
        bare(left, "left")
        right.set_xlim(0, 1)
        right.set_xticks([])
        right.set_yticks([])
        bare(right, "left", "bottom")
        for x, head in zip((0.3, 0.85), ("mean answer\nis off by", "two surveys\ntell apart"), strict=True):
            right.text(x, -0.75, head, ha="center", va="center", fontsize=8, fontweight="bold")
    return figure


def _row(ax: Axes, y: float, row: Row) -> None:
    for i, said in enumerate(row.said):
        at, colour = y + _offset(i), _COLOURS[i]
        reach = [100 * said.low, 100 * said.high]
        ax.plot(reach, [at, at], color=colour, alpha=0.35, linewidth=6, solid_capstyle="butt")
        ax.plot([100 * said.mean], [at], color=colour, marker=_MARKERS[i], markersize=5, zorder=4)
        if said.reported is not None:
            ax.plot([100 * said.reported], [at], **_REPORTED, zorder=5)
    ax.plot([100 * row.truth], [y], **_TRUTH, zorder=6)


def _words(ax: Axes, y: float, row: Row) -> None:
    for i, said in enumerate(row.said):
        off = number(100 * (said.mean - row.truth), 0, sign=True)
        for x, words in ((0.3, off), (0.85, number(100 * said.told_apart, 0))):
            ax.text(x, y + _offset(i), words, ha="center", va="center", fontsize=8, color=_COLOURS[i])


def _offset(group: int) -> float:
    return -0.17 if group == 0 else 0.17


def _key(rows: Sequence[Row], groups: Sequence[str]) -> list[Artist]:
    found: list[Artist] = [Line2D([], [], **_TRUTH, label="all adults of the model")]
    for i, name in enumerate(groups):
        found.append(Line2D([], [], color=_COLOURS[i], marker=_MARKERS[i], markersize=5, linewidth=1.5, label=name))
    if any(said.reported is not None for row in rows for said in row.said):
        found.append(Line2D([], [], **_REPORTED, label="told by sources of such people"))
    return found


_TRUTH: dict[str, Any] = {
    "linestyle": "none",
    "marker": "D",
    "markersize": 7,
    "markerfacecolor": "white",
    "markeredgecolor": INK,
    "markeredgewidth": 1.3,
}
_REPORTED: dict[str, Any] = {
    "linestyle": "none",
    "marker": "x",
    "markersize": 7,
    "markeredgecolor": MUTED,
    "markeredgewidth": 1.8,
}

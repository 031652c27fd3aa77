"""Penalties by severity over the years: how many people each falls on, and how many are held at a time."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from greyspace.figures.style import BLUE, INK, MUTED, ORANGE, look, page

_LOOKS: tuple[Any, ...] = (
    (BLUE, "-", "o"),
    (ORANGE, "--", "s"),
    (INK, ":", "^"),
    (MUTED, "-.", "D"),
    ("#7a3b00", "-", "v"),
    ("#4c8c2b", "--", "P"),
)
"""Lines differ by dash and mark as well as by colour."""

MOST_LINES = len(_LOOKS)


class Line(NamedTuple):
    """A scenario by year: persons punished, and persons held on the average day."""

    name: str
    years: list[int]
    punished: list[float]
    held: list[float]


class Panel(NamedTuple):
    """One severity: what it is called, how many days it lasts (0: none; None: not told), and its lines."""

    name: str
    days: float | None
    lines: tuple[Line, ...]


def detained(panels: Sequence[Panel], title: str, reading: str, foot: str) -> Figure:
    """A column for each severity: above, persons a year; below, persons held at a time where anybody is held."""
    key = [
        Line2D([], [], color=colour, linestyle=dash, marker=mark, markersize=4, label=line.name)
        for line, (colour, dash, mark) in zip(panels[0].lines, _LOOKS, strict=False)
    ]
    with look():
        figure = page(3.1 * len(panels) + 0.5, 4.9, title, reading, foot, key)
        axes = figure.subplots(2, len(panels), sharex=True, squeeze=False)
        for column, panel in enumerate(panels):
            above, below = axes[:, column]
            _lines(above, panel, held=False)
            above.set_title(panel.name)
            below.set_xlabel("year")
            below.xaxis.set_major_locator(MaxNLocator(5, integer=True))
            if panel.days:
                _lines(below, panel, held=True)
                below.set_title(f"held for {panel.days:g} days", fontsize=8.5, fontweight="normal")
            else:
                below.set_yticks([])
                below.text(0.5, 0.5, "nobody is held", transform=below.transAxes, ha="center", color=MUTED)
        axes[0][0].set_ylabel("persons a year (k thousand, M million)")
        axes[1][0].set_ylabel("persons held on the average day")
    return figure


def _lines(ax: Axes, panel: Panel, held: bool) -> None:
    for line, (colour, dash, mark) in zip(panel.lines, _LOOKS, strict=False):
        values = line.held if held else line.punished
        ax.plot(line.years, values, color=colour, linestyle=dash, marker=mark, markersize=3.5, linewidth=1.5)
    most = max((value for line in panel.lines for value in (line.held if held else line.punished)), default=0.0)
    ax.set_ylim(0, 1.08 * most or 1.0)
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _count(value)))
    ax.grid(axis="y")


def _count(number: float) -> str:
    """A number of persons for an axis.

    >>> _count(2_500_000.0), _count(150_000.0), _count(40.0)
    ('2.5 M', '150 k', '40')
    """
    for unit, word in ((1e6, " M"), (1e3, " k")):
        if number >= unit:
            return f"{number / unit:g}{word}"
    return f"{number:g}"

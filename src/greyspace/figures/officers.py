"""Officers and those whom they hold up: shares and prices, and what gates change of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from greyspace.figures.readings import Readings, key, mark
from greyspace.figures.style import INK, MUTED, bare, look, page


@dataclass(frozen=True)
class Panel:
    """Rows of one quantity on one axis. ``change``: differences, with a sign, about a line at zero."""

    name: str
    unit: str
    rows: tuple[tuple[str, Readings], ...]
    change: bool = False


def panels(lines: Sequence[tuple[str, Sequence[Panel]]], title: str, reading: str, foot: str) -> Figure:
    """Panels side by side in named lines, one line below the other; all lines have as many panels."""
    with look():
        cells = [readings for _, line in lines for panel in line for _, readings in panel.rows]
        tall = [max(len(panel.rows) for panel in line) for _, line in lines]
        body = sum(1.0 + 0.5 * rows for rows in tall)
        figure = page(11.0, body, title, reading, foot, key(cells, each=False))
        heights = [height for rows in tall for height in (0.2, 0.5 + 0.5 * rows)]
        grid = figure.add_gridspec(2 * len(lines), len(lines[0][1]), height_ratios=heights)
        for i, (name, line) in enumerate(lines):
            above = figure.add_subplot(grid[2 * i, :])
            above.set_axis_off()
            above.text(0, 0.2, name, fontsize=10, fontweight="bold").set_in_layout(False)
            for j, panel in enumerate(line):
                _panel(figure.add_subplot(grid[2 * i + 1, j]), panel)
    return figure


def _panel(ax: Axes, panel: Panel) -> None:
    values = np.array([value for _, readings in panel.rows for value in readings.all])
    low, high = (min(0.0, float(values.min())), max(0.0, float(values.max()))) if len(values) else (0.0, 0.0)
    reach = max(high, -low)
    digits = 0 if reach >= 100 else 1 if reach >= 2 else 2
    for y, (_, readings) in enumerate(panel.rows):
        mark(ax, y, readings, each=False)
        words = readings.words(digits, sign=panel.change)
        ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}  # the line at zero may lie behind
        ax.text(0.08, y - 0.3, words, transform=ax.get_yaxis_transform(), fontsize=8, va="center", bbox=ground)
    ax.set_title(panel.name, fontsize=8.5)
    ax.set_ylim(len(panel.rows) - 0.5, -0.55)
    ax.set_yticks(range(len(panel.rows)), [name for name, _ in panel.rows])
    margin = 0.06 * max(high - low, 0.1)
    ax.set_xlim(low - margin, high + margin)
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    ax.grid(axis="x")
    ax.axvline(0, color=INK if panel.change else MUTED, linewidth=1.0 if panel.change else 0.8, zorder=1)
    ax.set_xlabel(panel.unit)
    bare(ax, "left")

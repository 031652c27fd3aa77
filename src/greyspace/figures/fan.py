"""Fan charts: one measure by year under several scenarios, with bands over what is not known, and bars for luck."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from greyspace.figures.style import BLUE, FAINT, INK, ORANGE, PALE_BLUE, look, page

Floats = NDArray[np.float64]

_COLUMNS = 3
_MIDDLE = "#6fa6d3"


class Panel(NamedTuple):
    """A scenario: ``own[year]``, the ``fan`` (10, 25, 50, 75, 90%)[year], and the ends over seeds ``luck[2, year]``."""

    name: str
    own: Floats
    fan: Floats | None
    luck: Floats | None


def fans(panels: Sequence[Panel], years: Sequence[int], unit: str, title: str, reading: str, foot: str) -> Figure:
    """Small multiples by scenario, on one scale."""
    columns = min(_COLUMNS, len(panels))
    lines = -(-len(panels) // columns)
    key: list[Line2D | Patch] = []
    if any(panel.fan is not None for panel in panels):
        key += [
            Line2D([], [], color=BLUE, linewidth=1.8, label="median"),
            Patch(facecolor=_MIDDLE, label="25th to 75th percentile"),
            Patch(facecolor=PALE_BLUE, label="10th to 90th percentile"),
        ]
    key.append(Line2D([], [], color=INK, linewidth=1.2, linestyle=(0, (4, 2)), label="the pack's own values"))
    if any(panel.luck is not None for panel in panels):
        key.append(Line2D([], [], color=ORANGE, linewidth=3.0, label="10th to 90th percentile over seeds"))
    with look():
        figure = page(max(3.1 * columns + 0.4, 6.4), 2.7 * lines, title, reading, foot, key)
        axes = figure.subplots(lines, columns, squeeze=False, sharex=True, sharey=True)
        for i, ax in enumerate(axes.ravel()):
            if i < len(panels):
                _panel(ax, panels[i], np.array(years, np.float64))
                # Years stand below the last panel of each column.
                ax.tick_params(axis="x", labelbottom=i + columns >= len(panels))
            else:
                ax.set_axis_off()
        for ax in axes[:, 0]:
            ax.set_ylabel(unit)
        axes[0, 0].set_ylim(bottom=0.0)
        axes[0, 0].set_xlim(years[0] - 0.3, years[-1] + 0.3)
        axes[0, 0].set_xticks(_ticks(years))
    return figure


def _panel(ax: Axes, panel: Panel, years: Floats) -> None:
    if panel.fan is not None:
        low, lower, middle, upper, high = panel.fan
        ax.fill_between(years, low, high, color=PALE_BLUE, linewidth=0.0, zorder=2)
        ax.fill_between(years, lower, upper, color=_MIDDLE, linewidth=0.0, zorder=3)
        # One year alone has no area.
        ax.plot(
            years, middle, color=BLUE, linewidth=1.8, zorder=4, marker="o" if len(years) == 1 else "", markersize=3.0
        )
    ax.plot(years, panel.own, color=INK, linewidth=1.2, linestyle=(0, (4, 2)), zorder=5, marker=".", markersize=3.0)
    if panel.luck is not None:
        ax.vlines(years, panel.luck[0], panel.luck[1], color=ORANGE, linewidth=3.0, zorder=6)
    ax.grid(axis="y", color=FAINT, linewidth=0.6)
    ax.set_title(panel.name)


def _ticks(years: Sequence[int]) -> list[int]:
    """A few years, the first and no two that would touch.

    >>> _ticks(range(2016, 2025)), _ticks([2019])
    ([2016, 2018, 2020, 2022, 2024], [2019])
    """
    step = next(step for step in (1, 2, 5, 10) if len(years) <= 5 * step)
    return [year for year in years if (year - years[0]) % step == 0]

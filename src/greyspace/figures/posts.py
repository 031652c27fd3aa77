"""Officers' posts: what watching officers and paying them comes to, as maps side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, NullLocator
from numpy.typing import NDArray

from greyspace.figures.style import GROUND, INK, MUTED, look, page

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Surface:
    """One quantity over pay and watching: ``values[row, pay, reviewed]``, NaN where there is nothing to show."""

    name: str
    unit: str
    values: Floats
    levels: Sequence[float]  # rising; what lies beyond the ends has the colour of the ends
    form: str  # of a level in words, such as '{:.0f} kg'


@dataclass(frozen=True)
class Axis:
    """An axis in logarithms: its values, what it says, and where it says what."""

    values: Floats
    label: str
    ticks: Sequence[float]
    words: Sequence[str]


def grid(
    surfaces: Sequence[Surface],
    rows: Sequence[str],
    pay: Axis,
    reviewed: Axis,
    own: tuple[float, float, str],
    empty: str,
    title: str,
    reading: str,
    foot: str,
) -> Figure:
    """Maps of each surface (columns) in each case (rows), pay upwards and watching to the right.

    ``own``: where the pack's own values lie (reviewed, pay) and what to call them, in the row at the top; ``empty``:
    what an empty place means.
    """
    x, y, called = own
    key = [
        Line2D([], [], **_OWN, label=called),
        Patch(facecolor=GROUND, edgecolor=MUTED, hatch="////", linewidth=0.0, label=empty),
    ]
    with look():
        figure = page(11.0, 2.75 * len(rows) + 0.85, title, reading, foot, key)
        axes = figure.subplots(len(rows), len(surfaces), sharex=True, sharey=True, squeeze=False)
        for c, surface in enumerate(surfaces):
            shades = BoundaryNorm(list(surface.levels), 256, extend="both")
            for r, ax in enumerate(axes[:, c]):
                _map(ax, surface, surface.values[r], pay, reviewed, shades)
                if r == 0:
                    ax.set_title(surface.name)
                if r == 0 and _within(x, reviewed) and _within(y, pay):
                    ax.plot([x], [y], **_OWN, zorder=6, clip_on=False)
                if r == len(rows) - 1:
                    ax.set_xlabel(reviewed.label)
                if c == 0:
                    ax.set_ylabel(f"{rows[r]}\n{pay.label}")
            bar = figure.colorbar(
                ScalarMappable(shades, _COLOURS),
                ax=list(axes[:, c]),
                location="bottom",
                aspect=32,
                pad=0.02,
                ticks=list(surface.levels),
                spacing="uniform",
                extend="both",
            )
            bar.ax.xaxis.set_minor_locator(NullLocator())
            bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _, form=surface.form: form.format(value)))
            bar.ax.tick_params(labelsize=7.5)
            bar.set_label(surface.unit)
    return figure


def _within(value: float, axis: Axis) -> bool:
    return bool(axis.values[0] <= value <= axis.values[-1])


def _map(ax: Axes, surface: Surface, values: Floats, pay: Axis, reviewed: Axis, shades: BoundaryNorm) -> None:
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_facecolor(GROUND)
    for axis, of in ((ax.xaxis, reviewed), (ax.yaxis, pay)):
        axis.set_ticks(list(of.ticks), list(of.words))
        axis.set_minor_locator(NullLocator())
    ax.set_xlim(reviewed.values[0], reviewed.values[-1])
    ax.set_ylim(pay.values[0], pay.values[-1])
    ax.patch.set_hatch("////")
    ax.patch.set_edgecolor("#c4c4c4")
    shown = np.ma.masked_invalid(values)
    if shown.count() < 4:
        return
    ax.contourf(
        reviewed.values, pay.values, shown, list(surface.levels), norm=shades, cmap=_COLOURS, extend="both", zorder=1
    )
    inside = [level for level in surface.levels if shown.min() < level < shown.max()]
    if not inside:
        return
    lines = ax.contour(reviewed.values, pay.values, shown, inside, colors=INK, linewidths=0.7, zorder=2)
    labels = ax.clabel(lines, fontsize=7.5, fmt=surface.form.format, colors=INK, inline=False)
    for label in _crowded(labels, ax):
        label.remove()
    for label in ax.texts:
        label.set_path_effects([withStroke(linewidth=2.2, foreground="white")])


def _crowded(labels: Sequence[Any], ax: Axes) -> list[Any]:
    """Labels that stand too near to the frame or to one before them, in shares of the panel."""
    kept: list[tuple[float, float]] = []
    crowded = []
    for label in labels:
        x, y = ax.transLimits.transform(ax.transScale.transform(label.get_position()))
        free = all(abs(x - left) > 0.17 or abs(y - low) > 0.09 for left, low in kept)
        if free and 0.08 < x < 0.92 and 0.05 < y < 0.95:
            kept.append((float(x), float(y)))
        else:
            crowded.append(label)
    return crowded


_COLOURS = "cividis_r"
"""Rises evenly in lightness, so that it holds for colour-blind eyes and in grey."""

_OWN: dict[str, Any] = {
    "linestyle": "none",
    "marker": "D",
    "markersize": 6.5,
    "markerfacecolor": "white",
    "markeredgecolor": INK,
    "markeredgewidth": 1.2,
}

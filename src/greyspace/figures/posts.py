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
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.ticker import FuncFormatter, NullLocator
from numpy.typing import NDArray

from greyspace.figures.style import GROUND, INK, MUTED, OWN_VALUES, look, page

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Surface:
    """One quantity over pay and watching: ``values[row, pay, reviewed]``, NaN where there is nothing to show."""

    name: str
    unit: str
    values: Floats
    levels: Sequence[float]  # rising; what lies beyond the ends has the colour of the ends
    form: str  # of a level in words, such as '{:.0f} kg'
    of_some: bool = True  # covered where it would be of hardly anybody


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
    few: tuple[Floats, str],
    title: str,
    reading: str,
    foot: str,
) -> Figure:
    """Maps of each surface (columns) in each case (rows), pay upwards and watching to the right.

    ``own``: where the pack's own values lie (reviewed, pay) and what to call them, in the row at the top; ``few``: a
    field ``[row, pay, reviewed]`` that is negative where surfaces that heed it are covered, and what that means.
    """
    x, y, called = own
    rare, empty = np.ma.masked_invalid(few[0]), few[1]
    key = [
        Line2D([], [], **OWN_VALUES, label=called),
        Patch(facecolor=GROUND, edgecolor=MUTED, hatch="////", linewidth=0.0, label=empty),
    ]
    with look():
        figure = page(max(11.0, 3.1 * len(surfaces)), 2.75 * len(rows) + 0.85, title, reading, foot, key)
        axes = figure.subplots(len(rows), len(surfaces), sharex=True, sharey=True, squeeze=False)
        for c, surface in enumerate(surfaces):
            shades = BoundaryNorm(list(surface.levels), 256, extend="both")
            for r, ax in enumerate(axes[:, c]):
                _map(ax, surface, surface.values[r], rare[r] if surface.of_some else None, pay, reviewed, shades)
                if r == 0:
                    ax.set_title(surface.name)
                if r == 0 and _within(x, reviewed) and _within(y, pay):
                    ax.plot([x], [y], **OWN_VALUES, zorder=6, clip_on=False)
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
            bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            bar.ax.tick_params(labelsize=7.5)
            bar.set_label(surface.unit)
    return figure


def _within(value: float, axis: Axis) -> bool:
    return bool(axis.values[0] <= value <= axis.values[-1])


def _map(
    ax: Axes,
    surface: Surface,
    values: Floats,
    rare: Floats | None,
    pay: Axis,
    reviewed: Axis,
    shades: BoundaryNorm,
) -> None:
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_facecolor(GROUND)
    for axis, of in ((ax.xaxis, reviewed), (ax.yaxis, pay)):
        axis.set_ticks(list(of.ticks), list(of.words))
        axis.set_minor_locator(NullLocator())
    ax.set_xlim(reviewed.values[0], reviewed.values[-1])
    ax.set_ylim(pay.values[0], pay.values[-1])
    ax.patch.set_hatch("////")
    ax.patch.set_edgecolor(_HATCH)
    shown = np.ma.masked_invalid(values)
    if shown.count() < 4:
        return
    x, y, levels = reviewed.values, pay.values, list(surface.levels)
    ax.contourf(x, y, shown, levels, norm=shades, cmap=_COLOURS, extend="both", zorder=1)
    # Covered by a field of its own, so that the edge lies where it would lie in a map of that field.
    hidden = np.zeros(values.shape, bool) if rare is None else np.ma.filled(rare < 0.0, False)
    cover = None
    if rare is not None and hidden.any():
        cover = ax.contourf(x, y, rare, [-np.inf, 0.0], colors=[GROUND], hatches=["////"], zorder=3)
        cover.set_edgecolor(_HATCH)
    seen = shown[~hidden].compressed()
    if not len(seen):
        return
    inside = [level for level in levels if seen.min() < level < seen.max()]
    if not inside:
        _even(ax, surface, float(seen.min()), float(seen.max()), np.argwhere(~hidden & ~shown.mask).mean(axis=0))
        return
    lines = ax.contour(x, y, shown, inside, colors=INK, linewidths=0.7, zorder=2)
    labels = ax.clabel(lines, fontsize=7.5, fmt=surface.form.format, colors=INK, inline=False)
    for label in _crowded([label for label in labels if not _beneath(label, cover, ax)], ax):
        label.remove()
    for label in ax.texts:
        label.set_path_effects(_HALO)


def _even(ax: Axes, surface: Surface, low: float, high: float, middle: Floats) -> None:
    """Says the values of a map that no level crosses, ``middle`` being where on it they lie (pay, reviewed)."""
    least, most = (surface.form.format(float(f"{value:.2g}")) for value in (low, high))
    words = f"{least} everywhere" if least == most else f"{least} to {most}"
    _, rows, columns = surface.values.shape
    at = (middle[1] / (columns - 1), middle[0] / (rows - 1))
    ax.text(*at, words, transform=ax.transAxes, ha="center", va="center", fontsize=8).set_path_effects(_HALO)


def _beneath(label: Any, cover: Any, ax: Axes) -> bool:
    """Whether a label lies on what is covered; if so, it is taken away."""
    if cover is None:
        return False
    at = ax.transData.transform(label.get_position())
    hidden = any(path.transformed(ax.transData).contains_point(at) for path in cover.get_paths())
    if hidden:
        label.remove()
    return hidden


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

_HATCH = "#c4c4c4"
_HALO: list[AbstractPathEffect] = [withStroke(linewidth=2.8, foreground="white")]

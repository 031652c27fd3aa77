"""Maps over two parameters, with the line along which something breaks even."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator
from numpy.typing import NDArray

from greyspace.figures.style import GROUND, INK, MUTED, OWN_VALUES, look, page, wrapped

Floats = NDArray[np.float64]


class Side(NamedTuple):
    """One side of a map: what the parameter is, its unit and id, its values, and whether they are spaced by ratios."""

    says: str
    unit: str
    key: str
    values: Floats
    ratio: bool

    @property
    def places(self) -> Floats:
        """Where the values stand: even where they are spaced by ratios, so that lines between points are straight."""
        return np.log10(self.values) if self.ratio else self.values

    def place(self, value: float) -> float:
        """Where a value stands."""
        return float(np.log10(value)) if self.ratio else value


class Panel(NamedTuple):
    """One map: its name, the unit of its values ``[y, x]`` (NaN: left empty), and where it breaks even, if it does."""

    name: str
    unit: str
    values: Floats
    about: float | None = None


def maps(
    panels: Sequence[Panel], x: Side, y: Side, own: tuple[float, float], title: str, reading: str, foot: str
) -> Figure:
    """Maps side by side with the same axes; panels that break even nowhere share their shades."""
    key: list[Artist] = [
        *[Line2D([], [], color=INK, linewidth=2.6, label="breaks even")] * any(map(_even, panels)),
        Line2D([], [], **OWN_VALUES, label="the values of the scenario itself"),
        Line2D([], [], **_POINT, label="a world that was lived"),
    ]
    if any(np.isnan(panel.values).any() for panel in panels):
        key.append(
            Patch(
                facecolor=GROUND,
                edgecolor=MUTED,
                hatch="////",
                linewidth=0.0,
                label="nothing to measure, or not at rest",
            )
        )
    with look():
        figure = page(3.3 + 3.2 * len(panels), 4.1, title, reading, foot, key)
        axes = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
        plain = [panel.values for panel in panels if panel.about is None]
        shared = _norm(np.concatenate([values.ravel() for values in plain])) if plain else None
        for ax, panel in zip(axes, panels, strict=True):
            diverging = panel.about is not None
            norm = _about(panel.values, float(panel.about or 0.0)) if diverging else shared
            colours = "PuOr_r" if diverging else "cividis_r"
            assert norm is not None
            _map(ax, panel, x, y, norm, colours)
            if _within(own[0], x) and _within(own[1], y):
                ax.plot([x.place(own[0])], [y.place(own[1])], **OWN_VALUES, zorder=6, clip_on=False)
            bar = figure.colorbar(ScalarMappable(norm, colours), ax=ax, location="bottom", aspect=28, pad=0.03)
            bar.ax.xaxis.set_major_locator(MaxNLocator(5))
            bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            bar.ax.tick_params(labelsize=7.5)
            bar.set_label(panel.unit)
            ax.set_title(panel.name)
            ax.set_xlabel(_label(x, 210.0))
        axes[0].set_ylabel(_label(y, 235.0))
    return figure


def _even(panel: Panel) -> bool:
    """Whether a map breaks even anywhere."""
    shown = panel.values[np.isfinite(panel.values)]
    return panel.about is not None and len(shown) > 0 and bool(shown.min() < panel.about < shown.max())


def _label(side: Side, points: float) -> str:
    return "\n".join(wrapped(f"{side.says} ({side.unit})", points, 8.5))


def _within(value: float, side: Side) -> bool:
    return bool(side.values[0] <= value <= side.values[-1])


def _norm(values: Floats) -> Normalize:
    shown = values[np.isfinite(values)]
    low, high = (float(shown.min()), float(shown.max())) if len(shown) else (0.0, 1.0)
    return Normalize(low, high if high > low else low + max(abs(low), 1.0) * 1e-3)


def _about(values: Floats, middle: float) -> TwoSlopeNorm:
    """Shades to both sides of a middle, as far on the one side as on the other."""
    shown = values[np.isfinite(values)]
    reach = float(np.abs(shown - middle).max()) if len(shown) else 1.0
    reach = reach or 1.0
    return TwoSlopeNorm(middle, middle - reach, middle + reach)


def _map(ax: Axes, panel: Panel, x: Side, y: Side, norm: Normalize, colours: str) -> None:
    for side, axis in ((x, ax.xaxis), (y, ax.yaxis)):
        if side.ratio:
            axis.set_major_locator(MultipleLocator(1.0))
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{10.0**value:g}"))
        else:
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.set_xlim(x.places[0], x.places[-1])
    ax.set_ylim(y.places[0], y.places[-1])
    ax.set_facecolor(GROUND)
    ax.patch.set_hatch("////")
    ax.patch.set_edgecolor("#c4c4c4")
    shown = np.ma.masked_invalid(panel.values)
    if shown.count() == 0:
        return
    assert norm.vmin is not None
    assert norm.vmax is not None
    levels = np.linspace(norm.vmin, norm.vmax, 15)
    ax.contourf(x.places, y.places, shown, levels, norm=norm, cmap=colours, zorder=1)
    low, high = float(shown.min()), float(shown.max())
    inside = [level for level in MaxNLocator(6).tick_values(low, high) if low < level < high]
    if inside:
        lines = ax.contour(x.places, y.places, shown, inside, colors=INK, linewidths=0.5, alpha=0.6, zorder=2)
        for text in ax.clabel(lines, fontsize=7, fmt=lambda value: f"{value:g}", colors=INK, inline=False):
            text.set_path_effects([withStroke(linewidth=2.5, foreground="white")])
            text.set_in_layout(False)
        _thinned(ax)
    else:
        ax.text(0.5, 0.5, f"{low:.3g} everywhere" if low == high else f"{low:.3g} to {high:.3g}",
                transform=ax.transAxes, ha="center", fontsize=8)  # fmt: skip
    if _even(panel):
        ax.contour(x.places, y.places, shown, [panel.about], colors=INK, linewidths=2.6, zorder=3)
    across, up = np.meshgrid(x.places, y.places)
    there = ~np.ma.getmaskarray(shown)
    ax.plot(across[there], up[there], **_POINT, zorder=4, clip_on=False)


def _thinned(ax: Axes) -> None:
    """Take away labels that stand near the frame or another one."""
    kept: list[tuple[float, float]] = []
    for label in list(ax.texts):
        at = ax.transLimits.transform(label.get_position())
        free = all(abs(at[0] - u) > 0.2 or abs(at[1] - v) > 0.09 for u, v in kept)
        if free and 0.1 < at[0] < 0.9 and 0.06 < at[1] < 0.94:
            kept.append((float(at[0]), float(at[1])))
        else:
            label.remove()


_POINT: dict[str, Any] = {
    "linestyle": "none",
    "marker": ".",
    "markersize": 3.0,
    "markerfacecolor": INK,
    "markeredgecolor": "none",
}

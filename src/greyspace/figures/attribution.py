"""A difference in parts: what each group of limits has in it, alone, last, and on average over all orders."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from greyspace.figures.readings import Readings
from greyspace.figures.style import BLUE, FAINT, INK, MUTED, ORANGE, PALE_BLUE, bare, look, page, wrapped


class Row(NamedTuple):
    """One group: its name, its share of the difference, what it does alone, what it adds last."""

    name: str
    share: Readings
    alone: Readings
    last: Readings


class Panel(NamedTuple):
    """One measure: its name and unit, what it is with nothing lifted, the whole difference, and the groups' parts."""

    name: str
    unit: str
    before: float
    whole: Readings
    rows: tuple[Row, ...]


def attribution(panels: Sequence[Panel], title: str, reading: str, foot: str) -> Figure:
    """A panel for each measure, two beside each other; a row for each group."""
    columns = min(2, len(panels))
    lines = -(-len(panels) // columns)
    most = max(len(panel.rows) for panel in panels)
    key = [
        Patch(facecolor=PALE_BLUE, edgecolor=BLUE, linewidth=0.8, label="share of the difference"),
        Line2D([], [], **_ALONE, label="lifted alone"),
        Line2D([], [], **_LAST, label="added last"),
        *[Line2D([], [], **_RANGE, label="10th to 90th percentile of the share over draws")]
        * any(row.share.draws for panel in panels for row in panel.rows),
    ]
    with look():
        figure = page(6.2 * columns + 0.4, lines * (1.25 + 0.38 * most), title, reading, foot, key)
        axes = figure.subplots(lines, columns, squeeze=False)
        for i, ax in enumerate(axes.flat):
            if i < len(panels):
                _panel(ax, panels[i])
            else:
                ax.set_axis_off()
    return figure


def _panel(ax: Axes, panel: Panel) -> None:
    for y, row in enumerate(panel.rows):
        share = row.share.own or 0.0
        ax.barh(y, share, 0.62, color=PALE_BLUE, edgecolor=BLUE, linewidth=0.8, zorder=2)
        if row.share.spread:
            low, _, high = row.share.spread
            ax.plot([low, high], [y, y], **_RANGE, zorder=3)
        for readings, look_of, up in ((row.alone, _ALONE, -0.14), (row.last, _LAST, 0.14)):
            ax.plot([readings.own or 0.0], [y + up], **look_of, zorder=4)
    # The axis is settled before words are put at its right.
    low, high = ax.get_xlim()
    low, high = min(low, 0.0), max(high, 0.0)
    ax.set_xlim(low - 0.02 * (high - low), high + 0.02 * (high - low))
    most = max(abs(row.share.own or 0.0) for row in panel.rows)
    for y, row in enumerate(panel.rows):
        words = _number(row.share.own or 0.0, most)
        text = ax.annotate(words, (1.0, y), (6, 0), ("axes fraction", "data"), "offset points", va="center", fontsize=8)
        text.set_color(INK)
    ax.axvline(0, color=MUTED, linewidth=0.8, zorder=1)
    ax.set_yticks(range(len(panel.rows)), ["\n".join(wrapped(row.name, 130.0, 8.5)) for row in panel.rows])
    ax.set_ylim(len(panel.rows) - 0.4, -0.6)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.grid(axis="x", color=FAINT)
    ax.set_xlabel(f"change, {panel.unit}")
    whole = _number(panel.whole.own or 0.0, most)
    ax.set_title(f"{panel.name}\n{panel.before:.3g} becomes {panel.before + (panel.whole.own or 0.0):.3g} ({whole})")
    bare(ax, "left")


def _number(value: float, most: float) -> str:
    """A change in two digits; one that is hardly any, beside the largest, is none.

    >>> _number(-14.94, 15.0), _number(0.0004, 15.0)
    ('−15', '0')
    """
    return "0" if abs(value) < 0.005 * most else f"{float(f'{value:.2g}'):+g}".replace("-", "−")


_ALONE: dict[str, Any] = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 5.5,
    "markerfacecolor": "white",
    "markeredgecolor": INK,
    "markeredgewidth": 1.1,
}
_LAST: dict[str, Any] = {
    "linestyle": "none",
    "marker": "D",
    "markersize": 5.0,
    "markerfacecolor": ORANGE,
    "markeredgecolor": INK,
    "markeredgewidth": 0.6,
}
_RANGE: dict[str, Any] = {"color": INK, "linewidth": 1.4, "solid_capstyle": "butt"}

"""How all figures look: colours that survive colour blindness and grey print, a head, a foot, files that do not change.

Figures are made with Matplotlib's objects alone; nothing is left changed for whoever else draws in the same process.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.layout_engine import ConstrainedLayoutEngine

INK = "#1a1a1a"
MUTED = "#5c5c5c"
FAINT = "#d9d9d9"
GROUND = "#f3f3f3"
BLUE = "#0b5394"
PALE_BLUE = "#a9cbe8"
ORANGE = "#d9730d"

OWN_VALUES: dict[str, Any] = {
    "linestyle": "none",
    "marker": "D",
    "markersize": 6.5,
    "markerfacecolor": "white",
    "markeredgecolor": INK,
    "markeredgewidth": 1.2,
}
"""The mark of what lies at a scenario's own values, on a surface of colours."""

DPI = 150

_EDGE = 0.15
_TITLE, _TEXT, _FOOT = 13.0, 8.5, 7.0
_LEADING = 1.4
_KEY, _HANDLE, _PAD, _BETWEEN = 8.0, 18.0, 4.0, 13.0

_RC: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": 8.5,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8.5,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": _KEY,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    # Unhinted: a text is as broad in a PNG as in an SVG, and as it was measured for breaking lines.
    "text.hinting": "none",
    "svg.fonttype": "path",
    "svg.hashsalt": "greyspace",
    "path.simplify": False,
}


@contextmanager
def look() -> Iterator[None]:
    """The style, for as long as something is drawn or saved."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_RC)
        yield


def page(
    width: float, body: float, title: str, reading: str, foot: str, key: Sequence[Artist] = (), aside: float = 0.0
) -> Figure:
    """An empty figure, ``width`` inches wide, with a body of ``body`` inches between its head and its foot.

    The head is the title, how to read it, and a ``key`` of marks; the foot says what the figure rests on. ``aside``:
    inches left free at the right.
    """
    inside = (width - 2 * _EDGE) * 72
    named, told, said = (
        wrapped(title, inside, _TITLE, "bold"),
        wrapped(reading, inside, _TEXT),
        wrapped(foot, inside, _FOOT),
    )
    line, small, big = (_LEADING * size / 72 for size in (_TEXT, _FOOT, _TITLE))
    columns = _columns([str(mark.get_label()) for mark in key], inside)
    rows = -(-len(key) // columns)
    head = _EDGE + big * len(named) + line * (len(told) + 1.15 * rows) + (0.14 if key else 0.08)
    bottom = _EDGE + small * len(said) + 0.06
    height = head + body + bottom
    held = (_EDGE / width, bottom / height, 1.0 - (2 * _EDGE + aside) / width, body / height)
    engine = ConstrainedLayoutEngine(rect=held, h_pad=0.04, w_pad=0.04)
    figure = Figure(figsize=(width, height), layout=engine)
    FigureCanvasAgg(figure)
    left, top = _EDGE / width, height - _EDGE
    _write(figure, left, top / height, "\n".join(named), _TITLE, INK, weight="bold")
    top -= big * len(named)
    _write(figure, left, top / height, "\n".join(told), _TEXT, INK)
    top -= line * len(told)
    if key:
        legend = figure.legend(
            handles=list(key),
            loc="upper left",
            bbox_to_anchor=(left, (top - 0.02) / height),
            ncols=columns,
            borderpad=0.1,
            borderaxespad=0.0,
            handletextpad=_PAD / _KEY,
            handlelength=_HANDLE / _KEY,
            columnspacing=_BETWEEN / _KEY,
        )
        legend.set_in_layout(False)
    _write(figure, left, (bottom - 0.06) / height, "\n".join(said), _FOOT, MUTED)
    return figure


def _columns(labels: Sequence[str], points: float) -> int:
    """How many columns a key may have so as not to be broader than ``points``."""
    for columns in range(len(labels), 1, -1):
        # A legend fills its columns one after the other, the first ones with one more.
        broad = [max(breadth(label, _KEY) for label in part) for part in np.array_split(np.array(labels), columns)]
        if sum(broad) + columns * (_HANDLE + _PAD) + (columns - 1) * _BETWEEN < points:
            return columns
    return 1


def _write(figure: Figure, x: float, y: float, words: str, size: float, colour: str, weight: str = "normal") -> None:
    text = figure.text(
        x, y, words, fontsize=size, color=colour, fontweight=weight, va="top", ha="left", linespacing=_LEADING / 1.2
    )
    text.set_in_layout(False)


@cache
def breadth(words: str, size: float, weight: str = "normal") -> float:
    """How broad words are set, in points."""
    if not words.strip():
        return 0.0
    font = get_font(findfont(FontProperties(family="DejaVu Sans", weight=weight)))
    font.set_size(size, 72)
    font.set_text(words, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0] / 64)


def wrapped(text: str, points: float, size: float, weight: str = "normal") -> list[str]:
    """Words in lines no broader than ``points`` when set in ``size``; line breaks of the text stay.

    >>> wrapped("short", 100, 8)
    ['short']
    """
    lines = []
    for paragraph in text.split("\n") if text else []:
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and breadth(longer, size, weight) > points:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def bare(ax: Axes, *sides: str) -> None:
    """Take away the spines of these sides, and the ticks that stand on them."""
    for side in sides:
        ax.spines[side].set_visible(False)
    if "left" in sides:
        ax.tick_params(axis="y", length=0)
    if "bottom" in sides:
        ax.tick_params(axis="x", length=0)


def save(figure: Figure, folder: Path, stem: str) -> None:
    """Write ``stem.png`` and ``stem.svg``; the same figure gives the same bytes."""
    with look():
        # Laid out once, so that both files are alike.
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        # The solver of the layout is not exact: its last digits change from one call to the next.
        for ax in figure.axes:
            ax.set_position(np.round(ax.get_position().bounds, 6))
        figure.savefig(folder / f"{stem}.png", dpi=DPI, metadata={"Software": None})
        figure.savefig(folder / f"{stem}.svg", metadata={"Date": None, "Creator": None})

"""One number under many settings and seeds, and the marks that show it: the same in all figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from greyspace.figures.style import BLUE, INK, ORANGE, PALE_BLUE

LOW, HIGH = 0.1, 0.9
"""The quantiles that bound a range."""


@dataclass(frozen=True)
class Readings:
    """A number in each draw of the parameters, at the pack's own values, and in each seed of runs at these values."""

    draws: tuple[float, ...] = ()
    own: float | None = None
    seeds: tuple[float, ...] = ()

    @property
    def all(self) -> tuple[float, ...]:
        """Whatever there is."""
        return (*self.draws, *self.seeds, *(() if self.own is None else (self.own,)))

    @property
    def spread(self) -> tuple[float, float, float] | None:
        """10th percentile, median, 90th percentile over draws; over seeds where there are no draws."""
        return spread(self.draws or self.seeds) if self.draws or self.seeds else None

    @property
    def middle(self) -> float | None:
        """The median over draws or seeds, or the only number there is."""
        return self.spread[1] if self.spread else self.own

    def words(self, digits: int = 0, sign: bool = False, times: float = 1.0) -> str:
        """The median and its range, or the only number there is, multiplied by ``times``.

        >>> Readings(draws=(1.0, 2.0, 3.0)).words()
        '2 [1 to 3]'
        >>> Readings(own=-1.25).words(1)
        '−1.2'
        """
        found = self.spread or ((self.own,) * 3 if self.own is not None else None)
        if found is None:
            return "–"
        low, mid, high = (number(times * value, digits, sign) for value in found)
        return mid if low == mid == high else f"{mid} [{low} to {high}]"


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """10th percentile, median and 90th percentile."""
    low, mid, high = np.quantile(np.asarray(values, dtype=np.float64), [LOW, 0.5, HIGH])
    return float(low), float(mid), float(high)


def number(value: float, digits: int, sign: bool = False) -> str:
    """A number with a real minus sign, and never a minus before zero.

    >>> number(-0.04, 1, sign=True), number(2.0, 1, sign=True)
    ('0.0', '+2.0')
    """
    rounded = f"{abs(value):.{digits}f}"
    if float(rounded) == 0.0:
        return rounded
    return ("−" if value < 0 else "+" if sign else "") + rounded


def mark(ax: Axes, y: float, readings: Readings, each: bool = True) -> None:
    """Draw one number at height ``y``: range and median over draws, ``each`` draw, the pack's values, seeds below."""
    if readings.draws:
        low, mid, high = spread(readings.draws)
        ax.plot([low, high], [y, y], color=PALE_BLUE, linewidth=5, solid_capstyle="butt", zorder=2)
        if each:
            ax.plot(readings.draws, [y] * len(readings.draws), **_DRAW, zorder=3)
        ax.plot([mid], [y], **_MEDIAN, zorder=4)
    if readings.seeds:
        below = 0.24 if readings.draws else 0.0
        ax.plot(readings.seeds, [y + below] * len(readings.seeds), **_SEED, zorder=3)
    if readings.own is not None:
        ax.plot([readings.own], [y], **_OWN, zorder=5)


def key(of: Sequence[Readings], each: bool = True) -> list[Artist]:
    """What the marks mean, of those that these readings need."""
    found: list[Artist] = []
    if any(readings.draws for readings in of):
        found.append(Line2D([], [], **_MEDIAN, label="median over draws"))
        found.append(Line2D([], [], color=PALE_BLUE, linewidth=5, label="10th to 90th percentile"))
        if each:
            found.append(Line2D([], [], **_DRAW, label="one draw"))
    if any(readings.own is not None for readings in of):
        found.append(Line2D([], [], **_OWN, label="the pack's own values"))
    if any(readings.seeds for readings in of):
        found.append(Line2D([], [], **_SEED, label="one run (a seed)"))
    return found


_DRAW: dict[str, Any] = {
    "linestyle": "none",
    "marker": ".",
    "markersize": 3.5,
    "markerfacecolor": BLUE,
    "markeredgecolor": "none",
}
_MEDIAN: dict[str, Any] = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 6,
    "markerfacecolor": BLUE,
    "markeredgecolor": "white",
}
_OWN: dict[str, Any] = {
    "linestyle": "none",
    "marker": "D",
    "markersize": 6.5,
    "markerfacecolor": "none",
    "markeredgecolor": INK,
    "markeredgewidth": 1.1,
}
_SEED: dict[str, Any] = {
    "linestyle": "none",
    "marker": "|",
    "markersize": 5,
    "markeredgecolor": ORANGE,
    "markeredgewidth": 1.2,
}

"""The lives of gates: how many work, week by week; and what their time was lost to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, YearLocator, date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from greyspace.figures.readings import HIGH, LOW, Readings, key, mark
from greyspace.figures.style import BLUE, INK, MUTED, ORANGE, PALE_BLUE, bare, breadth, look, page

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sighting:
    """What sources saw: on a day, ``count`` gates at work (``at_least``: or more); ``words`` tell it."""

    day: date
    count: float
    at_least: bool
    words: str


@dataclass(frozen=True)
class Count:
    """Gates of one group by week: ``working[draw, week]``, ``installed[draw, week]``, and at the pack's own values
    ``own[seed, week]``.
    """

    name: str
    working: Floats
    installed: Floats
    own: Floats
    sighting: Sighting | None = None


def working(
    counts: Sequence[Count], weeks: Sequence[date], border: Floats, title: str, reading: str, foot: str
) -> Figure:
    """How many gates work, week by week, a panel for each group; above, the share of goods let through the border.

    ``weeks`` are Mondays, ``border[week]`` is in [0, 1].
    """
    with look():
        heights = [0.17] + [1.4] * len(counts)
        body = sum(heights) + 0.5 * len(heights) + 0.35
        figure = page(8.6, body, title, reading, foot, _working_key(counts), aside=1.5)
        axes = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)[:, 0]
        days = date2num([*weeks, weeks[-1] + timedelta(days=7)])
        panels = axes[1:]
        panels[0].set_xlim(days[0], days[-1])
        _border(axes[0], days, border)
        for ax, count in zip(panels, counts, strict=True):
            for start, end, share in _spells(days, border):
                ax.axvspan(start, end, color=INK, alpha=0.12 * (1.0 - share), linewidth=0, zorder=0)
            _count(ax, days, count)
        last = panels[-1].xaxis
        last.set_major_locator(YearLocator() if len(weeks) > 104 else AutoDateLocator(maxticks=8))
        last.set_major_formatter(ConciseDateFormatter(last.get_major_locator(), show_offset=False))
        panels[-1].set_xlabel("date (weekly values; a year stands at its beginning)")
    return figure


def _working_key(counts: Sequence[Count]) -> list[Artist]:
    return [
        Line2D([], [], color=BLUE, linewidth=2, label="in working order, median over draws"),
        Patch(color=PALE_BLUE, label="10th to 90th percentile"),
        Line2D([], [], **_OWN, label="the same at the pack's own values"),
        Line2D([], [], **_INSTALLED, label="installed, median"),
        *[Line2D([], [], **_SEEN, label="seen by sources")] * any(count.sighting for count in counts),
    ]


def _spells(days: Floats, border: Floats) -> Iterator[tuple[float, float, float]]:
    """Start, end and share of each time in which the border stays as it is."""
    cuts = [0, *(np.flatnonzero(np.diff(border)) + 1), len(border)]
    for first, last in pairwise(cuts):
        yield float(days[first]), float(days[last]), float(border[first])


def _border(ax: Axes, days: Floats, border: Floats) -> None:
    """A strip, darker where less gets through, with the share written in."""
    ax.set_ylim(0, 1)
    ax.set_yticks([])
    bare(ax, "left", "bottom")
    ax.tick_params(axis="x", labelbottom=False)
    ax.set_title("Share of ordinary trade let through the border (darker: less)", fontsize=8, fontweight="normal")
    span = float(days[-1] - days[0])
    for start, end, share in _spells(days, border):
        shade = 0.35 + 0.6 * share
        ax.axvspan(start, end, color=(shade, shade, shade), linewidth=0)
        words = f"{share:.0%}"
        # Six inches are the least that the panels are broad.
        if breadth(words, 7.5) + 4 < (end - start) / span * 6 * 72:
            ink = "white" if shade < 0.6 else INK
            ax.text((start + end) / 2, 0.47, words, ha="center", va="center", fontsize=7.5, color=ink)


def _count(ax: Axes, days: Floats, count: Count) -> None:
    ax.set_title(count.name, pad=18 if count.sighting else 6)
    ax.set_ylabel("gates")

    def held(values: Floats) -> Floats:
        """A week's value holds to its end."""
        return np.append(values, values[-1])

    low, mid, high = np.quantile(count.working, [LOW, 0.5, HIGH], axis=0, method=_WHOLE)
    own = np.median(count.own, axis=0)
    least, there, most = np.quantile(count.installed, [LOW, 0.5, HIGH], axis=0, method=_WHOLE)
    ax.fill_between(days, held(low), held(high), step="post", color=PALE_BLUE, linewidth=0, zorder=1)
    ax.plot(days, held(there), drawstyle="steps-post", **_INSTALLED, zorder=2)
    ax.plot(days, held(mid), drawstyle="steps-post", color=BLUE, linewidth=2, zorder=3)
    ax.plot(days, held(own), drawstyle="steps-post", **_OWN, zorder=4)
    ends = [
        (mid[-1], f"in order: {_between(low[-1], mid[-1], high[-1])}", BLUE),
        (there[-1], f"installed: {_between(least[-1], there[-1], most[-1])}", MUTED),
    ]
    top = max(1.0, high.max(), own.max(), there.max(), count.sighting.count if count.sighting else 0.0)
    ax.set_ylim(-0.04 * top, 1.1 * top)
    ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    ax.grid(axis="y")
    ax.spines["bottom"].set_position(("data", 0.0))
    for (_, words, colour), y in zip(ends, _apart([end[0] for end in ends], 0.14 * top), strict=True):
        text = ax.annotate(
            words, (1, y), (6, 0), ("axes fraction", "data"), "offset points", color=colour, va="center", fontsize=8
        )
        text.set_in_layout(False)
    if count.sighting is not None:
        _sighting(ax, count.sighting, top)


def _between(low: float, mid: float, high: float) -> str:
    return f"{mid:g}" if low == high else f"{mid:g} [{low:g} to {high:g}]"


def _apart(heights: Sequence[float], least: float) -> list[float]:
    """Heights moved up until they lie at least so far apart, in the order they came.

    >>> _apart([0.0, 5.0, 0.1], 1.0)
    [0.0, 5.0, 1.0]
    """
    moved = list(heights)
    order = sorted(range(len(moved)), key=lambda i: moved[i])
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + least)
    return moved


def _sighting(ax: Axes, seen: Sighting, top: float) -> None:
    day = float(date2num(seen.day))
    ax.plot([day], [seen.count], **_SEEN, zorder=6, clip_on=False)
    if seen.at_least:
        reach = {"arrowstyle": "->", "color": ORANGE, "linewidth": 1.4, "shrinkA": 3, "shrinkB": 0}
        ax.annotate("", (day, min(seen.count + 0.26 * top, 1.09 * top)), (day, seen.count), arrowprops=reach, zorder=5)
    words = ax.annotate(seen.words, (0, 1), (0, 5), "axes fraction", "offset points", fontsize=8, color="#a85408")
    words.set_in_layout(False)


@dataclass(frozen=True)
class Bar:
    """Shares of installed gate-time by what the gate did or what kept it from that; they add up to 1."""

    group: str
    case: str
    shares: Mapping[str, float]


@dataclass(frozen=True)
class Lifted:
    """A share of gate-time, or what is gained of it by lifting a limit."""

    name: str
    share: Readings
    gain: bool = False


def causes(
    bars: Sequence[Bar],
    parts: Mapping[str, str],
    limits: Sequence[Lifted],
    title: str,
    reading: str,
    foot: str,
) -> Figure:
    """What the time of gates was lost to, as stacked bars; beside it, what lifting limits would bring.

    ``parts`` names the parts of a bar by key. ``limits`` stand in the order of their rows.
    """
    with look():
        body = max(0.9 + 0.36 * len(bars) + 0.16 * len({bar.group for bar in bars}), 1.2 + 0.42 * len(limits), 2.6)
        figure = page(11.0, body, title, reading, foot, key([row.share for row in limits]))
        left, right = figure.subplots(1, 2, width_ratios=(1.75, 1.0))
        _stacks(left, bars, parts)
        _lifted(right, limits)
    return figure


def _stacks(ax: Axes, bars: Sequence[Bar], parts: Mapping[str, str]) -> None:
    y, heights = 0.0, []
    for i, bar in enumerate(bars):
        y += 0.0 if i == 0 else 1.0 if bars[i - 1].group == bar.group else 1.55
        heights.append(y)
        start = 0.0
        for part in parts:
            share = bar.shares[part]
            ax.barh(y, share, left=start, height=0.82, color=_PARTS[part], edgecolor="white", linewidth=0.8)
            if share >= 0.015:
                ink = "white" if _lightness(_PARTS[part]) < 0.45 else INK
                ax.text(start + share / 2, y, f"{100 * share:.0f}", ha="center", va="center", fontsize=8, color=ink)
            start += share
    ax.set_title("Where the time of installed gates went", pad=24)
    ax.set_yticks(heights, _called(bars))
    ax.invert_yaxis()
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0))
    ax.set_xlabel("share of the weeks that gates were installed, % (mean)")
    bare(ax, "left")
    ax.legend(
        handles=[Patch(color=_PARTS[part], label=words) for part, words in parts.items()],
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=len(parts),
        borderpad=0.1,
        borderaxespad=0.3,
        handlelength=0.9,
        handletextpad=0.4,
        columnspacing=1.0,
    ).set_in_layout(False)


def _called(bars: Sequence[Bar]) -> list[str]:
    """What stands beside each bar: its group only at the first of several."""
    before = [None, *(bar.group for bar in bars)]
    return [
        bar.case if bar.group == last else f"{bar.group}\n{bar.case}" for bar, last in zip(bars, before, strict=False)
    ]


def _lifted(ax: Axes, limits: Sequence[Lifted]) -> None:
    for y, row in enumerate(limits):
        mark(ax, y, row.share)
        ax.text(
            1.03, y, row.share.words(0, row.gain, 100.0), transform=ax.get_yaxis_transform(), va="center", fontsize=8
        )
    ax.set_title("What lifting the limits would bring", pad=24)
    ax.set_yticks(range(len(limits)), [row.name for row in limits])
    ax.set_ylim(len(limits) - 0.4, -0.6)
    values = [value for row in limits for value in row.share.all]
    ax.set_xlim(min(0.0, *values) - 0.01 if values else 0.0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0))
    ax.axvline(0, color=MUTED, linewidth=0.8)
    ax.grid(axis="x")
    ax.set_xlabel("share of installed gate-time, % (gains: percentage points)")
    bare(ax, "left")


def _lightness(colour: str) -> float:
    red, green, blue = to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue


_PARTS = {
    "live": BLUE,
    "no_power": "#f6d55c",
    "not_linked": "#8fb8a8",
    "in_repair": "#e4e4e4",
    "waiting_for_spare": "#8c4a3c",
}
"""From dark to light and back, so that neighbours differ in grey as well."""

_WHOLE: Literal["inverted_cdf"] = "inverted_cdf"
"""Gates are whole: a quantile is a number that came up."""

_OWN: dict[str, Any] = {"color": INK, "linewidth": 1.0, "linestyle": (0, (4, 2))}
_INSTALLED: dict[str, Any] = {"color": MUTED, "linewidth": 1.0, "linestyle": (0, (1, 1.5))}
_SEEN: dict[str, Any] = {
    "linestyle": "none",
    "marker": "s",
    "markersize": 6.5,
    "markerfacecolor": ORANGE,
    "markeredgecolor": "white",
}

"""The grey space, act by act: bars of how begun acts ended, how many there were, and apart, what was not begun."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from greyspace.figures.compare import LOOK
from greyspace.figures.style import INK, MUTED, bare, look, page

_COLUMNS = 3


class Bar(NamedTuple):
    """A case, under a scenario where there are several: acts begun a year, shares of these, shares of intents, in %."""

    case: str
    scenario: str
    begun: float
    ended: tuple[float, ...]
    not_begun: tuple[float, ...]


class Panel(NamedTuple):
    """One act and its cases."""

    name: str
    bars: tuple[Bar, ...]


def grey(
    panels: Sequence[Panel], ended: Sequence[str], not_begun: Sequence[str], title: str, reading: str, foot: str
) -> Figure:
    """Small multiples by act; ``ended`` and ``not_begun`` name the states in the order of the bars' shares."""
    columns = min(_COLUMNS, len(panels))
    lines = -(-len(panels) // columns)
    most = max((len(panel.bars) for panel in panels), default=1)
    key = [
        Patch(label=LOOK[state][0], facecolor=LOOK[state][1], hatch=LOOK[state][2], edgecolor=MUTED, linewidth=0.4)
        for state in (*ended, *not_begun)
    ]
    with look():
        figure = page(4.6 * columns + 0.5, lines * (0.95 + 0.2 * most), title, reading, foot, key)
        axes = figure.subplots(lines, 2 * columns, squeeze=False, width_ratios=[2.6, 1.0] * columns)
        for i in range(lines * columns):
            left, right = axes[i // columns, 2 * (i % columns) : 2 * (i % columns) + 2]
            if i < len(panels):
                _panel(left, right, panels[i], ended, not_begun)
            else:
                left.set_axis_off()
                right.set_axis_off()
    return figure


def _panel(left: Axes, right: Axes, panel: Panel, ended: Sequence[str], not_begun: Sequence[str]) -> None:
    places, y, last = [], -1.0, None
    for bar in panel.bars:
        # The same case under several scenarios stands together.
        y += 1.0 if last is None or bar.case != last or not bar.scenario else 0.82
        y += 0.3 if last is not None and bar.case != last and bar.scenario else 0.0
        last = bar.case
        places.append(y)
    for ax, states, shares in (
        (left, ended, [bar.ended for bar in panel.bars]),
        (right, not_begun, [bar.not_begun for bar in panel.bars]),
    ):
        for place, of in zip(places, shares, strict=True):
            start = 0.0
            for state, share in zip(states, of, strict=True):
                _, colour, hatch = LOOK[state]
                ax.barh(place, share, 0.74, start, color=colour, hatch=hatch, edgecolor="white", linewidth=0.3)
                start += share
        ax.set_ylim(places[-1] + 0.6, -0.6)
        bare(ax, "left")
    for place, bar in zip(places, panel.bars, strict=True):
        words = left.annotate(
            _count(bar.begun), (1.0, place), (4, 0), ("axes fraction", "data"), "offset points",
            va="center", fontsize=7, color=INK,
        )  # fmt: skip
        words.set_in_layout(True)
    left.set_title(panel.name)
    left.set_xlim(0, 100)
    left.set_xticks([0, 50, 100])
    left.set_xlabel("% of acts begun; number a year")
    left.set_yticks(places, _names(panel.bars), fontsize=7.5)
    most = max((sum(bar.not_begun) for bar in panel.bars), default=0.0)
    right.set_xlim(0, 50 if most <= 50 else 100)
    right.set_xticks([0, 50] if most <= 50 else [0, 100])
    right.set_xlabel("% of intents")
    right.set_yticks([])


def _names(bars: Sequence[Bar]) -> list[str]:
    """A case is named once; under several scenarios, at the first of them."""
    named, last = [], None
    for bar in bars:
        named.append("" if bar.scenario and bar.case == last else bar.case)
        last = bar.case
    return named


def _count(number: float) -> str:
    """Acts a year in three digits.

    >>> _count(26_412_345.0), _count(1234.0), _count(0.0)
    ('26.4 M', '1.23 k', '0')
    """
    for unit, word in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if number >= unit:
            return f"{number / unit:.3g}{word}"
    return f"{number:.3g}"

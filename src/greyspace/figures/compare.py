"""What acts came to in two cases: the shares of how they ended, one under the other, and the changes beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from greyspace import __version__
from greyspace.contract import STATES
from greyspace.country import ACTS
from greyspace.figures.readings import Readings, key, mark
from greyspace.figures.style import BLUE, FAINT, INK, MUTED, ORANGE, PALE_BLUE, bare, look, page
from greyspace.results import Results, compare

LOOK = {
    "prevented": ("prevented", "#8c8c8c", ""),
    "chilled": ("given up: caution", "#bdbdbd", ""),
    "priced_out": ("given up: price", FAINT, "////"),
    "punished": ("punished", "#7a3b00", ""),
    "turned_back": ("turned back", ORANGE, ""),
    "paid": ("paid for", "#f3c08f", ""),
    "free_recorded": ("free, recorded", BLUE, ""),
    "free_unseen": ("free, unseen", PALE_BLUE, ""),
}
"""What each end of an intent is called, its colour, and its hatch: the same in all figures of acts."""

_LEAST_SCALE = 0.1
"""Changes of less than this per thousand are not blown up to the breadth of a panel."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Act:
    """One act: ``a[state]`` and ``b[state]`` of a thousand intents, and the change of each state, b - a."""

    name: str
    a: Floats
    b: Floats
    changes: tuple[Readings, ...]


def acts(rows: Sequence[Act], a: str, b: str, title: str, reading: str, foot: str) -> Figure:
    """A line for each act: on the left how intents ended in case ``a`` and ``b``, on the right what changed."""
    with look():
        readings = [change for act in rows for change in act.changes]
        colours = [
            Patch(label=name, facecolor=c, hatch=h, edgecolor=MUTED, linewidth=0.4) for name, c, h in LOOK.values()
        ]
        marks = key(readings, each=False)
        figure = page(12.5, 0.95 + 0.62 * len(rows), title, reading, foot, [*colours, *marks])
        axes = figure.subplots(1, 1 + len(STATES), sharey=True, width_ratios=[3.2] + [1.0] * len(STATES))
        _ends(axes[0], rows, a, b)
        for s, ax in enumerate(axes[1:]):
            _changes(ax, [act.changes[s] for act in rows], LOOK[STATES[s]][0])
        axes[0].set_ylim(len(rows) - 0.5, -0.6)
    return figure


def _ends(ax: Axes, rows: Sequence[Act], a: str, b: str) -> None:
    for y, act in enumerate(rows):
        for shares, at in ((act.a, y - 0.2), (act.b, y + 0.2)):
            left = 0.0
            for state, share in zip(STATES, shares, strict=True):
                _, colour, hatch = LOOK[state]
                ax.barh(at, share, 0.34, left, color=colour, hatch=hatch, edgecolor="white", linewidth=0.3)
                left += float(share)
    ax.set_title(f"above: {a}\nbelow: {b}", fontsize=8.5)
    ax.set_yticks(range(len(rows)), [act.name.replace("_", " ") for act in rows])
    ax.set_xlim(0, 1000)
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.set_xlabel("of 1,000 intents")
    bare(ax, "left")


def _changes(ax: Axes, cells: Sequence[Readings], name: str) -> None:
    for y, readings in enumerate(cells):
        mark(ax, y + 0.12, readings, each=False)
        if readings.all:
            words = Readings(own=readings.middle).words(1, sign=True)
            ink = INK if words.strip("0.") else MUTED
            where = ax.get_yaxis_transform()
            text = ax.text(0.5, y - 0.27, words, transform=where, fontsize=7.5, color=ink, ha="center", va="center")
            text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.8})
    most = max((abs(value) for readings in cells for value in readings.all), default=0.0)
    reach = 1.25 * max(most, _LEAST_SCALE)
    ax.set_xlim(-reach, reach)
    ax.set_title(name.replace(": ", ":\n").replace(", ", ",\n"), fontsize=8, color=INK)
    ax.axvline(0, color=MUTED, linewidth=0.8)
    ax.grid(axis="x")
    ax.xaxis.set_major_locator(MaxNLocator(2, symmetric=True))
    ax.tick_params(axis="x", labelsize=7)
    ax.set_xlabel("change")
    bare(ax, "left")


def of_runs(a: Results, b: Results) -> Figure:
    """Two runs over the time that both cover: how intents of each act ended in each, and the difference.

    InputError where they have no time in common.
    """
    found = compare(a, b, by=("act",), measures=STATES)
    rows = []
    for act in [name for name in ACTS if name in found.frame["act"]]:
        states = found.frame.filter(pl.col("act") == act)
        shares = [_of_thousand(states[run].to_numpy()) for run in ("a", "b")]
        if all(share.any() for share in shares):
            rows.append(
                Act(act, shares[0], shares[1], tuple(Readings(seeds=(float(x),)) for x in shares[1] - shares[0]))
            )
    names = [f"{run.meta['scenario']}, seed {run.meta['seed']}" for run in (a, b)]
    foot = "; ".join(f"run {run.run_id}, {run.meta['country']}, {run.meta['engine']}" for run in (a, b))
    return acts(
        rows,
        names[0],
        names[1],
        f"What acts came to: {names[1]}, against {names[0]}",
        f"{found.first} to {found.last}. Left: how intents ended. Right: the difference in acts of 1,000 intents; each "
        "panel has its own scale. Two runs alone say nothing of how uncertain the difference is.",
        f"greyspace {__version__}; {foot}. Invented persons; conditional on a model, not a measurement.",
    )


def _of_thousand(states: Floats) -> Floats:
    total = states.sum()
    return np.asarray(1000.0 * states / total) if total > 0 else np.zeros_like(states)

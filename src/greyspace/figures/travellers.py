"""What travellers met: at the entrance of a station, and in the whole country with gates against without."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from greyspace.figures.readings import Readings, key, mark
from greyspace.figures.style import GROUND, INK, MUTED, bare, look, page


@dataclass(frozen=True)
class Column:
    """One outcome: a number per thousand for each entrance, on an axis up to ``top``."""

    outcome: str
    rows: tuple[Readings, ...]
    top: float


@dataclass(frozen=True)
class Papers:
    """Travellers with the same papers: what they met at each of the ``entrances``."""

    name: str
    entrances: tuple[str, ...]
    columns: tuple[Column, ...]


def entrances(kinds: Sequence[Papers], title: str, reading: str, foot: str) -> Figure:
    """Outcomes per thousand inspections: a row of panels for each kind of papers, a panel for each outcome."""
    with look():
        rows = max(len(papers.entrances) for papers in kinds)
        cells = [row for papers in kinds for column in papers.columns for row in column.rows]
        body = len(kinds) * (0.95 + 0.5 * rows)
        figure = page(11.0, body, title, reading, foot, key(cells, each=False))
        columns = max(len(papers.columns) for papers in kinds)
        grid = figure.add_gridspec(2 * len(kinds), columns, height_ratios=[0.09, 1.0] * len(kinds))
        for i, papers in enumerate(kinds):
            above = figure.add_subplot(grid[2 * i, :])
            above.set_axis_off()
            above.text(0, 0.2, papers.name, fontsize=10, fontweight="bold").set_in_layout(False)
            axes = [figure.add_subplot(grid[2 * i + 1, j]) for j in range(len(papers.columns))]
            for ax, column in zip(axes, papers.columns, strict=True):
                _column(ax, column, papers.entrances)
                ax.tick_params(axis="y", labelleft=ax is axes[0])
            axes[0].set_ylabel("at the entrance stands", color=MUTED)
    return figure


def _column(ax: Axes, column: Column, rows: Sequence[str]) -> None:
    for y, readings in enumerate(column.rows):
        mark(ax, y, readings, each=False)
        words = readings.words(0 if column.top > 20 else 1)
        ax.text(0.07, y - 0.3, words, transform=ax.get_yaxis_transform(), fontsize=8, va="center")
    ax.set_title(column.outcome, fontsize=8.5)
    ax.set_ylim(len(rows) - 0.5, -0.55)
    ax.set_yticks(range(len(rows)), rows)
    ax.set_xlim(-0.05 * column.top, 1.05 * column.top)
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    ax.grid(axis="x")
    ax.axvline(0, color=MUTED, linewidth=0.8)
    ax.set_xlabel("per 1,000 inspections")
    bare(ax, "left")


@dataclass(frozen=True)
class Row:
    """The change of one state. ``assumed``: it rests on nothing but an assumption, and is shown apart."""

    name: str
    change: Readings
    assumed: bool = False


@dataclass(frozen=True)
class Block:
    """Rows that share an axis, because their numbers are of one size."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Act:
    """Journeys of one kind: blocks of rows, and what the changes are counted in."""

    name: str
    unit: str
    blocks: tuple[Block, ...]


def differences(acts: Sequence[Act], title: str, reading: str, foot: str) -> Figure:
    """Changes in what journeys end as, with gates against without: a column for each kind of journeys."""
    with look():
        tall = [max(len(act.blocks[i].rows) for act in acts) for i in range(len(acts[0].blocks))]
        rows = [row.change for act in acts for block in act.blocks for row in block.rows]
        body = 0.3 + sum(0.62 + 0.4 * rows for rows in tall)
        figure = page(5.7 * len(acts) if len(acts) > 1 else 7.5, body, title, reading, foot, key(rows))
        heights = [0.5 + each for each in tall]
        axes = figure.subplots(len(tall), len(acts), height_ratios=heights, squeeze=False)
        for column, act in zip(axes.T, acts, strict=True):
            for ax, block in zip(column, act.blocks, strict=True):
                _block(ax, block)
            column[-1].set_xlabel(act.unit)
            over = {"xycoords": "axes fraction", "textcoords": "offset points"}
            column[0].annotate(act.name, (0, 1), (0, 22), **over, fontsize=10, fontweight="bold")
    return figure


def _block(ax: Axes, block: Block) -> None:
    values = np.array([value for row in block.rows for value in row.change.all])
    reach = max(float(np.abs(values).max()) if len(values) else 0.0, 0.1)
    digits = 0 if reach >= 200 else 1 if reach >= 2 else 2
    for y, row in enumerate(block.rows):
        if row.assumed:
            ax.axhspan(y - 0.5, y + 0.5, color=GROUND, linewidth=0, zorder=0)
        mark(ax, y, row.change)
        words = row.change.words(digits, sign=True)
        ax.text(1.02, y, words, transform=ax.get_yaxis_transform(), va="center", fontsize=8)
    ax.axvline(0, color=INK, linewidth=1.0, zorder=1)
    ax.set_title(block.name, fontsize=8.5, fontweight="normal", color=MUTED)
    ax.set_ylim(len(block.rows) - 0.5, -0.5)
    ax.set_yticks(range(len(block.rows)), [row.name for row in block.rows])
    low, high = (min(0.0, values.min()), max(0.0, values.max())) if len(values) else (0.0, 0.0)
    margin = 0.06 * max(high - low, 0.2)
    ax.set_xlim(low - margin, high + margin)
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    ax.grid(axis="x")
    bare(ax, "left")

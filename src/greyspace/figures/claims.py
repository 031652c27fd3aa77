"""Claims side by side: in which share of draws each holds, with its interval, and under other structures."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from greyspace.figures.style import BLUE, FAINT, INK, MUTED, ORANGE, bare, look, page, wrapped

_ROW = 0.36
_WORDS = 4.6
_COLOURS = {"held": BLUE, "did not hold": ORANGE, "undecided": MUTED, "built-in": "white"}
_MARKS = {"held": "o", "did not hold": "s", "undecided": "D", "built-in": "o"}


@dataclass(frozen=True)
class Row:
    """One claim: its words, the share of draws in which it holds and its interval, and shares under structures."""

    name: str
    says: str
    outcome: str
    share: float
    low: float
    high: float
    structures: tuple[float, ...] = ()


def shares(rows: Sequence[Row], title: str, reading: str, foot: str) -> Figure:
    """One line a claim, in the order given."""
    with look():
        key = [
            Line2D([], [], linestyle="none", marker=_MARKS[name], color=_COLOURS[name], markeredgecolor=INK, label=name)
            for name in _COLOURS
        ]
        key.append(Line2D([], [], color=MUTED, linewidth=1.6, label="95% interval of the share"))
        key.append(
            Line2D([], [], linestyle="none", marker="|", markersize=9, color=INK, label="share under one structure")
        )
        figure = page(10.0, 0.9 + _ROW * len(rows), title, reading, foot, key)
        ax = figure.add_subplot()
        for y, row in enumerate(rows):
            if y % 2:
                ax.axhspan(y - 0.5, y + 0.5, color=FAINT, alpha=0.35, linewidth=0, zorder=0)
            ax.plot([row.low * 100, row.high * 100], [y, y], color=MUTED, linewidth=1.6, zorder=2)
            ax.plot(
                [100 * s for s in row.structures], [y] * len(row.structures), "|", color=INK, markersize=9, zorder=3
            )
            ax.plot(
                [row.share * 100],
                [y],
                linestyle="none",
                marker=_MARKS[row.outcome],
                markersize=7,
                color=_COLOURS[row.outcome],
                markeredgecolor=INK,
                markeredgewidth=0.7,
                zorder=4,
            )
        ax.axvline(50, color=INK, linewidth=0.8, zorder=1)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set_xlim(-3, 103)
        ax.set_yticks(range(len(rows)), [_words(row) for row in rows])
        ax.tick_params(axis="y", labelsize=7)
        ax.set_xlabel("share of the model's draws in which the claim holds, %")
        ax.grid(axis="x")
        bare(ax, "left")
    return figure


def _words(row: Row) -> str:
    lines = wrapped(f"{row.name}  {row.says}", _WORDS * 72, 7.0)
    return "\n".join(lines[:2]) + (" …" if len(lines) > 2 else "")

"""From which year what can be seen tells one future from another: years in a table, darker where it is sooner."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from greyspace.figures.style import FAINT, GROUND, INK, MUTED, bare, look, page


class Cell(NamedTuple):
    """The year (None: not by the end), whether what it is tells and not only its change, whether it is more, whether
    it never differs.
    """

    year: int | None
    by_level: bool
    rises: bool
    same: bool


class Row(NamedTuple):
    """What can be seen, and a cell for each future."""

    name: str
    cells: tuple[Cell, ...]


def signposts(
    rows: Sequence[Row], futures: Sequence[str], years: tuple[int, int], title: str, reading: str, foot: str
) -> Figure:
    """A row for each thing that can be seen, a column for each future; ``years``: the first and the last."""
    key = [
        Patch(facecolor=_colour(years[0] + 1, years), label="told apart soon"),
        Patch(facecolor=_colour(years[1], years), label="late"),
        Patch(facecolor=GROUND, edgecolor=FAINT, label="not by the end"),
        Patch(facecolor="white", edgecolor=FAINT, label="never differs"),
    ]
    with look():
        figure = page(5.4 + 1.35 * len(futures), 0.6 + 0.3 * len(rows), title, reading, foot, key)
        ax = figure.subplots()
        for y, row in enumerate(rows):
            for x, cell in enumerate(row.cells):
                _cell(ax, x, y, cell, years)
        ax.set_xlim(-0.5, len(futures) - 0.5)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.xaxis.tick_top()
        ax.set_xticks(range(len(futures)), list(futures))
        ax.set_yticks(range(len(rows)), [row.name for row in rows])
        ax.tick_params(length=0)
        bare(ax, "left", "bottom")
    return figure


def _cell(ax: Axes, x: int, y: int, cell: Cell, years: tuple[int, int]) -> None:
    face = "white" if cell.same else GROUND if cell.year is None else _colour(cell.year, years)
    ax.add_patch(Rectangle((x - 0.48, y - 0.45), 0.96, 0.9, facecolor=face, edgecolor=FAINT, linewidth=0.6))
    if cell.year is None:
        words, ink = ("" if cell.same else "–"), MUTED
    else:
        words = f"{'↑' if cell.rises else '↓'} {cell.year}{'' if cell.by_level else '*'}"
        ink = "white" if _dark(face) else INK
    if words:
        ax.text(x, y, words, ha="center", va="center", fontsize=8, color=ink)


def _colour(year: int, years: tuple[int, int]) -> str:
    """Darker where it is sooner."""
    return to_hex(colormaps["cividis"](Normalize(years[0], years[1] + 1)(year)))


def _dark(colour: str) -> bool:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.3 * red + 0.59 * green + 0.11 * blue < 0.5

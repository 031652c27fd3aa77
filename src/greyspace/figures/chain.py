"""Who supplies what: ways in, makers, parts and devices from left to right, each tie as sure as its evidence."""

from collections.abc import Collection

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Curve

from greyspace.country import Chain
from greyspace.figures.style import BLUE, FAINT, INK, MUTED, ORANGE, look, page, wrapped

_COLUMNS = ("way_in", "organisation", "part", "device")
_HEADS = ("way in", "who makes or sells it", "part", "device")
_LEFT = (0.0, 0.215, 0.52, 0.775)
_WIDE = (0.15, 0.235, 0.2, 0.222)
_ROW = 0.36
"""Inches of one line of boxes."""
_LINE = 0.145
"""Inches of one line of text."""


def supply(chain: Chain, lost: Collection[str], title: str, foot: str) -> Figure:
    """The graph; with things ``lost``, what can no longer be mended stands out."""
    columns = [chain.of(kind) for kind in _COLUMNS]
    rows = max(map(len, columns))
    lacking = [part for device in columns[3] for part in chain.lacks(device, lost)]
    out_of_reach = {*lost, *lacking, *(device for device in columns[3] if chain.lacks(device, lost))}
    reading = (
        "From left to right: how a part comes in, who makes or sells it, the part, the device that needs it. Full "
        "lines: evidence graded 1 to 3; dashed: 4 or less. Grey boxes: software, which is copied and does not wear."
    )
    if lost:
        gone = " and ".join(f"'{chain.things[name].name}'" for name in lost)
        reading += f" Orange: without {gone}, nobody known could supply what these devices need."
    key = [
        Line2D([], [], color=BLUE, lw=1.4, label="makes, needs, comes by"),
        Line2D([], [], color=MUTED, lw=1.0, ls=(0, (1, 1.5)), label="sells"),
    ]
    if lost:
        key.append(Line2D([], [], color=ORANGE, lw=1.4, label="falls out"))
    with look():
        body = _ROW * (rows + 1.2) * 1.45
        figure = page(10.5, body, title, reading, foot, key)
        axes = figure.add_subplot()
        axes.set_xlim(0, 1)
        axes.set_ylim(-0.2, 1.06)
        axes.axis("off")
        place: dict[str, tuple[float, float, float]] = {}
        for names, left, wide, head in zip(columns, _LEFT, _WIDE, _HEADS, strict=True):
            axes.text(left, 1.03, head, weight="bold", color=INK, va="bottom")
            for i, name in enumerate(names):
                y = 1.0 - (i + 0.5) / len(names) * 1.15
                place[name] = (left, y, wide)
                _box(axes, chain, name, place[name], name in out_of_reach, _LINE * 1.26 / body)
        for tie in chain.ties:
            ends = (tie.taker, tie.giver) if tie.kind in ("comes_by", "needs") else (tie.giver, tie.taker)
            (a, ya, wide), (b, yb, _) = place[ends[0]], place[ends[1]]
            out = bool({tie.giver, tie.taker} & set(lost)) or (
                tie.kind == "needs" and tie.taker in chain.lacks(tie.giver, lost)
            )
            sure = int(tie.evidence.grade[1]) <= 3
            style = (0, (1, 1.5)) if tie.kind == "sells" else "-" if sure else (0, (4, 2))
            colour = ORANGE if out else MUTED if tie.kind == "sells" else BLUE
            start, end = a + wide, b
            middle = (start + end) / 2
            curve = Curve([(start, ya), (middle, ya), (middle, yb), (end, yb)], [1, 4, 4, 4])
            axes.add_patch(PathPatch(curve, fill=False, ec=colour, lw=1.2, ls=style, alpha=0.85))
    return figure


def _box(axes: Axes, chain: Chain, name: str, at: tuple[float, float, float], out: bool, line: float) -> None:
    """One thing; ``line``: height of a line of its text, in the units of the axes."""
    thing, (left, y, wide) = chain.things[name], at
    land = f" ({thing.country})" if thing.country and thing.kind == "organisation" else ""
    lines = wrapped(thing.name + land, (wide - 0.012) * 10.0 * 72, 8.0)
    edge = ORANGE if out else FAINT if thing.lasting else INK
    high = line * (len(lines) + 0.7)
    axes.add_patch(Rectangle((left, y - high / 2), wide, high, fc="white", ec=edge, lw=0.8))
    ink = ORANGE if out else MUTED if thing.lasting else INK
    axes.text(left + 0.006, y, "\n".join(lines), fontsize=8.0, va="center", color=ink)

"""One person's month by what was written down; how few points single somebody out; how many days can be told again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from greyspace.figures.readings import Readings
from greyspace.figures.style import BLUE, FAINT, GROUND, INK, MUTED, ORANGE, PALE_BLUE, bare, look, page

_MARKS: dict[str, dict[str, Any]] = {
    "now": {"marker": "s", "markerfacecolor": INK, "markeredgecolor": INK},
    "register": {"marker": "s", "markerfacecolor": BLUE, "markeredgecolor": BLUE},
    "network": {"marker": "s", "markerfacecolor": ORANGE, "markeredgecolor": ORANGE},
    "both": {"marker": "s", "markerfacecolor": PALE_BLUE, "markeredgecolor": BLUE},
    "never": {"marker": "s", "markerfacecolor": "white", "markeredgecolor": MUTED},
}
"""A record, by the first of the conditions under which it can be put to the person."""

_ROW = 0.21


@dataclass(frozen=True)
class Row:
    """Records of one kind: what to call them, under what they are kept and by whom, and on which days, by condition."""

    name: str
    kept: str
    days: tuple[tuple[int, str], ...]  # day of the month, first of the conditions that join it (or 'never')


@dataclass(frozen=True)
class Deed:
    """Something the person did, or would have: on which day, in words, whether it was begun, and how bad it ended."""

    day: int
    words: str
    begun: bool
    stopped: bool


def month(
    rows: Sequence[Row],
    deeds: Sequence[Deed],
    told: Sequence[tuple[str, frozenset[int]]],
    held: frozenset[int],
    length: int,
    conditions: Sequence[tuple[str, str]],
    title: str,
    reading: str,
    foot: str,
) -> Figure:
    """A row a kind of record over the days of the month; above what was done, below which days can be told again."""
    kinds = list(dict.fromkeys(deed.words for deed in deeds))
    heights = [max(len(kinds), 1), max(len(rows), 1), len(told)]
    with look():
        figure = page(11.0, 1.25 + _ROW * sum(heights), title, reading, foot, _key(conditions))
        top, middle, low = figure.subplots(3, 1, sharex=True, height_ratios=[h + 1.2 for h in heights])
        for ax in (top, middle, low):
            for day in held:
                ax.axvspan(day - 0.5, day + 0.5, color=GROUND, zorder=0)
            ax.set_xlim(0.4, length + 0.6)
            bare(ax, "left", "bottom")
        _deeds(top, deeds, kinds)
        _records(middle, rows, length)
        _told(low, told, length)
        low.set_xticks([1, *range(5, length + 1, 5)])
        low.set_xlabel("day of the month")
    return figure


def _key(conditions: Sequence[tuple[str, str]]) -> list[Artist]:
    return [Line2D([], [], linestyle="none", markersize=6, label=words, **_MARKS[name]) for name, words in conditions]


def _deeds(ax: Axes, deeds: Sequence[Deed], kinds: Sequence[str]) -> None:
    ax.set_title("What the person did, which nobody has on record as such")
    for deed in deeds:
        full = INK if deed.stopped else MUTED if deed.begun else "white"
        ax.plot([deed.day], [kinds.index(deed.words)], linestyle="none", marker="o", markersize=6,
                markerfacecolor=full, markeredgecolor=MUTED, zorder=3)  # fmt: skip
    ax.set_yticks(range(len(kinds)) if kinds else [0], kinds or ["nothing out of the ordinary"])
    ax.set_ylim(max(len(kinds), 1) - 0.4, -0.6)


def _records(ax: Axes, rows: Sequence[Row], length: int) -> None:
    ax.set_title("What was written down, and under what")
    for y, row in enumerate(rows):
        ax.axhline(y, color=FAINT, linewidth=0.6, zorder=0)
        seen: dict[int, int] = {}
        for day, condition in row.days:
            before = seen[day] = seen.get(day, -1) + 1
            ax.plot([day + 0.28 * before], [y], linestyle="none", markersize=6, zorder=3, **_MARKS[condition])
        ax.text(length + 0.9, y, row.kept, va="center", ha="left", fontsize=8, color=MUTED)
    names = [row.name for row in rows] or ["nothing"]
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(max(len(rows), 1) - 0.4, -0.6)


def _told(ax: Axes, told: Sequence[tuple[str, frozenset[int]]], length: int) -> None:
    ax.set_title("Days that can be told again from records put to the person")
    for y, (_, days) in enumerate(told):
        for day in range(1, length + 1):
            face = BLUE if day in days else GROUND
            ax.add_patch(_square(day, y, face))
        ax.text(length + 0.9, y, f"{len(days)} of {length} days", va="center", ha="left", fontsize=8)
    ax.set_yticks(range(len(told)), [name for name, _ in told])
    ax.set_ylim(len(told) - 0.4, -0.6)


def _square(day: int, y: float, face: str) -> Rectangle:
    return Rectangle((day - 0.45, y - 0.38), 0.9, 0.76, facecolor=face, edgecolor="white", linewidth=0.5)


@dataclass(frozen=True)
class Curve:
    """By how many points are known: shares singled out, where nine of ten panels of as many persons lie, and of how
    many people the points hold.
    """

    name: str
    points: tuple[int, ...]
    shares: tuple[Readings, ...]
    luck: tuple[tuple[float, float], ...]
    others: tuple[Readings, ...]


_LINES: tuple[tuple[str, str, Any], ...] = ((INK, "o", "-"), (BLUE, "s", "--"), (ORANGE, "^", ":"))
_LEAST_OTHERS = 0.01
"""Fewer others than this are drawn as this."""


def unicity(panels: Sequence[tuple[str, Sequence[Curve]]], title: str, reading: str, foot: str) -> Figure:
    """A column for each resolution in place, a line for each in time: people left above, shares singled out below."""
    with look():
        key: list[Artist] = [
            Line2D([], [], color=colour, marker=marker, linestyle=style, markersize=5, label=curve.name)
            for (colour, marker, style), curve in zip(_LINES, panels[0][1], strict=True)
        ]
        figure = page(11.0, 5.2, title, reading, foot, key)
        axes = figure.subplots(2, len(panels), sharey="row", sharex=True, squeeze=False)
        for (top, low), (name, curves) in zip(axes.T, panels, strict=True):
            top.set_title(name)
            for (colour, marker, style), curve in zip(_LINES, curves, strict=True):
                line: dict[str, Any] = {"color": colour, "marker": marker, "linestyle": style}
                _line(low, curve.points, [_times(each, 100.0) for each in curve.shares], curve.luck, line)
                _line(top, curve.points, [_times(each, 1.0, _LEAST_OTHERS) for each in curve.others], (), line)
            top.set_yscale("log")
            top.axhline(1.0, color=MUTED, linewidth=0.8, zorder=0)
            low.set_ylim(-2.0, 102.0)
            for ax in (top, low):
                ax.grid(axis="y")
            low.set_xlabel("points known")
        axes[0, 0].set_ylabel("others they fit")
        axes[1, 0].set_ylabel("% of people singled out")
    return figure


def _times(each: Readings, by: float, least: float = 0.0) -> tuple[float, float, float]:
    """Low, middle (at the pack's own values) and high, as drawn."""
    own = each.own or 0.0
    low, _, high = each.spread if each.draws and each.spread is not None else (own, own, own)
    return max(by * low, least), max(by * own, least), max(by * high, least)


def _line(
    ax: Axes,
    points: Sequence[int],
    rows: Sequence[tuple[float, float, float]],
    luck: Sequence[tuple[float, float]],
    line: dict[str, Any],
) -> None:
    low, middle, high = (list(of) for of in zip(*rows, strict=True))
    if low == high and luck:
        low, high = ([100.0 * end for end in ends] for ends in zip(*luck, strict=True))
    ax.fill_between(list(points), low, high, color=line["color"], alpha=0.18, linewidth=0)
    ax.plot(list(points), middle, markersize=4.5, linewidth=1.4, **line)


@dataclass(frozen=True)
class Group:
    """People of one kind: how many were followed, and by condition the mean days with its reach."""

    name: str
    persons: int
    days: tuple[tuple[str, float, float, float], ...]  # condition, mean, low, high


def days(
    groups: Sequence[Group],
    length: int,
    conditions: Sequence[tuple[str, str]],
    title: str,
    reading: str,
    foot: str,
) -> Figure:
    """A row a group, a mark for each condition on one axis of days."""
    with look():
        figure = page(9.0, 0.7 + 0.36 * len(groups), title, reading, foot, _key(conditions))
        ax = figure.subplots()
        for y, group in enumerate(groups):
            ax.axhline(y, color=FAINT, linewidth=0.6, zorder=0)
            for i, (condition, mean, low, high) in enumerate(group.days):
                at = y + 0.2 * (i - (len(group.days) - 1) / 2)
                ax.plot([low, high], [at, at], color=FAINT, linewidth=3, solid_capstyle="butt", zorder=1)
                ax.plot([mean], [at], linestyle="none", markersize=5.5, zorder=3, **_MARKS[condition])
        ax.set_yticks(range(len(groups)), [f"{group.name} ({group.persons})" for group in groups])
        ax.set_ylim(len(groups) - 0.5, -0.5)
        ax.set_xlim(-0.4, length + 0.4)
        ax.set_xlabel("days of the month that can be told again")
        ax.grid(axis="x")
        bare(ax, "left")
    return figure

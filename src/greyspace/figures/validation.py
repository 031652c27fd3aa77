"""What the model is held against, as figures: facts in widths of their tolerance, and wrong models by marks."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from greyspace.figures.style import BLUE, FAINT, GROUND, INK, MUTED, ORANGE, PALE_BLUE, bare, look, page

_REACH = 5.0
"""Tolerances that are drawn to each side; what lies beyond stands at the edge."""

_COLOUR = {"put in": MUTED, "fit": ORANGE, "held out": BLUE}
_SAYS = {
    "put in": "the model was set by it",
    "fit": "not used so far; calibration may use it",
    "held out": "not used, and kept from calibration",
}

BREAKS, KEEPS_INSTEAD, BOTH_FAIL, NOT_MEASURED = "breaks", "keeps_instead", "both_fail", "not_measured"
_CELLS: dict[str, tuple[str, str]] = {
    BREAKS: (INK, "the wrong model breaks what the model keeps"),
    KEEPS_INSTEAD: (PALE_BLUE, "it keeps what the model breaks"),
    BOTH_FAIL: (FAINT, "both fail"),
}


def facts(marks: Sequence[Mapping[str, Any]], title: str, foot: str) -> Figure:
    """Each number that sources tell, and how many tolerances the model is off."""
    rows = sorted((m for m in marks if m["off"] is not None), key=lambda m: list(_COLOUR).index(m["kind"]))
    key: list[Any] = [
        Line2D([], [], linestyle="none", marker="o", color=_COLOUR[kind], label=f"{kind}: {_SAYS[kind]}")
        for kind in _COLOUR
    ]
    key.append(Patch(facecolor=GROUND, edgecolor=MUTED, linewidth=0.6, label="agreement"))
    with look():
        figure = page(
            8.6, 0.32 * len(rows) + 0.55, title,
            "Right of nought the model gives more than is told, left of it less. In the grey band it agrees. "
            "Beside each: what the model gives, and what would agree.", foot, key,
        )  # fmt: skip
        ax = figure.subplots()
        ax.axvspan(-1.0, 1.0, facecolor=GROUND, zorder=0)
        ax.axvline(0.0, color=MUTED, linewidth=0.7)
        for y, mark in enumerate(rows):
            at = float(np.clip(mark["off"], -_REACH, _REACH))
            ax.plot([0.0, at], [y, y], color=_COLOUR[mark["kind"]], linewidth=1.2)
            ax.plot([at], [y], marker="o", color=_COLOUR[mark["kind"]], markersize=6, clip_on=False)
            words = f"{mark['found']} ({mark['wanted']})"
            ax.annotate(words, (1.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=7.5, color=INK)
        ax.set_yticks(range(len(rows)), [mark["id"].replace("_", " ") for mark in rows])
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(-_REACH - 0.2, _REACH + 0.2)
        ax.set_xlabel("tolerances")
        bare(ax, "left")
    return figure


def cell(own: bool | None, other: bool | None) -> str | None:
    """What a wrong model makes of a mark that the model keeps, or does not; None where both keep it.

    >>> cell(True, False), cell(False, True), cell(True, True)
    ('breaks', 'keeps_instead', None)
    """
    if own is None:
        return NOT_MEASURED
    if own:
        return None if other else BREAKS
    return KEEPS_INSTEAD if other else BOTH_FAIL


def matrix(
    marks: Sequence[Mapping[str, Any]], mutants: Sequence[Mapping[str, Any]], title: str, reading: str, foot: str
) -> Figure:
    """Wrong models (rows) by what they are held against (columns), grouped by its kind."""
    tried = {mark["id"] for mutant in mutants for mark in mutant["marks"]}
    columns = [mark for mark in marks if mark["id"] in tried]
    key: list[Any] = [Patch(facecolor=colour, label=says) for colour, says in _CELLS.values()]
    key.append(
        Patch(facecolor="white", edgecolor=FAINT, label="both keep it, or nothing to try; a dot: nothing to measure")
    )
    with look():
        figure = page(1.9 + 0.27 * len(columns) + 1.0, 1.75 + 0.24 * len(mutants), title, reading, foot, key)
        ax = figure.subplots()
        for y, mutant in enumerate(mutants):
            known = {mark["id"]: mark["holds"] for mark in mutant["marks"]}
            for x, mark in enumerate(columns):
                what = cell(mark["holds"], known[mark["id"]]) if mark["id"] in known else None
                colour = _CELLS[what][0] if what in _CELLS else "white"
                ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor="white", linewidth=1.2))
                if what == NOT_MEASURED:
                    ax.plot([x], [y], marker=".", color=MUTED, markersize=3)
            ax.annotate(mutant["rejected_by"], (1.01, y), xycoords=("axes fraction", "data"), va="center",
                        fontsize=7.5, color=ORANGE if mutant["rejected_by"] == "nothing" else INK)  # fmt: skip
        ax.set_xlim(-0.5, len(columns) - 0.5)
        ax.set_ylim(len(mutants) - 0.5, -0.5)
        ax.set_yticks(range(len(mutants)), [mutant["id"].replace("_", " ") for mutant in mutants], fontsize=8)
        ax.set_xticks(
            range(len(columns)), [mark["id"].replace("_", " ") for mark in columns], rotation=90, fontsize=7.5
        )
        ax.annotate("rejected by", (1.01, -0.9), xycoords=("axes fraction", "data"), va="center", fontsize=7.5,
                    color=MUTED)  # fmt: skip
        kinds = [mark["kind"] for mark in columns]
        for kind in dict.fromkeys(kinds):
            own = [x for x, each in enumerate(kinds) if each == kind]
            ax.annotate(kind, ((own[0] + own[-1]) / 2, -0.9), ha="center", va="center", fontsize=8, color=INK,
                        annotation_clip=False)  # fmt: skip
            if own[0]:
                ax.axvline(own[0] - 0.5, color=MUTED, linewidth=0.8, zorder=5)
        bare(ax, "left", "bottom")
    return figure

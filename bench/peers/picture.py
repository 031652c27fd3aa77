"""What every tool takes for a person-day, as a figure."""

from pathlib import Path
from typing import Any

from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullLocator

from greyspace.figures.style import BLUE, DPI, FAINT, INK, MUTED, ORANGE, bare, look, page

Numbers = dict[str, Any]


def draw(found: Numbers, folder: Path) -> None:
    """Write ``peers.png``: the largest size that was timed, a panel a variant, the fastest at the top."""
    largest = max(row["persons"] for row in found["summary"])
    rows = [row for row in found["summary"] if row["persons"] == largest]
    means = list(dict.fromkeys(row["mean"] for row in rows))
    tools = list(dict.fromkeys(_tool(row) for row in rows))
    tools.sort(key=lambda tool: next(row["ns"] for row in rows if row["tool"] == tool))
    own = _tool(found["summary"][0])
    key = [
        Line2D([], [], marker="o", linestyle="", color=BLUE, label="one processor"),
        Line2D([], [], marker="o", linestyle="", color=BLUE, markerfacecolor="white", label="two, where the tool can"),
    ]
    with look():
        figure = page(
            7.4,
            0.24 * len(tools) + 0.75,
            f"A person-day in each tool: {largest:,} persons of one small model",
            "Medians over the rounds, in numbers for one processor; further left is faster, each line ten times the "
            "one before. All tools were checked to hold the same society first.",
            f"{found['date']}, greyspace {found['version']}, {found['machine']}. Slow tools lived fewer weeks of "
            "the year: the table says how many.",
            key,
        )
        panels = figure.subplots(1, len(means), sharey=True, sharex=True, squeeze=False)[0]
        for ax, mean in zip(panels, means, strict=True):
            ax.set_title(f"{mean:.0%} of people travel a day")
            ax.set_xscale("log")
            ax.xaxis.set_minor_locator(NullLocator())
            ax.xaxis.set_major_formatter(FuncFormatter(lambda ns, _: f"{ns:,.0f}"))
            ax.set_xlabel("nanoseconds a person-day")
            ax.grid(axis="x", color=FAINT)
            for height, tool in enumerate(tools):
                one, *two = (row["ns"] for row in rows if row["mean"] == mean and _tool(row) == tool)
                colour = ORANGE if tool == own else BLUE
                ax.plot([one], [height], "o", color=colour, zorder=3)
                ax.plot(two, [height] * len(two), "o", color=colour, markerfacecolor="white", zorder=2)
                ax.annotate(
                    f"{one:,.0f}" if one >= 10 else f"{one:.2g}",
                    (max(one, *two, one), height), xytext=(6, 0), textcoords="offset points",
                    va="center", fontsize=7, color=INK if tool == own else MUTED,
                )  # fmt: skip
            bare(ax, "left")
        first = panels[0]
        first.set_yticks(range(len(tools)), tools)
        first.set_ylim(len(tools) - 0.5, -0.5)
        low, high = first.get_xlim()
        first.set_xlim(low, high * 2.5)
        figure.savefig(folder / "peers.png", dpi=DPI, metadata={"Software": None})


def _tool(row: Numbers) -> str:
    """The tool's name without its processors."""
    return str(row["tool"]).removesuffix(f", {row['threads']} threads").removesuffix(f", {row['threads']} processes")

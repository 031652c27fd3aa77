"""Tables for people: aligned where they fit the width of the terminal, one value a line where they do not."""

import csv
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import polars as pl

_LEAST_WIDTH = 12
"""A column of words may be folded to this, not further."""

_MOST_ROWS = 200
"""More rows than this are for a file, not for a reader."""


def show(columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str = "") -> None:
    """Print rows under their columns; numbers are right-aligned, long words folded.

    >>> show(["act", "acts"], [["market", 12.5], ["journey", 3]])
    act      acts
    market   12.5
    journey     3
    """
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    cells = [[said(value) for value in row] for row in rows[:_MOST_ROWS]]
    number = [all(isinstance(row[i], int | float | None) for row in rows) and bool(rows) for i in range(len(columns))]
    heads = [_broken(name) if number[i] else name for i, name in enumerate(columns)]
    lines = max(head.count("\n") for head in heads)
    heads = ["\n" * (lines - head.count("\n")) + head for head in heads]
    widths = [
        max(cell_len(line) for cell in [heads[i], *(row[i] for row in cells)] for line in cell.split("\n"))
        for i in range(len(columns))
    ]
    # Words are folded between words: an id stays whole, so that it can be copied.
    folds = [any(" " in row[i] for row in cells) and not number[i] for i in range(len(columns))]
    least = [min(width, _LEAST_WIDTH) if fold else width for width, fold in zip(widths, folds, strict=True)]
    gap = next((gap for gap in (2, 1) if sum(least) + gap * (len(columns) - 1) <= console.width), 0)
    if title:
        print(title)
    if not gap:
        _records(columns, cells)
    else:
        table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="bold")
        for i, head in enumerate(heads):
            justify: Literal["left", "right"] = "right" if number[i] else "left"
            table.add_column(Text(head), justify=justify, overflow="fold", no_wrap=not folds[i], min_width=least[i])
        for row in cells:
            table.add_row(*map(Text, row))
        with console.capture() as captured:
            console.print(table)
        print("\n".join(line.rstrip() for line in captured.get().splitlines()))
    if len(rows) > len(cells):
        print(f"... and {len(rows) - len(cells)} more rows: --csv prints all")


def _broken(name: str) -> str:
    """A long name over two lines, so that a column of numbers need not be as wide as its name."""
    return name.replace("_", "\n") if len(name) > 8 else name


def _records(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    longest = max(map(len, columns))
    for number, row in enumerate(rows):
        if number:
            print()
        for name, cell in zip(columns, row, strict=True):
            print(f"{name:<{longest}}  {cell}")


def said(value: Any) -> str:
    """A value as a reader wants it: five digits of a fraction, yes and no, nothing for nothing.

    >>> [said(value) for value in (1234567.891, 0.000123456, 3, True, None, "a")]
    ['1234568', '0.00012346', '3', 'yes', '', 'a']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 10000 or value == round(value) else f"{value:.5g}"
    return str(value)


def dated(value: Any) -> str:
    """A value, or values by the dates from which they hold.

    >>> dated({"0001-01-01": 1.0, "2025-01-06": 24.0})
    '1, 2025-01-06: 24'
    """
    if not isinstance(value, dict):
        return said(value)
    return ", ".join(
        said(number) if str(day) == "0001-01-01" else f"{day}: {said(number)}" for day, number in value.items()
    )


def show_frame(frame: "pl.DataFrame", as_csv: bool) -> None:
    """Print a frame for a reader, or whole as comma-separated values."""
    if as_csv:
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(frame.columns)
        out.writerows(frame.rows())
    elif frame.is_empty():
        print("no rows")
    else:
        show(frame.columns, frame.rows())


def tell_prose(text: str) -> None:
    """Print paragraphs and lists at the width of the terminal, at most 100 columns, broken between words."""
    import textwrap

    from rich.console import Console

    width = min(Console().width, 100)
    for line in text.strip().splitlines():
        print(
            textwrap.fill(line, width, subsequent_indent="  " if line.startswith("- ") else "", break_on_hyphens=False)
        )

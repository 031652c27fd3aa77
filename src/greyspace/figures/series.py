"""One measure over time, as lines."""

from collections.abc import Sequence

import polars as pl
from matplotlib.figure import Figure

from greyspace.errors import InputError
from greyspace.results import Results, Table

MOST_LINES = 12
"""More lines than this cannot be told apart."""


def series(results: Results, measure: str, by: Sequence[str] = ()) -> Figure:
    """``measure`` by date, one line for each value of the keys ``by``; flows and levels summed, shares averaged.

    InputError if no dated table of the run has the measure, the keys, or if there would be more than MOST_LINES lines.
    """
    table = _table(results, measure)
    assert table.date is not None
    keys = [key.name for key in table.keys if key.name != table.date]
    for name in by:
        if name not in keys:
            raise InputError(f"'{measure}' cannot be drawn by '{name}': allowed are {', '.join(keys)}.")
    known = results.measures[measure]
    values = pl.col(measure).mean() if known.kind == "share" else pl.col(measure).sum()
    frame = results.table(table.name).group_by(table.date, *by).agg(values).sort(table.date)
    groups = frame.partition_by(by, as_dict=True, maintain_order=False) if by else {(): frame}
    if len(groups) > MOST_LINES:
        raise InputError(f"by {', '.join(by)} there are {len(groups)} lines; at most {MOST_LINES} can be told apart.")
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.add_subplot()
    for names, rows in sorted(groups.items()):
        axes.plot(
            rows[table.date].to_numpy(), rows[measure].to_numpy(), label=", ".join(map(str, names)), linewidth=1.2
        )
    unit = f"{known.unit} a {table.date}" if known.kind == "flow" else known.unit
    axes.set_ylabel(f"{measure.replace('_', ' ')} ({unit})")
    axes.set_ylim(bottom=0)
    axes.set_title(
        f"{results.meta['country']}, {results.meta['scenario']}, seed {results.meta['seed']}", loc="left", fontsize=10
    )
    axes.spines[["top", "right"]].set_visible(False)
    if by:
        axes.legend(frameon=False, fontsize=8)
    return figure


def _table(results: Results, measure: str) -> Table:
    dated = [table for table in results.tables.values() if table.date is not None]
    for table in dated:
        if measure in [known.name for known in table.measures]:
            return table
    names = dict.fromkeys(known.name for table in dated for known in table.measures)
    raise InputError(f"the run has no measure '{measure}' over time: allowed are {', '.join(names)}.")

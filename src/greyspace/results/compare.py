"""Two runs side by side: what each says, how far apart they are, and where they part."""

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from greyspace.errors import InputError
from greyspace.results.run import Results
from greyspace.results.tables import Table

_TOLD = (
    "scenario",
    "country",
    "seed",
    "scale",
    "engine",
    "from",
    "to",
    "source_hash",
    "pack_hash",
    "draws_version",
    "cpu",
)


@dataclass(frozen=True)
class Comparison:
    """Two runs over the time that both cover.

    ``frame``: one row a group and measure, with columns by..., measure, unit, a, b, difference (b - a).
    ``first``, ``last``: the first and last date compared (None for a table without dates).
    ``parts``: the first date on which any value of the table differs, None if none does.
    ``changed``: what the runs were given differently, by name: (of a, of b).
    """

    frame: pl.DataFrame
    first: dt.date | None
    last: dt.date | None
    parts: dt.date | None
    changed: Mapping[str, tuple[Any, Any]]


def compare(
    a: Results,
    b: Results,
    by: Sequence[str] = ("year",),
    table: str = "series",
    measures: Sequence[str] | None = None,
) -> Comparison:
    """Compare two runs by any keys of a table, or ``year``.

    Flows are summed; levels are summed over people and places and averaged over time; shares are averaged over cells.
    A cell that only one run has counts as 0 in flows and levels of the other. InputError if a key, measure or table is
    not there, or if the runs have no time in common.
    """
    left, right = a.table(table), b.table(table)
    declared = a.tables[table]
    date = declared.date
    shared = [m for m in declared.measures if m.name in left.columns and m.name in right.columns]
    keys = [key.name for key in declared.keys]
    _known("key", by, [*keys, "year"] if date else keys, table)
    _known("measure", measures or (), [m.name for m in shared], table)
    chosen = [m for m in shared if measures is None or m.name in measures]
    first = last = None
    if date:
        first, last = _common(a, b, left[date], right[date])
        left, right = (frame.filter(pl.col(date).is_between(first, last)) for frame in (left, right))
        both = pl.concat([left[date], right[date]]).unique()
        spans = [name for name in by if name in (date, "year")]
        times = pl.DataFrame({date: both}).with_columns(year=pl.col(date).dt.year())
        dates = times.group_by(spans).len("dates") if spans else times.select(dates=pl.len())
    else:
        spans, dates = [], pl.DataFrame({"dates": [1]})
    flows = [m.name for m in chosen if m.kind == "flow"]
    levels = [m.name for m in chosen if m.kind == "level"]
    shares = [m.name for m in chosen if m.kind == "share"]

    def gathered(frame: pl.DataFrame, name: str) -> pl.DataFrame:
        if "year" in by and date:
            frame = frame.with_columns(year=pl.col(date).dt.year())
        sums = [pl.col(flows + levels).sum(), pl.col(shares).mean()]
        groups = frame.group_by(list(by)).agg(sums) if by else frame.select(sums)
        groups = groups.join(dates, on=spans) if spans else groups.join(dates, how="cross")
        groups = groups.with_columns(pl.col(levels) / pl.col("dates")).drop("dates")
        return groups.unpivot(index=list(by), on=[m.name for m in chosen], variable_name="measure", value_name=name)

    index = [*by, "measure"]
    frame = gathered(left, "a").join(gathered(right, "b"), on=index, how="full", coalesce=True)
    counted = pl.col("measure").is_in(flows + levels)
    frame = frame.with_columns(pl.when(counted).then(pl.col(c).fill_null(0.0)).otherwise(pl.col(c)) for c in ("a", "b"))
    about = pl.DataFrame({"measure": [m.name for m in chosen], "unit": [m.unit for m in chosen]}).with_row_index(
        "order"
    )
    frame = frame.join(about, on="measure").sort([*by, "order"])
    return Comparison(
        frame=frame.select(*index, "unit", "a", "b", difference=pl.col("b") - pl.col("a")),
        first=first,
        last=last,
        parts=_parts(left, right, declared, [m.name for m in shared]),
        changed=_changed(a.meta, b.meta),
    )


def _known(what: str, names: Sequence[str], known: Sequence[str], table: str) -> None:
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(known)}"
            raise InputError(f"table '{table}' has no {what} '{name}': {hint}")


def _common(a: Results, b: Results, left: pl.Series, right: pl.Series) -> tuple[dt.date, dt.date]:
    ends: list[Any] = [left.min(), right.min(), left.max(), right.max()]
    if None in ends or max(ends[:2]) > min(ends[2:]):
        raise InputError(f"runs {a.run_id} and {b.run_id} have no time in common: there is nothing to compare")
    return max(ends[:2]), min(ends[2:])


def _parts(left: pl.DataFrame, right: pl.DataFrame, table: Table, measures: list[str]) -> dt.date | None:
    keys = [key.name for key in table.keys]
    if table.date is None or left.select(keys + measures).equals(right.select(keys + measures)):
        return None
    both = left.join(right, on=keys, how="full", coalesce=True, suffix=" of b")
    differ = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name} of b")) for name in measures)
    return both.filter(differ)[table.date].min()  # type: ignore[return-value]


def _changed(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    pairs = [(name, a.get(name), b.get(name)) for name in _TOLD]
    for group in ("versions", "parameters"):
        ours, theirs = a.get(group) or {}, b.get(group) or {}
        pairs += [(name, ours.get(name), theirs.get(name)) for name in sorted({*ours, *theirs})]
    return {name: (x, y) for name, x, y in pairs if x != y}

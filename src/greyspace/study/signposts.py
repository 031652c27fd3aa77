"""What would tell one future from another, and from which year on.

Only measures count that somebody outside could see or be told of. Each future is lived in the same draws of all
uncertain parameters. Nobody knows which draw the world is: a measure tells two futures apart from the year on from
which the ranges of the two over draws stay apart, to the end. Whoever has watched for years knows more: for him the
measure is held against what it was in the first year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greyspace import __version__
from greyspace.country import number_of
from greyspace.errors import InputError
from greyspace.figures import signposts as of_signposts
from greyspace.figures.readings import HIGH, LOW
from greyspace.simulate import Plan
from greyspace.study.draws import latin
from greyspace.study.eras import put_under, read_by
from greyspace.study.gauges import SEEN, Gauge
from greyspace.study.jobs import Tell, lived
from greyspace.study.lives import Lives, nation

Floats = NDArray[np.float64]

FUTURES = ("analysts", "cashless", "china-like", "full-network-4g", "imports-stop")
"""Told apart from things as they are, where nobody asks for others."""

LEAST_DRAWS = 3
"""Fewer give no range."""

_TOGETHER = 3
"""Lives that share what they have in common, for one process."""

_EQUAL = 1e-6
"""Measures that differ by a smaller share are the same: two lives are added up in orders of their own."""


@dataclass(frozen=True)
class Signposts:
    """``values[scenario][measure]`` are ``[draw, year]``; NaN where there is nothing to measure."""

    plans: tuple[Plan, ...]
    gauges: tuple[Gauge, ...]
    years: tuple[int, ...]
    values: Mapping[str, Mapping[str, Floats]]

    @property
    def names(self) -> list[str]:
        """The scenarios; the first is that against which the others are told."""
        return [plan.scenario.id for plan in self.plans]

    @property
    def draws(self) -> int:
        """How many draws."""
        return len(next(iter(self.values[self.names[0]].values())))


@dataclass(frozen=True)
class Told:
    """The year from which a measure tells two futures apart, by what it is and by how it moved; None: not by the end.

    ``rises``: whether it is higher in the second at the end; ``same``: whether it never differs at all.
    """

    level: int | None
    change: int | None
    rises: bool
    same: bool

    @property
    def first(self) -> int | None:
        """The earlier of the two."""
        return min((year for year in (self.level, self.change) if year is not None), default=None)


def jobs(plans: Sequence[Plan], draws: int, shelf: Path | None) -> list[Lives]:
    """The lives to live: all scenarios in each draw. InputError for fewer than two scenarios or three draws."""
    if len({plan.scenario.id for plan in plans}) < 2:
        raise InputError(f"there is nothing to tell '{plans[0].scenario.id}' from: give two scenarios or more.")
    if draws < LEAST_DRAWS:
        raise InputError(f"--draws {draws}: ranges need {LEAST_DRAWS} draws or more.")
    since = number_of(plans[0].start)
    found = []
    for number, setting in enumerate(latin(plans[0].pack.parameters, draws, read_by(plans))):
        put = [replace(plan, engine="expected", seed=number + 1, sets=put_under(plan, setting)) for plan in plans]
        found += [Lives(tuple(put[i : i + _TOGETHER]), since, shelf) for i in range(0, len(put), _TOGETHER)]
    return found


def find(plans: Sequence[Plan], todo: Sequence[Lives], workers: int, tell: Tell) -> Signposts:
    """Live what :func:`jobs` gave, and read every measure that can be seen by year."""
    found = lived(todo, workers, "futures in draws of the parameters", tell)
    years: dict[int, None] = {}
    values: dict[str, dict[str, list[list[float]]]] = {
        plan.scenario.id: {gauge.name: [] for gauge in SEEN} for plan in plans
    }
    for job in found:
        for name, by_year in job.items():
            years |= dict.fromkeys(by_year)
            for gauge in SEEN:
                row = [gauge.of(totals) for totals in nation(by_year).values()]
                values[name][gauge.name].append([np.nan if value is None else value for value in row])
    return Signposts(
        plans=tuple(plans),
        gauges=SEEN,
        years=tuple(years),
        values={name: {key: np.array(rows) for key, rows in of.items()} for name, of in values.items()},
    )


def told_apart(found: Signposts, one: str, other: str, gauge: Gauge) -> Told:
    """How a measure tells two scenarios apart."""
    a, b = found.values[one][gauge.name], found.values[other][gauge.name]
    if not (np.isfinite(a).any() and np.isfinite(b).any()):
        return Told(None, None, False, True)
    same = bool(np.allclose(a, b, rtol=_EQUAL, atol=0.0, equal_nan=True))
    last = np.nanmedian(b[:, -1]) - np.nanmedian(a[:, -1])
    if same:
        return Told(None, None, False, True)
    return Told(_since(found.years, a, b), _since(found.years, a - a[:, :1], b - b[:, :1]), bool(last > 0), False)


def _since(years: Sequence[int], a: Floats, b: Floats) -> int | None:
    """The first year from which ranges over draws stay apart, to the end.

    >>> a, b = np.zeros((3, 3)), np.array([[0.0, 1.0, 1.0]] * 3)
    >>> _since([2024, 2025, 2026], a, b), _since([2024, 2025, 2026], a, b[:, ::-1])
    (2025, None)
    """
    (a_low, a_high), (b_low, b_high) = (np.quantile(of, [LOW, HIGH], axis=0) for of in (a, b))
    apart = (a_high < b_low) | (b_high < a_low)
    if not apart[-1]:
        return None
    overlap = np.flatnonzero(~apart)
    return int(years[overlap[-1] + 1]) if len(overlap) else int(years[0])


def pairs(found: Signposts) -> list[tuple[str, str]]:
    """All pairs of scenarios, those with the first before others."""
    return list(combinations(found.names, 2))


def table(found: Signposts) -> pl.DataFrame:
    """One row a pair and measure: the year from which it tells them apart by its level, and by its change."""
    rows = []
    for one, other in pairs(found):
        for gauge in found.gauges:
            told = told_apart(found, one, other, gauge)
            a, b = (np.median(found.values[name][gauge.name][:, -1]) for name in (one, other))
            ends = [None if np.isnan(x) else float(x) for x in (a, b)]
            told_by = (told.level, told.change, told.same)
            rows.append((one, other, gauge.name, gauge.says, gauge.unit, gauge.seen, *told_by, *ends))
    words = ["one", "other", "measure", "says", "unit", "seen"]
    schema = {**dict.fromkeys(words, pl.String), "by_level_from": pl.Int64, "by_change_from": pl.Int64}
    schema |= {"never_differs": pl.Boolean, "one_at_the_end": pl.Float64, "other_at_the_end": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def ranges(found: Signposts) -> pl.DataFrame:
    """One row a scenario, measure and year: 10th percentile, median, 90th percentile over draws."""
    rows = []
    for name in found.names:
        for gauge in found.gauges:
            values = found.values[name][gauge.name]
            for i, year in enumerate(found.years):
                if np.isfinite(values[:, i]).all():
                    rows.append((name, gauge.name, gauge.unit, year, *np.quantile(values[:, i], [LOW, 0.5, HIGH])))
    schema = {"scenario": pl.String, "measure": pl.String, "unit": pl.String, "year": pl.Int64}
    return pl.DataFrame(rows, schema={**schema, **dict.fromkeys(("low", "mid", "high"), pl.Float64)}, orient="row")


HEADS = ("what can be seen", "by whom")


def lines(found: Signposts) -> list[tuple[str, ...]]:
    """A row a measure that tells any future from the first, in words; columns: :data:`HEADS`, then the futures."""
    base, *others = found.names
    told = []
    for gauge in found.gauges:
        cells = [told_apart(found, base, other, gauge) for other in others]
        if any(cell.first for cell in cells):
            told.append((gauge.says, gauge.seen, *map(_cell, cells)))
    return told


def _cell(told: Told) -> str:
    if told.first is None:
        return "-" if told.same else "not by the end"
    moved = "" if told.level == told.first else "*"
    return f"{'more' if told.rises else 'less'}, {told.first}{moved}"


def say(found: Signposts) -> str:
    """For each pair the earliest signposts, or that there are none."""
    last = found.years[-1]
    words = [
        f"Ranges are the 10th to 90th percentile over {found.draws} draws. A year without a star: what is seen lies "
        f"apart from then on, to the end of {last}. With a star: only its change since {found.years[0]} does, for "
        "whoever knows what it was."
    ]
    for one, other in pairs(found):
        by_year: dict[int, list[str]] = {}
        for gauge in found.gauges:
            year = told_apart(found, one, other, gauge).first
            if year is not None:
                by_year.setdefault(year, []).append(gauge.says)
        if by_year:
            told = [f"in {year}: {_some(by_year[year])}" for year in sorted(by_year)[:_MOST_YEARS]]
            count = sum(map(len, by_year.values()))
            words.append(
                f"- {other} from {one}: by {count} of {len(found.gauges)} measures by the end of {last}. First, "
                f"{'; '.join(told)}."
            )
        else:
            words.append(f"- {other} from {one}: not told apart by the end of {last}.")
    return "\n".join(words)


_MOST_SAID, _MOST_YEARS = 3, 2


def _some(names: Sequence[str]) -> str:
    more = f", and {len(names) - _MOST_SAID} more" if len(names) > _MOST_SAID else ""
    return f"{', '.join(names[:_MOST_SAID])}{more}"


def picture(found: Signposts) -> tuple[Figure, str]:
    """From which year each measure tells each future from the first scenario."""
    base, *others = found.names
    pack = found.plans[0].pack
    rows = []
    for gauge in found.gauges:
        cells = [told_apart(found, base, other, gauge) for other in others]
        rows.append(
            of_signposts.Row(
                f"{gauge.says} ({gauge.seen})",
                tuple(of_signposts.Cell(c.first, c.level == c.first, c.rises, c.same) for c in cells),
            )
        )
    # What tells most futures soonest comes first.
    rows.sort(key=lambda row: sum((cell.year or found.years[-1] + 3) for cell in row.cells))
    first, last = found.years[0], found.years[-1]
    figure = of_signposts.signposts(
        rows,
        others,
        (first, last),
        f"What would tell a future from '{base}', and from which year",
        f"{pack.title}, {first} to {last}. The year from which the ranges of both over {found.draws} draws of all "
        f"uncertain parameters stay apart. With a star: not what it is, but how it has changed since {first}, which "
        "only those know who were watching. Arrows: more or less than under "
        f"'{base}'.",
        f"greyspace {__version__}, country pack {pack.id} ({pack.content_hash[:8]}): "
        f"{'an invented country' if pack.stylised else 'invented persons; conditional on a model, not a forecast'}. By "
        "expectation; ranges are the 10th to 90th percentile.",
    )
    caption = (
        f"Year from which what can be seen from outside tells each future from '{base}': ranges over {found.draws} "
        f"draws no longer overlap, to the end of {last}."
    )
    return figure, caption

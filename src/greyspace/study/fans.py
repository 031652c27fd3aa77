"""What a study comes to, by year: quantiles over draws and structures, and apart from them, what is luck."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greyspace import __version__
from greyspace.figures import fan as of_fans
from greyspace.results.studies import StudyDraft
from greyspace.study.ensemble import OWN, Study
from greyspace.study.gauges import Gauge
from greyspace.study.lives import COLUMNS, Totals

Floats = NDArray[np.float64]

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True)
class Fans:
    """``values[measure]`` is ``[draw, structure, seed, scenario, year]``, of the nation; NaN: nothing to measure."""

    study: Study
    gauges: tuple[Gauge, ...]
    years: tuple[int, ...]
    values: dict[str, Floats]


class Band(NamedTuple):
    """Quantiles ``[quantile, year]`` over what, and over how many."""

    over: str
    n: int
    quantiles: Floats


def read(study: Study, draft: StudyDraft, gauges: Sequence[Gauge]) -> Fans:
    """Measures of a study out of its data set, read part by part."""
    names = [column.name for column in COLUMNS]
    years: tuple[int, ...] = ()
    rows: list[Floats] = []
    for part in draft.parts():
        run, year = (np.asarray(part.column(name).to_numpy()) for name in ("run", "year"))
        sums = np.stack([np.asarray(part.column(name).to_numpy()) for name in names], axis=1)
        years = years or tuple(int(y) for y in np.unique(year))
        runs = len(np.unique(run))
        # Rows come run after run, year after year, region after region.
        of_nation = sums.reshape(runs, len(years), -1, len(names)).sum(axis=2)
        found = np.full((runs, len(years), len(gauges)), np.nan)
        for i in range(runs):
            for y in range(len(years)):
                totals = Totals(of_nation[i, y])
                for g, gauge in enumerate(gauges):
                    value = gauge.of(totals)
                    found[i, y, g] = np.nan if value is None else value
        rows.append(found)
    every = np.concatenate(rows)
    shape = (study.file.draws + 1, len(study.structures), len(study.file.seeds), len(study.scenarios), len(years))
    return Fans(study, tuple(gauges), years, {g.name: every[..., i].reshape(shape) for i, g in enumerate(gauges)})


def bands(found: Fans, gauge: Gauge, scenario: int) -> list[Band]:
    """First over draws and structures, each the mean of its seeds; then over seeds, at the pack's own values.

    Each only where there are several, but one at least.
    """
    values = found.values[gauge.name][..., scenario, :]
    draws, structures, seeds, _ = values.shape
    drawn = values[1:] if draws > 1 else values
    made = []
    # Of one draw and structure the mean of its seeds, which leaves luck out as far as there are several.
    of_draws = drawn.mean(axis=2).reshape(-1, drawn.shape[-1])
    over = [name for name, there in (("draws", draws > 1), ("structures", structures > 1)) if there]
    if over:
        made.append(Band(" and ".join(over), len(of_draws), _quantiles(of_draws)))
    if seeds > 1 or not made:
        made.append(Band("seeds", seeds, _quantiles(values[0, 0])))
    return made


def own(found: Fans, gauge: Gauge, scenario: int) -> Floats:
    """``[year]``: at the pack's own values, the mean of seeds."""
    return np.asarray(found.values[gauge.name][0, 0, :, scenario].mean(axis=0))


def _quantiles(of: Floats) -> Floats:
    """``[quantile, year]`` of what is ``[n, year]``; NaN in a year in which there is nothing to measure in one."""
    return np.asarray(np.quantile(of, QUANTILES, axis=0))


def table(found: Fans) -> pl.DataFrame:
    """One row a measure, scenario, year and what the quantiles are over."""
    rows = []
    for gauge in found.gauges:
        for s, scenario in enumerate(found.study.scenarios):
            middle = own(found, gauge, s)
            for band in bands(found, gauge, s):
                for y, year in enumerate(found.years):
                    numbers = [_none(value) for value in (*band.quantiles[:, y], middle[y])]
                    rows.append((gauge.name, gauge.says, gauge.unit, scenario.id, year, band.over, band.n, *numbers))
    words = dict.fromkeys(("measure", "says", "unit", "scenario"), pl.String)
    schema = {**words, "year": pl.Int64, "over": pl.String, "n": pl.Int64}
    schema |= dict.fromkeys((*(f"p{round(100 * q)}" for q in QUANTILES), "own"), pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")


def _none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def pictures(found: Fans) -> dict[str, Figure]:
    """A fan chart of each measure, by the name of its file."""
    study = found.study
    made = {}
    for gauge in found.gauges:
        panels = []
        for s, scenario in enumerate(study.scenarios):
            over = {band.over: band.quantiles for band in bands(found, gauge, s) if band.n > 1}
            luck = over.pop("seeds", None)
            fan = next(iter(over.values()), None)
            ends = None if luck is None else luck[[0, -1]]
            panels.append(of_fans.Panel(scenario.id, own(found, gauge, s), fan, ends))
        made[f"fan_{gauge.name.replace('.', '_')}"] = of_fans.fans(
            panels, found.years, gauge.unit, _title(study, gauge), _reading(study, bands(found, gauge, 0)), _foot(study)
        )
    return made


def _title(study: Study, gauge: Gauge) -> str:
    return f"{gauge.says[0].upper()}{gauge.says[1:]}: {study.file.name}"


def _reading(study: Study, made: Sequence[Band]) -> str:
    told = [f"{study.pack.title}, by year. The dashed line is what the pack's own values give."]
    if made[0].over != "seeds":
        parts = [(study.file.draws, "draws of the uncertain parameters"), (len(study.structures), "structures")]
        over = ", each under ".join(f"{n} {name}" for n, name in parts if name.split()[0] in made[0].over)
        told.append(f"Bands are over {over}: how far the result hangs on what nobody knows.")
    if made[-1].over == "seeds" and made[-1].n > 1:
        told.append(f"Bars are over {made[-1].n} seeds at the pack's own values: luck alone.")
    return " ".join(told)


def _foot(study: Study) -> str:
    first = study.plans[OWN][0]
    engine = "by expectation" if first.engine == "expected" else f"individuals, scale {first.scale:g}"
    return (
        f"greyspace {__version__}, study {study.id}: {study.runs} runs, {engine}, {first.start} to {first.end}. "
        "Years that are not covered whole are of the weeks that are. What follows if the numbers hold; no forecast."
    )

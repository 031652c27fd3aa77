"""Electricity: the share of each week's hours with supply, by region and use.

The supply of a region is what the pack calls usual for the season, times a shock that lasts for weeks and that the
whole nation partly shares. A shortfall falls on homes first, then on factories, then on the railway, to the degree
that the state's order of priority is followed; the rest of it is spread evenly. A surplus fills everybody's dark hours
alike. Station gates hang on the railway's supply.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greyspace.country import Pack
from greyspace.draws import kernel, uniforms
from greyspace.evidence import Parameters
from greyspace.infrastructure.sites import HOME, INDUSTRY, RAIL, USES, numbers
from greyspace.infrastructure.weeks import FIRST_MONDAY, by_week, check_weeks, dates

_DAY = 24.0
_NO_GAP = 1e-9
_YEAR = 365.25
_CUT_LAST = (RAIL, INDUSTRY, HOME)


@dataclass(frozen=True)
class PowerPath:
    """``share[week, region, use]`` of the hours of a week with supply, uses in the order of ``USES``."""

    weeks: NDArray[np.int64]
    share: NDArray[np.float64]

    def over(self, first: int, last: int) -> NDArray[np.float64]:
        """``[region, use]``: the share of all hours from one of the weeks until before another."""
        return np.asarray(self.share[first:last].mean(axis=0))


def supply(pack: Pack, p: Parameters, seed: int, weeks: NDArray[np.int64]) -> PowerPath:
    """The supply of electricity in each week, for all regions of the pack."""
    check_weeks(weeks)
    days = dates(weeks)
    winter, summer = usual_hours(pack)
    late_summer = season(weeks, p.number("power.lowest_day"))
    hours = winter + (summer - winter) * late_summer[:, None, None]
    hours = np.minimum(hours * by_week(p, "power.hours_factor", days)[:, None, None], _DAY)
    load = np.array([p.number("power.load_home"), 1.0, p.number("power.load_rail")])
    got = allocate(np.exp(shocks(pack, p, seed, weeks)), hours, load, p.number("power.homes_first"))
    least = by_week(p, "power.least_hours", days)
    return PowerPath(weeks, np.clip(np.maximum(got, least[:, None, None]) / _DAY, 0.0, 1.0))


def usual_hours(pack: Pack) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Usual hours of supply a day at the worst and the best time of the year: two arrays (region, use)."""
    rows = {(row.province, row.settlement, row.use): (row.hours_winter, row.hours_summer) for row in pack.power}
    both = np.array([[rows[r.province, r.settlement, use] for use in USES] for r in pack.regions])
    return both[..., 0], both[..., 1]


def season(weeks: NDArray[np.int64], lowest_day: float) -> NDArray[np.float64]:
    """0 on the day of the year when rivers give least, 1 half a year later, in between a cosine: shape (week,)."""
    return (1.0 - np.cos(2.0 * np.pi * (weeks + 4.0 - lowest_day) / _YEAR)) / 2.0


def shocks(pack: Pack, p: Parameters, seed: int, weeks: NDArray[np.int64]) -> NDArray[np.float64]:
    """Logarithm of the energy to be had over the usual: shape (week, region).

    National and regional parts are each a stationary AR(1) that starts in the year 2000, so a week's shock is the same
    whenever a run starts.
    """
    days = np.arange(FIRST_MONDAY, int(weeks[-1]) + 7, 7)
    keep = float(np.exp(-1.0 / p.number("power.persistence_weeks")))
    regions = numbers([r.id for r in pack.regions])
    nation = _persistent(uniforms(seed, "power nation", days), keep)
    region = _persistent(uniforms(seed, "power region", days[:, None], regions), keep)
    both = p.number("power.shock_nation") * nation[:, None] + p.number("power.shock_region") * region
    return both[-len(weeks) :]


def allocate(
    energy: NDArray[np.float64], hours: NDArray[np.float64], load: NDArray[np.float64], homes_first: float
) -> NDArray[np.float64]:
    """Share one region's energy out among its uses: hours a day, shape (..., use).

    ``energy`` (...) is relative to what the usual ``hours`` (..., use) need at ``load`` (use), the energy one hour of
    supply takes. Of a shortfall the share ``homes_first`` is borne in order, homes before industry before rail.

    >>> allocate(np.array(0.8), np.array([6.0, 16.0, 18.0]), np.array([0.4, 1.0, 0.1]), 1.0).round(1).tolist()
    [0.0, 14.4, 18.0]
    """
    need = hours * load
    total = need.sum(axis=-1)
    have = energy * total
    even = np.minimum(energy, 1.0)
    left = np.minimum(have, total)
    got = np.empty(np.broadcast_shapes(hours.shape, (*energy.shape, len(USES))))
    for use in _CUT_LAST:
        taken = np.minimum(need[..., use], left)
        left = left - taken
        # A use that is never supplied has nothing to lose.
        in_order = np.divide(taken, need[..., use], out=np.zeros_like(taken), where=need[..., use] > 0)
        got[..., use] = hours[..., use] * (homes_first * in_order + (1.0 - homes_first) * even)
    dark = _DAY - hours
    # Where the light is never out there is nothing to fill, but for rounding.
    to_fill = np.maximum((dark * load).sum(axis=-1), _NO_GAP)
    filled = np.clip((have - total) / to_fill, 0.0, 1.0)
    return np.asarray(got + dark * filled[..., None])


def at_the_train(share: NDArray[np.float64], coupling: float) -> NDArray[np.float64]:
    """Chance that a station has power when a passenger is there, since an electric train that runs implies some.

    ``coupling`` 0: the train says nothing; 1: where there is a passenger there is power.

    >>> at_the_train(np.array([0.0, 0.5, 1.0]), 0.5).tolist()
    [0.5, 0.75, 1.0]
    """
    return share + (1.0 - share) * coupling


def at_sites(path: PowerPath, regions: NDArray[np.int64], uses: NDArray[np.int64]) -> NDArray[np.float64]:
    """The share of hours with supply at each site: shape (week, site)."""
    return path.share[:, regions, uses]


def _persistent(u: NDArray[np.float64], keep: float) -> NDArray[np.float64]:
    """A stationary AR(1) of variance one along the first axis, from the first two uniforms of each step (last axis)."""
    steps = np.sqrt(-2.0 * np.log(u[..., 0])) * np.cos(2.0 * np.pi * u[..., 1])
    flat = steps.reshape(len(steps), -1)
    _persist(flat, keep, np.sqrt(1.0 - keep * keep))
    return flat.reshape(steps.shape)


@kernel
def _persist(steps, keep, fresh):  # type: ignore[no-untyped-def]
    """Turn independent steps (week, series) into persistent ones, in place."""
    for week in range(1, steps.shape[0]):
        for i in range(steps.shape[1]):
            steps[week, i] = keep * steps[week - 1, i] + fresh * steps[week, i]

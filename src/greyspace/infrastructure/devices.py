"""The life of devices: they fail, wait for a spare part, are repaired or stay dead.

A device fails in a week with the chance 1 - exp(-7 wear / life), where poor power adds to the wear. A failure is
noticed after a while. Some are mended on the spot; the others wait for one of a store of spare parts, that starts with
what came with the equipment and is refilled across the border. Parts go to the first in priority (the capital), then to
whoever waited longest; some are kept back for priority 0 even when nobody there waits for one.

A draw belongs to a site and a week, and a failure is a uniform below the chance of failing, so that other sites, other
scenarios and a later start of the run change nobody's luck; and that better power can only put a first failure off.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greyspace.draws import kernel, uniforms
from greyspace.evidence import Parameters
from greyspace.infrastructure import supply
from greyspace.infrastructure.sites import Site, numbers
from greyspace.infrastructure.weeks import by_week, dates

NOT_INSTALLED, WORKING, WAITING, IN_REPAIR = 0, 1, 2, 3
STATES = ("not_installed", "working", "waiting_for_spare", "in_repair")
"""What a site can be in. ``in_repair`` covers the days until a failure is noticed as well: nothing lacks but time."""

_YEAR = 365.25


@dataclass(frozen=True)
class Failures:
    """Every failure, by week and then site: columns of equal length. ``week`` is the Monday's day number."""

    week: NDArray[np.int64]
    site: NDArray[np.int64]
    needs_spare: NDArray[np.bool_]


@dataclass(frozen=True)
class Fates:
    """``state[week, site]`` (codes of ``STATES``) and the ``spares[week]`` left in the store when the week is over."""

    weeks: NDArray[np.int64]
    state: NDArray[np.uint8]
    spares: NDArray[np.float64]
    failures: Failures


def wear(p: Parameters, power: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many times faster than on steady power a device ages: 1 + k (share of hours without supply)."""
    return 1.0 + p.number("devices.wear_without_power") * (1.0 - power)


def fates(
    sites: Sequence[Site],
    p: Parameters,
    seed: int,
    weeks: NDArray[np.int64],
    wear: NDArray[np.float64],
    opened: NDArray[np.float64],
) -> Fates:
    """What becomes of each site in each week. ``sites`` share one store of spare parts.

    ``weeks`` must reach back to the first installation, or run from before it; ``wear`` has the shape (week, site),
    ``opened`` (week,). The store fills from the first installation on.
    """
    installed = np.array([s.installed for s in sites], dtype=np.int64)
    if len(sites) and installed.min() <= weeks[0] - 7:
        raise ValueError("weeks must reach back to the first installation, or fates would depend on the run's start")
    days = dates(weeks)
    who = numbers([s.id for s in sites])[None, :]
    u = uniforms(seed, "device failure", weeks[:, None], who)[..., 0]
    luck = uniforms(seed, "device repair", weeks[:, None], who)
    hazard = -np.expm1(-7.0 * wear / (by_week(p, "devices.life_years", days)[:, None] * _YEAR))
    needs_spare = luck[..., 0] >= by_week(p, "devices.mended_without_spare", days)[:, None]
    noticed = _whole(by_week(p, "devices.report_days", days)[:, None] / 7.0, luck[..., 1])
    repaired = np.maximum(_whole(by_week(p, "devices.repair_weeks", days)[:, None], luck[..., 2]), 1)

    first = np.searchsorted(weeks, installed)
    start = int(first.min(initial=len(weeks)))
    arriving = supply.arriving(p, weeks, opened)
    arriving[:start] = 0.0
    if start < len(weeks):
        arriving[start] += float(p.at("devices.spares_initial", days[start]))
    priority = np.array([s.priority for s in sites], dtype=np.int64)
    reserve = by_week(p, "devices.spares_reserved", days)

    state = np.empty((len(weeks), len(sites)), dtype=np.uint8)
    failed = np.zeros((len(weeks), len(sites)), dtype=np.bool_)
    spares = np.empty(len(weeks))
    memory = np.zeros((3, len(sites)), dtype=np.int64)
    _live(u < hazard, needs_spare, noticed, repaired, first, priority, reserve, arriving, memory, state, failed, spares)
    week, site = np.nonzero(failed)
    return Fates(weeks, state, spares, Failures(weeks[week], site, needs_spare[week, site]))


def _whole(amount: NDArray[np.float64], u: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole weeks whose mean is ``amount``."""
    return np.asarray(np.floor(amount + u), dtype=np.int64)


_NOT_YET, _FINE, _UNNOTICED, _WAITS, _MENDED = 0, 1, 2, 3, 4


@kernel
def _live(fails, needs_spare, noticed, repaired, first, priority, reserve, arriving, memory, state, failed, spares):  # type: ignore[no-untyped-def]
    """Walk all sites through all weeks. ``memory`` rows: phase; week it ends or began; whether a spare is due."""
    phase, since, due = memory[0], memory[1], memory[2]
    stock = 0.0
    for week in range(fails.shape[0]):
        stock += arriving[week]
        for s in range(fails.shape[1]):
            if (phase[s] == _NOT_YET and week >= first[s]) or (phase[s] == _MENDED and week >= since[s]):
                phase[s] = _FINE
            if phase[s] == _FINE and fails[week, s]:
                failed[week, s] = True
                phase[s] = _UNNOTICED
                since[s] = week + noticed[week, s]
                due[s] = needs_spare[week, s]
            if phase[s] == _UNNOTICED and week >= since[s]:
                if due[s]:
                    phase[s] = _WAITS
                else:
                    phase[s] = _MENDED
                    since[s] = week + repaired[week, s]
        while stock >= 1.0:
            best = -1
            for s in range(fails.shape[1]):
                if phase[s] == _WAITS and (
                    best < 0
                    or priority[s] < priority[best]
                    or (priority[s] == priority[best] and since[s] < since[best])
                ):
                    best = s
            if best < 0 or (priority[best] > 0 and stock < 1.0 + reserve[week]):
                break
            stock -= 1.0
            phase[best] = _MENDED
            since[best] = week + repaired[week, best]
        for s in range(fails.shape[1]):
            if phase[s] == _NOT_YET:
                state[week, s] = 0
            elif phase[s] == _FINE:
                state[week, s] = 1
            elif phase[s] == _WAITS:
                state[week, s] = 2
            else:
                state[week, s] = 3
        spares[week] = stock

"""Electricity, interconnection, devices and their spare parts: what limits every system of surveillance.

All of it is exogenous, computed once for a whole run, and depends only on pack, parameters, seed and the week itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import devices, network, power, supply
from greyspace.infrastructure.account import CAUSES, alive, kaplan_meier, survival, why_down
from greyspace.infrastructure.devices import IN_REPAIR, NOT_INSTALLED, STATES, WAITING, WORKING, Fates
from greyspace.infrastructure.power import PowerPath
from greyspace.infrastructure.sites import HOME, INDUSTRY, RAIL, USES, Site
from greyspace.infrastructure.weeks import FIRST_MONDAY

__all__ = [
    "CAUSES",
    "HOME",
    "INDUSTRY",
    "IN_REPAIR",
    "LIMITS",
    "NOT_INSTALLED",
    "RAIL",
    "STATES",
    "USES",
    "WAITING",
    "WORKING",
    "Fates",
    "Infrastructure",
    "PowerPath",
    "Site",
    "alive",
    "kaplan_meier",
    "limits_off",
    "paths",
    "survival",
    "why_down",
]

LIMITS: dict[str, dict[str, float]] = {
    "power": {"power.least_hours": 24.0},
    "network": {"network.least_linked": 1.0},
    "spares": {
        "devices.spares_initial": 100000.0,
        "devices.spares_per_year": 100000.0,
        "supply.ignores_border": 1.0,
    },
}
"""The settings that lift each limit, also from a date on: what a factorial over the limits switches."""


@dataclass(frozen=True)
class Infrastructure:
    """All paths of one run. ``fates`` reaches back to the first installation; everything else covers ``weeks`` only.

    By (week, site): ``state``, a code of ``STATES``; ``linked``; ``site_power``, the share of hours with supply.
    ``network`` (week, region) is the share of sites linked; ``spares`` and ``border_open`` have the shape (week,).
    """

    weeks: NDArray[np.int64]
    sites: tuple[Site, ...]
    power: PowerPath
    network: NDArray[np.float64]
    border_open: NDArray[np.float64]
    fates: Fates
    state: NDArray[np.uint8]
    linked: NDArray[np.bool_]
    site_power: NDArray[np.float64]
    spares: NDArray[np.float64]


def paths(pack: Pack, p: Parameters, seed: int, weeks: NDArray[np.int64], sites: Sequence[Site]) -> Infrastructure:
    """Everything above for the consecutive Mondays ``weeks`` (days since 1970-01-01)."""
    first = min([int(weeks[0]), *(s.installed - (s.installed - FIRST_MONDAY) % 7 for s in sites)])
    history = np.arange(first, int(weeks[-1]) + 7, 7)
    run = slice(len(history) - len(weeks), None)
    path = power.supply(pack, p, seed, history)
    share = power.at_sites(path, np.array([s.region for s in sites], int), np.array([s.use for s in sites], int))
    opened = supply.border(pack, history)
    fates = devices.fates(sites, p, seed, history, devices.wear(p, share), opened)
    return Infrastructure(
        weeks=weeks,
        sites=tuple(sites),
        power=PowerPath(weeks, path.share[run]),
        network=network.share(pack, p, weeks),
        border_open=opened[run],
        fates=fates,
        state=fates.state[run],
        linked=network.links(pack, p, seed, weeks, sites),
        site_power=share[run],
        spares=fates.spares[run],
    )


def limits_off(limits: Collection[str]) -> dict[str, float]:
    """Parameter settings under which the named limits (keys of ``LIMITS``) no longer bind.

    >>> limits_off({"power"})
    {'power.least_hours': 24.0}
    """
    return {name: value for limit in LIMITS if limit in limits for name, value in LIMITS[limit].items()}

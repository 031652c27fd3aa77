"""The programme that equips stations with cameras: which stations, when, how much of the traffic passes there.

What stands there is a device with a life of its own. Mostly it is turned on travellers; a scenario may turn it on
officers instead, with the same devices, hours and failures.

The programme of 2021 is a list. What may come after it is a share of all other stations that the pack names: hubs
first, then main stations, then minor ones, in each size those of the capital's province first. A station that is
equipped keeps its device for good, working or not, so a share that falls takes none away.

Parameters: station_gates.sites_<province>, further_share, traffic_share_hub, traffic_share_main.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.country import Pack
from greyspace.errors import InputError
from greyspace.evidence import Parameters
from greyspace.infrastructure import RAIL, WORKING, Site
from greyspace.systems.shape import Floats, View

SIZES = ("hub", "main", "minor")
_FURTHER = "station_gates.further_share"


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """The equipped stations: of each province the first so many of its list as the pack says."""
    capital = next(region.province for region in country.regions if region.capital)
    size = {station.station: station.size for station in country.stations}
    found = []
    for gate in country.gates:
        if size[gate.station] == "minor":
            raise InputError(
                f"{country.folder / 'gates.csv'}, {gate.station}: a minor station in stations.csv; gates stand at hub "
                "or main stations, of which it is known how much traffic they have"
            )
        if gate.rank <= round(p.number(f"station_gates.sites_{gate.province}")):
            day = int(np.datetime64(gate.installed, "D").astype(np.int64))
            priority = 0 if gate.province == capital else gate.rank
            found.append(Site(gate.station, country.seat(gate.province), gate.province, day, priority, RAIL))
    return (*found, *_further(country, p, found))


def _further(country: Pack, p: Parameters, first: Sequence[Site]) -> Iterator[Site]:
    """Stations equipped beside those of the first programme; spare parts go to these last."""
    growing = p.dates(_FURTHER) or sorted(gate.installed for gate in country.gates)[:1]
    steps = _steps(growing) if growing else []
    taken = {site.id for site in first}
    left = {station.station: station for station in country.stations if station.station not in taken}
    capital = next(region.province for region in country.regions if region.capital)
    order = sorted(left.values(), key=lambda s: (SIZES.index(s.size), s.province != capital))
    last = max((site.priority for site in first), default=0)
    for i, station in enumerate(order, start=1):
        comes = next((day for day in steps if p.between(_FURTHER, day) >= i / len(order)), None)
        if comes is not None:
            day = int(np.datetime64(comes, "D").astype(np.int64))
            priority = 0 if station.province == capital else last + i
            yield Site(station.station, country.seat(station.province), station.province, day, priority, RAIL)


def _steps(growing: Sequence[date]) -> list[date]:
    """The dates given, and between them the first Monday of each year: a programme is planned by the year.

    >>> [str(day) for day in _steps([date(2025, 1, 6), date(2027, 1, 4)])]
    ['2025-01-06', '2026-01-05', '2027-01-04']
    """
    years = [date(year, 1, 1) for year in range(growing[0].year + 1, growing[-1].year + 1)]
    mondays = {day + timedelta(-day.weekday() % 7) for day in years}
    return sorted({*growing, *(day for day in mondays if day < growing[-1])})


class Devices(NamedTuple):
    """The equipped stations, ``n`` of them."""

    site: NDArray[np.int64]  # [n] its place among all sites
    place: NDArray[np.int64]  # [n]
    traffic: Floats  # [n] share of the province's departures
    works: NDArray[np.bool_]  # [week, n]

    def by_place(self, share: Floats, places: int) -> Floats:
        """``[place]``: traffic times a ``share[n]``, added up in the order of the stations."""
        return np.asarray(np.bincount(self.place, self.traffic * share, places), np.float64)


def devices(view: View) -> Devices:
    """The equipped stations, and whether they work in the weeks of a period."""
    size = view.country.station_sizes
    share, sites = _traffic(view), view.infrastructure.sites
    own = [i for i, site in enumerate(sites) if site.id in size]
    return Devices(
        np.array(own, np.int64),
        np.array([sites[i].region for i in own], np.int64),
        np.array([share[sites[i].province, size[sites[i].id]] for i in own], np.float64),
        view.infrastructure.state[view.first : view.last, own] == WORKING,
    )


def _traffic(view: View) -> dict[tuple[str, str], float]:
    """By province and size, the share of the province's rail departures at each station; minor ones share the rest."""
    big = {size: view.p.number(f"station_gates.traffic_share_{size}") for size in ("hub", "main")}
    found: dict[tuple[str, str], float] = {}
    for province, sizes in view.country.stations_of.items():
        rest = max(1.0 - sum(big[size] * sizes.count(size) for size in big), 0.0)
        found |= {(province, size): big[size] for size in big}
        found[province, "minor"] = rest / max(sizes.count("minor"), 1)
    return found

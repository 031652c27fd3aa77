"""The programme that equips stations with cameras: which stations, when, how much of the traffic passes there.

What stands there is a device with a life of its own. Mostly it is turned on travellers; a scenario may turn it on
officers instead, with the same devices, hours and failures.

Parameters: station_gates.sites_<province>, traffic_share_hub, traffic_share_main.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from greyspace.country import Pack
from greyspace.errors import InputError
from greyspace.evidence import Parameters
from greyspace.infrastructure import RAIL, WORKING, Site
from greyspace.systems.shape import View


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
    return tuple(found)


def devices(view: View) -> Iterator[tuple[int, Site, float, NDArray[np.bool_]]]:
    """Of each equipped station: its place among all sites, its share of the traffic, and whether it works, by week."""
    size = {station.station: station.size for station in view.country.stations}
    share = {
        "hub": view.p.number("station_gates.traffic_share_hub"),
        "main": view.p.number("station_gates.traffic_share_main"),
    }
    state = view.infrastructure.state[view.first : view.last]
    for i, site in enumerate(view.infrastructure.sites):
        if site.id in size:
            yield i, site, share[size[site.id]], state[:, i] == WORKING

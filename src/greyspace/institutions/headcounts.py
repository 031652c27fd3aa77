"""How many officials there are, by kind and region: what is told of them, whatever the model has for them to do.

Police and state security are counted for each 1,000 people, more of them in towns and near the border; so are those who
see to order at workplaces. Of state security only those in the field meet anybody. Border guards stand where the
country borders China, railway officers in provinces with a station, market officials and those on roads where people
live.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.institutions.enforcers import OFFICERS

Floats = NDArray[np.float64]

_THOUSAND = 1000.0


def police(pack: Pack, p: Parameters) -> Floats:
    """``[R]``: police for each 1,000 people. Reads ``human_network.police_*``."""
    by_class = {where: p.number(f"human_network.police_{where}") for where in ("capital", "urban", "rural")}
    factor = p.number("human_network.police_border_factor")
    return np.array([by_class[r.settlement_class] * (factor if r.borders_china else 1.0) for r in pack.regions])


def state_security(pack: Pack, p: Parameters) -> Floats:
    """``[R]``: people in state security for each 1,000 people. Reads ``human_network.state_security_*``."""
    by_place = {where: p.number(f"human_network.state_security_{where}") for where in ("border", "elsewhere")}
    return np.array([by_place["border" if region.borders_china else "elsewhere"] for region in pack.regions])


def heads(pack: Pack, p: Parameters, day: date) -> Floats:
    """``[R, K]``: officials in post on a day, persons, by the kinds of :data:`OFFICERS`.

    Reads ``human_network.police_*``, ``state_security_*``, ``administrators``, and ``officials.*``.

    >>> from greyspace.country import load_pack
    >>> from greyspace.evidence import resolve
    >>> pack = load_pack("toyland")
    >>> found = heads(pack, resolve(pack.parameters), date(2021, 1, 4))
    >>> found.shape, bool(found[:, OFFICERS.index("border")].sum().round(6) == 80.0)
    ((2, 8), True)
    """
    persons = pack.residents(day.year)
    border = np.array([float(region.borders_china) for region in pack.regions])
    by_rail = {station.province for station in pack.stations}
    rail = np.array([float(region.province in by_rail) for region in pack.regions])

    def spread(number: float, where: Floats) -> Floats:
        """So many, by the persons of these regions."""
        total = float((persons * where).sum())
        return number * persons * where / total if total > 0.0 else np.zeros(len(persons))

    railway, at_stations = p.number("officials.railway_officers"), p.number("officials.railway_at_stations")
    everywhere = np.ones(len(persons))
    found = {
        "station": spread(railway * at_stations, rail),
        "train": spread(railway * (1.0 - at_stations), rail),
        "road": spread(p.number("officials.road_officers"), everywhere),
        "market": spread(p.number("officials.market_officials"), everywhere),
        "neighbourhood": persons * police(pack, p) / _THOUSAND,
        "workplace": persons * p.number("human_network.administrators") / _THOUSAND,
        "border": spread(p.number("officials.border_guards", day) * p.number("officials.border_guards_factor"), border),
        "security": persons * state_security(pack, p) * p.number("officials.state_security_in_the_field") / _THOUSAND,
    }
    return np.stack([found[kind] for kind in OFFICERS], axis=1)
